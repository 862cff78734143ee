/* SPDX-License-Identifier: MIT
 * Revocation lists: order, bounds, age, and their word over a pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/pass/revocation.h"

enum { NOW = 1795312800 };

static const uint64_t FIRST = 1000000000000; /* crossing of gate 1 */

static struct pass_keys keys_make(void)
{
    uint8_t seed[PASS_SEED_BYTES] = {1};
    struct pass_keys keys = {.count = 1};

    assert_true(pass_key_init(&keys.items[0], SPAN("k1"), seed, NOW - 1000, NOW + 10000));
    return keys;
}

static struct revocation_list list_of(struct revocation *entries, size_t count)
{
    return (struct revocation_list){
        .issued_s = NOW - 60, .expires_s = NOW + 60, .gate = 1, .count = count, .entries = entries};
}

static bool signs(const struct revocation_list *list)
{
    struct pass_keys keys = keys_make();
    struct buffer bytes = {0};
    bool is_signed = revocation_sign(list, &keys.items[0], &bytes);

    assert_int_equal(bytes.size > 0, is_signed);
    buffer_free(&bytes);
    return is_signed;
}

static struct bytes bytes_of(const struct buffer *buffer)
{
    return (struct bytes){(const uint8_t *)buffer->at, buffer->size};
}

static void the_longest_list_comes_back(void **state)
{
    struct pass_keys keys = keys_make();
    struct revocation *entries = calloc(REVOCATION_ENTRIES_MAX + 1, sizeof *entries);
    struct revocation_list list = list_of(entries, REVOCATION_ENTRIES_MAX), got;
    struct buffer bytes = {0};

    (void)state;
    for (size_t i = 0; i <= REVOCATION_ENTRIES_MAX; i++)
        entries[i] = (struct revocation){FIRST + 19999999 * i, i % 2 ? 2 : REVOCATION_BELOW_MAX};
    assert_true(revocation_sign(&list, &keys.items[0], &bytes));
    assert_int_equal(revocation_read(bytes_of(&bytes), &keys, NOW, &got), PASS_VALID);
    assert_int_equal(got.count, list.count);
    for (size_t i = 0; i < got.count; i++) {
        assert_int_equal(got.entries[i].crossing, entries[i].crossing);
        assert_int_equal(got.entries[i].below, entries[i].below);
    }
    list.count++;
    assert_false(signs(&list));
    revocation_list_free(&got);
    buffer_free(&bytes);
    free(entries);
}

static void usual_entries_take_four_bytes(void **state)
{
    struct pass_keys keys = keys_make();
    struct revocation entries[1000];
    struct revocation_list list = list_of(entries, COUNT_OF(entries));
    struct buffer bytes = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(entries); i++)
        entries[i] = (struct revocation){FIRST + 300 * i, 2};
    assert_true(revocation_sign(&list, &keys.items[0], &bytes));
    assert_true(bytes.size < 4 * COUNT_OF(entries) + 120);
    buffer_free(&bytes);
}

static void impossible_lists_are_not_signed(void **state)
{
    struct revocation sorted[] = {{FIRST, 2}, {FIRST + 1, 3}};
    struct revocation twice[] = {{FIRST, 2}, {FIRST, 3}};
    struct revocation falling[] = {{FIRST + 1, 2}, {FIRST, 3}};
    struct revocation foreign[] = {{2 * FIRST, 2}};
    struct revocation lower[] = {{FIRST - 1, 2}};
    struct revocation idle[] = {{FIRST, 1}};
    struct revocation above[] = {{FIRST, REVOCATION_BELOW_MAX + 1}};
    struct revocation_list bad[] = {
        list_of(twice, 2), list_of(falling, 2), list_of(foreign, 1), list_of(lower, 1),
        list_of(idle, 1),  list_of(above, 1),   list_of(sorted, 2),  list_of(sorted, 2),
    };
    struct revocation_list good = list_of(sorted, 2);

    (void)state;
    bad[6].gate = 0;
    bad[7].expires_s = bad[7].issued_s;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(signs(&bad[i]));
    assert_true(signs(&good));
}

