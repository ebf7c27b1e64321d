// SPDX-License-Identifier: GPL-2.0
/*
 * Checks the rules of the registers against the vendor's database; speaks TAP.
 *
 *	fields DATABASE EXCEPTIONS		check all registers, a case each
 *	fields --mutants DATABASE EXCEPTIONS	the same without each rule and each row in turn
 *
 * A register of the database must have a row, with its number, name and size. The rest is
 * judged by the class that the driver's own code gives to real requests:
 *
 * - A field that is an operation must not be able to do its work in a request that passes as
 *   a read: for one of its values at least, and for each of those with the name of an
 *   operation, the class is none of the reads'. Such a field has the access OP or WO, or a
 *   name with one of the words below, unless it is read-only.
 *   Of a field that names another function it is enough if a VF cannot send it.
 * - Such a field has the same effect in a request that another field has already made a
 *   write: no rule hides another.
 * - In a write below full, a bit that can be set without making it full or never belongs to
 *   a field of the database.
 * - A field that names memory or another function has a value that makes such a write full or
 *   never; in a config-write each field that is an operation has.
 *
 * What does not hold must be in the exceptions, with its reason: "register,field,reason". The
 * field is "field=VALUE" for one value, "0x4:0x80000000" for bits that are in no field,
 * "(number)", "(name)" or "(size)". An exception that is not needed is an error.
 *
 * Registers of the table that the database does not have are skipped, unless all requests
 * to them are full or never.
 */
#include <ctype.h>
#include <err.h>

#include "../../../../drivers/fwctl/internal.h"
#include "exceptions.h"
#include "fields.h"
#include "kunit.h"
#include "requests.h"

/* Words in the name of a field: it clears, starts, stops, locks, or selects an operation. */
static const char *const operations[] = {
	"abort", "action", "activate", "apply", "burn", "cancel", "cl", "clear", "clr", "cmd",
	"commit", "create", "delete", "destroy", "end", "erase", "flush", "inject", "instruction",
	"invalidate", "lock", "op", "oper", "operation", "owner", "ownership", "reset", "restart",
	"revoke", "rst", "snap", "start", "stop", "toggle", "trigger", "unlock",
};

/* Words in the name of a field that names memory, or is a secret */
static const char *const memory[] = {
	"addr", "address", "credential", "kek", "key", "mkey", "password", "passwd", "token",
};

/* Words in the name of a field that names another function, or a processor of the card */
static const char *const functions[] = {
	"func", "function", "host_id", "host_os", "pf", "vf", "vhca",
};

/* Words in the name of a value, also of 0 */
static const char *const acts[] = {
	"abort", "activate", "add", "cancel", "clear", "create", "cretae", "delete", "destroy",
	"disable", "erase", "lock", "modify", "off", "release", "reset", "restart", "revoke",
	"set", "start", "stop", "unlock", "write",
};

static bool quiet;

/* Report an error of a register. Return: 1, as the number of errors. */
static unsigned int __attribute__((format(printf, 2, 3)))
complain(const char *name, const char *format, ...)
{
	va_list args;

	if (quiet)
		return 1;
	va_start(args, format);
	printf("# %s: ", name);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	return 1;
}

static bool begins_with_word(const char *name, const char *word)
{
	return !strncasecmp(name, word, strlen(word)) && !isalpha(name[strlen(word)]);
}

/* Is one of these words in the first letters of a name, between other characters? */
static bool has_word(const char *name, size_t len, const char *const *words, size_t nr)
{
	for (size_t at = 0; at < len; at++)
		for (size_t i = 0; (!at || !isalpha(name[at - 1])) && i < nr; i++)
			if (begins_with_word(name + at, words[i]))
				return true;
	return false;
}

static bool is_access(const struct field *field, const char *access)
{
	return !strcmp(field->access, access);
}

static bool is_named(const struct field *field, const char *const *words, size_t nr)
{
	const char *last = strrchr(field->name, '.');
	const char *name = last ? last + 1 : field->name;

	return !is_access(field, "RO") && has_word(name, strlen(name), words, nr);
}

static bool names_function(const struct field *field)
{
	return is_named(field, functions, ARRAY_SIZE(functions));
}

static bool names_something(const struct field *field)
{
	return names_function(field) || is_named(field, memory, ARRAY_SIZE(memory));
}

