// SPDX-License-Identifier: GPL-2.0
/*
 * A caller is killed, at each place where a caller can sleep: it is gone at once. A call
 * that the device still has stays accounted until the device completes it, and no other
 * caller is affected.
 *
 * Suites: lifetimes races
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/wait.h>

#include "fwctl_caller.h"
#include "fwctl_harness.h"

/**
 * struct victim - a process with a file of its own, whose thread sleeps somewhere
 * @pid: the process, or 0
 */
struct victim {
	pid_t pid;
};

/* Writes a byte once its thread sleeps. */
static void victim_live(enum place_id place, const struct sim *sim, int ready)
{
	int fd = sim_open(sim, O_RDWR);
	struct caller caller;

	if (fd >= 0 && !caller_start(&caller, place, sim, fd) &&
	    write(ready, "", 1) == 1)
		while (true)
			pause();
	_exit(1);
}

static pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Returns whether it sleeps at that place. */
static bool victim_start(struct victim *victim, enum place_id place,
			 const struct sim *sim)
{
	int ends[2];
	bool ready;
	char byte;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	victim->pid = fork_child();
	if (victim->pid == 0)
		victim_live(place, sim, ends[1]);
	close(ends[1]);
	ready = victim->pid > 0 && read(ends[0], &byte, 1) == 1;
	close(ends[0]);
	return ready;
}

/* The same, in a device that answers after a while. It answers others at once. */
static bool victim_start_slow(struct victim *victim, const struct sim *sim,
			      int ms)
{
	struct sim_answer answer;

	if (sim_set(sim, "faults/delay_us", ms * 1000))
		return false;
	victim->pid = fork_child();
	if (victim->pid == 0)
		_exit(sim_echo(sim_open(sim, O_RDWR), CALLER_COOKIE, &answer));
	return victim->pid > 0 &&
	       sim_wait(sim, "stats/inflight", 1, CALLER_LIMIT_MS) &&
	       !sim_set(sim, "faults/delay_us", 0);
}

/* Returns the signal that it died of, or -1 if it does not die. */
static int victim_die(struct victim *victim, int signal)
{
	int status;

	kill(victim->pid, signal);
	if (!COMES_TRUE(waitpid(victim->pid, &status, WNOHANG),
			CALLER_LIMIT_MS))
		return -1;
	victim->pid = 0;
	return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

static void victim_end(struct victim *victim)
{
	if (victim->pid > 0)
		victim_die(victim, SIGKILL);
}

struct usage {
	long long files;
	long long calls;
	long long queued;
	long long bytes;
};

static struct usage usage_of(const struct sim *sim)
{
	return (struct usage){
		.files = sim_class_get(sim, "usage/files"),
		.calls = sim_class_get(sim, "usage/calls"),
		.queued = sim_class_get(sim, "usage/queued"),
		.bytes = sim_class_get(sim, "usage/bytes"),
	};
}

/* Bytes of one short call, from a device that has no other: -1 on failure */
static long long bytes_of_one(const struct sim *sim)
{
	int fd = sim_open(sim, O_RDWR);
	long long bytes = -1;
	struct caller caller;

	if (fd >= 0 && !caller_start(&caller, IN_DEVICE, sim, fd))
		bytes = sim_class_get(sim, "usage/bytes");
	if (bytes >= 0 && (caller_release(&caller) || caller_finish(&caller)))
		bytes = -1;
	close(fd);
	return sim_wait(sim, "stats/contexts", 0, CALLER_LIMIT_MS) ? bytes : -1;
}

/* Calls that wait have an owner: all of them are in the device. */
static void check_usage(struct __test_metadata *_metadata,
			const struct sim *sim, long long files, long long calls,
			long long bytes)
{
	struct usage usage = usage_of(sim);

	EXPECT_EQ(files, usage.files);
	EXPECT_EQ(calls, usage.calls);
	EXPECT_EQ(0, usage.queued);
	EXPECT_EQ(calls * bytes, usage.bytes);
}

/* All that was submitted came back, all that was opened is closed. */
static void check_idle(struct __test_metadata *_metadata, const struct sim *sim)
{
	EXPECT_TRUE(sim_wait(sim, "stats/contexts", 0, CALLER_LIMIT_MS));
	EXPECT_EQ(0, sim_get(sim, "stats/inflight"));
	EXPECT_TRUE(sim_class_wait(sim, "usage/bytes", 0, CALLER_LIMIT_MS));
	check_usage(_metadata, sim, 0, 0, 0);
}

static void check_works(struct __test_metadata *_metadata,
			const struct sim *sim)
{
	struct sim_answer answer;
	int fd = sim_open(sim, O_RDWR);

	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, sim_echo(fd, 7, &answer));
	EXPECT_EQ(7, sim_cookie(&answer));
	EXPECT_EQ(0, close(fd));
}

