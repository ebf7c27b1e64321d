// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations. The values to try depend on the kind of field: lengths near limits,
 * sets with single bits changed, all values of a choice.
 */
#include <string.h>

#include "mutate.h"

/* Lengths near those of the uAPI and of the devices: headers, limits, pages */
static const u32 lengths[] = {
	0, 1, 4, 8, 15, 16, 17, 19, 20, 24, 32, 48, 63, 64, 65, 128, 256, 257,
	4095, 4096, 4097, 8192, 65536, 2097151, 2097152, 2097153, 0x80000000,
	0xfffffff0, 0xffffffff,
};

/* Sizes of structs: the least ones, those that this kernel has, a page */
static const u32 sizes[] = {
	0, 4, 15, 16, 17, 23, 24, 25, 31, 32, 33, 40, 79, 80, 81, 88, 128,
	4095, 4096, 4097, 0x80000000, 0xffffffff,
};

static const u64 numbers[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 63, 64, 255, 256, 0x9a00, 0x9a01, 0x9a40,
	0x9a41, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
	0x100000000ULL, 0xffffffffffffffffULL,
};

#define PICK(_rng, _values) ((_values)[rng_below(_rng, ARRAY_SIZE(_values))])

static u64 value_small(struct rng *rng)
{
	return rng_below(rng, 9);
}

static u64 value_flipped(u64 old, struct rng *rng)
{
	return old ^ (1ULL << rng_below(rng, rng_one_in(rng, 2) ? 8 : 64));
}

static u64 value_any(const struct field *field, u64 old, struct rng *rng)
{
	switch (rng_below(rng, 5)) {
	case 0:
		return field->usual;
	case 1:
		return value_flipped(old, rng);
	case 2:
		return old + 1 - 2 * rng_below(rng, 2);
	case 3:
		return rng_next(rng);
	default:
		return value_small(rng);
	}
}

static u64 value_interesting(const struct field *field, struct rng *rng)
{
	switch (field->kind) {
	case VALUE_SIZE:
		return PICK(rng, sizes);
	case VALUE_LENGTH:
		return PICK(rng, lengths);
	case VALUE_BITS:
		/* Sets of classes; bit 0 is in none. */
		return rng_below(rng, 32) << 1;
	case VALUE_CHOICE:
		return rng_next(rng);
	default:
		return rng_one_in(rng, 3) ? PICK(rng, numbers) : value_small(rng);
	}
}

static u64 value_new(const struct field *field, u64 old, struct rng *rng)
{
	u64 value;

	if (field->kind == VALUE_CHOICE ||
	    !rng_one_in(rng, field->kind == VALUE_BITS ? 8 : 3))
		value = value_interesting(field, rng);
	else
		value = value_any(field, old, rng);
	return field->bound ? value % field->bound : value;
}

/*
 * Most fields keep a correct value: with two errors in an operation only the first
 * one is tested.
 */
static void op_vary(struct op *op, unsigned int chance, struct rng *rng)
{
	const struct op_info *info = &op_infos[op->kind];

	for (unsigned int i = 0; i < info->fields_len; i++)
		if (info->fields[i].free || rng_one_in(rng, chance))
			op->values[i] = value_new(&info->fields[i],
						  op->values[i], rng);
}

static enum op_kind kind_new(struct rng *rng)
{
	unsigned int sum = 0, at;
	enum op_kind kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		sum += op_infos[kind].weight;
	at = rng_below(rng, sum);
	for (kind = 0; at >= op_infos[kind].weight; kind++)
		at -= op_infos[kind].weight;
	return kind;
}

static u64 *op_file(struct op *op)
{
	static const char file[] = "file";
	const struct op_info *info = &op_infos[op->kind];

	if (!info->fields_len || strcmp(info->fields[0].name, file))
		return NULL;
	return &op->values[0];
}

/* Waiting for killed children is slow, so they are rare. */
static void op_spare_children(struct op *op, struct rng *rng)
{
	const struct op_info *info = &op_infos[op->kind];

	for (unsigned int i = 0; i < info->fields_len; i++)
		if (!strcmp(info->fields[i].name, "how") &&
		    op->values[i] == HOW_CHILD && !rng_one_in(rng, 4))
			op->values[i] = HOW_NOW;
}

