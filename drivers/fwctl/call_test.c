// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of a device: order, limits, turns between contexts, callers that leave, and
 * drivers that break the contract of a call. No thread waits here: a caller starts a call
 * and hands it over, as io_uring does, and a test completes or abandons it.
 */
#include <linux/prandom.h>

#include "test_driver.h"

#define FILES 4
#define CALLS 64
#define MAX_CALLS 3
#define MAX_FILE_CALLS 2
#define NO_CALL -1

static const struct fwctl_ops fwctl_queue_ops = {
	FWCTL_TEST_DRIVER,
	.min_in = 1,
	.max_in = 16,
	.min_out = 1,
	.max_out = 16,
	.max_files = FILES,
	.max_calls = MAX_CALLS,
	.max_file_calls = MAX_FILE_CALLS,
	.max_bytes = 1 << 20,
};

/* A device with open files, never registered, and their calls */
struct fwctl_queue_test {
	struct fwctl_device *fdev;
	struct fwctl_uctx *uctxs[FILES];
	struct fwctl_xfer *calls[CALLS]; /* NULL where there is none */
	unsigned int file[CALLS]; /* index of its file */
	unsigned int started[CALLS]; /* time of fwctl_call_start() */
	unsigned int clock; /* counts events */
};

static void fwctl_queue_settle(struct fwctl_queue_test *qt)
{
	flush_work(&qt->fdev->dispatch);
}

static void fwctl_queue_ask(struct kunit *test, struct fwctl_queue_test *qt, unsigned int at,
			    unsigned int file)
{
	struct fwctl_desc desc = { .class = FWCTL_CLASS_CONFIG_READ, .in_len = 1, .out_len = 1 };
	struct fwctl_xfer *xfer = fwctl_xfer_alloc(qt->uctxs[file], &desc);

	KUNIT_ASSERT_NOT_NULL(test, xfer);
	init_completion(&xfer->wake);
	qt->calls[at] = xfer;
	qt->file[at] = file;
	qt->started[at] = qt->clock++;
	KUNIT_ASSERT_EQ(test, fwctl_call_start(xfer), 0);
	KUNIT_ASSERT_TRUE(test, fwctl_call_hand_over(xfer));
	fwctl_queue_settle(qt);
}

/* The driver completes a call, and its caller is told. */
static void fwctl_queue_end(struct kunit *test, struct fwctl_queue_test *qt, unsigned int at)
{
	struct fwctl_xfer *xfer = qt->calls[at];

	fwctl_call_complete(&xfer->call, 0, 1);
	KUNIT_EXPECT_TRUE(test, completion_done(&xfer->wake));
	KUNIT_EXPECT_TRUE(test, fwctl_call_is_complete(xfer));
	KUNIT_EXPECT_FALSE(test, fwctl_call_abandon(xfer, -EINTR));
	fwctl_xfer_release(xfer);
	qt->calls[at] = NULL;
	fwctl_queue_settle(qt);
}

/* The caller of a queued call is killed. */
static void fwctl_queue_kill(struct kunit *test, struct fwctl_queue_test *qt, unsigned int at)
{
	KUNIT_EXPECT_TRUE(test, fwctl_call_abandon(qt->calls[at], -EINTR));
	qt->calls[at] = NULL;
	fwctl_queue_settle(qt);
}

/* Its enum fwctl_xfer_state, or NO_CALL */
static int fwctl_queue_state(const struct fwctl_queue_test *qt, unsigned int at)
{
	return qt->calls[at] ? (int)qt->calls[at]->state : NO_CALL;
}

static unsigned int fwctl_queue_count(const struct fwctl_queue_test *qt, unsigned int file,
				      enum fwctl_xfer_state state)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < CALLS; i++)
		count += qt->calls[i] && qt->file[i] == file && qt->calls[i]->state == state;
	return count;
}

/* First come, first served: no call waits that was started before one that was sent. */
static void fwctl_check_order(struct kunit *test, const struct fwctl_queue_test *qt)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		if (fwctl_queue_state(qt, i) != FWCTL_XFER_QUEUED)
			continue;
		for (unsigned int j = 0; j < CALLS; j++)
			if (fwctl_queue_state(qt, j) == FWCTL_XFER_SENT &&
			    qt->file[i] == qt->file[j])
				KUNIT_ASSERT_GT(test, qt->started[i], qt->started[j]);
	}
}

