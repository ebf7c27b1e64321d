// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of the emulated ConnectX: calls that reach its firmware, and how long a command
 * of mlx5_core's own takes while 64 clients of fwctl are busy.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "../../../selftests/fwctl/connectx.h"
#include "bench.h"

#define OPCODE_ACCESS_REG 0x805
#define OPCODE_NOP 0x80d
#define REG_MGIR 0x9020
#define HEADER_LEN 16
#define MGIR_LEN (HEADER_LEN + 160)

#define CLIENTS 64
#define SAMPLES 300
#define PAUSE_US 2000

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* A read of the device's identity */
static void put_mgir(uint8_t *in)
{
	memset(in, 0, MGIR_LEN);
	put16(in, OPCODE_ACCESS_REG);
	put16(in + 6, 1);
	put16(in + 10, REG_MGIR);
}

static void begin(struct bench *b, const struct row *row)
{
	(void)row;
	put_mgir(b->in);
	b->len = MGIR_LEN;
}

/* Every access to a register is answered so much later; 0 for at once. */
static void set_latency(long us)
{
	int control = connectx_open();
	char request[64];
	bool done = control >= 0 && connectx_ask(control, "clear", NULL);

	snprintf(request, sizeof(request), "fault delay us=%ld opcode=%#x", us,
		 OPCODE_ACCESS_REG);
	if (done && us)
		done = connectx_ask(control, request, NULL);
	if (!done)
		die("the emulator's control channel");
	close(control);
}

static void begin_slow(struct bench *b, const struct row *row)
{
	begin(b, row);
	set_latency(row->arg);
}

static void end_slow(void)
{
	set_latency(0);
}

static void run_rpc(struct bench *b, const struct row *row, long calls)
{
	for (; calls > 0; calls--)
		rpc(b->fd, b->in, b->out, row->arg);
}

/* The kernel's own commands, sent through mlx5_core's debugfs */

static void debugfs_write(const struct bench *b, const char *file,
			  const void *data, size_t len)
{
	char link[PATH_MAX], device[PATH_MAX], path[PATH_MAX + 64];
	int fd;

	snprintf(link, sizeof(link), "/sys/class/fwctl/%s/device",
		 strrchr(b->node, '/') + 1);
	if (!realpath(link, device))
		die("%s", link);
	snprintf(path, sizeof(path), "/sys/kernel/debug/mlx5/%s/cmd/%s",
		 strrchr(device, '/') + 1, file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		die("%s", path);
	close(fd);
}

static double kernel_command(const struct bench *b)
{
	double ns[SAMPLES];

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t began = now_ns();

		debugfs_write(b, "run", "go", 2);
		ns[i] = now_ns() - began;
		usleep(PAUSE_US);
	}
	return median(ns, SAMPLES);
}

/**
 * struct busy - one of the clients that keep the device busy
 * @thread: it
 * @b: .
 * @stop: they end
 * @sent: how many calls it has made
 */
struct busy {
	pthread_t thread;
	struct bench *b;
	atomic_bool *stop;
	long sent;
};

static void *busy_run(void *data)
{
	uint8_t in[MGIR_LEN], out[MGIR_LEN];
	struct busy *busy = data;
	int fd = device_open(busy->b);

	put_mgir(in);
	while (!*busy->stop) {
		rpc(fd, in, out, sizeof(in));
		busy->sent++;
	}
	close(fd);
	return NULL;
}

/* Like the kernel's own tasks, the one that measures does not queue for a CPU. */
static void take_precedence(int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	sched_setscheduler(0, policy, &param);
}

static void clients_start(struct busy *busy, struct bench *b, atomic_bool *stop)
{
	pthread_attr_t attr;

	attr_all_cpus(&attr);
	for (int i = 0; i < CLIENTS; i++) {
		busy[i] = (struct busy){ .b = b, .stop = stop };
		if (pthread_create(&busy[i].thread, &attr, busy_run, &busy[i]))
			die("thread");
	}
}

/*
 * The median of a command of the kernel's own without clients, and how much longer it takes
 * with them; also how often one of theirs ended, as a neighbour that does nothing is
 * polite too.
 */
static void run_neighbour(struct bench *b, const struct row *row, long calls)
{
	uint8_t nop[HEADER_LEN] = {};
	struct busy busy[CLIENTS];
	atomic_bool stop = false;
	uint64_t began;
	long sent = 0;
	double idle;

	(void)calls;
	put16(nop, OPCODE_NOP);
	debugfs_write(b, "in", nop, sizeof(nop));
	debugfs_write(b, "out_len", "16", 2);
	idle = kernel_command(b);
	report(row->name, "idle-ns", idle);

	began = now_ns();
	clients_start(busy, b, &stop);
	take_precedence(SCHED_FIFO, 1);
	usleep(200000);
	report(row->name, "busy-ratio", kernel_command(b) / idle);
	stop = true;
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(busy[i].thread, NULL);
		sent += busy[i].sent;
	}
	report(row->name, "client-ns", (double)(now_ns() - began) / sent);
	take_precedence(SCHED_OTHER, 0);
}

const struct row mlx5_rows[] = {
	{ "mlx5-rpc-176", run_bulk, begin, NULL, 0, 500, 5 },
	{ "mlx5-rpc-65536", run_rpc, begin, NULL, 65536, 20, 5 },
	{ "mlx5-bulk-0", run_bulk, begin, NULL, 0, 2000, 1 },
	{ "mlx5-bulk-20", run_bulk, begin_slow, end_slow, 20, 2000, 1 },
	{ "mlx5-bulk-100", run_bulk, begin_slow, end_slow, 100, 2000, 1 },
	{ "mlx5-bulk-1000", run_bulk, begin_slow, end_slow, 1000, 2000, 1 },
	{ "mlx5-uring-0", run_uring, begin, NULL, 0, 2000, 0 },
	{ "mlx5-uring-20", run_uring, begin_slow, end_slow, 20, 2000, 0 },
	{ "mlx5-uring-100", run_uring, begin_slow, end_slow, 100, 2000, 0 },
	{ "mlx5-uring-1000", run_uring, begin_slow, end_slow, 1000, 2000, 0 },
	{ "mlx5-neighbour", run_neighbour, NULL, NULL, 0, 1, 0 },
	{}
};
