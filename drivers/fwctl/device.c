// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's side of a device: allocate, register, unregister.
 *
 * An unregister ends in this order: no new context (fwctl_device.gone), no new call, queued
 * calls are refused, the node goes, contexts close as their last call completes, the last
 * function of the driver returns. It waits for the driver and for nothing else.
 *
 * All nodes belong to one cdev, and open() looks the device up by its number: an inode
 * outside devtmpfs, made by mknod or bind-mounted into a container, leads to the device
 * that has the number now, also if a former one is still open.
 */
#include <linux/cdev.h>
#include <linux/export.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "internal.h"

/* Seconds between messages about an unregister that waits for the driver */
#define FWCTL_STUCK_SECONDS 10

/* Devices by number; XA_ZERO_ENTRY: allocated, but not registered */
static DEFINE_XARRAY_ALLOC(fwctl_devices);
static dev_t fwctl_first_devt;
static struct cdev fwctl_cdev;
/* A driver that is built in can come before the core: fwctl_alloc() defers its probe. */
static bool fwctl_ready;

static char *fwctl_devnode(const struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "fwctl/%s", dev_name(dev));
}

static void fwctl_device_release(struct device *dev)
{
	struct fwctl_device *fdev = container_of(dev, struct fwctl_device, dev);

	/* An unregistered device gave its number back with its node. */
	if (fdev->state == FWCTL_DEVICE_NEW)
		xa_erase(&fwctl_devices, fdev->number);
	cleanup_srcu_struct(&fdev->srcu);
	kfree(fdev);
}

static struct class fwctl_class = {
	.name = "fwctl",
	.devnode = fwctl_devnode,
	.dev_release = fwctl_device_release,
	.dev_groups = fwctl_groups,
	.dev_uevent = fwctl_uevent,
};

/* Make class and nodes, before any driver can register. */
int fwctl_devices_init(dev_t first)
{
	int ret;

	fwctl_first_devt = first;
	ret = class_register(&fwctl_class);
	if (ret)
		return ret;
	cdev_init(&fwctl_cdev, &fwctl_fops);
	fwctl_cdev.owner = THIS_MODULE;
	ret = cdev_add(&fwctl_cdev, first, FWCTL_MAX_DEVICES);
	if (ret) {
		class_unregister(&fwctl_class);
		return ret;
	}
	fwctl_ready = true;
	return 0;
}

void fwctl_devices_exit(void)
{
	cdev_del(&fwctl_cdev);
	class_unregister(&fwctl_class);
}

/* The registered device with this number, to be followed by put_device(); or NULL */
struct fwctl_device *fwctl_device_get(unsigned int number)
{
	struct fwctl_device *fdev;

	xa_lock(&fwctl_devices);
	fdev = xa_load(&fwctl_devices, number);
	if (fdev)
		get_device(&fdev->dev);
	xa_unlock(&fwctl_devices);
	return fdev;
}

