// SPDX-License-Identifier: GPL-2.0
/* Faults: each kind has its effect on the commands that its filter matches, and no others. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../cmdq.h"
#include "../fault.h"
#include "bench.h"

static const u8 nop[16] = { 0x08, 0x0d };
static const u8 query_issi[16] = { 0x01, 0x0a };

static const char *add(struct bench *b, const char *text)
{
	char line[128];

	strcpy(line, text);
	return faults_add(b->cx->faults, line);
}

/* A delay holds up only the command that it matches: the loop never waits. */
static void delay_puts_off_the_answer_only(void **state)
{
	struct bench *b = *state;
	u64 begin = loop_now_ms();

	assert_null(add(b, "delay ms=60 opcode=0x80d"));
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_false(bench_done(b, 0));
	bench_post(b, 1, query_issi, 16, 16);
	bench_ring(b, 2);
	assert_true(bench_done(b, 1));		/* other commands go on */
	while (!bench_done(b, 0))
		loop_once(b->loop, 100);
	assert_true(loop_now_ms() - begin >= 60);
	assert_int_equal(bench_delivery(b, 0), 0);
}

static void delay_can_be_short(void **state)
{
	struct bench *b = *state;
	u64 begin = loop_now_ns();

	assert_null(add(b, "delay us=700 opcode=0x80d"));
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_false(bench_done(b, 0));
	while (!bench_done(b, 0))
		loop_once(b->loop, 100);
	assert_true(loop_now_ns() - begin >= 700000);
	assert_true(loop_now_ns() - begin < 60000000);
}

/* There is no log line before the answer either. */
static void hang_lasts_until_release(void **state)
{
	struct bench *b = *state;

	assert_null(add(b, "hang opcode=0x80d"));
	bench_post(b, 0, nop, 16, 16);
	bench_post(b, 7, nop, 16, 16);
	bench_ring(b, 0x81);
	bench_run(b);
	assert_false(bench_done(b, 0));
	assert_false(bench_logged(b, "name=NOP"));
	assert_int_equal(cmdq_release(b->cx->cmdq), 2);
	assert_true(bench_done(b, 0) && bench_done(b, 7));
	assert_int_equal(cmdq_release(b->cx->cmdq), 0);
	assert_true(bench_logged(b, "slot=7 opcode=0x080d name=NOP"));
}

/* A second doorbell for a command under way is a driver bug. */
static void a_busy_slot_is_not_started_twice(void **state)
{
	struct bench *b = *state;

	add(b, "hang count=1");
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	bench_ring(b, 1);
	assert_true(bench_logged(b, "doorbell-refused slot=0 why=busy"));
	assert_int_equal(cmdq_release(b->cx->cmdq), 1);
}

/* The old queue page may be in use for other data by then. */
static void late_answers_write_no_memory_that_was_taken_back(void **state)
{
	struct bench *b = *state;

	add(b, "hang count=1");
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	bench_set_queue(b);	/* a new driver */
	memset(bench_entry(b, 0), 0x77, 64);
	assert_int_equal(cmdq_release(b->cx->cmdq), 0);
	assert_int_equal(bench_entry(b, 0)[0x3f], 0x77);
	assert_true(bench_logged(b, "event abandoned slot=0"));
}

/* A failed CREATE_UCTX must not have used up a UID. */
static void status_is_answered_without_executing(void **state)
{
	struct bench *b = *state;
	u8 out[16];

	add(b, "status status=0x6 syndrome=0x1234 opcode=0xa04 count=1");
	bench_command(b, 0xa04, 0, 0, 0, 0, out, sizeof(out));
	assert_int_equal(out[0], 0x06);
	assert_int_equal(be32_get(out + 4), 0x1234);
	assert_int_equal(bench_uctx(b, 4), 1);	/* the first UID is still free */
}

