// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC through io_uring: many calls in flight from one thread. A call is decoded,
 * classified, admitted and filled where it is issued, with the rights of whoever issues
 * it; from then on nobody sleeps for it. It is submitted at once if its turn has come,
 * else by a workqueue, and its answer is copied where its task runs task work.
 *
 * Who may touch what: fwctl_rpc_call.owner. While that is FWCTL_OWNER_CALLER the issue
 * of the command is under way. Whoever changes it from FWCTL_OWNER_DEVICE has the
 * command and ends it, exactly once: the device with an answer, or a cancellation, which
 * leaves the call to the device as a killed caller does.
 */
#include <linux/io_uring/cmd.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "internal.h"

/* Bytes of an SQE of 128 that are the command's */
#define FWCTL_SQE_ROOM (2 * sizeof(struct io_uring_sqe) - \
			offsetof(struct io_uring_sqe, cmd))

static struct workqueue_struct *fwctl_submit_wq;

/**
 * fwctl_uring_init - make the workqueue that submits calls that had to wait
 *
 * Return: 0 or -ENOMEM.
 */
int fwctl_uring_init(void)
{
	fwctl_submit_wq = alloc_workqueue("fwctl_submit", WQ_UNBOUND, 0);
	return fwctl_submit_wq ? 0 : -ENOMEM;
}

/**
 * fwctl_uring_exit - undo fwctl_uring_init()
 */
void fwctl_uring_exit(void)
{
	destroy_workqueue(fwctl_submit_wq);
}

static struct fwctl_rpc_call **fwctl_uring_call_of(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct fwctl_rpc_call *);
}

/* The turn has come, or there will be none. In a context that may sleep. */
static void fwctl_uring_work(struct work_struct *work)
{
	struct fwctl_rpc_call *rc = container_of(work, struct fwctl_rpc_call,
						 async.submit);

	fwctl_call_go(rc);
}

/**
 * fwctl_uring_turn - the wait for a turn is over
 * @rc: the call, FWCTL_CALL_INFLIGHT or FWCTL_CALL_REFUSED
 *
 * Any context, also under fwctl_device.lock.
 */
void fwctl_uring_turn(struct fwctl_rpc_call *rc)
{
	queue_work(fwctl_submit_wq, &rc->async.submit);
}

/*
 * The issue is over, and from here on the call can be found and canceled.
 *
 * Return: false if it is the caller's again already. It is in the list all the same.
 */
static bool fwctl_uring_hand_over(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	bool passed;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		list_add_tail(&rc->async.entry, &uctx->asyncs);
		passed = fwctl_call_pass(rc, FWCTL_OWNER_CALLER,
					 FWCTL_OWNER_DEVICE);
	}
	return passed;
}

static void fwctl_uring_unlist(struct fwctl_rpc_call *rc)
{
	scoped_guard(spinlock_irqsave, &rc->call.uctx->fdev->lock)
		list_del(&rc->async.entry);
}

/*
 * Is the memory of the task that submitted the request still current's? Task work of
 * an exiting task runs in a kernel thread up to Linux 6.18, and in the task itself,
 * after exit_mm(), since then. In either case a user access would go to the memory of
 * another process: the one whose page tables this CPU has in lazy TLB mode.
 */
static bool fwctl_uring_has_mm(unsigned int issue_flags)
{
	return current->mm && !(current->flags & (PF_EXITING | PF_KTHREAD)) &&
	       !(issue_flags & IO_URING_F_TASK_DEAD);
}

static int fwctl_uring_copy(const struct fwctl_rpc_call *rc,
			    unsigned int issue_flags)
{
	fwctl_assert_outside(rc->call.uctx->fdev);
	if (!fwctl_uring_has_mm(issue_flags))
		return -ECANCELED;
	if (copy_to_user(rc->async.out, rc->call.out, rc->answer_len))
		return -EFAULT;
	return rc->answer_len;
}

