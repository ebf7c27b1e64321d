// SPDX-License-Identifier: GPL-2.0
/*
 * Measures a fwctl device below this project's core or mainline's: both have the same
 * ioctls. Each line of the output has a row, a metric and a value, which is the cost of one
 * call. Instructions and bytes come from the QEMU plugin that mark.h talks to, and are
 * those of all CPUs, in user space too.
 *
 *	client [-p PERCENT] [-P COUNT] NODE ROW...
 *
 * -p: that part of the calls in each sample; -P: make a profile of COUNT calls of one row.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../plugin/mark.h"
#include "bench.h"

void die(const char *format, ...)
{
	int err = errno;
	va_list args;

	fprintf(stderr, "client: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

void report(const char *row, const char *metric, double value)
{
	printf("%s %s %.10g\n", row, metric, value);
	fflush(stdout);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A disturbance can only make a sample longer. */
static double least(const double *values, int count)
{
	double min = values[0];

	for (int i = 1; i < count; i++)
		if (values[i] < min)
			min = values[i];
	return min;
}

double median(double *values, int count)
{
	qsort(values, count, sizeof(*values), by_size);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

void set_number(const char *path, long value)
{
	FILE *file = fopen(path, "w");

	if (!file || fprintf(file, "%ld\n", value) < 0 || fclose(file))
		die("%s", path);
}

int device_open(struct bench *b)
{
	int fd = open(b->node, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("%s", b->node);
	return fd;
}

/* Thread attributes with all CPUs: stay() bound the main thread to one. */
void attr_all_cpus(pthread_attr_t *attr)
{
	cpu_set_t all;

	CPU_ZERO(&all);
	for (long cpu = sysconf(_SC_NPROCESSORS_ONLN); cpu-- > 0;)
		CPU_SET(cpu, &all);
	pthread_attr_init(attr);
	pthread_attr_setaffinity_np(attr, sizeof(all), &all);
}

int rpc_errno(int fd, const void *in, void *out, uint32_t len)
{
	struct fwctl_rpc rpc = {
		.size = sizeof(rpc),
		.scope = FWCTL_RPC_DEBUG_READ_ONLY,
		.in_len = len,
		.out_len = len,
		.in = (uintptr_t)in,
		.out = (uintptr_t)out,
	};

	return ioctl(fd, FWCTL_RPC, &rpc) ? errno : 0;
}

void rpc(int fd, const void *in, void *out, uint32_t len)
{
	if (rpc_errno(fd, in, out, len))
		die("RPC of %u bytes", len);
}

/* The instructions are read last here and first in meter_end(), not to count the readings. */
struct meter meter_begin(void)
{
	struct meter m = { .ns = now_ns() };

	m.bytes = mark(MARK_BYTES_MOVED);
	m.interrupts = mark(MARK_INTERRUPTS);
	m.insns = mark(MARK_INSNS);
	return m;
}

struct meter meter_end(const struct meter *begin)
{
	struct meter m = { .insns = mark(MARK_INSNS) };

	m.interrupts = mark(MARK_INTERRUPTS) - begin->interrupts;
	m.bytes = mark(MARK_BYTES_MOVED) - begin->bytes;
	m.ns = now_ns() - begin->ns;
	m.insns -= begin->insns;
	return m;
}

static long calls_of(const struct bench *b, const struct row *row)
{
	long calls = row->calls * b->percent / 100;

	return calls ? calls : 1;
}

void samples_add(struct samples *s, const struct meter *used, long calls)
{
	s->insns[s->count] = (double)(used->insns - used->interrupts) / calls;
	s->all[s->count] = (double)used->insns / calls;
	s->bytes[s->count] = (double)used->bytes / calls;
	s->ns[s->count] = (double)used->ns / calls;
	s->count++;
}

void samples_report(struct samples *s, const char *row)
{
	if (mark(MARK_INSNS) != MARK_INSNS) {
		report(row, "insns", median(s->insns, s->count));
		report(row, "all-insns", median(s->all, s->count));
		report(row, "bytes", median(s->bytes, s->count));
	}
	report(row, "ns", least(s->ns, s->count));
}

void meter_report(const char *row, const struct meter *begin, long calls)
{
	struct meter used = meter_end(begin);
	struct samples s = {};

	samples_add(&s, &used, calls);
	samples_report(&s, row);
}

static void measure(struct bench *b, const struct row *row)
{
	long calls = calls_of(b, row);
	struct samples s = {};

	if (row->begin)
		row->begin(b, row);
	if (row->samples != 1)	/* to warm the caches, or all if the row reports by itself */
		row->run(b, row, row->samples ? calls / 4 + 1 : calls);
	for (int i = 0; i < row->samples; i++) {
		struct meter begin = meter_begin(), used;

		row->run(b, row, calls);
		used = meter_end(&begin);
		samples_add(&s, &used, calls);
	}
	if (row->samples)
		samples_report(&s, row->name);
	if (row->end)
		row->end();
}

static void profile(struct bench *b, const struct row *row, long calls)
{
	if (row->begin)
		row->begin(b, row);
	row->run(b, row, calls / 4 + 1);
	mark(MARK_PROFILE);
	row->run(b, row, calls);
	if (mark(MARK_PROFILE_END))
		die("the plugin makes none: is it there, with a FILE?");
	if (row->end)
		row->end();
}

/* One thread makes one call after the other; begin_*() has set the device's latency. */
void run_bulk(struct bench *b, const struct row *row, long calls)
{
	(void)row;
	for (; calls > 0; calls--)
		rpc(b->fd, b->in, b->out, b->len);
}

static const struct row *find(const char *name)
{
	static const struct row *const tables[] = {
		control_rows, null_rows, mlx5_rows,
	};

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct row *row = tables[i]; row->name; row++)
			if (!strcmp(row->name, name))
				return row;
	errno = ENOENT;
	die("row %s", name);
}

static uint8_t *memory(size_t len)
{
	uint8_t *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (at == MAP_FAILED)
		die("%zu bytes", len);
	memset(at, 0, len);
	return at;
}

/* Binds the main thread to one CPU; attr_all_cpus() frees the threads of a row from that. */
static void stay(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(1, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

int main(int argc, char **argv)
{
	struct bench b = { .percent = 100 };
	long profiled = 0;
	int option;

	while ((option = getopt(argc, argv, "p:P:")) != -1) {
		if (option == 'p')
			b.percent = atol(optarg);
		else if (option == 'P')
			profiled = atol(optarg);
		else
			return 2;
	}
	if (argc - optind < 2)
		return 2;
	stay();
	b.node = argv[optind];
	b.fd = device_open(&b);
	b.in = memory(MAX_LEN);
	b.out = memory(MAX_LEN);
	for (int i = optind + 1; i < argc; i++) {
		if (profiled)
			profile(&b, find(argv[i]), profiled);
		else
			measure(&b, find(argv[i]));
	}
	return 0;
}
