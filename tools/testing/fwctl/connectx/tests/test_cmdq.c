// SPDX-License-Identifier: GPL-2.0
/*
 * The command queue, byte for byte as mlx5_core uses it, and as a broken driver
 * might.
 */
#include <string.h>

#include "../cmdq.h"
#include "bench.h"

/* The very first command of a driver: ENABLE_HCA, 16 bytes in, 12 out, no mailbox. */
static void enable_hca_reference_vector(void **state)
{
	static const u8 entry[64] = {
		0x07, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0,
		0x01, 0x04, [0x3b] = 0x0c, [0x3c] = 0x01, 0xe1, 0x00, 0x01,
	};
	struct bench *b = *state;
	u8 expected[64];

	bench_set_queue(b);
	memcpy(bench_entry(b, 0), entry, sizeof(entry));
	bench_ring(b, 0x00000001);
	memcpy(expected, entry, sizeof(entry));
	expected[0x3f] = 0x00;
	assert_memory_equal(bench_entry(b, 0), expected, sizeof(expected));
	assert_true(bench_logged(b, "cmd seq=1 slot=0 opcode=0x0104 name=ENABLE_HCA op_mod=0x0000"
				    " uid=0 in=16 out=12 delivery=0x00 status=0x00"
				    " syndrome=0x00000000\n"));
}

static void query_issi_reference_vector(void **state)
{
	struct bench *b = *state;
	u8 out[112];

	bench_command(b, 0x10a, 0, 0, 0, 0, out, sizeof(out));
	assert_int_equal(out[0], 0);
	assert_int_equal(be32_get(bench_ram(b, OUT_ADDR + 0x5c)), 2);
}

struct cap_dword {
	u32 off, value;
};

/* Both values of a page of capabilities, op_mod and the one after: @dump, the rest zero. */
static void expect_caps(struct bench *b, u16 op_mod, const struct cap_dword *dump, size_t count)
{
	u8 expected[4096] = { 0 }, out[4112];
	size_t i;

	for (i = 0; i < count; i++)
		be32_put(expected + dump[i].off, dump[i].value);
	for (i = 0; i < 2; i++) {
		bench_command(b, 0x100, 0, (u16)(op_mod + i), 0, 0, out, sizeof(out));
		assert_int_equal(out[0], 0);
		assert_memory_equal(out + 16, expected, sizeof(expected));
	}
}

static void general_caps_reference_vector(void **state)
{
	static const struct cap_dword dump[] = {
		{ 0x04, 0x00000008 },
		{ 0x10, 0x0f0f0012 }, { 0x18, 0x00160018 }, { 0x1c, 0x16180017 },
		{ 0x34, 0x00400001 }, { 0x38, 0x00002000 }, { 0x3c, 0x00004001 }, { 0x48, 0x0000000c },
		{ 0x4c, 0x00090000 }, { 0x64, 0x00180200 }, { 0x8c, 0x0a140000 },
		{ 0xc0, 0x00010000 }, { 0xd4, 0x00000004 },
	};

	expect_caps(*state, 0, dump, ARRAY_SIZE(dump));
}

/* The second page of general capabilities, both values; an unknown page has none. */
static void general_caps_second_page(void **state)
{
	static const struct cap_dword dump[] = {
		{ 0x10, 0x80000000 }, { 0x44, 0x40080000 }, { 0x88, 0x00000080 },
		{ 0xb8, 0x20000000 },
	};
	struct bench *b = *state;
	u8 out[4112];

	expect_caps(b, 0x40, dump, ARRAY_SIZE(dump));
	bench_command(b, 0x100, 0, 0x42, 0, 0, out, sizeof(out));
	assert_int_equal(out[0], 0x03);
}

/* 8 blocks of a cached chain of 16 are used; the rest is stale. */
static void set_hca_cap_on_a_longer_chain(void **state)
{
	static u8 in[4112] = { 0x01, 0x09 };
	struct bench *b = *state;
	u8 out[16];
	u32 i;

	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
	be32_put(in + 0x20, 0x0f0f0010);	/* log_max_qp 16 */
	bench_post(b, 0, in, sizeof(in), 16);
	bench_chain(b, IN_ADDR, in + 16, sizeof(in) - 16, 0x5a, 16);
	for (i = 8; i < 16; i++) {
		memset(bench_ram(b, IN_ADDR + 1024 * i), 0xee, 512);
		bench_ram(b, IN_ADDR + 1024 * i)[0x23d] = 0x13;
	}
	bench_ring(b, 1);
	bench_answer(b, 0, out, 16);
	assert_int_equal(bench_delivery(b, 0), 0);
	assert_int_equal(out[0], 0);
}

