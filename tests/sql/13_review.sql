-- The queue and what stands beside it: who has come stands in no queue, a place is not bought by a
-- clock, rules hold from their start, lists and cursors, old answers.
\ir helpers.psql
select no_plan();

-- an export let in offline before its call has left the queue: nobody calls it, no grace, no no-show
create function t.offline(p_plate text, p_step text, p_now bigint, p_occurred bigint, p_more jsonb default '{}') returns text language sql as $$
  select t.step(p_plate, p_step, p_now, jsonb_build_object('offline', true, 'occurred_ms', p_occurred) || p_more)
$$;
select is(t.joins('29C00001', t.at('08:00')), 'ok ', 'one waits');
select is(t.offline('29C00001', 'gate_in', t.at('08:20'), t.at('08:10')), 'ok', 'and is let in offline, uncalled');
select is((t.x('29C00001')).waits_at, null, 'it has left the queue');
select is((t.x('29C00001')).inside, true, 'and takes room inside');
select is(t.call(1, t.at('08:21')), 'nothing_waits', 'it is not called');
select is(t.call(1, t.at('08:21'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('29C00001'), 'reason', 'x')), 'step_not_open', 'not by name either');
select is(t.steps('29C00001', t.at('08:30'), 'health', 'licence', 'plant', 'fee_paid', 'customs_finish', 'border_guard_finish', 'exit'), '', 'and goes its way');
select is(t.state('29C00001'), 'exited', 'to the exit');

select is(t.joins('29C00002', t.at('08:40')), 'ok ', 'another waits');
select is(t.offline('29C00002', 'health', t.at('08:50'), t.at('08:45')), 'ok', 'whose health was looked at inside');
select is((t.x('29C00002')).waits_at, null, 'has left the queue, too');
select is(t.open('29C00002'), 'gate_in plant fee_paid', 'its entry is open, for it has come');
select is(t.steps('29C00002', t.at('08:52'), 'gate_in', 'licence', 'plant', 'fee_paid', 'customs_finish', 'border_guard_finish', 'exit'), '', 'so it goes its way, too');

select is(t.joins('29C00003', t.at('09:00')), 'ok ', 'a third');
select is(t.call(1, t.at('09:01')) || ' ' || t.called(), 'ok 29C00003', 'is called');
select is(t.offline('29C00003', 'licence', t.at('09:10'), t.at('09:05')), 'ok', 'its entry was not confirmed, a step inside was');
select is((t.x('29C00003')).due_at, null, 'no grace runs');
update gate.crossing set due_at = filed_at + interval '30 minutes' where id = (t.x('29C00003')).id;
do $$ begin perform t.tick(1, t.at('09:50')); perform t.tick(1, t.at('10:50')); end $$;
select is(t.state('29C00003') || (t.x('29C00003')).no_shows, 'at_gate0', 'and it is no no-show, whatever clock was left');

select is(t.file(1, t.at('11:00'), 'one', t.document('export', '{29C00004}')), 'ok', 'a fourth');
select is(t.step('29C00004', 'registered', t.at('11:00')), 'ok', 'registered');
select is(t.offline('29C00004', 'gate_in', t.at('11:10'), t.at('11:09')), 'ok', 'is inside');
select is(t.offline('29C00004', 'yard_in', t.at('11:20'), t.at('11:05')), 'ok', 'when its yard reports');
select is((t.x('29C00004')).waits_at, null, 'and does not wait any more');

-- an import needs its call, whatever was confirmed offline
select is(t.file(1, t.at('11:30'), 'one', t.document('import', '{29C00005}', '{"goods":[{"hs":"25232990"}]}')), 'ok', 'an import');
select is(t.steps('29C00005', t.at('11:31'), 'registered', 'gate_in', 'yard_in'), '', 'waits');
select is(t.offline('29C00005', 'health', t.at('11:40'), t.at('11:35')), 'ok', 'a step inside');
select is((t.x('29C00005')).waits_at, (t.x('29C00005')).rank_at, 'changes nothing');
do $$ begin perform t.clear(); end $$;


