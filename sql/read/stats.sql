-- SPDX-License-Identifier: MIT
-- The figures of a gate: is it clearing faster than they arrive, and when will it be done? Each reads
-- what waits, what is inside, or the day by an index on its time; none reads history.

-- What joined or ended since an instant.
create or replace function gate.joined_since(p_gate smallint, p_since timestamptz) returns setof gate.crossing
language plpgsql stable as $$
begin
  return query select * from gate.crossing x where x.gate = p_gate and x.joined_at >= p_since;
end $$;

create or replace function gate.exited_since(p_gate smallint, p_since timestamptz) returns setof gate.crossing
language plpgsql stable as $$
begin
  return query select * from gate.crossing x where x.gate = p_gate and x.ended_at >= p_since and x.ended is null;
end $$;

-- The day against its target; a vehicle counts when it has left with its goods, once per declaration's
-- main vehicle. Overtakes are counted in public.
create or replace function gate.today_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  midnight timestamptz := gate.day_start(p_now);
  exits int := (select count(*) from gate.exited_since(p_gate, midnight) x where x.role = 'main');
  target int := (select g.target_per_day from gate.gate g where g.number = p_gate);
begin
  return jsonb_build_object('day', gate.hanoi_day(p_now), 'exits', exits, 'target', target,
    'all_gates', (
      select jsonb_build_object('exits', sum((select count(*) from gate.exited_since(g.number, midnight) x where x.role = 'main')),
        'target', sum(g.target_per_day))
      from gate.gate g),
    'overtakes', (
      select jsonb_build_object('count', count(*), 'largest_passed', coalesce(max(o.passed), 0),
        'largest_delay_s', coalesce(max(o.delay_s), 0))
      from gate.overtake o where o.gate = p_gate and o.at >= midnight));
end $$;

-- Who waits, by direction and class, and the oldest of each.
create or replace function gate.waiting_json(p_gate smallint, p_direction gate.direction, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('total', coalesce(sum(c.n), 0), 'held', coalesce(sum(c.held), 0), 'delayed', coalesce(sum(c.delayed), 0),
      'by_class', coalesce(jsonb_object_agg(c.class, jsonb_build_object('waiting', c.n, 'oldest_joined_at', gate.instant(c.oldest)::jsonb,
        'oldest_waited_s', extract(epoch from p_now - c.oldest)::int)) filter (where c.class is not null), '{}'))
    from (
      select x.class, count(*) as n, count(*) filter (where x.held <> 0) as held,
        count(*) filter (where x.eligible_at > p_now) as delayed, min(x.joined_at) as oldest
      from gate.crossing x
      where x.gate = p_gate and x.direction = p_direction and x.waits_at is not null
      group by x.class
    ) c);
end $$;

-- Arrivals in the queue and clearances by hour of the day.
create or replace function gate.hours_of_day_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  midnight timestamptz := gate.day_start(p_now);
begin
  return (
    with counted as (
      select date_trunc('hour', x.joined_at) as hour, x.direction, 1 as arrived, 0 as cleared from gate.joined_since(p_gate, midnight) x
      union all
      select date_trunc('hour', x.ended_at), x.direction, 0, 1 from gate.exited_since(p_gate, midnight) x where x.role = 'main'
    ), summed as (
      select hour, sum(arrived) filter (where direction = 'export') as ae, sum(arrived) filter (where direction = 'import') as ai,
        sum(cleared) filter (where direction = 'export') as ce, sum(cleared) filter (where direction = 'import') as ci
      from counted group by hour
    )
    select coalesce(jsonb_agg(jsonb_build_object('hour', gate.instant(h)::jsonb,
      'arrivals', jsonb_build_object('export', coalesce(s.ae, 0), 'import', coalesce(s.ai, 0)),
      'clearances', jsonb_build_object('export', coalesce(s.ce, 0), 'import', coalesce(s.ci, 0))) order by h), '[]')
    from generate_series(midnight, p_now, interval '1 hour') h
    left join summed s on s.hour = h);
