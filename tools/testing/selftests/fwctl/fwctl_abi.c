// SPDX-License-Identifier: GPL-2.0
/*
 * The ABI that is the same for every fwctl device: numbers, sizes, pointers,
 * labels and lengths, and the errno for each way to get them wrong.
 *
 * Runs on a fwctl_sim of its own and on the real device, if there is one (the
 * first in /sys/class/fwctl, or $FWCTL_DEVICE); sends that nothing but requests
 * that identify it. Also built as fwctl_abi_32, for compat_ioctl.
 *
 * Suites: rules memory
 */
#include <stddef.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "sim.h"
#include "fwctl_harness.h"

#define MAX_RPC_LEN (2u << 20)
/* A byte of memory that was not written to */
#define UNTOUCHED 0xa5

FIXTURE(abi)
{
	struct sim sim;
	int fd;
	size_t page;
	/* A page that can be written, in front of one that cannot be read. */
	uint8_t *edge;
};

FIXTURE_VARIANT(abi)
{
	bool real;
};

FIXTURE_VARIANT_ADD(abi, sim) { .real = false };
FIXTURE_VARIANT_ADD(abi, real) { .real = true };

/* Returns NULL, or why there is no device. */
static const char *open_device(struct sim *sim, int *fd, bool real)
{
	const char *path = fwctl_real_device(NULL), *missing;

	if (real && !path)
		return "no device but simulated ones";
	if (real) {
		*fd = open(path, O_RDWR | O_CLOEXEC);
		return NULL;
	}
	missing = sim_missing();
	if (!missing && !sim_plug(sim))
		*fd = sim_open(sim, O_RDWR);
	return missing;
}

FIXTURE_SETUP(abi)
{
	const char *missing;

	self->fd = -1;
	missing = open_device(&self->sim, &self->fd, variant->real);
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_GE(self->fd, 0);

	self->page = sysconf(_SC_PAGESIZE);
	self->edge = mmap(NULL, 2 * self->page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->edge != MAP_FAILED);
	ASSERT_EQ(0, mprotect(self->edge + self->page, self->page, PROT_NONE));
}

FIXTURE_TEARDOWN(abi)
{
	munmap(self->edge, 2 * self->page);
	close(self->fd);
	sim_destroy(&self->sim);
}

/*
 * The table that all generic cases run over: each ioctl, its struct, and the
 * last field that the struct's first version had, with its bytes. Every struct
 * has its flags or its label in its second word, and ~0 is never a valid one.
 */
#define IOCTL(_cmd, _struct, _last, _bytes)				\
	{								\
		.name = #_cmd,						\
		.cmd = _cmd,						\
		.size = sizeof(_struct),				\
		.least = offsetof(_struct, _last) + (_bytes),		\
	}

static const struct {
	const char *name;
	unsigned long cmd;
	size_t size;
	size_t least;
} ioctls[] = {
	IOCTL(FWCTL_INFO, struct fwctl_info, out_device_data, 8),
	IOCTL(FWCTL_RPC, struct fwctl_rpc, out, 8),
	IOCTL(FWCTL_QUERY, struct fwctl_query, out_max_bytes, 8),
	IOCTL(FWCTL_RESTRICT, struct fwctl_restrict, out_classes, 4),
};

static size_t size_of(unsigned long cmd)
{
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++)
		if (ioctls[i].cmd == cmd)
			return ioctls[i].size;
	return 0;
}

/* The errno for a struct with an impossible second word, if it is read that far */
#define GOT_PAST_SIZE EOPNOTSUPP

static uint8_t *sized(void *at, size_t size)
{
	uint32_t words[2] = { size, ~0u };

	memset(at, 0, size < sizeof(words) ? sizeof(words) : size);
	memcpy(at, words, sizeof(words));
	return at;
}

static bool untouched(const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] != UNTOUCHED)
			return false;
	return true;
}

/* An offset or a size that programs in the field were compiled with */
#define FROZEN(_is, _was) { #_is, (_is), (_was) }
#define FIELD(_struct, _field, _was) FROZEN(offsetof(struct _struct, _field), _was)

