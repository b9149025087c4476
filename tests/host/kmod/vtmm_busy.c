// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_busy: keeps pages of a process from being moved, for sure, until it is
 * unloaded: by a reference, by their lock, or by taking them off the LRU, as
 * the kernel itself does now and then. For tests on emulated hosts only. It
 * must be unloaded before the process ends: a page must not be freed while it
 * is locked.
 */
#include <linux/completion.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include "compat/symbols.h"

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "process whose pages they are");

static unsigned long hva;
module_param(hva, ulong, 0444);
MODULE_PARM_DESC(hva, "address of the first");

static unsigned long pages;
module_param(pages, ulong, 0444);
MODULE_PARM_DESC(pages, "how many");

static char *how = "reference";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "reference, locked or isolated");

static unsigned long held;
module_param(held, ulong, 0444);
MODULE_PARM_DESC(held, "how many are held (to be read)");

static struct page **page;
static bool *taken;
static DECLARE_COMPLETION(busy);

/* Functions of the kernel that are not exported. */
static vtmm_isolate_t *isolate;
static void (*putback)(struct folio *folio);

static void *busy_symbol(const char *name)
{
	struct kprobe kp = {.symbol_name = name};
	void *addr;

	if (register_kprobe(&kp))
		return NULL;
	addr = kp.addr;
	unregister_kprobe(&kp);
	return addr;
}

static bool busy_take(struct folio *folio)
{
	if (!strcmp(how, "locked"))
		return folio_trylock(folio);
	if (!strcmp(how, "isolated"))
		return vtmm_compat_isolated(isolate(folio));
	return true;
}

static void busy_release(struct folio *folio)
{
	if (!strcmp(how, "locked"))
		folio_unlock(folio);
	else if (!strcmp(how, "isolated"))
		putback(folio);
}

static void busy_end(void)
{
	unsigned long i;

	for (i = 0; i < pages; i++) {
		if (taken[i])
			busy_release(page_folio(page[i]));
		if (page[i] && strcmp(how, "locked"))
			put_page(page[i]);
	}
	kvfree(taken);
	kvfree(page);
}

/*
 * Whoever has the lock of a page, or has taken it off the LRU, keeps it from
 * being moved without any other reference.
 */
static void busy_hold(unsigned long i)
{
	taken[i] = busy_take(page_folio(page[i]));
	held += taken[i];
	if (!strcmp(how, "locked"))
		put_page(page[i]);
}

/* In the address space of the process, for which it has to be a kernel thread.
 */
static int busy_thread(void *mm)
{
	unsigned long i;

	kthread_use_mm(mm);
	for (i = 0; i < pages; i++) {
		if (get_user_pages_fast(hva + i * PAGE_SIZE, 1, 0, &page[i]) !=
		    1)
			continue;
		busy_hold(i);
	}
	kthread_unuse_mm(mm);
	complete(&busy);
	while (!kthread_should_stop())
		schedule_timeout_idle(1);
	return 0;
}

static struct mm_struct *busy_mm(void)
{
	struct task_struct *task;
	struct mm_struct *mm;
	struct pid *of;

	of = find_get_pid(pid);
	task = get_pid_task(of, PIDTYPE_PID);
	put_pid(of);
	if (!task)
		return NULL;
	mm = get_task_mm(task);
	put_task_struct(task);
	return mm;
}

static int busy_begin(void)
{
	struct mm_struct *mm = busy_mm();
	struct task_struct *task;

	if (!mm)
		return -ESRCH;
	task = kthread_run(busy_thread, mm, "vtmm_busy");
	if (!IS_ERR(task)) {
		wait_for_completion(&busy);
		kthread_stop(task);
	}
	mmput(mm);
	return PTR_ERR_OR_ZERO(task);
}

static int __init busy_init(void)
{
	int ret = -ENOMEM;

	isolate = busy_symbol("folio_isolate_lru");
	putback = busy_symbol("folio_putback_lru");
	if (!isolate || !putback)
		return -ENOENT;
	page = kvcalloc(pages, sizeof(*page), GFP_KERNEL);
	taken = kvcalloc(pages, sizeof(*taken), GFP_KERNEL);
	if (page && taken)
		ret = busy_begin();
	if (ret)
		busy_end();
	return ret;
}

static void __exit busy_exit(void)
{
	busy_end();
}

module_init(busy_init);
module_exit(busy_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: pages that can't be moved");
