// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: what the firmware knows of an open file, from open_uctx() to
 * close_uctx(), and who may close it when.
 *
 * The firmware's context must outlive its calls, also those whose caller was
 * killed, and must be closed while the driver is still there. So it is closed
 * when fwctl_uctx.busy comes down to 0, from a workqueue: neither the exit of a
 * killed process nor an interrupt that completes a call can wait for firmware.
 */
#include <linux/export.h>
#include <linux/slab.h>

#include "internal.h"

static struct workqueue_struct *fwctl_close_wq;

/**
 * fwctl_uctx_init - make the workqueue that closes contexts
 *
 * Return: 0 or -ENOMEM.
 */
int fwctl_uctx_init(void)
{
	fwctl_close_wq = alloc_workqueue("fwctl_close", WQ_UNBOUND, 0);
	return fwctl_close_wq ? 0 : -ENOMEM;
}

/**
 * fwctl_uctx_exit - undo fwctl_uctx_init()
 */
void fwctl_uctx_exit(void)
{
	destroy_workqueue(fwctl_close_wq);
}

static void fwctl_uctx_put(struct fwctl_uctx *uctx)
{
	if (!refcount_dec_and_test(&uctx->refs))
		return;
	fwctl_put(uctx->fdev);
	kfree(uctx);
}

static void fwctl_uctx_close_work(struct work_struct *work)
{
	struct fwctl_uctx *uctx = container_of(work, struct fwctl_uctx, close);
	struct fwctl_device *fdev = uctx->fdev;

	fdev->ops.close_uctx(uctx);
	fwctl_exit(fdev);
	fwctl_uctx_put(uctx);
}

/**
 * fwctl_uctx_close - close the firmware's context, soon
 * @uctx: the context, no longer busy; possibly gone when this returns
 *
 * Any context. Not under fwctl_device.lock, since the lock may go with it.
 */
void fwctl_uctx_close(struct fwctl_uctx *uctx)
{
	queue_work(fwctl_close_wq, &uctx->close);
}

/**
 * fwctl_uctx_unbusy - drop one from fwctl_uctx.busy
 * @uctx: the context
 *
 * Any context; the caller holds fwctl_device.lock.
 *
 * Return: true if it was the last one, once in the life of a context; the caller
 * drops the lock and calls fwctl_uctx_close().
 */
bool fwctl_uctx_unbusy(struct fwctl_uctx *uctx)
{
	lockdep_assert_held(&uctx->fdev->lock);
	return --uctx->busy == 0;
}

/* No call may start any more. Whoever comes second finds it done. */
static void fwctl_uctx_stop(struct fwctl_uctx *uctx)
{
	bool last;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		if (list_empty(&uctx->entry))
			return;
		list_del_init(&uctx->entry);
		last = fwctl_uctx_unbusy(uctx);
	}
	if (last)
		fwctl_uctx_close(uctx);
}

static struct fwctl_uctx *fwctl_uctx_first(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		uctx = list_first_entry_or_null(&fdev->uctxs, struct fwctl_uctx,
						entry);
		if (uctx)
			refcount_inc(&uctx->refs);
	}
	return uctx;
}

/**
 * fwctl_uctx_stop_all - stop the contexts of a device that is going away
 * @fdev: the device, with fwctl_device.gone set
 *
 * Process context.
 */
void fwctl_uctx_stop_all(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	while ((uctx = fwctl_uctx_first(fdev))) {
		fwctl_uctx_stop(uctx);
		fwctl_uctx_put(uctx);
	}
}

static struct fwctl_uctx *fwctl_uctx_alloc(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	uctx = kzalloc(struct_size(uctx, priv, fdev->ops.uctx_size),
		       GFP_KERNEL_ACCOUNT);
	if (!uctx)
		return NULL;

	get_device(&fdev->dev);
	uctx->fdev = fdev;
	refcount_set(&uctx->refs, 1);
	INIT_WORK(&uctx->close, fwctl_uctx_close_work);
	INIT_LIST_HEAD(&uctx->entry);
	INIT_LIST_HEAD(&uctx->turn);
	INIT_LIST_HEAD(&uctx->calls);
	return uctx;
}

/*
 * The firmware's context is open: it takes over the caller's fwctl_enter(), and
 * a reference of its own. If the device went away meanwhile it is closed at
 * once, by the same way.
 */
static int fwctl_uctx_start(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;

	refcount_inc(&uctx->refs);
	uctx->busy = 1;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (!fdev->gone) {
			list_add_tail(&uctx->entry, &fdev->uctxs);
			return 0;
		}
		fwctl_uctx_unbusy(uctx);
	}
	fwctl_uctx_close(uctx);
	return -ENODEV;
}

/* The caller is inside the driver; success takes that over. */
static int fwctl_uctx_create(struct fwctl_device *fdev,
			     struct fwctl_uctx **created)
{
	struct fwctl_uctx *uctx;
	int ret;

	uctx = fwctl_uctx_alloc(fdev);
	if (!uctx) {
		fwctl_exit(fdev);
		return -ENOMEM;
	}

	ret = fdev->ops.open_uctx(uctx);
	if (ret)
		fwctl_exit(fdev);
	else
		ret = fwctl_uctx_start(uctx);
	if (ret) {
		fwctl_uctx_put(uctx);
		return ret;
	}
	*created = uctx;
	return 0;
}

/**
 * fwctl_uctx_open - open a context for a file
 * @fdev: the device
 *
 * Process context, sleeps for the firmware.
 *
 * Return: the context, for fwctl_uctx_release(), or an ERR_PTR: -ENODEV if the
 * device is gone, -ENOMEM, or what the driver says.
 */
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;
	int ret;

	if (!fwctl_enter(fdev))
		return ERR_PTR(-ENODEV);
	ret = fwctl_uctx_create(fdev, &uctx);
	return ret ? ERR_PTR(ret) : uctx;
}

/**
 * fwctl_uctx_release - the file is closed
 * @uctx: the context, not to be used any more
 *
 * Does not wait: the firmware's context is closed when its last call is back.
 */
void fwctl_uctx_release(struct fwctl_uctx *uctx)
{
	fwctl_uctx_stop(uctx);
	fwctl_uctx_put(uctx);
}

/**
 * fwctl_uctx_priv - the driver's own data
 * @uctx: the context
 *
 * Return: fwctl_ops.uctx_size bytes, zeroed before open_uctx().
 */
void *fwctl_uctx_priv(struct fwctl_uctx *uctx)
{
	return uctx->priv;
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_priv, FWCTL);

/**
 * fwctl_uctx_device - the device of a context
 * @uctx: the context
 *
 * Return: the device, as long as the context.
 */
struct fwctl_device *fwctl_uctx_device(const struct fwctl_uctx *uctx)
{
	return uctx->fdev;
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_device, FWCTL);
