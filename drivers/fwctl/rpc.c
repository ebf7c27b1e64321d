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

static int fwctl_rpc_ask(struct fwctl_asked *asked,
			 const struct fwctl_ucmd *ucmd)
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

/* The header that was classified, then the rest of what the caller has. */
static int fwctl_rpc_fill(struct fwctl_call *call,
			  const struct fwctl_asked *asked, void __user *out)
{
	size_t len = asked->header_len;

	fwctl_assert_outside(asked->uctx->fdev);
	memcpy(call->in, asked->header, len);
	if (copy_from_user(call->in + len, asked->in + len, call->in_len - len))
		return -EFAULT;
	/* An answer with nowhere to go is found out before there is one. */
	if (fault_in_writeable(out, call->out_len))
		return -EFAULT;
	return 0;
}

static int fwctl_rpc_answer(struct fwctl_rpc *cmd, void __user *out,
			    const struct fwctl_rpc_call *rc)
{
	fwctl_assert_outside(rc->call.uctx->fdev);
	if (copy_to_user(out, rc->call.out, rc->answer_len))
		return -EFAULT;
	cmd->out_len = rc->answer_len;
	return 0;
}

static int fwctl_rpc_call(const struct fwctl_asked *asked,
			  struct fwctl_rpc *cmd)
{
	void __user *out = u64_to_user_ptr(cmd->out);
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(asked->uctx, &asked->what);
	if (IS_ERR(rc))
		return PTR_ERR(rc);

	ret = fwctl_rpc_fill(&rc->call, asked, out);
	if (!ret) {
		if (!fwctl_call_run(rc))
			return -EINTR;
		ret = rc->err ?: fwctl_rpc_answer(cmd, out, rc);
	}
	fwctl_call_free(rc);
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
	struct fwctl_rpc *cmd = ucmd->cmd;
	struct fwctl_asked asked;
	int ret;

	ret = fwctl_rpc_ask(&asked, ucmd);
	if (ret)
		return ret;
	ret = fwctl_rpc_call(&asked, cmd);
	fwctl_report_end(ucmd->uctx->fdev, &asked.what, ret);
	if (ret)
		return ret;
	return fwctl_ucmd_respond(ucmd, sizeof(*cmd));
}
