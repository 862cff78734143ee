-- Several calls in one batch: each picks as if the ones before it were done, and is answered for itself.
\ir helpers.psql
select no_plan();

create function t.call_of(p_now bigint, p_args jsonb, p_key text default null) returns jsonb language sql as $$
  select t.command('call', p_now, 'operator', p_args, p_key)
$$;
-- What each command of the last batch got: a plate that was called, or a code.
create function t.said(p_gate int, variadic p_commands jsonb[]) returns text language sql as $$
  select string_agg(case when code = 'ok' then coalesce(body #>> '{crossing,plate}', 'ok') else code end, ' ' order by ord)
  from t.batch(p_gate, variadic p_commands)
$$;
create function t.queue(p_now bigint, variadic p_plates text[]) returns text language plpgsql as $$
begin
  return (select string_agg(t.joins(p, p_now + i * 10000), '' order by i) from unnest(p_plates) with ordinality x (p, i));
end $$;
create function t.lane(p_number int) returns jsonb language sql as $$ select jsonb_build_object('lane', p_number, 'direction', 'export') $$;
create function t.by_name(p_plate text, p_more jsonb default '{}') returns jsonb language sql as $$
  select t.lane(1) || jsonb_build_object('crossing', t.id(p_plate)) || p_more
$$;

-- one lane, two lanes: no one twice, in the order of the queue
select is(t.queue(t.at('08:00'), '29C10001', '29C10002', '29C10003', '29C10004', '29C10005'), 'ok ok ok ok ok ', 'five wait');
create temporary table head as select seq from gate.ledger where number = 1;
select is(t.said(1, t.call_of(t.at('08:30'), t.lane(1)), t.call_of(t.at('08:30'), t.lane(2)), t.call_of(t.at('08:31'), t.lane(1))),
  '29C10001 29C10002 29C10003', 'three calls for two lanes take the first three');
select is((select array_agg(lane) from gate.crossing where plate in ('29C10001', '29C10002', '29C10003')), '{1,2,1}', 'each to the lane that called');
select is((select string_agg((e.seq - h.seq) || (e.body::jsonb ->> 'lane'), ' ' order by e.seq) from gate.event e, head h where e.ledger = 1 and e.seq > h.seq), '11 22 31',
  'the ledger has them in that order');
select is((select array_agg(last_seq - h.seq order by last_seq) from gate.crossing, head h where plate in ('29C10001', '29C10002', '29C10003')), '{1,2,3}', 'each crossing names its event');
select is((select called_at from gate.crossing where plate = '29C10003'), to_timestamp(t.at('08:31') / 1000.0), 'each has its own time');
select is((select due_at from gate.crossing where plate = '29C10003'), to_timestamp(t.at('09:01') / 1000.0), 'and its own grace');
select is((select count(*) from gate.prediction where kind = 'call' and outcome_at in (to_timestamp(t.at('08:30') / 1000.0), to_timestamp(t.at('08:31') / 1000.0))), 3::bigint,
  'the predictions of all three have their outcome');
select is((select last_call_at from gate.pace where gate = 1 and direction = 'export'), to_timestamp(t.at('08:31') / 1000.0), 'the pace was learnt to the last');
select is(t.said(1, t.call_of(t.at('08:32'), t.lane(1)), t.call_of(t.at('08:32'), t.lane(2)), t.call_of(t.at('08:32'), t.lane(1)), t.call_of(t.at('08:32'), t.lane(77))),
  '29C10004 29C10005 nothing_waits not_found', 'the queue runs empty in the middle');

-- by name among others
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('09:00'), '29C20001', '29C20002', '29C20003', '29C20004'), 'ok ok ok ok ', 'four wait');
select is(t.said(1, t.call_of(t.at('09:10'), t.by_name('29C20003', '{"reason":"y tế"}')), t.call_of(t.at('09:10'), t.lane(1)),
  t.call_of(t.at('09:10'), t.by_name('29C20003', '{"reason":"y tế"}')), t.call_of(t.at('09:10'), t.by_name('29C20004')), t.call_of(t.at('09:10'), t.by_name('29C20002')),
  t.call_of(t.at('09:10'), t.by_name('29C20004'))),
  '29C20003 29C20001 step_done reason_required 29C20002 29C20004', 'who was taken is done, who is then first needs no reason');
select is((select string_agg(format('%s %s', (select plate from gate.crossing x where x.id = o.crossing), passed), ' ' order by seq) from gate.overtake o where at = to_timestamp(t.at('09:10') / 1000.0)),
  '29C20003 2', 'only the first of them overtook, and two');

-- a yard that fills up
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('10:00'), '29C30001', '29C30002', '29C30003', '29C30004'), 'ok ok ok ok ', 'four wait');
update gate.yard set capacity = 2 + (select count(*) from gate.crossing where gate = 1 and inside) where gate = 1 and kind = 'inside';
select is(t.said(1, t.call_of(t.at('10:10'), t.lane(1)), t.call_of(t.at('10:10'), t.lane(2)), t.call_of(t.at('10:10'), t.lane(1)),
  t.call_of(t.at('10:10'), t.lane(1) || '{"override":true,"reason":"x"}'), t.call_of(t.at('10:10'), t.lane(1))),
  '29C30001 29C30002 yard_full 29C30003 yard_full', 'two places for five calls, one of them overridden');
