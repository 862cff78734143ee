-- SPDX-License-Identifier: MIT
-- Users, devices and sessions: each change with its event, no event with a secret, failures counted
-- and locked by the wall clock that commands carry. Runs in a seeded sandbox; nothing stays.
begin;
load 'plpgsql_check';             -- before any function runs
select no_plan();

-- Seconds behind a morning, as wall clock.
create function pg_temp.wall(p_s numeric) returns bigint
language sql as $$
  select gate.to_ms(timestamptz '2030-01-07 08:00+07' + p_s * interval '1 second')
$$;

-- One command of ledger 0, at an instant that never moves: sessions must not depend on it.
create function pg_temp.apply(p_verb text, p_args jsonb, p_s numeric default 0)
returns table (code text, status int, body jsonb)
language sql as $$
  select a.code, a.status, a.body::jsonb
  from api.apply(0::smallint, jsonb_build_array(jsonb_build_object(
    'verb', p_verb,
    'now', gate.to_ms(timestamptz '2090-01-01 00:00+07'),
    'actor', case when p_verb <> 'sign_in' then '{"id":0,"role":"admin"}'::jsonb end,
    'args', p_args || jsonb_build_object('wall', pg_temp.wall(p_s))))) a
$$;

create function pg_temp.hash(p_mark text) returns text
language sql as $$
  select '$argon2id$v=19$m=8,t=1,p=1$' || rpad(p_mark, 30, 'x')
$$;

create function pg_temp.head() returns bigint language sql as $$ select seq from gate.ledger where number = 0 $$;

create function pg_temp.last_event(p_back int default 0) returns jsonb
language sql as $$
  select e.body::jsonb - '{ledger,seq,at,private}'::text[]
  from gate.event e
  where e.ledger = 0 and e.seq = pg_temp.head() - p_back
$$;

-- One attempt to sign in: a cookie's hash of its own, secrets as they were when it began.
create sequence pg_temp.cookies;
create function pg_temp.attempt(
  p_user text, p_ok boolean, p_s numeric, p_more jsonb default '{}')
returns text
language sql as $$
  select a.code
  from gate.user_account u
  right join (select p_user as login) x on x.login = u.login
  cross join lateral pg_temp.apply('sign_in', jsonb_build_object(
    'user', p_user, 'account', u.id, 'ok', p_ok, 'way', 'password',
    'secret_at', gate.to_ms(u.password_at),
    'hash', lpad(to_hex(nextval('pg_temp.cookies')), 64, '0')) || p_more, p_s) a
$$;

create function pg_temp.live(p_user text, p_s numeric) returns bigint
language sql as $$
  select count(*)
  from gate.session s
  join gate.user_account u on u.id = s.account
  where u.login = p_user and s.ended_at is null and s.expires_at > gate.from_ms(pg_temp.wall(p_s))
$$;

-- users
create temporary table ha as
select (body #>> '{user,id}')::int as id, code, status, body
from pg_temp.apply('user_add', jsonb_build_object(
  'tax_code', '9900000016', 'user', 'ha', 'name', 'Hà', 'password', pg_temp.hash('one'), 'must_change', true));
select is((select code || status from ha), 'ok201', 'a user is added for a firm');
select unalike((select body::text from ha), '%argon2%', 'and shown without a password');
select is(pg_temp.last_event() - 'user', '{"type":"user_added","by":0,"principal":1}', 'the event says whom they act for');
select is(
  (select body::jsonb from gate.event_private where ledger = 0 and seq = pg_temp.head()),
  '{"login":"ha","name":"Hà"}', 'their name is its private part');
select is((select e.firm from gate.event_private e where ledger = 0 and seq = pg_temp.head()), 1, 'for their firm to see');
select is(
  (select code from pg_temp.apply('user_add', jsonb_build_object(
    'tax_code', '9900000016', 'user', 'nam', 'name', 'Nam', 'password', pg_temp.hash('n'), 'must_change', false))),
  'ok', 'a firm has several');
select is(
  (select code || (body #>> '{errors,0,pointer}') from pg_temp.apply('user_add', jsonb_build_object(
    'tax_code', '9900000023', 'user', 'ha', 'name', 'Hà', 'password', pg_temp.hash('n'), 'must_change', false))),
  'already_exists/user', 'a name is taken once');
