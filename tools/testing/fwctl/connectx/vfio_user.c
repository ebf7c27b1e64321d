// SPDX-License-Identifier: GPL-2.0
/*
 * vfio-user: framing, descriptors that travel with messages, and one function
 * per command. All integers are little-endian, and so are the hosts this runs
 * on (checked below), so fields are copied as they are.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets.h"
#include "vfio_user.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "vfio-user fields are copied as is");

#define MAX_FDS 16
#define MAX_XFER (1U << 20)
#define MAX_PAYLOAD (MAX_XFER + 64)
/* A peer that does not read an answer within this time is disconnected. */
#define SEND_TIMEOUT_MS 5000

enum { FLAG_TYPE_MASK = 0xf, FLAG_REPLY = 1, FLAG_NO_REPLY = 0x10, FLAG_ERROR = 0x20 };

enum {
	CMD_VERSION = 1,
	CMD_DMA_MAP = 2,
	CMD_DMA_UNMAP = 3,
	CMD_GET_INFO = 4,
	CMD_GET_REGION_INFO = 5,
	CMD_GET_IRQ_INFO = 7,
	CMD_SET_IRQS = 8,
	CMD_REGION_READ = 9,
	CMD_REGION_WRITE = 10,
	CMD_DEVICE_RESET = 13,
};

enum { IRQ_MSIX = 2, IRQ_TYPES = 5 };
enum { IRQ_DATA_NONE = 1, IRQ_DATA_BOOL = 2, IRQ_DATA_EVENTFD = 4, IRQ_TRIGGER = 32 };

struct header {
	u16 id;
	u16 cmd;
	u32 size;
	u32 flags;
	u32 error;
};

struct dma_map {
	u32 argsz, flags;
	u64 offset, addr, size;
};

struct dma_unmap {
	u32 argsz, flags;
	u64 addr, size;
};

struct device_info {
	u32 argsz, flags, regions, irqs;
};

struct region_info {
	u32 argsz, flags, index, cap_offset;
	u64 size, offset;
};

struct irq_info {
	u32 argsz, flags, index, count;
};

struct irq_set {
	u32 argsz, flags, index, start, count;
};

struct region_access {
	u64 offset;
	u32 region, count;
};

/**
 * struct vfio_user - the server and its one peer
 * @have: bytes of the current message received so far, with the header
 * @fds: descriptors received with it; -1 for one that a handler has taken over
 * @reply, @reply_len: payload of the answer, built by the handler
 */
struct vfio_user {
	struct loop *loop;
	struct log *log;
	struct vfio_user_device desc;
	const struct vfio_user_ops *ops;
	void *dev;
	int listener;
	int peer;
	bool versioned;
	struct header header;
	size_t have;
	int fds[MAX_FDS];
	size_t nfds;
	u8 payload[MAX_PAYLOAD];
	u8 reply[MAX_PAYLOAD];
	u32 reply_len;
};

static size_t payload_len(const struct vfio_user *vu)
{
	return vu->header.size - sizeof(struct header);
}

static void put_reply(struct vfio_user *vu, const void *data, size_t len)
{
	memcpy(vu->reply + vu->reply_len, data, len);
	vu->reply_len += (u32)len;
}

static int do_version(struct vfio_user *vu)
{
	static const char caps[] =
		"{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}";
	u16 version[2];	/* major, minor */

	memcpy(version, vu->payload, sizeof(version));
	if (version[0])
		return -EINVAL;
	/* Minor versions only add features, so any minor version of the peer will do. */
	put_reply(vu, version, sizeof(version));
	put_reply(vu, caps, sizeof(caps));
	vu->versioned = true;
	return 0;
}

/* A range without a descriptor (firmware, option ROMs) is mapped but not accessible. */
static int do_dma_map(struct vfio_user *vu)
{
	struct dma_map map;

	memcpy(&map, vu->payload, sizeof(map));
	return vu->ops->dma_map(vu->dev, map.addr, map.size, vu->nfds ? vu->fds[0] : -1,
				map.offset, map.flags & 3);
}

