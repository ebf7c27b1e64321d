/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fwctl_sim for tests: a device of one's own, its configuration and faults
 * through configfs, and its requests.
 *
 * Functions return 0 or an errno (positive), unless they say otherwise. A device
 * goes with sim_destroy(), which belongs into the fixture's teardown. A device of
 * a test that was killed is removed by the next test: the names hold the process
 * ID of their maker.
 */
#ifndef FWCTL_SIM_H
#define FWCTL_SIM_H

#include <endian.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>

#include <fwctl/sim.h>

#include "fwctl_util.h"

#define SIM_CONFIGFS "/sys/kernel/config"
#define SIM_DIR SIM_CONFIGFS "/fwctl_sim"
#define SIM_PREFIX "kselftest-"
#define SIM_PATH_LEN 384

/**
 * struct sim - a device
 * @dir: its folder in configfs; empty if there is none
 * @node: "fwctl0"; its last name if it is not live any more
 */
struct sim {
	char dir[288];
	char node[32];
};

/* Most requests and answers: one register, or 4 bytes to echo */
struct sim_request {
	struct fwctl_sim_request head;
	uint32_t value;
};

struct sim_answer {
	struct fwctl_sim_answer head;
	uint32_t value;
};

#define SIM_REQUEST_LEN 20
#define SIM_ANSWER_LEN 20

static inline void sim_sleep_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

/* Files: one write or one read, as configfs and sysfs want it. */

static inline int sim_write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, data, len) != (ssize_t)len)
		err = errno;
	/* A binary attribute of configfs reports an error of the data here. */
	if (close(fd) && !err)
		err = errno;
	return err;
}

/* As text, without its last newline. */
static inline int sim_read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;
	ssize_t len;

	text[0] = 0;
	if (fd < 0)
		return errno;
	len = read(fd, text, size - 1);
	if (len < 0)
		err = errno;
	else if (len && text[len - 1] == '\n')
		text[len - 1] = 0;
	else
		text[len] = 0;
	close(fd);
	return err;
}

static inline void sim_path(const struct sim *sim, const char *attr, char *path)
{
	snprintf(path, SIM_PATH_LEN, "%s/%s", sim->dir, attr);
}

/* sim_write(&sim, "faults/hang", "1") */
static inline int sim_write(const struct sim *sim, const char *attr,
			    const char *text)
{
	char path[SIM_PATH_LEN];

	sim_path(sim, attr, path);
	return sim_write_file(path, text, strlen(text));
}

static inline int sim_set(const struct sim *sim, const char *attr,
			  long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", value);
	return sim_write(sim, attr, text);
}

static inline int sim_read(const struct sim *sim, const char *attr, char *text,
			   size_t size)
{
	char path[SIM_PATH_LEN];

	sim_path(sim, attr, path);
	return sim_read_file(path, text, size);
}

/* The number, or -1 if it cannot be read. */
static inline long long sim_get(const struct sim *sim, const char *attr)
{
	char text[64];

	return sim_read(sim, attr, text, sizeof(text)) ? -1 : atoll(text);
}

/* Waits until the attribute has the value: sim_wait(&sim, "stats/inflight", 1, 5000) */
static inline bool sim_wait(const struct sim *sim, const char *attr,
			    long long value, int ms)
{
	while (sim_get(sim, attr) != value) {
		if (ms-- <= 0)
			return false;
		sim_sleep_ms(1);
	}
	return true;
}

/* The class device: sim_class_get(&sim, "usage/files") */

static inline void sim_class_path(const struct sim *sim, const char *attr,
				  char *path)
{
	snprintf(path, SIM_PATH_LEN, "/sys/class/fwctl/%s/%s", sim->node, attr);
}

static inline int sim_class_write(const struct sim *sim, const char *attr,
				  const char *text)
{
	char path[SIM_PATH_LEN];

	sim_class_path(sim, attr, path);
	return sim_write_file(path, text, strlen(text));
}

