/* SPDX-License-Identifier: MIT
 * Filing: what is normalised, what is malformed, what makes a draft, what is only suspicious.
 */
#include "services/gated/declaration_form.h"
#include "tests/unit/form_world.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DRIVER                                                                                     \
    "\"driver\":{\"name\":\"Nguyễn Văn An\",\"document\":{\"type\":\"cccd\",\"number\":"        \
    "\"001099000001\"},\"phone\":\"0912345678\"}"
#define HEADER                                                                                     \
    "\"gate\":\"CKHN\",\"direction\":\"export\",\"planned_arrival\":\"2026-11-23T08:30:00+07:00\""
#define IMPORT                                                                                     \
    "\"gate\":\"TT\",\"direction\":\"import\",\"planned_arrival\":\"2026-11-23T08:30:00+07:00\""
#define CUSTOMS "\"customs_declarations\":[{\"number\":\"306012345670\",\"type\":\"B11\"}]"
#define GOODS   "\"goods\":[{\"hs\":\"08106000\",\"description\":\"Sầu riêng tươi\"}]"

static struct declaration_form form;

static void file(const char *body)
{
    struct buffer out = {0};
    enum fault fault = declaration_form_file(span_of(body), arena, &form);

    failures_write(&form.failures, &out);
    if (fault != OK)
        print_error("%s\n", out.at);
    buffer_free(&out);
    assert_int_equal(fault, OK);
}

static void file_wrong(const char *body)
{
    assert_int_equal(declaration_form_file(span_of(body), arena, &form), FAULT_INVALID_FIELDS);
    assert_int_equal(form.document.size, 0);
}

