// SPDX-License-Identifier: GPL-2.0
/*
 * Calls: the device's queue, the way to the driver and back, and callers that leave.
 *
 * A device takes fwctl_ops.max_calls at once. A call that finds a free slot and no queue
 * before it is submitted by its caller. Any other is queued and submitted by
 * fwctl_device.dispatch, one work item per device: contexts take turns, and within a
 * context the order of fwctl_call_start() is kept, since only one thread takes calls out
 * of a queue and the caller of a context that has calls in the queue, or in the hands of
 * the dispatcher, queues its own. Callers that submit themselves get half of the slots: a
 * thread can be throttled after it got its slot and before the driver has the call, and
 * must not stop the device by that.
 *
 * A caller waits for one thing only, the end of its call, with no lock held.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <kunit/visibility.h>

#include "internal.h"

/*
 * Charge a call to its context and its device, if it fits. The share of CAP_SYS_ADMIN is
 * one longest call: no set of other callers can keep it out.
 */
static bool fwctl_queue_charge(struct fwctl_xfer *xfer, bool admin)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;
	size_t most = fdev->ops.max_bytes - (admin ? 0 : fdev->longest);

	if (uctx->bytes + xfer->size > fdev->ops.max_bytes / 2 ||
	    fdev->bytes + xfer->size > most)
		return false;
	uctx->bytes += xfer->size;
	fdev->bytes += xfer->size;
	uctx->busy++;
	return true;
}

static void fwctl_queue_uncharge(struct fwctl_xfer *xfer)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;

	lockdep_assert_held(&uctx->fdev->lock);
	uctx->bytes -= xfer->size;
	uctx->fdev->bytes -= xfer->size;
}

/* A call that was complete has been reaped by io_uring. */
void fwctl_call_uncharge(struct fwctl_xfer *xfer)
{
	scoped_guard(spinlock_irqsave, &xfer->call.uctx->fdev->lock)
		fwctl_queue_uncharge(xfer);
}

/*
 * May the caller submit a call of this context itself? Not before calls that wait: if no
 * context is in fwctl_device.waiting, one that is below its limit has no queue.
 */
static bool fwctl_queue_may_pass(const struct fwctl_uctx *uctx)
{
	const struct fwctl_device *fdev = uctx->fdev;

	return list_empty(&fdev->waiting) && fdev->sending != uctx &&
	       uctx->inflight < fdev->ops.max_file_calls &&
	       fdev->inflight < fdev->ops.max_calls / 2;
}

/* A call gets a slot of the device. */
static void fwctl_queue_grant(struct fwctl_xfer *xfer)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;

	lockdep_assert_held(&fdev->lock);
	/* The caller may look at it without the lock, see fwctl_call_is_complete(). */
	WRITE_ONCE(xfer->state, FWCTL_XFER_SENT);
	xfer->since = jiffies;
	list_add_tail(&xfer->entry, &fdev->calls);
	uctx->inflight++;
	fdev->inflight++;
}

/* A context is in fwctl_device.waiting while one of its calls may be submitted. */
static void fwctl_queue_update(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	bool listed = !list_empty(&uctx->waiting);
	bool ready = !list_empty(&uctx->queue) && uctx->inflight < fdev->ops.max_file_calls;

	lockdep_assert_held(&fdev->lock);
	if (ready && !listed)
		list_add_tail(&uctx->waiting, &fdev->waiting);
	else if (listed && !ready)
		list_del_init(&uctx->waiting);
	if (!list_empty(&fdev->waiting) && fdev->inflight < fdev->ops.max_calls)
		queue_work(fwctl_dispatch_wq, &fdev->dispatch);
}

/* Put a charged call into the queue of its context. The last quarter is for CAP_SYS_ADMIN. */
static bool fwctl_queue_append(struct fwctl_xfer *xfer, bool admin)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;

	if (uctx->queued >= FWCTL_MAX_FILE_QUEUED ||
	    fdev->queued >= FWCTL_MAX_QUEUED / 4 * (admin ? 4 : 3))
		return false;
	xfer->state = FWCTL_XFER_QUEUED;
	list_add_tail(&xfer->entry, &uctx->queue);
	uctx->queued++;
	fdev->queued++;
	fwctl_queue_update(uctx);
	return true;
}

