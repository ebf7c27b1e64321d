# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the scripts that build from the cache's tree/ share, to be sourced after lib.sh:
# where things are, how a kernel is configured, and which lines of a log are complaints
# about this project.

# shellcheck disable=SC2034,SC2154 # used by those that source this; set by lib.sh
tree=$FWCTL_CACHE/tree
build=$FWCTL_CACHE/build
logs=$FWCTL_CACHE/log
jobs=$(nproc)
compiler=

# What a configuration depends on: fragments, and the Kconfig files that we change.
config_stamp()
{
	(cd "$tree" && cat .fwctl-source drivers/Kconfig && find drivers/fwctl -name Kconfig -exec cat {} +)
	cat "$@"
}

# configure DIR FRAGMENT...: all that the fragments name and no more, a later one before
# an earlier one; made again when one of them changed. $compiler is set if it is not gcc.
configure()
{
	dir=$1
	shift
	mkdir -p "$dir"
	stamp=$(config_stamp "$@" | sha256sum)
	[ "$stamp" != "$(cat "$dir/.config.stamp" 2>/dev/null)" ] || return 0

	cat "$@" >"$dir/.config.wanted"
	run "configuring $(basename "$dir")" 300 "$logs/config.log" make -C "$tree" O="$dir" \
		${compiler:+"CC=$compiler"} KCONFIG_ALLCONFIG="$dir/.config.wanted" allnoconfig
	check_config "$dir" "$@"
	echo "$stamp" >"$dir/.config.stamp"
}

# Kconfig drops in silence what it cannot give: a test bed without lockdown, say,
# would pass tests that it should not.
check_config()
{
	dir=$1
	shift
	lost=$(cat "$@" | awk -F= -v config="$dir/.config" '
		/^CONFIG_/ { want[$1] = $0 }
		END {
			while ((getline line < config) > 0)
				have[line] = 1
			for (name in want)
				if (want[name] !~ /=n$/ && !(want[name] in have))
					printf "%s ", want[name]
		}')
	[ -z "$lost" ] || die "the kernel's configuration lost $lost: see $*"
}

# start_from_vm DIR RSYNC-OPTIONS...: a copy of what vm/ built, so that little is left to
# build; -a keeps the times that make(1) goes by. Only objtool knows where it was built and
# is built anew; as every object depends on it, it then gets the time of the first one.
start_from_vm()
{
	copy=$1
	shift
	[ ! -d "$copy" ] || return 0
	rm -rf "$copy.new"
	rsync -a "$@" "$build/vm/" "$copy.new/"
	rm -f "$copy.new/.config.stamp"
	mv "$copy.new" "$copy"
	timeout 300 make -C "$tree" O="$copy" tools/objtool >"$logs/objtool.log" 2>&1 ||
		die "objtool does not build; see $logs/objtool.log"
	find "$copy/tools/objtool" -exec touch -r "$build/vm/tools/objtool/objtool" {} +
}

# Lines of a log that complain about a file of ours. What other files complain about
# under W=1 is theirs.
complaints()
{
	ours='drivers/fwctl|include/linux/fwctl|include/(uapi/)?fwctl|selftests/fwctl'
	grep -E "^[^ ]*($ours)[^ ]*:.*(warning|error):|modpost: .*fwctl|Error [0-9]" "$1" || :
}

no_complaints()
{
	found=$(complaints "$1")
	[ -z "$found" ] || die "the build complains: $found"
}
