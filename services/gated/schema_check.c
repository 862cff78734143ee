/* SPDX-License-Identifier: MIT */
#include "services/gated/schema_check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/base/log.h"
#include "common/schema/schema.h"

static enum schema_state judge(const json_t *items, int *number)
{
    size_t count = json_array_size(items);
    struct schema_row *rows = calloc(count + 1, sizeof *rows);

    CHECK(rows);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(items, i);
        const char *checksum = json_string_value(json_object_get(item, "checksum"));
        rows[i].number = (int)json_integer_value(json_object_get(item, "number"));
        rows[i].checksum = checksum ? checksum : "";
    }
    enum schema_state state = schema_judge(rows, count, number);
    free(rows);
    return state;
}

bool schema_is_ours(struct span migrations)
{
    static const char *const REMEDIES[] = {
        [SCHEMA_OLDER] = "the database is older than this build: run gatectl migrate",
        [SCHEMA_NEWER] = "the database is newer than this build: use the newer build",
        [SCHEMA_EDITED] =
            "a migration of the database is not this build's: use the build that made it",
    };
    json_t *root = json_loadb(migrations.at, migrations.size, 0, NULL);
    char number[12];
    int first = 0;
    enum schema_state state = judge(json_object_get(root, "items"), &first);

    json_decref(root);
    if (state == SCHEMA_CURRENT)
        return true;
    snprintf(number, sizeof number, "%d", first);
    log_write(LOG_ERROR, REMEDIES[state], "migration", number, NULL);
    return false;
}
