/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver's KUnit suite of the policy, run in this process.
 */
#ifndef POLICY_KUNIT_H
#define POLICY_KUNIT_H

/* Return: the name of the first case that fails, or NULL. */
const char *kunit_run(void);

/* From now on, let the exhaustive cases go through one command or register only. */
void kunit_narrow(u32 number);

/*
 * Return: true if a case fails that passes without the mutant. @hide takes the mutant away, or
 * puts it back.
 */
bool kunit_notices(void (*hide)(bool hidden));

#endif
