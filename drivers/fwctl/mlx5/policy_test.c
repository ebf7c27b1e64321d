// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the policy against a second list of the rules that shares nothing with the
 * tables: numbers by class, and fields as in the PRM, by their offset in bits from the
 * begin of the message. Exhaustive where a number has 16 bits.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/unaligned.h>

#include "../internal.h"
#include "policy.h"

#define SET_HCA_CAP 0x109
#define ACCESS_REG 0x805
#define QUERY_GENERAL_OBJECT 0xa02
#define ACCESS_REGISTER_USER 0xb0c
#define RESOURCE_DUMP 0xc000

#define OP_WRITE 0
#define OP_READ 1

#define HEADER_BITS (MLX5_FWCTL_HEADER_LEN * 8)
#define PAYLOAD 16
#define PAYLOAD_BITS (HEADER_BITS - PAYLOAD * 8)

#define NEVER FWCTL_CLASS_NEVER
#define CONFIG_READ FWCTL_CLASS_CONFIG_READ
#define CONFIG_WRITE FWCTL_CLASS_CONFIG_WRITE
#define DEBUG_READ FWCTL_CLASS_DEBUG_READ
#define DEBUG_WRITE FWCTL_CLASS_DEBUG_WRITE
#define FULL FWCTL_CLASS_FULL

/* {label}: CONFIGURATION, DEBUG_READ_ONLY, DEBUG_WRITE, DEBUG_WRITE_FULL */
static const char *const admitted[] = {
	[NEVER] = "----",	 [CONFIG_READ] = "++++", [CONFIG_WRITE] = "+-++",
	[DEBUG_READ] = "-+++", [DEBUG_WRITE] = "--++", [FULL] = "---+",
};

/* Commands by class; lists end with 0, which is neither a command nor a register. */

static const u16 config_reads[] = {
	0x100, 0x101, 0x10a, 0x10e, 0x740, 0x760, 0x762, 0xb22, 0,
};

static const u16 config_writes[] = { 0x823, 0xb2e, 0 };

static const u16 debug_reads[] = {
	0x107, 0x10c, 0x111, 0x117, 0x303, 0x402, 0x50b, 0x602, 0x702, 0x707,
	0x716, 0x719, 0x722, 0x727, 0x728, 0x730, 0x732, 0x750, 0x752, 0x754,
	0x764, 0x765, 0x76f, 0x770, 0x773, 0x781, 0x784, 0x80b, 0x80d, 0x813,
	0x819, 0x821, 0x822, 0x824, 0x826, 0x82a, 0x831, 0x842, 0x903, 0x907,
	0x90b, 0x90f, 0x911, 0x915, 0x919, 0x932, 0x935, 0x937, 0x93b, 0x93f,
	0x942, 0x962, 0x964, 0x971, 0x981, 0xa05, 0xb02, 0xb03, 0xb05, 0xb0a,
	0xb0d, 0xb0f, 0xb13, 0xb14, 0xb28, 0xb2a, 0xb2f, 0x8000, 0x8006, 0,
};

static const u16 debug_writes[] = { 0x820, 0 };

/*
 * Keys to memory and the pages behind them (QUERY_MKEY, _SPECIAL_CONTEXTS, _RDB, _UMEM,
 * _MTT), keys of transports and objects (QUERY_DCT, _XRQ_DC_PARAMS_ENTRY twice,
 * _GENERAL_OBJECT), delegation of another function, registers by address
 */
static const u16 fulls[] = {
	0x201, 0x203, 0x512, 0xa09, 0x8001, 0x713, 0x725, 0xb08, 0xa02, 0x731,
	0xb07, 0,
};

/*
 * Not listed above: SET_HCA_CAP, which is never if it is zero, and ACCESS_REG and
 * ACCESS_REGISTER_USER, which depend on the register.
 */

/* Commands with a length other than 16 bytes */
static const u16 of_32[] = { 0x770, 0x773, 0x93b, 0x93f, 0x942, 0 };
static const u16 of_64[] = { 0x784, 0x82a, 0x932, 0x935, 0x937, 0 };

/* Layout not public: a length of 16 to 64 bytes, of which only the header is known */
static const u16 opaque[] = {
	0x10c, 0x512, 0x602, 0x716, 0x722, 0x725, 0x727, 0x728, 0x730, 0x731,
	0x732, 0x781, 0x813, 0x819, 0x820, 0x821, 0x911, 0x971, 0x981, 0xa05,
	0xa09, 0xb02, 0xb03, 0xb05, 0xb07, 0xb08, 0xb0a, 0xb0f, 0xb13, 0xb14,
	0xb28, 0xb2a, 0xb2e, 0xb2f, 0x8000, 0x8001, 0x8006, 0,
};

/*
 * The fields behind op_mod of the other commands, as in mlx5_ifc.h: first bit and width,
 * and the class of the command if a bit of the field is set, unless that changes nothing.
 */
