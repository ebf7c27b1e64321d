/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The user-space interface of fwctl: the ioctls of /dev/fwctl/fwctlN.
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
 * EUSERS     From open(): the device is open as often as it can be. An eighth of its
 *            files is for callers with CAP_SYS_ADMIN.
 * EINTR      A fatal signal ended the wait; also of open().
 * ========== ==================================================================
 */
enum {
	FWCTL_CMD_INFO = 0,
	FWCTL_CMD_RPC = 1,
	FWCTL_CMD_QUERY = 0x40,
	FWCTL_CMD_RESTRICT = 0x41,
};

/**
 * enum fwctl_device_type - the language of the firmware behind a device
 * @FWCTL_DEVICE_TYPE_ERROR: never reported
 * @FWCTL_DEVICE_TYPE_MLX5: NVIDIA ConnectX and BlueField, see fwctl/mlx5.h
 * @FWCTL_DEVICE_TYPE_CXL: CXL mailbox
 * @FWCTL_DEVICE_TYPE_BNXT: Broadcom NetXtreme
 * @FWCTL_DEVICE_TYPE_PDS: AMD Pensando
 * @FWCTL_DEVICE_TYPE_SIM: no firmware but a driver for tests, see fwctl/sim.h
 *
 * Numbers from 0x80000000 on are never assigned here: a driver outside the kernel tree
 * takes one of these.
 */
