/* SPDX-License-Identifier: MIT
 * What the tests of forms share: an arena for each test, and what a form found wrong, as text.
 */
#ifndef TESTS_UNIT_FORM_WORLD_H
#define TESTS_UNIT_FORM_WORLD_H

#include "common/base/arena.h"
#include "common/form/failures.h"

/* Of the test that runs. */
extern struct arena *arena;

/* What cmocka runs before and after each test. */
int form_world_open(void **state);
int form_world_close(void **state);

/* Fails the test unless the failures are these: a line "POINTER CODE" each, in their order. */
void assert_failures(const struct failures *failures, const char *expected);

#endif
