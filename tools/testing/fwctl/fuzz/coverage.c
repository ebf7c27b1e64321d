// SPDX-License-Identifier: GPL-2.0
/* The set of edges. */
#include <string.h>

#include "coverage.h"

#define FIRST_SIZE 4096

void coverage_init(struct coverage *coverage)
{
	memset(coverage, 0, sizeof(*coverage));
	pthread_mutex_init(&coverage->lock, NULL);
	coverage->size = FIRST_SIZE;
	coverage->edges = resize(NULL, FIRST_SIZE * sizeof(u64));
	memset(coverage->edges, 0, FIRST_SIZE * sizeof(u64));
}

void coverage_free(struct coverage *coverage)
{
	free(coverage->edges);
	pthread_mutex_destroy(&coverage->lock);
}

static u64 edge_of(u64 from, u64 to)
{
	u64 edge = (from * 0x9e3779b97f4a7c15ULL) ^ to;

	edge *= 0xff51afd7ed558ccdULL;
	edge ^= edge >> 33;
	return edge ? edge : 1;
}

/* Returns true if the edge is new. */
static bool edge_add(u64 *edges, size_t size, u64 edge)
{
	size_t i = edge & (size - 1);

	while (edges[i]) {
		if (edges[i] == edge)
			return false;
		i = (i + 1) & (size - 1);
	}
	edges[i] = edge;
	return true;
}

static void coverage_grow(struct coverage *coverage)
{
	size_t size = coverage->size * 2;
	u64 *edges = resize(NULL, size * sizeof(u64));

	memset(edges, 0, size * sizeof(u64));
	for (size_t i = 0; i < coverage->size; i++)
		if (coverage->edges[i])
			edge_add(edges, size, coverage->edges[i]);
	free(coverage->edges);
	coverage->edges = edges;
	coverage->size = size;
}

static void coverage_add(struct coverage *coverage, u64 edge)
{
	if (!edge_add(coverage->edges, coverage->size, edge))
		return;
	coverage->fresh++;
	if (++coverage->count * 2 > coverage->size)
		coverage_grow(coverage);
}

void coverage_begin(u64 *area)
{
	if (area)
		__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
}

void coverage_end(struct coverage *coverage, const u64 *area)
{
	u64 count, last = 0;

	if (!area)
		return;
	count = MIN(__atomic_load_n(&area[0], __ATOMIC_RELAXED), TRACE_MAX - 1);
	pthread_mutex_lock(&coverage->lock);
	for (u64 i = 1; i <= count; i++) {
		coverage_add(coverage, edge_of(last, area[i]));
		last = area[i];
	}
	pthread_mutex_unlock(&coverage->lock);
}

size_t coverage_fresh(struct coverage *coverage)
{
	size_t fresh;

	pthread_mutex_lock(&coverage->lock);
	fresh = coverage->fresh;
	coverage->fresh = 0;
	pthread_mutex_unlock(&coverage->lock);
	return fresh;
}
