// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the tables of the mlx5 policy for its documentation: groups with their classes,
 * reasons and members, and the fields that decide. All of it comes from the driver's tables,
 * compiled here with the reasons and the names of fields, which the driver does not keep.
 */
#include <err.h>

#include "../../../../drivers/fwctl/internal.h"
#include "table.h"

/**
 * struct rule - a rule of a row, as struct mlx5_fwctl_rule
 * @names: names of the fields, with commas in between
 * @printed: it is in the documentation already
 */
struct rule {
	u8 test, direction, class;
	u16 at;
	u32 mask, value;
	const char *names;
	bool printed;
};

/* Commands or registers with the same classes, for the same reason; @write is a register's. */
struct group {
	const char *name;
	u8 read, write;
	const char *reason;
};

/* A command, or a register: its length is @least, and @most is 0. */
struct row {
	u16 number;
	const char *name, *group;
	u32 least, most;
	struct rule *rules;
	size_t nr_rules;
};

#undef MLX5_FWCTL_RULE
#define MLX5_FWCTL_RULE(_test, _direction, _at, _mask, _value, _class, ...)	\
	{ .test = MLX5_FWCTL_##_test, .direction = MLX5_FWCTL_##_direction,	\
	  .at = (_at), .class = (_class), .mask = (_mask), .value = (_value),	\
	  .names = #__VA_ARGS__ }
#define RULES(...)								\
	.rules = (struct rule[]){ __VA_ARGS__ },				\
	.nr_rules = sizeof((struct rule[]){ __VA_ARGS__ }) / sizeof(struct rule)

/* Offsets are the documentation's: from the begin of the command, or of the register. */
#define FIELDS_AT 0

#define CLASSES(_name, _class, _reason) { #_name, _class, 0, _reason },
#define COMMAND(...)
static const struct group command_groups[] = {
#include "opcode_table.h"
};

#define CLASSES(...)
#define COMMAND(_opcode, _name, _group, _least, _most, ...)			\
	{ _opcode, #_name, #_group, _least, _most, RULES(__VA_ARGS__) },
static const struct row commands[] = {
#include "opcode_table.h"
};

#define CLASSES(_name, _read, _write, _reason) { #_name, _read, _write, _reason },
#define REGISTER(...)
static const struct group register_groups[] = {
#include "register_table.h"
};

#define CLASSES(...)
#define REGISTER(_id, _name, _size, _group, ...)				\
	{ _id, #_name, #_group, _size, 0, RULES(__VA_ARGS__) },
static const struct row registers[] = {
#include "register_table.h"
};

/* Words that are collected for a paragraph */
static char text[1 << 16];
static size_t text_len;

static void __attribute__((format(printf, 1, 2))) add(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_len += vsnprintf(text + text_len, sizeof(text) - text_len, format, args);
	va_end(args);
	if (text_len >= sizeof(text))
		errx(2, "a paragraph is too long");
}

/* Print the words in lines of @width, the first after @first, all others after @indent. */
static void print_paragraph(const char *first, const char *indent, size_t width)
{
	size_t column = 0;

	for (char *word = strtok(text, "\n "); word; word = strtok(NULL, "\n ")) {
		if (column && column + 1 + strlen(word) > width) {
			printf("\n");
			column = 0;
			first = indent;
		}
		column += printf("%s%s", column ? " " : first, word);
	}
	printf("\n");
	text_len = 0;
}

static bool permit_all(enum fwctl_reason rule)
{
	return true;
}

/* Print a class and, in brackets, the initials of the labels that it can be sent with. */
static void print_class(const char *before, u8 class)
{
	static const struct fwctl_rights all = { .writable = true, .file = ~0U, .device = ~0U };
	static const char initials[FWCTL_LABELS] = { 'C', 'R', 'W', 'F' };
	char labels[FWCTL_LABELS + 1] = "";

	if (class == MLX5_FWCTL_BY_REGISTER) {
		printf("%sby register", before);
		return;
	}
	for (u32 label = 0; label < FWCTL_LABELS; label++)
		if (fwctl_admit(label, class, &all, permit_all) == FWCTL_REASON_NONE)
			strncat(labels, &initials[label], 1);
	printf("%s%s", before, fwctl_class_name(class));
	if (*labels)
		printf(" [%s]", labels);
}

/* The lengths of a command: none for 16 bytes, a plus for the common 16 to 64 bytes */
static void add_lengths(const struct row *row)
{
	if (row->least == 16 && row->most == MLX5_FWCTL_QUERY_LEN)
		add("+");
	else if (row->least == row->most && row->most != 16)
		add(", %u bytes", row->least);
	else if (row->most >= 1 << 20)
		add(", %u bytes to %u MiB", row->least, row->most >> 20);
	else if (row->least < row->most)
		add(", %u bytes to %u", row->least, row->most);
}

/* Print the members of a group. Return: their number */
static size_t print_members(const struct group *group, const struct row *rows, size_t nr)
{
	size_t members = 0;

	for (const struct row *row = rows; row < rows + nr; row++) {
		if (strcmp(row->group, group->name))
			continue;
		add("%s%s (0x%04x", members++ ? ", " : "", row->name, row->number);
		if (row->most)
			add_lengths(row);
		add(")");
	}
	if (!members)
		errx(2, "the group %s is empty", group->name);
	add(".");
	print_paragraph("  ", "  ", 80);
	printf("\n");
	return members;
}

/* A definition: classes and reason of the group */
static void print_group(const struct group *group, bool of_registers)
{
	printf("%s,", group->name);
	print_class(of_registers ? " read: " : " ", group->read);
	if (of_registers)
		print_class("; written: ", group->write);
	printf("\n");
	add("%s", group->reason);
	print_paragraph("  ", "  ", 80);
	printf("\n");
}

static bool decides(const struct rule *rule)
{
	return rule->test == MLX5_FWCTL_FUNCTION || rule->test >= MLX5_FWCTL_EQUAL;
}

/*
 * Return: the next rule that differs from @rule in its value only, or NULL. Between the two
 * is none that gives the same access another class, so their order means nothing.
 */
static struct rule *next_alike(const struct row *row, struct rule *rule)
{
	for (struct rule *next = rule + 1; next < row->rules + row->nr_rules; next++) {
		if (!decides(next) || !(next->direction & rule->direction))
			continue;
		if (next->class != rule->class)
			return NULL;
		if (rule->test == MLX5_FWCTL_EQUAL && next->test == rule->test &&
		    next->direction == rule->direction && next->at == rule->at &&
		    next->mask == rule->mask)
			return next;
	}
	return NULL;
}

/* The names of a rule's fields as literals */
static void add_names(const struct rule *rule)
{
	for (const char *name = rule->names, *end; *name; name = *end ? end + 2 : end) {
		end = name + strcspn(name, ",");
		add("%s``%.*s``", name == rule->names ? "" : ", ", (int)(end - name), name);
	}
}

/* A rule and those alike: the field, and its values; or the values, if each has a name */
static void add_values(const struct row *row, struct rule *rule)
{
	struct rule *next = next_alike(row, rule);
	bool named = next && strcmp(next->names, rule->names);

	if (named)
		add("type");
	else
		add_names(rule);
	for (next = rule; next; next = next_alike(row, next)) {
		add("%s", next == rule ? " is " : ", ");
		if (named)
			add("%s (0x%08x)", next->names, next->value);
		else
			add("0x%x", next->value);
		next->printed = true;
	}
}

/* The field of a rule, and the condition on it */
static void add_condition(const struct row *row, struct rule *rule)
{
	if (rule->test == MLX5_FWCTL_EQUAL && (rule->value || next_alike(row, rule))) {
		add_values(row, rule);
		return;
	}
	add_names(rule);
	if (rule->test == MLX5_FWCTL_EQUAL)
		add(" zero");
	else if (rule->test == MLX5_FWCTL_SELF)
		add(" is 0x%x and the sender's own", rule->value);
	else if (rule->test == MLX5_FWCTL_NOT_BOOT_IMAGE)
		add(" is not the device's own image");
	else if (rule->test == MLX5_FWCTL_NOT_OWN_UPDATE)
		add(" is not of the file's own update");
	else if (rule->value)
		add(" is not 0x%x", rule->value);
	else
		add(" set");
}

/* Lines of the table: for each rule that decides the access, the field, its place; the class */
static void print_rules(const struct row *row)
{
	static const char *const accesses[] = {
		[MLX5_FWCTL_READ] = "read", [MLX5_FWCTL_WRITE] = "written", [MLX5_FWCTL_BOTH] = "",
	};

	for (struct rule *rule = row->rules; rule < row->rules + row->nr_rules; rule++) {
		if (!decides(rule) || rule->printed)
			continue;
		if (!*rule->names)
			errx(2, "%s: a rule does not name its field", row->name);
		printf("   * - %s\n", row->name);
		add("%s", accesses[rule->direction]);
		if (rule->test == MLX5_FWCTL_FUNCTION)
			add(" from a VF");
		add("%s", text_len ? ", " : "");
		add_condition(row, rule);
		add(" (0x%x: 0x%08x)", rule->at, rule->mask);
		print_paragraph("     - ", "       ", 90);
		print_class("     - ", rule->class);
		printf("\n");
	}
}

static void print_section(const char *kind, const struct group *groups, size_t nr_groups,
			  const struct row *rows, size_t nr)
{
	int len = printf("The %zu %s", nr, kind);
	size_t members = 0;

	printf("\n%.*s\n\n", len, "--------------------------------");
	for (size_t i = 0; i < nr_groups; i++) {
		print_group(&groups[i], rows == registers);
		members += print_members(&groups[i], rows, nr);
	}
	if (members != nr)
		errx(2, "not each of the %s is in one group", kind);
	printf("These fields decide; the first that applies does:\n\n"
	       ".. list-table::\n   :header-rows: 1\n\n"
	       "   * - name\n     - request\n     - class\n");
	for (size_t i = 0; i < nr; i++)
		print_rules(&rows[i]);
	printf("\n");
}

int main(void)
{
	print_section("commands", command_groups, ARRAY_SIZE(command_groups),
		      commands, ARRAY_SIZE(commands));
	print_section("registers", register_groups, ARRAY_SIZE(register_groups),
		      registers, ARRAY_SIZE(registers));
	return 0;
}
