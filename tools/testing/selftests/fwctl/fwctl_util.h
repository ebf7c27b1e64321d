/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all fwctl selftests share: the device under test, the ioctls, and the
 * state of the kernel that decides about them.
 */
#ifndef FWCTL_UTIL_H
#define FWCTL_UTIL_H

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
#define TAINT_FWCTL_BIT 19

static inline const char *fwctl_path(void)
{
	const char *path = getenv("FWCTL_DEVICE");

	return path ? path : "/dev/fwctl/fwctl0";
}

static inline bool fwctl_missing(void)
{
	return access(fwctl_path(), F_OK) != 0;
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

/* First line of a small file, empty if there is none. */
static inline void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "r");

	line[0] = 0;
	if (!file)
		return;
	if (!fgets(line, size, file))
		line[0] = 0;
	fclose(file);
}

static inline bool kernel_locked_down(void)
{
	char line[128];

	read_line("/sys/kernel/security/lockdown", line, sizeof(line));
	return strstr(line, "[integrity]") || strstr(line, "[confidentiality]");
}

static inline bool kernel_tainted_by_fwctl(void)
{
	char line[64];

	read_line("/proc/sys/kernel/tainted", line, sizeof(line));
	return strtoull(line, NULL, 10) >> TAINT_FWCTL_BIT & 1;
}

/* For the rest of this process. */
static inline int drop_rawio(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].effective &= ~(1u << CAP_SYS_RAWIO);
	return syscall(SYS_capset, &header, data);
}

#endif /* FWCTL_UTIL_H */
