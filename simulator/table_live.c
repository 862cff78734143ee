/* SPDX-License-Identifier: MIT
 * What a live run adds to the table: latencies, the machine, what must hold.
 */
#include <string.h>

#include "simulator/table.h"

static const char *text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value ? value : "";
}

static double real(const json_t *object, const char *member)
{
    return json_number_value(json_object_get(object, member));
}

static void print_latency(const json_t *outcome, FILE *out)
{
    const json_t *row;
    size_t i;

    fprintf(out, "\n%-15s%8s%8s%9s%9s%9s%9s%9s%9s\n", "latency, ms", "calls", "errors", "per s",
            "p50", "p90", "p99", "p99.9", "max");
    json_array_foreach (json_object_get(outcome, "latency"), i, row)
        fprintf(out, "%-15s%8.0f%8.0f%9.0f%9.2f%9.2f%9.2f%9.2f%9.2f\n", text(row, "operation"),
                real(row, "count"), real(row, "errors"), real(row, "per_second"),
                real(row, "p50_us") / 1000, real(row, "p90_us") / 1000, real(row, "p99_us") / 1000,
                real(row, "p999_us") / 1000, real(row, "max_us") / 1000);
    json_array_foreach (json_object_get(outcome, "refusals"), i, row)
        fprintf(out, "refused: %s %.0f %s, %.0f times\n", text(row, "operation"),
                real(row, "status"), text(row, "code"), real(row, "count"));
}

static void print_machine(const json_t *outcome, FILE *out)
{
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(outcome, "machine"), i, row)
        fprintf(out, "%s%-11s%6.1f s of CPU (%.0f %%), %.1f MiB, at most %.1f MiB\n", i ? "" : "\n",
                text(row, "program"), real(row, "cpu_s"), real(row, "cpu_percent"),
                real(row, "memory_mib"), real(row, "memory_max_mib"));
}

static void print_invariants(const json_t *outcome, FILE *out)
{
    const json_t *row;
    size_t i;

    fputc('\n', out);
    json_array_foreach (json_object_get(outcome, "invariants"), i, row)
        fprintf(out, "%s  %s: %s\n",
                json_is_true(json_object_get(row, "holds"))   ? "holds "
                : json_is_null(json_object_get(row, "holds")) ? "noted "
                                                              : "BROKEN",
                text(row, "name"), text(row, "detail"));
}

/* --- two of them -------------------------------------------------------------------------------
 */

static void print_change(const char *name, const char *unit, double a, double b, FILE *out)
{
    fprintf(out, "%-28s%-8s%12.2f%12.2f", name, unit, a, b);
    if (a > 0)
        fprintf(out, "%9.2f ×", b / a);
    fputc('\n', out);
}

/* The row of a list that has the same name. */
static const json_t *row_like(const json_t *list, const json_t *wanted, const char *member)
{
    const json_t *row;
    size_t i;

    json_array_foreach (list, i, row)
        if (!strcmp(text(row, member), text(wanted, member)))
            return row;
    return NULL;
}

static void print_latencies(const json_t *a, const json_t *b, FILE *out)
{
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(a, "latency"), i, row) {
        const json_t *other = row_like(json_object_get(b, "latency"), row, "operation");
        char name[40];
        if (!other)
            continue;
        snprintf(name, sizeof name, "%.20s p50", text(row, "operation"));
        print_change(name, "ms", real(row, "p50_us") / 1000, real(other, "p50_us") / 1000, out);
        snprintf(name, sizeof name, "%.20s p99", text(row, "operation"));
        print_change(name, "ms", real(row, "p99_us") / 1000, real(other, "p99_us") / 1000, out);
    }
}

static void print_machines(const json_t *a, const json_t *b, FILE *out)
{
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(a, "machine"), i, row) {
        const json_t *other = row_like(json_object_get(b, "machine"), row, "program");
        double requests_a = real(a, "requests"), requests_b = real(b, "requests");
        char name[40];
        if (!other || requests_a < 1 || requests_b < 1)
            continue;
        snprintf(name, sizeof name, "%.12s, CPU a request", text(row, "program"));
        print_change(name, "us", 1e6 * real(row, "cpu_s") / requests_a,
                     1e6 * real(other, "cpu_s") / requests_b, out);
        snprintf(name, sizeof name, "%.12s, memory at most", text(row, "program"));
        print_change(name, "MiB", real(row, "memory_max_mib"), real(other, "memory_max_mib"), out);
    }
}

static void print_broken(const char *which, const json_t *outcome, FILE *out)
{
    const json_t *row;
    size_t i;

    json_array_foreach (json_object_get(outcome, "invariants"), i, row)
        if (json_is_false(json_object_get(row, "holds")))
            fprintf(out, "BROKEN in %s  %s: %s\n", which, text(row, "name"), text(row, "detail"));
}

void table_print_pair_live(const json_t *a, const json_t *b, FILE *out)
{
    const json_t *verdict_a = json_object_get(a, "verdict");
    const json_t *verdict_b = json_object_get(b, "verdict");

    fprintf(out, "\n%-28s%-8s%12s%12s%11s\n", "", "", "A", "B", "B / A");
    print_latencies(a, b, out);
    print_change("throughput", "req/s", real(a, "requests_per_second"),
                 real(b, "requests_per_second"), out);
    print_change("headroom", "times", real(verdict_a, "headroom"), real(verdict_b, "headroom"),
                 out);
    print_machines(a, b, out);
    print_broken("A", a, out);
    print_broken("B", b, out);
    fprintf(out, "\nsoftware A %s, software B %s\n", text(verdict_a, "software"),
            text(verdict_b, "software"));
}

/* --- one ---------------------------------------------------------------------------------------
 */

void table_print_live(const json_t *outcome, FILE *out)
{
    const json_t *verdict = json_object_get(outcome, "verdict");

    print_latency(outcome, out);
    print_machine(outcome, out);
    print_invariants(outcome, out);
    if (*text(verdict, "ended"))
        fprintf(out, "\nit did not go to the end: %s\n", text(verdict, "ended"));
}

void table_print_software(const json_t *outcome, FILE *out)
{
    const json_t *verdict = json_object_get(outcome, "verdict");

    fprintf(out,
            "software %s: p99 %.1f ms; headroom: %.0f requests/s, %.0f times the %.2f/s of the "
            "busiest hour; the days went by %.0f times faster than real\n",
            text(verdict, "software"), real(verdict, "p99_us") / 1000,
            real(outcome, "requests_per_second"), real(verdict, "headroom"),
            real(verdict, "busiest_per_second"), real(verdict, "times_real"));
}
