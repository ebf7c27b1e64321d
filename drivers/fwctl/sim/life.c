// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a simulated device's platform device: the check of its configuration,
 * registration, removal.
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

/* Give the firmware a copy of the opcodes, which configfs cannot change any more. */
static int sim_copy_opcodes(struct fwctl_sim *sim)
{
	struct fwctl_sim_item *item;
	size_t len = 0;

	lockdep_assert_held(&sim->lock);
	struct fwctl_sim_custom *opcodes __free(kvfree) =
		kvcalloc(list_count_nodes(&sim->opcodes), sizeof(*opcodes),
			 GFP_KERNEL);
	if (!opcodes)
		return -ENOMEM;

	list_for_each_entry(item, &sim->opcodes, entry) {
		if (item->custom.opcode < FWCTL_SIM_FIRST_OPCODE)
			return -EINVAL;
		for (size_t i = 0; i < len; i++)
			if (opcodes[i].opcode == item->custom.opcode)
				return -EINVAL;
		opcodes[len++] = item->custom;
	}
	sim->fw.opcodes = no_free_ptr(opcodes);
	sim->fw.opcodes_len = len;
	return 0;
}

/*
 * Begin a life. configfs has checked each limit alone; fwctl_alloc() checks the rules
 * between them.
 */
static int sim_begin(struct fwctl_sim *sim)
{
	int ret;

	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	ret = sim_copy_opcodes(sim);
	if (ret)
		return ret;

	memset(sim->fw.registers, 0, sizeof(sim->fw.registers));
	scoped_guard(mutex, &sim->queue.lock) {
		sim->queue.numbers = 0;
		sim->queue.cookie = 0;
		sim->queue.stats = (struct fwctl_sim_stats){
			.inside = sim->queue.stats.inside,
		};
	}
	sim->life++;
	sim->err = -ENXIO; /* unless a driver probes */
	WRITE_ONCE(sim->state, FWCTL_SIM_STARTING);
	return 0;
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

	scoped_guard(mutex, &sim->lock)
		ret = sim->err;
	if (ret) {
		platform_device_unregister(pdev);
		return ERR_PTR(ret);
	}
	return pdev;
}

/* Enter FWCTL_SIM_ON with @pdev, or FWCTL_SIM_OFF if that is NULL. */
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

/*
 * Make the device live; its node exists on return. Return: 0; -EBUSY if the device is
 * live; -EINVAL if its configuration is invalid; or another negative errno.
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

static void sim_stop_work(struct work_struct *work)
{
	struct fwctl_sim *sim = container_of(work, struct fwctl_sim, stop);
	struct platform_device *pdev;

	/* A call can request the removal before sim_register() has returned. */
	wait_event(sim->settled, READ_ONCE(sim->state) != FWCTL_SIM_STARTING);
	scoped_guard(mutex, &sim->lock) {
		if (sim->state != FWCTL_SIM_ON ||
		    READ_ONCE(sim->doomed) != sim->life)
			return;
		WRITE_ONCE(sim->state, FWCTL_SIM_STOPPING);
		pdev = sim->pdev;
	}
	platform_device_unregister(pdev);
	sim_settle(sim, NULL);
}

/* Does not sleep: called under fwctl_sim_queue.lock, see fwctl_sim_queue.remove. */
static void sim_request_removal(struct fwctl_sim_queue *queue)
{
	struct fwctl_sim *sim = container_of(queue, struct fwctl_sim, queue);

	WRITE_ONCE(sim->doomed, sim->life);
	/* Unbound: with keep_on_remove the removal can take forever. */
	queue_work(system_unbound_wq, &sim->stop);
}

/*
 * End the device's life and wait, killable, until that is done. Return: 0, or
 * -ERESTARTSYS if the task was killed; the removal goes on nevertheless.
 */
int fwctl_sim_stop(struct fwctl_sim *sim)
{
	unsigned int stops;

	scoped_guard(mutex, &sim->lock) {
		if (sim->state == FWCTL_SIM_OFF)
			return 0;
		if (sim->state != FWCTL_SIM_STOPPING)
			sim_request_removal(&sim->queue);
		stops = sim->stops;
	}
	return wait_event_killable(sim->settled,
				   READ_ONCE(sim->stops) != stops);
}

/*
 * End the device's life before its folder is freed, with all that faults hold: without
 * the folder they could not be switched off any more.
 */
void fwctl_sim_destroy(struct fwctl_sim *sim)
{
	struct fwctl_sim_queue *queue = &sim->queue;

	fwctl_sim_queue_set_fault(queue, &queue->faults.keep_on_remove, 0);
	fwctl_sim_queue_abort(queue);
	scoped_guard(mutex, &sim->lock) {
		if (sim->state == FWCTL_SIM_ON)
			sim_request_removal(queue);
	}
	flush_work(&sim->stop);
}

/* Initialise a device, zeroed, with its queue. */
void fwctl_sim_init(struct fwctl_sim *sim, int id)
{
	struct fwctl_sim_queue *queue = &sim->queue;

	queue->fw = &sim->fw;
	queue->remove = sim_request_removal;
	queue->faults.answer_len = -1;
	init_waitqueue_head(&queue->wait);
	mutex_init(&queue->lock);
	INIT_LIST_HEAD(&queue->pending);

	sim->id = id;
	INIT_WORK(&sim->stop, sim_stop_work);
	init_waitqueue_head(&sim->settled);
	mutex_init(&sim->lock);
	INIT_LIST_HEAD(&sim->opcodes);
	sim->limits = sim_default_limits;
}
