// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_codec: structs survive the way to the wire and back; whatever else comes
 * from the wire is refused with a reason, and nothing is leaked or overrun.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/lib/codec.h"
#include "fake.h"
#include "test.h"

#define MAX_BYTES 64

/* Attributes as bytes, in a block of exactly their size. */
struct bytes {
	unsigned char *data;
	int len;
};

static struct bytes begin(void)
{
	return (struct bytes){calloc(1, MAX_BYTES), 0};
}

static void add(struct bytes *b, int type, const void *data, int len)
{
	struct nlattr a = {.nla_len = NLA_HDRLEN + len, .nla_type = type};

	assert_true(b->len + NLA_HDRLEN + NLA_ALIGN(len) <= MAX_BYTES);
	memcpy(b->data + b->len, &a, sizeof(a));
	memcpy(b->data + b->len + NLA_HDRLEN, data, len);
	b->len += NLA_HDRLEN + NLA_ALIGN(len);
}

/* Decodes as a VM; 0 or -errno, the reason in @fault. Frees the bytes. */
static int decode_vm(struct bytes *b, struct vtmm_vm_info *vm,
		     struct vtmm_fault *fault)
{
	void *exact = malloc(b->len ? b->len : 1);
	int ret;

	memcpy(exact, b->data, b->len);
	memset(vm, 0, sizeof(*vm));
	ret = vtmm_decode(&vtmm_set_vm, exact, b->len, vm, fault);
	free(exact);
	free(b->data);
	return ret;
}

static void check_refused(int type, const void *data, int len,
			  const char *field, const char *what)
{
	struct bytes b = begin();
	struct vtmm_fault fault = {0};
	struct vtmm_vm_info vm;

	add(&b, type, data, len);
	assert_int_equal(decode_vm(&b, &vm, &fault), -EBADMSG);
	assert_string_equal(fault.field->name, field);
	assert_non_null(strstr(fault.what, what));
}

static void test_wrong_lengths(void **state)
{
	static const unsigned char zeros[16];

	(void)state;
	check_refused(VTMM_A_VM_ID, zeros, 3, "id", "length");
	check_refused(VTMM_A_VM_ID, zeros, 8, "id", "length");
	check_refused(VTMM_A_VM_ID, zeros, 0, "id", "length");
	check_refused(VTMM_A_VM_MEM, zeros, 4, "mem", "length");
	check_refused(VTMM_A_VM_MEM, zeros, 12, "mem", "length");
	check_refused(VTMM_A_VM_QUEUE, zeros, 0, "queue", "length");
	check_refused(VTMM_A_VM_QUEUE, zeros, 4, "queue", "length");
	check_refused(VTMM_A_VM_MODE, zeros, 1, "mode", "length");
	check_refused(VTMM_A_VM_ROUND_NOW, zeros, 1, "round_now", "length");
}

static void test_bad_strings(void **state)
{
	char name[VTMM_NAME_SIZE - 8];

	(void)state;
	memset(name, 'x', sizeof(name));
	check_refused(VTMM_A_VM_NAME, "abc", 3, "name", "string");
	check_refused(VTMM_A_VM_NAME, "", 0, "name", "string");
	check_refused(VTMM_A_VM_NAME, "a\0b", 4, "name", "string");
	check_refused(VTMM_A_VM_NAME, name, sizeof(name), "name", "string");
}

static void test_long_string(void **state)
{
	char name[VTMM_NAME_SIZE + 1] = {0};
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct vtmm_fault fault = {0};
	struct vtmm_vm_info vm = {0};

	(void)state;
	memset(name, 'x', VTMM_NAME_SIZE);
	nla_put(msg, VTMM_A_VM_NAME, sizeof(name), name);
	assert_int_equal(vtmm_decode(&vtmm_set_vm, nlmsg_attrdata(nlh, 0),
				     nlmsg_attrlen(nlh, 0), &vm, &fault),
			 -EBADMSG);
	assert_non_null(strstr(fault.what, "long"));
	nlmsg_free(msg);
}

