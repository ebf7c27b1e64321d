/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One ioctl, copied and checked by file.c, as the function that runs it gets it.
 */
#ifndef _FWCTL_UCMD_H
#define _FWCTL_UCMD_H

#include <linux/types.h>

struct fwctl_uctx;

struct fwctl_ucmd {
	struct fwctl_uctx *uctx; /* the file's context */
	bool writable; /* the file is open for writing */
	void __user *user; /* the user's struct */
	u32 user_size; /* its length, as the user said */
	void *cmd; /* the kernel's copy: a part that the user's struct lacks is 0 */
	u32 size; /* its length */
};

int fwctl_ucmd_respond(const struct fwctl_ucmd *ucmd);

#endif /* _FWCTL_UCMD_H */
