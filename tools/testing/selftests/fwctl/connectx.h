/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other side of a test: the ConnectX emulator's log of commands, and its
 * faults, over the control channel that the VM harness connects to it. On real
 * hardware there is none, and the tests that need it are skipped.
 */
#ifndef CONNECTX_H
#define CONNECTX_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTX_CONTROL "/dev/virtio-ports/connectx.control"
#define CONNECTX_MAX_COMMANDS 256

/* A command as the firmware saw it */
struct connectx_command {
	unsigned long seq;
	unsigned int opcode, op_mod, uid, in_len, out_len, status;
};

struct connectx_log {
	unsigned long last;
	size_t count;
	struct connectx_command commands[CONNECTX_MAX_COMMANDS];
};

static inline int connectx_open(void)
{
	return open(CONNECTX_CONTROL, O_RDWR);
}

/* One line, without its end; false when the channel is broken. */
static inline bool connectx_line(int fd, char *line, size_t size)
{
	size_t len = 0;

	while (len < size - 1 && read(fd, line + len, 1) == 1) {
		if (line[len] == '\n') {
			line[len] = 0;
			return true;
		}
		len++;
	}
	return false;
}

static inline unsigned int connectx_field(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoul(at + strlen(name), NULL, 0) : 0;
}

static inline void connectx_note(struct connectx_log *log, const char *line)
{
	if (strncmp(line, "cmd ", 4) || log->count == CONNECTX_MAX_COMMANDS)
		return;
	log->commands[log->count++] = (struct connectx_command){
		.seq = connectx_field(line, " seq="),
		.opcode = connectx_field(line, " opcode="),
		.op_mod = connectx_field(line, " op_mod="),
		.uid = connectx_field(line, " uid="),
		.in_len = connectx_field(line, " in="),
		.out_len = connectx_field(line, " out="),
		.status = connectx_field(line, " status="),
	};
}

/* Sends a request and reads its answer. The log may be NULL. */
static inline bool connectx_ask(int fd, const char *request,
				struct connectx_log *log)
{
	char line[1024];

	if (dprintf(fd, "%s\n", request) < 0)
		return false;
	while (connectx_line(fd, line, sizeof(line))) {
		if (log)
			connectx_note(log, line);
		if (!strncmp(line, "error", 5)) {
			fprintf(stderr, "connectx: %s: %s\n", request, line);
			return false;
		}
		if (!strncmp(line, "ok", 2)) {
			if (log)
				log->last = strtoul(line + 2, NULL, 0);
			return true;
		}
	}
	return false;
}

/* Commands that arrived after the one with number since; log->last is the newest. */
static inline bool connectx_read_log(int fd, unsigned long since,
				     struct connectx_log *log)
{
	char request[64];

	log->count = 0;
	snprintf(request, sizeof(request), "log %lu", since);
	return connectx_ask(fd, request, log);
}

#endif /* CONNECTX_H */
