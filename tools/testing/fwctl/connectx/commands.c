// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of the command header and the checks that all commands share:
 * known opcode, lengths, device state, UID.
 */
#include "be.h"
#include "commands.h"
#include "connectx.h"
#include "uctx.h"

static const struct cmd_group *const groups[] = {
	&hca_commands,
	&resource_commands,
	&query_commands,
};

static const struct cmd_desc *lookup(u16 opcode)
{
	size_t g, i;

	for (g = 0; g < ARRAY_SIZE(groups); g++)
		for (i = 0; i < groups[g]->count; i++)
			if (groups[g]->rows[i].opcode == opcode)
				return &groups[g]->rows[i];
	return NULL;
}

const char *commands_name(u16 opcode)
{
	const struct cmd_desc *desc = lookup(opcode);

	return desc ? desc->name : "UNKNOWN";
}

void commands_decode(struct command *cmd)
{
	cmd->opcode = be16_get(cmd->in);
	cmd->uid = be16_get(cmd->in + 2);
	cmd->op_mod = be16_get(cmd->in + 6);
	cmd->reg = -1;
	if (cmd->opcode == OP_ACCESS_REG || cmd->opcode == OP_ACCESS_REGISTER_USER)
		cmd->reg = be16_get(cmd->in + 10);
}

/*
 * Check the UID of a command, see README.md "UIDs". The shared UID is not a
 * context's; it marks event queues that belong to all.
 */
static enum syndrome check_uid(const struct connectx *cx, const struct cmd_desc *desc, u16 uid)
{
	u32 caps;

	if (!uid)
		return desc->who == WHO_TOOLS ? SYND_UID_MISSING : 0;
	if (desc->who == WHO_KERNEL)
		return SYND_UID_FORBIDDEN;
	if (uid == UID_SHARED && desc->opcode == OP_CREATE_EQ)
		return 0;
	if (!uctxs_lookup(cx->uctxs, uid, &caps))
		return SYND_UID_UNKNOWN;
	if (desc->who != WHO_OWNER && !(caps & UCTX_CAP_TOOLS))
		return SYND_UID_CAPS;
	return 0;
}

/* Lengths before UID and state: a short request may lack part of the header. */
static void check_and_run(struct connectx *cx, struct command *cmd)
{
	const struct cmd_desc *desc = lookup(cmd->opcode);
	enum syndrome bad_uid;

	if (!desc)
		return cmd_fail(cmd, ST_BAD_OP, SYND_OPCODE);
	if (cmd->inlen < desc->min_in)
		return cmd_fail(cmd, ST_BAD_INP_LEN, SYND_LENGTH);
	if (cmd->outlen < desc->min_out)
		return cmd_fail(cmd, ST_BAD_OUTP_LEN, SYND_LENGTH);
	bad_uid = check_uid(cx, desc, cmd->uid);
	if (bad_uid)
		return cmd_fail(cmd, ST_BAD_RES, bad_uid);
	if ((int)cx->hca < (int)desc->need)
		return cmd_fail(cmd, ST_BAD_SYS_STATE, SYND_STATE);
	desc->run(cx, cmd);
}

/* Status and syndrome are stored last, over any bytes that the handler put there. */
void commands_run(struct connectx *cx, struct command *cmd)
{
	check_and_run(cx, cmd);
	be32_put(cmd->out, (u32)cmd->status << 24);
	be32_put(cmd->out + 4, cmd->syndrome);
}
