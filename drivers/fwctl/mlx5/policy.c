// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: the class of a command. It depends on the command's bytes and on two tables
 * only, of opcodes and of access registers.
 *
 * A command that is not in the table is never sent. Reading a register that is not in the
 * table is a debug read, writing it full access. Likewise, a known command with a field
 * that is not known is never sent, and a write beyond the known end of a register is full
 * access.
 */
#include <linux/export.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>

#include "policy.h"
#include "table.h"

/*
 * Offsets in the header of every command: opcode; UID, which the kernel writes; a field
 * that must be zero, since in some commands it makes another function the sender
 * (vhca_tunnel_id); op_mod.
 */
#define CMD_OPCODE 0x0
#define CMD_OP_MOD_DWORD 0x4
#define CMD_OP_MOD 0x6
#define CMD_OP_MOD_MASK 0xffff

/* ACCESS_REG and ACCESS_REGISTER_USER */
#define REG_ID 0xa
#define REG_OP_MOD_WRITE 0

static u32 request_dword(const struct fwctl_request *req, size_t at)
{
	if (at + sizeof(u32) > req->header_len)
		return U32_MAX;
	return get_unaligned_be32(req->header + at);
}

/* Return: the class of the first rule that applies, or @class. */
static enum fwctl_class apply_rules(const struct fwctl_request *req,
				    const struct mlx5_fwctl_rule *rules,
				    size_t nr_rules, u8 direction,
				    enum fwctl_class class)
{
	for (size_t i = 0; i < nr_rules; i++) {
		const struct mlx5_fwctl_rule *rule = &rules[i];
		u32 field = request_dword(req, rule->at) & rule->mask;

		if (!(rule->direction & direction))
			continue;
		if ((rule->test == MLX5_FWCTL_EQUAL && field == rule->value) ||
		    (rule->test == MLX5_FWCTL_DIFFERENT && field != rule->value))
			return rule->class;
	}
	return class;
}

/* Class of an access to a register. Adds the register's number and name to @req. */
static enum fwctl_class access_class(struct fwctl_request *req)
{
	u16 id = get_unaligned_be16(req->header + REG_ID);
	bool write = get_unaligned_be16(req->header + CMD_OP_MOD) ==
		     REG_OP_MOD_WRITE;
	const struct mlx5_fwctl_register *reg = mlx5_fwctl_find_register(id);
	enum fwctl_class class;

	req->opcode |= id;
	if (!reg)
		return write ? FWCTL_CLASS_FULL : FWCTL_CLASS_DEBUG_READ;
	req->name = reg->name;

	if (!write)
		return apply_rules(req, reg->rules, reg->nr_rules,
				   MLX5_FWCTL_READ, reg->read);
	class = apply_rules(req, reg->rules, reg->nr_rules, MLX5_FWCTL_WRITE,
			    reg->write);
	if (class != FWCTL_CLASS_NEVER &&
	    req->in_len > MLX5_FWCTL_REGISTER_AT + reg->size)
		return FWCTL_CLASS_FULL;
	return class;
}

/* Mask of the bits in the dword at @at that the row has rules for */
static u32 known_bits(const struct mlx5_fwctl_opcode *row, size_t at)
{
	u32 bits = at == CMD_OP_MOD_DWORD ? CMD_OP_MOD_MASK : 0;

	for (const struct mlx5_fwctl_rule *rule = row->rules;
	     rule < row->rules + row->nr_rules; rule++)
		if (rule->at == at ||
		    (rule->test == MLX5_FWCTL_OPAQUE && rule->at < at))
			bits |= rule->mask;
	return bits;
}

/* Return: true if the length is one of the command's and all unknown bits are 0. */
static bool known_form(const struct fwctl_request *req,
		       const struct mlx5_fwctl_opcode *row)
{
	if (req->in_len < row->least || req->in_len > row->most)
		return false;
	for (size_t at = CMD_OP_MOD_DWORD; at < req->header_len;
	     at += sizeof(u32)) {
		u32 dword = request_dword(req, at);

		/* Most dwords are zero and need no walk over the rules. */
		if (dword && dword & ~known_bits(row, at))
			return false;
	}
	return true;
}

/*
 * In struct fwctl_ops; @fdev is not used. @req's header has at least MLX5_FWCTL_MIN_LEN
 * bytes. Sets @req's opcode to that of the command, shifted left by 16, and the number of
 * the access register, if there is one; its name to that of the register, if it is in the
 * table, or else of the command. Return: the class; never for an unknown command.
 */
enum fwctl_class mlx5_fwctl_classify(struct fwctl_device *fdev,
				     struct fwctl_request *req)
{
	u16 opcode = get_unaligned_be16(req->header + CMD_OPCODE);
	const struct mlx5_fwctl_opcode *row = mlx5_fwctl_find_opcode(opcode);
	enum fwctl_class class;

	req->opcode = (u32)opcode << 16;
	if (!row)
		return FWCTL_CLASS_NEVER;
	req->name = row->name;
	class = apply_rules(req, row->rules, row->nr_rules, MLX5_FWCTL_BOTH,
			    row->class);
	if (class == MLX5_FWCTL_BY_REGISTER)
		class = access_class(req);
	return known_form(req, row) ? class : FWCTL_CLASS_NEVER;
}
EXPORT_SYMBOL_IF_KUNIT(mlx5_fwctl_classify);
