// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC from end to end: decode, classify, admit, call, answer. Each step runs only if
 * all previous steps succeeded. FWCTL_QUERY takes the same steps up to the decision, and
 * io_uring all but the wait.
 */
#include <linux/err.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"
#include "ucmd.h"

/* Length of the shortest requests, bytes: queries, as most requests are */
#define FWCTL_SHORT 16

static struct fwctl_rights fwctl_req_rights(const struct fwctl_req *req)
{
	return (struct fwctl_rights) {
		.writable = req->writable,
		.file = atomic_read(&req->uctx->classes),
		.device = READ_ONCE(req->uctx->fdev->classes),
	};
}

/* Will a report show the name of the request? */
static bool fwctl_req_is_reported(const struct fwctl_req *req, enum fwctl_reason reason)
{
	if (reason)
		return fwctl_report_is_new(req, reason);
	return !fwctl_class_in(req->desc.class, FWCTL_READS) ||
	       tracepoint_enabled(fwctl_admit) || tracepoint_enabled(fwctl_submit) ||
	       tracepoint_enabled(fwctl_complete);
}

/*
 * Have the driver classify the header, and decide. Return 0 with a reason, or -ENODEV if
 * the device is gone.
 */
static int fwctl_req_classify(struct fwctl_req *req, fwctl_permits_t permits,
			      enum fwctl_reason *reason)
{
	struct fwctl_device *fdev = req->uctx->fdev;
	struct fwctl_rights rights = fwctl_req_rights(req);
	struct fwctl_request view = {
		.header = req->header,
		.header_len = min(req->copied, fdev->ops.header_len),
		.in_len = req->desc.in_len,
		.out_len = req->desc.out_len,
	};

	scoped_guard(srcu, &fdev->srcu) {
		if (READ_ONCE(fdev->gone))
			return -ENODEV;
		req->desc.class = fdev->ops.classify(req->uctx, &view);
		req->desc.opcode = view.opcode;
		if (WARN_ONCE((u32)req->desc.class > FWCTL_CLASS_FULL,
			      "%s: %s classifies opcode %#x as %d, which is no class\n",
			      fwctl_name(fdev), fdev->ops.driver_name, view.opcode,
			      req->desc.class))
			req->desc.class = FWCTL_CLASS_NEVER;
		*reason = fwctl_admit(req->desc.label, req->desc.class, &rights, permits);
		/* The string is the driver's, which can be gone after this section. */
		if (fwctl_req_is_reported(req, *reason))
			strscpy(req->desc.name, view.name ?: "?");
	}
	return 0;
}

/* Copy the bytes that classify() may see. */
static int fwctl_req_copy_header(struct fwctl_req *req)
{
	size_t len = min(req->desc.in_len, FWCTL_MAX_HEADER);
	unsigned long left;

	/* A constant length spares the checks of hardened usercopy, 70 instructions. */
	if (len == FWCTL_MAX_HEADER)
		left = copy_from_user(req->header, req->in, FWCTL_MAX_HEADER);
	else if (len == FWCTL_SHORT)
		left = copy_from_user(req->header, req->in, FWCTL_SHORT);
	else
		left = copy_from_user(req->header, req->in, len);
	/* Only header_len bytes must be readable before admission. */
	if (left) {
		len = min_t(size_t, len, req->uctx->fdev->ops.header_len);
		left = copy_from_user(req->header, req->in, len);
	}
	req->copied = len;
	return left ? -EFAULT : 0;
}

/*
 * Decode, classify and decide about a request with this label; req->in and the lengths are
 * filled in. Process context of the caller. Return 0 with a reason, or a negative errno.
 */
static int fwctl_req_decide(struct fwctl_req *req, u32 label, fwctl_permits_t permits,
			    enum fwctl_reason *reason)
{
	const struct fwctl_ops *ops = &req->uctx->fdev->ops;
	int ret;

	if (label >= FWCTL_LABELS)
		return -EOPNOTSUPP;
	req->desc.label = array_index_nospec(label, FWCTL_LABELS);
	req->desc.name[0] = '\0';
	if (req->desc.in_len < ops->min_in || req->desc.in_len > ops->max_in ||
	    req->desc.out_len < ops->min_out || req->desc.out_len > ops->max_out) {
		*reason = FWCTL_REASON_LENGTH;
		req->desc.class = FWCTL_CLASS_NEVER;
		req->desc.opcode = 0;
		strscpy(req->desc.name, "?");
		return 0;
	}
	fwctl_assert_outside(req->uctx->fdev);
	ret = fwctl_req_copy_header(req);
	return ret ?: fwctl_req_classify(req, permits, reason);
}

/*
 * Can an answer be written to @out? Each page gets a byte that it has already, so that a
 * call that fails leaves the buffer as it was.
 */
static int fwctl_rpc_check_room(u8 __user *out, size_t len)
{
	u8 __user *last = out + len - 1;
	u8 byte;

	if (!len)
		return 0;
	if (!user_access_begin(out, len))
		return -EFAULT;
	for (; out < last; out += PAGE_SIZE) {
		unsafe_get_user(byte, out, fault);
		unsafe_put_user(byte, out, fault);
	}
	unsafe_get_user(byte, last, fault);
	unsafe_put_user(byte, last, fault);
	user_access_end();
	return 0;
fault:
	user_access_end();
	return -EFAULT;
}

