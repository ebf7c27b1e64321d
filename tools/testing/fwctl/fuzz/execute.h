/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Runs programs on a system, and checks the oracles.
 *
 * While no thread runs beside the program's main line ("quiet"), the model knows the
 * result of each call. Otherwise only rules are checked that hold at any time.
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
 * @file: the model's state of it
 * @refs: number of descriptors
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
 * @executor: its executor
 * @op: the operation
 * @memory: memory for its buffers
 * @probe: memory for the buffers of the oracles' own calls
 * @trace: coverage of the thread that it runs on
 * @slot: its file, referenced for as long as it runs; free if it has none
 * @quiet: no other operation runs
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
 * @job: operation to run
 * @memory: memory for buffers of operations
 * @probe: memory for buffers of oracles
 * @busy: @job is valid and not finished. Guarded by executor.lock, as is @quit.
 * @quit: the thread has to end
 * @wake: signalled when @busy or @quit changes
 * @executor: its executor
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
 * struct executor - state for running programs
 * @system: the system to run on
 * @model: the model of @system
 * @oracle: results of the oracles
 * @coverage: edges that were reached
 * @calls: system calls on the devices so far
 * @verbose: print each operation and its result
 * @lock: guards the workers, @abandoned, the references of descriptions
 * @workers: for operations beside the main line
 * @main: the main line's job and memory
 * @files: the program's files
 * @abandoned: a call of a killed child may still be in flight
 * @running: the program that runs, to print it if an operation hangs
 * @since: start of the operation that runs now, in ms, or 0
 * @patient: the operation must end without a release of hanging calls
 * @watchdog: thread that checks @since
 * @flipper: thread that changes requests during calls
 * @flip: byte that it changes, or NULL
 * @flips: number of rounds so far
 * @flip_wake: signalled when @flip changes
 * @flip_to: the two values of the byte
 * @flipping: a round is in progress
 * @quit: both threads have to end
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

/* Returns true if no oracle failed; else the failure is in executor.oracle. */
bool executor_run(struct executor *executor, const struct program *program);

/* Functions of execute.c for command.c and devices.c */
struct model_device *job_device(const struct job *job);
/* Around a system call on a device */
void job_enter(struct job *job);
void job_leave(struct job *job);
void job_say(const struct job *job, int err);
/* A descriptor of a file that was just opened */
struct slot slot_new(int fd, const struct model_file *file);
void slot_close(struct job *job, struct slot *slot);
/* Run @call in a child, which is killed during the call. */
void child_run(struct job *job, int (*call)(struct job *job, void *data),
	       void *data);
/* Change the byte @at to and fro between two values, until flip_end(). */
void flip_begin(struct executor *executor, u8 *at, u8 a, u8 b);
void flip_end(struct executor *executor);

/* command.c: the ioctls */
void run_command(struct job *job);
void run_ioctl(struct job *job);
/* Read the number of the file's context, which answers must contain. */
void learn_context(struct job *job, struct slot *slot);
/* Reads a register through the file; returns 0 or an errno. */
int peek_register(struct job *job, u32 arg, u32 *value);

/* devices.c: operations on devices */
void run_cap(struct job *job);
void run_fault(struct job *job);
void run_device(struct job *job);
void run_live(struct job *job);
void run_read(struct job *job);
/* Before a program: bring all devices into their initial state. */
void devices_reset(struct executor *executor);
/* Complete all calls that hang in a device. Can be called by any thread. */
void devices_release(struct executor *executor);
/* After a program, with all files closed: check that no device is in use. */
void devices_settle(struct executor *executor);
/* Remove all faults. */
void devices_calm(struct executor *executor);

#endif
