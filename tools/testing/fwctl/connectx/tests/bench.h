/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The unit tests' bench: a device, a peer connected to it by a socket pair, and
 * guest memory that both can access. The bench plays the peer and the driver: it
 * sends vfio-user messages, builds command queue entries and mailbox chains by
 * itself, and shares no code with the device for either.
 */
#ifndef CONNECTX_TESTS_BENCH_H
#define CONNECTX_TESTS_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../be.h"
#include "../connectx.h"

#define RAM_ADDR 0x40000000ULL
#define RAM_SIZE (32ULL << 20)
#define QUEUE_ADDR (RAM_ADDR + 0x1000)
#define EQ_ADDR (RAM_ADDR + 0x10000)
/* Mailbox chains of one command at a time. */
#define IN_ADDR (RAM_ADDR + (8ULL << 20))
#define OUT_ADDR (RAM_ADDR + (16ULL << 20))

struct bench {
	struct connectx *cx;
	struct loop *loop;
	struct vfio_user *vu;
	int peer;
	int ram_fd;
	u8 *ram;
	int log_fd;
	char log[32];
	u16 next_id;
};

/* Setup and teardown for cmocka: connected, DMA mapped, queue address not set. */
int bench_setup(void **state);
/* The same, with ENABLE_HCA and INIT_HCA done and a queue address set. */
int bench_setup_ready(void **state);
int bench_teardown(void **state);

/* A bench that is ready, with a context for tools: setup and teardown for cmocka. */
struct tool {
	struct bench *b;
	u16 uid;
};

int tool_setup(void **state);
int tool_teardown(void **state);

struct bench *bench_new(const struct options *opt);
void bench_free(struct bench *b);

/* Pointer to the guest's memory at @addr. */
u8 *bench_ram(struct bench *b, u64 addr);

/* One message with an answer; @reply may be NULL. Returns 0 or the errno answered. */
int bench_call(struct bench *b, u16 cmd, const void *payload, u32 len, const int *fds,
	       size_t nfds, void *reply, u32 reply_len);
/* Raw bytes to the device, with the loop run afterwards. */
void bench_send(struct bench *b, const void *data, size_t len);
/* Bytes that the device has sent; 0 when there are none, -1 when it hung up. */
ssize_t bench_recv(struct bench *b, void *data, size_t len);
void bench_run(struct bench *b);
bool bench_connect(struct bench *b);

u32 bench_read32(struct bench *b, u64 off);
void bench_write32(struct bench *b, u64 off, u32 value);

/* The driver's part: the queue's address, a command in @slot, the doorbell, the answer. */
void bench_set_queue(struct bench *b);
u8 *bench_entry(struct bench *b, unsigned int slot);
/* Build a chain of @blocks for @len bytes and fill in @data (NULL: none). */
void bench_chain(struct bench *b, u64 addr, const u8 *data, u32 len, u8 token, u32 blocks);
void bench_post(struct bench *b, unsigned int slot, const u8 *in, u32 inlen, u32 outlen);
void bench_ring(struct bench *b, u32 mask);
bool bench_done(struct bench *b, unsigned int slot);
u8 bench_delivery(struct bench *b, unsigned int slot);
void bench_answer(struct bench *b, unsigned int slot, u8 *out, u32 outlen);

/* Run a command in slot 0. Returns the delivery status. @out is zeroed first. */
u8 bench_exec(struct bench *b, const u8 *in, u32 inlen, u8 *out, u32 outlen);
/* The same for a 64-byte request with a header and two words. */
u8 bench_command(struct bench *b, u16 opcode, u16 uid, u16 op_mod, u32 word8, u32 wordc,
		 u8 *out, u32 outlen);
/* Status byte of such a command; asserts that it was delivered. */
u8 bench_status(struct bench *b, u16 opcode, u16 uid, u16 op_mod, u32 word8, u32 wordc);

u16 bench_uctx(struct bench *b, u32 caps);
/* ACCESS_REG; @data is both payloads. Returns the status, syndrome in @syndrome. */
u8 bench_reg(struct bench *b, u16 uid, u16 reg, bool write, u8 *data, u32 len, u32 *syndrome);

u32 bench_uar(struct bench *b);
/* CREATE_EQ at EQ_ADDR + @page * 64 KiB. Returns the queue's number. */
u8 bench_eq(struct bench *b, u32 uar, u32 log_size, unsigned int type, u32 vector, u32 page);
/* Set an eventfd for @vector. Returns the caller's copy of the descriptor. */
int bench_vector(struct bench *b, u32 vector);
/* Number of interrupts since the last call. */
u64 bench_raised(int fd);

/* True if the log file contains @text. */
bool bench_logged(struct bench *b, const char *text);

#endif
