// SPDX-License-Identifier: GPL-2.0
/*
 * Admission: the whole matrix of label, class, mode of the file, capability, lockdown,
 * restriction and administrator's cap; and how the last two can be changed. FWCTL_QUERY
 * has to tell each decision beforehand.
 *
 * Suites: rules memory
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sim.h"
#include "fwctl_harness.h"

/*
 * The rules, in another form than the kernel's: from the tables of the
 * documentation.
 */

/* By class: never, config-read, config-write, debug-read, debug-write, full */
static const char *const covers[FWCTL_LABELS] = {
	[FWCTL_RPC_CONFIGURATION]	= "-yy---",
	[FWCTL_RPC_DEBUG_READ_ONLY]	= "-y-y--",
	[FWCTL_RPC_DEBUG_WRITE]		= "-yyyy-",
	[FWCTL_RPC_DEBUG_WRITE_FULL]	= "-yyyyy",
};

static const int reason_errno[] = {
	[FWCTL_REASON_NONE]		= 0,
	[FWCTL_REASON_LENGTH]		= EMSGSIZE,
	[FWCTL_REASON_NEVER]		= EBADMSG,
	[FWCTL_REASON_LABEL]		= EBADMSG,
	[FWCTL_REASON_READ_ONLY]	= EPERM,
	[FWCTL_REASON_RESTRICTED]	= EPERM,
	[FWCTL_REASON_CAPPED]		= EPERM,
	[FWCTL_REASON_CAPABILITY]	= EPERM,
	[FWCTL_REASON_LOCKDOWN]		= EPERM,
};

/**
 * struct situation - a caller, and the state of device and kernel
 * @writable: the file is open for writing
 * @rawio: the caller has CAP_SYS_RAWIO
 * @locked_down: the kernel is
 * @restricted_to: classes that the file may have
 * @capped_to: classes that the administrator has left
 * @submitted: how many requests should have reached the driver
 */
struct situation {
	bool writable;
	bool rawio;
	bool locked_down;
	uint32_t restricted_to;
	uint32_t capped_to;
	long long submitted;
};

/* Is the class in the set? */
static bool in(unsigned int class, uint32_t classes)
{
	return classes & CLASS_BIT(class);
}

/* The first rule that refuses, in the order of enum fwctl_reason */
static unsigned int expected(const struct situation *s, unsigned int label,
			     unsigned int class)
{
	const bool refuses[] = {
		[FWCTL_REASON_NEVER] = class == FWCTL_CLASS_NEVER,
		[FWCTL_REASON_LABEL] = covers[label][class] != 'y',
		[FWCTL_REASON_READ_ONLY] = !s->writable &&
					   !in(class, READ_CLASSES),
		[FWCTL_REASON_RESTRICTED] = !in(class, s->restricted_to),
		[FWCTL_REASON_CAPPED] = !in(class, s->capped_to),
		[FWCTL_REASON_CAPABILITY] =
			label == FWCTL_RPC_DEBUG_WRITE_FULL && !s->rawio,
		[FWCTL_REASON_LOCKDOWN] =
			class == FWCTL_CLASS_FULL && s->locked_down,
	};

	for (unsigned int reason = 0; reason < ARRAY_LEN(refuses); reason++)
		if (refuses[reason])
			return reason;
	return FWCTL_REASON_NONE;
}

/* Requests of all classes. Those from CONFIGURED on are made by add_opcodes(). */
#define CONFIGURED 0x1000

static const struct {
	const char *name;
	uint16_t opcode;
	uint16_t reserved;
	unsigned int class;
} requests[] = {
	{ "ECHO", FWCTL_SIM_ECHO, 0, FWCTL_CLASS_CONFIG_READ },
	{ "READ", FWCTL_SIM_READ, 0, FWCTL_CLASS_CONFIG_READ },
	{ "WRITE", FWCTL_SIM_WRITE, 0, FWCTL_CLASS_CONFIG_WRITE },
	{ "DEBUG_READ", FWCTL_SIM_DEBUG_READ, 0, FWCTL_CLASS_DEBUG_READ },
	{ "DEBUG_WRITE", FWCTL_SIM_DEBUG_WRITE, 0, FWCTL_CLASS_DEBUG_WRITE },
	{ "FULL", FWCTL_SIM_FULL, 0, FWCTL_CLASS_FULL },
	{ "NEVER", FWCTL_SIM_NEVER, 0, FWCTL_CLASS_NEVER },
	{ "configured never", CONFIGURED, 0, FWCTL_CLASS_NEVER },
	{ "configured config-read", CONFIGURED + 1, 0, FWCTL_CLASS_CONFIG_READ },
	{ "configured debug-write", CONFIGURED + 4, 0, FWCTL_CLASS_DEBUG_WRITE },
	{ "configured full", CONFIGURED + 5, 0, FWCTL_CLASS_FULL },
	{ "no opcode", 0, 0, FWCTL_CLASS_NEVER },
	{ "unknown opcode", 0xffff, 0, FWCTL_CLASS_NEVER },
	{ "READ in the low byte", 0x0100 | FWCTL_SIM_READ, 0,
	  FWCTL_CLASS_NEVER },
	{ "READ in the high byte", FWCTL_SIM_READ << 8, 0, FWCTL_CLASS_NEVER },
	{ "READ, reserved in use", FWCTL_SIM_READ, 1, FWCTL_CLASS_NEVER },
	{ "ECHO, reserved in use", FWCTL_SIM_ECHO, 0x8000, FWCTL_CLASS_NEVER },
};

