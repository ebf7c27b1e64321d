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

static inline void fwctl_uctx_put(struct fwctl_uctx *uctx)
{
	if (refcount_dec_and_test(&uctx->refs))
		kfree(uctx);
}

static void fwctl_context_give(struct fwctl_device *fdev)
{
	fwctl_limit_give(&fdev->contexts, 1);
	/* As a rule nobody waits; with the barrier for prepare_to_wait(). */
	if (wq_has_sleeper(&fdev->contexts_wait))
		wake_up(&fdev->contexts_wait);
}

/*
 * The firmware has no context any more, or never had: its reference goes. Once nobody
 * is inside the driver, the device may go as well.
 */
static inline void fwctl_uctx_closed(struct fwctl_uctx *uctx)
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
 * fwctl_uctx_idle - see fwctl_uctx_unbusy(): that was the last one
 * @uctx: the context
 */
void fwctl_uctx_idle(struct fwctl_uctx *uctx)
{
	INIT_WORK(&uctx->close, fwctl_uctx_close_work);
	queue_work(fwctl_close_wq, &uctx->close);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_uctx_idle);

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
static noinline int fwctl_context_wait(struct fwctl_device *fdev)
{
	bool taken = false;
	int ret;

	ret = wait_event_killable(fdev->contexts_wait,
				  (taken = fwctl_limit_take(&fdev->contexts, 1)) ||
				  READ_ONCE(fdev->gone));
	if (taken)
		return 0;
	fwctl_limit_give(&fdev->files, 1);
	return ret ? -EINTR : -ENODEV;
}

static int fwctl_uctx_reserve(struct fwctl_device *fdev)
{
	if (!fwctl_limit_take(&fdev->files, 1))
		return -EUSERS;
	if (fwctl_limit_take(&fdev->contexts, 1))
		return 0;
	return fwctl_context_wait(fdev);
}

/* What is zero to begin with, as all of the driver's data, is so already. */
static void fwctl_uctx_init_fields(struct fwctl_uctx *uctx,
				   struct fwctl_device *fdev)
{
	uctx->fdev = fdev;
	refcount_set(&uctx->refs, 2);
	refcount_set(&uctx->busy, 1);
	atomic_set(&uctx->classes, FWCTL_CLASSES_ALL);
	/* Half, so that no file can take all from the others */
	fwctl_limit_init(&uctx->bytes, fdev->ops.max_bytes / 2);
	INIT_LIST_HEAD(&uctx->entry);
	INIT_LIST_HEAD(&uctx->turn);
	INIT_LIST_HEAD(&uctx->calls);
	INIT_LIST_HEAD(&uctx->asyncs);
}

static struct fwctl_uctx *fwctl_uctx_alloc(struct fwctl_device *fdev)
{
	struct fwctl_uctx *uctx;

	uctx = kzalloc(struct_size(uctx, priv, fdev->ops.uctx_size),
		       GFP_KERNEL_ACCOUNT);
	if (!uctx)
		return NULL;
	fwctl_uctx_init_fields(uctx, fdev);
	return uctx;
}

/* Return: false if the context was opened, but its file or device is gone meanwhile. */
static __always_inline bool fwctl_uctx_list(struct fwctl_uctx *uctx, int err)
{
	struct fwctl_device *fdev = uctx->fdev;

	lockdep_assert_held(&fdev->lock);
	uctx->err = err;
	if (err)
		return true;
	if (fdev->gone || uctx->released) {
		uctx->err = -ENODEV;
		return false;
	}
	list_add_tail(&uctx->entry, &fdev->uctxs);
	return true;
}

/* How the opening of a context ended; @uctx is gone unless its file has it. */
static void fwctl_uctx_settle(struct fwctl_uctx *uctx, int err, bool wanted)
{
	if (!wanted)
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
	bool wanted;

	scoped_guard(spinlock_irqsave, &uctx->fdev->lock) {
		wanted = fwctl_uctx_list(uctx, err);
		/*
		 * Under the lock: once listed, the context can go after it. After
		 * uctx->err is written; pairs with fwctl_uctx_is_opened().
		 */
		smp_store_release(&uctx->opened, true);
		wake_up(&uctx->fdev->contexts_wait);
	}
	fwctl_uctx_settle(uctx, err, wanted);
}
EXPORT_SYMBOL_NS_GPL(fwctl_uctx_opened, FWCTL);

static bool fwctl_uctx_is_opened(const struct fwctl_uctx *uctx)
{
	/* Before uctx->err is read; pairs with fwctl_uctx_opened(). */
	return smp_load_acquire(&uctx->opened);
}

static int fwctl_uctx_wait(struct fwctl_uctx *uctx)
{
	if (wait_event_killable(uctx->fdev->contexts_wait,
				fwctl_uctx_is_opened(uctx)))
		return -EINTR;
	return uctx->err;
}

static int fwctl_uctx_start(struct fwctl_uctx *uctx)
{
	struct fwctl_device *fdev = uctx->fdev;
	bool wanted;
	int ret;

	if (!fwctl_enter(fdev)) {
		fwctl_context_give(fdev);
		fwctl_uctx_put(uctx);
		return -ENODEV;
	}
	ret = fdev->ops.open_uctx(uctx);
	fwctl_stay(fdev);
	/* The file's reference keeps it, whatever has become of it. */
	if (ret == -EINPROGRESS)
		return fwctl_uctx_wait(uctx);
	scoped_guard(spinlock_irq, &fdev->lock)
		wanted = fwctl_uctx_list(uctx, ret);
	fwctl_uctx_settle(uctx, ret, wanted);
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

	scoped_guard(spinlock_irq, &uctx->fdev->lock) {
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
