# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# Loads and unloads a core and its driver for $device; to be sourced in the VM.

# shellcheck disable=SC2154 # set by those that source this
case $device in
null) module=fwctl_null ;;
mlx5)
	module=mlx5_fwctl
	insmod /mnt/bench/mlx5_core.ko
	;;
esac
dmesg -n 4	# errors, but not the notices about refused requests

# A parameter of kernel.plain that this kernel does not know would leave its hardening on.
if dmesg | grep 'Unknown kernel command line parameters' >&2; then
	exit 1
fi

# Under systemd every program has a memory cgroup, which its allocations are charged to.
if ! grep -qw cgroup_disable=memory /proc/cmdline; then
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	mkdir /sys/fs/cgroup/bench
	echo $$ >/sys/fs/cgroup/bench/cgroup.procs
fi

# load CORE: sets $node. "control" is mainline once more: its difference from mainline is noise.
load()
{
	modules=/mnt/bench/$1
	[ "$1" != control ] || modules=/mnt/bench/mainline
	insmod "$modules/fwctl.ko"
	insmod "$modules/$module.ko"
	for node in /dev/fwctl/fwctl*; do
		[ -c "$node" ] && return
	done
	echo "bench: $1: no device" >&2
	exit 1
}

unload()
{
	rmmod "$module" fwctl
}