static int add_opcodes(struct sim *sim)
{
	int err = 0;

	for (unsigned int class = 0; !err && class < FWCTL_CLASSES; class++)
		err = sim_add_opcode(sim, class_word(class), CONFIGURED + class,
				     class_word(class));
	return err;
}

/* The cap in sysfs */

static uint32_t parse_classes(const char *text)
{
	char copy[256], *word, *next = copy;
	uint32_t classes = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&next, " ,")))
		for (unsigned int class = 1; class < FWCTL_CLASSES; class++)
			if (!strcmp(word, class_word(class)))
				classes |= CLASS_BIT(class);
	return classes;
}

static void print_classes(uint32_t classes, char *text, size_t size)
{
	size_t len = 0;

	snprintf(text, size, "none");
	for (unsigned int class = 1; class < FWCTL_CLASSES; class++)
		if (in(class, classes))
			len += snprintf(text + len, size - len, "%s%s",
					len ? " " : "", class_word(class));
}

static uint32_t read_cap(const struct sim *sim)
{
	char text[256];

	if (sim_class_read(sim, "classes", text, sizeof(text)))
		return ~0u;
	return parse_classes(text);
}

static int write_cap(const struct sim *sim, uint32_t classes)
{
	char text[256];

	print_classes(classes, text, sizeof(text));
	return sim_class_write(sim, "classes", text);
}

/* Registers the device anew, with this cap; which ends all files. */
static int restart_with_cap(struct sim *sim, uint32_t classes)
{
	return sim_stop(sim) ?: sim_start(sim) ?: write_cap(sim, classes);
}

static int send_len(int fd, uint32_t label, uint16_t opcode, uint32_t in_len)
{
	struct sim_request req = sim_request(opcode, 0, 1);
	uint32_t out_len = SIM_ANSWER_LEN;
	struct sim_answer answer;

	return sim_send(fd, label, &req, in_len, &answer, &out_len);
}

static int send_one(int fd, uint32_t label, uint16_t opcode)
{
	return send_len(fd, label, opcode, SIM_REQUEST_LEN);
}

/* The rest of FWCTL_QUERY: errors, and no side effects */

FIXTURE(admit)
{
	struct sim sim;
	int fd;
};

FIXTURE_SETUP(admit)
{
	const char *missing = sim_missing();

	self->fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_plug(&self->sim));
	if (read_cap(&self->sim) != ALL_CLASSES)
		SKIP(sim_destroy(&self->sim); return,
		     "fwctl.classes takes classes away");
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(admit)
{
	close(self->fd);
	sim_destroy(&self->sim);
}

TEST_F(admit, query_of_a_bad_length_is_answered)
{
	static const uint32_t wrong[] = { 0, 15, (2 << 20) + 1, ~0u };
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);

	for (size_t i = 0; i < 2 * ARRAY_LEN(wrong); i++) {
		uint32_t in_len = i % 2 ? wrong[i / 2] : SIM_REQUEST_LEN;
		uint32_t out_len = i % 2 ? SIM_ANSWER_LEN : wrong[i / 2];
		struct fwctl_query query = fwctl_query_of(0, &req, in_len,
							  out_len);
		struct fwctl_rpc rpc = fwctl_rpc_of(0, &req, in_len, &req,
						    out_len);

		EXPECT_EQ(0, fwctl_errno(self->fd, FWCTL_QUERY, &query));
		EXPECT_EQ(FWCTL_REASON_LENGTH, query.out_reason);
		EXPECT_EQ(EMSGSIZE, query.out_errno);
		EXPECT_EQ(FWCTL_CLASS_NEVER, query.out_class);
		EXPECT_EQ(EMSGSIZE, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
	}
	EXPECT_EQ(0, sim_get(&self->sim, "stats/submitted"));
}

