// SPDX-License-Identifier: GPL-2.0
/*
 * Records of requests that end in an unusual way: the audit record names the process that
 * asked, whatever ends its call, and a second one its true end. Also, refusals for
 * a length, and the context in which io_uring has a request recorded.
 *
 * Suites: memory
 */
#include <linux/audit.h>

#include "fwctl_child.h"
#include "fwctl_netlink.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

#define RECORD_LEN 1024
#define REGISTER 5

/* Tracepoints, in an instance of tracefs of the test's own; NULL, or why there is none */
static const char *trace_open(char *dir, size_t size)
{
	static const char root[] = "/sys/kernel/tracing";
	char path[SIM_PATH_LEN];

	dir[0] = 0;
	if (access("/sys/kernel/tracing/instances", F_OK) &&
	    mount("tracefs", root, "tracefs", 0, NULL))
		return "no tracefs";
	if (access("/sys/kernel/tracing/events/fwctl", F_OK))
		return "the kernel has no tracepoints";
	snprintf(dir, size, "%s/instances/fwctl-record-%d", root, getpid());
	snprintf(path, sizeof(path), "%s/events/fwctl/enable", dir);
	if (!mkdir(dir, 0755) && !sim_write_file(path, "1", 1))
		return NULL;
	rmdir(dir);
	dir[0] = 0;
	return "no instance of tracefs can be made";
}

static void trace_close(const char *dir)
{
	char path[SIM_PATH_LEN];

	if (!dir[0])
		return;
	snprintf(path, sizeof(path), "%s/events/fwctl/enable", dir);
	sim_write_file(path, "0", 1);
	rmdir(dir);
}

/* The n-th line of an event about the device, or false */
static bool trace_line(const char *dir, const char *event, const struct sim *sim, int n,
		       char *line, size_t size)
{
	char path[SIM_PATH_LEN], words[96];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/trace", dir);
	snprintf(words, sizeof(words), " %s: %s ", event, sim->node);
	file = fopen(path, "r");
	while (file && !found && fgets(line, size, file))
		found = line[0] != '#' && strstr(line, words) && !n--;
	if (file)
		fclose(file);
	return found;
}

/* Audit records */

FIXTURE(audit)
{
	struct bench b;
	struct child child;
	struct ring ring;
	int sock;
	char record[RECORD_LEN], end[RECORD_LEN];
};

FIXTURE_SETUP(audit)
{
	static const struct setting two_calls[] = {
		{ "max_calls", 2 }, { "max_file_calls", 2 }, {}
	};
	const char *missing = sim_missing();

	if (!missing && ring_open(&self->ring, IORING_SETUP_SQE128, 4))
		missing = "no io_uring";
	if (!missing && !audit_is_enabled())
		missing = "audit is not enabled, as by audit=1";
	if (missing)
		SKIP(return, "%s", missing);
	self->sock = open_netlink(NETLINK_AUDIT, 1 << (AUDIT_NLGRP_READLOG - 1));
	if (self->sock < 0)
		SKIP(return, "audit records cannot be read");
	ASSERT_EQ(0, bench_open(&self->b, two_calls));
}

FIXTURE_TEARDOWN(audit)
{
	child_end(&self->child);
	ring_close(&self->ring);
	close(self->sock);
	bench_close(&self->b);
}

enum { SENT = 1, TO_CLOSE, CLOSED, TO_EXIT };

static void write_of(struct fwctl_rpc *rpc)
{
	static struct sim_request req;
	static struct sim_answer answer;

	req = sim_request(FWCTL_SIM_WRITE, REGISTER, 55);
	*rpc = fwctl_rpc_of(0, &req, SIM_REQUEST_LEN, &answer, SIM_ANSWER_LEN);
}

/* Sends a write through a ring of its own, and ends the ring or itself when it is told to. */
static void ring_child(void *fd, struct child_report *said)
{
	struct fwctl_rpc rpc;
	struct ring ring;

	write_of(&rpc);
	if (ring_open(&ring, IORING_SETUP_SQE128, 4))
		_exit(1);
	ring_add(&ring, *(int *)fd, FWCTL_RPC, &rpc, sizeof(rpc), 1);
	ring_submit(&ring);
	child_says(said, SENT);
	while (said->step == SENT)
		sim_sleep_ms(1);
	if (said->step == TO_EXIT)
		_exit(0);
	ring_close(&ring);
	child_says(said, CLOSED);
}