-- a place is not bought by a device's clock: never before the server last saw the device
select is(t.file(1, t.at('12:00'), 'one', t.document('export', '{39C00001,39C00002,39C00003}')), 'ok', 'three are filed');
do $$ begin perform t.steps('39C00001', t.at('12:01'), 'registered'); perform t.steps('39C00002', t.at('12:01'), 'registered'); perform t.steps('39C00003', t.at('12:01'), 'registered'); end $$;
select is(t.step('39C00001', 'yard_in', t.at('12:30')), 'ok', 'one joins');
select is(t.offline('39C00002', 'yard_in', t.at('12:50'), t.at('12:05'), jsonb_build_object('online_ms', t.at('12:40'))), 'ok', 'another was there before it, says its device, which was seen later than that');
select is((t.x('39C00002')).joined_at, to_timestamp(t.at('12:40') / 1000.0), 'it joins when the device was seen');
select is(t.last_body() ->> 'conflict', null, 'before nobody');
select is(t.offline('39C00003', 'yard_in', t.at('12:55'), t.at('12:10'), jsonb_build_object('online_ms', t.at('12:03'))), 'ok', 'a device that was away joins a third');
select is((t.x('39C00003')).joined_at, to_timestamp(t.at('12:10') / 1000.0), 'as of when it happened');
select is(t.last_body() ->> 'conflict', 'offline_rank', 'before others, which is told');
select is((select body::jsonb ->> 'conflict' from gate.event where ledger = 1 order by seq desc limit 1), 'offline_rank', 'said in the public ledger');
select is((select format('%s %s', i ->> 'kind', i ->> 'reason') from t.read('conflicts', t.at('12:56'), 'supervisor', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'items') i where i ->> 'plate' = '39C00003'), 'offline_rank conflict_rank', 'and listed for a supervisor');
select is(t.offline('39C00003', 'fee_paid', t.at('12:57'), t.at('12:56'), jsonb_build_object('online_ms', t.at('23:00'))), 'ok', 'other steps have no rank');
do $$ begin perform t.clear(); end $$;
-- credits alone are no conflict
select is(t.joins('39C00004', t.at('13:00'), '25232990'), 'ok ', 'general goods');
select is(t.file(1, t.at('13:00'), 'one', t.document('export', '{39C00005}')), 'ok', 'fruit');
select is(t.step('39C00005', 'registered', t.at('13:01')), 'ok', 'registered');
select is(t.offline('39C00005', 'yard_in', t.at('13:10'), t.at('13:05')), 'ok', 'joins offline, 90 minutes of credit ahead');
select is(t.last_body() ->> 'conflict', null, 'as it would have online');
do $$ begin perform t.clear(); end $$;

-- the times of a ledger never fall: steps and declarations in one batch, a rule that begins within it
create function t.declare(p_now bigint, p_plate text) returns jsonb language sql as $$
  select t.command('declare', p_now, 'one', jsonb_build_object('document', t.document('export', array[p_plate]), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb))
$$;
create function t.confirm(p_now bigint, p_plate text, p_step text) returns jsonb language sql as $$
  select t.command('step', p_now, (select agency from gate.step where code = p_step), jsonb_build_object('crossing', t.id(p_plate), 'step', p_step, 'result', 'pass'))
$$;
create function t.falls() returns bigint language sql as $$
  select count(*) from (select at < lag(at) over (partition by ledger order by seq) as back from gate.event where ledger in (1, 2)) e where back
$$;
select is(t.file(1, t.at('14:00'), 'one', t.document('export', '{49C00001,49C00002}')), 'ok', 'two');
do $$ begin perform t.steps('49C00001', t.at('14:00'), 'registered'); perform t.steps('49C00002', t.at('14:00'), 'registered'); end $$;
select is((select array_agg(code order by ord) from t.batch(1, t.confirm(t.at('14:01'), '49C00001', 'yard_in'), t.declare(t.at('14:02'), '49C00003'),
  t.confirm(t.at('14:03'), '49C00002', 'yard_in'), t.declare(t.at('14:04'), '49C00004'), t.command('call', t.at('14:04'), 'operator', '{"lane":1,"direction":"export"}'))), '{ok,ok,ok,ok,ok}', 'mixed');
select is(t.falls(), 0::bigint, 'no event is before the one in front of it');
select is((t.x('49C00001')).joined_at, to_timestamp(t.at('14:01') / 1000.0), 'places keep their own times');
select is((t.x('49C00004')).filed_at, to_timestamp(t.at('14:04') / 1000.0), 'the last declaration, too');
do $$ begin perform t.clear(); end $$;
select is(t.file(1, t.at('15:00'), 'one', t.document('export', '{49C00005,49C00006}')), 'ok', 'two more');
do $$ begin perform t.steps('49C00005', t.at('15:00'), 'registered'); perform t.steps('49C00006', t.at('15:00'), 'registered'); end $$;
insert into gate.queue_rule select (jsonb_populate_record(r, jsonb_build_object('version', r.version + 1, 'effective_from', to_timestamp(t.at('15:30') / 1000.0), 'credits', r.credits || '{"perishable":60}'))).*
from gate.queue_rule r order by r.version desc limit 1;
select is((select array_agg(code order by ord) from t.batch(1, t.confirm(t.at('15:29'), '49C00005', 'yard_in'), t.confirm(t.at('15:30'), '49C00006', 'yard_in'))), '{ok,ok}', 'while another rule begins');
select is((select (t.x('49C00006')).rule - (t.x('49C00005')).rule), 1, 'each is ranked by the rule of its time');
select is((t.x('49C00006')).rank_at, to_timestamp(t.at('15:29') / 1000.0), 'with its credit');
select is((t.x('49C00005')).rank_at, to_timestamp(t.at('13:59') / 1000.0), 'the other with the older one');
do $$ begin perform t.clear(); end $$;