/* Though all calls hang: it does not wait for the device. */
TEST_F(admit, query_answers_while_the_firmware_does_not)
{
	struct sim_request req = sim_request(FWCTL_SIM_FULL, 0, 0);
	struct fwctl_query query = fwctl_query_of(FWCTL_RPC_CONFIGURATION, &req,
						  SIM_REQUEST_LEN, 64);

	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 1));
	ASSERT_EQ(0, fwctl_errno(self->fd, FWCTL_QUERY, &query));
	EXPECT_EQ(FWCTL_REASON_LABEL, query.out_reason);
}

TEST_F(admit, query_of_a_device_that_is_gone_is_ENODEV)
{
	struct sim_request req = sim_request(FWCTL_SIM_ECHO, 0, 0);
	static const uint32_t lens[] = { 0, SIM_REQUEST_LEN };

	ASSERT_EQ(0, sim_stop(&self->sim));
	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct fwctl_query query = fwctl_query_of(0, &req, lens[i], 64);

		EXPECT_EQ(ENODEV, fwctl_errno(self->fd, FWCTL_QUERY, &query));
	}
	EXPECT_EQ(ENODEV, fwctl_do_restrict(self->fd, 0, NULL));
}

/* The kernel's log: one line for each way to be refused */

static const struct {
	uint32_t label;
	uint16_t opcode;
	int mode;
	uint32_t restricted_to;
	bool rawio, only_locked_down;
	/* The line has the request, then the reason in words like these. */
	const char *request, *reason;
	/* Bytes of the request, if it is not of the usual length */
	uint32_t in_len;
} refusals[] = {
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_NEVER, O_RDWR, ALL_CLASSES, true,
	  false, "NEVER (opcode 0x7, never) with label DEBUG_WRITE_FULL",
	  "no label" },
	{ FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_WRITE, O_RDWR, ALL_CLASSES, true,
	  false, "WRITE (opcode 0x3, config-write) with label DEBUG_READ_ONLY",
	  "label does not cover" },
	{ FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE, O_RDONLY, ALL_CLASSES, true,
	  false, "WRITE (opcode 0x3, config-write) with label CONFIGURATION",
	  "not open for writing" },
	{ FWCTL_RPC_DEBUG_READ_ONLY, FWCTL_SIM_DEBUG_READ, O_RDWR,
	  CLASS_BIT(FWCTL_CLASS_CONFIG_READ), true, false,
	  "DEBUG_READ (opcode 0x4, debug-read) with label DEBUG_READ_ONLY",
	  "restricted" },
	/* The cap of the test leaves all but this. */
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_DEBUG_WRITE, O_RDWR, ALL_CLASSES,
	  true, false, "DEBUG_WRITE (opcode 0x5, debug-write) with label DEBUG_WRITE",
	  "administrator" },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_READ, O_RDWR, ALL_CLASSES,
	  false, false, "READ (opcode 0x2, config-read) with label DEBUG_WRITE_FULL",
	  "CAP_SYS_RAWIO" },
	{ FWCTL_RPC_DEBUG_WRITE_FULL, FWCTL_SIM_FULL, O_RDWR, ALL_CLASSES, true,
	  true, "FULL (opcode 0x6, full) with label DEBUG_WRITE_FULL",
	  "locked down" },
	/* Refused before a byte of it is read */
	{ FWCTL_RPC_DEBUG_WRITE, FWCTL_SIM_READ, O_RDWR, ALL_CLASSES, true,
	  false, "? (opcode 0x0, never) with label DEBUG_WRITE",
	  "does not take this length", .in_len = 15 },
};

static int open_kmsg(void)
{
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
	return kmsg;
}

/* Is there a line with both of it among those that are new in the log? */
static bool kmsg_has(int kmsg, const char *first, const char *second)
{
	char record[1024];
	ssize_t len;

	while ((len = read(kmsg, record, sizeof(record) - 1)) > 0) {
		const char *text;

		record[len] = 0;
		text = strchr(record, ';');
		if (text && strstr(text, first) && strstr(text, second))
			return true;
	}
	return false;
}

static int be_refused(const struct sim *sim, size_t i)
{
	int fd = sim_open(sim, refusals[i].mode), err;

	if (fd < 0)
		return -1;
	fwctl_do_restrict(fd, refusals[i].restricted_to, NULL);
	set_rawio(refusals[i].rawio);
	err = send_len(fd, refusals[i].label, refusals[i].opcode,
		       refusals[i].in_len ?: SIM_REQUEST_LEN);
	set_rawio(true);
	close(fd);
	return err;
}

