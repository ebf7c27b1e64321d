/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the simulated firmware knows and does. Nothing here knows of time, of
 * faults or of the kernel's devices: given the same bytes and registers it does
 * the same.
 */
#ifndef _FWCTL_SIM_FIRMWARE_H
#define _FWCTL_SIM_FIRMWARE_H

#include <linux/fwctl.h>
#include <uapi/fwctl/sim.h>

/* How many registers there are */
#define FWCTL_SIM_REGISTERS 64

/* The first opcode that can be configured; those below are the firmware's own */
#define FWCTL_SIM_FIRST_OPCODE (FWCTL_SIM_NEVER + 1)

/* The longest payload that can be configured as an answer, bytes */
#define FWCTL_SIM_MAX_ANSWER 4096

/**
 * struct fwctl_sim_row - an opcode that was configured
 * @opcode: its number
 * @class: one of enum fwctl_class: what it does, as the kernel is told
 * @status: the firmware's word in the answer
 * @answer_len: bytes of payload in the answer
 * @answer: the payload
 * @name: its name, for messages
 */
struct fwctl_sim_row {
	u32 opcode;
	u32 class;
	u32 status;
	size_t answer_len;
	u8 answer[FWCTL_SIM_MAX_ANSWER];
	char name[FWCTL_NAME_LEN];
};

/**
 * struct fwctl_sim_firmware - the firmware of one device
 * @registers: in CPU byte order. Any number of requests can read and write them
 *	at once, without a lock: each access is of one whole register.
 * @opcodes: those that were configured; constant while the device is live
 * @opcodes_len: how many
 */
struct fwctl_sim_firmware {
	u32 registers[FWCTL_SIM_REGISTERS];
	const struct fwctl_sim_row *opcodes;
	size_t opcodes_len;
};

/**
 * struct fwctl_sim_result - what the execution of a request has come to
 * @status: the firmware's word
 * @payload: payload of the answer: in the request, in the firmware or @value
 * @payload_len: bytes there
 * @value: a register that was read
 */
struct fwctl_sim_result {
	u32 status;
	const void *payload;
	size_t payload_len;
	__le32 value;
};

enum fwctl_class fwctl_sim_classify(const struct fwctl_sim_firmware *fw,
				    struct fwctl_request *req);
void fwctl_sim_execute(struct fwctl_sim_firmware *fw, const void *in,
		       size_t in_len, size_t out_len,
		       struct fwctl_sim_result *result);
size_t fwctl_sim_answer(const struct fwctl_sim_result *result, const void *in,
			u32 context, void *out, size_t out_len);

#endif /* _FWCTL_SIM_FIRMWARE_H */
