/* SPDX-License-Identifier: MIT */
#include "common/form/failures.h"

#include <stdarg.h>

struct failures failures_new(struct arena *arena)
{
    return (struct failures){.arena = arena};
}

/* NULL when the list is full. */
static struct failure *append(struct failures *failures, struct span pointer, enum message code)
{
    if (failures->count++ >= FAILURES_MAX)
        return NULL;
    struct failure *failure = arena_alloc(failures->arena, sizeof *failure);
    *failure = (struct failure){.pointer = arena_copy(failures->arena, pointer), .code = code};
    if (failures->last)
        failures->last->next = failure;
    else
        failures->first = failure;
    failures->last = failure;
    return failure;
}

void failures_add(struct failures *failures, struct span pointer, enum message code)
{
    append(failures, pointer, code);
}

void failures_add_detail(struct failures *failures, struct span pointer, enum message code,
                         const char *format, ...)
{
    struct failure *failure = append(failures, pointer, code);
    va_list arguments;

    if (!failure)
        return;
    va_start(arguments, format);
    failure->detail = arena_vprint(failures->arena, format, arguments);
    va_end(arguments);
}

enum fault failures_fault(const struct failures *failures)
{
    return failures->count ? FAULT_INVALID_FIELDS : OK;
}

void failures_write(const struct failures *failures, struct buffer *out)
{
    buffer_add_text(out, "[");
    for (const struct failure *f = failures->first; f; f = f->next) {
        const char *code = message_code(f->code);
        buffer_add_text(out, f == failures->first ? "{\"pointer\":" : ",{\"pointer\":");
        buffer_add_json(out, f->pointer);
        buffer_print(out, ",\"code\":\"%s\",\"@text\":\"%s\"", code, code);
        if (f->detail.size) {
            buffer_add_text(out, ",\"detail\":");
            buffer_add_json(out, f->detail);
        }
        buffer_add_text(out, "}");
    }
    buffer_add_text(out, "]");
}
