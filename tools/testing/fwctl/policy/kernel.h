/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of the kernel that the policy and its KUnit suite need, for a program of the host.
 * The Makefile puts a header in place of each of the kernel's, which includes this file. So
 * policy.c, its tables, policy_test.c and admit.c compile here as they are.
 */
#ifndef POLICY_KERNEL_H
#define POLICY_KERNEL_H

#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX

#define BIT(n) (1U << (n))
#define GENMASK(high, low) (~0U >> (31 - (high)) & ~0U << (low))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BUILD_BUG_ON_ZERO(e) ((int)sizeof(struct { int:(-!!(e)); }))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define READ_ONCE(x) (x)
#define round_down(n, unit) ((n) / (unit) * (unit))

#define MODULE_IMPORT_NS(...)
#define MODULE_DESCRIPTION(...)
#define MODULE_LICENSE(...)

static inline u16 get_unaligned_be16(const void *from)
{
	u16 value;

	memcpy(&value, from, sizeof(value));
	return be16toh(value);
}

static inline u32 get_unaligned_be32(const void *from)
{
	u32 value;

	memcpy(&value, from, sizeof(value));
	return be32toh(value);
}

static inline void put_unaligned_be16(u16 value, void *to)
{
	value = htobe16(value);
	memcpy(to, &value, sizeof(value));
}

static inline void put_unaligned_be32(u32 value, void *to)
{
	value = htobe32(value);
	memcpy(to, &value, sizeof(value));
}

/* <linux/prandom.h>: any sequence will do that a seed repeats. */
struct rnd_state {
	u64 state;
};

static inline void prandom_seed_state(struct rnd_state *rnd, u64 seed)
{
	rnd->state = seed;
}

static inline u32 prandom_u32_state(struct rnd_state *rnd)
{
	rnd->state = rnd->state * 6364136223846793005U + 1442695040888963407U;
	return rnd->state >> 32;
}

/*
 * For admit.c: its functions that ask the kernel are not called, and those that parse and
 * print sets do without the kernel's own.
 */
#define array_index_nospec(index, ...) (index)
#define CAP_SYS_RAWIO 17
#define LOCKDOWN_PCI_ACCESS 0
#define security_locked_down(...) 1
#define capable(...) false
#define ns_capable_noaudit(...) false
#define strscpy(to, from) (snprintf(to, sizeof(to), "%s", from) < (int)sizeof(to) ? 0 : -E2BIG)
#define scnprintf(to, size, ...) ((size_t)snprintf(to, size, __VA_ARGS__))

static inline int match_string(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return i;
	return -EINVAL;
}

/* <kunit/test.h>: a failure ends the case. */
struct kunit {
	jmp_buf failed;
	const char *where; /* the assertion that failed */
};

struct kunit_case {
	void (*run)(struct kunit *test);
	const char *name;
	long took; /* in us */
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(function) { .run = function, .name = #function }
#define kunit_test_suite(suite) static struct kunit_suite *const policy_suite = &(suite)
#define kunit_info(test, ...) ((void)(test))

#define KUNIT_TEST(test, condition)					\
	do {								\
		if (!(condition)) {					\
			(test)->where = #condition;			\
			longjmp((test)->failed, 1);			\
		}							\
	} while (0)
#define KUNIT_ASSERT_NOT_NULL(test, a) KUNIT_TEST(test, (a) != NULL)
#define KUNIT_ASSERT_EQ(test, a, b) KUNIT_TEST(test, (a) == (b))
#define KUNIT_ASSERT_EQ_MSG(test, a, b, ...) KUNIT_TEST(test, (a) == (b))
#define KUNIT_EXPECT_EQ(test, a, b) KUNIT_TEST(test, (a) == (b))
#define KUNIT_EXPECT_EQ_MSG(test, a, b, ...) KUNIT_TEST(test, (a) == (b))
#define KUNIT_EXPECT_NE_MSG(test, a, b, ...) KUNIT_TEST(test, (a) != (b))
#define KUNIT_EXPECT_GE(test, a, b) KUNIT_TEST(test, (a) >= (b))
#define KUNIT_EXPECT_STREQ(test, a, b) KUNIT_TEST(test, !strcmp(a, b))

/* Types and words of drivers/fwctl/internal.h, of which only the declarations count here */
#define __user
#define __aligned(bytes) __attribute__((aligned(bytes)))
#define TASK_COMM_LEN 16
#define DECLARE_TRACEPOINT(...)
#define might_fault()
#define lockdep_assert(...)
#define lockdep_assert_not_held(...)

typedef struct { } atomic_t, refcount_t, spinlock_t, wait_queue_head_t;
struct completion { };
struct device { };
struct kobj_uevent_env { };
struct list_head { };
struct srcu_struct { };
struct work_struct { };

#endif
