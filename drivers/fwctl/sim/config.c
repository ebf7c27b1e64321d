// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration of simulated devices: the folder fwctl_sim of configfs. Each folder in it
 * is a device; each file is one row below.
 *
 * configfs does not run an attribute's functions and rmdir concurrently, and holds a
 * reference to the folder while one of them runs.
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "sim.h"

/* Upper bounds in the configuration */
#define SIM_MAX_FILES 65536
#define SIM_MAX_CALLS 1024
#define SIM_MAX_BYTES INT_MAX
#define SIM_MAX_OPCODES 256
#define SIM_MAX_US (60 * USEC_PER_SEC)
#define SIM_MAX_ERRNO EHWPOISON

/*
 * Memory for the shortest request and answer, twice. fwctl_alloc() demands more: a call's
 * own struct counts, too.
 */
#define SIM_MIN_BYTES                                                         \
	(2 * (sizeof(struct fwctl_sim_request) +                              \
	      sizeof(struct fwctl_sim_answer)))

/**
 * struct sim_device - a device's folder
 * @group: the folder itself
 * @opcodes: the folder "opcodes" in it
 * @faults: the folder "faults" in it
 * @stats: the folder "stats" in it
 * @sim: the device
 *
 * Freed with the last reference to the folder, which each item in it holds.
 */
struct sim_device {
	struct config_group group;
	struct config_group opcodes;
	struct config_group faults;
	struct config_group stats;
	struct fwctl_sim sim;
};

static DEFINE_IDA(sim_ids);

static struct sim_device *sim_device_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct sim_device, group);
}

static struct fwctl_sim *device_of(struct config_item *item)
{
	return &sim_device_of(item)->sim;
}

static struct fwctl_sim_queue *faults_of(struct config_item *item)
{
	return &container_of(to_config_group(item), struct sim_device, faults)
			->sim.queue;
}

static struct fwctl_sim_item *opcode_of(struct config_item *item)
{
	return container_of(item, struct fwctl_sim_item, item);
}

static int sim_parse(const char *page, s64 least, s64 most, s64 *value)
{
	int ret = kstrtos64(page, 0, value);

	if (ret)
		return ret;
	if (*value < least || *value > most)
		return -ERANGE;
	return 0;
}

/* Set a field that is constant while the device is live. */
static int sim_set(struct fwctl_sim *sim, u32 *field, u32 value)
{
	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	WRITE_ONCE(*field, value);
	return 0;
}

static int opcode_set(struct fwctl_sim_item *opcode, u32 *field, u32 value)
{
	return sim_set(opcode->sim, field, value);
}

/*
 * A file with a number from @_least to @_most: the field @_name, of type @type, in
 * @member of the struct that @_group##_of() finds. The function @_set sets it.
 */
