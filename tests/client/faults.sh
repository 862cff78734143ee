# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the scripts of tests/faults have in common; sourced after gate.sh.

# shellcheck disable=SC2154     # gate.sh made it
said=$scratch/crowd.said told=$scratch/crowd
helpers=()
stop_helpers() {
  local pid
  for pid in "${helpers[@]}"; do
    kill -s CONT "$pid" 2>/dev/null && kill -s TERM "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null || true     # its status must not become ours
  done
  return 0
}

# until_true SECONDS COMMAND...: tries every 50 ms; false when the time is over
until_true() {
  local end=$((${EPOCHREALTIME/./} / 1000 + $1 * 1000))
  shift
  until "$@"; do
    [[ $((${EPOCHREALTIME/./} / 1000)) -lt $end ]] || return 1
    sleep 0.05
  done
}

now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

answers() {             # STATUS PATH [URL]: whether GET gives that now
  [[ $(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "${3:-$GATE_URL}$2") == "$1" ]]
}

is_another() {          # PID-FILE PID: a process came after that one
  [[ -r $1 && $(<"$1") != "$2" ]]
}

# gated_kill SIGNAL [PID-FILE]: and waits until the next one is started
gated_signal() {
  local file=${2:-$GATE_PID_FILE} pid
  pid=$(<"$file")
  kill -s "$1" "$pid"
  until_true 20 is_another "$file" "$pid" || fail "gated did not come again after $1"
}

# crowd_start CLIENTS SECONDS URL...: in the background; crowd_end waits for it
crowd_start() {
  crowd "$@" >"$told" 2>"$said" &
  crowd_pid=$!
  helpers+=("$crowd_pid")
}

crowd_end() {
  local status=0
  wait "$crowd_pid" || status=$?
  tail -n 20 "$said" | sed 's/^/# /'
  same 0 "$status" "$1"
}

# Each acknowledged truck is there exactly once: its crossing under its plate, one declaration, one
# event of each of its five writes; and no 29C... is there that no client was told of. (Fewer than
# 100 clients have such plates only; scripts take other ones for writes of their own.)
crowd_compare() {
  local wrong
  [[ -s $told ]] || fail "$1 (no truck was acknowledged: nothing is compared)"
  wrong=$(psql -XAtq -v ON_ERROR_STOP=1 "$GATE_DATABASE_URL" <<EOF2
    create temporary table told (plate text, crossing bigint);
    \\copy told from '$told' with (delimiter ' ')
    select 'told twice: ' || plate from told group by plate having count(*) > 1
    union all
    select 'not there, or another: ' || t.plate
    from told t left join gate.crossing x on x.id = t.crossing and x.plate = t.plate
    where x.id is null
    union all
    select 'nobody was told of ' || x.plate || ' ' || x.id
    from gate.crossing x left join told t on t.crossing = x.id
    where t.plate is null and x.plate like '29C%'
    union all
    select 'declarations of ' || t.plate || ': ' || count(*)
    from told t join gate.crossing x on x.plate = t.plate
    group by t.plate having count(distinct x.declaration) <> 1
    union all
    select 'events of ' || t.plate || ': ' || string_agg(e.type || ' ' || coalesce(e.body::jsonb ->> 'step', ''), ',' order by e.seq)
    from told t left join gate.event e on e.crossing = t.crossing
    group by t.plate, t.crossing
    having array_agg(coalesce(e.body::jsonb ->> 'step', e.type) order by e.seq)
      <> '{declared,registered,yard_in,fee_paid,plant}'
    limit 20
EOF2
  )
  [[ -z $wrong ]] || { printf '# %s\n' "${wrong//$'\n'/$'\n# '}"; fail "$1"; }
  ok "$1 ($(wc -l <"$told") trucks)"
}

# ---- the database of tests/with-service ---------------------------------------------------------

superuser() { psql -XAtq -v ON_ERROR_STOP=1 "$GATE_SUPERUSER_URL" -c "$1"; }

data_directory() { superuser 'show data_directory'; }

postmaster() { head -n 1 "$1/postmaster.pid"; }         # DATA-DIRECTORY

# Every server process, the postmaster first.
server_processes() { printf '%s\n' "$1"; ps -o pid= --ppid "$1"; }      # POSTMASTER

# server_start DATA-DIRECTORY: as the user whose data it is
server_start() {
  local user run=()
  user=$(stat -c %U "$1")
  [[ $user == "$(id -un)" ]] || run=(setpriv --reuid "$user" --regid "$user" --init-groups --)
  (cd / && setsid "${run[@]}" postgres -D "$1" >/dev/null 2>&1 </dev/null &)
  until_true 30 accepts_queries || fail 'PostgreSQL did not start again'
}

accepts_queries() { superuser 'select 1' >/dev/null 2>&1; }

# ---- many requests at once ----------------------------------------------------------------------

# filing PLATE [GATE]: a declaration of one truck
filing() {
  printf '{"gate":"%s","direction":"export","planned_arrival":"2026-11-23T08:30:00+07:00",%s,%s,%s}' \
    "${2:-CKHN}" '"customs_declarations":[{"number":"306012345670"}]' \
    "\"vehicles\":[{\"plate\":\"$1\",\"driver\":{\"name\":\"Nguyễn Văn An\",\"document\":{\"type\":\"cccd\",\"number\":\"001099000001\"}}}]" \
    '"goods":[{"hs":"08106000","description":"Sầu riêng tươi"}]'
}

# apart NAME URL METHOD PATH BODY TOKEN KEY: in the background, into files of that name
apart() {
  curl -s -o "$scratch/$1.answer" -D "$scratch/$1.head" -w '%{http_code} %{time_total}\n' --max-time 40 \
    -X "$3" -H "Authorization: Bearer $6" -H "Idempotency-Key: $7" -H 'Content-Type: application/json' \
    --data-binary "$5" "$2$4" >"$scratch/$1.status" 2>/dev/null &
  parts+=($!)
}
parts=()
together() { wait "${parts[@]}" || true; parts=(); }
status_of() { cut -d' ' -f1 "$scratch/$1.status"; }
