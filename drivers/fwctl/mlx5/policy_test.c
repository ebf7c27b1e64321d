// SPDX-License-Identifier: GPL-2.0
/*
 * The policy, held against a second statement of the rules: lists of numbers as
 * the PRM has them, by what the command or register does. Exhaustive where the
 * space is 16 bits wide.
 */
#include <kunit/test.h>
#include <linux/unaligned.h>

#include "policy.h"

#define REQUEST_LEN 64

static const u16 config_reads[] = {
	0x100, 0x101, 0x10a, 0x10e, 0x740, 0x760, 0x762, 0xb22,
};

static const u16 config_writes[] = { 0x731, 0x823, 0xb2e };

static const u16 debug_reads[] = {
	0x107, 0x10c, 0x111, 0x117, 0x201, 0x203, 0x303, 0x402, 0x50b, 0x512,
	0x602, 0x702, 0x707, 0x713, 0x716, 0x719, 0x722, 0x725, 0x727, 0x728,
	0x730, 0x732, 0x750, 0x752, 0x754, 0x764, 0x765, 0x76f, 0x770, 0x773,
	0x781, 0x784, 0x80b, 0x80d, 0x813, 0x819, 0x821, 0x822, 0x824, 0x826,
	0x82a, 0x831, 0x842, 0x903, 0x907, 0x90b, 0x90f, 0x911, 0x915, 0x919,
	0x932, 0x935, 0x937, 0x93b, 0x93f, 0x942, 0x962, 0x964, 0x971, 0x981,
	0xa02, 0xa05, 0xa09, 0xb02, 0xb03, 0xb05, 0xb07, 0xb08, 0xb0a, 0xb0d,
	0xb0f, 0xb13, 0xb14, 0xb28, 0xb2a, 0xb2f, 0x8000, 0x8001, 0x8006,
};

static const u16 debug_writes[] = { 0x820 };

/* Those whose class depends on more than the opcode */
static const u16 inspected[] = { 0x109, 0x805, 0xb0c };

static bool listed(u16 number, const u16 *list, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (list[i] == number)
			return true;
	return false;
}

static enum fwctl_class expected_opcode(u16 opcode)
{
	if (listed(opcode, config_reads, ARRAY_SIZE(config_reads)))
		return FWCTL_CLASS_CONFIG_READ;
	if (listed(opcode, config_writes, ARRAY_SIZE(config_writes)))
		return FWCTL_CLASS_CONFIG_WRITE;
	if (listed(opcode, debug_reads, ARRAY_SIZE(debug_reads)))
		return FWCTL_CLASS_DEBUG_READ;
	if (listed(opcode, debug_writes, ARRAY_SIZE(debug_writes)))
		return FWCTL_CLASS_DEBUG_WRITE;
	return FWCTL_CLASS_NEVER;
}

static enum fwctl_class classify(const u8 *bytes, size_t len)
{
	struct fwctl_request req = {
		.header = bytes,
		.header_len = min_t(size_t, len, MLX5_FWCTL_HEADER_LEN),
		.in_len = len,
		.out_len = len,
	};

	return mlx5_fwctl_classify(NULL, &req);
}

static void put_register(u8 *bytes, u16 opcode, u16 op_mod, u16 id)
{
	memset(bytes, 0, REQUEST_LEN);
	put_unaligned_be16(opcode, bytes);
	put_unaligned_be16(op_mod, bytes + 6);
	put_unaligned_be16(id, bytes + 10);
}

static enum fwctl_class classify_register(u16 op_mod, u16 id)
{
	u8 bytes[REQUEST_LEN];

	put_register(bytes, 0x805, op_mod, id);
	return classify(bytes, sizeof(bytes));
}

