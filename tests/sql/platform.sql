-- SPDX-License-Identifier: MIT
-- The platform's ledger: people, keys, rules; each change with its event, each refusal without one.
-- Runs as superuser in a seeded sandbox; nothing stays.
begin;
load 'plpgsql_check';             -- before any function runs
select no_plan();

-- One command of ledger 0 as principal 0, at a time later than the seed's; its answer.
create function pg_temp.apply(p_verb text, p_args jsonb, p_later interval default '0')
returns table (code text, status int, body jsonb)
language sql as $$
  select a.code, a.status, a.body::jsonb
  from api.apply(0::smallint, jsonb_build_array(jsonb_build_object(
    'verb', p_verb,
    'now', gate.to_ms(timestamptz '2090-01-01 00:00+07' + p_later),
    'client', 0,
    'actor', '{"id":0,"role":"admin","agency":null,"firm":null,"gates":[],"device":null}'::jsonb,
    'args', p_args))) a
$$;

create function pg_temp.head() returns bigint
language sql as $$
  select seq from gate.ledger where number = 0
$$;

create function pg_temp.topic(p_topic text) returns bigint
language sql as $$
  select version from gate.config_version where topic = p_topic
$$;

-- firms
create temporary table before as select pg_temp.head() as seq, pg_temp.topic('principals') as version;
select results_eq(
  $$ select code, status, body -> 'firm' ->> 'tax_code' from pg_temp.apply('firm_add', '{"tax_code":"0100047516","name":"Đầu tiên"}') $$,
  $$ values ('ok', 201, '0100047516') $$,
  'a firm is added');
select is(pg_temp.head(), (select seq + 1 from before), 'with one event');
select is(pg_temp.topic('principals'), (select version + 1 from before), 'and servers are told');
select is(
  (select body::jsonb - '{ledger,seq,at,private,firm,principal}'::text[] from gate.event where ledger = 0 and seq = pg_temp.head()),
  '{"type":"firm_added","by":0}', 'whose public part names nobody');
select is(
  (select body::jsonb from gate.event_private where ledger = 0 and seq = pg_temp.head()),
  '{"tax_code":"0100047516","name":"Đầu tiên"}', 'and whose private part does');
select is(
  (select code from pg_temp.apply('firm_add', '{"tax_code":"0100047516","name":"Zweite"}')),
  'already_exists', 'a tax code is taken once');
select is(
  (select body from pg_temp.apply('firm_add', '{"tax_code":"01000","name":"Short"}')),
  '{"constraint":"firm_tax_code_form"}', 'a malformed tax code breaks a named constraint');
select is(
  (select body from pg_temp.apply('firm_add', '{"tax_code":"0100109106","name":""}')),
  '{"constraint":"firm_name_length"}', 'so does an empty name');
select is(pg_temp.head(), (select seq + 1 from before), 'refusals leave no event');
select is(
  (select code from pg_temp.apply('firm_disable', '{"tax_code":"0100109106"}')),
  'not_found', 'only a firm that exists can be disabled');

-- officers
select is(
  (select body #> '{officer,gates}' from pg_temp.apply('officer_add',
    '{"name":"A","role":"officer","agency":"customs","gates":["TT"]}')),
  '["TT"]', 'an officer works at the named gates');
select is(
  (select body #> '{errors,0,pointer}' from pg_temp.apply('officer_add',
    '{"name":"A","role":"officer","agency":"customs","gates":["TT","XX"]}')),
  '"/gates"', 'a gate must exist');
select is(
  (select body ->> 'constraint' from pg_temp.apply('officer_add', '{"name":"A","role":"officer","gates":["TT"]}')),
  'principal_agency_by_role', 'an officer has an agency');
select is(
  (select body ->> 'constraint' from pg_temp.apply('officer_add', '{"name":"A","role":"king","gates":["TT"]}')),
  'principal_role_known', 'a role is one of those known');
