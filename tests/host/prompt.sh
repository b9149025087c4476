#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# prompt: what `make shell` shows inside the emulated host: KVM and vtmm
# loaded, the tools on the path, a shell. Leaving the shell powers off.

. /run/job/env
export PATH="/mnt/build/bin:/mnt/build/tests:$PATH:/usr/sbin:/sbin"
export PS1='vtmm# ' HOME=/root HISTFILE=
cd /tmp || exit 1
modprobe "kvm_$JOB_VENDOR"
holdvm >/dev/null &
insmod "/mnt/build/kmod/$(uname -r)/vtmm.ko"
dmesg | grep vtmm: | tail -n 5
cat <<E2
This is an emulated $JOB_VENDOR host with Linux $(uname -r): vtmm is loaded.
The tree of vtmm is in /mnt, the machine's root is here read-only; /tmp is free.
Try: vtmmctl, tinyvmm --help, dmesg. Leave with exit.
E2
exec /bin/bash --norc
