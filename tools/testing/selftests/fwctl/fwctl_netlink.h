/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the kernel by netlink: uevents and audit records.
 */
#ifndef FWCTL_NETLINK_H
#define FWCTL_NETLINK_H

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <linux/netlink.h>

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

#endif /* FWCTL_NETLINK_H */
