/* SPDX-License-Identifier: MIT */
#include "common/base/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_message_has_a_code_of_its_own_and_three_texts(void **state)
{
    (void)state;
    for (enum message m = MESSAGE_NONE + 1; m < MESSAGE_COUNT; m++) {
        struct span code = span_of(message_code(m));
        assert_true(code.size > 0);
        for (size_t i = 0; i < code.size; i++)
            assert_true((code.at[i] >= 'a' && code.at[i] <= 'z') || code.at[i] == '_' ||
                        (i > 0 && code.at[i] >= '0' && code.at[i] <= '9'));
        for (enum language l = 0; l < LANGUAGE_COUNT; l++)
            assert_true(message_text(code, l).size > 0);
        assert_int_equal(message_of_code(code), m);
    }
}

static void finds_the_texts_of_faults_too(void **state)
{
    (void)state;
    assert_true(
        span_is(message_text(SPAN("plate_format"), LANGUAGE_EN), "This is not a licence plate"));
    assert_true(span_is(message_text(SPAN("plate_live"), LANGUAGE_ZH), "该车牌已在另一有效申报中"));
    assert_true(span_is(message_text(SPAN("internal"), LANGUAGE_EN), "Internal error"));
}

static void an_unknown_code_is_its_own_text(void **state)
{
    (void)state;
    assert_true(span_is(message_text(SPAN("not_a_code"), LANGUAGE_VI), "not_a_code"));
    assert_int_equal(message_of_code(SPAN("not_a_code")), MESSAGE_NONE);
    assert_int_equal(message_of_code(SPAN("")), MESSAGE_NONE);
    assert_string_equal(message_code(MESSAGE_NONE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_has_a_code_of_its_own_and_three_texts),
        cmocka_unit_test(finds_the_texts_of_faults_too),
        cmocka_unit_test(an_unknown_code_is_its_own_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
