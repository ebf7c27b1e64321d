// SPDX-License-Identifier: GPL-2.0
/*
 * Tracepoints and audit records of requests; FWCTL_QUERY leaves none of them.
 *
 * Suites: memory
 */
#include <linux/audit.h>

#include "fwctl_client.h"
#include "fwctl_netlink.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

/* The ring through which requests are sent, if not by the ioctl: the trace is the same. */
static struct ring ring = { .fd = -1 };

static int send_len(int fd, uint32_t label, uint16_t opcode, uint32_t in_len)
{
	struct sim_request req = sim_request(opcode, 0, 0);
	struct sim_answer answer;
	struct fwctl_rpc rpc = fwctl_rpc_of(label, &req, in_len, &answer,
					    SIM_ANSWER_LEN);

	if (ring.fd < 0)
		return fwctl_errno(fd, FWCTL_RPC, &rpc);
	return ring_rpc(&ring, fd, &rpc, SOON_MS);
}

static int send_one(int fd, uint32_t label, uint16_t opcode)
{
	return send_len(fd, label, opcode, SIM_REQUEST_LEN);
}

static void query_all(int fd)
{
	for (uint32_t label = 0; label < FWCTL_LABELS; label++) {
		for (uint16_t op = 0; op <= FWCTL_SIM_NEVER; op++) {
			struct sim_request req = sim_request(op, 0, 0);
			struct fwctl_query query =
				fwctl_query_of(label, &req, SIM_REQUEST_LEN, 64);

			fwctl_errno(fd, FWCTL_QUERY, &query);
		}
	}
}

/* Name and class of a request, by opcode */
static const struct {
	const char *name, *class;
} opcodes[] = {
	{ "?", "never" },
	[FWCTL_SIM_ECHO] = { "ECHO", "config-read" },
	[FWCTL_SIM_READ] = { "READ", "config-read" },
	[FWCTL_SIM_WRITE] = { "WRITE", "config-write" },
	[FWCTL_SIM_DEBUG_READ] = { "DEBUG_READ", "debug-read" },
	[FWCTL_SIM_DEBUG_WRITE] = { "DEBUG_WRITE", "debug-write" },
	[FWCTL_SIM_FULL] = { "FULL", "full" },
	[FWCTL_SIM_NEVER] = { "NEVER", "never" },
};

/* Requests that are sent, and bytes of their answers */
static const struct {
	uint32_t label;
	uint16_t opcode;
	unsigned int answer_len;
} admitted[] = {
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_ECHO, 20 },
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE, 16 },
	{ FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_DEBUG_READ, 20 },
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_DEBUG_WRITE, 16 },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_READ, 20 },
};

/* A way to be refused for each reason: by label or right, and how to get there */
static const struct {
	const char *reason;
	int err;
	uint32_t label;
	uint16_t opcode;
	int mode;
	uint32_t restricted_to;
	const char *cap;
	bool no_rawio, locked_down;
	/* Bytes of the request, if it is not of the usual length */
	uint32_t in_len;
} refused[] = {
	/* Refused before a byte of it is read: it has no opcode. */
	{ "LENGTH", EMSGSIZE, FWCTL_RPC_CONFIGURATION, 0, O_RDWR, ALL_CLASSES,
	  .in_len = 15 },
	{ "NEVER", EBADMSG, FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_NEVER, O_RDWR,
	  ALL_CLASSES },
	{ "NEVER", EBADMSG, FWCTL_RPC_CONFIGURATION, 0, O_RDWR, ALL_CLASSES },
	{ "LABEL", EBADMSG, FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_WRITE, O_RDWR,
	  ALL_CLASSES },
	{ "READ_ONLY", EPERM, FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_DEBUG_WRITE,
	  O_RDONLY, ALL_CLASSES },
	{ "RESTRICTED", EPERM, FWCTL_RPC_CONFIGURATION, FWCTL_SIM_ECHO, O_RDWR,
	  0 },
	{ "CAPABILITY", EPERM, FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_READ,
	  O_RDWR, ALL_CLASSES, .no_rawio = true },
	{ "LOCKDOWN", EPERM, FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_FULL,
	  O_RDWR, ALL_CLASSES, .locked_down = true },
	/* The last one, since a cap stays. */
	{ "CAPPED", EPERM, FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_DEBUG_READ,
	  O_RDWR, ALL_CLASSES, .cap = "config-read" },
};

static bool can_be_refused(size_t i)
{
	return !refused[i].locked_down || kernel_locked_down();
}

static uint32_t refused_len(size_t i)
{
	return refused[i].in_len ?: SIM_REQUEST_LEN;
}

