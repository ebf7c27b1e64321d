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

/* Groups of commands: the class, and the reason for it, as the documentation has it */
enum {
	/*
	 * Identity, capabilities and addresses of the device and of its
	 * functions. Also of another function: the manager of the device
	 * assigns them.
	 */
	CLASS_IDENTITY = FWCTL_CLASS_CONFIG_READ,
	/*
	 * Congestion control, by port and priority: the RDMA subsystem's, which
	 * has its parameters in debugfs, and dcb's.
	 */
	CLASS_CONGESTION = FWCTL_CLASS_DEBUG_WRITE,
	/*
	 * Capabilities of another function, meant for a VF before it is bound. devlink
	 * has those that have a name as attributes of the port function; it shows
	 * what it set last, not what is set here. Those of the function itself
	 * have been negotiated by mlx5_core and must not change behind its back.
	 */
	CLASS_OTHER_FUNCTION = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * State and counters of the device, its ports, its functions and their
	 * vports; of a VF as well, as ``ip link`` shows them to all users.
	 * Clearing a counter is a write, as it has other readers.
	 */
	CLASS_STATE = FWCTL_CLASS_DEBUG_READ,
	/*
	 * The context of an object: a steering rule, a scheduling element. It
	 * holds numbers of other objects and what packets are matched with or
	 * changed to, but no page list and no key to memory. QUERY_TIR shows the
	 * key of a hash, as ethtool does.
	 */
	CLASS_OBJECT = FWCTL_CLASS_DEBUG_READ,
	/* Selection of the diagnostic counters. Nothing depends on them. */
	CLASS_DIAGNOSTIC = FWCTL_CLASS_DEBUG_WRITE,
	/*
	 * The context of a queue, or of an object whose layout is not public. The
	 * answer has, or may have, its page list, or keys: memory keys, the DC
	 * access key, Q_Keys.
	 */
	CLASS_QUEUE = FWCTL_CLASS_FULL,
	/*
	 * Shows keys to memory, the pages behind them, or keys that give access
	 * to a transport (the DC access key) or to encrypted data.
	 */
	CLASS_SECRET = FWCTL_CLASS_FULL,
	/* Reads the registers of one of the device's engines by address. */
	CLASS_ENGINE = FWCTL_CLASS_FULL,
	/* An access to a register: the class is that of the register. */
	CLASS_REGISTER = MLX5_FWCTL_BY_REGISTER,
};

/* Offsets in a command's rules begin at the command. */
#define FIELDS_AT 0

#define COMMAND(_opcode, _name, ...) MLX5_FWCTL_PLACE(_opcode, _name)
enum {
#include "opcode_table.h"
};

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
