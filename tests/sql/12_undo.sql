-- Undoing: exactly what was done, what others built on, ends, and what an end gave back.
\ir helpers.psql
select no_plan();

-- names for bits say what the steps are
select is((select array_agg(bit order by bit) from gate.step where (1 << bit) in (gate.bit_registered(), gate.bit_gate_in(), gate.bit_yard_in(), gate.bit_called(), gate.bit_loaded(), gate.bit_exit(), gate.bit_returned())
  and code in ('registered', 'gate_in', 'yard_in', 'called', 'loaded', 'exit', 'returned')), '{0,1,4,5,10,14,15}', 'the bits of steps that rules name');
select is((select array_agg(code order by bit) from gate.step where gate.bits_served() & (1 << bit) <> 0), '{inspection,transshipped,customs_finish,border_guard_finish}', 'and their sums');
select is((select array_agg(code order by bit) from gate.step where gate.bits_finish() & (1 << bit) <> 0), '{customs_finish,border_guard_finish}', 'too');

-- a hold that was passed by mistake is there again
select is(t.joins('29C00001', t.at('08:00')), 'ok ', 'one waits');
select is(t.step('29C00001', 'plant', t.at('08:01'), '{"result":"hold","note":"x"}'), 'ok', 'is held');
select is(t.step('29C00001', 'plant', t.at('08:02')), 'ok', 'passed by mistake');
select is(t.undo('29C00001', t.at('08:02'), 'plant'), 'ok', 'undone');
select is(t.state('29C00001') || ' ' || (t.x('29C00001')).held || ' ' || ((t.x('29C00001')).done & 64), 'held 64 0', 'and held again');
select is(t.step('29C00001', 'plant', t.at('08:03'), '{"result":"hold","note":"y"}'), 'ok', 'held twice');
select is(t.undo('29C00001', t.at('08:03'), 'plant'), 'ok', 'the second undone');
select is(t.state('29C00001'), 'held', 'the first holds');
select is(t.step('29C00001', 'plant', t.at('08:04')), 'ok', 'passed');
-- the channel of a registration that was held first
select is(t.file(1, t.at('08:10'), 'one', t.document('export', '{29C00002}')), 'ok', 'another');
select is(t.step('29C00002', 'registered', t.at('08:11'), '{"result":"hold","note":"x"}'), 'ok', 'customs holds it');
select is(t.step('29C00002', 'registered', t.at('08:12'), '{"channel":"red"}'), 'ok', 'registers it red');
select is(t.undo('29C00002', t.at('08:12'), 'customs'), 'ok', 'undone');
select is((t.x('29C00002')).held || ' ' || ((t.x('29C00002')).required & 256) || coalesce((t.x('29C00002')).channel, ' none'), '1 0 none', 'held, without channel and inspection');

-- a fee paid from an office is no arrival
select is(t.file(1, t.at('08:20'), 'one', t.document('export', '{29C00003,29C00004}')), 'ok', 'two');
select is(t.steps('29C00003', t.at('08:21'), 'registered', 'fee_paid'), '', 'registered and paid');
select is(t.amend('29C00003', t.at('08:22'), 'one', t.version('29C00003'), t.stored('29C00003') || jsonb_build_object('planned_arrival_ms', t.at('15:10'))), 'ok', 'amended');
select is((t.x('29C00003')).due_at, to_timestamp(t.at('15:10', 1) / 1000.0), 'its claim counts from the new time');
select is(t.run(1, 'release', t.at('08:23'), 'border_guard', jsonb_build_object('crossing', t.id('29C00003'), 'reason', 'x')), 'ok', 'and can be released');

-- an end is undone by a supervisor, with all that it gave back
create function t.booked(p_time text) returns int language sql as $$
  select booked from gate.window_booking where gate = 1 and direction = 'export' and starts_at = to_timestamp(t.at(p_time) / 1000.0)
