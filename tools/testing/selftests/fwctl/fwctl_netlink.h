/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the kernel by netlink: uevents and audit records.
 */
#ifndef FWCTL_NETLINK_H
#define FWCTL_NETLINK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/audit.h>
#include <linux/netlink.h>

#include "sim.h"

/*
 * Subscribes to a group, with room for what arrives while the test is busy. Gives
 * up after five seconds without a message. Returns -1 if the kernel has none.
 */
static inline int open_netlink(int protocol, int groups)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = groups,
	};
	struct timeval limit = { .tv_sec = 5 };
	int size = 1 << 20;
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (sock < 0)
		return -1;
	setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (!bind(sock, (struct sockaddr *)&address, sizeof(address)))
		return sock;
	close(sock);
	return -1;
}

/* Does the kernel audit? Records cost, so by default there are none. */
static inline bool audit_is_enabled(void)
{
	struct {
		struct nlmsghdr header;
		struct audit_status status;
	} message = {
		.header = { .nlmsg_len = NLMSG_LENGTH(0), .nlmsg_type = AUDIT_GET,
			    .nlmsg_flags = NLM_F_REQUEST },
	};
	int sock = open_netlink(NETLINK_AUDIT, 0);
	bool enabled = false;

	if (sock < 0)
		return false;
	if (send(sock, &message, message.header.nlmsg_len, 0) > 0 &&
	    recv(sock, &message, sizeof(message), 0) > 0 &&
	    message.header.nlmsg_type == AUDIT_GET)
		enabled = message.status.enabled;
	close(sock);
	return enabled;
}

/*
 * The next record of fwctl about the device, from "op=" on, in a buffer of so many bytes;
 * empty, and false, if none comes
 */
static inline bool audit_next_record(int sock, const struct sim *sim, char *record,
				     size_t size)
{
	struct {
		struct nlmsghdr header;
		char text[8192];
	} message;
	char device[64];
	ssize_t len;

	record[0] = 0;
	snprintf(device, sizeof(device), " dev=%s ", sim->node);
	while ((len = recv(sock, &message, sizeof(message) - 1, 0)) > 0) {
		const char *op;

		message.text[len - sizeof(message.header)] = 0;
		op = strstr(message.text, "op=fwctl_");
		if (message.header.nlmsg_type != AUDIT_KERNEL_OTHER || !op ||
		    !strstr(op, device))
			continue;
		snprintf(record, size, "%s", op);
		return true;
	}
	return false;
}

#endif /* FWCTL_NETLINK_H */
