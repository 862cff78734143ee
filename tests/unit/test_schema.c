/* SPDX-License-Identifier: MIT
 * The embedded schema: complete, in order, and honest about a database that differs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/schema/schema.h"

enum { ROWS_MAX = 256 };

struct recorded {
    struct schema_row rows[ROWS_MAX];
    size_t count;
};

/* What a database records after this build's migrate. */
static struct recorded record_all(void)
{
    struct recorded recorded = {.count = 0};
    const struct schema_file *file;

    while ((file = schema_file(SCHEMA_MIGRATION, recorded.count))) {
        recorded.rows[recorded.count].number = file->number;
        recorded.rows[recorded.count].checksum = file->checksum;
        recorded.count++;
    }
    recorded.rows[recorded.count].number = SCHEMA_FUNCTIONS_NUMBER;
    recorded.rows[recorded.count].checksum = schema_functions_checksum();
    recorded.count++;
    return recorded;
}

static void migrations_stand_in_the_order_of_their_numbers(void **state)
{
    const struct schema_file *file;
    int last = 0;

    (void)state;
    for (size_t i = 0; (file = schema_file(SCHEMA_MIGRATION, i)); i++) {
        assert_true(file->number > last);
        last = file->number;
    }
    assert_true(last > 0);
    assert_int_equal(schema_version(), last);
}

static void texts_are_whole_and_end_in_a_nul(void **state)
{
    const struct schema_file *file;

    (void)state;
    for (size_t i = 0; (file = schema_file(SCHEMA_FUNCTIONS, i)); i++) {
        assert_int_equal(strlen(file->text.at), file->text.size);
        assert_int_equal(strlen(file->checksum), 64);
    }
}

static void an_equal_database_is_current(void **state)
{
    struct recorded recorded = record_all();
    int number;

    (void)state;
    assert_int_equal(schema_judge(recorded.rows, recorded.count, &number), SCHEMA_CURRENT);
    assert_int_equal(number, 0);
}

static void an_empty_database_lacks_the_first_migration(void **state)
{
    int number;

    (void)state;
    assert_int_equal(schema_judge(NULL, 0, &number), SCHEMA_OLDER);
    assert_int_equal(number, schema_file(SCHEMA_MIGRATION, 0)->number);
}

static void changed_functions_make_a_database_older(void **state)
{
    struct recorded recorded = record_all();
    int number;

    (void)state;
    recorded.rows[recorded.count - 1].checksum = "another";
    assert_int_equal(schema_judge(recorded.rows, recorded.count, &number), SCHEMA_OLDER);
    assert_int_equal(number, SCHEMA_FUNCTIONS_NUMBER);
}

static void an_edited_migration_is_named(void **state)
{
    struct recorded recorded = record_all();
    int number;

    (void)state;
    recorded.rows[0].checksum = "another";
    assert_int_equal(schema_judge(recorded.rows, recorded.count, &number), SCHEMA_EDITED);
    assert_int_equal(number, recorded.rows[0].number);
}

static void an_unknown_migration_is_newer(void **state)
{
    struct recorded recorded = record_all();
    int number;

    (void)state;
    recorded.rows[recorded.count].number = schema_version() + 1;
    recorded.rows[recorded.count].checksum = "any";
    recorded.count++;
    assert_int_equal(schema_judge(recorded.rows, recorded.count, &number), SCHEMA_NEWER);
    assert_int_equal(number, schema_version() + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_stand_in_the_order_of_their_numbers),
        cmocka_unit_test(texts_are_whole_and_end_in_a_nul),
        cmocka_unit_test(an_equal_database_is_current),
        cmocka_unit_test(an_empty_database_lacks_the_first_migration),
        cmocka_unit_test(changed_functions_make_a_database_older),
        cmocka_unit_test(an_edited_migration_is_named),
        cmocka_unit_test(an_unknown_migration_is_newer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
