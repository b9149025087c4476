/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Uses of the program without a script: see docs/tinyvmm.md.
 */
#ifndef VMM_MODES_H
#define VMM_MODES_H

#include "util.h"

/* Keep one empty VM until killed; prints "ok" once it exists. */
int hold_main(int argc, char **argv);

/* Create and destroy N VMs, each with a running vCPU. */
int churn_main(int argc, char **argv);

/* Try to hold a VM with private memory. Exit status 3: KVM has none. */
int private_main(int argc, char **argv);

#endif
