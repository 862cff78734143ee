#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# A client that has seen more than there is, since the database was restored or made anew: it is told
# what happens from now on, instead of listening to nothing for ever.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# the same cursor, each ledger a million events further
get firm '/events?latest=true'
expect 200 -- 'a client knows where it is'
cursor=$(value .next | tr '_-' '/+')
while ((${#cursor} % 4)); do cursor+='='; done
ahead=$(base64 -d <<<"$cursor" | sed -E 's/: ?([0-9]+)/:1000000\1/g' | base64 -w 0 | tr '/+' '_-' | tr -d =)
base64 -d <<<"$cursor" | grep -q '"1":' || fail "not a cursor any more: $cursor"

get firm "/events?after=$ahead"
expect 200 '.items == [] and .has_more == false' -- 'asked for what comes behind that, nothing is there'
next=$(value .next)
curl -sSN --max-time 12 "$GATE_URL/v1/stream" -H "Authorization: Bearer $GATE_FIRM_KEY" -H "Last-Event-ID: $ahead" \
  >"$scratch/stream" 2>/dev/null &
listening=$!
sleep 6
post firm /declarations '{"gate":"CKHN","direction":"export","vehicles":[{"plate":"29C-123.45"}]}'
expect 201 -- 'a declaration is filed'
wait "$listening" || true
same 1 "$(grep -c '^event: declared' "$scratch/stream")" 'the stream tells it'
get firm "/events?after=$next"
expect 200 '[.items[].type] == ["declared"]' -- 'and so does the next page'
printf '1..%d\n' "$count"
