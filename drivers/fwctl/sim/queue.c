// SPDX-License-Identifier: GPL-2.0
/*
 * The queue between the driver and the simulated firmware, and the faults in it.
 *
 * A call that no fault delays is answered within submit(). Any other call waits in the
 * queue with a copy of its request, as it would in a real device: it can be executed
 * long after the driver has given it up. A thread sleeps until the next answer or
 * timeout is due.
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
#include <linux/unaligned.h>
#include <linux/wait.h>

#include "firmware.h"
#include "queue.h"

/* Reasons to hold a pending call or context, even if it is due */
enum {
	SIM_HELD_CALL = BIT(0), /* fwctl_sim_faults.hang */
	SIM_HELD_OPEN = BIT(1), /* fwctl_sim_faults.open_hang */
	SIM_HELD_REMOVE = BIT(2), /* until the removal has begun */
};

/**
 * struct fwctl_sim_pending - a call, or a context being opened, that waits
 * @entry: in fwctl_sim_queue.pending
 * @opening: the context, or NULL if it is a call. The core keeps the context until
 *	fwctl_uctx_opened().
 * @call: the call; NULL once it has timed out. Guarded by fwctl_sim_queue.lock while
 *	the entry is on the list, as are the three fields that follow.
 * @held: flags: the reasons to hold the entry
 * @due: time of the answer, unless the entry is held
 * @deadline: time at which the driver gives the call up; KTIME_MAX: never, or it has
 * @out_len: length of the buffer for the answer
 * @in_len: length of the request
 * @in: copy of the request
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

static struct fwctl_sim_queue *sim_queue_of(struct fwctl_uctx *uctx)
{
	struct fwctl_sim_priv *priv = fwctl_priv(fwctl_uctx_device(uctx));

	return priv->queue;
}

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

static void sim_release(struct fwctl_sim_queue *queue, unsigned int held)
{
	struct fwctl_sim_pending *pending;
	ktime_t now = ktime_get();

	lockdep_assert_held(&queue->lock);
	list_for_each_entry(pending, &queue->pending, entry) {
		if (!(pending->held & held))
			continue;
		pending->held &= ~held;
		/* An entry that was due while it was held is due now. */
		pending->due = max(pending->due, now);
	}
	sim_kick(queue);
}

/* The core may free the call: do not touch it after this. */
static void sim_end_call(struct fwctl_sim_queue *queue, struct fwctl_call *call,
			 int err, size_t answer_len)
{
	scoped_guard(mutex, &queue->lock) {
		queue->stats.completed++;
		queue->stats.inflight--;
	}
	fwctl_call_complete(call, err, answer_len);
}

/* Execute a request and answer @call, which is NULL if it has timed out. */
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
		guard(mutex)(&queue->lock);
		queue->stats.late_answers++;
		return;
	}
	if (!faults.error) {
		uctx = fwctl_uctx_priv(call->uctx);
		len = fwctl_sim_answer(&result, in, uctx->number, call->out,
				       out_len);
		/* A driver that claims more than it wrote: the rest is the core's. */
		if (faults.answer_len >= 0)
			len = faults.answer_len;
	}
	sim_end_call(queue, call, -faults.error, len);
}

/* Return: @err, the errno with which the opening of the context ends. */
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

/* Answer an entry that is off the list, or end it with @err, and free it. */
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

/**
 * struct sim_event - something that is due
 * @answered: entry to be answered, taken off the list; or NULL
 * @timed_out: call to be given up, while its entry stays on the list; or NULL
 */
struct sim_event {
	struct fwctl_sim_pending *answered;
	struct fwctl_call *timed_out;
};

/* Return: 0 with an event that is due, or the time until the next one. */
static ktime_t sim_next(struct fwctl_sim_queue *queue, struct sim_event *event)
{
	ktime_t now = ktime_get(), next = KTIME_MAX;
	struct fwctl_sim_pending *pending, *first = NULL;

	*event = (struct sim_event){};
	guard(mutex)(&queue->lock);
	WRITE_ONCE(queue->kicked, false);

	list_for_each_entry(pending, &queue->pending, entry) {
		ktime_t at = pending->held ?
				     pending->deadline :
				     min(pending->due, pending->deadline);

		if (at < next) {
			next = at;
			first = pending;
		}
	}
	if (!first)
		return KTIME_MAX;
	if (next > now)
		return ktime_sub(next, now);

	if (next == first->deadline) {
		event->timed_out = first->call;
		first->call = NULL;
		first->deadline = KTIME_MAX;
	} else {
		event->answered = first;
		list_del(&first->entry);
	}
	return 0;
}

/* Sleep for the time @wait, KTIME_MAX being forever, or until sim_kick(). */
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

/* Count a call down. The last one asks for the removal and is held until that begins. */
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

