/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device capabilities, from a table: a field that is not in the table is 0.
 * Every bit more makes the driver do more at probe, so the table is an
 * allow-list (README.md, "Capabilities").
 */
#ifndef CONNECTX_CAPS_H
#define CONNECTX_CAPS_H

#include "types.h"

#define CAPS_SIZE 4096
/* QUERY_HCA_CAP types that this device knows. */
#define CAPS_GENERAL 0x00
#define CAPS_DEBUG 0x0d
/* Functions other than the caller's whose capabilities may be named. */
#define CAPS_OTHER_FUNCTIONS 8

struct caps;

struct caps *caps_new(bool ethernet);
void caps_free(struct caps *caps);
/* Back to the table, as at firmware start. */
void caps_reset(struct caps *caps, bool ethernet);

/* CAPS_SIZE bytes, or NULL for a type that the device does not know. */
const u8 *caps_max(const struct caps *caps, u16 type);
/* The same of the caller's function (@function -1) or of another one. */
const u8 *caps_current(const struct caps *caps, int function, u16 type);
/* Store what of @in is writable; false when a value exceeds its maximum. */
bool caps_set(struct caps *caps, int function, u16 type, const u8 *in);

#endif
