# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# HTTPS of the service: the names it is called by, its local authority, or a certificate of one's
# own. Sourced after lib.sh and state.sh. The caller sets tls (a port, or off), tls_address, hosts and here.

tls_is_given() { [[ -n ${GATE_TLS_CERTIFICATE:-} ]]; }

# This machine's names and private addresses, and what was asked for with --host, now or before.
# A public address is taken only when asked for: the authority may sign for no others.
tls_names() {
  local name
  {
    cat "$STATE/tls/hosts" 2>/dev/null || true
    [[ ${#hosts[@]} -eq 0 ]] || printf '%s\n' "${hosts[@]}"
    for name in "$(uname -n)" "$(hostname -f 2>/dev/null || true)"; do
      [[ ! $name =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || printf '%s\n' "$name"
    done
    printf '%s\n' localhost 127.0.0.1 ::1
    hostname -I 2>/dev/null | tr ' ' '\n' |
      grep -E '^(10|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.|^f[cd]' || true
  } | awk '!seen[$0]++'
}

# Only those that a certificate was made for: another would be in the way of each renewal.
tls_hosts_keep() {
  local host file=$STATE/tls/hosts
  for host in "${hosts[@]}"; do
    grep -qsxF "$host" "$file" || printf '%s\n' "$host" >>"$file"
  done
}

# The certificate of the local authority, made or renewed when it is time. A gated that runs takes
# a new one by itself. One that cannot be renewed is said, and the old one stays.
tls_certify() {
  local -a names
  local said
  owned "root:$SERVICE_USER" 750 "$STATE/tls"
  mapfile -t names < <(tls_names)
  if ! said=$("$here/setup/certify" "$STATE/tls" "${names[@]}"); then
    [[ -s $STATE/tls/server.pem ]] || die "no certificate for HTTPS (--tls off does without)"
    [[ ${#hosts[@]} -eq 0 ]] || die "the certificate for HTTPS stays as it was"
    warn "the certificate for HTTPS stays as it was"
    return
  fi
  tls_hosts_keep
  chgrp "$SERVICE_USER" "$STATE/tls/server.pem"
  chmod 640 "$STATE/tls/server.pem"
  chmod 644 "$STATE/tls/ca.crt"
  [[ $said == kept ]] || say "the certificate for HTTPS was $said: ${names[*]}"
}

# For a service that runs already, or is about to start.
tls_up() {
  [[ $tls != off ]] || return 0
  if tls_is_given; then
    [[ -n ${GATE_TLS_KEY:-} ]] || die "GATE_TLS_CERTIFICATE and GATE_TLS_KEY go together"
    (as "$SERVICE_USER" test -r "$GATE_TLS_CERTIFICATE" -a -r "$GATE_TLS_KEY") ||
      die "$SERVICE_USER must be able to read $GATE_TLS_CERTIFICATE and $GATE_TLS_KEY"
  else
    tls_certify
  fi
}

# Into the environment of gated.
tls_export() {
  if [[ $tls == off ]]; then
    unset GATE_TLS_CERTIFICATE GATE_TLS_KEY GATE_TLS_AUTHORITY
    return
  fi
  export GATE_TLS_PORT=$tls GATE_TLS_ADDRESS=$tls_address
  tls_is_given || export GATE_TLS_CERTIFICATE=$STATE/tls/server.pem \
    GATE_TLS_KEY=$STATE/tls/server.pem GATE_TLS_AUTHORITY=$STATE/tls/ca.crt
}

tls_report() {
  local name
  [[ $tls != off ]] || return 0
  if tls_is_given; then
    say "  HTTPS     port $tls, with $GATE_TLS_CERTIFICATE"
    return
  fi
  name=$(head -n 1 "$STATE/tls/names")
  [[ $name != *:* ]] || name="[$name]"
  say "  HTTPS     https://$name:$tls (kiosks trust $STATE/tls/ca.crt, also at /ca.crt)"
}
