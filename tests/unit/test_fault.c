/* SPDX-License-Identifier: MIT */
#include "common/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_fault_has_a_status_a_code_of_its_own_and_three_texts(void **state)
{
    (void)state;
    for (enum fault fault = OK + 1; fault < FAULT_COUNT; fault++) {
        assert_in_range(fault_status(fault), 400, 599);
        for (const char *c = fault_code(fault); *c; c++)
            assert_true((*c >= 'a' && *c <= 'z') || *c == '_');
        for (enum language l = 0; l < LANGUAGE_COUNT; l++)
            assert_true(strlen(fault_text(fault, l)) > 0);
        assert_int_equal(fault_of_code(span_of(fault_code(fault))), fault);
    }
    assert_int_equal(fault_status(OK), 200);
    assert_string_equal(fault_code(OK), "ok");
    assert_int_equal(fault_of_code(SPAN("ok")), OK);
    assert_int_equal(fault_of_code(SPAN("no_such_code")), FAULT_INTERNAL);
}

static void chooses_the_language_with_the_greatest_weight(void **state)
{
    (void)state;
    assert_int_equal(language_choose(NULL), LANGUAGE_VI);
    assert_int_equal(language_choose(""), LANGUAGE_VI);
    assert_int_equal(language_choose("fr-FR, *;q=0.1"), LANGUAGE_VI);
    assert_int_equal(language_choose("en"), LANGUAGE_EN);
    assert_int_equal(language_choose("EN-gb"), LANGUAGE_EN);
    assert_int_equal(language_choose("zh-Hans-CN"), LANGUAGE_ZH);
    assert_int_equal(language_choose("vi;q=0.5, zh;q=0.9 , en;q=0.8"), LANGUAGE_ZH);
    assert_int_equal(language_choose("en;q=0"), LANGUAGE_VI);
    assert_int_equal(language_choose("en;level=1, zh"), LANGUAGE_ZH);
    assert_int_equal(language_choose("eng"), LANGUAGE_VI);
    assert_int_equal(language_choose(";;,,=,;q=,en"), LANGUAGE_EN);
}

static void names_its_languages(void **state)
{
    (void)state;
    assert_string_equal(language_tag(LANGUAGE_VI), "vi");
    assert_string_equal(language_tag(LANGUAGE_EN), "en");
    assert_string_equal(language_tag(LANGUAGE_ZH), "zh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_a_status_a_code_of_its_own_and_three_texts),
        cmocka_unit_test(chooses_the_language_with_the_greatest_weight),
        cmocka_unit_test(names_its_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