/* The log takes ten such lines in five seconds, which others may have used up. */
static bool refusal_is_logged(const struct sim *sim, int kmsg, size_t i)
{
	char line[256];

	snprintf(line, sizeof(line), "fwctl %s: fwctl_admit (pid %d): %s refused: ",
		 sim->node, getpid(), refusals[i].request);
	for (int tries = 0; tries < 130; tries++) {
		if (be_refused(sim, i) <= 0)
			return false;
		if (kmsg_has(kmsg, line, refusals[i].reason))
			return true;
		sim_sleep_ms(50);
	}
	return false;
}

TEST_F(admit, refusal_tells_caller_request_and_reason_in_the_kernel_log)
{
	int kmsg = open_kmsg();

	if (kmsg < 0)
		SKIP(return, "no /dev/kmsg");
	ASSERT_EQ(0, write_cap(&self->sim, ALL_CLASSES &
			       ~CLASS_BIT(FWCTL_CLASS_DEBUG_WRITE)));
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (refusals[i].only_locked_down && !kernel_locked_down())
			continue;
		EXPECT_TRUE(refusal_is_logged(&self->sim, kmsg, i))
			TH_LOG("%s: %s", refusals[i].request,
			       refusals[i].reason);
	}
	close(kmsg);
}

/* After the one before, so that the log would take it. */
TEST_F(admit, query_leaves_no_line_in_the_kernel_log)
{
	struct sim_request req = sim_request(FWCTL_SIM_NEVER, 0, 0);
	int kmsg = open_kmsg();

	if (kmsg < 0)
		SKIP(return, "no /dev/kmsg");
	ASSERT_TRUE(refusal_is_logged(&self->sim, kmsg, 0));
	for (uint32_t label = 0; label < FWCTL_LABELS; label++) {
		struct fwctl_query query = fwctl_query_of(label, &req,
							  SIM_REQUEST_LEN, 64);

		ASSERT_EQ(0, fwctl_errno(self->fd, FWCTL_QUERY, &query));
	}
	EXPECT_FALSE(kmsg_has(kmsg, self->sim.node, "refused"));
	close(kmsg);
}

/* FWCTL_RESTRICT */

static uint32_t classes_of(int fd)
{
	struct fwctl_query query;

	return fwctl_get_limits(fd, &query) ? ~0u : query.out_classes;
}

/* Each set, and then each other: the classes that both of them have are left. */
TEST_F(admit, restriction_only_shrinks)
{
	for (uint32_t first = 0; first <= ALL_CLASSES; first += 2) {
		for (uint32_t second = 0; second <= ALL_CLASSES; second += 6) {
			uint32_t left = ~0u;
			int fd = sim_open(&self->sim, O_RDWR);

			ASSERT_GE(fd, 0);
			EXPECT_EQ(0, fwctl_do_restrict(fd, first, &left));
			EXPECT_EQ(first, left);
			EXPECT_EQ(0, fwctl_do_restrict(fd, second, &left));
			EXPECT_EQ(first & second, left);
			EXPECT_EQ(0, fwctl_do_restrict(fd, ALL_CLASSES, &left));
			EXPECT_EQ(first & second, left);
			EXPECT_EQ(first & second, classes_of(fd));
			close(fd);
		}
	}
}

/* Returns the errno of a FWCTL_RESTRICT to reads whose struct cannot be written. */
static int restrict_unwritable(int fd)
{
	const struct fwctl_restrict cmd = {
		.size = sizeof(cmd),
		.classes = READ_CLASSES,
	};
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (page == MAP_FAILED)
		return -1;
	memcpy(page, &cmd, sizeof(cmd));
	err = mprotect(page, 4096, PROT_READ) ? -1 :
	      fwctl_errno(fd, FWCTL_RESTRICT, page);
	munmap(page, 4096);
	return err;
}

/* A manager that ignores the error has not handed out more than it wanted to. */
TEST_F(admit, restriction_whose_result_cannot_be_written_holds)
{
	EXPECT_EQ(EFAULT, restrict_unwritable(self->fd));
	EXPECT_EQ(READ_CLASSES, classes_of(self->fd));
	EXPECT_EQ(EPERM, send_one(self->fd, FWCTL_RPC_CONFIGURATION,
				  FWCTL_SIM_WRITE));
}

TEST_F(admit, refused_restriction_takes_nothing_away)
{
	struct fwctl_restrict bad_flags = { .size = sizeof(bad_flags),
					    .flags = 1 };
	struct fwctl_restrict bad_class = { .size = sizeof(bad_class),
					    .classes = 1u << 6 };

	EXPECT_EQ(EOPNOTSUPP, fwctl_errno(self->fd, FWCTL_RESTRICT, &bad_flags));
	EXPECT_EQ(EOPNOTSUPP, fwctl_errno(self->fd, FWCTL_RESTRICT, &bad_class));
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RESTRICT, NULL));
	EXPECT_EQ(ALL_CLASSES, classes_of(self->fd));
}

