// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery: a call becomes a command in mlx5_core's firmware command queue, and so does
 * the creation and the destruction of a context.
 *
 * mlx5_core has a blocking interface and one with a callback. The latter is the shorter
 * way, and commands of a few mailboxes take it. It allocates mailboxes with GFP_ATOMIC,
 * 4096 of them for 2 MiB, which fails on a busy machine: for long commands, and for those
 * that it refuses, a workqueue runs the blocking interface. In both cases the task waits
 * in the core and not in mlx5_core, and can be killed.
 *
 * The queue is shared, and the firmware may be slow, dead or wrong: nothing is sent while it
 * owes the answer to a command that mlx5_core gave up, see mlx5_fwctl_blocked().
 */
#include <linux/bitmap.h>
#include <linux/mlx5/driver.h>
#include <linux/mm.h>
#include <linux/unaligned.h>
#include <linux/wait_bit.h>

#include "command.h"
#include "policy.h"

/* Offset of the UID, big-endian, in every command (PRM; mlx5_ifc_mbox_in_bits) */
#define CMD_UID_OFFSET 2

/* UID of the objects that all contexts share; no context can have it */
#define CMD_UID_SHARED 0xffff

#define MLX5_FWCTL_BUSY_BIT 0

static struct mlx5_fwctl *mlx5_fwctl_of(struct fwctl_uctx *fuctx)
{
	return fwctl_priv(fwctl_uctx_device(fuctx));
}

/*
 * Map an errno of mlx5_cmd_do(), or of mlx5_cmd_exec_cb()'s callback, to the uAPI's.
 * Other errnos stay: -ETIMEDOUT, -ENOMEM.
 */
static int mlx5_fwctl_errno(int err)
{
	switch (err) {
	/* The firmware executed the command; its status is in the answer. */
	case -EREMOTEIO:
		return 0;
	/* The device is down. */
	case -ENXIO:
		return -ENODEV;
	/* The command did not get a slot. */
	case -EAGAIN:
	case -EALREADY:
	case -ECANCELED:
		return -EBUSY;
	/* The queue could not deliver it. In an ioctl() these mean something else. */
	case -EBADR:
	case -EFAULT:
	case -EINVAL:
	case -ENOMSG:
		return -EIO;
	default:
		return err;
	}
}

static bool mlx5_fwctl_is_for_uctx(const struct mlx5_cmd_work_ent *ent)
{
	return ent->op == MLX5_CMD_OP_CREATE_UCTX ||
	       ent->op == MLX5_CMD_OP_DESTROY_UCTX;
}

/*
 * Count the slots of commands that mlx5_core gave up and the firmware has not answered
 * since, whoever sent them. A clear bit is a taken slot; its entry is freed, and the bit
 * set, under this lock. mlx5_core has no function for it, and its own state outlives
 * mlx5_fwctl: a driver that is bound anew sees the slots that were lost before.
 */
static unsigned int mlx5_fwctl_lost(struct mlx5_fwctl *mfwctl, bool only_uctx)
{
	struct mlx5_cmd *cmd = &mfwctl->mdev->cmd;
	unsigned int i, lost = 0;
	unsigned long flags;

	spin_lock_irqsave(&cmd->alloc_lock, flags);
	/* Behind the slots of the queue is that of MANAGE_PAGES. */
	for_each_clear_bit(i, &cmd->vars.bitmask, cmd->vars.max_reg_cmds + 1) {
		const struct mlx5_cmd_work_ent *ent = cmd->ent_arr[i];

		/* mlx5_core sets it without a lock, before it tells the command's sender. */
		if (READ_ONCE(ent->ret) == -ETIMEDOUT &&
		    (!only_uctx || mlx5_fwctl_is_for_uctx(ent)))
			lost++;
	}
	spin_unlock_irqrestore(&cmd->alloc_lock, flags);
	return lost;
}

/*
 * Nothing is sent while an answer is owed. A client that goes on with what hangs the
 * firmware would otherwise take all slots, one a minute. And mlx5_core of most kernels
 * frees the mailboxes of a command that it gives up: the answer of the one would be in
 * the mailboxes of the other.
 */
static bool mlx5_fwctl_blocked(struct mlx5_fwctl *mfwctl)
{
	unsigned int lost = mlx5_fwctl_lost(mfwctl, false);

	if (!lost)
		WRITE_ONCE(mfwctl->told, false);
	else if (!xchg(&mfwctl->told, true))
		dev_warn(mfwctl->mdev->device,
			 "fwctl: nothing is sent until the firmware has answered %u commands that timed out\n",
			 lost);
	return lost;
}

/* The end of a command, with the errno of mlx5_cmd_do() or of the callback. Any context. */
static void mlx5_fwctl_end(struct fwctl_call *call, int err)
{
	if (!err)
		mlx5_fwctl_note_update(call);
	fwctl_call_complete(call, mlx5_fwctl_errno(err), call->out_len);
}

