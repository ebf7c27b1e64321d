// SPDX-License-Identifier: GPL-2.0
/* Command line, signals and shutdown. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "connectx.h"
#include "control.h"
#include "init_segment.h"
#include "log.h"
#include "pci.h"
#include "vfio_user.h"

static const char usage[] =
	"usage: connectx --socket PATH --control PATH [--state FILE] [--log FILE]\n"
	"                [--device-id ID] [--vf] [--port-type ib|eth] [--vectors N]\n"
	"                [--boot-pages N] [--init-pages N] [--cmd-timeout MS]\n";

enum {
	OPT_SOCKET = 1, OPT_CONTROL, OPT_STATE, OPT_LOG, OPT_DEVICE_ID, OPT_VF, OPT_PORT_TYPE,
	OPT_VECTORS, OPT_BOOT_PAGES, OPT_INIT_PAGES, OPT_CMD_TIMEOUT, OPT_HELP,
};

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "device-id", required_argument, NULL, OPT_DEVICE_ID },
	{ "vf", no_argument, NULL, OPT_VF },
	{ "port-type", required_argument, NULL, OPT_PORT_TYPE },
	{ "vectors", required_argument, NULL, OPT_VECTORS },
	{ "boot-pages", required_argument, NULL, OPT_BOOT_PAGES },
	{ "init-pages", required_argument, NULL, OPT_INIT_PAGES },
	{ "cmd-timeout", required_argument, NULL, OPT_CMD_TIMEOUT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static bool number(const char *text, unsigned long least, unsigned long most, u32 *value)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 0);
	if (errno || end == text || *end || v < least || v > most)
		return false;
	*value = (u32)v;
	return true;
}

static bool port_type(const char *text, int *value)
{
	*value = !strcmp(text, "eth");
	return *value || !strcmp(text, "ib");
}

static bool take_option(struct options *opt, int which)
{
	u32 value = 0;
	bool ok = true;

	switch (which) {
	case OPT_SOCKET:
		opt->socket = optarg;
		return true;
	case OPT_CONTROL:
		opt->control = optarg;
		return true;
	case OPT_STATE:
		opt->state = optarg;
		return true;
	case OPT_LOG:
		opt->log = optarg;
		return true;
	case OPT_DEVICE_ID:
		ok = number(optarg, 1, 0xffff, &value);
		opt->device_id = (u16)value;
		return ok;
	case OPT_VF:
		opt->vf = true;
		return true;
	case OPT_PORT_TYPE:
		return port_type(optarg, &opt->port_type);
	case OPT_VECTORS:
		ok = number(optarg, 1, PCI_MSIX_VECTORS_MAX, &value);
		opt->vectors = value;
		return ok;
	case OPT_BOOT_PAGES:
		return number(optarg, 0, 10000, &opt->boot_pages);
	case OPT_INIT_PAGES:
		return number(optarg, 0, 10000, &opt->init_pages);
	case OPT_CMD_TIMEOUT:
		return number(optarg, 0, ISEG_TIMEOUT_MS_MAX, &opt->cmd_timeout_ms);
	default:
		return false;
	}
}

/* A virtual function has its own device id, unless the command line gives one. */
static bool parse_options(struct options *opt, int argc, char **argv)
{
	bool device_id = false;
	int which;

	*opt = options_default;
	while ((which = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (!take_option(opt, which))
			return false;
		device_id |= which == OPT_DEVICE_ID;
	}
	if (opt->vf && !device_id)
		opt->device_id = 0x101e;
	return opt->socket && opt->control && optind == argc;
}

static void on_signal(void *arg, short revents)
{
	loop_stop(arg);
}

/* Signals are read through signalfd in the loop, so no handler interrupts the device. */
static int watch_signals(struct loop *loop)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		loop_watch(loop, fd, POLLIN, on_signal, loop);
	return fd;
}

/* Report a failure to listen at @path; true if there is none. */
static bool listening(const char *path, int err)
{
	if (err)
		fprintf(stderr, "connectx: %s: %s\n", path, strerror(-err));
	return !err;
}

/* Create the sockets before the start line is logged: tests wait for that line. */
static int serve(struct connectx *cx)
{
	struct vfio_user *vu = connectx_serve(cx);
	struct control *control = control_new(cx);
	bool ok = listening(cx->opt.socket, vfio_user_listen(vu, cx->opt.socket)) &&
		  listening(cx->opt.control, control_listen(control, cx->opt.control));

	if (ok) {
		log_event(cx->log, "event", "start device=0x%04x vf=%d port=%s", cx->opt.device_id,
			  cx->opt.vf, connectx_ethernet(cx) ? "eth" : "ib");
		loop_run(cx->loop);
		log_event(cx->log, "event", "stop");
		unlink(cx->opt.socket);
		unlink(cx->opt.control);
	}
	control_free(control);
	vfio_user_free(vu);
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct connectx *cx;
	struct loop *loop;
	int ret = 1;

	if (!parse_options(&opt, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	loop = loop_new();
	watch_signals(loop);
	cx = connectx_new(&opt, loop);
	if (cx)
		ret = serve(cx);
	connectx_free(cx);
	loop_free(loop);
	return ret;
}