-- old answers and revocations go by ticks, at every ledger, the platform's too
delete from gate.reply;
insert into gate.reply (ledger, key, digest, at, code, status)
select l, md5(l || '/' || i)::uuid, md5('x')::uuid, to_timestamp(t.at('16:00') / 1000.0) - interval '49 hours', 'ok', 200 from unnest('{0,1}'::smallint[]) l, generate_series(1, 1200) i;
insert into gate.revocation (gate, crossing, below, at, until)
select 1, -i, 2, to_timestamp(t.at('08:00') / 1000.0), to_timestamp(t.at('09:00') / 1000.0) from generate_series(1, 1200) i;
update gate.ledger set clock = '-infinity' where number = 0;
select lives_ok($$ select t.tick(0, t.at('16:00')) $$, 'the platform''s ledger knows a tick');
select is((select count(*) from gate.reply where ledger = 0), 200::bigint, 'which takes a slice of its old answers');
do $$ begin perform t.tick(0, t.at('16:01')); perform t.tick(1, t.at('16:01')); end $$;
select is((select count(*) from gate.reply where ledger = 0), 0::bigint, 'and then the rest');
select is((select count(*) from gate.revocation where crossing < 0), 200::bigint, 'a gate''s tick a slice of its revocations');
do $$ begin perform t.tick(1, t.at('16:02')); end $$;
select is((select count(*) from gate.reply where ledger = 1 and at < to_timestamp(t.at('16:00') / 1000.0) - interval '48 hours') + (select count(*) from gate.revocation where crossing < 0), 0::bigint, 'and then the rest');

-- windows: the capacity in force when the window begins
insert into gate.window_capacity values (1, 'export', to_timestamp(t.at('18:00') / 1000.0), 1) on conflict do nothing;
select is(t.file(1, t.at('16:30'), 'one', t.document('export', '{59C00001,59C00002}', jsonb_build_object('planned_arrival_ms', t.at('17:40')))), 'ok', 'two book before a smaller capacity');
select isnt(t.last_body() -> 'window', 'null', 'and have places');
select is(t.file(1, t.at('16:30'), 'one', t.document('export', '{59C00003,59C00004}', jsonb_build_object('planned_arrival_ms', t.at('18:10')))), 'ok', 'two after it');
select is(t.last_body() -> 'window', 'null', 'have none');
select is(t.last_body() -> 'next_windows', '[]', 'nor later that day');
select is(t.file(1, t.at('16:31'), 'one', t.document('export', '{59C00005}', jsonb_build_object('planned_arrival_ms', t.at('18:10')))), 'ok', 'one alone');
select isnt(t.last_body() -> 'window', 'null', 'has one');
do $$ begin perform t.clear(); end $$;

