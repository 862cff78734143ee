/* SPDX-License-Identifier: MIT
 * Amending: members replace those of the stored document, and the whole is judged again.
 */
#include "services/gated/declaration_form.h"
#include "tests/unit/form_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* As PostgreSQL prints it: blanks after colons, members in any order. */
#define STORED(direction, customs)                                                                 \
    "{\"goods\": [{\"hs\": \"08106000\", \"description\": \"x\", \"net_weight_kg\": 0.1}], "       \
    "\"gate\": \"CKHN\", \"direction\": \"" direction                                              \
    "\", \"planned_arrival_ms\": 1795397400000, "                                                  \
    "\"note\": \"old\", \"vehicles\": [{\"nationality\": \"VN\", \"plate\": \"29C12345\", "        \
    "\"driver\": {\"name\": \"An\", \"document\": {\"type\": \"cccd\", \"number\": "               \
    "\"001099000001\"}}}], \"receiving_vehicles\": [], \"customs_declarations\": "                 \
    "[{\"number\": \"" customs "\"}]}"

static struct declaration_form form;

static enum fault amend(const char *body)
{
    return declaration_form_amend(span_of(body), SPAN(STORED("export", "306012345670")), arena,
                                  &form);
}

static void given_members_replace_and_null_removes(void **state)
{
    (void)state;
    assert_int_equal(amend("{\"planned_arrival\":\"2026-11-23T09:00:00+07:00\",\"note\":null,"
                           "\"route\":\"1119-1120\"}"),
                     OK);
    assert_string_equal(form.members.at, "{\"route\":\"1119-1120\","
                                         "\"planned_arrival_ms\":1795399200000,\"note\":null}");
    assert_string_equal(
        form.document.at,
        "{\"gate\":\"CKHN\",\"direction\":\"export\",\"route\":\"1119-1120\","
        "\"planned_arrival_ms\":1795399200000,\"vehicles\":[{\"nationality\":\"VN\","
        "\"plate\":\"29C12345\",\"driver\":{\"name\":\"An\",\"document\":{\"type\":\"cccd\","
        "\"number\":\"001099000001\"}}}],\"receiving_vehicles\":[],"
        "\"customs_declarations\":[{\"number\":\"306012345670\"}],"
        "\"goods\":[{\"hs\":\"08106000\",\"description\":\"x\",\"net_weight_kg\":0.1}]}");
    assert_failures(&form.rule_failures, "");
    assert_int_equal(form.plate_count, 1);
    assert_int_equal(form.direction, DIRECTION_EXPORT);
}

static void the_whole_is_judged_again(void **state)
{
    (void)state;
    assert_int_equal(amend("{\"planned_arrival\":null,\"goods\":null,"
                           "\"vehicles\":[{\"plate\":\"29C12346\"},{\"plate\":\"F12345\"}]}"),
                     OK);
    assert_failures(&form.rule_failures, "/planned_arrival missing_planned_arrival\n"
                                         "/vehicles/0/driver missing_driver\n"
                                         "/vehicles/1/driver missing_driver\n"
                                         "/goods missing_goods\n");
    assert_failures(&form.warnings, "/vehicles/1/plate plate_province_assumed\n");
    assert_int_equal(form.plate_count, 2);
    assert_true(span_is(form.plates[1], "桂F12345"));
}

static void what_it_was_filed_under_stays(void **state)
{
    (void)state;
    assert_int_equal(amend("{\"gate\":\"TT\",\"direction\":null,\"on_behalf_of\":\"x\","
                           "\"vehicles\":null,\"planned_arrival_ms\":1}"),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/gate not_amendable\n"
                                    "/direction not_amendable\n"
                                    "/on_behalf_of not_amendable\n"
                                    "/vehicles not_removable\n"
                                    "/planned_arrival_ms unknown_field\n");
    assert_int_equal(form.document.size, 0);
}

static void numbers_are_checked_against_the_stored_direction(void **state)
{
    (void)state;
    assert_int_equal(amend("{\"customs_declarations\":[{\"number\":\"106012345670\"}]}"),
                     FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/customs_declarations/0/number customs_number_direction\n");
}

static void duplicates_are_found_across_old_and_new(void **state)
{
    (void)state;
    assert_int_equal(
        declaration_form_amend(SPAN("{\"receiving_vehicles\":[{\"plate\":\"29C-123.45\"}]}"),
                               SPAN(STORED("import", "106012345670")), arena, &form),
        FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, "/receiving_vehicles/0/plate duplicate_plate\n");
    assert_int_equal(form.document.size, 0);
}

static void an_empty_amendment_is_refused(void **state)
{
    (void)state;
    assert_int_equal(amend("{}"), FAULT_INVALID_FIELDS);
    assert_failures(&form.failures, " nothing_given\n");
    assert_int_equal(amend("["), FAULT_BAD_JSON);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, form_world_open, form_world_close)
    const struct CMUnitTest tests[] = {
        TEST(given_members_replace_and_null_removes),
        TEST(the_whole_is_judged_again),
        TEST(what_it_was_filed_under_stays),
        TEST(numbers_are_checked_against_the_stored_direction),
        TEST(duplicates_are_found_across_old_and_new),
        TEST(an_empty_amendment_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
