// SPDX-License-Identifier: GPL-2.0
/* Stored configuration: three stores, the firmware's rules, and the file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../nv.h"
#include "../state.h"
#include "bench.h"

#define PCI_CONF 0x00000080
#define PCI_CAP 0x00000081
#define LINK_TYPE 0x01010012

#define DEFAULT_BIT 0x00800000
#define CURRENT_BIT 0x00400000

/* MNVDA as mstconfig sends it. */
static u8 mnvda_get(struct tool *f, u32 type, u32 store, u8 value[256])
{
	u8 data[268] = { 0 };
	u8 status;

	be32_put(data, 0x02090100 | store);
	be32_put(data + 4, type);
	status = bench_reg(f->b, f->uid, 0x9024, false, data, sizeof(data), NULL);
	memcpy(value, data + 12, 256);
	return status;
}

static u8 mnvda_set(struct tool *f, u32 type, const u8 *value, u32 len, u32 *syndrome)
{
	u8 data[268] = { 0 };

	be32_put(data, 0x02090000 | len);
	be32_put(data + 4, type);
	memcpy(data + 12, value, len);
	return bench_reg(f->b, f->uid, 0x9024, true, data, 12 + len, syndrome);
}

/* The bytes that mstconfig writes for SRIOV_EN=1 NUM_OF_VFS=8. */
static const u8 factory[12] = { 0xbf, 0, 0, 0, 0x20, 2, 0, 0, 0x02, 0xc3, 0xf0, 0x45 };
static const u8 sriov[12] = { 0xbf, 0, 0, 0, 0xa0, 2, 0, 8, 0x02, 0xc3, 0xf0, 0x45 };

/* The three columns of mstconfig -e query. */
static void set_changes_next_boot_only(void **state)
{
	struct tool *f = *state;
	u8 value[256];

	assert_int_equal(mnvda_get(f, PCI_CONF, 0, value), 0);
	assert_memory_equal(value, factory, sizeof(factory));
	assert_int_equal(mnvda_set(f, PCI_CONF, sriov, sizeof(sriov), NULL), 0);
	mnvda_get(f, PCI_CONF, 0, value);
	assert_memory_equal(value, sriov, sizeof(sriov));
	mnvda_get(f, PCI_CONF, CURRENT_BIT, value);
	assert_memory_equal(value, factory, sizeof(factory));
	mnvda_get(f, PCI_CONF, DEFAULT_BIT, value);
	assert_memory_equal(value, factory, sizeof(factory));
}

/* mstflint copies the number of bytes that the header gives. */
static void answer_header_has_length_and_writer(void **state)
{
	struct tool *f = *state;
	u8 data[268] = { 0 };

	mnvda_set(f, PCI_CONF, sriov, sizeof(sriov), NULL);
	be32_put(data, 0x02090100);
	be32_put(data + 4, PCI_CONF);
	bench_reg(f->b, f->uid, 0x9024, false, data, sizeof(data), NULL);
	assert_int_equal(be32_get(data), 0x0309000c);
	assert_int_equal(be32_get(data + 4), PCI_CONF);
}

static void current_follows_at_firmware_start(void **state)
{
	struct tool *f = *state;
	u8 mfrl[8] = { [7] = 0x48 };
	const struct nv *nv = f->b->cx->nv;

	mnvda_set(f, PCI_CONF, sriov, sizeof(sriov), NULL);
	assert_int_equal(bench_call(f->b, 13, NULL, 0, NULL, 0, NULL, 0), 0);
	assert_memory_equal(nv_value(nv, nv_find(PCI_CONF), NV_CURRENT), factory, 12);
	/* Only a reset that MFRL has armed restarts the firmware. */
	bench_set_queue(f->b);
	bench_status(f->b, 0x104, 0, 0, 0, 0);
	assert_int_equal(bench_reg(f->b, 0, 0x9028, true, mfrl, sizeof(mfrl), NULL), 0);
	assert_memory_equal(nv_value(nv, nv_find(PCI_CONF), NV_CURRENT), factory, 12);
	assert_int_equal(bench_call(f->b, 13, NULL, 0, NULL, 0, NULL, 0), 0);
	assert_memory_equal(nv_value(nv, nv_find(PCI_CONF), NV_CURRENT), sriov, 12);
	assert_true(bench_logged(f->b, "reset kind=restart by=MFRL"));
}

