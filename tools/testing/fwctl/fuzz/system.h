/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The system that programs run on. There are two: the kernel's fwctl_sim, and for
 * the unit tests a fake in this process. All functions return 0 or more, or a
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
 * @config_opcode: sets the device's configured opcode; number 0: none
 * @node_write: a file of the class device in sysfs
 * @node_read: the same
 * @trace: starts to record the code that this thread runs in the system: a length
 *	followed by that number of program counters; NULL if not supported
 * @complaint: returns the first bug message since the last call, if any
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

/* Maximum length of a trace */
#define TRACE_MAX 65536

/* Byte @i of the payload in the answer to a configured opcode. */
static inline u8 configured_byte(size_t i)
{
	return i * 7 + 1;
}

/* Start the kernel's system. If NULL is returned, @why has the reason for a skip. */
const struct system *kernel_start(const char **why);
void kernel_stop(void);

#endif
