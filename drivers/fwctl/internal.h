/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's own structs, who owns them and what guards them. Nothing outside
 * of drivers/fwctl/ itself includes this; drivers use <linux/fwctl.h>.
 *
 * Ownership, from the outside in:
 *
 * - A fwctl_device is refcounted by its struct device. The driver holds one
 *   reference (fwctl_put()), each context another.
 * - fwctl_device.users counts whoever may be inside the driver's functions:
 *   short sections between fwctl_enter() and fwctl_exit(), and each context from
 *   open_uctx() to close_uctx(). Unregistering kills it, so that nobody enters
 *   any more, and waits until it is zero. Nobody holds it across an access to
 *   user memory; therefore user space cannot hold up an unregister.
 * - A fwctl_uctx belongs to its file and to the firmware's context: two
 *   references on fwctl_uctx.refs. Calls keep the firmware's context open
 *   through fwctl_uctx.busy.
 * - A fwctl_rpc_call belongs to its caller and, once submitted, to the device:
 *   fwctl_rpc_call.refs. A caller that is killed drops its reference and leaves;
 *   the memory goes when the device has answered.
 *
 * Locks: fwctl_device.lock is the only one, and a leaf.
 */
#ifndef _FWCTL_INTERNAL_H
#define _FWCTL_INTERNAL_H

#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fwctl.h>
#include <linux/list.h>
#include <linux/percpu-refcount.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

/* How many device nodes there can be */
#define FWCTL_MAX_DEVICES 4096

/**
 * struct fwctl_device - a device with firmware, and its node
 * @dev: the class device, child of the physical function
 * @cdev: the node
 * @number: the N of "fwctlN", or -1 once it has been given back
 * @ops: a copy of the driver's; its functions are there while @users is held
 * @users: who may be inside the driver
 * @idle: completed when @users has come down to zero
 * @lock: guards all fields below, and the fields of contexts and calls that say
 *	so. Taken from any context (calls complete in interrupts).
 * @gone: unregistered: no new context, no new call
 * @uctxs: the contexts that may start calls
 * @waiting: the contexts with calls that wait for their turn, next one first
 * @inflight: how many calls the device has
 * @priv: the driver's own data
 */
struct fwctl_device {
	struct device dev;
	struct cdev cdev;
	int number;
	struct fwctl_ops ops;
	struct percpu_ref users;
	struct completion idle;

	spinlock_t lock; /* guards all that follows */
	bool gone;
	struct list_head uctxs;
	struct list_head waiting;
	unsigned int inflight;

	u8 priv[] __aligned(__alignof__(unsigned long long));
};

/**
 * struct fwctl_uctx - an open file, and the firmware's context for it
 * @fdev: the device
 * @refs: one of the file, one of the firmware's context
 * @close: ends the firmware's context, in process context
 * @entry: in fwctl_device.uctxs; empty when no call may start any more. Whoever
 *	takes it off the list drops the 1 in @busy. Guarded by fwctl_device.lock.
 * @turn: in fwctl_device.waiting; empty if @calls is. Same lock.
 * @calls: calls that wait for their turn, oldest first. Same lock.
 * @busy: calls that the device has, and 1 while on the list. The firmware's
 *	context is closed when it comes down to 0. Same lock.
 * @priv: the driver's own data
 */
struct fwctl_uctx {
	struct fwctl_device *fdev;
	refcount_t refs;
	struct work_struct close;

	struct list_head entry;
	struct list_head turn;
	struct list_head calls;
	unsigned int busy;

	u8 priv[] __aligned(__alignof__(unsigned long long));
};

/**
 * enum fwctl_call_state - where a call is; moves down this list only
 * @FWCTL_CALL_NEW: not yet in a queue
 * @FWCTL_CALL_WAITING: waits for its turn
 * @FWCTL_CALL_REFUSED: the device went away while it waited; never sent
 * @FWCTL_CALL_INFLIGHT: has its turn; the driver has it or is about to get it
 * @FWCTL_CALL_COMPLETE: the driver has reported its end
 */