static const struct {
	const char *name;
	size_t is, was;
} frozen[] = {
	FROZEN(FWCTL_INFO, 0x9a00), FROZEN(sizeof(struct fwctl_info), 24),
	FIELD(fwctl_info, size, 0), FIELD(fwctl_info, flags, 4),
	FIELD(fwctl_info, out_device_type, 8),
	FIELD(fwctl_info, device_data_len, 12),
	FIELD(fwctl_info, out_device_data, 16),
	FROZEN(FWCTL_RPC, 0x9a01), FROZEN(sizeof(struct fwctl_rpc), 32),
	FIELD(fwctl_rpc, size, 0), FIELD(fwctl_rpc, scope, 4),
	FIELD(fwctl_rpc, in_len, 8), FIELD(fwctl_rpc, out_len, 12),
	FIELD(fwctl_rpc, in, 16), FIELD(fwctl_rpc, out, 24),
	FROZEN(FWCTL_QUERY, 0x9a40), FROZEN(sizeof(struct fwctl_query), 80),
	FIELD(fwctl_query, size, 0), FIELD(fwctl_query, scope, 4),
	FIELD(fwctl_query, in_len, 8), FIELD(fwctl_query, out_len, 12),
	FIELD(fwctl_query, in, 16), FIELD(fwctl_query, out_class, 24),
	FIELD(fwctl_query, out_reason, 28), FIELD(fwctl_query, out_errno, 32),
	FIELD(fwctl_query, out_classes, 36), FIELD(fwctl_query, out_min_in, 40),
	FIELD(fwctl_query, out_max_in, 44), FIELD(fwctl_query, out_min_out, 48),
	FIELD(fwctl_query, out_max_out, 52),
	FIELD(fwctl_query, out_max_files, 56),
	FIELD(fwctl_query, out_max_calls, 60),
	FIELD(fwctl_query, out_max_file_calls, 64),
	FIELD(fwctl_query, flags, 68), FIELD(fwctl_query, out_max_bytes, 72),
	FROZEN(FWCTL_RESTRICT, 0x9a41),
	FROZEN(sizeof(struct fwctl_restrict), 16),
	FIELD(fwctl_restrict, size, 0), FIELD(fwctl_restrict, flags, 4),
	FIELD(fwctl_restrict, classes, 8),
	FIELD(fwctl_restrict, out_classes, 12),
};

/* Stated as numbers: the header itself could change. */
TEST(layouts_are_those_of_deployed_programs)
{
	for (size_t i = 0; i < ARRAY_LEN(frozen); i++) {
		EXPECT_EQ(frozen[i].was, frozen[i].is)
			TH_LOG("%s", frozen[i].name);
	}
}

/*
 * No first version of a struct was ever shorter, so it is a mistake and not an old
 * program.
 */
TEST_F(abi, size_below_the_least_is_EINVAL)
{
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		for (size_t size = 0; size < ioctls[i].least; size++) {
			EXPECT_EQ(EINVAL,
				  fwctl_errno(self->fd, ioctls[i].cmd,
					      sized(self->edge, size)))
				TH_LOG("%s size %zu", ioctls[i].name, size);
		}
	}
}

/*
 * A program that was compiled with a later, longer struct and does not use the new
 * fields has to work on this kernel.
 */
TEST_F(abi, sizes_from_the_least_to_a_page_are_taken)
{
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		for (size_t size = ioctls[i].least; size <= self->page; size++) {
			EXPECT_EQ(GOT_PAST_SIZE,
				  fwctl_errno(self->fd, ioctls[i].cmd,
					      sized(self->edge, size)))
				TH_LOG("%s size %zu", ioctls[i].name, size);
		}
	}
}

/* One that does use it must not believe that the kernel understood. */
TEST_F(abi, unknown_tail_in_use_is_E2BIG)
{
	static const size_t tails[] = { 1, 4, 8, 100 };

	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		for (size_t t = 0; t < ARRAY_LEN(tails); t++) {
			size_t size = ioctls[i].size + tails[t];

			for (size_t at = ioctls[i].size; at < size; at++) {
				sized(self->edge, size)[at] = 1;
				EXPECT_EQ(E2BIG,
					  fwctl_errno(self->fd, ioctls[i].cmd,
						      self->edge))
					TH_LOG("%s size %zu, byte %zu",
					       ioctls[i].name, size, at);
			}
		}
	}
}

