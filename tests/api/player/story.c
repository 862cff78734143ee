/* SPDX-License-Identifier: MIT */
#include "tests/api/player/story.h"

#include <ctype.h>
#include <stdio.h>

#include "common/base/buffer.h"
#include "common/base/check.h"

struct reader {
    struct arena *arena;
    const char *path;
    struct span rest;
    int line;
    struct step *first, *last;
    bool is_broken;
};

static void fail(struct reader *r, const char *why)
{
    if (!r->is_broken)
        fprintf(stderr, "%s:%d: %s\n", r->path, r->line, why);
    r->is_broken = true;
}

static const char *copy(struct reader *r, struct span text)
{
    return arena_copy(r->arena, text).at;
}

static struct span trim(struct span s)
{
    while (s.size && isspace((unsigned char)*s.at))
        s.at++, s.size--;
    while (s.size && isspace((unsigned char)s.at[s.size - 1]))
        s.size--;
    return s;
}

static struct span line_take(struct reader *r)
{
    r->line++;
    return span_take(&r->rest, '\n');
}

static struct step *step_add(struct reader *r, enum step_kind kind)
{
    struct step *step = arena_alloc(r->arena, sizeof *step);

    step->kind = kind;
    step->line = r->line;
    if (r->last)
        r->last->next = step;
    else
        r->first = step;
    r->last = step;
    return step;
}

/* The request that the line belongs to. */
static struct step *request_of(struct reader *r)
{
    static struct step nothing;

    if (r->last && r->last->kind == STEP_REQUEST)
        return r->last;
    fail(r, "this belongs to a request");
    return &nothing;
}

/* ---- JSON over several lines ---- */

