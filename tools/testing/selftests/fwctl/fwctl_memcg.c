// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a call is charged to its caller's memory cgroup as long as the device has
 * the call, and cannot be had if the cgroup has none left. Needs cgroup v2 with a memory
 * controller.
 *
 * Suites: memory
 */
#include <sys/wait.h>

#include "fwctl_client.h"
#include "fwctl_harness.h"

#define MIB 1048576
#define LEN (2 * MIB)
/* Charges are counted in batches, per CPU. */
#define SLACK MIB

/**
 * struct group - a cgroup
 * @root: the hierarchy's mount point
 * @mounted: the test has mounted it
 * @dir: its folder; empty if there is none
 */
struct group {
	char root[64];
	bool mounted;
	char dir[128];
};

static int group_write(const char *dir, const char *file, const char *text)
{
	char path[SIM_PATH_LEN];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return sim_write_file(path, text, strlen(text));
}

static long long group_memory(const struct group *g)
{
	char path[SIM_PATH_LEN], text[64];

	snprintf(path, sizeof(path), "%s/memory.current", g->dir);
	return sim_read_file(path, text, sizeof(text)) ? -1 : atoll(text);
}

/* Waits until the memory is between the two. If it is not, the log has its size. */
static bool group_settles(const struct group *g, long long least,
			  long long most)
{
	for (int ms = 0; ms < SOON_MS; ms++) {
		long long memory = group_memory(g);

		if (memory >= least && memory <= most)
			return true;
		sim_sleep_ms(1);
	}
	ksft_print_msg("memory.current is %lld\n", group_memory(g));
	return false;
}

/* Finds or mounts cgroup v2. Returns NULL, or for SKIP() the reason why it cannot. */
static const char *find_root(struct group *g)
{
	snprintf(g->root, sizeof(g->root), "/sys/fs/cgroup");
	if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0)
		return NULL;
	snprintf(g->root, sizeof(g->root), "/tmp/fwctl-cgroup-XXXXXX");
	if (!mkdtemp(g->root))
		return "no place to mount cgroup v2";
	if (mount("cgroup2", g->root, "cgroup2", 0, NULL)) {
		rmdir(g->root);
		return "no cgroup v2";
	}
	g->mounted = true;
	return NULL;
}

static void group_close(struct group *g)
{
	if (g->dir[0])
		rmdir(g->dir);
	if (g->mounted) {
		umount(g->root);
		rmdir(g->root);
	}
}

static const char *group_open(struct group *g)
{
	const char *missing = find_root(g);
	char dir[128];

	if (missing)
		return missing;
	if (group_write(g->root, "cgroup.subtree_control", "+memory"))
		return "no memory controller in cgroup v2";
	snprintf(dir, sizeof(dir), "%s/fwctl-%d", g->root, getpid());
	if (mkdir(dir, 0755))
		return "no cgroup can be made";
	memcpy(g->dir, dir, sizeof(dir));
	return NULL;
}

FIXTURE(memcg)
{
	struct bench b;
	struct group g;
	/* Has the only slot, so that no other call gets to the driver's memory */
	struct client first;
	pid_t child;
};

FIXTURE_SETUP(memcg)
{
	static const struct setting one_call[] = {
		{ "max_calls", 1 }, { "max_file_calls", 1 }, {}
	};
	const char *missing = sim_missing() ?: group_open(&self->g);

	if (missing)
		SKIP(group_close(&self->g); return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->b, one_call));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	self->first = client_echo(self->b.fd, 1);
	ASSERT_TRUE(client_start_short(&self->first));
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
}

FIXTURE_TEARDOWN(memcg)
{
	if (self->child > 0) {
		kill(self->child, SIGKILL);
		waitpid(self->child, NULL, 0);
	}
	bench_close(&self->b);
	group_close(&self->g);
}

/* Its own memory is there before it stops; it sends when it goes on. */
static int child_send(int fd)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	char *in = malloc(LEN), *out = malloc(LEN);
	uint32_t out_len = LEN;

	if (!in || !out)
		return 1;
	memset(in, 1, LEN);
	memset(out, 1, LEN);
	memcpy(in, &head, sizeof(head));
	raise(SIGSTOP);
	return sim_send(fd, FWCTL_RPC_CONFIGURATION, in, LEN, out, &out_len);
}

/*
 * In the cgroup before it has memory: malloc() writes to what it returns, and with that
 * gets a huge page, where there are such.
 */
static void child_run(const struct group *g, int fd)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	_exit(group_write(g->dir, "cgroup.procs", pid) ?: child_send(fd));
}

static bool child_stops(pid_t pid)
{
	int status;

	return waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status);
}

static pid_t child_start(const struct group *g, int fd)
{
	pid_t pid = fork();

	if (pid == 0)
		child_run(g, fd);
	return pid;
}

/* Both buffers, while it waits; and when it is killed there, no longer. */
TEST_F(memcg, request_and_answer_are_charged_to_the_caller)
{
	long long before;

	self->child = child_start(&self->g, self->b.fd);
	ASSERT_TRUE(child_stops(self->child));
	before = group_memory(&self->g);
	ASSERT_GT(before, 2 * LEN - SLACK);
	kill(self->child, SIGCONT);
	ASSERT_TRUE(sim_class_wait(&self->b.sim, "usage/queued", 1, SOON_MS));
	EXPECT_TRUE(group_settles(&self->g, before + 2 * LEN - SLACK,
				  before + 2 * LEN + SLACK));

	kill(self->child, SIGKILL);
	ASSERT_EQ(self->child, waitpid(self->child, NULL, 0));
	self->child = 0;
	EXPECT_TRUE(sim_class_wait(&self->b.sim, "usage/queued", 0, SOON_MS));
	EXPECT_TRUE(group_settles(&self->g, 0, SLACK));
}

