/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: a request is admitted or refused; an admitted one is submitted to the
 * driver and completed by it. Names and numbers of opcodes are the driver's.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM fwctl

#if !defined(_FWCTL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _FWCTL_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

#ifndef _FWCTL_EVENT
#define _FWCTL_EVENT
/* Fields of an event beside those of its request; not every event shows all of them */
struct fwctl_event {
	const struct fwctl_xfer *xfer; /* the same in the two events of one call */
	enum fwctl_reason reason;
	int err;
	u64 latency; /* ns; 0 if fwctl_complete was not traced when the call was submitted */
};
#endif

#define fwctl_show_label(label)						\
	__print_symbolic(label,						\
		{ FWCTL_RPC_CONFIGURATION, "CONFIGURATION" },		\
		{ FWCTL_RPC_DEBUG_READ_ONLY, "DEBUG_READ_ONLY" },	\
		{ FWCTL_RPC_DEBUG_WRITE, "DEBUG_WRITE" },		\
		{ FWCTL_RPC_DEBUG_WRITE_FULL, "DEBUG_WRITE_FULL" })

#define fwctl_show_class(class)						\
	__print_symbolic(class,						\
		{ FWCTL_CLASS_NEVER, "never" },				\
		{ FWCTL_CLASS_CONFIG_READ, "config-read" },		\
		{ FWCTL_CLASS_CONFIG_WRITE, "config-write" },		\
		{ FWCTL_CLASS_DEBUG_READ, "debug-read" },		\
		{ FWCTL_CLASS_DEBUG_WRITE, "debug-write" },		\
		{ FWCTL_CLASS_FULL, "full" })

#define fwctl_show_reason(reason)					\
	__print_symbolic(reason,					\
		{ FWCTL_REASON_NONE, "NONE" },				\
		{ FWCTL_REASON_LENGTH, "LENGTH" },			\
		{ FWCTL_REASON_NEVER, "NEVER" },			\
		{ FWCTL_REASON_LABEL, "LABEL" },			\
		{ FWCTL_REASON_READ_ONLY, "READ_ONLY" },		\
		{ FWCTL_REASON_RESTRICTED, "RESTRICTED" },		\
		{ FWCTL_REASON_CAPPED, "CAPPED" },			\
		{ FWCTL_REASON_CAPABILITY, "CAPABILITY" },		\
		{ FWCTL_REASON_LOCKDOWN, "LOCKDOWN" })

/* User space does not know the names of enumerators. */
TRACE_DEFINE_ENUM(FWCTL_RPC_CONFIGURATION);
TRACE_DEFINE_ENUM(FWCTL_RPC_DEBUG_READ_ONLY);
TRACE_DEFINE_ENUM(FWCTL_RPC_DEBUG_WRITE);
TRACE_DEFINE_ENUM(FWCTL_RPC_DEBUG_WRITE_FULL);
TRACE_DEFINE_ENUM(FWCTL_CLASS_NEVER);
TRACE_DEFINE_ENUM(FWCTL_CLASS_CONFIG_READ);
TRACE_DEFINE_ENUM(FWCTL_CLASS_CONFIG_WRITE);
TRACE_DEFINE_ENUM(FWCTL_CLASS_DEBUG_READ);
TRACE_DEFINE_ENUM(FWCTL_CLASS_DEBUG_WRITE);
TRACE_DEFINE_ENUM(FWCTL_CLASS_FULL);
TRACE_DEFINE_ENUM(FWCTL_REASON_NONE);
TRACE_DEFINE_ENUM(FWCTL_REASON_LENGTH);
TRACE_DEFINE_ENUM(FWCTL_REASON_NEVER);
TRACE_DEFINE_ENUM(FWCTL_REASON_LABEL);
TRACE_DEFINE_ENUM(FWCTL_REASON_READ_ONLY);
TRACE_DEFINE_ENUM(FWCTL_REASON_RESTRICTED);
TRACE_DEFINE_ENUM(FWCTL_REASON_CAPPED);
TRACE_DEFINE_ENUM(FWCTL_REASON_CAPABILITY);
TRACE_DEFINE_ENUM(FWCTL_REASON_LOCKDOWN);

