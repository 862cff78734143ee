/* SPDX-License-Identifier: MIT */
#include "simulator/live/people.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/check.h"

/* How an agency is called at the service, and how many devices it has; 0: one per lane. */
static const struct {
    const char *role, *agency, *name;
    int devices;
} AGENCIES[AGENCY_COUNT] = {
    [AGENCY_CUSTOMS] = {"officer", "customs", "Hải quan làn", 0},
    [AGENCY_BORDER_GUARD] = {"officer", "border_guard", "Biên phòng làn", 0},
    [AGENCY_HEALTH] = {"officer", "health", "Kiểm dịch y tế làn", 0},
    [AGENCY_PLANT] = {"officer", "plant", "Kiểm dịch thực vật", 2},
    [AGENCY_ANIMAL] = {"officer", "animal", "Kiểm dịch động vật", 1},
    [AGENCY_LICENCE] = {"officer", "licence", "Quản lý vận tải làn", 0},
    [AGENCY_CENTRE] = {"system", "centre", "Thu phí", 1},
    [AGENCY_YARD] = {"system", "yard", "Bến bãi", 2},
    [AGENCY_DESK] = {"officer", "customs", "Hải quan đăng ký", 1},
    [AGENCY_OPERATOR] = {"operator", NULL, "Điều hành", 1},
    [AGENCY_SUPERVISOR] = {"supervisor", NULL, "Giám sát", 1},
};

static const enum agency STEP_AGENCIES[STEP_COUNT] = {
    [STEP_REGISTERED] = AGENCY_DESK,
    [STEP_GATE_IN] = AGENCY_BORDER_GUARD,
    [STEP_HEALTH] = AGENCY_HEALTH,
    [STEP_LICENCE] = AGENCY_LICENCE,
    [STEP_YARD_IN] = AGENCY_YARD,
    [STEP_CALLED] = AGENCY_OPERATOR,
    [STEP_PLANT] = AGENCY_PLANT,
    [STEP_ANIMAL] = AGENCY_ANIMAL,
    [STEP_INSPECTION] = AGENCY_CUSTOMS,
    [STEP_TRANSSHIPPED] = AGENCY_YARD,
    [STEP_LOADED] = AGENCY_YARD,
    [STEP_FEE_PAID] = AGENCY_CENTRE,
    [STEP_CUSTOMS_FINISH] = AGENCY_CUSTOMS,
    [STEP_BORDER_GUARD_FINISH] = AGENCY_BORDER_GUARD,
    [STEP_EXIT] = AGENCY_BORDER_GUARD,
    [STEP_RETURNED] = AGENCY_BORDER_GUARD,
};

enum agency agency_of_step(enum step step)
{
    return STEP_AGENCIES[step];
}

/* --- one account -------------------------------------------------------------------------------
 */

/* First who, then the key. */
struct hire {
    struct people *people;
    struct account *account;
    char who[48]; /* "principal":7 or "tax_code":"…" */
    char device[40];
};

static void fail(struct people *people, const char *what, int status, struct span body)
{
    struct span code = between(body, "\"code\":\"", '"');

    if (!people->failure[0])
        snprintf(people->failure, sizeof people->failure, "%s: %d %.*s", what, status,
                 (int)(code.size < 40 ? code.size : 40), code.at);
}

static struct ask *ask_admin(struct people *people, const char *path, uint64_t serial,
                             ask_done *done, void *owner)
{
    struct ask *ask = ask_new(OPERATION_OTHER, "POST", people->admin);

    snprintf(ask->path, sizeof ask->path, "%s", path);
    snprintf(ask->key, sizeof ask->key, "gatesim-%" PRIu64 "-%p", serial, owner);
    ask->gate_time_ms = people->gate_time_ms;
    ask->done = done;
    ask->owner = owner;
    return ask;
}

static void on_key(struct ask *ask, int status, struct span body)
{
    struct hire *hire = ask->owner;
    json_t *json = json_loadb(body.at, body.size, 0, NULL);
    const char *secret = json_string_value(json_object_get(json, "secret"));

    if (status == 201 && secret) {
        snprintf(hire->account->token, sizeof hire->account->token, "%s", secret);
        hire->account->key =
            (uint64_t)json_integer_value(json_object_get(json_object_get(json, "key"), "id"));
    } else {
        fail(hire->people, "POST /v1/keys", status, body);
    }
    json_decref(json);
    ask_free(ask);
    free(hire);
}

static void ask_key(struct hire *hire, uint64_t serial)
{
    struct ask *ask = ask_admin(hire->people, "/v1/keys", serial, on_key, hire);
    struct buffer body = {0};

    snprintf(ask->key, sizeof ask->key, "gatesim-%" PRIu64 "-%s", serial, hire->device);
    buffer_print(&body, "{%s,\"device\":\"%s\"}", hire->who, hire->device);
    ask_body(ask, &body);
    lines_send(hire->people->lines, ask);
}

static void on_who(struct ask *ask, int status, struct span body)
{
    struct hire *hire = ask->owner;
    uint64_t serial = strtoull(ask->key + strlen("gatesim-"), NULL, 10);
    json_t *json = json_loadb(body.at, body.size, 0, NULL);
    json_int_t officer =
        json_integer_value(json_object_get(json_object_get(json, "officer"), "id"));

    json_decref(json);
    if (status != 201) {
        fail(hire->people, ask->path, status, body);
        free(hire);
    } else {
        if (!hire->who[0])
            snprintf(hire->who, sizeof hire->who, "\"principal\":%lld", (long long)officer);
        ask_key(hire, serial);
    }
    ask_free(ask);
}

