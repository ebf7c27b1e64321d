/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated device: what configfs, the platform device and its driver share.
 *
 * Ownership, from the outside in:
 *
 * - A fwctl_sim belongs to its folder in configfs, from mkdir to rmdir. rmdir
 *   removes the platform device, so all else ends before.
 * - The platform device is there while the fwctl_sim is live. It is registered by
 *   whoever writes to the file "live" and unregistered by fwctl_sim.stop, always,
 *   so that whoever wants it gone can be killed while a removal takes its time.
 * - The fwctl_device belongs to the driver, from probe to remove. While there is
 *   one, the driver and the thread of fwctl_sim.queue work on the fwctl_sim.
 *
 * Locks: fwctl_sim.lock, and under it fwctl_sim_queue.lock. Neither is held while
 * the platform device comes or goes.
 */
#ifndef _FWCTL_SIM_H
#define _FWCTL_SIM_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "firmware.h"

#define FWCTL_SIM_NAME "fwctl_sim"

/* The longest name of a node, with its final 0, bytes */
#define FWCTL_SIM_NODE_LEN 16

struct platform_device;

/**
 * struct fwctl_sim_limits - what the driver states in fwctl_ops
 * @max_files: see struct fwctl_ops; so are all the others
 * @max_calls: .
 * @max_file_calls: the same; above @max_calls it is that
 * @max_bytes: .
 * @min_in: .
 * @max_in: .
 * @min_out: .
 * @max_out: .
 *
 * The names are those of the files in configfs.
 */
struct fwctl_sim_limits {
	int max_files;
	int max_calls;
	int max_file_calls;
	int max_bytes;
	int min_in;
	int max_in;
	int min_out;
	int max_out;
};

/**
 * struct fwctl_sim_configured - an opcode as it stands in configfs
 * @entry: in fwctl_sim.opcodes
 * @row: the opcode. The firmware works with a copy.
 *
 * Guarded by fwctl_sim.lock.
 */
struct fwctl_sim_configured {
	struct list_head entry;
	struct fwctl_sim_row row;
};

/**
 * enum fwctl_sim_state - what there is of the platform device
 * @FWCTL_SIM_OFF: nothing; the configuration can be changed
 * @FWCTL_SIM_STARTING: it is being registered
 * @FWCTL_SIM_ON: it is there
 * @FWCTL_SIM_STOPPING: it is being unregistered
 */
enum fwctl_sim_state {
	FWCTL_SIM_OFF,
	FWCTL_SIM_STARTING,
	FWCTL_SIM_ON,
	FWCTL_SIM_STOPPING,
};

/**
 * struct fwctl_sim - a simulated device
 * @id: the N of "fwctl_sim.N"; constant
 * @fw: its firmware
 * @queue: the way to and from the firmware
 * @stop: unregisters the platform device
 * @settled: woken up when @state becomes OFF or ON
 * @life: how often the device has been live, so that a removal that somebody asked
 *	for does not hit the next life. Changes in FWCTL_SIM_OFF only.
 * @doomed: the life that @stop is to end
 * @lock: guards all that follows. Nobody waits for the device under it.
 * @state: what there is of @pdev
 * @stops: how often @state became OFF
 * @pdev: the platform device, in FWCTL_SIM_ON and _STOPPING
 * @limits: what the driver states; constant unless FWCTL_SIM_OFF
 * @opcodes: those of configfs, struct fwctl_sim_configured
 * @err: how the last probe went: 0 while the driver is bound
 * @node: name of the node, while the driver is bound; else empty
 */
struct fwctl_sim {
	int id;
	struct fwctl_sim_firmware fw;
	struct fwctl_sim_queue queue;
	struct work_struct stop;
	wait_queue_head_t settled;
	unsigned int life;
	unsigned int doomed;

	struct mutex lock; /* guards all that follows */
	enum fwctl_sim_state state;
	unsigned int stops;
	struct platform_device *pdev;
	struct fwctl_sim_limits limits;
	struct list_head opcodes;
	int err;
	char node[FWCTL_SIM_NODE_LEN];
};

/* life.c: the platform device, from whether it is live to how it ends */
void fwctl_sim_init(struct fwctl_sim *sim, int id);
int fwctl_sim_start(struct fwctl_sim *sim);
int fwctl_sim_stop(struct fwctl_sim *sim);
void fwctl_sim_destroy(struct fwctl_sim *sim);

/* config.c: configfs */
int fwctl_sim_config_init(void);
void fwctl_sim_config_exit(void);

#endif /* _FWCTL_SIM_H */
