// SPDX-License-Identifier: GPL-2.0-only
/* doctor_module: checks of the module, of what it found, and of its VMs. */
#include <string.h>

#include "doctor.h"

/**
 * doctor_module() - is the module there, and does it talk to us?
 * @d: the examination; its client is connected afterwards
 * @info: what the module says, to be freed
 *
 * Return: true when @info is filled.
 */
bool doctor_module(struct doctor *d, struct vtmm_host_info *info)
{
	struct ctl *ctl = d->ctl;

	ctl->client = vtmm_client_new(ctl->transport, ctl->transport_ctx);
	if (!ctl->client) {
		doctor_say(d, FINDING_FAIL, "module", "out of memory");
		return false;
	}
	if (vtmm_connect(ctl->client) || vtmm_info_get(ctl->client, info)) {
		doctor_say(d, FINDING_FAIL, "module", "%s",
			   vtmm_error(ctl->client));
		return false;
	}
	doctor_say(d, FINDING_OK, "module", "version %s, ABI %u", info->version,
		   info->abi);
	return true;
}

static void no_tracker(struct doctor *d, const struct vtmm_host_info *info)
{
	bool any = false;

	for (size_t i = 0; i < info->nr_features; i++)
		any |= info->features[i].available &&
		       !strcmp(info->features[i].kind, "tracker");
	if (!any)
		doctor_say(
			d, FINDING_FAIL, "trackers",
			"there is none that works here: no VM can be attached");
}

/**
 * doctor_features() - what can it do here, and is there a tracker?
 * @d: the examination
 * @info: what the module says
 */
void doctor_features(struct doctor *d, const struct vtmm_host_info *info)
{
	for (size_t i = 0; i < info->nr_features; i++) {
		const struct vtmm_feature_info *f = &info->features[i];

		if (f->available)
			doctor_say(d, FINDING_OK, f->name, "%s is available",
				   f->kind);
		else
			doctor_say(d, FINDING_WARN, f->name,
				   "%s is not available: %s", f->kind,
				   *f->reason ? f->reason : "no reason given");
	}
	no_tracker(d, info);
}

static void one_tier(struct doctor *d, const struct vtmm_tier_info *tier)
{
	const char *name =
		tier->id == VTMM_TIER_FAST ? "fast-tier" : "slow-tier";

	if (!tier->nr_nodes || !tier->total_bytes)
		doctor_say(
			d, FINDING_FAIL, name,
			"has no memory: name its nodes, vtmmctl tier fast=NODES slow=NODES");
	else if (tier->guessed)
		doctor_say(
			d, FINDING_WARN, name,
			"was guessed: name it, vtmmctl tier fast=NODES slow=NODES");
	else
		doctor_say(d, FINDING_OK, name, "is named");
}

/**
 * doctor_tiers() - are there two tiers, and who named them?
 * @d: the examination
 * @info: what the module says
 */
void doctor_tiers(struct doctor *d, const struct vtmm_host_info *info)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < info->nr_tiers; i++) {
		one_tier(d, &info->tiers[i]);
		seen |= 1u << (info->tiers[i].id & 1);
	}
	if (seen != 3)
		doctor_say(
			d, FINDING_FAIL, "tiers",
			"a fast and a slow tier are needed: the host needs two NUMA nodes with memory");
	for (size_t i = 0; i < info->nr_advice; i++)
		doctor_say(d, FINDING_WARN, "advice", "%s", info->advice[i]);
}

static void one_vm(struct doctor *d, const struct vtmm_vm_info *vm)
{
	if (VTMM_HAS(vm, VTMM_A_VM_TRACKER_WHY))
		doctor_say(d, FINDING_WARN, vm->name,
			   "VM %u has tracker %s, not a better one because %s",
			   vm->id, vm->tracker, vm->tracker_why);
	else
		doctor_say(d, FINDING_OK, vm->name, "VM %u has tracker %s",
			   vm->id, vm->tracker);
}

/**
 * doctor_vms() - which tracker does each VM have, and why not a better one?
 * @d: the examination
 */
void doctor_vms(struct doctor *d)
{
	struct vtmm_vm_list list;

	if (vtmm_vm_list(d->ctl->client, &list)) {
		doctor_say(d, FINDING_FAIL, "vms", "%s",
			   vtmm_error(d->ctl->client));
		return;
	}
	for (size_t i = 0; i < list.nr; i++)
		one_vm(d, &list.vms[i]);
	vtmm_vm_list_free(&list);
}
