#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# Simulated days that do not go as planned: the server dies and comes again, dies for good, somebody
# presses Ctrl-C. Each ends with a verdict, and says what is outstanding.
#
#   tests/with-service --fast tests/stories/simulate_stops.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"
# shellcheck source=tests/client/simulation.sh
. "$here/../client/simulation.sh"

small_day normal-2025 'a small day'

# simulation_begins ARGUMENT...: in the background, and some exits have been played
simulation_begins() {
  local seen
  seen=$(exits)
  gatesim --check "$day" "$@" --json "$scratch/run.json" >"$scratch/run.said" 2>&1 &
  simulation=$!
  helpers+=("$simulation")
  until_true 60 more_exits_than "$seen" || fail "no exits: $(<"$scratch/run.said")"
}
exits() { sql "select count(*) from gate.crossing where state = 'exited'"; }
more_exits_than() { [[ $(exits) -gt $1 ]]; }

simulation_ends() {     # STATUS SENTENCE
  local got=0
  wait "$simulation" || got=$?
  [[ $got == "$1" ]] || { sed 's/^/# /' "$scratch/run.said"; fail "$2 (status $got)"; }
  ok "$2"
}
said() { grep -qF -- "$1" "$scratch/run.said" || fail "$2: $(tail -n 20 "$scratch/run.said")"; ok "$2"; }

# ---- it dies and comes again -------------------------------------------------------------------

simulation_begins
gated_signal KILL
simulation_ends 0 'gated is killed with -9 and started again: the day goes on and passes'
figure '[.invariants[] | select(.name == "every acknowledged write is there once") | .holds] == [true, true]' \
  'every acknowledged write is there once'

# ---- Ctrl-C ------------------------------------------------------------------------------------

simulation_begins --speed 6000 --seed 2
began=$(now_ms)
kill -s INT "$simulation"
simulation_ends 1 'Ctrl-C ends it early'
[[ $(($(now_ms) - began)) -lt 10000 ]] || fail 'within ten seconds'
said 'it did not go to the end: stopped' 'it says that it was stopped'
figure '.verdict.software == "FAIL" and ([.figures[] | select(.name == "calls" and .gate == "all") | .mean] | .[0] > 0)' \
  'and what there is so far'

# ---- it dies for good --------------------------------------------------------------------------

simulation_begins --speed 6000 --seed 3 --patience 5
gated=$(<"$GATE_PID_FILE")
keeper=$(ps -o ppid= -p "$gated" | tr -d ' ')
kill -s STOP "$keeper"
kill -s KILL "$gated"
began=$(now_ms)
simulation_ends 1 'gated is killed and stays dead: FAIL'
kill -s CONT "$keeper"
[[ $(($(now_ms) - began)) -lt 20000 ]] || fail 'it does not hang'
ok 'it does not hang'
said 'the service did not answer for 5 s' 'it says why'
said 'outstanding ' 'and what is outstanding'
figure '[.invariants[] | select(.holds == false) | .detail] | any(test("outstanding [1-9]"))' 'by number'
until_true 30 answers 200 /readyz || fail 'gated comes again'
ledgers_verify 'and the ledgers verify'
printf '1..%d\n' "$count"
