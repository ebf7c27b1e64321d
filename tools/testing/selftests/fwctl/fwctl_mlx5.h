/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Both ends of a ConnectX, for tests that put its firmware and its driver under
 * stress: RPCs, mlx5_core's own commands beside them, and the ways in which
 * mlx5_core lets the device go and takes it back.
 */
#ifndef FWCTL_MLX5_H
#define FWCTL_MLX5_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "fwctl_util.h"
#include "connectx.h"
#include "../kselftest.h"

#define MLX5_HEADER_LEN 16
#define MLX5_MGIR_LEN (MLX5_HEADER_LEN + 160)

enum {
	MLX5_NOP = 0x80d,
	MLX5_ACCESS_REG = 0x805,
	MLX5_CREATE_UCTX = 0xa04,
	MLX5_DESTROY_UCTX = 0xa06,

	MLX5_REG_MGIR = 0x9020,
	MLX5_REG_MCAM = 0x907f,
};

static inline void mlx5_put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* A read of MGIR, the device's identity: harmless, and the answer is known. */
static inline void mlx5_put_mgir(uint8_t *in, size_t len)
{
	memset(in, 0, len);
	mlx5_put16(in, MLX5_ACCESS_REG);
	mlx5_put16(in + 6, 1);
	mlx5_put16(in + 10, MLX5_REG_MGIR);
}

/* hw_dev_id, in the low half of the register's dword at 8 */
static inline unsigned int mlx5_mgir_id(const uint8_t *out)
{
	return out[MLX5_HEADER_LEN + 10] << 8 | out[MLX5_HEADER_LEN + 11];
}

static inline int mlx5_rpc(int fd, const void *in, uint32_t in_len, void *out,
			   uint32_t out_len)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(FWCTL_RPC_DEBUG_READ_ONLY, in,
					    in_len, out, out_len);

	return fwctl_errno(fd, FWCTL_RPC, &rpc);
}

/* 0 also means that the answer is that of the device */
static inline int mlx5_read_mgir(int fd)
{
	uint8_t in[MLX5_MGIR_LEN], out[MLX5_MGIR_LEN];
	int err;

	mlx5_put_mgir(in, sizeof(in));
	err = mlx5_rpc(fd, in, sizeof(in), out, sizeof(out));
	return !err && (out[0] || !mlx5_mgir_id(out)) ? EBADE : err;
}

/* Request and answer are without a mailbox. */
static inline int mlx5_nop(int fd)
{
	uint8_t in[MLX5_HEADER_LEN] = {}, out[MLX5_HEADER_LEN];
	int err;

	mlx5_put16(in, MLX5_NOP);
	err = mlx5_rpc(fd, in, sizeof(in), out, sizeof(out));
	return !err && out[0] ? EBADE : err;
}

static inline long long mlx5_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static inline long mlx5_now_ms(void)
{
	return mlx5_now_us() / 1000;
}

/* Writes all of it at once, as sysfs and debugfs want it. Returns 0 or errno. */
static inline int mlx5_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY);
	int err = fd < 0 || write(fd, data, len) != (ssize_t)len ? errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

static inline int mlx5_write_text(const char *path, const char *text)
{
	return mlx5_write(path, text, strlen(text));
}

/* The PCI address of the device behind a node, "0000:00:10.0" */
static inline bool mlx5_address(const char *node, char *address, size_t size)
{
	char link[PATH_MAX], real[PATH_MAX];

	snprintf(link, sizeof(link), "/sys/class/fwctl/%s/device",
		 strrchr(node, '/') + 1);
	if (!realpath(link, real))
		return false;
	snprintf(address, size, "%s", strrchr(real, '/') + 1);
	return true;
}

/* The node of the device that mlx5_fwctl has by then */
static inline bool mlx5_wait_node(char *path, size_t size, int ms)
{
	for (; ms > 0; ms -= 10) {
		if (fwctl_find("mlx5_fwctl", path, size) && !access(path, F_OK))
			return true;
		usleep(10000);
	}
	return false;
}

/* Without a device, or the emulator behind it, nothing can be tested: before all tests */
static inline void mlx5_need_emulator(void)
{
	int control = connectx_open();
	char path[300];

	if (control < 0)
		ksft_exit_skip("no ConnectX emulator\n");
	close(control);
	if (!mlx5_wait_node(path, sizeof(path), 1000))
		ksft_exit_skip("no ConnectX\n");
}

static inline bool mlx5_wait_no_node(int ms)
{
	char path[300];

	for (; ms > 0; ms -= 10) {
		if (!fwctl_find("mlx5_fwctl", path, sizeof(path)))
			return true;
		usleep(10000);
	}
	return false;
}

/*
 * mlx5_core's own commands, without a UID. Its debugfs sends any: here NOP. A kernel
 * that is locked down keeps debugfs closed.
 */

static inline int mlx5_debugfs_write(const char *address, const char *file,
				     const void *data, size_t len)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/kernel/debug/mlx5/%s/cmd/%s",
		 address, file);
	return mlx5_write(path, data, len);
}

static inline bool mlx5_kernel_ready(const char *address)
{
	uint8_t nop[MLX5_HEADER_LEN] = {};

	mlx5_put16(nop, MLX5_NOP);
	return !mlx5_debugfs_write(address, "in", nop, sizeof(nop)) &&
	       !mlx5_debugfs_write(address, "out_len", "16", 2);
}

