// SPDX-License-Identifier: GPL-2.0
/*
 * A request that somebody wants to send: decode and classify. What FWCTL_RPC and
 * FWCTL_QUERY have in common, so that the second tells what the first would do.
 */
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

/**
 * fwctl_request_decode - what the user's struct says
 * @asked: to be filled
 * @ucmd: the ioctl
 * @scope: the label
 * @in: where the request is
 * @in_len: bytes of it
 * @out_len: bytes of room for the answer
 *
 * Does not touch user memory.
 *
 * Return: 0, or -EOPNOTSUPP for an unknown label.
 */
int fwctl_request_decode(struct fwctl_asked *asked,
			 const struct fwctl_ucmd *ucmd, u32 scope, u64 in,
			 u32 in_len, u32 out_len)
{
	struct fwctl_uctx *uctx = ucmd->uctx;

	if (!fwctl_scope_known(scope))
		return -EOPNOTSUPP;
	asked->uctx = uctx;
	asked->in = u64_to_user_ptr(in);
	asked->rights.writable = ucmd->writable;
	asked->rights.file = atomic_read(&uctx->classes);
	asked->rights.device = READ_ONCE(uctx->fdev->classes);
	asked->what.scope = scope;
	asked->what.class = FWCTL_CLASS_NEVER;
	asked->what.in_len = in_len;
	asked->what.out_len = out_len;
	return 0;
}

/**
 * fwctl_request_fits - are the lengths such as the device takes?
 * @asked: the request, decoded
 *
 * Return: true if they are.
 */
bool fwctl_request_fits(const struct fwctl_asked *asked)
{
	const struct fwctl_ops *ops = &asked->uctx->fdev->ops;

	return asked->what.in_len >= ops->min_in &&
	       asked->what.in_len <= ops->max_in &&
	       asked->what.out_len >= ops->min_out &&
	       asked->what.out_len <= ops->max_out;
}

static int fwctl_request_name(struct fwctl_asked *asked)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	struct fwctl_request req = {
		.header = asked->header,
		.header_len = asked->header_len,
		.in_len = asked->what.in_len,
		.out_len = asked->what.out_len,
	};

	if (!fwctl_enter(fdev))
		return -ENODEV;
	asked->what.class = fdev->ops.classify(fdev, &req);
	asked->what.opcode = req.opcode;
	/* The name is the driver's, which may be gone after fwctl_exit(). */
	strscpy(asked->what.name, req.name ?: "?");
	fwctl_exit(fdev);
	return 0;
}

/**
 * fwctl_request_classify - read as much of the request as tells what it does
 * @asked: the request, decoded; it fits
 *
 * Process context, may sleep.
 *
 * Return: 0, -EFAULT, or -ENODEV if the device is gone.
 */
int fwctl_request_classify(struct fwctl_asked *asked)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	int ret;

	fwctl_assert_outside(fdev);
	asked->header_len = min_t(size_t, asked->what.in_len,
				  fdev->ops.header_len);
	if (copy_from_user(asked->header, asked->in, asked->header_len))
		return -EFAULT;

	ret = fwctl_request_name(asked);
	if (ret)
		return ret;
	if (WARN_ON_ONCE(asked->what.class > FWCTL_CLASS_FULL))
		asked->what.class = FWCTL_CLASS_NEVER;
	return 0;
}
