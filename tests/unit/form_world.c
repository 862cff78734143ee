/* SPDX-License-Identifier: MIT */
#include "tests/unit/form_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/buffer.h"

struct arena *arena;

int form_world_open(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

int form_world_close(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

void assert_failures(const struct failures *failures, const char *expected)
{
    struct buffer out = {0};

    for (const struct failure *f = failures->first; f; f = f->next)
        buffer_print(&out, "%s %s\n", f->pointer.at, message_code(f->code));
    assert_string_equal(buffer_span(&out).at, expected);
    buffer_free(&out);
}
