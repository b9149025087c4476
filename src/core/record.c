// SPDX-License-Identifier: GPL-2.0-only
/*
 * record: how the 32 bits of a page change, and what is read from them.
 *
 * The multi-level queue is that of the vTMM paper (EuroSys 2023, section on
 * tracking). A page at level L is left alone until it is due, 2^(L-1) rounds
 * after its last change of level; then its bits are re-armed. Touched again in
 * the very next round it rises, touched later it falls. "Armed" keeps what the
 * hardware really does apart from what the rules would like: a due page that
 * the tracker could not visit stays asleep, and is due until it was.
 *
 * One rule is ours: a page that vtmm_heat_wake() woke begins again at level 0.
 * By the paper's rules a page that has gone cold falls level by level, one
 * touch at a time, and each touch lets it sleep, and claim to be hot, for 32
 * rounds, 16, 8: more than ten windows in all.
 */
#include "record.h"

static u32 vtmm_rec_make(u32 rec, u32 level, u32 round, u32 age, bool armed)
{
	u32 phase = (round - age) & VTMM_REC_PHASE;

	rec &= VTMM_REC_HISTORY | VTMM_REC_HISTORY << VTMM_REC_WRITE_SHIFT;
	return rec | level << VTMM_REC_LEVEL_SHIFT |
	       phase << VTMM_REC_PHASE_SHIFT |
	       (armed ? VTMM_REC_ARMED : 0) | VTMM_REC_VALID;
}

/* Did the page fall asleep, @age rounds before @round, before vtmm_heat_wake()? */
static bool vtmm_rec_woken(const struct vtmm_heat *h, u32 age, u32 round)
{
	return h->woken && (s32)(round - age - h->wake) <= 0;
}

/* Rounds after @round through which a sleeping page counts as accessed. */
static u32 vtmm_rec_sleep_left(const struct vtmm_heat *h, u32 rec, u32 round)
{
	u32 age = vtmm_rec_age(rec, round);
	u32 delay = vtmm_rec_delay(rec);
	u32 left, wake;

	if (!vtmm_rec_asleep(rec) || age >= delay)
		return 0;
	left = delay - age;
	if (!vtmm_rec_woken(h, age, round))
		return left;
	wake = (s32)(h->wake - round) > 0 ? h->wake - round : 0;
	return wake < left ? wake : left;
}

/* The bits of the history that stand for the first @left of the last @k rounds. */
static u32 vtmm_rec_sleep_mask(u32 left, u32 k)
{
	u32 from = left < k ? k - left : 0;
	u32 mask = k < VTMM_WINDOW_MAX ? (1u << k) - 1 : VTMM_REC_HISTORY;

	return from < VTMM_WINDOW_MAX ? mask & ~((1u << from) - 1) : 0;
}

static u32 vtmm_rec_shift_bits(u32 bits, u32 k, u32 mask)
{
	u32 shifted = k < VTMM_WINDOW_MAX ? bits << k & VTMM_REC_HISTORY : 0;

	return bits & 1 ? shifted | mask : shifted;
}

/**
 * vtmm_rec_shift_far() - let a record grow older by any number of rounds
 * @h: the VM's heat
 * @rec: the record, not 0
 * @round: the round that its ages count from
 * @k: rounds to go on, not 0
 *
 * Rounds that a page sleeps through count as accessed, with the kind that was
 * seen last. Ages stop at VTMM_REC_AGE_MAX so that the phase never wraps.
 *
 * Return: the record as of @round + @k.
 */
u32 vtmm_rec_shift_far(const struct vtmm_heat *h, u32 rec, u32 round, u32 k)
{
	u32 mask, age;

	mask = vtmm_rec_sleep_mask(vtmm_rec_sleep_left(h, rec, round), k);
	age = vtmm_rec_age(rec, round);
	age = k < VTMM_REC_AGE_MAX - age ? age + k : VTMM_REC_AGE_MAX;
	return vtmm_rec_make(vtmm_rec_shift_bits(vtmm_rec_reads(rec), k, mask) |
			     vtmm_rec_shift_bits(vtmm_rec_writes(rec), k, mask)
			     << VTMM_REC_WRITE_SHIFT,
			     vtmm_rec_level(rec), round + k, age,
			     rec & VTMM_REC_ARMED);
}

/**
 * vtmm_rec_due() - should the hardware's bits of a touched page be re-armed?
 * @h: the VM's heat
 * @rec: the record, shifted to @round; 0 when there is none
 * @round: now
 *
 * Return: what vtmm_rec_touch() will take for granted unless VTMM_ACC_SLEPT
 * says otherwise.
 */
