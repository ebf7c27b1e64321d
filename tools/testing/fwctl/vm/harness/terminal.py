# SPDX-License-Identifier: GPL-2.0
"""Our terminal as the terminal of the VM: raw during the run, restored afterwards."""

import os
import signal
import sys
import termios
import tty


def size():
    """Rows and columns as arguments of stty; empty without a terminal."""
    try:
        columns, rows = os.get_terminal_size(sys.stdin.fileno())
    except OSError:
        return ""
    return f"rows {rows} cols {columns}"


class Terminal:
    """Copies keys to the guest's console, and its output to stdout."""

    def __init__(self, loop, console, resized):
        self.loop, self.console = loop, console
        self.old = termios.tcgetattr(sys.stdin)
        tty.setraw(sys.stdin)
        signal.signal(signal.SIGWINCH, lambda *_: resized(size()))
        loop.watch(sys.stdin, self.keys)

    def keys(self, stdin):
        data = os.read(stdin.fileno(), 4096)
        if not data:
            self.loop.forget(stdin)
        self.console.sendall(data)

    def close(self):
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self.old)