static int do_dma_unmap(struct vfio_user *vu)
{
	enum { UNMAP_ALL = 2 };
	struct dma_unmap unmap;
	int err;

	memcpy(&unmap, vu->payload, sizeof(unmap));
	if (unmap.flags & UNMAP_ALL)
		err = vu->ops->dma_unmap(vu->dev, 0, UINT64_MAX);
	else
		err = vu->ops->dma_unmap(vu->dev, unmap.addr, unmap.size);
	put_reply(vu, &unmap, sizeof(unmap));
	return err;
}

static int do_get_info(struct vfio_user *vu)
{
	enum { CAN_RESET = 1, IS_PCI = 2 };
	struct device_info info = {
		sizeof(info), CAN_RESET | IS_PCI, VFIO_USER_REGIONS, IRQ_TYPES,
	};

	put_reply(vu, &info, sizeof(info));
	return 0;
}

static int do_get_region_info(struct vfio_user *vu)
{
	enum { CAN_READ = 1, CAN_WRITE = 2 };
	struct region_info info;

	memcpy(&info, vu->payload, sizeof(info));
	if (info.index >= VFIO_USER_REGIONS)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.size = vu->desc.region_size[info.index];
	info.flags = info.size ? CAN_READ | CAN_WRITE : 0;
	info.cap_offset = 0;
	info.offset = 0;
	put_reply(vu, &info, sizeof(info));
	return 0;
}

static int do_get_irq_info(struct vfio_user *vu)
{
	enum { EVENTFD = 1 };
	struct irq_info info;

	memcpy(&info, vu->payload, sizeof(info));
	if (info.index >= IRQ_TYPES)
		return -EINVAL;
	info.argsz = sizeof(info);
	info.count = info.index == IRQ_MSIX ? vu->desc.vectors : 0;
	info.flags = info.count ? EVENTFD : 0;
	put_reply(vu, &info, sizeof(info));
	return 0;
}

/* A vector without a new descriptor loses its old one: the peer removes it that way. */
static int assign_irqs(struct vfio_user *vu, const struct irq_set *set)
{
	size_t nfds = MIN(vu->nfds, set->count);
	int fds[MAX_FDS];
	size_t i;

	for (i = 0; i < nfds; i++) {
		fds[i] = vu->fds[i];
		vu->fds[i] = -1;
	}
	return vu->ops->set_irqs(vu->dev, set->start, set->count, fds, nfds);
}

static int trigger_irqs(struct vfio_user *vu, const struct irq_set *set)
{
	const u8 *wanted = vu->payload + sizeof(*set);
	u32 i;

	if (!set->count)
		vu->ops->disable_irqs(vu->dev);
	if (set->start > vu->desc.vectors || set->count > vu->desc.vectors - set->start)
		return -EINVAL;
	if (set->flags & IRQ_DATA_BOOL && payload_len(vu) - sizeof(*set) < set->count)
		return -EINVAL;
	for (i = 0; i < set->count; i++)
		if (!(set->flags & IRQ_DATA_BOOL) || wanted[i])
			vu->ops->trigger_irq(vu->dev, set->start + i);
	return 0;
}

/*
 * The device has no interrupts of other types, but a peer sets them up all the
 * same, so they are accepted and ignored. The peer does the masking.
 */
static int do_set_irqs(struct vfio_user *vu)
{
	struct irq_set set;

	memcpy(&set, vu->payload, sizeof(set));
	if (set.index >= IRQ_TYPES)
		return -EINVAL;
	if (set.index != IRQ_MSIX || !(set.flags & IRQ_TRIGGER))
		return 0;
	if (set.flags & IRQ_DATA_EVENTFD)
		return assign_irqs(vu, &set);
	return trigger_irqs(vu, &set);
}

/* Common part of both region commands. The range check avoids sums that overflow. */
static int begin_access(struct vfio_user *vu, struct region_access *access)
{
	u64 size;

	memcpy(access, vu->payload, sizeof(*access));
	if (access->region >= VFIO_USER_REGIONS || access->count > MAX_XFER)
		return -EINVAL;
	size = vu->desc.region_size[access->region];
	if (access->offset > size || access->count > size - access->offset)
		return -EINVAL;
	put_reply(vu, access, sizeof(*access));
	return 0;
}

