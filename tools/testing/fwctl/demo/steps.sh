# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034,SC2154 # used and set by the sourcing script
#
# Shared by demo/run, demo/shell and mstflint/run, to be sourced: paths, and for the first two
# the parts of the VM, and its boot.

top=$(cd "$here/../../../.." && pwd)
FWCTL_CACHE=${FWCTL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwctl}
export FWCTL_CACHE
unset MAKEFLAGS MFLAGS MAKELEVEL
on='' off=''
if [ -t 1 ]; then
	on=$(printf '\033[1m') off=$(printf '\033[0m')
fi

# part TEXT COMMAND...: bring a part up to date, and print how long that took. If the command
# fails, its last line says why.
part()
{
	text=$1
	shift
	start=$(date +%s)
	"$@" || return 1
	printf '%5d s  %s\n' "$(($(date +%s) - start))" "$text"
}

quiet()
{
	"$@" >/dev/null
}

make_emulator()
{
	part "emulator of a ConnectX" make -s -C "$here/../connectx" -j"$(nproc)" \
		BUILDDIR="$FWCTL_CACHE/build/connectx"
}

make_root()
{
	part "Debian root: the VM's user space, mstflint, QEMU" "$here/../bed/root"
}

# All at once: while one downloads, another one uses the CPU. A shell ignores SIGINT in what it
# starts in the background, so ^C has to end these by SIGTERM.
build_all()
{
	part "packages of this host" "$here/../bed/host" || exit
	part "stock kernel, chosen" quiet "$here/system" release || exit
	trap 'trap "" TERM; kill 0; exit 130' INT
	make_root &
	root=$!
	make_emulator &
	emulator=$!
	failed=0
	part "stock kernel, modules for it, UEFI that has their key" quiet "$here/system" || failed=1
	wait "$root" || failed=1
	wait "$emulator" || failed=1
	trap - INT
	[ "$failed" -eq 0 ] || { echo "demo: a part failed, see above" >&2; exit 1; }
	system=$FWCTL_CACHE/build/demo/system
}

# stock OPTIONS...: vm/run with the stock kernel. One CPU: with two, each call of UEFI's code
# in SMM has to stop the other one, and the firmware alone takes four times as long.
stock()
{
	"$here/../vm/run" --kernel "$system/vmlinuz" --modules "$system" --no-load \
		--qemu "-smp 1" --boot-timeout 300 "$@"
}

secure()
{
	stock --efi "$system/efi" --memory 1024 "$@"
}
