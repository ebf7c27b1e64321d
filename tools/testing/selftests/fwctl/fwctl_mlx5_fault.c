// SPDX-License-Identifier: GPL-2.0
/*
 * fwctl on a ConnectX that goes away or has a firmware that misbehaves: hang, timeout,
 * late, wrong and garbled answers, fatal health, surprise removal, reload, unbinding,
 * function level reset. In each case the caller gets an answer no later than
 * mlx5_core gives up, mlx5_core's own commands go on, nothing stays behind, the kernel
 * has nothing to complain about, and a UID from before a reset is never used again,
 * which is asserted from the emulator's log.
 *
 * For the time of these tests the emulator advertises a command timeout of one second.
 * mlx5_core waits up to five seconds more before it gives a command up: the driver has
 * one way for short commands and one for long ones, and it is in the latter.
 *
 * Suites: faults device
 */
#include <signal.h>
#include <sys/utsname.h>

#include "fwctl_mlx5.h"
#include "fwctl_harness.h"

#define TIMEOUT_MS 1000
#define GIVE_UP_MS (TIMEOUT_MS + 5000)
/* Allowance for a busy machine, or a kernel that watches itself */
#define SLACK_MS 20000
/* Three seconds until mlx5_core looks at the device's health, and its recovery */
#define HEALTH_MS 60000
/* Longer than that: a command given up before never gives its slot back, and mlx5_core hangs. */
#define PATIENT_TIMEOUT_MS 30000
/* Less than until a command is given up; without the firmware's help, nothing takes that long */
#define SOON_MS 5000
#define BACK_MS 60000

/* Bits of /proc/sys/kernel/tainted that a splat sets: 7 oops, 9 warning, 14 lockup */
#define TAINTS_OF_SPLATS 0x4280ull

/* mlx5_fwctl's own bounds */
#define MAX_COMMANDS 7
#define MAX_FILE_COMMANDS 6

FIXTURE(fault)
{
	char path[300];
	char address[64];
	int control;
	int kmsg;
	int fd;
	struct fwctl_info_mlx5 id;
	unsigned long mark;
	unsigned long long taints;
	bool debugfs;
	bool worn;
};

static unsigned long newest(int control)
{
	struct connectx_log log = {};

	return connectx_read_log(control, ULONG_MAX, &log) ? log.last : 0;
}

static unsigned int uid_of(int fd)
{
	struct fwctl_info_mlx5 id = {};
	struct fwctl_info info;

	return fwctl_get_info(fd, &info, &id, sizeof(id)) ? 0 : id.uid;
}

static unsigned long long splat_taints(void)
{
	char line[64];

	read_line("/proc/sys/kernel/tainted", line, sizeof(line));
	return strtoull(line, NULL, 10) & TAINTS_OF_SPLATS;
}

/* mlx5_core reads the timeout when it loads. */
static bool change_timeout(int control, const char *address, int ms)
{
	char request[32];

	snprintf(request, sizeof(request), "timeout %d", ms);
	return connectx_ask(control, request, NULL) && !mlx5_rebind(address);
}

FIXTURE_SETUP(fault)
{
	self->control = connectx_open();
	ASSERT_GE(self->control, 0);
	ASSERT_TRUE(mlx5_wait_node(self->path, sizeof(self->path), BACK_MS));
	ASSERT_TRUE(mlx5_address(self->path, self->address,
				 sizeof(self->address)));
	self->taints = splat_taints();
	self->kmsg = log_open();
	ASSERT_GE(self->kmsg, 0);
	self->debugfs = mlx5_kernel_ready(self->address);
	self->fd = open(self->path, O_RDWR);
	ASSERT_GE(self->fd, 0);
	self->id.uid = uid_of(self->fd);
	ASSERT_NE(0, self->id.uid);
	self->mark = newest(self->control);
}

/* Words of the kernel's complaints, in a record of its log */
static bool is_splat(const char *record)
{
	static const char *const words[] = {
		"BUG:", "WARNING:", "Oops", "Call Trace", "blocked for more than",
		"soft lockup", "rcu: INFO", "UBSAN", "KASAN", "refcount_t",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(record, words[i]))
			return true;
	return false;
}

/* The next new record with this text, or any splat if text is NULL */
static bool kmsg_next(int kmsg, const char *text, char *record, size_t size)
{
	ssize_t len;

	/* EPIPE: the log has overtaken the reader. */
	while ((len = read(kmsg, record, size - 1)) > 0 || errno == EPIPE) {
		if (len < 0)
			continue;
		record[len] = 0;
		if (text ? !!strstr(record, text) : is_splat(record))
			return true;
	}
	return false;
}

/* In the end no slot is taken. Unknown, under lockdown, counts as none. */
static bool no_slot_in_use(const char *address)
{
	for (int ms = 0; ms < SOON_MS; ms += 10) {
		if (mlx5_slots_in_use(address) <= 0)
			return true;
		usleep(10000);
	}
	return false;
}

static bool idle(const char *node)
{
	static const char *const usages[] = { "files", "calls", "bytes",
					      "queued" };
	char path[PATH_MAX], line[32];

	for (size_t i = 0; i < ARRAY_LEN(usages); i++) {
		snprintf(path, sizeof(path), "/sys/class/fwctl/%s/usage/%s",
			 strrchr(node, '/') + 1, usages[i]);
		read_line(path, line, sizeof(line));
		if (strcmp(line, "0"))
			return false;
	}
	return true;
}

/* How many lines of the emulator's state have all of this */
static int count_state(int control, const char *first, const char *second)
{
	char line[256];
	int count = 0;

	dprintf(control, "state\n");
	while (connectx_line(control, line, sizeof(line)) &&
	       strncmp(line, "ok", 2))
		count += strstr(line, first) && strstr(line, second);
	return count;
}

