// SPDX-License-Identifier: GPL-2.0
/*
 * Queries that a diagnostic tool sends. A few answers have content; most are
 * about objects that this device never creates, or about counters that stay 0.
 * A layout that is not public is left 0.
 */
#include <string.h>

#include "be.h"
#include "commands.h"
#include "connectx.h"
#include "regs/regs.h"

static void zeros(struct connectx *cx, struct command *cmd)
{
}

static void no_object(struct connectx *cx, struct command *cmd)
{
	cmd_fail(cmd, ST_BAD_RES, SYND_NO_OBJECT);
}

static void query_vport_state(struct connectx *cx, struct command *cmd)
{
	bool up = regs_port_up(cx->regs);

	field_set(cmd->out, 0x0c, 7, 4, up);	/* admin_state */
	field_set(cmd->out, 0x0c, 3, 0, up);	/* state */
}

static void query_hca_vport_context(struct connectx *cx, struct command *cmd)
{
	bool up = regs_port_up(cx->regs);
	u8 *context = cmd->out + 0x10;

	field_set(context, 0x20, 15, 12, up ? 5 : 3);	/* port_physical_state */
	field_set(context, 0x20, 7, 4, up ? 4 : 1);	/* port_state */
	field_set(context, 0x20, 3, 0, up ? 4 : 1);	/* vport_state */
	be64_put(context + 0x28, FW_BASE_GUID);		/* system_image_guid */
	be64_put(context + 0x30, FW_BASE_GUID);		/* port_guid */
	be64_put(context + 0x38, FW_BASE_GUID);		/* node_guid */
}

static void query_vuid(struct connectx *cx, struct command *cmd)
{
	static const char vuid[] = "connectx-emulator-MLNXS0D0F0";

	field_set(cmd->out, 0x3c, 15, 0, 1);	/* num_of_entries */
	memcpy(cmd->out + 0x40, vuid, sizeof(vuid));
}

/* The parameters have no public layout: a query returns the bytes last set. */
static void set_diagnostic_params(struct connectx *cx, struct command *cmd)
{
	memcpy(cx->diagnostic_params, cmd->in + 0x10, sizeof(cx->diagnostic_params));
}

static void query_diagnostic_params(struct connectx *cx, struct command *cmd)
{
	memcpy(cmd->out + 0x10, cx->diagnostic_params, sizeof(cx->diagnostic_params));
}

static void query_special_contexts(struct connectx *cx, struct command *cmd)
{
	be32_put(cmd->out + 0x0c, 0x00000700);	/* resd_lkey */
}

/* For opcodes that the 6.12 driver does not define: only a tool can send them. */
#define TOOL(op, name, fn) { op, name, 16, 16, WHO_TOOLS, NEED_READY, fn }
#define BOTH(op, name, fn) { op, name, 16, 16, WHO_ANY, NEED_READY, fn }

static const struct cmd_desc rows[] = {
	TOOL(0x10c, "QUERY_DRIVER_VERSION", zeros),
	BOTH(0x111, "QUERY_SF_PARTITION", zeros),
	BOTH(0x201, "QUERY_MKEY", no_object),
	BOTH(0x203, "QUERY_SPECIAL_CONTEXTS", query_special_contexts),
	BOTH(0x402, "QUERY_CQ", no_object),
	BOTH(0x50b, "QUERY_QP", no_object),
	TOOL(0x512, "QUERY_RDB", no_object),
	TOOL(0x602, "QUERY_PSV", no_object),
	BOTH(0x702, "QUERY_SRQ", no_object),
	BOTH(0x707, "QUERY_XRC_SRQ", no_object),
	BOTH(0x713, "QUERY_DCT", no_object),
	TOOL(0x716, "QUERY_DC_CNAK_TRACE", zeros),
	BOTH(0x719, "QUERY_XRQ", no_object),
	BOTH(0x740, "QUERY_ESW_FUNCTIONS", zeros),
	BOTH(0x750, "QUERY_VPORT_STATE", query_vport_state),
	BOTH(0x754, "QUERY_NIC_VPORT_CONTEXT", zeros),
	BOTH(0x760, "QUERY_ROCE_ADDRESS", zeros),
	BOTH(0x762, "QUERY_HCA_VPORT_CONTEXT", query_hca_vport_context),
	BOTH(0x764, "QUERY_HCA_VPORT_GID", zeros),
	BOTH(0x765, "QUERY_HCA_VPORT_PKEY", zeros),
	BOTH(0x76f, "QUERY_VNIC_ENV", zeros),
	BOTH(0x770, "QUERY_VPORT_COUNTER", zeros),
	BOTH(0x773, "QUERY_Q_COUNTER", no_object),
	BOTH(0x781, "QUERY_RATE_LIMIT", zeros),
	BOTH(0x80b, "QUERY_MAD_DEMUX", zeros),
	TOOL(0x813, "QUERY_BURST_SIZE", zeros),
	TOOL(0x819, "QUERY_DIAGNOSTIC_PARAMS", query_diagnostic_params),
	TOOL(0x820, "SET_DIAGNOSTIC_PARAMS", set_diagnostic_params),
	TOOL(0x821, "QUERY_DIAGNOSTIC_COUNTERS", zeros),
	BOTH(0x822, "QUERY_CONG_STATUS", zeros),
	BOTH(0x824, "QUERY_CONG_PARAMS", zeros),
	BOTH(0x826, "QUERY_CONG_STATISTICS", zeros),
	BOTH(0x831, "QUERY_WOL_ROL", zeros),
	BOTH(0x842, "QUERY_LAG", zeros),
	BOTH(0x903, "QUERY_TIR", no_object),
	BOTH(0x907, "QUERY_SQ", no_object),
	BOTH(0x90b, "QUERY_RQ", no_object),
	BOTH(0x90f, "QUERY_RMP", no_object),
	TOOL(0x911, "QUERY_DELAY_DROP_PARAMS", zeros),
	BOTH(0x915, "QUERY_TIS", no_object),
	BOTH(0x919, "QUERY_RQT", no_object),
	BOTH(0x932, "QUERY_FLOW_TABLE", no_object),
	BOTH(0x935, "QUERY_FLOW_GROUP", no_object),
	BOTH(0x937, "QUERY_FLOW_TABLE_ENTRY", no_object),
	BOTH(0x93b, "QUERY_FLOW_COUNTER", no_object),
	BOTH(0xa02, "QUERY_GENERAL_OBJECT", no_object),
	BOTH(0xb0d, "QUERY_VHCA_STATE", zeros),
	BOTH(0xb22, "QUERY_VUID", query_vuid),
};

const struct cmd_group query_commands = { rows, ARRAY_SIZE(rows) };
