# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The packages of the screens: services/web/node_modules, as the lock file says. Sourced after
# lib.sh and packages.sh. The build takes its files from there; npm is needed for nothing else.

WEB=$ROOT/services/web

web_owner() {           # COMMAND...: as the owner of the tree, in a home that is theirs
  local home
  home=$(getent passwd "$(stat -c %u "$ROOT")" | cut -d : -f 6)
  if is_root && [[ -d $home ]]; then
    as_owner env "HOME=$home" "npm_config_cache=$ROOT/build/npm" "$@"
  else
    as_owner env "npm_config_cache=$ROOT/build/npm" "$@"
  fi
}

web_has() {             # some|all
  local made='' lock='' now
  now=$(sha256sum <"$WEB/package-lock.json")
  [[ ! -r $WEB/node_modules/.made ]] || read -r made lock <"$WEB/node_modules/.made"
  [[ $lock == "${now%% *}" && ($made == all || $made == "$1") ]]
}

web_fetch() {           # some|all
  local now log
  local -a without=(--omit=dev)
  # who fetched those of the tests by hand keeps them
  [[ $1 != all && ! -d $WEB/node_modules/playwright-core ]] || without=()
  command -v npm >/dev/null || packages_install npm nodejs
  # of a link to another clone's, npm would empty that one
  [[ ! -L $WEB/node_modules ]] || as_owner rm "$WEB/node_modules"
  warn "fetching the packages of services/web"
  log=$(mktemp)
  if ! (cd "$WEB" && web_owner npm ci --ignore-scripts --no-audit --no-fund \
    "${without[@]}") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "could not fetch them: run npm ci --ignore-scripts in services/web"
  fi
  rm -f "$log"
  now=$(sha256sum <"$WEB/package-lock.json")
  as_owner tee "$WEB/node_modules/.made" <<<"$1 ${now%% *}" >/dev/null
}

# web_packages some|all: those of the running service; all: those of the tests as well. Nothing, and
# no network, when they are there. Of several at once one fetches and the others wait.
web_packages() {
  ! web_has "$1" || return 0
  as_owner mkdir -p "$ROOT/build"
  as_owner touch "$ROOT/build/web.lock"
  (
    flock 9
    web_has "$1" || web_fetch "$1" 9<&-
  ) 9<"$ROOT/build/web.lock"
}
