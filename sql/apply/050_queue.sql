-- The queue: the pace of service, and what falls due.
-- Locks: the caller holds the ledger's head.

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

-- Whether the lane a crossing was called to still takes it: open, and for its direction.
create or replace function gate.lane_takes(x gate.crossing) returns boolean
language plpgsql stable as $$
begin
  return exists (
    select from gate.lane l where l.gate = x.gate and l.number = x.lane and l.is_open and x.direction = any (l.directions));
end $$;

-- From when the grace of a called vehicle counts: from its call, or anew from when it was held last or
-- its lane changed.
create or replace function gate.grace_from(x gate.crossing) returns timestamptz
language plpgsql stable as $$
begin
  return greatest(x.called_at, (
    select max(e.at) from gate.event e
    where e.crossing = x.id and e.at >= x.called_at and (e.type = 'undone' or e.body::jsonb #>> '{was,held}' <> '0')), (
    select l.changed_at from gate.lane l where l.gate = x.gate and l.number = x.lane));
end $$;

-- A called vehicle that did not come: back with a delay, and after the last delay it is over. The
-- clock runs only while the route and the lane are open and nothing holds the vehicle.
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
  elsif x.held <> 0 or waited < rule.grace_s or not gate.lane_takes(x) then
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

-- Whether the queue is the reason that time passes: a vehicle that has come and waits, or one that is
-- to take over the goods of such a one.
create or replace function gate.is_kept_waiting(x gate.crossing) returns boolean
language plpgsql stable as $$
begin
  return gate.is_live(x.state) and (gate.has_arrived(x.done) or x.role = 'receiving' and exists (
    select from gate.crossing o
    where o.declaration = x.declaration and o.role = 'main' and gate.is_live(o.state) and gate.has_arrived(o.done)));
end $$;

-- What fell due for one crossing: the grace of its call, or its claim.
create or replace function gate.due_one(p_ledger smallint, x gate.crossing, p_at timestamptz) returns void
language plpgsql as $$
declare
  seq bigint;
begin
  if x.done & 32 <> 0 then
    perform gate.due_call(p_ledger, x, p_at);
    return;
  elsif gate.is_kept_waiting(x) then
    update gate.crossing set due_at = p_at + interval '1 hour' where id = x.id;
    return;
  end if;
  seq := gate.append_one(p_ledger, p_at, 'expired', x.id,
    jsonb_build_object('version', x.version + 1, 'state', 'expired'),
    jsonb_build_object('plate', x.plate, 'declaration', x.declaration::text), x.firm);
  perform gate.crossing_end(x, 'expired', p_at, seq);
end $$;

-- Applies everything that fell due by p_now, in due order, each at its own time; at most 500 at once.
-- One that cannot be applied would stop its gate, for every batch begins here: it is put off for an
-- hour with nothing of it kept, and told to the logs. What the whole batch is tried again for is not caught.
create or replace function gate.due_apply(p_ledger smallint, p_now timestamptz) returns void
language plpgsql as $$
declare
  x gate.crossing;
  floor timestamptz := (select clock from gate.ledger where number = p_ledger);
begin
  for i in 1 .. 500 loop
    select * into x from gate.crossing
    where gate = p_ledger and due_at is not null and due_at <= p_now
    order by due_at limit 1;
    exit when x.id is null;
    begin
      perform gate.due_one(p_ledger, x, greatest(x.due_at, floor));
    exception
      when transaction_rollback or lock_not_available or insufficient_resources or operator_intervention or system_error then
        raise;
      when others then
        raise warning 'crossing %: what fell due failed with %', x.id, sqlstate using errcode = 'GT003';
        update gate.crossing set due_at = p_now + interval '1 hour' where id = x.id;
    end;
  end loop;
end $$;
