/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults on demand. A rule has a kind and a filter. Every command is compared
 * with all rules before it is executed; the effects of the matching ones add up.
 */
#ifndef CONNECTX_FAULT_H
#define CONNECTX_FAULT_H

#include "types.h"

/* Ways in which an answer can be malformed. */
enum malformed {
	MALFORMED_NONE,
	MALFORMED_RESERVED,	/* garbage in the reserved bytes beside the status */
	MALFORMED_HEADER,	/* garbage in bytes 8..15 */
	MALFORMED_PAYLOAD,	/* all ones from byte 16 on: every count past its table */
	MALFORMED_SHORT,	/* only the first 16 bytes are written */
	MALFORMED_LONG,		/* garbage behind the end, up to the end of the block */
	MALFORMED_TOKEN,	/* wrong tokens in the output mailboxes */
	MALFORMED_LINKS,	/* wrong numbers and links in the output mailboxes */
	MALFORMED_ENTRY,	/* wrong lengths, token and signature in the queue's entry */
	MALFORMED_DELIVERY,	/* not delivered, by delivery status */
};

/**
 * struct fault_effect - effects of the matching rules on one command
 * @refuse: answer @status and @syndrome without executing
 * @hang: no answer until released
 * @delay_us: delay of the answer; the command is executed at once
 * @lost_irq: the event is written, but no interrupt raised
 */
struct fault_effect {
	bool refuse;
	u8 status;
	u32 syndrome;
	bool hang;
	u32 delay_us;
	bool lost_irq;
	enum malformed malformed;
	u8 delivery;
};

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *faults);

/*
 * Add a rule from "KIND KEY=VALUE...". Returns NULL or an error text. Modifies @line.
 */
const char *faults_add(struct faults *faults, char *line);
void faults_clear(struct faults *faults);

/* The effects for a command; @reg is -1 if it is not a register access. */
struct fault_effect faults_match(struct faults *faults, u16 opcode, int reg, u16 uid);

void faults_describe(const struct faults *faults, void (*line)(void *arg, const char *text),
		     void *arg);

#endif
