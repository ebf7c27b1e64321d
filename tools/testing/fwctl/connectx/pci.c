// SPDX-License-Identifier: GPL-2.0
/* Configuration space from a table of (offset, value, writable bits). */
#include <endian.h>
#include <string.h>

#include "pci.h"

#define CAP_PM 0x40
#define CAP_EXP 0x60
#define CAP_MSIX 0x9c
#define CAP_VENDOR 0xc0
#define CAP_VENDOR_SIZE 0x18

#define EXP_DEVCTL (CAP_EXP + 8)
#define EXP_DEVCTL_FLR BIT(15)

/* @initial: contents after a reset; @writable: mask of the bits that can be written */
struct pci {
	u8 config[PCI_CONFIG_SIZE];
	u8 initial[PCI_CONFIG_SIZE];
	u8 writable[PCI_CONFIG_SIZE];
};

struct config_row {
	u16 off;
	u32 value;
	u32 writable;
};

static const struct config_row common[] = {
	{ 0x04, 0x00100000, 0x00000547 },	/* status: has capabilities */
	{ 0x10, 0x0000000c, 0 },			/* BAR0: memory, 64 bit, prefetchable */
	{ 0x18, 0x0000000c, 0 },			/* BAR2: the same */
	{ 0x34, CAP_PM, 0 },
	{ CAP_PM, 0x00030001 | CAP_EXP << 8, 0 },
	{ CAP_PM + 4, 0x00000008, 0x00000003 },	/* no soft reset; power state */
	{ CAP_EXP, 0x00020010 | CAP_MSIX << 8, 0 },/* version 2, endpoint */
	{ CAP_EXP + 0x04, 0x10008002, 0 },		/* function level reset, 512 byte payload */
	{ EXP_DEVCTL, 0x00002810, 0x00007fff },
	{ CAP_EXP + 0x0c, 0x00000084, 0 },		/* link: 16 GT/s, x8 */
	{ CAP_EXP + 0x10, 0x00840000, 0x00000003 },
};

/* An absent word is 0; little-endian, unlike all the rest of this device. */
static void put(struct pci *pci, const struct config_row *row)
{
	u32 value = htole32(row->value);
	u32 writable = htole32(row->writable);

	memcpy(pci->initial + row->off, &value, sizeof(value));
	memcpy(pci->writable + row->off, &writable, sizeof(writable));
}

static void put_msix(struct pci *pci, unsigned int vectors, u8 next)
{
	const struct config_row rows[] = {
		{ CAP_MSIX, 0x11 | (u32)next << 8 | (vectors - 1) << 16, 0xc0000000 },
		{ CAP_MSIX + 4, 0x0000 | PCI_MSIX_BAR, 0 },
		{ CAP_MSIX + 8, 0x8000 | PCI_MSIX_BAR, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		put(pci, &rows[i]);
}

struct pci *pci_new(u16 device_id, bool vf, bool ethernet, unsigned int vectors)
{
	const struct config_row identity[] = {
		{ 0x00, 0x15b3 | (u32)device_id << 16, 0 },
		{ 0x08, ethernet ? 0x02000000 : 0x02070000, 0 },
		{ 0x2c, 0x15b3 | 0x0023U << 16, 0 },
	};
	/*
	 * The vendor capability reads 0 and ignores writes: the driver then
	 * leaves its crash dump off. Only physical functions have it.
	 */
	const struct config_row vendor = { CAP_VENDOR, 0x09 | CAP_VENDOR_SIZE << 16, 0 };
	struct pci *pci = alloc_zeroed(sizeof(*pci));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(common); i++)
		put(pci, &common[i]);
	for (i = 0; i < ARRAY_SIZE(identity); i++)
		put(pci, &identity[i]);
	put_msix(pci, vectors, vf ? 0 : CAP_VENDOR);
	if (!vf)
		put(pci, &vendor);
	pci_reset(pci);
	return pci;
}

void pci_free(struct pci *pci)
{
	free(pci);
}

void pci_reset(struct pci *pci)
{
	memcpy(pci->config, pci->initial, sizeof(pci->config));
}

void pci_read(const struct pci *pci, u64 off, void *buf, u32 len)
{
	memcpy(buf, pci->config + off, len);
}

bool pci_write(struct pci *pci, u64 off, const void *buf, u32 len)
{
	const u8 *src = buf;
	const u64 flr = EXP_DEVCTL + 1;	/* the byte that holds the bit */
	u32 i;

	for (i = 0; i < len; i++) {
		u8 mask = pci->writable[off + i];

		pci->config[off + i] = (u8)((pci->config[off + i] & ~mask) | (src[i] & mask));
	}
	return off <= flr && flr < off + len && src[flr - off] & (EXP_DEVCTL_FLR >> 8);
}
