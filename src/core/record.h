/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record: the 32 bits that are kept of a page, and the rules that change them.
 * Knows neither tables nor residency; never allocates.
 *
 *   bits  0…9   the page was read, bit 0 in the newest round
 *   bits 10…19  the page was written
 *   bits 20…22  level in the multi-level queue
 *   bits 23…29  phase: round of the last change of level, mod 128
 *   bit  30     armed: the hardware's bits are clear and will tell
 *   bit  31     there is a record
 */
#ifndef _VTMM_CORE_RECORD_H
#define _VTMM_CORE_RECORD_H

#include <vtmm/heat.h>

#define VTMM_REC_HISTORY	0x3ffu
#define VTMM_REC_WRITE_SHIFT	10
#define VTMM_REC_LEVEL_SHIFT	20
#define VTMM_REC_PHASE_SHIFT	23
#define VTMM_REC_PHASE		0x7fu
#define VTMM_REC_ARMED		0x40000000u
#define VTMM_REC_VALID		0x80000000u

/* An age beyond every due round that still fits the phase. */
#define VTMM_REC_AGE_MAX	100u

static inline u32 vtmm_rec_reads(u32 rec)
{
	return rec & VTMM_REC_HISTORY;
}

static inline u32 vtmm_rec_writes(u32 rec)
{
	return rec >> VTMM_REC_WRITE_SHIFT & VTMM_REC_HISTORY;
}

static inline u32 vtmm_rec_level(u32 rec)
{
	return rec >> VTMM_REC_LEVEL_SHIFT & VTMM_LEVEL_MAX;
}

/* Rounds from the last change of level to @round, the one that ages count from. */
static inline u32 vtmm_rec_age(u32 rec, u32 round)
{
	return (round - (rec >> VTMM_REC_PHASE_SHIFT)) & VTMM_REC_PHASE;
}

/* Rounds after the last change of level at which a page of this level is due. */
static inline u32 vtmm_rec_delay(u32 rec)
{
	u32 level = vtmm_rec_level(rec);

	return level ? 1u << (level - 1) : 0;
}

/* Asleep: its bits were left set, so it cannot tell whether it is used. */
static inline bool vtmm_rec_asleep(u32 rec)
{
	return (rec & VTMM_REC_VALID) && !(rec & VTMM_REC_ARMED);
}

u32 vtmm_rec_shift(const struct vtmm_heat *h, u32 rec, u32 round, u32 k);
bool vtmm_rec_due(const struct vtmm_heat *h, u32 rec, u32 round);
u32 vtmm_rec_touch(const struct vtmm_heat *h, u32 rec, u32 round, u8 flags);
u32 vtmm_rec_rouse(u32 rec);
u32 vtmm_rec_due_round(const struct vtmm_heat *h, u32 rec, u32 round);
unsigned int vtmm_rec_temp(const struct vtmm_heat_params *p, u32 rec);
unsigned int vtmm_rec_rank(u32 rec, u32 round);

#endif /* _VTMM_CORE_RECORD_H */
