# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the scripts of the tests speak to the service with: curl and jq, one request a line.
# They run inside tests/with-service.
#
#   at 2026-11-22T22:50:00+07:00   sets the sandbox's clock (Gate-Time) for what follows;
#   after 200                      ... so many seconds later; without it the wall clock holds
#   get WHO PATH [CURL-OPTION...]  WHO: firm, firm2, nobody, or a role (customs, yard, operator ...)
#   post WHO PATH [JSON] [CURL-OPTION...]          with an Idempotency-Key of its own
#   send METHOD WHO PATH JSON [CURL-OPTION...]
#   expect STATUS [FILTER...] -- SENTENCE          each jq filter must hold of the last answer
#   same WANTED GOT SENTENCE
#   value FILTER                   of the last answer, raw; header NAME: of its head
#
# Every expectation is one line "ok N - SENTENCE"; the first that does not hold ends the script.

scratch=$(mktemp -d)
trap 'status=$?; stop_helpers; rm -rf "$scratch"; exit "$status"' EXIT
stop_helpers() { :; }                   # scripts with helpers of their own put their end here

clock='' count=0 status='' url=${GATE_URL:-} asked=''

at() { clock=$(date --date="$1" +%s); }
after() { clock=$((clock + $1)); }
instant() { TZ=UTC-7 date --date="@$1" +%Y-%m-%dT%H:%M:%S+07:00; }     # of seconds since 1970

fail() { printf 'not ok %d - %s\n' $((++count)) "$*"; exit 1; }
ok() { printf 'ok %d - %s\n' $((++count)) "$*"; }

token_of() {
  case $1 in
  firm) echo "$GATE_FIRM_KEY" ;;
  firm2) echo "$GATE_FIRM2_KEY" ;;
  nobody) ;;
  *) local name=GATE_TOKEN_${1^^} && echo "${!name:?no token for $1}" ;;
  esac
}

# Lines first, so that an option given later of the same name does not stand beside ours.
send() {
  local method=$1 who=$2 path=$3 body=$4 token
  local -a options=(-X "$method")
  shift 4
  token=$(token_of "$who")
  [[ -z $token ]] || options+=(-H "Authorization: Bearer $token")
  [[ -z $clock ]] || options+=(-H "Gate-Time: $(instant "$clock")")
  [[ -z $body ]] || options+=(-H 'Content-Type: application/json' --data-binary "$body")
  [[ $path == /[.lrmov]* && $path != /v1* ]] || path=/v1${path#/v1}
  asked="$method $path as $who"
  status=$(curl -sS -o "$scratch/answer" -D "$scratch/head" -w '%{http_code}' --max-time 40 \
    "${options[@]}" "$@" "$url$path") || status=000
}

get() { send GET "$1" "$2" '' "${@:3}"; }
new_key() { printf 'Idempotency-Key: %s' "$(</proc/sys/kernel/random/uuid)"; }
post() { send POST "$1" "$2" "${3:-}" -H "$(new_key)" "${@:4}"; }

value() { jq -r "$1" "$scratch/answer"; }
header() { tr -d '\r' <"$scratch/head" | sed -n "s/^$1: //Ip" | tail -n 1; }

expect() {
  local wanted=$1 filter filters=()
  shift
  while [[ $1 != -- ]]; do filters+=("$1"); shift; done
  shift
  if [[ $status != "$wanted" ]]; then
    printf '# %s: %s\n# %s\n' "$asked" "$status" "$(<"$scratch/answer")"
    fail "$* (expected $wanted, got $status)"
  fi
  for filter in "${filters[@]}"; do
    jq -e "$filter" "$scratch/answer" >/dev/null && continue
    printf '# %s: %s\n# %s\n' "$asked" "$status" "$(<"$scratch/answer")"
    fail "$* ($filter)"
  done
  ok "$*"
}

same() { [[ $1 == "$2" ]] || fail "$3 (expected $1, got $2)"; ok "$3"; }

# ---- the words of the gate ---------------------------------------------------------------------

# confirm AGENCY CROSSING STEP [MORE-MEMBERS]: a step that passes
confirm() { post "$1" "/crossings/$2/steps" "{\"step\":\"$3\",\"result\":\"pass\"${4:+,$4}}"; }

# call GATE DIRECTION: the first in the queue, to lane 1
call() { post operator "/gates/$1/call" "{\"direction\":\"$2\",\"lane\":1}"; }

scan() { post "$1" /scans "{\"code\":\"$2\"}"; }

sql() { psql -XAtq "$GATE_DATABASE_URL" -c "$1"; }

# The last seq of each ledger: what changed nothing leaves it as it was.
seqs() { sql "select string_agg(seq::text, ' ' order by number) from gate.ledger"; }

ledgers_verify() {
  gatectl ledger verify --database "$GATE_DATABASE_URL" >"$scratch/verified" || {
    sed 's/^/# /' "$scratch/verified"
    fail "${1:-the ledgers verify}"
  }
  ok "${1:-the ledgers verify}"
}
