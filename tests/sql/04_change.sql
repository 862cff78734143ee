-- Changes: passes, swaps, plates, amending, cancelling, turning back.
\ir helpers.psql
select no_plan();

-- passes: a new version revokes the older, keeps the place
select is(t.joins('29C00001', t.at('08:00')), 'ok ', 'one waits');
create temporary table before as select * from t.x('29C00001');
select is(t.run(1, 'reissue', t.at('08:10'), 'one', jsonb_build_object('crossing', t.id('29C00001'))), 'ok', 'its firm has the pass reissued');
select is((t.x('29C00001')).pass_version, 2, 'version 2');
select matches(t.last_body() #>> '{pass,@pass}', '^01[0-9]{12},2,', 'is in the answer');
select is((select below from gate.revocation where crossing = (t.x('29C00001')).id), 2, 'the first is refused by kiosks');
select is((t.x('29C00001')).rank_at, (select rank_at from before), 'the place stays');
select is(t.run(1, 'reissue', t.at('08:11'), 'two', jsonb_build_object('crossing', t.id('29C00001'))), 'not_found', 'a foreign one does not exist');
select is(t.run(2, 'reissue', t.at('08:11'), 'one', jsonb_build_object('crossing', t.id('29C00001'))), 'not_found', 'nor at another gate');
select is(t.run(1, 'revoke', t.at('08:12'), 'supervisor', jsonb_build_object('crossing', t.id('29C00001'))), 'reason_required', 'revoking needs a reason');
select is(t.run(1, 'revoke', t.at('08:12'), 'supervisor', jsonb_build_object('crossing', t.id('29C00001'), 'reason', 'mất')), 'ok', 'revoked');
select is((select below from gate.revocation where crossing = (t.x('29C00001')).id), 3, 'kiosks learn it');
select is(t.run(1, 'revoke', t.at('08:12'), 'supervisor', jsonb_build_object('crossing', t.id('29C00001'), 'reason', 'x')), 'pass_revoked', 'once');
select is(t.run(1, 'reissue', t.at('08:13'), 'one', jsonb_build_object('crossing', t.id('29C00001'))), 'ok', 'a new one');
select is((t.x('29C00001')).pass_revoked, false, 'is good');

-- swaps: driver at will, the tractor once; the place stays
select is(t.run(1, 'swap', t.at('08:14'), 'one', jsonb_build_object('crossing', t.id('29C00001'), 'driver', '{"name":"Trần B"}'::jsonb)), 'reason_required', 'a swap needs a reason');
select is(t.run(1, 'swap', t.at('08:14'), 'one', jsonb_build_object('crossing', t.id('29C00001'), 'driver', '{"name":"Trần B"}'::jsonb, 'reason', 'ca')), 'ok', 'another driver');
select is((select document #>> '{vehicles,0,driver,name}' from gate.declaration where number = (t.x('29C00001')).declaration), 'Trần B', 'stands in the declaration');
select unalike((select string_agg(body, '') from gate.event where ledger = 1), '%Trần%', 'and not in the public ledger');
select is((t.x('29C00001')).swaps, 0::smallint, 'drivers are not counted');
select is(t.file(1, t.at('08:15'), 'two', t.document('export', '{29C00002}')), 'ok', 'another''s plate');
select is(t.run(1, 'swap', t.at('08:15'), 'one', jsonb_build_object('crossing', t.id('29C00001'), 'plate', '29C00002', 'reason', 'x')), 'plate_live', 'cannot be taken');
select is(t.run(1, 'swap', t.at('08:16'), 'one', jsonb_build_object('crossing', t.id('29C00001'), 'plate', '29C00003', 'trailer_plate', '29R00001', 'reason', 'hỏng')), 'ok', 'another tractor');
select is((t.x('29C00003')).rank_at, (select rank_at from before), 'keeps the place');
select is((select array_agg(plate order by plate) from live_plate where crossing = (t.x('29C00003')).id), '{29C00003}', 'the old plate is free');
select is((t.x('29C00003')).trailer_plate, '29R00001', 'with its trailer');
select is(t.run(1, 'swap', t.at('08:17'), 'one', jsonb_build_object('crossing', t.id('29C00003'), 'plate', '29C00004', 'reason', 'x')), 'swap_used', 'once');
select is(t.run(1, 'swap', t.at('08:17'), 'supervisor', jsonb_build_object('crossing', t.id('29C00003'), 'plate', '29C00004', 'reason', 'x')), 'ok', 'a supervisor may again');

-- an officer corrects a plate
select is(t.file(1, t.at('08:20'), 'one', t.document('import', '{桂A12345}', '{"goods":[{"hs":"85171300"}]}')), 'ok', 'a Chinese plate, province assumed');
select is(t.run(1, 'plate', t.at('08:21'), 'border_guard', jsonb_build_object('crossing', t.id('桂A12345'), 'plate', '湘A12345', 'reason', 'Hồ Nam')), 'ok', 'is corrected');
select is((select array_agg(plate) from live_plate where crossing = (t.x('湘A12345')).id), '{湘A12345}', 'live under the right one');
select is((select document #>> '{vehicles,0,plate}' from gate.declaration where number = (t.x('湘A12345')).declaration), '湘A12345', 'in the declaration, too');
select is((t.x('湘A12345')).pass_version, 2, 'with a new pass');
select is(t.run(1, 'plate', t.at('08:21'), 'border_guard', jsonb_build_object('crossing', t.id('湘A12345'), 'plate', '29C00002', 'reason', 'x')), 'plate_live', 'not to a live one');

-- turning back
select is(t.run(1, 'turn_back', t.at('08:22'), 'border_guard', jsonb_build_object('crossing', t.id('湘A12345'))), 'reason_required', 'turning back needs a reason');
select is(t.run(1, 'turn_back', t.at('08:22'), 'border_guard', jsonb_build_object('crossing', t.id('湘A12345'), 'reason', 'giấy tờ')), 'ok', 'turned back');
select is(t.state('湘A12345'), 'turned_back', 'with its state');
select is(t.run(1, 'reissue', t.at('08:23'), 'one', jsonb_build_object('crossing', t.id('湘A12345'))), 'crossing_ended', 'an ended one has no new pass');

-- amending: If-Match, plates added, removed, traded, corrected
select is(t.file(1, t.at('09:00'), 'one', t.document('export', '{39C00001,39C00002,39C00003}', jsonb_build_object('planned_arrival_ms', t.at('14:10'), 'customs_declarations', '[{"number":"306012345670"}]'::jsonb))), 'ok', 'three trucks');
create temporary table first_ids as select plate, id from gate.crossing where plate like '39C0000%';
select is(t.amend('39C00001', t.at('09:01'), 'two', 1, t.document('export', '{39C00001}')), 'not_found', 'a foreign declaration does not exist');
select is(t.amend('39C00001', t.at('09:01'), 'one', 7, t.document('export', '{39C00001}')), 'stale_version', 'a stale version is refused');
select is(t.last_body() ->> 'version', '1', 'and told the current one');
select is(t.amend('39C00001', t.at('09:01'), 'one', 1, t.document('import', '{39C00001}')), 'declaration_locked', 'the direction stays');
select is(t.last_body() #>> '{errors,0,pointer}', '/direction', 'which is pointed to');
select is(t.amend('39C00001', t.at('09:02'), 'one', 1, t.document('export', '{39C00001,39C00003,39C00004}', jsonb_build_object('planned_arrival_ms', t.at('14:10')))), 'ok', 'one corrected');
select is((select count(*) from gate.crossing where declaration = (t.x('39C00001')).declaration and ended is null), 3::bigint, 'three stay');
select is((t.x('39C00004')).id, (select id from first_ids where plate = '39C00002'), 'the unnamed one has the corrected plate');
select is((t.x('39C00004')).pass_version, 2, 'and a new pass');
select is((select array_agg(plate order by plate) from live_plate where crossing in (select id from first_ids)), '{39C00001,39C00003,39C00004}', 'the live plates follow');
select is((t.x('39C00003')).ordinal, 1::smallint, 'and the order');
select is((select etag from t.answer order by n desc limit 1), '2', 'version 2');
select is(t.amend('39C00001', t.at('09:03'), 'one', 2, t.document('export', '{39C00001,39C00003}', jsonb_build_object('planned_arrival_ms', t.at('14:10')))), 'ok', 'one removed');
select is(t.state('39C00004'), 'cancelled', 'is cancelled');
select is((select count(*) from live_plate where plate = '39C00004'), 0::bigint, 'its plate is free');
select is((select booked from gate.window_booking where gate = 1 and direction = 'export' and starts_at = to_timestamp(t.at('14:00') / 1000.0)), 2, 'and its place in the window');
select is(t.amend('39C00001', t.at('09:04'), 'one', 3, t.document('export', '{39C00001,39C00003,39C00005}', jsonb_build_object('planned_arrival_ms', t.at('14:10')))), 'ok', 'one added');
select is(t.state('39C00005') || ' ' || (t.x('39C00005')).pass_version || ' ' || t.open('39C00005'), 'declared 1 registered', 'is declared, with a pass');
select is(t.amend('39C00001', t.at('09:05'), 'one', 4, jsonb_set(jsonb_set(t.document('export', '{39C00003,39C00001,39C00005}', jsonb_build_object('planned_arrival_ms', t.at('14:10'))), '{vehicles,0,container}', '"CSQU3054383"'), '{goods}', '[{"hs":"85171300"}]')), 'ok', 'two change places, the goods change');
select is((t.x('39C00003')).class::text || (t.x('39C00003')).ordinal, 'electronics0', 'class and order follow');
select is(t.amend('39C00001', t.at('09:06'), 'one', 5, t.document('export', '{39C00003,29C00002}')), 'plate_live', 'no live plate is taken');
select is(t.last_body() #>> '{errors,0,pointer}', '/vehicles/1/plate', 'which is pointed to');
select is(t.amend('39C00001', t.at('09:06'), 'one', 5, t.document('export', '{39C00003}'), '[{"pointer":"/goods","code":"missing_goods"}]'), 'invalid_fields', 'a filed one does not become a draft again');
select is(t.steps('39C00003', t.at('09:07'), 'registered'), '', 'one begins');
select is(t.amend('39C00001', t.at('09:08'), 'one', 6, t.document('export', '{39C00001,39C00005}')), 'declaration_locked', 'then it cannot be left out');
select ok(t.pointers() @> '{/vehicles/0}', 'which is pointed to');

-- a draft that becomes complete
select is(t.file(1, t.at('09:10'), 'one', t.document('export', '{49C00001}'), '[{"pointer":"/goods","code":"missing_goods"}]'), 'ok', 'a draft');
select is(t.amend('49C00001', t.at('09:11'), 'one', 1, t.document('export', '{49C00001}', jsonb_build_object('planned_arrival_ms', t.at('15:10')))), 'ok', 'is completed');
select is(t.last_body() ->> 'state', 'ready', 'and ready');
select is(t.last_body() #>> '{window,from}', '2026-11-23T15:00:00.000+07:00', 'with a window');
select is(t.state('49C00001') || ' ' || (t.x('49C00001')).pass_version || ' ' || (select count(*) from live_plate where plate = '49C00001'), 'declared 1 1', 'a pass and its plate');
select is(t.last_body() #>> '{document,planned_arrival}', '2026-11-23T15:10:00.000+07:00', 'times come out as instants');
select is(t.last_body() #> '{document,planned_arrival_ms}', null, 'under their own names');

-- cancelling: while nobody was called or came in
select is(t.run(1, 'cancel', t.at('09:20'), 'two', jsonb_build_object('number', (t.x('49C00001')).declaration::text)), 'not_found', 'not by another firm');
select is(t.run(1, 'cancel', t.at('09:20'), 'one', jsonb_build_object('number', (t.x('49C00001')).declaration::text)), 'ok', 'by its own');
select is(t.state('49C00001') || ' ' || (t.last_body() ->> 'state'), 'cancelled cancelled', 'both are cancelled');
select is((select count(*) from live_plate where plate = '49C00001'), 0::bigint, 'the plate is free');
select is((select booked from gate.window_booking where gate = 1 and direction = 'export' and starts_at = to_timestamp(t.at('15:00') / 1000.0)), 0, 'and the window');
select is(t.run(1, 'cancel', t.at('09:21'), 'one', jsonb_build_object('number', (t.x('49C00001')).declaration::text)), 'declaration_ended', 'once');
select is(t.amend('49C00001', t.at('09:21'), 'one', 3, t.document('export', '{49C00001}')), 'declaration_ended', 'and not amended any more');
select is(t.joins('49C00002', t.at('09:22')), 'ok ', 'one waits');
select is(t.call(1, t.at('09:23'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('49C00002'), 'reason', 'x')), 'ok', 'and is called');
select is(t.run(1, 'cancel', t.at('09:24'), 'one', jsonb_build_object('number', (t.x('49C00002')).declaration::text)), 'declaration_locked', 'too late to cancel');

-- moving to the other gate: out frees the plate, in uses it
select is(t.file(1, t.at('09:30'), 'one', t.document('export', '{59C00001}')), 'ok', 'at one gate');
select is(t.run(1, 'cancel', t.at('09:31'), 'one', jsonb_build_object('number', (t.x('59C00001')).declaration::text)), 'ok', 'out');
select is(t.file(2, t.at('09:32'), 'one', t.document('export', '{59C00001}', '{"gate":"TT"}')), 'ok', 'in');

select * from finish();
rollback;
