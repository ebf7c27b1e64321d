/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy: the class of a command.
 */
#ifndef _MLX5_FWCTL_POLICY_H
#define _MLX5_FWCTL_POLICY_H

#include <linux/fwctl.h>

/*
 * Length of the part of a command that the policy gets to see: all fields that can decide
 * about a request end there.
 */
#define MLX5_FWCTL_HEADER_LEN 128

/* Instead of a component's number, which has 16 bits: none is known. */
#define MLX5_FWCTL_NO_COMPONENT U32_MAX

/* Instead of the handle of an update, which has 24 bits: the file has none. */
#define MLX5_FWCTL_NO_UPDATE U32_MAX

/**
 * struct mlx5_fwctl_sender - the sender of a command: a file of a function's
 * @whole_card: the function is a PF, of the host or of the card's own processor; else a VF
 * @vhca_id: the function's VHCA ID
 * @boot_image: number of the component that is the device's own firmware image, or
 *	MLX5_FWCTL_NO_COMPONENT
 * @update_handle: handle of the firmware update that the file has locked, or
 *	MLX5_FWCTL_NO_UPDATE
 */
struct mlx5_fwctl_sender {
	bool whole_card;
	u16 vhca_id;
	u32 boot_image;
	u32 update_handle;
};

enum fwctl_class mlx5_fwctl_class(const struct mlx5_fwctl_sender *function,
				  struct fwctl_request *req);

#endif /* _MLX5_FWCTL_POLICY_H */
