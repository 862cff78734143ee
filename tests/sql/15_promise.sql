-- A wait is a promise: what it is made from, what is learnt, and that it is kept.
\ir helpers.psql
select no_plan();

create function t.pace(p_gap double precision, p_spread double precision default 0.08) returns void language sql as $$
  update gate.pace set calls = 100, gap_s = p_gap, gap_var = 0, spread = p_spread, last_call_at = null, learns_from = null where gate = 1;
$$;
create function t.promised(p_plate text) returns gate.prediction language sql as $$
  select p from gate.prediction p where p.crossing = (t.x(p_plate)).id and p.kind = 'call'
$$;
create function t.shown(p_plate text, p_now bigint) returns jsonb language sql as $$
  select r.body -> 'wait' from t.read('position', p_now, 'one', jsonb_build_object('crossing', t.id(p_plate))) r
$$;
create function t.learnt() returns gate.pace language sql as $$ select p from gate.pace p where gate = 1 and direction = 'export' $$;

-- ---- what it is made from --------------------------------------------------------------------------

do $$ begin perform t.pace(120); end $$;
select is(t.joins('29C10001', t.at('08:00')), 'ok ', 'one joins');
select is((t.promised('29C10001')).p50_s, 120, 'it is called with the next call');
select is(t.joins('29C10002', t.at('08:10')), 'ok ', 'a second one');
select is(t.joins('29C10003', t.at('08:20')), 'ok ', 'a third one');
select is((t.promised('29C10003')).p50_s, 360, 'after two others');
select ok((t.promised('29C10003')).p90_s between 400 and 560, 'and the interval has a width');
select is((t.shown('29C10003', t.at('08:20') + 1000) ->> 'p50_s')::int, 360, 'what is shown is what was promised');

-- goods with less credit are passed by those who come after them, as many as did so lately
select is(t.joins('29C10004', t.at('08:30'), '39269099'), 'ok ', 'one of general goods');
select is((t.promised('29C10004')).ahead, 3, 'stands behind three');
select is((t.promised('29C10004')).p50_s, 7 * 120, 'and three more like them will come and pass it');
select is((t.shown('29C10004', t.at('10:00')) ->> 'p50_s')::int, 4 * 120, 'but no longer when it has waited as long as their credit');
select is((t.shown('29C10003', t.at('08:40')) ->> 'p50_s')::int, 3 * 120, 'nobody passes who has the greatest credit');

-- only open time counts
do $$ begin perform t.clear(); end $$;
select is(t.joins('29C20001', t.at('19:57')), 'ok ', 'three minutes before closing');
select is(t.joins('29C20002', t.at('19:58')), 'ok ', 'two');
select is((t.promised('29C20001')).p50_s, 120, 'one is called today');
select is((t.promised('29C20002')).p50_s, 11 * 3600 + 240, 'the other tomorrow, two minutes after seven');
select ok((t.promised('29C20002')).p90_s < 11 * 3600 + 600, 'the night is no doubt, it is known');
select is(t.joins('29C20003', t.at('22:00')), 'ok ', 'one that comes at night');
select is((t.promised('29C20003')).p50_s, 9 * 3600 - 1 + 360, 'counts from seven');
select is(t.shown('29C20003', t.at('22:10')) ->> 'from', '2026-11-24T07:06:00.000+07:00', 'and so is it told');
select is(t.calendar(1, t.at('22:20'), t.at('07:00', 1), t.at('09:00', 1), 'closed'), 'ok', 'a closure is announced');
select is((t.shown('29C20003', t.at('22:30')) ->> 'p50_s')::int, 10 * 3600 + 1800 + 360, 'what is shown knows of it');
select is(t.calendar(1, t.at('22:40'), t.at('07:00', 1), t.at('07:00', 6), 'closed'), 'ok', 'five days');
select is((t.shown('29C20003', t.at('23:00')) ->> 'p50_s')::int, 5 * 86400 + 8 * 3600 + 360, 'count as well');

-- the queue and the board say the same as the place
select is((select i -> 'wait' from t.read('queue', t.at('23:00'), 'operator', '{"gate":"CKHN","direction":"export"}') r, jsonb_array_elements(r.body -> 'items') i
  where i ->> 'plate' = '29C20003'), t.shown('29C20003', t.at('23:00')), 'the queue promises the same');
