// SPDX-License-Identifier: GPL-2.0
/* The peer and the driver that the tests play. */
#define _GNU_SOURCE	/* memfd_create */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../vfio_user.h"
#include "bench.h"

#define TOKEN 0x5a

u8 *bench_ram(struct bench *b, u64 addr)
{
	return b->ram + (addr - RAM_ADDR);
}

void bench_run(struct bench *b)
{
	int i;

	for (i = 0; i < 4; i++)
		loop_once(b->loop, 0);
}

bool bench_connect(struct bench *b)
{
	int pair[2];

	if (b->peer >= 0)
		close(b->peer);
	bench_run(b);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return false;
	b->peer = pair[0];
	vfio_user_attach(b->vu, pair[1]);
	return true;
}

struct bench *bench_new(const struct options *opt)
{
	struct bench *b = alloc_zeroed(sizeof(*b));
	struct options o = opt ? *opt : options_default;

	/* The log is in a memfd, which can be opened through its name in /proc. */
	b->log_fd = memfd_create("log", MFD_CLOEXEC);
	snprintf(b->log, sizeof(b->log), "/proc/self/fd/%d", b->log_fd);
	o.log = b->log;
	b->loop = loop_new();
	b->cx = connectx_new(&o, b->loop);
	b->vu = connectx_serve(b->cx);
	b->peer = -1;
	b->ram_fd = memfd_create("ram", MFD_CLOEXEC);
	if (ftruncate(b->ram_fd, (off_t)RAM_SIZE))
		abort();
	b->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, b->ram_fd, 0);
	return b;
}

void bench_free(struct bench *b)
{
	if (b->peer >= 0)
		close(b->peer);
	vfio_user_free(b->vu);
	connectx_free(b->cx);
	loop_free(b->loop);
	munmap(b->ram, RAM_SIZE);
	close(b->ram_fd);
	close(b->log_fd);
	free(b);
}

void bench_send(struct bench *b, const void *data, size_t len)
{
	const u8 *p = data;

	while (len) {
		ssize_t n = send(b->peer, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno != EAGAIN) {
			break;
		}
		bench_run(b);
	}
	bench_run(b);
}

