// SPDX-License-Identifier: GPL-2.0
/*
 * Decode: the file operations of /dev/fwctl/fwctlN. Is this a well-formed ioctl
 * of a known size? Looks at the user's struct only and knows nothing of the
 * driver.
 *
 * A new ioctl is one row of fwctl_ioctls[] and a function.
 */
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <kunit/visibility.h>

#include "internal.h"

/* What is done most often comes first. */
static const struct fwctl_ioctl fwctl_ioctls[] = {
	{ FWCTL_RPC, fwctl_cmd_rpc },
	{ FWCTL_INFO, fwctl_cmd_info },
	{ FWCTL_QUERY, fwctl_cmd_query },
	{ FWCTL_RESTRICT, fwctl_cmd_restrict },
};

/* The ABI is frozen: layouts that deployed programs were compiled with. */
static_assert(FWCTL_INFO == 0x9a00 && sizeof(struct fwctl_info) == 24);
static_assert(FWCTL_RPC == 0x9a01 && sizeof(struct fwctl_rpc) == 32);
static_assert(FWCTL_QUERY == 0x9a40 && sizeof(struct fwctl_query) == 80);
static_assert(FWCTL_RESTRICT == 0x9a41 && sizeof(struct fwctl_restrict) == 16);
static_assert(offsetof(struct fwctl_info, out_device_data) == 16);
static_assert(offsetof(struct fwctl_rpc, in) == 16);
static_assert(offsetof(struct fwctl_rpc, out) == 24);

/**
 * fwctl_ioctl_find - look an ioctl up
 * @cmd: its number
 *
 * Pure.
 *
 * Return: its row, or NULL.
 */
const struct fwctl_ioctl *fwctl_ioctl_find(unsigned int cmd)
{
	/* The whole number counts: size and direction bits must be clear. */
	for (size_t i = 0; i < ARRAY_SIZE(fwctl_ioctls); i++)
		if (fwctl_ioctls[i].cmd == cmd)
			return &fwctl_ioctls[i];
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_ioctl_find);

/**
 * fwctl_ucmd_read_other - see fwctl_ucmd_read(): user space is older, newer or wrong
 * @ucmd: the ioctl
 * @cmd: where the struct goes
 * @size: bytes of it as this kernel knows it
 * @min_size: bytes of its first version
 *
 * Return: 0 or a negative errno.
 */
int fwctl_ucmd_read_other(struct fwctl_ucmd *ucmd, void *cmd, size_t size,
			  size_t min_size)
{
	if (get_user(ucmd->user_size, (u32 __user *)ucmd->user))
		return -EFAULT;
	if (ucmd->user_size < min_size)
		return -EINVAL;
	/* Bounds the search for a non-zero byte behind the known part. */
	if (ucmd->user_size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(cmd, size, ucmd->user, ucmd->user_size);
}

/**
 * fwctl_ucmd_respond - write the kernel's copy of the struct back
 * @ucmd: the ioctl
 * @cmd: the copy
 * @size: bytes of it as this kernel knows it
 *
 * Return: 0 or -EFAULT.
 */
int fwctl_ucmd_respond(const struct fwctl_ucmd *ucmd, const void *cmd,
		       size_t size)
{
	if (copy_to_user(ucmd->user, cmd, min_t(size_t, ucmd->user_size, size)))
		return -EFAULT;
	return 0;
}

static long fwctl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct fwctl_ioctl *op = fwctl_ioctl_find(cmd);
	struct fwctl_ucmd ucmd = {
		.uctx = file->private_data,
		.writable = file->f_mode & FMODE_WRITE,
		.user = (void __user *)arg,
	};

	return op ? op->run(&ucmd) : -ENOTTY;
}

static int fwctl_open(struct inode *inode, struct file *file)
{
	struct fwctl_device *fdev =
		container_of(inode->i_cdev, struct fwctl_device, cdev);
	struct fwctl_uctx *uctx = fwctl_uctx_open(fdev);

	if (IS_ERR(uctx))
		return PTR_ERR(uctx);
	file->private_data = uctx;
	return nonseekable_open(inode, file);
}

static int fwctl_release(struct inode *inode, struct file *file)
{
	fwctl_uctx_release(file->private_data);
	return 0;
}

const struct file_operations fwctl_fops = {
	.owner = THIS_MODULE,
	.open = fwctl_open,
	.release = fwctl_release,
	.unlocked_ioctl = fwctl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = fwctl_uring_cmd,
};
