# SPDX-License-Identifier: GPL-2.0
"""QEMU's command line, for the QEMU inside the cache's root."""

import json

PORTS = {"out": "vm.out", "err": "vm.err", "control": "vm.control"}


def program(root):
    """QEMU through the root's own dynamic loader: it is newer than the host's libc may
    be, and this way needs no chroot, hence no mounts that could be left behind."""
    libraries = root / "usr/lib/x86_64-linux-gnu"
    words = [root / "lib64/ld-linux-x86-64.so.2", "--library-path", libraries,
             root / "usr/bin/qemu-system-x86_64",
             "-L", root / "usr/share/qemu", "-L", root / "usr/share/seabios"]
    return words, {"QEMU_MODULE_DIR": str(libraries / "qemu")}


def machine(opt, accel):
    """Guest memory is shareable, because the device's process maps it."""
    accel = {"tcg": "tcg,thread=multi", "kvm": "kvm"}[accel]
    return ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", "q35,memory-backend=ram", "-cpu", "max", "-smp", "2",
            "-m", opt.memory,
            "-object", f"memory-backend-memfd,id=ram,size={opt.memory}M,share=on",
            "-accel", accel, "-device", "virtio-rng-pci"]


def kernel(opt, initrd):
    """The kernel's early check of its timer fails where it has to share the host's CPUs."""
    return ["-kernel", opt.kernel, *(["-initrd", initrd] if initrd else []),
            "-append", f"console=ttyS0 panic=-1 no_timer_check {opt.append}".strip()]


def console(log):
    return ["-chardev", f"file,id=console,path={log}", "-serial", "chardev:console"]


def ports(sockets):
    """Each port is one end of a socket pair, inherited by number: no names to collide."""
    words = ["-device", "virtio-serial-pci,max_ports=8"]
    for key, socket in sockets.items():
        device = (f"virtserialport,name={PORTS[key]}" if key in PORTS else "virtconsole")
        words += ["-chardev", f"socket,id={key},fd={socket.fileno()}",
                  "-device", f"{device},chardev={key}"]
    return words


def device(pci, control):
    """The emulated ConnectX, and its control socket as a port of its own in the guest."""
    vfio = {"driver": "vfio-user-pci", "addr": "10.0", "rombar": 0,
            "socket": {"path": str(pci), "type": "unix"}}
    return ["-device", json.dumps(vfio),
            "-chardev", f"socket,id=connectx,path={control}",
            "-device", "virtserialport,name=connectx.control,chardev=connectx"]


def share(number, tag, folder, readonly):
    mode = "on" if readonly else "off"
    path = str(folder).replace(",", ",,")
    return ["-fsdev", f"local,id=fs{number},path={path},security_model=none,"
                      f"multidevs=remap,readonly={mode}",
            "-device", f"virtio-9p-pci,fsdev=fs{number},mount_tag={tag}"]


def shares(opt):
    """The root, the modules where there are some, and what the caller asked for."""
    table = [("vm.root", opt.root, True)]
    modules = opt.modules / "lib/modules"
    if modules.is_dir():
        table.append(("vm.modules", modules, True))
    table += [(tag, folder, False) for tag, folder in opt.share]
    return [word for n, row in enumerate(table) for word in share(n, *row)]
