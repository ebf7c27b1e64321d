// SPDX-License-Identifier: GPL-2.0
/*
 * Every fault that the kernel can inject into an operation (slab, pages, copies
 * from and to user space), one after the other: the first of it, the second, until
 * the operation gets through without one. A fault ends in a documented errno or is
 * survived; it leaves all as it was; and the next attempt succeeds.
 *
 * Splats and leaks are for the kernel to find: run it with KASAN and
 * panic_on_warn.
 *
 * Suites: lifetimes
 */
#define _GNU_SOURCE
#include "fwctl_caller.h"
#include "fwctl_ring.h"
#include "fwctl_harness.h"

#define MAX_LEN (2u << 20)
/* More than any operation has; to end if a fault is never used up */
#define MAX_FAULTS 5000
#define TAINT_WARN_BIT 9
#define STATE_LEN 4096

/**
 * struct bench - the device, and the files for an operation on it
 * @sim: the device
 * @device: the platform device's name
 * @fd: an open file
 * @opened: the file that the operation has opened, or -1
 * @file: a file of configfs or sysfs that it writes to, open
 * @nth: fail-nth of this thread
 * @step: the number of the fault
 * @submitted: how many calls the device had before
 * @ring: a ring of io_uring
 */
struct bench {
	struct sim sim;
	char device[64];
	int fd;
	int opened;
	int file;
	int nth;
	unsigned int step;
	long long submitted;
	struct ring ring;
};

static uint8_t large_in[MAX_LEN], large_out[MAX_LEN];

/* Kinds of faults; Y or N as these files of debugfs want it */
static const struct {
	const char *file;
	const char *value;
} knobs[] = {
	{ "failslab/ignore-gfp-wait", "N" },
	{ "failslab/cache-filter", "N" },
	{ "failslab/verbose", "0" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ "fail_page_alloc/min-order", "0" },
	{ "fail_page_alloc/verbose", "0" },
	{ "fail_usercopy/verbose", "0" },
};

/* Returns NULL, or for SKIP() the reason why there are no faults. */
static const char *faults_missing(void)
{
	char path[128];

	if (access("/proc/self/fail-nth", W_OK))
		return "no CONFIG_FAULT_INJECTION";
	if (access("/sys/kernel/debug/failslab", F_OK) &&
	    mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL))
		return "no debugfs";
	for (size_t i = 0; i < ARRAY_LEN(knobs); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 knobs[i].file);
		if (sim_write_file(path, knobs[i].value, 1))
			return "no failslab, fail_page_alloc or fail_usercopy";
	}
	return NULL;
}

static int nth_open(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth", gettid());
	return open(path, O_RDWR | O_CLOEXEC);
}

/* The step-th fault from now on, in this thread, once */
static bool nth_arm(const struct bench *bench)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", bench->step);

	return pwrite(bench->nth, text, len, 0) == len;
}

/*
 * Returns whether the fault was used up. Both the question and the disarming copy
 * from or to user space: if they fail, it was not until now.
 */
static bool nth_disarm(const struct bench *bench)
{
	char left[16] = "";
	bool fired = pread(bench->nth, left, sizeof(left) - 1, 0) > 0 &&
		     atoi(left) == 0;

	while (pwrite(bench->nth, "0", 1, 0) != 1)
		fired = false;
	return fired;
}

/* All that configfs and sysfs tell of the device and that an operation may change */
static void read_state(const struct bench *bench, char *state)
{
	static const char *const class_attrs[] = {
		"device_type", "classes", "labels", "usage/files",
		"usage/calls", "usage/bytes", "usage/queued",
	};
	static const char *const attrs[] = {
		"live", "node", "stats/contexts", "stats/inflight",
		"faults/delay_us",
	};
	char text[256];
	size_t at = 0;

	for (size_t i = 0; i < ARRAY_LEN(class_attrs); i++) {
		sim_class_read(&bench->sim, class_attrs[i], text, sizeof(text));
		at += snprintf(state + at, STATE_LEN - at, "%s=%s ",
			       class_attrs[i], text);
	}
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++) {
		sim_read(&bench->sim, attrs[i], text, sizeof(text));
		at += snprintf(state + at, STATE_LEN - at, "%s=%s ", attrs[i],
			       text);
	}
}

static bool state_is(const struct bench *bench, const char *wanted, char *state)
{
	read_state(bench, state);
	return !strcmp(state, wanted);
}

