// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl on a ConnectX: the commands that reach the firmware, their senders and their UIDs.
 * The firmware's side is asserted from the emulator's log.
 *
 * Suites: rules memory device
 */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "fwctl_mlx5.h"
#include "fwctl_harness.h"

#define MAX_RPC_LEN (2u << 20)
#define HEADER_LEN 16

enum {
	CREATE_UCTX = 0xa04,
	DESTROY_UCTX = 0xa06,
	QUERY_ISSI = 0x10a,
	MANAGE_PAGES = 0x108,
	CREATE_MKEY = 0x200,
	CREATE_EQ = 0x301,
	MAD_IFC = 0x50d,
	NOP = 0x80d,
	QUERY_QP = 0x50b,
	QUERY_HCA_CAP = 0x100,
	SET_HCA_CAP = 0x109,
	SET_DIAGNOSTIC_PARAMS = 0x820,
	DELEGATE_VHCA_MANAGEMENT = 0x731,
	POSTPONE_CONNECTED_QP_TIMEOUT = 0xb2e,
	ACCESS_REG = 0x805,

	REG_MGIR = 0x9020,
	REG_MNVDA = 0x9024,
	REG_MNVGN = 0x9035,
	REG_MPEGC = 0x9056,
	REG_MCC = 0x9062,
	REG_MCDA = 0x9063,
	REG_MTIM = 0x911c,
	REG_MDDT = 0x9160,
	REG_MPTTR = 0x9704,
	REG_ICSR = 0x38f0,
	REG_CORE_DUMP = 0x402e,
	REG_MTRC_CTRL = 0x9043,
	REG_ZTT = 0xc006,
	REG_PTYS = 0x5004,
	REG_PPLM = 0x5023,
	/* Not in the emulator */
	REG_SLTR = 0x5081,
	REG_MCDD = 0x905c,
	REG_PAOS = 0x5006,
	REG_PPCNT = 0x5008,
	REG_PDDR = 0x5031,
	REG_MFBA = 0x9011,
	REG_MFRL = 0x9028,
	REG_RESOURCE_DUMP = 0xc000,
	REG_HCA_CMD_ENCAP = 0xc009,
	REG_UNKNOWN = 0xabcd,

	OP_WRITE = 0,
	OP_READ = 1,
};

/* A bit of a dword of this register */
#define PPCNT_CLEAR 0x80000000

static void put_command(uint8_t *in, uint16_t opcode)
{
	memset(in, 0, HEADER_LEN);
	mlx5_put16(in, opcode);
}

static void put_register(uint8_t *in, size_t len, uint16_t reg, uint16_t op_mod)
{
	memset(in, 0, len);
	mlx5_put16(in, ACCESS_REG);
	mlx5_put16(in + 6, op_mod);
	mlx5_put16(in + 10, reg);
}

static int rpc(int fd, uint32_t scope, const uint8_t *in, uint32_t in_len,
	       uint8_t *out, uint32_t *out_len)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(scope, in, in_len, out, *out_len);
	int err = fwctl_errno(fd, FWCTL_RPC, &rpc);

	*out_len = rpc.out_len;
	return err;
}

/* MGIR, 160 bytes: the harmless one */
static int read_mgir(int fd, uint32_t scope)
{
	uint8_t in[HEADER_LEN + 160], out[sizeof(in)];
	uint32_t out_len = sizeof(out);

	put_register(in, sizeof(in), REG_MGIR, OP_READ);
	return rpc(fd, scope, in, sizeof(in), out, &out_len);
}

/* The firmware's view of one context: its commands since the last look */
struct firmware {
	int control;
	unsigned long mark;
	unsigned int uid;
	struct connectx_log log;
};

FIXTURE(mlx5)
{
	/* "/dev/fwctl/fwctl0", also while it is not there */
	char path[300];
	int fd;
	struct fwctl_info_mlx5 id;
	/* PCI says that the device is a VF. */
	bool vf;
	struct firmware fw;
	uint8_t in[1024];
	uint8_t out[1024];
};

/* The emulator's VF, 0x101e, which stands alone */
static bool is_vf(const char *path)
{
	char file[PATH_MAX], id[16] = "";
	int fd;

	snprintf(file, sizeof(file), "/sys/class/fwctl/%s/device/device",
		 strrchr(path, '/') + 1);
	fd = open(file, O_RDONLY);
	if (fd < 0 || read(fd, id, sizeof(id) - 1) <= 0)
		id[0] = 0;
	close(fd);
	return strtoul(id, NULL, 16) == 0x101e;
}

