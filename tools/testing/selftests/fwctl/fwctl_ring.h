/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ring of io_uring, as small as it can be, also for wrong SQEs, which liburing would not
 * submit. One thread, no library.
 */
#ifndef FWCTL_RING_H
#define FWCTL_RING_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/io_uring.h>

#include "fwctl_stall.h"

/* Bytes of an SQE that are the command's */
#define RING_CMD_ROOM 80

/**
 * struct ring - a ring
 * @fd: its descriptor
 * @p: the kernel's description of it
 * @rings: both queues, in one mapping
 * @rings_len: bytes of it
 * @sqes: the SQEs
 * @sqe_len: bytes of one
 * @sqe_flags: flags of all SQEs, such as IOSQE_ASYNC
 */
struct ring {
	int fd;
	struct io_uring_params p;
	uint8_t *rings;
	size_t rings_len;
	uint8_t *sqes;
	size_t sqe_len;
	uint8_t sqe_flags;
};

static inline uint32_t *ring_at(const struct ring *ring, uint32_t offset)
{
	return (uint32_t *)(ring->rings + offset);
}

/*
 * A child does not get it: none needs it, and fork() on UML maps wrong pages where
 * three or more of the parent's are one folio, as SQEs are (set_ptes() as of 6.11).
 */
static inline void *ring_map(const struct ring *ring, size_t len, off_t offset)
{
	void *map = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, ring->fd, offset);

	if (map != MAP_FAILED && madvise(map, len, MADV_DONTFORK)) {
		munmap(map, len);
		return MAP_FAILED;
	}
	return map;
}

/* Returns 0 or the errno. */
static inline int ring_open(struct ring *ring, uint32_t flags, uint32_t entries)
{
	memset(ring, 0, sizeof(*ring));
	ring->p.flags = flags;
	ring->p.sq_thread_idle = 50;
	ring->fd = syscall(SYS_io_uring_setup, entries, &ring->p);
	if (ring->fd < 0)
		return errno;
	ring->sqe_len = flags & IORING_SETUP_SQE128 ? 128 : 64;
	ring->rings_len = ring->p.cq_off.cqes +
			  ring->p.cq_entries * sizeof(struct io_uring_cqe);
	if (ring->rings_len < ring->p.sq_off.array + ring->p.sq_entries * 4)
		ring->rings_len = ring->p.sq_off.array + ring->p.sq_entries * 4;
	ring->rings = ring_map(ring, ring->rings_len, IORING_OFF_SQ_RING);
	ring->sqes = ring_map(ring, ring->p.sq_entries * ring->sqe_len,
			      IORING_OFF_SQES);
	return ring->rings == MAP_FAILED || ring->sqes == MAP_FAILED ? errno : 0;
}

/* Calls that are under way are canceled. */
static inline void ring_close(struct ring *ring)
{
	if (ring->fd < 0)
		return;
	munmap(ring->sqes, ring->p.sq_entries * ring->sqe_len);
	munmap(ring->rings, ring->rings_len);
	close(ring->fd);
	ring->fd = -1;
}

static inline int ring_enter(const struct ring *ring, uint32_t submit)
{
	uint32_t flags = IORING_ENTER_GETEVENTS;

	if (ring->p.flags & IORING_SETUP_SQPOLL)
		flags |= IORING_ENTER_SQ_WAKEUP;
	return syscall(SYS_io_uring_enter, ring->fd, submit, 0, flags, NULL, 0);
}

static inline uint32_t ring_pending(const struct ring *ring)
{
	return *ring_at(ring, ring->p.sq_off.tail) -
	       __atomic_load_n(ring_at(ring, ring->p.sq_off.head),
			       __ATOMIC_ACQUIRE);
}

/* The next SQE, a command of so many bytes. Waits for one if a poller is behind. */
static inline struct io_uring_sqe *ring_add(struct ring *ring, int fd,
					    uint32_t cmd_op, const void *cmd,
					    size_t len, uint64_t user_data)
{
	uint32_t *tail = ring_at(ring, ring->p.sq_off.tail);
	uint32_t at = *tail & *ring_at(ring, ring->p.sq_off.ring_mask);
	struct io_uring_sqe *sqe = (void *)(ring->sqes + at * ring->sqe_len);

	while (ring_pending(ring) == ring->p.sq_entries && !ring_enter(ring, 0))
		sim_sleep_ms(1);
	memset(sqe, 0, ring->sqe_len);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->flags = ring->sqe_flags;
	sqe->fd = fd;
	sqe->cmd_op = cmd_op;
	sqe->user_data = user_data;
	memcpy((uint8_t *)sqe + offsetof(struct io_uring_sqe, cmd), cmd, len);
	ring_at(ring, ring->p.sq_off.array)[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	return sqe;
}

/* Returns 0 or an errno, if not all were taken. */
static inline int ring_submit(const struct ring *ring)
{
	uint32_t count = ring_pending(ring);
	int taken = ring_enter(ring, count);

	if (taken < 0)
		return errno;
	return ring->p.flags & IORING_SETUP_SQPOLL || taken == (int)count ? 0 :
									    EIO;
}

/* Returns whether there was a CQE. */
static inline bool ring_reap(const struct ring *ring, struct io_uring_cqe *cqe)
{
	struct io_uring_cqe *cqes = (void *)(ring->rings + ring->p.cq_off.cqes);
	uint32_t *head = ring_at(ring, ring->p.cq_off.head);
	uint32_t mask = *ring_at(ring, ring->p.cq_off.ring_mask);

	ring_enter(ring, 0);
	if (*head == __atomic_load_n(ring_at(ring, ring->p.cq_off.tail),
				     __ATOMIC_ACQUIRE))
		return false;
	*cqe = cqes[*head & mask];
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return true;
}

/* The next CQE, within so many milliseconds */
static inline bool ring_wait(const struct ring *ring, struct io_uring_cqe *cqe,
			     int ms)
{
	return COMES_TRUE(ring_reap(ring, cqe), ms);
}

/* As fwctl_errno(), for one call that is alone in the ring */
static inline int ring_rpc(struct ring *ring, int fd,
			   const struct fwctl_rpc *rpc, int ms)
{
	struct io_uring_cqe cqe = { .res = -ETIME };
	int err;

	ring_add(ring, fd, FWCTL_RPC, rpc, sizeof(*rpc), 0);
	err = ring_submit(ring);
	if (err)
		return err;
	ring_wait(ring, &cqe, ms);
	return cqe.res < 0 ? -cqe.res : 0;
}

#endif /* FWCTL_RING_H */
