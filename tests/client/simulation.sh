# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the stories of simulated days have in common; sourced after gate.sh.

# small_day NAME TITLE: writes a scenario that the one of that name becomes a small day of
# shellcheck disable=SC2154     # gate.sh made scratch
small_day() {
  day=$scratch/small.scenario
  cat >"$day" <<END
extends = $1
title = $2
[run]
target = 20 exits a day
warmup = 0 days
[demand]
arrivals_until = 12:00
[gate CKHN]
vehicles = 40 a day
stock = 10 vehicles
[gate TT]
vehicles = 10 a day
stock = 3 vehicles
END
}

# simulate STATUS ARGUMENT...: plays, and the status is wanted; the figures go to $scratch/run.json
simulate() {
  local wanted=$1 got=0
  shift
  gatesim --check "$@" --json "$scratch/run.json" >"$scratch/said" 2>&1 || got=$?
  [[ $got == "$wanted" ]] && return
  sed 's/^/# /' "$scratch/said"
  fail "gatesim --check $*: expected status $wanted, got $got"
}

# figure FILTER SENTENCE: what holds of the figures
figure() {
  jq -e "$1" "$scratch/run.json" >/dev/null || fail "$2 ($1)"
  ok "$2"
}
