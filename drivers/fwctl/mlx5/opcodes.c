// SPDX-License-Identifier: GPL-2.0
/*
 * The opcode table: the class of each command. A command that is not in it is never sent,
 * above all those that create, change or destroy objects, give pages to the firmware, or
 * carry another command.
 */
#include <linux/array_size.h>
#include <linux/bsearch.h>
#include <linux/build_bug.h>
#include <linux/fwctl.h>

#include "table.h"

/* Offsets in a command's rules begin at the command. */
#define FIELDS_AT 0

/* Enumerators: the class of each group, and the check that the rows ascend */
#define CLASSES(_name, _class, ...) MLX5_FWCTL_ENUMERATORS(CLASS_##_name = (_class))
#define COMMAND(_opcode, _name, ...) MLX5_FWCTL_PLACE(_opcode, _name)
enum {
#include "opcode_table.h"
};

#define CLASSES(...)
#define COMMAND(_opcode, _name, _group, _least, _most, ...)		\
	{ .opcode = MLX5_FWCTL_PLACED(_opcode, _name),			\
	  .name = #_name, .class = CLASS_##_group,			\
	  .least = (_least), .most = (_most),				\
	  MLX5_FWCTL_RULES(__VA_ARGS__) },
static const struct mlx5_fwctl_opcode mlx5_fwctl_opcodes[] = {
#include "opcode_table.h"
};

const struct mlx5_fwctl_opcode *mlx5_fwctl_find_opcode(u16 opcode)
{
	return bsearch(&opcode, mlx5_fwctl_opcodes,
		       ARRAY_SIZE(mlx5_fwctl_opcodes),
		       sizeof(*mlx5_fwctl_opcodes), mlx5_fwctl_compare);
}
