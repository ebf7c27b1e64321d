/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The simulated firmware. It has no notion of time, faults or devices: its answer
 * depends on the bytes of the request and on the registers only.
 */
#ifndef _FWCTL_SIM_FIRMWARE_H
#define _FWCTL_SIM_FIRMWARE_H

#include <linux/fwctl.h>
#include <uapi/fwctl/sim.h>

/* Number of registers */
#define FWCTL_SIM_REGISTERS 64

/* The first opcode that can be configured; those below are the firmware's own */
#define FWCTL_SIM_FIRST_OPCODE (FWCTL_SIM_NEVER + 1)

/* Length of the longest payload that can be configured as an answer */
#define FWCTL_SIM_MAX_ANSWER 4096

/**
 * struct fwctl_sim_custom - a configured opcode
 * @opcode: its number
 * @class: its enum fwctl_class
 * @status: status in the answer
 * @answer_len: length of the answer's payload
 * @answer: the payload
 * @name: its name, for messages
 */
struct fwctl_sim_custom {
	u32 opcode;
	u32 class;
	u32 status;
	size_t answer_len;
	u8 answer[FWCTL_SIM_MAX_ANSWER];
	char name[FWCTL_NAME_LEN];
};

/**
 * struct fwctl_sim_firmware - the firmware of one device
 * @registers: in CPU byte order. Requests read and write them concurrently and without
 *	a lock: each access is of one whole register.
 * @opcodes: array of the configured opcodes; constant while the device is live
 * @opcodes_len: number of entries in @opcodes
 */
struct fwctl_sim_firmware {
	u32 registers[FWCTL_SIM_REGISTERS];
	const struct fwctl_sim_custom *opcodes;
	size_t opcodes_len;
};

/**
 * struct fwctl_sim_result - the result of an executed request
 * @status: status for the answer
 * @payload: payload for the answer: points into the request, the firmware or @value
 * @payload_len: length of @payload
 * @value: value of the register that was read
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