$$;
select is(t.booked('15:00'), 1, 'the released one gave its place back');
select is(t.undo('29C00003', t.at('08:24'), 'border_guard'), 'wrong_role', 'not by an officer');
select is(t.undo('29C00003', t.at('08:24')), 'ok', 'a release undone');
select is(t.state('29C00003') || ' ' || t.booked('15:00') || ' ' || (select count(*) from live_plate where plate = '29C00003'), 'declared 2 1', 'it has its place and plate');
select is((t.x('29C00003')).due_at, to_timestamp(t.at('15:10', 1) / 1000.0), 'and its claim');
select is((select count(*) from gate.revocation where crossing = (t.x('29C00003')).id), 0::bigint, 'its pass is good');
select is(t.undo('29C00003', t.at('08:25'), 'supervisor', (select max(seq) from gate.event where crossing = (t.x('29C00003')).id and type = 'released')), 'undo_impossible', 'once');
select is(t.run(1, 'turn_back', t.at('08:26'), 'border_guard', jsonb_build_object('crossing', t.id('29C00001'), 'reason', 'x')), 'ok', 'one that waits is turned back');
select is(t.undo('29C00001', t.at('08:27')), 'ok', 'undone');
select is(t.state('29C00001') || ' ' || ((t.x('29C00001')).waits_at = (t.x('29C00001')).rank_at), 'queued true', 'it waits at its place');
select is(t.step('29C00001', 'plant', t.at('08:28'), '{"result":"hold","note":"?"}'), 'step_done', 'with its steps');

-- the only vehicle of a declaration: its numbers and its declaration live again
select is(t.file(1, t.at('09:00'), 'one', t.document('export', '{39C00001}', '{"customs_declarations":[{"number":"306012345670"}]}')), 'ok', 'filed');
select is(t.run(1, 'revoke', t.at('09:01'), 'supervisor', jsonb_build_object('crossing', t.id('39C00001'), 'reason', 'mất')), 'ok', 'its pass is revoked');
select t.tick(1, t.at('09:30', 1));
select is(t.state('39C00001'), 'expired', 'its claim lapses');
select is((select count(*) from live_reference where value = '306012345670'), 0::bigint, 'its numbers are free');
select is(t.undo('39C00001', t.at('09:31', 1)), 'ok', 'undone');
select is(t.state('39C00001') || ' ' || (select state from gate.declaration where number = (t.x('39C00001')).declaration), 'declared ready', 'both live');
select is((select count(*) from live_reference where value = '306012345670'), 1::bigint, 'with its numbers');
select is((select below from gate.revocation where crossing = (t.x('39C00001')).id), 2, 'but a revoked pass stays revoked');
select ok((t.x('39C00001')).due_at > to_timestamp(t.at('09:31', 1) / 1000.0), 'its claim runs again');
select is(t.run(1, 'release', t.at('09:32', 1), 'border_guard', jsonb_build_object('crossing', t.id('39C00001'), 'reason', 'x')), 'ok', 'released');
select is(t.file(1, t.at('09:33', 1), 'two', t.document('export', '{39C00001}')), 'ok', 'its plate filed by another');
select is(t.run(1, 'undo', t.at('09:34', 1), 'supervisor', jsonb_build_object('event', (select max(seq) from gate.event where type = 'released'), 'reason', 'x')), 'plate_live', 'then it does not come back');

-- a reject gives the window back; undone, a revoked pass stays revoked
select is(t.file(1, t.at('10:00', 1), 'one', t.document('export', '{49C00001}', jsonb_build_object('planned_arrival_ms', t.at('15:10', 1)))), 'ok', 'with a window');
select is((select booked from gate.window_booking where gate = 1 and starts_at = to_timestamp(t.at('15:00', 1) / 1000.0)), 1, 'booked');
select is(t.run(1, 'revoke', t.at('10:01', 1), 'supervisor', jsonb_build_object('crossing', t.id('49C00001'), 'reason', 'mất')), 'ok', 'its pass is revoked');
select is(t.step('49C00001', 'registered', t.at('10:02', 1), '{"result":"reject","note":"x"}'), 'ok', 'customs rejects it');
select is((select booked from gate.window_booking where gate = 1 and starts_at = to_timestamp(t.at('15:00', 1) / 1000.0)), 0, 'its place is free');
select is(t.undo('49C00001', t.at('10:03', 1)), 'ok', 'undone');
select is((select booked from gate.window_booking where gate = 1 and starts_at = to_timestamp(t.at('15:00', 1) / 1000.0)), 1, 'taken again');
select is((select below from gate.revocation where crossing = (t.x('49C00001')).id), 2, 'the pass stays revoked');

