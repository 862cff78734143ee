#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# A pass with one digit changed, wherever it is, lets nobody through. The longest that there is, of a
# new vehicle, which has a VIN instead of a plate, is signed as well.
#
#   tests/with-service tests/stories/digits.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

at 2026-11-22T16:00:00+07:00
post firm /declarations '{"gate": "CKHN", "direction": "export",
  "planned_arrival": "2026-11-22T18:00:00+07:00",
  "vehicles": [{"plate": "29H-200.01", "driver": {"name": "Lái Xe", "phone": "0912345678",
    "document": {"type": "cccd", "number": "001099000001"}}}]}'
expect 201 '.state == "ready"' -- 'a truck has its pass'
digits=$(value '.crossings[0].pass.digits')
before=$(seqs)
scan yard "$digits"
expect 200 '.verdict != "stop"' -- 'which is good'

for ((i = 0; i < ${#digits}; i += 7)); do
  forged=${digits:0:i}$(((${digits:i:1} + 1) % 10))${digits:i+1}
  scan yard "$forged"
  [[ $status == 200 && $(value .verdict) == stop ]] || fail "digit $i changed: $(<"$scratch/answer")"
done
ok 'every seventh digit changed: stop, each time'
forged=${digits:0:150}$(((${digits:150:1} + 1) % 10))${digits:151}
scan yard "$forged"
# a group of digits that stands for no 7 bytes is mangled, any other changed one is forged
expect 200 '.reason | . == "pass_forged" or . == "pass_mangled"' '.crossing == null' -- 'and the reason is that it is forged or mangled'
scan yard "${digits:0:${#digits}-20}"
expect 200 '.verdict == "stop"' '.reason == "pass_truncated"' -- 'cut short it is incomplete'
same "$before" "$(seqs)" 'nothing of this is an event'

post firm /declarations '{"gate": "CKHN", "direction": "import",
  "planned_arrival": "2026-11-22T18:00:00+07:00", "goods": [{"hs": "87032300", "description": "Ô tô mới"}],
  "customs_declarations": [{"number": "106012345670", "type": "A11", "office": "15BB"}],
  "vehicles": [{"vin": "LVSHCAMB1CE054249", "nationality": "CN", "driver": {"name": "Lái Xe",
    "phone": "0912345678", "document": {"type": "cccd", "number": "001099000001"}}}]}'
expect 201 '.crossings[0].pass.digits != null' -- 'a new vehicle has its pass'
new=$(value '.crossings[0].id') digits=$(value '.crossings[0].pass.digits')
curl -sSf "$GATE_URL/.well-known/gate-pass-keys" >"$scratch/keys.json"
same "$(gatectl pass verify --keys "$scratch/keys.json" --now 2026-11-22T17:00:00+07:00 "$digits" | sed -n '1p;4p')" \
  "$(printf '%s\n' valid 'plate      LVSHCAMB1CE054249')" 'which is valid, and names its VIN'
scan customs "$digits"
expect 200 '.verdict == "go"' -- 'and lets it through'
post customs /scans '{"plate": "lvshcamb 1ce 054249"}'
expect 200 '.verdict == "go"' ".crossing.id == \"$new\"" -- 'it is found by its VIN, however that is typed'
post customs /scans '{"code": "LVSHCAMB1CE054249"}'
expect 200 ".crossing.id == \"$new\"" -- 'also in the one field of a kiosk'
post customs /scans "{\"code\": \"$digits\", \"plate\": \"LVSHCAMB1CE054250\"}"
expect 200 '.reason == "plate_mismatch"' -- 'and another VIN beside its pass is a mismatch'
get firm "/crossings/$new/pass.png"
expect 200 -- 'and is printed'
printf '1..%d\n' "$count"
