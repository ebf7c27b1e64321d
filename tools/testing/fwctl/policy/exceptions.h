/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exceptions from the checks, from exceptions.csv: lines "register,field,reason", where the
 * first two may be patterns of fnmatch(3), the second for the last part of a field's name.
 */
#ifndef POLICY_EXCEPTIONS_H
#define POLICY_EXCEPTIONS_H

#include <stdbool.h>

/* Ends the program with a message if a line has not all three parts. */
void exceptions_read(const char *path);

/* Is there one for this field? It counts as needed. */
bool exceptions_have(const char *name, const char *field);

/* Tell that the database has this field, or register. */
void exceptions_known(const char *name, const char *field);

/* Number of exceptions that were not needed, though their field is known; reports them. */
unsigned int exceptions_report(void);

#endif
