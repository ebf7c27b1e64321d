/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest memory as the device sees it through DMA: only the ranges that the peer
 * has mapped. An access outside them returns an error and never raises a signal.
 */
#ifndef CONNECTX_GUEST_H
#define CONNECTX_GUEST_H

#include "types.h"

#define GUEST_READ 1	/* the device may read the range */
#define GUEST_WRITE 2	/* the device may write the range */

struct guest;

struct guest *guest_new(void);
void guest_free(struct guest *guest);

/**
 * guest_map() - make a range of guest memory accessible
 * @fd: shareable memory behind the range, or -1: the range is known but the
 *	device cannot reach it. Not kept; the caller closes it.
 * @offset: where the range begins in @fd
 * @access: GUEST_READ, GUEST_WRITE
 *
 * Returns 0, -EEXIST when it overlaps a mapped range, -EINVAL when @fd does
 * not hold that much (touching it would raise SIGBUS), or mmap's error.
 */
int guest_map(struct guest *guest, u64 addr, u64 size, int fd, u64 offset, u32 access);
/* Unmap the ranges within [addr, addr + size); -ENOENT when there are none. */
int guest_unmap(struct guest *guest, u64 addr, u64 size);
void guest_unmap_all(struct guest *guest);

/* 0, or -EFAULT with nothing transferred when any byte is out of reach. */
int guest_read(struct guest *guest, u64 addr, void *buf, size_t len);
int guest_write(struct guest *guest, u64 addr, const void *buf, size_t len);
/* Store one byte with release semantics, to hand the memory written before to the driver. */
int guest_release(struct guest *guest, u64 addr, u8 val);

#endif