/* {opcode 0..0xffff}, the rest zero: the lists, and never for all others */
static void mlx5_test_opcodes(struct kunit *test)
{
	u8 bytes[16] = {};
	unsigned int allowed = 0;

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		if (listed(opcode, inspected, ARRAY_SIZE(inspected)))
			continue;
		put_unaligned_be16(opcode, bytes);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, sizeof(bytes)),
				    expected_opcode(opcode), "opcode 0x%03x",
				    opcode);
		allowed += expected_opcode(opcode) != FWCTL_CLASS_NEVER;
	}
	KUNIT_EXPECT_EQ(test, allowed, 94 - ARRAY_SIZE(inspected));
}

/*
 * MANAGE_PAGES, CREATE_MKEY, CREATE_EQ, CREATE_QP, MAD_IFC, CREATE_UCTX,
 * DESTROY_UCTX, CREATE_UMEM, CREATE_GENERAL_OBJECT, INIT_HCA, ENABLE_HCA
 */
static void mlx5_test_dangerous(struct kunit *test)
{
	static const u16 opcodes[] = { 0x108, 0x200, 0x301, 0x500, 0x50d, 0xa04,
				       0xa06, 0xa08, 0xa00, 0x102, 0x104 };
	u8 bytes[REQUEST_LEN] = {};

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		put_unaligned_be16(opcodes[i], bytes);
		KUNIT_EXPECT_EQ_MSG(test, classify(bytes, sizeof(bytes)),
				    FWCTL_CLASS_NEVER, "opcode 0x%03x",
				    opcodes[i]);
	}
}

/* What mstflint 4.31 does with the label CONFIGURATION has to suffice for it. */
static void mlx5_test_register_configuration(struct kunit *test)
{
	static const u16 reads[] = { 0x402d, 0x507f, 0x9020, 0x9024, 0x9030,
				     0x9034, 0x9060, 0x9061, 0x9062, 0x9064,
				     0x907f };
	static const u16 writes[] = { 0x9024, 0x9025, 0x9028, 0x9033, 0x9062,
				      0x9063 };

	for (size_t i = 0; i < ARRAY_SIZE(reads); i++)
		KUNIT_EXPECT_EQ_MSG(test, classify_register(1, reads[i]),
				    FWCTL_CLASS_CONFIG_READ, "register 0x%04x",
				    reads[i]);
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		KUNIT_EXPECT_EQ_MSG(test, classify_register(0, writes[i]),
				    FWCTL_CLASS_CONFIG_WRITE, "register 0x%04x",
				    writes[i]);
}

/* MCDD and HCA_CMD_ENCAP, either way; the tracer's and the host's own, written */
static void mlx5_test_register_never(struct kunit *test)
{
	static const u16 both[] = { 0x905c, 0xc009 };
	static const u16 writes[] = { 0x7004, 0x9040, 0x9041, 0x9042, 0x9043 };

	for (size_t i = 0; i < ARRAY_SIZE(both); i++)
		KUNIT_EXPECT_EQ(test, classify_register(1, both[i]),
				FWCTL_CLASS_NEVER);
	for (size_t i = 0; i < ARRAY_SIZE(both); i++)
		KUNIT_EXPECT_EQ(test, classify_register(0, both[i]),
				FWCTL_CLASS_NEVER);
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		KUNIT_EXPECT_EQ(test, classify_register(0, writes[i]),
				FWCTL_CLASS_NEVER);
}

/* {register 0..0xffff} written: configuration, full or never, and no read class */
static void mlx5_test_register_writes(struct kunit *test)
{
	for (u32 id = 0; id <= U16_MAX; id++) {
		enum fwctl_class class = classify_register(0, id);

		KUNIT_ASSERT_TRUE_MSG(test,
				      class == FWCTL_CLASS_CONFIG_WRITE ||
					      class == FWCTL_CLASS_FULL ||
					      class == FWCTL_CLASS_NEVER,
				      "register 0x%04x, class %d", id, class);
	}
	KUNIT_EXPECT_EQ(test, classify_register(0, 0xabcd), FWCTL_CLASS_FULL);
	KUNIT_EXPECT_EQ(test, classify_register(1, 0xabcd),
			FWCTL_CLASS_DEBUG_READ);
}

