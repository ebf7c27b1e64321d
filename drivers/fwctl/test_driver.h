/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A driver without firmware for the KUnit suites: contexts open and close at once, and
 * each call stays with the driver until a test completes it. A suite sets the limits.
 */
#ifndef _FWCTL_TEST_DRIVER_H
#define _FWCTL_TEST_DRIVER_H

#include <kunit/test.h>

#include "internal.h"

static inline int fwctl_test_open(struct fwctl_uctx *uctx)
{
	return 0;
}

static inline void fwctl_test_close(struct fwctl_uctx *uctx)
{
}

static inline void fwctl_test_info(struct fwctl_uctx *uctx, void *data)
{
}

static inline enum fwctl_class fwctl_test_classify(struct fwctl_uctx *uctx,
						   struct fwctl_request *req)
{
	return FWCTL_CLASS_CONFIG_READ;
}

static inline void fwctl_test_submit(struct fwctl_call *call)
{
}

#define FWCTL_TEST_DRIVER						\
	.driver_name = "fwctl_test",					\
	.device_type = FWCTL_DEVICE_TYPE_SIM,				\
	.open_uctx = fwctl_test_open,					\
	.close_uctx = fwctl_test_close,					\
	.info = fwctl_test_info,					\
	.classify = fwctl_test_classify,				\
	.submit = fwctl_test_submit

/* As fwctl_unregister(), for a device that was never registered */
static inline void fwctl_test_end(struct fwctl_device *fdev)
{
	wait_event(fdev->contexts_wait, !READ_ONCE(fdev->contexts));
	/* See fwctl_wait_driver(): fwctl_context_uncharge() releases the lock last. */
	spin_lock_irq(&fdev->lock);
	spin_unlock_irq(&fdev->lock);
	cancel_work_sync(&fdev->dispatch);
	fwctl_put(fdev);
}

#endif /* _FWCTL_TEST_DRIVER_H */
