// SPDX-License-Identifier: GPL-2.0
/*
 * The fwctl module: its parameter; device numbers, workqueues and class, which come
 * before any driver and go after the last one.
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

/* The set of classes of a new device */
u32 fwctl_default_classes __ro_after_init;

/* Closes contexts: also while the system is suspended */
struct workqueue_struct *fwctl_wq;

/* Writes audit records, which can wait a minute for auditd: no context waits for that */
struct workqueue_struct *fwctl_audit_wq;

/* Submits queued calls: not while the system is suspended */
struct workqueue_struct *fwctl_dispatch_wq;

static void fwctl_workqueues_exit(void)
{
	if (fwctl_dispatch_wq)
		destroy_workqueue(fwctl_dispatch_wq);
	if (fwctl_audit_wq)
		destroy_workqueue(fwctl_audit_wq);
	if (fwctl_wq)
		destroy_workqueue(fwctl_wq);
}

static int __init fwctl_workqueues_init(void)
{
	fwctl_wq = alloc_workqueue("fwctl", WQ_UNBOUND, 0);
	fwctl_audit_wq = alloc_workqueue("fwctl_audit", WQ_UNBOUND, 0);
	fwctl_dispatch_wq = alloc_workqueue("fwctl_dispatch", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (fwctl_wq && fwctl_audit_wq && fwctl_dispatch_wq)
		return 0;
	fwctl_workqueues_exit();
	return -ENOMEM;
}

static int __init fwctl_init(void)
{
	int ret;

	/* Fail to load rather than run without a cap. */
	ret = fwctl_classes_parse(fwctl_classes_param, &fwctl_default_classes);
	if (ret) {
		pr_err("not started: classes=%s has a word that is no class\n",
		       fwctl_classes_param);
		return ret;
	}
	ret = alloc_chrdev_region(&fwctl_devts, 0, FWCTL_MAX_DEVICES, "fwctl");
	if (ret)
		return ret;
	ret = fwctl_workqueues_init();
	if (ret)
		goto err_region;
	ret = fwctl_devices_init(fwctl_devts);
	if (ret)
		goto err_workqueues;
	return 0;

err_workqueues:
	fwctl_workqueues_exit();
err_region:
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
	return ret;
}

static void __exit fwctl_exit(void)
{
	fwctl_workqueues_exit();
	fwctl_devices_exit();
	unregister_chrdev_region(fwctl_devts, FWCTL_MAX_DEVICES);
}

/* Drivers that are built in as well register at device_initcall or later. */
subsys_initcall(fwctl_init);
module_exit(fwctl_exit);
MODULE_DESCRIPTION("RPCs to device firmware from user space");
MODULE_LICENSE("GPL");