ssize_t bench_recv(struct bench *b, void *data, size_t len)
{
	ssize_t n = recv(b->peer, data, len, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	return n ? n : -1;
}

static void send_message(struct bench *b, const void *header, const void *payload, u32 len,
			 const int *fds, size_t nfds)
{
	union {
		struct cmsghdr align;
		u8 space[CMSG_SPACE(16 * sizeof(int))];
	} control = { 0 };
	struct iovec iov[2] = { { (void *)header, 16 }, { (void *)payload, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	if (nfds) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		control.align = (struct cmsghdr){
			.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(nfds * sizeof(int)),
		};
		memcpy(CMSG_DATA(&control.align), fds, nfds * sizeof(int));
	}
	assert_int_equal(sendmsg(b->peer, &msg, MSG_NOSIGNAL), 16 + len);
	bench_run(b);
}

int bench_call(struct bench *b, u16 cmd, const void *payload, u32 len, const int *fds,
	       size_t nfds, void *reply, u32 reply_len)
{
	struct { u16 id, cmd; u32 size, flags, error; } header = {
		++b->next_id, cmd, 16 + len, 0, 0,
	};
	static u8 answer[1 << 21];
	ssize_t n;

	send_message(b, &header, payload, len, fds, nfds);
	n = bench_recv(b, answer, sizeof(answer));
	if (n < 16)
		return ECONNRESET;
	memcpy(&header, answer, sizeof(header));
	assert_int_equal(header.id, b->next_id);
	assert_int_equal(header.cmd, cmd);
	assert_int_equal(header.size, n);
	assert_int_equal(header.flags & 0xf, 1);
	if (reply && !header.error) {
		assert_true(n >= 16 + (ssize_t)reply_len);
		memcpy(reply, answer + 16, reply_len);
	}
	return (int)header.error;
}

static void version(struct bench *b)
{
	static const char hello[] = "\0\0\0\0{\"capabilities\":{}}";

	assert_int_equal(bench_call(b, 1, hello, sizeof(hello), NULL, 0, NULL, 0), 0);
}

static void map_ram(struct bench *b)
{
	struct { u32 argsz, flags; u64 off, addr, size; } map = { 32, 3, 0, RAM_ADDR, RAM_SIZE };

	assert_int_equal(bench_call(b, 2, &map, sizeof(map), &b->ram_fd, 1, NULL, 0), 0);
}

u32 bench_read32(struct bench *b, u64 off)
{
	struct { u64 off; u32 region, count; } access = { off, 0, 4 };
	u8 reply[20];

	assert_int_equal(bench_call(b, 9, &access, 16, NULL, 0, reply, sizeof(reply)), 0);
	return be32_get(reply + 16);
}

/* A posted write, as the real peer's: the device must not answer. */
void bench_write32(struct bench *b, u64 off, u32 value)
{
	struct {
		u16 id, cmd;
		u32 size, flags, error;
		u64 off;
		u32 region, count;
		u8 data[4];
	} __attribute__((packed)) msg = { 0, 10, 36, 0x10, 0, off, 0, 4, { 0 } };
	u8 none;

	be32_put(msg.data, value);
	bench_send(b, &msg, sizeof(msg));
	assert_int_equal(bench_recv(b, &none, 1), 0);
}

void bench_set_queue(struct bench *b)
{
	bench_write32(b, 0x10, QUEUE_ADDR >> 32);
	bench_write32(b, 0x14, (u32)QUEUE_ADDR);
}

int bench_setup(void **state)
{
	struct bench *b = bench_new(NULL);

	bench_connect(b);
	version(b);
	map_ram(b);
	*state = b;
	return 0;
}

static void give_pages(struct bench *b, u16 op_mod)
{
	u8 in[16 + 8 * 64] = { 0 };
	u8 out[16];
	u32 i, n;

	bench_command(b, 0x107, 0, op_mod, 0, 0, out, sizeof(out));
	n = be32_get(out + 12);
	if (!n)
		return;
	be16_put(in, 0x108);
	be16_put(in + 6, 1);
	be32_put(in + 12, n);
	for (i = 0; i < n; i++)
		be64_put(in + 16 + 8 * i, RAM_ADDR + (1 << 20) + 4096 * i);
	assert_int_equal(bench_exec(b, in, 16 + 8 * n, out, sizeof(out)), 0);
	assert_int_equal(out[0], 0);
}

int bench_setup_ready(void **state)
{
	struct bench *b;

	bench_setup(state);
	b = *state;
	bench_set_queue(b);
	assert_int_equal(bench_status(b, 0x104, 0, 0, 0, 0), 0);
	give_pages(b, 1);
	give_pages(b, 2);
	assert_int_equal(bench_status(b, 0x102, 0, 0, 0, 0), 0);
	return 0;
}

int bench_teardown(void **state)
{
	bench_free(*state);
	return 0;
}

u8 *bench_entry(struct bench *b, unsigned int slot)
{
	return bench_ram(b, QUEUE_ADDR + 64 * slot);
}

void bench_chain(struct bench *b, u64 addr, const u8 *data, u32 len, u8 token, u32 blocks)
{
	u32 i;

	for (i = 0; i < blocks; i++) {
		u8 *block = bench_ram(b, addr + 1024 * i);
		u32 part = len > 512 ? 512 : len;

		memset(block, 0, 1024);
		if (data && part)
			memcpy(block, data + 512 * i, part);
		len -= part;
		be64_put(block + 0x230, i + 1 < blocks ? addr + 1024 * (i + 1) : 0);
		be32_put(block + 0x238, i);
		block[0x23d] = token;
	}
}

static u32 blocks_for(u32 len)
{
	return len > 16 ? (len - 16 + 511) / 512 : 0;
}

void bench_post(struct bench *b, unsigned int slot, const u8 *in, u32 inlen, u32 outlen)
{
	u8 *entry = bench_entry(b, slot);
	/* Slot 0 has the large chains; each other slot has a separate 64 KiB. */
	u64 off = slot ? (4ULL << 20) + slot * 0x10000 : 0;

	memset(entry, 0, 64);
	entry[0] = 7;
	be32_put(entry + 4, inlen);
	memcpy(entry + 0x10, in, inlen < 16 ? inlen : 16);
	if (inlen > 16) {
		be64_put(entry + 8, IN_ADDR + off);
		bench_chain(b, IN_ADDR + off, in + 16, inlen - 16, TOKEN, blocks_for(inlen));
	}
	if (outlen > 16) {
		be64_put(entry + 0x30, OUT_ADDR + off);
		bench_chain(b, OUT_ADDR + off, NULL, outlen - 16, TOKEN, blocks_for(outlen));
	}
	be32_put(entry + 0x38, outlen);
	entry[0x3c] = TOKEN;
	entry[0x3f] = 1;
}

void bench_ring(struct bench *b, u32 mask)
{
	bench_write32(b, 0x18, mask);
}

bool bench_done(struct bench *b, unsigned int slot)
{
	return !(bench_entry(b, slot)[0x3f] & 1);
}

u8 bench_delivery(struct bench *b, unsigned int slot)
{
	return bench_entry(b, slot)[0x3f] >> 1;
}

void bench_answer(struct bench *b, unsigned int slot, u8 *out, u32 outlen)
{
	u8 *entry = bench_entry(b, slot);
	u64 addr = be64_get(entry + 0x30);
	u32 done = outlen < 16 ? outlen : 16;

	memcpy(out, entry + 0x20, done);
	for (; done < outlen; addr += 1024) {
		u32 part = outlen - done > 512 ? 512 : outlen - done;

		memcpy(out + done, bench_ram(b, addr), part);
		done += part;
	}
}

u8 bench_exec(struct bench *b, const u8 *in, u32 inlen, u8 *out, u32 outlen)
{
	bench_post(b, 0, in, inlen, outlen);
	bench_ring(b, 1);
	assert_true(bench_done(b, 0));
	bench_answer(b, 0, out, outlen);
	return bench_delivery(b, 0);
}

u8 bench_command(struct bench *b, u16 opcode, u16 uid, u16 op_mod, u32 word8, u32 wordc,
		 u8 *out, u32 outlen)
{
	u8 in[64] = { 0 };

	be16_put(in, opcode);
	be16_put(in + 2, uid);
	be16_put(in + 6, op_mod);
	be32_put(in + 8, word8);
	be32_put(in + 12, wordc);
	return bench_exec(b, in, sizeof(in), out, outlen);
}

u8 bench_status(struct bench *b, u16 opcode, u16 uid, u16 op_mod, u32 word8, u32 wordc)
{
	u8 out[16];

	assert_int_equal(bench_command(b, opcode, uid, op_mod, word8, wordc, out, 16), 0);
	return out[0];
}

u16 bench_uctx(struct bench *b, u32 caps)
{
	u8 in[64] = { 0x0a, 0x04 };
	u8 out[16];

	be32_put(in + 16, caps);
	assert_int_equal(bench_exec(b, in, sizeof(in), out, sizeof(out)), 0);
	return out[0] ? 0 : be16_get(out + 10);
}

u8 bench_reg(struct bench *b, u16 uid, u16 reg, bool write, u8 *data, u32 len, u32 *syndrome)
{
	u8 in[16 + 2048] = { 0x08, 0x05 };
	u8 out[16 + 2048];

	assert_true(len <= 2048);
	be16_put(in + 2, uid);
	be16_put(in + 6, !write);
	be16_put(in + 10, reg);
	memcpy(in + 16, data, len);
	assert_int_equal(bench_exec(b, in, 16 + len, out, 16 + len), 0);
	assert_memory_equal(out + 1, "\0\0", 3);
	memcpy(data, out + 16, len);
	if (syndrome)
		*syndrome = be32_get(out + 4);
	return out[0];
}

u32 bench_uar(struct bench *b)
{
	u8 out[16];

	bench_command(b, 0x802, 0, 0, 0, 0, out, sizeof(out));
	assert_int_equal(out[0], 0);
	return be32_get(out + 8);
}

u8 bench_eq(struct bench *b, u32 uar, u32 log_size, unsigned int type, u32 vector, u32 page)
{
	u32 pages = ((64U << log_size) + 4095) / 4096;
	u8 in[0x110 + 8 * 128] = { 0x03, 0x01 };
	u64 base = EQ_ADDR + page * 0x10000ULL;
	u8 out[16];
	u32 i;

	be32_put(in + 0x1c, log_size << 24 | uar);
	be32_put(in + 0x24, vector);
	be64_put(in + 0x58, 1ULL << type);
	for (i = 0; i < pages; i++)
		be64_put(in + 0x110 + 8 * i, base + 4096 * i);
	for (i = 0; i < 1U << log_size; i++)
		bench_ram(b, base + 64 * i)[0x3f] = 1;
	assert_int_equal(bench_exec(b, in, 0x110 + 8 * pages, out, sizeof(out)), 0);
	assert_int_equal(out[0], 0);
	return out[11];
}

int bench_vector(struct bench *b, u32 vector)
{
	struct { u32 argsz, flags, index, start, count; } set = { 20, 4 | 32, 2, vector, 1 };
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	assert_int_equal(bench_call(b, 8, &set, sizeof(set), &fd, 1, NULL, 0), 0);
	return fd;
}

u64 bench_raised(int fd)
{
	u64 n;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

bool bench_logged(struct bench *b, const char *text)
{
	char line[512];
	bool found = false;
	FILE *f = fopen(b->log, "re");

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, text);
	if (f)
		fclose(f);
	return found;
}

int tool_setup(void **state)
{
	static struct tool tool;

	bench_setup_ready(state);
	tool.b = *state;
	tool.uid = bench_uctx(tool.b, 4);
	*state = &tool;
	return 0;
}

int tool_teardown(void **state)
{
	bench_free(((struct tool *)*state)->b);
	return 0;
}
