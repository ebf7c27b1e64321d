// SPDX-License-Identifier: GPL-2.0
/*
 * An admitted request on its way: lengths, memory, answers and errors when the firmware
 * or the caller does something odd, and the independence of callers.
 *
 * Suites: memory races
 */
#include <limits.h>

#include "fwctl_client.h"
#include "fwctl_harness.h"

#define MAX_RPC_LEN (2u << 20)
#define HEADER_LEN 16

/* Lengths */

FIXTURE(lengths)
{
	struct bench b;
};

FIXTURE_SETUP(lengths)
{
	static const struct setting settings[] = {
		{ "min_in", 24 }, { "max_in", 5000 },
		{ "min_out", 28 }, { "max_out", 6000 },
		{ "max_bytes", 65536 }, {}
	};
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, settings));
}

FIXTURE_TEARDOWN(lengths)
{
	bench_close(&self->b);
}

static const uint32_t edges[] = {
	0, 1, 15, 16, 17, 23, 24, 25, 27, 28, 29, 4095, 4096, 4097, 4999, 5000,
	5001, 5999, 6000, 6001, 65536, 1u << 31, ~0u
};

static uint8_t pattern(size_t i)
{
	return i * 7 + (i >> 8);
}

/* Memory of this length, behind which no byte can be read or written */
static void *exact(uint32_t len, uint8_t **map)
{
	size_t page = sysconf(_SC_PAGESIZE), size = (len / page + 1) * page;

	*map = mmap(NULL, size + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*map == MAP_FAILED || mprotect(*map + size, page, PROT_NONE))
		return NULL;
	return *map + size - len;
}

static void fill_echo(uint8_t *in, uint32_t len)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, len);

	memcpy(in, &head, HEADER_LEN);
	for (size_t i = HEADER_LEN; i < len; i++)
		in[i] = pattern(i);
}

static bool is_echo(const uint8_t *out, uint32_t len)
{
	for (size_t i = HEADER_LEN; i < len; i++)
		if (out[i] != pattern(i))
			return false;
	return true;
}

/* Returns 0 if the answer is the request's echo, -1 if not, or the errno. */
static int echo_of_lengths(int fd, uint32_t in_len, uint32_t out_len)
{
	uint32_t want = in_len < out_len ? in_len : out_len, len = out_len;
	uint8_t *in_map, *out_map;
	uint8_t *in = exact(in_len, &in_map), *out = exact(out_len, &out_map);
	size_t page = sysconf(_SC_PAGESIZE);
	int err;

	fill_echo(in, in_len);
	err = sim_send(fd, FWCTL_RPC_CONFIGURATION, in, in_len, out, &len);
	if (!err && (len != want || !is_echo(out, len)))
		err = -1;
	munmap(in_map, (in_len / page + 2) * page);
	munmap(out_map, (out_len / page + 2) * page);
	return err;
}

TEST_F(lengths, each_edge_in_both_directions)
{
	for (size_t i = 0; i < ARRAY_LEN(edges); i++) {
		for (size_t o = 0; o < ARRAY_LEN(edges); o++) {
			uint32_t in = edges[i], out = edges[o];
			bool fits = in >= 24 && in <= 5000 && out >= 28 &&
				    out <= 6000;
			struct fwctl_rpc rpc = fwctl_rpc_of(0, NULL, in, NULL,
							    out);

			EXPECT_EQ(fits ? 0 : EMSGSIZE,
				  fits ? echo_of_lengths(self->b.fd, in, out) :
				  fwctl_errno(self->b.fd, FWCTL_RPC, &rpc))
				TH_LOG("in %u, out %u", in, out);
		}
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

FIXTURE(call)
{
	struct bench b;
};

FIXTURE_SETUP(call)
{
	static const struct setting settings[] = { {} };
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, settings));
}

FIXTURE_TEARDOWN(call)
{
	bench_close(&self->b);
}

