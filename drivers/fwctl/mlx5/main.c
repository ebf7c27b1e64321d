// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl for NVIDIA ConnectX and BlueField: binds the auxiliary device that mlx5_core
 * makes for a function if its firmware has user contexts (UCTX). Each open file has a
 * context of its own.
 *
 * The firmware identifies a context by its UID and has rules of its own about it; those of
 * the kernel, in policy.c, do not depend on them. A device reload or recovery removes the
 * auxiliary device and with it all contexts, so a UID never outlives the firmware that
 * gave it.
 */
#include <linux/auxiliary_bus.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/module.h>
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

static int mlx5_fwctl_probe(struct auxiliary_device *adev,
			    const struct auxiliary_device_id *id)
{
	struct mlx5_core_dev *mdev =
		container_of(adev, struct mlx5_adev, adev)->mdev;
	struct fwctl_device *fdev;
	struct mlx5_fwctl *mfwctl;
	int ret;

	/* The driver core logs other errnos, here for each function at each reload. */
	if (!(MLX5_CAP_GEN(mdev, uctx_cap) & MLX5_UCTX_CAP_TOOLS_RESOURCES))
		return -ENODEV;

	fdev = fwctl_alloc(mdev->device, &mlx5_fwctl_ops, sizeof(*mfwctl));
	if (IS_ERR(fdev))
		return PTR_ERR(fdev);
	auxiliary_set_drvdata(adev, fdev);

	mfwctl = fwctl_priv(fdev);
	ret = mlx5_fwctl_init(mfwctl, mdev, fwctl_name(fdev));
	if (ret)
		goto err_put;

	ret = fwctl_register(fdev);
	if (ret)
		goto err_cleanup;
	return 0;

err_cleanup:
	mlx5_fwctl_cleanup(mfwctl);
err_put:
	fwctl_put(fdev);
	return ret;
}

static void mlx5_fwctl_remove(struct auxiliary_device *adev)
{
	struct fwctl_device *fdev = auxiliary_get_drvdata(adev);
	struct mlx5_fwctl *mfwctl = fwctl_priv(fdev);

	WRITE_ONCE(mfwctl->leaving, true);
	fwctl_unregister(fdev);
	mlx5_fwctl_cleanup(mfwctl);
	fwctl_put(fdev);
}

static const struct auxiliary_device_id mlx5_fwctl_ids[] = {
	{ .name = "mlx5_core.fwctl" },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, mlx5_fwctl_ids);

static struct auxiliary_driver mlx5_fwctl_driver = {
	.probe = mlx5_fwctl_probe,
	.remove = mlx5_fwctl_remove,
	.id_table = mlx5_fwctl_ids,
};
module_auxiliary_driver(mlx5_fwctl_driver);

MODULE_IMPORT_NS(FWCTL);
MODULE_DESCRIPTION("fwctl for NVIDIA ConnectX and BlueField");
MODULE_LICENSE("GPL");
