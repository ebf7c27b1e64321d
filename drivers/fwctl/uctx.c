// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: the firmware's side of an open file, from open_uctx() to close_uctx().
 *
 * The firmware's context must outlive its calls, also those of callers that were killed,
 * and must be closed while the driver is there. So it is closed when fwctl_uctx.busy
 * becomes 0, from a workqueue: neither the exit of a killed process nor the interrupt that
 * completes a call can wait for firmware.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

static void fwctl_uctx_put(struct fwctl_uctx *uctx)
{
	if (refcount_dec_and_test(&uctx->refs))
		kfree(uctx);
}

/*
 * The number of open files, and of contexts, up to which the current task may open one
 * more. An eighth is for CAP_SYS_ADMIN, so that others cannot take all.
 */
static unsigned int fwctl_uctx_limit(const struct fwctl_device *fdev)
{
	unsigned int max_files = fdev->ops.max_files;

	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		return max_files;
	return max_files - DIV_ROUND_UP(max_files - 1, 8);
}

static bool fwctl_file_charge(struct fwctl_device *fdev, unsigned int limit)
{
	bool fits;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		fits = fdev->files < limit;
		fdev->files += fits;
	}
	return fits;
}

static void fwctl_file_uncharge(struct fwctl_device *fdev)
{
	scoped_guard(spinlock_irqsave, &fdev->lock)
		fdev->files--;
}

/* Not of a device that is going away: its contexts only become fewer. */
static bool fwctl_context_charge(struct fwctl_device *fdev, unsigned int limit)
{
	bool fits;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		fits = !fdev->gone && fdev->contexts < limit;
		fdev->contexts += fits;
	}
	return fits;
}

/* Under the lock to the end: an unregister waits for 0, and then the device can be freed. */
static void fwctl_context_uncharge(struct fwctl_device *fdev)
{
	scoped_guard(spinlock_irqsave, &fdev->lock) {
		fdev->contexts--;
		wake_up_all(&fdev->contexts_wait);
	}
}

/*
 * max_files counts open files; a context outlives its file until close_uctx(). An open()
 * right after a close() may have to wait for that. Sleeps killable and freezable.
 */
static int fwctl_context_wait(struct fwctl_device *fdev, unsigned int limit)
{
	bool charged = false;
	int ret;

	ret = wait_event_state(fdev->contexts_wait,
			       (charged = fwctl_context_charge(fdev, limit)) ||
			       READ_ONCE(fdev->gone), FWCTL_SLEEP);
	if (charged)
		return 0;
	return ret ? -EINTR : -ENODEV;
}

/* The firmware has no context any more, or never had: its reference goes. */
static void fwctl_uctx_closed(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;

	fwctl_uctx_put(uctx);
	/* From here on the device can go. */
	fwctl_context_uncharge(fdev);
}

static void fwctl_uctx_close_work(struct work_struct *work)
{
	struct fwctl_uctx *uctx = container_of(work, struct fwctl_uctx, close);
	struct fwctl_device *fdev = uctx->fdev;

	scoped_guard(srcu, &fdev->srcu)
		fdev->ops.close_uctx(uctx);
	fwctl_uctx_closed(uctx);
}

/* Close the firmware's context, after fwctl_uctx.busy became 0. Any context. */
void fwctl_uctx_close(struct fwctl_uctx *uctx)
{
	queue_work(fwctl_wq, &uctx->close);
}

/* The first context of a device that is going away, its fwctl_uctx.busy kept */
static struct fwctl_uctx *fwctl_uctx_take_first(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		uctx = list_first_entry_or_null(&fdev->uctxs, struct fwctl_uctx, entry);
		if (uctx)
			list_del_init(&uctx->entry);
	}
	return uctx;
}

/* Stop all contexts of a device whose fwctl_device.gone is set. Process context. */
void fwctl_uctx_stop_all(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;
	bool last;

	while ((uctx = fwctl_uctx_take_first(fdev))) {
		fwctl_call_refuse_all(uctx);
		scoped_guard(spinlock_irqsave, &fdev->lock)
			last = !--uctx->busy;
		if (last)
			fwctl_uctx_close(uctx);
	}
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_uctx_stop_all);