TEST_F(call, two_mebibytes_each_way_are_the_most)
{
	static const uint32_t lens[] = { 1 << 20, MAX_RPC_LEN - 1, MAX_RPC_LEN,
					 MAX_RPC_LEN + 1 };

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		int want = lens[i] > MAX_RPC_LEN ? EMSGSIZE : 0;

		EXPECT_EQ(want, echo_of_lengths(self->b.fd, lens[i], 20));
		EXPECT_EQ(want, echo_of_lengths(self->b.fd, 20, lens[i]));
		EXPECT_EQ(want, echo_of_lengths(self->b.fd, lens[i], lens[i]));
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

/* Answers */

/* A firmware that lies. The bytes it did not write are zero, not the kernel's memory. */
TEST_F(call, answer_that_is_longer_than_the_firmware_wrote_ends_in_zeros)
{
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, ~0u);
	uint8_t out[256];
	uint32_t len = 200;

	memset(out, 0xa5, sizeof(out));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/answer_len", 200));
	ASSERT_EQ(0, sim_send(self->b.fd, 0, &req, SIM_REQUEST_LEN, out, &len));
	EXPECT_EQ(200, len);
	for (size_t i = SIM_ANSWER_LEN; i < 200; i++)
		EXPECT_EQ(0, out[i]);
	EXPECT_EQ(0xa5, out[200]);
}

static int ask_with_room(int fd, uint32_t *len)
{
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);
	uint8_t out[64];

	*len = sizeof(out);
	return sim_send(fd, 0, &req, SIM_REQUEST_LEN, out, len);
}

TEST_F(call, answer_length_is_what_the_driver_says_up_to_the_room)
{
	static const struct {
		uint32_t claims;
		int err;
	} answers[] = {
		{ 0, 0 }, { 1, 0 }, { 15, 0 }, { 16, 0 }, { 63, 0 }, { 64, 0 },
		{ 65, EIO }, { 4096, EIO }, { MAX_RPC_LEN, EIO },
		{ INT_MAX, EIO },
	};
	long long submitted = 0;

	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		uint32_t len;

		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/answer_len",
				     answers[i].claims));
		EXPECT_EQ(answers[i].err, ask_with_room(self->b.fd, &len));
		EXPECT_EQ(answers[i].err ? 64 : answers[i].claims, len);
		/* EIO: it was executed. */
		EXPECT_EQ(++submitted, sim_get(&self->b.sim, "stats/submitted"));
	}
	EXPECT_TRUE(idle(&self->b.sim));
}

/* A file uses the memory of a small call for the next one. */
TEST_F(call, answer_has_nothing_of_an_earlier_one)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	uint8_t secret[4096], out[4096] = {};
	uint32_t len = sizeof(out);

	memset(secret, 0xa5, sizeof(secret));
	memcpy(secret, &head, sizeof(head));
	ASSERT_EQ(0, sim_send(self->b.fd, 0, secret, sizeof(secret), out, &len));
	ASSERT_EQ(0xa5, out[4095]);

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/answer_len", sizeof(out)));
	len = sizeof(out);
	ASSERT_EQ(0, sim_send(self->b.fd, 0, secret, sizeof(head), out, &len));
	EXPECT_EQ(sizeof(out), len);
	for (size_t i = sizeof(struct fwctl_sim_answer); i < sizeof(out); i++) {
		ASSERT_EQ(0, out[i]) {
			TH_LOG("byte %zu", i);
		}
	}
}

static uint32_t register_value(int fd, uint32_t number)
{
	struct sim_request req = sim_request(FWCTL_SIM_READ, number, 0);
	struct sim_answer answer = {};

	sim_ask(fd, FWCTL_RPC_CONFIGURATION, &req, &answer);
	return le32toh(answer.value);
}

static int write_register(int fd, uint32_t number, uint32_t value)
{
	struct sim_request req = sim_request(FWCTL_SIM_WRITE, number, value);
	struct sim_answer answer;

	return sim_ask(fd, FWCTL_RPC_CONFIGURATION, &req, &answer);
}

TEST_F(call, error_of_the_driver_is_the_callers_and_nothing_was_executed)
{
	for (int error = 1; error <= EHWPOISON; error++) {
		/* Which io_uring would take for a demand to issue the request again */
		int want = error == EAGAIN ? EBUSY : error;

		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/error", error));
		EXPECT_EQ(want, write_register(self->b.fd, 3, 0xbad))
			TH_LOG("%s", strerror(error));
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/error", 0));
		EXPECT_EQ(0, register_value(self->b.fd, 3));
	}
	EXPECT_EQ(0, write_register(self->b.fd, 3, 0x600d));
	EXPECT_EQ(0x600d, register_value(self->b.fd, 3));
}

