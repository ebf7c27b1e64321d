/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzer runs programs on. There are two: the kernel's fwctl_sim, and in
 * the unit tests a model in this process. All functions return 0 or more, or a
 * negative errno, and can be called by several threads at once.
 */
#ifndef FUZZ_SYSTEM_H
#define FUZZ_SYSTEM_H

#include "types.h"

/**
 * struct system - see above
 * @forks: calls work in a child process as well
 * @open: opens the node of a device; @mode is one of MODE_RO, MODE_WO, MODE_RW
 * @dup: another descriptor of the same file
 * @close: closes a descriptor
 * @ioctl: the system call
 * @config_write: a file of the device's folder in configfs
 * @config_read: the same; the text is without its final newline
 * @config_opcode: the device's one opcode of its own; number 0: none
 * @node_write: a file of the class device in sysfs
 * @node_read: the same
 * @trace: has the code recorded that this thread runs in the system: a counter
 *	and behind it as many program counters; NULL if that cannot be had
 * @complaint: what the system complained about since the last time, if anything
 */
struct system {
	bool forks;
	int (*open)(unsigned int device, unsigned int mode);
	int (*dup)(int fd);
	int (*close)(int fd);
	int (*ioctl)(int fd, u32 number, u64 arg);
	int (*config_write)(unsigned int device, const char *file,
			    const char *text);
	int (*config_read)(unsigned int device, const char *file, char *text,
			   size_t size);
	int (*config_opcode)(unsigned int device, u32 number, unsigned int class,
			     u32 status, size_t answer_len);
	int (*node_write)(unsigned int device, const char *file,
			  const char *text);
	int (*node_read)(unsigned int device, const char *file, char *text,
			 size_t size);
	u64 *(*trace)(void);
	bool (*complaint)(char *text, size_t size);
};

/* Counters at most that a trace has room for. */
#define TRACE_MAX 65536

/* The byte at @i of the payload that opcodes of a device's own answer with. */
static inline u8 configured_byte(size_t i)
{
	return i * 7 + 1;
}

/* The kernel's. @why says why not, if NULL is returned: nothing is tested then. */
const struct system *kernel_start(const char **why);
void kernel_stop(void);

#endif