enum fwctl_call_state {
	FWCTL_CALL_NEW,
	FWCTL_CALL_WAITING,
	FWCTL_CALL_REFUSED,
	FWCTL_CALL_INFLIGHT,
	FWCTL_CALL_COMPLETE,
};

/**
 * struct fwctl_rpc_call - a call with what the core knows of it
 * @call: what the driver sees
 * @class: what it does
 * @refs: one of the caller, one of the device once it is in flight
 * @entry: in fwctl_uctx.calls while FWCTL_CALL_WAITING. Guarded by
 *	fwctl_device.lock.
 * @state: written under fwctl_device.lock
 * @turn: completed when the wait for a turn is over: FWCTL_CALL_INFLIGHT or
 *	FWCTL_CALL_REFUSED
 * @done: completed with FWCTL_CALL_COMPLETE
 * @err: how the call ended: 0 or a negative errno. Valid in
 *	FWCTL_CALL_COMPLETE.
 * @answer_len: bytes of the answer. Same.
 * @priv: the driver's own data
 */
struct fwctl_rpc_call {
	struct fwctl_call call;
	enum fwctl_class class;
	refcount_t refs;
	struct list_head entry;
	enum fwctl_call_state state;
	struct completion turn;
	struct completion done;
	int err;
	size_t answer_len;

	u8 priv[] __aligned(__alignof__(unsigned long long));
};

/* device.c: the driver's side of a device's life */
int fwctl_class_init(dev_t first);
void fwctl_class_exit(void);
bool fwctl_enter(struct fwctl_device *fdev);
void fwctl_exit(struct fwctl_device *fdev);

/* uctx.c: contexts */
int fwctl_uctx_init(void);
void fwctl_uctx_exit(void);
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev);
void fwctl_uctx_release(struct fwctl_uctx *uctx);
void fwctl_uctx_stop_all(struct fwctl_device *fdev);
bool fwctl_uctx_unbusy(struct fwctl_uctx *uctx);
void fwctl_uctx_close(struct fwctl_uctx *uctx);

/* file.c: decode */
extern const struct file_operations fwctl_fops;

/**
 * struct fwctl_ucmd - one ioctl, decoded
 * @uctx: the file's context
 * @writable: the file is open for writing
 * @user: the user's struct
 * @user_size: bytes of it, as the user said
 * @cmd: the kernel's copy, as long as this kernel knows it
 */
struct fwctl_ucmd {
	struct fwctl_uctx *uctx;
	bool writable;
	void __user *user;
	u32 user_size;
	void *cmd;
};

int fwctl_ucmd_respond(struct fwctl_ucmd *ucmd, size_t cmd_len);

/* info.c, rpc.c: one ioctl each */
int fwctl_cmd_info(struct fwctl_ucmd *ucmd);
int fwctl_cmd_rpc(struct fwctl_ucmd *ucmd);

/* admit.c */
bool fwctl_class_reads(enum fwctl_class class);
bool fwctl_scope_permits(enum fwctl_rpc_scope scope, enum fwctl_class class);
int fwctl_admit(struct fwctl_device *fdev, enum fwctl_rpc_scope scope,
		enum fwctl_class class, bool writable);
void fwctl_mark_class(struct fwctl_device *fdev, enum fwctl_class class);

/* turn.c: how many calls the device has, and whose is the next */
int fwctl_turn_take(struct fwctl_rpc_call *rc);
bool fwctl_turn_pass(struct fwctl_rpc_call *rc);
void fwctl_turn_refuse_all(struct fwctl_device *fdev);

/* call.c */
struct fwctl_rpc_call *fwctl_call_alloc(struct fwctl_uctx *uctx, size_t in_len,
					size_t out_len);
int fwctl_call_run(struct fwctl_rpc_call *rc);
void fwctl_call_put(struct fwctl_rpc_call *rc);

#endif /* _FWCTL_INTERNAL_H */
