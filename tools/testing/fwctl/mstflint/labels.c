// SPDX-License-Identifier: GPL-2.0
/*
 * The labels of mstflint after 4.33, for the tools of 4.33, by LD_PRELOAD: these label each
 * request DEBUG_WRITE_FULL; later ones label reading a register DEBUG_READ_ONLY and writing
 * one DEBUG_WRITE_FULL, and capabilities CONFIGURATION. The request's bytes tell which it is.
 */
#include <endian.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fwctl/fwctl.h>

#define ACCESS_REG 0x0805
#define HEADER 8	/* bytes, up to the end of op_mod */

static __u16 word_at(__u64 address, unsigned int offset)
{
	__u16 word;

	memcpy(&word, (const char *)(uintptr_t)address + offset, sizeof(word));
	return be16toh(word);
}

static __u32 label_of(const struct fwctl_rpc *rpc)
{
	if (rpc->in_len < HEADER || word_at(rpc->in, 0) != ACCESS_REG)
		return FWCTL_RPC_CONFIGURATION;
	return word_at(rpc->in, 6) ? FWCTL_RPC_DEBUG_READ_ONLY : FWCTL_RPC_DEBUG_WRITE_FULL;
}

int ioctl(int fd, unsigned long request, ...)
{
	struct fwctl_rpc *rpc;
	va_list list;

	va_start(list, request);
	rpc = va_arg(list, struct fwctl_rpc *);
	va_end(list);
	if (request == FWCTL_RPC)
		rpc->scope = label_of(rpc);
	return (int)syscall(SYS_ioctl, fd, request, rpc);
}
