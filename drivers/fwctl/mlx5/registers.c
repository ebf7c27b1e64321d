// SPDX-License-Identifier: GPL-2.0
/*
 * The register table: what reading and what writing each access register does.
 * Reading one that is not in it is a debug read, writing it full access.
 */
#include <linux/array_size.h>
#include <linux/bsearch.h>
#include <linux/build_bug.h>

#include "table.h"

/* The groups of registers: their two classes, and why they have them */
enum {
	/*
	 * What the device is, what it has and what it can do. Every tool begins
	 * with these. There is nothing to write.
	 */
	READ_IDENTITY = FWCTL_CLASS_CONFIG_READ,
	WRITE_IDENTITY = FWCTL_CLASS_FULL,
	/*
	 * The non-volatile configuration. It is the administrator's, and in
	 * effect after a reset.
	 */
	READ_NV_CONFIG = FWCTL_CLASS_CONFIG_READ,
	WRITE_NV_CONFIG = FWCTL_CLASS_CONFIG_WRITE,
	/* What of the non-volatile configuration there is. */
	READ_NV_QUERY = FWCTL_CLASS_CONFIG_READ,
	WRITE_NV_QUERY = FWCTL_CLASS_FULL,
	/*
	 * Firmware update. The device takes images that are signed for it, and
	 * runs them after a reset.
	 */
	READ_UPDATE = FWCTL_CLASS_CONFIG_READ,
	WRITE_UPDATE = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Which kind of reset brings a new configuration or image into effect.
	 * Starting one at once is devlink's, which asks the drivers of all hosts
	 * before; the answer to that question is mlx5_core's, which otherwise
	 * would lose the device while it uses it.
	 */
	READ_RESET = FWCTL_CLASS_CONFIG_READ,
	WRITE_RESET = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * What the device does when PCIe is congested. No kernel subsystem sets
	 * it, and only performance depends on it.
	 */
	READ_TUNING = FWCTL_CLASS_CONFIG_READ,
	WRITE_TUNING = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * What keeps old firmware from coming back. Writing burns fuses, or
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
	/* The same, where already reading keeps a session alive. */
	READ_TOKEN_SESSION = FWCTL_CLASS_CONFIG_WRITE,
	WRITE_TOKEN_SESSION = FWCTL_CLASS_FULL,
	/*
	 * Settings of ports and modules. At run time they are the netdev's, by
	 * ethtool, or the RDMA port's; the kernel would not know what somebody
	 * else wrote.
	 */
	READ_PORT = FWCTL_CLASS_CONFIG_READ,
	WRITE_PORT = FWCTL_CLASS_FULL,
	/* Priorities, pause, buffers and shapers: owned by dcb, devlink and tc. */
	READ_QOS = FWCTL_CLASS_CONFIG_READ,
	WRITE_QOS = FWCTL_CLASS_FULL,
	/* How RDMA behaves on this host: owned by the RDMA subsystem. */
	READ_RDMA = FWCTL_CLASS_CONFIG_READ,
	WRITE_RDMA = FWCTL_CLASS_FULL,
	/* What other functions, and processors in the device, may do and have. */
	READ_FUNCTIONS = FWCTL_CLASS_CONFIG_READ,
	WRITE_FUNCTIONS = FWCTL_CLASS_FULL,
	/*
	 * Carries commands to congestion control algorithms, in a read as well.
	 * Only the one that asks for an algorithm's description is known not to
	 * change anything.
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
	 * Counters, measurements, logs and other state. Clearing what is read is
	 * a write to all others who read it.
	 */
	READ_STATE = FWCTL_CLASS_DEBUG_READ,
	WRITE_STATE = FWCTL_CLASS_FULL,
	/*
	 * Temperatures and their thresholds: owned by hwmon and by the device's
	 * own protection.
	 */
	READ_SENSOR = FWCTL_CLASS_DEBUG_READ,
	WRITE_SENSOR = FWCTL_CLASS_FULL,
	/* What performance counters count, and what is logged. */
	READ_PROFILE = FWCTL_CLASS_DEBUG_READ,
	WRITE_PROFILE = FWCTL_CLASS_DEBUG_WRITE,
	/* Too little is known of them: as if they were not in the table. */
	READ_OTHER = FWCTL_CLASS_DEBUG_READ,
	WRITE_OTHER = FWCTL_CLASS_FULL,
	/* Power meters, which tell what is computed next to them. */
	READ_POWER_METER = FWCTL_CLASS_FULL,
	WRITE_POWER_METER = FWCTL_CLASS_FULL,
	/* Injects errors, into links, PCIe and supply voltages. */
	READ_INJECTION = FWCTL_CLASS_FULL,
	WRITE_INJECTION = FWCTL_CLASS_FULL,
	/*
	 * Flash, JTAG, GPIO, MDIO, PCIe configuration space, FPGA memory: what
	 * lies below all rules of the firmware. The flash holds secrets, too.
	 */
	READ_RAW = FWCTL_CLASS_FULL,
	WRITE_RAW = FWCTL_CLASS_FULL,
	/* Keys of encryption, and credentials. */
	READ_KEYS = FWCTL_CLASS_FULL,
	WRITE_KEYS = FWCTL_CLASS_FULL,
	/*
	 * The tracer and the core dump write to host memory. They are mlx5_core's,
	 * which gave them that memory: nobody else starts them or takes them over.
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
	 * In which order the device takes bytes from this host. mlx5_core sets it;
	 * all that it says would mean something else after another write.
	 */
	READ_HOST = FWCTL_CLASS_DEBUG_READ,
	WRITE_HOST = FWCTL_CLASS_NEVER,
};

/* A register's rules count from its own begin. */
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
