/* SPDX-License-Identifier: MIT */
#include "simulator/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simulator/chart.h"

static const char STYLE[] =
    "<style>:root{color-scheme:light}body{font:15px/1.45 system-ui,'Segoe UI',Roboto,'Noto Sans',"
    "sans-serif;color:#1c2530;background:#fff;max-width:1360px;margin:24px auto;padding:0 20px}"
    "h1{font-size:24px;margin:0}h2{font-size:17px;margin:28px 0 8px;border-bottom:1px solid "
    "#d5dde5}"
    "small,.vi{color:#5a6875;font-weight:400}.verdict{display:inline-block;border:2px solid;"
    "border-radius:6px;padding:8px 14px;margin:14px 12px 0 0;font-size:17px}.PASS{color:#1d6b3a}"
    ".FAIL{color:#a3261d}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "td,th{padding:3px 12px 3px 0;text-align:right;border-bottom:1px solid #eef1f4}"
    "td:first-child,th:first-child{text-align:left}th{font-weight:600;color:#44515e}"
    ".row{display:flex;flex-wrap:wrap;gap:28px}figure{margin:0;flex:1 1 480px;max-width:660px}"
    "figcaption{font-weight:600;margin-bottom:4px}.grid{stroke:#e1e7ec}.side{text-anchor:end}"
    "svg text{font-size:11px;fill:#5a6875}.foot{text-anchor:middle}.key{margin:2px 0 0 46px;"
    "font-size:13px}.key span{margin-right:14px;white-space:nowrap}.bar{width:150px;height:9px;"
    "vertical-align:middle;margin-right:8px}@media print{body{margin:0;font-size:12px}figure,table"
    "{break-inside:avoid}}@media(max-width:700px){body{padding:0 10px;margin:10px auto}"
    "table{display:block;overflow-x:auto}figure{flex-basis:100%}.key{margin-left:0}.key "
    "span{white-space:normal}.verdict{display:block;margin-right:0}}</style>";

static const char *text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value ? value : "";
}

static double real(const json_t *object, const char *member)
{
    return json_number_value(json_object_get(object, member));
}

static void heading(struct buffer *out, const char *english, const char *vietnamese)
{
    buffer_print(out, "<h2>%s <span class=\"vi\">· %s</span></h2>", english, vietnamese);
}

static void write_head(const json_t *o, struct buffer *out)
{
    const json_t *verdict = json_object_get(o, "verdict");

    buffer_add_text(out, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta "
                         "name=\"viewport\" content=\"width=device-width\"><title>");
    chart_text(out, text(o, "scenario"));
    buffer_print(out, " · gatesim</title>%s<h1>", STYLE);
    chart_text(out, text(o, "title"));
    buffer_add_text(out, "</h1><small>scenario ");
    chart_text(out, text(o, "scenario"));
    buffer_print(out,
                 " · %s · seed %.0f · %.0f runs of %.0f days after %.0f to warm up</small><div>",
                 text(o, "by"), real(o, "seed"), real(verdict, "runs"), real(o, "days"),
                 real(o, "warmup_days"));
}

static void write_verdict(const json_t *o, struct buffer *out)
{
    const json_t *verdict = json_object_get(o, "verdict");
    const char *gate = text(verdict, "gate"), *software = text(verdict, "software");

    buffer_print(out,
                 "<p class=\"verdict %s\"><b>Gate <span class=\"vi\">· cửa khẩu</span> %s</b> "
                 "%.0f ± %.0f exits a day within opening hours, target %.0f; made in %.0f of %.0f "
                 "runs; %.0f more left after closing</p>",
                 gate, gate, real(verdict, "exits"), real(verdict, "half_width"),
                 real(verdict, "target"), real(verdict, "runs_that_pass"), real(verdict, "runs"),
                 real(verdict, "after_hours"));
    if (*software)
        buffer_print(out,
                     "<p class=\"verdict %s\"><b>Software <span class=\"vi\">· phần mềm</span> "
                     "%s</b> p99 %.1f ms; headroom %.0f requests/s, %.0f times the %.2f/s of the "
                     "busiest hour</p>",
                     software, software, real(verdict, "p99_us") / 1000,
                     real(o, "requests_per_second"), real(verdict, "headroom"),
                     real(verdict, "busiest_per_second"));
    if (*text(verdict, "ended")) {
        buffer_add_text(out, "<p class=\"verdict FAIL\">it did not go to the end: ");
        chart_text(out, text(verdict, "ended"));
        buffer_add_text(out, "</p>");
    }
    buffer_add_text(out, "</div>");
}

