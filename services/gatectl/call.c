/* SPDX-License-Identifier: MIT */
#include "services/gatectl/call.h"

#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "common/base/span.h"
#include "common/form/fold.h"
#include "common/form/text.h"

static int find_option(const struct verb *verb, const char *name, size_t size)
{
    for (int i = 0; i < CALL_OPTIONS_MAX && verb->options[i].name; i++)
        if (strlen(verb->options[i].name) == size && !memcmp(verb->options[i].name, name, size))
            return i;
    return -1;
}

const char *call_option(const struct call *call, const char *name)
{
    int index = find_option(call->verb, name, strlen(name));

    CHECK(index >= 0);
    return call->values[index];
}

static bool complain(const struct call *call, const char *what, const char *word)
{
    fprintf(stderr, "gatectl %s%s%s: %s%s; see --help\n", call->verb->subject,
            call->verb->name ? " " : "", call->verb->name ? call->verb->name : "", what, word);
    return false;
}

/* Reads one option, with its value as --name=value or as the next word. */
static bool read_option(struct call *call, int *at, int count, char **words)
{
    const char *word = words[*at];
    size_t size = strcspn(word, "=");
    const char *joined = word[size] ? word + size + 1 : NULL;

    if (size == strlen("--database") && !strncmp(word, "--database", size)) {
        call->url = joined ? joined : *at + 1 < count ? words[++*at] : NULL;
        return call->url || complain(call, "a value is missing behind ", word);
    }
    int index = find_option(call->verb, word, size);
    if (index < 0)
        return complain(call, "unknown option ", word);
    if (!call->verb->options[index].value) {
        call->values[index] = "";
        return !joined || complain(call, "this option takes no value: ", word);
    }
    call->values[index] = joined ? joined : *at + 1 < count ? words[++*at] : NULL;
    return call->values[index] || complain(call, "a value is missing behind ", word);
}

static bool check_complete(const struct call *call)
{
    for (int i = 0; i < CALL_OPTIONS_MAX && call->verb->options[i].name; i++)
        if (call->verb->options[i].is_required && !call->values[i])
            return complain(call, "missing ", call->verb->options[i].name);
    if (call->operand_count < call->verb->operands_min)
        return complain(call, "missing ", call->verb->operands);
    if (call->verb->needs_database && (!call->url || !*call->url))
        return complain(call, "no database: give --database URL or set GATE_DATABASE_URL", "");
    return true;
}

static bool is_utf8(const char *word)
{
    struct span rest = span_of(word);
    uint32_t code;

    while (utf8_take(&rest, &code))
        ;
    return rest.size == 0;
}

bool call_read(struct call *call, int count, char **words)
{
    for (int i = 0; i < count; i++) {
        if (!is_utf8(words[i]))
            return complain(call, "this is not UTF-8: ", words[i]);
        /* it would be stored and shown; the service refuses the same, and so it is not echoed */
        if (!text_is_printable(span_of(words[i]), TEXT_LINE))
            return complain(call, "a word has control or invisible characters", "");
    }
    for (int i = 0; i < count; i++) {
        if (!strncmp(words[i], "--", 2)) {
            if (!read_option(call, &i, count, words))
                return false;
        } else if (call->operand_count < call->verb->operands_max) {
            call->operands[call->operand_count++] = words[i];
        } else {
            return complain(call, "one word too many: ", words[i]);
        }
    }
    return check_complete(call);
}

static void print_option(const char *name, const char *value, const char *help, bool is_required)
{
    char left[64];

    snprintf(left, sizeof left, "%s%s%s", name, value ? " " : "", value ? value : "");
    printf("  %-26s %s%s\n", left, help, is_required ? " (required)" : "");
}

void verb_print_help(const struct verb *verb)
{
    printf("Usage: gatectl %s%s%s%s%s%s\n\n%s\n", verb->subject, verb->name ? " " : "",
           verb->name ? verb->name : "", verb->options[0].name ? " [options]" : "",
           verb->operands ? " " : "", verb->operands ? verb->operands : "", verb->summary);
    if (verb->details)
        printf("\n%s\n", verb->details);
    puts("\nOptions:");
    for (int i = 0; i < CALL_OPTIONS_MAX && verb->options[i].name; i++)
        print_option(verb->options[i].name, verb->options[i].value, verb->options[i].help,
                     verb->options[i].is_required);
    if (verb->needs_database)
        print_option("--database", "URL", "the database (else GATE_DATABASE_URL)", false);
    print_option("--help", NULL, "this text", false);
    puts("\nExit status: 0 done, 1 refused or a check failed, 2 wrong usage, "
         "3 database or file error");
}
