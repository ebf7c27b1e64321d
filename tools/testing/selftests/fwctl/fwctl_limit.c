// SPDX-License-Identifier: GPL-2.0
/*
 * Limits: the number of files, of calls in flight and of bytes that a device and a file
 * can have, the error for the next one, the order in which calls that wait are sent, and
 * that all of it is given back.
 *
 * Suites: memory races
 */
#include "fwctl_client.h"
#include "fwctl_harness.h"

FIXTURE(limit)
{
	struct bench b;
};

FIXTURE_SETUP(limit)
{
	const char *missing = sim_missing();

	self->b.fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
}

FIXTURE_TEARDOWN(limit)
{
	bench_close(&self->b);
}

/* Files */

static const struct setting three_files[] = { { "max_files", 3 }, {} };

/* self->b.fd is the first one. */
TEST_F(limit, one_file_too_many_is_EUSERS_until_one_is_closed)
{
	int second, third;

	ASSERT_EQ(0, bench_open(&self->b, three_files));
	second = sim_open(&self->b.sim, O_RDONLY);
	for (int round = 0; round < 50; round++) {
		third = sim_open(&self->b.sim, O_RDWR);
		ASSERT_GE(third, 0);
		EXPECT_EQ(-1, sim_open(&self->b.sim, O_RDONLY));
		EXPECT_EQ(EUSERS, errno);
		EXPECT_EQ(3, sim_class_get(&self->b.sim, "usage/files"));
		close(third);
		EXPECT_EQ(2, sim_class_get(&self->b.sim, "usage/files"));
	}
	close(second);
	close(self->b.fd);
	EXPECT_EQ(0, sim_class_get(&self->b.sim, "usage/files"));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/contexts", 0, SOON_MS));
}

/* Another test can have used up the lines of the last seconds. */
static bool refusal_is_logged(struct sim *sim, int log, const char *words)
{
	char node[40], line[1024];

	snprintf(node, sizeof(node), "%s: ", sim->node);
	sim_sleep_ms(100);
	return sim_open(sim, O_RDONLY) < 0 && errno == EUSERS &&
	       log_has(log, node, words, line, sizeof(line));
}

/* The errno says that it is full, the log says of how many, and how to find out of whose. */
TEST_F(limit, log_tells_of_one_file_too_many)
{
	int log = log_open();
	char words[128];
	int fds[2];

	if (log < 0)
		SKIP(return, "no /dev/kmsg");
	ASSERT_EQ(0, bench_open(&self->b, three_files));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = sim_open(&self->b.sim, O_RDONLY);
	snprintf(words, sizeof(words),
		 "(pid %d): not opened: 3 files are open, as many as can be; \"fuser -v /dev/fwctl/%s\"",
		 getpid(), self->b.sim.node);
	EXPECT_TRUE(COMES_TRUE(refusal_is_logged(&self->b.sim, log, words), 60000));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
	close(log);
}

TEST_F(limit, copies_of_a_file_are_one)
{
	int copy;

	ASSERT_EQ(0, bench_open(&self->b, three_files));
	copy = dup(self->b.fd);
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/files"));
	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/contexts"));
	close(self->b.fd);
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/files"));
	close(copy);
	EXPECT_EQ(0, sim_class_get(&self->b.sim, "usage/files"));
}

/* An open that fails is none. */
TEST_F(limit, failed_open_takes_nothing)
{
	ASSERT_EQ(0, bench_open(&self->b, three_files));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/open_error", EIO));
	for (int i = 0; i < 10; i++) {
		EXPECT_EQ(-1, sim_open(&self->b.sim, O_RDWR));
		EXPECT_EQ(EIO, errno);
	}
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/files"));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/open_error", 0));
	for (int i = 0; i < 2; i++)
		EXPECT_GE(sim_open(&self->b.sim, O_RDWR), 0);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * The firmware has so many contexts and no more, also while it is slow to close one: an
 * open() then waits for it, and does not fail.
 */