/* Returns the errno. */
static int be_refused(const struct sim *sim, size_t i)
{
	int fd = sim_open(sim, refused[i].mode), err;

	fwctl_do_restrict(fd, refused[i].restricted_to, NULL);
	if (refused[i].cap)
		sim_class_write(sim, "classes", refused[i].cap);
	set_rawio(!refused[i].no_rawio);
	err = send_len(fd, refused[i].label, refused[i].opcode, refused_len(i));
	set_rawio(true);
	close(fd);
	return err;
}

static bool all_classes(const struct sim *sim)
{
	char text[256];

	return !sim_class_read(sim, "classes", text, sizeof(text)) &&
	       !strcmp(text, "config-read config-write debug-read debug-write full");
}

/* Tracepoints, in an instance of tracefs of our own */

FIXTURE(trace)
{
	struct sim sim;
	int fd;
	char dir[128];
	/* The trace's lines about the device: "EVENT: DEVICE ..." */
	char text[16384];
};

static int trace_write(const char *dir, const char *file, const char *text)
{
	char path[SIM_PATH_LEN];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return sim_write_file(path, text, strlen(text));
}

/* Returns NULL, or why there is no tracing. */
static const char *trace_open(char *dir, size_t size)
{
	static const char root[] = "/sys/kernel/tracing";

	if (access("/sys/kernel/tracing/instances", F_OK) &&
	    mount("tracefs", root, "tracefs", 0, NULL))
		return "no tracefs";
	if (access("/sys/kernel/tracing/events/fwctl", F_OK))
		return "the kernel has no tracepoints";
	snprintf(dir, size, "%s/instances/fwctl-%d", root, getpid());
	if (!mkdir(dir, 0755))
		return trace_write(dir, "events/fwctl/enable", "1") ?
			       "tracing cannot be enabled" : NULL;
	dir[0] = 0;
	return "no instance of tracefs can be made";
}

static void trace_close(char *dir)
{
	if (!dir[0])
		return;
	trace_write(dir, "events/fwctl/enable", "0");
	rmdir(dir);
}

FIXTURE_VARIANT(trace)
{
	bool ring;
};

FIXTURE_VARIANT_ADD(trace, ioctl) {};

FIXTURE_VARIANT_ADD(trace, uring) { .ring = true };

FIXTURE_SETUP(trace)
{
	const char *missing = sim_missing();

	self->fd = -1;
	if (!missing && variant->ring && ring_open(&ring, IORING_SETUP_SQE128, 4))
		missing = "no io_uring";
	if (!missing)
		missing = trace_open(self->dir, sizeof(self->dir));
	if (missing)
		SKIP(trace_close(self->dir); return, "%s", missing);
	ASSERT_EQ(0, sim_plug(&self->sim));
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
	if (!all_classes(&self->sim))
		SKIP(trace_close(self->dir); sim_destroy(&self->sim); return,
		     "fwctl.classes takes classes away");
}

FIXTURE_TEARDOWN(trace)
{
	ring_close(&ring);
	close(self->fd);
	sim_destroy(&self->sim);
	trace_close(self->dir);
}

/* Between task and time, which vary, and the end of the line */
static const char *event_of_line(char *line, const char *device)
{
	char *at = strstr(line, device);

	while (at && at > line && at[-1] != ' ')
		at--;
	return at;
}

static const char *trace_read(const char *dir, const struct sim *sim, char *text,
			      size_t size)
{
	char path[SIM_PATH_LEN], line[1024], device[64];
	size_t len = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/trace", dir);
	snprintf(device, sizeof(device), ": %s ", sim->node);
	file = fopen(path, "r");
	text[0] = 0;
	while (file && fgets(line, sizeof(line), file)) {
		const char *event = event_of_line(line, device);

		if (event && len < size)
			len += snprintf(text + len, size - len, "%s", event);
	}
	if (file)
		fclose(file);
	return text;
}

/* Is it next? Then goes on behind it. */
static bool skip_text(const char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len))
		return false;
	*at += len;
	return true;
}

/* The fields of the request, which each event has */
static bool skip_request(const char **at, const char *event,
			 const struct sim *sim, uint32_t label, uint16_t opcode,
			 uint32_t in_len)
{
	char want[256];

	snprintf(want, sizeof(want),
		 "%s: %s label=%s class=%s opcode=0x%x name=%s in_len=%u out_len=%u",
		 event, sim->node, label_word(label), opcodes[opcode].class,
		 opcode, opcodes[opcode].name, in_len, SIM_ANSWER_LEN);
	return skip_text(at, want);
}

