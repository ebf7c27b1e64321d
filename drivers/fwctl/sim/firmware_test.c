// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the simulated firmware against its description in <uapi/fwctl/sim.h>: the
 * class of each opcode, each register, the bounds of each length.
 */
#include <kunit/test.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "firmware.h"

#define HEADER sizeof(struct fwctl_sim_request)
#define ANSWER sizeof(struct fwctl_sim_answer)
#define REGISTER sizeof(__le32)
#define PAYLOAD_LEN 24
#define CONTEXT 7
#define COOKIE 0x1122334455667788

/* Longer than any payload here: the rest of the buffer must not be written */
#define ROOM 64
#define UNTOUCHED 0xa5

#define OPCODE(_number, _class) { .opcode = _number, .class = _class }

static const struct fwctl_sim_custom configured[] = {
	{
		.opcode = 8,
		.class = FWCTL_CLASS_DEBUG_READ,
		.status = 0xdeadbeef,
		.answer_len = 5,
		.answer = "abcde",
		.name = "FIRST",
	},
	{
		.opcode = 0xffff,
		.class = FWCTL_CLASS_NEVER,
		.name = "LAST",
	},
	OPCODE(0x100, FWCTL_CLASS_CONFIG_READ),
	OPCODE(0x101, FWCTL_CLASS_CONFIG_WRITE),
	OPCODE(0x102, FWCTL_CLASS_DEBUG_WRITE),
	OPCODE(0x103, FWCTL_CLASS_FULL),
};

/**
 * struct rpc - a request and its answer
 * @fw: the firmware
 * @in: the request
 * @out: buffer for the answer
 * @len: length of the answer
 */
struct rpc {
	struct fwctl_sim_firmware fw;
	struct {
		struct fwctl_sim_request header;
		u8 payload[PAYLOAD_LEN];
	} __packed in;
	struct {
		struct fwctl_sim_answer header;
		u8 payload[ROOM];
	} __packed out;
	size_t len;
};

static struct rpc *new_rpc(struct kunit *test, u16 opcode, u32 arg)
{
	struct rpc *rpc = kunit_kzalloc(test, sizeof(*rpc), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rpc);
	rpc->fw.opcodes = configured;
	rpc->fw.opcodes_len = ARRAY_SIZE(configured);
	rpc->in.header.opcode = cpu_to_le16(opcode);
	rpc->in.header.arg = cpu_to_le32(arg);
	rpc->in.header.cookie = cpu_to_le64(COOKIE);
	for (size_t i = 0; i < PAYLOAD_LEN; i++)
		rpc->in.payload[i] = i + 1;
	return rpc;
}

/* Check the fields that all answers have in common. Return: the status. */
static u32 run(struct kunit *test, struct rpc *rpc, size_t payload_len,
	       size_t room)
{
	struct fwctl_sim_result result;

	memset(&rpc->out, UNTOUCHED, sizeof(rpc->out));
	fwctl_sim_execute(&rpc->fw, &rpc->in, HEADER + payload_len,
			  ANSWER + room, &result);
	rpc->len = fwctl_sim_answer(&result, &rpc->in, CONTEXT, &rpc->out,
				    ANSWER + room);

	KUNIT_ASSERT_GE(test, rpc->len, ANSWER);
	KUNIT_ASSERT_LE(test, rpc->len, ANSWER + room);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(rpc->out.header.context), CONTEXT);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(rpc->out.header.cookie), COOKIE);
	KUNIT_EXPECT_NULL(test, memchr_inv((u8 *)&rpc->out + rpc->len,
					   UNTOUCHED,
					   sizeof(rpc->out) - rpc->len));
	return le32_to_cpu(rpc->out.header.status);
}

static enum fwctl_class classify(struct rpc *rpc, size_t header_len,
				 struct fwctl_request *req)
{
	*req = (struct fwctl_request){
		.header = &rpc->in,
		.header_len = header_len,
		.in_len = sizeof(rpc->in),
		.out_len = sizeof(rpc->out),
	};
	return fwctl_sim_classify(&rpc->fw, req);
}

static enum fwctl_class expected_class(u32 opcode)
{
	static const enum fwctl_class own[FWCTL_SIM_FIRST_OPCODE] = {
		[1] = FWCTL_CLASS_CONFIG_READ,	[2] = FWCTL_CLASS_CONFIG_READ,
		[3] = FWCTL_CLASS_CONFIG_WRITE, [4] = FWCTL_CLASS_DEBUG_READ,
		[5] = FWCTL_CLASS_DEBUG_WRITE,	[6] = FWCTL_CLASS_FULL,
	};

	if (opcode < ARRAY_SIZE(own))
		return own[opcode];
	for (size_t i = 0; i < ARRAY_SIZE(configured); i++)
		if (configured[i].opcode == opcode)
			return configured[i].class;
	return FWCTL_CLASS_NEVER;
}

