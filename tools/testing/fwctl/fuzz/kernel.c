// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel as a system to run programs on: nodes in /dev, fwctl_sim's folders in
 * configfs, the class device in sysfs, KCOV, and the kernel's log.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"
#include "system.h"

#define CONFIG "/sys/kernel/config/fwctl_sim"
#define KCOV "/sys/kernel/debug/kcov"
#define KCOV_INIT_TRACE _IOR('c', 1, unsigned long)
#define KCOV_ENABLE _IO('c', 100)
#define KCOV_TRACE_PC 0

static const char *const class_words[] = {
	"never", "config-read", "config-write", "debug-read", "debug-write",
	"full",
};

/* Log messages of kernel bugs */
static const char *const alarms[] = {
	"BUG:", "WARNING:", "UBSAN:", "KASAN:", "Oops", "general protection",
	"INFO: task", "INFO: trying", "possible circular locking",
	"possible recursive locking", "inconsistent lock state",
	"suspicious RCU usage", "corruption", "refcount_t:", "ODEBUG:",
	"Call Trace:", "sleeping function",
};

static int log_fd = -1;

static int result(int ret)
{
	return ret < 0 ? -errno : ret;
}

static int file_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = result(write(fd, data, len));
	/* Binary attributes of configfs take effect at close(), which may fail. */
	if (close(fd) && ret >= 0)
		ret = -errno;
	return ret < 0 ? ret : 0;
}

static int file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = result(read(fd, text, size - 1));
	close(fd);
	if (ret < 0)
		return ret;
	text[ret] = 0;
	text[strcspn(text, "\n")] = 0;
	return 0;
}

static void config_path(char *path, size_t size, unsigned int device,
			const char *file)
{
	snprintf(path, size, CONFIG "/fuzz%u/%s", device, file);
}

/**
 * struct node - a device's node
 * @lock: guards the other fields
 * @name: its name, or empty if it has to be looked up
 * @leaves: the device may be removed by a fault, and its name reused
 */
static struct node {
	pthread_mutex_t lock;
	char name[64];
	bool leaves;
} nodes[FUZZ_DEVICES] = {
	{ .lock = PTHREAD_MUTEX_INITIALIZER },
	{ .lock = PTHREAD_MUTEX_INITIALIZER },
	{ .lock = PTHREAD_MUTEX_INITIALIZER },
};

static void node_forget(unsigned int device, bool leaves)
{
	struct node *node = &nodes[device];

	pthread_mutex_lock(&node->lock);
	node->name[0] = 0;
	node->leaves = leaves;
	pthread_mutex_unlock(&node->lock);
}

static int kernel_config_read(unsigned int device, const char *file, char *text,
			      size_t size)
{
	char path[256];

	config_path(path, sizeof(path), device, file);
	return file_read(path, text, size);
}

static int node_name(unsigned int device, char *name, size_t size)
{
	struct node *node = &nodes[device];
	int ret = 0;

	pthread_mutex_lock(&node->lock);
	if (!node->name[0] || node->leaves)
		ret = kernel_config_read(device, "node", node->name,
					 sizeof(node->name));
	if (ret)
		node->name[0] = 0;
	snprintf(name, size, "%s", node->name);
	pthread_mutex_unlock(&node->lock);
	return ret;
}

static int kernel_config_write(unsigned int device, const char *file,
			       const char *text)
{
	bool live = !strcmp(file, "live");
	char path[256];
	int ret;

	config_path(path, sizeof(path), device, file);
	if (!strcmp(file, "faults/remove_after") && strcmp(text, "0"))
		node_forget(device, true);
	ret = file_write(path, text, strlen(text));
	if (live)
		node_forget(device, false);
	return ret;
}

static int node_path(char *path, size_t size, unsigned int device,
		     const char *folder, const char *file)
{
	char name[64];
	int ret = node_name(device, name, sizeof(name));

	if (!ret)
		snprintf(path, size, "%s/%s/%s", folder, name, file);
	return ret;
}

static int kernel_node_write(unsigned int device, const char *file,
			     const char *text)
{
	char path[256];
	int ret = node_path(path, sizeof(path), device, "/sys/class/fwctl", file);

	return ret ? ret : file_write(path, text, strlen(text));
}

static int kernel_node_read(unsigned int device, const char *file, char *text,
			    size_t size)
{
	char path[256];
	int ret = node_path(path, sizeof(path), device, "/sys/class/fwctl", file);

	return ret ? ret : file_read(path, text, size);
}

static int opcode_write(unsigned int device, const char *file, u64 value)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "opcodes/own/%s", file);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	return kernel_config_write(device, path, text);
}

