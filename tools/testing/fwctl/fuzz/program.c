// SPDX-License-Identifier: GPL-2.0
/* Programs: the table of operations, and their text form. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "program.h"

static const char *const how_words[] = { "now", "thread", "child" };
static const char *const mode_words[] = { "ro", "wo", "rw" };
static const char *const place_words[] = {
	"valid", "odd", "edge", "readonly", "across", "unmapped", "null",
	"kernel", "struct", "same", "overlap",
};

const char *const fault_names[FAULT_KINDS] = {
	"delay_us", "hang", "timeout_us", "error", "answer_len",
	"open_delay_us", "open_hang", "open_error", "close_delay_us",
	"remove_after", "keep_on_remove",
};

const char *const limit_names[8] = {
	"max_files", "max_calls", "max_file_calls", "max_bytes",
	"min_in", "max_in", "min_out", "max_out",
};

/* All files of a device in sysfs */
const char *const read_names[] = {
	"device_type", "driver_name", "classes", "labels", "uevent",
	"usage/files", "usage/calls", "usage/bytes", "usage/queued",
	"limits/max_files", "limits/max_calls", "limits/max_file_calls",
	"limits/max_bytes", "limits/min_in", "limits/max_in",
	"limits/min_out", "limits/max_out",
};

/* Defaults; one call at a time and small buffers; odd minimum lengths */
const u32 usual_limits[FUZZ_DEVICES][8] = {
	{ 64, 4, 4, 33554432, 16, 2097152, 16, 2097152 },
	{ 2, 1, 1, 8192, 16, 256, 16, 64 },
	{ 3, 2, 1, 65536, 24, 8192, 20, 4096 },
};

#define CHOICE(_name, _bound, _usual) \
	{ .name = _name, .kind = VALUE_CHOICE, .bound = _bound, .usual = _usual }
#define WORD(_name, _words, _bound) \
	{ .name = _name, .kind = VALUE_CHOICE, .bound = _bound, .words = _words }
#define SIZE(_usual) \
	{ .name = "size", .kind = VALUE_SIZE, .bound = BIT_ULL(32), .usual = _usual }
#define LENGTH(_name, _usual) \
	{ .name = _name, .kind = VALUE_LENGTH, .bound = BIT_ULL(32), .usual = _usual }
#define BITS(_name, _bound, _usual) \
	{ .name = _name, .kind = VALUE_BITS, .bound = _bound, .usual = _usual, \
	  .free = true }
#define ANY(_name, _words, _bound)				\
	{ .name = _name, .kind = VALUE_CHOICE, .bound = _bound,	\
	  .words = _words, .free = true }
#define NUMBER(_name, _bound, _usual) \
	{ .name = _name, .kind = VALUE_NUMBER, .bound = _bound, .usual = _usual }
#define U32 BIT_ULL(32)

#define FIELD_FILE(_name) CHOICE(_name, FUZZ_FILES, 0)
#define FIELD_DEVICE CHOICE("device", FUZZ_DEVICES, 0)
#define FIELD_HOW WORD("how", how_words, ARRAY_SIZE(how_words))

/* First fields of every ioctl with a struct */
#define FIELDS_CMD(_size)						\
	[CMD_FILE] = FIELD_FILE("file"),				\
	[CMD_HOW] = FIELD_HOW,						\
	[CMD_PLACE] = WORD("cmd", place_words, PLACES_OF_STRUCT),	\
	[CMD_SIZE] = SIZE(_size),					\
	[CMD_TAIL] = CHOICE("tail", 2, 0)

/* Fields of a request, shared by FWCTL_RPC and FWCTL_QUERY */
#define FIELDS_ASK							\
	[ASK_SCOPE] = NUMBER("scope", U32, 0),				\
	[ASK_IN_LEN] = LENGTH("in_len", 32),				\
	[ASK_OUT_LEN] = LENGTH("out_len", 32),				\
	[ASK_IN] = WORD("in", place_words, PLACES_OF_REQUEST),		\
	[ASK_OPCODE] = NUMBER("opcode", BIT_ULL(16), 1),			\
	[ASK_RESERVED] = NUMBER("reserved", BIT_ULL(16), 0),		\
	[ASK_ARG] = NUMBER("arg", U32, 0),				\
	[ASK_COOKIE] = NUMBER("cookie", 0, 0x636f6f6b),			\
	[ASK_PAYLOAD] = NUMBER("payload", U32, 1)

static const struct field open_fields[] = {
	[OPEN_FILE] = FIELD_FILE("file"),
	[OPEN_DEVICE] = FIELD_DEVICE,
	[OPEN_MODE] = { .name = "mode", .kind = VALUE_CHOICE, .bound = 3,
			.usual = MODE_RW, .words = mode_words },
	[OPEN_HOW] = FIELD_HOW,
};

static const struct field dup_fields[] = {
	[DUP_FILE] = FIELD_FILE("file"),
	[DUP_FROM] = FIELD_FILE("from"),
};