/* Is the field an operation, by its access or name? */
static bool is_operation(const struct field *field)
{
	return is_access(field, "OP") || is_named(field, operations, ARRAY_SIZE(operations));
}

/*
 * Give the field one of the values to try: all of a small field; of a larger one all bits
 * alone, none and all. Return: false if there are no more.
 */
static bool try_value(struct request *req, const struct field *field, unsigned int i)
{
	if (field->width <= 8) {
		request_set(req, field->bit, field->width, i);
		return i < 1U << field->width;
	}
	request_set(req, field->bit, field->width, i == field->width ? ~0ULL : 0);
	if (i < field->width)
		request_set(req, field->bit + i, 1, 1);
	return i <= field->width + 1;
}

/*
 * Does a value of the field change the class from reads, or from those below full? A field
 * that names another function may do so for a VF only.
 */
static bool decides(const struct opening *opening, const struct field *field,
		    bool (*lesser)(enum fwctl_class class))
{
	bool vf = names_function(field) && lesser(request_class_of_vf(&opening->request));
	struct request req = opening->request;

	for (unsigned int i = 0; try_value(&req, field, i); i++)
		if (!lesser(request_class(&req)) || (vf && !lesser(request_class_of_vf(&req))))
			return true;
	return false;
}

/* Check the values that have the name of an operation: "NAME=NUMBER,...". */
static unsigned int check_values(const char *name, const struct field *field,
				 const struct opening *opening)
{
	unsigned int errors = 0;

	for (const char *at = field->values, *is; at && (is = strchr(at, '='));
	     at = strchr(is, ',')) {
		struct request req = opening->request;
		char exception[256];

		at += *at == ',';
		snprintf(exception, sizeof(exception), "%s=%.*s", field->name, (int)(is - at), at);
		exceptions_known(name, exception);
		request_set(&req, field->bit, field->width, strtoull(is + 1, NULL, 0));
		if (has_word(at, is - at, acts, ARRAY_SIZE(acts)) &&
		    class_is_read(request_class(&req)) && !exceptions_have(name, exception))
			errors += complain(name, "%s: a read may have this value", exception);
	}
	return errors;
}

static unsigned int check_read(const char *name, const struct field *field,
			       const struct opening *opening)
{
	/* An exception that is not needed is no matter for a mutant, and takes time. */
	if (!class_is_read(opening->class) || (quiet && exceptions_have(name, field->name)))
		return 0;
	if (decides(opening, field, class_is_read))
		return check_values(name, field, opening);
	if (exceptions_have(name, field->name))
		return 0;
	return complain(name, "%s (%s, 0x%x, bit %u, %u bits): no value makes a %s another class",
			field->name, field->access, field->bit / 32 * 4,
			32 - field->bit % 32 - min(field->width, 32U), field->width,
			fwctl_class_name(opening->class));
}

static bool overlaps(const struct field *field, const struct mlx5_fwctl_rule *rule)
{
	unsigned int at = (rule->at - MLX5_FWCTL_REGISTER_AT) * 8;

	for (unsigned int bit = field->bit; bit < field->bit + field->width; bit++)
		if (bit >= at && bit < at + 32 && rule->mask & BIT(31 - (bit - at)))
			return true;
	return false;
}

/* Is a value that makes a read stricter as strict in a request that is no read already? */
static unsigned int check_hidden(const char *name, const struct field *field,
				 const struct opening *read, const struct opening *other)
{
	struct request req = read->request, both = other->request;

	if (!class_is_read(read->class) || class_is_read(other->class) ||
	    overlaps(field, other->rule))
		return 0;
	for (unsigned int i = 0; try_value(&req, field, i); i++) {
		try_value(&both, field, i);
		if (!class_is_as_strict(request_class(&both), request_class(&req)))
			return complain(name, "%s: a rule before hides that of this field",
					field->name);
	}
	return 0;
}

/* Check a field in all openings, up to the first error. */
static unsigned int check_in_reads(const char *name, const struct field *field,
				   const struct opening *openings, size_t nr)
{
	unsigned int errors = 0;

	for (size_t i = 0; !errors && i < nr; i++) {
		errors = check_read(name, field, &openings[i]);
		for (size_t j = 0; !errors && j < nr; j++)
			errors = check_hidden(name, field, &openings[i], &openings[j]);
	}
	return errors;
}

