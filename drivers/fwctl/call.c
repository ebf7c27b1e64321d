// SPDX-License-Identifier: GPL-2.0
/*
 * Call: the memory of an RPC, its way to the driver and back. Also where a
 * caller that is killed leaves its call behind.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

static size_t fwctl_call_bytes(const struct fwctl_rpc_call *rc)
{
	return rc->call.in_len + rc->call.out_len;
}

static bool fwctl_bytes_take(struct fwctl_uctx *uctx, size_t bytes)
{
	if (!fwctl_limit_take(&uctx->bytes, bytes))
		return false;
	if (fwctl_limit_take(&uctx->fdev->bytes, bytes))
		return true;
	fwctl_limit_give(&uctx->bytes, bytes);
	return false;
}

static void fwctl_bytes_give(struct fwctl_uctx *uctx, size_t bytes)
{
	fwctl_limit_give(&uctx->bytes, bytes);
	fwctl_limit_give(&uctx->fdev->bytes, bytes);
}

/* The answer begins on a cache line of its own. */
static size_t fwctl_call_in_room(size_t in_len)
{
	return ALIGN(in_len, SMP_CACHE_BYTES);
}

/**
 * fwctl_call_settle - give back all that a call took, but for its memory
 * @rc: the call, to be followed by fwctl_spare_keep()
 */
void fwctl_call_settle(struct fwctl_rpc_call *rc)
{
	fwctl_bytes_give(rc->call.uctx, fwctl_call_bytes(rc));
}

/**
 * fwctl_call_free - free a call and its buffers
 * @rc: the call, whose context is still there: for the caller because its file
 *	is open, for the device because of fwctl_uctx.busy
 *
 * Any context but NMI, under no spinlock.
 */
void fwctl_call_free(struct fwctl_rpc_call *rc)
{
	fwctl_call_settle(rc);
	fwctl_spare_free(rc);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_free);

/**
 * fwctl_call_keep - a call is over, and others may follow
 * @rc: the call, not to be used any more
 *
 * Frees it as well, but for its memory. Process context of the caller.
 */
void fwctl_call_keep(struct fwctl_rpc_call *rc)
{
	fwctl_call_settle(rc);
	fwctl_spare_keep(rc);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_keep);

/* All but what fwctl_spare_take() has filled in */
static void fwctl_call_init(struct fwctl_rpc_call *rc,
			    const struct fwctl_summary *what)
{
	rc->call.in = rc->memory;
	rc->call.in_len = what->in_len;
	rc->call.out = rc->memory + fwctl_call_in_room(what->in_len);
	rc->call.out_len = what->out_len;
	memcpy(&rc->what, what, offsetof(struct fwctl_summary, name));
	rc->what.name[0] = '\0';
	if (what->name[0])
		strscpy(rc->what.name, what->name);
	rc->state = FWCTL_CALL_NEW;
	rc->owner = FWCTL_OWNER_CALLER;
	rc->async.cmd = NULL;
	rc->submitted = 0;
}

/**
 * fwctl_call_alloc - allocate a call and its buffers
 * @uctx: the context
 * @what: what it will be
 *
 * Charged to the caller's memory cgroup, and to the bytes in flight of its file
 * and device. The buffers hold whatever they held: the caller fills all of the
 * request, the driver as much of the answer as it says. Process context, may
 * sleep.
 *
 * Return: the call, for fwctl_call_keep() or fwctl_call_free(), or an ERR_PTR:
 * -ENOBUFS if too many bytes are in flight, -ENOMEM.
 */
struct fwctl_rpc_call *fwctl_call_alloc(struct fwctl_uctx *uctx,
					const struct fwctl_summary *what)
{
	size_t bytes = (size_t)what->in_len + what->out_len;
	struct fwctl_rpc_call *rc;

	if (!fwctl_bytes_take(uctx, bytes))
		return ERR_PTR(-ENOBUFS);
	rc = fwctl_spare_take(uctx, fwctl_call_in_room(what->in_len) +
				    what->out_len);
	if (!rc) {
		fwctl_bytes_give(uctx, bytes);
		return ERR_PTR(-ENOMEM);
	}
	fwctl_call_init(rc, what);
	return rc;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_call_alloc);

/**
 * fwctl_call_pass - change who has a call
 * @rc: the call
 * @from: who has it, enum fwctl_call_owner
 * @to: who shall have it
 *
 * Return: false if somebody else has it by now.
 */
bool fwctl_call_pass(struct fwctl_rpc_call *rc, int from, int to)
{
	return try_cmpxchg(&rc->owner, &from, to);
}

/**
 * fwctl_call_is_done - has a call come to its end?
 * @rc: the call, of a caller who does not wait yet
 *
 * Return: true if it has, and is the caller's.
 */
bool fwctl_call_is_done(struct fwctl_rpc_call *rc)
{
	/* Before what the device has written is read; pairs with fwctl_call_return(). */
	return smp_load_acquire(&rc->owner) == FWCTL_OWNER_DONE;
}

/**
 * fwctl_call_abandon - take a call of io_uring away from its command
 * @rc: the call
 * @waited: set if it waited for a turn: it is to be freed, after the lock
 *
 * Under fwctl_device.lock. If it did not wait, whoever has it frees it, possibly
 * as soon as the lock is released.
 *
 * Return: false if it is too late for that, or too early.
 */
