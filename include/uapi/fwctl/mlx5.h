/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What fwctl's ioctls carry for an NVIDIA ConnectX or BlueField.
 *
 * An RPC is one command of the firmware's command interface, as the PRM
 * describes it, without mailboxes: the linear input in fwctl_rpc.in and the
 * linear output in fwctl_rpc.out, 16 bytes to 2 MiB each, all big-endian.
 *
 *   ======  =====  ==============================================
 *   offset  bytes  input
 *   ======  =====  ==============================================
 *   0       2      opcode
 *   2       2      UID; the kernel overwrites it with the file's own
 *   6       2      op_mod
 *   ======  =====  ==============================================
 *
 *   ======  =====  ==============================================
 *   offset  bytes  output
 *   ======  =====  ==============================================
 *   0       1      status, 0 for success
 *   4       4      syndrome
 *   ======  =====  ==============================================
 */
#ifndef _UAPI_FWCTL_MLX5_H
#define _UAPI_FWCTL_MLX5_H

#include <linux/types.h>

/**
 * struct fwctl_info_mlx5 - device data of ioctl(FWCTL_INFO), 8 bytes
 * @uid: the UID of the user context (UCTX) that the firmware gave this file;
 *	every command of the file carries it
 * @uctx_caps: the capabilities of that context, bits of the PRM's
 *	uctx.cap; bit 2 is TOOLS_RESOURCES
 */
struct fwctl_info_mlx5 {
	__u32 uid;
	__u32 uctx_caps;
};

#endif /* _UAPI_FWCTL_MLX5_H */
