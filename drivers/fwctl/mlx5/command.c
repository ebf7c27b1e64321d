// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery: a call becomes a command of mlx5_core's firmware command queue.
 *
 * mlx5_core has a blocking way and one with a callback. The latter allocates the
 * mailboxes with GFP_ATOMIC, 4096 of them for 2 MiB, which fails on a busy
 * machine. So a workqueue runs the blocking one. The caller waits for the core,
 * not for mlx5_core, and can be killed.
 */
#include <linux/mlx5/driver.h>
#include <linux/unaligned.h>

#include "command.h"

/* Every command has its UID here, big-endian (PRM; mlx5_ifc_mbox_in_bits). */
#define CMD_UID_OFFSET 2

/**
 * mlx5_fwctl_errno - what mlx5_core's word about a command means for user space
 * @err: 0 or a negative errno of mlx5_cmd_do() or mlx5_cmd_exec()
 *
 * Return: 0 if the firmware executed the command, also if it did not like it
 * (-EREMOTEIO: its status is in the answer); -ENODEV if it is down (-ENXIO, which
 * mlx5_cmd_exec() turns into -ENOLINK); else @err.
 */
int mlx5_fwctl_errno(int err)
{
	switch (err) {
	case -EREMOTEIO:
		return 0;
	case -ENXIO:
	case -ENOLINK:
		return -ENODEV;
	default:
		return err;
	}
}

static void mlx5_fwctl_run(struct work_struct *work)
{
	struct mlx5_fwctl_command *cmd =
		container_of(work, struct mlx5_fwctl_command, work);
	struct fwctl_call *call = cmd->call;
	struct fwctl_device *fdev = fwctl_uctx_device(call->uctx);
	struct mlx5_fwctl *mfwctl = fwctl_priv(fdev);
	int err;

	err = mlx5_cmd_do(mfwctl->mdev, call->in, call->in_len, call->out,
			  call->out_len);
	fwctl_call_complete(call, mlx5_fwctl_errno(err), call->out_len);
}

/**
 * mlx5_fwctl_command - start a command
 * @mfwctl: the function
 * @call: the call
 * @uid: the UID of the call's context
 *
 * The UID is forced into the command, whatever the caller wrote there: it is
 * what the firmware's own rules go by. Any context.
 */
void mlx5_fwctl_command(struct mlx5_fwctl *mfwctl, struct fwctl_call *call,
			u16 uid)
{
	struct mlx5_fwctl_command *cmd = fwctl_call_priv(call);

	put_unaligned_be16(uid, call->in + CMD_UID_OFFSET);
	cmd->call = call;
	INIT_WORK(&cmd->work, mlx5_fwctl_run);
	queue_work(mfwctl->wq, &cmd->work);
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
	mfwctl->wq = alloc_workqueue("mlx5_%s", WQ_UNBOUND,
				     MLX5_FWCTL_MAX_COMMANDS, name);
	return mfwctl->wq ? 0 : -ENOMEM;
}

/**
 * mlx5_fwctl_cleanup - undo mlx5_fwctl_init()
 * @mfwctl: with no command under way
 */
void mlx5_fwctl_cleanup(struct mlx5_fwctl *mfwctl)
{
	destroy_workqueue(mfwctl->wq);
}
