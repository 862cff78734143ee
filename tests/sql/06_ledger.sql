-- The ledger: gapless, chained, final; private parts apart and erasable; who may touch what.
\ir helpers.psql
select no_plan();

select is(t.joins('29C00001', t.at('08:00')), 'ok ', 'some events');
select is(t.call(1, t.at('08:01')), 'ok', 'of several kinds');
select is(t.step('29C00001', 'gate_in', t.at('08:02'), '{"note":"Nguyễn Văn An, 0912345678"}'), 'ok', 'one with a note');
select is(t.run(1, 'swap', t.at('08:03'), 'supervisor', jsonb_build_object('crossing', t.id('29C00001'), 'plate', '29C00009', 'reason', 'hỏng')), 'ok', 'a swap');
select is(t.joins('30H00001', t.at('08:00'), '08106000', 2), 'ok ', 'and of the other gate');

-- recomputed from outside: hash(n) = sha256(hash(n-1) || body(n)), hash(0) = sha256(code)
create temporary view chain as
  select e.ledger, e.seq, e.hash, sha256(coalesce(lag(e.hash) over w, sha256(convert_to(l.code, 'UTF8'))) || convert_to(e.body, 'UTF8')) as again,
    e.seq - coalesce(lag(e.seq) over w, 0) as step, e.body, e.at, e.type, e.crossing
  from gate.event e join gate.ledger l on l.number = e.ledger window w as (partition by e.ledger order by e.seq);
select is((select count(*) from chain where hash <> again), 0::bigint, 'every hash is that of the one before and the body');
select is((select count(*) from chain where step <> 1), 0::bigint, 'no number is missing');
select is((select array_agg((l.seq, l.hash)::text order by l.number) from gate.ledger l where l.number in (1, 2)),
  (select array_agg((c.seq, c.hash)::text order by c.ledger) from (select distinct on (ledger) * from chain where ledger in (1, 2) order by ledger, seq desc) c), 'the heads are the last ones');
select is((select count(*) from chain c join gate.ledger l on l.number = c.ledger where c.body::jsonb ->> 'ledger' <> l.code or (c.body::jsonb ->> 'seq')::bigint <> c.seq or c.body::jsonb ->> 'type' <> c.type), 0::bigint, 'a body names its ledger, number and type');

-- private parts: digest with salt, in a table of its own
select is((select count(*) from gate.event e join gate.event_private p using (ledger, seq)
  where e.body::jsonb ->> 'private' <> encode(sha256(p.salt || convert_to(p.body, 'UTF8')), 'hex')), 0::bigint, 'each public part holds the salted digest of its private part');
select is((select count(*) from gate.event where ledger in (1, 2)), (select count(*) from gate.event_private where ledger in (1, 2)), 'each has one');
select is((select count(*) from gate.event_private group by salt having count(*) > 1), null, 'no salt is used twice');
select is((select count(*) from gate.event where ledger in (1, 2) and (body ~ '29C0000|30H0000|Nguyễn|0912345678|hỏng|Firm')), 0::bigint, 'no plate, name, phone, reason or firm is public');
select ok((select count(*) > 0 from gate.event_private where body ~ 'Nguyễn Văn An'), 'they are in the private part');
select is((select count(*) from gate.event e where ledger = 1 and type in ('step', 'called') and body::jsonb ? 'joined_at' and not (body::jsonb ?& '{class,rank_at,rule,direction}')), 0::bigint, 'what the queue rule reads is public');

-- final, even for the owner
select throws_ok('update gate.event set body = body', 'GT001', null, 'no event is changed');
select throws_ok('delete from gate.event', 'GT001', null, 'or deleted');
select throws_ok('truncate gate.event', 'GT001', null, 'or truncated');
select throws_ok('delete from gate.event_private', 'GT001', null, 'no private part is deleted');
select throws_ok($$update gate.event_private set body = '{}'$$, 'GT001', null, 'or changed');
select throws_ok($$update gate.event_private set salt = '\x00000000000000000000000000000000', body = null$$, 'GT001', null, 'nor its salt');
select lives_ok('update gate.event_private set body = null where ledger = 1 and seq = 1', 'but erased');
select is((select count(*) from chain where hash <> again), 0::bigint, 'which leaves the chain whole');
select throws_ok('delete from gate.platform', 'GT001', null, 'a sandbox stays one');

-- the service calls functions, and nothing else
select is((select count(*) from information_schema.role_table_grants where grantee in ('gate_service', 'PUBLIC') and table_schema in ('gate', 'api')), 0::bigint, 'no table is granted to the service');
select is((select array_agg(p.proname::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'gate' and has_function_privilege('gate_service', p.oid, 'execute')), null, 'nor an inner function');
select is((select array_agg(p.proname::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api' and not has_function_privilege('gate_service', p.oid, 'execute')), null, 'every api function is');
select is((select array_agg(p.proname::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'api' and not (p.prosecdef and p.proconfig::text ~ 'search_path')), null, 'each runs as the owner, with its own search path');
select is((select array_agg(p.proname::text) from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(p.proacl) a where n.nspname in ('gate', 'api') and a.grantee = 0), null, 'none is for everybody');
select ok(not has_schema_privilege('gate_service', 'gate', 'usage'), 'it cannot even name the tables');
set local role gate_service;
select throws_ok('select * from gate.event', '42501', null, 'it cannot read the ledger');
select throws_ok('delete from gate.event', '42501', null, 'nor delete it');
select throws_ok('select gate.append_one(1::smallint, now(), ''x'', null, ''{}'', ''{}'', null)', '42501', null, 'nor append past the rules');
select is((select code from api.gates('{"now":1795400000000}')), 'ok', 'it calls what it may');
reset role;
select ok(has_table_privilege('gate_reader', 'gate.event', 'select') and not has_table_privilege('gate_reader', 'gate.event_private', 'select'), 'reports see the public part only');
select ok(not has_column_privilege('gate_reader', 'gate.crossing', 'plate', 'select'), 'and no plates');

select * from finish();
rollback;
