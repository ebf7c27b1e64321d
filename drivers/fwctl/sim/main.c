// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl for a firmware that exists in the kernel only, so that tools and the
 * core can be tested without hardware, and tested with what hardware does once in
 * a thousand years. This is the driver; what it drives is made in configfs.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "sim.h"

/**
 * struct fwctl_sim_priv - the driver's data in a fwctl_device
 * @sim: the device; there from probe to remove
 */
struct fwctl_sim_priv {
	struct fwctl_sim *sim;
};

static void sim_put(struct fwctl_device *fdev)
{
	if (!IS_ERR_OR_NULL(fdev))
		fwctl_put(fdev);
}

DEFINE_FREE(sim_put, struct fwctl_device *, sim_put(_T))

static struct fwctl_sim *sim_of_device(struct fwctl_device *fdev)
{
	struct fwctl_sim_priv *priv = fwctl_priv(fdev);

	return priv->sim;
}

static struct fwctl_sim *sim_of_uctx(struct fwctl_uctx *uctx)
{
	return sim_of_device(fwctl_uctx_device(uctx));
}

static struct fwctl_sim *sim_of_platform(struct platform_device *pdev)
{
	return *(struct fwctl_sim **)dev_get_platdata(&pdev->dev);
}

static int sim_open_uctx(struct fwctl_uctx *uctx)
{
	return fwctl_sim_queue_open(&sim_of_uctx(uctx)->queue, uctx);
}

static void sim_close_uctx(struct fwctl_uctx *uctx)
{
	fwctl_sim_queue_close(&sim_of_uctx(uctx)->queue);
}

static void sim_info(struct fwctl_uctx *uctx, void *data)
{
	struct fwctl_sim_uctx *sim_uctx = fwctl_uctx_priv(uctx);
	struct fwctl_info_sim *info = data;

	info->context = sim_uctx->number;
	info->registers = FWCTL_SIM_REGISTERS;
}

static enum fwctl_class sim_classify(struct fwctl_device *fdev,
				     struct fwctl_request *req)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(),
			 "classify() where nobody waits for it");
	return fwctl_sim_classify(&sim_of_device(fdev)->fw, req);
}

static void sim_submit(struct fwctl_call *call)
{
	fwctl_sim_queue_submit(&sim_of_uctx(call->uctx)->queue, call);
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
		/* Whoever configures the one need not know of the other. */
		.max_file_calls = min(limits->max_file_calls, limits->max_calls),
		.max_bytes = limits->max_bytes,
		.open_uctx = sim_open_uctx,
		.close_uctx = sim_close_uctx,
		.info = sim_info,
		.classify = sim_classify,
		.submit = sim_submit,
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
	priv->sim = sim;

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

	/* driver_override can bring any device here: one without a fwctl_sim. */
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

/* Whoever makes a device live waits for its node. */
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
	ret = fwctl_sim_config_init();
	if (ret)
		platform_driver_unregister(&fwctl_sim_driver);
	return ret;
}
module_init(sim_module_init);

static void __exit sim_module_exit(void)
{
	fwctl_sim_config_exit();
	platform_driver_unregister(&fwctl_sim_driver);
}
module_exit(sim_module_exit);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("fwctl for a simulated firmware, for tests");
MODULE_LICENSE("GPL");
