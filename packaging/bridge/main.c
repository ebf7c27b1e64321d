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
 * sleep, and restarts the firmware all the same. So it may keep the one made here, whose
 * driver ends all contexts before, on each way into sleep.
 *
 * A function without any auxiliary device gets none here either, since there would be no
 * notification before its firmware restarts. This is logged.
 *
 * Locks: mlx5_core attaches and detaches with the PCI function's device lock or its devlink
 * lock held, or both. bridge_scan() makes devices with both held. It only tries to take
 * them, and comes back later: a function that hangs holds up no other one, and a lock that
 * is wanted for long is not kept from others.
 *
 * mlx5_core calls bridge_notify_auxiliary() with the devlink lock held, or that of a LAG,
 * and with the notifier chain's rwsem held for reading. Deleting a device calls the chain
 * again, but that rwsem must not be taken for reading twice by one task: with a writer
 * waiting in between, both would deadlock. So a worker deletes the device, and the notifier
 * waits for it with no lock of this module's held. The worker takes the rwsem as well; the
 * only writer while a notifier waits could be another module that finds the bus the way this
 * one does. This module itself is no writer then, see bridge_exit().
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/auxiliary_bus.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#define BRIDGE_PARENT "mlx5_core"
#define BRIDGE_SUFFIX "fwctl"

/* Time until a function is looked at again that was busy, or when memory was short */
#define BRIDGE_RETRY msecs_to_jiffies(100)

/**
 * struct bridge_device - an auxiliary device that was made here
 * @madev: container of the auxiliary device, from which mlx5_fwctl gets the mlx5_core_dev
 * @node: entry in bridge_devices, until the device is deleted
 * @end: work item that deletes it
 * @ending: @end is queued. Guarded by bridge_lock.
 */
struct bridge_device {
	struct mlx5_adev madev;
	struct list_head node;
	struct work_struct end;
	bool ending;
};

/* Guards bridge_devices. Only the lock of a wait queue is taken under it. */
static DEFINE_SPINLOCK(bridge_lock);
static LIST_HEAD(bridge_devices);

/* Devices that are not released yet; their release() is code of this module. */
static atomic_t bridge_unreleased = ATOMIC_INIT(0);

/* Deletes devices, several at a time */
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

static void bridge_end_work(struct work_struct *work);

/* Prepare the device as mlx5_core does. Return: NULL if there is no memory. */
static struct bridge_device *bridge_prepare(struct mlx5_core_dev *mdev)
{
	struct bridge_device *bridge = kzalloc(sizeof(*bridge), GFP_KERNEL);
	struct auxiliary_device *adev;

	if (!bridge)
		return NULL;
	INIT_WORK(&bridge->end, bridge_end_work);
	bridge->madev.mdev = mdev;
	adev = &bridge->madev.adev;
	adev->name = BRIDGE_SUFFIX;
	adev->id = mdev->priv.adev_idx;
	adev->dev.parent = mdev->device;
	adev->dev.release = bridge_release;
	if (auxiliary_device_init(adev)) {
		kfree(bridge);
		return NULL;
	}
	atomic_inc(&bridge_unreleased);
	return bridge;
}

/* The name is that of mlx5_core's, so there cannot be a second device. */
static int bridge_make(struct mlx5_core_dev *mdev)
{
	struct bridge_device *bridge = bridge_prepare(mdev);
	struct auxiliary_device *adev;
	int ret;

	if (!bridge)
		return -ENOMEM;
	adev = &bridge->madev.adev;
	ret = __auxiliary_device_add(adev, BRIDGE_PARENT);
	if (ret) {
		auxiliary_device_uninit(adev);
		return ret;
	}
	spin_lock(&bridge_lock);
	list_add(&bridge->node, &bridge_devices);
	spin_unlock(&bridge_lock);
	return 0;
}

/*
 * Make a device if a function needs one. Called with the device and devlink locks held:
 * mlx5_core cannot attach or detach. Return: 0 or a negative errno.
 */
