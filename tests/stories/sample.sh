#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: none
#
# services/up plays a sample day behind the boards of an empty sandbox, services/down ends it; it is
# in nobody's way, and never in a production database. Needs root, as services/up does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=services/setup/lib.sh
. "$here/../../services/setup/lib.sh"
services=$here/../../services
count=0

ok() { printf 'ok %d - %s\n' $((++count)) "$*"; }
fail() {
  printf 'not ok %d - %s\n' $((++count)) "$*"
  tail -n 20 "$scratch"/*.out "$state"/log/sample.log 2>/dev/null | sed 's/^/# /'
  exit 1
}

if ! is_root; then
  echo 'ok 1 - # SKIP services/up needs root'
  exit
fi
[[ -x $ROOT/build/bin/gated ]] || build_release

state=$(mktemp -d /var/tmp/gate-up-XXXXXX) scratch=$(mktemp -d) port=$((RANDOM % 12000 + 20000))
run=/run/border-gate-$(sha256sum <<<"$state" | cut -c 1-8)
unset DATABASE_URL
down() { "$services/down" --state "$state" "$@" >"$scratch/down.out" 2>&1; }
trap 'down --purge --yes || true; rm -rf "$state" "$scratch"' EXIT
up() {
  "$services/up" --state "$state" --port "$port" --tls off --no-install --no-build "$@" >"$scratch/up.out" 2>&1 ||
    fail "services/up $*"
}
events() {
  psql -XAtq -h "$run" -U postgres -d gate -c 'select coalesce(sum(seq), 0) from gate.ledger where number > 0'
}
are_events() { [[ $(events) -ge $1 ]]; }
bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
PATH=$bin:$PATH

up
grep -q '^  sample ' "$scratch/up.out" || fail 'the first start says that a day is played'
ok 'the first start says that a day is played'
pid=$(pid_of "$run-pids/sample" gatesim) || fail 'it runs'
[[ $(stat -c %U "/proc/$pid") == nobody ]] || fail 'as nobody'
tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q bg_ && fail 'its key stands in no argument'
ok 'it runs as nobody, and its key stands in no argument'
wait_until 60 are_events 100 || fail 'within a minute the gates are alive'
ok 'within a minute the gates are alive'
before=$(date +%s%N)
up
[[ $((($(date +%s%N) - before) / 1000000)) -le 3000 ]] || fail 'a second start takes no three seconds'
[[ $(pid_of "$run-pids/sample" gatesim) == "$pid" ]] || fail 'and leaves the day alone'
ok 'a second start takes no three seconds and leaves the day alone'
down || fail 'services/down'
pid_gone "$pid" || fail 'services/down ends it'
ok 'services/down ends it'
up
pid_of "$run-pids/sample" gatesim >/dev/null && fail 'a sandbox with a past is given no second day'
are_events 100 || fail 'what was played stays'
ok 'what was played stays, and no second day is played upon it'
down --purge --yes || fail 'services/down --purge'

up --no-sample
sleep 1
pid_of "$run-pids/sample" gatesim >/dev/null && fail '--no-sample plays nothing'
[[ $(events) -eq 0 ]] || fail '--no-sample leaves the sandbox empty'
ok '--no-sample leaves the sandbox empty'
down --purge --yes || fail 'services/down --purge'

up --production
pid_of "$run-pids/sample" gatesim >/dev/null && fail 'in production nothing is played'
[[ $(events) -eq 0 && ! -e $state/bin/gatesim ]] || fail 'in production nothing is played'
ok 'in production nothing is played'