/* So many contexts are left in the firmware, which ends them when it gets to it. */
static bool contexts(int control, int count)
{
	for (int ms = 0; ms < SOON_MS; ms += 10) {
		if (count_state(control, "uctx ", "uid=") == count)
			return true;
		usleep(10000);
	}
	return false;
}

FIXTURE_TEARDOWN(fault)
{
	char record[1024];

	connectx_ask(self->control, "clear", NULL);
	connectx_ask(self->control, "release", NULL);
	connectx_ask(self->control, "contexts 4", NULL);
	close(self->fd);
	/* mlx5_core recovers once a minute; after that it wants to be bound anew. */
	if (self->worn)
		EXPECT_TRUE(change_timeout(self->control, self->address,
					   TIMEOUT_MS));
	EXPECT_TRUE(mlx5_wait_node(self->path, sizeof(self->path), BACK_MS));
	EXPECT_TRUE(no_slot_in_use(self->address));
	EXPECT_TRUE(contexts(self->control, 0));
	EXPECT_TRUE(idle(self->path));
	EXPECT_EQ(self->taints, splat_taints());
	while (kmsg_next(self->kmsg, NULL, record, sizeof(record))) {
		EXPECT_FALSE(true)
			TH_LOG("in the kernel log: %s", record);
	}
	close(self->kmsg);
	close(self->control);
}

/*
 * The command of a caller. The answer to NOP needs no mailbox. It is for commands that are
 * given up and answered later: without the tree's patch mlx5_core has given their mailboxes
 * back by then, and does not survive that the firmware writes to them. The long one is MGIR
 * with more room than the driver's short way takes, the page one with nearly as much.
 */
enum sent { SENDS_MGIR, SENDS_LONG, SENDS_PAGE, SENDS_NOP };

#define PAGE_LEN 4096
#define LONG_LEN 8192

/* A thread that sends one command, and its errno */
struct caller {
	pthread_t thread;
	enum sent sends;
	int fd;
	int err;
	long ms;
};

static int read_mgir_of(int fd, uint32_t len)
{
	uint8_t in[LONG_LEN], out[LONG_LEN];
	int err;

	mlx5_put_mgir(in, len);
	err = mlx5_rpc(fd, in, len, out, len);
	return !err && (out[0] || !mlx5_mgir_id(out)) ? EBADE : err;
}

static int read_long(int fd)
{
	return read_mgir_of(fd, LONG_LEN);
}

static int read_page(int fd)
{
	return read_mgir_of(fd, PAGE_LEN);
}

static int (*const sends[])(int fd) = {
	[SENDS_MGIR] = mlx5_read_mgir,
	[SENDS_LONG] = read_long,
	[SENDS_PAGE] = read_page,
	[SENDS_NOP] = mlx5_nop,
};

static void *caller_run(void *data)
{
	struct caller *caller = data;
	long began = mlx5_now_ms();

	caller->err = sends[caller->sends](caller->fd);
	caller->ms = mlx5_now_ms() - began;
	return NULL;
}

static bool caller_start(struct caller *caller, int fd, enum sent sends)
{
	*caller = (struct caller){ .fd = fd, .sends = sends };
	return !pthread_create(&caller->thread, NULL, caller_run, caller);
}

static int caller_join(struct caller *caller)
{
	pthread_join(caller->thread, NULL);
	return caller->err;
}

/* So many commands hang in the firmware. */
static bool hanging(int control, int count)
{
	for (int ms = 0; ms < 5 * SOON_MS; ms += 10) {
		if (count_state(control, "job ", "hangs") == count)
			return true;
		usleep(10000);
	}
	return false;
}

/* The kernel's NOP is spared. */
static bool inject(int control, const char *what, enum sent sends,
		   unsigned int uid)
{
	char request[128];

	snprintf(request, sizeof(request), "fault %s opcode=%#x uid=%u", what,
		 sends == SENDS_NOP ? MLX5_NOP : MLX5_ACCESS_REG, uid);
	return connectx_ask(control, request, NULL);
}

/* A caller with a command that hangs */
static bool caller_hang(struct caller *caller, FIXTURE_DATA(fault) * self,
			enum sent sends)
{
	return inject(self->control, "hang count=1", sends, self->id.uid) &&
	       caller_start(caller, self->fd, sends) &&
	       hanging(self->control, 1);
}

/* One of each length */
static bool pair_hang(struct caller pair[2], FIXTURE_DATA(fault) * self)
{
	return inject(self->control, "hang count=2", SENDS_MGIR, self->id.uid) &&
	       caller_start(&pair[0], self->fd, SENDS_MGIR) &&
	       caller_start(&pair[1], self->fd, SENDS_LONG) &&
	       hanging(self->control, 2);
}

static void check_pair(struct __test_metadata *_metadata,
		       struct caller pair[2], int err, long ms)
{
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(err, caller_join(&pair[i]));
		EXPECT_LT(pair[i].ms, ms);
	}
}

static bool all(const uint8_t *bytes, size_t len, uint8_t value)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != value)
			return false;
	return true;
}

static bool released(int control)
{
	return connectx_ask(control, "clear", NULL) &&
	       connectx_ask(control, "release", NULL);
}

/* A late answer gives its slot back, which mlx5_core does when it gets to it. */
static bool resumes(int fd)
{
	int err = EBUSY;

	for (int ms = 0; err == EBUSY && ms < 5 * SOON_MS; ms += 10) {
		err = mlx5_read_mgir(fd);
		if (err)
			usleep(10000);
	}
	return !err;
}

