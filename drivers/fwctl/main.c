// SPDX-License-Identifier: GPL-2.0
/*
 * The fwctl module: device numbers, class and workqueue come before any driver
 * and go after the last one.
 */
#include <linux/fs.h>
#include <linux/module.h>

#include "internal.h"

static dev_t fwctl_devts;

static int __init fwctl_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&fwctl_devts, 0, FWCTL_MAX_DEVICES, "fwctl");
	if (ret)
		return ret;

	ret = fwctl_uctx_init();
	if (ret)
		goto err_region;

	ret = fwctl_class_init(fwctl_devts);
	if (ret)
		goto err_uctx;
	return 0;

err_uctx:
	fwctl_uctx_exit();
err_region:
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
	return ret;
}

static void __exit fwctl_exit_module(void)
{
	/* Contexts that are still closing hold a device of the class. */
	fwctl_uctx_exit();
	fwctl_class_exit();
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
}

/* Drivers that are built in as well register at device_initcall or later. */
subsys_initcall(fwctl_init);
module_exit(fwctl_exit_module);
MODULE_DESCRIPTION("RPCs to device firmware from user space");
MODULE_LICENSE("GPL");
