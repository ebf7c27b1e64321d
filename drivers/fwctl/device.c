// SPDX-License-Identifier: GPL-2.0
/*
 * The driver's side of a device: allocate, register, unregister.
 *
 * An unregister ends in this order: no new context and no new call
 * (fwctl_device.gone), those that wait are refused, nobody enters the driver any
 * more (fwctl_device.users is killed), the node goes, contexts close as their last
 * call comes back. It waits for that and for nothing else.
 */
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include "internal.h"

static DEFINE_IDA(fwctl_numbers);
static dev_t fwctl_first_devt;
/* Lets a driver that is built in come before the core, and try again. */
static bool fwctl_ready;
static struct lock_class_key fwctl_section_key;

static char *fwctl_devnode(const struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "fwctl/%s", dev_name(dev));
}

static int fwctl_number_get(struct fwctl_device *fdev)
{
	int number = ida_alloc_max(&fwctl_numbers, FWCTL_MAX_DEVICES - 1,
				   GFP_KERNEL);

	if (number < 0)
		return number;
	fdev->number = number;
	fdev->dev.devt = fwctl_first_devt + number;
	return 0;
}

/*
 * At the latest when the device is freed, but as a rule with its node: a device
 * that comes back after a reset shall have its old name, though somebody may
 * still have the old one open.
 */
static void fwctl_number_put(struct fwctl_device *fdev)
{
	if (fdev->number < 0)
		return;
	ida_free(&fwctl_numbers, fdev->number);
	fdev->number = -1;
}

static void fwctl_device_release(struct device *dev)
{
	struct fwctl_device *fdev = container_of(dev, struct fwctl_device, dev);

	fwctl_number_put(fdev);
	percpu_ref_exit(&fdev->users);
	kfree(fdev);
}

static struct class fwctl_node_class = {
	.name = "fwctl",
	.devnode = fwctl_devnode,
	.dev_release = fwctl_device_release,
	.dev_groups = fwctl_groups,
	.dev_uevent = fwctl_uevent,
};

/**
 * fwctl_class_init - make the class, before any driver can register
 * @first: first of FWCTL_MAX_DEVICES device numbers
 *
 * Return: 0 or a negative errno.
 */
int fwctl_class_init(dev_t first)
{
	int ret;

	fwctl_first_devt = first;
	ret = class_register(&fwctl_node_class);
	fwctl_ready = !ret;
	return ret;
}

/**
 * fwctl_class_exit - undo fwctl_class_init()
 */
void fwctl_class_exit(void)
{
	class_unregister(&fwctl_node_class);
}

static void fwctl_users_gone(struct percpu_ref *users)
{
	complete(&container_of(users, struct fwctl_device, users)->idle);
}

/* A driver that breaks the contract is refused here, not at its first call. */
static bool fwctl_ops_valid(const struct fwctl_ops *ops)
{
	return ops->driver_name && ops->open_uctx && ops->close_uctx &&
	       ops->info && ops->classify && ops->submit &&
	       ops->max_files && ops->max_file_calls &&
	       ops->max_file_calls <= ops->max_calls &&
	       ops->max_bytes / 2 >= ops->max_in + ops->max_out &&
	       ops->info_len <= FWCTL_MAX_HEADER &&
	       ops->header_len <= FWCTL_MAX_HEADER &&
	       ops->min_in <= ops->max_in && ops->max_in <= FWCTL_MAX_RPC_LEN &&
	       ops->min_out <= ops->max_out &&
	       ops->max_out <= FWCTL_MAX_RPC_LEN;
}

