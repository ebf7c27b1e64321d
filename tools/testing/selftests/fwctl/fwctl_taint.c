// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that taint the kernel: a debug write or full access, when it is sent. No
 * other request does.
 *
 * The taint is the whole kernel's and for good. So this program comes before all
 * that taint, its last case is the one that does, and only that can see it
 * happen: by full access, or under lockdown, which refuses that, by a debug write.
 *
 * Suites: rules memory
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include "sim.h"
#include "fwctl_harness.h"

#define MAX_LEN 4096

FIXTURE(taint)
{
	struct sim sim;
	int fd;
	/* A process that waits in the kernel for the firmware */
	pid_t child;
};

/*
 * One call at a time, and memory for one long call of a file: two have at least 4 * MAX_LEN
 * bytes. One call's own struct does not take more than MAX_LEN.
 */
static int plug_narrow(struct sim *sim)
{
	return sim_create(sim) ?: sim_set(sim, "max_in", MAX_LEN) ?:
	       sim_set(sim, "max_out", MAX_LEN) ?:
	       sim_set(sim, "max_bytes", 6 * MAX_LEN) ?:
	       sim_set(sim, "max_file_calls", 1) ?:
	       sim_set(sim, "max_calls", 1) ?: sim_start(sim);
}

FIXTURE_SETUP(taint)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	if (kernel_tainted_by_fwctl())
		SKIP(return, "the kernel is tainted by fwctl already");
	ASSERT_EQ(0, plug_narrow(&self->sim));
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(taint)
{
	if (self->child > 0) {
		kill(self->child, SIGKILL);
		waitpid(self->child, NULL, 0);
	}
	close(self->fd);
	sim_destroy(&self->sim);
}

static int send_one(int fd, uint32_t label, uint16_t opcode)
{
	struct sim_request req = sim_request(opcode, 0, 1);
	struct sim_answer answer;

	return sim_ask(fd, label, &req, &answer);
}

/* A child that sends a request, with so many bytes of it and of room for the answer */
static pid_t start_call(int fd, uint32_t label, uint16_t opcode, uint32_t len)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct sim_request *req = calloc(1, MAX_LEN);
		char out[MAX_LEN];
		uint32_t out_len = len;

		*req = sim_request(opcode, 0, 1);
		_exit(sim_send(fd, label, req, len, out, &out_len));
	}
	return pid;
}

/* Label and class are those of the documentation's table. */
static const struct {
	uint32_t label;
	uint16_t opcode;
} harmless[] = {
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_ECHO },
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_READ },
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE },
	{ FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_READ },
	{ FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_DEBUG_READ },
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_READ },
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_WRITE },
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_DEBUG_READ },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_READ },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_WRITE },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_DEBUG_READ },
};

/* The class taints, not the label: mstflint labels each read DEBUG_WRITE_FULL. */
TEST_F(taint, reads_and_configuration_do_not)
{
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		EXPECT_EQ(0, send_one(self->fd, harmless[i].label,
				      harmless[i].opcode));
		EXPECT_FALSE(kernel_tainted_by_fwctl())
			TH_LOG("opcode %u, label %s", harmless[i].opcode,
			       label_word(harmless[i].label));
	}
}

