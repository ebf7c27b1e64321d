// SPDX-License-Identifier: GPL-2.0
/*
 * The rules for UIDs, each of which finds an error that a kernel driver could
 * have.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

#define SYND_UID_UNKNOWN 0xe00101
#define SYND_UID_FORBIDDEN 0xe00102
#define SYND_UID_MISSING 0xe00103
#define SYND_UID_CAPS 0xe00104
#define SYND_UID_OTHER 0xe00105
#define SYND_UCTX_CAPS 0xe00106
#define SYND_SELF_CAPS 0xe00107

/* Status in the high byte, syndrome below. */
static void expect(struct bench *b, u16 opcode, u16 uid, u32 word8, u8 status, u32 syndrome)
{
	u8 out[16];

	assert_int_equal(bench_command(b, opcode, uid, 0, word8, 0, out, sizeof(out)), 0);
	assert_int_equal(out[0], status);
	assert_int_equal(be32_get(out + 4), syndrome);
}

static u32 destroy(struct bench *b, u16 uid)
{
	return bench_status(b, 0xa06, 0, 0, uid, 0);
}

/* A driver that uses an unknown UID, or leaves the user's bytes in the UID field. */
static void an_unknown_uid_is_refused(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);

	expect(b, 0x80d, uid, 0, 0, 0);
	expect(b, 0x80d, uid + 1, 0, 0x05, SYND_UID_UNKNOWN);
	expect(b, 0x80d, 0xffff, 0, 0x05, SYND_UID_UNKNOWN);
}

/* A driver that uses the UID after it has destroyed the context. */
static void a_destroyed_uid_is_refused(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);

	assert_int_equal(destroy(b, uid), 0);
	expect(b, 0x80d, uid, 0, 0x05, SYND_UID_UNKNOWN);
	assert_int_equal(destroy(b, uid), 0x05);
	assert_int_equal(destroy(b, 0), 0x05);
}

/* A driver that forgets the UID: commands that only a tool sends are refused. */
static void tools_commands_need_a_uid(void **state)
{
	static const u16 opcodes[] = { 0xb0c, 0x819, 0x820, 0x821, 0xa05, 0x10c };
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++)
		expect(b, opcodes[i], 0, 0, 0x05, SYND_UID_MISSING);
}

/* The same for ACCESS_REG, which kernel and tools send: the register decides. */
static void tools_registers_need_a_uid(void **state)
{
	static const u16 tools[] = { 0x9020, 0x9030, 0x900c, 0x9064 };
	static const u16 drivers[] = { 0x7004, 0x907f, 0x5008, 0x9061 };
	struct bench *b = *state;
	u8 data[256] = { 0 };
	u32 syndrome;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tools); i++) {
		assert_int_equal(bench_reg(b, 0, tools[i], false, data, 160, &syndrome), 0x05);
		assert_int_equal(syndrome, SYND_UID_MISSING);
	}
	for (i = 0; i < ARRAY_SIZE(drivers); i++)
		assert_int_equal(bench_reg(b, 0, drivers[i], false, data, 256, NULL), 0);
}

/* A user's command that only the kernel may send, let through by a wrong policy. */
static void kernel_commands_refuse_a_uid(void **state)
{
	static const u16 opcodes[] = {
		0x102, 0x103, 0x104, 0x105, 0x108, 0x10b, 0x302, 0xa04, 0xa06,
	};
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++)
		expect(b, opcodes[i], uid, uid, 0x05, SYND_UID_FORBIDDEN);
	expect(b, 0x80d, uid, 0, 0, 0);	/* the context still exists */
}

/* A driver that forgets to ask for TOOLS_RESOURCES. */
static void a_context_without_tools_may_not_use_them(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 0);
	u8 data[160] = { 0 };
	u32 syndrome;

	assert_int_not_equal(uid, 0);
	assert_int_equal(bench_reg(b, uid, 0x9020, false, data, sizeof(data), &syndrome), 0x05);
	assert_int_equal(syndrome, SYND_UID_CAPS);
	expect(b, 0x100, uid, 0x80000001, 0x05, SYND_UID_CAPS);
	expect(b, 0x800, uid, 0, 0, 0);	/* but it may own a protection domain */
}

