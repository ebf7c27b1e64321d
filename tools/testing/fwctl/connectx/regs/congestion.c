// SPDX-License-Identifier: GPL-2.0
/*
 * Programmable congestion control: PPCC, in which a command type selects what a read or a
 * write does. Some reads change something: "get and clear". One algorithm, in slot 0.
 */
#include <string.h>

#include "table.h"

enum ppcc_command {
	GET_ALGORITHM = 0x0,
	ENABLE = 0x1,
	DISABLE = 0x2,
	GET_ENABLED = 0x3,
	GET_COUNT = 0x4,
	GET_INFO = 0x5,
	GET_VALUE = 0x6,
	GET_AND_CLEAR = 0x7,
	SET_VALUE = 0x8,
	GET_APPLICATIONS = 0xf0,
};

#define ALGORITHM 0x0000c001

/* Values of a parameter's permission, the field prm */
enum { READ_ONLY = 0, READ_WRITE = 1, READ_CLEAR = 2 };

static const struct parameter {
	const char *name;
	u32 initial;
	u32 max;
	u32 permission;
} parameters[CONGESTION_PARAMETERS] = {
	{ "rate", 100, 400, READ_WRITE },
	{ "notifications", 77, ~0U, READ_CLEAR },
};

void congestion_boot(struct congestion *congestion)
{
	size_t i;

	congestion->enabled = false;
	for (i = 0; i < ARRAY_SIZE(parameters); i++)
		congestion->values[i] = parameters[i].initial;
}

static void put_text(struct reg_access *a, const char *text)
{
	strcpy((char *)a->data + 0x20, text);
	field_set(a->data, 0x1c, 15, 8, (u32)strlen(text) + 1);
}

static void put_info(struct reg_access *a, const struct parameter *parameter)
{
	be32_put(a->data + 0x0c, parameter->initial);
	be32_put(a->data + 0x10, 0);
	be32_put(a->data + 0x14, parameter->max);
	field_set(a->data, 0x1c, 1, 0, parameter->permission);
	put_text(a, parameter->name);
}

/* Index of the parameter that the request names, or -1. */
static int parameter_index(struct reg_access *a)
{
	u32 index = field_get(a->data, 0x04, 31, 16);

	if (field_get(a->data, 0x04, 3, 0) || index >= ARRAY_SIZE(parameters))
		return -1;
	return (int)index;
}

static bool get_parameter(struct congestion *congestion, struct reg_access *a, u32 command)
{
	int index = parameter_index(a);

	if (index < 0)
		return false;
	if (command == GET_INFO)
		put_info(a, &parameters[index]);
	else
		be32_put(a->data + 0x08, congestion->values[index]);
	if (command == GET_AND_CLEAR)
		congestion->values[index] = 0;
	return true;
}

static void ppcc_get(struct connectx *cx, struct reg_access *a)
{
	struct congestion *congestion = &cx->regs->congestion;
	u32 command = field_get(a->data, 0x00, 7, 0);
	bool present = !field_get(a->data, 0x04, 3, 0);

	memset(a->data + 0x08, 0, 252 - 0x08);
	if (command == GET_APPLICATIONS) {
		be32_put(a->data + 0x08, 1);
	} else if (command == GET_ALGORITHM && present) {
		be32_put(a->data + 0x08, ALGORITHM);
		put_text(a, "emulated");
	} else if (command == GET_ENABLED && present) {
		be32_put(a->data + 0x08, congestion->enabled);
	} else if (command == GET_COUNT && present) {
		be32_put(a->data + 0x08, ARRAY_SIZE(parameters));
	} else if (command < GET_INFO || command > GET_AND_CLEAR ||
		   !get_parameter(congestion, a, command)) {
		reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	}
}

/* A value out of range, or of a parameter that cannot be written, is silently ignored. */
static void ppcc_set(struct connectx *cx, struct reg_access *a)
{
	struct congestion *congestion = &cx->regs->congestion;
	u32 command = field_get(a->data, 0x00, 7, 0);
	u32 value = be32_get(a->data + 0x08);
	int index = parameter_index(a);

	if (index < 0 || (command != ENABLE && command != DISABLE && command != SET_VALUE))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	if (command != SET_VALUE)
		congestion->enabled = command == ENABLE;
	else if (parameters[index].permission == READ_WRITE && value <= parameters[index].max)
		congestion->values[index] = value;
}

static const struct reg_desc rows[] = {
	{ .id = 0x506e, .size = 252, .name = "PPCC", .flags = REG_RW,
	  .get = ppcc_get, .set = ppcc_set },
};

const struct reg_group congestion_regs = { rows, ARRAY_SIZE(rows) };
