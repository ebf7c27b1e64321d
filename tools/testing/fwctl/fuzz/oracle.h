/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Oracles: rules that must hold for every program. Each has a class, which is one
 * result of a run. The first failure in a program is kept.
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
 * @rule: the rule, for the report
 */
struct oracle_info {
	const char *name;
	const char *rule;
};

extern const struct oracle_info oracle_infos[ORACLE_CLASSES];

/**
 * struct oracle - results
 * @lock: guards all fields
 * @checks: number of checks by class
 * @failed: a check has failed
 * @class: class of the first failure
 * @text: description of the first failure
 */
struct oracle {
	pthread_mutex_t lock;
	u64 checks[ORACLE_CLASSES];
	bool failed;
	enum oracle_class class;
	char text[512];
};

void oracle_init(struct oracle *oracle);
/* Before a program: clear the failure, but keep the counters. */
void oracle_reset(struct oracle *oracle);
/* Count a check, and store the first failure. Returns @holds. */
__printf(4, 5)
bool oracle_check(struct oracle *oracle, enum oracle_class class, bool holds,
		  const char *format, ...);
u64 oracle_sum(const struct oracle *oracle);

/* "0" or "EPERM" */
const char *errno_name(int err);

/* True if the uAPI documents this errno (positive) for this ioctl. */
bool errno_documented(u32 number, int err);
/* True if the uAPI documents it for open(). */
bool errno_of_open(int err);

#endif
