# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # set by the sourcing script
#
# Shared by demo/run and demo/shell, to be sourced: builds the parts of the VM that are not
# up to date.

top=$(cd "$here/../../../.." && pwd)
FWCTL_CACHE=${FWCTL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwctl}
export FWCTL_CACHE
unset MAKEFLAGS MFLAGS MAKELEVEL
on='' off=''
if [ -t 1 ]; then
	on=$(printf '\033[1m') off=$(printf '\033[0m')
fi

# step N TEXT TARGET: a part that "make TARGET" brings up to date.
step()
{
	printf '%s[%s/%s] %s%s\n' "$on" "$1" "$steps" "$2" "$off"
	make -s --no-print-directory -C "$top" "$3" || {
		echo "demo: step $1, 'make $3', failed: its last lines above say why" >&2
		exit 1
	}
}

build_all()
{
	step 1 "packages of this host" host
	step 2 "a Debian root: user space of the VM, mstflint and QEMU" root
	step 3 "a Linux kernel with fwctl, about five minutes when it is new" kernel
	step 4 "the ConnectX emulator" connectx
}
