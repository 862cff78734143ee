#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# A clerk files 40 trucks of watermelons in one request; then corrects one, withdraws one and gives
# one another tractor. At Hữu Nghị one is turned back and one never comes when called; the others
# leave. Every identity is made up.
#
#   tests/with-service tests/stories/clerk.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# What a clerk's program would make out of a spreadsheet: 40 vehicles, each with its driver.
vehicles() {
  jq -nc '[range(1; 41) | {
    plate: "29H-\(20000 + .)", class: "VT5",
    driver: {name: "Lái Xe Số \(.)", phone: "09\(10000000 + .)",
             document: {type: "cccd", number: "\(1099000000 + . | "00" + tostring)"}}}]'
}

filing() {              # VEHICLES
  jq -nc --argjson vehicles "$1" '{
    gate: "CKHN", direction: "export", planned_arrival: "2026-11-23T09:00:00+07:00",
    customs_declarations: [{number: "306012345680", type: "B11", office: "15BB"}],
    vehicles: $vehicles,
    goods: [{hs: "08071100", description: "Dưa hấu tươi", origin: "VN", quantity: 720, unit: "TNE",
             net_weight_kg: 720000, gross_weight_kg: 740000, value: 360000, currency: "USD",
             plates: [$vehicles[].plate]}]}'
}

# ---- at the desk: 40 trucks in one request -----------------------------------------------------

at 2026-11-22T16:00:00+07:00
post firm /declarations "$(filing "$(vehicles)")"
expect 201 '.state == "ready"' '.rule_failures == []' '.warnings == []' '.crossings | length == 40' \
  '[.crossings[].pass.digits] | unique | length == 40' -- '40 trucks in one request, each with its own pass'
declaration=$(value .number)
etag=$(header ETag)
mapfile -t trucks < <(value '.crossings[].id')          # trucks[0] is the first
swapped_digits=$(value '.crossings[20].pass.digits')

# The whole list again is the clerk's way to say which vehicles there are.
corrected=$(vehicles | jq -c '.[6].driver.phone = "0987654321" | .[6].seal = "VN7"')
send PATCH firm "/declarations/$declaration" "{\"vehicles\": $corrected}" -H "$(new_key)"
expect 428 '.code == "if_match_missing"' -- 'no change without saying what one has read'
send PATCH firm "/declarations/$declaration" "{\"vehicles\": $corrected}" -H "$(new_key)" -H "If-Match: $etag"
expect 200 '.version == 2' '.crossings | length == 40' -- 'the seventh gets another phone and a seal'
before=$(seqs)
send PATCH firm "/declarations/$declaration" '{"note": "mở từ hôm qua"}' -H "$(new_key)" -H "If-Match: $etag"
expect 412 '.code == "stale_version"' '.version == 2' -- 'a colleague who still has the old version is refused'
same "$before" "$(seqs)" 'and has changed nothing'

get firm "/declarations/$declaration"
etag=$(header ETag)
remaining=$(jq -c 'del(.[12])' <<<"$corrected")
send PATCH firm "/declarations/$declaration" \
  "$(filing "$remaining" | jq -c '{vehicles, goods}')" -H "$(new_key)" -H "If-Match: $etag"
expect 200 '[.crossings[] | select(.state == "declared")] | length == 39' \
  -- 'the thirteenth is taken out of the declaration'
get firm "/crossings/${trucks[12]}"
expect 200 '.state == "cancelled"' -- 'its crossing is cancelled'

post firm /declarations "$(filing "$(vehicles | jq -c '[.[12]]')")"
expect 201 '.state == "ready"' -- 'its plate is free at once for a declaration of its own'
alone=$(value .number)
post firm /declarations "$(filing "$(vehicles | jq -c '[.[12]]')")"
expect 409 '.code == "plate_live"' '.errors[0].pointer == "/vehicles/0/plate"' -- 'but only once'
post firm "/declarations/$alone/cancel" '{"reason": "khách hủy đơn"}'
expect 200 '.state == "cancelled"' -- 'the clerk cancels that one, too'
post firm "/declarations/$alone/cancel" '{"reason": "khách hủy đơn"}'
expect 409 '.code == "declaration_ended"' -- 'once'

post firm "/crossings/${trucks[20]}/swap" '{"plate": "29H-299.99", "reason": "đầu kéo hỏng"}'
expect 200 '.crossing.plate == "29H29999"' '.pass.version == 2' -- 'the twenty-first gets another tractor and a new pass'
post firm "/crossings/${trucks[20]}/swap" '{"plate": "29H-299.98", "reason": "lại hỏng"}'
expect 409 '.code == "swap_used"' -- 'once without asking a supervisor'
scan yard "$swapped_digits"
expect 200 '.verdict == "stop"' '.reason == "pass_superseded"' -- 'the old print of its pass is worth nothing'

