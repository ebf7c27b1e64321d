/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzer knows of devices and files, and what follows from it by the
 * rules of the uAPI, the firmware of fwctl_sim included. It shares no code with
 * either: where the two differ, one is wrong.
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
 * @live: it is there
 * @unsure: it may have gone by itself, or may be about to
 * @life: how often it was made
 * @dirty: not any more as programs find it
 * @configured: limits as in limit_names[], for the next time that it is made
 * @limits: the same, as they are
 * @cap: classes that the administrator has left
 * @opcode: the opcode of its own, 0: none
 * @class: of that opcode
 * @status: of its answer
 * @answer: bytes of payload of its answer
 * @faults: what is set
 * @lies: in this program the driver may have reported wrong lengths
 * @fails: or errors of its own
 * @late: or the end of calls that were executed later
 * @files: open files
 * @registers: what they hold, where @known has the bit
 * @known: see above
 * @vague: those that may change at any time, until the device is made again
 * @used: the program has done something with it
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
 * @device: of which device
 * @life: and which life of it
 * @mode: one of MODE_RO, MODE_WO, MODE_RW
 * @classes: what restrictions have left
 * @context: the number of the firmware's context, 0 if not known
 * @vague: @classes may be less
 * @limits: those of its life of the device
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
 * struct request - a request as it stands in memory
 * @scope: the label
 * @in_len: bytes of it
 * @out_len: room for the answer
 * @opcode: the firmware's header, from here on
 * @reserved: .
 * @arg: .
 * @cookie: .
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
 * struct verdict - what the rules say about a request
 * @class: what it does
 * @reason: why it is refused, one of enum fwctl_reason
 * @err: the errno for that
 */
struct verdict {
	u32 class;
	u32 reason;
	int err;
};

/**
 * struct outcome - what the firmware makes of a request
 * @status: its word
 * @len: bytes of the answer
 * @value: the register that was read
 * @reads: the answer's payload is @value
 * @value_known: @value is
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
 * @rawio: we have CAP_SYS_RAWIO
 * @locked_down: the kernel is
 * @devices: the devices
 */
struct model {
	pthread_mutex_t lock;
	bool rawio;
	bool locked_down;
	struct model_device devices[FUZZ_DEVICES];
};

void model_init(struct model *model);

/* The device is made: as nobody has used it. */
void model_device_made(struct model_device *device);

/* The file's device is gone for good. */
bool model_gone(const struct model *model, const struct model_file *file);
/* Classes that the file may have at all */
u32 model_classes(const struct model *model, const struct model_file *file);
bool model_fits(const struct model_file *file, const struct request *request);
struct verdict model_verdict(const struct model *model,
			     const struct model_file *file,
			     const struct request *request);

/* A register was read or written. */
void model_learn(struct model_device *device, u32 arg, u32 value);
/* What an admitted request comes to, and what it does to the registers. */
struct outcome model_outcome(const struct model_device *device,
			     const struct request *request);
void model_execute(struct model_device *device, const struct request *request);
/* The same, if it is not known whether it was executed. */
void model_doubt(struct model_device *device, const struct request *request);

#endif
