// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the database. A "node" is a struct of "field"s; a field may have a node itself
 * ("subnode"), and may be an array ("high_bound"). An offset or size "0x8.12" is 8 bytes
 * and 12 bits; bits count from the least significant one of a big-endian dword. Registers
 * are the fields of one union, and their numbers are values of its selector.
 */
#include <err.h>
#include <libxml/hash.h>
#include <libxml/parser.h>

#include "database.h"

#define REGISTERS "access_reg_summary_ext"
#define NUMBERS "access_reg_summary_ctrl_ext"

/* Nodes by name */
static xmlHashTable *nodes;

static char *attribute(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetProp(node, BAD_CAST name);

	return value ? (char *)value : strdup("");
}

/* A number of bits, from "0x8.12" */
static unsigned int bits(const xmlNode *node, const char *name)
{
	char *text = attribute(node, name), *end;
	unsigned long bytes = strtoul(text, &end, 16);
	unsigned long rest = *end == '.' ? strtoul(end + 1, &end, 10) : 0;

	if (!*text || *end || bytes > 0x10000)
		errx(2, "line %ld: no %s that is a number: \"%s\"", xmlGetLineNo(node), name, text);
	free(text);
	return bytes * 8 + rest;
}

static xmlNode *find_node(const char *name)
{
	xmlNode *node = xmlHashLookup(nodes, BAD_CAST name);

	if (!node)
		errx(2, "the database has no node %s", name);
	return node;
}

/* Number of elements of an array; 0: as many as fit in */
static unsigned int count_elements(const xmlNode *node)
{
	char *high = attribute(node, "high_bound"), *low = attribute(node, "low_bound");
	unsigned int count = *high ? atoi(high) - atoi(low) + 1 : 1;

	if (!strcmp(high, "VARIABLE"))
		count = 0;
	free(high);
	free(low);
	return count;
}

/*
 * Position in a struct of @room bits of the first of elements with @width bits, counted
 * from the most significant bit of the first byte
 */
static unsigned int position(unsigned int offset, unsigned int width, unsigned int room)
{
	if (room < 32)
		return room - offset - width;
	return width < 32 ? offset / 32 * 32 + 32 - offset % 32 - width : offset / 32 * 32;
}

static void add_struct(struct layout *layout, const char *name, const xmlNode *node,
		       unsigned int bit, unsigned int room);

static void add_leaf(struct layout *layout, char *name, const xmlNode *node, unsigned int bit,
		     unsigned int width, unsigned int elements)
{
	struct field field = {
		.name = name,
		.access = attribute(node, "access"),
		.values = attribute(node, "enum"),
		.bit = bit,
		.width = width,
		.elements = elements,
	};

	layout->fields = realloc(layout->fields, (layout->nr + 1) * sizeof(field));
	layout->fields[layout->nr++] = field;
}

/* Add a field, which is in a struct of @room bits at @bit: @name is the name of that. */
static void add_field(struct layout *layout, const char *name, const xmlNode *node,
		      unsigned int bit, unsigned int room)
{
	unsigned int width = bits(node, "size"), elements = count_elements(node);
	char *own = attribute(node, "name"), *sub = attribute(node, "subnode"), *whole;
	unsigned int each = elements ? width / elements : width;

	bit += position(bits(node, "offset"), each, room);
	if (!elements) {
		width = layout->size * 8 - bit;
		elements = width / each;
	}
	if (asprintf(&whole, "%s%s%s", name, *name ? "." : "", own) < 0)
		err(2, "asprintf");
	if (!*sub || !find_node(sub)->children || !strcmp(sub, "enum_entry")) {
		add_leaf(layout, whole, node, bit, width, elements);
		return;
	}
	for (unsigned int i = 0; i < elements; i++)
		add_struct(layout, whole, find_node(sub), bit + i * each, each);
}

static void add_struct(struct layout *layout, const char *name, const xmlNode *node,
		       unsigned int bit, unsigned int room)
{
	for (const xmlNode *field = node->children; field; field = field->next)
		if (field->type == XML_ELEMENT_NODE)
			add_field(layout, name, field, bit, room);
}

/* The number of a register, by its name in @numbers: "NAME=0x100,..." */
static unsigned int number_of(const char *numbers, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = numbers; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, len) && at[len] == '=')
			return strtoul(at + len + 1, NULL, 16);
	}
	errx(2, "register %s has no number", name);
}

static void add_layout(struct database *database, const xmlNode *node, const char *numbers)
{
	struct layout layout = { .name = attribute(node, "selected_by") };
	char *sub = attribute(node, "subnode");

	layout.id = number_of(numbers, layout.name);
	layout.size = bits(node, "size") / 8;
	add_struct(&layout, "", find_node(sub), 0, layout.size * 8);
	free(sub);
	database->layouts = realloc(database->layouts, (database->nr + 1) * sizeof(layout));
	database->layouts[database->nr++] = layout;
}

static void add_layouts(struct database *database)
{
	const xmlNode *selector = find_node(NUMBERS)->children;
	char *numbers;

	while (selector && selector->type != XML_ELEMENT_NODE)
		selector = selector->next;
	numbers = attribute(selector, "enum");
	for (const xmlNode *node = find_node(REGISTERS)->children; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE)
			add_layout(database, node, numbers);
	free(numbers);
}

void database_read(struct database *database, const char *path)
{
	xmlDoc *doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;

	if (!root)
		errx(2, "%s: no XML", path);
	nodes = xmlHashCreate(0);
	for (xmlNode *node = root->children; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (!strcmp((const char *)node->name, "info"))
			database->version = attribute(node, "source_doc_version");
		else
			xmlHashAddEntry(nodes, BAD_CAST attribute(node, "name"), node);
	}
	add_layouts(database);
	if (!database->nr)
		errx(2, "%s: no registers", path);
	xmlHashFree(nodes, NULL);
	xmlFreeDoc(doc);
}

const struct layout *database_find(const struct database *database, unsigned int id)
{
	for (unsigned int i = 0; i < database->nr; i++)
		if (database->layouts[i].id == id)
			return &database->layouts[i];
	return NULL;
}
