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
openapi_check "$@"

# What the ledgers hold by now can be asked for: a type that only the database knows would be refused.
psql -XAt "$GATE_DATABASE_URL" -c 'select distinct type from gate.event order by 1' | while read -r type; do
  [[ $(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $GATE_TOKEN_ADMIN" \
    "$GATE_URL/v1/events?limit=1&types=$type") == 200 ]] ||
    { echo "not ok - events of the type $type can be asked for"; exit 1; }
done
