// SPDX-License-Identifier: GPL-2.0
/*
 * Requests, their classes and openings, see requests.h.
 */
#include "../../../../drivers/fwctl/internal.h"
#include "requests.h"

#define ACCESS_REG 0x805

/* Rules that have to be satisfied or avoided, one after another, to get to another */
#define MAX_DEPTH 8

void request_init(struct request *req, u16 id, u8 direction, size_t size)
{
	*req = (struct request){ .len = MLX5_FWCTL_REGISTER_AT + size };
	put_unaligned_be16(ACCESS_REG, req->bytes);
	put_unaligned_be16(direction == MLX5_FWCTL_READ, req->bytes + 6);
	put_unaligned_be16(id, req->bytes + 10);
}

static const struct mlx5_fwctl_sender pf = {
	.whole_card = true,
	.vhca_id = 0x1234,
	.boot_image = 1,
	.update_handle = 0,
};

static const struct mlx5_fwctl_sender vf = {
	.vhca_id = 0x1235,
	.boot_image = MLX5_FWCTL_NO_COMPONENT,
	.update_handle = MLX5_FWCTL_NO_UPDATE,
};

static enum fwctl_class classify(const struct request *req,
				 const struct mlx5_fwctl_sender *sender)
{
	struct fwctl_request request = {
		.header = req->bytes,
		.header_len = min(req->len, sizeof(req->bytes)),
		.in_len = req->len,
		.out_len = req->len,
	};

	return mlx5_fwctl_class(sender, &request);
}

enum fwctl_class request_class(const struct request *req)
{
	return classify(req, &pf);
}

enum fwctl_class request_class_of_vf(const struct request *req)
{
	return classify(req, &vf);
}

void request_set(struct request *req, unsigned int bit, unsigned int width, u64 value)
{
	for (unsigned int i = 0; i < width && bit + i < SEEN_BITS; i++) {
		unsigned int at = MLX5_FWCTL_REGISTER_AT * 8 + bit + i;
		u64 set = width - 1 - i < 64 ? value >> (width - 1 - i) & 1 : value == ~0ULL;

		req->bytes[at / 8] &= ~(0x80 >> at % 8);
		req->bytes[at / 8] |= set << (7 - at % 8);
	}
}

static bool permit_all(enum fwctl_reason rule)
{
	return true;
}

/* The set of labels that cover a class */
static u32 labels_of(enum fwctl_class class)
{
	static const struct fwctl_rights all = { .writable = true, .file = ~0U, .device = ~0U };
	u32 labels = 0;

	for (u32 label = 0; label < FWCTL_LABELS; label++)
		if (fwctl_admit(label, class, &all, permit_all) == FWCTL_REASON_NONE)
			labels |= BIT(label);
	return labels;
}

bool class_is_read(enum fwctl_class class)
{
	return fwctl_class_in(class, FWCTL_READS);
}

bool class_is_below_full(enum fwctl_class class)
{
	return fwctl_class_in(class, FWCTL_CLASSES_ALL) && class != FWCTL_CLASS_FULL;
}

bool class_is_as_strict(enum fwctl_class a, enum fwctl_class b)
{
	return !(labels_of(a) & ~labels_of(b));
}

static u32 dword(const struct request *req, size_t at)
{
	return at + sizeof(u32) > req->len ? U32_MAX : get_unaligned_be32(req->bytes + at);
}

/**
 * struct condition - the test of a rule, as a PF sends the request
 * @tests: false if it never applies
 * @equal: it applies if the field has the value, or else if it has another one
 * @value: the value
 */
struct condition {
	bool tests, equal;
	u32 value;
};

static struct condition condition_of(const struct mlx5_fwctl_rule *rule)
{
	switch (rule->test) {
	case MLX5_FWCTL_EQUAL:
		return (struct condition){ true, true, rule->value };
	case MLX5_FWCTL_DIFFERENT:
		return (struct condition){ true, false, rule->value };
	case MLX5_FWCTL_SELF:
		return (struct condition){ true, true, rule->value | pf.vhca_id };
	case MLX5_FWCTL_NOT_BOOT_IMAGE:
		return (struct condition){ true, false, pf.boot_image };
	case MLX5_FWCTL_NOT_OWN_UPDATE:
		return (struct condition){ true, false, pf.update_handle };
	}
	return (struct condition){ false };
}

/* The first rule that applies, or the end of the rules */
static const struct mlx5_fwctl_rule *applying(const struct mlx5_fwctl_register *reg,
					      const struct request *req, u8 direction)
{
	const struct mlx5_fwctl_rule *rule = reg->rules;

	for (; rule < reg->rules + reg->nr_rules; rule++) {
		struct condition when = condition_of(rule);
		u32 field = dword(req, rule->at) & rule->mask;

		if (rule->direction & direction && when.tests &&
		    (field == when.value) == when.equal)
			break;
	}
	return rule;
}

static bool settle(struct request *req, const struct mlx5_fwctl_register *reg, u8 direction,
		   const struct mlx5_fwctl_rule *wanted, unsigned int depth);

/* Give the field of a rule another value, and go on. */
static bool settle_with(struct request *req, const struct mlx5_fwctl_register *reg, u8 direction,
			const struct mlx5_fwctl_rule *wanted, unsigned int depth,
			const struct mlx5_fwctl_rule *rule, u32 value)
{
	struct request next = *req;

	put_unaligned_be32((dword(req, rule->at) & ~rule->mask) | value, next.bytes + rule->at);
	if (!settle(&next, reg, direction, wanted, depth - 1))
		return false;
	*req = next;
	return true;
}

/* Change the request until the rule @wanted decides about it. Return: false if none found. */
static bool settle(struct request *req, const struct mlx5_fwctl_register *reg, u8 direction,
		   const struct mlx5_fwctl_rule *wanted, unsigned int depth)
{
	const struct mlx5_fwctl_rule *rule = applying(reg, req, direction);
	struct condition when;
	bool equal;

	if (rule == wanted || !depth)
		return rule == wanted;
	/* Avoid a rule before the wanted one, or else satisfy that. */
	equal = rule > wanted;
	if (rule > wanted)
		rule = wanted;
	when = condition_of(rule);
	if (when.equal == equal)
		return settle_with(req, reg, direction, wanted, depth, rule, when.value);
	for (u32 bit = 0; bit < 32; bit++)
		if (rule->mask & BIT(bit) &&
		    settle_with(req, reg, direction, wanted, depth, rule, when.value ^ BIT(bit)))
			return true;
	return false;
}

size_t openings_find(struct opening *openings, const struct mlx5_fwctl_register *reg,
		     u8 direction, size_t *hidden)
{
	const struct mlx5_fwctl_rule *rule, *end = reg->rules + reg->nr_rules;
	enum fwctl_class own = direction == MLX5_FWCTL_READ ? reg->read : reg->write;
	size_t nr = 0;

	for (rule = reg->rules; rule <= end && nr < MAX_OPENINGS; rule++) {
		struct opening *opening = &openings[nr];

		if (rule < end &&
		    (!condition_of(rule).tests || !(rule->direction & direction)))
			continue;
		if (!class_is_below_full(rule < end ? rule->class : own))
			continue;
		request_init(&opening->request, reg->id, direction, reg->size);
		opening->rule = rule < end ? rule : NULL;
		if (!settle(&opening->request, reg, direction, rule, MAX_DEPTH)) {
			++*hidden;
			continue;
		}
		opening->class = request_class(&opening->request);
		nr += class_is_below_full(opening->class);
	}
	return nr;
}
