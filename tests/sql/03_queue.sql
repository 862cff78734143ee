-- The queue: rank by credits, windows, the call, overtakes, room, closures, no-shows, claims.
\ir helpers.psql
select no_plan();

-- lowest rank first: joined less the credit of the class
select is(t.joins('29C00001', t.at('08:00'), '25232990'), 'ok ', 'general goods join at 08:00');
select is(t.joins('29C00002', t.at('08:30'), '08106000'), 'ok ', 'fruit joins at 08:30');
select is(t.joins('29C00003', t.at('09:45'), '08106000'), 'ok ', 'fruit joins at 09:45');
select is(t.joins('29C00004', t.at('09:50'), '85171300'), 'ok ', 'electronics join at 09:50');
select is((t.x('29C00002')).rank_at, to_timestamp(t.at('07:00') / 1000.0 + 1), 'fruit has 90 minutes of credit');
select is((t.x('29C00002')).rule, (gate.rule_at(to_timestamp(t.at('08:30') / 1000.0))).version, 'by a published version');
select is((select string_agg(i ->> 'plate', ' ' order by n) from t.read('queue', t.at('10:00'), 'operator', '{"gate":"CKHN","direction":"export"}') r,
  jsonb_array_elements(r.body -> 'items') with ordinality x (i, n)), '29C00002 29C00001 29C00003 29C00004', 'the list has them in order');
select is(t.call(1, t.at('10:00')) || ' ' || t.called(), 'ok 29C00002', 'fruit before general goods');
select is(t.call(1, t.at('10:01')) || ' ' || t.called(), 'ok 29C00001', 'but not for ever: general goods before later fruit');
select is((t.x('29C00001')).lane, 1::smallint, 'called to a lane');

