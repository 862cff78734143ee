-- What operators watch: the perishable goods that wait longest, the far side's pace, trouble, who is
-- inside, and the report of a day.
\ir helpers.psql
select no_plan();

create function t.stats(p_now bigint, p_gate text default 'CKHN') returns jsonb language sql as $$
  select body from t.read('stats', p_now, 'operator', jsonb_build_object('gate', p_gate))
$$;
create function t.day(p_now bigint, p_day date, p_gate text default 'CKHN') returns jsonb language sql as $$
  select body from t.read('day', p_now, 'operator', jsonb_build_object('gate', p_gate, 'day', p_day))
$$;
-- The steps after the call up to both finishes; then the exit.
create function t.clears(p_plate text, p_now bigint) returns text language sql as $$
  select t.steps(p_plate, p_now, 'gate_in', 'health', 'licence', 'fee_paid', 'customs_finish', 'border_guard_finish')
$$;

-- a week before: one export, cleared 10:00:05, out 10:10
select is(t.joins('61C00001', t.at('09:00', -7), '25232990'), 'ok ', 'a week before one joins');
select is(t.call(1, t.at('09:50', -7)), 'ok', 'is called');
select is(t.clears('61C00001', t.at('10:00', -7)), '', 'cleared');
select is(t.step('61C00001', 'exit', t.at('10:10:05', -7)), 'ok', 'and leaves');

