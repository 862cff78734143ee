-- What may still be amended: after customs registered, after the vehicle came in, after one vehicle ended.
\ir helpers.psql
select no_plan();

-- once customs has registered, the firm's papers stand still
select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C00001,29C00002}', jsonb_build_object('planned_arrival_ms', t.at('14:10'),
  'goods', '[{"hs":"25232990","net_weight_kg":100}]'::jsonb, 'customs_declarations', '[{"number":"306012345670"}]'::jsonb))), 'ok', 'two trucks with cement');
select is(t.amend('29C00001', t.at('08:01'), 'one', 1, jsonb_set(t.stored('29C00001'), '{goods,0,net_weight_kg}', '90')), 'ok', 'all may be amended before customs');
select is(t.steps('29C00001', t.at('08:02'), 'registered'), '', 'customs registers one');
select is(t.amend('29C00001', t.at('08:03'), 'one', t.version('29C00001'), jsonb_set(t.stored('29C00001'), '{goods,0,hs}', '"08106000"')), 'declaration_locked', 'then not the goods');
select is(t.pointers(), '{/goods/0/hs}', 'which is pointed to');
select is(t.amend('29C00001', t.at('08:03'), 'one', t.version('29C00001'), t.stored('29C00001') || '{"goods":[]}'), 'declaration_locked', 'not by leaving them out');
select is(t.amend('29C00001', t.at('08:03'), 'one', t.version('29C00001'), jsonb_set(jsonb_set(t.stored('29C00001'), '{customs_declarations,0,number}', '"306012345671"'),
  '{customs_declarations,1}', '{"number":"306012345672"}')), 'declaration_locked', 'nor the customs declarations');
select is(t.pointers(), '{/customs_declarations/0/number,/customs_declarations/1}', 'each pointed to');
select is(t.amend('29C00001', t.at('08:03'), 'one', t.version('29C00001'), jsonb_set(t.stored('29C00001'), '{vehicles,0}', t.stored('29C00001') #> '{vehicles,0}'
  || '{"plate":"29C00009","trailer_plate":"29R00001","container":"CSQU3054383","seal":"X1","class":"VT6","nationality":"CN"}')), 'declaration_locked', 'nor the registered vehicle');
select is(t.pointers(), '{/vehicles/0/class,/vehicles/0/container,/vehicles/0/nationality,/vehicles/0/plate,/vehicles/0/seal,/vehicles/0/trailer_plate}', 'member by member');
select is(t.amend('29C00001', t.at('08:03'), 'operator', t.version('29C00001'), jsonb_set(t.stored('29C00001'), '{goods,0,hs}', '"08106000"')), 'declaration_locked', 'an operator may as little');
select is(t.amend('29C00001', t.at('08:04'), 'one', t.version('29C00001'), jsonb_set(jsonb_set(t.stored('29C00001'), '{vehicles,0,driver,name}', '"Trần B"'), '{vehicles,1,seal}', '"X2"')
  || jsonb_build_object('note', 'x', 'fee_payer', '{"name":"Y"}'::jsonb, 'planned_arrival_ms', t.at('15:10'))), 'ok',
  'its driver, the other vehicle, the payer, a note and the time are free');
select is(t.amend('29C00001', t.at('08:05'), 'customs', t.version('29C00001'), jsonb_set(t.stored('29C00001'), '{goods,0,hs}', '"08106000"')), 'ok', 'an officer amends for the firm');
select is((t.x('29C00001')).required & 64, 64, 'and quarantine becomes necessary');
select is(t.amend('29C00001', t.at('08:06'), 'supervisor', t.version('29C00001'), jsonb_set(t.stored('29C00001'), '{vehicles,0,plate}', '"29C00003"')), 'ok', 'a supervisor corrects the plate');
select is((t.x('29C00003')).done & 1, 1, 'of the same crossing');
select is(t.amend('29C00003', t.at('08:07'), 'customs', t.version('29C00003'), jsonb_set(t.stored('29C00003'), '{goods,0,hs}', '"25232990"')), 'ok', 'cement after all');
select is((t.x('29C00003')).required & 64, 0, 'without quarantine, as it has not come in');

