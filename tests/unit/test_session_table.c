/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/key/key.h"
#include "services/gated/cookie.h"
#include "services/gated/csrf.h"
#include "services/gated/session_table.h"
#include "services/gated/sighting.h"

enum { HOUR_MS = 3600000 };

static const char ROW[] =
    "{\"version\":%d,\"sessions\":[{\"session\":%d,\"hash\":\"%s\",\"user\":9,\"principal\":7,"
    "\"role\":\"officer\",\"agency\":\"customs\",\"firm\":null,\"gates\":[1],\"device\":\"kiosk-"
    "1\","
    "\"device_id\":%s,\"way\":\"pin\",\"must_change\":false,\"expires_ms\":%d,\"idle_ms\":1800000,"
    "\"used_ms\":%d,\"ended\":%s}]}";

struct row {
    int version, session, expires_ms, used_ms;
    const char *cookie, *device, *ended;
};

static bool merge(struct session_table *table, struct row row)
{
    struct arena *arena = arena_new();
    char hash[ACCESS_KEY_HASH_ROOM];

    access_key_hash(span_of(row.cookie), hash);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    struct span text =
        arena_print(arena, ROW, row.version, row.session, hash, row.device ? row.device : "null",
                    row.expires_ms, row.used_ms, row.ended ? row.ended : "false");
#pragma GCC diagnostic pop
    bool is_good = session_table_merge(table, text, 0);
    arena_free(arena);
    return is_good;
}

static int make_table(void **state)
{
    *state = session_table_new();
    return merge(*state, (struct row){.version = 5,
                                      .session = 3,
                                      .cookie = "one",
                                      .expires_ms = 10 * HOUR_MS,
                                      .used_ms = 1})
               ? 0
               : -1;
}

static int free_table(void **state)
{
    session_table_free(*state);
    return 0;
}

static void a_session_is_found_by_its_cookie(void **state)
{
    const struct principal *p = NULL;

    assert_int_equal(session_table_find(*state, SPAN("one"), 2, &p), OK);
    assert_int_equal(p->id, 7);
    assert_int_equal(p->session, 3);
    assert_int_equal(p->user, 9);
    assert_int_equal(p->key, 0);
    assert_true(p->is_by_pin && !p->must_change);
    assert_true(span_is(p->actor,
                        "{\"id\":7,\"user\":9,\"role\":\"officer\",\"agency\":\"customs\","
                        "\"firm\":null,\"gates\":[1],\"device\":\"kiosk-1\"}"));
    assert_int_equal(session_table_version(*state), 5);
}

static void other_cookies_open_nothing(void **state)
{
    const struct principal *p;
    char large[2000] = {0};

    memset(large, 'a', sizeof large - 1);
    assert_int_equal(session_table_find(*state, SPAN("onE"), 2, &p), FAULT_SESSION_ENDED);
    assert_int_equal(session_table_find(*state, SPAN(""), 2, &p), FAULT_SESSION_ENDED);
    assert_int_equal(session_table_find(*state, span_of(large), 2, &p), FAULT_SESSION_ENDED);
}

static void use_keeps_it_and_rest_ends_it(void **state)
{
    const struct principal *p;

    assert_int_equal(session_table_find(*state, SPAN("one"), HOUR_MS / 2, &p), OK);
    assert_int_equal(session_table_find(*state, SPAN("one"), HOUR_MS - 1, &p), OK);
    assert_non_null(session_table_principal(*state, 3, HOUR_MS));
    assert_int_equal(session_table_find(*state, SPAN("one"), 2 * HOUR_MS, &p), FAULT_SESSION_ENDED);
    assert_null(session_table_principal(*state, 3, 2 * HOUR_MS));
}

static void nothing_keeps_it_beyond_its_end(void **state)
{
    const struct principal *p;

    for (int ms = 0; ms < 10 * HOUR_MS; ms += HOUR_MS / 4)
        assert_int_equal(session_table_find(*state, SPAN("one"), ms, &p), OK);
    assert_int_equal(session_table_find(*state, SPAN("one"), 10 * HOUR_MS, &p),
                     FAULT_SESSION_ENDED);
}

