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
 * @class: what it does, if its number says so
 * @inspect: else, the function that finds out
 */
struct mlx5_fwctl_opcode {
	u16 opcode;
	u8 class;
	enum fwctl_class (*inspect)(const struct fwctl_request *req);
};

/**
 * struct mlx5_fwctl_register - a row of the register table
 * @id: the register; rows ascend by it
 * @read: what reading it does, at least
 * @write: what writing it does, at least
 * @inspect: if not NULL, has the last word about a request whose row allows it
 */
struct mlx5_fwctl_register {
	u16 id;
	u8 read;
	u8 write;
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

#define REGISTER(_id, _read, _write)					\
	{ .id = (_id), .read = FWCTL_CLASS_##_read,			\
	  .write = FWCTL_CLASS_##_write }
#define REGISTER_INSPECT(_id, _read, _write, _inspect)			\
	{ .id = (_id), .read = FWCTL_CLASS_##_read,			\
	  .write = FWCTL_CLASS_##_write, .inspect = inspect_##_inspect }

static const struct mlx5_fwctl_register mlx5_fwctl_registers[] = {
	REGISTER(0x4019, CONFIG_READ, FULL), /* QCAM */
	REGISTER(0x402d, CONFIG_READ, FULL), /* MLOCK */
	REGISTER(0x5001, CONFIG_READ, FULL), /* PCAP */
	REGISTER_INSPECT(0x5008, DEBUG_READ, FULL, counters), /* PPCNT */
	REGISTER(0x507f, CONFIG_READ, FULL), /* PCAM */
	REGISTER(0x7004, DEBUG_READ, NEVER), /* HOST_ENDIANNESS */
	REGISTER(0x9009, CONFIG_READ, FULL), /* MTCAP */
	REGISTER(0x900c, FULL, FULL), /* MVCR */
	REGISTER(0x901f, FULL, FULL), /* MJTAG */
	REGISTER(0x9020, CONFIG_READ, FULL), /* MGIR */
	REGISTER(0x9021, CONFIG_READ, FULL), /* MSGI */
	REGISTER(0x9024, CONFIG_READ, CONFIG_WRITE), /* MNVDA */
	REGISTER(0x9025, CONFIG_READ, CONFIG_WRITE), /* MNVDI */
	REGISTER(0x9028, CONFIG_READ, CONFIG_WRITE), /* MFRL */
	REGISTER(0x902f, CONFIG_READ, FULL), /* MROQ */
	REGISTER(0x9030, CONFIG_READ, FULL), /* MNVQC */
	REGISTER(0x9033, CONFIG_READ, CONFIG_WRITE), /* MNVIA */
	REGISTER(0x9034, CONFIG_READ, FULL), /* MNVGC */
	REGISTER(0x9035, CONFIG_READ, FULL), /* MNVGN */
	REGISTER(0x9040, DEBUG_READ, NEVER), /* MTRC_CAP */
	REGISTER(0x9041, DEBUG_READ, NEVER), /* MTRC_CONF */
	REGISTER(0x9042, DEBUG_READ, NEVER), /* MTRC_STDB */
	REGISTER(0x9043, DEBUG_READ, NEVER), /* MTRC_CTRL */
	REGISTER_INSPECT(0x9051, DEBUG_READ, FULL, counters), /* MPCNT */
	REGISTER(0x905c, NEVER, NEVER), /* MCDD */
	REGISTER(0x9060, CONFIG_READ, FULL), /* MCQS */
	REGISTER(0x9061, CONFIG_READ, FULL), /* MCQI */
	REGISTER(0x9062, CONFIG_READ, CONFIG_WRITE), /* MCC */
	REGISTER(0x9063, CONFIG_READ, CONFIG_WRITE), /* MCDA */
	REGISTER(0x9064, CONFIG_READ, FULL), /* MQIS */
	REGISTER(0x907f, CONFIG_READ, FULL), /* MCAM */
	REGISTER(0x9300, CONFIG_READ, FULL), /* MPCAM */
	REGISTER_INSPECT(0xc000, DEBUG_READ, NEVER, resource_dump), /* RESOURCE_DUMP */
	REGISTER(0xc004, FULL, FULL), /* IMPORT_KEK_HANDLE */
	REGISTER(0xc005, FULL, FULL), /* CREDENTIAL_HANDLE */
	REGISTER(0xc009, NEVER, NEVER), /* HCA_CMD_ENCAP */
	REGISTER(0xc00d, CONFIG_READ, FULL), /* NIC_CAP_REG */
	REGISTER(0xc011, CONFIG_READ, FULL), /* NIC_CAP_EXT_REG */
};

static int register_compare(const void *key, const void *row)
{
	return *(const u16 *)key -
	       ((const struct mlx5_fwctl_register *)row)->id;
}

static enum fwctl_class register_class(const struct fwctl_request *req, u16 id,
				       bool write)
{
	const struct mlx5_fwctl_register *reg =
		bsearch(&id, mlx5_fwctl_registers,
			ARRAY_SIZE(mlx5_fwctl_registers),
			sizeof(*mlx5_fwctl_registers), register_compare);
	enum fwctl_class class;

	if (!reg)
		return write ? FWCTL_CLASS_FULL : FWCTL_CLASS_DEBUG_READ;

	class = write ? reg->write : reg->read;
	if (reg->inspect && class != FWCTL_CLASS_NEVER)
		class = reg->inspect(req, class);
	return class;
}

static enum fwctl_class inspect_access_register(const struct fwctl_request *req)
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
static enum fwctl_class inspect_set_hca_cap(const struct fwctl_request *req)
{
	if (request_dword(req, SET_HCA_CAP_OTHER_FUNCTION) & BIT(31))
		return FWCTL_CLASS_CONFIG_WRITE;
	return FWCTL_CLASS_NEVER;
}

#define OPCODE(_opcode, _class)						\
	{ .opcode = (_opcode), .class = FWCTL_CLASS_##_class }
#define INSPECT(_opcode, _inspect)					\
	{ .opcode = (_opcode), .inspect = inspect_##_inspect }

static const struct mlx5_fwctl_opcode mlx5_fwctl_opcodes[] = {
	OPCODE(0x100, CONFIG_READ), /* QUERY_HCA_CAP */
	OPCODE(0x101, CONFIG_READ), /* QUERY_ADAPTER */
	OPCODE(0x107, DEBUG_READ), /* QUERY_PAGES */
	INSPECT(0x109, set_hca_cap), /* SET_HCA_CAP */
	OPCODE(0x10a, CONFIG_READ), /* QUERY_ISSI */
	OPCODE(0x10c, DEBUG_READ), /* QUERY_DRIVER_VERSION */
	OPCODE(0x10e, CONFIG_READ), /* QUERY_OTHER_HCA_CAP */
	OPCODE(0x111, DEBUG_READ), /* QUERY_SF_PARTITION */
	OPCODE(0x117, DEBUG_READ), /* QUERY_VHCA_MIGRATION_STATE */
	OPCODE(0x201, DEBUG_READ), /* QUERY_MKEY */
	OPCODE(0x203, DEBUG_READ), /* QUERY_SPECIAL_CONTEXTS */
	OPCODE(0x303, DEBUG_READ), /* QUERY_EQ */
	OPCODE(0x402, DEBUG_READ), /* QUERY_CQ */
	OPCODE(0x50b, DEBUG_READ), /* QUERY_QP */
	OPCODE(0x512, DEBUG_READ), /* QUERY_RDB */
	OPCODE(0x602, DEBUG_READ), /* QUERY_PSV */
	OPCODE(0x702, DEBUG_READ), /* QUERY_SRQ */
	OPCODE(0x707, DEBUG_READ), /* QUERY_XRC_SRQ */
	OPCODE(0x713, DEBUG_READ), /* QUERY_DCT */
	OPCODE(0x716, DEBUG_READ), /* QUERY_DC_CNAK_TRACE */
	OPCODE(0x719, DEBUG_READ), /* QUERY_XRQ */
	OPCODE(0x722, DEBUG_READ), /* QUERY_NVMF_BACKEND_CONTROLLER */
	OPCODE(0x725, DEBUG_READ), /* QUERY_XRQ_DC_PARAMS_ENTRY */
	OPCODE(0x727, DEBUG_READ), /* QUERY_XRQ_ERROR_PARAMS */
	OPCODE(0x728, DEBUG_READ), /* QUERY_NVMF_NAMESPACE_CONTEXT */
	OPCODE(0x730, DEBUG_READ), /* QUERY_ADJACENT_FUNCTIONS_ID */
	OPCODE(0x731, CONFIG_WRITE), /* DELEGATE_VHCA_MANAGEMENT */
	OPCODE(0x732, DEBUG_READ), /* QUERY_DELEGATED_VHCA */
	OPCODE(0x740, CONFIG_READ), /* QUERY_ESW_FUNCTIONS */
	OPCODE(0x750, DEBUG_READ), /* QUERY_VPORT_STATE */
	OPCODE(0x752, DEBUG_READ), /* QUERY_ESW_VPORT_CONTEXT */
	OPCODE(0x754, DEBUG_READ), /* QUERY_NIC_VPORT_CONTEXT */
	OPCODE(0x760, CONFIG_READ), /* QUERY_ROCE_ADDRESS */
	OPCODE(0x762, CONFIG_READ), /* QUERY_HCA_VPORT_CONTEXT */
	OPCODE(0x764, DEBUG_READ), /* QUERY_HCA_VPORT_GID */
	OPCODE(0x765, DEBUG_READ), /* QUERY_HCA_VPORT_PKEY */
	OPCODE(0x76f, DEBUG_READ), /* QUERY_VNIC_ENV */
	OPCODE(0x770, DEBUG_READ), /* QUERY_VPORT_COUNTER */
	OPCODE(0x773, DEBUG_READ), /* QUERY_Q_COUNTER */
	OPCODE(0x781, DEBUG_READ), /* QUERY_RATE_LIMIT */
	OPCODE(0x784, DEBUG_READ), /* QUERY_SCHEDULING_ELEMENT */
	INSPECT(0x805, access_register), /* ACCESS_REG */
	OPCODE(0x80b, DEBUG_READ), /* QUERY_MAD_DEMUX */
	OPCODE(0x80d, DEBUG_READ), /* NOP */
	OPCODE(0x813, DEBUG_READ), /* QUERY_BURST_SIZE */
	OPCODE(0x819, DEBUG_READ), /* QUERY_DIAGNOSTIC_PARAMS */
	OPCODE(0x820, DEBUG_WRITE), /* SET_DIAGNOSTIC_PARAMS */
	OPCODE(0x821, DEBUG_READ), /* QUERY_DIAGNOSTIC_COUNTERS */
	OPCODE(0x822, DEBUG_READ), /* QUERY_CONG_STATUS */
	OPCODE(0x823, CONFIG_WRITE), /* MODIFY_CONG_STATUS */
	OPCODE(0x824, DEBUG_READ), /* QUERY_CONG_PARAMS */
	OPCODE(0x826, DEBUG_READ), /* QUERY_CONG_STATISTICS */
	OPCODE(0x82a, DEBUG_READ), /* QUERY_L2_TABLE_ENTRY */
	OPCODE(0x831, DEBUG_READ), /* QUERY_WOL_ROL */
	OPCODE(0x842, DEBUG_READ), /* QUERY_LAG */
	OPCODE(0x903, DEBUG_READ), /* QUERY_TIR */
	OPCODE(0x907, DEBUG_READ), /* QUERY_SQ */
	OPCODE(0x90b, DEBUG_READ), /* QUERY_RQ */
	OPCODE(0x90f, DEBUG_READ), /* QUERY_RMP */
	OPCODE(0x911, DEBUG_READ), /* QUERY_DELAY_DROP_PARAMS */
	OPCODE(0x915, DEBUG_READ), /* QUERY_TIS */
	OPCODE(0x919, DEBUG_READ), /* QUERY_RQT */
	OPCODE(0x932, DEBUG_READ), /* QUERY_FLOW_TABLE */
	OPCODE(0x935, DEBUG_READ), /* QUERY_FLOW_GROUP */
	OPCODE(0x937, DEBUG_READ), /* QUERY_FLOW_TABLE_ENTRY */
	OPCODE(0x93b, DEBUG_READ), /* QUERY_FLOW_COUNTER */
	OPCODE(0x93f, DEBUG_READ), /* QUERY_PACKET_REFORMAT_CONTEXT */
	OPCODE(0x942, DEBUG_READ), /* QUERY_MODIFY_HEADER_CONTEXT */
	OPCODE(0x962, DEBUG_READ), /* FPGA_QUERY_QP */
	OPCODE(0x964, DEBUG_READ), /* FPGA_QUERY_QP_COUNTERS */
	OPCODE(0x971, DEBUG_READ), /* QUERY_AFU */
	OPCODE(0x981, DEBUG_READ), /* QUERY_CAPI_PEC */
	OPCODE(0xa02, DEBUG_READ), /* QUERY_GENERAL_OBJECT */
	OPCODE(0xa05, DEBUG_READ), /* QUERY_UCTX */
	OPCODE(0xa09, DEBUG_READ), /* QUERY_UMEM */
	OPCODE(0xb02, DEBUG_READ), /* QUERY_NVMF_CC_RESPONSE */
	OPCODE(0xb03, DEBUG_READ), /* QUERY_EMULATED_FUNCTIONS_INFO */
	OPCODE(0xb05, DEBUG_READ), /* QUERY_REGEXP_PARAMS */
	OPCODE(0xb07, DEBUG_READ), /* QUERY_REGEXP_REGISTER */
	OPCODE(0xb08, DEBUG_READ), /* USER_QUERY_XRQ_DC_PARAMS_ENTRY */
	OPCODE(0xb0a, DEBUG_READ), /* USER_QUERY_XRQ_ERROR_PARAMS */
	INSPECT(0xb0c, access_register), /* ACCESS_REGISTER_USER */
	OPCODE(0xb0d, DEBUG_READ), /* QUERY_VHCA_STATE */
	OPCODE(0xb0f, DEBUG_READ), /* QUERY_EMULATION_DEVICE_EQ_MSIX_MAPPING */
	OPCODE(0xb13, DEBUG_READ), /* QUERY_MATCH_SAMPLE_INFO */
	OPCODE(0xb14, DEBUG_READ), /* QUERY_CRYPTO_STATE */
	OPCODE(0xb22, CONFIG_READ), /* QUERY_VUID */
	OPCODE(0xb28, DEBUG_READ), /* QUERY_DPA_PARTITION */
	OPCODE(0xb2a, DEBUG_READ), /* QUERY_DPA_PARTITIONS */
	OPCODE(0xb2e, CONFIG_WRITE), /* POSTPONE_CONNECTED_QP_TIMEOUT */
	OPCODE(0xb2f, DEBUG_READ), /* QUERY_EMULATED_RESOURCES_INFO */
	OPCODE(0x8000, DEBUG_READ), /* QUERY_RSV_RESOURCES */
	OPCODE(0x8001, DEBUG_READ), /* QUERY_MTT */
	OPCODE(0x8006, DEBUG_READ), /* QUERY_SCHED_QUEUE */
};

static int opcode_compare(const void *key, const void *row)
{
	return *(const u16 *)key -
	       ((const struct mlx5_fwctl_opcode *)row)->opcode;
}

/**
 * mlx5_fwctl_classify - what does a command do?
 * @req: the command, with at least its first 16 bytes in the header
 *
 * Pure, any context.
 *
 * Return: the class; FWCTL_CLASS_NEVER for an unknown opcode.
 */
enum fwctl_class mlx5_fwctl_classify(const struct fwctl_request *req)
{
	u16 opcode = get_unaligned_be16(req->header + CMD_OPCODE);
	const struct mlx5_fwctl_opcode *row =
		bsearch(&opcode, mlx5_fwctl_opcodes,
			ARRAY_SIZE(mlx5_fwctl_opcodes),
			sizeof(*mlx5_fwctl_opcodes), opcode_compare);

	if (!row)
		return FWCTL_CLASS_NEVER;
	return row->inspect ? row->inspect(req) : row->class;
}
EXPORT_SYMBOL_IF_KUNIT(mlx5_fwctl_classify);
