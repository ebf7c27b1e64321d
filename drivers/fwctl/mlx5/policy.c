// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: what does a command do? Two tables, one of opcodes and one of
 * access registers, and a function for each row that depends on more than its
 * number. Pure: it sees the bytes of the request and nothing else.
 *
 * What stands in no table: an opcode is never sent; reading a register is a
 * debug read, writing it full access.
 *
 * Numbers and layouts are those of the PRM, as <linux/mlx5/mlx5_ifc.h> has them
 * where it has them; they are written out here because a good part of them is
 * not in that header.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/bsearch.h>
#include <linux/export.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>

#include "policy.h"

/* The header of every command, byte offsets. All fields are big-endian. */
#define CMD_OPCODE 0x0
#define CMD_RESERVED 0x4
#define CMD_OP_MOD 0x6

/* ACCESS_REG and ACCESS_REGISTER_USER */
#define REG_RESERVED 0x8
#define REG_ID 0xa
#define REG_PAYLOAD 0x10
#define REG_OP_MOD_WRITE 0
#define REG_OP_MOD_READ 1

/* SET_HCA_CAP: bit 31 of the dword at 8 */
#define SET_HCA_CAP_OTHER_FUNCTION 0x8

/* PPCNT and MPCNT: bit 31 of the payload's dword at 4 clears what it reads */
#define COUNTERS_CLR (REG_PAYLOAD + 0x4)

/* RESOURCE_DUMP, from the payload's begin: bit 30 of the dword at 0; mkey */
#define RESOURCE_DUMP_FLAGS (REG_PAYLOAD + 0x0)
#define RESOURCE_DUMP_INLINE BIT(30)
#define RESOURCE_DUMP_MKEY (REG_PAYLOAD + 0x1c)

/**
 * struct mlx5_fwctl_opcode - a row of the opcode table
 * @opcode: the command; rows ascend by it
 * @name: the PRM's name for it
 * @class: what it does, if its number says so
 * @inspect: else, the function that finds out
 */
struct mlx5_fwctl_opcode {
	u16 opcode;
	u8 class;
	const char *name;
	enum fwctl_class (*inspect)(struct fwctl_request *req);
};

/**
 * struct mlx5_fwctl_register - a row of the register table
 * @id: the register; rows ascend by it
 * @name: the PRM's name for it
 * @read: what reading it does, at least
 * @write: what writing it does, at least
 * @inspect: if not NULL, has the last word about a request whose row allows it
 */
struct mlx5_fwctl_register {
	u16 id;
	u8 read;
	u8 write;
	const char *name;
	enum fwctl_class (*inspect)(const struct fwctl_request *req,
				    enum fwctl_class class);
};

/*
 * A field of the request. What lies behind its end cannot be inspected; as the
 * firmware may see anything there, it is taken to have every bit set.
 */
static u32 request_dword(const struct fwctl_request *req, size_t offset)
{
	if (offset + sizeof(u32) > req->header_len)
		return U32_MAX;
	return get_unaligned_be32(req->header + offset);
}

/* Reading a counter with its clear bit set is a write to everybody else. */
static enum fwctl_class inspect_counters(const struct fwctl_request *req,
					 enum fwctl_class class)
{
	if (class == FWCTL_CLASS_DEBUG_READ &&
	    request_dword(req, COUNTERS_CLR) & BIT(31))
		return FWCTL_CLASS_DEBUG_WRITE;
	return class;
}

/* Only the form that answers in the register; the others name memory. */
static enum fwctl_class inspect_resource_dump(const struct fwctl_request *req,
					      enum fwctl_class class)
{
	u32 flags = request_dword(req, RESOURCE_DUMP_FLAGS);
	u32 mkey = request_dword(req, RESOURCE_DUMP_MKEY);

	return flags & RESOURCE_DUMP_INLINE && !mkey ? class :
						       FWCTL_CLASS_NEVER;
}