static void ioctl_child(void *fd, struct child_report *said)
{
	struct fwctl_rpc rpc;

	write_of(&rpc);
	said->err = fwctl_errno(*(int *)fd, FWCTL_RPC, &rpc);
}

static long long register_value(int fd)
{
	struct sim_request req = sim_request(FWCTL_SIM_READ, REGISTER, 0);
	struct sim_answer answer;

	return sim_ask(fd, 0, &req, &answer) ? -1 : le32toh(answer.value);
}

/* A record of the child's request, and one of its end; with the same number, and no other */
static void expect_records(struct __test_metadata *_metadata, FIXTURE_DATA(audit) * self,
			   pid_t pid, int err)
{
	const char *call;
	char words[96];

	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->record,
				      RECORD_LEN));
	EXPECT_EQ(0, strncmp(self->record, "op=fwctl_rpc ", 13))
		TH_LOG("%s", self->record);
	snprintf(words, sizeof(words), " pid=%d ", pid);
	EXPECT_NE(NULL, strstr(self->record, words))
		TH_LOG("%s", self->record);
	snprintf(words, sizeof(words), " uid=%d ", CHILD_UID);
	EXPECT_NE(NULL, strstr(self->record, words))
		TH_LOG("%s", self->record);

	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->end,
				      RECORD_LEN));
	EXPECT_EQ(0, strncmp(self->end, "op=fwctl_end ", 13))
		TH_LOG("%s", self->end);
	call = strstr(self->record, " call=");
	ASSERT_NE(NULL, call)
		TH_LOG("%s", self->record);
	snprintf(words, sizeof(words), "%.*s errno=%d res=%d",
		 (int)(1 + strcspn(call + 1, " ")), call, err, !err);
	EXPECT_NE(NULL, strstr(self->end, words))
		TH_LOG("%s has no%s", self->end, words);
}

/* The device has the write when its ring is closed or its process ends. */

static void start_write(struct __test_metadata *_metadata, FIXTURE_DATA(audit) * self,
			void (*run)(void *fd, struct child_report *said))
{
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, run, &self->b.fd));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	if (run == ring_child)
		ASSERT_TRUE(child_reaches(&self->child, SENT));
}

static void end_write(struct __test_metadata *_metadata, FIXTURE_DATA(audit) * self, pid_t pid)
{
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_TRUE(idle(&self->b.sim));
	expect_records(_metadata, self, pid, 0);
	EXPECT_EQ(55, register_value(self->b.fd));
}

TEST_F(audit, write_whose_ring_was_closed_is_recorded_as_its_process_s_and_as_done)
{
	start_write(_metadata, self, ring_child);
	child_says(self->child.said, TO_CLOSE);
	ASSERT_TRUE(child_reaches(&self->child, CLOSED));
	end_write(_metadata, self, self->child.pid);
}

TEST_F(audit, write_whose_process_has_exited_is_recorded_as_its_process_s_and_as_done)
{
	pid_t pid;

	start_write(_metadata, self, ring_child);
	pid = self->child.pid;
	child_says(self->child.said, TO_EXIT);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	self->child.pid = 0;
	end_write(_metadata, self, pid);
}

TEST_F(audit, write_whose_process_was_killed_is_recorded_as_its_process_s_and_as_done)
{
	pid_t pid;

	start_write(_metadata, self, ring_child);
	pid = self->child.pid;
	child_reap(&self->child);
	end_write(_metadata, self, pid);
}

TEST_F(audit, write_of_an_ioctl_that_was_killed_is_recorded_as_its_process_s_and_as_done)
{
	pid_t pid;

	start_write(_metadata, self, ioctl_child);
	pid = self->child.pid;
	child_reap(&self->child);
	end_write(_metadata, self, pid);
}