-- an empty gate
select is(t.stats(t.at('08:00')) -> 'oldest_perishable', 'null'::jsonb, 'no perishable goods wait at an empty gate');
select is(t.stats(t.at('08:00')) #> '{far_side,p50_s}', 'null'::jsonb, 'no pace of the far side without exits');
select is(t.stats(t.at('08:00')) #>> '{trouble,opened_at}', '2026-11-23T07:00:00.000+07:00', 'open since seven');
select is(t.stats(t.at('06:00')) #> '{trouble,opened_at}', 'null'::jsonb, 'closed before');
select is(t.calendar(1, t.at('05:00'), t.at('09:00'), t.at('09:30'), 'closed'), 'ok', 'a closure from nine to half past');
select is(t.stats(t.at('09:10')) #> '{trouble,opened_at}', 'null'::jsonb, 'closed then');
select is(t.stats(t.at('10:00')) #>> '{trouble,opened_at}', '2026-11-23T09:30:00.000+07:00', 'open again since half past');

-- today: fruit joins first, then general goods; the fruit waits
select is(t.joins('61C00002', t.at('09:40'), '08106000'), 'ok ', 'fruit joins');
select is(t.joins('61C00003', t.at('09:45'), '25232990'), 'ok ', 'general goods join');
select is(t.joins('61C00004', t.at('09:50'), '08106000'), 'ok ', 'more fruit');
select is(t.stats(t.at('10:00')) #>> '{oldest_perishable,plate}', '61C00002', 'the fruit that waits longest');
select is(t.stats(t.at('10:00')) #>> '{oldest_perishable,waited_s}', '1199', 'and how long');
select is(t.call(1, t.at('10:01')) || t.called(), 'ok61C00002', 'it is called');
select is(t.stats(t.at('10:02')) #>> '{oldest_perishable,plate}', '61C00004', 'then it is the next');
select is(t.stats(t.at('10:02')) #>> '{inside,by_state,called}', '1', 'one is called');
select is(t.stats(t.at('10:02')) #>> '{inside,oldest_at}', '2026-11-23T10:01:00.000+07:00', 'since when');
select is(t.step('61C00002', 'gate_in', t.at('10:05')), 'ok', 'it comes');
select is(t.steps('61C00002', t.at('10:06'), 'plant', 'health', 'licence', 'fee_paid', 'customs_finish', 'border_guard_finish'), '', 'and is cleared');
select is(t.stats(t.at('10:30')) #>> '{far_side,cleared_waiting}' || ' ' || (t.stats(t.at('10:30')) #>> '{far_side,oldest_cleared_s}'), '1 1435',
  'it stands cleared before the far side');
select is(t.stats(t.at('10:30')) #> '{far_side,before}', '{"p50_s": 600, "taken_per_hour": 1}'::jsonb, 'a week before the far side took ten minutes');
select is(t.step('61C00002', 'exit', t.at('10:46:05')), 'ok', 'it leaves after forty');
select is(t.stats(t.at('10:50')) #>> '{far_side,p50_s}' || ' ' || (t.stats(t.at('10:50')) #>> '{far_side,taken_per_hour}'), '2400 1', 'the pace is forty minutes');
select is(t.stats(t.at('10:50')) #>> '{trouble,last_exit_at}', '2026-11-23T10:46:05.000+07:00', 'the last exit');
select is(t.stats(t.at('10:50')) #> '{rates,before}', '{"arrivals_per_hour": 0, "clearances_per_hour": 1}'::jsonb, 'the same hour a week before');

-- inside: who it waits for
select is(t.call(1, t.at('10:51')) || t.called(), 'ok61C00004', 'the next is called');
create temporary table inside as select r.body from t.read('inside', t.at('10:52'), 'operator', '{"gate":"CKHN"}') r;
select is((select string_agg(i ->> 'plate' || ' ' || (i ->> 'state') || ' ' || (i ->> 'lane'), ',') from inside, jsonb_array_elements(body -> 'items') i), '61C00004 called 1', 'inside: the called one');
select is((select body #>> '{items,0,due_at}' from inside), '2026-11-23T11:21:00.000+07:00', 'its grace');
select is((select body #>> '{items,0,open,0,step}' from inside), 'gate_in', 'it waits for the border guard');
select is(t.call(1, t.at('10:53')) || t.called(), 'ok61C00003', 'one more');
create temporary table first_page as select r.body from t.read('inside', t.at('10:54'), 'operator', '{"gate":"CKHN","limit":1}') r;
select is((select r.body #>> '{items,0,plate}' from first_page, t.read('inside', t.at('10:54'), 'operator', jsonb_build_object('gate', 'CKHN', 'limit', 1, 'after', body ->> 'next')) r), '61C00003', 'by pages');
select is((select r.code from t.read('inside', t.at('10:54'), 'operator', '{"gate":"CKHN","after":"x"}') r), 'invalid_cursor', 'not any cursor');
select is((select r.code from t.read('inside', t.at('10:54'), 'operator', '{"gate":"XX"}') r), 'not_found', 'no such gate');

-- no-shows of the last hour
select t.tick(1, t.at('11:30'));
select is(t.stats(t.at('11:35')) #>> '{trouble,no_shows_per_hour}', '2', 'both did not come');
select is(t.stats(t.at('13:35')) #>> '{trouble,no_shows_per_hour}', '0', 'two hours later that is past');
select is(gate.seq_at(1::smallint, to_timestamp(t.at('11:22') / 1000.0)), (select min(seq) from gate.event where ledger = 1 and at >= to_timestamp(t.at('11:22') / 1000.0)), 'an instant is found in a ledger');
select is(gate.seq_at(1::smallint, '2000-01-01'), 1::bigint, 'before all');
select is(gate.seq_at(1::smallint, '2100-01-01'), (select seq + 1 from gate.ledger where number = 1), 'behind all');

-- an overtake with its reason, and the report of the day
select is(t.joins('61C00005', t.at('11:40'), '25232990'), 'ok ', 'another');
select is(t.call(1, t.at('11:41'), jsonb_build_object('lane', 1, 'direction', 'export', 'crossing', t.id('61C00005'), 'reason', 'thuốc')), 'ok', 'is called before its turn');
create temporary table today as select t.day(t.at('12:30'), '2026-11-23') as body;
select is((select body -> 'exits' from today), '{"export": 1, "import": 0}'::jsonb, 'one exit');
select is((select body #>> '{overtakes,0,reason}' || ' ' || (body #>> '{overtakes,0,plate}') from today), 'thuốc 61C00005', 'the overtake with its reason');
select is((select (body ->> 'no_shows') from today), '2', 'the no-shows');
select is((select body #>> '{per_hour,9,arrivals,export}' || (body #>> '{per_hour,9,waiting,export}') || (body #>> '{per_hour,10,calls,export}') || (body #>> '{per_hour,10,clearances,export}') from today), '3311',
  'by hour: three joined and waited at ten; one called from ten to eleven and not taken back, one left');
select is((select body #>> '{is_over}' || jsonb_array_length(body -> 'per_hour') from today), 'false13', 'the day so far');
select is((select c ->> 'wait_p50_s' || ' ' || (c ->> 'exits') from today, jsonb_array_elements(body -> 'classes') c where c ->> 'class' = 'perishable'), '1259 1', 'the wait of the fruit');
select is((select body #>> '{calendar,0,reason}' from today), 'thử', 'the closure');
select is((select l ->> 'calls' from today, jsonb_array_elements(body -> 'lanes') l where l ->> 'lane' = '1'), '2', 'calls by lane, of those not taken back');
select is((select body #>> '{promises,count}' from today), '4', 'promises that came due');
create temporary table before as select t.day(t.at('12:30'), '2026-11-16') as body;
select is((select body #>> '{exits,export}' || (body #>> '{is_over}') || jsonb_array_length(body -> 'per_hour') from before), '1true24', 'the same weekday before, as a whole');
select is((select body #>> '{per_hour,9,calls,export}' || (body #>> '{per_hour,10,clearances,export}') from before), '11', 'with its hours');
select is((select jsonb_array_length(body -> 'overtakes') from before), 0, 'and nothing of today');
select is((select r.code from t.read('day', t.at('12:30'), 'operator', '{"gate":"CKHN","day":"2026-11-24"}') r), 'not_found', 'tomorrow has no report');

-- who did it: operators see who works at the gate, and no driver
create temporary table seen as select r.body from t.read('crossing', t.at('12:31'), 'operator', jsonb_build_object('crossing', t.id('61C00002'))) r;
select is((select e #>> '{by,name}' || ' ' || (e #>> '{by,device}') from seen, jsonb_array_elements(body -> 'timeline') e where e ->> 'step' = 'gate_in'), 'border_guard kiosk-1', 'an operator sees who did a step, and where');
select ok((select body::text !~ 'Nguyễn|0912345678' from seen), 'no driver and no phone');
create temporary table own as select r.body from t.read('crossing', t.at('12:31'), 'one', jsonb_build_object('crossing', t.id('61C00002'))) r;
select ok((select body::text !~ 'kiosk-1' from own), 'its firm sees the agency alone');

select * from finish();
rollback;
