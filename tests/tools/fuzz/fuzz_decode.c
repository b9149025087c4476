// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz_decode: any bytes as the attributes of each set. The first byte chooses
 * the set. What was accepted is encoded and must be accepted again.
 */
#include <stdlib.h>
#include <string.h>

#include "../../../src/lib/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vtmm_set *const sets[] = {
	&vtmm_set_info,	   &vtmm_set_pool,  &vtmm_set_vm,   &vtmm_set_heat,
	&vtmm_set_heatmap, &vtmm_set_pages, &vtmm_set_plan, &vtmm_set_event,
};

static void again(const struct vtmm_set *set, const void *obj)
{
	struct nl_msg *msg = nlmsg_alloc_size(1 << 20);
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	void *copy = calloc(1, set->size);
	struct vtmm_fault fault;

	if (vtmm_encode(set, obj, msg) ||
	    vtmm_decode(set, nlmsg_attrdata(nlh, 0), nlmsg_attrlen(nlh, 0),
			copy, &fault))
		abort();
	vtmm_obj_free(set, copy);
	free(copy);
	nlmsg_free(msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vtmm_set *set;
	struct vtmm_fault fault;
	void *obj, *bytes;

	if (!size)
		return 0;
	set = sets[*data % (sizeof(sets) / sizeof(sets[0]))];
	obj = calloc(1, set->size);
	bytes = malloc(size);
	memcpy(bytes, data + 1, size - 1);
	if (!vtmm_decode(set, bytes, (int)size - 1, obj, &fault))
		again(set, obj);
	vtmm_obj_free(set, obj);
	free(obj);
	free(bytes);
	return 0;
}
