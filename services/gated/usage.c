/* SPDX-License-Identifier: MIT */
#include "services/gated/usage.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "services/gated/key_table.h"
#include "services/gated/reads.h"
#include "services/gated/server.h"
#include "services/gated/session_table.h"

/* Others may bring what they saw half a minute later. */
enum { USAGE_MS = 10000, LATE_MS = 30000 };

/* One report on its way. */
struct report {
    struct own_read read;
    struct usage *usage;
    struct buffer text;
    bool is_under_way;
};

struct usage {
    struct server *server;
    struct report keys;
    struct report sessions;
    int64_t reported_ms; /* steady */
    int64_t heard_ms;    /* wall: what others brought until then is known */
    int64_t asked_ms;
};

static void on_keys(struct own_read *read, const struct answer *answer)
{
    (void)answer;
    container_of(read, struct report, read)->is_under_way = false;
}

static void on_sessions(struct own_read *read, const struct answer *answer)
{
    struct report *report = container_of(read, struct report, read);
    struct usage *usage = report->usage;

    report->is_under_way = false;
    if (answer->fault)
        return;
    usage->heard_ms = usage->asked_ms;
    session_table_note_usage(usage->server->sessions, answer->body);
}

static void report_send(struct report *report, const char *name,
                        void (*done)(struct own_read *read, const struct answer *answer))
{
    report->is_under_way = true;
    report->read.done = done;
    reads_ask(report->usage->server->reads, &report->read, name, report->text.at);
}

static void report_keys(struct usage *usage)
{
    struct report *report = &usage->keys;

    if (report->is_under_way || !usage->server->keys)
        return;
    report->text.size = 0;
    buffer_add(&report->text, SPAN("{\"keys\":"));
    if (!key_table_take_usage(usage->server->keys, &report->text))
        return;
    buffer_add(&report->text, SPAN("}"));
    report_send(report, "usage", on_keys);
}

static void report_sessions(struct usage *usage)
{
    struct report *report = &usage->sessions;

    if (report->is_under_way || !session_table_count(usage->server->sessions))
        return;
    usage->asked_ms = clock_wall_ms();
    report->text.size = 0;
    buffer_print(&report->text,
                 "{\"since\":%lld,\"sessions\":", (long long)(usage->heard_ms - LATE_MS));
    session_table_take_usage(usage->server->sessions, &report->text);
    buffer_add(&report->text, SPAN("}"));
    report_send(report, "session_usage", on_sessions);
}

void usage_report(struct usage *usage)
{
    usage->reported_ms = clock_steady_ms();
    report_keys(usage);
    report_sessions(usage);
}

void usage_look(struct usage *usage)
{
    if (clock_steady_ms() - usage->reported_ms >= USAGE_MS)
        usage_report(usage);
}

struct usage *usage_open(struct server *server)
{
    struct usage *usage = calloc(1, sizeof *usage);

    CHECK(usage);
    usage->server = server;
    usage->keys.usage = usage->sessions.usage = usage;
    usage->reported_ms = clock_steady_ms();
    usage->heard_ms = clock_wall_ms();
    return usage;
}

void usage_close(struct usage *usage)
{
    usage_report(usage);
}

void usage_free(struct usage *usage)
{
    buffer_free(&usage->keys.text);
    buffer_free(&usage->sessions.text);
    free(usage);
}