/* --- figures -----------------------------------------------------------------------------------
 */

static void write_cell(const json_t *figure, struct buffer *out)
{
    double mean = real(figure, "mean"), half = real(figure, "half_width");

    if (!strcmp(text(figure, "unit"), "h"))
        buffer_print(out, "<td>%02d:%02d</td>", (int)mean, (int)((mean - floor(mean)) * 60));
    else
        buffer_print(out, "<td>%.1f <small>± %.1f</small></td>", mean, half);
}

static void write_figures(const json_t *o, struct buffer *out)
{
    static const struct {
        const char *name, *english, *vietnamese;
    } ROWS[] = {
        {"exits", "Exits a day", "xe thông quan mỗi ngày"},
        {"exits_in_hours", "… within opening hours", "trong giờ mở cửa"},
        {"exits_import", "… imports", "nhập khẩu"},
        {"exits_export", "… exports", "xuất khẩu"},
        {"receiving_exits", "Receiving vehicles out", "xe nhận hàng ra"},
        {"stock_at_closing", "Remaining at closing", "tồn lúc đóng cửa"},
        {"lanes_in_use", "Lanes in use, %", "làn hoạt động"},
        {"yard_max", "Most in the yard", "bãi đông nhất"},
        {"no_shows", "No-shows", "không đến khi gọi"},
        {"overtakes", "Overtakes", "vượt lượt"},
        {"last_exit", "Last exit", "xe cuối cùng"},
    };
    const json_t *gates = json_object_get(o, "gates"), *gate, *figure;
    size_t g, i;

    heading(out, "Figures", "số liệu, trung bình ± 95 %");
    buffer_add_text(out, "<table><tr><th></th>");
    json_array_foreach (gates, g, gate)
        buffer_print(out, "<th>%s</th>", text(gate, "gate"));
    buffer_add_text(out, "<th>all</th></tr>");
    for (size_t r = 0; r < sizeof ROWS / sizeof ROWS[0]; r++) {
        buffer_print(out, "<tr><td>%s <span class=\"vi\">· %s</span></td>", ROWS[r].english,
                     ROWS[r].vietnamese);
        json_array_foreach (json_object_get(o, "figures"), i, figure)
            if (!strcmp(text(figure, "name"), ROWS[r].name))
                write_cell(figure, out);
        buffer_add_text(out, "</tr>");
    }
    buffer_add_text(out, "</table>");
}

static void write_hours(const json_t *o, struct buffer *out)
{
    const json_t *gate;
    char title[96];
    size_t g;

    heading(out, "By the hour", "theo giờ (giờ Hà Nội)");
    buffer_add_text(out, "<div class=\"row\">");
    json_array_foreach (json_object_get(o, "gates"), g, gate) {
        const struct series flow[] = {
            {"arrivals · xe đến", json_object_get(gate, "arrivals_by_hour")},
            {"exits · thông quan", json_object_get(gate, "exits_by_hour")},
        };
        const struct series stock[] = {
            {"waiting · đang chờ", json_object_get(gate, "waiting_by_hour")},
            {"in the yard · trong bãi", json_object_get(gate, "inside_by_hour")},
        };
        snprintf(title, sizeof title, "%.20s: vehicles an hour", text(gate, "gate"));
        chart_lines(out, title, flow, 2, 0, 3, ":00");
        snprintf(title, sizeof title, "%.20s: vehicles there", text(gate, "gate"));
        chart_lines(out, title, stock, 2, 0, 3, ":00");
    }
    buffer_add_text(out, "</div>");
}

static void write_days(const json_t *o, struct buffer *out)
{
    const json_t *gate;
    char title[96];
    size_t g;

    if (real(o, "days") < 2)
        return;
    heading(out, "By the day", "theo ngày");
    buffer_add_text(out, "<div class=\"row\">");
    json_array_foreach (json_object_get(o, "gates"), g, gate) {
        const struct series series[] = {
            {"exits · thông quan", json_object_get(gate, "exits_by_day")},
            {"remaining at closing · tồn", json_object_get(gate, "stock_by_day")},
        };
        snprintf(title, sizeof title, "%.20s: vehicles", text(gate, "gate"));
        chart_lines(out, title, series, 2, 1, 1, "");
    }
    buffer_add_text(out, "</div>");
}