bool vtmm_rec_due(const struct vtmm_heat *h, u32 rec, u32 round)
{
	u32 age = vtmm_rec_age(rec, round);
	u32 delay = vtmm_rec_delay(rec);

	if (!rec || !h->params.queue)
		return true;
	if (vtmm_rec_asleep(rec))
		return age >= delay || (vtmm_rec_woken(h, age, round) &&
					(s32)(round - h->wake) > 0);
	if (age == delay)
		return true;
	return age > delay + 1 && vtmm_rec_level(rec) <= 1;
}

/* A page that sleeps or is due: only being due changes anything. */
static u32 vtmm_rec_touch_early(const struct vtmm_heat *h, u32 rec, u32 round,
				bool slept)
{
	u32 level = vtmm_rec_level(rec);
	u32 age = vtmm_rec_age(rec, round);

	if (!vtmm_rec_due(h, rec, round))
		return vtmm_rec_make(rec, level, round, age, false);
	if (slept)
		return rec;
	if (age < vtmm_rec_delay(rec))	/* woken: it begins anew */
		level = 0;
	age = level ? vtmm_rec_delay(rec) : 0;
	return vtmm_rec_make(rec, level, round, age, true);
}

/* An armed page that was touched after it was due: it rises or falls. */
static u32 vtmm_rec_touch_late(u32 rec, u32 round, bool slept)
{
	u32 level = vtmm_rec_level(rec);

	if (vtmm_rec_age(rec, round) == vtmm_rec_delay(rec) + 1) {
		level = level < VTMM_LEVEL_MAX ? level + 1 : level;
		return vtmm_rec_make(rec, level, round, 0, false);
	}
	level = level ? level - 1 : 0;
	return vtmm_rec_make(rec, level, round, 0, !level && !slept);
}

/**
 * vtmm_rec_touch() - note an access and work the queue
 * @h: the VM's heat
 * @rec: the record, shifted to @round; 0 when there is none
 * @round: now
 * @flags: VTMM_ACC_*, at least one of READ and WRITE
 *
 * Return: the new record.
 */
u32 vtmm_rec_touch(const struct vtmm_heat *h, u32 rec, u32 round, u8 flags)
{
	bool slept = flags & VTMM_ACC_SLEPT;
	u32 age = vtmm_rec_age(rec, round);
	u32 delay = vtmm_rec_delay(rec);

	if (flags & VTMM_ACC_WRITE)
		rec |= 1u << VTMM_REC_WRITE_SHIFT;
	if (flags & VTMM_ACC_READ)
		rec |= 1u;
	if (!(rec & VTMM_REC_VALID) || !h->params.queue)
		return vtmm_rec_make(rec, 0, round, 0, !slept);
	if (vtmm_rec_asleep(rec) || age <= delay)
		return vtmm_rec_touch_early(h, rec, round, slept);
	return vtmm_rec_touch_late(rec, round, slept);
}

/**
 * vtmm_rec_quiet() - the page was visited, and its bits were clear
 * @h: the VM's heat
 * @rec: the record, shifted to @round; 0 when there is none
 * @round: now
 *
 * Return: the new record; a page that slept and is due is armed now.
 */
u32 vtmm_rec_quiet(const struct vtmm_heat *h, u32 rec, u32 round)
{
	if (!vtmm_rec_asleep(rec) || !vtmm_rec_due(h, rec, round))
		return rec;
	return vtmm_rec_touch_early(h, rec, round, false);
}

/**
 * vtmm_rec_rouse() - the page's mapping is gone: it sleeps no longer
 * @rec: the record; 0 when there is none
 *
 * Return: the new record; the next access to it will be seen.
 */
u32 vtmm_rec_rouse(u32 rec)
{
	return rec ? rec | VTMM_REC_ARMED : 0;
}

/**
 * vtmm_rec_moved() - the page was moved: it begins anew
 * @rec: the record; 0 when there is none
 *
 * The history stays, the level goes: with it the page would fall asleep at its
 * next touch and claim to be hot for many rounds, and nobody could tell what
 * the move was worth.
 *
 * Return: the new record; the next accesses to it will be seen.
 */
u32 vtmm_rec_moved(u32 rec)
{
	return vtmm_rec_rouse(rec) & ~(VTMM_LEVEL_MAX << VTMM_REC_LEVEL_SHIFT);
}

/**
 * vtmm_rec_due_round() - when a sleeping page is due
 * @h: the VM's heat
 * @rec: the record of a sleeping page, shifted to @round
 * @round: now
 *
 * Return: the round, which may lie in the past.
 */
u32 vtmm_rec_due_round(const struct vtmm_heat *h, u32 rec, u32 round)
{
	u32 age = vtmm_rec_age(rec, round);
	u32 due = round - age + vtmm_rec_delay(rec);

	if (vtmm_rec_woken(h, age, round) && (s32)(due - h->wake) > 1)
		return h->wake + 1;
	return due;
}
