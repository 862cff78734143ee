-- A batch: mixed verbs, replays, what must wait, time, what falls due.
\ir helpers.psql
select no_plan();

create function t.declare(p_now bigint, p_plate text, p_key text default null) returns jsonb language sql as $$
  select t.command('declare', p_now, 'one', jsonb_build_object('document', t.document('export', array[p_plate]), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb), p_key)
$$;
create function t.confirm(p_now bigint, p_plate text, p_step text, p_key text default null) returns jsonb language sql as $$
  select t.command('step', p_now, (select agency from gate.step where code = p_step), jsonb_build_object('crossing', t.id(p_plate), 'step', p_step, 'result', 'pass'), p_key)
$$;

-- each command has its own answer; a refusal harms nobody
select is((select array_agg(code order by ord) from t.batch(1, t.declare(t.at('08:00'), '29C00001'), t.declare(t.at('08:00'), '29C00002'))), '{ok,ok}', 'two filings');
select is((select array_agg(code order by ord) from t.batch(1,
  t.confirm(t.at('08:01'), '29C00001', 'registered'), t.declare(t.at('08:01'), '29C00003'), t.confirm(t.at('08:01'), '29C00002', 'yard_in'),
  t.declare(t.at('08:01'), '29C00001'),
  t.command('call', t.at('08:01'), 'operator', '{"lane":1,"direction":"export"}'),
  t.command('reissue', t.at('08:01'), 'one', jsonb_build_object('crossing', t.id('29C00002'))))),
  '{ok,ok,step_not_open,plate_live,nothing_waits,ok}', 'a mixed batch answers each for itself, in the order of the commands');
select is((select array_agg(seq) from (select e.seq from gate.event e where e.ledger = 1 and e.crossing / 1000000000000 = 1 order by e.seq desc limit 3) s),
  (select array[seq, seq - 1, seq - 2] from gate.ledger where number = 1), 'only what was confirmed is in the ledger, without a gap');
select is((select last_seq from t.x('29C00002')), (select seq from gate.ledger where number = 1), 'a crossing names its last event');

-- two confirmations of one crossing do not share a batch: the later one is sent again
select is((select array_agg(code order by ord) from t.batch(1, t.confirm(t.at('08:02'), '29C00001', 'yard_in'), t.confirm(t.at('08:02'), '29C00001', 'fee_paid'))), '{ok,again}', 'the later one waits');
select is((select array_agg(code order by ord) from t.batch(1, t.confirm(t.at('08:02'), '29C00001', 'fee_paid'))), '{ok}', 'and is then applied');

-- replays: same key and request, the same answer and no second effect
select is((select code from t.batch(1, t.declare(t.at('08:03'), '29C00010', repeat('a', 32)))), 'ok', 'a filing with a key');
create temporary table first_answer as select * from t.answer order by n desc limit 1;
create temporary table head as select seq from gate.ledger where number = 1;
select is((select (a.code, a.status, a.etag, a.body, a.replayed)::text from t.batch(1, t.declare(t.at('09:00'), '29C00010', repeat('a', 32))) a),
  (select (f.code, f.status, f.etag, f.body, true)::text from first_answer f), 'is answered again word for word, an hour later');
select is((select seq from gate.ledger where number = 1), (select seq from head), 'and nothing is appended');
select is((select code from t.batch(1, t.declare(t.at('09:00'), '29C00011', repeat('a', 32)))), 'idempotency_key_reused', 'another request under the key is refused');
select is((select count(*) from gate.crossing where plate = '29C00011'), 0::bigint, 'and does nothing');
select is((select code from t.batch(1, t.confirm(t.at('09:01'), '29C00010', 'yard_in', repeat('b', 32)))), 'step_not_open', 'a refusal');
select is(t.step('29C00010', 'registered', t.at('09:02')), 'ok', 'although the reason is gone');
select is((select code || replayed from t.batch(1, t.confirm(t.at('09:03'), '29C00010', 'yard_in', repeat('b', 32)))), 'step_not_opentrue', 'is stored, too');
select is((select array_agg(code || coalesce(replayed, false) order by ord) from t.batch(1, t.declare(t.at('09:04'), '29C00010', repeat('a', 32)), t.declare(t.at('09:04'), '29C00012'), t.confirm(t.at('09:04'), '29C00010', 'yard_in', repeat('b', 32)))),
  '{oktrue,okfalse,step_not_opentrue}', 'replays among others');
select is((select code from t.batch(2, t.command('declare', t.at('09:05'), 'one', jsonb_build_object('document', t.document('export', '{29C00013}', '{"gate":"TT"}'), 'rule_failures', '[]'::jsonb, 'warnings', '[]'::jsonb), repeat('a', 32)))), 'ok', 'the key of another gate is another key');
do $$ begin perform t.tick(1, t.at('09:10', 2)); perform t.tick(1, t.at('09:11', 2)); end $$;
select is((select count(*) from gate.reply where ledger = 1 and key = repeat('a', 32)::uuid), 0::bigint, 'kept two days');

