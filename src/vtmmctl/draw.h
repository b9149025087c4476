/* SPDX-License-Identifier: GPL-2.0-only */
/* draw: bars, the histogram and the heat map in a terminal. */
#ifndef VTMMCTL_DRAW_H
#define VTMMCTL_DRAW_H

#include "ctl.h"

/* For as many columns pictures are drawn when there is no terminal. */
#define DRAW_COLUMNS 80

enum colour {
	COLOUR_NONE,
	COLOUR_BOLD,
	COLOUR_DIM,
	COLOUR_FAST,
	COLOUR_SLOW,
	COLOUR_GOOD,
	COLOUR_WARN,
	COLOUR_BAD,
};

void draw_colour(const struct ctl *ctl, enum colour colour);
void draw_bar(const struct ctl *ctl, enum colour colour, uint64_t part,
	      uint64_t whole, unsigned int width);
void draw_heat(const struct ctl *ctl, const struct vtmm_heat_info *heat);
void draw_map(const struct ctl *ctl, const struct vtmm_heatmap_info *map);

#endif /* VTMMCTL_DRAW_H */