/* Return 1 if the caller is to submit the call, 0 if it is queued, or a negative errno. */
static int fwctl_queue_add(struct fwctl_xfer *xfer, bool admin)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;

	scoped_guard(spinlock_irq, &uctx->fdev->lock) {
		if (list_empty(&uctx->entry))
			return -ENODEV;
		if (!fwctl_queue_charge(xfer, admin))
			return -ENOBUFS;
		if (fwctl_queue_may_pass(uctx)) {
			fwctl_queue_grant(xfer);
			return 1;
		}
		if (fwctl_queue_append(xfer, admin))
			return 0;
		fwctl_queue_uncharge(xfer);
		uctx->busy--;
	}
	return -ENOBUFS;
}

static void fwctl_queue_remove(struct fwctl_xfer *xfer)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;

	lockdep_assert_held(&uctx->fdev->lock);
	list_del(&xfer->entry);
	uctx->queued--;
	uctx->fdev->queued--;
}

/* Take the oldest call out of a queue and give it a slot. */
static struct fwctl_xfer *fwctl_queue_pop(struct fwctl_uctx *uctx)
{
	struct fwctl_xfer *xfer = list_first_entry_or_null(&uctx->queue, struct fwctl_xfer,
							   entry);

	if (xfer) {
		fwctl_queue_remove(xfer);
		fwctl_queue_grant(xfer);
	}
	return xfer;
}

/* The next call in turn, if there is one and a slot is free */
static struct fwctl_xfer *fwctl_dispatch_next(struct fwctl_device *fdev)
{
	struct fwctl_xfer *xfer;
	struct fwctl_uctx *uctx;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		fdev->sending = NULL;
		uctx = list_first_entry_or_null(&fdev->waiting, struct fwctl_uctx, waiting);
		if (!uctx || fdev->inflight >= fdev->ops.max_calls)
			return NULL;
		fdev->sending = uctx;
		xfer = fwctl_queue_pop(uctx);
		/* Behind the other contexts, if it has more calls */
		list_del_init(&uctx->waiting);
		fwctl_queue_update(uctx);
	}
	return xfer;
}

/*
 * errno that a driver reports. EAGAIN would make io_uring issue the request once more, and
 * those from 512 on mean something else to system calls and to io_uring.
 */
int fwctl_driver_errno(struct fwctl_device *fdev, int err)
{
	if (err == -EAGAIN)
		return -EBUSY;
	if (WARN_ONCE(err > 0 || err < -EHWPOISON, "%s: %s reports %d, which is no errno\n",
		      fwctl_name(fdev), fdev->ops.driver_name, err))
		return -EIO;
	return err;
}

static int fwctl_call_errno(struct fwctl_xfer *xfer, int err, size_t answer_len)
{
	struct fwctl_device *fdev = xfer->call.uctx->fdev;

	if (err)
		return fwctl_driver_errno(fdev, err);
	if (answer_len <= xfer->call.out_len)
		return 0;
	dev_warn_ratelimited(&fdev->dev,
			     "opcode %#x: an answer of %zu bytes in a buffer of %zu\n",
			     xfer->desc.opcode, answer_len, xfer->call.out_len);
	return -EIO;
}