FIXTURE_SETUP(mlx5)
{
	const char *path = fwctl_real_device("mlx5_fwctl");
	struct fwctl_info info;

	if (!path)
		SKIP(return, "no ConnectX");
	self->fw.control = connectx_open();
	if (self->fw.control < 0)
		SKIP(return, "no ConnectX emulator behind this device");

	snprintf(self->path, sizeof(self->path), "%s", path);
	self->vf = is_vf(self->path);
	self->fd = open(self->path, O_RDWR);
	ASSERT_GE(self->fd, 0);
	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, &self->id,
				    sizeof(self->id)));
	ASSERT_EQ(FWCTL_DEVICE_TYPE_MLX5, info.out_device_type);
	self->fw.uid = self->id.uid;
	ASSERT_TRUE(connectx_read_log(self->fw.control, ULONG_MAX,
				      &self->fw.log));
	self->fw.mark = self->fw.log.last;
}

FIXTURE_TEARDOWN(mlx5)
{
	connectx_ask(self->fw.control, "clear", NULL);
	connectx_ask(self->fw.control, "release", NULL);
	close(self->fd);
	close(self->fw.control);
}

/*
 * How many commands of the context arrived since the last look; they are in
 * fw->log. Commands of the kernel and of other contexts are left out.
 */
static size_t arrived(struct firmware *fw)
{
	struct connectx_log *log = &fw->log;
	size_t kept = 0;

	if (!connectx_read_log(fw->control, fw->mark, log))
		return SIZE_MAX;
	fw->mark = log->last;
	for (size_t i = 0; i < log->count; i++)
		if (log->commands[i].uid == fw->uid)
			log->commands[kept++] = log->commands[i];
	log->count = kept;
	return kept;
}

/* The answer is as long as the request. */
static int rpc_same(int fd, uint32_t scope, const uint8_t *in, uint8_t *out,
		    uint32_t len)
{
	uint32_t out_len = len;

	return rpc(fd, scope, in, len, out, &out_len);
}

/*
 * {class of a request} x {label}: the errno, and whether it arrived. Each row
 * is 'a' for admitted or 'l' for refused because of its label, per label. Behind
 * the header the request has payload bytes, zero but for a few dwords.
 */
