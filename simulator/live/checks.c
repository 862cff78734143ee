/* SPDX-License-Identifier: MIT
 * What must hold when the days are over. Each is one line of the report.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "simulator/live/parts.h"

__attribute__((format(printf, 4, 0))) static void
say(struct live *live, struct invariant said, const char *name, const char *format, va_list values)
{
    if (live->invariant_count == INVARIANTS_MAX)
        return;
    struct invariant *i = &live->invariants[live->invariant_count++];
    *i = said;
    snprintf(i->name, sizeof i->name, "%s", name);
    vsnprintf(i->detail, sizeof i->detail, format, values);
}

void invariant(struct live *live, bool holds, const char *name, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    say(live, (struct invariant){.holds = holds, .is_judged = true}, name, format, values);
    va_end(values);
}

void remark(struct live *live, const char *name, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    say(live, (struct invariant){.holds = true}, name, format, values);
    va_end(values);
}

/* --- that the run saw itself -------------------------------------------------------------------
 */

static void say_refusals(struct live *live)
{
    uint64_t errors = 0;

    for (enum operation o = 0; o < OPERATION_COUNT; o++)
        errors += live->lines.errors[o];
    invariant(live, !live->refusals && !errors, "what was refused is explained by the rules",
              "%" PRIu64 " unexplained%s%s; %" PRIu64 " claims or calls lapsed first, %" PRIu64
              " confirmed by a supervisor, %" PRIu64 " requests sent again",
              live->refusals + (live->refusals ? 0 : errors), live->refusals ? ": " : "",
              live->refusals ? live->refused[0] : "", live->lapsed, live->overrides,
              live->lines.resent);
}

/* Not of those who came before the first day: the gate stands open for them and no lane calls,
 * which no rule tells the service. */
static void score(struct live *live)
{
    int64_t since_ms = -(int64_t)live->scenario->warmup_days * DAY_MS;

    for (size_t i = 0; i < live->day.count; i++) {
        const struct lived *lived = &live->lived[i];
        if (lived->p50_s < 0 || !lived->calls || lived->called_ms < lived->promised_ms ||
            lived->promised_ms < since_ms)
            continue;
        int64_t took_s = (lived->called_ms - lived->promised_ms) / 1000;
        live->promises++;
        live->promises_halved += took_s <= lived->p50_s;
        live->promises_kept += took_s <= lived->p90_s;
    }
}

/* A promise is scored, never asserted: the far side keeps none. */
static void say_promises(struct live *live)
{
    score(live);
    double all = live->promises ? (double)live->promises / 100 : 1;
    remark(live, "promised waits",
           "%" PRIu64 " promises: %.0f %% were called by their P50, %.0f %% by their P90, %.0f %% "
           "between",
           live->promises, (double)live->promises_halved / all, (double)live->promises_kept / all,
           (double)(live->promises_kept - live->promises_halved) / all);
}

static void say_offline(struct live *live)
{
    if (!live->offline_items)
        return;
    invariant(
        live,
        live->offline_sent == live->offline_items && live->offline_twice == live->offline_items,
        "what kiosks kept is there once each",
        "%" PRIu64 " kept, %" PRIu64 " recorded, %" PRIu64 " sent twice and told so, %" PRIu64
        " in conflict",
        live->offline_items, live->offline_sent, live->offline_twice, live->offline_conflicts);
}

/* All conflicts of a gate are on its list; what this run caused among them. */
static void say_conflicts(struct live *live)
{
    uint64_t listed = 0;

    for (unsigned g = 0; live->offline_items && g < (unsigned)live->scenario->gate_count; g++) {
        char path[PATH_ROOM];
        const char *next = "", *token = people_kiosk(&live->people, g, AGENCY_SUPERVISOR, 0)->token;
        json_t *page = NULL;
        do {
            int status;
            snprintf(path, sizeof path, "/v1/gates/%s/conflicts?limit=200%s%.60s",
                     gate_code(live, g), *next ? "&after=" : "", next);
            json_decref(page);
            page = live_get(live, path, token, &status);
            const json_t *items = json_object_get(page, "items"), *item;
            size_t i;
            json_array_foreach (items, i, item)
                listed += ids_find(live, id_of(span_of(json_string_value(
                                             json_object_get(item, "crossing"))))) != NOBODY;
            next = json_string_value(json_object_get(page, "next"));
        } while (next);
        json_decref(page);
    }
    if (live->offline_items)
        invariant(live, listed == live->offline_conflicts, "conflicts are listed, not hidden",
                  "%" PRIu64 " on the gates' lists, %" PRIu64 " told to the kiosks", listed,
                  live->offline_conflicts);
}

static void say_scans(struct live *live)
{
    if (live->scans)
        invariant(live, live->scans_stopped <= live->overrides + live->lapsed,
                  "a good pass opens the barrier",
                  "%" PRIu64 " scans, %" PRIu64 " after hours, %" PRIu64 " told to stop%s%s",
                  live->scans, live->scans_closed, live->scans_stopped,
                  live->scans_stopped ? ", last: " : "", live->stopped);
}

/* Where it ended early: what was sent and not answered. */
static void say_outstanding(struct live *live)
{
    uint64_t counts[OPERATION_COUNT] = {0}, sum = 0;
    char text[160] = "";
    size_t size = 0;

    for (const struct deed *deed = live->open; deed; deed = deed->next, sum++)
        counts[deed->ask.method ? deed->ask.operation : OPERATION_STEP]++;
    for (const struct deed *deed = live->open_calls; deed; deed = deed->next, sum++)
        counts[OPERATION_CALL]++;
    for (enum operation o = 0; o < OPERATION_COUNT && size < sizeof text; o++)
        if (counts[o])
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%" PRIu64 " %s",
                                     size ? ", " : ": ", counts[o], OPERATION_NAMES[o]);
    invariant(live, false, "it went to the end", "%s; outstanding %" PRIu64 "%s", live->failure,
              sum, text);
}

void checks_run(struct live *live)
{
    say_refusals(live);
    if (live->failure[0])
        say_outstanding(live);
    else
        live->at_ms = (int64_t)live->scenario->days * DAY_MS;
    if (live->lines.is_dead)
        return;
    for (unsigned g = 0; g < (unsigned)live->scenario->gate_count; g++)
        ledger_check(live, g);
    say_scans(live);
    say_offline(live);
    say_conflicts(live);
    say_promises(live);
    strangers_check(live);
    database_check(live);
    if (live->lines.is_dead && !live->failure[0]) {
        snprintf(live->failure, sizeof live->failure, "the service died while it was checked");
        say_outstanding(live);
    }
}

bool live_passes(const struct live *live)
{
    for (unsigned i = 0; i < live->invariant_count; i++)
        if (!live->invariants[i].holds)
            return false;
    return !live->failure[0];
}