/* The firmware's own status for requests that it does not like */
static const struct {
	const char *name;
	uint16_t opcode;
	uint32_t arg, in_len, out_len;
	uint32_t status;
} statuses[] = {
	{ "READ", FWCTL_SIM_READ, 63, 16, 20, FWCTL_SIM_OK },
	{ "READ of no register", FWCTL_SIM_READ, 64, 16, 20,
	  FWCTL_SIM_BAD_REGISTER },
	{ "READ of a register that others might find", FWCTL_SIM_READ,
	  1u << 31, 16, 20, FWCTL_SIM_BAD_REGISTER },
	{ "READ without room", FWCTL_SIM_READ, 0, 16, 16,
	  FWCTL_SIM_BAD_LENGTH },
	{ "WRITE", FWCTL_SIM_WRITE, 0, 20, 16, FWCTL_SIM_OK },
	{ "WRITE of nothing", FWCTL_SIM_WRITE, 0, 16, 16,
	  FWCTL_SIM_BAD_LENGTH },
	{ "WRITE of too little", FWCTL_SIM_WRITE, 0, 19, 16,
	  FWCTL_SIM_BAD_LENGTH },
	{ "WRITE to no register", FWCTL_SIM_WRITE, 64, 20, 16,
	  FWCTL_SIM_BAD_REGISTER },
};

/* An errno would mean that it was not executed. It was, and its status is an error. */
TEST_F(call, firmware_status_comes_with_success)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct sim_request req = sim_request(statuses[i].opcode,
						     statuses[i].arg, 0);
		struct sim_answer answer = {};
		uint32_t len = statuses[i].out_len;

		req.head.cookie = htole64(1000 + i);
		EXPECT_EQ(0, sim_send(self->b.fd, 0, &req, statuses[i].in_len,
				      &answer, &len))
			TH_LOG("%s", statuses[i].name);
		EXPECT_EQ(statuses[i].status, sim_status(&answer))
			TH_LOG("%s", statuses[i].name);
		EXPECT_EQ(1000 + i, sim_cookie(&answer));
	}
}

/* As another firmware would: a status of its own, and a payload beside it */
TEST_F(call, configured_answer_arrives_as_far_as_there_is_room)
{
	static const char payload[] = "an answer that is longer than the room";
	struct fwctl_sim_request req = sim_head(0x77, 0, 5);
	char path[SIM_PATH_LEN], out[64];
	uint32_t len;

	ASSERT_EQ(0, sim_stop(&self->b.sim));
	ASSERT_EQ(0, sim_add_opcode(&self->b.sim, "odd", 0x77, "config-read"));
	ASSERT_EQ(0, sim_set(&self->b.sim, "opcodes/odd/status", 0xdead));
	sim_path(&self->b.sim, "opcodes/odd/answer", path);
	ASSERT_EQ(0, sim_write_file(path, payload, sizeof(payload)));
	ASSERT_EQ(0, sim_start(&self->b.sim));

	close(self->b.fd);
	self->b.fd = sim_open(&self->b.sim, O_RDWR);
	for (uint32_t room = 16; room <= sizeof(out); room++) {
		uint32_t want = room - 16 < sizeof(payload) ? room :
							      16 + sizeof(payload);

		len = room;
		ASSERT_EQ(0, sim_send(self->b.fd, 0, &req, 16, out, &len));
		EXPECT_EQ(want, len);
		EXPECT_EQ(0xdead, sim_status((struct sim_answer *)out));
		EXPECT_EQ(0, memcmp(out + 16, payload, want - 16));
	}
}

/* Memory */

/* As some clients do; also where they overlap in part. */
TEST_F(call, request_and_answer_may_share_memory)
{
	static const int offsets[] = { 0, 1, 8, 500, -1, -8, -500 };
	uint8_t memory[4096];

	for (size_t i = 0; i < ARRAY_LEN(offsets); i++) {
		uint8_t *in = memory + 1024, *out = in + offsets[i];
		uint32_t len = 1024;

		fill_echo(in, len);
		EXPECT_EQ(0, sim_send(self->b.fd, 0, in, len, out, &len));
		EXPECT_EQ(1024, len);
		EXPECT_TRUE(is_echo(out, len))
			TH_LOG("answer %d bytes behind the request", offsets[i]);
	}
}

