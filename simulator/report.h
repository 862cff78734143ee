/* SPDX-License-Identifier: MIT
 * One page of HTML about a run, self-contained: no scripts, no network, printable.
 *
 * Read from the outcome's JSON. A live run may add: "by": "service"; within "verdict": "software",
 * "p99_us", "headroom", "busiest_per_second", "times_real", "ended"; "requests",
 * "requests_per_second"; "refusals": [{"operation", "status", "code", "count"}]; "machine":
 * [{"program", "cpu_s", "cpu_percent", "memory_mib", "memory_max_mib"}]; "latency":
 * [{"operation", "count", "errors", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "curve":
 * [[share, us], …]}]; "invariants": [{"name", "holds" (null: said only), "detail"}].
 */
#ifndef SIMULATOR_REPORT_H
#define SIMULATOR_REPORT_H

#include <jansson.h>

#include "common/base/buffer.h"

void report_write(const json_t *outcome, struct buffer *out);
/* False when the file cannot be written. */
bool report_save(const json_t *outcome, const char *path);

#endif