static void write_waits(const json_t *o, struct buffer *out)
{
    const json_t *waits = json_object_get(o, "waits"), *row;
    double most = 0;
    size_t i;

    json_array_foreach (waits, i, row)
        most = fmax(most, real(row, "p90_min"));
    heading(out, "From coming to being called, minutes", "thời gian chờ gọi, phút");
    buffer_add_text(out, "<table><tr><th></th><th>P50</th><th></th><th>P90</th><th></th><th>"
                         "vehicles · số xe</th></tr>");
    json_array_foreach (waits, i, row) {
        buffer_print(out, "<tr><td>%s %s</td><td>%.0f</td><td>", text(row, "direction"),
                     text(row, "class"), real(row, "p50_min"));
        chart_bar(out, real(row, "p50_min"), most);
        buffer_print(out, "</td><td>%.0f</td><td>", real(row, "p90_min"));
        chart_bar(out, real(row, "p90_min"), most);
        buffer_print(out, "</td><td>%.0f</td></tr>", real(row, "count"));
    }
    buffer_add_text(out, "</table>");
}

static void write_lanes(const json_t *o, struct buffer *out)
{
    const json_t *gate, *lane;
    size_t g, i;

    heading(out, "Lanes in use while the gate is open", "làn xe đang phục vụ");
    buffer_add_text(out, "<div class=\"row\">");
    json_array_foreach (json_object_get(o, "gates"), g, gate) {
        buffer_print(out, "<table><tr><th>%s</th><th></th><th>%%</th></tr>", text(gate, "gate"));
        json_array_foreach (json_object_get(gate, "lanes"), i, lane) {
            buffer_print(out, "<tr><td>lane · làn %.0f <small>%s</small></td><td>",
                         real(lane, "lane"), text(lane, "directions"));
            chart_bar(out, real(lane, "in_use_percent"), 100);
            buffer_print(out, "</td><td>%.0f</td></tr>", real(lane, "in_use_percent"));
        }
        buffer_add_text(out, "</table>");
    }
    buffer_add_text(out, "</div>");
}

/* --- of a live run only ------------------------------------------------------------------------
 */

static void write_latency(const json_t *o, struct buffer *out)
{
    const json_t *rows = json_object_get(o, "latency"), *row;
    struct series series[CHART_SERIES_MAX];
    int count = 0;
    size_t i;

    if (!json_array_size(rows))
        return;
    heading(out, "Latency, milliseconds", "độ trễ, mili giây");
    buffer_add_text(out, "<div class=\"row\">");
    json_array_foreach (rows, i, row)
        if (count < CHART_SERIES_MAX && json_object_get(row, "curve"))
            series[count++] =
                (struct series){text(row, "operation"), json_object_get(row, "curve")};
    if (count)
        chart_curves(out, "share of calls answered within", series, count);
    buffer_add_text(out, "<table><tr><th></th><th>calls</th><th>errors</th><th>p50</th><th>p90</th>"
                         "<th>p99</th><th>p99.9</th><th>max</th></tr>");
    json_array_foreach (rows, i, row) {
        buffer_add_text(out, "<tr><td>");
        chart_text(out, text(row, "operation"));
        buffer_print(out, "</td><td>%.0f</td><td>%.0f</td>", real(row, "count"),
                     real(row, "errors"));
        const char *const marks[] = {"p50_us", "p90_us", "p99_us", "p999_us", "max_us"};
        for (int m = 0; m < 5; m++)
            buffer_print(out, "<td>%.2f</td>", real(row, marks[m]) / 1000);
        buffer_add_text(out, "</tr>");
    }
    buffer_add_text(out, "</table></div>");
}

