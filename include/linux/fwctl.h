/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fwctl for drivers: what the driver of a device with firmware implements so
 * that user space can send the firmware RPCs through /dev/fwctl/fwctlN.
 *
 * A driver states constants, classifies a request from its bytes and delivers
 * it. All the rest, namely who may send what, memory, waiting, limits and
 * lifetime, is the core's.
 *
 * The life of a call::
 *
 *	core: decode -> driver: classify() -> core: admit -> core: wait for a turn
 *	  -> driver: submit() ... driver: fwctl_call_complete() -> core: answer
 */
#ifndef _LINUX_FWCTL_H
#define _LINUX_FWCTL_H

#include <linux/types.h>
#include <uapi/fwctl/fwctl.h>

struct device;
struct fwctl_device;
struct fwctl_uctx;

/* The most that a classify() can ask to see, bytes */
#define FWCTL_MAX_HEADER 128

/* How much of the name of an opcode is kept, with its final 0, bytes */
#define FWCTL_NAME_LEN 32

/* The most that fwctl transfers in one direction, bytes */
#define FWCTL_MAX_RPC_LEN (2U << 20)

/**
 * struct fwctl_request - what classify() may look at, and what it names
 * @header: the first bytes of the request
 * @header_len: bytes at @header: the smaller of @in_len and the driver's
 *	fwctl_ops.header_len
 * @in_len: bytes of the whole request
 * @out_len: bytes of room for the answer
 * @opcode: set by classify(): the driver's number for what is asked
 * @name: set by classify(): its name for it, a string constant; NULL if it has
 *	none. Traces, audit records and messages show its first
 *	FWCTL_NAME_LEN - 1 characters.
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
 * @out: memory for the answer. It overlaps nothing, and holds whatever an earlier
 *	call has left there: the driver writes as much as it says that the answer
 *	has.
 * @out_len: bytes of room at @out
 *
 * The core owns the struct and both buffers (kvmalloc memory, not for DMA).
 * The driver may use them from submit() until it calls fwctl_call_complete(),
 * whether or not the caller is still there.
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
 * @device_type: what the firmware speaks
 * @uctx_size: bytes of the driver's own data in each context
 * @call_size: bytes of the driver's own data in each call
 * @info_len: bytes that @info writes, at most FWCTL_MAX_HEADER
 * @header_len: bytes that @classify needs to see at most, at most
 *	FWCTL_MAX_HEADER
 * @min_in: least bytes of a request
 * @max_in: most bytes of a request, at most FWCTL_MAX_RPC_LEN
 * @min_out: least bytes of room for an answer
 * @max_out: most bytes of room for an answer, at most FWCTL_MAX_RPC_LEN
 * @max_files: how many contexts there can be at once, at least 1
 * @max_calls: how many calls the device takes at once, at least 1
 * @max_file_calls: how many of them can be of one context, 1 to @max_calls
 * @max_bytes: how many bytes of requests and room for answers can be in flight
 *	at once; half of it is for one context, and must hold the longest call
 * @quick_close: @close_uctx does not wait for the firmware, nor for anything that
 *	takes long: it may be called by whoever closes the file, in an instant
 * @open_uctx: opens a context in the firmware for a newly opened file. Process
 *	context, may sleep, must not wait for the firmware. Return: 0, a negative
 *	errno, or -EINPROGRESS if fwctl_uctx_opened() will follow, exactly once.
 * @close_uctx: ends it. Called once for each successful @open_uctx, when no
 *	call of the context is in the driver any more. Process context, may
 *	sleep and wait for the firmware.
 * @info: writes @info_len bytes of device data, zeroed before, as FWCTL_INFO
 *	reports them. Process context, may sleep, must not wait for the firmware.
 * @classify: derives the class from the request's bytes. Pure: no locks, no
 *	memory but the request's and what is constant while @fdev is registered.
 *	Called under RCU: must not sleep.
 * @submit: starts a call. Process context, may sleep, must not wait for the
 *	firmware: of the caller, or of a kernel thread if the call came through
 *	io_uring and had to wait for its turn. Every call that was submitted must be ended with
 *	fwctl_call_complete(), exactly once, from @submit itself or later.
 *
 * The core calls none of these functions after fwctl_unregister() has returned.
 * It holds no lock while it calls them.
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
	bool quick_close;

	int (*open_uctx)(struct fwctl_uctx *uctx);
	void (*close_uctx)(struct fwctl_uctx *uctx);
	void (*info)(struct fwctl_uctx *uctx, void *data);
	enum fwctl_class (*classify)(struct fwctl_device *fdev,
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
