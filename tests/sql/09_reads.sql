-- Reads: who sees what; lists; the place and its reasons; board, figures, calendar, what kiosks load.
\ir helpers.psql
select no_plan();

select is(t.file(1, t.at('08:00'), 'one', t.document('export', '{29C00001,29C00002}', jsonb_build_object('planned_arrival_ms', t.at('09:10'),
  'note', 'gấp', 'fee_payer', '{"name":"X","phone":"0912345678"}'::jsonb))), 'ok', 'a declaration');
create temporary table d as select (t.x('29C00001')).declaration::text as number, t.id('29C00001') as crossing;

-- a declaration: the own firm and the agencies see all, operators no people, others nothing
select is((select r.code from d, t.read('declaration', t.at('08:01'), 'two', jsonb_build_object('number', number)) r), 'not_found', 'a foreign declaration does not exist');
select is((select r.body #>> '{document,vehicles,0,driver,name}' from d, t.read('declaration', t.at('08:01'), 'one', jsonb_build_object('number', number)) r), 'Nguyễn Văn An', 'its firm sees the driver');
select is((select r.body #>> '{document,vehicles,0,driver,phone}' from d, t.read('declaration', t.at('08:01'), 'health', jsonb_build_object('number', number)) r), '0912345678', 'so do the agencies');
create temporary table steered as select r.body from d, t.read('declaration', t.at('08:01'), 'operator', jsonb_build_object('number', number)) r;
select is((select body #>> '{crossings,0,plate}' from steered), '29C00001', 'an operator sees the plate');
select unalike((select body::text from steered), '%Nguyễn%', 'but no name');
select unalike((select body::text from steered), '%0912345678%', 'and no phone');
select is((select r.body #>> '{document,planned_arrival}' from d, t.read('declaration', t.at('08:01'), 'one', jsonb_build_object('number', number)) r), '2026-11-23T09:10:00.000+07:00', 'times are instants');
select is((select r.body #>> '{document,planned_arrival_ms}' from d, t.read('declaration_document', t.at('08:01'), 'one', jsonb_build_object('number', number)) r), t.at('09:10')::text, 'and milliseconds for the server');
create temporary table tag as select r.etag from d, t.read('declaration', t.at('08:01'), 'one', jsonb_build_object('number', number)) r;
select is((select etag from tag), '1.2', 'the tag names the declaration''s version and its crossings''');
select is(t.step('29C00001', 'fee_paid', t.at('08:01')), 'step_not_open', 'a refusal');
select is((select r.etag from d, t.read('declaration', t.at('08:01'), 'one', jsonb_build_object('number', number)) r), '1.2', 'does not change it');
select is(t.steps('29C00001', t.at('08:02'), 'registered'), '', 'a step');
select ok((select r.etag <> '1.2' from d, t.read('declaration', t.at('08:02'), 'one', jsonb_build_object('number', number)) r), 'does');
update t.person set actor = actor || '{"gates":[2]}' where name = 'plant';
select is((select r.code from d, t.read('declaration', t.at('08:01'), 'plant', jsonb_build_object('number', number)) r), 'wrong_gate', 'who works elsewhere is told so');
select is((select r.code from d, t.read('declaration', t.at('08:01'), 'one', '{"number":"20991231010001"}') r), 'not_found', 'none there');

-- lists: own ones for a firm, by gate for others, by cursor
select is(t.file(1, t.at('08:03'), 'two', t.document('export', '{29C00003}')), 'ok', 'another firm''s');
select is(t.file(2, t.at('08:03'), 'one', t.document('export', '{29C00004}', '{"gate":"TT"}')), 'ok', 'one at the other gate');
select is(t.file(1, t.at('08:04'), 'one', t.document('export', '{29C00005}'), '[{"pointer":"/goods","code":"missing_goods"}]'), 'ok', 'a draft');
create function t.plates(p_who text, p_asked jsonb) returns text language sql as $$
  select string_agg(i #>> '{crossings,0,plate}', ' ' order by n) from t.read('declarations', t.at('08:05'), p_who, p_asked) r, jsonb_array_elements(r.body -> 'items') with ordinality x (i, n)
$$;
select is(t.plates('one', '{"from":"2026-11-23"}'), '29C00005 29C00004 29C00001', 'a firm''s own, the newest first');
select is(t.plates('customs', '{"gate":"CKHN","from":"2026-11-23"}'), '29C00005 29C00003 29C00001', 'a gate''s for officers');
select is(t.plates('plant', '{"from":"2026-11-23"}'), '29C00004', 'only of their gates');
select is(t.plates('one', '{"state":"draft","from":"2026-11-23"}'), '29C00005', 'by state');
select is(t.plates('one', '{"state":"live","from":"2026-11-23","gate":"CKHN"}'), '29C00005 29C00001', 'those that live');
select is(t.plates('customs', '{"plate":"29C00002"}'), '29C00001', 'by any plate');
select is(t.plates('one', '{"direction":"import","from":"2026-11-23"}'), null, 'by direction');
select is(t.plates('one', '{"from":"2026-11-24"}'), null, 'by day');
select is(t.plates('one', '{"from":"2026-11-23","to":"2026-11-23","limit":2}'), '29C00005 29C00004', 'a page');
create temporary table page as select r.body ->> 'next' as next from t.read('declarations', t.at('08:05'), 'one', '{"from":"2026-11-23","to":"2026-11-23","limit":2}') r;
select is((select t.plates('one', jsonb_build_object('from', '2026-11-23', 'to', '2026-11-23', 'limit', 2, 'after', next)) from page), '29C00001', 'and the next');
select is((select r.body -> 'next' from page, t.read('declarations', t.at('08:05'), 'one', jsonb_build_object('from', '2026-11-23', 'to', '2026-11-23', 'limit', 2, 'after', next)) r), 'null', 'which is the last');
select is((select r.code from page, t.read('declarations', t.at('08:05'), 'one', jsonb_build_object('from', '2026-11-22', 'limit', 2, 'after', next)) r), 'invalid_cursor', 'a cursor does not fit another filter');
select is((select r.code from page, t.read('declarations', t.at('08:05'), 'two', jsonb_build_object('from', '2026-11-23', 'to', '2026-11-23', 'limit', 2, 'after', next)) r), 'invalid_cursor', 'nor another reader');
select is((select r.code from t.read('declarations', t.at('08:05'), 'one', '{"after":"Zm9v"}') r), 'invalid_cursor', 'nor is anything one');
select is((select r.code from t.read('declarations', t.at('08:05'), 'one', '{"after":"%%%"}') r), 'invalid_cursor', 'nor nonsense');

-- a crossing with its timeline
create temporary table seen as select r.body from d, t.read('crossing', t.at('08:05'), 'customs', jsonb_build_object('crossing', crossing)) r;
select is((select body #>> '{timeline,1,by,name}' || ' ' || (body #>> '{timeline,1,by,device}') || ' ' || (body #>> '{timeline,1,step}') from seen), 'customs kiosk-1 registered', 'who, with what, did what');
select matches((select body #>> '{timeline,1,hash}' from seen), '^[0-9a-f]{64}$', 'with its hash');
select is((select body #>> '{timeline,1,recorded_at}' from seen), '2026-11-23T08:02:00.000+07:00', 'and when');
create temporary table own as select r.body from d, t.read('crossing', t.at('08:05'), 'one', jsonb_build_object('crossing', crossing)) r;
select is((select body #>> '{timeline,1,by,agency}' || coalesce(body #>> '{timeline,1,by,name}', ' nobody') from own), 'customs nobody', 'a firm sees the agency, not the officer');
select is((select body #>> '{vehicle,driver,name}' from own), 'Nguyễn Văn An', 'and its own driver');
select is((select r.code from d, t.read('crossing', t.at('08:05'), 'two', jsonb_build_object('crossing', crossing)) r), 'not_found', 'not another''s');
select is((select r.body ->> 'plate' || ' ' || (r.body #>> '{pass,version}') || ' ' || (r.body #>> '{gate_names,zh}') from d, t.read('pass', t.at('08:05'), 'one', jsonb_build_object('crossing', crossing)) r), '29C00001 1 友谊国际口岸', 'what a pass is drawn from');
select is((select r.code from t.read('pass', t.at('08:05'), 'one', jsonb_build_object('crossing', t.id('29C00005'))) r), 'crossing_draft', 'a draft has none');

-- the place with its reasons
select is(t.joins('39C00001', t.at('09:00'), '25232990'), 'ok ', 'general goods at nine');
select is(t.joins('39C00002', t.at('09:20'), '08106000'), 'ok ', 'fruit at 09:20');
select is(t.joins('39C00003', t.at('09:30'), '25232990'), 'ok ', 'general goods at 09:30');
create function t.position(p_plate text, p_now bigint) returns jsonb language sql as $$ select body from t.read('position', p_now, 'operator', jsonb_build_object('crossing', t.id(p_plate))) $$;
select is(t.position('39C00003', t.at('09:31')) #>> '{place}', '3', 'third');
select is(t.position('39C00003', t.at('09:31')) -> 'ahead_by', '{"credit":0,"not_callable":0,"arrived_before":2}'::jsonb, 'both ahead came before');
select is(t.position('39C00001', t.at('09:31')) -> 'ahead_by', '{"credit":1,"not_callable":0,"arrived_before":0}'::jsonb, 'the fruit is ahead by its credit');
select is(t.position('39C00002', t.at('09:31')) #>> '{reasons,1,code}', 'place_credit', 'which is its reason');
select is(t.position('39C00002', t.at('09:31')) #>> '{credit_s}', '5400', 'of 90 minutes');
select is(t.position('39C00001', t.at('09:31')) #>> '{receipt,event}', (select gate.event_text(1::smallint, seq) from gate.event where crossing = (t.x('39C00001')).id and body ~ 'joined_at'), 'the receipt names the event it joined with');
select is(t.position('39C00001', t.at('09:31')) #>> '{receipt,hash}', (select encode(hash, 'hex') from gate.event where crossing = (t.x('39C00001')).id and body ~ 'joined_at'), 'and its hash');
select is(t.position('39C00001', t.at('09:31')) -> 'blocked_by', '[]'::jsonb, 'nothing keeps it');
select is(t.step('39C00002', 'plant', t.at('09:32'), '{"result":"hold","note":"x"}'), 'ok', 'the fruit is held');
select is(t.position('39C00001', t.at('09:33')) #>> '{place}' || (t.position('39C00001', t.at('09:33')) #>> '{ahead_by,not_callable}'), '11', 'then the next is first, with one before it that cannot be called');
select is(t.position('39C00002', t.at('09:33')) #>> '{blocked_by,0,code}', 'place_held', 'and the fruit knows why');
select is(t.position('39C00001', t.at('21:00')) #>> '{blocked_by,0,code}', 'place_route_closed', 'at night the route is closed');
select is(t.position('29C00001', t.at('09:33')) #>> '{reasons,0,code}', 'place_none', 'who is not in the queue has no place');
select is((select string_agg(i ->> 'plate' || coalesce(i ->> 'place', '-'), ' ' order by n) from t.read('queue', t.at('09:34'), 'operator', '{"gate":"CKHN","direction":"export"}') r, jsonb_array_elements(r.body -> 'items') with ordinality x (i, n)),
  '39C00002- 39C000011 39C000032', 'the queue in order; a held one has no place');
create temporary table q as select r.body from t.read('queue', t.at('09:34'), 'operator', '{"gate":"CKHN","limit":2}') r;
select is((select string_agg(i ->> 'plate' || (i ->> 'place'), ' ') from q, t.read('queue', t.at('09:34'), 'operator', jsonb_build_object('gate', 'CKHN', 'limit', 2, 'after', body ->> 'next')) r, jsonb_array_elements(r.body -> 'items') i), '39C000032', 'places go on over pages');
select is((select r.code from t.read('queue', t.at('09:34'), 'operator', '{"gate":"XX"}') r), 'not_found', 'no such gate');

-- the board: no plate in full, no person
select is(t.call(1, t.at('09:40')), 'ok', 'one is called');
create temporary table board as select r.body from t.read('board', t.at('09:41'), 'one', '{"gate":"CKHN"}') r;
select is((select body #>> '{called,0,plate}' || ' ' || (body #>> '{called,0,lane}') from board), '39C-***.01 1', 'recently called on top');
select is((select body #>> '{next,export,0,plate}' from board), '39C-***.03', 'then the next');
select is((select body #>> '{stock,export,waiting}' || (body #>> '{stock,export,held}') from board), '21', 'the stock');
select is((select (body ->> 'version')::bigint from board), (select seq from gate.ledger where number = 1), 'as of an event');
select ok((select body::text !~ '39C0000|29C0000|Nguyễn|kiosk' from board), 'no plate, name or device');
select is((select body #>> '{routes,1,export,mode}' || ' ' || (body #>> '{routes,1,export,next,at}') from board), 'open 2026-11-23T20:00:00.000+07:00', 'open until eight');
select is(t.calendar(1, t.at('09:42'), t.at('12:00'), t.at('13:00'), 'closed'), 'ok', 'a closure at noon');
select is((select r.body #>> '{routes,1,export,next,at}' || ' ' || (r.body #>> '{notices,0,reason}') from t.read('board', t.at('09:43'), 'one', '{"gate":"CKHN"}') r), '2026-11-23T12:00:00.000+07:00 thử', 'is announced');
select is((select r.body #>> '{entries,0,mode}' from t.read('calendar', t.at('09:43'), 'one', '{"gate":"CKHN"}') r), 'closed', 'and in the calendar');

-- figures
select is(t.steps('39C00001', t.at('09:50'), 'gate_in', 'health', 'licence', 'fee_paid', 'customs_finish', 'border_guard_finish', 'exit'), '', 'it leaves');
create temporary table stats as select r.body from t.read('stats', t.at('10:30'), 'operator', '{"gate":"CKHN"}') r;
select is((select body #>> '{today,exits}' || ' of ' || (body #>> '{today,target}') || ', ' || (body #>> '{today,all_gates,target}') from stats), '1 of 800, 1200', 'the day against its target');
select is((select body #>> '{in_queue,export,total}' || (body #>> '{in_queue,export,held}') from stats), '21', 'in queue');
select is((select body #>> '{in_queue,export,by_class,general,oldest_waited_s}' from stats), '3599', 'the oldest of a class');
select is((select body #>> '{per_hour,9,arrivals,export}' || (body #>> '{per_hour,9,clearances,export}') from stats), '31', 'by hour');
select is((select s ->> 'p50_s' || ' ' || (s ->> 'count') from stats, jsonb_array_elements(body -> 'stages') s where s ->> 'stage' = 'called_to_exit'), '606 1', 'stages');
select is((select body #>> '{rates,arrivals_per_hour}' || (body #>> '{rates,clearances_per_hour}') from stats), '11', 'rates of the last hour');
select is((select body #>> '{projected_finish,stock}' || (body #>> '{projected_finish,before_closing}') from stats), '2true', 'the projected finish');
select is((select body #>> '{promises,count}' from stats), '1', 'promises scored');
select is((select l ->> 'called_today' from stats, jsonb_array_elements(body -> 'lanes') l where l ->> 'lane' = '1'), '1', 'lanes');
select is((select jsonb_array_length(r.body -> 'items') from t.read('stats', t.at('10:30'), 'operator') r), (select count(*)::int from gate.gate), 'of all gates');

-- what kiosks load, and conflicts
select is((select string_agg(i ->> 'plate', ' ' order by i ->> 'plate') from t.read('expected', t.at('10:31'), 'customs', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'items') i), '29C00001 29C00002 29C00003 39C00002 39C00003', 'the live ones');
select is((select i #>> '{open,0,step}' || ' ' || (i ->> 'held') || ' ' || (i ->> 'declaration' = (select x.declaration::text from gate.crossing x where x.id = (i ->> 'crossing')::bigint))
  from t.read('expected', t.at('10:31'), 'customs', '{"gate":"CKHN"}') r, jsonb_array_elements(r.body -> 'items') i where i ->> 'plate' = '29C00001'), 'yard_in [] true', 'with what is open and what holds them');
select is(t.run(1, 'reissue', t.at('10:32'), 'one', jsonb_build_object('crossing', t.id('29C00002'))), 'ok', 'a pass is reissued');
select ok((select r.body -> 'items' @> jsonb_build_array(jsonb_build_object('crossing', t.id('29C00002'), 'below', 2)) from t.read('revocations', t.at('10:33'), 'customs', '{"gate":"CKHN"}') r), 'the old one is on the list');
select is(t.step('39C00003', 'gate_in', t.at('10:40'), jsonb_build_object('offline', true, 'occurred_ms', t.at('10:35'))), 'ok', 'an offline entry');
create temporary table conflicts as select r.body from t.read('conflicts', t.at('10:41'), 'supervisor', '{"gate":"CKHN"}') r;
select is((select body #>> '{items,0,reason}' || ' ' || (body #>> '{items,0,plate}') || ' ' || (body #>> '{items,0,by,name}') from conflicts), 'conflict_not_called 39C00003 border_guard', 'is listed with its reason');
select is(t.run(1, 'resolve', t.at('10:42'), 'supervisor', (select jsonb_build_object('conflict', (body #>> '{items,0,conflict}')::bigint, 'resolution', 'ok') from conflicts)), 'ok', 'resolved');
select is((select jsonb_array_length(r.body -> 'items') from t.read('conflicts', t.at('10:43'), 'supervisor', '{"gate":"CKHN"}') r), 0, 'it is off the list');
select is((select r.body #>> '{items,0,resolution}' from t.read('conflicts', t.at('10:43'), 'supervisor', '{"gate":"CKHN","all":true}') r), 'ok', 'and kept');
select is((select r.body ->> 'sandbox' from t.read('platform', t.at('10:43'), 'one') r), 'true', 'a sandbox says so');
select is((select jsonb_array_length(r.body -> 'items') from t.read('gates', t.at('10:43'), 'one') r), (select count(*)::int from gate.gate), 'all gates');

select * from finish();
rollback;