/* The search for a used byte in the tail is bounded, however large size is. */
TEST_F(abi, size_above_a_page_is_E2BIG)
{
	const size_t sizes[] = { self->page + 1, 2 * self->page, 1u << 31, ~0u };
	static uint32_t big[1 << 16];

	ASSERT_LE(2 * self->page, sizeof(big));
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
			big[0] = sizes[s];
			big[1] = ~0u;
			EXPECT_EQ(E2BIG,
				  fwctl_errno(self->fd, ioctls[i].cmd, big))
				TH_LOG("%s size %zu", ioctls[i].name, sizes[s]);
		}
	}
}

/* All of it, all but its first word, or its last byte. */
TEST_F(abi, struct_outside_of_memory_is_EFAULT)
{
	uint8_t *end = self->edge + self->page;

	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		uint32_t size = ioctls[i].size;

		memcpy(end - 4, &size, sizeof(size));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, ioctls[i].cmd, end - 4));
		memset(end - size, 0, size);
		memcpy(end - size + 1, &size, sizeof(size));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, ioctls[i].cmd,
					      end - size + 1))
			TH_LOG("%s", ioctls[i].name);
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, ioctls[i].cmd, end));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, ioctls[i].cmd, NULL));
	}
}

/* Includes 2 and 3, which an extension of another vendor's client tries. */
TEST_F(abi, unknown_numbers_are_ENOTTY)
{
	for (unsigned int nr = 0; nr < 256; nr++) {
		if (size_of(_IO(FWCTL_TYPE, nr)))
			continue;
		EXPECT_EQ(ENOTTY, fwctl_errno(self->fd, _IO(FWCTL_TYPE, nr),
					      sized(self->edge, 64)))
			TH_LOG("number %u", nr);
	}
}

/* The number counts in full width: the size is not part of it. */
TEST_F(abi, size_and_direction_bits_are_ENOTTY)
{
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		unsigned int nr = _IOC_NR(ioctls[i].cmd);
		unsigned int wrong[] = {
			_IOWR(FWCTL_TYPE, nr, struct fwctl_rpc),
			_IOR(FWCTL_TYPE, nr, uint32_t),
			_IOC(_IOC_NONE, FWCTL_TYPE, nr, ioctls[i].size),
			_IOC(_IOC_WRITE, FWCTL_TYPE, nr, 0),
			_IO(FWCTL_TYPE + 1, nr),
		};

		for (size_t j = 0; j < ARRAY_LEN(wrong); j++) {
			EXPECT_EQ(ENOTTY, fwctl_errno(self->fd, wrong[j],
						      sized(self->edge, 64)))
				TH_LOG("%#x", wrong[j]);
		}
	}
}

/* Fields of which some bits mean nothing yet. A label is 0 to 3. */
#define UNKNOWN(_cmd, _struct, _field, _known)				\
	{ #_cmd " " #_field, _cmd, offsetof(struct _struct, _field),	\
	  ~(uint32_t)(_known) }

static const struct {
	const char *name;
	unsigned long cmd;
	size_t offset;
	uint32_t unknown;
} unknown_bits[] = {
	UNKNOWN(FWCTL_INFO, fwctl_info, flags, 0),
	UNKNOWN(FWCTL_RPC, fwctl_rpc, scope, 3),
	UNKNOWN(FWCTL_QUERY, fwctl_query, scope, 3),
	UNKNOWN(FWCTL_QUERY, fwctl_query, flags, 0),
	UNKNOWN(FWCTL_RESTRICT, fwctl_restrict, flags, 0),
	UNKNOWN(FWCTL_RESTRICT, fwctl_restrict, classes, ALL_CLASSES),
};

/* A value of a later kernel, which this one must not take for one that it knows. */
TEST_F(abi, unknown_values_are_EOPNOTSUPP)
{
	for (size_t i = 0; i < ARRAY_LEN(unknown_bits); i++) {
		for (int bit = 0; bit < 32; bit++) {
			uint32_t words[20] = { size_of(unknown_bits[i].cmd) };

			if (!(unknown_bits[i].unknown & 1u << bit))
				continue;
			words[unknown_bits[i].offset / 4] = 1u << bit;
			EXPECT_EQ(EOPNOTSUPP,
				  fwctl_errno(self->fd, unknown_bits[i].cmd,
					      words))
				TH_LOG("%s bit %d", unknown_bits[i].name, bit);
		}
	}
}

