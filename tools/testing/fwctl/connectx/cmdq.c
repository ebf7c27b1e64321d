// SPDX-License-Identifier: GPL-2.0
/*
 * Slots and completion. A command is executed when its doorbell rings; the delay
 * and hang faults only put off the answer. The answer is written in the order
 * that the driver relies on: mailboxes, inline part, ownership byte, event entry,
 * interrupt.
 */
#include <stdio.h>
#include <string.h>

#include "be.h"
#include "cmdq.h"
#include "commands.h"
#include "connectx.h"
#include "eq.h"
#include "fault.h"
#include "init_segment.h"
#include "log.h"
#include "mailbox.h"

#define ENTRY_SIZE 64U
#define ENTRY_TYPE 0x00
#define ENTRY_INLEN 0x04
#define ENTRY_IN_PTR 0x08
#define ENTRY_IN 0x10
#define ENTRY_OUT 0x20
#define ENTRY_OUT_PTR 0x30
#define ENTRY_OUTLEN 0x38
#define ENTRY_TOKEN 0x3c
#define ENTRY_STATUS_OWN 0x3f
#define TYPE_PCI_CMD 7
#define OWNED_BY_HW 1

#define INLINE_SIZE 16U
/* Room for status and syndrome; ENABLE_HCA, the shortest in use, has 12 bytes. */
#define OUTLEN_MIN 8U

#define SLOTS (1U << ISEG_LOG_SLOTS)

/**
 * struct job - one command under way
 * @eq_token: the completion queue at the time of the doorbell, 0 if none: the
 *	driver was polling then, and an event for the slot would crash it
 */
struct job {
	struct cmdq *q;
	unsigned int slot;
	u64 addr;
	u8 entry[ENTRY_SIZE];
	u8 *in;
	u8 *out;
	struct command cmd;
	u8 delivery;
	u64 eq_token;
	struct fault_effect effect;
	struct loop_timer timer;
};

struct cmdq {
	struct connectx *cx;
	struct job *jobs[SLOTS];
};

struct cmdq *cmdq_new(struct connectx *cx)
{
	struct cmdq *q = alloc_zeroed(sizeof(*q));

	q->cx = cx;
	return q;
}

/* Cancels the timer first, because it points to the job. */
static void free_job(struct job *job)
{
	loop_timer_cancel(job->q->cx->loop, &job->timer);
	free(job->in);
	free(job->out);
	free(job);
}

void cmdq_abandon(struct cmdq *q)
{
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		if (!q->jobs[slot])
			continue;
		log_event(q->cx->log, "event", "abandoned slot=%u opcode=0x%04x", slot,
			  q->jobs[slot]->cmd.opcode);
		free_job(q->jobs[slot]);
		q->jobs[slot] = NULL;
	}
}

void cmdq_free(struct cmdq *q)
{
	if (!q)
		return;
	cmdq_abandon(q);
	free(q);
}

static u32 mailbox_len(u32 len)
{
	return len > INLINE_SIZE ? len - INLINE_SIZE : 0;
}

/* The lengths bound the buffers to allocate, so they are checked first. */
static u8 check_entry(const struct job *job)
{
	if (job->entry[ENTRY_TYPE] != TYPE_PCI_CMD)
		return DELIVERY_BAD_DESCRIPTOR;
	if (job->cmd.inlen < INLINE_SIZE || job->cmd.inlen > CMDQ_MESSAGE_MAX)
		return DELIVERY_IN_LENGTH;
	if (job->cmd.outlen < OUTLEN_MIN || job->cmd.outlen > CMDQ_MESSAGE_MAX)
		return DELIVERY_OUT_LENGTH;
	return DELIVERY_OK;
}

