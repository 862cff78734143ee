#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 0
#
# The administrator's command line as somebody at a terminal meets it: help, mistakes, people, keys,
# passes.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd -P)
vectors=$here/../vectors/pass.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0

# ends STATUS WHAT WORD...: gatectl with the words; what it prints is in $work/out and err.
ends() {
  local wanted=$1 what=$2 status=0
  shift 2
  gatectl "$@" >"$work/out" 2>"$work/err" || status=$?
  verdict "$((status == wanted ? 0 : 1))" "$what"
}

verdict() {             # STATUS WHAT
  count=$((count + 1))
  [[ $1 -eq 0 ]] && printf 'ok %d - %s\n' "$count" "$2" && return
  failed=$((failed + 1))
  printf 'not ok %d - %s\n' "$count" "$2"
  sed 's/^/# /' "$work/out" "$work/err"
}

says() {                # TEXT WHAT: the last call said it, on either stream
  local status=0
  grep -qF -- "$1" "$work/out" "$work/err" || status=1
  verdict "$status" "$2"
}

ends 0 'help is there' --help
mapfile -t verbs < <(sed -nE 's/^  ([a-z-]+( [a-z]+)?)  +.*/\1/p' "$work/out")
verdict "$((${#verbs[@]} >= 18 ? 0 : 1))" 'and lists every verb'
for verb in "${verbs[@]}"; do
  # shellcheck disable=SC2086         # subject and name are two words
  ends 0 "$verb --help" $verb --help
done
ends 2 'no verb is wrong usage'
ends 2 'an unknown verb is wrong usage' firm eat
ends 2 'an unknown option is wrong usage' firm list --nonsense
ends 2 'a missing option is wrong usage' firm add --name X
says '--tax-code' 'and is named'
ends 2 'a missing value is wrong usage' firm add --name
ends 2 'a word too many is wrong usage' firm list everything
ends 2 'so is what is no UTF-8' firm list --find $'\xff'
GATE_DATABASE_URL='' ends 2 'no database is wrong usage' firm list
ends 3 'a database that is not there is an error' firm list --database 'host=/nonexistent'

ends 0 'a firm is added' firm add --tax-code 0100047516 --name 'Công ty Thử'
ends 1 'once' firm add --tax-code 0100047516 --name 'Công ty Thử'
says already_exists 'with the stable code'
ends 2 'a wrong check digit is told' firm add --tax-code 0100047517 --name X
says 'check digit' 'in words'
ends 0 'firms are found by a part of the name' firm list --find thử
says 0100047516 'this one'
ends_full() { gatectl "$@" >/dev/full 2>"$work/err"; }
status=0; ends_full firm list || status=$?
verdict "$((status == 3 ? 0 : 1))" 'what cannot be printed is an error'
ends 0 'an officer is added' officer add --name Lan --role officer --agency plant --gates CKHN
officer=$(awk 'NR == 2 { print $1 }' "$work/out")
ends 1 'an officer needs an agency' officer add --name Lan --role officer --gates CKHN
ends 1 'a gate must exist' officer add --name Lan --role operator --gates XX

ends 0 'a key is issued' key issue --principal "$officer" --device kiosk-3
key=$(cat "$work/out")
verdict "$([[ $key =~ ^bg_plant_[A-Za-z0-9_-]{22}$ ]] && echo 0 || echo 1)" 'and printed'
hash=$(printf %s "$key" | b2sum -l 256 | cut -d ' ' -f 1)
found=$(psql -XqAt "$GATE_SUPERUSER_URL" -c "select count(*) from gate.api_key where hash = '\\x$hash'")
verdict "$((found == 1 ? 0 : 1))" 'only its hash is stored'
ends 0 'a second is issued' key issue --principal "$officer"
ends 1 'a third is not' key issue --principal "$officer"
says keys_full 'while two live'
ends 0 'keys are listed' key list --principal "$officer"
says "${key:0:13}" 'by their prefix'
verdict "$(grep -qF "$key" "$work/out" && echo 1 || echo 0)" 'never whole'
ends 0 'one is revoked' key revoke "$(awk 'NR == 2 { print $1 }' "$work/out")" --reason lost
ends 0 'then there is room' key issue --principal "$officer" --expires 2099-01-01T00:00:00+07:00
ends 2 'an expiry is an instant' key issue --principal "$officer" --expires tomorrow
ends 0 'a firm has keys too, its tax code typed in any way' key issue --firm '0100 047 516'
ends 2 'who is no number has none' key list --principal abc
ends 2 'a name is told on a terminal, and has nothing that steers one' officer add --name $'Lan\033[2J' --role admin
ends 2 'nor what is not seen' officer add --name $'Lan\u200b' --role admin
ends 0 'a user is added' user add --firm 0100047516 --user ha.nguyen --name 'Nguyễn Thị Hà'
verdict "$([[ $(<"$work/out") =~ ^([a-z0-9]{4}-){3}[a-z0-9]{4}$ ]] && echo 0 || echo 1)" 'and the one-time password printed'
ends 1 'a user name is taken once' user add --principal "$officer" --user ha.nguyen --name Hà
ends 1 'and has its form' user add --principal "$officer" --user 'Hà Nguyễn' --name Hà
ends 0 'an officer is a user' user add --principal "$officer" --user lan --name Lan
ends 1 'and only one' user add --principal "$officer" --user lan2 --name Lan
ends 0 'users are listed' user list --find 'nguyễn thị'
says ha.nguyen 'by a part of their name'
verdict "$(grep -qF argon2id "$work/out" && echo 1 || echo 0)" 'without any password'
ends 0 'another password' user password ha.nguyen
ends 1 'of a user who is there' user password nobody
ends 0 'a user is disabled' user disable ha.nguyen --reason test
ends 1 'and gets no more passwords' user password ha.nguyen
ends 0 'a firm is disabled' firm disable 0100047516 --reason test
ends 1 'and gets no more keys' key issue --firm 0100047516

