#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --gated 0 --fast
# Usage: tests/with-service --gated 0 --fast -- tests/faults/two_connections.sh
#
# Two connections at once against one database, as two services would be: the same step of the same
# vehicle, the same idempotency key, the same plates at both gates in opposite orders. Each is won
# once, nothing deadlocks, and the ledgers stay whole.
set -euo pipefail

rounds=${ROUNDS:-150}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

sql() { psql -XqAt -v ON_ERROR_STOP=1 "$GATE_DATABASE_URL" "$@"; }

check() {               # NAME HAVE WANT
  if [[ $2 == "$3" ]]; then
    printf 'ok - %s\n' "$1"
  else
    printf 'not ok - %s: have %s, want %s\n' "$1" "$2" "$3"
    failed=1
  fi
}

# Runs two files of statements at once, each statement a transaction of its own.
race() {                # FILE FILE
  local one two
  psql -XqAt "$GATE_DATABASE_URL" -f "$1" >"$1.out" 2>"$1.err" &
  one=$!
  psql -XqAt "$GATE_DATABASE_URL" -f "$2" >"$2.out" 2>"$2.err" &
  two=$!
  wait "$one"
  wait "$two"
}

actor() { printf '{"id":%d,"role":"%s","agency":%s,"firm":%s,"gates":[1,2]}' "$1" "$2" "$3" "$4"; }

# A batch of one or more filings of a firm, or a step of customs, as api.apply takes it.
filing() {              # KEY PLATE...: one command
  local key=$1 vehicles
  shift
  vehicles=$(printf '{"plate":"%s","nationality":"VN"},' "$@")
  printf '{"verb":"declare","now":1795400000000,"client":1,"key":"%032x","digest":"%032x","actor":%s,"args":{"document":{"gate":"CKHN","direction":"export","goods":[],"customs_declarations":[],"receiving_vehicles":[],"vehicles":[%s]},"rule_failures":[],"warnings":[]}}' \
    "$key" "$key" "$(actor 1 firm null "$firm")" "${vehicles%,}"
}

registered() {          # KEY CROSSING
  printf '{"verb":"step","now":1795400001000,"client":2,"key":"%032x","digest":"%032x","actor":%s,"args":{"crossing":"%014d","step":"registered","result":"pass"}}' \
    "$1" "$1" "$(actor 2 officer '"customs"' null)" "$2"
}

apply() {               # LEDGER COMMAND
  printf "select string_agg(code || case when replayed then ' replayed' else '' end, ' ' order by ord) from api.apply(%d::smallint, '[%s]');\n" "$1" "$2"
}

firm=$(sql -c 'select min(id) from gate.firm')
events_before=$(sql -c 'select sum(seq) from gate.ledger where number in (1, 2)')

# ---- one step, twice at once -------------------------------------------------------------------

for ((i = 1; i <= rounds; i++)); do filing "$((1000000 + i))" "29C$((10000 + i))"; printf ','; done >"$work/all"
sql -c "select count(*) from api.apply(1::smallint, '[$(sed 's/,$//' "$work/all")]')" >/dev/null
first=$(sql -c "select min(id) from gate.crossing where plate ~ '^29C1'")
for ((i = 0; i < rounds; i++)); do
  apply 1 "$(registered "$((2000000 + i))" "$((first + i))")" >>"$work/step1"
  apply 1 "$(registered "$((3000000 + i))" "$((first + i))")" >>"$work/step2"
done
race "$work/step1" "$work/step2"
check 'each step is confirmed once and refused once' \
  "$(paste -d ' ' "$work/step1.out" "$work/step2.out" | grep -cxE 'ok step_done|step_done ok')" "$rounds"
check 'with one event each' \
  "$(sql -c "select count(*) from gate.event where type = 'step' and crossing between $first and $((first + rounds - 1))")" "$rounds"

# ---- one key, twice at once --------------------------------------------------------------------

for ((i = 1; i <= rounds; i++)); do apply 1 "$(filing "$((4000000 + i))" "30C$((10000 + i))")"; done >"$work/key1"
cp "$work/key1" "$work/key2"
race "$work/key1" "$work/key2"
check 'each request takes effect once and is replayed once' \
  "$(paste -d ' ' "$work/key1.out" "$work/key2.out" | grep -cxE 'ok ok replayed|ok replayed ok')" "$rounds"
check 'with one crossing each' "$(sql -c "select count(*) from gate.crossing where plate ~ '^30C1'")" "$rounds"

# ---- the same plates at both gates, named in opposite orders -----------------------------------

for ((i = 1; i <= rounds; i++)); do
  a=31C$((10000 + i)) b=31C$((20000 + i)) c=31C$((30000 + i))
  apply 1 "$(filing "$((5000000 + i))" "$a" "$b"),$(filing "$((6000000 + i))" "$c")" >>"$work/plate1"
  apply 2 "$(filing "$((7000000 + i))" "$c" "$b"),$(filing "$((8000000 + i))" "$a")" >>"$work/plate2"
done
race "$work/plate1" "$work/plate2"
check 'nothing deadlocks' "$(cat "$work"/plate?.err)" ''
check 'every round is answered' "$(cat "$work"/plate?.out | wc -l)" "$((2 * rounds))"
check 'a live plate belongs to one live crossing over both gates' \
  "$(sql -c "select count(*) from (select plate from gate.crossing where plate ~ '^31C' and gate.is_live(state) group by plate having count(*) > 1) twice")" 0
check 'and every live crossing has its plate' \
  "$(sql -c "select count(*) from gate.crossing x left join gate.live_plate l on l.crossing = x.id and l.plate = x.plate where x.plate ~ '^31C' and gate.is_live(x.state) and l.plate is null")" 0
check 'no claim is left without its crossing' \
  "$(sql -c 'select count(*) from gate.live_plate l left join gate.crossing x on x.id = l.crossing where x.id is null')" 0
check 'somebody got every plate that was asked for' \
  "$(sql -c "select count(distinct plate) >= $rounds from gate.live_plate where plate ~ '^31C'")" t

# ---- afterwards the ledgers are whole ----------------------------------------------------------

check 'no number is missing and every hash holds' "$(sql -c "
  select count(*) from (
    select e.hash <> sha256(coalesce(lag(e.hash) over w, sha256(convert_to(l.code, 'UTF8'))) || convert_to(e.body, 'UTF8'))
      or e.seq <> coalesce(lag(e.seq) over w, 0) + 1 as bad
    from gate.event e join gate.ledger l on l.number = e.ledger window w as (partition by e.ledger order by e.seq)) c
  where bad")" 0
check 'the heads are the last events' "$(sql -c 'select count(*) from gate.ledger l where l.seq <> (select coalesce(max(e.seq), 0) from gate.event e where e.ledger = l.number)')" 0
check 'and they have grown' "$(sql -c "select sum(seq) > $events_before from gate.ledger where number in (1, 2)")" t
exit "$failed"
