/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The groups of access registers, and the registers that are known, one row each:
 *
 *	CLASSES(group, class of a read, class of a write, reason for these)
 *	REGISTER(number, name, length, group, rules...)
 *
 * The reason is for the documentation; the driver does not keep it. The rules, see table.h,
 * are about fields: those that need another class than the group's, as they clear, start,
 * unlock or choose something even if they are set in a read, and those that a write of a
 * class below full may set. Rows ascend by number, which the build checks. No include
 * guard: the file is included repeatedly, each time after other definitions of CLASSES() and
 * REGISTER(); also by tools/testing/fwctl/policy/tables.c, which prints the documentation.
 */

CLASSES(IDENTITY, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Identity, resources and capabilities of the device. Every tool begins with these.\n"
	"There is nothing to write.\n")
CLASSES(NV_ITEM, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Items of the non-volatile configuration. Those that may be read and written as\n"
	"configuration are listed by their types; they belong to the administrator and take\n"
	"effect after a reset. devlink has some of them as permanent parameters, ethtool\n"
	"Wake-on-LAN and dcb the boot state of LLDP. Full are those that take effect at once,\n"
	"that give or take privileges, that are another host's, and passwords, keys and\n"
	"tokens.\n")
CLASSES(NV_RESET, FWCTL_CLASS_FULL, FWCTL_CLASS_CONFIG_WRITE,
	"Puts the whole non-volatile configuration back, after a reset. On a card with\n"
	"several hosts the firmware decides whose. Reading has no use, and the target that is\n"
	"0 is one, too.\n")