/* Ways to have the file a second time. Each restricts it there, to reads. */

static int restrict_dup(int fd)
{
	int copy = dup(fd), err = fwctl_do_restrict(copy, READ_CLASSES, NULL);

	close(copy);
	return err;
}

static int exit_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int restrict_forked(int fd)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(fwctl_do_restrict(fd, READ_CLASSES, NULL));
	return exit_status(pid);
}

/* A message with one file in it */
struct passed {
	struct msghdr message;
	struct iovec data;
	char byte;
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
};

static struct cmsghdr *init_passed(struct passed *p)
{
	memset(p, 0, sizeof(*p));
	p->data = (struct iovec){ &p->byte, 1 };
	p->message.msg_iov = &p->data;
	p->message.msg_iovlen = 1;
	p->message.msg_control = p->control.room;
	p->message.msg_controllen = sizeof(p->control.room);
	return CMSG_FIRSTHDR(&p->message);
}

static int pass(int to, int fd)
{
	struct passed p;
	struct cmsghdr *header = init_passed(&p);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	return sendmsg(to, &p.message, 0) == 1 ? 0 : errno;
}

static int receive(int from)
{
	struct passed p;
	int fd = -1;

	init_passed(&p);
	if (recvmsg(from, &p.message, 0) == 1 && CMSG_FIRSTHDR(&p.message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&p.message)), sizeof(fd));
	return fd;
}

/* As a manager would hand it to a helper that is not its child */
static int restrict_passed(int fd)
{
	int pair[2], err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return errno;
	pid = fork();
	if (pid == 0)
		_exit(fwctl_do_restrict(receive(pair[1]), READ_CLASSES, NULL));
	err = pass(pair[0], fd);
	err = exit_status(pid) ?: err;
	close(pair[0]);
	close(pair[1]);
	return err;
}

/* Another open of the same node, not the same file */
static int restrict_reopened(int fd)
{
	char path[64];
	int other, err;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	other = open(path, O_RDWR | O_CLOEXEC);
	err = fwctl_do_restrict(other, READ_CLASSES, NULL);
	close(other);
	return err;
}

static const struct {
	const char *name;
	int (*restrict_there)(int fd);
	bool shared;
} ways[] = {
	{ "dup", restrict_dup, true },
	{ "fork", restrict_forked, true },
	{ "SCM_RIGHTS", restrict_passed, true },
	{ "another open", restrict_reopened, false },
};

TEST_F(admit, restriction_holds_for_each_copy_of_the_file)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		int fd = sim_open(&self->sim, O_RDWR);
		int err = ways[i].restrict_there(fd);

		if (err == EAFNOSUPPORT) {
			close(fd);
			continue;
		}
		EXPECT_EQ(0, err)
			TH_LOG("%s", ways[i].name);
		EXPECT_EQ(ways[i].shared ? READ_CLASSES : ALL_CLASSES,
			  classes_of(fd))
			TH_LOG("%s", ways[i].name);
		EXPECT_EQ(ways[i].shared ? EPERM : 0,
			  send_one(fd, FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE));
		close(fd);
	}
}

TEST_F(admit, restriction_lets_calls_under_way_go_on)
{
	pid_t pid;

	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 1));
	pid = fork();
	if (pid == 0)
		_exit(send_one(self->fd, FWCTL_RPC_CONFIGURATION,
			       FWCTL_SIM_WRITE));
	ASSERT_TRUE(sim_wait(&self->sim, "stats/inflight", 1, 5000));
	EXPECT_EQ(0, fwctl_do_restrict(self->fd, 0, NULL));
	ASSERT_EQ(0, sim_set(&self->sim, "faults/hang", 0));
	EXPECT_EQ(0, exit_status(pid));
	EXPECT_EQ(EPERM, send_one(self->fd, FWCTL_RPC_CONFIGURATION,
				  FWCTL_SIM_WRITE));
}

/* One of several threads that restrict a file at the same time */
struct denier {
	pthread_t thread;
	pthread_barrier_t *start;
	int fd;
	uint32_t classes;
};

static void *deny(void *data)
{
	struct denier *denier = data;

	pthread_barrier_wait(denier->start);
	fwctl_do_restrict(denier->fd, denier->classes, NULL);
	return NULL;
}

