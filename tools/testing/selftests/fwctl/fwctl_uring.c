// SPDX-License-Identifier: GPL-2.0
/*
 * FWCTL_RPC as a command of io_uring: the same rules and limits as the ioctl, many calls
 * in flight from one thread, and all the ways to get rid of one.
 *
 * Suites: lifetimes races
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "fwctl_client.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

#define ENTRIES 128

/* A byte of memory for an answer while there is none */
#define NO_ANSWER 0x5a

/**
 * struct call - one call, and its memory
 * @req: the request
 * @out: room for the answer
 */
struct call {
	struct sim_request req;
	uint8_t out[64];
};

static void add_rpc(struct ring *ring, int fd, const struct fwctl_rpc *rpc,
		    uint64_t user_data)
{
	ring_add(ring, fd, FWCTL_RPC, rpc, sizeof(*rpc), user_data);
}

/* ECHO with the cookie, which is its user_data as well */
static void add_echo(struct ring *ring, int fd, struct call *call,
		     uint64_t cookie)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(FWCTL_RPC_CONFIGURATION, &call->req,
					    SIM_REQUEST_LEN, call->out,
					    SIM_ANSWER_LEN);

	memset(call->out, NO_ANSWER, sizeof(call->out));
	call->req = (struct sim_request){
		.head = sim_head(FWCTL_SIM_ECHO, 0, cookie),
		.value = ~cookie,
	};
	add_rpc(ring, fd, &rpc, cookie);
}

static int submit_echo(struct ring *ring, int fd, struct call *call,
		       uint64_t cookie)
{
	add_echo(ring, fd, call, cookie);
	return ring_submit(ring);
}

static bool is_answered(const struct call *call)
{
	const struct sim_answer *answer = (void *)call->out;

	return answer->head.cookie == call->req.head.cookie &&
	       answer->value == call->req.value;
}

/* Also by the kernel's check whether it can be written */
static bool is_untouched(const struct call *call)
{
	for (size_t i = 0; i < sizeof(call->out); i++)
		if (call->out[i] != NO_ANSWER)
			return false;
	return true;
}

/* The errno that one command ends with, 0 with an answer, or -1 with no end at all */
static int errno_of(struct ring *ring, uint64_t user_data)
{
	struct io_uring_cqe cqe;

	if (ring_submit(ring) || !ring_wait(ring, &cqe, SOON_MS) ||
	    cqe.user_data != user_data)
		return -1;
	return cqe.res < 0 ? -cqe.res : 0;
}

static int rpc_errno(struct ring *ring, int fd, const struct fwctl_rpc *rpc)
{
	add_rpc(ring, fd, rpc, 1);
	return errno_of(ring, 1);
}

/* Whether so many CQEs come, all with this result */
static bool all_end_with(struct ring *ring, int count, int res)
{
	struct io_uring_cqe cqe;

	while (count--)
		if (!ring_wait(ring, &cqe, SOON_MS) || cqe.res != res)
			return false;
	return true;
}

static const char *rings_missing(uint32_t flags)
{
	struct ring ring;
	int err = ring_open(&ring, flags, 4);

	ring_close(&ring);
	return err ? "no io_uring, or none with these flags" : NULL;
}

/* In the device, or in its queue */
static bool calls_are_there(const struct sim *sim, int calls, int in_device)
{
	return sim_class_wait(sim, "usage/calls", in_device, SOON_MS) &&
	       sim_wait(sim, "stats/inflight", in_device, SOON_MS) &&
	       sim_class_wait(sim, "usage/queued", calls - in_device, SOON_MS);
}

static const struct setting two_calls[] = {
	{ "max_calls", 4 }, { "max_file_calls", 2 }, {}
};

static const struct setting one_call[] = {
	{ "max_calls", 1 }, { "max_file_calls", 1 }, {}
};

FIXTURE(uring)
{
	struct bench b;
	struct ring ring;
};

/* How commands are issued and their ends are delivered */
FIXTURE_VARIANT(uring)
{
	uint32_t flags;
	uint8_t sqe_flags;
};

FIXTURE_VARIANT_ADD(uring, task) {};

FIXTURE_VARIANT_ADD(uring, deferred)
{
	.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
};

FIXTURE_VARIANT_ADD(uring, worker) { .sqe_flags = IOSQE_ASYNC };

