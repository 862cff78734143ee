/* SPDX-License-Identifier: MIT
 * Who sees which events, and which part of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "services/gated/audience.h"

static struct audience firm(int64_t number)
{
    return (struct audience){
        .role = ROLE_FIRM, .firm = number, .gate = -1, .actor = SPAN("{\"role\":\"firm\"}")};
}

/* Of gate 1 only. */
static struct audience at_gate(enum role role)
{
    return (struct audience){.role = role, .gate = -1, .gates = {2}, .actor = SPAN("{}")};
}

static struct feed_event event_of(int64_t number, const char *type)
{
    return (struct feed_event){.seq = 1, .firm = number, .type = span_of(type)};
}

static void a_firm_sees_its_own_at_every_gate_and_no_other(void **state)
{
    struct audience one = firm(1);
    struct feed_event own = event_of(1, "step"), foreign = event_of(2, "step"),
                      nobodys = event_of(0, "lane_open");

    (void)state;
    for (int ledger = 0; ledger < 3; ledger++) {
        assert_true(audience_sees(&one, ledger, &own));
        assert_false(audience_sees(&one, ledger, &foreign));
        assert_false(audience_sees(&one, ledger, &nobodys));
        assert_int_equal(audience_parts(&one, ledger), PART_FIRM);
    }
}

static void a_firm_without_a_number_sees_nothing(void **state)
{
    struct audience none = firm(0);
    struct feed_event nobodys = event_of(0, "lane_open");

    (void)state;
    assert_false(audience_sees(&none, 1, &nobodys));
}

static void those_of_a_gate_see_all_of_it(void **state)
{
    static const enum role ROLES[] = {ROLE_OFFICER, ROLE_SYSTEM, ROLE_OPERATOR, ROLE_SUPERVISOR};
    struct feed_event event = event_of(2, "step"), nobodys = event_of(0, "calendar");

    (void)state;
    for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++) {
        struct audience officer = at_gate(ROLES[i]);
        assert_true(audience_sees(&officer, 1, &event));
        assert_true(audience_sees(&officer, 1, &nobodys));
        assert_false(audience_sees(&officer, 2, &event));
        assert_false(audience_sees(&officer, LEDGER_PLATFORM, &nobodys));
        assert_int_equal(audience_parts(&officer, 1), PART_FIRM | PART_OFFICER);
    }
}

static void an_administrator_sees_the_platform_and_no_plates(void **state)
{
    struct audience admin = at_gate(ROLE_ADMIN);
    struct feed_event event = event_of(2, "step");

    (void)state;
    assert_true(audience_sees(&admin, LEDGER_PLATFORM, &event));
    assert_int_equal(audience_parts(&admin, LEDGER_PLATFORM), PART_FIRM | PART_OFFICER);
    assert_true(audience_sees(&admin, 1, &event));
    assert_false(audience_sees(&admin, 2, &event));
    assert_int_equal(audience_parts(&admin, 1), PART_OFFICER);
}

static void a_stream_may_ask_for_one_gate_and_some_types(void **state)
{
    struct audience one = firm(1);
    struct feed_event called = event_of(1, "called"), call = event_of(1, "call"),
                      exited = event_of(1, "exited");

    (void)state;
    one.gate = 2;
    one.types = SPAN("called,exited");
    assert_false(audience_sees(&one, 1, &called));
    assert_true(audience_sees(&one, 2, &called));
    assert_true(audience_sees(&one, 2, &exited));
    assert_false(audience_sees(&one, 2, &call));
}

static void its_list_names_who_and_what(void **state)
{
    struct audience one = firm(12), officer = at_gate(ROLE_OFFICER);
    struct buffer text = {0};

    (void)state;
    one.types = SPAN("called");
    audience_list(&one, &text);
    assert_true(span_is(buffer_span(&text), "events:f12:called"));
    text.size = 0;
    audience_list(&officer, &text);
    assert_true(span_is(buffer_span(&text), "events:officer:"));
    buffer_free(&text);
}

static void it_asks_the_database_for_the_same(void **state)
{
    struct audience one = firm(12);
    struct buffer text = {0};

    (void)state;
    one.types = SPAN("called,exited");
    one.gate = 2;
    audience_ask(&one, 5, SPAN("abc"), &text);
    assert_true(span_is(buffer_span(&text),
                        "{\"now\":5,\"actor\":{\"role\":\"firm\"},\"limit\":200,\"gate\":2,"
                        "\"types\":[\"called\",\"exited\"],\"after\":\"abc\"}"));
    buffer_free(&text);
}

static void a_copy_is_equal_and_lives_alone(void **state)
{
    char types[] = "called";
    struct audience one = firm(12);

    (void)state;
    one.types = span_of(types);
    struct audience *copy = audience_copy(&one);
    assert_true(audience_is_equal(copy, &one));
    types[0] = 'C';
    assert_true(span_is(copy->types, "called"));
    assert_false(audience_is_equal(copy, &one));
    free(copy);
}

static void a_key_that_means_somebody_else_is_noticed(void **state)
{
    struct audience officer = at_gate(ROLE_OFFICER);
    struct principal same = {.role = ROLE_OFFICER, .gates = {2}};
    struct principal other_role = {.role = ROLE_OPERATOR, .gates = {2}};
    struct principal other_gates = {.role = ROLE_OFFICER, .gates = {6}};
    struct principal other_firm = {.role = ROLE_OFFICER, .gates = {2}, .firm = 1};

    (void)state;
    assert_true(audience_is_of(&officer, &same));
    assert_false(audience_is_of(&officer, &other_role));
    assert_false(audience_is_of(&officer, &other_gates));
    assert_false(audience_is_of(&officer, &other_firm));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_firm_sees_its_own_at_every_gate_and_no_other),
        cmocka_unit_test(a_firm_without_a_number_sees_nothing),
        cmocka_unit_test(those_of_a_gate_see_all_of_it),
        cmocka_unit_test(an_administrator_sees_the_platform_and_no_plates),
        cmocka_unit_test(a_stream_may_ask_for_one_gate_and_some_types),
        cmocka_unit_test(its_list_names_who_and_what),
        cmocka_unit_test(it_asks_the_database_for_the_same),
        cmocka_unit_test(a_copy_is_equal_and_lives_alone),
        cmocka_unit_test(a_key_that_means_somebody_else_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
