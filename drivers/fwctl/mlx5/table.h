/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rows of the policy's two tables are made of. The rows stand in
 * opcode_table.h and register_table.h, as lines that the driver's tables, the
 * check of their order and the documentation are made from.
 *
 * Numbers and layouts are those of the PRM, as <linux/mlx5/mlx5_ifc.h> and the
 * vendor's tools (mstreg --show_reg) have them. All fields are big-endian; a field
 * is named by the byte offset of the dword that it is in and its bits there.
 */
#ifndef _MLX5_FWCTL_TABLE_H
#define _MLX5_FWCTL_TABLE_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>
#include <uapi/fwctl/fwctl.h>

#include "policy.h"

/* In the place of a command's class: it is an access to a register. */
#define MLX5_FWCTL_BY_REGISTER 0xff

/* The most that a command may have whose layout is not public: any query, bytes */
#define MLX5_FWCTL_QUERY_LEN 64

/**
 * enum mlx5_fwctl_test - what a rule says about a dword of the request
 * @MLX5_FWCTL_TAKES: the bits of the mask are there and decide nothing
 * @MLX5_FWCTL_OPAQUE: from there on, nobody knows which bits there are
 * @MLX5_FWCTL_EQUAL: the class, if the bits of the mask have the value
 * @MLX5_FWCTL_DIFFERENT: the class, if they have not
 */
enum mlx5_fwctl_test {
	MLX5_FWCTL_TAKES,
	MLX5_FWCTL_OPAQUE,
	MLX5_FWCTL_EQUAL,
	MLX5_FWCTL_DIFFERENT,
};

/* What a rule is about: a register that is read, one that is written, or both */
#define MLX5_FWCTL_READ BIT(0)
#define MLX5_FWCTL_WRITE BIT(1)
#define MLX5_FWCTL_BOTH (MLX5_FWCTL_READ | MLX5_FWCTL_WRITE)

/**
 * struct mlx5_fwctl_rule - what one field of a request means for its class
 * @test: the test
 * @direction: MLX5_FWCTL_READ, MLX5_FWCTL_WRITE or both; commands that are no
 *	access to a register: both
 * @at: where the dword is, from the begin of the command
 * @class: what the request does, if the test holds. The first rule that holds
 *	decides; if none does, the row does.
 * @mask: the field
 * @value: what it is compared with
 *
 * A dword that is not, or not wholly, in the request is taken to have every bit
 * set, for the firmware may see anything there.
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
 * Rows count from where their fields begin, which is FIELDS_AT of the command. What
 * is behind the header that the policy gets to see, no rule can be about.
 */
#define MLX5_FWCTL_AT(_at)						\
	__builtin_choose_expr((_at) <= MLX5_FWCTL_HEADER_LEN -		\
				       FIELDS_AT - (int)sizeof(u32),	\
			      FIELDS_AT + (_at), (void)0)

#define MLX5_FWCTL_RULE(_test, _direction, _at, _mask, _value, _class)	\
	{ .test = MLX5_FWCTL_##_test,					\
	  .direction = MLX5_FWCTL_##_direction,				\
	  .at = MLX5_FWCTL_AT(_at),					\
	  .class = (_class), .mask = (_mask), .value = (_value) }

/*
 * How the rows write rules: the class if a bit of the mask is set, if none is, if
 * they have a value. What follows is the field's name, for the documentation.
 */
#define TAKES(_at, _mask)						\
	MLX5_FWCTL_RULE(TAKES, BOTH, _at, _mask, 0, 0)
#define OPAQUE(_at)							\
	MLX5_FWCTL_RULE(OPAQUE, BOTH, _at, ~0U, 0, 0)
#define WITH(_at, _mask, _class, ...)					\
	MLX5_FWCTL_RULE(DIFFERENT, BOTH, _at, _mask, 0, FWCTL_CLASS_##_class)
#define WITHOUT(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, BOTH, _at, _mask, 0, FWCTL_CLASS_##_class)
#define AS(_at, _mask, _value, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, BOTH, _at, _mask, _value, FWCTL_CLASS_##_class)
#define READ_WITH(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(DIFFERENT, READ, _at, _mask, 0, FWCTL_CLASS_##_class)
#define READ_WITHOUT(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(EQUAL, READ, _at, _mask, 0, FWCTL_CLASS_##_class)
#define WRITE_WITH(_at, _mask, _class, ...)				\
	MLX5_FWCTL_RULE(DIFFERENT, WRITE, _at, _mask, 0, FWCTL_CLASS_##_class)

/* The rules of a row, any number of them, and how many there are */
#define MLX5_FWCTL_RULES(...)						\
	.rules = (const struct mlx5_fwctl_rule[]){ __VA_ARGS__ },	\
	.nr_rules = sizeof((const struct mlx5_fwctl_rule[]){ __VA_ARGS__ }) / \
		    sizeof(struct mlx5_fwctl_rule)

/**
 * struct mlx5_fwctl_opcode - a command
 * @opcode: its number
 * @class: what it does, if no rule says otherwise, or MLX5_FWCTL_BY_REGISTER
 * @nr_rules: how many rules there are
 * @least: bytes of the shortest form
 * @most: bytes of the longest
 * @name: the PRM's name for it
 * @rules: of its fields. A bit behind op_mod that no rule names must be zero.
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
 * @id: its number
 * @size: bytes
 * @read: what reading it does, if no rule says otherwise
 * @write: what writing it does, if no rule says otherwise
 * @nr_rules: how many rules there are
 * @name: the PRM's name for it
 * @rules: of its fields
 */
struct mlx5_fwctl_register {
	u16 id;
	u16 size;
	u8 read;
	u8 write;
	u8 nr_rules;
	const char *name;
	const struct mlx5_fwctl_rule *rules;
};

/*
 * The driver searches the tables, so numbers ascend. Two enumerators of each row, all
 * in one enum, hold the row to that: the first is one more than the last row's number.
 */
#define MLX5_FWCTL_ENUMERATORS(...) __VA_ARGS__,

#define MLX5_FWCTL_PLACE(_number, _name)				\
	MLX5_FWCTL_ENUMERATORS(NEXT_AT_##_name,				\
			       NUMBER_OF_##_name = (_number))

#define MLX5_FWCTL_PLACED(_number, _name)				\
	((_number) +							\
	 BUILD_BUG_ON_ZERO(NUMBER_OF_##_name < NEXT_AT_##_name))

/* Where a register begins in ACCESS_REG and ACCESS_REGISTER_USER, bytes */
#define MLX5_FWCTL_REGISTER_AT 0x10

const struct mlx5_fwctl_opcode *mlx5_fwctl_find_opcode(u16 opcode);
const struct mlx5_fwctl_register *mlx5_fwctl_find_register(u16 id);

#endif /* _MLX5_FWCTL_TABLE_H */
