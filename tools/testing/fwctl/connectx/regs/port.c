// SPDX-License-Identifier: GPL-2.0
/*
 * The one port: its link is up while it is administratively up, at 4 lanes NDR
 * or 400G. Registers that only report or tune the physical layer are plain.
 */
#include <string.h>

#include "table.h"

#define IB_SPEED_NDR 0x80
#define IB_WIDTH_4X 0x04
#define ETH_400G_4X BIT(16)
#define ETH_200G_4X BIT(12)
#define ETH_100G_4X BIT(9)

enum { STATE_UP = 1, STATE_DOWN = 2 };

struct port {
	bool up;
	u32 eth_admin;		/* extended Ethernet speeds */
	u32 ib_admin;		/* width << 16 | speeds */
};

struct port *port_new(void)
{
	struct port *port = alloc_zeroed(sizeof(*port));

	port->up = true;
	port->eth_admin = ETH_400G_4X | ETH_200G_4X | ETH_100G_4X;
	port->ib_admin = IB_WIDTH_4X << 16 | IB_SPEED_NDR;
	return port;
}

void port_free(struct port *port)
{
	free(port);
}

bool port_up(const struct port *port)
{
	return port->up;
}

static void paos_get(struct connectx *cx, struct reg_access *a)
{
	u32 state = cx->regs->port->up ? STATE_UP : STATE_DOWN;

	field_set(a->data, 0x00, 11, 8, state);	/* admin_status */
	field_set(a->data, 0x00, 3, 0, state);	/* oper_status */
	memset(a->data + 4, 0, 12);
}

/* Without the enable bit the write does not change the admin status. */
static void paos_set(struct connectx *cx, struct reg_access *a)
{
	struct port *port = cx->regs->port;
	u32 admin = field_get(a->data, 0x00, 11, 8);
	bool change = field_get(a->data, 0x04, 31, 31);	/* ase */

	if (!change)
		return;
	if (admin != STATE_UP && admin != STATE_DOWN)
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	if (port->up == (admin == STATE_UP))
		return;
	port->up = admin == STATE_UP;
	connectx_port_event(cx, port->up);
}

/* The fastest of the speeds that are administratively enabled. */
static u32 fastest(u32 mask)
{
	return mask ? BIT(31 - (u32)__builtin_clz(mask)) : 0;
}

static void ptys_get(struct connectx *cx, struct reg_access *a)
{
	const struct port *port = cx->regs->port;
	bool eth = connectx_ethernet(cx);

	memset(a->data + 4, 0, 64);
	if (eth) {
		be32_put(a->data + 0x08, ETH_400G_4X | ETH_200G_4X | ETH_100G_4X);
		be32_put(a->data + 0x14, port->eth_admin);
		be32_put(a->data + 0x20, port->up ? fastest(port->eth_admin) : 0);
	} else {
		be32_put(a->data + 0x10, IB_WIDTH_4X << 16 | 0xff);
		be32_put(a->data + 0x1c, port->ib_admin);
		be32_put(a->data + 0x28, port->up ? IB_WIDTH_4X << 16 | IB_SPEED_NDR : 0);
	}
}

static void ptys_set(struct connectx *cx, struct reg_access *a)
{
	struct port *port = cx->regs->port;
	u32 eth = be32_get(a->data + 0x14);
	u32 ib = be32_get(a->data + 0x1c);

	if (!connectx_ethernet(cx)) {
		port->ib_admin = ib;
		return;
	}
	if (eth & ~(ETH_400G_4X | ETH_200G_4X | ETH_100G_4X))
		return reg_fail(a, ST_BAD_PARAM, SYND_REG_FIELD);
	port->eth_admin = eth;
}

static void pddr_operation(struct connectx *cx, u8 *page)
{
	bool up = cx->regs->port->up;
	bool eth = connectx_ethernet(cx);

	field_set(page, 0x00, 23, 20, eth ? 4 : 1);	/* proto_active */
	field_set(page, 0x04, 31, 24, up ? 3 : 0);	/* phy_mngr_fsm_state */
	field_set(page, 0x04, 23, 16, eth && up ? 6 : 0);
	field_set(page, 0x04, 15, 8, !eth && up ? 7 : 0);
	field_set(page, 0x1c, 31, 16, up ? 2 : 0);	/* fec_mode_active */
	if (eth) {
		be32_put(page + 0x10, ETH_400G_4X | ETH_200G_4X | ETH_100G_4X);
	} else {
		be32_put(page + 0x0c, 0xff);
		be32_put(page + 0x10, IB_SPEED_NDR);
		be32_put(page + 0x14, up ? IB_SPEED_NDR : 0);
	}
}

static void pddr_troubleshooting(struct connectx *cx, u8 *page)
{
	static const char *const texts[] = { "The port is closed by command.",
					     "No issue was observed." };
	bool up = cx->regs->port->up;

	field_set(page, 0x04, 15, 0, up ? 0 : 1);
	strcpy((char *)page + 0x0c, texts[up]);
}

