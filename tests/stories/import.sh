#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# One Chinese truck brings electronics over Tân Thanh; in the yard its load goes onto two Vietnamese
# trucks. Yellow channel, so customs inspects it. On the way everybody who comes too early is told
# what is missing: the order holds across the three vehicles. Order and timings as seen there
# (domain A5, F3); every identity is made up.
#
#   tests/with-service tests/stories/import.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

# too_early WHO CROSSING STEP MISSING,... SENTENCE: refused, and nothing is written
too_early() {
  local before
  before=$(seqs)
  confirm "$1" "$2" "$3"
  expect 409 '.code == "step_not_open"' "[.missing[].step] == (\"$4\" / \",\")" -- "$5"
  [[ $(seqs) == "$before" ]] || fail "$5: but the ledger grew"
}

at 2026-11-23T08:20:00+07:00
post firm /declarations '{
  "gate": "TT", "direction": "import", "planned_arrival": "2026-11-23T09:00:00+07:00",
  "unloading_place": "Bãi Bảo Nguyên",
  "customs_declarations": [{"number": "106012345670", "type": "A11", "office": "15BE"},
                           {"number": "106012345680", "type": "A12", "office": "15BE"}],
  "vehicles": [{
    "plate": "F12345", "nationality": "CN", "trailer_plate": "桂F1234挂", "class": "VT6",
    "driver": {"name": "李明", "phone": "13800138000", "document": {"type": "passport", "number": "E12345678"}}}],
  "receiving_vehicles": [
    {"plate": "12C-067.89", "class": "VT5",
     "driver": {"name": "Trần Văn Bình", "phone": "0923456789", "document": {"type": "cccd", "number": "020099000002"}}},
    {"plate": "12H-045.67", "class": "VT5",
     "driver": {"name": "Lê Văn Cường", "phone": "0934567890", "document": {"type": "cccd", "number": "020099000003"}}}],
  "goods": [
    {"hs": "85044090", "description": "Bộ nguồn", "origin": "CN", "quantity": 4000, "unit": "PCE",
     "net_weight_kg": 6000, "gross_weight_kg": 6400, "value": 48000, "currency": "USD", "customs_declaration": "106012345670"},
    {"hs": "85444942", "description": "Dây dẫn điện", "origin": "CN", "quantity": 5, "unit": "TNE",
     "net_weight_kg": 5000, "gross_weight_kg": 5300, "value": 21000, "currency": "USD", "customs_declaration": "106012345670"},
    {"hs": "84818099", "description": "Van công nghiệp", "origin": "CN", "quantity": 900, "unit": "PCE",
     "net_weight_kg": 3000, "gross_weight_kg": 3200, "value": 17500, "currency": "USD", "customs_declaration": "106012345680"}]}'
expect 201 '.state == "ready"' '.rule_failures == []' '[.crossings[].role] == ["main", "receiving", "receiving"]' \
  '.crossings[0].plate == "桂F12345"' -- 'declared with three goods groups and two receiving trucks; 桂 is put before F12345'
declaration=$(value .number)
chinese=$(value '.crossings[0].id')
first=$(value '.crossings[1].id')
second=$(value '.crossings[2].id')
digits=$(value '.crossings[0].pass.digits')

too_early border_guard "$chinese" gate_in registered 'the Chinese truck cannot come in before customs has registered it'

after 180
confirm customs "$chinese" registered '"channel": "yellow"'
expect 201 -- 'customs registers it: yellow channel'
confirm customs "$first" registered
expect 201 -- 'and the first receiving truck, empty'
confirm customs "$second" registered
expect 201 -- 'and the second'
get customs "/crossings/$chinese"
expect 200 '.channel == "yellow"' '[.required[].step] | index("inspection") and index("transshipped") != null' \
  -- 'it needs an inspection and a transshipment now'
too_early border_guard "$first" gate_in yard_in 'the receiving truck waits outside until the Chinese one is in the yard'

# ---- the Chinese truck comes in: 2 h 05 in all -------------------------------------------------