FIXTURE_VARIANT_ADD(uring, poller) { .flags = IORING_SETUP_SQPOLL };

/* Rings with flags differ in the work of io_uring, not in that of fwctl. */
static const char *too_long(uint32_t flags)
{
	return flags && fwctl_quick() ? "FWCTL_QUICK is set" : NULL;
}

FIXTURE_SETUP(uring)
{
	const char *missing = sim_missing() ?: too_long(variant->flags) ?:
			      rings_missing(variant->flags);

	self->b.fd = -1;
	self->ring.fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, ring_open(&self->ring,
			       variant->flags | IORING_SETUP_SQE128, ENTRIES));
	self->ring.sqe_flags = variant->sqe_flags;
}

FIXTURE_TEARDOWN(uring)
{
	ring_close(&self->ring);
	bench_close(&self->b);
}

static const struct setting as_it_is[] = { {} };

/* The program in the documentation, next to this one */
static FILE *run_example(const struct sim *sim)
{
	char self[256], command[1024], node[SIM_PATH_LEN], *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len < 0 ? 0 : len] = 0;
	slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	sim_node_path(sim, node);
	snprintf(command, sizeof(command), "%s/fwctl_uring_example %s", self,
		 node);
	return popen(command, "r");
}

TEST_F(uring, example_reads_all_registers)
{
	unsigned int number, value, sum = 0, lines = 0;
	FILE *output;

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	/* Not all of them: a change may have to wait for audit. */
	for (unsigned int i = 0; i < 64; i += 9) {
		struct sim_request req = sim_request(FWCTL_SIM_WRITE, i, 3 * i);
		struct sim_answer answer;

		ASSERT_EQ(0, sim_ask(self->b.fd, 0, &req, &answer));
	}
	output = run_example(&self->b.sim);
	ASSERT_NE(NULL, output);
	while (fscanf(output, "%u: %x", &number, &value) == 2) {
		EXPECT_EQ(number % 9 ? 0 : 3 * number, value);
		sum += number;
		lines++;
	}
	EXPECT_EQ(0, pclose(output));
	EXPECT_EQ(64, lines);
	EXPECT_EQ(63 * 64 / 2, sum);
}

/* Results */

TEST_F(uring, result_is_the_length_of_the_answer)
{
	static const uint32_t lens[] = { 16, 17, 20, 64, 4096, 65536, 2 << 20 };
	static uint8_t in[2 << 20], out[2 << 20];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 7);
	struct io_uring_cqe cqe;

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = i * 7 >> 3;
	memcpy(in, &head, sizeof(head));
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(0, in, lens[i], out,
						    sizeof(out));

		memset(out, 0, sizeof(out));
		add_rpc(&self->ring, self->b.fd, &rpc, i);
		ASSERT_EQ(0, ring_submit(&self->ring));
		ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
		EXPECT_EQ(i, cqe.user_data);
		EXPECT_EQ((int)lens[i], cqe.res);
		EXPECT_EQ(0, memcmp(in + 16, out + 16, lens[i] - 16));
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_F(uring, errors_of_the_driver_are_those_of_the_ioctl)
{
	static const struct {
		const char *fault;
		int value, err;
	} faults[] = {
		{ "faults/error", EBUSY, EBUSY },
		{ "faults/answer_len", 4096, EIO },
		{ "faults/timeout_us", 1000, ETIMEDOUT },
	};
	struct call call;

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		sim_clear_faults(&self->b.sim);
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang",
				     faults[i].err == ETIMEDOUT));
		ASSERT_EQ(0, sim_set(&self->b.sim, faults[i].fault,
				     faults[i].value));
		add_echo(&self->ring, self->b.fd, &call, 1);
		EXPECT_EQ(faults[i].err, errno_of(&self->ring, 1));
		EXPECT_TRUE(idle(&self->b.sim));
	}
}

/* The same question, both ways. Taints the kernel. */
static void check_same(struct __test_metadata *_metadata, struct ring *ring,
		       const struct bench *b, int fd, const char *file)
{
	for (uint32_t label = 0; label <= FWCTL_LABELS; label++) {
		for (uint16_t opcode = 0; opcode <= FWCTL_SIM_NEVER + 1; opcode++) {
			struct sim_request req = sim_request(opcode, 0, 1);
			uint8_t out[SIM_ANSWER_LEN];
			struct fwctl_rpc rpc = fwctl_rpc_of(label, &req,
							    SIM_REQUEST_LEN, out,
							    sizeof(out));
			long long sent = sim_get(&b->sim, "stats/submitted");
			int got = rpc_errno(ring, fd, &rpc);

			sent = sim_get(&b->sim, "stats/submitted") - sent;
			EXPECT_EQ(fwctl_errno(fd, FWCTL_RPC, &rpc), got) {
				TH_LOG("%s: label %u opcode %u", file, label,
				       opcode);
			}
			EXPECT_EQ(!got, sent);
		}
	}
}

