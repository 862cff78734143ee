/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/gated/routes.h"

static struct request fresh(void)
{
    return (struct request){.arena = arena_new()};
}

static enum fault find(struct request *r, const char *method, const char *path)
{
    return route_find(r, span_of(method), span_of(path));
}

static void a_path_finds_its_row_and_its_parameters(void **state)
{
    struct request r = fresh();

    (void)state;
    assert_int_equal(find(&r, "POST", "/v1/crossings/01000000000001/steps"), OK);
    assert_string_equal(r.route->path, "/v1/crossings/{id}/steps");
    assert_true(span_is(request_parameter(&r, "id"), "01000000000001"));
    assert_int_equal(request_parameter(&r, "gate").size, 0);
    arena_free(r.arena);
}

static void a_parameter_is_one_whole_segment(void **state)
{
    static const char *const ABSENT[] = {
        "/v1/crossings//steps", "/v1/crossings/1/2/steps", "/v1/crossings/1/steps/",
        "/v1/crossings/1/step", "v1/crossings/1/steps",    "/",
        "/v2/declarations",     "/v1/declarationsX",       "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ABSENT); i++) {
        struct request r = fresh();
        assert_int_equal(find(&r, "POST", ABSENT[i]), FAULT_NOT_FOUND);
        assert_null(r.allow);
        arena_free(r.arena);
    }
}

static void a_wrong_method_names_the_right_ones(void **state)
{
    struct request r = fresh();

    (void)state;
    assert_int_equal(find(&r, "PUT", "/v1/declarations"), FAULT_METHOD_NOT_ALLOWED);
    assert_string_equal(r.allow, "POST, GET, HEAD");
    assert_null(r.route);
    arena_free(r.arena);
}

static void head_is_answered_as_get(void **state)
{
    struct request r = fresh();

    (void)state;
    assert_int_equal(find(&r, "HEAD", "/v1/declarations"), OK);
    assert_string_equal(r.route->method, "GET");
    arena_free(r.arena);
}

static void every_row_is_found_by_its_own_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        struct request r = fresh();
        assert_int_equal(find(&r, ROUTES[i].method, ROUTES[i].path), OK);
        assert_ptr_equal(r.route, &ROUTES[i]);
        assert_non_null(ROUTES[i].ask);
        arena_free(r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_row_and_its_parameters),
        cmocka_unit_test(a_parameter_is_one_whole_segment),
        cmocka_unit_test(a_wrong_method_names_the_right_ones),
        cmocka_unit_test(head_is_answered_as_get),
        cmocka_unit_test(every_row_is_found_by_its_own_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