CLASSES(NV_QUERY, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Lists the parts of the non-volatile configuration.\n")
CLASSES(NV_WALK, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Walks over all items with their values, passwords included.\n")
CLASSES(UPDATE_CONTROL, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Steps of a firmware update, which devlink has as well. Those that a burn of the\n"
	"device's own image needs are configuration: the device takes images that are signed\n"
	"for it, if it is a secure one, and runs them after a reset. Steps of another\n"
	"component, as the firmware of a module, which is ethtool's, those that take the\n"
	"update from its owner, and those that read a component back are full.\n")
CLASSES(UPDATE_DATA, FWCTL_CLASS_FULL, FWCTL_CLASS_CONFIG_WRITE,
	"Data of the component that an update writes, or that is read back.\n")
CLASSES(RESET, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_CONFIG_WRITE,
	"Selects the kind of reset that brings a new configuration or image into effect, or\n"
	"the image. Starting one at once is left to devlink, which asks the drivers of all\n"
	"hosts before; the answer is left to mlx5_core, which otherwise would lose the device\n"
	"while it uses it.\n")
CLASSES(TUNING, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"Behaviour of the device at run time when PCIe is congested, for all hosts: ethtool\n"
	"shows the counters of it. Emulated removal and insertion of the device, and other\n"
	"ports of its switch, are full.\n")
CLASSES(ROLLBACK, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Protection against the return to old firmware. Writing burns fuses, or lifts the\n"
	"protection.\n")
CLASSES(TOKEN, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Sessions that the vendor's signed tokens open. Writing ends one.\n")
CLASSES(TOKEN_SESSION, FWCTL_CLASS_CONFIG_WRITE, FWCTL_CLASS_FULL,
	"The same, but already a read changes something: it keeps a session alive, or makes a\n"
	"new challenge, which the one before ends with.\n")
CLASSES(PORT, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"State, speed, error correction, loopback and other settings of ports. At run time\n"
	"they belong to the netdev, by ethtool, or to the RDMA port, which sees a change as\n"
	"one of the link.\n")
CLASSES(MODULE, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Settings of modules: ethtool's. Writing resets one, or overrides what it says of its\n"
	"power, which can damage it.\n")
CLASSES(QOS, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"Priorities, pause, buffers and shapers: dcb's, devlink's, ethtool's and tc's.\n")
CLASSES(RDMA, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"How RDMA behaves on this host: the RDMA subsystem's.\n")
CLASSES(FUNCTIONS, FWCTL_CLASS_CONFIG_READ, FWCTL_CLASS_FULL,
	"Rights and resources of other functions, and the start of other hosts.\n")
CLASSES(DPA, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Resources and programs of processors in the device, and its telemetry. The value 0\n"
	"of an operation is one, too: it creates or disables.\n")
CLASSES(CONGESTION, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Carries commands to congestion control algorithms, in a read as well. Those that\n"
	"only ask are debug reads.\n")
CLASSES(CLOCK, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_FULL,
	"Clocks, which all hosts share, and their synchronization: PTP's and DPLL's.\n")
CLASSES(LANE, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"Electrical tuning of lanes, eye scans and test patterns. Writing may cut the link,\n"
	"which the netdev or the RDMA port sees.\n")
CLASSES(STATE, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_FULL,
	"Counters, measurements, logs and other state. Clearing a counter is a write, as it\n"
	"has other readers.\n")
CLASSES(SENSOR, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_FULL,
	"Temperatures and their thresholds: hwmon's and the device's own protection.\n")
CLASSES(PROFILE, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_DEBUG_WRITE,
	"Selection of the performance counters, of the device and of its processors. Nothing\n"
	"else uses them; they count packets and events.\n")
CLASSES(UNCLEAR, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Too little is known of them, or reading them acts.\n")
CLASSES(POWER_METER, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Power meters: they reveal data of computations next to them, such as keys, which the\n"
	"counts of packets and events do not.\n")
CLASSES(INJECTION, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Injects errors, into links, PCIe and supply voltages.\n")
CLASSES(RAW, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Flash, JTAG, GPIO, MDIO, PCIe configuration space, registers of the chip, FPGA,\n"
	"reset: all rules of the firmware can be passed by. The flash holds secrets, too.\n")
CLASSES(KEYS, FWCTL_CLASS_FULL, FWCTL_CLASS_FULL,
	"Keys of encryption, and credentials.\n")
CLASSES(TRACER, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_NEVER,
	"The tracer writes to host memory. It belongs to mlx5_core, which gave it that\n"
	"memory, and must not be started, tuned or taken over.\n")
CLASSES(TRACER_MEMORY, FWCTL_CLASS_FULL, FWCTL_CLASS_NEVER,
	"Where the tracer writes to: a memory key, an address. Reading shows them.\n")
CLASSES(TLP_TRACER, FWCTL_CLASS_NEVER, FWCTL_CLASS_NEVER,
	"The tracer of PCIe packets, whose data is contents of host memory.\n")
CLASSES(DUMP, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_NEVER,
	"Dumps objects. Written, as mlx5_core does it, or with a memory key or an address, it\n"
	"dumps to host memory; read and inline, to the answer. Some segments are queues,\n"
	"which the device reads from host memory for that, or show keys, and which ones is\n"
	"the firmware's to number: only the menu, which lists them, can be read.\n")
CLASSES(DMA, FWCTL_CLASS_NEVER, FWCTL_CLASS_NEVER,
	"Makes the device read or write host memory: at a physical address, or as a core\n"
	"dump, where mlx5_core has its trace.\n")
CLASSES(COMMAND, FWCTL_CLASS_NEVER, FWCTL_CLASS_NEVER,
	"Carries another command or register, past all rules for that one.\n")
CLASSES(HOST, FWCTL_CLASS_DEBUG_READ, FWCTL_CLASS_NEVER,
	"Byte order of the messages from this host. mlx5_core sets it; after another write\n"
	"its messages would have another meaning.\n")

/*
 * Items of the non-volatile configuration, by the type in MNVDA and MNVDI: those that may be
 * read and written as configuration, and those that may only be read so. All others are full,
 * to read as well: passwords, keys, tokens, what is not known, and the items of other hosts.
 * A type has a class in bits 31:24, and in some classes a port (23:16), a host (23:18) and a
 * function of it (17:10), or a module (23:14).
 */
#define NV_GLOBAL GENMASK(31, 0)
#define NV_PORT (GENMASK(31, 24) | GENMASK(15, 0))
#define NV_FUNCTION (GENMASK(31, 18) | GENMASK(9, 0))
#define NV_MODULE (GENMASK(31, 24) | GENMASK(13, 0))
#define NV_GET(_mask, _type, _name)					\
	READ_AS(0x4, _mask, _type, CONFIG_READ, _name)
#define NV_PUT(_mask, _type, _name)					\
	WRITE_AS(0x4, _mask, _type, CONFIG_WRITE, _name)
#define NV_SET(...)							\
	ALL_OF(NV_GET(__VA_ARGS__), NV_PUT(__VA_ARGS__))
#define NV_PARAMETERS ALL_OF(						\
	NV_SET(NV_GLOBAL, 0x00000002, base_mac_guid),			\
	NV_GET(NV_GLOBAL, 0x00000003, base_mac_guid_cap),		\
	NV_GET(NV_GLOBAL, 0x00000004, forbidden_versions),		\
	NV_SET(NV_GLOBAL, 0x00000006, memic_conf),			\
	NV_GET(NV_GLOBAL, 0x00000007, memic_cap),			\
	NV_SET(NV_GLOBAL, 0x00000008, host_chaining_conf),		\
	NV_GET(NV_GLOBAL, 0x00000009, host_chaining_cap),		\
	NV_SET(NV_GLOBAL, 0x0000000a, fpga_conf),			\
	NV_GET(NV_GLOBAL, 0x0000000b, fpga_cap),			\
	NV_SET(NV_GLOBAL, 0x0000000c, internal_cpu_conf),		\
	NV_GET(NV_GLOBAL, 0x0000000d, internal_cpu_cap),		\
	NV_SET(NV_GLOBAL, 0x0000000e, flex_parser_conf),		\
	NV_GET(NV_GLOBAL, 0x0000000f, flex_parser_cap),			\
	NV_SET(NV_GLOBAL, 0x00000010, roce_1_5_conf),			\
	NV_SET(NV_GLOBAL, 0x00000011, host_to_bmc),			\
	NV_SET(NV_GLOBAL, 0x00000013, internal_hairpin_conf),		\
	NV_GET(NV_GLOBAL, 0x00000014, internal_hairpin_cap),		\
	NV_GET(NV_GLOBAL, 0x00000015, dpa_auth),			\
	NV_SET(NV_GLOBAL, 0x00000080, global_pci_conf),			\
	NV_GET(NV_GLOBAL, 0x00000081, global_pci_cap),			\
	NV_SET(NV_GLOBAL, 0x00000082, tpt_conf),			\
	NV_SET(NV_GLOBAL, 0x00000084, global_pci_conf_2),		\
	NV_GET(NV_GLOBAL, 0x00000088, power_conf),			\
	NV_GET(NV_GLOBAL, 0x00000089, power_cap),			\
	NV_SET(NV_GLOBAL, 0x0000008a, host_sync_conf),			\
	NV_SET(NV_GLOBAL, 0x0000008b, emulation_nvme_conf),		\
	NV_GET(NV_GLOBAL, 0x0000008c, emulation_nvme_cap),		\
	NV_SET(NV_GLOBAL, 0x0000008d, emulation_pci_switch_conf),	\
	NV_GET(NV_GLOBAL, 0x0000008e, emulation_pci_switch_cap),	\
	NV_SET(NV_GLOBAL, 0x00000090, emulation_virtio_net_conf),	\
	NV_GET(NV_GLOBAL, 0x00000091, emulation_virtio_net_cap),	\
	NV_SET(NV_GLOBAL, 0x00000092, emulation_virtio_blk_conf),	\
	NV_GET(NV_GLOBAL, 0x00000093, emulation_virtio_blk_cap),	\
	NV_SET(NV_GLOBAL, 0x00000094, global_pci_conf_3),		\
	NV_SET(NV_GLOBAL, 0x00000095, emulation_virtio_fs_conf),	\
	NV_GET(NV_GLOBAL, 0x00000096, emulation_virtio_fs_cap),		\
	NV_SET(NV_GLOBAL, 0x00000097, global_pci_conf_4),		\
	NV_GET(NV_GLOBAL, 0x00000098, external_host_priv_fast_conf),	\
	NV_SET(NV_GLOBAL, 0x0000009a, global_pci_gpio_conf),		\
	NV_SET(NV_GLOBAL, 0x0000009b, customization_number),		\
	NV_SET(NV_GLOBAL, 0x0000009c, global_pci_conf_5),		\
	NV_GET(NV_GLOBAL, 0x00000100, rom_ini),				\
	NV_GET(NV_GLOBAL, 0x00000101, rom_cap),				\
	NV_SET(NV_GLOBAL, 0x0000010a, sw_offload_conf),			\
	NV_GET(NV_GLOBAL, 0x0000010b, sw_offload_cap),			\
	NV_SET(NV_GLOBAL, 0x0000010c, packet_pacing),			\
	NV_SET(NV_GLOBAL, 0x0000010e, file_id_mlnx),			\
	NV_SET(NV_GLOBAL, 0x0000010f, file_id_vendor),			\
	NV_SET(NV_GLOBAL, 0x00000110, fpga_data),			\
	NV_SET(NV_GLOBAL, 0x00000111, prog_cc),				\
	NV_GET(NV_GLOBAL, 0x00000113, global_pci_cap_3),		\
	NV_SET(NV_GLOBAL, 0x00000114, pcc_int),				\
	NV_GET(NV_GLOBAL, 0x00000115, pcc_int_cap),			\
	NV_SET(NV_GLOBAL, 0x00000116, global_mask),			\
	NV_SET(NV_GLOBAL, 0x00000117, performance_tuning_conf),		\
	NV_GET(NV_GLOBAL, 0x00000118, performance_tuning_cap),		\
	NV_SET(NV_GLOBAL, 0x00000119, global_roce_cc_conf),		\
	NV_GET(NV_GLOBAL, 0x0000011a, global_roce_cc_cap),		\
	NV_SET(NV_GLOBAL, 0x0000011b, nvmf_target_conf),		\
	NV_GET(NV_GLOBAL, 0x0000011c, nvmf_target_cap),			\
	NV_SET(NV_GLOBAL, 0x0000011d, sw_accelerate_conf),		\
	NV_SET(NV_GLOBAL, 0x0000011e, emulation_upt_conf),		\
	NV_SET(NV_GLOBAL, 0x00000120, crypto_conf),			\
	NV_SET(NV_GLOBAL, 0x00000121, host_mng_conf),			\
	NV_SET(NV_GLOBAL, 0x00000122, host_sm_conf),			\
	NV_GET(NV_GLOBAL, 0x00000123, external_host_priv_conf),		\
	NV_GET(NV_GLOBAL, 0x00000124, advanced_testability),		\
	NV_SET(NV_GLOBAL, 0x00000125, config_profile),			\
	NV_SET(NV_GLOBAL, 0x00000190, ib_dc_conf),			\
	NV_GET(NV_GLOBAL, 0x00000191, ib_dc_cap),			\
	NV_SET(NV_GLOBAL, 0x00000192, enclosure_info),			\
	NV_GET(NV_GLOBAL, 0x00000194, current_configurator),		\
	NV_GET(NV_GLOBAL, 0x0000019c, ls_nv_public_key_0),		\
	NV_GET(NV_GLOBAL, 0x0000019d, ls_nv_public_key_1),		\
	NV_GET(NV_GLOBAL, 0x0000019e, ls_nv_public_key_2),		\
	NV_GET(NV_GLOBAL, 0x000001a0, dpa_app_0),			\
	NV_GET(NV_GLOBAL, 0x000001a1, dpa_app_1),			\
	NV_GET(NV_GLOBAL, 0x000001a2, dpa_app_2),			\
	NV_GET(NV_GLOBAL, 0x000001a3, dpa_app_3),			\
	NV_GET(NV_GLOBAL, 0x000001a4, dpa_app_4),			\
	NV_GET(NV_GLOBAL, 0x000001a5, dpa_app_5),			\
	NV_GET(NV_GLOBAL, 0x000001a6, dpa_app_6),			\
	NV_GET(NV_GLOBAL, 0x000001a7, dpa_app_7),			\
	NV_SET(NV_GLOBAL, 0x00000211, rom_ocsd_ocbb),			\
	NV_GET(NV_GLOBAL, 0x00000400, vts_bank_a),			\
	NV_GET(NV_GLOBAL, 0x00000401, vts_bank_b),			\
	NV_SET(NV_PORT, 0x01000012, vpi_link_type),			\
	NV_SET(NV_PORT, 0x01000081, multiplane_conf),			\
	NV_SET(NV_PORT, 0x01000082, ib_link_phy_conf),			\
	NV_SET(NV_PORT, 0x01000107, roce_cc),				\
	NV_SET(NV_PORT, 0x01000108, roce_cc_ecn),			\
	NV_SET(NV_PORT, 0x01000109, roce_cc_qcn),			\
	NV_SET(NV_PORT, 0x0100010a, lldp_nb_conf),			\
	NV_GET(NV_PORT, 0x0100010b, lldp_nb_cap),			\
	NV_SET(NV_PORT, 0x0100011b, roce_conf),				\
	NV_SET(NV_PORT, 0x0100018e, lldp_nb_dcbx),			\
	NV_SET(NV_PORT, 0x01000190, keep_link_up),			\
	NV_SET(NV_PORT, 0x01000192, qos_conf),				\
	NV_GET(NV_PORT, 0x01000193, qos_cap),				\
	NV_SET(NV_PORT, 0x01000196, mpfs_conf),				\
	NV_GET(NV_PORT, 0x01000197, mpfs_cap),				\
	NV_SET(NV_PORT, 0x01000201, link_phy_conf),			\
	NV_GET(NV_PORT, 0x01000202, link_phy_cap),			\
	NV_SET(NV_FUNCTION, 0x03000010, wol_conf),			\
	NV_GET(NV_FUNCTION, 0x0300001f, wol_cap),			\
	NV_SET(NV_FUNCTION, 0x03000080, pf_pci_conf),			\
	NV_SET(NV_FUNCTION, 0x0300008b, emulation_mng_nvme_conf),	\
	NV_GET(NV_FUNCTION, 0x0300008c, emulation_mng_nvme_cap),	\
	NV_SET(NV_FUNCTION, 0x0300008d, emulation_mng_pci_switch_conf),	\
	NV_GET(NV_FUNCTION, 0x0300008e, emulation_mng_pci_switch_cap),	\
	NV_SET(NV_FUNCTION, 0x03000090, emulation_mng_virtio_net_conf),	\
	NV_GET(NV_FUNCTION, 0x03000091, emulation_mng_virtio_net_cap),	\
	NV_SET(NV_FUNCTION, 0x03000092, emulation_mng_virtio_blk_conf),	\
	NV_GET(NV_FUNCTION, 0x03000093, emulation_mng_virtio_blk_cap),	\
	NV_SET(NV_FUNCTION, 0x03000095, emulation_mng_virtio_fs_conf),	\
	NV_GET(NV_FUNCTION, 0x03000096, emulation_mng_virtio_fs_cap),	\
	NV_SET(NV_FUNCTION, 0x03000110, virt_net_addr),			\
	NV_SET(NV_FUNCTION, 0x03000111, virt_guid_addr),		\
	NV_SET(NV_FUNCTION, 0x03000112, hca_conf),			\
	NV_GET(NV_FUNCTION, 0x03000113, hca_cap),			\
	NV_SET(NV_FUNCTION, 0x03000114, ecpf_conf),			\
	NV_GET(NV_FUNCTION, 0x03000115, ecpf_cap),			\
	NV_GET(NV_FUNCTION, 0x03000192, external_port_ctrl),		\
	NV_SET(NV_FUNCTION, 0x03000195, rom_boot_conf2),		\
	NV_SET(NV_FUNCTION, 0x03000196, rom_uefi_conf),			\
	NV_SET(NV_FUNCTION, 0x03000197, rom_root_ca_fingerprint),	\
	NV_SET(NV_FUNCTION, 0x03000202, rom_debug_level),		\
	NV_SET(NV_FUNCTION, 0x03000204, rom_flexboot_debug),		\
	NV_SET(NV_FUNCTION, 0x03000206, rom_uefi_debug_level),		\
	NV_SET(NV_FUNCTION, 0x03000210, rom_banner_timeout),		\
	NV_SET(NV_FUNCTION, 0x03000221, rom_boot_conf1),		\
	NV_SET(NV_FUNCTION, 0x03000222, rom_ib_boot_conf),		\
	NV_SET(NV_FUNCTION, 0x03000223, rom_ib_dhcp_conf),		\
	NV_SET(NV_FUNCTION, 0x03000230, rom_iscsi_general_conf),	\
	NV_SET(NV_FUNCTION, 0x03000231, rom_dhcp_vendor_id),		\
	NV_SET(NV_FUNCTION, 0x03000232, rom_iscsi_initiator_ip_addr),	\
	NV_SET(NV_FUNCTION, 0x03000233, rom_iscsi_initiator_subnet_mask), \
	NV_SET(NV_FUNCTION, 0x03000234, rom_iscsi_initiator_gateway),	\
	NV_SET(NV_FUNCTION, 0x03000235, rom_iscsi_initiator_primary_dns_addr), \
	NV_SET(NV_FUNCTION, 0x03000236, rom_iscsi_initiator_secondary_dns_addr), \
	NV_SET(NV_FUNCTION, 0x03000237, rom_iscsi_initiator_name),	\
	NV_SET(NV_FUNCTION, 0x03000238, rom_iscsi_initiator_chap_id),	\
	NV_SET(NV_FUNCTION, 0x0300023a, rom_iscsi_dhcp),		\
	NV_SET(NV_FUNCTION, 0x03000240, rom_iscsi_connect_to_first_target), \
	NV_SET(NV_FUNCTION, 0x03000241, rom_iscsi_first_target_addr),	\
	NV_SET(NV_FUNCTION, 0x03000242, rom_iscsi_first_target_port),	\
	NV_SET(NV_FUNCTION, 0x03000243, rom_iscsi_first_target_lun),	\
	NV_SET(NV_FUNCTION, 0x03000244, rom_iscsi_first_target_name),	\
	NV_SET(NV_FUNCTION, 0x03000245, rom_iscsi_first_target_chap_id), \
	NV_SET(NV_FUNCTION, 0x03000250, rom_iscsi_connect_to_second_target), \
	NV_SET(NV_FUNCTION, 0x03000251, rom_iscsi_second_target_addr),	\
	NV_SET(NV_FUNCTION, 0x03000252, rom_iscsi_second_target_port),	\
	NV_SET(NV_FUNCTION, 0x03000253, rom_iscsi_second_target_lun),	\
	NV_SET(NV_FUNCTION, 0x03000254, rom_iscsi_second_target_name),	\
	NV_SET(NV_FUNCTION, 0x03000255, rom_iscsi_second_target_chap_id), \
	NV_SET(NV_GLOBAL, 0x07000080, pci_conf),			\
	NV_GET(NV_GLOBAL, 0x07000081, pci_cap),				\
	NV_SET(NV_GLOBAL, 0x07000082, safe_mode_conf),			\
	NV_GET(NV_GLOBAL, 0x07000083, host_priv_conf),			\
	NV_GET(NV_GLOBAL, 0x07000100, host_priv_cap),			\
	NV_GET(NV_MODULE, 0x09000002, module_feature_cap),		\
	NV_SET(NV_MODULE, 0x09000004, module_split),			\
	NV_GET(NV_MODULE, 0x09000080, module_power))

REGISTER(0x0100, UNIT_PERF_COUNTERS_GLOBAL_CTRL, 16, PROFILE,
	 READ_WITH(0x0, GENMASK(7, 0), DEBUG_WRITE, cmd),
	 WRITE_TAKES(0x0, GENMASK(7, 0), cmd))
REGISTER(0x0101, UNIT_PERF_COUNTERS_CFG, 32, PROFILE,
	 READ_WITH(0x0, GENMASK(15, 12), DEBUG_WRITE, cnt0_cmd),
	 READ_WITH(0x4, GENMASK(15, 12), DEBUG_WRITE, cnt1_cmd),
	 READ_WITH(0x8, GENMASK(15, 12), DEBUG_WRITE, cnt2_cmd),
	 READ_WITH(0xc, GENMASK(15, 12), DEBUG_WRITE, cnt3_cmd),
	 READ_WITH(0x10, GENMASK(15, 12), DEBUG_WRITE, cnt4_cmd),
	 READ_WITH(0x14, GENMASK(15, 12), DEBUG_WRITE, cnt5_cmd),
	 READ_WITH(0x18, GENMASK(15, 12), DEBUG_WRITE, cnt6_cmd),
	 READ_WITH(0x1c, GENMASK(15, 12), DEBUG_WRITE, cnt7_cmd),
	 WRITE_TAKES(0x0, GENMASK(15, 12) | GENMASK(7, 0), cnt0_select, cnt0_cmd),
	 WRITE_TAKES(0x4, GENMASK(15, 12) | GENMASK(7, 0), cnt1_select, cnt1_cmd),
	 WRITE_TAKES(0x8, GENMASK(15, 12) | GENMASK(7, 0), cnt2_select, cnt2_cmd),
	 WRITE_TAKES(0xc, GENMASK(15, 12) | GENMASK(7, 0), cnt3_select, cnt3_cmd),
	 WRITE_TAKES(0x10, GENMASK(15, 12) | GENMASK(7, 0), cnt4_select, cnt4_cmd),
	 WRITE_TAKES(0x14, GENMASK(15, 12) | GENMASK(7, 0), cnt5_select, cnt5_cmd),
	 WRITE_TAKES(0x18, GENMASK(15, 12) | GENMASK(7, 0), cnt6_select, cnt6_cmd),
	 WRITE_TAKES(0x1c, GENMASK(15, 12) | GENMASK(7, 0), cnt7_select, cnt7_cmd))
REGISTER(0x0102, UNIT_PERF_COUNTERS_DATA, 32, STATE)
REGISTER(0x0104, MISC_COUNTERS, 32, STATE)
REGISTER(0x0700, LOOPBACK_CONTROL, 16, PORT,
	 WRITE_TAKES(0x0, BIT(31) | GENMASK(23, 16), port, no_lb))
REGISTER(0x0701, DB_TRESHOLD, 16, RDMA,
	 WRITE_TAKES(0x0, GENMASK(15, 0), threshold),
	 WRITE_TAKES(0x4, GENMASK(15, 0), size))
REGISTER(0x2802, CWTP, 64, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 12), lp_msb, pnat, local_port),
	 WRITE_TAKES(0x20, GENMASK(7, 0), traffic_class),
	 WRITE_TAKES(0x24, BIT(24), mode),
	 WRITE_TAKES(0x28, GENMASK(23, 0), profile1_min),
	 WRITE_TAKES(0x2c, GENMASK(30, 0), profile1_max, profile1_percent),
	 WRITE_TAKES(0x30, GENMASK(23, 0), profile2_min),
	 WRITE_TAKES(0x34, GENMASK(30, 0), profile2_max, profile2_percent),
	 WRITE_TAKES(0x38, GENMASK(23, 0), profile3_min),
	 WRITE_TAKES(0x3c, GENMASK(30, 0), profile3_max, profile3_percent))
REGISTER(0x2803, CWTPM, 68, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 12), lp_msb, pnat, local_port),
	 WRITE_TAKES(0x20, GENMASK(7, 0), traffic_class),
	 WRITE_TAKES(0x24, GENMASK(2, 0), ee, ew, ece))
