/* SPDX-License-Identifier: MIT */
#include "simulator/table.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const char *text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value ? value : "";
}

static double real(const json_t *object, const char *member)
{
    return json_number_value(json_object_get(object, member));
}

static int whole(const json_t *object, const char *member)
{
    return (int)json_integer_value(json_object_get(object, member));
}

static const json_t *figure_find(const json_t *figures, const char *name, const char *gate)
{
    size_t i;
    const json_t *figure;

    json_array_foreach (figures, i, figure)
        if (!strcmp(text(figure, "name"), name) && !strcmp(text(figure, "gate"), gate))
            return figure;
    return NULL;
}

static void print_head(const json_t *outcome, FILE *out)
{
    const json_t *verdict = json_object_get(outcome, "verdict");
    double seconds = real(outcome, "took_ms") / 1000;
    double days =
        (double)whole(verdict, "runs") * (whole(outcome, "days") + whole(outcome, "warmup_days"));

    fprintf(out, "%s: %s\n", text(outcome, "scenario"), text(outcome, "title"));
    fprintf(out, "%s, seed %lld, %d runs of %d days after %d to warm up", text(outcome, "by"),
            (long long)json_integer_value(json_object_get(outcome, "seed")), whole(verdict, "runs"),
            whole(outcome, "days"), whole(outcome, "warmup_days"));
    if (seconds > 0)
        fprintf(out, "; %.1f s, %.0f days a minute", seconds, days / seconds * 60);
    fprintf(out, "\n\n");
}

/* "12.30 h" as a time of the day; else a mean and its interval. */
static void print_figure(const json_t *figure, FILE *out)
{
    double mean = real(figure, "mean");
    char cell[40];

    if (!strcmp(text(figure, "unit"), "h"))
        snprintf(cell, sizeof cell, "%02d:%02d", (int)mean, (int)((mean - floor(mean)) * 60));
    else
        snprintf(cell, sizeof cell, "%.1f ± %.1f", mean, real(figure, "half_width"));
    /* ± is two bytes in one column */
    fprintf(out, "%*s", strstr(cell, "±") ? 20 : 19, cell);
}

static void print_figures(const json_t *outcome, FILE *out)
{
    const json_t *gates = json_object_get(outcome, "gates");
    const json_t *figures = json_object_get(outcome, "figures");
    const json_t *figure, *gate;
    size_t i, g;

    fprintf(out, "%-18s%-9s", "mean ± 95 %", "");
    json_array_foreach (gates, g, gate)
        fprintf(out, "%19s", text(gate, "gate"));
    fprintf(out, "%19s\n", "all");
    json_array_foreach (figures, i, figure) {
        if (strcmp(text(figure, "gate"), "all") != 0)
            continue;
        fprintf(out, "%-18s%-9s", text(figure, "name"), text(figure, "unit"));
        json_array_foreach (gates, g, gate)
            print_figure(figure_find(figures, text(figure, "name"), text(gate, "gate")), out);
        print_figure(figure, out);
        fputc('\n', out);
    }
}

static void print_waits(const json_t *outcome, FILE *out)
{
    const json_t *row;
    size_t i;

    fprintf(out, "\n%-28s%10s%10s%12s\n", "coming -> called, min", "P50", "P90", "vehicles");
    json_array_foreach (json_object_get(outcome, "waits"), i, row)
        fprintf(out, "%-8s%-20s%10.0f%10.0f%12d\n", text(row, "direction"), text(row, "class"),
                real(row, "p50_min"), real(row, "p90_min"), whole(row, "count"));
}

static void print_lanes(const json_t *outcome, FILE *out)
{
    const json_t *gate, *lane;
    size_t g, i;

    json_array_foreach (json_object_get(outcome, "gates"), g, gate) {
        fprintf(out, "\nlanes of %s in use, %%:", text(gate, "gate"));
        json_array_foreach (json_object_get(gate, "lanes"), i, lane)
            fprintf(out, "  %d (%s) %.0f", whole(lane, "lane"), text(lane, "directions"),
                    real(lane, "in_use_percent"));
    }
    fputc('\n', out);
}