/* " KEY=VALUE": the value is a number, or a pointer. */
static bool skip_value(const char **at, const char *key, long long *value)
{
	char *end;

	if (!skip_text(at, key))
		return false;
	*value = strtoull(*at, &end, !strcmp(key, " call=") ? 16 : 10);
	if (end == *at)
		return false;
	*at = end;
	return true;
}

/* The three events of a request that is sent; err is negative. */
static bool skip_call(const char **at, const struct sim *sim, uint32_t label,
		      uint16_t opcode, int err, unsigned int answer_len,
		      long long *latency)
{
	long long submitted, completed;
	char end[64];

	snprintf(end, sizeof(end), " err=%d answer_len=%u", err, answer_len);
	return skip_request(at, "fwctl_admit", sim, label, opcode,
			    SIM_REQUEST_LEN) &&
	       skip_text(at, "\n") &&
	       skip_request(at, "fwctl_submit", sim, label, opcode,
			    SIM_REQUEST_LEN) &&
	       skip_value(at, " call=", &submitted) && skip_text(at, "\n") &&
	       skip_request(at, "fwctl_complete", sim, label, opcode,
			    SIM_REQUEST_LEN) &&
	       skip_value(at, " call=", &completed) && submitted == completed &&
	       skip_text(at, end) && skip_value(at, " latency_ns=", latency) &&
	       skip_text(at, "\n");
}

TEST_F(trace, tells_each_step_of_a_request_that_is_sent)
{
	const char *at;
	long long latency;

	/* A clock's tick and more, so that no latency is 0 */
	ASSERT_EQ(0, sim_set(&self->sim, "faults/delay_us", 20000));
	for (size_t i = 0; i < ARRAY_LEN(admitted); i++)
		ASSERT_EQ(0, send_one(self->fd, admitted[i].label,
				      admitted[i].opcode));
	at = trace_read(self->dir, &self->sim, self->text, sizeof(self->text));
	for (size_t i = 0; i < ARRAY_LEN(admitted); i++) {
		ASSERT_TRUE(skip_call(&at, &self->sim, admitted[i].label,
				      admitted[i].opcode, 0,
				      admitted[i].answer_len, &latency))
			TH_LOG("at: %s", at);
		EXPECT_GT(latency, 0);
	}
	EXPECT_STREQ("", at);
}

/* And no other step of it, for there is none. */
TEST_F(trace, tells_a_refusal_with_its_reason)
{
	char end[64];
	const char *at;

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (!can_be_refused(i))
			continue;
		ASSERT_EQ(refused[i].err, be_refused(&self->sim, i));
	}
	at = trace_read(self->dir, &self->sim, self->text, sizeof(self->text));
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (!can_be_refused(i))
			continue;
		snprintf(end, sizeof(end), " reason=%s errno=%d\n",
			 refused[i].reason, refused[i].err);
		ASSERT_TRUE(skip_request(&at, "fwctl_refuse", &self->sim,
					 refused[i].label, refused[i].opcode,
					 refused_len(i)) &&
			    skip_text(&at, end))
			TH_LOG("%s, at: %s", refused[i].reason, at);
	}
	EXPECT_STREQ("", at);
}

static const struct {
	const char *fault;
	long long value;
	int err;
} failures[] = {
	{ "faults/error", EBUSY, EBUSY },
	{ "faults/answer_len", 1000, EIO },
	{ "faults/timeout_us", 1000, ETIMEDOUT },
};

TEST_F(trace, tells_how_a_call_failed)
{
	long long latency;
	const char *at;

	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		sim_set(&self->sim, failures[i].fault, failures[i].value);
		sim_set(&self->sim, "faults/hang", failures[i].err == ETIMEDOUT);
		EXPECT_EQ(failures[i].err, send_one(self->fd, 0, FWCTL_SIM_ECHO));
		sim_clear_faults(&self->sim);
	}
	at = trace_read(self->dir, &self->sim, self->text, sizeof(self->text));
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		EXPECT_TRUE(skip_call(&at, &self->sim, 0, FWCTL_SIM_ECHO,
				      -failures[i].err, 0, &latency))
			TH_LOG("%s, at: %s", failures[i].fault, at);
	}
}

/* From submission to completion: the time of the firmware, not of the caller. */
TEST_F(trace, latency_is_that_of_the_firmware)
{
	const char *at;
	long long latency = 0;

	sim_set(&self->sim, "faults/delay_us", 20000);
	ASSERT_EQ(0, send_one(self->fd, 0, FWCTL_SIM_ECHO));
	at = trace_read(self->dir, &self->sim, self->text, sizeof(self->text));
	ASSERT_TRUE(skip_call(&at, &self->sim, 0, FWCTL_SIM_ECHO, 0, 20,
			      &latency));
	EXPECT_GE(latency, 20000000);
	EXPECT_LT(latency, 10000000000);
}

