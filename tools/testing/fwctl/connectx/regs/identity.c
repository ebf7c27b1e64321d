// SPDX-License-Identifier: GPL-2.0
/* The device's identity, and the list of its registers. */
#include <string.h>

#include "../nv.h"
#include "table.h"

static void put_words(u8 *data, const struct reg_word *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		be32_put(data + words[i].off, words[i].value);
}

static void mgir_get(struct connectx *cx, struct reg_access *a)
{
	static const struct reg_word words[] = {
		{ 0x04, 0x00010000 },	/* num_ports 1 */
		{ 0x08, 0x00000218 },	/* hw_dev_id: ConnectX-7 */
		{ 0x10, FW_BASE_MAC >> 32 },
		{ 0x14, (u32)FW_BASE_MAC },
		{ 0x24, 0x0000002a },	/* build_id */
		{ 0x28, 0x0a152026 },	/* released 21 October 2026, digits as in BCD */
		{ 0x54, 0x00000001 },	/* life_cycle: generally available, secured */
	};
	u32 version = regs_firmware_version(cx->regs);

	memset(a->data, 0, 0xa0);
	put_words(a->data, words, ARRAY_SIZE(words));
	field_set(a->data, 0x00, 15, 0, cx->opt.device_id);
	be32_put(a->data + 0x1c, (u32)(loop_now_ms() / 1000));
	/* The byte-wide fields are cut to 8 bits; the extended fields hold the full version. */
	field_set(a->data, 0x20, 23, 16, version >> 24);
	field_set(a->data, 0x20, 15, 8, version >> 16);
	field_set(a->data, 0x20, 7, 0, version);
	field_set(a->data, 0x20, 25, 24, 3);	/* signed, secured */
	memcpy(a->data + 0x30, FW_PSID, strlen(FW_PSID));
	be32_put(a->data + 0x44, version >> 24);
	be32_put(a->data + 0x48, version >> 16 & 0xff);
	be32_put(a->data + 0x4c, version & 0xffff);
	strcpy((char *)a->data + 0x80, "emulator");
}

/* Text that a tool reads in pieces of 8 bytes. */
static void mqis_get(struct connectx *cx, struct reg_access *a)
{
	static const char *const infos[] = {
		[1] = "CX7-EMULATED",
		[2] = "ConnectX-7 in software; not a product",
		[3] = "",
		[4] = "",
	};
	u32 type = field_get(a->data, 0x00, 7, 0);
	u32 off = field_get(a->data, 0x08, 31, 16);
	u32 len = field_get(a->data, 0x08, 15, 0);
	const char *info;
	u32 total;

	if (type < 1 || type >= ARRAY_SIZE(infos))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	info = infos[type];
	total = *info ? (u32)strlen(info) + 1 : 0;
	len = off < total ? MIN(MIN(len, 8U), total - off) : 0;
	field_set(a->data, 0x04, 15, 0, total);
	field_set(a->data, 0x08, 15, 0, len);
	memset(a->data + 0x10, 0, 8);
	if (len)
		memcpy(a->data + 0x10, info + off, len);
}

/*
 * Capability masks are made from the register table itself: bit N of group G is
 * register base + 128 * G + N. The last word of a mask comes first.
 */
static void register_mask(struct reg_access *a, u16 base)
{
	u32 group = field_get(a->data, 0x00, 7, 0);
	u32 n;

	memset(a->data + 4, 0, 0x44);
	for (n = 0; n < 128 && group < 16; n++) {
		u32 word = 0x14 - 4 * (n / 32);

		if (reg_known((u16)(base + 128 * group + n)))
			field_set(a->data, word, n % 32, n % 32, 1);
	}
}

static void mcam_get(struct connectx *cx, struct reg_access *a)
{
	register_mask(a, 0x9000);
}

static void pcam_get(struct connectx *cx, struct reg_access *a)
{
	register_mask(a, 0x5000);
}

static void qcam_get(struct connectx *cx, struct reg_access *a)
{
	register_mask(a, 0x4000);
}

/* serial_number, part_number, revision, product_name: text */
static void msgi_get(struct connectx *cx, struct reg_access *a)
{
	memset(a->data, 0, 128);
	strcpy((char *)a->data, "EMU0000000001");
	strcpy((char *)a->data + 0x20, "CX7-EMULATED");
	strcpy((char *)a->data + 0x3c, "A1");
	strcpy((char *)a->data + 0x40, "ConnectX-7 emulator");
}

static const struct reg_desc rows[] = {
	{ .id = 0x9020, .size = 160, .name = "MGIR", .flags = REG_READ, .get = mgir_get },
	{ .id = 0x9021, .size = 128, .name = "MSGI", .flags = REG_READ, .get = msgi_get },
	{ .id = 0x9064, .size = 24, .name = "MQIS", .flags = REG_READ, .get = mqis_get },
	{ .id = 0x907f, .size = 72, .name = "MCAM", .flags = REG_READ | REG_KERNEL,
	  .get = mcam_get },
	/* The same mask, under the number by which newer tools know it */
	{ .id = 0x9702, .size = 72, .name = "MPCAM", .flags = REG_READ, .get = mcam_get },
	{ .id = 0x507f, .size = 80, .name = "PCAM", .flags = REG_READ | REG_KERNEL,
	  .get = pcam_get },
	{ .id = 0x4019, .size = 72, .name = "QCAM", .flags = REG_READ | REG_KERNEL,
	  .get = qcam_get },
};

const struct reg_group identity_regs = { rows, ARRAY_SIZE(rows) };