select is((select r.body #> '{next,export,2,wait}' from t.read('board', t.at('23:00'), 'operator', '{"gate":"CKHN"}') r), t.shown('29C20003', t.at('23:00')), 'and the board');

-- ---- what is learnt --------------------------------------------------------------------------------

delete from gate.calendar;
do $$ begin perform t.clear(); perform t.pace(120);
  for i in 1 .. 12 loop perform t.joins('39C' || 10000 + i, t.at('05:00', 9) + i * 1000); end loop; end $$;
select is(t.call(1, t.at('07:00', 9)), 'ok', 'the gate opens: the first call');
select is(t.call(1, t.at('07:00', 9) + 1000), 'ok', 'the next a second later');
select is(t.call(1, t.at('07:00', 9) + 2000), 'ok', 'and the next: the lanes were empty');
select is((t.learnt()).gap_s, 120::double precision, 'that is no pace');
select is(t.call(1, t.at('07:11', 9)), 'ok', 'after ten minutes');
select is((t.learnt()).gap_s, 120::double precision, 'the gap from the filling tells nothing either');
select is(t.call(1, t.at('07:15', 9)), 'ok', 'a call four minutes later');
select ok((t.learnt()).gap_s between 120.5 and 122, 'is learnt, with little weight');
select is(t.call(1, t.at('19:59', 9)), 'ok', 'the last of the day');
create temporary table evening as select * from t.learnt();
select is(t.call(1, t.at('07:00', 10)), 'ok', 'the next morning');
select is((t.learnt()).gap_s, (select gap_s from evening), 'the night is no gap');
select is(t.call(1, t.at('07:01', 10)), 'ok', 'and again the lanes are filled');
select is((t.learnt()).gap_s, (select gap_s from evening), 'which tells nothing');

-- the interval grows with what it has promised too much, and shrinks slowly
do $$ begin perform t.clear(); perform t.pace(60);
  for i in 1 .. 8 loop perform t.joins('49C' || 10000 + i, t.at('08:00', 10) + i * 1000); end loop;
  update gate.pace set learns_from = to_timestamp(t.at('07:40', 10) / 1000.0), last_call_at = to_timestamp(t.at('07:50', 10) / 1000.0) where gate = 1; end $$;
do $$ begin for i in 1 .. 4 loop perform t.call(1, t.at('08:00', 10) + 60000 * i); end loop; end $$;
select is((t.learnt()).spread, 0.08::double precision, 'short waits say nothing of the drift');
select is(t.call(1, t.at('08:05', 10)), 'ok', 'one is called in time');
select ok((t.learnt()).spread between 0.0799 and 0.07999, 'a promise that is kept');
select is(t.call(1, t.at('08:40', 10)), 'ok', 'one is called much too late');
select ok((t.learnt()).spread between 0.0803 and 0.0805, 'weighs nine times as much');
update gate.pace set spread = 0.25 where gate = 1;
select is(t.call(1, t.at('09:40', 10)), 'ok', 'late again');
select is((t.learnt()).spread, 0.25::double precision, 'but it has an end');

-- ---- that it is kept: two days of a queue that builds up, with a night between ----------------------

do $$
declare
  seed bigint := 7;
  joins_at bigint[] := '{}';
  calls_at bigint[] := '{}';
  now bigint := t.at('06:40', 12);
  hs text[] := '{08106000,08106000,08106000,85177999,39269099}';
  joined int := 0;
begin
  perform t.clear();
  perform t.pace(600);
  update gate.queue_rule set grace_s = 86400;          -- they need not come to be called
  while now < t.at('17:00', 13) loop
    seed := (seed * 1103515245 + 12345) % 2147483648;
    if now < t.at('19:00', 12) or now > t.at('06:40', 13) then
      joins_at := joins_at || now;
    end if;
    now := now - (ln((seed + 1) / 2147483649.0) * 480000)::bigint;
  end loop;
  for day in 12 .. 13 loop
    now := t.at('07:00', day);
    while now < t.at('20:00', day) loop
      seed := (seed * 1103515245 + 12345) % 2147483648;
      calls_at := calls_at || now;
      now := now + 240000 + (seed % 720000);
    end loop;
  end loop;
  for i in 1 .. cardinality(calls_at) loop
    while joined < cardinality(joins_at) and joins_at[joined + 1] <= calls_at[i] loop
      joined := joined + 1;
      perform t.joins('59C' || 10000 + joined, joins_at[joined], hs[1 + (joined * 7) % 5]);
    end loop;
    perform t.call(1, calls_at[i]);
  end loop;
end $$;
create temporary table kept as
  select count(*) as n, avg((outcome_at <= made_at + p50_s * interval '1 second')::int) as p50,
    avg((outcome_at <= made_at + p90_s * interval '1 second')::int) as p90,
    max(outcome_at - made_at) as longest
  from gate.prediction p join gate.crossing x on x.id = p.crossing
  where p.kind = 'call' and x.plate like '59C%' and outcome_at is not null;
select cmp_ok((select n from kept), '>', 120::bigint, 'many promises are scored');
select cmp_ok((select longest from kept), '>', interval '10 hours', 'some over the night');
select ok((select p90 between 0.8 and 0.98 from kept), 'nine of ten are called by their P90: ' || (select round(p90, 2) from kept));
select ok((select p50 between 0.35 and 0.7 from kept), 'half by their P50: ' || (select round(p50, 2) from kept));

select * from finish();
rollback;
