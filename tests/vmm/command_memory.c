// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about memory: its content, the truth about accesses, where it
 * resides, and its slots.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bits.h"
#include "command.h"
#include "host_access.h"

static int get_sorted_set(struct call *c, struct pageset *set)
{
	if (call_set(c, 0, set))
		return -1;
	pageset_sort(set);
	return 0;
}

static int wrong_words(struct call *c, const char *who, u64 words, u64 gfn)
{
	return err_set(&c->err, "the %s finds %lu wrong words, first gfn %lx",
		       who, words, gfn);
}

/* Run a whole-page operation in the guest and wait for its end. */
static int guest_pages(struct call *c, u32 op, const struct pageset *set,
		       u32 version)
{
	struct vcpu *v = call_vcpu(c);
	struct job *job;

	if (!v)
		return -1;
	job = zalloc(1, sizeof(*job));
	job->vm = c->vm;
	job->op = op;
	job->times = 1;
	job->exit_every = 20000;
	if (op == OP_FILL)
		job_add_set(job, set, RUN_WRITE, version, 0);
	else
		job_add_known(job, set);
	if (vcpu_start(v, job, &c->err))
		return -1;
	vcpu_wait(v);
	if (*job->failure.msg)
		return err_set(&c->err, "vCPU %d: %s", v->index,
			       job->failure.msg);
	if (job->errors)
		return wrong_words(c, "guest", job->errors, job->bad_gfn);
	return reply(c, "pages=%lu errors=0", job->accesses);
}

/* by=guest|host|both */
static int sides(struct call *c, const char *def, bool *guest, bool *host)
{
	const char *by = line_opt(&c->line, "by");

	if (!by)
		by = def;
	*guest = !strcmp(by, "guest") || !strcmp(by, "both");
	*host = !strcmp(by, "host") || !strcmp(by, "both");
	return *guest || *host ? 0 : err_set(&c->err, "by=%s: who is that", by);
}

static int run_fill(struct call *c)
{
	struct pageset set = {0};
	bool guest, host;
	int ret = -1;
	u64 version;

	if (get_sorted_set(c, &set) || sides(c, "guest", &guest, &host) ||
	    line_num(&c->line, "version", 1, &version, &c->err))
		goto out;
	if (guest) {
		ret = guest_pages(c, OP_FILL, &set, (u32)version);
		goto out;
	}
	vm_pause(c->vm);
	host_fill(c->vm, &set, (u32)version);
	vm_resume(c->vm);
	ret = reply(c, "pages=%lu", pageset_count(&set));
out:
	pageset_free(&set);
	return ret;
}

static int verify_by_host(struct call *c, const struct pageset *set)
{
	struct check check = {0};
	int ret;

	vm_pause(c->vm);
	ret = vm_check_area(c->vm, &c->err);
	if (!ret)
		ret = host_verify(c->vm, set, &check, &c->err);
	vm_resume(c->vm);
	if (ret)
		return ret;
	if (check.errors)
		return wrong_words(c, "host", check.errors, check.bad_gfn);
	return reply(c, "pages=%lu skipped=%lu errors=0", check.pages,
		     check.skipped);
}

static int run_verify(struct call *c)
{
	struct pageset set = {0};
	bool guest, host;
	int ret = -1;

	if (get_sorted_set(c, &set) || sides(c, "host", &guest, &host))
		goto out;
	ret = guest ? guest_pages(c, OP_VERIFY, &set, 0) : 0;
	if (!ret && host)
		ret = verify_by_host(c, &set);
out:
	pageset_free(&set);
	return ret;
}

/* Slots in the order of their addresses. */
static int ordered_slots(struct vm *vm, struct slot **out)
{
	int i, k, n = 0;

	for (i = 0; i < MAX_SLOTS; i++) {
		if (!vm->slots[i].pages)
			continue;
		for (k = n++; k && out[k - 1]->gfn > vm->slots[i].gfn; k--)
			out[k] = out[k - 1];
		out[k] = &vm->slots[i];
	}
	return n;
}

static void collect_truth(struct vm *vm, struct ranges *rs)
{
	struct slot *slots[MAX_SLOTS];
	int i, n = ordered_slots(vm, slots);

	for (i = 0; i < n; i++)
		bits_to_ranges(rs, slots[i]->gfn, slots[i]->pages,
			       slots[i]->read, slots[i]->written);
}

static void say_truth(struct call *c, const struct ranges *rs)
{
	u64 pages = 0;
	size_t i;

	for (i = 0; i < rs->nr; i++) {
		pages += rs->r[i].count;
		if (!line_flag(&c->line, "count"))
			say(c, "%lx %lu %s", rs->r[i].gfn, rs->r[i].count,
			    mode_name(rs->r[i].mode));
	}
	reply(c, "pages=%lu", pages);
}

static int run_truth(struct call *c)
{
	struct ranges rs = {0};

	vm_pause(c->vm);
	collect_truth(c->vm, &rs);
	if (line_flag(&c->line, "reset"))
		vm_reset_truth(c->vm);
	vm_resume(c->vm);
	say_truth(c, &rs);
	ranges_free(&rs);
	return 0;
}

