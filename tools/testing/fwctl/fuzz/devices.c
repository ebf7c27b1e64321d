// SPDX-License-Identifier: GPL-2.0
/*
 * Operations on devices: creation and removal, limits and opcodes, faults, the cap
 * on classes, and the check that a device is unused in the end.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <fwctl/fwctl.h>
#include <fwctl/sim.h>

#include "execute.h"

/* Delays are short: a call that waits for 2 ms is in the same state as one that waits for 1 s. */
#define MOST_US 2000
#define SETTLE_MS 5000

static const char *const class_words[] = {
	"never", "config-read", "config-write", "debug-read", "debug-write",
	"full", "no-class",
};

static int config_number(struct executor *executor, unsigned int device,
			 const char *file, long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	return executor->system->config_write(device, file, text);
}

/* With the model's lock, so that a release cannot come between the model's and this one. */
static int fault_write(struct executor *executor, unsigned int device,
		       enum fault_kind kind, long long value)
{
	char file[64];

	snprintf(file, sizeof(file), "faults/%s", fault_names[kind]);
	return config_number(executor, device, file, value);
}

static bool number_read(int (*read)(unsigned int device, const char *file,
				    char *text, size_t size),
			unsigned int device, const char *file, u64 *value)
{
	char text[64];

	if (read(device, file, text, sizeof(text)))
		return false;
	*value = strtoull(text, NULL, 10);
	return true;
}

/* Convert a program's value to the value to write, by kind of fault. */
static long long fault_value(enum fault_kind kind, u64 value)
{
	switch (kind) {
	case FAULT_HANG:
	case FAULT_OPEN_HANG:
	case FAULT_KEEP_ON_REMOVE:
		return value & 1;
	case FAULT_ERROR:
	case FAULT_OPEN_ERROR:
		return value % 128;
	case FAULT_ANSWER_LEN:
		return (long long)value - 1;
	case FAULT_REMOVE_AFTER:
		return value % 4;
	default:
		return value % MOST_US;
	}
}

static void fault_note(struct model_device *device, enum fault_kind kind,
		       long long value)
{
	bool usual = kind == FAULT_ANSWER_LEN ? value < 0 : !value;

	device->faults[kind] = value;
	if (usual)
		return;
	device->lies |= kind == FAULT_ANSWER_LEN;
	device->fails |= kind == FAULT_ERROR || kind == FAULT_OPEN_ERROR;
	device->late |= kind == FAULT_TIMEOUT;
	device->unsure |= kind == FAULT_REMOVE_AFTER;
	/* The next program must start with a new device. */
	device->dirty |= kind == FAULT_TIMEOUT || kind == FAULT_REMOVE_AFTER;
}

void run_fault(struct job *job)
{
	struct model_device *device = job_device(job);
	enum fault_kind kind = job->op.values[FAULT_WHICH];
	long long value = fault_value(kind, job->op.values[FAULT_VALUE]);
	struct executor *executor = job->executor;
	int ret;

	pthread_mutex_lock(&executor->model.lock);
	device->used = true;
	fault_note(device, kind, value);
	ret = fault_write(executor, job->op.values[FAULT_DEVICE], kind, value);
	pthread_mutex_unlock(&executor->model.lock);
	job_say(job, -ret);
}

static void faults_reset(struct executor *executor, unsigned int device)
{
	struct model_device *model = &executor->model.devices[device];

	pthread_mutex_lock(&executor->model.lock);
	for (unsigned int i = 0; i < FAULT_KINDS; i++) {
		u32 usual = i == FAULT_ANSWER_LEN ? -1 : 0;

		if (model->faults[i] != usual)
			fault_write(executor, device, i, (int)usual);
		model->faults[i] = usual;
	}
	pthread_mutex_unlock(&executor->model.lock);
}

/* Also from the watchdog. */
void devices_release(struct executor *executor)
{
	static const enum fault_kind kinds[] = { FAULT_HANG, FAULT_OPEN_HANG };

	pthread_mutex_lock(&executor->model.lock);
	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(kinds); j++) {
			u32 *fault = &executor->model.devices[i].faults[kinds[j]];

			if (*fault)
				fault_write(executor, i, kinds[j], 0);
			*fault = 0;
		}
	}
	pthread_mutex_unlock(&executor->model.lock);
}

