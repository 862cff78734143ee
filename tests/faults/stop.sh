#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --durable
#
# gated is asked to stop (SIGTERM) under load: it finishes what it has taken up, says nothing by
# half, and exits with status 0. What had been done was also answered, so no retry finds it done.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

crowd_start 64 5 "$GATE_URL"
for _ in 1 2 3; do
  sleep 1
  gated_signal TERM
done
crowd_end '64 clients: all writes are acknowledged in the end'
grep -q ', 0 times half of one, 0 of them had been done' "$said" ||
  fail 'an answer was cut off, or something was done and not answered'
ok 'nothing was answered by half, nothing done was left without an answer'
same '3' "$(grep -c 'gated ended with status 0' "$GATE_LOG")" 'each of the three ended with status 0'
crowd_compare 'every acknowledged write is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
