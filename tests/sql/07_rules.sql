-- Rules for all functions, and the promise that open and call lead every crossing out.
load 'plpgsql_check';             -- before any function runs
\ir helpers.psql
select no_plan();
create extension if not exists plpgsql_check;

-- time is an argument
create temporary view ours as
  select p.oid, n.nspname || '.' || p.proname as name, p.prosrc, p.prorettype, l.lanname
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang where n.nspname in ('gate', 'api');
select is((select array_agg(name) from ours where prosrc ~* '\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(|\mcurrent_(timestamp|date|time)\M|\mlocaltime(stamp)?\M'), null, 'no function reads a clock');
select is((select array_agg(name) from ours where prosrc ~* '\mtimestamptz?\s+''now'''), null, 'not even in disguise');
select is((select array_agg(n.nspname || '.' || c.relname || '.' || a.attname) from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum
  join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'gate' and c.relname <> 'migration' and pg_get_expr(d.adbin, d.adrelid) ~* 'now\(|current_'), null, 'nor a default');
select is((select array_agg(name) from ours where prosrc ~* '\mrandom\s*\('), null, 'no function throws dice');

-- every function is sound
select is((select string_agg(o.name || ': ' || c.message, '; ') from ours o, lateral plpgsql_check_function_tb(o.oid) c
  where o.lanname = 'plpgsql' and o.prorettype <> 'trigger'::regtype and c.level = 'error'), null, 'plpgsql_check finds no error');
select is((select string_agg(o.name || ': ' || c.message, '; ') from ours o
  join pg_trigger g on g.tgfoid = o.oid, lateral plpgsql_check_function_tb(o.oid, g.tgrelid, oldtable => g.tgoldtable, newtable => g.tgnewtable) c
  where c.level = 'error'), null, 'nor in triggers');

-- whoever follows open and call over all crossings of a declaration brings each to exited
create function t.follow(p_gate smallint, p_declaration bigint, p_now bigint) returns text language plpgsql as $$
declare
  x gate.crossing;
  open int;
  s record;
  moved boolean := true;
  code text;
begin
  while moved loop
    moved := false;
    for x in select * from gate.crossing where declaration = p_declaration and gate.is_live(state) order by id loop
      p_now := p_now + 1000;
      if x.waits_at is not null then
        code := t.call(p_gate, p_now, jsonb_build_object('lane', 1, 'direction', x.direction));
        if code <> 'ok' then return 'call: ' || code; end if;
        moved := true;
        continue;
      end if;
      open := gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, x.state, case when x.across then gate.across_of(x.declaration) end);
      select * into s from gate.step where open & (1 << bit) <> 0 order by (x.id * 7919 + bit * 104729) % 13 limit 1;
      if s.code is not null then
        code := t.run(p_gate, 'step', p_now, s.agency, jsonb_build_object('crossing', lpad(x.id::text, 14, '0'), 'step', s.code, 'result', 'pass')
          || case when s.bit = 0 then jsonb_build_object('channel', (array['green', 'yellow', 'red'])[1 + (x.id % 3)::int]) else '{}' end);
        if code <> 'ok' then return s.code || ': ' || code; end if;
        moved := true;
      end if;
    end loop;
  end loop;
  return (select string_agg(distinct state, ' ') from gate.crossing where declaration = p_declaration);
end $$;

create temporary table ways (n int, gate int, direction text, hs text, receiving int, mains int);
insert into ways
select row_number() over (), case when d = 'export' then 1 else 2 end, d, hs, r, m
from unnest('{export,import}'::text[]) d, unnest('{08106000,03036900,85171300,25232990,87032300,""}'::text[]) hs, generate_series(0, 2) r, generate_series(1, 2) m
where d = 'import' or r = 0;
create temporary table went as
select w.*, t.file(w.gate, t.at('09:00') + w.n * 60000, 'one', t.document(w.direction,
    (select array_agg('29C' || lpad((w.n * 10 + i)::text, 5, '0')) from generate_series(1, w.mains) i),
    jsonb_build_object('goods', case when w.hs = '' then '[]' else jsonb_build_array(jsonb_build_object('hs', w.hs)) end,
      'receiving_vehicles', (select coalesce(jsonb_agg(jsonb_build_object('plate', '12C' || lpad((w.n * 10 + i)::text, 5, '0'), 'nationality', 'VN')), '[]') from generate_series(1, w.receiving) i)))) as filed,
  t.follow(w.gate::smallint, (t.last_body() ->> 'number')::bigint, t.at('09:00') + w.n * 60000) as ended
from (select * from ways order by n) w;
select is((select string_agg(distinct filed || ' ' || ended, '; ') from went), 'ok exited', 'following open and call, every kind of declaration ends with all its crossings out');
select is((select count(*) from went), 48::bigint, 'of all kinds');
select is((select count(*) from live_plate l join gate.crossing x on x.id = l.crossing where x.plate ~ '^(29C|12C)'), 0::bigint, 'no plate stays behind');

-- every role, direction and step of a procedure can be reached: nothing waits for what nobody needs
select is((select count(*) from gate.procedure_step p where p.own & (1 << p.bit) <> 0), 0::bigint, 'no step waits for itself');

select * from finish();
rollback;
