// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: what does a command do? Its bytes are held against two tables, one
 * of opcodes and one of access registers. Pure: nothing else decides.
 *
 * What stands in no table: a command is never sent; reading a register is a
 * debug read, writing it full access. In the same way, what a known command
 * holds beyond the known is never sent, and a write beyond the register's known
 * end is full access.
 */
#include <linux/export.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>

#include "policy.h"
#include "table.h"

/*
 * The header of every command, byte offsets: opcode and UID, which the kernel
 * writes; then a field that must be zero, which in some commands carries them
 * out in the name of another function (vhca_tunnel_id), and op_mod.
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

static bool rule_holds(const struct mlx5_fwctl_rule *rule, u32 dword)
{
	switch (rule->test) {
	case MLX5_FWCTL_EQUAL:
		return (dword & rule->mask) == rule->value;
	case MLX5_FWCTL_DIFFERENT:
		return (dword & rule->mask) != rule->value;
	default:
		return false;
	}
}

/* The first rule that holds decides, and if none does, it stays as it is. */
static enum fwctl_class apply_rules(const struct fwctl_request *req,
				    const struct mlx5_fwctl_rule *rules,
				    size_t nr_rules, u8 direction,
				    enum fwctl_class class)
{
	for (size_t i = 0; i < nr_rules; i++) {
		u32 dword = request_dword(req, rules[i].at);

		if (rules[i].direction & direction &&
		    rule_holds(&rules[i], dword))
			return rules[i].class;
	}
	return class;
}

static enum fwctl_class register_class(const struct fwctl_request *req,
				       const struct mlx5_fwctl_register *reg,
				       u8 direction)
{
	bool write = direction == MLX5_FWCTL_WRITE;
	enum fwctl_class class = apply_rules(req, reg->rules, reg->nr_rules,
					     direction,
					     write ? reg->write : reg->read);

	if (class != FWCTL_CLASS_NEVER && write &&
	    req->in_len > MLX5_FWCTL_REGISTER_AT + reg->size)
		class = FWCTL_CLASS_FULL;
	return class;
}

static enum fwctl_class access_class(struct fwctl_request *req)
{
	u16 id = get_unaligned_be16(req->header + REG_ID);
	bool write = get_unaligned_be16(req->header + CMD_OP_MOD) ==
		     REG_OP_MOD_WRITE;
	const struct mlx5_fwctl_register *reg = mlx5_fwctl_find_register(id);

	req->opcode |= id;
	if (!reg)
		return write ? FWCTL_CLASS_FULL : FWCTL_CLASS_DEBUG_READ;
	req->name = reg->name;
	return register_class(req, reg,
			      write ? MLX5_FWCTL_WRITE : MLX5_FWCTL_READ);
}

/* Which bits of a dword there are, as far as the row knows */
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

/* Is it a form of the command that the row knows? */
static bool known_form(const struct fwctl_request *req,
		       const struct mlx5_fwctl_opcode *row)
{
	if (req->in_len < row->least || req->in_len > row->most)
		return false;
	for (size_t at = CMD_OP_MOD_DWORD; at < req->header_len;
	     at += sizeof(u32)) {
		u32 dword = request_dword(req, at);

		/* Most are zero. */
		if (dword && dword & ~known_bits(row, at))
			return false;
	}
	return true;
}

/**
 * mlx5_fwctl_classify - what does a command do?
 * @fdev: the device; the rules are the same for all
 * @req: the command, with at least its first MLX5_FWCTL_MIN_LEN bytes in the
 *	header. Its opcode is set to the command's, shifted left by 16, and the
 *	access register's number if there is one; its name to that of the
 *	register, if it is in the table, or of the command.
 *
 * Pure, any context.
 *
 * Return: the class; FWCTL_CLASS_NEVER for an unknown opcode.
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