static const struct field {
	u16 opcode, bit, width;
	enum fwctl_class class;
} fields[] = {
	{ 0x100, 0x40, 2 }, { 0x100, 0x50, 16 },
	{ 0x107, 0x40, 1 }, { 0x107, 0x50, 16 },
	{ 0x109, 0x40, 2 }, { 0x109, 0x50, 16 },
	{ 0x10e, 0x50, 16 },
	{ 0x117, 0x40, 2 }, { 0x117, 0x50, 16 },
	{ 0x201, 0x48, 24 }, { 0x201, 0x60, 1 },
	{ 0x303, 0x58, 8 },
	{ 0x402, 0x48, 24 },
	{ 0x50b, 0x40, 1 }, { 0x50b, 0x48, 24 },
	{ 0x702, 0x48, 24 }, { 0x707, 0x48, 24 }, { 0x713, 0x48, 24 },
	{ 0x719, 0x48, 24 },
	{ 0x750, 0x40, 1 }, { 0x750, 0x50, 16 },
	{ 0x752, 0x40, 1 }, { 0x752, 0x50, 16 },
	{ 0x754, 0x40, 1 }, { 0x754, 0x50, 16 }, { 0x754, 0x65, 3 },
	{ 0x760, 0x40, 16 }, { 0x760, 0x5c, 4 },
	{ 0x762, 0x40, 1 }, { 0x762, 0x4c, 4 }, { 0x762, 0x50, 16 },
	{ 0x764, 0x40, 1 }, { 0x764, 0x4c, 4 }, { 0x764, 0x50, 16 },
	{ 0x764, 0x70, 16 },
	{ 0x765, 0x40, 1 }, { 0x765, 0x4c, 4 }, { 0x765, 0x50, 16 },
	{ 0x765, 0x70, 16 },
	{ 0x76f, 0x40, 1 }, { 0x76f, 0x50, 16 },
	{ 0x770, 0x40, 1 }, { 0x770, 0x4c, 4 }, { 0x770, 0x50, 16 },
	{ 0x770, 0xc0, 1, DEBUG_WRITE },
	{ 0x773, 0x40, 1 }, { 0x773, 0x50, 16 },
	{ 0x773, 0xc0, 1, DEBUG_WRITE }, { 0x773, 0xc1, 1 }, { 0x773, 0xf8, 8 },
	{ 0x784, 0x40, 8 }, { 0x784, 0x60, 32 },
	{ 0x822, 0x58, 8 },
	{ 0x823, 0x58, 8 }, { 0x823, 0x60, 2 },
	{ 0x824, 0x5c, 4 },
	{ 0x826, 0x40, 1, DEBUG_WRITE },
	{ 0x82a, 0xa8, 24 },
	{ 0x903, 0x48, 24 }, { 0x907, 0x48, 24 }, { 0x90b, 0x48, 24 },
	{ 0x90f, 0x48, 24 }, { 0x915, 0x48, 24 }, { 0x919, 0x48, 24 },
	{ 0x932, 0x80, 8 }, { 0x932, 0xa8, 24 },
	{ 0x935, 0x80, 8 }, { 0x935, 0xa8, 24 }, { 0x935, 0xc0, 32 },
	{ 0x937, 0x80, 8 }, { 0x937, 0xa8, 24 }, { 0x937, 0x100, 32 },
	{ 0x93b, 0xc0, 1, DEBUG_WRITE }, { 0x93b, 0xd0, 16 },
	{ 0x93b, 0xe0, 32 },
	{ 0x93f, 0x40, 32 }, { 0x942, 0x40, 32 },
	{ 0x962, 0x48, 24 },
	{ 0x964, 0x40, 1, DEBUG_WRITE }, { 0x964, 0x48, 24 },
	{ 0xa02, 0x40, 64 },
	{ 0xb0d, 0x40, 1 }, { 0xb0d, 0x50, 16 },
	{ 0xb22, 0x60, 2 }, { 0xb22, 0x70, 16 },
};

/* Registers by their classes, with all fields zero */

/* Identity and capabilities */
static const u16 reg_identity[] = {
	0x281f, 0x4019, 0x402d, 0x5066, 0x507f, 0x9009, 0x9018, 0x9020, 0x9021,
	0x9026, 0x902a, 0x902e, 0x902f, 0x904a, 0x9059, 0x9060, 0x9061, 0x9064,
	0x907f, 0x9116, 0x9118, 0x911a, 0x9182, 0x9300, 0xb01f, 0xc00d, 0xc00e,
	0xc011, 0,
};

/* Configuration that only the kernel or the vendor writes */
static const u16 reg_settings[] = {
	/* MNVQC, MNVGC, MNVGN; MVTS, MFSV; MTCQ, MDSR */
	0x9030, 0x9034, 0x9035, 0x902c, 0x9115, 0x9065, 0x9110,
	/* ports and modules */
	0x0700, 0x5001, 0x5002, 0x5003, 0x5004, 0x5005, 0x5006, 0x5011, 0x5012,
	0x5017, 0x5018, 0x5023, 0x5040, 0x5041, 0x5044, 0x5045, 0x504b, 0x504c,
	0x5050, 0x5056, 0x5059, 0x505c, 0x505e, 0x5067, 0x5076, 0x5101, 0xc008,
	/* QoS, pause and buffers */
	0x2802, 0x2803, 0x4002, 0x4005, 0x4007, 0x4008, 0x400a, 0x400d, 0x400e,
	0x4013, 0x4016, 0x401e, 0x4020, 0x4021, 0x4030, 0x5007, 0x500b, 0x500c,
	0x7002, 0xb001, 0xb002,
	/* RDMA */
	0x0701, 0x402c, 0x6001, 0xc001, 0xc00a,
	/* other functions */
	0xc007, 0xc010, 0xc012, 0xc015, 0,
};

/* MNVDA, MNVDI, MNVIA, MFRL, MCC, MCDA, MIRC, MPEGC: configuration by the administrator */
static const u16 reg_administered[] = {
	0x9024, 0x9025, 0x9033, 0x9028, 0x9062, 0x9063, 0x9162, 0x9056, 0,
};

/* MKDC: reading it keeps a session alive */
static const u16 reg_session[] = { 0x9066, 0 };

/* Selection of performance counters and logged events; nothing depends on it */
static const u16 reg_profile[] = { 0x0100, 0x0101, 0x911c, 0xc014, 0 };

