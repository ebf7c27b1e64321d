// SPDX-License-Identifier: GPL-2.0
/*
 * The fwctl module: its parameter; device numbers, class and workqueue, which
 * come before any driver and go after the last one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/module.h>

#include "internal.h"

static dev_t fwctl_devts;

static char *fwctl_classes_param = CONFIG_FWCTL_CLASSES;
module_param_named(classes, fwctl_classes_param, charp, 0444);
MODULE_PARM_DESC(classes,
		 "Classes that a request may have, with commas in between: config-read, config-write, debug-read, debug-write, full; or none");

static u32 fwctl_classes;

/**
 * fwctl_default_classes - the administrator's word about new devices
 *
 * Return: the set of classes that any request may have.
 */
u32 fwctl_default_classes(void)
{
	return fwctl_classes;
}

static int __init fwctl_init(void)
{
	int ret;

	/* A cap that is not understood must not be taken for none. */
	ret = fwctl_classes_parse(fwctl_classes_param, &fwctl_classes);
	if (ret) {
		pr_err("not started: classes=%s has a word that is no class\n",
		       fwctl_classes_param);
		return ret;
	}

	ret = alloc_chrdev_region(&fwctl_devts, 0, FWCTL_MAX_DEVICES, "fwctl");
	if (ret)
		return ret;

	ret = fwctl_uctx_init();
	if (ret)
		goto err_region;

	ret = fwctl_spare_init();
	if (ret)
		goto err_uctx;

	ret = fwctl_uring_init();
	if (ret)
		goto err_spare;

	ret = fwctl_class_init(fwctl_devts);
	if (ret)
		goto err_uring;
	return 0;

err_uring:
	fwctl_uring_exit();
err_spare:
	fwctl_spare_exit();
err_uctx:
	fwctl_uctx_exit();
err_region:
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
	return ret;
}

static void __exit fwctl_exit_module(void)
{
	/* Contexts that are still closing hold a device of the class. */
	fwctl_uring_exit();
	fwctl_uctx_exit();
	fwctl_spare_exit();
	fwctl_class_exit();
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
}

/* Drivers that are built in as well register at device_initcall or later. */
subsys_initcall(fwctl_init);
module_exit(fwctl_exit_module);
MODULE_DESCRIPTION("RPCs to device firmware from user space");
MODULE_LICENSE("GPL");
