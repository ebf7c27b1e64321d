#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Modules of fwctl that go while files are open: which may, which may not, and the errnos
# of the files afterwards. Needs fwctl_sim as a module, and takes mlx5_fwctl along if a
# ConnectX or its emulator is there.
#
# Suites: lifetimes

dir=$(dirname "$(readlink -f "$0")")
# shellcheck source=/dev/null
. "$dir/../kselftest/ktap_helpers.sh"

configfs=/sys/kernel/config
sims=$configfs/fwctl_sim
sim=$sims/fwctl_module
tmp=$(mktemp -d)
holder=

cleanup()
{
	let_go
	if [ -d "$sim" ]; then
		rmdir "$sim"
	fi
	rm -r "$tmp"
	modprobe fwctl_sim
	if [ -n "$mlx5" ]; then
		modprobe mlx5_fwctl
	fi
}

loaded()
{
	[ -d "/sys/module/$1" ]
}

# Built-in code has no count of its users.
is_module()
{
	[ -e "/sys/module/$1/refcnt" ]
}

# eventually COMMAND...: within five seconds
eventually()
{
	tries=50
	until "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

says()
{
	grep -qx "$1" "$tmp/said"
}

# hold NODE: another process opens it, sends one RPC and waits for orders.
hold()
{
	rm -f "$tmp/told" "$tmp/said"
	mkfifo "$tmp/told"
	"$dir/fwctl_unplug" hold "/dev/fwctl/$1" <"$tmp/told" >"$tmp/said" &
	holder=$!
	exec 3>"$tmp/told"
	eventually says holding
}

# The holder tries every system call and says which did not answer as it should.
holder_is_answered()
{
	echo try >&3
	eventually says tried || return 1
	! grep '^wrong' "$tmp/said" | sed 's/^/# /' | grep .
}

# Its exit status is that of close().
let_go()
{
	[ -n "$holder" ] || return 0
	exec 3>&-
	wait "$holder"
	status=$?
	holder=
	return "$status"
}

node()
{
	cat "$sim/node"
}

plug()
{
	mkdir "$sim" && echo 1 >"$sim/live" && [ -c "/dev/fwctl/$(node)" ]
}

refused()
{
	! rmmod "$1" 2>/dev/null && loaded "$1"
}

goes()
{
	rmmod "$1" && ! loaded "$1"
}

test_needed_while_configured()
{
	mkdir "$sim" && refused fwctl_sim && rmdir "$sim"
}

test_needed_while_live()
{
	plug && refused fwctl_sim && hold "$(node)"
}

test_driver_goes_with_files_open()
{
	rmdir "$sim" && goes fwctl_sim
}

test_files_are_answered()
{
	holder_is_answered
}

test_core_stays_with_files_open()
{
	refused fwctl
}

test_core_goes_after_the_last_close()
{
	let_go && eventually goes fwctl
}

test_both_come_back()
{
	modprobe fwctl_sim && plug && hold "$(node)" && let_go && rmdir "$sim"
}

# The call is answered, and its thread is inside of submit() for some time to come: the
# module must not go before that. Afterwards the thread has to run on, and to say so.
test_driver_goes_after_a_submit_that_lingers()
{
	plug || return 1
	echo 1000000 >"$sim/faults/linger_us"
	rm -f "$tmp/told" "$tmp/said"
	mkfifo "$tmp/told"
	"$dir/fwctl_unplug" hold "/dev/fwctl/$(node)" <"$tmp/told" >"$tmp/said" &
	holder=$!
	exec 3>"$tmp/told"
	eventually grep -qx 1 "$sim/stats/completed" || return 1
	rmdir "$sim" && goes fwctl_sim && eventually says holding && let_go
}

test_driver_comes_back_after_that()
{
	modprobe fwctl_sim && plug && rmdir "$sim"
}

mlx5_node()
{
	for link in /sys/class/fwctl/*; do
		if [ "$(cat "$link/driver_name")" = mlx5_fwctl ]; then
			basename "$link"
			return
		fi
	done
	return 1
}

test_mlx5_goes_with_files_open()
{
	[ -n "$mlx5" ] || return "$KSFT_SKIP"
	modprobe mlx5_fwctl && hold "$(mlx5_node)" && goes mlx5_fwctl
}

test_mlx5_files_are_answered()
{
	[ -n "$mlx5" ] || return "$KSFT_SKIP"
	holder_is_answered && refused fwctl && let_go
}

# In this order: each begins where the one before it ended.
tests="needed_while_configured
	needed_while_live
	driver_goes_with_files_open
	files_are_answered
	core_stays_with_files_open
	core_goes_after_the_last_close
	both_come_back
	driver_goes_after_a_submit_that_lingers
	driver_comes_back_after_that
	mlx5_goes_with_files_open
	mlx5_files_are_answered"

run_test()
{
	"test_$1"
	case $? in
	0)
		ktap_test_pass "$1"
		;;
	"$KSFT_SKIP")
		ktap_test_skip "$1: no ConnectX"
		;;
	*)
		ktap_test_fail "$1"
		;;
	esac
}

skip_all()
{
	ktap_skip_all "$1"
	rm -r "$tmp"
	exit "$KSFT_SKIP"
}

ktap_print_header
[ "$(id -u)" -eq 0 ] || skip_all "needs root"
modprobe fwctl_sim 2>/dev/null
[ -d "$sims" ] || mount -t configfs none "$configfs" 2>/dev/null
[ -d "$sims" ] || skip_all "no fwctl_sim"
is_module fwctl_sim || skip_all "fwctl_sim is built in"
is_module fwctl || skip_all "fwctl is built in"

# Another driver would keep the core; it comes back in the end.
mlx5=$(mlx5_node) && rmmod mlx5_fwctl
trap cleanup EXIT

# shellcheck disable=SC2086 # words
set -- $tests
ktap_set_plan "$#"
for test in "$@"; do
	run_test "$test"
done
ktap_finished