-- an overtake is a call of any but the first, with a reason, counted in public
select is(t.call(1, t.at('10:02'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('29C00004'))), 'reason_required', 'not without a reason');
select is(t.call(1, t.at('10:02'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('29C00004'), 'reason', 'y tế')), 'ok', 'with one');
select is((select format('%s passed, %s s, %s', passed, delay_s, reason) from gate.overtake order by seq desc limit 1), '1 passed, 4500 s, y tế', 'counted');
select is((select body::jsonb #>> '{overtake,reason}' from gate.event where ledger = 1 order by seq desc limit 1), 'y tế', 'in the public ledger');
select is(t.call(1, t.at('10:03'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('29C00003'))), 'ok', 'naming the first needs none');
select is(t.call(1, t.at('10:03'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('29C00003'))), 'step_done', 'nobody is called twice');
select is(t.call(1, t.at('10:04')), 'nothing_waits', 'and an empty queue says so');

do $$ begin perform t.clear(); end $$;

-- windows: within it, joins as of its start; early joins live; late joins live; its clock stands still while closed
select is(t.file(1, t.at('10:05'), 'one', t.document('export', '{39C00001,39C00002,39C00003}', jsonb_build_object('planned_arrival_ms', t.at('11:10')))), 'ok', 'three book 11:00');
select is(t.steps('39C00001', t.at('10:50'), 'registered', 'yard_in'), '', 'early');
select is((t.x('39C00001')).joined_at, to_timestamp(t.at('10:50') / 1000.0 + 1), 'joins live');
select is(t.steps('39C00002', t.at('11:29'), 'registered', 'yard_in'), '', 'within the window');
select is((t.x('39C00002')).joined_at, to_timestamp(t.at('11:00') / 1000.0), 'joins as of its start');
select is(t.steps('39C00003', t.at('11:40'), 'registered', 'yard_in'), '', 'late');
select is((t.x('39C00003')).joined_at, to_timestamp(t.at('11:40') / 1000.0 + 1), 'joins live');
select is(t.file(1, t.at('11:41'), 'one', t.document('export', '{39C00004}', jsonb_build_object('planned_arrival_ms', t.at('12:10')))), 'ok', 'one books 12:00');
select is(t.calendar(1, t.at('11:42'), t.at('12:05'), t.at('13:00'), 'closed'), 'ok', 'the far side closes from 12:05 to 13:00');
select is(t.steps('39C00004', t.at('13:20'), 'registered', 'yard_in'), '', 'it arrives 25 open minutes after the start');
select is((t.x('39C00004')).joined_at, to_timestamp(t.at('12:00') / 1000.0), 'and is in time');

-- closed, overridden, pre-registered
select is(t.calendar(1, t.at('13:21'), t.at('13:22'), t.at('14:00'), 'closed'), 'ok', 'closed again');
select is(t.call(1, t.at('13:30')), 'route_closed', 'no calls while the route is closed');
select is(t.last_body() ->> 'route', '1119-1120', 'which is named');
select is(t.call(1, t.at('13:30'), '{"lane":1,"direction":"export","override":true}'), 'reason_required', 'an override needs a reason');
select is(t.call(1, t.at('13:30'), '{"lane":1,"direction":"export","override":true,"reason":"cứu trợ"}'), 'ok', 'and is possible');
select is((select body::jsonb ->> 'overrides' from gate.event where ledger = 1 order by seq desc limit 1), 'route_closed', 'marked in public');
select is(t.calendar(1, t.at('14:00'), t.at('14:00'), t.at('16:00'), 'pre_registered'), 'ok', 'then only vehicles filed before');
select is(t.joins('39C00005', t.at('14:05'), '08106000'), 'ok ', 'one files and joins after that');
select is(t.call(1, t.at('14:06'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('39C00005'), 'reason', 'x')), 'pre_registered_only', 'it is not called by name');
select is(t.call(1, t.at('14:06')) || ' ' || t.called(), 'ok 39C00002', 'those filed before are called');
select is(t.call(1, t.at('14:07')), 'ok', 'each'); select is(t.call(1, t.at('14:08')), 'ok', 'in turn');
select is(t.call(1, t.at('14:09')), 'nothing_waits', 'the other one waits');
update gate.crossing set waits_at = null, due_at = null, inside = false, ended = 'cancelled', state = 'cancelled' where gate = 1 and plate <> '39C00005';
select is(t.call(1, t.at('16:01')) || ' ' || t.called(), 'ok 39C00005', 'until the mode is over');
select is(t.call(1, t.at('21:00')), 'route_closed', 'after hours');
do $$ begin perform t.clear(); end $$;
select is(t.call(1, t.at('07:00', 1)), 'nothing_waits', 'open again in the morning');

do $$ begin perform t.clear(); end $$;

-- lanes: closed, direction, class, route
select is(t.joins('49C00001', t.at('07:10', 1), '08106000'), 'ok ', 'fruit waits');
select is(t.run(1, 'lane_close', t.at('07:11', 1), 'operator', '{"lane":1,"reason":"x"}'), 'ok', 'lane 1 closes');
select is(t.call(1, t.at('07:12', 1)), 'lane_closed', 'and calls nobody');
select is(t.call(1, t.at('07:12', 1), '{"lane":4,"direction":"export"}'), 'lane_direction', 'lane 4 takes imports');
select is(t.call(1, t.at('07:12', 1), '{"lane":77,"direction":"export"}'), 'not_found', 'no such lane');
select is(t.run(1, 'lane_open', t.at('07:13', 1), 'operator', '{"lane":2,"classes":["electronics"],"reason":"x"}'), 'ok', 'lane 2 for electronics only');
select is(t.call(1, t.at('07:14', 1), '{"lane":2,"direction":"export"}'), 'nothing_waits', 'finds none');
select is(t.run(1, 'lane_open', t.at('07:14', 1), 'operator', '{"lane":2,"classes":null}'), 'ok', 'for all again');
insert into gate.route values (1, '1125-1126', true, false, '07:00', '20:00');
select is(t.run(1, 'lane_open', t.at('07:14', 1), 'operator', '{"lane":14,"reason":"x"}'), 'not_found', 'a lane the gate has not needs its directions');
select is(t.run(1, 'lane_open', t.at('07:14', 1), 'operator', '{"lane":14,"directions":["export"],"reason":"xây xong"}'), 'ok', 'one that was built opens');
select is((select route || ' ' || directions::text from gate.lane where gate = 1 and number = 14), '1119-1120 {export}', 'on the main route');
update gate.lane set route = '1125-1126' where gate = 1 and number = 3;
select is(t.call(1, t.at('07:15', 1), '{"lane":3,"direction":"export"}'), 'nothing_waits', 'a lane of another route has a queue of its own');
select is(t.call(1, t.at('07:15', 1), jsonb_build_object('lane', 3, 'direction', 'export', 'crossing', t.id('49C00001'), 'reason', 'x')), 'lane_route', 'and calls nobody over');
select is(t.call(1, t.at('07:16', 1), '{"lane":2,"direction":"export"}'), 'ok', 'lane 2 calls');

-- held ones are passed over, and keep their place
select is(t.joins('49C00002', t.at('07:20', 1)), 'ok ', 'one'); select is(t.joins('49C00003', t.at('07:21', 1)), 'ok ', 'and another');
select is(t.step('49C00002', 'plant', t.at('07:22', 1), '{"result":"hold","note":"x"}'), 'ok', 'the first is held');
select is(t.call(1, t.at('07:23', 1), jsonb_build_object('lane', 2, 'direction', 'export', 'crossing', t.id('49C00002'), 'reason', 'x')), 'crossing_held', 'it is not called');
select is(t.call(1, t.at('07:23', 1), '{"lane":2,"direction":"export"}') || ' ' || t.called(), 'ok 49C00003', 'the next is');
select is(t.step('49C00002', 'plant', t.at('07:24', 1)), 'ok', 'released');
select is(t.call(1, t.at('07:25', 1), '{"lane":2,"direction":"export"}') || ' ' || t.called(), 'ok 49C00002', 'it is first again');

-- room inside the gate
select is(t.joins('49C00004', t.at('07:30', 1)), 'ok ', 'one more');
update gate.yard set capacity = (select count(*) from gate.crossing where gate = 1 and inside) where gate = 1 and kind = 'inside';
select is(t.call(1, t.at('07:31', 1), '{"lane":2,"direction":"export"}'), 'yard_full', 'a full yard refuses');
select is(t.last_body() ->> 'yard', 'XUANCUONG', 'and is named');
select is(t.call(1, t.at('07:31', 1), '{"lane":2,"direction":"export","override":true,"reason":"x"}'), 'ok', 'unless overridden');
update gate.yard set capacity = 450 where gate = 1;

-- a called vehicle goes back when an operator takes it back, without penalty
select is(t.run(1, 'return', t.at('07:32', 1), 'operator', jsonb_build_object('crossing', t.id('49C00004'))), 'reason_required', 'taking a call back needs a reason');
select is(t.run(1, 'return', t.at('07:32', 1), 'operator', jsonb_build_object('crossing', t.id('49C00004'), 'reason', 'lỗi')), 'ok', 'it goes back');
select is(t.state('49C00004') || (t.x('49C00004')).no_shows, 'queued0', 'without a no-show');
select is((t.x('49C00004')).waits_at, (t.x('49C00004')).rank_at, 'to its place');

-- no-show: grace, published delays, the end; the clock stands still while the route is closed
select is(t.run(1, 'lane_open', t.at('07:32', 1), 'operator', '{"lane":1}'), 'ok', 'lane 1 opens');
select is(t.call(1, t.at('07:33', 1)) || ' ' || t.called(), 'ok 49C00004', 'it is called again');
select is((select next_due from t.answer order by n desc limit 1), t.at('07:46', 1), 'the next thing due is told: an older call''s grace');
do $$ begin perform t.tick(1, t.at('08:02', 1)); end $$;
select is(t.state('49C00004'), 'called', 'within the grace it may come');
do $$ begin perform t.tick(1, t.at('08:03', 1)); end $$;
select is(t.state('49C00004') || (t.x('49C00004')).no_shows, 'queued1', 'after 30 minutes it is back, once');
select is((t.x('49C00004')).eligible_at, to_timestamp(t.at('08:18', 1) / 1000.0), 'and not called for 15 minutes');
select is((t.x('49C00004')).waits_at, (t.x('49C00004')).rank_at, 'its rank stays');
select is((select type || ' ' || at from gate.event where ledger = 1 and crossing = (t.x('49C00004')).id order by seq desc limit 1),
  'no_show ' || to_timestamp(t.at('08:03', 1) / 1000.0), 'the event has its time');
create temporary table called_then as select t.call(1, t.at('08:10', 1)) || ' ' || t.called() as said;
select ok((select said <> 'ok 49C00004' from called_then), 'meanwhile others are called');
update gate.crossing set waits_at = null, ended = 'cancelled', state = 'cancelled', due_at = null, inside = false where gate = 1 and plate <> '49C00004' and state not in ('exited', 'cancelled');
select is(t.call(1, t.at('08:17', 1)), 'nothing_waits', 'nobody else');
select is(t.call(1, t.at('08:18', 1)) || ' ' || t.called(), 'ok 49C00004', 'then it is called');
select is(t.calendar(1, t.at('08:19', 1), t.at('08:20', 1), t.at('10:00', 1), 'closed'), 'ok', 'the route closes for 100 minutes');
do $$ begin perform t.tick(1, t.at('10:20', 1)); end $$;
select is(t.state('49C00004'), 'called', 'its clock stood still');
do $$ begin perform t.tick(1, t.at('10:28', 1)); end $$;
select is(t.state('49C00004') || (t.x('49C00004')).no_shows, 'queued2', 'the second no-show, 30 open minutes after the call');
select is((t.x('49C00004')).eligible_at, to_timestamp(t.at('11:28', 1) / 1000.0), 'moves it back an hour');
select is(t.call(1, t.at('10:30', 1), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('49C00004'), 'reason', 'x')), 'ok', 'a reason may call it before');
do $$ begin perform t.tick(1, t.at('11:00', 1)); end $$;
select is(t.state('49C00004'), 'no_show', 'the third ends it');
select is((select count(*) from live_plate where plate = '49C00004'), 0::bigint, 'and frees its plate');

-- a claim lapses a published time after the planned arrival
select is(t.file(1, t.at('11:01', 1), 'one', t.document('export', '{59C00001}', jsonb_build_object('planned_arrival_ms', t.at('15:00', 1)))), 'ok', 'filed, never seen');
do $$ begin perform t.tick(1, t.at('14:59', 2)); end $$;
select is(t.state('59C00001'), 'declared', 'it holds its plate for a day after 15:00');
do $$ begin perform t.tick(1, t.at('15:00', 2)); end $$;
select is(t.state('59C00001') || ' ' || (select count(*) from live_plate where plate = '59C00001'), 'expired 0', 'no longer');
select is((select state from gate.declaration where number = (t.x('59C00001')).declaration), 'cancelled', 'nor its declaration');

-- what falls due is applied before the command that comes later, at its own time
select is(t.file(1, t.at('15:01', 2), 'one', t.document('export', '{59C00002}')), 'ok', 'filed');
select is(t.file(1, t.at('15:05', 3), 'one', t.document('export', '{59C00002}')), 'ok', 'a day later the plate can be had: the lapse came first');
select is((select count(*) from gate.event where ledger = 1 and type = 'expired' and at = to_timestamp(t.at('15:01', 3) / 1000.0)), 1::bigint, 'and at its own time');

-- an officer who sees the truck frees its plate from one that has not arrived
select is(t.run(1, 'release', t.at('15:06', 3), 'border_guard', jsonb_build_object('crossing', t.id('59C00002'))), 'reason_required', 'with a reason');
select is(t.run(1, 'release', t.at('15:06', 3), 'border_guard', jsonb_build_object('crossing', t.id('59C00002'), 'reason', 'xe khác')), 'ok', 'released');
select is((select count(*) from live_plate where plate = '59C00002'), 0::bigint, 'free');
select is(t.joins('59C00002', t.at('15:07', 3)), 'ok ', 'filed again and arrived');
select is(t.run(1, 'release', t.at('15:08', 3), 'border_guard', jsonb_build_object('crossing', t.id('59C00002'), 'reason', 'x')), 'crossing_arrived', 'then no more');

-- predictions: promised when it joins and when it is called, scored when it happens
select is((select count(*) from gate.prediction where crossing = (t.x('59C00002')).id and kind = 'call'), 1::bigint, 'the wait was promised');
select is(t.call(1, t.at('15:20', 3)), 'ok', 'called');
select is((select outcome_at from gate.prediction where crossing = (t.x('59C00002')).id and kind = 'call'), to_timestamp(t.at('15:20', 3) / 1000.0), 'and scored');
select ok((select p50_s <= p90_s from gate.prediction where crossing = (t.x('59C00002')).id limit 1), 'an interval');

select is((select count(*)::int from gate.crossing where waits_at <> rank_at), 0, 'whoever waits, waits by its rank');

select * from finish();
rollback;
