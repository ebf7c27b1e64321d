/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Firmware commands: one table row per opcode. A row has the least lengths of
 * request and answer, the device state and the kind of UID that the command
 * needs, and its handler.
 */
#ifndef CONNECTX_COMMANDS_H
#define CONNECTX_COMMANDS_H

#include "types.h"

struct connectx;

enum opcode {
	OP_QUERY_HCA_CAP = 0x100,
	OP_ENABLE_HCA = 0x104,
	OP_DISABLE_HCA = 0x105,
	OP_MANAGE_PAGES = 0x108,
	OP_CREATE_EQ = 0x301,
	OP_ACCESS_REG = 0x805,
	OP_CREATE_UCTX = 0xa04,
	OP_ACCESS_REGISTER_USER = 0xb0c,
};

/* Status of an executed command, byte 0 of the answer. */
enum cmd_status {
	ST_OK = 0x00,
	ST_BAD_OP = 0x02,
	ST_BAD_PARAM = 0x03,
	ST_BAD_SYS_STATE = 0x04,
	ST_BAD_RES = 0x05,
	ST_RES_BUSY = 0x06,
	ST_LIM = 0x08,
	ST_NO_RES = 0x0f,
	ST_BAD_INP_LEN = 0x50,
	ST_BAD_OUTP_LEN = 0x51,
};

/*
 * Reason of a failure, bytes 4 to 7 of the answer. Real firmware's numbers are
 * not public; these are the emulator's own (README.md, "Syndromes").
 */
enum syndrome {
	SYND_OPCODE = 0xe00001,		/* no such command */
	SYND_LENGTH = 0xe00002,		/* request or answer shorter than the command needs */
	SYND_STATE = 0xe00003,		/* not in this state of the device */
	SYND_FIELD = 0xe00004,		/* a field has a value that it may not have */
	SYND_NO_OBJECT = 0xe00005,	/* the object does not exist or is another's */
	SYND_EXHAUSTED = 0xe00006,	/* no number left */
	SYND_UID_UNKNOWN = 0xe00101,	/* no user context has this UID */
	SYND_UID_FORBIDDEN = 0xe00102,	/* a command of the kernel's, with a UID */
	SYND_UID_MISSING = 0xe00103,	/* a command of tools', without a UID */
	SYND_UID_CAPS = 0xe00104,	/* the UID lacks TOOLS_RESOURCES */
	SYND_UID_OTHER = 0xe00105,	/* names a UID other than the caller's */
	SYND_UCTX_CAPS = 0xe00106,	/* context wants capabilities the device lacks */
	SYND_SELF_CAPS = 0xe00107,	/* a tool may set another function's caps only */
	SYND_REGISTER = 0xe00201,	/* no such register */
	SYND_REG_METHOD = 0xe00202,	/* the register cannot be read or written */
	SYND_REG_FIELD = 0xe00203,	/* a field of the register has a bad value */
	SYND_REG_DMA = 0xe00204,	/* the register would make the device use DMA */
	SYND_NV_ABSENT = 0xe00301,	/* no such parameter */
	SYND_NV_LENGTH = 0xe00302,
	SYND_NV_READ_ONLY = 0xe00303,
	SYND_NV_RULE = 0xe00304,	/* the value breaks one of the firmware's rules */
	SYND_COMPONENT = 0xe00401,	/* component update: wrong state, handle or offset */
};

/**
 * struct command - one request while it is executed
 * @in: the request, zero-padded to at least CMD_ROOM bytes
 * @out: the answer, zeroed, room for at least CMD_ROOM bytes; cut after
 *	@outlen bytes. commands_run() fills in status and syndrome.
 * @reg: register id for the log, -1 if the command is no register access
 */
struct command {
	const u8 *in;
	u32 inlen;
	u8 *out;
	u32 outlen;
	u16 opcode;
	u16 op_mod;
	u16 uid;
	int reg;
	u8 status;
	u32 syndrome;
};

#define CMD_ROOM 8192

/* Read opcode, op_mod, uid and register id from the request's header. */
void commands_decode(struct command *cmd);
void commands_run(struct connectx *cx, struct command *cmd);
const char *commands_name(u16 opcode);

/* Store the status and syndrome with which a handler refuses the command. */
static inline void cmd_fail(struct command *cmd, enum cmd_status status, enum syndrome syndrome)
{
	cmd->status = status;
	cmd->syndrome = syndrome;
}

typedef void (*cmd_fn)(struct connectx *cx, struct command *cmd);

/* Sender of a command: decides the UID rules. */
enum who {
	WHO_KERNEL,	/* only without a UID */
	WHO_ANY,	/* without, or with the UID of a tool's context */
	WHO_TOOLS,	/* only with the UID of a tool's context */
	WHO_OWNER,	/* creates or destroys an object: any context, or none */
};

enum need {
	NEED_NOTHING,	/* after the queue is set up */
	NEED_ENABLED,	/* after ENABLE_HCA */
	NEED_READY,	/* after INIT_HCA */
};

struct cmd_desc {
	u16 opcode;
	const char *name;
	u16 min_in;
	u16 min_out;
	enum who who;
	enum need need;
	cmd_fn run;
};

struct cmd_group {
	const struct cmd_desc *rows;
	size_t count;
};

extern const struct cmd_group hca_commands;		/* cmd_hca.c */
extern const struct cmd_group resource_commands;	/* cmd_resource.c */
extern const struct cmd_group query_commands;		/* cmd_query.c */

#endif
