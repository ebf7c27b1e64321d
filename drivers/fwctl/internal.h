/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's own structs, their owners and their locks. Only drivers/fwctl/ itself
 * includes this file; drivers use <linux/fwctl.h>.
 *
 * Ownership, from the outside in:
 *
 * - A fwctl_device is refcounted by its struct device. The driver holds one reference
 *   until fwctl_put(), each open file another.
 * - Every call into the driver is a read-side section of fwctl_device.srcu, for which an
 *   unregister waits: no function of the driver runs after that. User memory is never
 *   accessed in such a section, so user space cannot hold up an unregister. Before that
 *   an unregister waits until fwctl_device.contexts is 0: a context counts from
 *   before open_uctx() until after close_uctx().
 * - A fwctl_uctx has two references: one of its file, one of the firmware's context. The
 *   context stays open while fwctl_uctx.busy is not zero.
 * - A fwctl_xfer belongs to its caller until fwctl_call_start(), and again once its state
 *   is FWCTL_XFER_COMPLETE. In between the queue or the driver has it. If the caller
 *   leaves before, FWCTL_CALLER_GONE, fwctl_call_end() frees it.
 *
 * Locks: fwctl_device.lock is the only one. The locks of completions, wait queues and
 * workqueues are taken under it. Lockdep knows fwctl_device.srcu: it complains where a
 * driver unregisters under a lock that its own functions take.
 */
#ifndef _FWCTL_INTERNAL_H
#define _FWCTL_INTERNAL_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/fwctl.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/tracepoint-defs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* Device numbers of the module */
#define FWCTL_MAX_DEVICES 4096

/* Sets of classes have one bit per class; FWCTL_CLASS_NEVER is in none. */
#define FWCTL_CLASSES_ALL GENMASK(FWCTL_CLASS_FULL, FWCTL_CLASS_CONFIG_READ)
#define FWCTL_READS (BIT(FWCTL_CLASS_CONFIG_READ) | BIT(FWCTL_CLASS_DEBUG_READ))
#define FWCTL_TAINTS (BIT(FWCTL_CLASS_DEBUG_WRITE) | BIT(FWCTL_CLASS_FULL))

/* Labels are numbered from 0 on */
#define FWCTL_LABELS (FWCTL_RPC_DEBUG_WRITE_FULL + 1)

/* Buffer for a set of classes or labels in words, bytes */
#define FWCTL_NAMES_LEN 128

/* Every wait of the core for a driver or for firmware */
#define FWCTL_SLEEP (TASK_KILLABLE | TASK_FREEZABLE)

/* Calls that wait for the device; the last quarter is for CAP_SYS_ADMIN */
#define FWCTL_MAX_QUEUED 8192
#define FWCTL_MAX_FILE_QUEUED 1024

/* For checks of the driver's contract */
enum fwctl_device_state {
	FWCTL_DEVICE_NEW, /* fwctl_alloc() */
	FWCTL_DEVICE_LIVE, /* fwctl_register() */
	FWCTL_DEVICE_DEAD, /* fwctl_unregister() */
};

/* A device with firmware, and its node */
struct fwctl_device {
	struct device dev; /* class device, child of the physical function */
	unsigned int number; /* the N of "fwctlN" */
	enum fwctl_device_state state; /* written by the driver's thread only */
	/* copy of the driver's; its functions are valid in sections of @srcu */
	struct fwctl_ops ops;
	struct srcu_struct srcu; /* read-side sections: inside the driver */
	size_t longest; /* bytes of the longest call, as max_bytes counts them */
	/* the administrator's set of classes; written under @lock, only loses bits while live */
	u32 classes;
	/* woken up when @contexts decreases, when a context was opened, and when @gone is set */
	wait_queue_head_t contexts_wait;
	struct work_struct dispatch; /* submits queued calls */
	struct fwctl_xfer *large; /* one large call for reuse, or NULL. Exchanged atomically */

	/*
	 * Guards all fields below, and the fields of contexts and calls that say so. Taken
	 * in any context, as calls complete in interrupts.
	 */
	spinlock_t lock;
	bool gone; /* unregistered: no new context, no new call */
	unsigned int files; /* open files */
	unsigned int contexts; /* contexts in the firmware, including those that are being closed */
	unsigned int queued; /* calls in the queues of all contexts */
	unsigned int inflight; /* calls that the driver has */
	/* memory of calls that are queued, in flight, or not yet reaped by io_uring */
	size_t bytes;
	struct list_head uctxs; /* contexts that may start calls */
	/* contexts with queued calls that are below max_file_calls; next one first */
	struct list_head waiting;
	struct list_head calls; /* calls that the driver has, oldest first */
	struct fwctl_uctx *sending; /* context of the call that @dispatch is submitting */

	u8 priv[] __aligned(__alignof__(unsigned long long)); /* the driver's own data */
};

