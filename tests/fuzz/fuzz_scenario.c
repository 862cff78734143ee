/* SPDX-License-Identifier: MIT
 * Any bytes as a scenario, alone and on top of a good one, and as an assignment. What is refused is
 * said with its place; what is accepted can be played.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "simulator/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The shipped base, read once, so that "extends = base" leads somewhere. */
static struct span base(void)
{
    static char text[32768];
    static size_t size;

    if (!size) {
        FILE *file = fopen(TESTS_DIR "/../simulator/scenarios/base.scenario", "r");
        CHECK(file);
        size = fread(text, 1, sizeof text, file);
        fclose(file);
    }
    return (struct span){text, size};
}

static bool source(void *owner, const char *name, struct span *text)
{
    *text = span_is(SPAN("base"), name) ? base() : *(struct span *)owner;
    return true;
}

static void check_said(const struct scenario_error *error)
{
    CHECK(error->text[0]);
    CHECK(memchr(error->text, '\0', sizeof error->text));
    CHECK(strstr(error->text, "expected"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct scenario scenario;
    struct scenario_error error;
    struct span text = {(const char *)data, size};

    if (!scenario_read(&scenario, "fuzzed", source, &text, &error))
        check_said(&error);
    struct span good = base();
    CHECK(scenario_read(&scenario, "good", source, &good, &error));
    char *assignment = calloc(1, size + 1);
    CHECK(assignment);
    memcpy(assignment, data, size);
    if (!scenario_set(&scenario, assignment, &error))
        check_said(&error);
    else if (!scenario_check(&scenario, &error))
        check_said(&error);
    free(assignment);
    return 0;
}
