/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command queue: fetches what a doorbell announces, has it executed, and
 * puts the answer back. Up to 32 commands are under way at once.
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
/* Answer every command that hangs; how many there were. */
unsigned int cmdq_release(struct cmdq *q);
/* Forget all commands under way: their memory is no longer the device's. */
void cmdq_abandon(struct cmdq *q);

void cmdq_describe(const struct cmdq *q, void (*line)(void *arg, const char *text), void *arg);

#endif