TEST_F(uring, rules_are_those_of_the_ioctl)
{
	const struct {
		const char *name;
		int mode;
		uint32_t classes;
		bool rawio;
	} files[] = {
		{ "writable", O_RDWR, ALL_CLASSES, true },
		{ "without CAP_SYS_RAWIO", O_RDWR, ALL_CLASSES, false },
		{ "read-only", O_RDONLY, ALL_CLASSES, true },
		{ "restricted", O_RDWR, READ_CLASSES, true },
		{ "restricted to nothing", O_RDWR, 0, true },
	};

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	/* A poller has the rights of the task that made the ring. */
	if (variant->flags & IORING_SETUP_SQPOLL)
		SKIP(return, "rights change");
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		int fd = sim_open(&self->b.sim, files[i].mode);

		ASSERT_EQ(0, fwctl_do_restrict(fd, files[i].classes, NULL));
		ASSERT_EQ(0, set_rawio(files[i].rawio));
		check_same(_metadata, &self->ring, &self->b, fd, files[i].name);
		ASSERT_EQ(0, set_rawio(true));
		close(fd);
	}
	ASSERT_EQ(0, sim_class_write(&self->b.sim, "classes", "debug-read"));
	check_same(_metadata, &self->ring, &self->b, self->b.fd, "capped");
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_F(uring, bad_lengths_and_memory_are_found_out_before_anything_is_sent)
{
	struct sim_request req = sim_request(FWCTL_SIM_WRITE, 1, 1);
	void *const edge = NULL;
	uint8_t out[64];

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	memcpy(at_edge(&self->b, 18), &req, 18);
	const struct {
		int err;
		const void *in;
		uint32_t in_len;
		void *out;
		uint32_t out_len;
	} tries[] = {
		{ EMSGSIZE, &req, 15, out, 64 },
		{ EMSGSIZE, &req, (2 << 20) + 1, out, 64 },
		{ EMSGSIZE, &req, 20, out, 15 },
		{ EMSGSIZE, &req, 20, out, ~0u },
		{ EFAULT, edge, 20, out, 64 },
		{ EFAULT, at_edge(&self->b, 18), 20, out, 64 },
		{ EFAULT, &req, 20, at_edge(&self->b, 63), 64 },
		{ EFAULT, &req, 20, edge, 64 },
	};

	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(0, tries[i].in,
						    tries[i].in_len,
						    tries[i].out,
						    tries[i].out_len);

		EXPECT_EQ(tries[i].err,
			  rpc_errno(&self->ring, self->b.fd, &rpc)) {
			TH_LOG("try %zu", i);
		}
	}
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_F(uring, memory_that_goes_away_meanwhile_is_EFAULT_after_all)
{
	struct call call;
	struct fwctl_rpc rpc;

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	call.req = sim_request(FWCTL_SIM_WRITE, 9, 0x900d);
	rpc = fwctl_rpc_of(0, &call.req, SIM_REQUEST_LEN, self->b.edge, 20);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	add_rpc(&self->ring, self->b.fd, &rpc, 3);
	ASSERT_EQ(0, ring_submit(&self->ring));
	ASSERT_TRUE(calls_are_there(&self->b.sim, 1, 1));
	ASSERT_EQ(0, mprotect(self->b.edge, self->b.page, PROT_NONE));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(all_end_with(&self->ring, 1, -EFAULT));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* The command itself */

static int sized_errno(struct ring *ring, int fd, uint32_t size, size_t used)
{
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);
	uint8_t cmd[RING_CMD_ROOM] = {}, out[64];
	struct fwctl_rpc rpc = fwctl_rpc_of(0, &req, SIM_REQUEST_LEN, out, 64);

	rpc.size = size;
	memcpy(cmd, &rpc, sizeof(rpc));
	if (used)
		cmd[used] = 1;
	ring_add(ring, fd, FWCTL_RPC, cmd, sizeof(cmd), 5);
	return errno_of(ring, 5);
}

