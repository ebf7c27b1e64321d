// SPDX-License-Identifier: GPL-2.0
/* Objects: event queues, UARs, protection and transport domains, user contexts. */
#include <string.h>

#include "be.h"
#include "caps.h"
#include "commands.h"
#include "connectx.h"
#include "eq.h"
#include "irq.h"
#include "objects.h"
#include "regs/regs.h"
#include "uctx.h"

#define EQC 0x10
#define EQ_MASK 0x58
#define EQ_PAGES 0x110

/* Check every field that is used later: vector, size, page list, UAR. */
static void create_eq(struct connectx *cx, struct command *cmd)
{
	const u8 *eqc = cmd->in + EQC;
	u64 list = eq_page_list_size(eqc);
	u8 eqn;

	if (!list || field_get(eqc, 0x14, 11, 0) >= irqs_count(cx->irqs))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_FIELD);
	if (cmd->inlen < EQ_PAGES + list)
		return cmd_fail(cmd, ST_BAD_INP_LEN, SYND_LENGTH);
	if (!objects_exist(cx->objects, OBJECT_UAR, field_get(eqc, 0x0c, 23, 0)))
		return cmd_fail(cmd, ST_BAD_RES, SYND_NO_OBJECT);
	eqn = eqs_create(cx->eqs, cmd->uid, eqc, cmd->in + EQ_MASK, cmd->in + EQ_PAGES);
	if (!eqn)
		return cmd_fail(cmd, ST_NO_RES, SYND_EXHAUSTED);
	cmd->out[0x0b] = eqn;
}

/* The driver destroys completion queues, which carry the shared UID, without a UID. */
static void destroy_eq(struct connectx *cx, struct command *cmd)
{
	if (!eqs_destroy(cx->eqs, (u8)field_get(cmd->in, 0x08, 7, 0)))
		cmd_fail(cmd, ST_BAD_RES, SYND_NO_OBJECT);
}

static void query_eq(struct connectx *cx, struct command *cmd)
{
	u64 mask[4];
	const u8 *eqc = eqs_context(cx->eqs, (u8)field_get(cmd->in, 0x08, 7, 0), mask);
	size_t i;

	if (!eqc)
		return cmd_fail(cmd, ST_BAD_RES, SYND_NO_OBJECT);
	memcpy(cmd->out + EQC, eqc, EQ_CONTEXT_SIZE);
	for (i = 0; i < ARRAY_SIZE(mask); i++)
		be64_put(cmd->out + EQ_MASK + 8 * i, mask[i]);
}

static void create_object(struct connectx *cx, struct command *cmd, enum object_type type)
{
	u32 id = objects_create(cx->objects, type, cmd->uid);

	if (!id)
		return cmd_fail(cmd, ST_NO_RES, SYND_EXHAUSTED);
	field_set(cmd->out, 0x08, 23, 0, id);
}

static void destroy_object(struct connectx *cx, struct command *cmd, enum object_type type)
{
	u32 id = field_get(cmd->in, 0x08, 23, 0);

	if (!objects_destroy(cx->objects, type, id, cmd->uid))
		cmd_fail(cmd, ST_BAD_RES, SYND_NO_OBJECT);
}

static void alloc_uar(struct connectx *cx, struct command *cmd)
{
	create_object(cx, cmd, OBJECT_UAR);
}

static void dealloc_uar(struct connectx *cx, struct command *cmd)
{
	destroy_object(cx, cmd, OBJECT_UAR);
}

static void alloc_pd(struct connectx *cx, struct command *cmd)
{
	create_object(cx, cmd, OBJECT_PD);
}

static void dealloc_pd(struct connectx *cx, struct command *cmd)
{
	destroy_object(cx, cmd, OBJECT_PD);
}

static void alloc_td(struct connectx *cx, struct command *cmd)
{
	create_object(cx, cmd, OBJECT_TD);
}

static void dealloc_td(struct connectx *cx, struct command *cmd)
{
	destroy_object(cx, cmd, OBJECT_TD);
}

/* The UID is a plain number; only the kernel's bookkeeping ties it to an open file. */
static void create_uctx(struct connectx *cx, struct command *cmd)
{
	u32 caps = be32_get(cmd->in + 0x10);
	u16 uid;

	if (caps & ~caps_uctx(cx->caps))
		return cmd_fail(cmd, ST_BAD_PARAM, SYND_UCTX_CAPS);
	uid = uctxs_create(cx->uctxs, caps);
	if (!uid)
		return cmd_fail(cmd, ST_NO_RES, SYND_EXHAUSTED);
	field_set(cmd->out, 0x08, 15, 0, uid);
}

/* Destroy the context's objects with it, so that a killed tool leaks none. */
static void destroy_uctx(struct connectx *cx, struct command *cmd)
{
	u16 uid = (u16)field_get(cmd->in, 0x08, 15, 0);

	if (!uctxs_destroy(cx->uctxs, uid))
		return cmd_fail(cmd, ST_BAD_RES, SYND_UID_UNKNOWN);
	eqs_drop_uid(cx->eqs, uid);
	objects_drop_uid(cx->objects, uid);
	regs_drop_uid(cx->regs, uid);
}

static void query_uctx(struct connectx *cx, struct command *cmd)
{
	u16 uid = (u16)field_get(cmd->in, 0x08, 15, 0);
	u32 caps;

	if (uid != cmd->uid)
		return cmd_fail(cmd, ST_BAD_RES, SYND_UID_OTHER);
	uctxs_lookup(cx->uctxs, uid, &caps);
	be32_put(cmd->out + 0x10, caps);
}

static const struct cmd_desc rows[] = {
	{ OP_CREATE_EQ, "CREATE_EQ", EQ_PAGES, 16, WHO_OWNER, NEED_READY, create_eq },
	{ 0x302, "DESTROY_EQ", 16, 16, WHO_KERNEL, NEED_READY, destroy_eq },
	{ 0x303, "QUERY_EQ", 16, 16, WHO_ANY, NEED_READY, query_eq },
	{ 0x800, "ALLOC_PD", 16, 16, WHO_OWNER, NEED_READY, alloc_pd },
	{ 0x801, "DEALLOC_PD", 16, 16, WHO_OWNER, NEED_READY, dealloc_pd },
	{ 0x802, "ALLOC_UAR", 16, 16, WHO_OWNER, NEED_READY, alloc_uar },
	{ 0x803, "DEALLOC_UAR", 16, 16, WHO_OWNER, NEED_READY, dealloc_uar },
	{ 0x816, "ALLOC_TRANSPORT_DOMAIN", 16, 16, WHO_OWNER, NEED_READY, alloc_td },
	{ 0x817, "DEALLOC_TRANSPORT_DOMAIN", 16, 16, WHO_OWNER, NEED_READY, dealloc_td },
	{ OP_CREATE_UCTX, "CREATE_UCTX", 64, 16, WHO_KERNEL, NEED_READY, create_uctx },
	{ 0xa05, "QUERY_UCTX", 16, 16, WHO_TOOLS, NEED_READY, query_uctx },
	{ 0xa06, "DESTROY_UCTX", 16, 16, WHO_KERNEL, NEED_READY, destroy_uctx },
};

const struct cmd_group resource_commands = { rows, ARRAY_SIZE(rows) };
