/* SPDX-License-Identifier: MIT
 * config: what this database is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/gatectl/database.h"
#include "services/gatectl/platform.h"
#include "services/gatectl/state.h"
#include "services/gatectl/table.h"
#include "services/gatectl/verbs.h"

static void print_line(PGconn *db, const char *title, const char *sql)
{
    char *value = database_value(db, sql, 0, NULL);

    printf("%-18s %s\n", title, value ? value : "-");
    free(value);
}

static void print_facts(PGconn *db)
{
    printf("%-18s %d\n", "schema", schema_version());
    printf("%-18s %s\n", "functions", schema_functions_checksum());
    print_line(db, "sandbox",
               "select case when sandbox then 'yes' else 'no' end from gate.platform");
    print_line(db, "seeded",
               "select trim(both '\"' from gate.instant(seeded_at)) from gate.platform");
    print_line(db, "firms", "select count(*) from gate.firm where disabled_at is null");
    print_line(db, "officers",
               "select count(*) from gate.principal "
               "where disabled_at is null and role <> 'firm' and id > 0");
    print_line(db, "live keys", "select count(*) from gate.api_key where revoked_at is null");
    print_line(db, "versions",
               "select string_agg(topic || ' ' || version, ', ' order by topic) "
               "from gate.config_version");
}

static enum exit_code show(struct call *call)
{
    static const struct column GATES[] = {
        {"GATE", "code"},         {"NUMBER", "number"}, {"TARGET/DAY", "target_per_day"},
        {"FAR SIDE", "far_side"}, {NULL, NULL},
    };
    static const struct column RULES[] = {
        {"QUEUE RULE", "version"}, {"FROM", "effective_from"},
        {"GRACE S", "grace_s"},    {"NO-SHOW S", "return_delays_s"},
        {"CLAIM S", "claim_s"},    {"PASS S", "pass_s"},
        {"SWAPS", "swaps"},        {NULL, NULL},
    };
    static const struct column WINDOWS[] = {
        {"WINDOWS", "gate"},        {"DIRECTION", "direction"},   {"PLACES", "places"},
        {"FROM", "effective_from"}, {"UNTIL", "effective_until"}, {NULL, NULL},
    };
    static const struct {
        const char *read;
        const char *member;
        const struct column *columns;
    } LISTS[] = {
        {"gates_index", "gates", GATES},
        {"credits", "items", RULES},
        {"windows", "items", WINDOWS},
    };

    if (!state_is_current(call->db))
        return EXIT_REFUSED;
    print_facts(call->db);
    for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
        json_t *body = NULL;
        enum exit_code code = platform_read(call->db, LISTS[i].read, NULL, &body);

        if (code != EXIT_DONE)
            return code;
        puts("");
        table_print(json_object_get(body, LISTS[i].member), LISTS[i].columns);
        json_decref(body);
    }
    return EXIT_DONE;
}

const struct verb config_show_verb = {
    .subject = "config",
    .name = "show",
    .summary = "show what this database is: schema, sandbox, gates and rules",
    .needs_database = true,
    .run = show,
};