static const struct field close_fields[] = {
	[CLOSE_FILE] = FIELD_FILE("file"),
};

static const struct field info_fields[] = {
	FIELDS_CMD(24),
	[INFO_FLAGS] = NUMBER("flags", U32, 0),
	[INFO_LEN] = LENGTH("len", 8),
	[INFO_DATA] = WORD("data", place_words, PLACES_OF_REQUEST),
};

static const struct field rpc_fields[] = {
	FIELDS_CMD(32),
	FIELDS_ASK,
	[RPC_OUT] = WORD("out", place_words, PLACES_OF_ANSWER),
	/* A thread changes the opcode's low byte to this value and back during the call. */
	[RPC_FLIP] = NUMBER("flip", BIT_ULL(8), 0),
};

static const struct field query_fields[] = {
	FIELDS_CMD(80),
	FIELDS_ASK,
	[QUERY_SPARE] = NUMBER("spare", U32, 0),
};

static const struct field restrict_fields[] = {
	FIELDS_CMD(16),
	[RESTRICT_FLAGS] = NUMBER("flags", U32, 0),
	[RESTRICT_CLASSES] = BITS("classes", U32, 0x3e),
};

static const struct field ioctl_fields[] = {
	[IOCTL_FILE] = FIELD_FILE("file"),
	[IOCTL_HOW] = FIELD_HOW,
	[IOCTL_PLACE] = WORD("cmd", place_words, PLACES_OF_STRUCT),
	[IOCTL_NUMBER] = NUMBER("number", U32, 0x9a02),
};

/* Bit 0 is the word "never" and bit 6 one that does not exist: both are wrong. */
static const struct field cap_fields[] = {
	[CAP_DEVICE] = FIELD_DEVICE,
	[CAP_CLASSES] = BITS("classes", 128, 0x3e),
};

static const struct field fault_fields[] = {
	[FAULT_DEVICE] = FIELD_DEVICE,
	[FAULT_WHICH] = ANY("which", fault_names, FAULT_KINDS),
	[FAULT_VALUE] = { .name = "value", .kind = VALUE_LENGTH, .bound = 4096,
			  .usual = 1, .free = true },
};

static const struct field device_fields[] = {
	[DEVICE_DEVICE] = FIELD_DEVICE,
	[DEVICE_LIMITS] = NUMBER("max_files", U32, 64),
	NUMBER("max_calls", U32, 4),
	NUMBER("max_file_calls", U32, 4),
	NUMBER("max_bytes", U32, 33554432),
	LENGTH("min_in", 16),
	LENGTH("max_in", 2097152),
	LENGTH("min_out", 16),
	LENGTH("max_out", 2097152),
	/* Number of the device's configured opcode; 0: none */
	[DEVICE_OPCODE] = NUMBER("opcode", BIT_ULL(16), 8),
	[DEVICE_CLASS] = CHOICE("class", 6, 1),
	[DEVICE_STATUS] = NUMBER("status", U32, 0),
	[DEVICE_ANSWER] = NUMBER("answer", 4097, 4),
};

static const struct field live_fields[] = {
	[LIVE_DEVICE] = FIELD_DEVICE,
	[LIVE_ON] = CHOICE("on", 2, 0),
	[LIVE_HOW] = WORD("how", how_words, HOW_CHILD),
};

static const struct field read_fields[] = {
	[READ_DEVICE] = FIELD_DEVICE,
	[READ_WHICH] = ANY("which", read_names, ARRAY_SIZE(read_names)),
};

