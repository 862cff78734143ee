/* SPDX-License-Identifier: MIT
 * openapi_make FOLDER OUTPUT.c: reads the files of the folder and writes the description as a byte
 * array. Status 1 when something in them does not fit together.
 */
#include "services/gated/openapi/make.h"

#include <glob.h>
#include <stdbool.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/gated/web/make.h"

enum { PATH_ROOM = 4096, TAG_BYTES = 8, PER_LINE = 24 };

void book_mistake(struct book *book, const char *where, const char *what)
{
    fprintf(stderr, "openapi: %s: %s\n", where, what);
    book->mistakes++;
}

json_t *book_components(struct book *book, const char *kind)
{
    json_t *components = json_object_get(book->root, "components");

    if (!json_object_get(components, kind))
        json_object_set_new(components, kind, json_object());
    return json_object_get(components, kind);
}

json_t *book_reference(struct book *book, const char *kind, const char *name)
{
    char text[120];

    if (!json_object_get(book_components(book, kind), name))
        book_mistake(book, name, "is not among the components");
    snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    return json_pack("{s:s}", "$ref", text);
}

void book_header(struct book *book, json_t *headers, const char *name)
{
    json_object_set_new(headers, name, book_reference(book, "headers", name));
}

/* --- reading --------------------------------------------------------------------------------- */

static json_t *load(struct book *book, const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

    if (!json) {
        fprintf(stderr, "openapi: %s:%d: %s\n", path, error.line, error.text);
        book->mistakes++;
    }
    return json;
}

static json_t *load_from(struct book *book, const char *folder, const char *name)
{
    char path[PATH_ROOM];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return load(book, path);
}

/* Puts the members of every file of folder/kind into one object. */
static void gather(struct book *book, const char *folder, const char *kind, json_t *into)
{
    char pattern[PATH_ROOM];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/%s/*.json", folder, kind);
    if (glob(pattern, 0, NULL, &found)) {
        book_mistake(book, pattern, "there are none");
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        json_t *part = load(book, found.gl_pathv[i]), *value;
        const char *name;
        json_object_foreach (part, name, value)
            if (json_object_get(into, name))
                book_mistake(book, name, "is there twice");
        json_object_update(into, part);
        json_decref(part);
    }
    globfree(&found);
}

/* --- making ---------------------------------------------------------------------------------- */

static void expand_paths(struct book *book)
{
    static const char *const METHODS[] = {"get", "put", "post", "delete", "patch"};
    json_t *paths = json_object_get(book->root, "paths"), *item;
    const char *path;

    json_object_foreach (paths, path, item)
        for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
            json_t *operation = json_object_get(item, METHODS[i]);
            if (operation)
                operation_expand(book, path, METHODS[i], operation);
        }
}

/* The story as it is published: bodies stand with their operations, as examples. */
static void publish_story(struct book *book)
{
    json_t *steps = json_array(), *step;
    size_t i;

    json_array_foreach (book->story, i, step) {
        json_t *copy = json_copy(step);
        json_object_del(copy, "summary");
        if (json_object_get(copy, "body")) {
            json_object_del(copy, "body");
            json_object_set(copy, "example", json_object_get(step, "name"));
        }
        json_array_append_new(steps, copy);
    }
    json_object_set_new(book->root, "x-story", steps);
}

static void make(struct book *book, const char *folder)
{
    book->root = load_from(book, folder, "api.json");
    book->story = load_from(book, folder, "story.json");
    book->answers = load_from(book, folder, "answers.json");
    if (book->mistakes)
        return;
    gather(book, folder, "schemas", book_components(book, "schemas"));
    gather(book, folder, "paths", json_object_get(book->root, "paths"));
    if (book->mistakes)
        return;
    expand_paths(book);
    publish_story(book);
    json_object_del(book->root, "x-role-sets");
    json_object_del(book->root, "x-problem-sets");
}

/* --- writing --------------------------------------------------------------------------------- */

static void write_bytes(FILE *out, const char *name, const char *text, size_t size)
{
    fprintf(out, "static const unsigned char %s[] = {", name);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%s%u,", i % PER_LINE ? "" : "\n", (unsigned char)text[i]);
    fputs("\n0};\n", out);
}

static bool write_source(const json_t *root, const char *path)
{
    unsigned char digest[crypto_generichash_BYTES];
    char tag[2 * TAG_BYTES + 1];
    char *text = json_dumps(root, JSON_COMPACT);
    struct buffer packed = {0};
    FILE *out = text ? fopen(path, "w") : NULL;

    if (!out) {
        perror(path);
        free(text);
        return false;
    }
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(tag, sizeof tag, digest, TAG_BYTES);
    fputs("/* Written by openapi_make. */\n#include \"services/gated/openapi.h\"\n\n", out);
    write_bytes(out, "TEXT", text, strlen(text));
    pack(span_of(text), &packed);
    write_bytes(out, "PACKED", packed.at, packed.size);
    fprintf(out,
            "const struct span OPENAPI_TEXT = {(const char *)TEXT, %zu};\n"
            "const struct span OPENAPI_PACKED = {(const char *)PACKED, %zu};\n"
            "const char OPENAPI_ETAG[] = \"%s\";\n",
            strlen(text), packed.size, tag);
    buffer_free(&packed);
    free(text);
    return fclose(out) == 0;
}

int main(int argc, char **argv)
{
    struct book book = {0};

    if (argc != 3) {
        fprintf(stderr, "usage: openapi_make FOLDER OUTPUT.c\n");
        return 2;
    }
    json_object_seed(1); /* the same bytes from the same files */
    make(&book, argv[1]);
    bool is_written = !book.mistakes && write_source(book.root, argv[2]);
    json_decref(book.root);
    json_decref(book.story);
    json_decref(book.answers);
    return is_written ? 0 : 1;
}
