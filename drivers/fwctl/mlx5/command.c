// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery: a call becomes a command of mlx5_core's firmware command queue, and so
 * does the creation and the end of a context.
 *
 * mlx5_core has a blocking way and one with a callback. The latter is the short one,
 * and what commands of a few mailboxes take. It allocates them with GFP_ATOMIC, 4096
 * for 2 MiB, which fails on a busy machine: for long commands, and for whatever it
 * does not take, a workqueue runs the blocking one. In both cases the caller waits for
 * the core, not for mlx5_core, and can be killed.
 *
 * The queue is not fwctl's own, and the firmware may be slow, dead or wrong: all of
 * fwctl's commands end in mlx5_fwctl_end(), which counts what is never answered.
 */
#include <linux/mlx5/driver.h>
#include <linux/mm.h>
#include <linux/unaligned.h>
#include <linux/wait_bit.h>

#include "command.h"
#include "policy.h"

/* Every command has its UID here, big-endian (PRM; mlx5_ifc_mbox_in_bits). */
#define CMD_UID_OFFSET 2

/* What mlx5_core uses for what belongs to all contexts; not one that can be had. */
#define CMD_UID_SHARED 0xffff

#define MLX5_FWCTL_BUSY_BIT 0

/**
 * mlx5_fwctl_errno - what mlx5_core's word about a command means for user space
 * @err: 0 or a negative errno of mlx5_cmd_do(), or of mlx5_cmd_exec_cb()'s callback
 *
 * Return: 0 if the firmware executed the command, also if it did not like it
 * (-EREMOTEIO: its status is in the answer); -ENODEV if the device is down; -EBUSY if
 * the command never got a slot; -EIO if the command queue reports that it could not
 * deliver it, for which mlx5_core has errnos that mean something else to a caller of
 * ioctl(); else @err: -ETIMEDOUT, -ENOMEM.
 */
int mlx5_fwctl_errno(int err)
{
	switch (err) {
	case -EREMOTEIO:
		return 0;
	case -ENXIO:
		return -ENODEV;
	case -EAGAIN:
	case -EALREADY:
	case -ECANCELED:
		return -EBUSY;
	case -EBADR:
	case -EFAULT:
	case -EINVAL:
	case -ENOMSG:
		return -EIO;
	default:
		return err;
	}
}

static void mlx5_fwctl_note_timeout(struct mlx5_fwctl *mfwctl)
{
	if (atomic_inc_return(&mfwctl->unanswered) == MLX5_FWCTL_MAX_UNANSWERED)
		dev_warn(mfwctl->mdev->device,
			 "fwctl: %d commands were not answered in time: no more until the driver is bound anew\n",
			 MLX5_FWCTL_MAX_UNANSWERED);
}

static bool mlx5_fwctl_exhausted(struct mlx5_fwctl *mfwctl)
{
	return atomic_read(&mfwctl->unanswered) >= MLX5_FWCTL_MAX_UNANSWERED;
}

/* Any context. As mlx5_fwctl_errno() */
static int mlx5_fwctl_end(struct mlx5_fwctl *mfwctl, int err)
{
	if (err == -ETIMEDOUT)
		mlx5_fwctl_note_timeout(mfwctl);
	err = mlx5_fwctl_errno(err);
	if (!err)
		WRITE_ONCE(mfwctl->silent, false);
	return err;
}

/* Process context, sleeps until the firmware answers or mlx5_core gives it up. */
static int mlx5_fwctl_do(struct mlx5_fwctl *mfwctl, void *in, size_t in_len,
			 void *out, size_t out_len)
{
	return mlx5_fwctl_end(mfwctl, mlx5_cmd_do(mfwctl->mdev, in, in_len, out,
						  out_len));
}

/*
 * A mutex, but for the wait: with firmware that hangs it is long, and must not pass for
 * a hung task.
 */
static void mlx5_fwctl_begin_uctx(struct mlx5_fwctl *mfwctl)
{
	wait_on_bit_lock(&mfwctl->busy, MLX5_FWCTL_BUSY_BIT, TASK_IDLE);
}

static void mlx5_fwctl_end_uctx(struct mlx5_fwctl *mfwctl)
{
	clear_and_wake_up_bit(MLX5_FWCTL_BUSY_BIT, &mfwctl->busy);
}

