// SPDX-License-Identifier: GPL-2.0
/*
 * The simulated firmware: class and effect of each opcode. Pure, so that KUnit can test
 * it without a device: it reads the request, the registers and the configured opcodes,
 * and nothing else.
 */
#include <linux/array_size.h>
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>

#include "firmware.h"

#define HEADER_LEN sizeof(struct fwctl_sim_request)
#define REGISTER_LEN sizeof(__le32)

/**
 * struct sim_rpc - a request while it is executed
 * @fw: the firmware
 * @arg: argument in the header
 * @payload: the bytes behind the header
 * @payload_len: length of @payload
 * @room: length of the buffer for the answer's payload
 */
struct sim_rpc {
	struct fwctl_sim_firmware *fw;
	u32 arg;
	const void *payload;
	size_t payload_len;
	size_t room;
};

static enum fwctl_sim_status sim_echo(const struct sim_rpc *rpc,
				      struct fwctl_sim_result *result)
{
	result->payload = rpc->payload;
	result->payload_len = rpc->payload_len;
	return FWCTL_SIM_OK;
}

static enum fwctl_sim_status
sim_read_register(const struct sim_rpc *rpc, struct fwctl_sim_result *result)
{
	if (rpc->arg >= FWCTL_SIM_REGISTERS)
		return FWCTL_SIM_BAD_REGISTER;
	if (rpc->room < REGISTER_LEN)
		return FWCTL_SIM_BAD_LENGTH;

	result->value = cpu_to_le32(READ_ONCE(rpc->fw->registers[rpc->arg]));
	result->payload = &result->value;
	result->payload_len = REGISTER_LEN;
	return FWCTL_SIM_OK;
}

static enum fwctl_sim_status
sim_write_register(const struct sim_rpc *rpc, struct fwctl_sim_result *result)
{
	if (rpc->arg >= FWCTL_SIM_REGISTERS)
		return FWCTL_SIM_BAD_REGISTER;
	if (rpc->payload_len < REGISTER_LEN)
		return FWCTL_SIM_BAD_LENGTH;

	WRITE_ONCE(rpc->fw->registers[rpc->arg],
		   get_unaligned_le32(rpc->payload));
	return FWCTL_SIM_OK;
}

/**
 * struct sim_command - one of the firmware's own opcodes
 * @name: its name, for messages
 * @class: its class
 * @run: executes a request; NULL if the class is never
 */
struct sim_command {
	const char *name;
	enum fwctl_class class;
	enum fwctl_sim_status (*run)(const struct sim_rpc *rpc,
				     struct fwctl_sim_result *result);
};

#define COMMAND(_name, _class, _run)                                          \
	[FWCTL_SIM_##_name] = { #_name, FWCTL_CLASS_##_class, _run }

static const struct sim_command sim_commands[] = {
	COMMAND(ECHO, CONFIG_READ, sim_echo),
	COMMAND(READ, CONFIG_READ, sim_read_register),
	COMMAND(WRITE, CONFIG_WRITE, sim_write_register),
	COMMAND(DEBUG_READ, DEBUG_READ, sim_read_register),
	COMMAND(DEBUG_WRITE, DEBUG_WRITE, sim_write_register),
	COMMAND(FULL, FULL, sim_write_register),
	COMMAND(NEVER, NEVER, NULL),
};

/* The hole at index 0 of the table is a command of class never, without a name. */
static const struct sim_command *sim_find_command(u32 opcode)
{
	return opcode < ARRAY_SIZE(sim_commands) ? &sim_commands[opcode] : NULL;
}

static const struct fwctl_sim_custom *
sim_find_custom(const struct fwctl_sim_firmware *fw, u32 opcode)
{
	for (size_t i = 0; i < fw->opcodes_len; i++)
		if (fw->opcodes[i].opcode == opcode)
			return &fw->opcodes[i];
	return NULL;
}

/*
 * Set @req's opcode and name. Return: the class; FWCTL_CLASS_NEVER for an unknown
 * opcode, a reserved field that is not 0, or a header that is cut short.
 */
enum fwctl_class fwctl_sim_classify(const struct fwctl_sim_firmware *fw,
				    struct fwctl_request *req)
{
	enum fwctl_class class = FWCTL_CLASS_NEVER;
	const struct fwctl_sim_custom *custom;
	const struct sim_command *command;
	struct fwctl_sim_request header;

	if (req->header_len < sizeof(header))
		return FWCTL_CLASS_NEVER;
	memcpy(&header, req->header, sizeof(header));
	req->opcode = le16_to_cpu(header.opcode);

	command = sim_find_command(req->opcode);
	custom = command ? NULL : sim_find_custom(fw, req->opcode);
	if (command) {
		req->name = command->name;
		class = command->class;
	} else if (custom) {
		req->name = custom->name;
		class = custom->class;
	}
	return header.reserved ? FWCTL_CLASS_NEVER : class;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_sim_classify);

/*
 * Execute a request of a class other than never. @in_len and @out_len are at least the
 * lengths of the headers. @result is valid as long as @in and @fw are.
 */
void fwctl_sim_execute(struct fwctl_sim_firmware *fw, const void *in,
		       size_t in_len, size_t out_len,
		       struct fwctl_sim_result *result)
{
	const struct fwctl_sim_request *header = in;
	u32 opcode = get_unaligned_le16(&header->opcode);
	const struct sim_command *command = sim_find_command(opcode);
	const struct fwctl_sim_custom *custom;
	struct sim_rpc rpc = {
		.fw = fw,
		.arg = get_unaligned_le32(&header->arg),
		.payload = in + HEADER_LEN,
		.payload_len = in_len - HEADER_LEN,
		.room = out_len - sizeof(struct fwctl_sim_answer),
	};

	*result = (struct fwctl_sim_result){};
	if (command) {
		result->status = command->run(&rpc, result);
		return;
	}
	custom = sim_find_custom(fw, opcode);
	result->status = custom->status;
	result->payload = custom->answer;
	result->payload_len = custom->answer_len;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_sim_execute);

/*
 * Write the answer to request @in of context number @context into the buffer @out.
 * Return: its length, at most @out_len, which is at least that of the header.
 */
size_t fwctl_sim_answer(const struct fwctl_sim_result *result, const void *in,
			u32 context, void *out, size_t out_len)
{
	const struct fwctl_sim_request *request = in;
	struct fwctl_sim_answer header = {
		.status = cpu_to_le32(result->status),
		.context = cpu_to_le32(context),
		.cookie = get_unaligned(&request->cookie),
	};
	size_t len = min(result->payload_len, out_len - sizeof(header));

	memcpy(out, &header, sizeof(header));
	if (len)
		memcpy(out + sizeof(header), result->payload, len);
	return sizeof(header) + len;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_sim_answer);