/* Report a decision. Return 0 or the errno of the refusal; -EAGAIN if that would sleep. */
static int fwctl_rpc_report(const struct fwctl_req *req, enum fwctl_reason reason)
{
	if (req->nowait && fwctl_report_sleeps(&req->desc, reason))
		return -EAGAIN;
	if (reason) {
		if (fwctl_report_is_new(req, reason))
			fwctl_report_refused(req, reason);
		return fwctl_reason_errno(reason);
	}
	if (tracepoint_enabled(fwctl_admit))
		fwctl_report_admitted(req->uctx->fdev, &req->desc);
	return 0;
}

/* Fill the call of an admitted request, and begin its audit record. */
static int fwctl_rpc_fill(struct fwctl_xfer *xfer, const struct fwctl_req *req)
{
	struct fwctl_call *call = &xfer->call;
	size_t len = req->copied;

	fwctl_assert_outside(req->uctx->fdev);
	memcpy(call->in, req->header, len);
	if (len < call->in_len &&
	    copy_from_user(call->in + len, req->in + len, call->in_len - len))
		return -EFAULT;
	if (fwctl_rpc_check_room(req->out, call->out_len))
		return -EFAULT;
	if (req->answer_len && put_user(req->desc.out_len, req->answer_len))
		return -EFAULT;
	if (fwctl_class_in(req->desc.class, FWCTL_READS))
		return 0;
	xfer->audit = fwctl_audit_begin(req->uctx->fdev, &xfer->desc);
	return PTR_ERR_OR_ZERO(xfer->audit);
}

/*
 * Decode, classify and admit the request @rpc of req->uctx, and make its call: allocated,
 * filled, and recorded by audit. Process context of the caller, may sleep unless
 * req->nowait. Return the call, for fwctl_call_start(), or an ERR_PTR: -EAGAIN if it would
 * have to sleep.
 */
struct fwctl_xfer *fwctl_rpc_begin(struct fwctl_req *req, const struct fwctl_rpc *rpc)
{
	enum fwctl_reason reason;
	struct fwctl_xfer *xfer;
	int ret;

	req->in = u64_to_user_ptr(rpc->in);
	req->out = u64_to_user_ptr(rpc->out);
	req->desc.in_len = rpc->in_len;
	req->desc.out_len = rpc->out_len;
	ret = fwctl_req_decide(req, rpc->scope, fwctl_permits_caller, &reason);
	if (!ret)
		ret = fwctl_rpc_report(req, reason);
	if (ret)
		return ERR_PTR(ret);

	xfer = fwctl_xfer_alloc(req->uctx, &req->desc);
	if (!xfer)
		return ERR_PTR(-ENOMEM);
	ret = fwctl_rpc_fill(xfer, req);
	if (!ret)
		return xfer;
	fwctl_xfer_release(xfer);
	return ERR_PTR(ret);
}

/* ioctl(FWCTL_RPC). Process context, sleeps killable. */
int fwctl_cmd_rpc(struct fwctl_ucmd *ucmd)
{
	struct fwctl_req req __uninitialized; /* 200 bytes, filled in by fwctl_rpc_begin() */
	const struct fwctl_rpc *rpc = ucmd->cmd;
	struct fwctl_xfer *xfer;
	u32 answer_len;
	int ret;

	req.uctx = ucmd->uctx;
	req.writable = ucmd->writable;
	req.nowait = false;
	req.answer_len = &((struct fwctl_rpc __user *)ucmd->user)->out_len;
	xfer = fwctl_rpc_begin(&req, rpc);
	if (IS_ERR(xfer))
		return PTR_ERR(xfer);
	ret = fwctl_call_start(xfer);
	if (!ret && !fwctl_call_wait(xfer))
		return -EINTR;
	if (!ret)
		ret = xfer->err;
	answer_len = xfer->answer_len;
	fwctl_assert_outside(req.uctx->fdev);
	if (!ret && copy_to_user(req.out, xfer->call.out, answer_len))
		ret = -EFAULT;
	fwctl_xfer_release(xfer);
	if (!ret && answer_len != rpc->out_len && put_user(answer_len, req.answer_len))
		return -EFAULT;
	return ret;
}

static void fwctl_query_limits(struct fwctl_query *cmd, const struct fwctl_ops *ops)
{
	cmd->out_min_in = ops->min_in;
	cmd->out_max_in = ops->max_in;
	cmd->out_min_out = ops->min_out;
	cmd->out_max_out = ops->max_out;
	cmd->out_max_files = ops->max_files;
	cmd->out_max_calls = ops->max_calls;
	cmd->out_max_file_calls = ops->max_file_calls;
	cmd->out_max_bytes = ops->max_bytes;
}

/* ioctl(FWCTL_QUERY). Never reaches the firmware. */
int fwctl_cmd_query(struct fwctl_ucmd *ucmd)
{
	struct fwctl_req req = { .uctx = ucmd->uctx, .writable = ucmd->writable };
	struct fwctl_query *cmd = ucmd->cmd;
	struct fwctl_rights rights;
	enum fwctl_reason reason;
	int ret;

	if (cmd->flags)
		return -EOPNOTSUPP;
	if (READ_ONCE(req.uctx->fdev->gone))
		return -ENODEV;
	req.in = u64_to_user_ptr(cmd->in);
	req.desc.in_len = cmd->in_len;
	req.desc.out_len = cmd->out_len;
	ret = fwctl_req_decide(&req, cmd->scope, fwctl_permits_query, &reason);
	if (ret)
		return ret;

	cmd->out_class = req.desc.class;
	cmd->out_reason = reason;
	cmd->out_errno = -fwctl_reason_errno(reason);
	rights = fwctl_req_rights(&req);
	cmd->out_classes = fwctl_rights_classes(&rights);
	fwctl_query_limits(cmd, &req.uctx->fdev->ops);
	return fwctl_ucmd_respond(ucmd);
}