/*
 * Operations: before(), run() with a fault, after(), which gets what run()
 * returned. Only run() may fail.
 */

static int do_nothing(struct bench *bench)
{
	return 0;
}

static int close_opened(struct bench *bench)
{
	int err = bench->opened >= 0 && close(bench->opened) ? errno : 0;

	bench->opened = -1;
	return err;
}

static int open_node(struct bench *bench)
{
	bench->opened = sim_open(&bench->sim, O_RDWR);
	return bench->opened < 0 ? errno : 0;
}

/* With a fault, too, the file is closed. */
static int close_node(struct bench *bench)
{
	int fd = bench->opened;

	bench->opened = -1;
	return close(fd) ? errno : 0;
}

static int info(struct bench *bench)
{
	struct fwctl_info_sim id;
	struct fwctl_info info;

	return fwctl_get_info(bench->fd, &info, &id, sizeof(id));
}

static int before_late_open(struct bench *bench)
{
	return sim_set(&bench->sim, "faults/open_delay_us", 100);
}

/* In a file of its own, which does not have the memory of an earlier call yet */
static int before_rpc(struct bench *bench)
{
	bench->submitted = sim_get(&bench->sim, "stats/submitted");
	return open_node(bench);
}

static int before_late_rpc(struct bench *bench)
{
	return before_rpc(bench) ?:
	       sim_set(&bench->sim, "faults/delay_us", 100);
}

static int rpc_write(struct bench *bench)
{
	struct sim_request req = sim_request(FWCTL_SIM_WRITE, 1, bench->step);
	struct sim_answer answer;

	return sim_ask(bench->opened, FWCTL_RPC_CONFIGURATION, &req, &answer);
}

/* An SQE that could not be submitted is still in the ring, and shall not be there twice. */
static int uring_send(struct ring *ring)
{
	uint32_t *tail = ring_at(ring, ring->p.sq_off.tail);
	struct io_uring_cqe cqe = { .res = -ETIME };

	if (syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) != 1) {
		*tail = *ring_at(ring, ring->p.sq_off.head);
		return errno;
	}
	ring_wait(ring, &cqe, CALLER_LIMIT_MS);
	return cqe.res < 0 ? -cqe.res : 0;
}

static int uring_write(struct bench *bench)
{
	struct sim_request req = sim_request(FWCTL_SIM_WRITE, 1, bench->step);
	struct sim_answer answer;
	struct fwctl_rpc rpc = fwctl_rpc_of(FWCTL_RPC_CONFIGURATION, &req,
					    SIM_REQUEST_LEN, &answer,
					    SIM_ANSWER_LEN);

	ring_add(&bench->ring, bench->opened, FWCTL_RPC, &rpc, sizeof(rpc), 0);
	return uring_send(&bench->ring);
}

/* The answer of an executed request came back, or was lost on the very last step. */
static bool rpc_write_is_known(struct bench *bench, int err)
{
	struct sim_request req = sim_request(FWCTL_SIM_READ, 1, 0);
	bool sent = sim_get(&bench->sim, "stats/submitted") > bench->submitted;
	struct sim_answer answer;
	bool written;

	if (sim_ask(bench->fd, FWCTL_RPC_CONFIGURATION, &req, &answer))
		return false;
	written = le32toh(answer.value) == bench->step;
	return written ? sent && (!err || err == EFAULT) : err;
}

static int rpc_large(struct bench *bench)
{
	struct fwctl_sim_request head = sim_head(FWCTL_SIM_ECHO, 0, 0);
	uint32_t out_len = MAX_LEN;

	memset(large_out, 0, MAX_LEN);
	memcpy(large_in, &head, sizeof(head));
	return sim_send(bench->opened, FWCTL_RPC_CONFIGURATION, large_in, MAX_LEN,
			large_out, &out_len);
}

static bool rpc_large_is_known(struct bench *bench, int err)
{
	size_t head = sizeof(struct fwctl_sim_answer);

	return err || !memcmp(large_in + head, large_out + head,
			      MAX_LEN - head);
}

static int query(struct bench *bench)
{
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);
	struct fwctl_query query =
		fwctl_query_of(0, &req, SIM_REQUEST_LEN, SIM_ANSWER_LEN);

	return fwctl_errno(bench->fd, FWCTL_QUERY, &query);
}

static int restrict_file(struct bench *bench)
{
	return fwctl_do_restrict(bench->opened, READ_CLASSES, NULL);
}

