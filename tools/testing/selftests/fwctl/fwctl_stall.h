/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory over which the first access, also of the kernel, sleeps until it is released: as
 * a malicious or merely slow user of userfaultfd can hand to an ioctl. It shows which
 * steps of the kernel wait for user space and which do not.
 */
#ifndef FWCTL_STALL_H
#define FWCTL_STALL_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/userfaultfd.h>

#include "sim.h"

/**
 * struct stall - memory that stalls
 * @at: the memory, one page. The test itself must not touch it either.
 * @len: bytes of it
 * @uffd: reports threads that sleep, and wakes them up
 *
 * In front of it is a page that does not stall: a request can begin there.
 */
struct stall {
	char *at;
	size_t len;
	int uffd;
};

static inline long long stall_now_ms(void)
{
	struct timespec now;

	/* Where it is a system call, as on UML, an injected fault may be meant for it. */
	while (clock_gettime(CLOCK_MONOTONIC, &now))
		;
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Whether the condition comes true within so many milliseconds */
#define COMES_TRUE(condition, ms)					\
({									\
	long long _end = stall_now_ms() + (ms);				\
	bool _true;							\
									\
	while (!(_true = (condition)) && stall_now_ms() < _end)		\
		sim_sleep_ms(1);					\
	_true;								\
})

static inline int stall_register(struct stall *stall)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_THREAD_ID,
	};
	struct uffdio_register memory = {
		.range = { (uintptr_t)stall->at, stall->len },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (ioctl(stall->uffd, UFFDIO_API, &api))
		return errno;
	return ioctl(stall->uffd, UFFDIO_REGISTER, &memory) ? errno : 0;
}

static inline int stall_map(struct stall *stall)
{
	char *pages;

	stall->len = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, 2 * stall->len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return errno;
	stall->at = pages + stall->len;
	return 0;
}

/* Threads that still sleep wake up and find zeros. */
static inline void stall_close(struct stall *stall)
{
	if (!stall->at)
		return;
	close(stall->uffd);
	munmap(stall->at - stall->len, 2 * stall->len);
	stall->at = NULL;
}

/*
 * Without UFFD_USER_MODE_ONLY, since it is the kernel's accesses that matter;
 * hence for root, or where vm.unprivileged_userfaultfd allows it.
 * Returns 0, or the errno: ENOSYS if the kernel has no userfaultfd.
 */
static inline int stall_open(struct stall *stall)
{
	int err;

	memset(stall, 0, sizeof(*stall));
	stall->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (stall->uffd < 0)
		return errno;
	err = stall_map(stall);
	if (err) {
		close(stall->uffd);
		return err;
	}
	err = stall_register(stall);
	if (err)
		stall_close(stall);
	return err;
}

/* 'S', 'D', 'R' ... as in ps(1), or 0 if there is no such thread in this process. */
static inline char stall_thread_state(pid_t tid)
{
	char path[64], line[256] = "", *name_end;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, line, sizeof(line) - 1);
	close(fd);
	name_end = len > 0 ? strrchr(line, ')') : NULL;
	return name_end ? name_end[2] : 0;
}

static inline bool stall_thread_sleeps(pid_t tid)
{
	char state = stall_thread_state(tid);

	return state == 'S' || state == 'D';
}

static inline bool stall_hit_by(const struct stall *stall,
				const struct uffd_msg *msg, pid_t tid)
{
	uint64_t at = msg->arg.pagefault.address - (uintptr_t)stall->at;

	return msg->event == UFFD_EVENT_PAGEFAULT && at < stall->len &&
	       msg->arg.pagefault.feat.ptid == (uint32_t)tid;
}

/* Waits until the thread has touched the memory and sleeps. */
static inline bool stall_wait(struct stall *stall, pid_t tid, int ms)
{
	struct pollfd event = { .fd = stall->uffd, .events = POLLIN };
	struct uffd_msg msg;

	return poll(&event, 1, ms) == 1 &&
	       read(stall->uffd, &msg, sizeof(msg)) == sizeof(msg) &&
	       stall_hit_by(stall, &msg, tid) &&
	       COMES_TRUE(stall_thread_sleeps(tid), ms);
}

/* The thread that sleeps goes on, and finds these contents, stall.len bytes. */
static inline int stall_release(struct stall *stall, const void *contents)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)stall->at,
		.src = (uintptr_t)contents,
		.len = stall->len,
	};

	return ioctl(stall->uffd, UFFDIO_COPY, &copy) ? errno : 0;
}

/* Memory that was released stalls anew. */
static inline int stall_again(struct stall *stall)
{
	return madvise(stall->at, stall->len, MADV_DONTNEED) ? errno : 0;
}

#endif /* FWCTL_STALL_H */
