// SPDX-License-Identifier: GPL-2.0
/*
 * Files, memory and the queue have bounds, and no set of callers without CAP_SYS_ADMIN can
 * keep one that has it out of any of them. A caller that sleeps over its own memory
 * holds none of the device's.
 *
 * Suites: memory
 */
#include "fwctl_child.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

/* include/uapi/fwctl/fwctl.h leaves the numbers to the kernel; testing.rst has them. */
#define MAX_QUEUED 8192
#define MAX_FILE_QUEUED 1024
#define MAX_OTHERS_QUEUED 6144

#define LONG 65536
/* A long call, and the kernel's structs for it, at most */
#define LONG_CALL (2 * LONG + 8192)

FIXTURE(reserve)
{
	struct bench b;
	struct child child;
	struct child second;
};

static void reserve_open(struct __test_metadata *_metadata, FIXTURE_DATA(reserve) * self,
			 const struct setting *settings)
{
	ASSERT_EQ(0, bench_open(&self->b, settings));
	ASSERT_EQ(0, node_chmod(&self->b.sim, 0666));
}

FIXTURE_SETUP(reserve)
{
	const char *missing = sim_missing();
	struct ring ring;

	if (!missing && ring_open(&ring, IORING_SETUP_SQE128, 1))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	ring_close(&ring);
}

FIXTURE_TEARDOWN(reserve)
{
	child_end(&self->child);
	child_end(&self->second);
	bench_close(&self->b);
}

/* Opens the device until it is refused. */
static void hog_files(void *sim, struct child_report *said)
{
	while (sim_open(sim, O_RDONLY) >= 0)
		said->count++;
	said->err = errno;
	child_says(said, 1);
	/* Again and again, as the log takes so many lines at a time. */
	for (;; sim_sleep_ms(100))
		(void)sim_open(sim, O_RDONLY);
}

TEST_F(reserve, others_cannot_open_the_device_so_often_that_root_cannot)
{
	static const struct setting files[] = { { "max_files", 17 }, {} };
	int log = log_open();
	char line[1024];
	int fds[2];

	reserve_open(_metadata, self, files);
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, hog_files, &self->b.sim));
	ASSERT_TRUE(child_reaches(&self->child, 1));
	EXPECT_EQ(EUSERS, self->child.said->err);
	/* An eighth is for root, which has one file open already. */
	EXPECT_EQ(17 - 2 - 1, self->child.said->count);
	EXPECT_TRUE(log < 0 || COMES_TRUE(log_has(log, self->b.sim.node,
						  "15 files are open, as many as can be without CAP_SYS_ADMIN",
						  line, sizeof(line)), 60000));
	ASSERT_TRUE(child_start(&self->second, CHILD_UID + 1, hog_files, &self->b.sim));
	ASSERT_TRUE(child_reaches(&self->second, 1));
	EXPECT_EQ(0, self->second.said->count);

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = sim_open(&self->b.sim, O_RDWR);
		EXPECT_GE(fds[i], 0);
	}
	EXPECT_EQ(-1, sim_open(&self->b.sim, O_RDWR));
	EXPECT_EQ(EUSERS, errno);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
	close(log);
}

/* Opens and closes the device: each file leaves a context that is being closed. */
static void hog_contexts(void *sim, struct child_report *said)
{
	int fd;

	while ((fd = sim_open(sim, O_RDONLY)) >= 0) {
		close(fd);
		child_says(said, ++said->count);
	}
}

