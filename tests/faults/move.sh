#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# A truck that stands in the queue of Hữu Nghị goes to Tân Thanh and keeps the time it joined; the
# server dies when it is out of the one gate and not yet in the other, and the same request, sent
# again, finishes the move.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

joined() {              # WHO PLATE GATE: files it and brings it into the queue; sets number, truck
  post "$1" /declarations "$(filing "$2" "$3")"
  [[ $status == 201 ]] || fail "$2 was not filed: $(<"$scratch/answer")"
  number=$(value .number) truck=$(value '.crossings[0].id')
  confirm customs "$truck" registered
  confirm yard "$truck" yard_in
  [[ $status == 201 ]] || fail "$2 did not join: $(<"$scratch/answer")"
}

queue() {               # the plates of Tân Thanh's queue, in order
  get operator '/gates/TT/queue?direction=export'
  value '[.items[].plate] | join(" ")'
}

at 2026-11-22T20:00:00+07:00
joined firm 29C-500.01 CKHN
mover=$number old=$truck
after 600
joined firm2 29C-500.02 TT
after 60

# ---- who may not -------------------------------------------------------------------------------

before=$(seqs)
post firm2 "/declarations/$mover/move" '{"gate": "TT"}'
expect 404 '.code == "not_found"' -- "another firm's declaration does not exist"
post firm "/declarations/$mover/move" '{"gate": "CKHN"}'
expect 422 '.errors == [{pointer: "/gate", code: "unknown_value", text: .errors[0].text}]' \
  -- 'where it is already it cannot go'
post customs "/declarations/$mover/move" '{"gate": "TT"}'
expect 403 '.code == "wrong_role"' -- 'customs do not move declarations'
same "$before" "$(seqs)" 'and nothing has changed'

# ---- out, and the server is gone ---------------------------------------------------------------

# Tân Thanh's ledger is held, so the second half waits.
mkfifo "$scratch/hold"
psql -XAtq "$GATE_DATABASE_URL" <"$scratch/hold" >/dev/null &
helpers+=("$!")
exec 7>"$scratch/hold"
echo 'begin; select 1 from gate.ledger where number = 2 for update;' >&7
is_held() {
  [[ $(superuser "select count(*) from pg_stat_activity where state = 'idle in transaction'") == 1 ]]
}
until_true 20 is_held || fail 'the ledger is not held'
key=$(</proc/sys/kernel/random/uuid)
apart first "$GATE_URL" POST "/v1/declarations/$mover/move" '{"gate": "TT", "reason": "CKHN đông xe"}' \
  "$GATE_FIRM_KEY" "$key"
is_out() { [[ $(sql "select state from gate.declaration where number = $mover") == cancelled ]]; }
until_true 10 is_out || fail 'the declaration did not leave its gate'
born=$(superuser 'select clock_timestamp()')
gated_signal KILL
together
# what it had asked for does not happen after its death either, however late the database hears of it
orphans_end() {
  superuser "select pg_terminate_backend(pid) from pg_stat_activity
    where wait_event_type = 'Lock' and backend_start < '$born'" >/dev/null
  [[ $(superuser "select count(*) from pg_stat_activity
    where usename = 'gate_service' and backend_start < '$born'") == 0 ]]
}
until_true 20 orphans_end || fail 'the connections of the dead server live on'
echo 'rollback;' >&7
exec 7>&-
same 0 "$(sql "select count(*) from gate.live_plate where plate = '29C50001'")" \
  'killed between: it is out of Hữu Nghị, and its plate is free'
same 0 "$(sql "select count(*) from gate.declaration where moved_from = $mover")" 'and not yet in Tân Thanh'

# ---- the same request again --------------------------------------------------------------------

again() {
  send POST firm "/declarations/$mover/move" '{"gate": "TT", "reason": "CKHN đông xe"}' \
    -H "Idempotency-Key: $key"
}
again
expect 201 ".moved_from == \"$mover\"" '.gate == "TT"' '.state == "ready"' \
  '.crossings[0].id | startswith("02")' -- 'the same request finishes the move'
number=$(value .number) truck=$(value '.crossings[0].id')
again
expect 201 ".number == \"$number\"" -- 'and once more answers the same'
post firm "/declarations/$mover/move" '{"gate": "TT"}'
expect 201 ".number == \"$number\"" -- 'even with another key: it happens once'
same 1 "$(sql "select count(*) from gate.declaration where moved_from = $mover")" 'one declaration came of it'
get firm "/declarations/$mover"
expect 200 '.state == "cancelled"' '.moved_to == "TT"' -- 'the old declaration says where it went'
get firm "/crossings/$old"
expect 200 '.state == "cancelled"' -- 'its crossing has ended'

confirm customs "$truck" registered
confirm yard "$truck" yard_in
expect 201 '.crossing.state == "queued"' -- 'the truck comes into the yard of Tân Thanh'
same '29C50001 29C50002' "$(queue)" 'and stands before the one that joined there ten minutes after it'
get nobody '/gates/TT/ledger?limit=100'
expect 200 "[.items[].body | fromjson | select(.type == \"moved_in\")] | length == 1 and .[0].moved_from == \"$mover\" and (.[0].kept_at | startswith(\"2026-11-22T20:00\"))" \
  -- 'the public ledger says where from, and since when it waits'

post operator /gates/TT/call '{"direction": "export", "lane": 1}'
expect 200 '.crossing.plate == "29C50001"' -- 'it is called first'
post firm "/declarations/$number/move" '{"gate": "CKHN"}'
expect 409 '.code == "declaration_locked"' -- 'once called it stays'
ledgers_verify "the ledgers verify"
printf '1..%d\n' "$count"
