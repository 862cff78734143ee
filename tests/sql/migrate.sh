#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 0
#
# What gatectl migrate promises, each on a database of its own: forward only, once, all or nothing.
set -euo pipefail

count=0 failed=0 log=$(mktemp)
trap 'rm -f "$log"' EXIT

verdict() {             # STATUS WHAT
  count=$((count + 1))
  [[ $1 -eq 0 ]] && printf 'ok %d - %s\n' "$count" "$2" && return
  failed=$((failed + 1))
  printf 'not ok %d - %s\n' "$count" "$2"
  sed 's/^/# /' "$log"
}

is() {                  # GOT WANTED WHAT
  local status=0
  [[ $1 == "$2" ]] || { status=1; printf 'got "%s", wanted "%s"\n' "$1" "$2" >>"$log"; }
  verdict "$status" "$3"
}

has() {                 # TEXT WHAT: the log has the text
  local status=0
  grep -qF -- "$1" "$log" || status=1
  verdict "$status" "$2"
}

admin() { psql -XqAt "$GATE_SUPERUSER_URL" "$@"; }
url_of() { printf '%s\n' "${2/\/gate\?//$1?}"; }
ask() { psql -XqAt "$(url_of "$1" "$GATE_SUPERUSER_URL")" -c "$2"; }

fresh() {               # NAME
  admin -c "drop database if exists $1" -c "create database $1 owner gate_owner" 2>>"$log"
  url=$(url_of "$1" "$GATE_DATABASE_URL")
}

migrate() {             # OPTION...: sets status; what it says is in the log
  status=0
  gatectl migrate --database "$url" "$@" >"$log" 2>&1 || status=$?
}

fresh one
migrate --check
is "$status" 1 'an empty database is said to need migrations'
is "$(ask one "select count(*) from pg_namespace where nspname in ('gate', 'api')")" 0 \
  'and is left empty by the check'
migrate
is "$status" 0 'an empty database is migrated'
first=$(ask one 'select string_agg(number || checksum || applied_at, chr(10) order by number) from gate.migration')
migrate --check
is "$status" 0 'and is then current'
migrate
is "$status" 0 'a second run is good'
is "$(ask one 'select string_agg(number || checksum || applied_at, chr(10) order by number) from gate.migration')" \
  "$first" 'and changes nothing'

before=$(ask one "select count(*) from pg_proc where pronamespace in ('gate'::regnamespace, 'api'::regnamespace)")
ask one "update gate.migration set checksum = repeat('0', 64) where number = 9000;
  create function api.forgotten() returns int language sql as 'select 1';
  comment on function api.forgotten() is 're-created by migrate'"
migrate
is "$status" 0 'changed functions are created again'
is "$(ask one "select count(*) from pg_proc where pronamespace in ('gate'::regnamespace, 'api'::regnamespace)")" \
  "$before" 'and those that are gone from the sources go'

ask one "insert into gate.migration values (8999, 'later', repeat('a', 64), now())"
migrate
is "$status" 1 'a newer schema is refused'
has 'migration 8999' 'and the unknown migration named'
ask one "delete from gate.migration where number = 8999;
  update gate.migration set checksum = repeat('b', 64) where number = 10"
migrate
is "$status" 1 'an edited migration is refused'
has 'migration 10 was changed' 'and named'

fresh broken
ask broken 'create schema api authorization gate_owner'
migrate
is "$status" 3 'a migration that fails is an error'
has 'sql/010_base.sql' 'of its file'
is "$(ask broken "select count(*) from pg_namespace where nspname = 'gate'")" 0 \
  'and leaves nothing of itself behind'
ask broken 'drop schema api'
migrate
is "$status" 0 'once the cause is gone it goes on'

fresh twice
gatectl migrate --database "$url" >"$log" 2>&1 &
other=$!
migrate
wait "$other" && both=$status || both=1
is "$both" 0 'two at once are both good'
is "$(ask twice 'select count(*) = count(distinct number) and count(*) > 1 from gate.migration')" t \
  'and each migration ran once'

admin -c "create role plain login password 'plain'" -c 'alter role gate_reader rename to gate_reader_kept'
fresh plain
admin -c 'alter database plain owner to plain'
url=postgresql://plain:plain@${url#*@}
migrate
admin -c 'alter role gate_reader_kept rename to gate_reader'
is "$status" 1 'who may not create roles is refused while one is missing'
has 'create role gate_reader;' 'and told what a superuser must run'
migrate
is "$status" 0 'with all roles there no right is needed but to own the database'

for name in one broken twice plain; do admin -c "drop database $name"; done
admin -c 'drop role plain'
printf '1..%d\n' "$count"
exit $((failed > 0))
