// SPDX-License-Identifier: GPL-2.0
/*
 * Runs programs: files, threads and children, and a watchdog that releases calls
 * that hang in the firmware. The operations are in command.c and devices.c.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fwctl/fwctl.h>

#include "execute.h"

/* Time until hanging calls are released, long enough for other operations to run. */
#define RELEASE_MS 40
/* No operation takes that long, even on a slow machine with all debugging. */
#define HANG_MS 60000
#define TICK_US 10000
/* The result of open() cannot be predicted; not an errno. */
#define UNKNOWN 4096

static u64 now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

struct model_device *job_device(const struct job *job)
{
	unsigned int field = job->op.kind == OP_OPEN ? OPEN_DEVICE : 0;

	return &job->executor->model.devices[job->op.values[field]];
}

void job_enter(struct job *job)
{
	__atomic_add_fetch(&job->executor->calls, 1, __ATOMIC_RELAXED);
	coverage_begin(job->trace);
}

void job_leave(struct job *job)
{
	coverage_end(&job->executor->coverage, job->trace);
}

void job_say(const struct job *job, int err)
{
	if (!job->executor->verbose)
		return;
	flockfile(stdout);
	printf("# %-8s %s", errno_name(err), job->quiet ? "" : "(not alone) ");
	op_print(&job->op, stdout);
	funlockfile(stdout);
}

/* Files */

static void files_count(struct executor *executor, const struct model_file *file,
			int change)
{
	struct model_device *device = &executor->model.devices[file->device];

	pthread_mutex_lock(&executor->model.lock);
	if (device->life == file->life)
		device->files += change;
	pthread_mutex_unlock(&executor->model.lock);
}

struct slot slot_new(int fd, const struct model_file *file)
{
	struct description *description = resize(NULL, sizeof(*description));

	description->refs = 1;
	description->file = *file;
	return (struct slot){ .fd = fd, .description = description };
}

static int description_refs(struct executor *executor,
			    struct description *description, int change)
{
	int refs;

	pthread_mutex_lock(&executor->lock);
	refs = description->refs += change;
	pthread_mutex_unlock(&executor->lock);
	return refs;
}

void slot_close(struct job *job, struct slot *slot)
{
	struct description *description = slot->description;

	if (!description)
		return;
	job_enter(job);
	job->executor->system->close(slot->fd);
	job_leave(job);
	slot->description = NULL;
	if (description_refs(job->executor, description, -1))
		return;
	files_count(job->executor, &description->file, -1);
	free(description);
}

static struct slot slot_dup(struct executor *executor, const struct slot *slot)
{
	struct slot copy = { 0 };

	if (!slot->description)
		return copy;
	copy.fd = executor->system->dup(slot->fd);
	if (copy.fd < 0)
		return copy;
	copy.description = slot->description;
	description_refs(executor, copy.description, 1);
	return copy;
}

/* open(), close(), dup() */

static int open_expected(const struct job *job)
{
	const struct model_device *device = job_device(job);
	int err = device->faults[FAULT_OPEN_ERROR];

	if (!job->quiet || device->unsure)
		return UNKNOWN;
	if (!device->live)
		return -ENODEV;
	if (device->files >= (int)device->limits[LIMIT_MAX_FILES])
		return -EUSERS;
	return err == EAGAIN ? -EBUSY : -err;
}

static void open_check(struct job *job, int expected, int ret)
{
	struct oracle *oracle = &job->executor->oracle;

	oracle_check(oracle, ORACLE_ERRNO,
		     ret >= 0 || errno_of_open(-ret) || job_device(job)->fails,
		     "open gave %s", errno_name(-ret));
	if (expected != UNKNOWN)
		oracle_check(oracle, ORACLE_DECISION, expected == MIN(ret, 0),
			     "open gave %s and not %s", errno_name(-MIN(ret, 0)),
			     errno_name(-expected));
}

static int open_call(struct job *job, void *data)
{
	return job->executor->system->open(job->op.values[OPEN_DEVICE],
					   job->op.values[OPEN_MODE]);
}

