/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs programs on a system, and asks the oracles.
 *
 * While nothing runs beside the program's main line ("quiet"), the model knows how
 * each call must end. While something does, only what holds at any time is
 * checked.
 */
#ifndef FUZZ_EXECUTE_H
#define FUZZ_EXECUTE_H

#include <pthread.h>

#include "coverage.h"
#include "memory.h"
#include "model.h"
#include "oracle.h"
#include "program.h"
#include "system.h"

#define WORKERS 2

/**
 * struct description - an open file, shared by its descriptors
 * @file: what is known of it
 * @refs: descriptors
 */
struct description {
	struct model_file file;
	int refs;
};

/**
 * struct slot - a descriptor
 * @fd: its number
 * @description: the file, or NULL if the slot is free
 */
struct slot {
	int fd;
	struct description *description;
};

/**
 * struct job - one operation while it runs
 * @executor: whose
 * @op: the operation
 * @memory: for its buffers
 * @probe: for those of the oracles' own calls
 * @trace: of the thread that it runs on
 * @slot: its file, held for as long as it runs; free if it has none
 * @quiet: nothing else runs
 */
struct job {
	struct executor *executor;
	struct op op;
	struct memory *memory;
	struct memory *probe;
	u64 *trace;
	struct slot slot;
	bool quiet;
};

/**
 * struct worker - a thread for operations that run beside others
 * @thread: the thread
 * @job: what to do
 * @memory: its own
 * @probe: its own
 * @busy: there is something to do. Guarded by executor.lock, as is @quit.
 * @quit: nothing will come any more
 * @wake: signalled when @busy or @quit changes
 * @executor: whose
 */
struct worker {
	pthread_t thread;
	struct job job;
	struct memory memory;
	struct memory probe;
	bool busy;
	bool quit;
	pthread_cond_t wake;
	struct executor *executor;
};

/**
 * struct executor - what programs run with
 * @system: on what
 * @model: what is known of it
 * @oracle: what was found out
 * @coverage: what was reached
 * @calls: system calls on the devices so far
 * @verbose: print each operation and how it ended
 * @lock: guards the workers, @abandoned, the references of descriptions
 * @workers: for operations beside the main line
 * @main: the main line's own
 * @files: the program's files
 * @abandoned: a call may be under way that nobody waits for
 * @running: the program, for the last words if something hangs
 * @since: when the operation began that runs now, in ms, or 0
 * @patient: it must end without anything being released
 * @watchdog: the thread that looks at @since
 * @flipper: the thread that changes requests under way
 * @flip: what it changes, or NULL
 * @flips: how often it did
 * @flip_wake: signalled when @flip changes
 * @flip_to: the two values
 * @flipping: it is at it
 * @quit: both threads are to end
 */
struct executor {
	const struct system *system;
	struct model model;
	struct oracle oracle;
	struct coverage coverage;
	u64 calls;
	bool verbose;
	pthread_mutex_t lock;
	struct worker workers[WORKERS];
	struct worker main;
	struct slot files[FUZZ_FILES];
	bool abandoned;
	const struct program *running;
	u64 since;
	bool patient;
	pthread_t watchdog;
	pthread_t flipper;
	u8 *flip;
	u64 flips;
	pthread_cond_t flip_wake;
	u8 flip_to[2];
	bool flipping;
	bool quit;
};

void executor_start(struct executor *executor, const struct system *system);
void executor_stop(struct executor *executor);

/* Returns true if no oracle failed; else executor.oracle tells which. */
bool executor_run(struct executor *executor, const struct program *program);

/* execute.c, for the others */
struct model_device *job_device(const struct job *job);
/* Around a system call on a device */
void job_enter(struct job *job);
void job_leave(struct job *job);
void job_say(const struct job *job, int err);
/* A descriptor of a file that was just opened */
struct slot slot_new(int fd, const struct model_file *file);
void slot_close(struct job *job, struct slot *slot);
/* Runs @call in a child, which is killed while it does. */
void child_run(struct job *job, int (*call)(struct job *job, void *data),
	       void *data);
/* Change the byte @at to and fro between two values, until flip_end(). */
void flip_begin(struct executor *executor, u8 *at, u8 a, u8 b);
void flip_end(struct executor *executor);

/* command.c: the ioctls */
void run_command(struct job *job);
void run_ioctl(struct job *job);
/* Asks the file for its context, which answers will tell. */
void learn_context(struct job *job, struct slot *slot);
/* Reads a register through the file; returns 0 or an errno. */
int peek_register(struct job *job, u32 arg, u32 *value);

/* devices.c: what happens to devices */
void run_cap(struct job *job);
void run_fault(struct job *job);
void run_device(struct job *job);
void run_live(struct job *job);
void run_read(struct job *job);
/* Before a program: all devices as programs find them */
void devices_reset(struct executor *executor);
/* Ends whatever a device holds. Any thread. */
void devices_release(struct executor *executor);
/* After a program, when all is closed: is nothing in use? */
void devices_settle(struct executor *executor);
/* No faults any more */
void devices_calm(struct executor *executor);

#endif
