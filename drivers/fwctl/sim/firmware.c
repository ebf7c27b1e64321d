// SPDX-License-Identifier: GPL-2.0
/*
 * The simulated firmware: what each opcode is and does. Pure, so that its test
 * needs no device: it sees the bytes of a request, the registers and the opcodes
 * that were configured, and nothing else.
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
 * struct fwctl_sim_rpc - a request while it is executed
 * @fw: by whom
 * @arg: the header's
 * @payload: what follows the header
 * @payload_len: bytes of it
 * @room: bytes of room for the answer's payload
 */
struct fwctl_sim_rpc {
	struct fwctl_sim_firmware *fw;
	u32 arg;
	const void *payload;
	size_t payload_len;
	size_t room;
};

static enum fwctl_sim_status sim_echo(const struct fwctl_sim_rpc *rpc,
				      struct fwctl_sim_result *result)
{
	result->payload = rpc->payload;
	result->payload_len = rpc->payload_len;
	return FWCTL_SIM_OK;
}

static enum fwctl_sim_status
sim_read_register(const struct fwctl_sim_rpc *rpc,
		  struct fwctl_sim_result *result)
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
sim_write_register(const struct fwctl_sim_rpc *rpc,
		   struct fwctl_sim_result *result)
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
 * struct fwctl_sim_command - an opcode of the firmware's own
 * @name: its name, for messages
 * @class: what it does
 * @run: does it; NULL if it never gets here
 */
struct fwctl_sim_command {
	const char *name;
	enum fwctl_class class;
	enum fwctl_sim_status (*run)(const struct fwctl_sim_rpc *rpc,
				     struct fwctl_sim_result *result);
};

#define COMMAND(_name, _class, _run)                                          \
	[FWCTL_SIM_##_name] = { #_name, FWCTL_CLASS_##_class, _run }

static const struct fwctl_sim_command sim_commands[] = {
	COMMAND(ECHO, CONFIG_READ, sim_echo),
	COMMAND(READ, CONFIG_READ, sim_read_register),
	COMMAND(WRITE, CONFIG_WRITE, sim_write_register),
	COMMAND(DEBUG_READ, DEBUG_READ, sim_read_register),
	COMMAND(DEBUG_WRITE, DEBUG_WRITE, sim_write_register),
	COMMAND(FULL, FULL, sim_write_register),
	COMMAND(NEVER, NEVER, NULL),
};

static const struct fwctl_sim_row *
sim_find_configured(const struct fwctl_sim_firmware *fw, u32 opcode)
{
	for (size_t i = 0; i < fw->opcodes_len; i++)
		if (fw->opcodes[i].opcode == opcode)
			return &fw->opcodes[i];
	return NULL;
}

/* The table has a hole at 0, which makes it of class never, without a name. */
static const struct fwctl_sim_command *sim_find_command(u32 opcode)
{
	return opcode < ARRAY_SIZE(sim_commands) ? &sim_commands[opcode] : NULL;
}

static enum fwctl_class
sim_classify_opcode(const struct fwctl_sim_firmware *fw,
		    struct fwctl_request *req)
{
	const struct fwctl_sim_command *command = sim_find_command(req->opcode);
	const struct fwctl_sim_row *configured;

	if (command) {
		req->name = command->name;
		return command->class;
	}
	configured = sim_find_configured(fw, req->opcode);
	if (configured) {
		req->name = configured->name;
		return configured->class;
	}
	return FWCTL_CLASS_NEVER;
}

/**
 * fwctl_sim_classify - what does a request do?
 * @fw: the firmware
 * @req: the request
 *
 * Pure, any context.
 *
 * Return: the class; FWCTL_CLASS_NEVER for an unknown opcode, a reserved field
 * in use, or a header that is cut short.
 */
enum fwctl_class fwctl_sim_classify(const struct fwctl_sim_firmware *fw,
				    struct fwctl_request *req)
{
	struct fwctl_sim_request header;
	enum fwctl_class class;

	if (req->header_len < sizeof(header))
		return FWCTL_CLASS_NEVER;
	memcpy(&header, req->header, sizeof(header));
	req->opcode = le16_to_cpu(header.opcode);

	class = sim_classify_opcode(fw, req);
	return header.reserved ? FWCTL_CLASS_NEVER : class;
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_sim_classify);

static void sim_configured_result(const struct fwctl_sim_row *configured,
				  struct fwctl_sim_result *result)
{
	result->status = configured->status;
	result->payload = configured->answer;
	result->payload_len = configured->answer_len;
}

/**
 * fwctl_sim_execute - execute a request
 * @fw: the firmware
 * @in: the request, of a class other than never
 * @in_len: bytes of it, at least those of its header
 * @out_len: bytes of room for the answer, at least those of its header
 * @result: out: what has come of it; to be used as long as @in and @fw
 *
 * Any context.
 */
void fwctl_sim_execute(struct fwctl_sim_firmware *fw, const void *in,
		       size_t in_len, size_t out_len,
		       struct fwctl_sim_result *result)
{
	const struct fwctl_sim_request *header = in;
	u32 opcode = get_unaligned_le16(&header->opcode);
	const struct fwctl_sim_command *command = sim_find_command(opcode);
	struct fwctl_sim_rpc rpc = {
		.fw = fw,
		.arg = get_unaligned_le32(&header->arg),
		.payload = in + HEADER_LEN,
		.payload_len = in_len - HEADER_LEN,
		.room = out_len - sizeof(struct fwctl_sim_answer),
	};

	*result = (struct fwctl_sim_result){};
	if (command)
		result->status = command->run(&rpc, result);
	else
		sim_configured_result(sim_find_configured(fw, opcode), result);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_sim_execute);

/**
 * fwctl_sim_answer - write an answer
 * @result: what fwctl_sim_execute() has come to
 * @in: the request
 * @context: number of the context that sent it
 * @out: memory for the answer
 * @out_len: bytes there, at least those of an answer's header
 *
 * Any context.
 *
 * Return: bytes of the answer.
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
