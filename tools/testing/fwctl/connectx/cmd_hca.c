// SPDX-License-Identifier: GPL-2.0
/*
 * Life cycle of the function: enable, interface step, capabilities, pages,
 * init, teardown, disable.
 */
#include <string.h>

#include "be.h"
#include "caps.h"
#include "commands.h"
#include "connectx.h"
#include "guest.h"
#include "pages.h"
#include "regs/regs.h"

/* One interface step (bit 1), as devices of this age report. */
#define ISSI_SUPPORTED 0x2
/* Upper bound of the page list, against a broken driver. */
#define PAGES_MAX 65536U

static void enable_hca(struct connectx *cx, struct command *cmd)
{
	cx->hca = HCA_ENABLED;
}

/* The driver frees the command queue right after the answer, without a further command. */
static void disable_hca(struct connectx *cx, struct command *cmd)
{
	connectx_drop(cx, "DISABLE_HCA");
}

/* A fast one only prepares: event queues work until the driver disables the interface. */
static void teardown_hca(struct connectx *cx, struct command *cmd)
{
	enum { PREPARE_FAST_TEARDOWN = 2 };

	if (field_get(cmd->in, 0x08, 15, 0) == PREPARE_FAST_TEARDOWN)
		return;
	connectx_drop_objects(cx, "TEARDOWN_HCA");
	cx->hca = HCA_ENABLED;
}

/* Fails while boot or init pages are missing, as real firmware does. */
static void init_hca(struct connectx *cx, struct command *cmd)
{
	if (cx->hca == HCA_READY ||
	    pages_count(cx->pages) < cx->opt.boot_pages + cx->opt.init_pages)
		return cmd_fail(cmd, ST_BAD_SYS_STATE, SYND_STATE);
	cx->hca = HCA_READY;
}

static void query_issi(struct connectx *cx, struct command *cmd)
{
	field_set(cmd->out, 0x08, 15, 0, cx->issi);
	be32_put(cmd->out + 0x6c, ISSI_SUPPORTED);
}

static void set_issi(struct connectx *cx, struct command *cmd)
{
	u32 issi = field_get(cmd->in, 0x08, 15, 0);

	if (issi > 31 || !(ISSI_SUPPORTED & BIT(issi)))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	cx->issi = (u16)issi;
}

/* Number of pages still missing at this step: boot, init or any time later. */
static void query_pages(struct connectx *cx, struct command *cmd)
{
	const u32 wanted[] = {
		[1] = cx->opt.boot_pages,
		[2] = cx->opt.boot_pages + cx->opt.init_pages,
		[3] = 0,
	};
	u32 have = pages_count(cx->pages);

	if (cmd->op_mod < 1 || cmd->op_mod >= ARRAY_SIZE(wanted))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	be32_put(cmd->out + 0x0c, wanted[cmd->op_mod] > have ? wanted[cmd->op_mod] - have : 0);
}

/* Check the addresses now: an unreachable page would otherwise fail far from its cause. */
static bool pages_in_guest(struct connectx *cx, const u8 *list, u32 count)
{
	u8 byte;
	u32 i;

	for (i = 0; i < count; i++) {
		u64 addr = be64_get(list + 8 * i);

		if (addr & 0xfff || guest_read(cx->guest, addr, &byte, 1))
			return false;
	}
	return true;
}

static void give_pages(struct connectx *cx, struct command *cmd, u32 count)
{
	if (count > PAGES_MAX - MIN(pages_count(cx->pages), PAGES_MAX))
		return cmd_fail(cmd, ST_LIM, SYND_EXHAUSTED);
	if (cmd->inlen < 0x10 + 8ULL * count)
		return cmd_fail(cmd, ST_BAD_INP_LEN, SYND_LENGTH);
	if (!pages_in_guest(cx, cmd->in + 0x10, count))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	pages_give(cx->pages, cmd->in + 0x10, count);
}

static void manage_pages(struct connectx *cx, struct command *cmd)
{
	enum { CANT_GIVE, GIVE, TAKE };
	u32 count = be32_get(cmd->in + 0x0c);

	switch (cmd->op_mod) {
	case CANT_GIVE:
		return;
	case GIVE:
		return give_pages(cx, cmd, count);
	case TAKE:
		count = MIN(count, (cmd->outlen - 0x10) / 8);
		be32_put(cmd->out + 8, pages_take(cx->pages, cmd->out + 0x10, count));
		return;
	default:
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	}
}

