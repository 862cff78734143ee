# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Debian packages: what is needed, what is missing, how it comes. Sourced after lib.sh.

BUILD_PACKAGES=(
  gcc libc6-dev cmake ninja-build pkgconf
  libuv1-dev libpq-dev libjansson-dev libmicrohttpd-dev libsodium-dev
  libcbor-dev libqrencode-dev libpng-dev zlib1g-dev uthash-dev
  openssl
)

TEST_PACKAGES=(
  libcmocka-dev libzbar-dev clang libclang-rt-dev
  libtap-parser-sourcehandler-pgtap-perl
  shellcheck codespell jq curl
  chromium chromium-headless-shell fonts-dejavu-core fonts-noto-cjk libnss3-tools
)

package_is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

packages_missing() {
  local package
  for package; do package_is_installed "$package" || printf '%s\n' "$package"; done
}

apt_get() {
  local -a run=()
  is_root || run=(sudo -n)
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 "$@"
}

# packages_install PACKAGE...: nothing, and no network, when all are there.
packages_install() {
  local -a missing
  local log
  mapfile -t missing < <(packages_missing "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  warn "installing ${missing[*]}"
  log=$(mktemp)
  if ! { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "could not install them; as root: apt-get install ${missing[*]}"
  fi
  rm -f "$log"
}

# PostgreSQL's package would make and start a cluster "main" of its own. It must not, unless the
# machine has clusters already: then its administrator has decided, and nothing is changed.
postgres_install() {
  local settings=/etc/postgresql-common/createcluster.conf
  postgres_find && return
  packages_install postgresql-common
  if ! compgen -G '/etc/postgresql/*/*' >/dev/null; then
    if is_root; then
      sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' "$settings"
    else
      sudo -n sed -i 's/^#\? *create_main_cluster *=.*/create_main_cluster = false/' "$settings"
    fi
  fi
  packages_install postgresql
  postgres_find || die "no PostgreSQL from version $CLUSTER_OLDEST on is to be had here"
}
