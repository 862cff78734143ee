/* SPDX-License-Identifier: MIT
 * Programmer errors and must-use results.
 *
 * CHECK stays in release builds: a broken promise inside the program ends it at once (state lives
 * in PostgreSQL and the supervisor restarts the process). Outside input is never a CHECK.
 */
#ifndef COMMON_BASE_CHECK_H
#define COMMON_BASE_CHECK_H

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))

/* Ends the process with file, line and condition when cond is false. */
#define CHECK(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))

/* Passes a fault of expr up to the caller; goes on when it is OK. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        enum fault try_fault = (expr);                                                             \
        if (try_fault != OK)                                                                       \
            return try_fault;                                                                      \
    } while (0)

/* The struct of the given type whose member pointer points at. */
#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn void check_failed(const char *condition, const char *file, int line);

#endif