TEST_F(uring, size_is_as_in_the_ioctl_as_far_as_there_is_room)
{
	static const struct {
		uint32_t size;
		size_t used;
		int err;
	} sizes[] = {
		{ 0, 0, EINVAL }, { 31, 0, EINVAL }, { 32, 0, 0 },
		/* The bytes behind it are not read. */
		{ 32, 32, 0 }, { 33, 32, E2BIG }, { 33, 33, 0 },
		{ 80, 0, 0 }, { 80, 79, E2BIG }, { 81, 0, E2BIG },
		{ ~0u, 0, E2BIG },
	};

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		EXPECT_EQ(sizes[i].err, sized_errno(&self->ring, self->b.fd,
						    sizes[i].size,
						    sizes[i].used)) {
			TH_LOG("size %u, byte %zu", sizes[i].size,
			       sizes[i].used);
		}
	}
}

TEST_F(uring, unknown_commands_are_ENOTTY)
{
	static const uint32_t ops[] = {
		0, 1, FWCTL_INFO, FWCTL_QUERY, FWCTL_RESTRICT, 0x9a42,
		FWCTL_RPC | 0x10000, FWCTL_RPC | 1u << 31, ~0u,
	};
	struct fwctl_rpc rpc = { .size = sizeof(rpc) };

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		ring_add(&self->ring, self->b.fd, ops[i], &rpc, sizeof(rpc), i);
		EXPECT_EQ(ENOTTY, errno_of(&self->ring, i)) {
			TH_LOG("cmd_op %#x", ops[i]);
		}
	}
}

TEST_F(uring, registered_buffers_are_EOPNOTSUPP)
{
	struct iovec buffer = { self->ring.sqes, 4096 };
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);
	struct fwctl_rpc rpc;
	uint8_t out[64];

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	buffer.iov_base = self->b.edge;
	ASSERT_EQ(0, syscall(SYS_io_uring_register, self->ring.fd,
			     IORING_REGISTER_BUFFERS, &buffer, 1));
	rpc = fwctl_rpc_of(0, &req, SIM_REQUEST_LEN, out, sizeof(out));
	ring_add(&self->ring, self->b.fd, FWCTL_RPC, &rpc, sizeof(rpc), 1)
		->uring_cmd_flags = IORING_URING_CMD_FIXED;
	EXPECT_EQ(EOPNOTSUPP, errno_of(&self->ring, 1));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
}

TEST_F(uring, ring_of_short_sqes_is_refused)
{
	struct fwctl_rpc rpc = { .size = sizeof(rpc) };
	struct ring shorter;

	ASSERT_EQ(0, bench_open(&self->b, as_it_is));
	ASSERT_EQ(0, ring_open(&shorter, variant->flags, 4));
	ring_add(&shorter, self->b.fd, FWCTL_RPC, &rpc, 16, 1);
	EXPECT_EQ(EINVAL, errno_of(&shorter, 1));
	ring_close(&shorter);
}

/* Limits and order */

TEST_F(uring, many_are_in_flight_from_one_thread_and_each_gets_its_answer)
{
	static struct call calls[ENTRIES];
	struct io_uring_cqe cqe;

	ASSERT_EQ(0, bench_open(&self->b, two_calls));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ENTRIES; i++)
		add_echo(&self->ring, self->b.fd, &calls[i], i);
	/* Returns, though 126 of them have to wait. */
	ASSERT_EQ(0, ring_submit(&self->ring));
	EXPECT_TRUE(calls_are_there(&self->b.sim, ENTRIES, 2));
	EXPECT_FALSE(ring_reap(&self->ring, &cqe));
	EXPECT_EQ(2, sim_get(&self->b.sim, "stats/submitted"));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(all_end_with(&self->ring, ENTRIES, SIM_ANSWER_LEN));
	for (size_t i = 0; i < ENTRIES; i++)
		EXPECT_TRUE(is_answered(&calls[i]));
	EXPECT_EQ(ENTRIES, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* Calls in the order in which they come, and their places in the order of the device */
static const struct {
	size_t file;
	uint64_t place;
} coming[] = {
	{ 0, 1 }, { 0, 4 }, { 0, 6 }, { 0, 7 }, { 1, 2 }, { 1, 5 }, { 2, 3 }, { 0, 8 },
};

/* The places are the calls' cookies. One at a time; a worker would mix them up. */
TEST_F(uring, files_take_turns_and_their_calls_keep_their_order)
{
	struct call calls[ARRAY_LEN(coming)];
	int fds[3];

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = sim_open(&self->b.sim, O_RDWR);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		ASSERT_EQ(0, submit_echo(&self->ring, fds[coming[i].file], &calls[i],
					 coming[i].place));
		ASSERT_TRUE(calls_are_there(&self->b.sim, i + 1, 1));
	}
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));

	EXPECT_TRUE(all_end_with(&self->ring, ARRAY_LEN(calls), SIM_ANSWER_LEN));
	EXPECT_EQ(ARRAY_LEN(calls), sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/disordered"));
	EXPECT_TRUE(idle(&self->b.sim));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
}