static void write_machine(const json_t *o, struct buffer *out)
{
    const json_t *rows = json_object_get(o, "machine"), *row;
    size_t i;

    if (!json_array_size(rows))
        return;
    heading(out, "The machine", "máy chủ");
    buffer_add_text(out, "<table><tr><th></th><th>CPU, s</th><th>CPU, %</th><th>MiB at the end</th>"
                         "<th>MiB at most</th></tr>");
    json_array_foreach (rows, i, row)
        buffer_print(out,
                     "<tr><td>%s</td><td>%.1f</td><td>%.0f</td><td>%.1f</td><td>%.1f</td></tr>",
                     text(row, "program"), real(row, "cpu_s"), real(row, "cpu_percent"),
                     real(row, "memory_mib"), real(row, "memory_max_mib"));
    buffer_print(out,
                 "</table><p>%.0f requests, %.0f a second; the days went by %.0f times faster than "
                 "real.</p>",
                 real(o, "requests"), real(o, "requests_per_second"),
                 real(json_object_get(o, "verdict"), "times_real"));
}

static void write_refusals(const json_t *o, struct buffer *out)
{
    const json_t *rows = json_object_get(o, "refusals"), *row;
    size_t i;

    if (!json_array_size(rows))
        return;
    heading(out, "Errors by code", "lỗi theo mã");
    buffer_add_text(out, "<table><tr><th></th><th>status</th><th>code</th><th>times</th></tr>");
    json_array_foreach (rows, i, row) {
        buffer_print(out, "<tr><td>%s</td><td>%.0f</td><td>", text(row, "operation"),
                     real(row, "status"));
        chart_text(out, text(row, "code"));
        buffer_print(out, "</td><td>%.0f</td></tr>", real(row, "count"));
    }
    buffer_add_text(out, "</table>");
}

static void write_invariants(const json_t *o, struct buffer *out)
{
    const json_t *rows = json_object_get(o, "invariants"), *row;
    size_t i;

    if (!json_array_size(rows))
        return;
    heading(out, "What must hold", "điều kiện bất biến");
    buffer_add_text(out, "<table>");
    json_array_foreach (rows, i, row) {
        const json_t *holds = json_object_get(row, "holds");
        buffer_add_text(out, "<tr><td>");
        chart_text(out, text(row, "name"));
        buffer_print(out, "</td><td class=\"%s\">%s</td><td>",
                     json_is_true(holds)   ? "PASS"
                     : json_is_null(holds) ? "vi"
                                           : "FAIL",
                     json_is_true(holds)   ? "holds"
                     : json_is_null(holds) ? "noted"
                                           : "broken");
        chart_text(out, text(row, "detail"));
        buffer_add_text(out, "</td></tr>");
    }
    buffer_add_text(out, "</table>");
}

/* Nobody is lost: the last column is the sum of the others. */
static void write_fates(const json_t *o, struct buffer *out)
{
    const json_t *gate, *value;
    const char *name;
    size_t g;

    heading(out, "Where all that was declared is in the end", "kết quả cuối cùng");
    buffer_add_text(out, "<table>");
    json_array_foreach (json_object_get(o, "gates"), g, gate) {
        json_t *fates = json_object_get(gate, "fates");
        if (g == 0) {
            buffer_add_text(out, "<tr><th></th>");
            json_object_foreach (fates, name, value)
                buffer_print(out, "<th>%s</th>", name);
            buffer_add_text(out, "</tr>");
        }
        buffer_print(out, "<tr><td>%s</td>", text(gate, "gate"));
        json_object_foreach (fates, name, value)
            buffer_print(out, "<td>%.1f</td>", json_number_value(value));
        buffer_add_text(out, "</tr>");
    }
    buffer_add_text(out, "</table>");
}

void report_write(const json_t *o, struct buffer *out)
{
    write_head(o, out);
    write_verdict(o, out);
    write_figures(o, out);
    write_hours(o, out);
    write_days(o, out);
    write_waits(o, out);
    write_lanes(o, out);
    write_latency(o, out);
    write_refusals(o, out);
    write_machine(o, out);
    write_invariants(o, out);
    write_fates(o, out);
    buffer_add_text(out, "</html>\n");
}

bool report_save(const json_t *o, const char *path)
{
    struct buffer page = {0};
    FILE *file = fopen(path, "w");

    if (!file)
        return false;
    report_write(o, &page);
    bool is_whole = fwrite(page.at, 1, page.size, file) == page.size;
    buffer_free(&page);
    return fclose(file) == 0 && is_whole;
}
