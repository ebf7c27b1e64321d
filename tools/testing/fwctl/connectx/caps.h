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
/* Types of QUERY_HCA_CAP that this device supports. */
#define CAPS_GENERAL 0x00
#define CAPS_DEBUG 0x0d
#define CAPS_GENERAL2 0x20
/* Number of functions, beside the caller's own, that have capabilities. */
#define CAPS_OTHER_FUNCTIONS 8
/*
 * The caller's own vhca_id. The ids below it are those of the other functions, the last
 * function first, so that a vhca_id taken for a function_id finds the wrong one.
 */
#define CAPS_VHCA_ID CAPS_OTHER_FUNCTIONS

struct caps;

struct caps *caps_new(bool ethernet);
void caps_free(struct caps *caps);
/* Reset all capabilities to the table's values, as at firmware start. */
void caps_reset(struct caps *caps, bool ethernet);

/* Change uctx_cap, also for later resets; a driver reads it when it loads. */
void caps_set_uctx(struct caps *caps, u32 uctx_cap);
u32 caps_uctx(const struct caps *caps);

/* Maximum values, CAPS_SIZE bytes, or NULL for an unknown type. */
const u8 *caps_max(const struct caps *caps, u16 type);
/* Current values of the caller's function (@function -1) or of another one. */
const u8 *caps_current(const struct caps *caps, int function, u16 type);
/* Store the writable fields of @in; false when a value exceeds its maximum. */
bool caps_set(struct caps *caps, int function, u16 type, const u8 *in);

#endif
