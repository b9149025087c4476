// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_client: what the library makes of answers that are late, torn, cut
 * short, doubled or of another question: each call gets its own answer, whole,
 * or fails with a sentence and leaves nothing behind.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "fake.h"
#include "test.h"

static void setup(struct fake *f)
{
	fake_init(f);
	fake_add_vm(f, 1, 100, "db");
	fake_add_vm(f, 2, 200, "web");
}

static struct vtmm_client *connected(struct fake *f)
{
	struct vtmm_client *c = vtmm_client_new(&fake_transport, f);

	assert_non_null(c);
	assert_int_equal(vtmm_connect(c), VTMM_OK);
	return c;
}

static void teardown(struct fake *f, struct vtmm_client *c)
{
	vtmm_client_free(c);
	fake_free(f);
}

/* A signal came before the answer did: that comes late, to the next call. */
static void test_late_answer(void **state)
{
	struct vtmm_client *c;
	struct vtmm_vm_info vm;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.recv = -EINTR;
	assert_int_equal(vtmm_vm_get(c, 1, &vm), VTMM_INTERRUPTED);
	assert_int_equal(vtmm_vm_get(c, 2, &vm), VTMM_OK);
	assert_int_equal(vm.id, 2);
	assert_string_equal(vm.name, "web");
	teardown(&f, c);
}

/* So does a refusal: it is not of the next call either. */
static void test_late_refusal(void **state)
{
	struct vtmm_client *c;
	struct vtmm_pool_info pool;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.refusal =
		(struct fake_refusal){.cmd = VTMM_CMD_VM_DETACH, .err = ENOENT};
	f.faults.recv = -EINTR;
	assert_int_equal(vtmm_vm_detach(c, 1), VTMM_INTERRUPTED);
	assert_int_equal(vtmm_pool_get(c, &pool), VTMM_OK);
	vtmm_pool_info_free(&pool);
	teardown(&f, c);
}

/* The VMs of a list that was given up are not added to the next one. */
static void test_late_dump(void **state)
{
	struct vtmm_client *c;
	struct vtmm_vm_list list;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.recv = -EINTR;
	assert_int_equal(vtmm_vm_list(c, &list), VTMM_INTERRUPTED);
	assert_int_equal(vtmm_vm_list(c, &list), VTMM_OK);
	assert_int_equal(list.nr, 2);
	vtmm_vm_list_free(&list);
	teardown(&f, c);
}

static void test_errors_of_receiving(void **state)
{
	static const struct {
		int err;
		enum vtmm_status status;
		const char *part;
	} cases[] = {
		{-EINTR, VTMM_INTERRUPTED, "interrupted"},
		{-EAGAIN, VTMM_TIMEOUT, "no answer from the module"},
		{-EPERM, VTMM_NO_PRIVILEGE,
		 "run as root or with CAP_NET_ADMIN"},
		{-ENOBUFS, VTMM_FAILED, "cannot receive: No buffer space"},
	};
	struct vtmm_client *c;
	struct vtmm_vm_info vm;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	for (size_t i = 0; i < COUNT(cases); i++) {
		f.faults.recv = cases[i].err;
		assert_int_equal(vtmm_vm_get(c, 1, &vm), cases[i].status);
		assert_non_null(strstr(vtmm_error(c), cases[i].part));
		/* What has failed once does not fail for ever. */
		assert_int_equal(vtmm_vm_get(c, 1, &vm), VTMM_OK);
		assert_string_equal(vtmm_error(c), "");
	}
	teardown(&f, c);
}

static void check_connect(struct fake *f, enum vtmm_status status,
			  const char *part)
{
	struct vtmm_client *c = vtmm_client_new(&fake_transport, f);

	assert_int_equal(vtmm_connect(c), status);
	if (!strstr(vtmm_error(c), part))
		fail_msg("'%s', not '%s'", vtmm_error(c), part);
	vtmm_client_free(c);
}

