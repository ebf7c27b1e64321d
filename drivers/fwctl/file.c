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

union fwctl_any_cmd {
	struct fwctl_info info;
	struct fwctl_rpc rpc;
	struct fwctl_query query;
	struct fwctl_restrict restrict_classes;
};

/* The last member names the last field that the first version of a struct had. */
#define FWCTL_IOCTL(_cmd, _run, _struct, _last)				\
	{								\
		.cmd = _cmd,						\
		.size = sizeof(_struct) +				\
			BUILD_BUG_ON_ZERO(sizeof(_struct) >		\
					  sizeof(union fwctl_any_cmd)),	\
		.min_size = offsetofend(_struct, _last),		\
		.run = _run,						\
	}

static const struct fwctl_ioctl fwctl_ioctls[] = {
	FWCTL_IOCTL(FWCTL_INFO, fwctl_cmd_info, struct fwctl_info,
		    out_device_data),
	FWCTL_IOCTL(FWCTL_RPC, fwctl_cmd_rpc, struct fwctl_rpc, out),
	FWCTL_IOCTL(FWCTL_QUERY, fwctl_cmd_query, struct fwctl_query,
		    out_max_bytes),
	FWCTL_IOCTL(FWCTL_RESTRICT, fwctl_cmd_restrict, struct fwctl_restrict,
		    out_classes),
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

static int fwctl_ucmd_copy(struct fwctl_ucmd *ucmd,
			   const struct fwctl_ioctl *op)
{
	if (get_user(ucmd->user_size, (u32 __user *)ucmd->user))
		return -EFAULT;
	/* As a rule user space is as old as the kernel. */
	if (ucmd->user_size == op->size)
		return copy_from_user(ucmd->cmd, ucmd->user, op->size) ?
			       -EFAULT : 0;
	if (ucmd->user_size < op->min_size)
		return -EINVAL;
	/* Bounds the search for a non-zero byte behind the known part. */
	if (ucmd->user_size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(ucmd->cmd, op->size, ucmd->user,
				     ucmd->user_size);
}

/**
 * fwctl_ucmd_respond - write the kernel's copy of the struct back
 * @ucmd: the ioctl
 * @cmd_len: bytes of the struct as this kernel knows it
 *
 * Return: 0 or -EFAULT.
 */
int fwctl_ucmd_respond(struct fwctl_ucmd *ucmd, size_t cmd_len)
{
	if (copy_to_user(ucmd->user, ucmd->cmd,
			 min_t(size_t, ucmd->user_size, cmd_len)))
		return -EFAULT;
	return 0;
}

static long fwctl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	const struct fwctl_ioctl *op = fwctl_ioctl_find(cmd);
	union fwctl_any_cmd any __uninitialized; /* all of a struct is copied */
	struct fwctl_ucmd ucmd = {
		.uctx = file->private_data,
		.writable = file->f_mode & FMODE_WRITE,
		.user = (void __user *)arg,
		.cmd = &any,
	};
	int ret;

	if (!op)
		return -ENOTTY;
	ret = fwctl_ucmd_copy(&ucmd, op);
	if (ret)
		return ret;
	return op->run(&ucmd);
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
