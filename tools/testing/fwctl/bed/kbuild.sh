# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Functions of the scripts that build from the cache's tree/, to be sourced after lib.sh:
# paths, the configuration of a kernel, and the filter for messages of a build that are
# about this project.

# shellcheck disable=SC2034,SC2154 # used by those that source this; set by lib.sh
tree=$FWCTL_CACHE/tree
build=$FWCTL_CACHE/build
logs=$FWCTL_CACHE/log
jobs=$(nproc)
compiler=
# The Kconfig files of the tree that are this project's or changed by it
kconfigs="drivers/Kconfig drivers/fwctl samples/Kconfig samples/fwctl"

# Print all that a configuration depends on: fragments, and the Kconfig files of the project.
config_stamp()
{
	# shellcheck disable=SC2086 # a list of words
	(cd "$tree" && cat .fwctl-source && find $kconfigs -name Kconfig -exec cat {} +)
	cat "$@"
}

# configure DIR FRAGMENT...: set the options of the fragments and no others; a later fragment
# overrides an earlier one. Done again when one of them changed. $compiler is set if it is
# not gcc.
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

# Kconfig silently drops options whose dependencies are missing. Fail instead: on a kernel
# without lockdown, for one, tests could pass that should not.
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

# start_from_vm DIR RSYNC-OPTIONS...: copy the build folder vm/, so that little is left to
# build; -a keeps the times that make(1) compares. Only objtool has its path compiled in and
# is built again. Every object depends on it, so it then gets the old time.
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

# Print the lines of a log with a warning or error about a file of this project. Other files
# have warnings under W=1, which are ignored.
complaints()
{
	ours='drivers/fwctl|samples/fwctl|include/linux/fwctl|include/(uapi/)?fwctl|selftests/fwctl'
	grep -E "^[^ ]*($ours)[^ ]*:.*(warning|error):|modpost: .*fwctl|Error [0-9]" "$1" || :
}

no_complaints()
{
	found=$(complaints "$1")
	[ -z "$found" ] || die "the build complains: $found"
}
