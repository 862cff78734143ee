/* SPDX-License-Identifier: MIT */
#include "common/json/read.h"
#include "tests/unit/form_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One request: its arena, its failures, its body. */
struct request {
    struct arena *arena;
    struct failures failures;
    struct object body;
};

static int setup(void **state)
{
    struct arena *own = arena_new();
    struct request *request = arena_alloc(own, sizeof *request);

    request->arena = own;
    request->failures = failures_new(own);
    *state = request;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct request *)*state)->arena);
    return 0;
}

static void open_body(struct request *request, const char *text)
{
    request->failures = failures_new(request->arena);
    assert_int_equal(body_open(span_of(text), &request->failures, &request->body), OK);
}

static void assert_only(const struct request *request, const char *pointer, enum message code)
{
    assert_int_equal(request->failures.count, 1);
    assert_string_equal(request->failures.first->pointer.at, pointer);
    assert_string_equal(message_code(request->failures.first->code), message_code(code));
}

static void refuses_text_that_is_not_strict_json(void **state)
{
    static const struct {
        const char *text;
        enum message code;
        const char *detail;
    } CASES[] = {
        {"", MESSAGE_JSON_TRUNCATED, "line 1, column 0"},
        {"{\"a\":", MESSAGE_JSON_TRUNCATED, "line 1, column 5"},
        {"{\"a\":1", MESSAGE_JSON_TRUNCATED, NULL},
        {"{\"a", MESSAGE_JSON_TRUNCATED, NULL},
        {"{\n\"a\":1,\n\"a\":2}", MESSAGE_JSON_DUPLICATE_MEMBER, "line 3, column 3"},
        {"{\"a\":1}x", MESSAGE_JSON_TRAILING, NULL},
        {"{\"a\":1}{}", MESSAGE_JSON_TRAILING, NULL},
        {"{a:1}", MESSAGE_JSON_SYNTAX, NULL},
        {"{'a':1}", MESSAGE_JSON_SYNTAX, NULL},
        {"{\"a\":1,}", MESSAGE_JSON_SYNTAX, NULL},
        {"{\"a\":01}", MESSAGE_JSON_SYNTAX, NULL},
        {"{\"a\":NaN}", MESSAGE_JSON_SYNTAX, NULL},
        {"{\"a\":1e999}", MESSAGE_JSON_NUMBER_TOO_LARGE, NULL},
        {"{\"a\":99999999999999999999}", MESSAGE_JSON_NUMBER_TOO_LARGE, NULL},
        {"{\"a\":\"\xFF\"}", MESSAGE_BAD_UTF8, NULL},
        {"{\"a\":\"\xED\xA0\x80\"}", MESSAGE_BAD_UTF8, NULL},
        {"{\"a\":\"\xC0\xAF\"}", MESSAGE_BAD_UTF8, NULL},
        {"{\"a\":\"\\ud800\"}", MESSAGE_JSON_SYNTAX, NULL},
        {"{\"a\":\"\\u0000\"}", MESSAGE_JSON_NUL, NULL},
        {"{\"a\\u0000\":1}", MESSAGE_JSON_NUL, NULL},
        {"{\"a\":\"\n\"}", MESSAGE_JSON_SYNTAX, NULL},
        {"\xEF\xBB\xBF{}", MESSAGE_JSON_SYNTAX, NULL},
        {"/* */{}", MESSAGE_JSON_SYNTAX, NULL},
    };
    struct request *request = *state;

    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        request->failures = failures_new(request->arena);
        assert_int_equal(body_open(span_of(CASES[i].text), &request->failures, &request->body),
                         FAULT_BAD_JSON);
        assert_only(request, "", CASES[i].code);
        if (CASES[i].detail)
            assert_string_equal(request->failures.first->detail.at, CASES[i].detail);
    }
}

static void refuses_a_nul_byte_in_the_text(void **state)
{
    struct request *request = *state;

    assert_int_equal(body_open(SPAN("{}\0"), &request->failures, &request->body), FAULT_BAD_JSON);
    assert_int_equal(body_open(SPAN("{\"a\0\":1}"), &request->failures, &request->body),
                     FAULT_BAD_JSON);
}

static void nests_to_a_bound(void **state)
{
    struct request *request = *state;
    char text[4 * BODY_DEPTH_MAX] = "{\"a\":";
    size_t at = 5;

    for (int i = 0; i < BODY_DEPTH_MAX - 1; i++)
        text[at++] = '[';
    for (int i = 0; i < BODY_DEPTH_MAX - 1; i++)
        text[at++] = ']';
    text[at] = '}';
    open_body(request, text);
    memmove(text + 6, text + 5, strlen(text) - 5);
    text[5] = '[';
    assert_int_equal(body_open(span_of(text), &request->failures, &request->body), FAULT_BAD_JSON);
    assert_only(request, "", MESSAGE_JSON_TOO_DEEP);
    /* brackets in strings do not nest */
    open_body(request, "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}");
}