ends 0 'seeding again is good' seed --sandbox
verdict "$([[ -s $work/out ]] && echo 1 || echo 0)" 'and prints nothing secret'
ends 0 'new keys are issued on demand' seed --new-keys
verdict "$(($(grep -c '=bg_' "$work/out") == 13 ? 0 : 1))" 'one for each of the cast'
verdict "$(($(grep -cE '^GATE_LOGIN_[A-Z0-9_]+=[a-z0-9_]+:[a-z0-9-]{19}$' "$work/out") == 13 ? 0 : 1))" 'with new passwords'

kids() { jq -r '.keys | length' "$work/new.json"; }
ends 0 'where no key of the file signs, one is made when it is looked at' pass-key rotate --pass-keys "$work/new.json" --left 30
says 'signs in 0 days' 'which signs at once'
ends 0 'looked at again' pass-key rotate --pass-keys "$work/new.json" --left 30
verdict "$(($(kids) == 1 ? 0 : 1))" 'there is time, and nothing is made'
ends 0 'when it signs no more in time' pass-key rotate --pass-keys "$work/new.json" --left 400
verdict "$(($(kids) == 2 ? 0 : 1))" 'the next one is made'
says 'signs in 2 days' 'which kiosks have before it signs'
ends 0 'and then' pass-key rotate --pass-keys "$work/new.json" --left 366
verdict "$(($(kids) == 2 ? 0 : 1))" 'there is time again'
psql -qX "$GATE_DATABASE_URL" -c "update gate.pass_key set id = 'abcd' where id = '$(jq -r '.keys[0].kid' "$work/new.json")'"
(umask 077 && jq '.keys[0].kid = "abcd"' "$work/new.json" >"$work/old.json" && mv "$work/old.json" "$work/new.json")
ends 0 'a key of old, with which no VIN is signed' pass-key rotate --pass-keys "$work/new.json" --left 30
says 'signs in 0 days' 'is followed at once'
ends 0 'the next pass key is made' pass-key rotate --pass-keys "$work/keys.json" --lead 1
verdict "$([[ $(stat -c %a "$work/keys.json") == 600 ]] && echo 0 || echo 1)" 'its file is for its owner only'
ends 0 'and published' pass-key list
says "$(jq -r '.keys[0].kid' "$work/keys.json")" 'by its id'
if [[ $EUID -eq 0 ]]; then
  chown nobody "$work/keys.json"
  ends 0 'root makes one more' pass-key rotate --pass-keys "$work/keys.json" --lead 1
  verdict "$([[ $(stat -c %U "$work/keys.json") == nobody ]] && echo 0 || echo 1)" "and the file stays the server's"
fi
printf nonsense >"$work/keys.json"
ends 3 'a broken file of keys is never overwritten' pass-key rotate --pass-keys "$work/keys.json"

ends 0 'the procedure is shown' procedure show --direction import
says 'any main vehicle: transshipped' 'with what must be done before, in words'
ends 0 'the configuration is shown' config show
ends 0 'the heads of the ledgers are shown' ledger head
ends 0 'after all this the ledgers verify' ledger verify

# every published vector, judged by the command line
jq '.keys' "$vectors" >"$work/published.json"
while IFS=$'\t' read -r name now wanted list digits; do
  options=(--keys "$work/published.json" --now "$(date -u -d "@$now" +%FT%TZ)")
  if [[ $list != null ]]; then
    jq -r ".revocation_lists[$list].list" "$vectors" | perl -ne 'chomp; print pack "H*", $_' >"$work/list"
    options+=(--revocations "$work/list")
  fi
  printf '%s\n' "$digits" >"$work/digits"
  ends "$([[ $wanted == valid ]] && echo 0 || echo 1)" "pass: $name" pass verify "$work/digits" "${options[@]}"
  verdict "$([[ $(head -n 1 "$work/out") == "$wanted" ]] && echo 0 || echo 1)" "pass: $name is $wanted"
done < <(jq -r '.passes[] | [.name, .now, .verdict, (.revocation_list | tostring), .digits] | @tsv' "$vectors")

printf '1..%d\n' "$count"
exit $((failed > 0))
