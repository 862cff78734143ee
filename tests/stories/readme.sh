#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast
#
# Holds README.md and services/API.md to the truth: runs their blocks marked "<!-- run -->" in order, in one shell, and
# compares what each prints with the block marked "<!-- answer -->" behind it, in which "…" stands
# for anything; then its tables with the programs and the sources.
#
#   tests/with-service tests/stories/readme.sh
#   tests/stories/readme.sh --configuration     prints the table of settings for README.md
# shellcheck disable=SC2001,SC2016      # sed prefixes lines; what is searched for has $ and `
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$here/../..

# As gated --help has it: "  NAME   text (default D)" or "(required)".
configuration() {
  printf '| Variable | Default | Meaning |\n|---|---|---|\n'
  PATH=$root/build/bin:$PATH gated --help | sed -nE '
    s/^  (GATE_[A-Z_]+) +(.*) \(default (.*)\)$/| `\1` | `\3` | \2 |/p; t
    s/^  (GATE_[A-Z_]+) +(.*) \(required\)$/| `\1` | required | \2 |/p; t
    s/^  (GATE_[A-Z_]+) +(.*)$/| `\1` | | \2 |/p'
}

if [[ ${1:-} == --configuration ]]; then
  configuration
  exit
fi

# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"
readme=$root/README.md examples=$root/services/API.md

# Writes the N-th marked block to blocks/N.sh, the answer behind it to blocks/N.answer, the headline
# above it to blocks/N.title; prints N.
blocks_cut() {
  mkdir -p "$scratch/blocks"
  awk -v into="$scratch/blocks/" '
    /^#+ / && !open  { title = $0; sub(/^#+ /, "", title) }
    $0 == "<!-- run -->"    { wanted = ".sh"; n++; print title >(into n ".title") }
    $0 == "<!-- answer -->" { wanted = ".answer" }
    /^```/ {
      if (!open && wanted) to = into n wanted
      else { to = ""; wanted = "" }
      open = !open
      next
    }
    to { print >to }
    END { print n + 0 }' "$readme" "$examples"
}

# A pattern of the shell out of an answer.
pattern_of() { sed 's/[][*?\\]/\\&/g; s/…/*/g' "$1"; }

matches() {             # GOT-FILE ANSWER-FILE
  local got pattern
  got=$(<"$1") pattern=$(pattern_of "$2")
  # shellcheck disable=SC2053             # it is a pattern
  [[ $got == $pattern ]]
}

block_run() {           # N: in this shell, since later blocks use what earlier ones set
  local block=$scratch/blocks/$1 title
  title=$(<"$block.title")
  # shellcheck disable=SC1090
  . "$block.sh" >"$block.got" 2>&1 || true
  if [[ ! -e $block.answer ]] || matches "$block.got" "$block.answer"; then
    ok "block $1, $title"
    return
  fi
  diff "$block.answer" "$block.got" | sed 's/^/# /' || true
  fail "block $1, $title: not what the page says"
}

empty() { [[ -z $2 ]] || { sed 's/^/# /' <<<"$2"; fail "$1"; }; ok "$1"; }

configuration_differs() {
  diff <(sed -n '/^<!-- configuration -->$/,/^<!-- \/configuration -->$/p' "$readme" | sed '1d;$d') <(configuration) || true
}

# Of the limits and settings: names in capitals that no source has.
names_unknown() {
  local name
  grep -ohE '`[A-Z]+(_[A-Z]+)+`' "$readme" "$root/services/OPERATION.md" | tr -d '`' | sort -u | while read -r name; do
    grep -rqwF "$name" "$root/services" "$root/common" "$root/tests" || printf '%s\n' "$name"
  done
}

links_dead() {          # of all README files
  local file target
  find "$root" \( -name '.git' -o -name node_modules -o -path "$root/build*" \) -prune -o -name '*.md' -print | while read -r file; do
    grep -oE '\]\([^)#]+' "$file" | cut -c 3- | grep -v '^https\?:' | while read -r target; do
      [[ -e ${file%/*}/$target ]] || printf '%s: %s\n' "${file#"$root"/}" "$target"
    done
  done
}

folders_missing() {
  local folder
  for folder in "$root"/*/ "$root"/common/*/ "$root"/services/*/; do
    folder=${folder#"$root"/} folder=${folder%/}
    [[ $folder == build* ]] || grep -qE "^\| \`$folder/?\`" "$readme" || printf '%s\n' "$folder"
  done
}

blocks=$(blocks_cut)
[[ $blocks -gt 0 ]] || fail 'README.md has blocks to run'
mkdir "$scratch/reader"
cd "$scratch/reader"
for ((block = 1; block <= blocks; block++)); do block_run "$block"; done

empty 'the table of settings is what gated --help says' "$(configuration_differs)"
empty 'every setting and bound it names is in the sources' "$(names_unknown)"
empty 'every folder has its line in the layout' "$(folders_missing)"
empty 'no link in a README leads nowhere' "$(links_dead)"
printf '1..%d\n' "$count"