static void pddr_module(struct connectx *cx, u8 *page)
{
	field_set(page, 0x04, 15, 8, 0x19);	/* cable_identifier */
}

/* Page 0 is the link state, 1 the troubleshooting code, 3 the module; others are empty. */
static void pddr_get(struct connectx *cx, struct reg_access *a)
{
	static void (*const pages[])(struct connectx *cx, u8 *page) = {
		[0] = pddr_operation,
		[1] = pddr_troubleshooting,
		[3] = pddr_module,
	};
	u32 page = field_get(a->data, 0x04, 7, 0);

	memset(a->data + 8, 0, 0xf8);
	if (page < ARRAY_SIZE(pages) && pages[page])
		pages[page](cx, a->data + 8);
}

static const struct reg_word pmlp_words[] = {
	{ 0x00, 0x00010004 },	/* local port 1, 4 lanes */
	{ 0x04, 0x00000000 }, { 0x08, 0x01010000 }, { 0x0c, 0x02020000 }, { 0x10, 0x03030000 },
};
static const struct reg_word pmtu_words[] = {
	{ 0x04, 9978U << 16 }, { 0x08, 1522U << 16 }, { 0x0c, 1522U << 16 },
};
static const struct reg_word sltp_words[] = { { 0x00, 0x04010000 } };	/* 7 nm */
static const struct reg_word pplm_words[] = {
	{ 0x0c, 0x00000004 },
	{ 0x10, 0x00005000 },	/* at 100G: none and RS */
	{ 0x18, 0x00000280 },	/* at 200G and 400G on 4 lanes: RS and low latency RS */
	{ 0x28, 0x00000280 },
};
/* Test mode of transmitter and receiver: the enable bit is beside the port's number. */
static const struct reg_word prbs_words[] = {
	{ 0x04, 0x00000021 },	/* PRBS31, PRBS7 */
	{ 0x0c, 0x06800000 },	/* 25, 50 and 100 Gb/s on a lane */
};

#define PLAIN(reg, len, text, idx) \
	{ .id = reg, .size = len, .name = text, .flags = REG_RW, .index = idx }
#define PLAIN_KERNEL(reg, len, text, idx) \
	{ .id = reg, .size = len, .name = text, .flags = REG_RW | REG_KERNEL, .index = idx }

static const struct reg_desc rows[] = {
	{ .id = 0x5002, .size = 64, .name = "PMLP", .flags = REG_RW | REG_KERNEL,
	  .words = pmlp_words, .words_count = ARRAY_SIZE(pmlp_words) },
	{ .id = 0x5003, .size = 16, .name = "PMTU", .flags = REG_RW | REG_KERNEL, .index = 4,
	  .words = pmtu_words, .words_count = ARRAY_SIZE(pmtu_words) },
	{ .id = 0x5004, .size = 68, .name = "PTYS", .flags = REG_RW | REG_KERNEL,
	  .get = ptys_get, .set = ptys_set },
	{ .id = 0x5006, .size = 16, .name = "PAOS", .flags = REG_RW | REG_KERNEL,
	  .get = paos_get, .set = paos_set },
	PLAIN_KERNEL(0x5007, 32, "PFCC", 4),
	PLAIN_KERNEL(0x5008, 256, "PPCNT", 8),
	PLAIN_KERNEL(0x5012, 16, "PMAOS", 0),
	PLAIN(0x5014, 32, "PRTL", 4),
	PLAIN(0x5018, 8, "PPLR", 4),
	{ .id = 0x5023, .size = 128, .name = "PPLM",
	  .flags = REG_RW | REG_KERNEL | REG_FIXED, .index = 4,
	  .words = pplm_words, .words_count = ARRAY_SIZE(pplm_words) },
	{ .id = 0x5027, .size = 76, .name = "SLTP", .flags = REG_RW,
	  .words = sltp_words, .words_count = ARRAY_SIZE(sltp_words) },
	PLAIN(0x5028, 40, "SLRG", 4),
	{ .id = 0x5031, .size = 256, .name = "PDDR", .flags = REG_READ | REG_KERNEL,
	  .get = pddr_get },
	{ .id = 0x5036, .size = 28, .name = "PPTT", .flags = REG_RW | REG_FIXED,
	  .words = prbs_words, .words_count = ARRAY_SIZE(prbs_words) },
	{ .id = 0x5037, .size = 36, .name = "PPRT", .flags = REG_RW | REG_FIXED,
	  .words = prbs_words, .words_count = ARRAY_SIZE(prbs_words) },
	PLAIN(0x503c, 72, "PMDR", 4),
	PLAIN_KERNEL(0x503e, 92, "PPHCR", 4),
	PLAIN(0x5040, 16, "PPAOS", 4),
	PLAIN_KERNEL(0x5041, 12, "PCMR", 4),
	PLAIN(0x504c, 16, "PPCR", 4),
	PLAIN(0x5064, 28, "PMPT", 4),
	PLAIN(0x5075, 256, "PEMI", 4),
};

const struct reg_group port_regs = { rows, ARRAY_SIZE(rows) };
