/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What goes wrong between the driver and the simulated firmware: delays, hangs,
 * timeouts, late answers, errors, removal. And the figures of what went through.
 */
#ifndef _FWCTL_SIM_FAULT_H
#define _FWCTL_SIM_FAULT_H

#include <linux/fwctl.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>

struct fwctl_sim_firmware;

/**
 * struct fwctl_sim_faults - what shall go wrong; all 0 but for @answer_len: nothing
 * @delay_us: each answer takes that long
 * @hang: calls are held
 * @timeout_us: the driver gives an answer up after that long; 0: never
 * @error: errno that calls end with instead of being executed
 * @answer_len: bytes of answer that the driver reports; -1: what they are
 * @open_delay_us: opening a context takes that long
 * @open_hang: contexts that are being opened are held
 * @open_error: errno that opening a context ends with
 * @close_delay_us: closing a context takes that long
 * @remove_after: the device goes away with the call that counts this down to 0
 * @keep_on_remove: its removal leaves calls, and contexts being opened, as they
 *	are
 *
 * The names are those of the files in configfs.
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
	int remove_after;
	int keep_on_remove;
};

/**
 * struct fwctl_sim_stats - what went through since the device is live
 * @contexts: how many are open now
 * @submitted: calls that the driver got
 * @completed: calls that it has ended
 * @inflight: those that it has now
 * @late_answers: answers that came after the driver had given them up
 */
struct fwctl_sim_stats {
	unsigned long contexts;
	unsigned long submitted;
	unsigned long completed;
	unsigned long inflight;
	unsigned long late_answers;
};

/**
 * struct fwctl_sim_uctx - a file's context
 * @number: its number, from 1
 */
struct fwctl_sim_uctx {
	u32 number;
};

/**
 * struct fwctl_sim_queue - what is on its way to the firmware or back
 * @fw: the firmware; constant
 * @remove: asks for the device's removal; called under @lock. Constant.
 * @thread: lets time pass; there from fwctl_sim_queue_start() to _stop()
 * @wait: where it sleeps
 * @lock: guards all that follows. A leaf, held for moments: neither the core is
 *	called under it nor anything that waits.
 * @kicked: @thread has to look at @pending again
 * @ending: the device is being removed
 * @gone: nothing gets an answer any more
 * @pending: the calls and contexts that wait, struct fwctl_sim_pending. Each is
 *	freed by whoever takes it off the list.
 * @numbers: the number of the last context
 * @faults: what shall go wrong
 * @stats: what went through; without @inflight, which follows from the others
 */
struct fwctl_sim_queue {
	struct fwctl_sim_firmware *fw;
	void (*remove)(struct fwctl_sim_queue *queue);
	struct task_struct *thread;
	wait_queue_head_t wait;

	struct mutex lock; /* guards all that follows */
	bool kicked;
	bool ending;
	bool gone;
	struct list_head pending;
	u32 numbers;
	struct fwctl_sim_faults faults;
	struct fwctl_sim_stats stats;
};

void fwctl_sim_queue_init(struct fwctl_sim_queue *queue,
			  struct fwctl_sim_firmware *fw,
			  void (*remove)(struct fwctl_sim_queue *queue));
void fwctl_sim_queue_reset(struct fwctl_sim_queue *queue);

int fwctl_sim_queue_start(struct fwctl_sim_queue *queue, const char *name);
void fwctl_sim_queue_end(struct fwctl_sim_queue *queue);
void fwctl_sim_queue_abort(struct fwctl_sim_queue *queue);
void fwctl_sim_queue_stop(struct fwctl_sim_queue *queue);

int fwctl_sim_queue_open(struct fwctl_sim_queue *queue,
			 struct fwctl_uctx *uctx);
void fwctl_sim_queue_close(struct fwctl_sim_queue *queue);
void fwctl_sim_queue_submit(struct fwctl_sim_queue *queue,
			    struct fwctl_call *call);

void fwctl_sim_fault_set(struct fwctl_sim_queue *queue, int *fault, int value);
struct fwctl_sim_stats fwctl_sim_stats_get(struct fwctl_sim_queue *queue);

#endif /* _FWCTL_SIM_FAULT_H */
