/* SPDX-License-Identifier: MIT */
#include "simulator/model_ledger.h"

#include <stdio.h>
#include <time.h>

/* The first measured day, for the model knows no date: 2026-11-23, Hanoi. */
static const int64_t EPOCH_MS = INT64_C(1795392000000);

static void add_instant(struct buffer *out, const char *member, int64_t at_ms)
{
    int64_t local_ms = EPOCH_MS + at_ms;
    time_t seconds = (time_t)(local_ms / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    buffer_print(out, ",\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03d+07:00\"", member,
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                 (int)(local_ms % 1000));
}

static void add_declared(struct buffer *out, const struct note *note)
{
    const struct passage *p = note->passage;

    buffer_print(out,
                 ",\"declaration\":\"%u\",\"direction\":\"%s\",\"route\":\"main\",\"role\":\"%s\","
                 "\"class\":\"%s\",\"state\":\"declared\"",
                 p->main, DIRECTION_NAMES[p->direction],
                 p->role == ROLE_MAIN ? "main" : "receiving", CLASS_NAMES[p->class]);
}

static void add_step(struct buffer *out, const struct note *note)
{
    const struct passage *p = note->passage;

    buffer_print(out, ",\"step\":\"%s\",\"result\":\"%s\",\"state\":\"%s\"", STEP_NAMES[note->step],
                 note->is_hold ? "hold" : "pass", note->step == STEP_EXIT ? "exited" : "open");
    if (!note->is_joining)
        return;
    buffer_print(out, ",\"direction\":\"%s\",\"class\":\"%s\",\"rule\":1",
                 DIRECTION_NAMES[p->direction], CLASS_NAMES[p->class]);
    add_instant(out, "joined_at", note->joined_ms);
    add_instant(out, "rank_at", note->rank_ms);
}

void model_ledger_note(void *owner, const struct note *note)
{
    static const char *const TYPES[] = {
        [NOTE_DECLARED] = "declared", [NOTE_STEP] = "step",       [NOTE_CALLED] = "called",
        [NOTE_NO_SHOW] = "no_show",   [NOTE_ENDED] = "cancelled",
    };
    struct model_ledger *ledger = owner;
    struct buffer *out = &ledger->lines;

    if (note->passage->gate != ledger->gate)
        return;
    buffer_print(out, "{\"ledger\":\"%s\",\"seq\":%llu", ledger->scenario->gates[ledger->gate].code,
                 (unsigned long long)++ledger->seq);
    add_instant(out, "at", note->at_ms);
    buffer_print(out, ",\"type\":\"%s\",\"crossing\":\"%02u%012u\"",
                 note->kind == NOTE_ENDED ? FATE_NAMES[note->fate] : TYPES[note->kind],
                 ledger->gate + 1, note->crossing);
    if (note->kind == NOTE_DECLARED)
        add_declared(out, note);
    else if (note->kind == NOTE_STEP)
        add_step(out, note);
    else if (note->kind == NOTE_CALLED)
        buffer_print(out, ",\"lane\":%u", note->lane);
    else if (note->kind == NOTE_NO_SHOW && note->eligible_ms != NEVER_MS)
        add_instant(out, "eligible_at", note->eligible_ms);
    buffer_add_text(out, "}\n");
}
