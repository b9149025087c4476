// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtmm_young: asks, page by page, what reclaim asks of those who map a
 * process's memory a second time (mmu notifiers): was it accessed? Who reads
 * its parameter `test` asks and changes nothing, who reads `clear` asks as
 * reclaim does: what is said then is not said again. For tests on emulated
 * hosts only.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

static int pid;
module_param(pid, int, 0444);
MODULE_PARM_DESC(pid, "whose memory");

static ulong start;
module_param(start, ulong, 0444);
MODULE_PARM_DESC(start, "address of its first page");

static ulong pages;
module_param(pages, ulong, 0444);
MODULE_PARM_DESC(pages, "how many");

/* Not exported; the second one's prototype has an end too. */
static int (*young_test)(struct mm_struct *mm, unsigned long address);
static int (*young_clear)(struct mm_struct *mm, unsigned long from,
			  unsigned long to);

static struct mm_struct *young_mm(void)
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

/* "0-99,200-299": the pages that somebody calls young, as far as they fit. */
static int young_list(char *buf, struct mm_struct *mm, bool clear)
{
	unsigned long i, address, first = 0;
	bool young, before = false;
	int len = 0;

	for (i = 0; i <= pages; i++, before = young) {
		address = start + i * PAGE_SIZE;
		young = i < pages &&
			(clear ? young_clear(mm, address, address + PAGE_SIZE)
			       : young_test(mm, address));
		if (young && !before)
			first = i;
		if (before && !young)
			len += scnprintf(buf + len, PAGE_SIZE - len,
					 "%s%lu-%lu", len ? "," : "", first,
					 i - 1);
		cond_resched();
	}
	return len + scnprintf(buf + len, PAGE_SIZE - len, "\n");
}

static int young_get(char *buf, const struct kernel_param *kp)
{
	struct mm_struct *mm = young_mm();
	int len;

	if (!mm)
		return -ESRCH;
	mmap_read_lock(mm);
	len = young_list(buf, mm, kp->arg);
	mmap_read_unlock(mm);
	mmput(mm);
	return len;
}

static const struct kernel_param_ops young_ops = {
	.get = young_get,
};

static bool begins_anew = true;

module_param_cb(test, &young_ops, NULL, 0400);
MODULE_PARM_DESC(test, "pages that were accessed (to be read)");
module_param_cb(clear, &young_ops, &begins_anew, 0400);
MODULE_PARM_DESC(clear, "the same, and they begin anew (to be read)");

static void *young_find(const char *name)
{
	struct kprobe kp = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	void *address;

	if (register_kprobe(&kp))
		return NULL;
	address = kp.addr;
	unregister_kprobe(&kp);
	return address;
}

static int __init young_init(void)
{
	young_test = young_find("__mmu_notifier_test_young");
	young_clear = young_find("__mmu_notifier_clear_young");
	return young_test && young_clear ? 0 : -ENOENT;
}

static void __exit young_exit(void)
{
}

module_init(young_init);
module_exit(young_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("test: what reclaim asks of mmu notifiers");