/* The driver reads back the values that it has set as current; the maximum stays. */
static void set_hca_cap_takes_effect(void **state)
{
	static u8 in[4112] = { 0x01, 0x09 };
	static u8 out[4112];
	struct bench *b = *state;

	bench_set_queue(b);
	bench_status(b, 0x104, 0, 0, 0, 0);
	be32_put(in + 0x20, 0x0f0f0010);
	bench_exec(b, in, sizeof(in), out, 16);
	bench_command(b, 0x100, 0, 1, 0, 0, out, sizeof(out));
	assert_int_equal(be32_get(out + 0x20), 0x0f0f0010);
	bench_command(b, 0x100, 0, 0, 0, 0, out, sizeof(out));
	assert_int_equal(be32_get(out + 0x20), 0x0f0f0012);
	be32_put(in + 0x20, 0x0f0f0013);
	bench_exec(b, in, sizeof(in), out, 16);
	assert_int_equal(out[0], 0x03);
}

/* Async EQ: 128 pages, inlen 0x510, 3 blocks used of 16, a wild pointer behind them. */
static void create_eq_on_a_longer_chain(void **state)
{
	static u8 in[0x510] = { 0x03, 0x01 };
	struct bench *b = *state;
	u8 out[16];
	u32 i;

	be32_put(in + 0x1c, 13U << 24 | bench_uar(b));
	be64_put(in + 0x58, 0x1f02be);
	for (i = 0; i < 128; i++)
		be64_put(in + 0x110 + 8 * i, EQ_ADDR + 4096 * i);
	bench_post(b, 0, in, sizeof(in), 16);
	bench_chain(b, IN_ADDR, in + 16, sizeof(in) - 16, 0x5a, 16);
	be64_put(bench_ram(b, IN_ADDR + 1024 * 2 + 0x230), 0xdeadbeef);
	bench_ring(b, 1);
	bench_answer(b, 0, out, 16);
	assert_int_equal(bench_delivery(b, 0), 0);
	assert_int_equal(out[0], 0);
	assert_in_range(out[11], 1, 127);
}

/* fwctl passes lengths through unrounded, so every block boundary counts. */
static void any_length_from_16_to_2_mib(void **state)
{
	static const u32 lengths[] = {
		16, 17, 18, 31, 511, 512, 527, 528, 529, 1040, 1041, 4112, 65537,
		(2 << 20) - 1, 2 << 20,
	};
	static u8 in[2 << 20], out[2 << 20];
	struct bench *b = *state;
	u16 uid = bench_uctx(b, 4);
	size_t i;

	for (i = 16; i < sizeof(in); i++)
		in[i] = (u8)(i * 7 + (i >> 9));
	be16_put(in, 0x805);
	be16_put(in + 2, uid);
	be16_put(in + 10, 0x900c);	/* writing MVCR: the answer repeats the payload */
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		assert_int_equal(bench_exec(b, in, lengths[i], out, lengths[i]), 0);
		assert_int_equal(out[0], 0);
		assert_memory_equal(out + 16, in + 16, lengths[i] - 16);
	}
}

/* Lengths are not trusted before memory is allocated for them. */
static void refuses_absurd_lengths(void **state)
{
	static const struct { u32 in, out; u8 delivery; } cases[] = {
		{ 0, 16, 0x07 }, { 15, 16, 0x07 }, { 0xffffffff, 16, 0x07 },
		{ 16, 0, 0x08 }, { 16, 7, 0x08 }, { 16, 0x80000000, 0x08 },
	};
	static const u8 in[16] = { 0x08, 0x0d };
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bench_post(b, 0, in, 16, 16);
		be32_put(bench_entry(b, 0) + 0x04, cases[i].in);
		be32_put(bench_entry(b, 0) + 0x38, cases[i].out);
		bench_ring(b, 1);
		assert_int_equal(bench_delivery(b, 0), cases[i].delivery);
	}
}