TEST_F(limit, open_waits_for_a_context_that_is_still_closing)
{
	static const struct setting one_file[] = { { "max_files", 1 }, {} };
	long long start;

	ASSERT_EQ(0, bench_open(&self->b, one_file));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/close_delay_us", 100000));
	for (int i = 0; i < 3; i++) {
		start = now_ms();
		close(self->b.fd);
		self->b.fd = sim_open(&self->b.sim, O_RDWR);
		EXPECT_GE(self->b.fd, 0);
		EXPECT_GE(now_ms() - start, 90);
		EXPECT_EQ(1, sim_get(&self->b.sim, "stats/contexts"));
	}
}

/* Calls in flight */

/* Starts a client, and returns when its call is in the device or in the queue. */
static bool queue_up(struct client *client, const struct sim *sim,
		     long long clients)
{
	return client_start_short(client) &&
	       sim_calls_wait(sim, clients, SOON_MS) && client_sleeps(client);
}

TEST_F(limit, calls_beyond_those_of_the_device_wait)
{
	static const struct setting two_calls[] = {
		{ "max_calls", 2 }, { "max_file_calls", 2 }, {}
	};
	struct client clients[8];
	int fds[ARRAY_LEN(clients)];

	ASSERT_EQ(0, bench_open(&self->b, two_calls));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		fds[i] = sim_open(&self->b.sim, O_RDWR);
		clients[i] = client_echo(fds[i], 100 + i);
		ASSERT_TRUE(queue_up(&clients[i], &self->b.sim, i + 1));
	}
	sim_sleep_ms(WHILE_MS);
	EXPECT_EQ(2, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(2, sim_class_get(&self->b.sim, "usage/calls"));
	EXPECT_EQ(6, sim_class_get(&self->b.sim, "usage/queued"));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		EXPECT_EQ(0, client_join(&clients[i]));
		EXPECT_TRUE(got_own_answer(&clients[i]));
		close(fds[i]);
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

/* A file that has all it can have leaves the rest of the device to others. */
TEST_F(limit, calls_beyond_those_of_the_file_leave_room_for_others)
{
	static const struct setting settings[] = {
		{ "max_calls", 4 }, { "max_file_calls", 2 }, {}
	};
	/* After each client: how many the device has */
	static const long long submitted[] = { 1, 2, 2, 2, 3, 4, 4 };
	struct client clients[ARRAY_LEN(submitted)];
	int other;

	ASSERT_EQ(0, bench_open(&self->b, settings));
	other = sim_open(&self->b.sim, O_RDWR);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		clients[i] = client_echo(i < 4 ? self->b.fd : other, i);
		ASSERT_TRUE(queue_up(&clients[i], &self->b.sim, i + 1));
		sim_sleep_ms(WHILE_MS);
		EXPECT_EQ(submitted[i], sim_get(&self->b.sim, "stats/inflight"))
			TH_LOG("client %zu", i);
	}
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		client_join(&clients[i]);
		EXPECT_TRUE(got_own_answer(&clients[i]));
	}
	EXPECT_TRUE(idle(&self->b.sim));
	close(other);
}

/* Calls in the order in which they come, and their places in the order of the device */
static const struct {
	size_t file;
	uint64_t place;
} coming[] = {
	{ 0, 1 }, { 0, 4 }, { 0, 6 }, { 0, 7 }, { 1, 2 }, { 1, 5 }, { 2, 3 }, { 0, 8 },
};

/*
 * Files take turns, so that one with many calls cannot make the others wait for
 * all of them; within a file it is first come, first served. The places are the calls'
 * cookies, which the device has to get in ascending order.
 */
TEST_F(limit, files_take_turns_and_their_calls_keep_their_order)
{
	static const struct setting one_call[] = {
		{ "max_calls", 1 }, { "max_file_calls", 1 }, {}
	};
	struct client clients[ARRAY_LEN(coming)];
	int fds[3];

	ASSERT_EQ(0, bench_open(&self->b, one_call));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = sim_open(&self->b.sim, O_RDWR);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		clients[i] = client_echo(fds[coming[i].file], coming[i].place);
		ASSERT_TRUE(queue_up(&clients[i], &self->b.sim, i + 1));
	}
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));

	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		EXPECT_EQ(0, client_join(&clients[i]));
	EXPECT_EQ(ARRAY_LEN(clients), sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/disordered"));
	EXPECT_TRUE(idle(&self->b.sim));
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
}

/* Bytes in flight */

