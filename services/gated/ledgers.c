/* SPDX-License-Identifier: MIT */
#include "services/gated/ledgers.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/db/conn.h"
#include "common/db/row.h"
#include "services/gated/batch.h"
#include "services/gated/fan_out.h"
#include "services/gated/histogram.h"
#include "services/gated/server.h"

/* The plans of a batch are made for index look-ups, whatever the tables' size when first planned.
 */
static const char SETTINGS[] =
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
    "-c plan_cache_mode=force_generic_plan -c jit=off";

static const char APPLY[] = "select ord, code, status, etag, body, replayed, next_due, seq "
                            "from api.apply($1::smallint, $2::jsonb)";

enum {
    COLUMN_ORD,
    COLUMN_CODE,
    COLUMN_STATUS,
    COLUMN_ETAG,
    COLUMN_BODY,
    COLUMN_REPLAYED,
    COLUMN_NEXT_DUE,
    COLUMN_SEQ
};
enum { CONNECT_TIMEOUT_MS = 5000, HANDLES = 2 };

struct line {
    struct server *server;
    int ledger;
    char number[4];
    struct batcher *batcher;
    struct db_conn *conn;
    struct query query;
    int64_t sent_us;
    int sent_count;
    uv_prepare_t soon; /* runs before the loop sleeps */
    uv_timer_t later;
    int open_handles;
    struct histogram sizes;
    struct histogram latencies;
    uint64_t failures; /* calls that were not answered with rows */
};

struct ledgers {
    struct server *server;
    struct line *lines[LEDGER_COUNT]; /* NULL: not opened yet */
};

/* --- the world of a batcher ------------------------------------------------------------------ */

static void run_soon(uv_prepare_t *handle)
{
    struct line *line = container_of(handle, struct line, soon);

    uv_prepare_stop(handle);
    batcher_run(line->batcher);
}

static void run_later(uv_timer_t *handle)
{
    batcher_run(container_of(handle, struct line, later)->batcher);
}

static void wake(void *owner, int64_t delay_ms)
{
    struct line *line = owner;

    uv_timer_stop(&line->later);
    if (delay_ms == 0)
        uv_prepare_start(&line->soon, run_soon);
    else if (delay_ms > 0)
        uv_timer_start(&line->later, run_later, (uint64_t)delay_ms, 0);
}

static bool is_ready(void *owner)
{
    struct line *line = owner;

    return line->conn && db_conn_is_ready(line->conn);
}

static void read_row(struct batch_result *batch, const PGresult *result, int i)
{
    int64_t ord = row_number(result, i, COLUMN_ORD);

    if (ord < 0 || ord >= BATCH_COMMANDS_MAX)
        return;
    batch->rows[ord] = (struct batch_row){
        .is_present = true,
        .code = row_text(result, i, COLUMN_CODE),
        .status = (int)row_number(result, i, COLUMN_STATUS),
        .etag = row_text(result, i, COLUMN_ETAG),
        .body = row_text(result, i, COLUMN_BODY),
        .is_replayed = row_flag(result, i, COLUMN_REPLAYED),
    };
    if (!row_is_null(result, i, COLUMN_NEXT_DUE))
        batch->next_due_ms = row_number(result, i, COLUMN_NEXT_DUE);
    if (!row_is_null(result, i, COLUMN_SEQ))
        batch->seq = row_number(result, i, COLUMN_SEQ);
}

static void on_applied(struct query *query, enum fault fault, const PGresult *result)
{
    struct line *line = container_of(query, struct line, query);
    struct batch_result batch = {
        .fault = fault,
        .sqlstate = fault && result ? db_sqlstate(result) : "",
        .next_due_ms = INT64_MAX,
    };

    histogram_add(&line->latencies, &HISTOGRAM_LATENCY, clock_steady_us() - line->sent_us);
    line->failures += fault != OK;
    for (int i = 0; !fault && i < PQntuples(result); i++)
        read_row(&batch, result, i);
    batcher_answered(line->batcher, &batch);
}

static bool send_batch(void *owner, struct span text, int count)
{
    struct line *line = owner;

    line->query = (struct query){
        .statement = APPLY,
        .parameter_count = 2,
        .parameters = {line->number, text.at},
        .done = on_applied,
    };
    line->sent_us = clock_steady_us();
    histogram_add(&line->sizes, &HISTOGRAM_SIZE, count);
    return db_conn_send(line->conn, &line->query);
}

static void committed(void *owner, int64_t seq)
{
    struct line *line = owner;

    fan_out_committed(line->server->fan_out, line->ledger, seq);
}

static int64_t steady_ms(void *owner)
{
    (void)owner;
    return clock_steady_ms();
}

static int64_t ledger_ms(void *owner)
{
    struct line *line = owner;

    return gate_clock_now(&line->server->clocks[line->ledger], clock_wall_ms());
}

static double random_part(void *owner)
{
    (void)owner;
    return (double)randombytes_random() / 4294967296.0;
}

static const struct batch_port PORT = {
    .is_ready = is_ready,
    .send = send_batch,
    .wake = wake,
    .committed = committed,
    .steady_ms = steady_ms,
    .ledger_ms = ledger_ms,
    .random = random_part,
};

/* --- lines ----------------------------------------------------------------------------------- */

static void on_state(void *owner, bool is_up, const char *why)
{
    struct line *line = owner;

    if (!is_up)
        log_write(LOG_WARN, "a ledger's connection is down", "ledger", line->number, "why",
                  why ? why : "", NULL);
    wake(line, 0);
}

