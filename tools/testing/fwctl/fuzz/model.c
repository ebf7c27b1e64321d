// SPDX-License-Identifier: GPL-2.0
/* The rules of the uAPI, implemented a second time from its headers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>

#include <fwctl/fwctl.h>
#include <fwctl/sim.h>

#include "model.h"

#define CONFIG_READ BIT(FWCTL_CLASS_CONFIG_READ)
#define CONFIG_WRITE BIT(FWCTL_CLASS_CONFIG_WRITE)
#define DEBUG_READ BIT(FWCTL_CLASS_DEBUG_READ)
#define DEBUG_WRITE BIT(FWCTL_CLASS_DEBUG_WRITE)
#define FULL BIT(FWCTL_CLASS_FULL)
#define READS (CONFIG_READ | DEBUG_READ)

/* In the order of the table at enum fwctl_class */
static const u32 labels_covering[] = {
	[FWCTL_CLASS_NEVER] = 0,
	[FWCTL_CLASS_CONFIG_READ] = 0xf,
	[FWCTL_CLASS_CONFIG_WRITE] = BIT(FWCTL_RPC_CONFIGURATION) |
				     BIT(FWCTL_RPC_DEBUG_WRITE) |
				     BIT(FWCTL_RPC_DEBUG_WRITE_FULL),
	[FWCTL_CLASS_DEBUG_READ] = BIT(FWCTL_RPC_DEBUG_READ_ONLY) |
				   BIT(FWCTL_RPC_DEBUG_WRITE) |
				   BIT(FWCTL_RPC_DEBUG_WRITE_FULL),
	[FWCTL_CLASS_DEBUG_WRITE] = BIT(FWCTL_RPC_DEBUG_WRITE) |
				    BIT(FWCTL_RPC_DEBUG_WRITE_FULL),
	[FWCTL_CLASS_FULL] = BIT(FWCTL_RPC_DEBUG_WRITE_FULL),
};

static const u32 opcode_classes[] = {
	[FWCTL_SIM_ECHO] = FWCTL_CLASS_CONFIG_READ,
	[FWCTL_SIM_READ] = FWCTL_CLASS_CONFIG_READ,
	[FWCTL_SIM_WRITE] = FWCTL_CLASS_CONFIG_WRITE,
	[FWCTL_SIM_DEBUG_READ] = FWCTL_CLASS_DEBUG_READ,
	[FWCTL_SIM_DEBUG_WRITE] = FWCTL_CLASS_DEBUG_WRITE,
	[FWCTL_SIM_FULL] = FWCTL_CLASS_FULL,
};

static const int reason_errnos[] = {
	[FWCTL_REASON_NONE] = 0,
	[FWCTL_REASON_LENGTH] = EMSGSIZE,
	[FWCTL_REASON_NEVER] = EBADMSG,
	[FWCTL_REASON_LABEL] = EBADMSG,
	[FWCTL_REASON_READ_ONLY] = EPERM,
	[FWCTL_REASON_RESTRICTED] = EPERM,
	[FWCTL_REASON_CAPPED] = EPERM,
	[FWCTL_REASON_CAPABILITY] = EPERM,
	[FWCTL_REASON_LOCKDOWN] = EPERM,
};

/* Requests and answers begin with a header of the same size. */
static const size_t header = sizeof(struct fwctl_sim_request);

static bool have_rawio(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {};

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[0].effective & BIT(CAP_SYS_RAWIO);
}

/* "none [integrity] confidentiality" */
static bool is_locked_down(void)
{
	FILE *in = fopen("/sys/kernel/security/lockdown", "r");
	char text[64] = "";

	if (!in)
		return false;
	if (!fgets(text, sizeof(text), in))
		text[0] = 0;
	fclose(in);
	return strstr(text, "[integrity]") || strstr(text, "[confidentiality]");
}

void model_init(struct model *model)
{
	memset(model, 0, sizeof(*model));
	pthread_mutex_init(&model->lock, NULL);
	model->rawio = have_rawio();
	model->locked_down = is_locked_down();
}

void model_device_made(struct model_device *device)
{
	device->live = true;
	device->unsure = false;
	device->life++;
	device->cap = ALL_CLASSES;
	device->files = 0;
	device->vague = 0;
	memcpy(device->limits, device->configured, sizeof(device->limits));
	device->known = 0;
}

bool model_gone(const struct model *model, const struct model_file *file)
{
	const struct model_device *device = &model->devices[file->device];

	return !device->live || device->life != file->life;
}

u32 model_classes(const struct model *model, const struct model_file *file)
{
	u32 classes = file->classes & model->devices[file->device].cap;

	return file->mode == MODE_RO ? classes & READS : classes;
}

