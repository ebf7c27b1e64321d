// SPDX-License-Identifier: GPL-2.0
/*
 * A bulk dump by one thread that keeps many calls in flight through io_uring. The row is
 * left out for a core without io_uring commands. A command has struct fwctl_rpc in the
 * second half of an SQE of 128 bytes; the CQE has the answer's length or an errno. Three
 * system calls are used directly, which are not worth a library.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/io_uring.h>

#include "bench.h"

#define DEPTH 64
#define BATCH 16

struct ring {
	int fd;
	struct io_uring_params p; /* filled in by the kernel: sizes and offsets */
	uint8_t *rings;		/* mapping of both queues */
	uint8_t *sqes;		/* mapping of the SQEs, of 128 bytes each */
};

static uint32_t *ring_at(const struct ring *ring, uint32_t offset)
{
	return (uint32_t *)(ring->rings + offset);
}

static void *ring_map(const struct ring *ring, size_t len, off_t offset)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring->fd, offset);

	if (at == MAP_FAILED)
		die("ring");
	return at;
}

static void ring_open(struct ring *ring)
{
	size_t sq, cq;

	*ring = (struct ring){ .p.flags = IORING_SETUP_SQE128 };
	ring->fd = syscall(SYS_io_uring_setup, DEPTH, &ring->p);
	if (ring->fd < 0)
		die("io_uring_setup");
	sq = ring->p.sq_off.array + ring->p.sq_entries * sizeof(uint32_t);
	cq = ring->p.cq_off.cqes + ring->p.cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = ring_map(ring, sq > cq ? sq : cq, IORING_OFF_SQ_RING);
	ring->sqes = ring_map(ring, ring->p.sq_entries * 128, IORING_OFF_SQES);
}

/* @slot: number of the pair of request and answer buffers, below DEPTH */
static void ring_add(const struct ring *ring, const struct bench *b, uint32_t slot)
{
	uint32_t *tail = ring_at(ring, ring->p.sq_off.tail);
	uint32_t at = *tail & *ring_at(ring, ring->p.sq_off.ring_mask);
	struct io_uring_sqe *sqe = (void *)(ring->sqes + at * 128);
	const struct fwctl_rpc rpc = {
		.size = sizeof(rpc),
		.scope = FWCTL_RPC_DEBUG_READ_ONLY,
		.in_len = b->len,
		.out_len = b->len,
		.in = (uintptr_t)(b->in + slot * b->len),
		.out = (uintptr_t)(b->out + slot * b->len),
	};

	memset(sqe, 0, 128);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = b->fd;
	sqe->off = FWCTL_RPC;	/* cmd_op, which old headers do not name */
	sqe->user_data = slot;
	memcpy((uint8_t *)sqe + 48, &rpc, sizeof(rpc));
	ring_at(ring, ring->p.sq_off.array)[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
}

static void ring_enter(const struct ring *ring, long added, long wanted)
{
	if (syscall(SYS_io_uring_enter, ring->fd, added, wanted,
		    IORING_ENTER_GETEVENTS, NULL, 0) != added)
		die("io_uring_enter");
}

/* Takes all CQEs, and adds an SQE for each of them while calls are left; returns those. */
static long ring_reap(const struct ring *ring, const struct bench *b,
		      long *left, int32_t *res)
{
	struct io_uring_cqe *cqes = (void *)(ring->rings + ring->p.cq_off.cqes);
	uint32_t mask = *ring_at(ring, ring->p.cq_off.ring_mask);
	uint32_t *head = ring_at(ring, ring->p.cq_off.head), at = *head;
	uint32_t tail = __atomic_load_n(ring_at(ring, ring->p.cq_off.tail),
					__ATOMIC_ACQUIRE);
	long added = 0;

	for (; at != tail; at++) {
		*res = cqes[at & mask].res;
		if (*left > 0) {
			ring_add(ring, b, cqes[at & mask].user_data);
			(*left)--;
			added++;
		}
		if (*res < 0)
			break;
	}
	__atomic_store_n(head, at, __ATOMIC_RELEASE);
	return added;
}

/* Returns the result of the last CQE read: the first error, if a call failed. */
static int32_t ring_send(const struct ring *ring, const struct bench *b, long calls)
{
	uint32_t *head = ring_at(ring, ring->p.cq_off.head);
	long depth = calls < DEPTH ? calls : DEPTH;
	long left = calls - depth, added = depth;
	uint32_t end = *head + calls;
	int32_t res = 0;

	for (uint32_t slot = 0; slot < depth; slot++)
		ring_add(ring, b, slot);
	while (*head != end && res >= 0) {
		uint32_t missing = end - *head;

		ring_enter(ring, added, missing < BATCH ? missing : BATCH);
		added = ring_reap(ring, b, &left, &res);
	}
	return res;
}

void run_uring(struct bench *b, const struct row *row, long calls)
{
	struct meter begin;
	struct ring ring;
	int32_t res;

	ring_open(&ring);
	for (uint32_t slot = 1; slot < DEPTH; slot++)
		memcpy(b->in + slot * b->len, b->in, b->len);
	res = ring_send(&ring, b, 1);
	if (res != -EOPNOTSUPP && res != -ENOTTY) {
		begin = meter_begin();
		if (res >= 0)
			res = ring_send(&ring, b, calls);
		meter_report(row->name, &begin, calls);
		errno = -res;
		if (res < 0)
			die("%s", row->name);
	}
	close(ring.fd);
}
