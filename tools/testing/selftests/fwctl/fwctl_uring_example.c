// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl_uring_example NODE: reads the 64 registers of a simulated device with up to
 * eight calls in flight, from one thread. An example of FWCTL_RPC through io_uring;
 * fwctl_ring.h is as much of liburing as it needs.
 */
#include <stdio.h>

#include "fwctl_ring.h"

#define REGISTERS 64
#define DEPTH 8

/* What has to stay where it is until the call's CQE has come */
struct slot {
	struct fwctl_sim_request request;
	struct {
		struct fwctl_sim_answer head;
		uint32_t value;
	} answer;
};

/* Request and answer belong to the slot, the struct to the SQE: that is a copy. */
static void ask(struct ring *ring, int fd, struct slot *slot, uint32_t number)
{
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
	/* An SQE with IORING_OP_URING_CMD, cmd_op FWCTL_RPC and the struct in it */
	ring_add(ring, fd, FWCTL_RPC, &rpc, sizeof(rpc), number);
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
	uint32_t of[REGISTERS], next = 0;
	int failed = 0;

	for (; next < DEPTH; next++) {
		of[next] = next;
		ask(ring, fd, &slots[of[next]], next);
	}
	for (int done = 0; done < REGISTERS; done++) {
		if (ring_submit(ring) || !ring_wait(ring, &cqe, 10000))
			return 1;
		failed |= print(&slots[of[cqe.user_data]], &cqe);
		if (next == REGISTERS)
			continue;
		of[next] = of[cqe.user_data];
		ask(ring, fd, &slots[of[next]], next);
		next++;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct ring ring;
	int err, fd;

	if (argc != 2) {
		fprintf(stderr, "usage: %s /dev/fwctl/fwctlN\n", argv[0]);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	err = ring_open(&ring, IORING_SETUP_SQE128, DEPTH);
	if (err) {
		fprintf(stderr, "no ring: %s\n", strerror(err));
		return 1;
	}
	return read_all(&ring, fd);
}
