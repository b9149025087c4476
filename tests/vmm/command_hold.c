// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that hold on to guest memory or advise the host about it.
 */
#include <sys/mman.h>

#include "command.h"
#include "hold.h"
#include "uffd.h"
#include "worker.h"

static u8 *at(const struct slot *s, u64 first)
{
	return s->mem.hva + first * PAGE_SIZE;
}

static int part_pin(struct call *c, struct slot *s, u64 first, u64 nr,
		    void *data)
{
	(void)data;
	return hold_pin(at(s, first), nr * PAGE_SIZE, &c->err);
}

static int part_lock(struct call *c, struct slot *s, u64 first, u64 nr,
		     void *data)
{
	(void)data;
	if (mlock(at(s, first), nr * PAGE_SIZE))
		return err_errno(&c->err, "cannot lock %lu pages", nr);
	return 0;
}

static int part_unlock(struct call *c, struct slot *s, u64 first, u64 nr,
		       void *data)
{
	(void)data;
	if (munlock(at(s, first), nr * PAGE_SIZE))
		return err_errno(&c->err, "cannot unlock %lu pages", nr);
	return 0;
}

static int part_share(struct call *c, struct slot *s, u64 first, u64 nr,
		      void *data)
{
	(void)data;
	return hold_share(at(s, first), nr * PAGE_SIZE, &c->err);
}

static int part_advise(struct call *c, struct slot *s, u64 first, u64 nr,
		       void *data)
{
	return hold_advise(at(s, first), nr * PAGE_SIZE, data, &c->err);
}

static int for_set(struct call *c, part_fn fn, void *data)
{
	struct pageset set = {0};
	int ret = call_set(c, 0, &set);

	if (!ret) {
		pageset_sort(&set);
		ret = call_each_part(c, &set, fn, data);
	}
	if (!ret)
		reply(c, "pages=%lu", pageset_count(&set));
	pageset_free(&set);
	return ret;
}

static int run_pin(struct call *c)
{
	return for_set(c, part_pin, NULL);
}

static int run_unpin(struct call *c)
{
	(void)c;
	hold_unpin();
	return 0;
}

static int run_lock(struct call *c)
{
	return for_set(c, part_lock, NULL);
}

static int run_unlock(struct call *c)
{
	return for_set(c, part_unlock, NULL);
}

static int run_share(struct call *c)
{
	return for_set(c, part_share, NULL);
}

static int run_unshare(struct call *c)
{
	(void)c;
	hold_unshare();
	return 0;
}

static int run_advise(struct call *c)
{
	return for_set(c, part_advise, c->line.args[1]);
}

static int part_bind(struct call *c, struct slot *s, u64 first, u64 nr,
		     void *data)
{
	return mem_bind(&s->mem, first, nr, *(u64 *)data, &c->err);
}

static int run_bind(struct call *c)
{
	u64 mask;

	if (line_num(&c->line, "mask", 0, &mask, &c->err))
		return -1;
	return for_set(c, part_bind, &mask);
}

static int part_uffd(struct call *c, struct slot *s, u64 first, u64 nr,
		     void *data)
{
	return uffd_register(at(s, first), nr * PAGE_SIZE, *(bool *)data,
			     &c->err);
}

static int run_uffd(struct call *c)
{
	bool wp = line_flag(&c->line, "wp");

	return for_set(c, part_uffd, &wp);
}

static int run_faults(struct call *c)
{
	struct uffd_count count = uffd_count();

	return reply(c, "missing=%lu wp=%lu", count.missing, count.wp);
}

static int run_uffd_end(struct call *c)
{
	(void)c;
	uffd_end();
	return 0;
}

static int run_work(struct call *c)
{
	struct pageset set = {0};
	int ret = call_set(c, 0, &set);

	if (!ret) {
		pageset_sort(&set);
		ret = worker_start(c->vm, &set, &c->err);
	}
	pageset_free(&set);
	return ret;
}

static int run_work_end(struct call *c)
{
	u64 passes;

	if (worker_stop(&passes, &c->err))
		return -1;
	return reply(c, "passes=%lu", passes);
}

const struct command hold_commands[] = {
	{{"pin", 1, 1, "vm", ""},
	 run_pin,
	 "SET: pin pages for long, by io_uring"},
	{{"unpin", 0, 0, "vm", ""}, run_unpin, "end all pins"},
	{{"mlock", 1, 1, "vm", ""}, run_lock, "SET: lock pages"},
	{{"munlock", 1, 1, "vm", ""}, run_unlock, "SET: unlock them"},
	{{"share", 1, 1, "vm", ""},
	 run_share,
	 "SET: map pages in a second process too"},
	{{"unshare", 0, 0, "vm", ""}, run_unshare, "end those processes"},
	{{"advise", 2, 2, "vm", ""},
	 run_advise,
	 "SET cold|free|pageout|populate|[no]hugepage|collapse|[un]mergeable"},
	{{"bind", 1, 1, "mask vm", ""},
	 run_bind,
	 "SET [mask=N]: pages to come are of these nodes only (0: of any)"},
	{{"uffd", 1, 1, "vm", "wp"},
	 run_uffd,
	 "SET [wp]: handle its faults in user space; wp: of writes too"},
	{{"faults", 0, 0, "vm", ""}, run_faults, "how many were handled"},
	{{"uffd-end", 0, 0, "vm", ""}, run_uffd_end, "no longer handle them"},
	{{"work", 1, 1, "vm", ""},
	 run_work,
	 "SET: a second process checks and rewrites these pages"},
	{{"work-end", 0, 0, "vm", ""}, run_work_end, "end that process"},
	{},
};
