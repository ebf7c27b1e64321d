// SPDX-License-Identifier: GPL-2.0
/*
 * A null device below mainline's core, as cheap as the driver contract allows: the request
 * buffer is returned as the answer. It is compiled against mainline's header and written
 * from the documented contract alone.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fwctl.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../null.h"

/* A device, and below it the context of an open file */
struct null_device {
	struct fwctl_device fwctl;
};

struct null_uctx {
	struct fwctl_uctx uctx;
	u64 data;
};

static struct device *null_parent;
static struct null_device *null_device;

static int null_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static void null_close(struct fwctl_uctx *uctx)
{
}

static void *null_info(struct fwctl_uctx *uctx, size_t *length)
{
	*length = sizeof(u64);
	return kzalloc(sizeof(u64), GFP_KERNEL);
}

static void *null_rpc(struct fwctl_uctx *uctx, enum fwctl_rpc_scope scope,
		      void *in, size_t in_len, size_t *out_len)
{
	unsigned int us = READ_ONCE(latency_us);

	if (*(u8 *)in == NULL_REFUSED)
		return ERR_PTR(-EBADMSG);
	if (us)
		usleep_range(us, us);
	if (*out_len > in_len)
		*out_len = in_len;
	return in;
}

static const struct fwctl_ops null_ops = {
	.device_type = FWCTL_DEVICE_TYPE_MLX5,
	.uctx_size = sizeof(struct null_uctx),
	.open_uctx = null_open,
	.close_uctx = null_close,
	.info = null_info,
	.fw_rpc = null_rpc,
};

static int null_add(void)
{
	int ret;

	null_device = fwctl_alloc_device(null_parent, &null_ops,
					 struct null_device, fwctl);
	if (!null_device)
		return -ENOMEM;
	ret = fwctl_register(&null_device->fwctl);
	if (ret)
		fwctl_put(&null_device->fwctl);
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
	fwctl_unregister(&null_device->fwctl);
	fwctl_put(&null_device->fwctl);
	root_device_unregister(null_parent);
}
module_exit(null_exit);

MODULE_IMPORT_NS("FWCTL");
MODULE_DESCRIPTION("fwctl for nothing, for measuring the core");
MODULE_LICENSE("GPL");
