#!/bin/bash
# SPDX-License-Identifier: MIT
# with-service: --fast --gated 2 --tls
#
# People sign in with a browser: what a session opens, what it does not, and when it is over; at two
# gated on one database, one of which is killed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=tests/client/gate.sh
. "$here/../client/gate.sh"

declare -A cookie token

# sign_in BROWSER USER SECRET [pin|password [CURL-OPTION...]]: the session and, where it has one, the kiosk of that browser
sign_in() {
  send POST nobody /sessions "$(jq -n --arg u "$2" --arg s "$3" --arg k "${4:-password}" '{user: $u, ($k): $s}')" \
    -H "Cookie: ${cookie[$1.device]:-}" "${@:5}"
  [[ $status == 201 ]] || return 0
  cookie[$1]=$(header Set-Cookie | cut -d ';' -f 1)
  token[$1]=$(value .csrf)
}
# browse BROWSER METHOD PATH [JSON] [CURL-OPTION...]: as its page would
browse() {
  send "$2" nobody "$3" "${4:-}" -H "Cookie: ${cookie[$1]:-}; ${cookie[$1.device]:-}" \
    -H "X-CSRF-Token: ${token[$1]:-}" -H "$(new_key)" "${@:5}"
}
# over_within SECONDS BROWSER URL SENTENCE: at that server, its session opens nothing any more
over_within() {
  local begun ended now=${url}
  begun=$(date +%s%3N)
  url=$3
  until browse "$2" GET /session && [[ $status == 401 ]]; do
    ended=$(($(date +%s%3N) - begun))
    [[ $ended -lt $1 ]] || fail "$4 (not after $ended ms)"
    sleep 0.02
  done
  url=$now
  ok "$4 ($(($(date +%s%3N) - begun)) ms)"
}

# --- a one-time password --------------------------------------------------------------------------

post admin /users '{"tax_code":"9900000016","user":"Hà","name":""}'
expect 422 '[.errors[].code] == ["user_format", "required"]' -- 'the form of a user is told at its fields'
post admin /users '{"tax_code":"9900000016","user":"ha.nguyen","name":"Nguyễn Thị Hà"}'
expect 201 '.user.must_change' '.password | test("^([a-z0-9]{4}-){3}[a-z0-9]{4}$")' -- 'a user gets a one-time password'
user=$(value .user.id) once=$(value .password)
sign_in desk HA.nguyen "$once"
expect 201 '.user.user == "ha.nguyen"' .must_change '.role == "firm"' '.firm.tax_code == "9900000016"' '.gates == ["CKHN", "TT"]' \
  -- 'they sign in with it, in any case'
[[ $(header Set-Cookie) == gate_session=*'; HttpOnly; SameSite=Strict'* ]] || fail "the cookie: $(header Set-Cookie)"
ok 'the cookie is kept from scripts and other sites'
browse desk GET /declarations
expect 403 '.code == "password_change_required"' -- 'and can do nothing before it is changed'
browse desk GET /stream
expect 403 '.code == "password_change_required"' -- 'not even watch'
browse desk PUT /session/password "{\"old\":\"$once\",\"new\":\"short\"}"
expect 422 '.errors[0] | .pointer == "/new" and .code == "password_short"' -- 'a short one is refused'
browse desk PUT /session/password "{\"old\":\"$once\",\"new\":\"1234567890\"}"
expect 422 '.errors[0].code == "password_easy"' -- 'so is one that all try first'
browse desk PUT /session/password '{"old":"no longer known","new":"bốn xe sầu riêng"}'
expect 422 '.errors[0] | .pointer == "/old" and .code == "password_wrong"' -- 'the old one is needed'
secret='bốn xe sầu riêng'
browse desk PUT /session/password "{\"old\":\"$once\",\"new\":\"$secret\"}"
expect 200 '.must_change | not' -- 'the password is changed'
browse desk GET /declarations
expect 200 -- 'then the session is whole'
sign_in other ha.nguyen "$once"
expect 401 '.code == "sign_in_failed"' -- 'the one-time password was good for one time'
sign_in desk ha.nguyen "$secret"
expect 201 -- 'the new one is good'

