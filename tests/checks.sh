# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# How tests/run runs its checks: two at a time, whatever layer they are of, and beside them, one after
# the other and at a lower priority, the builds. So the machine always has something to do, although
# many a check only waits. Sourced after lib.sh. The caller sets layer, and has functions
# layer_NAME, which call check, and build_NAME, which call build_log.
#
# What has ended leaves a file in $ended: cases that went well, cases that did not, the time.

checks=$ROOT/build/checks
ended=$checks/ended
at_once=2                       # checks that run at a time
passed=0 failed=0 layer=''
running=''                      # in the process of a check: its command
places=()                       # the checks that count among at_once
count=0                         # numbers the checks
unreported=()                   # layers whose line is still to come
declare -A checks_of=()         # of each layer: its checks, NUMBER:PID
declare -A begun=() full=()     # when each layer began; whether all its checks are known
declare -A built=()             # builds that a layer has asked for

checks_end() {          # ends what still runs
  local pid
  for pid in $(jobs -rp); do signal_tree TERM "$pid"; done
}

# ---- one check ---------------------------------------------------------------------------------

# How many cases a log reports: TAP, cmocka, or else the check itself is the case; but not of one
# that has cases to report: when it went well and said nothing, it did not run.
cases_count() {         # LOG STATUS [counted]: sets good and bad
  read -r good bad < <(awk '
    /^ *ok ([0-9]|- )/     { if (tolower($0) !~ /# skip/) good++ }
    /^ *not ok ([0-9]|- )/ { bad++ }
    /^\[       OK \] /      { good++ }
    /^ *[0-9]+ FAILED TEST/ { bad += $1 }
    END { print good + 0, bad + 0 }' "$1")
  if [[ $2 -eq 0 && $good -eq 0 && $bad -eq 0 ]]; then
    if [[ -z ${3:-} ]]; then good=1; else bad=1; echo "ran no test" >>"$1"; fi
  fi
  if [[ $2 -ne 0 && $bad -eq 0 ]]; then bad=1; fi
}

# What went well is left out, of TAP, cmocka and ninja.
failures_show() {
  grep -vE -e '^ *ok ([0-9]|- )|^\[ +(RUN|OK|PASSED) +\] |^\[={10}\] ' \
    -e '^\[[0-9]+/[0-9]+\] |^$' "$1" || true
}

# Runs it with its output in a log; a failure is shown in full.
check_apart() {         # FILE NAME COMMAND...: FILE is left when it has ended
  local file=$1 name=$2 status=0 start=$SECONDS good bad log
  shift 2
  trap '[[ -z $running ]] || signal_tree TERM "$running"' EXIT
  log=$checks/logs/$layer/${name//\//-}.log
  mkdir -p "${log%/*}"
  timeout --kill-after=60 900 "$@" </dev/null >"$log" 2>&1 &
  running=$!
  wait "$running" || status=$?
  running=''
  cases_count "$log" "$status" "${counted:-}"
  printf '%4d s  %s %s\n' $((SECONDS - start)) "$layer" "$name" >>"$checks/logs/times"
  if [[ $bad -gt 0 || $status -ne 0 ]]; then
    printf -- '---- %s: %s failed with status %d\n' "$layer" "$name" "$status" >"$file.said"
    failures_show "$log" | tail -n 200 >>"$file.said"
    printf -- '----\n' >>"$file.said"
    cat "$file.said"            # in one piece, others may have something to say as well
  fi
  printf '%d %d %d\n' "$good" "$bad" "$EPOCHSECONDS" >"$file.new"
  mv "$file.new" "$file"
}

# check NAME COMMAND...: runs it as soon as there is a place; returns when it has begun.
# check_cases: the same for what reports its cases. beside check...: for what mostly waits; it takes
# no place.
check_cases() { local counted=yes; check "$@"; }
beside() { local beside=yes; "$@"; }
check() {
  [[ -n ${beside:-} ]] || place_wait
  count=$((count + 1))
  check_apart "$ended/$count" "$@" &
  [[ -n ${beside:-} ]] || places+=("$!")
  checks_of[$layer]+=" $count:$!"
}

is_running() {          # PID: of our own
  local pid
  for pid in $(jobs -rp); do [[ $pid -ne $1 ]] || return 0; done
  return 1
}

place_wait() {          # until less than at_once run
  local pid
  local -a still
  while true; do
    still=()
    for pid in "${places[@]}"; do ! is_running "$pid" || still+=("$pid"); done
    places=("${still[@]}")
    [[ ${#places[@]} -ge $at_once ]] || return 0
    wait -n "${places[@]}" || true
    layers_report
  done
}

# ---- the builds --------------------------------------------------------------------------------

build_log() {           # NAME COMMAND...: runs it with what build_with needs, in a bash of its own
  local name=$1
  shift
  export -f build_release build_with sources_stamp as_owner is_root warn die
  export ROOT
  # shellcheck disable=SC2016     # that shell's own arguments
  (check_apart "$ended/build-$name" "$name" nice -n 5 bash -ec '"$@"' - "$@")
}

builds_run() {
  local layer=build name
  for name; do "build_$name"; done
}
builds_begin() {        # NAME...: in this order
  builds_run "$@" &
  builder=$!
}

# build NAME: waits for it; false when it failed. Counts as a check of the layer that asks first.
build() {
  local file=$ended/build-$1 good bad
  [[ -n ${built[$1]:-} ]] || checks_of[$layer]+=" build-$1:$builder"
  built[$1]=asked
  until [[ -e $file ]] || ! is_running "$builder"; do
    sleep 0.1
    layers_report
  done
  [[ -e $file ]] && read -r good bad _ <"$file" && [[ $good -gt 0 && $bad -eq 0 ]]
}

# ---- the layers --------------------------------------------------------------------------------

layer_run() {           # NAME: begins all its checks
  layer=$1
  begun[$layer]=$EPOCHSECONDS
  unreported+=("$layer")
  "layer_$layer"
  full[$layer]=yes
  layers_report
}

# The lines of the layers that have ended, in their order.
layers_report() {
  local one
  while [[ ${#unreported[@]} -gt 0 && -n ${full[${unreported[0]}]:-} ]]; do
    for one in ${checks_of[${unreported[0]}]:-}; do
      if [[ ! -e $ended/${one%:*} ]] && is_running "${one#*:}"; then return 0; fi
    done
    layer_report "${unreported[0]}"
    unreported=("${unreported[@]:1}")
  done
}

layer_report() {        # NAME
  local one good bad at good_all=0 bad_all=0 last=${begun[$1]}
  for one in ${checks_of[$1]:-}; do
    read -r good bad at 2>/dev/null <"$ended/${one%:*}" || { good=0 bad=1 at=$EPOCHSECONDS; }
    good_all=$((good_all + good)) bad_all=$((bad_all + bad)) last=$((at > last ? at : last))
  done
  passed=$((passed + good_all)) failed=$((failed + bad_all))
  printf '%-9s %5d passed %4d failed %4d s\n' "$1" "$good_all" "$bad_all" $((last - begun[$1]))
}

layers_wait() {         # until all have ended
  until layers_report && [[ ${#unreported[@]} -eq 0 ]]; do wait -n || true; done
}
