// SPDX-License-Identifier: GPL-2.0
/*
 * The register table: the classes of reading and of writing each access register. A
 * register that is not in it is never written, and reading it is full access.
 */
#include <linux/array_size.h>
#include <linux/bsearch.h>
#include <linux/build_bug.h>

#include "table.h"

/* Offsets in a register's rules begin at the register. */
#define FIELDS_AT MLX5_FWCTL_REGISTER_AT

/* Enumerators: the two classes of each group, and the check that the rows ascend */
#define CLASSES(_name, _read, _write, ...)				\
	MLX5_FWCTL_ENUMERATORS(READ_##_name = (_read), WRITE_##_name = (_write))
#define REGISTER(_id, _name, ...) MLX5_FWCTL_PLACE(_id, _name)
enum {
#include "register_table.h"
};

#define CLASSES(...)
#define REGISTER(_id, _name, _size, _group, ...)			\
	{ .id = MLX5_FWCTL_PLACED(_id, _name),				\
	  .name = #_name, .size = (_size),				\
	  .read = READ_##_group, .write = WRITE_##_group,		\
	  MLX5_FWCTL_RULES(__VA_ARGS__) },
static const struct mlx5_fwctl_register mlx5_fwctl_registers[] = {
#include "register_table.h"
};

const struct mlx5_fwctl_register *mlx5_fwctl_find_register(u16 id)
{
	return bsearch(&id, mlx5_fwctl_registers,
		       ARRAY_SIZE(mlx5_fwctl_registers),
		       sizeof(*mlx5_fwctl_registers), mlx5_fwctl_compare);
}