static void normalises_a_whole_declaration(void **state)
{
    (void)state;
    file("{" HEADER ",\"on_behalf_of\":\" 0100109106\\t\",\"route\":\"1119-1120\","
         "\"border_guard_number\":\"22112026 "
         "00001\",\"regime\":\"temporary\",\"yard\":\"XUANCUONG\","
         "\"unloading_place\":\" Bãi 1 \",\"reference\":\"R-1\",\"note\":\"a\\nb\","
         "\"fee_payer\":{\"name\":\"Công ty A\",\"tax_code\":\"9900000016\",\"address\":\"Lạng "
         "Sơn\","
         "\"phone\":\"0912 345 678\"},"
         "\"fee_payer_cn\":{\"name\":\"广西公司\",\"phone\":\"13812345678\"},"
         "\"vehicles\":[{\"plate\":\"29c-123.45\",\"specialised_plate\":\"12C-001.23\","
         "\"trailer_plate\":\"29R-001.23\",\"class\":\"VT6\",\"body\":\"tractor\","
         "\"container\":\"csqu 3054383\",\"seal\":\"vn-123456\",\"own_weight_kg\":8000.50,"
         "\"goods_weight_kg\":18000,\"licence\":\"GP "
         "12/2026\",\"customs_vehicle_number\":\"15BB-9\","
         "\"insurance\":\"BH-1\",\"unloading_place\":\"浦寨\"," DRIVER
         ",\"co_driver\":{\"name\":\"Trần Bình\",\"specialised\":true,\"licence\":\"B2\"}}],"
         "\"customs_declarations\":[{\"number\":\"3060 1234 "
         "5670\",\"type\":\"b11\",\"office\":\"15BB\","
         "\"place\":\"VNHUGT\",\"date\":\"2026-11-22\"}],"
         "\"goods\":[{\"hs\":\"0810.60.00\",\"description\":\"Sầu riêng\",\"origin\":\"vn\","
         "\"quantity\":18,\"unit\":\"tne\",\"packages\":1200,\"net_weight_kg\":18000,"
         "\"gross_weight_kg\":19500.125,\"value\":54000.5,\"currency\":\"usd\",\"file\":\"k1\","
         "\"plates\":[\"29C 12345\"],\"customs_declaration\":\"306012345670\"}]}");
    assert_string_equal(
        form.document.at,
        "{\"gate\":\"CKHN\",\"direction\":\"export\",\"route\":\"1119-1120\","
        "\"planned_arrival_ms\":1795397400000,\"border_guard_number\":\"2211202600001\","
        "\"regime\":\"temporary\",\"yard\":\"XUANCUONG\",\"unloading_place\":\"Bãi 1\","
        "\"fee_payer\":{\"name\":\"Công ty A\",\"tax_code\":\"9900000016\",\"address\":\"Lạng "
        "Sơn\","
        "\"phone\":\"+84912345678\"},"
        "\"fee_payer_cn\":{\"name\":\"广西公司\",\"phone\":\"+8613812345678\"},"
        "\"reference\":\"R-1\",\"note\":\"a\\u000ab\","
        "\"vehicles\":[{\"nationality\":\"VN\",\"plate\":\"29C12345\","
        "\"specialised_plate\":\"12C00123\",\"trailer_plate\":\"29R00123\",\"class\":\"VT6\","
        "\"body\":\"tractor\",\"container\":\"CSQU3054383\",\"seal\":\"VN123456\","
        "\"own_weight_kg\":8000.5,\"goods_weight_kg\":18000,\"licence\":\"GP 12/2026\","
        "\"customs_vehicle_number\":\"15BB-9\",\"insurance\":\"BH-1\",\"unloading_place\":\"浦寨\","
        "\"driver\":{\"name\":\"Nguyễn Văn An\",\"document\":{\"type\":\"cccd\","
        "\"number\":\"001099000001\"},\"phone\":\"+84912345678\"},"
        "\"co_driver\":{\"name\":\"Trần Bình\",\"licence\":\"B2\",\"specialised\":true}}],"
        "\"receiving_vehicles\":[],"
        "\"customs_declarations\":[{\"number\":\"306012345670\",\"type\":\"B11\","
        "\"office\":\"15BB\",\"place\":\"VNHUGT\",\"date\":\"2026-11-22\"}],"
        "\"goods\":[{\"hs\":\"08106000\",\"description\":\"Sầu riêng\",\"origin\":\"VN\","
        "\"quantity\":18,\"unit\":\"TNE\",\"packages\":1200,\"net_weight_kg\":18000,"
        "\"gross_weight_kg\":19500.125,\"value\":54000.5,\"currency\":\"USD\",\"file\":\"k1\","
        "\"plates\":[\"29C12345\"],\"customs_declaration\":\"306012345670\"}]}");
    assert_true(span_is(form.gate, "CKHN"));
    assert_int_equal(form.direction, DIRECTION_EXPORT);
    assert_true(span_is(form.on_behalf_of, "0100109106"));
    assert_int_equal(form.plate_count, 1);
    assert_true(span_is(form.plates[0], "29C12345"));
    assert_failures(&form.rule_failures, "");
    assert_failures(&form.warnings, "");
}

static void a_normalised_document_reads_back_to_itself(void **state)
{
    struct declaration_form again;

    (void)state;
    file("{" HEADER "," CUSTOMS "," GOODS ",\"vehicles\":[{\"plate\":\"29C12345\"," DRIVER "},"
         "{\"vin\":\"LSVAU033472000000\"}]}");
    declaration_form_rules(form.document, arena, &again);
    assert_true(span_is_equal(again.document, form.document));
    assert_int_equal(again.failures.count, 0);
    assert_int_equal(again.plate_count, 2);
    assert_true(span_is(again.plates[1], "LSVAU033472000000"));
    assert_failures(&again.rule_failures, "/vehicles/1/driver missing_driver\n");
    assert_failures(&again.warnings, "/goods/0 goods_plates_unnamed\n");
}

static void what_is_absent_makes_a_draft(void **state)
{
    (void)state;
    file("{\"gate\":\"TT\",\"direction\":\"import\"}");
    assert_failures(&form.rule_failures, "/planned_arrival missing_planned_arrival\n"
                                         "/vehicles missing_vehicle\n");
    assert_string_equal(form.document.at,
                        "{\"gate\":\"TT\",\"direction\":\"import\",\"vehicles\":[],"
                        "\"receiving_vehicles\":[],\"customs_declarations\":[],\"goods\":[]}");
    file("{" IMPORT ",\"vehicles\":[{},{\"plate\":\"29C12345\",\"driver\":{\"document\":{\"type\":"
         "\"cccd\"}}}],\"customs_declarations\":[{\"type\":\"B11\"}],"
         "\"receiving_vehicles\":[{\"plate\":\"29C12346\"}],\"goods\":[{}]}");
    assert_failures(&form.rule_failures, "/vehicles/0/plate missing_plate\n"
                                         "/vehicles/0/driver missing_driver\n"
                                         "/vehicles/1/driver/name missing_driver_name\n"
                                         "/vehicles/1/driver/document missing_driver_document\n"
                                         "/receiving_vehicles/0/driver missing_driver\n"
                                         "/customs_declarations/0/number missing_customs_number\n"
                                         "/goods/0/hs missing_hs\n"
                                         "/goods/0/description missing_description\n");
}

