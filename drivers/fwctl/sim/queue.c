// SPDX-License-Identifier: GPL-2.0
/*
 * Faults: what lies in time between the driver and the simulated firmware.
 *
 * A call that nothing delays is answered within submit(). Any other waits in the
 * queue with a copy of its request, as it would in a real device, so that it can
 * be executed when the driver has long given it up. A thread lets time pass: it
 * sleeps until the next answer or timeout is due.
 */
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "fault.h"
#include "firmware.h"

/* Why something is held, whatever the time */
enum {
	SIM_HELD_CALL = BIT(0), /* fwctl_sim_faults.hang */
	SIM_HELD_OPEN = BIT(1), /* fwctl_sim_faults.open_hang */
	SIM_HELD_REMOVE = BIT(2), /* until the removal has begun */
};

/**
 * struct fwctl_sim_pending - a call, or a context being opened, that waits
 * @entry: in fwctl_sim_queue.pending
 * @opening: the context, or NULL if it is a call. The core keeps it until
 *	fwctl_uctx_opened().
 * @call: the call; NULL once it has timed out. Guarded by fwctl_sim_queue.lock
 *	while on the list.
 * @held: why it is held, or 0. Same lock.
 * @due: when the answer comes, unless it is held. Same lock.
 * @deadline: when the driver gives it up; KTIME_MAX: never, or it has. Same lock.
 * @out_len: bytes of room for the answer
 * @in_len: bytes of the request
 * @in: the request
 */
struct fwctl_sim_pending {
	struct list_head entry;
	struct fwctl_uctx *opening;
	struct fwctl_call *call;
	unsigned int held;
	ktime_t due;
	ktime_t deadline;
	size_t out_len;
	size_t in_len;
	u8 in[] __counted_by(in_len);
};

static struct fwctl_sim_faults sim_faults(struct fwctl_sim_queue *queue)
{
	guard(mutex)(&queue->lock);
	return queue->faults;
}

static void sim_kick(struct fwctl_sim_queue *queue)
{
	lockdep_assert_held(&queue->lock);
	WRITE_ONCE(queue->kicked, true);
	wake_up(&queue->wait);
}

/* What is released now was not answered before now, whenever it was due. */
static void sim_release(struct fwctl_sim_queue *queue, unsigned int held)
{
	struct fwctl_sim_pending *pending;
	ktime_t now = ktime_get();

	lockdep_assert_held(&queue->lock);
	list_for_each_entry(pending, &queue->pending, entry) {
		if (!(pending->held & held))
			continue;
		pending->held &= ~held;
		pending->due = max(pending->due, now);
	}
	sim_kick(queue);
}

/* After this nobody may touch the call. */
static void sim_end_call(struct fwctl_sim_queue *queue, struct fwctl_call *call,
			 int err, size_t answer_len)
{
	scoped_guard(mutex, &queue->lock)
		queue->stats.completed++;
	fwctl_call_complete(call, err, answer_len);
}

static void sim_count_late(struct fwctl_sim_queue *queue)
{
	guard(mutex)(&queue->lock);
	queue->stats.late_answers++;
}

/* What is claimed and not there is zeros, never the answer to another request. */
static size_t sim_claim(struct fwctl_call *call, size_t len, size_t claimed)
{
	size_t end = min(claimed, call->out_len);

	if (end > len)
		memset(call->out + len, 0, end - len);
	return claimed;
}

/*
 * The firmware executes a request, and its answer comes: to @call, or too late if
 * that is NULL.
 */
static void sim_answer(struct fwctl_sim_queue *queue, const void *in,
		       size_t in_len, size_t out_len, struct fwctl_call *call)
{
	struct fwctl_sim_faults faults = sim_faults(queue);
	struct fwctl_sim_result result;
	struct fwctl_sim_uctx *uctx;
	size_t len = 0;

	if (!faults.error)
		fwctl_sim_execute(queue->fw, in, in_len, out_len, &result);
	if (!call) {
		sim_count_late(queue);
		return;
	}

	if (!faults.error) {
		uctx = fwctl_uctx_priv(call->uctx);
		len = fwctl_sim_answer(&result, in, uctx->number, call->out,
				       out_len);
		if (faults.answer_len >= 0)
			len = sim_claim(call, len, faults.answer_len);
	}
	sim_end_call(queue, call, -faults.error, len);
}

