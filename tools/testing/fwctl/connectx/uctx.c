// SPDX-License-Identifier: GPL-2.0
/*
 * The table of user contexts. A UID is reused only after all others have been
 * allocated, and a reset does not restart the numbering, so that a driver that
 * uses a dead UID gets an error.
 */
#include <stdio.h>

#include "uctx.h"

#define UID_LAST 0xfffe

struct uctx {
	bool used;
	u32 caps;
};

/**
 * struct uctxs - all of them, by UID; entry 0, the kernel, stays unused
 * @newest: the UID allocated last, kept across resets
 */
struct uctxs {
	struct log *log;
	u16 newest;
	u32 count;
	struct uctx uctx[UID_LAST + 1];
};

struct uctxs *uctxs_new(struct log *log)
{
	struct uctxs *uctxs = alloc_zeroed(sizeof(*uctxs));

	uctxs->log = log;
	return uctxs;
}

void uctxs_free(struct uctxs *uctxs)
{
	free(uctxs);
}

void uctxs_reset(struct uctxs *uctxs, const char *why)
{
	u32 uid;

	for (uid = 1; uctxs->count && uid <= UID_LAST; uid++)
		if (uctxs_destroy(uctxs, (u16)uid))
			log_event(uctxs->log, "event", "uctx-dropped uid=%u by=%s", uid, why);
}

u16 uctxs_create(struct uctxs *uctxs, u32 caps)
{
	u16 uid = uctxs->newest;

	if (uctxs->count >= 1U << UCTX_LOG_MAX)
		return 0;
	do {
		uid = uid == UID_LAST ? 1 : (u16)(uid + 1);
	} while (uctxs->uctx[uid].used);
	uctxs->uctx[uid] = (struct uctx){ .used = true, .caps = caps };
	uctxs->newest = uid;
	uctxs->count++;
	return uid;
}

bool uctxs_lookup(const struct uctxs *uctxs, u16 uid, u32 *caps)
{
	if (!uid || uid > UID_LAST || !uctxs->uctx[uid].used)
		return false;
	if (caps)
		*caps = uctxs->uctx[uid].caps;
	return true;
}

bool uctxs_destroy(struct uctxs *uctxs, u16 uid)
{
	if (!uctxs_lookup(uctxs, uid, NULL))
		return false;
	uctxs->uctx[uid].used = false;
	uctxs->count--;
	return true;
}

void uctxs_describe(const struct uctxs *uctxs, void (*line)(void *arg, const char *text),
		    void *arg)
{
	char text[64];
	u32 uid;

	for (uid = 1; uid <= UID_LAST; uid++) {
		if (!uctxs->uctx[uid].used)
			continue;
		snprintf(text, sizeof(text), "uctx uid=%u caps=0x%x", uid, uctxs->uctx[uid].caps);
		line(arg, text);
	}
}
