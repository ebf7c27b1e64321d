// SPDX-License-Identifier: GPL-2.0
/*
 * The executor, the oracles and the fuzzer, on the fake: a system without mistakes
 * passes, and each mistake is found by its oracle, with a program made for it and by
 * fuzzing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../fuzzer.h"
#include "../minimise.h"
#include "fake.h"

static struct executor executor;
static bool running;

static void end(void)
{
	executor_stop(&executor);
	running = false;
}

/* A failed test has not stopped its executor. */
static void begin(enum fake_mistake mistake)
{
	if (running)
		end();
	running = true;
	executor_start(&executor, fake_start(mistake));
	/* The fake has no capability check. */
	executor.model.rawio = true;
	executor.model.locked_down = false;
}

static bool run_text(const char *text)
{
	struct program program;

	assert_int_equal(program_parse(&program, text), 0);
	return executor_run(&executor, &program);
}

/* Mistakes, programs that trigger them, and the oracles that find them */
static const struct {
	enum fake_mistake mistake;
	enum oracle_class class;
	const char *text;
} found[] = {
	{ MISTAKE_ERRNO, ORACLE_ERRNO, "open\ninfo size=23\n" },
	{ MISTAKE_LABEL, ORACLE_QUERY, "open\nrpc scope=1 opcode=3\n" },
	{ MISTAKE_MODE, ORACLE_QUERY, "open mode=ro\nrpc opcode=3\n" },
	{ MISTAKE_QUERY, ORACLE_QUERY, "open\ncap classes=0x3c\nrpc opcode=1\n" },
	{ MISTAKE_SUBMIT, ORACLE_REFUSED, "open\nrpc opcode=7\n" },
	{ MISTAKE_SCRIBBLE, ORACLE_REFUSED, "open\nrpc opcode=7\n" },
	{ MISTAKE_OVERRUN, ORACLE_BOUNDS, "open\nrpc opcode=1\n" },
	{ MISTAKE_STRUCT, ORACLE_BOUNDS, "open\nrpc opcode=1\n" },
	{ MISTAKE_RESTRICT, ORACLE_RESTRICT,
	  "open\nrestrict classes=2\nrestrict classes=6\n" },
	{ MISTAKE_CAP, ORACLE_CAP, "open\ncap classes=2\ncap classes=6\n" },
	{ MISTAKE_INFO, ORACLE_INFO, "open\ninfo len=32\n" },
	{ MISTAKE_COOKIE, ORACLE_ANSWER, "open\nrpc opcode=1\n" },
	{ MISTAKE_LENGTH, ORACLE_DECISION,
	  "open\nfault which=answer_len value=100\nrpc opcode=1\n" },
	{ MISTAKE_BYTES, ORACLE_LEAK, "open\nrpc opcode=1\n" },
	{ MISTAKE_CONTEXT, ORACLE_LEAK, "open\n" },
	{ MISTAKE_WARNING, ORACLE_KERNEL, "open\ninfo size=4097\n" },
	{ MISTAKE_ROOM, ORACLE_BOUNDS,
	  "open\nfault which=error value=5\nrpc opcode=1\n" },
	{ MISTAKE_UNDO, ORACLE_QUERY,
	  "open\nrestrict cmd=readonly classes=2\nrpc opcode=1\n" },
};

static void each_mistake_is_found_by_its_oracle(void **state)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(found); i++) {
		begin(found[i].mistake);
		if (run_text(found[i].text) ||
		    executor.oracle.class != found[i].class)
			fail_msg("mistake %u: %s: \"%s\"", found[i].mistake,
				 oracle_infos[executor.oracle.class].name,
				 executor.oracle.text);
		end();
	}
}

static void without_mistakes_the_same_programs_pass(void **state)
{
	begin(MISTAKE_NONE);
	for (unsigned int i = 0; i < ARRAY_SIZE(found); i++)
		if (!run_text(found[i].text))
			fail_msg("%s: %s", found[i].text, executor.oracle.text);
	end();
}

/* The race may need several tries. */
static void a_request_that_changes_under_way_is_found(void **state)
{
	bool good = true;

	begin(MISTAKE_REFETCH);
	for (unsigned int i = 0; i < 5000 && good; i++)
		good = run_text("open\nrpc scope=1 opcode=4 flip=3 arg=1 payload=7\n"
				"rpc scope=1 opcode=4 flip=3 arg=1 payload=8\n");
	assert_false(good);
	end();
}

/* An errno of the driver is not a refusal by the core, and cannot be predicted. */
static void what_the_driver_says_is_no_refusal(void **state)
{
	static const char *const texts[] = {
		"open\nfault which=timeout_us value=1\nrpc opcode=1\n",
		"open\nfault which=timeout_us value=1\n"
		"fault which=error value=5\nrpc opcode=1\n",
		/* The core's EIO means that a write was executed, the device's that it was not. */
		"open\nfault which=error value=5\nrpc opcode=3 payload=1\n",
		"open\nfault which=answer_len value=100\nrpc opcode=3 payload=1\n",
	};

	begin(MISTAKE_NONE);
	for (unsigned int i = 0; i < ARRAY_SIZE(texts); i++)
		if (!run_text(texts[i]))
			fail_msg("%s: %s", texts[i], executor.oracle.text);
	end();
}

