// SPDX-License-Identifier: GPL-2.0
/* Programs and mutations: the text form, and the properties that mutations keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../corpus.h"
#include "../mutate.h"

#define ROUNDS 20000

static char *text_of(const struct program *program)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	program_print(program, out);
	fclose(out);
	return text;
}

/* A chain of mutations, as a run makes them: ROUNDS programs */
static void chain(u64 seed, void (*look)(const struct program *program, void *data),
		  void *data)
{
	struct rng rng = { seed };
	struct program program, other;

	program_generate(&program, &rng);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (rng_one_in(&rng, 50))
			program_generate(&program, &rng);
		program_generate(&other, &rng);
		if (rng_one_in(&rng, 4))
			program_splice(&program, &other, &rng);
		program_mutate(&program, &rng);
		look(&program, data);
	}
}

static void look_valid(const struct program *program, void *data)
{
	assert_true(program_valid(program));
}

static void mutations_keep_programs_valid(void **state)
{
	for (u64 seed = 0; seed < 5; seed++)
		chain(seed, look_valid, NULL);
}

static void look_hash(const struct program *program, void *data)
{
	u64 *hash = data;

	*hash = *hash * 31 + program_hash(program);
}

static void the_same_seed_makes_the_same_programs(void **state)
{
	u64 a = 0, b = 0, c = 0;

	chain(7, look_hash, &a);
	chain(7, look_hash, &b);
	chain(8, look_hash, &c);
	assert_int_equal(a, b);
	assert_int_not_equal(a, c);
}

static void look_round_trip(const struct program *program, void *data)
{
	char *text = text_of(program);
	struct program back;

	assert_int_equal(program_parse(&back, text), 0);
	assert_true(program_equal(program, &back));
	assert_int_equal(program_hash(program), program_hash(&back));
	free(text);
}

static void text_and_program_are_the_same(void **state)
{
	chain(3, look_round_trip, NULL);
}

/**
 * struct seen - values that a field has had, among the first 64
 * @values: a bit for each, by operation and field
 * @kinds: a bit for each operation
 */
struct seen {
	u64 values[OP_KINDS][FUZZ_FIELDS];
	u32 kinds;
};

static void look_seen(const struct program *program, void *data)
{
	struct seen *seen = data;

	for (unsigned int i = 0; i < program->len; i++) {
		const struct op *op = &program->ops[i];

		seen->kinds |= BIT(op->kind);
		for (unsigned int j = 0; j < FUZZ_FIELDS; j++)
			if (op->values[j] < 64)
				seen->values[op->kind][j] |= 1ULL << op->values[j];
	}
}

static void mutations_reach_every_choice(void **state)
{
	struct seen seen = { 0 };

	for (u64 seed = 0; seed < 5; seed++)
		chain(seed, look_seen, &seen);
	assert_int_equal(seen.kinds, BIT(OP_KINDS) - 1);
	for (unsigned int i = 0; i < OP_KINDS; i++) {
		for (unsigned int j = 0; j < op_infos[i].fields_len; j++) {
			const struct field *field = &op_infos[i].fields[j];

			if (field->kind == VALUE_CHOICE)
				assert_int_equal(seen.values[i][j],
						 (1ULL << field->bound) - 1);
		}
	}
}

static void mutations_change_programs(void **state)
{
	struct rng rng = { 1 };
	unsigned int same = 0;

	for (unsigned int i = 0; i < 1000; i++) {
		struct program program, old;

		program_generate(&program, &rng);
		old = program;
		program_mutate(&program, &rng);
		same += program_equal(&program, &old);
	}
	assert_int_equal(same, 0);
}

static void what_is_not_said_is_usual(void **state)
{
	struct program program;
	struct op usual = op_usual(OP_RPC);

	assert_int_equal(program_parse(&program, "# words\n\n rpc arg=0x10 # more\n"), 0);
	assert_int_equal(program.len, 1);
	usual.values[ASK_ARG] = 16;
	assert_memory_equal(&program.ops[0], &usual, sizeof(usual));
}

static void wrong_lines_are_named(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
	} wrong[] = {
		{ "", 1 }, { "# nothing\n", 2 }, { "oepn\n", 1 },
		{ "open\nopen file=6\n", 2 }, { "open\n\nopen file=\n", 3 },
		{ "rpc in=nowhere\n", 1 }, { "rpc in\n", 1 }, { "join file=0\n", 1 },
		{ "rpc arg=-1\n", 1 }, { "rpc arg=0x100000000\n", 1 },
		{ "rpc arg=1x\n", 1 },
		/* One operation too many */
		{ "join\njoin\njoin\njoin\njoin\njoin\njoin\njoin\njoin\n"
		  "join\njoin\njoin\njoin\njoin\njoin\njoin\njoin\n", 17 },
	};
	struct program program;

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(program_parse(&program, wrong[i].text),
				 wrong[i].line);
}

static void programs_out_of_bounds_are_not_valid(void **state)
{
	struct program program = { .len = 1, .ops = { op_usual(OP_OPEN) } };

	assert_true(program_valid(&program));
	program.ops[0].values[OPEN_FILE] = FUZZ_FILES;
	assert_false(program_valid(&program));
	program.ops[0] = op_usual(OP_OPEN);
	program.ops[0].values[FUZZ_FIELDS - 1] = 1;
	assert_false(program_valid(&program));
	program.ops[0].kind = OP_KINDS;
	assert_false(program_valid(&program));
	program.len = 0;
	assert_false(program_valid(&program));
}

static void seeds_are_programs(void **state)
{
	struct corpus corpus = { 0 };

	assert_true(corpus_load(&corpus, "seeds"));
	assert_true(corpus.len > 0);
	for (size_t i = 0; i < corpus.len; i++)
		assert_true(program_valid(&corpus.programs[i]));
	corpus_free(&corpus);
}

static void a_corpus_comes_back_from_its_folder(void **state)
{
	char dir[] = "/tmp/fuzz-test-XXXXXX", command[64];
	struct corpus corpus = { 0 };
	struct rng rng = { 5 };
	struct program program;

	assert_non_null(mkdtemp(dir));
	program_generate(&program, &rng);
	assert_true(corpus_save(dir, &program));
	assert_true(corpus_load(&corpus, dir));
	assert_int_equal(corpus.len, 1);
	assert_true(program_equal(&corpus.programs[0], &program));
	corpus_free(&corpus);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutations_keep_programs_valid),
		cmocka_unit_test(the_same_seed_makes_the_same_programs),
		cmocka_unit_test(text_and_program_are_the_same),
		cmocka_unit_test(mutations_reach_every_choice),
		cmocka_unit_test(mutations_change_programs),
		cmocka_unit_test(what_is_not_said_is_usual),
		cmocka_unit_test(wrong_lines_are_named),
		cmocka_unit_test(programs_out_of_bounds_are_not_valid),
		cmocka_unit_test(seeds_are_programs),
		cmocka_unit_test(a_corpus_comes_back_from_its_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
