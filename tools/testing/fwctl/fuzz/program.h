/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A program is a short sequence of operations with typed fields. One table
 * describes all operations and fields; programs are printed, parsed and mutated by
 * it. A new operation is a row in the table and a function in execute.c.
 *
 * The text form of a program has a line for each operation, with named fields:
 *
 *	open file=0 device=1 mode=rw how=now
 *	rpc file=0 how=thread cmd=valid size=32 ... opcode=3 arg=5 payload=0xff
 *
 * Omitted fields have their usual value; "#" begins a comment.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdio.h>

#include "types.h"

#define FUZZ_DEVICES 3
#define FUZZ_FILES 6
#define FUZZ_OPS 16
#define FUZZ_FIELDS 17

enum op_kind {
	OP_OPEN,
	OP_DUP,
	OP_CLOSE,
	OP_INFO,
	OP_RPC,
	OP_QUERY,
	OP_RESTRICT,
	OP_IOCTL,
	OP_CAP,
	OP_FAULT,
	OP_DEVICE,
	OP_LIVE,
	OP_READ,
	OP_JOIN,
	OP_KINDS,
};

/* Fields by operation. Operations with the same first fields share the enum of these. */
enum {
	OPEN_FILE,
	OPEN_DEVICE,
	OPEN_MODE,
	OPEN_HOW,
};

enum {
	DUP_FILE,
	DUP_FROM,
};

enum {
	CLOSE_FILE,
};

enum {
	CMD_FILE,
	CMD_HOW,
	CMD_PLACE,
	CMD_SIZE,
	CMD_TAIL,
	CMD_FIELDS,
};

enum {
	INFO_FLAGS = CMD_FIELDS,
	INFO_LEN,
	INFO_DATA,
};

/* Fields of a request, shared by FWCTL_RPC and FWCTL_QUERY */
enum {
	ASK_SCOPE = CMD_FIELDS,
	ASK_IN_LEN,
	ASK_OUT_LEN,
	ASK_IN,
	ASK_OPCODE,
	ASK_RESERVED,
	ASK_ARG,
	ASK_COOKIE,
	ASK_PAYLOAD,
	ASK_FIELDS,
};

enum {
	RPC_OUT = ASK_FIELDS,
	RPC_FLIP,
};

enum {
	QUERY_SPARE = ASK_FIELDS,
};

enum {
	RESTRICT_FLAGS = CMD_FIELDS,
	RESTRICT_CLASSES,
};

enum {
	IOCTL_FILE,
	IOCTL_HOW,
	IOCTL_PLACE,
	IOCTL_NUMBER,
};

enum {
	CAP_DEVICE,
	CAP_CLASSES,
};

enum {
	FAULT_DEVICE,
	FAULT_WHICH,
	FAULT_VALUE,
};

enum {
	DEVICE_DEVICE,
	DEVICE_LIMITS,
	DEVICE_OPCODE = DEVICE_LIMITS + 8,
	DEVICE_CLASS,
	DEVICE_STATUS,
	DEVICE_ANSWER,
};

enum {
	LIVE_DEVICE,
	LIVE_ON,
	LIVE_HOW,
};

enum {
	READ_DEVICE,
	READ_WHICH,
};

/* How an operation runs */
enum {
	HOW_NOW,	/* the next operation waits for it */
	HOW_THREAD,	/* the next operation runs at the same time */
	HOW_CHILD,	/* in a process that is killed soon afterwards */
};

/* Access mode of a file */
enum {
	MODE_RO,
	MODE_WO,
	MODE_RW,
};

/* Kind of memory that a pointer points to */
enum {
	PLACE_VALID,	/* writable memory with guards on both sides */
	PLACE_ODD,	/* the same, not aligned */
	PLACE_EDGE,	/* ends where the mapping does */
	PLACE_READONLY,
	PLACE_ACROSS,	/* begins in a mapping and ends behind it */
	PLACE_UNMAPPED,
	PLACE_NULL,
	PLACE_KERNEL,
	PLACE_STRUCT,	/* the ioctl's own struct; last but one for pointers in it */
	PLACE_SAME,	/* for an answer: the same address as the request */
	PLACE_OVERLAP,	/* for an answer: a few bytes behind the request */
};

#define PLACES_OF_STRUCT (PLACE_KERNEL + 1)
#define PLACES_OF_REQUEST (PLACE_STRUCT + 1)
#define PLACES_OF_ANSWER (PLACE_OVERLAP + 1)

enum fault_kind {
	FAULT_DELAY, FAULT_HANG, FAULT_TIMEOUT, FAULT_ERROR, FAULT_ANSWER_LEN,
	FAULT_OPEN_DELAY, FAULT_OPEN_HANG, FAULT_OPEN_ERROR, FAULT_CLOSE_DELAY,
	FAULT_REMOVE_AFTER, FAULT_KEEP_ON_REMOVE, FAULT_KINDS,
};

/* Kind of a field: decides its valid values, and the ones that mutations try */
enum value_kind {
	VALUE_CHOICE,	/* below @bound; with @words, by name */
	VALUE_SIZE,	/* of a struct */
	VALUE_LENGTH,	/* of a buffer */
	VALUE_BITS,	/* a set */
	VALUE_NUMBER,
};

/**
 * struct field - one field of an operation
 * @name: name in the text form
 * @kind: kind of its values
 * @bound: values must be below this; 0: no limit
 * @usual: the value that makes the operation most likely to succeed
 * @words: names of the values, @bound of them, or NULL
 * @free: all values are as likely to succeed as the usual one
 */
struct field {
	const char *name;
	enum value_kind kind;
	u64 bound;
	u64 usual;
	const char *const *words;
	bool free;
};

/**
 * struct op_info - an operation
 * @name: name in the text form
 * @weight: relative frequency among new operations
 * @fields: its fields
 * @fields_len: number of fields
 */
struct op_info {
	const char *name;
	unsigned int weight;
	const struct field *fields;
	unsigned int fields_len;
};

extern const struct op_info op_infos[OP_KINDS];
extern const char *const fault_names[FAULT_KINDS];
extern const char *const limit_names[8];
extern const char *const read_names[];
/* Limits of the devices at the start of a program; index as limit_names[] */
extern const u32 usual_limits[FUZZ_DEVICES][8];

struct op {
	enum op_kind kind;
	u64 values[FUZZ_FIELDS];
};

struct program {
	unsigned int len;
	struct op ops[FUZZ_OPS];
};

/* An operation with its usual values. */
struct op op_usual(enum op_kind kind);

bool program_valid(const struct program *program);
bool program_equal(const struct program *a, const struct program *b);
u64 program_hash(const struct program *program);

void op_print(const struct op *op, FILE *out);
void program_print(const struct program *program, FILE *out);
/* Print each line as a TAP comment on stdout. */
void program_comment(const struct program *program);
/* Returns 0, or the number of the first line with an error. */
unsigned int program_parse(struct program *program, const char *text);
/* The same from a file; prints errors to stderr. */
bool program_load(struct program *program, const char *path);

#endif