-- time comes with the commands and never goes back
do $$ begin perform t.clear(); end $$;
select is(t.file(1, t.at('10:00', 2), 'one', t.document('export', '{29C00020}')), 'ok', 'filed at ten');
select is(t.step('29C00020', 'registered', t.at('09:00', 2)), 'ok', 'a command that says nine');
select is((t.x('29C00020')).done_at[1], to_timestamp(t.at('10:00', 2) / 1000.0), 'is ten');
select is((select clock from gate.ledger where number = 1), to_timestamp(t.at('10:00', 2) / 1000.0), 'the clock stands');
select is((select array_agg(code order by ord) from t.batch(1, t.declare(t.at('10:05', 2), '29C00021'), t.declare(t.at('10:03', 2), '29C00022'))), '{ok,ok}', 'nor within a batch');
select is((t.x('29C00022')).filed_at, to_timestamp(t.at('10:05', 2) / 1000.0), 'the later command has the later time');
select is((select count(*) from (select at < lag(at) over (partition by ledger order by seq) as back from gate.event where ledger in (1, 2)) e where back), 0::bigint, 'no event is before the one in front of it');
select is((select clock from gate.ledger where number = 2), to_timestamp(t.at('09:05') / 1000.0), 'each gate has its own clock');

-- what falls due comes first, at its own time, and what is next is told
do $$ begin perform t.clear(); end $$;
select is(t.file(1, t.at('11:00', 2), 'one', t.document('export', '{29C00030}')), 'ok', 'one');
select is((select next_due from t.answer order by n desc limit 1), t.at('11:00', 3), 'its claim is the next to fall due');
select is(t.file(1, t.at('12:00', 2), 'one', t.document('export', '{29C00031}')), 'ok', 'another later');
select is((select next_due from t.answer order by n desc limit 1), t.at('11:00', 3), 'the earliest is told');
select is(t.file(1, t.at('12:30', 3), 'one', t.document('export', '{29C00032}')), 'ok', 'both have lapsed by then');
select is((select array_agg(to_char(at at time zone 'UTC' + interval '7 hours', 'HH24:MI') || type order by seq) from (select * from gate.event where ledger = 1 order by seq desc limit 3) e),
  '{11:00expired,12:00expired,12:30declared}', 'in due order, each at its time, before the command');

-- one that fails when it falls due stops neither the others nor its gate: it is tried again an hour later
select is(t.file(1, t.at('13:00', 3), 'one', t.document('export', '{29C00035}')) || t.file(1, t.at('13:01', 3), 'one', t.document('export', '{29C00036}')), 'okok', 'two file');
create function t.refuse() returns trigger language plpgsql as $f$ begin raise exception 'broken'; end $f$;
create trigger poison before update on gate.crossing for each row when (old.plate = '29C00035' and new.ended is not null) execute function t.refuse();
select is(t.file(1, t.at('13:30', 4), 'one', t.document('export', '{29C00037}')), 'ok', 'the gate goes on');
select is((t.x('29C00035')).state || ' ' || (t.x('29C00036')).state, 'declared expired', 'the other one lapses');
select is((t.x('29C00035')).due_at, to_timestamp(t.at('14:30', 4) / 1000.0), 'it is put off for an hour');
select is((select count(*) from gate.event where crossing = (t.x('29C00035')).id and type = 'expired'), 0::bigint, 'nothing of it is kept');
drop trigger poison on gate.crossing;
select is(t.file(1, t.at('14:31', 4), 'one', t.document('export', '{29C00038}')), 'ok', 'mended');
select is((t.x('29C00035')).state, 'expired', 'it lapses as well');

-- each step is the step of the crossing it names, in whatever order a batch names them
do $$ begin perform t.clear(); end $$;
select is(t.file(1, t.at('15:00', 4), 'one', t.document('export', '{29C00045}')) || t.file(1, t.at('15:00', 4), 'one', t.document('export', '{29C00046}')), 'okok', 'two file');
select is((select array_agg(body::jsonb #>> '{crossing,plate}' order by ord) from t.batch(1, t.confirm(t.at('15:01', 4), '29C00046', 'registered'), t.confirm(t.at('15:01', 4), '29C00045', 'registered'))),
  '{29C00046,29C00045}', 'the one filed later, named first, is confirmed first');

-- an unknown verb is no answer but a poisoned batch: nothing of it is kept
select throws_ok($$select t.batch(1, t.declare(t.at('13:00', 3), '29C00040'), t.command('nonsense', t.at('13:00', 3), 'one', '{}'))$$, 'GT002', null, 'an unknown verb breaks the batch');
select is((select count(*) from gate.crossing where plate = '29C00040'), 0::bigint, 'and leaves nothing behind');
select throws_ok($$select t.batch(99, t.declare(t.at('13:00', 3), '29C00040'))$$, 'P0002', null, 'so does a ledger that is not there');

select * from finish();
rollback;