static void a_body_is_an_object(void **state)
{
    static const char *const OTHERS[] = {"[]", "1", "\"text\"", "null", "true"};
    struct request *request = *state;

    for (size_t i = 0; i < COUNT_OF(OTHERS); i++) {
        request->failures = failures_new(request->arena);
        assert_int_equal(body_open(span_of(OTHERS[i]), &request->failures, &request->body),
                         FAULT_INVALID_FIELDS);
        assert_only(request, "", MESSAGE_WRONG_TYPE);
    }
}

static void reads_what_is_good(void **state)
{
    static const char *const RESULTS[] = {"pass", "hold", NULL};
    struct request *request = *state;
    struct span text, note, code;
    int choice;
    int64_t lane, weight, ms;
    bool flag;

    open_body(request, "{\"text\":\" An \",\"note\":\"a\\nb\",\"code\":\"1088/2-1089\","
                       "\"result\":\"hold\",\"lane\":14,\"weight\":0.1,\"flag\":false,"
                       "\"at\":\"1970-01-01T00:00:01Z\"}");
    assert_true(read_text(&request->body, "text", REQUIRED, 2, &text));
    assert_true(span_is(text, "An"));
    assert_true(read_note(&request->body, "note", REQUIRED, 3, &note));
    assert_true(span_is(note, "a\nb"));
    assert_true(read_code(&request->body, "code", REQUIRED, 32, &code));
    assert_true(read_choice(&request->body, "result", REQUIRED, RESULTS, &choice));
    assert_int_equal(choice, 1);
    assert_true(read_integer(&request->body, "lane", REQUIRED, 14, 14, &lane));
    assert_int_equal(lane, 14);
    assert_true(read_decimal(&request->body, "weight", REQUIRED, 3, 1, &weight));
    assert_int_equal(weight, 100);
    assert_true(read_flag(&request->body, "flag", REQUIRED, &flag));
    assert_false(flag);
    assert_true(read_instant(&request->body, "at", REQUIRED, &ms));
    assert_int_equal(ms, 1000);
    object_close(&request->body);
    assert_int_equal(failures_fault(&request->failures), OK);
}

static void absent_null_and_empty_are_the_same(void **state)
{
    struct request *request = *state;
    struct span text = SPAN("untouched");

    open_body(request, "{\"a\":null,\"b\":\" \"}");
    assert_false(read_text(&request->body, "a", OPTIONAL, 9, &text));
    assert_false(read_text(&request->body, "b", OPTIONAL, 9, &text));
    assert_false(read_text(&request->body, "c", OPTIONAL, 9, &text));
    assert_false(object_has(&request->body, "a"));
    assert_false(object_has(&request->body, "b"));
    assert_false(object_has(&request->body, "c"));
    assert_true(object_has_null(&request->body, "a"));
    assert_false(object_has_null(&request->body, "c"));
    object_close(&request->body);
    assert_int_equal(request->failures.count, 0);
    assert_true(span_is(text, "untouched"));
    for (const char *name = "abc"; *name; name++) {
        char member[2] = {*name, '\0'};
        request->failures = failures_new(request->arena);
        assert_false(read_text(&request->body, member, REQUIRED, 9, &text));
        assert_only(request, *name == 'a' ? "/a" : *name == 'b' ? "/b" : "/c", MESSAGE_REQUIRED);
    }
}

