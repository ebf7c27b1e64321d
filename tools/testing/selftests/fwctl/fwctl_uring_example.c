// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl_uring_example NODE: reads the 64 registers of a simulated device with up to
 * eight calls in flight, from one thread. An example of FWCTL_RPC through io_uring, without
 * a library, so that all of it can be seen.
 */
#include <endian.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/io_uring.h>
#include <fwctl/fwctl.h>
#include <fwctl/sim.h>

#define REGISTERS 64
#define DEPTH 8

/* An SQE of 128 bytes: FWCTL_RPC's struct begins at its byte 48, where 64 have 16 bytes left. */
union sqe {
	struct io_uring_sqe head;
	uint8_t bytes[128];
};

struct ring {
	int fd;
	union sqe *sqes;
	uint32_t *sq_tail, *sq_mask, *sq_array;
	uint32_t *cq_head, *cq_tail, *cq_mask;
	struct io_uring_cqe *cqes;
};

/* What has to stay where it is until the call's CQE has come */
struct slot {
	struct fwctl_sim_request request;
	struct {
		struct fwctl_sim_answer head;
		uint32_t value;
	} answer;
};

static void *ring_map(const struct ring *ring, size_t len, off_t offset)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, offset);
}

/* Both queues are in one mapping since Linux 5.4 (IORING_FEAT_SINGLE_MMAP). */
static int ring_open(struct ring *ring)
{
	struct io_uring_params p = { .flags = IORING_SETUP_SQE128 };
	uint8_t *queues;

	ring->fd = syscall(SYS_io_uring_setup, DEPTH, &p);
	if (ring->fd < 0)
		return -1;
	queues = ring_map(ring, p.cq_off.cqes + p.cq_entries * sizeof(*ring->cqes),
			  IORING_OFF_SQ_RING);
	ring->sqes = ring_map(ring, p.sq_entries * sizeof(*ring->sqes), IORING_OFF_SQES);
	if (queues == MAP_FAILED || ring->sqes == MAP_FAILED)
		return -1;
	ring->sq_tail = (uint32_t *)(queues + p.sq_off.tail);
	ring->sq_mask = (uint32_t *)(queues + p.sq_off.ring_mask);
	ring->sq_array = (uint32_t *)(queues + p.sq_off.array);
	ring->cq_head = (uint32_t *)(queues + p.cq_off.head);
	ring->cq_tail = (uint32_t *)(queues + p.cq_off.tail);
	ring->cq_mask = (uint32_t *)(queues + p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(queues + p.cq_off.cqes);
	return 0;
}

/* Request and answer belong to the slot, the struct to the SQE: that is a copy. */
static int ask(struct ring *ring, int fd, struct slot *slot, uint32_t number)
{
	uint32_t at = *ring->sq_tail & *ring->sq_mask;
	struct fwctl_rpc rpc = {
		.size = sizeof(rpc),
		.scope = FWCTL_RPC_CONFIGURATION,
		.in_len = sizeof(slot->request),
		.out_len = sizeof(slot->answer.head) + sizeof(uint32_t),
		.in = (uintptr_t)&slot->request,
		.out = (uintptr_t)&slot->answer,
	};

	slot->request = (struct fwctl_sim_request){
		.opcode = htole16(FWCTL_SIM_READ),
		.arg = htole32(number),
	};
	memset(&ring->sqes[at], 0, sizeof(ring->sqes[at]));
	ring->sqes[at].head = (struct io_uring_sqe){
		.opcode = IORING_OP_URING_CMD,
		.fd = fd,
		.cmd_op = FWCTL_RPC,
		.user_data = number,
	};
	memcpy(ring->sqes[at].bytes + offsetof(struct io_uring_sqe, cmd), &rpc, sizeof(rpc));
	ring->sq_array[at] = at;
	__atomic_store_n(ring->sq_tail, *ring->sq_tail + 1, __ATOMIC_RELEASE);
	return syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) == 1 ? 0 : -1;
}

/* Waits for the next CQE. */
static int ring_wait(struct ring *ring, struct io_uring_cqe *cqe)
{
	while (*ring->cq_head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		if (syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS,
			    NULL, 0) < 0)
			return -1;
	*cqe = ring->cqes[*ring->cq_head & *ring->cq_mask];
	__atomic_store_n(ring->cq_head, *ring->cq_head + 1, __ATOMIC_RELEASE);
	return 0;
}

/* The result is the length of the answer, or an errno: then nothing is in the slot. */
static int print(const struct slot *slot, const struct io_uring_cqe *cqe)
{
	if (cqe->res < 0) {
		fprintf(stderr, "register %u: %s\n", (unsigned int)cqe->user_data,
			strerror(-cqe->res));
		return 1;
	}
	/* That the firmware has executed it is success; this is what it thinks of it. */
	if (le32toh(slot->answer.head.status) != FWCTL_SIM_OK)
		return 1;
	printf("%2u: 0x%08x\n", (unsigned int)cqe->user_data,
	       le32toh(slot->answer.value));
	return 0;
}

/* A slot that is free takes the next register. Answers come in any order. */
static int read_all(struct ring *ring, int fd)
{
	struct slot slots[DEPTH];
	struct io_uring_cqe cqe;
	uint32_t of[REGISTERS], next;
	int failed = 0;

	for (next = 0; next < DEPTH; next++) {
		of[next] = next;
		if (ask(ring, fd, &slots[next], next))
			return 1;
	}
	for (int done = 0; done < REGISTERS; done++) {
		if (ring_wait(ring, &cqe))
			return 1;
		failed |= print(&slots[of[cqe.user_data]], &cqe);
		if (next == REGISTERS)
			continue;
		of[next] = of[cqe.user_data];
		if (ask(ring, fd, &slots[of[next]], next))
			return 1;
		next++;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct ring ring;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: %s /dev/fwctl/fwctlN\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	if (ring_open(&ring)) {
		perror("no ring");
		return 1;
	}
	return read_all(&ring, fd);
}
