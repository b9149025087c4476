// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl pages: what is remembered of each page, for scripts and tests. */
#include "json.h"
#include "ctl.h"

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

struct pages_options {
	uint64_t rounds;
	uint64_t since;
	bool has_since;
};

static const char *set_rounds(void *options, const char *arg)
{
	return parse_number(arg, 1, VTMM_HISTORY_ROUNDS,
			    &((struct pages_options *)options)->rounds);
}

static const char *set_since(void *options, const char *arg)
{
	struct pages_options *o = options;

	o->has_since = true;
	return parse_number(arg, 0, UINT64_MAX, &o->since);
}

static const struct ctl_option options[] = {
	{"rounds", 'r', "N",
	 "look at the last N rounds, 1.." TEXT(
		 VTMM_HISTORY_ROUNDS) " (default 1)",
	 set_rounds},
	{"since", 's', "ROUND", "look at the rounds after this one", set_since},
	{NULL, 0, NULL, NULL, NULL},
};

/* How many rounds back the options reach; more than are kept is a failure. */
static enum ctl_exit count_rounds(struct ctl *ctl,
				  const struct pages_options *o, uint64_t now,
				  uint64_t *rounds)
{
	*rounds = o->rounds ? o->rounds : 1;
	if (!o->has_since)
		return CTL_OK;
	*rounds = now > o->since ? now - o->since : 0;
	if (*rounds <= VTMM_HISTORY_ROUNDS)
		return CTL_OK;
	return ctl_fail(ctl, "round %llu is too long ago: the last %d are kept",
			(unsigned long long)o->since, VTMM_HISTORY_ROUNDS);
}

static void print_text(struct ctl *ctl, const struct vtmm_pages_info *pages,
		       uint64_t rounds)
{
	uint32_t mask = (uint32_t)((1ull << rounds) - 1);

	for (size_t i = 0; i < pages->nr_runs; i++) {
		const struct vtmm_run_info *run = &pages->runs[i];
		bool read = run->read & mask, written = run->written & mask;

		if (read || written)
			fprintf(ctl->out, "%llx %u %s%s\n",
				(unsigned long long)run->gfn, run->count,
				read ? "r" : "", written ? "w" : "");
	}
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct pages_options *o = opts;
	struct vtmm_pages_info wish = {0}, pages;
	struct json_object *doc;
	struct vtmm_vm_info vm;
	uint64_t rounds;
	enum ctl_exit ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);

	if (ret)
		return ret;
	wish.vm_id = vm.id;
	VTMM_SET(&wish, VTMM_A_PAGES_VM_ID);
	ret = ctl_status(ctl, vtmm_pages_get(ctl->client, &wish, &pages));
	if (ret)
		return ret;
	ret = count_rounds(ctl, o, pages.round, &rounds);
	if (!ret && ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "pages",
				       json_of(&vtmm_set_pages, &pages));
		json_print(ctl->out, doc);
	} else if (!ret) {
		print_text(ctl, &pages, rounds);
	}
	vtmm_pages_info_free(&pages);
	return ret;
}

const struct ctl_command cmd_pages = {
	.name = "pages",
	.args = "[VM]",
	.summary =
		"List the pages of a VM that were touched in the last rounds",
	.details =
		"A line is: first guest frame (hexadecimal), number of pages, and r, w or rw.\n"
		"JSON has the whole history: bit 0 of read and written is the last round.",
	.max_args = 1,
	.options = options,
	.options_size = sizeof(struct pages_options),
	.run = run,
};
