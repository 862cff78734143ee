-- Feeds: each sees what is theirs, nothing is missed or comes twice, over two ledgers; the public ledger.
\ir helpers.psql
select no_plan();

-- where the feeds stand before
create function t.feed(p_who text, p_more jsonb default '{}') returns jsonb language sql as $$ select body from t.read('events', t.at('12:00'), p_who, p_more) $$;
create function t.latest(p_who text, p_more jsonb default '{}') returns text language sql as $$ select t.feed(p_who, p_more || '{"latest":true}') ->> 'next' $$;
create function t.told(p_feed jsonb) returns text language sql as $$
  select string_agg((i ->> 'gate') || ' ' || coalesce(i ->> 'step', i ->> 'type') || ' ' || (i ->> 'plate'), ', ' order by n) from jsonb_array_elements(p_feed -> 'items') with ordinality x (i, n)
$$;
create temporary table start as select t.latest('one') as one, t.latest('two') as two, t.latest('customs') as customs, t.latest('operator') as operator;

select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C00001}')), 'ok', 'firm one at Hữu Nghị');
select is(t.file(2, t.at('08:01'), 'one', t.document('export', '{29C00002}', '{"gate":"TT"}')), 'ok', 'firm one at Tân Thanh');
select is(t.file(1, t.at('08:02'), 'two', t.document('export', '{29C00003}')), 'ok', 'firm two at Hữu Nghị');
select is(t.step('29C00001', 'registered', t.at('08:03'), '{"note":"tốt"}'), 'ok', 'a step');

