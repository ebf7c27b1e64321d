// SPDX-License-Identifier: GPL-2.0
/* The control socket and the log: both are interfaces that tests build upon. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../caps.h"
#include "../control.h"
#include "../log.h"
#include "bench.h"

struct fixture {
	struct bench *b;
	struct control *control;
	int fd;
};

static const u8 nop[16] = { 0x08, 0x0d };

static int client(struct fixture *f)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	control_attach(f->control, pair[1]);
	return pair[0];
}

static int setup(void **state)
{
	static struct fixture f;

	bench_setup_ready(state);
	f.b = *state;
	f.control = control_new(f.b->cx);
	f.fd = client(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->fd);
	bench_run(f->b);
	control_free(f->control);
	bench_free(f->b);
	return 0;
}

static const char *ask_raw(struct fixture *f, int fd, const char *request)
{
	static char answer[65536];
	ssize_t n;

	assert_int_equal(send(fd, request, strlen(request), 0), strlen(request));
	bench_run(f->b);
	n = recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);
	answer[n > 0 ? n : 0] = '\0';
	return answer;
}

static const char *ask(struct fixture *f, const char *request)
{
	return ask_raw(f, f->fd, request);
}

/* The whole format, letter by letter: tests in the guest parse it. */
static void log_gives_the_lines_after_a_number(void **state)
{
	struct fixture *f = *state;
	u64 last = log_since(f->b->cx->log, ~0ULL >> 1, NULL, NULL);
	u16 uid = bench_uctx(f->b, 4);
	u8 data[160] = { 0 };
	char request[32], expected[512];

	bench_reg(f->b, uid, 0x9020, false, data, sizeof(data), NULL);
	snprintf(request, sizeof(request), "log %llu\n", (unsigned long long)last);
	snprintf(expected, sizeof(expected),
		 "cmd seq=%llu slot=0 opcode=0x0a04 name=CREATE_UCTX op_mod=0x0000 uid=0 in=64 out=16"
		 " delivery=0x00 status=0x00 syndrome=0x00000000\n"
		 "cmd seq=%llu slot=0 opcode=0x0805 name=ACCESS_REG op_mod=0x0001 uid=1 reg=0x9020"
		 " in=176 out=176 delivery=0x00 status=0x00 syndrome=0x00000000\n"
		 "ok %llu\n", (unsigned long long)last + 1, (unsigned long long)last + 2,
		 (unsigned long long)last + 2);
	assert_string_equal(ask(f, request), expected);
	snprintf(request, sizeof(request), "log %llu\n", (unsigned long long)last + 2);
	snprintf(expected, sizeof(expected), "ok %llu\n", (unsigned long long)last + 2);
	assert_string_equal(ask(f, request), expected);
}

/* A command that the firmware refuses has reached it: policy tests look for its line. */
static void refusals_are_in_the_log(void **state)
{
	struct fixture *f = *state;

	bench_status(f->b, 0x50d, 0, 0, 0, 0);
	assert_non_null(strstr(ask(f, "log 0\n"),
			       "opcode=0x050d name=UNKNOWN op_mod=0x0000 uid=0 in=64 out=16"
			       " delivery=0x00 status=0x02 syndrome=0x00e00001\n"));
}

/* Memory of the log is bounded for any number of commands. */
static void the_log_forgets_the_oldest(void **state)
{
	struct log *log = log_open(NULL);
	struct log_command cmd = { .name = "NOP", .reg = -1 };
	int i;

	for (i = 0; i < 40000; i++)
		log_command(log, &cmd);
	assert_int_equal(log_since(log, 40000, NULL, NULL), 40000);
	log_close(log);
}

/* The lines that tests look for. */
static void state_describes_the_device(void **state)
{
	struct fixture *f = *state;
	const char *text;

	bench_eq(f->b, bench_uar(f->b), 8, 0x0a, 0, 0);
	bench_uctx(f->b, 4);
	text = ask(f, "state\n");
	assert_non_null(strstr(text, "health syndrome=0x00 fatal=0 removed=0\n"));
	assert_non_null(strstr(text, "hca state=ready issi=0 pages=64 uars=1 pds=0\n"));
	assert_non_null(strstr(text, "eq eqn=1 uid=0 intr=0 size=256"));
	assert_non_null(strstr(text, "uctx uid=1 caps=0x4\n"));
	assert_non_null(strstr(text, "\nok\n"));
}

/* From the request on the control socket to the effect, and its removal. */
static void faults_go_in_and_out(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(ask(f, "fault status status=0x8 opcode=0x80d\n"), "ok\n");
	assert_non_null(strstr(ask(f, "state\n"), "fault kind=status opcode=0x80d"));
	assert_int_equal(bench_status(f->b, 0x80d, 0, 0, 0, 0), 0x08);
	assert_string_equal(ask(f, "clear\n"), "ok\n");
	assert_int_equal(bench_status(f->b, 0x80d, 0, 0, 0, 0), 0);
	assert_string_equal(ask(f, "fault hang opcode=0x80d count=1\n"), "ok\n");
	bench_post(f->b, 3, nop, 16, 16);
	bench_ring(f->b, 8);
	assert_non_null(strstr(ask(f, "state\n"), "job slot=3 opcode=0x080d uid=0 hangs\n"));
	assert_string_equal(ask(f, "release\n"), "ok 1\n");
	assert_true(bench_done(f->b, 3));
	assert_string_equal(ask(f, "fault nonsense\n"), "error unknown fault\n");
}

