// SPDX-License-Identifier: GPL-2.0
/*
 * All at once, on all CPUs: files come, go and are used while their devices come
 * and go, for a number of rounds. Every errno must be one that the operation
 * documents; after each round nothing may be left; in the end each operation must
 * have happened.
 *
 *	FWCTL_RACE_ROUNDS	how many rounds (10)
 *	FWCTL_RACE_SEED		where the random numbers begin (the time)
 *
 * It is meant for a kernel with KASAN, KCSAN or lockdep.
 *
 * Suites: lifetimes races
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/wait.h>

#include "fwctl_caller.h"
#include "fwctl_harness.h"

#define SIMS 2
#define FILES 4
#define MAX_WORKERS 64
#define OPERATIONS 200
#define MAX_LEN 4096
#define MAX_ERRNO 134
/* How long a round may take, at the most */
#define ROUND_LIMIT_MS 600000

/**
 * struct file - a file that any worker may use
 * @lock: held for writing to open or close it, for reading to use it
 * @fd: -1 if it is closed
 */
struct file {
	pthread_rwlock_t lock;
	int fd;
};

static struct sim sims[SIMS];
static char devices[SIMS][64];
static struct file files[SIMS][FILES];

/**
 * struct worker - a thread that does one thing after the other
 * @thread: the thread
 * @number: 0 ...
 * @random: its own random numbers
 * @done: it has done all of a round
 * @sim: number of the device that it is at
 * @file: a file of that device
 */
struct worker {
	pthread_t thread;
	int number;
	unsigned int random;
	atomic_bool done;
	int sim;
	struct file *file;
};

static int pick(struct worker *worker, int below)
{
	return rand_r(&worker->random) % below;
}

static void pause_briefly(struct worker *worker)
{
	usleep(pick(worker, 1000));
}

/* Devices that come back can have swapped their names; meanwhile, the old one. */
static struct sim named_now(const struct worker *worker)
{
	struct sim sim = sims[worker->sim];

	if (sim_read(&sim, "node", sim.node, sizeof(sim.node)))
		memcpy(sim.node, sims[worker->sim].node, sizeof(sim.node));
	return sim;
}

/* Operations return 0 or an errno. */

static int open_file(struct worker *worker)
{
	struct sim sim = named_now(worker);
	struct file *file = worker->file;
	int fd, err;

	fd = sim_open(&sim, O_RDWR);
	err = fd < 0 ? errno : 0;
	pthread_rwlock_wrlock(&file->lock);
	if (file->fd >= 0)
		close(file->fd);
	file->fd = fd;
	pthread_rwlock_unlock(&file->lock);
	return err;
}

static int close_one(struct file *file)
{
	int err = 0;

	pthread_rwlock_wrlock(&file->lock);
	if (file->fd >= 0 && close(file->fd))
		err = errno;
	file->fd = -1;
	pthread_rwlock_unlock(&file->lock);
	return err;
}

static int close_file(struct worker *worker)
{
	return close_one(worker->file);
}

static int get_info(struct worker *worker)
{
	struct fwctl_info_sim id;
	struct fwctl_info info;

	return fwctl_get_info(worker->file->fd, &info, &id, sizeof(id));
}

static int send(struct worker *worker, uint16_t opcode, uint32_t len)
{
	uint64_t cookie = pick(worker, 1 << 30);
	uint8_t in[MAX_LEN] = {}, out[MAX_LEN];
	struct sim_answer answer = {};
	struct fwctl_sim_request head = sim_head(opcode, 1, cookie);
	uint32_t out_len = len;
	int err;

	memcpy(in, &head, sizeof(head));
	err = sim_send(worker->file->fd, FWCTL_RPC_CONFIGURATION, in, len, out,
		       &out_len);
	memcpy(&answer, out, SIM_ANSWER_LEN);
	/* The answer of another call */
	return !err && sim_cookie(&answer) != cookie ? EPROTO : err;
}

static int send_small(struct worker *worker)
{
	return send(worker, FWCTL_SIM_ECHO, SIM_REQUEST_LEN);
}

