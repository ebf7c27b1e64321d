// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of a device in sysfs and its uevents. The only writable attribute is
 * the administrator's set of classes. Documentation/ABI/testing/sysfs-class-fwctl has
 * the same attributes in the same order.
 */
#include <linux/sysfs.h>

#include "internal.h"

static struct fwctl_device *fwctl_of(struct device *dev)
{
	return container_of(dev, struct fwctl_device, dev);
}

static ssize_t device_type_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", fwctl_of(dev)->ops.device_type);
}
static DEVICE_ATTR_RO(device_type);

static ssize_t driver_name_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", fwctl_of(dev)->ops.driver_name);
}
static DEVICE_ATTR_RO(driver_name);

static ssize_t classes_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	char text[FWCTL_NAMES_LEN];

	fwctl_classes_print(text, READ_ONCE(fwctl_of(dev)->classes));
	return sysfs_emit(buf, "%s\n", text);
}

static ssize_t classes_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	struct fwctl_device *fdev = fwctl_of(dev);
	u32 classes;
	int ret;

	ret = fwctl_classes_parse(buf, &classes);
	if (ret)
		return ret;
	scoped_guard(spinlock_irqsave, &fdev->lock) {
		if (classes & ~fdev->classes)
			return -EPERM;
		WRITE_ONCE(fdev->classes, classes);
	}
	return count;
}
static DEVICE_ATTR_RW(classes);

static ssize_t labels_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	u32 classes = READ_ONCE(fwctl_of(dev)->classes);
	char text[FWCTL_NAMES_LEN];

	fwctl_labels_print(text, fwctl_labels_for(classes));
	return sysfs_emit(buf, "%s\n", text);
}
static DEVICE_ATTR_RO(labels);

static struct attribute *fwctl_attrs[] = {
	&dev_attr_device_type.attr,
	&dev_attr_driver_name.attr,
	&dev_attr_classes.attr,
	&dev_attr_labels.attr,
	NULL
};

static const struct attribute_group fwctl_group = {
	.attrs = fwctl_attrs,
};

/* A read-only number: its name and its value */
#define FWCTL_NUMBER_ATTR(_name, _value)				\
	static ssize_t _name##_show(struct device *dev,			\
				    struct device_attribute *attr,	\
				    char *buf)				\
	{								\
		struct fwctl_device *fdev = fwctl_of(dev);		\
		/* Without the lock: a number of some moment will do. */ \
		unsigned long value = data_race((_value));		\
									\
		return sysfs_emit(buf, "%lu\n", value);			\
	}								\
	static DEVICE_ATTR_RO(_name)

FWCTL_NUMBER_ATTR(max_files, fdev->ops.max_files);
FWCTL_NUMBER_ATTR(max_calls, fdev->ops.max_calls);
FWCTL_NUMBER_ATTR(max_file_calls, fdev->ops.max_file_calls);
FWCTL_NUMBER_ATTR(max_bytes, fdev->ops.max_bytes);
FWCTL_NUMBER_ATTR(min_in, fdev->ops.min_in);
FWCTL_NUMBER_ATTR(max_in, fdev->ops.max_in);
FWCTL_NUMBER_ATTR(min_out, fdev->ops.min_out);
FWCTL_NUMBER_ATTR(max_out, fdev->ops.max_out);

static struct attribute *fwctl_limits_attrs[] = {
	&dev_attr_max_files.attr,
	&dev_attr_max_calls.attr,
	&dev_attr_max_file_calls.attr,
	&dev_attr_max_bytes.attr,
	&dev_attr_min_in.attr,
	&dev_attr_max_in.attr,
	&dev_attr_min_out.attr,
	&dev_attr_max_out.attr,
	NULL
};

static const struct attribute_group fwctl_limits_group = {
	.name = "limits",
	.attrs = fwctl_limits_attrs,
};

FWCTL_NUMBER_ATTR(files, fdev->files);
FWCTL_NUMBER_ATTR(calls, fdev->inflight);
FWCTL_NUMBER_ATTR(bytes, fdev->bytes);
FWCTL_NUMBER_ATTR(queued, fdev->queued);

static struct attribute *fwctl_usage_attrs[] = {
	&dev_attr_files.attr,
	&dev_attr_calls.attr,
	&dev_attr_bytes.attr,
	&dev_attr_queued.attr,
	NULL
};

static const struct attribute_group fwctl_usage_group = {
	.name = "usage",
	.attrs = fwctl_usage_attrs,
};

const struct attribute_group *fwctl_groups[] = {
	&fwctl_group,
	&fwctl_limits_group,
	&fwctl_usage_group,
	NULL
};

/* Keys for udev rules */
int fwctl_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	const struct fwctl_device *fdev =
		container_of_const(dev, struct fwctl_device, dev);

	return add_uevent_var(env, "FWCTL_DEVICE_TYPE=%u",
			      fdev->ops.device_type) ?:
	       add_uevent_var(env, "FWCTL_DRIVER=%s", fdev->ops.driver_name);
}
