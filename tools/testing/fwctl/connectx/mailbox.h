/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mailbox chains: commands longer than 16 bytes in guest memory. Only the blocks
 * that the length needs are checked: drivers reuse longer chains, which have
 * stale tokens and pointers in their tails.
 */
#ifndef CONNECTX_MAILBOX_H
#define CONNECTX_MAILBOX_H

#include "guest.h"

/* Delivery status in the queue entry, with the device's values. */
enum delivery {
	DELIVERY_OK = 0x00,
	DELIVERY_TOKEN = 0x02,
	DELIVERY_BLOCK_NUM = 0x03,
	DELIVERY_OUT_ALIGN = 0x04,
	DELIVERY_IN_ALIGN = 0x05,
	DELIVERY_FW_ERR = 0x06,
	DELIVERY_IN_LENGTH = 0x07,
	DELIVERY_OUT_LENGTH = 0x08,
	DELIVERY_BAD_DESCRIPTOR = 0x10,
};

/* Copy @len bytes from the chain at @ptr to @dst. */
enum delivery mailbox_gather(struct guest *guest, u64 ptr, u8 token, u8 *dst, u32 len);
/* Check that @len bytes can be stored in the chain at @ptr, without writing to it. */
enum delivery mailbox_check_out(struct guest *guest, u64 ptr, u8 token, u32 len);
enum delivery mailbox_scatter(struct guest *guest, u64 ptr, u8 token, const u8 *src, u32 len);

/*
 * Faults: wrong tokens in every block; wrong numbers and pointers to the next one;
 * garbage behind the end of the answer.
 */
void mailbox_spoil_tokens(struct guest *guest, u64 ptr, u8 token, u32 len);
void mailbox_spoil_links(struct guest *guest, u64 ptr, u8 token, u32 len);
void mailbox_spoil_tail(struct guest *guest, u64 ptr, u8 token, u32 len);

#endif
