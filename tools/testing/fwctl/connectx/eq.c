// SPDX-License-Identifier: GPL-2.0
/*
 * Event queues. Entries are written body first, owner byte last; the owner bit
 * is the parity of the lap, and software presets it to 1, so lap 0 writes 0.
 */
#include <stdio.h>
#include <string.h>

#include "be.h"
#include "eq.h"

#define EQE_SIZE 64U
#define EQE_TYPE 0x01
#define EQE_SUB_TYPE 0x03
#define EQE_DATA 0x20
#define EQE_DATA_SIZE 28
#define EQE_OWNER 0x3f

#define EQ_LOG_SIZE_MAX 22U

/**
 * struct eq - one ring
 * @token: unique over the life of the process; 0 if the number is free
 * @uid: owner, 0 for the kernel, UID_SHARED for all
 * @intr: MSI-X vector
 * @mask: event types sent to this queue, 64 a word
 * @produced: entries ever written; the bits above @log_size count the laps
 * @consumed: consumer index of the last doorbell, 24 bits of the same count
 * @context: as created, for QUERY_EQ
 * @pages: guest addresses of the ring's pages
 */
struct eq {
	u64 token;
	u16 uid;
	u32 log_size;
	u32 page_shift;
	u16 intr;
	u64 mask[4];
	u32 produced;
	u32 consumed;
	u8 context[EQ_CONTEXT_SIZE];
	u64 *pages;
};

struct eqs {
	struct guest *guest;
	struct irqs *irqs;
	struct log *log;
	u64 last_token;
	struct eq eq[1 << EQ_LOG_MAX];	/* number 0 stays free */
};

struct eqs *eqs_new(struct guest *guest, struct irqs *irqs, struct log *log)
{
	struct eqs *eqs = alloc_zeroed(sizeof(*eqs));

	eqs->guest = guest;
	eqs->irqs = irqs;
	eqs->log = log;
	return eqs;
}

static void drop(struct eq *eq)
{
	free(eq->pages);
	memset(eq, 0, sizeof(*eq));
}

void eqs_reset(struct eqs *eqs)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(eqs->eq); i++)
		drop(&eqs->eq[i]);
}

void eqs_free(struct eqs *eqs)
{
	if (!eqs)
		return;
	eqs_reset(eqs);
	free(eqs);
}

static u32 log_size(const u8 *eqc)
{
	return field_get(eqc, 0x0c, 28, 24);
}

static u32 page_shift(const u8 *eqc)
{
	return field_get(eqc, 0x18, 28, 24) + 12;
}

u64 eq_page_list_size(const u8 *eqc)
{
	u64 page = 1ULL << page_shift(eqc);

	if (log_size(eqc) > EQ_LOG_SIZE_MAX)
		return 0;
	return (((u64)EQE_SIZE << log_size(eqc)) + page - 1) / page * sizeof(u64);
}

static struct eq *free_eq(struct eqs *eqs)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(eqs->eq); i++)
		if (!eqs->eq[i].token)
			return &eqs->eq[i];
	return NULL;
}

u8 eqs_create(struct eqs *eqs, u16 uid, const u8 *eqc, const u8 *mask, const u8 *pas)
{
	u64 pages = eq_page_list_size(eqc) / sizeof(u64);
	struct eq *eq = free_eq(eqs);
	u64 i;

	if (!eq)
		return 0;
	eq->token = ++eqs->last_token;
	eq->uid = uid;
	eq->log_size = log_size(eqc);
	eq->page_shift = page_shift(eqc);
	eq->intr = (u16)field_get(eqc, 0x14, 11, 0);
	memcpy(eq->context, eqc, sizeof(eq->context));
	for (i = 0; i < ARRAY_SIZE(eq->mask); i++)
		eq->mask[i] = be64_get(mask + 8 * i);
	eq->pages = alloc_zeroed(pages * sizeof(u64));
	for (i = 0; i < pages; i++)
		eq->pages[i] = be64_get(pas + 8 * i);
	return (u8)(eq - eqs->eq);
}

static struct eq *by_number(struct eqs *eqs, u8 eqn)
{
	if (eqn >= ARRAY_SIZE(eqs->eq) || !eqs->eq[eqn].token)
		return NULL;
	return &eqs->eq[eqn];
}