static void what_ended_leaves_the_others_alone(void **state)
{
    const struct principal *p;

    assert_true(merge(*state, (struct row){6, 4, 10 * HOUR_MS, 1, "two", NULL, NULL}));
    assert_true(merge(*state, (struct row){7, 3, 10 * HOUR_MS, 1, "one", NULL, "true"}));
    assert_int_equal(session_table_find(*state, SPAN("one"), 2, &p), FAULT_SESSION_ENDED);
    assert_int_equal(session_table_find(*state, SPAN("two"), 2, &p), OK);
    assert_int_equal(session_table_version(*state), 7);
    assert_int_equal(session_table_count(*state), 1);
}

static void nonsense_changes_nothing(void **state)
{
    const struct principal *p;

    assert_false(session_table_merge(*state, SPAN("{\"version\":9}"), 0));
    assert_false(session_table_merge(*state, SPAN("{\"version\":9,\"sessions\":[{}]}"), 0));
    assert_int_equal(session_table_version(*state), 5);
    assert_int_equal(session_table_find(*state, SPAN("one"), 2, &p), OK);
}

static void use_is_told_once(void **state)
{
    const struct principal *p;
    struct buffer json = {0};

    session_table_take_usage(*state, &json);
    assert_string_equal(json.at, "[]");
    assert_int_equal(session_table_find(*state, SPAN("one"), 900, &p), OK);
    json.size = 0;
    session_table_take_usage(*state, &json);
    assert_string_equal(json.at, "[{\"session\":3,\"used_ms\":900}]");
    json.size = 0;
    session_table_take_usage(*state, &json);
    assert_string_equal(json.at, "[]");
    buffer_free(&json);
}

static void use_at_another_server_keeps_it_here(void **state)
{
    const struct principal *p;
    int later_ms = HOUR_MS / 2 + 1000;

    session_table_note_usage(*state, SPAN("{\"sessions\":[{\"session\":3,\"used_ms\":1700000}]}"));
    assert_int_equal(session_table_find(*state, SPAN("one"), later_ms, &p), OK);
}

static void a_kiosk_was_away_whoever_works_at_it(void **state)
{
    struct session_table *table = *state;
    int away_ms = SIGHTING_AWAY_MS + 5000;

    assert_true(merge(table, (struct row){6, 4, HOUR_MS, 1, "two", "8", NULL}));
    assert_true(merge(table, (struct row){7, 5, HOUR_MS, 1, "three", "8", NULL}));
    assert_int_equal(session_table_seen(table, 4, 5000), 0);
    assert_int_equal(session_table_seen(table, 5, 5000 + away_ms), 5000);
    assert_int_equal(session_table_seen(table, 3, 5000 + away_ms), 0);
    assert_int_equal(session_table_seen(table, 99, 5000), 0);
}

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    assert_true(span_is(cookie_find("a=1; gate_session=xyz; b=2", "gate_session"), "xyz"));
    assert_true(span_is(cookie_find("gate_session=x=y", "gate_session"), "x=y"));
    assert_int_equal(cookie_find("my_gate_session=1", "gate_session").size, 0);
    assert_int_equal(cookie_find("gate_session", "gate_session").size, 0);
    assert_int_equal(cookie_find(NULL, "gate_session").size, 0);
    assert_int_equal(cookie_find("gate_session=1; gate_session=2", "gate_session").size, 0);
}

static void a_token_belongs_to_one_session(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    struct span one = csrf_token(arena, SPAN("one"));
    assert_true(span_is_equal(one, csrf_token(arena, SPAN("one"))));
    assert_false(span_is_equal(one, csrf_token(arena, SPAN("two"))));
    assert_int_equal(one.size, 24);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_session_is_found_by_its_cookie, make_table, free_table),
        cmocka_unit_test_setup_teardown(other_cookies_open_nothing, make_table, free_table),
        cmocka_unit_test_setup_teardown(use_keeps_it_and_rest_ends_it, make_table, free_table),
        cmocka_unit_test_setup_teardown(nothing_keeps_it_beyond_its_end, make_table, free_table),
        cmocka_unit_test_setup_teardown(what_ended_leaves_the_others_alone, make_table, free_table),
        cmocka_unit_test_setup_teardown(nonsense_changes_nothing, make_table, free_table),
        cmocka_unit_test_setup_teardown(use_is_told_once, make_table, free_table),
        cmocka_unit_test_setup_teardown(use_at_another_server_keeps_it_here, make_table,
                                        free_table),
        cmocka_unit_test_setup_teardown(a_kiosk_was_away_whoever_works_at_it, make_table,
                                        free_table),
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_token_belongs_to_one_session),
    };

    return cmocka_run_group_tests_name("session_table", tests, NULL, NULL);
}
