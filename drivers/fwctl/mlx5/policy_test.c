// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the policy against a second list of the rules that shares nothing with the
 * tables: numbers by class, and fields as in the PRM, by their offset in bits from the
 * begin of the message. Exhaustive where a number has 16 bits.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/unaligned.h>

#include "../internal.h"
#include "policy.h"
#include "policy_test.h"

#define SET_HCA_CAP 0x109
#define SET_DIAGNOSTIC_PARAMS 0x820
#define ACCESS_REG 0x805
#define QUERY_GENERAL_OBJECT 0xa02
#define ACCESS_REGISTER_USER 0xb0c
#define PPCC 0x506e
#define MNVDA 0x9024
#define MNVDI 0x9025
#define MCC 0x9062
#define MCDA 0x9063
#define RESOURCE_DUMP 0xc000

#define OP_WRITE 0
#define OP_READ 1

/*
 * Numbers of commands and registers that the exhaustive cases go through: all, or only some in
 * a program that includes this file.
 */
static u32 first_number, last_number = U16_MAX;

#define HEADER_BITS (MLX5_FWCTL_HEADER_LEN * 8)
#define PAYLOAD 16
#define PAYLOAD_BITS (HEADER_BITS - PAYLOAD * 8)

#define NEVER FWCTL_CLASS_NEVER
#define CONFIG_READ FWCTL_CLASS_CONFIG_READ
#define CONFIG_WRITE FWCTL_CLASS_CONFIG_WRITE
#define DEBUG_READ FWCTL_CLASS_DEBUG_READ
#define DEBUG_WRITE FWCTL_CLASS_DEBUG_WRITE
#define FULL FWCTL_CLASS_FULL

/* {label}: CONFIGURATION, DEBUG_READ_ONLY, DEBUG_WRITE, DEBUG_WRITE_FULL */
static const char *const admitted[] = {
	[NEVER] = "----",	 [CONFIG_READ] = "++++", [CONFIG_WRITE] = "+-++",
	[DEBUG_READ] = "-+++", [DEBUG_WRITE] = "--++", [FULL] = "---+",
};

/* Commands by class; lists end with 0, which is neither a command nor a register. */

static const u16 config_reads[] = {
	0x100, 0x101, 0x10a, 0x10e, 0x740, 0x760, 0x762, 0xb22, 0,
};

static const u16 debug_reads[] = {
	0x107, 0x10c, 0x111, 0x117, 0x716, 0x730,
	0x732, 0x750, 0x752, 0x754, 0x764, 0x765, 0x76f, 0x770, 0x773, 0x781,
	0x784, 0x80b, 0x80d, 0x813, 0x819, 0x821, 0x822, 0x824, 0x826, 0x82a,
	0x831, 0x842, 0x903, 0x911, 0x915, 0x919, 0x932, 0x935, 0x937, 0x93b,
	0x93f, 0x942, 0x964, 0x971, 0xa05, 0xb02, 0xb03,
	0xb0d, 0xb0f, 0xb13, 0xb14, 0xb28, 0xb2a, 0xb2f, 0x8000, 0x8006, 0,
};

/* SET_DIAGNOSTIC_PARAMS, MODIFY_CONG_STATUS */
static const u16 debug_writes[] = { SET_DIAGNOSTIC_PARAMS, 0x823, 0 };

/*
 * Keys to memory and the pages behind them (QUERY_MKEY, _SPECIAL_CONTEXTS, _RDB, _UMEM,
 * _MTT), keys of transports and objects (QUERY_DCT, _XRQ_DC_PARAMS_ENTRY twice,
 * _GENERAL_OBJECT), queues, with page lists and keys (QUERY_EQ, _CQ, _QP, _SRQ, _XRC_SRQ,
 * _XRQ, _SQ, _RQ, _RMP, FPGA_QUERY_QP), registers by address; objects whose layout is not
 * public (QUERY_PSV, _NVMF_BACKEND_CONTROLLER, _XRQ_ERROR_PARAMS twice,
 * _NVMF_NAMESPACE_CONTEXT, _CAPI_PEC) and the memory keys of QUERY_REGEXP_PARAMS
 */
static const u16 fulls[] = {
	0x201, 0x203, 0x512, 0xa09, 0x8001, 0x713, 0x725, 0xb08, 0xa02, 0x303,
	0x402, 0x50b, 0x702, 0x707, 0x719, 0x907, 0x90b, 0x90f, 0x962, 0xb07,
	0x602, 0x722, 0x727, 0x728, 0x981, 0xb0a, 0xb05, 0,
};

/*
 * Not listed above: SET_HCA_CAP, which is never if it is zero, and ACCESS_REG and
 * ACCESS_REGISTER_USER, which depend on the register.
 */

/* Commands with a length other than 16 bytes */
static const u16 of_32[] = { 0x770, 0x773, 0x93b, 0x93f, 0x942, 0 };
static const u16 of_64[] = { 0x784, 0x82a, 0x932, 0x935, 0x937, 0 };

/*
 * Layout not public: a length of 16 to 64 bytes, of which the header and, if the answer has
 * no keys, a number in bits 23:0 of the dword behind it are known
 */
static const u16 opaque[] = {
	0x10c, 0x512, 0x602, 0x716, 0x722, 0x725, 0x727, 0x728, 0x730, 0x732,
	0x781, 0x813, 0x819, 0x821, 0x911, 0x971, 0x981, 0xa05, 0xa09, 0xb02,
	0xb03, 0xb05, 0xb07, 0xb08, 0xb0a, 0xb0f, 0xb13, 0xb14, 0xb28, 0xb2a,
	0xb2f, 0x8000, 0x8001, 0x8006, 0,
};

/*
 * The fields behind op_mod of the other commands, as in mlx5_ifc.h: first bit and width,
 * and the class of the command if a bit of the field is set, unless that changes nothing.
 */
static const struct field {
	u16 opcode, bit, width;
	enum fwctl_class class;
} fields[] = {
	{ 0x100, 0x40, 2 }, { 0x100, 0x43, 1 }, { 0x100, 0x50, 16 },
	{ 0x107, 0x40, 1 }, { 0x107, 0x50, 16 },
	{ 0x109, 0x40, 2 }, { 0x109, 0x43, 1 }, { 0x109, 0x50, 16 },
	{ 0x10e, 0x50, 16 },
	{ 0x117, 0x50, 16 },
	{ 0x201, 0x48, 24 }, { 0x201, 0x60, 1 },
	{ 0x303, 0x58, 8 },
	{ 0x402, 0x48, 24 },
	{ 0x50b, 0x40, 1 }, { 0x50b, 0x48, 24 },
	{ 0x702, 0x48, 24 }, { 0x707, 0x48, 24 }, { 0x713, 0x48, 24 },
	{ 0x719, 0x48, 24 },
	{ 0x750, 0x40, 1 }, { 0x750, 0x50, 16 },
	{ 0x752, 0x40, 1 }, { 0x752, 0x50, 16 },
	{ 0x754, 0x40, 1 }, { 0x754, 0x50, 16 }, { 0x754, 0x65, 3 },
	{ 0x760, 0x40, 16 }, { 0x760, 0x5c, 4 },
	{ 0x762, 0x40, 1 }, { 0x762, 0x4c, 4 }, { 0x762, 0x50, 16 },
	{ 0x764, 0x40, 1 }, { 0x764, 0x4c, 4 }, { 0x764, 0x50, 16 },
	{ 0x764, 0x70, 16 },
	{ 0x765, 0x40, 1 }, { 0x765, 0x4c, 4 }, { 0x765, 0x50, 16 },
	{ 0x765, 0x70, 16 },
	{ 0x76f, 0x40, 1 }, { 0x76f, 0x50, 16 },
	{ 0x770, 0x40, 1 }, { 0x770, 0x4c, 4 }, { 0x770, 0x50, 16 },
	{ 0x770, 0xc0, 1, DEBUG_WRITE },
	{ 0x773, 0x40, 1 }, { 0x773, 0x50, 16 },
	{ 0x773, 0xc0, 1, DEBUG_WRITE }, { 0x773, 0xc1, 1 }, { 0x773, 0xf8, 8 },
	{ 0x784, 0x40, 8 }, { 0x784, 0x60, 32 },
	{ 0x820, 0x80, 16 }, { 0x820, 0x98, 8 }, { 0x820, 0xa0, 6 },
	{ 0x820, 0xb8, 8 }, { 0x820, 0xd0, 16 }, { 0x820, 0xf0, 16 },
	{ 0x822, 0x58, 8 },
	{ 0x823, 0x58, 8 }, { 0x823, 0x60, 2 },
	{ 0x824, 0x5c, 4 },
	{ 0x826, 0x40, 1, DEBUG_WRITE },
	{ 0x82a, 0xa8, 24 },
	{ 0x903, 0x48, 24 }, { 0x907, 0x48, 24 }, { 0x90b, 0x48, 24 },
	{ 0x90f, 0x48, 24 }, { 0x915, 0x48, 24 }, { 0x919, 0x48, 24 },
	{ 0x932, 0x80, 8 }, { 0x932, 0xa8, 24 },
	{ 0x935, 0x80, 8 }, { 0x935, 0xa8, 24 }, { 0x935, 0xc0, 32 },
	{ 0x937, 0x80, 8 }, { 0x937, 0xa8, 24 }, { 0x937, 0x100, 32 },
	{ 0x93b, 0xc0, 1, DEBUG_WRITE }, { 0x93b, 0xd0, 16 },
	{ 0x93b, 0xe0, 32 },
	{ 0x93f, 0x40, 32 }, { 0x942, 0x40, 32 },
	{ 0x962, 0x48, 24 },
	{ 0x964, 0x40, 1, DEBUG_WRITE }, { 0x964, 0x48, 24 },
	{ 0xa02, 0x40, 64 },
	{ 0xb0d, 0x40, 1 }, { 0xb0d, 0x50, 16 },
	{ 0xb22, 0x60, 2 }, { 0xb22, 0x70, 16 },
};

/* Registers by their classes, with all fields zero */

/* Identity and capabilities */
static const u16 reg_identity[] = {
	0x281f, 0x4019, 0x4022, 0x402d, 0x5066, 0x507f, 0x9009, 0x9018, 0x9020,
	0x9021, 0x9026, 0x9027, 0x902a, 0x902e, 0x902f, 0x904a, 0x9059, 0x9060,
	0x9061, 0x9064, 0x907f, 0x9116, 0x9118, 0x911a, 0x9182, 0x9300, 0x9702,
	0xb01f, 0xc00d, 0xc00e, 0xc011, 0,
};