/* Return: what the command ends with. All but the call's memory is given back. */
static int fwctl_uring_answer(struct fwctl_rpc_call *rc,
			      unsigned int issue_flags)
{
	int ret = rc->err ?: fwctl_uring_copy(rc, issue_flags);

	fwctl_report_end(rc->call.uctx->fdev, &rc->what, min(ret, 0));
	fwctl_call_settle(rc);
	return ret;
}

/*
 * The memory goes last: a cancellation that comes too late looks at it as long as the
 * command is there. The command's file stays open until its issue, or its task work,
 * has returned.
 */
static void fwctl_uring_finish(struct fwctl_rpc_call *rc,
			       unsigned int issue_flags)
{
	fwctl_uring_unlist(rc);
	io_uring_cmd_done(rc->async.cmd, fwctl_uring_answer(rc, issue_flags), 0,
			  issue_flags);
	fwctl_spare_keep(rc);
}

static void fwctl_uring_task_work(struct io_uring_cmd *cmd,
				  unsigned int issue_flags)
{
	fwctl_uring_finish(*fwctl_uring_call_of(cmd), issue_flags);
}

/**
 * fwctl_uring_complete - a call is over
 * @rc: the call, whose owner was FWCTL_OWNER_DEVICE
 *
 * Any context but NMI.
 */
void fwctl_uring_complete(struct fwctl_rpc_call *rc)
{
	io_uring_cmd_complete_in_task(rc->async.cmd, fwctl_uring_task_work);
}

static void fwctl_uring_prepare(struct fwctl_rpc_call *rc,
				struct io_uring_cmd *cmd,
				const struct fwctl_rpc *rpc)
{
	*fwctl_uring_call_of(cmd) = rc;
	rc->async.cmd = cmd;
	rc->async.out = u64_to_user_ptr(rpc->out);
	rc->async.sender.pid = task_pid_nr(current);
	get_task_comm(rc->async.sender.comm, current);
	INIT_WORK(&rc->async.submit, fwctl_uring_work);
}

/* Return: what the command ends with, or -EIOCBQUEUED. */
static int fwctl_uring_send(struct fwctl_rpc_call *rc, unsigned int issue_flags)
{
	struct io_uring_cmd *cmd = rc->async.cmd;
	int ret = fwctl_turn_ask(rc);

	if (!ret)
		fwctl_call_go(rc);
	else if (ret == -ENODEV)
		fwctl_call_end(rc, ret);

	if (fwctl_call_is_done(rc)) {
		ret = fwctl_uring_answer(rc, issue_flags);
		fwctl_spare_keep(rc);
		return ret;
	}
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
	if (!fwctl_uring_hand_over(rc))
		fwctl_uring_finish(rc, issue_flags);
	return -EIOCBQUEUED;
}

static int fwctl_uring_call(const struct fwctl_asked *asked,
			    struct io_uring_cmd *cmd,
			    const struct fwctl_rpc *rpc,
			    unsigned int issue_flags)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	struct fwctl_rpc_call *rc;
	int ret;

	rc = fwctl_call_alloc(asked->uctx, &asked->what);
	if (IS_ERR(rc)) {
		fwctl_report_end(fdev, &asked->what, PTR_ERR(rc));
		return PTR_ERR(rc);
	}
	fwctl_assert_outside(fdev);
	ret = fwctl_rpc_fill(&rc->call, asked);
	if (!ret)
		ret = fwctl_user_room(u64_to_user_ptr(rpc->out), rpc->out_len);
	if (ret) {
		fwctl_report_end(fdev, &asked->what, ret);
		fwctl_call_keep(rc);
		return ret;
	}
	fwctl_uring_prepare(rc, cmd, rpc);
	return fwctl_uring_send(rc, issue_flags);
}