/* Raw access, error injection, power meters, keys */
static const u16 reg_full[] = {
	0x4024, 0x9010, 0x9011, 0x9012, 0x9017, 0x901f, 0x903a, 0x905b,
	0x5019, 0x5055, 0x5058, 0x9057, 0x9074, 0x9179,
	0x900c, 0x917d,
	0xc002, 0xc004, 0xc005, 0,
};

/* CORE_DUMP, MTRC_CAP, MTRC_STDB, MTRC_CTRL, MTIE; HOST_ENDIANNESS */
static const u16 reg_read_only[] = {
	0x402e, 0x9040, 0x9042, 0x9043, 0x911b, 0x7004, 0,
};

/* MTRC_CONF, MTDC: address of the buffer that the tracer writes to */
static const u16 reg_tracer_memory[] = { 0x9041, 0x911d, 0 };

/* MCDD, HCA_CMD_ENCAP; RESOURCE_DUMP without inline_dump */
static const u16 reg_never[] = { 0x905c, 0xc009, RESOURCE_DUMP, 0 };

/* Registers with the classes of an unknown register */
static const u16 reg_ordinary[] = {
	0x0102, 0x0104, 0x5008, 0x5013, 0x5014, 0x5027, 0x5028, 0x502e, 0x502f,
	0x5031, 0x5036, 0x5037, 0x5038, 0x5039, 0x503c, 0x503e, 0x5046, 0x505a,
	0x505b, 0x5064, 0x5065, 0x506e, 0x5075, 0x7001, 0x900a, 0x9014, 0x902b,
	0x902d, 0x9036, 0x903c, 0x9050, 0x9051, 0x9052, 0x9053, 0x9055, 0x9058,
	0x905a, 0x905d, 0x9068, 0x906d, 0x9073, 0x910d, 0x910e, 0x9117, 0x912a,
	0x9155, 0x9156, 0x9164, 0x9178, 0x9180, 0x9181, 0x9190, 0x9700, 0x9701,
	0xc006, 0,
};

static const struct {
	enum fwctl_class read, write;
	const u16 *ids;
} register_sets[] = {
	{ CONFIG_READ, FULL, reg_identity },
	{ CONFIG_READ, FULL, reg_settings },
	{ CONFIG_READ, CONFIG_WRITE, reg_administered },
	{ CONFIG_WRITE, FULL, reg_session },
	{ DEBUG_READ, DEBUG_WRITE, reg_profile },
	{ FULL, FULL, reg_full },
	{ DEBUG_READ, NEVER, reg_read_only },
	{ FULL, NEVER, reg_tracer_memory },
	{ NEVER, NEVER, reg_never },
	{ DEBUG_READ, FULL, reg_ordinary },
};

/* Lengths of registers that a class below full can write; a longer write is full. */
static const struct {
	u16 id, size;
} register_sizes[] = {
	{ 0x9024, 268 }, { 0x9025, 12 }, { 0x9033, 8 }, { 0x9028, 8 },
	{ 0x9062, 32 }, { 0x9063, 144 }, { 0x9162, 8 }, { 0x9056, 44 },
	{ 0x0100, 16 }, { 0x0101, 32 }, { 0x911c, 16 }, { 0xc014, 64 },
};

/*
 * Fields of registers, by their offset from the begin of the register, and the class of
 * reading, or of writing, a register in which only a bit of the field is set. In
 * RESOURCE_DUMP the flag inline_dump is set as well.
 */
static const struct reg_field {
	u16 id, op, bit, width;
	enum fwctl_class class;
} reg_fields[] = {
	{ 0x0100, OP_READ, 0x18, 8, DEBUG_WRITE },	/* cmd */
	{ 0x5008, OP_READ, 0x20, 1, DEBUG_WRITE },	/* PPCNT clr */
	{ 0x5012, OP_READ, 0x00, 1, FULL },		/* PMAOS rst */
	{ 0x5037, OP_READ, 0x01, 1, FULL },		/* PPRT s */
	{ 0x5038, OP_READ, 0x36, 10, DEBUG_WRITE },	/* PBSR clear_wm_* */
	{ 0x5038, OP_READ, 0x40, 1, DEBUG_WRITE },	/* clear_wm */
	{ 0x505a, OP_READ, 0x20, 3, FULL },		/* SLRED en, ... */
	{ 0x505a, OP_READ, 0x31, 1, FULL },		/* abort */
	{ 0x5065, OP_READ, 0x1b, 1, DEBUG_WRITE },	/* PMPD cl */
	{ 0x506e, OP_READ, 0x18, 8, FULL },		/* PPCC cmd_type */
	{ 0x900a, OP_READ, 0x41, 1, DEBUG_WRITE },	/* MTMP mtr */
	{ 0x9014, OP_READ, 0x00, 1, FULL },		/* MCIA l */
	{ 0x9014, OP_READ, 0x43, 2, FULL },		/* passwd_length, bg_mode */
	{ 0x9014, OP_READ, 0x60, 32, FULL },		/* password */
	{ 0x9028, OP_WRITE, 0x21, 2, FULL },		/* MFRL *_start */
	{ 0x9028, OP_WRITE, 0x23, 2, NEVER },		/* *_resp */
	{ 0x902c, OP_READ, 0x00, 1, FULL },		/* MVTS clear_all_ts_flag */
	{ 0x9036, OP_READ, 0x3f, 1, DEBUG_WRITE },	/* MGNLE clr */
	{ 0x9043, OP_READ, 0x04, 1, NEVER },		/* MTRC_CTRL arm_event */
	{ 0x9043, OP_READ, 0x10, 16, NEVER },		/* modify_field_select */
	{ 0x9051, OP_READ, 0x20, 1, DEBUG_WRITE },	/* MPCNT clr */
	{ 0x9055, OP_READ, 0x1c, 4, FULL },		/* MTUTC operation */
	{ 0x905a, OP_READ, 0x00, 2, FULL },		/* MPCIR all */
	{ 0x905a, OP_READ, 0x3e, 2, FULL },		/* ports */
	{ 0x910e, OP_READ, 0x3e, 2, DEBUG_WRITE },	/* MTMR op */
	{ 0x9110, OP_READ, 0x20, 1, FULL },		/* MDSR end */
	{ 0xb001, OP_READ, 0x01, 1, DEBUG_WRITE },	/* SBPR snap */
	{ 0xb001, OP_READ, 0x80, 1, DEBUG_WRITE },	/* clr */
	{ 0xb002, OP_READ, 0x01, 1, DEBUG_WRITE },	/* SBCM snap */
	{ 0xb002, OP_READ, 0xa0, 1, DEBUG_WRITE },	/* clr */
	{ 0xc000, OP_READ, 0x02, 1, FULL },		/* vhca_id_valid */
	{ 0xc000, OP_READ, 0x30, 16, FULL },		/* vhca_id */
	{ 0xc000, OP_READ, 0x100, 32, NEVER },		/* mkey */
	{ 0xc000, OP_READ, 0x140, 64, NEVER },		/* address */
	{ 0xc006, OP_READ, 0x1d, 3, FULL },		/* ZTT operation */
	{ 0xc010, OP_READ, 0x22, 1, DEBUG_WRITE },	/* rst_max_reached_* */
	{ 0xc012, OP_READ, 0x01, 3, FULL },		/* operation */
	{ 0xc014, OP_READ, 0x24, 1, FULL },		/* other_vhca_id_valid */
	{ 0xc014, OP_READ, 0x30, 16, FULL },		/* other_vhca_id */
	{ 0xc014, OP_WRITE, 0x24, 1, FULL },
	{ 0xc014, OP_WRITE, 0x30, 16, FULL },
	{ 0xc015, OP_READ, 0x01, 3, FULL },		/* operation */
};

