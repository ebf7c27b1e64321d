// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware components and their update: MCQS lists them, MCQI describes them,
 * MCC runs the update (lock, download, verify, activate) and MCDA carries the
 * bytes. A boot image is one of two: the 4 letters "CXFW" and a big-endian
 * version, followed by anything; or what mstflint sends of its own format, with
 * the magic overwritten and the bytes of each word reversed. Once activated an
 * image is pending, and it runs from the next firmware start on.
 */
#include <stdio.h>
#include <string.h>

#include "../init_segment.h"
#include "../uctx.h"
#include "table.h"

enum state { IDLE, LOCKED, INITIALIZE, DOWNLOAD, VERIFY, APPLY, ACTIVATE };
enum error { ERROR_NONE = 0, ERROR_BAD_FORMAT = 8 };

#define BOOT_MAGIC 0x43584657	/* "CXFW" */
#define BOOT_MAX 0x01000000
/* Offsets in an image of mstflint's: the format, the pointer to the image info, and therein. */
#define FS4_FORMAT 0x10
#define FS4_INFO_POINTER 0x68
#define INFO_MAJOR 0x04
#define INFO_MINOR 0x08
#define INFO_CHIP 0x118
#define INFO_SIZE 0x400
#define CHIP 0x218
#define MCDA_MAX 128

static const struct component {
	u16 identifier;
	u32 size;
	u32 max_size;
	bool boot;
} components[] = {
	{ 0x01, 0x00800000, BOOT_MAX, true },
	{ 0x0b, 0x00000000, 0x00010000, false },	/* congestion control program */
};

struct component_update {
	u32 running;	/* versions of the boot image: major << 24 | minor << 16 | sub */
	u32 pending;	/* 0 when none waits */
	bool activated;
	/* the session: one at a time, which ends with the user that has locked it */
	enum state state;
	enum error error;
	u32 handle;
	u16 uid;
	u32 component;
	u32 size;
	u32 received;
	u8 data[BOOT_MAX];
};

struct component_update *component_update_new(void)
{
	struct component_update *update = alloc_zeroed(sizeof(*update));

	update->running = FW_VERSION;
	return update;
}

void component_update_free(struct component_update *update)
{
	free(update);
}

/* End the session only: a version that was verified stays pending. */
static void end_session(struct component_update *update)
{
	update->state = IDLE;
	update->error = ERROR_NONE;
	update->uid = 0;
	update->size = 0;
	update->received = 0;
}

/* Run the pending version, but only if it was activated as well as verified. */
void component_update_boot(struct component_update *update)
{
	end_session(update);
	if (update->pending && update->activated)
		update->running = update->pending;
	update->pending = 0;
	update->activated = false;
}

void component_update_drop_uid(struct component_update *update, u16 uid)
{
	if (update->state != IDLE && (uid == UID_SHARED || update->uid == uid))
		end_session(update);
}

u32 regs_firmware_version(const struct regs *regs)
{
	return regs->update->running;
}

static void mcqs_get(struct connectx *cx, struct reg_access *a)
{
	struct component_update *update = cx->regs->update;
	u32 index = field_get(a->data, 0x00, 15, 0);

	if (index >= ARRAY_SIZE(components))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	memset(a->data + 4, 0, 12);
	field_set(a->data, 0x00, 31, 31, index == ARRAY_SIZE(components) - 1);
	field_set(a->data, 0x04, 15, 0, components[index].identifier);
	if (update->state != IDLE && update->component == index)
		field_set(a->data, 0x08, 3, 0, update->state);
	field_set(a->data, 0x08, 8, 4, components[index].size ? 1 : 0);	/* present */
}

static void put_capabilities(const struct component *component, struct reg_access *a)
{
	u32 infos = component->boot ? 0x3 : 0x1;	/* capabilities, version */

	be32_put(a->data + 0x0c, 0x14);
	be32_put(a->data + 0x18, infos);
	be32_put(a->data + 0x1c, component->size);
	be32_put(a->data + 0x20, component->max_size);
	field_set(a->data, 0x24, 31, 28, 2);	/* words of 4 bytes */
	field_set(a->data, 0x24, 15, 0, MCDA_MAX);
}