static int fwctl_uring_rpc(struct io_uring_cmd *cmd, const void *data,
			   unsigned int issue_flags)
{
	const struct fwctl_rpc *rpc = data;
	const struct fwctl_ucmd ucmd = {
		.uctx = cmd->file->private_data,
		.writable = cmd->file->f_mode & FMODE_WRITE,
	};
	struct fwctl_asked asked __uninitialized; /* each step fills its part */
	int ret;

	ret = fwctl_request_admit(&asked, &ucmd, rpc);
	if (ret)
		return ret;
	return fwctl_uring_call(&asked, cmd, rpc, issue_flags);
}

/* The command is ours, and its call is the device's: as if the caller was killed. */
static void fwctl_uring_end_canceled(struct io_uring_cmd *cmd,
				     struct fwctl_device *fdev,
				     const struct fwctl_summary *what,
				     unsigned int issue_flags)
{
	fwctl_report_end(fdev, what, -ECANCELED);
	io_uring_cmd_done(cmd, -ECANCELED, 0, issue_flags);
}

/* The command forgets the call, which may be gone before the command is. */
static bool fwctl_uring_abandon(struct fwctl_rpc_call *rc,
				struct fwctl_summary *what, bool *waited)
{
	struct io_uring_cmd *cmd = rc->async.cmd;

	*what = rc->what;
	if (!fwctl_call_abandon(rc, waited))
		return false;
	*fwctl_uring_call_of(cmd) = NULL;
	return true;
}

/*
 * The ring goes, or the task that has issued the command. Under the lock of the ring,
 * which keeps the command, and with it the call, unless that was abandoned.
 */
static int fwctl_uring_cancel_own(struct io_uring_cmd *cmd,
				  unsigned int issue_flags)
{
	struct fwctl_uctx *uctx = cmd->file->private_data;
	struct fwctl_summary what __uninitialized;
	struct fwctl_rpc_call *rc;
	bool waited = false;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		rc = *fwctl_uring_call_of(cmd);
		if (!rc || !fwctl_uring_abandon(rc, &what, &waited))
			return 0;
	}
	if (waited)
		fwctl_call_free(rc);
	fwctl_uring_end_canceled(cmd, uctx->fdev, &what, issue_flags);
	return 0;
}

/* As copy_struct_from_user(); but the SQE is memory that user space may write to. */
static int fwctl_uring_read(void *data, u32 size, const void *sqe)
{
	u32 user_size = READ_ONCE(*(const u32 *)sqe);

	if (user_size < size)
		return -EINVAL;
	if (user_size > FWCTL_SQE_ROOM ||
	    memchr_inv(sqe + size, 0, user_size - size))
		return -E2BIG;
	memcpy(data, sqe, size);
	/* It is not read a second time, whatever the compiler thinks of that. */
	barrier();
	return 0;
}

static int fwctl_uring_issue(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fwctl_rpc rpc __uninitialized; /* by fwctl_uring_read() */
	int ret;

	if (cmd->cmd_op != FWCTL_RPC)
		return -ENOTTY;
	ret = fwctl_uring_read(&rpc, sizeof(rpc), io_uring_sqe_cmd(cmd->sqe));
	return ret ?: fwctl_uring_rpc(cmd, &rpc, issue_flags);
}

/**
 * fwctl_uring_cmd - run a command of io_uring
 * @cmd: the command
 * @issue_flags: where and why
 *
 * Process context of the caller, or of a worker with its rights. May sleep, for memory,
 * but waits neither for a turn nor for the firmware.
 *
 * Return: what the command ends with, or -EIOCBQUEUED.
 */
int fwctl_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (issue_flags & IO_URING_F_CANCEL)
		return fwctl_uring_cancel_own(cmd, issue_flags);
	if (!(issue_flags & IO_URING_F_SQE128))
		return -EINVAL;
	/* Registered buffers and the like */
	if (cmd->flags & IORING_URING_CMD_MASK)
		return -EOPNOTSUPP;
	return fwctl_uring_issue(cmd, issue_flags);
}
