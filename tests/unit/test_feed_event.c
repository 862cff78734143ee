/* SPDX-License-Identifier: MIT
 * An event of a ledger, as each reader sees it; and what boards are told of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/gated/board_event.h"
#include "services/gated/feed_event.h"

#define ROW(type, body, firms, officers)                                                           \
    "{\"seq\":7,\"firm\":12,\"type\":\"" type "\",\"public\":{\"ledger\":\"CKHN\",\"seq\":7,"      \
    "\"at\":\"2026-11-22T08:00:00.000+07:00\",\"type\":\"" type "\"" body                          \
    ",\"private\":\"abcd\"},\"hash\":\"ff00\",\"adds\":{" firms "},\"adds_officer\":{" officers    \
    "}}"
#define CALLED                                                                                     \
    ROW("called",                                                                                  \
        ",\"crossing\":\"01000000001234\",\"lane\":3,\"direction\":\"export\","                    \
        "\"class\":\"general\",\"state\":\"called\"",                                              \
        "\"plate\":\"29C12345\",\"reason\":\"x\"", "\"by\":5")
#define COMMON                                                                                     \
    "\"seq\":7,\"at\":\"2026-11-22T08:00:00.000+07:00\",\"id\":\"CKHN-7\",\"gate\":\"CKHN\","      \
    "\"hash\":\"ff00\""

static struct feed_event *read_event(const char *text)
{
    json_t *row = json_loads(text, 0, NULL);

    assert_non_null(row);
    struct feed_event *event = feed_event_read(row);
    json_decref(row);
    return event;
}

static void assert_written(const struct feed_event *event, unsigned parts, const char *wanted)
{
    struct buffer text = {0};
    json_t *expected = json_loads(wanted, 0, NULL);

    feed_event_write(event, parts, &text);
    json_t *written = json_loadb(text.at, text.size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_equal(written, expected))
        fail_msg("%.*s", SPAN_ARG(buffer_span(&text)));
    json_decref(written);
    json_decref(expected);
    buffer_free(&text);
}

static void assert_board(const char *row, const char *name, const char *object)
{
    struct feed_event *event = read_event(row);
    json_t *expected = json_loads(object, 0, NULL);
    json_t *written = json_loadb(event->board.at, event->board.size, 0, NULL);

    assert_true(span_is(event->board_name, name));
    if (!json_equal(written, expected))
        fail_msg("%.*s", SPAN_ARG(event->board));
    json_decref(written);
    json_decref(expected);
    feed_event_free(event);
}

static void each_sees_its_part(void **state)
{
    struct feed_event *event =
        read_event(ROW("held", ",\"state\":\"held\"", "\"plate\":\"29C12345\"", "\"by\":5"));

    (void)state;
    assert_int_equal(event->seq, 7);
    assert_int_equal(event->firm, 12);
    assert_true(span_is(event->type, "held"));
    assert_written(event, 0, "{" COMMON ",\"type\":\"held\",\"state\":\"held\"}");
    assert_written(event, PART_FIRM,
                   "{" COMMON ",\"type\":\"held\",\"state\":\"held\",\"plate\":\"29C12345\"}");
    assert_written(event, PART_OFFICER,
                   "{" COMMON ",\"type\":\"held\",\"state\":\"held\",\"by\":5}");
    assert_written(event, PART_FIRM | PART_OFFICER,
                   "{" COMMON
                   ",\"type\":\"held\",\"state\":\"held\",\"plate\":\"29C12345\",\"by\":5}");
    feed_event_free(event);
}

static void a_member_that_two_parts_have_is_said_once(void **state)
{
    struct feed_event *event = read_event(
        ROW("held", ",\"declaration\":\"1\",\"lane\":1", "\"declaration\":\"1\",\"lane\":2", ""));

    (void)state;
    assert_written(event, PART_FIRM,
                   "{" COMMON ",\"type\":\"held\",\"declaration\":\"1\",\"lane\":2}");
    feed_event_free(event);
}

static void an_event_of_nobody_has_no_firm(void **state)
{
    struct feed_event *event = read_event(
        "{\"seq\":1,\"firm\":null,\"type\":\"x\",\"public\":{\"ledger\":\"TT\",\"seq\":1},"
        "\"hash\":\"\",\"adds\":{},\"adds_officer\":{}}");

    (void)state;
    assert_int_equal(event->firm, 0);
    assert_int_equal(event->board.size, 0);
    assert_written(event, PART_FIRM | PART_OFFICER,
                   "{\"seq\":1,\"id\":\"TT-1\",\"gate\":\"TT\",\"hash\":\"\"}");
    feed_event_free(event);
}

static void what_is_no_event_is_not_read(void **state)
{
    (void)state;
    assert_null(read_event("{}"));
    assert_null(read_event("{\"seq\":1,\"type\":\"x\"}"));
    assert_null(read_event("{\"seq\":0,\"type\":\"x\",\"public\":{\"ledger\":\"TT\"},\"adds\":{},"
                           "\"adds_officer\":{}}"));
    assert_null(read_event("{\"seq\":1,\"type\":\"x\",\"public\":{},\"adds\":{},"
                           "\"adds_officer\":{}}"));
}

static void a_board_hears_of_calls_with_the_plate_masked(void **state)
{
    (void)state;
    assert_board(
        CALLED, "called",
        "{\"plate\":\"29C-***.45\",\"number\":\"1234\",\"lane\":3,\"direction\":\"export\","
        "\"class\":\"general\",\"state\":\"called\","
        "\"called_at\":\"2026-11-22T08:00:00.000+07:00\"}");
}

static void a_board_hears_of_exits_and_of_no_other_step(void **state)
{
    struct feed_event *event =
        read_event(ROW("step", ",\"step\":\"gate_in\",\"result\":\"pass\"", "", ""));

    (void)state;
    assert_int_equal(event->board.size, 0);
    feed_event_free(event);
    assert_board(ROW("step",
                     ",\"crossing\":\"01000000001234\",\"step\":\"exit\",\"result\":\"pass\"",
                     "\"plate\":\"桂A12345\"", ""),
                 "exited",
                 "{\"plate\":\"桂A1-***.45\",\"number\":\"1234\","
                 "\"at\":\"2026-11-22T08:00:00.000+07:00\"}");
}

static void a_board_hears_of_lanes_and_the_calendar(void **state)
{
    (void)state;
    assert_board(ROW("lane_close",
                     ",\"lane\":2,\"route\":\"r\",\"directions\":[\"import\"],"
                     "\"classes\":null",
                     "\"reason\":\"oil\"", "\"by\":5"),
                 "lane",
                 "{\"lane\":2,\"route\":\"r\",\"directions\":[\"import\"],\"classes\":null,"
                 "\"open\":false}");
    assert_board(ROW("calendar",
                     ",\"entries\":[{\"mode\":\"closed\",\"from_ms\":0,"
                     "\"to_ms\":3600000,\"reason\":\"fog\"}]",
                     "", "\"by\":5"),
                 "calendar",
                 "{\"at\":\"2026-11-22T08:00:00.000+07:00\",\"entries\":[{\"mode\":\"closed\","
                 "\"reason\":\"fog\",\"from\":\"1970-01-01T07:00:00+07:00\","
                 "\"to\":\"1970-01-01T08:00:00+07:00\"}]}");
}

static void short_plates_are_masked_too(void **state)
{
    struct buffer text = {0};

    (void)state;
    plate_mask(SPAN("A"), &text);
    plate_mask(SPAN(""), &text);
    assert_true(span_is(buffer_span(&text), "A-***.A-***."));
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sees_its_part),
        cmocka_unit_test(a_member_that_two_parts_have_is_said_once),
        cmocka_unit_test(an_event_of_nobody_has_no_firm),
        cmocka_unit_test(what_is_no_event_is_not_read),
        cmocka_unit_test(a_board_hears_of_calls_with_the_plate_masked),
        cmocka_unit_test(a_board_hears_of_exits_and_of_no_other_step),
        cmocka_unit_test(a_board_hears_of_lanes_and_the_calendar),
        cmocka_unit_test(short_plates_are_masked_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