/* One error at a time; each has its own delivery status. */
static void refuses_broken_chains(void **state)
{
	struct bench *b = *state;
	static const struct {
		u64 addr;	/* byte or word to change */
		u64 value;
		u8 size;
		u8 delivery;
	} cases[] = {
		{ QUEUE_ADDR + 0x00, 6, 1, 0x10 },			/* type */
		{ IN_ADDR + 0x23d, 0x5b, 1, 0x02 },			/* token */
		{ IN_ADDR + 1024 + 0x23d, 0x00, 1, 0x02 },
		{ IN_ADDR + 1024 + 0x23b, 7, 1, 0x03 },			/* block number */
		{ OUT_ADDR + 0x23d, 0x5b, 1, 0x02 },
		{ OUT_ADDR + 0x23b, 1, 1, 0x03 },
		{ QUEUE_ADDR + 0x08, IN_ADDR + 8, 8, 0x05 },		/* alignment */
		{ QUEUE_ADDR + 0x30, OUT_ADDR + 8, 8, 0x04 },
		{ QUEUE_ADDR + 0x08, 0, 8, 0x07 },			/* no chain at all */
		{ QUEUE_ADDR + 0x30, 0, 8, 0x08 },
		{ IN_ADDR + 0x230, 0, 8, 0x07 },			/* ends too early */
		{ QUEUE_ADDR + 0x08, RAM_ADDR + RAM_SIZE, 8, 0x06 },	/* outside RAM */
		{ QUEUE_ADDR + 0x30, RAM_ADDR - 1024, 8, 0x06 },
		{ IN_ADDR + 0x230, 0xfffffffffffffe00, 8, 0x06 },
	};
	u8 in[1040] = { 0x08, 0x0d };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bench_post(b, 0, in, sizeof(in), sizeof(in));
		if (cases[i].size == 8)
			be64_put(bench_ram(b, cases[i].addr), cases[i].value);
		else
			*bench_ram(b, cases[i].addr) = (u8)cases[i].value;
		bench_ring(b, 1);
		assert_true(bench_done(b, 0));
		assert_int_equal(bench_delivery(b, 0), cases[i].delivery);
	}
	assert_int_equal(bench_exec(b, in, sizeof(in), in, sizeof(in)), 0);
}

/* A context whose UID does not reach the driver would be leaked. */
static void a_command_whose_answer_has_no_place_is_not_executed(void **state)
{
	u8 in[64] = { 0x0a, 0x04, [19] = 4 };
	struct bench *b = *state;

	bench_post(b, 0, in, sizeof(in), 64);
	bench_ram(b, OUT_ADDR)[0x23d] = 0;
	bench_ring(b, 1);
	assert_int_equal(bench_delivery(b, 0), 0x02);
	assert_int_equal(bench_uctx(b, 4), 1);
}

/* A stray doorbell must not run a command that is finished or not yet written. */
static void leaves_slots_alone_that_it_does_not_own(void **state)
{
	static const u8 in[16] = { 0x08, 0x0d };
	struct bench *b = *state;

	bench_post(b, 0, in, 16, 16);
	bench_entry(b, 0)[0x3f] = 0;
	memset(bench_entry(b, 0) + 0x20, 0x99, 16);
	bench_ring(b, 1);
	assert_int_equal(bench_entry(b, 0)[0x20], 0x99);
	assert_true(bench_logged(b, "event doorbell-refused slot=0 why=not-owned"));
}

/* Caused by a driver bug, or by a guest that has changed its memory map. */
static void a_queue_outside_ram_is_survived(void **state)
{
	struct bench *b = *state;

	bench_write32(b, 0x10, 0xffffffff);
	bench_write32(b, 0x14, 0xfffff000);
	bench_ring(b, 0xffffffff);
	assert_true(bench_logged(b, "why=unreachable"));
	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
}

/* The doorbell is a mask; slot 31 is the one for page requests. */
static void one_doorbell_runs_many_slots(void **state)
{
	static const u8 in[16] = { 0x08, 0x0d };
	struct bench *b = *state;
	unsigned int slot;

	for (slot = 0; slot < 32; slot++)
		bench_post(b, slot, in, 16, 16);
	bench_ring(b, 0xffffffff);
	for (slot = 0; slot < 32; slot++)
		assert_true(bench_done(b, slot));
}