static const struct request {
	const char *name;
	uint16_t opcode, reg, op_mod, payload;
	const char *by_label;
	uint32_t dwords[5];
	/* reads: any file may; of_pf: but no VF */
	bool reads, full, of_pf;
} requests[] = {
	{ "MGIR read", ACCESS_REG, REG_MGIR, OP_READ, 160, "aaaa", .reads = true },
	{ "QUERY_ISSI", QUERY_ISSI, .by_label = "aaaa", .reads = true },
	{ "PAOS read", ACCESS_REG, REG_PAOS, OP_READ, 16, "aaaa", .reads = true },
	{ "MNVDA read", ACCESS_REG, REG_MNVDA, OP_READ, 268, "aaaa",
	  { 0x02090100, 0x80 }, .reads = true, .of_pf = true },
	{ "MNVDA write", ACCESS_REG, REG_MNVDA, OP_WRITE, 24, "alaa",
	  { 0x0209000c, 0x80 } },
	{ "MFRL write", ACCESS_REG, REG_MFRL, OP_WRITE, 8, "alaa", { 0, 0x48 } },
	{ "MCC lock", ACCESS_REG, REG_MCC, OP_WRITE, 32, "alaa", { 1 } },
	{ "PDDR read", ACCESS_REG, REG_PDDR, OP_READ, 256, "laaa", .reads = true },
	{ "NOP", NOP, .by_label = "laaa", .reads = true },
	{ "menu of RESOURCE_DUMP", ACCESS_REG, REG_RESOURCE_DUMP, OP_READ, 256,
	  "laaa", { 0x4000ffff }, .reads = true },
	{ "SET_DIAGNOSTIC_PARAMS", SET_DIAGNOSTIC_PARAMS, .by_label = "llaa" },
	{ "PPCNT read and clear", ACCESS_REG, REG_PPCNT, OP_READ, 256, "llaa",
	  { 0, PPCNT_CLEAR } },
	{ "PAOS write", ACCESS_REG, REG_PAOS, OP_WRITE, 16, "llaa" },
	{ "PTYS write", ACCESS_REG, REG_PTYS, OP_WRITE, 68, "llaa", { 0x10004 } },
	{ "PPLM write", ACCESS_REG, REG_PPLM, OP_WRITE, 128, "llaa", { 0x10000 } },
	{ "MFBA write", ACCESS_REG, REG_MFBA, OP_WRITE, 268, "llla", .full = true },
	{ "MFBA read", ACCESS_REG, REG_MFBA, OP_READ, 268, "llla", .full = true },
	{ "unknown read", ACCESS_REG, REG_UNKNOWN, OP_READ, 64, "llla",
	  .full = true },
	{ "QUERY_QP", QUERY_QP, .by_label = "llla", .full = true },
	{ "unknown write", ACCESS_REG, REG_UNKNOWN, OP_WRITE, 64, "llll" },
	{ "MCDD read", ACCESS_REG, REG_MCDD, OP_READ, 32, "llll" },
	{ "MCDD write", ACCESS_REG, REG_MCDD, OP_WRITE, 32, "llll" },
	{ "HCA_CMD_ENCAP", ACCESS_REG, REG_HCA_CMD_ENCAP, OP_WRITE, 96, "llll" },
	{ "RESOURCE_DUMP to memory", ACCESS_REG, REG_RESOURCE_DUMP, OP_READ, 256,
	  "llll", { 0xffff } },
	{ "op_mod 2", ACCESS_REG, REG_MGIR, 2, 160, "llll" },
	{ "MANAGE_PAGES", MANAGE_PAGES, .op_mod = 1, .by_label = "llll" },
	{ "CREATE_MKEY", CREATE_MKEY, .payload = 256, .by_label = "llll" },
	{ "CREATE_EQ", CREATE_EQ, .payload = 256, .by_label = "llll" },
	{ "MAD_IFC", MAD_IFC, .payload = 256, .by_label = "llll" },
	{ "CREATE_UCTX", CREATE_UCTX, .payload = 16, .by_label = "llll" },
	{ "DESTROY_UCTX", DESTROY_UCTX, .by_label = "llll" },
	{ "opcode 0", 0, .by_label = "llll" },

	/* What a review found to get past an earlier policy */
	{ "ring of a queue", ACCESS_REG, REG_RESOURCE_DUMP, OP_READ, 256, "llll",
	  { 0x40001002, 0, 0x123, 0, 0xffff } },
	{ "reset of the ARM now", ACCESS_REG, REG_MFRL, OP_WRITE, 8, "llla",
	  { 0, 0x03000002 }, .full = true },
	{ "end of the ARM's OS now", ACCESS_REG, REG_MFRL, OP_WRITE, 8, "llla",
	  { 0, 0x04000002 }, .full = true },
	{ "live patch now", ACCESS_REG, REG_MFRL, OP_WRITE, 8, "llla",
	  { 0, 0x00000001 }, .full = true },
	{ "privileges of a host", ACCESS_REG, REG_MNVDA, OP_WRITE, 16, "llla",
	  { 0x02090004, 0x07000083, 0, 0x1000000f }, .full = true },
	{ "another host's item", ACCESS_REG, REG_MNVDA, OP_WRITE, 24, "llla",
	  { 0x0209020c, 0x03040080 }, .full = true },
	{ "iSCSI password", ACCESS_REG, REG_MNVDA, OP_READ, 268, "llla",
	  { 0x02090100, 0x03000239 }, .full = true },
	{ "second iSCSI password", ACCESS_REG, REG_MNVDA, OP_READ, 268, "llla",
	  { 0x02090100, 0x03000257 }, .full = true },
	{ "KDNET", ACCESS_REG, REG_MNVDA, OP_READ, 268, "llla",
	  { 0x02090100, 0x85 }, .full = true },
	{ "walk over all items", ACCESS_REG, REG_MNVGN, OP_READ, 156, "llla",
	  .full = true },
	{ "tunnel MDDT", ACCESS_REG, REG_MDDT, OP_READ, 272, "llll",
	  { 0, 0x01010000, 0, 0x00405006 } },
	{ "ICSR", ACCESS_REG, REG_ICSR, OP_READ, 64, "llla", { 0, 0xf0014, 1 },
	  .full = true },
	{ "packets of PCIe", ACCESS_REG, REG_MPTTR, OP_READ, 84, "llll" },
	{ "emulated removal", ACCESS_REG, REG_MPEGC, OP_WRITE, 44, "llla",
	  { 0, 0x40, 0, 0, 0x10000 }, .full = true },
	{ "MCC force release", ACCESS_REG, REG_MCC, OP_WRITE, 32, "llla", { 0xa },
	  .full = true },
	{ "MCC cancel", ACCESS_REG, REG_MCC, OP_WRITE, 32, "llla", { 8 },
	  .full = true },
	{ "MCC update without a lock", ACCESS_REG, REG_MCC, OP_WRITE, 32, "llla",
	  { 3, 0, 0, 0, 4096 }, .full = true },
	{ "MCDA without a lock", ACCESS_REG, REG_MCDA, OP_WRITE, 144, "llla",
	  { 0, 0, 128 }, .full = true },
	{ "MCC update of something else", ACCESS_REG, REG_MCC, OP_WRITE, 32,
	  "llla", { 3, 1, 0, 0, 4096 }, .full = true },
	{ "MCC read of a component", ACCESS_REG, REG_MCC, OP_WRITE, 32, "llla",
	  { 7 }, .full = true },
	{ "MCDA read", ACCESS_REG, REG_MCDA, OP_READ, 144, "llla", .full = true },
	{ "MTRC_CTRL slcg_cmd", ACCESS_REG, REG_MTRC_CTRL, OP_READ, 64, "llll",
	  { 0x20000 } },
	{ "CORE_DUMP read", ACCESS_REG, REG_CORE_DUMP, OP_READ, 64, "llll" },
	{ "ZTT read", ACCESS_REG, REG_ZTT, OP_READ, 16, "llla", .full = true },
	{ "MTIM write", ACCESS_REG, REG_MTIM, OP_WRITE, 16, "llll" },
	{ "unknown bit of PAOS", ACCESS_REG, REG_PAOS, OP_WRITE, 16, "llla",
	  { 0, 0x1000000 }, .full = true },
	{ "SET_HCA_CAP of oneself", SET_HCA_CAP, .payload = 4096,
	  .by_label = "llll" },
	{ "body nobody knows", POSTPONE_CONNECTED_QP_TIMEOUT, .by_label = "llll" },
	{ "delegation", DELEGATE_VHCA_MANAGEMENT, .by_label = "llll" },
	{ "opcode 0xffff", 0xffff, .by_label = "llll" },
};

