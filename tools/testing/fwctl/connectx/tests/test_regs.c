// SPDX-License-Identifier: GPL-2.0
/* Access registers as the mstflint tools read and write them. */
#include <string.h>

#include "bench.h"

static u8 get(struct tool *f, u16 reg, u8 *data, u32 len)
{
	return bench_reg(f->b, f->uid, reg, false, data, len, NULL);
}

static u8 set(struct tool *f, u16 reg, u8 *data, u32 len)
{
	return bench_reg(f->b, f->uid, reg, true, data, len, NULL);
}

/* mstflint expects this answer for a register that does not exist. */
static void an_unknown_register_echoes_the_payload(void **state)
{
	struct tool *f = *state;
	u8 data[40], before[40];
	u32 syndrome;

	memset(data, 0x6b, sizeof(data));
	memcpy(before, data, sizeof(data));
	assert_int_equal(bench_reg(f->b, f->uid, 0x9fff, false, data, 40, &syndrome), 0x03);
	assert_int_equal(syndrome, 0xe00201);
	assert_memory_equal(data, before, sizeof(data));
	assert_int_equal(get(f, 0x905c, data, 32), 0x03);	/* MCDD does not exist */
}

/* Tools read it with a length of 1024 when they open the device, and with shorter ones later. */
static void mgir_in_any_length(void **state)
{
	static const u32 lengths[] = { 1024, 160, 32, 12 };
	struct tool *f = *state;
	u8 data[1024];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		memset(data, 0, sizeof(data));
		assert_int_equal(get(f, 0x9020, data, lengths[i]), 0);
		assert_int_equal(be32_get(data), 0x1021);
		assert_int_equal(be32_get(data + 8), 0x218);
	}
	memset(data, 0, sizeof(data));
	get(f, 0x9020, data, 160);
	assert_string_equal((char *)data + 0x30, "EMU0000000021");
	assert_int_equal(be32_get(data + 0x44), 28);
	assert_int_equal(be32_get(data + 0x4c), 1000);
	assert_int_equal(set(f, 0x9020, data, 160), 0x03);
}

/* The second opcode for register access, for tools only. */
static void register_user_reads_the_same_registers(void **state)
{
	struct tool *f = *state;
	u8 in[176] = { 0x0b, 0x0c, [7] = 1, [10] = 0x90, 0x20 };
	u8 out[176];

	be16_put(in + 2, f->uid);
	assert_int_equal(bench_exec(f->b, in, sizeof(in), out, sizeof(out)), 0);
	assert_int_equal(out[0], 0);
	assert_int_equal(be32_get(out + 16 + 8), 0x218);
}

/* op_mod is compared in full width. */
static void a_method_other_than_read_and_write_is_refused(void **state)
{
	struct tool *f = *state;
	u8 in[32] = { 0x08, 0x05, [7] = 2, [10] = 0x90, 0x20 };
	u8 out[32];

	be16_put(in + 2, f->uid);
	bench_exec(f->b, in, sizeof(in), out, sizeof(out));
	assert_int_equal(out[0], 0x03);
}

/* The bits that mstflint checks before it uses the firmware's update commands. */
static void mcam_masks(void **state)
{
	struct tool *f = *state;
	u8 data[72] = { 0 };

	assert_int_equal(get(f, 0x907f, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data + 0x08), 0x8000001f);	/* MCQS .. MQIS, MCAM */
	assert_true(be32_get(data + 0x10) & 1);			/* MGIR */
	assert_int_equal(be32_get(data + 0x0c) & 1 << 28, 0);	/* no MCDD */
	memset(data, 0, sizeof(data));
	data[3] = 2;
	assert_int_equal(get(f, 0x907f, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data + 0x14), 1 << 13 | 1 << 14);	/* MTMG, MTMR */
}

/* The terminating NUL counts, and the piece after the end is empty. */
static void mqis_in_pieces_of_eight(void **state)
{
	struct tool *f = *state;
	char text[64] = "";
	u32 off;

	for (off = 0; off < sizeof(text);) {
		u8 data[24] = { [3] = 1 };

		be32_put(data + 8, off << 16 | 8);
		assert_int_equal(get(f, 0x9064, data, sizeof(data)), 0);
		assert_int_equal(be32_get(data + 4), 13);
		if (!be16_get(data + 10))
			break;
		memcpy(text + off, data + 16, be16_get(data + 10));
		off += be16_get(data + 10);
	}
	assert_int_equal(off, 13);
	assert_string_equal(text, "CX7-EMULATED");
}

