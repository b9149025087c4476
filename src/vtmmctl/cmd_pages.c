// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl pages: what is remembered of each page, for scripts and tests. */
#include "json.h"
#include "ctl.h"

/* Rounds that the module keeps for each page. */
#define MAX_ROUNDS 32

struct pages_options {
	uint64_t rounds;
};

static const char *set_rounds(void *options, const char *arg)
{
	return parse_number(arg, 1, MAX_ROUNDS,
			    &((struct pages_options *)options)->rounds);
}

static const struct ctl_option options[] = {
	{"rounds", 'r', "N", "look at the last N rounds, 1..32 (default 1)",
	 set_rounds},
	{NULL, 0, NULL, NULL, NULL},
};

static void print_text(struct ctl *ctl, const struct vtmm_pages_info *pages,
		       uint64_t rounds)
{
	uint32_t mask = (uint32_t)((1ull << (rounds ? rounds : 1)) - 1);

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
	enum ctl_exit ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);

	if (ret)
		return ret;
	wish.vm_id = vm.id;
	VTMM_SET(&wish, VTMM_A_PAGES_VM_ID);
	ret = ctl_status(ctl, vtmm_pages_get(ctl->client, &wish, &pages));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "pages",
				       json_of(&vtmm_set_pages, &pages));
		json_print(ctl->out, doc);
	} else {
		print_text(ctl, &pages, o->rounds);
	}
	vtmm_pages_info_free(&pages);
	return CTL_OK;
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
