/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A simulated device: shared by configfs, the platform device and its driver.
 *
 * Ownership, from the outside in:
 *
 * - A struct fwctl_sim belongs to its folder in configfs, from mkdir to rmdir. rmdir
 *   removes the platform device, so that everything else ends before.
 * - The platform device exists while the fwctl_sim is live. The write to the file "live"
 *   registers it. Only the work item fwctl_sim.stop unregisters it, so that a task which
 *   waits for that can be killed: a removal may never end.
 * - The fwctl_device belongs to the driver, from probe to remove. In that time the driver
 *   and the thread of fwctl_sim.queue use the fwctl_sim.
 *
 * Lock order: fwctl_sim.lock, then fwctl_sim_queue.lock. Neither is held while the
 * platform device is registered or unregistered.
 */
#ifndef _FWCTL_SIM_H
#define _FWCTL_SIM_H

#include <linux/configfs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "firmware.h"
#include "queue.h"

#define FWCTL_SIM_NAME "fwctl_sim"

/* Size of the buffer for a node's name, with the final 0 */
#define FWCTL_SIM_NODE_LEN 16

struct platform_device;

/**
 * struct fwctl_sim_limits - the limits in struct fwctl_ops
 * @max_files: open files
 * @max_calls: calls that the driver has at once
 * @max_file_calls: the same for one file; @max_calls if it is above that
 * @max_bytes: memory for the calls of all files
 * @min_in: length of the shortest request
 * @max_in: length of the longest request
 * @min_out: length of the shortest buffer for an answer
 * @max_out: length of the longest buffer for an answer
 *
 * The names are those of the files in configfs.
 */
struct fwctl_sim_limits {
	u32 max_files;
	u32 max_calls;
	u32 max_file_calls;
	u32 max_bytes;
	u32 min_in;
	u32 max_in;
	u32 min_out;
	u32 max_out;
};

/**
 * struct fwctl_sim_item - an opcode's folder in configfs
 * @item: the folder
 * @sim: the device, which is freed after all that is in its folder; constant
 * @entry: in fwctl_sim.opcodes
 * @custom: the opcode. Guarded by fwctl_sim.lock; the firmware has a copy.
 */
struct fwctl_sim_item {
	struct config_item item;
	struct fwctl_sim *sim;
	struct list_head entry;
	struct fwctl_sim_custom custom;
};

/**
 * enum fwctl_sim_state - state of the platform device
 * @FWCTL_SIM_OFF: there is none; the configuration can be changed
 * @FWCTL_SIM_STARTING: it is being registered
 * @FWCTL_SIM_ON: it is registered
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
 * @queue: the queue to and from the firmware
 * @stop: unregisters the platform device
 * @settled: woken up when @state becomes OFF or ON
 * @life: number of the platform device's current life. It keeps a removal that was
 *	requested in one life from ending the next. Changes in FWCTL_SIM_OFF only.
 * @doomed: number of the life that @stop is to end
 * @lock: guards the fields that follow. Its holder does not wait for the device.
 * @state: state of @pdev
 * @stops: counts how often @state became OFF
 * @pdev: the platform device, in FWCTL_SIM_ON and FWCTL_SIM_STOPPING
 * @limits: the limits; constant unless @state is OFF
 * @opcodes: list of struct fwctl_sim_item
 * @err: errno of the last probe; 0 while the driver is bound
 * @node: name of the node while the driver is bound, else empty
 */
struct fwctl_sim {
	int id;
	struct fwctl_sim_firmware fw;
	struct fwctl_sim_queue queue;
	struct work_struct stop;
	wait_queue_head_t settled;
	unsigned int life;
	unsigned int doomed;

	struct mutex lock; /* guards the fields that follow */
	enum fwctl_sim_state state;
	unsigned int stops;
	struct platform_device *pdev;
	struct fwctl_sim_limits limits;
	struct list_head opcodes;
	int err;
	char node[FWCTL_SIM_NODE_LEN];
};

/* life.c: the life of the platform device */
void fwctl_sim_init(struct fwctl_sim *sim, int id);
int fwctl_sim_start(struct fwctl_sim *sim);
int fwctl_sim_stop(struct fwctl_sim *sim);
void fwctl_sim_destroy(struct fwctl_sim *sim);

/* config.c: configfs */
extern struct configfs_subsystem fwctl_sim_subsystem;

#endif /* _FWCTL_SIM_H */
