#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# What is malformed, forbidden, too late or too early, in Vietnamese, English and Chinese: each is
# answered with a problem document (RFC 9457) whose code, pointer and texts are those published,
# and changes nothing. A refused pass is a verdict.
#
#   tests/with-service tests/stories/bad_input.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

tables=$here/../../common/base
declare -A column=([vi]=3 [en]=4 [zh]=5)

# text_of CODE LANGUAGE: as the tables of faults and messages have it
text_of() {
  sed -nE 's/^(FAULT\([A-Z0-9_]+, [0-9]+|MESSAGE\([A-Z0-9_]+, 0), "'"$1"'", "([^"]*)", "([^"]*)", "([^"]*)"\)$/\2\t\3\t\4/p' \
    <(sed -E 's/^MESSAGE\(([A-Z0-9_]+), /MESSAGE(\1, 0, /' "$tables/fault.def" "$tables/message.def") |
    head -n 1 | cut -f $((column[$2] - 2))
}

# What no bad request may change.
state() {
  sql "select (select string_agg(number || ':' || seq || ':' || encode(hash, 'hex'), ' ' order by number) from gate.ledger)
    || ' ' || (select count(*) || '/' || coalesce(sum(version), 0) from gate.crossing)
    || ' ' || (select count(*) || '/' || coalesce(sum(version), 0) from gate.declaration)
    || ' ' || (select count(*) from gate.live_plate)
    || ' ' || (select coalesce(sum(booked), 0) from gate.window_booking)"
}

# said KIND CODE: that text of the answer is the one of this language
said() {
  same_quietly "$(text_of "$2" "$language")" "$(value "$1")" "$sentence, $language: $1"
}
same_quietly() { [[ -n $1 && $1 == "$2" ]] || fail "$3 (expected '$1', got '$2')"; }

# bad STATUS CODE POINTER:CODE|'' SENTENCE -- METHOD WHO PATH BODY [CURL-OPTION...]
bad() {
  local wanted=$1 code=$2 pointer=$3 sentence=$4 language before options
  shift 5
  before=$(state)
  for language in vi en zh; do
    options=("${@:5}")
    [[ ${keyless:-} || $1 == GET ]] || options+=(-H "$(new_key)")
    send "$1" "$2" "$3" "$4" -H "Accept-Language: $language" "${options[@]}"
    [[ $status == "$wanted" && $(value .code) == "$code" ]] ||
      fail "$sentence, $language: $status $(<"$scratch/answer")"
    same_quietly application/problem+json "$(header Content-Type | cut -d';' -f1)" "$sentence: its type"
    same_quietly "/problems/$code $wanted" "$(value '.type + " \(.status)"')" "$sentence: type and status"
    same_quietly "$language" "$(header Content-Language)" "$sentence: Content-Language"
    [[ -n $(value '.instance // ""') ]] || fail "$sentence: no instance"
    said .title "$code"
    if [[ -n $pointer ]]; then
      same_quietly "$pointer" "$(value '.errors | map(.pointer + ":" + .code) | join(" ")')" "$sentence: its pointers"
      said '.errors[0].text' "$(value '.errors[0].code')"
    fi
  done
  [[ $(state) == "$before" ]] || fail "$sentence: something was changed"
  ok "$sentence: $wanted $code"
}

# stop REASON SENTENCE JSON: the verdict on a scan, in three languages
stop() {
  local sentence=$2 language before
  before=$(state)
  for language in vi en zh; do
    post border_guard /scans "$3" -H "Accept-Language: $language"
    [[ $status == 200 && $(value '.verdict + " " + .reason') == "stop $1" ]] ||
      fail "$sentence, $language: $status $(<"$scratch/answer")"
    said .text "$1"
  done
  [[ $(state) == "$before" ]] || fail "$sentence: something was changed"
  ok "$sentence: stop, $1"
}

filing() {              # PLATE [GATE]
  jq -nc --arg plate "$1" --arg gate "${2:-CKHN}" '{
    gate: $gate, direction: "export", planned_arrival: "2026-11-23T08:30:00+07:00",
    customs_declarations: [{number: "306012345670"}],
    vehicles: [{plate: $plate, driver: {name: "Nguyễn Văn An", document: {type: "cccd", number: "001099000001"}}}],
    goods: [{hs: "08106000", description: "Sầu riêng tươi"}]}'
}

