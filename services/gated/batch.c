/* SPDX-License-Identifier: MIT */
#include "services/gated/batch.h"

#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "services/gated/touches.h"

enum { SEGMENTS_MAX = 16, SKIPPED_MAX = 64, RETRY_MS = 4 };

/* A stretch of the batch that is to be applied in one call. */
struct segment {
    int from;
    int count;
};

struct command_list {
    struct command *first;
    struct command **end; /* where the next one is linked in */
    int count;
};

struct batcher {
    int ledger;
    const struct batch_port *port;
    void *owner;
    struct command_list waiting;
    struct command_list refused; /* to be answered OVERLOADED at the next run */
    struct command_list again;   /* put off by the database; go to the front when the batch ends */
    struct command *batch[BATCH_COMMANDS_MAX];
    struct segment segments[SEGMENTS_MAX]; /* still to be applied; the top one is in flight */
    int depth;
    bool is_sent;
    bool is_tick; /* what is in flight is a tick */
    bool is_draining;
    int tries;
    int64_t retry_at_ms; /* steady; 0: at once */
    int64_t now_ms;      /* of the last command sent: a ledger's time never goes back */
    int64_t next_due_ms;
    int64_t ticked_ms; /* steady */
    struct command purge;
    bool is_purging;
    int64_t purged_ms; /* steady */
    struct touches touches;
    struct buffer text;
};

static void list_init(struct command_list *list)
{
    *list = (struct command_list){.end = &list->first};
}

static void list_add(struct command_list *list, struct command *command)
{
    command->next = NULL;
    *list->end = command;
    list->end = &command->next;
    list->count++;
}

/* Takes out the command that *at points at. */
static struct command *list_take(struct command_list *list, struct command **at)
{
    struct command *command = *at;

    *at = command->next;
    if (!*at)
        list->end = at;
    list->count--;
    command->next = NULL;
    return command;
}

static void list_prepend(struct command_list *list, struct command_list *head)
{
    if (!head->first)
        return;
    *head->end = list->first;
    if (!list->first)
        list->end = head->end;
    list->first = head->first;
    list->count += head->count;
    list_init(head);
}

static int64_t steady_ms(const struct batcher *b)
{
    return b->port->steady_ms(b->owner);
}

static void answer_fault(struct command *command, enum fault fault)
{
    struct answer answer = {.fault = fault};

    command->done(command, &answer);
}

static void list_refuse(struct command_list *list, enum fault fault)
{
    struct command_list refused;

    list_init(&refused);
    list_prepend(&refused, list);
    list_init(list);
    while (refused.first)
        answer_fault(list_take(&refused, &refused.first), fault);
}

struct batcher *batcher_new(int ledger, const struct batch_port *port, void *owner)
{
    struct batcher *b = calloc(1, sizeof *b);

    CHECK(b);
    b->ledger = ledger;
    b->port = port;
    b->owner = owner;
    b->next_due_ms = INT64_MAX;
    b->ticked_ms = INT64_MIN / 2;
    b->purged_ms = steady_ms(b);
    list_init(&b->waiting);
    list_init(&b->refused);
    list_init(&b->again);
    return b;
}

void batcher_free(struct batcher *b)
{
    if (!b)
        return;
    CHECK(!b->is_sent);
    for (; b->depth; b->depth--)
        for (int i = 0; i < b->segments[b->depth - 1].count; i++)
            answer_fault(b->batch[b->segments[b->depth - 1].from + i], FAULT_DRAINING);
    list_refuse(&b->again, FAULT_DRAINING);
    list_refuse(&b->refused, FAULT_OVERLOADED);
    list_refuse(&b->waiting, FAULT_DRAINING);
    buffer_free(&b->text);
    free(b);
}

void batcher_submit(struct batcher *b, struct command *command)
{
    command->queued_ms = steady_ms(b);
    command->again_count = 0;
    list_add(b->waiting.count < BATCH_WAITING_MAX ? &b->waiting : &b->refused, command);
    b->port->wake(b->owner, 0);
}

/* --- gathering ------------------------------------------------------------------------------ */

