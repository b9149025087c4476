// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool: the division of the fast memory among VMs.
 *
 * Three floods over the same members, each max-min fair by weights: up to the
 * demand by shares, then up to what a VM can hold by how much of it is hot,
 * and what nobody is hot for by shares. So no fast memory lies idle while a VM
 * could hold it, and a VM that needs less lends until others claim it.
 */
#include <vtmm/pool.h>

/* Weights of a flood are cut to this many bits, so that products fit. */
#define VTMM_WEIGHT_BITS	20

enum vtmm_flood {
	VTMM_FLOOD_DEMAND,
	VTMM_FLOOD_HOT,
	VTMM_FLOOD_REST,
};

/* A flood under way. */
struct vtmm_flooding {
	enum vtmm_flood kind;
	unsigned int shift;	/* of hot pages, to make weights of them */
	u64 left;
	u64 weights;		/* of the members that want more */
};

static u64 vtmm_pool_min(u64 a, u64 b)
{
	return a < b ? a : b;
}

static u64 vtmm_member_cap(const struct vtmm_pool_member *m)
{
	return vtmm_pool_min(m->max, m->mem);
}

/* Pages that the member may still get in this flood. */
static u64 vtmm_member_need(const struct vtmm_flooding *f,
			    const struct vtmm_pool_member *m)
{
	u64 goal = vtmm_member_cap(m);

	if (m->rests)
		return 0;
	if (f->kind == VTMM_FLOOD_DEMAND)
		goal = vtmm_pool_min(goal, m->demand);
	return goal > m->allotment ? goal - m->allotment : 0;
}

static u64 vtmm_member_weight(const struct vtmm_flooding *f,
			      const struct vtmm_pool_member *m)
{
	u64 hot = m->hot >> f->shift;

	if (f->kind == VTMM_FLOOD_HOT)
		return m->hot && !hot ? 1 : hot;
	return m->shares ? m->shares : 1;
}

/* Does the member take part, i.e. want more and weigh something? */
static u64 vtmm_member_pull(const struct vtmm_flooding *f,
			    const struct vtmm_pool_member *m)
{
	return vtmm_member_need(f, m) ? vtmm_member_weight(f, m) : 0;
}

static u64 vtmm_pull_all(const struct vtmm_flooding *f,
			 const struct vtmm_pool_member *m, size_t n)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += vtmm_member_pull(f, &m[i]);
	return sum;
}

/* @left × @w / @weights, rounded down; no product exceeds 64 bits. */
static u64 vtmm_part(u64 left, u64 w, u64 weights)
{
	return left / weights * w + left % weights * w / weights;
}

/* Gives every member that its fair part contents what it needs. Any? */
static bool vtmm_flood_content(struct vtmm_flooding *f,
			       struct vtmm_pool_member *m, size_t n)
{
	u64 left = f->left, need, w;
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		need = vtmm_member_need(f, &m[i]);
		w = vtmm_member_pull(f, &m[i]);
		if (!w || need > vtmm_part(left, w, f->weights))
			continue;
		m[i].allotment += need;
		f->left -= need;
		any = true;
	}
	return any;
}

/* Nobody is content: each gets its fair part, the odd pages one by one. */
static void vtmm_flood_rest(struct vtmm_flooding *f, struct vtmm_pool_member *m,
			    size_t n)
{
	u64 left = f->left, w, part;
	size_t i;

	for (i = 0; i < n; i++) {
		w = vtmm_member_pull(f, &m[i]);
		part = w ? vtmm_part(left, w, f->weights) : 0;
		m[i].allotment += part;
		f->left -= part;
	}
	for (i = 0; i < n && f->left; i++) {
		if (!vtmm_member_pull(f, &m[i]))
			continue;
		m[i].allotment++;
		f->left--;
	}
}

static u64 vtmm_flood(enum vtmm_flood kind, u64 left,
		      struct vtmm_pool_member *m, size_t n)
{
	struct vtmm_flooding f = { .kind = kind, .left = left };
	size_t i;

	for (i = 0; i < n; i++)
		while (m[i].hot >> f.shift >> VTMM_WEIGHT_BITS)
			f.shift++;
	do {
		f.weights = vtmm_pull_all(&f, m, n);
	} while (f.left && f.weights && vtmm_flood_content(&f, m, n));
	if (f.left && f.weights)
		vtmm_flood_rest(&f, m, n);
	return f.left;
}

