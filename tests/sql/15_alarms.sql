-- Alarms: what raises them, by the figures alone; how long one lives, who takes it in hand, what the log keeps.
\ir helpers.psql
select no_plan();

-- A gate at 14:00 where all is well; what a case changes.
create function t.before(p_minutes int) returns jsonb language sql as $$
  select gate.instant(timestamptz '2026-11-23 14:00+07' - p_minutes * interval '1 minute')::jsonb
$$;
create function t.figures(p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('gate', 'CKHN', 'at', t.before(0), 'rates', '{"arrivals_per_hour":10,"clearances_per_hour":10}'::jsonb,
    'in_queue', '{"export":{"total":0,"held":0,"delayed":0,"by_class":{}},"import":{"total":0,"held":0,"delayed":0,"by_class":{}}}'::jsonb,
    'waits', '{"export":{"p50_s":300,"p90_s":600},"import":{"p50_s":300,"p90_s":600}}'::jsonb,
    'projected_finish', jsonb_build_object('stock', 0, 'at', null, 'closes_at', t.before(-360), 'before_closing', true),
    'promises', '{"count":0,"inside":0,"within_p90":0}'::jsonb, 'yards', '[]'::jsonb, 'lanes', '[]'::jsonb, 'oldest_perishable', null,
    'inside', '{"total":0,"oldest_at":null,"by_state":{}}'::jsonb,
    'far_side', '{"taken_per_hour":5,"p50_s":300,"before":{"taken_per_hour":5,"p50_s":300},"cleared_waiting":0,"oldest_cleared_s":null}'::jsonb,
    'trouble', jsonb_build_object('last_exit_at', t.before(3), 'opened_at', t.before(400), 'no_shows_per_hour', 0, 'conflicts_open', 0, 'grace_over', 0))
    || p_more
$$;
create function t.alarms(p_more jsonb default '{}') returns text language sql as $$
  select coalesce(string_agg(a.level || ' ' || a.kind, ', '), '') from unnest(gate.alarms_judged(t.figures(p_more))) a
$$;
-- members under one name of the figures
create function t.with(p_name text, p_more jsonb) returns jsonb language sql as $$
  select jsonb_build_object(p_name, t.figures() -> p_name || p_more)
$$;

select is(t.alarms(), '', 'a gate where all is well has no alarm');

-- the day
create function t.late() returns jsonb language sql as $$
  select t.with('projected_finish', jsonb_build_object('stock', 60, 'at', t.before(-500), 'before_closing', false)) $$;
select is(t.alarms(t.late() || '{"rates":{"arrivals_per_hour":30,"clearances_per_hour":20}}'), 'stop not_done', 'slower than they arrive and not done before closing');
select is(t.alarms(t.late()), 'look late_finish', 'late alone');
create function t.behind(p_arrivals int) returns text language sql as $$
  select t.alarms(t.with('projected_finish', '{"stock":20,"closes_at":null}') || t.with('rates', jsonb_build_object('arrivals_per_hour', p_arrivals, 'clearances_per_hour', 20))) $$;
select is(t.behind(30), 'look behind', 'where nothing closes, falling behind is told');
select is(t.behind(29), '', 'from a margin on');

-- lanes
create function t.fruit(p_minutes int) returns jsonb language sql as $$
  select t.with('in_queue', jsonb_build_object('export', jsonb_build_object('total', 1, 'held', 0, 'delayed', 0,
    'by_class', jsonb_build_object('perishable', jsonb_build_object('waiting', 1, 'oldest_joined_at', t.before(p_minutes)))))) $$;
create function t.lanes(p_more jsonb) returns jsonb language sql as $$
  select jsonb_build_object('lanes', jsonb_build_array('{"lane":1,"open":true,"directions":["export"],"classes":null,"serving":null,"changed_at":null}'::jsonb
    || jsonb_build_object('last_call_at', t.before(16)) || p_more)) $$;
select is(t.alarms(t.fruit(60) || t.lanes('{}')), 'look lane_idle', 'an open lane calls nobody while somebody waits for it');
select is(t.alarms(t.fruit(60) || t.lanes(jsonb_build_object('last_call_at', t.before(5)))), '', 'it called five minutes ago');
select is(t.alarms(t.fruit(60) || t.lanes(jsonb_build_object('last_call_at', null, 'changed_at', t.before(2)))), '', 'it was opened just now');
select is(t.alarms(t.fruit(3) || t.lanes('{"last_call_at":null}')), '', 'who waits came just now');
select is(t.alarms(t.fruit(60) || t.lanes('{"classes":["general"]}')), '', 'it takes other goods');
select is(t.alarms(t.fruit(60) || t.lanes('{"serving":"01000000000001"}')), '', 'somebody is on the way to it');
select is(t.alarms(t.fruit(60) || t.lanes('{}') || t.with('trouble', '{"opened_at":null}')), '', 'the gate is closed');
select is(t.alarms(t.fruit(5) || t.lanes('{"open":false}')), 'stop no_lane', 'a direction without an open lane');

-- no exit while somebody is inside, counted from the opening
create function t.quiet(p_last int, p_opened int, p_oldest int default 60, p_total int default 3) returns text language sql as $$
  select t.alarms(t.with('inside', jsonb_build_object('total', p_total, 'oldest_at', t.before(p_oldest)))
    || t.with('trouble', jsonb_build_object('last_exit_at', t.before(p_last), 'opened_at', t.before(p_opened)))) $$;
select is(t.quiet(21, 400), 'stop no_exit', 'nobody has left for long');
select is(t.quiet(900, 10), '', 'open for ten minutes');
select is(t.quiet(21, 400, p_total => 0), '', 'nobody is inside');
select is(t.quiet(900, 900, p_oldest => 5), '', 'they came just now');

-- yards, goods that spoil, the far side, people
create function t.yard(p_occupied int, p_capacity int default 450) returns text language sql as $$
  select t.alarms(jsonb_build_object('yards', jsonb_build_array(jsonb_build_object('yard', 'X', 'name', 'Bãi X', 'capacity', p_capacity, 'occupied', p_occupied)))) $$;
select is(t.yard(404) || '|' || t.yard(405) || '|' || t.yard(450) || '|' || t.yard(3, 0), '|look yard_nearly|stop yard_full|', 'a yard nearly full, a full one, one without a capacity');
create function t.oldest(p_hours numeric) returns text language sql as $$
  select t.alarms(jsonb_build_object('oldest_perishable', jsonb_build_object('crossing', '01000000000001', 'plate', '29C12345', 'waited_s', (p_hours * 3600)::int))) $$;
select is(t.oldest(3.9) || '|' || t.oldest(4) || '|' || t.oldest(8), '|look perishable|stop perishable', 'fruit: four hours are to be looked at, eight are serious');
create function t.far(p_more jsonb) returns text language sql as $$ select t.alarms(t.with('far_side', p_more)) $$;
select is(t.far('{"p50_s":450}') || '|' || t.far('{"p50_s":449}'), 'look far_side_slow|', 'slower than a week before');
select is(t.far('{"p50_s":900,"taken_per_hour":2}'), '', 'too few to judge');
select is(t.far('{"cleared_waiting":2,"oldest_cleared_s":3600}'), 'look far_side_stands', 'a cleared vehicle stands');
select is(t.alarms(t.with('trouble', '{"no_shows_per_hour":5,"conflicts_open":1}')), 'look no_shows, look conflicts', 'no-shows, conflicts');
select is(t.alarms('{"promises":{"count":50,"inside":20,"within_p90":39}}') || '|' || t.alarms('{"promises":{"count":19,"inside":0,"within_p90":0}}'),
  'look promises|', 'promises that are not kept, and too few to judge');
select is(t.alarms(t.fruit(1) || t.lanes('{}') || t.with('waits', '{"export":{"p50_s":9000,"p90_s":22000}}')), 'look wait', 'a long wait for one who joins now');

-- a life: raised, taken, worse, ended, back again, over
create function t.look(p_time text, p_minutes_waited int default null) returns text language plpgsql as $$
declare
  found gate.alarm_found[] := case when p_minutes_waited is null then '{}' else gate.alarms_judged(t.figures(jsonb_build_object('oldest_perishable',
    jsonb_build_object('crossing', '01000000000001', 'plate', '29C12345', 'waited_s', p_minutes_waited * 60)))) end;
begin
  perform gate.alarms_keep(1::smallint, to_timestamp(t.at(p_time) / 1000.0), found);
  return (select string_agg(a ->> 'alarm' || ' ' || (a ->> 'level') || ' ' || (a ->> 'state') || coalesce(' by ' || (a #>> '{taken,by,name}'), ''), ', ')
    from jsonb_array_elements(gate.alarms_json(1::smallint, found)) a);
end $$;
create function t.take(p_time text, p_alarm int, p_note text default 'x', p_who text default 'operator') returns text language sql as $$
  select t.run(1, 'alarm_take', t.at(p_time), p_who, jsonb_build_object('alarm', p_alarm, 'note', p_note)) $$;

select is(t.look('10:00', 240), '1 look raised', 'an alarm is raised');
select is(t.look('10:01', 241), '1 look raised', 'and stays the same one');
select is(t.take('10:02', 1, ' gọi làn 3 '), 'ok', 'an operator takes it');
select is(t.last_body() #>> '{alarm,state}' || ' ' || (t.last_body() #>> '{alarm,taken,note}'), 'taken gọi làn 3', 'with a note');
select is((select e.body::jsonb ->> 'type' || ' ' || (e.body::jsonb ->> 'code') || ' ' || (p.body::jsonb ->> 'note') from gate.event e join gate.event_private p using (ledger, seq)
  where e.ledger = 1 order by e.seq desc limit 1), 'alarm_taken perishable  gọi làn 3 ', 'the ledger has it');
select is(t.look('10:03', 243), '1 look taken by operator', 'everybody sees who');
select is(t.take('10:04', 1, 'tôi thay', 'supervisor') || t.look('10:04', 244), 'ok1 look taken by supervisor', 'another takes it over');
select is(t.look('14:10', 485), '1 stop raised by supervisor', 'grown worse it wants somebody again');
select is(t.take('14:11', 1) || t.look('14:11', 486) || ', ' || t.look('14:20', 300), 'ok1 stop taken by operator, 1 look taken by operator', 'grown better it is still in hand');
select is(t.look('14:30'), null, 'it ends with its symptom');
select is(t.take('14:31', 1), 'alarm_ended', 'and is taken no more');
select is(t.take('14:31', 7), 'not_found', 'nor one that never was');
select is(t.look('14:35', 250), '1 look taken by operator', 'back within ten minutes it is the same alarm');
select is(t.look('14:40'), null, 'gone again');
select is(t.look('14:51', 250), '2 look raised', 'later it is another');
select is((select string_agg(i ->> 'alarm' || ' ' || (i ->> 'state') || ' ' || coalesce(i #>> '{taken,by,name}', 'nobody') || ' ' || coalesce(i ->> 'ended_at', 'lasts'), ', ')
  from t.read('alarms', t.at('15:00'), 'operator', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'items') i),
  '2 raised nobody lasts, 1 ended operator 2026-11-23T14:40:00.000+07:00', 'the log has both, the newest first');
select is((select r.body #>> '{items,0,alarm}' from t.read('alarms', t.at('15:00'), 'operator', jsonb_build_object('gate', 'CKHN', 'limit', 1,
  'after', (select body ->> 'next' from t.read('alarms', t.at('15:00'), 'operator', '{"gate":"CKHN","limit":1}')))) r), '1', 'by pages');
select is((select count(*)::int from gate.alarm where gate = 2), 0, 'another gate has its own');

-- as the figures are read
select is((select count(*)::int from t.read('stats', t.at('15:00'), 'operator', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'alarms') a), 0,
  'the figures of a gate where nothing is wrong end what stood there');
select is((select ended_at from gate.alarm where gate = 1 and number = 2), timestamptz '2026-11-23 15:00+07', 'from then on');

select * from finish();
rollback;