end $$;

-- The times between two stages, of the vehicles that left in a span: P50 and P90.
create or replace function gate.stages_json(p_gate smallint, p_from timestamptz, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    with stages (direction, n, stage, first, last) as (
      values
        ('export'::gate.direction, 1, 'declared_to_registered', 0, 1), ('export', 2, 'registered_to_joined', 1, 5),
        ('export', 3, 'joined_to_called', 5, 6), ('export', 4, 'called_to_gate_in', 6, 2), ('export', 5, 'gate_in_to_cleared', 2, 13),
        ('export', 6, 'called_to_exit', 6, 15), ('export', 7, 'joined_to_exit', 5, 15),
        ('import', 1, 'declared_to_registered', 0, 1), ('import', 2, 'registered_to_gate_in', 1, 2), ('import', 3, 'gate_in_to_joined', 2, 5),
        ('import', 4, 'joined_to_called', 5, 6), ('import', 5, 'called_to_cleared', 6, 13), ('import', 6, 'called_to_exit', 6, 15),
        ('import', 7, 'gate_in_to_exit', 2, 15)
    ), took as (
      select s.direction, s.n, s.stage, extract(epoch from x.done_at[s.last]
        - case s.first when 0 then x.filed_at when 5 then x.joined_at else x.done_at[s.first] end) as seconds
      from gate.exited_between(p_gate, p_from, p_to) x
      join stages s on s.direction = x.direction
      where x.role = 'main'
    )
    select coalesce(jsonb_agg(jsonb_build_object('direction', t.direction, 'stage', t.stage, 'count', t.n_of, 'p50_s', t.p50, 'p90_s', t.p90)
      order by t.direction desc, t.n), '[]')
    from (
      select direction, n, stage, count(*) as n_of, percentile_disc(0.5) within group (order by seconds)::int as p50,
        percentile_disc(0.9) within group (order by seconds)::int as p90
      from took where seconds is not null
      group by direction, n, stage
    ) t);
end $$;

-- Vehicles per hour over the last 60 minutes: the clear rate against the arrival rate; and a week before.
create or replace function gate.rates_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return gate.hour_json(p_gate, p_now) || jsonb_build_object('before', gate.hour_json(p_gate, p_now - interval '7 days'));
end $$;

-- When what waits and what is inside will have left, at the pace of the calls while the gate is open,
-- against the closing.
create or replace function gate.finish_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  stock int := (select count(*) from gate.crossing x where x.gate = p_gate and (x.waits_at is not null or x.inside));
  drain int;
  service int;
  closes timestamptz;
  done timestamptz;
begin
  select max(least(w.n * (gate.call_pace(p_gate, w.direction)).gap, 604800)::int) into drain
  from (
    select x.direction, count(*)::int as n from gate.crossing x where x.gate = p_gate and x.waits_at is not null group by x.direction
  ) w;
  select max(least(exp(p.log_mean), 604800)) into service from gate.service_pace p where p.gate = p_gate and p.exits >= 5;
  select case when gate.mode_at(p_gate, r.code, 'export', p_now) = 'closed' then p_now else c.at end into closes
  from gate.route r, lateral gate.mode_next(p_gate, r.code, 'export', p_now, '2 days') c
  where r.gate = p_gate and r.main and (c.mode = 'closed' or gate.mode_at(p_gate, r.code, 'export', p_now) = 'closed');
  done := gate.open_after(p_gate, gate.route_main(p_gate), 'export', p_now, coalesce(drain, 0) + coalesce(service, 0));
  return jsonb_build_object('stock', stock,
    'at', case when stock > 0 then gate.instant(done)::jsonb end, 'closes_at', gate.instant(closes)::jsonb,
    'before_closing', stock = 0 or closes is null or coalesce(done <= closes, false));
end $$;

