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

u32 vtmm_rec_shift_far(const struct vtmm_heat *h, u32 rec, u32 round, u32 k);
bool vtmm_rec_due(const struct vtmm_heat *h, u32 rec, u32 round);
u32 vtmm_rec_touch(const struct vtmm_heat *h, u32 rec, u32 round, u8 flags);
u32 vtmm_rec_quiet(const struct vtmm_heat *h, u32 rec, u32 round);
u32 vtmm_rec_rouse(u32 rec);
u32 vtmm_rec_moved(u32 rec);
u32 vtmm_rec_due_round(const struct vtmm_heat *h, u32 rec, u32 round);

/* The lowest bits of both histories: the newest round. */
#define VTMM_REC_NEWEST		(1u | 1u << VTMM_REC_WRITE_SHIFT)
#define VTMM_REC_HISTORIES	0xfffffu

/*
 * One round goes by, by far the most frequent case: as vtmm_rec_shift_far(),
 * for records that vtmm_heat_wake() cannot concern.
 */
static inline u32 vtmm_rec_step(u32 rec, u32 round)
{
	u32 age = vtmm_rec_age(rec, round), bits = rec & VTMM_REC_HISTORIES;
	u32 kept = vtmm_rec_asleep(rec) && age < vtmm_rec_delay(rec) ?
		   VTMM_REC_NEWEST : 0;

	if (age >= VTMM_REC_AGE_MAX)	/* no older than that: phase goes along */
		rec = (rec & ~(VTMM_REC_PHASE << VTMM_REC_PHASE_SHIFT)) |
		      ((rec + (1u << VTMM_REC_PHASE_SHIFT)) &
		       VTMM_REC_PHASE << VTMM_REC_PHASE_SHIFT);
	return (rec & ~VTMM_REC_HISTORIES) | (bits & kept) |
	       (bits << 1 & VTMM_REC_HISTORIES & ~VTMM_REC_NEWEST);
}

/**
 * vtmm_rec_shift() - let a record grow older
 * @h: the VM's heat
 * @rec: the record; 0 when there is none
 * @round: the round that its ages count from
 * @k: rounds to go on, any number
 *
 * Rounds that a page sleeps through count as accessed, with the kind that was
 * seen last.
 *
 * Return: the record as of @round + @k.
 */
static inline u32 vtmm_rec_shift(const struct vtmm_heat *h, u32 rec, u32 round,
				 u32 k)
{
	if (!rec || !k)
		return rec;
	if (k == 1 && !h->woken)
		return vtmm_rec_step(rec, round);
	return vtmm_rec_shift_far(h, rec, round, k);
}

/* The bits set in each 16-bit half of @x, of which 10 may be. */
static inline u32 vtmm_rec_count_halves(u32 x)
{
	x -= x >> 1 & 0x55555555u;
	x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
	x = (x + (x >> 4)) & 0x0f0f0f0fu;
	return (x + (x >> 8)) & 0x00ff00ffu;
}

/**
 * vtmm_rec_temp() - temperature: Σ over the window of what each round weighs
 * @p: window and weights; a round in which the page was written counts as such
 * @rec: the record; 0 when there is none
 *
 * Return: 0…VTMM_TEMP_MAX.
 */
static inline unsigned int vtmm_rec_temp(const struct vtmm_heat_params *p,
					 u32 rec)
{
	u32 mask = (1u << p->window) - 1;
	u32 writes = vtmm_rec_writes(rec) & mask;
	u32 reads = vtmm_rec_reads(rec) & mask & ~writes;
	u32 n = vtmm_rec_count_halves(writes << 16 | reads);

	return (n >> 16) * p->write_weight + (n & 0xffff) * p->read_weight;
}

/**
 * vtmm_rec_rank() - order among pages of one temperature
 * @rec: the record, shifted to @round; 0 when there is none
 * @round: now
 *
 * Return: 0 (touched just now) … 15 (never touched, or long ago).
 */
static inline unsigned int vtmm_rec_rank(u32 rec, u32 round)
{
	u32 seen = vtmm_rec_reads(rec) | vtmm_rec_writes(rec);

	if (seen)
		return __builtin_ctz(seen);
	return rec ? 10 + vtmm_rec_age(rec, round) / 25 : 15;
}

/* Values: every temperature, and in it every rank. */
#define VTMM_RANKS	16
#define VTMM_VALUES	((VTMM_TEMP_MAX + 1) * VTMM_RANKS)

/**
 * vtmm_rec_value() - order among all pages of a VM
 * @p: window and weights
 * @rec: the record, shifted to @round; 0 when there is none
 * @round: now
 *
 * Return: 0 (never touched) … VTMM_VALUES - 1 (hottest, touched just now): the
 * temperature decides, and the rank within it.
 */
static inline unsigned int vtmm_rec_value(const struct vtmm_heat_params *p,
					  u32 rec, u32 round)
{
	return vtmm_rec_temp(p, rec) * VTMM_RANKS +
	       (VTMM_RANKS - 1 - vtmm_rec_rank(rec, round));
}

/* The value of pages of which none was touched for @rounds, a window or more. */
static inline unsigned int vtmm_value_cold(u32 rounds)
{
	u32 age = rounds < VTMM_REC_AGE_MAX ? rounds : VTMM_REC_AGE_MAX;

	return VTMM_RANKS - 1 - (10 + age / 25);
}

#endif /* _VTMM_CORE_RECORD_H */
