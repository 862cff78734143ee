/* SPDX-License-Identifier: MIT */
#include "common/schema/schema.h"

#include <string.h>

#include "common/schema/files.h"

const struct schema_file *schema_file(enum schema_kind kind, size_t index)
{
    for (size_t i = 0; i < SCHEMA_FILE_COUNT; i++)
        if (SCHEMA_FILES[i].kind == kind && index-- == 0)
            return &SCHEMA_FILES[i];
    return NULL;
}

const struct schema_file *schema_seed(const char *name)
{
    for (size_t i = 0; i < SCHEMA_FILE_COUNT; i++)
        if (SCHEMA_FILES[i].kind == SCHEMA_SEED && !strcmp(SCHEMA_FILES[i].name, name))
            return &SCHEMA_FILES[i];
    return NULL;
}

static const struct schema_file *find_migration(int number)
{
    for (size_t i = 0; i < SCHEMA_FILE_COUNT; i++)
        if (SCHEMA_FILES[i].kind == SCHEMA_MIGRATION && SCHEMA_FILES[i].number == number)
            return &SCHEMA_FILES[i];
    return NULL;
}

int schema_version(void)
{
    int version = 0;

    for (size_t i = 0; i < SCHEMA_FILE_COUNT; i++)
        if (SCHEMA_FILES[i].kind == SCHEMA_MIGRATION && SCHEMA_FILES[i].number > version)
            version = SCHEMA_FILES[i].number;
    return version;
}

const char *schema_functions_checksum(void)
{
    return SCHEMA_FUNCTIONS_CHECKSUM;
}

static const struct schema_row *find_row(const struct schema_row *rows, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return &rows[i];
    return NULL;
}

/* The first recorded migration that this build does not know as it was run. */
static enum schema_state judge_recorded(const struct schema_row *rows, size_t count, int *number)
{
    enum schema_state worst = SCHEMA_CURRENT;

    for (size_t i = 0; i < count; i++) {
        const struct schema_file *file = find_migration(rows[i].number);
        enum schema_state state = !file                                      ? SCHEMA_NEWER
                                  : strcmp(file->checksum, rows[i].checksum) ? SCHEMA_EDITED
                                                                             : SCHEMA_CURRENT;
        bool is_first = worst == SCHEMA_CURRENT || rows[i].number < *number;

        if (state == SCHEMA_CURRENT || rows[i].number == SCHEMA_FUNCTIONS_NUMBER || !is_first)
            continue;
        worst = state;
        *number = rows[i].number;
    }
    return worst;
}

enum schema_state schema_judge(const struct schema_row *rows, size_t count, int *number)
{
    const struct schema_file *file;

    *number = 0;
    enum schema_state state = judge_recorded(rows, count, number);
    if (state != SCHEMA_CURRENT)
        return state;
    for (size_t i = 0; (file = schema_file(SCHEMA_MIGRATION, i)); i++)
        if (!find_row(rows, count, file->number)) {
            *number = file->number;
            return SCHEMA_OLDER;
        }
    const struct schema_row *functions = find_row(rows, count, SCHEMA_FUNCTIONS_NUMBER);
    if (functions && !strcmp(functions->checksum, SCHEMA_FUNCTIONS_CHECKSUM))
        return SCHEMA_CURRENT;
    *number = SCHEMA_FUNCTIONS_NUMBER;
    return SCHEMA_OLDER;
}
