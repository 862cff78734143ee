/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/gated/histogram.h"
#include "services/gated/idempotency.h"
#include "services/gated/reply.h"

static void a_key_may_be_quoted_or_bare(void **state)
{
    struct span key;

    (void)state;
    assert_int_equal(idempotency_read("abc-1", &key), OK);
    assert_true(span_is(key, "abc-1"));
    assert_int_equal(idempotency_read("\"abc-1\"", &key), OK);
    assert_true(span_is(key, "abc-1"));
}

static void missing_and_malformed_keys_are_told_apart(void **state)
{
    char large[IDEMPOTENCY_KEY_MAX + 2] = {0};
    struct span key;

    (void)state;
    memset(large, 'a', IDEMPOTENCY_KEY_MAX);
    assert_int_equal(idempotency_read(large, &key), OK);
    large[IDEMPOTENCY_KEY_MAX] = 'a';
    assert_int_equal(idempotency_read(large, &key), FAULT_IDEMPOTENCY_KEY_INVALID);
    assert_int_equal(idempotency_read(NULL, &key), FAULT_IDEMPOTENCY_KEY_MISSING);
    assert_int_equal(idempotency_read("", &key), FAULT_IDEMPOTENCY_KEY_INVALID);
    assert_int_equal(idempotency_read("\"\"", &key), FAULT_IDEMPOTENCY_KEY_INVALID);
    assert_int_equal(idempotency_read("kh\xc3\xb3"
                                      "a",
                                      &key),
                     FAULT_IDEMPOTENCY_KEY_INVALID);
}

static void parts_do_not_run_into_each_other(void **state)
{
    const struct span one[] = {SPAN("ab"), SPAN("c")}, other[] = {SPAN("a"), SPAN("bc")};
    char a[IDEMPOTENCY_HASH_TEXT], b[IDEMPOTENCY_HASH_TEXT], again[IDEMPOTENCY_HASH_TEXT];

    (void)state;
    idempotency_hash(a, one, 2);
    idempotency_hash(b, other, 2);
    idempotency_hash(again, one, 2);
    assert_string_not_equal(a, b);
    assert_string_equal(a, again);
    assert_int_equal(strlen(a), 32);
}

static void a_known_version_is_recognised(void **state)
{
    (void)state;
    assert_true(etag_is_known("\"5\"", SPAN("5")));
    assert_true(etag_is_known("\"4\", W/\"5\"", SPAN("5")));
    assert_true(etag_is_known("*", SPAN("5")));
    assert_false(etag_is_known("\"55\"", SPAN("5")));
    assert_false(etag_is_known("5", SPAN("5")));
    assert_false(etag_is_known(NULL, SPAN("5")));
}

static void a_histogram_counts_up_to_its_bounds(void **state)
{
    struct histogram histogram = {0};
    struct buffer out = {0};

    (void)state;
    histogram_add(&histogram, &HISTOGRAM_SIZE, 1);
    histogram_add(&histogram, &HISTOGRAM_SIZE, 3);
    histogram_add(&histogram, &HISTOGRAM_SIZE, 1000);
    histogram_print(&histogram, &HISTOGRAM_SIZE, "n", "l=\"1\"", &out);
    assert_non_null(strstr(out.at, "n_bucket{l=\"1\",le=\"1\"} 1\n"));
    assert_non_null(strstr(out.at, "n_bucket{l=\"1\",le=\"2\"} 1\n"));
    assert_non_null(strstr(out.at, "n_bucket{l=\"1\",le=\"4\"} 2\n"));
    assert_non_null(strstr(out.at, "n_bucket{l=\"1\",le=\"+Inf\"} 3\n"));
    assert_non_null(strstr(out.at, "n_sum{l=\"1\"} 1004\n"));
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_may_be_quoted_or_bare),
        cmocka_unit_test(missing_and_malformed_keys_are_told_apart),
        cmocka_unit_test(parts_do_not_run_into_each_other),
        cmocka_unit_test(a_known_version_is_recognised),
        cmocka_unit_test(a_histogram_counts_up_to_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
