# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# What was noted, as the table. Sourced by run.

column() { awk -v c="$2" '{ print $c }' "$work/$1"; }      # FILE COLUMN
median() { column "$1" "$2" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
least() { column "$1" "$2" | sort -n | head -n 1; }
most() { column "$1" "$2" | sort -n | tail -n 1; }
ms() { awk -v us="$1" 'BEGIN { printf "%.1f", us / 1000 }'; }

# ratios FILE COLUMN FILE COLUMN: the median of the ratios of each round, and their range.
ratios() {
  paste -d ' ' <(column "$1" "$2") <(column "$3" "$4") | awk '{ print $1 / $2 }' | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.2f × (%.2f–%.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'
}

batches() {
  curl -fsS "$(value empty GATE_URL)/metrics" | awk '
    /^gate_batch_commands_(sum|count)/ { split($1, n, "{"); v[n[1]] += $2 }
    END { printf "%.0f", v["gate_batch_commands_sum"] / v["gate_batch_commands_count"] }'
}

table_peers() {
  local go="Go net/http + pgx" node="Node Fastify + pg"
  cat <<END
| … against $go, the same rows | ≥ 2.7 × | $(ratios empty.some.declare 1 go.declare.declare 1) of $(median go.declare.declare 1)/s |
| … against $node, the same rows | ≥ 4 × | $(ratios empty.some.declare 1 node.declare.declare 1) of $(median node.declare.declare 1)/s |
| … against $go, spared chain and windows | – | $(ratios empty.some.declare 1 go.spared.declare 1) of $(median go.spared.declare 1)/s |
| … against $node, spared chain and windows | – | $(ratios empty.some.declare 1 node.spared.declare 1) of $(median node.spared.declare 1)/s |
END
}

# Times of the past against times of the empty: a rate the other way round.
table_history() {
  cat <<END
| with a past: $(sed 's/ in .*, /, /' "$work/history") | | |
| … declarations | ≤ 1.25 × | $(ratios empty.some.declare 1 past.some.declare 1) |
| … confirmations | ≤ 1.25 × | $(ratios empty.some.confirm 1 past.some.confirm 1) |
| … the day | ≤ 1.25 × | $(ratios past.day.day 4 empty.day.day 4) |
| … a scan, p50 | ≤ 1.25 × | $(ratios past.scans.scan 2 empty.scans.scan 2) |
| … a scan, p99 | ≤ 1.25 × | $(ratios past.scans.scan 3 empty.scans.scan 3) |
| … CPU a request: filing and confirming, the day, scans | ≤ 1.25 × | $(ratios past.some.cpu 3 empty.some.cpu 3), $(ratios past.day.cpu 3 empty.day.cpu 3), $(ratios past.scans.cpu 3 empty.scans.cpu 3) |
| the past is written | – | $(sed 's/.* in \(.*\), .*/\1/' "$work/history") |
END
}

table_print() {
  cat <<END
| What | Goal | Measured |
|---|---|---|
| the day: $vehicles vehicles, every step, $(median empty.day.day 6) requests, 256 connections | ≤ 1.0 s | $(median empty.day.day 4) s ($(least empty.day.day 4)–$(most empty.day.day 4)), $(median empty.day.day 1)/s |
| declarations over HTTP (64 connections) against pgbench, the same rows in one transaction each | ≥ 2 × | $(ratios empty.some.declare 1 inserts 1) of $(median inserts 1)/s |
END
  if [[ -n $peers ]]; then table_peers; fi
  cat <<END
| scan to verdict at 1,000 scans/s, p99 (p50) | ≤ 5 ms | $(ms "$(median empty.scans.scan 3)") ms ($(ms "$(median empty.scans.scan 2)") ms) |
END
  if [[ -n $history ]]; then table_history; fi
  cat <<END
| $boards live boards, each | ≤ 10 KiB | $(median first 3) KiB |
| … an event at the last one | ≤ 100 ms | $(median boards 1) ms (worst $(most boards 2) ms) |
| gated resident at rest | ≤ 15 MiB | $(awk '{ printf "%.1f", $1 / 1024 }' "$work/rest") MiB |
| declarations/s at 1, 64, 256 connections | – | $(median one.declare 1), $(median empty.some.declare 1), $(median many.declare 1) |
| confirmations/s at 1, 64, 256 connections | – | $(median one.confirm 1), $(median empty.some.confirm 1), $(median many.confirm 1) |
| CPU a request at 256 connections, gated and PostgreSQL | – | $(median many.cpu 1) µs, $(median many.cpu 2) µs |
| commands a batch, mean of all | – | $(batches) |
END
}
