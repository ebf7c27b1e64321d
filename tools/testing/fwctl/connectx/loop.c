// SPDX-License-Identifier: GPL-2.0
/*
 * ppoll(2) with callbacks and one-shot timers. Descriptors are few (a peer, a
 * listening socket, some control clients), so plain lists will do.
 */
#define _GNU_SOURCE	/* ppoll */
#include <errno.h>
#include <poll.h>
#include <sys/prctl.h>
#include <time.h>

#include "loop.h"

struct source {
	int fd;
	short events;
	bool dead;	/* unwatched while callbacks run; freed after the round */
	loop_fd_fn fn;
	void *arg;
	struct source *next;
};

struct loop {
	struct source *sources;
	struct loop_timer *timers;	/* soonest first */
	bool stop;
};

u64 loop_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000ULL + (u64)ts.tv_nsec;
}

u64 loop_now_ms(void)
{
	return loop_now_ns() / 1000000;
}

/* Delays are in microseconds, so set the timer slack, 50 us by default, to the minimum. */
struct loop *loop_new(void)
{
	prctl(PR_SET_TIMERSLACK, 1);
	return alloc_zeroed(sizeof(struct loop));
}

/* Free dead sources: only between rounds, when no callback can still use them. */
static void reap(struct loop *loop, bool all)
{
	struct source **p = &loop->sources;

	while (*p) {
		struct source *s = *p;

		if (s->dead || all) {
			*p = s->next;
			free(s);
		} else {
			p = &s->next;
		}
	}
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	reap(loop, true);
	free(loop);
}

static struct source *find(struct loop *loop, int fd)
{
	struct source *s;

	for (s = loop->sources; s; s = s->next)
		if (s->fd == fd && !s->dead)
			return s;
	return NULL;
}

void loop_watch(struct loop *loop, int fd, short events, loop_fd_fn fn, void *arg)
{
	struct source *s = find(loop, fd);

	if (!s) {
		s = alloc_zeroed(sizeof(*s));
		s->fd = fd;
		s->next = loop->sources;
		loop->sources = s;
	}
	s->events = events;
	s->fn = fn;
	s->arg = arg;
}

void loop_unwatch(struct loop *loop, int fd)
{
	struct source *s = find(loop, fd);

	if (s)
		s->dead = true;
}

void loop_timer_arm(struct loop *loop, struct loop_timer *timer, u64 delay_us)
{
	struct loop_timer **p = &loop->timers;

	loop_timer_cancel(loop, timer);
	timer->due_ns = loop_now_ns() + delay_us * 1000;
	while (*p && (*p)->due_ns <= timer->due_ns)
		p = &(*p)->next;
	timer->next = *p;
	*p = timer;
}

void loop_timer_cancel(struct loop *loop, struct loop_timer *timer)
{
	struct loop_timer **p = &loop->timers;

	while (*p && *p != timer)
		p = &(*p)->next;
	if (*p)
		*p = timer->next;
	timer->next = NULL;
}

/* Time to wait: at most @timeout_ms, and not past the next timer. */
static const struct timespec *wait_time(const struct loop *loop, int timeout_ms,
					struct timespec *time)
{
	u64 wait = timeout_ms < 0 ? UINT64_MAX : (u64)timeout_ms * 1000000;
	u64 now = loop_now_ns();

	if (loop->timers)
		wait = MIN(wait, loop->timers->due_ns > now ? loop->timers->due_ns - now : 0);
	if (wait == UINT64_MAX)
		return NULL;
	*time = (struct timespec){
		.tv_sec = (time_t)(wait / 1000000000),
		.tv_nsec = (long)(wait % 1000000000),
	};
	return time;
}

/* A callback may arm and cancel timers, this one included: take the head each time. */
static void run_timers(struct loop *loop)
{
	u64 now = loop_now_ns();

	while (loop->timers && loop->timers->due_ns <= now) {
		struct loop_timer *t = loop->timers;

		loop->timers = t->next;
		t->next = NULL;
		t->fn(t->arg);
	}
}

/*
 * Skips a source that a callback has unwatched, even if ppoll() reported it: its
 * descriptor may be closed, or reused for another file.
 */
void loop_once(struct loop *loop, int timeout_ms)
{
	struct pollfd fds[64];
	struct source *at[ARRAY_SIZE(fds)];
	struct timespec time;
	struct source *s;
	nfds_t n = 0;
	nfds_t i;

	for (s = loop->sources; s && n < ARRAY_SIZE(fds); s = s->next) {
		fds[n] = (struct pollfd){ .fd = s->fd, .events = s->events };
		at[n++] = s;
	}
	if (ppoll(fds, n, wait_time(loop, timeout_ms, &time), NULL) > 0)
		for (i = 0; i < n; i++)
			if (fds[i].revents && !at[i]->dead)
				at[i]->fn(at[i]->arg, fds[i].revents);
	run_timers(loop);
	reap(loop, false);
}

void loop_run(struct loop *loop)
{
	while (!loop->stop)
		loop_once(loop, -1);
}

void loop_stop(struct loop *loop)
{
	loop->stop = true;
}
