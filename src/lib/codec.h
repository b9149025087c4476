/* SPDX-License-Identifier: GPL-2.0-only */
/* codec: attributes of a message to a struct and back, by the tables. */
#ifndef VTMM_CODEC_H
#define VTMM_CODEC_H

#include <netlink/msg.h>
#include <netlink/attr.h>

#include "fields.h"

/**
 * struct vtmm_fault - what is wrong with a message
 * @set: the attribute set it is in
 * @field: the attribute, or NULL
 * @what: short text
 */
struct vtmm_fault {
	const struct vtmm_set *set;
	const struct vtmm_field *field;
	const char *what;
};

int vtmm_decode(const struct vtmm_set *set, struct nlattr *head, int len,
		void *obj, struct vtmm_fault *fault);
int vtmm_encode(const struct vtmm_set *set, const void *obj,
		struct nl_msg *msg);
void vtmm_obj_free(const struct vtmm_set *set, void *obj);

#endif /* VTMM_CODEC_H */
