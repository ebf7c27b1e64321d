# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # set by the sourcing script
#
# Output and checks of the demo, to be sourced in the VM: headings, commands as typed with
# their real output, and checks of that output. The first check that fails ends the demo
# with one line.
#
# Sourced with: bold=yes or empty; part=NAME, which names the step and its files.

on=$([ -z "$bold" ] || printf '\033[1m')
off=$([ -z "$bold" ] || printf '\033[0m')
number=0
export PATH="/mnt/bin:$PATH"

heading()
{
	printf '\n%s%s%s\n' "$on" "$*" "$off"
}

note()
{
	printf '%s\n' "$@"
}

# run LINES COMMAND: show so many lines of the output, the last ones if LINES is negative. All
# lines are kept in a file.
run()
{
	number=$((number + 1))
	command=$2
	file=$part-$number.txt
	out=/mnt/log/$file
	status=0
	printf '\n%s# %s%s\n' "$on" "$command" "$off"
	sh -c "$command" > "$out" 2>&1 || status=$?
	more=$(($(wc -l < "$out") - ${1#-}))
	[ "$more" -gt 0 ] || { cat "$out"; return; }
	[ "$1" -lt 0 ] || head -n "$1" "$out"
	printf '[... %d more, all lines are in %s]\n' "$more" "$file"
	[ "$1" -gt 0 ] || tail -n "${1#-}" "$out"
}

fail()
{
	printf '\ndemo: step %s failed: "%s" %s (exit status %s)\n' \
		"$part-$number" "$command" "$*" "$status" >&2
	exit 1
}

# want PATTERN...: the last command must have succeeded, with a matching line for each pattern.
want()
{
	[ "$status" -eq 0 ] || fail "did not succeed"
	for pattern; do
		grep -qE -- "$pattern" "$out" || fail "did not print '$pattern'"
	done
}

# want_refusal PATTERN: the last command must have been refused with this message. Its status
# is ignored: setpci's is 0.
want_refusal()
{
	grep -qE -- "$1" "$out" || fail "was not refused with '$1'"
}

# shown WHAT TOOL PATTERN: a row for the table at the end, whose result is what the last
# command printed.
shown()
{
	result=$(grep -oE -- "$3" "$out" | tr -s ' \n' ' ')
	[ -n "$result" ] || fail "did not print '$3'"
	printf '%s\t%s\t%s\n' "$1" "$2" "${result% }" >> /mnt/log/shown
}

# Bit 19 must not be set, which is fwctl's taint flag. The other flags that this project's
# modules may set are named.
want_no_taint()
{
	run 1 "cat /proc/sys/kernel/tainted"
	want '^[0-9]+$'
	taint=$(cat "$out")
	[ $((taint >> 19 & 1)) -eq 0 ] || fail "shows fwctl's taint flag"
	note "Bit 19, which is fwctl's, is not set."
	[ $((taint >> 12 & 1)) -eq 0 ] || note "Bit 12: a module is not from the kernel's own tree."
	[ $((taint >> 13 & 1)) -eq 0 ] || note "Bit 13: the kernel does not have the key that signed it."
}
