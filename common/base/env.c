/* SPDX-License-Identifier: MIT */
#include "common/base/env.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const struct setting *setting, const char *text)
{
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < setting->minimum || number > setting->maximum)
        return false;
    *(int64_t *)setting->value = number;
    return true;
}

static bool read_flag(const struct setting *setting, const char *text)
{
    bool is_on = !strcmp(text, "1") || !strcmp(text, "true") || !strcmp(text, "on");
    bool is_off = !strcmp(text, "0") || !strcmp(text, "false") || !strcmp(text, "off");

    *(bool *)setting->value = is_on;
    return is_on || is_off;
}

static bool read_setting(const struct setting *setting)
{
    const char *given = getenv(setting->name);
    const char *text = given && *given ? given : setting->fallback;

    if (!text) {
        fprintf(stderr, "%s is not set: %s\n", setting->name, setting->help);
        return false;
    }
    switch (setting->kind) {
    case SETTING_TEXT:
        *(const char **)setting->value = text;
        return true;
    case SETTING_NUMBER:
        if (read_number(setting, text))
            return true;
        fprintf(stderr, "%s=%s: expected a whole number from %lld to %lld\n", setting->name, text,
                (long long)setting->minimum, (long long)setting->maximum);
        return false;
    case SETTING_FLAG:
        if (read_flag(setting, text))
            return true;
        fprintf(stderr, "%s=%s: expected true or false\n", setting->name, text);
        return false;
    }
    return false;
}

bool env_read(const struct setting *settings, size_t count)
{
    bool is_good = true;

    for (size_t i = 0; i < count; i++)
        is_good = read_setting(&settings[i]) && is_good;
    return is_good;
}

void env_print_help(const struct setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("  %-28s %s%s%s%s\n", settings[i].name, settings[i].help,
               settings[i].fallback && *settings[i].fallback ? " (default " : "",
               settings[i].fallback ? settings[i].fallback : " (required)",
               settings[i].fallback && *settings[i].fallback ? ")" : "");
}