/* The result by the rules, for root and this kernel: 0 or a negative errno. */
static int expected(size_t i, uint32_t scope, bool writable, bool vf)
{
	if (requests[i].by_label[scope] == 'l')
		return -EBADMSG;
	/* A VF's node only reads, and shows what its own objects are made of. */
	if (vf && !requests[i].reads &&
	    !(requests[i].full && requests[i].opcode != ACCESS_REG))
		return -EBADMSG;
	if (vf && requests[i].of_pf)
		return -EBADMSG;
	if (!writable && !requests[i].reads)
		return -EPERM;
	if (requests[i].full && kernel_locked_down())
		return -EPERM;
	return 0;
}

#define MAX_REQUEST (HEADER_LEN + 4096)

/* Its length */
static uint32_t put_request(uint8_t in[MAX_REQUEST], size_t i)
{
	const struct request *request = &requests[i];

	memset(in, 0, MAX_REQUEST);
	mlx5_put16(in, request->opcode);
	mlx5_put16(in + 6, request->op_mod);
	mlx5_put16(in + 10, request->reg);
	for (size_t at = 0; at < ARRAY_LEN(request->dwords); at++) {
		mlx5_put16(in + HEADER_LEN + 4 * at, request->dwords[at] >> 16);
		mlx5_put16(in + HEADER_LEN + 4 * at + 2, request->dwords[at]);
	}
	return HEADER_LEN + request->payload;
}

static int send_request(int fd, size_t i, uint32_t scope)
{
	uint8_t in[MAX_REQUEST], out[MAX_REQUEST];
	uint32_t len = put_request(in, i);
	uint32_t out_len = len;

	return rpc(fd, scope, in, len, out, &out_len);
}

/* The errno that sending it would have, or -1 if the question has one itself. */
static int query_request(int fd, size_t i, uint32_t scope)
{
	uint8_t in[MAX_REQUEST];
	uint32_t len = put_request(in, i);
	struct fwctl_query query = fwctl_query_of(scope, in, len, len);

	return fwctl_errno(fd, FWCTL_QUERY, &query) ? -1 : (int)query.out_errno;
}

/*
 * Send a request that is refused until the log has said so: it is limited to ten lines in
 * five seconds, which other tests may have used up. The file is new each time, as its last
 * refusal is not repeated.
 */
static bool refused_with(const char *path, uint16_t reg, uint32_t label,
			 const char *first, const char *second)
{
	uint8_t in[64], out[64];
	char record[1024];
	bool said = false;
	int log = log_open();

	put_register(in, sizeof(in), reg, OP_READ);
	for (int tries = 0; !said && tries < 70; tries++) {
		int fd = open(path, O_RDWR);

		if (rpc_same(fd, label, in, out, sizeof(in)) != EBADMSG)
			break;
		close(fd);
		said = log_has(log, first, second, record, sizeof(record));
		usleep(100000);
	}
	close(log);
	return said;
}

/* MCDD, which no label admits */
TEST_F(mlx5, refusal_says_why_in_the_kernel_log)
{
	if (access("/dev/kmsg", R_OK))
		SKIP(return, "no /dev/kmsg");
	EXPECT_TRUE(refused_with(self->path, REG_MCDD, FWCTL_RPC_DEBUG_WRITE_FULL,
				 "MCDD (opcode 0x805905c, never) with label DEBUG_WRITE_FULL",
				 "no label"));
}

/* A row for it can then be asked for. */
TEST_F(mlx5, unknown_register_is_named_in_the_kernel_log)
{
	if (access("/dev/kmsg", R_OK))
		SKIP(return, "no /dev/kmsg");
	EXPECT_TRUE(refused_with(self->path, REG_UNKNOWN, FWCTL_RPC_DEBUG_READ_ONLY,
				 self->vf ? "ACCESS_REG (opcode 0x805abcd, never)" :
					    "ACCESS_REG (opcode 0x805abcd, full)",
				 "label DEBUG_READ_ONLY"));
}

