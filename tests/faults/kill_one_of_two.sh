#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --durable --gated 2
#
# Two gated serve one database; 64 clients file and confirm at both, one of them is killed with -9
# three times. The other goes on, and nothing is lost or doubled.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

survivor=$(<"$GATE_PID_FILE2")
crowd_start 64 6 "$GATE_URL" "$GATE_URL2"
for _ in 1 2 3; do
  sleep 1
  gated_signal KILL
done
same "$survivor" "$(<"$GATE_PID_FILE2")" 'the other process went on'
crowd_end '64 clients: all writes are acknowledged in the end'
crowd_compare 'every acknowledged write is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