/* The model's state of a file that is opened now. */
static struct model_file open_file(const struct job *job)
{
	const struct model_device *device = job_device(job);
	struct model_file file = {
		.device = job->op.values[OPEN_DEVICE],
		.life = device->life,
		.mode = job->op.values[OPEN_MODE],
		.classes = ALL_CLASSES,
	};

	memcpy(file.limits, device->limits, sizeof(file.limits));
	return file;
}

static struct slot open_slot(struct job *job)
{
	struct model_device *device = job_device(job);
	struct model_file file = open_file(job);
	int expected = open_expected(job), ret;
	struct slot slot = { 0 };

	device->used = true;
	job_enter(job);
	ret = open_call(job, NULL);
	job_leave(job);
	open_check(job, expected, ret);
	job_say(job, ret < 0 ? -ret : 0);
	if (ret < 0)
		return slot;
	slot = slot_new(ret, &file);
	files_count(job->executor, &file, 1);
	return slot;
}

/* In a thread the file is closed again: only the main line may change the program's files. */
static void run_open(struct job *job)
{
	struct slot *file = &job->executor->files[job->op.values[OPEN_FILE]];
	struct slot slot;

	if (job->op.values[OPEN_HOW] == HOW_CHILD) {
		job_device(job)->used = true;
		child_run(job, open_call, NULL);
		return;
	}
	if (job->op.values[OPEN_HOW] == HOW_THREAD) {
		slot = open_slot(job);
		slot_close(job, &slot);
		return;
	}
	slot_close(job, file);
	*file = open_slot(job);
	if (file->description && job->quiet)
		learn_context(job, file);
}

static void run_dup(struct job *job)
{
	struct slot *files = job->executor->files;
	struct slot *to = &files[job->op.values[DUP_FILE]];
	struct slot copy = slot_dup(job->executor,
				    &files[job->op.values[DUP_FROM]]);

	if (!copy.description)
		return;
	slot_close(job, to);
	*to = copy;
	job_say(job, 0);
}

static void run_close(struct job *job)
{
	slot_close(job, &job->executor->files[job->op.values[CLOSE_FILE]]);
	job_say(job, 0);
}

/* Children */

/* What hangs is not released meanwhile: a caller that does not leave ends the run as a hang. */
static void child_kill(struct job *job, pid_t pid)
{
	struct executor *executor = job->executor;

	usleep(200 + job->op.values[0] * 400);
	__atomic_store_n(&executor->patient, true, __ATOMIC_SEQ_CST);
	kill(pid, SIGKILL);
	oracle_check(&executor->oracle, ORACLE_KILL,
		     waitpid(pid, NULL, 0) == pid, "a killed caller is lost");
	__atomic_store_n(&executor->patient, false, __ATOMIC_SEQ_CST);
}

/*
 * The child makes only the system call: it has no threads, and a lock may have been
 * held by another thread at the time of the fork.
 */
void child_run(struct job *job, int (*call)(struct job *job, void *data),
	       void *data)
{
	struct executor *executor = job->executor;
	pid_t pid = executor->system->forks ? fork() : -1;

	if (!pid) {
		call(job, data);
		_exit(0);
	}
	pthread_mutex_lock(&executor->lock);
	executor->abandoned = true;
	pthread_mutex_unlock(&executor->lock);
	if (pid > 0)
		child_kill(job, pid);
	job_say(job, EINTR);
}

/* The thread that changes requests */

/* Each value stays for an increasing number of stores. */
static void flip_round(u8 *at, u8 a, u8 b)
{
	for (unsigned int i = 1; i <= 32; i++) {
		for (unsigned int j = 0; j < i; j++)
			__atomic_store_n(at, b, __ATOMIC_SEQ_CST);
		for (unsigned int j = 0; j < i; j++)
			__atomic_store_n(at, a, __ATOMIC_SEQ_CST);
	}
}

static void *flipper_main(void *data)
{
	struct executor *executor = data;

	pthread_mutex_lock(&executor->lock);
	while (!executor->quit) {
		u8 a = executor->flip_to[0], b = executor->flip_to[1];
		u8 *at = executor->flip;

		executor->flipping = at;
		if (!at) {
			pthread_cond_wait(&executor->flip_wake, &executor->lock);
			continue;
		}
		pthread_mutex_unlock(&executor->lock);
		flip_round(at, a, b);
		pthread_mutex_lock(&executor->lock);
		executor->flips++;
	}
	pthread_mutex_unlock(&executor->lock);
	return NULL;
}