/* The limits hold, and no call waits that could be sent. */
static void fwctl_check_limits(struct kunit *test, const struct fwctl_queue_test *qt)
{
	unsigned int sent = 0, queued = 0, could = 0;

	for (unsigned int file = 0; file < FILES; file++) {
		unsigned int has = fwctl_queue_count(qt, file, FWCTL_XFER_SENT);
		unsigned int waits = fwctl_queue_count(qt, file, FWCTL_XFER_QUEUED);

		KUNIT_ASSERT_LE(test, has, MAX_FILE_CALLS);
		KUNIT_ASSERT_EQ(test, qt->uctxs[file]->inflight, has);
		KUNIT_ASSERT_EQ(test, qt->uctxs[file]->queued, waits);
		KUNIT_ASSERT_EQ(test, qt->uctxs[file]->busy, 1 + has + waits);
		sent += has;
		queued += waits;
		could += has < MAX_FILE_CALLS && waits;
	}
	KUNIT_ASSERT_EQ(test, qt->fdev->inflight, sent);
	KUNIT_ASSERT_EQ(test, qt->fdev->queued, queued);
	KUNIT_ASSERT_LE(test, sent, MAX_CALLS);
	if (could)
		KUNIT_ASSERT_EQ(test, sent, MAX_CALLS);
}

static void fwctl_queue_step(struct kunit *test, struct fwctl_queue_test *qt,
			     struct rnd_state *rnd)
{
	unsigned int at = prandom_u32_state(rnd) % CALLS;

	switch (fwctl_queue_state(qt, at)) {
	case FWCTL_XFER_SENT:
		fwctl_queue_end(test, qt, at);
		break;
	case FWCTL_XFER_QUEUED:
		if (prandom_u32_state(rnd) % 4 == 0)
			fwctl_queue_kill(test, qt, at);
		break;
	default:
		fwctl_queue_ask(test, qt, at, prandom_u32_state(rnd) % FILES);
	}
}

/* 20,000 events in an order that no person would think of */
static void fwctl_test_queue_invariants(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	for (unsigned int i = 0; i < 20000; i++) {
		fwctl_queue_step(test, qt, &rnd);
		fwctl_check_limits(test, qt);
		fwctl_check_order(test, qt);
	}
}

/* Complete the oldest call that was sent; return the file whose call is sent next. */
static unsigned int fwctl_queue_next(struct kunit *test, struct fwctl_queue_test *qt)
{
	int before[CALLS];
	unsigned int oldest = CALLS;

	for (unsigned int i = 0; i < CALLS; i++) {
		before[i] = fwctl_queue_state(qt, i);
		if (before[i] == FWCTL_XFER_SENT && oldest == CALLS)
			oldest = i;
	}
	KUNIT_ASSERT_LT(test, oldest, CALLS);
	fwctl_queue_end(test, qt, oldest);
	for (unsigned int i = 0; i < CALLS; i++)
		if (before[i] == FWCTL_XFER_QUEUED && fwctl_queue_state(qt, i) == FWCTL_XFER_SENT)
			return qt->file[i];
	return FILES;
}

/*
 * File 0 starts 10 calls, then files 1, 2 and 3 two each. Two of file 0 are sent, its
 * limit, and one of file 1. As calls complete, files take turns, however many calls
 * file 0 has queued: 1 2 3 0, 2 3 0, then 0 alone.
 */
static void fwctl_test_queue_fair(struct kunit *test)
{
	static const unsigned int expected[] = { 1, 2, 3, 0, 2, 3, 0, 0 };
	struct fwctl_queue_test *qt = test->priv;
	unsigned int at = 0;

	while (at < 10)
		fwctl_queue_ask(test, qt, at++, 0);
	for (unsigned int file = 1; file < FILES; file++)
		for (unsigned int i = 0; i < 2; i++)
			fwctl_queue_ask(test, qt, at++, file);

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		KUNIT_EXPECT_EQ_MSG(test, fwctl_queue_next(test, qt), expected[i], "turn %zu", i);
}

/* One file alone gets its limit and no more. */
static void fwctl_test_queue_alone(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;

	for (unsigned int at = 0; at < 5; at++)
		fwctl_queue_ask(test, qt, at, 0);
	KUNIT_EXPECT_EQ(test, qt->fdev->inflight, MAX_FILE_CALLS);
	KUNIT_EXPECT_TRUE(test, list_empty(&qt->fdev->waiting));

	fwctl_queue_ask(test, qt, 5, 1);
	KUNIT_EXPECT_EQ(test, qt->fdev->inflight, MAX_CALLS);
}