#define FWCTL_REQUEST_FORMAT						\
	"%s label=%s class=%s opcode=%#x name=%s in_len=%u out_len=%u"

DECLARE_EVENT_CLASS(fwctl_request,
		    TP_PROTO(const struct fwctl_device *fdev,
			     const struct fwctl_desc *desc,
			     const struct fwctl_event *event),
		    TP_ARGS(fdev, desc, event),
		    TP_STRUCT__entry(__string(device, fwctl_name(fdev))
				     __string(name, desc->name)
				     __field(u32, label)
				     __field(u32, class)
				     __field(u32, opcode)
				     __field(u32, in_len)
				     __field(u32, out_len)
				     __field(const void *, call)
				     __field(u32, reason)
				     __field(int, err)
				     __field(size_t, answer_len)
				     __field(u64, latency)),
		    TP_fast_assign(__assign_str(device);
				   __assign_str(name);
				   __entry->label = desc->label;
				   __entry->class = desc->class;
				   __entry->opcode = desc->opcode;
				   __entry->in_len = desc->in_len;
				   __entry->out_len = desc->out_len;
				   __entry->call = event->xfer;
				   __entry->reason = event->reason;
				   __entry->err = event->err;
				   __entry->answer_len = event->xfer ?
							 event->xfer->answer_len : 0;
				   __entry->latency = event->latency;),
		    TP_printk(FWCTL_REQUEST_FORMAT,
			      __get_str(device),
			      fwctl_show_label(__entry->label),
			      fwctl_show_class(__entry->class),
			      __entry->opcode,
			      __get_str(name),
			      __entry->in_len,
			      __entry->out_len)
);

DEFINE_EVENT(fwctl_request, fwctl_admit,
	     TP_PROTO(const struct fwctl_device *fdev,
		      const struct fwctl_desc *desc,
		      const struct fwctl_event *event),
	     TP_ARGS(fdev, desc, event)
);

DEFINE_EVENT_PRINT(fwctl_request, fwctl_refuse,
		   TP_PROTO(const struct fwctl_device *fdev,
			    const struct fwctl_desc *desc,
			    const struct fwctl_event *event),
		   TP_ARGS(fdev, desc, event),
		   TP_printk(FWCTL_REQUEST_FORMAT " reason=%s errno=%d",
			     __get_str(device),
			     fwctl_show_label(__entry->label),
			     fwctl_show_class(__entry->class),
			     __entry->opcode,
			     __get_str(name),
			     __entry->in_len,
			     __entry->out_len,
			     fwctl_show_reason(__entry->reason),
			     -__entry->err)
);

DEFINE_EVENT_PRINT(fwctl_request, fwctl_submit,
		   TP_PROTO(const struct fwctl_device *fdev,
			    const struct fwctl_desc *desc,
			    const struct fwctl_event *event),
		   TP_ARGS(fdev, desc, event),
		   TP_printk(FWCTL_REQUEST_FORMAT " call=%p",
			     __get_str(device),
			     fwctl_show_label(__entry->label),
			     fwctl_show_class(__entry->class),
			     __entry->opcode,
			     __get_str(name),
			     __entry->in_len,
			     __entry->out_len,
			     __entry->call)
);

DEFINE_EVENT_PRINT(fwctl_request, fwctl_complete,
		   TP_PROTO(const struct fwctl_device *fdev,
			    const struct fwctl_desc *desc,
			    const struct fwctl_event *event),
		   TP_ARGS(fdev, desc, event),
		   TP_printk(FWCTL_REQUEST_FORMAT " call=%p err=%d answer_len=%zu latency_ns=%llu",
			     __get_str(device),
			     fwctl_show_label(__entry->label),
			     fwctl_show_class(__entry->class),
			     __entry->opcode,
			     __get_str(name),
			     __entry->in_len,
			     __entry->out_len,
			     __entry->call,
			     __entry->err,
			     __entry->answer_len,
			     __entry->latency)
);

#endif /* _FWCTL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