-- after gate_in: the firm changes nothing of it, and nothing required is dropped
select is(t.amend('29C00003', t.at('08:08'), 'customs', t.version('29C00003'), jsonb_set(t.stored('29C00003'), '{goods,0,hs}', '"08106000"')), 'ok', 'durian');
select is(t.steps('29C00003', t.at('08:10'), 'yard_in'), '', 'it waits');
select is(t.call(1, t.at('08:11')), 'ok', 'is called');
select is(t.run(1, 'swap', t.at('08:12'), 'one', jsonb_build_object('crossing', t.id('29C00003'), 'driver', '{"name":"Lê C"}'::jsonb, 'reason', 'ca')), 'ok', 'may change its driver');
select is(t.steps('29C00003', t.at('08:13'), 'gate_in', 'health', 'licence', 'fee_paid'), '', 'and comes in');
select is(t.run(1, 'swap', t.at('08:14'), 'one', jsonb_build_object('crossing', t.id('29C00003'), 'plate', '29C00004', 'reason', 'x')), 'crossing_arrived', 'no swap inside');
select is(t.run(1, 'swap', t.at('08:14'), 'one', jsonb_build_object('crossing', t.id('29C00003'), 'driver', '{"name":"D"}'::jsonb, 'reason', 'x')), 'crossing_arrived', 'not even of the driver');
select is(t.run(1, 'swap', t.at('08:14'), 'supervisor', jsonb_build_object('crossing', t.id('29C00003'), 'driver', '{"name":"D"}'::jsonb, 'reason', 'x')), 'ok', 'but by a supervisor');
select is(t.amend('29C00003', t.at('08:15'), 'one', t.version('29C00003'), jsonb_set(t.stored('29C00003'), '{vehicles,0,driver,name}', '"E"')), 'declaration_locked', 'nor by amending');
select is(t.pointers(), '{/vehicles/0/driver/name}', 'which is pointed to');
select is(t.amend('29C00003', t.at('08:15'), 'one', t.version('29C00003'), t.stored('29C00003') || '{"note":"y"}'), 'ok', 'a note is free while the other is expected');
select is(t.amend('29C00003', t.at('08:16'), 'customs', t.version('29C00003'), jsonb_set(t.stored('29C00003'), '{goods,0,hs}', '"25232990"')), 'ok', 'customs says cement again');
select is((t.x('29C00003')).required & 64, 64, 'the quarantine stays: it came in with it');
select is(t.step('29C00003', 'customs_finish', t.at('08:17')), 'step_not_open', 'so customs cannot finish');
select is(t.steps('29C00003', t.at('08:18'), 'plant', 'customs_finish', 'border_guard_finish'), '', 'it is cleared');
select is(t.amend('29C00003', t.at('08:20'), 'customs', t.version('29C00003'), jsonb_set(t.stored('29C00003'), '{goods,0,hs}', '"03036900"')), 'ok', 'customs says fish');
select is(t.open('29C00003'), 'animal', 'what became necessary after clearance is open');
select is(t.step('29C00003', 'exit', t.at('08:21')), 'step_not_open', 'and nobody leaves without it');
select is(t.last_body() #>> '{missing,0,step}', 'animal', 'which is named');
select is(t.steps('29C00003', t.at('08:22'), 'animal', 'exit'), '', 'then it leaves');

-- the vehicle that left is a fact; the rest can be amended
create temporary table gone as select * from t.x('29C00003');
select is(t.amend('29C00002', t.at('08:30'), 'one', t.version('29C00002'), jsonb_set(t.stored('29C00002'), '{vehicles,1,driver,name}', '"F"')), 'ok', 'the other''s driver may change');
select is(to_jsonb(t.x('29C00003')), (select to_jsonb(g) from gone g), 'the one that left has no event, pass or claim of it');
select is((select count(*) from live_plate where plate = '29C00003'), 0::bigint, 'its plate stays free');
select is(t.amend('29C00002', t.at('08:31'), 'customs', t.version('29C00002'), jsonb_set(t.stored('29C00002'), '{vehicles,0,seal}', '"Z"')), 'declaration_locked', 'nobody changes what left');
select is(t.pointers(), '{/vehicles/0/seal}', 'which is pointed to');
select is(t.amend('29C00002', t.at('08:32'), 'one', t.version('29C00002'), t.stored('29C00002') #- '{vehicles,0}'), 'ok', 'left out');
select is((select array_agg(v ->> 'plate' order by i) from jsonb_array_elements(t.stored('29C00002') -> 'vehicles') with ordinality x (v, i)), '{29C00002,29C00003}', 'it stays in the document');
select is((t.x('29C00002')).ordinal || ' ' || (t.x('29C00003')).ordinal, '0 1', 'where each crossing finds its vehicle');
select is(to_jsonb(t.x('29C00003')) - 'ordinal', (select to_jsonb(g) - 'ordinal' from gone g), 'unchanged');
select is(t.file(1, t.at('08:33'), 'two', t.document('export', '{29C00003}')), 'ok', 'its plate can be filed by another');
select is(t.run(1, 'amend', t.at('08:34'), 'one', jsonb_build_object('number', (t.x('29C00002')).declaration::text, 'version', t.version('29C00002'), 'document', jsonb_set(t.stored('29C00002'), '{vehicles,0,driver,name}', '"G"'),
  'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb)), 'ok', 'which does not keep this one from being amended');
select is((select count(*) from gate.crossing where declaration = (t.x('29C00002')).declaration), 2::bigint, 'no crossing was added');

-- one ended before it came: not brought back, and windows count live ones only
insert into gate.window_capacity (gate, direction, effective_from, places) values (1, 'export', '2026-11-23 00:00+07', 5);
select is(t.file(1, t.at('09:00'), 'one', t.document('export', '{39C00001,39C00002,39C00003}', jsonb_build_object('planned_arrival_ms', t.at('16:10')))), 'ok', 'three with a window');
create function t.booked(p_time text) returns int language sql as $$
  select booked from gate.window_booking where gate = 1 and direction = 'export' and starts_at = to_timestamp(t.at(p_time) / 1000.0)
$$;
select is(t.run(1, 'turn_back', t.at('09:01'), 'border_guard', jsonb_build_object('crossing', t.id('39C00001'), 'reason', 'x')), 'ok', 'one is turned back');
select is(t.booked('16:00'), 2, 'and gives its place back');
select is(t.amend('39C00002', t.at('09:02'), 'one', t.version('39C00002'), t.stored('39C00002') || jsonb_build_object('note', 'x')), 'ok', 'amended');
select is((select string_agg(plate || ' ' || state, ', ' order by id) from gate.crossing where declaration = (t.x('39C00002')).declaration),
  '39C00001 turned_back, 39C00002 declared, 39C00003 declared', 'the one that ended does not live again');
select is((select count(*) from live_plate where plate = '39C00001'), 0::bigint, 'nor has it its plate');
select is(t.booked('16:00'), 2, 'nor its place');
select is(t.amend('39C00002', t.at('09:03'), 'one', t.version('39C00002'), t.stored('39C00002') || jsonb_build_object('planned_arrival_ms', t.at('17:10'))), 'ok', 'two move to another window');
select is(t.booked('16:00') || ' ' || t.booked('17:00'), '0 2', 'with two places');
select is((t.x('39C00001')).window_from, to_timestamp(t.at('16:00') / 1000.0), 'what ended stays as it was');
select is(t.amend('39C00002', t.at('09:04'), 'one', t.version('39C00002'), t.stored('39C00002') #- '{vehicles,2}'), 'ok', 'one is taken out');
select is(t.booked('17:00'), 1, 'its place with it');
select is(t.amend('39C00002', t.at('09:05'), 'one', t.version('39C00002'), jsonb_insert(t.stored('39C00002'), '{vehicles,-1}', '{"plate":"39C00003","nationality":"VN"}', true)), 'ok', 'and put in again');
select is((select count(*) from gate.crossing where plate = '39C00003'), 2::bigint, 'as a crossing of its own');
select is(t.booked('17:00') || ' ' || (t.x('39C00003')).window_from, '2 ' || to_timestamp(t.at('17:00') / 1000.0), 'with a place');
select is(t.amend('39C00002', t.at('09:06'), 'one', t.version('39C00002'), t.stored('39C00002') || jsonb_build_object('vehicles', t.stored('39C00002') -> 'vehicles'
  || (select jsonb_agg(jsonb_build_object('plate', '39C0010' || i, 'nationality', 'VN')) from generate_series(1, 4) i))), 'ok', 'four more than there is room for');
select is((t.x('39C00002')).window_from || ' ' || coalesce((t.x('39C00101')).window_from::text, 'live'), to_timestamp(t.at('17:00') / 1000.0) || ' live', 'come live; the others keep their places');

-- a window that is full: the next ones are named, as to a filing
select is(t.file(1, t.at('09:07'), 'two', t.document('export', '{39C00401}', jsonb_build_object('planned_arrival_ms', t.at('12:10')))), 'ok', 'another firm files');
select is(t.amend('39C00401', t.at('09:08'), 'two', t.version('39C00401'), t.stored('39C00401') || jsonb_build_object('note', 'x')), 'ok', 'who amends something else');
select is(t.last_body() -> 'next_windows', null, 'is named none');
insert into gate.window_capacity (gate, direction, effective_from, places) values (1, 'export', '2026-11-23 19:00+07', 0), (1, 'export', '2026-11-23 19:30+07', 5);
select is(t.amend('39C00401', t.at('09:09'), 'two', t.version('39C00401'), t.stored('39C00401') || jsonb_build_object('planned_arrival_ms', t.at('19:10'))), 'ok', 'who wishes a full window');
select is(t.last_body() -> 'window', 'null', 'comes live');
select is(t.last_body() #>> '{next_windows,0,from}', '2026-11-23T19:30:00.000+07:00', 'and is told the next with places');

-- one that has arrived keeps its time and place when the others move
select is(t.joins('39C00201', t.at('10:00')), 'ok ', 'one waits');
select is(t.amend('39C00201', t.at('10:01'), 'one', t.version('39C00201'), t.stored('39C00201') || jsonb_build_object('planned_arrival_ms', t.at('18:10'))), 'ok', 'amended to a later time');
select is((t.x('39C00201')).planned_at, null, 'it came already');
select is(t.booked('18:00'), null, 'and takes no place');

-- what is held is begun: it cannot be taken out
select is(t.file(1, t.at('10:10'), 'one', t.document('export', '{39C00301,39C00302}')), 'ok', 'two');
select is(t.step('39C00301', 'plant', t.at('10:11'), '{"result":"hold","note":"x"}'), 'ok', 'one is held');
select is(t.amend('39C00301', t.at('10:12'), 'one', t.version('39C00301'), t.stored('39C00301') #- '{vehicles,0}'), 'declaration_locked', 'and not left out');
select is(t.pointers(), '{/vehicles/0}', 'which is pointed to');

-- nor freed by ending the declaration and filing it again, here or at the other gate
create function t.numbered(p_plate text, p_more jsonb default '{}') returns jsonb language sql as $$ select jsonb_build_object('number', (t.x(p_plate)).declaration::text) || p_more $$;
select is(t.run(1, 'cancel', t.at('10:13'), 'one', t.numbered('39C00301')), 'crossing_held', 'its firm cannot cancel it');
select is(t.run(1, 'move_out', t.at('10:13'), who, t.numbered('39C00301', '{"to":2}')), 'crossing_held', 'nor ' || who || ' move it') from unnest('{one,supervisor}'::text[]) who;
select is(t.state('39C00301'), 'held', 'it is held as before');
select is(t.step('39C00301', 'plant', t.at('10:14'), '{}', 'supervisor'), 'step_not_open', 'quarantine is not open yet');
select is(t.undo('39C00301', t.at('10:14'), 'supervisor'), 'ok', 'the hold is taken back');
select is(t.run(1, 'cancel', t.at('10:15'), 'one', t.numbered('39C00301')), 'ok', 'then it is the firm''s to cancel');
select is(t.file(1, t.at('10:16'), 'one', t.document('export', '{39C00303}')) || t.step('39C00303', 'registered', t.at('10:17'), '{"result":"hold","note":"x"}'), 'okok', 'another one is held');
select is(t.run(1, 'cancel', t.at('10:18'), 'customs', t.numbered('39C00303')), 'ok', 'an agency may end what is held');

-- goods that name a plate follow it, and so do the numbers that warn
select is(t.file(1, t.at('11:00'), 'one', t.document('export', '{49C00001,49C00002}', '{"goods":[{"hs":"08106000","plates":["49C00001"]},{"hs":"85171300","plates":["49C00002","49C00001"]}]}')), 'ok', 'goods by truck');
select is(t.steps('49C00001', t.at('11:01'), 'registered'), '', 'registered');
select is(t.run(1, 'swap', t.at('11:02'), 'one', jsonb_build_object('crossing', t.id('49C00001'), 'plate', '49C00003', 'trailer_plate', '49R00003', 'reason', 'hỏng')), 'ok', 'another tractor');
select is(t.stored('49C00003') -> 'goods', '[{"hs":"08106000","plates":["49C00003"]},{"hs":"85171300","plates":["49C00002","49C00003"]}]', 'has the goods');
select is((select array_agg(value) from live_reference where declaration = (t.x('49C00003')).declaration and kind = 'trailer'), '{49R00003}', 'and its trailer is known');
select is(t.run(1, 'plate', t.at('11:03'), 'border_guard', jsonb_build_object('crossing', t.id('49C00003'), 'plate', '49C00005', 'reason', 'x')), 'ok', 'a misread plate');
select is(t.stored('49C00005') #>> '{goods,0,plates,0}', '49C00005', 'too');
select is(t.amend('49C00005', t.at('11:04'), 'one', t.version('49C00005'), t.stored('49C00005') || '{"note":"x"}'), 'ok', 'and can be amended');
select is((t.x('49C00005')).class::text, 'electronics', 'with its goods');

-- the time kept from the other gate's queue is the vehicle's
create function t.moves(p_plate text, p_at bigint, p_to int) returns text language sql as $$
  select t.run((t.x(p_plate)).gate, 'move_out', p_at, 'one', jsonb_build_object('number', (t.x(p_plate)).declaration::text, 'to', p_to))
    || ' ' || t.run(p_to, 'move_in', p_at, 'one', t.last_body())
$$;
select is(t.joins('59C00001', t.at('12:00')) || t.joins('59C00002', t.at('12:01')), 'ok ok ', 'two wait');
select is(t.moves('59C00001', t.at('13:00'), 2) || ' ' || t.moves('59C00002', t.at('13:00'), 2), 'ok ok ok ok', 'and go to the other gate');
select is(t.amend('59C00001', t.at('13:01'), 'one', t.version('59C00001'), replace(t.stored('59C00001')::text, '59C00001', '59C00003')::jsonb), 'ok', 'one firm names another truck');
select is(t.amend('59C00002', t.at('13:01'), 'customs', t.version('59C00002'), replace(t.stored('59C00002')::text, '59C00002', '59C00004')::jsonb), 'ok', 'an officer corrects the other plate');
select is(t.steps('59C00003', t.at('13:10'), 'registered', 'yard_in') || t.steps('59C00004', t.at('13:11'), 'registered', 'yard_in'), '', 'both come');
select is((t.x('59C00003')).joined_at, to_timestamp(t.at('13:10:01') / 1000.0), 'the other truck joins when it comes');
select is((t.x('59C00004')).joined_at, to_timestamp(t.at('12:01:01') / 1000.0), 'the corrected one when it had joined');

-- receiving vehicles that are taken out are waited for as little as those that are turned back
select is(t.file(1, t.at('14:00'), 'one', t.document('import', '{桂F00001}', '{"goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C00001","nationality":"VN"}]}')), 'ok', 'one onto one');
select is(t.steps('桂F00001', t.at('14:01'), 'registered', 'gate_in', 'yard_in', 'fee_paid') || t.call(1, t.at('14:10'), '{"lane":1,"direction":"import"}'), 'ok', 'it is called');
select is(t.amend('桂F00001', t.at('14:11'), 'one', t.version('桂F00001'), t.stored('桂F00001') || '{"receiving_vehicles":[]}'), 'ok', 'the goods go on with it');
select is(t.open('桂F00001'), 'health licence', 'nobody has to confirm a transshipment');
select is(t.steps('桂F00001', t.at('14:12'), 'health', 'licence', 'customs_finish', 'border_guard_finish', 'exit'), '', 'and it leaves');

-- one that was let come before customs registered it has begun as well: no other truck, no other credit
select is(t.file(1, t.at('15:00'), 'one', t.document('export', '{69C00001}', '{"goods":[{"hs":"25232990"}]}')), 'ok', 'cement');
select is(t.step('69C00001', 'yard_in', t.at('15:05'), jsonb_build_object('offline', true, 'occurred_ms', t.at('15:04'))), 'ok', 'joins during an outage');
select is(t.amend('69C00001', t.at('15:06'), 'one', t.version('69C00001'), replace(replace(t.stored('69C00001')::text, '25232990', '08106000'), '69C00001', '69C00002')::jsonb), 'declaration_locked', 'and does not become fruit on another truck');
select is(t.pointers(), '{/goods/0/hs,/vehicles/0/plate}', 'which is pointed to');

select * from finish();
rollback;