TEST_F(taint, questions_do_not)
{
	for (uint32_t label = 0; label < FWCTL_LABELS; label++) {
		for (uint16_t op = FWCTL_SIM_ECHO; op <= FWCTL_SIM_NEVER; op++) {
			struct sim_request req = sim_request(op, 0, 1);
			struct fwctl_query query =
				fwctl_query_of(label, &req, SIM_REQUEST_LEN, 64);

			ASSERT_EQ(0, fwctl_errno(self->fd, FWCTL_QUERY, &query));
		}
	}
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

TEST_F(taint, refusal_for_the_label_does_not)
{
	for (uint32_t label = 0; label < FWCTL_LABELS; label++)
		EXPECT_EQ(EBADMSG, send_one(self->fd, label, FWCTL_SIM_NEVER));
	EXPECT_EQ(EBADMSG, send_one(self->fd, FWCTL_RPC_CONFIGURATION,
				    FWCTL_SIM_DEBUG_WRITE));
	EXPECT_EQ(EBADMSG, send_one(self->fd, FWCTL_RPC_DEBUG_READ_ONLY,
				    FWCTL_SIM_FULL));
	EXPECT_EQ(EBADMSG, send_one(self->fd, FWCTL_RPC_DEBUG_WRITE,
				    FWCTL_SIM_FULL));
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

static void expect_no_right(struct __test_metadata *_metadata, int fd)
{
	EXPECT_EQ(EPERM, send_one(fd, FWCTL_RPC_DEBUG_WRITE,
				  FWCTL_SIM_DEBUG_WRITE));
	EXPECT_EQ(EPERM, send_one(fd, FWCTL_RPC_DEBUG_WRITE_FULL,
				  FWCTL_SIM_FULL));
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

TEST_F(taint, refusal_for_want_of_a_right_does_not)
{
	int fd = sim_open(&self->sim, O_RDONLY);

	ASSERT_GE(fd, 0);
	expect_no_right(_metadata, fd);
	close(fd);

	fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, fwctl_do_restrict(fd, READ_CLASSES, NULL));
	expect_no_right(_metadata, fd);
	close(fd);

	ASSERT_EQ(0, set_rawio(false));
	EXPECT_EQ(EPERM, send_one(self->fd, FWCTL_RPC_DEBUG_WRITE_FULL,
				  FWCTL_SIM_DEBUG_WRITE));
	ASSERT_EQ(0, set_rawio(true));
	EXPECT_FALSE(kernel_tainted_by_fwctl());

	ASSERT_EQ(0, sim_class_write(&self->sim, "classes", "config-read"));
	expect_no_right(_metadata, self->fd);
}

TEST_F(taint, refusal_under_lockdown_does_not)
{
	if (!kernel_locked_down())
		SKIP(return, "the kernel is not locked down");
	EXPECT_EQ(EPERM, send_one(self->fd, FWCTL_RPC_DEBUG_WRITE_FULL,
				  FWCTL_SIM_FULL));
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

/* A request that is admitted, and then its memory, its length or its device is wrong */
TEST_F(taint, request_that_cannot_be_sent_does_not)
{
	struct sim_request req = sim_request(FWCTL_SIM_DEBUG_WRITE, 0, 1);
	char in[MAX_LEN] = {}, out[MAX_LEN];
	uint32_t out_len = 64;
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	ASSERT_TRUE(page != MAP_FAILED);
	memcpy(in, &req, sizeof(req));
	EXPECT_EQ(EFAULT, sim_send(self->fd, FWCTL_RPC_DEBUG_WRITE, &req,
				   SIM_REQUEST_LEN, page, &out_len));
	EXPECT_EQ(EMSGSIZE, sim_send(self->fd, FWCTL_RPC_DEBUG_WRITE, &req,
				     MAX_LEN + 1, page, &out_len));

	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 1));
	self->child = start_call(self->fd, FWCTL_RPC_CONFIGURATION,
				 FWCTL_SIM_ECHO, MAX_LEN);
	ASSERT_TRUE(sim_wait(&self->sim, "stats/inflight", 1, 5000));
	out_len = MAX_LEN;
	EXPECT_EQ(ENOBUFS, sim_send(self->fd, FWCTL_RPC_DEBUG_WRITE, in, MAX_LEN,
				    out, &out_len));
	EXPECT_FALSE(kernel_tainted_by_fwctl());

	ASSERT_EQ(0, sim_stop(&self->sim));
	EXPECT_EQ(ENODEV, send_one(self->fd, FWCTL_RPC_DEBUG_WRITE,
				   FWCTL_SIM_DEBUG_WRITE));
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

/* A call that waits does not taint before it is sent; and if it is killed before, never. */
TEST_F(taint, waiting_for_a_turn_does_not)
{
	pid_t waiter;

	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 1));
	self->child = start_call(self->fd, FWCTL_RPC_CONFIGURATION,
				 FWCTL_SIM_ECHO, SIM_REQUEST_LEN);
	ASSERT_TRUE(sim_wait(&self->sim, "stats/inflight", 1, 5000));
	EXPECT_EQ(0, sim_class_get(&self->sim, "usage/queued"));

	waiter = start_call(self->fd, FWCTL_RPC_DEBUG_WRITE,
			    FWCTL_SIM_DEBUG_WRITE, SIM_REQUEST_LEN);
	EXPECT_TRUE(sim_class_wait(&self->sim, "usage/queued", 1, 5000));
	sim_sleep_ms(20);
	EXPECT_FALSE(kernel_tainted_by_fwctl());
	kill(waiter, SIGKILL);
	waitpid(waiter, NULL, 0);
	EXPECT_EQ(1, sim_get(&self->sim, "stats/submitted"));
	EXPECT_FALSE(kernel_tainted_by_fwctl());
}

/* Commands of a ConnectX: in each of them the opcode stands first. */
enum {
	ACCESS_REG = 0x805,
	REG_MGIR = 0x9020,
	REG_MFBA = 0x9011,
	REG_MCDD = 0x905c,
	OP_WRITE = 0,
	OP_READ = 1,
};

static int access_register(int fd, uint32_t label, uint16_t reg, uint16_t op)
{
	uint16_t in[128] = { htobe16(ACCESS_REG), 0, 0, htobe16(op), 0,
			     htobe16(reg) };
	uint8_t out[sizeof(in)];
	uint32_t out_len = sizeof(out);

	return sim_send(fd, label, in, sizeof(in), out, &out_len);
}

TEST_F(taint, reads_and_refusals_of_mlx5_do_not)
{
	const char *path = fwctl_real_device("mlx5_fwctl");
	int fd;

	if (!path)
		SKIP(return, "no ConnectX");
	fd = open(path, O_RDWR);
	ASSERT_GE(fd, 0);
	for (uint32_t label = 0; label < FWCTL_LABELS; label++) {
		EXPECT_EQ(0, access_register(fd, label, REG_MGIR, OP_READ));
		EXPECT_EQ(EBADMSG, access_register(fd, label, REG_MCDD, OP_READ));
		if (label == FWCTL_RPC_DEBUG_WRITE_FULL)
			continue;
		EXPECT_EQ(EBADMSG,
			  access_register(fd, label, REG_MFBA, OP_WRITE));
	}
	EXPECT_FALSE(kernel_tainted_by_fwctl());
	close(fd);
}

/* The taint is set before the firmware has answered, and stays from here on. */
TEST_F(taint, sending_one_that_breaks_things_does)
{
	bool locked = kernel_locked_down();

	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 1));
	self->child = start_call(self->fd, FWCTL_RPC_DEBUG_WRITE_FULL,
				 locked ? FWCTL_SIM_DEBUG_WRITE : FWCTL_SIM_FULL,
				 SIM_REQUEST_LEN);
	ASSERT_TRUE(sim_wait(&self->sim, "stats/inflight", 1, 5000));
	EXPECT_TRUE(kernel_tainted_by_fwctl());
}

TEST_HARNESS_MAIN
