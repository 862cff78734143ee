/* SPDX-License-Identifier: MIT
 * Fields of a result, and the states that end a session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/check.h"
#include "common/db/row.h"

static PGresult *row_of(const char *const *fields, int count)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[8] = {0};
    char name[] = "c";

    for (int i = 0; i < count; i++)
        columns[i].name = name;
    assert_true(PQsetResultAttrs(result, count, columns));
    for (int i = 0; i < count; i++) {
        char text[64] = "";
        if (fields[i])
            strcpy(text, fields[i]);
        assert_true(
            PQsetvalue(result, 0, i, fields[i] ? text : NULL, fields[i] ? (int)strlen(text) : -1));
    }
    return result;
}

static void fields_have_types(void **state)
{
    const char *const FIELDS[] = {"Hữu Nghị", "9007199254740993", "t", "f", NULL, "-7"};
    PGresult *result = row_of(FIELDS, 6);

    (void)state;
    assert_true(span_is(row_text(result, 0, 0), "Hữu Nghị"));
    assert_int_equal(row_number(result, 0, 1), INT64_C(9007199254740993));
    assert_true(row_flag(result, 0, 2));
    assert_false(row_flag(result, 0, 3));
    assert_false(row_is_null(result, 0, 0));
    assert_true(row_is_null(result, 0, 4));
    assert_int_equal(row_text(result, 0, 4).size, 0);
    assert_int_equal(row_number(result, 0, 4), 0);
    assert_false(row_flag(result, 0, 4));
    assert_int_equal(row_number(result, 0, 5), -7);
    assert_int_equal(db_fault(result), OK);
    assert_string_equal(db_sqlstate(result), "");
    assert_false(db_result_is_fatal(result));
    PQclear(result);
}

static void no_answer_is_a_loss(void **state)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_FATAL_ERROR);

    (void)state;
    assert_int_equal(db_fault(NULL), FAULT_DB_LOST);
    assert_int_equal(db_fault(result), FAULT_DB_LOST);
    assert_string_equal(db_sqlstate(NULL), "");
    assert_false(db_result_is_fatal(NULL));
    PQclear(result);
}

static void some_states_end_the_session(void **state)
{
    static const char *const FATAL[] = {"08006", "57P01", "57P05", "25006", "25P03", "26000"};
    static const char *const HARMLESS[] = {"", "0A000", "57014", "40001", "23505", "53300"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(FATAL); i++)
        assert_true(db_state_is_fatal(FATAL[i]));
    for (size_t i = 0; i < COUNT_OF(HARMLESS); i++)
        assert_false(db_state_is_fatal(HARMLESS[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_types),
        cmocka_unit_test(no_answer_is_a_loss),
        cmocka_unit_test(some_states_end_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