static bool listed(u16 number, const u16 *list)
{
	while (*list)
		if (*list++ == number)
			return true;
	return false;
}

static void set_field_bit(u8 *bytes, size_t bit)
{
	bytes[bit / 8] |= 0x80 >> bit % 8;
}

static enum fwctl_class classify_named(const u8 *bytes, size_t len,
				       const char **name)
{
	struct fwctl_request req = {
		.header = bytes,
		.header_len = min_t(size_t, len, MLX5_FWCTL_HEADER_LEN),
		.in_len = len,
		.out_len = len,
	};
	enum fwctl_class class = mlx5_fwctl_classify(NULL, &req);

	*name = req.name;
	return class;
}

static enum fwctl_class classify(const u8 *bytes, size_t len)
{
	const char *name;

	return classify_named(bytes, len, &name);
}

/* Counters of a test: decisions of the policy, and requests that may be sent */
struct tally {
	unsigned int asked, sent;
};

static bool permit_all(enum fwctl_reason rule)
{
	return true;
}

/* Check the class, and with each of the labels whether such a request is sent. */
static void check_labels(struct kunit *test, struct tally *tally,
			 enum fwctl_class class, enum fwctl_class expected,
			 const char *kind, u32 number)
{
	static const struct fwctl_rights all = {
		.writable = true,
		.file = ~0u,
		.device = ~0u,
	};

	KUNIT_ASSERT_EQ_MSG(test, class, expected, "%s 0x%03x", kind, number);
	for (u32 label = 0; label < 4; label++) {
		bool sent = fwctl_admit(label, class, &all, permit_all) ==
			    FWCTL_REASON_NONE;

		KUNIT_ASSERT_EQ_MSG(test, sent,
				    admitted[expected][label] == '+',
				    "%s 0x%03x, label %u", kind, number, label);
		tally->asked++;
		tally->sent += sent;
	}
}

static void report(struct kunit *test, const struct tally *tally)
{
	kunit_info(test, "%u requests x labels, %u of them may be sent\n",
		   tally->asked, tally->sent);
}

static bool is_access(u16 opcode)
{
	return opcode == ACCESS_REG || opcode == ACCESS_REGISTER_USER;
}

static size_t command_len(u16 opcode)
{
	if (listed(opcode, of_32))
		return 32;
	if (listed(opcode, of_64))
		return 64;
	return opcode == SET_HCA_CAP ? 0x1010 : 16;
}

static enum fwctl_class command_class(u16 opcode)
{
	if (listed(opcode, config_reads))
		return CONFIG_READ;
	if (listed(opcode, config_writes))
		return CONFIG_WRITE;
	if (listed(opcode, debug_reads))
		return DEBUG_READ;
	if (listed(opcode, debug_writes))
		return DEBUG_WRITE;
	return listed(opcode, fulls) ? FULL : NEVER;
}

/* A command with all fields zero, except those that a class other than never needs */
static void put_command(u8 *bytes, u16 opcode)
{
	memset(bytes, 0, MLX5_FWCTL_HEADER_LEN);
	put_unaligned_be16(opcode, bytes);
	if (opcode == SET_HCA_CAP)
		put_unaligned_be32(0x80000001, bytes + 8);
}

/* {opcode 0..0xffff} x {label}, the rest zero: the lists, never for all others */
static void mlx5_test_opcodes(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN] = {};
	struct tally tally = {};
	unsigned int known = 0;
	const char *name;

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		put_unaligned_be16(opcode, bytes);
		/* This access writes register 0, which is unknown. */
		check_labels(test, &tally,
			     classify_named(bytes, command_len(opcode), &name),
			     is_access(opcode) ? FULL : command_class(opcode),
			     "opcode", opcode);
		known += !!name;
	}
	KUNIT_EXPECT_EQ(test, known, 94);
	KUNIT_EXPECT_EQ(test, tally.asked, 65536 * 4);
	report(test, &tally);
}