static int do_region_read(struct vfio_user *vu)
{
	struct region_access access;
	int err = begin_access(vu, &access);

	if (err)
		return err;
	err = vu->ops->read(vu->dev, access.region, access.offset, vu->reply + vu->reply_len,
			    access.count);
	vu->reply_len += access.count;
	return err;
}

static int do_region_write(struct vfio_user *vu)
{
	struct region_access access;
	int err = begin_access(vu, &access);

	if (err)
		return err;
	if (payload_len(vu) - sizeof(access) < access.count)
		return -EINVAL;
	return vu->ops->write(vu->dev, access.region, access.offset,
			      vu->payload + sizeof(access), access.count);
}

static int do_device_reset(struct vfio_user *vu)
{
	vu->ops->reset(vu->dev);
	return 0;
}

static const struct handler {
	size_t least;	/* bytes of payload */
	int (*run)(struct vfio_user *vu);
} handlers[] = {
	[CMD_VERSION] = { 4, do_version },
	[CMD_DMA_MAP] = { sizeof(struct dma_map), do_dma_map },
	[CMD_DMA_UNMAP] = { sizeof(struct dma_unmap), do_dma_unmap },
	[CMD_GET_INFO] = { sizeof(struct device_info), do_get_info },
	[CMD_GET_REGION_INFO] = { sizeof(struct region_info), do_get_region_info },
	[CMD_GET_IRQ_INFO] = { sizeof(struct irq_info), do_get_irq_info },
	[CMD_SET_IRQS] = { sizeof(struct irq_set), do_set_irqs },
	[CMD_REGION_READ] = { sizeof(struct region_access), do_region_read },
	[CMD_REGION_WRITE] = { sizeof(struct region_access), do_region_write },
	[CMD_DEVICE_RESET] = { 0, do_device_reset },
};

/* Close the descriptors that no handler has taken over, also after an error. */
static void close_fds(struct vfio_user *vu)
{
	size_t i;

	for (i = 0; i < vu->nfds; i++)
		if (vu->fds[i] >= 0)
			close(vu->fds[i]);
	vu->nfds = 0;
}

/* The device's callback is last, when no resource of the peer is in use any more. */
static void drop_peer(struct vfio_user *vu, const char *why)
{
	if (vu->peer < 0)
		return;
	log_event(vu->log, "event", "disconnect why=%s", why);
	loop_unwatch(vu->loop, vu->peer);
	close(vu->peer);
	vu->peer = -1;
	close_fds(vu);
	vu->ops->gone(vu->dev);
}

/* May wait for a slow peer: it has sent a request, and answers are short. */
static bool send_all(int fd, const void *data, size_t len)
{
	const u8 *p = data;

	while (len) {
		struct pollfd poller = { .fd = fd, .events = POLLOUT };
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			p += n;
			len -= (size_t)n;
		} else if (errno != EAGAIN || poll(&poller, 1, SEND_TIMEOUT_MS) != 1) {
			return false;
		}
	}
	return true;
}

/* An error has no payload, even if the handler has built one. */
static void send_reply(struct vfio_user *vu, int err)
{
	struct header header = vu->header;

	if (err)
		vu->reply_len = 0;
	header.size = (u32)sizeof(header) + vu->reply_len;
	header.flags = FLAG_REPLY | (err ? FLAG_ERROR : 0);
	header.error = (u32)-err;
	if (!send_all(vu->peer, &header, sizeof(header)) ||
	    !send_all(vu->peer, vu->reply, vu->reply_len))
		drop_peer(vu, "send");
}

static int run_message(struct vfio_user *vu)
{
	const struct handler *handler;

	if (vu->header.cmd >= ARRAY_SIZE(handlers) || !handlers[vu->header.cmd].run)
		return -EOPNOTSUPP;
	handler = &handlers[vu->header.cmd];
	if (payload_len(vu) < handler->least)
		return -EINVAL;
	if (!vu->versioned && vu->header.cmd != CMD_VERSION)
		return -EINVAL;
	return handler->run(vu);
}

