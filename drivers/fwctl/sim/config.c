// SPDX-License-Identifier: GPL-2.0
/*
 * Configuration of simulated devices: the folder fwctl_sim of configfs. A folder
 * in it is a device; each file is one row below.
 *
 * configfs keeps an attribute's functions and rmdir apart, and holds the folder
 * while one of them runs.
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

/* What can be configured at most */
#define SIM_MAX_FILES 65536
#define SIM_MAX_CALLS 1024
#define SIM_MAX_BYTES INT_MAX
#define SIM_MAX_OPCODES 256
#define SIM_MAX_US (60 * USEC_PER_SEC)
#define SIM_MAX_ERRNO EHWPOISON

/* The least that still holds the shortest request and answer, twice */
#define SIM_MIN_BYTES                                                         \
	(2 * (sizeof(struct fwctl_sim_request) +                              \
	      sizeof(struct fwctl_sim_answer)))

/**
 * struct sim_device - a device's folder
 * @group: the folder itself, with the groups that follow in it
 * @opcodes: .
 * @faults: .
 * @stats: .
 * @sim: the device
 *
 * Goes with the last reference to the folder, after all that is in it.
 */
struct sim_device {
	struct config_group group;
	struct config_group opcodes;
	struct config_group faults;
	struct config_group stats;
	struct fwctl_sim sim;
};

/**
 * struct sim_opcode - an opcode's folder
 * @item: the folder
 * @sim: the device, which outlives what is in its folder
 * @configured: the opcode
 */
struct sim_opcode {
	struct config_item item;
	struct fwctl_sim *sim;
	struct fwctl_sim_configured configured;
};

static DEFINE_IDA(sim_ids);

static struct sim_device *sim_device_of(struct config_item *item)
{
	return container_of(to_config_group(item), struct sim_device, group);
}

static struct fwctl_sim *device_sim(struct config_item *item)
{
	return &sim_device_of(item)->sim;
}

static struct fwctl_sim *stats_sim(struct config_item *item)
{
	return &container_of(to_config_group(item), struct sim_device, stats)
			->sim;
}

static struct fwctl_sim *faults_sim(struct config_item *item)
{
	return &container_of(to_config_group(item), struct sim_device, faults)
			->sim;
}

static struct sim_opcode *sim_opcode_of(struct config_item *item)
{
	return container_of(item, struct sim_opcode, item);
}

static ssize_t sim_print(char *page, s64 value)
{
	return sprintf(page, "%lld\n", value);
}

static int sim_parse(const char *page, s64 least, s64 most, s64 *value)
{
	int ret = kstrtos64(page, 0, value);

	if (ret)
		return ret;
	return *value < least || *value > most ? -ERANGE : 0;
}

/*
 * A file with a number: the number's type, what it belongs to, which must have
 * _of() and _set(), its name, which is that of the field, its least and greatest
 * value.
 */
