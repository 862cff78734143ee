#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# PostgreSQL stands still (SIGSTOP to all its processes), as a disk that hangs makes it. Writes are
# answered 503 with Retry-After within bounds, readyz says why, livez stays 200. When it goes on,
# so does the service by itself, and nothing is doubled.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

data=$(data_directory)
server=$(postmaster "$data")
mapfile -t processes < <(server_processes "$server")
stop_helpers() { kill -s CONT "${processes[@]}" 2>/dev/null || true; }

post firm /declarations "$(filing 29C-100.00)"
expect 201 -- 'a declaration is filed while all is well'

kill -s STOP "${processes[@]}"
for i in {1..20}; do
  apart "stalled$i" "$GATE_URL" POST /v1/declarations "$(filing "29C-2000$((i % 10))" "$([[ $i -le 10 ]] && echo CKHN || echo TT)")" \
    "$GATE_FIRM_KEY" "stalled-$i"
done
sleep 0.3
get nobody /livez
expect 200 -- 'livez stays 200 while the database stands still'
start=$(now_ms)
get nobody /readyz
expect 503 '.ready == false' '.why | length > 0' -- "readyz is 503 and says why"
[[ $(($(now_ms) - start)) -lt 2000 ]] || fail 'readyz took more than 2 s'
ok 'within 2 s'
together
for i in {1..20}; do
  [[ $(status_of "stalled$i") == 503 ]] || fail "write $i: $(<"$scratch/stalled$i.status")$(<"$scratch/stalled$i.answer")"
  grep -qi '^retry-after: [0-9]' "$scratch/stalled$i.head" || fail 'no Retry-After'
  awk '{ exit !($2 < 12) }' "$scratch/stalled$i.status" || fail "write $i took $(<"$scratch/stalled$i.status") s"
done
ok '20 writes were answered 503 with Retry-After, each within 12 s'
start=$(now_ms)
post firm /declarations "$(filing 29C-300.00)"
expect 503 '.code == "database_lost" or .code == "database_timeout" or .code == "overloaded"' -- 'the next one, too'
echo "# after $(($(now_ms) - start)) ms"

kill -s CONT "${processes[@]}"
until_true 15 answers 200 /readyz || fail 'not ready again after 15 s'
ok 'it is ready again by itself'
# Ten plates at two gates: whichever of the two the database took, its retry is told so.
for i in {1..20}; do
  apart "again$i" "$GATE_URL" POST /v1/declarations "$(filing "29C-2000$((i % 10))" "$([[ $i -le 10 ]] && echo CKHN || echo TT)")" \
    "$GATE_FIRM_KEY" "stalled-$i"
done
together
for i in {0..9}; do
  codes="$(status_of "again$((i == 0 ? 10 : i))") $(status_of "again$((i == 0 ? 20 : i + 10))")"
  [[ $codes == '201 409' || $codes == '409 201' ]] || fail "plate $i: $codes"
done
ok 'each retry is answered: one of the two gates has the plate, the other one is told'
same '10 10' "$(sql "select count(*) || ' ' || count(distinct plate) from gate.crossing where plate like '29C2000%'")" \
  'each is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
