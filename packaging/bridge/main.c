// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the auxiliary device for fwctl on kernels before 6.15, where mlx5_core does not.
 * It has the same name, parent and lifetime as the device that mlx5_core makes since
 * 6.15, so that the same mlx5_fwctl binds it.
 *
 * The lifetime is critical. A reload or a recovery restarts the firmware, and a UID from
 * before may belong to another context afterwards. mlx5_core has no notification for it,
 * but deletes all its auxiliary devices before and makes them again after. So this module
 * makes and deletes its device
 *
 *   made	when a function has an auxiliary device of mlx5_core's, after mlx5_core has
 *		released the function's locks;
 *   deleted	before the last of those is deleted, while mlx5_core waits.
 *
 * System sleep is different: mlx5_core keeps the auxiliary devices whose drivers can
 * sleep, and restarts the firmware all the same. The device made here is deleted before.
 *
 * A function without any auxiliary device gets none here either, since there would be no
 * notification before its firmware restarts. This is logged.
 *
 * Locks, the outer one first: the PCI function's device lock, its devlink lock (held
 * while mlx5_core attaches or detaches), bridge_lock. mlx5_core calls
 * bridge_notify_auxiliary() with the devlink lock held, or that of a LAG, and with the
 * notifier chain's rwsem held for reading. Deleting a device calls the chain again, but
 * that rwsem must not be taken for reading twice by one task: with a writer waiting in
 * between, both would deadlock. So a worker deletes the devices. It takes the rwsem as
 * well, but the only writer is this module, when it is loaded and unloaded, and it sets
 * bridge_closed first, after which no notifier waits for a worker any more.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/auxiliary_bus.h>
#include <linux/completion.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/suspend.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#define BRIDGE_PARENT "mlx5_core"
#define BRIDGE_SUFFIX "fwctl"

/**
 * struct bridge_device - an auxiliary device that was made here
 * @madev: container of the auxiliary device, from which mlx5_fwctl gets the mlx5_core_dev
 * @node: entry in bridge_devices
 */
struct bridge_device {
	struct mlx5_adev madev;
	struct list_head node;
};

/**
 * struct bridge_look - a deferred check if a function needs a device
 * @work: runs the check, after mlx5_core has released the function's locks
 * @pdev: the function; the work holds a reference
 */
struct bridge_look {
	struct work_struct work;
	struct pci_dev *pdev;
};

/**
 * struct bridge_end - deletion of a device by a worker
 * @work: deletes the device
 * @bridge: the device
 * @done: completed when the device is deleted
 */
struct bridge_end {
	struct work_struct work;
	struct bridge_device *bridge;
	struct completion done;
};

/* Guards bridge_devices and bridge_closed, and is held while a device is made or deleted. */
static DEFINE_MUTEX(bridge_lock);
static LIST_HEAD(bridge_devices);
/* No device may be made: before system sleep, or while this module is being unloaded. */
static bool bridge_closed = true;

/* Devices that are not released yet; their release() is code of this module. */
static atomic_t bridge_unreleased = ATOMIC_INIT(0);

/* Checks wait for mlx5_core, and mlx5_core waits for deletions: each has its own queue. */
static struct workqueue_struct *bridge_looks;
static struct workqueue_struct *bridge_ends;

/*
 * The only reference to a symbol of mlx5_core. Without it this module would also load with
 * an mlx5_core that has another struct mlx5_core_dev, such as that of a vendor's package.
 * The symbol's version covers the struct.
 */
static const void *const bridge_layout __used = mlx5_cmd_do;

/* A driver that never binds, registered to get a pointer to the auxiliary bus_type. */
static int bridge_no_probe(struct auxiliary_device *adev,
			   const struct auxiliary_device_id *id)
{
	return -ENODEV;
}

static const struct auxiliary_device_id bridge_no_ids[] = {
	{ .name = KBUILD_MODNAME ".none" },
	{}
};

static struct auxiliary_driver bridge_driver = {
	.name = "none",
	.probe = bridge_no_probe,
	.id_table = bridge_no_ids,
};

/* Kinds of auxiliary devices of a function */
enum bridge_kind { BRIDGE_OTHER, BRIDGE_OWN, BRIDGE_MLX5, BRIDGE_FWCTL };

static void bridge_release(struct device *dev)
{
	kfree(container_of(dev, struct bridge_device, madev.adev.dev));
	if (atomic_dec_and_test(&bridge_unreleased))
		wake_up_var(&bridge_unreleased);
}

static enum bridge_kind bridge_kind(struct device *dev)
{
	const char *name = dev_name(dev);