/* Fetch the whole request, and check that the answer's mailboxes can be written. */
static u8 fetch(struct job *job)
{
	struct guest *guest = job->q->cx->guest;
	struct command *cmd = &job->cmd;
	u8 token = job->entry[ENTRY_TOKEN];
	u8 status;

	cmd->inlen = be32_get(job->entry + ENTRY_INLEN);
	cmd->outlen = be32_get(job->entry + ENTRY_OUTLEN);
	status = check_entry(job);
	if (status)
		return status;
	job->in = alloc_zeroed(MAX(cmd->inlen, CMD_ROOM));
	job->out = alloc_zeroed(MAX(cmd->outlen, CMD_ROOM));
	cmd->in = job->in;
	cmd->out = job->out;
	memcpy(job->in, job->entry + ENTRY_IN, INLINE_SIZE);
	commands_decode(cmd);
	status = mailbox_gather(guest, be64_get(job->entry + ENTRY_IN_PTR), token,
				job->in + INLINE_SIZE, mailbox_len(cmd->inlen));
	if (status)
		return status;
	return mailbox_check_out(guest, be64_get(job->entry + ENTRY_OUT_PTR), token,
				 mailbox_len(cmd->outlen));
}

/* A command refused by a fault rule is not executed, so the device's state does not change. */
static void execute(struct job *job)
{
	struct connectx *cx = job->q->cx;
	struct command *cmd = &job->cmd;

	job->effect = faults_match(cx->faults, cmd->opcode, cmd->reg, cmd->uid);
	if (job->effect.malformed == MALFORMED_DELIVERY) {
		job->delivery = job->effect.delivery;
	} else if (job->effect.refuse) {
		cmd->status = job->effect.status;
		cmd->syndrome = job->effect.syndrome;
		cmd->out[0] = cmd->status;
		be32_put(cmd->out + 4, cmd->syndrome);
	} else {
		commands_run(cx, cmd);
	}
}

/* Malformed answers, part 1: change bytes of the answer before it is written. */
static void spoil_answer(struct job *job)
{
	struct command *cmd = &job->cmd;

	switch (job->effect.malformed) {
	case MALFORMED_RESERVED:
		memset(cmd->out + 1, 0xa5, 3);
		break;
	case MALFORMED_HEADER:
		memset(cmd->out + 8, 0xa5, 8);
		break;
	case MALFORMED_PAYLOAD:
		memset(cmd->out + INLINE_SIZE, 0xff, mailbox_len(cmd->outlen));
		break;
	default:
		break;
	}
}

/* Overwrite the driver's part of the entry, except for the type and the ownership byte. */
static void spoil_entry(struct guest *guest, u64 addr)
{
	u8 garbage[ENTRY_STATUS_OWN - ENTRY_OUT_PTR];

	memset(garbage, 0xa5, sizeof(garbage));
	guest_write(guest, addr + ENTRY_INLEN, garbage, ENTRY_IN - ENTRY_INLEN);
	guest_write(guest, addr + ENTRY_OUT_PTR, garbage, sizeof(garbage));
}

/* Malformed answers, part 2: change bytes around the answer after it is written. */
static void spoil_surroundings(struct job *job)
{
	struct guest *guest = job->q->cx->guest;
	u64 ptr = be64_get(job->entry + ENTRY_OUT_PTR);
	u32 len = mailbox_len(job->cmd.outlen);

	switch (job->effect.malformed) {
	case MALFORMED_LONG:
		return mailbox_spoil_tail(guest, ptr, job->entry[ENTRY_TOKEN], len);
	case MALFORMED_TOKEN:
		return mailbox_spoil_tokens(guest, ptr, job->entry[ENTRY_TOKEN], len);
	case MALFORMED_LINKS:
		return mailbox_spoil_links(guest, ptr, job->entry[ENTRY_TOKEN], len);
	case MALFORMED_ENTRY:
		return spoil_entry(guest, job->addr);
	default:
		return;
	}
}

/* Mailboxes first: the inline part and the ownership byte make them valid for the driver. */
static u8 write_answer(struct job *job)
{
	struct guest *guest = job->q->cx->guest;
	u8 status = DELIVERY_OK;

	spoil_answer(job);
	if (job->effect.malformed != MALFORMED_SHORT)
		status = mailbox_scatter(guest, be64_get(job->entry + ENTRY_OUT_PTR),
					 job->entry[ENTRY_TOKEN], job->out + INLINE_SIZE,
					 mailbox_len(job->cmd.outlen));
	spoil_surroundings(job);
	if (!status && guest_write(guest, job->addr + ENTRY_OUT, job->out, INLINE_SIZE))
		status = DELIVERY_FW_ERR;
	return status;
}

