#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 0
#
# What the roles of the database may do, tried by each of them.
set -euo pipefail

count=0 failed=0 log=$(mktemp)
trap 'rm -f "$log"' EXIT

# try WANTED ROLE SQL: as that role, rolled back afterwards; 0: it may, 1: it is refused.
try() {
  local status=0
  psql -XqAt -v ON_ERROR_STOP=1 "$GATE_SUPERUSER_URL" \
    -c "begin; set local role $2; $3; rollback" >"$log" 2>&1 || status=1
  if [[ $status -ne 0 ]] && ! grep -qE 'permission denied|can only be erased' "$log"; then status=2; fi
  count=$((count + 1))
  [[ $status -eq $1 ]] && printf 'ok %d - %s: %s\n' "$count" "$2" "$3" && return
  failed=$((failed + 1))
  printf 'not ok %d - %s: %s\n' "$count" "$2" "$3"
  sed 's/^/# /' "$log"
}
may() { try 0 "$@"; }
may_not() { try 1 "$@"; }

may gate_service "select * from api.config_version('{}')"
may gate_service "select * from api.principals('{}')"
may_not gate_service 'select * from gate.event'
may_not gate_service 'select * from gate.api_key'
may_not gate_service "update gate.event set body = ''"
may_not gate_service 'delete from gate.event'
may_not gate_service 'truncate gate.event'
may_not gate_service 'insert into gate.event select * from gate.event'
may_not gate_service "select gate.append_one(0::smallint, now(), 'x', null, '{}', '{}', null)"
may_not gate_service 'create table api.mine (a int)'
may_not gate_service 'create table public.mine (a int)'

may gate_reader 'select count(*) from gate.event'
may gate_reader 'select state, count(*) from gate.crossing group by state'
may_not gate_reader 'select plate from gate.crossing'
may_not gate_reader 'select * from gate.event_private'
may_not gate_reader 'select * from gate.declaration'
may_not gate_reader 'select * from gate.firm'
may_not gate_reader "select * from api.firms('{}')"

may gate_privacy 'select body from gate.event_private'
may gate_privacy 'update gate.event_private set body = null where ledger = 0 and seq = 1'
may_not gate_privacy "update gate.event_private set body = '{}' where ledger = 0 and seq = 1"
may_not gate_privacy 'update gate.event_private set salt = salt'
may_not gate_privacy 'delete from gate.event_private'
may_not gate_privacy "update gate.event set body = ''"

printf '1..%d\n' "$count"
exit $((failed > 0))
