// SPDX-License-Identifier: GPL-2.0
/*
 * A request that somebody wants to send: decode and classify. What FWCTL_RPC and
 * FWCTL_QUERY have in common, so that the second tells what the first would do.
 */
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

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
