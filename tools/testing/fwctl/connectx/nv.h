/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Non-volatile configuration: a table of parameters (TLVs), each with three
 * values. Factory never changes; a tool writes next-boot; current is the copy of
 * next-boot that the running firmware made when it started.
 */
#ifndef CONNECTX_NV_H
#define CONNECTX_NV_H

#include "commands.h"
#include "types.h"

#define NV_SIZE_MAX 256

enum nv_store { NV_FACTORY, NV_CURRENT, NV_NEXT, NV_STORES };

/* Values of a port's link type. */
enum nv_link { NV_LINK_IB = 1, NV_LINK_ETH = 2 };

#define NV_READ_ONLY BIT(0)	/* capabilities and identity */

struct nv_word {
	u16 off;
	u32 value;
};

/**
 * struct nv_desc - one parameter
 * @type: the number by which MNVDA names it, port and host included
 * @words: factory value; words that are not listed are 0
 */
struct nv_desc {
	u32 type;
	u16 size;
	u8 flags;
	const char *name;
	struct nv_word words[8];
};

/* The table, nv_tlvs.c; ordered by type. */
extern const struct nv_desc nv_table[];
extern const size_t nv_count;

struct nv;

/* All three stores at factory values; @link is the factory's link type. */
struct nv *nv_new(enum nv_link link);
void nv_free(struct nv *nv);

/* Called after every change of next-boot. */
void nv_on_change(struct nv *nv, void (*fn)(void *arg, const struct nv *nv), void *arg);

/* Firmware start: current becomes next-boot. */
void nv_boot(struct nv *nv);

/* Index of a parameter, -1 when the device does not have it. */
int nv_find(u32 type);
const u8 *nv_value(const struct nv *nv, int index, enum nv_store store);
/* Id of the tool that wrote next-boot last, 0 for the factory value. */
u8 nv_writer(const struct nv *nv, int index);
/* True if next-boot differs from the factory value. */
bool nv_written(const struct nv *nv, int index);

/* Write next-boot after the firmware's checks; 0 or the syndrome. */
enum syndrome nv_set(struct nv *nv, u32 type, const u8 *data, u32 len, u8 writer);
/* Next-boot back to factory, one or all. */
void nv_invalidate(struct nv *nv, int index);
void nv_invalidate_all(struct nv *nv);

enum nv_link nv_link_type(const struct nv *nv);

#endif
