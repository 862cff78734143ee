#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# One command of a batch breaks in the database in a way nobody foresaw. Only that one is answered
# 500; all others of its batch succeed. Injected as a trigger that raises for one plate; first
# while the statement runs, then only when the transaction commits.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

sql "create function gate.poison() returns trigger language plpgsql as \$\$
begin
  if new.plate like '29C6%13' then raise exception 'poisoned' using errcode = 'XX001'; end if;
  return null;
end \$\$"

# round NAME SERIES: 30 filings at once, one of them poisoned, while the ledger is held for a
# moment so that they share a batch
round() {
  local i
  sql 'begin; select 1 from gate.ledger where number = 1 for update; select pg_sleep(1); commit' >/dev/null &
  parts+=($!)
  sleep 0.2
  for i in {0..29}; do
    apart "poison$i" "$GATE_URL" POST /v1/declarations "$(filing "29C-$2$((10 + i))")" "$GATE_FIRM_KEY" "$1-$i"
  done
  together
  for i in {0..29}; do
    if [[ $i -eq 3 ]]; then
      [[ $(status_of poison3) == 500 ]] || fail "the poisoned one: $(status_of poison3)"
      same internal "$(jq -r .code "$scratch/poison3.answer")" "$1: the poisoned one is answered 500"
    else
      [[ $(status_of "poison$i") == 201 ]] || fail "$1: filing $i: $(status_of "poison$i") $(<"$scratch/poison$i.answer")"
    fi
  done
  ok "$1: the 29 others are filed"
  same 29 "$(sql "select count(*) from gate.crossing where plate like '29C$2%'")" "$1: and are there once"
}

sql 'create trigger poison after insert on gate.crossing for each row execute function gate.poison()'
round statement 600
sql 'drop trigger poison on gate.crossing'
sql 'create constraint trigger poison after insert on gate.crossing deferrable initially deferred
     for each row execute function gate.poison()'
round commit 610
sql 'drop trigger poison on gate.crossing'

grep -q '"a command failed in the database","sqlstate":"XX001","verb":"declare"' "$GATE_LOG" ||
  fail 'the log does not name it'
! grep -q '29C60013\|poisoned' "$GATE_LOG" || fail 'the log names the plate or the text'
ok 'the log has its SQLSTATE and verb, and no plate'
send POST firm /declarations "$(filing 29C-60013)" -H 'Idempotency-Key: statement-3'
expect 201 -- 'once the cause is gone, the retry with the same key succeeds'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
