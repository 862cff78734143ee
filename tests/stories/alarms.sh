#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# An alarm is raised, taken in hand and ended while nobody has the operators' screen open.
#
#   tests/with-service tests/stories/alarms.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# The log, which raises nothing itself, until it says so.
log_until() {           # FILTER SENTENCE
  for _ in {1..50}; do
    get operator /gates/CKHN/alarms
    if [[ $(value "$1") == true ]]; then ok "$2"; return; fi
    sleep 1
  done
  fail "$2"
}

post firm /declarations '{"gate": "CKHN", "direction": "export", "planned_arrival": "2026-11-23T08:30:00+07:00",
  "customs_declarations": [{"number": "306012345670", "type": "B11", "office": "15BB"}],
  "vehicles": [{"plate": "29C-123.45", "driver": {"name": "Nguyễn Văn An", "document": {"type": "cccd", "number": "001099000001"}, "phone": "0912345678"}}],
  "goods": [{"hs": "85171300", "description": "Điện thoại", "origin": "VN", "quantity": 1, "unit": "TNE"}]}'
crossing=$(value '.crossings[0].id')
for step in registered:customs yard_in:yard; do
  post "${step#*:}" "/crossings/$crossing/steps" "{\"step\": \"${step%:*}\", \"result\": \"pass\"}"
  expect 201 -- "${step%:*}"
done
for lane in 1 2 3; do
  post operator "/gates/CKHN/lanes/$lane/close" '{"reason": "cân hỏng"}'
  expect 200 -- "lane $lane closes"
done

log_until '.items[0].kind == "no_lane" and .items[0].state == "raised"' 'it is raised though nobody asked for the figures'
alarm=$(value '.items[0].alarm')
post firm "/gates/CKHN/alarms/$alarm/take" '{}'
expect 403 -- 'no firm takes it'
post operator "/gates/CKHN/alarms/$alarm/take" '{"note": "gọi thợ cân"}'
expect 200 '.alarm.state == "taken"' '.alarm.taken.note == "gọi thợ cân"' -- 'an operator does'

post operator /gates/CKHN/lanes/2/open '{}'
log_until '.items[0].state == "ended" and .items[0].taken.note == "gọi thợ cân"' 'it ends with its symptom, and the log says who was on it'
post supervisor "/gates/CKHN/alarms/$alarm/take" '{}'
expect 409 '.code == "alarm_ended"' -- 'it is taken no more'
