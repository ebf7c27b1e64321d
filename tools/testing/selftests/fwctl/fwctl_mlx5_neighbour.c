// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl beside mlx5_core, which has the same command queue of 31 slots and a single
 * worker that submits to it: how long a command of mlx5_core's own takes while 64
 * clients of fwctl are busy, and how many slots they have.
 *
 * The limit of fwctl is a number of commands, not of bytes or seconds, and so is the
 * bound: a command of the kernel finds at most that many of fwctl's ahead of it, each
 * of which holds it up as long as one takes when they come one after the other.
 *
 * Suites: device
 */
#include <sched.h>

#include "fwctl_mlx5.h"
#include "fwctl_harness.h"

#define CLIENTS 64
#define SAMPLES 300
#define PAUSE_US 2000
#define LARGE (64 << 10)

/* mlx5_fwctl's own bounds: commands for RPCs, and for contexts */
#define MAX_COMMANDS 7
#define MAX_CONTEXT_COMMANDS 1
/* The kernel's own command meanwhile, which is measured */
#define KERNEL 1

/* Slow firmware takes so long for each command of a client, many at a time. */
#define SLOW_MS 20

/* In microseconds, of all samples, sorted */
struct figures {
	double mean;
	long median, p99, worst;
};

struct client {
	pthread_t thread;
	struct load *load;
	int fd;
	long sent;
	int err;
	uint8_t *in, *out;
};

/**
 * struct load - the work of the clients
 * @path: the node
 * @len: bytes of request and answer
 * @reopens: each command is the opening and closing of a file
 * @stop: they end
 */
struct load {
	const char *path;
	size_t len;
	bool reopens;
	atomic_bool stop;
	struct client clients[CLIENTS];
};

FIXTURE(neighbour)
{
	char path[300];
	char address[64];
	int control;
	struct load *load;
};

/* @share: how many commands of the clients can be in the queue at once */
FIXTURE_VARIANT(neighbour)
{
	const char *name;
	size_t len;
	bool reopens;
	int share;
};

FIXTURE_VARIANT_ADD(neighbour, small) {
	.name = "commands of 176 bytes",
	.len = MLX5_MGIR_LEN,
	.share = MAX_COMMANDS,
};

FIXTURE_VARIANT_ADD(neighbour, large) {
	.name = "commands of 64 KiB",
	.len = LARGE,
	.share = MAX_COMMANDS,
};

FIXTURE_VARIANT_ADD(neighbour, contexts) {
	.name = "files opened and closed",
	.reopens = true,
	.share = MAX_CONTEXT_COMMANDS,
};

static bool client_prepare(struct client *client, struct load *load)
{
	client->load = load;
	client->fd = -1;
	if (load->reopens)
		return true;
	client->fd = open(load->path, O_RDWR);
	client->in = malloc(load->len);
	client->out = malloc(load->len);
	if (client->fd < 0 || !client->in || !client->out)
		return false;
	mlx5_put_mgir(client->in, load->len);
	return true;
}

FIXTURE_SETUP(neighbour)
{
	self->control = connectx_open();
	ASSERT_GE(self->control, 0);
	ASSERT_TRUE(mlx5_wait_node(self->path, sizeof(self->path), 1000));
	ASSERT_TRUE(mlx5_address(self->path, self->address,
				 sizeof(self->address)));
	if (!mlx5_kernel_ready(self->address))
		SKIP(return, "the kernel's debugfs is closed");
	self->load = calloc(1, sizeof(*self->load));
	ASSERT_TRUE(!!self->load);
	self->load->path = self->path;
	self->load->len = variant->len;
	self->load->reopens = variant->reopens;
	for (int i = 0; i < CLIENTS; i++)
		ASSERT_TRUE(client_prepare(&self->load->clients[i], self->load));
}

FIXTURE_TEARDOWN(neighbour)
{
	connectx_ask(self->control, "clear", NULL);
	for (int i = 0; i < CLIENTS; i++) {
		struct client *client = &self->load->clients[i];

		if (client->fd >= 0)
			close(client->fd);
		free(client->in);
		free(client->out);
	}
	free(self->load);
	close(self->control);
}

static int client_send(struct client *client)
{
	uint32_t len = client->load->len;
	int fd;

	if (!client->load->reopens)
		return mlx5_rpc(client->fd, client->in, len, client->out, len);
	fd = open(client->load->path, O_RDWR);
	return fd < 0 || close(fd) ? errno : 0;
}

static void *client_run(void *data)
{
	struct client *client = data;

	while (!client->load->stop && !client->err) {
		client->err = client_send(client);
		client->sent++;
	}
	return NULL;
}

static bool load_start(struct load *load)
{
	load->stop = false;
	for (int i = 0; i < CLIENTS; i++) {
		load->clients[i].sent = 0;
		if (pthread_create(&load->clients[i].thread, NULL, client_run,
				   &load->clients[i]))
			return false;
	}
	return true;
}

