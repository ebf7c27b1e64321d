// SPDX-License-Identifier: GPL-2.0
/*
 * A minimal driver for fwctl. Its device exists in the kernel only: firmware that has one
 * setting, and answers at once. Documentation/userspace-api/fwctl/drivers.rst goes through
 * it; include/linux/fwctl.h has the contract.
 */
#include <linux/err.h>
#include <linux/fwctl.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#include "fwctl_sample.h"

/* The device: here, its firmware */
struct sample {
	spinlock_t lock; /* of @setting */
	u32 setting;
};

static struct platform_device *sample_pdev;

/* This firmware has no contexts. */
static int sample_open_uctx(struct fwctl_uctx *uctx)
{
	return 0;
}

static void sample_close_uctx(struct fwctl_uctx *uctx)
{
}

static void sample_info(struct fwctl_uctx *uctx, void *data)
{
	struct fwctl_info_sample *info = data;

	info->max = FWCTL_SAMPLE_MAX;
}

/* What is not known is of class never, also a bit that is reserved today. */
static enum fwctl_class sample_classify(struct fwctl_uctx *uctx,
					struct fwctl_request *req)
{
	const struct fwctl_sample_request *header = req->header;

	req->opcode = le32_to_cpu(header->opcode);
	switch (req->opcode) {
	case FWCTL_SAMPLE_GET:
		req->name = "GET";
		return header->value ? FWCTL_CLASS_NEVER :
				       FWCTL_CLASS_CONFIG_READ;
	case FWCTL_SAMPLE_SET:
		req->name = "SET";
		return FWCTL_CLASS_CONFIG_WRITE;
	default:
		return FWCTL_CLASS_NEVER;
	}
}

/* A real device gets the request; its interrupt handler completes the call. */
static void sample_submit(struct fwctl_call *call)
{
	struct sample *sample = fwctl_priv(fwctl_uctx_device(call->uctx));
	const struct fwctl_sample_request *req = call->in;
	struct fwctl_sample_answer *answer = call->out;
	u32 value = le32_to_cpu(req->value);
	bool fits = value <= FWCTL_SAMPLE_MAX;

	scoped_guard(spinlock, &sample->lock) {
		if (le32_to_cpu(req->opcode) == FWCTL_SAMPLE_SET && fits)
			sample->setting = value;
		answer->value = cpu_to_le32(sample->setting);
	}
	/* An error of the firmware is in its answer: the call is a success. */
	answer->status = cpu_to_le32(fits ? FWCTL_SAMPLE_OK : FWCTL_SAMPLE_RANGE);
	fwctl_call_complete(call, 0, sizeof(*answer));
}

static const struct fwctl_ops sample_ops = {
	.driver_name = KBUILD_MODNAME,
	.device_type = (enum fwctl_device_type)FWCTL_DEVICE_TYPE_SAMPLE,
	.info_len = sizeof(struct fwctl_info_sample),
	.header_len = sizeof(struct fwctl_sample_request),
	.min_in = sizeof(struct fwctl_sample_request),
	.max_in = sizeof(struct fwctl_sample_request),
	.min_out = sizeof(struct fwctl_sample_answer),
	.max_out = sizeof(struct fwctl_sample_answer),
	.max_files = 8,
	.max_calls = 2,
	.max_file_calls = 1,
	.max_bytes = 65536,
	.open_uctx = sample_open_uctx,
	.close_uctx = sample_close_uctx,
	.info = sample_info,
	.classify = sample_classify,
	.submit = sample_submit,
};

static int sample_probe(struct platform_device *pdev)
{
	struct fwctl_device *fdev = fwctl_alloc(&pdev->dev, &sample_ops,
						sizeof(struct sample));
	struct sample *sample;
	int ret;

	if (IS_ERR(fdev))
		return PTR_ERR(fdev);
	sample = fwctl_priv(fdev);
	spin_lock_init(&sample->lock);
	platform_set_drvdata(pdev, fdev);

	/* Last: a call can come before this returns. */
	ret = fwctl_register(fdev);
	if (ret)
		fwctl_put(fdev);
	return ret;
}

/* First no call any more, then what calls use. */
static void sample_remove(struct platform_device *pdev)
{
	struct fwctl_device *fdev = platform_get_drvdata(pdev);

	fwctl_unregister(fdev);
	fwctl_put(fdev);
}

static struct platform_driver sample_driver = {
	.remove = sample_remove,
	.driver.name = KBUILD_MODNAME,
};

static int __init sample_init(void)
{
	sample_pdev = platform_create_bundle(&sample_driver, sample_probe,
					     NULL, 0, NULL, 0);
	return PTR_ERR_OR_ZERO(sample_pdev);
}
module_init(sample_init);

static void __exit sample_exit(void)
{
	platform_device_unregister(sample_pdev);
	platform_driver_unregister(&sample_driver);
}
module_exit(sample_exit);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("A minimal driver for fwctl");
MODULE_LICENSE("GPL");
