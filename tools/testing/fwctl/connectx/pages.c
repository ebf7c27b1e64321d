// SPDX-License-Identifier: GPL-2.0
/* Addresses of the driver's pages, last in first out. The pages are never accessed. */
#include "be.h"
#include "pages.h"

struct pages {
	u64 *addr;
	u32 count;
	u32 room;
};

struct pages *pages_new(void)
{
	return alloc_zeroed(sizeof(struct pages));
}

void pages_reset(struct pages *pages)
{
	free(pages->addr);
	*pages = (struct pages){ 0 };
}

void pages_free(struct pages *pages)
{
	if (!pages)
		return;
	pages_reset(pages);
	free(pages);
}

void pages_give(struct pages *pages, const u8 *list, u32 count)
{
	u32 i;

	if (pages->count + count > pages->room) {
		pages->room = 2 * (pages->count + count);
		pages->addr = realloc(pages->addr, pages->room * sizeof(u64));
		if (!pages->addr)
			abort();
	}
	for (i = 0; i < count; i++)
		pages->addr[pages->count++] = be64_get(list + 8 * i);
}

u32 pages_take(struct pages *pages, u8 *list, u32 max)
{
	u32 i;

	for (i = 0; i < max && pages->count; i++)
		be64_put(list + 8 * i, pages->addr[--pages->count]);
	return i;
}

u32 pages_count(const struct pages *pages)
{
	return pages->count;
}
