# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# What the scripts share: messages, users, processes, the build. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SERVICE_USER=border-gate            # runs gated; owns the signing keys
DATABASE_USER=border-gate-db        # runs PostgreSQL; owns its files

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { warn "$@"; exit 1; }

# The comment that opens a script is its help: everything up to the first line that is not one.
help_of() { awk 'NR > 2 && !/^#/ { exit } NR > 2 { sub(/^# ?/, ""); print }' "$1"; }

is_root() { [[ $EUID -eq 0 ]]; }

# as USER COMMAND...: the same process goes on as USER, without any privilege to come back. Who
# is not root has only one user to be.
as() {
  local user=$1
  shift
  if is_root; then
    exec setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all \
      --no-new-privs -- "$@"
  fi
  exec "$@"
}

user_make() {
  getent passwd "$1" >/dev/null && return
  useradd --system --user-group --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin "$1"
}

users_make() {
  is_root || return 0
  user_make "$DATABASE_USER"
  user_make "$SERVICE_USER"
}

# owned USER:GROUP MODE DIRECTORY...
owned() {
  local owner=$1 mode=$2
  shift 2
  mkdir -p "$@"
  chmod "$mode" "$@"
  if is_root; then chown "$owner" "$@"; fi
}

# A random password of 192 bits, made once, in a file that only USER reads.
secret_make() {
  local file=$1 user=$2
  [[ -s $file ]] && return
  (umask 077 && head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$file.new")
  if is_root; then chown "$user" "$file.new"; fi
  mv "$file.new" "$file"
}

wait_until() {          # SECONDS COMMAND...: true as soon as COMMAND is
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.05
  done
}

# A pid file counts only while that process still runs under the expected name: after a reboot
# the number may belong to somebody else.
pid_of() {              # FILE NAME: prints the pid, or fails
  local pid name
  { read -r pid <"$1"; } 2>/dev/null && [[ $pid =~ ^[0-9]+$ ]] || return 1
  { read -r name <"/proc/$pid/comm"; } 2>/dev/null && [[ $name == "$2" ]] || return 1
  ! pid_gone "$pid" || return 1
  printf '%s\n' "$pid"
}

pid_gone() {            # a zombie is gone as well: it only waits to be read
  local state
  [[ -d /proc/$1 ]] || return 0
  state=$(awk '$1 == "State:" { print $2 }' "/proc/$1/status" 2>/dev/null) || return 0
  [[ $state == Z || -z $state ]]
}

pid_stop() {            # PID SIGNAL SECONDS: asks, waits, fails when it does not go
  kill -s "$2" "$1" 2>/dev/null || return 0
  wait_until "$3" pid_gone "$1"
}

signal_tree() {         # SIGNAL PID: the children first, they may not outlive who waits for them
  local child children=''
  { read -r children <"/proc/$2/task/$2/children"; } 2>/dev/null || true
  for child in $children; do signal_tree "$1" "$child"; done
  kill -s "$1" "$2" 2>/dev/null || true
}

# http_ready PORT [ADDRESS]: is GET /readyz answered with 200? In a process of its own, since a
# server that dies while it is asked would end this one with SIGPIPE.
http_ready() (
  trap '' PIPE
  line=
  { exec 3<>"/dev/tcp/${2:-127.0.0.1}/$1"; } 2>/dev/null || exit 1
  printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' 2>/dev/null >&3
  read -r -t 2 line <&3
  [[ $line == "HTTP/1.1 200 "* ]]
)

port_free() {           # nobody answers there
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# ---- the build -------------------------------------------------------------------------------

# Compiles as the owner of the tree, so that root leaves nothing there which its owner cannot
# remove.
as_owner() {
  local uid gid
  read -r uid gid < <(stat -c '%u %g' "$ROOT")
  if is_root && [[ $uid -ne 0 ]]; then
    setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all -- "$@"
  else
    "$@"
  fi
}

sources_stamp() {
  (cd "$ROOT" && find . \( -path './build*' -o -path ./tests -o -name '.git*' -o -name node_modules \) -prune -o \
    -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum)
}

build_with() {          # DIRECTORY CMAKE-OPTION...: the whole of it, log on standard output
  local build=$1
  shift
  as_owner cmake -S "$ROOT" -B "$build" -G Ninja "$@" && as_owner ninja -C "$build"
}

# The release build in build/; does nothing, in a few milliseconds, while no source changed.
build_release() {
  local build=$ROOT/build stamp log=$ROOT/build/build.log
  as_owner mkdir -p "$build"
  (
    flock 9
    stamp=$(sources_stamp)
    [[ -x $build/bin/gated && -x $build/bin/gatectl && -r $build/.sources ]] &&
      [[ $(<"$build/.sources") == "$stamp" ]] && exit 0
    as_owner touch "$log" || die "$build is not up to date, and $(id -un) may not build there"
    warn "building in $build"
    if ! build_with "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DSANITIZE= -DCOVERAGE=OFF \
      -DFUZZ=OFF -DTESTS=OFF >"$log" 2>&1 9<&-; then
      grep -vE '^\[[0-9]+/[0-9]+\] |^-- ' "$log" | head -n 60 >&2
      die "the build failed: $log"
    fi
    as_owner tee "$build/.sources" <<<"$stamp" >/dev/null
  ) 9<"$ROOT/build"
}