FIXTURE(kill)
{
	struct sim sim;
	struct victim victim;
	/* Of one call */
	long long bytes;
};

FIXTURE_VARIANT(kill)
{
	enum place_id place;
};

FIXTURE_VARIANT_ADD(kill, opening) { .place = OPENING };

FIXTURE_VARIANT_ADD(kill, reading_info_struct)
{
	.place = READING_INFO_STRUCT
};

FIXTURE_VARIANT_ADD(kill, writing_info) { .place = WRITING_INFO };

FIXTURE_VARIANT_ADD(kill, reading_header) { .place = READING_HEADER };

FIXTURE_VARIANT_ADD(kill, reading_rest) { .place = READING_REST };

FIXTURE_VARIANT_ADD(kill, checking_out) { .place = CHECKING_OUT };

FIXTURE_VARIANT_ADD(kill, waiting_for_turn) { .place = WAITING_FOR_TURN };

FIXTURE_VARIANT_ADD(kill, in_device) { .place = IN_DEVICE };

FIXTURE_VARIANT_ADD(kill, writing_answer) { .place = WRITING_ANSWER };

FIXTURE_VARIANT_ADD(kill, writing_rpc_struct) { .place = WRITING_RPC_STRUCT };

FIXTURE_VARIANT_ADD(kill, reading_query) { .place = READING_QUERY };

FIXTURE_VARIANT_ADD(kill, reading_restrict_struct)
{
	.place = READING_RESTRICT_STRUCT
};

FIXTURE_SETUP(kill)
{
	const char *missing = sim_missing() ?: place_missing(variant->place);

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_create(&self->sim));
	ASSERT_EQ(0, sim_set(&self->sim, "max_file_calls", 1));
	ASSERT_EQ(0, sim_start(&self->sim));
	self->bytes = bytes_of_one(&self->sim);
	ASSERT_GT(self->bytes, SIM_REQUEST_LEN + SIM_ANSWER_LEN);
	ASSERT_TRUE(victim_start(&self->victim, variant->place, &self->sim));
}

FIXTURE_TEARDOWN(kill)
{
	victim_end(&self->victim);
	sim_destroy(&self->sim);
}

/* While the device has the call its memory and its slot are taken, and no more. */
TEST_F(kill, caller_leaves_at_once_and_its_call_when_answered)
{
	const struct place *place = &places[variant->place];
	const struct sim *sim = &self->sim;
	long long submitted = sim_get(sim, "stats/submitted");

	ASSERT_EQ(SIGKILL, victim_die(&self->victim, SIGKILL));
	check_usage(_metadata, sim, 0, place->calls, self->bytes);
	EXPECT_EQ(place->calls, sim_get(sim, "stats/inflight"));

	if (place->fault)
		EXPECT_EQ(0, sim_set(sim, place->fault, 0));
	check_idle(_metadata, sim);
	/* No call was sent after its caller was dead. */
	EXPECT_EQ(submitted, sim_get(sim, "stats/submitted"));
	EXPECT_EQ(submitted, sim_get(sim, "stats/completed"));
	check_works(_metadata, sim);
}

/* A signal with the default action ends a process as well. */
TEST_F(kill, termination_is_as_good)
{
	ASSERT_EQ(SIGTERM, victim_die(&self->victim, SIGTERM));
	check_usage(_metadata, &self->sim, 0, places[variant->place].calls,
		    self->bytes);
}

/* No caller is left to take the answer, and then there is no device either. */
TEST_F(kill, device_goes_after_its_caller)
{
	ASSERT_EQ(SIGKILL, victim_die(&self->victim, SIGKILL));
	EXPECT_EQ(0, sim_stop(&self->sim));
	ASSERT_EQ(0, sim_start(&self->sim));
	sim_clear_faults(&self->sim);
	check_works(_metadata, &self->sim);
	check_idle(_metadata, &self->sim);
}

static void *stop_thread(void *arg)
{
	return (void *)(intptr_t)sim_stop(arg);
}

static bool is_going(const struct sim *sim)
{
	return sim_class_get(sim, "usage/files") < 0;
}

/* The removal waits for the device; a caller that is killed waits for neither. */
TEST_F(kill, caller_leaves_during_a_removal)
{
	const struct place *place = &places[variant->place];
	pthread_t thread;
	void *err;

	ASSERT_EQ(0, sim_set(&self->sim, "faults/keep_on_remove", 1));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stop_thread, &self->sim));
	EXPECT_TRUE(COMES_TRUE(is_going(&self->sim), CALLER_LIMIT_MS));
	EXPECT_EQ(SIGKILL, victim_die(&self->victim, SIGKILL));
	EXPECT_EQ(place->calls, sim_get(&self->sim, "stats/inflight"));

	if (place->fault)
		EXPECT_EQ(0, sim_set(&self->sim, place->fault, 0));
	ASSERT_EQ(0, pthread_join(thread, &err));
	EXPECT_EQ(NULL, err);
	EXPECT_EQ(0, sim_get(&self->sim, "stats/inflight"));
}

