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

/**
 * struct mlx5_fwctl_function - the sender of commands
 * @whole_card: it is a PF, of the host or of the card's own processor; else a VF
 * @vhca_id: its VHCA ID
 * @boot_image: number of the component that is the device's own firmware image, or
 *	MLX5_FWCTL_NO_COMPONENT, until the firmware has told it. The others are constant
 *	while it has a node.
 */
struct mlx5_fwctl_function {
	bool whole_card;
	u16 vhca_id;
	u32 boot_image;
};

enum fwctl_class mlx5_fwctl_class(const struct mlx5_fwctl_function *function,
				  struct fwctl_request *req);

#endif /* _MLX5_FWCTL_POLICY_H */
