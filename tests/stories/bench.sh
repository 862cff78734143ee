#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: none
#
# The benchmark runs: every row of its table comes out, with a past beside it, and no request of it
# fails. What it measures with so few requests means nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
bench=$here/../../simulator/bench/run
count=0 scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

ok() { printf 'ok %d - %s\n' $((++count)) "$1"; }
fail() { printf 'not ok %d - %s\n' $((++count)) "$1"; sed 's/^/# /' "$scratch"/*; exit 1; }

"$bench" --help >"$scratch/help" || fail '--help'
grep -q -- '--peers' "$scratch/help" || fail '--help names the options'
ok '--help names the options'
for wrong in --fast '--rounds many' '--history -1'; do
  # shellcheck disable=SC2086
  "$bench" $wrong >"$scratch/out" 2>&1 && fail "$wrong is refused"
  ok "$wrong is refused"
done
"$bench" --smoke --history >"$scratch/table" 2>"$scratch/errors" || fail 'a run with tiny counts'
ok 'a run with tiny counts'
for row in 'the day: ' 'against pgbench' 'scan to verdict' 'with a past: 300 crossings' '… the day' 'live boards' \
  'an event at the last' 'resident at rest' '… CPU a request'; do
  grep -qF "$row" "$scratch/table" || fail "the row $row"
done
ok 'every row is there'
grep -qE '\| *\||nan|inf|-nan' <(grep -v 'with a past' "$scratch/table" | tail -n +3) && fail 'each with a figure'
ok 'each with a figure'
[[ -z $(find /tmp -maxdepth 1 -newer "$scratch/help" -name 'tmp.*' -user "$EUID" -exec test -e {}/empty \; -print) ]] ||
  fail 'nothing of it is left behind'
ok 'nothing of it is left behind'
