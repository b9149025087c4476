// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_delay: makes those who enter one of the named functions, or some of
 * them, wait there for a random time, so that others get between two steps that
 * mostly follow at once. For tests on emulated hosts only. The wait is a busy
 * one, for a probe must not sleep: the other CPUs go on meanwhile.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched/clock.h>

#define DELAY_POINTS 16
#define DELAY_ALL 64 /* the first to come by all wait: some points are rare */

static char *at[DELAY_POINTS];
static unsigned int nr_at;
module_param_array(at, charp, &nr_at, 0444);
MODULE_PARM_DESC(at, "functions, as SYMBOL or MODULE:SYMBOL");

static unsigned int us = 500;
module_param(us, uint, 0444);
MODULE_PARM_DESC(us, "the longest wait in microseconds (at most a second)");

static unsigned int one_in = 8;
module_param(one_in, uint, 0444);
MODULE_PARM_DESC(one_in, "of those after the first, one in so many waits");

static bool all;
module_param(all, bool, 0644);
MODULE_PARM_DESC(all, "everybody waits, and for as long as can be");

static unsigned long waits[DELAY_POINTS];
static unsigned int nr_waits = DELAY_POINTS;
module_param_array(waits, ulong, &nr_waits, 0444);
MODULE_PARM_DESC(waits,
		 "how often somebody had to wait at each of them (to be read)");

static struct kprobe probes[DELAY_POINTS];

/* The kernel's random numbers take a lock, which a probe must not. */
static unsigned int delay_random(void)
{
	return (local_clock() * 0x9e3779b97f4a7c15ULL) >> 40;
}

static int delay_hit(struct kprobe *p, struct pt_regs *regs)
{
	unsigned int most = clamp(us, 1U, 1000000U);
	unsigned long *n = &waits[p - probes];

	if (!all && READ_ONCE(*n) >= DELAY_ALL &&
	    delay_random() % max(one_in, 1U))
		return 0;
	WRITE_ONCE(*n, READ_ONCE(*n) + 1);
	if (!all)
		most = delay_random() % most + 1;
	mdelay(most / 1000);
	udelay(most % 1000);
	return 0;
}

static void delay_end(unsigned int n)
{
	while (n--)
		unregister_kprobe(&probes[n]);
}

static int __init delay_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nr_at; i++) {
		probes[i].symbol_name = at[i];
		probes[i].pre_handler = delay_hit;
		ret = register_kprobe(&probes[i]);
		if (ret) {
			pr_err("vtmm_delay: there is no %s to wait at (%d)\n",
			       at[i], ret);
			delay_end(i);
			return ret;
		}
	}
	return 0;
}

static void __exit delay_exit(void)
{
	delay_end(nr_at);
}

module_init(delay_init);
module_exit(delay_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: waits at chosen functions");