/* A new batch while it is gathered. */
struct gathering {
    int count;
    int skipped;
    size_t bytes;
    int64_t first_ms;
};

/* Whether the batch must end before this command, whatever it touches. */
static bool closes(const struct batcher *b, const struct gathering *g, const struct command *c,
                   int64_t now_ms)
{
    if (g->count == 0)
        return false;
    if (g->count == BATCH_COMMANDS_MAX || g->bytes + c->text.size > BATCH_BYTES_MAX)
        return true;
    /* What falls due is applied at the beginning of a batch only: a later time begins the next. */
    return now_ms >= b->next_due_ms && now_ms != g->first_ms;
}

static void gather_one(struct batcher *b, struct gathering *g, struct command *c, int64_t now_ms)
{
    if (g->count == 0)
        g->first_ms = now_ms;
    c->now_ms = b->now_ms = now_ms;
    b->batch[g->count++] = c;
    g->bytes += c->text.size;
}

/* Fills the batch from the queue, in order. A command that clashes with an earlier one waits, and
 * so does everything that clashes with it. */
static int gather(struct batcher *b)
{
    struct gathering g = {0};
    struct command **at = &b->waiting.first;

    touches_clear(&b->touches);
    while (*at && g.skipped < SKIPPED_MAX) {
        struct command *c = *at;
        int64_t now_ms = c->now_ms > b->now_ms ? c->now_ms : b->now_ms;

        if (closes(b, &g, c, now_ms) ||
            (g.count && !touches_have_room(&b->touches, c->touch_count)))
            break;
        bool is_free = touches_add(&b->touches, c->touches, c->touch_count);
        if (is_free || g.count == 0) { /* the first one always goes */
            gather_one(b, &g, list_take(&b->waiting, at), now_ms);
        } else {
            g.skipped++;
            at = &c->next;
        }
    }
    return g.count;
}

/* --- sending -------------------------------------------------------------------------------- */

static void write_segment(struct batcher *b, struct segment segment)
{
    b->text.size = 0;
    for (int i = 0; i < segment.count; i++) {
        const struct command *c = b->batch[segment.from + i];
        buffer_print(&b->text, "%s{\"now\":%lld,", i ? "," : "[", (long long)c->now_ms);
        buffer_add(&b->text, c->text);
    }
    buffer_add(&b->text, SPAN("]"));
}

static void end_segment(struct batcher *b)
{
    b->depth--;
    b->tries = 0;
    b->retry_at_ms = 0;
}

/* All commands of the batch that are not yet answered get this fault. */
static void fail_batch(struct batcher *b, enum fault fault)
{
    while (b->depth) {
        struct segment segment = b->segments[b->depth - 1];
        end_segment(b);
        for (int i = 0; i < segment.count; i++)
            answer_fault(b->batch[segment.from + i], fault);
    }
}

static void send_segment(struct batcher *b)
{
    struct segment segment = b->segments[b->depth - 1];

    write_segment(b, segment);
    b->is_sent = b->port->send(b->owner, buffer_span(&b->text), segment.count);
    if (!b->is_sent)
        fail_batch(b, FAULT_DB_LOST);
}

static bool tick_is_due(const struct batcher *b)
{
    return !b->is_draining && b->next_due_ms != INT64_MAX &&
           b->port->ledger_ms(b->owner) >= b->next_due_ms &&
           steady_ms(b) - b->ticked_ms >= BATCH_TICK_MS;
}

static void send_tick(struct batcher *b)
{
    int64_t now_ms = b->port->ledger_ms(b->owner);

    b->now_ms = now_ms > b->now_ms ? now_ms : b->now_ms;
    b->ticked_ms = steady_ms(b);
    b->text.size = 0;
    buffer_print(&b->text, "[{\"now\":%lld,\"verb\":\"tick\"}]", (long long)b->now_ms);
    b->is_sent = b->is_tick = b->port->send(b->owner, buffer_span(&b->text), 1);
}