/* MAD_IFC (0x50d) is among them: mlx5_ib gives up cleanly on that answer. */
static void unknown_commands_get_bad_op(void **state)
{
	static const u16 opcodes[] = { 0x000, 0x50d, 0x200, 0x500, 0x937 + 1, 0xfff, 0xffff };
	struct bench *b = *state;
	u8 out[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(opcodes); i++) {
		bench_command(b, opcodes[i], 0, 0, 0, 0, out, sizeof(out));
		assert_int_equal(out[0], 0x02);
		assert_int_equal(be32_get(out + 4), 0xe00001);
	}
}

/* CREATE_UCTX, one byte short each way. */
static void commands_have_least_lengths(void **state)
{
	u8 in[64] = { 0x0a, 0x04 };
	struct bench *b = *state;
	u8 out[16];

	assert_int_equal(bench_exec(b, in, 63, out, 16), 0);
	assert_int_equal(out[0], 0x50);
	assert_int_equal(bench_exec(b, in, 64, out, 12), 0);
	assert_int_equal(out[0], 0x51);
}

/* Nothing but ENABLE_HCA works before it, and no contexts before INIT_HCA. */
static void commands_have_their_state(void **state)
{
	struct bench *b = *state;

	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x100, 0, 0, 0, 0), 0x04);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
	assert_int_equal(bench_status(b, 0x102, 0, 0, 0, 0), 0x04);	/* pages are missing */
	assert_int_equal(bench_uctx(b, 4), 0);
	assert_int_equal(bench_status(b, 0x105, 0, 0, 0, 0), 0);
	assert_int_equal(bench_status(b, 0x100, 0, 0, 0, 0), 0x04);
}

/* The driver gives pages and takes them back in pieces; bad counts and addresses are refused. */
static void pages_go_back_and_forth(void **state)
{
	static u8 in[16 + 8 * 768] = { 0x01, 0x08 }, out[16 + 8 * 768];
	struct bench *b = *state;

	in[7] = 2;	/* take */
	be32_put(in + 12, 60);
	assert_int_equal(bench_exec(b, in, 16, out, sizeof(out)), 0);
	assert_int_equal(be32_get(out + 8), 60);
	assert_int_equal(be64_get(out + 16) & 0xfff, 0);
	be32_put(in + 12, 768);
	bench_exec(b, in, 16, out, sizeof(out));
	assert_int_equal(be32_get(out + 8), 4);
	in[7] = 1;	/* give, but more than the message holds */
	be32_put(in + 12, 3);
	bench_exec(b, in, 32, out, 16);
	assert_int_equal(out[0], 0x50);
	be32_put(in + 12, 1);
	be64_put(in + 16, RAM_ADDR + RAM_SIZE);
	bench_exec(b, in, 24, out, 16);
	assert_int_equal(out[0], 0x03);	/* not in guest memory */
}

#define READY(fn) cmocka_unit_test_setup_teardown(fn, bench_setup_ready, bench_teardown)
#define FRESH(fn) cmocka_unit_test_setup_teardown(fn, bench_setup, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(enable_hca_reference_vector),
		READY(query_issi_reference_vector),
		READY(general_caps_reference_vector),
		READY(general_caps_second_page),
		FRESH(set_hca_cap_on_a_longer_chain),
		FRESH(set_hca_cap_takes_effect),
		READY(create_eq_on_a_longer_chain),
		READY(any_length_from_16_to_2_mib),
		READY(refuses_absurd_lengths),
		READY(refuses_broken_chains),
		READY(a_command_whose_answer_has_no_place_is_not_executed),
		READY(leaves_slots_alone_that_it_does_not_own),
		FRESH(a_queue_outside_ram_is_survived),
		READY(one_doorbell_runs_many_slots),
		READY(unknown_commands_get_bad_op),
		READY(commands_have_least_lengths),
		FRESH(commands_have_their_state),
		READY(pages_go_back_and_forth),
	};

	return cmocka_run_group_tests_name("cmdq", tests, NULL, NULL);
}