/* {opcode} x {length 16..66, 1040, 1041, 4111..4113, 2 MiB}: other lengths are never */
static void mlx5_test_lengths(struct kunit *test)
{
	static const size_t longer[] = { 1040, 1041, 4111, 4112, 4113, 2 << 20 };
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		enum fwctl_class class = opcode == SET_HCA_CAP ?
						 CONFIG_WRITE :
						 command_class(opcode);
		size_t least = command_len(opcode);
		size_t most = opcode == 0x820		? 1040 :
			      listed(opcode, opaque)	? 64 :
							  least;

		if (class == NEVER)
			continue;
		put_command(bytes, opcode);
		for (size_t i = 16; i <= 66 + ARRAY_SIZE(longer); i++) {
			size_t len = i <= 66 ? i : longer[i - 67];
			bool fits = len >= least && len <= most;

			KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len),
					    fits ? class : NEVER,
					    "opcode 0x%03x, %zu bytes", opcode,
					    len);
		}
	}
}

static const struct field *find_field(u16 opcode, size_t bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].opcode == opcode && bit >= fields[i].bit &&
		    bit < fields[i].bit + fields[i].width)
			return &fields[i];
	return NULL;
}

/* Class of a command in which one bit is set */
static enum fwctl_class with_bit(u16 opcode, size_t bit, enum fwctl_class class)
{
	const struct field *field = find_field(opcode, bit);

	if (bit >= 0x30 && bit < 0x40) /* op_mod */
		return class;
	if (bit >= 0x40 && listed(opcode, opaque))
		return class;
	if (bit >= 0x80 && opcode == SET_HCA_CAP)
		return class;
	if (!field)
		return NEVER;
	return field->class ?: class;
}

/* Number of bits that can be checked one by one, with the rest of the command zero */
static size_t command_bits(u16 opcode)
{
	if (is_access(opcode))
		return 0;
	return listed(opcode, opaque) ? HEADER_BITS :
					min(command_len(opcode) * 8, HEADER_BITS);
}

/* {opcode} x {each bit behind the UID, alone} */
static void mlx5_test_command_bits(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		size_t bits = command_bits(opcode);
		enum fwctl_class class;

		put_command(bytes, opcode);
		class = classify(bytes, max(command_len(opcode), bits / 8));
		for (size_t bit = 0x20; class != NEVER && bit < bits; bit++) {
			/* Alone it is a type of object: mlx5_test_general_objects(). */
			if (opcode == QUERY_GENERAL_OBJECT && bit == 0x3a)
				continue;
			put_command(bytes, opcode);
			set_field_bit(bytes, bit);
			KUNIT_ASSERT_EQ_MSG(test,
					    classify(bytes, max(command_len(opcode),
								bits / 8)),
					    with_bit(opcode, bit, class),
					    "opcode 0x%03x, bit 0x%zx", opcode,
					    bit);
		}
	}
}

/* All fields that change nothing have random values; then one reserved bit is set. */
static void check_random_command(struct kunit *test, struct rnd_state *rnd,
				 u16 opcode, enum fwctl_class class)
{
	size_t len = command_len(opcode), bits = min(len * 8, HEADER_BITS);
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	size_t reserved = 0x20;

	put_command(bytes, opcode);
	for (size_t bit = 0x30; bit < bits; bit++) {
		if (with_bit(opcode, bit, class) != class)
			reserved = with_bit(opcode, bit, class) == NEVER &&
				   prandom_u32_state(rnd) % 8 ? bit : reserved;
		else if (prandom_u32_state(rnd) & 1)
			set_field_bit(bytes, bit);
	}
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), class,
			    "opcode 0x%03x", opcode);
	set_field_bit(bytes, reserved);
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), NEVER,
			    "opcode 0x%03x, bit 0x%zx", opcode, reserved);
}

static void mlx5_test_command_random(struct kunit *test)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 4);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		u16 opcode = fields[i].opcode;
		enum fwctl_class class = opcode == SET_HCA_CAP ?
						 CONFIG_WRITE :
						 command_class(opcode);

		if (opcode == QUERY_GENERAL_OBJECT)
			continue;
		for (int tries = 0; tries < 200; tries++)
			check_random_command(test, &rnd, opcode, class);
	}
}

/* In reserved bytes 4 and 5 some commands have another function that they are sent as. */
static void mlx5_test_other_function(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		put_command(bytes, opcode);
		put_unaligned_be16(1 + opcode % U16_MAX, bytes + 4);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, command_len(opcode)),
				    NEVER, "opcode 0x%03x", opcode);
	}
}

/* {function_id} x {other_function}: only of another function, with an ID other than 0 */
static void mlx5_test_set_hca_cap(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_command(bytes, SET_HCA_CAP);
	for (u32 id = 0; id <= U16_MAX; id++) {
		put_unaligned_be32(id, bytes + 8);
		KUNIT_ASSERT_EQ(test, classify(bytes, 4112), NEVER);
		put_unaligned_be32(id | 0x80000000, bytes + 8);
		KUNIT_ASSERT_EQ(test, classify(bytes, 4112),
				id ? CONFIG_WRITE : NEVER);
		put_unaligned_be32(id | 0xc0000000, bytes + 8);
		KUNIT_ASSERT_EQ(test, classify(bytes, 4112),
				id ? CONFIG_WRITE : NEVER);
	}
}