/* By device type, a request that any device of the type takes from any caller */
static const struct {
	uint32_t type;
	uint32_t in_len, out_len;
	/* Least bytes of the answer */
	uint32_t least;
	uint8_t in[24];
} harmless[] = {
	/* ECHO of 4 bytes */
	{ FWCTL_DEVICE_TYPE_SIM, 20, 20, 20,
	  { FWCTL_SIM_ECHO, [8] = 1, 2, 3, 4, 5, 6, 7, 8, 'e', 'c', 'h', 'o' } },
	/* QUERY_ISSI */
	{ FWCTL_DEVICE_TYPE_MLX5, 16, 112, 16, { 0x01, 0x0a } },
};

/* Returns its row, or -1. */
static int find_harmless(int fd)
{
	struct fwctl_info info;

	if (fwctl_get_info(fd, &info, NULL, 0))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
		if (harmless[i].type == info.out_device_type)
			return i;
	return -1;
}

union any_cmd {
	struct fwctl_info info;
	struct fwctl_rpc rpc;
	struct fwctl_query query;
	struct fwctl_restrict restrict_;
	uint8_t bytes[128];
};

/* A struct that the kernel has no objection to. */
static void fill_valid(union any_cmd *cmd, unsigned long nr, int h,
		       uint8_t *out)
{
	memset(cmd, 0, sizeof(*cmd));
	switch (nr) {
	case FWCTL_INFO:
		cmd->info.size = sizeof(cmd->info);
		break;
	case FWCTL_RPC:
		cmd->rpc = fwctl_rpc_of(0, harmless[h].in, harmless[h].in_len,
					out, harmless[h].out_len);
		break;
	case FWCTL_QUERY:
		cmd->query = fwctl_query_of(0, harmless[h].in,
					    harmless[h].in_len,
					    harmless[h].out_len);
		break;
	case FWCTL_RESTRICT:
		cmd->restrict_.size = sizeof(cmd->restrict_);
		cmd->restrict_.classes = ALL_CLASSES;
		break;
	}
}

/* Neither a shorter nor a longer one gets a byte written behind its end. */
TEST_F(abi, valid_structs_of_all_sizes_work)
{
	int h = find_harmless(self->fd);
	union any_cmd cmd;

	if (h < 0)
		SKIP(return, "no harmless request for this device is known");
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		for (uint32_t size = ioctls[i].least; size < 100; size++) {
			fill_valid(&cmd, ioctls[i].cmd, h, self->edge);
			memcpy(cmd.bytes, &size, sizeof(size));
			memset(cmd.bytes + size, UNTOUCHED, sizeof(cmd) - size);
			EXPECT_EQ(0, fwctl_errno(self->fd, ioctls[i].cmd, &cmd))
				TH_LOG("%s size %u", ioctls[i].name, size);
			EXPECT_TRUE(untouched(cmd.bytes + size,
					      sizeof(cmd) - size))
				TH_LOG("%s size %u", ioctls[i].name, size);
		}
	}
}

/* A call whose result cannot be written does not succeed. */
TEST_F(abi, struct_that_cannot_be_written_is_EFAULT)
{
	union any_cmd *cmd = (union any_cmd *)self->edge;
	uint8_t out[128];
	int h = find_harmless(self->fd);

	if (h < 0)
		SKIP(return, "no harmless request for this device is known");
	for (size_t i = 0; i < ARRAY_LEN(ioctls); i++) {
		fill_valid(cmd, ioctls[i].cmd, h, out);
		ASSERT_EQ(0, mprotect(self->edge, self->page, PROT_READ));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, ioctls[i].cmd, cmd))
			TH_LOG("%s", ioctls[i].name);
		ASSERT_EQ(0, mprotect(self->edge, self->page,
				      PROT_READ | PROT_WRITE));
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

