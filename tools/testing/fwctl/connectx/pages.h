/* SPDX-License-Identifier: GPL-2.0 */
/* Pages of host memory that the firmware asks the driver for, and gives back. */
#ifndef CONNECTX_PAGES_H
#define CONNECTX_PAGES_H

#include "types.h"

struct pages;

struct pages *pages_new(void);
void pages_free(struct pages *pages);
void pages_reset(struct pages *pages);

void pages_give(struct pages *pages, const u8 *list, u32 count);
/* Move up to @max addresses to @list, big-endian. Returns their number. */
u32 pages_take(struct pages *pages, u8 *list, u32 max);
u32 pages_count(const struct pages *pages);

#endif
