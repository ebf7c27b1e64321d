// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of the null device: the cost of a core alone, with firmware that answers at once
 * or after a known time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"

#define LATENCY "/sys/module/fwctl_null/parameters/latency_us"
#define REFUSED 0xff
#define UNKNOWN 0x9aff
#define SMALL 64

#define MAX_THREADS 64
#define SAMPLES 5

/* Only whole pages can be counted: memory is measured with many files and many calls. */
#define FILES 32000
#define HELD 1000
#define HELD_US 1000000

/* The part of each row that no core can change: system call, and ioctl() up to the core */
static void run_unknown(struct bench *b, const struct row *row, long calls)
{
	for (; calls > 0; calls--)
		if (!ioctl(b->fd, UNKNOWN, NULL) || errno != ENOTTY)
			die("%s", row->name);
}

static void run_info(struct bench *b, const struct row *row, long calls)
{
	uint64_t data;
	struct fwctl_info info = {
		.size = sizeof(info),
		.device_data_len = sizeof(data),
		.out_device_data = (uintptr_t)&data,
	};

	for (; calls > 0; calls--) {
		info.device_data_len = sizeof(data);
		if (ioctl(b->fd, FWCTL_INFO, &info))
			die("%s", row->name);
	}
}

static void run_rpc(struct bench *b, const struct row *row, long calls)
{
	for (; calls > 0; calls--)
		rpc(b->fd, b->in, b->out, row->arg);
}

static void run_refused(struct bench *b, const struct row *row, long calls)
{
	b->in[0] = REFUSED;
	for (; calls > 0; calls--) {
		if (rpc_errno(b->fd, b->in, b->out, row->arg) != EBADMSG)
			die("%s", row->name);
	}
	b->in[0] = 0;
}

static void run_open(struct bench *b, const struct row *row, long calls)
{
	(void)row;
	for (; calls > 0; calls--)
		close(device_open(b));
}

/* Free memory in bytes, read after a pause in which deferred work settles */
static double free_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	long kib = -1;

	usleep(200000);
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %ld", &kib) == 1)
			break;
	if (kib < 0)
		die("/proc/meminfo");
	fclose(file);
	return kib * 1024.0;
}

static void run_file_memory(struct bench *b, const struct row *row, long calls)
{
	struct rlimit limit = { FILES + 64, FILES + 64 };
	static int fds[FILES];
	double before;

	(void)calls;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE");
	/* Grow the table of file descriptors before the measurement, not during it. */
	for (int i = 0; i < FILES; i++)
		fds[i] = dup(b->fd);
	for (int i = 0; i < FILES; i++)
		close(fds[i]);
	before = free_memory();
	for (int i = 0; i < FILES; i++)
		fds[i] = device_open(b);
	report(row->name, "memory", (before - free_memory()) / FILES);
	for (int i = 0; i < FILES; i++)
		close(fds[i]);
}

/* One of many threads that have a call in flight at the same time */
struct holder {
	pthread_t thread;
	/* Passed twice: when all threads exist, before memory is read, and to start the calls */
	pthread_barrier_t *go;
	struct bench *b;
	uint32_t len;		/* of the request and of the answer */
};

static void *holder_run(void *data)
{
	struct holder *h = data;

	pthread_barrier_wait(h->go);
	pthread_barrier_wait(h->go);
	rpc(h->b->fd, h->b->in, h->b->out, h->len);
	return NULL;
}

static void run_call_memory(struct bench *b, const struct row *row, long calls)
{
	static struct holder holders[HELD];
	pthread_barrier_t go;
	double before;

	(void)calls;
	set_number(LATENCY, 4 * HELD_US);
	pthread_barrier_init(&go, NULL, HELD + 1);
	for (int i = 0; i < HELD; i++) {
		struct holder *h = &holders[i];

		*h = (struct holder){
			.go = &go, .b = b, .len = row->arg,
		};
		if (pthread_create(&h->thread, NULL, holder_run, h))
			die("thread");
	}
	pthread_barrier_wait(&go);
	before = free_memory();
	pthread_barrier_wait(&go);
	usleep(HELD_US);
	report(row->name, "memory", (before - free_memory()) / HELD);
	for (int i = 0; i < HELD; i++)
		pthread_join(holders[i].thread, NULL);
	set_number(LATENCY, 0);
}

static void begin_bulk(struct bench *b, const struct row *row)
{
	b->len = SMALL;
	set_number(LATENCY, row->arg);
}