static void test_open_fails(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	f.faults.open = -EPERM;
	check_connect(&f, VTMM_NO_PRIVILEGE, "cannot open a netlink socket");
	f.faults.open = -EMFILE;
	check_connect(&f, VTMM_FAILED, "Too many open files");
	assert_int_equal(f.requests, 0);
	fake_free(&f);
}

/* Older and newer: whoever does not speak this ABI is not talked to. */
static void test_abi(void **state)
{
	/* A version, and no ABI. */
	static const unsigned char no_abi[] = {6, 0, 1, 0, '1', 0, 0, 0};
	struct fake f;

	(void)state;
	setup(&f);
	f.info.abi = VTMM_ABI - 1;
	check_connect(&f, VTMM_OTHER_ABI, "speaks ABI 0");
	f.info.abi = VTMM_ABI + 1;
	check_connect(&f, VTMM_OTHER_ABI,
		      "install module and tools of the same");
	f.raw_cmd = VTMM_CMD_INFO_GET;
	f.raw = no_abi;
	f.raw_len = sizeof(no_abi);
	check_connect(&f, VTMM_BAD_ANSWER, "does not tell its ABI");
	fake_free(&f);
}

/* Every message but those of dumps, as if it were of another command. */
static void test_other_question(void **state)
{
	struct vtmm_client *c;
	struct vtmm_vm_info vm;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.other_cmd = VTMM_CMD_POOL_GET;
	assert_int_equal(vtmm_vm_get(c, 1, &vm), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "answered another question"));
	teardown(&f, c);
}

/* One object was asked for: two of them, or none, are no answer. */
static void test_twice_and_never(void **state)
{
	struct vtmm_client *c;
	struct vtmm_host_info info;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.twice = true;
	assert_int_equal(vtmm_info_get(c, &info), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "answered twice"));
	f.faults = (struct fake_faults){.unanswered = true};
	assert_int_equal(vtmm_info_get(c, &info), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "left out"));
	teardown(&f, c);
}

/* An error message that ends before its number. */
static void test_torn_error(void **state)
{
	static const char bytes[2];
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.raw_cmd = VTMM_CMD_VM_DETACH;
	f.raw = bytes;
	f.raw_len = sizeof(bytes);
	f.raw_type = NLMSG_ERROR;
	assert_int_equal(vtmm_vm_detach(c, 1), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "torn"));
	f.raw_type = NLMSG_DONE;
	assert_int_equal(vtmm_vm_detach(c, 1), VTMM_BAD_ANSWER);
	teardown(&f, c);
}

/* Each attribute without which a VM is none. */
static void test_incomplete_vm(void **state)
{
	static const int needed[] = {VTMM_A_VM_ID, VTMM_A_VM_PID};
	struct vtmm_client *c;
	struct vtmm_vm_info vm;
	struct vtmm_vm_list list;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	for (size_t i = 0; i < COUNT(needed); i++) {
		f.vms[0].present &= ~(1ull << needed[i]);
		assert_int_equal(vtmm_vm_get(c, 1, &vm), VTMM_BAD_ANSWER);
		assert_non_null(strstr(vtmm_error(c), "left out"));
		assert_int_equal(vtmm_vm_list(c, &list), VTMM_BAD_ANSWER);
		assert_null(list.vms);
		VTMM_SET(&f.vms[0], needed[i]);
	}
	teardown(&f, c);
}

/* A list that fails at its second VM is not half a list. */
static void test_list_fails_late(void **state)
{
	struct vtmm_client *c;
	struct vtmm_vm_list list;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.vms[1].present &= ~(1ull << VTMM_A_VM_PID);
	assert_int_equal(vtmm_vm_list(c, &list), VTMM_BAD_ANSWER);
	assert_null(list.vms);
	assert_int_equal(list.nr, 0);
	teardown(&f, c);
}

