// SPDX-License-Identifier: GPL-2.0
/*
 * Promises of the interface that are easily broken: memory after a call that failed, a
 * driver's errno, the rest of an answer, nodes outside of /dev/fwctl, restricted files.
 *
 * Suites: memory
 */
#include <sys/sysmacros.h>

#include "fwctl_child.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

static int open_ring(struct ring *ring, bool wanted, uint8_t flags)
{
	int err;

	ring->fd = -1;
	if (!wanted)
		return 0;
	err = ring_open(ring, IORING_SETUP_SQE128, 8);
	ring->sqe_flags = flags;
	return err;
}

/* By the ring, if there is one, else by the ioctl */
static int send_by(struct ring *ring, int fd, const struct fwctl_rpc *rpc)
{
	struct fwctl_rpc copy = *rpc;

	return ring->fd < 0 ? fwctl_errno(fd, FWCTL_RPC, &copy) : ring_rpc(ring, fd, rpc, SOON_MS);
}

/* A call that fails, and its memory: on three pages, to see all that is touched */

#define LEN 12288

FIXTURE(memory)
{
	struct bench b;
	struct ring ring;
	struct child child;
	uint8_t *in, *out;
	uint8_t *in_before, *out_before;
};

FIXTURE_VARIANT(memory)
{
	bool ring;
	bool one;
};

FIXTURE_VARIANT_ADD(memory, two_buffers) {};
FIXTURE_VARIANT_ADD(memory, one_buffer) { .one = true };
FIXTURE_VARIANT_ADD(memory, two_buffers_of_an_sqe) { .ring = true };
FIXTURE_VARIANT_ADD(memory, one_buffer_of_an_sqe) { .ring = true, .one = true };

static void *map_pattern(uint8_t first)
{
	uint8_t *memory = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);

	for (size_t i = 0; memory != MAP_FAILED && i < LEN; i++)
		memory[i] = (first + i * 7) | 1;
	return memory;
}

static void *copy_of(const void *memory)
{
	return memcpy(malloc(LEN), memory, LEN);
}

FIXTURE_SETUP(memory)
{
	/* Two such calls of one file do not fit into half of it. */
	static const struct setting settings[] = {
		{ "max_in", LEN }, { "max_out", LEN }, { "max_bytes", 80000 }, {}
	};
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0x1122334455667788);
	const char *missing = sim_missing();

	self->ring.fd = -1;
	if (!missing && open_ring(&self->ring, variant->ring, 0))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, settings));
	self->in = map_pattern(1);
	ASSERT_NE(MAP_FAILED, self->in);
	memcpy(self->in, &head, sizeof(head));
	self->out = variant->one ? self->in : map_pattern(100);
	ASSERT_NE(MAP_FAILED, self->out);
	self->in_before = copy_of(self->in);
	self->out_before = copy_of(self->out);
}

FIXTURE_TEARDOWN(memory)
{
	child_end(&self->child);
	ring_close(&self->ring);
	bench_close(&self->b);
	free(self->in_before);
	free(self->out_before);
}

static struct fwctl_rpc memory_rpc(const FIXTURE_DATA(memory) * self)
{
	return fwctl_rpc_of(0, self->in, LEN, self->out, LEN);
}

static bool unchanged(const FIXTURE_DATA(memory) * self)
{
	return !memcmp(self->in, self->in_before, LEN) &&
	       !memcmp(self->out, self->out_before, LEN);
}

static int send_memory(FIXTURE_DATA(memory) * self)
{
	struct fwctl_rpc rpc = memory_rpc(self);

	return send_by(&self->ring, self->b.fd, &rpc);
}

