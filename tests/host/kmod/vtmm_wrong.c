// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_wrong: makes one mistake when it is loaded, so that it can be tested
 * that a kernel with checks reports it and that the harness sees the report.
 * For emulated hosts with debug kernels only: it damages what it runs on.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "the mistake");

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);
static int __rcu *guarded;
static refcount_t count;

static void wrong_freed(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	if (p)
		pr_info("freed: %u\n", READ_ONCE(*p));
}

static void wrong_beside(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	if (p)
		WRITE_ONCE(p[64], 1);
	kfree(p);
}

static void wrong_sleep(void)
{
	spin_lock(&first);
	msleep(20);
	spin_unlock(&first);
}

static void wrong_order(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);
	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

static void wrong_rcu(void)
{
	pr_info("rcu: %p\n", rcu_dereference(guarded));
}

static void wrong_cpu(void)
{
	pr_info("cpu: %u\n", smp_processor_id());
}

/* What lies behind the array belongs to it still: only UBSAN objects. */
static void wrong_bounds(void)
{
	static struct {
		u8 in[4];
		u8 behind[4];
	} row;
	unsigned int i = sizeof(row.in) + 2;

	OPTIMIZER_HIDE_VAR(i);
	row.in[i] = 1;
	pr_info("bounds: %u\n", READ_ONCE(row.behind[2]));
}

static void wrong_shift(void)
{
	unsigned int i = 40;

	OPTIMIZER_HIDE_VAR(i);
	pr_info("shift: %d\n", 1 << i);
}

static void wrong_count(void)
{
	refcount_set(&count, 0);
	refcount_inc(&count);
}

static void wrong_expired(struct timer_list *unused)
{
}

static void wrong_object(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, wrong_expired, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
}

static void wrong_leak(void)
{
	u8 *p = kzalloc(4000, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	pr_info("leak: %d\n", !!p);
}

static void wrong_list(void)
{
	LIST_HEAD(head);
	LIST_HEAD(entry);

	list_add(&entry, &head);
	entry.prev = &entry;
	list_del(&entry);
}

static void wrong_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	put_page(page);
	put_page(page);
}

static const struct mistake {
	const char *name;
	void (*make)(void);
	bool fatal; /* whoever makes it dies of it */
} mistakes[] = {
	{"freed", wrong_freed},	    {"beside", wrong_beside},
	{"sleep", wrong_sleep},	    {"order", wrong_order},
	{"rcu", wrong_rcu},	    {"cpu", wrong_cpu},
	{"bounds", wrong_bounds},   {"shift", wrong_shift},
	{"count", wrong_count},	    {"object", wrong_object},
	{"leak", wrong_leak},	    {"list", wrong_list, true},
	{"page", wrong_page, true},
};

static int wrong_thread(void *data)
{
	const struct mistake *m = data;

	m->make();
	return 0;
}

/* A thread that does not come back would keep the module for ever. */
static int wrong_die(const struct mistake *m)
{
	struct task_struct *task =
		kthread_run(wrong_thread, (void *)m, "wrong");

	if (IS_ERR(task))
		return PTR_ERR(task);
	msleep(1000);
	return 0;
}

static int __init wrong_init(void)
{
	const struct mistake *m;

	for (m = mistakes; m < mistakes + ARRAY_SIZE(mistakes); m++) {
		if (strcmp(what, m->name))
			continue;
		if (m->fatal)
			return wrong_die(m);
		m->make();
		return 0;
	}
	return -EINVAL;
}

static void __exit wrong_exit(void)
{
}

module_init(wrong_init);
module_exit(wrong_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: mistakes that a debug kernel reports");