/* All queued calls end, also those of a file at its own limit; sent ones stay. */
static void fwctl_test_queue_gone(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;

	for (unsigned int at = 0; at < 12; at++)
		fwctl_queue_ask(test, qt, at, at % 2);
	qt->fdev->gone = true;
	fwctl_uctx_stop_all(qt->fdev);

	for (unsigned int at = 0; at < 12; at++) {
		struct fwctl_xfer *xfer = qt->calls[at];

		if (xfer->state == FWCTL_XFER_SENT)
			continue;
		KUNIT_EXPECT_EQ(test, xfer->state, FWCTL_XFER_COMPLETE);
		KUNIT_EXPECT_EQ(test, xfer->err, -ENODEV);
		KUNIT_EXPECT_TRUE(test, completion_done(&xfer->wake));
		fwctl_xfer_release(xfer);
		qt->calls[at] = NULL;
	}
	KUNIT_EXPECT_EQ(test, qt->fdev->inflight, MAX_CALLS);
	KUNIT_EXPECT_EQ(test, qt->fdev->queued, 0);
}

/* A call that has waited is decided about again. */
static void fwctl_test_queue_capped(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;

	for (unsigned int at = 0; at < 3; at++)
		fwctl_queue_ask(test, qt, at, 0);
	KUNIT_ASSERT_EQ(test, fwctl_queue_state(qt, 2), FWCTL_XFER_QUEUED);
	qt->fdev->classes = BIT(FWCTL_CLASS_DEBUG_READ);
	fwctl_queue_end(test, qt, 0);
	KUNIT_ASSERT_EQ(test, fwctl_queue_state(qt, 2), FWCTL_XFER_COMPLETE);
	KUNIT_EXPECT_EQ(test, qt->calls[2]->err, -EPERM);
	fwctl_xfer_release(qt->calls[2]);
	qt->calls[2] = NULL;
	KUNIT_EXPECT_EQ(test, qt->fdev->inflight, 1);
}

/* So is one whose caller has slept between its admission and its start. */
static void fwctl_test_late_capped(struct kunit *test)
{
	struct fwctl_desc desc = { .class = FWCTL_CLASS_CONFIG_READ, .in_len = 1, .out_len = 1 };
	struct fwctl_queue_test *qt = test->priv;
	struct fwctl_xfer *xfer = fwctl_xfer_alloc(qt->uctxs[0], &desc);

	KUNIT_ASSERT_NOT_NULL(test, xfer);
	init_completion(&xfer->wake);
	qt->calls[0] = xfer;
	qt->fdev->classes = BIT(FWCTL_CLASS_DEBUG_READ);
	KUNIT_ASSERT_EQ(test, fwctl_call_start(xfer), 0);
	KUNIT_ASSERT_TRUE(test, fwctl_call_is_complete(xfer));
	KUNIT_EXPECT_EQ(test, xfer->err, -EPERM);
	KUNIT_EXPECT_EQ(test, qt->fdev->inflight, 0);
	KUNIT_EXPECT_EQ(test, qt->fdev->bytes, 0);
	fwctl_xfer_release(xfer);
	qt->calls[0] = NULL;
}

/* A caller that is killed leaves a call that was sent; its end frees it. */
static void fwctl_test_queue_abandon_sent(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;
	struct fwctl_xfer *xfer;

	fwctl_queue_ask(test, qt, 0, 0);
	xfer = qt->calls[0];
	qt->calls[0] = NULL;
	KUNIT_EXPECT_TRUE(test, fwctl_call_abandon(xfer, -EINTR));
	KUNIT_EXPECT_EQ(test, qt->uctxs[0]->inflight, 1);
	KUNIT_EXPECT_GT(test, qt->fdev->bytes, 0);
	fwctl_call_complete(&xfer->call, 0, 1);
	KUNIT_EXPECT_EQ(test, qt->uctxs[0]->inflight, 0);
	KUNIT_EXPECT_EQ(test, qt->fdev->bytes, 0);
}

/* A caller that does not wait yet cannot be made to leave: its issue is under way. */
static void fwctl_test_queue_abandon_running(struct kunit *test)
{
	struct fwctl_desc desc = { .class = FWCTL_CLASS_CONFIG_READ, .in_len = 1, .out_len = 1 };
	struct fwctl_queue_test *qt = test->priv;
	struct fwctl_xfer *xfer = fwctl_xfer_alloc(qt->uctxs[0], &desc);

	KUNIT_ASSERT_NOT_NULL(test, xfer);
	KUNIT_ASSERT_EQ(test, fwctl_call_start(xfer), 0);
	KUNIT_EXPECT_FALSE(test, fwctl_call_abandon(xfer, -ECANCELED));
	fwctl_queue_settle(qt);
	fwctl_call_complete(&xfer->call, 0, 1);
	KUNIT_EXPECT_FALSE(test, fwctl_call_hand_over(xfer));
	KUNIT_EXPECT_EQ(test, xfer->answer_len, 1);
	fwctl_xfer_release(xfer);
}

