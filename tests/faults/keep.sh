#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: none
#
# services/setup/keep starts again at once what was killed, ever more slowly what cannot start, and
# ends at once when it is told to, whatever it is about.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=services/setup/lib.sh
. "$here/../../services/setup/lib.sh"

folder=$(mktemp -d) keeper='' count=0
mkdir "$folder/logs"
trap '[[ -z $keeper ]] || kill -s TERM "$keeper" 2>/dev/null; rm -rf "$folder"' EXIT

ok() { count=$((count + 1)); printf 'ok %d - %s\n' "$count" "$1"; }
keep() { KEEP_LOG_BYTES=1000 KEEP_LOG_SECONDS=0.2 "$here/../../services/setup/keep" --logs "$folder/logs" "$folder/pid" "$@" 2>>"$folder/log" & keeper=$!; }
keep_stop() {
  pid_stop "$keeper" TERM 2 || die 'keep did not end within 2 s'
  [[ ! -e $folder/pid ]] || die 'its pid file was left behind'
  keeper=''
}
is_another() { [[ -s $folder/pid && $(<"$folder/pid") != "$first" ]]; }

keep sleep 100
wait_until 5 test -s "$folder/pid" || die 'no pid file'
first=$(<"$folder/pid")
sleep 1.2
kill -s KILL "$first"
wait_until 2 is_another || die 'what was killed was not started again'
ok 'what was killed is started again at once, and the pid file has the new one'
second=$(<"$folder/pid")
keep_stop
pid_gone "$second" || die 'it did not pass the signal on'
ok 'told to stop, it passes that on and ends'

keep false
sleep 4
keep_stop
starts=$(grep -c 'ended with status 1' "$folder/log")
[[ $starts -ge 3 && $starts -le 8 ]] || die "started $starts times in 4 s"
ok "what cannot start is tried ever more slowly ($starts times in 4 s), and a stop does not wait for the next"

# shellcheck disable=SC2016             # that shell's own variables
keep bash -c 'for n in {1..300}; do printf "line %05d\n" "$n"; sleep 0.01; done >>"$1"; exec sleep 100' - "$folder/logs/big.log"
is_written() { grep -q 'line 00300' "$folder/logs/big.log" "$folder/logs/big.log.1" 2>/dev/null; }
wait_until 20 is_written || die 'what is kept does not write its log'
sleep 0.5
[[ $(stat -c %s "$folder/logs/big.log") -le 1000 && $(stat -c %s "$folder/logs/big.log.1") -le 3000 ]] ||
  die "the logs are $(stat -c %s "$folder/logs/big.log") and $(stat -c %s "$folder/logs/big.log.1") bytes"
[[ $(tr -d '\0' <"$folder/logs/big.log.1" | wc -c) -eq $(stat -c %s "$folder/logs/big.log.1") ]] || die 'there is a hole in the log'
ok 'a log that grows is put aside, its last part is whole, and the writer goes on'
keep_stop
printf '1..%d\n' "$count"
