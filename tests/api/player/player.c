/* SPDX-License-Identifier: MIT
 * Plays stories against a running service: player FILE.http... (tests/api/README.md)
 * Finds the service and its keys in the environment, as tests/with-service leaves them there.
 * Prints TAP, one line per request; a story ends with its first failure. Exits with 0 when
 * everything was as wanted, 1 when not, 2 when a file could not be read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/check.h"
#include "tests/api/player/play.h"

enum { LOOPS_MAX = 4 };

struct loop {
    const struct step *from;
    int64_t left, count;
};

struct stage {
    const char *file;
    const char *title;
    struct player player;
    struct loop loops[LOOPS_MAX];
    int depth;
    bool is_failed; /* the rest of this story is passed over */
};

static int played, failed;

static void story_begin(struct stage *stage, const char *title)
{
    struct arena *arena = stage->player.variables.arena;

    player_rest(&stage->player);
    buffer_free(&stage->player.person);
    stage->player = (struct player){.variables = {.arena = arena}, .address = "GATE_URL"};
    stage->title = title;
    stage->depth = 0;
    stage->is_failed = false;
}

static void report(struct stage *stage, const struct step *step, bool is_good,
                   const struct buffer *label, const struct buffer *differences)
{
    played++;
    failed += !is_good;
    printf("%sok %d - %s: %s\n", is_good ? "" : "not ", played, stage->title, label->at);
    if (!is_good)
        printf("#   %s:%d\n%s", stage->file, step->line, buffer_span(differences).at);
    fflush(stdout);
    stage->is_failed = !is_good;
}

static void do_request(struct stage *stage, const struct step *step)
{
    struct buffer label = {0}, differences = {0};
    bool is_good = play(&stage->player, step, &label, &differences);

    report(stage, step, is_good, &label, &differences);
    buffer_free(&label);
    buffer_free(&differences);
}

/* The text of a step filled in; the story fails when that is not possible. */
static struct buffer filled(struct stage *stage, const char *text)
{
    struct buffer value = {0};

    if (!fill(&stage->player.variables, text, &value))
        stage->is_failed = true;
    return value;
}

static void do_set(struct stage *stage, const struct step *step)
{
    struct buffer value = filled(stage, step->text);

    variable_set(&stage->player.variables, step->name, buffer_span(&value));
    buffer_free(&value);
}

static void do_wait(struct stage *stage, const struct step *step)
{
    struct buffer value = filled(stage, step->number);
    int64_t ms = duration_read(buffer_span(&value).at);

    if (ms > 0)
        usleep((useconds_t)ms * 1000);
    buffer_free(&value);
}

static void index_set(struct stage *stage, int64_t index)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)index);
    variable_set(&stage->player.variables, "i", span_of(text));
}

static void do_repeat(struct stage *stage, const struct step *step)
{
    struct buffer value = filled(stage, step->number);
    int64_t count = strtoll(buffer_span(&value).at, NULL, 10);

    CHECK(stage->depth < LOOPS_MAX && count > 0);
    stage->loops[stage->depth++] = (struct loop){step, count, count};
    index_set(stage, 1);
    buffer_free(&value);
}

/* The step to go on with. */
static const struct step *do_end(struct stage *stage, const struct step *step)
{
    struct loop *loop = &stage->loops[stage->depth - 1];

    if (--loop->left == 0) {
        stage->depth--;
        return step->next;
    }
    index_set(stage, loop->count - loop->left + 1);
    return loop->from->next;
}

static const struct step *step_do(struct stage *stage, const struct step *step)
{
    if (step->kind == STEP_STORY)
        story_begin(stage, step->name);
    else if (stage->is_failed)
        return step->next;
    switch (step->kind) {
    case STEP_STORY:
        break;
    case STEP_SET:
        do_set(stage, step);
        break;
    case STEP_AS:
        stage->player.token = strcmp(step->name, "nobody") ? step->name : NULL;
        buffer_free(&stage->player.person);
        break;
    case STEP_AT:
        player_rest(&stage->player);
        stage->player.address = step->name;
        break;
    case STEP_WAIT:
        do_wait(stage, step);
        break;
    case STEP_REPEAT:
        do_repeat(stage, step);
        break;
    case STEP_END:
        return do_end(stage, step);
    case STEP_REQUEST:
        do_request(stage, step);
    }
    if (stage->is_failed && step->kind != STEP_REQUEST) { /* a request was reported already */
        printf("not ok %d - %s: %s:%d\n", ++played, stage->title, stage->file, step->line);
        failed++;
    }
    return step->next;
}

static bool file_play(const char *path)
{
    struct arena *arena = arena_new();
    struct stage stage = {.file = path, .player.variables.arena = arena};
    const struct step *step = story_read(arena, path);
    bool is_readable = step != NULL;

    story_begin(&stage, path);
    while (step)
        step = step_do(&stage, step);
    player_rest(&stage.player);
    buffer_free(&stage.player.person);
    arena_free(arena);
    return is_readable;
}

int main(int argc, char **argv)
{
    bool is_readable = argc > 1;

    if (argc < 2)
        fprintf(stderr, "usage: player FILE.http...\n");
    for (int i = 1; i < argc; i++)
        is_readable &= file_play(argv[i]);
    printf("1..%d\n", played);
    return !is_readable ? 2 : failed ? 1 : 0;
}