static void goods_and_customs_declaration_come_together(void **state)
{
    (void)state;
    file("{" HEADER "," GOODS ",\"vehicles\":[{\"plate\":\"29C12345\"," DRIVER "}]}");
    assert_failures(&form.rule_failures, "/customs_declarations missing_customs_declaration\n");
    file("{" HEADER "," CUSTOMS ",\"vehicles\":[{\"plate\":\"29C12345\"," DRIVER "}]}");
    assert_failures(&form.rule_failures, "/goods missing_goods\n");
    file("{" HEADER ",\"vehicles\":[{\"plate\":\"29C12345\"," DRIVER "}]}"); /* an empty vehicle */
    assert_failures(&form.rule_failures, "");
}

static void goods_may_name_only_what_is_declared(void **state)
{
    (void)state;
    file("{" HEADER "," CUSTOMS ",\"vehicles\":[{\"plate\":\"29C12345\"," DRIVER "},"
         "{\"vin\":\"LSVAU033472000000\"," DRIVER "}],\"goods\":[{\"hs\":\"08106000\","
         "\"description\":\"x\",\"plates\":[\"29C-123.45\",\"29C99999\",\"lsvau033472000000\"],"
         "\"customs_declaration\":\"306012345671\"}]}");
    assert_failures(&form.rule_failures, "/goods/0/plates/1 goods_plate_unknown\n"
                                         "/goods/0/customs_declaration goods_customs_unknown\n");
    assert_failures(&form.warnings, "");
}

static void what_is_suspicious_is_only_told(void **state)
{
    (void)state;
    file("{\"gate\":\"TT\",\"direction\":\"import\",\"planned_arrival\":\"2026-11-23T01:30:00Z\","
         "\"customs_declarations\":[{\"number\":\"106012345670\"},{\"number\":\"106012345680\"}],"
         "\"vehicles\":[{\"plate\":\"F12345\",\"container\":\"CSQU3054384\"," DRIVER "}],"
         "\"receiving_vehicles\":[{\"plate\":\"29C12345\"," DRIVER "}]," GOODS "}");
    assert_failures(&form.rule_failures, "");
    assert_failures(&form.warnings, "/vehicles/0/plate plate_province_assumed\n"
                                    "/vehicles/0/container container_check_digit\n"
                                    "/goods/0 goods_customs_unnamed\n");
    assert_int_equal(form.plate_count, 2);
    assert_true(span_is(form.plates[0], "桂F12345"));
}

static void the_nationality_follows_from_the_plate_or_the_direction(void **state)
{
    json_t *document;

    (void)state;
    file("{\"gate\":\"TT\",\"direction\":\"import\",\"vehicles\":[{\"plate\":\"29C12345\"},{},"
         "{\"plate\":\"F12345\"}],\"receiving_vehicles\":[{}]}");
    document = json_loads(form.document.at, 0, NULL);
    const json_t *vehicles = json_object_get(document, "vehicles");
    const char *const expected[] = {"VN", "CN", "CN"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(vehicles, i), "nationality")),
            expected[i]);
    vehicles = json_object_get(document, "receiving_vehicles");
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(vehicles, 0), "nationality")), "VN");
    json_decref(document);
}

