// SPDX-License-Identifier: GPL-2.0
/* Composition, life cycle and address decoding. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "be.h"
#include "caps.h"
#include "cmdq.h"
#include "connectx.h"
#include "eq.h"
#include "fault.h"
#include "guest.h"
#include "init_segment.h"
#include "irq.h"
#include "log.h"
#include "nv.h"
#include "objects.h"
#include "pages.h"
#include "pci.h"
#include "regs/regs.h"
#include "state.h"
#include "uctx.h"
#include "vfio_user.h"

#define UAR_SHIFT 12
#define UAR_EQ_ARM 0x40
#define UAR_EQ_UPDATE 0x48

const struct options options_default = {
	.device_id = 0x1021,
	.port_type = -1,
	.vectors = 32,
	.boot_pages = 4,
	.init_pages = 60,
};

bool connectx_ethernet(const struct connectx *cx)
{
	return nv_link_type(cx->nv) == NV_LINK_ETH;
}

/*
 * Load first: the port type, and with it the PCI class and the capabilities,
 * comes from the stored configuration.
 */
static void load_configuration(struct connectx *cx)
{
	cx->nv = nv_new(cx->opt.port_type == 1 ? NV_LINK_ETH : NV_LINK_IB);
	if (cx->opt.state)
		state_load(cx->opt.state, cx->nv);
	nv_boot(cx->nv);
}

struct connectx *connectx_new(const struct options *opt, struct loop *loop)
{
	struct connectx *cx = alloc_zeroed(sizeof(*cx));

	cx->opt = *opt;
	cx->loop = loop;
	cx->log = log_open(opt->log);
	if (!cx->log) {
		fprintf(stderr, "connectx: cannot write the log %s: %m\n", opt->log);
		free(cx);
		return NULL;
	}
	load_configuration(cx);
	cx->guest = guest_new();
	cx->irqs = irqs_new(opt->vectors);
	cx->pci = pci_new(opt->device_id, opt->vf, connectx_ethernet(cx), opt->vectors);
	cx->iseg = iseg_new(opt->cmd_timeout_ms);
	cx->cmdq = cmdq_new(cx);
	cx->eqs = eqs_new(cx->guest, cx->irqs, cx->log);
	cx->uctxs = uctxs_new(cx->log);
	cx->objects = objects_new();
	cx->pages = pages_new();
	cx->caps = caps_new(connectx_ethernet(cx));
	cx->regs = regs_new();
	cx->faults = faults_new();
	return cx;
}

/* In reverse order of creation: jobs of the command queue use the other parts. */
void connectx_free(struct connectx *cx)
{
	if (!cx)
		return;
	cmdq_free(cx->cmdq);
	faults_free(cx->faults);
	regs_free(cx->regs);
	caps_free(cx->caps);
	pages_free(cx->pages);
	objects_free(cx->objects);
	uctxs_free(cx->uctxs);
	eqs_free(cx->eqs);
	iseg_free(cx->iseg);
	pci_free(cx->pci);
	irqs_free(cx->irqs);
	guest_free(cx->guest);
	nv_free(cx->nv);
	log_close(cx->log);
	free(cx);
}

/* Drop objects and contexts, but keep the pages: the driver takes them after TEARDOWN_HCA. */
void connectx_drop_objects(struct connectx *cx, const char *why)
{
	eqs_reset(cx->eqs);
	uctxs_reset(cx->uctxs, why);
	objects_reset(cx->objects);
	regs_drop_uid(cx->regs, UID_SHARED);
}

/* The driver's memory must not be accessed after this, so jobs are dropped first. */
void connectx_drop(struct connectx *cx, const char *why)
{
	cmdq_abandon(cx->cmdq);
	connectx_drop_objects(cx, why);
	if (pages_count(cx->pages))
		log_event(cx->log, "event", "pages-kept count=%u by=%s", pages_count(cx->pages),
			  why);
	pages_reset(cx->pages);
	cx->hca = HCA_OFF;
	cx->issi = 0;
}

/* Configuration first, because the capabilities depend on it. Fault rules stay. */
void connectx_restart(struct connectx *cx, const char *why)
{
	connectx_drop(cx, why);
	nv_boot(cx->nv);
	regs_boot(cx->regs);
	iseg_reset(cx->iseg, regs_firmware_version(cx->regs));
	caps_reset(cx->caps, connectx_ethernet(cx));
	memset(cx->diagnostic_params, 0, sizeof(cx->diagnostic_params));
	log_event(cx->log, "reset", "kind=restart by=%s", why);
}