/* The three health faults, which act at once. */
static void health_faults(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(ask(f, "fault fatal\n"), "ok\n");
	assert_non_null(strstr(ask(f, "state\n"), "health syndrome=0x01 fatal=1 removed=0\n"));
	assert_string_equal(ask(f, "fault removal\n"), "ok\n");
	assert_int_equal(bench_read32(f->b, 0), 0xffffffff);
	assert_string_equal(ask(f, "fault replug\n"), "ok\n");
	assert_non_null(strstr(ask(f, "state\n"), "health syndrome=0x00 fatal=0 removed=0\n"));
}

/* Both timeout words are set or neither, also after a reset. */
static void timeout_is_advertised_from_now_on(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(bench_read32(f->b, 0xff8), 0);
	assert_string_equal(ask(f, "timeout 1500\n"), "ok\n");
	assert_int_equal(bench_read32(f->b, 0xff8), 1500);
	assert_int_equal(bench_read32(f->b, 0xffc), 2000);
	connectx_reset(f->b->cx, "test");
	assert_int_equal(bench_read32(f->b, 0xff8), 1500);
	assert_string_equal(ask(f, "timeout 0\n"), "ok\n");
	assert_int_equal(bench_read32(f->b, 0xff8), 0);
	assert_int_equal(bench_read32(f->b, 0xffc), 0);
	assert_string_equal(ask(f, "timeout\n"), "error bad value\n");
	assert_string_equal(ask(f, "timeout 5x\n"), "error bad value\n");
	assert_string_equal(ask(f, "timeout -1\n"), "error bad value\n");
	assert_string_equal(ask(f, "timeout 1048576\n"), "error bad value\n");
}

static u32 uctx_cap(struct fixture *f)
{
	return be32_get(caps_max(f->b->cx->caps, CAPS_GENERAL) + 0xd4);
}

static void contexts_are_offered_from_now_on(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(uctx_cap(f), 4);
	assert_string_equal(ask(f, "contexts 1\n"), "ok\n");
	assert_int_equal(uctx_cap(f), 1);
	connectx_reset(f->b->cx, "test");
	assert_int_equal(uctx_cap(f), 1);
	assert_string_equal(ask(f, "contexts 0x8\n"), "error bad value\n");
	assert_string_equal(ask(f, "contexts\n"), "error bad value\n");
	assert_string_equal(ask(f, "contexts 4\n"), "ok\n");
	assert_int_equal(uctx_cap(f), 4);
}

/* Lines in pieces, several at once, with a carriage return, empty, too long. */
static void lines_come_as_they_like(void **state)
{
	struct fixture *f = *state;
	char longer[700];

	assert_string_equal(ask(f, "cle"), "");
	assert_string_equal(ask(f, "ar\r\n"), "ok\n");
	assert_string_equal(ask(f, "clear\nclear\n\n"), "ok\nok\n");
	assert_string_equal(ask(f, "what?\n"), "error unknown request\n");
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 2] = '\n';
	longer[sizeof(longer) - 1] = '\0';
	assert_string_equal(ask(f, longer), "error line too long\n");
	assert_string_equal(ask(f, "clear\n"), "ok\n");
}

/* As for the harness outside and a program in the guest. */
static void many_clients_at_once(void **state)
{
	struct fixture *f = *state;
	int fds[5];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = client(f);
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		assert_string_equal(ask_raw(f, fds[i], "clear\n"), "ok\n");
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	bench_run(f->b);
	assert_string_equal(ask(f, "clear\n"), "ok\n");
}

/* A client that sends requests and never reads answers is disconnected. */
static void a_client_that_does_not_read_is_cut_off(void **state)
{
	struct fixture *f = *state;
	int fd = client(f);
	bool alive = true;
	int i;

	for (i = 0; i < 200; i++)
		bench_status(f->b, 0x80d, 0, 0, 0, 0);
	for (i = 0; i < 1000 && alive; i++) {
		alive = send(fd, "log 0\n", 6, MSG_NOSIGNAL | MSG_DONTWAIT) == 6;
		loop_once(f->b->loop, 0);
	}
	assert_false(alive);
	assert_string_equal(ask(f, "clear\n"), "ok\n");
	close(fd);
}

#define WITH(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(log_gives_the_lines_after_a_number),
		WITH(refusals_are_in_the_log),
		cmocka_unit_test(the_log_forgets_the_oldest),
		WITH(state_describes_the_device),
		WITH(faults_go_in_and_out),
		WITH(health_faults),
		WITH(timeout_is_advertised_from_now_on),
		WITH(contexts_are_offered_from_now_on),
		WITH(lines_come_as_they_like),
		WITH(many_clients_at_once),
		WITH(a_client_that_does_not_read_is_cut_off),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
