/* SPDX-License-Identifier: MIT
 * Which file of the screens a path stands for, and in which encoding it goes out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "services/gated/web.h"

static void gzip_is_sent_to_who_takes_it(void **state)
{
    (void)state;
    assert_true(web_takes_gzip("gzip, deflate, br, zstd"));
    assert_true(web_takes_gzip("GZIP"));
    assert_true(web_takes_gzip("br;q=1.0, gzip;q=0.5"));
    assert_true(web_takes_gzip("*"));
    assert_true(web_takes_gzip("identity;q=0, *;q=0.1"));
}

static void gzip_is_not_sent_to_who_does_not(void **state)
{
    (void)state;
    assert_false(web_takes_gzip(NULL));
    assert_false(web_takes_gzip(""));
    assert_false(web_takes_gzip("br"));
    assert_false(web_takes_gzip("gzip;q=0"));
    assert_false(web_takes_gzip("gzip; q=0.000, *"));
    assert_false(web_takes_gzip("gzipped"));
    assert_false(web_takes_gzip("*;q=0"));
    assert_false(web_takes_gzip(";;,,=,"));
}

static void a_path_is_one_file_or_none(void **state)
{
    (void)state;
    assert_non_null(web_find(SPAN("/")));
    assert_null(web_find(SPAN("//")));
    assert_null(web_find(SPAN("/front")));
    assert_null(web_find(SPAN("/front/page.html")));
    assert_null(web_find(SPAN("/assets")));
    assert_null(web_find(SPAN("")));
    for (size_t i = 0; i < WEB_FILE_COUNT; i++)
        if (!strchr(WEB_FILES[i].path, '*'))
            assert_ptr_equal(web_find(span_of(WEB_FILES[i].path)), &WEB_FILES[i]);
}

static void a_star_is_one_segment(void **state)
{
    const char *star = NULL;

    (void)state;
    for (size_t i = 0; i < WEB_FILE_COUNT && !star; i++)
        if (strchr(WEB_FILES[i].path, '*'))
            star = WEB_FILES[i].path;
    if (!star)
        return; /* no such page is there */
    char path[64];
    snprintf(path, sizeof path, "%.*sCKHN", (int)strlen(star) - 1, star);
    assert_non_null(web_find(span_of(path)));
    snprintf(path, sizeof path, "%.*sCKHN/more", (int)strlen(star) - 1, star);
    assert_null(web_find(span_of(path)));
    assert_null(web_find((struct span){star, strlen(star) - 1}));
}

static void only_pages_are_asked_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < WEB_FILE_COUNT; i++)
        assert_true(WEB_FILES[i].is_asset == !strncmp(WEB_FILES[i].path, "/assets/", 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_sent_to_who_takes_it),
        cmocka_unit_test(gzip_is_not_sent_to_who_does_not),
        cmocka_unit_test(a_path_is_one_file_or_none),
        cmocka_unit_test(a_star_is_one_segment),
        cmocka_unit_test(only_pages_are_asked_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
