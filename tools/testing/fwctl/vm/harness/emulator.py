# SPDX-License-Identifier: GPL-2.0
"""Starts the ConnectX emulators and waits until QEMU can connect to them."""

import shlex
import time

from .child import Child
from .failure import Failure

PATIENCE = 10       # seconds until both sockets exist


def name(number):
    """The name of an emulator's files and of its port: connectx, connectx2, connectx3."""
    return "connectx" + suffix(number)


def suffix(number):
    return str(number) if number > 1 else ""


def start(opt, number, logs, sockets):
    pci, control = sockets / f"pci{number}", sockets / f"control{number}"
    child = Child([opt.emulator, "--socket", pci, "--control", control,
                   "--state", f"{opt.state}{suffix(number)}",
                   "--log", logs / f"{name(number)}.log",
                   *shlex.split(opt.connectx)], logs / f"{name(number)}.out")
    end = time.monotonic() + PATIENCE
    while not (pci.is_socket() and control.is_socket()):
        if child.status():
            raise Failure(f"the emulator ended with {child.status()}: {child.last_words()};"
                          f" see {child.log}")
        if time.monotonic() > end:
            child.stop()
            raise Failure(f"the emulator made no sockets in {PATIENCE} s; see {child.log}")
        time.sleep(0.01)
    return child, pci, control
