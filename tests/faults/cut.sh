#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 0
#
# The wire between gated and PostgreSQL fails: an answer is swallowed after the work was done, then
# connections are cut and stalled under load. A retry with the same key finds what was done.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

# gated of our own, behind the proxy: its password is set anew, nobody else uses it here.
wire=$scratch/wire
mkdir "$wire"
sockets=${GATE_SUPERUSER_URL##*host=}
superuser "alter role gate_service password 'cut'" >/dev/null
shaky --listen "$wire/.s.PGSQL.5432" --to "$sockets/.s.PGSQL.5432" --control "$wire/control" >"$scratch/shaky" </dev/null &
helpers+=("$!")
until_true 5 test -S "$wire/control" || fail 'the proxy did not start'
port=$((RANDOM % 10000 + 20000))
GATE_URL=http://127.0.0.1:$port url=$GATE_URL
GATE_DATABASE_URL="postgresql://gate_service:cut@/gate?host=$wire" GATE_PORT=$port GATE_LIMITS=off \
  gated >"$scratch/gated.log" 2>&1 </dev/null &
helpers+=("$!")
until_true 10 answers 200 /readyz || { tail -n 5 "$scratch/gated.log"; fail 'gated did not become ready'; }
tell() { shaky --tell "$wire/control" "$@"; }

# ---- done, but the answer is lost --------------------------------------------------------------

# The proxy swallows the next answer, whosever: now and then it is one of gated's own looks, and the
# request is answered. So each is tried with a new key until its own answer was the one.
swallowed() {           # SEND-ARGUMENTS…; the status is that of the request
  before=$(sql 'select seq from gate.ledger where number = 1')
  tell swallow
  send "$@"
  tell pass
  until_true 10 answers 200 /readyz || fail 'not ready again'
}

for try in {10..29}; do
  swallowed POST firm /declarations "$(filing "29H-1$try.00")" -H "Idempotency-Key: swallowed-$try"
  [[ $status == 503 ]] && break
done
expect 503 '.code == "database_lost"' -- 'the database had done it, but its answer was lost: 503'
[[ -n $(header Retry-After) ]] || fail 'no Retry-After'
same $((before + 1)) "$(sql 'select seq from gate.ledger where number = 1')" 'it was done indeed'
send POST firm /declarations "$(filing "29H-1$try.00")" -H "Idempotency-Key: swallowed-$try"
expect 201 ".crossings[0].plate == \"29H1${try}00\"" -- 'the retry with the same key is answered 201'
same true "$(header Idempotent-Replayed)" 'as a replay'
same $((before + 1)) "$(sql 'select seq from gate.ledger where number = 1')" 'and did nothing more'

for try in {30..49}; do
  send POST firm /declarations "$(filing "29H-1$try.00")" -H "Idempotency-Key: filed-$try"
  crossing=$(value '.crossings[0].id')
  swallowed POST customs "/crossings/$crossing/steps" '{"step":"registered","result":"pass"}' -H "Idempotency-Key: step-$try"
  [[ $status == 503 ]] && break
done
expect 503 -- 'the same for a step'
send POST customs "/crossings/$crossing/steps" '{"step":"registered","result":"pass"}' -H "Idempotency-Key: step-$try"
expect 201 '.crossing.version == 2' -- 'its retry with the same key is answered 201, not "done already"'
same $((before + 1)) "$(sql 'select seq from gate.ledger where number = 1')" 'one event'

# ---- under load --------------------------------------------------------------------------------

crowd_start 32 8 "$GATE_URL"
for fault in cut swallow refuse 'stall down' swallow cut; do
  sleep 0.6
  # shellcheck disable=SC2086     # words
  tell $fault
  sleep 0.4
  tell pass
done
ok 'the wire was cut, swallowed answers, refused and stalled'
crowd_end '32 clients: all writes are acknowledged in the end'
crowd_compare 'every acknowledged write is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
