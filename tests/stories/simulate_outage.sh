#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# An hour without network at the kiosks of a simulated day: all that was confirmed offline arrives
# afterwards, sent twice and there once; what it contradicts is listed as conflicts. Then the load
# that is asked for is far from what breaks it.
#
#   tests/with-service --fast tests/stories/simulate_outage.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/simulation.sh
. "$here/../client/simulation.sh"

small_day kiosk-outage 'an hour without network, a small day'
simulate 0 "$day"
ok 'an hour without network does not stop the day'
kept=$(sql "select count(*) from gate.event where body::jsonb ->> 'offline' = 'true'")
[[ $kept -gt 20 ]] || fail "many steps were confirmed offline (expected more than 20, got $kept)"
ok 'many steps were confirmed offline'
detail() { jq -r ".invariants[] | select(.name == \"$1\") | .detail" "$scratch/run.json"; }
same "$kept kept, $kept recorded, $kept sent twice and told so" \
  "$(detail 'what kiosks kept is there once each' | sed 's/, [0-9]* in conflict$//')" 'each is there once, though all were sent twice'
same 0 "$(sql "select count(*) from (select 1 from gate.event where type = 'step' and body::jsonb ->> 'result' = 'pass'
  group by crossing, body::jsonb ->> 'step' having count(*) > 1) twice")" 'no step is confirmed twice'
listed=0
for gate in CKHN TT; do
  get supervisor "/gates/$gate/conflicts?limit=200"
  expect 200 '[.items[].resolved_at] | all(. == null)' -- "$gate: its conflicts wait for a supervisor"
  listed=$((listed + $(value '.items | length')))
done
same "$(sql 'select count(*) from gate.conflict')" "$listed" 'every conflict is listed'
[[ $listed -gt 0 ]] || fail 'what came in another order than it happened is a conflict (none is listed)'
ok 'what came in another order than it happened is a conflict'
ledgers_verify 'and the ledgers verify'

timeout -s INT 4 gatesim --max >"$scratch/said" || true
grep -q '^writes  *100 ' "$scratch/said" || fail "--max says what it has measured when it is stopped: $(<"$scratch/said")"
ok '--max says what it has measured when it is stopped'
printf '1..%d\n' "$count"
