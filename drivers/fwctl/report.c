// SPDX-License-Identifier: GPL-2.0
/*
 * What others get to know of a request: the kernel's log, traces and audit
 * records. Nothing here decides anything.
 */
#include <linux/audit.h>
#include <linux/ktime.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>

#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/*
 * Audit: who did what to which device, and how it ended. May wait for auditd to
 * catch up, and therefore is called where nothing is held.
 */
static void fwctl_audit(struct fwctl_device *fdev, const char *op,
			const struct fwctl_summary *what,
			enum fwctl_reason reason, int err)
{
	struct audit_buffer *ab;

	if (!audit_enabled)
		return;
	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (!ab)
		return;
	audit_log_format(ab,
			 "op=%s dev=%s class=%s label=%s opcode=%#x name=\"%s\"",
			 op, fwctl_name(fdev), fwctl_class_name(what->class),
			 fwctl_label_name(what->scope), what->opcode,
			 what->name);
	if (reason)
		audit_log_format(ab, " reason=%s", fwctl_reason_word(reason));
	audit_log_task_info(ab);
	audit_log_format(ab, " errno=%d res=%d", -err, !err);
	audit_log_end(ab);
}

/**
 * fwctl_trace_admitted - see fwctl_report_admitted()
 * @fdev: the device
 * @what: the request
 */
void fwctl_trace_admitted(struct fwctl_device *fdev,
			  const struct fwctl_summary *what)
{
	trace_fwctl_admit(fdev, what);
}

static DEFINE_RATELIMIT_STATE(fwctl_refusals, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

/* A refusal as one number; opcode, reason, label and class are what the log shows. */
static u64 fwctl_refusal(const struct fwctl_summary *what,
			 enum fwctl_reason reason)
{
	return (u64)what->opcode << 32 | reason << 16 | what->scope << 8 |
	       what->class;
}

static void fwctl_log_refused(const struct fwctl_asked *asked,
			      enum fwctl_reason reason)
{
	const struct fwctl_summary *what = &asked->what;

	if (!__ratelimit(&fwctl_refusals))
		return;
	WRITE_ONCE(asked->uctx->told, fwctl_refusal(what, reason));
	dev_notice(&asked->uctx->fdev->dev,
		   "%s (pid %d): %s (opcode %#x, %s) with label %s refused: %s\n",
		   current->comm, task_pid_nr(current), what->name,
		   what->opcode, fwctl_class_name(what->class),
		   fwctl_label_name(what->scope), fwctl_reason_text(reason));
}

/**
 * fwctl_report_refused - a request was refused
 * @asked: the request
 * @reason: by which rule, not FWCTL_REASON_NONE
 *
 * An errno does not tell which rule said no; whoever runs the machine can see it in
 * the log, at a limited rate. The same again, from the same file, is no news. Process
 * context of the caller, may sleep.
 */
void fwctl_report_refused(struct fwctl_asked *asked, enum fwctl_reason reason)
{
	struct fwctl_device *fdev = asked->uctx->fdev;
	const struct fwctl_summary *what = &asked->what;
	bool news = READ_ONCE(asked->uctx->told) != fwctl_refusal(what, reason);
	int err;

	if (!news && !trace_fwctl_refuse_enabled() && !audit_enabled)
		return;
	fwctl_request_name(asked);
	err = fwctl_reason_errno(reason);
	trace_fwctl_refuse(fdev, what, reason, err);
	if (news)
		fwctl_log_refused(asked, reason);
	fwctl_audit(fdev, "fwctl_refuse", what, reason, err);
}

/**
 * fwctl_trace_submit - see fwctl_report_submit()
 * @rc: the call
 */
void fwctl_trace_submit(struct fwctl_rpc_call *rc)
{
	if (trace_fwctl_complete_enabled())
		rc->submitted = ktime_get_ns();
	trace_fwctl_submit(rc->call.uctx->fdev, &rc->what, rc);
}

/**
 * fwctl_trace_complete - see fwctl_report_complete()
 * @rc: the call, its end filled in
 */
void fwctl_trace_complete(struct fwctl_rpc_call *rc)
{
	u64 latency = rc->submitted ? ktime_get_ns() - rc->submitted : 0;

	trace_fwctl_complete(rc->call.uctx->fdev, &rc->what, rc, latency);
}

/**
 * fwctl_audit_end - see fwctl_report_end()
 * @fdev: the device
 * @what: the request, which changes something
 * @err: 0 or the negative errno that its caller gets
 */
void fwctl_audit_end(struct fwctl_device *fdev,
		     const struct fwctl_summary *what, int err)
{
	fwctl_audit(fdev, "fwctl_rpc", what, FWCTL_REASON_NONE, err);
}