static void send_next(struct batcher *b)
{
    if (b->depth == 0) {
        int count = gather(b);
        if (count)
            b->segments[b->depth++] = (struct segment){.from = 0, .count = count};
    }
    if (b->depth)
        send_segment(b);
    else if (tick_is_due(b))
        send_tick(b);
}

/* --- purging -------------------------------------------------------------------------------- */

static void on_purged(struct command *command, const struct answer *answer)
{
    (void)answer; /* what is left is taken by the next one */
    container_of(command, struct batcher, purge)->is_purging = false;
}

/* Not before the ledger's time is known by a command or a tick: see know_gate() in refresh.c. */
static bool purge_is_due(const struct batcher *b)
{
    return b->now_ms && !b->is_purging && !b->is_draining &&
           steady_ms(b) - b->purged_ms >= BATCH_PURGE_MS;
}

/* Stored answers and ended revocations go by a tick that rides in a batch like any command, for a
 * ledger may be busy for days on end. */
static void purge(struct batcher *b)
{
    b->is_purging = true;
    b->purged_ms = steady_ms(b);
    b->purge = (struct command){
        .ledger = b->ledger,
        .now_ms = b->port->ledger_ms(b->owner),
        .text = SPAN("\"verb\":\"tick\"}"),
        .queued_ms = steady_ms(b),
        .done = on_purged,
    };
    list_add(&b->waiting, &b->purge);
}

/* --- waiting -------------------------------------------------------------------------------- */

