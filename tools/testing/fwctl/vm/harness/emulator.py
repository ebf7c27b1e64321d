# SPDX-License-Identifier: GPL-2.0
"""Starts the ConnectX emulator and waits until QEMU can connect to it."""

import shlex
import time

from .child import Child
from .failure import Failure

PATIENCE = 10       # seconds until both sockets exist


def start(opt, logs, sockets):
    pci, control = sockets / "pci", sockets / "control"
    child = Child([opt.emulator, "--socket", pci, "--control", control,
                   "--state", opt.state, "--log", logs / "connectx.log",
                   *shlex.split(opt.connectx)], logs / "connectx.out")
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
