/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A caller of fwctl that sleeps in the kernel at a place of the test's choice. All
 * places where open() and the ioctls can sleep are rows of one table; the tests
 * then take the device away, or kill the caller, in each of them.
 */
#ifndef FWCTL_CALLER_H
#define FWCTL_CALLER_H

#include <pthread.h>
#include <stdatomic.h>

#include "fwctl_stall.h"

/* No step of any test takes that long, except one that failed */
#define CALLER_LIMIT_MS 60000

/* The part of the caller's memory that stalls */
enum stalls {
	STALLS_NOTHING,
	STALLS_STRUCT,
	STALLS_HEADER,
	STALLS_REST,
	STALLS_OUT,
};

enum place_id {
	OPENING,
	READING_INFO_STRUCT,
	WRITING_INFO,
	READING_HEADER,
	READING_REST,
	CHECKING_OUT,
	WAITING_FOR_TURN,
	IN_DEVICE,
	WRITING_ANSWER,
	WRITING_RPC_STRUCT,
	READING_QUERY,
	READING_RESTRICT_STRUCT,
	CLOSING,
	IDLE,
};

/**
 * struct place - where a caller sleeps
 * @cmd: the ioctl that it calls; 0: open(); ~0: nothing
 * @stalls: over which memory it sleeps
 * @late: not before the device has answered
 * @fault: which fault of the device keeps it
 * @queued: another call of its file has the file's only slot
 * @ends: the removal of the device ends its sleep
 * @answer: errno that it gets if the device is removed meanwhile: 0 for an answer that
 *	was there before, or ENODEV
 * @calls: calls of its file that the device still has after it was killed
 */
struct place {
	unsigned long cmd;
	enum stalls stalls;
	bool late;
	const char *fault;
	bool queued;
	bool ends;
	int answer;
	int calls;
};

#define CALLS_NOTHING (~0ul)

static const struct place places[] = {
	[OPENING] = { 0, .fault = "faults/open_hang", .ends = true,
		      .answer = ENODEV },
	[READING_INFO_STRUCT] = { FWCTL_INFO, STALLS_STRUCT, .answer = ENODEV },
	[WRITING_INFO] = { FWCTL_INFO, STALLS_OUT },
	[READING_HEADER] = { FWCTL_RPC, STALLS_HEADER, .answer = ENODEV },
	[READING_REST] = { FWCTL_RPC, STALLS_REST, .answer = ENODEV },
	[CHECKING_OUT] = { FWCTL_RPC, STALLS_OUT, .answer = ENODEV },
	[WAITING_FOR_TURN] = { FWCTL_RPC, .fault = "faults/hang",
			       .queued = true, .ends = true, .answer = ENODEV,
			       .calls = 1 },
	[IN_DEVICE] = { FWCTL_RPC, .fault = "faults/hang", .ends = true,
			.answer = ENODEV, .calls = 1 },
	[WRITING_ANSWER] = { FWCTL_RPC, STALLS_OUT, .late = true,
			     .fault = "faults/hang" },
	[WRITING_RPC_STRUCT] = { FWCTL_RPC, STALLS_STRUCT, .late = true,
				 .fault = "faults/hang" },
	[READING_QUERY] = { FWCTL_QUERY, STALLS_HEADER, .answer = ENODEV },
	[READING_RESTRICT_STRUCT] = { FWCTL_RESTRICT, STALLS_STRUCT,
				      .answer = ENODEV },
	[CLOSING] = { CALLS_NOTHING, .fault = "faults/close_delay_us" },
	[IDLE] = { CALLS_NOTHING },
};

/**
 * struct caller - a thread at such a place
 * @place: the place
 * @sim: the device
 * @fd: its file
 * @files: how many files were open before it
 * @calls: how many calls the device and its queue had before it
 * @stall: the memory that stalls
 * @cmd: its ioctl's struct, or if that stalls, the contents for it
 * @request: the same of the request
 * @answer: where the answer goes, if that does not stall
 * @more: room that no answer needs, behind @answer
 * @id: the same for FWCTL_INFO
 * @thread: the caller
 * @tid: 0 before it begins
 * @done: it is back
 * @err: the errno that it came back with; valid if @done
 * @first: the thread whose call has the slot that the caller waits for
 * @first_err: the errno that it came back with; valid when @first has ended
 */
struct caller {
	const struct place *place;
	const struct sim *sim;
	int fd;
	long long files;
	long long calls;
	struct stall stall;
	union {
		struct fwctl_info info;
		struct fwctl_rpc rpc;
		struct fwctl_query query;
		struct fwctl_restrict restriction;
	} cmd;
	struct sim_request request;
	struct sim_answer answer;
	char more[8];
	struct fwctl_info_sim id;

