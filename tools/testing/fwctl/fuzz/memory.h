/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that pointers of a program lead to: each region is mapped twice, once
 * writable and once read-only, with nothing mapped on either side. So contents can
 * be prepared and looked at wherever the kernel is sent.
 */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include "program.h"

/* Bytes watched in front of and behind what the kernel may write */
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
 * struct buffer - where a pointer leads to
 * @addr: what the kernel is told
 * @len: how many bytes it is told that there are
 * @view: where we see the same bytes, or NULL
 * @there: how many of them exist
 * @writable: the kernel can write to them
 * @region: where it lies, or NULL
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
 * struct watch - a piece of memory, as it was
 * @at: where
 * @len: bytes
 * @was: what was there
 */
struct watch {
	const u8 *at;
	size_t len;
	u8 was[4096 + 2 * GUARD];
};

#define WATCHES 8

/**
 * struct memory - what one thread works with
 * @cmd: for the ioctl's struct
 * @in: for requests
 * @out: for answers and device data
 * @watches: what is watched
 * @watches_len: how many
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

/* @place: one that needs no other buffer */
struct buffer buffer_at(const struct region *region, unsigned int place,
			size_t len);
/* @offset bytes behind the begin of @other */
struct buffer buffer_behind(const struct buffer *other, size_t offset,
			    size_t len);

bool buffer_readable(const struct buffer *buffer, size_t len);
bool buffer_writable(const struct buffer *buffer, size_t len);
/* As much of @data as there is room for */
void buffer_fill(const struct buffer *buffer, size_t offset, const void *data,
		 size_t len);
/* The pattern around it */
void buffer_guard(const struct buffer *buffer);
/* A pattern over the begin of it and over the end */
void buffer_paint(const struct buffer *buffer);

/*
 * Remember how the buffer and what is around it look; memory_changed() then tells
 * whether anything is different outside of the ranges that may be.
 */
void memory_watch_none(struct memory *memory);
void memory_watch(struct memory *memory, const struct buffer *buffer);

/**
 * struct range - bytes that may change, seen as in struct buffer
 * @at: where
 * @len: bytes
 */
struct range {
	const u8 *at;
	size_t len;
};

/* Returns the first byte that is different, or NULL. */
const u8 *memory_changed(const struct memory *memory, const struct range *may,
			 unsigned int may_len);

#endif
