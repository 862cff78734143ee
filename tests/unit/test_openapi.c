/* SPDX-License-Identifier: MIT
 * The description of the API and the routes say the same, both ways. What is answered is held to
 * the description by tests/api/openapi_check.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <cmocka.h>
#include <jansson.h>

#include "services/gated/key_table.h"
#include "services/gated/openapi.h"
#include "services/gated/routes.h"

enum { METHOD_ROOM = 8 };

static int read_document(void **state)
{
    *state = json_loadb(OPENAPI_TEXT.at, OPENAPI_TEXT.size, JSON_REJECT_DUPLICATES, NULL);
    return *state ? 0 : -1;
}

static int free_document(void **state)
{
    json_decref(*state);
    return 0;
}

static json_t *operation_of(json_t *document, const char *path, const char *method)
{
    char lower[METHOD_ROOM] = {0};

    for (size_t i = 0; method[i] && i < METHOD_ROOM - 1; i++)
        lower[i] = (char)(method[i] | 0x20);
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), lower);
}

static bool is_route(const char *path, const char *method)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (!strcmp(ROUTES[i].path, path) && !strcasecmp(ROUTES[i].method, method))
            return true;
    return false;
}

static unsigned roles_of(const json_t *names)
{
    unsigned roles = 0;
    json_t *name;
    size_t i;

    json_array_foreach (names, i, name)
        for (enum role role = 0; role < ROLE_COUNT; role++)
            if (!strcmp(role_name(role), json_string_value(name)))
                roles |= 1u << role;
    return roles;
}

static void every_route_is_described_with_its_roles(void **state)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        json_t *operation = operation_of(*state, ROUTES[i].path, ROUTES[i].method);
        if (!operation)
            fail_msg("%s %s is not described", ROUTES[i].method, ROUTES[i].path);
        unsigned roles = roles_of(json_object_get(operation, "x-roles"));
        if (json_is_true(json_object_get(operation, "x-session")))
            roles |= IN_SESSION;
        if (roles != (ROUTES[i].roles & ~(unsigned)UNCHANGED))
            fail_msg("%s %s: roles %x, described %x", ROUTES[i].method, ROUTES[i].path,
                     ROUTES[i].roles, roles);
    }
}

static void nothing_is_described_that_is_no_route(void **state)
{
    json_t *item, *operation;
    const char *path, *method;

    json_object_foreach (json_object_get(*state, "paths"), path, item)
        json_object_foreach (item, method, operation)
            if (json_is_object(operation) && !is_route(path, method))
                fail_msg("%s %s is described and does not exist", method, path);
}

static void parameters_of_a_path_are_described(void **state)
{
    json_t *item, *reference;
    const char *path;
    size_t i;

    json_object_foreach (json_object_get(*state, "paths"), path, item) {
        size_t holes = 0;
        for (const char *c = path; *c; c++)
            holes += *c == '{';
        assert_int_equal(json_array_size(json_object_get(item, "parameters")), holes);
        json_array_foreach (json_object_get(item, "parameters"), i, reference)
            assert_non_null(json_object_get(reference, "$ref"));
    }
}

/* The codes of every problem document that is described. */
static json_t *codes_of(json_t *document)
{
    json_t *components = json_object_get(document, "components"), *response, *one;
    json_t *codes = json_object();
    const char *name;
    size_t i;

    json_object_foreach (json_object_get(components, "responses"), name, response) {
        json_t *list = NULL;
        assert_int_equal(json_unpack(response, "{s:{s:{s:{s:{s:{s:o}}}}}}", "content",
                                     "application/problem+json", "schema", "properties", "code",
                                     "enum", &list),
                         0);
        json_array_foreach (list, i, one)
            json_object_set_new(codes, json_string_value(one), json_string(name));
    }
    return codes;
}

static void every_fault_is_described_under_its_status(void **state)
{
    json_t *codes = codes_of(*state);
    char start[32];

    for (int i = 1; i < FAULT_COUNT; i++) {
        const char *code = fault_code((enum fault)i);
        const char *where = json_string_value(json_object_get(codes, code));
        snprintf(start, sizeof start, "problem_%d_", fault_status((enum fault)i));
        if (!where || strncmp(where, start, strlen(start)))
            fail_msg("%s is described nowhere, or as %s", code, where ? where : "nothing");
    }
    json_decref(codes);
}

static void no_code_is_described_that_is_no_fault(void **state)
{
    json_t *codes = codes_of(*state), *where;
    const char *code;

    json_object_foreach (codes, code, where)
        assert_string_equal(fault_code(fault_of_code(span_of(code))), code);
    json_decref(codes);
}

/* Of every answer in JSON; what is shown is checked against its schema elsewhere. */
static void every_operation_shows_what_it_answers(void **state)
{
    json_t *item, *operation, *response, *media;
    const char *path, *method, *status;

    json_object_foreach (json_object_get(*state, "paths"), path, item)
        json_object_foreach (item, method, operation)
            json_object_foreach (json_object_get(operation, "responses"), status, response) {
                media = json_object_get(json_object_get(response, "content"), "application/json");
                if (*status == '2' && media && strcmp(path, "/openapi.json") &&
                    !json_object_get(media, "examples"))
                    fail_msg("%s %s has no example of its answer", method, path);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_described_with_its_roles),
        cmocka_unit_test(nothing_is_described_that_is_no_route),
        cmocka_unit_test(parameters_of_a_path_are_described),
        cmocka_unit_test(every_fault_is_described_under_its_status),
        cmocka_unit_test(no_code_is_described_that_is_no_fault),
        cmocka_unit_test(every_operation_shows_what_it_answers),
    };

    return cmocka_run_group_tests_name("openapi", tests, read_document, free_document);
}
