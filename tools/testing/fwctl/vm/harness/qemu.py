# SPDX-License-Identifier: GPL-2.0
"""QEMU's command line, for the QEMU inside the cache's root."""

import json
import shutil

PORTS = {"out": "vm.out", "err": "vm.err", "control": "vm.control"}


def program(root):
    """QEMU through the root's dynamic loader: it may need a newer libc than the host's, and
    unlike a chroot this needs no mounts, which could be left behind."""
    libraries = root / "usr/lib/x86_64-linux-gnu"
    words = [root / "lib64/ld-linux-x86-64.so.2", "--library-path", libraries,
             root / "usr/bin/qemu-system-x86_64",
             "-L", root / "usr/share/qemu", "-L", root / "usr/share/seabios"]
    return words, {"QEMU_MODULE_DIR": str(libraries / "qemu")}


def machine(opt, accel):
    """Options of the machine; guest memory is shared, because the emulator maps it."""
    accel = {"tcg": "tcg,thread=multi", "kvm": "kvm"}[accel]
    q35 = "q35,memory-backend=ram" + (",smm=on" if opt.efi else "")
    return ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", q35, "-cpu", "max", "-smp", "2",
            "-m", opt.memory,
            "-object", f"memory-backend-memfd,id=ram,size={opt.memory}M,share=on",
            "-accel", accel, "-device", "virtio-rng-pci"]


def cmdline(opt):
    """no_timer_check: the kernel's early check of its timer may fail on a busy host."""
    return f"console=ttyS0 panic=-1 no_timer_check {opt.append}".strip()


def kernel(opt, initrd, folder):
    if opt.efi:
        return efi(opt, initrd, folder)
    return ["-kernel", opt.kernel, *(["-initrd", initrd] if initrd else []),
            "-append", cmdline(opt)]


def efi(opt, initrd, folder):
    """UEFI with variables that only its own code in SMM can write, as Secure Boot requires,
    and a disk to boot from: UEFI verifies shim, and shim verifies grub and the kernel."""
    shutil.copyfile(opt.efi / "vars.fd", folder / "vars.fd")
    boot_disk(opt, initrd, folder / "esp")
    return ["-global", "driver=cfi.pflash01,property=secure,value=on",
            "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={opt.efi / 'code.fd'}",
            "-drive", f"if=pflash,unit=1,format=raw,file={folder / 'vars.fd'}",
            "-drive", f"if=none,id=esp,format=raw,readonly=on,file=fat:{folder / 'esp'}",
            "-device", "virtio-blk-pci,drive=esp,bootindex=1"]


def boot_disk(opt, initrd, disk):
    """Fill the folder that QEMU presents as the EFI system partition."""
    for name in ("EFI/BOOT", "EFI/debian"):
        (disk / name).mkdir(parents=True)
    for source, name in ((opt.efi / "shim.efi", "EFI/BOOT/BOOTX64.EFI"),
                         (opt.efi / "grub.efi", "EFI/BOOT/grubx64.efi"),
                         (opt.kernel, "vmlinuz"), (initrd, "initrd")):
        shutil.copyfile(source, disk / name)
    (disk / "EFI/debian/grub.cfg").write_text(
        "search --file --set=root /vmlinuz\n"
        f"linux /vmlinuz {cmdline(opt)}\ninitrd /initrd\nboot\n", encoding="ascii")


def console(log):
    return ["-chardev", f"file,id=console,path={log}", "-serial", "chardev:console"]


def ports(sockets):
    """Each port is one end of an inherited socket pair, which has no name that can collide."""
    words = ["-device", "virtio-serial-pci,max_ports=8"]
    for key, socket in sockets.items():
        device = (f"virtserialport,name={PORTS[key]}" if key in PORTS else "virtconsole")
        words += ["-chardev", f"socket,id={key},fd={socket.fileno()}",
                  "-device", f"{device},chardev={key}"]
    return words


def place(opt, number):
    """The slot of a device, the first one 00:10.0; or of its root port, without hotplug, by
    which the driver would refuse a synchronised reset."""
    slot = f"{0xf + number:x}.0"
    if not opt.root_port:
        return [], {"addr": slot}
    return (["-device", f"pcie-root-port,id=port{number},chassis={number},addr={slot},hotplug=off"],
            {"bus": f"port{number}"})


def device(opt, number, name, pci, control):
    """An emulated ConnectX, and a port in the guest for its control socket."""
    port, where = place(opt, number)
    vfio = {"driver": "vfio-user-pci", **where, "rombar": 0,
            "socket": {"path": str(pci), "type": "unix"}}
    return [*port, "-device", json.dumps(vfio),
            "-chardev", f"socket,id={name},path={control}",
            "-device", f"virtserialport,name={name}.control,chardev={name}"]


def share(number, tag, folder, readonly):
    mode = "on" if readonly else "off"
    path = str(folder).replace(",", ",,")
    return ["-fsdev", f"local,id=fs{number},path={path},security_model=none,"
                      f"multidevs=remap,readonly={mode}",
            "-device", f"virtio-9p-pci,fsdev=fs{number},mount_tag={tag}"]


def shares(opt):
    """Shares of the root, of the modules if there are any, and of the caller's folders."""
    table = [("vm.root", opt.root, True)]
    modules = opt.modules / "lib/modules"
    if modules.is_dir():
        table.append(("vm.modules", modules, True))
    table += [(tag, folder, False) for tag, folder in opt.share]
    return [word for n, row in enumerate(table) for word in share(n, *row)]