/* Whoever stops does not wait for a database to come back. */
static void expire(struct batcher *b)
{
    bool is_ready = b->port->is_ready(b->owner);
    int64_t before_ms = b->is_draining && !is_ready ? INT64_MAX : steady_ms(b) - BATCH_WAIT_MS;
    struct command_list late;

    list_init(&late);
    while (b->waiting.first && b->waiting.first->queued_ms <= before_ms)
        list_add(&late, list_take(&b->waiting, &b->waiting.first));
    list_refuse(&late, is_ready ? FAULT_OVERLOADED : FAULT_DB_LOST);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void plan_wake(const struct batcher *b)
{
    int64_t now = steady_ms(b);
    int64_t at = INT64_MAX;

    if (b->waiting.first)
        at = earlier(at, b->waiting.first->queued_ms + BATCH_WAIT_MS);
    if (b->refused.first)
        at = now;
    if (b->now_ms && !b->is_purging && !b->is_draining)
        at = earlier(at, b->purged_ms + BATCH_PURGE_MS);
    if (!b->is_sent && b->depth)
        at = earlier(at, b->retry_at_ms);
    if (!b->is_sent && !b->is_draining && b->next_due_ms != INT64_MAX &&
        b->port->is_ready(b->owner)) {
        int64_t left_ms = b->next_due_ms - b->port->ledger_ms(b->owner);
        /* A ledger whose time is driven is looked at every second: its clock runs as it likes. */
        left_ms = left_ms > BATCH_TICK_MS ? BATCH_TICK_MS : left_ms;
        int64_t allowed = b->ticked_ms + BATCH_TICK_MS;
        at = earlier(at, now + left_ms > allowed ? now + left_ms : allowed);
    }
    b->port->wake(b->owner, at == INT64_MAX ? -1 : at > now ? at - now : 0);
}

void batcher_run(struct batcher *b)
{
    list_refuse(&b->refused, FAULT_OVERLOADED);
    if (!b->is_sent && b->depth && !b->port->is_ready(b->owner))
        fail_batch(b, FAULT_DB_LOST);
    if (b->depth == 0)
        list_prepend(&b->waiting, &b->again);
    expire(b);
    if (purge_is_due(b))
        purge(b);
    if (!b->is_sent && b->port->is_ready(b->owner) && steady_ms(b) >= b->retry_at_ms)
        send_next(b);
    plan_wake(b);
}

void batcher_expect(struct batcher *b, int64_t next_due_ms)
{
    b->next_due_ms = next_due_ms;
    b->port->wake(b->owner, 0);
}

void batcher_drain(struct batcher *b)
{
    b->is_draining = true;
    b->port->wake(b->owner, 0);
}

/* --- answers -------------------------------------------------------------------------------- */

static void put_off(struct batcher *b, struct command *command)
{
    if (++command->again_count > BATCH_AGAIN_MAX)
        answer_fault(command, FAULT_RETRY);
    else
        list_add(&b->again, command);
}

static void answer_row(struct command *command, const struct batch_row *row)
{
    command->done(command, &(struct answer){
                               .fault = row->is_present ? fault_of_code(row->code) : FAULT_INTERNAL,
                               .status = row->status,
                               .etag = row->etag,
                               .body = row->body,
                               .is_replayed = row->is_replayed,
                           });
}

/* The next batch leaves before this one is answered: PostgreSQL works while replies are written. */
static void segment_applied(struct batcher *b, const struct batch_result *result)
{
    struct segment segment = b->segments[b->depth - 1];
    struct command *answered[BATCH_COMMANDS_MAX];

    end_segment(b);
    for (int i = 0; i < segment.count; i++) {
        answered[i] = b->batch[segment.from + i];
        if (!result->rows[i].is_present || !span_is(result->rows[i].code, "again"))
            continue;
        put_off(b, answered[i]);
        answered[i] = NULL;
    }
    batcher_run(b);
    for (int i = 0; i < segment.count; i++)
        if (answered[i])
            answer_row(answered[i], &result->rows[i]);
}

/* Two processes on one ledger, or a lock that took too long: the same call once more. */
static void segment_lost_race(struct batcher *b)
{
    if (++b->tries >= BATCH_TRIES_MAX) {
        fail_batch(b, FAULT_RETRY);
        return;
    }
    double spread = 0.5 + b->port->random(b->owner);
    b->retry_at_ms = steady_ms(b) + (int64_t)((double)(RETRY_MS << b->tries) * spread);
}

/* Something no command should be able to cause: halve until the guilty one is alone. */
static void segment_poisoned(struct batcher *b, const char *sqlstate)
{
    struct segment segment = b->segments[b->depth - 1];
    int half = segment.count / 2;

    end_segment(b);
    if (segment.count == 1) {
        struct command *guilty = b->batch[segment.from];
        const struct route *route = guilty->request ? guilty->request->route : NULL;
        log_write(LOG_ERROR, "a command failed in the database", "sqlstate", sqlstate, "verb",
                  route ? route->verb : "", NULL);
        answer_fault(guilty, FAULT_INTERNAL);
        return;
    }
    CHECK(b->depth + 2 <= SEGMENTS_MAX);
    b->segments[b->depth++] = (struct segment){segment.from + half, segment.count - half};
    b->segments[b->depth++] = (struct segment){segment.from, half};
}

static void tick_answered(struct batcher *b, const struct batch_result *result)
{
    b->is_tick = false;
    if (result->fault == FAULT_INTERNAL)
        log_write(LOG_ERROR, "a tick failed in the database", "sqlstate", result->sqlstate, NULL);
}

void batcher_answered(struct batcher *b, const struct batch_result *result)
{
    CHECK(b->is_sent);
    b->is_sent = false;
    if (result->fault == OK) {
        b->next_due_ms = result->next_due_ms;
        if (result->seq)
            b->port->committed(b->owner, result->seq);
    }
    if (b->is_tick)
        tick_answered(b, result);
    else if (result->fault == OK)
        segment_applied(b, result);
    else if (result->fault == FAULT_RETRY)
        segment_lost_race(b);
    else if (result->fault == FAULT_INTERNAL)
        segment_poisoned(b, result->sqlstate);
    else
        fail_batch(b, result->fault);
    b->port->wake(b->owner, b->retry_at_ms ? b->retry_at_ms - steady_ms(b) : 0);
}

int batcher_waiting(const struct batcher *b)
{
    return b->waiting.count + b->again.count + b->refused.count;
}

int batcher_flying(const struct batcher *b)
{
    int count = 0;

    for (int i = 0; i < b->depth; i++)
        count += b->segments[i].count;
    return count + b->is_tick;
}

int64_t batcher_oldest_ms(const struct batcher *b)
{
    return b->waiting.first ? steady_ms(b) - b->waiting.first->queued_ms : 0;
}
