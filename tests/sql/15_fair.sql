-- What keeps the queue fair: whose goods give the credit, windows, clocks that stand still, the wait
-- that is told, and those that pass others.
\ir helpers.psql
select no_plan();

-- the credit is of the goods a vehicle carries, not of those beside it
select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C00001,29C00002}', '{"goods":[{"hs":"08106000","plates":["29C00001"]}]}')), 'ok', 'goods that name one of two vehicles');
select is((t.x('29C00001')).class::text, 'perishable', 'are its own');
select is((t.x('29C00002')).class::text, 'empty', 'the other one is empty');
select is((t.x('29C00002')).required & 64, 0, 'and needs no plant quarantine');
select is(t.file(1, t.at('08:01'), 'one', t.document('export', '{29C00003}', '{"vehicles":[{"plate":"29C00003"},{"vin":"LSVAA2180E2123456"}],"goods":[{"hs":"08106000","plates":["LSVAA2180E2123456"]}]}')), 'ok', 'goods that name a VIN');
select is((t.x('LSVAA2180E2123456')).required & 64, 64, 'are those of the new vehicle');
select is((t.x('LSVAA2180E2123456')).class::text, 'new_vehicle', 'which has the least credit of what it is');
select is((t.x('29C00003')).class::text, 'empty', 'and of no other');
do $$ begin perform t.clear(); end $$;

-- windows are of the hours in which the route is open
create function t.planned(p_plate text, p_now bigint, p_planned bigint) returns jsonb language sql as $$
  select t.last_body() from t.file(1, p_now, 'one', t.document('export', array[p_plate], jsonb_build_object('planned_arrival_ms', p_planned))) f where f = 'ok'
