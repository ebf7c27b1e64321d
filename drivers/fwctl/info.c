// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_INFO: what stands behind the file. Never reaches the firmware.
 */
#include <linux/uaccess.h>

#include "internal.h"

/* The caller's whole room is written: data as far as it goes, then zeros. */
static int fwctl_info_copy(const struct fwctl_info *cmd, const void *data,
			   size_t data_len)
{
	void __user *out = u64_to_user_ptr(cmd->out_device_data);
	size_t room = cmd->device_data_len;
	size_t len = min(room, data_len);

	if (copy_to_user(out, data, len))
		return -EFAULT;
	if (len < room && clear_user(out + len, room - len))
		return -EFAULT;
	return 0;
}

/**
 * fwctl_cmd_info - run a FWCTL_INFO
 * @ucmd: the ioctl
 *
 * Return: 0, -EOPNOTSUPP for unknown flags, -ENODEV, -EFAULT.
 */
int fwctl_cmd_info(struct fwctl_ucmd *ucmd)
{
	struct fwctl_device *fdev = ucmd->uctx->fdev;
	struct fwctl_info cmd __uninitialized;
	u8 data[FWCTL_MAX_HEADER] __aligned(8) __uninitialized;
	size_t data_len;
	int ret;

	ret = fwctl_ucmd_read(ucmd, &cmd, sizeof(cmd),
			      offsetofend(struct fwctl_info, out_device_data));
	if (ret)
		return ret;
	if (cmd.flags)
		return -EOPNOTSUPP;

	if (!fwctl_enter(fdev))
		return -ENODEV;
	data_len = fdev->ops.info_len;
	memset(data, 0, data_len);
	cmd.out_device_type = fdev->ops.device_type;
	fdev->ops.info(ucmd->uctx, data);
	fwctl_exit(fdev);

	fwctl_assert_outside(fdev);
	if (fwctl_info_copy(&cmd, data, data_len))
		return -EFAULT;
	cmd.device_data_len = data_len;
	return fwctl_ucmd_respond(ucmd, &cmd, sizeof(cmd));
}
