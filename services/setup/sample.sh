# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# A sample day behind the boards of an empty sandbox, for up and down. Sourced after lib.sh,
# cluster.sh and state.sh.
#
# gatesim plays the scenario "sample" over HTTP, from midnight until now as fast as it holds, from
# then on in real time, so that the sandbox's clock and everybody else's agree. It runs unprivileged,
# with an administrator's key of its own that expires, and is not started again when it ends.

SAMPLE_DAYS=2           # days in simulator/scenarios/sample.scenario
sample_key=''

sample_pid() { pid_of "$RUN-pids/sample" gatesim; }

# Nothing was ever filed here.
sample_is_due() {
  [[ $mode == sandbox && -z ${DATABASE_URL:-} ]] && ! sample_pid >/dev/null &&
    [[ $(superuser_psql -d gate -At -c "select count(*) from gate.ledger where number > 0 and seq > 0") == 0 ]]
}

sample_install() {
  [[ -x $ROOT/build/bin/gatesim ]] || die "build/bin/gatesim is missing: leave out --no-build"
  install -m 755 "$ROOT/build/bin/gatesim" "$STATE/bin/gatesim.new"
  mv "$STATE/bin/gatesim.new" "$STATE/bin/gatesim"
  mkdir -p "$STATE/scenarios"
  install -m 644 "$ROOT"/simulator/scenarios/*.scenario "$STATE/scenarios/"
}

sample_admin() {
  superuser_psql -d gate -At -c "select min(id) from gate.principal where name = 'Sample day' and role = 'admin'"
}

# Whom it acts as, before gated starts, which then knows the key at once.
sample_prepare() {
  sample_install
  [[ -n $(sample_admin) ]] || gatectl officer add --name 'Sample day' --role admin >/dev/null
  sample_key=$(gatectl key issue --principal "$(sample_admin)" --device sample-day \
    --expires "$(date -u -d "+$((SAMPLE_DAYS + 1)) days" +%FT%TZ)" | grep -oE 'bg_[A-Za-z0-9_-]+') ||
    warn "no sample day: its administrator has two keys already"
}

# sample_start URL: in the background; what it says goes to log/sample.log.
sample_start() {
  (
    cd /
    export GATE_TOKEN_ADMIN=$sample_key
    exec setsid setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all \
      --no-new-privs -- "$STATE/bin/gatesim" --check sample --url "$1" \
      --scenarios "$STATE/scenarios" --date "$(TZ=UTC-7 date +%F)" \
      --fast-until "$(TZ=UTC-7 date +%H:%M)" --speed 1 --connections 8
  ) >>"$STATE/log/sample.log" 2>&1 </dev/null 9>&- &
  printf '%s\n' "$!" >"$RUN-pids/sample"
  wait_until 5 sample_pid >/dev/null || warn "no sample day: $STATE/log/sample.log"
}

sample_stop() {
  local pid
  pid=$(sample_pid) || return 0
  pid_stop "$pid" TERM 15 || kill -s KILL "$pid" 2>/dev/null || true
}
