/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The registers and their fields, from a file of mstflint (register_access_table.adb, XML).
 */
#ifndef POLICY_DATABASE_H
#define POLICY_DATABASE_H

/**
 * struct field - a field of a register, or an array of them
 * @name: its name, after those of the fields that it is part of, with dots in between
 * @access: RO, RW, WO, OP, INDEX, or empty
 * @values: names of values, "NAME=NUMBER,...", or empty
 * @bit: its first bit, the most significant one, from the begin of the register
 * @width: number of bits, of all elements
 * @elements: number of elements, 1 if it is no array
 */
struct field {
	char *name;
	char *access;
	char *values;
	unsigned int bit, width, elements;
};

/**
 * struct layout - a register
 * @name: its name
 * @id: its number
 * @size: its length in bytes
 * @nr: number of @fields
 * @fields: its fields; those of a union overlap
 */
struct layout {
	char *name;
	unsigned int id, size, nr;
	struct field *fields;
};

/**
 * struct database - all registers
 * @version: of the document that the file was made from
 * @nr: number of @layouts
 * @layouts: in the order of the file
 */
struct database {
	char *version;
	unsigned int nr;
	struct layout *layouts;
};

/* Ends the program with a message if the file is not such a database. */
void database_read(struct database *database, const char *path);

/* Return: the register, or NULL if it is not in the database. */
const struct layout *database_find(const struct database *database, unsigned int id);

#endif