/* Configuration that only the kernel or the vendor writes */
static const u16 reg_settings[] = {
	/* MNVQC, MNVGC; MVTS, MFSV; MDSR; MCC with no instruction */
	0x9030, 0x9034, 0x902c, 0x9115, 0x9110, MCC,
	/* modules: PMAOS, PMMP, PMCR, PMTM, PMAC */
	0x5012, 0x5044, 0x5045, 0x5067, 0x507e,
	/* other functions: VHCA_TRUST_LEVEL, VHCA_ICM_CTRL, HOST_OS_INIT_CTRL, groups */
	0xc007, 0xc010, 0xc020, 0xc021, 0,
};

/* MFRL, MIRC: configuration by the administrator */
static const u16 reg_administered[] = { 0x9028, 0x9162, 0 };

/* The same, but reading is of no use, or an operation: MNVIA; MCDA, which reads data back */
static const u16 reg_component[] = { 0x9033, 0x9063, 0 };

/* What kernel subsystems have at run time, and MPEGC */
static const u16 reg_run_time[] = {
	0x9056,
	/* ports */
	0x0700, 0x5001, 0x5002, 0x5003, 0x5004, 0x5005, 0x5006, 0x5011, 0x5017,
	0x5018, 0x5023, 0x5040, 0x5041, 0x504b, 0x504c, 0x5050, 0x5051, 0x5056,
	0x5059, 0x505c, 0x505e, 0x506d, 0x5076, 0x5083, 0x5101, 0xc008,
	/* QoS, pause and buffers */
	0x2802, 0x2803, 0x4002, 0x4005, 0x4007, 0x4008, 0x400a, 0x400d, 0x400e,
	0x4013, 0x4016, 0x401e, 0x4020, 0x4021, 0x4030, 0x5007, 0x500b, 0x500c,
	0x7002, 0xb001, 0xb002,
	/* RDMA */
	0x0701, 0x402c, 0x6001, 0xc001, 0xc00a, 0,
};

/* MTCQ, MKDC: reading ends a challenge, or keeps a session alive */
static const u16 reg_session[] = { 0x9065, 0x9066, 0 };

/* Lanes; selection of performance counters */
static const u16 reg_debug[] = {
	0x5013, 0x5027, 0x5028, 0x502e, 0x502f, 0x5036, 0x5037, 0x5039, 0x5046,
	0x505a, 0x505b, 0x5064, 0x0100, 0x0101, 0xc014, 0,
};

static const u16 reg_full[] = {
	/* MNVDA and MNVDI without a type, MNVGN */
	MNVDA, MNVDI, 0x9035,
	/* raw access: ICSR, MRSR and FPGA_CTRL as well */
	0x38f0, 0x4023, 0x4024, 0x9010, 0x9011, 0x9012, 0x9017, 0x901f, 0x9023,
	0x903a, 0x905b,
	/* error injection, power meters, keys */
	0x5019, 0x5055, 0x5058, 0x9057, 0x9074, 0x9179,
	0x900c, 0x917d,
	0xc002, 0xc004, 0xc005,
	/* an operation 0 is one too: ZTT and registers of processors in the device */
	0xc006, 0xc012, 0xc015, 0xc01f,
	/* too little is known: POWER_SETTINGS, MLCR, MERR, MSMR, MHMPR, MRPR */
	0x7001, 0x902b, 0x903c, 0x9058, 0x905d, 0x9117,
	/* ADP_RETX_HISTOGRAM, which may be cleared on reading, and its configuration */
	0xc01d, 0xc01e, 0,
};

/* MTRC_CAP, MTRC_STDB, MTRC_CTRL, MTIE, MTIM; HOST_ENDIANNESS */
static const u16 reg_read_only[] = {
	0x9040, 0x9042, 0x9043, 0x911b, 0x911c, 0x7004, 0,
};

/* MTRC_CONF, MTDC: address of the buffer that the tracer writes to */
static const u16 reg_tracer_memory[] = { 0x9041, 0x911d, 0 };

/*
 * CORE_DUMP, MCDD; MDDT, HCA_CMD_ENCAP; MPTFC, MPTTR, MPTOR, MPTTC; RESOURCE_DUMP without
 * inline_dump
 */
static const u16 reg_never[] = {
	0x402e, 0x905c, 0x9160, 0xc009, 0x9703, 0x9704, 0x9705, 0x9706,
	RESOURCE_DUMP, 0,
};

/* State, sensors and clocks; PPCC with cmd_type 0 */
static const u16 reg_state[] = {
	0x0102, 0x0104, 0x5008, 0x5014, 0x502c, 0x5031, 0x5038, 0x503c, 0x503e,
	0x5052, 0x5065, PPCC, 0x5075, 0x507b, 0x5081, 0x5086, 0x5087, 0x900a,
	0x9014, 0x902d, 0x9036, 0x9050, 0x9051, 0x9052, 0x9053, 0x9054, 0x9055,
	0x905a, 0x9068, 0x906d, 0x9073, 0x910d, 0x910e, 0x912a, 0x9155, 0x9156,
	0x9164, 0x9178, 0x9180, 0x9181, 0x9190, 0x9700, 0x9701, 0,
};

static const struct {
	enum fwctl_class read, write;
	const u16 *ids;
} register_sets[] = {
	{ CONFIG_READ, FULL, reg_identity },
	{ CONFIG_READ, FULL, reg_settings },
	{ CONFIG_READ, CONFIG_WRITE, reg_administered },
	{ FULL, CONFIG_WRITE, reg_component },
	{ CONFIG_READ, DEBUG_WRITE, reg_run_time },
	{ CONFIG_WRITE, FULL, reg_session },
	{ DEBUG_READ, DEBUG_WRITE, reg_debug },
	{ FULL, FULL, reg_full },
	{ DEBUG_READ, NEVER, reg_read_only },
	{ FULL, NEVER, reg_tracer_memory },
	{ NEVER, NEVER, reg_never },
	{ DEBUG_READ, FULL, reg_state },
};

/* Registers whose class depends on values, which have tests of their own */
static const u16 by_value[] = { MNVDA, MNVDI, MCC, PPCC, 0 };

/* Likewise, of registers that are written as configuration, and of selections */
static const struct {
	u16 id, bit, width;
} also_writable[] = {
	{ 0x9028, 0x20, 1 }, { 0x9028, 0x2c, 12 },	/* MFRL, what is read-only */
	{ 0x9028, 0x39, 1 }, { 0x9028, 0x3c, 1 },	/* reset_trigger 6, 3 */
	{ 0x9162, 0x18, 8 },				/* MIRC status_code */
	{ 0x9033, 0x17, 5 },				/* MNVIA writer_id */
	{ 0x9056, 0x01, 1 }, { 0x9056, 0x3a, 6 },	/* MPEGC: not removal */
	{ 0x9056, 0x40, 3 }, { 0x9056, 0x5e, 2 },
	{ 0x9056, 0x71, 7 }, { 0x9056, 0x79, 7 }, { 0x9056, 0x80, 8 },
	{ 0x9063, 0x20, 32 },				/* MCDA, without the handle */
	{ 0x9063, 0x50, 16 }, { 0x9063, 0x80, 1024 },
	{ 0xc014, 0x00, 32 }, { 0xc014, 0x20, 2 }, { 0xc014, 0x25, 3 },
};

/*
 * Fields of registers, by their offset from the begin of the register, and the class of
 * reading, or of writing, a register in which only a bit of the field is set. In
 * RESOURCE_DUMP the flag inline_dump and the number of the menu are set as well. First,
 * all fields of access OP and WO that may do something in a read.
 */