	pthread_t thread;
	atomic_int tid;
	atomic_bool done;
	int err;

	pthread_t first;
	int first_err;
};

/* Returns NULL, or for SKIP() the reason why no thread can sleep there. */
static inline const char *place_missing(enum place_id id)
{
	struct stall stall;

	if (!places[id].stalls)
		return NULL;
	if (stall_open(&stall))
		return "no userfaultfd";
	stall_close(&stall);
	return NULL;
}

#define CALLER_COOKIE 0x1234

/* The length of an answer is written only if it is not the one that was there. */
static inline uint32_t caller_out_len(const struct caller *caller)
{
	bool tells = caller->place->late &&
		     caller->place->stalls == STALLS_STRUCT;

	return SIM_ANSWER_LEN + (tells ? sizeof(caller->more) : 0);
}

/* Usual memory, or that which stalls if it is this part that shall. */
static inline uintptr_t caller_memory(const struct caller *caller,
				      enum stalls part, const void *usual)
{
	return (uintptr_t)(caller->place->stalls == part ? caller->stall.at :
							   usual);
}

/* A request of which only the rest stalls begins in front of the memory that does. */
static inline uintptr_t caller_in(struct caller *caller)
{
	char *in = caller->stall.at - sizeof(caller->request.head);

	if (caller->place->stalls != STALLS_REST)
		return caller_memory(caller, STALLS_HEADER, &caller->request);
	memcpy(in, &caller->request, sizeof(caller->request.head));
	return (uintptr_t)in;
}

static inline void caller_fill_rpc(struct caller *caller)
{
	caller->request = (struct sim_request){
		.head = sim_head(FWCTL_SIM_ECHO, 0, CALLER_COOKIE),
		.value = htole32(CALLER_COOKIE),
	};
	caller->cmd.rpc = (struct fwctl_rpc){
		.size = sizeof(struct fwctl_rpc),
		.in_len = SIM_REQUEST_LEN,
		.out_len = caller_out_len(caller),
		.in = caller_in(caller),
		.out = caller_memory(caller, STALLS_OUT, &caller->answer),
	};
}

static inline void caller_fill_struct(struct caller *caller)
{
	switch (caller->place->cmd) {
	case FWCTL_INFO:
		caller->cmd.info = (struct fwctl_info){
			.size = sizeof(struct fwctl_info),
			.device_data_len = sizeof(caller->id),
			.out_device_data = caller_memory(caller, STALLS_OUT,
							 &caller->id),
		};
		break;
	case FWCTL_RPC:
		caller_fill_rpc(caller);
		break;
	case FWCTL_QUERY:
		caller_fill_rpc(caller);
		caller->cmd.query =
			fwctl_query_of(0, (void *)(uintptr_t)caller_in(caller),
				       SIM_REQUEST_LEN, SIM_ANSWER_LEN);
		break;
	case FWCTL_RESTRICT:
		caller->cmd.restriction = (struct fwctl_restrict){
			.size = sizeof(struct fwctl_restrict),
			.classes = ALL_CLASSES,
		};
		break;
	}
}

/* Lets the memory go on; it has its contents then. */
static inline int caller_release_memory(struct caller *caller)
{
	const void *const contents[] = {
		[STALLS_STRUCT] = &caller->cmd,
		[STALLS_HEADER] = &caller->request,
		[STALLS_REST] = &caller->request.value,
		[STALLS_OUT] = &caller->answer,
	};
	const size_t lens[] = {
		[STALLS_STRUCT] = sizeof(caller->cmd),
		[STALLS_HEADER] = sizeof(caller->request),
		[STALLS_REST] = sizeof(caller->request.value),
		[STALLS_OUT] = sizeof(caller->answer),
	};
	char page[65536] = {};

	memcpy(page, contents[caller->place->stalls],
	       lens[caller->place->stalls]);
	return stall_release(&caller->stall, page);
}