/* Reserved fields and op_mod count in full width; both opcodes have the rules. */
static void mlx5_test_register_header(struct kunit *test)
{
	u8 bytes[REQUEST_LEN];

	put_register(bytes, 0xb0c, 1, 0x9020);
	KUNIT_EXPECT_EQ(test, classify(bytes, 32), FWCTL_CLASS_CONFIG_READ);
	KUNIT_EXPECT_EQ(test, classify(bytes, 16), FWCTL_CLASS_CONFIG_READ);

	for (u32 op_mod = 2; op_mod <= U16_MAX; op_mod++)
		KUNIT_ASSERT_EQ(test, classify_register(op_mod, 0x9020),
				FWCTL_CLASS_NEVER);

	put_register(bytes, 0x805, 1, 0x9020);
	bytes[5] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 32), FWCTL_CLASS_NEVER);

	put_register(bytes, 0x805, 1, 0x9020);
	bytes[8] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 32), FWCTL_CLASS_NEVER);
}

/* PPCNT (0x5008) and MPCNT (0x9051): byte 4 of the payload, bit 7 is clr. */
static void mlx5_test_counters(struct kunit *test)
{
	static const u16 ids[] = { 0x5008, 0x9051 };
	u8 bytes[REQUEST_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		put_register(bytes, 0x805, 1, ids[i]);
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				FWCTL_CLASS_DEBUG_READ);
		bytes[16 + 4] = 0x80;
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				FWCTL_CLASS_DEBUG_WRITE);
		put_unaligned_be16(0, bytes + 6);
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				FWCTL_CLASS_FULL);
		put_unaligned_be16(1, bytes + 6);
		/* A request that ends before the field could hide it. */
		KUNIT_EXPECT_EQ(test, classify(bytes, 16 + 7),
				FWCTL_CLASS_DEBUG_WRITE);
	}
}

/* RESOURCE_DUMP (0xc000): inline (byte 0, bit 6) and no mkey (bytes 28..31) */
static void mlx5_test_resource_dump(struct kunit *test)
{
	u8 bytes[REQUEST_LEN];

	for (u16 op_mod = 0; op_mod < 2; op_mod++) {
		put_register(bytes, 0x805, op_mod, 0xc000);
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				FWCTL_CLASS_NEVER);
		bytes[16] = 0x40;
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				op_mod ? FWCTL_CLASS_DEBUG_READ :
					 FWCTL_CLASS_NEVER);
		KUNIT_EXPECT_EQ(test, classify(bytes, 16 + 31),
				FWCTL_CLASS_NEVER);
		bytes[16 + 31] = 1;
		KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
				FWCTL_CLASS_NEVER);
	}
}

/* SET_HCA_CAP: another function's only (byte 8, bit 7) */
static void mlx5_test_set_hca_cap(struct kunit *test)
{
	u8 bytes[REQUEST_LEN] = { 0x01, 0x09 };

	KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN), FWCTL_CLASS_NEVER);
	bytes[8] = 0x80;
	KUNIT_EXPECT_EQ(test, classify(bytes, REQUEST_LEN),
			FWCTL_CLASS_CONFIG_WRITE);
}

static struct kunit_case mlx5_fwctl_policy_cases[] = {
	KUNIT_CASE(mlx5_test_opcodes),
	KUNIT_CASE(mlx5_test_dangerous),
	KUNIT_CASE(mlx5_test_register_configuration),
	KUNIT_CASE(mlx5_test_register_never),
	KUNIT_CASE(mlx5_test_register_writes),
	KUNIT_CASE(mlx5_test_register_header),
	KUNIT_CASE(mlx5_test_counters),
	KUNIT_CASE(mlx5_test_resource_dump),
	KUNIT_CASE(mlx5_test_set_hca_cap),
	{}
};

static struct kunit_suite mlx5_fwctl_policy_suite = {
	.name = "mlx5-fwctl-policy",
	.test_cases = mlx5_fwctl_policy_cases,
};

kunit_test_suite(mlx5_fwctl_policy_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of the mlx5 policy");
MODULE_LICENSE("GPL");