# --- over TLS -------------------------------------------------------------------------------------

url=$GATE_TLS_URL
sign_in safe ha.nguyen "$secret" password --cacert "$GATE_TLS_FILES/ca.crt"
expect 201 -- 'over TLS'
[[ $(header Set-Cookie) == __Host-gate_session=*'; Secure' ]] || fail "the cookie: $(header Set-Cookie)"
ok 'the cookie is for TLS alone'
browse safe GET /session '' --cacert "$GATE_TLS_FILES/ca.crt"
expect 200 -- 'and opens the session there'
browse desk GET /session '' --cacert "$GATE_TLS_FILES/ca.crt"
expect 401 -- 'one that a page without TLS may have set does not'
url=$GATE_URL
browse safe GET /session
expect 401 -- 'nor is it looked at without TLS'

# --- where a change comes from --------------------------------------------------------------------

filing='{"gate":"CKHN","direction":"export"}'
browse desk POST /declarations "$filing"
expect 201 -- 'a session files as a key does'
csrf=${token[desk]}
other=x
[[ $csrf != *x ]] || other=y
for wrong in '' "x$csrf" "${csrf%?}$other"; do
  token[desk]=$wrong
  browse desk POST /declarations "$filing"
  expect 403 '.code == "csrf_failed"' -- 'not without the token of its page'
done
token[desk]=$csrf
browse desk POST /declarations "$filing" -H 'Origin: https://evil.example'
expect 403 '.code == "csrf_failed"' -- 'not from a page of another site'
browse desk POST /declarations "$filing" -H 'Sec-Fetch-Site: cross-site'
expect 403 '.code == "csrf_failed"' -- 'nor when the browser says so'
browse desk POST /declarations "$filing" -H "Origin: $GATE_URL" -H 'Sec-Fetch-Site: same-origin'
expect 201 -- 'from its own it is'
send POST nobody /sessions '{"user":"ha.nguyen","password":"x"}' -H 'Sec-Fetch-Site: cross-site'
expect 403 '.code == "csrf_failed"' -- 'no other site signs anybody in'

# --- beside keys ----------------------------------------------------------------------------------

send GET admin /firms '' -H "Cookie: ${cookie[desk]}"
expect 200 -- 'a key wins over the cookie beside it'
send GET nobody /declarations '' -H "Cookie: ${cookie[desk]}" -H 'Authorization: Bearer bg_firm_nonsense'
expect 401 '.code == "unauthenticated"' -- 'also one that is no good'
send GET nobody /gates '' -H 'Cookie: gate_session=nonsense'
expect 200 -- 'what is public needs no good cookie'
send GET nobody /declarations '' -H 'Cookie: gate_session=nonsense'
expect 401 '.code == "session_ended"' -- 'what is not does'
send GET nobody /declarations '' -H "Cookie: ${cookie[desk]}; ${cookie[desk]}"
expect 401 -- 'two cookies of one name are none'
get firm /session
expect 403 '.code == "session_needed"' -- 'a key is no session'
post firm /firm/keys
expect 403 '.code == "session_needed"' -- 'nor makes keys'

# --- a firm's own keys ----------------------------------------------------------------------------

browse desk POST /firm/keys '{"device":"erp"}'
expect 201 '.secret | test("^bg_firm_")' -- 'a person does'
key=$(value .key.id) secret_key=$(value .secret)
send GET nobody /declarations '' -H "Authorization: Bearer $secret_key"
expect 200 -- 'it opens what is the firm'\''s'
browse desk POST /firm/keys
expect 409 '.code == "keys_full"' -- 'two live at a time'
browse desk POST "/firm/keys/3/revoke"
expect 404 -- 'another firm'\''s key is none of theirs'
browse desk POST "/firm/keys/$key/revoke" '{"reason":"thử xong"}'
expect 200 '.key.revoked_at != null' -- 'their own is taken back'
send GET nobody /declarations '' -H "Authorization: Bearer $secret_key"
expect 401 '.code == "key_revoked"' -- 'and is dead'
browse desk GET /firm/keys
expect 200 '[.items[].principal] | unique == [1]' -- 'they see their own'