at 2026-11-23T07:00:00+07:00
post firm /declarations "$(filing 29C-123.45)"
expect 201 '.state == "ready"' -- 'one good declaration, for what follows'
declaration=$(value .number) crossing=$(value '.crossings[0].id') digits=$(value '.crossings[0].pass.digits') etag=$(header ETag)
declare_path=/declarations steps_path=/crossings/$crossing/steps

# ---- the text of the body ----------------------------------------------------------------------

good=$(filing 29C-200.01)
bad 400 bad_json ':json_truncated' 'truncated JSON' -- POST firm $declare_path "${good:0:100}"
{ printf '{"note":"'; head -c 1100000 /dev/zero | tr '\0' 'x'; printf '"}'; } >"$scratch/large"
bad 413 body_too_large '' 'a body above 1 MiB' -- POST firm $declare_path '' -H 'Content-Type: application/json' -H 'Expect:' --data-binary "@$scratch/large"
bad 400 bad_json ':json_syntax' 'no JSON at all' -- POST firm $declare_path 'gate=CKHN'
bad 400 bad_json ':json_trailing' 'two bodies in one' -- POST firm $declare_path "$good$good"
bad 400 bad_json ':bad_utf8' 'broken UTF-8' -- POST firm $declare_path $'{"note":"Nguy\xe1\xbb n"}'
bad 400 bad_json ':json_too_deep' 'nested 200 deep' -- POST firm $declare_path \
  "{\"goods\":$(printf '[%.0s' {1..200})$(printf ']%.0s' {1..200})}"
bad 400 bad_json ':json_number_too_large' 'a number beyond all measure' -- POST firm $declare_path '{"goods":[{"quantity":1e999}]}'
bad 400 bad_json ':json_duplicate_member' 'a member twice' -- POST firm $declare_path '{"gate":"CKHN","gate":"TT"}'
bad 415 bad_media_type '' 'another content type' -- POST firm $declare_path '' -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "$good"

# ---- its members -------------------------------------------------------------------------------

bad 422 invalid_fields '/gate:wrong_type /vehicles:wrong_type' 'wrong types' -- POST firm $declare_path \
  '{"gate":1,"direction":"export","planned_arrival":"2026-11-23T08:30:00+07:00","vehicles":"29C12345"}'
bad 422 invalid_fields '/plates:unknown_field' 'an unknown field' -- POST firm $declare_path "$(jq -c '.plates = []' <<<"$good")"
bad 422 invalid_fields '/goods/0/quantity:number_range' 'a huge number' -- POST firm $declare_path \
  "$(jq -c '.goods[0].quantity = 99999999999' <<<"$good")"
bad 422 invalid_fields '/vehicles/0/plate:plate_format /vehicles/0/driver/phone:phone_format /goods/0/hs:hs_format' \
  'three failures, all told at once' -- POST firm $declare_path \
  "$(jq -c '.vehicles[0].plate = "HELLO" | .vehicles[0].driver.phone = "12" | .goods[0].hs = "8"' <<<"$good")"
bad 422 invalid_fields '/step:required /result:required' 'a step without step and result' -- POST customs "$steps_path" '{}'
bad 422 invalid_fields '/gate:unknown_value' 'an unknown gate' -- POST firm $declare_path "$(jq -c '.gate = "XX"' <<<"$good")"
bad 422 route_unknown '/route:route_unknown' 'an unknown route' -- POST firm $declare_path "$(jq -c '.route = "1-2"' <<<"$good")"

# ---- keys and versions -------------------------------------------------------------------------

keyless=yes
bad 400 idempotency_key_missing '' 'no idempotency key' -- POST firm $declare_path "$good"
bad 400 idempotency_key_invalid '' 'an idempotency key of 256 characters' -- POST firm $declare_path "$good" \
  -H "Idempotency-Key: $(printf 'k%.0s' {1..256})"
send POST firm /declarations "$(filing 29C-200.02)" -H 'Idempotency-Key: used'
expect 201 -- 'a key is used'
bad 422 idempotency_key_reused '' 'the same key for another body' -- POST firm $declare_path "$good" -H 'Idempotency-Key: used'
keyless=
bad 428 if_match_missing '' 'an amendment without If-Match' -- PATCH firm "/declarations/$declaration" '{"note":"x"}'
bad 412 stale_version '' 'an amendment of a version that never was' -- PATCH firm "/declarations/$declaration" '{"note":"x"}' -H 'If-Match: "99"'
bad 412 stale_version '' 'one with a tag that is none of ours' -- PATCH firm "/declarations/$declaration" '{"note":"x"}' -H 'If-Match: "abc"'
bad 409 plate_live '/vehicles/0/plate:plate_live' 'a plate that is live already' -- POST firm2 $declare_path "$(filing 29C-123.45 TT)"
[[ $(<"$scratch/answer") != *9900000016* && $(<"$scratch/answer") != *"$declaration"* ]] || fail 'it names the other firm'