static u64 flips(struct executor *executor)
{
	u64 flips;

	pthread_mutex_lock(&executor->lock);
	flips = executor->flips;
	pthread_mutex_unlock(&executor->lock);
	return flips;
}

static void flip_set(struct executor *executor, u8 *at, u8 a, u8 b)
{
	pthread_mutex_lock(&executor->lock);
	executor->flip = at;
	executor->flip_to[0] = a;
	executor->flip_to[1] = b;
	pthread_cond_signal(&executor->flip_wake);
	pthread_mutex_unlock(&executor->lock);
}

void flip_begin(struct executor *executor, u8 *at, u8 a, u8 b)
{
	u64 before = flips(executor);

	flip_set(executor, at, a, b);
	while (flips(executor) == before)
		sched_yield();
}

/* Waits for the end of a round, whose last store is the original value. */
void flip_end(struct executor *executor)
{
	bool flipping = true;

	flip_set(executor, NULL, 0, 0);
	while (flipping) {
		sched_yield();
		pthread_mutex_lock(&executor->lock);
		flipping = executor->flipping;
		pthread_mutex_unlock(&executor->lock);
	}
}

/* The watchdog */

/* Our own stacks; those of the kernel's threads, and what its workqueues do, are for its log. */
static void hang_stacks(void)
{
	char command[128];

	snprintf(command, sizeof(command),
		 "tail -n +1 /proc/%d/task/*/stack 2>&1 | sed 's/^/# /'",
		 getpid());
	if (system(command) || system("echo t >/proc/sysrq-trigger"))
		puts("# not all stacks");
}

/* Print the kernel's log as well: an oops may have ended the thread. */
static void hang_report(struct executor *executor)
{
	char text[256] = "no bug message in the kernel's log";

	executor->system->complaint(text, sizeof(text));
	printf("# after %llu calls: %s\n", (unsigned long long)executor->calls,
	       text);
	program_comment(executor->running);
	printf("Bail out! hang: an operation has not ended for %d s\n",
	       HANG_MS / 1000);
	fflush(stdout);
	hang_stacks();
	_exit(1);
}

static void watchdog_tick(struct executor *executor)
{
	u64 since = __atomic_load_n(&executor->since, __ATOMIC_SEQ_CST);
	u64 now = now_ms();

	if (!since || now < since)
		return;
	if (now - since > RELEASE_MS &&
	    !__atomic_load_n(&executor->patient, __ATOMIC_SEQ_CST))
		devices_release(executor);
	if (now - since > HANG_MS)
		hang_report(executor);
}

static void *watchdog_main(void *data)
{
	struct executor *executor = data;

	while (!__atomic_load_n(&executor->quit, __ATOMIC_SEQ_CST)) {
		watchdog_tick(executor);
		usleep(TICK_US);
	}
	return NULL;
}

static void watch_begin(struct executor *executor)
{
	__atomic_store_n(&executor->since, now_ms(), __ATOMIC_SEQ_CST);
}

static void watch_end(struct executor *executor)
{
	__atomic_store_n(&executor->since, 0, __ATOMIC_SEQ_CST);
	oracle_check(&executor->oracle, ORACLE_HANG, true, "-");
}

/* Operations */

static void run_join(struct job *job)
{
	struct executor *executor = job->executor;

	pthread_mutex_lock(&executor->lock);
	for (unsigned int i = 0; i < WORKERS; i++) {
		struct worker *worker = &executor->workers[i];

		while (worker->busy)
			pthread_cond_wait(&worker->wake, &executor->lock);
	}
	pthread_mutex_unlock(&executor->lock);
}

/**
 * struct runner - how an operation is run
 * @run: runs it
 * @how: index of its "how" field, or -1
 * @file: it needs an open file, given by its first field
 */
struct runner {
	void (*run)(struct job *job);
	int how;
	bool file;
};