at 2026-11-23T09:00:00+07:00
post border_guard /scans "{\"code\": \"$digits\", \"plate\": \"桂F 12345\"}"
expect 200 '.verdict == "go"' '.next == [{"step": "gate_in", "agency": "border_guard"}]' \
  -- 'its pass is scanned at the barrier, its plate is read: go'
confirm border_guard "$chinese" gate_in
expect 201 '.crossing.state == "at_gate"' -- 'the border guard lets it in'
after 23
confirm health "$chinese" health
expect 201 -- 'health quarantine, 23 seconds later'
after 23
confirm licence "$chinese" licence
expect 201 -- 'the transport licence, 23 seconds later'
too_early customs "$chinese" inspection called 'it is not inspected before its call'
after 60
confirm yard "$chinese" yard_in
expect 201 '.crossing.state == "queued"' -- 'it stands in the yard and joins the queue'
too_early yard "$chinese" transshipped gate_in,called 'nothing is moved before its call'
call TT import
expect 200 ".crossing.id == \"$chinese\"" -- 'called at once: nobody else waits'
after 30
too_early yard "$chinese" transshipped gate_in 'nor before a receiving truck is there'

after $((8 * 60))
confirm border_guard "$first" gate_in
expect 201 -- 'the first receiving truck comes in'
too_early yard "$first" loaded transshipped 'it is not loaded before the load has been moved'

after $((16 * 60))
confirm customs "$chinese" inspection
expect 201 -- 'customs has inspected the load, 25 minutes after the yard'
too_early customs "$chinese" customs_finish transshipped,fee_paid 'customs cannot finish: the load and the fee are missing'

at 2026-11-23T09:48:46+07:00        # 47 minutes after the yard
confirm yard "$chinese" transshipped
expect 201 '.crossing.state == "in_yard"' -- 'the load is moved, 47 minutes after it came to the yard'
after 60
confirm border_guard "$second" gate_in
expect 201 -- 'the second receiving truck comes in only now'
after $((10 * 60))
confirm yard "$first" loaded
expect 201 -- 'the first is loaded'
after $((10 * 60))
confirm yard "$second" loaded
expect 201 -- 'the second is loaded'
too_early customs "$first" customs_finish fee_paid 'customs lets no load go before the Chinese truck has paid'

at 2026-11-23T10:15:46+07:00        # + 27 minutes
confirm centre "$chinese" fee_paid
expect 201 -- 'the fee is paid, 27 minutes after the load was moved'
at 2026-11-23T10:33:46+07:00        # + 18 minutes
confirm customs "$chinese" customs_finish
expect 201 -- 'customs finishes, 18 minutes after that'
too_early border_guard "$chinese" exit border_guard_finish 'no exit before the border guard has finished'
confirm border_guard "$chinese" border_guard_finish
expect 201 '.crossing.state == "cleared"' -- 'the border guard finishes'
at 2026-11-23T11:05:00+07:00
confirm border_guard "$chinese" exit
expect 201 '.crossing.state == "exited"' -- 'the Chinese truck is out, 2 h 05 after it came in'
get firm "/declarations/$declaration"
expect 200 '.state == "in_progress"' -- 'the declaration is still open: two trucks are inside'

# ---- the Vietnamese trucks leave with the load -------------------------------------------------

after 600
confirm customs "$first" customs_finish
expect 201 '.crossing.state == "cleared"' -- 'customs lets the first load go'
after 300
confirm border_guard "$first" exit
expect 201 '.crossing.state == "exited"' -- 'the first receiving truck leaves for the interior'
too_early border_guard "$second" exit customs_finish 'the second cannot follow it just so'
at 2026-11-23T13:10:00+07:00
confirm customs "$second" customs_finish
expect 201 -- 'customs lets the second load go'
at 2026-11-23T13:19:00+07:00
confirm border_guard "$second" exit
expect 201 '.crossing.state == "exited"' -- 'the last truck is out, 4 h 19 after the Chinese one came in'
get firm "/declarations/$declaration"
expect 200 '.state == "completed"' '[.crossings[].state] == ["exited", "exited", "exited"]' -- 'the declaration is completed'
get firm2 "/declarations/$declaration"
expect 404 -- 'another firm never learns of it'

ledgers_verify 'the chain of the ledger holds'
printf '1..%d\n' "$count"
