/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access to big-endian fields. All data that the device and its driver exchange
 * (MMIO, commands, events, registers) is big-endian. A field is named by the
 * byte offset of its 32-bit word and by its highest and lowest bit in that word,
 * as in the programmer's reference.
 */
#ifndef CONNECTX_BE_H
#define CONNECTX_BE_H

#include <endian.h>
#include <string.h>
#include "types.h"

static inline u16 be16_get(const void *p)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return be16toh(v);
}

static inline u32 be32_get(const void *p)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static inline u64 be64_get(const void *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

static inline void be16_put(void *p, u16 v)
{
	v = htobe16(v);
	memcpy(p, &v, sizeof(v));
}

static inline void be32_put(void *p, u32 v)
{
	v = htobe32(v);
	memcpy(p, &v, sizeof(v));
}

static inline void be64_put(void *p, u64 v)
{
	v = htobe64(v);
	memcpy(p, &v, sizeof(v));
}

static inline u32 field_mask(unsigned int hi, unsigned int lo)
{
	return (u32)((BIT_ULL(hi - lo + 1) - 1) << lo);
}

/* field_get() - bits hi..lo of the big-endian word at byte @off of @buf */
static inline u32 field_get(const void *buf, size_t off, unsigned int hi, unsigned int lo)
{
	return (be32_get((const u8 *)buf + off) & field_mask(hi, lo)) >> lo;
}

/* field_set() - replace bits hi..lo of the word at @off; excess bits are cut */
static inline void field_set(void *buf, size_t off, unsigned int hi, unsigned int lo, u32 val)
{
	u32 mask = field_mask(hi, lo);
	u8 *p = (u8 *)buf + off;

	be32_put(p, (be32_get(p) & ~mask) | ((val << lo) & mask));
}

#endif
