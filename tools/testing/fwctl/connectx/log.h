/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The log of all commands and events. Tests read it, from the file or through
 * the control socket, to see which commands reached the firmware, so its format
 * is an interface (README.md, "Log").
 */
#ifndef CONNECTX_LOG_H
#define CONNECTX_LOG_H

#include "types.h"

struct log;

/**
 * struct log_command - one completed command
 * @name: the opcode's name, "UNKNOWN" if it has none
 * @reg: register id of an ACCESS_REG, -1 for any other command
 * @delivery: delivery status of the queue; 0 is delivered
 * @status: status of the executed command
 */
struct log_command {
	unsigned int slot;
	u16 opcode;
	const char *name;
	u16 op_mod;
	u16 uid;
	int reg;
	u32 in;
	u32 out;
	u8 delivery;
	u8 status;
	u32 syndrome;
};

/* Append to the file at @path (NULL: keep in memory only). NULL on failure. */
struct log *log_open(const char *path);
void log_close(struct log *log);

/* Number the command, write its line, and return the number. */
u64 log_command(struct log *log, const struct log_command *cmd);

/* Log a line of another kind; @word is its first word: event, mmio, fault, reset. */
void log_event(struct log *log, const char *word, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Call @fn for the kept command lines numbered above @seq; returns the last number. */
u64 log_since(const struct log *log, u64 seq, void (*fn)(void *arg, const char *line), void *arg);

#endif