static const struct reg_field {
	u16 id, op, bit, width;
	enum fwctl_class class;
} reg_fields[] = {
	{ 0x0100, OP_READ, 0x18, 8, DEBUG_WRITE },	/* cmd */
	{ 0x4030, OP_READ, 0x242, 1, DEBUG_WRITE },	/* r */
	{ 0x5004, OP_READ, 0x03, 1, DEBUG_WRITE },	/* ee_tx_ready */
	{ 0x5006, OP_READ, 0x24, 1, DEBUG_WRITE },	/* ee_nmxas */
	{ 0x5006, OP_READ, 0x23, 1, DEBUG_WRITE },	/* ee_ps */
	{ 0x5006, OP_READ, 0x22, 1, DEBUG_WRITE },	/* ee_ls */
	{ 0x5006, OP_READ, 0x21, 1, DEBUG_WRITE },	/* ee */
	{ 0x5006, OP_READ, 0x20, 1, DEBUG_WRITE },	/* ase */
	{ 0x5007, OP_READ, 0x1d, 1, DEBUG_WRITE },	/* critical_stall_mask */
	{ 0x5007, OP_READ, 0x1c, 1, DEBUG_WRITE },	/* minor_stall_mask */
	{ 0x5007, OP_READ, 0x1b, 1, DEBUG_WRITE },	/* ppan_mask_n */
	{ 0x5007, OP_READ, 0x1a, 1, DEBUG_WRITE },	/* cable_length_mask */
	{ 0x5007, OP_READ, 0x19, 1, DEBUG_WRITE },	/* packet_ratio_mask */
	{ 0x5007, OP_READ, 0x06, 2, DEBUG_WRITE },	/* set_buf_ownership */
	{ 0x5007, OP_READ, 0x38, 8, DEBUG_WRITE },	/* prio_mask_rx */
	{ 0x5007, OP_READ, 0x28, 8, DEBUG_WRITE },	/* prio_mask_tx */
	{ 0x5007, OP_READ, 0x24, 1, DEBUG_WRITE },	/* mlb_mask */
	{ 0x5007, OP_READ, 0x42, 1, DEBUG_WRITE },	/* pptx_mask_n */
	{ 0x5007, OP_READ, 0x62, 1, DEBUG_WRITE },	/* pprx_mask_n */
	{ 0x5008, OP_READ, 0x20, 1, DEBUG_WRITE },	/* clr */
	{ 0x500b, OP_READ, 0x18, 8, DEBUG_WRITE },	/* pm */
	{ 0x500b, OP_READ, 0x17, 1, DEBUG_WRITE },	/* um */
	{ 0x500b, OP_READ, 0x16, 1, DEBUG_WRITE },	/* cm */
	{ 0x500b, OP_READ, 0x40, 8, DEBUG_WRITE },	/* pm_msb */
	{ 0x500c, OP_READ, 0x2e5, 1, DEBUG_WRITE },	/* drop_over_max_mask */
	{ 0x500c, OP_READ, 0x2e0, 1, DEBUG_WRITE },	/* xon_xoff_threshold_mask_n */
	{ 0x500c, OP_READ, 0x325, 1, DEBUG_WRITE },	/* drop_over_max_mask */
	{ 0x500c, OP_READ, 0x320, 1, DEBUG_WRITE },	/* xon_xoff_threshold_mask_n */
	{ 0x5011, OP_READ, 0xc1, 1, DEBUG_WRITE },	/* down_th_vld */
	{ 0x5011, OP_READ, 0xc0, 1, DEBUG_WRITE },	/* up_th_vld */
	{ 0x5012, OP_READ, 0x00, 1, FULL },	/* rst */
	{ 0x5012, OP_READ, 0x21, 1, FULL },	/* ee */
	{ 0x5012, OP_READ, 0x20, 1, FULL },	/* ase */
	{ 0x5018, OP_READ, 0x17, 1, DEBUG_WRITE },	/* op_mod */
	{ 0x5018, OP_READ, 0x16, 1, DEBUG_WRITE },	/* apply_im */
	{ 0x5023, OP_READ, 0x1d, 1, DEBUG_WRITE },	/* plr_vld */
	{ 0x5023, OP_READ, 0x1c, 1, DEBUG_WRITE },	/* tx_crc_plr_vld */
	{ 0x5023, OP_READ, 0x07, 1, DEBUG_WRITE },	/* plr_reject_mode_vld */
	{ 0x5023, OP_READ, 0x06, 1, DEBUG_WRITE },	/* plr_margin_th_override_to_default */
	{ 0x5023, OP_READ, 0x05, 1, DEBUG_WRITE },	/* tx_crc_plr_override_to_default */
	{ 0x5023, OP_READ, 0x04, 1, DEBUG_WRITE },	/* plr_reject_mode_override_to_default */
	{ 0x5027, OP_READ, 0xc1, 1, DEBUG_WRITE },	/* set_main_location */
	{ 0x5028, OP_READ, 0x3a, 1, DEBUG_WRITE },	/* fom_averaging_override_admin */
	{ 0x502e, OP_READ, 0x1e0, 1, DEBUG_WRITE },	/* restart_training */
	{ 0x502f, OP_READ, 0x1f, 1, DEBUG_WRITE },	/* c_db */
	{ 0x5036, OP_READ, 0x05, 1, DEBUG_WRITE },	/* dm_ig */
	{ 0x5037, OP_READ, 0x05, 1, DEBUG_WRITE },	/* dm_ig */
	{ 0x5037, OP_READ, 0x01, 1, DEBUG_WRITE },	/* s */
	{ 0x5038, OP_READ, 0x36, 10, DEBUG_WRITE },	/* clear_wm_buff_mask */
	{ 0x5038, OP_READ, 0x40, 1, DEBUG_WRITE },	/* clear_wm */
	{ 0x503e, OP_READ, 0x70, 16, FULL },	/* bin_range_write_mask */
	{ 0x5040, OP_READ, 0x22, 1, DEBUG_WRITE },	/* dc_cpl_allow */
	{ 0x5044, OP_READ, 0x1e, 1, FULL },	/* apply_im */
	{ 0x5044, OP_READ, 0x1c, 2, FULL },	/* els_trigger_mode */
	{ 0x5044, OP_READ, 0x02, 1, FULL },	/* override_target */
	{ 0x5044, OP_READ, 0x20, 16, FULL },	/* eeprom_override_mask */
	{ 0x5044, OP_READ, 0x100, 3, FULL },	/* set_laser_operation */
	{ 0x5050, OP_READ, 0x1f, 1, DEBUG_WRITE },	/* tuning_override */
	{ 0x5050, OP_READ, 0x19, 4, DEBUG_WRITE },	/* flua_we_mask */
	{ 0x5050, OP_READ, 0x3f, 1, DEBUG_WRITE },	/* keep_phy_setting */
	{ 0x5051, OP_READ, 0x14, 1, DEBUG_WRITE },	/* grp_prf_set */
	{ 0x5051, OP_READ, 0x02, 1, DEBUG_WRITE },	/* monitor_parameters_w_ignore */
	{ 0x5051, OP_READ, 0x01, 1, DEBUG_WRITE },	/* time_window_w_en */
	{ 0x5052, OP_READ, 0x36, 1, DEBUG_WRITE },	/* clr_stat */
	{ 0x5052, OP_READ, 0x22, 1, FULL },	/* ievent */
	{ 0x5059, OP_READ, 0x04, 1, DEBUG_WRITE },	/* recovery_go_once */
	{ 0x505a, OP_READ, 0x31, 1, DEBUG_WRITE },	/* abort */
	{ 0x505a, OP_READ, 0x21, 1, DEBUG_WRITE },	/* last_scan */
	{ 0x505a, OP_READ, 0x20, 1, DEBUG_WRITE },	/* en */
	{ 0x505b, OP_READ, 0x1f, 1, DEBUG_WRITE },	/* c_db */
	{ 0x505b, OP_READ, 0x1e, 1, DEBUG_WRITE },	/* br_lanes */
	{ 0x5065, OP_READ, 0x1b, 1, DEBUG_WRITE },	/* cl */
	{ 0x5076, OP_READ, 0x75, 11, DEBUG_WRITE },	/* set_mask */
	{ 0x507b, OP_READ, 0x01, 1, FULL },	/* stop_measure */
	{ 0x507b, OP_READ, 0x00, 1, FULL },	/* start_measure */
	{ 0x507e, OP_READ, 0x40, 1, FULL },	/* restart_training_host */
	{ 0x507e, OP_READ, 0x60, 1, FULL },	/* restart_training_line */
	{ 0x5083, OP_READ, 0x26, 1, DEBUG_WRITE },	/* disable_debug_mode_admin */
	{ 0x5083, OP_READ, 0x20, 1, DEBUG_WRITE },	/* dc_cpl_allow */
	{ 0x5086, OP_READ, 0x40, 1, DEBUG_WRITE },	/* clr */
	{ 0x5087, OP_READ, 0x41, 1, FULL },	/* grp_prf_set */
	{ 0x5087, OP_READ, 0x40, 1, FULL },	/* override_grp_prf_conf */
	{ 0x900a, OP_READ, 0x43, 1, FULL },	/* sdme */
	{ 0x900a, OP_READ, 0x42, 1, FULL },	/* weme */
	{ 0x900a, OP_READ, 0x41, 1, DEBUG_WRITE },	/* mtr */
	{ 0x9036, OP_READ, 0x3f, 1, DEBUG_WRITE },	/* clr */
	{ 0x9051, OP_READ, 0x20, 1, DEBUG_WRITE },	/* clr */
	{ 0x9053, OP_READ, 0x80, 32, FULL },	/* field_select */
	{ 0x9055, OP_READ, 0x1c, 4, FULL },	/* operation */
	{ 0x9055, OP_READ, 0x80, 32, FULL },	/* utc_sec */
	{ 0x9055, OP_READ, 0xa2, 30, FULL },	/* utc_nsec */
	{ 0x9055, OP_READ, 0xc0, 32, FULL },	/* time_adjustment */
	{ 0x905a, OP_READ, 0x00, 2, FULL },	/* all */
	{ 0x905a, OP_READ, 0x3e, 2, FULL },	/* ports */
	{ 0x910e, OP_READ, 0x3e, 2, DEBUG_WRITE },	/* op */
	{ 0x9156, OP_READ, 0x20, 32, FULL },	/* field_select */
	{ 0xb001, OP_READ, 0x01, 1, DEBUG_WRITE },	/* snap */
	{ 0xb001, OP_READ, 0x80, 1, DEBUG_WRITE },	/* clr */
	{ 0xb002, OP_READ, 0x01, 1, DEBUG_WRITE },	/* snap */
	{ 0xb002, OP_READ, 0xa0, 1, DEBUG_WRITE },	/* clr */
	{ 0xc020, OP_READ, 0x01, 1, FULL },	/* delay_host_os_init_clr */
	/* in each buffer of PBMC, xon_xoff_threshold_mask_n and drop_over_max_mask */
	{ 0x500c, OP_READ, 0x60, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x65, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0xa0, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0xa5, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0xe0, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0xe5, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x120, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x125, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x160, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x165, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x1a0, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x1a5, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x1e0, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x1e5, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x220, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x225, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x260, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x265, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x2a0, 1, DEBUG_WRITE },
	{ 0x500c, OP_READ, 0x2a5, 1, DEBUG_WRITE },
	/* and others */
	{ 0x0101, OP_READ, 0x10, 4, DEBUG_WRITE },	/* cnt0_cmd */
	{ 0x0101, OP_READ, 0x30, 4, DEBUG_WRITE },	/* cnt1_cmd */
	{ 0x0101, OP_READ, 0x50, 4, DEBUG_WRITE },	/* cnt2_cmd */
	{ 0x0101, OP_READ, 0x70, 4, DEBUG_WRITE },	/* cnt3_cmd */
	{ 0x0101, OP_READ, 0x90, 4, DEBUG_WRITE },	/* cnt4_cmd */
	{ 0x0101, OP_READ, 0xb0, 4, DEBUG_WRITE },	/* cnt5_cmd */
	{ 0x0101, OP_READ, 0xd0, 4, DEBUG_WRITE },	/* cnt6_cmd */
	{ 0x0101, OP_READ, 0xf0, 4, DEBUG_WRITE },	/* cnt7_cmd */
	{ 0x5051, OP_READ, 0x00, 1, DEBUG_WRITE },	/* PPBMP clr */
	{ 0x5052, OP_READ, 0x00, 1, DEBUG_WRITE },	/* PPBMC clr */
	{ 0x5086, OP_READ, 0x41, 1, DEBUG_WRITE },	/* PCCT stop_condition */
	{ 0x9028, OP_READ, 0x28, 3, FULL },		/* MFRL pci_reset_req_method */
	{ 0x9030, OP_READ, 0x36, 1, FULL },		/* MNVQC host_id_valid */
	{ 0x9180, OP_READ, 0x20, 4, FULL },		/* MTPTM trigger_event_mode */
	{ 0x402d, OP_READ, 0x18, 8, FULL },		/* MLOCK operation */
	{ 0x402d, OP_READ, 0x40, 64, FULL },		/* key */
	{ 0x505a, OP_READ, 0x22, 1, DEBUG_WRITE },	/* destructive_ctrl */
	{ 0x9014, OP_READ, 0x00, 1, FULL },		/* MCIA l */
	{ 0x9014, OP_READ, 0x43, 2, FULL },		/* passwd_length, bg_mode */
	{ 0x9014, OP_READ, 0x60, 32, FULL },		/* password */
	{ 0x9028, OP_WRITE, 0x23, 2, NEVER },		/* MFRL *_resp */
	{ 0x9028, OP_READ, 0x23, 2, NEVER },
	{ 0x9028, OP_READ, 0x21, 2, FULL },		/* *_start */
	{ 0x9028, OP_READ, 0x25, 3, FULL },		/* rst_type_sel */
	{ 0x9028, OP_READ, 0x3e, 2, FULL },		/* at once */
	{ 0x902c, OP_READ, 0x00, 1, FULL },		/* MVTS clear_all_ts_flag */
	{ 0x902c, OP_READ, 0x02, 1, FULL },		/* check_timestamp_flag */
	{ 0x9033, OP_READ, 0x1d, 3, FULL },		/* MNVIA target */
	{ 0x9040, OP_READ, 0x00, 1, NEVER },		/* MTRC_CAP trace_owner */
	{ 0x9043, OP_READ, 0x00, 2, NEVER },		/* MTRC_CTRL trace_status */
	{ 0x9043, OP_READ, 0x04, 1, NEVER },		/* arm_event */
	{ 0x9043, OP_READ, 0x0e, 18, NEVER },		/* slcg_cmd, modify_* */
	{ 0x9056, OP_READ, 0x30, 16, FULL },		/* MPEGC field_select */
	{ 0x9056, OP_READ, 0x8c, 4, FULL },		/* operation */
	{ 0x9110, OP_READ, 0x20, 2, FULL },		/* MDSR end, revoke_version */
	{ 0x9115, OP_READ, 0x1b, 1, FULL },		/* MFSV revoke_efuse_prog */
	{ 0x9115, OP_READ, 0x1f, 1, FULL },		/* efuses_prog_en */
	{ 0x911b, OP_READ, 0x1e, 2, NEVER },		/* MTIE enable_all */
	{ 0xc000, OP_READ, 0x02, 1, FULL },		/* vhca_id_valid */
	{ 0xc000, OP_READ, 0x30, 16, FULL },		/* vhca_id */
	{ 0xc000, OP_READ, 0x100, 32, NEVER },		/* mkey */
	{ 0xc000, OP_READ, 0x140, 64, NEVER },		/* address */
	{ 0xc010, OP_READ, 0x22, 1, DEBUG_WRITE },	/* rst_max_reached_* */
	{ 0xc010, OP_READ, 0x20, 1, FULL },		/* max_alloc_icm_th_mask */
	{ 0xc014, OP_READ, 0x20, 2, DEBUG_WRITE },	/* count_state */
	{ 0xc014, OP_READ, 0x24, 1, FULL },		/* other_vhca_id_valid */
	{ 0xc014, OP_READ, 0x30, 16, FULL },		/* other_vhca_id */
	{ 0xc021, OP_READ, 0x22, 1, DEBUG_WRITE },	/* rst_max_reached_* */
	{ 0xc021, OP_READ, 0x20, 1, FULL },		/* max_alloc_icm_th_mask */
};