static struct fwctl_uctx *fwctl_uctx_alloc(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx = kzalloc(struct_size(uctx, priv, fdev->ops.uctx_size),
					  GFP_KERNEL_ACCOUNT);

	if (!uctx)
		return NULL;
	uctx->fdev = fdev;
	refcount_set(&uctx->refs, 2);
	atomic_set(&uctx->classes, FWCTL_CLASSES_ALL);
	INIT_WORK(&uctx->close, fwctl_uctx_close_work);
	INIT_LIST_HEAD(&uctx->entry);
	INIT_LIST_HEAD(&uctx->waiting);
	INIT_LIST_HEAD(&uctx->queue);
	return uctx;
}

/**
 * fwctl_uctx_opened - the driver has opened a context, or failed to
 * @uctx: the context; not to be accessed any more if @err
 * @err: 0 or a negative errno
 *
 * Follows an open_uctx() that returned -EINPROGRESS, exactly once. If the file or the
 * device went away meanwhile, close_uctx() follows. Any context but NMI; takes a
 * spinlock_t, see fwctl_call_complete().
 */
void fwctl_uctx_opened(struct fwctl_uctx *uctx, int err)
{
	struct fwctl_device *fdev = uctx->fdev;
	bool unwanted = false;

	err = fwctl_driver_errno(fdev, err);
	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (WARN_ONCE(uctx->opened, "%s: %s opens a context twice\n", fwctl_name(fdev),
			      fdev->ops.driver_name))
			return;
		unwanted = !err && (fdev->gone || uctx->released);
		uctx->err = unwanted ? -ENODEV : err;
		if (!uctx->err) {
			list_add_tail(&uctx->entry, &fdev->uctxs);
			uctx->busy = 1;
		}
		/* Makes err visible; pairs with fwctl_uctx_start(). */
		smp_store_release(&uctx->opened, true);
		/* Under the lock: a listed context can be freed once it is released. */
		wake_up_all(&fdev->contexts_wait);
	}
	if (unwanted)
		fwctl_uctx_close(uctx);
	else if (err)
		fwctl_uctx_closed(uctx);
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_opened, FWCTL);

/* Have the driver open the context, and wait until it is open. */
static int fwctl_uctx_start(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	int ret;

	/* The context is charged: the driver is there. */
	scoped_guard(srcu, &fdev->srcu) {
		ret = READ_ONCE(fdev->gone) ? -ENODEV : fdev->ops.open_uctx(uctx);
		if (ret != -EINPROGRESS)
			fwctl_uctx_opened(uctx, ret);
	}
	/* Makes err visible; pairs with fwctl_uctx_opened(). */
	if (wait_event_state(fdev->contexts_wait, smp_load_acquire(&uctx->opened), FWCTL_SLEEP))
		return -EINTR;
	return uctx->err;
}

/*
 * Open a context for a file, to be followed by fwctl_uctx_release(). Process context,
 * sleeps killable. Return an ERR_PTR on failure: -EUSERS if the device is open as often as
 * it can be, -ENODEV if it is gone, -EINTR if the caller was killed, -ENOMEM, or the
 * driver's errno.
 */
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev)
{
	unsigned int limit = fwctl_uctx_limit(fdev);
	struct fwctl_uctx *uctx;
	int ret;

	if (!fwctl_file_charge(fdev, limit)) {
		fwctl_report_full(fdev, limit);
		return ERR_PTR(-EUSERS);
	}
	ret = fwctl_context_wait(fdev, limit);
	if (ret) {
		fwctl_file_uncharge(fdev);
		return ERR_PTR(ret);
	}
	uctx = fwctl_uctx_alloc(fdev);
	if (!uctx) {
		fwctl_context_uncharge(fdev);
		fwctl_file_uncharge(fdev);
		return ERR_PTR(-ENOMEM);
	}
	ret = fwctl_uctx_start(uctx);
	if (ret) {
		fwctl_uctx_release(uctx);
		return ERR_PTR(ret);
	}
	return uctx;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_uctx_open);

/*
 * The file is closed. Does not wait: the firmware's context is closed when its last call
 * is complete.
 */
void fwctl_uctx_release(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	bool last = false;

	fwctl_xfer_release_all(uctx);
	scoped_guard(spinlock_irqsave, &fdev->lock) {
		uctx->released = true;
		fdev->files--;
		if (!list_empty(&uctx->entry)) {
			list_del_init(&uctx->entry);
			last = !--uctx->busy;
		}
	}
	if (last)
		fwctl_uctx_close(uctx);
	fwctl_uctx_put(uctx);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_uctx_release);

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
 * Return: the device, valid as long as the context.
 */
struct fwctl_device *fwctl_uctx_device(const struct fwctl_uctx *uctx)
{
	return uctx->fdev;
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_device, FWCTL);
