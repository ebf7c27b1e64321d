/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The user-space interface of fwctl: two ioctls on /dev/fwctl/fwctlN.
 *
 * Every struct begins with its own size, so that it can grow: user space sets
 * it to the size that it was compiled with, an older kernel refuses a longer
 * struct only if the part it does not know is in use (E2BIG), a newer kernel
 * takes a shorter one as if the missing part were zero. The size is therefore
 * not encoded in the ioctl number.
 *
 * All integers are in the byte order of the CPU. What an RPC carries is the
 * firmware's own format and is described by the driver's header.
 */
#ifndef _UAPI_FWCTL_H
#define _UAPI_FWCTL_H

#include <linux/types.h>
#include <linux/ioctl.h>

#define FWCTL_TYPE 0x9A

/**
 * DOC: Errors common to all fwctl ioctls
 *
 * ========== ==================================================================
 * ENOTTY     Unknown ioctl number, or a known one with size or direction bits.
 * EINVAL     @size is below the least size of the struct.
 * E2BIG      @size is above what the kernel knows and the rest is not zero, or
 *            @size is above one page.
 * EOPNOTSUPP A known field holds a value that the kernel does not know.
 * EFAULT     A pointer does not lead to memory of the caller.
 * ENOMEM     Not enough memory.
 * ENODEV     The device or its driver is gone. The file stays open, and every
 *            later call on it says so.
 * ========== ==================================================================
 */
enum {
	FWCTL_CMD_INFO = 0,
	FWCTL_CMD_RPC = 1,
	/* 2 and 3 are in use by an out-of-tree extension: leave them free */
};

/**
 * enum fwctl_device_type - what the firmware behind a device speaks
 * @FWCTL_DEVICE_TYPE_ERROR: never reported
 * @FWCTL_DEVICE_TYPE_MLX5: NVIDIA ConnectX and BlueField, see fwctl/mlx5.h
 * @FWCTL_DEVICE_TYPE_CXL: CXL mailbox
 * @FWCTL_DEVICE_TYPE_BNXT: Broadcom NetXtreme
 * @FWCTL_DEVICE_TYPE_PDS: AMD Pensando
 */
enum fwctl_device_type {
	FWCTL_DEVICE_TYPE_ERROR = 0,
	FWCTL_DEVICE_TYPE_MLX5 = 1,
	FWCTL_DEVICE_TYPE_CXL = 2,
	FWCTL_DEVICE_TYPE_BNXT = 3,
	FWCTL_DEVICE_TYPE_PDS = 4,
};

/**
 * struct fwctl_info - ioctl(FWCTL_INFO)
 * @size: sizeof(struct fwctl_info), at least 24
 * @flags: must be 0, else EOPNOTSUPP
 * @out_device_type: out: one of enum fwctl_device_type
 * @device_data_len: in: bytes of room at @out_device_data; out: the length in
 *	bytes of the kernel's device data, which may be larger or smaller
 * @out_device_data: pointer to memory for the device data, a struct that
 *	belongs to the device type. The whole room is written: what the kernel
 *	does not fill is zero. Ignored when @device_data_len is 0.
 *
 * Tells what kind of firmware stands behind the file, and as which context it
 * knows this file.
 *
 * Return: 0, or -1 with errno set to one of the common errors.
 */
struct fwctl_info {
	__u32 size;
	__u32 flags;
	__u32 out_device_type;
	__u32 device_data_len;
	__aligned_u64 out_device_data;
};

#define FWCTL_INFO _IO(FWCTL_TYPE, FWCTL_CMD_INFO)

/**
 * enum fwctl_rpc_scope - the label of a request: what it may do at most
 * @FWCTL_RPC_CONFIGURATION: read and write configuration. The device stays
 *	supported.
 * @FWCTL_RPC_DEBUG_READ_ONLY: read configuration and debug state
 * @FWCTL_RPC_DEBUG_WRITE: write debug state too; a request that does taints
 *	the kernel
 * @FWCTL_RPC_DEBUG_WRITE_FULL: everything that may exist at all. Needs
 *	CAP_SYS_RAWIO; a request that makes use of it taints the kernel and is
 *	refused under lockdown.
 *
 * The kernel derives from the bytes of a request what it does (its class) and
 * sends it only if the label covers that class. Taint and lockdown follow the
 * class, not the label: a read with the label DEBUG_WRITE_FULL is just a read.
 */
enum fwctl_rpc_scope {
	FWCTL_RPC_CONFIGURATION = 0,
	FWCTL_RPC_DEBUG_READ_ONLY = 1,
	FWCTL_RPC_DEBUG_WRITE = 2,
	FWCTL_RPC_DEBUG_WRITE_FULL = 3,
};

/**
 * struct fwctl_rpc - ioctl(FWCTL_RPC)
 * @size: sizeof(struct fwctl_rpc), at least 32
 * @scope: the label, one of enum fwctl_rpc_scope, else EOPNOTSUPP
 * @in_len: bytes of the request
 * @out_len: in: bytes of room for the answer; out: bytes of the answer
 * @in: pointer to the request, in the firmware's format
 * @out: pointer to memory for the answer, which may be the same as @in. What it
 *	holds after a failed call is undefined.
 *
 * Sends one request to the firmware and waits for its answer. A fatal signal
 * ends the wait; the firmware may then still execute the request.
 *
 * Success means that the firmware has executed the request. What it thinks of
 * it, its own status, stands in the answer. An errno means that the firmware
 * did not execute the request, with two exceptions that are marked below.
 *
 * Further errors:
 *
 * ========== ==================================================================
 * EMSGSIZE   @in_len or @out_len is outside of what the device takes.
 * EBADMSG    The request may not be sent with this label.
 * EPERM      The caller lacks CAP_SYS_RAWIO, or the file is not open for
 *            writing, or the kernel is locked down.
 * ETIMEDOUT  Sent, but the firmware did not answer in time.
 * EFAULT     Also, sent and answered: the memory at @out became unwritable
 *            after the kernel had checked it.
 * ========== ==================================================================
 *
 * Return: 0, or -1 with errno set.
 */
struct fwctl_rpc {
	__u32 size;
	__u32 scope;
	__u32 in_len;
	__u32 out_len;
	__aligned_u64 in;
	__aligned_u64 out;
};

#define FWCTL_RPC _IO(FWCTL_TYPE, FWCTL_CMD_RPC)

#endif /* _UAPI_FWCTL_H */
