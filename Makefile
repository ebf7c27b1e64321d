# SPDX-License-Identifier: GPL-2.0
#
# Read by make, for the targets of "make help", and by Kbuild, which builds the modules
# outside a kernel tree (make modules, or make -C KDIR M=this folder).

ifneq ($(KERNELRELEASE),)

# The modules, which are options of Kconfig in a kernel tree. The kernel to build for has
# none of these options, or those of another fwctl.
options := CONFIG_FWCTL CONFIG_FWCTL_MLX5 CONFIG_FWCTL_SIM CONFIG_SAMPLE_FWCTL
chosen := $(if $(CONFIG_MLX5_CORE),$(options),$(filter-out %_MLX5,$(options)))
$(foreach option,$(chosen),$(eval export $(option) := m))

# Our headers come before the kernel's, which since 6.15 has some of these names.
export LINUXINCLUDE := -I$(src)/include -I$(src)/include/uapi -I$(src)/packaging/compat $(LINUXINCLUDE) \
	$(patsubst %,-D%_MODULE=1,$(chosen)) -include $(src)/packaging/compat/compat.h

obj-m += drivers/fwctl/
# Packages have no samples.
obj-$(if $(wildcard $(src)/samples/fwctl),m) += samples/fwctl/

# Since 6.15 mlx5_core makes the auxiliary device that mlx5_fwctl binds.
ifeq ($(shell [ $(VERSION) -eq 6 ] && [ $(PATCHLEVEL) -lt 15 ] && echo before),before)
obj-$(if $(CONFIG_MLX5_CORE),m) += packaging/bridge/
endif

else

bed := tools/testing/fwctl/bed
include $(bed)/versions

FWCTL_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/fwctl
export FWCTL_CACHE
export KDIR

.PHONY: help
help:
	@echo 'What to run first, as root on Debian 12 or 13:'
	@echo '  make demo         the main job, in three minutes: mstflint configures a ConnectX'
	@echo '  make check        all tests; an hour or more when nothing is built yet'
	@echo '  make check-distro those on stock Debian kernels, by Secure Boot too'
	@echo ''
	@echo 'While developing:'
	@echo '  make check-quick  what finds most, in three minutes'
	@echo '  make bench        what a call costs, here and in mainline; bench-quick: the same in short'
	@echo '  make shell        a shell in the VM of the demo; DEVICES=2: two cards; KERNEL=tree: the kernel of make check'
	@echo '  make modules KDIR=DIR  fwctl.ko and drivers for the kernel built in DIR'
	@echo '  make tree         Linux $(LINUX_SERIES) with this project in it'
	@echo '  make series       the same as patches for git am'
	@echo '  make htmldocs     the documentation as HTML'
	@echo '  make deb          packages for Debian: the modules by DKMS, udev rules'
	@echo ''
	@echo 'Parts of the above: host root kernel debug kcsan preempt lint kunit selftests connectx'
	@echo ''
	@echo '  make clean        empty the cache, $(FWCTL_CACHE)'

.PHONY: host root tree series htmldocs modules deb kernel debug kcsan preempt lint kunit selftests connectx
host:
	@$(bed)/host

root: host
	@$(bed)/root

tree: host
	@$(bed)/source
	@$(bed)/tree sync

series: host
	@$(bed)/source
	@$(bed)/tree series

htmldocs: tree
	@$(bed)/host check
	@$(bed)/htmldocs

modules: host
	@$(bed)/modules

deb: host
	@packaging/deb

kernel: host
	@$(bed)/kernel vm

# UML has a kernel of its own, and the kselftests need only headers.
kunit selftests: host
	@$(bed)/kernel $@

debug kcsan: kernel
	@$(bed)/kernel $@

preempt: host
	@$(bed)/kernel $@

lint: kernel
	@$(bed)/host check
	@$(bed)/lint

connectx: host
	@$(MAKE) -C tools/testing/fwctl/connectx BUILDDIR=$(FWCTL_CACHE)/build/connectx

.PHONY: demo shell check check-quick check-distro check-all clean
demo:
	@tools/testing/fwctl/demo/run

shell:
	@tools/testing/fwctl/demo/shell

check:
	@$(bed)/host check
	@tools/testing/fwctl/check

check-quick:
	@$(bed)/host check
	@tools/testing/fwctl/check --quick

check-distro:
	@$(bed)/host check
	@tools/testing/fwctl/check --distro

check-all:
	@$(bed)/host check
	@tools/testing/fwctl/check --all

.PHONY: bench bench-quick
bench bench-quick: root connectx
	@$(bed)/host check
	@tools/testing/fwctl/bench/build
	@tools/testing/fwctl/bench/run $(if $(filter %-quick,$@),--quick)

clean:
	@$(bed)/clean

endif