/* It waited for the device: its end says that it was not done. */
TEST_F(audit, write_that_was_canceled_before_it_was_sent_is_recorded_as_not_done)
{
	struct client clients[2];
	long long bytes;
	int other = sim_open(&self->b.sim, O_RDWR);
	pid_t pid;

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		clients[i] = client_echo(other, i);
		ASSERT_TRUE(client_start_short(&clients[i]));
		ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", i + 1, SOON_MS));
	}
	bytes = sim_class_get(&self->b.sim, "usage/bytes");
	ASSERT_TRUE(child_start(&self->child, CHILD_UID, ring_child, &self->b.fd));
	ASSERT_TRUE(COMES_TRUE(sim_class_get(&self->b.sim, "usage/bytes") > bytes, SOON_MS));
	ASSERT_TRUE(child_reaches(&self->child, SENT));
	pid = self->child.pid;
	child_reap(&self->child);
	ASSERT_TRUE(sim_class_wait(&self->b.sim, "usage/bytes", bytes, SOON_MS));
	expect_records(_metadata, self, pid, ECANCELED);

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		EXPECT_EQ(0, client_join(&clients[i]));
	EXPECT_EQ(0, register_value(self->b.fd));
	close(other);
}

/* audit_log_start() can sleep for a minute: not under the ring's lock, but in a worker. */
TEST_F(audit, request_of_an_sqe_is_recorded_by_a_worker_of_io_uring)
{
	struct fwctl_rpc rpc;

	write_of(&rpc);
	ASSERT_EQ(0, ring_rpc(&self->ring, self->b.fd, &rpc, SOON_MS));
	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->record,
				      RECORD_LEN));
	EXPECT_NE(NULL, strstr(self->record, " comm=\"iou-wrk-"))
		TH_LOG("%s", self->record);
	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->end,
				      RECORD_LEN));

	/* A refusal, too */
	rpc.in_len = 1;
	ASSERT_EQ(EMSGSIZE, ring_rpc(&self->ring, self->b.fd, &rpc, SOON_MS));
	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->record,
				      RECORD_LEN));
	EXPECT_NE(NULL, strstr(self->record, "op=fwctl_refuse "));
	EXPECT_NE(NULL, strstr(self->record, " comm=\"iou-wrk-"))
		TH_LOG("%s", self->record);
}

static const struct {
	uint32_t in_len, out_len;
} wrong_lens[] = {
	{ 15, 64 }, { 4097, 64 }, { 64, 15 }, { 64, 4097 },
};

static void send_wrong_lens(struct __test_metadata *_metadata, int fd, bool query)
{
	static uint8_t in[8192], out[8192];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);

	memcpy(in, &head, sizeof(head));
	for (size_t i = 0; i < ARRAY_LEN(wrong_lens); i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(0, in, wrong_lens[i].in_len, out,
						    wrong_lens[i].out_len);
		struct fwctl_query ask = fwctl_query_of(0, in, wrong_lens[i].in_len,
							wrong_lens[i].out_len);

		if (query) {
			EXPECT_EQ(0, fwctl_errno(fd, FWCTL_QUERY, &ask));
			EXPECT_EQ(FWCTL_REASON_LENGTH, ask.out_reason);
		} else {
			EXPECT_EQ(EMSGSIZE, fwctl_errno(fd, FWCTL_RPC, &rpc));
		}
	}
}

static const struct setting short_lens[] = {
	{ "max_in", 4096 }, { "max_out", 4096 }, {}
};

/* Only what the limits are differs, so the bench is opened anew. */
static void reopen_with_short_lens(struct __test_metadata *_metadata, struct bench *b)
{
	bench_close(b);
	ASSERT_EQ(0, bench_open(b, short_lens));
}

