/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hook: calls of one function of the kernel go elsewhere, if its hook says so.
 */
#ifndef _VTMM_HOOK_H
#define _VTMM_HOOK_H

/**
 * typedef vtmm_hook_t - looks at a call
 * @first: the function's first argument
 * @second: the second
 *
 * Context: with preemption off, anywhere that the function is called. May be left
 * out at any call.
 * Return: where execution goes on, with the same arguments, or 0.
 */
typedef unsigned long vtmm_hook_t(void *first, void *second);

int vtmm_hook_set(const char *name, vtmm_hook_t *hook);
void vtmm_hook_clear(void);

#endif /* _VTMM_HOOK_H */
