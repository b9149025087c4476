// SPDX-License-Identifier: GPL-2.0-only
/*
 * dump_fields: prints the tables of the library, a line for each attribute:
 *   SET NAME NUMBER TYPE [NESTED-SET | VALUE,VALUE...]
 * test_spec.py compares them with the netlink spec.
 */
#include <stdio.h>

#include "../../src/lib/fields.h"

static const struct vtmm_set *const sets[] = {
	&vtmm_set_info,	  &vtmm_set_feature, &vtmm_set_tier,  &vtmm_set_pool,
	&vtmm_set_member, &vtmm_set_vm,	     &vtmm_set_stats, &vtmm_set_heat,
	&vtmm_set_bucket, &vtmm_set_heatmap, &vtmm_set_chunk, &vtmm_set_pages,
	&vtmm_set_run,	  &vtmm_set_plan,    &vtmm_set_event,
};

static const char *const kinds[] = {
	[VTMM_FIELD_U8] = "u8",
	[VTMM_FIELD_BOOL] = "u8",
	[VTMM_FIELD_U32] = "u32",
	[VTMM_FIELD_ENUM] = "u32",
	[VTMM_FIELD_U64] = "u64",
	[VTMM_FIELD_STRING] = "string",
	[VTMM_FIELD_FLAG] = "flag",
	[VTMM_FIELD_NEST] = "nest",
	[VTMM_FIELD_LIST_U32] = "u32,multi",
	[VTMM_FIELD_LIST_STRING] = "string,multi",
	[VTMM_FIELD_LIST_NEST] = "nest,multi",
};

static void print_field(const struct vtmm_set *set, const struct vtmm_field *f)
{
	printf("%s %s %u %s ", set->name, f->name, f->attr, kinds[f->kind]);
	if (f->set)
		fputs(f->set->name, stdout);
	for (size_t i = 0; f->names && f->names[i]; i++)
		printf("%s%s", i ? "," : "", f->names[i]);
	putchar('\n');
}

int main(void)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		for (size_t j = 0; j < sets[i]->nr; j++)
			print_field(sets[i], &sets[i]->fields[j]);
	return 0;
}