-- the calendar put again: the cut-off of pre-registered vehicles stays
select is(t.calendar(1, t.at('17:00'), t.at('17:00'), t.at('20:00'), 'pre_registered'), 'ok', 'only those filed by five');
select is(t.joins('69C00001', t.at('17:10')), 'ok ', 'one is filed ten minutes later');
select is(t.calendar(1, t.at('17:30'), t.at('17:00'), t.at('20:00'), 'pre_registered'), 'ok', 'the same calendar again');
select is(t.last_body() #>> '{calendar,0,from}', '2026-11-23T17:00:00.000+07:00', 'has not begun anew');
select is(t.call(1, t.at('17:31')), 'nothing_waits', 'that one is not let in by it');
select is((select (e.body::jsonb #>> '{entries,0,since_ms}')::bigint from gate.event e where e.ledger = 1 and e.type = 'calendar' order by e.seq desc limit 1), t.at('17:00'), 'the ledger says since when');
select is(t.calendar(1, t.at('17:40'), t.at('17:20'), t.at('20:00'), 'pre_registered'), 'ok', 'one that begins later');
select is(t.call(1, t.at('17:41')), 'ok', 'is another one: it begins now');
select is(t.calendar(1, t.at('17:42'), t.at('17:42'), t.at('20:00'), 'open'), 'ok', 'open again');
do $$ begin perform t.clear(); end $$;

-- lists: an officer sees the own gates only; order and pages go by when it was filed
update t.person set actor = actor || '{"gates":[2]}' where name = 'plant';
select is(t.file(2, t.at('18:00'), 'one', t.document('export', '{79C00001}', '{"gate":"TT"}')), 'ok', 'one at the other gate');
select is((select r.code from t.read('declarations', t.at('18:01'), 'plant', '{"gate":"CKHN"}') r), 'wrong_gate', 'an officer asks for another gate''s');
select is((select count(*) from t.read('declarations', t.at('18:01'), 'plant') r, jsonb_array_elements(r.body -> 'items') i where i ->> 'gate' <> 'TT'), 0::bigint, 'and gets the own one''s');
select is((select r.code from t.read('declarations', t.at('18:01'), 'plant', '{"gate":"TT"}') r), 'ok', 'by name, too');
update gate.ledger set day_count = 9998 where number = 1;
select is(t.file(1, t.at('18:10') + i * 1000, 'one', t.document('export', array['79C1000' || i])), 'ok', 'filed ' || i) from generate_series(1, 3) i;
select is(t.file(1, t.at('18:10', 1), 'one', t.document('export', '{79C10004}')), 'ok', 'one the day after');
create function t.plates(p_asked jsonb) returns text language sql as $$
  select string_agg(i #>> '{crossings,0,plate}', ' ' order by n) from t.read('declarations', t.at('18:20', 1), 'one', p_asked) r, jsonb_array_elements(r.body -> 'items') with ordinality x (i, n)
$$;
select is(t.plates('{"limit":4,"gate":"CKHN"}'), '79C10004 79C10003 79C10002 79C10001', 'past the 9,999th the newest still comes first');
create temporary table page as select r.body ->> 'next' as next from t.read('declarations', t.at('18:20', 1), 'one', '{"limit":2,"gate":"CKHN"}') r;
select is((select t.plates(jsonb_build_object('limit', 2, 'gate', 'CKHN', 'after', next)) from page), '79C10002 79C10001', 'and pages go on there');

-- forged cursors are no cursors
create function t.forged(p_read text, p_list text, p_last text, p_more jsonb default '{}') returns text language sql as $$
  select r.code from t.read(p_read, t.at('18:20', 1), 'admin', p_more || jsonb_build_object('after', gate.cursor_make(p_list, p_last))) r
$$;
select is(t.forged('firms', 'firms:', last), 'invalid_cursor', 'firms after ' || last) from unnest('{x,99999999999,-1,""}'::text[]) last;
select is(t.forged('officers', 'officers::', last), 'invalid_cursor', 'officers after ' || last) from unnest('{x,99999999999}'::text[]) last;
select is(t.forged('keys', 'keys:', last), 'invalid_cursor', 'keys after ' || last) from unnest('{x,99999999999}'::text[]) last;
select is(t.forged('conflicts', 'conflicts:1:f', last, '{"gate":"CKHN"}'), 'invalid_cursor', 'conflicts after ' || last) from unnest('{x,9999999999999999999}'::text[]) last;
select is(t.forged('queue', 'queue:1:', last, '{"gate":"CKHN"}'), 'invalid_cursor', 'the queue after ' || last) from unnest('{x,import,"import 1","north 1 1","import 1 x","import 99999999999999999999 1"}'::text[]) last;
select is(t.forged('declarations', format('declarations:%s::::::', (select actor ->> 'id' from t.person where name = 'admin')), last), 'invalid_cursor', 'declarations after ' || last) from unnest('{x,1,"1 x","1 9999999999999999999"}'::text[]) last;
select is(t.forged('events', 'events:admin:', last), 'invalid_cursor', 'events after ' || last) from unnest(array['x', '[]', '{"1":"a"}', '{"1":99999999999999999999}', '{"x":1}']) last;
select is(t.forged('firms', 'firms:', '0'), 'ok', 'a good one is good');

-- a checkpoint looks at the newest one, and is no more than one a minute
create function t.checkpoint(p_now bigint, p_seq bigint) returns text language sql as $$
  select t.run(1, 'checkpoint', p_now, 'admin', jsonb_build_object('seq', e.seq, 'hash', encode(e.hash, 'hex'), 'at', p_now, 'key', 'fe', 'signature', repeat('00', 64)))
  from gate.event e where e.ledger = 1 and e.seq = p_seq
$$;
select is(t.checkpoint(t.at('19:00', 1), 3) || t.checkpoint(t.at('19:00', 1) + 30000, 4) || t.checkpoint(t.at('19:01', 1), 5) || t.checkpoint(t.at('19:03', 1), 4), 'okokokok', 'four ask');
select is((select array_agg(seq order by seq) from gate.checkpoint where ledger = 1), '{3,5}', 'two are kept');

select * from finish();
rollback;
