/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery of calls to the firmware command queue, the contexts of the files, and the
 * share of the queue that fwctl takes.
 */
#ifndef _MLX5_FWCTL_COMMAND_H
#define _MLX5_FWCTL_COMMAND_H

#include <linux/fwctl.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/workqueue.h>

/* Length of a command's header, which is the shortest command, and of its answer's */
#define MLX5_FWCTL_MIN_LEN 16

/* PRM, uctx.cap: the context may use the resources of tools. Not in mlx5_ifc.h. */
#define MLX5_UCTX_CAP_TOOLS_RESOURCES BIT(2)

/*
 * Upper bound of the command queue's 31 slots that fwctl takes for RPCs. One more slot is
 * for contexts, see mlx5_fwctl.busy: the end of a hundred files at once must not take the
 * queue either. mlx5_core, RDMA and the netdev share the rest and must always find a free
 * slot. Less than half of 16, too, as mlx5_core itself has two bounds of 16 commands: one
 * for general objects, which fwctl shares with TLS and IPsec offload, and in newer kernels
 * one for commands with the UID of an unprivileged process, which it shares with RDMA's
 * user space.
 *
 * A command that timed out keeps its slot until the firmware answers it. These bounds hold
 * for such slots as well: as long as there is one, no command is sent, see
 * mlx5_fwctl_blocked(), so all of them were under way together.
 *
 * One worker of mlx5_core's takes the commands of the kernel and of fwctl in order of
 * arrival, so this is also how many can be ahead of one of the kernel's. Long messages
 * need no further bound: the worker copies 16 bytes and rings the doorbell, mailboxes are
 * filled beside it.
 */
#define MLX5_FWCTL_MAX_COMMANDS 7

/* Upper bound for one file: another file always finds a slot. */
#define MLX5_FWCTL_MAX_FILE_COMMANDS 6

/*
 * Upper bound of the contexts in the firmware that fwctl takes. RDMA needs one for each
 * process that uses the device.
 */
#define MLX5_FWCTL_MAX_FILES 128

/*
 * Memory of eight of the longest calls, 2 MiB each way. mlx5_core takes as much again for
 * mailboxes, which no memory cgroup is charged for.
 */
#define MLX5_FWCTL_MAX_BYTES (8 * 2 * FWCTL_MAX_RPC_LEN)

/*
 * Length up to which a message is short: 16 bytes in the queue itself and 8 mailboxes,
 * which are filled in submit() and emptied in the interrupt. Holds every register, and the
 * capabilities, which are the longest answers that tools often ask for.
 */
#define MLX5_FWCTL_SHORT (16 + 8 * MLX5_CMD_DATA_BLOCK_SIZE)

/**
 * struct mlx5_fwctl - a function's command queue, as fwctl uses it
 * @mdev: the function; valid from probe to remove
 * @whole_card: it is a PF, by mlx5_core's word
 * @vhca_id: its VHCA ID
 * @boot_image: component that is its own firmware image, see mlx5_fwctl_find_boot_image()
 * @async: the short commands in flight
 * @wq: runs the long commands, and opens contexts
 * @busy: bit 0 is a lock: one context at a time is created or destroyed
 * @told: the kernel's log says that nothing is sent, see mlx5_fwctl_blocked()
 * @asked: the firmware has told all about its image; guarded by @busy
 * @leaving: the driver is being removed: create no contexts
 */
struct mlx5_fwctl {
	struct mlx5_core_dev *mdev;
	bool whole_card;
	u16 vhca_id;
	u32 boot_image;
	struct mlx5_async_ctx async;
	struct workqueue_struct *wq;
	unsigned long busy;
	bool told;
	bool asked;
	bool leaving;
};

/**
 * struct mlx5_fwctl_uctx - a file's context in the firmware, see fwctl_uctx_priv()
 * @open: work item that creates it, on mlx5_fwctl.wq
 * @uctx: the core's part of the context
 * @uid: its UID, never 0, which is the kernel's own
 * @caps: its capabilities
 * @update_handle: handle of the firmware update that it has locked, see
 *	mlx5_fwctl_note_update()
 */
struct mlx5_fwctl_uctx {
	struct work_struct open;
	struct fwctl_uctx *uctx;
	u16 uid;
	u32 caps;
	u32 update_handle;
};

/**
 * struct mlx5_fwctl_command - the driver's part of a call, see fwctl_call_priv()
 * @call: the call
 * @async: mlx5_core's part, of a short command
 * @work: work item that runs a long command, on mlx5_fwctl.wq
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

/* The firmware's components, for the policy */
bool mlx5_fwctl_find_boot_image(struct mlx5_fwctl *mfwctl);
void mlx5_fwctl_note_update(struct fwctl_call *call);

/* In struct fwctl_ops */
int mlx5_fwctl_open_uctx(struct fwctl_uctx *fuctx);
void mlx5_fwctl_close_uctx(struct fwctl_uctx *fuctx);
void mlx5_fwctl_submit(struct fwctl_call *call);

#endif /* _MLX5_FWCTL_COMMAND_H */