/*
 * UID 0 is the kernel's own; a context without TOOLS_RESOURCES (bit 2) could not send
 * the commands of tools.
 */
TEST_F(mlx5, info_tells_the_context)
{
	struct fwctl_info info;
	uint8_t data[64];

	EXPECT_NE(0, self->id.uid);
	EXPECT_EQ(1u << 2, self->id.uctx_caps & (1u << 2));
	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, data, sizeof(data)));
	EXPECT_EQ(sizeof(struct fwctl_info_mlx5), info.device_data_len);
}

/*
 * The firmware gets the UID of the file, whichever one the caller claims, also the
 * kernel's or another file's.
 */
TEST_F(mlx5, uid_is_forced_into_every_command)
{
	static const uint16_t claims[] = { 0, 1, 0x7fff, 0xffff };

	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		put_register(self->in, 64, REG_MGIR, OP_READ);
		mlx5_put16(self->in + 2, claims[i]);
		ASSERT_EQ(0, rpc_same(self->fd, FWCTL_RPC_CONFIGURATION,
				      self->in, self->out, 64));
		EXPECT_EQ(0, self->out[0]);
		ASSERT_EQ(1, arrived(&self->fw));
		EXPECT_EQ(ACCESS_REG, self->fw.log.commands[0].opcode);
		EXPECT_EQ(64, self->fw.log.commands[0].in_len);
		EXPECT_EQ(64, self->fw.log.commands[0].out_len);
	}
}

static bool saw(const struct connectx_log *log, unsigned int opcode)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->commands[i].opcode == opcode)
			return true;
	return false;
}

static bool saw_soon(int control, unsigned long since, unsigned int opcode,
		     struct connectx_log *log)
{
	for (int tries = 0; tries < 100; tries++) {
		if (connectx_read_log(control, since, log) && saw(log, opcode))
			return true;
		usleep(20000);
	}
	return false;
}

/* And closing one file ends its context and no other. */
TEST_F(mlx5, each_file_has_a_context_of_its_own)
{
	struct fwctl_info_mlx5 id;
	struct fwctl_info info;
	int fd;

	fd = open(self->path, O_RDWR);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, fwctl_get_info(fd, &info, &id, sizeof(id)));
	EXPECT_NE(self->id.uid, id.uid);
	ASSERT_TRUE(connectx_read_log(self->fw.control, self->fw.mark,
				      &self->fw.log));
	EXPECT_TRUE(saw(&self->fw.log, CREATE_UCTX));
	EXPECT_FALSE(saw(&self->fw.log, DESTROY_UCTX));

	close(fd);
	EXPECT_TRUE(saw_soon(self->fw.control, self->fw.mark, DESTROY_UCTX,
			     &self->fw.log));
	EXPECT_EQ(0, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
}

static void check_requests(struct __test_metadata *_metadata, int fd,
			   struct firmware *fw, bool writable, bool vf)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		for (uint32_t scope = 0; scope < 4; scope++) {
			int want = expected(i, scope, writable, vf);

			EXPECT_EQ(want, -query_request(fd, i, scope))
				TH_LOG("query of %s, label %u",
				       requests[i].name, scope);
			EXPECT_EQ(want, -send_request(fd, i, scope))
				TH_LOG("%s, label %u", requests[i].name, scope);
			EXPECT_EQ(want ? 0 : 1, arrived(fw))
				TH_LOG("%s, label %u: in the firmware's log",
				       requests[i].name, scope);
		}
	}
}

/* A file that is open for reading only reads the device, too. */
TEST_F(mlx5, read_only_file_sends_reads_only)
{
	struct fwctl_info info;

	close(self->fd);
	self->fd = open(self->path, O_RDONLY);
	ASSERT_GE(self->fd, 0);
	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, &self->id,
				    sizeof(self->id)));
	self->fw.uid = self->id.uid;
	check_requests(_metadata, self->fd, &self->fw, false, self->vf);
}

/*
 * The label itself takes the capability, even around a mere read; but a request that no
 * label admits is refused for that.
 */
TEST_F(mlx5, full_label_needs_rawio)
{
	bool tainted = kernel_tainted_by_fwctl();

	ASSERT_EQ(0, drop_rawio());
	EXPECT_EQ(EPERM, read_mgir(self->fd, FWCTL_RPC_DEBUG_WRITE_FULL));
	EXPECT_EQ(0, read_mgir(self->fd, FWCTL_RPC_DEBUG_READ_ONLY));
	EXPECT_EQ(EBADMSG, send_request(self->fd, ARRAY_LEN(requests) - 1,
					FWCTL_RPC_DEBUG_WRITE_FULL));
	EXPECT_EQ(1, arrived(&self->fw));
	EXPECT_EQ(tainted, kernel_tainted_by_fwctl());
}

