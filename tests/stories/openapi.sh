#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# Plays every example of /openapi.json against the service and holds each answer to its schema.
#
#   tests/with-service tests/stories/openapi.sh
#   tests/with-service tests/stories/openapi.sh --record services/gated/openapi/answers.json
#
# The second records the answers that the description shows, after a change of what is answered.
set -euo pipefail
exec openapi_check "$@"