/* Opcode, register and UID must all match. */
static void filters_are_all_needed(void **state)
{
	struct bench *b = *state;
	u16 one = bench_uctx(b, 4);
	u16 two = bench_uctx(b, 4);
	u8 data[160] = { 0 };
	char text[96];

	snprintf(text, sizeof(text), "status status=4 opcode=0x805 reg=0x9020 uid=%u", one);
	assert_null(add(b, text));
	assert_int_equal(bench_reg(b, one, 0x9020, false, data, sizeof(data), NULL), 0x04);
	assert_int_equal(bench_reg(b, two, 0x9020, false, data, sizeof(data), NULL), 0);
	assert_int_equal(bench_reg(b, one, 0x9021, false, data, 128, NULL), 0);
	assert_int_equal(bench_status(b, 0x80d, one, 0, 0, 0), 0);
}

/* A rule with count= expires; without it, it stays until clear. */
static void a_count_runs_out_and_clear_ends_all(void **state)
{
	struct bench *b = *state;

	add(b, "status status=1 count=2 opcode=0x80d");
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 1);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 1);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
	add(b, "status status=1");
	faults_clear(b->cx->faults);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
}

/* An answer of 40 bytes: 16 inline, 24 in a mailbox. */
static u8 *malformed(struct bench *b, const char *kind, u8 out[40])
{
	char text[64];

	snprintf(text, sizeof(text), "malformed count=1 kind=%s", kind);
	assert_null(add(b, text));
	bench_command(b, 0x80d, 0, 0, 0, 0, out, 40);
	return bench_ram(b, OUT_ADDR);
}

static void malformed_answers(void **state)
{
	static const u8 zeros[24];
	struct bench *b = *state;
	u8 out[40];
	u8 *block;

	malformed(b, "reserved", out);
	assert_memory_equal(out, "\0\xa5\xa5\xa5\0\0\0\0", 8);
	malformed(b, "header", out);
	assert_memory_equal(out + 8, "\xa5\xa5\xa5\xa5\xa5\xa5\xa5\xa5", 8);
	malformed(b, "payload", out);
	assert_int_equal(out[16], 0xff);
	assert_int_equal(out[39], 0xff);
	block = malformed(b, "long", out);
	assert_memory_equal(out + 16, zeros, 24);
	assert_int_equal(block[24], 0xa5);
	assert_int_equal(block[511], 0xa5);
	assert_int_equal(block[512], 0);
	block = malformed(b, "token", out);
	assert_int_equal(block[0x23d], 0x5b);
}

