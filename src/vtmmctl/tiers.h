/* SPDX-License-Identifier: GPL-2.0-only */
/* tiers: the tiers for people, in tier and in status. */
#ifndef VTMMCTL_TIERS_H
#define VTMMCTL_TIERS_H

#include "ctl.h"

void tiers_print(struct ctl *ctl, const struct vtmm_host_info *info);

#endif /* VTMMCTL_TIERS_H */
