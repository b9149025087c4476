// SPDX-License-Identifier: GPL-2.0-only
/*
 * draw_map: the heat map of a VM, a letter for each piece of guest memory:
 * 'a' cold … 'j' hot in slow memory, 'A' … 'J' in fast memory, '.' untouched.
 */
#include "draw.h"
#include "text.h"

#define CHUNK_GFNS 512
#define MAX_TEMP (VTMM_NR_BUCKETS - 1)
#define ROWS 24

/* One letter: what its chunks add up to. */
struct cell {
	uint64_t fast;
	uint64_t slow;
	uint64_t touched;
	uint64_t temp_sum;
};

/* Where on the map a row is. */
struct scale {
	uint64_t start;
	uint64_t chunks_per_cell;
	unsigned int columns;
};

static void add_chunk(struct cell *cell, const struct vtmm_chunk_info *chunk)
{
	cell->fast += chunk->fast;
	cell->slow += chunk->slow;
	cell->touched += chunk->touched;
	cell->temp_sum += chunk->temp_sum;
}

/* Blanks wait in @blanks until something follows them in the row. */
static void put_cell(const struct ctl *ctl, const struct cell *cell,
		     unsigned int *blanks)
{
	bool fast = cell->fast > cell->slow;
	uint64_t level;

	if (!cell->fast && !cell->slow && !cell->touched) {
		++*blanks;
		return;
	}
	fprintf(ctl->out, "%*s", (int)*blanks, "");
	*blanks = 0;
	if (!cell->touched) {
		fputc('.', ctl->out);
		return;
	}
	/* The mean of the touched pages, in ten steps. */
	level = cell->temp_sum * 10 / (cell->touched * (MAX_TEMP + 1));
	if (level > 9)
		level = 9;
	draw_colour(ctl, fast ? COLOUR_FAST : COLOUR_SLOW);
	fputc((fast ? 'A' : 'a') + (int)level, ctl->out);
	draw_colour(ctl, COLOUR_NONE);
}

/* A power of two, so that rows begin at round addresses. */
static unsigned int columns_of(const struct ctl *ctl)
{
	unsigned int width = ctl->width ? ctl->width : DRAW_COLUMNS;
	unsigned int columns = 64;

	while (columns > 16 && columns + 14 > width)
		columns /= 2;
	return columns;
}

static struct scale scale_of(const struct ctl *ctl,
			     const struct vtmm_heatmap_info *map)
{
	uint64_t last = map->chunks[map->nr_chunks - 1].gfn / CHUNK_GFNS;
	struct scale s = {.columns = columns_of(ctl)};
	uint64_t cells;

	/* Rows begin at multiples of their size, as far as one can tell yet. */
	s.start = map->chunks[0].gfn / CHUNK_GFNS;
	s.start -= s.start % s.columns;
	cells = (uint64_t)s.columns * ROWS;
	s.chunks_per_cell = (last - s.start) / cells + 1;
	return s;
}

/* Draws the row that chunk @i is in; returns the first chunk after it. */
static size_t draw_row(const struct ctl *ctl,
		       const struct vtmm_heatmap_info *map,
		       const struct scale *s, size_t i)
{
	uint64_t per_row = s->chunks_per_cell * s->columns;
	uint64_t at = map->chunks[i].gfn / CHUNK_GFNS - s->start;
	unsigned int blanks = 0;

	at -= at % per_row;
	fprintf(ctl->out, "%#12llx  ",
		(unsigned long long)(at + s->start) * CHUNK_GFNS *
			VTMM_PAGE_SIZE);
	for (unsigned int column = 0; column < s->columns && i < map->nr_chunks;
	     column++) {
		struct cell cell = {0};

		at += s->chunks_per_cell;
		while (i < map->nr_chunks &&
		       map->chunks[i].gfn / CHUNK_GFNS - s->start < at)
			add_chunk(&cell, &map->chunks[i++]);
		put_cell(ctl, &cell, &blanks);
	}
	fputc('\n', ctl->out);
	return i;
}

/**
 * draw_map() - the heat map; rows of memory that was never touched are left out
 * @ctl: the run
 * @map: the heat map
 */
void draw_map(const struct ctl *ctl, const struct vtmm_heatmap_info *map)
{
	struct scale s;
	size_t i = 0;

	if (!map->nr_chunks) {
		fputs("no memory was touched yet\n", ctl->out);
		return;
	}
	s = scale_of(ctl, map);
	fprintf(ctl->out,
		"guest memory: a letter is %s: cold a..j hot in slow memory, A..J in fast, . idle\n",
		text_pages(s.chunks_per_cell * CHUNK_GFNS).s);
	while (i < map->nr_chunks)
		i = draw_row(ctl, map, &s, i);
}