/* More than one day: how it goes on. */
static void print_days(const json_t *outcome, FILE *out)
{
    const json_t *gate;
    size_t g;

    if (whole(outcome, "days") < 2)
        return;
    json_array_foreach (json_object_get(outcome, "gates"), g, gate) {
        const json_t *exits = json_object_get(gate, "exits_by_day");
        const json_t *stock = json_object_get(gate, "stock_by_day");
        fprintf(out, "%s by day, exits/stock at closing:", text(gate, "gate"));
        for (size_t d = 0; d < json_array_size(exits); d++)
            fprintf(out, "  %.0f/%.0f", json_number_value(json_array_get(exits, d)),
                    json_number_value(json_array_get(stock, d)));
        fputc('\n', out);
    }
}

static void print_verdict(const json_t *outcome, FILE *out)
{
    const json_t *verdict = json_object_get(outcome, "verdict");

    fprintf(out,
            "\ngate %s: %.1f ± %.1f exits a day within opening hours, target %d (made in %d of %d "
            "runs); %.1f more left after closing\n",
            text(verdict, "gate"), real(verdict, "exits"), real(verdict, "half_width"),
            whole(verdict, "target"), whole(verdict, "runs_that_pass"), whole(verdict, "runs"),
            real(verdict, "after_hours"));
}

void table_print(const json_t *outcome, FILE *out)
{
    bool is_live = !strcmp(text(outcome, "by"), "service");

    print_head(outcome, out);
    print_figures(outcome, out);
    print_waits(outcome, out);
    print_lanes(outcome, out);
    print_days(outcome, out);
    if (is_live)
        table_print_live(outcome, out);
    print_verdict(outcome, out);
    if (is_live)
        table_print_software(outcome, out);
}

/* --- two of them -------------------------------------------------------------------------------
 */

static void print_difference(const json_t *a, const json_t *b, const json_t *paired, FILE *out)
{
    double off = real(b, "mean") - real(a, "mean");
    double half =
        paired ? real(paired, "half_width") : hypot(real(a, "half_width"), real(b, "half_width"));

    fprintf(out, "%-18s%-6s%11.1f%11.1f%11.1f ± %-8.1f%s\n", text(a, "name"), text(a, "gate"),
            real(a, "mean"), real(b, "mean"), off, half,
            off == 0 && half == 0 ? "same"
            : half == 0           ? "one run"
            : fabs(off) > half    ? ""
                                  : "not sure");
}

void table_print_pair(const json_t *a, const json_t *b, const json_t *differences, FILE *out)
{
    const json_t *figures = json_object_get(a, "figures"), *figure;
    size_t i;

    fprintf(out, "A  %s: %s\nB  %s: %s\n\n", text(a, "scenario"), text(a, "title"),
            text(b, "scenario"), text(b, "title"));
    fprintf(out, "%-18s%-6s%11s%11s%11s ± 95 %%%s\n", "", "gate", "A", "B", "B - A",
            differences ? " (paired)" : "");
    json_array_foreach (figures, i, figure) {
        const char *name = text(figure, "name"), *gate = text(figure, "gate");
        const json_t *other = figure_find(json_object_get(b, "figures"), name, gate);
        if (other)
            print_difference(figure, other,
                             differences ? figure_find(differences, name, gate) : NULL, out);
    }
    if (!strcmp(text(a, "by"), "service") && !strcmp(text(b, "by"), "service"))
        table_print_pair_live(a, b, out);
    else
        fputc('\n', out);
    fprintf(out, "gate A %s, gate B %s\n", text(json_object_get(a, "verdict"), "gate"),
            text(json_object_get(b, "verdict"), "gate"));
}
