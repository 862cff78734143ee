/* SPDX-License-Identifier: MIT */
#include "services/gated/board_stream.h"

#include <stdlib.h>
#include <utlist.h>

#include "common/base/clock.h"
#include "common/json/write.h"
#include "services/gated/ask.h"
#include "services/gated/cursor.h"
#include "services/gated/feed.h"
#include "services/gated/gate_index.h"
#include "services/gated/http.h"
#include "services/gated/metrics.h"
#include "services/gated/reply.h"
#include "services/gated/server.h"
#include "services/gated/snapshot.h"
#include "services/gated/watch.h"

enum {
    QUEUE_MAX = 128 * 1024,
    COUNTS_MS = 2000,  /* between two of them, at least */
    TIMES_MS = 15000,  /* waits and hours move on although nothing happened */
    MISSED_MAX = 1000, /* events told to who comes back; more: the board anew */
};

/* The board of one gate, while somebody watches it. */
struct board {
    struct boards *boards;
    int ledger;
    struct watch_set live;
    struct arrival *arrivals; /* wait for the next copy */
    int users;                /* watchers and arrivals */
    struct snapshot *shown;   /* what the live ones have; NULL: nobody is live */
    struct snapshot_waiter refresh;
    bool is_refreshing;
};

/* A request on its way to becoming a watcher. */
struct arrival {
    struct request *request;
    int64_t seen; /* Last-Event-ID; -1: none */
    struct arrival *next;
};

struct watcher {
    struct watch watch;
    struct board *board;
};

struct boards {
    struct server *server;
    struct feed_listener listener;
    struct watch_tally tally;
    struct board boards[LEDGER_COUNT];
};

/* --- texts ----------------------------------------------------------------------------------- */

static void write_list(const struct board *board, struct buffer *out)
{
    buffer_print(out, "board:%s", gate_index_code(board->boards->server->gates, board->ledger));
}

static void write_id(const struct board *board, int64_t seq, struct buffer *out)
{
    struct buffer list = {0};
    struct cursor cursor;

    write_list(board, &list);
    cursor_clear(&cursor);
    cursor.seqs[board->ledger] = seq;
    cursor_write(&cursor, buffer_span(&list), out);
    buffer_free(&list);
}

static void write_event(const struct board *board, struct span name, int64_t seq, struct span data,
                        struct buffer *out)
{
    struct buffer id = {0};

    write_id(board, seq, &id);
    sse_write(out, name, buffer_span(&id), data);
    buffer_free(&id);
}

static int64_t position_of(const struct board *board)
{
    return feed_position(board->boards->server->feed, board->ledger);
}

/* The events that boards are told of, behind one seq, as far as the feed has come. */
static void write_missed(const struct board *board, int64_t seen, struct buffer *out)
{
    const struct feed *feed = board->boards->server->feed;

    for (int64_t seq = seen + 1; seq <= position_of(board); seq++) {
        const struct feed_event *event = feed_find(feed, board->ledger, seq);
        if (event && event->board.size)
            write_event(board, event->board_name, seq, event->board, out);
    }
}

static void copy_member(struct buffer *out, const char *name, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    CHECK(text);
    write_raw(out, name, span_of(text));
    free(text);
}

/* The members of now that before has not, or has differently; all without a before. False when
 * only the time went on. */
static bool write_changed(json_t *before, json_t *now, struct buffer *out)
{
    const char *name;
    json_t *value;
    int count = 0;

    write_object(out, NULL);
    json_object_foreach (now, name, value) {
        if (json_equal(json_object_get(before, name), value))
            continue;
        count += strcmp(name, "at") && strcmp(name, "version");
        copy_member(out, name, value);
    }
    write_object_end(out);
    return count > 0;
}

/* --- watchers -------------------------------------------------------------------------------- */

static void board_leave(struct board *board)
{
    if (--board->users)
        return;
    feed_unfollow(board->boards->server->feed, board->ledger);
    snapshot_release(board->shown);
    board->shown = NULL;
}

static void on_gone(struct watch *watch)
{
    struct watcher *watcher = container_of(watch, struct watcher, watch);

    board_leave(watcher->board);
    free(watcher);
}