-- The promises kept: of the last 100 that were due within 30 days, how many came inside P50 to P90,
-- and how many not after P90.
create or replace function gate.promises_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('count', count(*),
      'inside', count(*) filter (where took between p50_s and p90_s), 'within_p90', count(*) filter (where took <= p90_s))
    from (
      select extract(epoch from p.outcome_at - p.made_at) as took, p.p50_s, p.p90_s
      from gate.prediction p
      where p.outcome_at > p_now - interval '30 days' and p.kind = 'call' and p.crossing / 1000000000000 = p_gate
      order by p.outcome_at desc limit 100
    ) due);
end $$;

-- Lanes: who is called there, calls today, and the share of the last hour it was serving somebody (an
-- export from the call to the gate, an import until it left).
create or replace function gate.lanes_used_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    with calls as (
      select x.lane, x.id, x.called_at, x.state,
        coalesce(case x.direction when 'export' then x.done_at[2] end, x.ended_at, p_now) as until
      from gate.crossing x
      where x.gate = p_gate and x.inside and x.lane is not null
      union all
      select x.lane, x.id, x.called_at, x.state, coalesce(case x.direction when 'export' then x.done_at[2] end, x.ended_at)
      from gate.crossing x
      where x.gate = p_gate and x.ended_at >= gate.day_start(p_now) and x.lane is not null
    )
    select coalesce(jsonb_agg(gate.lane_json(l) || jsonb_build_object(
      'changed_at', gate.instant(nullif(l.changed_at, '-infinity'))::jsonb, 'called_today', u.today, 'last_call_at', gate.instant(u.last_call)::jsonb, 'serving', u.serving,
      'utilisation', round(least(coalesce(u.busy_s, 0) / 3600.0, 1), 2)) order by l.number), '[]')
    from gate.lane l
    left join lateral (
      select count(*) filter (where c.called_at >= gate.day_start(p_now)) as today, max(c.called_at) as last_call,
        (array_agg(gate.crossing_text(c.id) order by c.called_at desc) filter (where c.state = 'called'))[1] as serving,
        gate.seconds_of(range_agg(tstzrange(greatest(c.called_at, p_now - interval '1 hour'), c.until))
          filter (where c.until > greatest(c.called_at, p_now - interval '1 hour'))) as busy_s
      from calls c where c.lane = l.number
    ) u on true
    where l.gate = p_gate);
end $$;

create or replace function gate.stats_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'gate', gate.gate_code(p_gate), 'at', gate.instant(p_now)::jsonb, 'version', (select l.seq from gate.ledger l where l.number = p_gate),
    'in_queue', jsonb_build_object('export', gate.waiting_json(p_gate, 'export', p_now), 'import', gate.waiting_json(p_gate, 'import', p_now)),
    'today', gate.today_json(p_gate, p_now), 'per_hour', gate.hours_of_day_json(p_gate, p_now), 'stages', gate.stages_json(p_gate, gate.day_start(p_now), p_now + interval '1 second'),
    'rates', gate.rates_json(p_gate, p_now), 'projected_finish', gate.finish_json(p_gate, p_now),
    'promises', gate.promises_json(p_gate, p_now), 'yards', gate.yards_json(p_gate), 'lanes', gate.lanes_used_json(p_gate, p_now),
    'waits', gate.waits_json(p_gate, p_now), 'oldest_perishable', gate.oldest_perishable_json(p_gate, p_now),
    'inside', gate.inside_json(p_gate), 'far_side', gate.far_side_json(p_gate, p_now), 'trouble', gate.trouble_json(p_gate, p_now));
end $$;

-- {gate?}: of one gate, or of each, with its alarms, which are raised and ended by it.
create or replace function api.stats(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
begin
  if p_asked ->> 'gate' is not null then
    return query select case when here is null then 'not_found' else 'ok' end, null::text,
      case when here is not null then gate.stats_watched(here, moment)::text end;
    return;
  end if;
  return query
  select 'ok', null::text, jsonb_build_object('items', coalesce(jsonb_agg(gate.stats_watched(g.number, moment) order by g.number), '[]'))::text
  from gate.gate g;
end $$;
