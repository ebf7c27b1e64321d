/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The server side of the vfio-user protocol, the part that QEMU's vfio-user-pci
 * device uses: one peer at a time on a stream socket. Unknown messages are
 * answered with an error; the connection ends only if the message boundaries
 * are lost.
 */
#ifndef CONNECTX_VFIO_USER_H
#define CONNECTX_VFIO_USER_H

#include "log.h"
#include "loop.h"

#define VFIO_USER_REGIONS 9
#define VFIO_USER_REGION_CONFIG 7

/**
 * struct vfio_user_device - description of the device for the peer
 * @region_size: by region index: 0..5 BARs, 7 configuration space; 0 is absent
 * @vectors: size of the MSI-X table
 */
struct vfio_user_device {
	u64 region_size[VFIO_USER_REGIONS];
	u32 vectors;
};

/**
 * struct vfio_user_ops - callbacks for the peer's requests
 * @read, @write: access to a region; the range has been checked against its size
 * @dma_map: map a range of guest memory; the caller closes @fd, which may be -1;
 *	@access as in guest.h
 * @dma_unmap: unmap ranges
 * @set_irqs: MSI-X eventfds, which the callback takes over
 * @gone: the peer has disconnected; none of its resources may be used any more
 *
 * Callbacks that return int return 0 or a negative errno, which is the answer.
 */
struct vfio_user_ops {
	int (*read)(void *dev, unsigned int region, u64 off, void *buf, u32 len);
	int (*write)(void *dev, unsigned int region, u64 off, const void *buf, u32 len);
	int (*dma_map)(void *dev, u64 addr, u64 size, int fd, u64 offset, u32 access);
	int (*dma_unmap)(void *dev, u64 addr, u64 size);
	int (*set_irqs)(void *dev, u32 start, u32 count, const int *fds, size_t nfds);
	void (*disable_irqs)(void *dev);
	void (*trigger_irq)(void *dev, u32 vector);
	void (*reset)(void *dev);
	void (*gone)(void *dev);
};

struct vfio_user;

struct vfio_user *vfio_user_new(struct loop *loop, struct log *log,
				const struct vfio_user_device *desc,
				const struct vfio_user_ops *ops, void *dev);
void vfio_user_free(struct vfio_user *vu);

/* Listen at @path, replacing a socket that is there. 0 or a negative errno. */
int vfio_user_listen(struct vfio_user *vu, const char *path);
/* Serve a connected socket; takes @fd over. */
void vfio_user_attach(struct vfio_user *vu, int fd);
bool vfio_user_attached(const struct vfio_user *vu);

#endif
