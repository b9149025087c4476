// SPDX-License-Identifier: GPL-2.0-only
/*
 * hook: hooks one function of the kernel, by ftrace as live patches do it; by a
 * kprobe on kernels without it, of which none is a distribution's. A kprobe that
 * redirects calls does not go well with one of others at the same place.
 */
#include <linux/kprobes.h>
#include "compat/ftrace.h"
#include "move/hook.h"

static vtmm_hook_t *vtmm_hook;

#if VTMM_HAS_FTRACE_REGS
static void notrace vtmm_hook_call(unsigned long ip, unsigned long parent,
				   struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	struct pt_regs *regs = vtmm_compat_traced_regs(fregs);
	unsigned long to = vtmm_hook((void *)regs->di, (void *)regs->si);

	if (to)
		regs->ip = to;
}

static struct ftrace_ops vtmm_hook_ops = {
	.func = vtmm_hook_call,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		 FTRACE_OPS_FL_RECURSION,
};

static int vtmm_hook_arm(const char *name)
{
	unsigned char pattern[32]; /* is written to */
	ssize_t len = strscpy(pattern, name, sizeof(pattern));
	int ret = len < 0 ? len : ftrace_set_filter(&vtmm_hook_ops, pattern, len, 0);

	if (ret)
		return ret;
	ret = register_ftrace_function(&vtmm_hook_ops);
	if (ret)
		ftrace_free_filter(&vtmm_hook_ops);
	return ret;
}

static void vtmm_hook_disarm(void)
{
	unregister_ftrace_function(&vtmm_hook_ops);
	ftrace_free_filter(&vtmm_hook_ops);
}
#else
static int vtmm_hook_call(struct kprobe *kp, struct pt_regs *regs)
{
	unsigned long to = vtmm_hook((void *)regs->di, (void *)regs->si);

	if (to)
		regs->ip = to;
	return !!to;
}

/* With a post handler the probe may change where execution goes on. */
static void vtmm_hook_post(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe vtmm_hook_kp = {
	.pre_handler = vtmm_hook_call,
	.post_handler = vtmm_hook_post,
};

static int vtmm_hook_arm(const char *name)
{
	vtmm_hook_kp.symbol_name = name;
	return register_kprobe(&vtmm_hook_kp);
}

static void vtmm_hook_disarm(void)
{
	unregister_kprobe(&vtmm_hook_kp);
}
#endif

/**
 * vtmm_hook_set() - from now on calls are looked at
 * @name: of the function
 * @hook: looks at them
 *
 * Context: process context, once; may sleep.
 * Return: 0 or an error: the function is not there, or another hook is.
 */
int vtmm_hook_set(const char *name, vtmm_hook_t *hook)
{
	vtmm_hook = hook;
	return vtmm_hook_arm(name);
}

/**
 * vtmm_hook_clear() - and no more
 *
 * Context: process context; sleeps until nobody is in the hook.
 */
void vtmm_hook_clear(void)
{
	vtmm_hook_disarm();
}
