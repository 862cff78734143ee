# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Where a service keeps its things, for up and down. Sourced after lib.sh and cluster.sh.
#
#   STATE/postgres/15  the data of the private cluster, by major version
#   STATE/secrets      passwords of the database's roles and the keys that sign passes, 0600
#   STATE/tls          the local authority and the certificate of HTTPS (see certify), hosts: --host
#   STATE/bin          the programs that run, so that a new build does not change them under way
#   STATE/log          gated.log, postgres.log, setup.log
#   STATE/seeded       "sandbox" or "production", "private" or "given": what the first start made
#   RUN                sockets and pid files, gone after a reboot

STATE_DEFAULT=/var/lib/border-gate

state_set() {           # DIRECTORY
  STATE=$(realpath -ms -- "$1")
  RUN=/run/border-gate
  if [[ $STATE != "$STATE_DEFAULT" ]]; then
    RUN=/run/border-gate-$(sha256sum <<<"$STATE" | cut -c 1-8)
  fi
  CLUSTER_DATA=$STATE/postgres
  CLUSTER_SOCKETS=$RUN
  CLUSTER_USER=$DATABASE_USER
  CLUSTER_LOG=$STATE/log/postgres.log
  OWNER_PASSWORD=$STATE/secrets/gate_owner
  SERVICE_PASSWORD=$STATE/secrets/gate_service
  PASS_KEYS=$STATE/secrets/pass-keys.json
}

state_make() {
  case $STATE/ in
  /root/* | /home/*) die "--state: $STATE is in a home folder, where the service cannot go" ;;
  esac
  # it becomes ours, and services/down --purge deletes it
  if [[ -d $STATE && ! -d $STATE/postgres && -n $(ls -A -- "$STATE") ]]; then
    die "--state: $STATE has other things in it: name a new folder, or an empty one"
  fi
  owned root:root 755 "$STATE" "$STATE/bin" "$STATE/log"
  owned "$DATABASE_USER:$DATABASE_USER" 700 "$STATE/postgres"
  owned "root:$SERVICE_USER" 750 "$STATE/secrets"
  owned "$DATABASE_USER:$SERVICE_USER" 750 "$RUN"
  owned root:root 755 "$RUN-pids"
}

gated_pid() { pid_of "$RUN-pids/gated" gated; }
keeper_pid() { pid_of "$RUN-pids/keep" keep; }

clusters_run() {        # prints the data directory of each private cluster that runs, or fails
  local found=1 PG_DATA
  for PG_DATA in "$CLUSTER_DATA"/*/; do
    PG_DATA=${PG_DATA%/}
    if cluster_pid >/dev/null; then
      printf '%s\n' "$PG_DATA"
      found=0
    fi
  done
  return "$found"
}
