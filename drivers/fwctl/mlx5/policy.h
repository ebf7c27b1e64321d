/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver asks its policy, and how much of a request that has to see.
 */
#ifndef _MLX5_FWCTL_POLICY_H
#define _MLX5_FWCTL_POLICY_H

#include <linux/fwctl.h>

/* A command's own header, and the shortest command there is, bytes */
#define MLX5_FWCTL_MIN_LEN 16

/* The furthest field that decides about a request ends here, bytes */
#define MLX5_FWCTL_HEADER_LEN 64

enum fwctl_class mlx5_fwctl_classify(struct fwctl_device *fdev,
				     struct fwctl_request *req);

#endif /* _MLX5_FWCTL_POLICY_H */