static int send_large(struct worker *worker)
{
	return send(worker, FWCTL_SIM_ECHO, MAX_LEN);
}

static int send_write(struct worker *worker)
{
	return send(worker, FWCTL_SIM_WRITE, SIM_REQUEST_LEN);
}

static int query(struct worker *worker)
{
	struct fwctl_query query;

	return fwctl_get_limits(worker->file->fd, &query);
}

static int restrict_file(struct worker *worker)
{
	return fwctl_do_restrict(worker->file->fd, READ_CLASSES, NULL);
}

/* The child shares the file with us. Where it is when it dies is chance. */
static int kill_sender(struct worker *worker)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return errno;
	while (child == 0)
		send_small(worker);
	pause_briefly(worker);
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child)
		return errno;
	return WIFSIGNALED(status) ? 0 : EPROTO;
}

static int unplug(struct worker *worker)
{
	return sim_set(&sims[worker->sim], "live", 0);
}

static int plug(struct worker *worker)
{
	return sim_set(&sims[worker->sim], "live", 1);
}

static int drive(struct worker *worker, const char *what)
{
	const char *device = devices[worker->sim];
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/fwctl_sim/%s",
		 what);
	return sim_write_file(path, device, strlen(device));
}

static int unbind(struct worker *worker)
{
	return drive(worker, "unbind");
}

static int bind(struct worker *worker)
{
	return drive(worker, "bind");
}

static int vanish(struct worker *worker)
{
	return sim_set(&sims[worker->sim], "faults/remove_after",
		       pick(worker, 20));
}

static int fault(struct worker *worker)
{
	static const struct {
		const char *name;
		int below;
	} faults[] = {
		{ "faults/delay_us", 500 },
		{ "faults/timeout_us", 500 },
		{ "faults/open_delay_us", 500 },
		{ "faults/close_delay_us", 500 },
		{ "faults/keep_on_remove", 2 },
	};
	int i = pick(worker, ARRAY_LEN(faults));

	return sim_set(&sims[worker->sim], faults[i].name,
		       pick(worker, faults[i].below));
}

static int hold_answers(struct worker *worker)
{
	const char *name = pick(worker, 2) ? "faults/hang" : "faults/open_hang";
	int err = sim_set(&sims[worker->sim], name, 1);

	pause_briefly(worker);
	return err ?: sim_set(&sims[worker->sim], name, 0);
}

static int lower_cap(struct worker *worker)
{
	static const char *const caps[] = {
		"config-read,config-write,debug-read,debug-write",
		"config-read,config-write", "config-read",
	};
	struct sim sim = named_now(worker);

	return sim_class_write(&sim, "classes", caps[pick(worker, ARRAY_LEN(caps))]);
}

static int read_sysfs(struct worker *worker)
{
	static const char *const attrs[] = {
		"device_type", "driver_name", "classes", "labels", "uevent",
		"limits/max_files", "usage/files", "usage/calls", "usage/bytes",
		"usage/queued",
	};
	struct sim sim = named_now(worker);
	char text[512];

	return sim_class_read(&sim, attrs[pick(worker, ARRAY_LEN(attrs))], text,
			      sizeof(text));
}

/**
 * struct operation - an operation of a worker
 * @name: its name
 * @run: does it
 * @uses_file: with an open file, which is not closed meanwhile
 * @weight: how often, compared with the others
 * @errnos: all that it may end with besides 0
 */