select is((select t.told(t.feed('one', jsonb_build_object('after', one))) from start), 'CKHN declared 29C00001, TT declared 29C00002, CKHN registered 29C00001', 'a firm hears of its own, by time over both gates');
select is((select t.told(t.feed('two', jsonb_build_object('after', two))) from start), 'CKHN declared 29C00003', 'the other of its own');
select is((select t.told(t.feed('customs', jsonb_build_object('after', customs))) from start), 'CKHN declared 29C00001, TT declared 29C00002, CKHN declared 29C00003, CKHN registered 29C00001', 'officers of their gates');
update t.person set actor = actor || '{"gates":[2]}' where name = 'health';
select is(t.told(t.feed('health')), (select string_agg('TT ' || coalesce(e.body::jsonb ->> 'step', e.type) || ' ' || (p.body::jsonb ->> 'plate'), ', ' order by seq) from gate.event e join gate.event_private p using (ledger, seq) where ledger = 2), 'and only of those');
select is((select i ->> 'note' || ' ' || (i ->> 'agency') || coalesce(i ->> 'by', ' nobody') from start, jsonb_array_elements(t.feed('one', jsonb_build_object('after', one)) -> 'items') i where i ? 'note'), 'tốt customs nobody', 'a firm learns the note and the agency, not the officer');
select ok((select i ? 'by' and i ? 'device' from start, jsonb_array_elements(t.feed('customs', jsonb_build_object('after', customs)) -> 'items') i where i ? 'note'), 'officers do');
select unalike((select t.feed('customs', jsonb_build_object('after', customs))::text from start), '%Nguyễn%', 'people stay in the declaration');
select matches((select t.feed('one', jsonb_build_object('after', one)) #>> '{items,0,id}' from start), '^CKHN-[0-9]+$', 'an event is named by gate and number');

-- pages: nothing missed, nothing twice
create function t.walk(p_who text, p_after text, p_limit int, p_more jsonb default '{}') returns text language plpgsql as $$
declare
  page jsonb;
  said text := '';
begin
  for i in 1 .. 50 loop
    page := t.feed(p_who, p_more || jsonb_build_object('after', p_after, 'limit', p_limit));
    said := said || coalesce(t.told(page) || ', ', '');
    p_after := page ->> 'next';
    exit when not (page ->> 'has_more')::boolean;
  end loop;
  return said;
end $$;
select is((select t.walk('customs', customs, 1) from start), (select t.walk('customs', customs, 100) from start), 'pages of one give the same as one page');
select is((select t.walk('one', one, 1) from start), 'CKHN declared 29C00001, TT declared 29C00002, CKHN registered 29C00001, ', 'a firm''s, too');
create temporary table later as select t.feed('one', jsonb_build_object('after', one, 'limit', 2)) ->> 'next' as next from start;
select is(t.file(2, t.at('08:00'), 'one', t.document('export', '{29C00004}', '{"gate":"TT"}')), 'ok', 'what commits later');
select is((select t.told(t.feed('one', jsonb_build_object('after', next))) from later), 'TT declared 29C00004, CKHN registered 29C00001', 'comes behind the cursor, whatever its time');
select is((select t.feed('one', jsonb_build_object('after', t.latest('one'))) -> 'items'), '[]'::jsonb, 'at the end there is nothing');
select is((select (t.feed('one', jsonb_build_object('after', t.latest('one'))) ->> 'has_more')), 'false', 'and it says so');

-- filters
create temporary table steps_only as select t.latest('one', '{"types":["step"]}') as after;
select is(t.step('29C00001', 'fee_paid', t.at('08:05')), 'ok', 'a step'); select is(t.file(1, t.at('08:06'), 'one', t.document('export', '{29C00005}')), 'ok', 'and a filing');
select is((select t.told(t.feed('one', jsonb_build_object('types', '["step"]'::jsonb, 'after', after))) from steps_only), 'CKHN fee_paid 29C00001', 'by type');
select is((select r.code from steps_only, t.read('events', t.at('12:00'), 'one', jsonb_build_object('after', after)) r), 'invalid_cursor', 'a cursor does not fit another filter');
select is((select r.code from start, t.read('events', t.at('12:00'), 'two', jsonb_build_object('after', one)) r), 'invalid_cursor', 'nor another firm');
select is((select r.code from t.read('events', t.at('12:00'), 'two', '{"after":"zzz"}') r), 'invalid_cursor', 'nor is anything one');

-- the fan-out's own reading
create temporary table since as select r.body from t.read('events_since', t.at('12:00'), 'one', jsonb_build_object('ledger', 1, 'after_seq', (select seq - 3 from gate.ledger where number = 1))) r;
select is((select jsonb_array_length(body -> 'events') from since), 3, 'all behind a number');
select is((select body #>> '{events,1,type}' || ' ' || (body #>> '{events,1,public,step}') || ' ' || (body #>> '{events,1,adds,plate}') from since), 'step fee_paid 29C00001', 'public and private parts apart');
select is((select (body #>> '{events,1,firm}')::int from since), (select id from t.firm where name = 'one'), 'and whose it is');
select ok((select not (body #> '{events,1,public}')::text ~ '29C' and not (body #> '{events,1,adds}') ? 'by' from since), 'nothing private in public, no officer for a firm');

-- the public ledger, to be checked from outside
create function t.chain_holds(p_from jsonb, p_items jsonb) returns boolean language plpgsql as $$
declare
  hash bytea := decode(p_from ->> 'hash', 'hex');
  i jsonb;
begin
  for i in select * from jsonb_array_elements(p_items) loop
    hash := sha256(hash || convert_to(i ->> 'body', 'UTF8'));
    if encode(hash, 'hex') <> i ->> 'hash' then return false; end if;
  end loop;
  return true;
end $$;
create temporary table pub as select r.body from t.read('ledger', t.at('12:00'), null, '{"gate":"CKHN","limit":1000}') r;
select ok((select t.chain_holds(body -> 'from', body -> 'items') from pub), 'anybody can recompute it');
select is((select body #>> '{from,hash}' from pub), encode(sha256('CKHN'), 'hex'), 'from the hash of the gate''s code');
select is((select r.body #>> '{from,seq}' from t.read('ledger', t.at('12:00'), null, '{"gate":"CKHN","after":2,"limit":1}') r), '2', 'a page names the head before it');
select ok((select t.chain_holds(r.body -> 'from', r.body -> 'items') from t.read('ledger', t.at('12:00'), null, '{"gate":"CKHN","after":2,"limit":2}') r), 'and can be checked alone');
insert into gate.checkpoint (ledger, seq, hash, at, key, signature)
  select 1, seq, hash, at, 'fe', sha512('signature') from gate.event where ledger = 1 and seq = 2;
select is((select r.body #>> '{items,0,seq}' from t.read('checkpoints', t.at('12:00'), null, '{"gate":"CKHN"}') r), '2', 'checkpoints are listed');
create temporary table proof as select r.body from t.read('proof', t.at('12:00'), null, '{"event":"CKHN-4"}') r;
select ok((select t.chain_holds(body -> 'from', body -> 'items') from proof), 'a proof holds');
select is((select body #>> '{from,seq}' from proof), '2', 'from the checkpoint before');
select is((select body #> '{to}' from proof), (select jsonb_build_object('seq', l.seq, 'hash', encode(l.hash, 'hex')) from gate.ledger l where number = 1), 'to the head');
select is((select r.body ->> 'to_is_checkpoint' || (r.body #>> '{to,seq}') from t.read('proof', t.at('12:00'), null, '{"gate":"CKHN","seq":1}') r), 'true2', 'or to the next checkpoint');
select is((select r.code from t.read('proof', t.at('12:00'), null, '{"event":"CKHN-999999999"}') r), 'not_found', 'no such event');
select is((select r.code from t.read('proof', t.at('12:00'), null, '{"event":"nonsense"}') r), 'not_found', 'nor nonsense');

-- the notice
select lives_ok('select api.notice(1::smallint, 5)', 'the other servers are told');

select * from finish();
rollback;