/* The senders: a PF, whose component 3 is its own image, with an update, and a VF */
#define BOOT_IMAGE 3
#define UPDATE 0
#define VHCA_ID 0x42

static const struct mlx5_fwctl_sender pf = {
	.whole_card = true,
	.vhca_id = VHCA_ID,
	.boot_image = BOOT_IMAGE,
	.update_handle = UPDATE,
};

static const struct mlx5_fwctl_sender vf = {
	.vhca_id = VHCA_ID,
	.boot_image = MLX5_FWCTL_NO_COMPONENT,
	.update_handle = MLX5_FWCTL_NO_UPDATE,
};

static bool listed(u16 number, const u16 *list)
{
	while (*list)
		if (*list++ == number)
			return true;
	return false;
}

static void set_field_bit(u8 *bytes, size_t bit)
{
	bytes[bit / 8] |= 0x80 >> bit % 8;
}

static enum fwctl_class classify_from(const struct mlx5_fwctl_sender *sender,
				      const u8 *bytes, size_t len,
				      const char **name)
{
	struct fwctl_request req = {
		.header = bytes,
		.header_len = min_t(size_t, len, MLX5_FWCTL_HEADER_LEN),
		.in_len = len,
		.out_len = len,
	};
	enum fwctl_class class = mlx5_fwctl_class(sender, &req);

	*name = req.name;
	return class;
}

static enum fwctl_class classify(const u8 *bytes, size_t len)
{
	const char *name;

	return classify_from(&pf, bytes, len, &name);
}

/* Counters of a test: decisions of the policy, and requests that may be sent */
struct tally {
	unsigned int asked, sent;
};

static bool permit_all(enum fwctl_reason rule)
{
	return true;
}

/* Check the class, and with each of the labels whether such a request is sent. */
static void check_labels(struct kunit *test, struct tally *tally,
			 enum fwctl_class class, enum fwctl_class expected,
			 const char *kind, u32 number)
{
	static const struct fwctl_rights all = {
		.writable = true,
		.file = ~0u,
		.device = ~0u,
	};

	KUNIT_ASSERT_EQ_MSG(test, class, expected, "%s 0x%03x", kind, number);
	for (u32 label = 0; label < 4; label++) {
		bool sent = fwctl_admit(label, class, &all, permit_all) ==
			    FWCTL_REASON_NONE;

		KUNIT_ASSERT_EQ_MSG(test, sent,
				    admitted[expected][label] == '+',
				    "%s 0x%03x, label %u", kind, number, label);
		tally->asked++;
		tally->sent += sent;
	}
}

static void report(struct kunit *test, const struct tally *tally)
{
	kunit_info(test, "%u requests x labels, %u of them may be sent\n",
		   tally->asked, tally->sent);
}

static bool is_access(u16 opcode)
{
	return opcode == ACCESS_REG || opcode == ACCESS_REGISTER_USER;
}

static size_t command_len(u16 opcode)
{
	if (listed(opcode, of_32))
		return 32;
	if (listed(opcode, of_64))
		return 64;
	return opcode == SET_HCA_CAP ? 0x1010 : 16;
}

static enum fwctl_class command_class(u16 opcode)
{
	if (listed(opcode, config_reads))
		return CONFIG_READ;
	if (listed(opcode, debug_reads))
		return DEBUG_READ;
	if (listed(opcode, debug_writes))
		return DEBUG_WRITE;
	return listed(opcode, fulls) ? FULL : NEVER;
}

/* A command with all fields zero, except those that a class other than never needs */
static void put_command(u8 *bytes, u16 opcode)
{
	memset(bytes, 0, MLX5_FWCTL_HEADER_LEN);
	put_unaligned_be16(opcode, bytes);
	if (opcode == SET_HCA_CAP)
		put_unaligned_be32(0x80000001, bytes + 8);
}

/* {opcode 0..0xffff} x {label}, the rest zero: the lists, never for all others */
static void mlx5_test_opcodes(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN] = {};
	struct tally tally = {};
	unsigned int known = 0;
	const char *name;

	for (u32 opcode = first_number; opcode <= last_number; opcode++) {
		put_unaligned_be16(opcode, bytes);
		/* This access writes register 0, which is unknown. */
		check_labels(test, &tally,
			     classify_from(&pf, bytes, command_len(opcode),
					   &name),
			     command_class(opcode),
			     "opcode", opcode);
		known += !!name;
	}
	KUNIT_EXPECT_EQ(test, known, 92);
	KUNIT_EXPECT_EQ(test, tally.asked, 65536 * 4);
	report(test, &tally);
}

#define MAX_DIAGNOSTIC (40 + 4 * U16_MAX)

static size_t command_most(u16 opcode)
{
	if (opcode == SET_DIAGNOSTIC_PARAMS)
		return MAX_DIAGNOSTIC;
	return listed(opcode, opaque) ? 64 : command_len(opcode);
}

/*
 * {opcode} x {length 16..66, 1040, 1041, 4111..4113, 65535 counters, 2 MiB}: other lengths
 * are never. The missing part of a last dword counts as set: it is unknown, where all of
 * the dword is not known.
 */
static void mlx5_test_lengths(struct kunit *test)
{
	static const size_t longer[] = {
		1040, 1041, 4111, 4112, 4113, MAX_DIAGNOSTIC,
		MAX_DIAGNOSTIC + 1, 2 << 20,
	};
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = first_number; opcode <= last_number; opcode++) {
		enum fwctl_class class = opcode == SET_HCA_CAP ?
						 CONFIG_WRITE :
						 command_class(opcode);

		if (class == NEVER)
			continue;
		put_command(bytes, opcode);
		for (size_t i = 16; i <= 66 + ARRAY_SIZE(longer); i++) {
			size_t len = i <= 66 ? i : longer[i - 67];
			bool fits = len >= command_len(opcode) &&
				    len <= command_most(opcode);
			bool part = fits && len < MLX5_FWCTL_HEADER_LEN && len % 4;
			enum fwctl_class odd = listed(opcode, opaque) ? FULL :
									NEVER;

			KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len),
					    !fits ? NEVER : part ? odd : class,
					    "opcode 0x%03x, %zu bytes", opcode,
					    len);
		}
	}
}

static const struct field *find_field(u16 opcode, size_t bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].opcode == opcode && bit >= fields[i].bit &&
		    bit < fields[i].bit + fields[i].width)
			return &fields[i];
	return NULL;
}

/* Class of a command in which one bit is set */
static enum fwctl_class with_bit(u16 opcode, size_t bit, enum fwctl_class class)
{
	const struct field *field = find_field(opcode, bit);

	if (bit >= 0x30 && bit < 0x40) /* op_mod */
		return class;
	if (bit >= 0x40 && listed(opcode, opaque))
		return bit >= 0x48 && bit < 0x60 ? class : FULL;
	/* A list of counters, 16 of each 32 bits */
	if (bit >= 0x100 && opcode == SET_DIAGNOSTIC_PARAMS)
		return bit % 32 >= 16 ? class : NEVER;
	if (bit >= 0x80 && opcode == SET_HCA_CAP)
		return class;
	if (!field)
		return NEVER;
	return field->class ?: class;
}

/* Number of bits that can be checked one by one, with the rest of the command zero */
static size_t command_bits(u16 opcode)
{
	if (is_access(opcode))
		return 0;
	return min_t(size_t, command_most(opcode) * 8, HEADER_BITS);
}

/* {opcode} x {each bit behind the UID, alone} */
static void mlx5_test_command_bits(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = first_number; opcode <= last_number; opcode++) {
		size_t bits = command_bits(opcode);
		enum fwctl_class class;

		put_command(bytes, opcode);
		class = classify(bytes, max(command_len(opcode), bits / 8));
		for (size_t bit = 0x20; class != NEVER && bit < bits; bit++) {
			/* Alone it is a type of object: mlx5_test_general_objects(). */
			if (opcode == QUERY_GENERAL_OBJECT && bit == 0x3a)
				continue;
			put_command(bytes, opcode);
			set_field_bit(bytes, bit);
			KUNIT_ASSERT_EQ_MSG(test,
					    classify(bytes, max(command_len(opcode),
								bits / 8)),
					    with_bit(opcode, bit, class),
					    "opcode 0x%03x, bit 0x%zx", opcode,
					    bit);
		}
	}
}