static const struct operation {
	const char *name;
	int (*run)(struct worker *worker);
	bool uses_file;
	int weight;
	int errnos[6];
} operations[] = {
	{ "open", open_file, false, 20, { ENODEV, ENXIO, ENOENT, EUSERS } },
	{ "close", close_file, false, 10, {} },
	{ "info", get_info, true, 10, { ENODEV } },
	{ "small rpc", send_small, true, 30,
	  { ENODEV, ENOBUFS, ETIMEDOUT } },
	{ "large rpc", send_large, true, 20,
	  { ENODEV, ENOBUFS, ETIMEDOUT } },
	{ "writing rpc", send_write, true, 10,
	  { ENODEV, ENOBUFS, ETIMEDOUT, EPERM } },
	{ "query", query, true, 10, { ENODEV } },
	{ "restrict", restrict_file, true, 3, { ENODEV } },
	{ "kill", kill_sender, true, 4, {} },
	{ "unplug", unplug, false, 1, {} },
	{ "plug", plug, false, 8, { EBUSY, ENODEV } },
	{ "unbind", unbind, false, 1, { ENODEV } },
	{ "bind", bind, false, 8, { ENODEV, EBUSY, EAGAIN } },
	{ "vanish", vanish, false, 1, {} },
	{ "fault", fault, false, 5, {} },
	{ "hang", hold_answers, false, 3, {} },
	{ "lower cap", lower_cap, false, 2, { EPERM, ENOENT, ENODEV } },
	{ "sysfs", read_sysfs, false, 20, { ENOENT, ENODEV } },
};

/* How often each operation ended with each errno */
static atomic_int counts[ARRAY_LEN(operations)][MAX_ERRNO];

static int pick_operation(struct worker *worker)
{
	int sum = 0, at;

	for (size_t i = 0; i < ARRAY_LEN(operations); i++)
		sum += operations[i].weight;
	at = pick(worker, sum);
	for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
		at -= operations[i].weight;
		if (at < 0)
			return i;
	}
	return 0;
}

/* Without an open file it does nothing. */
static void operate_on_file(struct worker *worker, int i)
{
	pthread_rwlock_rdlock(&worker->file->lock);
	if (worker->file->fd >= 0)
		counts[i][operations[i].run(worker)]++;
	pthread_rwlock_unlock(&worker->file->lock);
}

static void *worker_thread(void *arg)
{
	struct worker *worker = arg;

	for (int n = 0; n < OPERATIONS; n++) {
		int i = pick_operation(worker);

		worker->sim = pick(worker, SIMS);
		worker->file = &files[worker->sim][pick(worker, FILES)];
		if (operations[i].uses_file)
			operate_on_file(worker, i);
		else
			counts[i][operations[i].run(worker)]++;
	}
	worker->done = true;
	return NULL;
}

static int worker_start(struct worker *worker, int number, int cpus)
{
	pthread_attr_t attr;
	cpu_set_t cpu;
	int err;

	worker->number = number;
	worker->done = false;
	CPU_ZERO(&cpu);
	CPU_SET(number % cpus, &cpu);
	pthread_attr_init(&attr);
	/* A CPU that we may not use is no reason not to start. */
	pthread_attr_setaffinity_np(&attr, sizeof(cpu), &cpu);
	err = pthread_create(&worker->thread, &attr, worker_thread, worker);
	if (err)
		err = pthread_create(&worker->thread, NULL, worker_thread,
				     worker);
	pthread_attr_destroy(&attr);
	return err;
}

static bool workers_finish(struct worker *workers, int count)
{
	for (int i = 0; i < count; i++) {
		if (!COMES_TRUE(workers[i].done, ROUND_LIMIT_MS))
			return false;
		pthread_join(workers[i].thread, NULL);
	}
	return true;
}

static bool errno_allowed(const struct operation *operation, int err)
{
	for (size_t i = 0; i < ARRAY_LEN(operation->errnos); i++)
		if (operation->errnos[i] == err)
			return true;
	return false;
}

/* Prints a line for each, with its errnos and how often they came. */
static void print_counts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
		printf("# %-12s", operations[i].name);
		for (int err = 0; err < MAX_ERRNO; err++) {
			if (!counts[i][err])
				continue;
			printf(" %s %d", err ? strerrorname_np(err) : "done",
			       counts[i][err]);
		}
		printf("\n");
	}
	fflush(stdout);
}

static long env_number(const char *name, long usual)
{
	const char *text = getenv(name);

	return text ? atol(text) : usual;
}

