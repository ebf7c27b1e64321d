# SPDX-License-Identifier: GPL-2.0
"""The command line, and the paths in the cache."""

import argparse
import os
import sys
from pathlib import Path

from . import terminal
from .failure import Failure

TIMEOUT = 300
BOOT_TIMEOUT = 90
MAX_DEVICES = 4     # as many ports as QEMU's virtio-serial has left
MODULES = ["mlx5_core", "mlx5_fwctl"]


def cache():
    """$FWCTL_CACHE, with the same default as in all scripts of the test bed."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("FWCTL_CACHE") or Path(base) / "fwctl").absolute()


def share(text):
    tag, equals, folder = text.partition("=")
    if not (tag.isidentifier() and equals and os.path.isdir(folder)):
        raise argparse.ArgumentTypeError(f"'{text}' is not TAG=DIR with a folder that exists")
    return tag, Path(folder).absolute()


def parser():
    top = cache()
    arg = argparse.ArgumentParser(
        prog="run", usage="%(prog)s [options] -- PROGRAM [ARGS...]",
        description="Boots a kernel with the ConnectX emulator and runs a program in it.")
    add = arg.add_argument
    add("--name", help="name of the run: its logs are in runs/NAME (default: the program's)")
    add("--kernel", type=Path, default=top / "build/vm/arch/x86/boot/bzImage")
    add("--modules", type=Path, default=top / "build/vm-modules",
        help="folder with lib/modules of that kernel")
    add("--efi", type=Path, metavar="DIR",
        help="boot by UEFI with Secure Boot: DIR holds code.fd, vars.fd, shim.efi and grub.efi")
    add("--append", default="", help="more words for the kernel command line")
    add("--state", type=Path, help="the device's firmware state (default: new in every run)")
    add("--devices", type=int, choices=range(1, MAX_DEVICES + 1), default=1,
        help="emulated devices, each with an emulator of its own")
    add("--no-device", action="store_const", dest="devices", const=0,
        help="boot without the emulator")
    add("--root-port", action="store_true",
        help="put each device behind a root port of its own: 01:00.0, 02:00.0 and so on")
    add("--no-load", action="store_true", help=f"do not load {' and '.join(MODULES)}")
    add("--connectx", default="", help="more options for the emulators")
    add("--timeout", type=float, help=f"limit in seconds (default {TIMEOUT}, none for --shell)")
    add("--boot-timeout", type=float, default=BOOT_TIMEOUT, help="limit until the program starts")
    add("--retry-silent", type=float, metavar="S",
        help="boot once more if the kernel prints nothing for S seconds before it starts init")
    add("--share", type=share, action="append", default=[], metavar="TAG=DIR",
        help="DIR appears at /mnt/TAG in the VM")
    add("--memory", type=int, default=512, help="MiB of the VM")
    add("--qemu", default="", help="more options for QEMU")
    add("--kvm", action="store_true", help="use KVM if a trial boot under it prints something")
    add("--shell", action="store_true", help="give the program (default: bash) our terminal")
    add("program", nargs="*", metavar="PROGRAM")
    return arg


def check(opt):
    """Check that all files exist; an error has the command that makes the missing one."""
    for path, make in ((opt.kernel, "kernel"), (opt.root, "root"),
                       *(((opt.emulator, "connectx"),) if opt.devices else ())):
        if not path.exists():
            raise Failure(f"{path} is missing: run 'make {make}'")
    if opt.shell and not sys.stdin.isatty():
        raise Failure("--shell needs a terminal as its standard input", 2)
    if not opt.program:
        raise Failure("no program given: run [options] -- PROGRAM [ARGS...]", 2)


def bound(words):
    """Join an option with its value: argparse would parse a value with dashes as an option."""
    out = []
    for word in words:
        if out and out[-1] in ("--append", "--connectx", "--qemu") and "--" not in out:
            out[-1] += "=" + word
        else:
            out.append(word)
    return out


def parse(words):
    opt = parser().parse_args(bound(words))
    opt.cache = cache()
    opt.root = opt.cache / "root"
    opt.emulator = opt.cache / "build/connectx/connectx"
    opt.load = [] if opt.no_load else MODULES
    if opt.shell and not opt.program:
        opt.program = ["bash", "--rcfile", "/etc/vm/bashrc", "-i"]
    opt.name = opt.name or Path(opt.program[0] if opt.program else "run").name
    opt.term, opt.size = os.environ.get("TERM", "dumb"), terminal.size()
    if opt.timeout is None and not opt.shell:
        opt.timeout = TIMEOUT
    check(opt)
    return opt