static void put_version(u32 version, struct reg_access *a)
{
	char *text = (char *)a->data + 0x38;

	be32_put(a->data + 0x0c, 0x7c);
	be32_put(a->data + 0x1c, version);
	field_set(a->data, 0x18, 29, 29, 1);	/* build_time_valid */
	be32_put(a->data + 0x20, 0x00301200);	/* 12:30:00 */
	be32_put(a->data + 0x24, 0x20261021);	/* 21 October 2026 */
	snprintf(text, 92, "%u.%u.%u", version >> 24, version >> 16 & 0xff, version & 0xffff);
	field_set(a->data, 0x18, 7, 0, (u32)strlen(text) + 1);
}

static void mcqi_get(struct connectx *cx, struct reg_access *a)
{
	struct component_update *update = cx->regs->update;
	u32 index = field_get(a->data, 0x00, 15, 0);
	bool pending = field_get(a->data, 0x00, 31, 31);
	u32 info = field_get(a->data, 0x08, 4, 0);

	if (index >= ARRAY_SIZE(components) || info > 1 || (info && !components[index].boot))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	memset(a->data + 0x18, 0, 0x7c);
	if (!info)
		put_capabilities(&components[index], a);
	else
		put_version(pending && update->pending ? update->pending : update->running, a);
}

static bool lock(struct component_update *update, struct reg_access *a)
{
	if (update->state != IDLE)
		return false;
	update->handle = (update->handle + 1) & 0xffffff;
	update->uid = a->uid;
	update->state = LOCKED;
	return true;
}

static bool update_component(struct component_update *update, struct reg_access *a)
{
	u32 index = field_get(a->data, 0x04, 15, 0);
	u32 size = be32_get(a->data + 0x10);

	if (update->state != LOCKED || index >= ARRAY_SIZE(components) || !size ||
	    size > components[index].max_size)
		return false;
	update->component = index;
	update->size = size;
	update->received = 0;
	update->state = DOWNLOAD;
	return true;
}

static u32 image_word(const struct component_update *update, u32 off)
{
	return __builtin_bswap32(be32_get(update->data + off));
}

/* Version of an image in mstflint's format, 0 if it is none or for another chip. */
static u32 fs4_version(const struct component_update *update)
{
	u32 info;

	if (update->size < FS4_INFO_POINTER + 4 || be32_get(update->data) != ~0U ||
	    image_word(update, FS4_FORMAT) != 0x01000000)
		return 0;
	info = image_word(update, FS4_INFO_POINTER);
	if (info & 3 || info > update->size || update->size - info < INFO_SIZE ||
	    image_word(update, info + INFO_CHIP) != CHIP)
		return 0;
	return (image_word(update, info + INFO_MAJOR) >> 16) << 24 |
	       (image_word(update, info + INFO_MINOR) >> 16) << 16 |
	       (image_word(update, info + INFO_MINOR) & 0xffff);
}

/* 0 for what is no boot image */
static u32 boot_version(const struct component_update *update)
{
	if (update->size >= 8 && be32_get(update->data) == BOOT_MAGIC)
		return be32_get(update->data + 4);
	return fs4_version(update);
}

/* Success and failure both leave the session locked without data, so a tool can retry. */
static bool verify(struct component_update *update, struct reg_access *a)
{
	if (update->state != DOWNLOAD)
		return false;
	update->state = LOCKED;
	if (update->received != update->size ||
	    (components[update->component].boot && !boot_version(update))) {
		update->error = ERROR_BAD_FORMAT;
		return false;
	}
	if (components[update->component].boot)
		update->pending = boot_version(update);
	return true;
}

static bool activate(struct component_update *update, struct reg_access *a)
{
	if (update->state != LOCKED || update->error)
		return false;
	update->activated = true;
	return true;
}