/* Between the two above */
static int mlx5_fwctl_do_uctx(struct mlx5_fwctl *mfwctl, void *in,
			      size_t in_len, void *out, size_t out_len)
{
	int err = mlx5_fwctl_do(mfwctl, in, in_len, out, out_len);

	if (err == -ETIMEDOUT)
		WRITE_ONCE(mfwctl->silent, true);
	return err;
}

static struct mlx5_fwctl *mlx5_fwctl_of_call(struct fwctl_call *call)
{
	return fwctl_priv(fwctl_uctx_device(call->uctx));
}

static void mlx5_fwctl_run(struct work_struct *work)
{
	struct mlx5_fwctl_command *cmd =
		container_of(work, struct mlx5_fwctl_command, work);
	struct fwctl_call *call = cmd->call;
	int err = mlx5_fwctl_do(mlx5_fwctl_of_call(call), call->in,
				call->in_len, call->out, call->out_len);

	fwctl_call_complete(call, err, call->out_len);
}

/*
 * In an interrupt as a rule, else possibly under a spinlock of mlx5_core's. After it
 * mlx5_core knows neither @async nor the call's memory, whether or not the firmware
 * answers.
 */
static void mlx5_fwctl_done(int err, struct mlx5_async_work *async)
{
	struct fwctl_call *call =
		container_of(async, struct mlx5_fwctl_command, async)->call;

	fwctl_call_complete(call, mlx5_fwctl_end(mlx5_fwctl_of_call(call), err),
			    call->out_len);
}

/*
 * Few mailboxes, and memory that can be freed under a spinlock, should nobody wait for
 * the answer any more
 */
static bool mlx5_fwctl_is_short(const struct fwctl_call *call)
{
	return call->in_len <= MLX5_FWCTL_SHORT &&
	       call->out_len <= MLX5_FWCTL_SHORT &&
	       !is_vmalloc_addr(call->in) && !is_vmalloc_addr(call->out);
}

/* Return: whether mlx5_fwctl_done() will follow. Does not sleep. */
static bool mlx5_fwctl_start(struct mlx5_fwctl *mfwctl, struct fwctl_call *call)
{
	struct mlx5_fwctl_command *cmd = fwctl_call_priv(call);

	return mlx5_fwctl_is_short(call) &&
	       !mlx5_cmd_exec_cb(&mfwctl->async, call->in, call->in_len,
				 call->out, call->out_len, mlx5_fwctl_done,
				 &cmd->async);
}

/**
 * mlx5_fwctl_command - start a command
 * @mfwctl: the function
 * @call: the call
 * @uid: the UID of the call's context
 *
 * The UID is forced into the command, whatever the caller wrote there: it is
 * what the firmware's own rules go by. Process context, does not sleep.
 */
void mlx5_fwctl_command(struct mlx5_fwctl *mfwctl, struct fwctl_call *call,
			u16 uid)
{
	struct mlx5_fwctl_command *cmd = fwctl_call_priv(call);

	if (mlx5_fwctl_exhausted(mfwctl)) {
		fwctl_call_complete(call, -EBUSY, 0);
		return;
	}
	put_unaligned_be16(uid, call->in + CMD_UID_OFFSET);
	/*
	 * mlx5_core writes all of an answer, or else nothing of it, but reads the
	 * status in either case.
	 */
	memset(call->out, 0, MLX5_FWCTL_MIN_LEN);
	cmd->call = call;
	if (mlx5_fwctl_start(mfwctl, call))
		return;
	/* If there is a reason that mlx5_core does not take it, that will find it, too. */
	INIT_WORK(&cmd->work, mlx5_fwctl_run);
	queue_work(mfwctl->wq, &cmd->work);
}

/* Those who have waited while the driver went away would only hold that up. */
static int mlx5_fwctl_may_create(struct mlx5_fwctl *mfwctl)
{
	if (READ_ONCE(mfwctl->leaving))
		return -ENODEV;
	if (mlx5_fwctl_exhausted(mfwctl))
		return -EBUSY;
	return 0;
}