static void end_bulk(void)
{
	set_number(LATENCY, 0);
}

/* One of the threads that have a file each */
struct worker {
	pthread_t thread;
	pthread_barrier_t *meet; /* with the main thread, before and after each sample */
	struct bench *b;
	long calls;		/* of this thread in one sample */
};

static void *worker_run(void *data)
{
	uint8_t in[SMALL] = {}, out[SMALL];
	struct worker *w = data;
	int fd = device_open(w->b);

	for (int sample = 0; sample < SAMPLES; sample++) {
		pthread_barrier_wait(w->meet);
		for (long i = 0; i < w->calls; i++)
			rpc(fd, in, out, sizeof(in));
		pthread_barrier_wait(w->meet);
	}
	close(fd);
	return NULL;
}

static void workers_start(struct worker *workers, const struct worker *model,
			  long count)
{
	pthread_attr_t attr;

	attr_all_cpus(&attr);
	for (long i = 0; i < count; i++) {
		workers[i] = *model;
		if (pthread_create(&workers[i].thread, &attr, worker_run,
				   &workers[i]))
			die("thread");
	}
}

static void run_threads(struct bench *b, const struct row *row, long calls)
{
	struct worker workers[MAX_THREADS];
	pthread_barrier_t meet;
	const struct worker model = {
		.meet = &meet, .b = b, .calls = calls / row->arg + 1,
	};
	struct samples s = {};

	pthread_barrier_init(&meet, NULL, row->arg + 1);
	workers_start(workers, &model, row->arg);
	for (int i = 0; i < SAMPLES; i++) {
		struct meter begin = meter_begin(), used;

		pthread_barrier_wait(&meet);
		pthread_barrier_wait(&meet);
		used = meter_end(&begin);
		samples_add(&s, &used, model.calls * row->arg);
	}
	for (long i = 0; i < row->arg; i++)
		pthread_join(workers[i].thread, NULL);
	samples_report(&s, row->name);
}

const struct row null_rows[] = {
	{ "unknown", run_unknown, NULL, NULL, 0, 2000, 5 },
	{ "info", run_info, NULL, NULL, 0, 2000, 5 },
	{ "refused", run_refused, NULL, NULL, 16, 2000, 5 },
	{ "refused-4096", run_refused, NULL, NULL, 4096, 1000, 5 },
	{ "rpc-16", run_rpc, NULL, NULL, 16, 2000, 5 },
	{ "rpc-512", run_rpc, NULL, NULL, 512, 2000, 5 },
	{ "rpc-4096", run_rpc, NULL, NULL, 4096, 1000, 5 },
	{ "rpc-65536", run_rpc, NULL, NULL, 65536, 100, 5 },
	{ "rpc-1048576", run_rpc, NULL, NULL, 1 << 20, 4, 5 },
	{ "rpc-2097152", run_rpc, NULL, NULL, 2 << 20, 2, 5 },
	{ "open-close", run_open, NULL, NULL, 0, 1000, 5 },
	{ "threads-1", run_threads, NULL, NULL, 1, 6400, 0 },
	{ "threads-2", run_threads, NULL, NULL, 2, 6400, 0 },
	{ "threads-4", run_threads, NULL, NULL, 4, 6400, 0 },
	{ "threads-16", run_threads, NULL, NULL, 16, 6400, 0 },
	{ "threads-64", run_threads, NULL, NULL, 64, 6400, 0 },
	{ "bulk-20", run_bulk, begin_bulk, end_bulk, 20, 10000, 1 },
	{ "bulk-100", run_bulk, begin_bulk, end_bulk, 100, 10000, 1 },
	{ "bulk-1000", run_bulk, begin_bulk, end_bulk, 1000, 10000, 1 },
	{ "uring-0", run_uring, begin_bulk, end_bulk, 0, 10000, 0 },
	{ "uring-20", run_uring, begin_bulk, end_bulk, 20, 10000, 0 },
	{ "uring-100", run_uring, begin_bulk, end_bulk, 100, 10000, 0 },
	{ "uring-1000", run_uring, begin_bulk, end_bulk, 1000, 10000, 0 },
	{ "file-memory", run_file_memory, NULL, NULL, 0, 1, 0 },
	{ "call-memory-16", run_call_memory, NULL, NULL, 16, 1, 0 },
	{ "call-memory-65536", run_call_memory, NULL, NULL, 65536, 1, 0 },
	{}
};
