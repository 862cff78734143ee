#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --durable
#
# 64 clients file and confirm at once at both gates while gated is killed with -9 five times.
# Afterwards every acknowledged write is there exactly once, the ledgers verify, and every write
# that was not answered succeeds when it is tried again with its key, and is there exactly once.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

crowd_start 64 8 "$GATE_URL"
for _ in 1 2 3 4 5; do
  sleep 1
  gated_signal KILL
done
ok 'gated was killed five times and started again each time'
crowd_end '64 clients: all writes are acknowledged in the end'
crowd_compare 'every acknowledged write is there exactly once'
ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
