// SPDX-License-Identifier: GPL-2.0-only
/*
 * main: load and unload. Loading touches no VM; it says in one line what it
 * found, or refuses with a sentence. Unloading detaches every VM.
 */
#include <linux/module.h>
#include "compat/symbols.h"
#include "compat/types.h"
#include "kvm/kvm.h"
#include "move/move.h"
#include "netlink/netlink.h"
#include "tiers.h"
#include "track/track.h"
#include "vm.h"

static const char *vtmm_host_unsupported(void)
{
	const char *why;

	if (!vtmm_has(VTMM_SYM_ACCESSED_MASK))
		return "KVM can't be looked into on this kernel: is CONFIG_KALLSYMS_ALL on?";
	if (VTMM_HAS_GLOBAL_TDP_MMU && vtmm_tdp_mmu_flag() &&
	    !*vtmm_tdp_mmu_flag())
		return "no KVM TDP MMU: load kvm with tdp_mmu=1, nested paging on";
	if (!vtmm_tracker_best(&why))
		return "no tracker works: load kvm_intel or kvm_amd, with nested paging on";
	return NULL;
}

static void vtmm_print_banner(bool compared)
{
	const struct vtmm_tracker_ops *t;
	char trackers[64] = "", tiers[128];
	size_t len = 0;
	int i;

	for (i = 0; (t = vtmm_tracker_at(i)); i++)
		if (!t->missing())
			len += scnprintf(trackers + len, sizeof(trackers) - len,
					 "%s%s", len ? "," : "", t->name);
	vtmm_tiers_print(tiers, sizeof(tiers));
	pr_info("version " VTMM_VERSION ", trackers %s, tiers %s%s%s%s\n",
		trackers, tiers, vtmm_tiers_guessed() ? " (guessed)" : "",
		vtmm_migrate_missing() ? ", pages can't be moved" : "",
		compared ? "" : ", not compared with KVM's types: the kernel does not show them");
}

static int __init vtmm_init(void)
{
	char differs[320];
	const char *why;
	bool compared;
	int ret;

	ret = vtmm_symbols_init();
	if (ret) {
		pr_err("no symbol can be looked up (%d): is CONFIG_KPROBES on, lockdown off?\n",
		       ret);
		return ret;
	}
	why = vtmm_pml_hook_choose() ?: vtmm_host_unsupported();
	if (why) {
		pr_err("not loaded: %s\n", why);
		return -EOPNOTSUPP;
	}
	ret = vtmm_types_compare(differs, sizeof(differs));
	compared = !ret;
	if (ret == -EOPNOTSUPP) {
		pr_err("not loaded: this KVM is not one that vtmm supports: %s\n", differs);
		return ret;
	}
	ret = vtmm_tiers_init();
	if (ret)
		return ret;
	vtmm_wq = alloc_workqueue("vtmm", WQ_UNBOUND, 0);
	if (!vtmm_wq)
		return -ENOMEM;
	ret = vtmm_ahead_init();
	if (ret) {
		pr_err("the kernel's copying of pages can't be hooked (error %d): load without copy_ahead\n",
		       ret);
		goto err_wq;
	}
	ret = vtmm_netlink_init();
	if (ret) {
		pr_err("the netlink family can't be registered (error %d)\n", ret);
		goto err_ahead;
	}
	vtmm_print_banner(compared);
	return 0;

err_ahead:
	vtmm_ahead_exit();
err_wq:
	destroy_workqueue(vtmm_wq);
	return ret;
}

static void __exit vtmm_exit(void)
{
	vtmm_vm_detach_all();
	vtmm_netlink_exit();
	vtmm_ahead_exit();
	destroy_workqueue(vtmm_wq);
	vtmm_vcpu_work_exit();
}

module_init(vtmm_init);
module_exit(vtmm_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("the vtmm developers");
MODULE_DESCRIPTION("tiered memory for KVM guests");
MODULE_VERSION(VTMM_VERSION);
MODULE_SOFTDEP("pre: kvm_intel kvm_amd");
