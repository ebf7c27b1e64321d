// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: what the firmware knows of an open file, from open_uctx() to
 * close_uctx(), and who may close it when.
 *
 * The firmware's context must outlive its calls, also those whose caller was
 * killed, and must be closed while the driver is still there. So it is closed
 * when fwctl_uctx.busy comes down to 0, from a workqueue: neither the exit of a
 * killed process nor an interrupt that completes a call can wait for firmware. Only
 * where the driver does not wait for it either is it closed by whoever closes the
 * file: a workqueue costs as much as the rest of open() and close() together.
 */
#include <linux/export.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

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

static void fwctl_context_give(struct fwctl_device *fdev)
{
	fwctl_limit_give(&fdev->contexts, 1);
	/* As a rule nobody waits; with the barrier for prepare_to_wait(). */
	if (wq_has_sleeper(&fdev->closed))
		wake_up(&fdev->closed);
}

/* The firmware has no context any more, or never had: its reference goes. */
static void fwctl_uctx_closed(struct fwctl_uctx *uctx)
{
	fwctl_context_give(uctx->fdev);
	fwctl_leave(uctx->fdev);
	fwctl_uctx_put(uctx);
}

static void fwctl_uctx_close(struct fwctl_uctx *uctx)
{
	uctx->fdev->ops.close_uctx(uctx);
	fwctl_uctx_closed(uctx);
}

static void fwctl_uctx_close_work(struct work_struct *work)
{
	fwctl_uctx_close(container_of(work, struct fwctl_uctx, close));
}

/**
 * fwctl_uctx_unbusy - drop one from fwctl_uctx.busy
 * @uctx: the context; possibly gone when this returns
 *
 * Whoever drops the last one starts to close the firmware's context. Any
 * context. Not under fwctl_device.lock, since the lock may go with it.
 */
void fwctl_uctx_unbusy(struct fwctl_uctx *uctx)
{
	if (refcount_dec_and_test(&uctx->busy))
		queue_work(fwctl_close_wq, &uctx->close);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_uctx_unbusy);

/* The same in process context, where it can be closed at once if that is quick */
static void fwctl_uctx_unbusy_file(struct fwctl_uctx *uctx)
{
	if (!uctx->fdev->ops.quick_close)
		fwctl_uctx_unbusy(uctx);
	else if (refcount_dec_and_test(&uctx->busy))
		fwctl_uctx_close(uctx);
}

/* No call may start any more. Whoever comes second finds it done. */
static bool fwctl_uctx_unlist(struct fwctl_uctx *uctx)
{
	lockdep_assert_held(&uctx->fdev->lock);
	if (list_empty(&uctx->entry))
		return false;
	list_del_init(&uctx->entry);
	return true;
}

static struct fwctl_uctx *fwctl_uctx_unlist_first(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		uctx = list_first_entry_or_null(&fdev->uctxs, struct fwctl_uctx,
						entry);
		if (uctx)
			fwctl_uctx_unlist(uctx);
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

	while ((uctx = fwctl_uctx_unlist_first(fdev))) {
		fwctl_spare_drop(uctx);
		fwctl_uctx_unbusy(uctx);
	}
}

/*
 * A file counts for as long as it is open, its context in the firmware somewhat
 * longer. Who closes and opens at once waits for the latter.
 */
static int fwctl_uctx_reserve(struct fwctl_device *fdev)
{
	bool taken = false;
	int ret;

	if (!fwctl_limit_take(&fdev->files, 1))
		return -EUSERS;
	ret = wait_event_killable(fdev->closed,
				  (taken = fwctl_limit_take(&fdev->contexts, 1)) ||
				  READ_ONCE(fdev->gone));
	if (taken)
		return 0;
	fwctl_limit_give(&fdev->files, 1);
	return ret ? -EINTR : -ENODEV;
}