static inline int sim_class_read(const struct sim *sim, const char *attr,
				 char *text, size_t size)
{
	char path[SIM_PATH_LEN];

	sim_class_path(sim, attr, path);
	return sim_read_file(path, text, size);
}

static inline long long sim_class_get(const struct sim *sim, const char *attr)
{
	char text[64];

	return sim_class_read(sim, attr, text, sizeof(text)) ? -1 : atoll(text);
}

static inline bool sim_class_wait(const struct sim *sim, const char *attr,
				  long long value, int ms)
{
	while (sim_class_get(sim, attr) != value) {
		if (ms-- <= 0)
			return false;
		sim_sleep_ms(1);
	}
	return true;
}

/*
 * Calls that the device has and calls that wait for it, or -1. In this order: a call that
 * moves on meanwhile is missed, not counted twice.
 */
static inline long long sim_calls(const struct sim *sim)
{
	long long calls = sim_class_get(sim, "usage/calls");
	long long queued = sim_class_get(sim, "usage/queued");

	return calls < 0 || queued < 0 ? -1 : calls + queued;
}

/* Waits until there are so many of them. */
static inline bool sim_calls_wait(const struct sim *sim, long long calls, int ms)
{
	while (sim_calls(sim) != calls) {
		if (ms-- <= 0)
			return false;
		sim_sleep_ms(1);
	}
	return true;
}

/* Life */

static inline bool sim_there(void)
{
	return access(SIM_DIR, F_OK) == 0;
}

/* Returns NULL, or for SKIP() the reason why there can be no device. */
static inline const char *sim_missing(void)
{
	if (geteuid())
		return "needs root";
	if (sim_there())
		return NULL;
	/* Or it is built in, and modprobe fails. */
	(void)!system("modprobe -q fwctl_sim >/dev/null 2>&1");
	if (!sim_there() && mount("configfs", SIM_CONFIGFS, "configfs", 0, NULL) &&
	    errno != EBUSY)
		return "no configfs";
	return sim_there() ? NULL : "no fwctl_sim";
}

static inline void sim_remove_opcodes(const struct sim *sim)
{
	char path[SIM_PATH_LEN * 2], opcodes[SIM_PATH_LEN];
	struct dirent *entry;
	DIR *dir;

	sim_path(sim, "opcodes", opcodes);
	dir = opendir(opcodes);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", opcodes, entry->d_name);
		if (entry->d_name[0] != '.')
			rmdir(path);
	}
	if (dir)
		closedir(dir);
}

/* Nothing keeps or delays an answer any more. */
static inline void sim_clear_faults(const struct sim *sim)
{
	static const char *const faults[] = {
		"keep_on_remove", "remove_after", "delay_us", "open_delay_us",
		"close_delay_us", "timeout_us", "error", "open_error", "hang",
		"open_hang",
	};
	char attr[64];

	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		snprintf(attr, sizeof(attr), "faults/%s", faults[i]);
		sim_set(sim, attr, 0);
	}
	sim_set(sim, "faults/answer_len", -1);
}

/* In any state, and also if there is no device */
static inline void sim_destroy(struct sim *sim)
{
	if (!sim->dir[0])
		return;
	sim_clear_faults(sim);
	sim_set(sim, "live", 0);
	sim_remove_opcodes(sim);
	rmdir(sim->dir);
	sim->dir[0] = 0;
}

/* Removes the devices of processes that are not there any more. */
static inline void sim_reap(void)
{
	DIR *dir = opendir(SIM_DIR);
	struct dirent *entry;
	struct sim sim;
	int pid;

	while (dir && (entry = readdir(dir))) {
		if (sscanf(entry->d_name, SIM_PREFIX "%d-", &pid) != 1 ||
		    !kill(pid, 0) || errno != ESRCH)
			continue;
		snprintf(sim.dir, sizeof(sim.dir), SIM_DIR "/%s", entry->d_name);
		sim_destroy(&sim);
	}
	if (dir)
		closedir(dir);
}