#define SIM_NUMBER(type, _group, member, _set, _name, _least, _most)	\
static type *_group##_##_name(struct config_item *item)			\
{									\
	return &(*_group##_of(item)).member._name;			\
}									\
									\
static ssize_t _group##_##_name##_show(struct config_item *item, char *page) \
{									\
	s64 value = READ_ONCE(*_group##_##_name(item));			\
									\
	return sprintf(page, "%lld\n", value);				\
}									\
									\
static ssize_t _group##_##_name##_store(struct config_item *item,	\
					const char *page, size_t count)	\
{									\
	s64 value;							\
	int ret = sim_parse(page, _least, _most, &value);		\
									\
	if (!ret)							\
		ret = _set(_group##_of(item), _group##_##_name(item), value); \
	return ret ?: count;						\
}									\
									\
static struct configfs_attribute _group##_attr_##_name = {		\
	.ca_name = #_name,						\
	.ca_owner = THIS_MODULE,					\
	.ca_mode = 0644,						\
	.show = _group##_##_name##_show,				\
	.store = _group##_##_name##_store,				\
}

/* NAME/: the limits of the driver */

#define SIM_LIMIT(_name, _least, _most)					\
	SIM_NUMBER(u32, device, limits, sim_set, _name, _least, _most)

SIM_LIMIT(max_files, 1, SIM_MAX_FILES);
SIM_LIMIT(max_calls, 1, SIM_MAX_CALLS);
SIM_LIMIT(max_file_calls, 1, SIM_MAX_CALLS);
SIM_LIMIT(max_bytes, SIM_MIN_BYTES, SIM_MAX_BYTES);
SIM_LIMIT(min_in, sizeof(struct fwctl_sim_request), FWCTL_MAX_RPC_LEN);
SIM_LIMIT(max_in, sizeof(struct fwctl_sim_request), FWCTL_MAX_RPC_LEN);
SIM_LIMIT(min_out, sizeof(struct fwctl_sim_answer), FWCTL_MAX_RPC_LEN);
SIM_LIMIT(max_out, sizeof(struct fwctl_sim_answer), FWCTL_MAX_RPC_LEN);

/* NAME/: live or not */

static ssize_t device_live_show(struct config_item *item, char *page)
{
	struct fwctl_sim *sim = device_of(item);

	guard(mutex)(&sim->lock);
	return sprintf(page, "%d\n", sim->state != FWCTL_SIM_OFF);
}

static ssize_t device_live_store(struct config_item *item, const char *page,
				 size_t count)
{
	struct fwctl_sim *sim = device_of(item);
	bool live;
	int ret;

	ret = kstrtobool(page, &live);
	if (!ret)
		ret = live ? fwctl_sim_start(sim) : fwctl_sim_stop(sim);
	return ret ?: count;
}
CONFIGFS_ATTR(device_, live);

static ssize_t device_node_show(struct config_item *item, char *page)
{
	struct fwctl_sim *sim = device_of(item);

	guard(mutex)(&sim->lock);
	return sim->node[0] ? sprintf(page, "%s\n", sim->node) : -ENODEV;
}
CONFIGFS_ATTR_RO(device_, node);

static ssize_t device_dev_name_show(struct config_item *item, char *page)
{
	return sprintf(page, FWCTL_SIM_NAME ".%d\n", device_of(item)->id);
}
CONFIGFS_ATTR_RO(device_, dev_name);

static struct configfs_attribute *device_attrs[] = {
	&device_attr_live,
	&device_attr_node,
	&device_attr_dev_name,
	&device_attr_max_files,
	&device_attr_max_calls,
	&device_attr_max_file_calls,
	&device_attr_max_bytes,
	&device_attr_min_in,
	&device_attr_max_in,
	&device_attr_min_out,
	&device_attr_max_out,
	NULL
};

/* NAME/faults/ */

#define SIM_FAULT(_name, _least, _most)					\
	SIM_NUMBER(int, faults, faults, fwctl_sim_queue_set_fault,	\
		   _name, _least, _most)

SIM_FAULT(delay_us, 0, SIM_MAX_US);
SIM_FAULT(hang, 0, 1);
SIM_FAULT(timeout_us, 0, SIM_MAX_US);
SIM_FAULT(error, 0, SIM_MAX_ERRNO);
SIM_FAULT(answer_len, -1, INT_MAX);
SIM_FAULT(open_delay_us, 0, SIM_MAX_US);
SIM_FAULT(open_hang, 0, 1);
SIM_FAULT(open_error, 0, SIM_MAX_ERRNO);
SIM_FAULT(close_delay_us, 0, SIM_MAX_US);
SIM_FAULT(linger_us, 0, SIM_MAX_US);
SIM_FAULT(remove_after, 0, INT_MAX);
SIM_FAULT(keep_on_remove, 0, 1);

static struct configfs_attribute *faults_attrs[] = {
	&faults_attr_delay_us,
	&faults_attr_hang,
	&faults_attr_timeout_us,
	&faults_attr_error,
	&faults_attr_answer_len,
	&faults_attr_open_delay_us,
	&faults_attr_open_hang,
	&faults_attr_open_error,
	&faults_attr_close_delay_us,
	&faults_attr_linger_us,
	&faults_attr_remove_after,
	&faults_attr_keep_on_remove,
	NULL
};

static const struct config_item_type faults_type = {
	.ct_attrs = faults_attrs,
	.ct_owner = THIS_MODULE,
};

/* NAME/stats/ */

#define SIM_STAT(_name)							\
static ssize_t stats_##_name##_show(struct config_item *item, char *page) \
{									\
	struct sim_device *device = container_of(to_config_group(item),	\
						 struct sim_device, stats); \
	struct fwctl_sim_queue *queue = &device->sim.queue;		\
									\
	guard(mutex)(&queue->lock);					\
	return sprintf(page, "%lu\n", queue->stats._name);		\
}									\
									\
static struct configfs_attribute stats_attr_##_name = {			\
	.ca_name = #_name,						\
	.ca_owner = THIS_MODULE,					\
	.ca_mode = 0444,						\
	.show = stats_##_name##_show,					\
}