/* The firmware has no context to give, or something against giving one. */
static int mlx5_fwctl_status_errno(u8 status)
{
	switch (status) {
	case MLX5_CMD_STAT_OK:
		return 0;
	case MLX5_CMD_STAT_LIM_ERR:
	case MLX5_CMD_STAT_NO_RES_ERR:
		return -EUSERS;
	default:
		return -EIO;
	}
}

/**
 * mlx5_fwctl_create_uctx - create a context
 * @mfwctl: the function
 * @caps: what the context may use
 * @uid: where its UID goes
 *
 * Process context, waits for the firmware.
 *
 * Return: 0 or a negative errno: -EUSERS if the firmware has no context left, -EIO if
 * it refuses or answers nonsense, or as mlx5_fwctl_errno().
 */
int mlx5_fwctl_create_uctx(struct mlx5_fwctl *mfwctl, u32 caps, u16 *uid)
{
	u32 out[MLX5_ST_SZ_DW(create_uctx_out)] = {};
	u32 in[MLX5_ST_SZ_DW(create_uctx_in)] = {};
	int ret;

	MLX5_SET(create_uctx_in, in, opcode, MLX5_CMD_OP_CREATE_UCTX);
	MLX5_SET(create_uctx_in, in, uctx.cap, caps);

	mlx5_fwctl_begin_uctx(mfwctl);
	ret = mlx5_fwctl_may_create(mfwctl);
	if (!ret)
		ret = mlx5_fwctl_do_uctx(mfwctl, in, sizeof(in), out,
					 sizeof(out));
	mlx5_fwctl_end_uctx(mfwctl);

	if (!ret)
		ret = mlx5_fwctl_status_errno(MLX5_GET(create_uctx_out, out,
						       status));
	if (ret)
		return ret;

	*uid = MLX5_GET(create_uctx_out, out, uid);
	/* A command with UID 0 would have the kernel's own rights. */
	return *uid && *uid != CMD_UID_SHARED ? 0 : -EIO;
}

/**
 * mlx5_fwctl_destroy_uctx - end a context
 * @mfwctl: the function
 * @uid: its UID, with no command under way, unless it timed out
 *
 * Process context, waits for the firmware. If it fails the device is in trouble and
 * keeps the context until mlx5_core tears it down; nobody uses its UID any more. So
 * that a driver that is being removed waits for one timeout, and not for one a context,
 * nothing is sent to firmware that did not answer the last time.
 */
void mlx5_fwctl_destroy_uctx(struct mlx5_fwctl *mfwctl, u16 uid)
{
	u32 out[MLX5_ST_SZ_DW(destroy_uctx_out)] = {};
	u32 in[MLX5_ST_SZ_DW(destroy_uctx_in)] = {};

	MLX5_SET(destroy_uctx_in, in, opcode, MLX5_CMD_OP_DESTROY_UCTX);
	MLX5_SET(destroy_uctx_in, in, uid, uid);

	mlx5_fwctl_begin_uctx(mfwctl);
	if (!READ_ONCE(mfwctl->silent))
		mlx5_fwctl_do_uctx(mfwctl, in, sizeof(in), out, sizeof(out));
	mlx5_fwctl_end_uctx(mfwctl);
}

/**
 * mlx5_fwctl_init - get ready for commands
 * @mfwctl: zeroed
 * @mdev: the function
 * @name: for the workqueue's name
 *
 * Return: 0 or -ENOMEM.
 */
int mlx5_fwctl_init(struct mlx5_fwctl *mfwctl, struct mlx5_core_dev *mdev,
		    const char *name)
{
	mfwctl->mdev = mdev;
	mlx5_cmd_init_async_ctx(mdev, &mfwctl->async);
	mfwctl->wq = alloc_workqueue("mlx5_%s", WQ_UNBOUND, 0, name);
	return mfwctl->wq ? 0 : -ENOMEM;
}

/**
 * mlx5_fwctl_cleanup - undo mlx5_fwctl_init()
 * @mfwctl: with no command under way
 *
 * Process context, waits for mlx5_core to leave the callbacks of the last ones.
 */
void mlx5_fwctl_cleanup(struct mlx5_fwctl *mfwctl)
{
	mlx5_cmd_cleanup_async_ctx(&mfwctl->async);
	destroy_workqueue(mfwctl->wq);
}
