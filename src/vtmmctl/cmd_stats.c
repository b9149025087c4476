// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl stats: settings, state and counters of a VM. */
#include "draw.h"
#include "json.h"
#include "text.h"

static void heading(struct ctl *ctl, const char *s)
{
	draw_colour(ctl, COLOUR_BOLD);
	fprintf(ctl->out, "%s\n", s);
	draw_colour(ctl, COLOUR_NONE);
}

static void line(struct ctl *ctl, const char *name, const char *value)
{
	fprintf(ctl->out, "  %-24s ", name);
	text_put(ctl->out, value, ctl->utf8);
	fputc('\n', ctl->out);
}

static void count(struct ctl *ctl, const char *name, uint64_t n)
{
	fprintf(ctl->out, "  %-24s %llu\n", name, (unsigned long long)n);
}

static void print_settings(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	bool limited = VTMM_HAS(vm, VTMM_A_VM_FAST_MAX);

	heading(ctl, "settings");
	line(ctl, "mode", vtmm_enum_name(vtmm_mode_names, vm->mode));
	line(ctl, "period", text_us(vm->period_ms * 1000ull).s);
	line(ctl, "CPU budget",
	     vm->budget_permille ? text_percent(vm->budget_permille, 1000).s
				 : "none");
	line(ctl, "fast memory, at least", text_pages(vm->fast_min).s);
	line(ctl, "fast memory, at most",
	     text_limit(limited ? vm->fast_max : VTMM_NO_LIMIT).s);
	count(ctl, "shares", vm->shares);
	line(ctl, "rate limit", text_rate(vm->rate_bytes).s);
}

static void print_policy(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	heading(ctl, "policy");
	count(ctl, "window, rounds", vm->window);
	count(ctl, "weight of a read", vm->read_weight);
	count(ctl, "weight of a write", vm->write_weight);
	line(ctl, "hot part of accessed",
	     text_percent(vm->hot_permille, 1000).s);
	count(ctl, "hysteresis, degrees", vm->hysteresis);
	count(ctl, "cool-down, rounds", vm->cooldown);
	line(ctl, "floor of a plan", text_pages(vm->floor).s);
	line(ctl, "queue", vm->queue ? "on" : "off");
}

static void print_memory(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	heading(ctl, "memory");
	line(ctl, "size", text_pages(vm->mem).s);
	line(ctl, "in fast memory", text_pages(vm->pages_fast).s);
	line(ctl, "in slow memory", text_pages(vm->pages_slow).s);
	line(ctl, "demand", text_pages(vm->demand).s);
	line(ctl, "allotment", text_pages(vm->allotment).s);
	if (VTMM_HAS(vm, VTMM_A_VM_IDLE_WHY))
		line(ctl, "nothing moves because", vm->idle_why);
}

static void print_tracking(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	const struct vtmm_stats_info *s = &vm->stats;

	heading(ctl, "tracking");
	line(ctl, "tracker", vm->tracker);
	if (VTMM_HAS(vm, VTMM_A_VM_TRACKER_WHY))
		line(ctl, "not a better one because", vm->tracker_why);
	if (VTMM_HAS(vm, VTMM_A_VM_PML_HOOK))
		line(ctl, "PML is read by", vm->pml_hook);
	count(ctl, "rounds", s->rounds);
	count(ctl, "rounds not needed", s->rounds_skipped);
	line(ctl, "last round ended", text_us(vm->age_us).s);
	line(ctl, "period now", text_us(s->period_us).s);
	line(ctl, "time spent", text_us(s->round_us_total).s);
	if (VTMM_HAS(vm, VTMM_A_VM_ATTACHED_US))
		line(ctl, "share of one CPU",
		     text_percent(s->round_us_total, vm->attached_us).s);
	line(ctl, "memory taken", text_bytes(vm->heat_bytes).s);
	count(ctl, "entries visited", s->sptes_visited);
	count(ctl, "leaves re-armed", s->leaves_rearmed);
	count(ctl, "most in one lock hold", s->hold_sptes);
	line(ctl, "longest lock hold", text_us(s->hold_ns / 1000).s);
	count(ctl, "accesses seen", s->accesses_seen);
	count(ctl, "writes seen", s->writes_seen);
	count(ctl, "accesses of nested guests", s->nested_seen);
	count(ctl, "PML records", s->pml_records);
	count(ctl, "PML records lost", s->pml_lost);
	count(ctl, "PML-full exits", s->pml_full_exits);
	count(ctl, "TLB flushes", s->tlb_flushes);
}

static void print_moves(struct ctl *ctl, const struct vtmm_stats_info *s)
{
	heading(ctl, "moving");
	count(ctl, "windows", s->windows);
	count(ctl, "pages promoted", s->promoted);
	count(ctl, "pages demoted", s->demoted);
	count(ctl, "promotions failed", s->promote_failed);
	count(ctl, "demotions failed", s->demote_failed);
	count(ctl, "  page pinned", s->failed_pinned);
	count(ctl, "  page busy", s->failed_busy);
	count(ctl, "  no memory", s->failed_nomem);
	count(ctl, "  page changed meanwhile", s->failed_raced);
	count(ctl, "  page cannot move", s->failed_unsupported);
	count(ctl, "batches", s->batches);
	count(ctl, "postponed", s->postponed);
	line(ctl, "copied", text_bytes(s->bytes_copied).s);
	count(ctl, "  pages copied while unmapped", s->copied_plain);
	count(ctl, "  ... while the guest ran", s->copied_ahead);
	count(ctl, "  ... so, and again", s->copied_again);
	line(ctl, "time spent", text_us(s->migrate_us_total).s);
	count(ctl, "pages prefilled", s->pages_prefilled);
	count(ctl, "chunks split", s->chunks_split);
	count(ctl, "chunks merged", s->chunks_merged);
}

static void print_text(struct ctl *ctl, const struct vtmm_vm_info *vm)
{
	fprintf(ctl->out, "VM %u  ", vm->id);
	text_put(ctl->out, vm->name, ctl->utf8);
	fprintf(ctl->out, "  pid %u  fd %u\n", vm->pid, vm->fd);
	print_settings(ctl, vm);
	print_policy(ctl, vm);
	print_memory(ctl, vm);
	print_tracking(ctl, vm);
	print_moves(ctl, &vm->stats);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct json_object *doc;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	(void)opts;
	ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);
	if (!ret)
		ret = ctl_status(ctl, vtmm_vm_get(ctl->client, vm.id, &vm));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "vm", json_of(&vtmm_set_vm, &vm));
		json_print(ctl->out, doc);
	} else {
		print_text(ctl, &vm);
	}
	return CTL_OK;
}

const struct ctl_command cmd_stats = {
	.name = "stats",
	.args = "[VM]",
	.summary = "Show settings, state and counters of a VM",
	.details = "VM may be left out when only one is attached.",
	.max_args = 1,
	.run = run,
};