/* The rule of struct fwctl_ops that a driver breaks, or NULL */
static const char *fwctl_ops_broken_rule(const struct fwctl_ops *ops)
{
	const struct {
		bool kept;
		const char *rule;
	} rules[] = {
		{ ops->device_type != FWCTL_DEVICE_TYPE_ERROR, "device_type is set" },
		{ ops->open_uctx, "open_uctx is set" },
		{ ops->close_uctx, "close_uctx is set" },
		{ ops->info, "info is set" },
		{ ops->classify, "classify is set" },
		{ ops->submit, "submit is set" },
		{ ops->uctx_size <= SZ_64K, "uctx_size <= 64 KiB" },
		{ ops->call_size <= SZ_64K, "call_size <= 64 KiB" },
		{ ops->info_len <= FWCTL_MAX_INFO, "info_len <= FWCTL_MAX_INFO" },
		{ ops->header_len <= FWCTL_MAX_HEADER, "header_len <= FWCTL_MAX_HEADER" },
		{ ops->min_in <= ops->max_in, "min_in <= max_in" },
		{ ops->min_out <= ops->max_out, "min_out <= max_out" },
		{ ops->max_in <= FWCTL_MAX_RPC_LEN, "max_in <= FWCTL_MAX_RPC_LEN" },
		{ ops->max_out <= FWCTL_MAX_RPC_LEN, "max_out <= FWCTL_MAX_RPC_LEN" },
		{ ops->max_files, "max_files >= 1" },
		{ ops->max_file_calls, "max_file_calls >= 1" },
		{ ops->max_file_calls <= ops->max_calls, "max_file_calls <= max_calls" },
		{ ops->max_bytes / 2 >= fwctl_xfer_size(ops, ops->max_in, ops->max_out),
		  "max_bytes >= twice the longest call, with its overhead" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (!rules[i].kept)
			return rules[i].rule;
	return NULL;
}

static bool fwctl_ops_valid(const struct fwctl_ops *ops)
{
	const char *rule;

	if (!ops || !ops->driver_name) {
		pr_err("fwctl: fwctl_alloc: driver_name is set: not so\n");
		return false;
	}
	rule = fwctl_ops_broken_rule(ops);
	if (rule)
		pr_err("fwctl: %s breaks a rule of struct fwctl_ops: %s\n", ops->driver_name, rule);
	return !rule;
}

/* After success fwctl_device_release() undoes it, with the last reference. */
static int fwctl_device_init(struct fwctl_device *fdev, struct device *parent,
			     const struct fwctl_ops *ops)
{
	int ret;

	ret = init_srcu_struct(&fdev->srcu);
	if (ret)
		return ret;
	ret = xa_alloc(&fwctl_devices, &fdev->number, NULL, XA_LIMIT(0, FWCTL_MAX_DEVICES - 1),
		       GFP_KERNEL);
	if (ret) {
		cleanup_srcu_struct(&fdev->srcu);
		return ret == -EBUSY ? -ENOSPC : ret;
	}

	fdev->ops = *ops;
	fdev->longest = fwctl_xfer_size(ops, ops->max_in, ops->max_out);
	init_waitqueue_head(&fdev->contexts_wait);
	INIT_WORK(&fdev->dispatch, fwctl_call_dispatch);
	spin_lock_init(&fdev->lock);
	INIT_LIST_HEAD(&fdev->uctxs);
	INIT_LIST_HEAD(&fdev->waiting);
	INIT_LIST_HEAD(&fdev->calls);
	fdev->dev.class = &fwctl_class;
	fdev->dev.parent = parent;
	fdev->dev.devt = fwctl_first_devt + fdev->number;
	device_initialize(&fdev->dev);
	return 0;
}

/**
 * fwctl_alloc - allocate a device
 * @parent: the physical function
 * @ops: the driver's constants and functions, which are copied
 * @priv_size: bytes of the driver's own data, see fwctl_priv()
 *
 * Process context, may sleep.
 *
 * Return: the device, to be given back with fwctl_put(), or an ERR_PTR: -EINVAL if @ops
 * breaks a rule of struct fwctl_ops, which the kernel's log tells; -ENOSPC if all 4096
 * numbers are taken; -ENOMEM; or -EPROBE_DEFER if the core is not there yet.
 */
struct fwctl_device *fwctl_alloc(struct device *parent, const struct fwctl_ops *ops,
				 size_t priv_size)
{
	struct fwctl_device *fdev;
	int ret;

	if (!fwctl_ready)
		return ERR_PTR(-EPROBE_DEFER);
	if (!fwctl_ops_valid(ops))
		return ERR_PTR(-EINVAL);

	fdev = kzalloc(struct_size(fdev, priv, priv_size), GFP_KERNEL);
	if (!fdev)
		return ERR_PTR(-ENOMEM);

	ret = fwctl_device_init(fdev, parent, ops);
	if (ret) {
		kfree(fdev);
		return ERR_PTR(ret);
	}

	ret = dev_set_name(&fdev->dev, "fwctl%u", fdev->number);
	if (ret) {
		fwctl_put(fdev);
		return ERR_PTR(ret);
	}
	return fdev;
}
EXPORT_SYMBOL_NS_GPL(fwctl_alloc, FWCTL);

/**
 * fwctl_register - make the node
 * @fdev: the device, new
 *
 * From here on the driver's functions are called. The administrator's set of classes is
 * the one that the machine was booted with. Process context, may sleep.
 *
 * Return: 0 or a negative errno; -EINVAL, with a warning, if it was registered before.
 */
int fwctl_register(struct fwctl_device *fdev)
{
	int ret;

	if (WARN(fdev->state != FWCTL_DEVICE_NEW, "%s: %s registers it twice\n",
		 fwctl_name(fdev), fdev->ops.driver_name))
		return -EINVAL;
	fdev->classes = fwctl_default_classes;
	/* Reserved by fwctl_alloc(): needs no memory. Before udev sees the node. */
	xa_store(&fwctl_devices, fdev->number, fdev, GFP_KERNEL);
	ret = device_add(&fdev->dev);
	if (ret) {
		fdev->state = FWCTL_DEVICE_LIVE;
		fwctl_unregister(fdev);
		return ret;
	}
	fdev->state = FWCTL_DEVICE_LIVE;
	dev_info(&fdev->dev, "%s on %s\n", fdev->ops.driver_name,
		 fdev->dev.parent ? dev_name(fdev->dev.parent) : "no device");
	return 0;
}
EXPORT_SYMBOL_NS_GPL(fwctl_register, FWCTL);

/* Under the lock, which fwctl_context_uncharge() holds to the end of its accesses */
static bool fwctl_device_is_idle(struct fwctl_device *fdev)
{
	bool idle;

	scoped_guard(spinlock_irq, &fdev->lock)
		idle = !fdev->contexts;
	return idle;
}

/* Wait until the driver has no call and no context, and none of its functions runs. */
static void fwctl_wait_driver(struct fwctl_device *fdev)
{
	unsigned int seconds = 0;

	while (!wait_event_timeout(fdev->contexts_wait, fwctl_device_is_idle(fdev),
				   FWCTL_STUCK_SECONDS * HZ)) {
		seconds += FWCTL_STUCK_SECONDS;
		fwctl_report_stuck(fdev, seconds);
	}
	/* Also for sections that saw the device before it was gone: classify(), info() */
	synchronize_srcu(&fdev->srcu);
	cancel_work_sync(&fdev->dispatch);
}

/**
 * fwctl_unregister - take the device away from user space
 * @fdev: the device, registered
 *
 * Returns when the driver has completed all calls, no context is open any more, and none
 * of the driver's functions is running. Open files stay open; every call on them fails
 * with ENODEV. Does not wait for user space. While it waits for the driver, the kernel's
 * log says so every ten seconds. Process context, sleeps.
 *
 * Warns and does nothing if the device is not registered.
 */
void fwctl_unregister(struct fwctl_device *fdev)
{
	if (WARN(fdev->state != FWCTL_DEVICE_LIVE, "%s: %s unregisters it unregistered\n",
		 fwctl_name(fdev), fdev->ops.driver_name))
		return;
	scoped_guard(spinlock_irqsave, &fdev->lock)
		WRITE_ONCE(fdev->gone, true);
	wake_up_all(&fdev->contexts_wait);
	fwctl_uctx_stop_all(fdev);

	/* A new device can have the name and the number from here on. */
	if (device_is_registered(&fdev->dev))
		device_del(&fdev->dev);
	xa_erase(&fwctl_devices, fdev->number);
	fdev->state = FWCTL_DEVICE_DEAD;
	fwctl_wait_driver(fdev);
}
EXPORT_SYMBOL_NS_GPL(fwctl_unregister, FWCTL);

/**
 * fwctl_put - give the driver's reference back
 * @fdev: the device, unregistered or never registered
 *
 * Warns and unregisters a device that is registered.
 */
void fwctl_put(struct fwctl_device *fdev)
{
	if (WARN(fdev->state == FWCTL_DEVICE_LIVE, "%s: %s frees it while it is registered\n",
		 fwctl_name(fdev), fdev->ops.driver_name))
		fwctl_unregister(fdev);
	put_device(&fdev->dev);
}
EXPORT_SYMBOL_NS_GPL(fwctl_put, FWCTL);

/**
 * fwctl_priv - the driver's own data
 * @fdev: the device
 *
 * Return: priv_size bytes, zeroed by fwctl_alloc(), as long as the device.
 */
void *fwctl_priv(struct fwctl_device *fdev)
{
	return fdev->priv;
}
EXPORT_SYMBOL_NS_GPL(fwctl_priv, FWCTL);

/**
 * fwctl_name - the name of the node, for messages
 * @fdev: the device
 *
 * Return: "fwctlN".
 */
const char *fwctl_name(const struct fwctl_device *fdev)
{
	return dev_name(&fdev->dev);
}
EXPORT_SYMBOL_NS_GPL(fwctl_name, FWCTL);