/* In many messages or in one datagram: the same map comes out. */
static void check_map(struct fake *f)
{
	struct vtmm_heatmap_info wish = {.vm_id = 1}, map;
	struct vtmm_client *c = connected(f);

	VTMM_SET(&wish, VTMM_A_HEATMAP_VM_ID);
	assert_int_equal(vtmm_heatmap_get(c, &wish, &map), VTMM_OK);
	assert_int_equal(map.nr_chunks, f->map.nr_chunks);
	assert_int_equal(map.round, f->map.round);
	for (size_t i = 0; i < map.nr_chunks; i++)
		assert_memory_equal(&map.chunks[i], &f->map.chunks[i],
				    sizeof(map.chunks[i]));
	vtmm_heatmap_info_free(&map);
	vtmm_client_free(c);
}

static void test_dump_in_parts(void **state)
{
	struct fake f;

	(void)state;
	setup(&f);
	for (unsigned int parts = 1; parts <= 3; parts++) {
		f.faults.parts = parts;
		f.faults.packed = false;
		check_map(&f);
		f.faults.packed = true;
		check_map(&f);
	}
	fake_free(&f);
}

static void check_bad_map(struct vtmm_client *c, enum vtmm_status status,
			  const char *part)
{
	struct vtmm_heatmap_info wish = {.vm_id = 1}, map;

	VTMM_SET(&wish, VTMM_A_HEATMAP_VM_ID);
	assert_int_equal(vtmm_heatmap_get(c, &wish, &map), status);
	assert_null(map.chunks);
	if (!strstr(vtmm_error(c), part))
		fail_msg("'%s', not '%s'", vtmm_error(c), part);
}

static void check_bad_pages(struct vtmm_client *c, enum vtmm_status status,
			    const char *part)
{
	struct vtmm_pages_info wish = {.vm_id = 1}, pages;

	VTMM_SET(&wish, VTMM_A_PAGES_VM_ID);
	assert_int_equal(vtmm_pages_get(c, &wish, &pages), status);
	assert_null(pages.runs);
	if (!strstr(vtmm_error(c), part))
		fail_msg("'%s', not '%s'", vtmm_error(c), part);
}

/* Memory is in order and nothing is there twice, within messages and between.
 */
static void test_order(void **state)
{
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	for (f.faults.parts = 1; f.faults.parts <= 3; f.faults.parts++) {
		f.map.chunks[1].gfn = 0;
		check_bad_map(c, VTMM_BAD_ANSWER, "out of order");
		f.map.chunks[1].gfn = 2048;
		check_bad_map(c, VTMM_BAD_ANSWER, "out of order");
		f.map.chunks[1].gfn = 512;
		/* The first run has four pages. */
		f.pages.runs[1].gfn = f.pages.runs[0].gfn + 3;
		check_bad_pages(c, VTMM_BAD_ANSWER, "out of order");
		f.pages.runs[1].gfn = f.pages.runs[2].gfn;
		check_bad_pages(c, VTMM_BAD_ANSWER, "out of order");
		f.pages.runs[1].gfn = 0x20;
	}
	teardown(&f, c);
}

/* Without its end a dump is not whole, however much of it came. */
static void test_dump_cut(void **state)
{
	struct vtmm_client *c;
	struct vtmm_vm_list list;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.cut = true;
	check_bad_map(c, VTMM_TIMEOUT, "no answer");
	check_bad_pages(c, VTMM_TIMEOUT, "no answer");
	assert_int_equal(vtmm_vm_list(c, &list), VTMM_TIMEOUT);
	assert_null(list.vms);
	teardown(&f, c);
}

/* A dump may fail when half of it is told; the reason stands at its end. */
static void test_dump_refused_at_its_end(void **state)
{
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	f.faults.end = (struct fake_refusal){.err = ENOENT,
					     .text = "the VM has ended"};
	check_bad_map(c, VTMM_REFUSED, "the VM has ended");
	f.faults.end.text = NULL;
	check_bad_pages(c, VTMM_REFUSED, "No such file");
	teardown(&f, c);
}

static void check_bad_heat(struct fake *f, struct vtmm_client *c)
{
	struct vtmm_heat_info heat;

	assert_int_equal(vtmm_heat_get(c, 1, &heat), VTMM_BAD_ANSWER);
	assert_null(heat.buckets);
	(void)f;
}