static int race_open(void)
{
	int err = 0;

	for (int i = 0; i < SIMS && !err; i++) {
		err = sim_create(&sims[i]) ?:
		      sim_set(&sims[i], "max_files", FILES) ?:
		      sim_set(&sims[i], "max_calls", 2) ?:
		      sim_set(&sims[i], "max_file_calls", 1) ?:
		      sim_set(&sims[i], "max_in", MAX_LEN) ?:
		      sim_set(&sims[i], "max_out", MAX_LEN) ?:
		      sim_set(&sims[i], "max_bytes", 6 * MAX_LEN) ?:
		      sim_start(&sims[i]) ?:
		      sim_read(&sims[i], "dev_name", devices[i],
			       sizeof(devices[i]));
		for (int j = 0; j < FILES; j++) {
			pthread_rwlock_init(&files[i][j].lock, NULL);
			files[i][j].fd = -1;
		}
	}
	return err;
}

FIXTURE(race)
{
	struct worker workers[MAX_WORKERS];
	int count;
	int cpus;
};

FIXTURE_SETUP(race)
{
	const char *missing = sim_missing();
	long seed = env_number("FWCTL_RACE_SEED", time(NULL));

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, race_open());
	self->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	self->count = self->cpus * 4;
	if (self->count > MAX_WORKERS)
		self->count = MAX_WORKERS;
	for (int i = 0; i < self->count; i++)
		self->workers[i].random = seed + i;
	TH_LOG("FWCTL_RACE_SEED=%ld, %d threads", seed, self->count);
}

FIXTURE_TEARDOWN(race)
{
	for (int i = 0; i < SIMS; i++)
		sim_destroy(&sims[i]);
}

/* Live again, if it is not, with nothing left of the last round. */
static void check_fresh(struct __test_metadata *_metadata, struct sim *sim)
{
	sim_clear_faults(sim);
	ASSERT_EQ(0, sim_stop(sim));
	ASSERT_EQ(0, sim_start(sim));
	EXPECT_EQ(0, sim_get(sim, "stats/contexts"));
	EXPECT_EQ(0, sim_class_get(sim, "usage/bytes"));
}

/* As long as it lives: all that was taken comes back. */
static void check_returned(struct __test_metadata *_metadata, struct sim *sim)
{
	sim_clear_faults(sim);
	if (sim_read(sim, "node", sim->node, sizeof(sim->node)))
		return;
	EXPECT_TRUE(sim_wait(sim, "stats/contexts", 0, CALLER_LIMIT_MS));
	EXPECT_EQ(0, sim_get(sim, "stats/inflight"));
	EXPECT_TRUE(sim_class_wait(sim, "usage/bytes", 0, CALLER_LIMIT_MS));
	EXPECT_EQ(0, sim_calls(sim));
	EXPECT_EQ(0, sim_class_get(sim, "usage/files"));
}

/* All files first: one can be of the other device by now, if they swap names. */
static void check_round(struct __test_metadata *_metadata)
{
	for (int i = 0; i < SIMS; i++) {
		for (int j = 0; j < FILES; j++)
			EXPECT_EQ(0, close_one(&files[i][j]));
	}
	for (int i = 0; i < SIMS; i++) {
		check_returned(_metadata, &sims[i]);
		check_fresh(_metadata, &sims[i]);
	}
}

static void check_errnos(struct __test_metadata *_metadata)
{
	for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
		EXPECT_NE(0, counts[i][0]) {
			TH_LOG("%s never happened", operations[i].name);
		}
		for (int err = 1; err < MAX_ERRNO; err++) {
			if (errno_allowed(&operations[i], err))
				continue;
			EXPECT_EQ(0, counts[i][err]) {
				TH_LOG("%s: %s", operations[i].name,
				       strerror(err));
			}
		}
	}
}

TEST_F_TIMEOUT(race, nothing_remains_of_any_round, 3600)
{
	long rounds = env_number("FWCTL_RACE_ROUNDS", 10);

	for (long round = 0; round < rounds; round++) {
		for (int i = 0; i < self->count; i++)
			ASSERT_EQ(0, worker_start(&self->workers[i], i,
						  self->cpus));
		ASSERT_TRUE(workers_finish(self->workers, self->count)) {
			TH_LOG("round %ld does not end", round);
		}
		check_round(_metadata);
	}
	print_counts();
	check_errnos(_metadata);
}

TEST_HARNESS_MAIN
