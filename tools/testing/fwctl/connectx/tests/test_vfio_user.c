// SPDX-License-Identifier: GPL-2.0
/*
 * The protocol against a peer that is slow, confused or hostile. The emulator
 * answers bad messages with an error or disconnects, and serves the next peer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../guest.h"
#include "../vfio_user.h"
#include "bench.h"

struct header {
	u16 id, cmd;
	u32 size, flags, error;
};

static const struct { u32 argsz, flags; u64 off, addr, size; } a_map = { 32, 3, 0, 0x1000, 0x1000 };

/* Regions and vectors, in the order in which the peer asks for them first. */
static void the_device_describes_itself(void **state)
{
	struct { u32 argsz, flags, regions, irqs; } info = { 16, 0, 0, 0 };
	struct { u32 argsz, flags, index, cap; u64 size, off; } region = { 32, 0, 0, 0, 0, 0 };
	struct { u32 argsz, flags, index, count; } irq = { 16, 0, 2, 0 };
	struct bench *b = *state;

	assert_int_equal(bench_call(b, 4, &info, 16, NULL, 0, &info, 16), 0);
	assert_int_equal(info.flags, 3);
	assert_int_equal(info.regions, 9);
	assert_int_equal(bench_call(b, 5, &region, 32, NULL, 0, &region, 32), 0);
	assert_int_equal(region.size, 32 << 20);
	assert_int_equal(region.flags, 3);
	region.index = 1;
	assert_int_equal(bench_call(b, 5, &region, 32, NULL, 0, &region, 32), 0);
	assert_int_equal(region.size, 0);
	assert_int_equal(bench_call(b, 7, &irq, 16, NULL, 0, &irq, 16), 0);
	assert_int_equal(irq.count, 32);
	irq.index = 0;
	assert_int_equal(bench_call(b, 7, &irq, 16, NULL, 0, &irq, 16), 0);
	assert_int_equal(irq.count, 0);
}

/* The list has no loops: MSI-X, PCIe, power management, the inert vendor capability. */
static void configuration_space_has_the_capabilities_it_needs(void **state)
{
	struct { u64 off; u32 region, count; } access = { 0, 7, 256 };
	struct bench *b = *state;
	u8 reply[16 + 256];
	u8 *config = reply + 16;
	u8 seen[256] = { 0 };
	u8 cap;

	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, reply, sizeof(reply)), 0);
	assert_memory_equal(config, "\xb3\x15\x21\x10", 4);
	for (cap = config[0x34]; cap; cap = config[cap + 1]) {
		assert_int_equal(seen[config[cap]]++, 0);
		assert_int_equal(cap & 3, 0);
	}
	assert_true(seen[0x11] && seen[0x10] && seen[0x09] && seen[0x01]);
	assert_int_equal(seen[0x03], 0);	/* VPD would break the driver's probe */
}

/* Through the capability that sysfs reset uses. */
static void function_level_reset_drops_the_driver(void **state)
{
	struct { u64 off; u32 region, count; u8 data[2]; } write = { 0x68, 7, 2, { 0x10, 0xa8 } };
	struct bench *b = *state;

	bench_uctx(b, 4);
	assert_int_equal(bench_call(b, 10, &write, 18, NULL, 0, NULL, 0), 0);
	assert_true(bench_logged(b, "event uctx-dropped uid=1 by=FLR"));
	assert_int_equal(b->cx->hca, HCA_OFF);
	assert_int_equal(bench_read32(b, 0x14), 0x156);	/* interface disabled */
	bench_set_queue(b);
	assert_int_equal(bench_read32(b, 0x14) & 0xfff, 0x56);
}

