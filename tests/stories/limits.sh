#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --limits
#
# The limits of production, over HTTP: a firm that asks too much is told when to come again and its
# request is as if never sent; no kiosk, no other firm and no probe of the server suffers from it,
# nor from a stranger who looks at the board without end.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# many COUNT PATH [CURL-OPTION...]: their statuses, over a few connections; for a subshell
many() {
  exec curl -sS --no-progress-meter --parallel --parallel-max 4 "${@:3}" -o /dev/null -w '%{http_code}\n' "$GATE_URL$2?[1-$1]"
}
as_firm=(-H "Authorization: Bearer $GATE_FIRM_KEY")

get firm /declarations
expect 200 -- 'a firm within its limit'
same '"default";q=600;w=60' "$(header RateLimit-Policy)" 'is told its quota'
[[ $(many 2000 /v1/events "${as_firm[@]}") == *429* ]] || fail '2,000 requests at once, none refused'
ok 'of 2,000 requests at once some are refused'

# Its quota grows back by ten a second, so somebody goes on asking meanwhile.
body='{"gate":"CKHN","direction":"export"}'
many 100000 /v1/events "${as_firm[@]}" >"$scratch/asked" 2>&1 &
asking=$!
stop_helpers() { kill "$asking" 2>/dev/null || true; }
for _ in {1..100}; do
  key=$(new_key)
  send POST firm /declarations "$body" -H "$key"
  [[ $status != 429 ]] || break
done
expect 429 '.code == "rate_limited"' -- 'a firm beyond its limit'
wait_s=$(header Retry-After)
[[ $wait_s -ge 1 && $(header RateLimit) == '"default";r=0;t='* ]] || fail 'not told when to come again'
get customs /gates/CKHN/queue
expect 200 -- 'a kiosk has a bucket of its own'
get firm2 /declarations
expect 200 -- 'and so has each firm'
stop_helpers
wait "$asking" || true
sleep "$wait_s"
send POST firm /declarations "$body" -H "$key"
expect 201 -- 'the refused request is sent again with its key'
same '' "$(header Idempotent-Replayed)" 'and is done then: a 429 is not kept'

many 100000 /v1/gates/CKHN/board >"$scratch/asked" 2>&1 &
asking=$!
for _ in {1..1000}; do
  get nobody /v1/gates/CKHN/board
  [[ $status != 429 ]] || break
done
expect 429 -- 'a stranger who looks at the board without end is refused'
get nobody /livez
expect 200 -- 'and whoever asks whether the server lives, from the same address, is answered'
get nobody /readyz
expect 200 -- 'or whether it is ready'
get nobody /metrics
expect 200 -- 'or for its figures'
printf '1..%d\n' "$count"