/* mlx5_core's own command. Nothing is known of it under lockdown. */
static int kernel_goes_on(const char *address, bool debugfs)
{
	long began = mlx5_now_ms();
	int err = 0;

	if (debugfs)
		err = mlx5_kernel_ready(address) ? mlx5_kernel_command(address) :
						   ENODEV;
	if (!err && mlx5_now_ms() - began > SOON_MS)
		err = ETIME;
	return err;
}

/* Commands with this UID, or about one that is not there any more */
static size_t stale_commands(int control, unsigned long since, unsigned int uid)
{
	struct connectx_log log = {};
	size_t count = 0;

	if (!connectx_read_log(control, since, &log) ||
	    log.count == CONNECTX_MAX_COMMANDS)
		return SIZE_MAX;
	for (size_t i = 0; i < log.count; i++) {
		const struct connectx_command *cmd = &log.commands[i];

		count += cmd->uid == uid ||
			 (cmd->opcode == MLX5_DESTROY_UCTX && cmd->status);
	}
	return count;
}

/* The old file stays and reports it; the device belongs to another file by now. */
static void check_gone(struct __test_metadata *_metadata, int fd)
{
	struct fwctl_info info;

	EXPECT_EQ(ENODEV, mlx5_read_mgir(fd));
	EXPECT_EQ(ENODEV, fwctl_get_info(fd, &info, NULL, 0));
}

/* The node that is there first may be one that is on its way out. */
static int open_new(FIXTURE_DATA(fault) * self)
{
	for (int ms = 0; ms < BACK_MS; ms += 10) {
		int fd = fwctl_find("mlx5_fwctl", self->path,
				    sizeof(self->path)) ?
				 open(self->path, O_RDWR) : -1;

		if (fd >= 0 && uid_of(fd))
			return fd;
		close(fd);
		usleep(10000);
	}
	return -1;
}

/*
 * The device has come back: a new file has a context of its own and the old one is
 * of no use. The firmware saw the old UID in as many commands as were under way.
 */
static void check_back(struct __test_metadata *_metadata,
		       FIXTURE_DATA(fault) * self, size_t under_way)
{
	int fd = open_new(self);

	ASSERT_GE(fd, 0);
	EXPECT_NE(self->id.uid, uid_of(fd));
	EXPECT_EQ(0, mlx5_read_mgir(fd));
	check_gone(_metadata, self->fd);
	EXPECT_EQ(0, close(self->fd));
	self->fd = fd;
	EXPECT_EQ(0, mlx5_read_mgir(fd));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	EXPECT_EQ(under_way, stale_commands(self->control, self->mark,
					    self->id.uid));
}

/* Firmware that does not answer, or late */

TEST_F(fault, hung_command_is_given_up_when_mlx5_core_does)
{
	struct caller caller;
	long began;

	ASSERT_TRUE(caller_hang(&caller, self, SENDS_NOP));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	began = mlx5_now_ms();
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_LT(mlx5_now_ms() - began, SOON_MS);

	EXPECT_EQ(ETIMEDOUT, caller_join(&caller));
	EXPECT_GE(caller.ms, TIMEOUT_MS);
	EXPECT_LT(caller.ms, GIVE_UP_MS + SLACK_MS);
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	EXPECT_EQ(EBUSY, mlx5_read_mgir(self->fd));
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(resumes(self->fd));
}

/* An answer without mailboxes, after mlx5_core has given up */
TEST_F(fault, late_answer_reaches_nobody)
{
	int log = log_open();
	struct caller caller;
	char record[1024];

	ASSERT_GE(log, 0);
	ASSERT_TRUE(caller_hang(&caller, self, SENDS_NOP));
	ASSERT_EQ(ETIMEDOUT, caller_join(&caller));
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(resumes(self->fd));
	for (int i = 0; i < 20; i++)
		EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_TRUE(kmsg_next(log, "completion arrived after timeout", record,
			      sizeof(record)));
	close(log);
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
}

/* The tree's kernels have an mlx5_core that keeps the mailboxes until the answer. */
static bool mlx5_core_keeps_mailboxes(void)
{
	struct utsname name;

	return !uname(&name) && strstr(name.release, "-fwctl");
}

/*
 * The device compares an 8-bit token of the command with one in each mailbox. mlx5_core's
 * runs from 1 to 255, so after 254 commands the next one has the same again.
 */
static bool same_token_comes_next(const char *address)
{
	int err = mlx5_kernel_ready(address) ? 0 : ENODEV;

	for (int i = 0; !err && i < 254; i++)
		err = mlx5_kernel_command(address);
	return !err;
}

/* mlx5_core's own command: the next one reads MCAM, hangs, and has a short answer. */
static bool kernel_prepare(FIXTURE_DATA(fault) * self, size_t len)
{
	uint8_t in[LONG_LEN];
	char out_len[16];

	mlx5_put_mgir(in, len);
	mlx5_put16(in + 10, MLX5_REG_MCAM);
	snprintf(out_len, sizeof(out_len), "%zu", len);
	return same_token_comes_next(self->address) &&
	       !mlx5_debugfs_write(self->address, "in", in, len) &&
	       !mlx5_debugfs_write(self->address, "out_len", out_len,
				   strlen(out_len)) &&
	       inject(self->control, "hang count=1", SENDS_MGIR, 0) &&
	       inject(self->control, "malformed kind=short count=1",
		      SENDS_MGIR, 0);
}

static void *kernel_run(void *address)
{
	return (void *)(intptr_t)mlx5_kernel_command(address);
}

/*
 * An answer in mailboxes that belong to another command by then, which is in the firmware
 * as well: mlx5_core's own, since fwctl sends nothing meanwhile.
 */
