/* SPDX-License-Identifier: MIT */
#include "simulator/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/buffer.h"
#include "common/base/check.h"
#include "simulator/scenario_key.h"

/* For messages: no more of a text than fits beside the rest. */
#define SHORT(s) (int)((s).size < 60 ? (s).size : 60), (s).at

/* Where a line stands, and what it would change. */
struct reading {
    struct scenario *scenario;
    scenario_source *source;
    void *owner;
    struct scenario_error *error;
    unsigned char file;
    int line;
    struct span section;    /* "" before the first one; "gate" within a gate */
    struct gate_plan *gate; /* of the section */
};

static bool refuse(struct reading *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(struct reading *r, const char *format, ...)
{
    va_list arguments;
    int size = 0;

    if (r->file)
        size = snprintf(r->error->text, sizeof r->error->text,
                        "%s:%d: ", r->scenario->files[r->file - 1], r->line);
    va_start(arguments, format);
    vsnprintf(r->error->text + size, sizeof r->error->text - (size_t)size, format, arguments);
    va_end(arguments);
    return false;
}

int scenario_gate(const struct scenario *scenario, struct span code)
{
    for (int g = 0; g < scenario->gate_count; g++)
        if (span_is(code, scenario->gates[g].code))
            return g;
    return -1;
}

/* --- values ------------------------------------------------------------------------------------
 */

static struct origin *origin_of(struct reading *r, const struct key *key)
{
    size_t index = (size_t)(key - SCENARIO_KEYS);

    return r->gate ? &r->gate->origins[index] : &r->scenario->origins[index];
}

static bool refuse_unknown(struct reading *r, struct span name)
{
    struct buffer known = {0};

    for (size_t i = 0; i < SCENARIO_KEY_COUNT; i++)
        if (span_is(r->section, SCENARIO_KEYS[i].section) && known.size < 160)
            buffer_print(&known, "%s%s", known.size ? ", " : "", SCENARIO_KEYS[i].name);
    buffer_add(&known, SPAN(""));
    if (r->section.size)
        refuse(r, "unknown key '%.*s' in [%.*s]; expected one of %.*s%s", SHORT(name),
               SPAN_ARG(r->section), SPAN_ARG(buffer_span(&known)),
               r->gate ? ", lane N, closure" : "");
    else
        refuse(r, "unknown key '%.*s' before the first section; expected extends, title or [run] …",
               SHORT(name));
    buffer_free(&known);
    return false;
}

static bool set_key(struct reading *r, struct span name, struct span value)
{
    const struct key *key = key_find(r->section, name);
    char expected[200];

    if (!key)
        return refuse_unknown(r, name);
    struct origin *origin = origin_of(r, key);
    if (r->file && origin->file == r->file)
        return refuse(r, "'%s' stands here for the second time, first in line %d; expected once",
                      key->name, origin->line);
    void *base = r->gate ? (void *)r->gate : (void *)r->scenario;
    if (!key_read(key, value, base, expected, sizeof expected))
        return refuse(r, "'%s = %.*s'; expected %s", key->name, SHORT(value), expected);
    *origin = (struct origin){.file = r->file ? r->file : 255, .line = r->line};
    return true;
}

/* "import", "import export perishable", "none": directions, then the only classes it takes. */
static bool set_lane(struct reading *r, struct span number, struct span value)
{
    uint64_t n;
    struct lane_plan lane = {0};

    if (!span_to_number(number, LANES_MAX - 1, &n) || n == 0)
        return refuse(r, "'lane %.*s'; expected a number from 1 to %d", SHORT(number),
                      LANES_MAX - 1);
    if (span_is(value, "none")) {
        r->gate->lanes[n] = lane;
        return true;
    }
    for (struct span word; (word = value_word(&value)).size;) {
        unsigned direction = word_of(DIRECTION_NAMES, DIRECTION_COUNT, word);
        unsigned class = word_of(CLASS_NAMES, CLASS_COUNT, word);
        if (direction == DIRECTION_COUNT && class == CLASS_COUNT)
            return refuse(r, "a lane for '%.*s'; expected import, export, a goods class or none",
                          SHORT(word));
        lane.directions |= direction < DIRECTION_COUNT ? 1U << direction : 0;
        lane.classes |= class < CLASS_COUNT ? 1U << class : 0;
    }
    if (!lane.directions)
        return refuse(r, "a lane without direction; expected import, export or both, or none");
    if (!lane.classes)
        lane.classes = (1U << CLASS_COUNT) - 1;
    r->gate->lanes[n] = lane;
    return true;
}

/* "day 1 13:00 for 2 h", or "none" to forget those of the scenario extended. */
static bool set_closure(struct reading *r, struct span value)
{
    struct gate_plan *gate = r->gate;
    struct span rest = value;
    double day, length_ms;
    int32_t clock_ms;

    if (span_is(value, "none")) {
        gate->closure_count = 0;
        return true;
    }
    if (!span_is(value_word(&rest), "day") || !value_number(&rest, &day) || day < 1 || day > 60 ||
        day != (double)(int)day || !value_clock(&rest, &clock_ms) ||
        !span_is(value_word(&rest), "for") || !value_duration(&rest, &length_ms) || rest.size ||
        length_ms < MINUTE_MS || length_ms > 30.0 * DAY_MS)
        return refuse(r, "'closure = %.*s'; expected such as 'day 1 13:00 for 2 h', or none",
                      SHORT(value));
    if (gate->closure_count == CLOSURES_MAX)
        return refuse(r, "more than %d closures; expected fewer", CLOSURES_MAX);
    int64_t from_ms = ((int64_t)day - 1) * DAY_MS + clock_ms;
    gate->closures[gate->closure_count++] =
        (struct closure){.from_ms = from_ms, .until_ms = from_ms + (int64_t)length_ms};
    return true;
}

static bool set_any(struct reading *r, struct span name, struct span value)
{
    if (r->gate && span_starts_with(name, SPAN("lane ")))
        return set_lane(r, value_trim((struct span){name.at + 5, name.size - 5}), value);
    if (r->gate && span_is(name, "closure"))
        return set_closure(r, value);
    return set_key(r, name, value);
}

/* --- files -------------------------------------------------------------------------------------
 */

static bool enter_gate(struct reading *r, struct span code)
{
    struct scenario *scenario = r->scenario;
    int known = scenario_gate(scenario, code);

    if (known < 0) {
        for (size_t i = 0; i < code.size; i++)
            if (code.at[i] < 'A' || code.at[i] > 'Z')
                known = -2;
        if (known == -2 || code.size < 2 || code.size > 10)
            return refuse(r, "[gate %.*s]; expected a gate's code of 2 to 10 capital letters",
                          SHORT(code));
        if (scenario->gate_count == GATES_MAX)
            return refuse(r, "more than %d gates; expected fewer", GATES_MAX);
        known = scenario->gate_count++;
        memcpy(scenario->gates[known].code, code.at, code.size);
        scenario->gates[known].first = (struct origin){.file = r->file, .line = r->line};
    }
    r->gate = &scenario->gates[known];
    r->section = SPAN("gate");
    return true;
}

static bool is_section(struct span name)
{
    for (size_t i = 0; i < SCENARIO_KEY_COUNT; i++)
        if (name.size && span_is(name, SCENARIO_KEYS[i].section) && !span_is(name, "gate"))
            return true;
    return false;
}

static bool enter_section(struct reading *r, struct span line)
{
    struct span name = {line.at + 1, line.size - 2};

    if (line.at[line.size - 1] != ']')
        return refuse(r, "a section that does not end; expected ']'");
    name = value_trim(name);
    if (span_starts_with(name, SPAN("gate ")))
        return enter_gate(r, value_trim((struct span){name.at + 5, name.size - 5}));
    if (is_section(name)) {
        r->section = name;
        r->gate = NULL;
        return true;
    }
    return refuse(r,
                  "unknown section [%.*s]; expected run, demand, goods, behaviour, times, rules "
                  "or gate CODE",
                  SHORT(name));
}

static bool read_file(struct reading *from, const char *name);

static bool extend(struct reading *r, struct span value)
{
    char name[64];

    if (r->section.size || r->gate)
        return refuse(r, "'extends' within a section; expected before the first one");
    if (value.size == 0 || value.size >= sizeof name || memchr(value.at, '\0', value.size))
        return refuse(r, "'extends'; expected the name of a scenario");
    memcpy(name, value.at, value.size);
    name[value.size] = '\0';
    return read_file(r, name);
}

static bool read_line(struct reading *r, struct span line)
{
    struct span rest = line;
    struct span name = value_trim(span_take(&rest, '='));

    if (line.at[0] == '[')
        return enter_section(r, line);
    if (name.size == line.size)
        return refuse(r, "'%.*s'; expected 'key = value unit' or a [section]", SHORT(line));
    struct span value = value_trim(rest);
    if (span_is(name, "extends") && !r->gate)
        return extend(r, value);
    return set_any(r, name, value);
}

static bool read_lines(struct reading *r, struct span text)
{
    while (text.size) {
        struct span line = span_take(&text, '\n');
        r->line++;
        line = value_trim(span_take(&line, '#'));
        if (line.size && !read_line(r, line))
            return false;
    }
    return true;
}

/* from: where it is asked for; what it sets is there before that file goes on. */
static bool read_file(struct reading *from, const char *name)
{
    struct scenario *scenario = from->scenario;
    struct reading r = *from;
    struct span text;

    if (scenario->file_count == SCENARIO_FILES_MAX)
        return refuse(from, "'%.60s' is the %dth file; expected no circle of extends", name,
                      SCENARIO_FILES_MAX + 1);
    if (!from->source(from->owner, name, &text))
        return refuse(from,
                      "no scenario '%.60s'; expected the name of a file in simulator/scenarios "
                      "or a path",
                      name);
    snprintf(scenario->files[scenario->file_count], sizeof scenario->files[0], "%s", name);
    r.file = (unsigned char)++scenario->file_count;
    r.line = 0;
    r.section = SPAN("");
    r.gate = NULL;
    if (span_starts_with(text, SPAN("\xef\xbb\xbf"))) /* some editors begin so */
        text = (struct span){text.at + 3, text.size - 3};
    return read_lines(&r, text);
}

bool scenario_read(struct scenario *scenario, const char *name, scenario_source *source,
                   void *owner, struct scenario_error *error)
{
    struct reading r = {.scenario = scenario, .source = source, .owner = owner, .error = error};

    *scenario = (struct scenario){0};
    *error = (struct scenario_error){0};
    snprintf(scenario->name, sizeof scenario->name, "%s", name);
    return read_file(&r, name) && scenario_check(scenario, error);
}

bool scenario_set(struct scenario *scenario, const char *assignment, struct scenario_error *error)
{
    struct reading r = {.scenario = scenario, .error = error};
    struct span rest = span_of(assignment);
    struct span path = value_trim(span_take(&rest, '='));
    struct span section = value_trim(span_take(&path, '.'));
    int gate = scenario_gate(scenario, section);

    *error = (struct scenario_error){0};
    if (path.size == 0)
        return refuse(&r,
                      "'%.60s'; expected SECTION.KEY=VALUE or GATE.KEY=VALUE, such as "
                      "times.lane=5 min sigma 0.5 or CKHN.lane 7=import",
                      assignment);
    r.gate = gate < 0 ? NULL : &scenario->gates[gate];
    r.section = gate < 0 ? section : SPAN("gate");
    if (!r.gate && !is_section(r.section))
        return refuse(&r,
                      "'%.60s' names no section or gate; expected such as times.lane or "
                      "CKHN.closes",
                      assignment);
    return set_any(&r, value_trim(path), value_trim(rest));
}

/* --- from disk ---------------------------------------------------------------------------------
 */

struct folder {
    const char *path;
    char *texts[SCENARIO_FILES_MAX];
    int count;
};

static bool folder_source(void *owner, const char *name, struct span *text)
{
    struct folder *folder = owner;
    bool is_path = strchr(name, '/') != NULL;
    char path[512];

    snprintf(path, sizeof path, "%s%s%s%s", is_path ? "" : folder->path, is_path ? "" : "/", name,
             strstr(name, ".scenario") ? "" : ".scenario");
    FILE *file = folder->count < SCENARIO_FILES_MAX ? fopen(path, "rb") : NULL;
    if (!file)
        return false;
    char *bytes = malloc(65536);
    CHECK(bytes);
    size_t size = fread(bytes, 1, 65536, file);
    bool is_whole = size < 65536 && !ferror(file);
    fclose(file);
    folder->texts[folder->count++] = bytes;
    *text = (struct span){bytes, size};
    return is_whole;
}

bool scenario_load(struct scenario *scenario, const char *name, const char *folder_path,
                   struct scenario_error *error)
{
    struct folder folder = {.path = folder_path};
    bool is_good = scenario_read(scenario, name, folder_source, &folder, error);

    for (int i = 0; i < folder.count; i++)
        free(folder.texts[i]);
    return is_good;
}