select is((select string_agg(coalesce(body::jsonb ->> 'overrides', '-'), ' ' order by seq) from gate.event where ledger = 1 and at = to_timestamp(t.at('10:10') / 1000.0)),
  '- - yard_full', 'only that one is marked');
select is((select count(*) from gate.crossing where gate = 1 and inside), (select capacity + 1 from gate.yard where gate = 1 and kind = 'inside')::bigint, 'and it is one too many');
update gate.yard set capacity = 450 where gate = 1;

-- what stands between calls happens between them
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('11:00'), '29C40001', '29C40002', '29C40003', '29C40004'), 'ok ok ok ok ', 'four wait');
select is(t.said(1, t.call_of(t.at('11:10'), t.lane(1)), t.command('lane_close', t.at('11:10'), 'operator', '{"lane":1,"reason":"x"}'), t.call_of(t.at('11:10'), t.lane(1)),
  t.command('lane_open', t.at('11:10'), 'operator', '{"lane":1}'), t.call_of(t.at('11:10'), t.lane(1))), '29C40001 ok lane_closed ok 29C40002', 'a lane closes and opens');
select is(t.said(1, t.call_of(t.at('11:11'), t.lane(1)),
  t.command('return', t.at('11:11'), 'operator', jsonb_build_object('crossing', t.id('29C40002'), 'reason', 'x')), t.call_of(t.at('11:11'), t.lane(1))),
  '29C40003 29C40002 29C40002', 'one goes back and is called again');
select is((select array_agg(type order by seq) from gate.event where ledger = 1 and at = to_timestamp(t.at('11:11') / 1000.0)), '{called,requeued,called}', 'in that order');
select is(t.step('29C40004', 'plant', t.at('11:12'), '{"result":"hold","note":"x"}'), 'ok', 'the last is held');
select is(t.said(1, t.call_of(t.at('11:13'), t.lane(1)),
  t.command('step', t.at('11:13'), 'plant', jsonb_build_object('crossing', t.id('29C40004'), 'step', 'plant', 'result', 'pass'))),
  '29C40004 29C40004', 'a step that frees it goes first, whatever its place');

-- hours, closures and rules that change between the calls of a batch
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('12:00'), '29C50001', '29C50002', '29C50003', '29C50004'), 'ok ok ok ok ', 'four wait');
select is(t.calendar(1, t.at('12:05'), t.at('12:30'), t.at('12:40'), 'closed'), 'ok', 'the route closes for ten minutes');
select is(t.said(1, t.call_of(t.at('12:29'), t.lane(1)), t.call_of(t.at('12:30'), t.lane(1)), t.call_of(t.at('12:40'), t.lane(1))),
  '29C50001 route_closed 29C50002', 'each call is judged by the hours of its own time');
select is(t.said(1, t.call_of(t.at('19:59'), t.lane(1)), t.call_of(t.at('20:00'), t.lane(1))), '29C50001 route_closed', 'the day''s end as well (the first one is back after its no-shows)');
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('08:00', 1), '29C50005', '29C50006'), 'ok ok ', 'two wait the day after');
update gate.crossing set eligible_at = to_timestamp(t.at('08:31', 1) / 1000.0) where plate = '29C50005' and waits_at is not null;
select is(t.said(1, t.call_of(t.at('08:30', 1), t.lane(1)), t.call_of(t.at('08:30', 1), t.lane(1)), t.call_of(t.at('08:31', 1), t.lane(1))),
  '29C50006 nothing_waits 29C50005', 'one that may only be called later is called by the later call');

-- replays among calls
do $$ begin perform t.clear(); end $$;
select is(t.queue(t.at('09:00', 1), '29C60001', '29C60002', '29C60003'), 'ok ok ok ', 'three wait');
select is(t.said(1, t.call_of(t.at('09:10', 1), t.lane(1), repeat('c', 32)), t.call_of(t.at('09:10', 1), t.lane(1), repeat('d', 32))), '29C60001 29C60002', 'two calls with keys');
create temporary table before as select code, status, etag, body from t.answer order by n desc limit 2;
select is(t.said(1, t.call_of(t.at('09:20', 1), t.lane(1), repeat('d', 32)), t.call_of(t.at('09:20', 1), t.lane(1)), t.call_of(t.at('09:20', 1), t.lane(1), repeat('c', 32))),
  '29C60002 29C60003 29C60001', 'sent again they get their own answers, and a new one calls the next');
select is((select count(*) from (select code, status, etag, body from t.answer where replayed order by n desc limit 2) a join before b using (code, status, etag, body)), 2::bigint, 'word for word');
select is((select count(*) from gate.event where ledger = 1 and type = 'called' and at = to_timestamp(t.at('09:20', 1) / 1000.0)), 1::bigint, 'and nobody is called twice');

-- all of it is one chain
select is((select count(*) from (
  select hash = sha256(lag(hash, 1, sha256('CKHN')) over (order by seq) || convert_to(body, 'UTF8')) as good from gate.event where ledger = 1) e where not good), 0::bigint, 'the chain holds');

select * from finish();
rollback;
