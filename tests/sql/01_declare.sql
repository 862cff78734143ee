-- Filing: numbers, crossings, drafts, plates, windows, warnings, on behalf, receiving vehicles.
\ir helpers.psql
select no_plan();

-- the answer, and what stands behind it
select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C12345}', jsonb_build_object(
  'planned_arrival_ms', t.at('10:10'), 'customs_declarations', '[{"number":"306012345670"}]'::jsonb))), 'ok', 'a filing is accepted');
select is((select status from t.answer order by n desc limit 1), 201, 'with status 201');
select is(t.last_body() ->> 'number', '20261123010001', 'numbered by Hanoi day, gate and count');
select is(t.last_body() ->> 'state', 'ready', 'ready');
select is(t.last_body() #>> '{window,from}', '2026-11-23T10:00:00.000+07:00', 'its window begins on the half hour');
select is(t.last_body() #>> '{crossings,0,plate}', '29C12345', 'one crossing per vehicle');
select is((t.x('29C12345')).class::text, 'perishable', 'the class follows from the HS code');
select matches(t.last_body() #>> '{crossings,0,pass,@pass}', '^01[0-9]{12},1,29C12345,1,1,0,[0-9]+,[0-9]+,[0-9a-f]+$', 'the pass is promised with its claims');
select is(t.open('29C12345'), 'registered', 'customs begins');
select is((select crossing from live_plate where plate = '29C12345'), (t.x('29C12345')).id, 'the plate is live');

-- plates: one live crossing over both gates
select is(t.file(1, t.at('08:01'), 'two', t.document('export', '{29C12346,29C12345}')), 'plate_live', 'a live plate is refused');
select is(t.last_body() #>> '{errors,0,pointer}', '/vehicles/1/plate', 'with its pointer');
select is(jsonb_array_length(t.last_body() -> 'errors'), 1, 'and only that one');
select unalike(t.last_body()::text, '%Firm One%', 'and nothing of the other firm');
select is((select count(*) from live_plate where plate = '29C12346'), 0::bigint, 'a refused filing keeps no plate');
select is(t.file(2, t.at('08:02'), 'two', t.document('export', '{29C12345}')), 'plate_live', 'nor at the other gate');
select is(t.file(2, t.at('08:02'), 'two', t.document('export', '{30H00001}')), 'ok', 'the other gate numbers for itself');
select is(t.last_body() ->> 'number', '20261123020001', 'with its own count');
select is((select array_agg(code order by ord) from t.batch(1,
  t.command('declare', t.at('08:03'), 'one', jsonb_build_object('document', t.document('export', '{51C00001,51C00002}'), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb)),
  t.command('declare', t.at('08:03'), 'two', jsonb_build_object('document', t.document('export', '{51C00002,51C00003}'), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb)),
  t.command('declare', t.at('08:03'), 'two', jsonb_build_object('document', t.document('export', '{51C00004}'), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb)))),
  '{ok,plate_live,ok}', 'two filings of one batch that share a plate: the first has it, the third is not harmed');
select is((select count(*) from live_plate where plate = '51C00003'), 0::bigint, 'the loser gives up all its plates');
select is((t.x('51C00004')).declaration, 20261123010003, 'a refused filing uses no number');

-- drafts hold no plate, have no pass, can be read, can become ready
select is(t.file(1, t.at('08:04'), 'one', t.document('export', '{29C12345}'), '[{"pointer":"/planned_arrival","code":"missing_planned_arrival"}]'), 'ok', 'an incomplete filing is a draft');
select is(t.last_body() ->> 'state', 'draft', 'with its state');
select is(t.last_body() #>> '{rule_failures,0,code}', 'missing_planned_arrival', 'and why');
select is(t.last_body() #>> '{crossings,0,pass}', null, 'and no pass');
select is(t.open('29C12345'), '', 'nothing is open for it');
select is((select count(*) from live_plate where plate = '29C12345'), 1::bigint, 'and it holds no plate');

-- warnings: a container, trailer or customs number in another live declaration
select is(t.file(1, t.at('08:05'), 'two', t.document('export', '{51C00009}', '{"customs_declarations":[{"number":"306012345670"}]}')), 'ok', 'a shared customs number is no refusal');
select is(t.last_body() #>> '{warnings,0,code}', 'customs_number_live', 'but a warning');
select is(t.last_body() #>> '{warnings,0,pointer}', '/customs_declarations/0/number', 'with its pointer');

-- windows: published capacity, never a refusal, the next free ones named
insert into gate.window_capacity (gate, direction, effective_from, places) values (1, 'export', '2026-11-23 00:00+07', 3);
select is(t.file(1, t.at('08:06'), 'one', t.document('export', '{61C00001,61C00002}', jsonb_build_object('planned_arrival_ms', t.at('11:10')))), 'ok', 'two of three places');
select is(t.last_body() #>> '{window,from}', '2026-11-23T11:00:00.000+07:00', 'are had');
select is(t.file(1, t.at('08:06'), 'one', t.document('export', '{61C00003,61C00004}', jsonb_build_object('planned_arrival_ms', t.at('11:20')))), 'ok', 'two more are filed');
select is(t.last_body() -> 'window', 'null', 'without a window: all or none');
select is(t.last_body() #>> '{next_windows,0,from}', '2026-11-23T11:30:00.000+07:00', 'and the next with room for both is named');
select is(t.file(1, t.at('08:06'), 'one', t.document('export', '{61C00005}', jsonb_build_object('planned_arrival_ms', t.at('11:20')))), 'ok', 'the last place');
select is(t.last_body() #>> '{window,from}', '2026-11-23T11:00:00.000+07:00', 'is given to one that fits');
select is((select booked from gate.window_booking where gate = 1 and starts_at = to_timestamp(t.at('11:00') / 1000.0)), 3, 'three are booked');
select is(t.file(1, t.at('08:06'), 'one', t.document('export', '{61C00006}', jsonb_build_object('planned_arrival_ms', t.at('07:10')))), 'ok', 'a window that is over');
select is(t.last_body() -> 'window', 'null', 'is not given');

-- an officer files for a firm
select is(t.run(1, 'declare', t.at('08:07'), 'customs', jsonb_build_object('document', t.document('export', '{71C00001}'),
  'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb, 'on_behalf_of', '9900000024')), 'ok', 'an officer files on behalf');
select is((select (firm, on_behalf) from gate.declaration where number = (t.x('71C00001')).declaration)::text,
  (select format('(%s,t)', id) from t.firm where name = 'two'), 'the firm owns it, marked');
select is(t.run(1, 'declare', t.at('08:07'), 'customs', jsonb_build_object('document', t.document('export', '{71C00002}'),
  'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb, 'on_behalf_of', '0000000000')), 'invalid_fields', 'an unknown firm is refused');
select is(t.last_body() #>> '{errors,0,pointer}', '/on_behalf_of', 'with its pointer');

-- routes
select is(t.file(1, t.at('08:08'), 'one', t.document('export', '{71C00003}', '{"route":"1088/2-1089"}')), 'route_unknown', 'a route of another gate is refused');
select is(t.file(1, t.at('08:08'), 'one', t.document('export', '{71C00003}', '{"route":"1116-1117"}')), 'route_unknown', 'and one without freight');

-- goods: mixed ones need all steps and take the least credit; none is empty; a new vehicle by its vin
select is(t.file(1, t.at('08:09'), 'one', t.document('export', '{81C00001}', '{"goods":[{"hs":"08106000"},{"hs":"03036900"},{"hs":"85171300"}]}')), 'ok', 'mixed goods');
select is((t.x('81C00001')).class::text, 'electronics', 'rank by the least credit');
select is((t.x('81C00001')).required & (64 + 128), 64 + 128, 'and need both quarantines');
select is(t.file(1, t.at('08:09'), 'one', t.document('export', '{81C00002}', '{"goods":[]}')), 'ok', 'no goods');
select is((t.x('81C00002')).class::text, 'empty', 'are empty');
select is((t.x('81C00002')).required & (64 + 128), 0, 'and need no quarantine');
select is(t.file(1, t.at('08:09'), 'one', t.document('import', '{}', '{"goods":[{"hs":"87032300"}],"vehicles":[{"vin":"LVSHCAMB1CE054249","nationality":"CN"}]}')), 'ok', 'a new vehicle');
select is((t.x('LVSHCAMB1CE054249')).class::text, 'new_vehicle', 'is named by its vin');
select is(t.file(1, t.at('08:09'), 'one', t.document('export', '{81C00003,81C00004}',
  '{"goods":[{"hs":"08106000","plates":["81C00003"]},{"hs":"85171300","plates":["81C00004"]}]}')), 'ok', 'goods that name their truck');
select is((t.x('81C00003')).class::text || ' ' || (t.x('81C00004')).class, 'perishable electronics', 'class each its own truck');

-- receiving vehicles are crossings of their own
select is(t.file(2, t.at('08:10'), 'one', t.document('import', '{桂A12345}', '{"gate":"TT","goods":[{"hs":"85171300"}],"receiving_vehicles":[{"plate":"12C11111","nationality":"VN"},{"plate":"12C22222","nationality":"VN"}]}')), 'ok', 'an import onto two trucks');
select is(jsonb_array_length(t.last_body() -> 'crossings'), 3, 'makes three crossings');
select is((t.x('桂A12345')).required & 512, 512, 'the main one is transshipped');
select is((t.x('12C11111')).role || ' ' || (t.x('12C11111')).class, 'receiving empty', 'the others receive');

-- 40 vehicles at once
select is(t.file(1, t.at('08:11'), 'one', t.document('export', (select array_agg('90C' || lpad(i::text, 5, '0')) from generate_series(1, 40) i))), 'ok', 'forty trucks');
select is(jsonb_array_length(t.last_body() -> 'crossings'), 40, 'in one answer');
select is((select count(distinct id) from gate.crossing where declaration = (t.x('90C00040')).declaration), 40::bigint, 'each with an id of its own');

-- daily numbers begin again at Hanoi's midnight, not at UTC's
select is(t.file(1, t.at('23:59'), 'one', t.document('export', '{91C00001}')), 'ok', 'a minute before midnight');
select is(left(t.last_body() ->> 'number', 8), '20261123', 'is the old day');
select is(t.file(1, t.at('00:00', 1), 'one', t.document('export', '{91C00002}')), 'ok', 'at midnight');
select is(t.last_body() ->> 'number', '20261124010001', 'the new one begins with 1');
select is(t.file(1, t.at('07:00', 1), 'one', t.document('export', '{91C00003}')), 'ok', 'at midnight UTC');
select is(t.last_body() ->> 'number', '20261124010002', 'the count goes on');

select * from finish();
rollback;
