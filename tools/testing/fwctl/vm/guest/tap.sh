# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Results of shell scripts as TAP. In the VM this file is /etc/vm/tap.sh.
#
#	result NAME WHY			a failure if WHY is not empty
#	works NAME COMMAND...		the command has to succeed
#	refused NAME PATTERN COMMAND...	it has to fail with a message that matches
#	tap_end				the plan; its status is that of the whole
tap_count=0 tap_failed=0
echo "TAP version 13"

result()
{
	tap_count=$((tap_count + 1))
	if [ -z "$2" ]; then
		echo "ok $tap_count - $1"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	echo "$2" | sed 's/^/#   /'
}

# Run a command in a subshell, and keep what it says and its status.
tap_run()
{
	tap_status=0
	tap_said=$("$@" 2>&1) || tap_status=$?
}

tap_why()
{
	echo "$tap_said" | tail -n 12
	echo "exit status $tap_status"
}

works()
{
	tap_name=$1 tap_reason=
	shift
	tap_run "$@"
	[ "$tap_status" -eq 0 ] || tap_reason=$(tap_why)
	result "$tap_name" "$tap_reason"
}

refused()
{
	tap_name=$1 tap_pattern=$2 tap_reason=
	shift 2
	tap_run "$@"
	if [ "$tap_status" -eq 0 ] || ! echo "$tap_said" | grep -qiE -- "$tap_pattern"; then
		tap_reason=$(tap_why)
	fi
	result "$tap_name" "$tap_reason"
}

holds()
{
	tap_reason=
	"$2" || tap_reason=$(echo "it does not hold"; "$3")
	result "$1" "$tap_reason"
}

tap_end()
{
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ] && [ "$tap_count" -gt 0 ]
}
