/* SPDX-License-Identifier: MIT */
#include "services/gatectl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "gatectl: %s: %s\n", path, what);
    return false;
}

bool file_read_line(const char *path, char *line, size_t room)
{
    FILE *file = fopen(path, "re");

    if (!file)
        return complain(path, strerror(errno));
    bool is_read = fgets(line, (int)room, file) != NULL;
    fclose(file);
    if (!is_read)
        return complain(path, "is empty");
    size_t size = strcspn(line, "\r\n");
    if (size + 1 == room)
        return complain(path, "the first line is too long");
    line[size] = '\0';
    return size > 0 || complain(path, "the first line is empty");
}

char *file_read(const char *path, size_t *size)
{
    bool is_standard = !strcmp(path, "-");
    FILE *file = is_standard ? stdin : fopen(path, "re");
    char *text = NULL;
    size_t room = 0;

    *size = 0;
    if (!file) {
        complain(path, strerror(errno));
        return NULL;
    }
    do {
        room = room ? room * 2 : 4096;
        text = realloc(text, room + 1);
        CHECK(text);
        *size += fread(text + *size, 1, room - *size, file);
    } while (*size == room && room < FILE_SIZE_MAX);
    bool is_good = !ferror(file) && *size < FILE_SIZE_MAX;
    text[*size] = '\0';
    if (!is_standard)
        fclose(file);
    if (!is_good) {
        complain(path, "cannot be read, or is too large");
        free(text);
        return NULL;
    }
    return text;
}

static bool write_all(int descriptor, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(descriptor, text, size);

        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text += written;
            size -= (size_t)written;
        }
    }
    return fsync(descriptor) == 0;
}

/* The rename is on disk once its folder is. */
static void sync_folder(const char *path)
{
    char *copy = strdup(path);

    CHECK(copy);
    int descriptor = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
    free(copy);
}

/* Root replaces what belongs to the server: it must stay the server's. */
static bool keep_owner(int descriptor, const char *path)
{
    struct stat old;

    return geteuid() != 0 || stat(path, &old) != 0 ||
           fchown(descriptor, old.st_uid, old.st_gid) == 0;
}

bool file_write_secret(const char *path, const char *text, size_t size)
{
    size_t room = strlen(path) + 8;
    char *draft = malloc(room);

    CHECK(draft);
    snprintf(draft, room, "%s.XXXXXX", path);
    int descriptor = mkostemp(draft, O_CLOEXEC); /* 0600 */
    bool is_good =
        descriptor >= 0 && keep_owner(descriptor, path) && write_all(descriptor, text, size);
    if (descriptor >= 0)
        is_good = close(descriptor) == 0 && is_good;
    is_good = is_good && rename(draft, path) == 0;
    if (!is_good) {
        complain(path, strerror(errno));
        if (descriptor >= 0)
            unlink(draft);
    } else {
        sync_folder(path);
    }
    free(draft);
    return is_good;
}
