/* SPDX-License-Identifier: GPL-2.0 */
/* MSI-X vectors: an eventfd each, set and removed by the peer one by one. */
#ifndef CONNECTX_IRQ_H
#define CONNECTX_IRQ_H

#include "types.h"

struct irqs;

struct irqs *irqs_new(unsigned int vectors);
void irqs_free(struct irqs *irqs);

unsigned int irqs_count(const struct irqs *irqs);

/**
 * irqs_assign() - set the eventfds of vectors @start .. @start + @count - 1
 * @fds: eventfds for the first @nfds vectors, owned by the callee; the rest get none
 *
 * -EINVAL when the vectors do not exist; @fds are closed then.
 */
int irqs_assign(struct irqs *irqs, u32 start, u32 count, const int *fds, size_t nfds);
void irqs_disable(struct irqs *irqs);

/* Raise a vector now, or, like a pending bit, as soon as it has an eventfd. */
void irq_raise(struct irqs *irqs, unsigned int vector);
/* Number of times that the vector was raised. */
u64 irq_raised(const struct irqs *irqs, unsigned int vector);

#endif
