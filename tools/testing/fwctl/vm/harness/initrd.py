# SPDX-License-Identifier: GPL-2.0
"""The initramfs of one run: busybox, our init, its settings, and boot modules.

It has the files that differ from run to run, so that all runs share one read-only root. A
kernel with virtio and 9p built in needs no modules here; for a distribution's stock kernel
it has the modules that are needed to mount the root.
"""

import lzma
import shlex
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

# Modules that the VM needs to mount its root.
BOOT_MODULES = ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"]

FOLDER, FILE, LINK = 0o040755, 0o100755, 0o120777


def kernel_release(image):
    """The release in the header of a bzImage (Documentation/arch/x86/boot.rst)."""
    with open(image, "rb") as kernel:
        header = kernel.read(0x8000)
    if header[0x202:0x206] != b"HdrS":
        return None
    start = struct.unpack_from("<H", header, 0x20e)[0] + 0x200
    return header[start:].split(b" ", 1)[0].decode(errors="replace")


def dependencies(folder):
    """modules.dep as module name -> paths in load order."""
    table = {}
    for line in (folder / "modules.dep").read_text().splitlines():
        path, _, needs = line.partition(":")
        name = Path(path).name.split(".")[0].replace("-", "_")
        table[name] = [*reversed(needs.split()), path]
    return table


def boot_modules(modules, release):
    """Those of BOOT_MODULES that the kernel has as modules, uncompressed, in load order."""
    folder = modules / "lib/modules" / (release or "")
    if not (folder / "modules.dep").exists():
        return {}
    table = dependencies(folder)
    paths = dict.fromkeys(p for name in BOOT_MODULES for p in table.get(name, []))
    return {Path(path).name.removesuffix(".xz"): module_text(folder / path) for path in paths}


def module_text(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def entry(name, mode, data=b""):
    """One file in cpio's "newc" form: 13 hexadecimal fields, name, data, each padded to 4."""
    fields = [0, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0"
    return pad(head) + pad(data)


def pad(data):
    return data + bytes(-len(data) % 4)


def settings(opt):
    """The settings of the guest's init: plain sh assignments, and the program's words."""
    values = {
        "shares": " ".join(tag for tag, _ in opt.share),
        "load": " ".join(opt.load),
        "shell": "1" if opt.shell else "",
        "term": opt.term,
        "size": opt.size,
    }
    lines = [f"{key}={shlex.quote(value)}" for key, value in values.items()]
    return "\n".join([*lines, "set -- " + shlex.join(opt.program), ""]).encode()


def contents(opt):
    yield from (entry(name, FOLDER) for name in ("bin", "dev", "proc", "sys", "vm", "boot"))
    yield entry("bin/busybox", FILE, (opt.root / "usr/bin/busybox").read_bytes())
    yield entry("bin/sh", LINK, b"busybox")
    yield entry("init", FILE, (HERE / "init").read_bytes())
    yield entry("vm/settings", FILE, settings(opt))
    for path in sorted((HERE / "guest").iterdir()):
        yield entry(f"vm/{path.name}", FILE, path.read_bytes())
    modules = boot_modules(opt.modules, kernel_release(opt.kernel))
    for number, (name, data) in enumerate(modules.items()):
        yield entry(f"boot/{number:02}-{name}", FILE, data)
    yield entry("TRAILER!!!", 0)


def write(path, opt):
    path.write_bytes(b"".join(contents(opt)))
