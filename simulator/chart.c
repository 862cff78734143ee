/* SPDX-License-Identifier: MIT */
#include "simulator/chart.h"

#include <math.h>
#include <stdio.h>

#include "common/base/check.h"

enum { WIDTH = 640, HEIGHT = 220, LEFT = 46, RIGHT = 10, TOP = 10, BOTTOM = 26 };

static const char *const COLOURS[CHART_SERIES_MAX] = {"#1b4f8a", "#d9822b", "#5a9e6f",
                                                      "#8a3b6b", "#7a7a7a", "#c0a000"};
static const char *const DASHES[CHART_SERIES_MAX] = {"", "6 3", "2 2", "8 2 2 2", "1 3", "4 4"};

void chart_text(struct buffer *out, const char *text)
{
    for (; text && *text; text++)
        switch (*text) {
        case '<':
            buffer_add_text(out, "&lt;");
            break;
        case '>':
            buffer_add_text(out, "&gt;");
            break;
        case '&':
            buffer_add_text(out, "&amp;");
            break;
        case '"':
            buffer_add_text(out, "&quot;");
            break;
        default:
            buffer_add(out, (struct span){text, 1});
        }
}

/* 1, 2 or 5 times a power of ten: about four lines up to the most. */
static double grid_step(double most)
{
    double power = pow(10, floor(log10(most / 4)));
    double part = most / 4 / power;

    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static double largest(const struct series *series, int count)
{
    double most = 0;
    const json_t *value;
    size_t i;

    for (int s = 0; s < count; s++)
        json_array_foreach (series[s].values, i, value)
            if (json_number_value(value) > most)
                most = json_number_value(value);
    return most > 0 ? most : 1;
}

static void begin(struct buffer *out, const char *title)
{
    buffer_add_text(out, "<figure><figcaption>");
    chart_text(out, title);
    buffer_print(out, "</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                 HEIGHT);
    chart_text(out, title);
    buffer_add_text(out, "\">");
}

static void end(struct buffer *out, const struct series *series, int count)
{
    buffer_add_text(out, "</svg><p class=\"key\">");
    for (int s = 0; s < count; s++) {
        buffer_print(
            out,
            "<span><svg viewBox=\"0 0 28 8\" width=\"28\" height=\"8\"><path d=\"M0 4H28\" "
            "stroke=\"%s\" stroke-width=\"2.5\" stroke-dasharray=\"%s\"/></svg> ",
            COLOURS[s], DASHES[s]);
        chart_text(out, series[s].name);
        buffer_add_text(out, "</span> ");
    }
    buffer_add_text(out, "</p></figure>");
}

static void grid_line(struct buffer *out, double y, const char *label)
{
    buffer_print(out,
                 "<path d=\"M%d %.1fH%d\" class=\"grid\"/><text x=\"%d\" y=\"%.1f\" "
                 "class=\"side\">%s</text>",
                 LEFT, y, WIDTH - RIGHT, LEFT - 5, y + 4, label);
}

static void path(struct buffer *out, int s, const char *points)
{
    buffer_print(out,
                 "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" "
                 "stroke-dasharray=\"%s\"/>",
                 points, COLOURS[s], DASHES[s]);
}

static void draw_line(struct buffer *out, int s, const json_t *values, double most)
{
    struct buffer points = {0};
    size_t n = json_array_size(values);

    for (size_t i = 0; i < n; i++) {
        double x = LEFT + (double)(WIDTH - LEFT - RIGHT) * (double)i / (double)(n > 1 ? n - 1 : 1);
        double y = HEIGHT - BOTTOM -
                   (HEIGHT - TOP - BOTTOM) * json_number_value(json_array_get(values, i)) / most;
        buffer_print(&points, "%c%.1f %.1f", i ? 'L' : 'M', x, y);
    }
    if (points.size)
        path(out, s, points.at);
    buffer_free(&points);
}

void chart_lines(struct buffer *out, const char *title, const struct series *series, int count,
                 int label_from, int label_every, const char *unit)
{
    size_t n = json_array_size(series[0].values);
    double most = largest(series, count), step = grid_step(most);
    char label[32];

    CHECK(count <= CHART_SERIES_MAX);
    most = ceil(most / step) * step;
    begin(out, title);
    for (double at = 0; at <= most * 1.001; at += step) {
        snprintf(label, sizeof label, "%g", at);
        grid_line(out, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * at / most, label);
    }
    for (size_t i = 0; i < n; i += (size_t)label_every)
        buffer_print(out, "<text x=\"%.1f\" y=\"%d\" class=\"foot\">%d%s</text>",
                     LEFT +
                         (double)(WIDTH - LEFT - RIGHT) * (double)i / (double)(n > 1 ? n - 1 : 1),
                     HEIGHT - 8, (int)i + label_from, unit);
    for (int s = 0; s < count; s++)
        draw_line(out, s, series[s].values, most);
    end(out, series, count);
}

/* --- latencies ---------------------------------------------------------------------------------
 */

static double point(const json_t *values, size_t i, size_t member)
{
    return json_number_value(json_array_get(json_array_get(values, i), member));
}

/* Microseconds from 10 to 10^7 on a logarithmic scale. */
static double level(double us)
{
    double part = (log10(us > 10 ? us : 10) - 1) / 6;

    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (part < 1 ? part : 1);
}

void chart_curves(struct buffer *out, const char *title, const struct series *series, int count)
{
    static const char *const LABELS[] = {"10 µs", "0.1 ms", "1 ms", "10 ms",
                                         "0.1 s", "1 s",    "10 s"};
    static const char *const SHARES[] = {"0", "90 %", "99 %", "99.9 %", "99.99 %"};

    CHECK(count <= CHART_SERIES_MAX);
    begin(out, title);
    for (int i = 0; i < 7; i++)
        grid_line(out, level(pow(10, i + 1)), LABELS[i]);
    for (int i = 0; i < 5; i++)
        buffer_print(out, "<text x=\"%.1f\" y=\"%d\" class=\"foot\">%s</text>",
                     LEFT + (WIDTH - LEFT - RIGHT) * i / 4.0, HEIGHT - 8, SHARES[i]);
    for (int s = 0; s < count; s++) {
        struct buffer points = {0};
        for (size_t i = 0; i < json_array_size(series[s].values); i++) {
            /* x: how many nines the share has */
            double nines = -log10(fmax(1 - point(series[s].values, i, 0), 1e-4));
            buffer_print(&points, "%c%.1f %.1f", i ? 'L' : 'M',
                         LEFT + (WIDTH - LEFT - RIGHT) * nines / 4,
                         level(point(series[s].values, i, 1)));
        }
        if (points.size)
            path(out, s, points.at);
        buffer_free(&points);
    }
    end(out, series, count);
}

void chart_bar(struct buffer *out, double value, double most)
{
    double width = most > 0 ? 100 * fmin(value / most, 1) : 0;

    buffer_print(out,
                 "<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" class=\"bar\"><rect "
                 "width=\"100\" height=\"8\" fill=\"#e8edf2\"/><rect width=\"%.1f\" height=\"8\" "
                 "fill=\"%s\"/></svg>",
                 width, COLOURS[0]);
}
