// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: the class of a command. It depends on the command's bytes, on two tables, of
 * opcodes and of access registers, and on its sender.
 *
 * A command that is not in the table is never sent. A register that is not in the table is
 * never written, and reading it is full access. Likewise, a known command with a bit that
 * is not known is never sent, and a write that sets an unknown bit of a register, or is
 * longer than it, is full access.
 */
#include <linux/export.h>
#include <linux/minmax.h>
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

static bool rule_applies(const struct mlx5_fwctl_rule *rule, u32 field,
			 const struct mlx5_fwctl_sender *sender)
{
	switch (rule->test) {
	case MLX5_FWCTL_FUNCTION:
		return field && !sender->whole_card;
	case MLX5_FWCTL_EQUAL:
		return field == rule->value;
	case MLX5_FWCTL_DIFFERENT:
		return field != rule->value;
	case MLX5_FWCTL_SELF:
		return field == (rule->value | sender->vhca_id);
	case MLX5_FWCTL_NOT_BOOT_IMAGE:
		return field != sender->boot_image;
	case MLX5_FWCTL_NOT_OWN_UPDATE:
		return field != sender->update_handle;
	}
	return false;
}

/* Return: the class of the first rule that applies, or @class. */
static enum fwctl_class apply_rules(const struct mlx5_fwctl_sender *sender,
				    const struct fwctl_request *req,
				    const struct mlx5_fwctl_rule *rules,
				    size_t nr_rules, u8 direction,
				    enum fwctl_class class)
{
	for (size_t i = 0; i < nr_rules; i++) {
		const struct mlx5_fwctl_rule *rule = &rules[i];
		u32 field = request_dword(req, rule->at) & rule->mask;

		if ((rule->direction & direction) &&
		    rule_applies(rule, field, sender))
			return rule->class;
	}
	return class;
}

/* Mask of the bits in the dword at @at that the rules take */
static u32 known_bits(const struct mlx5_fwctl_rule *rules, size_t nr_rules,
		      u8 direction, size_t at)
{
	u32 bits = 0;

	for (size_t i = 0; i < nr_rules; i++) {
		const struct mlx5_fwctl_rule *rule = &rules[i];

		if (!(rule->direction & direction) ||
		    rule->test > MLX5_FWCTL_FUNCTION)
			continue;
		if (rule->at == at ||
		    (rule->test == MLX5_FWCTL_OPAQUE && rule->at < at))
			bits |= rule->mask;
	}
	return bits;
}

/*
 * Return: true if a write of the register sets known bits only. The first dword that the
 * policy does not see stands for all behind it.
 */
static bool known_write(const struct fwctl_request *req,
			const struct mlx5_fwctl_register *reg)
{
	size_t end = MLX5_FWCTL_REGISTER_AT + reg->size;

	if (req->in_len > end)
		return false;
	end = min(end, MLX5_FWCTL_HEADER_LEN + sizeof(u32));
	for (size_t at = MLX5_FWCTL_REGISTER_AT; at < end; at += sizeof(u32)) {
		u32 dword = request_dword(req, at);

		if (dword && dword & ~known_bits(reg->rules, reg->nr_rules,
						 MLX5_FWCTL_WRITE, at))
			return false;
	}
	return true;
}

/* Class of an access to a register. Adds the register's number and name to @req. */
static enum fwctl_class access_class(const struct mlx5_fwctl_sender *sender,
				     struct fwctl_request *req)
{
	u16 id = get_unaligned_be16(req->header + REG_ID);
	bool write = get_unaligned_be16(req->header + CMD_OP_MOD) ==
		     REG_OP_MOD_WRITE;
	const struct mlx5_fwctl_register *reg = mlx5_fwctl_find_register(id);
	enum fwctl_class class;

	req->opcode |= id;
	if (!reg)
		return write ? FWCTL_CLASS_NEVER : FWCTL_CLASS_FULL;
	req->name = reg->name;

