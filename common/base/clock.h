/* SPDX-License-Identifier: MIT
 * The only readers of clocks. Everything that decides takes time as an argument.
 */
#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_ms(void);
/* Milliseconds of a clock that never jumps; only differences mean something. */
int64_t clock_steady_ms(void);
/* The same in microseconds, for latencies. */
int64_t clock_steady_us(void);

#endif