static int bridge_look_at(struct mlx5_core_dev *mdev)
{
	struct bridge_sight sight = {};

	if (!MLX5_CAP_GEN(mdev, uctx_cap) ||
	    !test_bit(MLX5_INTERFACE_STATE_UP, &mdev->intf_state))
		return 0;
	bridge_see(mdev->device, &sight);
	if (sight.has[BRIDGE_FWCTL])
		pr_info_once("mlx5_core makes the device for fwctl itself\n");
	else if (sight.has[BRIDGE_MLX5] && !sight.has[BRIDGE_OWN])
		return bridge_make(mdev);
	return 0;
}

static bool bridge_is_bound(struct device *dev)
{
	return dev->driver && !strcmp(dev->driver->name, BRIDGE_PARENT);
}

/* With the device lock held, a bound driver stays bound and its drvdata is valid. */
static int bridge_look_locked(struct pci_dev *pdev)
{
	struct mlx5_core_dev *mdev;
	struct devlink *devlink;
	int ret;

	if (!bridge_is_bound(&pdev->dev))
		return 0;
	mdev = pci_get_drvdata(pdev);
	devlink = priv_to_devlink(mdev);
	if (!devl_trylock(devlink))
		return -EBUSY;
	ret = bridge_look_at(mdev);
	devl_unlock(devlink);
	return ret;
}

/* Return: true if the function is to be looked at again. */
static bool bridge_look(struct pci_dev *pdev)
{
	int ret;

	if (!device_trylock(&pdev->dev))
		return true;
	ret = bridge_look_locked(pdev);
	device_unlock(&pdev->dev);
	if (ret == -EBUSY || ret == -ENOMEM)
		return true;
	if (ret)
		pci_warn(pdev, "cannot add an auxiliary device for fwctl: %d\n",
			 ret);
	return false;
}

static void bridge_scan(struct work_struct *work)
{
	struct pci_dev *pdev = NULL;
	bool again = false;

	while ((pdev = pci_get_device(PCI_VENDOR_ID_MELLANOX, PCI_ANY_ID, pdev)))
		again |= bridge_look(pdev);
	if (again)
		queue_delayed_work(system_freezable_wq, to_delayed_work(work),
				   BRIDGE_RETRY);
}

/* Looks at all functions. No allocation is needed to ask for it. */
static DECLARE_DELAYED_WORK(bridge_scan_work, bridge_scan);

/* Now, also if a look at a busy function is to follow later */
static void bridge_want_scan(void)
{
	mod_delayed_work(system_freezable_wq, &bridge_scan_work, 0);
}

static void bridge_end_work(struct work_struct *work)
{
	struct bridge_device *bridge =
		container_of(work, struct bridge_device, end);
	struct auxiliary_device *adev = &bridge->madev.adev;

	auxiliary_device_delete(adev);
	/* Under the lock, as that orders the two against those who begin to wait. */
	spin_lock(&bridge_lock);
	list_del(&bridge->node);
	wake_up_var(&bridge_devices);
	spin_unlock(&bridge_lock);
	auxiliary_device_uninit(adev);
}

/* NULL is the parent of all. */
static bool bridge_is_of(struct bridge_device *bridge, struct device *parent)
{
	return !parent || bridge->madev.adev.dev.parent == parent;
}

/* Begin to delete the devices of a function, or of all. */
static void bridge_begin_end(struct device *parent)
{
	struct bridge_device *bridge;

	spin_lock(&bridge_lock);
	list_for_each_entry(bridge, &bridge_devices, node) {
		if (!bridge_is_of(bridge, parent) || bridge->ending)
			continue;
		bridge->ending = true;
		queue_work(bridge_ends, &bridge->end);
	}
	spin_unlock(&bridge_lock);
}

static bool bridge_has(struct device *parent)
{
	struct bridge_device *bridge;
	bool has = false;

	spin_lock(&bridge_lock);
	list_for_each_entry(bridge, &bridge_devices, node)
		has |= bridge_is_of(bridge, parent);
	spin_unlock(&bridge_lock);
	return has;
}

/*
 * Delete the devices of a function, or of all. Waits for the firmware as long as the
 * removal of mlx5_fwctl does, also if somebody else has begun it.
 */
static void bridge_end(struct device *parent)
{
	bridge_begin_end(parent);
	wait_var_event(&bridge_devices, !bridge_has(parent));
}

/* A device of mlx5_core's is being deleted. After the last one the firmware may restart. */
static void bridge_going(struct device *dev)
{
	struct bridge_sight sight = { .except = dev };

	bridge_see(dev->parent, &sight);
	if (!sight.has[BRIDGE_MLX5])
		bridge_end(dev->parent);
}