/* A driver that wants more capabilities than uctx_cap has, which is bit 2 only. */
static void capabilities_that_the_device_lacks_are_refused(void **state)
{
	struct bench *b = *state;
	u8 in[64] = { 0x0a, 0x04 };
	u8 out[16];
	u32 bit;

	for (bit = 0; bit < 32; bit++) {
		be32_put(in + 16, 1U << bit);
		bench_exec(b, in, sizeof(in), out, sizeof(out));
		assert_int_equal(out[0], bit == 2 ? 0 : 0x03);
		assert_int_equal(be32_get(out + 4), bit == 2 ? 0 : SYND_UCTX_CAPS);
	}
}

static u8 set_caps(struct bench *b, u16 uid, u32 function, u32 *syndrome)
{
	static u8 in[4112] = { 0x01, 0x09 };
	u8 out[16];

	be16_put(in + 2, uid);
	be32_put(in + 8, function);
	bench_exec(b, in, sizeof(in), out, sizeof(out));
	*syndrome = be32_get(out + 4);
	return out[0];
}

/* Otherwise a tool could change capabilities that the running kernel has negotiated. */
static void tools_set_caps_of_other_functions_only(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	u32 syndrome;

	assert_int_equal(set_caps(b, uid, 0, &syndrome), 0x05);
	assert_int_equal(syndrome, SYND_SELF_CAPS);
	assert_int_equal(set_caps(b, uid, 0x80000001, &syndrome), 0);
	assert_int_equal(set_caps(b, uid, 0x80001234, &syndrome), 0x03);
	assert_int_equal(set_caps(b, 0, 0, &syndrome), 0x04);	/* too late for the kernel */
}

#define OTHER BIT(31)
#define BY_VHCA (BIT(31) | BIT(28))

static u32 max_eqs(struct bench *b, u16 uid, u32 function)
{
	static u8 out[4112];

	bench_command(b, 0x100, uid, 0x41, function, 0, out, sizeof(out));
	assert_int_equal(out[0], 0);
	return be32_get(out + 0x10 + 0x88);
}

static u8 set_max_eqs(struct bench *b, u16 uid, u32 function, u8 value, u32 *syndrome)
{
	static u8 in[4112] = { 0x01, 0x09, [7] = 0x40 };
	u8 out[16];

	be16_put(in + 2, uid);
	be32_put(in + 8, function);
	in[0x10 + 0x8b] = value;
	bench_exec(b, in, sizeof(in), out, sizeof(out));
	*syndrome = be32_get(out + 4);
	return out[0];
}

/* vhca_id N is function 7 - N, and 8 the caller; 0 is another function like any other. */
static void functions_have_a_vhca_id_too(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	u32 syndrome;

	assert_int_equal(set_max_eqs(b, uid, BY_VHCA | 0, 9, &syndrome), 0);
	assert_int_equal(max_eqs(b, uid, BY_VHCA | 0), 9);
	assert_int_equal(max_eqs(b, uid, OTHER | 7), 9);
	assert_int_equal(max_eqs(b, uid, OTHER | 0), 128);
	assert_int_equal(max_eqs(b, uid, 0), 128);
	assert_int_equal(set_max_eqs(b, uid, OTHER | 2, 129, &syndrome), 0x03);
	assert_int_equal(set_max_eqs(b, uid, OTHER | 2, 5, &syndrome), 0);
	assert_int_equal(max_eqs(b, uid, BY_VHCA | 5), 5);
	assert_int_equal(set_max_eqs(b, uid, BY_VHCA | 8, 5, &syndrome), 0x05);
	assert_int_equal(syndrome, SYND_SELF_CAPS);
	assert_int_equal(max_eqs(b, uid, BY_VHCA | 8), 128);
	assert_int_equal(set_max_eqs(b, uid, BY_VHCA | 9, 5, &syndrome), 0x03);
}

/* A UID in the body of a request is checked as well as the UID in its header. */
static void a_context_may_ask_about_itself_only(void **state)
{
	struct bench *b = *state;
	u16 mine = bench_uctx(b, 4);
	u16 other = bench_uctx(b, 4);
	u8 out[64];

	expect(b, 0xa05, mine, other, 0x05, SYND_UID_OTHER);
	bench_command(b, 0xa05, mine, 0, mine, 0, out, sizeof(out));
	assert_int_equal(out[0], 0);
	assert_int_equal(be32_get(out + 16), 4);
}

/* A stale UID must not match a newer context. */
static void uids_do_not_come_back_soon(void **state)
{
	struct bench *b = *state;
	u16 first = bench_uctx(b, 4);
	u16 last = first;
	u32 i;

	for (i = 0; i < 300; i++) {
		u16 uid = bench_uctx(b, 4);

		assert_true(uid > last);
		assert_int_equal(destroy(b, uid), 0);
		last = uid;
	}
	assert_int_equal(destroy(b, first), 0);
}