/* 0 or errno. After mlx5_kernel_ready(), until mlx5_core loads again. */
static inline int mlx5_kernel_command(const char *address)
{
	return mlx5_debugfs_write(address, "run", "go", 2);
}

/* The answer to it, with so many bytes; -1 if unknown */
static inline ssize_t mlx5_kernel_answer(const char *address, void *out,
					 size_t size)
{
	char path[PATH_MAX];
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/mlx5/%s/cmd/out",
		 address);
	fd = open(path, O_RDONLY);
	if (fd >= 0) {
		len = read(fd, out, size);
		close(fd);
	}
	return len;
}

/* How many slots of the command queue are taken, also by mlx5_core; -1 if unknown */
static inline int mlx5_slots_in_use(const char *address)
{
	char path[PATH_MAX], line[32];

	snprintf(path, sizeof(path),
		 "/sys/kernel/debug/mlx5/%s/commands/slots_inuse", address);
	read_line(path, line, sizeof(line));
	return line[0] ? atoi(line) : -1;
}

/* Ways to let the device go and take it back */

static inline int mlx5_driver(const char *action, const char *address)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/mlx5_core/%s",
		 action);
	return mlx5_write_text(path, address);
}

static inline int mlx5_rebind(const char *address)
{
	int err = mlx5_driver("unbind", address);

	return err ? err : mlx5_driver("bind", address);
}

static inline int mlx5_pci(const char *address, const char *action)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", address,
		 action);
	return mlx5_write_text(path, "1");
}

static inline int mlx5_rescan(void)
{
	return mlx5_write_text("/sys/bus/pci/rescan", "1");
}

#define MLX5_AUX_DRIVER "/sys/bus/auxiliary/drivers/mlx5_fwctl"

/* The auxiliary device that mlx5_fwctl has, "mlx5_core.fwctl.0" */
static inline bool mlx5_aux_device(char name[NAME_MAX + 1])
{
	DIR *dir = opendir(MLX5_AUX_DRIVER);
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		found = !strncmp(entry->d_name, "mlx5_core.fwctl", 15);
		if (found)
			memcpy(name, entry->d_name, sizeof(entry->d_name));
	}
	if (dir)
		closedir(dir);
	return found;
}

/* devlink dev reload, by generic netlink */

struct mlx5_genl {
	struct nlmsghdr head;
	struct genlmsghdr genl;
	uint8_t attrs[256];
};

static inline void mlx5_genl_put(struct mlx5_genl *msg, int type,
				 const char *text)
{
	struct nlattr *attr = (void *)((uint8_t *)msg +
				       NLMSG_ALIGN(msg->head.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + strlen(text) + 1;
	memcpy((char *)attr + NLA_HDRLEN, text, strlen(text) + 1);
	msg->head.nlmsg_len = NLMSG_ALIGN(msg->head.nlmsg_len) +
			      NLA_ALIGN(attr->nla_len);
}

static inline struct mlx5_genl mlx5_genl_of(int family, int cmd, int version)
{
	return (struct mlx5_genl){
		.head = {
			.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.genl = { .cmd = cmd, .version = version },
	};
}

/* The first answer that is no acknowledgment is left in *msg. 0 or errno */
static inline int mlx5_genl_ask(int sock, struct mlx5_genl *msg)
{
	uint8_t buf[8192];
	struct nlmsghdr *head = (void *)buf;
	bool answered = false;

	if (send(sock, msg, msg->head.nlmsg_len, 0) < 0)
		return errno;
	for (;;) {
		ssize_t len = recv(sock, buf, sizeof(buf), 0);

		if (len < (ssize_t)sizeof(*head))
			return len < 0 ? errno : EIO;
		if (head->nlmsg_type == NLMSG_ERROR)
			return -((struct nlmsgerr *)NLMSG_DATA(head))->error;
		if (!answered)
			memcpy(msg, buf, len < (ssize_t)sizeof(*msg) ?
					 (size_t)len : sizeof(*msg));
		answered = true;
	}
}

static inline int mlx5_devlink_family(int sock)
{
	struct mlx5_genl msg = mlx5_genl_of(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	uint8_t *at = msg.attrs;

	mlx5_genl_put(&msg, CTRL_ATTR_FAMILY_NAME, DEVLINK_GENL_NAME);
	if (mlx5_genl_ask(sock, &msg))
		return -1;
	while (at + NLA_HDRLEN <= (uint8_t *)&msg + sizeof(msg)) {
		struct nlattr *attr = (void *)at;

		if (attr->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)(at + NLA_HDRLEN);
		if (!attr->nla_len)
			break;
		at += NLA_ALIGN(attr->nla_len);
	}
	return -1;
}

static inline int mlx5_devlink_reload(const char *address)
{
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int family = sock < 0 ? -1 : mlx5_devlink_family(sock);
	struct mlx5_genl msg = mlx5_genl_of(family, DEVLINK_CMD_RELOAD,
					    DEVLINK_GENL_VERSION);
	int err = EPROTONOSUPPORT;

	if (family >= 0) {
		mlx5_genl_put(&msg, DEVLINK_ATTR_BUS_NAME, "pci");
		mlx5_genl_put(&msg, DEVLINK_ATTR_DEV_NAME, address);
		err = mlx5_genl_ask(sock, &msg);
	}
	if (sock >= 0)
		close(sock);
	return err;
}

#endif /* FWCTL_MLX5_H */
