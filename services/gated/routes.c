/* SPDX-License-Identifier: MIT */
#include "services/gated/routes.h"

#include <stdio.h>

#include "services/gated/key_table.h"

/* Cuts the first segment off a path that begins with '/'; false at its end. */
static bool take_segment(struct span *path, struct span *segment)
{
    if (path->size == 0 || *path->at != '/')
        return false;
    path->at++, path->size--;
    const char *slash = path->size ? memchr(path->at, '/', path->size) : NULL;
    segment->at = path->at;
    segment->size = slash ? (size_t)(slash - path->at) : path->size;
    path->at += segment->size;
    path->size -= segment->size;
    return true;
}

static bool is_parameter(struct span segment)
{
    return segment.size > 2 && segment.at[0] == '{';
}

/* One segment; a parameter is noted. */
static bool segment_matches(struct request *r, struct span wanted, struct span given)
{
    if (!is_parameter(wanted))
        return span_is_equal(wanted, given);
    if (given.size == 0)
        return false;
    CHECK(r->parameter_count < PARAMETERS_MAX);
    r->parameters[r->parameter_count++] = (struct parameter){
        .name = {wanted.at + 1, wanted.size - 2},
        .value = given,
    };
    return true;
}

static bool path_matches(struct request *r, const struct route *route, struct span path)
{
    struct span pattern = span_of(route->path);
    struct span wanted, given;

    r->parameter_count = 0;
    while (take_segment(&pattern, &wanted))
        if (!take_segment(&path, &given) || !segment_matches(r, wanted, given))
            return false;
    return path.size == 0;
}

static void allow(struct request *r, const char *method)
{
    const char *head = !strcmp(method, "GET") ? ", HEAD" : "";

    r->allow = arena_print(r->arena, "%s%s%s%s", r->allow ? r->allow : "", r->allow ? ", " : "",
                           method, head)
                   .at;
}

enum fault route_find(struct request *r, struct span method, struct span path)
{
    struct span wanted = span_is(method, "HEAD") ? SPAN("GET") : method;

    for (const struct route *route = ROUTES; route < ROUTES + ROUTE_COUNT; route++) {
        if (!path_matches(r, route, path))
            continue;
        if (span_is(wanted, route->method)) {
            r->route = route;
            return OK;
        }
        allow(r, route->method);
    }
    r->parameter_count = 0;
    return r->allow ? FAULT_METHOD_NOT_ALLOWED : FAULT_NOT_FOUND;
}

struct span request_parameter(const struct request *r, const char *name)
{
    for (int i = 0; i < r->parameter_count; i++)
        if (span_is(r->parameters[i].name, name))
            return r->parameters[i].value;
    return (struct span){0};
}

static void print_roles(unsigned roles)
{
    const char *separator = "";

    if (roles == MAY_ANYBODY)
        printf("anybody");
    for (enum role role = 0; role < ROLE_COUNT; role++)
        if (roles & 1u << role) {
            printf("%s%s", separator, role_name(role));
            separator = ",";
        }
}

void routes_print(void)
{
    for (const struct route *route = ROUTES; route < ROUTES + ROUTE_COUNT; route++) {
        printf("%s %s %s ", route->method, route->path, route->verb);
        print_roles(route->roles);
        printf("\n");
    }
}