REGISTER(0x281f, CWCAM, 80, IDENTITY)
REGISTER(0x38f0, ICSR, 1040, RAW)
REGISTER(0x4002, QPTS, 8, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(2, 0), trust_state))
REGISTER(0x4005, QETCR, 80, QOS)
REGISTER(0x4007, QPDP, 8, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(9, 8) | GENMASK(3, 0), switch_prio, color))
REGISTER(0x4008, QPRT, 8, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 8), pcp, dei, lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(9, 8) | GENMASK(3, 0), rprio, color))
REGISTER(0x400a, QTCT, 8, QOS,
	 WRITE_TAKES(0x0, GENMASK(31, 28) | GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(3, 0),
		     switch_prio, lp_msb, local_port, operation_type),
	 WRITE_TAKES(0x4, GENMASK(3, 0), tclass))
REGISTER(0x400d, QEEC, 32, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 12), lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(19, 16) | GENMASK(7, 0), element_index, element_hierarchy),
	 WRITE_TAKES(0x8, GENMASK(7, 0), next_element_index),
	 WRITE_TAKES(0x10, GENMASK(31, 0), max_shaper_rate, mase),
	 WRITE_TAKES(0x18, BIT(31) | BIT(15) | GENMASK(7, 0), dwrr_weight, dwrr, de))
REGISTER(0x400e, QSPIP, 8, QOS,
	 WRITE_TAKES(0x0, GENMASK(3, 0), switch_prio),
	 WRITE_TAKES(0x4, GENMASK(2, 0), ieee_prio))
REGISTER(0x4013, QPDPM, 132, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_OPAQUE(0x4, dscp))
REGISTER(0x4016, QHLL, 12, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 24) | GENMASK(4, 0), hll_time, hll_mask),
	 WRITE_TAKES(0x8, BIT(31) | GENMASK(2, 0), stall_cnt, stall_en))
REGISTER(0x4019, QCAM, 72, IDENTITY)
REGISTER(0x401e, QSPCP, 12, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(3, 0), switch_prio, lp_msb,
		     local_port),
	 WRITE_TAKES(0x4, GENMASK(2, 0), rx_counting_prio),
	 WRITE_TAKES(0x8, GENMASK(2, 0), tx_counting_prio))
REGISTER(0x4020, DCBX_PARAM, 64, QOS,
	 WRITE_TAKES(0x0, GENMASK(31, 29) | GENMASK(23, 16) | GENMASK(5, 0), port_number),
	 WRITE_TAKES(0x4, GENMASK(10, 8) | GENMASK(2, 0), version_admin),
	 WRITE_TAKES(0x8, BIT(31) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(11, 8) |
		     GENMASK(3, 0), num_of_tc_admin, pfc_cap_admin, willing_admin),
	 WRITE_TAKES(0xc, BIT(31) | GENMASK(27, 24) | GENMASK(3, 0), remote_num_of_tc,
		     remote_pfc_cap, remote_willing),
	 WRITE_TAKES(0x10, GENMASK(7, 0), error))
REGISTER(0x4021, DCBX_APPLICATION, 20, QOS,
	 WRITE_TAKES(0x0, GENMASK(23, 16), port_number),
	 WRITE_TAKES(0x4, GENMASK(5, 0), num_app_prio),
	 WRITE_TAKES(0x10, GENMASK(23, 21) | GENMASK(18, 0), app_prio))
REGISTER(0x4022, FPGA_CAP, 64, IDENTITY)
REGISTER(0x4023, FPGA_CTRL, 16, RAW)
REGISTER(0x4024, FPGA_ACCESS_REG, 80, RAW)
REGISTER(0x402c, ROCE_ACCL, 128, RDMA,
	 WRITE_TAKES(0x0, GENMASK(28, 27) | GENMASK(11, 0), roce_adp_retrans_field_select,
		     roce_tx_window_field_select, roce_slow_restart_field_select,
		     roce_slow_restart_idle_field_select,
		     min_ack_timeout_limit_disabled_field_select,
		     adaptive_routing_forced_en_field_select,
		     selective_repeat_forced_en_field_select, dc_half_handshake_en_field_select,
		     cc_per_plane_en_field_select, ack_dscp_force_field_select,
		     cc_burst_size_select, cc_probe_mp_mode_field_select, ifa2_turn_around_select,
		     adp_retx_profile_select),
	 WRITE_TAKES(0x4, GENMASK(30, 24) | GENMASK(15, 0), roce_adp_retrans_en,
		     roce_tx_window_en, roce_slow_restart_en, roce_slow_restart_idle_en,
		     min_ack_timeout_limit_disabled, adaptive_routing_forced_en,
		     selective_repeat_forced_en, dc_half_handshake_en, cc_per_plane_en,
		     ack_dscp_force, ack_dscp, cc_burst_size, ifa2_turn_around_en,
		     adp_retx_profile_id),
	 WRITE_TAKES(0x8, GENMASK(30, 28) | GENMASK(26, 24) | GENMASK(21, 0), cc_probe_mp_mode),
	 WRITE_TAKES(0x10, GENMASK(31, 28) | GENMASK(26, 22) | GENMASK(15, 0), time_base,
		     time_unit, start_range_index, range_num, qp_total_timeout),
	 WRITE_TAKES(0x14, GENMASK(31, 24) | GENMASK(15, 0), timeout_init_range_size,
		     timeout_init_low_bound, retx_total_timeout),
	 WRITE_TAKES(0x18, GENMASK(30, 0), timeout_range),
	 WRITE_TAKES(0x1c, GENMASK(30, 0), timeout_range),
	 WRITE_TAKES(0x20, GENMASK(30, 0), timeout_range),
	 WRITE_TAKES(0x24, GENMASK(30, 0), timeout_range),
	 WRITE_OPAQUE(0x70, reserved))
REGISTER(0x402d, MLOCK, 16, IDENTITY,
	 READ_WITH(0x0, GENMASK(7, 0), FULL, operation),
	 READ_WITH(0x8, GENMASK(31, 0), FULL, key_hi),
	 READ_WITH(0xc, GENMASK(31, 0), FULL, key_lo))
REGISTER(0x402e, CORE_DUMP, 64, DMA)
REGISTER(0x4030, QSHR, 80, QOS,
	 READ_WITH(0x48, BIT(29), DEBUG_WRITE, r),
	 WRITE_TAKES(0x0, BIT(27) | BIT(25) | GENMASK(23, 16), local_port, fr, ch),
	 WRITE_TAKES(0x48, BIT(29), r),
	 WRITE_TAKES(0x4c, GENMASK(19, 0), max_bw_value, max_bw_value_msb, max_bw_units))
REGISTER(0x5001, PCAP, 20, PORT,
	 WRITE_TAKES(0x0, BIT(31) | GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port, cm2_en),
	 WRITE_OPAQUE(0x4, port_capability_mask))
REGISTER(0x5002, PMLP, 64, PORT,
	 WRITE_TAKES(0x0, BIT(31) | BIT(28) | GENMASK(23, 16) | GENMASK(13, 0), width, plane_ind,
		     lp_msb, local_port, m_lane_m, rxtx),
	 WRITE_TAKES(0x4, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x8, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0xc, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x10, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x14, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x18, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x1c, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping),
	 WRITE_TAKES(0x20, BIT(30) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 0),
		     lane_module_mapping))
REGISTER(0x5003, PMTU, 16, PORT,
	 WRITE_TAKES(0x0, GENMASK(31, 28) | GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(5, 4) |
		     BIT(0), itre, i_e, lp_msb, local_port, protocol),
	 WRITE_TAKES(0x4, GENMASK(31, 16), max_mtu),
	 WRITE_TAKES(0x8, GENMASK(31, 16), admin_mtu),
	 WRITE_TAKES(0xc, GENMASK(31, 16), oper_mtu))
REGISTER(0x5004, PTYS, 68, PORT,
	 READ_WITH(0x0, BIT(28), DEBUG_WRITE, ee_tx_ready),
	 WRITE_TAKES(0x0, GENMASK(30, 26) | GENMASK(23, 16) | GENMASK(13, 0), proto_mask,
		     transmit_allowed, plane_ind, port_type, lp_msb, local_port, tx_ready_e,
		     ee_tx_ready, an_disable_admin),
	 WRITE_TAKES(0x4, GENMASK(31, 0), data_rate_oper, max_port_rate, an_status),
	 WRITE_TAKES(0x8, GENMASK(31, 0), ext_eth_proto_capability),
	 WRITE_TAKES(0xc, GENMASK(31, 0), eth_proto_capability),
	 WRITE_TAKES(0x10, GENMASK(31, 0), ib_proto_capability, ib_link_width_capability),
	 WRITE_TAKES(0x14, GENMASK(31, 0), ext_eth_proto_admin),
	 WRITE_TAKES(0x18, GENMASK(31, 0), eth_proto_admin),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), ib_proto_admin, ib_link_width_admin),
	 WRITE_TAKES(0x20, GENMASK(31, 0), ext_eth_proto_oper),
	 WRITE_TAKES(0x24, GENMASK(31, 0), eth_proto_oper),
	 WRITE_TAKES(0x28, GENMASK(31, 0), ib_proto_oper, ib_link_width_oper),
	 WRITE_TAKES(0x2c, GENMASK(31, 28) | GENMASK(25, 0), xdr_2x_slow_admin,
		     force_lt_frames_admin),
	 WRITE_TAKES(0x38, GENMASK(31, 0), ext_proto_ib, ext_proto_nvlink),
	 WRITE_TAKES(0x3c, GENMASK(31, 0), ext_proto_ib, ext_proto_nvlink),
	 WRITE_TAKES(0x40, GENMASK(31, 0), ext_proto_ib, ext_proto_nvlink))
REGISTER(0x5005, PPAD, 16, PORT,
	 WRITE_TAKES(0x0, BIT(28) | GENMASK(25, 0), mac_47_32, local_port, lp_msb, single_base_mac),
	 WRITE_TAKES(0x4, GENMASK(31, 0), mac_31_0))