TEST_F(reserve, others_cannot_keep_contexts_in_closing_so_that_root_waits)
{
	static const struct setting files[] = { { "max_files", 9 }, {} };
	int fd;

	reserve_open(_metadata, self, files);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/close_delay_us", 10000000));
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, hog_contexts, &self->b.sim));
	/* One is root's, by bench_open(), and an eighth is for root. */
	ASSERT_TRUE(child_reaches(&self->child, 7));
	sim_sleep_ms(WHILE_MS);
	EXPECT_EQ(7, self->child.said->count);

	fd = sim_open(&self->b.sim, O_RDWR);
	EXPECT_GE(fd, 0);
	/* Before one of the others' contexts is closed, which would let the child go on */
	sim_sleep_ms(WHILE_MS);
	EXPECT_EQ(7, self->child.said->count);
	close(fd);
	child_end(&self->child);
}

/* A ring with a file of its own, and memory for requests that are all alike */
struct hog {
	struct ring ring;
	int fd;
	uint8_t *in, *out;
};

static bool hog_open(struct hog *hog, const struct sim *sim)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);

	hog->in = calloc(1, LONG);
	hog->out = calloc(1, LONG);
	if (!hog->in || !hog->out || ring_open(&hog->ring, IORING_SETUP_SQE128, 2048))
		return false;
	memcpy(hog->in, &head, sizeof(head));
	hog->fd = sim_open(sim, O_RDWR);
	return hog->fd >= 0;
}

static void hog_close(struct hog *hog)
{
	ring_close(&hog->ring);
	close(hog->fd);
	free(hog->in);
	free(hog->out);
}

static void hog_add(struct hog *hog, uint32_t len)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(0, hog->in, len, hog->out, len);

	ring_add(&hog->ring, hog->fd, FWCTL_RPC, &rpc, sizeof(rpc), 0);
}

/* One call: 0 if it waits or is in the device, or how it ended */
static int hog_send(struct hog *hog, const struct sim *sim, uint32_t len)
{
	long long bytes = sim_class_get(sim, "usage/bytes");
	struct io_uring_cqe cqe = { .res = -ETIME };

	hog_add(hog, len);
	if (ring_submit(&hog->ring))
		return -1;
	for (int ms = 0; ms < SOON_MS; ms++) {
		if (ring_reap(&hog->ring, &cqe))
			break;
		if (sim_class_get(sim, "usage/bytes") > bytes)
			return 0;
		sim_sleep_ms(1);
	}
	return -cqe.res;
}

/* Long calls and then short ones, on one file after the other, until none fits. */
static void hog_bytes(void *sim, struct child_report *said)
{
	static const uint32_t lens[] = { LONG, 4096, SIM_REQUEST_LEN };
	static struct hog hogs[3];

	for (size_t i = 0; i < ARRAY_LEN(hogs) * ARRAY_LEN(lens); i++) {
		struct hog *hog = &hogs[i / ARRAY_LEN(lens)];

		if (hog->fd == 0 && !hog_open(hog, sim))
			_exit(1);
		while (!(said->err = hog_send(hog, sim, lens[i % ARRAY_LEN(lens)])))
			said->count++;
		if (said->err != ENOBUFS)
			break;
	}
	child_says(said, 1);
}

static const struct setting long_calls[] = {
	{ "max_in", LONG }, { "max_out", LONG }, { "max_bytes", 6 * LONG_CALL },
	{ "max_calls", 512 }, { "max_file_calls", 512 }, {}
};

TEST_F(reserve, others_cannot_hold_so_many_bytes_that_the_longest_call_of_root_fails)
{
	static uint8_t in[LONG], out[LONG];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 7);
	struct client client;

	reserve_open(_metadata, self, long_calls);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, hog_bytes, &self->b.sim));
	ASSERT_TRUE(COMES_TRUE(child_step(&self->child), 60000));
	EXPECT_EQ(ENOBUFS, self->child.said->err);
	EXPECT_GT(self->child.said->count, 4);

	memcpy(in, &head, sizeof(head));
	client = (struct client){
		.fd = self->b.fd, .in = in, .in_len = LONG, .out = out, .out_len = LONG,
	};
	ASSERT_TRUE(client_start(&client));
	EXPECT_TRUE(client_sleeps(&client));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(0, client_join(&client));
}