TEST_F(fault, late_answer_is_not_the_next_commands)
{
	static const struct {
		enum sent sends;
		size_t len;
	} rows[] = { { SENDS_PAGE, PAGE_LEN }, { SENDS_LONG, LONG_LEN } };
	uint8_t out[LONG_LEN];
	struct caller caller;
	pthread_t kernel;
	void *err;

	if (!self->debugfs)
		SKIP(return, "the kernel's debugfs is closed");
	if (!mlx5_core_keeps_mailboxes())
		SKIP(return, "mlx5_core frees the mailboxes");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ASSERT_TRUE(caller_hang(&caller, self, rows[i].sends));
		ASSERT_EQ(ETIMEDOUT, caller_join(&caller));

		ASSERT_TRUE(kernel_prepare(self, rows[i].len));
		ASSERT_EQ(0, pthread_create(&kernel, NULL, kernel_run,
					    self->address));
		ASSERT_TRUE(hanging(self->control, 2));
		EXPECT_TRUE(released(self->control));
		pthread_join(kernel, &err);
		EXPECT_EQ(NULL, err);
		ASSERT_EQ(rows[i].len,
			  mlx5_kernel_answer(self->address, out, sizeof(out)));
		EXPECT_TRUE(all(out + MLX5_HEADER_LEN,
				rows[i].len - MLX5_HEADER_LEN, 0));
		EXPECT_TRUE(resumes(self->fd));
	}
}

/* mlx5_core looks for the answer itself when its time is up. */
TEST_F(fault, answer_without_interrupt_is_found)
{
	struct caller caller;

	for (enum sent sent = SENDS_MGIR; sent <= SENDS_LONG; sent++) {
		ASSERT_TRUE(inject(self->control, "lost-irq count=1", sent,
				   self->id.uid));
		ASSERT_TRUE(caller_start(&caller, self->fd, sent));
		EXPECT_EQ(0, caller_join(&caller));
		EXPECT_GE(caller.ms, TIMEOUT_MS / 2);
		EXPECT_LT(caller.ms, TIMEOUT_MS + SLACK_MS);
	}
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
}

static int open_files(const char *path, int *fds, int count)
{
	int opened = 0;

	for (int i = 0; i < count; i++) {
		fds[i] = open(path, O_RDWR);
		opened += fds[i] >= 0;
	}
	return opened;
}

static void close_files(int *fds, int count)
{
	for (int i = 0; i < count; i++)
		close(fds[i]);
}

static bool aux_driver(const char *action, const char *device)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), MLX5_AUX_DRIVER "/%s", action);
	return !mlx5_write_text(path, device);
}

/* Slow firmware is no end: each late answer makes room for the next command. */
TEST_F(fault, slow_firmware_does_not_end_fwctl)
{
	int log = log_open();
	struct caller caller;
	char record[1024];

	ASSERT_GE(log, 0);
	for (int i = 0; i < 20; i++) {
		ASSERT_TRUE(caller_hang(&caller, self, SENDS_NOP));
		ASSERT_EQ(ETIMEDOUT, caller_join(&caller));
		EXPECT_EQ(EBUSY, mlx5_read_mgir(self->fd));
		EXPECT_EQ(EBUSY, mlx5_nop(self->fd));
		EXPECT_TRUE(released(self->control));
		ASSERT_TRUE(resumes(self->fd));
		/* One line each time, however many calls were refused */
		EXPECT_TRUE(kmsg_next(log, "nothing is sent until", record,
				      sizeof(record)));
		EXPECT_FALSE(kmsg_next(log, "nothing is sent until", record,
				       sizeof(record)));
	}
	close(log);
}

/* Commands of two files, more than fwctl sends at once, and none is answered. */
static void hang_all(struct __test_metadata *_metadata,
		     FIXTURE_DATA(fault) * self, int fds[2])
{
	struct caller callers[2 * MAX_FILE_COMMANDS];
	int given_up = 0;

	for (size_t i = 0; i < 2; i++)
		ASSERT_TRUE(inject(self->control, "hang", SENDS_NOP,
				   uid_of(fds[i])));
	for (size_t i = 0; i < ARRAY_LEN(callers); i++)
		ASSERT_TRUE(caller_start(&callers[i], fds[i % 2], SENDS_NOP));
	for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
		int err = caller_join(&callers[i]);

		given_up += err == ETIMEDOUT;
		EXPECT_TRUE(err == ETIMEDOUT || err == EBUSY);
	}
	EXPECT_EQ(MAX_COMMANDS, given_up);
}

/*
 * Each command that is given up keeps a slot of the queue. A client that goes on
 * must not get them all, nor an administrator who binds the driver anew.
 */
TEST_F(fault, hung_firmware_gets_no_more_than_the_share)
{
	char device[NAME_MAX + 1];
	struct caller more;
	int fds[2];

	ASSERT_EQ(2, open_files(self->path, fds, 2));
	hang_all(_metadata, self, fds);
	for (int i = 0; i < 40; i++) {
		ASSERT_TRUE(caller_start(&more, self->fd, SENDS_MGIR));
		EXPECT_EQ(EBUSY, caller_join(&more));
		EXPECT_LT(more.ms, SOON_MS);
	}
	EXPECT_EQ(-1, open(self->path, O_RDWR));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_TRUE(hanging(self->control, MAX_COMMANDS));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));

	/* No more than one command for a context, either. */
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0xa06", NULL));
	/* Nor one of the driver's own, which reads a register once. */
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0x805", NULL));
	ASSERT_TRUE(mlx5_aux_device(device));
	for (int i = 0; i < 4; i++) {
		ASSERT_TRUE(aux_driver("unbind", device));
		ASSERT_TRUE(aux_driver("bind", device));
		ASSERT_TRUE(mlx5_wait_node(self->path, sizeof(self->path),
					   BACK_MS));
		EXPECT_EQ(-1, open(self->path, O_RDWR));
		EXPECT_EQ(EBUSY, errno);
		EXPECT_TRUE(hanging(self->control, MAX_COMMANDS + 1));
	}
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	close_files(fds, 2);

	EXPECT_TRUE(released(self->control));
	self->mark = newest(self->control);
	check_back(_metadata, self, 0);
	/* The firmware still has the contexts; loading anew ends them. */
	self->worn = true;
}