TEST_F(audit, refusal_for_a_length_is_recorded_and_that_of_a_query_is_not)
{
	struct sim_request never = sim_request(FWCTL_SIM_NEVER, 0, 0);
	struct sim_answer answer;

	reopen_with_short_lens(_metadata, &self->b);
	send_wrong_lens(_metadata, self->b.fd, false);
	for (size_t i = 0; i < ARRAY_LEN(wrong_lens); i++) {
		ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->record,
					      RECORD_LEN));
		EXPECT_EQ(0, strncmp(self->record, "op=fwctl_refuse ", 16));
		EXPECT_NE(NULL, strstr(self->record, " reason=LENGTH "));
		EXPECT_NE(NULL, strstr(self->record, " errno=90 res=0"))
			TH_LOG("%s", self->record);
	}
	send_wrong_lens(_metadata, self->b.fd, true);
	EXPECT_EQ(EBADMSG, sim_ask(self->b.fd, 0, &never, &answer));
	ASSERT_TRUE(audit_next_record(self->sock, &self->b.sim, self->record,
				      RECORD_LEN));
	EXPECT_NE(NULL, strstr(self->record, " reason=NEVER "))
		TH_LOG("%s", self->record);
}

/* The kernel's log and its traces */

FIXTURE(trace)
{
	struct bench b;
	struct ring ring;
	char dir[128];
	char line[1024];
};

FIXTURE_SETUP(trace)
{
	static const struct setting none[] = { {} };
	const char *missing = sim_missing();

	if (!missing && ring_open(&self->ring, IORING_SETUP_SQE128, 4))
		missing = "no io_uring";
	if (!missing)
		missing = trace_open(self->dir, sizeof(self->dir));
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, none));
}

FIXTURE_TEARDOWN(trace)
{
	ring_close(&self->ring);
	bench_close(&self->b);
	trace_close(self->dir);
}

TEST_F(trace, refusal_for_a_length_is_logged_and_traced)
{
	int log = log_open();

	reopen_with_short_lens(_metadata, &self->b);
	send_wrong_lens(_metadata, self->b.fd, false);
	for (size_t i = 0; i < ARRAY_LEN(wrong_lens); i++) {
		ASSERT_TRUE(trace_line(self->dir, "fwctl_refuse", &self->b.sim, i, self->line,
				       sizeof(self->line)));
		EXPECT_NE(NULL, strstr(self->line, " reason=LENGTH errno=90"))
			TH_LOG("%s", self->line);
	}
	if (log < 0)
		SKIP(return, "no /dev/kmsg");
	/* The log is limited in rate, also by tests before this one. */
	EXPECT_TRUE(COMES_TRUE((send_wrong_lens(_metadata, self->b.fd, false),
				log_has(log, self->b.sim.node,
					"refused: the device does not take this length",
					self->line, sizeof(self->line))), SOON_MS));
	close(log);
}

TEST_F(trace, query_about_a_length_is_neither_logged_nor_traced)
{
	int log = log_open();

	reopen_with_short_lens(_metadata, &self->b);
	send_wrong_lens(_metadata, self->b.fd, true);
	EXPECT_FALSE(trace_line(self->dir, "fwctl_refuse", &self->b.sim, 0, self->line,
				sizeof(self->line)));
	EXPECT_FALSE(log >= 0 && log_has(log, self->b.sim.node, "refused", self->line,
					 sizeof(self->line)));
	close(log);
}

/* Two megabytes to allocate, zero and copy are not for the time under the ring's lock. */
TEST_F(trace, long_request_of_an_sqe_is_issued_by_a_worker_and_a_short_one_is_not)
{
	static const struct {
		uint32_t in_len, out_len;
		bool worker;
	} cases[] = {
		{ 4096, 4096 }, { 4097, 64, true }, { 64, 4097, true },
	};
	static uint8_t in[8192], out[8192];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	struct fwctl_rpc rpc;

	memcpy(in, &head, sizeof(head));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		rpc = fwctl_rpc_of(0, in, cases[i].in_len, out, cases[i].out_len);
		ASSERT_EQ(0, ring_rpc(&self->ring, self->b.fd, &rpc, SOON_MS));
		ASSERT_TRUE(trace_line(self->dir, "fwctl_admit", &self->b.sim, i, self->line,
				       sizeof(self->line)));
		EXPECT_EQ(cases[i].worker, !!strstr(self->line, " iou-wrk-"))
			TH_LOG("%s", self->line);
	}
}

TEST_HARNESS_MAIN