/* Memory that cannot be read or written is found out before the request is sent. */
TEST_F(call, memory_that_ends_too_early_is_EFAULT_and_nothing_is_sent)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_WRITE, 1, 0);
	uint8_t good[256], *from = at_edge(&self->b, 100);
	void *const no_room[] = { from, at_edge(&self->b, 0), NULL, self->b.edge };
	uint32_t len = 200;

	memcpy(from, &head, sizeof(head));
	memcpy(good, &head, sizeof(head));
	EXPECT_EQ(EFAULT, sim_send(self->b.fd, 0, from, 200, good, &len));
	EXPECT_EQ(EFAULT, sim_send(self->b.fd, 0, from, 101, good, &len));
	EXPECT_EQ(200, len);

	ASSERT_EQ(0, mprotect(self->b.edge, self->b.page, PROT_READ));
	for (size_t i = 0; i < ARRAY_LEN(no_room); i++) {
		EXPECT_EQ(EFAULT, sim_send(self->b.fd, 0, good, 200, no_room[i],
					   &len));
	}
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* A client may keep its last answer there: the check of the memory changes no byte. */
TEST_F(call, failed_call_leaves_the_memory_for_the_answer_as_it_was)
{
	static const struct {
		const char *fault;
		long long value;
		int err;
	} ends[] = {
		{ "faults/error", EBUSY, EBUSY },
		{ "faults/answer_len", MAX_RPC_LEN, EIO },
		{ "faults/timeout_us", 1000, ETIMEDOUT },
	};
	uint8_t in[256], out[3 * 4096];

	fill_echo(in, sizeof(in));
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = pattern(i);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		uint32_t len = sizeof(out);

		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang",
				     ends[i].err == ETIMEDOUT));
		ASSERT_EQ(0, sim_set(&self->b.sim, ends[i].fault,
				     ends[i].value));
		EXPECT_EQ(ends[i].err, sim_send(self->b.fd, 0, in, sizeof(in),
						out, &len));
		for (size_t at = 0; at < sizeof(out); at++) {
			ASSERT_EQ(pattern(at), out[at]) {
				TH_LOG("%s, byte %zu", ends[i].fault, at);
			}
		}
		sim_clear_faults(&self->b.sim);
	}
}

/* Each page that an answer would be on counts, wherever it begins and ends. */
TEST_F(call, page_that_cannot_be_written_is_EFAULT_and_nothing_is_sent)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_WRITE, 1, 0);
	const size_t page = self->b.page, size = 4 * page;
	const size_t cuts[] = { 0, 1, page / 2, page - 1 };
	uint8_t in[64] = {}, *map;

	map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, map);
	memcpy(in, &head, sizeof(head));
	for (size_t i = 0; i < 16 * size / page; i++) {
		uint8_t *bad = map + i % (size / page) * page;
		size_t first = cuts[i / 4 % 4], last = cuts[i / 16];
		uint32_t len = size - first - last;

		ASSERT_EQ(0, mprotect(bad, page, PROT_READ));
		EXPECT_EQ(EFAULT, sim_send(self->b.fd, 0, in, sizeof(in),
					   map + first, &len))
			TH_LOG("%zu bytes after its beginning, %zu before its end, page %zu",
			       first, last, i % (size / page));
		ASSERT_EQ(0, mprotect(bad, page, PROT_READ | PROT_WRITE));
	}
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
	munmap(map, size);
}

/* Nor is a request sent if the length of its answer could not be told. */
TEST_F(call, struct_that_cannot_be_written_is_EFAULT_and_nothing_is_sent)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_WRITE, 1, 0);
	uint8_t in[64] = {}, out[64];
	struct fwctl_rpc *rpc = (struct fwctl_rpc *)self->b.edge;

	memcpy(in, &head, sizeof(head));
	*rpc = fwctl_rpc_of(FWCTL_RPC_CONFIGURATION, in, sizeof(in), out,
			    sizeof(out));
	ASSERT_EQ(0, mprotect(self->b.edge, self->b.page, PROT_READ));
	EXPECT_EQ(EFAULT, fwctl_errno(self->b.fd, FWCTL_RPC, rpc));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* A refused request of 2 MiB costs as little as one of 16 bytes. */
TEST_F(call, refusal_reads_the_header_and_no_more)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_WRITE, 0, 0);
	struct fwctl_query query;
	struct fwctl_rpc rpc;
	void *in = at_edge(&self->b, sizeof(head));

	memcpy(in, &head, sizeof(head));
	rpc = fwctl_rpc_of(FWCTL_RPC_DEBUG_READ_ONLY, in, MAX_RPC_LEN, NULL,
			   MAX_RPC_LEN);
	EXPECT_EQ(EBADMSG, fwctl_errno(self->b.fd, FWCTL_RPC, &rpc));
	query = fwctl_query_of(FWCTL_RPC_DEBUG_READ_ONLY, in, MAX_RPC_LEN,
			       MAX_RPC_LEN);
	EXPECT_EQ(0, fwctl_errno(self->b.fd, FWCTL_QUERY, &query));
	EXPECT_EQ(FWCTL_REASON_LABEL, query.out_reason);

	/* Once admitted it is missed. */
	rpc.scope = FWCTL_RPC_CONFIGURATION;
	EXPECT_EQ(EFAULT, fwctl_errno(self->b.fd, FWCTL_RPC, &rpc));
}

