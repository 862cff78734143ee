#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 0
#
# gatectl ledger verify finds what somebody with all rights changed behind the ledger's back. Each
# case is a copy of the sandbox, whose ledger PLATFORM has the events of its seed.
set -euo pipefail

count=0 failed=0 log=$(mktemp)
trap 'rm -f "$log"' EXIT

url_of() { printf '%s\n' "${2/\/gate\?//$1?}"; }

# tampered SQL STATUS TEXT WHAT: after SQL, run without triggers, verify ends so and says TEXT.
tampered() {
  local status=0 base
  base=$(url_of postgres "$GATE_SUPERUSER_URL")
  psql -XqAt "$base" -c 'drop database if exists tampered' -c 'create database tampered template gate' 2>/dev/null
  psql -XqAt "$(url_of tampered "$GATE_SUPERUSER_URL")" -c "set session_replication_role = replica; $1" >/dev/null
  gatectl ledger verify --gate PLATFORM --database "$(url_of tampered "$GATE_SUPERUSER_URL")" >"$log" 2>&1 ||
    status=$?
  count=$((count + 1))
  if [[ $status -eq $2 ]] && grep -qF -- "$3" "$log"; then
    printf 'ok %d - %s\n' "$count" "$4"
  else
    failed=$((failed + 1))
    printf 'not ok %d - %s\n' "$count" "$4"
    sed "s/^/# status $status: /" "$log"
  fi
  psql -XqAt "$base" -c 'drop database tampered'
}

event='from gate.event where ledger = 0 and seq = 5'

tampered 'select 1' 0 'PLATFORM: good' 'an untouched ledger is good'
tampered "update gate.event set body = replace(body, '\"by\"', '\"By\"') where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its hash' 'a changed body'
tampered "update gate.event set hash = sha256('x') where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its hash' 'a changed hash'
tampered "delete $event" 1 'PLATFORM-5: BAD: it is missing' 'a deleted event'
tampered 'delete from gate.event where ledger = 0 and seq = (select max(seq) from gate.event where ledger = 0)' \
  1 "the ledger's head is not its last event" 'a deleted last event'
tampered "update gate.event set at = at + interval '1 hour' where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its time, type or crossing' 'a moved time'
tampered "update gate.event set crossing = 7 where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its time, type or crossing' 'a crossing put to it'
tampered "update gate.event_private set body = '{\"name\": \"Somebody\"}' where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its private part is not' 'a changed private part'
tampered "update gate.event_private set salt = decode(repeat('00', 16), 'hex') where ledger = 0 and seq = 5" \
  1 'PLATFORM-5: BAD: its private part is not' 'a changed salt'
tampered 'delete from gate.event_private where ledger = 0 and seq = 5' \
  1 'PLATFORM-5: BAD: its private part is gone' 'a deleted private part'
tampered 'update gate.event_private set body = null where ledger = 0 and seq = 5' \
  0 '1 private parts erased' 'an erased private part leaves the chain good'
tampered "insert into gate.checkpoint values (0, 5, sha256('x'), 'epoch', 'k', decode(repeat('00', 64), 'hex'))" \
  1 'PLATFORM-5: BAD: a checkpoint' 'a checkpoint that is not on the chain'
tampered "insert into gate.checkpoint select 0, 5, e.hash, e.at, k.id, decode(repeat('00', 64), 'hex')
  from gate.event e, gate.pass_key k where e.ledger = 0 and e.seq = 5 limit 1" \
  1 'PLATFORM-5: BAD: a checkpoint is not signed' 'a checkpoint that the published key did not sign'
tampered "insert into gate.checkpoint select 0, 5, hash, at, 'none', decode(repeat('00', 64), 'hex') $event" \
  1 'PLATFORM-5: BAD: a checkpoint is not signed' 'a checkpoint of a key that nobody published'
tampered "insert into gate.event select ledger, 7000, at, type, crossing, body, hash $event" \
  1 'BAD: it is missing' 'an event put in behind a gap'
# somebody who recomputes one event has to recompute all that follow
tampered "update gate.event e set body = 'x', hash = sha256(b.hash || 'x'::bytea)
  from gate.event b where e.ledger = 0 and e.seq = 5 and b.ledger = 0 and b.seq = 4" \
  1 'PLATFORM-5: BAD: its body' 'a body that is none, rightly hashed'
tampered "update gate.event e set body = replace(e.body, '\"by\"', '\"By\"'),
    hash = sha256(b.hash || convert_to(replace(e.body, '\"by\"', '\"By\"'), 'UTF8'))
  from gate.event b where e.ledger = 0 and e.seq = 5 and b.ledger = 0 and b.seq = 4" \
  1 'PLATFORM-6: BAD: its hash' 'a body changed and rightly hashed shows at the next event'

printf '1..%d\n' "$count"
exit $((failed > 0))
