/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The init segment, the first pages of BAR0: versions, the address of the
 * command queue, its doorbell, the health buffer and the counters.
 */
#ifndef CONNECTX_INIT_SEGMENT_H
#define CONNECTX_INIT_SEGMENT_H

#include "types.h"

/* Rounded up to whole pages, which are no UARs. */
#define ISEG_SIZE 0x3000

/* Version that the device leaves the factory with, 28.42.1000. */
#define FW_VERSION (28U << 24 | 42U << 16 | 1000U)

/* The longest command timeout that fits, in milliseconds. */
#define ISEG_TIMEOUT_MS_MAX 0xfffffU

/* Queue of 32 slots of 64 bytes, as real devices have it. */
#define ISEG_LOG_SLOTS 5
#define ISEG_LOG_STRIDE 6

enum iseg_event {
	ISEG_NOTHING,
	ISEG_QUEUE,		/* a queue address is complete: a driver takes over */
	ISEG_DOORBELL,		/* value: mask of slots */
	ISEG_DISABLED,		/* the driver disabled its interface */
	ISEG_SW_RESET,		/* the driver asks the firmware to start anew */
	ISEG_SYNC_RESET,	/* the driver has unloaded for a restart that it agreed to */
};

struct iseg;

/* @timeout_ms: command timeout to advertise, 0 to leave it to the driver. */
struct iseg *iseg_new(u32 timeout_ms);
void iseg_free(struct iseg *iseg);
/* As at power on, with the firmware's @version: major << 24 | minor << 16 | sub-minor. */
void iseg_reset(struct iseg *iseg, u32 version);
/* Change the advertised timeout; a driver reads it when it loads. */
void iseg_set_timeout(struct iseg *iseg, u32 timeout_ms);

void iseg_read(struct iseg *iseg, u64 off, void *buf, u32 len);
/* One 32-bit write; other sizes are ignored, as hardware does. */
enum iseg_event iseg_write(struct iseg *iseg, u64 off, const void *buf, u32 len, u32 *value);

u64 iseg_queue(const struct iseg *iseg);

/* The firmware has died: syndrome with a reset request, interface disabled. */
void iseg_set_fatal(struct iseg *iseg);
bool iseg_fatal(const struct iseg *iseg);
u8 iseg_syndrome(const struct iseg *iseg);

#endif