static void device_off(struct executor *executor, unsigned int device)
{
	executor->system->config_write(device, "live", "0");
	pthread_mutex_lock(&executor->model.lock);
	executor->model.devices[device].live = false;
	pthread_mutex_unlock(&executor->model.lock);
}

static int device_on(struct executor *executor, unsigned int device)
{
	int ret = executor->system->config_write(device, "live", "1");

	if (ret)
		return ret;
	pthread_mutex_lock(&executor->model.lock);
	model_device_made(&executor->model.devices[device]);
	pthread_mutex_unlock(&executor->model.lock);
	return 0;
}

/* Limits that the driver refuses keep their value. */
static void device_limits(struct executor *executor, unsigned int device,
			  const u32 *limits)
{
	u32 *configured = executor->model.devices[device].configured;

	for (unsigned int i = 0; i < 8; i++)
		if (configured[i] != limits[i] &&
		    !config_number(executor, device, limit_names[i], limits[i]))
			configured[i] = limits[i];
}

static void device_opcode(struct executor *executor, unsigned int device,
			  u32 opcode, u32 class, u32 status, u32 answer)
{
	struct model_device *model = &executor->model.devices[device];

	/* Opcodes of the firmware itself cannot be configured. */
	if (opcode <= FWCTL_SIM_NEVER)
		opcode = 0;
	if (executor->system->config_opcode(device, opcode, class, status,
					    answer))
		opcode = 0;
	if (!opcode)
		executor->system->config_opcode(device, 0, 0, 0, 0);
	model->opcode = opcode;
	model->class = class;
	model->status = status;
	model->answer = answer;
}

void run_device(struct job *job)
{
	struct executor *executor = job->executor;
	const u64 *values = job->op.values;
	unsigned int device = values[DEVICE_DEVICE];
	struct model_device *model = job_device(job);
	u32 limits[8];

	model->used = true;
	model->dirty = true;
	for (unsigned int i = 0; i < 8; i++)
		limits[i] = values[DEVICE_LIMITS + i];
	device_off(executor, device);
	device_limits(executor, device, limits);
	device_opcode(executor, device, values[DEVICE_OPCODE],
		      values[DEVICE_CLASS], values[DEVICE_STATUS],
		      values[DEVICE_ANSWER]);
	job_say(job, -device_on(executor, device));
}

void run_live(struct job *job)
{
	struct executor *executor = job->executor;
	unsigned int device = job->op.values[LIVE_DEVICE];
	struct model_device *model = job_device(job);
	int ret = 0;

	model->used = true;
	model->dirty = true;
	job_enter(job);
	if (!job->op.values[LIVE_ON])
		device_off(executor, device);
	else if (!model->live)
		ret = device_on(executor, device);
	job_leave(job);
	job_say(job, -ret);
}

static void device_make(struct executor *executor, unsigned int device)
{
	struct model_device *model = &executor->model.devices[device];

	device_off(executor, device);
	device_limits(executor, device, usual_limits[device]);
	device_opcode(executor, device, FWCTL_SIM_NEVER + 1,
		      FWCTL_CLASS_CONFIG_READ + 2 * device, 7 + device,
		      4 + 50 * device);
	model->dirty = device_on(executor, device);
}

void devices_reset(struct executor *executor)
{
	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		struct model_device *model = &executor->model.devices[i];

		faults_reset(executor, i);
		if (!model->live || model->dirty || model->unsure)
			device_make(executor, i);
		model->known = 0;
		model->vague = 0;
		model->lies = false;
		model->fails = false;
		model->late = false;
		model->used = false;
	}
}

void devices_calm(struct executor *executor)
{
	for (unsigned int i = 0; i < FUZZ_DEVICES; i++)
		faults_reset(executor, i);
}

static void cap_words(char *text, size_t size, u32 classes)
{
	size_t len = 0;

	snprintf(text, size, "none");
	for (unsigned int i = 0; i < ARRAY_SIZE(class_words); i++)
		if (classes & BIT(i))
			len += snprintf(text + len, size - len, "%s%s",
					len ? " " : "", class_words[i]);
}

