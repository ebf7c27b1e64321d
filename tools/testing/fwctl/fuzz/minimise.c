// SPDX-License-Identifier: GPL-2.0
/* The minimiser: first whole operations, many at a time, then single fields. */
#include <string.h>

#include "minimise.h"

/* Keep the simpler program if it fails as well. */
static bool try_simpler(struct program *program, const struct program *simpler,
			struct trial *trial)
{
	if (!trial->runs || program_equal(program, simpler))
		return false;
	trial->runs--;
	if (!trial->fails(simpler, trial->data))
		return false;
	*program = *simpler;
	return true;
}

static bool drop_ops(struct program *program, unsigned int at, unsigned int count,
		     struct trial *trial)
{
	struct program simpler = *program;

	if (count >= program->len)
		return false;
	simpler.len -= count;
	memmove(&simpler.ops[at], &simpler.ops[at + count],
		(simpler.len - at) * sizeof(simpler.ops[0]));
	return try_simpler(program, &simpler, trial);
}

static bool simplify_ops(struct program *program, struct trial *trial)
{
	bool simpler = false;

	for (unsigned int count = program->len / 2; count; count /= 2)
		for (unsigned int at = 0; at + count <= program->len;)
			if (drop_ops(program, at, count, trial))
				simpler = true;
			else
				at++;
	return simpler;
}

static bool simplify_op(struct program *program, unsigned int at,
			struct trial *trial)
{
	const struct op usual = op_usual(program->ops[at].kind);
	bool simpler = false;

	for (unsigned int i = 0; i < op_infos[usual.kind].fields_len; i++) {
		struct program other = *program;

		other.ops[at].values[i] = usual.values[i];
		simpler = try_simpler(program, &other, trial) || simpler;
	}
	return simpler;
}

static bool simplify_fields(struct program *program, struct trial *trial)
{
	bool simpler = false;

	for (unsigned int at = 0; at < program->len; at++)
		simpler = simplify_op(program, at, trial) || simpler;
	return simpler;
}

void program_minimise(struct program *program, struct trial *trial)
{
	while (trial->runs && (simplify_ops(program, trial) |
			       simplify_fields(program, trial)))
		;
}