/* An index selects an instance and is not stored; a firmware start resets the rest. */
static void plain_registers_keep_what_is_written(void **state)
{
	struct tool *f = *state;
	u8 data[24] = { [3] = 5, [8] = 0xaa };

	assert_int_equal(set(f, 0x900c, data, sizeof(data)), 0);
	memset(data, 0, sizeof(data));
	data[3] = 9;
	assert_int_equal(get(f, 0x900c, data, sizeof(data)), 0);
	assert_int_equal(data[3], 9);		/* the index is the request's */
	assert_int_equal(data[8], 0xaa);
	memset(data, 0, sizeof(data));
	assert_int_equal(set(f, 0x900c, data, 8), 0);	/* a short write changes only these bytes */
	get(f, 0x900c, data, sizeof(data));
	assert_int_equal(data[8], 0xaa);
	connectx_restart(f->b->cx, "test");
	assert_int_equal(f->b->cx->hca, HCA_OFF);
}

static u8 mcc_error;	/* of the last mcc() */

static u8 mcc(struct tool *f, u8 instruction, u32 handle, u32 component, u32 size, u8 *state)
{
	u8 data[32] = { [3] = instruction };
	u8 status;

	be32_put(data + 4, component);
	be32_put(data + 8, handle);
	be32_put(data + 0x10, size);
	status = set(f, 0x9062, data, sizeof(data));
	*state = data[15] & 0xf;
	mcc_error = data[14];
	return status;
}

static u8 mcda(struct tool *f, u32 handle, u32 off, const u8 *piece, u32 size)
{
	u8 data[144] = { 0 };

	be32_put(data, handle);
	be32_put(data + 4, off);
	be32_put(data + 8, size);
	memcpy(data + 16, piece, size);
	return set(f, 0x9063, data, sizeof(data));
}

static u32 version(struct tool *f, bool pending)
{
	u8 data[148] = { pending ? 0x80 : 0 };

	data[11] = 1;
	assert_int_equal(get(f, 0x9061, data, sizeof(data)), 0);
	return be32_get(data + 0x1c);
}

static u32 lock_session(struct tool *f)
{
	u8 data[32] = { 0 };
	u8 state;
	u32 handle;

	assert_int_equal(get(f, 0x9062, data, sizeof(data)), 0);
	handle = be32_get(data + 8);
	assert_int_equal(mcc(f, 1, handle, 0, 0, &state), 0);
	assert_int_equal(state, 1);
	return handle;
}

/* Lock, download, verify, activate, release; the version moves at firmware start. */
static void a_component_is_updated(void **state)
{
	struct tool *f = *state;
	u32 handle = lock_session(f);
	u8 image[300] = "CXFW";
	u8 st;

	be32_put(image + 4, 28U << 24 | 43 << 16 | 7);
	assert_int_equal(mcc(f, 3, handle, 0, sizeof(image), &st), 0);
	assert_int_equal(st, 3);
	assert_int_equal(mcda(f, handle, 0, image, 128), 0);
	assert_int_equal(mcda(f, handle, 256, image + 256, 44), 0x03);	/* a gap */
	assert_int_equal(mcda(f, handle, 128, image + 128, 128), 0);
	assert_int_equal(mcda(f, handle, 256, image + 256, 44), 0);
	assert_int_equal(mcc(f, 4, handle, 0, 0, &st), 0);
	assert_int_equal(version(f, true), 28U << 24 | 43 << 16 | 7);
	assert_int_equal(version(f, false), 28U << 24 | 42 << 16 | 1000);
	assert_int_equal(mcc(f, 6, handle, 0, 0, &st), 0);
	assert_int_equal(mcc(f, 2, handle, 0, 0, &st), 0);
	assert_int_equal(st, 0);
	connectx_restart(f->b->cx, "test");
	assert_int_equal(bench_read32(f->b, 0), 43 << 16 | 28);
	assert_int_equal(bench_read32(f->b, 4), 5 << 16 | 7);
}

#define IMAGE_SIZE 0x1000

static u8 burn(struct tool *f, const u8 *image)
{
	u32 handle = lock_session(f);
	u8 st, status;
	u32 off;

	assert_int_equal(mcc(f, 3, handle, 0, IMAGE_SIZE, &st), 0);
	for (off = 0; off < IMAGE_SIZE; off += 128)
		assert_int_equal(mcda(f, handle, off, image + off, 128), 0);
	status = mcc(f, 4, handle, 0, 0, &st);
	assert_int_equal(mcc(f, 8, handle, 0, 0, &st), 0);	/* cancel, for the next */
	assert_int_equal(mcc(f, 2, handle, 0, 0, &st), 0);
	return status;
}