	if (!write)
		return apply_rules(sender, req, reg->rules, reg->nr_rules,
				   MLX5_FWCTL_READ, reg->read);
	class = apply_rules(sender, req, reg->rules, reg->nr_rules,
			    MLX5_FWCTL_WRITE, reg->write);
	if (class != FWCTL_CLASS_NEVER && !known_write(req, reg))
		return FWCTL_CLASS_FULL;
	return class;
}

/*
 * Return: the class of a command with an unknown bit in the dword at @at. From a VF it may
 * be the number of another function.
 */
static enum fwctl_class unknown_class(const struct mlx5_fwctl_sender *sender,
				      const struct mlx5_fwctl_opcode *row,
				      size_t at)
{
	for (size_t i = 0; sender->whole_card && i < row->nr_rules; i++)
		if (row->rules[i].test == MLX5_FWCTL_UNKNOWN &&
		    row->rules[i].at <= at)
			return FWCTL_CLASS_FULL;
	return FWCTL_CLASS_NEVER;
}

/*
 * Return: @class, or never if the length is not the command's; with an unknown bit, what
 * unknown_class() says.
 */
static enum fwctl_class form_class(const struct mlx5_fwctl_sender *sender,
				   const struct fwctl_request *req,
				   const struct mlx5_fwctl_opcode *row,
				   enum fwctl_class class)
{
	if (req->in_len < row->least || req->in_len > row->most)
		return FWCTL_CLASS_NEVER;
	for (size_t at = CMD_OP_MOD_DWORD;
	     at < req->header_len && class != FWCTL_CLASS_NEVER;
	     at += sizeof(u32)) {
		u32 dword = request_dword(req, at);

		if (at == CMD_OP_MOD_DWORD)
			dword &= ~CMD_OP_MOD_MASK;
		/* Most dwords are zero and need no walk over the rules. */
		if (dword && dword & ~known_bits(row->rules, row->nr_rules,
						 MLX5_FWCTL_BOTH, at))
			class = unknown_class(sender, row, at);
	}
	return class;
}

/*
 * Return: true if a VF may send it. A VF's node changes nothing. What is full is either a
 * query, of keys and page lists of the VF's own objects, or concerns the whole card.
 */
static bool vf_may_send(enum fwctl_class class, bool to_register)
{
	return class == FWCTL_CLASS_CONFIG_READ ||
	       class == FWCTL_CLASS_DEBUG_READ ||
	       (class == FWCTL_CLASS_FULL && !to_register);
}

/*
 * @req's header has at least MLX5_FWCTL_MIN_LEN bytes. Sets @req's opcode to that of the
 * command, shifted left by 16, and the number of the access register, if there is one; its
 * name to that of the register, if it is in the table, or else of the command. Return: the
 * class; never for an unknown command.
 */
enum fwctl_class mlx5_fwctl_class(const struct mlx5_fwctl_sender *sender,
				  struct fwctl_request *req)
{
	u16 opcode = get_unaligned_be16(req->header + CMD_OPCODE);
	const struct mlx5_fwctl_opcode *row = mlx5_fwctl_find_opcode(opcode);
	enum fwctl_class class;

	req->opcode = (u32)opcode << 16;
	if (!row)
		return FWCTL_CLASS_NEVER;
	req->name = row->name;
	class = apply_rules(sender, req, row->rules, row->nr_rules,
			    MLX5_FWCTL_BOTH, row->class);
	if (class == MLX5_FWCTL_BY_REGISTER)
		class = access_class(sender, req);
	class = form_class(sender, req, row, class);
	if (!sender->whole_card &&
	    !vf_may_send(class, row->class == MLX5_FWCTL_BY_REGISTER))
		return FWCTL_CLASS_NEVER;
	return class;
}
EXPORT_SYMBOL_IF_KUNIT(mlx5_fwctl_class);
