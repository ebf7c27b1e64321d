/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of devices and files, and of the rules of the uAPI and of fwctl_sim's
 * firmware. It shares no code with the core or the driver: where the results
 * differ, one of them is wrong.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include <pthread.h>

#include "program.h"

#define MODEL_REGISTERS 64
#define ALL_CLASSES 0x3eU

/* Index of limits, as in limit_names[] */
enum {
	LIMIT_MAX_FILES, LIMIT_MAX_CALLS, LIMIT_MAX_FILE_CALLS, LIMIT_MAX_BYTES,
	LIMIT_MIN_IN, LIMIT_MAX_IN, LIMIT_MIN_OUT, LIMIT_MAX_OUT,
};

/**
 * struct model_device - a device of fwctl_sim
 * @live: the device exists
 * @unsure: it may have been removed by a fault, or will be
 * @life: number of times that it was created
 * @dirty: it must be created again before the next program
 * @configured: limits as in limit_names[], from the next creation on
 * @limits: current limits
 * @cap: classes that the administrator has left
 * @opcode: its configured opcode, 0: none
 * @class: class of @opcode
 * @status: status in the answer of @opcode
 * @answer: length of the payload in the answer of @opcode
 * @faults: values of the faults that are set
 * @lies: in this program the driver may have reported wrong lengths
 * @fails: in this program the driver may have returned injected errors
 * @late: in this program calls may have timed out and been executed later
 * @files: number of open files
 * @registers: contents of the registers whose bit is set in @known
 * @known: mask of the registers whose contents are known
 * @vague: mask of registers that may change at any time, until the next creation
 * @used: the program has used the device
 */
struct model_device {
	bool live;
	bool unsure;
	unsigned int life;
	bool dirty;
	u32 configured[8];
	u32 limits[8];
	u32 cap;
	u32 opcode;
	u32 class;
	u32 status;
	u32 answer;
	u32 faults[FAULT_KINDS];
	bool lies;
	bool fails;
	bool late;
	int files;
	u32 registers[MODEL_REGISTERS];
	u64 known;
	u64 vague;
	bool used;
};

/**
 * struct model_file - an open file description
 * @device: index of its device
 * @life: value of the device's @life at open()
 * @mode: one of MODE_RO, MODE_WO, MODE_RW
 * @classes: classes that restrictions have left
 * @context: the number of the firmware's context, 0 if not known
 * @vague: @classes may be a superset of the real ones
 * @limits: limits of the device at open()
 */
struct model_file {
	unsigned int device;
	unsigned int life;
	unsigned int mode;
	u32 classes;
	u32 context;
	bool vague;
	u32 limits[8];
};

/**
 * struct request - a request in memory
 * @scope: the label
 * @in_len: length of the request
 * @out_len: size of the answer's buffer
 * @opcode: opcode in the firmware's header
 * @reserved: reserved field in that header
 * @arg: argument in that header
 * @cookie: cookie in that header
 * @payload: the first word behind the header
 */
struct request {
	u32 scope;
	u32 in_len;
	u32 out_len;
	u16 opcode;
	u16 reserved;
	u32 arg;
	u64 cookie;
	u32 payload;
};

/**
 * struct verdict - decision of the rules about a request
 * @class: class of the request
 * @reason: reason of a refusal, one of enum fwctl_reason
 * @err: errno of a refusal
 */
struct verdict {
	u32 class;
	u32 reason;
	int err;
};

/**
 * struct outcome - the firmware's answer to a request
 * @status: status in the answer
 * @len: length of the answer
 * @value: contents of the register that was read
 * @reads: the answer's payload is @value
 * @value_known: @value is known
 * @echoes: the answer's payload is the request's
 * @configured: the answer's payload is the device's own
 */
struct outcome {
	u32 status;
	u32 len;
	u32 value;
	bool reads;
	bool value_known;
	bool echoes;
	bool configured;
};

/**
 * struct model - see above
 * @lock: guards @devices, and the classes of files
 * @rawio: the fuzzer has CAP_SYS_RAWIO
 * @locked_down: the kernel is locked down
 * @devices: the devices
 */
struct model {
	pthread_mutex_t lock;
	bool rawio;
	bool locked_down;
	struct model_device devices[FUZZ_DEVICES];
};

void model_init(struct model *model);

/* The device was created: reset the model to an unused device. */
void model_device_made(struct model_device *device);

/* True if the file's device was removed. */
bool model_gone(const struct model *model, const struct model_file *file);
/* Classes that the file may have: its own, limited by the device's cap. */
u32 model_classes(const struct model *model, const struct model_file *file);
bool model_fits(const struct model_file *file, const struct request *request);
struct verdict model_verdict(const struct model *model,
			     const struct model_file *file,
			     const struct request *request);

/* A register was read or written. */
void model_learn(struct model_device *device, u32 arg, u32 value);
/* The answer to an admitted request; the effect of an admitted request on registers. */
struct outcome model_outcome(const struct model_device *device,
			     const struct request *request);
void model_execute(struct model_device *device, const struct request *request);
/* The effect of a request of which it is not known if it was executed. */
void model_doubt(struct model_device *device, const struct request *request);

#endif