/* Writes another opcode into the request, again and again. */
struct flipper {
	pthread_t thread;
	struct sim_request *req;
	bool stop;
};

static void *flip(void *data)
{
	struct flipper *flipper = data;
	uint16_t *opcode = &flipper->req->head.opcode;

	while (!__atomic_load_n(&flipper->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n(opcode, htole16(FWCTL_SIM_WRITE),
				 __ATOMIC_RELAXED);
		__atomic_store_n(opcode, htole16(FWCTL_SIM_READ),
				 __ATOMIC_RELAXED);
	}
	return NULL;
}

/* The bytes that were classified are the bytes sent: the label covers READ, not WRITE. */
TEST_F(call, request_that_changes_meanwhile_is_sent_as_it_was_admitted)
{
	struct sim_request req = sim_request(FWCTL_SIM_READ, 7, 0xbad);
	struct flipper flipper = { .req = &req };
	struct sim_answer answer;
	int sent = 0, err;

	ASSERT_EQ(0, pthread_create(&flipper.thread, NULL, flip, &flipper));
	for (int i = 0; i < 10000; i++) {
		err = sim_ask(self->b.fd, FWCTL_RPC_DEBUG_READ_ONLY, &req,
			      &answer);
		ASSERT_TRUE(err == 0 || err == EBADMSG);
		sent += !err;
	}
	__atomic_store_n(&flipper.stop, true, __ATOMIC_RELAXED);
	pthread_join(flipper.thread, NULL);
	EXPECT_EQ(0, register_value(self->b.fd, 7));
	EXPECT_EQ(sent + 1, sim_get(&self->b.sim, "stats/submitted"));
}

/* The one EFAULT that means "sent": the memory was writable when it was checked. */
TEST_F(call, memory_that_goes_away_meanwhile_is_EFAULT_after_all)
{
	struct client client = client_echo(self->b.fd, 1);

	client.short_in = sim_request(FWCTL_SIM_WRITE, 9, 0x900d);
	client.in = &client.short_in;
	client.out = self->b.edge;
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(client_start(&client));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	ASSERT_EQ(0, mprotect(self->b.edge, self->b.page, PROT_NONE));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(EFAULT, client_join(&client));
	EXPECT_EQ(0x900d, register_value(self->b.fd, 9));
	EXPECT_TRUE(idle(&self->b.sim));
}

/* Sent or not */

/* The late answer goes nowhere, least of all to the next caller. */
TEST_F(call, timeout_is_told_and_the_late_answer_dropped)
{
	struct sim_answer answer;

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/timeout_us", 2000));
	EXPECT_EQ(ETIMEDOUT, write_register(self->b.fd, 4, 0x1a7e));
	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/late_answers"));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/timeout_us", 0));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(0, sim_echo(self->b.fd, 0x600d, &answer));
	EXPECT_EQ(0x600d, sim_cookie(&answer));
	EXPECT_TRUE(sim_wait(&self->b.sim, "stats/late_answers", 1, SOON_MS));
	/* It was sent, and the caller was told no lie: it may be executed. */
	EXPECT_EQ(0x1a7e, register_value(self->b.fd, 4));
}

/* None of these errnos can mean that the firmware has it. */
TEST_F(call, refusals_of_all_kinds_mean_never_sent)
{
	struct sim_request write = sim_request(FWCTL_SIM_WRITE, 5, 0xbad);
	const struct {
		int err;
		uint32_t label, in_len;
		void *in;
	} tries[] = {
		{ EOPNOTSUPP, 4, SIM_REQUEST_LEN, &write },
		{ EMSGSIZE, 0, 15, &write },
		{ EFAULT, 0, SIM_REQUEST_LEN, NULL },
		{ EFAULT, 0, SIM_REQUEST_LEN, at_edge(&self->b, 18) },
		{ EBADMSG, 1, SIM_REQUEST_LEN, &write },
		{ EPERM, 3, SIM_REQUEST_LEN, &write },
	};

	memcpy(at_edge(&self->b, 18), &write, 18);
	ASSERT_EQ(0, set_rawio(false));
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		uint8_t out[64];
		uint32_t len = sizeof(out);

		EXPECT_EQ(tries[i].err,
			  sim_send(self->b.fd, tries[i].label, tries[i].in,
				   tries[i].in_len, out, &len));
	}
	EXPECT_EQ(0, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(0, register_value(self->b.fd, 5));

	ASSERT_EQ(0, sim_stop(&self->b.sim));
	EXPECT_EQ(ENODEV, write_register(self->b.fd, 5, 0xbad));
}