SIM_STAT(contexts);
SIM_STAT(submitted);
SIM_STAT(completed);
SIM_STAT(inflight);
SIM_STAT(late_answers);
SIM_STAT(disordered);
SIM_STAT(inside);

static struct configfs_attribute *stats_attrs[] = {
	&stats_attr_contexts,
	&stats_attr_submitted,
	&stats_attr_completed,
	&stats_attr_inflight,
	&stats_attr_late_answers,
	&stats_attr_disordered,
	&stats_attr_inside,
	NULL
};

static const struct config_item_type stats_type = {
	.ct_attrs = stats_attrs,
	.ct_owner = THIS_MODULE,
};

/* NAME/opcodes/OPCODE/ */

static const char *const sim_classes[] = {
	[FWCTL_CLASS_NEVER] = "never",
	[FWCTL_CLASS_CONFIG_READ] = "config-read",
	[FWCTL_CLASS_CONFIG_WRITE] = "config-write",
	[FWCTL_CLASS_DEBUG_READ] = "debug-read",
	[FWCTL_CLASS_DEBUG_WRITE] = "debug-write",
	[FWCTL_CLASS_FULL] = "full",
};

#define SIM_OPCODE(_name, _least, _most)				\
	SIM_NUMBER(u32, opcode, custom, opcode_set, _name, _least, _most)

SIM_OPCODE(opcode, 0, U16_MAX);
SIM_OPCODE(status, 0, U32_MAX);

static ssize_t opcode_class_show(struct config_item *item, char *page)
{
	u32 class = READ_ONCE(opcode_of(item)->custom.class);

	return sprintf(page, "%s\n", sim_classes[class]);
}

static ssize_t opcode_class_store(struct config_item *item, const char *page,
				  size_t count)
{
	struct fwctl_sim_item *opcode = opcode_of(item);
	int class = sysfs_match_string(sim_classes, page);
	int ret;

	if (class < 0)
		return class;
	ret = opcode_set(opcode, &opcode->custom.class, class);
	return ret ?: count;
}
CONFIGFS_ATTR(opcode_, class);

static struct configfs_attribute *opcode_attrs[] = {
	&opcode_attr_opcode,
	&opcode_attr_class,
	&opcode_attr_status,
	NULL
};

/*
 * configfs calls this without a buffer first, for the length. The lengths may differ;
 * the whole buffer goes to user space.
 */
static ssize_t opcode_answer_read(struct config_item *item, void *data,
				  size_t size)
{
	struct fwctl_sim_item *opcode = opcode_of(item);
	const struct fwctl_sim_custom *row = &opcode->custom;

	guard(mutex)(&opcode->sim->lock);
	if (!data)
		return row->answer_len;
	memset(data, 0, size);
	memcpy(data, row->answer, min(size, row->answer_len));
	return size;
}

/*
 * configfs calls this when the file is closed and drops the return value, so an error
 * while the device is live would be lost. The firmware has a copy: the new answer takes
 * effect in the next life.
 */
static ssize_t opcode_answer_write(struct config_item *item, const void *data,
				   size_t size)
{
	struct fwctl_sim_item *opcode = opcode_of(item);
	struct fwctl_sim_custom *row = &opcode->custom;

	guard(mutex)(&opcode->sim->lock);
	row->answer_len = min(size, sizeof(row->answer));
	memcpy(row->answer, data, row->answer_len);
	return size;
}
CONFIGFS_BIN_ATTR(opcode_, answer, NULL, FWCTL_SIM_MAX_ANSWER);

