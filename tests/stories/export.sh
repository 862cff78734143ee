#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# One 40-foot reefer of fresh durian leaves over Hữu Nghị. Declared at 22:50 the evening before;
# arrives within its window, green channel, is called, crosses, and comes back empty. Order and
# timings as seen there (domain A4, F3); every identity is made up.
#
#   tests/with-service tests/stories/export.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# ---- the evening before ------------------------------------------------------------------------

at 2026-11-22T22:50:00+07:00
post firm /declarations '{
  "gate": "CKHN", "direction": "export", "planned_arrival": "2026-11-23T08:30:00+07:00",
  "customs_declarations": [{"number": "306012345670", "type": "B11", "office": "15BB"}],
  "vehicles": [{
    "plate": "29C-123.45", "nationality": "VN", "trailer_plate": "29R-001.23", "class": "VT6",
    "container": "CSQU3054383", "seal": "VN123456",
    "driver": {"name": "Nguyễn Văn An", "phone": "0912345678",
               "document": {"type": "cccd", "number": "001099000001"}}}],
  "receiving_vehicles": [],
  "goods": [{
    "hs": "08106000", "description": "Sầu riêng tươi", "origin": "VN", "quantity": 18, "unit": "TNE",
    "packages": 1200, "net_weight_kg": 18000, "gross_weight_kg": 19500,
    "value": 54000, "currency": "USD"}]}'
expect 201 '.state == "ready"' '.rule_failures == []' '.warnings == []' '.number == "20261122010001"' \
  '.window.from == "2026-11-23T08:30:00.000+07:00"' '.crossings[0].state == "declared"' \
  '.crossings[0].class == "perishable"' -- 'declared at 22:50, with a window for the morning and a pass'
declaration=$(value .number)
crossing=$(value '.crossings[0].id')
digits=$(value '.crossings[0].pass.digits')
etag=$(header ETag)

after 195           # customs registers after 2.6 to 4 minutes, at night too
confirm customs "$crossing" registered '"channel": "green"'
expect 201 '[.crossing.open[].step] == ["yard_in", "fee_paid"]' -- 'customs registers it, green channel'

get firm "/crossings/$crossing/pass.svg"
expect 200 -- 'the driver prints the pass'
same image/svg+xml "$(header Content-Type | cut -d';' -f1)" 'it is a picture'

# ---- the morning: the yard and the queue -------------------------------------------------------

at 2026-11-23T08:30:00+07:00        # at the barrier of the outer yard
scan yard "$digits"
expect 200 '.verdict == "go"' '.next == [{"step": "yard_in", "agency": "yard"}]' \
  -- 'the yard reads the pass: go, and it joins the queue next'

confirm border_guard "$crossing" gate_in
expect 409 '.code == "step_not_open"' '.missing == [{"step": "called", "agency": "operator"}]' \
  -- 'nobody drives past the queue: it has not been called'

after $((17 * 60))
confirm yard "$crossing" yard_in
expect 201 '.crossing.state == "queued"' -- 'in the yard 17 minutes later'

get firm "/crossings/$crossing/position"
expect 200 '.place == 1' '.ahead == 0' '.joined_at == "2026-11-23T08:30:00.000+07:00"' '.credit_s == 5400' \
  '.rank_at == "2026-11-23T07:00:00.000+07:00"' '.wait.p50_s <= .wait.p90_s' \
  -- 'it counts from the start of its window, with the credit of perishable goods; the wait is promised'

after $((10 * 60))
confirm centre "$crossing" fee_paid
expect 201 -- 'the fee is paid while it waits'

after $((10 * 60))
confirm plant "$crossing" plant
expect 201 '.crossing.open == []' -- 'plant quarantine is done: now it only waits for its call'

# ---- called, and through -----------------------------------------------------------------------

at 2026-11-23T09:30:00+07:00
call CKHN export
expect 200 ".crossing.id == \"$crossing\"" '.crossing.state == "called"' '.crossing.lane == 1' \
  -- 'called to lane 1'