/* More short calls than a file can have waiting. Returns how many do. */
static int hog_queue_of(const struct sim *sim, struct hog *hog, int *err)
{
	struct io_uring_cqe cqe;
	int count = MAX_FILE_QUEUED + 100;

	if (!hog_open(hog, sim))
		return -1;
	for (int i = 0; i < MAX_FILE_QUEUED + 100; i++)
		hog_add(hog, SIM_REQUEST_LEN);
	if (ring_submit(&hog->ring))
		return -1;
	while (ring_reap(&hog->ring, &cqe)) {
		*err = -cqe.res;
		count--;
	}
	return count;
}

static void hog_queue(void *sim, struct child_report *said)
{
	static struct hog hogs[8];
	int count;

	for (size_t i = 0; i < ARRAY_LEN(hogs); i++) {
		count = hog_queue_of(sim, &hogs[i], &said->err);
		if (count < 0)
			_exit(1);
		said->count += count;
		child_says(said, i + 1);
	}
}

static const struct setting short_calls[] = {
	{ "max_bytes", 256 << 20 }, { "max_calls", 2 }, { "max_file_calls", 2 }, {}
};

/* Two calls of root's have both slots, so that all others wait. */
static void take_both_slots(struct __test_metadata *_metadata, FIXTURE_DATA(reserve) * self,
			    struct hog *hog)
{
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(hog_open(hog, &self->b.sim));
	for (int i = 1; i <= 2; i++) {
		hog_add(hog, SIM_REQUEST_LEN);
		ASSERT_EQ(0, ring_submit(&hog->ring));
		ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", i, SOON_MS));
	}
}

TEST_F(reserve, calls_that_wait_are_bounded_in_number_and_a_quarter_is_for_root)
{
	struct hog first = {}, mine[3] = {};
	long long two_calls;
	int err = 0;

	reserve_open(_metadata, self, short_calls);
	take_both_slots(_metadata, self, &first);
	two_calls = sim_class_get(&self->b.sim, "usage/bytes");
	/* A call costs a struct, too. */
	EXPECT_GE(two_calls, 2 * 256);

	ASSERT_TRUE(child_start(&self->child, CHILD_UID, hog_queue, &self->b.sim));
	ASSERT_TRUE(child_reaches(&self->child, 1));
	EXPECT_EQ(ENOBUFS, self->child.said->err);
	ASSERT_TRUE(COMES_TRUE(child_step(&self->child) == 8, 60000));
	EXPECT_EQ(MAX_OTHERS_QUEUED, self->child.said->count);
	EXPECT_EQ(two_calls / 2 * (2 + MAX_OTHERS_QUEUED),
		  sim_class_get(&self->b.sim, "usage/bytes"));

	EXPECT_EQ(MAX_FILE_QUEUED, hog_queue_of(&self->b.sim, &mine[0], &err));
	EXPECT_EQ(ENOBUFS, err);
	EXPECT_EQ(MAX_QUEUED - MAX_OTHERS_QUEUED - MAX_FILE_QUEUED,
		  hog_queue_of(&self->b.sim, &mine[1], &err));
	EXPECT_EQ(0, hog_queue_of(&self->b.sim, &mine[2], &err));
	EXPECT_EQ(ENOBUFS, err);

	/* None of the others' is sent once their process is gone; root's are. */
	child_reap(&self->child);
	EXPECT_TRUE(COMES_TRUE(sim_class_get(&self->b.sim, "usage/bytes") ==
			       two_calls / 2 * (2 + MAX_QUEUED - MAX_OTHERS_QUEUED), 60000));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/completed", 2 + MAX_QUEUED - MAX_OTHERS_QUEUED,
			     60000));
	hog_close(&first);
	for (size_t i = 0; i < ARRAY_LEN(mine); i++)
		hog_close(&mine[i]);
	EXPECT_TRUE(idle(&self->b.sim));
}

