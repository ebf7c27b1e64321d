/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of a call as a command of the firmware command queue.
 */
#ifndef _MLX5_FWCTL_COMMAND_H
#define _MLX5_FWCTL_COMMAND_H

#include <linux/fwctl.h>
#include <linux/workqueue.h>

struct mlx5_core_dev;

/*
 * How many of the command queue's 31 slots fwctl takes at most. mlx5_core, RDMA
 * and the netdev share the rest; they must find one free whatever tools do.
 */
#define MLX5_FWCTL_MAX_COMMANDS 8

/* How many of these one file can have: two are always there for another one. */
#define MLX5_FWCTL_MAX_FILE_COMMANDS 6

/*
 * How many contexts fwctl takes of those that the firmware has, which RDMA needs
 * as well: one for each process that uses the device.
 */
#define MLX5_FWCTL_MAX_FILES 128

/* Room for MLX5_FWCTL_MAX_COMMANDS of the longest, 2 MiB each way */
#define MLX5_FWCTL_MAX_BYTES (MLX5_FWCTL_MAX_COMMANDS * 2 * FWCTL_MAX_RPC_LEN)

/**
 * struct mlx5_fwctl - a function's command queue, as fwctl uses it
 * @mdev: the function; valid from probe to remove
 * @wq: runs the commands
 */
struct mlx5_fwctl {
	struct mlx5_core_dev *mdev;
	struct workqueue_struct *wq;
};

/**
 * struct mlx5_fwctl_command - what a call carries for the driver
 * @work: runs it on mlx5_fwctl.wq
 * @call: the call
 */
struct mlx5_fwctl_command {
	struct work_struct work;
	struct fwctl_call *call;
};

int mlx5_fwctl_init(struct mlx5_fwctl *mfwctl, struct mlx5_core_dev *mdev,
		    const char *name);
void mlx5_fwctl_cleanup(struct mlx5_fwctl *mfwctl);
void mlx5_fwctl_command(struct mlx5_fwctl *mfwctl, struct fwctl_call *call,
			u16 uid);
int mlx5_fwctl_errno(int err);

#endif /* _MLX5_FWCTL_COMMAND_H */