/* Return: 0, or -ENODEV if the device is gone. */
static int sim_enqueue(struct fwctl_sim_queue *queue,
		       struct fwctl_sim_pending *pending)
{
	const struct fwctl_sim_faults *faults = &queue->faults;
	ktime_t now = ktime_get();

	guard(mutex)(&queue->lock);
	if (queue->gone)
		return -ENODEV;

	pending->deadline = KTIME_MAX;
	if (pending->opening) {
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

/* Return: 0 if sim_finish() will follow, or a negative errno. */
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

static void sim_enter(struct fwctl_sim_queue *queue)
{
	guard(mutex)(&queue->lock);
	queue->stats.inside++;
}

/* Called with no reference to a call or a context, which may be gone. */
static void sim_leave(struct fwctl_sim_queue *queue, unsigned long delay)
{
	if (delay)
		usleep_range_state(delay, delay, TASK_IDLE);

	guard(mutex)(&queue->lock);
	queue->stats.inside--;
}

/* Return: 0, a negative errno, or -EINPROGRESS if fwctl_uctx_opened() follows. */
static int sim_open(struct fwctl_sim_queue *queue, struct fwctl_uctx *uctx)
{
	struct fwctl_sim_faults faults = sim_faults(queue);

	/* To return EINPROGRESS as an error, the opening has to be deferred. */
	if (faults.open_delay_us || faults.open_hang ||
	    faults.open_error == EINPROGRESS)
		return sim_defer(queue, uctx, NULL) ?: -EINPROGRESS;
	if (!faults.linger_us)
		return sim_opened(queue, uctx, -faults.open_error);
	fwctl_uctx_opened(uctx, sim_opened(queue, uctx, -faults.open_error));
	return -EINPROGRESS;
}

int fwctl_sim_queue_open(struct fwctl_uctx *uctx)
{
	struct fwctl_sim_queue *queue = sim_queue_of(uctx);
	int ret;

	sim_enter(queue);
	ret = sim_open(queue, uctx);
	sim_leave(queue, sim_faults(queue).linger_us);
	return ret;
}

void fwctl_sim_queue_close(struct fwctl_uctx *uctx)
{
	struct fwctl_sim_queue *queue = sim_queue_of(uctx);
	unsigned long delay = sim_faults(queue).close_delay_us;

	sim_enter(queue);
	if (delay)
		usleep_range_state(delay, delay, TASK_IDLE);
	scoped_guard(mutex, &queue->lock)
		queue->stats.contexts--;
	sim_leave(queue, 0);
}

/* Return: whether the call is to be deferred. */
static bool sim_count_call(struct fwctl_sim_queue *queue,
			   const struct fwctl_call *call)
{
	const struct fwctl_sim_request *request = call->in;
	const struct fwctl_sim_faults *faults = &queue->faults;
	u64 cookie = get_unaligned_le64(&request->cookie);

	guard(mutex)(&queue->lock);
	queue->stats.submitted++;
	queue->stats.inflight++;
	if (cookie < queue->cookie)
		queue->stats.disordered++;
	queue->cookie = cookie;
	return queue->gone || faults->delay_us || faults->hang ||
	       faults->remove_after;
}

void fwctl_sim_queue_submit(struct fwctl_call *call)
{
	struct fwctl_sim_queue *queue = sim_queue_of(call->uctx);
	int ret;

	sim_enter(queue);
	if (sim_count_call(queue, call)) {
		ret = sim_defer(queue, NULL, call);
		if (ret)
			sim_end_call(queue, call, ret, 0);
	} else {
		sim_answer(queue, call->in, call->in_len, call->out_len, call);
	}
	sim_leave(queue, sim_faults(queue).linger_us);
}

/* Start the thread, with @name. Return: 0 or a negative errno. */
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

/* End all that is pending, and all that comes, with ENODEV. May be called repeatedly. */
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

/* The removal begins. Call before fwctl_unregister(), which waits for pending calls. */
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

/* Stop the thread, and drop the pending entries: those of calls that timed out. */
void fwctl_sim_queue_stop(struct fwctl_sim_queue *queue)
{
	kthread_stop(queue->thread);
	fwctl_sim_queue_abort(queue);
}

/*
 * Set a field of @queue's faults. Releases the entries that are held by a fault that is
 * switched off. Return: 0.
 */
int fwctl_sim_queue_set_fault(struct fwctl_sim_queue *queue, int *fault,
			      int value)
{
	guard(mutex)(&queue->lock);
	WRITE_ONCE(*fault, value);
	if (!queue->faults.hang)
		sim_release(queue, SIM_HELD_CALL);
	if (!queue->faults.open_hang)
		sim_release(queue, SIM_HELD_OPEN);
	return 0;
}