#define LONGEST 4096

static const struct setting of_bytes[] = {
	{ "max_in", LONGEST }, { "max_out", LONGEST }, {}
};

/* A call that hangs, half of it for its answer */
struct taker {
	struct client client;
	struct sim_request in[LONGEST / sizeof(struct sim_request) + 1];
	uint8_t out[LONGEST];
};

/* Returns the bytes that the call has taken, or -1. */
static long long take(struct taker *taker, const struct sim *sim, int fd,
		      uint32_t len)
{
	long long before = sim_class_get(sim, "usage/bytes");
	long long calls = sim_calls(sim);

	taker->in[0] = sim_request(FWCTL_SIM_ECHO, 0, 0);
	taker->client = (struct client){
		.fd = fd,
		.in = taker->in,
		.in_len = len,
		.out = taker->out,
		.out_len = len,
	};
	if (!client_start(&taker->client) ||
	    !sim_calls_wait(sim, calls + 1, SOON_MS) ||
	    !client_sleeps(&taker->client))
		return -1;
	return sim_class_get(sim, "usage/bytes") - before;
}

static int try_len(int fd, uint32_t len)
{
	struct taker taker = { .in = { sim_request(FWCTL_SIM_ECHO, 0, 0) } };
	uint32_t out_len = len;

	return sim_send(fd, 0, taker.in, len, taker.out, &out_len);
}

static void join_takers(struct __test_metadata *_metadata, struct bench *b,
			struct taker *takers, size_t count)
{
	ASSERT_EQ(0, sim_set(&b->sim, "faults/hang", 0));
	for (size_t i = 0; i < count; i++)
		EXPECT_EQ(0, client_join(&takers[i].client));
	EXPECT_TRUE(idle(&b->sim));
}

/* Both buffers and the kernel's own struct, rounded up as the allocator does */
TEST_F(limit, a_call_counts_all_of_its_memory)
{
	static const struct setting settings[] = { {} };
	static const uint32_t lens[] = { 16, 20, 100, 1000, LONGEST, 5000, 60000,
					 2 << 20 };
	long long page, bytes, last = 0;

	ASSERT_EQ(0, bench_open(&self->b, settings));
	page = self->b.page;
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		bytes = call_bytes(&self->b, lens[i], lens[i]);
		EXPECT_GT(bytes, 2LL * lens[i] + 100)
			TH_LOG("length %u", lens[i]);
		/* kmalloc() rounds up to a power of two. */
		EXPECT_LE(bytes, 4LL * lens[i] + 2 * page)
			TH_LOG("length %u", lens[i]);
		EXPECT_GE(bytes, last);
		last = bytes;
	}
}

/* A device can have two of the longest calls: one is for CAP_SYS_ADMIN alone. */
TEST_F(limit, device_without_memory_for_two_calls_is_EINVAL)
{
	long long bytes;

	ASSERT_EQ(0, bench_open_calls(&self->b, of_bytes, 2, LONGEST, LONGEST));
	bytes = sim_get(&self->b.sim, "max_bytes");
	EXPECT_EQ(0, try_len(self->b.fd, LONGEST));
	ASSERT_EQ(0, sim_stop(&self->b.sim));
	ASSERT_EQ(0, sim_set(&self->b.sim, "max_bytes", bytes - 2));
	EXPECT_EQ(EINVAL, sim_start(&self->b.sim));
	ASSERT_EQ(0, sim_set(&self->b.sim, "max_bytes", bytes));
	EXPECT_EQ(0, sim_start(&self->b.sim));
}