/* Firmware that answers nonsense */

static const struct {
	const char *fault;
	uint8_t status;
	/* Contents of bytes 1 to 3, 8 to 15 and behind the header */
	uint8_t reserved, header, payload;
	bool payload_is_read;
} nonsense[] = {
	{ "status status=0xee syndrome=0xdeadbeef", 0xee },
	{ "status status=0", 0 },
	{ "malformed kind=reserved", 0, .reserved = 0xa5,
	  .payload_is_read = true },
	{ "malformed kind=header", 0, .header = 0xa5, .payload_is_read = true },
	{ "malformed kind=payload", 0, .payload = 0xff },
	{ "malformed kind=short", 0 },
	{ "malformed kind=long", 0, .payload_is_read = true },
	{ "malformed kind=token", 0, .payload_is_read = true },
	{ "malformed kind=links", 0, .payload_is_read = true },
	{ "malformed kind=entry", 0, .payload_is_read = true },
};

static void check_nonsense(struct __test_metadata *_metadata, size_t i,
			   const uint8_t *out, size_t len)
{
	EXPECT_EQ(nonsense[i].status, out[0])
		TH_LOG("%s", nonsense[i].fault);
	EXPECT_TRUE(all(out + 1, 3, nonsense[i].reserved))
		TH_LOG("%s", nonsense[i].fault);
	EXPECT_TRUE(all(out + 8, 8, nonsense[i].header))
		TH_LOG("%s", nonsense[i].fault);
	if (nonsense[i].payload_is_read) {
		EXPECT_NE(0, mlx5_mgir_id(out))
			TH_LOG("%s", nonsense[i].fault);
	} else {
		EXPECT_TRUE(all(out + MLX5_HEADER_LEN, len - MLX5_HEADER_LEN,
				nonsense[i].payload))
			TH_LOG("%s", nonsense[i].fault);
	}
}

#define GUARD 0x5c

/*
 * The answer is the firmware's word: it arrives as it is, no byte of it outside of
 * its room, and none in it that is from another command.
 */
TEST_F(fault, nonsense_arrives_as_it_is_and_does_no_harm)
{
	uint8_t in[MLX5_MGIR_LEN], room[MLX5_MGIR_LEN + 1024];
	char request[128];

	mlx5_put_mgir(in, sizeof(in));
	for (size_t i = 0; i < ARRAY_LEN(nonsense); i++) {
		snprintf(request, sizeof(request), "fault %s count=1 opcode=0x805",
			 nonsense[i].fault);
		ASSERT_TRUE(connectx_ask(self->control, request, NULL));
		memset(room, GUARD, sizeof(room));
		EXPECT_EQ(0, mlx5_rpc(self->fd, in, sizeof(in), room,
				      MLX5_MGIR_LEN));
		check_nonsense(_metadata, i, room, MLX5_MGIR_LEN);
		EXPECT_TRUE(all(room + MLX5_MGIR_LEN, 1024, GUARD));
		EXPECT_EQ(0, mlx5_read_mgir(self->fd))
			TH_LOG("after %s", nonsense[i].fault);
		EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs))
			TH_LOG("after %s", nonsense[i].fault);
	}
}

/*
 * The queue's own refusals, known and unknown ones, are one errno, and none that
 * would tell the caller of its own memory or struct.
 */
TEST_F(fault, undelivered_command_is_EIO)
{
	static const unsigned int deliveries[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
		0x10, 0x7f,
	};
	char request[128];

	for (size_t i = 0; i < ARRAY_LEN(deliveries); i++) {
		snprintf(request, sizeof(request),
			 "fault malformed kind=delivery delivery=%u count=2 opcode=0x805",
			 deliveries[i]);
		ASSERT_TRUE(connectx_ask(self->control, request, NULL));
		EXPECT_EQ(EIO, mlx5_read_mgir(self->fd))
			TH_LOG("delivery status %#x", deliveries[i]);
		EXPECT_EQ(EIO, read_long(self->fd))
			TH_LOG("delivery status %#x", deliveries[i]);
		EXPECT_EQ(0, mlx5_read_mgir(self->fd));
		EXPECT_EQ(0, read_long(self->fd));
	}
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
}

/* Contexts */

/* The answer to CREATE_UCTX becomes an errno, as open() cannot return an answer. */
TEST_F(fault, firmware_without_a_context_is_told_from_a_broken_one)
{
	static const struct {
		const char *fault;
		int err;
	} rows[] = {
		{ "status status=0x8", EUSERS },
		{ "status status=0xf", EUSERS },
		{ "status status=0x3", EIO },
		{ "status status=0xee", EIO },
		/* A success without a UID would be the kernel's own. */
		{ "status status=0", EIO },
		{ "malformed kind=delivery", EIO },
	};
	char request[128];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(request, sizeof(request), "fault %s count=1 opcode=0xa04",
			 rows[i].fault);
		ASSERT_TRUE(connectx_ask(self->control, request, NULL));
		EXPECT_EQ(-1, open(self->path, O_RDWR));
		EXPECT_EQ(rows[i].err, errno)
			TH_LOG("%s", rows[i].fault);
	}
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
}

