// SPDX-License-Identifier: GPL-2.0
/*
 * The log: a file that is flushed line by line, and the last command lines in
 * memory for clients of the control socket.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

/* More than any test sends between two polls; older lines are in the file. */
#define KEPT_LINES 16384
#define LINE_SIZE 256

struct log {
	FILE *file;
	u64 last;			/* number of the newest command */
	char *lines[KEPT_LINES];	/* line N is at N % KEPT_LINES */
};

struct log *log_open(const char *path)
{
	struct log *log = alloc_zeroed(sizeof(*log));

	if (path) {
		log->file = fopen(path, "ae");
		if (!log->file) {
			free(log);
			return NULL;
		}
	}
	return log;
}

void log_close(struct log *log)
{
	size_t i;

	if (!log)
		return;
	for (i = 0; i < KEPT_LINES; i++)
		free(log->lines[i]);
	if (log->file)
		fclose(log->file);
	free(log);
}

/* Flushed at once: tests wait for a line in the file while this process runs. */
static void write_line(struct log *log, const char *line)
{
	if (!log->file)
		return;
	fprintf(log->file, "%s\n", line);
	fflush(log->file);
}

u64 log_command(struct log *log, const struct log_command *cmd)
{
	char **kept = &log->lines[++log->last % KEPT_LINES];
	char reg[16] = "";
	char line[LINE_SIZE];

	if (cmd->reg >= 0)
		snprintf(reg, sizeof(reg), " reg=0x%04x", (unsigned int)cmd->reg & 0xffff);
	snprintf(line, sizeof(line),
		 "cmd seq=%llu slot=%u opcode=0x%04x name=%s op_mod=0x%04x uid=%u%s in=%u out=%u delivery=0x%02x status=0x%02x syndrome=0x%08x",
		 (unsigned long long)log->last, cmd->slot, cmd->opcode, cmd->name, cmd->op_mod,
		 cmd->uid, reg, cmd->in, cmd->out, cmd->delivery, cmd->status, cmd->syndrome);
	free(*kept);
	*kept = strdup(line);
	write_line(log, line);
	return log->last;
}

void log_event(struct log *log, const char *word, const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list args;
	int n;

	n = snprintf(line, sizeof(line), "%s ", word);
	va_start(args, fmt);
	vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
	va_end(args);
	write_line(log, line);
}

u64 log_since(const struct log *log, u64 seq, void (*fn)(void *arg, const char *line), void *arg)
{
	u64 oldest = log->last > KEPT_LINES ? log->last - KEPT_LINES : 0;
	u64 i;

	for (i = MAX(seq, oldest) + 1; i <= log->last; i++)
		if (log->lines[i % KEPT_LINES])
			fn(arg, log->lines[i % KEPT_LINES]);
	return log->last;
}