static unsigned int check_reads(const struct layout *layout, const char *name,
				const struct opening *openings, size_t nr)
{
	unsigned int errors = 0;

	for (unsigned int i = 0; i < layout->nr; i++) {
		const struct field *field = &layout->fields[i];

		if (is_access(field, "WO") || is_operation(field) || names_something(field))
			errors += check_in_reads(name, field, openings, nr);
	}
	return errors;
}

/* May a write have this bit, without becoming full or never? The policy does not see all. */
static bool may_set(const struct opening *opening, unsigned int bit)
{
	struct request req = opening->request;

	request_set(&req, bit, 1, 1);
	return class_is_below_full(request_class(&req));
}

static bool is_in_a_field(const struct layout *layout, unsigned int bit)
{
	for (unsigned int i = 0; i < layout->nr; i++)
		if (bit >= layout->fields[i].bit &&
		    bit < layout->fields[i].bit + layout->fields[i].width)
			return true;
	return false;
}

/* Bits that a write may have but no field: a mask for each dword */
static unsigned int check_bits(const struct layout *layout, const char *name,
			       const struct opening *opening)
{
	unsigned int errors = 0;

	for (unsigned int at = 0; at < layout->size; at += 4) {
		char exception[32];
		u32 mask = 0;

		for (unsigned int bit = 0; bit < 32; bit++)
			if (!is_in_a_field(layout, at * 8 + bit) && may_set(opening, at * 8 + bit))
				mask |= BIT(31 - bit);
		snprintf(exception, sizeof(exception), "0x%x:0x%08x", at, mask);
		exceptions_known(name, exception);
		if (mask && !exceptions_have(name, exception))
			errors += complain(name, "%s: a %s may have these bits of no field",
					   exception, fwctl_class_name(opening->class));
	}
	return errors;
}

/* Debug-write is for operations, too, but not for memory and other functions. */
static unsigned int check_write(const char *name, const struct field *field,
				const struct opening *opening)
{
	bool settable = false;

	if (!names_something(field) &&
	    !(is_operation(field) && opening->class == FWCTL_CLASS_CONFIG_WRITE))
		return 0;
	for (unsigned int i = 0; i < field->width; i++)
		settable |= may_set(opening, field->bit + i);
	if (!settable || decides(opening, field, class_is_below_full) ||
	    exceptions_have(name, field->name))
		return 0;
	return complain(name, "%s (%s, 0x%x): no value makes a %s full or never", field->name,
			field->access, field->bit / 32 * 4, fwctl_class_name(opening->class));
}

static unsigned int check_in_writes(const char *name, const struct field *field,
				    const struct opening *openings, size_t nr)
{
	unsigned int errors = 0;

	for (size_t i = 0; !errors && i < nr; i++)
		errors = check_write(name, field, &openings[i]);
	return errors;
}

static unsigned int check_writes(const struct layout *layout, const char *name,
				 const struct opening *openings, size_t nr)
{
	unsigned int errors = 0;

	for (size_t i = 0; !errors && i < nr; i++)
		errors = check_bits(layout, name, &openings[i]);
	for (unsigned int i = 0; i < layout->nr; i++)
		errors += check_in_writes(name, &layout->fields[i], openings, nr);
	return errors;
}

/* Our names are in capitals, and some are shorter. */
static unsigned int check_row(const struct layout *layout, const struct mlx5_fwctl_register *reg)
{
	unsigned int errors = 0;

	exceptions_known(reg->name, "(name)");
	exceptions_known(reg->name, "(size)");
	if (strncasecmp(reg->name, layout->name, strlen(reg->name)) &&
	    !exceptions_have(reg->name, "(name)"))
		errors += complain(reg->name, "the database calls it %s", layout->name);
	if (reg->size != layout->size && !exceptions_have(reg->name, "(size)"))
		errors += complain(reg->name, "%u bytes, %u in the database", reg->size,
				   layout->size);
	return errors;
}

