// SPDX-License-Identifier: GPL-2.0
/*
 * A request that somebody wants to send: decode, classify, and ask whether it is
 * admitted. FWCTL_QUERY takes the same steps as far as they leave no trace, so that it
 * tells what FWCTL_RPC would do.
 */
#include <linux/capability.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

static void fwctl_request_show(struct fwctl_request *req,
			       const struct fwctl_asked *asked)
{
	req->header = asked->header;
	req->header_len = min(asked->copied, asked->uctx->fdev->ops.header_len);
	req->in_len = asked->what.in_len;
	req->out_len = asked->what.out_len;
	req->opcode = 0;
	req->name = NULL;
}

/**
 * fwctl_request_name - get to know the driver's name for what is asked
 * @asked: the request, classified
 *
 * The driver is asked a second time, because few want to know. Process context.
 */
void fwctl_request_name(struct fwctl_asked *asked)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	struct fwctl_request req;

	strscpy(asked->what.name, "?");
	if (!fwctl_peek(fdev))
		return;
	fwctl_request_show(&req, asked);
	fdev->ops.classify(fdev, &req);
	/* The name is the driver's, which may be gone after fwctl_unpeek(). */
	if (req.name)
		strscpy(asked->what.name, req.name);
	fwctl_unpeek(fdev);
}

/**
 * fwctl_request_rights - what the file may do at all, as of now
 * @asked: the request, decoded
 *
 * Return: the rights.
 */
struct fwctl_rights fwctl_request_rights(const struct fwctl_asked *asked)
{
	return (struct fwctl_rights) {
		.writable = asked->writable,
		.file = atomic_read(&asked->uctx->classes),
		.device = READ_ONCE(asked->uctx->fdev->classes),
	};
}

static noinline bool fwctl_request_copy_len(struct fwctl_asked *asked,
					    size_t len)
{
	asked->copied = len;
	return !copy_from_user(asked->header, asked->in, len);
}

/* Of what is longer the compiler knows how much is copied, see fwctl_ucmd_read(). */
static __always_inline bool fwctl_request_copy_most(struct fwctl_asked *asked)
{
	if (asked->what.in_len < FWCTL_MAX_HEADER)
		return fwctl_request_copy_len(asked, asked->what.in_len);
	asked->copied = FWCTL_MAX_HEADER;
	return !copy_from_user(asked->header, asked->in, FWCTL_MAX_HEADER);
}

/*
 * As much as any driver looks at, so that what is short is here as a whole. What this
 * driver does not look at need not be there until the request is admitted.
 */
static __always_inline bool fwctl_request_copy(struct fwctl_asked *asked)
{
	if (fwctl_request_copy_most(asked))
		return true;
	return fwctl_request_copy_len(asked, min(asked->what.in_len,
						 asked->uctx->fdev->ops.header_len));
}

static __always_inline int
fwctl_request_read_class(struct fwctl_asked *asked)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	struct fwctl_request req __uninitialized; /* by fwctl_request_show() */

	fwctl_assert_outside(fdev);
	if (!fwctl_request_copy(asked))
		return -EFAULT;

	fwctl_request_show(&req, asked);
	if (!fwctl_peek(fdev))
		return -ENODEV;
	asked->what.class = fdev->ops.classify(fdev, &req);
	fwctl_unpeek(fdev);

	asked->what.opcode = req.opcode;
	if (WARN_ON_ONCE(asked->what.class > FWCTL_CLASS_FULL))
		asked->what.class = FWCTL_CLASS_NEVER;
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
	return fwctl_request_read_class(asked);
}

static enum fwctl_reason fwctl_request_reason(const struct fwctl_asked *asked)
{
	struct fwctl_rights rights = fwctl_request_rights(asked);

	return fwctl_admit(asked->what.scope, asked->what.class, &rights,
			   fwctl_permits_caller);
}

static int fwctl_request_judge(struct fwctl_asked *asked)
{
	enum fwctl_reason reason = fwctl_request_reason(asked);

	if (reason) {
		fwctl_report_refused(asked, reason);
		return fwctl_reason_errno(reason);
	}
	if (fwctl_report_wanted(&asked->what)) {
		fwctl_request_name(asked);
		fwctl_report_admitted(asked->uctx->fdev, &asked->what);
	}
	return 0;
}

/**
 * fwctl_request_admit - decode, classify and admit
 * @asked: to be filled
 * @ucmd: the ioctl, or as much of one as io_uring has: no user's struct
 * @rpc: what the user wants
 *
 * Process context of the caller, may sleep.
 *
 * Return: 0 or a negative errno.
 */
int fwctl_request_admit(struct fwctl_asked *asked, const struct fwctl_ucmd *ucmd,
			const struct fwctl_rpc *rpc)
{
	int ret;

	ret = fwctl_request_decode(asked, ucmd, rpc->scope, rpc->in,
				   rpc->in_len, rpc->out_len);
	if (ret)
		return ret;
	if (!fwctl_request_fits(asked))
		return -EMSGSIZE;
	ret = fwctl_request_read_class(asked);
	if (ret)
		return ret;
	return fwctl_request_judge(asked);
}