/* From here on the kernel may be tainted. */
TEST_F(mlx5, each_class_with_each_label)
{
	check_requests(_metadata, self->fd, &self->fw, true, self->vf);
	EXPECT_TRUE(kernel_tainted_by_fwctl());
}

/* An errno means that the firmware did not execute the command. It did, and said no. */
/* Send an instruction of MCC; out has the answer. Return 0, or an errno. */
static int update_step(int fd, uint8_t instruction, uint32_t handle, uint8_t out[HEADER_LEN + 32])
{
	uint8_t in[HEADER_LEN + 32];

	put_register(in, sizeof(in), REG_MCC, instruction ? OP_WRITE : OP_READ);
	in[HEADER_LEN + 3] = instruction;
	mlx5_put16(in + HEADER_LEN + 8, handle >> 16);
	mlx5_put16(in + HEADER_LEN + 10, handle);
	if (instruction == 3)
		mlx5_put16(in + HEADER_LEN + 18, 4096);
	return rpc_same(fd, FWCTL_RPC_CONFIGURATION, in, out, sizeof(in));
}

/* Handle of the update that is under way, which every file can read; 0 on an error */
static uint32_t update_handle(int fd)
{
	uint8_t out[HEADER_LEN + 32];

	if (update_step(fd, 0, 0, out) || out[0])
		return 0;
	return out[HEADER_LEN + 9] << 16 | out[HEADER_LEN + 10] << 8 | out[HEADER_LEN + 11];
}

/* Otherwise one tool could end another's update, or devlink's. LOCK is 1, RELEASE 2. */
TEST_F(mlx5, update_is_of_the_file_that_locked_it)
{
	static const uint8_t steps[] = { 2, 3, 4, 6 };
	uint8_t out[HEADER_LEN + 32];
	int thief = open(self->path, O_RDWR);
	uint32_t handle;

	if (self->vf)
		SKIP(return, "a VF updates nothing");
	ASSERT_EQ(0, update_step(self->fd, 1, 0, out));
	ASSERT_EQ(0, out[0]);
	handle = update_handle(thief);
	ASSERT_NE(0, handle);

	/* The firmware would take them: it asks for the handle only. */
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		EXPECT_EQ(EBADMSG, update_step(thief, steps[i], handle, out));
	/* Nor does a LOCK that the firmware refuses make it the thief's. */
	ASSERT_EQ(0, update_step(thief, 1, handle, out));
	EXPECT_NE(0, out[0]);
	EXPECT_EQ(EBADMSG, update_step(thief, 2, handle, out));

	EXPECT_EQ(0, update_step(self->fd, 3, handle, out));
	EXPECT_EQ(0, out[0]);
	EXPECT_EQ(0, update_step(self->fd, 2, handle, out));
	EXPECT_EQ(0, out[0]);
	/* It is nobody's now. */
	EXPECT_EQ(EBADMSG, update_step(self->fd, 2, handle, out));
	close(thief);
}

TEST_F(mlx5, firmware_status_is_in_the_answer)
{
	put_register(self->in, 64, REG_SLTR, OP_READ);
	ASSERT_EQ(0, rpc_same(self->fd, FWCTL_RPC_DEBUG_READ_ONLY, self->in,
			      self->out, 64));
	EXPECT_NE(0, self->out[0]);
	ASSERT_EQ(1, arrived(&self->fw));
	EXPECT_EQ(self->out[0], self->fw.log.commands[0].status);
}

/* In op_mod: the second page of general capabilities, their maxima and current values */
static const uint16_t general_2[] = { 0x40, 0x41 };

/* In the dword of the function: itself, another by its number, and by its VHCA ID, also 0 */
static const uint32_t functions[] = { 0, 0x80000001, 0x90000001, 0x90000000 };

/* As mstflint's library does it. A VF sees its own. */
TEST_F(mlx5, capabilities_of_functions_are_configuration)
{
	uint8_t in[HEADER_LEN], out[HEADER_LEN + 4096];

	for (size_t i = 0; i < ARRAY_LEN(functions) * ARRAY_LEN(general_2); i++) {
		uint32_t function = functions[i / ARRAY_LEN(general_2)];
		uint32_t out_len = sizeof(out);
		int refused = self->vf && function ? EBADMSG : 0;

		put_command(in, QUERY_HCA_CAP);
		mlx5_put16(in + 6, general_2[i % ARRAY_LEN(general_2)]);
		mlx5_put16(in + 8, function >> 16);
		mlx5_put16(in + 10, function);
		EXPECT_EQ(refused, rpc(self->fd, FWCTL_RPC_CONFIGURATION, in, sizeof(in), out,
				       &out_len))
			TH_LOG("function %#x", function);
		EXPECT_EQ(refused ? 0 : 1, arrived(&self->fw));
		EXPECT_TRUE(refused || (out_len == sizeof(out) && !out[0]))
			TH_LOG("function %#x: %u bytes, status %u", function, out_len, out[0]);
	}
}