# ---- who, and where ----------------------------------------------------------------------------

# Answered before anything is read of the body.
bad 401 unauthenticated '' 'no access key' -- POST nobody $declare_path "$good"
bad 401 unauthenticated '' 'a made-up access key' -- POST nobody $declare_path "$good" -H 'Authorization: Bearer gk_0000000000000000'
bad 403 wrong_role '' 'a firm that confirms a step' -- POST firm "$steps_path" '{"step":"registered","result":"pass"}'
bad 403 wrong_role '' 'an agency that confirms a step of another' -- POST health "$steps_path" '{"step":"registered","result":"pass"}'
bad 403 wrong_role '' 'customs that calls' -- POST customs /gates/CKHN/call '{"direction":"export","lane":1}'
bad 404 not_found '' "another firm's declaration" -- GET firm2 "/declarations/$declaration" ''
bad 404 not_found '' "another firm's crossing" -- GET firm2 "/crossings/$crossing" ''
bad 404 not_found '' "another firm's pass" -- GET firm2 "/crossings/$crossing/pass.svg" ''
bad 404 not_found '' "an amendment of another firm's declaration" -- PATCH firm2 "/declarations/$declaration" '{"note":"x"}' -H "If-Match: $etag"
bad 404 not_found '' "a cancelling of it" -- POST firm2 "/declarations/$declaration/cancel" ''
bad 404 not_found '' "a swap of its tractor" -- POST firm2 "/crossings/$crossing/swap" '{"plate":"29C20003","reason":"x"}'
bad 404 not_found '' 'a crossing that never was' -- POST customs /crossings/01000000009999/steps '{"step":"registered","result":"pass"}'
bad 404 not_found '' 'a crossing of a gate that never was' -- POST customs /crossings/77000000000001/steps '{"step":"registered","result":"pass"}'
bad 404 not_found '' 'a path that never was' -- POST firm /declarationz "$good"
bad 405 method_not_allowed '' 'a method that is not for this path' -- PUT firm "/declarations/$declaration" "$good"

gatectl officer add --name 'Only Tan Thanh' --role officer --agency customs --gates TT >"$scratch/officer"
id=$(sql "select max(id) from gate.principal")
GATE_TOKEN_ELSEWHERE=$(gatectl key issue --principal "$id" 2>/dev/null | grep -oE 'gk_[A-Za-z0-9_-]+|[A-Za-z0-9_.-]{30,}' | head -n 1)
export GATE_TOKEN_ELSEWHERE
sleep 1.5               # keys are read at once a second
bad 403 wrong_gate '' 'an officer of the other gate' -- POST elsewhere "$steps_path" '{"step":"registered","result":"pass"}'
gatectl key revoke "$(sql "select max(id) from gate.api_key where principal = $id")" --reason 'lost' >/dev/null
sleep 1.5
bad 401 key_revoked '' 'a revoked access key' -- POST elsewhere "$steps_path" '{"step":"registered","result":"pass"}'

# ---- order, gates, clocks ----------------------------------------------------------------------

bad 409 step_not_open '' 'a step out of order' -- POST yard "$steps_path" '{"step":"yard_in","result":"pass"}'
bad 409 step_by_call '' 'a call by a step' -- POST supervisor "$steps_path" '{"step":"called","result":"pass"}'
bad 409 step_not_required '' 'a step this crossing does not need' -- POST animal "$steps_path" '{"step":"animal","result":"pass"}'
bad 404 nothing_waits '' 'a call when nobody waits' -- POST operator /gates/CKHN/call '{"direction":"export","lane":1}'
bad 409 lane_direction '/direction:lane_direction' 'a call to a lane of the other direction' -- \
  POST operator /gates/CKHN/call '{"direction":"export","lane":4}'
bad 422 time_impossible '/occurred_at:instant_far_off' 'a device whose clock is an hour ahead' -- \
  POST customs "$steps_path" '{"step":"registered","result":"pass","occurred_at":"2026-11-23T08:00:00+07:00"}'
bad 422 time_impossible '/occurred_at:instant_far_off' 'one whose clock stands in 1970' -- \
  POST customs "$steps_path" '{"step":"registered","result":"pass","occurred_at":"1970-01-01T07:00:01+07:00"}'