/* All fields that change nothing have random values; then one reserved bit is set. */
static void check_random_command(struct kunit *test, struct rnd_state *rnd,
				 u16 opcode, enum fwctl_class class)
{
	size_t len = command_len(opcode), bits = min(len * 8, HEADER_BITS);
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	size_t reserved = 0x20;

	put_command(bytes, opcode);
	for (size_t bit = 0x30; bit < bits; bit++) {
		if (with_bit(opcode, bit, class) != class)
			reserved = with_bit(opcode, bit, class) == NEVER &&
				   prandom_u32_state(rnd) % 8 ? bit : reserved;
		else if (prandom_u32_state(rnd) & 1)
			set_field_bit(bytes, bit);
	}
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), class,
			    "opcode 0x%03x", opcode);
	set_field_bit(bytes, reserved);
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), NEVER,
			    "opcode 0x%03x, bit 0x%zx", opcode, reserved);
}

static void mlx5_test_command_random(struct kunit *test)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 4);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		u16 opcode = fields[i].opcode;
		enum fwctl_class class = opcode == SET_HCA_CAP ?
						 CONFIG_WRITE :
						 command_class(opcode);

		if (opcode == QUERY_GENERAL_OBJECT)
			continue;
		for (int tries = 0; tries < 200; tries++)
			check_random_command(test, &rnd, opcode, class);
	}
}

/* In reserved bytes 4 and 5 some commands have another function that they are sent as. */
static void mlx5_test_other_function(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 opcode = first_number; opcode <= last_number; opcode++) {
		put_command(bytes, opcode);
		put_unaligned_be16(1 + opcode % U16_MAX, bytes + 4);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, command_len(opcode)),
				    NEVER, "opcode 0x%03x", opcode);
	}
}

static enum fwctl_class set_hca_cap(u32 dword)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_command(bytes, SET_HCA_CAP);
	put_unaligned_be32(dword, bytes + 8);
	return classify(bytes, 4112);
}

/*
 * {function_id} x {other_function, ec_vf_function, function_id_type}: only of another
 * function. An ID is that of a function, which is not 0 nor one of the reserved two, or a
 * VHCA ID, which is not one's own.
 */
static void mlx5_test_set_hca_cap(struct kunit *test)
{
	for (u32 id = 0; id <= U16_MAX; id++) {
		enum fwctl_class by_id = id && id < 0xfffe ? CONFIG_WRITE : NEVER;
		enum fwctl_class by_vhca = id != VHCA_ID ? CONFIG_WRITE : NEVER;

		KUNIT_ASSERT_EQ(test, set_hca_cap(id), NEVER);
		KUNIT_ASSERT_EQ(test, set_hca_cap(id | 0x10000000), NEVER);
		KUNIT_ASSERT_EQ(test, set_hca_cap(id | 0x80000000), by_id);
		KUNIT_ASSERT_EQ(test, set_hca_cap(id | 0xc0000000), by_id);
		KUNIT_ASSERT_EQ(test, set_hca_cap(id | 0x90000000), by_vhca);
		KUNIT_ASSERT_EQ(test, set_hca_cap(id | 0xd0000000), by_vhca);
	}
}

/*
 * {type of object}: the types without keys and addresses are GENEVE_TLV_OPT,
 * MATCH_DEFINER, VIRTIO_Q_COUNTERS, SAMPLER, FLOW_METER_ASO, MODIFY_HDR_PATTERN.
 * Bit 31 of the dword at offset 12 is the flag of an alias: an object of another function.
 */
static void mlx5_test_general_objects(struct kunit *test)
{
	static const u16 plain[] = { 0x0b, 0x18, 0x1c, 0x20, 0x24, 0x43, 0 };
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 type = 0; type <= U16_MAX; type++) {
		put_command(bytes, QUERY_GENERAL_OBJECT);
		put_unaligned_be16(type, bytes + 6);
		put_unaligned_be32(~type, bytes + 8); /* the object */
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, 16),
				    listed(type, plain) ? DEBUG_READ : FULL,
				    "type 0x%x", type);
		put_unaligned_be32(0x7fffffff, bytes + 12);
		KUNIT_ASSERT_EQ(test, classify(bytes, 16),
				listed(type, plain) ? DEBUG_READ : FULL);
		put_unaligned_be32(0x80000000, bytes + 12);
		KUNIT_ASSERT_EQ(test, classify(bytes, 16), FULL);
	}
}

static void put_register(u8 *bytes, u16 opcode, u16 op_mod, u16 id)
{
	memset(bytes, 0, MLX5_FWCTL_HEADER_LEN);
	put_unaligned_be16(opcode, bytes);
	put_unaligned_be16(op_mod, bytes + 6);
	put_unaligned_be16(id, bytes + 10);
}

static enum fwctl_class register_class(u16 id, u16 op)
{
	for (size_t i = 0; i < ARRAY_SIZE(register_sets); i++)
		if (listed(id, register_sets[i].ids))
			return op == OP_READ ? register_sets[i].read :
					       register_sets[i].write;
	return op == OP_READ ? FULL : NEVER;
}

/*
 * Length of a request that has at least @bytes of the register. A write must not be longer
 * than the register: it would be full for that reason alone.
 */
static size_t register_len(u16 id, u16 op, size_t bytes)
{
	if (op == OP_READ)
		return MLX5_FWCTL_HEADER_LEN;
	for (size_t i = 0; i < ARRAY_SIZE(register_sizes); i++)
		if (register_sizes[i].id == id)
			return PAYLOAD + register_sizes[i].size;
	return PAYLOAD + bytes;
}

static void check_register(struct kunit *test, struct tally *tally, u16 opcode,
			   u16 op, u16 id)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, opcode, op, id);
	/* No register is shorter than four bytes. */
	check_labels(test, tally, classify(bytes, register_len(id, op, 4)),
		     register_class(id, op),
		     op == OP_READ ? "reading" : "writing", id);
}

/* {ACCESS_REG, ACCESS_REGISTER_USER} x {read, write} x {register 0..0xffff} x {label} */
static void mlx5_test_registers(struct kunit *test)
{
	struct tally tally = {};

	for (u32 id = first_number; id <= last_number; id++) {
		check_register(test, &tally, ACCESS_REG, OP_READ, id);
		check_register(test, &tally, ACCESS_REG, OP_WRITE, id);
		check_register(test, &tally, ACCESS_REGISTER_USER, OP_READ, id);
		check_register(test, &tally, ACCESS_REGISTER_USER, OP_WRITE, id);
	}
	KUNIT_EXPECT_EQ(test, tally.asked, 2 * 2 * 65536 * 4);
	report(test, &tally);
}

static bool in_a_set(u16 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(register_sets); i++)
		if (listed(id, register_sets[i].ids))
			return true;
	return false;
}

/*
 * 206 registers of the vendor's list and eleven others that tools know have a row and hence
 * a name: QETCR, FPGA_CAP, _CTRL and _ACCESS_REG, MLOCK, CORE_DUMP, MTPPSE, MRSR, MDDT, ICSR
 * and the number that MPCAM had before.
 */
static void mlx5_test_register_names(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	unsigned int rows = 0;
	const char *name;

	for (u32 id = first_number; id <= last_number; id++) {
		put_register(bytes, ACCESS_REG, OP_READ, id);
		classify_from(&pf, bytes, 64, &name);
		KUNIT_ASSERT_NOT_NULL(test, name);
		KUNIT_ASSERT_EQ_MSG(test, strcmp(name, "ACCESS_REG") != 0,
				    in_a_set(id), "register 0x%04x", id);
		rows += in_a_set(id);
	}
	KUNIT_EXPECT_EQ(test, rows, 206 + 11);
}

/* Number and name of a request in traces: those of the command and of the register */
static void mlx5_test_request_number(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct fwctl_request req = {
		.header = bytes,
		.header_len = sizeof(bytes),
		.in_len = sizeof(bytes),
	};

	put_register(bytes, ACCESS_REGISTER_USER, OP_READ, 0x9020);
	mlx5_fwctl_class(&pf, &req);
	KUNIT_EXPECT_EQ(test, req.opcode, 0x0b0c9020);
	KUNIT_EXPECT_STREQ(test, req.name, "MGIR");

	put_command(bytes, 0x50b);
	mlx5_fwctl_class(&pf, &req);
	KUNIT_EXPECT_EQ(test, req.opcode, 0x050b0000);
	KUNIT_EXPECT_STREQ(test, req.name, "QUERY_QP");
}

/* {bit of the header behind the UID} x {read, write}: op_mod is 0 or 1, the other bits 0 */
static void mlx5_test_register_header(struct kunit *test)
{
	static const u16 opcodes[] = { ACCESS_REG, ACCESS_REGISTER_USER };
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(opcodes); i++) {
		for (size_t bit = 0x20; bit < PAYLOAD * 8; bit++) {
			bool number = bit >= 0x50 && bit < 0x60;

			put_register(bytes, opcodes[i], OP_READ, 0x9020);
			if (bit != 0x3f)
				set_field_bit(bytes, bit);
			KUNIT_ASSERT_EQ_MSG(test,
					    classify(bytes, 32) == NEVER,
					    !number && bit != 0x3f,
					    "bit 0x%zx", bit);
		}
		for (u32 op_mod = 2; op_mod <= U16_MAX; op_mod++) {
			put_register(bytes, opcodes[i], op_mod, 0x9020);
			KUNIT_ASSERT_EQ(test, classify(bytes, 32), NEVER);
		}
	}
}

static const struct reg_field *find_reg_field(u16 id, u16 op, size_t bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields); i++)
		if (reg_fields[i].id == id && reg_fields[i].op == op &&
		    bit >= reg_fields[i].bit &&
		    bit < reg_fields[i].bit + reg_fields[i].width)
			return &reg_fields[i];
	return NULL;
}

/* May a write of a class below full set the bit? Of @id, which can be written so */
static bool is_writable(u16 id, size_t bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(writable); i++)
		if (writable[i].id == id && bit >= writable[i].bit &&
		    bit < writable[i].bit + writable[i].width)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(also_writable); i++)
		if (also_writable[i].id == id && bit >= also_writable[i].bit &&
		    bit < also_writable[i].bit + also_writable[i].width)
			return true;
	return false;
}

/* Class of an access whose class is @class, when a bit that was zero is set */
static enum fwctl_class class_with_bit(u16 id, u16 op, size_t bit,
				       enum fwctl_class class)
{
	const struct reg_field *field = find_reg_field(id, op, bit);

	if (field)
		return field->class;
	if (op == OP_WRITE && class != NEVER && !is_writable(id, bit))
		return FULL;
	return class;
}

