/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bench to test calls on: a fwctl_sim with settings, a file, memory that ends;
 * and clients, threads of which each sends one request and notes its end.
 */
#ifndef FWCTL_CLIENT_H
#define FWCTL_CLIENT_H

#include <pthread.h>
#include <sys/mman.h>

#include "fwctl_stall.h"
#include "sim.h"

/* Long enough for an event that is due, however slow the machine */
#define SOON_MS 60000
/* Time in which an event that must not come would have come */
#define WHILE_MS 50

/**
 * struct bench - device, file and memory of the fixtures
 * @sim: the device
 * @fd: a file that may write
 * @page: bytes of a page
 * @edge: one page that can be written, and one that can be neither read nor written
 */
struct bench {
	struct sim sim;
	int fd;
	size_t page;
	uint8_t *edge;
};

static inline bool map_edge(struct bench *b)
{
	b->page = sysconf(_SC_PAGESIZE);
	b->edge = mmap(NULL, 2 * b->page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return b->edge != MAP_FAILED &&
	       !mprotect(b->edge + b->page, b->page, PROT_NONE);
}

/* The last bytes that can be written */
static inline void *at_edge(const struct bench *b, size_t len)
{
	return b->edge + b->page - len;
}

/* An attribute in configfs, before the device is live. The last one has no name. */
struct setting {
	const char *attr;
	long long value;
};

static inline int bench_open(struct bench *b, const struct setting *settings)
{
	int err = sim_create(&b->sim);

	for (; !err && settings->attr; settings++)
		err = sim_set(&b->sim, settings->attr, settings->value);
	if (!err)
		err = sim_start(&b->sim);
	if (err)
		return err;
	b->fd = sim_open(&b->sim, O_RDWR);
	return b->fd < 0 || !map_edge(b) ? errno : 0;
}

static inline void bench_close(struct bench *b)
{
	close(b->fd);
	sim_destroy(&b->sim);
	munmap(b->edge, 2 * b->page);
}

/* Nothing of the device is in use but open files. */
static inline bool idle(const struct sim *sim)
{
	return sim_calls_wait(sim, 0, SOON_MS) &&
	       sim_class_wait(sim, "usage/bytes", 0, SOON_MS) &&
	       sim_get(sim, "stats/inflight") == 0;
}

/**
 * struct client - a thread that sends one request
 * @thread: .
 * @tid: its number, once it is there
 * @fd: the file
 * @label: of the request
 * @in: the request
 * @in_len: bytes of it
 * @out: room for the answer
 * @out_len: bytes of it
 * @err: 0 or errno, when joined
 * @short_in: the request, if it is a short one
 * @short_out: the answer to that
 */
struct client {
	pthread_t thread;
	pid_t tid;
	int fd;
	uint32_t label;
	void *in;
	uint32_t in_len;
	void *out;
	uint32_t out_len;
	int err;
	struct sim_request short_in;
	struct sim_answer short_out;
};

static inline void *client_run(void *data)
{
	struct client *client = data;

	__atomic_store_n(&client->tid, gettid(), __ATOMIC_RELEASE);
	client->err = sim_send(client->fd, client->label, client->in,
			       client->in_len, client->out, &client->out_len);
	return NULL;
}

static inline bool client_start(struct client *client)
{
	return !pthread_create(&client->thread, NULL, client_run, client);
}

/* With the device's shortest kind of request, or another in @client->short_in */
static inline struct client client_echo(int fd, uint64_t cookie)
{
	return (struct client){
		.fd = fd,
		.in_len = SIM_REQUEST_LEN,
		.out_len = SIM_ANSWER_LEN,
		.short_in.head = sim_head(FWCTL_SIM_ECHO, 0, cookie),
	};
}

static inline bool client_start_short(struct client *client)
{
	client->in = &client->short_in;
	client->out = &client->short_out;
	return client_start(client);
}

static inline int client_join(struct client *client)
{
	pthread_join(client->thread, NULL);
	return client->err;
}

/* It waits for the end of its call. */
static inline bool client_sleeps(const struct client *client)
{
	pid_t tid;

	for (int ms = 0; ms < SOON_MS; ms++) {
		tid = __atomic_load_n(&client->tid, __ATOMIC_ACQUIRE);
		if (tid && stall_thread_state(tid) == 'D')
			return true;
		sim_sleep_ms(1);
	}
	return false;
}

static inline bool got_own_answer(const struct client *client)
{
	return !client->err && client->out_len == SIM_ANSWER_LEN &&
	       client->short_out.head.cookie == client->short_in.head.cookie;
}

/*
 * Bytes that one call of these lengths counts, with the kernel's own struct: usage/bytes of
 * a device that has such a call and no other. Returns -1 on failure.
 */
static inline long long call_bytes(const struct bench *b, uint32_t in_len,
				   uint32_t out_len)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	struct client client = {
		.fd = b->fd,
		.in = calloc(1, in_len),
		.in_len = in_len,
		.out = malloc(out_len),
		.out_len = out_len,
	};
	long long bytes = -1;

	memcpy(client.in, &head, sizeof(head));
	if (!sim_set(&b->sim, "faults/hang", 1) && client_start(&client)) {
		if (sim_wait(&b->sim, "stats/inflight", 1, SOON_MS))
			bytes = sim_class_get(&b->sim, "usage/bytes");
		sim_set(&b->sim, "faults/hang", 0);
		if (client_join(&client) || !idle(&b->sim))
			bytes = -1;
	}
	free(client.in);
	free(client.out);
	return bytes;
}

/*
 * As bench_open(), with memory for so many of the longest calls, half of it for one file.
 * That the settings have max_in and max_out is the caller's duty.
 */
static inline int bench_open_calls(struct bench *b, const struct setting *settings,
				   unsigned int calls, uint32_t max_in,
				   uint32_t max_out)
{
	int err = bench_open(b, settings);
	long long bytes;

	if (err)
		return err;
	bytes = call_bytes(b, max_in, max_out);
	close(b->fd);
	err = bytes < 0 ? ETIME : sim_stop(&b->sim) ?:
	      sim_set(&b->sim, "max_bytes", calls * bytes) ?: sim_start(&b->sim);
	b->fd = err ? -1 : sim_open(&b->sim, O_RDWR);
	return err ?: b->fd < 0 ? errno : 0;
}

#endif /* FWCTL_CLIENT_H */
