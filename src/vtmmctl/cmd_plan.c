// SPDX-License-Identifier: GPL-2.0-only
/* vtmmctl plan: what the next window would move, and why. */
#include "ctl.h"
#include "json.h"
#include "text.h"

static void print_text(struct ctl *ctl, const struct vtmm_vm_info *vm,
		       const struct vtmm_plan_info *p)
{
	fprintf(ctl->out, "VM %u  ", vm->id);
	text_put(ctl->out, vm->name, ctl->utf8);
	fprintf(ctl->out, "  round %llu, %s ago\n",
		(unsigned long long)p->round, text_us(p->age_us).s);
	fprintf(ctl->out, "hot      %s\n", text_pages(p->hot).s);
	if (p->promote)
		fprintf(ctl->out, "promote  %s of temperature %u and above\n",
			text_pages(p->promote).s, p->promote_temp);
	else
		fputs("promote  nothing\n", ctl->out);
	if (p->demote)
		fprintf(ctl->out, "demote   %s of temperature %u and below\n",
			text_pages(p->demote).s, p->demote_temp);
	else
		fputs("demote   nothing\n", ctl->out);
	if (!VTMM_HAS(p, VTMM_A_PLAN_REASON))
		return;
	fputs("why      ", ctl->out);
	text_put(ctl->out, p->reason, ctl->utf8);
	fputc('\n', ctl->out);
}

static enum ctl_exit run(struct ctl *ctl, void *opts, int argc, char **argv)
{
	struct vtmm_plan_info plan;
	struct json_object *doc;
	struct vtmm_vm_info vm;
	enum ctl_exit ret;

	(void)opts;
	ret = ctl_select(ctl, argc ? argv[0] : NULL, &vm);
	if (!ret)
		ret = ctl_status(ctl, vtmm_plan_get(ctl->client, vm.id, &plan));
	if (ret)
		return ret;
	if (ctl->json) {
		doc = json_object_new_object();
		json_object_object_add(doc, "plan",
				       json_of(&vtmm_set_plan, &plan));
		json_print(ctl->out, doc);
	} else {
		print_text(ctl, &vm, &plan);
	}
	return CTL_OK;
}

const struct ctl_command cmd_plan = {
	.name = "plan",
	.args = "[VM]",
	.summary = "Show what would move next, and why; moves nothing",
	.max_args = 1,
	.run = run,
};