bool model_fits(const struct model_file *file, const struct request *request)
{
	return request->in_len >= file->limits[LIMIT_MIN_IN] &&
	       request->in_len <= file->limits[LIMIT_MAX_IN] &&
	       request->out_len >= file->limits[LIMIT_MIN_OUT] &&
	       request->out_len <= file->limits[LIMIT_MAX_OUT];
}

static u32 model_class(const struct model_device *device,
		       const struct request *request)
{
	if (request->reserved || request->in_len < header)
		return FWCTL_CLASS_NEVER;
	if (request->opcode < ARRAY_SIZE(opcode_classes))
		return opcode_classes[request->opcode];
	if (device->opcode && request->opcode == device->opcode)
		return device->class;
	return FWCTL_CLASS_NEVER;
}

static u32 model_reason(const struct model *model, const struct model_file *file,
			u32 scope, u32 class)
{
	u32 bit = BIT(class);

	if (class == FWCTL_CLASS_NEVER)
		return FWCTL_REASON_NEVER;
	if (scope > FWCTL_RPC_DEBUG_WRITE_FULL ||
	    !(labels_covering[class] & BIT(scope)))
		return FWCTL_REASON_LABEL;
	if (file->mode == MODE_RO && !(bit & READS))
		return FWCTL_REASON_READ_ONLY;
	if (!(bit & file->classes))
		return FWCTL_REASON_RESTRICTED;
	if (!(bit & model->devices[file->device].cap))
		return FWCTL_REASON_CAPPED;
	if (scope == FWCTL_RPC_DEBUG_WRITE_FULL && !model->rawio)
		return FWCTL_REASON_CAPABILITY;
	if (class == FWCTL_CLASS_FULL && model->locked_down)
		return FWCTL_REASON_LOCKDOWN;
	return FWCTL_REASON_NONE;
}

struct verdict model_verdict(const struct model *model,
			     const struct model_file *file,
			     const struct request *request)
{
	const struct model_device *device = &model->devices[file->device];
	struct verdict verdict = { .reason = FWCTL_REASON_LENGTH };

	if (model_fits(file, request)) {
		verdict.class = model_class(device, request);
		verdict.reason = model_reason(model, file, request->scope,
					      verdict.class);
	}
	verdict.err = reason_errnos[verdict.reason];
	return verdict;
}

static bool reads_register(u16 opcode)
{
	return opcode == FWCTL_SIM_READ || opcode == FWCTL_SIM_DEBUG_READ;
}

static bool writes_register(u16 opcode)
{
	return opcode == FWCTL_SIM_WRITE || opcode == FWCTL_SIM_DEBUG_WRITE ||
	       opcode == FWCTL_SIM_FULL;
}

static void outcome_register(const struct model_device *device,
			     const struct request *request,
			     struct outcome *outcome)
{
	bool reads = reads_register(request->opcode);
	u32 there = reads ? request->out_len : request->in_len;

	if (request->arg >= MODEL_REGISTERS) {
		outcome->status = FWCTL_SIM_BAD_REGISTER;
	} else if (there < header + sizeof(u32)) {
		outcome->status = FWCTL_SIM_BAD_LENGTH;
	} else if (reads) {
		outcome->reads = true;
		outcome->len = header + sizeof(u32);
		outcome->value = device->registers[request->arg];
		outcome->value_known = device->known >> request->arg & 1;
	}
}

struct outcome model_outcome(const struct model_device *device,
			     const struct request *request)
{
	struct outcome outcome = { .len = header };

	if (request->opcode == FWCTL_SIM_ECHO) {
		outcome.echoes = true;
		outcome.len = MIN(request->in_len, request->out_len);
	} else if (request->opcode < FWCTL_SIM_NEVER) {
		outcome_register(device, request, &outcome);
	} else {
		outcome.configured = true;
		outcome.status = device->status;
		outcome.len = MIN(header + device->answer, request->out_len);
	}
	return outcome;
}

static bool executes_write(const struct request *request)
{
	return writes_register(request->opcode) &&
	       request->arg < MODEL_REGISTERS &&
	       request->in_len >= header + sizeof(u32);
}

void model_learn(struct model_device *device, u32 arg, u32 value)
{
	if (device->vague >> arg & 1)
		return;
	device->registers[arg] = value;
	device->known |= BIT_ULL(arg);
}

void model_execute(struct model_device *device, const struct request *request)
{
	if (executes_write(request))
		model_learn(device, request->arg, request->payload);
}

void model_doubt(struct model_device *device, const struct request *request)
{
	if (!executes_write(request))
		return;
	device->known &= ~BIT_ULL(request->arg);
	device->vague |= BIT_ULL(request->arg);
}