/* The end of a call that has a slot. Any context but NMI. */
static void fwctl_call_end(struct fwctl_xfer *xfer, int err, size_t answer_len)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;
	struct fwctl_device *fdev = uctx->fdev;
	struct fwctl_audit *audit;
	enum fwctl_xfer_caller caller;
	bool last;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (WARN_ONCE(xfer->state != FWCTL_XFER_SENT, "%s: %s completes a call twice\n",
			      fwctl_name(fdev), fdev->ops.driver_name))
			return;
		xfer->err = err;
		xfer->answer_len = err ? 0 : answer_len;
		if (tracepoint_enabled(fwctl_complete))
			fwctl_report_complete(xfer);
		list_del(&xfer->entry);
		uctx->inflight--;
		fdev->inflight--;
		last = !--uctx->busy;
		if (!list_empty(&fdev->waiting) || !list_empty(&uctx->queue))
			fwctl_queue_update(uctx);
		audit = xfer->audit;
		caller = xfer->caller;
		/* io_uring reaps a call some time later, which has to be bounded, too. */
		if (!xfer->done || caller == FWCTL_CALLER_GONE)
			fwctl_queue_uncharge(xfer);
		/*
		 * A running caller owns the call from here on; pairs with
		 * fwctl_call_is_complete().
		 */
		smp_store_release(&xfer->state, FWCTL_XFER_COMPLETE);
	}
	if (audit)
		fwctl_audit_end(audit, err);
	if (caller == FWCTL_CALLER_GONE)
		fwctl_xfer_free(xfer);
	else if (caller == FWCTL_CALLER_WAITING && xfer->done)
		xfer->done(xfer);
	else if (caller == FWCTL_CALLER_WAITING)
		complete(&xfer->wake);
	/* Until fwctl_uctx_close() the context has the firmware's reference. */
	if (last)
		fwctl_uctx_close(uctx);
}

/*
 * The rules may have become stricter since a call was admitted: it was queued, or its caller
 * has slept in user memory of its own, while the rest of the request was copied.
 */
static enum fwctl_reason fwctl_call_admit(const struct fwctl_xfer *xfer)
{
	const struct fwctl_uctx *uctx = xfer->call.uctx;
	const struct fwctl_rights rights = {
		.writable = true, /* or it was a read: the mode of a file is constant */
		.file = atomic_read(&uctx->classes),
		.device = READ_ONCE(uctx->fdev->classes),
	};

	return fwctl_admit(xfer->desc.label, xfer->desc.class, &rights, fwctl_permits_late);
}

/* Process context. The open file, or fwctl_device.dispatch, keeps the device. */
static void fwctl_call_submit(struct fwctl_xfer *xfer)
{
	struct fwctl_device *fdev = xfer->call.uctx->fdev;
	enum fwctl_reason reason = fwctl_call_admit(xfer);

	if (reason) {
		fwctl_report_late(xfer, reason);
		fwctl_call_end(xfer, fwctl_reason_errno(reason), 0);
		return;
	}
	if (fwctl_class_in(xfer->desc.class, FWCTL_TAINTS))
		fwctl_report_taint(xfer);
	if (tracepoint_enabled(fwctl_submit) || tracepoint_enabled(fwctl_complete))
		fwctl_report_submit(xfer);
	/* The call may be over before submit() has returned: an unregister waits for both. */
	scoped_guard(srcu, &fdev->srcu)
		fdev->ops.submit(&xfer->call);
}

/* Work function of fwctl_device.dispatch: submit queued calls while there are slots. */
void fwctl_call_dispatch(struct work_struct *work)
{
	struct fwctl_device *fdev = container_of(work, struct fwctl_device, dispatch);
	struct fwctl_xfer *xfer;

	while ((xfer = fwctl_dispatch_next(fdev))) {
		fwctl_call_submit(xfer);
		cond_resched();
	}
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_dispatch);

/* End all calls of a context's queue; the context is not in fwctl_device.uctxs any more. */
void fwctl_call_refuse_all(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	struct fwctl_xfer *xfer;

	do {
		scoped_guard(spinlock_irqsave, &fdev->lock) {
			xfer = fwctl_queue_pop(uctx);
			fwctl_queue_update(uctx);
		}
		if (xfer)
			fwctl_call_end(xfer, -ENODEV, 0);
	} while (xfer);
}

/*
 * Start a call: submit or queue it. Process context, may sleep. On success the call is to
 * be followed by fwctl_call_hand_over(), unless it is complete; on failure it is still its
 * caller's. Return 0, -ENODEV, or -ENOBUFS if too much is waiting or in flight.
 */
int fwctl_call_start(struct fwctl_xfer *xfer)
{
	bool admin = false;
	int ret;

	do {
		ret = fwctl_queue_add(xfer, admin);
	} while (ret == -ENOBUFS && !admin &&
		 (admin = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN)));
	if (ret > 0)
		fwctl_call_submit(xfer);
	else if (ret < 0 && xfer->audit)
		fwctl_audit_end(xfer->audit, ret);
	return min(ret, 0);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_start);

