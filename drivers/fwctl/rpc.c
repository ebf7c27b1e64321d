// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC, from end to end: decode, classify, admit, call, answer. Nothing of
 * a later step happens before an earlier one has said yes.
 */
#include <linux/uaccess.h>

#include "internal.h"

/* Something on each page, as fault_in_writeable() but with one section for all */
static noinline int fwctl_user_room_long(u8 __user *out, size_t len)
{
	u8 __user *last = out + len - 1;

	if (!user_write_access_begin(out, len))
		return -EFAULT;
	for (; out < last; out += PAGE_SIZE)
		unsafe_put_user(0, out, fault);
	unsafe_put_user(0, last, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

/**
 * fwctl_user_room - can an answer be written here?
 * @out: where it is to go
 * @len: bytes of room
 *
 * Process context of the caller, may sleep.
 *
 * Return: 0 or -EFAULT.
 */
int fwctl_user_room(void __user *out, size_t len)
{
	u8 __user *first = out;

	/* A page has no more than two ends. */
	if (len > PAGE_SIZE)
		return fwctl_user_room_long(out, len);
	if (!len)
		return 0;
	if (!user_write_access_begin(first, len))
		return -EFAULT;
	unsafe_put_user(0, first, fault);
	unsafe_put_user(0, first + len - 1, fault);
	user_write_access_end();
	return 0;
fault:
	user_write_access_end();
	return -EFAULT;
}

/* The length of the answer is all that changes in the user's struct. */
static int fwctl_rpc_tell(const struct fwctl_ucmd *ucmd, u32 out_len)
{
	struct fwctl_rpc __user *user = ucmd->user;

	return put_user(out_len, &user->out_len);
}

/* An answer with nowhere to go is found out before there is one. */
static int fwctl_rpc_check_room(const struct fwctl_ucmd *ucmd,
				const struct fwctl_rpc *cmd)
{
	if (fwctl_rpc_tell(ucmd, cmd->out_len))
		return -EFAULT;
	return fwctl_user_room(u64_to_user_ptr(cmd->out), cmd->out_len);
}

static int fwctl_rpc_answer(const struct fwctl_ucmd *ucmd,
			    const struct fwctl_rpc *cmd,
			    const struct fwctl_rpc_call *rc)
{
	fwctl_assert_outside(rc->call.uctx->fdev);
	if (copy_to_user(u64_to_user_ptr(cmd->out), rc->call.out,
			 rc->answer_len))
		return -EFAULT;
	/* Where it stands already: fwctl_rpc_check_room() */
	if (rc->answer_len == cmd->out_len)
		return 0;
	return fwctl_rpc_tell(ucmd, rc->answer_len);
}

static int fwctl_rpc_call(const struct fwctl_asked *asked,
			  const struct fwctl_ucmd *ucmd,
			  const struct fwctl_rpc *cmd)
{
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(asked->uctx, &asked->what);
	if (IS_ERR(rc))
		return PTR_ERR(rc);

	fwctl_assert_outside(asked->uctx->fdev);
	ret = fwctl_rpc_fill(&rc->call, asked) ?:
	      fwctl_rpc_check_room(ucmd, cmd);
	if (!ret) {
		if (!fwctl_call_run(rc))
			return -EINTR;
		ret = rc->err ?: fwctl_rpc_answer(ucmd, cmd, rc);
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
	struct fwctl_rpc cmd __uninitialized;
	int ret;

	ret = fwctl_ucmd_read(ucmd, &cmd, sizeof(cmd),
			      offsetofend(struct fwctl_rpc, out));
	if (ret)
		return ret;
	ret = fwctl_request_admit(&asked, ucmd, &cmd);
	if (ret)
		return ret;
	ret = fwctl_rpc_call(&asked, ucmd, &cmd);
	fwctl_report_end(ucmd->uctx->fdev, &asked.what, ret);
	return ret;
}