bool fwctl_call_abandon(struct fwctl_rpc_call *rc, bool *waited)
{
	lockdep_assert_held(&rc->call.uctx->fdev->lock);
	/*
	 * One that is over would be freed now, under our feet, and one that was refused
	 * does not keep its context: they have to end by themselves.
	 */
	if (rc->state != FWCTL_CALL_WAITING && rc->state != FWCTL_CALL_INFLIGHT)
		return false;
	if (!fwctl_call_pass(rc, FWCTL_OWNER_DEVICE, FWCTL_OWNER_NOBODY))
		return false;
	list_del(&rc->async.entry);
	*waited = fwctl_turn_leave(rc);
	return true;
}

/* Return: false if the caller was killed, and the call is the device's now. */
static bool fwctl_call_wait(struct fwctl_rpc_call *rc)
{
	/* As a rule submit() has left it to the device, but it may be back already. */
	if (fwctl_call_is_done(rc))
		return true;
	init_completion(&rc->wake);
	if (!fwctl_call_pass(rc, FWCTL_OWNER_CALLER, FWCTL_OWNER_DEVICE))
		return true;
	if (!wait_for_completion_killable(&rc->wake))
		return true;
	if (fwctl_call_pass(rc, FWCTL_OWNER_DEVICE, FWCTL_OWNER_NOBODY))
		return false;
	/* It is about to be completed. */
	wait_for_completion(&rc->wake);
	return true;
}

static __always_inline void
fwctl_call_submit(struct fwctl_rpc_call *rc, const struct fwctl_sender *sender)
{
	struct fwctl_device *fdev = rc->call.uctx->fdev;

	fwctl_mark_class(fdev, rc->what.class, sender);
	fwctl_report_submit(rc);
	fdev->ops.submit(&rc->call);
}

/**
 * fwctl_call_run - send a call and wait for its end
 * @rc: the call, admitted and filled
 *
 * Process context, sleeps killable.
 *
 * Return: true with the call's end in fwctl_rpc_call.err: what the driver says,
 * or -ENODEV if the device is gone and the call was not sent. False if the caller
 * was killed: the call is not the caller's any more, and will be freed, at the
 * latest when the device has completed it.
 */
bool fwctl_call_run(struct fwctl_rpc_call *rc)
{
	rc->err = fwctl_turn_take(rc);
	if (rc->err == -EINTR) {
		fwctl_call_free(rc);
		return false;
	}
	if (rc->err)
		return true;

	fwctl_call_submit(rc, NULL);
	return fwctl_call_wait(rc);
}

/* To whoever waits for it, if somebody does: after that it is possibly gone. */
static void fwctl_call_return(struct fwctl_rpc_call *rc)
{
	switch (xchg(&rc->owner, FWCTL_OWNER_DONE)) {
	case FWCTL_OWNER_DEVICE:
		if (rc->async.cmd)
			fwctl_uring_complete(rc);
		else
			complete(&rc->wake);
		break;
	case FWCTL_OWNER_NOBODY:
		fwctl_call_free(rc);
		break;
	}
}

/**
 * fwctl_call_end - end a call that was not sent
 * @rc: the call, of io_uring
 * @err: why not
 *
 * Any context.
 */
void fwctl_call_end(struct fwctl_rpc_call *rc, int err)
{
	rc->err = err;
	fwctl_call_return(rc);
}

/* It was canceled when it had its turn, but was not sent: the turn goes on. */
static void fwctl_call_drop(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;

	fwctl_turn_pass(rc);
	fwctl_call_free(rc);
	fwctl_uctx_unbusy(uctx);
}

/**
 * fwctl_call_go - send a call whose wait for a turn is over
 * @rc: the call, of io_uring; not to be touched any more unless the caller still
 *	has it
 *
 * Process context, may sleep.
 */
void fwctl_call_go(struct fwctl_rpc_call *rc)
{
	if (rc->state == FWCTL_CALL_REFUSED)
		fwctl_call_end(rc, -ENODEV);
	else if (READ_ONCE(rc->owner) == FWCTL_OWNER_NOBODY)
		fwctl_call_drop(rc);
	else
		fwctl_call_submit(rc, &rc->async.sender);
}

/* Firmware that lies, or a driver that believes it */
static int fwctl_call_overlong(struct fwctl_rpc_call *rc, size_t answer_len)
{
	dev_warn_ratelimited(&rc->call.uctx->fdev->dev,
			     "opcode %#x: an answer of %zu bytes where there is room for %zu\n",
			     rc->what.opcode, answer_len, rc->call.out_len);
	return -EIO;
}

/**
 * fwctl_call_complete - the driver reports the end of a call
 * @call: the call, not to be touched any more
 * @err: 0 if the firmware executed it, whatever its own status; -ETIMEDOUT if it
 *	was sent and no answer came; another negative errno if it was not
 *	executed
 * @answer_len: bytes of the answer at fwctl_call.out, all of which the driver has
 *	written: what is there besides may be another caller's. It writes no more
 *	than fwctl_call.out_len; if the firmware claims more the caller gets EIO.
 *
 * Any context but NMI, under no spinlock (vfree() must be able to sleep, except
 * in interrupts). Exactly once for each call.
 */
void fwctl_call_complete(struct fwctl_call *call, int err, size_t answer_len)
{
	struct fwctl_rpc_call *rc =
		container_of(call, struct fwctl_rpc_call, call);
	struct fwctl_uctx *uctx = call->uctx;

	if (!err && answer_len > call->out_len)
		err = fwctl_call_overlong(rc, answer_len);
	rc->err = err;
	rc->answer_len = err ? 0 : answer_len;
	fwctl_report_complete(rc);

	if (WARN_ON_ONCE(!fwctl_turn_pass(rc)))
		return;
	fwctl_call_return(rc);
	fwctl_uctx_unbusy(uctx);
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
	return container_of(call, struct fwctl_rpc_call, call)->priv;
}
EXPORT_SYMBOL_NS_GPL(fwctl_call_priv, FWCTL);
