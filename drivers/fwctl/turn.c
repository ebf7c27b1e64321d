// SPDX-License-Identifier: GPL-2.0
/*
 * Turns: a device takes fwctl_ops.max_calls at once, the others wait. Files take
 * turns with each other; within a file it is first come, first served.
 *
 * A caller that has its turn submits its call itself. So a call that completes
 * wakes the next caller up instead of submitting for it, and submit() always
 * runs in the context of the process whose memory and rights it uses.
 */
#include "internal.h"

static bool fwctl_turn_free(struct fwctl_device *fdev)
{
	return fdev->inflight < fdev->ops.max_calls;
}

static void fwctl_turn_give(struct fwctl_rpc_call *rc)
{
	rc->state = FWCTL_CALL_INFLIGHT;
	rc->call.uctx->busy++;
	rc->call.uctx->fdev->inflight++;
}

static void fwctl_turn_enqueue(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	rc->state = FWCTL_CALL_WAITING;
	list_add_tail(&rc->entry, &uctx->calls);
	if (list_empty(&uctx->turn))
		list_add_tail(&uctx->turn, &uctx->fdev->waiting);
}

static void fwctl_turn_dequeue(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	list_del(&rc->entry);
	if (list_empty(&uctx->calls))
		list_del_init(&uctx->turn);
}

/* The oldest call of the file that is next, or NULL */
static struct fwctl_rpc_call *fwctl_turn_first(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx = list_first_entry_or_null(&fdev->waiting,
							   struct fwctl_uctx,
							   turn);

	return uctx ? list_first_entry(&uctx->calls, struct fwctl_rpc_call,
				       entry) : NULL;
}

/* Give free turns away. The file that gets one goes behind the others. */
static void fwctl_turn_next(struct fwctl_device *fdev)
{
	struct fwctl_rpc_call *rc;

	while (fwctl_turn_free(fdev) && (rc = fwctl_turn_first(fdev))) {
		list_move_tail(&rc->call.uctx->turn, &fdev->waiting);
		fwctl_turn_dequeue(rc);
		fwctl_turn_give(rc);
		complete(&rc->turn);
	}
}

/* Return: 0 with the turn, -EINPROGRESS when queued, -ENODEV. */
static int fwctl_turn_ask(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (fdev->gone || list_empty(&uctx->entry))
			return -ENODEV;
		if (fwctl_turn_free(fdev) && list_empty(&fdev->waiting)) {
			fwctl_turn_give(rc);
			return 0;
		}
		fwctl_turn_enqueue(rc);
	}
	return -EINPROGRESS;
}

/**
 * fwctl_turn_pass - a call is over, or will not be sent after all
 * @rc: the call, in flight until now
 *
 * Any context. Its context may be closed, and be gone, when this returns.
 *
 * Return: false if the call was not in flight; nothing was done.
 */
bool fwctl_turn_pass(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	bool last;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		if (rc->state != FWCTL_CALL_INFLIGHT)
			return false;
		rc->state = FWCTL_CALL_COMPLETE;
		uctx->fdev->inflight--;
		fwctl_turn_next(uctx->fdev);
		last = fwctl_uctx_unbusy(uctx);
	}
	if (last)
		fwctl_uctx_close(uctx);
	return true;
}

/* The caller was killed. The turn may have come all the same: it goes on. */
static void fwctl_turn_cancel(struct fwctl_rpc_call *rc)
{
	scoped_guard(spinlock_irqsave, &rc->call.uctx->fdev->lock) {
		if (rc->state == FWCTL_CALL_WAITING)
			fwctl_turn_dequeue(rc);
	}
	fwctl_turn_pass(rc);
}

/**
 * fwctl_turn_take - wait until the device can take a call
 * @rc: the call
 *
 * Process context, sleeps killable. Success counts the call as in flight, which
 * keeps its context open, until fwctl_turn_pass().
 *
 * Return: 0; -ENODEV if the device is gone; -EINTR if the caller was killed.
 */
int fwctl_turn_take(struct fwctl_rpc_call *rc)
{
	int ret = fwctl_turn_ask(rc);

	if (ret != -EINPROGRESS)
		return ret;
	if (wait_for_completion_killable(&rc->turn)) {
		fwctl_turn_cancel(rc);
		return -EINTR;
	}
	return rc->state == FWCTL_CALL_INFLIGHT ? 0 : -ENODEV;
}

/**
 * fwctl_turn_refuse_all - nobody gets a turn any more
 * @fdev: the device, with fwctl_device.gone set
 *
 * Any context. Those who wait get -ENODEV.
 */
void fwctl_turn_refuse_all(struct fwctl_device *fdev)
{
	struct fwctl_rpc_call *rc;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		while ((rc = fwctl_turn_first(fdev))) {
			fwctl_turn_dequeue(rc);
			rc->state = FWCTL_CALL_REFUSED;
			complete(&rc->turn);
		}
	}
}
