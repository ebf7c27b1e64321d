/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event queues: rings in guest memory that the device appends to, each with an
 * interrupt vector and a mask of event types.
 */
#ifndef CONNECTX_EQ_H
#define CONNECTX_EQ_H

#include "guest.h"
#include "irq.h"
#include "log.h"

#define EQ_LOG_MAX 7	/* log2 of the number of queues, as the capabilities say */
#define EQ_CONTEXT_SIZE 0x40

/* Event types that the emulator sends. */
enum eq_event {
	EQ_EVENT_PORT_CHANGE = 0x09,
	EQ_EVENT_COMMAND = 0x0a,
	EQ_EVENT_GENERAL = 0x22,
};

struct eqs;

struct eqs *eqs_new(struct guest *guest, struct irqs *irqs, struct log *log);
void eqs_free(struct eqs *eqs);
void eqs_reset(struct eqs *eqs);

/* Size of the page list of a CREATE_EQ with the context at @eqc, 0 if out of range. */
u64 eq_page_list_size(const u8 *eqc);
/* Create from context, event mask and page list. Returns the number, 0 if none is free. */
u8 eqs_create(struct eqs *eqs, u16 uid, const u8 *eqc, const u8 *mask, const u8 *pas);
bool eqs_destroy(struct eqs *eqs, u8 eqn);
/* The context and event mask that @eqn was created with, NULL if there is none. */
const u8 *eqs_context(const struct eqs *eqs, u8 eqn, u64 mask[4]);
void eqs_drop_uid(struct eqs *eqs, u16 uid);

/*
 * Token of the queue that receives command completions, 0 if there is none.
 * Tokens are never reused, so a completion can check that the queue of the time
 * of the doorbell still exists.
 */
u64 eqs_command_queue(const struct eqs *eqs);

/* Append an event for every queue that subscribes; @quiet keeps the vector silent. */
void eqs_post(struct eqs *eqs, enum eq_event type, u8 sub_type, const u8 data[28], bool quiet);

/* A write of eqn << 24 | consumer index to one of a UAR's two EQ doorbells. */
void eqs_doorbell(struct eqs *eqs, u32 word, bool arm);

void eqs_describe(const struct eqs *eqs, void (*line)(void *arg, const char *text), void *arg);

#endif