/* A register with all fields zero, except that RESOURCE_DUMP asks for its menu, inline */
static enum fwctl_class put_base(u8 *bytes, u16 id, u16 op)
{
	put_register(bytes, ACCESS_REG, op, id);
	if (id != RESOURCE_DUMP)
		return register_class(id, op);
	put_unaligned_be32(0x4000ffff, bytes + PAYLOAD);
	return op == OP_READ ? DEBUG_READ : NEVER;
}

static void check_register_bit(struct kunit *test, u16 id, u16 op, size_t bit)
{
	size_t len = register_len(id, op, (bit / 32 + 1) * 4);
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	enum fwctl_class class = put_base(bytes, id, op);

	if (PAYLOAD + bit / 8 >= len)
		return;
	set_field_bit(bytes, PAYLOAD * 8 + bit);
	KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len),
			    class_with_bit(id, op, bit, class),
			    "%s 0x%04x, bit 0x%zx",
			    op == OP_READ ? "reading" : "writing", id, bit);
}

/* {register with a row} x {read, write} x {each bit of the first 112 bytes, alone} */
static void mlx5_test_register_bits(struct kunit *test)
{
	for (u32 id = first_number; id <= last_number; id++) {
		if (!in_a_set(id) || listed(id, by_value))
			continue;
		for (size_t bit = 0; bit < PAYLOAD_BITS; bit++) {
			check_register_bit(test, id, OP_READ, bit);
			check_register_bit(test, id, OP_WRITE, bit);
		}
	}
}

/* A register with random bits that do not change its class, by either command */
static enum fwctl_class put_random(u8 *bytes, struct rnd_state *rnd, u16 id,
				   u16 op)
{
	enum fwctl_class class = put_base(bytes, id, op);

	if (prandom_u32_state(rnd) & 1)
		put_unaligned_be16(ACCESS_REGISTER_USER, bytes);
	for (size_t bit = 0; bit < PAYLOAD_BITS; bit++)
		if (PAYLOAD + bit / 8 < register_len(id, op, 0) &&
		    !find_reg_field(id, op, bit) &&
		    class_with_bit(id, op, bit, class) == class &&
		    prandom_u32_state(rnd) & 1)
			set_field_bit(bytes, PAYLOAD * 8 + bit);
	return class;
}

/* Each bit of a field decides, and no other bit does, with random bits around it. */
static void mlx5_test_register_random(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields) * 100; i++) {
		const struct reg_field *field = &reg_fields[i / 100];
		size_t len = register_len(field->id, field->op, 0);
		enum fwctl_class class = put_random(bytes, &rnd, field->id,
						    field->op);

		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), class,
				    "register 0x%04x", field->id);
		set_field_bit(bytes, PAYLOAD * 8 + field->bit +
				     prandom_u32_state(&rnd) % field->width);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, len), field->class,
				    "register 0x%04x", field->id);
	}
}

/* All that a write may set, with random bits of it; then one bit more. */
static void mlx5_test_write_random(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 8);
	for (size_t i = 0; i < ARRAY_SIZE(register_sizes) * 100; i++) {
		u16 id = register_sizes[i / 100].id;
		size_t size = register_sizes[i / 100].size, bit;
		enum fwctl_class class = put_random(bytes, &rnd, id, OP_WRITE);

		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, PAYLOAD + size), class,
				    "register 0x%04x", id);
		bit = prandom_u32_state(&rnd) % min_t(size_t, size * 8, PAYLOAD_BITS);
		set_field_bit(bytes, PAYLOAD * 8 + bit);
		KUNIT_ASSERT_EQ_MSG(test, classify(bytes, PAYLOAD + size),
				    class_with_bit(id, OP_WRITE, bit, class),
				    "register 0x%04x, bit 0x%zx", id, bit);
	}
}

static void check_truncated(struct kunit *test, struct rnd_state *rnd, u16 id,
			    u16 op)
{
	size_t whole = min_t(size_t, register_len(id, op, 0),
			     MLX5_FWCTL_HEADER_LEN);
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t len = PAYLOAD; len < whole; len++) {
		enum fwctl_class class;

		put_random(bytes, rnd, id, op);
		class = classify(bytes, len);
		memset(bytes + round_down(len, 4), 0xff,
		       sizeof(bytes) - round_down(len, 4));
		KUNIT_ASSERT_EQ_MSG(test, class,
				    classify(bytes, register_len(id, op, 0)),
				    "register 0x%04x, %zu bytes", id, len);
	}
}

/* In a request that ends before the end of a register, the missing bits count as set. */
static void mlx5_test_register_truncated(struct kunit *test)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 6);
	for (size_t i = 0; i < ARRAY_SIZE(reg_fields); i++)
		check_truncated(test, &rnd, reg_fields[i].id, OP_READ);
	for (size_t i = 0; i < ARRAY_SIZE(register_sizes); i++)
		check_truncated(test, &rnd, register_sizes[i].id, OP_WRITE);
}

/* A field of class never outweighs one of class full, and only the menu can be read. */
static void mlx5_test_resource_dump(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 segment = 0; segment <= U16_MAX; segment++) {
		put_base(bytes, RESOURCE_DUMP, OP_READ);
		put_unaligned_be16(segment, bytes + PAYLOAD + 2);
		KUNIT_ASSERT_EQ(test, classify(bytes, 16 + 256),
				segment == 0xffff ? DEBUG_READ : NEVER);
	}
	/* Fields to continue a dump: seq_num, device_opaque, size */
	bytes[PAYLOAD + 1] = 0x0f;
	memset(bytes + PAYLOAD + 0x18, 0xff, 8);
	memset(bytes + PAYLOAD + 0x24, 0xff, 4);
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), DEBUG_READ);

	bytes[PAYLOAD + 7] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), FULL);
	KUNIT_EXPECT_EQ(test, classify(bytes, 63), NEVER);
	bytes[PAYLOAD + 0x23] = 1;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), NEVER);
	bytes[PAYLOAD + 0x23] = 0;
	bytes[PAYLOAD] = 0;
	KUNIT_EXPECT_EQ(test, classify(bytes, 64), NEVER);
}

/* Both fields of MFRL: the answer, reserved for mlx5_core, outweighs the start. */
static void mlx5_test_reset(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, ACCESS_REG, OP_WRITE, 0x9028);
	/* as mstconfig sends it after a change: levels 3 and 6 */
	bytes[PAYLOAD + 7] = 0x48;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 8), CONFIG_WRITE);
	bytes[PAYLOAD + 4] = 0x28;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 8), NEVER);
	/* In a write that ends before the fields their bits count as set. */
	bytes[PAYLOAD + 4] = 0;
	KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 7), NEVER);
}

static enum fwctl_class nv_class(u16 id, u16 op, u32 header, u32 type)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, ACCESS_REG, op, id);
	put_unaligned_be32(header, bytes + PAYLOAD);
	put_unaligned_be32(type, bytes + PAYLOAD + 4);
	return classify(bytes, PAYLOAD + (id == MNVDI ? 12 : 24));
}

/* Index of an item in nv_items, or -1; a port and a module may be any, a host must be 0 */
static int nv_item(u32 type)
{
	static const u32 numbers[] = {
		[0] = 0xffffff, [1] = 0x00ffff, [3] = 0xfc03ff,
		[7] = 0xffffff, [9] = 0x003fff,
	};

	for (size_t i = 0; i < ARRAY_SIZE(nv_items); i++) {
		u32 number = type & numbers[nv_items[i].class];

		if (nv_items[i].class == type >> 24 && number <= U16_MAX &&
		    number && listed(number, nv_items[i].ids))
			return i;
	}
	return -1;
}

static void check_nv(struct kunit *test, u16 id, u32 type)
{
	int item = nv_item(type);

	/* as mstconfig sends it: length 12, writer 9, over_en */
	KUNIT_ASSERT_EQ_MSG(test, nv_class(id, OP_READ, 0x0209000c, type),
			    item < 0 ? FULL : CONFIG_READ, "type 0x%08x", type);
	KUNIT_ASSERT_EQ_MSG(test, nv_class(id, OP_WRITE, 0x0209000c, type),
			    item >= 0 && nv_items[item].write ? CONFIG_WRITE :
								FULL,
			    "type 0x%08x", type);
}

/* {MNVDA, MNVDI} x {item of nv_items} */
static void mlx5_test_nv_items(struct kunit *test)
{
	for (size_t i = 0; i < ARRAY_SIZE(nv_items); i++) {
		for (const u16 *id = nv_items[i].ids; *id; id++) {
			check_nv(test, MNVDA, nv_items[i].class << 24 | *id);
			check_nv(test, MNVDI, nv_items[i].class << 24 | *id);
		}
	}
}

/* {MNVDA, MNVDI} x {class 0..15} x {number 0..0x7ff} x {port, module, function, host} */
static void mlx5_test_nv_types(struct kunit *test)
{
	static const u16 ids[] = { MNVDA, MNVDI };
	unsigned int items = 0;

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		for (u32 type = 0; type < 16 << 24;
		     type += (type & 0x7ff) == 0x7ff ? 0x1000000 - 0x7ff : 1) {
			check_nv(test, ids[i], type);
			check_nv(test, ids[i], type | 1 << 11);
			check_nv(test, ids[i], type | 1 << 14);
			check_nv(test, ids[i], type | 1 << 17);
			check_nv(test, ids[i], type | 1 << 18);
			items += nv_item(type) >= 0;
		}
	}
	/* 185 in mstconfig's list, without 17 of files, three passwords, KDNET and a key */
	KUNIT_EXPECT_GE(test, items, 2 * (185 - 17 - 5));
}

/*
 * Secrets are full, so that they need a file open for writing, a capability, and no
 * lockdown: what iSCSI logs in with, KDNET, the secure host's key, files with tokens, and
 * the walk over all. So is what acts at once or for another host.
 */
static void mlx5_test_nv_full(struct kunit *test)
{
	static const u32 secrets[] = {
		0x03000239, 0x03000247, 0x03000257, 0x00000085, 0x0000019b,
		0x06000005, 0x06000007, 0x06000008, 0x0600000a, 0x06000016,
	};

	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		KUNIT_EXPECT_EQ(test, nv_class(MNVDA, OP_READ, 0x100, secrets[i]),
				FULL);
		KUNIT_EXPECT_EQ(test, nv_class(MNVDA, OP_WRITE, 4, secrets[i]),
				FULL);
	}
	KUNIT_EXPECT_EQ(test, nv_class(0x9035, OP_READ, 0, 0), FULL);
	/* host_id_valid; the value in use instead of the next one */
	KUNIT_EXPECT_EQ(test, nv_class(MNVDA, OP_READ, 0x200, 0x80), FULL);
	KUNIT_EXPECT_EQ(test, nv_class(MNVDA, OP_WRITE, 0x0209020c, 0x80), FULL);
	KUNIT_EXPECT_EQ(test, nv_class(MNVDI, OP_WRITE, 0x0209020c, 0x80), FULL);
	KUNIT_EXPECT_EQ(test, nv_class(MNVDA, OP_WRITE, 0x0249000c, 0x80), FULL);
}