/* usage/bytes is the memory that calls take: buffers, and the kernel's structs. */
TEST_F(reserve, bytes_in_use_are_those_of_the_buffers_and_not_much_more)
{
	struct hog hog = {};

	reserve_open(_metadata, self, long_calls);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(hog_open(&hog, &self->b.sim));
	ASSERT_EQ(0, hog_send(&hog, &self->b.sim, LONG));
	EXPECT_GE(sim_class_get(&self->b.sim, "usage/bytes"), 2 * LONG + 256);
	EXPECT_LE(sim_class_get(&self->b.sim, "usage/bytes"), LONG_CALL);
	hog_close(&hog);
}

/* A caller that sleeps over its own memory, before its call and after it */

static void sleeps_without_bytes(struct __test_metadata *_metadata, FIXTURE_DATA(reserve) * self,
				 struct stall *stall, pid_t tid)
{
	ASSERT_TRUE(stall_wait(stall, tid, SOON_MS));
	EXPECT_EQ(0, sim_class_get(&self->b.sim, "usage/bytes"));
	EXPECT_EQ(0, sim_class_get(&self->b.sim, "usage/calls"));
}

static bool client_begins(struct client *client)
{
	return client_start(client) &&
	       COMES_TRUE(__atomic_load_n(&client->tid, __ATOMIC_ACQUIRE), SOON_MS);
}

/* Behind the bytes that classify() sees: only the rest of the request stalls. */
TEST_F(reserve, caller_that_stalls_in_its_request_holds_no_bytes)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 1);
	static uint8_t zeros[65536], out[1024];
	struct client client;
	struct stall stall;

	if (stall_open(&stall))
		SKIP(return, "no userfaultfd");
	reserve_open(_metadata, self, short_calls);
	client = (struct client){
		.fd = self->b.fd, .in = stall.at - 512, .in_len = sizeof(out),
		.out = out, .out_len = sizeof(out),
	};
	memcpy(client.in, &head, sizeof(head));
	ASSERT_TRUE(client_begins(&client));
	sleeps_without_bytes(_metadata, self, &stall, client.tid);
	ASSERT_EQ(0, stall_release(&stall, zeros));
	EXPECT_EQ(0, client_join(&client));
	stall_close(&stall);
}

TEST_F(reserve, caller_that_stalls_in_the_room_for_its_answer_holds_no_bytes)
{
	static uint8_t zeros[65536];
	struct client client;
	struct stall stall;

	if (stall_open(&stall))
		SKIP(return, "no userfaultfd");
	reserve_open(_metadata, self, short_calls);
	client = client_echo(self->b.fd, 1);
	client.in = &client.short_in;
	client.out = stall.at;
	ASSERT_TRUE(client_begins(&client));
	sleeps_without_bytes(_metadata, self, &stall, client.tid);
	ASSERT_EQ(0, stall_release(&stall, zeros));
	EXPECT_EQ(0, client_join(&client));
	stall_close(&stall);
}

TEST_F(reserve, caller_that_stalls_in_its_answer_holds_no_bytes)
{
	static uint8_t zeros[65536];
	struct stall stall;
	struct client client;

	if (stall_open(&stall))
		SKIP(return, "no userfaultfd");
	reserve_open(_metadata, self, short_calls);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_EQ(0, stall_release(&stall, zeros));
	client = client_echo(self->b.fd, 1);
	client.in = &client.short_in;
	client.out = stall.at;
	ASSERT_TRUE(client_start(&client));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	EXPECT_GT(sim_class_get(&self->b.sim, "usage/bytes"), 0);
	ASSERT_EQ(0, stall_again(&stall));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	sleeps_without_bytes(_metadata, self, &stall, client.tid);
	ASSERT_EQ(0, stall_release(&stall, zeros));
	EXPECT_EQ(0, client_join(&client));
	stall_close(&stall);
}

TEST_HARNESS_MAIN