static const struct runner runners[OP_KINDS] = {
	[OP_OPEN] = { run_open, OPEN_HOW, false },
	[OP_DUP] = { run_dup, -1, false },
	[OP_CLOSE] = { run_close, -1, false },
	[OP_INFO] = { run_command, CMD_HOW, true },
	[OP_RPC] = { run_command, CMD_HOW, true },
	[OP_QUERY] = { run_command, CMD_HOW, true },
	[OP_RESTRICT] = { run_command, CMD_HOW, true },
	[OP_IOCTL] = { run_ioctl, IOCTL_HOW, true },
	[OP_CAP] = { run_cap, -1, false },
	[OP_FAULT] = { run_fault, -1, false },
	[OP_DEVICE] = { run_device, -1, false },
	[OP_LIVE] = { run_live, LIVE_HOW, false },
	[OP_READ] = { run_read, -1, false },
	[OP_JOIN] = { run_join, -1, false },
};

static void worker_run(struct worker *worker)
{
	struct job *job = &worker->job;

	job->memory = &worker->memory;
	job->probe = &worker->probe;
	runners[job->op.kind].run(job);
	slot_close(job, &job->slot);
}

static void *worker_main(void *data)
{
	struct worker *worker = data;
	struct executor *executor = worker->executor;

	worker->job.trace = executor->system->trace();
	pthread_mutex_lock(&executor->lock);
	while (!worker->quit) {
		if (worker->busy) {
			pthread_mutex_unlock(&executor->lock);
			worker_run(worker);
			pthread_mutex_lock(&executor->lock);
			worker->busy = false;
			pthread_cond_broadcast(&worker->wake);
		} else {
			pthread_cond_wait(&worker->wake, &executor->lock);
		}
	}
	pthread_mutex_unlock(&executor->lock);
	return NULL;
}

static struct worker *worker_free(struct executor *executor)
{
	struct worker *found = NULL;

	pthread_mutex_lock(&executor->lock);
	for (unsigned int i = 0; i < WORKERS; i++)
		if (!executor->workers[i].busy)
			found = &executor->workers[i];
	pthread_mutex_unlock(&executor->lock);
	return found;
}

static bool executor_quiet(struct executor *executor)
{
	bool quiet;

	pthread_mutex_lock(&executor->lock);
	quiet = !executor->abandoned;
	for (unsigned int i = 0; i < WORKERS; i++)
		quiet = quiet && !executor->workers[i].busy;
	pthread_mutex_unlock(&executor->lock);
	return quiet;
}

static struct slot op_slot(struct executor *executor, const struct op *op)
{
	struct slot none = { 0 };

	return runners[op->kind].file ? executor->files[op->values[0]] : none;
}

static void post_op(struct executor *executor, struct worker *worker,
		    const struct op *op)
{
	struct slot slot = op_slot(executor, op);
	struct job *job = &worker->job;

	job->executor = executor;
	job->op = *op;
	job->quiet = false;
	job->slot = slot_dup(executor, &slot);
	pthread_mutex_lock(&executor->lock);
	worker->busy = true;
	pthread_cond_broadcast(&worker->wake);
	pthread_mutex_unlock(&executor->lock);
}

static void run_op(struct executor *executor, const struct op *op)
{
	const struct runner *runner = &runners[op->kind];
	struct job *job = &executor->main.job;
	struct worker *worker = NULL;

	if (runner->file && !executor->files[op->values[0]].description)
		return;
	if (runner->how >= 0 && op->values[runner->how] == HOW_THREAD)
		worker = worker_free(executor);
	if (worker) {
		post_op(executor, worker, op);
		return;
	}
	job->op = *op;
	job->quiet = executor_quiet(executor);
	job->slot = op_slot(executor, op);
	watch_begin(executor);
	runner->run(job);
	watch_end(executor);
}

/* Compare the registers with the values that the model knows. */
static void sweep_device(struct executor *executor, unsigned int device)
{
	struct model_device *model = &executor->model.devices[device];
	struct job *job = &executor->main.job;
	u32 value;

	job->op = op_usual(OP_OPEN);
	job->op.values[OPEN_DEVICE] = device;
	job->slot = open_slot(job);
	for (u32 arg = 0; arg < MODEL_REGISTERS && job->slot.description; arg++)
		if (model->known >> arg & 1 && !peek_register(job, arg, &value))
			oracle_check(&executor->oracle, ORACLE_REGISTERS,
				     value == model->registers[arg],
				     "device %u: register %u is %#x and not %#x",
				     device, arg, value, model->registers[arg]);
	slot_close(job, &job->slot);
}