/* As mstflint sends it: without magic, words with reversed bytes, a pointer to the info. */
static void mstflint_images_have_a_version(void **state)
{
	static u8 image[IMAGE_SIZE];
	struct tool *f = *state;

	memset(image, 0xff, 16);
	image[0x13] = 1;		/* the format */
	image[0x69] = 0x08;		/* image info at 0x800: 28.43.7, for chip 0x218 */
	image[0x806] = 28;
	image[0x808] = 7;
	image[0x80a] = 43;
	image[0x918] = 0x18;
	image[0x919] = 0x02;
	assert_int_equal(burn(f, image), 0);
	assert_int_equal(version(f, true), 28U << 24 | 43 << 16 | 7);
	image[0x918] = 0x19;		/* another chip */
	assert_int_equal(burn(f, image), 0x04);
	image[0x918] = 0x18;
	image[0x69] = 0x0e;		/* its info would end after the image */
	assert_int_equal(burn(f, image), 0x04);
}

/* Each step in the wrong state, with the wrong handle, or with the wrong bytes. */
static void a_component_update_refuses_what_is_out_of_turn(void **state)
{
	struct tool *f = *state;
	u32 handle = lock_session(f);
	u8 image[64] = "nothing";
	u8 st;

	assert_int_equal(mcc(f, 1, handle, 0, 0, &st), 0x04);		/* locked already */
	assert_int_equal(mcc(f, 4, handle, 0, 0, &st), 0x04);		/* nothing to verify */
	assert_int_equal(mcda(f, handle, 0, image, 64), 0x04);
	assert_int_equal(mcc(f, 3, handle + 1, 0, 64, &st), 0x05);	/* not the handle */
	assert_int_equal(mcc(f, 3, handle, 9, 64, &st), 0x04);		/* no such component */
	assert_int_equal(mcc(f, 3, handle, 0, 64, &st), 0);
	assert_int_equal(mcda(f, handle + 1, 0, image, 64), 0x05);
	assert_int_equal(mcda(f, handle, 0, image, 64), 0);
	assert_int_equal(mcc(f, 4, handle, 0, 0, &st), 0x04);		/* no boot image */
	assert_int_equal(mcc_error, 8);
	assert_int_equal(mcc(f, 6, handle, 0, 0, &st), 0x04);
	assert_int_equal(mcc(f, 0, handle, 0, 0, &st), 0x03);
	assert_int_equal(mcc(f, 200, handle, 0, 0, &st), 0x03);
}

/* It is no secret: a driver that means to keep others out cannot leave that to the firmware. */
static void the_handle_is_all_that_a_step_needs(void **state)
{
	struct tool *f = *state;
	u32 handle = lock_session(f);
	u8 st;

	f->uid = bench_uctx(f->b, 4);
	assert_int_equal(mcc(f, 3, handle, 0, 64, &st), 0);
	assert_int_equal(mcc(f, 2, handle, 0, 0, &st), 0);
}

/* mstresourcedump checks that the sequence number increases. */
static void resource_dump_comes_in_numbered_pieces(void **state)
{
	struct tool *f = *state;
	u8 data[256] = { 0 };

	be32_put(data, 0x40001000);
	assert_int_equal(get(f, 0xc000, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data), 0xc0011000);	/* more, inline, number 1 */
	assert_int_equal(be32_get(data + 0x24), 16 + 20 + 28);
	assert_int_equal(get(f, 0xc000, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data), 0x40021000);	/* the last */
}

/* No inline flag, an mkey, or either half of an address: shows a kernel without this check. */
static void resource_dump_refuses_dma(void **state)
{
	static const u32 words[] = { 0x00, 0x20, 0x28, 0x2c };
	struct tool *f = *state;
	u32 syndrome;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		u8 data[256] = { 0 };

		be32_put(data, 0x40001000);
		be32_put(data + words[i], i ? 0x1000 : 0x00001000);
		assert_int_equal(bench_reg(f->b, f->uid, 0xc000, false, data, 256, &syndrome),
				 0x03);
		assert_int_equal(syndrome, 0xe00204);
	}
}

