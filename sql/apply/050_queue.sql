-- The queue: predictions, the pace they come from, the call, and what falls due.
-- Locks: the caller holds the ledger's head.

-- P50 and P90 seconds until n more calls, from the gap between calls: their sum is about normal.
-- Before any call was seen the gate's target gives the gap.
create or replace function gate.call_interval(p_gate smallint, p_direction gate.direction, p_ahead int, out p50_s int, out p90_s int)
language plpgsql stable as $$
declare
  gap double precision;
  var double precision;
begin
  select case when p.calls >= 5 then p.gap_s else 13 * 3600.0 / greatest(t.target_per_day, 1) * 2 end, p.gap_var
  into gap, var
  from gate.pace p join gate.gate t on t.number = p.gate
  where p.gate = p_gate and p.direction = p_direction;
  p50_s := least((p_ahead + 1) * gap, 604800);
  p90_s := least((p_ahead + 1) * gap + 1.2816 * sqrt((p_ahead + 1) * greatest(var, gap * gap * 0.25)), 604800);
end $$;

-- Promises each crossing that joins when it will be called; scored when it is.
create or replace function gate.predict_call(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
begin
  insert into gate.prediction (crossing, kind, made_at, ahead, p50_s, p90_s)
  select p.id, 'call', p.last_step_at, p.ahead, i.p50_s, i.p90_s
  from (
    -- one walk along the queue for all that join in this batch
    select o.id, o.direction, o.last_step_at, (row_number() over (partition by o.direction order by o.waits_at, o.id) - 1)::int as ahead
    from gate.crossing o
    where o.gate = p_ledger and o.waits_at is not null
      and o.direction in (select x.direction from gate.crossing x where x.id = any (p_crossings))
  ) p
  cross join lateral gate.call_interval(p_ledger, p.direction, p.ahead) i
  where p.id = any (p_crossings)
  on conflict do nothing;
end $$;

-- Learns from a call: the gap since the last one, unless the route was closed in between.
create or replace function gate.call_learn(p_gate smallint, p_direction gate.direction, p_route text, p_now timestamptz) returns void
language plpgsql as $$
declare
  p gate.pace;
  gap double precision;
  weight double precision;
begin
  select * into strict p from gate.pace where gate = p_gate and direction = p_direction;
  if p.last_call_at is null then
    update gate.pace set last_call_at = p_now where gate = p_gate and direction = p_direction;
    return;
  end if;
  gap := extract(epoch from p_now - p.last_call_at);
  if gap > 1800 then
    gap := gate.open_seconds(p_gate, p_route, p_direction, p.last_call_at, p_now);
  end if;
  weight := greatest(0.023, 1.0 / (p.calls + 1)); -- half-life 30 calls
  update gate.pace set calls = calls + 1, last_call_at = p_now,
    gap_s = p.gap_s + weight * (gap - p.gap_s),
    gap_var = (1 - weight) * (p.gap_var + weight * (gap - p.gap_s) ^ 2)
  where gate = p_gate and direction = p_direction;
end $$;

create or replace function gate.service_learn(x gate.crossing) returns void
language plpgsql as $$
declare
  took double precision := ln(greatest(extract(epoch from x.ended_at - x.called_at), 1));
begin
  insert into gate.service_pace as p (gate, direction, class, exits, log_mean, log_var)
  values (x.gate, x.direction, x.class, 1, took, 0.16)
  on conflict (gate, direction, class) do update set
    exits = p.exits + 1,
    log_mean = p.log_mean + greatest(0.023, 1.0 / (p.exits + 1)) * (took - p.log_mean),
    log_var = (1 - greatest(0.023, 1.0 / (p.exits + 1)))
      * (p.log_var + greatest(0.023, 1.0 / (p.exits + 1)) * (took - p.log_mean) ^ 2);
end $$;

-- Vehicles that take room inside the gate, against the yard there.
create or replace function gate.yard_room(p_gate smallint) returns int
language plpgsql stable as $$
begin
  return (
    select coalesce((select capacity from gate.yard where gate = p_gate and kind = 'inside'), 0)
      - (select count(*)::int from gate.crossing where gate = p_gate and inside));
end $$;

-- Those a lane may call at an instant, first first.
create or replace function gate.eligible(p_lane gate.lane, p_direction gate.direction, p_now timestamptz, p_registered_before timestamptz)
returns setof gate.crossing
language sql stable as $$
  select * from gate.crossing x
  where x.gate = p_lane.gate and x.direction = p_direction and x.waits_at is not null
    and x.held = 0
    and x.route = p_lane.route
    and (x.eligible_at is null or x.eligible_at <= p_now)
    and (p_lane.classes is null or x.class = any (p_lane.classes))
    and (p_registered_before is null or x.filed_at < p_registered_before)
  order by x.waits_at, x.id
$$;

-- While a route takes pre-registered vehicles only: those filed before that mode began.
create or replace function gate.registered_before(p_gate smallint, p_route text, p_direction gate.direction, p_now timestamptz)
returns timestamptz
language plpgsql stable as $$
begin
  return (
    select case when mode = 'pre_registered' then coalesce(since, starts_at) end
    from gate.calendar
    where gate = p_gate and ends_at > p_now and starts_at <= p_now
      and (route is null or route = p_route) and (direction is null or direction = p_direction)
    order by number desc limit 1);
end $$;

-- Puts the call into effect. passed: how many eligible ones it overtakes; delay: by how much earlier
-- than its turn.
create or replace function gate.call_write(
  p_ledger smallint, c gate.command, x gate.crossing, p_lane smallint, p_rule gate.queue_rule, p_passed int,
  p_delay_s int, p_override text)
returns gate.answer
language plpgsql as $$
declare
  seq bigint;
begin
  seq := gate.append_event(p_ledger, row(
    c.at, 'called', x.id,
    '"step":"called","result":"pass","state":"called","version":' || x.version + 1 || ',"lane":' || p_lane
      || ',"direction":"' || x.direction || '","route":"' || x.route || '","class":"' || x.class
      || '","joined_at":' || gate.instant(x.joined_at) || ',"rank_at":' || gate.instant(x.rank_at) || ',"rule":' || x.rule
      || case when p_override is null then '' else ',"overrides":"' || p_override || '"' end
      || case when p_passed = 0 then '' else ',"overtake":' || jsonb_build_object(
           'passed', p_passed, 'delay_s', p_delay_s, 'reason', c.args ->> 'reason')::text end,
    '"by":' || (c.actor ->> 'id') || ',"role":"' || (c.actor ->> 'role') || '","agency":"operator","plate":' || to_json(x.plate)::text
      || ',"declaration":"' || x.declaration || '","occurred_at":' || gate.instant(c.at)
      || case when c.actor ->> 'device' is null then '' else ',"device":' || to_json(c.actor ->> 'device')::text end
      || case when c.args ->> 'reason' is null then '' else ',"reason":' || to_json(c.args ->> 'reason')::text end,
    x.firm)::gate.new_event);
  update gate.crossing set
    done = done | 32, done_at[6] = c.at, state = 'called', called_at = c.at, lane = p_lane, waits_at = null, eligible_at = null,
    due_at = case when direction = 'export' and not gate.has_come(direction, done) then c.at + p_rule.grace_s * interval '1 second' end,
    inside = gate.is_inside(direction, role, done | 32, 'called'),
    version = version + 1, last_seq = seq, last_by = (c.actor ->> 'id')::int, last_step_at = c.at
  where id = x.id
  returning * into x;
  if p_passed > 0 then
    insert into gate.overtake (gate, seq, at, crossing, passed, delay_s, reason)
    values (p_ledger, seq, c.at, x.id, p_passed, p_delay_s, c.args ->> 'reason');
  end if;
  perform gate.call_learn(p_ledger, x.direction, x.route, c.at);
  update gate.prediction set outcome_at = c.at where crossing = x.id and kind = 'call' and outcome_at is null;
  insert into gate.prediction (crossing, kind, made_at, ahead, p50_s, p90_s)
  select x.id, 'exit', c.at, 0, least(exp(p.log_mean), 604800)::int, least(exp(p.log_mean + 1.2816 * sqrt(p.log_var)), 604800)::int
  from gate.service_pace p
  where p.gate = x.gate and p.direction = x.direction and p.class = x.class and p.exits >= 5
  on conflict do nothing;
  return gate.crossing_answer(c.ord, 200, x, p_ledger, seq);
end $$;

-- Calls the first eligible for the lane, or, with a reason, another. {"direction","lane",
-- "crossing"?,"reason"?,"override"?}; override passes a full yard or a closed route.
create or replace function gate.call_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  l gate.lane;
  wanted gate.direction;
  mode text;
  may_override boolean := coalesce((c.args ->> 'override')::boolean, false);
  has_reason boolean := gate.has_reason(c);
  registered_before timestamptz;
  first gate.crossing;
  x gate.crossing;
  passed int := 0;
  delay_s int := 0;
  overridden text;
begin
  select * into l from gate.lane where gate = p_ledger and number = (c.args ->> 'lane')::int;
  if l.number is null then
    return gate.refused(c.ord, 'not_found', gate.pointed('/lane', 'lane_unknown'));
  end if;
  wanted := coalesce((c.args ->> 'direction')::gate.direction, l.directions[1]);
  if not l.is_open then
    return gate.refused(c.ord, 'lane_closed');
  elsif wanted <> all (l.directions) then
    return gate.refused(c.ord, 'lane_direction', gate.pointed('/direction', 'lane_direction'));
  elsif may_override and not has_reason then
    return gate.reason_required(c);
  end if;

  mode := gate.mode_at(p_ledger, l.route, wanted, c.at);
  if mode = 'closed' then
    if not may_override then
      return gate.refused(c.ord, 'route_closed', jsonb_build_object('route', l.route));
    end if;
    overridden := 'route_closed';
  elsif mode = 'pre_registered' and not may_override then
    registered_before := gate.registered_before(p_ledger, l.route, wanted, c.at);
  end if;

  select * into first from gate.eligible(l, wanted, c.at, registered_before) limit 1;
  if c.args ->> 'crossing' is null then
    if first.id is null then
      return gate.refused(c.ord, 'nothing_waits');
    end if;
    x := first;
  else
    select * into x from gate.crossing where id = (c.args ->> 'crossing')::bigint and gate = p_ledger;
    if x.id is null then
      return gate.refused(c.ord, 'not_found');
    elsif x.done & 32 <> 0 then
      return gate.refused(c.ord, 'step_done', jsonb_build_object('state', x.state));
    elsif x.held <> 0 then
      return gate.refused(c.ord, 'crossing_held', jsonb_build_object('held', gate.steps_json(x.held)::jsonb));
    elsif x.waits_at is null then
      return gate.refused(c.ord, 'step_not_open', jsonb_build_object('state', x.state));
    elsif x.direction <> wanted then
      return gate.refused(c.ord, 'lane_direction', gate.pointed('/direction', 'lane_direction'));
    elsif x.route <> l.route then
      return gate.refused(c.ord, 'lane_route', gate.pointed('/lane', 'lane_route'));
    elsif x.filed_at >= registered_before then
      return gate.refused(c.ord, 'pre_registered_only', jsonb_build_object('route', l.route));
    end if;
    if first.id is distinct from x.id then
      if not has_reason then
        return gate.reason_required(c);
      end if;
      -- one that a no-show moved back stands behind all who may be called before it
      select count(*) into passed from gate.eligible(l, wanted, c.at, registered_before) e
      where e.id <> x.id and ((e.waits_at, e.id) < (x.waits_at, x.id) or x.eligible_at > c.at);
      delay_s := greatest(extract(epoch from x.waits_at - first.waits_at), extract(epoch from x.eligible_at - c.at), 0);
    end if;
  end if;

  if wanted = 'export' and gate.yard_room(p_ledger) <= 0 then
    if not may_override then
      return gate.refused(c.ord, 'yard_full', (
        select jsonb_build_object('yard', code, 'capacity', capacity) from gate.yard where gate = p_ledger and kind = 'inside'));
    end if;
    overridden := coalesce(overridden || ',', '') || 'yard_full';
  end if;
  return gate.call_write(p_ledger, c, x, l.number, gate.rule_at(c.at), passed, delay_s, overridden);
end $$;

-- Puts a called crossing back into the queue at its old rank, not to be called before p_eligible.
create or replace function gate.requeue(x gate.crossing, p_eligible timestamptz, p_no_shows int, p_seq bigint) returns gate.crossing
language sql as $$
  update gate.crossing set
    done = done & ~32, done_at[6] = null, called_at = null, lane = null, waits_at = rank_at, eligible_at = p_eligible,
    no_shows = p_no_shows, due_at = null,
    state = gate.state_of(role, direction, required, done & ~32, held, ended, false),
    inside = gate.is_inside(direction, role, done & ~32, gate.state_of(role, direction, required, done & ~32, held, ended, false)),
    version = version + 1, last_seq = p_seq
  where id = x.id
  returning *
$$;

-- A called vehicle that did not come: back with a delay, and after the last delay it is over. The
-- clock runs only while the route is open and nothing holds the vehicle.
create or replace function gate.due_call(p_ledger smallint, x gate.crossing, p_at timestamptz) returns void
language plpgsql as $$
declare
  rule gate.queue_rule := gate.rule_at(p_at);
  waited int := gate.open_seconds(x.gate, x.route, x.direction, x.called_at, p_at);
  seq bigint;
begin
  if gate.has_come(x.direction, x.done) then
    update gate.crossing set due_at = null where id = x.id;
    return;
  elsif x.held <> 0 or waited < rule.grace_s then
    update gate.crossing set due_at = p_at + greatest(rule.grace_s - waited, 60) * interval '1 second' where id = x.id;
    return;
  end if;
  seq := gate.append_one(p_ledger, p_at, 'no_show', x.id,
    jsonb_build_object('count', x.no_shows + 1, 'class', x.class, 'direction', x.direction, 'rank_at', gate.instant(x.rank_at)::jsonb,
      'eligible_at', case when x.no_shows < cardinality(rule.return_delays_s)
        then gate.instant(p_at + rule.return_delays_s[x.no_shows + 1] * interval '1 second')::jsonb end,
      'rule', rule.version, 'version', x.version + 1),
    jsonb_build_object('plate', x.plate, 'declaration', x.declaration::text), x.firm);
  if x.no_shows < cardinality(rule.return_delays_s) then
    perform gate.requeue(x, p_at + rule.return_delays_s[x.no_shows + 1] * interval '1 second', x.no_shows + 1, seq);
  else
    perform gate.crossing_end(x, 'no_show', p_at, seq);
  end if;
end $$;

-- Applies everything that fell due by p_now, in due order, each at its own time; at most 500 at once.
create or replace function gate.due_apply(p_ledger smallint, p_now timestamptz) returns void
language plpgsql as $$
declare
  x gate.crossing;
  at timestamptz;
  floor timestamptz := (select clock from gate.ledger where number = p_ledger);
  seq bigint;
begin
  for i in 1 .. 500 loop
    select * into x from gate.crossing
    where gate = p_ledger and due_at is not null and due_at <= p_now
    order by due_at limit 1;
    exit when x.id is null;
    at := greatest(x.due_at, floor);
    if x.done & 32 <> 0 then
      perform gate.due_call(p_ledger, x, at);
    else
      seq := gate.append_one(p_ledger, at, 'expired', x.id,
        jsonb_build_object('version', x.version + 1, 'state', 'expired'),
        jsonb_build_object('plate', x.plate, 'declaration', x.declaration::text), x.firm);
      perform gate.crossing_end(x, 'expired', at, seq);
    end if;
  end loop;
end $$;