/* No node, and nothing in the log about each function and each reload. */
TEST_F(fault, firmware_without_contexts_for_tools_has_no_node)
{
	int log = log_open();
	char record[1024], device[NAME_MAX + 1];

	ASSERT_GE(log, 0);
	self->worn = true;
	ASSERT_TRUE(mlx5_aux_device(device));
	ASSERT_TRUE(connectx_ask(self->control, "contexts 3", NULL));
	EXPECT_EQ(0, mlx5_rebind(self->address));
	EXPECT_FALSE(mlx5_wait_node(self->path, sizeof(self->path), SOON_MS));
	/* There is a device that the driver could have bound. */
	EXPECT_FALSE(aux_driver("bind", device));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_FALSE(kmsg_next(log, "fwctl", record, sizeof(record)))
		TH_LOG("in the kernel log: %s", record);
	close(log);
	EXPECT_TRUE(connectx_ask(self->control, "contexts 4", NULL));
}

/* No context has 0xa5a5: the firmware refuses each command, and no other file suffers. */
TEST_F(fault, garbled_uid_is_the_files_own_trouble)
{
	int fd;

	ASSERT_TRUE(connectx_ask(self->control,
				 "fault malformed kind=header count=1 opcode=0xa04",
				 NULL));
	/* No file has the UID that the firmware gave. */
	self->worn = true;
	fd = open(self->path, O_RDWR);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(0xa5a5, uid_of(fd));
	EXPECT_EQ(EBADE, mlx5_read_mgir(fd));
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_EQ(0, close(fd));
}

/* The opener can be killed, and its context does not stay in the firmware. */
TEST_F(fault, killed_opener_leaves_no_context)
{
	pid_t pid;

	ASSERT_TRUE(connectx_ask(self->control,
				 "fault hang opcode=0xa04 count=1", NULL));
	pid = fork();
	if (!pid)
		_exit(open(self->path, O_RDWR) < 0);
	ASSERT_TRUE(hanging(self->control, 1));
	kill(pid, SIGKILL);
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));

	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(contexts(self->control, 1));
}

TEST_F(fault, opening_is_given_up_when_mlx5_core_does)
{
	long began = mlx5_now_ms();

	ASSERT_TRUE(connectx_ask(self->control,
				 "fault hang opcode=0xa04 count=1", NULL));
	/* No file has the context that the late answer brings. */
	self->worn = true;
	EXPECT_EQ(-1, open(self->path, O_RDWR));
	EXPECT_EQ(ETIMEDOUT, errno);
	EXPECT_LT(mlx5_now_ms() - began, GIVE_UP_MS + SLACK_MS);
	EXPECT_EQ(EBUSY, mlx5_read_mgir(self->fd));
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(resumes(self->fd));
}

/* Sixty files closed at once are one command at a time, not sixty slots. */
TEST_F(fault, closing_many_files_takes_one_slot)
{
	int fds[60];

	ASSERT_EQ(60, open_files(self->path, fds, 60));
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0xa06", NULL));
	close_files(fds, 60);
	ASSERT_TRUE(hanging(self->control, 1));
	usleep(200000);
	EXPECT_TRUE(hanging(self->control, 1));
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(contexts(self->control, 1));
}

/* Nor sixty timeouts, one after the other, before the driver can go. */
TEST_F(fault, unbind_waits_for_one_timeout_not_for_one_a_file)
{
	char device[NAME_MAX + 1];
	int fds[60];
	long began;

	ASSERT_EQ(60, open_files(self->path, fds, 60));
	ASSERT_TRUE(mlx5_aux_device(device));
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0xa06", NULL));
	began = mlx5_now_ms();
	EXPECT_TRUE(aux_driver("unbind", device));
	EXPECT_LT(mlx5_now_ms() - began, GIVE_UP_MS + SLACK_MS);
	EXPECT_TRUE(hanging(self->control, 1));
	EXPECT_EQ(0, kernel_goes_on(self->address, self->debugfs));
	close_files(fds, 60);

	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(aux_driver("bind", device));
	check_back(_metadata, self, 0);
	/* The firmware still has the contexts; loading anew ends them. */
	self->worn = true;
}

/* It is not for ever: an answer says that the firmware is there again. */
TEST_F(fault, firmware_that_recovers_ends_contexts_again)
{
	int fds[2];

	ASSERT_EQ(2, open_files(self->path, fds, 2));
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0xa06 count=1",
				 NULL));
	close(fds[0]);
	ASSERT_TRUE(hanging(self->control, 1));
	/* Long enough for the driver to give it up */
	usleep((GIVE_UP_MS + 2500) * 1000);
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(resumes(self->fd));
	close(fds[1]);
	EXPECT_TRUE(contexts(self->control, 1));
}

static void *open_file(void *path)
{
	return (void *)(intptr_t)(open(path, O_RDWR) < 0 ? errno : 0);
}

/*
 * Nor for each caller that waits in open(), more than fwctl has commands. Nor do these
 * callers hold up open files.
 */
TEST_F(fault, unbind_turns_waiting_openers_away)
{
	char device[NAME_MAX + 1];
	pthread_t openers[MAX_COMMANDS + 4];
	int ends[2] = {};
	void *err;
	long began;

	ASSERT_TRUE(mlx5_aux_device(device));
	ASSERT_TRUE(connectx_ask(self->control, "fault hang opcode=0xa04", NULL));
	for (size_t i = 0; i < ARRAY_LEN(openers); i++)
		ASSERT_EQ(0, pthread_create(&openers[i], NULL, open_file,
					    self->path));
	ASSERT_TRUE(hanging(self->control, 1));
	usleep(200000);
	began = mlx5_now_ms();
	EXPECT_EQ(0, mlx5_read_mgir(self->fd));
	EXPECT_LT(mlx5_now_ms() - began, SOON_MS);
	began = mlx5_now_ms();
	EXPECT_TRUE(aux_driver("unbind", device));
	EXPECT_LT(mlx5_now_ms() - began, GIVE_UP_MS + SLACK_MS);
	EXPECT_TRUE(hanging(self->control, 1));
	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		pthread_join(openers[i], &err);
		ends[0] += err == (void *)ENODEV;
		ends[1] += err == (void *)ETIMEDOUT;
	}
	EXPECT_EQ(ARRAY_LEN(openers) - 1, ends[0]);
	EXPECT_EQ(1, ends[1]);

	/* The firmware has made the context of the one that it kept waiting. */
	self->worn = true;
	EXPECT_TRUE(released(self->control));
	EXPECT_TRUE(aux_driver("bind", device));
	check_back(_metadata, self, 1);
}