# --- everywhere, and at once ----------------------------------------------------------------------

first=$url url=$GATE_URL2
for ((i = 0; i < 50; i++)); do
  browse desk GET /declarations
  [[ $status == 200 ]] && break
  sleep 0.02
done
expect 200 -- 'a session is known at the other server'
url=$first
sign_in phone ha.nguyen "$secret"
expect 201 -- 'a second browser'
browse phone DELETE /session
expect 200 '.ended == 1' -- 'signs out'
[[ $(header Set-Cookie) == 'gate_session=; '*'Max-Age=0'* ]] || fail "the cookie: $(header Set-Cookie)"
ok 'and forgets its cookie'
browse phone GET /session
expect 401 -- 'it is over here at once'
over_within 1000 phone "$GATE_URL2" 'and there within a second'
browse desk GET /session
expect 200 -- 'the first browser is still in'

curl -sN "$GATE_URL2/v1/stream" -H "Cookie: ${cookie[desk]}" >"$scratch/stream" &
stream=$!
for ((i = 0; i < 100; i++)); do [[ -s $scratch/stream ]] && break; sleep 0.05; done
[[ -s $scratch/stream ]] || fail 'the stream is silent'
ok 'a session watches the stream'

kill -9 "$(<"$GATE_PID_FILE")"
for ((i = 0; i < 200; i++)); do
  browse desk GET /session
  [[ $status == 200 ]] && break
  sleep 0.1
done
expect 200 '.user.user == "ha.nguyen"' -- 'a session outlives a server that is killed'
browse desk POST /declarations "$filing"
expect 201 -- 'and files on, with the same token'

post admin "/users/$user/disable" '{"reason":"nghỉ việc"}'
expect 200 '.user.disabled_at != null' -- 'a user is disabled'
browse desk GET /session
expect 401 -- 'signed out here at once'
over_within 1000 desk "$GATE_URL2" 'and there within a second'
for ((i = 0; i < 40; i++)); do kill -0 "$stream" 2>/dev/null || break; sleep 0.05; done
if kill -0 "$stream" 2>/dev/null; then fail 'the stream goes on'; fi
ok 'their stream has ended'
sign_in desk ha.nguyen "$secret"
expect 401 '.code == "sign_in_failed"' -- 'and they do not get in again'

# --- guessing -------------------------------------------------------------------------------------

post admin /users '{"tax_code":"9900000023","user":"nam","name":"Nam"}'
user=$(value .user.id) once=$(value .password)
for ((i = 0; i < 5; i++)); do
  sign_in desk nam "guess $i"
  expect 401 -- "guess $((i + 1)) is wrong"
done
sign_in desk nam "$once"
expect 429 '.code == "locked_out"' '.retry_after_s > 20' -- 'then nobody is let try'
same "$(value .retry_after_s)" "$(header Retry-After)" 'for as long as is said'
url=$GATE_URL2
sign_in desk nam "$once"
expect 429 -- 'at the other server neither'
url=$first
post admin "/users/$user/password"
once=$(value .password)
sign_in desk nam "$once"
expect 201 -- 'a new one-time password lifts the lock'

# --- a PIN at its kiosk ---------------------------------------------------------------------------