static enum fwctl_class update_step(const struct mlx5_fwctl_sender *sender,
				    u8 instruction, u32 handle)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;

	put_register(bytes, ACCESS_REG, OP_WRITE, MCC);
	bytes[PAYLOAD + 3] = instruction;
	put_unaligned_be32(BOOT_IMAGE, bytes + PAYLOAD + 4);
	put_unaligned_be32(handle, bytes + PAYLOAD + 8);
	return classify_from(sender, bytes, PAYLOAD + 32, &name);
}

static enum fwctl_class update_data(const struct mlx5_fwctl_sender *sender, u32 handle)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;

	put_register(bytes, ACCESS_REG, OP_WRITE, MCDA);
	put_unaligned_be32(handle, bytes + PAYLOAD);
	return classify_from(sender, bytes, PAYLOAD + 144, &name);
}

static enum fwctl_class mcc(u32 instruction, u32 component, u16 op)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	put_register(bytes, ACCESS_REG, op, MCC);
	put_unaligned_be32(instruction, bytes + PAYLOAD);
	put_unaligned_be32(component, bytes + PAYLOAD + 4);
	return classify(bytes, PAYLOAD + 32);
}

/*
 * {instruction} x {component}: a burn of the own image needs LOCK (1), RELEASE (2) and
 * ACTIVATE (6), and of the own image UPDATE (3) and VERIFY (4). An instruction in a read,
 * and all other fields, are full.
 */
static void mlx5_test_update(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 i = 0; i < 256; i++) {
		bool any = i == 1 || i == 2 || i == 6;

		KUNIT_EXPECT_EQ(test, mcc(i, BOOT_IMAGE, OP_WRITE),
				any || i == 3 || i == 4 ? CONFIG_WRITE : FULL);
		KUNIT_EXPECT_EQ(test, mcc(i, BOOT_IMAGE + 1, OP_WRITE),
				any ? CONFIG_WRITE : FULL);
		KUNIT_EXPECT_EQ(test, mcc(i, BOOT_IMAGE, OP_READ),
				i ? FULL : CONFIG_READ);
	}
	for (size_t bit = 0; bit < 32 * 8; bit++) {
		bool known = (bit >= 0x30 && bit < 0x40) || /* component_index */
			     (bit >= 0x48 && bit < 0x60) || /* update_handle */
			     (bit >= 0x80 && bit < 0xa0) || /* component_size */
			     /* What is read-only, and comes with a tool's buffer */
			     (bit >= 0x04 && bit < 0x10) ||
			     (bit >= 0x60 && bit < 0x68) ||
			     (bit >= 0x69 && bit < 0x78) ||
			     (bit >= 0x7c && bit < 0x80) ||
			     (bit >= 0xb0 && bit < 0xb8) ||
			     (bit >= 0xc4 && bit < 0xd0) || bit >= 0xe0;

		if (bit >= 0x18 && bit < 0x20)
			continue;
		put_register(bytes, ACCESS_REG, OP_WRITE, MCC);
		bytes[PAYLOAD + 3] = 1;
		set_field_bit(bytes, PAYLOAD * 8 + bit);
		KUNIT_EXPECT_EQ_MSG(test, classify(bytes, PAYLOAD + 32),
				    known ? CONFIG_WRITE : FULL, "bit 0x%zx", bit);
	}
}

/* {instruction} x {handle}: with any but the file's own only a LOCK is configuration. */
static void mlx5_test_update_of_another(struct kunit *test)
{
	static const u32 owns[] = { 0, 0x2a, 0xffffff, MLX5_FWCTL_NO_UPDATE };
	static const u32 handles[] = { 0, 1, 0x2a, 0x2b, 0x80002a, 0xffffff };
	static const u8 steps[] = { 1, 2, 3, 4, 6 };
	struct mlx5_fwctl_sender sender = pf;

	for (size_t i = 0; i < ARRAY_SIZE(owns); i++) {
		sender.update_handle = owns[i];
		for (size_t j = 0; j < ARRAY_SIZE(handles); j++) {
			enum fwctl_class class = handles[j] == owns[i] ? CONFIG_WRITE : FULL;

			for (size_t k = 0; k < ARRAY_SIZE(steps); k++)
				KUNIT_EXPECT_EQ(test, update_step(&sender, steps[k], handles[j]),
						steps[k] == 1 ? CONFIG_WRITE : class);
			KUNIT_EXPECT_EQ(test, update_data(&sender, handles[j]), class);
		}
	}
}

/* A firmware that does not number its image takes none with less than full. */
static void mlx5_test_update_unknown(struct kunit *test)
{
	static const struct mlx5_fwctl_sender none = {
		.whole_card = true,
		.boot_image = MLX5_FWCTL_NO_COMPONENT,
		.update_handle = UPDATE,
	};
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;

	put_register(bytes, ACCESS_REG, OP_WRITE, MCC);
	bytes[PAYLOAD + 3] = 3;
	for (u32 component = 0; component <= U16_MAX; component++) {
		put_unaligned_be16(component, bytes + PAYLOAD + 6);
		KUNIT_ASSERT_EQ(test, classify_from(&none, bytes, PAYLOAD + 32,
						    &name), FULL);
	}
}

/* {cmd_type}: those that only ask are debug reads; they get and bulk get, but do not clear. */
static void mlx5_test_ppcc(struct kunit *test)
{
	static const u16 asks[] = {
		3, 4, 5, 6, 0xa, 0xc, 0xe, 0xf, 0x10, 0xf0, 0,
	};
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (u32 type = 0; type < 256; type++) {
		put_register(bytes, ACCESS_REG, OP_READ, PPCC);
		bytes[PAYLOAD + 3] = type;
		KUNIT_EXPECT_EQ_MSG(test, classify(bytes, PAYLOAD + 252),
				    !type || listed(type, asks) ? DEBUG_READ : FULL,
				    "cmd_type 0x%x", type);
		bytes[PAYLOAD + 0x1d] = 0x10; /* cfg_counter_group_en */
		KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 252), FULL);
		bytes[PAYLOAD + 0x1d] = 0;
		bytes[7] = OP_WRITE;
		KUNIT_EXPECT_EQ(test, classify(bytes, PAYLOAD + 252), FULL);
	}
}

/*
 * What a review found to get past an earlier policy, from the register on, and its class
 * now: the rings of queues in host memory, resets and patches at once, another host's
 * configuration and privileges, emulated removal, the update of somebody else, tunnels of
 * registers and commands, packets of PCIe.
 */
static const struct {
	u16 id, op, len;
	u32 dwords[5];
	enum fwctl_class class;
} bypasses[] = {
	{ 0xc000, OP_READ, 256, { 0x40001002, 0, 0x123, 0, 0xffff }, NEVER },
	{ 0xc000, OP_READ, 256, { 0x4000ffff }, DEBUG_READ },
	{ 0x9028, OP_WRITE, 8, { 0, 0x03000002 }, FULL },
	{ 0x9028, OP_WRITE, 8, { 0, 0x04000002 }, FULL },
	{ 0x9028, OP_WRITE, 8, { 0, 0x00000001 }, FULL },
	{ 0x9028, OP_WRITE, 8, { 0, 0x00000048 }, CONFIG_WRITE },
	{ 0x9024, OP_WRITE, 16, { 0x02090004, 0x07000083, 0, 0x1000000f }, FULL },
	{ 0x9024, OP_WRITE, 24, { 0x0209020c, 0x03040080 }, FULL },
	{ 0x9024, OP_WRITE, 24, { 0x0209000c, 0x03040080 }, FULL },
	{ 0x9024, OP_WRITE, 24, { 0x0209000c, 0x03000080 }, CONFIG_WRITE },
	{ 0x9160, OP_READ, 272, { 0, 0x01010000, 0, 0x00405006 }, NEVER },
	{ 0x38f0, OP_READ, 64, { 0, 0x000f0014, 1 }, FULL },
	{ 0x9704, OP_READ, 84, { 0 }, NEVER },
	{ 0x9056, OP_WRITE, 44, { 0, 0x40, 0, 0, 0x00010000 }, FULL },
	{ 0x9056, OP_WRITE, 44, { 0, 0x01, 0x02 }, DEBUG_WRITE },
	{ 0x9062, OP_WRITE, 32, { 0x0a }, FULL },
	{ 0x9062, OP_WRITE, 32, { 0x08 }, FULL },
	{ 0x9062, OP_WRITE, 32, { 0x07, BOOT_IMAGE }, FULL },
	{ 0x9062, OP_WRITE, 32, { 0x03, 0x0c }, FULL },
	{ 0x9062, OP_WRITE, 32, { 0x03, BOOT_IMAGE, UPDATE, 0, 4096 }, CONFIG_WRITE },
	{ 0x9062, OP_WRITE, 32, { 0x03, BOOT_IMAGE, UPDATE + 1, 0, 4096 }, FULL },
	{ 0x9063, OP_WRITE, 144, { UPDATE + 1, 0, 128 }, FULL },
	{ 0x9063, OP_READ, 144, { 0x2a, 0, 128 }, FULL },
	{ 0x9043, OP_READ, 64, { 0x00020000 }, NEVER },
	{ 0x402e, OP_READ, 64, { 0 }, NEVER },
	{ 0xc012, OP_READ, 256, { 0 }, FULL },
	{ 0xc006, OP_READ, 16, { 0 }, FULL },
	{ 0x911c, OP_WRITE, 16, { 0 }, NEVER },
	{ 0xabcd, OP_READ, 64, { 0 }, FULL },
	{ 0xabcd, OP_WRITE, 64, { 0 }, NEVER },
};

static void mlx5_test_bypasses(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(bypasses); i++) {
		put_register(bytes, ACCESS_REG, bypasses[i].op, bypasses[i].id);
		for (size_t j = 0; j < ARRAY_SIZE(bypasses[i].dwords); j++)
			put_unaligned_be32(bypasses[i].dwords[j],
					   bytes + PAYLOAD + 4 * j);
		KUNIT_EXPECT_EQ_MSG(test,
				    classify(bytes, PAYLOAD + bypasses[i].len),
				    bypasses[i].class, "row %zu, register 0x%04x",
				    i, bypasses[i].id);
	}
}

/* A VF's node reads, and shows its own queues and keys; of registers nothing that is full. */
static enum fwctl_class of_vf(enum fwctl_class class, bool is_register)
{
	if (class == FULL && is_register)
		return NEVER;
	return class == CONFIG_WRITE || class == DEBUG_WRITE ? NEVER : class;
}

