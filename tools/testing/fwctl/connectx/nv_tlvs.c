// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters of this ConnectX-7, with sizes and factory values. Parameters
 * that mstconfig's rules depend on have real contents; for the others a tool
 * uses only the size, and their factory value is 0.
 */
#include "nv.h"

#define PORT1 0x00010000U

const struct nv_desc nv_table[] = {
	{ 0x00000002, 16, 0, "nv_base_mac_guid",
	  { { 0, 0x000002fc }, { 4, 0x71000010 }, { 8, 0x02fc7100 }, { 12, 0x03000010 } } },
	{ 0x00000003, 8, NV_READ_ONLY, "nv_base_mac_guid_cap",
	  { { 0, 0xc0000000 }, { 4, 0x00080010 } } },
	{ 0x00000006, 4, 0, "nv_memic_conf", { { 0 } } },
	{ 0x00000007, 4, NV_READ_ONLY, "nv_memic_cap", { { 0 } } },
	{ 0x00000013, 16, 0, "nv_internal_hairpin_conf", { { 0 } } },
	{ 0x00000014, 4, NV_READ_ONLY, "nv_internal_hairpin_cap", { { 0 } } },
	{ 0x00000080, 12, 0, "nv_global_pci_conf",
	  /* all fields valid; 2 functions, no virtual ones, 63 and 11 vectors */
	  { { 0, 0xbf000000 }, { 4, 0x20020000 }, { 8, 0x02c3f045 } } },
	{ 0x00000081, 20, NV_READ_ONLY, "nv_global_pci_cap",
	  /* sriov_support, fpp_support, max_num_pfs 16, max_vfs_per_pf 127 */
	  { { 0, 0xfff00000 }, { 4, 0xa010007f }, { 8, 0xffffffff }, { 12, 0x00004000 },
	    { 16, 0x00004000 } } },
	{ 0x00000082, 4, 0, "nv_tpt_conf", { { 0 } } },
	{ 0x00000084, 4, 0, "nv_global_pci_conf_2", { { 0 } } },
	{ 0x00000088, 4, 0, "nv_power_conf", { { 0 } } },
	{ 0x00000089, 4, NV_READ_ONLY, "nv_power_cap", { { 0 } } },
	{ 0x00000094, 48, 0, "nv_global_pci_conf_3", { { 0 } } },
	{ 0x0000010a, 8, 0, "nv_sw_offload_conf", { { 0 } } },
	{ 0x0000010b, 4, NV_READ_ONLY, "nv_sw_offload_cap", { { 0 } } },
	{ 0x0000010c, 4, 0, "nv_packet_pacing", { { 0 } } },
	{ 0x00000111, 4, 0, "nv_prog_cc", { { 0 } } },
	{ 0x00000117, 16, 0, "nv_performance_tuning_conf", { { 0 } } },
	{ 0x00000118, 16, NV_READ_ONLY, "nv_performance_tuning_cap", { { 0 } } },
	{ 0x00000119, 16, 0, "nv_global_roce_cc_conf", { { 0 } } },
	{ 0x0000011a, 4, NV_READ_ONLY, "nv_global_roce_cc_cap", { { 0 } } },
	{ 0x0000011d, 8, 0, "nv_sw_accelerate_conf", { { 0 } } },
	{ 0x00000190, 8, 0, "nv_ib_dc_conf", { { 0 } } },
	{ 0x00000191, 24, NV_READ_ONLY, "nv_ib_dc_cap",
	  { { 4, 18 }, { 12, 0x8000 }, { 20, 0x8000 } } },	/* maxima; the minima are 0 */
	{ 0x00000194, 4, 0, "nv_current_configurator", { { 0 } } },
	{ 0x01000012 | PORT1, 4, 0, "nv_vpi_link_type", { { 0 } } },
	{ 0x01000107 | PORT1, 4, 0, "nv_roce_cc", { { 0 } } },
	{ 0x01000108 | PORT1, 68, 0, "nv_roce_cc_ecn",
	  /* the values that have a minimum: RPG_MIN_DEC_FAC, DCE_TCP_G, DCE_TCP_RTT, ... */
	  { { 0x20, 50 }, { 0x2c, 1019 }, { 0x30, 1 }, { 0x34, 4 } } },
	{ 0x0100010a | PORT1, 12, 0, "nv_lldp_nb_conf", { { 0 } } },
	{ 0x0100010b | PORT1, 12, NV_READ_ONLY, "nv_lldp_nb_cap", { { 0 } } },
	{ 0x0100018e | PORT1, 4, 0, "nv_lldp_nb_dcbx", { { 0 } } },
	{ 0x01000190 | PORT1, 4, 0, "nv_keep_link_up", { { 0 } } },
	{ 0x01000192 | PORT1, 12, 0, "nv_qos_conf", { { 0 } } },
	{ 0x01000193 | PORT1, 4, NV_READ_ONLY, "nv_qos_cap",
	  { { 0, 0x00000088 } } },	/* up to 8 virtual lanes and 8 traffic classes */
	{ 0x03000010, 4, 0, "nv_wol_conf", { { 0 } } },
	{ 0x0300001f, 4, NV_READ_ONLY, "nv_wol_cap", { { 0, 0x00000400 } } },	/* magic packet */
	{ 0x03000112, 4, 0, "nv_hca_conf", { { 0 } } },
	{ 0x03000113, 4, NV_READ_ONLY, "nv_hca_cap",
	  { { 0, 0x18000000 } } },	/* order of PCI writes, control of RoCE */
	/* "chap" */
	{ 0x03000239, 16, 0, "nv_rom_iscsi_initiator_chap_pwd", { { 0, 0x63686170 } } },
	{ 0x07000080, 4, 0, "nv_pci_conf", { { 0 } } },
	{ 0x07000081, 4, NV_READ_ONLY, "nv_pci_cap",
	  { { 0, 0x86400000 } } },	/* advanced settings, PXE and UEFI in the ROM, ATS */
};

const size_t nv_count = ARRAY_SIZE(nv_table);