/* So that two calls that are under way at once can be told apart */
TEST_F(trace, calls_have_names_of_their_own)
{
	struct client clients[2];
	long long calls[2] = {};
	const char *at;

	sim_set(&self->sim, "faults/hang", 1);
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		clients[i] = client_echo(self->fd, i);
		ASSERT_TRUE(client_start_short(&clients[i]));
		ASSERT_TRUE(sim_wait(&self->sim, "stats/inflight", i + 1,
				     SOON_MS));
	}
	sim_set(&self->sim, "faults/hang", 0);
	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		EXPECT_EQ(0, client_join(&clients[i]));

	at = trace_read(self->dir, &self->sim, self->text, sizeof(self->text));
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		at = strstr(at, " call=");
		ASSERT_TRUE(at && skip_value(&at, " call=", &calls[i]));
	}
	EXPECT_NE(calls[0], calls[1]);
}

TEST_F(trace, tells_nothing_of_questions)
{
	query_all(self->fd);
	EXPECT_STREQ("", trace_read(self->dir, &self->sim, self->text,
				    sizeof(self->text)));
}

/* Audit records, as a reader that is not auditd gets them */

#define MAX_RECORDS 32

FIXTURE(audit)
{
	struct sim sim;
	int fd;
	int sock;
	/* Those about the device */
	size_t count;
	char records[2 * MAX_RECORDS][1024];
};

FIXTURE_VARIANT(audit)
{
	bool ring;
};

FIXTURE_VARIANT_ADD(audit, ioctl) {};

FIXTURE_VARIANT_ADD(audit, uring) { .ring = true };

FIXTURE_SETUP(audit)
{
	const char *missing = sim_missing();

	self->fd = -1;
	if (!missing && variant->ring && ring_open(&ring, IORING_SETUP_SQE128, 4))
		missing = "no io_uring";
	if (missing)
		SKIP(return, "%s", missing);
	if (!audit_is_enabled())
		SKIP(return, "audit is not enabled, as by audit=1");
	self->sock = open_netlink(NETLINK_AUDIT, 1 << (AUDIT_NLGRP_READLOG - 1));
	if (self->sock < 0)
		SKIP(return, "audit records cannot be read");
	ASSERT_EQ(0, sim_plug(&self->sim));
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
	if (!all_classes(&self->sim))
		SKIP(sim_destroy(&self->sim); return,
		     "fwctl.classes takes classes away");
}

FIXTURE_TEARDOWN(audit)
{
	ring_close(&ring);
	close(self->sock);
	close(self->fd);
	sim_destroy(&self->sim);
}

/* Opcode 0 is of class never. */
#define LAST_RECORD " class=never label=DEBUG_WRITE opcode=0x0 "

/*
 * All up to a last one, which the caller has caused, and the end of each request, which
 * comes from another thread and can be behind that. Ends are not counted; they are in the
 * second half of the room.
 */
static size_t read_records(int sock, const struct sim *sim,
			   char records[][1024])
{
	size_t count = 0, begun = 0, ended = 0;
	bool last = false;
	char record[1024];

	while (!last || begun != ended) {
		if (count == MAX_RECORDS || ended == MAX_RECORDS ||
		    !audit_next_record(sock, sim, record, 1024))
			return SIZE_MAX;
		if (strstr(record, LAST_RECORD))
			last = true;
		else if (!strncmp(record, "op=fwctl_end ", 13))
			memcpy(records[MAX_RECORDS + ended++], record, 1024);
		else
			memcpy(records[count++], record, 1024);
		begun += !strncmp(record, "op=fwctl_rpc ", 13);
	}
	return count;
}

static size_t end_records(int fd, int sock, const struct sim *sim,
			  char records[][1024])
{
	send_one(fd, FWCTL_RPC_DEBUG_WRITE, 0);
	return read_records(sock, sim, records);
}

/* Operation and request stand in front, the result at the end. */
static bool record_is(const char *record, const char *op, const struct sim *sim,
		      uint32_t label, uint16_t opcode, const char *more,
		      const char *end)
{
	char head[256];
	size_t len = strlen(record);

	snprintf(head, sizeof(head),
		 "op=%s dev=%s class=%s label=%s opcode=0x%x name=\"%s\" %s", op,
		 sim->node, opcodes[opcode].class, label_word(label), opcode,
		 opcodes[opcode].name, more);
	return !strncmp(record, head, strlen(head)) && len > strlen(end) &&
	       !strcmp(record + len - strlen(end), end);
}

