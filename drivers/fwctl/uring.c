// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC through io_uring: many calls in flight from one thread. A request is decoded,
 * classified, admitted and copied where its command is issued, with the rights of the
 * issuing task; from then on no thread sleeps for it. Its answer is copied by task work.
 *
 * A command belongs to its issue while fwctl_xfer.caller is FWCTL_CALLER_RUNNING, then to
 * the call, whose end completes it, unless io_uring cancels it before: then the call is
 * abandoned, as that of a killed caller of the ioctl.
 */
#include <linux/io_uring/cmd.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

/* Bytes of an SQE of 128 that are the command's */
#define FWCTL_SQE_ROOM (2 * sizeof(struct io_uring_sqe) - offsetof(struct io_uring_sqe, cmd))

/* Requests and buffers for answers up to this length are issued under io_uring's lock. */
#define FWCTL_URING_NOWAIT SZ_4K

struct fwctl_uring_pdu {
	struct fwctl_xfer *xfer;
	void __user *out; /* user's buffer for the answer */
};

static struct fwctl_uring_pdu *fwctl_uring_pdu(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct fwctl_uring_pdu);
}

/*
 * Is the memory of the task that submitted the request still current's? Task work of an
 * exiting task runs in a kernel thread up to Linux 6.18, and in the task itself, after
 * exit_mm(), since then. In either case a user access would go to the memory of another
 * process: the one whose page tables this CPU has in lazy TLB mode.
 */
static bool fwctl_uring_has_mm(unsigned int issue_flags)
{
	return current->mm && !(current->flags & (PF_EXITING | PF_KTHREAD)) &&
	       !(issue_flags & IO_URING_F_TASK_DEAD);
}

/* Copy the answer of a complete call. Return the result of its command. */
static int fwctl_uring_answer(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fwctl_uring_pdu *pdu = fwctl_uring_pdu(cmd);
	struct fwctl_xfer *xfer = pdu->xfer;

	fwctl_assert_outside(xfer->call.uctx->fdev);
	if (xfer->err)
		return xfer->err;
	if (!fwctl_uring_has_mm(issue_flags))
		return -ECANCELED;
	if (copy_to_user(pdu->out, xfer->call.out, xfer->answer_len))
		return -EFAULT;
	return xfer->answer_len;
}

static void fwctl_uring_release(struct fwctl_xfer *xfer)
{
	fwctl_call_uncharge(xfer);
	fwctl_xfer_release(xfer);
}

/*
 * The call is released last: fwctl_uring_cancel() accesses it while the command is marked
 * cancelable. The file stays open until its issue, or its task work, has returned.
 */
static void fwctl_uring_finish(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fwctl_xfer *xfer = fwctl_uring_pdu(cmd)->xfer;

	io_uring_cmd_done(cmd, fwctl_uring_answer(cmd, issue_flags), 0, issue_flags);
	fwctl_uring_release(xfer);
}

/* fwctl_xfer.done. Any context but NMI. */
static void fwctl_uring_done(struct fwctl_xfer *xfer)
{
	io_uring_cmd_complete_in_task(xfer->cmd, fwctl_uring_finish);
}

/* Start the call. Return the result of its command, or -EIOCBQUEUED. */
static int fwctl_uring_start(struct io_uring_cmd *cmd, struct fwctl_xfer *xfer,
			     unsigned int issue_flags)
{
	int ret;

	xfer->cmd = cmd;
	xfer->done = fwctl_uring_done;
	ret = fwctl_call_start(xfer);
	if (ret) {
		fwctl_xfer_release(xfer);
		return ret;
	}
	if (fwctl_call_is_complete(xfer)) {
		ret = fwctl_uring_answer(cmd, issue_flags);
		fwctl_uring_release(xfer);
		return ret;
	}
	/* Before it is handed over: it may be over and freed at any time after that. */
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	if (!fwctl_call_hand_over(xfer))
		fwctl_uring_finish(cmd, issue_flags);
	return -EIOCBQUEUED;
}

/*
 * Copy a struct from an SQE, which is memory that user space can write to: as
 * copy_struct_from_user(), with FWCTL_SQE_ROOM for the page.
 */
static int fwctl_uring_read(struct fwctl_rpc *rpc, const void *sqe)
{
	u32 user_size = READ_ONCE(*(const u32 *)sqe);

	if (user_size < sizeof(*rpc))
		return -EINVAL;
	if (user_size > FWCTL_SQE_ROOM ||
	    memchr_inv(sqe + sizeof(*rpc), 0, user_size - sizeof(*rpc)))
		return -E2BIG;
	memcpy(rpc, sqe, sizeof(*rpc));
	/* Keeps the compiler from reading the SQE a second time. */
	barrier();
	return 0;
}

static int fwctl_uring_rpc(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fwctl_req req __uninitialized; /* 200 bytes, filled in by fwctl_rpc_begin() */
	struct fwctl_xfer *xfer;
	struct fwctl_rpc rpc;
	int ret;

	ret = fwctl_uring_read(&rpc, io_uring_sqe_cmd(cmd->sqe));
	if (ret)
		return ret;
	req.uctx = cmd->file->private_data;
	req.writable = cmd->file->f_mode & FMODE_WRITE;
	req.nowait = issue_flags & IO_URING_F_NONBLOCK;
	/* io_uring issues it once more, from a worker and without its lock. */
	if (req.nowait && max(rpc.in_len, rpc.out_len) > FWCTL_URING_NOWAIT)
		return -EAGAIN;
	req.answer_len = NULL;
	xfer = fwctl_rpc_begin(&req, &rpc);
	if (IS_ERR(xfer))
		return PTR_ERR(xfer);
	*fwctl_uring_pdu(cmd) = (struct fwctl_uring_pdu){ .xfer = xfer, .out = req.out };
	return fwctl_uring_start(cmd, xfer, issue_flags);
}

/*
 * The ring is closed, or a task that has used it calls execve(). Called under the ring's
 * lock for commands that are marked cancelable; io_uring_cmd_done() takes that mark away
 * under the same lock, before fwctl_uring_finish() releases the call.
 */
static int fwctl_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (fwctl_call_abandon(fwctl_uring_pdu(cmd)->xfer, -ECANCELED))
		io_uring_cmd_done(cmd, -ECANCELED, 0, issue_flags);
	return 0;
}

/*
 * Run a command of io_uring. Process context of the caller, or of a worker with its
 * rights. Return the result of the command, or -EIOCBQUEUED, or -EAGAIN.
 */
int fwctl_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (issue_flags & IO_URING_F_CANCEL)
		return fwctl_uring_cancel(cmd, issue_flags);
	if (cmd->cmd_op != FWCTL_RPC)
		return -ENOTTY;
	if (!(issue_flags & IO_URING_F_SQE128))
		return -EINVAL;
	/* Registered buffers and the like */
	if (cmd->flags & IORING_URING_CMD_MASK)
		return -EOPNOTSUPP;
	return fwctl_uring_rpc(cmd, issue_flags);
}