/* Callers that sleep in the ioctl are in the same queue. Cookies ascend as calls come. */
TEST_F(uring, ioctl_waits_behind_and_before)
{
	struct client client;
	struct call calls[3];

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < 2; i++) {
		ASSERT_EQ(0, submit_echo(&self->ring, self->b.fd, &calls[i], i));
		ASSERT_TRUE(calls_are_there(&self->b.sim, i + 1, 1));
	}
	client = client_echo(self->b.fd, 2);
	ASSERT_TRUE(client_start_short(&client));
	ASSERT_TRUE(calls_are_there(&self->b.sim, 3, 1) &&
		    client_sleeps(&client));
	ASSERT_EQ(0, submit_echo(&self->ring, self->b.fd, &calls[2], 3));
	ASSERT_TRUE(calls_are_there(&self->b.sim, 4, 1));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(0, client_join(&client));
	EXPECT_TRUE(got_own_answer(&client));
	EXPECT_TRUE(all_end_with(&self->ring, 3, SIM_ANSWER_LEN));
	EXPECT_EQ(4, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/disordered"));
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_F(uring, bytes_beyond_the_limit_are_ENOBUFS_at_once)
{
	static const struct setting settings[] = {
		{ "max_in", 4096 }, { "max_out", 4096 }, { "max_calls", 1 },
		{ "max_file_calls", 1 }, {}
	};
	static struct call calls[ENTRIES];
	struct io_uring_cqe cqe;
	long long bytes, fit;

	ASSERT_EQ(0, bench_open_calls(&self->b, settings, 2, 4096, 4096));
	bytes = call_bytes(&self->b, SIM_REQUEST_LEN, SIM_ANSWER_LEN);
	ASSERT_LT(0, bytes);
	fit = sim_get(&self->b.sim, "max_bytes") / 2 / bytes;
	ASSERT_LT(fit, ENTRIES);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (long long i = 0; i < fit + 1; i++)
		ASSERT_EQ(0, submit_echo(&self->ring, self->b.fd, &calls[i], i));
	ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
	EXPECT_EQ(-ENOBUFS, cqe.res);
	EXPECT_FALSE(ring_wait(&self->ring, &cqe, WHILE_MS));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(all_end_with(&self->ring, fit, SIM_ANSWER_LEN));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* Ways to go */

/* One in the device and three that wait */
static bool four_are_there(struct ring *ring, const struct bench *b,
			   struct call *calls)
{
	for (size_t i = 0; i < 4; i++)
		add_echo(ring, b->fd, &calls[i], i);
	return !ring_submit(ring) && calls_are_there(&b->sim, 4, 1);
}

TEST_F(uring, ring_that_is_closed_cancels_its_calls)
{
	struct call calls[4];

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	/* For the command of any driver: "current == ctx->submitter_task" until 6.14 or so */
	if (variant->flags & IORING_SETUP_DEFER_TASKRUN &&
	    !access("/proc/lockdep_stats", F_OK))
		SKIP(return, "lockdep takes it for an error of io_uring");
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(four_are_there(&self->ring, &self->b, calls));
	ring_close(&self->ring);
	EXPECT_TRUE(calls_are_there(&self->b.sim, 1, 1));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/submitted"));
	for (size_t i = 0; i < 4; i++)
		EXPECT_TRUE(is_untouched(&calls[i]));
}

struct leaver {
	struct ring *ring;
	const struct bench *b;
	struct call calls[4];
	bool ready;
};

static void *leaver_thread(void *arg)
{
	struct leaver *leaver = arg;

	leaver->ready = four_are_there(leaver->ring, leaver->b, leaver->calls);
	return NULL;
}

/* io_uring cancels what an exiting thread has submitted only with the ring. */
TEST_F(uring, thread_that_exits_leaves_its_calls_to_be_sent)
{
	struct leaver leaver = { .ring = &self->ring, .b = &self->b };
	pthread_t thread;

	if (variant->flags)
		SKIP(return, "no other thread can submit, or the poller does");
	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_EQ(0, pthread_create(&thread, NULL, leaver_thread, &leaver));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	ASSERT_TRUE(leaver.ready);
	sim_sleep_ms(WHILE_MS);
	EXPECT_TRUE(calls_are_there(&self->b.sim, 4, 1));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(all_end_with(&self->ring, 4, -ECANCELED));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_EQ(4, sim_get(&self->b.sim, "stats/submitted"));
	for (size_t i = 0; i < 4; i++)
		EXPECT_TRUE(is_untouched(&leaver.calls[i]));
}

/* With a ring of its own; writes a byte when its calls are there. */
static void child_run(const struct bench *b, uint32_t flags, uint8_t sqe_flags,
		      int ready)
{
	static struct call calls[4];
	struct bench own = *b;
	struct ring ring;

	own.fd = sim_open(&b->sim, O_RDWR);
	if (!ring_open(&ring, flags | IORING_SETUP_SQE128, 8)) {
		ring.sqe_flags = sqe_flags;
		if (four_are_there(&ring, &own, calls) &&
		    write(ready, "", 1) == 1)
			while (true)
				pause();
	}
	_exit(1);
}

TEST_F(uring, process_that_is_killed_leaves_what_the_device_has)
{
	int ends[2], status;
	char byte;
	pid_t pid;

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		child_run(&self->b, variant->flags, variant->sqe_flags, ends[1]);
	}
	close(ends[1]);
	EXPECT_EQ(1, read(ends[0], &byte, 1));
	close(ends[0]);
	kill(pid, SIGKILL);
	EXPECT_TRUE(COMES_TRUE(waitpid(pid, &status, WNOHANG) == pid, SOON_MS));
	EXPECT_TRUE(calls_are_there(&self->b.sim, 1, 1));
	EXPECT_TRUE(sim_class_wait(&self->b.sim, "usage/files", 1, SOON_MS));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/contexts", 1, SOON_MS));
}

TEST_F(uring, closed_file_stays_until_its_calls_are_over)
{
	struct call calls[4];

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(four_are_there(&self->ring, &self->b, calls));
	close(self->b.fd);
	self->b.fd = -1;
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/files"));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(all_end_with(&self->ring, 4, SIM_ANSWER_LEN));
	EXPECT_TRUE(sim_class_wait(&self->b.sim, "usage/files", 0, SOON_MS));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/contexts", 0, SOON_MS));
}

TEST_F(uring, device_that_goes_ends_all_with_ENODEV)
{
	struct call calls[4], late;

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(four_are_there(&self->ring, &self->b, calls));
	ASSERT_EQ(0, sim_stop(&self->b.sim));
	EXPECT_TRUE(all_end_with(&self->ring, 4, -ENODEV));
	add_echo(&self->ring, self->b.fd, &late, 9);
	EXPECT_EQ(ENODEV, errno_of(&self->ring, 9));
}

static void *stop_thread(void *arg)
{
	return (void *)(intptr_t)sim_stop(arg);
}

/* Calls that wait are refused; calls that the device has are waited for. */
TEST_F(uring, removal_waits_for_the_device_only)
{
	struct io_uring_cqe cqe;
	struct call calls[4];
	pthread_t thread;
	void *err;

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/keep_on_remove", 1));
	ASSERT_TRUE(four_are_there(&self->ring, &self->b, calls));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stop_thread, &self->b.sim));
	EXPECT_TRUE(all_end_with(&self->ring, 3, -ENODEV));
	EXPECT_FALSE(ring_wait(&self->ring, &cqe, WHILE_MS));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_EQ(0, pthread_join(thread, &err));
	EXPECT_EQ(NULL, err);
	/* A removal does not wait until the ring is read. */
	EXPECT_TRUE(all_end_with(&self->ring, 1, SIM_ANSWER_LEN));
}

TEST_HARNESS_MAIN
