#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: none
#
# services/up and down where things went wrong before: a gated that cannot start, a folder that is
# somebody else's. A service of its own, in /var/tmp; only root may, as with the commands themselves.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=services/setup/lib.sh
. "$here/../../services/setup/lib.sh"
# shellcheck source=services/setup/cluster.sh
. "$here/../../services/setup/cluster.sh"
# shellcheck source=services/setup/state.sh
. "$here/../../services/setup/state.sh"

if ! is_root; then
  if "$ROOT/services/up" --no-install --no-build 2>/dev/null; then die 'up ran without root'; fi
  printf 'ok 1 - who is not root is refused\n1..1\n'
  exit 0
fi
folder=$(mktemp -d /var/tmp/gate-up-XXXXXX) count=0
chmod 755 "$folder"
state_set "$folder/state"
unset DATABASE_URL BORDER_GATE_STATE GATE_TLS_CERTIFICATE GATE_TLS_KEY

ok() { count=$((count + 1)); printf 'ok %d - %s\n' "$count" "$1"; }
port=$((RANDOM % 12000 + 20000))
up() {
  "$ROOT/services/up" --state "$STATE" --port "$port" --tls off --no-install --no-sample \
    >"$folder/said" 2>&1 || { cat "$folder/said"; die 'up failed'; }
}
down() { "$ROOT/services/down" --state "$STATE" "$@" >"$folder/said" 2>&1; }
finish() {
  down --purge --yes || true
  rm -rf "$folder"
}
trap finish EXIT
ends_counted() { [[ $(grep -c 'ended with status' "$STATE/log/gated.log") -ge $1 ]]; }
keepers() {             # each has a session of its own
  ps -C keep -o sid=,args= | awk -v file="$RUN-pids/gated" 'index($0, file) { print $1 }' | sort -u | wc -l
}

up
http_ready "$port" || die 'it does not answer'
ok 'up: it answers'

mv "$PASS_KEYS" "$folder/keys"
printf '{' >"$PASS_KEYS"
kill -s KILL "$(gated_pid)"
wait_until 60 ends_counted 6 || die 'gated started with a broken file of keys'
mv "$folder/keys" "$PASS_KEYS"
up
wait_until 10 http_ready "$port" || die 'it does not answer'
[[ $(keepers) == 1 ]] || die "$(keepers) keepers"
ok 'up while a gated that cannot start is tried again and again: one keeper is left, and it answers'
down || { cat "$folder/said"; die 'down failed'; }
[[ $(keepers) == 0 ]] || die 'down left a keeper'
ok 'down: nobody is left who would start it again'

mkdir -m 777 "$folder/theirs"
touch "$folder/theirs/file"
if "$ROOT/services/up" --state "$folder/theirs" --no-install --no-build >"$folder/said" 2>&1; then
  die 'up took over a folder with other things in it'
fi
[[ $(stat -c %a "$folder/theirs") == 777 && $(ls "$folder/theirs") == file ]] || die 'up changed it'
ok 'a folder that has other things in it is not taken for the state, and stays as it was'
printf '1..%d\n' "$count"
