/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/replay_parts.h"

static bool read_json(struct replay *replay, const json_t *json);

static bool read_body(struct replay *replay, const char *body)
{
    json_t *event = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    bool is_good = json_is_object(event) && replay_event(replay, event);

    if (!json_is_object(event))
        snprintf(replay->result.difference, sizeof replay->result.difference,
                 "a body that is no JSON object: %.100s", body);
    json_decref(event);
    return is_good;
}

static bool read_items(struct replay *replay, const json_t *items)
{
    const json_t *item;
    size_t i;

    json_array_foreach (items, i, item)
        if (!read_json(replay, item))
            return false;
    return true;
}

static bool read_json(struct replay *replay, const json_t *json)
{
    const char *body = json_string_value(json_object_get(json, "body"));

    if (json_is_array(json_object_get(json, "items")))
        return read_items(replay, json_object_get(json, "items"));
    return body ? read_body(replay, body) : replay_event(replay, json);
}

static bool read_line(struct replay *replay, const char *path, int number, const char *line)
{
    json_error_t error;
    json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &error);
    bool is_good = json_is_object(json) && read_json(replay, json);

    if (!json_is_object(json))
        snprintf(replay->result.difference, sizeof replay->result.difference,
                 "%.200s:%d: expected a JSON object on each line: %.100s", path, number,
                 json ? "it is none" : error.text);
    json_decref(json);
    return is_good;
}

bool replay_file(struct replay *replay, const char *path)
{
    FILE *file = strcmp(path, "-") != 0 ? fopen(path, "r") : stdin;
    bool is_good = file != NULL;
    char *line = NULL;
    size_t room = 0;

    if (!file) {
        snprintf(replay->result.difference, sizeof replay->result.difference, "%.200s: %s", path,
                 strerror(errno));
        return false;
    }
    for (int number = 1; is_good && getline(&line, &room, file) >= 0; number++)
        if (line[strspn(line, " \t\r\n")])
            is_good = read_line(replay, path, number, line);
    free(line);
    if (file != stdin)
        fclose(file);
    return is_good;
}