static int bridge_notify_auxiliary(struct notifier_block *nb,
				   unsigned long action, void *data)
{
	struct device *dev = data;

	if (bridge_kind(dev) != BRIDGE_MLX5)
		return NOTIFY_DONE;
	if (action == BUS_NOTIFY_ADD_DEVICE)
		bridge_want_scan();
	else if (action == BUS_NOTIFY_DEL_DEVICE)
		bridge_going(dev);
	return NOTIFY_DONE;
}

/* With the function's device lock held. Functions without devices are not scanned for. */
static void bridge_explain(struct device *dev)
{
	struct mlx5_core_dev *mdev = dev_get_drvdata(dev);
	struct bridge_sight sight = {};

	bridge_see(dev, &sight);
	if (MLX5_CAP_GEN(mdev, uctx_cap) && !sight.has[BRIDGE_MLX5])
		dev_info(dev,
			 "no fwctl without auxiliary devices of mlx5_core: see enable_rdma and enable_eth of devlink dev param\n");
}

static int bridge_notify_pci(struct notifier_block *nb, unsigned long action,
			     void *data)
{
	if (action == BUS_NOTIFY_BOUND_DRIVER && bridge_is_bound(data))
		bridge_explain(data);
	return NOTIFY_DONE;
}

static struct notifier_block bridge_auxiliary_nb = {
	.notifier_call = bridge_notify_auxiliary,
};

static struct notifier_block bridge_pci_nb = {
	.notifier_call = bridge_notify_pci,
};

/* Functions that were there before this module. One that is busy being bound comes later. */
static void __init bridge_explain_all(void)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(PCI_VENDOR_ID_MELLANOX, PCI_ANY_ID, pdev))) {
		if (!device_trylock(&pdev->dev))
			continue;
		if (bridge_is_bound(&pdev->dev))
			bridge_explain(&pdev->dev);
		device_unlock(&pdev->dev);
	}
}

static int __init bridge_init(void)
{
	int ret;

	bridge_ends = alloc_workqueue("fwctl_bridge_ends", WQ_UNBOUND, 0);
	if (!bridge_ends)
		return -ENOMEM;
	ret = auxiliary_driver_register(&bridge_driver);
	if (ret)
		goto err_queue;
	ret = bus_register_notifier(bridge_driver.driver.bus,
				    &bridge_auxiliary_nb);
	if (ret)
		goto err_driver;
	ret = bus_register_notifier(&pci_bus_type, &bridge_pci_nb);
	if (ret)
		goto err_auxiliary;
	bridge_explain_all();
	bridge_want_scan();
	return 0;

err_auxiliary:
	bus_unregister_notifier(bridge_driver.driver.bus, &bridge_auxiliary_nb);
err_driver:
	auxiliary_driver_unregister(&bridge_driver);
err_queue:
	destroy_workqueue(bridge_ends);
	return ret;
}

/*
 * When no device is left and none can be made, no notifier waits for a worker any more: a
 * notifier can be unregistered, which waits for those that run.
 */
static void __exit bridge_exit(void)
{
	disable_delayed_work_sync(&bridge_scan_work);
	bridge_end(NULL);
	bus_unregister_notifier(&pci_bus_type, &bridge_pci_nb);
	bus_unregister_notifier(bridge_driver.driver.bus, &bridge_auxiliary_nb);
	auxiliary_driver_unregister(&bridge_driver);
	destroy_workqueue(bridge_ends);
	wait_var_event(&bridge_unreleased, !atomic_read(&bridge_unreleased));
	/* The task that released the last one may still have an instruction of it to go. */
	synchronize_rcu_tasks();
}

module_init(bridge_init);
module_exit(bridge_exit);

/* Load when mlx5_core makes its first auxiliary device, like the drivers of these. */
MODULE_ALIAS("auxiliary:mlx5_core.eth");
MODULE_ALIAS("auxiliary:mlx5_core.rdma");
MODULE_ALIAS("auxiliary:mlx5_core.vnet");
MODULE_DESCRIPTION("Auxiliary device for fwctl where mlx5_core makes none");
MODULE_LICENSE("GPL");
