// SPDX-License-Identifier: GPL-2.0
/*
 * Call: the memory of an RPC, its way to the driver and back. Also where a
 * caller that is killed leaves its call behind.
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "internal.h"

static void fwctl_call_free(struct fwctl_rpc_call *rc)
{
	kvfree(rc->call.in);
	kvfree(rc->call.out);
	kfree(rc);
}

/**
 * fwctl_call_alloc - allocate a call and its buffers
 * @uctx: the context
 * @in_len: bytes of the request
 * @out_len: bytes of room for the answer
 *
 * Charged to the caller's memory cgroup. The request's buffer is not zeroed: the
 * caller fills all of it. The answer's is. Process context, may sleep.
 *
 * Return: the call, for fwctl_call_put(), or NULL.
 */
struct fwctl_rpc_call *fwctl_call_alloc(struct fwctl_uctx *uctx, size_t in_len,
					size_t out_len)
{
	struct fwctl_rpc_call *rc;

	rc = kzalloc(struct_size(rc, priv, uctx->fdev->ops.call_size),
		     GFP_KERNEL_ACCOUNT);
	if (!rc)
		return NULL;

	refcount_set(&rc->refs, 1);
	init_completion(&rc->turn);
	init_completion(&rc->done);
	rc->call.uctx = uctx;
	rc->call.in_len = in_len;
	rc->call.out_len = out_len;
	rc->call.in = kvmalloc(in_len, GFP_KERNEL_ACCOUNT);
	rc->call.out = kvzalloc(out_len, GFP_KERNEL_ACCOUNT);
	if (!rc->call.in || !rc->call.out) {
		fwctl_call_free(rc);
		return NULL;
	}
	return rc;
}

/**
 * fwctl_call_put - drop a reference
 * @rc: the call
 *
 * Any context but NMI.
 */
void fwctl_call_put(struct fwctl_rpc_call *rc)
{
	if (refcount_dec_and_test(&rc->refs))
		fwctl_call_free(rc);
}

/**
 * fwctl_call_run - send a call and wait for its end
 * @rc: the call, admitted and filled
 *
 * Process context, sleeps killable. If the caller is killed while the device
 * has the call, the device keeps its reference until it completes it.
 *
 * Return: what the driver says; -ENODEV if the device is gone, and the call was
 * not sent; -EINTR if the caller was killed.
 */
int fwctl_call_run(struct fwctl_rpc_call *rc)
{
	struct fwctl_device *fdev = rc->call.uctx->fdev;
	int ret = fwctl_turn_take(rc);

	if (ret)
		return ret;

	fwctl_mark_class(fdev, rc->class);
	refcount_inc(&rc->refs);
	fdev->ops.submit(&rc->call);

	if (wait_for_completion_killable(&rc->done))
		return -EINTR;
	return rc->err;
}

/**
 * fwctl_call_complete - the driver reports the end of a call
 * @call: the call, not to be touched any more
 * @err: 0 if the firmware executed it, whatever its own status; -ETIMEDOUT if it
 *	was sent and no answer came; another negative errno if it was not
 *	executed
 * @answer_len: bytes of the answer at fwctl_call.out, at most fwctl_call.out_len
 *
 * Any context but NMI. Exactly once for each call.
 */
void fwctl_call_complete(struct fwctl_call *call, int err, size_t answer_len)
{
	struct fwctl_rpc_call *rc =
		container_of(call, struct fwctl_rpc_call, call);

	if (WARN_ON_ONCE(answer_len > call->out_len))
		err = -EIO;
	rc->err = err;
	rc->answer_len = err ? 0 : answer_len;

	if (WARN_ON_ONCE(!fwctl_turn_pass(rc)))
		return;
	complete(&rc->done);
	fwctl_call_put(rc);
}
EXPORT_SYMBOL_NS_GPL(fwctl_call_complete, FWCTL);

/**
 * fwctl_call_priv - the driver's own data
 * @call: the call
 *
 * Return: fwctl_ops.call_size bytes, zeroed before submit().
 */
void *fwctl_call_priv(struct fwctl_call *call)
{
	return container_of(call, struct fwctl_rpc_call, call)->priv;
}
EXPORT_SYMBOL_NS_GPL(fwctl_call_priv, FWCTL);
