#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 2
#
# Two gated on one database are asked the same at the same moment: one key, one step, one plate.
# What one of them does, the other one knows.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

codes() { printf '%s %s' "$(status_of "$1")" "$(status_of "$2")"; }
ROUNDS=15

for ((i = 0; i < ROUNDS; i++)); do
  body=$(filing "29C-300$((10 + i))")
  apart one "$GATE_URL" POST /v1/declarations "$body" "$GATE_FIRM_KEY" "same-$i"
  apart two "$GATE_URL2" POST /v1/declarations "$body" "$GATE_FIRM_KEY" "same-$i"
  together
  [[ $(codes one two) == '201 201' ]] || fail "one key: $(codes one two) $(<"$scratch/one.answer") $(<"$scratch/two.answer")"
  cmp -s "$scratch/one.answer" "$scratch/two.answer" || fail 'one key, two answers'
  grep -qi '^idempotent-replayed: true' "$scratch/one.head" "$scratch/two.head" || fail 'neither is a replay'
done
ok 'one key at both at once: one effect, the same answer twice'
same "$ROUNDS" "$(sql "select count(*) from gate.declaration")" 'each declaration is there once'

mapfile -t crossings < <(sql "select gate.crossing_text(id) from gate.crossing order by id")
for crossing in "${crossings[@]}"; do
  path=/v1/crossings/$crossing/steps body='{"step":"registered","result":"pass"}'
  apart one "$GATE_URL" POST "$path" "$body" "$GATE_TOKEN_CUSTOMS" "one-$crossing"
  apart two "$GATE_URL2" POST "$path" "$body" "$GATE_TOKEN_CUSTOMS" "two-$crossing"
  together
  case $(codes one two) in
  '201 409') loser=two ;;
  '409 201') loser=one ;;
  *) fail "one step: $(codes one two)" ;;
  esac
  [[ $(jq -r '.code + .done.agency' "$scratch/$loser.answer") == step_donecustoms ]] ||
    fail "the second one is told: $(<"$scratch/$loser.answer")"
done
ok 'one step under two keys at both at once: one does it, the other one is told who has done it'
same "$ROUNDS" "$(sql "select count(*) from gate.event where type = 'step'")" 'each step is there once'

for ((i = 0; i < ROUNDS; i++)); do
  apart one "$GATE_URL" POST /v1/declarations "$(filing "29H-400$((10 + i))" CKHN)" "$GATE_FIRM_KEY" "plate-one-$i"
  apart two "$GATE_URL2" POST /v1/declarations "$(filing "29H-400$((10 + i))" TT)" "$GATE_FIRM2_KEY" "plate-two-$i"
  together
  case $(codes one two) in
  '201 409') loser=two ;;
  '409 201') loser=one ;;
  *) fail "one plate: $(codes one two)" ;;
  esac
  [[ $(jq -r '.code + .errors[0].pointer' "$scratch/$loser.answer") == plate_live/vehicles/0/plate ]] ||
    fail "the second one is told: $(<"$scratch/$loser.answer")"
done
ok 'one plate at both gates at once: one has it, the other one is told, and not by whom'
same "$ROUNDS" "$(sql "select count(*) from gate.live_plate where plate like '29H%'")" 'each plate is live once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
