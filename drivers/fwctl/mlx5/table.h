/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules, and the rows of the policy's two tables. The rows, and the groups
 * they belong to, are in opcode_table.h and register_table.h: macros that the driver's tables,
 * the check of their order and the documentation are made from.
 *
 * Numbers and layouts are those of the PRM, as in <linux/mlx5/mlx5_ifc.h> and in the
 * vendor's tools (mstreg --show_reg). All fields are big-endian; a field is given by the
 * byte offset of its dword and by a mask.
 */
#ifndef _MLX5_FWCTL_TABLE_H
#define _MLX5_FWCTL_TABLE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>
#include <uapi/fwctl/fwctl.h>

#include "policy.h"

/* Instead of a command's class: the command is an access to a register. */
#define MLX5_FWCTL_BY_REGISTER 0xff

/* Upper bound for the length of a query, if its layout is not public */
#define MLX5_FWCTL_QUERY_LEN 64

/**
 * enum mlx5_fwctl_test - test of a field, the bits of a rule's mask in a dword
 * @MLX5_FWCTL_TAKES: no test: the field may be set
 * @MLX5_FWCTL_OPAQUE: no test: the field may be set in this dword and in all behind it;
 *	nothing of it decides
 * @MLX5_FWCTL_FUNCTION: the field may be set, and names another function: the rule applies
 *	if it is set and the sender is a VF
 * @MLX5_FWCTL_UNKNOWN: no test: the layout from this dword on is not public. If a bit is
 *	set there that no other rule takes, the class is full, or never from a VF.
 * @MLX5_FWCTL_EQUAL: the rule applies if the field has the value
 * @MLX5_FWCTL_DIFFERENT: the rule applies if the field has another value
 * @MLX5_FWCTL_SELF: the rule applies if the field has the value with the sender's VHCA ID
 * @MLX5_FWCTL_NOT_BOOT_IMAGE: the rule applies if the field is not the number of the
 *	component that is the device's own firmware image
 * @MLX5_FWCTL_NOT_OWN_UPDATE: the rule applies if the field is not the handle of the update
 *	that the sender has locked
 *
 * Of a command, and of a register that is written, a bit that none of the first three
 * takes is unknown.
 */
enum mlx5_fwctl_test {
	MLX5_FWCTL_TAKES,
	MLX5_FWCTL_OPAQUE,
	MLX5_FWCTL_FUNCTION,
	MLX5_FWCTL_UNKNOWN,
	MLX5_FWCTL_EQUAL,
	MLX5_FWCTL_DIFFERENT,
	MLX5_FWCTL_SELF,
	MLX5_FWCTL_NOT_BOOT_IMAGE,
	MLX5_FWCTL_NOT_OWN_UPDATE,
};

/* Direction of an access that a rule is for */
#define MLX5_FWCTL_READ BIT(0)
#define MLX5_FWCTL_WRITE BIT(1)
#define MLX5_FWCTL_BOTH (MLX5_FWCTL_READ | MLX5_FWCTL_WRITE)

/**
 * struct mlx5_fwctl_rule - the class of requests with a certain field
 * @test: enum mlx5_fwctl_test
 * @direction: MLX5_FWCTL_READ, MLX5_FWCTL_WRITE or both; both if the command is not an
 *	access to a register
 * @at: offset of the dword from the begin of the command
 * @class: class of the request if the rule applies. The first such rule decides; without
 *	one, the row's class does.
 * @mask: the field
 * @value: value that the field is compared with
 *
 * The bits of a dword that is not completely in the request are taken as set, as the
 * firmware may read anything there.
 */
struct mlx5_fwctl_rule {
	u8 test;
	u8 direction;
	u8 at;
	u8 class;
	u32 mask;
	u32 value;
};

/*
 * Offsets in rows begin at the offset FIELDS_AT of the command. The policy sees the first
 * MLX5_FWCTL_HEADER_LEN bytes only: with a field beyond these, the offset is (void)0, which
 * does not compile. What is not tested may begin where they end.
 */