static bool can_resume(const struct board *board, int64_t seen)
{
    int64_t position = position_of(board);

    if (seen < 0 || seen > position || position - seen > MISSED_MAX)
        return false;
    return seen == position ||
           feed_find(board->boards->server->feed, board->ledger, seen + 1) != NULL;
}

/* What a new watcher must know to be where the live ones are. */
static void write_state(const struct board *board, int64_t seen, struct buffer *out)
{
    const struct snapshot *shown = board->shown;
    int64_t position = position_of(board);
    struct buffer members = {0};

    if (can_resume(board, seen)) {
        write_missed(board, seen, out);
        write_changed(NULL, shown->tree, &members);
        write_event(board, SPAN("counts"), position, buffer_span(&members), out);
        buffer_free(&members);
        return;
    }
    write_event(board, SPAN("board"), shown->version < position ? shown->version : position,
                shown->text, out);
    write_missed(board, shown->version, out);
}

static void begin(struct board *board, struct request *r, int64_t seen)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    struct buffer text = {0};

    CHECK(watcher);
    watcher->watch.on_gone = on_gone;
    watcher->board = board;
    if (!watch_start(&watcher->watch, r, &board->boards->tally, QUEUE_MAX, (struct span){0})) {
        on_gone(&watcher->watch);
        return;
    }
    write_state(board, seen, &text);
    if (watch_send_text(&watcher->watch, &text))
        watch_move(&watcher->watch, &board->live);
}

/* --- refreshing ------------------------------------------------------------------------------ */

static void send_changes(struct board *board, struct snapshot *copy)
{
    struct buffer members = {0}, text = {0};

    if (board->live.count && write_changed(board->shown->tree, copy->tree, &members)) {
        write_event(board, SPAN("counts"), position_of(board), buffer_span(&members), &text);
        struct http_block *block = http_block_new(buffer_span(&text));
        watch_set_send(&board->live, block);
        http_block_release(block);
    }
    buffer_free(&members);
    buffer_free(&text);
}

static void refuse_arrivals(struct board *board, enum fault fault)
{
    while (board->arrivals) {
        struct arrival *first = board->arrivals;
        board->arrivals = first->next;
        reply_fault(first->request, fault);
        request_end(first->request);
        board_leave(board);
    }
}

static void begin_arrivals(struct board *board)
{
    while (board->arrivals) {
        struct arrival *first = board->arrivals;
        board->arrivals = first->next;
        begin(board, first->request, first->seen);
    }
}

static void on_copy(struct snapshot_waiter *waiter, enum fault fault, struct snapshot *copy)
{
    struct board *board = container_of(waiter, struct board, refresh);

    board->is_refreshing = false;
    if (fault) {
        refuse_arrivals(board, fault);
        return;
    }
    if (!board->users)
        return;
    send_changes(board, copy);
    snapshot_release(board->shown);
    board->shown = snapshot_hold(copy);
    begin_arrivals(board);
}

static void refresh(struct board *board)
{
    struct server *server = board->boards->server;

    if (board->is_refreshing)
        return;
    board->is_refreshing = true;
    board->refresh = (struct snapshot_waiter){
        .done = on_copy,
        .now_ms = gate_clock_now(&server->clocks[board->ledger], clock_wall_ms()),
    };
    snapshot_ask(server->snapshots, SNAPSHOT_BOARD, board->ledger, &board->refresh);
}

static void refresh_when_due(struct board *board)
{
    const struct server *server = board->boards->server;

    if (!board->live.count || !board->shown)
        return;
    int64_t age_ms = clock_steady_ms() - board->shown->taken_ms;
    bool is_grown = feed_head(server->feed, board->ledger) > board->shown->version;
    if (age_ms >= (is_grown ? COUNTS_MS : TIMES_MS))
        refresh(board);
}

/* --- what the feed says ---------------------------------------------------------------------- */

static struct boards *boards_of(struct feed_listener *listener)
{
    return container_of(listener, struct boards, listener);
}

