/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the files of the client. A row is one operation that is measured, a sample the
 * cost of a number of calls of it.
 */
#ifndef BENCH_H
#define BENCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <fwctl/fwctl.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define MAX_LEN (2U << 20)
#define MAX_SAMPLES 64

/* The device under test and the buffers for its requests */
struct bench {
	const char *node;	/* the device's path */
	int fd;			/* open file of @node */
	uint8_t *in, *out;	/* request and answer buffers of MAX_LEN bytes */
	uint32_t len;		/* length of requests and answers in bulk rows */
	long percent;		/* of a row's @calls, per sample */
};

/* One operation that is measured */
struct row {
	const char *name;	/* as in the report */
	/* Makes that many calls; dies if one fails. */
	void (*run)(struct bench *b, const struct row *row, long calls);
	/* Before the first sample and after the last one, or NULL */
	void (*begin)(struct bench *b, const struct row *row);
	void (*end)(void);
	long arg;		/* a length, a number of threads, or microseconds */
	long calls;		/* per sample */
	int samples;		/* the median counts; 0 if @run reports by itself */
};

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A reading of all counters, or the difference of two readings */
struct meter {
	uint64_t insns;		/* instructions, those of interrupts included */
	uint64_t interrupts;	/* instructions of interrupts */
	uint64_t bytes;		/* written by repeated string instructions */
	uint64_t ns;
};

struct meter meter_begin(void);
struct meter meter_end(const struct meter *begin);

/* The cost of one call in each sample of a row */
struct samples {
	double insns[MAX_SAMPLES];	/* without the instructions of interrupts */
	double all[MAX_SAMPLES];	/* with them */
	double bytes[MAX_SAMPLES];
	double ns[MAX_SAMPLES];
	int count;
};

void samples_add(struct samples *s, const struct meter *used, long calls);
void samples_report(struct samples *s, const char *row);
void meter_report(const char *row, const struct meter *begin, long calls);

uint64_t now_ns(void);
void report(const char *row, const char *metric, double value);
double median(double *values, int count);
void set_number(const char *path, long value);

int device_open(struct bench *b);
void attr_all_cpus(pthread_attr_t *attr);
void rpc(int fd, const void *in, void *out, uint32_t len);
int rpc_errno(int fd, const void *in, void *out, uint32_t len);

/* Each table ends with an empty row. */
extern const struct row control_rows[];
extern const struct row null_rows[];
extern const struct row mlx5_rows[];

void run_bulk(struct bench *b, const struct row *row, long calls);
void run_uring(struct bench *b, const struct row *row, long calls);

#endif /* BENCH_H */
