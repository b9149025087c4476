// SPDX-License-Identifier: GPL-2.0-only
/*
 * vcpu: what vtmm reads of a VM's vCPUs. It must never stop one.
 */
#include "kvm/kvm.h"

/**
 * vtmm_kvm_exits() - how often the vCPUs of a VM have left the guest
 * @kvm: the VM
 * @inside: out: some vCPU is in the guest now
 *
 * A VM of which the sum stays the same, with no vCPU inside, has not run. A
 * vCPU that leaves while this looks is found by the next call.
 *
 * Context: any; the VM is held, so its vCPUs are not freed.
 * Return: the sum.
 */
u64 vtmm_kvm_exits(struct kvm *kvm, bool *inside)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;
	u64 exits = 0;

	*inside = false;
	kvm_for_each_vcpu(i, vcpu, kvm) {
		exits += READ_ONCE(vcpu->stat.exits);
		*inside |= READ_ONCE(vcpu->mode) != OUTSIDE_GUEST_MODE;
	}
	return exits;
}