/* {opcode}, {register} x {read, write}: the sender is a VF, by mlx5_core's word */
static void mlx5_test_vf(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;

	for (u32 number = first_number; number <= last_number; number++) {
		put_command(bytes, number);
		KUNIT_ASSERT_EQ_MSG(test,
				    classify_from(&vf, bytes,
						  command_len(number), &name),
				    is_access(number) || number == SET_HCA_CAP ?
				    NEVER : of_vf(command_class(number), false),
				    "opcode 0x%03x", number);
		for (u16 op = OP_WRITE; op <= OP_READ; op++) {
			put_register(bytes, ACCESS_REG, op, number);
			KUNIT_ASSERT_EQ_MSG(test,
					    classify_from(&vf, bytes, 128, &name),
					    of_vf(register_class(number, op), true),
					    "register 0x%04x", number);
		}
	}
}

/* Fields that name another function, which a VF may not set: first bit and width */
static const struct field foreign[] = {
	{ 0x100, 0x40, 2 }, { 0x100, 0x43, 1 }, { 0x100, 0x50, 16 },
	{ 0x107, 0x40, 1 }, { 0x107, 0x50, 16 }, { 0x10e, 0x50, 16 },
	{ 0x117, 0x50, 16 },
	{ 0x750, 0x40, 1 }, { 0x750, 0x50, 16 },
	{ 0x752, 0x40, 1 }, { 0x752, 0x50, 16 },
	{ 0x754, 0x40, 1 }, { 0x754, 0x50, 16 },
	{ 0x762, 0x40, 1 }, { 0x762, 0x50, 16 },
	{ 0x764, 0x40, 1 }, { 0x764, 0x50, 16 },
	{ 0x765, 0x40, 1 }, { 0x765, 0x50, 16 },
	{ 0x76f, 0x40, 1 }, { 0x76f, 0x50, 16 },
	{ 0x770, 0x40, 1 }, { 0x770, 0x50, 16 },
	{ 0x773, 0x40, 1 }, { 0x773, 0x50, 16 },
	{ 0xb0d, 0x40, 1 }, { 0xb0d, 0x50, 16 },
	{ 0xb22, 0x70, 16 },
};

/* Likewise, of registers, from the begin of the command */
static const struct field foreign_of_registers[] = {
	{ 0xc007, 0x80, 1 }, { 0xc007, 0x90, 16 },
	{ 0xc010, 0x80, 1 }, { 0xc010, 0x90, 16 },
	{ 0xc021, 0x90, 16 },
	/* MNVDA, MNVDI, MNVQC: items are the PFs' and the card's */
	{ MNVDA, 0xa0, 32 }, { MNVDI, 0xa0, 32 }, { 0x9030, 0x80, 32 },
};

static void check_foreign(struct kunit *test, const struct field *field,
			  bool is_register)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;
	size_t len = is_register ? 128 : command_len(field->opcode);

	for (size_t bit = field->bit; bit < field->bit + field->width; bit++) {
		if (is_register)
			put_register(bytes, ACCESS_REG, OP_READ, field->opcode);
		else
			put_command(bytes, field->opcode);
		set_field_bit(bytes, bit);
		KUNIT_EXPECT_NE_MSG(test, classify_from(&pf, bytes, len, &name),
				    NEVER, "0x%03x, bit 0x%zx", field->opcode, bit);
		KUNIT_EXPECT_EQ_MSG(test, classify_from(&vf, bytes, len, &name),
				    NEVER, "0x%03x, bit 0x%zx", field->opcode, bit);
	}
}

/* Where a layout is not public, any bit may be another function's. */
static void check_foreign_opaque(struct kunit *test, u16 opcode)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	const char *name;

	for (size_t bit = 0x40; bit < 64 * 8; bit++) {
		put_command(bytes, opcode);
		set_field_bit(bytes, bit);
		KUNIT_EXPECT_EQ_MSG(test, classify_from(&vf, bytes, 64, &name),
				    NEVER, "0x%03x, bit 0x%zx", opcode, bit);
	}
}

static void mlx5_test_vf_foreign(struct kunit *test)
{
	for (const u16 *opcode = opaque; *opcode; opcode++)
		check_foreign_opaque(test, *opcode);
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++)
		check_foreign(test, &foreign[i], false);
	for (size_t i = 0; i < ARRAY_SIZE(foreign_of_registers); i++)
		check_foreign(test, &foreign_of_registers[i], true);
}

/* {register} x {longer by 1, by 64, 2 MiB}: a longer write is full, or still never */
static void mlx5_test_register_lengths(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(register_sizes); i++) {
		u16 id = register_sizes[i].id;
		size_t len = register_len(id, OP_WRITE, 0);

		put_register(bytes, ACCESS_REG, OP_WRITE, id);
		KUNIT_EXPECT_EQ(test, classify(bytes, len),
				register_class(id, OP_WRITE));
		KUNIT_EXPECT_EQ(test, classify(bytes, len + 1), FULL);
		KUNIT_EXPECT_EQ(test, classify(bytes, len + 64), FULL);
		KUNIT_EXPECT_EQ(test, classify(bytes, 2 << 20), FULL);
	}
	for (u32 id = first_number; id <= last_number; id++) {
		enum fwctl_class class = register_class(id, OP_WRITE);

		put_register(bytes, ACCESS_REGISTER_USER, OP_WRITE, id);
		KUNIT_ASSERT_EQ(test, classify(bytes, 2 << 20),
				class == NEVER ? NEVER : FULL);
		put_register(bytes, ACCESS_REG, OP_READ, id);
		KUNIT_ASSERT_EQ(test, classify(bytes, 2 << 20),
				register_class(id, OP_READ));
	}
}

/*
 * Requests of mstflint, mstconfig, mstreg and mstlink, as observed: register, length.
 * mstflint 4.31 sends all of them with the label CONFIGURATION.
 */
static const struct {
	u16 id, op, len;
	enum fwctl_class class;
} client[] = {
	{ 0x9020, OP_READ, 1024, CONFIG_READ },
	{ 0x9020, OP_READ, 160, CONFIG_READ },
	{ 0x9020, OP_READ, 32, CONFIG_READ },
	{ 0x907f, OP_READ, 72, CONFIG_READ },
	{ 0x402d, OP_READ, 16, CONFIG_READ },
	{ 0x9060, OP_READ, 16, CONFIG_READ },
	{ 0x9061, OP_READ, 148, CONFIG_READ },
	{ 0x9064, OP_READ, 24, CONFIG_READ },
	{ 0x9024, OP_READ, 268, FULL }, /* no type */
	{ 0x9035, OP_READ, 156, FULL },
	{ 0x9030, OP_READ, 8, CONFIG_READ },
	{ 0x9034, OP_READ, 16, CONFIG_READ },
	{ 0x9115, OP_READ, 48, CONFIG_READ },
	{ 0x9028, OP_READ, 8, CONFIG_READ },
	{ 0x9062, OP_READ, 32, CONFIG_READ },
	{ 0x9063, OP_WRITE, 144, CONFIG_WRITE },
	{ 0x9033, OP_WRITE, 8, CONFIG_WRITE },
	{ 0x9028, OP_WRITE, 8, CONFIG_WRITE },
	{ 0x9056, OP_WRITE, 44, DEBUG_WRITE },
	{ 0x5031, OP_READ, 256, DEBUG_READ },
	{ 0x5027, OP_READ, 76, DEBUG_READ },
	{ 0x5008, OP_READ, 256, DEBUG_READ },
	{ 0x9014, OP_READ, 148, DEBUG_READ },
	{ 0x5028, OP_READ, 40, DEBUG_READ },
	{ 0x900a, OP_READ, 32, DEBUG_READ },
	{ 0x910e, OP_READ, 12, DEBUG_READ },
	{ 0x9051, OP_READ, 256, DEBUG_READ },
	{ 0x5006, OP_WRITE, 16, DEBUG_WRITE },
	{ 0x5004, OP_WRITE, 68, DEBUG_WRITE },
	{ 0x5023, OP_WRITE, 128, DEBUG_WRITE },
	{ 0x5036, OP_WRITE, 28, DEBUG_WRITE },
};

static void mlx5_test_client(struct kunit *test)
{
	u8 bytes[MLX5_FWCTL_HEADER_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(client); i++) {
		put_register(bytes, ACCESS_REG, client[i].op, client[i].id);
		KUNIT_EXPECT_EQ_MSG(test,
				    classify(bytes, PAYLOAD + client[i].len),
				    client[i].class, "register 0x%04x, %u bytes",
				    client[i].id, client[i].len);
	}
}

static struct kunit_case mlx5_fwctl_policy_cases[] = {
	KUNIT_CASE(mlx5_test_opcodes),
	KUNIT_CASE(mlx5_test_lengths),
	KUNIT_CASE(mlx5_test_command_bits),
	KUNIT_CASE(mlx5_test_command_random),
	KUNIT_CASE(mlx5_test_other_function),
	KUNIT_CASE(mlx5_test_set_hca_cap),
	KUNIT_CASE(mlx5_test_general_objects),
	KUNIT_CASE(mlx5_test_registers),
	KUNIT_CASE(mlx5_test_register_names),
	KUNIT_CASE(mlx5_test_request_number),
	KUNIT_CASE(mlx5_test_register_header),
	KUNIT_CASE(mlx5_test_register_bits),
	KUNIT_CASE(mlx5_test_register_random),
	KUNIT_CASE(mlx5_test_write_random),
	KUNIT_CASE(mlx5_test_register_truncated),
	KUNIT_CASE(mlx5_test_register_lengths),
	KUNIT_CASE(mlx5_test_resource_dump),
	KUNIT_CASE(mlx5_test_reset),
	KUNIT_CASE(mlx5_test_nv_items),
	KUNIT_CASE(mlx5_test_nv_types),
	KUNIT_CASE(mlx5_test_nv_full),
	KUNIT_CASE(mlx5_test_update),
	KUNIT_CASE(mlx5_test_update_of_another),
	KUNIT_CASE(mlx5_test_update_unknown),
	KUNIT_CASE(mlx5_test_ppcc),
	KUNIT_CASE(mlx5_test_bypasses),
	KUNIT_CASE(mlx5_test_vf),
	KUNIT_CASE(mlx5_test_vf_foreign),
	KUNIT_CASE(mlx5_test_client),
	{}
};

static struct kunit_suite mlx5_fwctl_policy_suite = {
	.name = "mlx5-fwctl-policy",
	.test_cases = mlx5_fwctl_policy_cases,
};

kunit_test_suite(mlx5_fwctl_policy_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_DESCRIPTION("KUnit tests of the mlx5 policy");
MODULE_LICENSE("GPL");