/* Return: @err, with which opening the context ends. */
static int sim_opened(struct fwctl_sim_queue *queue, struct fwctl_uctx *uctx,
		      int err)
{
	struct fwctl_sim_uctx *sim_uctx = fwctl_uctx_priv(uctx);

	guard(mutex)(&queue->lock);
	if (!err) {
		sim_uctx->number = ++queue->numbers;
		queue->stats.contexts++;
	}
	return err;
}

/* Ends something that is off the list: with an answer, or with @err. */
static void sim_finish(struct fwctl_sim_queue *queue,
		       struct fwctl_sim_pending *pending, int err)
{
	struct fwctl_uctx *opening = pending->opening;

	if (opening) {
		if (!err)
			err = -sim_faults(queue).open_error;
		fwctl_uctx_opened(opening, sim_opened(queue, opening, err));
	} else if (!err) {
		sim_answer(queue, pending->in, pending->in_len,
			   pending->out_len, pending->call);
	} else if (pending->call) {
		sim_end_call(queue, pending->call, err, 0);
	}
	kvfree(pending);
}

/* When the next thing happens to it, be it an answer or the end of patience */
static ktime_t sim_next_event(const struct fwctl_sim_pending *pending)
{
	if (pending->held)
		return pending->deadline;
	return min(pending->due, pending->deadline);
}

static struct fwctl_sim_pending *sim_first(struct fwctl_sim_queue *queue)
{
	struct fwctl_sim_pending *pending, *first = NULL;

	lockdep_assert_held(&queue->lock);
	list_for_each_entry(pending, &queue->pending, entry)
		if (!first || sim_next_event(pending) < sim_next_event(first))
			first = pending;
	return first;
}

/**
 * struct sim_event - one thing that happens
 * @answered: what is answered now, off the list; or NULL
 * @timed_out: the call that is given up now, while it goes on waiting; or NULL
 */
struct sim_event {
	struct fwctl_sim_pending *answered;
	struct fwctl_call *timed_out;
};

/* Return: 0 with an event that is to happen now, or the time until the next. */
static ktime_t sim_next(struct fwctl_sim_queue *queue, struct sim_event *event)
{
	struct fwctl_sim_pending *first;
	ktime_t now = ktime_get();

	*event = (struct sim_event){};
	guard(mutex)(&queue->lock);
	WRITE_ONCE(queue->kicked, false);

	first = sim_first(queue);
	if (!first || sim_next_event(first) == KTIME_MAX)
		return KTIME_MAX;
	if (sim_next_event(first) > now)
		return ktime_sub(sim_next_event(first), now);

	if (sim_next_event(first) == first->deadline) {
		event->timed_out = first->call;
		first->call = NULL;
		first->deadline = KTIME_MAX;
	} else {
		event->answered = first;
		list_del(&first->entry);
	}
	return 0;
}

/* Until @wait is over, KTIME_MAX being never, or there is something to look at */
static void sim_sleep(struct fwctl_sim_queue *queue, ktime_t wait)
{
	DEFINE_WAIT(entry);

	prepare_to_wait(&queue->wait, &entry, TASK_INTERRUPTIBLE);
	if (!READ_ONCE(queue->kicked) && !kthread_should_stop())
		schedule_hrtimeout(wait == KTIME_MAX ? NULL : &wait,
				   HRTIMER_MODE_REL);
	finish_wait(&queue->wait, &entry);
}

static int sim_thread(void *data)
{
	struct fwctl_sim_queue *queue = data;
	struct sim_event event;
	ktime_t wait;

	while (!kthread_should_stop()) {
		wait = sim_next(queue, &event);
		if (event.answered)
			sim_finish(queue, event.answered, 0);
		else if (event.timed_out)
			sim_end_call(queue, event.timed_out, -ETIMEDOUT, 0);
		else
			sim_sleep(queue, wait);
	}
	return 0;
}

/* Counts a call down to the one with which the device goes away. */
static void sim_count_down(struct fwctl_sim_queue *queue,
			   struct fwctl_sim_pending *pending)
{
	int left = queue->faults.remove_after;

