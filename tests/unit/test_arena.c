/* SPDX-License-Identifier: MIT */
#include "common/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void gives_zeroed_aligned_memory_of_any_size(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    for (size_t size = 0; size < 20000; size = size * 3 + 1) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    arena_free(arena);
}

static void copies_and_prints_texts_that_end_with_nul(void **state)
{
    struct arena *arena = arena_new();
    struct span copy = arena_copy(arena, SPAN("29C12345"));
    struct span print = arena_print(arena, "%s-%d", "CKHN", 1234);

    (void)state;
    assert_string_equal(copy.at, "29C12345");
    assert_int_equal(copy.size, 8);
    assert_string_equal(print.at, "CKHN-1234");
    assert_int_equal(print.size, 9);
    assert_string_equal(arena_copy(arena, (struct span){0}).at, "");
    arena_free(arena);
}

static char order[4];
static size_t cleaned;

static void clean(void *object)
{
    order[cleaned++] = *(const char *)object;
}

static void cleans_up_in_reverse_order(void **state)
{
    static char letters[] = "abc";
    struct arena *arena = arena_new();

    (void)state;
    for (char *letter = letters; *letter; letter++)
        arena_defer(arena, clean, letter);
    assert_int_equal(cleaned, 0);
    arena_free(arena);
    assert_string_equal(order, "cba");
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory_of_any_size),
        cmocka_unit_test(copies_and_prints_texts_that_end_with_nul),
        cmocka_unit_test(cleans_up_in_reverse_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