FIXTURE(others)
{
	struct sim sim;
	struct victim victim;
	/* Of one call */
	long long bytes;
	int fd;
};

FIXTURE_VARIANT(others)
{
	int turns;
};

FIXTURE_VARIANT_ADD(others, one_turn) { .turns = 1 };

FIXTURE_VARIANT_ADD(others, two_turns) { .turns = 2 };

#define SLOW_MS 2500

FIXTURE_SETUP(others)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_create(&self->sim));
	ASSERT_EQ(0, sim_set(&self->sim, "max_file_calls", 1));
	ASSERT_EQ(0, sim_set(&self->sim, "max_calls", variant->turns));
	ASSERT_EQ(0, sim_start(&self->sim));
	self->bytes = bytes_of_one(&self->sim);
	ASSERT_GT(self->bytes, SIM_REQUEST_LEN + SIM_ANSWER_LEN);
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
	ASSERT_TRUE(victim_start_slow(&self->victim, &self->sim, SLOW_MS));
}

FIXTURE_TEARDOWN(others)
{
	victim_end(&self->victim);
	close(self->fd);
	sim_destroy(&self->sim);
}

/*
 * The slot of a dead caller's call is taken until the device completes the call. Other
 * callers use the slots that are left; if there is none they wait for it, not for ever.
 */
TEST_F(others, go_on_with_the_turns_that_are_left)
{
	struct sim_answer answer;

	ASSERT_EQ(SIGKILL, victim_die(&self->victim, SIGKILL));
	check_usage(_metadata, &self->sim, 1, 1, self->bytes);
	for (uint64_t cookie = 1; cookie < 9; cookie++) {
		ASSERT_EQ(0, sim_echo(self->fd, cookie, &answer));
		EXPECT_EQ(cookie, sim_cookie(&answer));
	}
	EXPECT_EQ(variant->turns - 1, sim_get(&self->sim, "stats/inflight"));
	check_usage(_metadata, &self->sim, 1, variant->turns - 1, self->bytes);

	EXPECT_TRUE(sim_wait(&self->sim, "stats/inflight", 0, CALLER_LIMIT_MS));
	/* With that of bytes_of_one() */
	EXPECT_EQ(10, sim_get(&self->sim, "stats/completed"));
	EXPECT_TRUE(sim_class_wait(&self->sim, "usage/bytes", 0,
				   CALLER_LIMIT_MS));
	check_usage(_metadata, &self->sim, 1, 0, 0);
}

static atomic_int signals;

static void count_signal(int signal)
{
	signals++;
}

FIXTURE(signal)
{
	struct sim sim;
	struct caller caller;
	int fd;
};

FIXTURE_VARIANT(signal)
{
	enum place_id place;
};

FIXTURE_VARIANT_ADD(signal, opening) { .place = OPENING };

FIXTURE_VARIANT_ADD(signal, waiting_for_turn) { .place = WAITING_FOR_TURN };

FIXTURE_VARIANT_ADD(signal, in_device) { .place = IN_DEVICE };

FIXTURE_SETUP(signal)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_create(&self->sim));
	ASSERT_EQ(0, sim_set(&self->sim, "max_file_calls", 1));
	ASSERT_EQ(0, sim_start(&self->sim));
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
	ASSERT_EQ(0, caller_start(&self->caller, variant->place, &self->sim,
				  self->fd));
}

FIXTURE_TEARDOWN(signal)
{
	close(self->fd);
	sim_destroy(&self->sim);
}

/*
 * A program with a timer or a child does not lose the answer of a call that the
 * firmware executes. Without SA_RESTART, so that EINTR would be seen.
 */
TEST_F(signal, that_is_not_fatal_does_not_end_the_wait)
{
	const struct sigaction action = { .sa_handler = count_signal };
	static const int harmless[] = { SIGUSR1, SIGTERM, SIGALRM };

	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		ASSERT_EQ(0, sigaction(harmless[i], &action, NULL));
		ASSERT_EQ(0, pthread_kill(self->caller.thread, harmless[i]));
	}
	sim_sleep_ms(200);
	EXPECT_TRUE(caller_sleeps(&self->caller));
	EXPECT_EQ(0, signals);

	ASSERT_EQ(0, caller_release(&self->caller));
	EXPECT_EQ(0, caller_finish(&self->caller));
	EXPECT_TRUE(caller_has_answer(&self->caller));
	EXPECT_EQ(ARRAY_LEN(harmless), signals);
}

TEST_HARNESS_MAIN
