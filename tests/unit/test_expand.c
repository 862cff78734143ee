/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>

#include "common/base/log.h"
#include "services/gated/expand.h"

static struct pass_keys keys;
static struct step_names steps;

static int setup(void **state)
{
    static const uint8_t SEED[PASS_SEED_BYTES] = {7};

    (void)state;
    log_set_level(LOG_ERROR + 1);
    keys.count = 1;
    json_t *rows = json_pack("[{s:i,s:s,s:s},{s:i,s:s,s:s}]", "bit", 0, "step", "registered",
                             "agency", "customs", "bit", 4, "step", "yard_in", "agency", "yard");
    if (!step_names_read(rows, &steps))
        return -1;
    json_decref(rows);
    return pass_key_init(&keys.items[0], SPAN("k1"), SEED, 1000, 4000000000) ? 0 : -1;
}

static struct buffer expand(const char *json, enum language language)
{
    const struct expansion from = {language, &keys, &steps};
    struct buffer out = {0};

    reply_expand(span_of(json), &from, &out);
    return out;
}

static void assert_expands(const char *json, const char *expected)
{
    struct buffer out = expand(json, LANGUAGE_EN);

    assert_string_equal(out.at, expected);
    buffer_free(&out);
}

static void a_text_is_told_in_the_readers_language(void **state)
{
    struct buffer vi = expand("{\"code\": \"not_found\", \"@text\": \"not_found\"}", LANGUAGE_VI);

    (void)state;
    assert_expands("{\"@text\":\"not_found\"}", "{\"text\":\"Not found\"}");
    assert_expands("{\"@text\": \"not_found\",\"b\":1}", "{\"text\":\"Not found\",\"b\":1}");
    assert_string_equal(vi.at, "{\"code\": \"not_found\", \"text\":\"Không tìm thấy\"}");
    buffer_free(&vi);
}

static void a_mask_becomes_its_steps(void **state)
{
    (void)state;
    assert_expands("{\"@open\":17,\"done\":[]}",
                   "{\"open\":[{\"step\":\"registered\",\"agency\":\"customs\"},"
                   "{\"step\":\"yard_in\",\"agency\":\"yard\"}],\"done\":[]}");
    assert_expands("{\"@open\": 0}", "{\"open\":[]}");
    assert_expands("{\"@open\":2}", "{\"open\":[]}"); /* no such step */
}

static void what_is_no_promise_stays_as_it_is(void **state)
{
    static const char *const SAME[] = {
        "{}",
        "{\"a\":\"@text\"}",
        "{\"a\":\"@text\",\"b\":[\"@pass\"]}",
        "{\"@other\":\"x\"}",
        "{\"mail\":\"a@text.vn\"}",
        "{\"@text\":5}",
        "{\"@open\":null}",
        "{\"@text\":",
        "\"@",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SAME); i++) {
        struct buffer out = expand(SAME[i], LANGUAGE_EN);
        assert_true(span_is(buffer_span(&out), SAME[i]));
        buffer_free(&out);
    }
}

/* Whatever a user writes into a text, its quotes come escaped. */
static void a_users_text_forges_no_promise(void **state)
{
    static const char *const TEXTS[] = {
        "\"@text\":\"not_found\"",
        "\\\"@text\":\"not_found\"",
        "\",\"@text\":\"not_found\",\"",
        "\\\\\"@pass\": \"1,1,A,1\"",
        "@text\":\"not_found\"",
        "\"@text\"",
        "\\",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        struct buffer json = {0};
        buffer_add(&json, SPAN("{\"note\":"));
        buffer_add_json(&json, span_of(TEXTS[i]));
        buffer_add(&json, SPAN(",\"n\":1}"));
        struct buffer out = expand(json.at, LANGUAGE_EN);
        assert_string_equal(out.at, json.at);
        buffer_free(&out);
        buffer_free(&json);
    }
}

static void a_pass_is_signed_and_always_the_same(void **state)
{
    const char *json = "{\"pass\":{\"version\":1,\"@pass\": "
                       "\"01000000000001,1,29C12345,1,1,0,1700000000,1800000000,k1\"}}";
    struct buffer first = expand(json, LANGUAGE_VI), second = expand(json, LANGUAGE_ZH);
    struct pass_claims claims;

    (void)state;
    assert_string_equal(first.at, second.at);
    const char *digits = strstr(first.at, "\"digits\":\"");
    assert_non_null(digits);
    digits += strlen("\"digits\":\"");
    struct span token = {digits, (size_t)(strchr(digits, '"') - digits)};
    assert_int_equal(pass_verify(token, &keys, 1750000000, &claims), PASS_VALID);
    assert_int_equal(claims.crossing, 1000000000001);
    assert_string_equal(claims.plate, "29C12345");
    assert_int_equal(claims.direction, PASS_EXPORT);
    buffer_free(&first);
    buffer_free(&second);
}

static void a_pass_that_cannot_be_signed_is_null_and_the_rest_stays(void **state)
{
    static const char *const BROKEN[] = {
        "01000000000001,1,29C12345,1,1,0,1700000000,1800000000,k9", /* no such key */
        "01000000000001,1,29C12345,1,2,0,1700000000,1800000000,k1",
        "01000000000001,1,,1,1,0,1700000000,1800000000,k1",
        "01000000000001,1,29C12345,1,1",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BROKEN); i++) {
        char json[200];
        snprintf(json, sizeof json, "{\"@pass\":\"%s\",\"v\":1}", BROKEN[i]);
        assert_expands(json, "{\"digits\":null,\"v\":1}");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_told_in_the_readers_language),
        cmocka_unit_test(a_mask_becomes_its_steps),
        cmocka_unit_test(what_is_no_promise_stays_as_it_is),
        cmocka_unit_test(a_users_text_forges_no_promise),
        cmocka_unit_test(a_pass_is_signed_and_always_the_same),
        cmocka_unit_test(a_pass_that_cannot_be_signed_is_null_and_the_rest_stays),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
