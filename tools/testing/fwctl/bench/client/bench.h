/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the client share: a row is one thing that is measured, a sample is
 * what a number of calls of it cost.
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

/**
 * struct bench - what rows work on
 * @node: the device's path
 * @fd: it, open
 * @in: a request, MAX_LEN bytes
 * @out: room for its answer
 * @len: bytes of the requests of a bulk dump, and of their answers
 * @percent: how many calls make one sample, of what the row says
 */
struct bench {
	const char *node;
	int fd;
	uint8_t *in, *out;
	uint32_t len;
	long percent;
};

/**
 * struct row - one thing that is measured
 * @name: as in the report
 * @run: does it @calls times; dies when it fails
 * @begin: before the first sample, may be NULL
 * @end: after the last, may be NULL
 * @arg: a length, a number of threads, or microseconds
 * @calls: in one sample
 * @samples: how many, of which the median is taken; 0 if @run itself reports
 */
struct row {
	const char *name;
	void (*run)(struct bench *b, const struct row *row, long calls);
	void (*begin)(struct bench *b, const struct row *row);
	void (*end)(void);
	long arg;
	long calls;
	int samples;
};

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/**
 * struct meter - what has been used up so far, or since a beginning
 * @insns: instructions
 * @interrupts: those of them that belong to interrupts
 * @bytes: written by repeated string instructions
 * @ns: nanoseconds
 */
struct meter {
	uint64_t insns, interrupts, bytes, ns;
};

struct meter meter_begin(void);
struct meter meter_end(const struct meter *begin);

/**
 * struct samples - what a call costs, several times
 * @insns: instructions without those of interrupts
 * @all: with them
 * @bytes: .
 * @ns: .
 * @count: how many samples
 */
struct samples {
	double insns[MAX_SAMPLES];
	double all[MAX_SAMPLES];
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

/* Each ends with an empty one */
extern const struct row control_rows[];
extern const struct row null_rows[];
extern const struct row mlx5_rows[];

void run_bulk(struct bench *b, const struct row *row, long calls);
void run_uring(struct bench *b, const struct row *row, long calls);

#endif /* BENCH_H */
