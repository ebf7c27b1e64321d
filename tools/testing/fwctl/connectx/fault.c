// SPDX-License-Identifier: GPL-2.0
/* The list of fault rules, their text form, and matching. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"

#define ANY UINT32_MAX

enum kind { KIND_DELAY, KIND_HANG, KIND_STATUS, KIND_MALFORMED, KIND_LOST_IRQ };

static const char *const kinds[] = {
	[KIND_DELAY] = "delay",
	[KIND_HANG] = "hang",
	[KIND_STATUS] = "status",
	[KIND_MALFORMED] = "malformed",
	[KIND_LOST_IRQ] = "lost-irq",
};

static const char *const malformed_kinds[] = {
	[MALFORMED_NONE] = "none",
	[MALFORMED_RESERVED] = "reserved",
	[MALFORMED_HEADER] = "header",
	[MALFORMED_PAYLOAD] = "payload",
	[MALFORMED_SHORT] = "short",
	[MALFORMED_LONG] = "long",
	[MALFORMED_TOKEN] = "token",
	[MALFORMED_LINKS] = "links",
	[MALFORMED_ENTRY] = "entry",
	[MALFORMED_DELIVERY] = "delivery",
};

/**
 * struct rule - one line of "fault"
 * @kind, @malformed: index into the tables of names
 * @opcode, @reg, @uid: filters, ANY to match all
 * @count: number of commands that it still applies to; 0 is unlimited
 *
 * The members that keys set are all u32, so that one parser serves them.
 */
struct rule {
	u32 kind;
	u32 opcode;
	u32 reg;
	u32 uid;
	u32 count;
	u32 us;
	u32 status;
	u32 syndrome;
	u32 delivery;
	u32 malformed;
	struct rule *next;
};

struct faults {
	struct rule *rules;
};

/* The keys, the largest value of each, and the unit to multiply it with. */
static const struct key {
	const char *name;
	size_t off;
	u32 max;
	u32 scale;
} keys[] = {
	{ "opcode", offsetof(struct rule, opcode), 0xffff, 1 },
	{ "reg", offsetof(struct rule, reg), 0xffff, 1 },
	{ "uid", offsetof(struct rule, uid), 0xffff, 1 },
	{ "count", offsetof(struct rule, count), UINT32_MAX, 1 },
	{ "ms", offsetof(struct rule, us), 3600000, 1000 },
	{ "us", offsetof(struct rule, us), 3600000, 1 },
	{ "status", offsetof(struct rule, status), 0xff, 1 },
	{ "syndrome", offsetof(struct rule, syndrome), UINT32_MAX, 1 },
	{ "delivery", offsetof(struct rule, delivery), 0x7f, 1 },
};

struct faults *faults_new(void)
{
	return alloc_zeroed(sizeof(struct faults));
}

void faults_clear(struct faults *faults)
{
	while (faults->rules) {
		struct rule *rule = faults->rules;

		faults->rules = rule->next;
		free(rule);
	}
}

void faults_free(struct faults *faults)
{
	if (!faults)
		return;
	faults_clear(faults);
	free(faults);
}

static bool find_name(const char *const *names, size_t count, const char *name, u32 *index)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name)) {
			*index = (u32)i;
			return true;
		}
	return false;
}

/* Refuse a sign: strtoull() accepts one and wraps the value around. */
static const char *parse_number(struct rule *rule, const char *name, const char *text)
{
	unsigned long long value;
	char *end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys) && strcmp(keys[i].name, name); i++)
		;
	if (i == ARRAY_SIZE(keys))
		return "unknown key";
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || value > keys[i].max)
		return "bad value";
	memcpy((u8 *)rule + keys[i].off, &(u32){ (u32)value * keys[i].scale }, sizeof(u32));
	return NULL;
}

static const char *parse_key(struct rule *rule, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return "expected KEY=VALUE";
	*value++ = '\0';
	if (strcmp(word, "kind"))
		return parse_number(rule, word, value);
	if (!find_name(malformed_kinds, ARRAY_SIZE(malformed_kinds), value, &rule->malformed))
		return "unknown kind of malformed answer";
	return NULL;
}

static const char *parse(struct rule *rule, char *line)
{
	char *save = NULL;
	char *word = strtok_r(line, " \t", &save);

	if (!word || !find_name(kinds, ARRAY_SIZE(kinds), word, &rule->kind))
		return "unknown fault";
	while ((word = strtok_r(NULL, " \t", &save))) {
		const char *err = parse_key(rule, word);

		if (err)
			return err;
	}
	return NULL;
}

const char *faults_add(struct faults *faults, char *line)
{
	struct rule *rule = alloc_zeroed(sizeof(*rule));
	struct rule **last = &faults->rules;
	const char *err;

	*rule = (struct rule){
		.opcode = ANY, .reg = ANY, .uid = ANY, .us = 100000, .status = 0x01,
		.syndrome = 0xfa0001, .delivery = 0x06, .malformed = MALFORMED_RESERVED,
	};
	err = parse(rule, line);
	if (err) {
		free(rule);
		return err;
	}
	while (*last)
		last = &(*last)->next;
	*last = rule;
	return NULL;
}

static void apply(const struct rule *rule, struct fault_effect *effect)
{
	switch (rule->kind) {
	case KIND_DELAY:
		effect->delay_us += rule->us;
		break;
	case KIND_HANG:
		effect->hang = true;
		break;
	case KIND_STATUS:
		effect->refuse = true;
		effect->status = (u8)rule->status;
		effect->syndrome = rule->syndrome;
		break;
	case KIND_MALFORMED:
		effect->malformed = rule->malformed;
		effect->delivery = (u8)rule->delivery;
		break;
	case KIND_LOST_IRQ:
		effect->lost_irq = true;
		break;
	}
}

static bool matches(const struct rule *rule, u16 opcode, int reg, u16 uid)
{
	return (rule->opcode == ANY || rule->opcode == opcode) &&
	       (rule->reg == ANY || (reg >= 0 && rule->reg == (u32)reg)) &&
	       (rule->uid == ANY || rule->uid == uid);
}

/* Every matching rule counts down, even if another rule overrides its effect. */
struct fault_effect faults_match(struct faults *faults, u16 opcode, int reg, u16 uid)
{
	struct fault_effect effect = { 0 };
	struct rule **p = &faults->rules;

	while (*p) {
		struct rule *rule = *p;

		if (!matches(rule, opcode, reg, uid)) {
			p = &rule->next;
			continue;
		}
		apply(rule, &effect);
		if (rule->count && !--rule->count) {
			*p = rule->next;
			free(rule);
		} else {
			p = &rule->next;
		}
	}
	return effect;
}

void faults_describe(const struct faults *faults, void (*line)(void *arg, const char *text),
		     void *arg)
{
	const struct rule *rule;
	char text[160];

	for (rule = faults->rules; rule; rule = rule->next) {
		snprintf(text, sizeof(text),
			 "fault kind=%s opcode=0x%x reg=0x%x uid=0x%x count=%u us=%u status=0x%x",
			 kinds[rule->kind], rule->opcode, rule->reg, rule->uid, rule->count,
			 rule->us, rule->status);
		line(arg, text);
	}
}