/* Only known classes may be written, and only those that the cap still has. */
static int cap_expected(const struct model_device *device, u32 classes)
{
	if (classes & ~ALL_CLASSES)
		return -EINVAL;
	return classes & ~device->cap ? -EPERM : 0;
}

static void cap_check(struct job *job, u32 classes, u32 had, int ret)
{
	struct oracle *oracle = &job->executor->oracle;
	struct model_device *device = job_device(job);
	char text[256], words[256];

	oracle_check(oracle, ORACLE_CAP, ret || !(classes & ~had),
		     "a cap of %#x became %#x", had, classes);
	if (!job->quiet || !device->live || device->unsure)
		return;
	cap_words(words, sizeof(words), device->cap);
	if (job->executor->system->node_read(job->op.values[CAP_DEVICE],
					     "classes", text, sizeof(text)))
		text[0] = 0;
	oracle_check(oracle, ORACLE_CAP, !strcmp(text, words),
		     "the cap is \"%s\" where it should be \"%s\"", text, words);
}

void run_cap(struct job *job)
{
	struct executor *executor = job->executor;
	struct model_device *device = job_device(job);
	u32 classes = job->op.values[CAP_CLASSES], had = device->cap;
	int expected = cap_expected(device, classes), ret;
	char text[256];

	cap_words(text, sizeof(text), classes);
	device->used = true;
	ret = executor->system->node_write(job->op.values[CAP_DEVICE], "classes",
					   text);
	if (job->quiet && device->live && !device->unsure)
		oracle_check(&executor->oracle, ORACLE_CAP, ret == expected,
			     "writing the cap \"%s\" over %#x gave %s and not %s",
			     text, had, errno_name(-ret), errno_name(-expected));
	pthread_mutex_lock(&executor->model.lock);
	if (!ret && classes != device->cap) {
		device->cap &= classes;
		device->dirty = true;
	}
	pthread_mutex_unlock(&executor->model.lock);
	cap_check(job, classes, had, ret);
	job_say(job, -ret);
}

void run_read(struct job *job)
{
	const char *file = read_names[job->op.values[READ_WHICH]];
	char text[256];
	int ret;

	job_enter(job);
	ret = job->executor->system->node_read(job->op.values[READ_DEVICE],
					       file, text, sizeof(text));
	job_leave(job);
	if (job->quiet && job_device(job)->live && !job_device(job)->unsure)
		oracle_check(&job->executor->oracle, ORACLE_INFO,
			     !ret && text[0], "sysfs file %s: %s", file,
			     errno_name(-ret));
	job_say(job, -ret);
}

/* Contexts close from a workqueue, so it may take a moment. */
static bool settles(int (*read)(unsigned int device, const char *file,
				char *text, size_t size),
		    unsigned int device, const char *file, u64 *value)
{
	for (unsigned int ms = 0; ms < SETTLE_MS; ms++) {
		if (!number_read(read, device, file, value) || !*value)
			return true;
		usleep(ms < 10 ? 100 : 1000);
	}
	return false;
}

static void settle_check(struct executor *executor,
			 int (*read)(unsigned int device, const char *file,
				     char *text, size_t size),
			 unsigned int device, const char *file)
{
	u64 value = 0;
	bool holds = settles(read, device, file, &value);

	oracle_check(&executor->oracle, ORACLE_LEAK, holds,
		     "device %u: %s is %" PRIu64 " after all was closed", device,
		     file, value);
}

void devices_settle(struct executor *executor)
{
	static const char *const stats[] = { "stats/contexts", "stats/inflight" };
	static const char *const usage[] = { "usage/files", "usage/calls",
					     "usage/bytes", "usage/queued" };
	const struct system *system = executor->system;

	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		if (!executor->model.devices[i].used)
			continue;
		for (unsigned int j = 0; j < ARRAY_SIZE(stats); j++)
			settle_check(executor, system->config_read, i, stats[j]);
		for (unsigned int j = 0; j < ARRAY_SIZE(usage); j++)
			settle_check(executor, system->node_read, i, usage[j]);
	}
}