/* Unknown commands, short payloads, and ranges outside a region, from all sides. */
static void errors_have_an_errno(void **state)
{
	struct { u64 off; u32 region, count; } access = { 0, 0, 4 };
	struct { u32 argsz, flags, index, start, count; } set = { 20, 36, 2, 31, 2 };
	struct bench *b = *state;
	int fd = eventfd(0, EFD_CLOEXEC);
	u32 cmd;

	for (cmd = 11; cmd < 70; cmd++)
		if (cmd != 13)
			assert_int_equal(bench_call(b, (u16)cmd, "", 0, NULL, 0, NULL, 0),
					 EOPNOTSUPP);
	assert_int_equal(bench_call(b, 6, "", 0, NULL, 0, NULL, 0), EOPNOTSUPP);
	assert_int_equal(bench_call(b, 9, &access, 15, NULL, 0, NULL, 0), EINVAL);
	access.region = 9;
	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, NULL, 0), EINVAL);
	access.region = 0;
	access.off = (32 << 20) - 3;
	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, NULL, 0), EINVAL);
	access.off = UINT64_MAX;
	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, NULL, 0), EINVAL);
	access.off = 0;
	access.count = 0xffffffff;
	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, NULL, 0), EINVAL);
	access.count = 4;	/* a write that carries no data */
	assert_int_equal(bench_call(b, 10, &access, 16, NULL, 0, NULL, 0), EINVAL);
	assert_int_equal(bench_call(b, 8, &set, 20, &fd, 1, NULL, 0), EINVAL);
	close(fd);
}

/* As when the guest's firmware remaps memory. */
static void dma_maps_come_and_go(void **state)
{
	struct { u32 argsz, flags; u64 addr, size; } unmap = { 24, 0, 0x1000, 0x1000 };
	struct bench *b = *state;
	u8 byte;
	int i;

	for (i = 0; i < 100; i++) {
		assert_int_equal(bench_call(b, 2, &a_map, 32, &b->ram_fd, 1, NULL, 0), 0);
		assert_int_equal(guest_read(b->cx->guest, 0x1000, &byte, 1), 0);
		assert_int_equal(bench_call(b, 2, &a_map, 32, &b->ram_fd, 1, NULL, 0), EEXIST);
		assert_int_equal(bench_call(b, 3, &unmap, 24, NULL, 0, &unmap, 24), 0);
		assert_int_equal(guest_read(b->cx->guest, 0x1000, &byte, 1), -EFAULT);
	}
	assert_int_equal(bench_call(b, 3, &unmap, 24, NULL, 0, NULL, 0), ENOENT);
	unmap.flags = 2;	/* all of it */
	assert_int_equal(bench_call(b, 3, &unmap, 24, NULL, 0, NULL, 0), 0);
	assert_int_equal(guest_read(b->cx->guest, RAM_ADDR, &byte, 1), -EFAULT);
}

