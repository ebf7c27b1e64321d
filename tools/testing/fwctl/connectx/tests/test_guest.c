// SPDX-License-Identifier: GPL-2.0
/* Guest memory: only mapped ranges can be accessed; other accesses return an error. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../guest.h"
#include "bench.h"

static int memory(size_t size)
{
	int fd = memfd_create("memory", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	return fd;
}

/* Ranges that are adjacent in the guest, but not in the device's mapping. */
static void copies_across_adjacent_ranges(void **state)
{
	struct guest *g = guest_new();
	int fd = memory(8192);
	u8 in[100], out[100];

	memset(in, 0x3c, sizeof(in));
	assert_int_equal(guest_map(g, 0x1000, 0x1000, fd, 0x1000, 3), 0);
	assert_int_equal(guest_map(g, 0x2000, 0x1000, fd, 0, 3), 0);
	assert_int_equal(guest_write(g, 0x1fce, in, sizeof(in)), 0);
	assert_int_equal(guest_read(g, 0x1fce, out, sizeof(out)), 0);
	assert_memory_equal(in, out, sizeof(in));
	guest_free(g);
	close(fd);
}

/* A copy transfers all bytes or none: half an answer would be worse than none. */
static void refuses_what_is_not_mapped_whole(void **state)
{
	struct guest *g = guest_new();
	int fd = memory(4096);
	u8 buf[64] = { 0x77 };

	assert_int_equal(guest_map(g, 0x1000, 0x1000, fd, 0, 3), 0);
	assert_int_equal(guest_write(g, 0x1fe0, buf, sizeof(buf)), -EFAULT);
	assert_int_equal(guest_read(g, 0x1fe0, buf, 32), 0);
	assert_int_equal(buf[0], 0);	/* the failed write has changed no byte */
	assert_int_equal(guest_read(g, 0xfff, buf, 2), -EFAULT);
	assert_int_equal(guest_read(g, UINT64_MAX - 3, buf, 8), -EFAULT);
	assert_int_equal(guest_release(g, 0x2000, 1), -EFAULT);
	guest_free(g);
	close(fd);
}

/* The device must not write to ranges that the peer maps read-only. */
static void honours_the_access_of_a_range(void **state)
{
	struct guest *g = guest_new();
	int fd = memory(4096);
	u8 buf[4] = { 0 };

	assert_int_equal(guest_map(g, 0, 0x1000, fd, 0, GUEST_READ), 0);
	assert_int_equal(guest_read(g, 0, buf, 4), 0);
	assert_int_equal(guest_write(g, 0, buf, 4), -EFAULT);
	guest_free(g);
	close(fd);
}

/* A range longer than its file would raise SIGBUS at the first touch. */
static void refuses_bad_ranges(void **state)
{
	struct guest *g = guest_new();
	int fd = memory(4096);

	assert_int_equal(guest_map(g, 0, 0, fd, 0, 3), -EINVAL);
	assert_int_equal(guest_map(g, UINT64_MAX - 10, 0x1000, fd, 0, 3), -EINVAL);
	assert_int_equal(guest_map(g, 0, 0x2000, fd, 0, 3), -EINVAL);
	assert_int_equal(guest_map(g, 0, 0x1000, fd, UINT64_MAX - 0xfff, 3), -EINVAL);
	assert_int_equal(guest_map(g, 0, 0x1000, fd, 0, 3), 0);
	assert_int_equal(guest_map(g, 0xfff, 0x1000, -1, 0, 3), -EEXIST);
	guest_free(g);
	close(fd);
}

/* The device must not access the range after the answer to DMA_UNMAP. */
static void forgets_a_range_when_it_is_unmapped(void **state)
{
	struct guest *g = guest_new();
	int fd = memory(4096);
	u8 byte;

	assert_int_equal(guest_map(g, 0x1000, 0x1000, fd, 0, 3), 0);
	assert_int_equal(guest_map(g, 0x5000, 0x1000, -1, 0, 3), 0);
	assert_int_equal(guest_read(g, 0x5000, &byte, 1), -EFAULT);
	assert_int_equal(guest_unmap(g, 0x1000, 0x1000), 0);
	assert_int_equal(guest_read(g, 0x1000, &byte, 1), -EFAULT);
	assert_int_equal(guest_unmap(g, 0x1000, 0x1000), -ENOENT);
	assert_int_equal(guest_unmap(g, 0, UINT64_MAX), 0);
	guest_free(g);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_across_adjacent_ranges),
		cmocka_unit_test(refuses_what_is_not_mapped_whole),
		cmocka_unit_test(honours_the_access_of_a_range),
		cmocka_unit_test(refuses_bad_ranges),
		cmocka_unit_test(forgets_a_range_when_it_is_unmapped),
	};

	return cmocka_run_group_tests_name("guest", tests, NULL, NULL);
}
