/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device: its parts, its life cycle, and the dispatch of the peer's accesses
 * to these parts.
 *
 * Three levels of ending, each including the one before:
 *   drop     the driver's setup (DISABLE_HCA, a new queue, a lost peer)
 *   reset    the PCI function too (DEVICE_RESET, function level reset)
 *   restart  the firmware: stored configuration takes effect
 */
#ifndef CONNECTX_CONNECTX_H
#define CONNECTX_CONNECTX_H

#include "loop.h"
#include "types.h"

#define FW_PSID "EMU0000000021"
#define FW_BASE_MAC 0x02fc71000010ULL
#define FW_BASE_GUID 0x02fc710003000010ULL

/* 32 MiB, as on real devices: pages of UARs behind the init segment. */
#define BAR0_SIZE (32ULL << 20)

struct options {
	const char *socket;
	const char *control;
	const char *state;	/* NULL: configuration lives as long as the process */
	const char *log;
	u16 device_id;
	bool vf;
	int port_type;		/* 0 IB, 1 Ethernet, -1 as configured in the device */
	unsigned int vectors;
	u32 boot_pages;		/* pages that the firmware asks for at boot */
	u32 init_pages;
	u32 cmd_timeout_ms;	/* advertised command timeout, 0 for the driver's own */
};

enum hca_state { HCA_OFF, HCA_ENABLED, HCA_READY };

struct connectx {
	struct options opt;
	struct loop *loop;
	struct log *log;
	struct guest *guest;
	struct irqs *irqs;
	struct pci *pci;
	struct iseg *iseg;
	struct cmdq *cmdq;
	struct eqs *eqs;
	struct uctxs *uctxs;
	struct objects *objects;
	struct pages *pages;
	struct caps *caps;
	struct nv *nv;
	struct regs *regs;
	struct faults *faults;
	enum hca_state hca;
	u16 issi;
	bool removed;		/* pulled out: every read gives all ones */
	u8 diagnostic_params[64];
};

extern const struct options options_default;

/* NULL when the log or the state cannot be used; the reason is on stderr. */
struct connectx *connectx_new(const struct options *opt, struct loop *loop);
void connectx_free(struct connectx *cx);

void connectx_drop_objects(struct connectx *cx, const char *why);
void connectx_drop(struct connectx *cx, const char *why);
void connectx_reset(struct connectx *cx, const char *why);
void connectx_restart(struct connectx *cx, const char *why);

/* Health faults. */
void connectx_fatal(struct connectx *cx);
void connectx_remove(struct connectx *cx);
void connectx_replug(struct connectx *cx);

/* Send a port change event to the driver. */
void connectx_port_event(struct connectx *cx, bool up);

/* Steps of a reset of the firmware that the driver agrees to, as the event has them */
enum sync_reset {
	SYNC_RESET_REQUEST = 0,
	SYNC_RESET_ABORT = 2,
	SYNC_RESET_UNLOAD = 3,
};

void connectx_sync_reset_event(struct connectx *cx, enum sync_reset step);

bool connectx_ethernet(const struct connectx *cx);

struct vfio_user;
/* The device's server for a vfio-user peer. */
struct vfio_user *connectx_serve(struct connectx *cx);

void connectx_describe(const struct connectx *cx, void (*line)(void *arg, const char *text),
		       void *arg);

#endif
