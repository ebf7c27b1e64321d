// SPDX-License-Identifier: GPL-2.0
/*
 * Spare: a context keeps the memory of one call for its next one, so that a program
 * that sends one request after the other has it allocated once. Nothing here counts as
 * in flight; it stays charged to the memory cgroup of the one who had it allocated.
 *
 * Only who belongs to the same cgroup gets it. What is large goes back when it was not
 * used for a second or two, what is small when the file is closed.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

/* Up to here a call and its buffers are one allocation */
#define FWCTL_INLINE SZ_4K

/* More than this is large: 4 KiB each way are not */
#define FWCTL_LARGE SZ_8K

/* How often it is looked for what is large and was not used meanwhile */
#define FWCTL_SPARE_AGE HZ

/*
 * How long ago a context used a large one. Whoever looks after it goes up by one; who
 * uses one begins anew.
 */
enum {
	FWCTL_AGE_NONE,
	FWCTL_AGE_NEW,
	FWCTL_AGE_OLD,
};

static struct workqueue_struct *fwctl_spare_wq;

/**
 * fwctl_spare_init - make the workqueue that gives memory back
 *
 * Return: 0 or -ENOMEM.
 */
int fwctl_spare_init(void)
{
	fwctl_spare_wq = alloc_workqueue("fwctl_spare", WQ_UNBOUND, 0);
	return fwctl_spare_wq ? 0 : -ENOMEM;
}

/**
 * fwctl_spare_exit - undo fwctl_spare_init()
 */
void fwctl_spare_exit(void)
{
	destroy_workqueue(fwctl_spare_wq);
}

/* With as much room as the allocator takes for it anyway */
static void *fwctl_spare_room(size_t *bytes)
{
	*bytes = *bytes > FWCTL_LARGE ? PAGE_ALIGN(*bytes) :
					kmalloc_size_roundup(*bytes);
	return kvmalloc(*bytes, GFP_KERNEL_ACCOUNT);
}

static void fwctl_spare_init_call(struct fwctl_rpc_call *rc,
				  struct fwctl_uctx *uctx, void *memory,
				  size_t room, bool inside)
{
	rc->call.uctx = uctx;
	rc->payer = fwctl_spare_payer();
	rc->memory = memory;
	rc->room = room;
	rc->inside = inside;
}

static struct fwctl_rpc_call *fwctl_spare_alloc(struct fwctl_uctx *uctx,
						size_t bytes)
{
	size_t head = ALIGN(struct_size_t(struct fwctl_rpc_call, priv,
					  uctx->fdev->ops.call_size),
			    SMP_CACHE_BYTES);
	bool inside = head + bytes <= FWCTL_INLINE;
	size_t size = inside ? head + bytes : head;
	struct fwctl_rpc_call *rc = fwctl_spare_room(&size);
	void *memory;

	if (!rc)
		return NULL;
	if (inside) {
		fwctl_spare_init_call(rc, uctx, (void *)rc + head, size - head,
				      true);
		return rc;
	}
	memory = fwctl_spare_room(&bytes);
	if (!memory) {
		kvfree(rc);
		return NULL;
	}
	fwctl_spare_init_call(rc, uctx, memory, bytes, false);
	return rc;
}

/**
 * fwctl_spare_free - free the memory of a call
 * @rc: the call, or NULL
 *
 * Any context but NMI, under no spinlock.
 */
void fwctl_spare_free(struct fwctl_rpc_call *rc)
{
	if (!rc)
		return;
	if (!rc->inside)
		kvfree(rc->memory);
	kvfree(rc);
}

/**
 * fwctl_spare_change - see fwctl_spare_take(): what was kept will not do
 * @uctx: the context
 * @rc: what it had kept, or NULL
 * @bytes: how much the buffers need
 *
 * Return: a call, or NULL.
 */
struct fwctl_rpc_call *fwctl_spare_change(struct fwctl_uctx *uctx,
					  struct fwctl_rpc_call *rc,
					  size_t bytes)
{
	fwctl_spare_free(rc);
	return fwctl_spare_alloc(uctx, bytes);
}

