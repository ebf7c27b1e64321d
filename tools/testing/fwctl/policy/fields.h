/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The checks of a register's fields, and the mutants that test them.
 */
#ifndef POLICY_FIELDS_H
#define POLICY_FIELDS_H

#include "database.h"
#include "table.h"

/* Check one register. Return: the number of errors, which it reports unless @quiet. */
unsigned int fields_check(const struct layout *layout, const struct mlx5_fwctl_register *reg,
			  bool quiet);

/* The driver's tables, without the row or rule that the mutant has not. */
const struct mlx5_fwctl_opcode *__wrap_mlx5_fwctl_find_opcode(u16 opcode);
const struct mlx5_fwctl_register *__wrap_mlx5_fwctl_find_register(u16 id);

/**
 * struct mutants - numbers of mutants
 * @nr: all
 * @by_fields: those that the check of fields notices
 * @by_kunit: others that a KUnit case notices
 */
struct mutants {
	unsigned int nr, by_fields, by_kunit;
};

/*
 * Drop each row and each rule in turn, count, and report those that nothing notices, after
 * kunit_run() has passed.
 */
void mutants_run(struct mutants *mutants, const struct database *database);

#endif
