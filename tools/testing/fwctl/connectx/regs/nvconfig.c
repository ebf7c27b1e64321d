// SPDX-License-Identifier: GPL-2.0
/* Registers that access the non-volatile configuration. */
#include <string.h>

#include "../nv.h"
#include "table.h"

/* Offsets in a TLV header, which three registers share. */
#define HEADER_SIZE 12
#define HEADER_TYPE 4

/*
 * Parameters of the expansion ROM. A tool ignores their support bits and omits
 * them only if the query fails.
 */
static const struct {
	u32 first;
	u32 last;
} rom_types[] = {
	{ 0x00000100, 0x00000101 },
	{ 0x00000211, 0x00000211 },
	{ 0x03000195, 0x03000197 },
	{ 0x03000202, 0x03000257 },
};

static bool is_rom_type(u32 type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rom_types); i++)
		if (type >= rom_types[i].first && type <= rom_types[i].last)
			return true;
	return false;
}

static void mnvqc_get(struct connectx *cx, struct reg_access *a)
{
	u32 type = be32_get(a->data);
	int index = nv_find(type);

	if (is_rom_type(type))
		return reg_fail(a, ST_BAD_PARAM, SYND_NV_ABSENT);
	be32_put(a->data + 4, 0);
	if (index < 0)
		return;
	field_set(a->data, 4, 0, 0, 1);
	field_set(a->data, 4, 1, 1, !(nv_table[index].flags & NV_READ_ONLY));
}

static enum nv_store wanted_store(const u8 *header)
{
	if (field_get(header, 0, 23, 23))
		return NV_FACTORY;
	return field_get(header, 0, 22, 22) ? NV_CURRENT : NV_NEXT;
}

static void put_header(const struct nv *nv, int index, enum nv_store store, u8 *header)
{
	field_set(header, 0, 8, 0, nv_table[index].size);
	field_set(header, 0, 11, 9, 0);		/* writer_host_id */
	field_set(header, 0, 15, 12, 0);	/* version */
	field_set(header, 0, 20, 16, store == NV_FACTORY ? 0 : nv_writer(nv, index));
	field_set(header, 0, 25, 24, 3);	/* over_en, rd_en */
	be32_put(header + HEADER_TYPE, nv_table[index].type);
}

static void mnvda_get(struct connectx *cx, struct reg_access *a)
{
	int index = nv_find(be32_get(a->data + HEADER_TYPE));
	enum nv_store store = wanted_store(a->data);

	if (index < 0)
		return reg_fail(a, ST_BAD_RES, SYND_NV_ABSENT);
	put_header(cx->nv, index, store, a->data);
	memcpy(a->data + HEADER_SIZE, nv_value(cx->nv, index, store), NV_SIZE_MAX);
}

static void nv_fail(struct reg_access *a, enum syndrome bad)
{
	reg_fail(a, bad == SYND_NV_ABSENT ? ST_BAD_RES : ST_BAD_PARAM, bad);
}

static void mnvda_set(struct connectx *cx, struct reg_access *a)
{
	u32 len = field_get(a->data, 0, 8, 0);
	u8 writer = (u8)field_get(a->data, 0, 20, 16);
	enum syndrome bad;

	if (a->len < HEADER_SIZE || len > NV_SIZE_MAX || a->len - HEADER_SIZE < len)
		return nv_fail(a, SYND_NV_LENGTH);
	bad = nv_set(cx->nv, be32_get(a->data + HEADER_TYPE), a->data + HEADER_SIZE, len, writer);
	if (bad)
		nv_fail(a, bad);
}

static void mnvdi_set(struct connectx *cx, struct reg_access *a)
{
	int index = nv_find(be32_get(a->data + HEADER_TYPE));

	if (index < 0)
		return nv_fail(a, SYND_NV_ABSENT);
	nv_invalidate(cx->nv, index);
}

static void mnvia_set(struct connectx *cx, struct reg_access *a)
{
	nv_invalidate_all(cx->nv);
}

/* A tool may ask for factory and for current values. */
static void mnvgc_get(struct connectx *cx, struct reg_access *a)
{
	memset(a->data, 0, 16);
	field_set(a->data, 0, 1, 0, 3);
}

static int next_written(const struct nv *nv, u32 from)
{
	u32 i;

	for (i = from; i < nv_count; i++)
		if (nv_written(nv, (int)i))
			return (int)i;
	return -1;
}

/*
 * A walk over the parameters that were written: pointer 0 begins, each answer has
 * one parameter and the pointer for the next request, 0 after the last.
 */
static void mnvgn_get(struct connectx *cx, struct reg_access *a)
{
	enum { HEADER = 0x10, DATA = 0x1c, DATA_SIZE = 128 };
	int index = next_written(cx->nv, be32_get(a->data));
	int next;

	memset(a->data, 0, DATA + DATA_SIZE);
	if (index < 0)
		return;
	next = next_written(cx->nv, (u32)index + 1);
	be32_put(a->data, next < 0 ? 0 : (u32)next);
	put_header(cx->nv, index, NV_NEXT, a->data + HEADER);
	memcpy(a->data + DATA, nv_value(cx->nv, index, NV_NEXT), DATA_SIZE);
}

/* MNVDA is read and written by mlx5_core 7.x for devlink parameters. */
static const struct reg_desc rows[] = {
	{ .id = 0x9024, .size = 268, .name = "MNVDA", .flags = REG_RW | REG_KERNEL,
	  .get = mnvda_get, .set = mnvda_set },
	{ .id = 0x9025, .size = 12, .name = "MNVDI", .flags = REG_WRITE, .set = mnvdi_set },
	{ .id = 0x9030, .size = 8, .name = "MNVQC", .flags = REG_READ, .get = mnvqc_get },
	{ .id = 0x9033, .size = 8, .name = "MNVIA", .flags = REG_WRITE, .set = mnvia_set },
	{ .id = 0x9034, .size = 16, .name = "MNVGC", .flags = REG_READ, .get = mnvgc_get },
	{ .id = 0x9035, .size = 156, .name = "MNVGN", .flags = REG_READ, .get = mnvgn_get },
};

const struct reg_group nvconfig_regs = { rows, ARRAY_SIZE(rows) };
