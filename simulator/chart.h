/* SPDX-License-Identifier: MIT
 * Plots as inline SVG: lines or steps over a shared axis, and horizontal bars. Colours differ in
 * lightness too, and each line is named at its end of the key, so black-and-white paper keeps them
 * apart.
 */
#ifndef SIMULATOR_CHART_H
#define SIMULATOR_CHART_H

#include <jansson.h>

#include "common/base/buffer.h"

enum { CHART_SERIES_MAX = 6 };

struct series {
    const char *name;
    const json_t *values; /* numbers, one per place on the axis */
};

/* Lines over places 0 .. n-1; every label_every-th place is labelled "place + label_from". */
void chart_lines(struct buffer *out, const char *title, const struct series *series, int count,
                 int label_from, int label_every, const char *unit);
/* Curves of [x, y] points with x from 0 on and y on a logarithmic scale: latencies. */
void chart_curves(struct buffer *out, const char *title, const struct series *series, int count);
/* One bar, from 0 to value, on a scale up to most; the text stands beside it. */
void chart_bar(struct buffer *out, double value, double most);
/* Text within HTML. */
void chart_text(struct buffer *out, const char *text);

#endif
