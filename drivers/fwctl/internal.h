/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's own structs, who owns them and what guards them. Nothing outside
 * of drivers/fwctl/ itself includes this; drivers use <linux/fwctl.h>.
 *
 * Ownership, from the outside in:
 *
 * - A fwctl_device is refcounted by its struct device. The driver holds one
 *   reference (fwctl_put()) until it has unregistered the device, each open file
 *   another, through the cdev. A context has its file, or keeps the driver from
 *   unregistering: fwctl_device.users.
 * - fwctl_device.users counts whoever may be inside the driver's functions:
 *   short sections between fwctl_enter() and fwctl_exit(), and each context from
 *   open_uctx() to close_uctx(). Unregistering kills it, so that nobody enters
 *   any more, and waits until it is zero. Nobody holds it across an access to
 *   user memory; therefore user space cannot hold up an unregister. What never
 *   sleeps, classify(), is called under RCU instead, for which unregistering
 *   waits as well: fwctl_peek().
 * - A fwctl_uctx belongs to its file and to the firmware's context: two
 *   references on fwctl_uctx.refs. Calls keep the firmware's context open
 *   through fwctl_uctx.busy.
 * - A fwctl_rpc_call belongs to its caller, while submitted to the device, and
 *   to the caller again when the device has completed it. A caller that is killed
 *   meanwhile abandons it; the memory goes when the device has completed it, and
 *   before its context does. Either way it is one at a time, so that a caller who
 *   has its answer has back all that the call took. Its memory may then be kept
 *   by the context for the next one: fwctl_uctx.spare.
 * - A command of io_uring belongs to whoever has its call, the device or a
 *   cancellation: fwctl_rpc_call.owner. The command keeps its file open.
 *
 * Locks: fwctl_device.lock is the only one. The locks of completions, of wait
 * queues and of workqueues are taken under it and nothing else is. For lockdep,
 * fwctl_device.section stands for being inside the driver's functions: it complains
 * where a driver unregisters under a lock that these take, and where the core touches
 * user memory there.
 */
#ifndef _FWCTL_INTERNAL_H
#define _FWCTL_INTERNAL_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fwctl.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/nospec.h>
#include <linux/percpu-refcount.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/tracepoint-defs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* How many device nodes there can be */
#define FWCTL_MAX_DEVICES 4096

/* Sets of classes have one bit for each; FWCTL_CLASS_NEVER is in none */
#define FWCTL_CLASSES_ALL GENMASK(FWCTL_CLASS_FULL, FWCTL_CLASS_CONFIG_READ)

/* Buffer for a set of classes or labels in words, bytes */
#define FWCTL_NAMES_LEN 128

/**
 * struct fwctl_limit - so many and no more
 * @used: how many are taken now
 * @max: how many can be
 */
struct fwctl_limit {
	atomic_long_t used;
	long max;
};

/**
 * struct fwctl_device - a device with firmware, and its node
 * @dev: the class device, child of the physical function
 * @cdev: the node
 * @number: the N of "fwctlN", or -1 once it has been given back
 * @ops: a copy of the driver's; its functions are there while @users is held
 * @users: who may be inside the driver
 * @section: for lockdep: inside the driver
 * @idle: completed when @users has come down to zero
 * @classes: the administrator's cap: the set of classes that any request may
 *	have. Written under @lock; only ever loses bits while registered.
 * @files: open files
 * @contexts: contexts in the firmware, also those that are being closed
 * @bytes: bytes of requests and room for answers in flight
 * @spare_age: frees what contexts have kept and not used
 * @contexts_wait: woken up when @contexts gets less, when a context was opened
 *	by a driver that had to wait for that, and when @gone is set
 * @lock: guards all fields below, and the fields of contexts and calls that say
 *	so. Taken from any context (calls complete in interrupts).
 * @gone: unregistered: no new context, no new call
 * @uctxs: the contexts that may start calls
 * @waiting: the contexts with calls that wait for a turn of the device and have
 *	not as many turns as a file can have; next one first
 * @inflight: how many calls the device has
 * @priv: the driver's own data
 */
struct fwctl_device {
	struct device dev;
	struct cdev cdev;
	int number;
	struct fwctl_ops ops;
	struct percpu_ref users;
	struct lockdep_map section;
	struct completion idle;