/* How many commands they sent, or -1 if one failed */
static long load_end(struct load *load)
{
	long sent = 0;
	bool failed = false;

	load->stop = true;
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(load->clients[i].thread, NULL);
		failed |= load->clients[i].err != 0;
		sent += load->clients[i].sent;
	}
	return failed ? -1 : sent;
}

static int by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static struct figures figures_of(long *us, size_t count)
{
	struct figures f = {};

	qsort(us, count, sizeof(*us), by_size);
	for (size_t i = 0; i < count; i++)
		f.mean += (double)us[i] / count;
	f.median = us[count / 2];
	f.p99 = us[count * 99 / 100];
	f.worst = us[count - 1];
	return f;
}

/* Also how many slots were seen taken at most while one was sent */
static bool measure(const char *address, struct figures *f, int *slots)
{
	long us[SAMPLES];

	*slots = 0;
	for (int i = 0; i < SAMPLES; i++) {
		long long began = mlx5_now_us();
		int taken;

		if (mlx5_kernel_command(address))
			return false;
		us[i] = mlx5_now_us() - began;
		taken = mlx5_slots_in_use(address);
		if (taken > *slots)
			*slots = taken;
		usleep(PAUSE_US);
	}
	*f = figures_of(us, SAMPLES);
	return true;
}

/* As the kernel's own tasks, the task that measures does not queue for a CPU. */
static void take_precedence(void)
{
	struct sched_param param = { .sched_priority = 1 };

	sched_setscheduler(0, SCHED_FIFO, &param);
}

/* Not the kernel's commands */
static bool make_slow(int control)
{
	static const unsigned int opcodes[] = {
		MLX5_ACCESS_REG, MLX5_CREATE_UCTX, MLX5_DESTROY_UCTX,
	};
	char request[64];

	for (size_t i = 0; i < ARRAY_LEN(opcodes); i++) {
		snprintf(request, sizeof(request), "fault delay ms=%d opcode=%#x",
			 SLOW_MS, opcodes[i]);
		if (!connectx_ask(control, request, NULL))
			return false;
	}
	return true;
}

/* Measures while the clients are busy. How many commands they sent, or -1 */
static long measure_busy(FIXTURE_DATA(neighbour) * self, struct figures *f,
			 int *slots, double *each)
{
	long long began;
	bool measured;
	long sent;

	if (!load_start(self->load))
		return -1;
	usleep(200000);
	began = mlx5_now_us();
	measured = measure(self->address, f, slots);
	sent = load_end(self->load);
	*each = (double)(mlx5_now_us() - began) / sent;
	return measured ? sent : -1;
}

static void print(const char *what, const struct figures *f)
{
	printf("# kernel's command, %s: mean %.0f us, median %ld, 99%% below %ld, worst %ld\n",
	       what, f->mean, f->median, f->p99, f->worst);
}

static void print_busy(const char *what, const struct figures *f, int slots,
		       long sent, double bound)
{
	print(what, f);
	printf("#   %ld of the clients' meanwhile, %d slots taken at most; median / bound = %.2f\n",
	       sent, slots, f->median / bound);
}

/*
 * What is held are the slots. The bound is for the reader, as times depend on what else the
 * machine does: the time of the kernel's command by itself, and the clients' share, one
 * after the other. When 64 clients keep the device busy, one command of theirs takes
 * as long as all did, divided by their number. That firmware is slow to answer them
 * adds nothing, as long as it has a slot for the kernel.
 */
TEST_F(neighbour, kernels_commands_do_not_starve)
{
	struct figures idle, busy, slow;
	int slots, slow_slots;
	double each, ignored, bound;
	long sent, slow_sent;

	take_precedence();
	ASSERT_TRUE(measure(self->address, &idle, &slots));
	sent = measure_busy(self, &busy, &slots, &each);
	ASSERT_GT(sent, 0);
	ASSERT_TRUE(make_slow(self->control));
	slow_sent = measure_busy(self, &slow, &slow_slots, &ignored);
	ASSERT_GT(slow_sent, 0);
	bound = idle.median + variant->share * each;

	printf("# 64 clients: %s, one every %.0f us; bound %.0f us\n",
	       variant->name, each, bound);
	print("idle", &idle);
	print_busy("clients", &busy, slots, sent, bound);
	print_busy("clients, slow firmware", &slow, slow_slots, slow_sent,
		   bound);
	EXPECT_LE(slots, variant->share + KERNEL);
	EXPECT_LE(slow_slots, variant->share + KERNEL);
	/* Or there was no load to speak of. */
	EXPECT_GE(slow_slots, variant->share);
}

int main(int argc, char **argv)
{
	mlx5_need_emulator();
	return test_harness_run(argc, argv);
}
