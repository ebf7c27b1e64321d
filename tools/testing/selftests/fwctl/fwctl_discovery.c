// SPDX-License-Identifier: GPL-2.0
/*
 * Names, uevents and attributes of devices, against their configuration.
 *
 * Suites: memory
 */
#include <limits.h>
#include <sys/sysmacros.h>

#include "fwctl_netlink.h"
#include "sim.h"
#include "fwctl_harness.h"

/* No two alike, and none the default */
static const struct {
	const char *name;
	long long value;
} limits[] = {
	{ "max_files", 7 }, { "max_calls", 6 }, { "max_file_calls", 5 },
	{ "max_bytes", 1000000 }, { "min_in", 17 }, { "max_in", 60001 },
	{ "min_out", 19 }, { "max_out", 50003 },
};

static int plug_odd(struct sim *sim)
{
	int err = sim_create(sim);

	for (size_t i = 0; !err && i < ARRAY_LEN(limits); i++)
		err = sim_set(sim, limits[i].name, limits[i].value);
	return err ?: sim_start(sim);
}

FIXTURE(discovery)
{
	struct sim sim;
	int fd;
};

FIXTURE_SETUP(discovery)
{
	const char *missing = sim_missing();

	self->fd = -1;
	if (missing)
		SKIP(return, "%s", missing);
	ASSERT_EQ(0, plug_odd(&self->sim));
	self->fd = sim_open(&self->sim, O_RDWR);
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(discovery)
{
	close(self->fd);
	sim_destroy(&self->sim);
}

/* sysfs */

TEST_F(discovery, sysfs_tells_type_and_driver)
{
	struct fwctl_info info;
	char driver[64];

	ASSERT_EQ(0, fwctl_get_info(self->fd, &info, NULL, 0));
	EXPECT_EQ(FWCTL_DEVICE_TYPE_SIM, info.out_device_type);
	EXPECT_EQ(0x10000, info.out_device_type);
	EXPECT_EQ(info.out_device_type,
		  sim_class_get(&self->sim, "device_type"));
	EXPECT_EQ(0, sim_class_read(&self->sim, "driver_name", driver,
				    sizeof(driver)));
	EXPECT_STREQ("fwctl_sim", driver);
}

/* By configuration, in sysfs, and as FWCTL_QUERY says: three times the same */
TEST_F(discovery, sysfs_and_query_tell_the_limits)
{
	struct fwctl_query q;
	char attr[64];

	ASSERT_EQ(0, fwctl_get_limits(self->fd, &q));
	const long long queried[] = {
		q.out_max_files, q.out_max_calls, q.out_max_file_calls,
		q.out_max_bytes, q.out_min_in, q.out_max_in, q.out_min_out,
		q.out_max_out,
	};

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		snprintf(attr, sizeof(attr), "limits/%s", limits[i].name);
		EXPECT_EQ(limits[i].value, sim_class_get(&self->sim, attr))
			TH_LOG("%s", attr);
		EXPECT_EQ(limits[i].value, queried[i])
			TH_LOG("%s", limits[i].name);
	}
}

TEST_F(discovery, sysfs_tells_what_is_in_use)
{
	int fd = sim_open(&self->sim, O_RDONLY);

	EXPECT_EQ(2, sim_class_get(&self->sim, "usage/files"));
	EXPECT_EQ(0, sim_class_get(&self->sim, "usage/calls"));
	EXPECT_EQ(0, sim_class_get(&self->sim, "usage/bytes"));
	EXPECT_EQ(0, sim_class_get(&self->sim, "usage/queued"));
	close(fd);
	EXPECT_EQ(1, sim_class_get(&self->sim, "usage/files"));
}

/* All but the cap, which is for root to write */
TEST_F(discovery, sysfs_is_for_all_to_read_and_nobody_to_write)
{
	static const char *const attrs[] = {
		"device_type", "driver_name", "labels", "limits/max_files",
		"limits/max_calls", "limits/max_file_calls", "limits/max_bytes",
		"limits/min_in", "limits/max_in", "limits/min_out",
		"limits/max_out", "usage/files", "usage/calls", "usage/bytes",
		"usage/queued",
	};
	char path[SIM_PATH_LEN];
	struct stat stat;

	for (size_t i = 0; i < ARRAY_LEN(attrs); i++) {
		sim_class_path(&self->sim, attrs[i], path);
		ASSERT_EQ(0, lstat(path, &stat));
		EXPECT_EQ(0444, stat.st_mode & 07777)
			TH_LOG("%s", attrs[i]);
	}
}

/* Character device, of root and for root alone, with the numbers that sysfs tells */
TEST_F(discovery, node_is_private_to_root)
{
	char path[SIM_PATH_LEN], dev[32], want[32];
	struct stat stat;

	sim_node_path(&self->sim, path);
	ASSERT_EQ(0, lstat(path, &stat));
	EXPECT_TRUE(S_ISCHR(stat.st_mode));
	EXPECT_EQ(0600, stat.st_mode & 07777);
	EXPECT_EQ(0, stat.st_uid);
	snprintf(want, sizeof(want), "%u:%u", major(stat.st_rdev),
		 minor(stat.st_rdev));
	EXPECT_EQ(0, sim_class_read(&self->sim, "dev", dev, sizeof(dev)));
	EXPECT_STREQ(want, dev);
}

