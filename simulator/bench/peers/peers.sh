# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# The peers: how they are built and run. Sourced by run after lib.sh and packages.sh; measured by the same client,
# against the same PostgreSQL, one at a time.

PEERS=$root/build/peers
peer_pid='' peer_port=''

# Node from version 20 on (Fastify's demand): Debian 13's, or whichever is there already.
peers_install() {
  local -a packages=(golang-go golang-github-jackc-pgx-v4-dev)
  command -v npm >/dev/null || packages+=(nodejs npm)
  packages_install "${packages[@]}"
  [[ $(node -p 'process.versions.node.split(".")[0]') -ge 20 ]] || die "Fastify 5 needs Node 20"
  go_build
  node_build
}

# Against the packages in /usr/share/gocode, without any network.
go_build() {
  mkdir -p "$PEERS/cache"
  (cd "$here/peers/go" && env GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= \
    GOCACHE="$PEERS/cache" go build -o "$PEERS/go" .) || die "the Go peer does not build"
}

node_build() {
  mkdir -p "$PEERS/node"
  cp "$here/peers/node/"* "$PEERS/node/"
  [[ -e $PEERS/node/.made && ! $PEERS/node/.made -ot $here/peers/node/package-lock.json ]] && return
  (cd "$PEERS/node" && npm ci --no-audit --no-fund --loglevel=error >&2) || die "npm ci failed"
  touch "$PEERS/node/.made"
}

# 16 connections to PostgreSQL and, for Node, 2 processes: one a core.
peer_start() {          # go|node declare|spared
  local url key
  tables_make
  cat "$here/peers/$2.sql" "$here/peers/rows.sql" >"$work/statement.sql"
  url=$(value empty GATE_SUPERUSER_URL)
  key=$(value empty GATE_FIRM_KEY)
  for peer_port in $((RANDOM % 12000 + 20000)) $((RANDOM % 12000 + 20000)); do
    port_free "$peer_port" || continue
    break
  done
  local -a run=("$PEERS/go")
  [[ $1 == go ]] || run=(node "$PEERS/node/server.js")
  env DATABASE_URL="$url" PORT="$peer_port" TOKEN="$key" STATEMENT="$work/statement.sql" CONNECTIONS=16 \
    WORKERS=2 "${run[@]}" >>"$work/peer.log" 2>&1 &
  peer_pid=$!
  if ! wait_until 20 peer_listens; then
    tail -n 5 "$work/peer.log" >&2
    die "the peer $1 does not start"
  fi
}

peer_listens() { ! port_free "$peer_port"; }

peer_stop() {
  [[ -n $peer_pid ]] || return 0
  signal_tree TERM "$peer_pid"
  wait "$peer_pid" 2>/dev/null || true
  peer_pid=''
}