-- the last no-show
select t.clear();
select is(t.joins('59C00001', t.at('07:30', 2)), 'ok ', 'one waits');
select is(t.call(1, t.at('07:31', 2)), 'ok', 'called');
select t.tick(1, t.at('08:10', 2));
select is(t.undo('59C00001', t.at('08:11', 2), 'supervisor', (select max(seq) from gate.event where type = 'no_show')), 'undo_impossible', 'one that only moved it back is no end');
select is(t.call(1, t.at('08:30', 2)), 'ok', 'called');
select t.tick(1, t.at('09:10', 2));
select is(t.call(1, t.at('10:30', 2)), 'ok', 'called');
select t.tick(1, t.at('11:10', 2));
select is(t.state('59C00001'), 'no_show', 'three times for nothing');
select is(t.undo('59C00001', t.at('11:11', 2)), 'ok', 'undone');
select is(t.state('59C00001') || ' ' || (t.x('59C00001')).inside, 'called true', 'it is called');
select is((t.x('59C00001')).due_at, to_timestamp(t.at('11:41', 2) / 1000.0), 'with a grace of its own');
select is(t.steps('59C00001', t.at('11:20', 2), 'gate_in', 'health', 'licence', 'plant', 'fee_paid', 'customs_finish', 'border_guard_finish', 'exit'), '', 'and goes its way');

-- what happens after the exit neither holds nor ends
select is(t.step('59C00001', 'returned', t.at('11:40', 2), '{"result":"reject","note":"x"}'), 'step_not_open', 'a return is not rejected');
select is(t.step('59C00001', 'returned', t.at('11:40', 2), '{"result":"hold","note":"x"}'), 'step_not_open', 'nor held');
select is(t.state('59C00001'), 'exited', 'it stays out');
select is(t.step('59C00001', 'returned', t.at('11:41', 2)), 'ok', 'it came back');

-- what other vehicles of the declaration built on is not undone
select is(t.file(2, t.at('08:00'), 'one', t.document('import', '{桂A12345}', '{"gate":"TT","goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C11111","nationality":"VN"}]}')), 'ok', 'one onto one');
select is(t.steps('12C11111', t.at('08:01'), 'registered'), '', 'the receiver is registered');
select is(t.steps('桂A12345', t.at('08:02'), 'registered', 'gate_in', 'health', 'licence', 'yard_in'), '', 'the main one comes in');
select is(t.steps('12C11111', t.at('08:03'), 'gate_in'), '', 'and lets the receiver in');
select is(t.undo('桂A12345', t.at('08:04')), 'undo_impossible', 'so its arrival is not undone');
select is(t.last_body() -> 'built_on', '[{"step":"gate_in","agency":"border_guard"}]', 'the step that built on it is named');
select is(t.undo('12C11111', t.at('08:05')), 'ok', 'the receiver''s entry is undone first');
select is(t.undo('桂A12345', t.at('08:05')), 'ok', 'then it may');
select is(t.steps('桂A12345', t.at('08:06'), 'yard_in', 'fee_paid'), '', 'again');
select is(t.call(2, t.at('08:07'), '{"lane":1,"direction":"import"}'), 'ok', 'called');
select is(t.step('12C11111', 'gate_in', t.at('08:08'), '{"result":"reject","note":"x"}'), 'ok', 'the receiver is turned back');
select is(t.steps('桂A12345', t.at('08:09'), 'customs_finish'), '', 'so customs finishes without transshipment');
select is(t.undo('12C11111', t.at('08:10')), 'undo_impossible', 'then the receiver does not come back');
select is(t.last_body() #>> '{built_on,0,step}', 'customs_finish', 'since the other goes without it');

select * from finish();
rollback;
