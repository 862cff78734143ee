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
                json_is_true(json_object_get(row, "holds")) ? "holds " : "BROKEN",
                text(row, "name"), text(row, "detail"));
}

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
