/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types: the few types that src/core is written in, in the module and in user
 * space alike. Nothing here may need more than the compiler.
 */
#ifndef _VTMM_TYPES_H
#define _VTMM_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/errno.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;
typedef __INT32_TYPE__ s32;
#endif

/* Guest memory comes in pages of 4 KiB and chunks of 2 MiB. */
#define VTMM_CHUNK_SHIFT	9
#define VTMM_CHUNK_PAGES	512u

/* The same numbers as enum vtmm_tier of the netlink ABI. */
#define VTMM_NR_TIERS		2

/**
 * struct vtmm_mem - where core gets its memory from
 * @zalloc: returns @size zeroed bytes, or NULL; may sleep if the caller of core may
 * @free: gives back what @zalloc returned; @size as it was asked for
 * @ctx: handed to both
 */
struct vtmm_mem {
	void *(*zalloc)(void *ctx, size_t size);
	void (*free)(void *ctx, void *p, size_t size);
	void *ctx;
};

#endif /* _VTMM_TYPES_H */
