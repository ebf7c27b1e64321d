// SPDX-License-Identifier: GPL-2.0
/*
 * Admit: may this caller, with this label, on this file, in this state of the
 * kernel, do what the request does?
 *
 * The rules are the table below and the few lines of fwctl_admit(). Nothing else
 * in fwctl decides.
 */
#include <linux/bits.h>
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/panic.h>
#include <linux/security.h>
#include <kunit/visibility.h>

#include "internal.h"

#define CONFIG_READ BIT(FWCTL_CLASS_CONFIG_READ)
#define CONFIG_WRITE BIT(FWCTL_CLASS_CONFIG_WRITE)
#define DEBUG_READ BIT(FWCTL_CLASS_DEBUG_READ)
#define DEBUG_WRITE BIT(FWCTL_CLASS_DEBUG_WRITE)
#define FULL BIT(FWCTL_CLASS_FULL)

/* Which classes a label covers. FWCTL_CLASS_NEVER stands in no row. */
static const unsigned long fwctl_scope_classes[] = {
	[FWCTL_RPC_CONFIGURATION] = CONFIG_READ | CONFIG_WRITE,
	[FWCTL_RPC_DEBUG_READ_ONLY] = CONFIG_READ | DEBUG_READ,
	[FWCTL_RPC_DEBUG_WRITE] = CONFIG_READ | CONFIG_WRITE | DEBUG_READ |
				  DEBUG_WRITE,
	[FWCTL_RPC_DEBUG_WRITE_FULL] = CONFIG_READ | CONFIG_WRITE | DEBUG_READ |
				       DEBUG_WRITE | FULL,
};

static bool fwctl_class_in(enum fwctl_class class, unsigned long classes)
{
	return class < BITS_PER_LONG && BIT(class) & classes;
}

/**
 * fwctl_class_reads - does a request of this class leave the device as it is?
 * @class: the class
 *
 * Pure.
 *
 * Return: true for the read classes.
 */
bool fwctl_class_reads(enum fwctl_class class)
{
	return fwctl_class_in(class, CONFIG_READ | DEBUG_READ);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_class_reads);

/**
 * fwctl_scope_permits - does a label cover a class?
 * @scope: the label, known or not
 * @class: the class, known or not
 *
 * Pure.
 *
 * Return: true if it does.
 */
bool fwctl_scope_permits(enum fwctl_rpc_scope scope, enum fwctl_class class)
{
	return scope < ARRAY_SIZE(fwctl_scope_classes) &&
	       fwctl_class_in(class, fwctl_scope_classes[scope]);
}
EXPORT_SYMBOL_IF_KUNIT(fwctl_scope_permits);

static const char *const fwctl_scope_names[] = {
	[FWCTL_RPC_CONFIGURATION] = "CONFIGURATION",
	[FWCTL_RPC_DEBUG_READ_ONLY] = "DEBUG_READ_ONLY",
	[FWCTL_RPC_DEBUG_WRITE] = "DEBUG_WRITE",
	[FWCTL_RPC_DEBUG_WRITE_FULL] = "DEBUG_WRITE_FULL",
};

static const char *const fwctl_class_names[] = {
	[FWCTL_CLASS_NEVER] = "never",
	[FWCTL_CLASS_CONFIG_READ] = "config-read",
	[FWCTL_CLASS_CONFIG_WRITE] = "config-write",
	[FWCTL_CLASS_DEBUG_READ] = "debug-read",
	[FWCTL_CLASS_DEBUG_WRITE] = "debug-write",
	[FWCTL_CLASS_FULL] = "full",
};

/* An errno does not tell which rule said no; whoever runs the machine can see. */
static int fwctl_refuse(struct fwctl_device *fdev, enum fwctl_rpc_scope scope,
			enum fwctl_class class, int err, const char *why)
{
	dev_notice_ratelimited(&fdev->dev,
			       "%s (pid %d): request of class %s with label %s refused: %s\n",
			       current->comm, task_pid_nr(current),
			       fwctl_class_names[class],
			       fwctl_scope_names[scope], why);
	return err;
}

/**
 * fwctl_admit - decide about a request
 * @fdev: the device
 * @scope: the label, a known one
 * @class: what the request does
 * @writable: the file is open for writing
 *
 * Process context of the caller. Changes nothing, whatever the answer; a refusal
 * leaves a line in the kernel log, at a limited rate.
 *
 * Return: 0 to go ahead; -EBADMSG if the label does not cover the class; -EPERM
 * if the caller lacks CAP_SYS_RAWIO for the label, the file is not open for
 * writing, or the kernel is locked down.
 */
int fwctl_admit(struct fwctl_device *fdev, enum fwctl_rpc_scope scope,
		enum fwctl_class class, bool writable)
{
	if (!fwctl_scope_permits(scope, class))
		return fwctl_refuse(fdev, scope, class, -EBADMSG,
				    "the label does not cover the class");
	if (!writable && !fwctl_class_reads(class))
		return fwctl_refuse(fdev, scope, class, -EPERM,
				    "the file is not open for writing");
	if (scope == FWCTL_RPC_DEBUG_WRITE_FULL && !capable(CAP_SYS_RAWIO))
		return fwctl_refuse(fdev, scope, class, -EPERM,
				    "the label needs CAP_SYS_RAWIO");
	/* As much as what the old way, through the BAR, could do. */
	if (class == FWCTL_CLASS_FULL &&
	    security_locked_down(LOCKDOWN_PCI_ACCESS))
		return fwctl_refuse(fdev, scope, class, -EPERM,
				    "the kernel is locked down");
	return 0;
}

/**
 * fwctl_mark_class - taint the kernel if the class asks for it
 * @fdev: the device
 * @class: what the request that is about to be sent does
 *
 * Process context of the caller.
 */
void fwctl_mark_class(struct fwctl_device *fdev, enum fwctl_class class)
{
	if (!fwctl_class_in(class, DEBUG_WRITE | FULL))
		return;
	if (!test_taint(TAINT_FWCTL))
		dev_warn(&fdev->dev, "%s (pid %d) sends %s: tainting kernel\n",
			 current->comm, task_pid_nr(current),
			 class == FWCTL_CLASS_FULL ? "with full access" :
						     "a debug write");
	add_taint(TAINT_FWCTL, LOCKDEP_STILL_OK);
}