static bool all(const u8 *bytes, u8 value, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

/* Malformed answers in mailboxes and entry, the driver's own memory. */
static void answers_with_the_drivers_own_memory_overwritten(void **state)
{
	static const u8 zeros[24];
	struct bench *b = *state;
	u8 out[40];
	u8 *block = malformed(b, "links", out);
	u8 *entry;

	assert_memory_equal(out + 16, zeros, 24);
	assert_true(all(block + 0x230, 0xa5, 12));
	assert_int_not_equal(block[0x23d], 0xa5);

	assert_null(add(b, "malformed count=1 kind=entry"));
	bench_post(b, 0, nop, 16, 40);
	bench_ring(b, 1);
	entry = bench_entry(b, 0);
	assert_int_equal(entry[0], 7);
	assert_true(all(entry + 4, 0xa5, 12));
	assert_true(all(entry + 0x20, 0, 16));
	assert_true(all(entry + 0x30, 0xa5, 15));
	assert_int_equal(entry[0x3f], 0);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
}

/* A driver that trusts the length reads the old contents of the mailbox. */
static void short_answers_leave_the_mailboxes(void **state)
{
	struct bench *b = *state;
	u8 in[64] = { 0x08, 0x0d };

	add(b, "malformed kind=short");
	bench_post(b, 0, in, sizeof(in), 64);
	memset(bench_ram(b, OUT_ADDR), 0x31, 48);
	bench_ring(b, 1);
	assert_true(bench_done(b, 0));
	assert_int_equal(*bench_ram(b, OUT_ADDR), 0x31);
}

/* A delivery error of the queue, which the driver maps to an errno. */
static void delivery_status_without_execution(void **state)
{
	struct bench *b = *state;
	u8 in[64] = { 0x0a, 0x04, [19] = 4 };
	u8 out[16];

	add(b, "malformed kind=delivery delivery=0x10 count=1");
	assert_int_equal(bench_exec(b, in, sizeof(in), out, sizeof(out)), 0x10);
	assert_true(bench_logged(b, "delivery=0x10"));
	assert_int_equal(bench_uctx(b, 4), 1);
}

/* The driver finds the event when it polls the queue after its timeout. */
static void a_lost_interrupt_leaves_the_event(void **state)
{
	struct bench *b = *state;
	int fd = bench_vector(b, 0);

	bench_eq(b, bench_uar(b), 8, 0x0a, 0, 0);
	add(b, "lost-irq count=1");
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_int_equal(bench_ram(b, EQ_ADDR)[1], 0x0a);
	assert_int_equal(bench_raised(fd), 0);
	close(fd);
}

/* An event for an idle slot would crash the driver. */
static void a_delayed_answer_sends_no_event_to_a_queue_that_is_gone(void **state)
{
	struct bench *b = *state;
	u8 eqn = bench_eq(b, bench_uar(b), 8, 0x0a, 0, 0);

	add(b, "hang opcode=0x80d");
	bench_post(b, 1, nop, 16, 16);
	bench_ring(b, 2);
	assert_int_equal(bench_status(b, 0x302, 0, 0, eqn, 0), 0);
	bench_eq(b, bench_uar(b), 8, 0x0a, 0, 1);
	cmdq_release(b->cx->cmdq);
	assert_true(bench_done(b, 1));
	assert_int_equal(bench_ram(b, EQ_ADDR + 0x10000)[0x3f], 1);
}

/* The words that the health poll of mlx5_core reads, before and after recovery. */
static void fatal_health_until_a_driver_takes_over(void **state)
{
	struct bench *b = *state;

	connectx_fatal(b->cx);
	assert_int_equal(bench_read32(b, 0x23c) >> 16 & 0xff, 1);	/* synd */
	assert_int_equal(bench_read32(b, 0x238) >> 24, 0x8a);		/* rfr */
	assert_int_equal(bench_read32(b, 0x14) >> 8 & 7, 1);		/* disabled */
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_false(bench_done(b, 0));
	bench_set_queue(b);
	assert_int_equal(bench_read32(b, 0x238), 0);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
}

/* MMIO and configuration space read all ones, and no command is answered. */
static void removal_and_replug(void **state)
{
	struct { u64 off; u32 region, count; } access = { 0, 7, 4 };
	struct bench *b = *state;
	u8 reply[20];

	connectx_remove(b->cx);
	assert_int_equal(bench_read32(b, 0), 0xffffffff);
	assert_int_equal(bench_read32(b, 0x1010), 0xffffffff);
	bench_call(b, 9, &access, 16, NULL, 0, reply, sizeof(reply));
	assert_memory_equal(reply + 16, "\xff\xff\xff\xff", 4);
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_false(bench_done(b, 0));
	connectx_replug(b->cx);
	assert_int_equal(bench_read32(b, 0), 42 << 16 | 28);
	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
}

/* A rule with a typo must be an error: a test without its fault could pass. */
static void bad_rules_are_refused(void **state)
{
	static const char *const texts[] = {
		"", " ", "explode", "delay ms", "delay ms=", "delay ms=x", "delay ms=-1",
		"delay ms=3600001", "status status=256", "hang color=red", "delay ms=1z",
		"malformed kind=strange", "hang opcode=0x10000",
		"lost-irq uid=99999999999999999999",
	};
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_non_null(add(b, texts[i]));
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
}

#define READY(fn) cmocka_unit_test_setup_teardown(fn, bench_setup_ready, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READY(delay_puts_off_the_answer_only),
		READY(delay_can_be_short),
		READY(hang_lasts_until_release),
		READY(a_busy_slot_is_not_started_twice),
		READY(late_answers_write_no_memory_that_was_taken_back),
		READY(status_is_answered_without_executing),
		READY(filters_are_all_needed),
		READY(a_count_runs_out_and_clear_ends_all),
		READY(malformed_answers),
		READY(answers_with_the_drivers_own_memory_overwritten),
		READY(short_answers_leave_the_mailboxes),
		READY(delivery_status_without_execution),
		READY(a_lost_interrupt_leaves_the_event),
		READY(a_delayed_answer_sends_no_event_to_a_queue_that_is_gone),
		READY(fatal_health_until_a_driver_takes_over),
		READY(removal_and_replug),
		READY(bad_rules_are_refused),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