REGISTER(0x5006, PAOS, 16, PORT,
	 READ_WITH(0x4, GENMASK(31, 27), DEBUG_WRITE, ee_nmxas, ee_ps, ee_ls, ee, ase),
	 WRITE_TAKES(0x0, GENMASK(31, 16) | GENMASK(13, 0), plane_ind, admin_status, lp_msb,
		     local_port, swid),
	 WRITE_TAKES(0x4, GENMASK(31, 27) | GENMASK(23, 20) | GENMASK(18, 12) | GENMASK(9, 4) |
		     GENMASK(1, 0), e, fd, ps_e, ls_e, ee_nmxas, ee_ps, ee_ls, ee, ase),
	 WRITE_TAKES(0x8, BIT(31) | GENMASK(18, 16) | GENMASK(13, 12) | GENMASK(7, 4) |
		     GENMASK(2, 0), nmxas_e, ps_e_ext))
REGISTER(0x5007, PFCC, 32, QOS,
	 READ_WITH(0x0, GENMASK(25, 24) | GENMASK(6, 2), DEBUG_WRITE, critical_stall_mask,
		   minor_stall_mask, ppan_mask_n, cable_length_mask, packet_ratio_mask,
		   set_buf_ownership),
	 READ_WITH(0x4, BIT(27) | GENMASK(23, 16) | GENMASK(7, 0), DEBUG_WRITE, prio_mask_rx,
		   prio_mask_tx, mlb_mask),
	 READ_WITH(0x8, BIT(29), DEBUG_WRITE, pptx_mask_n),
	 READ_WITH(0xc, BIT(29), DEBUG_WRITE, pprx_mask_n),
	 WRITE_TAKES(0x0, GENMASK(31, 12) | GENMASK(6, 2), critical_stall_mask, minor_stall_mask,
		     ppan_mask_n, cable_length_mask, packet_ratio_mask, lp_msb, pnat, local_port,
		     set_buf_ownership, dcbx_operation_type),
	 WRITE_TAKES(0x4, GENMASK(31, 16) | GENMASK(7, 0), prio_mask_rx, prio_mask_tx, mlb,
		     mlb_mask, ppan),
	 WRITE_TAKES(0x8, GENMASK(31, 27) | GENMASK(23, 16) | BIT(8), pfctx, pptx_mask_n, pptx),
	 WRITE_TAKES(0xc, GENMASK(31, 27) | GENMASK(23, 16), pfcrx, pprx_mask_n, pprx),
	 WRITE_TAKES(0x10, GENMASK(31, 0), device_stall_critical_watermark,
		     device_stall_minor_watermark),
	 WRITE_TAKES(0x14, GENMASK(31, 24) | GENMASK(12, 0), cable_length, packet_ratio),
	 WRITE_TAKES(0x18, GENMASK(17, 0), pfc_rx_timer_value, pfc_rx_timer_mode))
REGISTER(0x5008, PPCNT, 256, STATE, READ_WITH(0x4, BIT(31), DEBUG_WRITE, clr))
REGISTER(0x500b, PPTB, 12, QOS,
	 READ_WITH(0x0, GENMASK(9, 0), DEBUG_WRITE, pm, um, cm),
	 READ_WITH(0x8, GENMASK(31, 24), DEBUG_WRITE, pm_msb),
	 WRITE_TAKES(0x0, GENMASK(29, 28) | GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(9, 0), pm,
		     um, cm, lp_msb, local_port, mm),
	 WRITE_TAKES(0x4, GENMASK(31, 0), prio0buff, prio1buff, prio2buff, prio3buff, prio4buff,
		     prio5buff, prio6buff, prio7buff),
	 WRITE_TAKES(0x8, GENMASK(31, 24) | GENMASK(7, 0), untagged_buff, ctrl_buff, pm_msb))
REGISTER(0x500c, PBMC, 108, QOS,
	 READ_WITH(0xc, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x14, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x1c, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x24, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x2c, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x34, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x3c, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x44, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x4c, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x54, BIT(31) | BIT(26), DEBUG_WRITE, xon_xoff_threshold_mask_n,
		   drop_over_max_mask),
	 READ_WITH(0x5c, BIT(31) | BIT(26), DEBUG_WRITE, drop_over_max_mask,
		   xon_xoff_threshold_mask_n),
	 READ_WITH(0x64, BIT(31) | BIT(26), DEBUG_WRITE, drop_over_max_mask,
		   xon_xoff_threshold_mask_n),
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 0), xoff_refresh, xoff_timer_value),
	 WRITE_TAKES(0x8, GENMASK(22, 0), fullness_threshold),
	 WRITE_TAKES(0xc, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x10, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x14, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x18, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x1c, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x20, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x24, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x28, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x2c, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x30, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x34, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x38, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x3c, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x40, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x44, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x48, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x4c, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x50, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x54, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), buffer),
	 WRITE_TAKES(0x58, GENMASK(31, 0), buffer),
	 WRITE_TAKES(0x5c, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), size, epsb, lossy,
		     drop_over_max_mask, xon_xoff_threshold_mask_n),
	 WRITE_TAKES(0x60, GENMASK(31, 0), xon_threshold, xoff_threshold),
	 WRITE_TAKES(0x64, BIT(31) | GENMASK(26, 24) | GENMASK(15, 0), size, epsb, lossy,
		     drop_over_max_mask, xon_xoff_threshold_mask_n),
	 WRITE_TAKES(0x68, GENMASK(31, 0), xon_threshold, xoff_threshold))
REGISTER(0x5011, PPSC, 48, PORT,
	 READ_WITH(0x18, GENMASK(31, 30), DEBUG_WRITE, down_th_vld, up_th_vld),
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, BIT(0), mod_pwr_opt),
	 WRITE_TAKES(0x10, GENMASK(3, 0), wrps_admin),
	 WRITE_TAKES(0x14, GENMASK(3, 0), wrps_status),
	 WRITE_TAKES(0x18, GENMASK(31, 30) | GENMASK(23, 16) | GENMASK(7, 0), down_threshold,
		     up_threshold, down_th_vld, up_th_vld),
	 WRITE_TAKES(0x20, GENMASK(3, 0), srps_admin))
REGISTER(0x5012, PMAOS, 16, MODULE,
	 READ_WITH(0x0, BIT(31), FULL, rst),
	 READ_WITH(0x4, GENMASK(31, 30), FULL, ee, ase))
REGISTER(0x5013, PMPR, 16, LANE,
	 WRITE_TAKES(0x0, GENMASK(27, 16), module, slot_index),
	 WRITE_TAKES(0x4, GENMASK(7, 0), attenuation_5g),
	 WRITE_TAKES(0x8, GENMASK(23, 16) | GENMASK(7, 0), attenuation_7g, attenuation_53g),
	 WRITE_TAKES(0xc, GENMASK(23, 16) | GENMASK(7, 0), attenuation_12g, attenuation_25g))
REGISTER(0x5014, PRTL, 32, STATE)
REGISTER(0x5017, PIPG, 8, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(9, 2), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(28, 2), ipg, ipg_cap_index))
REGISTER(0x5018, PPLR, 8, PORT,
	 READ_WITH(0x0, GENMASK(9, 8), DEBUG_WRITE, op_mod, apply_im),
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(9, 0), plane_ind, port_type,
		     op_mod, apply_im, lp_msb, local_port),
	 WRITE_TAKES(0x4, BIT(30) | GENMASK(27, 16) | GENMASK(11, 0), lb_en, lb_cap_mode_idx))
REGISTER(0x5019, PEIR, 12, INJECTION)
REGISTER(0x5023, PPLM, 128, PORT,
	 READ_WITH(0x0, GENMASK(27, 24) | GENMASK(3, 2), DEBUG_WRITE, plr_vld, tx_crc_plr_vld,
		   plr_reject_mode_vld, plr_margin_th_override_to_default,
		   tx_crc_plr_override_to_default, plr_reject_mode_override_to_default),
	 WRITE_TAKES(0x0, GENMASK(28, 1), test_mode, plr_vld, tx_crc_plr_vld, plane_ind,
		     port_type, lp_msb, pnat, local_port, plr_reject_mode_vld,
		     plr_margin_th_override_to_default, tx_crc_plr_override_to_default,
		     plr_reject_mode_override_to_default, resilink_fec_ind),
	 WRITE_TAKES(0x4, GENMASK(31, 25) | GENMASK(22, 18) | GENMASK(16, 9) | GENMASK(3, 0),
		     fec_generation, plr_margin_th_support, tx_crc_plr_support,
		     plr_reject_mode_support, plr_reject_mode_oper, tx_crc_plr_oper,
		     plr_margin_th_oper),
	 WRITE_TAKES(0xc, GENMASK(31, 27) | GENMASK(25, 0), plr_reject_mode, tx_crc_plr,
		     plr_margin_th),
	 WRITE_TAKES(0x10, GENMASK(31, 28) | GENMASK(19, 0), fec_override_cap_10g_40g,
		     fec_override_cap_25g, fec_override_cap_50g, fec_override_cap_100g,
		     fec_override_cap_56g, rs_fec_correction_bypass_cap),
	 WRITE_TAKES(0x14, GENMASK(31, 28) | GENMASK(19, 0), fec_override_admin_10g_40g,
		     fec_override_admin_25g, fec_override_admin_50g, fec_override_admin_100g,
		     fec_override_admin_56g, rs_fec_correction_bypass_admin),
	 WRITE_TAKES(0x18, GENMASK(31, 0), fec_override_cap_200g_4x, fec_override_cap_400g_8x),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), fec_override_cap_50g_1x, fec_override_cap_100g_2x),
	 WRITE_TAKES(0x20, GENMASK(31, 0), fec_override_admin_200g_4x, fec_override_admin_400g_8x),
	 WRITE_TAKES(0x24, GENMASK(31, 0), fec_override_admin_50g_1x, fec_override_admin_100g_2x),
	 WRITE_TAKES(0x28, GENMASK(31, 0), fec_override_cap_400g_4x, fec_override_cap_800g_8x),
	 WRITE_TAKES(0x2c, GENMASK(31, 0), fec_override_cap_100g_1x, fec_override_cap_200g_2x),
	 WRITE_TAKES(0x44, GENMASK(31, 0), fec_override_admin_400g_4x, fec_override_admin_800g_8x),
	 WRITE_TAKES(0x48, GENMASK(31, 0), fec_override_admin_100g_1x, fec_override_admin_200g_2x),
	 WRITE_TAKES(0x58, GENMASK(31, 0), fec_override_cap_800g_4x, fec_override_cap_1600g_8x),
	 WRITE_TAKES(0x5c, GENMASK(31, 0), fec_override_cap_200g_1x, fec_override_cap_400g_2x),
	 WRITE_TAKES(0x60, GENMASK(31, 0), fec_override_admin_800g_4x, fec_override_admin_1600g_8x),
	 WRITE_TAKES(0x64, GENMASK(31, 0), fec_override_admin_200g_1x, fec_override_admin_400g_2x),
	 WRITE_TAKES(0x68, GENMASK(31, 0), nvlink_fec_override_admin_200g_1x_mode_a),
	 WRITE_TAKES(0x6c, GENMASK(31, 0), nvlink_fec_override_admin_400g_2x_mode_a),
	 WRITE_OPAQUE(0x70, nvlink_fec_override_admin_400g_2x_mode_b,
		      nvlink_fec_override_admin_360g_2x_mode_b,
		      nvlink_fec_override_admin_328g_2x_mode_b,
		      nvlink_fec_override_admin_200g_2x_mode_a))
