// SPDX-License-Identifier: GPL-2.0
/*
 * Turns: a device takes fwctl_ops.max_calls at once, the others wait. Files take
 * turns with each other; within a file it is first come, first served.
 *
 * A caller that has its turn submits its call itself. So a call that completes
 * wakes the next caller up instead of submitting for it: that may happen in an
 * interrupt, and submit() may sleep. For a call of io_uring, whose caller does not
 * wait, a workqueue does it.
 */
#include <kunit/visibility.h>

#include "internal.h"

/* The device takes one more, and it may be one of this file. */
static bool fwctl_turn_free(const struct fwctl_device *fdev)
{
	return fdev->inflight < fdev->ops.max_calls;
}

static bool fwctl_turn_allowed(const struct fwctl_uctx *uctx)
{
	return uctx->inflight < uctx->fdev->ops.max_file_calls;
}

/* Inline, as all that a call goes through that nobody waits for */
static __always_inline void fwctl_turn_give(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	lockdep_assert_held(&uctx->fdev->lock);
	rc->state = FWCTL_CALL_INFLIGHT;
	refcount_inc(&uctx->busy);
	uctx->inflight++;
	uctx->fdev->inflight++;
}

/* A file is in the queue while it has a call that its own limit lets pass. */
static void fwctl_turn_update(struct fwctl_uctx *uctx)
{
	bool queued = !list_empty(&uctx->turn);
	bool ready = !list_empty(&uctx->calls) && fwctl_turn_allowed(uctx);

	lockdep_assert_held(&uctx->fdev->lock);
	if (ready && !queued)
		list_add_tail(&uctx->turn, &uctx->fdev->waiting);
	else if (queued && !ready)
		list_del_init(&uctx->turn);
}

static void fwctl_turn_tell(struct fwctl_rpc_call *rc)
{
	if (rc->async.cmd)
		fwctl_uring_turn(rc);
	else
		complete(&rc->wake);
}

/* The file that gets a turn goes behind the others. */
static void fwctl_turn_serve(struct fwctl_uctx *uctx)
{
	struct fwctl_rpc_call *rc = list_first_entry(&uctx->calls,
						     struct fwctl_rpc_call,
						     entry);

	list_del(&rc->entry);
	list_del_init(&uctx->turn);
	fwctl_turn_give(rc);
	fwctl_turn_update(uctx);
	fwctl_turn_tell(rc);
}

static void fwctl_turn_next(struct fwctl_device *fdev)
{
	while (fwctl_turn_free(fdev) && !list_empty(&fdev->waiting))
		fwctl_turn_serve(list_first_entry(&fdev->waiting,
						  struct fwctl_uctx, turn));
}

/* A call has left the device. Apart, so that the usual way saves no registers. */
static noinline void fwctl_turn_move_on(struct fwctl_uctx *uctx)
{
	fwctl_turn_update(uctx);
	fwctl_turn_next(uctx->fdev);
}

static noinline void fwctl_turn_queue(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	rc->state = FWCTL_CALL_WAITING;
	init_completion(&rc->wake);
	list_add_tail(&rc->entry, &uctx->calls);
	fwctl_turn_update(uctx);
}

/**
 * fwctl_turn_ask - ask for a turn, without waiting for it
 * @rc: the call
 *
 * Process context.
 *
 * Return: 0 with the turn; -EINPROGRESS when queued: fwctl_rpc_call.wake will be
 * completed, or fwctl_uring_turn() called; -ENODEV if the device is gone.
 */
int fwctl_turn_ask(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;

	scoped_guard(spinlock_irq, &fdev->lock) {
		if (fdev->gone || list_empty(&uctx->entry))
			return -ENODEV;
		/* Nobody waits for a turn that is free: fwctl_turn_next(). */
		if (fwctl_turn_free(fdev) && fwctl_turn_allowed(uctx)) {
			fwctl_turn_give(rc);
			return 0;
		}
		fwctl_turn_queue(rc);
	}
	return -EINPROGRESS;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_turn_ask);

/**
 * fwctl_turn_pass - a call is over, or will not be sent after all
 * @rc: the call, in flight until now
 *
 * Any context. The caller drops the call's part of fwctl_uctx.busy, once it is
 * done with the call's memory.
 *
 * Return: false if the call was not in flight; nothing was done.
 */
bool fwctl_turn_pass(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (rc->state != FWCTL_CALL_INFLIGHT)
			return false;
		rc->state = FWCTL_CALL_COMPLETE;
		uctx->inflight--;
		fdev->inflight--;
		/* As a rule nobody waits. */
		if (!list_empty(&fdev->waiting) || !list_empty(&uctx->calls))
			fwctl_turn_move_on(uctx);
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_turn_pass);

/**
 * fwctl_turn_leave - a call does not wait for a turn any more, if it does
 * @rc: the call
 *
 * Under fwctl_device.lock.
 *
 * Return: true if it did; nobody else knows it any more.
 */
bool fwctl_turn_leave(struct fwctl_rpc_call *rc)
{
	lockdep_assert_held(&rc->call.uctx->fdev->lock);
	if (rc->state != FWCTL_CALL_WAITING)
		return false;
	list_del(&rc->entry);
	rc->state = FWCTL_CALL_REFUSED;
	fwctl_turn_update(rc->call.uctx);
	return true;
}

/**
 * fwctl_turn_cancel - the caller of a queued call was killed
 * @rc: the call
 *
 * Any context. The turn may have come all the same: it goes on.
 */
void fwctl_turn_cancel(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock)
		if (fwctl_turn_leave(rc))
			return;
	if (fwctl_turn_pass(rc))
		fwctl_uctx_unbusy(uctx);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_turn_cancel);

/**
 * fwctl_turn_wait - see fwctl_turn_take(): it was queued
 * @rc: the call
 *
 * Return: 0 or a negative errno.
 */
int fwctl_turn_wait(struct fwctl_rpc_call *rc)
{
	if (wait_for_completion_killable(&rc->wake)) {
		fwctl_turn_cancel(rc);
		return -EINTR;
	}
	return rc->state == FWCTL_CALL_INFLIGHT ? 0 : -ENODEV;
}

static void fwctl_turn_refuse(struct fwctl_uctx *uctx)
{
	struct fwctl_rpc_call *rc, *next;

	list_for_each_entry_safe(rc, next, &uctx->calls, entry) {
		list_del(&rc->entry);
		rc->state = FWCTL_CALL_REFUSED;
		fwctl_turn_tell(rc);
	}
	fwctl_turn_update(uctx);
}

/**
 * fwctl_turn_refuse_all - nobody gets a turn any more
 * @fdev: the device, with fwctl_device.gone set
 *
 * Any context. Those who wait get -ENODEV.
 */
void fwctl_turn_refuse_all(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	scoped_guard(spinlock_irqsave, &fdev->lock)
		list_for_each_entry(uctx, &fdev->uctxs, entry)
			fwctl_turn_refuse(uctx);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_turn_refuse_all);