enum fwctl_device_type {
	FWCTL_DEVICE_TYPE_ERROR = 0,
	FWCTL_DEVICE_TYPE_MLX5 = 1,
	FWCTL_DEVICE_TYPE_CXL = 2,
	FWCTL_DEVICE_TYPE_BNXT = 3,
	FWCTL_DEVICE_TYPE_PDS = 4,
	FWCTL_DEVICE_TYPE_SIM = 0x10000,
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
 * enum fwctl_class - what a request does, as the kernel derives it from its bytes
 * @FWCTL_CLASS_NEVER: names host memory, creates kernel-visible resources,
 *	moves kernel objects, smuggles another command, or is unknown. No label
 *	covers it.
 * @FWCTL_CLASS_CONFIG_READ: reads identity, capability or configuration
 * @FWCTL_CLASS_CONFIG_WRITE: changes configuration; the device stays supported
 * @FWCTL_CLASS_DEBUG_READ: reads debug state that holds no secrets
 * @FWCTL_CLASS_DEBUG_WRITE: invasive, but cannot break the kernel's integrity
 * @FWCTL_CLASS_FULL: everything else that may exist at all
 *
 * Sets of classes are bit masks: bit 1 << class. Bit 0 is never in one.
 *
 * ============ ============= =============== =========== ================
 * class        CONFIGURATION DEBUG_READ_ONLY DEBUG_WRITE DEBUG_WRITE_FULL
 * ============ ============= =============== =========== ================
 * never
 * config-read  yes           yes             yes         yes
 * config-write yes                           yes         yes
 * debug-read                 yes             yes         yes
 * debug-write                                yes, taints yes, taints
 * full                                                   yes, taints
 * ============ ============= =============== =========== ================
 */
enum fwctl_class {
	FWCTL_CLASS_NEVER = 0,
	FWCTL_CLASS_CONFIG_READ = 1,
	FWCTL_CLASS_CONFIG_WRITE = 2,
	FWCTL_CLASS_DEBUG_READ = 3,
	FWCTL_CLASS_DEBUG_WRITE = 4,
	FWCTL_CLASS_FULL = 5,
};

/**
 * enum fwctl_reason - which rule refuses a request
 * @FWCTL_REASON_NONE: none; the request may be sent
 * @FWCTL_REASON_LENGTH: EMSGSIZE: a length is outside of what the device takes
 * @FWCTL_REASON_NEVER: EBADMSG: no label covers what the request does
 * @FWCTL_REASON_LABEL: EBADMSG: its label does not cover what it does
 * @FWCTL_REASON_READ_ONLY: EPERM: it writes, and the file is not open for writing
 * @FWCTL_REASON_RESTRICTED: EPERM: the file was restricted, see FWCTL_RESTRICT
 * @FWCTL_REASON_CAPPED: EPERM: the administrator has taken the class away
 * @FWCTL_REASON_CAPABILITY: EPERM: the label needs CAP_SYS_RAWIO
 * @FWCTL_REASON_LOCKDOWN: EPERM: full access, and the kernel is locked down
 *
 * If several do, the first of this list is reported.
 */
enum fwctl_reason {
	FWCTL_REASON_NONE = 0,
	FWCTL_REASON_LENGTH = 1,
	FWCTL_REASON_NEVER = 2,
	FWCTL_REASON_LABEL = 3,
	FWCTL_REASON_READ_ONLY = 4,
	FWCTL_REASON_RESTRICTED = 5,
	FWCTL_REASON_CAPPED = 6,
	FWCTL_REASON_CAPABILITY = 7,
	FWCTL_REASON_LOCKDOWN = 8,
};

/**
 * struct fwctl_rpc - ioctl(FWCTL_RPC)
 * @size: sizeof(struct fwctl_rpc), at least 32
 * @scope: the label, one of enum fwctl_rpc_scope, else EOPNOTSUPP
 * @in_len: bytes of the request
 * @out_len: in: bytes of room for the answer; out: bytes of the answer
 * @in: pointer to the request, in the firmware's format
 * @out: pointer to memory for the answer, which may be the same as @in. A call that
 *	fails leaves it as it was, except with EFAULT; but bytes that another thread
 *	writes there meanwhile can be lost.
 *
 * Sends one request to the firmware and waits for its answer. A fatal signal
 * ends the wait; the firmware may then still execute the request.
 *
 * Success means that the firmware has executed the request. What it thinks of
 * it, its own status, stands in the answer. An errno means that the firmware
 * did not execute the request, with the exceptions that are marked "sent" below.
 *
 * Further errors:
 *
 * ========== ==================================================================
 * EMSGSIZE   @in_len or @out_len is outside of what the device takes.
 * EBADMSG    The request may not be sent with this label.
 * EPERM      The caller lacks CAP_SYS_RAWIO, or the file is not open for
 *            writing or is restricted, or the administrator has taken the
 *            class away, or the kernel is locked down. The last three also if
 *            they became so before the call was sent.
 * ENOBUFS    Not sent: too many calls wait for the device, or the memory of calls that
 *            wait or are in flight exceeds the limit of the device or of this file. A
 *            share of both is for callers with CAP_SYS_ADMIN.
 * ETIMEDOUT  Sent, but the firmware did not answer in time.
 * EIO        Sent and answered, but the answer makes no sense.
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

/**
 * struct fwctl_query - ioctl(FWCTL_QUERY)
 * @size: sizeof(struct fwctl_query), at least 80
 * @scope: the label, one of enum fwctl_rpc_scope, else EOPNOTSUPP
 * @in_len: bytes of the request
 * @out_len: bytes of room for the answer
 * @in: pointer to the request. As much of it is read as decides about it.
 * @out_class: out: one of enum fwctl_class: what the request does; NEVER if
 *	@out_reason is FWCTL_REASON_LENGTH
 * @out_reason: out: one of enum fwctl_reason: why the request would be refused
 * @out_errno: out: the errno that FWCTL_RPC would refuse it with, or 0
 * @out_classes: out: the set of classes that this file may have at all, by its
 *	mode, by FWCTL_RESTRICT and by the administrator's word
 * @out_min_in: out: least bytes of a request
 * @out_max_in: out: most bytes of a request
 * @out_min_out: out: least bytes of room for an answer
 * @out_max_out: out: most bytes of room for an answer
 * @out_max_files: out: how often the device can be open at once
 * @out_max_calls: out: how many calls the device takes at once; others wait
 * @out_max_file_calls: out: how many of them can be of one file
 * @flags: must be 0, else EOPNOTSUPP
 * @out_max_bytes: out: how many bytes of memory the calls that wait and that are in
 *	flight can take on the device at once, half of them on one file. Requests, room
 *	for answers and the kernel's own structs count.
 *
 * Tells whether the caller could send a request now, without sending it, and
 * what the limits are. The answer is the one that FWCTL_RPC would come to with
 * the same label, lengths and bytes. It is neither logged nor traced nor audited by fwctl;
 * if the answer depends on lockdown, the lockdown LSM logs its notice. A program that
 * only wants the limits sets @in_len to 0.
 *
 * Return: 0, or -1 with errno set to one of the common errors.
 */
struct fwctl_query {
	__u32 size;
	__u32 scope;
	__u32 in_len;
	__u32 out_len;
	__aligned_u64 in;
	__u32 out_class;
	__u32 out_reason;
	__u32 out_errno;
	__u32 out_classes;
	__u32 out_min_in;
	__u32 out_max_in;
	__u32 out_min_out;
	__u32 out_max_out;
	__u32 out_max_files;
	__u32 out_max_calls;
	__u32 out_max_file_calls;
	__u32 flags;
	__aligned_u64 out_max_bytes;
};

#define FWCTL_QUERY _IO(FWCTL_TYPE, FWCTL_CMD_QUERY)

/**
 * struct fwctl_restrict - ioctl(FWCTL_RESTRICT)
 * @size: sizeof(struct fwctl_restrict), at least 16
 * @flags: must be 0, else EOPNOTSUPP
 * @classes: set of classes that the file may have from now on; a bit that is no
 *	class is EOPNOTSUPP
 * @out_classes: out: the set that is left: @classes and all earlier ones
 *
 * Takes classes away from the open file, for good and for everybody who shares
 * it, so that a manager can hand it to a less trusted helper. A class that is
 * not in the set cannot come back. Calls that the device has go on; calls that are not
 * sent yet are refused when they would be.
 *
 * The open file is restricted, not the process: a helper that can open the node, by its
 * name or as /proc/self/fd/N, gets a file that is not restricted. It has to run as a user,
 * or in a mount and PID namespace, for which the node cannot be opened.
 *
 * Return: 0, or -1 with errno set to one of the common errors. With EFAULT the file may be
 * restricted.
 */
struct fwctl_restrict {
	__u32 size;
	__u32 flags;
	__u32 classes;
	__u32 out_classes;
};

#define FWCTL_RESTRICT _IO(FWCTL_TYPE, FWCTL_CMD_RESTRICT)

/**
 * DOC: Commands of io_uring
 *
 * FWCTL_RPC is also a command of io_uring, so that one thread can have many calls in
 * flight. The SQE, on a ring with IORING_SETUP_SQE128, has the opcode
 * IORING_OP_URING_CMD, the file, FWCTL_RPC as its cmd_op and a struct fwctl_rpc in its
 * command area. Any user_data will do; uring_cmd_flags must be 0.
 *
 * The result in the CQE is the length of the answer in bytes, or the negative of an
 * errno that struct fwctl_rpc documents. The memory at @in and @out belongs to the
 * call until its CQE.
 *
 * Rules, limits and order are those of the ioctl. A call that has to wait for the device
 * does not block the submission, nor later SQEs; the answers come in the order in
 * which the firmware gives them. Requests and answers of more than 4096 bytes, and
 * requests that are audited, are issued by a worker of io_uring: only SQEs that are
 * linked keep their order then.
 *
 * A call is canceled when its ring is closed, which is when the last process that has it
 * exits at the latest, or when the thread that has submitted it calls execve(). One that
 * waits for the device is never sent. One that the device has goes on; its memory and its
 * slot are taken until the firmware has answered, and the answer is dropped. The exit of
 * the thread alone, while the ring stays open, cancels nothing: its calls are sent, and
 * their answers are dropped.
 * IORING_OP_ASYNC_CANCEL and linked timeouts do not find commands of this kind. A file that
 * is closed while it has calls under way stays open until they are over.
 *
 * Further errors, beside those of struct fwctl_rpc:
 *
 * ========== ==================================================================
 * ENOTTY     Unknown cmd_op.
 * EINVAL     The ring has no IORING_SETUP_SQE128, or @size is below the least.
 * E2BIG      @size is above what the kernel knows and the rest is not zero, or
 *            @size is above the 80 bytes of the command area.
 * EOPNOTSUPP uring_cmd_flags, such as for registered buffers.
 * ECANCELED  Canceled, or the thread has exited; the firmware may have executed the
 *            request.
 * ENODEV     Also of a call that waited when the device went away.
 * ========== ==================================================================
 */

#endif /* _UAPI_FWCTL_H */
