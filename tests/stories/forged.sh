#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# What nobody gains by: a kiosk whose clock says what suits it, cursors and numbers somebody made up,
# asking for signed heads again and again. Every identity is made up.
#
#   tests/with-service tests/stories/forged.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

filing() {              # PLATE
  jq -nc --arg plate "$1" '{
    gate: "CKHN", direction: "export", planned_arrival: "2026-11-23T14:10:00+07:00",
    customs_declarations: [{number: "306012345690", type: "B11", office: "15BB"}],
    vehicles: [{plate: $plate, driver: {name: "Nguyễn Văn An", phone: "0912345678",
                document: {type: "cccd", number: "001099000001"}}}],
    goods: [{hs: "08106000", description: "Sầu riêng tươi", origin: "VN", quantity: 18, unit: "TNE",
             net_weight_kg: 18000, gross_weight_kg: 19500, value: 54000, currency: "USD"}]}'
}

# ---- a place is not bought by a clock ----------------------------------------------------------

at 2026-11-23T08:00:00+07:00
declare -A truck
for plate in 29C-100.01 29C-100.02 29C-100.03; do
  post firm /declarations "$(filing $plate)"
  expect 201 '.state == "ready"' -- "$plate is filed"
  truck[$plate]=$(value '.crossings[0].id')
  post customs "/crossings/${truck[$plate]}/steps" '{"step":"registered","result":"pass"}'
  expect 201 -- "$plate is registered"
done

offline() {             # PLATE TIME: the yard's kiosk says it came then
  post yard /steps "$(jq -nc --arg id "${truck[$1]}" --arg at "2026-11-23T$2:00+07:00" '{items: [{
    crossing: $id, step: "yard_in", result: "pass", occurred_at: $at, nonce: $id, offline: true}]}')"
}

at 2026-11-23T09:00:00+07:00
post yard "/crossings/${truck[29C-100.01]}/steps" '{"step":"yard_in","result":"pass"}'
expect 201 -- 'the first joins at nine'
at 2026-11-23T10:00:00+07:00
offline 29C-100.02 08:10
expect 200 '.items[0].status == 201' '.items[0].conflict == null' -- 'an hour later the kiosk says that the second came before it'
get firm "/crossings/${truck[29C-100.02]}/position"
expect 200 '.joined_at == "2026-11-23T09:00:00.000+07:00"' '.ahead == 1' -- \
  'but the kiosk was seen at nine: the second stands behind the first'
at 2026-11-23T10:30:00+07:00
offline 29C-100.03 10:10
expect 200 '.items[0].status == 201' '.items[0].conflict == null' -- 'what happened since then counts'
get firm "/crossings/${truck[29C-100.03]}/position"
expect 200 '.joined_at == "2026-11-23T10:10:00.000+07:00"' -- 'as of when it happened'

# ---- numbers and cursors somebody made up ------------------------------------------------------

for number in 9223372036854775808 9999999999999999999 99999999010001 2026112301 20261123010001x; do
  get firm "/declarations/$number"
  expect 404 '.code == "not_found"' -- "no declaration $number"
done
cursor() { printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d '='; }
for last in x 99999999999; do
  get admin "/firms?after=$(cursor "firms: $last")"
  expect 400 '.code == "invalid_cursor"' -- "no page of firms behind $last"
  get operator "/gates/CKHN/queue?after=$(cursor "queue:1: import $last 99999999999999999999")"
  expect 400 '.code == "invalid_cursor"' -- "no page of the queue behind $last"
done
get firm "/events?after=$(cursor 'events:f1: {"1":99999999999999999999}')"
expect 400 '.code == "invalid_cursor"' -- 'no events behind a number that is none'

# ---- signed heads ------------------------------------------------------------------------------

heads() { value '.items | length'; }
get nobody /gates/CKHN/checkpoints
expect 200 '.items | length == 1' -- 'whoever asks gets a signed head'
at 2026-11-23T10:30:30+07:00
post customs "/crossings/${truck[29C-100.03]}/steps" '{"step":"fee_paid","result":"pass"}'
for _ in 1 2 3; do get nobody /gates/CKHN/checkpoints; done
same 1 "$(heads)" 'not another one within the minute'
same 0 "$(gatectl ledger verify >/dev/null; echo $?)" 'the ledgers verify, signed heads included'