$$;
select is(t.planned('29C00011', t.at('15:00'), t.at('20:00')) -> 'window', 'null', 'no window begins when the route has closed');
select is(t.last_body() #>> '{next_windows,0,from}', '2026-11-24T07:00:00.000+07:00', 'the next one is in the morning');
select isnt(t.planned('29C00012', t.at('15:00'), t.at('19:59')) -> 'window', 'null', 'the last one of the day is given');
do $$ begin perform t.step('29C00011', 'registered', t.at('15:05')); end $$;
select is(t.joins('29C00013', t.at('07:00', 1)), 'ok ', 'one comes at seven');
select is(t.step('29C00011', 'yard_in', t.at('07:20', 1)), 'ok', 'and later the one that had asked for the night');
select is(t.call(1, t.at('07:30', 1)) || ' ' || t.called(), 'ok 29C00013', 'who came first is first');
select is(t.calendar(1, t.at('08:00', 1), t.at('10:10', 1), t.at('12:00', 1), 'closed'), 'ok', 'a closure is announced');
select isnt(t.planned('29C00014', t.at('08:01', 1), t.at('10:05', 1)) -> 'window', 'null', 'a window that begins before it is given');
select is(t.planned('29C00015', t.at('08:02', 1), t.at('11:05', 1)) -> 'window', 'null', 'none within it');
select is(t.amend('29C00015', t.at('08:03', 1), 'one', 1, t.stored('29C00015') || jsonb_build_object('planned_arrival_ms', t.at('11:40', 1))), 'ok', 'nor by an amendment');
select is(t.last_body() -> 'window', 'null', 'it stays live');
select is(t.amend('29C00015', t.at('08:04', 1), 'one', 2, t.stored('29C00015') || jsonb_build_object('planned_arrival_ms', t.at('12:10', 1))), 'ok', 'but after it');
select is(t.last_body() #>> '{window,from}', '2026-11-24T12:00:00.000+07:00', 'there is one');
select is(t.planned('29C00016', t.at('08:05', 1), t.at('09:00', 40)) -> 'window', 'null', 'nobody books more than 30 days ahead');
delete from gate.window_capacity where gate = 1 and direction = 'export';
select is(t.planned('29C00017', t.at('08:06', 1), t.at('15:00', 1)) -> 'window', 'null', 'without a published capacity there are no windows');
select is((select count(*) from gate.window_booking where booked > 0 and starts_at = to_timestamp(t.at('15:00', 1) / 1000.0)), 0::bigint, 'and nothing is booked');
do $$ begin perform t.clear(); end $$;

-- what holds a called vehicle stops its grace, which then runs anew
select is(t.joins('29C00021', t.at('08:00', 2)) || t.call(1, t.at('08:05', 2)), 'ok ok', 'one is called');
select is(t.step('29C00021', 'plant', t.at('08:10', 2), '{"result":"hold"}'), 'ok', 'and held');
do $$ begin perform t.tick(1, t.at('08:36', 2)); perform t.tick(1, t.at('09:36', 2)); end $$;
select is(t.step('29C00021', 'plant', t.at('09:40', 2)), 'ok', 'for an hour and a half');
do $$ begin for i in 0 .. 29 loop perform t.tick(1, t.at('09:40', 2) + i * 60000); end loop; end $$;
select is((t.x('29C00021')).state || (t.x('29C00021')).no_shows, 'called0', 'then it has its whole grace to come');
do $$ begin perform t.tick(1, t.at('10:11', 2)); perform t.tick(1, t.at('10:12', 2)); end $$;
select is((t.x('29C00021')).state || (t.x('29C00021')).no_shows, 'queued1', 'and no more');
select is(t.call(1, t.at('11:00', 2)), 'ok', 'called again');
select is(t.step('29C00021', 'health', t.at('11:10', 2), '{"result":"hold"}'), 'ok', 'held by mistake');
select is(t.undo('29C00021', t.at('12:00', 2)), 'ok', 'which is taken back');
do $$ begin perform t.tick(1, t.at('12:20', 2)); perform t.tick(1, t.at('12:29', 2)); end $$;
select is(t.state('29C00021'), 'called', 'it has its grace, too');
do $$ begin perform t.clear(); end $$;

-- the wait that is told stands still while the route is closed
create function t.wait(p_plate text, p_now bigint) returns text language sql as $$
  select format('%s %s', substr(r.body #>> '{wait,from}', 1, 16), substr(r.body #>> '{wait,to}', 1, 16))
  from t.read('position', p_now, 'one', jsonb_build_object('crossing', t.id(p_plate))) r
$$;
update gate.pace set calls = 0, gap_s = 0, gap_var = 0, last_call_at = null where gate = 1; -- the pace of a gate without history
select is(t.joins('29C00031', t.at('21:00', 2)), 'ok ', 'one waits in the night');
select is(t.wait('29C00031', t.at('21:10', 2)), '2026-11-26T07:01 2026-11-26T07:03', 'it is told a time of the morning');
select is((r.body #>> '{next,export,0,wait,p50_s}')::int > 35000, true, 'on the board, too')
from t.read('board', t.at('21:10', 2), 'one', '{"gate":"CKHN"}') r;
select is((r.body #>> '{stock,export,wait_of_next,p50_s}')::int > 35000, true, 'whoever comes now, as well')
from t.read('board', t.at('21:10', 2), 'one', '{"gate":"CKHN"}') r;
select is(substr(r.body #>> '{projected_finish,at}', 1, 13), '2026-11-26T07', 'nothing is cleared before')
from t.read('stats', t.at('21:10', 2), 'operator', '{"gate":"CKHN"}') r;
select is(r.body #>> '{projected_finish,before_closing}', 'false', 'and not before closing')
from t.read('stats', t.at('21:10', 2), 'operator', '{"gate":"CKHN"}') r;
select is(t.wait('29C00031', t.at('19:59:30', 3)), '2026-11-27T07:01 2026-11-27T07:02', 'half a minute before closing most of it comes the day after');
select is(t.wait('29C00031', t.at('12:00', 3)), '2026-11-26T12:01 2026-11-26T12:03', 'at noon it is a matter of minutes');
select is(t.calendar(1, t.at('12:00', 3), t.at('12:01', 3), t.at('14:00', 3), 'closed'), 'ok', 'a closure is announced');
select is(t.wait('29C00031', t.at('12:00', 3)), '2026-11-26T14:00 2026-11-26T14:02', 'the wait goes on after it');
select is(t.calendar(1, t.at('12:00', 3), t.at('12:00', 3), t.at('12:00', 23), 'closed'), 'ok', 'closed for weeks');
select is(t.wait('29C00031', t.at('12:00', 3)), '2026-12-03T12:00 2026-12-03T12:00', 'a week is the most that is told');
do $$ begin perform t.calendar(1, t.at('12:00', 3), t.at('12:00', 30), t.at('13:00', 30), 'closed'); perform t.clear(); end $$;

-- while only the registered are called, the places are among those
select is(t.joins('29C00041', t.at('13:00', 3)), 'ok ', 'one registered before');
select is(t.calendar(1, t.at('13:05', 3), t.at('13:05', 3), t.at('15:00', 3), 'pre_registered'), 'ok', 'from now on only those');
select is(t.joins('29C00042', t.at('12:10', 3)) || t.joins('29C00043', t.at('13:12', 3)), 'ok ok ', 'two come that were not');
select is((select string_agg(format('%s:%s:%s', i ->> 'plate', i ->> 'place', i -> 'reasons' ? 'pre_registered_only'), ' ' order by i ->> 'plate')
  from t.read('queue', t.at('13:15', 3), 'operator', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'items') i),
  '29C00041:1:f 29C00042::t 29C00043::t', 'the queue says who has no place now, and why');
select is((select jsonb_array_length(r.body #> '{next,export}') from t.read('board', t.at('13:15', 3), 'one', '{"gate":"CKHN"}') r), 1, 'the board announces none of them');
do $$ begin perform t.clear(); end $$;

-- the credit follows the goods, also when an officer finds others
select is(t.joins('29C00051', t.at('12:00', 4)) || t.joins('29C00052', t.at('12:10', 4), '25232990'), 'ok ok ', 'two wait');
select is(t.amend('29C00051', t.at('12:15', 4), 'customs', t.version('29C00051'), t.stored('29C00051') || '{"goods":[{"hs":"25232990"}]}'), 'ok', 'the fruit of the first is cement');
select is((t.x('29C00051')).joined_at - (t.x('29C00051')).waits_at, interval '10 minutes', 'it keeps its time, and has the credit of cement');
select is((select e.body::jsonb ->> 'rank_at' from gate.event e where e.crossing = (t.x('29C00051')).id order by e.seq desc limit 1), '2026-11-27T11:50:01.000+07:00', 'as the public ledger says');
select is(t.amend('29C00052', t.at('12:16', 4), 'customs', t.version('29C00052'), t.stored('29C00052') || '{"goods":[{"hs":"08106000"}]}'), 'ok', 'the cement of the second is fruit');
select is(t.call(1, t.at('12:20', 4)) || ' ' || t.called(), 'ok 29C00052', 'which is called first');
do $$ begin perform t.clear(); end $$;

-- who is let in without a call has passed those before it, and is counted
select is(t.joins('29C00061', t.at('13:00', 4)) || t.joins('29C00062', t.at('13:01', 4)) || t.joins('29C00063', t.at('13:02', 4)), 'ok ok ok ', 'three wait');
select is(t.step('29C00063', 'gate_in', t.at('13:05', 4), '{"override":true,"note":"đoàn khách"}', 'supervisor'), 'ok', 'the last is let in by a supervisor');
select is((select format('%s %s %s', passed, delay_s, reason) from gate.overtake where crossing = (t.x('29C00063')).id), '2 120 đoàn khách', 'before two, with the reason');
select is(t.step('29C00062', 'gate_in', t.at('13:06', 4), jsonb_build_object('offline', true, 'occurred_ms', t.at('13:05:30', 4))), 'ok', 'the second during an outage');
select is((select format('%s %s', passed, reason) from gate.overtake where crossing = (t.x('29C00062')).id), '1 offline', 'before one');
select is(t.step('29C00061', 'gate_in', t.at('13:07', 4), '{"override":true,"note":"x"}', 'supervisor'), 'ok', 'the first');
select is((select count(*) from gate.overtake where crossing = (t.x('29C00061')).id), 0::bigint, 'passes nobody');
select is(r.body #>> '{today,overtakes,count}', '2', 'the public count has them') from t.read('stats', t.at('13:10', 4), 'operator', '{"gate":"CKHN"}') r;
do $$ begin perform t.clear(); end $$;

-- a pass does not run out on who waits
select is(t.joins('29C00081', t.at('08:00', 5)), 'ok ', 'one waits');
select is(t.file(1, t.at('08:00', 5), 'one', t.document('export', '{29C00082}')), 'ok', 'another has not come');
select is(t.scan(t.at('09:00', 5), 'customs', jsonb_build_object('pass_verdict', 'expired', 'pass_version', 1, 'crossing', t.id('29C00082'))), 'stop pass_expired', 'its pass has expired');
select is(t.scan(t.at('09:00', 5), 'centre', jsonb_build_object('pass_verdict', 'expired', 'pass_version', 1, 'crossing', t.id('29C00081'))), 'go ok', 'not that of the one that waits');
select is(t.scan(t.at('09:00', 5), 'centre', jsonb_build_object('pass_verdict', 'forged', 'pass_version', 1, 'crossing', t.id('29C00081'))), 'stop pass_forged', 'a forged one is no pass');
-- another plate may be one of the other country
select is(t.run(1, 'plate', t.at('09:10', 5), 'border_guard', jsonb_build_object('crossing', t.id('29C00082'), 'plate', '桂F00082', 'nationality', 'CN', 'reason', 'đọc nhầm')), 'ok', 'a plate was misread');
select is((t.x('桂F00082')).nationality || (t.stored('桂F00082') #>> '{vehicles,0,nationality}'), 'CNCN', 'and the country with it');
do $$ begin perform t.clear(); end $$;

select is((t.planned('29C00071', t.at('14:00', 5), t.at('14:00', 40)) #>> '{warnings,0,code}'), 'arrival_far', 'an arrival far ahead is said to be suspicious');

-- an override passes the rule it was given for, and the public ledger says which
select is(t.joins('29C00091', t.at('10:00', 6)) || t.joins('29C00092', t.at('10:01', 6)), 'ok ok ', 'two are registered in time');
select is(t.calendar(1, t.at('10:05', 6), t.at('10:05', 6), t.at('15:00', 6), 'pre_registered'), 'ok', 'from now on only those');
select is(t.joins('29C00093', t.at('10:06', 6)), 'ok ', 'one is not');
update gate.crossing set rank_at = rank_at - interval '1 hour', waits_at = waits_at - interval '1 hour' where plate = '29C00093';
update gate.yard set capacity = 0 where gate = 1 and kind = 'inside';
select is(t.call(1, t.at('10:10', 6), '{"lane":1,"direction":"export","override":true,"reason":"bãi chật"}') || ' ' || t.called(), 'ok 29C00091', 'a full yard is overridden for who is registered');
select is(t.call(1, t.at('10:11', 6), jsonb_build_object('lane', 1, 'direction', 'export', 'override', true, 'reason', 'cứu trợ', 'crossing', t.id('29C00093'))), 'ok', 'the other one only by name');
select is((select e.body::jsonb ->> 'overrides' || ' ' || (e.body::jsonb #>> '{overtake,passed}') from gate.event e where e.crossing = (t.x('29C00093')).id and e.type = 'called'),
  'pre_registered_only,yard_full 1', 'which is said, and that it passed one');
do $$ begin perform t.calendar(1, t.at('10:12', 6), t.at('10:12', 6), t.at('10:13', 6), 'open'); perform t.clear(); end $$;
update gate.yard set capacity = 450 where gate = 1 and kind = 'inside';

-- a lane that closes under who was called to it costs nobody a no-show
select is(t.joins('29C00101', t.at('11:00', 6)) || t.call(1, t.at('11:01', 6), '{"lane":2,"direction":"export"}'), 'ok ok', 'one is called to lane 2');
select is(t.scan(t.at('11:02', 6), 'border_guard', '{"plate":"29C00101","gate":1,"lane":3}'), 'stop wrong_lane', 'and not to lane 3');
select is(t.run(1, 'lane_close', t.at('11:05', 6), 'operator', '{"lane":2,"reason":"hỏng barie"}'), 'ok', 'lane 2 closes');
select is(t.scan(t.at('11:06', 6), 'border_guard', '{"plate":"29C00101","gate":1,"lane":3}'), 'go ok', 'then lane 3 takes it');
select is(t.scan(t.at('11:06', 6), 'border_guard', '{"plate":"29C00101","gate":1,"lane":4}'), 'stop wrong_direction', 'as far as it is for its direction');
do $$ begin perform t.tick(1, t.at('12:30', 6)); end $$;
select is(t.state('29C00101') || (t.x('29C00101')).no_shows, 'called0', 'its grace stands still');
select is(t.run(1, 'lane_open', t.at('12:31', 6), 'operator', '{"lane":2}'), 'ok', 'lane 2 opens');
do $$ begin perform t.tick(1, t.at('13:00', 6)); end $$;
select is(t.state('29C00101') || (t.x('29C00101')).no_shows, 'called0', 'and begins anew');
do $$ begin perform t.tick(1, t.at('13:02', 6)); end $$;
select is(t.state('29C00101') || (t.x('29C00101')).no_shows, 'queued1', 'and then runs out');
do $$ begin perform t.clear(); end $$;
-- whom a reason called to a lane that is for other goods is let in there
update gate.lane set classes = '{electronics}' where gate = 1 and number = 2;
select is(t.joins('29C00111', t.at('14:00', 6)) || t.call(1, t.at('14:01', 6), jsonb_build_object('lane', 2, 'direction', 'export', 'crossing', t.id('29C00111'), 'reason', 'x')), 'ok ok', 'fruit is called to a lane of electronics');
select is(t.scan(t.at('14:02', 6), 'border_guard', '{"plate":"29C00111","gate":1,"lane":2}'), 'go ok', 'and may go there');
update gate.lane set classes = null where gate = 1 and number = 2;
do $$ begin perform t.clear(); end $$;

-- who is to take over the goods of one that waits has time as long as that waits
select is(t.file(1, t.at('15:00', 6), 'one', t.document('import', '{桂F00121,桂F00122}', '{"goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C00121","nationality":"VN"}]}')), 'ok', 'two onto one');
select is(t.steps('12C00121', t.at('15:01', 6), 'registered') || t.steps('桂F00121', t.at('15:01', 6), 'registered', 'gate_in', 'yard_in', 'fee_paid', 'health', 'licence'), '', 'of which one waits');
do $$ begin perform t.tick(1, t.at('15:30', 7)); end $$;
select is(t.state('12C00121') || ' ' || t.state('桂F00122'), 'declared expired', 'a day later the one that did not come has lapsed, not the receiving one');
select is(t.scan(t.at('15:30', 9), 'customs', jsonb_build_object('pass_verdict', 'expired', 'pass_version', 1, 'crossing', t.id('12C00121'))), 'look not_open_yet', 'nor does its pass run out');
select is(t.call(1, t.at('16:00', 7), '{"lane":1,"direction":"import"}') || t.steps('桂F00121', t.at('16:01', 7), 'customs_finish'), 'okcustoms_finish:step_not_open ', 'and the goods are not cleared without it');
select is(t.run(1, 'turn_back', t.at('16:10', 7), 'operator', jsonb_build_object('crossing', t.id('桂F00121'), 'reason', 'x')), 'ok', 'the other one is turned back');
do $$ begin perform t.tick(1, t.at('17:30', 7)); end $$;
select is(t.state('12C00121'), 'expired', 'then it lapses, too');
do $$ begin perform t.clear(); end $$;

select * from finish();
rollback;
