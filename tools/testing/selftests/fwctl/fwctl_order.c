// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that wait for the device: the calls of a file reach it in the order in which they
 * were sent, however many it takes at once; and only if the rules still permit them.
 *
 * Suites: lifetimes races
 */
#include "fwctl_client.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

FIXTURE(order)
{
	struct bench b;
	struct ring ring;
};

FIXTURE_VARIANT(order)
{
	long long calls;
};

FIXTURE_VARIANT_ADD(order, one_at_once) { 1 };
FIXTURE_VARIANT_ADD(order, two_at_once) { 2 };
FIXTURE_VARIANT_ADD(order, four_at_once) { 4 };
FIXTURE_VARIANT_ADD(order, eight_at_once) { 8 };

FIXTURE_SETUP(order)
{
	const struct setting settings[] = {
		{ "max_calls", variant->calls }, { "max_file_calls", variant->calls }, {}
	};
	const char *missing = sim_missing();

	self->ring.fd = -1;
	if (!missing && ring_open(&self->ring, IORING_SETUP_SQE128, 32))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, settings));
}

FIXTURE_TEARDOWN(order)
{
	ring_close(&self->ring);
	bench_close(&self->b);
}

#define ROUNDS (fwctl_quick() ? 50 : 200)
#define ROUND 24

/* Some rounds with one SQE at a time, so that calls complete between them. */
static bool play_round(struct ring *ring, int fd, size_t round)
{
	static struct sim_request reqs[ROUND];
	static struct sim_answer answers[ROUND];
	struct io_uring_cqe cqe;
	struct fwctl_rpc rpc;

	for (size_t i = 0; i < ROUND; i++) {
		reqs[i].head = sim_head(FWCTL_SIM_ECHO, 0, round * ROUND + i + 1);
		rpc = fwctl_rpc_of(0, &reqs[i], SIM_REQUEST_LEN, &answers[i], SIM_ANSWER_LEN);
		ring_add(ring, fd, FWCTL_RPC, &rpc, sizeof(rpc), i);
		if (round % 2 && ring_submit(ring))
			return false;
	}
	if (ring_pending(ring) && ring_submit(ring))
		return false;
	for (size_t i = 0; i < ROUND; i++)
		if (!ring_wait(ring, &cqe, SOON_MS) || cqe.res != SIM_ANSWER_LEN)
			return false;
	return true;
}

TEST_F(order, calls_of_a_ring_reach_the_device_in_the_order_of_their_sqes)
{
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/delay_us", 20));
	for (int round = 0; round < ROUNDS; round++)
		ASSERT_TRUE(play_round(&self->ring, self->b.fd, round));
	EXPECT_EQ(ROUNDS * ROUND, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/disordered"));
}

/* Writes that wait, and rules that become stricter meanwhile */

#define WRITES 8
#define REGISTER 3

FIXTURE(waiting)
{
	struct bench b;
	struct ring ring;
	int other;
	/* Have all that the device takes */
	struct client first[2];
	struct client writers[WRITES];
	struct sim_request reqs[WRITES];
	struct sim_answer answers[WRITES];
	size_t joinable;
};

FIXTURE_SETUP(waiting)
{
	static const struct setting two_calls[] = {
		{ "max_calls", 2 }, { "max_file_calls", 2 }, {}
	};
	const char *missing = sim_missing();
	long long size;

	self->ring.fd = -1;
	if (!missing && ring_open(&self->ring, IORING_SETUP_SQE128, WRITES))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, two_calls));
	self->other = sim_open(&self->b.sim, O_RDWR);
	ASSERT_GE(self->other, 0);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(self->first); i++) {
		self->first[i] = client_echo(self->other, i);
		ASSERT_TRUE(client_start_short(&self->first[i]));
		ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", i + 1, SOON_MS));
	}
	size = sim_class_get(&self->b.sim, "usage/bytes") / ARRAY_LEN(self->first);

	for (size_t i = 0; i < WRITES; i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(0, &self->reqs[i], SIM_REQUEST_LEN,
						    &self->answers[i], SIM_ANSWER_LEN);

		self->writers[i] = client_echo(self->b.fd, i);
		self->writers[i].short_in = sim_request(FWCTL_SIM_WRITE, REGISTER, 1);
		ASSERT_TRUE(client_start_short(&self->writers[i]));
		self->reqs[i] = sim_request(FWCTL_SIM_WRITE, REGISTER, 1);
		ring_add(&self->ring, self->b.fd, FWCTL_RPC, &rpc, sizeof(rpc), i);
	}
	ASSERT_EQ(0, ring_submit(&self->ring));
	ASSERT_TRUE(sim_class_wait(&self->b.sim, "usage/bytes", size * (2 + 2 * WRITES),
				   SOON_MS));
}

FIXTURE_TEARDOWN(waiting)
{
	ring_close(&self->ring);
	close(self->other);
	bench_close(&self->b);
}

static void all_end_with(struct __test_metadata *_metadata, FIXTURE_DATA(waiting) * self, int err)
{
	struct io_uring_cqe cqe;

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	for (size_t i = 0; i < ARRAY_LEN(self->first); i++)
		EXPECT_EQ(0, client_join(&self->first[i]));
	for (size_t i = 0; i < WRITES; i++) {
		EXPECT_EQ(err, client_join(&self->writers[i]));
		ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
		EXPECT_EQ(err ? -err : (int)sizeof(struct fwctl_sim_answer), cqe.res);
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

static long long register_value(const FIXTURE_DATA(waiting) * self)
{
	struct sim_request req = sim_request(FWCTL_SIM_READ, REGISTER, 0);
	struct sim_answer answer;

	return sim_ask(self->other, 0, &req, &answer) ? -1 : le32toh(answer.value);
}

TEST_F(waiting, calls_are_refused_when_the_administrator_takes_their_class_away)
{
	ASSERT_EQ(0, sim_class_write(&self->b.sim, "classes", "config-read debug-read"));
	all_end_with(_metadata, self, EPERM);
	EXPECT_EQ(2, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, register_value(self));
}

TEST_F(waiting, calls_are_refused_when_their_file_is_restricted)
{
	ASSERT_EQ(0, fwctl_do_restrict(self->b.fd, READ_CLASSES, NULL));
	all_end_with(_metadata, self, EPERM);
	EXPECT_EQ(2, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, register_value(self));
}

/* Another file's restriction, and a set that still has the class, are no reason. */
TEST_F(waiting, calls_are_sent_if_the_rules_still_permit_them)
{
	ASSERT_EQ(0, fwctl_do_restrict(self->other, READ_CLASSES, NULL));
	ASSERT_EQ(0, sim_class_write(&self->b.sim, "classes", "config-read config-write"));
	all_end_with(_metadata, self, 0);
	EXPECT_EQ(2 + 2 * WRITES, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(1, register_value(self));
}

TEST_HARNESS_MAIN