static void fwctl_spare_age(struct fwctl_device *fdev)
{
	queue_delayed_work(fwctl_spare_wq, &fdev->spare_age, FWCTL_SPARE_AGE);
}

/* Return: what the context has kept for too long, or NULL. */
static struct fwctl_rpc_call *fwctl_spare_grow_old(struct fwctl_uctx *uctx,
						   bool *again)
{
	if (cmpxchg(&uctx->spare_age, FWCTL_AGE_OLD, FWCTL_AGE_NONE) ==
	    FWCTL_AGE_OLD)
		return xchg(&uctx->spare, NULL);
	if (cmpxchg(&uctx->spare_age, FWCTL_AGE_NEW, FWCTL_AGE_OLD) ==
	    FWCTL_AGE_NEW)
		*again = true;
	return NULL;
}

static void fwctl_spare_free_all(struct list_head *old)
{
	struct fwctl_rpc_call *rc, *next;

	list_for_each_entry_safe(rc, next, old, entry)
		fwctl_spare_free(rc);
}

static void fwctl_spare_age_work(struct work_struct *work)
{
	struct fwctl_device *fdev = container_of(to_delayed_work(work),
						 struct fwctl_device, spare_age);
	struct fwctl_rpc_call *rc;
	struct fwctl_uctx *uctx;
	bool again = false;
	LIST_HEAD(old);

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		list_for_each_entry(uctx, &fdev->uctxs, entry) {
			rc = fwctl_spare_grow_old(uctx, &again);
			if (rc)
				list_add(&rc->entry, &old);
		}
	}
	fwctl_spare_free_all(&old);
	if (again)
		fwctl_spare_age(fdev);
}

/* Nothing is left behind where no call will follow. */
static bool fwctl_spare_wanted(const struct fwctl_uctx *uctx)
{
	/* Who touches a call too late is seen by KASAN only if the call is freed. */
	if (IS_ENABLED(CONFIG_KASAN) && get_random_u32_below(2))
		return false;
	return !READ_ONCE(uctx->fdev->gone);
}

static void fwctl_spare_watch(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;

	WRITE_ONCE(uctx->spare_age, FWCTL_AGE_NEW);
	/* Before it is asked who looks after that; pairs with the cmpxchg() above. */
	smp_mb();
	if (!delayed_work_pending(&fdev->spare_age))
		fwctl_spare_age(fdev);
}

/**
 * fwctl_spare_keep - a call is over: keep its memory, or free it
 * @rc: the call, whose file is open
 *
 * Process context of somebody who uses the file.
 */
void fwctl_spare_keep(struct fwctl_rpc_call *rc)
{
	struct fwctl_uctx *uctx = rc->call.uctx;
	bool large = rc->room > FWCTL_LARGE;

	if (!fwctl_spare_wanted(uctx) || cmpxchg(&uctx->spare, NULL, rc)) {
		fwctl_spare_free(rc);
		return;
	}
	if (large)
		fwctl_spare_watch(uctx);
}

/**
 * fwctl_spare_drop - free what a context has kept
 * @uctx: the context
 *
 * Process context, sleeps.
 */
void fwctl_spare_drop(struct fwctl_uctx *uctx)
{
	if (READ_ONCE(uctx->spare))
		fwctl_spare_free(xchg(&uctx->spare, NULL));
}

/**
 * fwctl_spare_start - a device that has no contexts yet
 * @fdev: the device
 */
void fwctl_spare_start(struct fwctl_device *fdev)
{
	INIT_DELAYED_WORK(&fdev->spare_age, fwctl_spare_age_work);
}

/**
 * fwctl_spare_stop - no context of a device keeps anything for long any more
 * @fdev: the device, with fwctl_device.gone set
 *
 * Whoever keeps a call at this moment has it until the file is closed. Process
 * context, sleeps.
 */
void fwctl_spare_stop(struct fwctl_device *fdev)
{
	disable_delayed_work_sync(&fdev->spare_age);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_spare_stop);
