/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of a call as a command of the firmware command queue, and how much of
 * that queue fwctl takes.
 */
#ifndef _MLX5_FWCTL_COMMAND_H
#define _MLX5_FWCTL_COMMAND_H

#include <linux/fwctl.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/workqueue.h>

/*
 * How many of the command queue's 31 slots fwctl takes at most for RPCs; one more is
 * for contexts, see mlx5_fwctl.busy: closing a hundred files at once must not take
 * the queue either. mlx5_core, RDMA and the netdev share the rest; they must find one
 * free whatever tools do. Less than half, for mlx5_core has two bounds of its own that
 * are 16 commands, whoever sends them: one for general objects, which are the kernel's
 * as well, and in newer kernels one for all that has a UID without privileges, which
 * is RDMA's user space as well.
 *
 * Commands of the kernel and of fwctl go through one worker of mlx5_core's, first
 * come first served, so this is also how many can be ahead of a kernel's one. It
 * needs no further bound for long messages: that worker copies 16 bytes and rings the
 * doorbell. Mailboxes are filled beside it.
 */
#define MLX5_FWCTL_MAX_COMMANDS 10

/* How many of these one file can have: one is always there for another one. */
#define MLX5_FWCTL_MAX_FILE_COMMANDS 9

/*
 * A command that timed out keeps its slot until the firmware answers it, of which
 * mlx5_core tells nobody. After so many of them fwctl sends no more, or a client that
 * goes on about what hangs the firmware would take the whole queue, a slot a minute.
 * Those under way by then, and the end of a context, may add to it.
 */
#define MLX5_FWCTL_MAX_UNANSWERED 8

/*
 * How many contexts fwctl takes of those that the firmware has, which RDMA needs
 * as well: one for each process that uses the device.
 */
#define MLX5_FWCTL_MAX_FILES 128

/*
 * Eight of the longest, 2 MiB each way. mlx5_core takes as much again for mailboxes,
 * which is charged to nobody.
 */
#define MLX5_FWCTL_MAX_BYTES (8 * 2 * FWCTL_MAX_RPC_LEN)

/*
 * Up to so many bytes a message is short: what stands in the queue itself, and 8
 * mailboxes. These are filled in submit() and emptied in the interrupt. It holds every
 * register, and the capabilities, which are the longest answers that are asked for often.
 */
#define MLX5_FWCTL_SHORT (16 + 8 * MLX5_CMD_DATA_BLOCK_SIZE)

/**
 * struct mlx5_fwctl - a function's command queue, as fwctl uses it
 * @mdev: the function; valid from probe to remove
 * @async: the short commands under way
 * @wq: runs the others, and opens contexts
 * @unanswered: commands that timed out, since probe
 * @busy: bit 0: a context is being created or destroyed, one at a time
 * @silent: the last command for a context timed out, and none was answered since
 * @leaving: the driver is being removed: no new contexts
 */
struct mlx5_fwctl {
	struct mlx5_core_dev *mdev;
	struct mlx5_async_ctx async;
	struct workqueue_struct *wq;
	atomic_t unanswered;
	unsigned long busy;
	bool silent;
	bool leaving;
};

/**
 * struct mlx5_fwctl_command - what a call carries for the driver
 * @call: the call
 * @async: if it is short, mlx5_core's part of it
 * @work: otherwise, runs it on mlx5_fwctl.wq
 */
struct mlx5_fwctl_command {
	struct fwctl_call *call;
	union {
		struct mlx5_async_work async;
		struct work_struct work;
	};
};

int mlx5_fwctl_init(struct mlx5_fwctl *mfwctl, struct mlx5_core_dev *mdev,
		    const char *name);
void mlx5_fwctl_cleanup(struct mlx5_fwctl *mfwctl);
void mlx5_fwctl_command(struct mlx5_fwctl *mfwctl, struct fwctl_call *call,
			u16 uid);
int mlx5_fwctl_create_uctx(struct mlx5_fwctl *mfwctl, u32 caps, u16 *uid);
void mlx5_fwctl_destroy_uctx(struct mlx5_fwctl *mfwctl, u16 uid);
int mlx5_fwctl_errno(int err);

#endif /* _MLX5_FWCTL_COMMAND_H */
