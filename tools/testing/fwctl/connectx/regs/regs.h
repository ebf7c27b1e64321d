/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Access registers: what ACCESS_REG reads and writes. Each register is a table
 * row in one of the files here; a row without functions is plain memory with an
 * initial value.
 */
#ifndef CONNECTX_REGS_H
#define CONNECTX_REGS_H

#include "../commands.h"

struct regs;

struct regs *regs_new(void);
void regs_free(struct regs *regs);
/* Firmware start: volatile registers as they come up. */
void regs_boot(struct regs *regs);

void regs_access(struct connectx *cx, struct command *cmd);

/* A user context is gone; UID_SHARED stands for all of them. */
void regs_drop_uid(struct regs *regs, u16 uid);
/* Has MFRL armed a firmware restart? */
bool regs_restart_armed(const struct regs *regs);
/* Version of the running firmware: major << 24 | minor << 16 | sub-minor. */
u32 regs_firmware_version(const struct regs *regs);
bool regs_port_up(const struct regs *regs);

#endif
