// SPDX-License-Identifier: GPL-2.0
/*
 * A removal and the driver's functions: it returns when no thread is inside of them any
 * more, and it says so while it waits.
 *
 * Suites: lifetimes
 */
#include "fwctl_child.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

/* How long submit() or open_uctx() stays after its call or its context is complete */
#define LINGER_US 1000000

FIXTURE(removal)
{
	struct bench b;
	struct ring ring;
	struct client clients[2];
	size_t started;
	pthread_t opener;
	bool opens;
};

FIXTURE_SETUP(removal)
{
	static const struct setting two_calls[] = {
		{ "max_calls", 2 }, { "max_file_calls", 2 }, {}
	};
	const char *missing = sim_missing();

	self->ring.fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, two_calls));
}

FIXTURE_TEARDOWN(removal)
{
	sim_set(&self->b.sim, "faults/linger_us", 0);
	sim_clear_faults(&self->b.sim);
	for (size_t i = 0; i < self->started; i++)
		client_join(&self->clients[i]);
	if (self->opens)
		pthread_join(self->opener, NULL);
	ring_close(&self->ring);
	/* The folder must not go while a thread is inside the driver. */
	sim_wait(&self->b.sim, "stats/inside", 0, SOON_MS);
	bench_close(&self->b);
}

static bool start_client(FIXTURE_DATA(removal) * self)
{
	struct client *client = &self->clients[self->started];

	*client = client_echo(self->b.fd, self->started + 1);
	if (!client_start_short(client))
		return false;
	self->started++;
	return true;
}

/* Each call or context is complete, and the thread that submitted or opened it lingers. */

TEST_F(removal, waits_for_the_submit_of_an_ioctl)
{
	struct sim *sim = &self->b.sim;

	ASSERT_EQ(0, sim_set(sim, "faults/linger_us", LINGER_US));
	ASSERT_TRUE(start_client(self));
	ASSERT_TRUE(sim_wait(sim, "stats/completed", 1, SOON_MS));
	ASSERT_EQ(0, sim_stop(sim));
	EXPECT_EQ(0, sim_get(sim, "stats/inside"));
	EXPECT_EQ(0, client_join(&self->clients[--self->started]));
}

/* In a worker of io_uring */
TEST_F(removal, waits_for_the_submit_of_an_sqe)
{
	struct sim_request req = { .head = sim_head(FWCTL_SIM_ECHO, 0, 1) };
	struct sim *sim = &self->b.sim;
	struct sim_answer answer;
	struct io_uring_cqe cqe;
	struct fwctl_rpc rpc = fwctl_rpc_of(0, &req, SIM_REQUEST_LEN, &answer, SIM_ANSWER_LEN);

	if (ring_open(&self->ring, IORING_SETUP_SQE128, 4))
		SKIP(return, "no io_uring");
	self->ring.sqe_flags = IOSQE_ASYNC;
	ASSERT_EQ(0, sim_set(sim, "faults/linger_us", LINGER_US));
	ring_add(&self->ring, self->b.fd, FWCTL_RPC, &rpc, sizeof(rpc), 1);
	ASSERT_EQ(0, ring_submit(&self->ring));
	ASSERT_TRUE(sim_wait(sim, "stats/completed", 1, SOON_MS));
	ASSERT_EQ(0, sim_stop(sim));
	EXPECT_EQ(0, sim_get(sim, "stats/inside"));
	ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
	EXPECT_EQ(SIM_ANSWER_LEN, cqe.res);
}

/* Also if it is a work item that submits: the second call waited for the device. */
TEST_F(removal, waits_for_the_submit_of_a_queued_call)
{
	struct sim *sim = &self->b.sim;

	ASSERT_EQ(0, sim_stop(sim));
	ASSERT_EQ(0, sim_set(sim, "max_calls", 1));
	ASSERT_EQ(0, sim_start(sim));
	close(self->b.fd);
	self->b.fd = sim_open(sim, O_RDWR);
	ASSERT_GE(self->b.fd, 0);
	ASSERT_EQ(0, sim_set(sim, "faults/hang", 1));
	ASSERT_TRUE(start_client(self));
	ASSERT_TRUE(sim_wait(sim, "stats/inflight", 1, SOON_MS));
	ASSERT_TRUE(sim_wait(sim, "stats/inside", 0, SOON_MS));
	ASSERT_TRUE(start_client(self));
	ASSERT_TRUE(client_sleeps(&self->clients[1]));
	ASSERT_EQ(0, sim_set(sim, "faults/linger_us", LINGER_US));
	ASSERT_EQ(0, sim_set(sim, "faults/hang", 0));
	ASSERT_TRUE(sim_wait(sim, "stats/completed", 2, SOON_MS));
	ASSERT_EQ(0, sim_stop(sim));
	EXPECT_EQ(0, sim_get(sim, "stats/inside"));
}

static void *opener_run(void *data)
{
	int fd = sim_open(data, O_RDWR);

	if (fd >= 0)
		close(fd);
	return NULL;
}

TEST_F(removal, waits_for_the_opening_of_a_context)
{
	struct sim *sim = &self->b.sim;

	ASSERT_EQ(0, sim_set(sim, "faults/linger_us", LINGER_US));
	ASSERT_EQ(0, pthread_create(&self->opener, NULL, opener_run, sim));
	self->opens = true;
	ASSERT_TRUE(sim_wait(sim, "stats/contexts", 2, SOON_MS));
	ASSERT_EQ(0, sim_stop(sim));
	EXPECT_EQ(0, sim_get(sim, "stats/inside"));
}

static void *stopper_run(void *data)
{
	return (void *)(long)sim_stop(data);
}

/* Of a driver that never completes a call, as the detector of hung tasks would. */
TEST_F(removal, that_waits_for_a_call_says_so_in_the_log)
{
	struct sim *sim = &self->b.sim;
	char line[1024], words[64];
	int log = log_open();
	pthread_t stopper;
	void *err;

	if (log < 0)
		SKIP(return, "no /dev/kmsg");
	ASSERT_EQ(0, sim_set(sim, "faults/keep_on_remove", 1));
	ASSERT_EQ(0, sim_set(sim, "faults/hang", 1));
	ASSERT_TRUE(start_client(self));
	ASSERT_TRUE(sim_wait(sim, "stats/inflight", 1, SOON_MS));
	ASSERT_EQ(0, pthread_create(&stopper, NULL, stopper_run, sim));

	EXPECT_TRUE(COMES_TRUE(log_has(log, sim->node, "removal waits for ", line, sizeof(line)),
			       60000));
	EXPECT_NE(NULL, strstr(line, "fwctl_sim for 10 s"));
	snprintf(words, sizeof(words), " 1 calls, the oldest opcode %#x of pid %d, sent ",
		 FWCTL_SIM_ECHO, self->clients[0].tid);
	EXPECT_NE(NULL, strstr(line, words))
		TH_LOG("%s", line);
	EXPECT_EQ(1, sim_get(sim, "live"));

	ASSERT_EQ(0, sim_set(sim, "faults/hang", 0));
	EXPECT_EQ(0, client_join(&self->clients[--self->started]));
	pthread_join(stopper, &err);
	EXPECT_EQ(NULL, err);
	EXPECT_EQ(0, sim_get(sim, "live"));
	close(log);
}

TEST_HARNESS_MAIN
