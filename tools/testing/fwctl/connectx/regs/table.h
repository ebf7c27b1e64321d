/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files of this folder: table rows, one access, the registers' state. */
#ifndef CONNECTX_REGS_TABLE_H
#define CONNECTX_REGS_TABLE_H

#include "../be.h"
#include "../connectx.h"
#include "regs.h"

/**
 * struct reg_access - one read or write
 * @data: payload of the request, replaced by the answer's; large enough for every
 *	register, zero after the end of a shorter request
 * @len: bytes of payload in the request
 */
struct reg_access {
	struct command *cmd;
	u8 *data;
	u32 len;
	u16 id;
	u16 uid;
};

typedef void (*reg_fn)(struct connectx *cx, struct reg_access *a);

struct reg_word {
	u16 off;
	u32 value;
};

#define REG_READ BIT(0)
#define REG_WRITE BIT(1)
#define REG_KERNEL BIT(2)	/* mlx5_core uses it too, so it may come without a UID */
#define REG_FIXED BIT(3)	/* a write leaves the initial words of plain memory alone */
#define REG_RW (REG_READ | REG_WRITE)

/**
 * struct reg_desc - one register
 * @index: leading bytes that select an instance; echoed, never stored
 * @get, @set: NULL for plain memory
 * @words: initial value of plain memory, @words_count of them
 */
struct reg_desc {
	u16 id;
	u16 size;
	const char *name;
	u8 flags;
	u8 index;
	reg_fn get;
	reg_fn set;
	const struct reg_word *words;
	size_t words_count;
};

struct reg_group {
	const struct reg_desc *rows;
	size_t count;
};

extern const struct reg_group identity_regs;
extern const struct reg_group component_regs;
extern const struct reg_group nvconfig_regs;
extern const struct reg_group port_regs;
extern const struct reg_group management_regs;
extern const struct reg_group debug_regs;
extern const struct reg_group congestion_regs;

/* True if @id is a register of this device. */
bool reg_known(u16 id);

static inline void reg_fail(struct reg_access *a, enum cmd_status status, enum syndrome syndrome)
{
	cmd_fail(a->cmd, status, syndrome);
}

struct component_update;
struct port;
struct management;

#define CONGESTION_PARAMETERS 2

struct congestion {
	bool enabled;
	u32 values[CONGESTION_PARAMETERS];
};

void congestion_boot(struct congestion *congestion);

/**
 * struct regs - state behind the registers, a part per file
 * @plain: contents of plain registers, by position in the tables
 */
struct regs {
	u8 **plain;
	struct component_update *update;
	struct port *port;
	struct management *management;
	struct congestion congestion;
};

struct component_update *component_update_new(void);
void component_update_free(struct component_update *update);
void component_update_boot(struct component_update *update);
void component_update_drop_uid(struct component_update *update, u16 uid);

struct port *port_new(void);
void port_free(struct port *port);
bool port_up(const struct port *port);

struct management *management_new(void);
void management_free(struct management *management);
bool management_restart_armed(const struct management *management);

#endif