select is(
  (select body #>> '{errors,0,pointer}' from pg_temp.apply('officer_add', '{"name":"A","role":"firm","gates":[]}')),
  '/role', 'a firm is no officer');
select is(
  (select code from pg_temp.apply('officer_disable', '{"officer":0}')), 'not_found',
  'the command line cannot be disabled');

-- keys
create temporary table holder as
  select p.id from gate.principal p join gate.firm f on f.id = p.firm where f.tax_code = '0100047516';
create function pg_temp.issue(p_hash text, p_expires bigint default null)
returns table (code text, status int, body jsonb)
language sql as $$
  select *
  from pg_temp.apply('key_issue', jsonb_build_object(
    'principal', (select id from holder), 'prefix', 'bg_firm_abcd', 'hash', repeat(p_hash, 32),
    'expires_at', p_expires))
$$;
select is((select code from pg_temp.issue('a1')), 'ok', 'a key is issued');
select is((select code from pg_temp.issue('a1')), 'invalid_fields', 'a hash is used once');
select is((select code from pg_temp.issue('a2')), 'ok', 'a second key lives beside the first');
select is((select code from pg_temp.issue('a3')), 'keys_full', 'a third does not');
select is(
  (select code from pg_temp.apply('key_revoke', jsonb_build_object('key',
    (select id from gate.api_key where hash = decode(repeat('a1', 32), 'hex'))))),
  'ok', 'the first is revoked');
select is((select code from pg_temp.issue('a3')), 'ok', 'then there is room');
select is(
  (select count(*) from gate.event where ledger = 0 and body like '%' || repeat('a1', 32) || '%')
  + (select count(*) from gate.event_private where ledger = 0 and body like '%' || repeat('a1', 32) || '%'),
  0::bigint, 'no event holds a hash');
select is(
  (select (k ->> 'revoked') || ' ' || (k ->> 'role') from api.principals('{}') p, jsonb_array_elements(p.body::jsonb -> 'keys') k
   where k ->> 'hash' = repeat('a2', 32)),
  'false firm', 'servers read the key by its hash');
select is(
  (select k -> 'gates' from api.principals('{}') p, jsonb_array_elements(p.body::jsonb -> 'keys') k
   where k ->> 'hash' = repeat('a2', 32)),
  '[1, 2]', 'a firm may go through every gate');
select is((select code from pg_temp.apply('firm_disable', '{"tax_code":"0100047516","reason":"x"}')), 'ok', 'the firm is disabled');
select is(
  (select bool_and((k ->> 'revoked')::boolean) from api.principals('{}') p, jsonb_array_elements(p.body::jsonb -> 'keys') k
   where (k ->> 'principal')::int = (select id from holder)),
  true, 'and all its keys with it');
select is((select code from pg_temp.issue('a4')), 'not_found', 'nobody issues keys to it any more');

-- usage
select is(
  (select code from api.usage(jsonb_build_object('keys', jsonb_build_array(
    jsonb_build_object('key', (select max(id) from gate.api_key), 'used_ms', 2000),
    jsonb_build_object('key', -1, 'used_ms', 2000))))),
  'ok', 'usage is noted, and that of a key that never was passed over');
select is(
  (select code from api.usage(jsonb_build_object('keys', jsonb_build_array(
    jsonb_build_object('key', (select max(id) from gate.api_key), 'used_ms', 1000))))),
  'ok', 'older usage arrives late');
select is(
  (select gate.to_ms(last_used_at) from gate.api_key_usage where key = (select max(id) from gate.api_key)),
  2000::bigint, 'and changes nothing');

-- rules
select is(
  (select body #>> '{credits,perishable}' from pg_temp.apply('credits_set', '{"credits":{"perishable":60}}')),
  '60', 'a credit changes in a new version');
select is(
  (select r.credits ->> 'general' from gate.queue_rule r order by version desc limit 1),
  (select r.credits ->> 'general' from gate.queue_rule r order by version limit 1),
  'what is not named stays');
select is((select code from pg_temp.apply('credits_set', '{"credits":{"gold":60}}')), 'invalid_fields', 'a credit is for a class of goods');
select is((select code from pg_temp.apply('credits_set', '{"credits":{"empty":-1}}')), 'invalid_fields', 'and is never negative');
select is((select code from pg_temp.apply('credits_set', '{"grace_s":0}')), 'invalid_fields', 'a grace of nothing is none');
select is((select code from pg_temp.apply('credits_set', '{"effective_from":5}')), 'effective_past', 'the past stays as it was');
select is(
  (select code from pg_temp.apply('window_set', '{"gate":"CKHN","direction":"export","places":7}')), 'ok', 'windows change');
select is(
  (select code from pg_temp.apply('window_set', '{"gate":"XX","direction":"export","places":7}')), 'not_found', 'of gates that exist');
select is(
  (select w ->> 'places' from api.windows('{"now":3786912000000,"gate":"CKHN"}') x, jsonb_array_elements(x.body::jsonb -> 'items') w
   where w ->> 'direction' = 'export' and w ->> 'effective_until' is null),
  '7', 'and are read');
select is(
  (select code from pg_temp.apply('procedure_add', '{"note":"x","steps":[{"role":"main","direction":"export","step":"registered","needed":"always"}]}')),
  'invalid_fields', 'a procedure in which nothing joins the queue is none');
select is(
  (select code from pg_temp.apply('procedure_add', '{"note":"x","steps":[{"role":"main","direction":"export","step":"registered","needed":"always","joins":true,"own":["nonsense"]}]}')),
  'invalid_fields', 'nor one that waits for a step that does not exist');
select is(
  (select body #>> '{errors,0,detail}' from pg_temp.apply('procedure_add', '{"note":"x","steps":[
    {"role":"main","direction":"export","step":"registered","needed":"always","own":["fee_paid"]},
    {"role":"main","direction":"export","step":"fee_paid","needed":"always","own":["registered"]},
    {"role":"main","direction":"export","step":"yard_in","needed":"always","joins":true},
    {"role":"main","direction":"export","step":"called","needed":"always","own":["yard_in"]},
    {"role":"main","direction":"export","step":"exit","needed":"always","own":["called"]}]}')),
  'import main exit, import receiving exit, export main registered, export main fee_paid', 'nor one that some vehicle could never leave by');
select is(
  (select body #>> '{errors,0,pointer}' from pg_temp.apply('procedure_add', '{"note":"x","steps":[
    {"role":"main","direction":"export","step":"yard_in","needed":"always","joins":true},
    {"role":"main","direction":"export","step":"yard_in","needed":"optional"}]}')),
  '/steps/1', 'nor one that says a step twice');