/* Is a started call, not yet handed over, complete and its caller's again? */
bool fwctl_call_is_complete(struct fwctl_xfer *xfer)
{
	/* Makes err, answer_len and the answer visible; pairs with fwctl_call_end(). */
	return smp_load_acquire(&xfer->state) == FWCTL_XFER_COMPLETE;
}

/* The caller begins to wait. Return false if the call is complete and its caller's. */
bool fwctl_call_hand_over(struct fwctl_xfer *xfer)
{
	bool complete;

	scoped_guard(spinlock_irqsave, &xfer->call.uctx->fdev->lock) {
		complete = xfer->state == FWCTL_XFER_COMPLETE;
		if (!complete)
			xfer->caller = FWCTL_CALLER_WAITING;
	}
	return !complete;
}

/*
 * A waiting caller leaves; @err is for the audit record of a call that was not sent. The
 * call is freed, now or when the driver completes it. Process context: vfree() may sleep.
 * Return false if the end of the call is under way, or if its
 * caller does not wait yet.
 */
bool fwctl_call_abandon(struct fwctl_xfer *xfer, int err)
{
	struct fwctl_uctx *uctx = xfer->call.uctx;
	bool last;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		if (xfer->state == FWCTL_XFER_COMPLETE || xfer->caller != FWCTL_CALLER_WAITING)
			return false;
		xfer->caller = FWCTL_CALLER_GONE;
		if (xfer->state == FWCTL_XFER_SENT)
			return true;
		fwctl_queue_remove(xfer);
		fwctl_queue_uncharge(xfer);
		last = !--uctx->busy;
		fwctl_queue_update(uctx);
	}
	if (xfer->audit)
		fwctl_audit_end(xfer->audit, err);
	fwctl_xfer_free(xfer);
	if (last)
		fwctl_uctx_close(uctx);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_abandon);

/*
 * Wait for the end of a call that was started. Process context, sleeps killable and
 * freezable. Return true with the result in fwctl_xfer.err, or false if the caller was
 * killed: then the call is not its any more.
 */
bool fwctl_call_wait(struct fwctl_xfer *xfer)
{
	if (fwctl_call_is_complete(xfer))
		return true;
	init_completion(&xfer->wake);
	if (!fwctl_call_hand_over(xfer))
		return true;
	if (!wait_for_completion_state(&xfer->wake, FWCTL_SLEEP))
		return true;
	if (fwctl_call_abandon(xfer, -EINTR))
		return false;
	/* complete() is about to be called. */
	wait_for_completion(&xfer->wake);
	return true;
}

/**
 * fwctl_call_complete - the driver reports the end of a call
 * @call: the call, not to be accessed any more
 * @err: 0 if the firmware executed the request, whatever its own status; -ETIMEDOUT if
 *	it was sent and not answered; another negative errno, -1 to -EHWPOISON, if it was
 *	not executed. EAGAIN is reported to the caller as EBUSY.
 * @answer_len: bytes of the answer at fwctl_call.out. The driver writes no more than
 *	fwctl_call.out_len; if the firmware claims more, the caller gets EIO.
 *
 * Exactly once for each call. Any context but NMI, under no spinlock: the call's memory
 * may be freed, for which vfree() must be able to sleep, except in interrupts. Takes a
 * spinlock_t: on PREEMPT_RT not from a hard interrupt, that is not from a handler with
 * IRQF_NO_THREAD.
 */
void fwctl_call_complete(struct fwctl_call *call, int err, size_t answer_len)
{
	struct fwctl_xfer *xfer = container_of(call, struct fwctl_xfer, call);

	fwctl_call_end(xfer, fwctl_call_errno(xfer, err, answer_len), answer_len);
}
EXPORT_SYMBOL_NS_GPL(fwctl_call_complete, FWCTL);

/**
 * fwctl_call_priv - the driver's own data
 * @call: the call
 *
 * Return: fwctl_ops.call_size bytes, for submit() to initialise.
 */
void *fwctl_call_priv(struct fwctl_call *call)
{
	return container_of(call, struct fwctl_xfer, call)->priv;
}
EXPORT_SYMBOL_NS_GPL(fwctl_call_priv, FWCTL);
