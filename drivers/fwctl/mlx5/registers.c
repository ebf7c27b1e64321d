// SPDX-License-Identifier: GPL-2.0
/*
 * The register table: the classes of reading and of writing each access register.
 * Reading a register that is not in it is a debug read, writing it full access.
 */
#include <linux/array_size.h>
#include <linux/bsearch.h>
#include <linux/build_bug.h>

#include "table.h"

/* Groups of registers: two classes, and the reason for them, as the documentation has it */
enum {
	/*
	 * Identity, resources and capabilities of the device. Every tool begins
	 * with these. There is nothing to write.
	 */
	READ_IDENTITY = FWCTL_CLASS_CONFIG_READ,
	WRITE_IDENTITY = FWCTL_CLASS_FULL,
	/*
	 * The non-volatile configuration. It belongs to the administrator, and
	 * takes effect after a reset.
	 */
	READ_NV_CONFIG = FWCTL_CLASS_CONFIG_READ,
	WRITE_NV_CONFIG = FWCTL_CLASS_CONFIG_WRITE,
	/* Lists the parts of the non-volatile configuration. */
	READ_NV_QUERY = FWCTL_CLASS_CONFIG_READ,
	WRITE_NV_QUERY = FWCTL_CLASS_FULL,
	/*
	 * Firmware update. The device takes images that are signed for it, and
	 * runs them after a reset.
	 */
	READ_UPDATE = FWCTL_CLASS_CONFIG_READ,
	WRITE_UPDATE = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Selects the kind of reset that brings a new configuration or image
	 * into effect. Starting one at once is left to devlink, which asks the
	 * drivers of all hosts before; the answer is left to mlx5_core, which
	 * otherwise would lose the device while it uses it.
	 */
	READ_RESET = FWCTL_CLASS_CONFIG_READ,
	WRITE_RESET = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Behaviour of the device when PCIe is congested. No kernel subsystem
	 * sets it, and only performance depends on it.
	 */
	READ_TUNING = FWCTL_CLASS_CONFIG_READ,
	WRITE_TUNING = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Protection against the return to old firmware. Writing burns fuses, or
	 * lifts the protection.
	 */
	READ_ROLLBACK = FWCTL_CLASS_CONFIG_READ,
	WRITE_ROLLBACK = FWCTL_CLASS_FULL,
	/*
	 * Challenges for the vendor's signed tokens, and the sessions that these
	 * open. Writing ends one.
	 */
	READ_TOKEN = FWCTL_CLASS_CONFIG_READ,
	WRITE_TOKEN = FWCTL_CLASS_FULL,
	/* The same, but already a read keeps a session alive. */
	READ_TOKEN_SESSION = FWCTL_CLASS_CONFIG_WRITE,
	WRITE_TOKEN_SESSION = FWCTL_CLASS_FULL,
	/*
	 * Settings of ports and modules. At run time they belong to the netdev,
	 * by ethtool, or to the RDMA port; the kernel would not notice that they
	 * were written.
	 */
	READ_PORT = FWCTL_CLASS_CONFIG_READ,
	WRITE_PORT = FWCTL_CLASS_FULL,
	/* Priorities, pause, buffers and shapers: owned by dcb, devlink and tc. */
	READ_QOS = FWCTL_CLASS_CONFIG_READ,
	WRITE_QOS = FWCTL_CLASS_FULL,
	/* How RDMA behaves on this host: owned by the RDMA subsystem. */
	READ_RDMA = FWCTL_CLASS_CONFIG_READ,
	WRITE_RDMA = FWCTL_CLASS_FULL,
	/* Rights and resources of other functions, and of processors in the device. */
	READ_FUNCTIONS = FWCTL_CLASS_CONFIG_READ,
	WRITE_FUNCTIONS = FWCTL_CLASS_FULL,
	/*
	 * Carries commands to congestion control algorithms, in a read as well.
	 * Only the command that asks for an algorithm's description is known not
	 * to change anything.
	 */
	READ_CONGESTION = FWCTL_CLASS_FULL,
	WRITE_CONGESTION = FWCTL_CLASS_FULL,
	/* Clocks and their synchronization: owned by PTP and DPLL. */
	READ_CLOCK = FWCTL_CLASS_DEBUG_READ,
	WRITE_CLOCK = FWCTL_CLASS_FULL,
	/*
	 * Electrical tuning of lanes, eye scans and test patterns. Writing may
	 * cut the link.
	 */
	READ_LANE = FWCTL_CLASS_DEBUG_READ,
	WRITE_LANE = FWCTL_CLASS_FULL,
	/*
	 * Counters, measurements, logs and other state. Clearing a counter is a
	 * write, as it has other readers.
	 */
	READ_STATE = FWCTL_CLASS_DEBUG_READ,
	WRITE_STATE = FWCTL_CLASS_FULL,
	/*
	 * Temperatures and their thresholds: owned by hwmon and by the device's
	 * own protection.
	 */
	READ_SENSOR = FWCTL_CLASS_DEBUG_READ,
	WRITE_SENSOR = FWCTL_CLASS_FULL,
	/* Selection of the performance counters and of the logged events. */
	READ_PROFILE = FWCTL_CLASS_DEBUG_READ,
	WRITE_PROFILE = FWCTL_CLASS_DEBUG_WRITE,
	/* Too little is known of them: they are treated as if not in the table. */
	READ_OTHER = FWCTL_CLASS_DEBUG_READ,
	WRITE_OTHER = FWCTL_CLASS_FULL,
	/* Power meters: they reveal data of computations next to them. */
	READ_POWER_METER = FWCTL_CLASS_FULL,
	WRITE_POWER_METER = FWCTL_CLASS_FULL,
	/* Injects errors, into links, PCIe and supply voltages. */
	READ_INJECTION = FWCTL_CLASS_FULL,
	WRITE_INJECTION = FWCTL_CLASS_FULL,
	/*
	 * Flash, JTAG, GPIO, MDIO, PCIe configuration space, FPGA memory: all
	 * rules of the firmware can be passed by. The flash holds secrets, too.
	 */
	READ_RAW = FWCTL_CLASS_FULL,
	WRITE_RAW = FWCTL_CLASS_FULL,
	/* Keys of encryption, and credentials. */
	READ_KEYS = FWCTL_CLASS_FULL,
	WRITE_KEYS = FWCTL_CLASS_FULL,
	/*
	 * The tracer and the core dump write to host memory. They belong to
	 * mlx5_core, which gave them that memory, and must not be started or
	 * taken over.
	 */
	READ_TRACER = FWCTL_CLASS_DEBUG_READ,
	WRITE_TRACER = FWCTL_CLASS_NEVER,
	/*
	 * Where the tracer writes to: a memory key, an address. Reading shows
	 * them.
	 */
	READ_TRACER_MEMORY = FWCTL_CLASS_FULL,
	WRITE_TRACER_MEMORY = FWCTL_CLASS_NEVER,
	/*
	 * Dumps objects. Written, as mlx5_core does it, or with a memory key or an
	 * address, it dumps to host memory; read and inline, to the answer. The
	 * objects of another function may be a guest's.
	 */
	READ_DUMP = FWCTL_CLASS_DEBUG_READ,
	WRITE_DUMP = FWCTL_CLASS_NEVER,
	/* Makes the device read and write host memory at a physical address. */
	READ_DMA = FWCTL_CLASS_NEVER,
	WRITE_DMA = FWCTL_CLASS_NEVER,
	/* Carries another command, past all rules for that one. */
	READ_COMMAND = FWCTL_CLASS_NEVER,
	WRITE_COMMAND = FWCTL_CLASS_NEVER,
	/*
	 * Byte order of the messages from this host. mlx5_core sets it; after
	 * another write its messages would have another meaning.
	 */
	READ_HOST = FWCTL_CLASS_DEBUG_READ,
	WRITE_HOST = FWCTL_CLASS_NEVER,
};

/* Offsets in a register's rules begin at the register. */
#define FIELDS_AT MLX5_FWCTL_REGISTER_AT

#define REGISTER(_id, _name, ...) MLX5_FWCTL_PLACE(_id, _name)
enum {
#include "register_table.h"
};

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
