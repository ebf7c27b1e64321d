// SPDX-License-Identifier: GPL-2.0
/*
 * Mutants: the driver's tables with one row or rule less. The linker puts the functions here
 * between the driver's policy and its tables (ld --wrap). A mutant has to be noticed by the
 * check of the register's fields, or by a case of the driver's KUnit suite, run here.
 */
#include "fields.h"
#include "kunit.h"

/* The mutant, if any: a row without the rule, or not the row if the rule is past the last. */
static const void *mutated_row;
static unsigned int mutated_rule;
static bool hidden;

const struct mlx5_fwctl_opcode *__real_mlx5_fwctl_find_opcode(u16 opcode);
const struct mlx5_fwctl_register *__real_mlx5_fwctl_find_register(u16 id);

/* The rules without one of them */
static const struct mlx5_fwctl_rule *other_rules(const struct mlx5_fwctl_rule *rules, size_t nr)
{
	static struct mlx5_fwctl_rule others[1024];

	for (size_t i = 0, j = 0; i < nr; i++)
		if (i != mutated_rule)
			others[j++] = rules[i];
	return others;
}

const struct mlx5_fwctl_opcode *__wrap_mlx5_fwctl_find_opcode(u16 opcode)
{
	const struct mlx5_fwctl_opcode *row = __real_mlx5_fwctl_find_opcode(opcode);
	static struct mlx5_fwctl_opcode mutant;

	if (!row || hidden || row != mutated_row)
		return row;
	if (mutated_rule == row->nr_rules)
		return NULL;
	mutant = *row;
	mutant.rules = other_rules(row->rules, row->nr_rules);
	mutant.nr_rules--;
	return &mutant;
}

const struct mlx5_fwctl_register *__wrap_mlx5_fwctl_find_register(u16 id)
{
	const struct mlx5_fwctl_register *row = __real_mlx5_fwctl_find_register(id);
	static struct mlx5_fwctl_register mutant;

	if (!row || hidden || row != mutated_row)
		return row;
	if (mutated_rule == row->nr_rules)
		return NULL;
	mutant = *row;
	mutant.rules = other_rules(row->rules, row->nr_rules);
	mutant.nr_rules--;
	return &mutant;
}

static void hide(bool yes)
{
	hidden = yes;
}

/* Run all mutants of a row; @layout is that of a register, or NULL. */
static void mutate(struct mutants *mutants, const void *row, u16 number, const char *name,
		   unsigned int nr_rules, const struct layout *layout)
{
	unsigned int before = layout ? fields_check(layout, row, true) : 0;

	kunit_narrow(number);
	for (unsigned int rule = 0; rule <= nr_rules; rule++) {
		mutants->nr++;
		mutated_row = row;
		mutated_rule = rule;
		if (layout && fields_check(layout, mlx5_fwctl_find_register(number), true) > before)
			mutants->by_fields++;
		else if (kunit_notices(hide))
			mutants->by_kunit++;
		else
			printf("# %s: nothing notices that %s %u of %u is gone\n", name,
			       rule < nr_rules ? "rule" : "the row with rule", rule, nr_rules);
	}
	mutated_row = NULL;
}

void mutants_run(struct mutants *mutants, const struct database *database)
{
	for (u32 number = 0; number <= U16_MAX; number++) {
		const struct mlx5_fwctl_opcode *opcode = mlx5_fwctl_find_opcode(number);
		const struct mlx5_fwctl_register *reg = mlx5_fwctl_find_register(number);

		if (opcode)
			mutate(mutants, opcode, number, opcode->name, opcode->nr_rules, NULL);
		if (reg)
			mutate(mutants, reg, number, reg->name, reg->nr_rules,
			       database_find(database, number));
	}
}
