/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access registers, read and written by ACCESS_REG. Each register is a table row
 * in one of the files here; a row without functions is plain memory with an
 * initial value.
 */
#ifndef CONNECTX_REGS_H
#define CONNECTX_REGS_H

#include "../commands.h"

struct regs;

struct regs *regs_new(void);
void regs_free(struct regs *regs);
/* Firmware start: set volatile registers to their initial values. */
void regs_boot(struct regs *regs);

void regs_access(struct connectx *cx, struct command *cmd);

/* Drop the state of a user context; UID_SHARED means all contexts. */
void regs_drop_uid(struct regs *regs, u16 uid);
/* True if a firmware restart was armed through MFRL. */
bool regs_restart_armed(const struct regs *regs);
/* Version of the running firmware: major << 24 | minor << 16 | sub-minor. */
u32 regs_firmware_version(const struct regs *regs);
bool regs_port_up(const struct regs *regs);

#endif
