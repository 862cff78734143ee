-- SPDX-License-Identifier: MIT
-- The report of one day at one gate: for the charts, to compare weekdays, and to print. Bounded by the
-- day: by the index on the end, and the one on joining no more than a week back.

-- Those who stood in the queue at some time of a span, or left in it.
create or replace function gate.seen_between(p_gate smallint, p_from timestamptz, p_to timestamptz) returns setof gate.crossing
language plpgsql stable as $$
begin
  return query
  select * from gate.crossing x
  where x.gate = p_gate and x.joined_at >= p_from - interval '7 days' and x.joined_at < p_to
    and coalesce(x.ended_at, 'infinity') >= p_from;
end $$;

-- By hour: who joined, was called and left, and who waited at its end.
create or replace function gate.day_hours_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    with seen as materialized (
      select x.direction, x.role, x.joined_at, x.done_at[6] as called_at, x.ended_at, x.ended from gate.seen_between(p_gate, p_from, p_to) x
    ), hours as (
      select h as begins, least(h + interval '1 hour', p_to) as ends
      from generate_series(p_from, p_to - interval '1 millisecond', interval '1 hour') h
    )
    select coalesce(jsonb_agg(jsonb_build_object('hour', gate.instant(h.begins)::jsonb,
      'arrivals', gate.both_json(c.ae, c.ai), 'calls', gate.both_json(c.le, c.li), 'clearances', gate.both_json(c.ce, c.ci),
      'waiting', gate.both_json(c.we, c.wi)) order by h.begins), '[]')
    from hours h
    cross join lateral (
      select
        count(*) filter (where x.direction = 'export' and x.joined_at >= h.begins and x.joined_at < h.ends) as ae,
        count(*) filter (where x.direction = 'import' and x.joined_at >= h.begins and x.joined_at < h.ends) as ai,
        count(*) filter (where x.direction = 'export' and x.called_at >= h.begins and x.called_at < h.ends) as le,
        count(*) filter (where x.direction = 'import' and x.called_at >= h.begins and x.called_at < h.ends) as li,
        count(*) filter (where x.direction = 'export' and x.role = 'main' and x.ended is null and x.ended_at >= h.begins and x.ended_at < h.ends) as ce,
        count(*) filter (where x.direction = 'import' and x.role = 'main' and x.ended is null and x.ended_at >= h.begins and x.ended_at < h.ends) as ci,
        count(*) filter (where x.direction = 'export' and x.joined_at < h.ends and coalesce(x.called_at, x.ended_at, 'infinity') >= h.ends) as we,
        count(*) filter (where x.direction = 'import' and x.joined_at < h.ends and coalesce(x.called_at, x.ended_at, 'infinity') >= h.ends) as wi
      from seen x
    ) c);
end $$;

create or replace function gate.both_json(p_export bigint, p_import bigint) returns jsonb
language sql immutable as $$ select jsonb_build_object('export', p_export, 'import', p_import) $$;

-- By direction and class: how many joined and left, and how long those called that day had waited.
create or replace function gate.day_classes_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('direction', c.direction, 'class', c.class, 'arrivals', c.joined, 'exits', c.gone,
      'calls', c.called, 'wait_p50_s', c.p50, 'wait_p90_s', c.p90, 'longest_wait_s', c.longest) order by c.direction desc, c.class), '[]')
    from (
      select x.direction, x.class, count(*) filter (where x.joined_at >= p_from) as joined,
        count(*) filter (where x.ended_at >= p_from and x.ended_at < p_to and x.ended is null) as gone,
        count(w.s) as called, percentile_disc(0.5) within group (order by w.s) as p50,
        percentile_disc(0.9) within group (order by w.s) as p90, max(w.s) as longest
      from gate.seen_between(p_gate, p_from, p_to) x
      cross join lateral (
        select case when x.done_at[6] >= p_from and x.done_at[6] < p_to then extract(epoch from x.done_at[6] - x.joined_at)::int end as s
      ) w
      where x.role = 'main'
      group by x.direction, x.class
    ) c);
end $$;

-- What ended that day otherwise than by leaving: {"turned_back": 2, …}.
create or replace function gate.day_ends_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_object_agg(e.ended, e.n), '{}')
    from (
      select x.ended, count(*) as n from gate.crossing x
      where x.gate = p_gate and x.ended_at >= p_from and x.ended_at < p_to and x.ended is not null
      group by x.ended
    ) e);
end $$;

-- How long spans last together; where they lie over each other they count once.
create or replace function gate.seconds_of(p_spans tstzmultirange) returns int
language sql immutable as $$
  select coalesce(sum(extract(epoch from upper(s) - lower(s))), 0)::int from unnest(p_spans) s