static int run_reset(struct call *c)
{
	vm_pause(c->vm);
	vm_reset_truth(c->vm);
	vm_resume(c->vm);
	return 0;
}

struct residency {
	u64 nodes[MAX_NODES];
	u64 absent;
	u64 other;
	/* the range of one node that is being collected for the map */
	u64 gfn;
	u64 count;
	int node;
};

static void say_range(struct call *c, struct residency *r)
{
	if (r->count && r->node >= 0)
		say(c, "%lx %lu %d", r->gfn, r->count, r->node);
	r->count = 0;
}

static void count_node(struct call *c, struct residency *r, u64 gfn, int node)
{
	if (node >= 0 && node < MAX_NODES)
		r->nodes[node]++;
	else if (node == -ENOENT || node == -EFAULT)
		r->absent++;
	else
		r->other++;
	if (!line_flag(&c->line, "map"))
		return;
	if (r->node != node || r->gfn + r->count != gfn) {
		say_range(c, r);
		r->gfn = gfn;
		r->node = node;
	}
	r->count++;
}

static int part_where(struct call *c, struct slot *s, u64 first, u64 nr,
		      void *data)
{
	int *nodes = zalloc(nr, sizeof(*nodes));
	int ret = mem_nodes(&s->mem, first, nr, nodes, &c->err);
	u64 i;

	for (i = 0; !ret && i < nr; i++)
		count_node(c, data, s->gfn + first + i, nodes[i]);
	free(nodes);
	return ret;
}

static int reply_residency(struct call *c, const struct residency *r)
{
	size_t len;
	int i;

	reply(c, "absent=%lu other=%lu", r->absent, r->other);
	for (i = 0; i < MAX_NODES; i++) {
		len = strlen(c->reply);
		if (r->nodes[i] || i < 2)
			snprintf(c->reply + len, sizeof(c->reply) - len,
				 " node%d=%lu", i, r->nodes[i]);
	}
	return 0;
}

static int run_where(struct call *c)
{
	struct residency r = {.node = -1};
	struct pageset set = {0};
	int ret = get_sorted_set(c, &set);

	if (!ret)
		ret = call_each_part(c, &set, part_where, &r);
	pageset_free(&set);
	say_range(c, &r);
	return ret ? ret : reply_residency(c, &r);
}

struct move {
	int node;
	u64 moved;
	u64 failed;
	u64 absent;
};

static int part_move(struct call *c, struct slot *s, u64 first, u64 nr,
		     void *data)
{
	int *status = zalloc(nr, sizeof(*status));
	struct move *m = data;
	int ret = mem_move(&s->mem, first, nr, m->node, status, &c->err);
	u64 i;

	for (i = 0; !ret && i < nr; i++) {
		if (status[i] == m->node)
			m->moved++;
		else if (status[i] == -ENOENT || status[i] == -EFAULT)
			m->absent++;
		else
			m->failed++;
	}
	free(status);
	return ret;
}

static u64 thread_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (u64)t.tv_sec * 1000000000 + (u64)t.tv_nsec;
}

/* The guest goes on meanwhile: move_pages() is what is being tested. */
static int run_move(struct call *c)
{
	struct pageset set = {0};
	struct move m = {0};
	u64 node, ns;
	int ret = -1;

	if (get_sorted_set(c, &set) ||
	    line_num(&c->line, "node", 0, &node, &c->err))
		goto out;
	m.node = (int)node;
	ns = thread_ns();
	ret = call_each_part(c, &set, part_move, &m);
	ns = thread_ns() - ns;
	if (!ret)
		reply(c, "there=%lu failed=%lu absent=%lu ns=%lu", m.moved,
		      m.failed, m.absent, ns);
out:
	pageset_free(&set);
	return ret;
}

/* Damage a page behind everybody's back: shows that verify sees it. */
static int run_poke(struct call *c)
{
	struct pageset set = {0};
	struct slot *s;
	int ret = get_sorted_set(c, &set);

	if (!ret) {
		s = vm_slot_of(c->vm, set.r[0].gfn);
		s->mem.hva[(set.r[0].gfn - s->gfn) * PAGE_SIZE + 2048] ^= 1;
	}
	pageset_free(&set);
	return ret;
}

static int run_balloon(struct call *c)
{
	struct pageset set = {0};
	int ret = get_sorted_set(c, &set);

	if (!ret) {
		vm_pause(c->vm);
		ret = host_balloon(c->vm, &set, &c->err);
		vm_resume(c->vm);
	}
	if (!ret)
		reply(c, "pages=%lu", pageset_count(&set));
	pageset_free(&set);
	return ret;
}

static int slot_number(struct call *c, int *number)
{
	u64 n;

	if (parse_num(c->line.args[0], &n, &c->err))
		return -1;
	*number = n < MAX_SLOTS ? (int)n : -1;
	return 0;
}