/*
 * The device goes away, or is reset, while the firmware has a command. mlx5_core must
 * notice before it gives the command up.
 */

static bool be_patient(FIXTURE_DATA(fault) * self)
{
	self->worn = true;
	close(self->fd);
	if (!change_timeout(self->control, self->address,
			    PATIENT_TIMEOUT_MS) ||
	    !mlx5_wait_node(self->path, sizeof(self->path), BACK_MS))
		return false;
	self->fd = open(self->path, O_RDWR);
	self->id.uid = uid_of(self->fd);
	self->mark = newest(self->control);
	return self->id.uid;
}

TEST_F(fault, fatal_health_ends_calls_and_the_device_recovers)
{
	struct caller pair[2];

	ASSERT_TRUE(be_patient(self));
	ASSERT_TRUE(pair_hang(pair, self));
	ASSERT_TRUE(connectx_ask(self->control, "fault fatal", NULL));
	check_pair(_metadata, pair, ENODEV, HEALTH_MS);
	check_back(_metadata, self, 0);
}

/* Within a minute mlx5_core does not try again: the device is dead until bound anew. */
TEST_F(fault, fatal_health_twice_leaves_no_device)
{
	struct caller pair[2];

	ASSERT_TRUE(be_patient(self));
	ASSERT_TRUE(connectx_ask(self->control, "fault fatal", NULL));
	ASSERT_TRUE(mlx5_wait_no_node(HEALTH_MS));
	check_back(_metadata, self, 0);
	self->id.uid = uid_of(self->fd);

	ASSERT_TRUE(pair_hang(pair, self));
	self->mark = newest(self->control);
	ASSERT_TRUE(connectx_ask(self->control, "fault fatal", NULL));
	check_pair(_metadata, pair, ENODEV, HEALTH_MS);
	ASSERT_TRUE(mlx5_wait_no_node(HEALTH_MS));
	usleep(500000);
	EXPECT_TRUE(mlx5_wait_no_node(10));
	check_gone(_metadata, self->fd);

	ASSERT_EQ(0, mlx5_rebind(self->address));
	check_back(_metadata, self, 0);
}

TEST_F(fault, surprise_removal_ends_calls)
{
	struct caller pair[2];

	ASSERT_TRUE(be_patient(self));
	ASSERT_TRUE(pair_hang(pair, self));
	ASSERT_TRUE(connectx_ask(self->control, "fault removal", NULL));
	check_pair(_metadata, pair, ENODEV, HEALTH_MS);
	EXPECT_TRUE(mlx5_wait_no_node(HEALTH_MS));
	check_gone(_metadata, self->fd);

	ASSERT_EQ(0, mlx5_pci(self->address, "remove"));
	ASSERT_TRUE(connectx_ask(self->control, "fault replug", NULL));
	ASSERT_EQ(0, mlx5_rescan());
	check_back(_metadata, self, 0);
}

/*
 * The interface that the driver set up is not there any more; mlx5_core notices when
 * it looks at the device's health.
 */
TEST_F(fault, function_level_reset_ends_calls_and_the_device_recovers)
{
	struct caller pair[2];

	ASSERT_TRUE(be_patient(self));
	ASSERT_TRUE(pair_hang(pair, self));
	ASSERT_EQ(0, mlx5_pci(self->address, "reset"));
	check_pair(_metadata, pair, ENODEV, HEALTH_MS);
	check_back(_metadata, self, 0);
}

/* The orderly ways, and the way back after each */

static int unbind_mlx5_core(const char *address)
{
	return mlx5_driver("unbind", address);
}

static int bind_mlx5_core(const char *address)
{
	return mlx5_driver("bind", address);
}

static int remove_device(const char *address)
{
	return mlx5_pci(address, "remove");
}

static int rescan(const char *address)
{
	(void)address;
	return mlx5_rescan();
}

/* Its number stays the same while mlx5_core is bound. */
static char aux_device[NAME_MAX + 1];

static int unbind_mlx5_fwctl(const char *address)
{
	(void)address;
	return mlx5_aux_device(aux_device) && aux_driver("unbind", aux_device) ?
		       0 : EIO;
}

static int bind_mlx5_fwctl(const char *address)
{
	(void)address;
	return aux_driver("bind", aux_device) ? 0 : EIO;
}

/* @mlx5_core: it goes away itself, and then waits for every slot of its queue */
static const struct way {
	const char *name;
	int (*leave)(const char *address);
	int (*come)(const char *address);
	bool mlx5_core;
} ways[] = {
	{ "unbinding mlx5_fwctl", unbind_mlx5_fwctl, bind_mlx5_fwctl, false },
	{ "devlink dev reload", mlx5_devlink_reload, NULL, true },
	{ "unbinding mlx5_core", unbind_mlx5_core, bind_mlx5_core, true },
	{ "removing the device", remove_device, rescan, true },
};

/* A thread that takes a device away */
struct leaver {
	pthread_t thread;
	const struct way *way;
	const char *address;
	int err;
	long ms;
	atomic_bool done;
};

