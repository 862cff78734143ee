-- SPDX-License-Identifier: MIT
-- Alarms by symptom, judged from the figures of one gate (gate.stats_json) at the gate's own time: the
-- same figures give the same alarms.

-- From when on something is worth an operator's eye: every threshold in one place.
create or replace function gate.alarm_limit(p_name text) returns numeric
language sql immutable as $$
  select (jsonb '{
    "no_exit_s": 1200, "lane_idle_s": 900, "perishable_look_s": 14400, "perishable_stop_s": 28800, "wait_p90_s": 21600,
    "yard_look": 0.9, "yard_stop": 1, "no_shows": 5, "behind_per_hour": 10, "behind_stock": 20,
    "promises_count": 20, "promises_kept": 0.8,
    "far_slower": 1.5, "far_least_s": 300, "far_taken": 3, "far_stood_s": 3600}' ->> p_name)::numeric
$$;

create or replace function gate.alarm_of(p_code text, p_kind text, p_level text, p_detail jsonb, p_crossing text default null)
returns gate.alarm_found
language sql immutable as $$ select row(p_code, p_kind, p_level, p_detail, p_crossing::bigint)::gate.alarm_found $$;

-- Slower than they arrive and not done before closing stops; late alone, or falling behind, is to be looked at.
create or replace function gate.alarms_of_finish(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  f jsonb := s -> 'projected_finish';
  arrivals int := s #> '{rates,arrivals_per_hour}';
  cleared int := s #> '{rates,clearances_per_hour}';
  stock int := f -> 'stock';
  detail jsonb := jsonb_build_object('arrivals', arrivals, 'clearances', cleared, 'stock', stock,
    'finish_at', f -> 'at', 'closes_at', f -> 'closes_at');
begin
  if stock > 0 and f ->> 'closes_at' is not null and not (f -> 'before_closing')::boolean then
    return next case when cleared < arrivals then gate.alarm_of('finish', 'not_done', 'stop', detail)
      else gate.alarm_of('finish', 'late_finish', 'look', detail) end;
  elsif arrivals - cleared >= gate.alarm_limit('behind_per_hour') and stock >= gate.alarm_limit('behind_stock') then
    return next gate.alarm_of('finish', 'behind', 'look', detail);
  end if;
end $$;

-- Open, somebody inside, and nobody left for long.
create or replace function gate.alarms_of_exits(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  t jsonb := s -> 'trouble';
  idle int := extract(epoch from (s ->> 'at')::timestamptz - greatest((t ->> 'last_exit_at')::timestamptz,
    (t ->> 'opened_at')::timestamptz, (s #>> '{inside,oldest_at}')::timestamptz));
begin
  if t ->> 'opened_at' is not null and (s #> '{inside,total}')::int > 0 and idle >= gate.alarm_limit('no_exit_s') then
    return next gate.alarm_of('no_exit', 'no_exit', 'stop', jsonb_build_object('idle_s', idle, 'inside', s #> '{inside,total}'));
  end if;
end $$;

-- How many wait and may be called now.
create or replace function gate.callable_in(s jsonb, p_direction text) returns int
language sql immutable as $$
  select (l -> 'total')::int - (l -> 'held')::int - (l -> 'delayed')::int from (select s -> 'in_queue' -> p_direction) x (l)
$$;

-- For how long an open lane has called nobody while somebody waits whom it may call.
create or replace function gate.lane_idle_s(s jsonb, l jsonb) returns int
language plpgsql stable as $$
declare
  waited timestamptz := (
    select min((c.value ->> 'oldest_joined_at')::timestamptz)
    from jsonb_array_elements_text(l -> 'directions') d, jsonb_each(s -> 'in_queue' -> d -> 'by_class') c
    where gate.callable_in(s, d) > 0 and (l ->> 'classes' is null or l -> 'classes' ? c.key));
begin
  if not (l -> 'open')::boolean or l ->> 'serving' is not null or waited is null then
    return 0;
  end if;
  return extract(epoch from (s ->> 'at')::timestamptz - greatest(waited, (l ->> 'last_call_at')::timestamptz,
    (l ->> 'changed_at')::timestamptz, (s #>> '{trouble,opened_at}')::timestamptz));
end $$;

create or replace function gate.alarms_of_lanes(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  idle jsonb;
  longest int;
  way text;
begin
  if s #>> '{trouble,opened_at}' is null then
    return;
  end if;
  select jsonb_agg(l -> 'lane' order by i), max(gate.lane_idle_s(s, l)) into idle, longest
  from jsonb_array_elements(s -> 'lanes') with ordinality x (l, i)
  where gate.lane_idle_s(s, l) >= gate.alarm_limit('lane_idle_s');
  if idle is not null then
    return next gate.alarm_of('lane_idle', 'lane_idle', 'look', jsonb_build_object('lanes', idle, 'idle_s', longest));
  end if;
  foreach way in array array['export', 'import'] loop
    if gate.callable_in(s, way) > 0 and not exists (
      select from jsonb_array_elements(s -> 'lanes') l where (l -> 'open')::boolean and l -> 'directions' ? way) then
      return next gate.alarm_of('no_lane_' || way, 'no_lane', 'stop',
        jsonb_build_object('direction', way, 'waiting', gate.callable_in(s, way)));
    end if;
  end loop;
end $$;

create or replace function gate.alarms_of_yards(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
begin
  return query
  select (gate.alarm_of('yard_' || (y ->> 'yard'), case when share >= 1 then 'yard_full' else 'yard_nearly' end,
    case when share >= gate.alarm_limit('yard_stop') then 'stop' else 'look' end,
    jsonb_build_object('yard', y -> 'name', 'occupied', y -> 'occupied', 'capacity', y -> 'capacity'))).*
  from jsonb_array_elements(s -> 'yards') y,
    lateral (select (y -> 'occupied')::numeric / nullif((y -> 'capacity')::numeric, 0) as share) z
  where share >= gate.alarm_limit('yard_look');
end $$;

-- Goods that spoil, and what one who joins now is promised at worst.
create or replace function gate.alarms_of_waits(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  p jsonb := s -> 'oldest_perishable';
  way text;
begin
  if (p ->> 'waited_s')::int >= gate.alarm_limit('perishable_look_s') then
    return next gate.alarm_of('perishable', 'perishable',
      case when (p ->> 'waited_s')::int >= gate.alarm_limit('perishable_stop_s') then 'stop' else 'look' end,
      jsonb_build_object('plate', p -> 'plate', 'waited_s', p -> 'waited_s'), p ->> 'crossing');
  end if;
  foreach way in array array['export', 'import'] loop
    if (s #> array['in_queue', way, 'total'])::int > 0 and (s #> array['waits', way, 'p90_s'])::int >= gate.alarm_limit('wait_p90_s') then
      return next gate.alarm_of('wait_' || way, 'wait', 'look', jsonb_build_object('direction', way, 'wait', s #> array['waits', way]));
    end if;
  end loop;
end $$;

-- The far side: a cleared vehicle that stands, or slower than in the same hour a week before.
create or replace function gate.alarms_of_far_side(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  f jsonb := s -> 'far_side';
  now_s int := f ->> 'p50_s';
  then_s int := f #>> '{before,p50_s}';
begin
  if (f ->> 'oldest_cleared_s')::int >= gate.alarm_limit('far_stood_s') then
    return next gate.alarm_of('far_side', 'far_side_stands', 'look',
      jsonb_build_object('waiting', f -> 'cleared_waiting', 'stood_s', f -> 'oldest_cleared_s'));
  elsif (f -> 'taken_per_hour')::int >= gate.alarm_limit('far_taken') and (f #> '{before,taken_per_hour}')::int >= gate.alarm_limit('far_taken')
    and now_s >= gate.alarm_limit('far_least_s') and now_s >= gate.alarm_limit('far_slower') * then_s then
    return next gate.alarm_of('far_side', 'far_side_slow', 'look', jsonb_build_object('now_s', now_s, 'before_s', then_s));
  end if;
end $$;

-- Those called who did not come, what did not fit, and waits that were not as promised.
create or replace function gate.alarms_of_people(s jsonb) returns setof gate.alarm_found
language plpgsql stable as $$
declare
  missed int := s #> '{trouble,no_shows_per_hour}';
  conflicts int := s #> '{trouble,conflicts_open}';
  kept numeric := (s #> '{promises,within_p90}')::numeric / nullif((s #> '{promises,count}')::numeric, 0);
begin
  if missed >= gate.alarm_limit('no_shows') then
    return next gate.alarm_of('no_shows', 'no_shows', 'look', jsonb_build_object('count', missed));
  end if;
  if conflicts > 0 then
    return next gate.alarm_of('conflicts', 'conflicts', 'look', jsonb_build_object('count', conflicts));
  end if;
  if (s #> '{promises,count}')::int >= gate.alarm_limit('promises_count') and kept < gate.alarm_limit('promises_kept') then
    return next gate.alarm_of('promises', 'promises', 'look',
      jsonb_build_object('percent', round(100 * kept), 'count', s #> '{promises,count}'));
  end if;
end $$;

create or replace function gate.alarms_judged(s jsonb) returns gate.alarm_found[]
language plpgsql stable as $$
begin
  return array(
    select a from gate.alarms_of_finish(s) a union all select a from gate.alarms_of_exits(s) a
    union all select a from gate.alarms_of_lanes(s) a union all select a from gate.alarms_of_yards(s) a
    union all select a from gate.alarms_of_waits(s) a union all select a from gate.alarms_of_far_side(s) a
    union all select a from gate.alarms_of_people(s) a);
end $$;

-- One alarm. Taken in hand it stays so until it ends or grows worse than it was then.
create or replace function gate.alarm_json(a gate.alarm) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'alarm', a.number, 'code', a.code, 'kind', a.kind, 'level', a.level, 'values', a.detail, 'crossing', gate.crossing_text(a.crossing),
    'raised_at', gate.instant(a.raised_at)::jsonb, 'ended_at', gate.instant(a.ended_at)::jsonb,
    'state', case when a.ended_at is not null then 'ended' when a.taken_level = 'stop' or a.taken_level = a.level then 'taken' else 'raised' end,
    'taken', case when a.taken_at is not null then jsonb_build_object('at', gate.instant(a.taken_at)::jsonb, 'note', a.note,
      'by', (select jsonb_build_object('id', p.id, 'name', p.name, 'agency', p.agency) from gate.principal p where p.id = a.taken_by)) end);
end $$;

-- What is wrong now, with the figures of now: what nobody has taken first, the worst of it first.
create or replace function gate.alarms_json(p_gate smallint, p_found gate.alarm_found[]) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(x.one order by x.one ->> 'state' <> 'raised', x.level <> 'stop', x.raised_at, x.number), '[]')
    from (
      select gate.alarm_json(a) || jsonb_build_object('level', f.level, 'kind', f.kind, 'values', f.detail,
        'crossing', gate.crossing_text(f.crossing)) as one, f.level, a.raised_at, a.number
      from unnest(p_found) f
      join gate.alarm a on a.gate = p_gate and a.code = f.code and a.ended_at is null) x);
end $$;

-- {gate, after?, limit?}: the alarms there were, the newest first.
create or replace function api.alarms(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
  list text := format('alarms:%s', here);
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,18}$');
  size int := gate.page_size(p_asked);
  found gate.alarm[];
begin
  if here is null or after is null then
    return query select case when here is null then 'not_found' else 'invalid_cursor' end, null::text, null::text;
    return;
  end if;
  found := array(select a from gate.alarm a where a.gate = here and (after = '' or a.number < nullif(after, '')::bigint)
                 order by a.number desc limit size + 1);
  return query select 'ok', null::text, gate.page_json(list,
    (select jsonb_agg(gate.alarm_json(found[n]) order by n) from generate_subscripts(found[1:size], 1) n),
    found[size].number::text, cardinality(found) > size);
end $$;
