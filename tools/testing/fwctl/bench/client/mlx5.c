// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of the emulated ConnectX: calls that reach its firmware, and the time that one of
 * mlx5_core's own commands takes while 64 clients of fwctl are busy.
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
#define PAUSE_US 2000

/* Phases without and with clients alternate, so that a change on the host affects both. */
#define PHASES 8
#define PHASE_SAMPLES 50
#define SETTLE_US 100000

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* A request that reads MGIR, the register with the device's identity */
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

/* Has the emulator delay the answer to each register access; 0 turns the delay off. */
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

/* Commands of the kernel's own, sent through mlx5_core's debugfs */

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

static void kernel_commands(const struct bench *b, double *ns)
{
	for (int i = 0; i < PHASE_SAMPLES; i++) {
		uint64_t began = now_ns();

		debugfs_write(b, "run", "go", 2);
		ns[i] = now_ns() - began;
		usleep(PAUSE_US);
	}
}

enum { RESTING, BUSY, LEAVING };

/* The clients that keep the device busy */
struct crowd {
	struct bench *b;
	pthread_mutex_t lock;	/* for writes of @state, and to sleep on @changed */
	pthread_cond_t changed;	/* of @state */
	atomic_int state;	/* RESTING, BUSY or LEAVING */
	atomic_long sent;	/* calls of all clients */
	pthread_t threads[CLIENTS];
};

static bool crowd_go_on(struct crowd *crowd)
{
	if (crowd->state == BUSY)
		return true;
	pthread_mutex_lock(&crowd->lock);
	while (crowd->state == RESTING)
		pthread_cond_wait(&crowd->changed, &crowd->lock);
	pthread_mutex_unlock(&crowd->lock);
	return crowd->state != LEAVING;
}

static void *crowd_client(void *data)
{
	uint8_t in[MGIR_LEN], out[MGIR_LEN];
	struct crowd *crowd = data;
	int fd = device_open(crowd->b);

	put_mgir(in);
	while (crowd_go_on(crowd)) {
		rpc(fd, in, out, sizeof(in));
		crowd->sent++;
	}
	close(fd);
	return NULL;
}

static void crowd_start(struct crowd *crowd)
{
	pthread_attr_t attr;

	attr_all_cpus(&attr);
	for (int i = 0; i < CLIENTS; i++)
		if (pthread_create(&crowd->threads[i], &attr, crowd_client, crowd))
			die("thread");
}

static void crowd_set(struct crowd *crowd, int state)
{
	pthread_mutex_lock(&crowd->lock);
	crowd->state = state;
	pthread_cond_broadcast(&crowd->changed);
	pthread_mutex_unlock(&crowd->lock);
	usleep(SETTLE_US);
}

static void crowd_end(struct crowd *crowd)
{
	crowd_set(crowd, LEAVING);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(crowd->threads[i], NULL);
}

/* The thread that measures must not wait for a CPU, as the kernel's own tasks do not. */
static void take_precedence(int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	sched_setscheduler(0, policy, &param);
}

/*
 * Reports the median time of a kernel command without clients, and the ratio of the median
 * with busy clients to it. The time of a client's call is reported as well: a core that
 * lets no client send would have a perfect ratio.
 */
static void run_neighbour(struct bench *b, const struct row *row, long calls)
{
	static double idle[PHASES * PHASE_SAMPLES], busy[PHASES * PHASE_SAMPLES];
	struct crowd crowd = { .b = b, .lock = PTHREAD_MUTEX_INITIALIZER,
			       .changed = PTHREAD_COND_INITIALIZER };
	uint8_t nop[HEADER_LEN] = {};
	uint64_t spent = 0, began;
	double rest;

	(void)calls;
	put16(nop, OPCODE_NOP);
	debugfs_write(b, "in", nop, sizeof(nop));
	debugfs_write(b, "out_len", "16", 2);
	crowd_start(&crowd);
	take_precedence(SCHED_FIFO, 1);
	for (int i = 0; i < PHASES; i++) {
		crowd_set(&crowd, RESTING);
		kernel_commands(b, &idle[i * PHASE_SAMPLES]);
		began = now_ns();
		crowd_set(&crowd, BUSY);
		kernel_commands(b, &busy[i * PHASE_SAMPLES]);
		spent += now_ns() - began;
	}
	crowd_end(&crowd);
	take_precedence(SCHED_OTHER, 0);

	rest = median(idle, PHASES * PHASE_SAMPLES);
	report(row->name, "idle-ns", rest);
	report(row->name, "busy-ratio", median(busy, PHASES * PHASE_SAMPLES) / rest);
	report(row->name, "client-ns", (double)spent / crowd.sent);
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
