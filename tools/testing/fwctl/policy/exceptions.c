// SPDX-License-Identifier: GPL-2.0
/*
 * Exceptions, see exceptions.h.
 */
#include <err.h>
#include <fnmatch.h>

#include "exceptions.h"

static struct exception {
	unsigned int line;
	char *name, *field;
	bool needed, known;
} *exceptions;
static unsigned int nr_exceptions;

static void add(const char *path, unsigned int line, char *text)
{
	struct exception exception = { .line = line };
	char *reason;

	exception.name = strdup(strsep(&text, ",") ?: "");
	exception.field = strdup(strsep(&text, ",") ?: "");
	reason = text ?: "";
	reason += strspn(reason, " \t");
	if (!*exception.name || !*exception.field || !*reason)
		errx(2, "%s:%u: not \"register,field,reason\"", path, line);
	exceptions = realloc(exceptions, (nr_exceptions + 1) * sizeof(exception));
	exceptions[nr_exceptions++] = exception;
}

void exceptions_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		err(2, "%s", path);
	for (unsigned int line = 1; getline(&text, &size, file) >= 0; line++) {
		text[strcspn(text, "\n")] = 0;
		if (*text && *text != '#' && strcmp(text, "register,field,reason"))
			add(path, line, text);
	}
	free(text);
	fclose(file);
}

static bool matches(const struct exception *exception, const char *name, const char *field)
{
	const char *last = strrchr(field, '.');

	return !fnmatch(exception->name, name, 0) &&
	       (!fnmatch(exception->field, field, 0) ||
		(last && !fnmatch(exception->field, last + 1, 0)));
}

bool exceptions_have(const char *name, const char *field)
{
	bool found = false;

	for (unsigned int i = 0; i < nr_exceptions; i++) {
		if (matches(&exceptions[i], name, field)) {
			exceptions[i].needed = true;
			found = true;
		}
	}
	return found;
}

void exceptions_known(const char *name, const char *field)
{
	for (unsigned int i = 0; i < nr_exceptions; i++)
		exceptions[i].known |= matches(&exceptions[i], name, field);
}

unsigned int exceptions_report(void)
{
	unsigned int unneeded = 0;

	for (unsigned int i = 0; i < nr_exceptions; i++) {
		const struct exception *exception = &exceptions[i];

		if (exception->needed)
			continue;
		printf("# exceptions.csv:%u: %s,%s %s\n", exception->line, exception->name,
		       exception->field, exception->known ? "is not needed" :
							     "is not in this database");
		unneeded += exception->known;
	}
	return unneeded;
}
