// SPDX-License-Identifier: GPL-2.0
/*
 * Classes of oracles, their results, and the errnos that the uAPI documents: a copy
 * of the tables in include/uapi/fwctl/fwctl.h, made by hand, so that an errno that
 * is added there by mistake is found here.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <fwctl/fwctl.h>

#include "oracle.h"

const struct oracle_info oracle_infos[ORACLE_CLASSES] = {
	[ORACLE_ERRNO] = { "errno", "every errno is one that the uAPI documents" },
	[ORACLE_DECISION] = { "decision", "calls end as the rules say" },
	[ORACLE_QUERY] = { "query", "FWCTL_QUERY tells what FWCTL_RPC does" },
	[ORACLE_REFUSED] = { "refused", "a refused RPC leaves no trace in device and answer" },
	[ORACLE_BOUNDS] = { "bounds", "nothing is written outside of the room given" },
	[ORACLE_RESTRICT] = { "restrict", "the classes of a file never grow" },
	[ORACLE_CAP] = { "cap", "the classes of a device never grow" },
	[ORACLE_INFO] = { "info", "FWCTL_INFO writes the whole room, and the true length" },
	[ORACLE_ANSWER] = { "answer", "an answer is the request's own, and fits" },
	[ORACLE_REGISTERS] = { "registers", "only what was admitted changes the device" },
	[ORACLE_LEAK] = { "leak", "when all is closed nothing is in use" },
	[ORACLE_KILL] = { "kill", "a killed caller leaves at once" },
	[ORACLE_HANG] = { "hang", "nothing hangs but what waits for the firmware" },
	[ORACLE_KERNEL] = { "kernel", "the kernel does not complain" },
};

void oracle_init(struct oracle *oracle)
{
	memset(oracle, 0, sizeof(*oracle));
	pthread_mutex_init(&oracle->lock, NULL);
}

void oracle_reset(struct oracle *oracle)
{
	oracle->failed = false;
	oracle->text[0] = 0;
}

bool oracle_check(struct oracle *oracle, enum oracle_class class, bool holds,
		  const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&oracle->lock);
	oracle->checks[class]++;
	if (!holds && !oracle->failed) {
		oracle->failed = true;
		oracle->class = class;
		va_start(args, format);
		vsnprintf(oracle->text, sizeof(oracle->text), format, args);
		va_end(args);
	}
	pthread_mutex_unlock(&oracle->lock);
	return holds;
}

u64 oracle_sum(const struct oracle *oracle)
{
	u64 sum = 0;

	for (unsigned int i = 0; i < ORACLE_CLASSES; i++)
		sum += oracle->checks[i];
	return sum;
}

const char *errno_name(int err)
{
	const char *name = err ? strerrorname_np(err) : "0";

	return name ? name : "?";
}

struct documented {
	u32 number;
	int errnos[8];
};

static const int common[] = { EINVAL, E2BIG, EOPNOTSUPP, EFAULT, ENOMEM, ENODEV, 0 };

/* Further errnos of each ioctl */
static const struct documented documented[] = {
	{ FWCTL_INFO, { 0 } },
	{ FWCTL_RPC, { EMSGSIZE, EBADMSG, EPERM, ENOBUFS, ETIMEDOUT, EIO } },
	{ FWCTL_QUERY, { 0 } },
	{ FWCTL_RESTRICT, { 0 } },
};

static bool errno_in(const int *errnos, int err)
{
	while (*errnos && *errnos != err)
		errnos++;
	return *errnos;
}

bool errno_documented(u32 number, int err)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(documented); i++)
		if (documented[i].number == number)
			return errno_in(common, err) ||
			       errno_in(documented[i].errnos, err);
	return err == ENOTTY;
}

/* Without a device node open() fails with ENOENT or ENXIO before fwctl is called. */
bool errno_of_open(int err)
{
	static const int errnos[] = { EUSERS, ENODEV, ENOMEM, ENOENT, ENXIO, 0 };

	return errno_in(errnos, err);
}