void connectx_reset(struct connectx *cx, const char *why)
{
	connectx_drop(cx, why);
	iseg_reset(cx->iseg, regs_firmware_version(cx->regs));
	pci_reset(cx->pci);
	caps_reset(cx->caps, connectx_ethernet(cx));
	log_event(cx->log, "reset", "kind=function by=%s", why);
	/* A restart armed through MFRL happens at the next reset. */
	if (regs_restart_armed(cx->regs))
		connectx_restart(cx, "MFRL");
}

/* Dead firmware sends no more answers, not even of commands already executed. */
void connectx_fatal(struct connectx *cx)
{
	log_event(cx->log, "fault", "fatal");
	cmdq_abandon(cx->cmdq);
	iseg_set_fatal(cx->iseg);
}

void connectx_remove(struct connectx *cx)
{
	log_event(cx->log, "fault", "removal");
	connectx_drop(cx, "removal");
	cx->removed = true;
}

void connectx_replug(struct connectx *cx)
{
	cx->removed = false;
	connectx_restart(cx, "replug");
}

void connectx_port_event(struct connectx *cx, bool up)
{
	enum { SUB_TYPE_DOWN = 1, SUB_TYPE_ACTIVE = 4 };
	u8 data[28] = { [0x08] = 1 << 4 };	/* port 1 */

	eqs_post(cx->eqs, EQ_EVENT_PORT_CHANGE, up ? SUB_TYPE_ACTIVE : SUB_TYPE_DOWN, data, false);
}

void connectx_sync_reset_event(struct connectx *cx, enum sync_reset step)
{
	enum { SUB_TYPE_SYNC_RESET = 8 };
	u8 data[28] = { [0x03] = step };

	eqs_post(cx->eqs, EQ_EVENT_GENERAL, SUB_TYPE_SYNC_RESET, data, false);
}

/* Dead firmware ignores the doorbell. */
static void ring(struct connectx *cx, u32 mask)
{
	if (iseg_fatal(cx->iseg))
		log_event(cx->log, "mmio", "doorbell=0x%08x ignored: firmware is dead", mask);
	else
		cmdq_doorbell(cx->cmdq, mask);
}

static void write_iseg(struct connectx *cx, u64 off, const void *buf, u32 len)
{
	u32 value = 0;

	switch (iseg_write(cx->iseg, off, buf, len, &value)) {
	case ISEG_NOTHING:
		break;
	case ISEG_QUEUE:
		log_event(cx->log, "mmio", "queue=0x%llx",
			  (unsigned long long)iseg_queue(cx->iseg));
		connectx_drop(cx, "new-queue");
		break;
	case ISEG_DOORBELL:
		ring(cx, value);
		break;
	case ISEG_DISABLED:
		connectx_drop(cx, "nic-disable");
		break;
	case ISEG_SW_RESET:
		connectx_restart(cx, "sw-reset");
		break;
	case ISEG_SYNC_RESET:
		if (regs_restart_armed(cx->regs))
			connectx_restart(cx, "sync-reset");
		break;
	}
}

/* There is no data path, so the event queue doorbells are all that a UAR has. */
static void write_uar(struct connectx *cx, u64 off, const void *buf, u32 len)
{
	u64 doorbell = off & ((1 << UAR_SHIFT) - 1);

	if (len != 4 || (doorbell != UAR_EQ_ARM && doorbell != UAR_EQ_UPDATE))
		return;
	if (objects_exist(cx->objects, OBJECT_UAR, (u32)(off >> UAR_SHIFT)))
		eqs_doorbell(cx->eqs, be32_get(buf), doorbell == UAR_EQ_ARM);
}

/* BAR 2 holds the MSI-X table, which the peer emulates; it and the UARs read 0. */
static int region_read(void *dev, unsigned int region, u64 off, void *buf, u32 len)
{
	struct connectx *cx = dev;

	memset(buf, cx->removed ? 0xff : 0, len);
	if (cx->removed)
		return 0;
	if (region == VFIO_USER_REGION_CONFIG)
		pci_read(cx->pci, off, buf, len);
	else if (region == 0 && off < ISEG_SIZE && len <= ISEG_SIZE - off)
		iseg_read(cx->iseg, off, buf, len);
	return 0;
}

