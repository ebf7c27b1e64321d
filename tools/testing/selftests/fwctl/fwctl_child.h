/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Child processes of a test, without privileges if need be, that report through shared
 * memory; and lines of the kernel's log.
 */
#ifndef FWCTL_CHILD_H
#define FWCTL_CHILD_H

#include <grp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "fwctl_client.h"

/* A user without any capability */
#define CHILD_UID 1000

/**
 * struct child - a child process
 * @pid: its process ID; 0 if it was reaped
 * @said: shared with it, zeroed at the start
 */
struct child {
	pid_t pid;
	struct child_report {
		int step;
		int count;
		int err;
	} *said;
};

/* Runs a function in a child, which then sleeps until it is killed. */
static inline bool child_start(struct child *child, uid_t uid,
			       void (*run)(void *arg, struct child_report *said), void *arg)
{
	child->pid = 0;
	child->said = mmap(NULL, sizeof(*child->said), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (child->said == MAP_FAILED)
		return false;
	child->pid = fork();
	if (child->pid)
		return child->pid > 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (uid && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
		_exit(1);
	run(arg, child->said);
	for (;;)
		pause();
}

static inline int child_step(const struct child *child)
{
	return __atomic_load_n(&child->said->step, __ATOMIC_ACQUIRE);
}

static inline void child_says(struct child_report *said, int step)
{
	__atomic_store_n(&said->step, step, __ATOMIC_RELEASE);
}

static inline bool child_reaches(const struct child *child, int step)
{
	return COMES_TRUE(child_step(child) >= step, SOON_MS);
}

static inline void child_reap(struct child *child)
{
	if (child->pid <= 0)
		return;
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
}

static inline void child_end(struct child *child)
{
	child_reap(child);
	if (child->said && child->said != MAP_FAILED)
		munmap(child->said, sizeof(*child->said));
	child->said = NULL;
}

/* The node's mode, until the device is removed */
static inline int node_chmod(const struct sim *sim, mode_t mode)
{
	char path[SIM_PATH_LEN];

	sim_node_path(sim, path);
	return chmod(path, mode) ? errno : 0;
}

#endif /* FWCTL_CHILD_H */
