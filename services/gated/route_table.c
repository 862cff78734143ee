/* SPDX-License-Identifier: MIT */
#include "services/gated/asks.h"
#include "services/gated/health.h"
#include "services/gated/metrics.h"
#include "services/gated/routes.h"

const struct route ROUTES[] = {
    {"GET", "/livez", "livez", KIND_LOCAL, MAY_ANYBODY, livez_ask},
    {"GET", "/readyz", "readyz", KIND_LOCAL, MAY_ANYBODY, readyz_ask},
    {"GET", "/metrics", "metrics", KIND_LOCAL, MAY_ANYBODY, metrics_ask},
};

const size_t ROUTE_COUNT = COUNT_OF(ROUTES);