unsigned int fields_check(const struct layout *layout, const struct mlx5_fwctl_register *reg,
			  bool be_quiet)
{
	static struct opening reads[MAX_OPENINGS], writes[MAX_OPENINGS];
	size_t hidden = 0, nr_reads, nr_writes;
	unsigned int errors;

	quiet = be_quiet;
	if (!reg && exceptions_have(layout->name, "(number)"))
		return 0;
	if (!reg)
		return complain(layout->name, "register 0x%04x has no row", layout->id);
	for (unsigned int i = 0; i < layout->nr; i++)
		exceptions_known(reg->name, layout->fields[i].name);
	nr_reads = openings_find(reads, reg, MLX5_FWCTL_READ, &hidden);
	nr_writes = openings_find(writes, reg, MLX5_FWCTL_WRITE, &hidden);
	errors = check_row(layout, reg);
	errors += check_reads(layout, reg->name, reads, nr_reads);
	errors += check_writes(layout, reg->name, writes, nr_writes);
	if (hidden)
		errors += complain(reg->name, "no request gets to a rule, or to the row's class");
	return errors;
}

/* Is a request to the register below full? */
static bool is_open(const struct mlx5_fwctl_register *reg)
{
	static struct opening openings[MAX_OPENINGS];
	size_t hidden = 0;

	return openings_find(openings, reg, MLX5_FWCTL_READ, &hidden) ||
	       openings_find(openings, reg, MLX5_FWCTL_WRITE, &hidden) || hidden;
}

/* Print the result of a case. Return: 1 if it failed. */
static unsigned int result(unsigned int errors, const char *name, const char *skip)
{
	static unsigned int number;

	printf("%sok %u - %s%s\n", errors ? "not " : "", ++number, name, skip);
	return !!errors;
}

static unsigned int check_number(const struct database *database, u16 id)
{
	const struct layout *layout = database_find(database, id);
	const struct mlx5_fwctl_register *reg = mlx5_fwctl_find_register(id);
	char name[128];

	if (!layout && !reg)
		return 0;
	snprintf(name, sizeof(name), "%s (0x%04x)", reg ? reg->name : layout->name, id);
	if (!layout)
		return result(0, name, is_open(reg) ? " # SKIP not in this database" : "");
	return result(fields_check(layout, reg, false), name, "");
}

/* Reading an unknown register is full, writing it never. */
static unsigned int check_unknown(void)
{
	unsigned int errors = 0;
	struct request req;

	for (u32 id = 0; id <= U16_MAX; id++) {
		if (mlx5_fwctl_find_register(id))
			continue;
		request_init(&req, id, MLX5_FWCTL_READ, 16);
		errors += request_class(&req) != FWCTL_CLASS_FULL;
		request_init(&req, id, MLX5_FWCTL_WRITE, 16);
		errors += request_class(&req) != FWCTL_CLASS_NEVER;
	}
	return result(errors, "reading any other register is full, writing it never", "");
}

static int check_all(const struct database *database)
{
	unsigned int failed = 0, rows = 0;

	printf("TAP version 13\n# database %s, %u registers\n", database->version, database->nr);
	for (u32 id = 0; id <= U16_MAX; id++) {
		rows += database_find(database, id) || mlx5_fwctl_find_register(id);
		failed += check_number(database, id);
	}
	failed += check_unknown();
	failed += result(exceptions_report(), "each exception is needed", "");
	printf("1..%u\n# %u cases failed\n", rows + 2, failed);
	return failed ? 1 : 0;
}

static int check_mutants(const struct database *database)
{
	const char *failure = kunit_run();
	struct mutants mutants = {};
	unsigned int failed;

	printf("TAP version 13\n");
	if (failure) {
		printf("Bail out! %s fails without a mutant\n", failure);
		return 1;
	}
	failed = result(0, "the KUnit suite passes here", "");
	mutants_run(&mutants, database);
	printf("# mutants caught: %u of %u: %u by the fields, %u by KUnit\n",
	       mutants.by_fields + mutants.by_kunit, mutants.nr, mutants.by_fields,
	       mutants.by_kunit);
	failed += result(mutants.nr - mutants.by_fields - mutants.by_kunit,
			 "each rule and each row that is gone is noticed", "");
	printf("1..2\n");
	return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct database database = {};
	bool mutants = argc == 4 && !strcmp(argv[1], "--mutants");

	if (argc != 3 && !mutants)
		errx(2, "usage: fields [--mutants] DATABASE EXCEPTIONS");
	setlinebuf(stdout);
	database_read(&database, argv[argc - 2]);
	exceptions_read(argv[argc - 1]);
	return mutants ? check_mutants(&database) : check_all(&database);
}
