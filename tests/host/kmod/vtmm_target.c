// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_target: has vtmm find no page on the target, each time or one time in
 * some, as on a node whose free memory is in pieces; and counts what vtmm asks
 * the page allocator for. For tests on emulated hosts only. Only vtmm's own
 * requests are touched: the module of the caller is asked for by its name.
 */
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>

static char *at = "";
module_param(at, charp, 0444);
MODULE_PARM_DESC(at, "the function that allocates a folio");

static int order = -1;
module_param(order, int, 0644);
MODULE_PARM_DESC(order, "only for folios of this order (default: of any)");

static unsigned int one_in = 1;
module_param(one_in, uint, 0644);
MODULE_PARM_DESC(one_in, "one in so many is not to be had, 0: all are");

static unsigned long asked, failed, reclaiming, astray;
module_param(asked, ulong, 0444);
MODULE_PARM_DESC(asked, "how often vtmm asked (to be read)");
module_param(failed, ulong, 0444);
MODULE_PARM_DESC(failed, "how often in vain (to be read)");
module_param(reclaiming, ulong, 0444);
MODULE_PARM_DESC(reclaiming,
		 "how often so that memory would be reclaimed (to be read)");
module_param(astray, ulong, 0444);
MODULE_PARM_DESC(astray,
		 "how often so that another node would do (to be read)");

static bool target_of_vtmm(unsigned long caller)
{
	char name[KSYM_SYMBOL_LEN];

	snprintf(name, sizeof(name), "%pS", (void *)caller);
	return strstr(name, "[vtmm]");
}

/* The arguments are those of __folio_alloc(): flags and order come first. */
static int target_asked(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	gfp_t gfp = regs->di;
	int of = regs->si;

	if (!target_of_vtmm(*(unsigned long *)regs->sp))
		return 1;
	asked++;
	reclaiming += !!(gfp & __GFP_RECLAIM);
	astray += !(gfp & __GFP_THISNODE);
	if (!one_in || (order >= 0 && order != of))
		return 1;
	return asked % one_in != 0;
}

static int target_got(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct folio *folio = (struct folio *)regs_return_value(regs);

	if (folio)
		folio_put(folio);
	regs_set_return_value(regs, 0);
	failed++;
	return 0;
}

static struct kretprobe probe = {
	.entry_handler = target_asked,
	.handler = target_got,
};

static int __init target_init(void)
{
	probe.kp.symbol_name = at;
	return register_kretprobe(&probe);
}

static void __exit target_exit(void)
{
	unregister_kretprobe(&probe);
}

module_init(target_init);
module_exit(target_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: no page on the target");
