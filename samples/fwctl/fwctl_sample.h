/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What fwctl's ioctls carry for the device of fwctl_sample.c. A driver of a real device has
 * this in include/uapi/fwctl, and its number in enum fwctl_device_type.
 */
#ifndef _FWCTL_SAMPLE_H
#define _FWCTL_SAMPLE_H

#include <linux/types.h>

#define FWCTL_DEVICE_TYPE_SAMPLE 0x80000000u

/* The most that the setting can be */
#define FWCTL_SAMPLE_MAX 100

enum {
	FWCTL_SAMPLE_GET = 1,	/* config-read: the setting; value is 0 */
	FWCTL_SAMPLE_SET = 2,	/* config-write: set it to value */
};

enum {
	FWCTL_SAMPLE_OK = 0,
	FWCTL_SAMPLE_RANGE = 1,
};

struct fwctl_sample_request {
	__le32 opcode;
	__le32 value;
};

struct fwctl_sample_answer {
	__le32 status;
	__le32 value;		/* the setting, after the request */
};

/* Device data of FWCTL_INFO */
struct fwctl_info_sample {
	__u32 max;
};

#endif /* _FWCTL_SAMPLE_H */
