#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the shell commands in the documentation, its blocks "code-block:: sh", and compares the
# output: a comment behind a command, and one alone on a line below it, are text that it has
# to contain. On Debian the shell is dash, which has what POSIX has and little more.
#
# Suites: device

dir=$(dirname "$(readlink -f "$0")")
# shellcheck source=/dev/null
. "$dir/../kselftest/ktap_helpers.sh"

tmp=$(mktemp -d)
said=
trap 'cd /; rmdir /sys/kernel/config/fwctl_sim/card/opcodes/* \
	/sys/kernel/config/fwctl_sim/card 2>/dev/null; rm -r "$tmp"' EXIT

# The page, beside this script or in the kernel tree that this script is in
page()
{
	for path in "$dir" "$dir/../../../../Documentation/userspace-api/fwctl"; do
		if [ -r "$path/$1" ]; then
			echo "$path/$1"
			return
		fi
	done
}

# The commands of a page, those with a comment as arguments of shows, the others as they are
commands()
{
	awk '
		function quoted(text) {
			gsub(/\047/, "\047\\\047\047", text)
			return "\047" text "\047"
		}
		/^[^ ]/ { shown = 0 }
		/^\.\. code-block:: sh/ { shown = 1; next }
		!shown { next }
		{ sub(/^  /, "") }
		/<<\047END\047$/ { text = 1 }
		text { text = $0 != "END"; print; next }
		match($0, / +# /) || match($0, /^# /) {
			command = substr($0, 1, RSTART - 1)
			want = quoted(substr($0, RSTART + RLENGTH))
			print (command ~ /[^ ]/ ? "shows " want " " command : "also " want)
			next
		}
		{ print }' "$1"
}

also()
{
	case $said in
	*"$1"*)
		ktap_test_pass "$name: $1"
		;;
	*)
		echo "$said" | sed 's/^/# /'
		ktap_test_fail "$name: $1"
		;;
	esac
}

# shows TEXT COMMAND...
shows()
{
	want=$1
	shift
	said=$("$@" 2>&1)
	also "$want"
}

# run_page PAGE MISSING: in this shell, as the commands set variables and change the folder
run_page()
{
	name=$1
	if ! grep -q '^shows ' "$tmp/$name"; then
		ktap_test_fail "$name: has commands"
		return
	fi
	if [ -n "$2" ]; then
		ktap_test_skip "$name: $2"
		return
	fi
	# shellcheck source=/dev/null
	. "$tmp/$name"
	cd /
}

# missing DRIVER-TEST...: why a page cannot be run; nothing if it can
missing()
{
	[ "$(id -u)" -eq 0 ] || { echo "needs root"; return; }
	command -v python3 >/dev/null || { echo "no python3"; return; }
	"$@" || echo "no device"
}

sim_is_there()
{
	modprobe -q fwctl_sim 2>/dev/null
	[ -d /sys/bus/platform/drivers/fwctl_sim ]
}

mlx5_is_there()
{
	grep -qsx mlx5_fwctl /sys/class/fwctl/*/driver_name
}

# results PAGE MISSING: how many there will be
results()
{
	if [ -n "$2" ] || ! grep -cE '^(shows|also) ' "$tmp/$1"; then
		echo 1
	fi
}

ktap_print_header
for name in sim.rst mlx5.rst; do
	commands "$(page "$name")" >"$tmp/$name" </dev/null
done
no_sim=$(missing sim_is_there)
no_mlx5=$(missing mlx5_is_there)
ktap_set_plan $(($(results sim.rst "$no_sim") + $(results mlx5.rst "$no_mlx5")))
run_page sim.rst "$no_sim"
run_page mlx5.rst "$no_mlx5"
ktap_finished
