#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The ABI once more as a program of 32 bits sees it, if the compiler can make one and the
# kernel runs it.
#
# Suites: memory

abi=$(dirname "$(readlink -f "$0")")/fwctl_abi_32

skip()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

[ -x "$abi" ] || skip "fwctl_abi_32 was not built: no compiler for programs of 32 bits"
# With -l it lists its cases and ends with 4.
"$abi" -l >/dev/null 2>&1
[ $? -eq 4 ] || skip "the kernel runs no programs of 32 bits"
exec "$abi"