static void handle_message(struct vfio_user *vu)
{
	int err;

	/* The server sends no requests, so a reply has no request that it belongs to. */
	if ((vu->header.flags & FLAG_TYPE_MASK) == FLAG_REPLY)
		return;
	vu->reply_len = 0;
	err = run_message(vu);
	if (err)
		log_event(vu->log, "event", "vfio-user cmd=%u error=%d", vu->header.cmd, -err);
	if (!(vu->header.flags & FLAG_NO_REPLY))
		send_reply(vu, err);
}

/* Any part of a message may carry descriptors; those past the limit are closed at once. */
static void keep_fds(struct vfio_user *vu, struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		size_t i;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (vu->nfds < MAX_FDS)
				vu->fds[vu->nfds++] = fd;
			else
				close(fd);
		}
	}
}

/* Receive up to @len bytes of the message, and its descriptors. */
static ssize_t receive_part(struct vfio_user *vu, void *buf, size_t len)
{
	union {
		struct cmsghdr align;
		u8 space[CMSG_SPACE(MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(vu->peer, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n > 0) {
		keep_fds(vu, &msg);
		vu->have += (size_t)n;
	}
	return n;
}

/* Bytes still missing of the current message, to be stored at *@where; 0 if complete. */
static size_t missing(struct vfio_user *vu, void **where)
{
	if (vu->have < sizeof(vu->header)) {
		*where = (u8 *)&vu->header + vu->have;
		return sizeof(vu->header) - vu->have;
	}
	*where = vu->payload + vu->have - sizeof(vu->header);
	return vu->header.size - vu->have;
}

static bool bad_size(const struct vfio_user *vu)
{
	return vu->have >= sizeof(vu->header) &&
	       (vu->header.size < sizeof(vu->header) || payload_len(vu) > MAX_PAYLOAD);
}

/* Never reads past the current message, so its descriptors are not mixed with the next one's. */
static void receive(void *arg, short revents)
{
	struct vfio_user *vu = arg;

	while (vu->peer >= 0) {
		void *where;
		size_t len = missing(vu, &where);
		ssize_t n = receive_part(vu, where, len);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			return drop_peer(vu, n ? "receive" : "end");
		if (bad_size(vu))
			return drop_peer(vu, "message-size");
		if (vu->have < sizeof(vu->header) || missing(vu, &where))
			continue;
		handle_message(vu);
		close_fds(vu);
		vu->have = 0;
	}
}

void vfio_user_attach(struct vfio_user *vu, int fd)
{
	vu->peer = fd;
	vu->versioned = false;
	vu->have = 0;
	loop_watch(vu->loop, fd, POLLIN, receive, vu);
}

bool vfio_user_attached(const struct vfio_user *vu)
{
	return vu->peer >= 0;
}

static void accept_peer(void *arg, short revents)
{
	struct vfio_user *vu = arg;
	int fd = socket_accept(vu->listener);

	if (fd < 0)
		return;
	if (vu->peer >= 0) {
		close(fd);	/* one peer at a time */
		return;
	}
	log_event(vu->log, "event", "peer connected");
	vfio_user_attach(vu, fd);
}

int vfio_user_listen(struct vfio_user *vu, const char *path)
{
	int fd = socket_listen(path);

	if (fd < 0)
		return fd;
	vu->listener = fd;
	loop_watch(vu->loop, fd, POLLIN, accept_peer, vu);
	return 0;
}

struct vfio_user *vfio_user_new(struct loop *loop, struct log *log,
				const struct vfio_user_device *desc,
				const struct vfio_user_ops *ops, void *dev)
{
	struct vfio_user *vu = alloc_zeroed(sizeof(*vu));

	vu->loop = loop;
	vu->log = log;
	vu->desc = *desc;
	vu->ops = ops;
	vu->dev = dev;
	vu->listener = -1;
	vu->peer = -1;
	return vu;
}

void vfio_user_free(struct vfio_user *vu)
{
	if (!vu)
		return;
	drop_peer(vu, "shutdown");
	if (vu->listener >= 0) {
		loop_unwatch(vu->loop, vu->listener);
		close(vu->listener);
	}
	free(vu);
}
