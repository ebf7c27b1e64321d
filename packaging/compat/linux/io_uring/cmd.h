/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's <linux/io_uring/cmd.h>, and what of it later kernels have in another form
 * than the one that drivers/ is written for. Found before the kernel's, like compat.h
 * outside a kernel tree only.
 */
#ifndef _FWCTL_COMPAT_IO_URING_CMD_H
#define _FWCTL_COMPAT_IO_URING_CMD_H

#include_next <linux/io_uring/cmd.h>
#include <linux/version.h>

/*
 * From 6.19 on task work of an exiting task is told so by its token instead of by a flag:
 * fwctl_compat_task_work() turns the one into the other. A bit that io_uring has no use for.
 */
#ifdef IO_URING_CMD_TASK_WORK_ISSUE_FLAGS
#define IO_URING_F_TASK_DEAD (1U << 30)
#endif

/*
 * From 6.18 on the second result, which fwctl does not use, belongs to a function of its
 * own.
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

/* Newer kernels check the type of the command area's contents; here it is bytes. */
#ifdef io_uring_sqe128_cmd
#undef io_uring_sqe_cmd
#define io_uring_sqe_cmd(sqe) ((const void *)(sqe)->cmd)
#endif

/*
 * Where task work is called with a request, that request leads to the command, and the
 * flags are always the same. The function to call is kept in the end of the command's
 * own 32 bytes, of which fwctl uses the first 8.
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
