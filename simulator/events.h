/* SPDX-License-Identifier: MIT
 * What is going to happen in a simulation, the earliest first; of one instant, in the order added.
 */
#ifndef SIMULATOR_EVENTS_H
#define SIMULATOR_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event {
    int64_t at_ms;
    uint32_t order;
    uint32_t subject;
    uint16_t kind;
    uint16_t detail;
};

struct events {
    struct event *at;
    size_t count;
    size_t room;
    uint32_t added;
};

/* {0} is empty. */
void events_free(struct events *events);
void events_add(struct events *events, int64_t at_ms, unsigned kind, uint32_t subject,
                unsigned detail);
/* Takes the earliest; false when there is none. */
bool events_take(struct events *events, struct event *event);

#endif