#define SIM_NUMBER(type, _group, _name, _least, _most)			\
static type *_group##_##_name(struct config_item *item)			\
{									\
	return &(*_group##_of(item))._name;				\
}									\
									\
static ssize_t _group##_##_name##_show(struct config_item *item, char *page) \
{									\
	return sim_print(page, READ_ONCE(*_group##_##_name(item)));	\
}									\
									\
static ssize_t _group##_##_name##_store(struct config_item *item,	\
					const char *page, size_t count)	\
{									\
	s64 value;							\
	int ret = sim_parse(page, _least, _most, &value);		\
									\
	if (!ret)							\
		ret = _group##_set(item, _group##_##_name(item), value); \
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

/* NAME/: what the driver states */

static struct fwctl_sim_limits *limits_of(struct config_item *item)
{
	return &device_sim(item)->limits;
}

static int limits_set(struct config_item *item, int *limit, int value)
{
	struct fwctl_sim *sim = device_sim(item);

	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	WRITE_ONCE(*limit, value);
	return 0;
}

SIM_NUMBER(int, limits, max_files, 1, SIM_MAX_FILES);
SIM_NUMBER(int, limits, max_calls, 1, SIM_MAX_CALLS);
SIM_NUMBER(int, limits, max_file_calls, 1, SIM_MAX_CALLS);
SIM_NUMBER(int, limits, max_bytes, SIM_MIN_BYTES, SIM_MAX_BYTES);
SIM_NUMBER(int, limits, min_in, sizeof(struct fwctl_sim_request), FWCTL_MAX_RPC_LEN);
SIM_NUMBER(int, limits, max_in, sizeof(struct fwctl_sim_request), FWCTL_MAX_RPC_LEN);
SIM_NUMBER(int, limits, min_out, sizeof(struct fwctl_sim_answer), FWCTL_MAX_RPC_LEN);
SIM_NUMBER(int, limits, max_out, sizeof(struct fwctl_sim_answer), FWCTL_MAX_RPC_LEN);

/* NAME/: live or not */

static ssize_t device_live_show(struct config_item *item, char *page)
{
	struct fwctl_sim *sim = device_sim(item);

	guard(mutex)(&sim->lock);
	return sprintf(page, "%d\n", sim->state != FWCTL_SIM_OFF);
}

static ssize_t device_live_store(struct config_item *item, const char *page,
				 size_t count)
{
	struct fwctl_sim *sim = device_sim(item);
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
	struct fwctl_sim *sim = device_sim(item);

	guard(mutex)(&sim->lock);
	return sim->node[0] ? sprintf(page, "%s\n", sim->node) : -ENODEV;
}
CONFIGFS_ATTR_RO(device_, node);

static ssize_t device_dev_name_show(struct config_item *item, char *page)
{
	return sprintf(page, FWCTL_SIM_NAME ".%d\n", device_sim(item)->id);
}
CONFIGFS_ATTR_RO(device_, dev_name);

static struct configfs_attribute *device_attrs[] = {
	&device_attr_live,
	&device_attr_node,
	&device_attr_dev_name,
	&limits_attr_max_files,
	&limits_attr_max_calls,
	&limits_attr_max_file_calls,
	&limits_attr_max_bytes,
	&limits_attr_min_in,
	&limits_attr_max_in,
	&limits_attr_min_out,
	&limits_attr_max_out,
	NULL
};

/* NAME/faults/ */

static struct fwctl_sim_faults *faults_of(struct config_item *item)
{
	return &faults_sim(item)->queue.faults;
}

static int faults_set(struct config_item *item, int *fault, int value)
{
	fwctl_sim_fault_set(&faults_sim(item)->queue, fault, value);
	return 0;
}

SIM_NUMBER(int, faults, delay_us, 0, SIM_MAX_US);
SIM_NUMBER(int, faults, hang, 0, 1);
SIM_NUMBER(int, faults, timeout_us, 0, SIM_MAX_US);
SIM_NUMBER(int, faults, error, 0, SIM_MAX_ERRNO);
SIM_NUMBER(int, faults, answer_len, -1, INT_MAX);
SIM_NUMBER(int, faults, open_delay_us, 0, SIM_MAX_US);
SIM_NUMBER(int, faults, open_hang, 0, 1);
SIM_NUMBER(int, faults, open_error, 0, SIM_MAX_ERRNO);
SIM_NUMBER(int, faults, close_delay_us, 0, SIM_MAX_US);
SIM_NUMBER(int, faults, remove_after, 0, INT_MAX);
SIM_NUMBER(int, faults, keep_on_remove, 0, 1);

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
	return sim_print(page,						\
			 fwctl_sim_stats_get(&stats_sim(item)->queue)._name); \
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

static struct configfs_attribute *stats_attrs[] = {
	&stats_attr_contexts,
	&stats_attr_submitted,
	&stats_attr_completed,
	&stats_attr_inflight,
	&stats_attr_late_answers,
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

static struct fwctl_sim_row *opcode_of(struct config_item *item)
{
	return &sim_opcode_of(item)->configured.row;
}

static int opcode_set(struct config_item *item, u32 *field, u32 value)
{
	struct fwctl_sim *sim = sim_opcode_of(item)->sim;

	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	WRITE_ONCE(*field, value);
	return 0;
}

SIM_NUMBER(u32, opcode, opcode, 0, U16_MAX);
SIM_NUMBER(u32, opcode, status, 0, U32_MAX);

static ssize_t opcode_class_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n",
		       sim_classes[READ_ONCE(opcode_of(item)->class)]);
}

static ssize_t opcode_class_store(struct config_item *item, const char *page,
				  size_t count)
{
	int class = sysfs_match_string(sim_classes, page);
	int ret;

	if (class < 0)
		return class;
	ret = opcode_set(item, &opcode_of(item)->class, class);
	return ret ?: count;
}
CONFIGFS_ATTR(opcode_, class);

static struct configfs_attribute *opcode_attrs[] = {
	&opcode_attr_opcode,
	&opcode_attr_class,
	&opcode_attr_status,
	NULL
};

/* configfs asks for the length first; what it gets then goes to user space whole. */
static ssize_t opcode_answer_read(struct config_item *item, void *data,
				  size_t size)
{
	struct fwctl_sim *sim = sim_opcode_of(item)->sim;
	struct fwctl_sim_row *row = opcode_of(item);

	guard(mutex)(&sim->lock);
	if (!data)
		return row->answer_len;
	memset(data, 0, size);
	memcpy(data, row->answer, min(size, row->answer_len));
	return size;
}

/*
 * configfs calls this when the file is closed and tells nobody what it returns.
 * So this cannot refuse while the device is live; it counts from the next life
 * on, the firmware having a copy.
 */
static ssize_t opcode_answer_write(struct config_item *item, const void *data,
				   size_t size)
{
	struct fwctl_sim *sim = sim_opcode_of(item)->sim;
	struct fwctl_sim_row *row = opcode_of(item);

	guard(mutex)(&sim->lock);
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
	kfree(sim_opcode_of(item));
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

static int sim_add_opcode(struct fwctl_sim *sim,
			  struct fwctl_sim_configured *configured)
{
	guard(mutex)(&sim->lock);
	if (sim->state != FWCTL_SIM_OFF)
		return -EBUSY;
	if (list_count_nodes(&sim->opcodes) >= SIM_MAX_OPCODES)
		return -ENOSPC;
	list_add_tail(&configured->entry, &sim->opcodes);
	return 0;
}

static struct config_item *opcodes_make_item(struct config_group *group,
					     const char *name)
{
	struct fwctl_sim *sim =
		&container_of(group, struct sim_device, opcodes)->sim;
	int ret;

	struct sim_opcode *opcode __free(kfree) =
		kzalloc(sizeof(*opcode), GFP_KERNEL);
	if (!opcode)
		return ERR_PTR(-ENOMEM);
	opcode->sim = sim;
	strscpy(opcode->configured.row.name, name);

	ret = sim_add_opcode(sim, &opcode->configured);
	if (ret)
		return ERR_PTR(ret);
	config_item_init_type_name(&opcode->item, name, &opcode_type);
	return &no_free_ptr(opcode)->item;
}

static void opcodes_drop_item(struct config_group *group,
			      struct config_item *item)
{
	struct sim_opcode *opcode = sim_opcode_of(item);

	scoped_guard(mutex, &opcode->sim->lock)
		list_del(&opcode->configured.entry);
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
	fwctl_sim_destroy(device_sim(item));
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

static struct configfs_subsystem sim_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = FWCTL_SIM_NAME,
			.ci_type = &sim_type,
		},
	},
};

/**
 * fwctl_sim_config_init - make the folder in configfs
 *
 * Return: 0 or a negative errno.
 */
int fwctl_sim_config_init(void)
{
	int ret;

	config_group_init(&sim_subsystem.su_group);
	mutex_init(&sim_subsystem.su_mutex);
	ret = configfs_register_subsystem(&sim_subsystem);
	if (ret)
		mutex_destroy(&sim_subsystem.su_mutex);
	return ret;
}

/**
 * fwctl_sim_config_exit - undo fwctl_sim_config_init()
 *
 * There is no device any more: each keeps the module.
 */
void fwctl_sim_config_exit(void)
{
	configfs_unregister_subsystem(&sim_subsystem);
	mutex_destroy(&sim_subsystem.su_mutex);
}