TEST_F(memory, is_as_it_was_after_each_failure)
{
	static const struct {
		int err;
		const char *fault;
		long long value;
		bool hang;
	} failures[] = {
		{ EBUSY, "faults/error", EBUSY },
		{ ENOMEM, "faults/error", ENOMEM },
		{ EIO, "faults/answer_len", LEN + 1 },
		{ ETIMEDOUT, "faults/timeout_us", 1000, true },
		{ ENODEV, "faults/remove_after", 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		sim_clear_faults(&self->b.sim);
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", failures[i].hang));
		ASSERT_EQ(0, sim_set(&self->b.sim, failures[i].fault, failures[i].value));
		EXPECT_EQ(failures[i].err, send_memory(self));
		EXPECT_TRUE(unchanged(self))
			TH_LOG("after errno %d", failures[i].err);
	}
}

TEST_F(memory, is_as_it_was_after_a_call_for_which_there_is_no_memory)
{
	static uint8_t in[LEN], out[LEN];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	struct client first = {
		.fd = self->b.fd, .in = in, .in_len = LEN, .out = out, .out_len = LEN,
	};

	memcpy(in, &head, sizeof(head));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(client_start(&first));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	EXPECT_EQ(ENOBUFS, send_memory(self));
	EXPECT_TRUE(unchanged(self));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(0, client_join(&first));
}

static void memory_sends(void *data, struct child_report *said)
{
	FIXTURE_DATA(memory) * self = data;
	bool ringed = self->ring.fd >= 0;

	/* A ring of its own: it is the child's exit that cancels. */
	if (open_ring(&self->ring, ringed, 0))
		_exit(1);
	said->err = send_memory(self);
	child_says(said, 1);
}

TEST_F(memory, is_as_it_was_after_its_process_was_killed)
{
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(child_start(&self->child, 0, memory_sends, self));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	child_reap(&self->child);
	EXPECT_TRUE(unchanged(self));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_TRUE(unchanged(self));
}

/* Errnos of a driver */

FIXTURE(driver_errno)
{
	struct bench b;
	struct ring ring;
};

FIXTURE_VARIANT(driver_errno)
{
	bool ring;
	uint8_t flags;
	long long delay_us;
};

FIXTURE_VARIANT_ADD(driver_errno, at_once) {};
FIXTURE_VARIANT_ADD(driver_errno, later) { .delay_us = 1 };
FIXTURE_VARIANT_ADD(driver_errno, at_once_for_an_sqe) { .ring = true };
FIXTURE_VARIANT_ADD(driver_errno, later_for_an_sqe) { .ring = true, .delay_us = 1 };
FIXTURE_VARIANT_ADD(driver_errno, at_once_for_a_worker) { .ring = true, .flags = IOSQE_ASYNC };
FIXTURE_VARIANT_ADD(driver_errno, later_for_a_worker) {
	.ring = true, .flags = IOSQE_ASYNC, .delay_us = 1
};

FIXTURE_SETUP(driver_errno)
{
	static const struct setting none[] = { {} };
	const char *missing = sim_missing();

	self->ring.fd = -1;
	if (!missing && open_ring(&self->ring, variant->ring, variant->flags))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, none));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/delay_us", variant->delay_us));
}

FIXTURE_TEARDOWN(driver_errno)
{
	ring_close(&self->ring);
	bench_close(&self->b);
}

#define LAST_ERRNO EHWPOISON

TEST_F(driver_errno, ends_the_call_once_and_EAGAIN_is_EBUSY)
{
	struct sim_request req = { .head = sim_head(FWCTL_SIM_ECHO, 0, 0) };
	struct sim_answer answer;
	struct io_uring_cqe cqe;
	struct fwctl_rpc rpc = fwctl_rpc_of(0, &req, SIM_REQUEST_LEN, &answer, SIM_ANSWER_LEN);

	for (int err = 1; err <= LAST_ERRNO; err++) {
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/error", err));
		EXPECT_EQ(err == EAGAIN ? EBUSY : err, send_by(&self->ring, self->b.fd, &rpc));
		EXPECT_EQ(err, sim_get(&self->b.sim, "stats/submitted"));
	}
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/error", 0));
	EXPECT_EQ(0, send_by(&self->ring, self->b.fd, &rpc));
	EXPECT_EQ(LAST_ERRNO + 1, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
	if (variant->ring)
		EXPECT_FALSE(ring_reap(&self->ring, &cqe));
}

/* Nodes, answers, restrictions */

FIXTURE(contract)
{
	struct bench b;
	struct child child;
	char node[64];
};

FIXTURE_SETUP(contract)
{
	static const struct setting none[] = { {} };
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, none));
}

FIXTURE_TEARDOWN(contract)
{
	child_end(&self->child);
	if (self->node[0])
		unlink(self->node);
	bench_close(&self->b);
}

