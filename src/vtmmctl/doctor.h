/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor: the checks behind `vtmmctl doctor`. */
#ifndef VTMMCTL_DOCTOR_H
#define VTMMCTL_DOCTOR_H

#include "ctl.h"

enum finding {
	FINDING_OK,   /* as it should be */
	FINDING_WARN, /* works less well than it could */
	FINDING_FAIL, /* does not work */
};

/**
 * struct doctor - an examination
 * @ctl: the run
 * @checks: findings so far, as JSON; NULL when they are printed as text
 * @counts: findings of each kind
 */
struct doctor {
	struct ctl *ctl;
	struct json_object *checks;
	unsigned int counts[FINDING_FAIL + 1];
};

void doctor_say(struct doctor *d, enum finding finding, const char *name,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Of the host, read from /proc and /sys; needs no module. */
void doctor_kernel(struct doctor *d);
void doctor_kvm(struct doctor *d);
void doctor_signing(struct doctor *d);
void doctor_rivals(struct doctor *d);
void doctor_thp(struct doctor *d);
void doctor_ksm(struct doctor *d);

/* Of the module; false when it cannot be asked. */
bool doctor_module(struct doctor *d, struct vtmm_host_info *info);
void doctor_features(struct doctor *d, const struct vtmm_host_info *info);
void doctor_tiers(struct doctor *d, const struct vtmm_host_info *info);
void doctor_vms(struct doctor *d);

#endif /* VTMMCTL_DOCTOR_H */
