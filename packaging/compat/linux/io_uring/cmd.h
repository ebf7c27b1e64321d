/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Wraps the kernel's <linux/io_uring/cmd.h>, for kernels with other functions than the one
 * that drivers/ is written for. Found before the kernel's header, and like compat.h used
 * outside a kernel tree only.
 */
#ifndef _FWCTL_COMPAT_IO_URING_CMD_H
#define _FWCTL_COMPAT_IO_URING_CMD_H

#include_next <linux/io_uring/cmd.h>
#include <linux/version.h>

/*
 * From 6.19 on the token of task work has a field for an exiting task, instead of the flag
 * IO_URING_F_TASK_DEAD: fwctl_compat_task_work() converts it. io_uring does not use this bit.
 */
#ifdef IO_URING_CMD_TASK_WORK_ISSUE_FLAGS
#define IO_URING_F_TASK_DEAD (1U << 30)
#endif

/*
 * From 6.18 on io_uring_cmd_done() has no parameter for the second result, which fwctl does
 * not use.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
static inline void fwctl_compat_done(struct io_uring_cmd *cmd, s32 ret,
				     u64 unused, unsigned int issue_flags)
{
#ifdef IO_URING_CMD_TASK_WORK_ISSUE_FLAGS
	issue_flags &= ~IO_URING_F_TASK_DEAD;
#endif
	io_uring_cmd_done(cmd, ret, issue_flags);
}

#define io_uring_cmd_done fwctl_compat_done
#endif

/* Newer kernels pass the type of the command area to this macro; fwctl reads bytes. */
#ifdef io_uring_sqe128_cmd
#undef io_uring_sqe_cmd
#define io_uring_sqe_cmd(sqe) ((const void *)(sqe)->cmd)
#endif

/*
 * On kernels where task work gets the io_uring request, derive the command from the request;
 * the issue flags are constant. The callback is stored in the last 8 of the command's 32
 * private bytes, of which fwctl uses the first 8.
 */
#ifdef IO_URING_CMD_TASK_WORK_ISSUE_FLAGS
struct fwctl_compat_pdu {
	u8 used[24];
	void (*task_work)(struct io_uring_cmd *cmd, unsigned int issue_flags);
};

static inline void fwctl_compat_task_work(struct io_tw_req tw_req,
					  io_tw_token_t tw)
{
	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);
	unsigned int issue_flags = IO_URING_CMD_TASK_WORK_ISSUE_FLAGS;

	if (tw.cancel)
		issue_flags |= IO_URING_F_TASK_DEAD;
	io_uring_cmd_to_pdu(cmd, struct fwctl_compat_pdu)
		->task_work(cmd, issue_flags);
}

static inline void
fwctl_compat_in_task(struct io_uring_cmd *cmd,
		     void (*task_work)(struct io_uring_cmd *cmd,
				       unsigned int issue_flags))
{
	io_uring_cmd_to_pdu(cmd, struct fwctl_compat_pdu)->task_work = task_work;
	__io_uring_cmd_do_in_task(cmd, fwctl_compat_task_work, 0);
}

#define io_uring_cmd_complete_in_task fwctl_compat_in_task
#endif

#endif
