// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RESTRICT: take classes away from an open file, for good.
 */
#include "internal.h"

/**
 * fwctl_cmd_restrict - run a FWCTL_RESTRICT
 * @ucmd: the ioctl
 *
 * Process context. Two at once leave what both of them allow. What cannot be told
 * is not done, unless the memory goes away in between.
 *
 * Return: 0, -EOPNOTSUPP for flags or bits that are not known, -EFAULT, or
 * -ENODEV if the device is gone.
 */
int fwctl_cmd_restrict(struct fwctl_ucmd *ucmd)
{
	struct fwctl_uctx *uctx = ucmd->uctx;
	struct fwctl_restrict cmd __uninitialized;
	int ret;

	ret = fwctl_ucmd_read(ucmd, &cmd, sizeof(cmd),
			      offsetofend(struct fwctl_restrict, out_classes));
	if (ret)
		return ret;
	if (cmd.flags || cmd.classes & ~FWCTL_CLASSES_ALL)
		return -EOPNOTSUPP;
	if (READ_ONCE(uctx->fdev->gone))
		return -ENODEV;

	cmd.out_classes = atomic_read(&uctx->classes) & cmd.classes;
	ret = fwctl_ucmd_respond(ucmd, &cmd, sizeof(cmd));
	if (ret)
		return ret;

	cmd.out_classes = atomic_fetch_and(cmd.classes, &uctx->classes) &
			   cmd.classes;
	return fwctl_ucmd_respond(ucmd, &cmd, sizeof(cmd));
}