# ---- the next morning --------------------------------------------------------------------------

live=()
for i in "${!trucks[@]}"; do [[ $i -eq 12 ]] || live+=("${trucks[i]}"); done
turned_back=${live[4]} absent=${live[0]}

# each AGENCY STEP CROSSING...: an agency's system sends many confirmations in one request
each() {
  local agency=$1 step=$2
  shift 2
  post "$agency" /steps "$(jq -nc --arg step "$step" \
    '{items: [$ARGS.positional[] | {crossing: ., step: $step, result: "pass", nonce: ($step + .)}]}' --args "$@")"
  expect 200 "[.items[] | select(.status == 201)] | length == $#" -- "$step: $# confirmations of $agency in one request"
}

at 2026-11-23T07:00:00+07:00
each customs registered "${live[@]}"
for crossing in "${live[@]}"; do
  after 60
  confirm yard "$crossing" yard_in
  [[ $status == 201 ]] || fail "yard_in of $crossing: $(<"$scratch/answer")"
done
ok 'they come into the yard, one a minute'
each centre fee_paid "${live[@]}"
each plant plant "${live[@]}"
get operator '/gates/CKHN/queue?direction=export&limit=100'
expect 200 '.items | length == 39' "[.items[].crossing] == $(jq -nc '$ARGS.positional' --args "${live[@]}")" \
  -- 'the queue has them in the order of their coming'

# The first of the queue is called; whoever is called drives in half a minute later, but for two.
inside=() absences=0
drive_in() {
  local crossing
  after 60
  call CKHN export
  [[ $status == 200 ]] || fail "call: $(<"$scratch/answer")"
  crossing=$(value .crossing.id)
  if [[ $crossing == "$absent" ]]; then absences=$((absences + 1)); fi
  if [[ $crossing == "$absent" || $crossing == "$turned_back" ]]; then return; fi
  after 30
  confirm border_guard "$crossing" gate_in
  [[ $status == 201 ]] || fail "gate_in of $crossing: $(<"$scratch/answer")"
  inside+=("$crossing")
}

for _ in {1..20}; do drive_in; done
same 1 "$absences" 'the first one is called and does not come'
same 18 "${#inside[@]}" '18 of the first twenty are inside'

post border_guard "/crossings/$turned_back/steps" '{"step": "gate_in", "result": "reject", "note": "giấy phép hết hạn"}'
expect 201 '.crossing.state == "turned_back"' -- 'one is turned back at the barrier, with a reason'
post border_guard /scans '{"plate": "29H-200.05"}'
expect 200 '.verdict == "stop"' '.reason == "turned_back"' '.done.note == "giấy phép hết hạn"' \
  -- 'it is told so when it tries again'

after 120
drive_in
get firm "/crossings/$absent"
expect 200 '.state == "queued"' '.no_shows == 1' \
  -- 'after 30 minutes of grace the absent one is back in the queue, with its place but not at once'
until [[ ${#inside[@]} -eq 37 ]]; do drive_in; done
same 2 "$absences" 'a quarter of an hour later it is called before all others, and again does not come'

after $((30 * 60))
call CKHN export
expect 404 '.code == "nothing_waits"' -- 'everybody else is inside, and the absent one must wait an hour now'
after $((60 * 60))
call CKHN export
expect 200 ".crossing.id == \"$absent\"" -- 'it is called a third time'
after $((30 * 60 + 1))
call CKHN export
expect 404 -- 'nobody waits any more'
get firm "/crossings/$absent"
expect 200 '.state == "no_show"' '[.timeline[] | select(.type == "no_show")] | length == 3' \
  -- 'its grace has passed three times: it is a no-show'

each health health "${inside[@]}"
each licence licence "${inside[@]}"
each customs customs_finish "${inside[@]}"
each border_guard border_guard_finish "${inside[@]}"
after 600
each border_guard exit "${inside[@]}"

# ---- what became of the 40 ---------------------------------------------------------------------

get firm "/declarations/$declaration"
expect 200 '.state == "completed"' \
  '[.crossings[].state] | group_by(.) | map({(.[0]): length}) | add
   == {cancelled: 1, exited: 37, no_show: 1, turned_back: 1}' \
  -- '37 have left, one was cancelled, one turned back, one never came: the declaration is completed'
same 0 "$(sql 'select count(*) from gate.live_plate')" 'no plate is taken any more'
get operator '/gates/CKHN/queue?direction=export'
expect 200 '.items == []' -- 'the queue is empty'
ledgers_verify 'the chains of the ledgers hold'
printf '1..%d\n' "$count"
