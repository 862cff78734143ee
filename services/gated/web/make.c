/* SPDX-License-Identifier: MIT
 * web_make FOLDER MODULES OUTPUT.c: writes the screens' files, each plain and as gzip, as a C file.
 * Status 1 when one is missing.
 */
#include "services/gated/web/make.h"

#include <sodium.h>
#include <stdio.h>

enum { PER_LINE = 96, TAG_BYTES = 8 };

/* A string literal compiles far faster than an array of numbers; its length is beyond what the
 * standard promises, and within what the compilers take. */
static void bytes_write(FILE *out, const char *name, size_t id, struct span bytes)
{
    fprintf(out, "static const char %s_%zu[] =", name, id);
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        if (i % PER_LINE == 0)
            fputs(i ? "\"\n    \"" : "\n    \"", out);
        if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\' || byte == '?')
            fprintf(out, "\\%03o", byte);
        else
            fputc(byte, out);
    }
    fputs(bytes.size ? "\";\n" : " \"\";\n", out);
}

static void tag_make(struct span plain, char tag[2 * TAG_BYTES + 1])
{
    unsigned char digest[crypto_generichash_BYTES];

    crypto_generichash(digest, sizeof digest, (const unsigned char *)plain.at, plain.size, NULL, 0);
    sodium_bin2hex(tag, 2 * TAG_BYTES + 1, digest, TAG_BYTES);
}

static void row_add(struct buffer *rows, const struct items *items, size_t id, size_t packed_size)
{
    const struct item *item = &items->at[id];
    struct span plain = buffer_span(&item->plain);
    char path[WEB_PATH_ROOM], tag[2 * TAG_BYTES + 1];

    bool is_own = item_place(item, items->digest, path);
    tag_make(plain, tag);
    buffer_print(rows, "    {\"%s\", \"%s\", \"%s\", {PLAIN_%zu, %zu}, {PACKED_%zu, %zu}, %s},\n",
                 path, item_type(item->name), tag, id, plain.size, id, packed_size,
                 is_own ? "false" : "true");
}

static bool output_write(const struct items *items, const char *path)
{
    struct buffer rows = {0};
    FILE *out = fopen(path, "w");

    if (!out) {
        perror(path);
        return false;
    }
    fputs("/* Written by web_make. */\n#include \"services/gated/web.h\"\n\n", out);
    for (size_t i = 0; i < items->count; i++) {
        struct span plain = buffer_span(&items->at[i].plain);
        struct buffer packed = {0};
        pack(plain, &packed);
        if (packed.size >= plain.size)
            packed.size = 0; /* not worth it */
        bytes_write(out, "PLAIN", i, plain);
        bytes_write(out, "PACKED", i, buffer_span(&packed));
        row_add(&rows, items, i, packed.size);
        buffer_free(&packed);
    }
    fprintf(out, "\nconst struct web_file WEB_FILES[] = {\n%.*s};\n", SPAN_ARG(buffer_span(&rows)));
    fprintf(out, "const size_t WEB_FILE_COUNT = %zu;\n", items->count);
    buffer_free(&rows);
    return fclose(out) == 0;
}

int main(int argc, char **argv)
{
    struct items items = {0};

    if (argc != 4) {
        fprintf(stderr, "usage: web_make FOLDER MODULES OUTPUT.c\n");
        return 2;
    }
    bool is_written = items_gather(&items, argv[1], argv[2]) && output_write(&items, argv[3]);
    items_free(&items);
    return is_written ? 0 : 1;
}