/* An open file, and the firmware's context for it */
struct fwctl_uctx {
	struct fwctl_device *fdev;
	refcount_t refs; /* one of the file, one of the firmware's context */
	struct work_struct close; /* closes the firmware's context */
	int err; /* result of opening it. Valid if @opened */
	bool opened; /* fwctl_uctx_opened() was called */
	atomic_t classes; /* set of classes left by FWCTL_RESTRICT. Only loses bits */
	u64 last_refusal; /* last refusal in the kernel's log, to suppress repetitions */
	struct fwctl_xfer *cache; /* one small call for reuse, or NULL. Exchanged atomically */

	bool released; /* the file is closed. Guarded by fwctl_device.lock, as all that follows */
	/*
	 * Calls queued or in flight, plus 1 while in fwctl_device.uctxs. The firmware's
	 * context is closed when it becomes 0.
	 */
	unsigned int busy;
	unsigned int queued; /* calls in @queue */
	unsigned int inflight; /* calls that the driver has */
	size_t bytes; /* its part of fwctl_device.bytes */
	struct list_head entry; /* in fwctl_device.uctxs; empty when no call may start any more */
	struct list_head waiting; /* in fwctl_device.waiting */
	struct list_head queue; /* calls that wait for the device, oldest first */

	u8 priv[] __aligned(__alignof__(unsigned long long)); /* the driver's own data */
};

/* Description of a request, for rules and reports */
struct fwctl_desc {
	enum fwctl_rpc_scope label; /* its label, one of enum fwctl_rpc_scope */
	enum fwctl_class class; /* derived from its bytes */
	u32 opcode; /* the driver's number for it */
	u32 in_len; /* bytes of the request */
	u32 out_len; /* bytes of room for the answer */
	/* the driver's name of @opcode; only filled in for reports, by fwctl_req_name() */
	char name[FWCTL_NAME_LEN];
};

/* A request, from its ioctl or SQE until it is a call */
struct fwctl_req {
	struct fwctl_uctx *uctx; /* context of the file */
	bool writable; /* the file is open for writing */
	bool nowait; /* issued by io_uring under its lock: fail with -EAGAIN instead of sleeping */
	const void __user *in; /* user's buffer of the request */
	void __user *out; /* user's buffer for the answer */
	u32 __user *answer_len; /* user's length of the answer, or NULL */
	struct fwctl_desc desc; /* its description */
	size_t copied; /* bytes in @header */
	/* first bytes, read once: the classified bytes are the bytes sent */
	u8 header[FWCTL_MAX_HEADER] __aligned(8);
};

/* Position of a call; moves down this list */
enum fwctl_xfer_state {
	FWCTL_XFER_QUEUED, /* in fwctl_uctx.queue */
	FWCTL_XFER_SENT, /* the driver has it, or is about to get it */
	FWCTL_XFER_COMPLETE, /* over; @err and @answer_len are valid */
};

/* The thread or io_uring command that started a call */
enum fwctl_xfer_caller {
	FWCTL_CALLER_RUNNING, /* in fwctl_call_start() or about to test the state */
	FWCTL_CALLER_WAITING, /* has to be told of the end */
	FWCTL_CALLER_GONE, /* killed or canceled: fwctl_call_end() frees the call */
};

/* A call and the core's part of it */
struct fwctl_xfer {
	struct fwctl_call call; /* the driver's view */
	void *memory; /* both buffers */
	size_t room; /* bytes at @memory */
	bool inside; /* @memory is part of the call's own allocation */
	size_t size; /* bytes of all allocations, as max_bytes counts them */
	struct fwctl_desc desc; /* description of the request */
	pid_t pid; /* thread that started it */
	char comm[TASK_COMM_LEN]; /* its name, if the class taints */
	struct fwctl_audit *audit; /* pending audit record of its end, or NULL */
	/* called at the end of a call whose caller is waiting; NULL: a thread sleeps on @wake */
	void (*done)(struct fwctl_xfer *xfer);
	void *cmd; /* for @done */
	struct completion wake; /* initialised when the caller begins to wait */
	u64 submitted; /* time of submission, ns of the monotonic clock; 0 unless traced */
	unsigned long since; /* time of submission, jiffies */
	int err; /* result: 0 or a negative errno */
	size_t answer_len; /* bytes of the answer */

	enum fwctl_xfer_caller caller; /* guarded by fwctl_device.lock, as all that follows */
	enum fwctl_xfer_state state; /* also read without the lock, see fwctl_call_is_complete() */
	struct list_head entry; /* in fwctl_uctx.queue or fwctl_device.calls */

	u8 priv[] __aligned(__alignof__(unsigned long long)); /* the driver's own data */
};

/* Classes that a file may use */
struct fwctl_rights {
	bool writable; /* it is open for writing */
	u32 file; /* set of classes left by FWCTL_RESTRICT */
	u32 device; /* set of classes left by the administrator */
};

