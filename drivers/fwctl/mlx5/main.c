// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl for NVIDIA ConnectX and BlueField: binds the auxiliary device that mlx5_core
 * makes for a function if its firmware has user contexts (UCTX). Each open file has a
 * context of its own.
 *
 * The firmware identifies a context by its UID and has rules of its own about it; those of
 * the kernel, in policy.c, do not depend on them. A device reload or recovery removes the
 * auxiliary device and with it all contexts, so a UID never outlives the firmware that
 * gave it. System sleep does not always remove it, but restarts the firmware all the same:
 * contexts end before, and so does the node.
 */
#include <linux/auxiliary_bus.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/pm.h>
#include <uapi/fwctl/mlx5.h>

#include "command.h"
#include "policy.h"

static void mlx5_fwctl_info(struct fwctl_uctx *fuctx, void *data)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);
	struct fwctl_info_mlx5 *info = data;

	info->uid = uctx->uid;
	info->uctx_caps = uctx->caps;
}

static enum fwctl_class mlx5_fwctl_classify(struct fwctl_uctx *fuctx,
					    struct fwctl_request *req)
{
	const struct mlx5_fwctl *mfwctl = fwctl_priv(fwctl_uctx_device(fuctx));
	const struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);
	const struct mlx5_fwctl_sender sender = {
		.whole_card = mfwctl->whole_card,
		.vhca_id = mfwctl->vhca_id,
		.boot_image = READ_ONCE(mfwctl->boot_image),
		.update_handle = READ_ONCE(uctx->update_handle),
	};

	return mlx5_fwctl_class(&sender, req);
}

static const struct fwctl_ops mlx5_fwctl_ops = {
	.driver_name = KBUILD_MODNAME,
	.device_type = FWCTL_DEVICE_TYPE_MLX5,
	.uctx_size = sizeof(struct mlx5_fwctl_uctx),
	.call_size = sizeof(struct mlx5_fwctl_command),
	.info_len = sizeof(struct fwctl_info_mlx5),
	.header_len = MLX5_FWCTL_HEADER_LEN,
	.min_in = MLX5_FWCTL_MIN_LEN,
	.max_in = FWCTL_MAX_RPC_LEN,
	.min_out = MLX5_FWCTL_MIN_LEN,
	.max_out = FWCTL_MAX_RPC_LEN,
	.max_files = MLX5_FWCTL_MAX_FILES,
	.max_calls = MLX5_FWCTL_MAX_COMMANDS,
	.max_file_calls = MLX5_FWCTL_MAX_FILE_COMMANDS,
	.max_bytes = MLX5_FWCTL_MAX_BYTES,
	.open_uctx = mlx5_fwctl_open_uctx,
	.close_uctx = mlx5_fwctl_close_uctx,
	.info = mlx5_fwctl_info,
	.classify = mlx5_fwctl_classify,
	.submit = mlx5_fwctl_submit,
};

static struct mlx5_core_dev *mlx5_fwctl_mdev(struct auxiliary_device *adev)
{
	return container_of(adev, struct mlx5_adev, adev)->mdev;
}

/* Make the node. With the device lock held. */
static int mlx5_fwctl_start(struct auxiliary_device *adev)
{
	struct mlx5_core_dev *mdev = mlx5_fwctl_mdev(adev);
	struct fwctl_device *fdev;
	struct mlx5_fwctl *mfwctl;
	int ret;

	fdev = fwctl_alloc(mdev->device, &mlx5_fwctl_ops, sizeof(*mfwctl));
	if (IS_ERR(fdev))
		return PTR_ERR(fdev);

	mfwctl = fwctl_priv(fdev);
	ret = mlx5_fwctl_init(mfwctl, mdev, fwctl_name(fdev));
	if (ret)
		goto err_put;

	ret = fwctl_register(fdev);
	if (ret)
		goto err_cleanup;
	auxiliary_set_drvdata(adev, fdev);
	return 0;

err_cleanup:
	mlx5_fwctl_cleanup(mfwctl);
err_put:
	fwctl_put(fdev);
	return ret;
}

/* Take the node away and end all contexts. With the device lock held. */
static void mlx5_fwctl_stop(struct auxiliary_device *adev)
{
	struct fwctl_device *fdev = auxiliary_get_drvdata(adev);
	struct mlx5_fwctl *mfwctl;

	/* The system sleeps, or there was no memory for it when it woke up. */
	if (!fdev)
		return;
	auxiliary_set_drvdata(adev, NULL);
	mfwctl = fwctl_priv(fdev);
	WRITE_ONCE(mfwctl->leaving, true);
	fwctl_unregister(fdev);
	mlx5_fwctl_cleanup(mfwctl);
	fwctl_put(fdev);
}

#ifdef MODULE
/*
 * An mlx5_core from outside the kernel's tree may have structs other than those of the
 * headers that this was built with, and the module loader checks that only with
 * CONFIG_MODVERSIONS. The parent keeps its driver as long as it has this device.
 */
static bool mlx5_fwctl_core_fits(struct auxiliary_device *adev)
{
	const struct module *core = adev->dev.parent->driver->owner;

	return !core || !test_bit(TAINT_OOT_MODULE, &core->taints);
}
#else
/* Not a module, nor is mlx5_core then. */
static bool mlx5_fwctl_core_fits(struct auxiliary_device *adev)
{
	return true;
}
#endif

static int mlx5_fwctl_probe(struct auxiliary_device *adev,
			    const struct auxiliary_device_id *id)
{
	u32 caps;

	if (!mlx5_fwctl_core_fits(adev)) {
		dev_warn(&adev->dev, "mlx5_core is not this kernel's own, so there is no node\n");
		return -ENODEV;
	}

	caps = MLX5_CAP_GEN(mlx5_fwctl_mdev(adev), uctx_cap);
	/* The driver core logs other errnos, here for each function at each reload. */
	if (!(caps & MLX5_UCTX_CAP_TOOLS_RESOURCES))
		return -ENODEV;
	return mlx5_fwctl_start(adev);
}

static int mlx5_fwctl_suspend(struct device *dev)
{
	mlx5_fwctl_stop(to_auxiliary_dev(dev));
	return 0;
}

static int mlx5_fwctl_resume(struct device *dev)
{
	return mlx5_fwctl_start(to_auxiliary_dev(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(mlx5_fwctl_pm, mlx5_fwctl_suspend,
				mlx5_fwctl_resume);

static const struct auxiliary_device_id mlx5_fwctl_ids[] = {
	{ .name = "mlx5_core.fwctl" },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, mlx5_fwctl_ids);

static struct auxiliary_driver mlx5_fwctl_driver = {
	.probe = mlx5_fwctl_probe,
	.remove = mlx5_fwctl_stop,
	.id_table = mlx5_fwctl_ids,
	.driver.pm = pm_sleep_ptr(&mlx5_fwctl_pm),
};
module_auxiliary_driver(mlx5_fwctl_driver);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("fwctl for NVIDIA ConnectX and BlueField");
MODULE_LICENSE("GPL");
