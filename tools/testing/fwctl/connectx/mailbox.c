// SPDX-License-Identifier: GPL-2.0
/* One walk over a mailbox chain, with a callback for each block. */
#include <string.h>

#include "be.h"
#include "mailbox.h"

#define BLOCK_DATA 512U
#define BLOCK_ALIGN 0x1ffULL
#define CTRL_OFF 0x200
#define CTRL_SIZE 0x40
#define CTRL_NEXT 0x30
#define CTRL_BLOCK_NUM 0x38
#define CTRL_TOKEN 0x3d

/**
 * struct walk - one pass over a chain
 * @block: callback for @len bytes of a block at @addr; nonzero on failure
 * @buf: this block's data in the caller's buffer; the walk advances it
 */
struct walk {
	struct guest *guest;
	u64 ptr;
	u8 token;
	u8 *buf;
	u32 left;
	enum delivery align;
	enum delivery length;
	int (*block)(struct walk *walk, u64 addr, u32 len);
};

/* Check the control part of one block, but no signatures: the driver disables them. */
static enum delivery check_block(struct walk *walk, u32 num, u64 *next)
{
	u8 ctrl[CTRL_SIZE];

	if (!walk->ptr)
		return walk->length;	/* the chain ends before the message does */
	if (walk->ptr & BLOCK_ALIGN)
		return walk->align;
	if (guest_read(walk->guest, walk->ptr + CTRL_OFF, ctrl, sizeof(ctrl)))
		return DELIVERY_FW_ERR;
	if (ctrl[CTRL_TOKEN] != walk->token)
		return DELIVERY_TOKEN;
	if (be32_get(ctrl + CTRL_BLOCK_NUM) != num)
		return DELIVERY_BLOCK_NUM;
	*next = be64_get(ctrl + CTRL_NEXT);
	return DELIVERY_OK;
}

/* Ends with the length: a longer chain may have stale blocks behind it. */
static enum delivery run(struct walk *walk)
{
	u32 num;

	for (num = 0; walk->left; num++) {
		u32 len = MIN(walk->left, BLOCK_DATA);
		enum delivery status;
		u64 next = 0;

		status = check_block(walk, num, &next);
		if (status)
			return status;
		if (walk->block && walk->block(walk, walk->ptr, len))
			return DELIVERY_FW_ERR;
		if (walk->buf)
			walk->buf += len;
		walk->left -= len;
		walk->ptr = next;
	}
	return DELIVERY_OK;
}

static int read_block(struct walk *walk, u64 addr, u32 len)
{
	return guest_read(walk->guest, addr, walk->buf, len);
}

static int write_block(struct walk *walk, u64 addr, u32 len)
{
	return guest_write(walk->guest, addr, walk->buf, len);
}

static int spoil_token(struct walk *walk, u64 addr, u32 len)
{
	u8 wrong = (u8)(walk->token + 1);

	return guest_write(walk->guest, addr + CTRL_OFF + CTRL_TOKEN, &wrong, 1);
}

/* The walk has read the link already, so it can be overwritten. */
static int spoil_link(struct walk *walk, u64 addr, u32 len)
{
	u8 garbage[CTRL_TOKEN - CTRL_NEXT];

	memset(garbage, 0xa5, sizeof(garbage));
	return guest_write(walk->guest, addr + CTRL_OFF + CTRL_NEXT, garbage, sizeof(garbage));
}

/* Blocks are filled from the front; full blocks have no tail to overwrite. */
static int spoil_tail(struct walk *walk, u64 addr, u32 len)
{
	u8 garbage[BLOCK_DATA];

	memset(garbage, 0xa5, sizeof(garbage));
	return guest_write(walk->guest, addr + len, garbage, BLOCK_DATA - len);
}

enum delivery mailbox_gather(struct guest *guest, u64 ptr, u8 token, u8 *dst, u32 len)
{
	struct walk walk = {
		.guest = guest, .ptr = ptr, .token = token, .buf = dst, .left = len,
		.align = DELIVERY_IN_ALIGN, .length = DELIVERY_IN_LENGTH, .block = read_block,
	};

	return run(&walk);
}

static enum delivery walk_out(struct guest *guest, u64 ptr, u8 token, const u8 *src, u32 len,
			      int (*block)(struct walk *walk, u64 addr, u32 len))
{
	struct walk walk = {
		.guest = guest, .ptr = ptr, .token = token, .buf = (u8 *)src, .left = len,
		.align = DELIVERY_OUT_ALIGN, .length = DELIVERY_OUT_LENGTH, .block = block,
	};

	return run(&walk);
}

enum delivery mailbox_check_out(struct guest *guest, u64 ptr, u8 token, u32 len)
{
	return walk_out(guest, ptr, token, NULL, len, NULL);
}

enum delivery mailbox_scatter(struct guest *guest, u64 ptr, u8 token, const u8 *src, u32 len)
{
	return walk_out(guest, ptr, token, src, len, write_block);
}

void mailbox_spoil_tokens(struct guest *guest, u64 ptr, u8 token, u32 len)
{
	walk_out(guest, ptr, token, NULL, len, spoil_token);
}

void mailbox_spoil_links(struct guest *guest, u64 ptr, u8 token, u32 len)
{
	walk_out(guest, ptr, token, NULL, len, spoil_link);
}

void mailbox_spoil_tail(struct guest *guest, u64 ptr, u8 token, u32 len)
{
	walk_out(guest, ptr, token, NULL, len, spoil_tail);
}
