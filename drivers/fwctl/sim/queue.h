/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queue between the driver and the simulated firmware. Faults happen in it:
 * delays, hangs, timeouts, late answers, errors, removal.
 */
#ifndef _FWCTL_SIM_QUEUE_H
#define _FWCTL_SIM_QUEUE_H

#include <linux/fwctl.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>

struct fwctl_sim_firmware;

/**
 * struct fwctl_sim_faults - the faults that are switched on
 * @delay_us: time until an answer comes
 * @hang: hold all calls
 * @timeout_us: time after which the driver gives a call up; 0: never
 * @error: errno that ends calls, which are then not executed
 * @answer_len: length of the answer that the driver reports; -1: the true length
 * @open_delay_us: time that it takes to open a context
 * @open_hang: hold all contexts that are being opened
 * @open_error: errno that ends the opening of contexts
 * @close_delay_us: time that it takes to close a context
 * @linger_us: time by which submit() and the opening of a context return later than they
 *	could, also after the call or the context was completed
 * @remove_after: number of calls until the device is removed; 0: no removal
 * @keep_on_remove: let the removal wait for pending calls and contexts, instead of
 *	ending them
 *
 * The names are those of the files in configfs. Without faults @answer_len is -1 and
 * all other fields are 0.
 */
struct fwctl_sim_faults {
	int delay_us;
	int hang;
	int timeout_us;
	int error;
	int answer_len;
	int open_delay_us;
	int open_hang;
	int open_error;
	int close_delay_us;
	int linger_us;
	int remove_after;
	int keep_on_remove;
};

/**
 * struct fwctl_sim_stats - counters since the device is live
 * @contexts: contexts that are open now
 * @submitted: calls that the driver got
 * @completed: calls that the driver has ended
 * @inflight: calls that the driver has now
 * @late_answers: answers that came after the driver had given the call up
 * @disordered: calls with a lower cookie than the call before
 * @inside: threads that are inside the driver's functions for contexts and calls now
 */
struct fwctl_sim_stats {
	unsigned long contexts;
	unsigned long submitted;
	unsigned long completed;
	unsigned long inflight;
	unsigned long late_answers;
	unsigned long disordered;
	unsigned long inside;
};

/**
 * struct fwctl_sim_uctx - a file's context, see fwctl_uctx_priv()
 * @number: its number, from 1
 */
struct fwctl_sim_uctx {
	u32 number;
};

/**
 * struct fwctl_sim_priv - the driver's data in a fwctl_device, see fwctl_priv()
 * @queue: the device's queue; valid from probe to remove
 */
struct fwctl_sim_priv {
	struct fwctl_sim_queue *queue;
};

/**
 * struct fwctl_sim_queue - calls and contexts on the way to the firmware or back
 * @fw: the firmware; constant
 * @remove: asks for the device's removal; called under @lock, does not sleep. Constant.
 * @thread: ends pending calls when they are due; valid from fwctl_sim_queue_start() to
 *	fwctl_sim_queue_stop()
 * @wait: wait queue of @thread
 * @lock: guards the fields that follow. A leaf: the core is not called under it, and
 *	its holder does not wait.
 * @kicked: tells @thread that @pending has changed
 * @ending: the device is being removed
 * @gone: no call gets an answer any more
 * @pending: list of struct fwctl_sim_pending. An entry is freed by the function that
 *	has taken it off the list.
 * @numbers: number of the last context
 * @faults: the faults that are switched on
 * @stats: the counters
 * @cookie: cookie of the last call
 *
 * Initialised by fwctl_sim_init().
 */
struct fwctl_sim_queue {
	struct fwctl_sim_firmware *fw;
	void (*remove)(struct fwctl_sim_queue *queue);
	struct task_struct *thread;
	wait_queue_head_t wait;

	struct mutex lock; /* guards the fields that follow */
	bool kicked;
	bool ending;
	bool gone;
	struct list_head pending;
	u32 numbers;
	struct fwctl_sim_faults faults;
	struct fwctl_sim_stats stats;
	u64 cookie;
};

int fwctl_sim_queue_start(struct fwctl_sim_queue *queue, const char *name);
void fwctl_sim_queue_end(struct fwctl_sim_queue *queue);
void fwctl_sim_queue_abort(struct fwctl_sim_queue *queue);
void fwctl_sim_queue_stop(struct fwctl_sim_queue *queue);
int fwctl_sim_queue_set_fault(struct fwctl_sim_queue *queue, int *fault,
			      int value);

/* In struct fwctl_ops */
int fwctl_sim_queue_open(struct fwctl_uctx *uctx);
void fwctl_sim_queue_close(struct fwctl_uctx *uctx);
void fwctl_sim_queue_submit(struct fwctl_call *call);

#endif /* _FWCTL_SIM_QUEUE_H */