/* Each takes another class away; none of it may be lost. */
TEST_F(admit, restrictions_at_once_all_count)
{
	struct denier deniers[FWCTL_CLASSES - 1];
	pthread_barrier_t start;

	pthread_barrier_init(&start, NULL, ARRAY_LEN(deniers));
	for (int round = 0; round < 50; round++) {
		int fd = sim_open(&self->sim, O_RDWR);

		for (size_t i = 0; i < ARRAY_LEN(deniers); i++) {
			deniers[i] = (struct denier){
				.start = &start,
				.fd = fd,
				.classes = ALL_CLASSES & ~CLASS_BIT(i + 1),
			};
			pthread_create(&deniers[i].thread, NULL, deny,
				       &deniers[i]);
		}
		for (size_t i = 0; i < ARRAY_LEN(deniers); i++)
			pthread_join(deniers[i].thread, NULL);
		ASSERT_EQ(0, classes_of(fd));
		close(fd);
	}
}

/* The matrix */

FIXTURE(matrix)
{
	struct sim sim;
	/* The cap of a new device */
	uint32_t cap;
	struct situation s;
};

FIXTURE_VARIANT(matrix)
{
	int mode;
};

FIXTURE_VARIANT_ADD(matrix, O_RDONLY) { .mode = O_RDONLY };
FIXTURE_VARIANT_ADD(matrix, O_WRONLY) { .mode = O_WRONLY };
FIXTURE_VARIANT_ADD(matrix, O_RDWR) { .mode = O_RDWR };

FIXTURE_SETUP(matrix)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_create(&self->sim));
	ASSERT_EQ(0, add_opcodes(&self->sim));
	ASSERT_EQ(0, sim_start(&self->sim));
	self->cap = read_cap(&self->sim);
	self->s.writable = variant->mode != O_RDONLY;
	self->s.locked_down = kernel_locked_down();
}

FIXTURE_TEARDOWN(matrix)
{
	sim_destroy(&self->sim);
}

static const char *describe(const struct situation *s, uint32_t label, size_t i)
{
	static char text[256];

	snprintf(text, sizeof(text),
		 "%s, label %s, restricted to %#x, capped to %#x, %s",
		 requests[i].name, label_word(label), s->restricted_to,
		 s->capped_to, s->rawio ? "CAP_SYS_RAWIO" : "no capability");
	return text;
}

/* FWCTL_QUERY and then FWCTL_RPC: do both follow the rules? */
static void check_query(struct __test_metadata *_metadata, int fd,
			const struct situation *s, uint32_t label, size_t i,
			const struct sim_request *req)
{
	unsigned int want = expected(s, label, requests[i].class);
	struct fwctl_query query = fwctl_query_of(label, req, SIM_REQUEST_LEN,
						  SIM_ANSWER_LEN);
	uint32_t classes = s->restricted_to & s->capped_to &
			   (s->writable ? ALL_CLASSES : READ_CLASSES);

	ASSERT_EQ(0, fwctl_errno(fd, FWCTL_QUERY, &query));
	EXPECT_EQ(requests[i].class, query.out_class)
		TH_LOG("class: %s", describe(s, label, i));
	EXPECT_EQ(want, query.out_reason)
		TH_LOG("reason: %s", describe(s, label, i));
	EXPECT_EQ(reason_errno[want], query.out_errno)
		TH_LOG("errno: %s", describe(s, label, i));
	EXPECT_EQ(classes, query.out_classes)
		TH_LOG("classes: %s", describe(s, label, i));
}

static void check_request(struct __test_metadata *_metadata, struct sim *sim,
			  int fd, struct situation *s, uint32_t label, size_t i)
{
	int want = reason_errno[expected(s, label, requests[i].class)];
	struct sim_request req = sim_request(requests[i].opcode, 0, 1);
	struct sim_answer answer;

	req.head.reserved = htole16(requests[i].reserved);
	check_query(_metadata, fd, s, label, i, &req);
	EXPECT_EQ(want, sim_ask(fd, label, &req, &answer))
		TH_LOG("%s", describe(s, label, i));
	s->submitted += !want;
	ASSERT_EQ(s->submitted, sim_get(sim, "stats/submitted"))
		TH_LOG("%s", describe(s, label, i));
}

static void check_file(struct __test_metadata *_metadata, struct sim *sim,
		       int fd, struct situation *s)
{
	for (int rawio = 0; rawio < 2; rawio++) {
		s->rawio = rawio;
		ASSERT_EQ(0, set_rawio(rawio));
		for (uint32_t label = 0; label < FWCTL_LABELS; label++)
			for (size_t i = 0; i < ARRAY_LEN(requests); i++)
				check_request(_metadata, sim, fd, s, label, i);
	}
}

static const uint32_t class_sets[] = {
	ALL_CLASSES, READ_CLASSES, 0,
	ALL_CLASSES & ~CLASS_BIT(FWCTL_CLASS_CONFIG_READ),
	ALL_CLASSES & ~CLASS_BIT(FWCTL_CLASS_CONFIG_WRITE),
	ALL_CLASSES & ~CLASS_BIT(FWCTL_CLASS_DEBUG_READ),
	ALL_CLASSES & ~CLASS_BIT(FWCTL_CLASS_DEBUG_WRITE),
	ALL_CLASSES & ~CLASS_BIT(FWCTL_CLASS_FULL),
};