/* Two clients */

/* One of its calls would be answered after a minute. */
static bool client_hangs(struct client *client, const struct sim *sim)
{
	return !sim_set(sim, "faults/delay_us", 60000000) &&
	       client_start_short(client) &&
	       sim_wait(sim, "stats/inflight", 1, SOON_MS) &&
	       !sim_set(sim, "faults/delay_us", 0);
}

static void expect_service(struct __test_metadata *_metadata, int fd)
{
	struct fwctl_query query;
	struct sim_answer answer;
	struct fwctl_info info;

	EXPECT_EQ(0, fwctl_get_info(fd, &info, NULL, 0));
	EXPECT_EQ(0, fwctl_get_limits(fd, &query));
	EXPECT_EQ(0, sim_echo(fd, 17, &answer));
	EXPECT_EQ(17, sim_cookie(&answer));
	EXPECT_EQ(0, fwctl_do_restrict(fd, READ_CLASSES, NULL));
}

TEST_F(call, one_that_hangs_holds_up_no_other)
{
	struct client client = client_echo(self->b.fd, 1);
	int other = sim_open(&self->b.sim, O_RDWR);

	ASSERT_TRUE(client_hangs(&client, &self->b.sim));
	expect_service(_metadata, other);
	/* Nor the other threads of the same program. */
	expect_service(_metadata, self->b.fd);
	close(other);
	other = sim_open(&self->b.sim, O_RDWR);
	expect_service(_metadata, other);
	close(other);

	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/inflight"));
	EXPECT_EQ(1, sim_class_get(&self->b.sim, "usage/calls"));
	ASSERT_EQ(0, sim_stop(&self->b.sim));
	EXPECT_EQ(ENODEV, client_join(&client));
}

/* Each file has a context of its own, and a request comes from its own. */
TEST_F(call, answers_name_the_context_of_the_file)
{
	struct fwctl_info_sim infos[8];
	struct sim_answer answer;
	struct fwctl_info info;
	int fds[8];

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		fds[i] = sim_open(&self->b.sim, O_RDWR);
		ASSERT_EQ(0, fwctl_get_info(fds[i], &info, &infos[i],
					    sizeof(infos[i])));
		for (size_t j = 0; j < i; j++)
			EXPECT_NE(infos[j].context, infos[i].context);
	}
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		EXPECT_EQ(0, sim_echo(fds[i], i, &answer));
		EXPECT_EQ(infos[i].context, le32toh(answer.head.context));
		close(fds[i]);
	}
}

/* Many callers: each gets its own answer, on whichever file. */
#define THREADS 64
#define FILES 8
#define CALLS 50

struct worker {
	pthread_t thread;
	int fd;
	uint64_t id;
	unsigned int wrong;
};

static void *work(void *data)
{
	struct worker *w = data;

	for (uint64_t i = 0; i < CALLS; i++) {
		struct sim_request req = {
			.head = sim_head(FWCTL_SIM_ECHO, 0, w->id << 32 | i),
			.value = ~i,
		};
		struct sim_answer answer;

		if (sim_ask(w->fd, 0, &req, &answer) ||
		    answer.head.cookie != req.head.cookie ||
		    answer.value != req.value)
			w->wrong++;
	}
	return NULL;
}

TEST_F(call, answers_of_many_threads_come_back_to_the_right_one)
{
	struct worker workers[THREADS];
	int fds[FILES];

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/delay_us", 50));
	for (size_t i = 0; i < FILES; i++)
		fds[i] = sim_open(&self->b.sim, O_RDWR);
	for (size_t i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .fd = fds[i % FILES], .id = i };
		ASSERT_EQ(0, pthread_create(&workers[i].thread, NULL, work,
					    &workers[i]));
	}
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		EXPECT_EQ(0, workers[i].wrong);
	}
	EXPECT_EQ(THREADS * CALLS, sim_get(&self->b.sim, "stats/submitted"));
	EXPECT_EQ(THREADS * CALLS, sim_get(&self->b.sim, "stats/completed"));
	EXPECT_TRUE(idle(&self->b.sim));
	for (size_t i = 0; i < FILES; i++)
		close(fds[i]);
}

TEST_HARNESS_MAIN