/* The link goes down and up with PAOS, with an event for the driver. */
static void paos_moves_the_link(void **state)
{
	struct tool *f = *state;
	u8 data[256] = { [2] = 2, [4] = 0x80 };
	u8 *eqe = bench_ram(f->b, EQ_ADDR + 0x10000);

	bench_eq(f->b, bench_uar(f->b), 8, 0x09, 0, 1);
	assert_int_equal(set(f, 0x5006, data, 16), 0);
	assert_int_equal(eqe[1], 0x09);
	assert_int_equal(eqe[3], 1);
	assert_int_equal(eqe[0x28], 0x10);
	memset(data, 0, sizeof(data));
	get(f, 0x5006, data, 16);
	assert_int_equal(be32_get(data), 0x202);
	memset(data, 0, sizeof(data));
	get(f, 0x5031, data, 256);
	assert_int_equal(be32_get(data + 12), 0);
	data[2] = 1;
	be32_put(data + 4, 1U << 31);
	set(f, 0x5006, data, 16);
	assert_int_equal(eqe[64 + 3], 4);
}

/* The fields that mstlink requires before it prints a link. */
static void mstlink_finds_a_link(void **state)
{
	struct tool *f = *state;
	u8 data[256] = { 0 };

	assert_int_equal(get(f, 0x5031, data, 256), 0);
	assert_int_equal(be32_get(data + 8) >> 20 & 0xf, 1);	/* InfiniBand */
	assert_int_equal(data[12], 3);				/* active */
	assert_int_equal(data[14], 7);				/* link up */
	memset(data, 0, sizeof(data));
	data[7] = 1;
	assert_int_equal(get(f, 0x5031, data, 256), 0);
	assert_string_equal((char *)data + 0x14, "No issue was observed.");
	memset(data, 0, sizeof(data));
	assert_int_equal(get(f, 0x5004, data, 68), 0);
	assert_int_equal(be32_get(data + 0x28), 0x00040080);
}

/* What mstlink needs before it sets FEC and test mode, and that it stays set. */
static void mstlink_finds_fec_and_test_mode(void **state)
{
	static const u16 prbs[] = { 0x5036, 0x5037 };
	struct tool *f = *state;
	u8 data[128] = { [1] = 1 };
	size_t i;

	assert_int_equal(get(f, 0x5023, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data + 0x28) & 0xffff, 0x280);
	memset(data + 4, 0, sizeof(data) - 4);
	be32_put(data + 0x44, 0x80);
	assert_int_equal(set(f, 0x5023, data, sizeof(data)), 0);
	memset(data + 4, 0, sizeof(data) - 4);
	assert_int_equal(get(f, 0x5023, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data + 0x44), 0x80);
	assert_int_equal(be32_get(data + 0x28) & 0xffff, 0x280);	/* as before the write */
	for (i = 0; i < ARRAY_SIZE(prbs); i++) {
		assert_int_equal(get(f, prbs[i], data, 28), 0);
		assert_int_equal(be32_get(data + 0x0c) >> 23 & 1, 1);	/* 25 Gb/s */
		data[0] |= 0x80;
		assert_int_equal(set(f, prbs[i], data, 28), 0);
		memset(data, 0, sizeof(data));
		assert_int_equal(get(f, prbs[i], data, 28), 0);
		assert_int_equal(data[0], 0x80);
	}
}

/* The host's lock: a key of 8 bytes that is never read back. */
static void mlock_needs_its_key(void **state)
{
	struct tool *f = *state;
	u8 lock[16] = { [3] = 1, [10] = 0x12, [15] = 0x9a };
	u8 unlock[16] = { [15] = 0x9b };
	u8 data[16] = { 0 };

	assert_int_equal(get(f, 0x402d, data, sizeof(data)), 0);
	assert_int_equal(data[3], 0);
	assert_int_equal(set(f, 0x402d, lock, sizeof(lock)), 0);
	assert_int_equal(set(f, 0x402d, lock, sizeof(lock)), 0x04);
	memset(data, 0xff, sizeof(data));
	assert_int_equal(get(f, 0x402d, data, sizeof(data)), 0);
	assert_int_equal(be32_get(data), 1);
	assert_int_equal(be64_get(data + 8), 0);
	assert_int_equal(set(f, 0x402d, unlock, sizeof(unlock)), 0x03);
	lock[3] = 0;
	assert_int_equal(set(f, 0x402d, lock, sizeof(lock)), 0);
	assert_int_equal(get(f, 0x402d, data, sizeof(data)), 0);
	assert_int_equal(data[3], 0);
	lock[3] = 2;
	assert_int_equal(set(f, 0x402d, lock, sizeof(lock)), 0x03);
}

