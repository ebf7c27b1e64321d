// SPDX-License-Identifier: GPL-2.0
/*
 * Registers for debugging: the resource dump, and plain memory for
 * registers with invasive access (voltages, flash, JTAG).
 */
#include <string.h>

#include "table.h"

#define INLINE_DATA 0x30
#define INLINE_SIZE 208

#define SEGMENT_MENU 0xffff
#define SEGMENT_INFO 0xfffe
#define SEGMENT_TERMINATE 0xfffb
#define SEGMENT_COMMAND 0xfffa
#define SEGMENT_HCA 0x1000	/* the one resource that can be dumped */

/* A segment: its length in words, the header's own included, its type, the words. */
static u8 *put_segment(u8 *p, u16 type, const u32 *words, u32 count)
{
	u32 i;

	be32_put(p, (count + 1) << 16 | type);
	for (i = 0; i < count; i++)
		be32_put(p + 4 + 4 * i, words[i]);
	return p + 4 + 4 * count;
}

/* Every dump begins with the device's identity and the requested segment. */
static u8 *put_preamble(const struct connectx *cx, u8 *p, u16 type)
{
	const u32 info[] = { 1, 0x218, regs_firmware_version(cx->regs) };
	const u32 command[] = { (u32)type << 16, 0, 0, 0 };

	p = put_segment(p, SEGMENT_INFO, info, ARRAY_SIZE(info));
	return put_segment(p, SEGMENT_COMMAND, command, ARRAY_SIZE(command));
}

static u8 *put_resource(const struct connectx *cx, u8 *p)
{
	/* Reserved, two indexes, then the contents. */
	const u32 words[] = { 0, 0, 0, cx->hca, cx->issi, cx->opt.vectors };

	return put_segment(p, SEGMENT_HCA, words, ARRAY_SIZE(words));
}

/* One record: type, name, and the names of two indexes that it does not have. */
static u8 *put_menu(u8 *p)
{
	u32 words[14] = { 1, SEGMENT_HCA };
	u8 *end = put_segment(p, SEGMENT_MENU, words, ARRAY_SIZE(words));

	memcpy(p + 12, "HCA_STATE", 9);
	return end;
}

static u8 *put_terminate(u8 *p)
{
	return put_segment(p, SEGMENT_TERMINATE, NULL, 0);
}

/*
 * A dump takes one or more answers; each increments the sequence number, which
 * the next request repeats. Only inline answers are allowed: the other kind has
 * the address of memory to which the device would write by DMA.
 */
static void resource_dump(struct connectx *cx, struct reg_access *a)
{
	u16 type = (u16)field_get(a->data, 0x00, 15, 0);
	u32 seq = field_get(a->data, 0x00, 19, 16);
	bool more = type == SEGMENT_HCA && seq == 0;
	u8 *data = a->data + INLINE_DATA;
	u8 *end = data;

	if (!field_get(a->data, 0x00, 30, 30) || be32_get(a->data + 0x20) ||
	    be64_get(a->data + 0x28))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_DMA);
	if (type != SEGMENT_MENU && type != SEGMENT_HCA)
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	memset(data, 0, INLINE_SIZE);
	if (seq == 0)
		end = put_preamble(cx, end, type);
	if (type == SEGMENT_MENU)
		end = put_menu(end);
	else if (more)
		end = put_resource(cx, end);
	if (!more)
		end = put_terminate(end);
	field_set(a->data, 0x00, 31, 31, more);
	field_set(a->data, 0x00, 19, 16, seq + 1);
	be32_put(a->data + 0x24, (u32)(end - data));
}

#define PLAIN(reg, len, text, idx) \
	{ .id = reg, .size = len, .name = text, .flags = REG_RW, .index = idx }

static const struct reg_desc rows[] = {
	PLAIN(0x900c, 24, "MVCR", 4),
	PLAIN(0x9010, 32, "MFPA", 4),
	PLAIN(0x9011, 268, "MFBA", 12),
	PLAIN(0x9012, 12, "MFBE", 12),
	PLAIN(0x901f, 48, "MJTAG", 4),
	{ .id = 0xc000, .size = 256, .name = "RESOURCE_DUMP", .flags = REG_RW | REG_KERNEL,
	  .get = resource_dump, .set = resource_dump },
};

const struct reg_group debug_regs = { rows, ARRAY_SIZE(rows) };
