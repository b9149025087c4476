// SPDX-License-Identifier: GPL-2.0-only
/*
 * doctor_host: checks of the host, from /proc and /sys. It reads and changes
 * nothing; a file that is not there is an answer too.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "rivals.h"
#include "supported.h" /* made from scripts/kernels.txt */

static bool read_line(const struct doctor *d, const char *path, char *to,
		      size_t size)
{
	return host_line(d->ctl, path, to, size);
}

/* The choice that stands in brackets: "a [b] c". */
static bool chosen(const char *line, const char *word)
{
	const char *open = strchr(line, '[');
	size_t len = strlen(word);

	return open && !strncmp(open + 1, word, len) && open[len + 1] == ']';
}

/* Parameters of modules say Y or 1. */
static bool is_on(const struct doctor *d, const char *path)
{
	char line[64];

	return read_line(d, path, line, sizeof(line)) &&
	       (line[0] == 'Y' || line[0] == '1');
}

static bool kernel_supported(const char *release)
{
	regex_t pattern;
	bool is;

	if (regcomp(&pattern, VTMM_SUPPORTED_PATTERN, REG_EXTENDED | REG_NOSUB))
		return false;
	is = !regexec(&pattern, release, 0, NULL, 0);
	regfree(&pattern);
	return is;
}

/**
 * doctor_kernel() - is this kernel one that vtmm is built for?
 * @d: the examination
 */
void doctor_kernel(struct doctor *d)
{
	char release[128];

	if (!read_line(d, "/proc/sys/kernel/osrelease", release,
		       sizeof(release))) {
		doctor_say(d, FINDING_WARN, "kernel",
			   "/proc cannot be read: mount it");
		return;
	}
	if (kernel_supported(release))
		doctor_say(d, FINDING_OK, "kernel", "%s is supported", release);
	else
		doctor_say(d, FINDING_FAIL, "kernel", "%s is not supported: %s",
			   release, VTMM_SUPPORTED_SENTENCE);
}

static void doctor_intel(struct doctor *d)
{
	if (!is_on(d, "/sys/module/kvm_intel/parameters/ept"))
		doctor_say(d, FINDING_FAIL, "kvm",
			   "kvm_intel runs without EPT: load it with ept=1");
	else if (!is_on(d, "/sys/module/kvm_intel/parameters/eptad"))
		doctor_say(
			d, FINDING_FAIL, "kvm",
			"EPT has no accessed and dirty bits on this CPU, or eptad=0");
	else if (!is_on(d, "/sys/module/kvm_intel/parameters/pml"))
		doctor_say(
			d, FINDING_WARN, "kvm",
			"no page-modification logging on this CPU, or pml=0");
	else
		doctor_say(
			d, FINDING_OK, "kvm",
			"kvm_intel with EPT, accessed and dirty bits, and PML");
}

/**
 * doctor_kvm() - is KVM there, with what tracking needs?
 * @d: the examination
 */
void doctor_kvm(struct doctor *d)
{
	char line[64];

	if (read_line(d, "/sys/module/kvm_intel/parameters/ept", line,
		      sizeof(line)))
		doctor_intel(d);
	else if (!read_line(d, "/sys/module/kvm_amd/parameters/npt", line,
			    sizeof(line)))
		doctor_say(
			d, FINDING_FAIL, "kvm",
			"neither kvm_intel nor kvm_amd is loaded: modprobe one, or switch virtualization on in the firmware");
	else if (!is_on(d, "/sys/module/kvm_amd/parameters/npt"))
		doctor_say(
			d, FINDING_FAIL, "kvm",
			"kvm_amd runs without nested paging: load it with npt=1");
	else
		doctor_say(d, FINDING_OK, "kvm", "kvm_amd with nested paging");
	if (read_line(d, "/sys/module/kvm/parameters/tdp_mmu", line,
		      sizeof(line)) &&
	    line[0] != 'Y')
		doctor_say(
			d, FINDING_FAIL, "tdp-mmu",
			"KVM's TDP MMU is switched off: load kvm with tdp_mmu=1");
}

/**
 * doctor_signing() - will this kernel load an unsigned module?
 * @d: the examination
 */
void doctor_signing(struct doctor *d)
{
	bool enforced = is_on(d, "/sys/module/module/parameters/sig_enforce");
	char line[128];

	if (read_line(d, "/sys/kernel/security/lockdown", line, sizeof(line)) &&
	    !chosen(line, "none"))
		enforced = true;
	if (enforced)
		doctor_say(
			d, FINDING_WARN, "signing",
			"this kernel loads signed modules only (Secure Boot, lockdown): sign vtmm with an enrolled key, see mokutil(1)");
	else
		doctor_say(d, FINDING_OK, "signing",
			   "modules need no signature");
}

/**
 * doctor_rivals() - does the kernel move pages against us?
 * @d: the examination
 */
void doctor_rivals(struct doctor *d)
{
	for (size_t i = 0; i < RIVALS; i++) {
		const struct rival *rival = rival_at(i);

		if (rival_is_on(d->ctl, rival))
			doctor_say(d, FINDING_WARN, rival->name, "%s",
				   rival->remedy);
		else
			doctor_say(d, FINDING_OK, rival->name, "is off");
	}
}

/**
 * doctor_thp() - is guest memory made huge without being asked?
 * @d: the examination
 */
void doctor_thp(struct doctor *d)
{
	char line[64];

	if (read_line(d, "/sys/kernel/mm/transparent_hugepage/enabled", line,
		      sizeof(line)) &&
	    chosen(line, "always"))
		doctor_say(
			d, FINDING_WARN, "huge-pages",
			"are always used: heat is seen per 2 MiB where guest memory is huge; madvise leaves it to the VMM");
	else
		doctor_say(d, FINDING_OK, "huge-pages",
			   "are not forced on guest memory");
}

/**
 * doctor_ksm() - are pages shared, so that they cannot move?
 * @d: the examination
 */
void doctor_ksm(struct doctor *d)
{
	char line[16];

	if (read_line(d, "/sys/kernel/mm/ksm/run", line, sizeof(line)) &&
	    line[0] == '1')
		doctor_say(
			d, FINDING_WARN, "ksm",
			"runs: pages that it shares between VMs do not move; echo 0 > /sys/kernel/mm/ksm/run");
}