REGISTER(0x5027, SLTP, 76, LANE,
	 READ_WITH(0x18, BIT(30), DEBUG_WRITE, set_main_location),
	 WRITE_TAKES(0x0, GENMASK(31, 30) | GENMASK(28, 0), c_db, port_type, lane_speed, lane,
		     conf_mod, tx_policy, pnat, local_port, lp_msb),
	 WRITE_TAKES(0x4, GENMASK(31, 0), lt_preset_sel, vs_peer_db, no_db_set, fir_pre2,
		     fir_pre3, drv_amp),
	 WRITE_TAKES(0x8, GENMASK(31, 0), post_tap, main_tap, pre_tap, pre_2_tap, ob_tap2,
		     ob_tap1, ob_tap0, polarity, tap0, tap1, tap2, tap3, gen_speed, fir_post1,
		     fir_main, fir_pre1),
	 WRITE_TAKES(0xc, GENMASK(31, 0), ob_alev_out, ob_amp, ob_m2lp, ob_bias, ob_reg,
		     ob_preemp_mode, ob_leva, tap4, tap5, tap6, tap7, lut0, lut1, lut2, lut3),
	 WRITE_TAKES(0x10, GENMASK(31, 0), tap8, tap9, tap10, tap11, lut4, lut5, lut6, lut7),
	 WRITE_TAKES(0x14, GENMASK(31, 0), regp_bfm1n, regn_bfm1p, obnlev, obplev, drv_amp, lut8,
		     lut9, lut10, lut11),
	 WRITE_TAKES(0x18, GENMASK(31, 0), gen_speed, set_main_location, lut12, lut13, lut14,
		     lut15),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), lut16, lut17, lut18, lut19),
	 WRITE_TAKES(0x20, GENMASK(31, 0), lut20, lut21, lut22, lut23),
	 WRITE_TAKES(0x24, GENMASK(31, 0), lut24, lut25, lut26, lut27),
	 WRITE_TAKES(0x28, GENMASK(31, 0), lut28, lut29, lut30, lut31),
	 WRITE_TAKES(0x2c, GENMASK(31, 0), lut32, lut33, lut34, lut35),
	 WRITE_TAKES(0x30, GENMASK(31, 0), lut36, lut37, lut38, lut39),
	 WRITE_TAKES(0x34, GENMASK(31, 0), lut40, lut41, lut42, lut43),
	 WRITE_TAKES(0x38, GENMASK(31, 0), lut44, lut45, lut46, lut47),
	 WRITE_TAKES(0x3c, GENMASK(31, 0), lut48, lut49, lut50, lut51),
	 WRITE_TAKES(0x40, GENMASK(31, 0), lut52, lut53, lut54, lut55),
	 WRITE_TAKES(0x44, GENMASK(31, 0), lut56, lut57, lut58, lut59),
	 WRITE_TAKES(0x48, GENMASK(31, 0), lut60, lut61, lut62, lut63))
REGISTER(0x5028, SLRG, 40, LANE,
	 READ_WITH(0x4, BIT(5), DEBUG_WRITE, fom_averaging_override_admin),
	 WRITE_TAKES(0x0, GENMASK(31, 4) | GENMASK(2, 1), all_lanes, measurements_thresholds,
		     port_type, lane, lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 16) | GENMASK(11, 5) | GENMASK(3, 0), fom_measurement,
		     fom_mode, fom_averaging_override_admin, fom_averaging_en,
		     fom_averaging_window),
	 WRITE_TAKES(0x8, GENMASK(31, 0), fom_mode),
	 WRITE_TAKES(0xc, GENMASK(31, 0), height_eo_neg_up, height_eo_pos_up, upper_eye, last_fom,
		     lower_eye, mid_eye, fom_lane3, fom_lane2, snr_host_low_warning,
		     snr_host_low_alarm),
	 WRITE_TAKES(0x10, GENMASK(31, 0), height_eo_pos_mid, phase_eo_neg_up, phase_eo_pos_up,
		     lower_eye, mid_eye, fom_lane5, fom_lane4),
	 WRITE_TAKES(0x14, GENMASK(31, 0), phase_eo_neg_mid, phase_eo_pos_mid, height_eo_neg_mid,
		     fom_lane7, fom_lane6),
	 WRITE_TAKES(0x18, GENMASK(31, 0), height_eo_neg_low, height_eo_pos_low, height_eo_neg,
		     height_eo_pos),
	 WRITE_TAKES(0x1c, GENMASK(31, 16), phase_eo_neg_low, phase_eo_pos_low),
	 WRITE_TAKES(0x20, GENMASK(31, 0), up_eye_grade, mid_eye_grade, phase_eo_neg, phase_eo_pos),
	 WRITE_TAKES(0x24, GENMASK(15, 0), dn_eye_grade))
REGISTER(0x502c, SLSIR, 148, STATE)
REGISTER(0x502e, PTASV2, 76, LANE,
	 READ_WITH(0x3c, BIT(31), DEBUG_WRITE, restart_training),
	 WRITE_TAKES(0x0, GENMASK(27, 12) | BIT(10) | BIT(4), lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 29) | GENMASK(25, 24) | GENMASK(14, 12) | GENMASK(3, 0),
		     xdr_lt_c2c_en, xdr_lt_c2m_en, lf_squelch_pol_admin, kr_ext_req),
	 WRITE_TAKES(0x8, GENMASK(30, 0), lane0_seed_prbs31),
	 WRITE_TAKES(0xc, GENMASK(30, 0), lane1_seed_prbs31),
	 WRITE_TAKES(0x10, GENMASK(30, 0), lane2_seed_prbs31),
	 WRITE_TAKES(0x14, GENMASK(30, 0), lane3_seed_prbs31),
	 WRITE_TAKES(0x18, GENMASK(31, 0), lane4_seed_prbs31, max_recovery_events, lt_ext_neg_type),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), lane5_seed_prbs31, lt_ext_timeout_admin,
		     prbs_type_admin, ber_cnt_mlsd_dis, kr_extra_tune_fine_srch_en,
		     num_of_iter_admin, iter_time_admin),
	 WRITE_TAKES(0x20, GENMASK(30, 0), lane6_seed_prbs31, ber_target_coef_admin,
		     ber_target_magnitude_admin),
	 WRITE_TAKES(0x24, GENMASK(31, 0), lane7_seed_prbs31),
	 WRITE_TAKES(0x28, GENMASK(28, 0), lane1_seed_prbs13, lane0_seed_prbs13),
	 WRITE_TAKES(0x2c, GENMASK(28, 16) | GENMASK(12, 0), lane3_seed_prbs13, lane2_seed_prbs13),
	 WRITE_TAKES(0x30, GENMASK(28, 16) | GENMASK(12, 0), lane5_seed_prbs13, lane4_seed_prbs13),
	 WRITE_TAKES(0x34, GENMASK(28, 0), lane7_seed_prbs13, lane6_seed_prbs13, max_wait_timer),
	 WRITE_TAKES(0x3c, BIT(31) | GENMASK(27, 24) | GENMASK(19, 16) | GENMASK(13, 12) |
		     BIT(9) | BIT(6) | BIT(3) | BIT(0), training_en_cap,
		     max_fec_measure_retry_count, restart_training),
	 WRITE_TAKES(0x40, GENMASK(31, 30) | BIT(27) | GENMASK(25, 16) | GENMASK(13, 12) |
		     GENMASK(10, 9) | GENMASK(7, 6) | GENMASK(4, 3) | GENMASK(1, 0), apsu_ctl,
		     hop_count_ctl, lt_peer_det_ctl, nlut_ctl, training_en_ctl, fec_measure_time,
		     mask_enable, fec_measure_en),
	 WRITE_TAKES(0x44, BIT(30) | GENMASK(25, 16) | GENMASK(14, 13) | GENMASK(11, 10) |
		     GENMASK(7, 4) | GENMASK(1, 0), fec_measure_force_neg,
		     fec_measure_fail_action))
REGISTER(0x502f, SLTPV2, 268, LANE,
	 READ_WITH(0x0, BIT(0), DEBUG_WRITE, c_db),
	 WRITE_TAKES(0x0, GENMASK(31, 30) | GENMASK(28, 13) | GENMASK(11, 0), c_db, port_type,
		     lane_speed, lane, tx_policy, pnat, local_port, lp_msb),
	 WRITE_TAKES(0x4, BIT(31) | GENMASK(29, 27) | GENMASK(23, 20) | GENMASK(15, 0), lut_sel,
		     vs_peer_db, no_db_set),
	 WRITE_TAKES(0x8, GENMASK(17, 0), delay0, delay1, delay2),
	 WRITE_OPAQUE(0xc, lut))
REGISTER(0x5031, PDDR, 256, STATE)
REGISTER(0x5036, PPTT, 28, LANE,
	 READ_WITH(0x0, BIT(26), DEBUG_WRITE, dm_ig),
	 WRITE_TAKES(0x0, BIT(31) | GENMASK(28, 4) | GENMASK(1, 0), le, port_type, lane, lp_msb,
		     pnat, local_port, sw, dm_ig, p, e),
	 WRITE_TAKES(0x4, GENMASK(31, 0), prbs_modes_cap),
	 WRITE_TAKES(0x8, GENMASK(31, 22) | BIT(20) | GENMASK(18, 15) | GENMASK(3, 0), modulation,
		     enc_mode_index, primary_secondary_idx, mode_b_idx, prbs_mode_admin),
	 WRITE_TAKES(0xc, GENMASK(31, 0), prbs_fec_cap, lane_rate_cap_ext, lane_rate_cap),
	 WRITE_TAKES(0x10, GENMASK(31, 16) | BIT(0), prbs_fec_admin, lane_rate_admin))
REGISTER(0x5037, PPRT, 36, LANE,
	 READ_WITH(0x0, BIT(30) | BIT(26), DEBUG_WRITE, dm_ig, s),
	 WRITE_TAKES(0x0, GENMASK(31, 30) | GENMASK(28, 4) | GENMASK(1, 0), le, port_type, lane,
		     lp_msb, pnat, local_port, sw, dm_ig, p, s, e),
	 WRITE_TAKES(0x4, GENMASK(31, 0), prbs_modes_cap),
	 WRITE_TAKES(0x8, GENMASK(31, 22) | BIT(20) | BIT(15) | GENMASK(3, 0), modulation,
		     primary_secondary_idx, mode_b_idx, prbs_mode_admin),
	 WRITE_TAKES(0xc, GENMASK(31, 13), enc_mode_index),
	 WRITE_TAKES(0x10, GENMASK(31, 16), lane_rate_oper),
	 WRITE_TAKES(0x14, GENMASK(31, 20), prbs_lock_status_ext, prbs_lock_status,
		     prbs_rx_tuning_status),
	 WRITE_TAKES(0x20, GENMASK(27, 13), lane_rate_cap_ext))
REGISTER(0x5038, PBSR, 100, STATE,
	 READ_WITH(0x4, GENMASK(9, 0), DEBUG_WRITE, clear_wm_buff_mask),
	 READ_WITH(0x8, BIT(31), DEBUG_WRITE, clear_wm))
REGISTER(0x5039, PGMR, 44, LANE,
	 WRITE_TAKES(0x0, GENMASK(31, 4) | BIT(0), pg_sel, port_type, group, lp_msb, pnat,
		     local_port),
	 WRITE_TAKES(0x4, GENMASK(11, 4), group_of_port, plane_ind),
	 WRITE_OPAQUE(0x8, ports_mapping_of_group))
REGISTER(0x503c, PMDR, 72, STATE)
REGISTER(0x503e, PPHCR, 92, STATE, READ_WITH(0xc, GENMASK(15, 0), FULL, bin_range_write_mask))
REGISTER(0x5040, PPAOS, 16, PORT,
	 READ_WITH(0x4, BIT(29), DEBUG_WRITE, dc_cpl_allow),
	 WRITE_TAKES(0x0, GENMASK(31, 16) | GENMASK(13, 0), port_type, phy_test_mode_admin,
		     lp_msb, local_port, swid),
	 WRITE_TAKES(0x4, GENMASK(29, 28) | GENMASK(26, 25) | GENMASK(22, 20) | GENMASK(11, 0),
		     plane_ind, phy_status_admin, primary_secondary_constant, primary_secondary,
		     dc_cpl_allow))
REGISTER(0x5041, PCMR, 12, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 29) | GENMASK(26, 25) | BIT(22) | GENMASK(16, 13) | BIT(1),
		     fcs_cap, rx_ts_over_crc_cap, rx_fcs_drop_cap, tx_fcs_recalc_cap,
		     tx_ts_over_crc_cap, vendor_specific_vlan_type_en_cap,
		     encap_replace_ipv4_id_en_cap, mpls_explicit_null_en_cap,
		     entropy_gre_calc_cap, entropy_calc_cap, force_entropy_cap),
	 WRITE_TAKES(0x8, GENMASK(31, 29) | GENMASK(26, 25) | BIT(22) | GENMASK(16, 13) | BIT(1),
		     fcs_chk, rx_ts_over_crc, rx_fcs_drop, tx_fcs_recalc, tx_ts_over_crc,
		     vendor_specific_vlan_type_en, encap_replace_ipv4_id_en,
		     mpls_explicit_null_en, entropy_gre_calc, entropy_calc, force_entropy))
REGISTER(0x5044, PMMP, 64, MODULE,
	 READ_WITH(0x0, BIT(29) | GENMASK(3, 1), FULL, apply_im, els_trigger_mode, override_target),
	 READ_WITH(0x4, GENMASK(31, 16), FULL, eeprom_override_mask),
	 READ_WITH(0x20, GENMASK(31, 29), FULL, set_laser_operation))