select is(
  (select count(*) from gate.procedure), 1::bigint, 'and nothing of them is left');
select is(gate.procedure_stuck(1), '{}', 'by the seeded one everybody comes out');
select is(
  (select code from pg_temp.apply('reference_set', '{"kind":"unit","code":"KGM","effective_from":"2091-01-01","vi":"a","en":"b","zh":"c"}')),
  'ok', 'reference data changes from a day on');
select is(
  (select code from pg_temp.apply('reference_set', '{"kind":"unit","code":"KGM","effective_from":"2021-01-01","vi":"a","en":"b","zh":"c"}')),
  'effective_past', 'that has not passed');
select is(
  (select code from pg_temp.apply('hs_class_set', '{"prefix":"08","effective_from":"2091-01-01","class":"general"}')),
  'ok', 'the class of an HS code changes from a day on');
select is(
  (select effective_until from gate.hs_class where prefix = '08' and class = 'perishable'),
  '2091-01-01'::date, 'on which the one before ends');
-- a version entered late, but earlier than one that lies ahead, ends where that begins
select is(
  (select code from pg_temp.apply('hs_class_set', '{"prefix":"08","effective_from":"2090-06-01","class":"electronics"}')),
  'ok', 'the class changes again, before that');
select is(
  (select string_agg(class || ' ' || coalesce(effective_until::text, 'open'), ', ' order by effective_from) from gate.hs_class where prefix = '08'),
  'perishable 2090-06-01, electronics 2091-01-01, general open', 'each class ends where the next begins');
select is(
  (select code from pg_temp.apply('reference_set', '{"kind":"unit","code":"KGM","effective_from":"2090-06-01","vi":"a","en":"b","zh":"c"}')),
  'ok', 'reference data, too');
select is(
  (select string_agg(coalesce(effective_until::text, 'open'), ', ' order by effective_from desc) from gate.reference where kind = 'unit' and code = 'KGM' and effective_from > '2090-01-01'),
  'open, 2091-01-01', 'ends where the next begins');
select throws_ok(
  $$ insert into gate.reference (kind, code, effective_from, vi, en, zh) values ('unit', 'KGM', '2090-09-01', 'a', 'b', 'c') $$,
  '23P01', null, 'two versions never overlap');
select throws_ok(
  $$ update gate.hs_class set effective_until = null where prefix = '08' and class = 'perishable' $$,
  '23P01', null, 'nor two classes');

-- a new rule builds upon the one in force when it starts, not upon one that lies ahead
select is(
  (select code from pg_temp.apply('credits_set', jsonb_build_object('credits', '{"perishable":7200}'::jsonb, 'grace_s', 60, 'effective_from', gate.to_ms('2092-01-01 00:00+07')))),
  'ok', 'a rule for later');
select is(
  (select body #>> '{credits,perishable}' || ' ' || (body ->> 'grace_s') from pg_temp.apply('credits_set', '{"credits":{"general":120}}')),
  (select r.credits ->> 'perishable' || ' ' || r.grace_s from gate.rule_at('2090-01-01 00:00+07') r),
  'one for now takes nothing of it');
select is(
  (select body ->> 'grace_s' from pg_temp.apply('credits_set', jsonb_build_object('swaps', 3, 'effective_from', gate.to_ms('2093-01-01 00:00+07')))),
  '60', 'one behind it does');
select is((select count(*) = max(version) from gate.queue_rule), true, 'each has a version of its own');
select throws_ok(
  $$ select * from pg_temp.apply('nonsense', '{}') $$, 'GT002', null, 'an unknown verb is a mistake of the caller');

-- pages
select is(
  (select code from api.officers(jsonb_build_object('after', (select body::jsonb ->> 'next' from api.officers('{"limit":1}'))))),
  'ok', 'a page goes on where the last one ended');
select is(
  (select code from api.officers(jsonb_build_object('role', 'admin', 'after', (select body::jsonb ->> 'next' from api.officers('{"limit":1}'))))),
  'invalid_cursor', 'a cursor of another filter is refused');
select is((select code from api.firms('{"after":"%%%"}')), 'invalid_cursor', 'so is one that is none');

-- the code itself
select is_empty(
  $$ select p.oid::regprocedure, c.message
     from pg_proc p
     join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
     cross join lateral plpgsql_check_function_tb(p.oid) c
     where p.pronamespace in ('gate'::regnamespace, 'api'::regnamespace)
       and p.prorettype <> 'trigger'::regtype
       and p.proname ~ '^(platform|firm|officer|key|procedure_add|credits|window_set|reference|hs_class|pass_key)'
       and c.level in ('error') $$,
  'plpgsql_check finds no error');

select * from finish();
rollback;
