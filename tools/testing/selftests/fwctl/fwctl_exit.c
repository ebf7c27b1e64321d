// SPDX-License-Identifier: GPL-2.0
/*
 * A task submits commands to a ring and exits before they are answered. An answer must
 * then not be copied at all: from Linux 6.19 on the task work of an exiting task runs in
 * that task, after exit_mm(), and a user access goes through the page tables that the CPU
 * has in lazy TLB mode, those of another process.
 *
 * A victim on the same CPU has a page of its own at the address of the answers, and
 * watches it. The page is written only if the CPU switches from the victim to the exiting
 * task meanwhile, which takes a kernel that can be preempted. On any other kernel the
 * results of the commands are checked all the same.
 *
 * Suites: lifetimes races
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "fwctl_client.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

#define CALLS 64
#define CALL_LEN 64
/* One page on most machines, part of one elsewhere */
#define ANSWERS_LEN (CALLS * CALL_LEN)

/* Contents of the page before an answer, in the attacker and in the victim */
#define NO_ANSWER 0x5a
#define VICTIM 0x11
/* Contents of a request, and so of its answer, after the header */
#define ATTACKER 0xa7

/* Memory that has to be freed while a task exits, so that this takes milliseconds */
#define BALLAST (4 << 20)

#define ROUNDS 10

/**
 * struct echo - a request, and the answer to it
 * @head: the request's header
 * @text: ATTACKER, which comes back
 */
struct echo {
	struct fwctl_sim_request head;
	uint8_t text[CALL_LEN - sizeof(struct fwctl_sim_request)];
};

static struct echo requests[CALLS];

/**
 * struct watch - memory that the test shares with its victim
 * @begun: the victim has its own page
 * @harmed: offset of a byte that changed in that page, plus 1
 */
struct watch {
	atomic_int begun;
	atomic_int harmed;
};

/**
 * struct attacker - a task that submits and exits
 * @fd: the file of the device
 * @ring: the ring that it submits to; a process with a ring of its own opens another
 * @answers: address of the answers
 * @cpu: the CPU that it shares with the victim
 * @pid: the process, or 0 if it is a thread of the test
 * @thread: the thread
 * @tid: the thread's number, once it runs
 * @err: 0, or the errno of the submission
 */
struct attacker {
	int fd;
	struct ring *ring;
	uint8_t *answers;
	int cpu;
	pid_t pid;
	pthread_t thread;
	atomic_int tid;
	int err;
};

static int first_cpu(void)
{
	cpu_set_t cpus;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(cpus), &cpus))
		return 0;
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &cpus))
		cpu++;
	return cpu;
}

static void pin(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* Runs until it is killed, without a system call: the CPU keeps its page tables. */
static void victim_run(uint8_t *page, struct watch *watch, int cpu)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu);
	memset(page, VICTIM, ANSWERS_LEN);
	watch->begun = 1;
	for (int i = 0;; i = (i + 1) % ANSWERS_LEN)
		if (__atomic_load_n(&page[i], __ATOMIC_RELAXED) != VICTIM)
			watch->harmed = i + 1;
}

static pid_t victim_start(uint8_t *page, struct watch *watch, int cpu)
{
	pid_t pid = fork();

	if (pid == 0)
		victim_run(page, watch, cpu);
	return pid > 0 && COMES_TRUE(watch->begun, SOON_MS) ? pid : -1;
}

/* A file that is closed by the last task work that an exiting task runs */
static void load_files(void)
{
	int fd;

	if (unshare(CLONE_FILES))
		return;
	fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 && fallocate(fd, 0, 0, BALLAST))
		close(fd);
}

/* Pages that exit_mm() frees, one by one */
static void load_memory(void)
{
	uint8_t *memory = mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	madvise(memory, BALLAST, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < BALLAST; i += 4096)
		memory[i] = 1;
}

/* Returns 0 or an errno. */
static int submit_all(struct attacker *attacker, struct ring *ring)
{
	for (int i = 0; i < CALLS; i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(FWCTL_RPC_CONFIGURATION,
						    &requests[i], CALL_LEN,
						    attacker->answers +
						    i * CALL_LEN, CALL_LEN);

		ring_add(ring, attacker->fd, FWCTL_RPC, &rpc, sizeof(rpc), i);
	}
	/* So the victim gets most of the CPU, and the exit takes longer. */
	setpriority(PRIO_PROCESS, 0, 5);
	return ring_submit(ring);
}

