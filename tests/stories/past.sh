#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# A past from simulator/bench/history is one that the service could have written: the ledgers
# verify, the states are those of the rules, and over HTTP the gates go on from it.
#
#   tests/with-service tests/stories/past.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=services/setup/lib.sh
. "$here/../../services/setup/lib.sh"

gatehistory --crossings 2000 >"$scratch/made" 2>&1 || fail "the past is written: $(<"$scratch/made")"
ok 'the past is written'
ledgers_verify 'its ledgers verify'
[[ $(sql "select sum(seq) from gate.ledger where number > 0") -ge 29000 ]] ||
  fail 'two thousand crossings have about fifteen events each'
ok 'two thousand crossings have about fifteen events each'
same 0 "$(sql "select count(*) from gate.crossing
  where state <> gate.state_of(role, direction, required, done, held, ended, false) or done <> required
    or version <> (select count(*) from gate.event e where e.crossing = id)
    or rank_at > joined_at")" 'each crossing is what its events and the rules make of it'
same 0 "$(sql "select count(*) from (
    select e.seq, e.body::jsonb ->> 'state' as said, x.gate,
      gate.state_of(x.role, x.direction, (e.body::jsonb ->> 'required')::int, 0, 0, null, false) as state
    from gate.event e join gate.crossing x on x.id = e.crossing where e.type = 'declared') d
  where said <> state")" 'each was declared first'
gatehistory --crossings 1 >"$scratch/again" 2>&1 && fail 'a second past is refused'
grep -q 'only a sandbox without any crossing' "$scratch/again" || fail 'a second past is refused'
ok 'a second past is refused'

pid=$(<"$GATE_PID_FILE")
kill -s TERM "$pid"                     # gated looks for what is new: 30,000 events are too many
wait_until 20 pid_gone "$pid"
wait_until 20 http_ready "${GATE_URL##*:}" || fail 'the service starts with a past'
ok 'the service starts with a past'

plate=$(sql 'select plate from gate.crossing order by id limit 1')
post border_guard /scans "{\"plate\":\"$plate\"}"
expect 200 '.verdict == "stop"' '.reason == "already_exited"' -- 'a truck that left is known'
get operator '/gates/CKHN/queue'
expect 200 '.items == []' -- 'nobody waits'
get nobody '/gates/CKHN/ledger?limit=5'
expect 200 '.items | length == 5' -- 'the ledger is open to all from its first event on'
get firm '/declarations?limit=3'
expect 200 '.items | length == 3' '.items[0].state == "completed"' -- 'a firm sees what it had filed'

post firm /declarations "{\"gate\": \"CKHN\", \"direction\": \"export\",
  \"vehicles\": [{\"plate\": \"$plate\", \"driver\": {\"name\": \"Lái Xe\", \"phone\": \"0912345678\",
    \"document\": {\"type\": \"cccd\", \"number\": \"001099000001\"}}}],
  \"goods\": [{\"hs\": \"08106000\", \"description\": \"Sầu riêng tươi\", \"origin\": \"VN\", \"quantity\": 18,
    \"unit\": \"TNE\", \"packages\": 1200, \"net_weight_kg\": 18000, \"gross_weight_kg\": 19500, \"value\": 54000,
    \"currency\": \"USD\"}],
  \"customs_declarations\": [{\"number\": \"306012345670\", \"type\": \"B11\", \"office\": \"15BB\"}],
  \"planned_arrival\": \"$(instant $(($(date +%s) + 7200)))\"}"
expect 201 '.state == "ready"' -- 'a truck of the past is declared again'
crossing=$(value '.crossings[0].id')
confirm customs "$crossing" registered
expect 201 -- 'and goes on'
confirm yard "$crossing" yard_in
expect 201 '.crossing.state == "queued"' -- 'into the queue'
get operator "/crossings/$crossing/position"
expect 200 '.wait.p50_s > 0' '.wait.p90_s >= .wait.p50_s' -- 'with a wait from the pace of its past'
call CKHN export
expect 200 '.crossing.id == "'"$crossing"'"' -- 'and is called'
ledgers_verify 'the chains go on behind the past'
