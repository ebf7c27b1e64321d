/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Common to both null devices, the one below this project's core and the one below
 * mainline's. They have no firmware: an answer has the length of its buffer and comes at
 * once, or latency_us after the request.
 */
#ifndef BENCH_NULL_H
#define BENCH_NULL_H

#include <linux/moduleparam.h>
#include <linux/types.h>

/* Requests that begin with this byte are refused with EBADMSG. */
#define NULL_REFUSED 0xff

static unsigned int latency_us;
module_param(latency_us, uint, 0644);
MODULE_PARM_DESC(latency_us, "time from a request to its answer, in microseconds");

#endif /* BENCH_NULL_H */
