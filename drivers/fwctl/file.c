// SPDX-License-Identifier: GPL-2.0
/*
 * File operations of /dev/fwctl/fwctlN: the table of ioctls, with the sizes of their
 * structs, and those ioctls that send nothing, FWCTL_INFO and FWCTL_RESTRICT.
 *
 * A new ioctl is one row of fwctl_ioctls[] and a function.
 */
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <kunit/visibility.h>

#include "internal.h"
#include "ucmd.h"

/* The kernel's copy of a user's struct */
union fwctl_any_cmd {
	struct fwctl_info info;
	struct fwctl_rpc rpc;
	struct fwctl_query query;
	struct fwctl_restrict restrict_;
};

/* The ABI is frozen: layouts that deployed programs were compiled with. */
static_assert(FWCTL_INFO == 0x9a00 && sizeof(struct fwctl_info) == 24);
static_assert(FWCTL_RPC == 0x9a01 && sizeof(struct fwctl_rpc) == 32);
static_assert(FWCTL_QUERY == 0x9a40 && sizeof(struct fwctl_query) == 80);
static_assert(FWCTL_RESTRICT == 0x9a41 && sizeof(struct fwctl_restrict) == 16);
static_assert(offsetof(struct fwctl_info, out_device_data) == 16);
static_assert(offsetof(struct fwctl_rpc, in) == 16);
static_assert(offsetof(struct fwctl_rpc, out) == 24);

/* Copy the kernel's struct back, as much of it as the user's struct has. */
int fwctl_ucmd_respond(const struct fwctl_ucmd *ucmd)
{
	if (copy_to_user(ucmd->user, ucmd->cmd, min(ucmd->user_size, ucmd->size)))
		return -EFAULT;
	return 0;
}

/* The user's whole buffer is written: data as far as it goes, then zeros. */
static int fwctl_info_copy(const struct fwctl_info *cmd, const void *data, size_t data_len)
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

/* ioctl(FWCTL_INFO). Never reaches the firmware. */
static int fwctl_cmd_info(struct fwctl_ucmd *ucmd)
{
	struct fwctl_device *fdev = ucmd->uctx->fdev;
	struct fwctl_info *cmd = ucmd->cmd;
	u8 data[FWCTL_MAX_INFO] __aligned(8) __uninitialized; /* see memset() */
	int ret;

	if (cmd->flags)
		return -EOPNOTSUPP;
	scoped_guard(srcu, &fdev->srcu) {
		if (READ_ONCE(fdev->gone))
			return -ENODEV;
		memset(data, 0, fdev->ops.info_len);
		fdev->ops.info(ucmd->uctx, data);
	}

	fwctl_assert_outside(fdev);
	ret = fwctl_info_copy(cmd, data, fdev->ops.info_len);
	if (ret)
		return ret;
	cmd->out_device_type = fdev->ops.device_type;
	cmd->device_data_len = fdev->ops.info_len;
	return fwctl_ucmd_respond(ucmd);
}

/* ioctl(FWCTL_RESTRICT). Two at once leave the classes that both of them allow. */
static int fwctl_cmd_restrict(struct fwctl_ucmd *ucmd)
{
	struct fwctl_uctx *uctx = ucmd->uctx;
	struct fwctl_restrict *cmd = ucmd->cmd;

	if (cmd->flags || cmd->classes & ~FWCTL_CLASSES_ALL)
		return -EOPNOTSUPP;
	if (READ_ONCE(uctx->fdev->gone))
		return -ENODEV;
	cmd->out_classes = atomic_fetch_and(cmd->classes, &uctx->classes) & cmd->classes;
	return fwctl_ucmd_respond(ucmd);
}

/* In the order of their frequency */
static const struct fwctl_ioctl {
	unsigned int cmd; /* the whole number: size and direction bits are clear */
	u32 size; /* of the struct as this kernel knows it */
	u32 min_size; /* of its first version */
	int (*run)(struct fwctl_ucmd *ucmd);
} fwctl_ioctls[] = {
	{ FWCTL_RPC, sizeof(struct fwctl_rpc),
	  offsetofend(struct fwctl_rpc, out), fwctl_cmd_rpc },
	{ FWCTL_INFO, sizeof(struct fwctl_info),
	  offsetofend(struct fwctl_info, out_device_data), fwctl_cmd_info },
	{ FWCTL_QUERY, sizeof(struct fwctl_query),
	  offsetofend(struct fwctl_query, out_max_bytes), fwctl_cmd_query },
	{ FWCTL_RESTRICT, sizeof(struct fwctl_restrict),
	  offsetofend(struct fwctl_restrict, out_classes), fwctl_cmd_restrict },
};

/*
 * Copy the struct of a frequent ioctl whose user is as old as this kernel. The length is
 * constant: hardened usercopy then skips its checks, 120 of the 1600 instructions of an
 * RPC of 16 bytes. Return false if it is to be copied by fwctl_ucmd_copy().
 */
static bool fwctl_ucmd_copy_frequent(struct fwctl_ucmd *ucmd, unsigned int cmd)
{
	union fwctl_any_cmd *any = ucmd->cmd;
	unsigned long left;

	switch (cmd) {
	case FWCTL_RPC:
		left = copy_from_user(&any->rpc, ucmd->user, sizeof(any->rpc));
		break;
	case FWCTL_INFO:
		left = copy_from_user(&any->info, ucmd->user, sizeof(any->info));
		break;
	default:
		return false;
	}
	ucmd->user_size = ucmd->size;
	/* Each struct begins with its size. */
	return !left && any->info.size == ucmd->size;
}

/* Copy the user's struct. Return 0 or a negative errno. */
static int fwctl_ucmd_copy(struct fwctl_ucmd *ucmd, u32 min_size)
{
	if (get_user(ucmd->user_size, (u32 __user *)ucmd->user))
		return -EFAULT;
	if (ucmd->user_size < min_size)
		return -EINVAL;
	/* Bounds the search for a byte that is not zero behind the known part. */
	if (ucmd->user_size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(ucmd->cmd, ucmd->size, ucmd->user, ucmd->user_size);
}

static long fwctl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	union fwctl_any_cmd any __uninitialized; /* filled in by copying */
	struct fwctl_ucmd ucmd = {
		.uctx = file->private_data,
		.writable = file->f_mode & FMODE_WRITE,
		.user = (void __user *)arg,
		.cmd = &any,
	};
	const struct fwctl_ioctl *op = fwctl_ioctls;
	int ret;

	while (op->cmd != cmd)
		if (++op == fwctl_ioctls + ARRAY_SIZE(fwctl_ioctls))
			return -ENOTTY;
	ucmd.size = op->size;
	if (!fwctl_ucmd_copy_frequent(&ucmd, cmd)) {
		ret = fwctl_ucmd_copy(&ucmd, op->min_size);
		if (ret)
			return ret;
	}
	return op->run(&ucmd);
}

static int fwctl_open(struct inode *inode, struct file *file)
{
	struct fwctl_device *fdev = fwctl_device_get(iminor(inode));
	struct fwctl_uctx *uctx;

	if (!fdev)
		return -ENODEV;
	uctx = fwctl_uctx_open(fdev);
	if (IS_ERR(uctx)) {
		put_device(&fdev->dev);
		return PTR_ERR(uctx);
	}
	file->private_data = uctx;
	return nonseekable_open(inode, file);
}

static int fwctl_release(struct inode *inode, struct file *file)
{
	struct fwctl_uctx *uctx = file->private_data;
	struct fwctl_device *fdev = uctx->fdev;

	fwctl_uctx_release(uctx);
	put_device(&fdev->dev);
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
