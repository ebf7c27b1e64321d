// SPDX-License-Identifier: GPL-2.0
/* Regions, buffers in them, and the memory that must not change. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"

#define CMD_SIZE_MAX (4 * 4096)
#define DATA_SIZE_MAX ((2U << 20) + (64U << 10))

/* A byte that no answer consists of */
#define PATTERN 0xa5

/* Kernel text on x86-64, and not a user address on any architecture */
#define KERNEL_ADDR 0xffffffff81000000ULL

static u8 *map_between_holes(int fd, size_t size, int prot)
{
	long page = sysconf(_SC_PAGESIZE);
	u8 *hole = mmap(NULL, size + 2 * page, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (hole == MAP_FAILED ||
	    mmap(hole + page, size, prot, MAP_SHARED | MAP_FIXED, fd, 0) ==
	    MAP_FAILED)
		abort();
	return hole + page;
}

static void region_init(struct region *region, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, size))
		abort();
	region->size = size;
	region->rw = map_between_holes(fd, size, PROT_READ | PROT_WRITE);
	region->ro = map_between_holes(fd, size, PROT_READ);
	close(fd);
}

static void region_free(struct region *region)
{
	long page = sysconf(_SC_PAGESIZE);

	munmap(region->rw - page, region->size + 2 * page);
	munmap(region->ro - page, region->size + 2 * page);
}

void memory_init(struct memory *memory)
{
	region_init(&memory->cmd, CMD_SIZE_MAX);
	region_init(&memory->in, DATA_SIZE_MAX);
	region_init(&memory->out, DATA_SIZE_MAX);
	memory->watches_len = 0;
}

void memory_free(struct memory *memory)
{
	region_free(&memory->cmd);
	region_free(&memory->in);
	region_free(&memory->out);
}

static struct buffer nowhere(u64 addr, size_t len)
{
	return (struct buffer){ .addr = addr, .len = len };
}

static struct buffer somewhere(const struct region *region, bool writable,
			       size_t offset, size_t len)
{
	return (struct buffer){
		.addr = (uintptr_t)(writable ? region->rw : region->ro) + offset,
		.len = len,
		.view = region->rw + offset,
		.there = MIN(len, region->size - offset),
		.writable = writable,
		.region = region,
	};
}

struct buffer buffer_at(const struct region *region, unsigned int place,
			size_t len)
{
	size_t fits = MIN(len, region->size - 2 * GUARD);

	switch (place) {
	case PLACE_VALID:
		return somewhere(region, true, GUARD, len);
	case PLACE_ODD:
		return somewhere(region, true, GUARD + 1, len);
	case PLACE_EDGE:
		return somewhere(region, true, region->size - fits, len);
	case PLACE_READONLY:
		return somewhere(region, false, GUARD, len);
	case PLACE_ACROSS:
		return somewhere(region, true, region->size - fits / 2, len);
	case PLACE_UNMAPPED:
		return nowhere((uintptr_t)region->rw + region->size, len);
	case PLACE_KERNEL:
		return nowhere(KERNEL_ADDR, len);
	default:
		return nowhere(0, len);
	}
}

struct buffer buffer_behind(const struct buffer *other, size_t offset,
			    size_t len)
{
	size_t at;

	if (!other->view)
		return nowhere(other->addr + offset, len);
	at = other->view - other->region->rw + offset;
	if (at > other->region->size)
		return nowhere(other->addr + offset, len);
	return somewhere(other->region, other->writable, at, len);
}

bool buffer_readable(const struct buffer *buffer, size_t len)
{
	return !len || (buffer->view && buffer->there >= len);
}

bool buffer_writable(const struct buffer *buffer, size_t len)
{
	return !len || (buffer->writable && buffer->there >= len);
}

void buffer_fill(const struct buffer *buffer, size_t offset, const void *data,
		 size_t len)
{
	if (buffer->view && offset < buffer->there)
		memcpy(buffer->view + offset, data,
		       MIN(len, buffer->there - offset));
}

void buffer_paint(const struct buffer *buffer)
{
	size_t most = MIN(buffer->there, 4096);

	if (!buffer->view)
		return;
	memset(buffer->view, PATTERN, most);
	memset(buffer->view + buffer->there - most, PATTERN, most);
}

static size_t guard_before(const struct buffer *buffer)
{
	return MIN(GUARD, (size_t)(buffer->view - buffer->region->rw));
}

static size_t guard_behind(const struct buffer *buffer)
{
	const u8 *end = buffer->region->rw + buffer->region->size;

	return MIN(GUARD, (size_t)(end - buffer->view) - buffer->there);
}

void buffer_guard(const struct buffer *buffer)
{
	if (!buffer->view)
		return;
	memset(buffer->view - guard_before(buffer), PATTERN,
	       guard_before(buffer));
	memset(buffer->view + buffer->there, PATTERN, guard_behind(buffer));
}

void memory_watch_none(struct memory *memory)
{
	memory->watches_len = 0;
}

static void watch_add(struct memory *memory, const u8 *at, size_t len)
{
	struct watch *watch = &memory->watches[memory->watches_len];

	if (memory->watches_len == WATCHES || !len)
		return;
	memory->watches_len++;
	watch->at = at;
	watch->len = MIN(len, sizeof(watch->was));
	memcpy(watch->was, at, watch->len);
}

void memory_watch(struct memory *memory, const struct buffer *buffer)
{
	size_t before, behind;

	if (!buffer->view)
		return;
	before = guard_before(buffer);
	behind = guard_behind(buffer);
	watch_add(memory, buffer->view - before,
		  before + MIN(buffer->there, 4096) +
		  (buffer->there <= 4096 ? behind : 0));
	if (buffer->there > 4096)
		watch_add(memory, buffer->view + buffer->there - GUARD,
			  GUARD + behind);
}

static bool in_range(const u8 *at, const struct range *may, unsigned int may_len)
{
	for (unsigned int i = 0; i < may_len; i++)
		if (at >= may[i].at && at < may[i].at + may[i].len)
			return true;
	return false;
}

static const u8 *watch_changed(const struct watch *watch,
			       const struct range *may, unsigned int may_len)
{
	if (!memcmp(watch->at, watch->was, watch->len))
		return NULL;
	for (size_t i = 0; i < watch->len; i++)
		if (watch->at[i] != watch->was[i] &&
		    !in_range(watch->at + i, may, may_len))
			return watch->at + i;
	return NULL;
}

const u8 *memory_changed(const struct memory *memory, const struct range *may,
			 unsigned int may_len)
{
	for (unsigned int i = 0; i < memory->watches_len; i++) {
		const u8 *at = watch_changed(&memory->watches[i], may, may_len);

		if (at)
			return at;
	}
	return NULL;
}