/* As a container has it, that was made before the reset of a device that is in use */
TEST_F(contract, node_made_by_mknod_leads_to_the_device_that_comes_back)
{
	char path[SIM_PATH_LEN], before[32];
	struct sim_answer answer;
	struct stat status;
	int fd;

	sim_node_path(&self->b.sim, path);
	ASSERT_EQ(0, stat(path, &status));
	snprintf(self->node, sizeof(self->node), "/dev/fwctl-kselftest-%d", getpid());
	ASSERT_EQ(0, mknod(self->node, S_IFCHR | 0600, status.st_rdev));
	/* Now its inode knows a character device. */
	fd = open(self->node, O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, sim_echo(fd, 1, &answer));
	close(fd);

	memcpy(before, self->b.sim.node, sizeof(before));
	ASSERT_EQ(0, sim_stop(&self->b.sim));
	fd = open(self->node, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-1, fd);
	ASSERT_EQ(0, sim_start(&self->b.sim));
	if (strcmp(before, self->b.sim.node))
		SKIP(return, "another device took the number");
	/* b.fd is still a file of the device that went. */
	EXPECT_EQ(ENODEV, sim_echo(self->b.fd, 2, &answer));
	fd = open(self->node, O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, sim_echo(fd, 3, &answer));
	EXPECT_EQ(3, sim_cookie(&answer));
	close(fd);
}

/* A file keeps the memory of its last call, which held another answer. */
TEST_F(contract, rest_of_an_answer_that_a_driver_did_not_write_is_zero)
{
	static const uint32_t lens[] = { 100, 1000, 4000, 8000, 65536 };
	static uint8_t in[65536], out[65536];
	struct fwctl_sim_request echo = sim_head(FWCTL_SIM_ECHO, 0, 1);
	struct fwctl_sim_request read = sim_head(FWCTL_SIM_READ, 0, 2);

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		uint32_t out_len = lens[i];

		memset(in, 0xa5, sizeof(in));
		memcpy(in, &echo, sizeof(echo));
		ASSERT_EQ(0, sim_send(self->b.fd, 0, in, lens[i], out, &out_len));
		ASSERT_EQ(0xa5, out[lens[i] - 1]);

		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/answer_len", lens[i]));
		memcpy(in, &read, sizeof(read));
		out_len = lens[i];
		ASSERT_EQ(0, sim_send(self->b.fd, 0, in, lens[i], out, &out_len));
		ASSERT_EQ(lens[i], out_len);
		for (size_t at = SIM_ANSWER_LEN; at < lens[i]; at++) {
			ASSERT_EQ(0, out[at])
				TH_LOG("byte %zu of %u", at, lens[i]);
		}
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/answer_len", -1));
	}
}

/* Opens the restricted file that it got once more. count: the classes of that one */
static void helper_reopens(void *data, struct child_report *said)
{
	FIXTURE_DATA(contract) * self = data;
	struct fwctl_query limits = {};
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->b.fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	said->err = fd < 0 ? errno : fwctl_get_limits(fd, &limits);
	said->count = limits.out_classes;
	if (said->err && !fwctl_get_limits(self->b.fd, &limits))
		said->count = limits.out_classes;
	child_says(said, 1);
}

TEST_F(contract, helper_that_cannot_open_the_node_cannot_widen_its_restricted_file)
{
	ASSERT_EQ(0, node_chmod(&self->b.sim, 0600));
	ASSERT_EQ(0, fwctl_do_restrict(self->b.fd, READ_CLASSES, NULL));
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, helper_reopens, self));
	ASSERT_TRUE(child_reaches(&self->child, 1));
	EXPECT_EQ(EACCES, self->child.said->err);
	EXPECT_EQ(READ_CLASSES, self->child.said->count);
}

/* A restriction is the file's and not the process's. */
TEST_F(contract, helper_that_can_open_the_node_gets_a_file_without_restriction)
{
	ASSERT_EQ(0, node_chmod(&self->b.sim, 0666));
	ASSERT_EQ(0, fwctl_do_restrict(self->b.fd, READ_CLASSES, NULL));
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, helper_reopens, self));
	ASSERT_TRUE(child_reaches(&self->child, 1));
	EXPECT_EQ(0, self->child.said->err);
	EXPECT_NE(0, self->child.said->count & ~READ_CLASSES);
}

TEST_HARNESS_MAIN