/* The driver's data begins as zeros; every field of ours is set. */
static void fwctl_uctx_init_fields(struct fwctl_uctx *uctx,
				   struct fwctl_device *fdev)
{
	uctx->fdev = fdev;
	refcount_set(&uctx->refs, 2);
	refcount_set(&uctx->busy, 1);
	INIT_WORK(&uctx->close, fwctl_uctx_close_work);
	init_completion(&uctx->opened);
	uctx->err = 0;
	atomic_set(&uctx->classes, FWCTL_CLASSES_ALL);
	/* Half, so that no file can take all from the others */
	fwctl_limit_init(&uctx->bytes, fdev->ops.max_bytes / 2);
	uctx->told = 0;
	uctx->released = false;
	INIT_LIST_HEAD(&uctx->entry);
	INIT_LIST_HEAD(&uctx->turn);
	INIT_LIST_HEAD(&uctx->calls);
	INIT_LIST_HEAD(&uctx->asyncs);
	uctx->inflight = 0;
	memset(uctx->priv, 0, fdev->ops.uctx_size);
	uctx->spare = NULL;
	uctx->spare_age = 0;
}

static struct fwctl_uctx *fwctl_uctx_alloc(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	uctx = kmalloc(struct_size(uctx, priv, fdev->ops.uctx_size),
		       GFP_KERNEL_ACCOUNT);
	if (!uctx)
		return NULL;
	get_device(&fdev->dev);
	fwctl_uctx_init_fields(uctx, fdev);
	return uctx;
}

/* How the opening of a context ended; @uctx is gone unless its file has it. */
static void fwctl_uctx_settle(struct fwctl_uctx *uctx, int err, bool waited)
{
	struct fwctl_device *fdev = uctx->fdev;
	bool unwanted;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		unwanted = !err && (fdev->gone || uctx->released);
		if (!err && !unwanted)
			list_add_tail(&uctx->entry, &fdev->uctxs);
		uctx->err = unwanted ? -ENODEV : err;
		/* Under the lock: once listed, the context can go after it. */
		if (waited)
			complete(&uctx->opened);
	}
	if (unwanted)
		fwctl_uctx_unbusy(uctx);
	else if (err)
		fwctl_uctx_closed(uctx);
}

/**
 * fwctl_uctx_opened - the driver has opened a context, or could not
 * @uctx: the context; not to be touched any more if @err
 * @err: 0 or a negative errno
 *
 * Follows an open_uctx() that returned -EINPROGRESS, exactly once. If the file or
 * the device went away meanwhile the context is closed at once, by the usual way.
 * Any context but NMI.
 */
void fwctl_uctx_opened(struct fwctl_uctx *uctx, int err)
{
	fwctl_uctx_settle(uctx, err, true);
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_opened, FWCTL);

static int fwctl_uctx_start(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	int ret;

	if (!fwctl_enter(fdev)) {
		fwctl_context_give(fdev);
		fwctl_uctx_put(uctx);
		return -ENODEV;
	}
	ret = fdev->ops.open_uctx(uctx);
	fwctl_stay(fdev);
	/* The file's reference keeps it, whatever has become of it. */
	if (ret != -EINPROGRESS)
		fwctl_uctx_settle(uctx, ret, false);
	else if (wait_for_completion_killable(&uctx->opened))
		return -EINTR;
	return uctx->err;
}

/**
 * fwctl_uctx_open - open a context for a file
 * @fdev: the device
 *
 * Process context, sleeps killable for the firmware.
 *
 * Return: the context, for fwctl_uctx_release(), or an ERR_PTR: -EUSERS if the
 * device is open as often as it can be, -ENODEV if it is gone, -EINTR if the
 * caller was killed, -ENOMEM, or what the driver says.
 */
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;
	int ret;

	ret = fwctl_uctx_reserve(fdev);
	if (ret)
		return ERR_PTR(ret);

	uctx = fwctl_uctx_alloc(fdev);
	if (!uctx) {
		fwctl_context_give(fdev);
		fwctl_limit_give(&fdev->files, 1);
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

/**
 * fwctl_uctx_release - the file is closed
 * @uctx: the context, not to be used any more
 *
 * Does not wait: the firmware's context is closed when its last call is back.
 */
void fwctl_uctx_release(struct fwctl_uctx *uctx)
{
	bool listed;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		uctx->released = true;
		listed = fwctl_uctx_unlist(uctx);
	}
	fwctl_limit_give(&uctx->fdev->files, 1);
	fwctl_spare_drop(uctx);
	if (listed)
		fwctl_uctx_unbusy_file(uctx);
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
 * Return: the device, as long as the context.
 */
struct fwctl_device *fwctl_uctx_device(const struct fwctl_uctx *uctx)
{
	return uctx->fdev;
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_device, FWCTL);