/* A command that is shorter than its header cannot be classified. */
TEST_F(mlx5, lengths_below_a_header_are_EMSGSIZE)
{
	put_command(self->in, QUERY_ISSI);
	for (uint32_t len = 0; len < HEADER_LEN; len++) {
		uint32_t out_len = 64;

		EXPECT_EQ(EMSGSIZE, rpc(self->fd, 0, self->in, len, self->out,
					&out_len));
		out_len = len;
		EXPECT_EQ(EMSGSIZE, rpc(self->fd, 0, self->in, 64, self->out,
					&out_len));
	}
	EXPECT_EQ(0, arrived(&self->fw));
}

/* Around the inline part (16), a mailbox (512), and up to the most: nothing is rounded. */
TEST_F(mlx5, lengths_arrive_as_they_are)
{
	static const uint32_t lens[] = { 16, 17, 31, 32, 527, 528, 529, 1040,
					 4096, 65536, MAX_RPC_LEN - 1,
					 MAX_RPC_LEN };
	uint8_t *in = calloc(1, MAX_RPC_LEN), *out = malloc(MAX_RPC_LEN);

	ASSERT_TRUE(in && out);
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		uint32_t small = 176, len = lens[i];

		put_register(in, HEADER_LEN, REG_MGIR, OP_READ);
		ASSERT_EQ(0, rpc(self->fd, 0, in, 176, out, &len));
		EXPECT_EQ(lens[i], len);
		ASSERT_EQ(0, rpc(self->fd, 0, in, lens[i], out, &small));
		ASSERT_EQ(2, arrived(&self->fw));
		EXPECT_EQ(lens[i], self->fw.log.commands[0].out_len);
		EXPECT_EQ(lens[i], self->fw.log.commands[1].in_len);
	}
	free(in);
	free(out);
}

/* The caller can tell "never sent" from "sent, answer lost". */
TEST_F(mlx5, answer_without_a_place_is_not_asked_for)
{
	uint8_t *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	uint32_t out_len = 64;

	ASSERT_NE(MAP_FAILED, page);
	put_register(self->in, 64, REG_MGIR, OP_READ);
	EXPECT_EQ(EFAULT, rpc(self->fd, 0, self->in, 64, page, &out_len));
	EXPECT_EQ(EFAULT, rpc(self->fd, 0, self->in, 64, NULL, &out_len));
	EXPECT_EQ(0, arrived(&self->fw));
	munmap(page, 4096);
}

/* As some clients do. */
TEST_F(mlx5, request_and_answer_may_share_memory)
{
	uint32_t out_len = 64;

	put_register(self->in, 64, REG_MGIR, OP_READ);
	ASSERT_EQ(0, rpc(self->fd, 0, self->in, 64, self->in, &out_len));
	EXPECT_EQ(0, self->in[0]);
	/* hw_dev_id, the low half of the register's dword at 8 */
	EXPECT_NE(0, self->in[HEADER_LEN + 10] << 8 | self->in[HEADER_LEN + 11]);
}

static pid_t start_reader(int fd)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(read_mgir(fd, FWCTL_RPC_CONFIGURATION));
	return pid;
}

static bool gone_within(pid_t pid, int ms)
{
	for (; ms > 0; ms -= 10) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return true;
		usleep(10000);
	}
	return false;
}

/* The call stays with the device, and its memory until the device answers. */
TEST_F(mlx5, killed_caller_leaves_a_hung_firmware_at_once)
{
	struct fwctl_info info;
	pid_t pid;

	ASSERT_TRUE(connectx_ask(self->fw.control,
				 "fault hang opcode=0x805 count=1", NULL));
	pid = start_reader(self->fd);
	EXPECT_FALSE(gone_within(pid, 500));
	EXPECT_EQ(0, fwctl_get_info(self->fd, &info, NULL, 0));
	kill(pid, SIGKILL);
	EXPECT_TRUE(gone_within(pid, 1000));

	/* The late answer goes nowhere, and the next one to its own caller. */
	ASSERT_TRUE(connectx_ask(self->fw.control, "release", NULL));
	EXPECT_EQ(0, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
}

/* Sets up fault injection for the next test, without messages. */
static bool faults_ready(void)
{
	static const char *const files[] = {
		"failslab/verbose", "fail_page_alloc/verbose",
		"fail_usercopy/verbose",
	};
	char path[64];

	if (access("/proc/self/fail-nth", W_OK))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", files[i]);
		if (mlx5_write_text(path, "0"))
			return false;
	}
	return true;
}