/* Also when the caller is gone: until the device has completed the call. */
TEST_F(memcg, abandoned_call_stays_charged_until_it_is_answered)
{
	self->child = child_start(&self->g, self->b.fd);
	ASSERT_TRUE(child_stops(self->child));
	/* The slot is for the child's call now. */
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_EQ(0, client_join(&self->first));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	kill(self->child, SIGCONT);
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	kill(self->child, SIGKILL);
	ASSERT_EQ(self->child, waitpid(self->child, NULL, 0));
	self->child = 0;

	EXPECT_GE(sim_class_get(&self->b.sim, "usage/bytes"), 2 * LEN);
	sim_sleep_ms(WHILE_MS);
	EXPECT_GE(group_memory(&self->g), 2 * LEN - SLACK);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_TRUE(idle(&self->b.sim));
	EXPECT_TRUE(group_settles(&self->g, 0, SLACK));
}

static int send_large(int fd)
{
	static char in[LEN], out[LEN];
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	uint32_t out_len = LEN;

	memcpy(in, &head, sizeof(head));
	return sim_send(fd, FWCTL_RPC_CONFIGURATION, in, LEN, out, &out_len);
}

/* The memory that the device keeps of a large call is charged to the other cgroup. */
TEST_F(memcg, large_call_after_that_of_another_cgroup_is_charged)
{
	long long before;

	self->child = child_start(&self->g, self->b.fd);
	ASSERT_TRUE(child_stops(self->child));
	before = group_memory(&self->g);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_EQ(0, client_join(&self->first));
	ASSERT_EQ(0, send_large(self->b.fd));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
	kill(self->child, SIGCONT);
	ASSERT_TRUE(sim_wait(&self->b.sim, "stats/inflight", 1, SOON_MS));
	/* The driver has a copy of the request, which it may charge, in up to twice as much. */
	EXPECT_TRUE(group_settles(&self->g, before + 2 * LEN - SLACK,
				  before + 4 * LEN + SLACK));
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
}

/* One long call, then short ones without end: they have no use for its memory. */
static void child_send_long_then_short(int fd)
{
	struct sim_answer answer;

	if (child_send(fd))
		_exit(1);
	while (!sim_echo(fd, 0, &answer))
		sim_sleep_ms(10);
	_exit(1);
}

static pid_t child_start_long_then_short(const struct group *g, int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		char text[16];

		snprintf(text, sizeof(text), "%d", getpid());
		if (!group_write(g->dir, "cgroup.procs", text))
			child_send_long_then_short(fd);
		_exit(1);
	}
	return pid;
}

/* A device keeps the memory of one large call, until another thread makes one. */
TEST_F(memcg, memory_of_a_large_call_is_kept_until_the_next_one)
{
	long long before, submitted;

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_EQ(0, client_join(&self->first));
	self->child = child_start_long_then_short(&self->g, self->b.fd);
	ASSERT_TRUE(child_stops(self->child));
	before = group_memory(&self->g);
	submitted = sim_get(&self->b.sim, "stats/submitted");
	kill(self->child, SIGCONT);
	for (int ms = 0; ms < SOON_MS && sim_get(&self->b.sim, "stats/submitted") < submitted + 9;
	     ms++)
		sim_sleep_ms(1);
	EXPECT_GE(sim_get(&self->b.sim, "stats/submitted"), submitted + 9);
	EXPECT_TRUE(group_settles(&self->g, before + 2 * LEN - SLACK, before + 2 * LEN + SLACK));

	ASSERT_EQ(0, send_large(self->b.fd));
	EXPECT_TRUE(group_settles(&self->g, 0, before + SLACK));
	EXPECT_EQ(0, waitpid(self->child, NULL, WNOHANG));
}

/* Its caller is gone; the file was open in another process, too. */
TEST_F(memcg, memory_of_a_large_call_goes_back_when_its_file_is_closed)
{
	int fd = sim_open(&self->b.sim, O_RDWR), status;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	ASSERT_EQ(0, client_join(&self->first));
	self->child = child_start(&self->g, fd);
	ASSERT_TRUE(child_stops(self->child));
	kill(self->child, SIGCONT);
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	self->child = 0;
	EXPECT_EQ(0, status);
	EXPECT_TRUE(group_settles(&self->g, 2 * LEN - SLACK, 2 * LEN + SLACK));
	close(fd);
	EXPECT_TRUE(group_settles(&self->g, 0, SLACK));
}

/* It is refused, or killed as a process that has used up its memory; no other one is. */
TEST_F(memcg, cgroup_without_memory_gets_no_call)
{
	char limit[32];
	int status;

	self->child = child_start(&self->g, self->b.fd);
	ASSERT_TRUE(child_stops(self->child));
	snprintf(limit, sizeof(limit), "%lld", group_memory(&self->g) + MIB);
	ASSERT_EQ(0, group_write(self->g.dir, "memory.max", limit));
	kill(self->child, SIGCONT);
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	self->child = 0;
	EXPECT_TRUE((WIFEXITED(status) && WEXITSTATUS(status) == ENOMEM) ||
		    (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
		TH_LOG("status %#x", status);
	EXPECT_TRUE(sim_calls_wait(&self->b.sim, 1, SOON_MS));
	EXPECT_EQ(1, sim_get(&self->b.sim, "stats/submitted"));

	ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
	EXPECT_EQ(0, client_join(&self->first));
	EXPECT_TRUE(idle(&self->b.sim));
}

TEST_HARNESS_MAIN
