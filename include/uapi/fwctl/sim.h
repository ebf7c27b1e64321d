/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What fwctl_sim speaks: a firmware that exists in the kernel only, for tests
 * and for authors of tools. It has 64 registers of 32 bits, and an echo.
 *
 * All integers are little-endian. A request is a struct fwctl_sim_request and
 * what follows it; an answer is a struct fwctl_sim_answer and what follows it.
 * Both are at least 16 bytes.
 */
#ifndef _UAPI_FWCTL_SIM_H
#define _UAPI_FWCTL_SIM_H

#include <linux/types.h>

/**
 * struct fwctl_info_sim - FWCTL_INFO's device data
 * @context: number of this file's context, from 1; never used again while the
 *	device exists. CPU byte order, as are all device data.
 * @registers: how many registers there are
 */
struct fwctl_info_sim {
	__u32 context;
	__u32 registers;
};

/**
 * enum fwctl_sim_opcode - what a request can ask for, and its class
 * @FWCTL_SIM_ECHO: config-read: the answer's payload is the request's, as far as
 *	there is room
 * @FWCTL_SIM_READ: config-read: the answer's payload is the __le32 in the
 *	register that @arg names
 * @FWCTL_SIM_WRITE: config-write: the payload's first __le32 goes into the
 *	register that @arg names
 * @FWCTL_SIM_DEBUG_READ: debug-read: as READ
 * @FWCTL_SIM_DEBUG_WRITE: debug-write: as WRITE
 * @FWCTL_SIM_FULL: full: as WRITE
 * @FWCTL_SIM_NEVER: never; so are all numbers that are not listed here or
 *	configured for the device
 */
enum fwctl_sim_opcode {
	FWCTL_SIM_ECHO = 1,
	FWCTL_SIM_READ = 2,
	FWCTL_SIM_WRITE = 3,
	FWCTL_SIM_DEBUG_READ = 4,
	FWCTL_SIM_DEBUG_WRITE = 5,
	FWCTL_SIM_FULL = 6,
	FWCTL_SIM_NEVER = 7,
};

/**
 * struct fwctl_sim_request - how every request begins
 * @opcode: one of enum fwctl_sim_opcode, or one that was configured
 * @reserved: must be 0, else the class is never
 * @arg: register number, below fwctl_info_sim.registers; else any value
 * @cookie: comes back in the answer
 */
struct fwctl_sim_request {
	__le16 opcode;
	__le16 reserved;
	__le32 arg;
	__le64 cookie;
};

/**
 * enum fwctl_sim_status - the firmware's own word about a request
 * @FWCTL_SIM_OK: done
 * @FWCTL_SIM_BAD_REGISTER: there is no such register
 * @FWCTL_SIM_BAD_LENGTH: the request has no payload to write, or the answer has
 *	no room for what is read
 *
 * If both are so, it is the register. In either case nothing is read or written,
 * and the answer has no payload.
 */
enum fwctl_sim_status {
	FWCTL_SIM_OK = 0,
	FWCTL_SIM_BAD_REGISTER = 1,
	FWCTL_SIM_BAD_LENGTH = 2,
};

/**
 * struct fwctl_sim_answer - how every answer begins
 * @status: one of enum fwctl_sim_status, or what was configured
 * @context: the context that the request came from
 * @cookie: the request's
 */
struct fwctl_sim_answer {
	__le32 status;
	__le32 context;
	__le64 cookie;
};

#endif /* _UAPI_FWCTL_SIM_H */