/* All registers from 0x9000 on, in groups of 128, as in MCAM. */
static void mpcam_is_mcam_by_another_number(void **state)
{
	struct tool *f = *state;
	u8 mcam[72] = { 0 }, mpcam[72] = { 0 };

	assert_int_equal(get(f, 0x907f, mcam, sizeof(mcam)), 0);
	assert_int_equal(get(f, 0x9702, mpcam, sizeof(mpcam)), 0);
	assert_memory_equal(mcam, mpcam, sizeof(mcam));
	mpcam[3] = 0xe;
	assert_int_equal(get(f, 0x9702, mpcam, sizeof(mpcam)), 0);
	assert_int_equal(be32_get(mpcam + 0x14), 1 << 2);	/* MPCAM itself */
	assert_int_equal(set(f, 0x9702, mpcam, sizeof(mpcam)), 0x03);
}

/* Returns the value; @status is that of the answer. */
static u32 ppcc(struct tool *f, bool write, u8 command, u16 index, u32 value, u8 *status)
{
	u8 data[252] = { [3] = command };

	be16_put(data + 4, index);
	be32_put(data + 8, value);
	*status = write ? set(f, 0x506e, data, sizeof(data)) : get(f, 0x506e, data, sizeof(data));
	return be32_get(data + 8);
}

/* Reads that only read, one that clears, and commands in the wrong method. */
static void ppcc_by_command(void **state)
{
	struct tool *f = *state;
	u8 status;

	assert_int_equal(ppcc(f, false, 0x0, 0, 0, &status), 0xc001);
	assert_int_equal(ppcc(f, false, 0x3, 0, 0, &status), 0);
	assert_int_equal(ppcc(f, false, 0x4, 0, 0, &status), 2);
	assert_int_equal(ppcc(f, false, 0x6, 1, 0, &status), 77);
	assert_int_equal(ppcc(f, false, 0x6, 1, 0, &status), 77);
	assert_int_equal(ppcc(f, false, 0x7, 1, 0, &status), 77);
	assert_int_equal(ppcc(f, false, 0x6, 1, 0, &status), 0);
	ppcc(f, true, 0x1, 0, 0, &status);
	assert_int_equal(ppcc(f, false, 0x3, 0, 0, &status), 1);
	ppcc(f, true, 0x2, 0, 0, &status);
	assert_int_equal(ppcc(f, false, 0x3, 0, 0, &status), 0);
	ppcc(f, true, 0x8, 0, 200, &status);
	ppcc(f, true, 0x8, 0, 401, &status);	/* above its maximum: ignored */
	assert_int_equal(status, 0);
	assert_int_equal(ppcc(f, false, 0x6, 0, 0, &status), 200);
	assert_int_equal(status, 0);
	ppcc(f, false, 0x1, 0, 0, &status);
	assert_int_equal(status, 0x03);
	ppcc(f, false, 0x8, 0, 0, &status);
	assert_int_equal(status, 0x03);
	ppcc(f, true, 0x7, 0, 0, &status);
	assert_int_equal(status, 0x03);
	ppcc(f, false, 0x6, 2, 0, &status);
	assert_int_equal(status, 0x03);
}

#define WITH(fn) cmocka_unit_test_setup_teardown(fn, tool_setup, tool_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(an_unknown_register_echoes_the_payload),
		WITH(mgir_in_any_length),
		WITH(register_user_reads_the_same_registers),
		WITH(a_method_other_than_read_and_write_is_refused),
		WITH(mcam_masks),
		WITH(mqis_in_pieces_of_eight),
		WITH(plain_registers_keep_what_is_written),
		WITH(a_component_is_updated),
		WITH(mstflint_images_have_a_version),
		WITH(a_component_update_refuses_what_is_out_of_turn),
		WITH(the_handle_is_all_that_a_step_needs),
		WITH(resource_dump_comes_in_numbered_pieces),
		WITH(resource_dump_refuses_dma),
		WITH(paos_moves_the_link),
		WITH(mstlink_finds_a_link),
		WITH(mstlink_finds_fec_and_test_mode),
		WITH(mlock_needs_its_key),
		WITH(mpcam_is_mcam_by_another_number),
		WITH(ppcc_by_command),
	};

	return cmocka_run_group_tests_name("regs", tests, NULL, NULL);
}
