/* SPDX-License-Identifier: MIT
 * The model when somebody else says who is called: as a live run plays it.
 */
#include "simulator/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/base/check.h"

enum { PENDING_MAX = 512 };

static struct scenario scenario;

struct service {
    struct model *model;
    struct call pending[PENDING_MAX];
    unsigned count, asked, answered_nobody;
};

static void load(const char *name)
{
    struct scenario_error error;

    if (!scenario_load(&scenario, name, TESTS_DIR "/../simulator/scenarios", &error))
        fail_msg("%s", error.text);
}

static void nothing(void *owner, const struct note *note)
{
    (void)owner, (void)note;
}

static void answer_at_once(void *owner, const struct call *call)
{
    struct service *service = owner;

    service->asked++;
    model_called(service->model, call, call->expected);
}

static void answered_at_once_it_plays_the_same_days(void **state)
{
    struct tally alone, asked;
    struct service service = {0};
    struct day day;

    (void)state;
    load("normal-2025");
    day_draw(&day, &scenario, 3);
    tally_init(&alone, &scenario, NULL);
    model_run(&scenario, &day, &alone);
    tally_init(&asked, &scenario, NULL);
    service.model = model_new(&scenario, &day, &asked, nothing, &service);
    model_ask(service.model, answer_at_once);
    while (model_next_ms(service.model) != NEVER_MS)
        model_step(service.model);
    model_free(service.model);
    assert_memory_equal(&alone, &asked, sizeof alone);
    assert_true(service.asked > 1000);
    day_free(&day);
}

static void keep(void *owner, const struct call *call)
{
    struct service *service = owner;

    CHECK(service->count < PENDING_MAX);
    service->pending[service->count++] = *call;
}

/* The oldest calls are answered once they are a minute old; every tenth finds nobody. */
static void answer_late(struct service *service)
{
    while (service->count && model_now_ms(service->model) > service->pending[0].at_ms + MINUTE_MS) {
        struct call call = service->pending[0];
        for (unsigned i = 1; i < service->count; i++)
            service->pending[i - 1] = service->pending[i];
        service->count--;
        bool is_nobody = ++service->asked % 10 == 0;
        service->answered_nobody += is_nobody;
        model_called(service->model, &call, is_nobody ? NOBODY : call.expected);
    }
}

static uint32_t fates_of(const struct gate_tally *gate)
{
    uint32_t sum = 0;

    for (int f = 0; f < FATE_COUNT; f++)
        sum += gate->fates[f];
    return sum;
}

static void answered_late_or_not_nobody_is_lost(void **state)
{
    struct service service = {0};
    struct tally tally;
    struct day day;

    (void)state;
    load("normal-2025");
    day_draw(&day, &scenario, 4);
    tally_init(&tally, &scenario, NULL);
    service.model = model_new(&scenario, &day, &tally, nothing, &service);
    model_ask(service.model, keep);
    while (model_next_ms(service.model) != NEVER_MS) {
        model_step(service.model);
        answer_late(&service);
    }
    model_free(service.model);
    for (int g = 0; g < scenario.gate_count; g++)
        assert_int_equal(fates_of(&tally.gates[g]), tally.gates[g].declared);
    assert_true(service.answered_nobody > 50);
    assert_true(tally_exits(&tally) > 1000); /* the lanes do not stand still */
    day_free(&day);
}

static void who_is_lost_leaves_room_for_others(void **state)
{
    struct service service = {0};
    struct tally tally;
    struct day day;
    uint32_t lost = 0;

    (void)state;
    load("normal-2025");
    day_draw(&day, &scenario, 5);
    tally_init(&tally, &scenario, NULL);
    service.model = model_new(&scenario, &day, &tally, nothing, &service);
    model_ask(service.model, answer_at_once);
    for (uint32_t next = 0; model_next_ms(service.model) != NEVER_MS;) {
        model_step(service.model);
        if (next < day.count && day.passages[next].declared_ms < model_now_ms(service.model)) {
            model_lost(service.model, next, FATE_EXPIRED);
            next += 7;
            lost++;
        }
    }
    model_free(service.model);
    for (int g = 0; g < scenario.gate_count; g++) {
        assert_int_equal(fates_of(&tally.gates[g]), tally.gates[g].declared);
        assert_true(tally.gates[g].yard_max <= (uint32_t)scenario.gates[g].inside);
    }
    assert_true(lost > 100);
    assert_true(tally_exits(&tally) > 500);
    day_free(&day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answered_at_once_it_plays_the_same_days),
        cmocka_unit_test(answered_late_or_not_nobody_is_lost),
        cmocka_unit_test(who_is_lost_leaves_room_for_others),
    };

    return cmocka_run_group_tests_name("model_answers", tests, NULL, NULL);
}