static void names_every_wrong_member(void **state)
{
    static const char *const RESULTS[] = {"pass", NULL};
    struct request *request = *state;
    struct buffer out = {0};
    struct span text;
    struct object inner;
    struct array array;
    int choice;
    int64_t number;
    bool flag;

    open_body(request,
              "{\"text\":\"Anh\",\"type\":1,\"result\":\"PASS\",\"lane\":0,\"real\":1.0,"
              "\"weight\":-1,\"cents\":0.001,\"flag\":1,\"at\":\"now\",\"o\":[],\"many\":[1,2],"
              "\"few\":[],\"code\":\"a b\",\"hidden\":\"\\u202e\"}");
    read_text(&request->body, "text", REQUIRED, 2, &text);
    read_text(&request->body, "type", REQUIRED, 2, &text);
    read_choice(&request->body, "result", REQUIRED, RESULTS, &choice);
    read_integer(&request->body, "lane", REQUIRED, 1, 99, &number);
    read_integer(&request->body, "real", REQUIRED, 1, 99, &number);
    read_decimal(&request->body, "weight", REQUIRED, 3, 100, &number);
    read_decimal(&request->body, "cents", REQUIRED, 2, 100, &number);
    read_flag(&request->body, "flag", REQUIRED, &flag);
    read_instant(&request->body, "at", REQUIRED, &number);
    read_object(&request->body, "o", REQUIRED, &inner);
    read_array(&request->body, "many", REQUIRED, 1, &array);
    read_array(&request->body, "few", REQUIRED, 1, &array);
    read_code(&request->body, "code", REQUIRED, 9, &text);
    read_text(&request->body, "hidden", REQUIRED, 9, &text);
    object_close(&request->body);
    for (const struct failure *f = request->failures.first; f; f = f->next)
        buffer_print(&out, "%s %s%s%s\n", f->pointer.at, message_code(f->code),
                     f->detail.size ? ", " : "", f->detail.size ? f->detail.at : "");
    assert_string_equal(out.at, "/text too_long, max 2\n"
                                "/type wrong_type\n"
                                "/result unknown_value\n"
                                "/lane number_range, 1 to 99\n"
                                "/real wrong_type\n"
                                "/weight number_range, 0 to 100\n"
                                "/cents number_decimals, max 2\n"
                                "/flag wrong_type\n"
                                "/at instant_format\n"
                                "/o wrong_type\n"
                                "/many too_many, max 1\n"
                                "/few too_few\n"
                                "/code code_format\n"
                                "/hidden not_printable\n");
    buffer_free(&out);
}

static void finds_unknown_members_at_any_depth(void **state)
{
    struct request *request = *state;
    struct object item, inner;
    struct array array;
    struct span text;

    open_body(request, "{\"items\":[{\"a\":\"x\"},{\"o\":{\"b/~\":1,\"c\":\"y\"}}]}");
    assert_true(read_array(&request->body, "items", REQUIRED, 2, &array));
    for (size_t i = 0; i < array.size; i++) {
        assert_true(array_object(&array, i, &item));
        read_text(&item, "a", OPTIONAL, 9, &text);
        if (read_object(&item, "o", OPTIONAL, &inner)) {
            assert_true(read_text(&inner, "c", REQUIRED, 9, &text));
            object_close(&inner);
        }
        object_close(&item);
    }
    object_close(&request->body);
    assert_only(request, "/items/1/o/b~1~0", MESSAGE_UNKNOWN_FIELD);
}

static void items_must_be_what_they_should(void **state)
{
    struct request *request = *state;
    struct object item;
    struct array array;
    struct span text;

    open_body(request, "{\"a\":[\"x\",1,\" \",\"long\"],\"b\":[1]}");
    assert_true(read_array(&request->body, "a", REQUIRED, 9, &array));
    assert_true(array_text(&array, 0, 2, &text));
    assert_true(span_is(text, "x"));
    assert_false(array_text(&array, 1, 2, &text));
    assert_false(array_text(&array, 2, 2, &text));
    assert_false(array_text(&array, 3, 2, &text));
    assert_true(read_array(&request->body, "b", REQUIRED, 9, &array));
    assert_false(array_object(&array, 0, &item));
    assert_failures(&request->failures, "/a/1 wrong_type\n/a/2 required\n/a/3 too_long\n"
                                        "/b/0 wrong_type\n");
}

static void decimals_are_exact(void **state)
{
    static const struct {
        const char *text;
        int decimals;
        int64_t scaled; /* -1: refused */
    } CASES[] = {
        {"{\"n\":0}", 3, 0},
        {"{\"n\":-0.0}", 3, 0},
        {"{\"n\":0.001}", 3, 1},
        {"{\"n\":0.29}", 2, 29},
        {"{\"n\":999999.999}", 3, 999999999},
        {"{\"n\":1e3}", 3, 1000000},
        {"{\"n\":0.0005}", 3, -1},
        {"{\"n\":1000000.001}", 3, -1},
        {"{\"n\":1e-300}", 3, 0},
        {"{\"n\":12.345}", 2, -1},
        {"{\"n\":9007199254740993}", 0, -1},
    };
    struct request *request = *state;

    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int64_t scaled = -1;
        open_body(request, CASES[i].text);
        assert_int_equal(
            read_decimal(&request->body, "n", REQUIRED, CASES[i].decimals, 1000000, &scaled),
            CASES[i].scaled >= 0);
        assert_int_equal(scaled, CASES[i].scaled);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(refuses_text_that_is_not_strict_json),
        TEST(refuses_a_nul_byte_in_the_text),
        TEST(nests_to_a_bound),
        TEST(a_body_is_an_object),
        TEST(reads_what_is_good),
        TEST(absent_null_and_empty_are_the_same),
        TEST(names_every_wrong_member),
        TEST(finds_unknown_members_at_any_depth),
        TEST(items_must_be_what_they_should),
        TEST(decimals_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
