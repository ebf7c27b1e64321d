/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command queue: fetches the request that a doorbell announces, has it
 * executed, and writes the answer. Up to 32 commands are in flight at once.
 */
#ifndef CONNECTX_CMDQ_H
#define CONNECTX_CMDQ_H

#include "types.h"

struct cmdq;
struct connectx;

/* A message longer than this is refused by delivery status. */
#define CMDQ_MESSAGE_MAX (4U << 20)

struct cmdq *cmdq_new(struct connectx *cx);
void cmdq_free(struct cmdq *q);

/* Start the command of every slot whose bit is set in @mask. */
void cmdq_doorbell(struct cmdq *q, u32 mask);
/* Answer every hanging command; returns their number. */
unsigned int cmdq_release(struct cmdq *q);
/* Drop all commands in flight without an answer: the driver has taken back their memory. */
void cmdq_abandon(struct cmdq *q);

void cmdq_describe(const struct cmdq *q, void (*line)(void *arg, const char *text), void *arg);

#endif