/* Tools check as well, but the firmware must not rely on that. */
static void the_firmware_checks_what_is_written(void **state)
{
	static const struct {
		u32 type;
		u32 len;
		u8 value[12];
		u8 status;
		u32 syndrome;
	} cases[] = {
		{ PCI_CONF, 12, { 0xbf, [4] = 0xa0, [5] = 2, [7] = 127 }, 0, 0 },
		{ PCI_CONF, 12, { 0xbf, [4] = 0xa0, [5] = 2, [7] = 128 }, 0x03, 0xe00304 },
		{ PCI_CONF, 12, { 0xbf, [4] = 0xa0, [5] = 17, [7] = 1 }, 0x03, 0xe00304 },
		{ PCI_CONF, 8, { 0 }, 0x03, 0xe00302 },
		{ PCI_CAP, 12, { 0 }, 0x03, 0xe00303 },
		{ LINK_TYPE, 4, { [3] = 2 << 2 }, 0, 0 },
		{ LINK_TYPE, 4, { [3] = 3 << 2 }, 0x03, 0xe00304 },
		{ LINK_TYPE, 4, { [3] = 0 }, 0x03, 0xe00304 },
		{ 0x00000999, 4, { 0 }, 0x05, 0xe00301 },
	};
	struct tool *f = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u32 syndrome;

		assert_int_equal(mnvda_set(f, cases[i].type, cases[i].value, cases[i].len,
					   &syndrome), cases[i].status);
		assert_int_equal(syndrome, cases[i].syndrome);
	}
}

/* The length in the header may exceed the message. */
static void a_length_past_the_payload_is_refused(void **state)
{
	struct tool *f = *state;
	u8 data[16] = { 0 };

	be32_put(data, 0x0209000c);
	be32_put(data + 4, PCI_CONF);
	assert_int_equal(bench_reg(f->b, f->uid, 0x9024, true, data, sizeof(data), NULL), 0x03);
	assert_int_equal(bench_reg(f->b, f->uid, 0x9024, true, data, 4, NULL), 0x03);
}

/* The status for which mstconfig shows 0 instead of an error. */
static void an_absent_parameter_has_a_status_of_its_own(void **state)
{
	struct tool *f = *state;
	u8 value[256];

	assert_int_equal(mnvda_get(f, 0x0000000a, 0, value), 0x05);
}

/* Readable, writable, absent; for the expansion ROM only an error counts. */
static void mnvqc_tells_support(void **state)
{
	static const struct { u32 type; u8 status; u32 support; } cases[] = {
		{ 0, 0, 0 }, { PCI_CONF, 0, 3 }, { PCI_CAP, 0, 1 }, { 0x0a, 0, 0 },
		{ 0x03000210, 0x03, 0 },	/* a parameter of the expansion ROM */
	};
	struct tool *f = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 data[8] = { 0 };

		be32_put(data, cases[i].type);
		assert_int_equal(bench_reg(f->b, f->uid, 0x9030, false, data, 8, NULL),
				 cases[i].status);
		assert_int_equal(be32_get(data + 4), cases[i].support);
	}
}