#define MLX5_FWCTL_AT(_at, _len)					\
	__builtin_choose_expr((_at) <= MLX5_FWCTL_HEADER_LEN -		\
				       FIELDS_AT - (_len),		\
			      FIELDS_AT + (_at), (void)0)

#define MLX5_FWCTL_RULE(_test, _direction, _at, _mask, _value, _class, ...) \
	{ .test = MLX5_FWCTL_##_test,					\
	  .direction = MLX5_FWCTL_##_direction,				\
	  .at = MLX5_FWCTL_AT(_at, (int)sizeof(u32)),			\
	  .class = (_class), .mask = (_mask), .value = (_value) }

#define MLX5_FWCTL_REST(_direction, _at, _mask)				\
	{ .test = MLX5_FWCTL_OPAQUE,					\
	  .direction = MLX5_FWCTL_##_direction,				\
	  .at = MLX5_FWCTL_AT(_at, 0), .mask = (_mask) }

/*
 * Rules as the rows write them. The names of the fields come last, for the documentation;
 * the driver does not keep them.
 *
 *	TAKES, LIST, OPAQUE	bits that may be set: in one dword, in all from there on,
 *				all bits from there on
 *	FOREIGN			bits that name another function
 *	UNKNOWN			the layout from there on is not public
 *	WITH, WITHOUT		the class if a bit of the mask is set, or if none is
 *	AS, UNLESS		the class if the field has a value, or has another value
 *	AS_SELF			the class if it has a value with the sender's VHCA ID
 */
#define TAKES(_at, _mask, ...)						\
	MLX5_FWCTL_RULE(TAKES, BOTH, _at, _mask, 0, 0, __VA_ARGS__)
#define LIST(_at, _mask, ...)						\
	MLX5_FWCTL_REST(BOTH, _at, _mask)
#define OPAQUE(_at, ...)						\
	MLX5_FWCTL_REST(BOTH, _at, ~0U)
#define FOREIGN(_at, _mask, ...)					\
	MLX5_FWCTL_RULE(FUNCTION, BOTH, _at, _mask, 0, FWCTL_CLASS_NEVER, __VA_ARGS__)
#define UNKNOWN(_at)							\
	MLX5_FWCTL_RULE(UNKNOWN, BOTH, _at, ~0U, 0, 0)
