# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: MIT
# The services that are measured, "empty" and "past", each inside a tests/with-service of its own,
# and how each thing is measured on them. Sourced by run after lib.sh.
#   BENCH_SIDES  a directory with the environment of each side that is up, as NAME=VALUE\0…

declare -A SIDE_ENVIRONMENT

# Starts what is missing around this script, one service in the other; comes back in the innermost.
side_enter() {          # ARGUMENTS...
  if [[ -z ${BENCH_SIDES-} ]]; then
    BENCH_SIDES=$(mktemp -d)
    export BENCH_SIDES
    trap 'rm -rf "$BENCH_SIDES"' EXIT
    side_wrap "$@"
    exit
  fi
  if [[ ! -e $BENCH_SIDES/empty ]]; then
    side_save empty
    [[ -z $history ]] || { side_wrap "$@"; exit; }
  elif [[ -n $history && ! -e $BENCH_SIDES/past ]]; then
    side_save past
  fi
}

# Its status is this script's; a signal reaches it through the shell that waits.
side_wrap() {
  local status=0 child=''
  trap '[[ -z $child ]] || kill -s TERM "$child"' TERM INT HUP
  "$root/tests/with-service" ${smoke:+--fast} -- "$here/run" "$@" &
  child=$!
  while wait "$child"; status=$?; kill -s 0 "$child" 2>/dev/null; do :; done
  return "$status"
}

side_save() { env -0 | grep -zE '^(GATE_[A-Z0-9_]*|PATH)=' >"$BENCH_SIDES/$1"; }

# on SIDE COMMAND...
on() {
  local -a environment
  mapfile -d '' -t environment <"$BENCH_SIDES/$1"
  shift
  env "${environment[@]}" "$@"
}

value() { sed -zn "s/^$2=//p" "$BENCH_SIDES/$1" | tr -d '\0'; }      # SIDE NAME

sql() {                 # SIDE ARGUMENTS...
  local side=$1
  shift
  psql -qAtX "$(value "$side" GATE_SUPERUSER_URL)" "$@"
}

side_prepare() {        # SIDE
  sql "$1" -c "update gate.yard set capacity = 99999" \
    -c "update gate.window_capacity set places = 9999" >/dev/null
}

gated_of() { cat "$(value "$1" GATE_PID_FILE)"; }
resident() { awk '/VmRSS/ { print $2 }' "/proc/$(gated_of "$1")/status"; }

# Loading waits for no disk; what is measured afterwards does. gated reads what is new once a
# second, so it is started again behind it instead of being told of 20 million events.
history_make() {        # CROSSINGS
  local url
  warn "a past of $1 crossings"
  sql past -c "alter system set fsync = off" -c "alter system set full_page_writes = off" \
    -c "select pg_reload_conf()" >/dev/null
  on past gatehistory --crossings "$1" >"$work/history"
  sql past -c "alter system reset fsync" -c "alter system reset full_page_writes" \
    -c "select pg_reload_conf()" >/dev/null
  sync
  sql past -c checkpoint
  kill -s TERM "$(gated_of past)"
  url=$(value past GATE_URL)
  wait_until 30 http_ready "${url##*:}" || die "gated does not come back with its past"
}

# ---- measuring -----------------------------------------------------------------------------------

note() { echo "$2" >>"$work/$1"; }      # ROW VALUE

# What each phase measured goes to ROW.PHASE: a line of rate, p50, p99, seconds, errors, requests.
load_notes() {          # ROW
  local line
  while read -r line; do
    note "$1.$(jq -r .phase <<<"$line")" \
      "$(jq -r '"\(.per_second) \(.p50_us) \(.p99_us) \(.seconds) \(.errors) \(.requests)"' <<<"$line")"
  done
}

load() {                # SIDE ROW ARGUMENTS...: gateload's
  local side=$1 row=$2
  shift 2
  { on "$side" gateload "$@" || true; } | load_notes "$row"
}

load_peer() {           # ROW ARGUMENTS...
  local row=$1
  shift
  { on empty env GATE_URL="http://127.0.0.1:$peer_port" gateload "$@" || true; } | load_notes "$row"
}

# Milliseconds of CPU of a process and of its children, dead ones included.
cpu_ms() {              # PID
  local ticks child
  ticks=$(awk '{ print $14 + $15 + $16 + $17 }' "/proc/$1/stat")
  for child in $(pgrep -P "$1" || true); do
    ticks=$((ticks + $(awk '{ print $14 + $15 }' "/proc/$child/stat" 2>/dev/null || echo 0)))
  done
  echo $((ticks * 1000 / $(getconf CLK_TCK)))
}

# The same, and the CPU that gated and PostgreSQL took for each request, in ROW.cpu: other work on
# the machine moves it less than it moves times.
load_with_cpu() {       # SIDE ROW ARGUMENTS...
  local side=$1 row=$2 server database before_server before_database postmaster requests
  shift 2
  server=$(gated_of "$side")
  postmaster=$(sql "$side" -c "select split_part(pg_read_file('/proc/' || pg_backend_pid() || '/stat'), ' ', 4)")
  before_server=$(cpu_ms "$server") before_database=$(cpu_ms "$postmaster")
  load "$side" "$row" "$@"
  requests=$(for phase in declare confirm day scan; do
    tail -qn 1 "$work/$row.$phase" 2>/dev/null || true
  done | awk '{ n += $6 } END { print n }')
  database=$(($(cpu_ms "$postmaster") - before_database)) server=$(($(cpu_ms "$server") - before_server))
  note "$row.cpu" "$((server * 1000 / requests)) $((database * 1000 / requests)) $(((server + database) * 1000 / requests))"
}

tables_make() { sql empty -f "$here/tables.sql" >/dev/null 2>&1; }

inserts() {
  tables_make
  pgbench -n -M prepared -c 32 -j 1 -T "$inserts_s" -f "$here/baseline.pgbench" \
    "$(value empty GATE_SUPERUSER_URL)" 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}

# Median and worst at the last board in ms, KiB of each. What boards need is told by the first ones:
# later ones find memory that was used before.
watch_boards() {        # ROW
  on empty gateboards "$boards" "$turns" >"$work/watched" || die "the boards were not all served"
  note "$1" "$(sed -n 's/.*median \([0-9.]*\) ms, worst \([0-9.]*\).*/\1 \2/p' "$work/watched") $(
    sed -n 's/.*: \([0-9.]*\) KiB each/\1/p' "$work/watched")"
}

errors_sum() { cat "$work"/*.* | awk 'NF == 6 { e += $5 } END { print e + 0 }'; }
