/* SPDX-License-Identifier: MIT */
#include "services/gatectl/listing.h"

#include <stdio.h>

#include "common/base/span.h"

enum exit_code listing_read(struct call *call, const char *name, json_t *args,
                            const struct column *columns)
{
    json_t *items = NULL;
    enum exit_code code = platform_list(call->db, name, args, &items);

    if (code == EXIT_DONE)
        table_print(items, columns);
    json_decref(items);
    return code;
}

enum exit_code listing_apply(struct call *call, const char *verb, json_t *args, const char *member,
                             const struct column *columns)
{
    json_t *body = NULL;
    enum exit_code code = platform_apply(call->db, verb, args, &body);

    if (code == EXIT_DONE) {
        json_t *items = json_pack("[O]", json_object_get(body, member));
        table_print(items, columns);
        json_decref(items);
    }
    json_decref(body);
    return code;
}

enum exit_code listing_end(struct call *call, const char *verb, const char *member,
                           const char *what, const struct column *columns)
{
    uint64_t id;

    if (!span_to_number(span_of(call->operands[0]), INT32_MAX, &id)) {
        fprintf(stderr, "gatectl: %s is not %s\n", call->operands[0], what);
        return EXIT_USAGE;
    }
    json_t *args =
        json_pack("{s:I,s:s?}", member, (json_int_t)id, "reason", call_option(call, "--reason"));
    return listing_apply(call, verb, args, member, columns);
}