static int opcode_answer(unsigned int device, size_t len)
{
	char path[256];
	u8 answer[4096];

	len = MIN(len, sizeof(answer));
	for (size_t i = 0; i < len; i++)
		answer[i] = configured_byte(i);
	config_path(path, sizeof(path), device, "opcodes/own/answer");
	return len ? file_write(path, answer, len) : 0;
}

static int kernel_config_opcode(unsigned int device, u32 number,
				unsigned int class, u32 status,
				size_t answer_len)
{
	char path[256];
	int ret;

	config_path(path, sizeof(path), device, "opcodes/own");
	if (rmdir(path) && errno != ENOENT)
		return -errno;
	if (!number)
		return 0;
	if (mkdir(path, 0755))
		return -errno;
	ret = opcode_write(device, "opcode", number);
	if (!ret)
		ret = kernel_config_write(device, "opcodes/own/class",
					  class_words[class]);
	if (!ret)
		ret = opcode_write(device, "status", status);
	return ret ? ret : opcode_answer(device, answer_len);
}

static int kernel_open(unsigned int device, unsigned int mode)
{
	static const int flags[] = { O_RDONLY, O_WRONLY, O_RDWR };
	char path[256];
	int ret = node_path(path, sizeof(path), device, "/dev/fwctl", "");

	if (ret)
		return ret;
	path[strlen(path) - 1] = 0;
	return result(open(path, flags[mode] | O_CLOEXEC));
}

static int kernel_dup(int fd)
{
	return result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

static int kernel_close(int fd)
{
	return result(close(fd));
}

static int kernel_ioctl(int fd, u32 number, u64 arg)
{
	return result(ioctl(fd, number, (void *)(uintptr_t)arg));
}

static u64 *kernel_trace(void)
{
	int fd;
	u64 *area;

	fd = open(KCOV, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (ioctl(fd, KCOV_INIT_TRACE, TRACE_MAX))
		return NULL;
	area = mmap(NULL, TRACE_MAX * sizeof(u64), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	/* The descriptor stays open, because close() ends the trace. */
	if (area == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		return NULL;
	return area;
}

static const char *alarm_of(const char *record)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(alarms); i++)
		if (strstr(record, alarms[i]))
			return alarms[i];
	return NULL;
}

/* Read the log to its end, so that no message is charged to the next program. */
static bool kernel_complaint(char *text, size_t size)
{
	char record[2048];
	bool found = false;
	ssize_t len;

	if (log_fd < 0)
		return false;
	while ((len = read(log_fd, record, sizeof(record) - 1)) > 0 ||
	       (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		record[len] = 0;
		if (!found && alarm_of(record)) {
			const char *begin = strchr(record, ';');

			snprintf(text, size, "%s", begin ? begin + 1 : record);
			text[strcspn(text, "\n")] = 0;
			found = true;
		}
	}
	return found;
}

static const struct system kernel = {
	.forks = true,
	.open = kernel_open,
	.dup = kernel_dup,
	.close = kernel_close,
	.ioctl = kernel_ioctl,
	.config_write = kernel_config_write,
	.config_read = kernel_config_read,
	.config_opcode = kernel_config_opcode,
	.node_write = kernel_node_write,
	.node_read = kernel_node_read,
	.trace = kernel_trace,
	.complaint = kernel_complaint,
};

static bool devices_make(void)
{
	char path[256];

	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		config_path(path, sizeof(path), i, "");
		if (mkdir(path, 0755) && errno != EEXIST)
			return false;
		kernel_config_write(i, "live", "0");
	}
	return true;
}

const struct system *kernel_start(const char **why)
{
	struct stat st;

	if (stat(CONFIG, &st) && system("modprobe fwctl_sim 2>/dev/null"))
		*why = "no fwctl_sim";
	if (stat(CONFIG, &st)) {
		*why = "no " CONFIG;
		return NULL;
	}
	if (!devices_make()) {
		*why = "cannot make devices in " CONFIG;
		return NULL;
	}
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd >= 0)
		lseek(log_fd, 0, SEEK_END);
	return &kernel;
}

void kernel_stop(void)
{
	char path[256];

	for (unsigned int i = 0; i < FUZZ_DEVICES; i++) {
		kernel_config_write(i, "faults/hang", "0");
		kernel_config_write(i, "faults/open_hang", "0");
		kernel_config_write(i, "live", "0");
		kernel_config_opcode(i, 0, 0, 0, 0);
		config_path(path, sizeof(path), i, "");
		rmdir(path);
	}
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
}