static bool fuzz(u64 seed, bool guided, u64 programs, struct fuzzer *fuzzer)
{
	struct program program;
	bool good = true;

	*fuzzer = (struct fuzzer){
		.executor = &executor,
		.seed = seed,
		.guided = guided,
	};
	assert_true(fuzzer_start(fuzzer));
	while (good && fuzzer->programs < programs) {
		fuzzer_next(fuzzer, &program);
		assert_true(program_valid(&program));
		good = fuzzer_run(fuzzer, &program);
	}
	if (!good && executor.verbose) {
		printf("# %s\n", executor.oracle.text);
		program_print(&program, stdout);
	}
	fuzzer_stop(fuzzer);
	return good;
}

static void a_run_without_mistakes_passes(void **state)
{
	struct fuzzer fuzzer;

	begin(MISTAKE_NONE);
	if (!fuzz(1, true, 1500, &fuzzer))
		fail_msg("%s", executor.oracle.text);
	assert_true(executor.coverage.count > 0);
	for (unsigned int i = 0; i < ORACLE_CLASSES; i++)
		if (i != ORACLE_KILL)
			assert_true(executor.oracle.checks[i] > 0);
	end();
}

static void a_run_finds_each_mistake(void **state)
{
	struct fuzzer fuzzer;

	for (unsigned int i = 1; i < MISTAKES; i++) {
		/* This race is rarely hit on a busy machine. */
		if (i == MISTAKE_REFETCH)
			continue;
		begin(i);
		if (fuzz(1, true, 4000, &fuzzer))
			fail_msg("mistake %u was not found", i);
		print_message("# mistake %u: after %llu programs, by %s\n", i,
			      (unsigned long long)fuzzer.programs,
			      oracle_infos[executor.oracle.class].name);
		end();
	}
}

static void look_calls(u64 seed, u64 *calls, u64 *checks)
{
	struct fuzzer fuzzer;

	begin(MISTAKE_NONE);
	assert_true(fuzz(seed, false, 300, &fuzzer));
	*calls = executor.calls;
	*checks = fuzzer.programs;
	end();
}

static void blind_runs_with_the_same_seed_are_the_same(void **state)
{
	u64 calls[3], programs[3];

	look_calls(5, &calls[0], &programs[0]);
	look_calls(5, &calls[1], &programs[1]);
	look_calls(6, &calls[2], &programs[2]);
	assert_int_equal(programs[0], programs[1]);
	assert_int_not_equal(calls[0], calls[2]);
}

static size_t edges_after(bool guided, u64 programs, size_t *corpus)
{
	struct fuzzer fuzzer;
	size_t edges;

	begin(MISTAKE_NONE);
	assert_true(fuzz(3, guided, programs, &fuzzer));
	edges = executor.coverage.count;
	*corpus = fuzzer.corpus.room;
	end();
	return edges;
}

static void only_guided_runs_have_a_corpus(void **state)
{
	size_t corpus;

	assert_true(edges_after(true, 200, &corpus) > 0);
	edges_after(false, 200, &corpus);
	assert_int_equal(corpus, 0);
}

/* What hangs is released by the watchdog, which must not pass by a fault that is being set. */
static void a_fault_that_is_slow_to_be_set_is_released(void **state)
{
	begin(SLOW);
	assert_true(run_text("open\nfault which=hang value=1\n"));
	assert_int_equal(fake_fault(0, "faults/hang"), 0);
	end();
}

static bool fails_alike(const struct program *program, void *data)
{
	const enum oracle_class *class = data;

	return !executor_run(&executor, program) &&
	       executor.oracle.class == *class;
}

static void what_was_found_can_be_minimised(void **state)
{
	enum oracle_class class = ORACLE_RESTRICT;
	struct trial trial = { fails_alike, &class, 1000 };
	struct program program;

	begin(MISTAKE_RESTRICT);
	assert_int_equal(program_parse(&program,
				       "open file=1 device=1\nopen\ninfo\n"
				       "restrict classes=2\nquery\nfault value=0\n"
				       "restrict classes=0x1e\nclose file=1\n"), 0);
	program_minimise(&program, &trial);
	assert_int_equal(program.len, 3);
	assert_int_equal(program.ops[0].kind, OP_OPEN);
	assert_int_equal(program.ops[1].kind, OP_RESTRICT);
	assert_int_equal(program.ops[2].kind, OP_RESTRICT);
	assert_true(fails_alike(&program, &class));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mistake_is_found_by_its_oracle),
		cmocka_unit_test(without_mistakes_the_same_programs_pass),
		cmocka_unit_test(what_the_driver_says_is_no_refusal),
		cmocka_unit_test(a_request_that_changes_under_way_is_found),
		cmocka_unit_test(a_fault_that_is_slow_to_be_set_is_released),
		cmocka_unit_test(a_run_without_mistakes_passes),
		cmocka_unit_test(a_run_finds_each_mistake),
		cmocka_unit_test(blind_runs_with_the_same_seed_are_the_same),
		cmocka_unit_test(only_guided_runs_have_a_corpus),
		cmocka_unit_test(what_was_found_can_be_minimised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