static void test_histogram(void **state)
{
	struct vtmm_heat_info heat;
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	/* Nothing is hot: one above the hottest. */
	f.heat.hot_temp = VTMM_NR_BUCKETS;
	assert_int_equal(vtmm_heat_get(c, 1, &heat), VTMM_OK);
	vtmm_heat_info_free(&heat);
	f.heat.hot_temp++;
	check_bad_heat(&f, c);
	f.heat.hot_temp = 20;
	f.heat.present &= ~(1ull << VTMM_A_HEAT_VM_ID);
	check_bad_heat(&f, c);
	teardown(&f, c);
}

static void test_group(void **state)
{
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	f.faults.other_group = true;
	c = connected(&f);
	/* The fake refuses to be joined by another number. */
	assert_int_equal(vtmm_events_join(c), VTMM_OK);
	vtmm_client_free(c);
	f.joined = 0;
	f.faults.no_group = true;
	c = connected(&f);
	assert_int_equal(vtmm_events_join(c), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "no group of events"));
	vtmm_client_free(c);
	f.faults = (struct fake_faults){.join = -EPERM};
	c = connected(&f);
	assert_int_equal(vtmm_events_join(c), VTMM_NO_PRIVILEGE);
	assert_int_equal(f.joined, 0);
	teardown(&f, c);
}

static void fill_event(struct vtmm_event_info *e, uint32_t kind)
{
	e->kind = kind;
	VTMM_SET(e, VTMM_A_EVENT_KIND);
}

static void test_events(void **state)
{
	struct vtmm_event_info event;
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	f.nr_events = 2;
	fill_event(&f.events[0], VTMM_EVENT_EXIT);
	c = connected(&f);
	assert_int_equal(vtmm_events_join(c), VTMM_OK);
	f.lose = true;
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_LOST);
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_OK);
	assert_int_equal(event.kind, VTMM_EVENT_EXIT);
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_BAD_ANSWER);
	assert_non_null(strstr(vtmm_error(c), "without its kind"));
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_INTERRUPTED);
	f.faults.recv = -EAGAIN;
	assert_int_equal(vtmm_event_next(c, 5, &event), VTMM_TIMEOUT);
	teardown(&f, c);
}

/* What is no event is not taken for one, though it looks like one inside. */
static void test_no_event(void **state)
{
	static const unsigned char kind[] = {8, 0, VTMM_A_EVENT_KIND, 0, 2, 0,
					     0, 0};
	struct vtmm_event_info event;
	struct vtmm_client *c;
	struct fake f;

	(void)state;
	setup(&f);
	c = connected(&f);
	assert_int_equal(vtmm_events_join(c), VTMM_OK);
	f.nr_events = 2;
	f.raw_event = true;
	f.raw = kind;
	f.raw_len = sizeof(kind);
	f.raw_cmd = VTMM_CMD_EVENT;
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_OK);
	assert_int_equal(event.kind, 2);
	f.raw_cmd = VTMM_CMD_VM_GET;
	assert_int_equal(vtmm_event_next(c, -1, &event), VTMM_TIMEOUT);
	teardown(&f, c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_late_answer),
		cmocka_unit_test(test_late_refusal),
		cmocka_unit_test(test_late_dump),
		cmocka_unit_test(test_errors_of_receiving),
		cmocka_unit_test(test_open_fails),
		cmocka_unit_test(test_abi),
		cmocka_unit_test(test_other_question),
		cmocka_unit_test(test_twice_and_never),
		cmocka_unit_test(test_torn_error),
		cmocka_unit_test(test_incomplete_vm),
		cmocka_unit_test(test_list_fails_late),
		cmocka_unit_test(test_dump_in_parts),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_dump_cut),
		cmocka_unit_test(test_dump_refused_at_its_end),
		cmocka_unit_test(test_histogram),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_no_event),
	};

	return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