/* {opcode 0..0xffff}: as in the header's table, as configured, or never */
static void sim_test_classes(struct kunit *test)
{
	struct rpc *rpc = new_rpc(test, 0, 0);
	struct fwctl_request req;
	unsigned int allowed = 0;

	for (u32 opcode = 0; opcode <= U16_MAX; opcode++) {
		rpc->in.header.opcode = cpu_to_le16(opcode);
		KUNIT_ASSERT_EQ_MSG(test, classify(rpc, HEADER, &req),
				    expected_class(opcode), "opcode 0x%x",
				    opcode);
		KUNIT_ASSERT_EQ(test, req.opcode, opcode);
		allowed += expected_class(opcode) != FWCTL_CLASS_NEVER;
	}
	KUNIT_EXPECT_EQ(test, allowed, 6 + 5);
}

static void sim_test_names(struct kunit *test)
{
	static const char *const names[] = {
		[1] = "ECHO",	     [2] = "READ",  [3] = "WRITE",
		[4] = "DEBUG_READ",  [5] = "DEBUG_WRITE", [6] = "FULL",
		[7] = "NEVER",	     [8] = "FIRST",
	};
	struct rpc *rpc = new_rpc(test, 0, 0);
	struct fwctl_request req;

	for (u32 opcode = 0; opcode <= ARRAY_SIZE(names); opcode++) {
		rpc->in.header.opcode = cpu_to_le16(opcode);
		classify(rpc, HEADER, &req);
		if (opcode < ARRAY_SIZE(names) && names[opcode])
			KUNIT_EXPECT_STREQ(test, req.name, names[opcode]);
		else
			KUNIT_EXPECT_NULL(test, req.name);
	}
}

/* A request with a bit in the reserved field is of class never. */
static void sim_test_reserved(struct kunit *test)
{
	struct fwctl_request req;

	for (u32 opcode = 1; opcode <= FWCTL_SIM_FIRST_OPCODE; opcode++) {
		struct rpc *rpc = new_rpc(test, opcode, 0);

		for (unsigned int bit = 0; bit < 16; bit++) {
			rpc->in.header.reserved = cpu_to_le16(BIT(bit));
			KUNIT_EXPECT_EQ(test, classify(rpc, HEADER, &req),
					FWCTL_CLASS_NEVER);
		}
	}
}

static void sim_test_short_header(struct kunit *test)
{
	struct rpc *rpc = new_rpc(test, FWCTL_SIM_ECHO, 0);
	struct fwctl_request req;

	for (size_t len = 0; len < HEADER; len++)
		KUNIT_EXPECT_EQ(test, classify(rpc, len, &req),
				FWCTL_CLASS_NEVER);
	KUNIT_EXPECT_EQ(test, classify(rpc, HEADER, &req),
			FWCTL_CLASS_CONFIG_READ);
}

/* {payload 0..24} x {room 0..32}: the echo has the length of the shorter one. */
static void sim_test_echo(struct kunit *test)
{
	struct rpc *rpc = new_rpc(test, FWCTL_SIM_ECHO, U32_MAX);

	for (size_t len = 0; len <= PAYLOAD_LEN; len++) {
		for (size_t room = 0; room <= PAYLOAD_LEN + 8; room++) {
			size_t back = min(len, room);

			KUNIT_ASSERT_EQ(test, run(test, rpc, len, room),
					FWCTL_SIM_OK);
			KUNIT_ASSERT_EQ(test, rpc->len, ANSWER + back);
			KUNIT_ASSERT_MEMEQ(test, rpc->out.payload,
					   rpc->in.payload, back);
		}
	}
}

static const u16 reads[] = { FWCTL_SIM_READ, FWCTL_SIM_DEBUG_READ };
static const u16 writes[] = { FWCTL_SIM_WRITE, FWCTL_SIM_DEBUG_WRITE,
			      FWCTL_SIM_FULL };

/* Each writing opcode writes the given register and no other. */
static void sim_test_write(struct kunit *test, u16 opcode)
{
	u32 expected[FWCTL_SIM_REGISTERS] = {};
	struct rpc *rpc = new_rpc(test, opcode, 0);

	for (u32 i = 0; i < FWCTL_SIM_REGISTERS; i++) {
		expected[i] = 0x01020304 * (i + 1);
		rpc->in.header.arg = cpu_to_le32(i);
		put_unaligned_le32(expected[i], rpc->in.payload);
		KUNIT_ASSERT_EQ(test, run(test, rpc, REGISTER, 0),
				FWCTL_SIM_OK);
		KUNIT_ASSERT_EQ(test, rpc->len, ANSWER);
		KUNIT_ASSERT_MEMEQ(test, rpc->fw.registers, expected,
				   sizeof(expected));
	}
}

static void sim_test_writes(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++)
		sim_test_write(test, writes[i]);
}

