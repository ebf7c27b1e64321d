# SPDX-License-Identifier: GPL-2.0
"""How the benchmark's kernel is booted, hardened or plain: for "run" and "profile"."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
CACHE = Path(os.environ.get("FWCTL_CACHE") or f"{HOME}/fwctl")
BENCH = CACHE / "build/bench"
LOCK = CACHE / "locks/bench"    # shared while a VM runs: "build" must not replace its files

PLAIN = "plain-"                # begins the name of a row that a plain boot measures


def parameters(plain):
    """Those for the kernel's command line; kernel.plain has the plain ones."""
    words = ["tsc=reliable"]
    if plain:
        lines = (HERE / "kernel.plain").read_text(encoding="ascii").splitlines()
        words += [line for line in lines if line and not line.startswith("#")]
    return " ".join(words)


def command(name, device, plain, qemu):
    """The words of vm/run, up to those that a caller adds."""
    return [HERE.parent / "vm/run", "--name", f"bench-{name}",
            *(["--no-device"] if device == "null" else []), "--no-load",
            "--kernel", BENCH / "kernel/arch/x86/boot/bzImage", "--append", parameters(plain),
            "--memory", "1024", "--boot-timeout", "300", "--qemu", qemu,
            "--share", f"bench={BENCH}/vm"]
