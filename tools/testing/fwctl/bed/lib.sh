# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Functions of the test bed's scripts, to be sourced: paths, messages, time limits and locks.
#
# A script sets $bed (this folder) before it sources this file.

# shellcheck source-path=SCRIPTDIR source=versions disable=SC2154
. "$bed/versions"

top=$(cd "$bed/../../../.." && pwd)
FWCTL_CACHE=${FWCTL_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/fwctl}
export FWCTL_CACHE

# Do not pass the flags of a make(1) that started the script to the ones that it starts.
unset MAKEFLAGS MFLAGS MAKELEVEL

say()
{
	printf 'fwctl: %s\n' "$*"
}

die()
{
	printf 'fwctl: error: %s\n' "$*" >&2
	exit 1
}

# "make clean" empties the cache, so it must not be a folder with other files.
check_cache()
{
	case $FWCTL_CACHE in
	/*) ;;
	*) die "FWCTL_CACHE=$FWCTL_CACHE is not an absolute path" ;;
	esac

	cache=$(readlink -m "$FWCTL_CACHE")
	for precious in / "$(readlink -m "${HOME:-/root}")" "$top"; do
		case $precious/ in
		"${cache%/}"/*) die "FWCTL_CACHE=$FWCTL_CACHE holds $precious: choose a folder of its own" ;;
		esac
	done
	case $cache/ in
	"$top"/*) die "FWCTL_CACHE=$FWCTL_CACHE lies in the checkout: choose a folder outside" ;;
	esac
	FWCTL_CACHE=$cache
}

# Take the cache's lock for the part $1, and wait for it if another run has it. The lock is
# held through fd 9 until the script ends.
hold()
{
	mkdir -p "$FWCTL_CACHE/locks" ||
		die "cannot write to $FWCTL_CACHE: set FWCTL_CACHE to a folder that you own"
	exec 9>"$FWCTL_CACHE/locks/$1"
	flock -n 9 && return
	say "another run works on $1; waiting for it"
	flock -w 3600 9 || die "$FWCTL_CACHE/locks/$1 is still held after an hour: end the other run"
}

# room MB: fail if the cache's disk has less space.
room()
{
	mkdir -p "$FWCTL_CACHE"
	free=$(df -m --output=avail "$FWCTL_CACHE" | tail -n 1)
	[ "$((free))" -ge "$1" ] || die "$FWCTL_CACHE has $((free)) MB of free space, $1 are needed: make room, or set FWCTL_CACHE to another folder"
}

# The host's proxy and date settings, for the configuration of another apt.
apt_network()
{
	apt-config dump | sed -n -E \
		's/^(Acquire::(https?::Proxy|Retries|Check-Valid-Until|Check-Date) "[^"]+";)$/\1/p'
}

need()
{
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing: run tools/testing/fwctl/bed/host check as root"
	done
}

minutes()
{
	printf '%d:%02d' $(($1 / 60)) $(($1 % 60))
}

# One line of progress every half minute, from the log of a long step. sleep(1) may outlive
# the function, so it must not hold our stdout open: a reader would wait for it.
ticker()
{
	while sleep 30 >/dev/null 2>&1; do
		say "  ... $(grep -cE '^ +(CC|HOSTCC|AS|LD|AR|CHECK) ' "$1") files built," \
			"$(minutes $(($(date +%s) - $2)))"
	done
}

# run MESSAGE SECONDS LOG COMMAND...: the command's output goes to LOG; the terminal
# gets a line at the start and, when it fails, the first error and the log's path.
run()
{
	what=$1 limit=$2 log=$3
	shift 3

	mkdir -p "$(dirname "$log")"
	say "$what"
	began=$(date +%s)
	timeout -k 10 "$limit" "$@" >"$log" 2>&1 </dev/null &
	job=$!
	ticker "$log" "$began" 9>&- &
	tick=$!
	trap 'kill "$job" "$tick" 2>/dev/null; exit 130' INT TERM
	rc=0
	wait "$job" || rc=$?
	kill "$tick"
	wait "$tick" 2>/dev/null || :
	trap - INT TERM

	[ "$rc" -ne 0 ] || return 0
	grep -m 3 -E '(error|Error|\*\*\*|FAILED|fatal)' "$log" >&2 || tail -n 3 "$log" >&2
	[ "$rc" -ne 124 ] || die "$what: not done after $limit seconds; see $log"
	die "$what: failed; see $log"
}

check_cache