/* A device that is not live yet, to be configured with sim_set(). */
static inline int sim_create(struct sim *sim)
{
	static int count;
	char dir[sizeof(sim->dir)];

	sim_reap();
	memset(sim, 0, sizeof(*sim));
	snprintf(dir, sizeof(dir), SIM_DIR "/" SIM_PREFIX "%d-%d", getpid(),
		 count++);
	if (mkdir(dir, 0755))
		return errno;
	memcpy(sim->dir, dir, sizeof(dir));
	return 0;
}

/* The node is there when this returns. */
static inline int sim_start(struct sim *sim)
{
	return sim_set(sim, "live", 1) ?:
	       sim_read(sim, "node", sim->node, sizeof(sim->node));
}

static inline int sim_stop(struct sim *sim)
{
	return sim_set(sim, "live", 0);
}

/* A live device as it is without configuration. */
static inline int sim_plug(struct sim *sim)
{
	return sim_create(sim) ?: sim_start(sim);
}

/* An opcode that the firmware knows besides its own. Before sim_start(). */
static inline int sim_add_opcode(const struct sim *sim, const char *name,
				 uint16_t opcode, const char *class)
{
	char path[SIM_PATH_LEN], attr[64];
	int err;

	snprintf(attr, sizeof(attr), "opcodes/%s", name);
	sim_path(sim, attr, path);
	if (mkdir(path, 0755))
		return errno;
	snprintf(attr, sizeof(attr), "opcodes/%s/opcode", name);
	err = sim_set(sim, attr, opcode);
	snprintf(attr, sizeof(attr), "opcodes/%s/class", name);
	return err ?: sim_write(sim, attr, class);
}

static inline void sim_node_path(const struct sim *sim, char *path)
{
	snprintf(path, SIM_PATH_LEN, "/dev/fwctl/%s", sim->node);
}

/* As open(2): the descriptor, or -1 and errno. */
static inline int sim_open(const struct sim *sim, int flags)
{
	char path[SIM_PATH_LEN];

	sim_node_path(sim, path);
	return open(path, flags | O_CLOEXEC);
}

/* Requests */

static inline struct fwctl_sim_request sim_head(uint16_t opcode, uint32_t arg,
						uint64_t cookie)
{
	return (struct fwctl_sim_request){
		.opcode = htole16(opcode),
		.arg = htole32(arg),
		.cookie = htole64(cookie),
	};
}

static inline struct sim_request sim_request(uint16_t opcode, uint32_t arg,
					     uint32_t value)
{
	return (struct sim_request){
		.head = sim_head(opcode, arg, 0),
		.value = htole32(value),
	};
}

/* Any bytes; *out_len is the room and becomes the answer's length. */
static inline int sim_send(int fd, uint32_t scope, const void *in,
			   uint32_t in_len, void *out, uint32_t *out_len)
{
	struct fwctl_rpc rpc = fwctl_rpc_of(scope, in, in_len, out, *out_len);
	int err = fwctl_errno(fd, FWCTL_RPC, &rpc);

	*out_len = rpc.out_len;
	return err;
}

static inline int sim_ask(int fd, uint32_t scope, const struct sim_request *req,
			  struct sim_answer *answer)
{
	uint32_t out_len = SIM_ANSWER_LEN;

	return sim_send(fd, scope, req, SIM_REQUEST_LEN, answer, &out_len);
}

/* One that any file may send: ECHO with label CONFIGURATION. */
static inline int sim_echo(int fd, uint64_t cookie, struct sim_answer *answer)
{
	struct sim_request req = { .head = sim_head(FWCTL_SIM_ECHO, 0, cookie) };

	return sim_ask(fd, FWCTL_RPC_CONFIGURATION, &req, answer);
}

static inline uint64_t sim_cookie(const struct sim_answer *answer)
{
	return le64toh(answer->head.cookie);
}

static inline uint32_t sim_status(const struct sim_answer *answer)
{
	return le32toh(answer->head.status);
}

#endif /* FWCTL_SIM_H */