/* Tells whether a rule that depends on the kernel's state permits the request */
typedef bool (*fwctl_permits_t)(enum fwctl_reason rule);

/* main.c */
extern struct workqueue_struct *fwctl_wq, *fwctl_audit_wq, *fwctl_dispatch_wq;
extern u32 fwctl_default_classes;

/* device.c */
int fwctl_devices_init(dev_t first);
void fwctl_devices_exit(void);
struct fwctl_device *fwctl_device_get(unsigned int number);

/* Complains with lockdep if an access to user memory could hold up an unregister. */
static inline void fwctl_assert_outside(struct fwctl_device *fdev)
{
	might_fault();
	lockdep_assert(!srcu_read_lock_held(&fdev->srcu));
	lockdep_assert_not_held(&fdev->lock);
}

/* file.c */
extern const struct file_operations fwctl_fops;

/* sysfs.c */
extern const struct attribute_group *fwctl_groups[];
int fwctl_uevent(const struct device *dev, struct kobj_uevent_env *env);

/* uctx.c */
struct fwctl_uctx *fwctl_uctx_open(struct fwctl_device *fdev);
void fwctl_uctx_release(struct fwctl_uctx *uctx);
void fwctl_uctx_stop_all(struct fwctl_device *fdev);
void fwctl_uctx_close(struct fwctl_uctx *uctx);

/* rpc.c */
struct fwctl_ucmd;
int fwctl_cmd_rpc(struct fwctl_ucmd *ucmd);
int fwctl_cmd_query(struct fwctl_ucmd *ucmd);
struct fwctl_xfer *fwctl_rpc_begin(struct fwctl_req *req, const struct fwctl_rpc *rpc);

/* uring.c */
struct io_uring_cmd;
int fwctl_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

/* call.c */
int fwctl_call_start(struct fwctl_xfer *xfer);
bool fwctl_call_wait(struct fwctl_xfer *xfer);
bool fwctl_call_is_complete(struct fwctl_xfer *xfer);
bool fwctl_call_hand_over(struct fwctl_xfer *xfer);
bool fwctl_call_abandon(struct fwctl_xfer *xfer, int err);
void fwctl_call_uncharge(struct fwctl_xfer *xfer);
void fwctl_call_refuse_all(struct fwctl_uctx *uctx);
void fwctl_call_dispatch(struct work_struct *work);
int fwctl_driver_errno(struct fwctl_device *fdev, int err);

/* memory.c */
size_t fwctl_xfer_size(const struct fwctl_ops *ops, size_t in_len, size_t out_len);
struct fwctl_xfer *fwctl_xfer_alloc(struct fwctl_uctx *uctx, const struct fwctl_desc *desc);
void fwctl_xfer_free(struct fwctl_xfer *xfer);
void fwctl_xfer_release(struct fwctl_xfer *xfer);
void fwctl_xfer_release_all(struct fwctl_uctx *uctx);

/* admit.c */

/* Is a class, one of the enum, in a set? Never true for FWCTL_CLASS_NEVER. */
static inline bool fwctl_class_in(enum fwctl_class class, u32 classes)
{
	return BIT(class) & classes & FWCTL_CLASSES_ALL;
}

enum fwctl_reason fwctl_admit(u32 label, enum fwctl_class class,
			      const struct fwctl_rights *rights, fwctl_permits_t permits);
bool fwctl_permits_caller(enum fwctl_reason rule);
bool fwctl_permits_query(enum fwctl_reason rule);
bool fwctl_permits_late(enum fwctl_reason rule);
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

/* report.c */
DECLARE_TRACEPOINT(fwctl_admit);
DECLARE_TRACEPOINT(fwctl_submit);
DECLARE_TRACEPOINT(fwctl_complete);

bool fwctl_report_sleeps(const struct fwctl_desc *desc, enum fwctl_reason reason);
bool fwctl_report_is_new(const struct fwctl_req *req, enum fwctl_reason reason);
void fwctl_report_admitted(struct fwctl_device *fdev, const struct fwctl_desc *desc);
void fwctl_report_refused(const struct fwctl_req *req, enum fwctl_reason reason);
void fwctl_report_late(const struct fwctl_xfer *xfer, enum fwctl_reason reason);
void fwctl_report_full(struct fwctl_device *fdev, unsigned int files);
void fwctl_report_taint(struct fwctl_xfer *xfer);
void fwctl_report_submit(struct fwctl_xfer *xfer);
void fwctl_report_complete(const struct fwctl_xfer *xfer);
void fwctl_report_stuck(struct fwctl_device *fdev, unsigned int seconds);
struct fwctl_audit *fwctl_audit_begin(struct fwctl_device *fdev, const struct fwctl_desc *desc);
void fwctl_audit_end(struct fwctl_audit *audit, int err);

#endif /* _FWCTL_INTERNAL_H */