/*
 * Of the pairs of a cap and a restriction, those in which one can hide the other. A
 * kernel that watches itself is asked for a quarter of them, as each takes seconds.
 */
static bool worth_it(size_t cap, size_t restriction)
{
	if (fwctl_quick() && (cap > 2 || restriction > 2))
		return false;
	return cap == restriction || cap < 2 || restriction == 0 ||
	       restriction == 2;
}

static void check_cap(struct __test_metadata *_metadata, struct sim *sim,
		      struct situation *s, size_t cap, int mode)
{
	for (size_t r = 0; r < ARRAY_LEN(class_sets); r++) {
		int fd;

		if (!worth_it(cap, r))
			continue;
		s->restricted_to = class_sets[r];
		fd = sim_open(sim, mode);
		ASSERT_GE(fd, 0);
		ASSERT_EQ(0, fwctl_do_restrict(fd, class_sets[r], NULL));
		check_file(_metadata, sim, fd, s);
		close(fd);
	}
}

/* Reason and errno of each; and a refused request does not get to the driver. */
TEST_F(matrix, each_request_gets_what_the_rules_say)
{
	for (size_t c = 0; c < ARRAY_LEN(class_sets); c++) {
		self->s.capped_to = class_sets[c] & self->cap;
		self->s.submitted = 0;
		ASSERT_EQ(0, restart_with_cap(&self->sim, self->s.capped_to));
		check_cap(_metadata, &self->sim, &self->s, c, variant->mode);
	}
}

/* The administrator's cap */

FIXTURE(cap)
{
	struct sim sim;
	/* The cap of a new device */
	uint32_t initial;
};

FIXTURE_SETUP(cap)
{
	const char *missing = sim_missing();

	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, sim_plug(&self->sim));
	self->initial = read_cap(&self->sim);
}

FIXTURE_TEARDOWN(cap)
{
	sim_destroy(&self->sim);
}

TEST_F(cap, starts_as_the_kernel_was_told)
{
	char text[256];

	read_line("/sys/module/fwctl/parameters/classes", text, sizeof(text));
	EXPECT_NE(0, strlen(text));
	EXPECT_EQ(parse_classes(text), self->initial)
		TH_LOG("%s", text);
}

TEST_F(cap, can_be_lowered_but_not_raised)
{
	for (uint32_t set = 0; set <= ALL_CLASSES; set += 2) {
		if (set & ~self->initial)
			continue;
		ASSERT_EQ(0, restart_with_cap(&self->sim, set));
		EXPECT_EQ(set, read_cap(&self->sim));
		EXPECT_EQ(0, write_cap(&self->sim, set));
		for (unsigned int class = 1; class < FWCTL_CLASSES; class++) {
			if (in(class, set))
				continue;
			EXPECT_EQ(EPERM, write_cap(&self->sim,
						   set | CLASS_BIT(class)));
			EXPECT_EQ(EPERM, write_cap(&self->sim, CLASS_BIT(class)));
		}
		EXPECT_EQ(set, read_cap(&self->sim));
	}
}

#define A_LONG_WORD "config-read-config-read-config-read-config-read-config-read-"

static const struct {
	const char *text;
	int err;
} spellings[] = {
	{ "config-read,config-write,debug-read,debug-write,full", 0 },
	{ "config-read config-write debug-read debug-write full\n", 0 },
	{ "full,debug-read config-read\n", 0 },
	{ "  config-read ,, debug-read\t", 0 },
	{ "config-read", 0 },
	{ "config-read,bogus", EINVAL },
	{ "never", EINVAL },
	{ "config-read,never", EINVAL },
	{ "config", EINVAL },
	{ "config-reader", EINVAL },
	{ "CONFIG-READ", EINVAL },
	{ "config_read", EINVAL },
	{ "config-read;full", EINVAL },
	{ "0x3e", EINVAL },
	{ "\n", EINVAL },
	{ " ", EINVAL },
	{ A_LONG_WORD A_LONG_WORD A_LONG_WORD, EINVAL },
	{ "none", 0 },
};

