/* SPDX-License-Identifier: MIT
 * The request target: its path is plain or refused, its query is UTF-8 without control bytes.
 */
#include <stdint.h>

#include "common/base/check.h"
#include "services/gated/http_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_decoded(const char *text)
{
    for (; *text; text++)
        CHECK((unsigned char)*text >= 0x20 && *text != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct span target = arena_copy(arena, (struct span){(const char *)data, size});
    struct span path;

    if (guard_path(target, &path) == OK) {
        CHECK(path.size && path.size <= HTTP_PATH_MAX && path.at[0] == '/');
        CHECK(!memchr(path.at, '%', path.size) && !memchr(path.at, '\0', path.size));
    }
    struct query query = query_read(arena, target);
    for (size_t i = 0; i < query.count; i++) {
        CHECK(*query.parameters[i].name);
        check_decoded(query.parameters[i].name);
        check_decoded(query.parameters[i].value);
    }
    arena_free(arena);
    return 0;
}
