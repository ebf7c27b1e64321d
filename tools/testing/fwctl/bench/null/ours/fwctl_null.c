// SPDX-License-Identifier: GPL-2.0
/*
 * A null device below this project's core, as cheap as the driver contract allows: nothing
 * is written to the answer buffer, which is returned as if firmware had filled it by DMA. It
 * may hold an earlier answer; do not load this where that matters.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fwctl.h>
#include <linux/hrtimer.h>
#include <linux/module.h>

#include "../null.h"

/* Limits that no row reaches, as mainline has none */
#define MANY 65536
#define MANY_BYTES ((size_t)1 << 30)

/* The driver's part of a call */
struct null_call {
	struct hrtimer timer;	/* completes @call after latency_us */
	struct fwctl_call *call;
};

static struct device *null_parent;
static struct fwctl_device *null_device;

static int null_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static void null_close(struct fwctl_uctx *uctx)
{
}

static void null_info(struct fwctl_uctx *uctx, void *data)
{
}

static enum fwctl_class null_classify(struct fwctl_uctx *uctx,
				      struct fwctl_request *req)
{
	const u8 *header = req->header;

	return *header == NULL_REFUSED ? FWCTL_CLASS_NEVER :
					 FWCTL_CLASS_CONFIG_READ;
}

static enum hrtimer_restart null_timeout(struct hrtimer *timer)
{
	struct null_call *nc = container_of(timer, struct null_call, timer);

	fwctl_call_complete(nc->call, 0, nc->call->out_len);
	return HRTIMER_NORESTART;
}

static void null_submit(struct fwctl_call *call)
{
	unsigned int us = READ_ONCE(latency_us);
	struct null_call *nc;

	if (!us) {
		fwctl_call_complete(call, 0, call->out_len);
		return;
	}
	nc = fwctl_call_priv(call);
	nc->call = call;
	hrtimer_setup(&nc->timer, null_timeout, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	hrtimer_start(&nc->timer, us_to_ktime(us), HRTIMER_MODE_REL);
}

static const struct fwctl_ops null_ops = {
	.driver_name = KBUILD_MODNAME,
	.device_type = FWCTL_DEVICE_TYPE_MLX5,
	.uctx_size = sizeof(u64),
	.call_size = sizeof(struct null_call),
	.info_len = sizeof(u64),
	.header_len = 64,
	.min_in = 1,
	.max_in = FWCTL_MAX_RPC_LEN,
	.min_out = 1,
	.max_out = FWCTL_MAX_RPC_LEN,
	.max_files = MANY,
	.max_calls = MANY,
	.max_file_calls = MANY,
	.max_bytes = MANY_BYTES,
	.open_uctx = null_open,
	.close_uctx = null_close,
	.info = null_info,
	.classify = null_classify,
	.submit = null_submit,
};

static int null_add(void)
{
	int ret;

	null_device = fwctl_alloc(null_parent, &null_ops, 0);
	if (IS_ERR(null_device))
		return PTR_ERR(null_device);
	ret = fwctl_register(null_device);
	if (ret)
		fwctl_put(null_device);
	return ret;
}

static int __init null_init(void)
{
	int ret;

	null_parent = root_device_register("fwctl_null");
	if (IS_ERR(null_parent))
		return PTR_ERR(null_parent);
	ret = null_add();
	if (ret)
		root_device_unregister(null_parent);
	return ret;
}
module_init(null_init);

static void __exit null_exit(void)
{
	fwctl_unregister(null_device);
	fwctl_put(null_device);
	root_device_unregister(null_parent);
}
module_exit(null_exit);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("fwctl for nothing, for measuring the core");
MODULE_LICENSE("GPL");