REGISTER(0x5045, PMCR, 44, MODULE)
REGISTER(0x5046, PLTC, 16, LANE,
	 WRITE_TAKES(0x0, GENMASK(23, 12) | GENMASK(7, 0), lane_mask, lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(3, 0), precoding_cap_mask),
	 WRITE_TAKES(0x8, GENMASK(17, 16) | GENMASK(9, 8) | GENMASK(1, 0),
		     local_tx_precoding_admin, precoding_mask, local_rx_precoding_admin),
	 WRITE_TAKES(0xc, GENMASK(17, 16) | GENMASK(1, 0), local_tx_precoding_oper,
		     local_rx_precoding_oper))
REGISTER(0x504b, PVLS, 32, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 16), local_port),
	 WRITE_TAKES(0x4, GENMASK(15, 0), vl_suspend))
REGISTER(0x504c, PPCR, 16, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 30), asymmetry_enable, asymmetry_enable_supported),
	 WRITE_TAKES(0x8, GENMASK(26, 24) | GENMASK(18, 16) | GENMASK(7, 0), aggregated_port,
		     plane, split),
	 WRITE_TAKES(0xc, GENMASK(18, 16) | GENMASK(7, 0), num_of_planes, p_type))
REGISTER(0x5050, PCNR, 12, PORT,
	 READ_WITH(0x0, GENMASK(6, 3) | BIT(0), DEBUG_WRITE, tuning_override, flua_we_mask),
	 READ_WITH(0x4, BIT(0), DEBUG_WRITE, keep_phy_setting),
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12) | GENMASK(6, 2) | BIT(0),
		     tuning_override, flua_we_mask, lp_msb, local_port),
	 WRITE_TAKES(0x4, GENMASK(28, 4) | BIT(0), keep_phy_setting, flua_en, flua_allowed_ber,
		     flua_polling_sec, flua_guar_sec))
REGISTER(0x5051, PPBMP, 48, PORT,
	 READ_WITH(0x0, BIT(31), DEBUG_WRITE, clr),
	 READ_WITH(0x0, GENMASK(30, 29) | BIT(11), DEBUG_WRITE, grp_prf_set,
		   monitor_parameters_w_ignore, time_window_w_en),
	 WRITE_TAKES(0x0, GENMASK(31, 11) | GENMASK(3, 0), monitor_group, grp_prf_set, lp_msb,
		     pnat, local_port, grp_prf, admin_oper_sel, monitor_parameters_w_ignore,
		     time_window_w_en, clr),
	 WRITE_TAKES(0x4, GENMASK(27, 16) | GENMASK(11, 0), warning_th_exp, warning_th_mantissa,
		     alarm_th_exp, alarm_th_mantissa),
	 WRITE_TAKES(0x8, GENMASK(27, 16), normal_th_exp, normal_th_mantissa),
	 WRITE_TAKES(0xc, BIT(31) | GENMASK(23, 0), time_window),
	 WRITE_TAKES(0x10, GENMASK(7, 0), sampling_rate),
	 WRITE_TAKES(0x14, GENMASK(15, 0), th_cap_exp_min, th_cap_exp_max),
	 WRITE_TAKES(0x18, GENMASK(31, 30) | GENMASK(15, 10) | BIT(8) | GENMASK(6, 0),
		     window_data_validation_thr, window_data_validation_en,
		     warning_thr_crossing_action, alarm_thr_crossing_action))
REGISTER(0x5052, PPBMC, 16, STATE,
	 READ_WITH(0x4, BIT(29), FULL, ievent),
	 READ_WITH(0x0, BIT(31), DEBUG_WRITE, clr),
	 READ_WITH(0x4, BIT(9), DEBUG_WRITE, clr_stat))
REGISTER(0x5055, PTER, 32, INJECTION)
REGISTER(0x5056, PEPC, 16, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 16) | GENMASK(13, 12), lp_msb, local_port),
	 WRITE_TAKES(0x4, BIT(8) | GENMASK(1, 0), twisted_pair_an_mode, twisted_pair_force_mode))
REGISTER(0x5058, PREI, 24, INJECTION)
REGISTER(0x5059, PPRM, 148, PORT,
	 READ_WITH(0x0, BIT(27), DEBUG_WRITE, recovery_go_once),
	 WRITE_TAKES(0x0, GENMASK(31, 27) | GENMASK(23, 6) | GENMASK(3, 2), ovrd_no_neg_bhvr,
		     plane_ind, lp_msb, pnat, local_port, recovery_go_once, param_select),
	 WRITE_TAKES(0x4, GENMASK(31, 24) | GENMASK(7, 0), no_neg_bhvr, wd_logic_re_lock_res),
	 WRITE_TAKES(0x8, BIT(31) | GENMASK(19, 0), module_datapath_full_toggle,
		     module_tx_disable, host_serdes_feq, host_logic_re_lock, phy_recovery_steps,
		     link_down_timeout_override_to_default),
	 WRITE_TAKES(0xc, GENMASK(15, 0), link_down_timeout),
	 WRITE_TAKES(0x10, GENMASK(15, 0), link_down_timeout_oper),
	 WRITE_TAKES(0x14, GENMASK(27, 26) | GENMASK(23, 16) | GENMASK(7, 0), draining_timeout,
		     delay_on_module_read, wait_for_module),
	 WRITE_TAKES(0x18, GENMASK(7, 0), oper_recovery),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), wd_module_full_toggle, wd_module_tx_disable,
		     wd_host_serdes_feq, wd_host_logic_re_lock),
	 WRITE_TAKES(0x20, GENMASK(31, 0), oper_time_module_full_toggle,
		     oper_time_module_tx_disable, oper_time_host_serdes_feq,
		     oper_time_host_logic_re_lock),
	 WRITE_TAKES(0x2c, GENMASK(31, 24) | GENMASK(19, 12) | GENMASK(7, 0), eff_align_aq_time),
	 WRITE_TAKES(0x30, GENMASK(29, 28) | GENMASK(20, 13) | GENMASK(11, 8) | GENMASK(3, 0),
		     step1_preset_admin, step2_preset_admin),
	 WRITE_TAKES(0x34, GENMASK(30, 26) | GENMASK(24, 0), step1_state_65_to_66_time_pre1,
		     step2_state_65_to_66_time_pre1, step1_peq_n_retry_pre1,
		     step2_peq_n_retry_pre1),
	 WRITE_TAKES(0x38, GENMASK(31, 0), step1_state_66_to_67_time_pre1,
		     step2_state_66_to_67_time_pre1),
	 WRITE_TAKES(0x3c, GENMASK(31, 0), step1_state_67_to_68_time_pre1,
		     step2_state_67_to_68_time_pre1),
	 WRITE_TAKES(0x40, GENMASK(31, 0), step1_state_60_timeout, step2_state_60_timeout),
	 WRITE_TAKES(0x44, GENMASK(31, 0), step1_state_61_timeout, step2_state_61_timeout),
	 WRITE_TAKES(0x48, GENMASK(31, 0), step1_state_62_timeout, step2_state_62_timeout),
	 WRITE_TAKES(0x4c, GENMASK(31, 0), step2_state_60_to_linkup_timeout),
	 WRITE_TAKES(0x50, GENMASK(28, 24) | GENMASK(20, 16) | GENMASK(11, 8) | GENMASK(3, 0),
		     step1_preset_oper, step2_preset_oper, step1_peq_n_retry_oper,
		     step2_peq_n_retry_oper),
	 WRITE_TAKES(0x54, GENMASK(19, 0), step1_state_65_to_66_time_oper,
		     step2_state_65_to_66_time_oper),
	 WRITE_TAKES(0x58, GENMASK(31, 0), step1_state_66_to_67_time_oper,
		     step2_state_66_to_67_time_oper),
	 WRITE_TAKES(0x5c, GENMASK(31, 0), step1_state_67_to_68_time_oper,
		     step2_state_67_to_68_time_oper),
	 WRITE_TAKES(0x60, GENMASK(31, 0), step1_state_60_timeout_oper,
		     step2_state_60_timeout_oper),
	 WRITE_TAKES(0x64, GENMASK(31, 0), step1_state_61_timeout_oper,
		     step2_state_61_timeout_oper),
	 WRITE_TAKES(0x68, GENMASK(31, 0), step1_state_62_timeout_oper,
		     step2_state_62_timeout_oper),
	 WRITE_OPAQUE(0x70, step1_state_65_to_66_time_pre2, step2_state_65_to_66_time_pre2,
		      step1_peq_n_retry_pre2, step2_peq_n_retry_pre2,
		      step1_state_66_to_67_time_pre2, step2_state_66_to_67_time_pre2,
		      step1_state_67_to_68_time_pre2, step2_state_67_to_68_time_pre2,
		      step1_state_65_to_66_time_pre3, step2_state_65_to_66_time_pre3,
		      step1_peq_n_retry_pre3, step2_peq_n_retry_pre3,
		      step1_state_66_to_67_time_pre3, step2_state_66_to_67_time_pre3,
		      step1_state_67_to_68_time_pre3, step2_state_67_to_68_time_pre3))
REGISTER(0x505a, SLRED, 168, LANE,
	 READ_WITH(0x4, GENMASK(31, 29) | BIT(14), DEBUG_WRITE, en, last_scan, destructive_ctrl,
		   abort),
	 WRITE_TAKES(0x0, GENMASK(31, 8) | GENMASK(3, 0), page_data_sel, lane, lp_msb, pnat,
		     local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 14) | GENMASK(3, 0), abort, err_res_base, eye_sel,
		     measure_time, eye_diag_dim, err_res_scale, destructive_ctrl, last_scan, en),
	 WRITE_OPAQUE(0x8, err_val))
REGISTER(0x505b, SLLM, 48, LANE,
	 READ_WITH(0x0, GENMASK(1, 0), DEBUG_WRITE, c_db, br_lanes),
	 WRITE_TAKES(0x0, GENMASK(31, 4) | GENMASK(2, 0), c_db, br_lanes, port_type, lane, lp_msb,
		     pnat, local_port),
	 WRITE_TAKES(0x4, BIT(2) | BIT(0), peq_cap),
	 WRITE_TAKES(0x8, GENMASK(11, 0), peq_interval_period),
	 WRITE_TAKES(0xc, GENMASK(11, 0), peq_interval_period_oper))
REGISTER(0x505c, PMSCR, 72, PORT,
	 WRITE_TAKES(0x0, GENMASK(15, 8) | GENMASK(3, 0), prm_index),
	 WRITE_OPAQUE(0x4, local_port_mask))
REGISTER(0x505e, PLCC, 16, PORT,
	 WRITE_TAKES(0x0, GENMASK(23, 4), port_type, plane_ind, lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(7, 0), page_select),
	 WRITE_TAKES(0x8, BIT(31), en),
	 WRITE_TAKES(0xc, GENMASK(30, 29) | GENMASK(23, 0), symbol_err_thr, hi_ser_action))
REGISTER(0x5064, PMPT, 28, LANE,
	 WRITE_TAKES(0x0, GENMASK(31, 29) | GENMASK(27, 16) | GENMASK(14, 0), lane_mask,
		     host_media, module, slot_index, le, e),
	 WRITE_TAKES(0x4, GENMASK(31, 0), prbs_modes_cap),
	 WRITE_TAKES(0x8, GENMASK(31, 24) | GENMASK(9, 8) | GENMASK(5, 0), modulation, ch_ge,
		     invt_admin, swap_admin, prbs_mode_admin),
	 WRITE_TAKES(0xc, GENMASK(31, 16), lane_rate_cap),
	 WRITE_TAKES(0x10, GENMASK(31, 16), lane_rate_admin))
REGISTER(0x5065, PMPD, 48, STATE, READ_WITH(0x0, BIT(4), DEBUG_WRITE, cl))
REGISTER(0x5066, PGUID, 96, IDENTITY)
REGISTER(0x5067, PMTM, 16, MODULE)
REGISTER(0x506d, PMLR, 40, PORT,
	 WRITE_TAKES(0x0, BIT(30) | GENMASK(27, 0), lane_mask, lp_msb, pnat, local_port,
		     slot_index, host_media),
	 WRITE_TAKES(0x4, GENMASK(23, 16) | GENMASK(7, 0), lb_en))
REGISTER(0x506e, PPCC, 252, CONGESTION,
	 READ_WITH(0x1c, BIT(20), FULL, cfg_counter_group_en),
	 READ_AS(0x0, GENMASK(7, 0), 0x00, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x03, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x04, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x05, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x06, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x0a, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x0c, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x0e, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x0f, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0x10, DEBUG_READ, cmd_type),
	 READ_AS(0x0, GENMASK(7, 0), 0xf0, DEBUG_READ, cmd_type))
