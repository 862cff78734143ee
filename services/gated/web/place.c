/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "services/gated/web/make.h"

/* Pages that are not called as their folder is; '*' is the last part of the path, whatever it is.
 */
static const struct {
    const char *folder;
    const char *path;
} PLACES[] = {{"front", "/"}, {"board", "/board/*"}, {"driver", "/d/*"}};

static const struct {
    const char *ending;
    const char *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".csv", "text/csv; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

const char *item_type(const char *name)
{
    const char *ending = strrchr(name, '.');

    for (size_t i = 0; ending && i < sizeof TYPES / sizeof *TYPES; i++)
        if (!strcmp(ending, TYPES[i].ending))
            return TYPES[i].type;
    return NULL;
}

static void page_place(const char *folder, char path[WEB_PATH_ROOM])
{
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        if (!strcmp(folder, PLACES[i].folder)) {
            snprintf(path, WEB_PATH_ROOM, "%s", PLACES[i].path);
            return;
        }
    snprintf(path, WEB_PATH_ROOM, "/%s", folder);
}

/* Beside its page: a service worker governs what lies below its own path. */
static void own_place(const char *folder, const char *file, char path[WEB_PATH_ROOM])
{
    char page[WEB_PATH_ROOM];

    page_place(folder, page);
    size_t size = strcspn(page, "*");
    const char *slash = page[size - 1] == '/' ? "" : "/";
    snprintf(path, WEB_PATH_ROOM, "%.*s%s%.64s", (int)(size < 96 ? size : 96), page, slash, file);
}

bool item_place(const struct item *item, const char *digest, char path[WEB_PATH_ROOM])
{
    const char *file = strchr(item->name, '/') + 1;
    bool is_own = !strcmp(file, "sw.js") || strstr(file, ".webmanifest");
    char folder[64];

    snprintf(folder, sizeof folder, "%.*s", (int)(file - 1 - item->name), item->name);
    if (!strcmp(file, "page.html")) {
        page_place(folder, path);
        return true;
    }
    if (is_own)
        own_place(folder, file, path);
    else
        snprintf(path, WEB_PATH_ROOM, "/assets/%s/%s", digest, item->name);
    return is_own;
}

void item_fill(struct item *item, const char *mark, struct span text)
{
    struct buffer filled = {0};
    struct span rest = buffer_span(&item->plain);
    const char *found;

    while ((found = memmem(rest.at, rest.size, mark, strlen(mark)))) {
        size_t size = (size_t)(found - rest.at);
        buffer_add(&filled, (struct span){rest.at, size});
        buffer_add(&filled, text);
        rest = (struct span){found + strlen(mark), rest.size - size - strlen(mark)};
    }
    buffer_add(&filled, rest);
    buffer_free(&item->plain);
    item->plain = filled;
}