#define WITH(_at, _mask, _class, ...)					\
	MLX5_FWCTL_RULE(DIFFERENT, BOTH, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WITHOUT(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, BOTH, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define AS(_at, _mask, _value, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, BOTH, _at, _mask, _value, FWCTL_CLASS_##_class, __VA_ARGS__)
#define AS_SELF(_at, _mask, _value, _class, ...)			\
	MLX5_FWCTL_RULE(SELF, BOTH, _at, _mask, _value, FWCTL_CLASS_##_class, __VA_ARGS__)
#define READ_FOREIGN(_at, _mask, ...)					\
	MLX5_FWCTL_RULE(FUNCTION, READ, _at, _mask, 0, FWCTL_CLASS_NEVER, __VA_ARGS__)
#define READ_WITH(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(DIFFERENT, READ, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define READ_WITHOUT(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, READ, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define READ_AS(_at, _mask, _value, _class, ...)			\
	MLX5_FWCTL_RULE(EQUAL, READ, _at, _mask, _value, FWCTL_CLASS_##_class, __VA_ARGS__)
#define READ_UNLESS(_at, _mask, _value, _class, ...)			\
	MLX5_FWCTL_RULE(DIFFERENT, READ, _at, _mask, _value, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WRITE_TAKES(_at, _mask, ...)					\
	MLX5_FWCTL_RULE(TAKES, WRITE, _at, _mask, 0, 0, __VA_ARGS__)
#define WRITE_OPAQUE(_at, ...)						\
	MLX5_FWCTL_REST(WRITE, _at, ~0U)
#define WRITE_WITH(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(DIFFERENT, WRITE, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WRITE_WITHOUT(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, WRITE, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WRITE_AS(_at, _mask, _value, _class, ...)			\
	MLX5_FWCTL_RULE(EQUAL, WRITE, _at, _mask, _value, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WRITE_UNLESS_BOOT_IMAGE(_at, _mask, _class, ...)		\
	MLX5_FWCTL_RULE(NOT_BOOT_IMAGE, WRITE, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)
#define WRITE_UNLESS_OWN_UPDATE(_at, _mask, _class, ...)		\
	MLX5_FWCTL_RULE(NOT_OWN_UPDATE, WRITE, _at, _mask, 0, FWCTL_CLASS_##_class, __VA_ARGS__)

/* Several rules in the place of one */
#define ALL_OF(...) __VA_ARGS__

/* The rules of a row, and their number */
#define MLX5_FWCTL_RULES(...)						\
	.rules = (const struct mlx5_fwctl_rule[]){ __VA_ARGS__ },	\
	.nr_rules = sizeof((const struct mlx5_fwctl_rule[]){ __VA_ARGS__ }) / \
		    sizeof(struct mlx5_fwctl_rule)

/**
 * struct mlx5_fwctl_opcode - a command
 * @opcode: its number; first, see mlx5_fwctl_compare()
 * @class: its class if no rule applies, or MLX5_FWCTL_BY_REGISTER
 * @nr_rules: number of @rules
 * @least: length of its shortest form
 * @most: length of its longest form
 * @name: its name in the PRM
 * @rules: rules for its fields. A bit behind op_mod that none takes must be zero.
 */
struct mlx5_fwctl_opcode {
	u16 opcode;
	u8 class;
	u8 nr_rules;
	u32 least;
	u32 most;
	const char *name;
	const struct mlx5_fwctl_rule *rules;
};

/**
 * struct mlx5_fwctl_register - an access register
 * @id: its number; first, see mlx5_fwctl_compare()
 * @size: its length
 * @read: class of a read if no rule applies
 * @write: class of a write if no rule applies; full instead if a bit is set that no rule
 *	takes
 * @nr_rules: number of @rules
 * @name: its name in the PRM
 * @rules: rules for its fields
 */
struct mlx5_fwctl_register {
	u16 id;
	u16 size;
	u8 read;
	u8 write;
	u16 nr_rules;
	const char *name;
	const struct mlx5_fwctl_rule *rules;
};

/*
 * The numbers of a table ascend, for bsearch(); otherwise it does not compile. Each row has
 * two enumerators in one enum: NEXT_AT_x is the number of the row before, plus one;
 * NUMBER_OF_x is its own number and must not be less.
 */
#define MLX5_FWCTL_ENUMERATORS(...) __VA_ARGS__,

#define MLX5_FWCTL_PLACE(_number, _name)				\
	MLX5_FWCTL_ENUMERATORS(NEXT_AT_##_name,				\
			       NUMBER_OF_##_name = (_number))

#define MLX5_FWCTL_PLACED(_number, _name)				\
	((_number) +							\
	 BUILD_BUG_ON_ZERO(NUMBER_OF_##_name < NEXT_AT_##_name))

/* Offset of the register in ACCESS_REG and ACCESS_REGISTER_USER */
#define MLX5_FWCTL_REGISTER_AT 0x10

/* For bsearch(): compares a number with the number of a row, of either table. */
static inline int mlx5_fwctl_compare(const void *number, const void *row)
{
	return *(const u16 *)number - *(const u16 *)row;
}

/* Return: the row, or NULL if there is none. */
const struct mlx5_fwctl_opcode *mlx5_fwctl_find_opcode(u16 opcode);
const struct mlx5_fwctl_register *mlx5_fwctl_find_register(u16 id);

#endif /* _MLX5_FWCTL_TABLE_H */