REGISTER(0x5075, PEMI, 256, STATE)
REGISTER(0x5076, PLDS, 24, PORT,
	 READ_WITH(0xc, GENMASK(10, 0), DEBUG_WRITE, set_mask),
	 WRITE_TAKES(0x0, GENMASK(23, 12) | GENMASK(7, 0), fec_uncor_force, plr_retry_force,
		     delayed_recovery_force, lp_msb, pnat, local_port),
	 WRITE_TAKES(0x4, GENMASK(31, 21) | GENMASK(17, 10) | GENMASK(7, 4) | BIT(0),
		     link_dwn_default_state_cfg),
	 WRITE_TAKES(0x8, GENMASK(31, 29) | GENMASK(27, 25) | GENMASK(23, 21) | GENMASK(19, 17) |
		     GENMASK(15, 13) | GENMASK(11, 9) | GENMASK(7, 5) | GENMASK(3, 1),
		     link_dwn_rmt_thermal_cfg, link_dwn_rmt_port_lock_cfg,
		     link_dwn_rmt_up_layer_cfg, link_dwn_rmt_reset_cfg, link_dwn_rmt_sleep_cfg,
		     link_dwn_rmt_disable_cfg, link_dwn_rmt_error_cfg, link_dwn_local_error_cfg),
	 WRITE_TAKES(0xc, GENMASK(31, 24) | GENMASK(14, 12) | GENMASK(10, 0), set_mask,
		     link_dwn_rmt_contain_mode, linkup_retry_iterations),
	 WRITE_TAKES(0x10, GENMASK(31, 0), rs_fec_uncor_th, plr_csn_retry_th),
	 WRITE_TAKES(0x14, GENMASK(3, 0), delayed_recovery_admin))
REGISTER(0x507b, SLPRR, 336, STATE,
	 READ_WITH(0x0, GENMASK(31, 30), FULL, stop_measure, start_measure))
REGISTER(0x507e, PMAC, 40, MODULE,
	 READ_WITH(0x8, BIT(31), FULL, restart_training_host),
	 READ_WITH(0xc, BIT(31), FULL, restart_training_line))
REGISTER(0x507f, PCAM, 80, IDENTITY)
REGISTER(0x5081, SLTR, 312, STATE)
REGISTER(0x5083, PFLDC, 12, PORT,
	 READ_WITH(0x4, BIT(31) | BIT(25), DEBUG_WRITE, disable_debug_mode_admin, dc_cpl_allow),
	 WRITE_TAKES(0x0, BIT(31) | GENMASK(23, 8) | GENMASK(3, 0), lane, plane_ind, lp_msb, pnat,
		     local_port, mps),
	 WRITE_TAKES(0x4, GENMASK(31, 25) | GENMASK(23, 8) | BIT(0), debug_mode_admin,
		     disable_debug_mode_admin, change_recovery_flow_admin, all_ports_admin,
		     dc_cpl_allow),
	 WRITE_TAKES(0x8, GENMASK(31, 26) | BIT(24) | BIT(22) | GENMASK(15, 0),
		     debug_mode_timer_period, debug_mode_timer_admin, detect_markers_admin,
		     transmit_markers_admin))
REGISTER(0x5086, PCCT, 20, STATE, READ_WITH(0x8, GENMASK(31, 30), DEBUG_WRITE, clr, stop_condition))
REGISTER(0x5087, PEDCC, 60, STATE,
	 READ_WITH(0x8, GENMASK(31, 30), FULL, grp_prf_set, override_grp_prf_conf))
REGISTER(0x5101, PBWS, 8, PORT,
	 WRITE_TAKES(0x0, GENMASK(31, 12), lp_msb, pnat, local_port, swid),
	 WRITE_TAKES(0x4, GENMASK(22, 12) | GENMASK(9, 0), bw_utilization, plane_ind))
REGISTER(0x6001, SET_NODE, 64, RDMA, WRITE_OPAQUE(0x0, node_description))
REGISTER(0x7001, POWER_SETTINGS, 16, UNCLEAR)
REGISTER(0x7002, FP_SL_MAP, 4, QOS, WRITE_TAKES(0x0, GENMASK(7, 0), port))
REGISTER(0x7004, HOST_ENDIANNESS, 16, HOST)
REGISTER(0x9009, MTCAP, 16, IDENTITY)
REGISTER(0x900a, MTMP, 32, SENSOR,
	 READ_WITH(0x8, GENMASK(29, 28), FULL, sdme, weme),
	 READ_WITH(0x8, BIT(30), DEBUG_WRITE, mtr))
REGISTER(0x900c, MVCR, 24, POWER_METER)
REGISTER(0x9010, MFPA, 32, RAW)
REGISTER(0x9011, MFBA, 268, RAW)
REGISTER(0x9012, MFBE, 12, RAW)
REGISTER(0x9014, MCIA, 148, STATE,
	 READ_WITH(0x0, BIT(31), FULL, l),
	 READ_WITH(0x8, GENMASK(28, 27), FULL, passwd_length, bg_mode),
	 READ_WITH(0xc, GENMASK(31, 0), FULL, password))
REGISTER(0x9017, MMDIO, 12, RAW)
REGISTER(0x9018, MIDFV, 128, IDENTITY)
REGISTER(0x901f, MJTAG, 48, RAW)
REGISTER(0x9020, MGIR, 160, IDENTITY)
REGISTER(0x9021, MSGI, 128, IDENTITY)
REGISTER(0x9023, MRSR, 8, RAW)
REGISTER(0x9024, MNVDA, 268, NV_ITEM,
	 READ_FOREIGN(0x4, GENMASK(31, 0), type),
	 READ_WITH(0x0, BIT(9), FULL, host_id_valid),
	 NV_PARAMETERS,
	 WRITE_TAKES(0x0, GENMASK(29, 28) | GENMASK(25, 24) | GENMASK(20, 12) | GENMASK(8, 0),
		     priority, ovr_en, rd_en, writer_id, version, length),
	 WRITE_TAKES(0x4, GENMASK(31, 0), type),
	 WRITE_OPAQUE(0xc, configuration_item_data))
REGISTER(0x9025, MNVDI, 12, NV_ITEM,
	 READ_FOREIGN(0x4, GENMASK(31, 0), type),
	 READ_WITH(0x0, BIT(9), FULL, host_id_valid),
	 NV_PARAMETERS,
	 WRITE_TAKES(0x0, GENMASK(29, 28) | GENMASK(25, 24) | GENMASK(20, 12) | GENMASK(8, 0),
		     priority, ovr_en, rd_en, writer_id, version, length),
	 WRITE_TAKES(0x4, GENMASK(31, 0), type))
REGISTER(0x9026, MISOC, 288, IDENTITY)
REGISTER(0x9027, MIDV, 652, IDENTITY)
REGISTER(0x9028, MFRL, 8, RESET,
	 READ_WITH(0x4, GENMASK(28, 27), NEVER, pci_sync_for_fw_update_resp),
	 READ_WITH(0x4, GENMASK(30, 29) | GENMASK(26, 24) | GENMASK(1, 0), FULL,
		   pci_sync_for_fw_update_start, rst_type_sel, reset_trigger),
	 READ_WITH(0x4, GENMASK(23, 21), FULL, pci_reset_req_method),
	 WRITE_WITH(0x4, GENMASK(28, 27), NEVER, pci_sync_for_fw_update_resp),
	 WRITE_TAKES(0x4, BIT(31) | GENMASK(19, 8) | BIT(6) | BIT(3), pci_rescan_required,
		     reset_state, reset_type, reset_trigger))
REGISTER(0x902a, MSCI, 12, IDENTITY)
REGISTER(0x902b, MLCR, 12, UNCLEAR)
REGISTER(0x902c, MVTS, 20, ROLLBACK,
	 READ_WITH(0x0, BIT(31), FULL, clear_all_ts_flag),
	 READ_WITH(0x0, BIT(29), FULL, check_timestamp_flag))
REGISTER(0x902d, MRTC, 16, CLOCK)
REGISTER(0x902e, MVCAP, 16, IDENTITY)
REGISTER(0x902f, MROQ, 32, IDENTITY)
REGISTER(0x9030, MNVQC, 8, NV_QUERY,
	 READ_FOREIGN(0x0, GENMASK(31, 0), type),
	 READ_WITH(0x4, BIT(9), FULL, host_id_valid))
REGISTER(0x9033, MNVIA, 8, NV_RESET, WRITE_TAKES(0x0, GENMASK(8, 4), writer_id))
REGISTER(0x9034, MNVGC, 16, NV_QUERY)
REGISTER(0x9035, MNVGN, 32, NV_WALK)
REGISTER(0x9036, MGNLE, 32, STATE, READ_WITH(0x4, BIT(0), DEBUG_WRITE, clr))
REGISTER(0x903a, MGCR, 32, RAW)
REGISTER(0x903c, MERR, 20, UNCLEAR)
REGISTER(0x9040, MTRC_CAP, 132, TRACER, READ_WITH(0x0, BIT(31), NEVER, trace_owner))
REGISTER(0x9041, MTRC_CONF, 128, TRACER_MEMORY)
REGISTER(0x9042, MTRC_STDB, 12, TRACER)
REGISTER(0x9043, MTRC_CTRL, 64, TRACER,
	 READ_WITH(0x0, GENMASK(31, 30) | BIT(27) | GENMASK(17, 0), NEVER, trace_status,
		   arm_event, slcg_cmd, modify_field_select))
REGISTER(0x904a, MMHI, 128, IDENTITY)
REGISTER(0x9050, MPEIN, 48, STATE)
REGISTER(0x9051, MPCNT, 256, STATE, READ_WITH(0x4, BIT(31), DEBUG_WRITE, clr))
REGISTER(0x9052, MCION, 16, STATE)
REGISTER(0x9053, MTPPS, 56, CLOCK, READ_WITH(0x10, GENMASK(31, 0), FULL, field_select))
REGISTER(0x9054, MTPPSE, 16, CLOCK)
REGISTER(0x9055, MTUTC, 28, CLOCK,
	 READ_WITH(0x0, GENMASK(3, 0), FULL, operation),
	 READ_WITH(0x10, GENMASK(31, 0), FULL, utc_sec),
	 READ_WITH(0x14, GENMASK(29, 0), FULL, utc_nsec),
	 READ_WITH(0x18, GENMASK(31, 0), FULL, time_adjustment))
REGISTER(0x9056, MPEGC, 44, TUNING,
	 READ_WITH(0x4, GENMASK(15, 0), FULL, field_select),
	 READ_WITH(0x10, GENMASK(19, 16), FULL, operation),
	 WRITE_TAKES(0x0, BIT(30), dpnv),
	 WRITE_TAKES(0x4, GENMASK(5, 0), field_select),
	 WRITE_TAKES(0x8, GENMASK(31, 29) | GENMASK(1, 0), tx_overflow_sense, mark_cqe, mark_cnp,
		     tx_lossy_overflow_oper),
	 WRITE_TAKES(0xc, GENMASK(14, 8) | GENMASK(6, 0), outbound_stalled_reads_th,
		     outbound_stalled_writes_th),
	 WRITE_TAKES(0x10, GENMASK(31, 24), status))
REGISTER(0x9057, MPEINJ, 64, INJECTION)
REGISTER(0x9058, MSMR, 16, UNCLEAR)
REGISTER(0x9059, MPIR, 16, IDENTITY)
REGISTER(0x905a, MPCIR, 160, STATE,
	 READ_WITH(0x0, GENMASK(31, 30), FULL, all),
	 READ_WITH(0x4, GENMASK(1, 0), FULL, ports))