/* The part that the kernel does not know is zeroed. */
TEST_F(abi, info_fills_the_whole_room_and_no_more)
{
	uint8_t full[256], room[256];
	struct fwctl_info info;
	uint32_t len;

	memset(full, UNTOUCHED, sizeof(full));
	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, full, sizeof(full)));
	len = info.device_data_len;
	ASSERT_LT(len, sizeof(full));
	for (size_t i = len; i < sizeof(full); i++)
		ASSERT_EQ(0, full[i]);

	for (size_t size = 0; size < sizeof(room); size++) {
		memset(room, UNTOUCHED, sizeof(room));
		ASSERT_EQ(0, fwctl_get_info(self->fd, &info, room, size));
		EXPECT_EQ(len, info.device_data_len);
		EXPECT_EQ(0, memcmp(room, full, size));
		EXPECT_TRUE(untouched(room + size, sizeof(room) - size));
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

/* The one thing that this is all about; by fwctl_abi_32 through compat_ioctl. */
TEST_F(abi, rpc_carries_a_request_and_its_answer)
{
	int h = find_harmless(self->fd);
	struct fwctl_rpc rpc;
	uint8_t out[128];

	if (h < 0)
		SKIP(return, "no harmless request for this device is known");
	memset(out, UNTOUCHED, sizeof(out));
	rpc = fwctl_rpc_of(0, harmless[h].in, harmless[h].in_len, out,
			   harmless[h].out_len);
	ASSERT_EQ(0, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
	EXPECT_EQ(sizeof(rpc), rpc.size);
	EXPECT_EQ(harmless[h].in_len, rpc.in_len);
	EXPECT_GE(rpc.out_len, harmless[h].least);
	EXPECT_LE(rpc.out_len, harmless[h].out_len);
	/* Both types: status OK. */
	EXPECT_EQ(0, out[0]);
	EXPECT_TRUE(untouched(out + harmless[h].out_len,
			      sizeof(out) - harmless[h].out_len));
	if (variant->real)
		return;
	EXPECT_EQ(0, memcmp(out + 8, harmless[h].in + 8, 12));
}

TEST_F(abi, query_tells_about_a_request_without_sending_it)
{
	int h = find_harmless(self->fd);
	struct fwctl_query query;

	if (h < 0)
		SKIP(return, "no harmless request for this device is known");
	query = fwctl_query_of(0, harmless[h].in, harmless[h].in_len,
			       harmless[h].out_len);
	ASSERT_EQ(0, fwctl_errno(self->fd, FWCTL_QUERY, &query));
	EXPECT_EQ(FWCTL_CLASS_CONFIG_READ, query.out_class);
	EXPECT_EQ(FWCTL_REASON_NONE, query.out_reason);
	EXPECT_EQ(0, query.out_errno);
	if (variant->real)
		return;
	EXPECT_EQ(0, sim_get(&self->sim, "stats/submitted"));
}

/* A request of 0 bytes is refused, but its QUERY is how to get the limits. */
TEST_F(abi, query_tells_the_limits)
{
	struct fwctl_query query;

	ASSERT_EQ(0, fwctl_get_limits(self->fd, &query));
	EXPECT_EQ(FWCTL_CLASS_NEVER, query.out_class);
	EXPECT_EQ(FWCTL_REASON_LENGTH, query.out_reason);
	EXPECT_EQ(EMSGSIZE, query.out_errno);
	EXPECT_LE(query.out_min_in, query.out_max_in);
	EXPECT_LE(query.out_min_out, query.out_max_out);
	EXPECT_LE(query.out_max_in, MAX_RPC_LEN);
	EXPECT_LE(query.out_max_out, MAX_RPC_LEN);
	EXPECT_GE(query.out_max_files, 1);
	EXPECT_GE(query.out_max_file_calls, 1);
	EXPECT_LE(query.out_max_file_calls, query.out_max_calls);
	/* The longest call fits into the half that is one file's. */
	EXPECT_LT(2 * ((uint64_t)query.out_max_in + query.out_max_out),
		  query.out_max_bytes);
}

static int rpc_of_lengths(int fd, uint8_t *memory, uint32_t in_len,
			  uint32_t out_len)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(0, memory, in_len, memory, out_len);

	return fwctl_errno(fd, FWCTL_RPC, &rpc);
}

/* None of them may end in an allocation, nor in a look at the memory. */
TEST_F(abi, lengths_outside_of_the_limits_are_EMSGSIZE)
{
	uint8_t *nowhere = self->edge + self->page;
	struct fwctl_query q;

	ASSERT_EQ(0, fwctl_get_limits(self->fd, &q));
	const uint32_t in[] = { 0, q.out_min_in - 1, q.out_max_in + 1, 1u << 31,
				~0u };
	const uint32_t out[] = { 0, q.out_min_out - 1, q.out_max_out + 1,
				 1u << 31, ~0u };

	for (size_t i = 0; i < ARRAY_LEN(in); i++) {
		EXPECT_EQ(EMSGSIZE, rpc_of_lengths(self->fd, nowhere, in[i],
						   q.out_min_out));
		EXPECT_EQ(EMSGSIZE, rpc_of_lengths(self->fd, nowhere,
						   q.out_min_in, out[i]));
	}
	EXPECT_EQ(EFAULT, rpc_of_lengths(self->fd, nowhere, q.out_max_in,
					 q.out_max_out));
}

TEST_F(abi, request_outside_of_memory_is_EFAULT)
{
	uint8_t *end = self->edge + self->page;
	uint8_t *const from[] = { end, end - 8, NULL };

	for (size_t i = 0; i < ARRAY_LEN(from); i++) {
		struct fwctl_rpc rpc = fwctl_rpc_of(0, from[i], 64, self->edge,
						    64);
		struct fwctl_query query = fwctl_query_of(0, from[i], 64, 64);

		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
		EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_QUERY, &query));
	}
}

