// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a simulated device's platform device: what its configuration must
 * be like for it to begin, who begins it, and how it ends.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "sim.h"

static const struct fwctl_sim_limits sim_default_limits = {
	.max_files = 64,
	.max_calls = 4,
	.max_file_calls = 4,
	.max_bytes = 32 << 20,
	.min_in = sizeof(struct fwctl_sim_request),
	.max_in = FWCTL_MAX_RPC_LEN,
	.min_out = sizeof(struct fwctl_sim_answer),
	.max_out = FWCTL_MAX_RPC_LEN,
};

/* What struct fwctl_ops asks for, as far as it takes more than one of them */
static bool sim_limits_valid(const struct fwctl_sim_limits *limits)
{
	return limits->min_in <= limits->max_in &&
	       limits->min_out <= limits->max_out &&
	       limits->max_in + limits->max_out <= limits->max_bytes / 2;
}

static bool sim_opcode_valid(const struct fwctl_sim_row *opcodes, size_t len,
			     u32 opcode)
{
	for (size_t i = 0; i < len; i++)
		if (opcodes[i].opcode == opcode)
			return false;
	return opcode >= FWCTL_SIM_FIRST_OPCODE;
}

/* The firmware's own copy, so that configfs cannot change it any more */
static int sim_copy_opcodes(struct fwctl_sim *sim)
{
	struct fwctl_sim_configured *configured;
	size_t len = 0;

	lockdep_assert_held(&sim->lock);
	struct fwctl_sim_row *opcodes __free(kvfree) =
		kvcalloc(list_count_nodes(&sim->opcodes), sizeof(*opcodes),
			 GFP_KERNEL);
	if (!opcodes)
		return -ENOMEM;

	list_for_each_entry(configured, &sim->opcodes, entry) {
		if (!sim_opcode_valid(opcodes, len, configured->row.opcode))
			return -EINVAL;
		opcodes[len++] = configured->row;
	}
	sim->fw.opcodes = no_free_ptr(opcodes);
	sim->fw.opcodes_len = len;
	return 0;
}

static int sim_begin(struct fwctl_sim *sim)
{
	int ret;

	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	if (!sim_limits_valid(&sim->limits))
		return -EINVAL;
	ret = sim_copy_opcodes(sim);
	if (ret)
		return ret;

	memset(sim->fw.registers, 0, sizeof(sim->fw.registers));
	fwctl_sim_queue_reset(&sim->queue);
	sim->life++;
	sim->err = -ENXIO; /* if no driver comes */
	WRITE_ONCE(sim->state, FWCTL_SIM_STARTING);
	return 0;
}

static int sim_probe_result(struct fwctl_sim *sim)
{
	guard(mutex)(&sim->lock);
	return sim->err;
}

/* Return: the platform device with the driver bound, or an ERR_PTR. */
static struct platform_device *sim_register(struct fwctl_sim *sim)
{
	struct platform_device_info info = {
		.name = FWCTL_SIM_NAME,
		.id = sim->id,
		.data = &sim,
		.size_data = sizeof(sim),
	};
	struct platform_device *pdev;
	int ret;

	pdev = platform_device_register_full(&info);
	if (IS_ERR(pdev))
		return pdev;

	ret = sim_probe_result(sim);
	if (ret) {
		platform_device_unregister(pdev);
		return ERR_PTR(ret);
	}
	return pdev;
}

/* Nothing uses the device any more, or it is there: @pdev. */
static void sim_settle(struct fwctl_sim *sim, struct platform_device *pdev)
{
	scoped_guard(mutex, &sim->lock) {
		sim->pdev = pdev;
		if (!pdev) {
			kvfree(sim->fw.opcodes);
			sim->fw.opcodes = NULL;
			sim->fw.opcodes_len = 0;
			WRITE_ONCE(sim->stops, sim->stops + 1);
		}
		WRITE_ONCE(sim->state, pdev ? FWCTL_SIM_ON : FWCTL_SIM_OFF);
	}
	wake_up_all(&sim->settled);
}

/**
 * fwctl_sim_start - make the device live
 * @sim: the device
 *
 * Process context, sleeps. The node is there when this returns.
 *
 * Return: 0; -EBUSY if it is live; -EINVAL if its configuration makes no sense;
 * or the errno of whatever failed.
 */
int fwctl_sim_start(struct fwctl_sim *sim)
{
	struct platform_device *pdev;
	int ret = sim_begin(sim);

	if (ret)
		return ret;
	pdev = sim_register(sim);
	sim_settle(sim, IS_ERR(pdev) ? NULL : pdev);
	return PTR_ERR_OR_ZERO(pdev);
}

/* Return: the platform device, if it is to go and nobody is at it. */
static struct platform_device *sim_claim(struct fwctl_sim *sim)
{
	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_ON || READ_ONCE(sim->doomed) != sim->life)
		return NULL;
	WRITE_ONCE(sim->state, FWCTL_SIM_STOPPING);
	return sim->pdev;
}

static void sim_stop_work(struct work_struct *work)
{
	struct fwctl_sim *sim = container_of(work, struct fwctl_sim, stop);
	struct platform_device *pdev;

	/* A call can ask for it before the registration is quite done. */
	wait_event(sim->settled, READ_ONCE(sim->state) != FWCTL_SIM_STARTING);
	pdev = sim_claim(sim);
	if (!pdev)
		return;
	platform_device_unregister(pdev);
	sim_settle(sim, NULL);
}

static void sim_doom(struct fwctl_sim *sim)
{
	WRITE_ONCE(sim->doomed, sim->life);
	schedule_work(&sim->stop);
}

static void sim_removal_asked(struct fwctl_sim_queue *queue)
{
	sim_doom(container_of(queue, struct fwctl_sim, queue));
}

/**
 * fwctl_sim_stop - end the device's life
 * @sim: the device
 *
 * Process context, sleeps killable until it is over.
 *
 * Return: 0, or -ERESTARTSYS if the caller was killed; it goes on nevertheless.
 */
int fwctl_sim_stop(struct fwctl_sim *sim)
{
	unsigned int stops;

	scoped_guard(mutex, &sim->lock) {
		if (sim->state == FWCTL_SIM_OFF)
			return 0;
		if (sim->state != FWCTL_SIM_STOPPING)
			sim_doom(sim);
		stops = sim->stops;
	}
	return wait_event_killable(sim->settled,
				   READ_ONCE(sim->stops) != stops);
}

/**
 * fwctl_sim_destroy - the device is not to be configured any more
 * @sim: the device
 *
 * Ends its life, if it has one, and whatever it holds: nobody could release that
 * any more. Process context, sleeps.
 */
void fwctl_sim_destroy(struct fwctl_sim *sim)
{
	struct fwctl_sim_queue *queue = &sim->queue;

	fwctl_sim_fault_set(queue, &queue->faults.keep_on_remove, 0);
	fwctl_sim_queue_abort(queue);
	scoped_guard(mutex, &sim->lock) {
		if (sim->state == FWCTL_SIM_ON)
			sim_doom(sim);
	}
	flush_work(&sim->stop);
}

/**
 * fwctl_sim_init - initialise a device
 * @sim: the device, zeroed
 * @id: number of the platform device
 */
void fwctl_sim_init(struct fwctl_sim *sim, int id)
{
	sim->id = id;
	fwctl_sim_queue_init(&sim->queue, &sim->fw, sim_removal_asked);
	INIT_WORK(&sim->stop, sim_stop_work);
	init_waitqueue_head(&sim->settled);
	mutex_init(&sim->lock);
	INIT_LIST_HEAD(&sim->opcodes);
	sim->limits = sim_default_limits;
}