/* One parameter, and all of them: mstconfig reset. */
static void mnvdi_and_mnvia_go_back_to_factory(void **state)
{
	static const u8 eth[4] = { 0, 0, 0, 8 };
	struct tool *f = *state;
	u8 one[12] = { 0 };
	u8 all[8] = { 0 };
	u8 value[256];

	mnvda_set(f, PCI_CONF, sriov, sizeof(sriov), NULL);
	mnvda_set(f, LINK_TYPE, eth, sizeof(eth), NULL);
	be32_put(one + 4, PCI_CONF);
	assert_int_equal(bench_reg(f->b, f->uid, 0x9025, true, one, sizeof(one), NULL), 0);
	mnvda_get(f, PCI_CONF, 0, value);
	assert_memory_equal(value, factory, sizeof(factory));
	mnvda_get(f, LINK_TYPE, 0, value);
	assert_int_equal(value[3], 8);
	assert_int_equal(bench_reg(f->b, f->uid, 0x9033, true, all, sizeof(all), NULL), 0);
	mnvda_get(f, LINK_TYPE, 0, value);
	assert_int_equal(value[3], 4);
}

/* mstconfig backup. */
static void mnvgn_walks_what_was_written(void **state)
{
	static const u8 eth[4] = { 0, 0, 0, 8 };
	struct tool *f = *state;
	u8 data[156] = { 0 };

	mnvda_set(f, LINK_TYPE, eth, sizeof(eth), NULL);
	mnvda_set(f, PCI_CONF, sriov, sizeof(sriov), NULL);
	assert_int_equal(bench_reg(f->b, f->uid, 0x9035, false, data, sizeof(data), NULL), 0);
	assert_int_equal(be32_get(data + 0x14), PCI_CONF);
	assert_memory_equal(data + 0x1c, sriov, sizeof(sriov));
	assert_int_not_equal(be32_get(data), 0);
	bench_reg(f->b, f->uid, 0x9035, false, data, sizeof(data), NULL);
	assert_int_equal(be32_get(data + 0x14), LINK_TYPE);
	assert_int_equal(be32_get(data), 0);
}

/* Set LINK_TYPE_P1=ETH, then reboot. */
static void the_link_type_is_what_the_port_becomes(void **state)
{
	static const u8 eth[4] = { 0, 0, 0, 8 };
	struct tool *f = *state;

	mnvda_set(f, LINK_TYPE, eth, sizeof(eth), NULL);
	assert_false(connectx_ethernet(f->b->cx));
	connectx_restart(f->b->cx, "test");
	assert_true(connectx_ethernet(f->b->cx));
}

/* In the current folder of the tests, which is in the build folder. */
static const char path[] = "state.json";

static int file_setup(void **state)
{
	unlink(path);
	return 0;
}

static int file_teardown(void **state)
{
	unlink(path);
	unlink("state.json.damaged");
	return 0;
}