/* All or nothing; though the caller may not get to know that it was all. */
static bool restriction_is_known(struct bench *bench, int err)
{
	struct fwctl_query query;

	if (fwctl_get_limits(bench->opened, &query))
		return false;
	return query.out_classes == READ_CLASSES ||
	       (err && query.out_classes == ALL_CLASSES);
}

static int write_text(struct bench *bench, const char *text)
{
	return pwrite(bench->file, text, strlen(text), 0) < 0 ? errno : 0;
}

static int open_text(struct bench *bench, const char *path)
{
	close(bench->file);
	bench->file = open(path, O_WRONLY | O_CLOEXEC);
	return bench->file < 0 ? errno : 0;
}

static int open_live(struct bench *bench)
{
	char path[SIM_PATH_LEN];

	sim_path(&bench->sim, "live", path);
	return open_text(bench, path);
}

static int open_drive(struct bench *bench, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/fwctl_sim/%s",
		 what);
	return open_text(bench, path);
}

/* The device as it was made */
static int plug_anew(struct bench *bench)
{
	return sim_stop(&bench->sim) ?: sim_start(&bench->sim);
}

static int before_plug(struct bench *bench)
{
	return sim_stop(&bench->sim) ?: open_live(bench);
}

static int plug(struct bench *bench)
{
	return write_text(bench, "1");
}

static int before_unplug(struct bench *bench)
{
	return plug_anew(bench) ?: open_live(bench);
}

static int unplug(struct bench *bench)
{
	return write_text(bench, "0");
}

static int before_unbind(struct bench *bench)
{
	return plug_anew(bench) ?: open_drive(bench, "unbind");
}

static int before_bind(struct bench *bench)
{
	return before_unbind(bench) ?: write_text(bench, bench->device) ?:
	       open_drive(bench, "bind");
}

static int write_device(struct bench *bench)
{
	return write_text(bench, bench->device);
}

static bool is_bound(struct bench *bench, int err)
{
	return (sim_get(&bench->sim, "node") >= 0) == !err;
}

static bool is_unbound(struct bench *bench, int err)
{
	return is_bound(bench, !err);
}

static void folder_path(const struct bench *bench, char *path)
{
	snprintf(path, SIM_PATH_LEN, "%s-nth", bench->sim.dir);
}

static int make_folder(struct bench *bench)
{
	char path[SIM_PATH_LEN];

	folder_path(bench, path);
	return mkdir(path, 0755) ? errno : 0;
}

static bool folder_is_known(struct bench *bench, int err)
{
	char path[SIM_PATH_LEN];

	folder_path(bench, path);
	return (access(path, F_OK) == 0) == !err;
}

static int remove_folder(struct bench *bench)
{
	char path[SIM_PATH_LEN];

	folder_path(bench, path);
	return rmdir(path) ? errno : 0;
}

static int open_cap(struct bench *bench)
{
	char path[SIM_PATH_LEN];

	sim_class_path(&bench->sim, "classes", path);
	return open_text(bench, path);
}

static int lower_cap(struct bench *bench)
{
	return write_text(bench, "config-read,config-write,debug-read");
}

static bool is_closed(struct bench *bench, int err)
{
	return sim_wait(&bench->sim, "stats/contexts", 1, CALLER_LIMIT_MS) &&
	       sim_class_get(&bench->sim, "usage/files") == 1;
}

static bool anything(struct bench *bench, int err)
{
	return true;
}

/**
 * struct operation - an operation that faults hit
 * @before: gets ready for @run
 * @run: is hit; again, without a fault, if the fault made it fail
 * @known: does the state of the device agree with the errno of @run?
 * @after: undoes the success of @run
 * @errnos: errnos that it may fail with
 * @least: how many faults there must be for the sweep to be one
 */
struct operation {
	int (*before)(struct bench *bench);
	int (*run)(struct bench *bench);
	bool (*known)(struct bench *bench, int err);
	int (*after)(struct bench *bench);
	int errnos[4];
	unsigned int least;
};

static const struct operation opening = {
	do_nothing, open_node, anything, close_opened, { ENOMEM, EFAULT }, 3,
};

/* The firmware answers when open() already waits for it. */
static const struct operation opening_late = {
	before_late_open, open_node, anything, close_opened,
	{ ENOMEM, EFAULT }, 4,
};

