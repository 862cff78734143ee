/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "services/gated/web/make.h"

enum { CHUNK = 1 << 16, DIGEST_BYTES = (WEB_DIGEST_SIZE - 1) / 2 };

static bool file_read(const char *path, struct buffer *text)
{
    char chunk[CHUNK];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (!file)
        return false;
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(text, (struct span){chunk, size});
    bool is_read = !ferror(file);
    fclose(file);
    return is_read;
}

static struct item *items_add(struct items *items, const char *name)
{
    items->at = realloc(items->at, (items->count + 1) * sizeof *items->at);
    CHECK(items->at);
    struct item *item = &items->at[items->count++];
    *item = (struct item){.name = strdup(name)};
    CHECK(item->name);
    return item;
}

static bool own_add(struct items *items, const char *path, const char *name)
{
    if (!strncmp(name, "node_modules/", 13) || !item_type(name))
        return true;
    if (file_read(path, &items_add(items, name)->plain))
        return true;
    fprintf(stderr, "web: %s: %s\n", path, strerror(errno));
    return false;
}

static bool own_gather(struct items *items, const char *folder)
{
    char pattern[WEB_PATH_ROOM];
    bool is_good = true;
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/*/*", folder);
    if (glob(pattern, 0, NULL, &found)) {
        fprintf(stderr, "web: no files in %s\n", folder);
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc && is_good; i++)
        is_good = own_add(items, found.gl_pathv[i], found.gl_pathv[i] + strlen(folder) + 1);
    globfree(&found);
    return is_good;
}

static bool vendor_add(struct items *items, const char *modules, const char *name, const char *from)
{
    char path[WEB_PATH_ROOM], served[300];

    snprintf(path, sizeof path, "%s/%s", modules, from);
    snprintf(served, sizeof served, "vendor/%s", name);
    if (file_read(path, &items_add(items, served)->plain))
        return true;
    fprintf(stderr,
            "web: %s is missing. The screens' packages come with services/up and tests/run, or by\n"
            "web:   npm ci --ignore-scripts --omit=dev     in services/web\n",
            path);
    return false;
}

/* Lines of two words: the name below vendor/, the file below node_modules/. */
static bool vendor_gather(struct items *items, const char *folder, const char *modules)
{
    char path[WEB_PATH_ROOM], line[600], name[256], from[256];
    bool is_good = true;

    snprintf(path, sizeof path, "%s/vendor.txt", folder);
    FILE *list = fopen(path, "r");
    if (!list) {
        fprintf(stderr, "web: %s: %s\n", path, strerror(errno));
        return false;
    }
    while (is_good && fgets(line, sizeof line, list))
        if (line[0] != '#' && sscanf(line, "%255s %255s", name, from) == 2)
            is_good = vendor_add(items, modules, name, from);
    fclose(list);
    return is_good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

static void digest_take(struct items *items)
{
    crypto_generichash_state state;
    unsigned char digest[crypto_generichash_BYTES];

    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = &items->at[i];
        struct span plain = buffer_span(&item->plain);
        crypto_generichash_update(&state, (const unsigned char *)item->name,
                                  strlen(item->name) + 1);
        crypto_generichash_update(&state, (const unsigned char *)&plain.size, sizeof plain.size);
        crypto_generichash_update(&state, (const unsigned char *)plain.at, plain.size);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(items->digest, sizeof items->digest, digest, DIGEST_BYTES);
}

static void list_line(struct buffer *text, const char *line)
{
    buffer_print(text, "%s\"%s\"", text->size ? ",\n" : "[", line);
}

/* files.json tells a service worker what there is to keep, pages.json which screens there are. */
static void lists_add(struct items *items)
{
    struct buffer files = {0}, pages = {0};

    for (size_t i = 0; i < items->count; i++) {
        char path[WEB_PATH_ROOM];
        bool is_own = item_place(&items->at[i], items->digest, path);
        if (!is_own)
            list_line(&files, items->at[i].name);
        else if (strstr(items->at[i].name, "/page.html"))
            list_line(&pages, path);
    }
    buffer_add_text(&files, "]\n");
    buffer_add_text(&pages, "]\n");
    items_add(items, "base/files.json")->plain = files;
    items_add(items, "base/pages.json")->plain = pages;
}

/* A page says @head@ for what all of them begin with. */
static bool heads_fill(struct items *items, const char *folder)
{
    struct buffer head = {0};
    char path[WEB_PATH_ROOM];

    snprintf(path, sizeof path, "%s/head.html", folder);
    if (!file_read(path, &head)) {
        fprintf(stderr, "web: %s: %s\n", path, strerror(errno));
        return false;
    }
    for (size_t i = 0; i < items->count; i++)
        if (strstr(items->at[i].name, "/page.html"))
            item_fill(&items->at[i], "@head@\n", buffer_span(&head));
    buffer_free(&head);
    return true;
}

/* Pages, workers and manifests say @assets@ for where the assets are. */
static void assets_fill(struct items *items)
{
    char path[WEB_PATH_ROOM], assets[sizeof "/assets/" + WEB_DIGEST_SIZE];

    snprintf(assets, sizeof assets, "/assets/%s", items->digest);
    for (size_t i = 0; i < items->count; i++)
        if (item_place(&items->at[i], items->digest, path))
            item_fill(&items->at[i], "@assets@", span_of(assets));
}

bool items_gather(struct items *items, const char *folder, const char *modules)
{
    if (!own_gather(items, folder) || !heads_fill(items, folder) ||
        !vendor_gather(items, folder, modules))
        return false;
    qsort(items->at, items->count, sizeof *items->at, by_name);
    digest_take(items);
    assets_fill(items);
    lists_add(items);
    return true;
}

void items_free(struct items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        free(items->at[i].name);
        buffer_free(&items->at[i].plain);
    }
    free(items->at);
}