	if (dev->bus != bridge_driver.driver.bus || !dev_is_pci(dev->parent))
		return BRIDGE_OTHER;
	if (dev->release == bridge_release)
		return BRIDGE_OWN;
	if (str_has_prefix(name, BRIDGE_PARENT "." BRIDGE_SUFFIX "."))
		return BRIDGE_FWCTL;
	/* A subfunction: a device with firmware contexts and auxiliary devices of its own */
	if (str_has_prefix(name, BRIDGE_PARENT ".sf."))
		return BRIDGE_OTHER;
	return str_has_prefix(name, BRIDGE_PARENT ".") ? BRIDGE_MLX5 : BRIDGE_OTHER;
}

/**
 * struct bridge_sight - count of a function's auxiliary devices
 * @except: not counted, because it is being deleted
 * @has: number of devices of each kind
 */
struct bridge_sight {
	struct device *except;
	int has[BRIDGE_FWCTL + 1];
};

static int bridge_count(struct device *dev, void *data)
{
	struct bridge_sight *sight = data;

	if (dev != sight->except)
		sight->has[bridge_kind(dev)]++;
	return 0;
}

static void bridge_see(struct device *parent, struct bridge_sight *sight)
{
	device_for_each_child(parent, sight, bridge_count);
}

/* Make the device as mlx5_core does. The name is the same, so there cannot be a second one. */
static void bridge_make(struct mlx5_core_dev *mdev)
{
	struct auxiliary_device *adev;
	struct bridge_device *bridge;

	bridge = kzalloc(sizeof(*bridge), GFP_KERNEL);
	if (!bridge)
		return;

	bridge->madev.mdev = mdev;
	adev = &bridge->madev.adev;
	adev->name = BRIDGE_SUFFIX;
	adev->id = mdev->priv.adev_idx;
	adev->dev.parent = mdev->device;
	adev->dev.release = bridge_release;
	if (auxiliary_device_init(adev)) {
		kfree(bridge);
		return;
	}

	atomic_inc(&bridge_unreleased);
	if (__auxiliary_device_add(adev, BRIDGE_PARENT)) {
		dev_warn(mdev->device, "cannot add an auxiliary device for fwctl\n");
		auxiliary_device_uninit(adev);
		return;
	}
	list_add(&bridge->node, &bridge_devices);
}

/* Called with the device and devlink locks held: mlx5_core cannot attach or detach. */
static void bridge_look_at(struct mlx5_core_dev *mdev)
{
	struct bridge_sight sight = {};

	if (!MLX5_CAP_GEN(mdev, uctx_cap) ||
	    !test_bit(MLX5_INTERFACE_STATE_UP, &mdev->intf_state))
		return;

	guard(mutex)(&bridge_lock);
	bridge_see(mdev->device, &sight);
	if (bridge_closed || sight.has[BRIDGE_OWN])
		return;
	if (sight.has[BRIDGE_FWCTL])
		pr_info_once("mlx5_core makes the device for fwctl itself\n");
	else if (sight.has[BRIDGE_MLX5])
		bridge_make(mdev);
	else
		dev_info(mdev->device,
			 "no fwctl without auxiliary devices of mlx5_core: see enable_rdma and enable_eth of devlink dev param\n");
}

static void bridge_look_work(struct work_struct *work)
{
	struct bridge_look *look = container_of(work, struct bridge_look, work);
	struct device *dev = &look->pdev->dev;

	/* With the device lock held, a bound driver stays bound and its drvdata is valid. */
	device_lock(dev);
	if (dev->driver && !strcmp(dev->driver->name, BRIDGE_PARENT)) {
		struct mlx5_core_dev *mdev = pci_get_drvdata(look->pdev);
		struct devlink *devlink = priv_to_devlink(mdev);

		devl_lock(devlink);
		bridge_look_at(mdev);
		devl_unlock(devlink);
	}
	device_unlock(dev);

	pci_dev_put(look->pdev);
	kfree(look);
}

static void bridge_want_look(struct pci_dev *pdev)
{
	struct bridge_look *look = kmalloc(sizeof(*look), GFP_KERNEL);

	if (!look)
		return;
	look->pdev = pci_dev_get(pdev);
	INIT_WORK(&look->work, bridge_look_work);
	queue_work(bridge_looks, &look->work);
}

static void bridge_look_at_all(void)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(PCI_VENDOR_ID_MELLANOX, PCI_ANY_ID, pdev)))
		bridge_want_look(pdev);
}

static void bridge_end_work(struct work_struct *work)
{
	struct bridge_end *end = container_of(work, struct bridge_end, work);
	struct auxiliary_device *adev = &end->bridge->madev.adev;

	auxiliary_device_delete(adev);
	auxiliary_device_uninit(adev);
	complete(&end->done);
}

static void bridge_delete(struct bridge_device *bridge)
{
	struct bridge_end end = { .bridge = bridge };

	lockdep_assert_held(&bridge_lock);
	list_del(&bridge->node);
	init_completion(&end.done);
	INIT_WORK_ONSTACK(&end.work, bridge_end_work);
	queue_work(bridge_ends, &end.work);
	wait_for_completion(&end.done);
	destroy_work_on_stack(&end.work);
}