$$;

-- The calls of each lane, and how long it was serving somebody (an export from the call to the gate, an
-- import until it left).
create or replace function gate.day_lanes_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('lane', l.number, 'route', l.route, 'calls', coalesce(u.calls, 0),
      'busy_s', coalesce(u.busy_s, 0)) order by l.number), '[]')
    from gate.lane l
    left join (
      select x.lane, count(*) filter (where x.called_at >= p_from) as calls,
        gate.seconds_of(range_agg(tstzrange(greatest(x.called_at, p_from), least(b.until, p_to)))) as busy_s
      from gate.seen_between(p_gate, p_from, p_to) x
      cross join lateral (
        select coalesce(case when x.direction = 'export' then x.done_at[2] end, x.ended_at, p_to) as until
      ) b
      where x.lane is not null and x.called_at < p_to and b.until >= p_from and b.until >= x.called_at
      group by x.lane
    ) u on u.lane = l.number
    where l.gate = p_gate);
end $$;

-- Each overtake with its reason, as it is published.
create or replace function gate.day_overtakes_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('event', gate.event_text(o.gate, o.seq), 'at', gate.instant(o.at)::jsonb,
      'crossing', gate.crossing_text(o.crossing), 'plate', x.plate, 'class', x.class, 'passed', o.passed, 'delay_s', o.delay_s,
      'reason', o.reason) order by o.seq), '[]')
    from gate.overtake o
    join gate.crossing x on x.id = o.crossing
    where o.gate = p_gate and o.at >= p_from and o.at < p_to);
end $$;

-- The promised waits that came due that day.
create or replace function gate.day_promises_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('count', count(*), 'inside', count(*) filter (where took between p50_s and p90_s),
      'within_p90', count(*) filter (where took <= p90_s))
    from (
      select extract(epoch from p.outcome_at - p.made_at) as took, p.p50_s, p.p90_s
      from gate.prediction p
      where p.outcome_at >= p_from and p.outcome_at < p_to and p.kind = 'call' and p.crossing / 1000000000000 = p_gate
    ) due);
end $$;

-- The exceptions of the calendar that held at some time of it.
create or replace function gate.day_calendar_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('route', k.route, 'direction', k.direction,
      'from', gate.instant(coalesce(k.since, k.starts_at))::jsonb, 'to', gate.instant(k.ends_at)::jsonb, 'mode', k.mode, 'cause', k.cause,
      'reason', k.reason) order by k.starts_at, k.number), '[]')
    from gate.calendar k
    where k.gate = p_gate and k.ends_at > p_from and k.starts_at < p_to and k.starts_at < k.ends_at);
end $$;

create or replace function gate.day_json(p_gate smallint, p_day date, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  since timestamptz := gate.day_start_of(p_day);
  ends timestamptz := gate.day_start_of(p_day + 1);
  -- what happened this very instant is in it: a sandbox's time stands still between requests
  until timestamptz := greatest(least(ends, p_now + interval '1 millisecond'), since);
begin
  return jsonb_build_object(
    'gate', gate.gate_code(p_gate), 'names', gate.gate_names(p_gate), 'day', p_day, 'at', gate.instant(p_now)::jsonb,
    'is_over', p_now >= ends, 'target', (select g.target_per_day from gate.gate g where g.number = p_gate),
    'exits', (
      select gate.both_json(count(*) filter (where x.direction = 'export'), count(*) filter (where x.direction = 'import'))
      from gate.exited_between(p_gate, since, until) x where x.role = 'main'),
    'per_hour', gate.day_hours_json(p_gate, since, until), 'classes', gate.day_classes_json(p_gate, since, until),
    'stages', gate.stages_json(p_gate, since, until), 'lanes', gate.day_lanes_json(p_gate, since, until),
    'overtakes', gate.day_overtakes_json(p_gate, since, until), 'promises', gate.day_promises_json(p_gate, since, until),
    'ends', gate.day_ends_json(p_gate, since, until), 'no_shows', gate.no_shows_between(p_gate, since, until),
    'conflicts', (
      select jsonb_build_object('found', count(*), 'open', count(*) filter (where k.resolved_at is null))
      from gate.conflict k where k.gate = p_gate and k.found_at >= since and k.found_at < until),
    'calendar', gate.day_calendar_json(p_gate, since, until));
end $$;

-- {gate, day}: a day to come has none.
create or replace function api.day(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
  wanted date := (p_asked ->> 'day')::date;
begin
  if here is null or wanted > gate.hanoi_day(moment) then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, gate.day_json(here, wanted, moment)::text;
end $$;
