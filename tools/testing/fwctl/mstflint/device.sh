# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# In the VM: the device's node, and requests to the emulator through file 3, which the caller
# opens: exec 3<> /dev/virtio-ports/connectx.control

# control WORDS: send a request to the emulator, and print its answer without the last line,
# unless that says that it was wrong.
control()
{
	echo "$*" >&3
	while read -r line <&3; do
		case $line in
		ok*) break ;;
		esac
		echo "$line"
		case $line in
		error*) break ;;
		esac
	done
}

wait_for_node()
{
	for _ in $(seq 300); do
		[ ! -e /dev/fwctl/fwctl0 ] || return 0
		sleep 0.2
	done
	echo "# no node for a minute"
	return 1
}
