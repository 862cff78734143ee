-- Steps: order, agencies, hold, reject, channel, prerequisites across crossings, offline, override, undo.
\ir helpers.psql
select no_plan();

-- an export, green channel, all the way
select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C12345}')), 'ok', 'a filing');
select is(t.step('29C12345', 'gate_in', t.at('08:01')), 'step_not_open', 'nobody enters before the call');
select is(t.last_body() -> 'missing', '[{"step":"called","agency":"operator"}]'::jsonb, 'and is told what is missing');
select is(t.step('29C12345', 'yard_in', t.at('08:01')), 'step_not_open', 'the yard waits for customs');
select is(t.step('29C12345', 'registered', t.at('08:01'), '{}', 'health'), 'wrong_role', 'no agency confirms for another');
select is(t.step('29C12345', 'called', t.at('08:01'), '{}', 'supervisor'), 'step_by_call', 'nobody calls by a step');
select is(t.step('29C12345', 'animal', t.at('08:01')), 'step_not_required', 'a fruit needs no animal quarantine');
select is(t.step('29C12345', 'loaded', t.at('08:01')), 'step_not_required', 'a main vehicle is not loaded');
select is(t.run(1, 'step', t.at('08:01'), 'customs', '{"crossing":"01000099999999","step":"registered","result":"pass"}'), 'not_found', 'an unknown crossing');
select is(t.step('29C12345', 'registered', t.at('08:01')), 'ok', 'customs registers');
select is((select status from t.answer order by n desc limit 1), 201, 'with status 201');
select is((select state from gate.declaration where number = (t.x('29C12345')).declaration), 'in_progress', 'the declaration is in progress');
select is(t.step('29C12345', 'registered', t.at('08:02'), '{}', 'customs2'), 'step_done', 'once');
select is(t.last_body() #>> '{done,by}', (select actor ->> 'id' from t.person where name = 'customs'), 'the second is told who');
select is(t.last_body() #>> '{done,recorded_at}', '2026-11-23T08:01:00.000+07:00', 'and when');
select is(t.last_body() #>> '{done,device}', 'kiosk-1', 'and where');
select is(t.open('29C12345'), 'yard_in fee_paid', 'now the yard and the fee are open');
select is(t.step('29C12345', 'yard_in', t.at('08:05')), 'ok', 'it arrives');
select is(t.state('29C12345'), 'queued', 'and waits');
select is((t.x('29C12345')).joined_at, to_timestamp(t.at('08:05') / 1000.0), 'as of now');
select is((t.x('29C12345')).due_at, null, 'its claim no longer lapses');
select is(t.call(1, t.at('08:10')), 'ok', 'it is called');
select is(t.steps('29C12345', t.at('08:12'), 'gate_in', 'health', 'licence', 'plant', 'fee_paid'), '', 'the agencies confirm in any order that the masks allow');
select is(t.step('29C12345', 'exit', t.at('08:20')), 'step_not_open', 'no exit before both finishes');
select is(t.steps('29C12345', t.at('08:20'), 'customs_finish'), '', 'customs finishes');
select is(t.state('29C12345'), 'at_gate', 'one finish is not enough');
select is(t.steps('29C12345', t.at('08:21'), 'border_guard_finish'), '', 'border guard finishes');
select is(t.state('29C12345'), 'cleared', 'both clear it');
select is(t.step('29C12345', 'exit', t.at('08:25')), 'ok', 'it leaves');
select is(t.state('29C12345') || ' ' || (select state from gate.declaration where number = (t.x('29C12345')).declaration), 'exited completed', 'the declaration is completed');
select is((select count(*) from live_plate where plate = '29C12345'), 0::bigint, 'its plate is free');
select is(t.step('29C12345', 'fee_paid', t.at('08:26')), 'step_done', 'what is done stays done');
select is(t.step('29C12345', 'inspection', t.at('08:26')), 'crossing_ended', 'nothing is added after the end');
select is(t.open('29C12345'), 'returned', 'an export may come back');
select is(t.step('29C12345', 'returned', t.at('08:40')), 'ok', 'and does');
select is(t.state('29C12345'), 'returned', 'with a state of its own');

-- channels
select is(t.file(1, t.at('09:00'), 'one', t.document('export', '{29C00001}')), 'ok', 'another');
select is(t.step('29C00001', 'registered', t.at('09:01'), '{"channel":"yellow"}'), 'ok', 'on the yellow channel');
select is((t.x('29C00001')).required & 256, 256, 'needs an inspection');
select is((t.x('29C00001')).channel, 'yellow', 'and shows its channel');
select is(t.steps('29C00001', t.at('09:02'), 'yard_in'), '', 'it arrives');
select is(t.call(1, t.at('09:03')), 'ok', 'is called');
select is(t.steps('29C00001', t.at('09:04'), 'gate_in', 'health', 'licence', 'plant', 'fee_paid'), '', 'is seen by all but customs');
select is(t.step('29C00001', 'customs_finish', t.at('09:05')), 'step_not_open', 'no finish without inspection');
select is(t.last_body() #>> '{missing,0,step}', 'inspection', 'which is named');

-- hold, and the same step passed
select is(t.step('29C00001', 'health', t.at('09:06'), '{"result":"hold","note":"sốt"}'), 'step_done', 'what has passed is not held');
select is(t.step('29C00001', 'inspection', t.at('09:06'), '{"result":"hold","note":"seal"}'), 'ok', 'customs holds it');
select is(t.state('29C00001'), 'held', 'it is held');
select is(t.steps('29C00001', t.at('09:07'), 'border_guard_finish'), '', 'others go on');
select is(t.step('29C00001', 'inspection', t.at('09:08')), 'ok', 'the same step passes');
select is(t.state('29C00001'), 'at_gate', 'and frees it');
select is(t.steps('29C00001', t.at('09:09'), 'customs_finish'), '', 'customs finishes');
select is(t.step('29C00001', 'exit', t.at('09:10'), '{"result":"hold","note":"wait"}'), 'ok', 'the exit itself is held');
select is(t.step('29C00001', 'exit', t.at('09:11')), 'ok', 'and passed by the same step');

-- a hold of another step keeps from leaving
select is(t.joins('29C00002', t.at('09:20')), 'ok ', 'a third joins');
select is(t.call(1, t.at('09:21')), 'ok', 'is called');
select is(t.steps('29C00002', t.at('09:22'), 'gate_in', 'health', 'licence', 'plant', 'fee_paid', 'customs_finish', 'border_guard_finish'), '', 'is cleared');
select is(t.step('29C00002', 'inspection', t.at('09:23'), '{"result":"hold","note":"tip"}'), 'ok', 'an inspection nobody asked for holds it');
select is(t.step('29C00002', 'exit', t.at('09:24')), 'crossing_held', 'no exit');
select is(t.last_body() #>> '{held,0,step}', 'inspection', 'and what holds it is told');
select is(t.step('29C00002', 'inspection', t.at('09:25')), 'ok', 'released');
select is(t.step('29C00002', 'exit', t.at('09:26')), 'ok', 'out');

-- reject, turned back
select is(t.joins('29C00003', t.at('09:30')), 'ok ', 'a fourth');
select is(t.step('29C00003', 'plant', t.at('09:31'), '{"result":"reject","note":"Cadmium"}'), 'ok', 'plant quarantine rejects');
select is(t.state('29C00003') || ' ' || (select state from gate.declaration where number = (t.x('29C00003')).declaration), 'rejected cancelled', 'it ends, and its declaration');
select is((select count(*) from live_plate where plate = '29C00003'), 0::bigint, 'its plate is free');
select is((t.x('29C00003')).waits_at, null, 'it waits no more');
select is(t.step('29C00003', 'fee_paid', t.at('09:32')), 'crossing_ended', 'no steps after the end');
select is(t.joins('29C00004', t.at('09:33')), 'ok ', 'a fifth');
select is(t.call(1, t.at('09:34')), 'ok', 'is called');
select is(t.step('29C00004', 'gate_in', t.at('09:35'), '{"result":"reject","note":"no seal"}'), 'ok', 'the barrier rejects');
select is(t.state('29C00004'), 'turned_back', 'that is turning back');
select is((select below from gate.revocation where crossing = (t.x('29C00004')).id), 2, 'kiosks learn that its pass is over');

-- undo: officer within 60 s, own, last; supervisor later
select is(t.joins('29C00005', t.at('09:40')), 'ok ', 'a sixth');
select is(t.step('29C00005', 'fee_paid', t.at('09:41')), 'ok', 'pays');
select is(t.run(1, 'undo', t.at('09:41'), 'customs', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'undo_not_last', 'not another one''s');
select is(t.run(1, 'undo', t.at('09:41'), 'centre', jsonb_build_object('event', (t.x('29C00005')).last_seq)), 'reason_required', 'not without a reason');
select is(t.run(1, 'undo', t.at('09:43'), 'centre', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'undo_too_late', 'not after a minute');
select is(t.run(1, 'undo', t.at('09:43'), 'supervisor', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'ok', 'a supervisor may');
select is((t.x('29C00005')).done & 2048, 0, 'it is undone');
select is(t.step('29C00005', 'fee_paid', t.at('09:44')), 'ok', 'and can be done again');
select is(t.run(1, 'undo', t.at('09:44'), 'centre', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'ok', 'at once by the officer');
select is(t.run(1, 'undo', t.at('09:44'), 'centre', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'undo_impossible', 'an undo is not undone');
select is(t.run(1, 'undo', t.at('09:45'), 'supervisor', jsonb_build_object('event', (select min(seq) from gate.event where ledger = 1 and crossing = (t.x('29C00005')).id and body::jsonb ->> 'step' = 'registered'), 'reason', 'x')), 'undo_impossible', 'nothing is undone that others built on');
select is(t.last_body() #>> '{built_on,0,step}', 'yard_in', 'which is named');
select is(t.run(1, 'undo', t.at('09:46'), 'supervisor', jsonb_build_object('event', (select max(seq) from gate.event where ledger = 1 and crossing = (t.x('29C00005')).id and body::jsonb ->> 'step' = 'yard_in'), 'reason', 'x')), 'ok', 'the arrival is undone');
select is(t.state('29C00005') || coalesce((t.x('29C00005')).waits_at::text, ' not in the queue'), 'declared not in the queue', 'it leaves the queue');
select is(t.step('29C00005', 'yard_in', t.at('09:50')), 'ok', 'it arrives again');
select is((t.x('29C00005')).joined_at, to_timestamp(t.at('09:50') / 1000.0), 'and joins as of then');
select is((t.x('29C00005')).rank_at, to_timestamp(t.at('08:20') / 1000.0), 'with its credit');

-- undo of a reject and of an exit brings it back to life with its plate
select is(t.step('29C00005', 'plant', t.at('09:51'), '{"result":"reject","note":"?"}'), 'ok', 'a reject');
select is(t.run(1, 'undo', t.at('09:55'), 'supervisor', jsonb_build_object('event', (t.x('29C00005')).last_seq, 'reason', 'x')), 'ok', 'undone');
select is(t.state('29C00005'), 'queued', 'it waits again at its place');
select is((select count(*) from live_plate where plate = '29C00005'), 1::bigint, 'with its plate');
select is((select count(*) from gate.revocation where crossing = (t.x('29C00005')).id), 0::bigint, 'its pass is good again');
select is((select state from gate.declaration where number = (t.x('29C00005')).declaration), 'in_progress', 'and its declaration');
select is(t.step('29C00005', 'plant', t.at('09:56'), '{"result":"reject","note":"?"}'), 'ok', 'rejected again');
select is(t.file(1, t.at('09:57'), 'two', t.document('export', '{29C00005}')), 'ok', 'somebody files its plate');
select is(t.run(1, 'undo', t.at('09:58'), 'supervisor', jsonb_build_object('event', (select max(seq) from gate.event where body::jsonb ->> 'result' = 'reject'), 'reason', 'x')), 'plate_live', 'then it cannot come back');

-- undoing the registration takes back its channel
select is(t.file(1, t.at('09:59'), 'one', t.document('export', '{29C00006}')), 'ok', 'a seventh');
select is(t.step('29C00006', 'registered', t.at('10:00'), '{"channel":"red"}'), 'ok', 'red by mistake');
select is(t.run(1, 'undo', t.at('10:00'), 'customs', jsonb_build_object('event', (t.x('29C00006')).last_seq, 'reason', 'x')), 'ok', 'undone');
select is((t.x('29C00006')).required & 256 || coalesce((t.x('29C00006')).channel, ' none'), '0 none', 'no inspection stays behind');
select is(t.step('29C00006', 'registered', t.at('10:00')), 'ok', 'green');

-- override: a supervisor, with a reason, is marked
select is(t.step('29C00006', 'gate_in', t.at('10:01'), '{"override":true,"note":"x"}'), 'wrong_role', 'an officer does not override');
select is(t.step('29C00006', 'gate_in', t.at('10:01'), '{"override":true}', 'supervisor'), 'reason_required', 'nor anybody without a reason');
select is(t.step('29C00006', 'licence', t.at('10:01'), '{"override":true,"note":"giấy tay"}', 'supervisor'), 'ok', 'a supervisor does');
select is((select body::jsonb ->> 'override' from gate.event where ledger = 1 order by seq desc limit 1), 'true', 'in public');

-- offline: recorded as happened, its conflicts listed and resolvable
select is(t.joins('29C00007', t.at('10:10')), 'ok ', 'an eighth waits');
select is(t.step('29C00007', 'gate_in', t.at('11:00'), jsonb_build_object('offline', true, 'occurred_ms', t.at('10:30'))), 'ok', 'let in offline before its call');
select is(t.last_body() ->> 'conflict', 'step_not_open', 'flagged');
select is((t.x('29C00007')).done & 2, 2, 'and done');
select is((t.x('29C00007')).done_at[2], to_timestamp(t.at('10:30') / 1000.0), 'when it happened');
select is((select kind || ' ' || crossing from gate.conflict order by number desc limit 1), 'step_not_open ' || (t.x('29C00007')).id, 'a conflict is listed');
select is(t.step('29C00007', 'gate_in', t.at('11:01'), jsonb_build_object('offline', true, 'occurred_ms', t.at('10:31'))), 'ok', 'the second kiosk did it too');
select is(t.last_body() ->> 'conflict', 'step_done', 'also recorded');
select is(t.step('29C00007', 'gate_in', t.at('11:01:30')), 'step_done', 'who does it once more');
select is(substr(t.last_body() #>> '{done,occurred_at}', 1, 16), '2026-11-23T10:30', 'learns when it was done, not when it was repeated');
select is(t.last_body() #>> '{done,name}', 'border_guard', 'and by whom');
select is(t.run(1, 'resolve', t.at('11:02'), 'supervisor', jsonb_build_object('conflict', (select min(number) from gate.conflict where crossing = (t.x('29C00007')).id))), 'reason_required', 'resolving needs words');
select is(t.run(1, 'resolve', t.at('11:02'), 'supervisor', jsonb_build_object('conflict', (select min(number) from gate.conflict where crossing = (t.x('29C00007')).id), 'resolution', 'đã xem')), 'ok', 'resolved');
select is(t.run(1, 'resolve', t.at('11:02'), 'supervisor', jsonb_build_object('conflict', (select min(number) from gate.conflict where crossing = (t.x('29C00007')).id), 'resolution', 'again')), 'conflict_resolved', 'once');
select is(t.file(1, t.at('11:10'), 'one', t.document('export', '{29C00008}')), 'ok', 'one arrives while the line is down');
select is(t.step('29C00008', 'registered', t.at('11:11')), 'ok', 'registered');
select is(t.step('29C00008', 'yard_in', t.at('12:00'), jsonb_build_object('offline', true, 'occurred_ms', t.at('11:30'))), 'ok', 'it joined at the time it happened');
select is((t.x('29C00008')).joined_at, to_timestamp(t.at('11:30') / 1000.0), 'by the device''s clock');
select is(t.file(1, t.at('12:10'), 'one', t.document('export', '{29C00009}')), 'ok', 'another');
select is(t.step('29C00009', 'registered', t.at('12:11')), 'ok', 'registered');
select is(t.step('29C00009', 'yard_in', t.at('12:12'), jsonb_build_object('offline', true, 'occurred_ms', t.at('06:00'))), 'ok', 'a clock far behind');
select is((t.x('29C00009')).joined_at, to_timestamp(t.at('12:10') / 1000.0), 'wins nothing before the filing');
select is(t.file(1, t.at('12:13'), 'one', t.document('export', '{29C00010}')), 'ok', 'another');
select is(t.step('29C00010', 'registered', t.at('12:14'), jsonb_build_object('offline', true, 'occurred_ms', t.at('20:00'))), 'ok', 'a clock far ahead');
select is((t.x('29C00010')).done_at[1], to_timestamp(t.at('12:14') / 1000.0), 'is bounded by the recording');
select is(t.step('29C00010', 'yard_in', t.at('12:15'), '{"result":"reject","note":"x"}'), 'ok', 'rejected');
select is(t.step('29C00010', 'yard_in', t.at('12:16'), jsonb_build_object('offline', true, 'occurred_ms', t.at('12:14'))), 'ok', 'arrives offline all the same');
select is(t.state('29C00010') || ' ' || (t.last_body() ->> 'conflict') || coalesce((t.x('29C00010')).waits_at::text, ' no queue'), 'rejected crossing_ended no queue', 'it stays ended, and flagged');

-- an import onto two receiving vehicles: any and every
select is(t.file(2, t.at('08:00'), 'one', t.document('import', '{桂A12345,桂A12346}', '{"gate":"TT","goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C11111","nationality":"VN"},{"plate":"12C22222","nationality":"VN"}]}')), 'ok', 'two Chinese onto two Vietnamese trucks');
select is(t.steps('桂A12345', t.at('08:01'), 'registered'), '', 'the first is registered');
select is(t.steps('12C11111', t.at('08:02'), 'registered'), '', 'and a receiver');
select is(t.step('12C11111', 'gate_in', t.at('08:03')), 'step_not_open', 'a receiver waits until any main is in the yard');
select is(t.last_body() #>> '{missing,0,step}', 'yard_in', 'that is what is missing');
select is(t.steps('桂A12345', t.at('08:04'), 'gate_in', 'health', 'licence', 'yard_in', 'fee_paid'), '', 'the first main comes in');
select is(t.open('12C11111'), 'gate_in', 'which opens the receiver''s gate');
select is(t.call(2, t.at('08:05'), '{"lane":1,"direction":"import"}'), 'ok', 'the main is called');
select is(t.step('桂A12345', 'transshipped', t.at('08:06')), 'step_not_open', 'no transshipment without any receiver inside');
select is(t.step('桂A12345', 'customs_finish', t.at('08:06')), 'step_not_open', 'no finish without transshipment');
select is(t.steps('12C11111', t.at('08:07'), 'gate_in'), '', 'one receiver is enough');
select is(t.step('12C11111', 'loaded', t.at('08:08')), 'step_not_open', 'not loaded before any main was transshipped');
select is(t.steps('桂A12345', t.at('08:09'), 'transshipped'), '', 'goods go over');
select is(t.steps('12C11111', t.at('08:10'), 'loaded'), '', 'onto the receiver');
select is(t.step('12C11111', 'customs_finish', t.at('08:11')), 'step_not_open', 'a receiver leaves when every main has paid');
select is(t.steps('桂A12346', t.at('08:12'), 'registered', 'fee_paid'), '', 'the other main pays');
select is(t.steps('12C11111', t.at('08:13'), 'customs_finish', 'exit'), '', 'now it leaves');
select is(t.steps('桂A12345', t.at('08:14'), 'customs_finish', 'border_guard_finish', 'exit'), '', 'and the first main');
-- all receivers gone: transshipment is waived
select is(t.file(2, t.at('09:00'), 'one', t.document('import', '{桂B00001}', '{"gate":"TT","goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C33333","nationality":"VN"}]}')), 'ok', 'one onto one');
select is(t.steps('桂B00001', t.at('09:01'), 'registered', 'gate_in', 'health', 'licence', 'yard_in', 'fee_paid'), '', 'the main comes');
select is(t.call(2, t.at('09:02'), '{"lane":1,"direction":"import"}'), 'ok', 'called');
select is(t.steps('12C33333', t.at('09:03'), 'registered'), '', 'the receiver is there');
select is(t.step('12C33333', 'gate_in', t.at('09:04'), '{"result":"reject","note":"x"}'), 'ok', 'and turned back');
select is(t.open('桂B00001'), 'customs_finish border_guard_finish', 'transshipment is waived');
select is(t.step('桂B00001', 'transshipped', t.at('09:05')), 'step_not_required', 'and cannot be confirmed');
select is(t.steps('桂B00001', t.at('09:06'), 'customs_finish', 'border_guard_finish', 'exit'), '', 'it drives through');
select is((select state from gate.declaration where number = (t.x('桂B00001')).declaration), 'completed', 'completed');
-- one declaration that looks across: its second step of a batch waits
select is(t.file(2, t.at('10:00'), 'one', t.document('import', '{桂C00001}', '{"gate":"TT","goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C44444","nationality":"VN"}]}')), 'ok', 'another across');
select is((select array_agg(code order by ord) from t.batch(2,
  t.command('step', t.at('10:01'), 'customs', jsonb_build_object('crossing', t.id('桂C00001'), 'step', 'registered', 'result', 'pass')),
  t.command('step', t.at('10:01'), 'customs', jsonb_build_object('crossing', t.id('12C44444'), 'step', 'registered', 'result', 'pass')))),
  '{ok,again}', 'two crossings of it do not share a batch');

select * from finish();
rollback;
