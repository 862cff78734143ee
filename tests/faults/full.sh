#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# The disk of the ledger is full. Writes are answered 503 with Retry-After and leave nothing behind,
# reads go on, and when there is room again so do the writes. Needs root, for a small file system.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
# shellcheck source=tests/client/faults.sh
. "$here/../client/faults.sh"

disk=$(mktemp -d /var/tmp/gate-disk-XXXXXX)
stop_helpers() { umount -l "$disk" 2>/dev/null || true; rmdir "$disk" 2>/dev/null || true; }
mount -t tmpfs -o size=6m,mode=700 tmpfs "$disk" 2>/dev/null || {
  echo 'ok 1 - a full disk # SKIP: needs root that may mount'
  exit 0
}
chown "$(stat -c %U "$(data_directory)")" "$disk"
superuser "create tablespace small location '$disk'"
superuser 'alter table gate.event set tablespace small'
superuser 'alter table gate.event_private set tablespace small'

# Fills what is left, but for a few pages; files and steps until it is full.
dd if=/dev/zero of="$disk/filler" bs=8k count="$(($(df --output=avail -B 8k "$disk" | tail -n 1) - 8))" status=none
filed=0
for ((i = 0; i < 400; i++)); do
  send POST firm /declarations "$(filing "29C-$((20000 + i))")" -H "Idempotency-Key: full-$i"
  [[ $status == 201 ]] || break
  filed=$((filed + 1))
done
expect 503 '.code == "overloaded"' -- "after $filed declarations the disk is full: 503"
[[ $(header Retry-After) =~ ^[0-9]+$ ]] || fail 'no Retry-After'
same "$filed $filed $filed" "$(sql "select count(*), (select count(*) from gate.crossing), (select seq from gate.ledger where number = 1)
                                  from gate.declaration" | tr '|' ' ')" 'what was refused left nothing behind'
get firm '/declarations?limit=1'
expect 200 '.items | length == 1' -- 'reading goes on'
get nobody /readyz
expect 200 -- 'the service is ready'
get nobody /livez
expect 200 -- 'and lives'

rm "$disk/filler"
send POST firm /declarations "$(filing "29C-$((20000 + i))")" -H "Idempotency-Key: full-$i"
expect 201 -- 'with room on the disk the retry with the same key succeeds'
same "$((filed + 1))" "$(sql 'select count(*) from gate.declaration')" 'once'
ledgers_verify 'the ledgers verify'
superuser 'alter table gate.event set tablespace pg_default'
superuser 'alter table gate.event_private set tablespace pg_default'
superuser 'drop tablespace small'
printf '1..%d\n' "$count"
