// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC, from end to end: decode, classify, admit, call, answer. Nothing of
 * a later step happens before an earlier one has said yes.
 */
#include <linux/capability.h>
#include <linux/pagemap.h>
#include <linux/uaccess.h>

#include "internal.h"

static bool fwctl_caller_has_rawio(void)
{
	return capable(CAP_SYS_RAWIO);
}

static int fwctl_rpc_admit(struct fwctl_asked *asked)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	const struct fwctl_summary *what = &asked->what;
	enum fwctl_reason reason = fwctl_admit(what->scope, what->class,
					       &asked->rights,
					       fwctl_caller_has_rawio);

	if (reason)
		fwctl_report_refused(fdev, what, reason);
	else
		fwctl_report_admitted(fdev, what);
	return fwctl_reason_errno(reason);
}

/**
 * fwctl_rpc_ask - decode, classify and admit
 * @asked: to be filled
 * @ucmd: the ioctl, or as much of one as io_uring has: no user's struct
 *
 * Process context of the caller, may sleep.
 *
 * Return: 0 or a negative errno.
 */
int fwctl_rpc_ask(struct fwctl_asked *asked, const struct fwctl_ucmd *ucmd)
{
	const struct fwctl_rpc *cmd = ucmd->cmd;
	int ret;

	ret = fwctl_request_decode(asked, ucmd, cmd->scope, cmd->in,
				   cmd->in_len, cmd->out_len);
	if (ret)
		return ret;
	if (!fwctl_request_fits(asked))
		return -EMSGSIZE;
	ret = fwctl_request_classify(asked);
	if (ret)
		return ret;
	return fwctl_rpc_admit(asked);
}

/* The length of the answer is all that changes in the user's struct. */
static int fwctl_rpc_tell(const struct fwctl_ucmd *ucmd, u32 out_len)
{
	struct fwctl_rpc __user *user = ucmd->user;

	return put_user(out_len, &user->out_len);
}

/**
 * fwctl_rpc_fill - the header that was classified, then the rest of the request
 * @call: where it goes
 * @asked: where it is
 *
 * Process context of the caller, may sleep.
 *
 * Return: 0 or -EFAULT.
 */
int fwctl_rpc_fill(struct fwctl_call *call, const struct fwctl_asked *asked)
{
	size_t len = asked->header_len;

	memcpy(call->in, asked->header, len);
	if (len == call->in_len)
		return 0;
	if (copy_from_user(call->in + len, asked->in + len, call->in_len - len))
		return -EFAULT;
	return 0;
}

/* An answer with nowhere to go is found out before there is one. */
static int fwctl_rpc_check_room(const struct fwctl_ucmd *ucmd)
{
	const struct fwctl_rpc *cmd = ucmd->cmd;

	if (fwctl_rpc_tell(ucmd, cmd->out_len) ||
	    fault_in_writeable(u64_to_user_ptr(cmd->out), cmd->out_len))
		return -EFAULT;
	return 0;
}

static int fwctl_rpc_answer(const struct fwctl_ucmd *ucmd,
			    const struct fwctl_rpc_call *rc)
{
	const struct fwctl_rpc *cmd = ucmd->cmd;

	fwctl_assert_outside(rc->call.uctx->fdev);
	if (copy_to_user(u64_to_user_ptr(cmd->out), rc->call.out,
			 rc->answer_len))
		return -EFAULT;
	return fwctl_rpc_tell(ucmd, rc->answer_len);
}

static int fwctl_rpc_call(const struct fwctl_asked *asked,
			  const struct fwctl_ucmd *ucmd)
{
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(asked->uctx, &asked->what);
	if (IS_ERR(rc))
		return PTR_ERR(rc);

	fwctl_assert_outside(asked->uctx->fdev);
	ret = fwctl_rpc_fill(&rc->call, asked) ?: fwctl_rpc_check_room(ucmd);
	if (!ret) {
		if (!fwctl_call_run(rc))
			return -EINTR;
		ret = rc->err ?: fwctl_rpc_answer(ucmd, rc);
	}
	fwctl_call_keep(rc);
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
	struct fwctl_asked asked __uninitialized; /* each step fills its part */
	int ret;

	ret = fwctl_rpc_ask(&asked, ucmd);
	if (ret)
		return ret;
	ret = fwctl_rpc_call(&asked, ucmd);
	fwctl_report_end(ucmd->uctx->fdev, &asked.what, ret);
	return ret;
}