/* Does it name this process? A request of a ring comes from a worker of its task. */
static bool names_us(const char *record)
{
	char pid[32];

	snprintf(pid, sizeof(pid), " pid=%d ", getpid());
	return strstr(record, pid) &&
	       strstr(record, ring.fd < 0 ? " comm=\"fwctl_trace\"" :
					    " comm=\"iou-wrk-");
}

/* The result in the end's record of the request that the record is about, or NULL */
static const char *end_of(char records[][1024], const char *record)
{
	const char *at = strstr(record, " call=");
	unsigned long long call;
	char mark[64];

	if (!at || sscanf(at, " call=%llu ", &call) != 1)
		return NULL;
	snprintf(mark, sizeof(mark), " call=%llu ", call);
	for (size_t i = MAX_RECORDS; i < 2 * MAX_RECORDS; i++)
		if (strstr(records[i], mark))
			return records[i];
	return NULL;
}

/* A request that was sent: two records, the second one with its errno */
static void check_sent(struct __test_metadata *_metadata, const struct sim *sim,
		       char records[][1024], size_t i, uint32_t label,
		       uint16_t opcode, int err)
{
	const char *end = end_of(records, records[i]);
	char result[64];

	EXPECT_TRUE(record_is(records[i], "fwctl_rpc", sim, label, opcode, "",
			      " res=1") && names_us(records[i]))
		TH_LOG("%s", records[i]);
	ASSERT_NE(NULL, end) {
		TH_LOG("no end: %s", records[i]);
	}
	snprintf(result, sizeof(result), " errno=%d res=%d", err, !err);
	EXPECT_TRUE(record_is(end, "fwctl_end", sim, label, opcode, "call=",
			      result))
		TH_LOG("%s", end);
}

TEST_F(audit, records_what_changes_something)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(admitted); i++)
		ASSERT_EQ(0, send_one(self->fd, admitted[i].label,
				      admitted[i].opcode));
	self->count = end_records(self->fd, self->sock, &self->sim,
				  self->records);
	for (size_t i = 0; i < ARRAY_LEN(admitted); i++) {
		if (strstr(opcodes[admitted[i].opcode].class, "-read"))
			continue;
		ASSERT_LT(n, self->count);
		check_sent(_metadata, &self->sim, self->records, n++,
			   admitted[i].label, admitted[i].opcode, 0);
	}
	/* No records of reads */
	EXPECT_EQ(n, self->count);
}

TEST_F(audit, records_full_access)
{
	if (kernel_locked_down())
		SKIP(return, "the kernel is locked down");
	ASSERT_EQ(0, send_one(self->fd, FWCTL_RPC_DEBUG_WRITE_FULL,
			      FWCTL_SIM_FULL));
	self->count = end_records(self->fd, self->sock, &self->sim,
				  self->records);
	ASSERT_EQ(1, self->count);
	check_sent(_metadata, &self->sim, self->records, 0,
		   FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_FULL, 0);
}

/* Also if it is a mere read that is refused. */
TEST_F(audit, records_refusals_with_their_reason)
{
	size_t n = 0, count;
	char reason[64], end[64];

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (!can_be_refused(i))
			continue;
		ASSERT_EQ(refused[i].err, be_refused(&self->sim, i));
	}
	count = end_records(self->fd, self->sock, &self->sim, self->records);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (!can_be_refused(i))
			continue;
		ASSERT_LT(n, count);
		snprintf(reason, sizeof(reason), "reason=%s ", refused[i].reason);
		snprintf(end, sizeof(end), " errno=%d res=0", refused[i].err);
		EXPECT_TRUE(record_is(self->records[n], "fwctl_refuse",
				      &self->sim, refused[i].label,
				      refused[i].opcode, reason, end) &&
			    names_us(self->records[n]))
			TH_LOG("%s", self->records[n]);
		n++;
	}
	EXPECT_EQ(n, count);
}

/* The device had the request; its own state is unknown. */
TEST_F(audit, records_a_failed_change)
{
	sim_set(&self->sim, "faults/error", EBUSY);
	EXPECT_EQ(EBUSY, send_one(self->fd, 0, FWCTL_SIM_WRITE));
	self->count = end_records(self->fd, self->sock, &self->sim,
				  self->records);
	ASSERT_EQ(1, self->count);
	check_sent(_metadata, &self->sim, self->records, 0, 0, FWCTL_SIM_WRITE,
		   EBUSY);
}

TEST_F(audit, records_no_questions)
{
	query_all(self->fd);
	EXPECT_EQ(0, end_records(self->fd, self->sock, &self->sim,
				 self->records));
}

TEST_HARNESS_MAIN