/*
 * {type of object}: the types without keys and addresses are GENEVE_TLV_OPT,
 * MATCH_DEFINER, VIRTIO_Q_COUNTERS, SAMPLER, FLOW_METER_ASO, MODIFY_HDR_PATTERN.
 * Bit 31 of the dword at offset 12 is the flag of an alias: an object of another function.
 */
static void mlx5_test_general_objects(struct kunit *test)
{
	static const u16 plain[] = { 0x0b, 0x18, 0x1c, 0x20, 0x24, 0x43, 0 };
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 type = 0; type <= U16_MAX; type++) {
		put_command(bytes, QUERY_GENERAL_OBJECT);
		put_unaligned_be16(type, bytes + 6);
		put_unaligned_be32(~type, bytes + 8); /* the object */
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, 16),
				    listed(type, plain) ? DEBUG_READ : FULL,
				    "type 0x%x", type);
		put_unaligned_be32(0x7fffffff, bytes + 12);
		KUNIT_ASSERT_EQ(test, classify(bytes, 16),
				listed(type, plain) ? DEBUG_READ : FULL);
		put_unaligned_be32(0x80000000, bytes + 12);
		KUNIT_ASSERT_EQ(test, classify(bytes, 16), FULL);
	}
}

static void put_register(u8 *bytes, u16 opcode, u16 op_mod, u16 id)
{
	memset(bytes, 0, MLX5_FWCTL_HEADER_LEN);
	put_unaligned_be16(opcode, bytes);
	put_unaligned_be16(op_mod, bytes + 6);
	put_unaligned_be16(id, bytes + 10);
}

static enum fwctl_class register_class(u16 id, u16 op)
{
	for (size_t i = 0; i < ARRAY_SIZE(register_sets); i++)
		if (listed(id, register_sets[i].ids))
			return op == OP_READ ? register_sets[i].read :
					       register_sets[i].write;
	return op == OP_READ ? DEBUG_READ : FULL;
}

/*
 * Length of a request that has at least @bytes of the register. A write must not be longer
 * than the register: it would be full for that reason alone.
 */
static size_t register_len(u16 id, u16 op, size_t bytes)
{
	if (op == OP_READ)
		return MLX5_FWCTL_HEADER_LEN;
	for (size_t i = 0; i < ARRAY_SIZE(register_sizes); i++)
		if (register_sizes[i].id == id)
			return PAYLOAD + register_sizes[i].size;
	return PAYLOAD + bytes;
}

static void check_register(struct kunit *test, struct tally *tally, u16 opcode,
			   u16 op, u16 id)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, opcode, op, id);
	/* No register is shorter than four bytes. */
	check_labels(test, tally, classify(bytes, register_len(id, op, 4)),
		     register_class(id, op),
		     op == OP_READ ? "reading" : "writing", id);
}

/* {ACCESS_REG, ACCESS_REGISTER_USER} x {read, write} x {register 0..0xffff} x {label} */
static void mlx5_test_registers(struct kunit *test)
{
	struct tally tally = {};

	for (u32 id = 0; id <= U16_MAX; id++) {
		check_register(test, &tally, ACCESS_REG, OP_READ, id);
		check_register(test, &tally, ACCESS_REG, OP_WRITE, id);
		check_register(test, &tally, ACCESS_REGISTER_USER, OP_READ, id);
		check_register(test, &tally, ACCESS_REGISTER_USER, OP_WRITE, id);
	}
	KUNIT_EXPECT_EQ(test, tally.asked, 2 * 2 * 65536 * 4);
	report(test, &tally);
}

static bool in_a_set(u16 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(register_sets); i++)
		if (listed(id, register_sets[i].ids))
			return true;
	return false;
}

/* 186 registers of the PRM's list, and four others, have a row and hence a name. */
static void mlx5_test_register_names(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	unsigned int rows = 0;
	const char *name;

	for (u32 id = 0; id <= U16_MAX; id++) {
		put_register(bytes, ACCESS_REG, OP_READ, id);
		classify_named(bytes, 64, &name);
		KUNIT_ASSERT_NOT_NULL(test, name);
		KUNIT_ASSERT_EQ_MSG(test, strcmp(name, "ACCESS_REG") != 0,
				    in_a_set(id), "register 0x%04x", id);
		rows += in_a_set(id);
	}
	KUNIT_EXPECT_EQ(test, rows, 186 + 4);
}

/* Number and name of a request in traces: those of the command and of the register */
static void mlx5_test_request_number(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct fwctl_request req = {
		.header = bytes,
		.header_len = sizeof(bytes),
		.in_len = sizeof(bytes),
	};

	put_register(bytes, ACCESS_REGISTER_USER, OP_READ, 0x9020);
	mlx5_fwctl_classify(NULL, &req);
	KUNIT_EXPECT_EQ(test, req.opcode, 0x0b0c9020);
	KUNIT_EXPECT_STREQ(test, req.name, "MGIR");

	put_command(bytes, 0x50b);
	mlx5_fwctl_classify(NULL, &req);
	KUNIT_EXPECT_EQ(test, req.opcode, 0x050b0000);
	KUNIT_EXPECT_STREQ(test, req.name, "QUERY_QP");
}