/* Forget the data and the error; the session stays locked. */
static bool cancel(struct component_update *update, struct reg_access *a)
{
	if (update->state == DOWNLOAD)
		update->state = LOCKED;
	update->error = ERROR_NONE;
	return update->state == LOCKED;
}

static bool release(struct component_update *update, struct reg_access *a)
{
	end_session(update);
	return true;
}

static bool (*const instructions[])(struct component_update *update, struct reg_access *a) = {
	[1] = lock,
	[2] = release,
	[3] = update_component,
	[4] = verify,
	[6] = activate,
	[8] = cancel,
};

static void mcc_put_state(const struct component_update *update, struct reg_access *a)
{
	field_set(a->data, 0x08, 23, 0, update->handle);
	be32_put(a->data + 0x0c, (u32)update->error << 8 | update->state);
}

/* A read before the lock returns the handle of the session that the lock will open. */
static void mcc_get(struct connectx *cx, struct reg_access *a)
{
	mcc_put_state(cx->regs->update, a);
	if (cx->regs->update->state == IDLE)
		field_set(a->data, 0x08, 23, 0, (cx->regs->update->handle + 1) & 0xffffff);
}

/* An access needs the session's handle, which everybody can read, and nothing else. */
static bool is_open(const struct component_update *update, const struct reg_access *a, size_t off)
{
	return update->state != IDLE && update->handle == field_get(a->data, off, 23, 0);
}

/* All instructions but lock need an open session. */
static void mcc_set(struct connectx *cx, struct reg_access *a)
{
	struct component_update *update = cx->regs->update;
	u32 instruction = field_get(a->data, 0x00, 7, 0);

	if (instruction >= ARRAY_SIZE(instructions) || !instructions[instruction])
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	if (instructions[instruction] != lock && !is_open(update, a, 0x08))
		return reg_fail(a, ST_BAD_RES, SYND_COMPONENT);
	if (!instructions[instruction](update, a))
		reg_fail(a, ST_BAD_SYS_STATE, SYND_COMPONENT);
	/* Also on failure, because a tool reads the error code then. */
	mcc_put_state(update, a);
}

/* Pieces must come in order; a piece may be sent again. */
static void mcda_set(struct connectx *cx, struct reg_access *a)
{
	struct component_update *update = cx->regs->update;
	u32 off = be32_get(a->data + 0x04);
	u32 size = field_get(a->data, 0x08, 15, 0);

	if (!is_open(update, a, 0x00))
		return reg_fail(a, ST_BAD_RES, SYND_COMPONENT);
	if (update->state != DOWNLOAD)
		return reg_fail(a, ST_BAD_SYS_STATE, SYND_COMPONENT);
	if (!size || size > MCDA_MAX || a->len < 0x10 + size || off > update->received ||
	    off > update->size || size > ((update->size - off + 3) & ~3U))
		return reg_fail(a, ST_BAD_PARAM, SYND_COMPONENT);
	size = MIN(size, update->size - off);
	memcpy(update->data + off, a->data + 0x10, size);
	update->received = MAX(update->received, off + size);
}

/* These are written by mlx5_core too, when devlink flashes. */
static const struct reg_desc rows[] = {
	{ .id = 0x9060, .size = 16, .name = "MCQS", .flags = REG_READ | REG_KERNEL,
	  .get = mcqs_get },
	{ .id = 0x9061, .size = 148, .name = "MCQI", .flags = REG_READ | REG_KERNEL,
	  .get = mcqi_get },
	{ .id = 0x9062, .size = 32, .name = "MCC", .flags = REG_RW | REG_KERNEL,
	  .get = mcc_get, .set = mcc_set },
	{ .id = 0x9063, .size = 144, .name = "MCDA", .flags = REG_WRITE | REG_KERNEL,
	  .set = mcda_set },
};

const struct reg_group component_regs = { rows, ARRAY_SIZE(rows) };
