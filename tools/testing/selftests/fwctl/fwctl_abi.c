// SPDX-License-Identifier: GPL-2.0
/*
 * The ABI that is the same for every fwctl device: numbers, sizes, pointers,
 * labels and lengths, and the errno for each way to get them wrong. Sends
 * nothing to the firmware.
 */
#include <stddef.h>
#include <sys/mman.h>

#include "fwctl_util.h"
#include "../kselftest_harness.h"

#define MAX_RPC_LEN (2u << 20)

FIXTURE(abi)
{
	int fd;
	size_t page;
	/* A page that can be written, in front of one that cannot be read. */
	char *edge;
};

FIXTURE_SETUP(abi)
{
	if (fwctl_missing())
		SKIP(return, "%s: no such device", fwctl_path());
	self->fd = open(fwctl_path(), O_RDWR);
	ASSERT_GE(self->fd, 0);

	self->page = sysconf(_SC_PAGESIZE);
	self->edge = mmap(NULL, 2 * self->page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->edge);
	ASSERT_EQ(0, mprotect(self->edge + self->page, self->page, PROT_NONE));
}

FIXTURE_TEARDOWN(abi)
{
	munmap(self->edge, 2 * self->page);
	close(self->fd);
}

/* Every ioctl, with the size of its struct's first version. */
static const struct {
	const char *name;
	unsigned long cmd;
	size_t size;
	size_t least;
} cmds[] = {
	{ "FWCTL_INFO", FWCTL_INFO, sizeof(struct fwctl_info), 24 },
	{ "FWCTL_RPC", FWCTL_RPC, sizeof(struct fwctl_rpc), 32 },
};

/*
 * A struct that gets past its size is refused for what it says: flags or label
 * of ~0 is EOPNOTSUPP in both structs, and stands at the same place.
 */
#define GOT_PAST_SIZE EOPNOTSUPP

static char *sized(char *at, size_t size)
{
	memset(at, 0, size);
	((uint32_t *)at)[0] = size;
	((uint32_t *)at)[1] = ~0u;
	return at;
}

/* Programs in the field were compiled with these: stated as numbers, not as names. */
TEST_F(abi, numbers_are_those_of_deployed_tools)
{
	EXPECT_EQ(0x9a00, FWCTL_INFO);
	EXPECT_EQ(0x9a01, FWCTL_RPC);
	EXPECT_EQ(24, sizeof(struct fwctl_info));
	EXPECT_EQ(32, sizeof(struct fwctl_rpc));
}

/*
 * No first version of a struct was ever shorter, so it is a mistake and not an old
 * program.
 */
TEST_F(abi, size_below_the_least_is_EINVAL)
{
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		for (size_t size = 8; size < cmds[i].least; size++) {
			EXPECT_EQ(EINVAL,
				  fwctl_errno(self->fd, cmds[i].cmd,
					      sized(self->edge, size)))
				TH_LOG("%s size %zu", cmds[i].name, size);
		}
		memset(self->edge, 0, self->page);
		EXPECT_EQ(EINVAL, fwctl_errno(self->fd, cmds[i].cmd, self->edge));
	}
}

/*
 * A program that was compiled with a later, longer struct and does not use what is
 * new in it has to work on this kernel.
 */
TEST_F(abi, sizes_from_the_least_to_a_page_are_taken)
{
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		size_t size;

		for (size = cmds[i].least; size <= self->page; size += 4) {
			EXPECT_EQ(GOT_PAST_SIZE,
				  fwctl_errno(self->fd, cmds[i].cmd,
					      sized(self->edge, size)))
				TH_LOG("%s size %zu", cmds[i].name, size);
		}
	}
}

/* One that does use it must not believe that the kernel understood. */
TEST_F(abi, unknown_tail_in_use_is_E2BIG)
{
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		size_t size = cmds[i].size + 8;

		for (size_t at = cmds[i].size; at < size; at++) {
			sized(self->edge, size)[at] = 1;
			EXPECT_EQ(E2BIG, fwctl_errno(self->fd, cmds[i].cmd,
						     self->edge));
		}
	}
}

/* The search for a used byte in the tail is bounded, whatever size says. */
TEST_F(abi, size_above_a_page_is_E2BIG)
{
	static uint32_t big[4096] = { sizeof(big), ~0u };

	for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
		EXPECT_EQ(E2BIG, fwctl_errno(self->fd, cmds[i].cmd, big));
	big[0] = ~0u;
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
		EXPECT_EQ(E2BIG, fwctl_errno(self->fd, cmds[i].cmd, big));
}

/* The struct begins at the last readable word, or in the page that cannot be read. */
TEST_F(abi, struct_outside_of_memory_is_EFAULT)
{
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		uint32_t *size = (uint32_t *)(self->edge + self->page) - 1;

		*size = cmds[i].size;
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, cmds[i].cmd, size));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, cmds[i].cmd, size + 1));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, cmds[i].cmd, NULL));
	}
}

/* Includes 2 and 3, which an extension of another vendor's client tries. */
TEST_F(abi, unknown_numbers_are_ENOTTY)
{
	for (unsigned int nr = 0; nr < 256; nr++) {
		if (nr == _IOC_NR(FWCTL_INFO) || nr == _IOC_NR(FWCTL_RPC))
			continue;
		EXPECT_EQ(ENOTTY, fwctl_errno(self->fd, _IO(FWCTL_TYPE, nr),
					      sized(self->edge, 64)))
			TH_LOG("number %u", nr);
	}
}