#define OP(_name, _weight) \
	{ #_name, _weight, _name##_fields, ARRAY_SIZE(_name##_fields) }

const struct op_info op_infos[OP_KINDS] = {
	[OP_OPEN] = OP(open, 6),
	[OP_DUP] = OP(dup, 2),
	[OP_CLOSE] = OP(close, 3),
	[OP_INFO] = OP(info, 5),
	[OP_RPC] = OP(rpc, 24),
	[OP_QUERY] = OP(query, 8),
	[OP_RESTRICT] = OP(restrict, 5),
	[OP_IOCTL] = OP(ioctl, 2),
	[OP_CAP] = OP(cap, 3),
	[OP_FAULT] = OP(fault, 6),
	[OP_DEVICE] = OP(device, 1),
	[OP_LIVE] = OP(live, 2),
	[OP_READ] = OP(read, 1),
	[OP_JOIN] = { "join", 1, NULL, 0 },
};

struct op op_usual(enum op_kind kind)
{
	const struct op_info *info = &op_infos[kind];
	struct op op = { .kind = kind };

	for (unsigned int i = 0; i < info->fields_len; i++)
		op.values[i] = info->fields[i].usual;
	return op;
}

static bool op_valid(const struct op *op)
{
	const struct op_info *info = &op_infos[op->kind];

	for (unsigned int i = 0; i < FUZZ_FIELDS; i++) {
		u64 bound = i < info->fields_len ? info->fields[i].bound : 1;

		if (bound && op->values[i] >= bound)
			return false;
	}
	return true;
}

bool program_valid(const struct program *program)
{
	if (!program->len || program->len > FUZZ_OPS)
		return false;
	for (unsigned int i = 0; i < program->len; i++)
		if (program->ops[i].kind >= OP_KINDS ||
		    !op_valid(&program->ops[i]))
			return false;
	return true;
}

static bool op_equal(const struct op *a, const struct op *b)
{
	return a->kind == b->kind &&
	       !memcmp(a->values, b->values, sizeof(a->values));
}

bool program_equal(const struct program *a, const struct program *b)
{
	if (a->len != b->len)
		return false;
	for (unsigned int i = 0; i < a->len; i++)
		if (!op_equal(&a->ops[i], &b->ops[i]))
			return false;
	return true;
}

/* FNV-1a hash over the contents of the text form. */
u64 program_hash(const struct program *program)
{
	u64 hash = 0xcbf29ce484222325ULL;

	for (unsigned int i = 0; i < program->len; i++) {
		hash = (hash ^ program->ops[i].kind) * 0x100000001b3ULL;
		for (unsigned int j = 0; j < FUZZ_FIELDS; j++)
			hash = (hash ^ program->ops[i].values[j]) * 0x100000001b3ULL;
	}
	return hash;
}

static void value_print(const struct field *field, u64 value, FILE *out)
{
	if (field->words)
		fprintf(out, " %s=%s", field->name, field->words[value]);
	else if (value < 4096 && field->kind != VALUE_BITS)
		fprintf(out, " %s=%" PRIu64, field->name, value);
	else
		fprintf(out, " %s=0x%" PRIx64, field->name, value);
}

void op_print(const struct op *op, FILE *out)
{
	const struct op_info *info = &op_infos[op->kind];

	fprintf(out, "%s", info->name);
	for (unsigned int i = 0; i < info->fields_len; i++)
		value_print(&info->fields[i], op->values[i], out);
	fputc('\n', out);
}

void program_print(const struct program *program, FILE *out)
{
	for (unsigned int i = 0; i < program->len; i++)
		op_print(&program->ops[i], out);
}

void program_comment(const struct program *program)
{
	for (unsigned int i = 0; i < program->len; i++) {
		printf("#   ");
		op_print(&program->ops[i], stdout);
	}
}

static bool value_parse(const struct field *field, const char *text, u64 *value)
{
	char *end;

	if (field->words) {
		for (*value = 0; *value < field->bound; ++*value)
			if (!strcmp(field->words[*value], text))
				return true;
		return false;
	}
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end && (!field->bound || *value < field->bound);
}

/* "name=value" */
static bool assignment_parse(struct op *op, char *word)
{
	const struct op_info *info = &op_infos[op->kind];
	char *value = strchr(word, '=');

	if (!value)
		return false;
	*value++ = 0;
	for (unsigned int i = 0; i < info->fields_len; i++)
		if (!strcmp(info->fields[i].name, word))
			return value_parse(&info->fields[i], value,
					   &op->values[i]);
	return false;
}

static bool kind_parse(const char *word, enum op_kind *kind)
{
	for (unsigned int i = 0; i < OP_KINDS; i++) {
		if (!strcmp(op_infos[i].name, word)) {
			*kind = i;
			return true;
		}
	}
	return false;
}

/* Parse a line without comment; an empty line is no operation. */
static bool line_parse(struct program *program, char *line)
{
	static const char blanks[] = " \t\r";
	char *save, *word = strtok_r(line, blanks, &save);
	enum op_kind kind;
	struct op *op;

	if (!word)
		return true;
	if (program->len == FUZZ_OPS || !kind_parse(word, &kind))
		return false;
	op = &program->ops[program->len++];
	*op = op_usual(kind);
	while ((word = strtok_r(NULL, blanks, &save)))
		if (!assignment_parse(op, word))
			return false;
	return true;
}

unsigned int program_parse(struct program *program, const char *text)
{
	unsigned int number = 0;

	memset(program, 0, sizeof(*program));
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[1024];

		number++;
		if (len >= sizeof(line))
			return number;
		memcpy(line, text, len);
		line[len] = 0;
		line[strcspn(line, "#")] = 0;
		if (!line_parse(program, line))
			return number;
		text += len + (text[len] == '\n');
	}
	return program->len ? 0 : number + 1;
}

/* Reads at most @size bytes, enough for any valid program. */
static bool text_load(const char *path, char *text, size_t size)
{
	FILE *in = fopen(path, "r");
	size_t len;

	if (!in)
		return false;
	len = fread(text, 1, size - 1, in);
	text[len] = 0;
	fclose(in);
	return true;
}

bool program_load(struct program *program, const char *path)
{
	char text[32768];
	unsigned int line;

	if (!text_load(path, text, sizeof(text))) {
		fprintf(stderr, "fuzz: %s: %s\n", path, strerror(errno));
		return false;
	}
	line = program_parse(program, text);
	if (line)
		fprintf(stderr, "fuzz: %s:%u: no operation of a program\n", path,
			line);
	return !line;
}