/* The longest name, and what stands behind it, come through. */
static void test_string_that_fits(void **state)
{
	struct vtmm_vm_info vm = {0}, back = {0};
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct vtmm_fault fault;

	(void)state;
	memset(vm.name, 'x', VTMM_NAME_SIZE - 1);
	vm.mode = VTMM_MODE_OFF;
	VTMM_SET(&vm, VTMM_A_VM_NAME);
	VTMM_SET(&vm, VTMM_A_VM_MODE);
	assert_int_equal(vtmm_encode(&vtmm_set_vm, &vm, msg), 0);
	assert_int_equal(vtmm_decode(&vtmm_set_vm, nlmsg_attrdata(nlh, 0),
				     nlmsg_attrlen(nlh, 0), &back, &fault),
			 0);
	assert_string_equal(back.name, vm.name);
	assert_int_equal(back.mode, VTMM_MODE_OFF);
	nlmsg_free(msg);
}

static void test_twice(void **state)
{
	struct bytes b = begin();
	struct vtmm_fault fault = {0};
	struct vtmm_vm_info vm;
	uint32_t n = 1;

	(void)state;
	add(&b, VTMM_A_VM_ID, &n, 4);
	add(&b, VTMM_A_VM_ID, &n, 4);
	assert_int_equal(decode_vm(&b, &vm, &fault), -EBADMSG);
	assert_string_equal(fault.what, "is there twice");
}

static void test_left_over(void **state)
{
	struct bytes b = begin();
	struct vtmm_fault fault = {0};
	struct vtmm_vm_info vm;
	uint32_t n = 1;

	(void)state;
	add(&b, VTMM_A_VM_ID, &n, 4);
	b.len += 3;
	assert_int_equal(decode_vm(&b, &vm, &fault), -EBADMSG);
	assert_string_equal(fault.what, "has bytes left over");

	/* An attribute that claims to be longer than the message. */
	b = begin();
	add(&b, VTMM_A_VM_ID, &n, 4);
	b.data[0] = 0xff;
	assert_int_equal(decode_vm(&b, &vm, &fault), -EBADMSG);

	/* One that claims to be shorter than its own head. */
	b = begin();
	add(&b, VTMM_A_VM_ID, &n, 4);
	b.data[0] = 2;
	assert_int_equal(decode_vm(&b, &vm, &fault), -EBADMSG);
}

static void test_unknown_is_skipped(void **state)
{
	struct bytes b = begin();
	struct vtmm_fault fault = {0};
	struct vtmm_vm_info vm;
	uint32_t n = 7;

	(void)state;
	add(&b, 63, "future", 7);
	add(&b, 1000, "far future", 11);
	add(&b, VTMM_A_VM_ID, &n, 4);
	assert_int_equal(decode_vm(&b, &vm, &fault), 0);
	assert_int_equal(vm.id, 7);
	assert_int_equal(vm.present, 1ull << VTMM_A_VM_ID);
}

static void check_same(const struct vtmm_set *set, const void *one,
		       const void *other);

static void test_bool(void **state)
{
	struct vtmm_fault fault = {0};
	struct vtmm_pool_info pool = {0};
	struct bytes b = begin();
	unsigned char two = 2;

	(void)state;
	add(&b, VTMM_A_POOL_AUTO, &two, 1);
	assert_int_equal(vtmm_decode(&vtmm_set_pool, (void *)b.data, b.len,
				     &pool, &fault),
			 -EBADMSG);
	free(b.data);
}

/* A member that is there on both sides; strings end at their NUL. */
static void check_member(const struct vtmm_field *f, const char *a,
			 const char *b)
{
	static const size_t sizes[] = {
		[VTMM_FIELD_U8] = 1,  [VTMM_FIELD_BOOL] = 1,
		[VTMM_FIELD_U32] = 4, [VTMM_FIELD_ENUM] = 4,
		[VTMM_FIELD_U64] = 8,
	};

	if (f->kind == VTMM_FIELD_NEST)
		check_same(f->set, a, b);
	else if (f->kind == VTMM_FIELD_STRING)
		assert_string_equal(a, b);
	else
		assert_memory_equal(a, b, sizes[f->kind]);
}

static void check_list(const struct vtmm_field *f, const char *a, const char *b,
		       size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (f->kind == VTMM_FIELD_LIST_U32)
			assert_memory_equal(a + 4 * i, b + 4 * i, 4);
		else if (f->kind == VTMM_FIELD_LIST_STRING)
			assert_string_equal(((char **)a)[i], ((char **)b)[i]);
		else
			check_same(f->set, a + f->set->size * i,
				   b + f->set->size * i);
	}
}