select is(
  (select code || (body #>> '{errors,0,pointer}') from pg_temp.apply('user_add', jsonb_build_object(
    'principal', 3, 'user', 'two', 'name', 'Two', 'password', pg_temp.hash('n'), 'must_change', false))),
  'already_exists/principal', 'an officer is one person');
select is(
  (select code from pg_temp.apply('user_add', jsonb_build_object(
    'principal', 0, 'user', 'two', 'name', 'Two', 'password', pg_temp.hash('n'), 'must_change', false))),
  'not_found', 'the command line signs in nowhere');
select is(
  (select body from pg_temp.apply('user_add', jsonb_build_object(
    'principal', 1, 'user', 'two', 'name', 'Two', 'password', 'plain text', 'must_change', false))),
  '{"constraint":"user_password_form"}', 'nothing but a hash is stored');

-- signing in
select is(pg_temp.attempt('ha', true, 1), 'ok', 'the right password opens a session');
select is(pg_temp.last_event() - '{user,session}'::text[], '{"type":"signed_in","by":1,"way":"password"}', 'with its event');
select is(
  (select body::jsonb #>> '{sessions,0,must_change}' from api.sessions(
    jsonb_build_object('since', 0, 'wall', pg_temp.wall(1)))), 'true', 'servers learn that the password must be changed');
select is(pg_temp.live('ha', 86400), 1::bigint, 'a firm''s lasts a day');
select is(pg_temp.live('ha', 86402), 0::bigint, 'and no longer');
select is(pg_temp.attempt('customs', true, 1), 'ok', 'an officer''s');
select is(pg_temp.live('customs', 43200), 1::bigint, 'lasts a shift');
select is(pg_temp.live('customs', 43202), 0::bigint, 'of 12 hours');
select is(
  (select array_agg(distinct idle_s) from gate.session s join gate.user_account u on u.id = s.account where u.login in ('ha', 'customs')),
  '{1800,43200}', 'a firm''s ends when it is left for half an hour');
select is(
  pg_temp.attempt('ha', true, 2, '{"secret_at":1}'), 'sign_in_failed', 'a password that was changed meanwhile does not');
select is(pg_temp.attempt('nobody.here', false, 2), 'sign_in_failed', 'nor does a name that nobody has');
select is(pg_temp.last_event(), '{"type":"sign_in_failed","by":null,"user":null,"failures":1}', 'which the ledger tells without it');

