/* SPDX-License-Identifier: MIT */
#include "simulator/bench/trucks.h"

#include <stdio.h>
#include <string.h>

#include "common/base/check.h"
#include "simulator/client.h"

static const char *const AGENCIES[AGENCY_COUNT] = {
    "customs", "border_guard", "health", "plant", "animal", "licence", "centre", "yard", "operator",
};

enum agency agency_of(struct span name)
{
    for (enum agency a = 0; a < AGENCY_COUNT; a++)
        if (span_is(name, AGENCIES[a]))
            return a;
    return AGENCY_COUNT;
}

size_t truck_declaration(const struct truck *truck, unsigned n, char *text, size_t room)
{
    const char *customs = truck->is_export ? "30" : "10";
    int size = snprintf(
        text, room,
        "{\"gate\":\"%s\",\"direction\":\"%s\",\"customs_declarations\":[{\"number\":\"%s%09u0\","
        "\"type\":\"%s\",\"office\":\"15BB\"}],\"vehicles\":[{\"plate\":\"%02u%c%05u\","
        "\"nationality\":\"VN\",\"class\":\"VT6\",\"seal\":\"VN%06u\",\"driver\":{\"name\":"
        "\"Nguyễn Văn An\",\"document\":{\"type\":\"cccd\",\"number\":\"001099000001\"},"
        "\"phone\":\"0912345678\"}}],\"planned_arrival\":\"2026-11-%02uT%02u:%02u:00+07:00\","
        "\"goods\":[{\"hs\":\"%s\",\"description\":\"Sầu riêng tươi\","
        "\"origin\":\"%s\",\"quantity\":18,\"unit\":\"TNE\",\"packages\":1200,\"net_weight_kg\":"
        "18000,\"gross_weight_kg\":19500,\"value\":54000,\"currency\":\"USD\"}]}",
        truck->gate == 1 ? "CKHN" : "TT", truck->is_export ? "export" : "import", customs, n,
        truck->is_export ? "B11" : "A11", 11 + n / 100000 % 80, "ABCDEFGHKL"[n / 8000000 % 10],
        n % 100000, n % 1000000, 23 + n / 27 % 7, 7 + n % 13, n % 2 * 30,
        truck->is_export ? "08106000" : "85177900",
        truck->is_export ? "VN" : "CN");

    CHECK(size > 0 && (size_t)size < room);
    return (size_t)size;
}

static void copy(char *to, size_t room, struct span from)
{
    size_t size = from.size < room ? from.size : room - 1;

    memcpy(to, from.at, size);
    to[size] = '\0';
}

void truck_learn(struct truck *truck, struct span answer)
{
    /* the crossing's own object begins the answer, or stands in "crossings" or "crossing" */
    struct span open = between(answer, "\"open\":[", ']');
    struct span step = between(open, "\"step\":\"", '"');
    struct span state = between(answer, "\"state\":\"", '"');
    struct span digits = between(answer, "\"digits\":\"", '"');

    if (!truck->id[0]) {
        struct span crossing = between(answer, "\"crossings\":[{", ']');
        copy(truck->id, sizeof truck->id, between(crossing, "\"id\":\"", '"'));
    }
    if (digits.size)
        copy(truck->digits, sizeof truck->digits, digits);
    truck->is_over = span_is(state, "exited");
    truck->waits = !truck->is_over && !step.size;
    copy(truck->step, sizeof truck->step, step);
    truck->agency = agency_of(between(open, "\"agency\":\"", '"'));
}