/* Two structs hold the same; empty lists are told by no attribute. */
static void check_same(const struct vtmm_set *set, const void *one,
		       const void *other)
{
	const char *a = one, *b = other;

	for (size_t i = 0; i < set->nr; i++) {
		const struct vtmm_field *f = &set->fields[i];
		bool there = *(const uint64_t *)one >> f->attr & 1;

		if (f->kind < VTMM_FIELD_LIST_U32) {
			assert_int_equal(
				*(const uint64_t *)other >> f->attr & 1, there);
			if (there)
				check_member(f, a + f->offset, b + f->offset);
			continue;
		}
		assert_int_equal(*(const size_t *)(a + f->extra),
				 *(const size_t *)(b + f->extra));
		check_list(f, *(char *const *)(a + f->offset),
			   *(char *const *)(b + f->offset),
			   *(const size_t *)(a + f->extra));
	}
}

/* There and back: nothing is lost, and nothing comes in. */
static void check_round_trip(const struct vtmm_set *set, const void *obj)
{
	struct nl_msg *there = nlmsg_alloc_size(1 << 16);
	struct nl_msg *again = nlmsg_alloc_size(1 << 16);
	struct nlmsghdr *nlh = nlmsg_hdr(there);
	void *copy = calloc(1, set->size);
	struct vtmm_fault fault;

	assert_int_equal(vtmm_encode(set, obj, there), 0);
	assert_int_equal(vtmm_decode(set, nlmsg_attrdata(nlh, 0),
				     nlmsg_attrlen(nlh, 0), copy, &fault),
			 0);
	check_same(set, obj, copy);
	assert_int_equal(vtmm_encode(set, copy, again), 0);
	assert_int_equal(nlmsg_hdr(again)->nlmsg_len, nlh->nlmsg_len);
	assert_memory_equal(nlmsg_data(nlmsg_hdr(again)), nlmsg_data(nlh),
			    nlmsg_datalen(nlh));
	vtmm_obj_free(set, copy);
	free(copy);
	nlmsg_free(there);
	nlmsg_free(again);
}

static void test_round_trip(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f);
	fake_add_vm(&f, 1, 100, "one");
	check_round_trip(&vtmm_set_info, &f.info);
	check_round_trip(&vtmm_set_pool, &f.pool);
	check_round_trip(&vtmm_set_vm, &f.vms[0]);
	check_round_trip(&vtmm_set_heat, &f.heat);
	check_round_trip(&vtmm_set_heatmap, &f.map);
	check_round_trip(&vtmm_set_pages, &f.pages);
	check_round_trip(&vtmm_set_plan, &f.plan);
	fake_free(&f);
}

/*
 * Whatever the bytes are, decoding ends, overruns nothing, and what it takes
 * for good survives the way there and back.
 */
static void test_noise(void **state)
{
	uint32_t seed = 1, taken = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct bytes b = begin();
		struct vtmm_host_info info = {0};
		struct vtmm_fault fault = {0};
		int ret;

		b.len = 4 + i % (MAX_BYTES - 4);
		for (int j = 0; j < b.len; j++) {
			seed = seed * 1664525 + 1013904223;
			/* Small numbers make attributes that nearly fit. */
			b.data[j] = seed >> 24 & (j % 2 ? 0x80 : 0x1f);
		}
		ret = vtmm_decode(&vtmm_set_info, (void *)b.data, b.len, &info,
				  &fault);
		assert_true(!ret || (ret == -EBADMSG && fault.what));
		taken += !ret;
		if (!ret)
			check_round_trip(&vtmm_set_info, &info);
		vtmm_obj_free(&vtmm_set_info, &info);
		free(b.data);
	}
	/* Both kinds were among them. */
	assert_in_range(taken, 100, 19900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_lengths),
		cmocka_unit_test(test_bad_strings),
		cmocka_unit_test(test_long_string),
		cmocka_unit_test(test_string_that_fits),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_unknown_is_skipped),
		cmocka_unit_test(test_bool),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