static void say_slot(struct call *c, int number, const struct slot *s)
{
	char place[64];

	snprintf(place, sizeof(place), "slot=%d gfn=%lx pages=%lu", number,
		 s->gfn, s->pages);
	say(c, "%s backing=%s huge_pages=%lu log=%d hva=%lx", place,
	    backing_name(s->mem.backing), mem_huge_bytes(&s->mem) / SIZE_2M,
	    s->log, (u64)s->mem.hva);
}

static int run_slots(struct call *c)
{
	int i;

	for (i = 0; i < MAX_SLOTS; i++) {
		struct slot *s = &c->vm->slots[i];

		if (s->pages)
			say_slot(c, i, s);
	}
	return 0;
}

static int run_slot_add(struct call *c)
{
	struct slot_spec spec;
	int number, ret;

	if (slot_number(c, &number) || call_slot_spec(c, &spec))
		return -1;
	if (!line_opt(&c->line, "size") || !line_opt(&c->line, "gpa"))
		return err_set(&c->err, "slot-add needs size= and gpa=");
	ret = vm_add_slot(c->vm, number, &spec, &c->err);
	if (!ret)
		reply(c, "slot=%d gfn=%lx pages=%lu", number,
		      c->vm->slots[number].gfn, c->vm->slots[number].pages);
	return ret;
}

static int run_slot_del(struct call *c)
{
	int number, ret;

	if (slot_number(c, &number))
		return -1;
	vm_pause(c->vm);
	ret = vm_delete_slot(c->vm, number, &c->err);
	vm_resume(c->vm);
	return ret;
}

static int run_slot_move(struct call *c)
{
	int number, ret;
	u64 gpa;

	if (slot_number(c, &number) ||
	    line_num(&c->line, "gpa", 0, &gpa, &c->err))
		return -1;
	vm_pause(c->vm);
	ret = vm_move_slot(c->vm, number, gpa, &c->err);
	vm_resume(c->vm);
	return ret;
}

static int run_log(struct call *c)
{
	const char *how = c->line.args[1];
	int number;

	if (slot_number(c, &number))
		return -1;
	if (strcmp(how, "on") && strcmp(how, "off"))
		return err_set(&c->err, "log %s: say on or off", how);
	return vm_log_slot(c->vm, number, !strcmp(how, "on"), &c->err);
}

static int run_dirty(struct call *c)
{
	struct ranges rs = {0};
	struct slot *s;
	u64 *none, *dirty;
	int number, ret;

	if (slot_number(c, &number))
		return -1;
	if (number < 0 || !c->vm->slots[number].log)
		return err_set(&c->err, "slot %s is not logged: say log N on",
			       c->line.args[0]);
	s = &c->vm->slots[number];
	none = zmap(bits_bytes(s->pages));
	dirty = zmap(bits_bytes(s->pages));
	ret = dirty_take(c->vm, number, dirty, &c->err);
	if (!ret) {
		bits_to_ranges(&rs, s->gfn, s->pages, none, dirty);
		say_truth(c, &rs);
		ranges_free(&rs);
	}
	zunmap(none, bits_bytes(s->pages));
	zunmap(dirty, bits_bytes(s->pages));
	return ret;
}

const struct command memory_commands[] = {
	{{"fill", 0, 1, "version by vcpu vm", ""},
	 run_fill,
	 "[SET] [version=1] [by=guest|host]: write whole pages"},
	{{"verify", 0, 1, "by vcpu vm", ""},
	 run_verify,
	 "[SET] [by=host|guest|both] [vcpu=]: compare whole pages"},
	{{"truth", 0, 0, "vm", "reset count"},
	 run_truth,
	 "[reset] [count]: what the guest touched: '<gfn> <count> r|w|rw'"},
	{{"reset", 0, 0, "vm", ""}, run_reset, "begin a new truth"},
	{{"where", 0, 1, "vm", "map"},
	 run_where,
	 "[SET] [map]: pages per node; map: '<gfn> <count> <node>'"},
	{{"move", 0, 1, "node vm", ""},
	 run_move,
	 "[SET] node=N: move pages by move_pages(2); the CPU time it took"},
	{{"balloon", 1, 1, "vm", ""},
	 run_balloon,
	 "SET: free the pages as a balloon does"},
	{{"poke", 1, 1, "vm", ""},
	 run_poke,
	 "PAGE: flip a bit of it, so that verify must fail"},
	{{"slots", 0, 0, "vm", ""}, run_slots, "list the data slots"},
	{{"slot-add", 1, 1, SLOT_KEYS " vm", SLOT_FLAGS},
	 run_slot_add,
	 "N size= gpa= [backing=] [node=] [populate]"},
	{{"slot-del", 1, 1, "vm", ""}, run_slot_del, "N"},
	{{"slot-move", 1, 1, "gpa vm", ""},
	 run_slot_move,
	 "N gpa=: let it begin elsewhere"},
	{{"log", 2, 2, "vm", ""},
	 run_log,
	 "N on|off: KVM's dirty logging of a slot"},
	{{"dirty", 1, 1, "vm", "count"},
	 run_dirty,
	 "N [count]: get and clear KVM's dirty log of a slot"},
	{},
};