static void tells_all_failures_at_once(void **state)
{
    (void)state;
    file_wrong(
        "{\"direction\":\"sideways\",\"on_behalf_of\":\"0100109107\",\"route\":\"a b\","
        "\"planned_arrival\":\"2026-11-23T08:30:00\",\"border_guard_number\":\"1\","
        "\"regime\":\"none\",\"note\":7,\"colour\":\"red\","
        "\"fee_payer\":{\"tax_code\":\"4900123456\",\"phone\":\"1\",\"email\":\"x\"},"
        "\"fee_payer_cn\":{\"tax_code\":\"0100109106\"},"
        "\"vehicles\":[{\"plate\":\"29C12345\",\"nationality\":\"CN\",\"vin\":\"1\","
        "\"trailer_plate\":\"29C12345\",\"class\":\"VT7\",\"container\":\"X\",\"seal\":\"a*b\","
        "\"own_weight_kg\":-1,\"goods_weight_kg\":\"1\",\"driver\":{\"document\":{\"number\":"
        "\"1\"},\"phone\":\"2\"},\"co_driver\":{\"document\":{\"type\":\"cccd\",\"number\":"
        "\"1\"}}},7],"
        "\"customs_declarations\":[{\"number\":\"106012345670\",\"type\":\"11\","
        "\"office\":\"é\",\"date\":\"22/11/2026\"}],"
        "\"goods\":[{\"hs\":\"1\",\"origin\":\"VNM\",\"unit\":\"TONNE\",\"currency\":\"$\","
        "\"packages\":1.5,\"net_weight_kg\":2,\"gross_weight_kg\":1,\"value\":0.001,"
        "\"plates\":[\"?\",1]}]}");
    assert_failures(&form.failures, "/gate required\n"
                                    "/direction unknown_value\n"
                                    "/on_behalf_of tax_code_check\n"
                                    "/route code_format\n"
                                    "/planned_arrival instant_format\n"
                                    "/border_guard_number border_guard_number_format\n"
                                    "/regime unknown_value\n"
                                    "/fee_payer/tax_code tax_code_check\n"
                                    "/fee_payer/phone phone_format\n"
                                    "/fee_payer/email unknown_field\n"
                                    "/fee_payer_cn/tax_code unknown_field\n"
                                    "/note wrong_type\n"
                                    "/vehicles/0/plate plate_nationality\n"
                                    "/vehicles/0/vin vin_format\n"
                                    "/vehicles/0/trailer_plate plate_format\n"
                                    "/vehicles/0/class unknown_value\n"
                                    "/vehicles/0/container container_format\n"
                                    "/vehicles/0/seal seal_format\n"
                                    "/vehicles/0/own_weight_kg number_range\n"
                                    "/vehicles/0/goods_weight_kg wrong_type\n"
                                    "/vehicles/0/driver/document/type required\n"
                                    "/vehicles/0/driver/phone phone_format\n"
                                    "/vehicles/0/co_driver/document/number document_format\n"
                                    "/vehicles/1 wrong_type\n"
                                    "/customs_declarations/0/number customs_number_direction\n"
                                    "/customs_declarations/0/type customs_type_format\n"
                                    "/customs_declarations/0/office code_format\n"
                                    "/customs_declarations/0/date date_format\n"
                                    "/goods/0/hs hs_format\n"
                                    "/goods/0/origin country_format\n"
                                    "/goods/0/unit unit_format\n"
                                    "/goods/0/packages wrong_type\n"
                                    "/goods/0/net_weight_kg weight_order\n"
                                    "/goods/0/value number_decimals\n"
                                    "/goods/0/currency currency_format\n"
                                    "/goods/0/plates/0 plate_format\n"
                                    "/goods/0/plates/1 wrong_type\n"
                                    "/colour unknown_field\n");
}

static void nothing_occurs_twice(void **state)
{
    (void)state;
    file_wrong(
        "{" IMPORT ",\"vehicles\":["
        "{\"plate\":\"29C12345\",\"trailer_plate\":\"29R00123\",\"container\":\"CSQU3054383\"},"
        "{\"plate\":\"29c-123.45\",\"trailer_plate\":\"29R-001.23\",\"container\":\"CSQU "
        "3054383\"}],"
        "\"receiving_vehicles\":[{\"plate\":\"29C12345\"}],\"customs_declarations\":["
        "{\"number\":\"106012345670\"},{\"number\":\"106012345670\"}]}");
    assert_failures(&form.failures, "/vehicles/1/plate duplicate_plate\n"
                                    "/vehicles/1/trailer_plate duplicate_trailer\n"
                                    "/vehicles/1/container duplicate_container\n"
                                    "/receiving_vehicles/0/plate duplicate_plate\n"
                                    "/customs_declarations/1/number duplicate_customs_number\n");
}