/* The ring of another process, mapped here as well */
static int ring_join(struct ring *ring, const struct ring *other)
{
	*ring = *other;
	ring->rings = ring_map(ring, ring->rings_len, IORING_OFF_SQ_RING);
	ring->sqes = ring_map(ring, ring->p.sq_entries * ring->sqe_len,
			      IORING_OFF_SQES);
	return ring->rings == MAP_FAILED || ring->sqes == MAP_FAILED ? errno : 0;
}

static void process_run(struct attacker *attacker, bool own_ring)
{
	struct ring ring;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memset(attacker->answers, NO_ANSWER, ANSWERS_LEN);
	load_memory();
	load_files();
	pin(attacker->cpu);
	err = own_ring ? ring_open(&ring, IORING_SETUP_SQE128, CALLS) :
			 ring_join(&ring, attacker->ring);
	_exit(err ?: submit_all(attacker, &ring));
}

static void *thread_run(void *data)
{
	struct attacker *attacker = data;

	attacker->tid = gettid();
	memset(attacker->answers, NO_ANSWER, ANSWERS_LEN);
	load_files();
	pin(attacker->cpu);
	attacker->err = submit_all(attacker, attacker->ring);
	return NULL;
}

static bool attacker_start(struct attacker *attacker, bool thread, bool own_ring)
{
	attacker->pid = 0;
	attacker->tid = 0;
	if (thread)
		return !pthread_create(&attacker->thread, NULL, thread_run,
				       attacker) &&
		       COMES_TRUE(attacker->tid, SOON_MS);
	attacker->pid = fork();
	if (attacker->pid == 0)
		process_run(attacker, own_ring);
	return attacker->pid > 0;
}

/*
 * Whether exit_mm() has taken its memory away. Reading this link takes no reference to
 * the mm, as most files in /proc do, with which the reader would be the one to free it.
 */
static bool attacker_has_no_memory(const struct attacker *attacker)
{
	char path[64], exe[8];

	if (attacker->pid)
		snprintf(path, sizeof(path), "/proc/%d/exe", attacker->pid);
	else
		snprintf(path, sizeof(path), "/proc/self/task/%d/exe",
			 attacker->tid);
	return readlink(path, exe, sizeof(exe)) < 0;
}

