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
#define MLX5_FWCTL_HEADER_LEN 64

enum fwctl_class mlx5_fwctl_classify(struct fwctl_device *fdev,
				     struct fwctl_request *req);

#endif /* _MLX5_FWCTL_POLICY_H */