static int open_fds(void)
{
	int n = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Descriptors with messages that take none, and descriptors of refused messages. */
static void descriptors_do_not_leak(void **state)
{
	struct { u32 argsz, flags, index, start, count; } set = { 20, 36, 0, 0, 1 };
	struct bench *b = *state;
	int before = open_fds();
	int fds[16];
	int i;

	for (i = 0; i < 16; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(bench_call(b, 4, &a_map, 32, fds, 16, NULL, 0), 0);
	assert_int_equal(bench_call(b, 99, "", 0, NULL, 0, NULL, 0), EOPNOTSUPP);
	assert_int_equal(bench_call(b, 8, &set, 20, fds, 16, NULL, 0), 0);	/* INTx: ignored */
	set.index = 2;
	set.start = 4000;
	assert_int_equal(bench_call(b, 8, &set, 20, fds, 16, NULL, 0), EINVAL);
	for (i = 0; i < 16; i++)
		close(fds[i]);
	assert_int_equal(open_fds(), before);
}

/* Vectors are removed one by one without a descriptor, or all with a count of 0. */
static void vectors_are_taken_back(void **state)
{
	struct { u32 argsz, flags, index, start, count; } set = { 20, 36, 2, 0, 1 };
	struct bench *b = *state;
	int before = open_fds();
	int fd = bench_vector(b, 0);

	assert_int_equal(open_fds(), before + 2);
	assert_int_equal(bench_call(b, 8, &set, 20, NULL, 0, NULL, 0), 0);
	assert_int_equal(open_fds(), before + 1);
	close(fd);
	fd = bench_vector(b, 0);
	set.flags = 33;
	set.count = 0;
	assert_int_equal(bench_call(b, 8, &set, 20, NULL, 0, NULL, 0), 0);
	assert_int_equal(open_fds(), before + 1);
	close(fd);
}

/* A message in pieces of one byte is a message. */
static void messages_come_in_pieces(void **state)
{
	struct bench *b = *state;
	struct {
		struct header h;
		u64 off;
		u32 region, count;
	} msg = { { 77, 9, 32, 0, 0 }, 0, 0, 4 };
	u8 reply[64];
	size_t i;

	for (i = 0; i < sizeof(msg); i++) {
		assert_int_equal(bench_recv(b, reply, sizeof(reply)), 0);
		bench_send(b, (u8 *)&msg + i, 1);
	}
	assert_int_equal(bench_recv(b, reply, sizeof(reply)), 36);
	assert_int_equal(reply[0], 77);
}

/* Three messages in one piece: order is kept, and the second one gets no answer. */
static void messages_come_in_bulk(void **state)
{
	struct bench *b = *state;
	struct header msgs[3] = {
		{ 1, 13, 16, 0, 0 }, { 2, 13, 16, 0x10, 0 }, { 3, 13, 16, 0, 0 },
	};
	struct header replies[4];

	bench_send(b, msgs, sizeof(msgs));
	assert_int_equal(bench_recv(b, replies, sizeof(replies)), 32);
	assert_int_equal(replies[0].id, 1);
	assert_int_equal(replies[1].id, 3);	/* the second has the no-reply flag */
}

/* An unwanted answer breaks the stream; so does an answer to a reply. */
static void no_answer_where_none_is_wanted(void **state)
{
	struct bench *b = *state;
	struct header bad = { 9, 60, 16, 0x10, 0 };
	struct header reply = { 9, 9, 16, 1, 0 };
	u8 none;

	bench_send(b, &bad, sizeof(bad));
	bench_send(b, &reply, sizeof(reply));
	assert_int_equal(bench_recv(b, &none, 1), 0);
	assert_int_equal(bench_read32(b, 0), 42 << 16 | 28);
}

/* With a size below the header or above the limit, the next message cannot be found. */
static void a_lost_boundary_ends_the_connection(void **state)
{
	static const u32 sizes[] = { 0, 1, 15, (1 << 20) + 81, 0xffffffff };
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct header h = { 1, 9, sizes[i], 0, 0 };
		u8 none;

		assert_true(bench_connect(b));
		bench_send(b, &h, sizeof(h));
		assert_int_equal(bench_recv(b, &none, 1), -1);
		assert_false(vfio_user_attached(b->vu));
	}
}

/* The first message is VERSION, with a major version that this server supports. */
static void version_comes_first(void **state)
{
	struct bench *b = *state;
	static const char wrong[] = "\1\0\0\0{}";

	bench_connect(b);
	assert_int_equal(bench_call(b, 2, &a_map, 32, &b->ram_fd, 1, NULL, 0), EINVAL);
	assert_int_equal(bench_call(b, 1, wrong, sizeof(wrong), NULL, 0, NULL, 0), EINVAL);
	assert_int_equal(bench_call(b, 1, "\0\0", 2, NULL, 0, NULL, 0), EINVAL);
	assert_int_equal(bench_call(b, 1, "\0\0\0\0{}", 7, NULL, 0, NULL, 0), 0);
	assert_int_equal(bench_call(b, 2, &a_map, 32, &b->ram_fd, 1, NULL, 0), 0);
}

/* Memory, interrupts and contexts of the old peer are dropped with it. */
static void a_new_peer_finds_a_clean_device(void **state)
{
	struct bench *b = *state;
	u8 byte;

	bench_uctx(b, 4);
	bench_connect(b);
	assert_int_equal(guest_read(b->cx->guest, RAM_ADDR, &byte, 1), -EFAULT);
	assert_int_equal(b->cx->hca, HCA_OFF);
	assert_true(bench_logged(b, "event uctx-dropped uid=1 by=peer-gone"));
}

static u32 next_random(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/*
 * Random messages, well framed so that they get past the header, mostly of known
 * commands. The checks are the sanitizers, and that the device still works.
 */
static void random_messages(void **state)
{
	struct bench *b = *state;
	u32 seed = 0x5eed;
	u8 reply[4096];
	u32 i, k;

	for (i = 0; i < 20000; i++) {
		struct { struct header h; u8 data[64]; } msg;
		u32 len = next_random(&seed) % sizeof(msg.data);

		for (k = 0; k < sizeof(msg.data); k++)
			msg.data[k] = next_random(&seed) % 3 ? 0 : (u8)next_random(&seed);
		msg.h = (struct header){
			(u16)i, (u16)(next_random(&seed) % 16), 16 + len,
			next_random(&seed) & 0x30, 0,
		};
		bench_send(b, &msg, 16 + len);
		while (bench_recv(b, reply, sizeof(reply)) > 0)
			;
		if (!vfio_user_attached(b->vu))
			bench_connect(b);
	}
	bench_connect(b);
	assert_int_equal(bench_call(b, 1, "\0\0\0\0{}", 7, NULL, 0, NULL, 0), 0);
	assert_int_equal(bench_read32(b, 0), 42 << 16 | 28);
}

/* Random bytes without any framing. */
static void random_streams(void **state)
{
	struct bench *b = *state;
	u32 seed = 0xf00d;
	u8 bytes[256];
	u32 i, k;

	for (i = 0; i < 2000; i++) {
		for (k = 0; k < sizeof(bytes); k++)
			bytes[k] = (u8)next_random(&seed);
		bench_send(b, bytes, 1 + next_random(&seed) % sizeof(bytes));
		while (bench_recv(b, bytes, sizeof(bytes)) > 0)
			;
		if (!vfio_user_attached(b->vu))
			bench_connect(b);
	}
}

/* Random command entries, and chains with a random word changed. */
static void random_commands(void **state)
{
	static const u8 opcodes[] = { 1, 3, 5, 7, 8, 9, 10, 11 };	/* high bytes */
	struct bench *b = *state;
	u32 seed = 0xcafe;
	u32 i;

	for (i = 0; i < 5000; i++) {
		u8 in[96] = { 0 };
		u32 at;

		for (at = 0; at < sizeof(in); at++)
			in[at] = next_random(&seed) % 2 ? 0 : (u8)next_random(&seed);
		in[0] = opcodes[next_random(&seed) % sizeof(opcodes)];
		bench_post(b, 0, in, 16 + next_random(&seed) % 80, 8 + next_random(&seed) % 200);
		if (next_random(&seed) % 4 == 0)
			bench_entry(b, 0)[next_random(&seed) % 63] ^= (u8)next_random(&seed);
		if (next_random(&seed) % 4 == 0)
			*bench_ram(b, IN_ADDR + 0x230 + next_random(&seed) % 16) = 0x40;
		bench_ring(b, 1);
		assert_true(bench_done(b, 0));
	}
	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
}

#define READY(fn) cmocka_unit_test_setup_teardown(fn, bench_setup_ready, bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READY(the_device_describes_itself),
		READY(configuration_space_has_the_capabilities_it_needs),
		READY(function_level_reset_drops_the_driver),
		READY(errors_have_an_errno),
		READY(dma_maps_come_and_go),
		READY(descriptors_do_not_leak),
		READY(vectors_are_taken_back),
		READY(messages_come_in_pieces),
		READY(messages_come_in_bulk),
		READY(no_answer_where_none_is_wanted),
		READY(a_lost_boundary_ends_the_connection),
		READY(version_comes_first),
		READY(a_new_peer_finds_a_clean_device),
		READY(random_messages),
		READY(random_streams),
		READY(random_commands),
	};

	return cmocka_run_group_tests_name("vfio_user", tests, NULL, NULL);
}