static inline int caller_opens(struct caller *caller)
{
	int fd = sim_open(caller->sim, O_RDWR);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/*
 * A pending signal keeps a thread that stalls awake, in vain. SIGCHLD comes from
 * system(3), which blocks it in its own thread only.
 */
static inline void caller_block_sigchld(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static inline void *caller_thread(void *arg)
{
	struct caller *caller = arg;
	unsigned long cmd = caller->place->cmd;

	caller_block_sigchld();
	caller->tid = gettid();
	if (cmd)
		caller->err = fwctl_errno(caller->fd, cmd,
					  (void *)caller_memory(caller,
								STALLS_STRUCT,
								&caller->cmd));
	else
		caller->err = caller_opens(caller);
	caller->done = true;
	return NULL;
}

static inline void *caller_first_thread(void *arg)
{
	struct caller *caller = arg;
	struct sim_answer answer;

	caller->first_err = sim_echo(caller->fd, 0, &answer);
	return NULL;
}

/* Prepares the memory or the fault that keeps it. */
static inline int caller_prepare(struct caller *caller)
{
	const struct place *place = caller->place;
	int err = 0;

	if (place->stalls)
		err = stall_open(&caller->stall);
	if (err)
		return err;
	caller_fill_struct(caller);
	if (place->late)
		err = caller_release_memory(caller);
	if (place->fault)
		err = err ?: sim_set(caller->sim, place->fault, 1);
	return err;
}

static inline bool caller_begin(struct caller *caller)
{
	if (caller->place->queued &&
	    (pthread_create(&caller->first, NULL, caller_first_thread, caller) ||
	     !sim_wait(caller->sim, "stats/inflight", 1, CALLER_LIMIT_MS)))
		return false;
	if (pthread_create(&caller->thread, NULL, caller_thread, caller))
		return false;
	while (!caller->tid)
		sim_sleep_ms(1);
	return true;
}

/* Do the figures tell that its call is in the device, or in the queue? */
static inline bool caller_is_counted(const struct caller *caller)
{
	const struct sim *sim = caller->sim;
	int calls = caller->place->queued ? 2 : 1;

	if (!caller->place->cmd)
		return sim_class_get(sim, "usage/files") == caller->files + 1;
	return sim_get(sim, "stats/inflight") == 1 &&
	       sim_calls(sim) == caller->calls + calls;
}

/* From the device to the memory that meanwhile stalls */
static inline bool caller_moves_on(struct caller *caller)
{
	return !stall_again(&caller->stall) &&
	       !sim_set(caller->sim, caller->place->fault, 0);
}

static inline bool caller_arrives(struct caller *caller)
{
	const struct place *place = caller->place;

	if (place->fault &&
	    !COMES_TRUE(caller_is_counted(caller), CALLER_LIMIT_MS))
		return false;
	if (place->late && !caller_moves_on(caller))
		return false;
	if (place->stalls)
		return stall_wait(&caller->stall, caller->tid, CALLER_LIMIT_MS);
	return COMES_TRUE(stall_thread_sleeps(caller->tid), CALLER_LIMIT_MS);
}

/* No thread calls; the file is closed, and the firmware takes its time. */
static inline int caller_closes(struct caller *caller)
{
	int err = sim_set(caller->sim, caller->place->fault, 500000);

	if (close(caller->fd))
		err = errno;
	caller->fd = -1;
	return err;
}

/*
 * Returns when the caller sleeps there: 0, ETIME if it does not, or another errno
 * if the place could not be prepared.
 */
static inline int caller_start(struct caller *caller, enum place_id id,
			       const struct sim *sim, int fd)
{
	int err;

	*caller = (struct caller){ .place = &places[id], .sim = sim, .fd = fd };
	caller->files = sim_class_get(sim, "usage/files");
	caller->calls = sim_calls(sim);
	if (caller->place->cmd == CALLS_NOTHING)
		return caller->place->fault ? caller_closes(caller) : 0;

	err = caller_prepare(caller);
	if (err)
		return err;
	return caller_begin(caller) && caller_arrives(caller) ? 0 : ETIME;
}

static inline bool caller_calls(const struct caller *caller)
{
	return caller->place->cmd != CALLS_NOTHING;
}

/* It is still where it was. */
static inline bool caller_sleeps(const struct caller *caller)
{
	return !caller->done && stall_thread_sleeps(caller->tid);
}

/* Ends the fault and the stall that keep it. The device may be gone. */
static inline int caller_release(struct caller *caller)
{
	const struct place *place = caller->place;

	if (place->fault)
		sim_set(caller->sim, place->fault, 0);
	return place->stalls ? caller_release_memory(caller) : 0;
}

static inline bool caller_returns(const struct caller *caller)
{
	return COMES_TRUE(caller->done, CALLER_LIMIT_MS);
}

/* Returns the errno that it came back with, or -1 if it did not come back in time. */
static inline int caller_finish(struct caller *caller)
{
	if (!caller_returns(caller))
		return -1;
	pthread_join(caller->thread, NULL);
	if (caller->place->queued)
		pthread_join(caller->first, NULL);
	return caller->err;
}

/* After caller_finish() has returned 0 */
static inline bool caller_has_answer(const struct caller *caller)
{
	const char *out = (char *)caller_memory(caller, STALLS_OUT,
						&caller->answer);

	switch (caller->place->cmd) {
	case FWCTL_INFO:
		return ((struct fwctl_info_sim *)out)->registers == 64;
	case FWCTL_RPC:
		return sim_cookie((struct sim_answer *)out) == CALLER_COOKIE;
	}
	return true;
}

#endif /* FWCTL_CALLER_H */
