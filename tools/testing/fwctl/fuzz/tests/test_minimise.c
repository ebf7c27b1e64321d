// SPDX-License-Identifier: GPL-2.0
/* The minimiser: it ends, and its result still fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../minimise.h"
#include "../mutate.h"

/**
 * struct need - a program fails if it has all of these
 * @kinds: operations, as bits
 * @arg: an RPC with an argument above this; 0: none
 * @calls: number of calls of the callback
 */
struct need {
	u32 kinds;
	u64 arg;
	unsigned int calls;
};

static bool fails(const struct program *program, void *data)
{
	struct need *need = data;
	bool arg = !need->arg;
	u32 kinds = 0;

	need->calls++;
	assert_true(program_valid(program));
	for (unsigned int i = 0; i < program->len; i++) {
		const struct op *op = &program->ops[i];

		kinds |= BIT(op->kind);
		arg |= op->kind == OP_RPC && op->values[ASK_ARG] > need->arg;
	}
	return arg && !(need->kinds & ~kinds);
}

static struct program full_program(u64 seed)
{
	struct rng rng = { seed };
	struct program program;

	program_generate(&program, &rng);
	while (program.len < FUZZ_OPS)
		program_mutate(&program, &rng);
	program.ops[5] = op_usual(OP_RPC);
	program.ops[5].values[ASK_ARG] = 77;
	program.ops[5].values[ASK_COOKIE] = 1;
	program.ops[9] = op_usual(OP_CAP);
	return program;
}

static void only_what_is_needed_is_left(void **state)
{
	for (u64 seed = 0; seed < 50; seed++) {
		struct need need = { BIT(OP_CAP) | BIT(OP_RPC), 50, 0 };
		struct trial trial = { fails, &need, 10000 };
		struct program program = full_program(seed);

		program_minimise(&program, &trial);
		assert_true(fails(&program, &need));
		assert_int_equal(program.len, 2);
		assert_int_equal(need.calls + trial.runs, 10001);
		for (unsigned int i = 0; i < 2; i++)
			assert_true(program.ops[i].kind != OP_RPC ||
				    program.ops[i].values[ASK_COOKIE] != 1);
	}
}

static void it_ends_with_the_last_run(void **state)
{
	struct need need = { BIT(OP_CAP), 50, 0 };

	for (unsigned int runs = 0; runs < 30; runs++) {
		struct trial trial = { fails, &need, runs };
		struct program program = full_program(runs);

		need.calls = 0;
		program_minimise(&program, &trial);
		assert_true(need.calls <= runs);
		assert_true(fails(&program, &need));
	}
}

static bool fails_never(const struct program *program, void *data)
{
	return false;
}

static bool fails_always(const struct program *program, void *data)
{
	return true;
}

static void what_does_not_fail_again_stays_as_it_is(void **state)
{
	struct trial trial = { fails_never, NULL, 10000 };
	struct program program = full_program(1), old = program;

	program_minimise(&program, &trial);
	assert_true(program_equal(&program, &old));
	assert_true(trial.runs > 0);
}

static void what_always_fails_becomes_one_operation(void **state)
{
	struct trial trial = { fails_always, NULL, 10000 };
	struct program program = full_program(1);
	struct op usual;

	program_minimise(&program, &trial);
	usual = op_usual(program.ops[0].kind);
	assert_int_equal(program.len, 1);
	assert_memory_equal(&program.ops[0], &usual, sizeof(usual));
	assert_true(trial.runs > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_needed_is_left),
		cmocka_unit_test(it_ends_with_the_last_run),
		cmocka_unit_test(what_does_not_fail_again_stays_as_it_is),
		cmocka_unit_test(what_always_fails_becomes_one_operation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
