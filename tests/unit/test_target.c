/* SPDX-License-Identifier: MIT
 * What a connection string becomes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/db/target.h"

/* The value of a word as libpq has it, in static memory. */
static const char *word(PGconn *pg, const char *name)
{
    static char value[512];
    PQconninfoOption *all = PQconninfo(pg);

    value[0] = '\0';
    for (PQconninfoOption *option = all; option->keyword; option++)
        if (!strcmp(option->keyword, name) && option->val)
            snprintf(value, sizeof value, "%s", option->val);
    PQconninfoFree(all);
    return value;
}

static void ours_are_defaults_and_utc_is_pinned(void **state)
{
    struct target *target = target_new("postgresql://u@127.0.0.1:1/d?tcp_user_timeout=7"
                                       "&options=-c%20TimeZone%3DAsia/Hanoi%20-c%20a%3D1",
                                       "gated", "-c statement_timeout=2000");
    PGconn *pg = target_connect(target);

    (void)state;
    assert_non_null(pg);
    assert_string_equal(word(pg, "tcp_user_timeout"), "7");
    assert_string_equal(word(pg, "keepalives_idle"), "10");
    assert_string_equal(word(pg, "client_encoding"), "UTF8");
    assert_string_equal(word(pg, "fallback_application_name"), "gated");
    assert_string_equal(word(pg, "target_session_attrs"), "any");
    assert_string_equal(word(pg, "options"),
                        "-c statement_timeout=2000 -c TimeZone=Asia/Hanoi -c a=1"
                        " -c TimeZone=UTC -c DateStyle=ISO");
    PQfinish(pg);
    target_free(target);
}

static void assert_first(const struct target *target, const char *host, const char *port)
{
    PGconn *pg = target_connect(target);

    assert_string_equal(word(pg, "host"), host);
    assert_string_equal(word(pg, "port"), port);
    PQfinish(pg);
}

static void hosts_turn_with_their_ports(void **state)
{
    struct target *target = target_new("host=127.0.0.1,127.0.0.22,/x port=1,22,3", "t", NULL);
    PGconn *pg = target_connect(target);

    (void)state;
    assert_string_equal(word(pg, "target_session_attrs"), "read-write");
    PQfinish(pg);
    target_rotate(target);
    assert_first(target, "127.0.0.22,/x,127.0.0.1", "22,3,1");
    target_rotate(target);
    assert_first(target, "/x,127.0.0.1,127.0.0.22", "3,1,22");
    target_rotate(target);
    assert_first(target, "127.0.0.1,127.0.0.22,/x", "1,22,3");
    target_free(target);
}

static void one_port_serves_all_hosts(void **state)
{
    struct target *target = target_new("host=127.0.0.1,127.0.0.2 port=1", "t", NULL);

    (void)state;
    target_rotate(target);
    assert_first(target, "127.0.0.2,127.0.0.1", "1");
    target_free(target);
}

static void a_malformed_string_connects_to_nothing(void **state)
{
    struct target *target = target_new("host=x what", "t", NULL);

    (void)state;
    assert_null(target_connect(target));
    target_rotate(target);
    target_free(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_are_defaults_and_utc_is_pinned),
        cmocka_unit_test(hosts_turn_with_their_ports),
        cmocka_unit_test(one_port_serves_all_hosts),
        cmocka_unit_test(a_malformed_string_connects_to_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
