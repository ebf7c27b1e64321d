// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC, from end to end: decode, classify, admit, call, answer. Each step
 * is one function, in this order, and nothing of a later step happens before an
 * earlier one has said yes.
 */
#include <linux/pagemap.h>
#include <linux/uaccess.h>

#include "internal.h"

/**
 * struct fwctl_rpc_job - an RPC on its way through the steps
 * @uctx: the file's context
 * @cmd: the kernel's copy of the user's struct
 * @in: where the caller's request is
 * @out: where the caller wants the answer
 * @writable: the file is open for writing
 * @header: the request's first bytes, read once: what is classified is sent
 * @header_len: bytes of it
 * @class: what the request does
 */
struct fwctl_rpc_job {
	struct fwctl_uctx *uctx;
	struct fwctl_rpc *cmd;
	const void __user *in;
	void __user *out;
	bool writable;
	u8 header[FWCTL_MAX_HEADER] __aligned(8);
	size_t header_len;
	enum fwctl_class class;
};

/* Decode: the label is known, the lengths are such as the device takes. */
static int fwctl_rpc_decode(struct fwctl_rpc_job *job)
{
	const struct fwctl_ops *ops = &job->uctx->fdev->ops;
	const struct fwctl_rpc *cmd = job->cmd;

	if (cmd->scope > FWCTL_RPC_DEBUG_WRITE_FULL)
		return -EOPNOTSUPP;
	if (cmd->in_len < ops->min_in || cmd->in_len > ops->max_in ||
	    cmd->out_len < ops->min_out || cmd->out_len > ops->max_out)
		return -EMSGSIZE;

	job->header_len = min_t(size_t, cmd->in_len, ops->header_len);
	if (copy_from_user(job->header, job->in, job->header_len))
		return -EFAULT;
	return 0;
}

static int fwctl_rpc_classify(struct fwctl_rpc_job *job)
{
	struct fwctl_device *fdev = job->uctx->fdev;
	struct fwctl_request req = {
		.header = job->header,
		.header_len = job->header_len,
		.in_len = job->cmd->in_len,
		.out_len = job->cmd->out_len,
	};

	if (!fwctl_enter(fdev))
		return -ENODEV;
	job->class = fdev->ops.classify(&req);
	fwctl_exit(fdev);
	if (WARN_ON_ONCE(job->class > FWCTL_CLASS_FULL))
		job->class = FWCTL_CLASS_NEVER;
	return 0;
}

static int fwctl_rpc_admit(struct fwctl_rpc_job *job)
{
	return fwctl_admit(job->uctx->fdev, job->cmd->scope, job->class,
			   job->writable);
}

/* The header that was classified, then the rest of what the caller has. */
static int fwctl_rpc_fill(struct fwctl_rpc_job *job, struct fwctl_call *call)
{
	size_t len = job->header_len;

	memcpy(call->in, job->header, len);
	if (copy_from_user(call->in + len, job->in + len, call->in_len - len))
		return -EFAULT;
	/* An answer with nowhere to go is found out before there is one. */
	if (fault_in_writeable(job->out, call->out_len))
		return -EFAULT;
	return 0;
}

static int fwctl_rpc_answer(struct fwctl_rpc_job *job,
			    const struct fwctl_rpc_call *rc)
{
	if (copy_to_user(job->out, rc->call.out, rc->answer_len))
		return -EFAULT;
	job->cmd->out_len = rc->answer_len;
	return 0;
}

static int fwctl_rpc_call(struct fwctl_rpc_job *job)
{
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(job->uctx, job->cmd->in_len, job->cmd->out_len);
	if (!rc)
		return -ENOMEM;
	rc->class = job->class;

	ret = fwctl_rpc_fill(job, &rc->call);
	if (!ret)
		ret = fwctl_call_run(rc);
	if (!ret)
		ret = fwctl_rpc_answer(job, rc);
	fwctl_call_put(rc);
	return ret;
}

/**
 * fwctl_cmd_rpc - run a FWCTL_RPC
 * @ucmd: the ioctl
 *
 * Process context, sleeps killable.
 *
 * Return: 0 or the negative of an errno that struct fwctl_rpc documents.
 */
int fwctl_cmd_rpc(struct fwctl_ucmd *ucmd)
{
	static int (*const steps[])(struct fwctl_rpc_job *job) = {
		fwctl_rpc_decode,
		fwctl_rpc_classify,
		fwctl_rpc_admit,
		fwctl_rpc_call,
	};
	struct fwctl_rpc *cmd = ucmd->cmd;
	struct fwctl_rpc_job job = {
		.uctx = ucmd->uctx,
		.cmd = cmd,
		.in = u64_to_user_ptr(cmd->in),
		.out = u64_to_user_ptr(cmd->out),
		.writable = ucmd->writable,
	};
	int ret;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		ret = steps[i](&job);
		if (ret)
			return ret;
	}
	return fwctl_ucmd_respond(ucmd, sizeof(*cmd));
}
