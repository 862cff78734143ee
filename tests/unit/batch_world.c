/* SPDX-License-Identifier: MIT */
#include "tests/unit/batch_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/base/log.h"

enum { COMMANDS_MAX = 5000 };

static bool is_ready(void *owner)
{
    return ((struct batch_world *)owner)->is_ready;
}

static bool send_batch(void *owner, struct span text, int count)
{
    struct batch_world *w = owner;

    if (w->refuses)
        return false;
    w->sent.size = 0;
    buffer_add(&w->sent, text);
    w->sent_count = count;
    w->calls++;
    return true;
}

static void wake(void *owner, int64_t delay_ms)
{
    ((struct batch_world *)owner)->wake_ms = delay_ms;
}

static void committed(void *owner, int64_t seq)
{
    ((struct batch_world *)owner)->seq = seq;
}

static int64_t steady_ms(void *owner)
{
    return ((struct batch_world *)owner)->now_ms;
}

static int64_t ledger_ms(void *owner)
{
    return ((struct batch_world *)owner)->ledger_ms;
}

static double half(void *owner)
{
    (void)owner;
    return 0.5;
}

static const struct batch_port PORT = {is_ready,  send_batch, wake, committed,
                                       steady_ms, ledger_ms,  half};

int batch_world_open(void **state)
{
    struct batch_world *w = calloc(1, sizeof *w);

    log_set_level(LOG_ERROR + 1);
    w->is_ready = true;
    w->now_ms = 1000000;
    w->ledger_ms = 1;
    w->deeds = calloc(COMMANDS_MAX, sizeof *w->deeds);
    w->batcher = batcher_new(1, &PORT, w);
    *state = w;
    return 0;
}

int batch_world_close(void **state)
{
    struct batch_world *w = *state;

    batcher_free(w->batcher);
    buffer_free(&w->sent);
    free(w->deeds);
    free(w);
    return 0;
}

static void on_done(struct command *command, const struct answer *answer)
{
    struct deed *deed = container_of(command, struct deed, command);

    deed->answers++;
    deed->calls = deed->world->calls;
    deed->fault = answer->fault;
}

struct deed *world_submit(struct batch_world *w, int i, uint64_t t, int64_t at_ms)
{
    struct deed *deed = &w->deeds[i];

    snprintf(deed->text, sizeof deed->text, "\"n\":%d}", i);
    deed->world = w;
    deed->touches[0] = t;
    deed->command = (struct command){
        .ledger = 1,
        .now_ms = at_ms,
        .text = span_of(deed->text),
        .touches = deed->touches,
        .touch_count = t ? 1 : 0,
        .done = on_done,
    };
    batcher_submit(w->batcher, &deed->command);
    return deed;
}

void world_answer_with(struct batch_world *w, enum fault fault, const char *sqlstate)
{
    struct batch_result result = {.fault = fault, .sqlstate = sqlstate, .next_due_ms = INT64_MAX};

    batcher_answered(w->batcher, &result);
}

void world_answer_ok(struct batch_world *w, int64_t next_due_ms, const char *const *codes)
{
    struct batch_result result = {.sqlstate = "", .next_due_ms = next_due_ms, .seq = 7};

    for (int i = 0; i < w->sent_count; i++) {
        const char *code = codes && codes[i] ? codes[i] : "ok";
        result.rows[i] =
            (struct batch_row){.is_present = true, .code = span_of(code), .status = 200};
    }
    batcher_answered(w->batcher, &result);
}

void assert_sent(const struct batch_world *w, const char *text)
{
    assert_string_equal(w->sent.at, text);
}
