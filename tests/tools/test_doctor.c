// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_doctor: hosts that work, work less well, or do not work: each finding
 * has its word, its name and its remedy, and the exit status tells whether any
 * fails.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "supported.h" /* made from scripts/kernels.txt */
#include "test.h"

#define KVM "/sys/module/kvm/parameters/"
#define AMD "/sys/module/kvm_amd/parameters/"
#define INTEL "/sys/module/kvm_intel/parameters/"

/* A made-up host, and a module on it. */
struct host {
	char dir[32];
	struct fake f;
};

/* A file of the host with one line, or none when @line is NULL. */
static void put_file(const struct host *h, const char *path, const char *line)
{
	char full[256];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", h->dir, path);
	if (!line) {
		unlink(full);
		return;
	}
	for (char *s = strchr(full + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		mkdir(full, 0755);
		*s = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", line);
	fclose(file);
}

/* All is well: an AMD host with named tiers. */
static void setup(struct host *h)
{
	strcpy(h->dir, "/tmp/vtmm-doctor-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	run_root = h->dir;
	put_file(h, "/proc/sys/kernel/osrelease", "6.12.43+deb13-amd64");
	put_file(h, AMD "npt", "1");
	put_file(h, KVM "tdp_mmu", "Y");
	put_file(h, "/sys/module/module/parameters/sig_enforce", "N");
	put_file(h, "/sys/kernel/security/lockdown",
		 "[none] integrity confidentiality");
	put_file(h, "/sys/kernel/mm/transparent_hugepage/enabled",
		 "always [madvise] never");
	put_file(h, "/sys/kernel/mm/ksm/run", "0");
	fake_init(&h->f);
	h->f.info.nr_advice = 0;
	h->f.info.features[1].available = 1;
	h->f.info.tiers[1].guessed = 0;
	fake_add_vm(&h->f, 1, 100, "db");
	h->f.vms[0].present &= ~(1ull << VTMM_A_VM_TRACKER_WHY);
}

static void teardown(struct host *h)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -r %s", h->dir);
	assert_int_equal(system(command), 0);
	run_root = "/nonexistent";
	fake_free(&h->f);
}

/* The examination ends so, and one of its lines begins so. */
static void check_finding(struct host *h, enum ctl_exit status,
			  const char *finding)
{
	struct result r = run(&h->f, "doctor");
	char line[256];

	snprintf(line, sizeof(line), "\n%s", finding);
	if (!strstr(r.out, line) && strncmp(r.out, finding, strlen(finding)))
		fail_msg("no '%s' in:\n%s", finding, r.out);
	if (r.status != status)
		fail_msg("'%s': status %d in:\n%s", finding, r.status, r.out);
	assert_string_equal(r.err, "");
	result_free(&r);
}

static void test_healthy(void **state)
{
	struct result r;
	struct host h;

	(void)state;
	setup(&h);
	r = run(&h.f, "doctor");
	assert_int_equal(r.status, CTL_OK);
	assert_string_equal(r.out,
			    "ok    kernel: 6.12.43+deb13-amd64 is supported\n"
			    "ok    kvm: kvm_amd with nested paging\n"
			    "ok    signing: modules need no signature\n"
			    "ok    numa-balancing: is off\n"
			    "ok    demotion: is off\n"
			    "ok    huge-pages: are not forced on guest memory\n"
			    "ok    module: version 0.1.0, ABI 1\n"
			    "ok    ad-bits: tracker is available\n"
			    "ok    pml: tracker is available\n"
			    "ok    fast-tier: is named\n"
			    "ok    slow-tier: is named\n"
			    "ok    db: VM 1 has tracker ad-bits\n");
	result_free(&r);
	teardown(&h);
}

/* A file of the host, what is in it, and what that means. */
struct sign {
	const char *path;
	const char *line;
	enum ctl_exit status;
	const char *finding;
};

static void check_signs(const struct sign *signs, size_t nr, bool intel)
{
	struct host h;

	for (size_t i = 0; i < nr; i++) {
		setup(&h);
		if (intel) {
			put_file(&h, AMD "npt", NULL);
			put_file(&h, INTEL "ept", "Y");
			put_file(&h, INTEL "eptad", "Y");
			put_file(&h, INTEL "pml", "Y");
		}
		put_file(&h, signs[i].path, signs[i].line);
		check_finding(&h, signs[i].status, signs[i].finding);
		teardown(&h);
	}
}

static void test_kernels(void **state)
{
	static const char path[] = "/proc/sys/kernel/osrelease";
	static const struct sign signs[] = {
		{path, "6.1.0-40-amd64", CTL_OK,
		 "ok    kernel: 6.1.0-40-amd64 is supported\n"},
		{path, "6.10.3", CTL_FAILED, "fail  kernel: 6.10.3 is not "},
		{path, "6.11.0", CTL_FAILED, "fail  kernel: 6.11.0 is not "},
		{path, "6.120.1", CTL_FAILED, "fail  kernel: 6.120.1 is not "},
		{path, "6.13.1", CTL_FAILED, "fail  kernel: 6.13.1 is not "},
		{path, "5.10.0", CTL_FAILED,
		 "fail  kernel: 5.10.0 is not supported: " VTMM_SUPPORTED_SENTENCE
		 "\n"},
		{path, NULL, CTL_OK, "warn  kernel: /proc cannot be read"},
	};

	(void)state;
	check_signs(signs, COUNT(signs), false);
}

static void test_kvm(void **state)
{
	static const struct sign amd[] = {
		{AMD "npt", "Y", CTL_OK, "ok    kvm: kvm_amd with nested"},
		{AMD "npt", "0", CTL_FAILED, "fail  kvm: kvm_amd runs without"},
		{AMD "npt", NULL, CTL_FAILED, "fail  kvm: neither kvm_intel"},
		{KVM "tdp_mmu", "N", CTL_FAILED,
		 "fail  tdp-mmu: KVM's TDP MMU"},
		{KVM "tdp_mmu", NULL, CTL_OK, "ok    kvm: kvm_amd with"},
	};
	static const struct sign intel[] = {
		{INTEL "pml", "Y", CTL_OK, "ok    kvm: kvm_intel with EPT, "},
		{INTEL "pml", "1", CTL_OK, "ok    kvm: kvm_intel with EPT, "},
		{INTEL "pml", "N", CTL_OK, "warn  kvm: no page-modification"},
		{INTEL "eptad", "N", CTL_FAILED, "fail  kvm: EPT has no acc"},
		{INTEL "ept", "N", CTL_FAILED,
		 "fail  kvm: kvm_intel runs with"},
	};

	(void)state;
	check_signs(amd, COUNT(amd), false);
	check_signs(intel, COUNT(intel), true);
}

static void test_host(void **state)
{
	static const char sig[] = "/sys/module/module/parameters/sig_enforce";
	static const char lockdown[] = "/sys/kernel/security/lockdown";
	static const char thp[] = "/sys/kernel/mm/transparent_hugepage/enabled";
	static const char ksm[] = "/sys/kernel/mm/ksm/run";
	static const char signed_only[] = "warn  signing: this kernel loads";
	static const struct sign signs[] = {
		{sig, "Y", CTL_OK, signed_only},
		{sig, "1", CTL_OK, signed_only},
		{lockdown, "none [integrity] confidentiality", CTL_OK,
		 signed_only},
		{lockdown, NULL, CTL_OK, "ok    signing: modules need no"},
		{thp, "[always] madvise never", CTL_OK,
		 "warn  huge-pages: are"},
		{thp, "always madvise [never]", CTL_OK,
		 "ok    huge-pages: are"},
		{ksm, "1", CTL_OK, "warn  ksm: runs"},
	};

	(void)state;
	check_signs(signs, COUNT(signs), false);
}

/* No VM can be attached without a tracker that works here. */
static void test_trackers(void **state)
{
	struct host h;

	(void)state;
	setup(&h);
	h.f.info.features[0].available = 0;
	strcpy(h.f.info.features[1].kind, "engine");
	check_finding(&h, CTL_FAILED, "fail  trackers: there is none");
	check_finding(&h, CTL_FAILED,
		      "warn  ad-bits: tracker is not available: no reason");
	strcpy(h.f.info.features[1].kind, "tracker");
	check_finding(&h, CTL_OK, "warn  ad-bits: tracker is not available");
	h.f.info.features[1].available = 0;
	check_finding(&h, CTL_FAILED,
		      "warn  pml: tracker is not available: this CPU has no");
	teardown(&h);
}

static void test_tiers(void **state)
{
	struct host h;

	(void)state;
	setup(&h);
	h.f.info.tiers[1].guessed = 1;
	check_finding(&h, CTL_OK, "warn  slow-tier: was guessed: name it");
	h.f.info.tiers[1].total_bytes = 0;
	check_finding(&h, CTL_FAILED, "fail  slow-tier: has no memory");
	h.f.info.tiers[1].total_bytes = 1 << 30;
	h.f.info.tiers[1].nr_nodes = 0;
	check_finding(&h, CTL_FAILED, "fail  slow-tier: has no memory");
	h.f.info.nr_tiers = 1;
	check_finding(&h, CTL_FAILED, "fail  tiers: a fast and a slow tier");
	h.f.info.nr_tiers = 0;
	check_finding(&h, CTL_FAILED, "fail  tiers: a fast and a slow tier");
	teardown(&h);
}

/* The rest of the host is examined all the same, and the module fails. */
static void test_no_module(void **state)
{
	struct host h;

	(void)state;
	setup(&h);
	h.f.absent = true;
	check_finding(&h, CTL_FAILED, "ok    kvm: kvm_amd with nested paging");
	check_finding(&h, CTL_FAILED,
		      "fail  module: the vtmm module is not loaded: run: modp");
	h.f.absent = false;
	h.f.refusal = (struct fake_refusal){.cmd = VTMM_CMD_INFO_GET, .err = 1};
	check_finding(&h, CTL_FAILED, "fail  module: not permitted: run as");
	h.f.refusal.cmd = VTMM_CMD_VM_GET;
	check_finding(&h, CTL_FAILED, "fail  vms: not permitted: run as");
	teardown(&h);
}

/* The same findings as JSON, with their number. */
static void test_json(void **state)
{
	struct result r;
	struct host h;

	(void)state;
	setup(&h);
	h.f.info.tiers[0].guessed = 1;
	put_file(&h, AMD "npt", "0");
	r = run(&h.f, "doctor -j");
	assert_int_equal(r.status, CTL_FAILED);
	assert_non_null(strstr(r.out, "\"failed\": 1,"));
	assert_non_null(strstr(r.out, "\"warned\": 1"));
	assert_non_null(strstr(r.out, "\"name\": \"fast-tier\",\n"
				      "      \"status\": \"warn\""));
	result_free(&r);
	teardown(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_kernels),
		cmocka_unit_test(test_kvm),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_trackers),
		cmocka_unit_test(test_tiers),
		cmocka_unit_test(test_no_module),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
