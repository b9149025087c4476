// SPDX-License-Identifier: GPL-2.0-only
/*
 * pml_hook: where a vCPU's page-modification log is read, before KVM empties
 * it. There are two sites, one is chosen when the module is loaded.
 *
 * tracepoint: kvm_exit fires with interrupts off while the vCPU still counts
 * as in the guest. A remote TLB flush waits for the interrupt that it sends
 * to such a vCPU, so when it returns all that was logged before is in the ring.
 *
 * kprobe: vmx_handle_exit() runs when interrupts are on again. The flush may
 * return first: entries are then still in the vCPU's buffer, and come with the
 * next round's. No write is lost by that: entries stay until the probe has
 * seen them, for vmx_handle_exit() is what empties the buffer, and the dirty
 * bit was set with the entry. But a write just before the end of a round may
 * count in the next one too. That is why auto takes the tracepoint.
 *
 * Neither may be armed while no VM is attached.
 */
#include <linux/kprobes.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include "compat/trace.h"
#include "kvm/internal.h"
#include "locks.h"
#include "compat/symbols.h"

#define VTMM_ISA_VMX		1	/* what kvm_exit says of Intel's exits */
#define VTMM_EXIT_HANDLER	"kvm_intel:vmx_handle_exit"

static char *pml_hook = "auto";
module_param(pml_hook, charp, 0444);
MODULE_PARM_DESC(pml_hook, "how page-modification logs are read: auto, tracepoint or kprobe (default: auto)");

/**
 * struct vtmm_pml_hook - a site
 * @name: as people see it
 * @missing: NULL when it can be used, else a sentence
 * @arm: calls vtmm_pml_see() from now on, at each exit of a vCPU
 * @disarm: ends that
 */
struct vtmm_pml_hook {
	const char *name;
	const char *(*missing)(void);
	int (*arm)(void);
	void (*disarm)(void);
};

static void vtmm_pml_probe(void *data, struct kvm_vcpu *vcpu, u32 isa)
{
	if (isa == VTMM_ISA_VMX)
		vtmm_pml_see(vcpu);
}

static const char *vtmm_tracepoint_missing(void)
{
	return NULL;
}

static int vtmm_tracepoint_arm(void)
{
	return vtmm_probe_kvm_exit(vtmm_pml_probe);
}

static void vtmm_tracepoint_disarm(void)
{
	vtmm_unprobe_kvm_exit(vtmm_pml_probe);
}

/* KVM loads the vCPU's VMCS whenever its thread is scheduled; probes are not. */
static int vtmm_pml_kprobe(struct kprobe *p, struct pt_regs *regs)
{
	vtmm_pml_see((struct kvm_vcpu *)regs_get_kernel_argument(regs, 0));
	return 0;
}

NOKPROBE_SYMBOL(vtmm_pml_kprobe);

static struct kprobe vtmm_kprobe;

/* Missed by probes that are no longer armed (vtmm_vms_lock). */
static unsigned long vtmm_kprobe_missed;

static const char *vtmm_kprobe_missing(void)
{
	if (!vtmm_lookup(VTMM_EXIT_HANDLER))
		return "kvm_intel has no vmx_handle_exit() to probe: use pml_hook=tracepoint";
	return NULL;
}

static int vtmm_kprobe_arm(void)
{
	vtmm_kprobe = (struct kprobe) {
		.symbol_name = VTMM_EXIT_HANDLER,
		.pre_handler = vtmm_pml_kprobe,
	};
	return register_kprobe(&vtmm_kprobe);
}

static void vtmm_kprobe_disarm(void)
{
	unregister_kprobe(&vtmm_kprobe);
	vtmm_kprobe_missed += vtmm_kprobe.nmissed;
	vtmm_kprobe.nmissed = 0;
}

/* Best first. */
static const struct vtmm_pml_hook vtmm_pml_hooks[] = {
	{
		.name = "tracepoint",
		.missing = vtmm_tracepoint_missing,
		.arm = vtmm_tracepoint_arm,
		.disarm = vtmm_tracepoint_disarm,
	}, {
		.name = "kprobe",
		.missing = vtmm_kprobe_missing,
		.arm = vtmm_kprobe_arm,
		.disarm = vtmm_kprobe_disarm,
	},
};

static const struct vtmm_pml_hook *vtmm_hook __ro_after_init = vtmm_pml_hooks;
static unsigned int vtmm_hook_users;

/**
 * vtmm_pml_hook_choose() - take the hook that the administrator named
 *
 * Context: module init.
 * Return: NULL, or a sentence when there is no such hook.
 */
const char * __init vtmm_pml_hook_choose(void)
{
	int i;

	if (!strcmp(pml_hook, "auto"))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(vtmm_pml_hooks); i++) {
		if (strcmp(pml_hook, vtmm_pml_hooks[i].name))
			continue;
		vtmm_hook = &vtmm_pml_hooks[i];
		return NULL;
	}
	return "pml_hook is none of auto, tracepoint and kprobe";
}

/**
 * vtmm_pml_hook_name() - the hook in use, as people see it
 */
const char *vtmm_pml_hook_name(void)
{
	return vtmm_hook->name;
}

/**
 * vtmm_pml_hook_missing() - why the chosen hook can't be used
 *
 * Context: process context.
 * Return: a sentence, or NULL when it can.
 */
const char *vtmm_pml_hook_missing(void)
{
	return vtmm_hook->missing();
}

/**
 * vtmm_pml_hook_missed() - exits that the hook could not see
 *
 * A kprobe is skipped when it is hit inside another one.
 *
 * Return: how many since the module was loaded.
 */
u64 vtmm_pml_hook_missed(void)
{
	return READ_ONCE(vtmm_kprobe_missed) + READ_ONCE(vtmm_kprobe.nmissed);
}

/**
 * vtmm_pml_hook_get() - one VM more wants the hook
 *
 * Context: process context, vtmm_vms_lock held; may sleep.
 * Return: 0 or an error.
 */
int vtmm_pml_hook_get(void)
{
	int ret = 0;

	lockdep_assert_held(&vtmm_vms_lock);
	if (!vtmm_hook_users)
		ret = vtmm_hook->arm();
	vtmm_hook_users += !ret;
	return ret;
}

/**
 * vtmm_pml_hook_put() - one VM less
 *
 * Context: process context, vtmm_vms_lock held; sleeps until no vCPU is in
 * vtmm_pml_see() for that VM.
 */
void vtmm_pml_hook_put(void)
{
	lockdep_assert_held(&vtmm_vms_lock);
	if (!--vtmm_hook_users)
		vtmm_hook->disarm();
	/* Waits for readers of both kinds: SRCU's, and those with preemption off. */
	tracepoint_synchronize_unregister();
}