static void sweep_registers(struct executor *executor)
{
	const u32 config_read = BIT(FWCTL_CLASS_CONFIG_READ);

	executor->main.job.quiet = executor_quiet(executor);
	if (!executor->main.job.quiet)
		return;
	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		const struct model_device *device = &executor->model.devices[i];

		if (device->live && !device->unsure && !device->late &&
		    device->known && device->cap & config_read)
			sweep_device(executor, i);
	}
}

static void executor_finish(struct executor *executor)
{
	struct job *job = &executor->main.job;

	watch_begin(executor);
	devices_release(executor);
	run_join(job);
	for (unsigned int i = 0; i < FUZZ_FILES; i++)
		slot_close(job, &executor->files[i]);
	devices_settle(executor);
	watch_end(executor);
}

static void complaint_check(struct executor *executor)
{
	char text[256] = "";
	bool complains = executor->system->complaint(text, sizeof(text));

	oracle_check(&executor->oracle, ORACLE_KERNEL, !complains, "%s", text);
}

bool executor_run(struct executor *executor, const struct program *program)
{
	oracle_reset(&executor->oracle);
	executor->running = program;
	executor->abandoned = false;
	watch_begin(executor);
	devices_reset(executor);
	watch_end(executor);
	for (unsigned int i = 0; i < program->len; i++)
		run_op(executor, &program->ops[i]);
	executor_finish(executor);
	watch_begin(executor);
	devices_calm(executor);
	sweep_registers(executor);
	watch_end(executor);
	complaint_check(executor);
	return !executor->oracle.failed;
}

static void worker_start(struct executor *executor, struct worker *worker)
{
	worker->executor = executor;
	memory_init(&worker->memory);
	memory_init(&worker->probe);
	pthread_cond_init(&worker->wake, NULL);
	if (pthread_create(&worker->thread, NULL, worker_main, worker))
		abort();
}

void executor_start(struct executor *executor, const struct system *system)
{
	struct worker *main = &executor->main;

	memset(executor, 0, sizeof(*executor));
	executor->system = system;
	pthread_mutex_init(&executor->lock, NULL);
	pthread_cond_init(&executor->flip_wake, NULL);
	model_init(&executor->model);
	oracle_init(&executor->oracle);
	coverage_init(&executor->coverage);
	memory_init(&main->memory);
	memory_init(&main->probe);
	main->job.executor = executor;
	main->job.memory = &main->memory;
	main->job.probe = &main->probe;
	main->job.trace = system->trace();
	for (unsigned int i = 0; i < WORKERS; i++)
		worker_start(executor, &executor->workers[i]);
	if (pthread_create(&executor->watchdog, NULL, watchdog_main, executor) ||
	    pthread_create(&executor->flipper, NULL, flipper_main, executor))
		abort();
}

static void threads_end(struct executor *executor)
{
	pthread_mutex_lock(&executor->lock);
	__atomic_store_n(&executor->quit, true, __ATOMIC_SEQ_CST);
	pthread_cond_signal(&executor->flip_wake);
	for (unsigned int i = 0; i < WORKERS; i++) {
		executor->workers[i].quit = true;
		pthread_cond_broadcast(&executor->workers[i].wake);
	}
	pthread_mutex_unlock(&executor->lock);
	pthread_join(executor->watchdog, NULL);
	pthread_join(executor->flipper, NULL);
}

void executor_stop(struct executor *executor)
{
	threads_end(executor);
	for (unsigned int i = 0; i < WORKERS; i++) {
		pthread_join(executor->workers[i].thread, NULL);
		memory_free(&executor->workers[i].memory);
		memory_free(&executor->workers[i].probe);
	}
	memory_free(&executor->main.memory);
	memory_free(&executor->main.probe);
	coverage_free(&executor->coverage);
}