/* The number counts in full width: the size is not part of it. */
TEST_F(abi, size_and_direction_bits_are_ENOTTY)
{
	for (size_t i = 0; i < ARRAY_LEN(cmds); i++) {
		unsigned int nr = _IOC_NR(cmds[i].cmd);
		unsigned long wrong[] = {
			_IOWR(FWCTL_TYPE, nr, struct fwctl_rpc),
			_IOR(FWCTL_TYPE, nr, uint32_t),
			_IOC(_IOC_NONE, FWCTL_TYPE, nr, cmds[i].size),
			_IOC(_IOC_WRITE, FWCTL_TYPE, nr, 0),
			_IO(FWCTL_TYPE + 1, nr),
		};

		for (size_t j = 0; j < ARRAY_LEN(wrong); j++)
			EXPECT_EQ(ENOTTY, fwctl_errno(self->fd, wrong[j],
						      sized(self->edge, 64)));
	}
}

TEST_F(abi, info_flags_are_EOPNOTSUPP)
{
	for (int bit = 0; bit < 32; bit++) {
		struct fwctl_info info = { .size = sizeof(info),
					   .flags = 1u << bit };

		EXPECT_EQ(EOPNOTSUPP, fwctl_errno(self->fd, FWCTL_INFO, &info));
	}
}

/* How a program finds out how much room it needs. */
TEST_F(abi, info_without_room_tells_the_length)
{
	struct fwctl_info info;

	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, NULL, 0));
	EXPECT_NE(FWCTL_DEVICE_TYPE_ERROR, info.out_device_type);
	EXPECT_GT(info.device_data_len, 0);
}

/*
 * What the kernel does not know is zero, not what was there before; and nothing is
 * written behind the room.
 */
TEST_F(abi, info_fills_the_whole_room)
{
	uint8_t full[256], room[256];
	struct fwctl_info info;
	uint32_t len;

	memset(full, 0xff, sizeof(full));
	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, full, sizeof(full)));
	len = info.device_data_len;
	ASSERT_LT(len, sizeof(full));
	for (size_t i = len; i < sizeof(full); i++)
		ASSERT_EQ(0, full[i]);

	for (size_t size = 0; size < sizeof(room); size++) {
		memset(room, 0xff, sizeof(room));
		ASSERT_EQ(0, fwctl_get_info(self->fd, &info, room, size));
		EXPECT_EQ(len, info.device_data_len);
		EXPECT_EQ(0, memcmp(room, full, size));
		EXPECT_EQ(0xff, room[size]);
	}
}

TEST_F(abi, info_into_no_memory_is_EFAULT)
{
	struct fwctl_info info;

	EXPECT_EQ(EFAULT, fwctl_get_info(self->fd, &info,
					 self->edge + self->page, 8));
	EXPECT_EQ(EFAULT, fwctl_get_info(self->fd, &info,
					 self->edge + self->page - 4, 8));
	/* The padding counts as well. */
	EXPECT_EQ(EFAULT, fwctl_get_info(self->fd, &info, self->edge,
					 self->page + 1));
}

/* A label of a later kernel, which this one must not take for one that it knows. */
TEST_F(abi, rpc_label_unknown_is_EOPNOTSUPP)
{
	for (uint32_t scope = 4; scope; scope <<= 1) {
		struct fwctl_rpc rpc = fwctl_rpc_of(scope, self->edge, 64,
						    self->edge, 64);

		EXPECT_EQ(EOPNOTSUPP, fwctl_errno(self->fd, FWCTL_RPC, &rpc))
			TH_LOG("label %u", scope);
	}
}

/* None of them may end in an allocation. */
TEST_F(abi, rpc_lengths_beyond_any_device_are_EMSGSIZE)
{
	static const uint32_t lens[] = { 0, MAX_RPC_LEN + 1, 1u << 31, ~0u };

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct fwctl_rpc in = fwctl_rpc_of(0, self->edge, lens[i],
						   self->edge, 64);
		struct fwctl_rpc out = fwctl_rpc_of(0, self->edge, 64,
						    self->edge, lens[i]);

		EXPECT_EQ(EMSGSIZE, fwctl_errno(self->fd, FWCTL_RPC, &in));
		EXPECT_EQ(EMSGSIZE, fwctl_errno(self->fd, FWCTL_RPC, &out));
	}
}

TEST_F(abi, rpc_from_no_memory_is_EFAULT)
{
	char *none = self->edge + self->page;
	struct fwctl_rpc rpc = fwctl_rpc_of(0, none, 64, self->edge, 64);

	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
	rpc.in = (uintptr_t)none - 8;
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
	rpc.in = 0;
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
}

/* A device node that shell redirections cannot do anything to. */
TEST_F(abi, read_and_write_are_not_there)
{
	char byte = 0;

	EXPECT_EQ(-1, read(self->fd, &byte, 1));
	EXPECT_EQ(-1, write(self->fd, &byte, 1));
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(ESPIPE, errno);
}

TEST_HARNESS_MAIN