static void sim_test_read(struct kunit *test, u16 opcode)
{
	struct rpc *rpc = new_rpc(test, opcode, 0);

	for (u32 i = 0; i < FWCTL_SIM_REGISTERS; i++)
		rpc->fw.registers[i] = 0xf0e0d0c0 + i;
	for (u32 i = 0; i < FWCTL_SIM_REGISTERS; i++) {
		rpc->in.header.arg = cpu_to_le32(i);
		KUNIT_ASSERT_EQ(test, run(test, rpc, 0, ROOM), FWCTL_SIM_OK);
		KUNIT_ASSERT_EQ(test, rpc->len, ANSWER + REGISTER);
		KUNIT_ASSERT_EQ(test, get_unaligned_le32(rpc->out.payload),
				0xf0e0d0c0 + i);
	}
}

static void sim_test_reads(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++)
		sim_test_read(test, reads[i]);
}

/* There is no register 64, nor one of a number that 8 or 16 bits cut down to 0 */
static void sim_test_bad_register(struct kunit *test)
{
	static const u32 args[] = { FWCTL_SIM_REGISTERS, 0x100, 0x10000,
				    0x80000000, U32_MAX };
	static const u16 opcodes[] = { FWCTL_SIM_READ, FWCTL_SIM_WRITE,
				       FWCTL_SIM_DEBUG_READ,
				       FWCTL_SIM_DEBUG_WRITE, FWCTL_SIM_FULL };

	for (size_t i = 0; i < ARRAY_SIZE(args); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(opcodes); j++) {
			struct rpc *rpc = new_rpc(test, opcodes[j], args[i]);

			KUNIT_EXPECT_EQ(test, run(test, rpc, 4, ROOM),
					FWCTL_SIM_BAD_REGISTER);
			KUNIT_EXPECT_EQ(test, rpc->len, ANSWER);
			/* The register is checked before the length. */
			KUNIT_EXPECT_EQ(test, run(test, rpc, 0, 0),
					FWCTL_SIM_BAD_REGISTER);
			KUNIT_EXPECT_NULL(test,
					  memchr_inv(rpc->fw.registers, 0,
						     sizeof(rpc->fw.registers)));
		}
	}
}

/* 3 bytes are too short, 4 are enough, and further bytes are ignored. */
static void sim_test_bad_length(struct kunit *test)
{
	struct rpc *rpc;

	for (size_t i = 0; i < ARRAY_SIZE(reads); i++) {
		rpc = new_rpc(test, reads[i], 0);
		for (size_t room = 0; room <= 8; room++)
			KUNIT_EXPECT_EQ(test, run(test, rpc, 0, room),
					room < REGISTER ?
						FWCTL_SIM_BAD_LENGTH :
						FWCTL_SIM_OK);
	}
	for (size_t i = 0; i < ARRAY_SIZE(writes); i++) {
		rpc = new_rpc(test, writes[i], 0);
		for (size_t len = 0; len <= 8; len++) {
			rpc->fw.registers[0] = 0;
			KUNIT_EXPECT_EQ(test, run(test, rpc, len, 0),
					len < REGISTER ? FWCTL_SIM_BAD_LENGTH :
							 FWCTL_SIM_OK);
			KUNIT_EXPECT_EQ(test, rpc->fw.registers[0],
					len < REGISTER ? 0 : 0x04030201);
		}
	}
}

/* Status and payload are as configured; the payload is cut to the buffer. */
static void sim_test_configured(struct kunit *test)
{
	struct rpc *rpc = new_rpc(test, 8, 0);

	for (size_t room = 0; room <= 8; room++) {
		KUNIT_EXPECT_EQ(test, run(test, rpc, PAYLOAD_LEN, room),
				0xdeadbeef);
		KUNIT_EXPECT_EQ(test, rpc->len,
				ANSWER + min_t(size_t, room, 5));
		KUNIT_EXPECT_MEMEQ(test, rpc->out.payload, "abcde",
				   min_t(size_t, room, 5));
	}
	rpc->in.header.opcode = cpu_to_le16(0x100);
	KUNIT_EXPECT_EQ(test, run(test, rpc, 0, ROOM), FWCTL_SIM_OK);
	KUNIT_EXPECT_EQ(test, rpc->len, ANSWER);
}

static struct kunit_case fwctl_sim_firmware_cases[] = {
	KUNIT_CASE(sim_test_classes),
	KUNIT_CASE(sim_test_names),
	KUNIT_CASE(sim_test_reserved),
	KUNIT_CASE(sim_test_short_header),
	KUNIT_CASE(sim_test_echo),
	KUNIT_CASE(sim_test_writes),
	KUNIT_CASE(sim_test_reads),
	KUNIT_CASE(sim_test_bad_register),
	KUNIT_CASE(sim_test_bad_length),
	KUNIT_CASE(sim_test_configured),
	{}
};

static struct kunit_suite fwctl_sim_firmware_suite = {
	.name = "fwctl-sim-firmware",
	.test_cases = fwctl_sim_firmware_cases,
};

kunit_test_suite(fwctl_sim_firmware_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of fwctl's simulated firmware");
MODULE_LICENSE("GPL");
