// SPDX-License-Identifier: GPL-2.0-only
/*
 * main: load and unload of the module.
 */
#include <linux/module.h>

static int __init vtmm_init(void)
{
	pr_info("vtmm " VTMM_VERSION "\n");
	return 0;
}

static void __exit vtmm_exit(void)
{
}

module_init(vtmm_init);
module_exit(vtmm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tiered memory for KVM guests");
MODULE_VERSION(VTMM_VERSION);
