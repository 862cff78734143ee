/* SPDX-License-Identifier: MIT */
#include "services/gated/secret_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"
#include "common/base/log.h"

char *secret_file_read(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;

    if (file) {
        text = malloc(SECRET_FILE_MAX + 1);
        CHECK(text);
        size_t size = fread(text, 1, SECRET_FILE_MAX, file);
        text[size] = '\0';
        bool is_whole = !ferror(file) && feof(file);
        fclose(file);
        if (is_whole)
            return text;
        free(text);
    }
    log_write(LOG_ERROR, "a file cannot be read", "path", path, NULL);
    return NULL;
}