/* A kernel of 32 bits has no use for them. */
static bool kernel_has_64_bits(void)
{
	struct utsname name;

	return sizeof(long) == 8 ||
	       (!uname(&name) && strstr(name.machine, "64"));
}

/* Also for a program of 32 bits, which may have garbage in the upper half. */
TEST_F(abi, pointers_count_in_full_width)
{
	int h = find_harmless(self->fd);
	const uint64_t high = 1ull << 62;
	struct fwctl_query query;
	struct fwctl_info info;
	struct fwctl_rpc rpc;

	if (h < 0 || !kernel_has_64_bits())
		SKIP(return, "not on this kernel");
	query = fwctl_query_of(0, harmless[h].in, harmless[h].in_len, 64);
	query.in |= high;
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_QUERY, &query));

	rpc = fwctl_rpc_of(0, harmless[h].in, harmless[h].in_len, self->edge,
			   harmless[h].out_len);
	rpc.in |= high;
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));
	rpc.in &= ~high;
	rpc.out |= high;
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_RPC, &rpc));

	info = (struct fwctl_info){
		.size = sizeof(info),
		.device_data_len = 8,
		.out_device_data = (uintptr_t)self->edge | high,
	};
	EXPECT_EQ(EFAULT, fwctl_errno(self->fd, FWCTL_INFO, &info));
}

/* A file may be all that a process has; the ioctl tells the classes that are left. */
TEST_F(abi, restrict_tells_what_is_left)
{
	struct fwctl_query query;
	uint32_t left = 0;

	EXPECT_EQ(0, fwctl_do_restrict(self->fd, ALL_CLASSES, &left));
	EXPECT_EQ(ALL_CLASSES, left);
	EXPECT_EQ(0, fwctl_do_restrict(self->fd, READ_CLASSES, &left));
	EXPECT_EQ(READ_CLASSES, left);
	EXPECT_EQ(0, fwctl_do_restrict(self->fd, ALL_CLASSES, &left));
	EXPECT_EQ(READ_CLASSES, left);
	ASSERT_EQ(0, fwctl_get_limits(self->fd, &query));
	EXPECT_EQ(0, query.out_classes & ~READ_CLASSES);
	EXPECT_EQ(0, fwctl_do_restrict(self->fd, 0, &left));
	EXPECT_EQ(0, left);
}

/* A device node that shell redirections cannot do anything to. */
TEST_F(abi, read_write_seek_and_mmap_are_not_there)
{
	char byte = 0;

	EXPECT_EQ(-1, read(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_END));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_TRUE(mmap(NULL, self->page, PROT_READ, MAP_SHARED, self->fd,
			 0) == MAP_FAILED);
	EXPECT_EQ(ENODEV, errno);
}

TEST_HARNESS_MAIN