/* At once: a call that needs more memory than there is does not wait for it. */
TEST_F(limit, a_file_has_half_of_the_bytes_and_then_ENOBUFS)
{
	static struct taker takers[3];
	long long most, taken;

	ASSERT_EQ(0, bench_open_calls(&self->b, of_bytes, 4, LONGEST, LONGEST));
	most = sim_get(&self->b.sim, "max_bytes") / 2;
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	taken = take(&takers[0], &self->b.sim, self->b.fd, LONGEST);
	EXPECT_EQ(most / 2, taken);
	taken += take(&takers[1], &self->b.sim, self->b.fd, 16);
	taken += take(&takers[2], &self->b.sim, self->b.fd, 1000);
	EXPECT_EQ(ENOBUFS, try_len(self->b.fd, LONGEST));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/submitted", 3, SOON_MS));
	EXPECT_EQ(taken, sim_class_get(&self->b.sim, "usage/bytes"));
	join_takers(_metadata, &self->b, takers, 3);

	/* To the last byte */
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < 2; i++)
		ASSERT_LT(0, take(&takers[i], &self->b.sim, self->b.fd, LONGEST));
	EXPECT_EQ(most, sim_class_get(&self->b.sim, "usage/bytes"));
	EXPECT_EQ(ENOBUFS, try_len(self->b.fd, 16));
	join_takers(_metadata, &self->b, takers, 2);
	EXPECT_EQ(0, try_len(self->b.fd, LONGEST));
}

/* The test has CAP_SYS_ADMIN, and so all of it. */
TEST_F(limit, the_device_has_all_of_the_bytes_and_then_ENOBUFS)
{
	static struct taker takers[4];
	int second, third;

	ASSERT_EQ(0, bench_open_calls(&self->b, of_bytes, 4, LONGEST, LONGEST));
	second = sim_open(&self->b.sim, O_RDWR);
	third = sim_open(&self->b.sim, O_RDWR);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < 3; i++)
		ASSERT_LT(0, take(&takers[i], &self->b.sim,
				  i < 2 ? self->b.fd : second, LONGEST));
	ASSERT_LT(0, take(&takers[3], &self->b.sim, second, 16));
	EXPECT_EQ(ENOBUFS, try_len(third, LONGEST));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/submitted", 4, SOON_MS));
	join_takers(_metadata, &self->b, takers, 4);

	/* A refused call was not counted, neither for the file nor the device. */
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < 2; i++)
		ASSERT_LT(0, take(&takers[i], &self->b.sim, third, LONGEST));
	for (size_t i = 2; i < 4; i++)
		ASSERT_LT(0, take(&takers[i], &self->b.sim, second, LONGEST));
	EXPECT_EQ(sim_get(&self->b.sim, "max_bytes"),
		  sim_class_get(&self->b.sim, "usage/bytes"));
	EXPECT_EQ(ENOBUFS, try_len(self->b.fd, 16));
	join_takers(_metadata, &self->b, takers, 4);
	close(second);
	close(third);
}

/* A call that waits for the device has its memory already. */
TEST_F(limit, calls_that_wait_count_their_bytes)
{
	static const struct setting settings[] = {
		{ "max_in", LONGEST }, { "max_out", LONGEST },
		{ "max_file_calls", 1 }, { "max_calls", 1 }, {}
	};
	static struct taker takers[2];

	ASSERT_EQ(0, bench_open_calls(&self->b, settings, 4, LONGEST, LONGEST));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < 2; i++)
		ASSERT_LT(0, take(&takers[i], &self->b.sim, self->b.fd, LONGEST));
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/calls"));
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/queued"));
	EXPECT_EQ(ENOBUFS, try_len(self->b.fd, 100));
	join_takers(_metadata, &self->b, takers, 2);
}

/* However a call ends, the memory that it took is given back. */
TEST_F(limit, calls_that_fail_give_everything_back)
{
	static const struct {
		const char *fault;
		long long value;
		int err;
	} ends[] = {
		{ "faults/error", EBUSY, EBUSY },
		{ "faults/answer_len", 2 * LONGEST, EIO },
		{ "faults/timeout_us", 1000, ETIMEDOUT },
	};

	ASSERT_EQ(0, bench_open_calls(&self->b, of_bytes, 4, LONGEST, LONGEST));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang",
				     ends[i].err == ETIMEDOUT));
		ASSERT_EQ(0, sim_set(&self->b.sim, ends[i].fault,
				     ends[i].value));
		/* More often than would fit at once */
		for (int n = 0; n < 20; n++)
			EXPECT_EQ(ends[i].err, try_len(self->b.fd, LONGEST));
		EXPECT_TRUE(idle(&self->b.sim));
		sim_clear_faults(&self->b.sim);
	}
	EXPECT_EQ(0, try_len(self->b.fd, LONGEST));
}

TEST_HARNESS_MAIN