bad 422 invalid_fields '/occurred_at:instant_format' 'a time without its zone' -- \
  POST customs "$steps_path" '{"step":"registered","result":"pass","occurred_at":"2026-11-23T07:00:00"}'
for language in vi en zh; do
  before=$(state) sentence='items with a bad one among them'
  post customs /steps "{\"items\":[{\"crossing\":\"$crossing\",\"step\":\"registered\",\"result\":\"pass\",\"occurred_at\":\"2027-01-01T00:00:00Z\",\"nonce\":\"a-$language\"},
    {\"crossing\":\"1\",\"step\":\"registered\",\"result\":\"pass\",\"nonce\":\"b-$language\"},
    {\"crossing\":\"$crossing\",\"step\":\"customs_finish\",\"result\":\"pass\",\"nonce\":\"c-$language\"}]}" -H "Accept-Language: $language"
  expect 200 '[.items[].code] == ["time_impossible", "invalid_fields", "step_not_open"]' \
    '[.items[:2][].errors[0].pointer] == ["/items/0/occurred_at", "/items/1/crossing"]' -- "each of three bad items is answered by itself, $language"
  said '.items[0].title' time_impossible
  said '.items[1].errors[0].text' crossing_format
  [[ $(state) == "$before" ]] || fail 'bad items changed something'
done

clock_was=$clock clock=''
bad 400 gate_time_invalid '' 'a Gate-Time that is no time' -- POST firm $declare_path "$good" -H 'Gate-Time: yesterday'
clock=$clock_was

# PUT is a good write; what it closes, refuses.
send PUT operator /gates/CKHN/calendar '{"entries":[{"from":"2026-11-23T07:00:00+07:00","to":"2026-11-23T09:00:00+07:00","mode":"closed","cause":"far_side","reason":"bạn dừng thông quan"}]}' -H "$(new_key)"
expect 200 -- 'the gate is closed for two hours'
bad 409 route_closed '' 'a call at a closed gate' -- POST operator /gates/CKHN/call '{"direction":"export","lane":1}'
bad 422 invalid_fields '/entries/0/to:calendar_past' 'a calendar that lies behind' -- PUT operator /gates/CKHN/calendar \
  '{"entries":[{"from":"2026-11-20T07:00:00+07:00","to":"2026-11-20T09:00:00+07:00","mode":"closed","reason":"x"}]}'
send POST operator /gates/CKHN/lanes/1/close '{"reason":"sửa barie"}' -H "$(new_key)"
expect 200 -- 'lane 1 is closed'
bad 409 lane_closed '' 'a call to a closed lane' -- POST operator /gates/CKHN/call '{"direction":"export","lane":1}'

# ---- passes: verdicts, not problems ------------------------------------------------------------

# flipped DIGITS: with another last digit, so of another signature
flipped() { printf '%s%d' "${1%?}" $(((${1: -1} + 1) % 10)); }
stop pass_truncated 'a truncated pass' "{\"code\":\"${digits:0:200}\"}"
stop pass_forged 'a forged pass' "{\"code\":\"$(flipped "$digits")\"}"
stop pass_forged 'a pass with the number of another crossing in front' "{\"code\":\"01000000000002${digits:14}\"}"
stop plate_mismatch 'a pass on another truck' "{\"code\":\"$digits\",\"plate\":\"29C99999\"}"
stop pass_unknown 'a number that never was' '{"number":"01000000009999"}'
stop plate_unknown 'a plate nobody declared' '{"plate":"99C99999"}'
post firm "/crossings/$crossing/pass/reissue" '{"reason":"in lại"}'
expect 200 '.pass.version == 2' -- 'the pass is issued again'
new_digits=$(value .pass.digits)
stop pass_superseded 'the older version of a pass' "{\"code\":\"$digits\"}"
post supervisor "/crossings/$crossing/pass/revoke" '{"reason":"mất giấy"}'
expect 200 -- 'the pass is revoked'
stop pass_revoked 'a revoked pass' "{\"code\":\"$new_digits\"}"
bad 422 invalid_fields '/code:one_of' 'a scan of nothing' -- POST border_guard /scans '{}'
at 2026-12-24T07:00:00+07:00
call CKHN export        # what falls due in a month falls due now, before the scans
expect 409 '.code == "lane_closed"' -- 'a month later'
stop pass_expired 'an expired pass' "{\"code\":\"$new_digits\"}"

ledgers_verify 'the ledgers verify'
printf '1..%d\n' "$count"