static struct line *line_open(struct server *server, int ledger)
{
    struct line *line = calloc(1, sizeof *line);
    struct db_conn_options options = {
        .url = server->config->database_url,
        .application = "gated write",
        .settings = SETTINGS,
        .statement_timeout_ms = server->config->statement_timeout_ms,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .depth = 1,
        .on_state = on_state,
        .owner = line,
    };

    CHECK(line);
    line->server = server;
    line->ledger = ledger;
    snprintf(line->number, sizeof line->number, "%d", ledger);
    uv_prepare_init(server->loop, &line->soon);
    uv_timer_init(server->loop, &line->later);
    line->open_handles = HANDLES;
    line->batcher = batcher_new(ledger, &PORT, line);
    line->conn = db_conn_open(server->loop, &options);
    return line;
}

static void line_closed(struct line *line)
{
    if (--line->open_handles == 0)
        free(line);
}

static void on_soon_closed(uv_handle_t *handle)
{
    line_closed(container_of((uv_prepare_t *)(void *)handle, struct line, soon));
}

static void on_later_closed(uv_handle_t *handle)
{
    line_closed(container_of((uv_timer_t *)(void *)handle, struct line, later));
}

static void line_close(struct line *line)
{
    batcher_free(line->batcher);
    db_conn_close(line->conn);
    uv_close((uv_handle_t *)&line->soon, on_soon_closed);
    uv_close((uv_handle_t *)&line->later, on_later_closed);
}

static struct line *line_of(struct ledgers *ledgers, int ledger)
{
    CHECK(ledger >= 0 && ledger < LEDGER_COUNT);
    if (!ledgers->lines[ledger])
        ledgers->lines[ledger] = line_open(ledgers->server, ledger);
    return ledgers->lines[ledger];
}

/* --- all of them ----------------------------------------------------------------------------- */

struct ledgers *ledgers_open(struct server *server)
{
    struct ledgers *ledgers = calloc(1, sizeof *ledgers);

    CHECK(ledgers);
    ledgers->server = server;
    return ledgers;
}

void ledgers_close(struct ledgers *ledgers)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (ledgers->lines[i])
            line_close(ledgers->lines[i]);
    free(ledgers);
}

void ledgers_submit(struct ledgers *ledgers, struct command *command)
{
    batcher_submit(line_of(ledgers, command->ledger)->batcher, command);
}

void ledgers_know(struct ledgers *ledgers, int ledger, bool with_ticks)
{
    bool is_new = !ledgers->lines[ledger];
    struct line *line = line_of(ledgers, ledger);

    if (is_new && with_ticks)
        batcher_expect(line->batcher, 0);
}

bool ledgers_are_ready(const struct ledgers *ledgers)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (ledgers->lines[i] && !db_conn_is_ready(ledgers->lines[i]->conn))
            return false;
    return true;
}

void ledgers_drain(struct ledgers *ledgers)
{
    for (int i = 0; i < LEDGER_COUNT; i++)
        if (ledgers->lines[i])
            batcher_drain(ledgers->lines[i]->batcher);
}

int ledgers_load(const struct ledgers *ledgers)
{
    int load = 0;

    for (int i = 0; i < LEDGER_COUNT; i++)
        if (ledgers->lines[i])
            load += batcher_waiting(ledgers->lines[i]->batcher) +
                    batcher_flying(ledgers->lines[i]->batcher);
    return load;
}

/* One figure of one ledger. */
typedef void print_figure(const struct line *line, const char *name, const char *label,
                          struct buffer *out);

static void print_waiting(const struct line *line, const char *name, const char *label,
                          struct buffer *out)
{
    buffer_print(out, "%s{%s} %d\n", name, label, batcher_waiting(line->batcher));
}

static void print_flying(const struct line *line, const char *name, const char *label,
                         struct buffer *out)
{
    buffer_print(out, "%s{%s} %d\n", name, label, batcher_flying(line->batcher));
}

static void print_oldest(const struct line *line, const char *name, const char *label,
                         struct buffer *out)
{
    buffer_print(out, "%s{%s} %g\n", name, label,
                 (double)batcher_oldest_ms(line->batcher) / 1000.0);
}

static void print_failures(const struct line *line, const char *name, const char *label,
                           struct buffer *out)
{
    buffer_print(out, "%s{%s} %llu\n", name, label, (unsigned long long)line->failures);
}

static void print_sizes(const struct line *line, const char *name, const char *label,
                        struct buffer *out)
{
    histogram_print(&line->sizes, &HISTOGRAM_SIZE, name, label, out);
}

static void print_latencies(const struct line *line, const char *name, const char *label,
                            struct buffer *out)
{
    histogram_print(&line->latencies, &HISTOGRAM_LATENCY, name, label, out);
}

/* The format wants all lines of a figure in one group. */
void ledgers_print(const struct ledgers *ledgers, struct buffer *out)
{
    static const struct {
        const char *name, *type;
        print_figure *print;
    } FIGURES[] = {
        {"gate_commands_waiting", "gauge", print_waiting},
        {"gate_commands_in_flight", "gauge", print_flying},
        {"gate_oldest_command_seconds", "gauge", print_oldest},
        {"gate_batch_failures_total", "counter", print_failures},
        {"gate_batch_commands", "histogram", print_sizes},
        {"gate_batch_seconds", "histogram", print_latencies},
    };
    char label[24];

    for (size_t f = 0; f < COUNT_OF(FIGURES); f++) {
        buffer_print(out, "# TYPE %s %s\n", FIGURES[f].name, FIGURES[f].type);
        for (int i = 0; i < LEDGER_COUNT; i++) {
            if (!ledgers->lines[i])
                continue;
            snprintf(label, sizeof label, "ledger=\"%d\"", i);
            FIGURES[f].print(ledgers->lines[i], FIGURES[f].name, label, out);
        }
    }
}
