// SPDX-License-Identifier: GPL-2.0
/* MSI-X vectors on eventfds. The peer does the masking and keeps the table. */
#include <errno.h>
#include <unistd.h>

#include "irq.h"

/**
 * struct vector - one MSI-X vector
 * @fd: eventfd, -1 while the peer has not set one
 * @pending: raised while @fd was -1
 * @raised: number of writes to @fd
 */
struct vector {
	int fd;
	bool pending;
	u64 raised;
};

struct irqs {
	unsigned int count;
	struct vector vector[];
};

struct irqs *irqs_new(unsigned int vectors)
{
	struct irqs *irqs = alloc_zeroed(sizeof(*irqs) + vectors * sizeof(irqs->vector[0]));
	unsigned int i;

	irqs->count = vectors;
	for (i = 0; i < vectors; i++)
		irqs->vector[i].fd = -1;
	return irqs;
}

void irqs_free(struct irqs *irqs)
{
	if (!irqs)
		return;
	irqs_disable(irqs);
	free(irqs);
}

unsigned int irqs_count(const struct irqs *irqs)
{
	return irqs->count;
}

static void signal_fd(struct vector *v)
{
	const u64 one = 1;

	/* Ignore errors: if @fd is not an eventfd, only the peer loses interrupts. */
	if (write(v->fd, &one, sizeof(one)) == sizeof(one))
		v->raised++;
	v->pending = false;
}

/* Takes ownership of @fd, and closes the old descriptor. */
static void assign_one(struct vector *v, int fd)
{
	if (v->fd >= 0)
		close(v->fd);
	v->fd = fd;
	if (fd >= 0 && v->pending)
		signal_fd(v);
}

int irqs_assign(struct irqs *irqs, u32 start, u32 count, const int *fds, size_t nfds)
{
	size_t i;

	if (start > irqs->count || count > irqs->count - start || nfds > count) {
		for (i = 0; i < nfds; i++)
			close(fds[i]);
		return -EINVAL;
	}
	for (i = 0; i < count; i++)
		assign_one(&irqs->vector[start + i], i < nfds ? fds[i] : -1);
	return 0;
}

void irqs_disable(struct irqs *irqs)
{
	unsigned int i;

	for (i = 0; i < irqs->count; i++) {
		irqs->vector[i].pending = false;
		assign_one(&irqs->vector[i], -1);
	}
}

void irq_raise(struct irqs *irqs, unsigned int vector)
{
	if (vector >= irqs->count)
		return;
	if (irqs->vector[vector].fd < 0)
		irqs->vector[vector].pending = true;
	else
		signal_fd(&irqs->vector[vector]);
}

u64 irq_raised(const struct irqs *irqs, unsigned int vector)
{
	return vector < irqs->count ? irqs->vector[vector].raised : 0;
}
