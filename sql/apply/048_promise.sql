-- SPDX-License-Identifier: MIT
-- How long somebody waits until its call: as many gaps between calls as vehicles are called before it,
-- in time in which the route is open. P50 and P90, each an honest half and nine tenths.
--   * Vehicles that come later and rank before it are counted in: as many as did so lately.
--   * The gaps are independent of each other, the pace is not: it drifts for hours, so the interval
--     grows with the wait itself.

-- The gap between calls in seconds, its variance and the drift of the pace. Before any pace was seen
-- the gate's target gives the gap.
create or replace function gate.call_pace(
  p_gate smallint, p_direction gate.direction, out gap double precision, out var double precision, out spread double precision)
language plpgsql stable as $$
begin
  select case when p.calls >= 5 then p.gap_s else 13 * 3600.0 / greatest(t.target_per_day, 1) * 2 end, p.gap_var, p.spread
  into gap, var, spread
  from gate.pace p join gate.gate t on t.number = p.gate
  where p.gate = p_gate and p.direction = p_direction;
end $$;

-- The open stretches of a route from an instant on, as pairs of from and until, as many as hold so
-- many seconds; at most those of 14 days. Mostly it is the one that lasts.
create or replace function gate.open_ahead(
  p_gate smallint, p_route text, p_direction gate.direction, p_from timestamptz, p_seconds double precision)
returns timestamptz[]
language plpgsql stable as $$
declare
  span interval;
  edge timestamptz;
  at timestamptz;
  pairs timestamptz[];
  left_s double precision;
begin
  edge := gate.open_until(p_gate, p_route, p_direction, p_from);
  if p_from + p_seconds * interval '1 second' <= edge then
    return array[p_from, edge];
  end if;
  foreach span in array array[interval '2 days', interval '14 days'] loop
    at := p_from;
    pairs := '{}';
    left_s := p_seconds;
    foreach edge in array gate.mode_edges(p_gate, p_route, p_from, span) || array[p_from + span] loop
      if gate.mode_at(p_gate, p_route, p_direction, at) <> 'closed' then
        pairs := pairs || at || edge;
        left_s := left_s - extract(epoch from edge - at);
        if left_s <= 0 then
          return pairs;
        end if;
      end if;
      at := edge;
    end loop;
  end loop;
  return pairs;
end $$;

-- The instant at which a route has been open for so many seconds since p_from, 0: at which it is open
-- next; null: behind its stretches.
create or replace function gate.opened_for(p_open timestamptz[], p_from timestamptz, p_seconds double precision) returns timestamptz
language plpgsql immutable as $$
declare
  since timestamptz;
  left_s double precision := p_seconds;
  length_s double precision;
begin
  for i in 1 .. cardinality(p_open) / 2 loop
    since := greatest(p_open[2 * i - 1], p_from);
    length_s := extract(epoch from p_open[2 * i] - since);
    continue when length_s <= 0;
    if left_s <= length_s then
      return since + left_s * interval '1 second';
    end if;
    left_s := left_s - length_s;
  end loop;
  return null;
end $$;

-- P50 and P90 in seconds of an open route until so many calls.
create or replace function gate.calls_take(
  p_calls int, p_gap double precision, p_var double precision, p_spread double precision, out p50 double precision, out p90 double precision)
language sql immutable parallel safe as $$
  select p_calls * p_gap,
    p_calls * p_gap + 1.2816 * sqrt(p_calls * greatest(p_var, p_gap * p_gap * 0.25) + (p_spread * p_calls * p_gap) ^ 2)
$$;

-- How one direction of a route stands at an instant. p_until: the last instant it is asked for.
create or replace function gate.outlook_of(
  p_gate smallint, p_route text, p_direction gate.direction, p_at timestamptz, p_until timestamptz default null)
returns gate.outlook
language plpgsql stable as $$
declare
  o gate.outlook;
  waiting int;
begin
  o.at := p_at;
  select p.gap, p.var, p.spread into o.gap, o.var, o.spread from gate.call_pace(p_gate, p_direction) p;
  select count(*), array_agg(r.came + (r.came - r.waits_at) order by r.came + (r.came - r.waits_at)) filter (where r.is_recent)
  into waiting, o.pass_until
  from (
    select x.waits_at, y.came, y.came > p_at - interval '3 hours' and y.came > x.waits_at as is_recent
    from gate.crossing x, lateral (select coalesce(x.done_at[5], x.joined_at)) y (came)
    where x.gate = p_gate and x.direction = p_direction and x.waits_at is not null
  ) r;
  o.open := gate.open_ahead(p_gate, p_route, p_direction, p_at,
    (gate.calls_take(2 * waiting + 1, o.gap, o.var, o.spread)).p90 + coalesce(extract(epoch from p_until - p_at), 0));
  return o;
end $$;

