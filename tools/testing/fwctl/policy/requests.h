/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to read or write a register, classified by the driver's own code, and openings:
 * requests that a certain rule decides, or none, as starting points for single bits.
 */
#ifndef POLICY_REQUESTS_H
#define POLICY_REQUESTS_H

#include "table.h"

/* Openings of a row at most */
#define MAX_OPENINGS 1024

/* Bits of a register that the policy sees */
#define SEEN_BITS ((MLX5_FWCTL_HEADER_LEN - MLX5_FWCTL_REGISTER_AT) * 8)

/**
 * struct request - an access to a register
 * @bytes: its first bytes
 * @len: its length
 */
struct request {
	u8 bytes[MLX5_FWCTL_HEADER_LEN];
	size_t len;
};

/**
 * struct opening - a request that is the starting point of others
 * @request: the request
 * @class: its class
 * @rule: the rule that decides about it, or NULL
 */
struct opening {
	struct request request;
	enum fwctl_class class;
	const struct mlx5_fwctl_rule *rule;
};

/* The access to a register with all fields zero; as long as the register if it writes */
void request_init(struct request *req, u16 id, u8 direction, size_t size);

/* The class, if a PF sends it, and if a VF does */
enum fwctl_class request_class(const struct request *req);
enum fwctl_class request_class_of_vf(const struct request *req);

/* Set the bits of a field that the policy sees; in a field of more than 64, all to 0 or to 1. */
void request_set(struct request *req, unsigned int bit, unsigned int width, u64 value);

/* Config-read or debug-read */
bool class_is_read(enum fwctl_class class);

/* Neither full nor never */
bool class_is_below_full(enum fwctl_class class);

/* Does each label that covers class @a cover @b as well? */
bool class_is_as_strict(enum fwctl_class a, enum fwctl_class b);

/*
 * Find the openings below full of a row, in one direction. Return: their number, at most
 * MAX_OPENINGS. Rules that no request gets to, because rules before them decide, are counted in
 * @hidden.
 */
size_t openings_find(struct opening *openings, const struct mlx5_fwctl_register *reg,
		     u8 direction, size_t *hidden);

#endif