static void on_event(struct feed_listener *listener, int ledger, const struct feed_event *event)
{
    struct board *board = &boards_of(listener)->boards[ledger];
    struct buffer text = {0};

    if (!board->live.count || !event->board.size)
        return;
    write_event(board, event->board_name, event->seq, event->board, &text);
    struct http_block *block = http_block_new(buffer_span(&text));
    watch_set_send(&board->live, block);
    http_block_release(block);
    buffer_free(&text);
}

static void on_growth(struct feed_listener *listener, int ledger)
{
    refresh_when_due(&boards_of(listener)->boards[ledger]);
}

static void on_second(struct feed_listener *listener, int64_t second)
{
    struct boards *boards = boards_of(listener);

    for (int i = 0; i < LEDGER_COUNT; i++) {
        watch_set_beat(&boards->boards[i].live, second, (struct span){0});
        refresh_when_due(&boards->boards[i]);
    }
}

/* --- asking ---------------------------------------------------------------------------------- */

/* -1 when none is given. A board begins anew with anything that is no cursor of its own. */
static int64_t seen_of(const struct board *board, const struct request *r)
{
    const char *last = http_header(r->exchange, "Last-Event-ID");
    struct span given = span_of(last && *last ? last : http_query(r->exchange, "after"));
    struct buffer list = {0};
    struct cursor cursor;

    write_list(board, &list);
    bool is_good = given.at && cursor_read(given, buffer_span(&list), &cursor);
    buffer_free(&list);
    return is_good ? cursor.seqs[board->ledger] : -1;
}

static void arrive(struct board *board, struct request *r, int64_t seen)
{
    struct arrival *arrival = arena_alloc(r->arena, sizeof *arrival);

    *arrival = (struct arrival){.request = r, .seen = seen};
    LL_PREPEND(board->arrivals, arrival);
    refresh(board);
}

/* What the live ones have will do for another one while it is not older than theirs may be. */
static bool is_current(const struct board *board)
{
    if (!board->shown)
        return false;
    int64_t age_ms = clock_steady_ms() - board->shown->taken_ms;
    bool is_grown = feed_head(board->boards->server->feed, board->ledger) > board->shown->version;
    return age_ms < (is_grown ? COUNTS_MS : TIMES_MS);
}

enum fault board_stream_ask(struct request *r)
{
    static const struct filter FILTERS[] = {{"after", FILTER_NONE}};
    struct buffer ignored = {0};
    int ledger;

    TRY(ask_gate(r, &ledger));
    TRY(ask_filters(r, FILTERS, COUNT_OF(FILTERS), &ignored));
    if (!feed_is_ready(r->server->feed))
        return FAULT_DB_LOST;
    struct board *board = &r->server->boards->boards[ledger];
    int64_t seen = seen_of(board, r);
    if (board->users++ == 0)
        feed_follow(r->server->feed, ledger);
    if (is_current(board))
        begin(board, r, seen);
    else
        arrive(board, r, seen);
    return OK;
}

/* --- all of them ----------------------------------------------------------------------------- */

static int64_t count_open(void *owner)
{
    return ((struct boards *)owner)->tally.open;
}

static int64_t count_dropped(void *owner)
{
    return ((struct boards *)owner)->tally.dropped;
}

struct boards *boards_open(struct server *server)
{
    struct boards *boards = calloc(1, sizeof *boards);

    CHECK(boards);
    boards->server = server;
    for (int i = 0; i < LEDGER_COUNT; i++) {
        boards->boards[i].boards = boards;
        boards->boards[i].ledger = i;
    }
    boards->listener = (struct feed_listener){
        .on_event = on_event,
        .on_growth = on_growth,
        .on_second = on_second,
    };
    feed_listen(server->feed, &boards->listener);
    metrics_gauge(server->metrics, "gate_board_clients", count_open, boards);
    metrics_gauge(server->metrics, "gate_board_dropped", count_dropped, boards);
    return boards;
}

void boards_stop(struct boards *boards)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        watch_set_end(&boards->boards[i].live);
}

void boards_free(struct boards *boards)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        snapshot_release(boards->boards[i].shown);
    free(boards);
}