	u32 classes;
	struct fwctl_limit files;
	struct fwctl_limit contexts;
	struct fwctl_limit bytes;
	struct delayed_work spare_age;
	wait_queue_head_t contexts_wait;

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
 * @busy: calls that the device has, and 1 while in fwctl_device.uctxs. The
 *	firmware's context is closed when it comes down to 0.
 * @close: ends the firmware's context, in process context
 * @err: how the opening of the firmware's context ended: 0 or a negative errno
 * @opened: after fwctl_uctx_opened(), and then @err is valid
 * @classes: the set of classes that the file was not denied by FWCTL_RESTRICT.
 *	Only ever loses bits.
 * @spare_age: how long @spare has not been used, if it is large, see spare.c. Atomic.
 * @bytes: its part of fwctl_device.bytes
 * @told: the last refusal that the kernel's log was told of, see report.c
 * @spare: the memory of a call, for whoever takes it first; or NULL
 * @released: the file is closed, or was never to be. Guarded by
 *	fwctl_device.lock, as is all that follows.
 * @inflight: calls that the device has
 * @entry: in fwctl_device.uctxs; empty when no call may start any more. Whoever
 *	takes it off the list drops the 1 in @busy.
 * @turn: in fwctl_device.waiting
 * @calls: calls that wait for their turn, oldest first
 * @asyncs: calls that can be canceled, oldest first
 * @priv: the driver's own data
 */
struct fwctl_uctx {
	struct fwctl_device *fdev;
	refcount_t refs;
	refcount_t busy;
	struct work_struct close;
	int err;
	bool opened;
	atomic_t classes;
	int spare_age;
	struct fwctl_limit bytes;
	u64 told;
	struct fwctl_rpc_call *spare;

	bool released;
	unsigned int inflight;
	struct list_head entry;
	struct list_head turn;
	struct list_head calls;
	struct list_head asyncs;

	u8 priv[] __aligned(__alignof__(unsigned long long));
};

/**
 * struct fwctl_summary - what logs, traces and audit records tell of a request
 * @scope: its label
 * @class: what it does
 * @opcode: the driver's number for it
 * @in_len: bytes of the request
 * @out_len: bytes of room for the answer
 * @name: the driver's name for @opcode, if anybody wants to know: see
 *	fwctl_request_name(). A copy, since the driver may be gone when the end of
 *	the request is reported.
 */
struct fwctl_summary {
	enum fwctl_rpc_scope scope;
	enum fwctl_class class;
	u32 opcode;
	u32 in_len;
	u32 out_len;
	char name[FWCTL_NAME_LEN];
};

/**
 * enum fwctl_call_owner - who has a call's memory, once it is in flight
 * @FWCTL_OWNER_CALLER: the caller, who is about to look whether it is complete
 * @FWCTL_OWNER_DEVICE: the device, and the caller waits for fwctl_rpc_call.wake,
 *	or fwctl_uring_complete() is to be called
 * @FWCTL_OWNER_NOBODY: the device, and the caller was killed or has canceled it:
 *	whoever completes the call frees it
 * @FWCTL_OWNER_DONE: the caller; the device is done with it
 *
 * Whoever changes it does so with one atomic exchange, and goes by what was there.
 */
enum fwctl_call_owner {
	FWCTL_OWNER_CALLER,
	FWCTL_OWNER_DEVICE,
	FWCTL_OWNER_NOBODY,
	FWCTL_OWNER_DONE,
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
 * struct fwctl_sender - who has sent a request, for messages
 * @pid: the thread
 * @comm: its name
 */
struct fwctl_sender {
	pid_t pid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct fwctl_async - what a call has in addition if it came through io_uring
 * @cmd: the command; NULL if a caller waits, and then nothing else is valid. Belongs
 *	to fwctl_rpc_call.owner.
 * @out: where the answer goes
 * @sender: who sends it
 * @submit: queued when the wait for a turn is over
 * @entry: in fwctl_uctx.asyncs, from when it can be canceled until it is over.
 *	Guarded by fwctl_device.lock.
 */
struct fwctl_async {
	struct io_uring_cmd *cmd;
	void __user *out;
	struct fwctl_sender sender;
	struct work_struct submit;
	struct list_head entry;
};

/**
 * struct fwctl_rpc_call - a call with what the core knows of it
 * @call: what the driver sees
 * @payer: whose memory cgroup pays for it. Not to be looked at.
 * @memory: where both buffers are
 * @room: bytes there
 * @inside: @memory is part of the call's own allocation
 * @what: what is told of it
 * @entry: in fwctl_uctx.calls while FWCTL_CALL_WAITING. Guarded by
 *	fwctl_device.lock.
 * @state: written under fwctl_device.lock
 * @owner: one of enum fwctl_call_owner, atomic
 * @wake: what the caller waits for, initialised when it has to wait: the end of
 *	the wait for a turn, that is FWCTL_CALL_INFLIGHT or FWCTL_CALL_REFUSED;
 *	then FWCTL_OWNER_DONE
 * @async: how it came, if through io_uring
 * @submitted: when, ns of the monotonic clock; 0 if nobody wants to know
 * @err: how the call ended: 0 or a negative errno. Valid in
 *	FWCTL_CALL_COMPLETE.
 * @answer_len: bytes of the answer. Same.
 * @priv: the driver's own data
 */
struct fwctl_rpc_call {
	struct fwctl_call call;
	const void *payer;
	void *memory;
	size_t room;
	bool inside;
	struct fwctl_summary what;
	struct list_head entry;
	enum fwctl_call_state state;
	int owner;
	struct completion wake;
	struct fwctl_async async;
	u64 submitted;
	int err;
	size_t answer_len;