-- P50 and P90 in seconds from p_at until the call of one that ranks at p_rank with so many ahead. As
-- many pass it from now on as joined lately with a lead (joined - rank) that is greater by more than the
-- time since: came + lead > p_at + (p_at - p_rank). No rank: it passes as many as pass it. A week is the
-- most that is told.
create or replace function gate.wait_of(o gate.outlook, p_ahead int, p_rank timestamptz, p_at timestamptz)
returns table (p50_s int, p90_s int)
language sql immutable as $$
  select least(w.p50, 604800)::int, least(w.p90, 604800)::int
  from (
    select coalesce(cardinality((o).pass_until) - width_bucket(p_at + (p_at - p_rank), (o).pass_until), 0) as passing
  ) c,
  lateral gate.calls_take(p_ahead + 1 + c.passing, (o).gap, (o).var, (o).spread) t,
  lateral (
    -- mostly it is called before anything closes
    select t.p50, t.p90 where p_at >= (o).open[1] and p_at + t.p90 * interval '1 second' <= (o).open[2]
    union all
    select extract(epoch from gate.opened_for((o).open, p_at, t.p50) - p_at), extract(epoch from gate.opened_for((o).open, p_at, t.p90) - p_at)
    where (p_at >= (o).open[1] and p_at + t.p90 * interval '1 second' <= (o).open[2]) is not true
  ) w
$$;

-- Promises each crossing that joins when it will be called; scored when it is.
create or replace function gate.predict_call(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
declare
  joined record;
  outlook gate.outlook;
begin
  for joined in
    select x.direction, x.route, array_agg(x.id) as ids, min(x.last_step_at) as first, max(x.last_step_at) as last
    from gate.crossing x where x.id = any (p_crossings) group by x.direction, x.route
  loop
    outlook := gate.outlook_of(p_ledger, joined.route, joined.direction, joined.first, joined.last);
    insert into gate.prediction (crossing, kind, made_at, ahead, p50_s, p90_s)
    select p.id, 'call', p.last_step_at, p.place - 1, w.p50_s, w.p90_s
    from (
      -- one walk along the queue for all that join in this batch
      select o.id, o.last_step_at, o.waits_at, (row_number() over (order by o.waits_at, o.id))::int as place
      from gate.crossing o
      where o.gate = p_ledger and o.direction = joined.direction and o.waits_at is not null
    ) p, lateral gate.wait_of(outlook, p.place - 1, p.waits_at, p.last_step_at) w
    where p.id = any (joined.ids)
    on conflict do nothing;
  end loop;
end $$;

-- Learns from calls, in their order: the open time since the last one (half-life 60 calls). When a
-- gate begins to call, or opens again, lanes that stood empty are filled at once: ten minutes tell
-- nothing of the pace.
create or replace function gate.calls_learn(p_ledger smallint, p_picks gate.picked[]) returns void
language plpgsql as $$
declare
  pick gate.picked;
  p gate.pace;
  gap double precision;
  open_s double precision;
  weight double precision;
begin
  for p in select * from gate.pace where gate = p_ledger loop
    foreach pick in array p_picks loop
      continue when pick.code is not null or pick.direction <> p.direction;
      gap := extract(epoch from pick.at - p.last_call_at);
      if gap > 1800 then
        open_s := gate.open_seconds(p_ledger, pick.route, p.direction, p.last_call_at, pick.at);
      else
        open_s := gap;
      end if;
      if p.last_call_at is null or open_s < gap - 60 then
        p.learns_from := pick.at + interval '10 minutes';
      elsif p.learns_from is null or p.last_call_at >= p.learns_from then
        weight := greatest(0.012, 1.0 / (p.calls + 1));
        p.calls := p.calls + 1;
        p.gap_var := (1 - weight) * (p.gap_var + weight * (open_s - p.gap_s) ^ 2);
        p.gap_s := p.gap_s + weight * (open_s - p.gap_s);
      end if;
      p.last_call_at := pick.at;
    end loop;
    update gate.pace w
    set calls = p.calls, last_call_at = p.last_call_at, gap_s = p.gap_s, gap_var = p.gap_var, learns_from = p.learns_from
    where w.gate = p.gate and w.direction = p.direction and w.last_call_at is distinct from p.last_call_at;
  end loop;
end $$;

-- The outcome of what was promised to those who are called now. From each long wait since the lanes
-- were last filled the spread learns a little: nine that are kept weigh as much as one that is broken.
create or replace function gate.calls_score(p_ledger smallint, p_picks gate.picked[]) returns void
language plpgsql as $$
begin
  with scored as (
    update gate.prediction o set outcome_at = p.at
    from unnest(p_picks) p
    where p.code is null and o.crossing = p.crossing and o.kind = 'call' and o.outcome_at is null
    returning p.direction, o.ahead, o.made_at, p.at > o.made_at + o.p90_s * interval '1 second' as is_late
  ), learnt as (
    select s.direction, sum(case when s.is_late then 0.9 else -0.1 end) as late
    from scored s join gate.pace q on q.gate = p_ledger and q.direction = s.direction
    where s.ahead >= 4 and (q.learns_from is null or s.made_at >= q.learns_from)
    group by s.direction
  )
  update gate.pace w set spread = least(greatest(w.spread * exp(0.005 * l.late), 0.05), 0.25)
  from learnt l
  where w.gate = p_ledger and w.direction = l.direction;
end $$;