-- locks of a name
select is(pg_temp.attempt('nam', false, 10 + n), 'sign_in_failed', 'wrong, ' || n) from generate_series(1, 5) n;
select is(pg_temp.attempt('nam', true, 16), 'locked_out', 'after five even the right one waits');
select is(
  (select body #>> '{retry_after_s}' from pg_temp.apply('sign_in', '{"user":"NAM","ok":true,"way":"password"}', 16)),
  '29', 'for half a minute, however the name is written');
select is(
  (select code from api.sign_in_begin(jsonb_build_object('user', 'nam', 'wall', pg_temp.wall(16)))),
  'locked_out', 'and is not even compared');
select is(
  (select array_agg(x.t order by x.t) from (
    select body::jsonb ->> 'type' as t from gate.event
    where ledger = 0 and body::jsonb ->> 'user' = (select id::text from gate.user_account where login = 'nam') and type like '%fail%' or type = 'user_locked') x),
  '{sign_in_failed,user_locked}', 'five failures within a minute are two events');
select is(pg_temp.last_event() ->> 'failures', '4', 'that count them all');
select is(pg_temp.attempt('nam', false, 46), 'sign_in_failed', 'then one more wrong one');
select is(pg_temp.attempt('nam', true, 105), 'locked_out', 'locks for twice as long');
select is(pg_temp.attempt('nam', true, 107), 'ok', 'until it is over');
select is(pg_temp.attempt('nam', false, 108), 'sign_in_failed', 'a success forgets the failures');
select is(pg_temp.attempt('nam', true, 109), 'ok', 'so one more locks nobody');
select is(gate.lock_after('pair', 40), interval '15 minutes', 'no lock is longer than a quarter of an hour');
select is(pg_temp.attempt('nobody.here', false, 200 + n), 'sign_in_failed', 'a name that nobody has, ' || n + 1) from generate_series(1, 4) n;
select is(pg_temp.attempt('nobody.here', false, 206), 'locked_out', 'is locked like any other');
select unalike(string_agg(f::text, ' '), '%nobody.here%', 'and not kept: it may be a password') from gate.sign_in_failure f;

-- locks of a name, by where the guesses come from
select is(
  (select code from pg_temp.apply('user_add', jsonb_build_object(
    'tax_code', '9900000016', 'user', 'lan', 'name', 'Lan', 'password', pg_temp.hash('l'), 'must_change', false))),
  'ok', 'another user');
select is(pg_temp.attempt('lan', true, 210, '{"address":"192.0.2.1"}'), 'ok', 'the owner is at work');
select is(
  (select array_agg(distinct pg_temp.attempt('lan', false, 211, '{"address":"198.51.100.9"}')) from generate_series(1, 5) n),
  '{sign_in_failed}', 'somebody guesses elsewhere');
select is(pg_temp.attempt('lan', true, 212, '{"address":"198.51.100.9"}'), 'locked_out', 'and is locked out');
select is(pg_temp.attempt('lan', true, 212, '{"address":"192.0.2.1"}'), 'ok', 'which the owner does not notice');
select is(
  (select array_agg(distinct pg_temp.attempt('lan', false, 220, jsonb_build_object('address', '198.51.100.' || 10 + n))) from generate_series(1, 46) n),
  '{sign_in_failed}', 'so do forty-six others, over fifty in all');
select is(pg_temp.attempt('lan', true, 221, '{"address":"203.0.113.5"}'), 'locked_out', 'then the name is locked where it is not known');
select is(pg_temp.attempt('lan', true, 221, '{"address":"192.0.2.1"}'), 'ok', 'not where it signed in before');
select is(
  (select array_agg(x order by n) from generate_series(1, 6) n, pg_temp.attempt('nobody.v6', n > 5, 230,
     jsonb_build_object('address', '2001:db8:1:2::' || n)) x),
  '{sign_in_failed,sign_in_failed,sign_in_failed,sign_in_failed,sign_in_failed,locked_out}', 'the addresses of one IPv6 network are one');
select is(round(gate.failures_left('user', 50, interval '30 minutes')::numeric, 3), 48.000, 'of a name one is forgotten each quarter of an hour');

-- locks of an address
select is(
  (select array_agg(distinct pg_temp.attempt('guess' || n, false, 300, '{"address":"192.0.2.7"}')) from generate_series(1, 30) n),
  '{sign_in_failed}', 'thirty names from one address');
select is(pg_temp.last_event() ->> 'type', 'address_locked', 'as the ledger tells');
select is(pg_temp.attempt('ha', true, 301, '{"address":"192.0.2.7"}'), 'locked_out', 'lock it for everybody');
select is(pg_temp.attempt('ha', true, 301, '{"address":"192.0.2.8"}'), 'ok', 'who comes from there');
select is(
  (select array_agg(distinct pg_temp.attempt('late' || n, false, 1000 + 70 * n, '{"address":"192.0.2.20"}')) from generate_series(1, 60) n),
  '{sign_in_failed}', 'an office that mistypes once in a while is never locked');

-- the own password
create temporary table here as
select max(s.id) as id, u.id as account, gate.to_ms(u.password_at) as at
from gate.session s join gate.user_account u on u.id = s.account where u.login = 'ha' group by u.id;
create function pg_temp.change(p_ok boolean, p_s numeric) returns text
language sql as $$
  select a.code || coalesce(a.body #>> '{errors,0,code}', '')
  from here, pg_temp.apply('password_change', jsonb_build_object(
    'ok', p_ok, 'account', account, 'session', id, 'password', pg_temp.hash('two'), 'password_was', at), p_s) a
$$;
select is(pg_temp.change(false, 400), 'invalid_fieldspassword_wrong', 'the old password is needed for another');
select is(pg_temp.live('ha', 400), 2::bigint, 'a wrong one changes nothing');
select is(pg_temp.change(true, 401), 'ok', 'the right one does');
select is(pg_temp.live('ha', 401), 1::bigint, 'and ends all sessions but this one');
select is((select must_change from gate.user_account where login = 'ha'), false, 'nothing more must be changed');
select is(pg_temp.change(true, 402), 'invalid_fieldspassword_wrong', 'what was compared with the one before is void');

-- PINs
create function pg_temp.pin(p_secret text, p_fresh text, p_s numeric) returns jsonb
language sql as $$
  select a.body
  from gate.user_account u
  join gate.session s on s.account = u.id and s.ended_at is null,
  pg_temp.apply('pin_set', jsonb_build_object(
    'account', u.id, 'session', s.id, 'pin', pg_temp.hash('pin'), 'hash', p_secret, 'new_hash', p_fresh), p_s) a
  where u.login = 'customs'
$$;
create temporary table kiosk as
select pg_temp.pin(null, repeat('ab', 32), 500) as body;
select is((select body ->> 'new_device' from kiosk), 'true', 'a PIN makes the browser a kiosk');
select alike((select body ->> 'device' from kiosk), 'kiosk-%', 'with a name');
select is(pg_temp.pin(repeat('ab', 32), repeat('cd', 32), 501) ->> 'new_device', 'false', 'the next one knows it');
select is((select count(*) from gate.device), 1::bigint, 'so it stays one');
create function pg_temp.has_pin(p_secret text) returns boolean
language sql as $$
  select (body::jsonb ->> 'pin') is not null
  from api.sign_in_begin(jsonb_build_object('user', 'customs', 'device', p_secret, 'wall', pg_temp.wall(502)))
$$;
select is(pg_temp.has_pin(repeat('ab', 32)), true, 'there is a PIN at this kiosk');
select is(pg_temp.has_pin(repeat('cd', 32)), false, 'none elsewhere');
select is(pg_temp.has_pin(null), false, 'and none at no kiosk');
create function pg_temp.try_pin(p_ok boolean, p_s numeric) returns text
language sql as $$
  select pg_temp.attempt('customs', p_ok, p_s, jsonb_build_object('way', 'pin', 'device', d.id, 'secret_at', gate.to_ms(n.set_at)))
  from gate.device d left join gate.user_pin n on n.device = d.id
$$;
select is(pg_temp.try_pin(true, 510), 'ok', 'it opens a session');
select is((select device is not null and way = 'pin' from gate.session order by id desc limit 1), true, 'of that kiosk');
select is(pg_temp.try_pin(false, 1000 * n), 'sign_in_failed', 'a wrong PIN, ' || n) from generate_series(1, 5) n;
select is(pg_temp.has_pin(repeat('ab', 32)), false, 'after five it is taken away');
select is(pg_temp.try_pin(true, 9000), 'sign_in_failed', 'then the right one opens nothing');
create temporary table again as select pg_temp.pin(repeat('ab', 32), repeat('cd', 32), 9100);
select is((select code from gate.device d, pg_temp.apply('device_disable', jsonb_build_object('id', d.id), 9200)), 'ok', 'a kiosk is disabled');
select is(pg_temp.has_pin(repeat('ab', 32)), false, 'its PINs open nothing');
select is(
  (select count(*) from gate.session where device is not null and ended_at is null), 0::bigint, 'who was signed in there is out');
select is(pg_temp.attempt('customs', true, 9300), 'ok', 'elsewhere they sign in');

-- ends
select is((select pg_temp.live('nam', 110)), 2::bigint, 'two sessions');
select is(
  (select code || (body ->> 'ended') from gate.user_account u, pg_temp.apply('sign_out', jsonb_build_object('account', u.id, 'session', 0, 'everywhere', true), 111)
   where u.login = 'nam'), 'ok2', 'signed out everywhere at once');
select is(pg_temp.last_event() ->> 'sessions', '2', 'with one event');
select is(
  (select count(*) from generate_series(1, 25) n where pg_temp.attempt('nam', true, 700 + n) = 'ok'), 25::bigint, 'many sign-ins');
select is(pg_temp.live('nam', 800), 20::bigint, 'leave twenty sessions');
select is(
  (select code from gate.user_account u, pg_temp.apply('password_set', jsonb_build_object(
    'id', u.id, 'password', pg_temp.hash('three'), 'must_change', true), 900) where u.login = 'nam'), 'ok', 'a new one-time password');
select is(pg_temp.live('nam', 900), 0::bigint, 'ends them all');
select is(pg_temp.attempt('nam', true, 901), 'ok', 'and is good');
select is(
  (select code from gate.user_account u, pg_temp.apply('user_disable', jsonb_build_object('id', u.id, 'reason', 'left'), 902)
   where u.login = 'nam'), 'ok', 'a user is disabled');
select is(pg_temp.live('nam', 902), 0::bigint, 'signed out');
select is(pg_temp.attempt('nam', true, 903), 'sign_in_failed', 'and signs in no more');
select is((select code from pg_temp.apply('firm_disable', '{"firm":1}', 950)), 'ok', 'a firm is disabled');
select is(pg_temp.live('ha', 950), 0::bigint, 'its people are out');
select is(pg_temp.attempt('ha', true, 951), 'sign_in_failed', 'and stay out');
select is((select code from pg_temp.apply('officer_disable', '{"officer":3}', 9400)), 'ok', 'so is an officer');
select is(pg_temp.live('customs', 9400), 0::bigint, 'who is disabled');

-- what servers hold in memory
select is(
  (select jsonb_array_length(body::jsonb -> 'sessions') from api.sessions(jsonb_build_object(
    'since', (select version from gate.config_version where topic = 'sessions'), 'wall', pg_temp.wall(950)))),
  0, 'nothing is new behind the newest version');
select is(
  (select body::jsonb #>> '{sessions,0,ended}' from api.sessions(jsonb_build_object(
    'since', (select version - 1 from gate.config_version where topic = 'sessions'), 'wall', pg_temp.wall(950)))),
  'true', 'the last one that ended is new to the one before');
