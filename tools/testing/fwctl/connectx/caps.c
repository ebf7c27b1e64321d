// SPDX-License-Identifier: GPL-2.0
/* The capability tables and their builder. */
#include <string.h>

#include "be.h"
#include "caps.h"
#include "eq.h"
#include "uctx.h"

struct cap_row {
	u16 off;
	u8 hi;
	u8 lo;
	u32 value;
	bool writable;
};

static const struct cap_row general[] = {
	{ 0x04, 15, 0, CAPS_VHCA_ID, false },	/* vhca_id */
	{ 0x10, 31, 24, 0x0f, false },		/* log_max_srq_sz */
	{ 0x10, 23, 16, 0x0f, false },		/* log_max_qp_sz */
	{ 0x10, 4, 0, 18, true },		/* log_max_qp */
	{ 0x18, 23, 16, 0x16, false },		/* log_max_cq_sz */
	{ 0x18, 4, 0, 24, false },		/* log_max_cq */
	{ 0x1c, 31, 24, 22, false },		/* log_max_eq_sz */
	{ 0x1c, 21, 16, 24, false },		/* log_max_mkey */
	{ 0x1c, 4, 4, 1, false },		/* fast_teardown */
	{ 0x1c, 3, 0, EQ_LOG_MAX, false },	/* log_max_eq */
	{ 0x34, 22, 22, 1, false },		/* mcam_reg */
	{ 0x34, 7, 0, 1, false },		/* num_ports */
	{ 0x38, 13, 13, 1, false },		/* general_notification_event */
	{ 0x3c, 14, 14, 1, true },		/* pci_sync_for_fw_update_event */
	{ 0x3c, 3, 0, 1, false },		/* cqe_version */
	{ 0x48, 7, 0, 12, false },		/* log_pg_sz */
	{ 0x4c, 20, 16, 9, false },		/* log_bf_reg_size */
	{ 0x64, 20, 16, 24, false },		/* log_max_pd */
	{ 0x64, 9, 9, 1, true },		/* pci_sync_for_fw_update_with_driver_unload */
	{ 0x8c, 28, 24, UCTX_LOG_MAX, false },	/* log_max_uctx */
	{ 0x8c, 20, 16, 20, false },		/* log_max_umem */
	{ 0x90, 15, 0, 0, true },		/* log_uar_page_sz */
	{ 0xc0, 23, 16, 1, false },		/* native_port_num */
};

/* Used by tools only: the general capabilities do not announce this set. */
static const struct cap_row debug[] = {
	{ 0x00, 22, 22, 1, false },		/* resource_dump */
};

/* For tools only as well; the writable ones are what devlink sets for another function. */
static const struct cap_row general2[] = {
	{ 0x10, 31, 31, 1, true },		/* migratable */
	{ 0x44, 30, 30, 1, false },		/* sw_vhca_id_valid */
	{ 0x44, 29, 16, CAPS_VHCA_ID, false },	/* sw_vhca_id */
	{ 0x88, 23, 0, BIT(EQ_LOG_MAX), true },	/* max_num_eqs_24b */
	{ 0xb8, 29, 29, 1, false },		/* function_id_type_vhca_id */
};

static const struct cap_type {
	u16 type;
	const struct cap_row *rows;
	size_t count;
} types[] = {
	{ CAPS_GENERAL, general, ARRAY_SIZE(general) },
	{ CAPS_DEBUG, debug, ARRAY_SIZE(debug) },
	{ CAPS_GENERAL2, general2, ARRAY_SIZE(general2) },
};

/* Offset of uctx_cap in the general capabilities */
#define UCTX_CAP 0xd4

/* Set 0 is the caller's own function, set 1 + N is function N. */
#define SETS (1 + CAPS_OTHER_FUNCTIONS)

struct caps {
	u32 uctx_cap;
	u8 max[ARRAY_SIZE(types)][CAPS_SIZE];
	u8 current[SETS][ARRAY_SIZE(types)][CAPS_SIZE];
};

struct caps *caps_new(bool ethernet)
{
	struct caps *caps = alloc_zeroed(sizeof(*caps));

	caps->uctx_cap = UCTX_CAPS;
	caps_reset(caps, ethernet);
	return caps;
}

void caps_free(struct caps *caps)
{
	free(caps);
}

/* Other functions start with the same values as the caller's own. */
void caps_reset(struct caps *caps, bool ethernet)
{
	size_t t, r;

	memset(caps->max, 0, sizeof(caps->max));
	for (t = 0; t < ARRAY_SIZE(types); t++)
		for (r = 0; r < types[t].count; r++) {
			const struct cap_row *row = &types[t].rows[r];

			field_set(caps->max[t], row->off, row->hi, row->lo, row->value);
		}
	field_set(caps->max[0], 0x34, 9, 8, ethernet);	/* port_type */
	for (r = 0; r < SETS; r++)
		memcpy(caps->current[r], caps->max, sizeof(caps->max));
	caps_set_uctx(caps, caps->uctx_cap);
}

u32 caps_uctx(const struct caps *caps)
{
	return caps->uctx_cap;
}

void caps_set_uctx(struct caps *caps, u32 uctx_cap)
{
	size_t r;

	caps->uctx_cap = uctx_cap;
	be32_put(caps->max[0] + UCTX_CAP, uctx_cap);
	for (r = 0; r < SETS; r++)
		be32_put(caps->current[r][0] + UCTX_CAP, uctx_cap);
}

static int type_index(u16 type)
{
	size_t t;

	for (t = 0; t < ARRAY_SIZE(types); t++)
		if (types[t].type == type)
			return (int)t;
	return -1;
}

const u8 *caps_max(const struct caps *caps, u16 type)
{
	int t = type_index(type);

	return t < 0 ? NULL : caps->max[t];
}

const u8 *caps_current(const struct caps *caps, int function, u16 type)
{
	int t = type_index(type);

	if (t < 0 || function >= CAPS_OTHER_FUNCTIONS)
		return NULL;
	return caps->current[function + 1][t];
}

/* Check all fields before storing any, so that a refused request changes nothing. */
bool caps_set(struct caps *caps, int function, u16 type, const u8 *in)
{
	u8 *current = (u8 *)caps_current(caps, function, type);
	const struct cap_type *desc = &types[type_index(type)];
	const struct cap_row *row;

	for (row = desc->rows; row < desc->rows + desc->count; row++)
		if (row->writable && field_get(in, row->off, row->hi, row->lo) > row->value)
			return false;
	for (row = desc->rows; row < desc->rows + desc->count; row++)
		if (row->writable)
			field_set(current, row->off, row->hi, row->lo,
				  field_get(in, row->off, row->hi, row->lo));
	return true;
}
