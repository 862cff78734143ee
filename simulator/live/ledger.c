/* SPDX-License-Identifier: MIT
 * A gate's public ledger, read as anybody may: its chain, the rule replayed over it call by call,
 * and each receipt of this run found in it.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/live/parts.h"
#include "simulator/replay.h"

enum { PAGE = 1000, HASH_SIZE = 32, WHOLE_MAX = 500000 };

/* What the ledger says of a crossing of ours. */
struct booked {
    uint32_t passes, holds;
    uint16_t declared, calls;
    bool is_over, has_exited, is_cancelled, is_turned_back;
};

/* How a crossing may be over; END_NONE: it is not. */
enum end {
    END_NONE,
    END_EXITED,
    END_CANCELLED,
    END_EXPIRED,
    END_TURNED_BACK,
    END_NO_SHOW,
    END_OTHER,
    END_COUNT
};

struct reading {
    struct live *live;
    unsigned gate;
    struct replay *replay; /* NULL: the ledger is too long to begin at its first event */
    bool is_good;          /* the replay, so far */
    unsigned char hash[HASH_SIZE];
    uint64_t seq, head;
    bool has_gap, has_broken_chain, is_readable;
    struct booked *booked;
    size_t next_receipt;
    uint64_t found, untold, doubled, lost, out_of_place;
    uint64_t declared, ended[END_COUNT];
    uint64_t queued, awaited; /* of those that live */
};

static const char *text(const json_t *object, const char *member)
{
    const char *value = json_string_value(json_object_get(object, member));

    return value ? value : "";
}

static bool is(const json_t *object, const char *member, const char *wanted)
{
    return !strcmp(text(object, member), wanted);
}

/* --- the chain ---------------------------------------------------------------------------------
 */

/* hash(n) = sha256(hash(n-1) body(n)). */
static void follow_chain(struct reading *r, const json_t *item)
{
    const char *body = text(item, "body");
    unsigned char wanted[HASH_SIZE];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, r->hash, HASH_SIZE);
    crypto_hash_sha256_update(&state, (const unsigned char *)body, strlen(body));
    crypto_hash_sha256_final(&state, r->hash);
    if (sodium_hex2bin(wanted, HASH_SIZE, text(item, "hash"), strlen(text(item, "hash")), NULL,
                       NULL, NULL) != 0 ||
        memcmp(wanted, r->hash, HASH_SIZE) != 0)
        r->has_broken_chain = true;
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(item, "seq"));
    r->has_gap |= seq != r->seq + 1;
    r->seq = seq;
}

static void begin_chain(struct reading *r, const json_t *page)
{
    const char *hash = text(json_object_get(page, "from"), "hash");
    unsigned char first[HASH_SIZE];
    const char *code = gate_code(r->live, r->gate);

    r->has_broken_chain =
        sodium_hex2bin(r->hash, HASH_SIZE, hash, strlen(hash), NULL, NULL, NULL) != 0;
    crypto_hash_sha256(first, (const unsigned char *)code, strlen(code));
    if (r->seq == 0 && memcmp(first, r->hash, HASH_SIZE) != 0)
        r->has_broken_chain = true;
}

/* --- receipts ----------------------------------------------------------------------------------
 */