/* Each leaves less or changes nothing. */
TEST_F(cap, takes_lists_of_words_and_nothing_else)
{
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		uint32_t before = read_cap(&self->sim);
		uint32_t want = parse_classes(spellings[i].text);

		if (spellings[i].err)
			want = before;
		if (!spellings[i].err && want & ~before)
			continue;
		EXPECT_EQ(spellings[i].err,
			  sim_class_write(&self->sim, "classes",
					  spellings[i].text))
			TH_LOG("'%s'", spellings[i].text);
		if (strpbrk(spellings[i].text, "\t\n"))
			continue;
		EXPECT_EQ(want, read_cap(&self->sim))
			TH_LOG("'%s'", spellings[i].text);
	}
	EXPECT_EQ(0, read_cap(&self->sim));
}

/* The labels that a class of the set is left for */
static void labels_for(uint32_t classes, char *text, size_t size)
{
	static const uint32_t is_for[FWCTL_LABELS] = {
		CLASS_BIT(FWCTL_CLASS_CONFIG_READ) |
			CLASS_BIT(FWCTL_CLASS_CONFIG_WRITE),
		CLASS_BIT(FWCTL_CLASS_DEBUG_READ),
		CLASS_BIT(FWCTL_CLASS_DEBUG_WRITE),
		CLASS_BIT(FWCTL_CLASS_FULL),
	};
	size_t len = 0;

	snprintf(text, size, "none");
	for (unsigned int label = 0; label < FWCTL_LABELS; label++)
		if (classes & is_for[label])
			len += snprintf(text + len, size - len, "%s%s",
					len ? " " : "", label_word(label));
}

TEST_F(cap, is_told_with_the_labels_it_leaves)
{
	char classes[256], labels[256], text[256];

	for (uint32_t set = 0; set <= ALL_CLASSES; set += 2) {
		if (set & ~self->initial)
			continue;
		ASSERT_EQ(0, restart_with_cap(&self->sim, set));
		print_classes(set, classes, sizeof(classes));
		labels_for(set, labels, sizeof(labels));
		EXPECT_EQ(0, sim_class_read(&self->sim, "classes", text,
					    sizeof(text)));
		EXPECT_STREQ(classes, text);
		EXPECT_EQ(0, sim_class_read(&self->sim, "labels", text,
					    sizeof(text)));
		EXPECT_STREQ(labels, text);
	}
}

TEST_F(cap, counts_at_once_for_open_files_of_this_device)
{
	struct sim other;
	int fd, other_fd;

	if (!in(FWCTL_CLASS_CONFIG_WRITE, self->initial))
		SKIP(return, "fwctl.classes takes classes away");
	ASSERT_EQ(0, sim_plug(&other));
	fd = sim_open(&self->sim, O_RDWR);
	other_fd = sim_open(&other, O_RDWR);
	EXPECT_EQ(0, send_one(fd, FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE));

	EXPECT_EQ(0, write_cap(&self->sim, 0));
	EXPECT_EQ(EPERM, send_one(fd, FWCTL_RPC_CONFIGURATION, FWCTL_SIM_WRITE));
	EXPECT_EQ(0, classes_of(fd));
	EXPECT_EQ(self->initial, read_cap(&other));
	EXPECT_EQ(0, send_one(other_fd, FWCTL_RPC_CONFIGURATION,
			      FWCTL_SIM_WRITE));
	close(fd);
	close(other_fd);
	sim_destroy(&other);
}

static int bind_again(const struct sim *sim)
{
	char name[64];

	return sim_read(sim, "dev_name", name, sizeof(name)) ?:
	       sim_write_file("/sys/bus/platform/drivers/fwctl_sim/unbind", name,
			      strlen(name)) ?:
	       sim_write_file("/sys/bus/platform/drivers/fwctl_sim/bind", name,
			      strlen(name));
}

TEST_F(cap, is_back_when_the_device_is_registered_anew)
{
	EXPECT_EQ(0, write_cap(&self->sim, 0));
	EXPECT_EQ(0, read_cap(&self->sim));
	ASSERT_EQ(0, sim_stop(&self->sim) ?: sim_start(&self->sim));
	EXPECT_EQ(self->initial, read_cap(&self->sim));

	EXPECT_EQ(0, write_cap(&self->sim, 0));
	ASSERT_EQ(0, bind_again(&self->sim));
	ASSERT_EQ(0, sim_read(&self->sim, "node", self->sim.node,
			      sizeof(self->sim.node)));
	EXPECT_EQ(self->initial, read_cap(&self->sim));
}

/* The file is for the administrator, and reading it for all. */
TEST_F(cap, is_for_root_to_write)
{
	char path[SIM_PATH_LEN];
	struct stat stat;

	snprintf(path, sizeof(path), "/sys/class/fwctl/%s/classes",
		 self->sim.node);
	ASSERT_EQ(0, lstat(path, &stat));
	EXPECT_EQ(0644, stat.st_mode & 07777);
	EXPECT_EQ(0, stat.st_uid);
}

TEST_HARNESS_MAIN
