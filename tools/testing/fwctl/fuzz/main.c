// SPDX-License-Identifier: GPL-2.0
/* Command line and report. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzzer.h"
#include "minimise.h"

static const char usage[] =
	"usage: fuzz [--calls N] [--seconds N] [--seed N] [--corpus DIR] [--failures DIR]\n"
	"            [--blind] [--keep-going] [--verbose]\n"
	"       fuzz --replay FILE [--times N]\n"
	"       fuzz --minimise FILE\n"
	"       fuzz --operations\n";

/* Exit status of kselftest for a test that was skipped */
#define EXIT_SKIP 4
#define MINIMISE_RUNS 400
#define MINIMISE_SECONDS 60

/**
 * struct options - the command line
 * @calls: end after this number of system calls, 0: no limit
 * @seconds: end after this number of seconds, 0: no limit
 * @seed: seed of all random numbers
 * @times: number of times that a program is replayed
 * @corpus: folder of the corpus, or NULL
 * @failures: folder for programs that fail, or NULL
 * @replay: file to run, or NULL
 * @minimise: file to minimise, or NULL
 * @blind: count coverage, but do not use it for the corpus
 * @keep_going: do not end with the first failure
 * @verbose: print the result of each operation
 */
struct options {
	u64 calls;
	u64 seconds;
	u64 seed;
	u64 times;
	const char *corpus;
	const char *failures;
	const char *replay;
	const char *minimise;
	bool blind;
	bool keep_going;
	bool verbose;
};

enum {
	OPT_CALLS = 1, OPT_SECONDS, OPT_SEED, OPT_TIMES, OPT_CORPUS,
	OPT_FAILURES, OPT_REPLAY, OPT_MINIMISE, OPT_BLIND, OPT_KEEP_GOING,
	OPT_VERBOSE, OPT_OPERATIONS, OPT_HELP,
};

