/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json: the structs of the library as JSON, by the tables that also decode
 * them: keys are the names of the netlink spec with '_' for '-', lists in the
 * plural. Every key is always there; what the module did not send is null, a
 * list is always an array.
 */
#ifndef VTMMCTL_JSON_H
#define VTMMCTL_JSON_H

#include <json-c/json.h>
#include <stdio.h>

#include "../lib/fields.h"

struct json_object *json_scalar(const struct vtmm_field *f, const void *at);
struct json_object *json_of(const struct vtmm_set *set, const void *obj);
void json_add_text(struct json_object *o, const char *key, const char *text);
void json_add_number(struct json_object *o, const char *key, uint64_t value);
void json_print(FILE *out, struct json_object *o);
void json_print_line(FILE *out, struct json_object *o);

#endif /* VTMMCTL_JSON_H */
