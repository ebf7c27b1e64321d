// SPDX-License-Identifier: GPL-2.0
/*
 * Stands for another vendor's mlx5_core: it exports what mlx5_fwctl uses, with another struct
 * mlx5_core_dev, and makes the auxiliary device that mlx5_fwctl binds.
 */
#include <linux/auxiliary_bus.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

struct mlx5_core_dev {
	int other;
};

int mlx5_cmd_do(struct mlx5_core_dev *mdev)
{
	return mdev->other;
}
EXPORT_SYMBOL(mlx5_cmd_do);

int mlx5_cmd_exec_cb(struct mlx5_core_dev *mdev)
{
	return mdev->other;
}
EXPORT_SYMBOL(mlx5_cmd_exec_cb);

int mlx5_cmd_init_async_ctx(struct mlx5_core_dev *mdev)
{
	return mdev->other;
}
EXPORT_SYMBOL(mlx5_cmd_init_async_ctx);

int mlx5_cmd_cleanup_async_ctx(struct mlx5_core_dev *mdev)
{
	return mdev->other;
}
EXPORT_SYMBOL(mlx5_cmd_cleanup_async_ctx);

static void ofed_release(struct device *dev)
{
	kfree(to_auxiliary_dev(dev));
}

static int ofed_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct auxiliary_device *adev;
	int ret;

	adev = kzalloc(sizeof(*adev), GFP_KERNEL);
	if (!adev)
		return -ENOMEM;
	adev->name = "fwctl";
	adev->dev.parent = &pdev->dev;
	adev->dev.release = ofed_release;
	ret = auxiliary_device_init(adev);
	if (ret) {
		kfree(adev);
		return ret;
	}
	ret = auxiliary_device_add(adev);
	if (ret) {
		auxiliary_device_uninit(adev);
		return ret;
	}
	pci_set_drvdata(pdev, adev);
	return 0;
}

static void ofed_remove(struct pci_dev *pdev)
{
	struct auxiliary_device *adev = pci_get_drvdata(pdev);

	auxiliary_device_delete(adev);
	auxiliary_device_uninit(adev);
}

static const struct pci_device_id ofed_ids[] = {
	{ PCI_VDEVICE(MELLANOX, PCI_ANY_ID) },
	{}
};

static struct pci_driver ofed_driver = {
	.name = "mlx5_core",
	.id_table = ofed_ids,
	.probe = ofed_probe,
	.remove = ofed_remove,
};
module_pci_driver(ofed_driver);

MODULE_DESCRIPTION("stands for another vendor's mlx5_core");
MODULE_LICENSE("GPL");
