/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fwctl for drivers: the functions that the driver of a device with firmware implements,
 * so that user space can send the firmware RPCs through /dev/fwctl/fwctlN.
 *
 * A driver states constants, classifies a request from its bytes and delivers it. The
 * rules of admission, memory, waiting, limits and lifetime are the core's.
 *
 * The life of a call::
 *
 *	core: decode -> driver: classify() -> core: admit -> core: wait for a slot
 *	  -> driver: submit() ... driver: fwctl_call_complete() -> core: answer
 *
 * The life of a device::
 *
 *	probe:  fwctl_alloc(), fwctl_register() last, as calls can come at once
 *	remove: fwctl_unregister() first, then the driver's own work items and interrupt
 *	        handlers that call fwctl_call_complete() or fwctl_uctx_opened() are flushed,
 *	        then fwctl_put()
 *
 * All exported symbols are in the namespace FWCTL: MODULE_IMPORT_NS(FWCTL). All functions
 * and constants of struct fwctl_ops are mandatory, except sizes and lengths that are 0. A
 * driver outside the kernel tree takes a device_type from 0x80000000 on.
 */
#ifndef _LINUX_FWCTL_H
#define _LINUX_FWCTL_H

#include <linux/types.h>
#include <uapi/fwctl/fwctl.h>

struct device;
struct fwctl_device;
struct fwctl_uctx;

/* Bytes of a request that a classify() can see at most */
#define FWCTL_MAX_HEADER 128

/* Bytes of FWCTL_INFO's device data at most */
#define FWCTL_MAX_INFO 128

/* Bytes of the name of an opcode that are kept, with the final 0 */
#define FWCTL_NAME_LEN 32

/* Bytes that fwctl transfers in one direction at most */
#define FWCTL_MAX_RPC_LEN (2U << 20)

/**
 * struct fwctl_request - a request, as classify() sees it and names it
 * @header: the first bytes of the request
 * @header_len: bytes at @header: the smaller of @in_len and fwctl_ops.header_len
 * @in_len: bytes of the whole request
 * @out_len: bytes of room for the answer
 * @opcode: set by classify(): the driver's number for the request
 * @name: set by classify(): a string constant, or NULL. Traces, audit records and messages
 *	show its first FWCTL_NAME_LEN - 1 characters.
 */
struct fwctl_request {
	const void *header;
	size_t header_len;
	size_t in_len;
	size_t out_len;
	u32 opcode;
	const char *name;
};

/**
 * struct fwctl_call - one admitted request on its way
 * @uctx: the context that sends it. It stays open until the call completes.
 * @in: the request. The driver may write to it.
 * @in_len: bytes of the request
 * @out: buffer for the answer, zeroed. It overlaps no other buffer.
 * @out_len: bytes of room at @out
 *
 * The core owns the struct and both buffers (kvmalloc memory, not for DMA). The driver may
 * access them from submit() until it calls fwctl_call_complete(), whether or not the
 * caller is still there.
 */
struct fwctl_call {
	struct fwctl_uctx *uctx;
	void *in;
	size_t in_len;
	void *out;
	size_t out_len;
};

/**
 * struct fwctl_ops - a driver's constants and functions
 * @driver_name: the driver, as sysfs and uevents show it; KBUILD_MODNAME
 * @device_type: the language of the firmware, not 0
 * @uctx_size: bytes of the driver's own data in each context, at most 64 KiB
 * @call_size: bytes of the driver's own data in each call, at most 64 KiB
 * @info_len: bytes that @info writes, at most FWCTL_MAX_INFO
 * @header_len: bytes that @classify needs to see at most, at most FWCTL_MAX_HEADER
 * @min_in: least bytes of a request
 * @max_in: most bytes of a request, at most FWCTL_MAX_RPC_LEN
 * @min_out: least bytes of room for an answer
 * @max_out: most bytes of room for an answer, at most FWCTL_MAX_RPC_LEN
 * @max_files: most contexts at once, at least 1. An eighth of all but one of them, rounded
 *	up, is for callers with CAP_SYS_ADMIN.
 * @max_calls: most calls that the device has at once, at least 1. Callers submit their
 *	calls themselves while less than half of these are in use; the rest, and so all
 *	calls of a device that takes one, are submitted by a workqueue.
 * @max_file_calls: most of them of one context, 1 to @max_calls
 * @max_bytes: most bytes of memory of all calls that wait or are in flight. Half of it is
 *	for one context, and must hold the longest call; one longest call of it is for
 *	callers with CAP_SYS_ADMIN. Requests, room for answers and the core's structs count.
 * @open_uctx: opens a context in the firmware for a newly opened file. Process
 *	context, may sleep, must not wait for the firmware. Return: 0, a negative
 *	errno, or -EINPROGRESS if fwctl_uctx_opened() will follow, exactly once.
 * @close_uctx: closes it. Called once for each successful @open_uctx, when no
 *	call of the context is in the driver any more. Process context, may
 *	sleep and wait for the firmware.
 * @info: writes @info_len bytes of device data, zeroed before, as FWCTL_INFO
 *	reports them. Process context, may sleep, must not wait for the firmware.
 * @classify: derives the class from the request's bytes and from what the driver knows of
 *	the context and its device. Takes no locks; must not sleep.
 * @submit: starts a call. Process context, of the caller or of a workqueue; may sleep, but
 *	must not wait for the firmware: calls behind it wait. Can run for several calls at
 *	once, also of one context; those that one thread starts are submitted in their
 *	order. Each is to be ended with fwctl_call_complete(), exactly once, from @submit
 *	itself or later. The core's memory of a call is charged to the caller's memory
 *	cgroup; memory that @submit allocates in a workqueue is not: use @call_size.
 *
 * The core holds no lock while it calls these functions; @classify and @submit can be called
 * under the lock of a ring of io_uring. Once fwctl_unregister() has returned none of them
 * is running, nor will it be called. An unregister waits for all calls and contexts; none
 * is taken away from a driver. Queued calls are not submitted while the system is
 * suspended.
 */
struct fwctl_ops {
	const char *driver_name;
	enum fwctl_device_type device_type;
	size_t uctx_size;
	size_t call_size;
	size_t info_len;
	size_t header_len;
	size_t min_in, max_in;
	size_t min_out, max_out;
	unsigned int max_files;
	unsigned int max_calls;
	unsigned int max_file_calls;
	size_t max_bytes;

	int (*open_uctx)(struct fwctl_uctx *uctx);
	void (*close_uctx)(struct fwctl_uctx *uctx);
	void (*info)(struct fwctl_uctx *uctx, void *data);
	enum fwctl_class (*classify)(struct fwctl_uctx *uctx,
				     struct fwctl_request *req);
	void (*submit)(struct fwctl_call *call);
};

struct fwctl_device *fwctl_alloc(struct device *parent,
				 const struct fwctl_ops *ops, size_t priv_size);
int fwctl_register(struct fwctl_device *fdev);
void fwctl_unregister(struct fwctl_device *fdev);
void fwctl_put(struct fwctl_device *fdev);
void *fwctl_priv(struct fwctl_device *fdev);
const char *fwctl_name(const struct fwctl_device *fdev);

void fwctl_uctx_opened(struct fwctl_uctx *uctx, int err);
void *fwctl_uctx_priv(struct fwctl_uctx *uctx);
struct fwctl_device *fwctl_uctx_device(const struct fwctl_uctx *uctx);

void *fwctl_call_priv(struct fwctl_call *call);
void fwctl_call_complete(struct fwctl_call *call, int err, size_t answer_len);

#endif /* _LINUX_FWCTL_H */