static int region_write(void *dev, unsigned int region, u64 off, const void *buf, u32 len)
{
	struct connectx *cx = dev;

	if (cx->removed)
		return 0;
	if (region == VFIO_USER_REGION_CONFIG) {
		if (pci_write(cx->pci, off, buf, len))
			connectx_reset(cx, "FLR");
	} else if (region == 0) {
		if (off < ISEG_SIZE)
			write_iseg(cx, off, buf, len);
		else
			write_uar(cx, off, buf, len);
	}
	return 0;
}

static int dma_map(void *dev, u64 addr, u64 size, int fd, u64 offset, u32 access)
{
	return guest_map(((struct connectx *)dev)->guest, addr, size, fd, offset, access);
}

static int dma_unmap(void *dev, u64 addr, u64 size)
{
	return guest_unmap(((struct connectx *)dev)->guest, addr, size);
}

static int set_irqs(void *dev, u32 start, u32 count, const int *fds, size_t nfds)
{
	return irqs_assign(((struct connectx *)dev)->irqs, start, count, fds, nfds);
}

static void disable_irqs(void *dev)
{
	irqs_disable(((struct connectx *)dev)->irqs);
}

static void trigger_irq(void *dev, u32 vector)
{
	irq_raise(((struct connectx *)dev)->irqs, vector);
}

static void peer_reset(void *dev)
{
	struct connectx *cx = dev;

	if (!cx->removed)
		connectx_reset(cx, "DEVICE_RESET");
}

/* The machine has gone: a device that was removed is plugged in again for the next one. */
static void peer_gone(void *dev)
{
	struct connectx *cx = dev;

	log_event(cx->log, "event", "peer gone");
	connectx_drop(cx, "peer-gone");
	iseg_reset(cx->iseg, regs_firmware_version(cx->regs));
	pci_reset(cx->pci);
	irqs_disable(cx->irqs);
	guest_unmap_all(cx->guest);
	if (cx->removed)
		connectx_replug(cx);
}

struct vfio_user *connectx_serve(struct connectx *cx)
{
	static const struct vfio_user_ops ops = {
		.read = region_read,
		.write = region_write,
		.dma_map = dma_map,
		.dma_unmap = dma_unmap,
		.set_irqs = set_irqs,
		.disable_irqs = disable_irqs,
		.trigger_irq = trigger_irq,
		.reset = peer_reset,
		.gone = peer_gone,
	};
	const struct vfio_user_device desc = {
		.region_size = {
			[0] = BAR0_SIZE,
			[PCI_MSIX_BAR] = PCI_MSIX_BAR_SIZE,
			[VFIO_USER_REGION_CONFIG] = PCI_CONFIG_SIZE,
		},
		.vectors = cx->opt.vectors,
	};

	return vfio_user_new(cx->loop, cx->log, &desc, &ops, cx);
}

void connectx_describe(const struct connectx *cx, void (*line)(void *arg, const char *text),
		       void *arg)
{
	static const char *const hca[] = { "off", "enabled", "ready" };
	unsigned int i;
	char text[160];

	snprintf(text, sizeof(text), "health syndrome=0x%02x fatal=%d removed=%d",
		 iseg_syndrome(cx->iseg), iseg_fatal(cx->iseg), cx->removed);
	line(arg, text);
	snprintf(text, sizeof(text), "hca state=%s issi=%u pages=%u uars=%u pds=%u", hca[cx->hca],
		 cx->issi, pages_count(cx->pages), objects_count(cx->objects, OBJECT_UAR),
		 objects_count(cx->objects, OBJECT_PD));
	line(arg, text);
	eqs_describe(cx->eqs, line, arg);
	for (i = 0; i < irqs_count(cx->irqs); i++) {
		if (!irq_raised(cx->irqs, i))
			continue;
		snprintf(text, sizeof(text), "irq vector=%u raised=%llu", i,
			 (unsigned long long)irq_raised(cx->irqs, i));
		line(arg, text);
	}
	uctxs_describe(cx->uctxs, line, arg);
	cmdq_describe(cx->cmdq, line, arg);
	faults_describe(cx->faults, line, arg);
}