static int by_seq(const void *a, const void *b)
{
    const struct receipt *x = a, *y = b;

    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* The receipt of an event; those before it that no event came for are lost. */
static const struct receipt *receipt_at(struct reading *r, uint64_t seq)
{
    const struct live_gate *gate = &r->live->gates[r->gate];

    for (; r->next_receipt < gate->receipt_count; r->next_receipt++) {
        const struct receipt *receipt = &gate->receipts[r->next_receipt];
        if (receipt->seq > seq)
            return NULL;
        if (receipt->seq == seq) {
            r->next_receipt++;
            return receipt;
        }
        r->lost++;
    }
    return NULL;
}

static void find_receipt(struct reading *r, uint32_t crossing, unsigned kind, const json_t *event)
{
    const struct receipt *receipt = receipt_at(r, r->seq);

    if (!receipt)
        r->untold++;
    else if (receipt->crossing != crossing || receipt->kind != kind ||
             (kind == DEED_STEP && (!is(event, "step", STEP_NAMES[receipt->step]) ||
                                    receipt->is_hold != is(event, "result", "hold"))))
        r->out_of_place++;
    else
        r->found++;
}

static void book_step(struct reading *r, struct booked *b, uint32_t crossing, const json_t *event)
{
    unsigned step = word_of(STEP_NAMES, STEP_COUNT, span_of(text(event, "step")));
    uint32_t *mask = is(event, "result", "hold") ? &b->holds : &b->passes;

    if (step == STEP_COUNT)
        return;
    r->doubled += (*mask & STEP_BIT(step)) != 0;
    *mask |= STEP_BIT(step);
    b->has_exited |= mask == &b->passes && step == STEP_EXIT;
    find_receipt(r, crossing, DEED_STEP, event);
}

static void book(struct reading *r, uint32_t crossing, const json_t *event)
{
    struct booked *b = &r->booked[crossing];

    if (is(event, "type", "declared")) {
        r->doubled += b->declared++ > 0;
    } else if (is(event, "type", "step")) {
        book_step(r, b, crossing, event);
    } else if (is(event, "type", "called")) {
        b->calls++;
        find_receipt(r, crossing, DEED_CALL, event);
    } else if (is(event, "type", "turned_back")) {
        b->is_turned_back = true;
        find_receipt(r, crossing, DEED_TURN_BACK, event);
    } else if (is(event, "type", "cancelled")) {
        r->doubled += b->is_cancelled;
        b->is_cancelled = true;
    }
}

/* --- reading -----------------------------------------------------------------------------------
 */

static enum end end_of(const json_t *event)
{
    static const struct {
        const char *type;
        enum end end;
    } ENDS[] = {{"cancelled", END_CANCELLED},
                {"expired", END_EXPIRED},
                {"turned_back", END_TURNED_BACK},
                {"released", END_OTHER}};

    for (size_t i = 0; i < COUNT_OF(ENDS); i++)
        if (is(event, "type", ENDS[i].type))
            return ENDS[i].end;
    if (is(event, "type", "no_show") && !json_is_string(json_object_get(event, "eligible_at")))
        return END_NO_SHOW;
    return is(event, "state", "exited")     ? END_EXITED
           : is(event, "state", "rejected") ? END_OTHER
                                            : END_NONE;
}

static void read_event(struct reading *r, const json_t *item)
{
    json_t *event = json_loads(text(item, "body"), JSON_REJECT_DUPLICATES, NULL);
    uint32_t crossing = ids_find(r->live, id_of(span_of(text(event, "crossing"))));
    bool is_end = json_is_string(json_object_get(event, "crossing")) && end_of(event) &&
                  !(is(event, "type", "step") && is(event, "step", "exit") && crossing != NOBODY &&
                    r->booked[crossing].is_over);

    follow_chain(r, item);
    if (r->replay && r->is_good)
        r->is_good = replay_event(r->replay, event);
    r->declared += is(event, "type", "declared");
    if (crossing != NOBODY) {
        book(r, crossing, event);
        is_end = is_end && !r->booked[crossing].is_over;
        r->booked[crossing].is_over |= is_end;
    }
    if (is_end)
        r->ended[end_of(event)]++;
    json_decref(event);
}

static bool read_page(struct reading *r, bool is_first)
{
    const json_t *items, *item;
    char path[PATH_ROOM];
    int status;
    size_t i;

    snprintf(path, sizeof path, "/v1/gates/%s/ledger?after=%" PRIu64 "&limit=%d",
             gate_code(r->live, r->gate), r->seq, PAGE);
    json_t *page = live_get(r->live, path, NULL, &status);
    items = json_object_get(page, "items");
    if (status == 200 && is_first)
        begin_chain(r, page);
    json_array_foreach (items, i, item)
        read_event(r, item);
    r->head = (uint64_t)json_integer_value(json_object_get(page, "head"));
    bool is_more = status == 200 && json_array_size(items) > 0 && r->seq < r->head;
    r->is_readable = status == 200;
    json_decref(page);
    return is_more;
}

/* --- what is found -----------------------------------------------------------------------------
 */

/* What was acknowledged without an event of its own. */
static uint64_t unlike(const struct reading *r)
{
    const struct live *live = r->live;
    uint64_t count = 0;

    for (size_t i = 0; i < live->day.count; i++) {
        const struct lived *lived = &live->lived[i];
        const struct booked *b = &r->booked[i];
        if (live->day.passages[i].gate == r->gate && lived->id)
            count += b->declared != 1 || lived->is_cancelled != b->is_cancelled ||
                     lived->passes != b->passes || lived->holds != b->holds ||
                     lived->calls != b->calls;
    }
    return count;
}

/* Live at the service, by its list for kiosks. */
static int64_t count_live(struct reading *r, uint64_t *wrong)
{
    char path[PATH_ROOM];
    const json_t *item;
    int status;
    size_t i;

    snprintf(path, sizeof path, "/v1/gates/%s/expected", gate_code(r->live, r->gate));
    json_t *page = live_get(
        r->live, path, people_kiosk(&r->live->people, r->gate, AGENCY_OPERATOR, 0)->token, &status);
    int64_t count = status == 200 ? (int64_t)json_array_size(json_object_get(page, "items")) : -1;
    json_array_foreach (json_object_get(page, "items"), i, item) {
        uint32_t crossing = ids_find(r->live, id_of(span_of(text(item, "crossing"))));
        *wrong += crossing != NOBODY && r->booked[crossing].is_over;
        r->queued += is(item, "state", "queued");
        r->awaited += is(item, "state", "declared");
    }
    json_decref(page);
    return count;
}

static void say_chain(struct reading *r)
{
    invariant(r->live, r->is_readable && !r->has_gap && !r->has_broken_chain && r->seq == r->head,
              "gapless, chain verifies", "%s: %" PRIu64 " events%s%s%s",
              gate_code(r->live, r->gate), r->seq, r->has_gap ? ", a gap" : "",
              r->has_broken_chain ? ", a hash that does not follow" : "",
              r->is_readable ? "" : ", not readable");
}

static void say_receipts(struct reading *r)
{
    uint64_t other = unlike(r);

    invariant(r->live, !r->lost && !r->untold && !r->doubled && !r->out_of_place && !other,
              "every acknowledged write is there once",
              "%s: %" PRIu64 " receipts found, %" PRIu64 " lost, %" PRIu64
              " in another's place, %" PRIu64 " doubled, %" PRIu64 " nobody was told of, %" PRIu64
              " crossings with other steps",
              gate_code(r->live, r->gate), r->found, r->lost, r->out_of_place, r->doubled,
              r->untold, other);
}

static void say_conservation(struct reading *r)
{
    uint64_t wrong = 0;
    int64_t live = count_live(r, &wrong);

    if (!r->replay) {
        remark(r->live, "nobody is lost", "%s: not counted, the ledger has %" PRIu64 " events",
               gate_code(r->live, r->gate), r->seq);
        return;
    }
    uint64_t ended = 0;
    for (enum end e = END_NONE; e < END_COUNT; e++)
        ended += r->ended[e];
    invariant(r->live, live >= 0 && r->declared == ended + (uint64_t)live && !wrong,
              "nobody is lost",
              "%s: %" PRIu64 " declared = %" PRIu64 " exited + %" PRIu64 " cancelled + %" PRIu64
              " expired + %" PRIu64 " turned back + %" PRIu64 " no-shows + %" PRIu64
              " otherwise ended + %" PRIu64 " awaited + %" PRIu64 " queued + %" PRId64 " inside%s",
              gate_code(r->live, r->gate), r->declared, r->ended[END_EXITED],
              r->ended[END_CANCELLED], r->ended[END_EXPIRED], r->ended[END_TURNED_BACK],
              r->ended[END_NO_SHOW], r->ended[END_OTHER], r->awaited, r->queued,
              live - (int64_t)(r->awaited + r->queued), wrong ? ", some of them ended" : "");
}

static void say_exits(struct reading *r)
{
    const struct live *live = r->live;
    uint64_t exits = 0, played = 0;

    for (size_t i = 0; i < live->day.count; i++) {
        if (live->day.passages[i].gate != r->gate)
            continue;
        exits += r->booked[i].has_exited;
        played += (live->lived[i].passes & STEP_BIT(STEP_EXIT)) != 0;
    }
    uint64_t counted = live->tally->gates[r->gate].fates[FATE_EXITED];
    invariant(r->live, exits == played && exits == counted, "the exits are those of the ledger",
              "%s: %" PRIu64 " in the ledger, %" PRIu64 " counted", gate_code(live, r->gate), exits,
              counted);
}

static void say_order(struct reading *r)
{
    const struct live_gate *gate = &r->live->gates[r->gate];
    uint64_t calls = gate->calls_as_expected + gate->calls_else;

    if (!r->replay) {
        remark(r->live, "the order obeys the rule",
               "%s: not replayed, the ledger has %" PRIu64 " events", gate_code(r->live, r->gate),
               r->seq);
        return;
    }
    const struct replay_result *result = replay_result(r->replay);
    invariant(r->live, r->is_good, "the order obeys the rule",
              "%s: %" PRIu64 " calls replayed, %" PRIu64 " no-shows, %" PRIu64
              " overtakes; the model had expected %.1f %% of them%s%s",
              gate_code(r->live, r->gate), result->calls, result->no_shows, result->overtakes,
              calls ? 100.0 * (double)gate->calls_as_expected / (double)calls : 0,
              r->is_good ? "" : ": ", r->is_good ? "" : result->difference);
}

void ledger_check(struct live *live, unsigned gate)
{
    struct live_gate *g = &live->gates[gate];
    struct reading r = {.live = live, .gate = gate, .is_good = true, .is_readable = true};

    if (g->began_seq <= WHOLE_MAX)
        r.replay = replay_new();
    else
        r.seq = g->began_seq;
    r.booked = calloc(live->day.count + 1, sizeof *r.booked);
    CHECK(r.booked);
    if (g->receipt_count)
        qsort(g->receipts, g->receipt_count, sizeof *g->receipts, by_seq);
    bool is_first = true;
    while (read_page(&r, is_first))
        is_first = false;
    r.lost += g->receipt_count - r.next_receipt;
    say_chain(&r);
    say_receipts(&r);
    say_conservation(&r);
    say_exits(&r);
    say_order(&r);
    replay_free(r.replay);
    free(r.booked);
}
