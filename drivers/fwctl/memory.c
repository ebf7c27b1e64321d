// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of calls, charged to the memory cgroup of the caller. A context keeps its last
 * small call for its next one, so that a program that sends one request after the other
 * allocates once. Of large calls a device keeps one, which bounds the memory that idle files
 * can hold, for the next call of the same length by the thread whose cgroup it is charged to.
 */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

/* A call with up to this many bytes each way is small */
#define FWCTL_SMALL SZ_4K

/* Up to this size a call and its buffers are one allocation */
#define FWCTL_INLINE SZ_4K

/* The answer begins on a cache line of its own. */
static size_t fwctl_buffers_size(size_t in_len, size_t out_len)
{
	return ALIGN(in_len, SMP_CACHE_BYTES) + out_len;
}

static size_t fwctl_head_size(const struct fwctl_ops *ops)
{
	return ALIGN(struct_size_t(struct fwctl_xfer, priv, ops->call_size), SMP_CACHE_BYTES);
}

/*
 * Bytes that a call of these lengths takes, as max_bytes counts them: those of kmalloc(),
 * which kvmalloc() tries first
 */
size_t fwctl_xfer_size(const struct fwctl_ops *ops, size_t in_len, size_t out_len)
{
	size_t buffers = fwctl_buffers_size(in_len, out_len);
	size_t head = fwctl_head_size(ops);

	if (head + buffers <= FWCTL_INLINE)
		return kmalloc_size_roundup(head + buffers);
	return kmalloc_size_roundup(head) + kmalloc_size_roundup(buffers);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_xfer_size);

static struct fwctl_xfer *fwctl_xfer_new(struct fwctl_uctx *uctx, size_t in_len, size_t out_len)
{
	size_t head = fwctl_head_size(&uctx->fdev->ops);
	size_t buffers = fwctl_buffers_size(in_len, out_len);
	size_t size = fwctl_xfer_size(&uctx->fdev->ops, in_len, out_len);
	bool one = head + buffers <= FWCTL_INLINE;
	struct fwctl_xfer *xfer = kvmalloc(one ? size : head, GFP_KERNEL_ACCOUNT);

	if (!xfer)
		return NULL;
	xfer->call.uctx = uctx;
	xfer->size = size;
	xfer->inside = one;
	if (one) {
		xfer->memory = (void *)xfer + head;
		xfer->room = size - head;
		return xfer;
	}
	xfer->room = buffers;
	xfer->memory = kvmalloc(buffers, GFP_KERNEL_ACCOUNT);
	if (!xfer->memory) {
		kvfree(xfer);
		return NULL;
	}
	return xfer;
}

/*
 * Any context but NMI. Under no spinlock: vfree() may sleep, except in interrupts. Does not
 * access the context, which may be gone.
 */
void fwctl_xfer_free(struct fwctl_xfer *xfer)
{
	if (!xfer)
		return;
	if (!xfer->inside)
		kvfree(xfer->memory);
	kvfree(xfer);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_xfer_free);

static void fwctl_xfer_init(struct fwctl_xfer *xfer, const struct fwctl_desc *desc)
{
	size_t in_len = desc->in_len, out_len = desc->out_len;
	void *out = xfer->memory + ALIGN(in_len, SMP_CACHE_BYTES);

	xfer->call.in = xfer->memory;
	xfer->call.in_len = in_len;
	xfer->call.out = out;
	xfer->call.out_len = out_len;
	memcpy(&xfer->desc, desc, offsetof(struct fwctl_desc, name));
	xfer->desc.name[0] = '\0';
	if (desc->name[0])
		strscpy(xfer->desc.name, desc->name);
	xfer->pid = task_pid_nr(current);
	if (fwctl_class_in(desc->class, FWCTL_TAINTS))
		get_task_comm(xfer->comm, current);
	xfer->audit = NULL;
	xfer->done = NULL;
	xfer->submitted = 0;
	xfer->answer_len = 0; /* fwctl_submit shows it */
	xfer->caller = FWCTL_CALLER_RUNNING;
	/* A driver that claims more than it has written reveals no earlier answer. */
	memset(out, 0, out_len);
}

static struct fwctl_xfer **fwctl_xfer_slot(struct fwctl_uctx *uctx, size_t room)
{
	return room > 2 * FWCTL_SMALL ? &uctx->fdev->large : &uctx->cache;
}

/* max_bytes counts an allocation at its whole size, so a large one has to have the length. */
static bool fwctl_xfer_fits(const struct fwctl_xfer *xfer, const struct fwctl_uctx *uctx,
			    size_t buffers)
{
	if (buffers <= 2 * FWCTL_SMALL)
		return xfer->room >= buffers;
	return xfer->room == buffers && xfer->call.uctx == uctx &&
	       xfer->pid == task_pid_nr(current);
}

/*
 * A call with its buffers, the answer's zeroed. Process context, may sleep. Return NULL
 * if there is no memory. To be followed by fwctl_xfer_release() or fwctl_xfer_free().
 */
struct fwctl_xfer *fwctl_xfer_alloc(struct fwctl_uctx *uctx, const struct fwctl_desc *desc)
{
	size_t buffers = fwctl_buffers_size(desc->in_len, desc->out_len);
	struct fwctl_xfer *xfer = xchg(fwctl_xfer_slot(uctx, buffers), NULL);

	if (xfer && !fwctl_xfer_fits(xfer, uctx, buffers)) {
		fwctl_xfer_free(xfer);
		xfer = NULL;
	}
	if (!xfer)
		xfer = fwctl_xfer_new(uctx, desc->in_len, desc->out_len);
	if (xfer)
		fwctl_xfer_init(xfer, desc);
	return xfer;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_xfer_alloc);

/* A call is over: keep its memory for the file's next one, or free it. The file is open. */
void fwctl_xfer_release(struct fwctl_xfer *xfer)
{
	if (cmpxchg(fwctl_xfer_slot(xfer->call.uctx, xfer->room), NULL, xfer))
		fwctl_xfer_free(xfer);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_xfer_release);

/* Free the calls that are kept for a context. Its file is closed: it gets no more of them. */
void fwctl_xfer_release_all(struct fwctl_uctx *uctx)
{
	struct fwctl_xfer *large = xchg(&uctx->fdev->large, NULL);

	if (large && large->call.uctx != uctx && !cmpxchg(&uctx->fdev->large, NULL, large))
		large = NULL;
	fwctl_xfer_free(large);
	fwctl_xfer_free(uctx->cache);
}
