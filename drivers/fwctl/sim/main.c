// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl for a firmware that exists in the kernel only: to test tools and the core without
 * hardware, and under faults that hardware rarely has. This is the driver; the devices
 * are made in configfs, see config.c.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/string.h>

#include "sim.h"

DEFINE_FREE(sim_put, struct fwctl_device *,
	    IS_ERR_OR_NULL(_T) ? (void)0 : fwctl_put(_T))

static void sim_info(struct fwctl_uctx *uctx, void *data)
{
	struct fwctl_sim_uctx *sim_uctx = fwctl_uctx_priv(uctx);
	struct fwctl_info_sim *info = data;

	info->context = sim_uctx->number;
	info->registers = FWCTL_SIM_REGISTERS;
}

static enum fwctl_class sim_classify(struct fwctl_uctx *uctx,
				     struct fwctl_request *req)
{
	struct fwctl_sim_priv *priv = fwctl_priv(fwctl_uctx_device(uctx));

	return fwctl_sim_classify(priv->queue->fw, req);
}

static struct fwctl_ops sim_ops(const struct fwctl_sim_limits *limits)
{
	return (struct fwctl_ops){
		.driver_name = KBUILD_MODNAME,
		.device_type = FWCTL_DEVICE_TYPE_SIM,
		.uctx_size = sizeof(struct fwctl_sim_uctx),
		.info_len = sizeof(struct fwctl_info_sim),
		.header_len = sizeof(struct fwctl_sim_request),
		.min_in = limits->min_in,
		.max_in = limits->max_in,
		.min_out = limits->min_out,
		.max_out = limits->max_out,
		.max_files = limits->max_files,
		.max_calls = limits->max_calls,
		/* The limits are configured one by one, in any order. */
		.max_file_calls = min(limits->max_file_calls, limits->max_calls),
		.max_bytes = limits->max_bytes,
		.open_uctx = fwctl_sim_queue_open,
		.close_uctx = fwctl_sim_queue_close,
		.info = sim_info,
		.classify = sim_classify,
		.submit = fwctl_sim_queue_submit,
	};
}

static int sim_add(struct platform_device *pdev, struct fwctl_sim *sim)
{
	struct fwctl_ops ops = sim_ops(&sim->limits);
	struct fwctl_sim_priv *priv;
	int ret;

	struct fwctl_device *fdev __free(sim_put) =
		fwctl_alloc(&pdev->dev, &ops, sizeof(*priv));
	if (IS_ERR(fdev))
		return PTR_ERR(fdev);
	priv = fwctl_priv(fdev);
	priv->queue = &sim->queue;

	ret = fwctl_sim_queue_start(&sim->queue, fwctl_name(fdev));
	if (ret)
		return ret;
	ret = fwctl_register(fdev);
	if (ret) {
		fwctl_sim_queue_stop(&sim->queue);
		return ret;
	}
	platform_set_drvdata(pdev, no_free_ptr(fdev));
	return 0;
}

static struct fwctl_sim *sim_of_platform(struct platform_device *pdev)
{
	return *(struct fwctl_sim **)dev_get_platdata(&pdev->dev);
}

static void sim_bound(struct fwctl_sim *sim, int err, const char *node)
{
	guard(mutex)(&sim->lock);
	sim->err = err;
	strscpy(sim->node, node);
}

static int sim_probe(struct platform_device *pdev)
{
	struct fwctl_device *fdev;
	struct fwctl_sim *sim;
	int ret;

	/* driver_override can bind any device, and only ours has a fwctl_sim. */
	if (!platform_get_device_id(pdev))
		return -ENODEV;

	sim = sim_of_platform(pdev);
	ret = sim_add(pdev, sim);
	fdev = platform_get_drvdata(pdev);
	sim_bound(sim, ret, ret ? "" : fwctl_name(fdev));
	return ret;
}

static void sim_remove(struct platform_device *pdev)
{
	struct fwctl_device *fdev = platform_get_drvdata(pdev);
	struct fwctl_sim *sim = sim_of_platform(pdev);

	sim_bound(sim, -ENODEV, "");
	fwctl_sim_queue_end(&sim->queue);
	fwctl_unregister(fdev);
	fwctl_sim_queue_stop(&sim->queue);
	fwctl_put(fdev);
}

static const struct platform_device_id sim_ids[] = {
	{ .name = FWCTL_SIM_NAME },
	{}
};

/* Synchronous, as fwctl_sim_start() returns the errno of the probe. */
static struct platform_driver fwctl_sim_driver = {
	.probe = sim_probe,
	.remove = sim_remove,
	.id_table = sim_ids,
	.driver = {
		.name = FWCTL_SIM_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

static int __init sim_module_init(void)
{
	int ret;

	ret = platform_driver_register(&fwctl_sim_driver);
	if (ret)
		return ret;
	config_group_init(&fwctl_sim_subsystem.su_group);
	ret = configfs_register_subsystem(&fwctl_sim_subsystem);
	if (ret)
		platform_driver_unregister(&fwctl_sim_driver);
	return ret;
}
module_init(sim_module_init);

/* No device exists any more: its folder holds a reference to the module. */
static void __exit sim_module_exit(void)
{
	configfs_unregister_subsystem(&fwctl_sim_subsystem);
	platform_driver_unregister(&fwctl_sim_driver);
}
module_exit(sim_module_exit);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("fwctl for a simulated firmware, for tests");
MODULE_LICENSE("GPL");