/* After success fwctl_device_release() undoes it, with the last reference. */
static int fwctl_device_init(struct fwctl_device *fdev, struct device *parent,
			     const struct fwctl_ops *ops)
{
	int ret;

	ret = percpu_ref_init(&fdev->users, fwctl_users_gone, 0, GFP_KERNEL);
	if (ret)
		return ret;

	ret = fwctl_number_get(fdev);
	if (ret) {
		percpu_ref_exit(&fdev->users);
		return ret;
	}

	fdev->ops = *ops;
	init_completion(&fdev->idle);
	lockdep_init_map(&fdev->section, "fwctl_section", &fwctl_section_key, 0);
	fwctl_limit_init(&fdev->files, ops->max_files);
	fwctl_limit_init(&fdev->contexts, ops->max_files);
	fwctl_limit_init(&fdev->bytes, ops->max_bytes);
	fwctl_spare_start(fdev);
	init_waitqueue_head(&fdev->contexts_wait);
	spin_lock_init(&fdev->lock);
	INIT_LIST_HEAD(&fdev->uctxs);
	INIT_LIST_HEAD(&fdev->waiting);
	cdev_init(&fdev->cdev, &fwctl_fops);
	fdev->cdev.owner = THIS_MODULE;
	fdev->dev.class = &fwctl_node_class;
	fdev->dev.parent = parent;
	device_initialize(&fdev->dev);
	return 0;
}

/**
 * fwctl_alloc - allocate a device
 * @parent: the physical function
 * @ops: the driver's constants and functions; not touched any more once
 *	fwctl_unregister() has returned
 * @priv_size: bytes of the driver's own data, see fwctl_priv()
 *
 * Process context, may sleep.
 *
 * Return: the device, to be given back with fwctl_put(), or an ERR_PTR: -EINVAL
 * if @ops breaks the contract, -ENOSPC if all 4096 numbers are taken, -ENOMEM, or
 * -EPROBE_DEFER if the core is not there yet.
 */
struct fwctl_device *fwctl_alloc(struct device *parent,
				 const struct fwctl_ops *ops, size_t priv_size)
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

	ret = dev_set_name(&fdev->dev, "fwctl%d", fdev->number);
	if (ret) {
		fwctl_put(fdev);
		return ERR_PTR(ret);
	}
	return fdev;
}
EXPORT_SYMBOL_NS_GPL(fwctl_alloc, FWCTL);

/**
 * fwctl_register - make the node
 * @fdev: the device
 *
 * From here on the driver's functions can be called, and the administrator's cap
 * is as the machine was booted with. Process context, may sleep.
 *
 * Return: 0 or a negative errno.
 */
int fwctl_register(struct fwctl_device *fdev)
{
	fdev->classes = fwctl_default_classes();
	return cdev_device_add(&fdev->cdev, &fdev->dev);
}
EXPORT_SYMBOL_NS_GPL(fwctl_register, FWCTL);

/**
 * fwctl_unregister - take the device away from user space
 * @fdev: the device
 *
 * Returns when the driver has completed all calls that it had and no context is
 * open any more. Open files stay open and answer ENODEV. Does not wait for user
 * space. Process context, sleeps.
 */
void fwctl_unregister(struct fwctl_device *fdev)
{
	scoped_guard(spinlock_irqsave, &fdev->lock)
		WRITE_ONCE(fdev->gone, true);
	wake_up_all(&fdev->contexts_wait);
	fwctl_turn_refuse_all(fdev);
	percpu_ref_kill(&fdev->users);
	fwctl_spare_stop(fdev);
	fwctl_uctx_stop_all(fdev);

	/* Whoever sees that the node is gone gets ENODEV from the files of before. */
	cdev_device_del(&fdev->cdev, &fdev->dev);
	fwctl_number_put(fdev);

	lock_map_acquire(&fdev->section);
	synchronize_rcu();
	wait_for_completion(&fdev->idle);
	lock_map_release(&fdev->section);
}
EXPORT_SYMBOL_NS_GPL(fwctl_unregister, FWCTL);

/**
 * fwctl_put - give the driver's reference back
 * @fdev: the device, unregistered or never registered
 */
void fwctl_put(struct fwctl_device *fdev)
{
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
