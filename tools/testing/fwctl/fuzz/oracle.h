/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Oracles: what must hold whatever a program does. Each has a class, which is one
 * result of a run. The first that fails in a program is remembered.
 */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include <pthread.h>

#include "types.h"

enum oracle_class {
	ORACLE_ERRNO,
	ORACLE_DECISION,
	ORACLE_QUERY,
	ORACLE_REFUSED,
	ORACLE_BOUNDS,
	ORACLE_RESTRICT,
	ORACLE_CAP,
	ORACLE_INFO,
	ORACLE_ANSWER,
	ORACLE_REGISTERS,
	ORACLE_LEAK,
	ORACLE_KILL,
	ORACLE_HANG,
	ORACLE_KERNEL,
	ORACLE_CLASSES,
};

/**
 * struct oracle_info - a class
 * @name: its name
 * @rule: what must hold
 */
struct oracle_info {
	const char *name;
	const char *rule;
};

extern const struct oracle_info oracle_infos[ORACLE_CLASSES];

/**
 * struct oracle - what was found out
 * @lock: guards all
 * @checks: how many were made, by class
 * @failed: something did not hold
 * @class: of the first that did not
 * @text: the same in words
 */
struct oracle {
	pthread_mutex_t lock;
	u64 checks[ORACLE_CLASSES];
	bool failed;
	enum oracle_class class;
	char text[512];
};

void oracle_init(struct oracle *oracle);
/* Before a program: forgets the failure, not the figures. */
void oracle_reset(struct oracle *oracle);
/* Counts a check; returns @holds. */
__printf(4, 5)
bool oracle_check(struct oracle *oracle, enum oracle_class class, bool holds,
		  const char *format, ...);
u64 oracle_sum(const struct oracle *oracle);

/* "0" or "EPERM" */
const char *errno_name(int err);

/* Does the uAPI know this errno (positive) of this ioctl? */
bool errno_documented(u32 number, int err);
/* And of open()? */
bool errno_of_open(int err);

#endif
