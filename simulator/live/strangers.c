/* SPDX-License-Identifier: MIT
 * A firm that tries to see and to change what is another's, with everything a firm may ask: all of
 * it must be as if it did not exist.
 */
#include <inttypes.h>
#include <stdio.h>

#include "simulator/live/parts.h"

enum { LOOKED_AT = 24, MEMBER_ROOM = 48 };

static const struct {
    const char *method, *path, *body; /* %s: the crossing or, of declarations, the declaration */
    bool is_declaration;
} TRIES[] = {
    {"GET", "/v1/declarations/%s", NULL, true},
    {"POST", "/v1/declarations/%s/cancel", "", true},
    {"GET", "/v1/crossings/%s", NULL, false},
    {"GET", "/v1/crossings/%s/position", NULL, false},
    {"GET", "/v1/crossings/%s/pass.txt", NULL, false},
    {"GET", "/v1/crossings/%s/pass.svg", NULL, false},
    {"POST", "/v1/crossings/%s/pass/reissue", "{\"reason\":\"curious\"}", false},
    {"POST", "/v1/crossings/%s/swap", "{\"reason\":\"curious\",\"plate\":\"29C99999\"}", false},
};

static void on_look(struct ask *ask, int status, struct span body)
{
    struct live *live = ask->owner;
    struct span code = between(body, "\"code\":\"", '"');

    live->looks++;
    live->looks_refused += status == 404;
    if (status != 404 && live->looks - live->looks_refused == 1)
        snprintf(live->refused[REFUSALS_SHOWN - 1], sizeof live->refused[0], "%s %s: %d %.*s",
                 ask->method, ask->path, status, (int)(code.size < 40 ? code.size : 40), code.at);
    ask_free(ask);
}

static void look(struct live *live, uint32_t crossing, size_t which, const char *token)
{
    const struct lived *lived = &live->lived[crossing];
    struct ask *ask = ask_new(OPERATION_OTHER, TRIES[which].method, token);
    char name[MEMBER_ROOM];

    if (TRIES[which].is_declaration)
        snprintf(name, sizeof name, "%" PRIu64, lived->declaration);
    else
        snprintf(name, sizeof name, "%014" PRIu64, lived->id);
    /* the path up to %s, the name, and what follows */
    const char *path = TRIES[which].path, *mark = strstr(path, "%s");
    snprintf(ask->path, sizeof ask->path, "%.*s%s%s", (int)(mark - path), path, name, mark + 2);
    if (TRIES[which].body) {
        struct buffer body = {0};
        buffer_add_text(&body, TRIES[which].body);
        ask_body(ask, &body);
        snprintf(ask->key, sizeof ask->key, "gatesim-%" PRIu64 "-%" PRIu64, live->run,
                 ++live->serial);
    }
    ask->gate_time_ms = live->epoch_ms + live->at_ms;
    ask->done = on_look;
    ask->owner = live;
    lines_send(&live->lines, ask);
}

/* What a firm lists must be its own; the hoarder's list is long. */
static uint64_t foreign_in_list(struct live *live, unsigned firm)
{
    uint64_t foreign = 0;
    const json_t *item;
    int status;
    size_t i;
    json_t *page =
        live_get(live, "/v1/declarations?limit=100", live->people.firms[firm].token, &status);

    json_array_foreach (json_object_get(page, "items"), i, item) {
        uint64_t number = id_of(span_of(json_string_value(json_object_get(item, "number"))));
        for (uint32_t c = 0; c < live->day.count; c++)
            foreign += live->lived[c].declaration == number && number &&
                       people_firm(&live->people, live->day.passages[c].main,
                                   live->day.passages[c].is_bot) != &live->people.firms[firm];
    }
    json_decref(page);
    return foreign + (status != 200);
}

void strangers_check(struct live *live)
{
    size_t step = live->day.count / LOOKED_AT + 1;
    uint64_t foreign = 0;

    for (size_t i = 0; i < live->day.count; i += step) {
        uint32_t crossing = live->day.passages[i].main;
        const struct account *owner =
            people_firm(&live->people, crossing, live->day.passages[crossing].is_bot);
        const struct account *stranger = &live->people.firms[(crossing + 1) % FIRMS];
        for (size_t t = 0; t < sizeof TRIES / sizeof TRIES[0] && owner != stranger; t++)
            if (live->lived[crossing].id)
                look(live, crossing, t, stranger->token);
    }
    live_settle(live);
    for (unsigned firm = 0; firm < 3; firm++)
        foreign += foreign_in_list(live, firm);
    invariant(live, live->looks == live->looks_refused && !foreign, "no firm sees another's data",
              "%" PRIu64 " tries, %" PRIu64 " answered 404, %" PRIu64 " foreign in lists%s%s",
              live->looks, live->looks_refused, foreign,
              live->looks == live->looks_refused ? "" : ": ",
              live->looks == live->looks_refused ? "" : live->refused[REFUSALS_SHOWN - 1]);
}