	lockdep_assert_held(&queue->lock);
	if (queue->ending || !left)
		return;
	WRITE_ONCE(queue->faults.remove_after, left - 1);
	if (left > 1)
		return;
	pending->held |= SIM_HELD_REMOVE;
	queue->remove(queue);
}

/* Return: 0, or -ENODEV if nothing is answered any more. */
static int sim_enqueue(struct fwctl_sim_queue *queue,
		       struct fwctl_sim_pending *pending)
{
	const struct fwctl_sim_faults *faults = &queue->faults;
	bool opening = pending->opening;
	ktime_t now = ktime_get();

	guard(mutex)(&queue->lock);
	if (queue->gone)
		return -ENODEV;

	pending->deadline = KTIME_MAX;
	if (opening) {
		pending->held = faults->open_hang ? SIM_HELD_OPEN : 0;
		pending->due = ktime_add_us(now, faults->open_delay_us);
	} else {
		pending->held = faults->hang ? SIM_HELD_CALL : 0;
		pending->due = ktime_add_us(now, faults->delay_us);
		if (faults->timeout_us)
			pending->deadline =
				ktime_add_us(now, faults->timeout_us);
		sim_count_down(queue, pending);
	}
	list_add_tail(&pending->entry, &queue->pending);
	sim_kick(queue);
	return 0;
}

/* Return: 0, and it will be ended; or a negative errno, and it will not. */
static int sim_defer(struct fwctl_sim_queue *queue, struct fwctl_uctx *opening,
		     struct fwctl_call *call)
{
	size_t in_len = call ? call->in_len : 0;
	struct fwctl_sim_pending *pending;
	int ret;

	pending = kvzalloc(struct_size(pending, in, in_len),
			   GFP_KERNEL_ACCOUNT);
	if (!pending)
		return -ENOMEM;

	pending->opening = opening;
	pending->call = call;
	pending->in_len = in_len;
	if (call) {
		pending->out_len = call->out_len;
		memcpy(pending->in, call->in, in_len);
	}
	ret = sim_enqueue(queue, pending);
	if (ret)
		kvfree(pending);
	return ret;
}

/**
 * fwctl_sim_queue_open - open a context
 * @queue: the queue
 * @uctx: the context
 *
 * For fwctl_ops.open_uctx.
 *
 * Return: 0, a negative errno, or -EINPROGRESS if fwctl_uctx_opened() follows.
 */
int fwctl_sim_queue_open(struct fwctl_sim_queue *queue, struct fwctl_uctx *uctx)
{
	struct fwctl_sim_faults faults = sim_faults(queue);

	/* An open that fails with EINPROGRESS cannot say so at once. */
	if (faults.open_delay_us || faults.open_hang ||
	    faults.open_error == EINPROGRESS)
		return sim_defer(queue, uctx, NULL) ?: -EINPROGRESS;
	return sim_opened(queue, uctx, -faults.open_error);
}

/**
 * fwctl_sim_queue_close - close a context
 * @queue: the queue
 *
 * Process context, takes as long as it is told to.
 */
void fwctl_sim_queue_close(struct fwctl_sim_queue *queue)
{
	unsigned long delay = sim_faults(queue).close_delay_us;

	if (delay)
		usleep_range_state(delay, delay, TASK_IDLE);

	guard(mutex)(&queue->lock);
	queue->stats.contexts--;
}

/* Return: whether a new call would have to wait for anything. */
static bool sim_submitted(struct fwctl_sim_queue *queue)
{
	const struct fwctl_sim_faults *faults = &queue->faults;

	guard(mutex)(&queue->lock);
	queue->stats.submitted++;
	return queue->gone || faults->delay_us || faults->hang ||
	       faults->remove_after;
}

/**
 * fwctl_sim_queue_submit - start a call
 * @queue: the queue
 * @call: the call
 *
 * For fwctl_ops.submit.
 */
void fwctl_sim_queue_submit(struct fwctl_sim_queue *queue,
			    struct fwctl_call *call)
{
	int ret;

