/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that have only a number and an owner: UAR pages, protection domains,
 * transport domains.
 */
#ifndef CONNECTX_OBJECTS_H
#define CONNECTX_OBJECTS_H

#include "types.h"

enum object_type { OBJECT_UAR, OBJECT_PD, OBJECT_TD, OBJECT_TYPES };

struct objects;

struct objects *objects_new(void);
void objects_free(struct objects *objects);
void objects_reset(struct objects *objects);

/* A new number, or 0 when all are taken. */
u32 objects_create(struct objects *objects, enum object_type type, u16 uid);
/* False when it does not exist or belongs to another UID. */
bool objects_destroy(struct objects *objects, enum object_type type, u32 id, u16 uid);
bool objects_exist(const struct objects *objects, enum object_type type, u32 id);
void objects_drop_uid(struct objects *objects, u16 uid);
unsigned int objects_count(const struct objects *objects, enum object_type type);

#endif