/* A device whose clock is behind takes the list's own date: it was there when the list was made. */
static void age_is_judged_by_the_later_clock(void **state)
{
    struct pass_keys keys = keys_make();
    struct revocation entries[] = {{FIRST + 1, 2}};
    struct revocation_list list = list_of(entries, 1), got;
    struct buffer bytes = {0};
    static const struct {
        int64_t now_s;
        enum pass_verdict verdict;
        size_t count;
    } CASES[] = {{0, PASS_VALID, 1},
                 {NOW, PASS_VALID, 1},
                 {NOW + 59, PASS_VALID, 1},
                 {NOW + 60, PASS_EXPIRED, 1},
                 {NOW + 10000, PASS_KEY_NOT_VALID, 0}};

    (void)state;
    assert_true(revocation_sign(&list, &keys.items[0], &bytes));
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_int_equal(revocation_read(bytes_of(&bytes), &keys, CASES[i].now_s, &got),
                         CASES[i].verdict);
        assert_int_equal(got.count, CASES[i].count);
        revocation_list_free(&got);
    }
    buffer_free(&bytes);
}

static void every_flipped_bit_and_every_cut_is_refused(void **state)
{
    struct pass_keys keys = keys_make();
    struct revocation entries[] = {{FIRST + 1, 2}, {FIRST + 70000, 65536}};
    struct revocation_list list = list_of(entries, 2), got;
    struct buffer bytes = {0};

    (void)state;
    assert_true(revocation_sign(&list, &keys.items[0], &bytes));
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        bytes.at[bit / 8] = (char)(bytes.at[bit / 8] ^ 1 << bit % 8);
        assert_int_not_equal(revocation_read(bytes_of(&bytes), &keys, NOW, &got), PASS_VALID);
        assert_null(got.entries);
        bytes.at[bit / 8] = (char)(bytes.at[bit / 8] ^ 1 << bit % 8);
    }
    for (; bytes.size; bytes.size--) {
        enum pass_verdict verdict = revocation_read(bytes_of(&bytes), &keys, NOW, &got);
        assert_true(verdict == PASS_VALID || got.entries == NULL);
        revocation_list_free(&got);
    }
    buffer_free(&bytes);
}

static void a_list_voids_the_versions_below(void **state)
{
    struct revocation entries[] = {{FIRST + 1, 2}, {FIRST + 5, REVOCATION_BELOW_MAX}};
    struct revocation_list list = list_of(entries, 2), empty = list_of(NULL, 0);

    (void)state;
    assert_true(revocation_covers(&list, FIRST + 1, 1));
    assert_false(revocation_covers(&list, FIRST + 1, 2));
    assert_true(revocation_covers(&list, FIRST + 5, PASS_VERSION_MAX));
    assert_false(revocation_covers(&list, FIRST, 1));
    assert_false(revocation_covers(&list, FIRST + 2, 1));
    assert_false(revocation_covers(&list, FIRST + 6, 1));
    assert_false(revocation_covers(&empty, FIRST + 1, 1));
}

static void a_revoked_pass_is_revoked_only_while_else_valid(void **state)
{
    struct pass_keys keys = keys_make();
    struct revocation entries[] = {{FIRST + 1, 2}};
    struct revocation_list list = list_of(entries, 1);
    struct pass_claims claims = {.crossing = FIRST + 1,
                                 .version = 1,
                                 .plate = "29C12345",
                                 .gate = 1,
                                 .not_before_s = NOW,
                                 .expires_s = NOW + 100};
    struct pass_claims got;
    char digits[PASS_DIGITS_ROOM];

    (void)state;
    assert_true(pass_sign(&claims, &keys.items[0], digits));
    struct span pass = span_of(digits);
    assert_int_equal(pass_verify_listed(pass, &keys, NULL, NOW, &got), PASS_VALID);
    assert_int_equal(pass_verify_listed(pass, &keys, &list, NOW, &got), PASS_REVOKED);
    assert_int_equal(got.crossing, claims.crossing);
    assert_int_equal(pass_verify_listed(pass, &keys, &list, NOW + 100, &got), PASS_EXPIRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_list_comes_back),
        cmocka_unit_test(usual_entries_take_four_bytes),
        cmocka_unit_test(impossible_lists_are_not_signed),
        cmocka_unit_test(age_is_judged_by_the_later_clock),
        cmocka_unit_test(every_flipped_bit_and_every_cut_is_refused),
        cmocka_unit_test(a_list_voids_the_versions_below),
        cmocka_unit_test(a_revoked_pass_is_revoked_only_while_else_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