/* Runs a long command: sleeps until the firmware answers or mlx5_core gives it up. */
static void mlx5_fwctl_run(struct work_struct *work)
{
	struct mlx5_fwctl_command *cmd =
		container_of(work, struct mlx5_fwctl_command, work);
	struct fwctl_call *call = cmd->call;
	struct mlx5_fwctl *mfwctl = mlx5_fwctl_of(call->uctx);
	int err = mlx5_cmd_do(mfwctl->mdev, call->in, call->in_len, call->out,
			      call->out_len);

	mlx5_fwctl_end(call, err);
}

/*
 * Callback of a short command: in an interrupt, or possibly under a spinlock of
 * mlx5_core's. mlx5_core then has no pointer to @async or to the call's buffers any more,
 * whether or not the firmware answers.
 */
static void mlx5_fwctl_done(int err, struct mlx5_async_work *async)
{
	struct mlx5_fwctl_command *cmd =
		container_of(async, struct mlx5_fwctl_command, async);

	mlx5_fwctl_end(cmd->call, err);
}

/*
 * Start a short command. Does not sleep. A vmalloc buffer is not short: if the caller is
 * gone, the callback frees the buffers, possibly under a spinlock, where vfree() is
 * not allowed. Return: true if mlx5_fwctl_done() will follow.
 */
static bool mlx5_fwctl_start(struct mlx5_fwctl *mfwctl, struct fwctl_call *call)
{
	struct mlx5_fwctl_command *cmd = fwctl_call_priv(call);

	if (call->in_len > MLX5_FWCTL_SHORT ||
	    call->out_len > MLX5_FWCTL_SHORT ||
	    is_vmalloc_addr(call->in) || is_vmalloc_addr(call->out))
		return false;
	return !mlx5_cmd_exec_cb(&mfwctl->async, call->in, call->in_len,
				 call->out, call->out_len, mlx5_fwctl_done,
				 &cmd->async);
}

void mlx5_fwctl_submit(struct fwctl_call *call)
{
	struct mlx5_fwctl *mfwctl = mlx5_fwctl_of(call->uctx);
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(call->uctx);
	struct mlx5_fwctl_command *cmd = fwctl_call_priv(call);

	if (mlx5_fwctl_blocked(mfwctl)) {
		fwctl_call_complete(call, -EBUSY, 0);
		return;
	}
	/* Overwrite the UID of the request: the firmware's own rules depend on it. */
	put_unaligned_be16(uctx->uid, call->in + CMD_UID_OFFSET);
	/* mlx5_core reads the status even if it has written no answer. */
	memset(call->out, 0, MLX5_FWCTL_MIN_LEN);
	cmd->call = call;
	if (mlx5_fwctl_start(mfwctl, call))
		return;
	/* If mlx5_core is down, the blocking interface fails the same way. */
	INIT_WORK(&cmd->work, mlx5_fwctl_run);
	queue_work(mfwctl->wq, &cmd->work);
}

/*
 * Lock the contexts. Not a mutex: while the firmware hangs, the wait is long, and in
 * TASK_IDLE it is not reported as a hung task.
 */
static void mlx5_fwctl_lock_uctx(struct mlx5_fwctl *mfwctl)
{
	wait_on_bit_lock(&mfwctl->busy, MLX5_FWCTL_BUSY_BIT, TASK_IDLE);
}

static void mlx5_fwctl_unlock_uctx(struct mlx5_fwctl *mfwctl)
{
	clear_and_wake_up_bit(MLX5_FWCTL_BUSY_BIT, &mfwctl->busy);
}

/* Under the lock of the contexts. Return: 0, or as mlx5_fwctl_errno(). */
static int mlx5_fwctl_send_create(struct mlx5_fwctl *mfwctl, u32 *in, u32 *out)
{
	/* A context that is created during the removal would only delay that. */
	if (READ_ONCE(mfwctl->leaving))
		return -ENODEV;
	if (mlx5_fwctl_blocked(mfwctl))
		return -EBUSY;
	if (mfwctl->whole_card && !mfwctl->asked) {
		mfwctl->asked = mlx5_fwctl_find_boot_image(mfwctl);
		if (mlx5_fwctl_blocked(mfwctl))
			return -EBUSY;
	}
	return mlx5_fwctl_errno(mlx5_cmd_do(mfwctl->mdev, in,
					    MLX5_ST_SZ_BYTES(create_uctx_in), out,
					    MLX5_ST_SZ_BYTES(create_uctx_out)));
}

/*
 * Create a context. Return: 0 or a negative errno: -EUSERS if the firmware has no context
 * left, -EIO if it refuses or its answer is invalid, or as mlx5_fwctl_errno().
 */