/* A process that opens in a loop reaches the limit; it may go on after a close. */
static void there_are_1024_uids(void **state)
{
	struct bench *b = *state;
	u32 i;

	for (i = 0; i < 1024; i++)
		assert_int_not_equal(bench_uctx(b, 4), 0);
	assert_int_equal(bench_uctx(b, 4), 0);
	assert_int_equal(destroy(b, 7), 0);
	assert_int_not_equal(bench_uctx(b, 4), 0);
}

/* Destroying a context frees its numbers; another UID cannot free them before. */
static void objects_die_with_their_context(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	u8 out[16];
	u32 uar;

	bench_command(b, 0x802, uid, 0, 0, 0, out, sizeof(out));
	uar = be32_get(out + 8);
	expect(b, 0x803, 0, uar, 0x05, 0xe00005);	/* the kernel does not own it */
	assert_int_equal(destroy(b, uid), 0);
	bench_command(b, 0x802, 0, 0, 0, 0, out, sizeof(out));
	assert_int_equal(be32_get(out + 8), uar);	/* the number is free again */
}

/* A tool that is killed in the middle of an update must not block the next. */
static void an_update_session_dies_with_its_context(void **state)
{
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	u8 lock[32] = { [3] = 1 };

	assert_int_equal(bench_reg(b, uid, 0x9062, true, lock, sizeof(lock), NULL), 0);
	assert_int_equal(lock[15], 1);
	assert_int_equal(bench_reg(b, uid, 0x9062, true, lock, sizeof(lock), NULL), 0x04);
	destroy(b, uid);
	uid = bench_uctx(b, 4);
	assert_int_equal(bench_reg(b, uid, 0x9062, true, lock, sizeof(lock), NULL), 0);
}

/* Each of these resets ends the driver's session and invalidates all its UIDs. */
static void contexts_end_with_the_driver(void **state)
{
	static const char *const ways[] = { "teardown", "disable", "queue", "reset", "fatal" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		struct bench *b;
		char text[64];
		u16 uid;

		bench_setup_ready(state);
		b = *state;
		uid = bench_uctx(b, 4);
		if (i <= 1)
			assert_int_equal(bench_status(b, i ? 0x105 : 0x103, 0, 0, 0, 0), 0);
		else if (i == 3)
			assert_int_equal(bench_call(b, 13, NULL, 0, NULL, 0, NULL, 0), 0);
		else if (i == 4)
			connectx_fatal(b->cx);
		bench_set_queue(b);
		snprintf(text, sizeof(text), "event uctx-dropped uid=%u", uid);
		assert_true(bench_logged(b, text));
		assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
		expect(b, 0x100, uid, 0, 0x05, SYND_UID_UNKNOWN);
		bench_free(b);
	}
}

/* mlx5_core marks completion queues with the shared UID; other commands must not carry it. */
static void the_shared_uid_is_for_event_queues(void **state)
{
	struct bench *b = *state;
	u8 in[0x110 + 32] = { 0x03, 0x01, 0xff, 0xff };
	u8 out[16];

	be32_put(in + 0x1c, 8U << 24 | bench_uar(b));
	bench_exec(b, in, sizeof(in), out, sizeof(out));
	assert_int_equal(out[0], 0);
	expect(b, 0x800, 0xffff, 0, 0x05, SYND_UID_UNKNOWN);
}

#define READY(fn) cmocka_unit_test_setup_teardown(fn, bench_setup_ready, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READY(an_unknown_uid_is_refused),
		READY(a_destroyed_uid_is_refused),
		READY(tools_commands_need_a_uid),
		READY(tools_registers_need_a_uid),
		READY(kernel_commands_refuse_a_uid),
		READY(a_context_without_tools_may_not_use_them),
		READY(capabilities_that_the_device_lacks_are_refused),
		READY(tools_set_caps_of_other_functions_only),
		READY(functions_have_a_vhca_id_too),
		READY(a_context_may_ask_about_itself_only),
		READY(uids_do_not_come_back_soon),
		READY(there_are_1024_uids),
		READY(objects_die_with_their_context),
		READY(an_update_session_dies_with_its_context),
		cmocka_unit_test(contexts_end_with_the_driver),
		READY(the_shared_uid_is_for_event_queues),
	};

	return cmocka_run_group_tests_name("uctx", tests, NULL, NULL);
}