bool eqs_destroy(struct eqs *eqs, u8 eqn)
{
	struct eq *eq = by_number(eqs, eqn);

	if (!eq)
		return false;
	drop(eq);
	return true;
}

const u8 *eqs_context(const struct eqs *eqs, u8 eqn, u64 mask[4])
{
	const struct eq *eq = by_number((struct eqs *)eqs, eqn);

	if (!eq)
		return NULL;
	memcpy(mask, eq->mask, sizeof(eq->mask));
	return eq->context;
}

void eqs_drop_uid(struct eqs *eqs, u16 uid)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(eqs->eq); i++)
		if (eqs->eq[i].token && eqs->eq[i].uid == uid)
			drop(&eqs->eq[i]);
}

static bool subscribes(const struct eq *eq, u8 type)
{
	return eq->token && eq->mask[type / 64] & BIT_ULL(type % 64);
}

u64 eqs_command_queue(const struct eqs *eqs)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(eqs->eq); i++)
		if (subscribes(&eqs->eq[i], EQ_EVENT_COMMAND))
			return eqs->eq[i].token;
	return 0;
}

/* Pages of the ring need not be contiguous in the guest. */
static u64 entry_address(const struct eq *eq, u32 index)
{
	u64 off = (u64)index * EQE_SIZE;

	return eq->pages[off >> eq->page_shift] + (off & ((1ULL << eq->page_shift) - 1));
}

/*
 * Never overwrites entries that the driver has not consumed. The owner byte is
 * stored after the body, with release semantics, because the driver polls it.
 */
static void append(struct eqs *eqs, struct eq *eq, u8 eqe[EQE_SIZE])
{
	u32 size = 1U << eq->log_size;
	u64 addr = entry_address(eq, eq->produced & (size - 1));
	u8 owner = eq->produced >> eq->log_size & 1;

	if (((eq->produced - eq->consumed) & 0xffffff) >= size) {
		log_event(eqs->log, "event", "eq-overrun eqn=%u", (unsigned int)(eq - eqs->eq));
		return;
	}
	if (guest_write(eqs->guest, addr, eqe, EQE_OWNER) ||
	    guest_release(eqs->guest, addr + EQE_OWNER, owner)) {
		log_event(eqs->log, "event", "eq-unreachable eqn=%u addr=0x%llx",
			  (unsigned int)(eq - eqs->eq), (unsigned long long)addr);
		return;
	}
	eq->produced++;
}

/* Raise the vector without regard to the arm state: a needless interrupt is harmless. */
void eqs_post(struct eqs *eqs, enum eq_event type, u8 sub_type, const u8 data[28], bool quiet)
{
	u8 eqe[EQE_SIZE] = { [EQE_TYPE] = type, [EQE_SUB_TYPE] = sub_type };
	size_t i;

	memcpy(eqe + EQE_DATA, data, EQE_DATA_SIZE);
	for (i = 1; i < ARRAY_SIZE(eqs->eq); i++) {
		if (!subscribes(&eqs->eq[i], type))
			continue;
		append(eqs, &eqs->eq[i], eqe);
		if (!quiet)
			irq_raise(eqs->irqs, eqs->eq[i].intr);
	}
}

void eqs_doorbell(struct eqs *eqs, u32 word, bool arm)
{
	struct eq *eq = by_number(eqs, (u8)(word >> 24));

	if (!eq)
		return;
	eq->consumed = word & 0xffffff;
	/* Raise now for entries appended after the driver's last poll, or they would wait. */
	if (arm && eq->consumed != (eq->produced & 0xffffff))
		irq_raise(eqs->irqs, eq->intr);
}

void eqs_describe(const struct eqs *eqs, void (*line)(void *arg, const char *text), void *arg)
{
	char text[160];
	size_t i;

	for (i = 1; i < ARRAY_SIZE(eqs->eq); i++) {
		const struct eq *eq = &eqs->eq[i];

		if (!eq->token)
			continue;
		snprintf(text, sizeof(text),
			 "eq eqn=%zu uid=%u intr=%u size=%u produced=%u consumed=%u mask=0x%016llx",
			 i, eq->uid, eq->intr, 1U << eq->log_size, eq->produced, eq->consumed,
			 (unsigned long long)eq->mask[0]);
		line(arg, text);
	}
}
