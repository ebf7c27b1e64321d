// SPDX-License-Identifier: GPL-2.0
/* Lookup, the checks common to all registers, and plain memory registers. */
#include <string.h>

#include "../uctx.h"
#include "table.h"

static const struct reg_group *const groups[] = {
	&identity_regs,
	&component_regs,
	&nvconfig_regs,
	&port_regs,
	&management_regs,
	&debug_regs,
	&congestion_regs,
};

/* Offset of the register's data in request and answer of ACCESS_REG. */
#define PAYLOAD 0x10

/* The row of @id, and its position among all rows. */
static const struct reg_desc *lookup(u16 id, size_t *position)
{
	size_t g, i;

	*position = 0;
	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->count; i++, (*position)++)
			if (groups[g]->rows[i].id == id)
				return &groups[g]->rows[i];
	return NULL;
}

bool reg_known(u16 id)
{
	size_t position;

	return lookup(id, &position) != NULL;
}

static size_t count_rows(void)
{
	size_t n = 0;
	size_t g;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		n += groups[g]->count;
	return n;
}

static void put_words(const struct reg_desc *desc, u8 *image)
{
	size_t w;

	for (w = 0; w < desc->words_count; w++)
		be32_put(image + desc->words[w].off, desc->words[w].value);
}

/* Allocate memory for each row once; initialise it at every firmware start. */
static void load_plain(struct regs *regs)
{
	size_t position = 0;
	size_t g, i;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->count; i++, position++) {
			const struct reg_desc *desc = &groups[g]->rows[i];
			u8 *image = regs->plain[position];

			if (!image)
				image = alloc_zeroed(desc->size);
			regs->plain[position] = image;
			memset(image, 0, desc->size);
			put_words(desc, image);
		}
}

struct regs *regs_new(void)
{
	struct regs *regs = alloc_zeroed(sizeof(*regs));

	regs->plain = alloc_zeroed(count_rows() * sizeof(regs->plain[0]));
	load_plain(regs);
	regs->update = component_update_new();
	regs->port = port_new();
	regs->management = management_new();
	congestion_boot(&regs->congestion);
	return regs;
}

void regs_free(struct regs *regs)
{
	size_t i;

	if (!regs)
		return;
	management_free(regs->management);
	port_free(regs->port);
	component_update_free(regs->update);
	for (i = 0; i < count_rows(); i++)
		free(regs->plain[i]);
	free(regs->plain);
	free(regs);
}

void regs_boot(struct regs *regs)
{
	load_plain(regs);
	component_update_boot(regs->update);
	port_free(regs->port);
	regs->port = port_new();
	management_free(regs->management);
	regs->management = management_new();
	congestion_boot(&regs->congestion);
}

void regs_drop_uid(struct regs *regs, u16 uid)
{
	component_update_drop_uid(regs->update, uid);
}

bool regs_restart_armed(const struct regs *regs)
{
	return management_restart_armed(regs->management);
}

bool regs_port_up(const struct regs *regs)
{
	return port_up(regs->port);
}

static void plain_get(const struct reg_desc *desc, const u8 *image, struct reg_access *a)
{
	memcpy(a->data + desc->index, image + desc->index, desc->size - desc->index);
}

/* A request may be shorter than the register; the remaining bytes keep their value. */
static void plain_set(const struct reg_desc *desc, u8 *image, const struct reg_access *a)
{
	u32 len = MIN(a->len, desc->size);

	if (len > desc->index)
		memcpy(image + desc->index, a->data + desc->index, len - desc->index);
	if (desc->flags & REG_FIXED)
		put_words(desc, image);
}

/* Check existence, method and UID of the register before the contents of its fields. */
static void run(struct connectx *cx, struct reg_access *a, bool write)
{
	size_t position;
	const struct reg_desc *desc = lookup(a->id, &position);

	if (!desc)
		return reg_fail(a, ST_BAD_PARAM, SYND_REGISTER);
	if (!(desc->flags & (write ? REG_WRITE : REG_READ)))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_METHOD);
	if (!a->uid && !(desc->flags & REG_KERNEL))
		return reg_fail(a, ST_BAD_RES, SYND_UID_MISSING);
	if (write && desc->set)
		desc->set(cx, a);
	else if (write)
		plain_set(desc, cx->regs->plain[position], a);
	else if (desc->get)
		desc->get(cx, a);
	else
		plain_get(desc, cx->regs->plain[position], a);
}

/* Copy the request's payload to the answer, cut to the shorter buffer. */
static void echo(struct command *cmd)
{
	u32 room = MAX(cmd->outlen, CMD_ROOM);

	memset(cmd->out + PAYLOAD, 0, room - PAYLOAD);
	memcpy(cmd->out + PAYLOAD, cmd->in + PAYLOAD, MIN(cmd->inlen, room) - PAYLOAD);
}

/* The answer has the payload in any case: the request's own if the handler fails. */
void regs_access(struct connectx *cx, struct command *cmd)
{
	struct reg_access a = {
		.cmd = cmd,
		.data = cmd->out + PAYLOAD,
		.len = cmd->inlen - PAYLOAD,
		.id = (u16)cmd->reg,
		.uid = cmd->uid,
	};

	echo(cmd);
	if (cmd->op_mod > 1)
		reg_fail(&a, ST_BAD_PARAM, SYND_FIELD);
	else
		run(cx, &a, cmd->op_mod == 0);
}
