/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The event loop. The emulator is single-threaded and no handler waits: a
 * delayed or hanging command is a timer or a list entry, and MMIO and other
 * commands go on.
 */
#ifndef CONNECTX_LOOP_H
#define CONNECTX_LOOP_H

#include "types.h"

struct loop;

typedef void (*loop_fd_fn)(void *arg, short revents);

/**
 * struct loop_timer - a one-shot timer, embedded in its owner
 * @fn: called once from the loop, with the timer already disarmed
 * @arg: passed to @fn
 * @due_ns: private to the loop
 * @next: private to the loop
 */
struct loop_timer {
	void (*fn)(void *arg);
	void *arg;
	u64 due_ns;
	struct loop_timer *next;
};

struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Watch @fd for poll(2) @events. Calling it again for a watched fd changes them. */
void loop_watch(struct loop *loop, int fd, short events, loop_fd_fn fn, void *arg);
/* Forget @fd; safe from within any callback. The caller closes it. */
void loop_unwatch(struct loop *loop, int fd);

void loop_timer_arm(struct loop *loop, struct loop_timer *timer, u64 delay_us);
void loop_timer_cancel(struct loop *loop, struct loop_timer *timer);

/* One round: wait at most @timeout_ms (-1 for ever), then run the callbacks that are due. */
void loop_once(struct loop *loop, int timeout_ms);
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Milliseconds and nanoseconds of the monotonic clock. */
u64 loop_now_ms(void);
u64 loop_now_ns(void);

#endif
