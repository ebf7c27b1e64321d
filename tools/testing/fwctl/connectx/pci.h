/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PCI configuration space: identity, BAR types and the capabilities that
 * mlx5_core reads. The peer does BAR sizing, the command register and MSI-X
 * masking.
 */
#ifndef CONNECTX_PCI_H
#define CONNECTX_PCI_H

#include "types.h"

#define PCI_CONFIG_SIZE 4096
#define PCI_MSIX_VECTORS_MAX 2048
/* BAR for MSI-X table and pending bits, separate from the UARs in BAR 0. */
#define PCI_MSIX_BAR 2
#define PCI_MSIX_BAR_SIZE 0x10000

struct pci;

struct pci *pci_new(u16 device_id, bool vf, bool ethernet, unsigned int vectors);
void pci_free(struct pci *pci);

/* The caller has checked that off + len lies inside PCI_CONFIG_SIZE. */
void pci_read(const struct pci *pci, u64 off, void *buf, u32 len);
/* Returns true when the write asks for a function level reset. */
bool pci_write(struct pci *pci, u64 off, const void *buf, u32 len);
void pci_reset(struct pci *pci);

#endif