static const struct operation closing = {
	open_node, close_node, is_closed, do_nothing, {}, 0,
};

/* The struct, the data, and the struct back */
static const struct operation asking_info = {
	do_nothing, info, anything, do_nothing, { EFAULT }, 3,
};

/* The struct, the header, and the struct back */
static const struct operation querying = {
	do_nothing, query, anything, do_nothing, { EFAULT }, 3,
};

static const struct operation restricting = {
	open_node, restrict_file, restriction_is_known, close_opened,
	{ EFAULT }, 2,
};

/*
 * The struct, the request, the call's memory and the answer. Its length is one word, and
 * no fault is injected into put_user().
 */
static const struct operation sending_small = {
	before_rpc, rpc_write, rpc_write_is_known, close_opened,
	{ ENOMEM, EFAULT }, 4,
};

/* The driver keeps a copy of the request. */
static const struct operation sending_late = {
	before_late_rpc, rpc_write, rpc_write_is_known, close_opened,
	{ ENOMEM, EFAULT }, 5,
};

/* The buffers are an allocation of their own. */
static const struct operation sending_large = {
	before_rpc, rpc_large, rpc_large_is_known, close_opened,
	{ ENOMEM, EFAULT }, 6,
};

/* The request, the call's memory and the answer; and io_uring's own memory */
static const struct operation sending_by_ring = {
	before_rpc, uring_write, rpc_write_is_known, close_opened,
	{ ENOMEM, EFAULT, EAGAIN }, 3,
};

static const struct operation sending_late_by_ring = {
	before_late_rpc, uring_write, rpc_write_is_known, close_opened,
	{ ENOMEM, EFAULT, EAGAIN }, 4,
};

static const struct operation making_folder = {
	do_nothing, make_folder, folder_is_known, remove_folder,
	{ ENOMEM, EFAULT }, 3,
};

/*
 * To the platform bus, a name without memory is no name, and a driver that cannot be
 * bound is none.
 */
static const struct operation plugging = {
	before_plug, plug, is_bound, do_nothing,
	{ ENOMEM, EFAULT, EINVAL, ENXIO }, 10,
};

static const struct operation unplugging = {
	before_unplug, unplug, is_unbound, do_nothing, { ENOMEM, EFAULT }, 1,
};

static const struct operation binding = {
	before_bind, write_device, is_bound, do_nothing, { ENOMEM, EFAULT }, 10,
};

static const struct operation unbinding = {
	before_unbind, write_device, is_unbound, do_nothing,
	{ ENOMEM, EFAULT }, 1,
};

static const struct operation capping = {
	open_cap, lower_cap, anything, do_nothing, { ENOMEM, EFAULT }, 1,
};

static bool errno_allowed(const struct operation *op, int err)
{
	for (size_t i = 0; i < ARRAY_LEN(op->errnos); i++)
		if (op->errnos[i] == err)
			return true;
	return false;
}

static void check_failure(struct __test_metadata *_metadata,
			  struct bench *bench, const struct operation *op,
			  int err, const char *was)
{
	char state[STATE_LEN];

	EXPECT_TRUE(errno_allowed(op, err)) {
		TH_LOG("fault %u: %s", bench->step, strerror(err));
	}
	/* Contexts close a little later than their files. */
	EXPECT_TRUE(COMES_TRUE(state_is(bench, was, state), CALLER_LIMIT_MS)) {
		TH_LOG("fault %u:\nwas %s\nis %s", bench->step, was, state);
	}
	EXPECT_TRUE(op->known(bench, err)) {
		TH_LOG("fault %u: %s, but not nothing", bench->step,
		       strerror(err));
	}
	ASSERT_EQ(0, op->run(bench)) {
		TH_LOG("after fault %u", bench->step);
	}
}

/* Files that the last step has closed must not count as this one's. */
static void settle(const struct bench *bench)
{
	for (int ms = CALLER_LIMIT_MS; ms; ms--) {
		long long files = sim_class_get(&bench->sim, "usage/files");

		if (files < 0 || files == sim_get(&bench->sim, "stats/contexts"))
			return;
		sim_sleep_ms(1);
	}
}

