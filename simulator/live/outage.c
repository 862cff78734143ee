/* SPDX-License-Identifier: MIT
 * Kiosks without network: what officers confirm meanwhile is kept in the device and sent when the
 * outage is over, ten minutes' worth at a time, the oldest first. Every device loses the first
 * answer and sends those items once more: they must still be there once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/form/instant.h"
#include "simulator/live/parts.h"

enum { SLICE_MS = 10 * MINUTE_MS, ITEMS_MAX = 100 };

/* One request of a device. */
struct upload {
    struct ask ask;
    struct live *live;
    struct account *account;
    struct deed *deeds[ITEMS_MAX];
    unsigned count;
    bool is_second; /* the same once more */
};

/* Declarations are filed and registered elsewhere. */
bool outage_keeps(const struct live *live, const struct deed *deed)
{
    return live->is_outage && deed->kind == DEED_STEP && deed->step != STEP_REGISTERED;
}

void outage_keep(struct deed *deed)
{
    struct live *live = deed->live;
    const struct lived *lived = &live->lived[deed->crossing];
    struct account *account =
        people_kiosk(&live->people, live->day.passages[deed->crossing].gate,
                     agency_of_step(deed->step), lived->lane ? lived->lane - 1U : deed->crossing);

    if (account->kept_count == account->kept_room) {
        account->kept_room = account->kept_room ? account->kept_room * 2 : 64;
        account->kept = realloc(account->kept, account->kept_room * sizeof(struct deed *));
        CHECK(account->kept);
    }
    account->kept[account->kept_count++] = deed;
    deed->is_kept = true;
    live->offline_items++;
}

/* --- sending -----------------------------------------------------------------------------------
 */

static void upload_write(struct upload *upload)
{
    struct live *live = upload->live;
    struct buffer body = {0};
    char instant[INSTANT_ROOM];

    buffer_add_text(&body, "{\"items\":[");
    for (unsigned i = 0; i < upload->count; i++) {
        const struct deed *deed = upload->deeds[i];
        instant_print(live->epoch_ms + deed->at_ms, instant);
        buffer_print(&body,
                     "%s{\"crossing\":\"%014" PRIu64 "\",\"step\":\"%s\",\"result\":\"%s\","
                     "\"occurred_at\":\"%s\",\"offline\":true,\"nonce\":\"%" PRIu64 "-%" PRIu64
                     "\"}",
                     i ? "," : "", live->lived[deed->crossing].id, STEP_NAMES[deed->step],
                     deed->is_hold ? "hold" : "pass", instant, live->run, deed->serial);
    }
    buffer_add_text(&body, "]}");
    ask_body(&upload->ask, &body);
}

static void on_item(struct upload *upload, struct deed *deed, const json_t *item)
{
    struct live *live = upload->live;
    json_int_t status = json_integer_value(json_object_get(item, "status"));
    bool is_there = status == 201;

    if (upload->is_second) {
        live->offline_twice += is_there && json_is_true(json_object_get(item, "replayed"));
        return;
    }
    live->lived[deed->crossing].was_offline = true;
    live->offline_conflicts += json_object_get(item, "conflict") != NULL;
    live->offline_sent += is_there;
    if (is_there)
        step_confirmed(live, deed->crossing, deed->step, deed->is_hold,
                       span_of(json_string_value(json_object_get(item, "event"))));
}

static void on_uploaded(struct ask *ask, int status, struct span body);

static void upload_go(struct upload *upload)
{
    struct live *live = upload->live;

    upload->ask.gate_time_ms = live->epoch_ms + live->at_ms;
    upload->ask.intended_us = 0;
    lines_send(&live->lines, &upload->ask);
}

static void upload_free(struct upload *upload)
{
    for (unsigned i = 0; i < upload->count; i++)
        deed_over(upload->deeds[i]);
    free(upload->ask.body);
    free(upload);
}

static void on_uploaded(struct ask *ask, int status, struct span body)
{
    struct upload *upload = ask->owner;
    json_t *json = json_loadb(body.at, body.size, 0, NULL);
    const json_t *items = json_object_get(json, "items"), *item;
    size_t i;

    if (status != 200)
        lines_note_error(&upload->live->lines, ask, status, body);
    json_array_foreach (items, i, item)
        if (i < upload->count)
            on_item(upload, upload->deeds[i], item);
    json_decref(json);
    if (upload->is_second || status != 200) {
        upload_free(upload);
    } else {
        upload->is_second = true;
        upload_go(upload);
    }
}

static void take(struct upload *upload, struct deed *deed)
{
    deed->is_kept = false;
    deed->is_sent = true;
    upload->deeds[upload->count++] = deed;
}

/* The next of what a device kept, up to a time. */
static void upload_slice(struct live *live, struct account *account, size_t *from, int64_t until_ms)
{
    struct upload *upload = calloc(1, sizeof *upload);

    CHECK(upload);
    upload->live = live;
    upload->account = account;
    upload->ask = (struct ask){.operation = OPERATION_OFFLINE,
                               .method = "POST",
                               .token = account->token,
                               .done = on_uploaded,
                               .owner = upload};
    snprintf(upload->ask.path, PATH_ROOM, "/v1/steps");
    while (*from < account->kept_count && upload->count < ITEMS_MAX &&
           account->kept[*from]->at_ms < until_ms)
        take(upload, account->kept[(*from)++]);
    upload_write(upload);
    snprintf(upload->ask.key, sizeof upload->ask.key, "gatesim-%" PRIu64 "-u%" PRIu64, live->run,
             ++live->serial);
    upload_go(upload);
}

static void upload_until(struct live *live, struct account *account, size_t *from, int64_t until_ms)
{
    while (*from < account->kept_count && account->kept[*from]->at_ms < until_ms)
        upload_slice(live, account, from, until_ms);
}

/* Every device with network again: the lines send in this order. */
static void upload_all(struct live *live, int64_t from_ms, int64_t until_ms)
{
    size_t sent[GATES_MAX][AGENCY_COUNT][KIOSKS_MAX] = {{{0}}};

    for (int64_t slice_ms = from_ms; slice_ms < until_ms; slice_ms += SLICE_MS)
        for (unsigned g = 0; g < (unsigned)live->scenario->gate_count; g++)
            for (enum agency a = 0; a < AGENCY_COUNT; a++)
                for (unsigned n = 0; n < live->people.counts[g][a]; n++)
                    upload_until(live, &live->people.kiosks[g][a][n], &sent[g][a][n],
                                 slice_ms + SLICE_MS);
    for (unsigned g = 0; g < (unsigned)live->scenario->gate_count; g++)
        for (enum agency a = 0; a < AGENCY_COUNT; a++)
            for (unsigned n = 0; n < live->people.counts[g][a]; n++) {
                upload_until(live, &live->people.kiosks[g][a][n], &sent[g][a][n], NEVER_MS);
                live->people.kiosks[g][a][n].kept_count = 0;
            }
}

void outage_tend(struct live *live)
{
    const struct scenario *s = live->scenario;
    int64_t now_ms = live->at_ms, day_ms = now_ms >= 0 ? now_ms % DAY_MS : -1;
    bool is_outage = day_ms >= s->outage_from_ms && day_ms < s->outage_until_ms;

    if (live->is_outage && !is_outage) {
        live->is_outage = false;
        upload_all(live, now_ms - day_ms + s->outage_from_ms, now_ms - day_ms + s->outage_until_ms);
    }
    live->is_outage = is_outage;
}