/* The stable way: from the parent's address, here "fwctl_sim.N", to the node */
TEST_F(discovery, parent_leads_to_the_node_and_back)
{
	char name[64], path[SIM_PATH_LEN], real[PATH_MAX], *parent;

	ASSERT_EQ(0, sim_read(&self->sim, "dev_name", name, sizeof(name)));
	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/fwctl/%s",
		 name, self->sim.node);
	EXPECT_EQ(0, access(path, F_OK))
		TH_LOG("%s", path);

	sim_class_path(&self->sim, "device", path);
	parent = realpath(path, real);
	ASSERT_TRUE(!!parent);
	EXPECT_STREQ(name, strrchr(parent, '/') + 1);
}

/* As after a reset of the device, with a file of the old one still open */
TEST_F(discovery, device_that_comes_back_has_its_old_name)
{
	char old[sizeof(self->sim.node)], text[16];
	struct fwctl_info info;

	memcpy(old, self->sim.node, sizeof(old));
	ASSERT_EQ(0, sim_stop(&self->sim));
	EXPECT_EQ(ENODEV, sim_read(&self->sim, "node", text, sizeof(text)));
	EXPECT_EQ(-1, sim_open(&self->sim, O_RDWR));
	EXPECT_EQ(ENOENT, errno);
	ASSERT_EQ(0, sim_start(&self->sim));
	EXPECT_STREQ(old, self->sim.node);
	EXPECT_EQ(ENODEV, fwctl_get_info(self->fd, &info, NULL, 0));
}

/* dmesg tells which driver made the node, and for which device. */
TEST_F(discovery, log_has_one_line_for_a_device_that_comes)
{
	char name[64], node[40], words[128], line[1024] = "";
	int log = log_open();

	if (log < 0)
		SKIP(return, "no /dev/kmsg");
	ASSERT_EQ(0, sim_stop(&self->sim) ?: sim_start(&self->sim));
	ASSERT_EQ(0, sim_read(&self->sim, "dev_name", name, sizeof(name)));
	snprintf(node, sizeof(node), "%s: ", self->sim.node);
	snprintf(words, sizeof(words), "fwctl %sfwctl_sim on %s\n", node, name);
	EXPECT_TRUE(log_has(log, node, "", line, sizeof(line)));
	EXPECT_NE(NULL, strstr(line, words))
		TH_LOG("%s", line);
	EXPECT_FALSE(log_has(log, node, "", line, sizeof(line)))
		TH_LOG("%s", line);
	close(log);
}

TEST_F(discovery, devices_have_names_of_their_own)
{
	struct sim other;

	ASSERT_EQ(0, sim_plug(&other));
	EXPECT_STRNE(self->sim.node, other.node);
	sim_destroy(&other);
}

/* uevents */

/* Keys are strings, each with its final 0. */
static bool has_key(const char *keys, size_t len, const char *key)
{
	for (const char *at = keys; at < keys + len; at += strlen(at) + 1)
		if (!strcmp(at, key))
			return true;
	return false;
}

#define KEYS 5

static void wanted_keys(const struct sim *sim, char keys[KEYS][64])
{
	char path[SIM_PATH_LEN];
	struct stat stat = {};

	sim_node_path(sim, path);
	lstat(path, &stat);
	snprintf(keys[0], 64, "FWCTL_DEVICE_TYPE=65536");
	snprintf(keys[1], 64, "FWCTL_DRIVER=fwctl_sim");
	snprintf(keys[2], 64, "MAJOR=%u", major(stat.st_rdev));
	snprintf(keys[3], 64, "MINOR=%u", minor(stat.st_rdev));
	snprintf(keys[4], 64, "DEVNAME=fwctl/%s", sim->node);
}

TEST_F(discovery, uevent_file_has_the_keys_that_udev_rules_need)
{
	char keys[KEYS][64], text[1024];
	size_t len;

	ASSERT_EQ(0, sim_class_read(&self->sim, "uevent", text, sizeof(text)));
	len = strlen(text);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = 0;
	wanted_keys(&self->sim, keys);
	for (size_t i = 0; i < KEYS; i++) {
		EXPECT_TRUE(has_key(text, len, keys[i]))
			TH_LOG("%s", keys[i]);
	}
}

/* Waits for an event of this action for this node. */
static bool receive_uevent(int sock, const char *action, const char *devname,
			   char *event, size_t *len)
{
	ssize_t got;

	while ((got = recv(sock, event, *len - 1, 0)) > 0) {
		event[got] = 0;
		if (has_key(event, got, action) && has_key(event, got, devname)) {
			*len = got;
			return true;
		}
	}
	return false;
}

TEST_F(discovery, uevents_announce_a_device_and_its_end)
{
	static const char *const actions[] = { "ACTION=remove", "ACTION=add" };
	int sock = open_netlink(NETLINK_KOBJECT_UEVENT, 1);
	char keys[KEYS][64], event[4096];
	size_t len;

	if (sock < 0)
		SKIP(return, "no netlink for uevents");
	wanted_keys(&self->sim, keys);
	ASSERT_EQ(0, sim_stop(&self->sim) ?: sim_start(&self->sim));
	for (size_t a = 0; a < ARRAY_LEN(actions); a++) {
		len = sizeof(event);
		ASSERT_TRUE(receive_uevent(sock, actions[a], keys[4], event,
					   &len));
		EXPECT_TRUE(has_key(event, len, "SUBSYSTEM=fwctl"));
		for (size_t i = 0; i < KEYS; i++) {
			EXPECT_TRUE(has_key(event, len, keys[i]))
				TH_LOG("%s %s", actions[a], keys[i]);
		}
	}
	close(sock);
}

TEST_HARNESS_MAIN
