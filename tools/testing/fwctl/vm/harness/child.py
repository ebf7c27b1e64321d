# SPDX-License-Identifier: GPL-2.0
"""Processes that never outlive this one."""

import ctypes
import os
import signal
import subprocess

PR_SET_PDEATHSIG = 1
PATIENCE = 3        # seconds between SIGTERM and SIGKILL

libc = ctypes.CDLL(None)


def die_with_parent():
    """In the child: leave the terminal's process group, end when the harness is killed."""
    os.setpgid(0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """A process with its output in a log file, and a pidfd to wait for."""

    def __init__(self, words, log, pass_fds=(), env=None):
        self.log = log
        self.name = os.path.basename(words[0])
        with open(log, "ab") as output:
            # pylint: disable=subprocess-popen-preexec-fn,consider-using-with
            self.process = subprocess.Popen(
                [str(w) for w in words], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                pass_fds=pass_fds, preexec_fn=die_with_parent, env={**os.environ, **(env or {})})
        self.pidfd = os.pidfd_open(self.process.pid)

    def fileno(self):
        return self.pidfd

    def status(self):
        """Exit status in words, None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        return f"signal {-code}" if code < 0 else f"status {code}"

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else "no message"

    def stop(self, patience=PATIENCE):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self.pidfd)