REGISTER(0x905b, MPECS, 32, RAW)
REGISTER(0x905c, MCDD, 32, DMA)
REGISTER(0x905d, MHMPR, 20, UNCLEAR)
REGISTER(0x9060, MCQS, 16, IDENTITY)
REGISTER(0x9061, MCQI, 148, IDENTITY)
REGISTER(0x9062, MCC, 32, UPDATE_CONTROL,
	 READ_WITH(0x0, GENMASK(7, 0), FULL, instruction),
	 READ_WITH(0x8, BIT(31), FULL, auto_update),
	 READ_WITH(0x10, GENMASK(31, 0), CONFIG_WRITE, component_size),
	 WRITE_AS(0x0, GENMASK(7, 0), 1, CONFIG_WRITE, instruction),
	 WRITE_UNLESS_OWN_UPDATE(0x8, GENMASK(23, 0), FULL, update_handle),
	 WRITE_AS(0x0, GENMASK(7, 0), 2, CONFIG_WRITE, instruction),
	 WRITE_AS(0x0, GENMASK(7, 0), 6, CONFIG_WRITE, instruction),
	 WRITE_UNLESS_BOOT_IMAGE(0x4, GENMASK(15, 0), FULL, component_index),
	 WRITE_AS(0x0, GENMASK(7, 0), 3, CONFIG_WRITE, instruction),
	 WRITE_AS(0x0, GENMASK(7, 0), 4, CONFIG_WRITE, instruction),
	 WRITE_TAKES(0x0, GENMASK(27, 16) | GENMASK(7, 0), time_elapsed_since_last_cmd,
		     instruction),
	 WRITE_TAKES(0x4, GENMASK(15, 0), component_index),
	 WRITE_TAKES(0x8, GENMASK(23, 0), update_handle),
	 WRITE_TAKES(0xc, GENMASK(31, 24) | GENMASK(22, 16) | GENMASK(15, 8) | GENMASK(3, 0),
		     handle_owner_type, handle_owner_host_id, control_progress, error_code,
		     control_state),
	 WRITE_TAKES(0x10, GENMASK(31, 0), component_size),
	 WRITE_TAKES(0x14, GENMASK(15, 8), warning_code),
	 WRITE_TAKES(0x18, GENMASK(27, 16), rejected_device_index),
	 WRITE_TAKES(0x1c, GENMASK(31, 0), component_specific_err_code))
REGISTER(0x9063, MCDA, 144, UPDATE_DATA,
	 WRITE_UNLESS_OWN_UPDATE(0x0, GENMASK(23, 0), FULL, update_handle),
	 WRITE_TAKES(0x0, GENMASK(23, 0), update_handle),
	 WRITE_TAKES(0x4, GENMASK(31, 0), offset),
	 WRITE_TAKES(0x8, GENMASK(15, 0), size),
	 WRITE_OPAQUE(0x10, data))
REGISTER(0x9064, MQIS, 24, IDENTITY)
REGISTER(0x9065, MTCQ, 112, TOKEN_SESSION)
REGISTER(0x9066, MKDC, 44, TOKEN_SESSION)
REGISTER(0x9068, MGLS, 12, STATE)
REGISTER(0x906d, MRFV, 64, STATE)
REGISTER(0x9073, MDTR, 176, STATE)
REGISTER(0x9074, MDPS, 16, INJECTION)
REGISTER(0x907f, MCAM, 72, IDENTITY)
REGISTER(0x910d, MTMG, 16, SENSOR)
REGISTER(0x910e, MTMR, 12, SENSOR, READ_WITH(0x4, GENMASK(1, 0), DEBUG_WRITE, op))
REGISTER(0x9110, MDSR, 48, TOKEN, READ_WITH(0x4, GENMASK(31, 30), FULL, end, revoke_version))
REGISTER(0x9115, MFSV, 48, ROLLBACK,
	 READ_WITH(0x0, BIT(4) | BIT(0), FULL, revoke_efuse_prog, efuses_prog_en))
REGISTER(0x9116, MQDIK, 520, IDENTITY)
REGISTER(0x9117, MRPR, 264, UNCLEAR)
REGISTER(0x9118, MTEIM, 48, IDENTITY)
REGISTER(0x911a, MDIR, 64, IDENTITY)
REGISTER(0x911b, MTIE, 48, TRACER, READ_WITH(0x0, GENMASK(1, 0), NEVER, enable_all))
REGISTER(0x911c, MTIM, 16, TRACER)
REGISTER(0x911d, MTDC, 32, TRACER_MEMORY)
REGISTER(0x912a, MRSI, 64, STATE)
REGISTER(0x9155, MSECQ, 64, CLOCK)
REGISTER(0x9156, MSEES, 64, CLOCK, READ_WITH(0x4, GENMASK(31, 0), FULL, field_select))
REGISTER(0x9160, MDDT, 272, COMMAND)
REGISTER(0x9162, MIRC, 8, RESET, WRITE_TAKES(0x0, GENMASK(7, 0), status_code))
REGISTER(0x9164, MRSV, 64, STATE)
REGISTER(0x9178, MFCDR, 8, STATE)
REGISTER(0x9179, MSGCR, 8, INJECTION)
REGISTER(0x917d, MPCS, 80, POWER_METER)
REGISTER(0x9180, MTPTM, 16, CLOCK, READ_WITH(0x4, GENMASK(31, 28), FULL, trigger_event_mode))
REGISTER(0x9181, MTCTR, 24, CLOCK)
REGISTER(0x9182, MRTCQ, 64, IDENTITY)
REGISTER(0x9190, MTEIR, 12, SENSOR)
REGISTER(0x9300, MPCAM_9300, 72, IDENTITY)
REGISTER(0x9700, MPQD, 16, STATE)
REGISTER(0x9701, MPLH, 248, STATE)
REGISTER(0x9702, MPCAM, 72, IDENTITY)
REGISTER(0x9703, MPTFC, 112, TLP_TRACER)
REGISTER(0x9704, MPTTR, 84, TLP_TRACER)
REGISTER(0x9705, MPTOR, 8, TLP_TRACER)
REGISTER(0x9706, MPTTC, 96, TLP_TRACER)
REGISTER(0xb001, SBPR, 24, QOS,
	 READ_WITH(0x0, BIT(30), DEBUG_WRITE, snap),
	 READ_WITH(0x10, BIT(31), DEBUG_WRITE, clr),
	 WRITE_TAKES(0x0, BIT(30) | GENMASK(25, 24) | GENMASK(3, 0), pool, dir, snap),
	 WRITE_TAKES(0x4, BIT(31) | GENMASK(23, 0), size, infi_size),
	 WRITE_TAKES(0x8, GENMASK(3, 0), mode),
	 WRITE_TAKES(0xc, GENMASK(23, 0), buff_occupancy),
	 WRITE_TAKES(0x10, BIT(31) | GENMASK(23, 0), clr),
	 WRITE_TAKES(0x14, GENMASK(23, 0), ext_buff_occupancy))
REGISTER(0xb002, SBCM, 40, QOS,
	 READ_WITH(0x0, BIT(30), DEBUG_WRITE, snap),
	 READ_WITH(0x14, BIT(31), DEBUG_WRITE, clr),
	 WRITE_TAKES(0x0, BIT(30) | GENMASK(23, 8) | GENMASK(5, 4) | GENMASK(1, 0), dir, lp_msb,
		     pg_buff, pnat, local_port, snap),
	 WRITE_TAKES(0x4, BIT(0), exc),
	 WRITE_TAKES(0x10, GENMASK(23, 0), buff_occupancy),
	 WRITE_TAKES(0x14, BIT(31) | GENMASK(23, 0), clr),
	 WRITE_TAKES(0x18, GENMASK(23, 0), min_buff),
	 WRITE_TAKES(0x1c, BIT(31) | GENMASK(23, 0), max_buff, infi_max),
	 WRITE_TAKES(0x24, GENMASK(3, 0), pool))
REGISTER(0xb01f, SBCAM, 76, IDENTITY)
REGISTER(0xc000, RESOURCE_DUMP, 256, DUMP,
	 READ_WITHOUT(0x0, BIT(30), NEVER, inline_dump),
	 READ_WITH(0x20, GENMASK(31, 0), NEVER, mkey),
	 READ_WITH(0x28, GENMASK(31, 0), NEVER, address_hi),
	 READ_WITH(0x2c, GENMASK(31, 0), NEVER, address_lo),
	 READ_UNLESS(0x0, GENMASK(15, 0), 0xffff, NEVER, segment_type),
	 READ_WITH(0x0, BIT(29), FULL, vhca_id_valid),
	 READ_WITH(0x4, GENMASK(15, 0), FULL, vhca_id))
REGISTER(0xc001, NCFG, 64, RDMA,
	 WRITE_TAKES(0x0, GENMASK(31, 0), field_select_hi),
	 WRITE_TAKES(0x4, GENMASK(31, 0), field_select_lo),
	 WRITE_TAKES(0x8, BIT(0), roce_offload_disable))
REGISTER(0xc002, CRYPTO_OPERATIONAL, 128, KEYS)
REGISTER(0xc004, IMPORT_KEK_HANDLE, 768, KEYS)
REGISTER(0xc005, CREDENTIAL_HANDLE, 768, KEYS)
REGISTER(0xc006, ZTT, 16, DPA)
REGISTER(0xc007, VHCA_TRUST_LEVEL, 16, FUNCTIONS,
	 READ_FOREIGN(0x0, BIT(31) | GENMASK(15, 0), all_vhca, vhca_id))
REGISTER(0xc008, PORT_STATE_BEHAVIOR, 16, PORT,
	 WRITE_TAKES(0x0, BIT(31), enforce_port_state_enabled))
REGISTER(0xc009, HCA_CMD_ENCAP, 96, COMMAND)
REGISTER(0xc00a, NVMF_TARGET_PACER_DEFAULTS, 64, RDMA,
	 WRITE_TAKES(0x0, GENMASK(31, 0), modify_field_select),
	 WRITE_TAKES(0x4, GENMASK(31, 30) | GENMASK(27, 24) | GENMASK(7, 0), pacer_tuner_factor,
		     log_num_pacers_per_port, enable_max_bif_capping, pacer_mode),
	 WRITE_TAKES(0x8, GENMASK(15, 0), max_inflight_threshold),
	 WRITE_TAKES(0xc, GENMASK(31, 0), max_pacer_period, min_pacer_period),
	 WRITE_TAKES(0x10, GENMASK(31, 0), max_credit_limit, credit_limit),
	 WRITE_TAKES(0x14, GENMASK(23, 16) | GENMASK(11, 8) | GENMASK(3, 0),
		     log_write_bypass_block_size, log_read_bypass_block_size, margin),
	 WRITE_TAKES(0x18, GENMASK(15, 0), tuner_time))
REGISTER(0xc00d, NIC_CAP_REG, 128, IDENTITY)
REGISTER(0xc00e, DTOR, 64, IDENTITY)
REGISTER(0xc010, VHCA_ICM_CTRL, 64, FUNCTIONS,
	 READ_FOREIGN(0x0, BIT(31) | GENMASK(15, 0), vhca_id_valid, vhca_id),
	 READ_WITH(0x4, BIT(31), FULL, max_alloc_icm_th_mask),
	 READ_WITH(0x4, BIT(29), DEBUG_WRITE, rst_max_reached_alloc_icm))
REGISTER(0xc011, NIC_CAP_EXT_REG, 128, IDENTITY)
REGISTER(0xc012, NIC_DPA_EUG_REG, 256, DPA)
REGISTER(0xc014, NIC_DPA_PERF_CTRL_REG, 64, PROFILE,
	 READ_WITH(0x4, BIT(27) | GENMASK(15, 0), FULL, other_vhca_id_valid, other_vhca_id),
	 READ_WITH(0x4, GENMASK(31, 30), DEBUG_WRITE, count_state),
	 WRITE_TAKES(0x0, GENMASK(31, 0), dpa_process_id),
	 WRITE_TAKES(0x4, GENMASK(31, 30) | GENMASK(26, 24), count_state, sample_type))
REGISTER(0xc015, NIC_DPA_EU_PARTITION_REG, 768, DPA)
REGISTER(0xc01d, ADP_RETX_HISTOGRAM_CONFIG, 128, UNCLEAR)
REGISTER(0xc01e, ADP_RETX_HISTOGRAM, 24, UNCLEAR)
REGISTER(0xc01f, NIC_DPA_SELF_HOST_APP_MGMT, 128, DPA)
REGISTER(0xc020, HOST_OS_INIT_CTRL, 64, FUNCTIONS,
	 READ_WITH(0x0, BIT(30), FULL, delay_host_os_init_clr))
REGISTER(0xc021, VHCA_GROUP_ICM_CTRL, 64, FUNCTIONS,
	 READ_FOREIGN(0x0, GENMASK(15, 0), vhca_group_id),
	 READ_WITH(0x4, BIT(31), FULL, max_alloc_icm_th_mask),
	 READ_WITH(0x4, BIT(29), DEBUG_WRITE, rst_max_reached_alloc_icm))
#undef CLASSES
#undef REGISTER

#undef NV_GLOBAL
#undef NV_PORT
#undef NV_FUNCTION
#undef NV_MODULE
#undef NV_GET
#undef NV_PUT
#undef NV_SET
#undef NV_PARAMETERS