static void write_text(const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static enum state_result load(enum nv_store store, u8 value[12])
{
	struct nv *nv = nv_new(NV_LINK_IB);
	enum state_result result = state_load(path, nv);

	nv_boot(nv);
	memcpy(value, nv_value(nv, nv_find(PCI_CONF), store), 12);
	nv_free(nv);
	return result;
}

/* As at a reboot of the test bed. */
static void a_new_process_starts_with_next_boot(void **state)
{
	struct nv *nv = nv_new(NV_LINK_IB);
	u8 value[12];

	assert_int_equal(state_load(path, nv), STATE_NONE);
	assert_int_equal(nv_set(nv, PCI_CONF, sriov, sizeof(sriov), 9), 0);
	nv_free(nv);
	assert_int_equal(load(NV_CURRENT, value), STATE_LOADED);
	assert_memory_equal(value, sriov, sizeof(sriov));
	load(NV_FACTORY, value);
	assert_memory_equal(value, factory, sizeof(factory));
}

/* The file has names and hexadecimal values; an edited value is used. */
static void the_file_can_be_read_and_edited(void **state)
{
	struct nv *nv = nv_new(NV_LINK_IB);
	char text[1024] = "";
	u8 value[12];
	FILE *f;

	state_load(path, nv);
	nv_set(nv, PCI_CONF, sriov, sizeof(sriov), 9);
	nv_free(nv);
	f = fopen(path, "re");
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_non_null(strstr(text, "\"name\":\"nv_global_pci_conf\""));
	assert_non_null(strstr(text, "\"value\":\"bf000000a002000802c3f045\""));
	*strstr(text, "a0020008") = '2';
	write_text(text);
	assert_int_equal(load(NV_NEXT, value), STATE_LOADED);
	assert_int_equal(value[4], 0x20);
}

/* Any damage of the file: no crash, factory values, and the file is kept. */
static void a_damaged_file_is_kept_aside(void **state)
{
	static const char *const texts[] = {
		"", "{", "[]", "null", "7", "{\"format\": 1}",
		"{\"format\": 2, \"parameters\": []}",
		"{\"format\": 1, \"parameters\": 3}", "{\"format\": 1, \"parameters\": [7]}",
		"{\"format\": 1, \"parameters\": [{\"type\": \"0x80\"}]}",
		"{\"format\": 1, \"parameters\": [{\"type\": 128, \"value\": \"00\"}]}",
		"{\"format\": 1, \"parameters\": [{\"type\": \"0x80\", \"value\": \"zz\"}]}",
		"{\"format\": 1, \"parameters\": [{\"type\": \"0x80\", \"value\": \"b\"}]}",
		"{\"format\": 1, \"parameters\": [{\"type\": \"0x80\", \"value\": \"bf\"}]}",
		"{\"format\": 1, \"parameters\": [{\"type\": \"0x81\", \"value\": \"\"}]}",
	};
	static const char aside[] = "state.json.damaged";
	u8 value[12];
	size_t i;
	int err;

	err = dup(STDERR_FILENO);	/* the lines that each case prints are not wanted */
	assert_non_null(freopen("/dev/null", "we", stderr));
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		unlink(aside);
		write_text(texts[i]);
		assert_int_equal(load(NV_CURRENT, value), STATE_DAMAGED);
		assert_memory_equal(value, factory, sizeof(factory));
		assert_int_equal(access(aside, F_OK), 0);
		assert_int_equal(access(path, F_OK), -1);
	}
	fflush(stderr);
	dup2(err, STDERR_FILENO);
	close(err);
}

/* Each write makes a new inode, so a reader never sees half a file. */
static void the_file_is_replaced_whole(void **state)
{
	struct nv *nv = nv_new(NV_LINK_IB);
	struct stat before, after;

	state_load(path, nv);
	nv_set(nv, PCI_CONF, sriov, sizeof(sriov), 9);
	assert_int_equal(stat(path, &before), 0);
	nv_invalidate_all(nv);
	assert_int_equal(stat(path, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	nv_free(nv);
}

/* Sizes, order and initial words of all parameters. */
static void the_table_is_sound(void **state)
{
	size_t i, w;

	for (i = 0; i < nv_count; i++) {
		assert_in_range(nv_table[i].size, 4, NV_SIZE_MAX);
		assert_true(!i || nv_table[i].type > nv_table[i - 1].type);
		for (w = 0; w < ARRAY_SIZE(nv_table[i].words); w++)
			assert_true(nv_table[i].words[w].off + 4 <= nv_table[i].size);
	}
}

#define WITH(fn) cmocka_unit_test_setup_teardown(fn, tool_setup, tool_teardown)
#define FILE_TEST(fn) cmocka_unit_test_setup_teardown(fn, file_setup, file_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(set_changes_next_boot_only),
		WITH(answer_header_has_length_and_writer),
		WITH(current_follows_at_firmware_start),
		WITH(the_firmware_checks_what_is_written),
		WITH(a_length_past_the_payload_is_refused),
		WITH(an_absent_parameter_has_a_status_of_its_own),
		WITH(mnvqc_tells_support),
		WITH(mnvdi_and_mnvia_go_back_to_factory),
		WITH(mnvgn_walks_what_was_written),
		WITH(the_link_type_is_what_the_port_becomes),
		FILE_TEST(a_new_process_starts_with_next_boot),
		FILE_TEST(the_file_can_be_read_and_edited),
		FILE_TEST(a_damaged_file_is_kept_aside),
		FILE_TEST(the_file_is_replaced_whole),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests_name("nv", tests, NULL, NULL);
}