/* Returns whether the nth fault came; *err is the errno of a read. */
static bool read_with_fault(int fd, int nth, int *err)
{
	int file = open("/proc/thread-self/fail-nth", O_RDWR);
	char left[16] = "";

	dprintf(file, "%d", nth);
	*err = read_mgir(fd, FWCTL_RPC_CONFIGURATION);
	while (pread(file, left, sizeof(left) - 1, 0) <= 0)
		;
	while (pwrite(file, "0", 1, 0) != 1)
		;
	close(file);
	return atoi(left) == 0;
}

/*
 * mlx5_core takes the memory for a short command without waiting for it. Where there
 * is none, the command takes longer, and that is all. Other memory is not touched by
 * these faults; copies from and to user space are.
 */
TEST_F(mlx5, short_command_without_memory_takes_the_long_way)
{
	int survived = 0, err;

	if (!faults_ready())
		SKIP(return, "no faults can be injected");
	for (int nth = 1; read_with_fault(self->fd, nth, &err); nth++) {
		EXPECT_TRUE(!err || err == EFAULT)
			TH_LOG("fault %d: %s", nth, strerror(err));
		survived += !err;
	}
	EXPECT_EQ(0, err);
	/* The command, the answer, and at least one mailbox */
	EXPECT_GE(survived, 3);
	EXPECT_EQ(0, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
}

/* Neither in another file nor in the same. */
TEST_F(mlx5, hung_call_holds_up_no_other)
{
	pid_t pid;
	int fd;

	ASSERT_TRUE(connectx_ask(self->fw.control,
				 "fault hang opcode=0x805 count=1", NULL));
	pid = start_reader(self->fd);
	EXPECT_FALSE(gone_within(pid, 200));

	fd = open(self->path, O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(0, read_mgir(fd, FWCTL_RPC_CONFIGURATION));
	EXPECT_EQ(0, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
	close(fd);

	ASSERT_TRUE(connectx_ask(self->fw.control, "release", NULL));
	EXPECT_TRUE(gone_within(pid, 1000));
}

/* More calls than the device takes at once: all are answered in the end. */
TEST_F(mlx5, calls_beyond_the_limit_wait_for_their_turn)
{
	pid_t pids[24];

	ASSERT_TRUE(connectx_ask(self->fw.control, "fault hang opcode=0x805",
				 NULL));
	for (size_t i = 0; i < ARRAY_LEN(pids); i++)
		pids[i] = start_reader(self->fd);
	usleep(300000);

	/* One that waits for its turn can be killed as well. */
	kill(pids[ARRAY_LEN(pids) - 1], SIGKILL);
	EXPECT_TRUE(gone_within(pids[ARRAY_LEN(pids) - 1], 1000));

	ASSERT_TRUE(connectx_ask(self->fw.control, "clear", NULL));
	ASSERT_TRUE(connectx_ask(self->fw.control, "release", NULL));
	for (size_t i = 0; i < ARRAY_LEN(pids) - 1; i++)
		EXPECT_TRUE(gone_within(pids[i], 5000));
}

/* From the card's address to its node, and the other way round */
TEST_F(mlx5, pci_address_leads_to_the_node_and_back)
{
	const char *node = strrchr(self->path, '/') + 1;
	char path[PATH_MAX], real[PATH_MAX], *parent;

	snprintf(path, sizeof(path), "/sys/class/fwctl/%s/device", node);
	parent = realpath(path, real);
	ASSERT_TRUE(!!parent);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/fwctl/%s",
		 strrchr(parent, '/') + 1, node);
	EXPECT_EQ(0, access(path, F_OK))
		TH_LOG("%s", path);
}

/* Also after the device came back: another file may have the old UID by then. */
TEST_F(mlx5, unbound_device_is_ENODEV_and_its_file_stays)
{
	struct fwctl_info info;
	char name[NAME_MAX + 1];

	ASSERT_TRUE(mlx5_aux_device(name));
	ASSERT_EQ(0, mlx5_write_text(MLX5_AUX_DRIVER "/unbind", name));

	EXPECT_EQ(ENODEV, fwctl_get_info(self->fd, &info, NULL, 0));
	EXPECT_EQ(ENODEV, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
	EXPECT_EQ(-1, access(self->path, F_OK));
	/* Its context is gone already, not only when the file is closed. */
	EXPECT_TRUE(saw_soon(self->fw.control, self->fw.mark, DESTROY_UCTX,
			     &self->fw.log));

	ASSERT_EQ(0, mlx5_write_text(MLX5_AUX_DRIVER "/bind", name));
	EXPECT_EQ(0, access(self->path, F_OK));
	EXPECT_EQ(ENODEV, read_mgir(self->fd, FWCTL_RPC_CONFIGURATION));
}

TEST_HARNESS_MAIN
