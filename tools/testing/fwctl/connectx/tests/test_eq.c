// SPDX-License-Identifier: GPL-2.0
/* Event queues and interrupts: the time and the contents of an event. */
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const u8 nop[16] = { 0x08, 0x0d };

static u8 *eqe(struct bench *b, u32 index)
{
	return bench_ram(b, EQ_ADDR + 64 * index);
}

/* Consumer index to the arm doorbell of @uar. */
static void arm(struct bench *b, u32 uar, u8 eqn, u32 index)
{
	bench_write32(b, ((u64)uar << 12) + 0x40, (u32)eqn << 24 | (index & 0xffffff));
}

/* The driver polls for the answer of the CREATE_EQ that creates the first queue. */
static void no_event_while_the_driver_polls(void **state)
{
	struct bench *b = *state;
	int fd = bench_vector(b, 0);

	bench_eq(b, bench_uar(b), 8, 0x0a, 0, 0);
	assert_int_equal(eqe(b, 0)[0x3f], 1);	/* as preset: nothing written */
	assert_int_equal(bench_raised(fd), 0);
	close(fd);
}

/* The bit in the event names the slot, and is all that the driver checks. */
static void a_command_makes_one_event_and_one_interrupt(void **state)
{
	struct bench *b = *state;
	int fd = bench_vector(b, 0);
	u32 uar = bench_uar(b);

	bench_eq(b, uar, 8, 0x0a, 0, 0);
	bench_post(b, 5, nop, 16, 16);
	bench_ring(b, 1 << 5);
	assert_int_equal(eqe(b, 0)[0x01], 0x0a);
	assert_int_equal(be32_get(eqe(b, 0) + 0x20), 1 << 5);
	assert_int_equal(eqe(b, 0)[0x3f], 0);
	assert_int_equal(eqe(b, 1)[0x3f], 1);
	assert_int_equal(bench_raised(fd), 1);
	close(fd);
}

/* Four laps around a queue of four: the owner bit is the only sign of a new entry. */
static void owner_bit_changes_with_every_lap(void **state)
{
	struct bench *b = *state;
	u32 uar = bench_uar(b);
	u8 eqn = bench_eq(b, uar, 2, 0x0a, 0, 0);
	u32 i;

	for (i = 0; i < 4 * 4; i++) {
		bench_post(b, 0, nop, 16, 16);
		bench_ring(b, 1);
		assert_int_equal(eqe(b, i % 4)[0x3f], i / 4 & 1);
		arm(b, uar, eqn, i + 1);
	}
}

/* A full queue drops new events, not entries that the driver has not consumed. */
static void a_full_queue_is_not_overrun(void **state)
{
	struct bench *b = *state;
	u32 i;

	bench_eq(b, bench_uar(b), 2, 0x0a, 0, 0);
	for (i = 0; i < 6; i++) {
		bench_post(b, i, nop, 16, 16);
		bench_ring(b, 1U << i);
	}
	assert_int_equal(be32_get(eqe(b, 0) + 0x20), 1);
	assert_true(bench_logged(b, "event eq-overrun eqn=1"));
}

/* MFRL with level 3 and the bits of @sync: start is bit 29, the driver's response bits 28, 27. */
static void mfrl(struct bench *b, u32 sync)
{
	u8 data[8] = { 0 };

	be32_put(data + 4, sync | 0x08);
	assert_int_equal(bench_reg(b, 0, 0x9028, true, data, sizeof(data), NULL), 0);
}

/* As mlx5_core and the firmware agree on it: request, response, unload, acknowledgment */
static void a_reset_is_agreed_on_with_the_driver(void **state)
{
	enum { START = 1 << 29, ACK = 1 << 27, NACK = 2 << 27 };
	struct bench *b = *state;

	bench_eq(b, bench_uar(b), 8, 0x22, 0, 0);
	mfrl(b, START);
	assert_int_equal(eqe(b, 0)[0x01], 0x22);
	assert_int_equal(eqe(b, 0)[0x03], 8);
	assert_int_equal(eqe(b, 0)[0x23], 0);
	mfrl(b, NACK);
	assert_int_equal(eqe(b, 1)[0x23], 2);
	mfrl(b, START);
	mfrl(b, ACK);
	assert_int_equal(eqe(b, 3)[0x23], 3);
	assert_false(bench_logged(b, "reset kind=restart"));
	bench_write32(b, 0x1fc, 1 << 22);
	assert_true(bench_logged(b, "reset kind=restart by=sync-reset"));
}

/* The driver waits for the event of the command before it disables the interface. */
static void a_fast_teardown_keeps_the_queues_until_the_interface_is_disabled(void **state)
{
	static const u8 teardown[16] = { 0x01, 0x03, [0x0b] = 2 };
	struct bench *b = *state;

	bench_eq(b, bench_uar(b), 8, 0x0a, 0, 0);
	bench_post(b, 0, teardown, 16, 16);
	bench_ring(b, 1);
	assert_int_equal(be32_get(eqe(b, 0) + 0x20), 1);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
	assert_int_equal(eqe(b, 1)[0x3f], 0);
	bench_write32(b, 0x14, 1 << 8);
	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x302, 0, 0, 1, 0), 4);
}