static int mlx5_fwctl_create_uctx(struct mlx5_fwctl *mfwctl, u32 caps, u16 *uid)
{
	u32 out[MLX5_ST_SZ_DW(create_uctx_out)] = {};
	u32 in[MLX5_ST_SZ_DW(create_uctx_in)] = {};
	int ret;

	MLX5_SET(create_uctx_in, in, opcode, MLX5_CMD_OP_CREATE_UCTX);
	MLX5_SET(create_uctx_in, in, uctx.cap, caps);

	mlx5_fwctl_lock_uctx(mfwctl);
	ret = mlx5_fwctl_send_create(mfwctl, in, out);
	mlx5_fwctl_unlock_uctx(mfwctl);
	if (ret)
		return ret;

	switch (MLX5_GET(create_uctx_out, out, status)) {
	case MLX5_CMD_STAT_OK:
		break;
	case MLX5_CMD_STAT_LIM_ERR:
	case MLX5_CMD_STAT_NO_RES_ERR:
		return -EUSERS;
	default:
		return -EIO;
	}
	*uid = MLX5_GET(create_uctx_out, out, uid);
	/* A command with UID 0 has the rights of the kernel. */
	return *uid && *uid != CMD_UID_SHARED ? 0 : -EIO;
}

static void mlx5_fwctl_open_work(struct work_struct *work)
{
	struct mlx5_fwctl_uctx *uctx =
		container_of(work, struct mlx5_fwctl_uctx, open);
	struct fwctl_uctx *fuctx = uctx->uctx;
	int err;

	uctx->caps = MLX5_UCTX_CAP_TOOLS_RESOURCES;
	err = mlx5_fwctl_create_uctx(mlx5_fwctl_of(fuctx), uctx->caps,
				     &uctx->uid);
	fwctl_uctx_opened(fuctx, err);
}

/* A task that waits in mlx5_core for the firmware cannot be killed: use a work item. */
int mlx5_fwctl_open_uctx(struct fwctl_uctx *fuctx)
{
	struct mlx5_fwctl *mfwctl = mlx5_fwctl_of(fuctx);
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);

	uctx->uctx = fuctx;
	uctx->update_handle = MLX5_FWCTL_NO_UPDATE;
	INIT_WORK(&uctx->open, mlx5_fwctl_open_work);
	queue_work(mfwctl->wq, &uctx->open);
	return -EINPROGRESS;
}

/*
 * Destroy a context, which has no command in flight except those that timed out. On an
 * error the device keeps the context, and its UID is not used again, until mlx5_core tears
 * it down. Nothing is sent while the firmware owes the answer to such a command: the
 * removal of the driver then waits for one timeout and not for one of each context. Other
 * answers may be owed, since this command has no mailbox that they could be written to.
 */
void mlx5_fwctl_close_uctx(struct fwctl_uctx *fuctx)
{
	struct mlx5_fwctl *mfwctl = mlx5_fwctl_of(fuctx);
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);
	u32 out[MLX5_ST_SZ_DW(destroy_uctx_out)] = {};
	u32 in[MLX5_ST_SZ_DW(destroy_uctx_in)] = {};

	MLX5_SET(destroy_uctx_in, in, opcode, MLX5_CMD_OP_DESTROY_UCTX);
	MLX5_SET(destroy_uctx_in, in, uid, uctx->uid);

	mlx5_fwctl_lock_uctx(mfwctl);
	if (!mlx5_fwctl_lost(mfwctl, true))
		mlx5_cmd_do(mfwctl->mdev, in, sizeof(in), out, sizeof(out));
	mlx5_fwctl_unlock_uctx(mfwctl);
}

/* @mfwctl is zeroed. Return: 0 or -ENOMEM. */
int mlx5_fwctl_init(struct mlx5_fwctl *mfwctl, struct mlx5_core_dev *mdev,
		    const char *name)
{
	mfwctl->mdev = mdev;
	mfwctl->whole_card = mlx5_core_is_pf(mdev);
	mfwctl->vhca_id = MLX5_CAP_GEN(mdev, vhca_id);
	mfwctl->boot_image = MLX5_FWCTL_NO_COMPONENT;
	mlx5_cmd_init_async_ctx(mdev, &mfwctl->async);
	mfwctl->wq = alloc_workqueue("mlx5_%s", WQ_UNBOUND, 0, name);
	return mfwctl->wq ? 0 : -ENOMEM;
}

/* No command is in flight. Waits until mlx5_core has left the last callbacks. */
void mlx5_fwctl_cleanup(struct mlx5_fwctl *mfwctl)
{
	mlx5_cmd_cleanup_async_ctx(&mfwctl->async);
	destroy_workqueue(mfwctl->wq);
}
