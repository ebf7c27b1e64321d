// SPDX-License-Identifier: GPL-2.0
/* The init segment as an image; counters that advance by themselves are set at each read. */
#include <string.h>

#include "be.h"
#include "init_segment.h"
#include "loop.h"

#define FW_REV 0x000
#define CMDIF_REV 0x004
#define CMDQ_HIGH 0x010
#define CMDQ_LOW 0x014
#define DOORBELL 0x018
#define INITIALIZING 0x1fc
#define HEALTH_FW_VER 0x230
#define HEALTH_HW_ID 0x234
#define HEALTH_RFR 0x238
#define HEALTH_SYNDROME 0x23d
#define CMD_EXEC_TIMEOUT 0xff8
#define CMDQ_INIT_TIMEOUT 0xffc
#define TIMER 0x1000
#define HEALTH_COUNTER 0x1010

#define CMDIF_VERSION 5U
#define INIT_TIMEOUT_MS 2000U
#define SYNC_RESET_ACK BIT(22)
#define SYNDROME_FW_INTERNAL 0x01
#define RFR_AND_SEVERITY 0x8a	/* reset requested; severity valid, critical */

/* nic_interface, bits 10..8 of the queue's low word */
enum { NIC_FULL = 0, NIC_DISABLED = 1, NIC_SW_RESET = 7 };

struct iseg {
	u32 timeout_ms;
	u8 image[ISEG_SIZE];
};

struct iseg *iseg_new(u32 timeout_ms)
{
	struct iseg *iseg = alloc_zeroed(sizeof(*iseg));

	iseg->timeout_ms = timeout_ms;
	iseg_reset(iseg, FW_VERSION);
	return iseg;
}

void iseg_free(struct iseg *iseg)
{
	free(iseg);
}

/* The device owns the low byte: the driver reads the queue's geometry from it. */
static void set_queue_word(struct iseg *iseg, u32 addr, u32 nic)
{
	be32_put(iseg->image + CMDQ_LOW,
		 (addr & 0xfffff000) | nic << 8 | ISEG_LOG_SLOTS << 4 | ISEG_LOG_STRIDE);
}

void iseg_set_timeout(struct iseg *iseg, u32 timeout_ms)
{
	iseg->timeout_ms = timeout_ms & ISEG_TIMEOUT_MS_MAX;
	/* The driver uses both timeouts or neither; unit 0 is milliseconds. */
	be32_put(iseg->image + CMD_EXEC_TIMEOUT, iseg->timeout_ms);
	be32_put(iseg->image + CMDQ_INIT_TIMEOUT, iseg->timeout_ms ? INIT_TIMEOUT_MS : 0);
}

void iseg_reset(struct iseg *iseg, u32 version)
{
	u8 *image = iseg->image;

	memset(image, 0, sizeof(iseg->image));
	be32_put(image + FW_REV, (version >> 16 & 0xff) << 16 | version >> 24);
	be32_put(image + CMDIF_REV, CMDIF_VERSION << 16 | (version & 0xffff));
	be32_put(image + HEALTH_FW_VER, version);
	be32_put(image + HEALTH_HW_ID, 0x218);
	/* Disabled until a driver sets its queue; a loaded driver sees that its queue is lost. */
	set_queue_word(iseg, 0, NIC_DISABLED);
	iseg_set_timeout(iseg, iseg->timeout_ms);
}

void iseg_read(struct iseg *iseg, u64 off, void *buf, u32 len)
{
	u64 now = loop_now_ns();

	be64_put(iseg->image + TIMER, now);
	/* Must differ between polls that are seconds apart, and be neither 0 nor all ones. */
	be32_put(iseg->image + HEALTH_COUNTER, ((now / 1000000) & 0xffffff) | 1);
	memcpy(buf, iseg->image + off, len);
}

/* The word has the address and the interface state; each state is an event of its own. */
static enum iseg_event write_queue(struct iseg *iseg, u32 word)
{
	u32 nic = word >> 8 & 7;

	if (nic == NIC_DISABLED) {
		set_queue_word(iseg, word, nic);
		return ISEG_DISABLED;
	}
	if (nic == NIC_SW_RESET) {
		set_queue_word(iseg, 0, NIC_DISABLED);
		return ISEG_SW_RESET;
	}
	/* The firmware has recovered when a new driver sets its queue. */
	iseg->image[HEALTH_RFR] = 0;
	iseg->image[HEALTH_SYNDROME] = 0;
	set_queue_word(iseg, word, NIC_FULL);
	return ISEG_QUEUE;
}

enum iseg_event iseg_write(struct iseg *iseg, u64 off, const void *buf, u32 len, u32 *value)
{
	if (len != sizeof(*value))
		return ISEG_NOTHING;
	*value = be32_get(buf);
	switch (off) {
	case CMDQ_HIGH:
		be32_put(iseg->image + CMDQ_HIGH, *value);
		return ISEG_NOTHING;
	case CMDQ_LOW:
		return write_queue(iseg, *value);
	case DOORBELL:
		return ISEG_DOORBELL;
	case INITIALIZING:
		return *value & SYNC_RESET_ACK ? ISEG_SYNC_RESET : ISEG_NOTHING;
	default:
		return ISEG_NOTHING;
	}
}

u64 iseg_queue(const struct iseg *iseg)
{
	return be64_get(iseg->image + CMDQ_HIGH) & ~0xfffULL;
}

/* The driver waits for the interface to be disabled before it recovers. */
void iseg_set_fatal(struct iseg *iseg)
{
	iseg->image[HEALTH_SYNDROME] = SYNDROME_FW_INTERNAL;
	iseg->image[HEALTH_RFR] = RFR_AND_SEVERITY;
	set_queue_word(iseg, be32_get(iseg->image + CMDQ_LOW), NIC_DISABLED);
}

bool iseg_fatal(const struct iseg *iseg)
{
	return iseg->image[HEALTH_RFR] != 0;
}

u8 iseg_syndrome(const struct iseg *iseg)
{
	return iseg->image[HEALTH_SYNDROME];
}