#define REGISTER(_id, _name, _read, _write)				\
	{ .id = (_id), .name = #_name, .read = FWCTL_CLASS_##_read,	\
	  .write = FWCTL_CLASS_##_write }
#define REGISTER_INSPECT(_id, _name, _read, _write, _inspect)		\
	{ .id = (_id), .name = #_name, .read = FWCTL_CLASS_##_read,	\
	  .write = FWCTL_CLASS_##_write, .inspect = inspect_##_inspect }

static const struct mlx5_fwctl_register mlx5_fwctl_registers[] = {
	REGISTER(0x4019, QCAM, CONFIG_READ, FULL),
	REGISTER(0x402d, MLOCK, CONFIG_READ, FULL),
	REGISTER(0x5001, PCAP, CONFIG_READ, FULL),
	REGISTER_INSPECT(0x5008, PPCNT, DEBUG_READ, FULL, counters),
	REGISTER(0x507f, PCAM, CONFIG_READ, FULL),
	REGISTER(0x7004, HOST_ENDIANNESS, DEBUG_READ, NEVER),
	REGISTER(0x9009, MTCAP, CONFIG_READ, FULL),
	REGISTER(0x900c, MVCR, FULL, FULL),
	REGISTER(0x901f, MJTAG, FULL, FULL),
	REGISTER(0x9020, MGIR, CONFIG_READ, FULL),
	REGISTER(0x9021, MSGI, CONFIG_READ, FULL),
	REGISTER(0x9024, MNVDA, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x9025, MNVDI, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x9028, MFRL, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x902f, MROQ, CONFIG_READ, FULL),
	REGISTER(0x9030, MNVQC, CONFIG_READ, FULL),
	REGISTER(0x9033, MNVIA, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x9034, MNVGC, CONFIG_READ, FULL),
	REGISTER(0x9035, MNVGN, CONFIG_READ, FULL),
	REGISTER(0x9040, MTRC_CAP, DEBUG_READ, NEVER),
	REGISTER(0x9041, MTRC_CONF, DEBUG_READ, NEVER),
	REGISTER(0x9042, MTRC_STDB, DEBUG_READ, NEVER),
	REGISTER(0x9043, MTRC_CTRL, DEBUG_READ, NEVER),
	REGISTER_INSPECT(0x9051, MPCNT, DEBUG_READ, FULL, counters),
	REGISTER(0x905c, MCDD, NEVER, NEVER),
	REGISTER(0x9060, MCQS, CONFIG_READ, FULL),
	REGISTER(0x9061, MCQI, CONFIG_READ, FULL),
	REGISTER(0x9062, MCC, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x9063, MCDA, CONFIG_READ, CONFIG_WRITE),
	REGISTER(0x9064, MQIS, CONFIG_READ, FULL),
	REGISTER(0x907f, MCAM, CONFIG_READ, FULL),
	REGISTER(0x9300, MPCAM, CONFIG_READ, FULL),
	REGISTER_INSPECT(0xc000, RESOURCE_DUMP, DEBUG_READ, NEVER, resource_dump),
	REGISTER(0xc004, IMPORT_KEK_HANDLE, FULL, FULL),
	REGISTER(0xc005, CREDENTIAL_HANDLE, FULL, FULL),
	REGISTER(0xc009, HCA_CMD_ENCAP, NEVER, NEVER),
	REGISTER(0xc00d, NIC_CAP_REG, CONFIG_READ, FULL),
	REGISTER(0xc011, NIC_CAP_EXT_REG, CONFIG_READ, FULL),
};

static int register_compare(const void *key, const void *row)
{
	return *(const u16 *)key -
	       ((const struct mlx5_fwctl_register *)row)->id;
}

static enum fwctl_class register_class(struct fwctl_request *req, u16 id,
				       bool write)
{
	const struct mlx5_fwctl_register *reg =
		bsearch(&id, mlx5_fwctl_registers,
			ARRAY_SIZE(mlx5_fwctl_registers),
			sizeof(*mlx5_fwctl_registers), register_compare);
	enum fwctl_class class;

	req->opcode |= id;
	if (!reg)
		return write ? FWCTL_CLASS_FULL : FWCTL_CLASS_DEBUG_READ;

	req->name = reg->name;
	class = write ? reg->write : reg->read;
	if (reg->inspect && class != FWCTL_CLASS_NEVER)
		class = reg->inspect(req, class);
	return class;
}

static enum fwctl_class inspect_access_register(struct fwctl_request *req)
{
	u16 op_mod = get_unaligned_be16(req->header + CMD_OP_MOD);
	u16 id = get_unaligned_be16(req->header + REG_ID);

	if (get_unaligned_be16(req->header + CMD_RESERVED) ||
	    get_unaligned_be16(req->header + REG_RESERVED) ||
	    op_mod > REG_OP_MOD_READ)
		return FWCTL_CLASS_NEVER;
	return register_class(req, id, op_mod == REG_OP_MOD_WRITE);
}

/*
 * What mlx5_core has negotiated for its own function is not to be changed behind
 * its back; for another function, a VF to be, it is configuration.
 */
static enum fwctl_class inspect_set_hca_cap(struct fwctl_request *req)
{
	if (request_dword(req, SET_HCA_CAP_OTHER_FUNCTION) & BIT(31))
		return FWCTL_CLASS_CONFIG_WRITE;
	return FWCTL_CLASS_NEVER;
}

#define OPCODE(_opcode, _name, _class)					\
	{ .opcode = (_opcode), .name = #_name,				\
	  .class = FWCTL_CLASS_##_class }
#define INSPECT(_opcode, _name, _inspect)				\
	{ .opcode = (_opcode), .name = #_name,				\
	  .inspect = inspect_##_inspect }

static const struct mlx5_fwctl_opcode mlx5_fwctl_opcodes[] = {
	OPCODE(0x100, QUERY_HCA_CAP, CONFIG_READ),
	OPCODE(0x101, QUERY_ADAPTER, CONFIG_READ),
	OPCODE(0x107, QUERY_PAGES, DEBUG_READ),
	INSPECT(0x109, SET_HCA_CAP, set_hca_cap),
	OPCODE(0x10a, QUERY_ISSI, CONFIG_READ),
	OPCODE(0x10c, QUERY_DRIVER_VERSION, DEBUG_READ),
	OPCODE(0x10e, QUERY_OTHER_HCA_CAP, CONFIG_READ),
	OPCODE(0x111, QUERY_SF_PARTITION, DEBUG_READ),
	OPCODE(0x117, QUERY_VHCA_MIGRATION_STATE, DEBUG_READ),
	OPCODE(0x201, QUERY_MKEY, DEBUG_READ),
	OPCODE(0x203, QUERY_SPECIAL_CONTEXTS, DEBUG_READ),
	OPCODE(0x303, QUERY_EQ, DEBUG_READ),
	OPCODE(0x402, QUERY_CQ, DEBUG_READ),
	OPCODE(0x50b, QUERY_QP, DEBUG_READ),
	OPCODE(0x512, QUERY_RDB, DEBUG_READ),
	OPCODE(0x602, QUERY_PSV, DEBUG_READ),
	OPCODE(0x702, QUERY_SRQ, DEBUG_READ),
	OPCODE(0x707, QUERY_XRC_SRQ, DEBUG_READ),
	OPCODE(0x713, QUERY_DCT, DEBUG_READ),
	OPCODE(0x716, QUERY_DC_CNAK_TRACE, DEBUG_READ),
	OPCODE(0x719, QUERY_XRQ, DEBUG_READ),
	OPCODE(0x722, QUERY_NVMF_BACKEND_CONTROLLER, DEBUG_READ),
	OPCODE(0x725, QUERY_XRQ_DC_PARAMS_ENTRY, DEBUG_READ),
	OPCODE(0x727, QUERY_XRQ_ERROR_PARAMS, DEBUG_READ),
	OPCODE(0x728, QUERY_NVMF_NAMESPACE_CONTEXT, DEBUG_READ),
	OPCODE(0x730, QUERY_ADJACENT_FUNCTIONS_ID, DEBUG_READ),
	OPCODE(0x731, DELEGATE_VHCA_MANAGEMENT, CONFIG_WRITE),
	OPCODE(0x732, QUERY_DELEGATED_VHCA, DEBUG_READ),
	OPCODE(0x740, QUERY_ESW_FUNCTIONS, CONFIG_READ),
	OPCODE(0x750, QUERY_VPORT_STATE, DEBUG_READ),
	OPCODE(0x752, QUERY_ESW_VPORT_CONTEXT, DEBUG_READ),
	OPCODE(0x754, QUERY_NIC_VPORT_CONTEXT, DEBUG_READ),
	OPCODE(0x760, QUERY_ROCE_ADDRESS, CONFIG_READ),
	OPCODE(0x762, QUERY_HCA_VPORT_CONTEXT, CONFIG_READ),
	OPCODE(0x764, QUERY_HCA_VPORT_GID, DEBUG_READ),
	OPCODE(0x765, QUERY_HCA_VPORT_PKEY, DEBUG_READ),
	OPCODE(0x76f, QUERY_VNIC_ENV, DEBUG_READ),
	OPCODE(0x770, QUERY_VPORT_COUNTER, DEBUG_READ),
	OPCODE(0x773, QUERY_Q_COUNTER, DEBUG_READ),
	OPCODE(0x781, QUERY_RATE_LIMIT, DEBUG_READ),
	OPCODE(0x784, QUERY_SCHEDULING_ELEMENT, DEBUG_READ),
	INSPECT(0x805, ACCESS_REG, access_register),
	OPCODE(0x80b, QUERY_MAD_DEMUX, DEBUG_READ),
	OPCODE(0x80d, NOP, DEBUG_READ),
	OPCODE(0x813, QUERY_BURST_SIZE, DEBUG_READ),
	OPCODE(0x819, QUERY_DIAGNOSTIC_PARAMS, DEBUG_READ),
	OPCODE(0x820, SET_DIAGNOSTIC_PARAMS, DEBUG_WRITE),
	OPCODE(0x821, QUERY_DIAGNOSTIC_COUNTERS, DEBUG_READ),
	OPCODE(0x822, QUERY_CONG_STATUS, DEBUG_READ),
	OPCODE(0x823, MODIFY_CONG_STATUS, CONFIG_WRITE),
	OPCODE(0x824, QUERY_CONG_PARAMS, DEBUG_READ),
	OPCODE(0x826, QUERY_CONG_STATISTICS, DEBUG_READ),
	OPCODE(0x82a, QUERY_L2_TABLE_ENTRY, DEBUG_READ),
	OPCODE(0x831, QUERY_WOL_ROL, DEBUG_READ),
	OPCODE(0x842, QUERY_LAG, DEBUG_READ),
	OPCODE(0x903, QUERY_TIR, DEBUG_READ),
	OPCODE(0x907, QUERY_SQ, DEBUG_READ),
	OPCODE(0x90b, QUERY_RQ, DEBUG_READ),
	OPCODE(0x90f, QUERY_RMP, DEBUG_READ),
	OPCODE(0x911, QUERY_DELAY_DROP_PARAMS, DEBUG_READ),
	OPCODE(0x915, QUERY_TIS, DEBUG_READ),
	OPCODE(0x919, QUERY_RQT, DEBUG_READ),
	OPCODE(0x932, QUERY_FLOW_TABLE, DEBUG_READ),
	OPCODE(0x935, QUERY_FLOW_GROUP, DEBUG_READ),
	OPCODE(0x937, QUERY_FLOW_TABLE_ENTRY, DEBUG_READ),
	OPCODE(0x93b, QUERY_FLOW_COUNTER, DEBUG_READ),
	OPCODE(0x93f, QUERY_PACKET_REFORMAT_CONTEXT, DEBUG_READ),
	OPCODE(0x942, QUERY_MODIFY_HEADER_CONTEXT, DEBUG_READ),
	OPCODE(0x962, FPGA_QUERY_QP, DEBUG_READ),
	OPCODE(0x964, FPGA_QUERY_QP_COUNTERS, DEBUG_READ),
	OPCODE(0x971, QUERY_AFU, DEBUG_READ),
	OPCODE(0x981, QUERY_CAPI_PEC, DEBUG_READ),
	OPCODE(0xa02, QUERY_GENERAL_OBJECT, DEBUG_READ),
	OPCODE(0xa05, QUERY_UCTX, DEBUG_READ),
	OPCODE(0xa09, QUERY_UMEM, DEBUG_READ),
	OPCODE(0xb02, QUERY_NVMF_CC_RESPONSE, DEBUG_READ),
	OPCODE(0xb03, QUERY_EMULATED_FUNCTIONS_INFO, DEBUG_READ),
	OPCODE(0xb05, QUERY_REGEXP_PARAMS, DEBUG_READ),
	OPCODE(0xb07, QUERY_REGEXP_REGISTER, DEBUG_READ),
	OPCODE(0xb08, USER_QUERY_XRQ_DC_PARAMS_ENTRY, DEBUG_READ),
	OPCODE(0xb0a, USER_QUERY_XRQ_ERROR_PARAMS, DEBUG_READ),
	INSPECT(0xb0c, ACCESS_REGISTER_USER, access_register),
	OPCODE(0xb0d, QUERY_VHCA_STATE, DEBUG_READ),
	OPCODE(0xb0f, QUERY_EMULATION_DEVICE_EQ_MSIX_MAPPING, DEBUG_READ),
	OPCODE(0xb13, QUERY_MATCH_SAMPLE_INFO, DEBUG_READ),
	OPCODE(0xb14, QUERY_CRYPTO_STATE, DEBUG_READ),
	OPCODE(0xb22, QUERY_VUID, CONFIG_READ),
	OPCODE(0xb28, QUERY_DPA_PARTITION, DEBUG_READ),
	OPCODE(0xb2a, QUERY_DPA_PARTITIONS, DEBUG_READ),
	OPCODE(0xb2e, POSTPONE_CONNECTED_QP_TIMEOUT, CONFIG_WRITE),
	OPCODE(0xb2f, QUERY_EMULATED_RESOURCES_INFO, DEBUG_READ),
	OPCODE(0x8000, QUERY_RSV_RESOURCES, DEBUG_READ),
	OPCODE(0x8001, QUERY_MTT, DEBUG_READ),
	OPCODE(0x8006, QUERY_SCHED_QUEUE, DEBUG_READ),
};

static int opcode_compare(const void *key, const void *row)
{
	return *(const u16 *)key -
	       ((const struct mlx5_fwctl_opcode *)row)->opcode;
}

/**
 * mlx5_fwctl_classify - what does a command do?
 * @fdev: the device; the rules are the same for all
 * @req: the command, with at least its first 16 bytes in the header. Its opcode
 *	is set to the command's, shifted left by 16, and the access register's
 *	number if there is one; its name to that of the register, if it is in
 *	the table, or of the command.
 *
 * Pure, any context.
 *
 * Return: the class; FWCTL_CLASS_NEVER for an unknown opcode.
 */
enum fwctl_class mlx5_fwctl_classify(struct fwctl_device *fdev,
				     struct fwctl_request *req)
{
	u16 opcode = get_unaligned_be16(req->header + CMD_OPCODE);
	const struct mlx5_fwctl_opcode *row =
		bsearch(&opcode, mlx5_fwctl_opcodes,
			ARRAY_SIZE(mlx5_fwctl_opcodes),
			sizeof(*mlx5_fwctl_opcodes), opcode_compare);

	req->opcode = (u32)opcode << 16;
	if (!row)
		return FWCTL_CLASS_NEVER;
	req->name = row->name;
	return row->inspect ? row->inspect(req) : row->class;
}
EXPORT_SYMBOL_IF_KUNIT(mlx5_fwctl_classify);