/*
 * Guarantees first; then what VMs that rest have, for nobody can take it from
 * them, but not more than guarantees leave.
 */
static u64 vtmm_pool_due(u64 size, struct vtmm_pool_member *m, size_t n, bool rests)
{
	u64 due;
	size_t i;

	for (i = 0; i < n; i++) {
		if (m[i].rests != rests)
			continue;
		due = rests ? m[i].held : vtmm_pool_min(m[i].min, vtmm_member_cap(&m[i]));
		m[i].allotment = vtmm_pool_min(due, size);
		size -= m[i].allotment;
	}
	return size;
}

/**
 * vtmm_pool_divide() - divide the fast memory among VMs
 * @size: pages of the pool
 * @m: the VMs; each allotment is written
 * @n: how many
 *
 * Guarantees first, then what VMs that rest have, then demand by max-min fairness
 * weighted by shares, then the rest by how much is hot. Should the guarantees not
 * fit after all, later members get less. Never allocates; O(n²) at most.
 *
 * Return: the pages left free, which no VM can hold.
 */
u64 vtmm_pool_divide(u64 size, struct vtmm_pool_member *m, size_t n)
{
	size = vtmm_pool_due(size, m, n, false);
	size = vtmm_pool_due(size, m, n, true);
	size = vtmm_flood(VTMM_FLOOD_DEMAND, size, m, n);
	size = vtmm_flood(VTMM_FLOOD_HOT, size, m, n);
	return vtmm_flood(VTMM_FLOOD_REST, size, m, n);
}

/**
 * vtmm_pool_rest() - nobody moves a VM's pages: it is only observed, or left alone
 * @m: the VM
 * @held: fast pages that it has
 *
 * It can use no more than these, whatever it wanted or was guaranteed, and will
 * not give them. All beyond is lent to others.
 */
void vtmm_pool_rest(struct vtmm_pool_member *m, u64 held)
{
	m->rests = true;
	m->held = held;
}

/**
 * vtmm_pool_rouse() - a VM's pages are moved again
 * @m: the VM
 */
void vtmm_pool_rouse(struct vtmm_pool_member *m)
{
	m->rests = false;
	m->held = 0;
}

/**
 * vtmm_pool_bound() - the part of a pool that cannot be given to others
 * @m: the VMs
 * @n: how many
 *
 * A VM that rests keeps its guarantee for when it is managed again.
 *
 * Return: pages: Σ of the guarantees, or of what a VM that rests has if it is more.
 */
u64 vtmm_pool_bound(const struct vtmm_pool_member *m, size_t n)
{
	u64 sum = 0, due;
	size_t i;

	for (i = 0; i < n; i++) {
		due = m[i].rests && m[i].held > m[i].min ? m[i].held : m[i].min;
		if (sum + due < sum)
			return ~0ull;
		sum += due;
	}
	return sum;
}

/**
 * vtmm_pool_contended() - do the VMs want more than there is?
 * @m: the VMs, after vtmm_pool_divide()
 * @n: how many
 *
 * Return: true if one has less than it would use and may have.
 */
bool vtmm_pool_contended(const struct vtmm_pool_member *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!m[i].rests && m[i].allotment <
		    vtmm_pool_min(m[i].demand, vtmm_member_cap(&m[i])))
			return true;
	return false;
}

/* Is anybody guaranteed pages that are not its own for as long as it rests? */
static bool vtmm_pool_promises(const struct vtmm_pool_member *m, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (m[i].min > (m[i].rests ? m[i].held : 0))
			return true;
	return false;
}

/**
 * vtmm_pool_check() - may a pool have these members?
 * @size: pages of the pool
 * @m: the VMs
 * @n: how many
 *
 * Return: 0; -EINVAL for min > max or shares out of range; -ENOSPC when more
 * is guaranteed than there is; -EBUSY when it is not more, but VMs that rest
 * have what others are guaranteed.
 */
int vtmm_pool_check(u64 size, const struct vtmm_pool_member *m, size_t n)
{
	u64 left = size;
	size_t i;

	for (i = 0; i < n; i++)
		if (m[i].min > m[i].max || m[i].shares < VTMM_SHARES_MIN ||
		    m[i].shares > VTMM_SHARES_MAX)
			return -EINVAL;
	for (i = 0; i < n; i++) {
		if (m[i].min > left)
			return -ENOSPC;
		left -= m[i].min;
	}
	return vtmm_pool_promises(m, n) && vtmm_pool_bound(m, n) > size ? -EBUSY : 0;
}