/* How many brackets the line leaves open; quotes are minded. */
static int depth_of(struct span line, bool *is_quoted)
{
    int depth = 0;

    for (size_t i = 0; i < line.size; i++) {
        char c = line.at[i];
        if (*is_quoted && c == '\\')
            i++;
        else if (c == '"')
            *is_quoted = !*is_quoted;
        else if (!*is_quoted)
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
    return depth;
}

static const char *json_take(struct reader *r, struct span line)
{
    struct buffer text = {0};
    bool is_quoted = false;
    int depth = depth_of(line, &is_quoted);

    buffer_add(&text, line);
    while (depth > 0 && r->rest.size) {
        line = line_take(r);
        depth += depth_of(line, &is_quoted);
        buffer_add_text(&text, "\n");
        buffer_add(&text, line);
    }
    if (depth != 0)
        fail(r, "the brackets of this JSON do not match");
    const char *json = copy(r, buffer_span(&text));
    buffer_free(&text);
    return json;
}

static void read_json(struct reader *r, struct span line)
{
    struct step *step = request_of(r);
    const char *json = json_take(r, line);

    if (step->statuses ? step->wanted_body != NULL : step->body != NULL)
        fail(r, "a second body");
    *(step->statuses ? &step->wanted_body : &step->body) = json;
}

/* ---- lines of a request ---- */

static void read_request(struct reader *r, struct span line)
{
    struct step *step = step_add(r, STEP_REQUEST);
    struct span rest = line;

    step->method = copy(r, span_take(&rest, ' '));
    step->target = copy(r, trim(rest));
}

static void read_status(struct reader *r, struct span line)
{
    struct step *step = request_of(r);

    if (step->statuses)
        fail(r, "a second status");
    step->statuses = copy(r, line);
}

static void read_field(struct reader *r, struct span line)
{
    struct step *step = request_of(r);
    int *count = step->statuses ? &step->wanted_count : &step->header_count;
    struct field *fields = step->statuses ? step->wanted : step->headers;
    struct span rest = line;

    if (*count == FIELDS_MAX) {
        fail(r, "too many fields");
        return;
    }
    fields[*count].name = copy(r, trim(span_take(&rest, ':')));
    fields[(*count)++].text = copy(r, trim(rest));
}

/* "NAME = TEXT" */
static struct field pair_read(struct reader *r, struct span line)
{
    struct span rest = line;
    struct span name = trim(span_take(&rest, '='));

    if (!name.size || rest.at == line.at + line.size)
        fail(r, "NAME = … is expected");
    return (struct field){copy(r, name), copy(r, trim(rest))};
}

static void read_capture(struct reader *r, struct span line)
{
    struct step *step = request_of(r);

    if (step->capture_count == CAPTURES_MAX)
        fail(r, "too many captures");
    else
        step->captures[step->capture_count++] = pair_read(r, line);
}

/* ---- words ---- */

static void do_story(struct reader *r, struct span rest)
{
    step_add(r, STEP_STORY)->name = copy(r, rest);
}

static void do_set(struct reader *r, struct span rest)
{
    struct field pair = pair_read(r, rest);
    struct step *step = step_add(r, STEP_SET);

    step->name = pair.name;
    step->text = pair.text;
}

static void do_as(struct reader *r, struct span rest)
{
    step_add(r, STEP_AS)->name = copy(r, rest);
}

static void do_at(struct reader *r, struct span rest)
{
    step_add(r, STEP_AT)->name = copy(r, rest);
}

static void do_wait(struct reader *r, struct span rest)
{
    step_add(r, STEP_WAIT)->number = copy(r, rest);
}

static void do_repeat(struct reader *r, struct span rest)
{
    step_add(r, STEP_REPEAT)->number = copy(r, rest);
}

static void do_end(struct reader *r, struct span rest)
{
    (void)rest;
    step_add(r, STEP_END);
}

static void do_raw(struct reader *r, struct span rest)
{
    struct step *step = request_of(r);

    step->body = copy(r, rest);
    step->is_raw = true;
}

static void do_keyless(struct reader *r, struct span rest)
{
    (void)rest;
    request_of(r)->is_keyless = true;
}

static void do_within(struct reader *r, struct span rest)
{
    request_of(r)->within = copy(r, rest);
}

static void do_events(struct reader *r, struct span rest)
{
    request_of(r)->events = copy(r, rest);
}

static const struct {
    const char *word;
    void (*read)(struct reader *r, struct span rest);
} WORDS[] = {
    {"story", do_story},    {"set", do_set},       {"as", do_as},         {"at", do_at},
    {"wait", do_wait},      {"repeat", do_repeat}, {"end", do_end},       {"raw", do_raw},
    {"no-key", do_keyless}, {"within", do_within}, {"events", do_events}, {"capture", read_capture},
};

static bool is_method(struct span word)
{
    for (size_t i = 0; i < word.size; i++)
        if (!isupper((unsigned char)word.at[i]))
            return false;
    return word.size > 2;
}

static void read_line(struct reader *r, struct span line)
{
    struct span rest = line, word = span_take(&rest, ' ');

    if (line.size == 0 || line.at[0] == '#')
        return;
    if (line.at[0] == '{' || line.at[0] == '[') {
        read_json(r, line);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (span_is(word, WORDS[i].word)) {
            WORDS[i].read(r, trim(rest));
            return;
        }
    if (isdigit((unsigned char)line.at[0]))
        read_status(r, line);
    else if (is_method(word) && rest.size)
        read_request(r, line);
    else if (word.size > 1 && memchr(line.at, ':', line.size))
        read_field(r, line);
    else
        fail(r, "this line is neither a request nor a part of one");
}

static bool file_read(const char *path, struct buffer *text)
{
    FILE *file = fopen(path, "r");
    char bytes[8192];
    size_t size;

    if (!file) {
        perror(path);
        return false;
    }
    while ((size = fread(bytes, 1, sizeof bytes, file)) > 0)
        buffer_add(text, (struct span){bytes, size});
    fclose(file);
    return true;
}

/* A request without a status would say nothing; a loop without its end never comes back. */
static void check_whole(struct reader *r)
{
    int depth = 0;

    for (struct step *step = r->first; step; step = step->next) {
        r->line = step->line;
        depth += (step->kind == STEP_REPEAT) - (step->kind == STEP_END);
        if (step->kind == STEP_REQUEST && !step->statuses)
            fail(r, "this request expects no status");
        if (depth < 0)
            fail(r, "end without repeat");
    }
    if (depth > 0)
        fail(r, "repeat without end");
    if (!r->first)
        fail(r, "an empty story");
}

struct step *story_read(struct arena *arena, const char *path)
{
    struct reader r = {.arena = arena, .path = path};
    struct buffer text = {0};

    if (!file_read(path, &text))
        return NULL;
    r.rest = buffer_span(&text);
    while (r.rest.size && !r.is_broken)
        read_line(&r, trim(line_take(&r)));
    if (!r.is_broken)
        check_whole(&r);
    buffer_free(&text);
    return r.is_broken ? NULL : r.first;
}