/* The queue exists at the doorbell, but is destroyed before the answer. */
static void no_event_for_the_command_that_destroys_the_queue(void **state)
{
	struct bench *b = *state;
	u8 eqn = bench_eq(b, bench_uar(b), 8, 0x0a, 0, 0);

	assert_int_equal(bench_status(b, 0x302, 0, 0, eqn, 0), 0);
	assert_int_equal(eqe(b, 0)[0x3f], 1);
	assert_int_equal(bench_status(b, 0x302, 0, 0, eqn, 0), 0x05);
}

/* An entry written between the last poll and the arm would wait for ever. */
static void arming_late_raises_again(void **state)
{
	struct bench *b = *state;
	int fd = bench_vector(b, 0);
	u32 uar = bench_uar(b);
	u8 eqn = bench_eq(b, uar, 8, 0x0a, 0, 0);

	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_int_equal(bench_raised(fd), 1);
	arm(b, uar, eqn, 0);
	assert_int_equal(bench_raised(fd), 1);
	arm(b, uar, eqn, 1);
	assert_int_equal(bench_raised(fd), 0);
	close(fd);
}

/* An unallocated UAR, a UAR past the last, and a queue that does not exist. */
static void doorbells_of_other_uars_are_ignored(void **state)
{
	struct bench *b = *state;
	u32 uar = bench_uar(b);
	int fd = bench_vector(b, 0);
	u8 eqn = bench_eq(b, uar, 8, 0x0a, 0, 0);

	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	bench_raised(fd);
	arm(b, uar + 1, eqn, 0);
	arm(b, 8191, eqn, 0);
	arm(b, uar, 99, 0);
	assert_int_equal(bench_raised(fd), 0);
	close(fd);
}

/* mlx5_core allocates vectors one by one, and the peer passes them on that way. */
static void vectors_grow_one_by_one(void **state)
{
	struct bench *b = *state;
	u32 uar = bench_uar(b);
	int first = bench_vector(b, 0);
	int later;

	bench_eq(b, uar, 8, 0x0a, 3, 0);
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_int_equal(bench_raised(first), 0);
	later = bench_vector(b, 3);	/* pending interrupts are raised now */
	assert_int_equal(bench_raised(later), 1);
	bench_post(b, 0, nop, 16, 16);
	bench_ring(b, 1);
	assert_int_equal(bench_raised(later), 1);
	close(first);
	close(later);
}

/* Bad size, vector and UAR, one at a time, each with its own status. */
static void create_eq_checks_its_fields(void **state)
{
	struct bench *b = *state;
	u32 uar = bench_uar(b);
	const struct { u32 size_uar, intr; u32 inlen; u8 status; } cases[] = {
		{ 8U << 24 | uar, 0, 0x110 + 8 * 4, 0x00 },
		{ 8U << 24 | uar, 0, 0x110 + 8 * 4 - 1, 0x50 },
		{ 31U << 24 | uar, 0, 0x110 + 8 * 4, 0x03 },
		{ 8U << 24 | uar, 32, 0x110 + 8 * 4, 0x03 },
		{ 8U << 24 | (uar + 1), 0, 0x110 + 8 * 4, 0x05 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 in[0x110 + 32] = { 0x03, 0x01 };
		u8 out[16];

		be32_put(in + 0x1c, cases[i].size_uar);
		be32_put(in + 0x24, cases[i].intr);
		assert_int_equal(bench_exec(b, in, cases[i].inlen, out, 16), 0);
		assert_int_equal(out[0], cases[i].status);
	}
}

/* A tool reads the queue back as the driver has described it. */
static void query_eq_tells_what_was_created(void **state)
{
	struct bench *b = *state;
	u32 uar = bench_uar(b);
	u8 eqn = bench_eq(b, uar, 8, 0x0a, 0, 0);
	u8 out[0x110];

	bench_command(b, 0x303, bench_uctx(b, 4), 0, eqn, 0, out, sizeof(out));
	assert_int_equal(out[0], 0);
	assert_int_equal(be32_get(out + 0x1c), 8U << 24 | uar);
	assert_int_equal(be64_get(out + 0x58), 1 << 10);
}

/* The event is lost, with a line in the log; the completion is found by polling only. */
static void an_unreachable_queue_is_survived(void **state)
{
	struct bench *b = *state;
	u8 in[0x110 + 32] = { 0x03, 0x01 };
	u8 out[16];

	be32_put(in + 0x1c, 8U << 24 | bench_uar(b));
	be64_put(in + 0x58, 1 << 10);
	be64_put(in + 0x110, 0xfffffffffffff000);
	bench_exec(b, in, sizeof(in), out, 16);
	assert_int_equal(out[0], 0);
	assert_int_equal(bench_status(b, 0x80d, 0, 0, 0, 0), 0);
	assert_true(bench_logged(b, "event eq-unreachable"));
}

#define READY(fn) cmocka_unit_test_setup_teardown(fn, bench_setup_ready, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READY(no_event_while_the_driver_polls),
		READY(a_command_makes_one_event_and_one_interrupt),
		READY(owner_bit_changes_with_every_lap),
		READY(a_full_queue_is_not_overrun),
		READY(a_reset_is_agreed_on_with_the_driver),
		READY(a_fast_teardown_keeps_the_queues_until_the_interface_is_disabled),
		READY(no_event_for_the_command_that_destroys_the_queue),
		READY(arming_late_raises_again),
		READY(doorbells_of_other_uars_are_ignored),
		READY(vectors_grow_one_by_one),
		READY(create_eq_checks_its_fields),
		READY(query_eq_tells_what_was_created),
		READY(an_unreachable_queue_is_survived),
	};

	return cmocka_run_group_tests_name("eq", tests, NULL, NULL);
}