/* Returns false if the operation has no such fault. *err is its errno. */
static bool check_fault(struct __test_metadata *_metadata, struct bench *bench,
			const struct operation *op, int *err)
{
	char was[STATE_LEN];
	bool fired;

	EXPECT_EQ(0, op->before(bench));
	settle(bench);
	read_state(bench, was);

	EXPECT_TRUE(nth_arm(bench));
	*err = op->run(bench);
	fired = nth_disarm(bench);

	if (*err)
		check_failure(_metadata, bench, op, *err, was);
	EXPECT_TRUE(op->known(bench, 0)) {
		TH_LOG("fault %u: not all", bench->step);
	}
	EXPECT_EQ(0, op->after(bench));
	return fired;
}

static void sweep(struct __test_metadata *_metadata, struct bench *bench,
		  const struct operation *op)
{
	bool warned = kernel_tainted(TAINT_WARN_BIT);
	unsigned int failed = 0;
	int err;

	for (bench->step = 1; bench->step < MAX_FAULTS; bench->step++) {
		if (!check_fault(_metadata, bench, op, &err))
			break;
		failed += !!err;
	}
	ASSERT_LT(bench->step, MAX_FAULTS);
	EXPECT_EQ(0, err);
	EXPECT_EQ(warned, kernel_tainted(TAINT_WARN_BIT));

	printf("# %u faults: %u failed, %u survived\n", bench->step - 1, failed,
	       bench->step - 1 - failed);
	fflush(stdout);
	EXPECT_GE(bench->step - 1, op->least);
}

static int bench_open(struct bench *bench)
{
	int err;

	bench->opened = -1;
	bench->file = -1;
	memset(large_in, 0xa5, MAX_LEN);
	err = ring_open(&bench->ring, IORING_SETUP_SQE128, 4);
	if (err)
		return err;
	err = sim_create(&bench->sim) ?: sim_start(&bench->sim) ?:
	      sim_read(&bench->sim, "dev_name", bench->device,
		       sizeof(bench->device));
	if (err)
		return err;
	bench->fd = sim_open(&bench->sim, O_RDWR);
	bench->nth = nth_open();
	/* No faults in the test's own memory */
	if (bench->fd < 0 || bench->nth < 0 || mlockall(MCL_CURRENT))
		return errno;
	return 0;
}

FIXTURE(fail_nth)
{
	struct bench bench;
};

FIXTURE_VARIANT(fail_nth)
{
	const struct operation *operation;
};

FIXTURE_VARIANT_ADD(fail_nth, open) { .operation = &opening };

FIXTURE_VARIANT_ADD(fail_nth, open_late) { .operation = &opening_late };

FIXTURE_VARIANT_ADD(fail_nth, close) { .operation = &closing };

FIXTURE_VARIANT_ADD(fail_nth, info) { .operation = &asking_info };

FIXTURE_VARIANT_ADD(fail_nth, query) { .operation = &querying };

FIXTURE_VARIANT_ADD(fail_nth, restrict_) { .operation = &restricting };

FIXTURE_VARIANT_ADD(fail_nth, rpc_small) { .operation = &sending_small };

FIXTURE_VARIANT_ADD(fail_nth, rpc_late) { .operation = &sending_late };

FIXTURE_VARIANT_ADD(fail_nth, rpc_2_mib) { .operation = &sending_large };

FIXTURE_VARIANT_ADD(fail_nth, uring_small) { .operation = &sending_by_ring };

FIXTURE_VARIANT_ADD(fail_nth, uring_late)
{
	.operation = &sending_late_by_ring
};

FIXTURE_VARIANT_ADD(fail_nth, mkdir) { .operation = &making_folder };

FIXTURE_VARIANT_ADD(fail_nth, plug) { .operation = &plugging };

FIXTURE_VARIANT_ADD(fail_nth, unplug) { .operation = &unplugging };

FIXTURE_VARIANT_ADD(fail_nth, bind) { .operation = &binding };

FIXTURE_VARIANT_ADD(fail_nth, unbind) { .operation = &unbinding };

FIXTURE_VARIANT_ADD(fail_nth, lower_cap) { .operation = &capping };

FIXTURE_SETUP(fail_nth)
{
	const char *missing = sim_missing() ?: faults_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, bench_open(&self->bench));
}

FIXTURE_TEARDOWN(fail_nth)
{
	ring_close(&self->bench.ring);
	close(self->bench.fd);
	sim_destroy(&self->bench.sim);
}

TEST_F_TIMEOUT(fail_nth, every_fault_is_reported_or_survived, 600)
{
	sweep(_metadata, &self->bench, variant->operation);
}

TEST_HARNESS_MAIN