static struct configfs_bin_attribute *opcode_bin_attrs[] = {
	&opcode_attr_answer,
	NULL
};

static void opcode_release(struct config_item *item)
{
	kfree(opcode_of(item));
}

static struct configfs_item_operations opcode_item_ops = {
	.release = opcode_release,
};

static const struct config_item_type opcode_type = {
	.ct_item_ops = &opcode_item_ops,
	.ct_attrs = opcode_attrs,
	.ct_bin_attrs = opcode_bin_attrs,
	.ct_owner = THIS_MODULE,
};

/* NAME/opcodes/ */

static struct config_item *opcodes_make_item(struct config_group *group,
					     const char *name)
{
	struct fwctl_sim *sim =
		&container_of(group, struct sim_device, opcodes)->sim;

	struct fwctl_sim_item *opcode __free(kfree) =
		kzalloc(sizeof(*opcode), GFP_KERNEL);
	if (!opcode)
		return ERR_PTR(-ENOMEM);
	opcode->sim = sim;
	strscpy(opcode->custom.name, name);

	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return ERR_PTR(-EBUSY);
	if (list_count_nodes(&sim->opcodes) >= SIM_MAX_OPCODES)
		return ERR_PTR(-ENOSPC);
	list_add_tail(&opcode->entry, &sim->opcodes);
	config_item_init_type_name(&opcode->item, name, &opcode_type);
	return &no_free_ptr(opcode)->item;
}

static void opcodes_drop_item(struct config_group *group,
			      struct config_item *item)
{
	struct fwctl_sim_item *opcode = opcode_of(item);

	scoped_guard(mutex, &opcode->sim->lock)
		list_del(&opcode->entry);
	config_item_put(item);
}

static struct configfs_group_operations opcodes_group_ops = {
	.make_item = opcodes_make_item,
	.drop_item = opcodes_drop_item,
};

static const struct config_item_type opcodes_type = {
	.ct_group_ops = &opcodes_group_ops,
	.ct_owner = THIS_MODULE,
};

/* NAME/ itself */

static void device_release(struct config_item *item)
{
	struct sim_device *device = sim_device_of(item);

	ida_free(&sim_ids, device->sim.id);
	kfree(device);
}

static struct configfs_item_operations device_item_ops = {
	.release = device_release,
};

static const struct config_item_type device_type = {
	.ct_item_ops = &device_item_ops,
	.ct_attrs = device_attrs,
	.ct_owner = THIS_MODULE,
};

static void sim_add_group(struct sim_device *device,
			  struct config_group *group, const char *name,
			  const struct config_item_type *type)
{
	config_group_init_type_name(group, name, type);
	configfs_add_default_group(group, &device->group);
}

static struct config_group *sim_make_group(struct config_group *root,
					   const char *name)
{
	int id;

	struct sim_device *device __free(kfree) =
		kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return ERR_PTR(-ENOMEM);
	id = ida_alloc(&sim_ids, GFP_KERNEL);
	if (id < 0)
		return ERR_PTR(id);

	fwctl_sim_init(&device->sim, id);
	config_group_init_type_name(&device->group, name, &device_type);
	sim_add_group(device, &device->opcodes, "opcodes", &opcodes_type);
	sim_add_group(device, &device->faults, "faults", &faults_type);
	sim_add_group(device, &device->stats, "stats", &stats_type);
	return &no_free_ptr(device)->group;
}

static void sim_drop_item(struct config_group *root, struct config_item *item)
{
	fwctl_sim_destroy(device_of(item));
	config_item_put(item);
}

static struct configfs_group_operations sim_group_ops = {
	.make_group = sim_make_group,
	.drop_item = sim_drop_item,
};

static const struct config_item_type sim_type = {
	.ct_group_ops = &sim_group_ops,
	.ct_owner = THIS_MODULE,
};

struct configfs_subsystem fwctl_sim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = FWCTL_SIM_NAME,
			.ci_type = &sim_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(fwctl_sim_subsystem.su_mutex),
};
