// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl for NVIDIA ConnectX and BlueField: binds the auxiliary device that
 * mlx5_core makes for a function whose firmware has user contexts, and gives
 * each open file a context (UCTX) of its own.
 *
 * The firmware knows a context by its UID and applies rules of its own to it. The
 * kernel's rules, which do not depend on that, are in policy.c. A device reload
 * or recovery takes the auxiliary device away, and with it every file's context,
 * so a UID never outlives the firmware that gave it.
 */
#include <linux/auxiliary_bus.h>
#include <linux/mlx5/device.h>
#include <linux/mlx5/driver.h>
#include <linux/module.h>
#include <uapi/fwctl/mlx5.h>

#include "command.h"
#include "policy.h"

/* PRM, uctx.cap: the context may use what tools use. Not in mlx5_ifc.h. */
#define MLX5_UCTX_CAP_TOOLS_RESOURCES BIT(2)

/**
 * struct mlx5_fwctl_uctx - a file's context in the firmware
 * @open: opens it, on mlx5_fwctl.wq
 * @uctx: the core's side of it
 * @uid: its UID, never 0, which is the kernel's
 * @caps: its capabilities
 */
struct mlx5_fwctl_uctx {
	struct work_struct open;
	struct fwctl_uctx *uctx;
	u16 uid;
	u32 caps;
};

static struct mlx5_fwctl *mlx5_fwctl_of(struct fwctl_uctx *uctx)
{
	return fwctl_priv(fwctl_uctx_device(uctx));
}

static void mlx5_fwctl_open_work(struct work_struct *work)
{
	struct mlx5_fwctl_uctx *uctx =
		container_of(work, struct mlx5_fwctl_uctx, open);
	struct fwctl_uctx *fuctx = uctx->uctx;

	uctx->caps = MLX5_UCTX_CAP_TOOLS_RESOURCES;
	fwctl_uctx_opened(fuctx,
			  mlx5_fwctl_create_uctx(mlx5_fwctl_of(fuctx),
						 uctx->caps, &uctx->uid));
}

/* mlx5_core's wait for the firmware cannot be killed; the core's can. */
static int mlx5_fwctl_open_uctx(struct fwctl_uctx *fuctx)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);

	uctx->uctx = fuctx;
	INIT_WORK(&uctx->open, mlx5_fwctl_open_work);
	queue_work(mlx5_fwctl_of(fuctx)->wq, &uctx->open);
	return -EINPROGRESS;
}

static void mlx5_fwctl_close_uctx(struct fwctl_uctx *fuctx)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);

	mlx5_fwctl_destroy_uctx(mlx5_fwctl_of(fuctx), uctx->uid);
}

static void mlx5_fwctl_info(struct fwctl_uctx *fuctx, void *data)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(fuctx);
	struct fwctl_info_mlx5 *info = data;

	info->uid = uctx->uid;
	info->uctx_caps = uctx->caps;
}

static void mlx5_fwctl_submit(struct fwctl_call *call)
{
	struct mlx5_fwctl_uctx *uctx = fwctl_uctx_priv(call->uctx);

	mlx5_fwctl_command(mlx5_fwctl_of(call->uctx), call, uctx->uid);
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

	if (!(MLX5_CAP_GEN(mdev, uctx_cap) & MLX5_UCTX_CAP_TOOLS_RESOURCES)) {
		dev_info(mdev->device,
			 "fwctl: the firmware has no contexts for tools\n");
		return -EOPNOTSUPP;
	}

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