static void what_is_lifted_onto_a_receiving_vehicle_stands_in_both_lists(void **state)
{
    (void)state;
    file_wrong("{" IMPORT ",\"vehicles\":[{\"plate\":\"桂F12345\",\"trailer_plate\":\"29R00123\","
               "\"container\":\"CSQU3054383\"}],\"receiving_vehicles\":["
               "{\"plate\":\"29C12345\",\"trailer_plate\":\"29R00123\"},"
               "{\"plate\":\"29C12346\",\"container\":\"CSQU3054383\"},"
               "{\"plate\":\"29C12347\",\"container\":\"CSQU3054383\"}]}");
    assert_failures(&form.failures, "/receiving_vehicles/2/container duplicate_container\n");
}

static void only_an_import_has_receiving_vehicles(void **state)
{
    (void)state;
    file_wrong("{" HEADER ",\"vehicles\":[{\"plate\":\"29C12345\"}],"
               "\"receiving_vehicles\":[{\"plate\":\"29C12346\"}]}");
    assert_failures(&form.failures, "/receiving_vehicles receiving_export\n");
}

/* A body with count items in the named list. */
static char *body_of(const char *list, int count)
{
    struct buffer out = {0};

    buffer_print(&out, "{" IMPORT ",\"%s\":[", list);
    for (int i = 0; i < count; i++)
        buffer_add_text(&out, i ? ",{}" : "{}");
    buffer_add_text(&out, "]}");
    return buffer_steal(&out, NULL);
}

static void lists_have_their_limits(void **state)
{
    static const struct {
        const char *list;
        int limit;
    } LISTS[] = {
        {"vehicles", DECLARATION_VEHICLES_MAX},
        {"receiving_vehicles", DECLARATION_RECEIVING_MAX},
        {"customs_declarations", DECLARATION_CUSTOMS_MAX},
        {"goods", DECLARATION_GOODS_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
        char *good = body_of(LISTS[i].list, LISTS[i].limit);
        char *bad = body_of(LISTS[i].list, LISTS[i].limit + 1);
        char expected[64];
        file(good);
        file_wrong(bad);
        snprintf(expected, sizeof expected, "/%s too_many\n", LISTS[i].list);
        assert_failures(&form.failures, expected);
        free(bad);
        free(good);
    }
}

static void forty_trucks_fit_in_one_request(void **state)
{
    struct buffer body = {0};

    (void)state;
    buffer_add_text(&body, "{" HEADER "," CUSTOMS "," GOODS ",\"vehicles\":[");
    for (int i = 0; i < 40; i++)
        buffer_print(&body, "%s{\"plate\":\"29C-100.%02d\"," DRIVER "}", i ? "," : "", i);
    buffer_add_text(&body, "]}");
    file(body.at);
    buffer_free(&body);
    assert_int_equal(form.plate_count, 40);
    assert_true(span_is(form.plates[39], "29C10039"));
    assert_failures(&form.rule_failures, "");
}

static void bad_json_is_its_own_fault(void **state)
{
    (void)state;
    assert_int_equal(declaration_form_file(SPAN("{\"gate\":"), arena, &form), FAULT_BAD_JSON);
    assert_failures(&form.failures, " json_truncated\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, form_world_open, form_world_close)
    const struct CMUnitTest tests[] = {
        TEST(normalises_a_whole_declaration),
        TEST(a_normalised_document_reads_back_to_itself),
        TEST(what_is_absent_makes_a_draft),
        TEST(goods_and_customs_declaration_come_together),
        TEST(goods_may_name_only_what_is_declared),
        TEST(what_is_suspicious_is_only_told),
        TEST(the_nationality_follows_from_the_plate_or_the_direction),
        TEST(tells_all_failures_at_once),
        TEST(nothing_occurs_twice),
        TEST(what_is_lifted_onto_a_receiving_vehicle_stands_in_both_lists),
        TEST(only_an_import_has_receiving_vehicles),
        TEST(lists_have_their_limits),
        TEST(forty_trucks_fit_in_one_request),
        TEST(bad_json_is_its_own_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