/* Make a valid request: a known label, an opcode of the firmware. */
static void op_ask(struct op *op, struct rng *rng)
{
	if (op->kind != OP_RPC && op->kind != OP_QUERY)
		return;
	op->values[ASK_SCOPE] = rng_below(rng, 4);
	op->values[ASK_OPCODE] = 1 + rng_below(rng, 8);
	op->values[ASK_ARG] = rng_below(rng, 4);
	op->values[ASK_PAYLOAD] = rng_below(rng, 256);
	if (op->kind == OP_RPC && rng_one_in(rng, 6))
		op->values[RPC_FLIP] = 1 + rng_below(rng, 8);
}

/* Files 0 to 2 are likely to be open. */
static struct op op_new(struct rng *rng)
{
	struct op op = op_usual(kind_new(rng));
	u64 *file;

	op_ask(&op, rng);
	op_vary(&op, 8, rng);
	op_spare_children(&op, rng);
	file = op_file(&op);
	if (file)
		*file = rng_below(rng, rng_one_in(rng, 8) ? FUZZ_FILES : 2);
	return op;
}

static void op_insert(struct program *program, unsigned int at,
		      const struct op *op)
{
	if (program->len == FUZZ_OPS)
		program->len--;
	at = MIN(at, program->len);
	memmove(&program->ops[at + 1], &program->ops[at],
		(program->len - at) * sizeof(*op));
	program->ops[at] = *op;
	program->len++;
}

void program_generate(struct program *program, struct rng *rng)
{
	unsigned int len = 3 + rng_below(rng, 8);

	memset(program, 0, sizeof(*program));
	for (unsigned int i = 0; i < 2; i++) {
		struct op op = op_usual(OP_OPEN);

		op.values[OPEN_FILE] = i;
		op.values[OPEN_DEVICE] = rng_below(rng, FUZZ_DEVICES);
		if (rng_one_in(rng, 3))
			op.values[OPEN_MODE] = rng_below(rng, 3);
		op_insert(program, i, &op);
	}
	while (program->len < len) {
		struct op op = op_new(rng);

		op_insert(program, program->len, &op);
	}
}

static unsigned int any_op(const struct program *program, struct rng *rng)
{
	return rng_below(rng, program->len);
}

static void mutate_value(struct program *program, struct rng *rng)
{
	struct op *op = &program->ops[any_op(program, rng)];
	const struct op_info *info = &op_infos[op->kind];
	unsigned int i;

	if (!info->fields_len)
		return;
	i = rng_below(rng, info->fields_len);
	op->values[i] = value_new(&info->fields[i], op->values[i], rng);
	op_spare_children(op, rng);
}

static void mutate_insert(struct program *program, struct rng *rng)
{
	struct op op = op_new(rng);

	op_insert(program, 1 + rng_below(rng, program->len), &op);
}

static void mutate_delete(struct program *program, struct rng *rng)
{
	unsigned int at = any_op(program, rng);

	if (program->len == 1)
		return;
	program->len--;
	memmove(&program->ops[at], &program->ops[at + 1],
		(program->len - at) * sizeof(program->ops[0]));
}

/* Repeat operations with small changes, to reach limits and races. */
static void mutate_repeat(struct program *program, struct rng *rng)
{
	unsigned int at = any_op(program, rng);
	struct op op = program->ops[at];

	op_vary(&op, 6, rng);
	op_spare_children(&op, rng);
	op_insert(program, at + 1, &op);
}

static void mutate_swap(struct program *program, struct rng *rng)
{
	unsigned int a = any_op(program, rng), b = any_op(program, rng);
	struct op op = program->ops[a];

	program->ops[a] = program->ops[b];
	program->ops[b] = op;
}

static void (*const mutations[])(struct program *program, struct rng *rng) = {
	mutate_value, mutate_value, mutate_value, mutate_insert, mutate_insert,
	mutate_delete, mutate_repeat, mutate_swap,
};

void program_mutate(struct program *program, struct rng *rng)
{
	struct program old = *program;
	unsigned int count = 1 + rng_below(rng, 4);

	/* Retry: changes may cancel each other, or have no effect. */
	for (unsigned int tries = 0; tries < 16; tries++) {
		for (unsigned int i = 0; i < count; i++)
			PICK(rng, mutations)(program, rng);
		if (!program_equal(program, &old))
			return;
	}
}

void program_splice(struct program *program, const struct program *other,
		    struct rng *rng)
{
	unsigned int from = rng_below(rng, other->len);

	program->len = 1 + rng_below(rng, program->len);
	while (from < other->len && program->len < FUZZ_OPS)
		program->ops[program->len++] = other->ops[from++];
}