after $((11 * 60))
scan border_guard "$digits"
expect 200 '.verdict == "go"' '.next == [{"step": "gate_in", "agency": "border_guard"}]' \
  '.crossing.trailer_plate == "29R00123"' -- 'the pass is scanned at the barrier: go'

confirm border_guard "$crossing" gate_in
expect 201 '.crossing.state == "at_gate"' -- 'the border guard lets it in'
after 23
confirm health "$crossing" health
expect 201 -- 'health quarantine, 23 seconds later'

confirm border_guard "$crossing" exit
expect 409 '[.missing[].step] == ["licence", "customs_finish", "border_guard_finish"]' \
  -- 'no exit before every step is done, customs and border guard last'
confirm customs "$crossing" customs_finish
expect 409 '[.missing[].step] == ["licence"]' -- 'nor does customs finish without the transport licence'

after 23
confirm licence "$crossing" licence
expect 201 -- 'the transport licence is seen'
after 11
confirm customs "$crossing" customs_finish
expect 201 -- 'customs finishes 11 seconds later'
confirm customs "$crossing" customs_finish
expect 409 '.code == "step_done"' '.done.agency == "customs"' '.done.recorded_at == "2026-11-23T09:41:57.000+07:00"' \
  -- 'a second time it is told who has done it, and when'
after $((56 * 60))  # the border guard took 56 minutes more (domain A6)
confirm border_guard "$crossing" border_guard_finish
expect 201 '.crossing.state == "cleared"' -- 'the border guard finishes 56 minutes after customs: cleared'

at 2026-11-23T12:43:00+07:00        # 4 h 13 after it came
confirm border_guard "$crossing" exit
expect 201 '.crossing.state == "exited"' -- 'it leaves for China, 4 hours 13 after it came'

after 60
scan border_guard "$digits"
expect 200 '.verdict == "stop"' '.reason == "already_exited"' '.done.event == "CKHN-12"' \
  -- 'a minute later its pass opens no barrier any more'
get firm "/declarations/$declaration"
expect 200 '.state == "completed"' -- 'the declaration is completed'
send PATCH firm "/declarations/$declaration" '{"note": "too late"}' -H "If-Match: $etag" -H "$(new_key)"
expect 412 '.code == "stale_version"' -- 'and cannot be amended by who read it yesterday'

at 2026-11-23T17:20:00+07:00
confirm border_guard "$crossing" returned
expect 201 '.crossing.state == "returned"' -- 'the empty vehicle comes back in the evening'

# ---- what outsiders can check ------------------------------------------------------------------

# The public ledger, recomputed with nothing but sha256sum: hash(n) = sha256(hash(n-1) body(n)).
chain_is_whole() {
  local hash body wanted
  hash=$(value .from.hash)
  while IFS=$'\t' read -r wanted body; do
    # shellcheck disable=SC2001,SC2059      # the bytes of the hash, as escapes
    hash=$({ printf "$(sed 's/../\\x&/g' <<<"$hash")"; printf '%s' "$body"; } | sha256sum)
    hash=${hash%% *}
    [[ $hash == "$wanted" ]] || return 1
  done < <(value '.items[] | .hash + "\t" + .body')
}

get nobody /gates/CKHN/ledger
expect 200 '.head == 13' '(.items[0].body | fromjson).type == "declared"' \
  '[.items[].body | fromjson | .step // empty] | .[0] == "registered" and .[-1] == "returned"' \
  '[.items[].body | test("29C12345|Nguyễn|912345678|001099000001|CSQU3054383")] | any | not' \
  -- 'anybody reads the ledger of the gate: the whole way, and no plate, name, phone or document'
chain_is_whole || fail 'its hashes follow from each other'
ok 'its hashes follow from each other'
ledgers_verify 'gatectl finds the same'
printf '1..%d\n' "$count"