static const struct option long_options[] = {
	{ "calls", required_argument, NULL, OPT_CALLS },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "times", required_argument, NULL, OPT_TIMES },
	{ "corpus", required_argument, NULL, OPT_CORPUS },
	{ "failures", required_argument, NULL, OPT_FAILURES },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "minimise", required_argument, NULL, OPT_MINIMISE },
	{ "blind", no_argument, NULL, OPT_BLIND },
	{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
	{ "verbose", no_argument, NULL, OPT_VERBOSE },
	{ "operations", no_argument, NULL, OPT_OPERATIONS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static struct executor executor;

static u64 number_parse(const char *text)
{
	char *end;
	u64 value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end) {
		fprintf(stderr, "fuzz: %s is no number\n", text);
		exit(2);
	}
	return value;
}

static void operations_print(void)
{
	for (unsigned int i = 0; i < OP_KINDS; i++) {
		struct op op = op_usual(i);

		op_print(&op, stdout);
	}
}

static void option_flag(struct options *options, int option)
{
	switch (option) {
	case OPT_BLIND:
		options->blind = true;
		break;
	case OPT_KEEP_GOING:
		options->keep_going = true;
		break;
	case OPT_VERBOSE:
		options->verbose = true;
		break;
	case OPT_OPERATIONS:
		operations_print();
		exit(0);
	default:
		fputs(usage, option == OPT_HELP ? stdout : stderr);
		exit(option == OPT_HELP ? 0 : 2);
	}
}

static void option_set(struct options *options, int option, const char *value)
{
	u64 *numbers[] = {
		[OPT_CALLS] = &options->calls, [OPT_SECONDS] = &options->seconds,
		[OPT_SEED] = &options->seed, [OPT_TIMES] = &options->times,
	};
	const char **texts[] = {
		[OPT_CORPUS] = &options->corpus,
		[OPT_FAILURES] = &options->failures,
		[OPT_REPLAY] = &options->replay,
		[OPT_MINIMISE] = &options->minimise,
	};

	if (option <= OPT_TIMES)
		*numbers[option] = number_parse(value);
	else if (option <= OPT_MINIMISE)
		*texts[option] = value;
	else
		option_flag(options, option);
}

static void options_parse(struct options *options, int argc, char **argv)
{
	int option;

	*options = (struct options){ .seed = time(NULL), .times = 1 };
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		option_set(options, option == '?' ? OPT_HELP + 1 : option, optarg);
	if (optind != argc)
		option_flag(options, OPT_HELP + 1);
	if (!options->calls && !options->seconds)
		options->seconds = 60;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/**
 * struct failure - the failure that a simpler program must reproduce
 * @class: class of the oracle that fails
 * @until: end of the minimising, in seconds; leaks are found slowly
 */
struct failure {
	enum oracle_class class;
	double until;
};

static bool fails_alike(const struct program *program, void *data)
{
	const struct failure *failure = data;

	return now() < failure->until && !executor_run(&executor, program) &&
	       executor.oracle.class == failure->class;
}

static void failure_save(const struct options *options,
			 const struct program *program, const char *text,
			 const char *suffix)
{
	char path[4096];
	FILE *out;

	if (!options->failures)
		return;
	snprintf(path, sizeof(path), "%s/%016" PRIx64 "%s.txt",
		 options->failures, program_hash(program), suffix);
	out = fopen(path, "w");
	if (!out) {
		printf("# cannot write %s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(out, "# %s\n# seed %" PRIu64 "\n", text, options->seed);
	program_print(program, out);
	fclose(out);
	printf("# saved as %s\n", path);
}

/* Failures from the kernel's log are not minimised: a warning may appear only once. */
static void failure_report(const struct options *options,
			   const struct program *program)
{
	enum oracle_class class = executor.oracle.class;
	struct failure failure = { class, now() + MINIMISE_SECONDS };
	struct trial trial = { fails_alike, &failure, MINIMISE_RUNS };
	struct program small = *program;
	char text[sizeof(executor.oracle.text)];

	memcpy(text, executor.oracle.text, sizeof(text));
	printf("# failed: %s: %s\n", oracle_infos[class].name, text);
	program_comment(program);
	failure_save(options, program, text, "");
	if (class == ORACLE_KERNEL)
		return;
	program_minimise(&small, &trial);
	printf("# minimised in %u runs\n", MINIMISE_RUNS - trial.runs);
	program_comment(&small);
	failure_save(options, &small, text, ".min");
}

/* Save the program before it runs, in case the kernel crashes. */
static void current_save(FILE *out, const struct program *program)
{
	if (!out)
		return;
	rewind(out);
	program_print(program, out);
	/* Marks the end: the rest of a longer program may follow until ftruncate(). */
	fputs("# end\n", out);
	fflush(out);
	if (ftruncate(fileno(out), ftell(out)))
		puts("# cannot truncate the current program");
}

static FILE *current_open(const struct options *options)
{
	char path[4096];

	if (!options->failures)
		return NULL;
	snprintf(path, sizeof(path), "%s/current.txt", options->failures);
	return fopen(path, "w");
}

static bool over(const struct options *options, double begin)
{
	return (options->calls && executor.calls >= options->calls) ||
	       (options->seconds && now() - begin >= options->seconds);
}

/* Returns the number of failures; @failed gets a bit for each class. */
static unsigned int fuzz(const struct options *options, struct fuzzer *fuzzer,
			 u32 *failed)
{
	FILE *current = current_open(options);
	double begin = now();
	unsigned int failures = 0;
	struct program program;

	while (!over(options, begin) && (!failures || options->keep_going)) {
		fuzzer_next(fuzzer, &program);
		current_save(current, &program);
		if (fuzzer_run(fuzzer, &program))
			continue;
		failures++;
		*failed |= BIT(executor.oracle.class);
		printf("# program %" PRIu64 ", after %" PRIu64 " calls\n",
		       fuzzer->programs, executor.calls);
		failure_report(options, &program);
		fflush(stdout);
	}
	if (current)
		fclose(current);
	return failures;
}

static void tap_class(unsigned int class, bool failed)
{
	u64 checks = executor.oracle.checks[class];

	printf("%sok %u - %s: %s%s\n", failed ? "not " : "", class + 1,
	       oracle_infos[class].name, oracle_infos[class].rule,
	       checks || failed ? "" : " # SKIP nothing to check");
}

static void tap_report(const struct options *options,
		       const struct fuzzer *fuzzer, u32 failed, double seconds)
{
	printf("# seed %" PRIu64 ", %s\n", options->seed,
	       fuzzer->guided ? "guided by KCOV" :
	       options->blind ? "blind, as asked for" :
	       "blind: this kernel has no KCOV");
	printf("# %" PRIu64 " calls, %" PRIu64 " programs, %zu edges, corpus of %zu, ",
	       executor.calls, fuzzer->programs, executor.coverage.count,
	       fuzzer->corpus.len);
	printf("%" PRIu64 " oracle checks, %.1f s\n",
	       oracle_sum(&executor.oracle), seconds);
	for (unsigned int i = 0; i < ORACLE_CLASSES; i++)
		tap_class(i, failed & BIT(i));
	printf("%sok %u - no oracle failed\n", failed ? "not " : "",
	       ORACLE_CLASSES + 1);
}

static int run_fuzz(const struct options *options)
{
	struct fuzzer fuzzer = {
		.executor = &executor,
		.seed = options->seed,
		.guided = !options->blind && executor.main.job.trace,
		.dir = options->corpus,
	};
	double begin = now();
	u32 failed = 0;

	printf("TAP version 13\n1..%u\n", ORACLE_CLASSES + 1);
	if (!fuzzer_start(&fuzzer))
		return 2;
	fuzz(options, &fuzzer, &failed);
	tap_report(options, &fuzzer, failed, now() - begin);
	fuzzer_stop(&fuzzer);
	return failed != 0;
}

static int run_replay(const struct options *options)
{
	struct program program;
	unsigned int failures = 0;

	if (!program_load(&program, options->replay))
		return 2;
	for (u64 i = 0; i < options->times; i++) {
		if (executor_run(&executor, &program))
			continue;
		failures++;
		printf("# failed: %s: %s\n",
		       oracle_infos[executor.oracle.class].name,
		       executor.oracle.text);
	}
	printf("%sok 1 - %s failed %u times of %" PRIu64 "\n1..1\n",
	       failures ? "not " : "", options->replay, failures, options->times);
	return failures != 0;
}

static int run_minimise(const struct options *options)
{
	struct program program;

	if (!program_load(&program, options->minimise))
		return 2;
	if (executor_run(&executor, &program)) {
		printf("ok 1 - %s does not fail\n1..1\n", options->minimise);
		return 0;
	}
	failure_report(options, &program);
	printf("not ok 1 - %s fails\n1..1\n", options->minimise);
	return 1;
}

int main(int argc, char **argv)
{
	const char *why = NULL;
	const struct system *system;
	struct options options;
	int ret;

	options_parse(&options, argc, argv);
	system = kernel_start(&why);
	if (!system) {
		printf("1..0 # SKIP %s\n", why);
		return EXIT_SKIP;
	}
	executor_start(&executor, system);
	executor.verbose = options.verbose || options.replay;
	if (options.replay)
		ret = run_replay(&options);
	else if (options.minimise)
		ret = run_minimise(&options);
	else
		ret = run_fuzz(&options);
	executor_stop(&executor);
	kernel_stop();
	return ret;
}