/* {bit of the header behind the UID} x {read, write}: op_mod is 0 or 1, the other bits 0 */
static void mlx5_test_register_header(struct kunit *test)
{
	static const u16 opcodes[] = { ACCESS_REG, ACCESS_REGISTER_USER };
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		for (size_t bit = 0x20; bit < PAYLOAD * 8; bit++) {
			bool number = bit >= 0x50 && bit < 0x60;

			put_register(bytes, opcodes[i], OP_READ, 0x9020);
			if (bit != 0x3f)
				set_field_bit(bytes, bit);
			KUNIT_ASSERT_EQ_MSG(test,
					    classify(bytes, 32) == NEVER,
					    !number && bit != 0x3f,
					    "bit 0x%zx", bit);
		}
		for (u32 op_mod = 2; op_mod <= U16_MAX; op_mod++) {
			put_register(bytes, opcodes[i], op_mod, 0x9020);
			KUNIT_ASSERT_EQ(test, classify(bytes, 32), NEVER);
		}
	}
}

static const struct reg_field *find_reg_field(u16 id, u16 op, size_t bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields); i++)
		if (reg_fields[i].id == id && reg_fields[i].op == op &&
		    bit >= reg_fields[i].bit &&
		    bit < reg_fields[i].bit + reg_fields[i].width)
			return &reg_fields[i];
	return NULL;
}

/* A register with all fields zero, except that RESOURCE_DUMP has its flag inline_dump */
static enum fwctl_class put_base(u8 *bytes, u16 id, u16 op)
{
	put_register(bytes, ACCESS_REG, op, id);
	if (id != RESOURCE_DUMP)
		return register_class(id, op);
	bytes[PAYLOAD] = 0x40;
	return op == OP_READ ? DEBUG_READ : NEVER;
}

static void check_register_bit(struct kunit *test, u16 id, u16 op, size_t bit)
{
	const struct reg_field *field = find_reg_field(id, op, bit);
	size_t len = register_len(id, op, (bit / 32 + 1) * 4);
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	enum fwctl_class class = put_base(bytes, id, op);

	if (PAYLOAD + bit / 8 >= len)
		return;
	set_field_bit(bytes, PAYLOAD * 8 + bit);
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len),
			    field ? field->class : class,
			    "%s 0x%04x, bit 0x%zx",
			    op == OP_READ ? "reading" : "writing", id, bit);
}

/* {register with a row} x {read, write} x {each bit of the first 48 bytes, alone} */
static void mlx5_test_register_bits(struct kunit *test)
{
	for (u32 id = 0; id <= U16_MAX; id++) {
		for (size_t bit = 0; in_a_set(id) && bit < PAYLOAD_BITS; bit++) {
			check_register_bit(test, id, OP_READ, bit);
			check_register_bit(test, id, OP_WRITE, bit);
		}
	}
}

/* A register with random bits outside of the fields in reg_fields, by either command */
static enum fwctl_class put_random(u8 *bytes, struct rnd_state *rnd, u16 id,
				   u16 op)
{
	enum fwctl_class class = put_base(bytes, id, op);

	if (prandom_u32_state(rnd) & 1)
		put_unaligned_be16(ACCESS_REGISTER_USER, bytes);
	for (size_t bit = 0; bit < PAYLOAD_BITS; bit++)
		if (!find_reg_field(id, op, bit) &&
		    PAYLOAD + bit / 8 < register_len(id, op, 0) &&
		    prandom_u32_state(rnd) & 1)
			set_field_bit(bytes, PAYLOAD * 8 + bit);
	return class;
}

/* Each bit of a field decides, and no other bit does, with random bits around it. */
static void mlx5_test_register_random(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields) * 100; i++) {
		const struct reg_field *field = &reg_fields[i / 100];
		size_t len = register_len(field->id, field->op, 0);
		enum fwctl_class class = put_random(bytes, &rnd, field->id,
						    field->op);

		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), class,
				    "register 0x%04x", field->id);
		set_field_bit(bytes, PAYLOAD * 8 + field->bit +
				     prandom_u32_state(&rnd) % field->width);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), field->class,
				    "register 0x%04x", field->id);
	}
}

/* In a read that ends before a field, the missing bits count as set. */
static void mlx5_test_register_truncated(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 6);
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields); i++) {
		for (size_t len = PAYLOAD; len < sizeof(bytes); len++) {
			enum fwctl_class class;

			put_random(bytes, &rnd, reg_fields[i].id, OP_READ);
			class = classify(bytes, len);
			memset(bytes + round_down(len, 4), 0xff,
			       sizeof(bytes) - round_down(len, 4));
			KUNIT_ASSERT_EQ_MSG(test, class,
					    classify(bytes, sizeof(bytes)),
					    "register 0x%04x, %zu bytes",
					    reg_fields[i].id, len);
		}
	}
}

/* A field of class never outweighs one of class full. */
static void mlx5_test_resource_dump(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_base(bytes, RESOURCE_DUMP, OP_READ);
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), DEBUG_READ);
	KUNIT_EXPECT_EQ(test, classify(bytes, 16 + 256), DEBUG_READ);
	/* Fields to continue a dump: seq_num, device_opaque, size */
	bytes[PAYLOAD + 1] = 0x0f;
	memset(bytes + PAYLOAD + 0x18, 0xff, 8);
	memset(bytes + PAYLOAD + 0x24, 0xff, 4);
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), DEBUG_READ);

	bytes[PAYLOAD + 7] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), FULL);
	KUNIT_EXPECT_EQ(test, classify(bytes, 63), NEVER);
	bytes[PAYLOAD + 0x23] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), NEVER);
	bytes[PAYLOAD + 0x23] = 0;
	bytes[PAYLOAD] = 0;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), NEVER);
}

/* Both fields of MFRL: the answer, reserved for mlx5_core, outweighs the start. */
static void mlx5_test_reset(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, ACCESS_REG, OP_WRITE, 0x9028);
	/* as mstconfig sends it after a change: levels 3 and 6 */
	bytes[PAYLOAD + 7] = 0x48;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 8), CONFIG_WRITE);
	bytes[PAYLOAD + 4] = 0x28;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 8), NEVER);
	/* In a write that ends before the fields their bits count as set. */
	bytes[PAYLOAD + 4] = 0;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 7), NEVER);
}

