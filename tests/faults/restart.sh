#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --durable
#
# PostgreSQL is stopped at once (as by a crash) and started again twice, while
# 32 clients write. gated lives on, reconnects by itself and holds what it cannot do yet only so long;
# told to stop meanwhile, it does not wait for a database at all.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

data=$(data_directory)
gated=$(<"$GATE_PID_FILE")
server_is_gone() { ! kill -s 0 "$server" 2>/dev/null; }

write_meanwhile() {
  local start
  start=$(now_ms)
  post firm /declarations "$(filing 29H-100.00)" --max-time 15
  expect 503 '.status == 503' -- "a write meanwhile is answered 503, after $(($(now_ms) - start)) ms"
  [[ $(header Retry-After) =~ ^[0-9]+$ ]] || fail 'no Retry-After'
}

crowd_start 32 14 "$GATE_URL"
for round in first second; do
  sleep 1
  server=$(postmaster "$data")
  kill -s QUIT "$server"
  until_true 10 server_is_gone || fail 'PostgreSQL did not stop'
  get nobody /livez
  expect 200 -- "$round crash of PostgreSQL: livez stays 200"
  get nobody /readyz
  expect 503 '.ready == false' '.why | length > 0' -- 'readyz is 503 and says why'
  [[ $round == second ]] || write_meanwhile
  server_start "$data"
  start=$(now_ms)
  until_true 15 answers 200 /readyz || fail 'not ready again after 15 s'
  ok "ready again by itself, $(($(now_ms) - start)) ms after PostgreSQL was"
done
crowd_end '32 clients: all writes are acknowledged in the end'
same "$gated" "$(<"$GATE_PID_FILE")" 'gated itself was never restarted'
same 0 "$(sql "select count(*) from gate.crossing where plate like '29H%'")" 'what was answered 503 was not done later'

server=$(postmaster "$data")
kill -s QUIT "$server"
until_true 10 server_is_gone || fail 'PostgreSQL did not stop'
apart waits "$GATE_URL" POST /v1/declarations "$(filing 29H-200.00)" "$GATE_FIRM_KEY" waits
sleep 0.5
start=$(now_ms)
gated_signal TERM
together
[[ $(status_of waits) == 503 ]] || fail "the write that waited: $(<"$scratch/waits.status")"
grep -q 'gated ended with status 0' "$GATE_LOG" || fail 'it did not end in order'
[[ $(($(now_ms) - start)) -lt 4000 ]] || fail "it took $(($(now_ms) - start)) ms to stop"
ok "told to stop while the database is away: what waits is answered 503, and it ends, in $(($(now_ms) - start)) ms"
server_start "$data"
until_true 15 answers 200 /readyz || fail 'not ready again after 15 s'

crowd_compare 'every acknowledged write is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