static void *leaver_run(void *data)
{
	struct leaver *leaver = data;
	long began = mlx5_now_ms();

	leaver->err = leaver->way->leave(leaver->address);
	leaver->ms = mlx5_now_ms() - began;
	leaver->done = true;
	return NULL;
}

static bool leaver_start(struct leaver *leaver, const struct way *way,
			 const char *address)
{
	*leaver = (struct leaver){ .way = way, .address = address };
	return !pthread_create(&leaver->thread, NULL, leaver_run, leaver);
}

static int leaver_join(struct leaver *leaver)
{
	pthread_join(leaver->thread, NULL);
	return leaver->err;
}

static void check_way_back(struct __test_metadata *_metadata,
			   FIXTURE_DATA(fault) * self, const struct way *way,
			   size_t under_way)
{
	if (way->come)
		EXPECT_EQ(0, way->come(self->address));
	check_back(_metadata, self, under_way);
	self->id.uid = uid_of(self->fd);
	self->mark = newest(self->control);
}

TEST_F(fault, each_way_out_is_open)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		long began = mlx5_now_ms();

		TH_LOG("%s", ways[i].name);
		EXPECT_EQ(0, ways[i].leave(self->address));
		EXPECT_LT(mlx5_now_ms() - began, HEALTH_MS);
		check_gone(_metadata, self->fd);
		check_way_back(_metadata, self, &ways[i], 0);
	}
}

/* Calls get their answers, no other is sent, and the driver leaves when they are back. */
TEST_F(fault, each_way_waits_for_the_answer)
{
	struct caller pair[2], more;
	struct leaver leaver;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		TH_LOG("%s", ways[i].name);
		ASSERT_TRUE(pair_hang(pair, self));
		ASSERT_TRUE(leaver_start(&leaver, &ways[i], self->address));
		ASSERT_TRUE(mlx5_wait_no_node(SOON_MS));
		ASSERT_TRUE(caller_start(&more, self->fd, SENDS_MGIR));
		EXPECT_EQ(ENODEV, caller_join(&more));
		EXPECT_FALSE(leaver.done);
		check_gone(_metadata, self->fd);

		EXPECT_TRUE(released(self->control));
		check_pair(_metadata, pair, 0, LONG_MAX);
		EXPECT_EQ(0, leaver_join(&leaver));
		check_way_back(_metadata, self, &ways[i], 2);
	}
}

/*
 * An answer that does not come: fwctl is out of the way when mlx5_core gives the
 * command up. Then mlx5_core itself waits for the slot, in vain, so the answer is given
 * after all.
 */
TEST_F(fault, each_way_waits_no_longer_than_mlx5_core)
{
	struct caller caller;
	struct leaver leaver;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		TH_LOG("%s", ways[i].name);
		ASSERT_TRUE(caller_hang(&caller, self, SENDS_NOP));
		ASSERT_TRUE(leaver_start(&leaver, &ways[i], self->address));
		EXPECT_EQ(ETIMEDOUT, caller_join(&caller));
		EXPECT_LT(caller.ms, GIVE_UP_MS + SLACK_MS);
		if (ways[i].mlx5_core)
			EXPECT_TRUE(released(self->control));
		EXPECT_EQ(0, leaver_join(&leaver));
		EXPECT_LT(leaver.ms, GIVE_UP_MS + SLACK_MS);
		EXPECT_TRUE(released(self->control));
		check_way_back(_metadata, self, &ways[i], 1);
	}
}

/*
 * A process with a file of its own, killed while its command hangs. Only the parent speaks to
 * the emulator: two that ask through one connection take each other's answers.
 */
static bool killed_caller_hangs(FIXTURE_DATA(fault) * self)
{
	int fd = open(self->path, O_RDWR);
	int status;
	pid_t pid;

	if (fd < 0 || !inject(self->control, "hang count=1", SENDS_NOP, uid_of(fd)))
		return false;
	pid = fork();
	if (!pid)
		_exit(mlx5_nop(fd) ? 2 : 0);
	close(fd);
	if (pid < 0 || !hanging(self->control, 1) || kill(pid, SIGKILL))
		return false;
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

/*
 * The reload holds mlx5_core's lock while it waits for the command, and mlx5_core ends
 * commands of a device in fatal health only with that lock. So the device is away until
 * mlx5_core gives the command up, by default a minute, and then comes back by itself.
 */
TEST_F(fault, fatal_health_while_a_reload_waits_for_a_killed_caller)
{
	struct leaver leaver;

	ASSERT_TRUE(be_patient(self));
	ASSERT_TRUE(killed_caller_hangs(self));
	ASSERT_TRUE(leaver_start(&leaver, &ways[1], self->address));
	ASSERT_TRUE(mlx5_wait_no_node(SOON_MS));
	EXPECT_FALSE(leaver.done);
	ASSERT_TRUE(connectx_ask(self->control, "fault fatal", NULL));
	leaver_join(&leaver);
	check_back(_metadata, self, 0);
}

static bool set_timeout(int ms)
{
	int control = connectx_open();
	char path[300], address[64];
	bool done;

	if (control < 0)
		return false;
	done = mlx5_wait_node(path, sizeof(path), SOON_MS) &&
	       mlx5_address(path, address, sizeof(address)) &&
	       change_timeout(control, address, ms);
	close(control);
	return done;
}

/* The tests that come after these have the timeout that they know. */
static void restore_timeout(void)
{
	set_timeout(0);
}

int main(int argc, char **argv)
{
	mlx5_need_emulator();
	if (!set_timeout(TIMEOUT_MS))
		ksft_exit_fail_msg("the device does not take a timeout\n");
	atexit(restore_timeout);
	return test_harness_run(argc, argv);
}