/* Delete all devices. After this none is made, and no notifier waits for a worker. */
static void bridge_close(void)
{
	struct bridge_device *bridge, *next;

	guard(mutex)(&bridge_lock);
	bridge_closed = true;
	list_for_each_entry_safe(bridge, next, &bridge_devices, node)
		bridge_delete(bridge);
}

static void bridge_open(void)
{
	scoped_guard(mutex, &bridge_lock)
		bridge_closed = false;
	bridge_look_at_all();
}

/* A device of mlx5_core's is being deleted. After the last one the firmware may restart. */
static void bridge_going(struct device *dev)
{
	struct bridge_sight sight = { .except = dev };
	struct bridge_device *bridge, *next;

	guard(mutex)(&bridge_lock);
	bridge_see(dev->parent, &sight);
	if (sight.has[BRIDGE_MLX5])
		return;
	list_for_each_entry_safe(bridge, next, &bridge_devices, node) {
		if (bridge->madev.adev.dev.parent == dev->parent)
			bridge_delete(bridge);
	}
}

static int bridge_notify_auxiliary(struct notifier_block *nb,
				   unsigned long action, void *data)
{
	struct device *dev = data;

	if (bridge_kind(dev) != BRIDGE_MLX5)
		return NOTIFY_DONE;
	if (action == BUS_NOTIFY_ADD_DEVICE)
		bridge_want_look(to_pci_dev(dev->parent));
	else if (action == BUS_NOTIFY_DEL_DEVICE)
		bridge_going(dev);
	return NOTIFY_DONE;
}

/* For functions without an auxiliary device: the other notifier is not called for them. */
static int bridge_notify_pci(struct notifier_block *nb, unsigned long action,
			     void *data)
{
	struct device *dev = data;

	if (action == BUS_NOTIFY_BOUND_DRIVER &&
	    !strcmp(dev->driver->name, BRIDGE_PARENT))
		bridge_want_look(to_pci_dev(dev));
	return NOTIFY_DONE;
}

static int bridge_notify_sleep(struct notifier_block *nb, unsigned long action,
			       void *data)
{
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		bridge_close();
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		bridge_open();
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block bridge_auxiliary_nb = {
	.notifier_call = bridge_notify_auxiliary,
};

static struct notifier_block bridge_pci_nb = {
	.notifier_call = bridge_notify_pci,
};

static struct notifier_block bridge_sleep_nb = {
	.notifier_call = bridge_notify_sleep,
};

static void bridge_destroy_queues(void)
{
	if (bridge_looks)
		destroy_workqueue(bridge_looks);
	if (bridge_ends)
		destroy_workqueue(bridge_ends);
}

static int __init bridge_init(void)
{
	int ret;

	bridge_looks = alloc_workqueue("fwctl_bridge_looks", WQ_UNBOUND, 0);
	bridge_ends = alloc_workqueue("fwctl_bridge_ends",
				      WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	ret = bridge_looks && bridge_ends ? 0 : -ENOMEM;
	if (ret)
		goto err_queues;
	ret = auxiliary_driver_register(&bridge_driver);
	if (ret)
		goto err_queues;
	ret = bus_register_notifier(bridge_driver.driver.bus,
				    &bridge_auxiliary_nb);
	if (ret)
		goto err_driver;
	ret = bus_register_notifier(&pci_bus_type, &bridge_pci_nb);
	if (ret)
		goto err_auxiliary;
	ret = register_pm_notifier(&bridge_sleep_nb);
	if (ret)
		goto err_pci;
	bridge_open();
	return 0;

err_pci:
	bus_unregister_notifier(&pci_bus_type, &bridge_pci_nb);
err_auxiliary:
	bus_unregister_notifier(bridge_driver.driver.bus, &bridge_auxiliary_nb);
err_driver:
	auxiliary_driver_unregister(&bridge_driver);
err_queues:
	bridge_destroy_queues();
	return ret;
}

static void __exit bridge_exit(void)
{
	unregister_pm_notifier(&bridge_sleep_nb);
	bridge_close();
	bus_unregister_notifier(&pci_bus_type, &bridge_pci_nb);
	bus_unregister_notifier(bridge_driver.driver.bus, &bridge_auxiliary_nb);
	auxiliary_driver_unregister(&bridge_driver);
	bridge_destroy_queues();
	wait_var_event(&bridge_unreleased, !atomic_read(&bridge_unreleased));
}

module_init(bridge_init);
module_exit(bridge_exit);

/* Load when mlx5_core makes its first auxiliary device, like the drivers of these. */
MODULE_ALIAS("auxiliary:mlx5_core.eth");
MODULE_ALIAS("auxiliary:mlx5_core.rdma");
MODULE_ALIAS("auxiliary:mlx5_core.vnet");
MODULE_DESCRIPTION("Auxiliary device for fwctl where mlx5_core makes none");
MODULE_LICENSE("GPL");
