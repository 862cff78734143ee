#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# gatesim against the running service: a small day passes; a target the lanes cannot make fails the
# gate and not the software; what was played is the ledger's truth; wrong questions are refused.
#
#   tests/with-service --fast tests/stories/simulate.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/simulation.sh
. "$here/../client/simulation.sh"

small_day normal-2025 'a small day'
simulate 0 "$day" --report "$scratch/first.html"
cp "$scratch/run.json" "$scratch/first.json"
ok 'a small day passes'
figure '.by == "service" and .verdict.gate == "PASS" and .verdict.software == "PASS"' 'with two verdicts, told apart'
figure '[.invariants[].holds] | all(. != false) and (map(select(.)) | length >= 15)' 'everything that must hold holds'
figure '([.invariants[].name] | unique | length) >= 9' 'order, chain, receipts, conservation, promises, strangers'
figure '[.latency[] | select(.errors == 0 and .p50_us > 0 and .p99_us >= .p50_us)] | length >= 5' 'with a latency for each operation'
figure '(.machine | length) == 2 and (.machine[0].cpu_s > 0)' 'and what gated and PostgreSQL spent'
played=$(jq '[.gates[].fates.exited] | add' "$scratch/run.json")
same "$played" "$(sql "select count(*) from gate.crossing where state = 'exited'")" 'all that it says left has left'
ledgers_verify 'and the ledgers verify'

for gate in CKHN TT; do
  get nobody "/gates/$gate/ledger?limit=1000"
  expect 200 '.next == null' -- "$gate: the whole ledger in a page"
  gatesim --replay "$scratch/answer" >"$scratch/said" || fail "$gate: $(<"$scratch/said")"
  ok "$gate: $(tail -n 1 "$scratch/said")"
done

simulate 1 "$day" --target 200 --seed 2
figure '.verdict.gate == "FAIL" and .verdict.software == "PASS"' 'an impossible target: the gate fails, the software does not'

figure '.verdict.exits + .verdict.after_hours == ([.figures[] | select(.name == "exits" and .gate == "all") | .mean][0])' \
  'who leaves after closing is told apart'

# ---- two runs beside each other ------------------------------------------------------------------

cp "$scratch/run.json" "$scratch/second.json"
gatesim --diff "$scratch/first.json" "$scratch/second.json" >"$scratch/said" 2>&1 || fail "--diff: $(<"$scratch/said")"
for line in '^exits  *all  *[1-9]' '^declare p99  *ms  *[0-9.]+  *[0-9.]+ ' '^throughput ' '^headroom ' '^PostgreSQL, CPU a request ' \
  '^software A PASS, software B PASS$' '^gate A PASS, gate B FAIL$'; do
  grep -qE "$line" "$scratch/said" || fail "two live runs beside each other ($line): $(<"$scratch/said")"
done
ok 'two live runs beside each other: the gate, latency, throughput, the machine, both verdicts'
echo '{"format":"gatesim-max-1"}' >"$scratch/other.json"
gatesim --diff "$scratch/first.json" "$scratch/other.json" >"$scratch/said" 2>&1 && fail 'what is no run is refused'
grep -q 'expected the figures of a run' "$scratch/said" || fail "what is no run is refused: $(<"$scratch/said")"
ok 'what is no run is refused'
for line in 'The machine' 'of the busiest hour'; do
  grep -q "$line" "$scratch/first.html" || fail "the report has the machine and the headroom ($line)"
done
ok 'the report has the machine and the headroom'

# ---- what cannot be asked ----------------------------------------------------------------------

refused() {             # SENTENCE WANTED-TEXT ARGUMENT...
  local got=0 sentence=$1 wanted=$2
  shift 2
  gatesim --check "$@" >"$scratch/said" 2>&1 || got=$?
  [[ $got == 2 && $(<"$scratch/said") == *$wanted* ]] || fail "$sentence (status $got: $(<"$scratch/said"))"
  ok "$sentence"
}
refused 'an address that is none' 'expected an address' normal-2025 --url here
refused 'a report that cannot be written, before the day is played' 'cannot write' "$day" --report /nowhere/report.html
refused 'an option that would change nothing' 'belongs to --compare' "$day" --with CKHN.closes=22:00
refused 'a date that is none' 'expected a day' "$day" --date tomorrow
refused 'a date that has passed at the service' 'has gone past' "$day" --date 2020-01-01
SECONDS=0
refused 'a service that is not there' 'the service does not answer' "$day" --url http://127.0.0.1:1 --patience 1
[[ $SECONDS -lt 10 ]] || fail 'within seconds'
GATE_TOKEN_ADMIN=bg_admin_wrong refused 'a key that is none' 'unauthenticated' "$day"
printf '1..%d\n' "$count"