customs=${GATE_LOGIN_CUSTOMS#*:}
sign_in kiosk customs "$customs"
expect 201 '.role == "officer"' '.agency == "customs"' '.device == null' -- 'an officer signs in'
browse kiosk PUT /session/pin '{"pin":"12345"}'
expect 422 '.errors[0].code == "pin_format"' -- 'a PIN has six digits'
browse kiosk PUT /session/pin '{"pin":"123456"}'
expect 422 '.errors[0].code == "pin_easy"' -- 'not those'
browse kiosk PUT /session/pin '{"pin":"280946","device":"kiosk-3"}'
expect 200 .new_device '.device == "kiosk-3"' -- 'setting one makes the browser a kiosk'
cookie[kiosk.device]=$(header Set-Cookie | cut -d ';' -f 1)
browse kiosk PUT /session/pin '{"pin":"640928"}'
expect 200 '.new_device | not' -- 'setting another does not make another'
[[ -z $(header Set-Cookie) ]] || fail 'the kiosk got another cookie'
sign_in kiosk customs 640928 pin
expect 201 '.way == "pin"' '.device == "kiosk-3"' -- 'at that kiosk the PIN opens a session'
browse kiosk PUT /session/pin '{"pin":"135790"}'
expect 403 '.code == "password_needed"' -- 'in which no PIN is set'
sign_in elsewhere customs 640928 pin
expect 401 '.code == "sign_in_failed"' -- 'elsewhere it opens nothing'
sign_in kiosk health 640928 pin
expect 401 -- 'nor for another officer'
sign_in kiosk customs 640928 pin
browse kiosk POST /scans '{"plate":"29C-999.99"}'
expect 200 '.verdict' -- 'and the kiosk scans'
get admin /devices
expect 200 '.items[0] | .name == "kiosk-3" and .users == ["customs"]' -- 'administrators see the kiosk'
post admin "/devices/$(value '.items[0].id')/disable" '{"reason":"máy bị mất"}'
expect 200 -- 'it is disabled'
browse kiosk GET /session
expect 401 -- 'who was in is out'
sign_in kiosk customs 640928 pin
expect 401 -- 'and its PIN is void'

# --- off the loop ---------------------------------------------------------------------------------

sign_in nam nam "$once"
browse nam PUT /session/password "{\"old\":\"$once\",\"new\":\"$secret\"}"
expect 200 -- 'a password that a person chose is dear to compare'
: >"$scratch/scans"
curl -s -o /dev/null -w '%{http_code} %{time_total}\n' -H "Authorization: Bearer $GATE_TOKEN_CUSTOMS" \
  -H 'Content-Type: application/json' -d '{"plate":"29C-999.99"}' "$url/v1/scans#[1-100000]" >"$scratch/scans" &
scanner=$!
sleep 0.3
before=$(grep -c '^200' "$scratch/scans" || true)
pids=()
for ((i = 0; i < 8; i++)); do
  curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
    -d "{\"user\":\"nam\",\"password\":\"$secret\"}" "$url/v1/sessions" >"$scratch/in.$i" &
  pids+=($!)
done
wait "${pids[@]}"
during=$(($(grep -c '^200' "$scratch/scans") - before))
kill "$scanner"
same '201 201 201 201 201 201 201 201' "$(cat "$scratch"/in.* | xargs)" 'eight sign in at once'
[[ $during -gt 60 ]] || fail "only $during scans were answered meanwhile"
ok "and scans are answered meanwhile ($during, the slowest in $(awk 'NF == 2 { print $2 }' "$scratch/scans" | sort -n | tail -n 1) s)"

# --- what is left behind --------------------------------------------------------------------------

for text in "$secret" "$customs" 640928 argon2id "${cookie[nam]#*=}" "${token[nam]}"; do
  if grep -qF -- "$text" "$GATE_LOG" "$GATE_LOG2"; then fail "a log has $text"; fi
  same 0 "$(psql -XAtq "$GATE_DATABASE_URL" -v text="$text" <<<"select count(*) from gate.event e
    join gate.event_private p using (ledger, seq) where position(:'text' in e.body || p.body) > 0")" 'no secret is in a ledger'
  same 0 "$(psql -XAtq "$GATE_DATABASE_URL" -v text="$text" <<<"select count(*) from gate.reply where position(:'text' in body) > 0")" \
    'nor in a stored answer'
done
ledgers_verify 'after all this the ledgers verify'
