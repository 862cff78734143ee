/* SPDX-License-Identifier: MIT
 * Steps, scans and swaps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/gated/scan_form.h"
#include "services/gated/step_form.h"
#include "services/gated/swap_form.h"
#include "tests/unit/form_world.h"

static void a_step_needs_step_and_result(void **state)
{
    struct step_form form;

    (void)state;
    assert_int_equal(step_form_read(SPAN("{\"step\":\"customs_finish\",\"result\":\"pass\","
                                         "\"note\":\"\"}"),
                                    arena, &form),
                     OK);
    assert_true(span_is(form.step, "customs_finish"));
    assert_string_equal(form.result, "pass");
    assert_int_equal(form.note.size, 0);
    assert_null(form.channel);
    assert_int_equal(form.lane, 0);
    assert_int_equal(form.occurred_ms, -1);
    assert_int_equal(step_form_read(SPAN("{\"channel\":\"blue\",\"nonce\":\"n\"}"), arena, &form),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/step required\n/result required\n/channel unknown_value\n"
                                    "/nonce unknown_field\n");
}

static void a_step_may_tell_channel_lane_and_time(void **state)
{
    struct step_form form;

    (void)state;
    assert_int_equal(step_form_read(SPAN("{\"step\":\"registered\",\"result\":\"pass\","
                                         "\"channel\":\"yellow\",\"lane\":14,\"note\":\"a\\nb\","
                                         "\"occurred_at\":\"2026-11-23T08:30:00+07:00\"}"),
                                    arena, &form),
                     OK);
    assert_string_equal(form.result, "pass");
    assert_string_equal(form.channel, "yellow");
    assert_int_equal(form.lane, 14);
    assert_true(form.occurred_ms == 1795397400000);
    assert_true(span_is(form.note, "a\nb"));
}

static void a_channel_comes_with_the_registration_only(void **state)
{
    struct step_form form;

    (void)state;
    assert_int_equal(step_form_read(SPAN("{\"step\":\"fee_paid\",\"result\":\"pass\","
                                         "\"channel\":\"red\"}"),
                                    arena, &form),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/channel channel_not_here\n");
    assert_int_equal(step_form_read(SPAN("{\"step\":\"registered\",\"result\":\"hold\","
                                         "\"channel\":\"red\"}"),
                                    arena, &form),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/channel channel_not_here\n");
}

static void a_supervisor_may_override(void **state)
{
    struct step_form form;

    (void)state;
    assert_int_equal(step_form_read(SPAN("{\"step\":\"exit\",\"result\":\"pass\","
                                         "\"override\":true,\"note\":\"barrier broken\"}"),
                                    arena, &form),
                     OK);
    assert_true(form.is_override);
}

static void items_are_judged_one_by_one(void **state)
{
    struct failures failures;
    struct step_form *items;
    size_t count;

    (void)state;
    assert_int_equal(
        step_form_items(SPAN("{\"items\":[{\"crossing\":\"01000000000001\",\"step\":\"gate_in\","
                             "\"result\":\"pass\",\"nonce\":\"k1-1\",\"offline\":true,"
                             "\"occurred_at\":\"2026-11-23T08:30:00+07:00\"},"
                             "{\"crossing\":\"1\",\"step\":\"gate_in\",\"result\":\"pass\","
                             "\"offline\":true},7]}"),
                        arena, &failures, &items, &count),
        OK);
    assert_int_equal(count, 3);
    assert_failures(&items[0].failures, "");
    assert_true(items[0].is_offline);
    assert_true(span_is(items[0].nonce, "k1-1"));
    assert_failures(&items[1].failures, "/items/1/crossing crossing_format\n"
                                        "/items/1/nonce required\n"
                                        "/items/1/occurred_at required\n");
    assert_failures(&items[2].failures, "/items/2 wrong_type\n");
}

static void a_list_without_items_is_refused_whole(void **state)
{
    struct failures failures;
    struct step_form *items;
    size_t count;

    (void)state;
    assert_int_equal(step_form_items(SPAN("{}"), arena, &failures, &items, &count),
                     FAULT_INVALID_FIELDS);
    assert_failures(&failures, "/items required\n");
    assert_int_equal(step_form_items(SPAN("{\"items\":[]}"), arena, &failures, &items, &count),
                     FAULT_INVALID_FIELDS);
    assert_failures(&failures, "/items too_few\n");
    assert_int_equal(count, 0);
}

static void a_scan_is_told_apart_by_its_form(void **state)
{
    struct scan_form form;

    (void)state;
    assert_int_equal(scan_form_read(SPAN("{\"code\":\"01000000000001 1234567\",\"gate\":\"CKHN\","
                                         "\"lane\":2,\"device\":\"kiosk-1\","
                                         "\"plate\":\"29c 12345\",\"trailer_plate\":\"29R00123\","
                                         "\"occurred_at\":\"1970-01-01T00:00:00Z\"}"),
                                    arena, &form),
                     OK);
    assert_int_equal(form.scan.kind, SCAN_PASS);
    assert_true(span_is(form.plate, "29C12345"));
    assert_true(span_is(form.trailer_plate, "29R00123"));
    assert_true(span_is(form.gate, "CKHN"));
    assert_int_equal(form.lane, 2);
    assert_int_equal(form.occurred_ms, 0);
    assert_int_equal(scan_form_read(SPAN("{\"plate\":\"29C 123.45\"}"), arena, &form), OK);
    assert_int_equal(form.scan.kind, SCAN_PLATE);
    assert_string_equal(form.scan.plate.text, "29C12345");
    assert_int_equal(scan_form_read(SPAN("{\"number\":\"20261122010001\"}"), arena, &form), OK);
    assert_int_equal(form.scan.kind, SCAN_DECLARATION);
    assert_int_equal(scan_form_read(SPAN("{\"code\":\"hello\"}"), arena, &form), OK);
    assert_int_equal(form.scan.kind, SCAN_UNREADABLE);
}

static void a_scan_needs_one_thing_to_look_for(void **state)
{
    static const struct {
        const char *body;
        const char *failures;
    } CASES[] = {
        {"{}", "/code one_of\n"},
        {"{\"code\":\"1\",\"number\":\"01000000000001\"}", "/number one_of\n"},
        {"{\"number\":\"29C12345\"}", "/number crossing_format\n"},
        {"{\"plate\":\"?\"}", "/plate plate_format\n"},
        {"{\"plate\":\"29C12345\",\"trailer_plate\":\"29C12345\"}",
         "/trailer_plate plate_format\n"},
        {"{\"code\":1,\"lane\":100}", "/code wrong_type\n/lane number_range\n"},
    };
    struct scan_form form;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_int_equal(scan_form_read(span_of(CASES[i].body), arena, &form),
                         FAULT_INVALID_FIELDS);
        assert_failures(&form.failures, CASES[i].failures);
    }
}

static void a_swap_is_normalised_like_a_declaration(void **state)
{
    struct swap_form form;

    (void)state;
    assert_int_equal(
        swap_form_read(SPAN("{\"plate\":\"f12345\",\"reason\":\" hỏng máy \","
                            "\"driver\":{\"name\":\"Bình\",\"phone\":\"0912345678\","
                            "\"document\":{\"type\":\"cmnd\",\"number\":\"012345678\"}}}"),
                       arena, &form),
        OK);
    assert_string_equal(
        form.document.at,
        "{\"plate\":\"桂F12345\",\"nationality\":\"CN\",\"driver\":{\"name\":\"Bình\","
        "\"document\":{\"type\":\"cmnd\",\"number\":\"012345678\"},"
        "\"phone\":\"+84912345678\"},\"reason\":\"hỏng máy\"}");
    assert_true(span_is(form.plate, "桂F12345"));
    assert_failures(&form.warnings, "/plate plate_province_assumed\n");
}

static void a_swap_must_be_complete(void **state)
{
    struct swap_form form;

    (void)state;
    assert_int_equal(swap_form_read(SPAN("{\"reason\":\"x\"}"), arena, &form),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, " nothing_given\n");
    assert_int_equal(swap_form_read(SPAN("{\"driver\":{\"name\":\"Bình\"},\"plate\":\"29C12345\","
                                         "\"nationality\":\"CN\",\"x\":1}"),
                                    arena, &form),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/plate plate_nationality\n/reason required\n/x unknown_field\n"
                                    "/driver/document missing_driver_document\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, form_world_open, form_world_close)
    const struct CMUnitTest tests[] = {
        TEST(a_step_needs_step_and_result),
        TEST(a_step_may_tell_channel_lane_and_time),
        TEST(a_channel_comes_with_the_registration_only),
        TEST(a_supervisor_may_override),
        TEST(items_are_judged_one_by_one),
        TEST(a_list_without_items_is_refused_whole),
        TEST(a_scan_is_told_apart_by_its_form),
        TEST(a_scan_needs_one_thing_to_look_for),
        TEST(a_swap_is_normalised_like_a_declaration),
        TEST(a_swap_must_be_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
