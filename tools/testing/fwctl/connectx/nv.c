// SPDX-License-Identifier: GPL-2.0
/* The three stores and the firmware's rules for writes. */
#include <string.h>

#include "be.h"
#include "nv.h"

#define TYPE_PCI_CONF 0x00000080
#define TYPE_PCI_CAP 0x00000081
#define TYPE_LINK_TYPE 0x01010012

/* @writer: id of the tool that wrote next-boot, as given by the tool; 0 for factory values */
struct param {
	u8 value[NV_STORES][NV_SIZE_MAX];
	u8 writer;
};

struct nv {
	void (*changed)(void *arg, const struct nv *nv);
	void *arg;
	struct param params[];
};

/* Index of a parameter that the rules below use, which is always in the table. */
static int find_own(u32 type)
{
	int index = nv_find(type);

	if (index < 0)
		abort();
	return index;
}

/* The link type depends on the product; all other values come from the table. */
static void load_factory(struct nv *nv, enum nv_link link)
{
	size_t i, w;

	for (i = 0; i < nv_count; i++)
		for (w = 0; w < ARRAY_SIZE(nv_table[i].words); w++) {
			const struct nv_word *word = &nv_table[i].words[w];

			if (word->value)
				be32_put(nv->params[i].value[NV_FACTORY] + word->off, word->value);
		}
	field_set(nv->params[find_own(TYPE_LINK_TYPE)].value[NV_FACTORY], 0, 3, 2, link);
}

struct nv *nv_new(enum nv_link link)
{
	struct nv *nv = alloc_zeroed(sizeof(*nv) + nv_count * sizeof(nv->params[0]));

	load_factory(nv, link);
	nv_invalidate_all(nv);
	nv_boot(nv);
	return nv;
}

void nv_free(struct nv *nv)
{
	free(nv);
}

void nv_on_change(struct nv *nv, void (*fn)(void *arg, const struct nv *nv), void *arg)
{
	nv->changed = fn;
	nv->arg = arg;
}

void nv_boot(struct nv *nv)
{
	size_t i;

	for (i = 0; i < nv_count; i++)
		memcpy(nv->params[i].value[NV_CURRENT], nv->params[i].value[NV_NEXT], NV_SIZE_MAX);
}

int nv_find(u32 type)
{
	size_t i;

	for (i = 0; i < nv_count; i++)
		if (nv_table[i].type == type)
			return (int)i;
	return -1;
}

const u8 *nv_value(const struct nv *nv, int index, enum nv_store store)
{
	return nv->params[index].value[store];
}

u8 nv_writer(const struct nv *nv, int index)
{
	return nv->params[index].writer;
}

bool nv_written(const struct nv *nv, int index)
{
	const struct param *p = &nv->params[index];

	return memcmp(p->value[NV_NEXT], p->value[NV_FACTORY], NV_SIZE_MAX);
}

/* The SR-IOV enable bit and the numbers of PFs and VFs must be within the capability. */
static bool pci_conf_ok(const struct nv *nv, const u8 *data)
{
	const u8 *cap = nv_value(nv, find_own(TYPE_PCI_CAP), NV_FACTORY);

	if (field_get(data, 4, 31, 31) && !field_get(cap, 4, 31, 31))
		return false;
	return field_get(data, 4, 15, 0) <= field_get(cap, 4, 15, 0) &&
	       field_get(data, 4, 23, 16) <= field_get(cap, 4, 23, 16);
}

static bool link_type_ok(const struct nv *nv, const u8 *data)
{
	u32 link = field_get(data, 0, 3, 2);

	return link == NV_LINK_IB || link == NV_LINK_ETH;
}

static const struct rule {
	u32 type;
	bool (*ok)(const struct nv *nv, const u8 *data);
} rules[] = {
	{ TYPE_PCI_CONF, pci_conf_ok },
	{ TYPE_LINK_TYPE, link_type_ok },
};

/* Checks in this order: existence, permission, length, value. */
static enum syndrome check(const struct nv *nv, int index, const u8 *data, u32 len)
{
	size_t i;

	if (index < 0)
		return SYND_NV_ABSENT;
	if (nv_table[index].flags & NV_READ_ONLY)
		return SYND_NV_READ_ONLY;
	if (len != nv_table[index].size)
		return SYND_NV_LENGTH;
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].type == nv_table[index].type && !rules[i].ok(nv, data))
			return SYND_NV_RULE;
	return 0;
}

static void tell(struct nv *nv)
{
	if (nv->changed)
		nv->changed(nv->arg, nv);
}

enum syndrome nv_set(struct nv *nv, u32 type, const u8 *data, u32 len, u8 writer)
{
	int index = nv_find(type);
	enum syndrome bad = check(nv, index, data, len);

	if (bad)
		return bad;
	memcpy(nv->params[index].value[NV_NEXT], data, len);
	nv->params[index].writer = writer;
	tell(nv);
	return 0;
}

static void to_factory(struct param *p)
{
	memcpy(p->value[NV_NEXT], p->value[NV_FACTORY], NV_SIZE_MAX);
	p->writer = 0;
}

void nv_invalidate(struct nv *nv, int index)
{
	to_factory(&nv->params[index]);
	tell(nv);
}

void nv_invalidate_all(struct nv *nv)
{
	size_t i;

	for (i = 0; i < nv_count; i++)
		to_factory(&nv->params[i]);
	tell(nv);
}

enum nv_link nv_link_type(const struct nv *nv)
{
	return field_get(nv_value(nv, find_own(TYPE_LINK_TYPE), NV_CURRENT), 0, 3, 2);
}
