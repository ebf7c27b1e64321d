// SPDX-License-Identifier: GPL-2.0
/*
 * The minimal driver that Documentation/userspace-api/fwctl/drivers.rst explains: it is
 * loaded, does what is said of it there, and goes.
 *
 * Suites: memory lifetimes
 */
#include "../../../../samples/fwctl/fwctl_sample.h"
#include "fwctl_util.h"
#include "fwctl_harness.h"

#define DRIVER "fwctl_sample"

FIXTURE(sample)
{
	char path[300];
	int fd;
};

FIXTURE_SETUP(sample)
{
	self->fd = -1;
	if (geteuid())
		SKIP(return, "needs root");
	if (system("modprobe -q " DRIVER " 2>/dev/null"))
		SKIP(return, "no " DRIVER);
	ASSERT_TRUE(fwctl_find(DRIVER, self->path, sizeof(self->path)));
	self->fd = open(self->path, O_RDWR | O_CLOEXEC);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(sample)
{
	if (self->fd < 0)
		return;
	EXPECT_EQ(0, system("rmmod " DRIVER));
	EXPECT_FALSE(fwctl_find(DRIVER, self->path, sizeof(self->path)));
	close(self->fd);
}

/* Returns 0 or the errno; then there is no answer. */
static int ask(int fd, uint32_t opcode, uint32_t value, struct fwctl_sample_answer *answer)
{
	struct fwctl_sample_request req = { htole32(opcode), htole32(value) };
	struct fwctl_rpc rpc = fwctl_rpc_of(FWCTL_RPC_CONFIGURATION, &req, sizeof(req),
					    answer, sizeof(*answer));

	memset(answer, 0xff, sizeof(*answer));
	return fwctl_errno(fd, FWCTL_RPC, &rpc);
}

static uint32_t status(const struct fwctl_sample_answer *answer)
{
	return le32toh(answer->status);
}

static uint32_t setting(const struct fwctl_sample_answer *answer)
{
	return le32toh(answer->value);
}

TEST_F(sample, info_tells_the_type_and_the_device_data)
{
	struct fwctl_info_sample data;
	struct fwctl_info info;

	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, &data, sizeof(data)));
	EXPECT_EQ(FWCTL_DEVICE_TYPE_SAMPLE, info.out_device_type);
	EXPECT_EQ(sizeof(data), info.device_data_len);
	EXPECT_EQ(FWCTL_SAMPLE_MAX, data.max);
}

TEST_F(sample, setting_is_read_and_written)
{
	struct fwctl_sample_answer answer;

	ASSERT_EQ(0, ask(self->fd, FWCTL_SAMPLE_GET, 0, &answer));
	EXPECT_EQ(0, setting(&answer));
	ASSERT_EQ(0, ask(self->fd, FWCTL_SAMPLE_SET, FWCTL_SAMPLE_MAX, &answer));
	EXPECT_EQ(FWCTL_SAMPLE_OK, status(&answer));
	ASSERT_EQ(0, ask(self->fd, FWCTL_SAMPLE_GET, 0, &answer));
	EXPECT_EQ(FWCTL_SAMPLE_OK, status(&answer));
	EXPECT_EQ(FWCTL_SAMPLE_MAX, setting(&answer));
}

TEST_F(sample, error_of_the_firmware_is_in_the_answer)
{
	struct fwctl_sample_answer answer;

	ASSERT_EQ(0, ask(self->fd, FWCTL_SAMPLE_SET, 7, &answer));
	EXPECT_EQ(0, ask(self->fd, FWCTL_SAMPLE_SET, FWCTL_SAMPLE_MAX + 1, &answer));
	EXPECT_EQ(FWCTL_SAMPLE_RANGE, status(&answer));
	EXPECT_EQ(7, setting(&answer));
}

/* None of these reaches the firmware. */
TEST_F(sample, requests_are_refused)
{
	struct fwctl_sample_answer answer;
	int reader = open(self->path, O_RDONLY | O_CLOEXEC);

	EXPECT_EQ(EBADMSG, ask(self->fd, FWCTL_SAMPLE_SET + 1, 0, &answer));
	EXPECT_EQ(EBADMSG, ask(self->fd, FWCTL_SAMPLE_GET, 1, &answer));
	EXPECT_EQ(EPERM, ask(reader, FWCTL_SAMPLE_SET, 1, &answer));
	EXPECT_EQ(UINT32_MAX, setting(&answer));
	EXPECT_EQ(0, ask(reader, FWCTL_SAMPLE_GET, 0, &answer));
	EXPECT_EQ(0, setting(&answer));
	close(reader);
}

/* The module goes with a file open, as in the teardown of each test; the file stays. */
TEST_F(sample, device_goes_and_its_file_stays)
{
	struct fwctl_sample_answer answer;

	ASSERT_EQ(0, system("rmmod " DRIVER));
	EXPECT_EQ(ENODEV, ask(self->fd, FWCTL_SAMPLE_GET, 0, &answer));
	ASSERT_EQ(0, system("modprobe " DRIVER));
}

TEST_HARNESS_MAIN