/* The number of calls that wait is bounded, for a file and for the device. */
static void fwctl_test_queue_bounded(struct kunit *test)
{
	struct fwctl_desc desc = { .class = FWCTL_CLASS_CONFIG_READ, .in_len = 1, .out_len = 1 };
	struct fwctl_queue_test *qt = test->priv;
	struct fwctl_xfer *xfer = fwctl_xfer_alloc(qt->uctxs[0], &desc);

	KUNIT_ASSERT_NOT_NULL(test, xfer);
	/* Takes the slots of callers that submit themselves. */
	fwctl_queue_ask(test, qt, 0, 1);
	qt->uctxs[0]->queued = FWCTL_MAX_FILE_QUEUED;
	KUNIT_EXPECT_EQ(test, fwctl_call_start(xfer), -ENOBUFS);
	qt->uctxs[0]->queued = 0;
	qt->fdev->queued = FWCTL_MAX_QUEUED;
	KUNIT_EXPECT_EQ(test, fwctl_call_start(xfer), -ENOBUFS);
	qt->fdev->queued = 0;
	qt->uctxs[0]->bytes = qt->fdev->ops.max_bytes / 2 - xfer->size + 1;
	KUNIT_EXPECT_EQ(test, fwctl_call_start(xfer), -ENOBUFS);
	qt->uctxs[0]->bytes = 0;
	qt->fdev->bytes += qt->fdev->ops.max_bytes;
	KUNIT_EXPECT_EQ(test, fwctl_call_start(xfer), -ENOBUFS);
	qt->fdev->bytes -= qt->fdev->ops.max_bytes;
	fwctl_xfer_release(xfer);
}

/* errno of a driver as its caller gets it; a positive one warns */
static void fwctl_test_errno(struct kunit *test)
{
	struct fwctl_device *fdev = ((struct fwctl_queue_test *)test->priv)->fdev;

	for (int err = 0; err >= -EHWPOISON; err--)
		KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, err),
				err == -EAGAIN ? -EBUSY : err);
	KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, 5), -EIO);
	KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, INT_MAX), -EIO);
	KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, -EIOCBQUEUED), -EIO);
	KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, -512 /* ERESTARTSYS */), -EIO);
	KUNIT_EXPECT_EQ(test, fwctl_driver_errno(fdev, INT_MIN), -EIO);
}

static int fwctl_queue_init(struct kunit *test)
{
	struct fwctl_queue_test *qt = kunit_kzalloc(test, sizeof(*qt), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, qt);
	qt->fdev = fwctl_alloc(NULL, &fwctl_queue_ops, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(qt->fdev));
	qt->fdev->classes = FWCTL_CLASSES_ALL;
	for (unsigned int i = 0; i < FILES; i++) {
		qt->uctxs[i] = fwctl_uctx_open(qt->fdev);
		KUNIT_ASSERT_FALSE(test, IS_ERR(qt->uctxs[i]));
	}
	KUNIT_ASSERT_PTR_EQ(test, fwctl_uctx_open(qt->fdev), ERR_PTR(-EUSERS));
	test->priv = qt;
	return 0;
}

static void fwctl_queue_exit(struct kunit *test)
{
	struct fwctl_queue_test *qt = test->priv;

	if (!qt)
		return;
	for (unsigned int at = 0; at < CALLS; at++)
		if (fwctl_queue_state(qt, at) == FWCTL_XFER_QUEUED)
			fwctl_queue_kill(test, qt, at);
	for (unsigned int at = 0; at < CALLS; at++)
		if (qt->calls[at])
			fwctl_queue_end(test, qt, at);
	KUNIT_EXPECT_EQ(test, qt->fdev->bytes, 0);
	for (unsigned int i = 0; i < FILES; i++)
		fwctl_uctx_release(qt->uctxs[i]);
	fwctl_test_end(qt->fdev);
}

static struct kunit_case fwctl_call_cases[] = {
	KUNIT_CASE(fwctl_test_queue_invariants),
	KUNIT_CASE(fwctl_test_queue_fair),
	KUNIT_CASE(fwctl_test_queue_alone),
	KUNIT_CASE(fwctl_test_queue_gone),
	KUNIT_CASE(fwctl_test_queue_capped),
	KUNIT_CASE(fwctl_test_late_capped),
	KUNIT_CASE(fwctl_test_queue_abandon_sent),
	KUNIT_CASE(fwctl_test_queue_abandon_running),
	KUNIT_CASE(fwctl_test_queue_bounded),
	KUNIT_CASE(fwctl_test_errno),
	{}
};

static struct kunit_suite fwctl_call_suite = {
	.name = "fwctl-call",
	.init = fwctl_queue_init,
	.exit = fwctl_queue_exit,
	.test_cases = fwctl_call_cases,
};

kunit_test_suite(fwctl_call_suite);
