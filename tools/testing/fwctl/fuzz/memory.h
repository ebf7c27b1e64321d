/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that a program's pointers point to: each region is mapped twice, once
 * writable and once read-only, with unmapped pages on both sides. So the contents of
 * every buffer can be set and checked, even if the kernel gets a read-only address.
 */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include "program.h"

/* Number of bytes watched before and after a buffer that the kernel may write */
#define GUARD 64

/**
 * struct region - see above
 * @rw: writable mapping
 * @ro: the same memory, read-only
 * @size: bytes of it
 */
struct region {
	u8 *rw;
	u8 *ro;
	size_t size;
};

/**
 * struct buffer - the buffer that a pointer points to
 * @addr: address given to the kernel
 * @len: length given to the kernel
 * @view: our writable mapping of the same bytes, or NULL
 * @there: number of bytes that are mapped
 * @writable: the kernel can write to them
 * @region: its region, or NULL
 */
struct buffer {
	u64 addr;
	size_t len;
	u8 *view;
	size_t there;
	bool writable;
	const struct region *region;
};

/**
 * struct watch - a copy of memory before a call
 * @at: address
 * @len: number of bytes
 * @was: the copy
 */
struct watch {
	const u8 *at;
	size_t len;
	u8 was[4096 + 2 * GUARD];
};

#define WATCHES 8

/**
 * struct memory - regions of one thread
 * @cmd: region for the ioctl's struct
 * @in: region for requests
 * @out: region for answers and device data
 * @watches: memory that is watched
 * @watches_len: number of watches
 */
struct memory {
	struct region cmd;
	struct region in;
	struct region out;
	struct watch watches[WATCHES];
	unsigned int watches_len;
};

void memory_init(struct memory *memory);
void memory_free(struct memory *memory);

/* @place: any place that does not depend on another buffer */
struct buffer buffer_at(const struct region *region, unsigned int place,
			size_t len);
/* A buffer that begins @offset bytes after the start of @other. */
struct buffer buffer_behind(const struct buffer *other, size_t offset,
			    size_t len);

bool buffer_readable(const struct buffer *buffer, size_t len);
bool buffer_writable(const struct buffer *buffer, size_t len);
/* Copy @data into the buffer, cut to its mapped bytes. */
void buffer_fill(const struct buffer *buffer, size_t offset, const void *data,
		 size_t len);
/* Write the pattern before and after the buffer. */
void buffer_guard(const struct buffer *buffer);
/* Write a pattern over the start and the end of the buffer. */
void buffer_paint(const struct buffer *buffer);

/*
 * Copy the buffer and the bytes around it; memory_changed() then finds a change
 * outside of the ranges that may change.
 */
void memory_watch_none(struct memory *memory);
void memory_watch(struct memory *memory, const struct buffer *buffer);

/**
 * struct range - bytes that may change
 * @at: address in our mapping, as @view of struct buffer
 * @len: number of bytes
 */
struct range {
	const u8 *at;
	size_t len;
};

/* Returns the first byte that has changed, or NULL. */
const u8 *memory_changed(const struct memory *memory, const struct range *may,
			 unsigned int may_len);

#endif
