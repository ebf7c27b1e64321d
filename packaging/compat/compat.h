/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compatibility with kernels other than the one that drivers/ is written for. Included
 * before all other headers when the modules are built outside a kernel tree, and only then.
 *
 * The code in drivers/ has no checks for versions. Where a kernel differs, a macro here
 * hides the difference, with the reason why that is correct.
 */
#ifndef _FWCTL_COMPAT_H
#define _FWCTL_COMPAT_H

#include <linux/compiler_types.h>
#include <linux/panic.h>
#include <linux/version.h>

/*
 * Symbol namespaces are a bare word up to 6.12 and a string from 6.13 on. As a macro,
 * the bare word is such a string.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define FWCTL "FWCTL"
#endif

/*
 * The system-wide unbound workqueue has another name in 6.18. Later kernels keep the
 * old one for a while and warn when work is queued on it.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define system_unbound_wq system_dfl_wq
#endif

/*
 * The taint flag of fwctl was added in 6.15, and a module cannot add one. Older kernels
 * have TAINT_USER for an invasive operation that a program asked for.
 */
#ifndef TAINT_FWCTL
#define TAINT_FWCTL TAINT_USER
#endif

/* There is no Kconfig here: the default of drivers/fwctl/Kconfig, see also fwctl.classes= */
#ifndef CONFIG_FWCTL_CLASSES
#define CONFIG_FWCTL_CLASSES "config-read,config-write,debug-read,debug-write,full"
#endif

#endif