static void log_job(const struct job *job)
{
	const struct command *cmd = &job->cmd;

	log_command(job->q->cx->log, &(struct log_command){
		.slot = job->slot, .opcode = cmd->opcode, .name = commands_name(cmd->opcode),
		.op_mod = cmd->op_mod, .uid = cmd->uid, .reg = cmd->reg, .in = cmd->inlen,
		.out = cmd->outlen, .delivery = job->delivery, .status = cmd->status,
		.syndrome = cmd->syndrome,
	});
}

/*
 * Finish a command. The event goes to the event queue that existed when the
 * doorbell rang; without one the driver was polling, and there is no event.
 */
static void finish(struct job *job)
{
	struct connectx *cx = job->q->cx;
	u8 event[28] = { 0 };

	if (!job->delivery)
		job->delivery = write_answer(job);
	/* Log before the ownership byte is released: the driver may act on the answer then. */
	log_job(job);
	guest_release(cx->guest, job->addr + ENTRY_STATUS_OWN, (u8)(job->delivery << 1));
	be32_put(event, BIT(job->slot));
	if (job->eq_token && job->eq_token == eqs_command_queue(cx->eqs))
		eqs_post(cx->eqs, EQ_EVENT_COMMAND, 0, event, job->effect.lost_irq);
	job->q->jobs[job->slot] = NULL;
	free_job(job);
}

static void finish_late(void *arg)
{
	finish(arg);
}

static struct job *new_job(struct cmdq *q, unsigned int slot, u64 addr, const u8 *entry)
{
	struct job *job = alloc_zeroed(sizeof(*job));

	job->q = q;
	job->slot = slot;
	job->addr = addr;
	job->cmd.reg = -1;
	job->eq_token = eqs_command_queue(q->cx->eqs);
	job->timer = (struct loop_timer){ .fn = finish_late, .arg = job };
	memcpy(job->entry, entry, ENTRY_SIZE);
	return job;
}

/*
 * The job is stored in its slot only after execution: DISABLE_HCA abandons all
 * jobs found in slots, and must not free its own.
 */
static void start(struct cmdq *q, unsigned int slot, u64 addr, const u8 *entry)
{
	struct job *job = new_job(q, slot, addr, entry);

	job->delivery = fetch(job);
	if (!job->delivery)
		execute(job);
	q->jobs[slot] = job;
	if (job->effect.hang)
		log_event(q->cx->log, "fault", "hang slot=%u opcode=0x%04x uid=%u", slot,
			  job->cmd.opcode, job->cmd.uid);
	else if (job->effect.delay_us)
		loop_timer_arm(q->cx->loop, &job->timer, job->effect.delay_us);
	else
		finish(job);
}

/* Return the reason why the slot cannot be started, or NULL. */
static const char *refuse_slot(struct cmdq *q, unsigned int slot, u64 addr, u8 *entry)
{
	if (q->jobs[slot])
		return "busy";
	if (guest_read(q->cx->guest, addr, entry, ENTRY_SIZE))
		return "unreachable";
	if (!(entry[ENTRY_STATUS_OWN] & OWNED_BY_HW))
		return "not-owned";
	return NULL;
}

void cmdq_doorbell(struct cmdq *q, u32 mask)
{
	u64 queue = iseg_queue(q->cx->iseg);
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		u64 addr = queue + ((u64)slot << ISEG_LOG_STRIDE);
		u8 entry[ENTRY_SIZE];
		const char *why;

		if (!(mask & BIT(slot)))
			continue;
		why = refuse_slot(q, slot, addr, entry);
		if (why)
			log_event(q->cx->log, "event", "doorbell-refused slot=%u why=%s", slot,
				  why);
		else
			start(q, slot, addr, entry);
	}
}

unsigned int cmdq_release(struct cmdq *q)
{
	unsigned int released = 0;
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		if (!q->jobs[slot] || !q->jobs[slot]->effect.hang)
			continue;
		finish(q->jobs[slot]);
		released++;
	}
	return released;
}

void cmdq_describe(const struct cmdq *q, void (*line)(void *arg, const char *text), void *arg)
{
	char text[96];
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		const struct job *job = q->jobs[slot];

		if (!job)
			continue;
		snprintf(text, sizeof(text), "job slot=%u opcode=0x%04x uid=%u %s", slot,
			 job->cmd.opcode, job->cmd.uid, job->effect.hang ? "hangs" : "delayed");
		line(arg, text);
	}
}
