#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# What a monitor reads at /metrics: requests by route and status, batches, reads, queues, streams and
# the process itself; and that these figures move with what is done.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

figure() { curl -sS "$GATE_URL/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }

filed='gate_requests_total{route="/v1/declarations",method="POST",status="201"}'
same '' "$(figure "$filed")" 'nothing was filed yet'
post firm /declarations '{"gate":"CKHN","direction":"export","vehicles":[{"plate":"29C-123.45"}]}'
expect 201 -- 'a declaration is filed'
get firm "/declarations/$(value .number)"
expect 200 -- 'and read'
get nobody /nowhere
expect 404 -- 'a path that is none'

same 1 "$(figure "$filed")" 'the filing is counted by route and status'
same 1 "$(figure 'gate_requests_total{route="",method="",status="404"}')" 'what has no route is counted together'
same 1 "$(figure 'gate_request_seconds_count{route="/v1/declarations",method="POST"}')" 'with how long it took'
for name in gate_batch_commands_count gate_batch_seconds_count; do
  [[ $(figure "$name{ledger=\"1\"}") -ge 1 ]] || fail "$name"
  ok "the batch of its gate: $name"
done
same 1 "$(figure 'gate_read_seconds_count{read="declaration"}')" 'the read, with how long the database took'
same 0 "$(figure 'gate_read_failures_total{read="declaration"}')" 'and that none failed'
for name in 'gate_commands_waiting{ledger="1"}' 'gate_oldest_command_seconds{ledger="1"}' gate_reads_open gate_passwords_waiting; do
  [[ $(figure "$name") =~ ^[0-9] ]] || fail "$name"       # the server itself may just be reading
  ok "who waits: $name"
done
same 1 "$(figure gate_database_up)" 'the database is there'
[[ $(figure process_resident_memory_bytes) -gt 1000000 ]] || fail 'no memory'
ok 'the memory of the process'

curl -sSN --max-time 20 "$GATE_URL/v1/gates/CKHN/board/stream" >"$scratch/stream" &
stream=$!
until [[ $(figure gate_board_clients) == 1 ]]; do sleep 0.1; kill -s 0 "$stream" || fail 'a board is not counted'; done
ok 'who watches a board is counted'
kill "$stream"
wait "$stream" || true

curl -sS "$GATE_URL/metrics" >"$scratch/all"
awk '!/^#/ && !/^[a-z_]+({[a-z]+="[^"]*"(,[a-z]+="[^"]*")*})? -?[0-9.e+-]+$/' "$scratch/all" >"$scratch/odd"
empty() { [[ ! -s $2 ]] || { head -n 3 "$2" | sed 's/^/# /'; fail "$1"; }; ok "$1"; }
empty 'every line is as Prometheus reads it' "$scratch/odd"
sed -E '/^#/d; s/[{ ].*//; s/_(bucket|sum|count)$//' "$scratch/all" | uniq | sort | uniq -d >"$scratch/torn"
empty 'all lines of a figure stand together, as the format wants' "$scratch/torn"
printf '1..%d\n' "$count"
