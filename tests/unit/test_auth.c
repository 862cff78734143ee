/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/key/key.h"
#include "services/gated/auth.h"
#include "services/gated/key_table.h"
#include "services/gated/server.h"

static const char ONE_KEY[] =
    "{\"keys\":[{\"key\":3,\"hash\":\"%s\",\"principal\":7,\"role\":\"officer\","
    "\"agency\":\"customs\",\"firm\":null,\"gates\":[1,2],\"device\":\"k-1\","
    "\"expires_ms\":%s,\"revoked\":%s}]}";

static struct key_table *table_of(const char *key, const char *expires, const char *revoked)
{
    struct arena *arena = arena_new();
    char hash[ACCESS_KEY_HASH_ROOM];

    access_key_hash(span_of(key), hash);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    struct key_table *table = key_table_read(arena_print(arena, ONE_KEY, hash, expires, revoked));
#pragma GCC diagnostic pop
    arena_free(arena);
    assert_non_null(table);
    return table;
}

static void a_key_is_found_by_its_text(void **state)
{
    struct key_table *table = table_of("bg_firm_secret", "null", "false");
    const struct principal *p = NULL;

    (void)state;
    assert_int_equal(key_table_find(table, SPAN("bg_firm_secret"), 5, &p), OK);
    assert_int_equal(p->id, 7);
    assert_int_equal(p->role, ROLE_OFFICER);
    assert_true(span_is(p->agency, "customs"));
    assert_true(principal_has_gate(p, 1) && principal_has_gate(p, 2));
    assert_false(principal_has_gate(p, 3));
    assert_true(span_is(p->actor, "{\"id\":7,\"role\":\"officer\",\"agency\":\"customs\","
                                  "\"firm\":null,\"gates\":[1,2],\"device\":\"k-1\"}"));
    key_table_free(table);
}

static void other_texts_open_nothing(void **state)
{
    struct key_table *table = table_of("bg_firm_secret", "null", "false");
    const struct principal *p;
    char large[KEY_TEXT_MAX + 2] = {0};

    (void)state;
    memset(large, 'a', sizeof large - 1);
    assert_int_equal(key_table_find(table, SPAN("bg_firm_secreT"), 5, &p), FAULT_UNAUTHENTICATED);
    assert_int_equal(key_table_find(table, SPAN(""), 5, &p), FAULT_UNAUTHENTICATED);
    assert_int_equal(key_table_find(table, span_of(large), 5, &p), FAULT_UNAUTHENTICATED);
    key_table_free(table);
}

static void expired_and_revoked_keys_say_so(void **state)
{
    struct key_table *expiring = table_of("k", "1000", "false");
    struct key_table *revoked = table_of("k", "null", "true");
    const struct principal *p;

    (void)state;
    assert_int_equal(key_table_find(expiring, SPAN("k"), 999, &p), OK);
    assert_int_equal(key_table_find(expiring, SPAN("k"), 1000, &p), FAULT_UNAUTHENTICATED);
    assert_int_equal(key_table_find(revoked, SPAN("k"), 1, &p), FAULT_KEY_REVOKED);
    key_table_free(expiring);
    key_table_free(revoked);
}

static void usage_is_told_once(void **state)
{
    struct key_table *table = table_of("k", "null", "false");
    struct buffer usage = {0};
    const struct principal *p;

    (void)state;
    assert_false(key_table_take_usage(table, &usage));
    assert_int_equal(key_table_find(table, SPAN("k"), 42, &p), OK);
    assert_true(key_table_take_usage(table, &usage));
    assert_string_equal(usage.at, "[{\"key\":3,\"used_ms\":42,\"requests\":1}]");
    assert_false(key_table_take_usage(table, &usage));
    buffer_free(&usage);
    key_table_free(table);
}

static void what_is_no_table_is_refused(void **state)
{
    static const char *const WRONG[] = {
        "",
        "{}",
        "{\"keys\":5}",
        "{\"keys\":[{\"hash\":\"00\",\"role\":\"firm\"}]}",
        "{\"keys\":[{\"role\":\"firm\"}]}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(WRONG); i++)
        assert_null(key_table_read(span_of(WRONG[i])));
}

static void a_device_that_was_away_was_seen_before_that(void **state)
{
    struct key_table *table = table_of("bg_firm_secret", "null", "false");
    struct key_table *next = table_of("bg_firm_secret", "null", "false");

    (void)state;
    assert_int_equal(key_table_seen(table, 3, 1000), 0); /* never seen before */
    assert_int_equal(key_table_seen(table, 3, 20000), 0);
    assert_int_equal(key_table_seen(table, 3, 49999), 0); /* at work all the time */
    assert_int_equal(key_table_seen(table, 3, 100000), 49999);
    assert_int_equal(key_table_seen(table, 3, 100001), 49999); /* back since a moment */
    assert_int_equal(key_table_seen(table, 4, 100001), 0);     /* no such key */
    key_table_take_seen(next, table);
    assert_int_equal(key_table_seen(next, 3, 110000), 49999);
    assert_int_equal(key_table_seen(next, 3, 50000), 49999); /* a ledger whose clock is behind */
    assert_int_equal(key_table_seen(next, 3, 140000), 110000);
    key_table_free(next);
    key_table_free(table);
}

static void the_bearer_is_read_as_the_standard_says(void **state)
{
    (void)state;
    assert_true(span_is(auth_bearer("Bearer abc"), "abc"));
    assert_true(span_is(auth_bearer("bearer  abc "), "abc"));
    assert_int_equal(auth_bearer("Basic abc").size, 0);
    assert_int_equal(auth_bearer("Bearer").size, 0);
    assert_int_equal(auth_bearer(NULL).size, 0);
}

static void officers_work_at_their_gates_and_firms_at_all(void **state)
{
    struct principal officer = {.role = ROLE_OFFICER, .gates = {1 << 2}};
    struct principal firm = {.role = ROLE_FIRM};
    struct request by_officer = {.principal = &officer}, by_firm = {.principal = &firm};

    (void)state;
    assert_int_equal(auth_gate(&by_officer, 2), OK);
    assert_int_equal(auth_gate(&by_officer, 1), FAULT_WRONG_GATE);
    assert_int_equal(auth_gate(&by_firm, 1), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_its_text),
        cmocka_unit_test(other_texts_open_nothing),
        cmocka_unit_test(expired_and_revoked_keys_say_so),
        cmocka_unit_test(usage_is_told_once),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(a_device_that_was_away_was_seen_before_that),
        cmocka_unit_test(the_bearer_is_read_as_the_standard_says),
        cmocka_unit_test(officers_work_at_their_gates_and_firms_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
