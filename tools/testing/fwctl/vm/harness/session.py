# SPDX-License-Identifier: GPL-2.0
"""One run from start to end: folders, emulator, QEMU, output, exit status.

The guest's init reports its progress on the port vm.control: "up", then "exit N"; or
"fail TEXT" if it cannot start the program. The program's stdout and stderr have separate
ports. If QEMU or the emulator ends, the run ends at once.
"""

import contextlib
import fcntl
import shlex
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

from . import emulator, initrd, qemu, terminal
from .child import Child
from .failure import BROKEN, Failure, TIME_IS_UP
from .loop import Loop

KVM_TRIAL = 10      # seconds for KVM to print a first line
USER_SPACE = b" as init process"    # the kernel's last line before init's first
POWEROFF = 15       # seconds from the program's end to QEMU's


def claim(runs, name):
    """Claim a log folder: NAME, or NAME-2 and so on while other runs of this name last."""
    for number in range(1, 100):
        logs = runs / (name if number == 1 else f"{name}-{number}")
        logs.mkdir(parents=True, exist_ok=True)
        lock = open(logs / "lock", "w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return logs, lock
        except BlockingIOError:
            lock.close()
    raise Failure(f"99 runs named {name} are still going: end them")


def empty(logs):
    """Remove the old logs, but not the lock file, which this run holds."""
    for path in logs.iterdir():
        if path.name != "lock":
            path.unlink()


def panic_line(log):
    """The line of a kernel panic on the console, if there is one."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return next((line.strip() for line in text.splitlines() if "Kernel panic" in line), None)


def last_line(log):
    text = log.read_text(errors="replace").strip() if log.exists() else ""
    return text.splitlines()[-1].strip() if text else "nothing at all"


class Silence(Failure):
    """The kernel's console fell silent before it started init, and so before our code ran."""


class Session:
    def __init__(self, opt, logs):
        self.opt, self.logs = opt, logs
        self.console = logs / "console.log"
        self.loop = Loop()
        self.log = (logs / "program.log").open("wb")
        self.words = b""
        self.up = self.status = self.failed = None
        self.qemu = self.terminal = self.control = None
        self.emulators = []

    # Input from the guest

    def pump(self, out):
        """Make a port's handler that copies its data to out and to the log."""
        def pass_on(port):
            data = port.recv(65536)
            if not data:
                self.loop.forget(port)
            for sink in (out, self.log):
                sink.write(data)
                sink.flush()
        return pass_on

    def listen(self, port):
        data = port.recv(4096)
        if not data:
            self.loop.forget(port)
        *lines, self.words = (self.words + data).split(b"\n")
        for line in lines:
            self.heard(line.decode(errors="replace"))

    def heard(self, line):
        word, _, rest = line.partition(" ")
        if word == "up":
            self.up = time.monotonic()
        elif word == "exit":
            self.status = int(rest)
        elif word == "fail":
            self.failed = rest

    # Early ends of a run

    def gone(self):
        """The reason why the run cannot go on, or None."""
        if self.failed:
            return f"{self.failed}; see {self.console}"
        for child in self.emulators:
            if child.status():
                return (f"the emulator ended with {child.status()}:"
                        f" {child.last_words()}; see {child.log}")
        if self.qemu.status():
            return self.why_qemu_ended()
        return None

    def why_qemu_ended(self):
        if panic := panic_line(self.console):
            return f"the kernel gave up: {panic}; see {self.console}"
        if self.qemu.status() != "status 0":
            return f"QEMU ended with {self.qemu.status()}: {self.qemu.last_words()}; see {self.qemu.log}"
        return f"the VM was switched off before the program ended; see {self.console}"

    def late(self):
        if self.up:
            return (f"the program is not done after {self.opt.timeout:g} s: see"
                    f" {self.logs / 'program.log'} and console.log, or give --timeout more")
        return (f"the VM is not up after {self.opt.boot_timeout:g} s, its console's last line is"
                f" '{last_line(self.console)}'; see {self.console}, or give --boot-timeout more")

    def silent(self):
        """Seconds since the console's last line, while the kernel is on its way to init."""
        if USER_SPACE in self.console.read_bytes():
            return 0
        return time.time() - self.console.stat().st_mtime

    def boot(self):
        """Wait for the program's start; with --retry-silent, also for a silent kernel."""
        limit = self.opt.retry_silent
        end = time.monotonic() + self.opt.boot_timeout
        while limit and not self.loop.until(lambda: self.up or self.gone(), 1):
            if self.silent() > limit:
                raise Silence(f"the kernel was silent for {limit:g} s, after '{last_line(self.console)}'")
            if time.monotonic() > end:
                break
        self.wait(lambda: self.up, max(end - time.monotonic(), 0), BROKEN)

    def wait(self, done, seconds, status):
        """Run the loop until done(); raise a Failure if that cannot happen any more."""
        if not self.loop.until(lambda: done() or self.gone(), seconds):
            raise Failure(self.late(), status)
        if not done():
            self.drain()
            raise Failure(self.gone())

    def drain(self):
        """Read the output that a VM has sent before it ended."""
        self.loop.until(lambda: False, 0.2)

    # Steps of a run

    def start_qemu(self, initrd_file, accel, devices):
        keys = ["console0"] if self.opt.shell else ["out", "err"]
        pairs = {key: socket.socketpair() for key in [*keys, "control"]}
        ours = {key: pair[0] for key, pair in pairs.items()}
        theirs = {key: pair[1] for key, pair in pairs.items()}
        program, env = qemu.program(self.opt.root)
        self.console.touch()
        words = [*program, *qemu.machine(self.opt, accel), *qemu.console(self.console),
                 *qemu.kernel(self.opt, initrd_file, initrd_file.parent), *qemu.ports(theirs),
                 *qemu.shares(self.opt), *devices, *shlex.split(self.opt.qemu)]
        self.qemu = Child(words, self.logs / "qemu.log", env=env,
                          pass_fds=[s.fileno() for s in theirs.values()])
        for end in theirs.values():
            end.close()
        self.loop.watch(self.qemu, lambda child: self.loop.forget(child))
        return ours

    def attach(self, ours):
        self.control = ours["control"]
        self.loop.watch(self.control, self.listen)
        if self.opt.shell:
            self.terminal = terminal.Terminal(self.loop, ours["console0"], self.resized)
            self.loop.watch(ours["console0"], self.pump(sys.stdout.buffer))
        else:
            self.loop.watch(ours["out"], self.pump(sys.stdout.buffer))
            self.loop.watch(ours["err"], self.pump(sys.stderr.buffer))

    def resized(self, size):
        with contextlib.suppress(OSError):
            self.control.sendall(f"size {size}\n".encode())

    def start_devices(self, sockets):
        """Start an emulator for each device, and return QEMU's options for all of them."""
        words = []
        for number in range(1, self.opt.devices + 1):
            child, pci, control = emulator.start(self.opt, number, self.logs, sockets)
            self.emulators.append(child)
            self.loop.watch(child, self.loop.forget)
            words += qemu.device(self.opt, number, emulator.name(number), pci, control)
        return words

    def go(self, sockets):
        began = time.monotonic()
        initrd_file = sockets / "initrd"
        initrd.write(initrd_file, self.opt)
        devices = self.start_devices(sockets)
        self.attach(self.start_qemu(initrd_file, choose_accel(self.opt, sockets), devices))
        self.boot()
        self.wait(lambda: self.status is not None, self.opt.timeout, TIME_IS_UP)
        ended = time.monotonic()
        clean = self.loop.until(self.qemu.status, POWEROFF)
        self.record(self.up - began, ended - self.up, time.monotonic() - ended, clean)
        return self.status

    def record(self, boot, program, poweroff, clean):
        text = (f"boot {boot:.1f} s, program {program:.1f} s, power-off {poweroff:.1f} s"
                f"{'' if clean else ' (did not finish)'}, exit status {self.status}\n")
        (self.logs / "times").write_text(text, encoding="ascii")

    def close(self):
        for part in (self.terminal,):
            if part:
                part.close()
        for child in (self.qemu, *self.emulators):
            if child:
                child.stop()
        self.log.close()


def choose_accel(opt, folder):
    """KVM, if requested and if a kernel prints a line under it: with a nested /dev/kvm the
    guest may hang before the first line."""
    if not opt.kvm:
        return "tcg"
    log = folder / "trial.log"
    program, env = qemu.program(opt.root)
    trial = Child([*program, *qemu.machine(opt, "kvm"), *qemu.console(log),
                   *qemu.kernel(opt, None, folder)], folder / "trial.out", env=env)
    try:
        Loop().until(lambda: trial.status() or printed(log), 0)
        end = time.monotonic() + KVM_TRIAL
        while time.monotonic() < end and not printed(log) and not trial.status():
            time.sleep(0.1)
    finally:
        trial.stop(0)
    if printed(log):
        return "kvm"
    print(f"vm: KVM printed nothing in a trial boot of {KVM_TRIAL} s: using TCG", file=sys.stderr)
    return "tcg"


def printed(log):
    return log.exists() and b"Linux version" in log.read_bytes()


def once(opt, logs):
    with tempfile.TemporaryDirectory(prefix="fwctl-vm-") as sockets:
        session = Session(opt, logs)
        try:
            return session.go(Path(sockets))
        finally:
            session.close()


def run(opt):
    logs, lock = claim(opt.cache / "runs", opt.name)
    with lock:
        empty(logs)
        opt.state = opt.state or logs / "state"
        opt.state.absolute().parent.mkdir(parents=True, exist_ok=True)
        try:
            return once(opt, logs)
        except Silence as silence:
            print(f"vm: {silence}: booting once more", file=sys.stderr)
            (logs / "console.log").rename(logs / "console-silent.log")
            return once(opt, logs)
