// SPDX-License-Identifier: GPL-2.0
/* The list of mapped guest memory ranges, and checked copies in and out. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "guest.h"

/* One DMA_MAP. Ranges do not overlap, so the order of the list does not matter. */
struct range {
	u64 addr;
	u64 size;
	u32 access;
	u8 *mem;	/* NULL: mapped, but the device cannot access it */
	struct range *next;
};

struct guest {
	struct range *ranges;
};

struct guest *guest_new(void)
{
	return alloc_zeroed(sizeof(struct guest));
}

void guest_free(struct guest *guest)
{
	if (!guest)
		return;
	guest_unmap_all(guest);
	free(guest);
}

static bool overlaps(const struct range *r, u64 addr, u64 size)
{
	return addr < r->addr + r->size && r->addr < addr + size;
}

/* MAP_SHARED: the guest's processors see what the device stores, and vice versa. */
static int map_fd(struct range *r, int fd, u64 offset)
{
	int prot = 0;
	struct stat st;
	void *mem;

	if (fstat(fd, &st) || offset + r->size < offset || (u64)st.st_size < offset + r->size)
		return -EINVAL;
	if (r->access & GUEST_READ)
		prot |= PROT_READ;
	if (r->access & GUEST_WRITE)
		prot |= PROT_WRITE;
	mem = mmap(NULL, r->size, prot, MAP_SHARED, fd, (off_t)offset);
	if (mem == MAP_FAILED)
		return -errno;
	r->mem = mem;
	return 0;
}

int guest_map(struct guest *guest, u64 addr, u64 size, int fd, u64 offset, u32 access)
{
	struct range *r;
	int err;

	if (!size || addr + size < addr)
		return -EINVAL;
	for (r = guest->ranges; r; r = r->next)
		if (overlaps(r, addr, size))
			return -EEXIST;
	r = alloc_zeroed(sizeof(*r));
	r->addr = addr;
	r->size = size;
	r->access = access;
	err = fd >= 0 ? map_fd(r, fd, offset) : 0;
	if (err) {
		free(r);
		return err;
	}
	r->next = guest->ranges;
	guest->ranges = r;
	return 0;
}

/* Unmaps whole ranges only: the peer unmaps the same ranges that it has mapped. */
int guest_unmap(struct guest *guest, u64 addr, u64 size)
{
	struct range **p = &guest->ranges;
	int err = -ENOENT;

	while (*p) {
		struct range *r = *p;

		if (r->addr < addr || r->addr - addr >= size || r->size > size - (r->addr - addr)) {
			p = &r->next;
			continue;
		}
		*p = r->next;
		if (r->mem)
			munmap(r->mem, r->size);
		free(r);
		err = 0;
	}
	return err;
}

void guest_unmap_all(struct guest *guest)
{
	guest_unmap(guest, 0, UINT64_MAX);
}

/* Pointer to the memory at @addr; cuts *@len to the contiguous part. */
static u8 *reach(struct guest *guest, u64 addr, size_t *len, u32 access)
{
	struct range *r;

	for (r = guest->ranges; r; r = r->next) {
		if (addr < r->addr || addr - r->addr >= r->size)
			continue;
		if (!r->mem || !(r->access & access))
			return NULL;
		*len = MIN(*len, r->size - (addr - r->addr));
		return r->mem + (addr - r->addr);
	}
	return NULL;
}

/* Check the whole range before a copy, so that a failed copy transfers no byte. */
static bool reachable(struct guest *guest, u64 addr, size_t len, u32 access)
{
	while (len) {
		size_t part = len;

		if (!reach(guest, addr, &part, access))
			return false;
		addr += part;
		len -= part;
	}
	return true;
}

int guest_read(struct guest *guest, u64 addr, void *buf, size_t len)
{
	if (!reachable(guest, addr, len, GUEST_READ))
		return -EFAULT;
	while (len) {
		size_t part = len;
		u8 *mem = reach(guest, addr, &part, GUEST_READ);

		memcpy(buf, mem, part);
		buf = (u8 *)buf + part;
		addr += part;
		len -= part;
	}
	return 0;
}

int guest_write(struct guest *guest, u64 addr, const void *buf, size_t len)
{
	if (!reachable(guest, addr, len, GUEST_WRITE))
		return -EFAULT;
	while (len) {
		size_t part = len;
		u8 *mem = reach(guest, addr, &part, GUEST_WRITE);

		memcpy(mem, buf, part);
		buf = (const u8 *)buf + part;
		addr += part;
		len -= part;
	}
	return 0;
}

int guest_release(struct guest *guest, u64 addr, u8 val)
{
	size_t len = 1;
	u8 *mem = reach(guest, addr, &len, GUEST_WRITE);

	if (!mem)
		return -EFAULT;
	__atomic_store_n(mem, val, __ATOMIC_RELEASE);
	return 0;
}
