/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fields: the attribute sets of the family as tables, so that one decoder, one
 * encoder and one JSON printer serve all of them. The tables are generated from
 * docs/netlink/vtmm.yaml: its names, with '_' for '-', lists in the plural.
 */
#ifndef VTMM_FIELDS_H
#define VTMM_FIELDS_H

#include "vtmm.h"

enum vtmm_field_kind {
	VTMM_FIELD_U8,
	VTMM_FIELD_BOOL, /* u8, 0 or 1 */
	VTMM_FIELD_U32,
	VTMM_FIELD_ENUM, /* u32 with names */
	VTMM_FIELD_U64,
	VTMM_FIELD_STRING,
	VTMM_FIELD_FLAG, /* no value: it is there or not */
	VTMM_FIELD_NEST,
	VTMM_FIELD_LIST_U32,
	VTMM_FIELD_LIST_STRING,
	VTMM_FIELD_LIST_NEST,
};

struct vtmm_set;

/**
 * struct vtmm_field - one attribute and the member of the struct that holds it
 * @name: of the attribute in the spec
 * @attr: its number
 * @kind: its type
 * @offset: of the member; for lists, of the pointer to the first element
 * @extra: for strings the size of the member, for lists the offset of the count
 * @set: of a nest
 * @names: of the values of an enum, NULL at the end
 */
struct vtmm_field {
	const char *name;
	uint16_t attr;
	enum vtmm_field_kind kind;
	size_t offset;
	size_t extra;
	const struct vtmm_set *set;
	const char *const *names;
};

/**
 * struct vtmm_set - one attribute set and the struct that holds it
 * @name: of the set in the spec
 * @size: of the struct, which begins with its "present" bits
 * @fields: the attributes
 * @nr: how many
 */
struct vtmm_set {
	const char *name;
	size_t size;
	const struct vtmm_field *fields;
	size_t nr;
};

extern const struct vtmm_set vtmm_set_info, vtmm_set_feature, vtmm_set_tier;
extern const struct vtmm_set vtmm_set_pool, vtmm_set_member;
extern const struct vtmm_set vtmm_set_vm, vtmm_set_stats;
extern const struct vtmm_set vtmm_set_heat, vtmm_set_bucket;
extern const struct vtmm_set vtmm_set_heatmap, vtmm_set_chunk;
extern const struct vtmm_set vtmm_set_pages, vtmm_set_run;
extern const struct vtmm_set vtmm_set_plan, vtmm_set_event;

extern const char *const vtmm_tier_names[];
extern const char *const vtmm_mode_names[];
extern const char *const vtmm_event_names[];

const struct vtmm_field *vtmm_field_of(const struct vtmm_set *set, int attr);
uint64_t vtmm_field_number(const struct vtmm_field *f, const void *obj);
void vtmm_field_set_number(const struct vtmm_field *f, void *obj,
			   uint64_t value);
const char *vtmm_enum_name(const char *const *names, uint32_t value);

#endif /* VTMM_FIELDS_H */
