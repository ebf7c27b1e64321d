/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by all fwctl selftests: the real device, if there is one, the ioctls, and the
 * state of the kernel that decides about them.
 */
#ifndef FWCTL_UTIL_H
#define FWCTL_UTIL_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>
#include <fwctl/fwctl.h>
#include <fwctl/mlx5.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
/* Bits of /proc/sys/kernel/tainted */
#define TAINT_USER_BIT 6
#define TAINT_FWCTL_BIT 19

#define FWCTL_CLASSES 6
#define FWCTL_LABELS 4
/* Sets of classes */
#define CLASS_BIT(class) (1u << (class))
#define ALL_CLASSES 0x3eu
#define READ_CLASSES 0x0au

/* Shall tests do less, as each call takes long? */
static inline bool fwctl_quick(void)
{
	return getenv("FWCTL_QUICK");
}

/* First line of a small file without its end, empty if there is none. */
static inline void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "r");

	line[0] = 0;
	if (!file)
		return;
	if (!fgets(line, size, file))
		line[0] = 0;
	line[strcspn(line, "\n")] = 0;
	fclose(file);
}

/* The first device with this driver; if NULL, the first one that is no simulation. */
static inline bool fwctl_find(const char *driver, char *path, size_t size)
{
	DIR *dir = opendir("/sys/class/fwctl");
	char attr[300], name[64];
	struct dirent *entry;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		snprintf(attr, sizeof(attr), "/sys/class/fwctl/%s/driver_name",
			 entry->d_name);
		read_line(attr, name, sizeof(name));
		if (driver)
			found = !strcmp(name, driver);
		else
			found = name[0] && strcmp(name, "fwctl_sim");
		if (found)
			snprintf(path, size, "/dev/fwctl/%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The node of the real device, or NULL. */
static inline const char *fwctl_real_device(const char *driver)
{
	const char *path = getenv("FWCTL_DEVICE");
	static char found[300];

	if (path)
		return path;
	return fwctl_find(driver, found, sizeof(found)) ? found : NULL;
}

/* Returns 0, or the errno: one number to compare, in every test. */
static inline int fwctl_errno(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

static inline int fwctl_get_info(int fd, struct fwctl_info *info, void *data,
				 uint32_t room)
{
	*info = (struct fwctl_info){
		.size = sizeof(*info),
		.device_data_len = room,
		.out_device_data = (uintptr_t)data,
	};
	return fwctl_errno(fd, FWCTL_INFO, info);
}

static inline struct fwctl_rpc fwctl_rpc_of(uint32_t scope, const void *in,
					    uint32_t in_len, void *out,
					    uint32_t out_len)
{
	return (struct fwctl_rpc){
		.size = sizeof(struct fwctl_rpc),
		.scope = scope,
		.in_len = in_len,
		.out_len = out_len,
		.in = (uintptr_t)in,
		.out = (uintptr_t)out,
	};
}

static inline struct fwctl_query fwctl_query_of(uint32_t scope, const void *in,
						uint32_t in_len,
						uint32_t out_len)
{
	return (struct fwctl_query){
		.size = sizeof(struct fwctl_query),
		.scope = scope,
		.in_len = in_len,
		.out_len = out_len,
		.in = (uintptr_t)in,
	};
}

/* For the limits, or for the classes of the file */
static inline int fwctl_get_limits(int fd, struct fwctl_query *query)
{
	*query = fwctl_query_of(FWCTL_RPC_CONFIGURATION, NULL, 0, 0);
	return fwctl_errno(fd, FWCTL_QUERY, query);
}

/* The set that is left goes to *left, which may be NULL. */
static inline int fwctl_do_restrict(int fd, uint32_t classes, uint32_t *left)
{
	struct fwctl_restrict cmd = {
		.size = sizeof(cmd),
		.classes = classes,
	};
	int err = fwctl_errno(fd, FWCTL_RESTRICT, &cmd);

	if (left)
		*left = cmd.out_classes;
	return err;
}

/* By enum fwctl_class and enum fwctl_rpc_scope: as sysfs, logs, traces say it. */

static inline const char *class_word(unsigned int class)
{
	static const char *const words[FWCTL_CLASSES] = {
		"never", "config-read", "config-write", "debug-read",
		"debug-write", "full",
	};

	return class < FWCTL_CLASSES ? words[class] : "?";
}

static inline const char *label_word(unsigned int label)
{
	static const char *const words[FWCTL_LABELS] = {
		"CONFIGURATION", "DEBUG_READ_ONLY", "DEBUG_WRITE",
		"DEBUG_WRITE_FULL",
	};

	return label < FWCTL_LABELS ? words[label] : "?";
}

static inline bool kernel_locked_down(void)
{
	char line[128];

	read_line("/sys/kernel/security/lockdown", line, sizeof(line));
	return strstr(line, "[integrity]") || strstr(line, "[confidentiality]");
}

static inline bool kernel_tainted(int bit)
{
	char line[64];

	read_line("/proc/sys/kernel/tainted", line, sizeof(line));
	return strtoull(line, NULL, 10) >> bit & 1;
}

/* Kernels before 6.15 have no flag for modules that are built outside their tree. */
static inline bool kernel_tainted_by_fwctl(void)
{
	char line[64];

	read_line("/sys/module/fwctl/taint", line, sizeof(line));
	return kernel_tainted(TAINT_FWCTL_BIT) ||
	       (strchr(line, 'O') && kernel_tainted(TAINT_USER_BIT));
}

/* Takes CAP_SYS_RAWIO away from this process, or gives it back. */
static inline int set_rawio(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	uint32_t bit = 1u << CAP_SYS_RAWIO;

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].effective &= ~bit;
	if (on)
		data[0].effective |= data[0].permitted & bit;
	return syscall(SYS_capset, &header, data);
}

static inline int drop_rawio(void)
{
	return set_rawio(false);
}

/* The kernel's log from now on; -1 if it cannot be read. */
static inline int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* Is there a line with these words, as yet? Those before it are gone then. */
static inline bool log_has(int log, const char *node, const char *words, char *line, size_t size)
{
	ssize_t len;

	for (;;) {
		len = read(log, line, size - 1);
		/* EPIPE: lines were overwritten before they were read. */
		if (len < 0 && errno == EPIPE)
			continue;
		if (len < 0)
			return false;
		line[len] = 0;
		if (strstr(line, node) && strstr(line, words))
			return true;
	}
}

#endif /* FWCTL_UTIL_H */