	u8 priv[] __aligned(__alignof__(unsigned long long));
};

/**
 * struct fwctl_rights - what a file may do at all
 * @writable: it is open for writing
 * @file: the set of classes that FWCTL_RESTRICT has left
 * @device: the set of classes that the administrator has left
 */
struct fwctl_rights {
	bool writable;
	u32 file;
	u32 device;
};

/* main.c */
u32 fwctl_default_classes(void);

/* device.c: the driver's side of a device's life */
int fwctl_class_init(dev_t first);
void fwctl_class_exit(void);
/**
 * fwctl_assert_outside - user memory is about to be touched
 * @fdev: the device
 *
 * With lockdep, complains if that could hold up an unregister.
 */
static inline void fwctl_assert_outside(struct fwctl_device *fdev)
{
	might_fault();
	lockdep_assert(!lock_is_held(&fdev->section));
	lockdep_assert_not_held(&fdev->lock);
}

/**
 * fwctl_enter - begin a section that calls the driver
 * @fdev: the device
 *
 * Any context. No access to user memory until the section ends.
 *
 * Return: true, and fwctl_exit() or fwctl_stay() is to follow; or false if the
 * device is being unregistered.
 */
static inline bool fwctl_enter(struct fwctl_device *fdev)
{
	if (!percpu_ref_tryget_live(&fdev->users))
		return false;
	lock_map_acquire_read(&fdev->section);
	return true;
}

/**
 * fwctl_stay - end the section, but go on to be counted as inside the driver
 * @fdev: the device; fwctl_leave() is to follow, by anybody
 */
static inline void fwctl_stay(struct fwctl_device *fdev)
{
	lock_map_release(&fdev->section);
}

/**
 * fwctl_leave - be no longer inside the driver
 * @fdev: the device
 */
static inline void fwctl_leave(struct fwctl_device *fdev)
{
	percpu_ref_put(&fdev->users);
}

/**
 * fwctl_exit - end what fwctl_enter() began
 * @fdev: the device
 */
static inline void fwctl_exit(struct fwctl_device *fdev)
{
	fwctl_stay(fdev);
	fwctl_leave(fdev);
}

/**
 * fwctl_peek - begin a section that calls a function of the driver that never sleeps
 * @fdev: the device
 *
 * Cheaper than fwctl_enter(): nothing is counted. Any context.
 *
 * Return: true, and fwctl_unpeek() is to follow; or false if the device is being
 * unregistered.
 */
static inline bool fwctl_peek(struct fwctl_device *fdev)
{
	rcu_read_lock();
	if (READ_ONCE(fdev->gone)) {
		rcu_read_unlock();
		return false;
	}
	lock_map_acquire_read(&fdev->section);
	return true;
}

/**
 * fwctl_unpeek - end what fwctl_peek() began
 * @fdev: the device
 */
static inline void fwctl_unpeek(struct fwctl_device *fdev)
{
	lock_map_release(&fdev->section);
	rcu_read_unlock();
}

/* sysfs.c */
extern const struct attribute_group *fwctl_groups[];
int fwctl_uevent(const struct device *dev, struct kobj_uevent_env *env);

/* uctx.c: contexts */
int fwctl_uctx_init(void);
void fwctl_uctx_exit(void);
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev);
void fwctl_uctx_release(struct fwctl_uctx *uctx);
void fwctl_uctx_stop_all(struct fwctl_device *fdev);
void fwctl_uctx_idle(struct fwctl_uctx *uctx);

/**
 * fwctl_uctx_unbusy - drop one from fwctl_uctx.busy
 * @uctx: the context; possibly gone when this returns
 *
 * Whoever drops the last one starts to close the firmware's context. Any
 * context. Not under fwctl_device.lock, since the lock may go with it.
 */
static inline void fwctl_uctx_unbusy(struct fwctl_uctx *uctx)
{
	if (refcount_dec_and_test(&uctx->busy))
		fwctl_uctx_idle(uctx);
}

/* file.c: decode */
extern const struct file_operations fwctl_fops;

/**
 * struct fwctl_ucmd - one ioctl, decoded
 * @uctx: the file's context
 * @writable: the file is open for writing
 * @user: the user's struct
 * @user_size: bytes of it, as the user said. Valid after fwctl_ucmd_read().
 */
struct fwctl_ucmd {
	struct fwctl_uctx *uctx;
	bool writable;
	void __user *user;
	u32 user_size;
};

/**
 * struct fwctl_ioctl - a row of the table of ioctls
 * @cmd: the whole number
 * @run: what it does
 */
struct fwctl_ioctl {
	unsigned int cmd;
	int (*run)(struct fwctl_ucmd *ucmd);
};

const struct fwctl_ioctl *fwctl_ioctl_find(unsigned int cmd);
int fwctl_ucmd_read_other(struct fwctl_ucmd *ucmd, void *cmd, size_t size,
			  size_t min_size);
int fwctl_ucmd_respond(const struct fwctl_ucmd *ucmd, const void *cmd,
		       size_t size);

/**
 * fwctl_ucmd_read - the user's struct, as this kernel knows it
 * @ucmd: the ioctl
 * @cmd: where it goes
 * @size: bytes of it, a constant
 * @min_size: bytes of its first version
 *
 * Inline, since a hardened copy looks for the stack's end each time, unless the
 * compiler knows the length. Process context, may sleep.
 *
 * Return: 0, -EFAULT, -EINVAL if it is too short, -E2BIG if it says what this kernel
 * does not know.
 */
static __always_inline int fwctl_ucmd_read(struct fwctl_ucmd *ucmd, void *cmd,
					   size_t size, size_t min_size)
{
	/* As a rule user space is as old as the kernel. */
	if (!copy_from_user(cmd, ucmd->user, size)) {
		ucmd->user_size = *(const u32 *)cmd;
		if (ucmd->user_size == size)
			return 0;
	}
	return fwctl_ucmd_read_other(ucmd, cmd, size, min_size);
}

/* info.c, rpc.c, query.c, restrict.c: one ioctl each */
int fwctl_cmd_info(struct fwctl_ucmd *ucmd);
int fwctl_cmd_rpc(struct fwctl_ucmd *ucmd);
int fwctl_cmd_query(struct fwctl_ucmd *ucmd);
int fwctl_cmd_restrict(struct fwctl_ucmd *ucmd);

/* request.c: decode and classify, for FWCTL_RPC and FWCTL_QUERY */

/**
 * struct fwctl_asked - a request that somebody wants to send
 * @uctx: the file's context
 * @in: where the caller's request is
 * @writable: the file is open for writing
 * @header: its first bytes, read once: what is classified is sent
 * @copied: bytes there, possibly more than the driver looks at
 * @what: what is known of it
 */
struct fwctl_asked {
	struct fwctl_uctx *uctx;
	const void __user *in;
	bool writable;
	u8 header[FWCTL_MAX_HEADER] __aligned(8);
	size_t copied;
	struct fwctl_summary what;
};

int fwctl_request_classify(struct fwctl_asked *asked);
void fwctl_request_name(struct fwctl_asked *asked);
struct fwctl_rights fwctl_request_rights(const struct fwctl_asked *asked);

/* rpc.c: the steps that a call takes wherever it comes from */
int fwctl_request_admit(struct fwctl_asked *asked, const struct fwctl_ucmd *ucmd,
			const struct fwctl_rpc *rpc);
int fwctl_user_room(void __user *out, size_t len);

/**
 * fwctl_rpc_fill - the header that was classified, then the rest of the request
 * @call: where it goes
 * @asked: where it is
 *
 * Process context of the caller, may sleep.
 *
 * Return: 0 or -EFAULT.
 */
static inline int fwctl_rpc_fill(struct fwctl_call *call,
				 const struct fwctl_asked *asked)
{
	size_t len = asked->copied;

	memcpy(call->in, asked->header, len);
	if (len == call->in_len)
		return 0;
	if (copy_from_user(call->in + len, asked->in + len, call->in_len - len))
		return -EFAULT;
	return 0;
}

/* uring.c: calls through io_uring */
struct io_uring_cmd;
int fwctl_uring_init(void);
void fwctl_uring_exit(void);
int fwctl_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
void fwctl_uring_turn(struct fwctl_rpc_call *rc);
void fwctl_uring_complete(struct fwctl_rpc_call *rc);

/* admit.c */

/* Labels are numbered from 0 on */
#define FWCTL_LABELS (FWCTL_RPC_DEBUG_WRITE_FULL + 1)

/**
 * fwctl_class_in - is a class in a set?
 * @class: the class, known or not
 * @classes: the set
 *
 * Pure.
 *
 * Return: true if it is; never for FWCTL_CLASS_NEVER.
 */
static inline bool fwctl_class_in(enum fwctl_class class, u32 classes)
{
	return (u32)class <= FWCTL_CLASS_FULL &&
	       BIT((u32)class) & classes & FWCTL_CLASSES_ALL;
}

/* Tells whether a rule that depends on the kernel's state permits the request */
typedef bool (*fwctl_permits_t)(enum fwctl_reason rule);

enum fwctl_reason fwctl_admit(u32 label, enum fwctl_class class,
			      const struct fwctl_rights *rights, fwctl_permits_t permits);
bool fwctl_permits_caller(enum fwctl_reason rule);
bool fwctl_permits_query(enum fwctl_reason rule);
u32 fwctl_labels_for(u32 classes);
u32 fwctl_rights_classes(const struct fwctl_rights *rights);
int fwctl_reason_errno(enum fwctl_reason reason);
const char *fwctl_reason_word(enum fwctl_reason reason);
const char *fwctl_reason_text(enum fwctl_reason reason);
const char *fwctl_class_name(enum fwctl_class class);
const char *fwctl_label_name(enum fwctl_rpc_scope label);
int fwctl_classes_parse(const char *text, u32 *classes);
ssize_t fwctl_classes_print(char *text, u32 classes);
ssize_t fwctl_labels_print(char *text, u32 labels);
void fwctl_taint(struct fwctl_device *fdev, enum fwctl_class class,
		 const struct fwctl_sender *sender);

#define FWCTL_READS							\
	(BIT(FWCTL_CLASS_CONFIG_READ) | BIT(FWCTL_CLASS_DEBUG_READ))
#define FWCTL_TAINTS (BIT(FWCTL_CLASS_DEBUG_WRITE) | BIT(FWCTL_CLASS_FULL))

/**
 * fwctl_class_reads - does a request of this class leave the device as it is?
 * @class: the class
 *
 * Pure.
 *
 * Return: true for the read classes.
 */
static inline bool fwctl_class_reads(enum fwctl_class class)
{
	return fwctl_class_in(class, FWCTL_READS);
}

/**
 * fwctl_mark_class - taint the kernel if the class asks for it
 * @fdev: the device
 * @class: what the request that is about to be sent does
 * @sender: who sends it; NULL: the current thread
 *
 * Process context.
 */
static inline void fwctl_mark_class(struct fwctl_device *fdev,
				    enum fwctl_class class,
				    const struct fwctl_sender *sender)
{
	if (fwctl_class_in(class, FWCTL_TAINTS))
		fwctl_taint(fdev, class, sender);
}

/* request.c, the parts that each call goes through */

/**
 * fwctl_request_decode - what the user's struct says
 * @asked: to be filled
 * @ucmd: the ioctl, or as much of one as io_uring has: no user's struct
 * @scope: the label
 * @in: where the request is
 * @in_len: bytes of it
 * @out_len: bytes of room for the answer
 *
 * Does not touch user memory.
 *
 * Return: 0, or -EOPNOTSUPP for an unknown label.
 */
static inline int
fwctl_request_decode(struct fwctl_asked *asked, const struct fwctl_ucmd *ucmd,
		     u32 scope, u64 in, u32 in_len, u32 out_len)
{
	struct fwctl_uctx *uctx = ucmd->uctx;

	if (scope >= FWCTL_LABELS)
		return -EOPNOTSUPP;
	asked->uctx = uctx;
	asked->in = u64_to_user_ptr(in);
	asked->writable = ucmd->writable;
	asked->what.scope = array_index_nospec(scope, FWCTL_LABELS);
	asked->what.class = FWCTL_CLASS_NEVER;
	asked->what.in_len = in_len;
	asked->what.out_len = out_len;
	asked->what.name[0] = '\0';
	return 0;
}

/**
 * fwctl_request_fits - are the lengths such as the device takes?
 * @asked: the request, decoded
 *
 * Return: true if they are.
 */
static inline bool fwctl_request_fits(const struct fwctl_asked *asked)
{
	const struct fwctl_ops *ops = &asked->uctx->fdev->ops;

	return asked->what.in_len >= ops->min_in &&
	       asked->what.in_len <= ops->max_in &&
	       asked->what.out_len >= ops->min_out &&
	       asked->what.out_len <= ops->max_out;
}

/* report.c: what others get to know: the kernel's log, traces, audit */
DECLARE_TRACEPOINT(fwctl_admit);
DECLARE_TRACEPOINT(fwctl_submit);
DECLARE_TRACEPOINT(fwctl_complete);

void fwctl_trace_admitted(struct fwctl_device *fdev,
			  const struct fwctl_summary *what);
void fwctl_trace_submit(struct fwctl_rpc_call *rc);
void fwctl_trace_complete(struct fwctl_rpc_call *rc);
void fwctl_audit_end(struct fwctl_device *fdev,
		     const struct fwctl_summary *what, int err);
void fwctl_report_refused(struct fwctl_asked *asked, enum fwctl_reason reason);

/**
 * fwctl_report_wanted - will anybody want to know of an admitted request?
 * @what: the request
 *
 * Return: true if it is traced, or if it is of those that are audited.
 */
static inline bool fwctl_report_wanted(const struct fwctl_summary *what)
{
	return !fwctl_class_reads(what->class) ||
	       tracepoint_enabled(fwctl_admit) ||
	       tracepoint_enabled(fwctl_submit) ||
	       tracepoint_enabled(fwctl_complete);
}

/**
 * fwctl_report_admitted - a request was admitted
 * @fdev: the device
 * @what: the request
 */
static inline void fwctl_report_admitted(struct fwctl_device *fdev,
					 const struct fwctl_summary *what)
{
	if (tracepoint_enabled(fwctl_admit))
		fwctl_trace_admitted(fdev, what);
}

/**
 * fwctl_report_submit - the driver is about to get a call
 * @rc: the call
 */
static inline void fwctl_report_submit(struct fwctl_rpc_call *rc)
{
	if (tracepoint_enabled(fwctl_submit) ||
	    tracepoint_enabled(fwctl_complete))
		fwctl_trace_submit(rc);
}

/**
 * fwctl_report_complete - the driver has ended a call
 * @rc: the call, its end filled in
 *
 * Any context but NMI.
 */
static inline void fwctl_report_complete(struct fwctl_rpc_call *rc)
{
	if (tracepoint_enabled(fwctl_complete))
		fwctl_trace_complete(rc);
}

/**
 * fwctl_report_end - an admitted request is over
 * @fdev: the device
 * @what: the request
 * @err: 0 if the firmware executed it, or the negative errno that its caller
 *	gets
 *
 * Process context of the caller, may sleep.
 */
static inline void fwctl_report_end(struct fwctl_device *fdev,
				    const struct fwctl_summary *what, int err)
{
	if (!fwctl_class_reads(what->class))
		fwctl_audit_end(fdev, what, err);
}

/* limit.c */
unsigned long fwctl_limit_used(const struct fwctl_limit *limit);

/**
 * fwctl_limit_init - begin to count
 * @limit: the limit
 * @max: the most that can be taken at once
 */
static inline void fwctl_limit_init(struct fwctl_limit *limit,
				    unsigned long max)
{
	atomic_long_set(&limit->used, 0);
	limit->max = min_t(unsigned long, max, LONG_MAX);
}

/**
 * fwctl_limit_take - take some if there is as much left
 * @limit: the limit
 * @amount: how much
 *
 * Any context. Two who take at the same time never both fail where one of them
 * would fit: what is refused was not counted, not even for a moment.
 *
 * Return: true if taken, to be given back with fwctl_limit_give().
 */
static inline bool fwctl_limit_take(struct fwctl_limit *limit,
				    unsigned long amount)
{
	long used = atomic_long_read(&limit->used);

	do {
		if (amount > (unsigned long)(limit->max - used))
			return false;
	} while (!atomic_long_try_cmpxchg(&limit->used, &used, used + amount));
	return true;
}

/**
 * fwctl_limit_give - give back what was taken
 * @limit: the limit
 * @amount: as much as was taken
 *
 * Any context.
 */
static inline void fwctl_limit_give(struct fwctl_limit *limit,
				    unsigned long amount)
{
	WARN_ON_ONCE(atomic_long_add_negative(-amount, &limit->used));
}

/* spare.c: the memory of calls */
int fwctl_spare_init(void);
void fwctl_spare_exit(void);
struct fwctl_rpc_call *fwctl_spare_change(struct fwctl_uctx *uctx,
					  struct fwctl_rpc_call *rc,
					  size_t bytes);
void fwctl_spare_keep(struct fwctl_rpc_call *rc);
void fwctl_spare_free(struct fwctl_rpc_call *rc);
void fwctl_spare_drop(struct fwctl_uctx *uctx);
void fwctl_spare_start(struct fwctl_device *fdev);
void fwctl_spare_stop(struct fwctl_device *fdev);

/**
 * fwctl_spare_payer - who pays for memory that is allocated now
 *
 * The set of the task's cgroups stands for its memory cgroup: it is found without RCU,
 * and is another one whenever that is.
 *
 * Return: something to be compared, and not looked at.
 */
static inline const void *fwctl_spare_payer(void)
{
#ifdef CONFIG_CGROUPS
	return rcu_access_pointer(current->cgroups);
#else
	return NULL;
#endif
}

/**
 * fwctl_spare_take - the memory for a call
 * @uctx: its context
 * @bytes: how much it needs for its buffers
 *
 * Charged to the caller's memory cgroup. Process context, may sleep.
 *
 * Return: a call with @uctx, room for the buffers and nothing else filled in, for
 * fwctl_spare_keep() or fwctl_spare_free(); or NULL.
 */
static inline struct fwctl_rpc_call *fwctl_spare_take(struct fwctl_uctx *uctx,
						      size_t bytes)
{
	struct fwctl_rpc_call *rc = xchg(&uctx->spare, NULL);

	if (rc && rc->room >= bytes && rc->payer == fwctl_spare_payer())
		return rc;
	return fwctl_spare_change(uctx, rc, bytes);
}

/* turn.c: how many calls the device has, and whose is the next */
int fwctl_turn_ask(struct fwctl_rpc_call *rc);
int fwctl_turn_wait(struct fwctl_rpc_call *rc);
bool fwctl_turn_pass(struct fwctl_rpc_call *rc);
bool fwctl_turn_leave(struct fwctl_rpc_call *rc);
void fwctl_turn_cancel(struct fwctl_rpc_call *rc);
void fwctl_turn_refuse_all(struct fwctl_device *fdev);

/**
 * fwctl_turn_take - wait until the device can take a call
 * @rc: the call
 *
 * Process context, sleeps killable. Success counts the call as in flight, which
 * keeps its context open, until fwctl_turn_pass().
 *
 * Return: 0; -ENODEV if the device is gone; -EINTR if the caller was killed.
 */
static inline int fwctl_turn_take(struct fwctl_rpc_call *rc)
{
	int ret = fwctl_turn_ask(rc);

	return ret == -EINPROGRESS ? fwctl_turn_wait(rc) : ret;
}

/* call.c */
struct fwctl_rpc_call *fwctl_call_alloc(struct fwctl_uctx *uctx,
					const struct fwctl_summary *what);
bool fwctl_call_run(struct fwctl_rpc_call *rc);
void fwctl_call_go(struct fwctl_rpc_call *rc);
void fwctl_call_end(struct fwctl_rpc_call *rc, int err);
bool fwctl_call_is_done(struct fwctl_rpc_call *rc);
bool fwctl_call_pass(struct fwctl_rpc_call *rc, int from, int to);
bool fwctl_call_abandon(struct fwctl_rpc_call *rc, bool *waited);
void fwctl_call_settle(struct fwctl_rpc_call *rc);
void fwctl_call_keep(struct fwctl_rpc_call *rc);
void fwctl_call_free(struct fwctl_rpc_call *rc);

#endif /* _FWCTL_INTERNAL_H */
