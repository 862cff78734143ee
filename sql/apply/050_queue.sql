-- The queue: predictions, the pace they come from, and what falls due.
-- Locks: the caller holds the ledger's head.

-- The gap between calls in seconds and its variance. Before any call was seen the gate's target gives
-- the gap.
create or replace function gate.call_gap(p_gate smallint, p_direction gate.direction, out gap double precision, out var double precision)
language plpgsql stable as $$
begin
  select case when p.calls >= 5 then p.gap_s else 13 * 3600.0 / greatest(t.target_per_day, 1) * 2 end, p.gap_var
  into gap, var
  from gate.pace p join gate.gate t on t.number = p.gate
  where p.gate = p_gate and p.direction = p_direction;
end $$;

-- P50 and P90 seconds until n calls, from the gap between them: their sum is about normal.
create or replace function gate.gaps_p50(p_calls int, p_gap double precision) returns int
language sql immutable parallel safe as $$ select least(p_calls * p_gap, 604800)::int $$;
create or replace function gate.gaps_p90(p_calls int, p_gap double precision, p_var double precision) returns int
language sql immutable parallel safe as $$
  select least(p_calls * p_gap + 1.2816 * sqrt(p_calls * greatest(p_var, p_gap * p_gap * 0.25)), 604800)::int
$$;

create or replace function gate.call_interval(p_gate smallint, p_direction gate.direction, p_ahead int, out p50_s int, out p90_s int)
language plpgsql stable as $$
declare
  pace record := gate.call_gap(p_gate, p_direction);
begin
  p50_s := gate.gaps_p50(p_ahead + 1, pace.gap);
  p90_s := gate.gaps_p90(p_ahead + 1, pace.gap, pace.var);
end $$;

-- Promises each crossing that joins when it will be called; scored when it is.
create or replace function gate.predict_call(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
declare
  joined record;
  pace record;
begin
  for joined in
    select x.direction, array_agg(x.id) as ids from gate.crossing x where x.id = any (p_crossings) group by x.direction
  loop
    pace := gate.call_gap(p_ledger, joined.direction);
    insert into gate.prediction (crossing, kind, made_at, ahead, p50_s, p90_s)
    select p.id, 'call', p.last_step_at, p.place - 1, gate.gaps_p50(p.place, pace.gap), gate.gaps_p90(p.place, pace.gap, pace.var)
    from (
      -- one walk along the queue for all that join in this batch
      select o.id, o.last_step_at, (row_number() over (order by o.waits_at, o.id))::int as place
      from gate.crossing o
      where o.gate = p_ledger and o.direction = joined.direction and o.waits_at is not null
    ) p
    where p.id = any (joined.ids)
    on conflict do nothing;
  end loop;
end $$;

-- Learns from calls, in their order: the gap since the last one, unless the route was closed in
-- between.
create or replace function gate.calls_learn(p_ledger smallint, p_picks gate.picked[]) returns void
language plpgsql as $$
declare
  pick gate.picked;
  p gate.pace;
  gap double precision;
  weight double precision;
begin
  for p in select * from gate.pace where gate = p_ledger loop
    foreach pick in array p_picks loop
      continue when pick.code is not null or pick.direction <> p.direction;
      if p.last_call_at is not null then
        gap := extract(epoch from pick.at - p.last_call_at);
        if gap > 1800 then
          gap := gate.open_seconds(p_ledger, pick.route, p.direction, p.last_call_at, pick.at);
        end if;
        weight := greatest(0.023, 1.0 / (p.calls + 1)); -- half-life 30 calls
        p.calls := p.calls + 1;
        p.gap_var := (1 - weight) * (p.gap_var + weight * (gap - p.gap_s) ^ 2);
        p.gap_s := p.gap_s + weight * (gap - p.gap_s);
      end if;
      p.last_call_at := pick.at;
    end loop;
    update gate.pace w set calls = p.calls, last_call_at = p.last_call_at, gap_s = p.gap_s, gap_var = p.gap_var
    where w.gate = p.gate and w.direction = p.direction and (w.calls, w.last_call_at) is distinct from (p.calls, p.last_call_at);
  end loop;
end $$;

-- Learns from exits, in their order within each class: how long it took from the call.
create or replace function gate.services_learn(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
declare
  seen record;
  p gate.service_pace;
  took double precision;
  weight double precision;
begin
  for seen in
    select x.direction, x.class, array_agg(ln(greatest(extract(epoch from x.ended_at - x.called_at)::float, 1)) order by x.id) as took
    from gate.crossing x
    where x.id = any (p_crossings) and x.state = 'exited' and x.called_at is not null
    group by x.direction, x.class
  loop
    select * into p from gate.service_pace s where s.gate = p_ledger and s.direction = seen.direction and s.class = seen.class;
    if p.gate is null then
      p := row(p_ledger, seen.direction, seen.class, 0, seen.took[1], 0.16);
    end if;
    foreach took in array seen.took loop
      weight := greatest(0.023, 1.0 / (p.exits + 1));
      if p.exits > 0 then
        p.log_var := (1 - weight) * (p.log_var + weight * (took - p.log_mean) ^ 2);
        p.log_mean := p.log_mean + weight * (took - p.log_mean);
      end if;
      p.exits := p.exits + 1;
    end loop;
    insert into gate.service_pace as s select (p).*
    on conflict (gate, direction, class) do update set exits = p.exits, log_mean = p.log_mean, log_var = p.log_var;
  end loop;
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

-- From when the grace of a called vehicle counts: from its call, or anew from when it was held last.
create or replace function gate.grace_from(x gate.crossing) returns timestamptz
language plpgsql stable as $$
begin
  return greatest(x.called_at, (
    select max(e.at) from gate.event e
    where e.crossing = x.id and e.at >= x.called_at and (e.type = 'undone' or e.body::jsonb #>> '{was,held}' <> '0')));
end $$;

-- A called vehicle that did not come: back with a delay, and after the last delay it is over. The
-- clock runs only while the route is open and nothing holds the vehicle.
create or replace function gate.due_call(p_ledger smallint, x gate.crossing, p_at timestamptz) returns void
language plpgsql as $$
declare
  rule gate.queue_rule := gate.rule_at(p_at);
  waited int := gate.open_seconds(x.gate, x.route, x.direction, gate.grace_from(x), p_at);
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