select is(
  (select jsonb_array_length(body::jsonb -> 'sessions') from api.session_usage(jsonb_build_object(
    'since', pg_temp.wall(100000), 'sessions', jsonb_build_array(jsonb_build_object(
      'session', (select max(id) from gate.session), 'used_ms', pg_temp.wall(100001)))))),
  1, 'a use that one server tells is heard by all');

-- what keys are used for
create function pg_temp.used(p_s numeric, p_requests int) returns text
language sql as $$
  select code from api.usage(jsonb_build_object('keys', jsonb_build_array(
    jsonb_build_object('key', 1, 'used_ms', pg_temp.wall(p_s), 'requests', p_requests))))
$$;
select is(pg_temp.used(0, 3), 'ok', 'a key made three requests');
select is(pg_temp.used(10, 4), 'ok', 'then four');
select is(pg_temp.used(57600, 1), 'ok', 'and one at midnight in Hanoi');
create function pg_temp.days(p_s numeric) returns jsonb
language sql as $$
  select body::jsonb #> '{items,0,days}'
  from api.firm_keys(jsonb_build_object('now', pg_temp.wall(p_s), 'actor', jsonb_build_object('id', 1)))
$$;
select is(pg_temp.days(57600), '[{"day":"2030-01-07","requests":7},{"day":"2030-01-08","requests":1}]', 'its firm sees each day''s');
select is(pg_temp.days(86400 * 29), '[{"day":"2030-01-07","requests":7},{"day":"2030-01-08","requests":1}]', 'for thirty days');
select is(pg_temp.days(86400 * 31), '[]', 'and no longer');

-- no secret is where it does not belong
select is(
  (select count(*) from gate.event e join gate.event_private p using (ledger, seq)
   where ledger = 0 and (e.body || coalesce(p.body, '')) ~ 'argon2|"(pin|password|hash)":'), 0::bigint, 'no event holds a password or a PIN');
select is((select count(*) from gate.reply where body ~ 'argon2'), 0::bigint, 'nor does a stored answer');

-- the code itself
select is_empty(
  $$ select p.oid::regprocedure, c.message
     from pg_proc p
     join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
     cross join lateral plpgsql_check_function_tb(p.oid) c
     where p.pronamespace in ('gate'::regnamespace, 'api'::regnamespace)
       and p.proname ~ '^(user|password|pin|device|session|sign|failure|lock|subject|network)'
       and c.level in ('error') $$,
  'plpgsql_check finds no error');

select * from finish();
rollback;
