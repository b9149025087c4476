/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace: KVM's tracepoints that vtmm probes. KVM exports them, but the header with
 * their prototypes is its own: they stand here, a probe has to have them, and they
 * are compared with the kernel's type information (facts.c).
 */
#ifndef _VTMM_COMPAT_TRACE_H
#define _VTMM_COMPAT_TRACE_H

#include <linux/kvm_host.h>
#include <linux/tracepoint.h>

/* F(module, event, arguments of its probes after the first, which is ours). */
#define VTMM_TRACEPOINTS(F)						\
	F("kvm", kvm_exit, struct kvm_vcpu *, u32)			\
	F("kvm", kvm_page_fault, struct kvm_vcpu *, u64, u64)

/* vtmm_probe_EVENT() has a function called at each event, vtmm_unprobe_EVENT() ends it. */
#define VTMM_DECLARE_PROBE(module, event, ...)				\
extern struct tracepoint __tracepoint_##event;				\
typedef void vtmm_##event##_probe_t(void *data, __VA_ARGS__);		\
static inline int vtmm_probe_##event(vtmm_##event##_probe_t *probe)	\
{									\
	return tracepoint_probe_register(&__tracepoint_##event, probe, NULL); \
}									\
									\
static inline void vtmm_unprobe_##event(vtmm_##event##_probe_t *probe)	\
{									\
	tracepoint_probe_unregister(&__tracepoint_##event, probe, NULL); \
}
VTMM_TRACEPOINTS(VTMM_DECLARE_PROBE)

#endif /* _VTMM_COMPAT_TRACE_H */
