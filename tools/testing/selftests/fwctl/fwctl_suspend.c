// SPDX-License-Identifier: GPL-2.0
/*
 * A system goes to sleep with callers in each of the places where they wait: they are
 * frozen, and go on afterwards as if nothing had happened. As far as the freezer; needs
 * CONFIG_PM_SLEEP_DEBUG.
 */
#include "fwctl_client.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

#define PM_TEST "/sys/power/pm_test"

static int power_write(const char *file, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/power/%s", file);
	return sim_write_file(path, text, strlen(text));
}

FIXTURE(suspend)
{
	/* Where calls wait, and where an open does */
	struct bench b, opening;
	struct ring ring;
	/* One of a thread and one of the ring wait in the device, two more in the queue. */
	struct client clients[2];
	struct sim_request reqs[2];
	struct sim_answer answers[2];
	char path[SIM_PATH_LEN];
	pthread_t opener;
	int opened;
};

static void *opener_run(void *data)
{
	FIXTURE_DATA(suspend) * self = data;

	self->opened = sim_open(&self->opening.sim, O_RDWR);
	return NULL;
}

FIXTURE_SETUP(suspend)
{
	static const struct setting two_calls[] = {
		{ "max_calls", 2 }, { "max_file_calls", 2 }, {}
	};
	static const struct setting none[] = { {} };
	const char *missing = sim_missing();

	self->ring.fd = -1;
	if (!missing && access(PM_TEST, W_OK))
		missing = "no " PM_TEST;
	if (!missing && ring_open(&self->ring, IORING_SETUP_SQE128, 8))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, two_calls));
	ASSERT_EQ(0, bench_open(&self->opening, none));
	/* A failure is seen at once, and not after 20 s. */
	power_write("pm_freeze_timeout", "10000");
}

FIXTURE_TEARDOWN(suspend)
{
	power_write("pm_test", "none");
	power_write("pm_freeze_timeout", "20000");
	ring_close(&self->ring);
	bench_close(&self->opening);
	bench_close(&self->b);
}

static void add_call(FIXTURE_DATA(suspend) * self, size_t i)
{
	struct fwctl_rpc rpc;

	self->reqs[i].head = sim_head(FWCTL_SIM_ECHO, 0, 100 + i);
	rpc = fwctl_rpc_of(0, &self->reqs[i], SIM_REQUEST_LEN, &self->answers[i], SIM_ANSWER_LEN);
	ring_add(&self->ring, self->b.fd, FWCTL_RPC, &rpc, sizeof(rpc), i);
}

static void callers_wait(struct __test_metadata *_metadata, FIXTURE_DATA(suspend) * self)
{
	long long bytes;

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(self->clients); i++) {
		self->clients[i] = client_echo(self->b.fd, i);
		ASSERT_TRUE(client_start_short(&self->clients[i]));
		ASSERT_TRUE(client_sleeps(&self->clients[i]));
		/* The first one's place is the device, by whatever way. */
		ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 2 * i ?: 1, SOON_MS));
		bytes = sim_class_get(&self->b.sim, "usage/bytes");
		add_call(self, i);
		ASSERT_EQ(0, ring_submit(&self->ring));
		ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 2, SOON_MS));
		ASSERT_TRUE(COMES_TRUE(sim_class_get(&self->b.sim, "usage/bytes") > bytes,
				       SOON_MS));
	}

	ASSERT_EQ(0, sim_set(&self->opening.sim, "faults/open_hang", 1));
	ASSERT_EQ(0, pthread_create(&self->opener, NULL, opener_run, self));
	ASSERT_TRUE(sim_class_wait(&self->opening.sim, "usage/files", 2, SOON_MS));
}

/* A worker of io_uring waits in an open. */
static void worker_opens(struct __test_metadata *_metadata, FIXTURE_DATA(suspend) * self)
{
	struct io_uring_sqe *sqe = ring_add(&self->ring, AT_FDCWD, 0, NULL, 0, 7);

	sim_node_path(&self->opening.sim, self->path);
	sqe->opcode = IORING_OP_OPENAT;
	sqe->cmd_op = 0;
	sqe->addr = (uintptr_t)self->path;
	sqe->open_flags = O_RDWR | O_CLOEXEC;
	ASSERT_EQ(0, ring_submit(&self->ring));
	ASSERT_TRUE(sim_class_wait(&self->opening.sim, "usage/files", 3, SOON_MS));
}

static void callers_end(struct __test_metadata *_metadata, FIXTURE_DATA(suspend) * self)
{
	struct io_uring_cqe cqe;

	ASSERT_EQ(2, sim_get(&self->b.sim, "stats/inflight"));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	for (size_t i = 0; i < ARRAY_LEN(self->clients); i++) {
		client_join(&self->clients[i]);
		EXPECT_TRUE(got_own_answer(&self->clients[i]));
	}
	ASSERT_EQ(0, sim_set(&self->opening.sim, "faults/open_hang", 0));
	pthread_join(self->opener, NULL);
	EXPECT_GE(self->opened, 0);
	close(self->opened);

	for (size_t i = 0; i < ARRAY_LEN(self->reqs) + 1; i++) {
		ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
		if (cqe.user_data == 7) {
			EXPECT_GE(cqe.res, 0);
			close(cqe.res);
			continue;
		}
		EXPECT_EQ(SIM_ANSWER_LEN, cqe.res);
		EXPECT_EQ(100 + cqe.user_data, sim_cookie(&self->answers[cqe.user_data]));
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_F(suspend, succeeds_with_callers_asleep_and_they_go_on_afterwards)
{
	callers_wait(_metadata, self);
	worker_opens(_metadata, self);
	ASSERT_EQ(0, power_write("pm_test", "freezer"));
	/* With pm_test it comes back by itself, after five seconds. */
	EXPECT_EQ(0, power_write("state", "freeze"));
	callers_end(_metadata, self);
}

TEST_HARNESS_MAIN