static struct hire *hire_new(struct people *people, struct account *account)
{
    struct hire *hire = calloc(1, sizeof *hire);

    CHECK(hire);
    hire->people = people;
    hire->account = account;
    return hire;
}

static void hire_officer(struct people *people, const char *gate, struct account *account,
                         uint64_t serial)
{
    struct hire *hire = hire_new(people, account);
    struct ask *ask = ask_admin(people, "/v1/officers", serial, on_who, hire);
    const char *agency = AGENCIES[account->agency].agency;
    struct buffer body = {0};

    snprintf(hire->device, sizeof hire->device, "%.12s-%s-%u", gate,
             account->agency == AGENCY_DESK ? "desk"
             : agency                       ? agency
                                            : AGENCIES[account->agency].role,
             account->number + 1U);
    buffer_print(&body, "{\"name\":\"%s %u\",\"role\":\"%s\",\"gates\":[\"%s\"]",
                 AGENCIES[account->agency].name, account->number + 1U,
                 AGENCIES[account->agency].role, gate);
    if (agency)
        buffer_print(&body, ",\"agency\":\"%s\"", agency);
    buffer_add_text(&body, "}");
    ask_body(ask, &body);
    lines_send(people->lines, ask);
}

/* Nine digits and their check digit (domain B6); bodies that no digit fits are passed over. */
static void print_tax_code(uint64_t number, char text[12])
{
    static const unsigned WEIGHTS[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    unsigned sum;

    do {
        sum = 0;
        snprintf(text, 12, "9%08u", (unsigned)(number++ % 100000000));
        for (int i = 0; i < 9; i++)
            sum += (unsigned)(text[i] - '0') * WEIGHTS[i];
    } while (10 - sum % 11 == 10);
    text[9] = (char)('0' + 10 - sum % 11);
    text[10] = '\0';
}

static void hire_firm(struct people *people, unsigned n, uint64_t serial)
{
    struct hire *hire = hire_new(people, &people->firms[n]);
    struct ask *ask = ask_admin(people, "/v1/firms", serial, on_who, hire);
    struct buffer body = {0};
    char code[12];

    print_tax_code((serial % 1000000) * 97 + n * 3, code);
    snprintf(hire->who, sizeof hire->who, "\"tax_code\":\"%s\"", code);
    snprintf(hire->device, sizeof hire->device, "firm-%u", n + 1);
    buffer_print(&body, "{%s,\"name\":\"Công ty Mô phỏng %u\"}", hire->who, n + 1);
    ask_body(ask, &body);
    lines_send(people->lines, ask);
}

/* --- all of them -------------------------------------------------------------------------------
 */

static unsigned lanes_of(const struct gate_plan *plan)
{
    unsigned last = 1;

    for (unsigned n = 1; n < LANES_MAX; n++)
        if (plan->lanes[n].directions)
            last = n;
    return last;
}

static void hire_gate(struct people *people, const struct gate_plan *plan, unsigned gate,
                      uint64_t serial)
{
    for (enum agency a = 0; a < AGENCY_COUNT; a++) {
        unsigned count = AGENCIES[a].devices ? (unsigned)AGENCIES[a].devices : lanes_of(plan);
        people->counts[gate][a] = (uint8_t)count;
        for (unsigned n = 0; n < count; n++) {
            struct account *account = &people->kiosks[gate][a][n];
            *account =
                (struct account){.gate = (uint8_t)gate, .agency = (uint8_t)a, .number = (uint8_t)n};
            hire_officer(people, plan->code, account, serial);
        }
    }
}

void people_hire(struct people *people, struct lines *lines, const struct scenario *scenario,
                 const char *admin, int64_t gate_time_ms, uint64_t serial)
{
    people->admin = admin;
    people->gate_time_ms = gate_time_ms;
    people->lines = lines;
    for (unsigned n = 0; n <= FIRMS; n++)
        hire_firm(people, n, serial);
    for (unsigned g = 0; g < (unsigned)scenario->gate_count; g++)
        hire_gate(people, &scenario->gates[g], g, serial);
}

static void on_dismissed(struct ask *ask, int status, struct span body)
{
    (void)status, (void)body;
    ask_free(ask);
}

static void dismiss(struct people *people, struct account *account)
{
    char path[64];

    if (!account->key)
        return;
    snprintf(path, sizeof path, "/v1/keys/%" PRIu64 "/revoke", account->key);
    struct ask *ask = ask_admin(people, path, account->key, on_dismissed, account);
    struct buffer body = {0};
    buffer_add_text(&body, "{\"reason\":\"the simulated days are over\"}");
    ask_body(ask, &body);
    lines_send(people->lines, ask);
}

void people_dismiss(struct people *people)
{
    for (unsigned n = 0; n <= FIRMS; n++)
        dismiss(people, &people->firms[n]);
    for (unsigned g = 0; g < GATES_MAX; g++)
        for (enum agency a = 0; a < AGENCY_COUNT; a++)
            for (unsigned n = 0; n < people->counts[g][a]; n++)
                dismiss(people, &people->kiosks[g][a][n]);
}

void people_free(struct people *people)
{
    for (unsigned g = 0; g < GATES_MAX; g++)
        for (enum agency a = 0; a < AGENCY_COUNT; a++)
            for (unsigned n = 0; n < people->counts[g][a]; n++)
                free(people->kiosks[g][a][n].kept);
}

struct account *people_firm(struct people *people, uint32_t number, bool is_bot)
{
    return &people->firms[is_bot ? FIRMS : number % FIRMS];
}

struct account *people_kiosk(struct people *people, unsigned gate, enum agency agency,
                             unsigned number)
{
    return &people->kiosks[gate][agency][number % people->counts[gate][agency]];
}
