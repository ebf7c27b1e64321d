// SPDX-License-Identifier: GPL-2.0
/* Resets, the tools' lock, host endianness, sensors, PCIe. */
#include <string.h>

#include "table.h"

/*
 * Reset levels 3 (driver restart and PCI reset) and 6 (power cycle): either way
 * the firmware restarts at the next reset of the function.
 */
#define RESET_LEVELS 0x48

struct management {
	u32 armed;
	bool locked;	/* access to the hardware needs the key */
	u64 key;
};

struct management *management_new(void)
{
	return alloc_zeroed(sizeof(struct management));
}

void management_free(struct management *management)
{
	free(management);
}

bool management_restart_armed(const struct management *management)
{
	return management->armed;
}

static void mfrl_get(struct connectx *cx, struct reg_access *a)
{
	memset(a->data, 0, 8);
	field_set(a->data, 0x04, 7, 0, RESET_LEVELS);
	field_set(a->data, 0x04, 15, 8, 1);	/* reset_type: full chip */
}

/*
 * A reset can be agreed on with the driver, which "start" asks for by an event: the driver
 * answers in "resp", is told to unload or that it is off, and says so when it has unloaded.
 */
static void mfrl_sync(struct connectx *cx, bool start, u32 resp)
{
	enum { RESP_NONE, RESP_ACK };

	if (start)
		connectx_sync_reset_event(cx, SYNC_RESET_REQUEST);
	else if (resp != RESP_NONE)
		connectx_sync_reset_event(cx, resp == RESP_ACK ? SYNC_RESET_UNLOAD :
						       SYNC_RESET_ABORT);
}

static void mfrl_set(struct connectx *cx, struct reg_access *a)
{
	u32 trigger = field_get(a->data, 0x04, 7, 0);

	if (!trigger || trigger & ~RESET_LEVELS)
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	cx->regs->management->armed |= trigger;
	mfrl_sync(cx, field_get(a->data, 0x04, 29, 29), field_get(a->data, 0x04, 28, 27));
}

/* The key is never read back. */
static void mlock_get(struct connectx *cx, struct reg_access *a)
{
	memset(a->data, 0, 16);
	field_set(a->data, 0x00, 7, 0, cx->regs->management->locked);
}

/* Operation 1 locks with a key of the caller's choice, operation 0 unlocks with the same. */
static void mlock_set(struct connectx *cx, struct reg_access *a)
{
	struct management *management = cx->regs->management;
	u32 operation = field_get(a->data, 0x00, 7, 0);
	u64 key = be64_get(a->data + 0x08);

	if (operation > 1 || (!operation && management->locked && key != management->key))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	if (operation && management->locked)
		return reg_fail(a, ST_BAD_SYS_STATE, SYND_REG_FIELD);
	management->locked = operation;
	management->key = operation ? key : 0;
}

static const struct reg_word mtcap_words[] = { { 0x00, 1 }, { 0x04, 1 }, { 0x0c, 1 } };
static const struct reg_word mtmp_words[] = {
	{ 0x04, 48 * 8 },		/* 48 degrees, in eighths */
	{ 0x08, 51 * 8 },		/* highest so far */
	{ 0x18, 0x61736963 },		/* "asic" */
};
static const struct reg_word mpein_words[] = {
	{ 0x08, 0x00080008 },
	{ 0x0c, 0x00080008 },		/* 8 lanes, 16 GT/s */
};

#define PLAIN(reg, len, text, flag, idx) \
	{ .id = reg, .size = len, .name = text, .flags = flag, .index = idx }

static const struct reg_desc rows[] = {
	{ .id = 0x402d, .size = 16, .name = "MLOCK", .flags = REG_RW,
	  .get = mlock_get, .set = mlock_set },
	PLAIN(0x7004, 16, "HOST_ENDIANNESS", REG_RW | REG_KERNEL, 0),
	{ .id = 0x9009, .size = 16, .name = "MTCAP", .flags = REG_READ | REG_KERNEL,
	  .words = mtcap_words, .words_count = ARRAY_SIZE(mtcap_words) },
	{ .id = 0x900a, .size = 32, .name = "MTMP", .flags = REG_RW | REG_KERNEL, .index = 4,
	  .words = mtmp_words, .words_count = ARRAY_SIZE(mtmp_words) },
	PLAIN(0x9014, 148, "MCIA", REG_RW | REG_KERNEL, 16),
	{ .id = 0x9028, .size = 8, .name = "MFRL", .flags = REG_RW | REG_KERNEL,
	  .get = mfrl_get, .set = mfrl_set },
	PLAIN(0x902c, 20, "MVTS", REG_RW, 4),	/* timestamps against older images: none */
	PLAIN(0x902d, 16, "MRTC", REG_RW | REG_KERNEL, 0),
	{ .id = 0x9050, .size = 48, .name = "MPEIN", .flags = REG_READ | REG_KERNEL, .index = 4,
	  .words = mpein_words, .words_count = ARRAY_SIZE(mpein_words) },
	PLAIN(0x9051, 256, "MPCNT", REG_RW | REG_KERNEL, 8),
	PLAIN(0x9056, 44, "MPEGC", REG_RW | REG_KERNEL, 4),
	PLAIN(0x9059, 16, "MPIR", REG_READ | REG_KERNEL, 4),
	PLAIN(0x910d, 16, "MTMG", REG_RW, 4),
	PLAIN(0x910e, 12, "MTMR", REG_RW, 4),
	PLAIN(0xc00e, 64, "DTOR", REG_READ | REG_KERNEL, 0),
};

const struct reg_group management_regs = { rows, ARRAY_SIZE(rows) };