/* Returns 0, or the errno that it ended with. */
static int attacker_end(struct attacker *attacker)
{
	int status;

	if (!attacker->pid)
		return pthread_join(attacker->thread, NULL) ?: attacker->err;
	if (waitpid(attacker->pid, &status, 0) != attacker->pid)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

static bool all_bytes_are(const uint8_t *bytes, size_t len, uint8_t value)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

static bool is_answered(const uint8_t *answer, int i)
{
	const struct fwctl_sim_answer *head = (const void *)answer;

	return head->cookie == requests[i].head.cookie &&
	       all_bytes_are(answer + sizeof(requests->head),
			     sizeof(requests->text), ATTACKER);
}

/* But for zeros, with which the kernel finds out whether the memory can be written */
static bool is_untouched(const uint8_t *answer)
{
	for (int i = 0; i < CALL_LEN; i++)
		if (answer[i] && answer[i] != NO_ANSWER)
			return false;
	return true;
}

FIXTURE(exiting)
{
	struct bench b;
	struct ring ring;
	struct attacker attacker;
	struct watch *watch;
	uint8_t *answers;
	pid_t victim;
};

/* Which task exits, and whether its ring goes with it */
FIXTURE_VARIANT(exiting)
{
	bool thread;
	bool own_ring;
};

FIXTURE_VARIANT_ADD(exiting, process) { .own_ring = true };

FIXTURE_VARIANT_ADD(exiting, process_that_shares_a_ring) {};

FIXTURE_VARIANT_ADD(exiting, thread) { .thread = true };

static const struct setting all_at_once[] = {
	{ "max_calls", CALLS }, { "max_file_calls", CALLS }, {}
};

static void *map_memory(size_t len, int flags)
{
	return mmap(NULL, len, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

static void fill_requests(void)
{
	for (int i = 0; i < CALLS; i++) {
		requests[i].head = sim_head(FWCTL_SIM_ECHO, 0, i + 1);
		memset(requests[i].text, ATTACKER, sizeof(requests[i].text));
	}
}

FIXTURE_SETUP(exiting)
{
	const char *missing = sim_missing();

	self->b.fd = -1;
	self->ring.fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
	if (ring_open(&self->ring, IORING_SETUP_SQE128, CALLS))
		SKIP(return, "no io_uring");
	ASSERT_EQ(0, bench_open(&self->b, all_at_once));
	self->answers = map_memory(ANSWERS_LEN, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, self->answers);
	self->watch = map_memory(sizeof(*self->watch), MAP_SHARED);
	ASSERT_NE(MAP_FAILED, self->watch);
	fill_requests();
	self->attacker = (struct attacker){
		.fd = self->b.fd,
		.ring = &self->ring,
		.answers = self->answers,
		.cpu = first_cpu(),
	};
	self->victim = victim_start(self->answers, self->watch,
				    self->attacker.cpu);
	ASSERT_LT(0, self->victim);
}

FIXTURE_TEARDOWN(exiting)
{
	if (self->victim > 0 && !kill(self->victim, SIGKILL))
		waitpid(self->victim, NULL, 0);
	ring_close(&self->ring);
	bench_close(&self->b);
}

/* The memory of a process is gone: only the answers to a thread can be looked at. */
static void check_end(struct __test_metadata *_metadata,
		      const struct io_uring_cqe *cqe, const uint8_t *answer,
		      bool thread)
{
	if (cqe->res != CALL_LEN) {
		ASSERT_EQ(-ECANCELED, cqe->res);
		ASSERT_TRUE(!thread || is_untouched(answer));
	} else {
		ASSERT_TRUE(!thread || is_answered(answer, cqe->user_data));
	}
}

/* Each command ends once, with its answer or with ECANCELED. */
static void check_ends(struct __test_metadata *_metadata,
		       const FIXTURE_DATA(exiting) * self, bool thread,
		       bool canceled)
{
	bool ended[CALLS] = {};
	struct io_uring_cqe cqe;

	for (int i = 0; i < CALLS; i++) {
		ASSERT_TRUE(ring_wait(&self->ring, &cqe, SOON_MS));
		ASSERT_GT(CALLS, cqe.user_data);
		ASSERT_FALSE(ended[cqe.user_data]);
		ended[cqe.user_data] = true;
		if (canceled)
			ASSERT_EQ(-ECANCELED, cqe.res);
		check_end(_metadata, &cqe,
			  self->answers + cqe.user_data * CALL_LEN, thread);
	}
}

static void check_round(struct __test_metadata *_metadata,
			FIXTURE_DATA(exiting) * self,
			const FIXTURE_VARIANT(exiting) * variant,
			bool canceled)
{
	ASSERT_EQ(0, attacker_end(&self->attacker));
	if (!variant->own_ring)
		check_ends(_metadata, self, variant->thread, canceled);
	ASSERT_TRUE(idle(&self->b.sim));
	ASSERT_EQ(0, self->watch->harmed) {
		TH_LOG("an answer is in a page of another process");
	}
}

static int rounds(void)
{
	return fwctl_quick() ? ROUNDS / 2 : ROUNDS;
}

TEST_F_TIMEOUT(exiting, task_gets_answers_while_it_goes, 600)
{
	static const int delays_us[] = { 300, 1000, 3000, 6000, 12000 };

	for (int i = 0; i < rounds(); i++) {
		int delay = delays_us[i % ARRAY_LEN(delays_us)];

		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/delay_us", delay));
		ASSERT_TRUE(attacker_start(&self->attacker, variant->thread,
					   variant->own_ring));
		check_round(_metadata, self, variant, false);
	}
}

TEST_F_TIMEOUT(exiting, task_without_memory_gets_no_answer, 600)
{
	for (int i = 0; i < rounds(); i++) {
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 1));
		ASSERT_TRUE(attacker_start(&self->attacker, variant->thread,
					   variant->own_ring));
		EXPECT_TRUE(COMES_TRUE(attacker_has_no_memory(&self->attacker),
				       SOON_MS));
		ASSERT_EQ(0, sim_set(&self->b.sim, "faults/hang", 0));
		check_round(_metadata, self, variant, true);
	}
}

TEST_HARNESS_MAIN
