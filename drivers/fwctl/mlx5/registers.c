// SPDX-License-Identifier: GPL-2.0
/*
 * The register table: the classes of reading and of writing each access register. A
 * register that is not in it is never written, and reading it is full access.
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
	 * Items of the non-volatile configuration. Those that may be read and
	 * written as configuration are listed by their types; they belong to the
	 * administrator and take effect after a reset. devlink has some of them
	 * as permanent parameters, ethtool Wake-on-LAN and dcb the boot state of
	 * LLDP. Full are those that take effect at once, that give or take
	 * privileges, that are another host's, and passwords, keys and tokens.
	 */
	READ_NV_ITEM = FWCTL_CLASS_FULL,
	WRITE_NV_ITEM = FWCTL_CLASS_FULL,
	/*
	 * Puts the whole non-volatile configuration back, after a reset. On a
	 * card with several hosts the firmware decides whose. Reading has no use,
	 * and the target that is 0 is one, too.
	 */
	READ_NV_RESET = FWCTL_CLASS_FULL,
	WRITE_NV_RESET = FWCTL_CLASS_CONFIG_WRITE,
	/* Lists the parts of the non-volatile configuration. */
	READ_NV_QUERY = FWCTL_CLASS_CONFIG_READ,
	WRITE_NV_QUERY = FWCTL_CLASS_FULL,
	/* Walks over all items with their values, passwords included. */
	READ_NV_WALK = FWCTL_CLASS_FULL,
	WRITE_NV_WALK = FWCTL_CLASS_FULL,
	/*
	 * Steps of a firmware update, which devlink has as well. Those that a
	 * burn of the device's own image needs are configuration: the device
	 * takes images that are signed for it, if it is a secure one, and runs
	 * them after a reset. Steps of another component, as the firmware of a
	 * module, which is ethtool's, those that take the update from its owner,
	 * and those that read a component back are full.
	 */
	READ_UPDATE_CONTROL = FWCTL_CLASS_CONFIG_READ,
	WRITE_UPDATE_CONTROL = FWCTL_CLASS_FULL,
	/* Data of the component that an update writes, or that is read back. */
	READ_UPDATE_DATA = FWCTL_CLASS_FULL,
	WRITE_UPDATE_DATA = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Selects the kind of reset that brings a new configuration or image
	 * into effect, or the image. Starting one at once is left to devlink,
	 * which asks the drivers of all hosts before; the answer is left to
	 * mlx5_core, which otherwise would lose the device while it uses it.
	 */
	READ_RESET = FWCTL_CLASS_CONFIG_READ,
	WRITE_RESET = FWCTL_CLASS_CONFIG_WRITE,
	/*
	 * Behaviour of the device at run time when PCIe is congested, for all
	 * hosts: ethtool shows the counters of it. Emulated removal and insertion
	 * of the device, and other ports of its switch, are full.
	 */
	READ_TUNING = FWCTL_CLASS_CONFIG_READ,
	WRITE_TUNING = FWCTL_CLASS_DEBUG_WRITE,
	/*
	 * Protection against the return to old firmware. Writing burns fuses, or
	 * lifts the protection.
	 */
	READ_ROLLBACK = FWCTL_CLASS_CONFIG_READ,
	WRITE_ROLLBACK = FWCTL_CLASS_FULL,
	/*
	 * Sessions that the vendor's signed tokens open. Writing ends one.
	 */
	READ_TOKEN = FWCTL_CLASS_CONFIG_READ,
	WRITE_TOKEN = FWCTL_CLASS_FULL,
	/*
	 * The same, but already a read changes something: it keeps a session
	 * alive, or makes a new challenge, which the one before ends with.
	 */
	READ_TOKEN_SESSION = FWCTL_CLASS_CONFIG_WRITE,
	WRITE_TOKEN_SESSION = FWCTL_CLASS_FULL,
	/*
	 * State, speed, error correction, loopback and other settings of ports.
	 * At run time they belong to the netdev, by ethtool, or to the RDMA port,
	 * which sees a change as one of the link.
	 */
	READ_PORT = FWCTL_CLASS_CONFIG_READ,
	WRITE_PORT = FWCTL_CLASS_DEBUG_WRITE,
	/*
	 * Settings of modules: ethtool's. Writing resets one, or overrides what it
	 * says of its power, which can damage it.
	 */
	READ_MODULE = FWCTL_CLASS_CONFIG_READ,
	WRITE_MODULE = FWCTL_CLASS_FULL,
	/* Priorities, pause, buffers and shapers: dcb's, devlink's, ethtool's and tc's. */
	READ_QOS = FWCTL_CLASS_CONFIG_READ,
	WRITE_QOS = FWCTL_CLASS_DEBUG_WRITE,
	/* How RDMA behaves on this host: the RDMA subsystem's. */
	READ_RDMA = FWCTL_CLASS_CONFIG_READ,
	WRITE_RDMA = FWCTL_CLASS_DEBUG_WRITE,
	/* Rights and resources of other functions, and the start of other hosts. */
	READ_FUNCTIONS = FWCTL_CLASS_CONFIG_READ,
	WRITE_FUNCTIONS = FWCTL_CLASS_FULL,
	/*
	 * Resources and programs of processors in the device, and its telemetry.
	 * The value 0 of an operation is one, too: it creates or disables.
	 */
	READ_DPA = FWCTL_CLASS_FULL,
	WRITE_DPA = FWCTL_CLASS_FULL,
	/*
	 * Carries commands to congestion control algorithms, in a read as well.
	 * Those that only ask are debug reads.
	 */
	READ_CONGESTION = FWCTL_CLASS_FULL,
	WRITE_CONGESTION = FWCTL_CLASS_FULL,
	/* Clocks, which all hosts share, and their synchronization: PTP's and DPLL's. */
	READ_CLOCK = FWCTL_CLASS_DEBUG_READ,
	WRITE_CLOCK = FWCTL_CLASS_FULL,
	/*
	 * Electrical tuning of lanes, eye scans and test patterns. Writing may
	 * cut the link, which the netdev or the RDMA port sees.
	 */
	READ_LANE = FWCTL_CLASS_DEBUG_READ,
	WRITE_LANE = FWCTL_CLASS_DEBUG_WRITE,
	/*
	 * Counters, measurements, logs and other state. Clearing a counter is a
	 * write, as it has other readers.
	 */
	READ_STATE = FWCTL_CLASS_DEBUG_READ,
	WRITE_STATE = FWCTL_CLASS_FULL,
	/*
	 * Temperatures and their thresholds: hwmon's and the device's own
	 * protection.
	 */
	READ_SENSOR = FWCTL_CLASS_DEBUG_READ,
	WRITE_SENSOR = FWCTL_CLASS_FULL,
	/*
	 * Selection of the performance counters, of the device and of its
	 * processors. Nothing else uses them; they count packets and events.
	 */
	READ_PROFILE = FWCTL_CLASS_DEBUG_READ,
	WRITE_PROFILE = FWCTL_CLASS_DEBUG_WRITE,
	/* Too little is known of them, or reading them acts. */
	READ_UNCLEAR = FWCTL_CLASS_FULL,
	WRITE_UNCLEAR = FWCTL_CLASS_FULL,
	/*
	 * Power meters: they reveal data of computations next to them, such as
	 * keys, which the counts of packets and events do not.
	 */
	READ_POWER_METER = FWCTL_CLASS_FULL,
	WRITE_POWER_METER = FWCTL_CLASS_FULL,
	/* Injects errors, into links, PCIe and supply voltages. */
	READ_INJECTION = FWCTL_CLASS_FULL,
	WRITE_INJECTION = FWCTL_CLASS_FULL,
	/*
	 * Flash, JTAG, GPIO, MDIO, PCIe configuration space, registers of the
	 * chip, FPGA, reset: all rules of the firmware can be passed by. The
	 * flash holds secrets, too.
	 */
	READ_RAW = FWCTL_CLASS_FULL,
	WRITE_RAW = FWCTL_CLASS_FULL,
	/* Keys of encryption, and credentials. */
	READ_KEYS = FWCTL_CLASS_FULL,
	WRITE_KEYS = FWCTL_CLASS_FULL,
	/*
	 * The tracer writes to host memory. It belongs to mlx5_core, which gave it
	 * that memory, and must not be started, tuned or taken over.
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
	 * The tracer of PCIe packets, whose data is contents of host memory.
	 */
	READ_TLP_TRACER = FWCTL_CLASS_NEVER,
	WRITE_TLP_TRACER = FWCTL_CLASS_NEVER,
	/*
	 * Dumps objects. Written, as mlx5_core does it, or with a memory key or an
	 * address, it dumps to host memory; read and inline, to the answer. Some
	 * segments are queues, which the device reads from host memory for that,
	 * or show keys, and which ones is the firmware's to number: only the
	 * menu, which lists them, can be read.
	 */
	READ_DUMP = FWCTL_CLASS_DEBUG_READ,
	WRITE_DUMP = FWCTL_CLASS_NEVER,
	/*
	 * Makes the device read or write host memory: at a physical address, or as
	 * a core dump, where mlx5_core has its trace.
	 */
	READ_DMA = FWCTL_CLASS_NEVER,
	WRITE_DMA = FWCTL_CLASS_NEVER,
	/* Carries another command or register, past all rules for that one. */
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
