/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User contexts: the UIDs that a driver puts into the commands of a user. The
 * rules here are the firmware's own check that the kernel does so.
 */
#ifndef CONNECTX_UCTX_H
#define CONNECTX_UCTX_H

#include "log.h"

#define UCTX_CAP_TOOLS BIT(2)		/* TOOLS_RESOURCES */
#define UCTX_CAPS UCTX_CAP_TOOLS	/* the capabilities that this device offers */
#define UCTX_CAPS_ALL 0x7U		/* those that it can be told to offer */
#define UCTX_LOG_MAX 10
/* Marks a resource that all users share; only completion EQs carry it. */
#define UID_SHARED 0xffff

struct uctxs;

struct uctxs *uctxs_new(struct log *log);
void uctxs_free(struct uctxs *uctxs);
/* Destroy all contexts; @why is logged with each that was still in use. */
void uctxs_reset(struct uctxs *uctxs, const char *why);

/* A new UID with @caps, or 0 when all are taken. */
u16 uctxs_create(struct uctxs *uctxs, u32 caps);
bool uctxs_destroy(struct uctxs *uctxs, u16 uid);
/* Returns false when there is no such UID; @caps may be NULL. */
bool uctxs_lookup(const struct uctxs *uctxs, u16 uid, u32 *caps);

void uctxs_describe(const struct uctxs *uctxs, void (*line)(void *arg, const char *text),
		    void *arg);

#endif
