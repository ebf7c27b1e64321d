/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: a request is admitted or refused; an admitted one is submitted to
 * the driver and completed by it. Names and numbers of opcodes are the driver's.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM fwctl

#if !defined(_FWCTL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _FWCTL_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

#define fwctl_show_scope(scope)						\
	__print_symbolic(scope,						\
		{ 0, "CONFIGURATION" },					\
		{ 1, "DEBUG_READ_ONLY" },				\
		{ 2, "DEBUG_WRITE" },					\
		{ 3, "DEBUG_WRITE_FULL" })

#define fwctl_show_class(class)						\
	__print_symbolic(class,						\
		{ 0, "never" },						\
		{ 1, "config-read" },					\
		{ 2, "config-write" },					\
		{ 3, "debug-read" },					\
		{ 4, "debug-write" },					\
		{ 5, "full" })

#define fwctl_show_reason(reason)					\
	__print_symbolic(reason,					\
		{ 0, "NONE" },						\
		{ 1, "LENGTH" },					\
		{ 2, "NEVER" },						\
		{ 3, "LABEL" },						\
		{ 4, "READ_ONLY" },					\
		{ 5, "RESTRICTED" },					\
		{ 6, "CAPPED" },					\
		{ 7, "CAPABILITY" },					\
		{ 8, "LOCKDOWN" })

/* What every event tells of its request */
#define FWCTL_REQUEST_FORMAT						\
	"%s label=%s class=%s opcode=%#x name=%s in_len=%u out_len=%u"

TRACE_EVENT(fwctl_admit,
	    TP_PROTO(const struct fwctl_device *fdev,
		     const struct fwctl_summary *what),
	    TP_ARGS(fdev, what),
	    TP_STRUCT__entry(__string(device, fwctl_name(fdev))
			     __string(name, what->name)
			     __field(u32, scope)
			     __field(u32, class)
			     __field(u32, opcode)
			     __field(u32, in_len)
			     __field(u32, out_len)),
	    TP_fast_assign(__assign_str(device);
			   __assign_str(name);
			   __entry->scope = what->scope;
			   __entry->class = what->class;
			   __entry->opcode = what->opcode;
			   __entry->in_len = what->in_len;
			   __entry->out_len = what->out_len;),
	    TP_printk(FWCTL_REQUEST_FORMAT,
		      __get_str(device),
		      fwctl_show_scope(__entry->scope),
		      fwctl_show_class(__entry->class),
		      __entry->opcode,
		      __get_str(name),
		      __entry->in_len,
		      __entry->out_len)
);

TRACE_EVENT(fwctl_refuse,
	    TP_PROTO(const struct fwctl_device *fdev,
		     const struct fwctl_summary *what,
		     enum fwctl_reason reason, int err),
	    TP_ARGS(fdev, what, reason, err),
	    TP_STRUCT__entry(__string(device, fwctl_name(fdev))
			     __string(name, what->name)
			     __field(u32, scope)
			     __field(u32, class)
			     __field(u32, opcode)
			     __field(u32, in_len)
			     __field(u32, out_len)
			     __field(u32, reason)
			     __field(int, err)),
	    TP_fast_assign(__assign_str(device);
			   __assign_str(name);
			   __entry->scope = what->scope;
			   __entry->class = what->class;
			   __entry->opcode = what->opcode;
			   __entry->in_len = what->in_len;
			   __entry->out_len = what->out_len;
			   __entry->reason = reason;
			   __entry->err = err;),
	    TP_printk(FWCTL_REQUEST_FORMAT " reason=%s errno=%d",
		      __get_str(device),
		      fwctl_show_scope(__entry->scope),
		      fwctl_show_class(__entry->class),
		      __entry->opcode,
		      __get_str(name),
		      __entry->in_len,
		      __entry->out_len,
		      fwctl_show_reason(__entry->reason),
		      -__entry->err)
);

/* "call" is the same in the two events of one call. */
TRACE_EVENT(fwctl_submit,
	    TP_PROTO(const struct fwctl_device *fdev,
		     const struct fwctl_summary *what,
		     const struct fwctl_rpc_call *rc),
	    TP_ARGS(fdev, what, rc),
	    TP_STRUCT__entry(__string(device, fwctl_name(fdev))
			     __string(name, what->name)
			     __field(u32, scope)
			     __field(u32, class)
			     __field(u32, opcode)
			     __field(u32, in_len)
			     __field(u32, out_len)
			     __field(const void *, call)),
	    TP_fast_assign(__assign_str(device);
			   __assign_str(name);
			   __entry->scope = what->scope;
			   __entry->class = what->class;
			   __entry->opcode = what->opcode;
			   __entry->in_len = what->in_len;
			   __entry->out_len = what->out_len;
			   __entry->call = rc;),
	    TP_printk(FWCTL_REQUEST_FORMAT " call=%p",
		      __get_str(device),
		      fwctl_show_scope(__entry->scope),
		      fwctl_show_class(__entry->class),
		      __entry->opcode,
		      __get_str(name),
		      __entry->in_len,
		      __entry->out_len,
		      __entry->call)
);

/* The latency is 0 if nobody traced this event when the call was submitted. */
TRACE_EVENT(fwctl_complete,
	    TP_PROTO(const struct fwctl_device *fdev,
		     const struct fwctl_summary *what,
		     const struct fwctl_rpc_call *rc, u64 latency),
	    TP_ARGS(fdev, what, rc, latency),
	    TP_STRUCT__entry(__string(device, fwctl_name(fdev))
			     __string(name, what->name)
			     __field(u32, scope)
			     __field(u32, class)
			     __field(u32, opcode)
			     __field(u32, in_len)
			     __field(u32, out_len)
			     __field(const void *, call)
			     __field(int, err)
			     __field(size_t, answer_len)
			     __field(u64, latency)),
	    TP_fast_assign(__assign_str(device);
			   __assign_str(name);
			   __entry->scope = what->scope;
			   __entry->class = what->class;
			   __entry->opcode = what->opcode;
			   __entry->in_len = what->in_len;
			   __entry->out_len = what->out_len;
			   __entry->call = rc;
			   __entry->err = rc->err;
			   __entry->answer_len = rc->answer_len;
			   __entry->latency = latency;),
	    TP_printk(FWCTL_REQUEST_FORMAT " call=%p err=%d answer_len=%zu latency_ns=%llu",
		      __get_str(device),
		      fwctl_show_scope(__entry->scope),
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