/* Function that the request names, by function_id or by vhca_id, -1 for the caller's own. */
static int cap_function(const struct command *cmd)
{
	bool other = field_get(cmd->in, 0x08, 31, 31);
	bool vhca = field_get(cmd->in, 0x08, 28, 28);	/* function_id_type */
	u32 id = field_get(cmd->in, 0x08, 15, 0);

	if (!other || (vhca && id == CAPS_VHCA_ID))
		return -1;
	if (!vhca || id > CAPS_VHCA_ID)
		return (int)id;
	return (int)(CAPS_VHCA_ID - 1 - id);
}

/* Maximum values are the same for all functions. */
static void query_hca_cap(struct connectx *cx, struct command *cmd)
{
	u16 type = cmd->op_mod >> 1;
	bool current = cmd->op_mod & 1;
	int function = cap_function(cmd);
	const u8 *caps = caps_current(cx->caps, function, type);

	if (!caps)
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	memcpy(cmd->out + 0x10, current ? caps : caps_max(cx->caps, type), CAPS_SIZE);
}

/*
 * The kernel sets the capabilities of its own function, before INIT_HCA. A tool
 * may set those of another function only; otherwise it could change capabilities
 * that the running kernel has negotiated.
 */
static void set_hca_cap(struct connectx *cx, struct command *cmd)
{
	u16 type = cmd->op_mod >> 1;
	int function = cap_function(cmd);

	if (cmd->uid && function < 0)
		return cmd_fail(cmd, ST_BAD_RES, SYND_SELF_CAPS);
	if (function < 0 && cx->hca == HCA_READY)
		return cmd_fail(cmd, ST_BAD_SYS_STATE, SYND_STATE);
	if (!caps_current(cx->caps, function, type) ||
	    !caps_set(cx->caps, function, type, cmd->in + 0x10))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
}

static void query_adapter(struct connectx *cx, struct command *cmd)
{
	field_set(cmd->out, 0x28, 23, 0, 0x0002c9);
	memcpy(cmd->out + 0x100, FW_PSID, strlen(FW_PSID));
}

static void nop(struct connectx *cx, struct command *cmd)
{
}

static void access_reg(struct connectx *cx, struct command *cmd)
{
	regs_access(cx, cmd);
}

static const struct cmd_desc rows[] = {
	{ OP_QUERY_HCA_CAP, "QUERY_HCA_CAP", 16, 16, WHO_ANY, NEED_ENABLED, query_hca_cap },
	{ 0x101, "QUERY_ADAPTER", 16, 16, WHO_ANY, NEED_ENABLED, query_adapter },
	{ 0x102, "INIT_HCA", 16, 16, WHO_KERNEL, NEED_ENABLED, init_hca },
	{ 0x103, "TEARDOWN_HCA", 16, 16, WHO_KERNEL, NEED_READY, teardown_hca },
	{ OP_ENABLE_HCA, "ENABLE_HCA", 16, 12, WHO_KERNEL, NEED_NOTHING, enable_hca },
	{ OP_DISABLE_HCA, "DISABLE_HCA", 16, 12, WHO_KERNEL, NEED_ENABLED, disable_hca },
	{ 0x107, "QUERY_PAGES", 16, 16, WHO_ANY, NEED_ENABLED, query_pages },
	{ OP_MANAGE_PAGES, "MANAGE_PAGES", 16, 16, WHO_KERNEL, NEED_ENABLED, manage_pages },
	{ 0x109, "SET_HCA_CAP", 0x110, 16, WHO_ANY, NEED_ENABLED, set_hca_cap },
	{ 0x10a, "QUERY_ISSI", 16, 16, WHO_ANY, NEED_ENABLED, query_issi },
	{ 0x10b, "SET_ISSI", 16, 16, WHO_KERNEL, NEED_ENABLED, set_issi },
	{ 0x10d, "SET_DRIVER_VERSION", 80, 16, WHO_KERNEL, NEED_ENABLED, nop },
	{ 0x80d, "NOP", 16, 16, WHO_ANY, NEED_ENABLED, nop },
	{ OP_ACCESS_REG, "ACCESS_REG", 16, 16, WHO_ANY, NEED_ENABLED, access_reg },
	{ OP_ACCESS_REGISTER_USER, "ACCESS_REGISTER_USER", 16, 16, WHO_TOOLS, NEED_READY,
	  access_reg },
};

const struct cmd_group hca_commands = { rows, ARRAY_SIZE(rows) };
