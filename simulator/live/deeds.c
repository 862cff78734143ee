/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "common/base/check.h"
#include "common/base/clock.h"
#include "simulator/live/parts.h"

static struct lived *chain_of(struct live *live, uint32_t crossing)
{
    return &live->lived[live->day.passages[crossing].main];
}

static struct live_gate *gate_of_deed(const struct deed *deed)
{
    return &deed->live->gates[deed->live->day.passages[deed->crossing].gate];
}

struct deed *deed_new(struct live *live, enum deed_kind kind, uint32_t crossing)
{
    struct deed *deed = calloc(1, sizeof *deed);

    CHECK(deed);
    deed->live = live;
    deed->kind = kind;
    deed->crossing = crossing;
    deed->at_ms = model_now_ms(live->model);
    deed->serial = ++live->serial;
    deed->ask.done = deed_answered;
    deed->ask.owner = deed;
    return deed;
}

static void deed_free(struct deed *deed)
{
    free(deed->ask.body);
    free(deed);
}

/* Not before its time by the pace asked for; what it waited for the service counts as latency. */
static int64_t intended_us(const struct deed *deed)
{
    const struct live *live = deed->live;

    if (live->wish->speed <= 0 || deed->at_ms < live->wish->fast_until_ms)
        return 0;
    return live->paced_us +
           (int64_t)((double)(deed->at_ms - live->paced_from_ms) * 1000 / live->wish->speed);
}

static void deed_send(struct deed *deed)
{
    struct live *live = deed->live;

    if (deed->at_ms >= 0 && deed->at_ms < (int64_t)TALLY_DAYS_MAX * DAY_MS)
        live->sent_by_hour[deed->at_ms / HOUR_MS]++;
    deed->is_sent = true;
    snprintf(deed->ask.key, sizeof deed->ask.key, "gatesim-%" PRIu64 "-%" PRIu64, live->run,
             deed->serial);
    deed->ask.gate_time_ms = live->epoch_ms + deed->at_ms;
    deed->ask.intended_us = intended_us(deed);
    deed_write(deed);
    lines_send(&live->lines, &deed->ask);
}

void deed_again(struct deed *deed)
{
    free(deed->ask.body);
    deed->ask = (struct ask){.done = deed_answered, .owner = deed};
    deed->serial = ++deed->live->serial;
    deed_send(deed);
}

/* Whether something is under way that decides if the one it expects stands in the queue. */
static bool has_to_wait(const struct deed *call)
{
    const struct lived *chain = chain_of(call->live, call->call.expected);

    for (const struct deed *deed = chain->first; deed; deed = deed->chain_next)
        if (deed->orders && !deed->is_kept && deed->serial < call->serial)
            return true;
    return false;
}

static void calls_send(struct live_gate *gate)
{
    struct deed **at = &gate->calls;

    while (*at) {
        struct deed *call = *at;
        if (has_to_wait(call)) {
            at = &call->call_next;
            continue;
        }
        *at = call->call_next;
        deed_send(call);
    }
}

static void call_issue(struct deed *deed)
{
    struct live_gate *gate = gate_of_deed(deed);

    DL_APPEND(deed->live->open_calls, deed);
    deed->call_next = gate->calls;
    gate->calls = deed;
    calls_send(gate);
}

static void turn_comes(struct deed *deed)
{
    if (!deed->is_kept && !deed->is_sent)
        deed_send(deed);
}

void deed_issue(struct deed *deed)
{
    struct live *live = deed->live;
    struct lived *chain = chain_of(live, deed->crossing);

    if (deed->kind == DEED_CALL) {
        call_issue(deed);
        return;
    }
    DL_APPEND(live->open, deed);
    if (outage_keeps(live, deed))
        outage_keep(deed);
    if (chain->first) {
        chain->last->chain_next = deed;
        chain->last = deed;
        return;
    }
    chain->first = chain->last = deed;
    turn_comes(deed);
}

/* Kiosks send what they kept in no order of declarations, so it may stand anywhere in its chain. */
static void chain_unlink(struct lived *chain, struct deed *deed)
{
    struct deed *before = NULL;

    for (struct deed *d = chain->first; d != deed; d = d->chain_next)
        before = d;
    if (before)
        before->chain_next = deed->chain_next;
    else
        chain->first = deed->chain_next;
    if (chain->last == deed)
        chain->last = before;
    deed->chain_next = NULL;
}

static void forget(struct deed *deed)
{
    struct live *live = deed->live;
    struct live_gate *gate = gate_of_deed(deed);

    live->done_count++;
    if (deed->kind == DEED_CALL) {
        DL_DELETE(live->open_calls, deed);
        return;
    }
    DL_DELETE(live->open, deed);
    chain_unlink(chain_of(live, deed->crossing), deed);
    if (deed->orders && gate->calls)
        calls_send(gate);
}

void deed_over(struct deed *deed)
{
    struct lived *chain = chain_of(deed->live, deed->crossing);
    bool was_first = chain->first == deed;

    forget(deed);
    if (was_first && chain->first)
        turn_comes(chain->first);
    deed_free(deed);
}

void chain_drop(struct live *live, uint32_t crossing)
{
    struct lived *chain = chain_of(live, crossing);

    for (struct deed *deed = chain->first ? chain->first->chain_next : NULL, *next; deed;
         deed = next) {
        next = deed->chain_next;
        if (deed->crossing != crossing || deed->is_kept || deed->is_sent)
            continue;
        forget(deed);
        deed_free(deed);
    }
}

int64_t deeds_oldest_ms(const struct live *live)
{
    const struct deed *deed = live->open;

    while (deed && deed->is_kept)
        deed = deed->next;
    return deed ? deed->at_ms : NEVER_MS;
}

int64_t calls_oldest_ms(const struct live *live)
{
    return live->open_calls ? live->open_calls->at_ms : NEVER_MS;
}
