// SPDX-License-Identifier: GPL-2.0
/*
 * Reports of requests: the kernel's log, traces and audit records. Nothing here decides.
 *
 * A request that changes something has two audit records: op=fwctl_rpc, written by the
 * task that sends it, before it is sent, and op=fwctl_end, written by a workqueue when it
 * is over, whatever ended it. call= joins them.
 */
#include <linux/audit.h>
#include <linux/ktime.h>
#include <linux/panic.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* The record of a request's end, which outlives the call and its device */
struct fwctl_audit {
	struct work_struct work;
	u64 id;
	int err;
	struct fwctl_desc desc;
	char device[16];
};

static atomic64_t fwctl_audit_ids;

static DEFINE_RATELIMIT_STATE(fwctl_refusals, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

static struct audit_buffer *fwctl_audit_start(const char *op, const char *device,
					      const struct fwctl_desc *desc)
{
	struct audit_buffer *ab;

	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (ab)
		audit_log_format(ab, "op=%s dev=%s class=%s label=%s opcode=%#x name=\"%s\"",
				 op, device, fwctl_class_name(desc->class),
				 fwctl_label_name(desc->label), desc->opcode, desc->name);
	return ab;
}

static void fwctl_audit_end_work(struct work_struct *work)
{
	struct fwctl_audit *audit = container_of(work, struct fwctl_audit, work);
	struct audit_buffer *ab = fwctl_audit_start("fwctl_end", audit->device, &audit->desc);

	if (ab) {
		audit_log_format(ab, " call=%llu errno=%d res=%d", audit->id, -audit->err,
				 !audit->err);
		audit_log_end(ab);
	}
	kfree(audit);
}

/*
 * A request that changes something is about to be sent by the current task. Process
 * context, may sleep until auditd has caught up: no lock of io_uring is held. Return NULL
 * if there is no audit, an ERR_PTR, or the pending record of the end, for
 * fwctl_audit_end().
 */
struct fwctl_audit *fwctl_audit_begin(struct fwctl_device *fdev, const struct fwctl_desc *desc)
{
	struct fwctl_audit *audit;
	struct audit_buffer *ab;

	if (!audit_enabled)
		return NULL;
	audit = kzalloc(sizeof(*audit), GFP_KERNEL_ACCOUNT);
	if (!audit)
		return ERR_PTR(-ENOMEM);
	INIT_WORK(&audit->work, fwctl_audit_end_work);
	audit->id = atomic64_inc_return(&fwctl_audit_ids);
	audit->desc = *desc;
	strscpy(audit->device, fwctl_name(fdev));
	ab = fwctl_audit_start("fwctl_rpc", audit->device, desc);
	if (ab) {
		audit_log_task_info(ab);
		audit_log_format(ab, " call=%llu res=1", audit->id);
		audit_log_end(ab);
	}
	return audit;
}

/* The request is over, with 0 or a negative errno. Any context. */
void fwctl_audit_end(struct fwctl_audit *audit, int err)
{
	audit->err = err;
	queue_work(fwctl_audit_wq, &audit->work);
}

/* Can the report of a decision, FWCTL_REASON_NONE included, sleep for auditd? */
bool fwctl_report_sleeps(const struct fwctl_desc *desc, enum fwctl_reason reason)
{
	return audit_enabled && (reason || !fwctl_class_in(desc->class, FWCTL_READS));
}

void fwctl_report_admitted(struct fwctl_device *fdev, const struct fwctl_desc *desc)
{
	trace_fwctl_admit(fdev, desc, &(struct fwctl_event){});
}

/* A refusal as one number: opcode, reason, label and class, which the log shows */
static u64 fwctl_refusal(const struct fwctl_desc *desc, enum fwctl_reason reason)
{
	return (u64)desc->opcode << 32 | reason << 16 | desc->label << 8 | desc->class;
}

static bool fwctl_refusal_is_repeated(const struct fwctl_req *req, enum fwctl_reason reason)
{
	return READ_ONCE(req->uctx->last_refusal) == fwctl_refusal(&req->desc, reason);
}

/* Is there anything to report of a refusal? Not if the log has it, and nothing else wants it */
bool fwctl_report_is_new(const struct fwctl_req *req, enum fwctl_reason reason)
{
	return !fwctl_refusal_is_repeated(req, reason) || trace_fwctl_refuse_enabled() ||
	       audit_enabled;
}

/*
 * A request was refused, for a reason that an errno does not tell: the log does, at a
 * limited rate, unless the file's last refusal was the same. Process context of the
 * caller; may sleep, see fwctl_report_sleeps().
 */
void fwctl_report_refused(const struct fwctl_req *req, enum fwctl_reason reason)
{
	const struct fwctl_desc *desc = &req->desc;
	struct fwctl_device *fdev = req->uctx->fdev;
	int err = fwctl_reason_errno(reason);
	struct audit_buffer *ab;

	trace_fwctl_refuse(fdev, desc, &(struct fwctl_event){ .reason = reason, .err = err });
	if (!fwctl_refusal_is_repeated(req, reason) && __ratelimit(&fwctl_refusals)) {
		WRITE_ONCE(req->uctx->last_refusal, fwctl_refusal(desc, reason));
		dev_notice(&fdev->dev,
			   "%s (pid %d): %s (opcode %#x, %s) with label %s refused: %s\n",
			   current->comm, task_pid_nr(current), desc->name, desc->opcode,
			   fwctl_class_name(desc->class), fwctl_label_name(desc->label),
			   fwctl_reason_text(reason));
	}
	if (!audit_enabled)
		return;
	ab = fwctl_audit_start("fwctl_refuse", fwctl_name(fdev), desc);
	if (!ab)
		return;
	audit_log_format(ab, " reason=%s", fwctl_reason_word(reason));
	audit_log_task_info(ab);
	audit_log_format(ab, " errno=%d res=0", -err);
	audit_log_end(ab);
}

/* A call is not sent, as the rules have become stricter since it was admitted. */
void fwctl_report_late(const struct fwctl_xfer *xfer, enum fwctl_reason reason)
{
	struct fwctl_device *fdev = xfer->call.uctx->fdev;
	struct fwctl_event event = { .reason = reason, .err = fwctl_reason_errno(reason) };

	trace_fwctl_refuse(fdev, &xfer->desc, &event);
	if (__ratelimit(&fwctl_refusals))
		dev_notice(&fdev->dev, "pid %d: admitted opcode %#x (%s) with label %s refused: %s\n",
			   xfer->pid, xfer->desc.opcode, fwctl_class_name(xfer->desc.class),
			   fwctl_label_name(xfer->desc.label), fwctl_reason_text(reason));
}

/*
 * An open failed, as so many files are open already. An errno cannot tell whose they are, so
 * the log has the way to find out, at a limited rate.
 */
void fwctl_report_full(struct fwctl_device *fdev, unsigned int files)
{
	dev_notice_ratelimited(&fdev->dev,
			       "%s (pid %d): not opened: %u files are open, as many as can be%s; \"fuser -v /dev/fwctl/%s\" shows whose\n",
			       current->comm, task_pid_nr(current), files,
			       files < fdev->ops.max_files ? " without CAP_SYS_ADMIN" : "",
			       fwctl_name(fdev));
}

/* A call that taints the kernel is about to be submitted. */
void fwctl_report_taint(struct fwctl_xfer *xfer)
{
	if (!test_taint(TAINT_FWCTL))
		dev_warn(&xfer->call.uctx->fdev->dev, "%s (pid %d) sends %s: tainting kernel\n",
			 xfer->comm, xfer->pid,
			 xfer->desc.class == FWCTL_CLASS_FULL ? "with full access" :
								"a debug write");
	add_taint(TAINT_FWCTL, LOCKDEP_STILL_OK);
}

/* A call is about to be submitted. */
void fwctl_report_submit(struct fwctl_xfer *xfer)
{
	struct fwctl_event event = { .xfer = xfer };

	if (trace_fwctl_complete_enabled())
		xfer->submitted = ktime_get_ns();
	trace_fwctl_submit(xfer->call.uctx->fdev, &xfer->desc, &event);
}

/* A call is over. Under fwctl_device.lock. */
void fwctl_report_complete(const struct fwctl_xfer *xfer)
{
	struct fwctl_event event = { .xfer = xfer, .err = xfer->err };

	if (xfer->submitted)
		event.latency = ktime_get_ns() - xfer->submitted;
	trace_fwctl_complete(xfer->call.uctx->fdev, &xfer->desc, &event);
}

/* An unregister has waited for so many seconds, as the hung-task detector would tell. */
void fwctl_report_stuck(struct fwctl_device *fdev, unsigned int seconds)
{
	struct fwctl_xfer *xfer;
	unsigned int calls, contexts, age = 0;
	u32 opcode = 0;
	pid_t pid = 0;

	scoped_guard(spinlock_irqsave, &fdev->lock) {
		calls = fdev->inflight;
		contexts = fdev->contexts;
		xfer = list_first_entry_or_null(&fdev->calls, struct fwctl_xfer, entry);
		if (xfer) {
			opcode = xfer->desc.opcode;
			pid = xfer->pid;
			age = (jiffies - xfer->since) / HZ;
		}
	}
	dev_warn(&fdev->dev,
		 "removal waits for %s for %u s: %u contexts, %u calls, the oldest opcode %#x of pid %d, sent %u s ago\n",
		 fdev->ops.driver_name, seconds, contexts, calls, opcode, pid, age);
}