/* {register} x {longer by 1, by 64, 2 MiB}: a longer write is full, or still never */
static void mlx5_test_register_lengths(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(register_sizes); i++) {
		u16 id = register_sizes[i].id;
		size_t len = register_len(id, OP_WRITE, 0);

		put_register(bytes, ACCESS_REG, OP_WRITE, id);
		KUNIT_EXPECT_EQ(test, classify(bytes, len),
				register_class(id, OP_WRITE));
		KUNIT_EXPECT_EQ(test, classify(bytes, len + 1), FULL);
		KUNIT_EXPECT_EQ(test, classify(bytes, len + 64), FULL);
		KUNIT_EXPECT_EQ(test, classify(bytes, 2 << 20), FULL);
	}
	for (u32 id = 0; id <= U16_MAX; id++) {
		enum fwctl_class class = register_class(id, OP_WRITE);

		put_register(bytes, ACCESS_REGISTER_USER, OP_WRITE, id);
		KUNIT_ASSERT_EQ(test, classify(bytes, 2 << 20),
				class == NEVER ? NEVER : FULL);
		put_register(bytes, ACCESS_REG, OP_READ, id);
		KUNIT_ASSERT_EQ(test, classify(bytes, 2 << 20),
				register_class(id, OP_READ));
	}
}

/*
 * Requests of mstflint, mstconfig, mstreg and mstlink, as observed: register, length.
 * mstflint 4.31 sends all of them with the label CONFIGURATION.
 */
static const struct {
	u16 id, op, len;
	enum fwctl_class class;
} client[] = {
	{ 0x9020, OP_READ, 1024, CONFIG_READ },
	{ 0x9020, OP_READ, 160, CONFIG_READ },
	{ 0x9020, OP_READ, 32, CONFIG_READ },
	{ 0x907f, OP_READ, 72, CONFIG_READ },
	{ 0x402d, OP_READ, 16, CONFIG_READ },
	{ 0x9060, OP_READ, 16, CONFIG_READ },
	{ 0x9061, OP_READ, 148, CONFIG_READ },
	{ 0x9064, OP_READ, 24, CONFIG_READ },
	{ 0x9024, OP_READ, 268, CONFIG_READ },
	{ 0x9024, OP_READ, 20, CONFIG_READ },
	{ 0x9030, OP_READ, 8, CONFIG_READ },
	{ 0x9034, OP_READ, 16, CONFIG_READ },
	{ 0x9035, OP_READ, 156, CONFIG_READ },
	{ 0x9115, OP_READ, 48, CONFIG_READ },
	{ 0x9028, OP_READ, 8, CONFIG_READ },
	{ 0x9062, OP_READ, 32, CONFIG_READ },
	{ 0x9062, OP_WRITE, 32, CONFIG_WRITE },
	{ 0x9063, OP_WRITE, 144, CONFIG_WRITE },
	{ 0x9024, OP_WRITE, 24, CONFIG_WRITE },
	{ 0x9024, OP_WRITE, 268, CONFIG_WRITE },
	{ 0x9025, OP_WRITE, 12, CONFIG_WRITE },
	{ 0x9033, OP_WRITE, 8, CONFIG_WRITE },
	{ 0x9028, OP_WRITE, 8, CONFIG_WRITE },
	{ 0x9056, OP_WRITE, 44, CONFIG_WRITE },
	{ 0x5031, OP_READ, 256, DEBUG_READ },
	{ 0x5027, OP_READ, 76, DEBUG_READ },
	{ 0x5008, OP_READ, 256, DEBUG_READ },
	{ 0x9014, OP_READ, 148, DEBUG_READ },
	{ 0x5028, OP_READ, 40, DEBUG_READ },
	{ 0x900a, OP_READ, 32, DEBUG_READ },
	{ 0x910e, OP_READ, 12, DEBUG_READ },
	{ 0x9051, OP_READ, 256, DEBUG_READ },
	{ 0x5006, OP_WRITE, 16, FULL },
	{ 0x5004, OP_WRITE, 68, FULL },
};

static void mlx5_test_client(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(client); i++) {
		put_register(bytes, ACCESS_REG, client[i].op, client[i].id);
		KUNIT_EXPECT_EQ_MSG(test,
				    classify(bytes, PAYLOAD + client[i].len),
				    client[i].class, "register 0x%04x, %u bytes",
				    client[i].id, client[i].len);
	}
}

static struct kunit_case mlx5_fwctl_policy_cases[] = {
	KUNIT_CASE(mlx5_test_opcodes),
	KUNIT_CASE(mlx5_test_lengths),
	KUNIT_CASE(mlx5_test_command_bits),
	KUNIT_CASE(mlx5_test_command_random),
	KUNIT_CASE(mlx5_test_other_function),
	KUNIT_CASE(mlx5_test_set_hca_cap),
	KUNIT_CASE(mlx5_test_general_objects),
	KUNIT_CASE(mlx5_test_registers),
	KUNIT_CASE(mlx5_test_register_names),
	KUNIT_CASE(mlx5_test_request_number),
	KUNIT_CASE(mlx5_test_register_header),
	KUNIT_CASE(mlx5_test_register_bits),
	KUNIT_CASE(mlx5_test_register_random),
	KUNIT_CASE(mlx5_test_register_truncated),
	KUNIT_CASE(mlx5_test_register_lengths),
	KUNIT_CASE(mlx5_test_resource_dump),
	KUNIT_CASE(mlx5_test_reset),
	KUNIT_CASE(mlx5_test_client),
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
