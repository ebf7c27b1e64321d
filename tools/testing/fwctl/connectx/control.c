// SPDX-License-Identifier: GPL-2.0
/*
 * Clients of the control socket. A client that does not read its answers is
 * disconnected, because the single-threaded device must not wait for it.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caps.h"
#include "cmdq.h"
#include "control.h"
#include "fault.h"
#include "init_segment.h"
#include "log.h"
#include "sockets.h"
#include "uctx.h"

#define LINE_MAX_LEN 512
#define BACKLOG_MAX (8U << 20)

/**
 * struct client - one connection
 * @line, @len: the request received so far
 * @skip: the request is too long; refused when its end has come
 * @out, @out_len, @out_room: output that the socket has not taken yet
 */
struct client {
	struct control *control;
	int fd;
	char line[LINE_MAX_LEN];
	size_t len;
	bool skip;
	char *out;
	size_t out_len;
	size_t out_room;
	struct client *next;
};

struct control {
	struct connectx *cx;
	int listener;
	struct client *clients;
};

static void put_line(void *arg, const char *text)
{
	struct client *client = arg;
	size_t len = strlen(text);

	if (client->out_len + len + 1 > client->out_room) {
		client->out_room = 2 * (client->out_len + len + 1);
		client->out = realloc(client->out, client->out_room);
		if (!client->out)
			abort();
	}
	memcpy(client->out + client->out_len, text, len);
	client->out_len += len;
	client->out[client->out_len++] = '\n';
}

static void do_log(struct client *client, char *args)
{
	char end[32];
	u64 last;

	last = log_since(client->control->cx->log, strtoull(args, NULL, 0), put_line, client);
	snprintf(end, sizeof(end), "ok %llu", (unsigned long long)last);
	put_line(client, end);
}

static void do_state(struct client *client, char *args)
{
	connectx_describe(client->control->cx, put_line, client);
	put_line(client, "ok");
}

static void do_fault(struct client *client, char *args)
{
	static const struct {
		const char *name;
		void (*run)(struct connectx *cx);
	} events[] = {
		{ "fatal", connectx_fatal },
		{ "removal", connectx_remove },
		{ "replug", connectx_replug },
	};
	char answer[64] = "ok";
	const char *err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(args, events[i].name)) {
			events[i].run(client->control->cx);
			return put_line(client, answer);
		}
	err = faults_add(client->control->cx->faults, args);
	if (err)
		snprintf(answer, sizeof(answer), "error %s", err);
	put_line(client, answer);
}

static void do_release(struct client *client, char *args)
{
	char end[32];

	snprintf(end, sizeof(end), "ok %u", cmdq_release(client->control->cx->cmdq));
	put_line(client, end);
}

static void do_clear(struct client *client, char *args)
{
	faults_clear(client->control->cx->faults);
	put_line(client, "ok");
}

/* 0 leaves the timeout to the driver. It takes effect when a driver loads. */
static void do_timeout(struct client *client, char *args)
{
	char *end;
	unsigned long ms = strtoul(args, &end, 10);

	if (end == args || *end || *args == '-' || ms > ISEG_TIMEOUT_MS_MAX)
		return put_line(client, "error bad value");
	iseg_set_timeout(client->control->cx->iseg, (u32)ms);
	put_line(client, "ok");
}

/* Capabilities of contexts. It takes effect when a driver loads. */
static void do_contexts(struct client *client, char *args)
{
	char *end;
	unsigned long caps = strtoul(args, &end, 0);

	if (end == args || *end || *args == '-' || caps & ~(unsigned long)UCTX_CAPS_ALL)
		return put_line(client, "error bad value");
	caps_set_uctx(client->control->cx->caps, (u32)caps);
	put_line(client, "ok");
}

static const struct {
	const char *name;
	void (*run)(struct client *client, char *args);
} requests[] = {
	{ "log", do_log },
	{ "state", do_state },
	{ "fault", do_fault },
	{ "release", do_release },
	{ "clear", do_clear },
	{ "timeout", do_timeout },
	{ "contexts", do_contexts },
};

static void handle_line(struct client *client)
{
	char *args = client->line + strcspn(client->line, " ");
	size_t i;

	if (*args)
		*args++ = '\0';
	args += strspn(args, " ");
	for (i = 0; i < ARRAY_SIZE(requests); i++)
		if (!strcmp(client->line, requests[i].name))
			return requests[i].run(client, args);
	put_line(client, "error unknown request");
}

static void drop(struct client *client)
{
	struct client **p = &client->control->clients;

	while (*p != client)
		p = &(*p)->next;
	*p = client->next;
	loop_unwatch(client->control->cx->loop, client->fd);
	close(client->fd);
	free(client->out);
	free(client);
}

/* Ignore a terminal's carriage return, and empty lines. */
static void take_char(struct client *client, char c)
{
	if (c == '\r')
		return;
	if (c != '\n') {
		if (client->len < sizeof(client->line) - 1)
			client->line[client->len++] = c;
		else
			client->skip = true;
		return;
	}
	client->line[client->len] = '\0';
	if (client->skip)
		put_line(client, "error line too long");
	else if (client->len)
		handle_line(client);
	client->len = 0;
	client->skip = false;
}

/* Returns false when the client has disconnected. */
static bool receive(struct client *client)
{
	char buf[LINE_MAX_LEN];
	ssize_t n = recv(client->fd, buf, sizeof(buf), MSG_DONTWAIT);
	ssize_t i;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	for (i = 0; i < n; i++)
		take_char(client, buf[i]);
	return n > 0;
}

/* Returns false when the client has disconnected, or its unread output exceeds the limit. */
static bool flush(struct client *client)
{
	ssize_t n;

	if (!client->out_len)
		return true;
	n = send(client->fd, client->out, client->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN && client->out_len < BACKLOG_MAX;
	client->out_len -= (size_t)n;
	memmove(client->out, client->out + n, client->out_len);
	return client->out_len < BACKLOG_MAX;
}

static void serve(void *arg, short revents)
{
	struct client *client = arg;
	bool alive = !(revents & (POLLERR | POLLNVAL));

	if (alive && revents & (POLLIN | POLLHUP))
		alive = receive(client);
	/* Flush first: a client may have closed only its sending side and wait for answers. */
	if (!flush(client) || !alive)
		return drop(client);
	loop_watch(client->control->cx->loop, client->fd,
		   (short)(POLLIN | (client->out_len ? POLLOUT : 0)), serve, client);
}

void control_attach(struct control *control, int fd)
{
	struct client *client = alloc_zeroed(sizeof(*client));

	client->control = control;
	client->fd = fd;
	client->next = control->clients;
	control->clients = client;
	loop_watch(control->cx->loop, fd, POLLIN, serve, client);
}

static void accept_client(void *arg, short revents)
{
	struct control *control = arg;
	int fd = socket_accept(control->listener);

	if (fd >= 0)
		control_attach(control, fd);
}

int control_listen(struct control *control, const char *path)
{
	int fd = socket_listen(path);

	if (fd < 0)
		return fd;
	control->listener = fd;
	loop_watch(control->cx->loop, fd, POLLIN, accept_client, control);
	return 0;
}

struct control *control_new(struct connectx *cx)
{
	struct control *control = alloc_zeroed(sizeof(*control));

	control->cx = cx;
	control->listener = -1;
	return control;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	while (control->clients)
		drop(control->clients);
	if (control->listener >= 0) {
		loop_unwatch(control->cx->loop, control->listener);
		close(control->listener);
	}
	free(control);
}