	if (!sim_submitted(queue)) {
		sim_answer(queue, call->in, call->in_len, call->out_len, call);
		return;
	}
	ret = sim_defer(queue, NULL, call);
	if (ret)
		sim_end_call(queue, call, ret, 0);
}

/**
 * fwctl_sim_queue_init - initialise a queue, once
 * @queue: the queue, zeroed
 * @fw: the firmware
 * @remove: asks for the device's removal and does not sleep
 */
void fwctl_sim_queue_init(struct fwctl_sim_queue *queue,
			  struct fwctl_sim_firmware *fw,
			  void (*remove)(struct fwctl_sim_queue *queue))
{
	queue->fw = fw;
	queue->remove = remove;
	queue->faults.answer_len = -1;
	init_waitqueue_head(&queue->wait);
	mutex_init(&queue->lock);
	INIT_LIST_HEAD(&queue->pending);
}

/**
 * fwctl_sim_queue_reset - forget what was
 * @queue: the queue, not started
 */
void fwctl_sim_queue_reset(struct fwctl_sim_queue *queue)
{
	guard(mutex)(&queue->lock);
	queue->numbers = 0;
	queue->stats = (struct fwctl_sim_stats){};
}

/**
 * fwctl_sim_queue_start - get ready for contexts and calls
 * @queue: the queue
 * @name: for the thread
 *
 * Process context, may sleep.
 *
 * Return: 0 or a negative errno.
 */
int fwctl_sim_queue_start(struct fwctl_sim_queue *queue, const char *name)
{
	struct task_struct *thread;

	scoped_guard(mutex, &queue->lock) {
		queue->ending = false;
		queue->gone = false;
	}

	thread = kthread_run(sim_thread, queue, "%s", name);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	queue->thread = thread;
	return 0;
}

/**
 * fwctl_sim_queue_abort - the device is gone: end all that waits with ENODEV
 * @queue: the queue
 *
 * Any number of times, process context.
 */
void fwctl_sim_queue_abort(struct fwctl_sim_queue *queue)
{
	struct fwctl_sim_pending *pending, *next;
	LIST_HEAD(aborted);

	scoped_guard(mutex, &queue->lock) {
		queue->gone = true;
		list_splice_init(&queue->pending, &aborted);
	}
	list_for_each_entry_safe(pending, next, &aborted, entry)
		sim_finish(queue, pending, -ENODEV);
}

/**
 * fwctl_sim_queue_end - the removal begins
 * @queue: the queue, started
 *
 * Before fwctl_unregister(), which waits for what this leaves. Process context.
 */
void fwctl_sim_queue_end(struct fwctl_sim_queue *queue)
{
	scoped_guard(mutex, &queue->lock) {
		queue->ending = true;
		if (queue->faults.keep_on_remove) {
			sim_release(queue, SIM_HELD_REMOVE);
			return;
		}
	}
	fwctl_sim_queue_abort(queue);
}

/**
 * fwctl_sim_queue_stop - undo fwctl_sim_queue_start()
 * @queue: the queue, with neither a context nor a call any more
 *
 * Late answers that have not come by now do not. Process context, sleeps.
 */
void fwctl_sim_queue_stop(struct fwctl_sim_queue *queue)
{
	kthread_stop(queue->thread);
	fwctl_sim_queue_abort(queue);
}

/**
 * fwctl_sim_fault_set - change what shall go wrong
 * @queue: the queue
 * @fault: a field of @queue's faults
 * @value: its new value
 *
 * What is held by a fault that is not there any more goes on.
 */
void fwctl_sim_fault_set(struct fwctl_sim_queue *queue, int *fault, int value)
{
	guard(mutex)(&queue->lock);
	WRITE_ONCE(*fault, value);
	if (!queue->faults.hang)
		sim_release(queue, SIM_HELD_CALL);
	if (!queue->faults.open_hang)
		sim_release(queue, SIM_HELD_OPEN);
}

/**
 * fwctl_sim_stats_get - what went through
 * @queue: the queue
 *
 * Return: figures of one moment.
 */
struct fwctl_sim_stats fwctl_sim_stats_get(struct fwctl_sim_queue *queue)
{
	guard(mutex)(&queue->lock);
	queue->stats.inflight = queue->stats.submitted - queue->stats.completed;
	return queue->stats;
}
