-- SPDX-License-Identifier: MIT
-- What operators watch beside the figures of the day: whose goods wait longest, what the far side takes,
-- what goes wrong, and who stands inside. Read with the figures every other second: each by an index,
-- over an hour at most.

-- What a vehicle that joins now is promised.
create or replace function gate.waits_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_object_agg(d.direction, gate.wait_json(gate.outlook_main(p_gate, d.direction, p_now), d.waiting, null, null))
    from (
      select e.direction, (
        select count(*)::int from gate.crossing x
        where x.gate = p_gate and x.direction = e.direction and x.waits_at is not null) as waiting
      from unnest(enum_range(null::gate.direction)) e (direction)
    ) d);
end $$;

-- The perishable goods that wait longest; null: none wait.
create or replace function gate.oldest_perishable_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('crossing', gate.crossing_text(x.id), 'plate', x.plate, 'direction', x.direction, 'state', x.state,
      'joined_at', gate.instant(x.joined_at)::jsonb, 'waited_s', extract(epoch from p_now - x.joined_at)::int)
    from gate.crossing x
    where x.gate = p_gate and x.waits_at is not null and x.class = 'perishable'
    order by x.joined_at, x.id
    limit 1);
end $$;

-- Who takes room inside the gate, by state, and since when the one that has been there longest.
create or replace function gate.inside_json(p_gate smallint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('total', coalesce(sum(s.n), 0), 'oldest_at', gate.instant(min(s.came))::jsonb,
      'by_state', coalesce(jsonb_object_agg(s.state, s.n), '{}'))
    from (
      select x.state, count(*) as n, min(coalesce(least(x.called_at, x.done_at[2]), x.filed_at)) as came
      from gate.crossing x where x.gate = p_gate and x.inside group by x.state
    ) s);
end $$;

-- When both finishes of a crossing were done: from then on it waits for the far side.
create or replace function gate.cleared_at(x gate.crossing) returns timestamptz
language sql immutable as $$ select greatest(x.done_at[13], x.done_at[14]) $$;

create or replace function gate.exited_between(p_gate smallint, p_from timestamptz, p_to timestamptz) returns setof gate.crossing
language plpgsql stable as $$
begin
  return query
  select * from gate.crossing x where x.gate = p_gate and x.ended_at >= p_from and x.ended_at < p_to and x.ended is null;
end $$;

-- The pace of the far side in a span: exports it took, and the time each stood cleared before it left.
create or replace function gate.far_side_between(
  p_gate smallint, p_from timestamptz, p_to timestamptz, out taken int, out p50_s int)
language plpgsql stable as $$
begin
  select count(*), percentile_disc(0.5) within group (order by extract(epoch from x.ended_at - gate.cleared_at(x))::int)
  into taken, p50_s
  from gate.exited_between(p_gate, p_from, p_to) x
  where x.direction = 'export' and x.role = 'main';
end $$;

-- The far side now, and in the same hour a week before.
create or replace function gate.far_side_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  now_hour record := gate.far_side_between(p_gate, p_now - interval '1 hour', p_now + interval '1 second');
  then_hour record := gate.far_side_between(p_gate, p_now - interval '7 days 1 hour', p_now - interval '7 days');
begin
  return (
    select jsonb_build_object('taken_per_hour', now_hour.taken, 'p50_s', now_hour.p50_s,
      'before', jsonb_build_object('taken_per_hour', then_hour.taken, 'p50_s', then_hour.p50_s),
      'cleared_waiting', count(*), 'oldest_cleared_s', extract(epoch from p_now - min(gate.cleared_at(x)))::int)
    from gate.crossing x
    where x.gate = p_gate and x.inside and x.direction = 'export' and x.role = 'main' and x.state = 'cleared');
end $$;

-- The arrivals and clearances of the 60 minutes before an instant.
create or replace function gate.hour_json(p_gate smallint, p_to timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'arrivals_per_hour', (
      select count(*) from gate.crossing x where x.gate = p_gate and x.joined_at >= p_to - interval '1 hour' and x.joined_at <= p_to),
    'clearances_per_hour', (
      select count(*) from gate.exited_between(p_gate, p_to - interval '1 hour', p_to + interval '1 second') x where x.role = 'main'));
end $$;

-- The first event of a ledger not before an instant: by halves, for the times of a ledger only grow.
create or replace function gate.seq_at(p_ledger smallint, p_at timestamptz) returns bigint
language plpgsql stable as $$
declare
  low bigint := 1;
  high bigint := (select l.seq + 1 from gate.ledger l where l.number = p_ledger);
  middle bigint;
begin
  while low < high loop
    middle := (low + high) / 2;
    if (select e.at from gate.event e where e.ledger = p_ledger and e.seq = middle) < p_at then
      low := middle + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;

-- Those called who did not come, in a span.
create or replace function gate.no_shows_between(p_gate smallint, p_from timestamptz, p_to timestamptz) returns int
language plpgsql stable as $$
begin
  return (
    select count(*) from gate.event e
    where e.ledger = p_gate and e.seq >= gate.seq_at(p_gate, p_from) and e.seq < gate.seq_at(p_gate, p_to) and e.type = 'no_show');
end $$;

-- What operators are told to look at: counts, judged against thresholds by the screen.
create or replace function gate.trouble_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'last_exit_at', (
      select gate.instant(x.ended_at)::jsonb from gate.crossing x
      where x.gate = p_gate and x.ended_at <= p_now and x.ended is null and x.ended_at > p_now - interval '2 days'
      order by x.ended_at desc limit 1),
    'opened_at', gate.instant(gate.opened_at(p_gate, p_now))::jsonb,
    'no_shows_per_hour', gate.no_shows_between(p_gate, p_now - interval '1 hour', p_now + interval '1 second'),
    'conflicts_open', (select count(*) from gate.conflict k where k.gate = p_gate and k.resolved_at is null),
    'grace_over', (
      select count(*) from gate.crossing x
      where x.gate = p_gate and x.due_at is not null and x.due_at <= p_now and x.inside));
end $$;

-- Since when the main route has been open in one direction or the other; null: it is closed.
create or replace function gate.opened_at(p_gate smallint, p_now timestamptz) returns timestamptz
language plpgsql stable as $$
declare
  main text := (select r.code from gate.route r where r.gate = p_gate and r.main);
  edges timestamptz[] := gate.mode_edges(p_gate, main, p_now - interval '1 day', interval '1 day');
  since timestamptz := p_now - interval '1 day';
  is_open boolean;
  was_open boolean;
begin
  was_open := gate.is_route_open(p_gate, main, since);
  for i in 1 .. cardinality(edges) loop
    is_open := gate.is_route_open(p_gate, main, edges[i]);
    if is_open and not was_open then
      since := edges[i];
    end if;
    was_open := is_open;
  end loop;
  return case when gate.is_route_open(p_gate, main, p_now) then since end;
end $$;

create or replace function gate.is_route_open(p_gate smallint, p_route text, p_at timestamptz) returns boolean
language sql stable as $$
  select gate.mode_at(p_gate, p_route, 'export', p_at) <> 'closed' or gate.mode_at(p_gate, p_route, 'import', p_at) <> 'closed'
$$;

-- One that stands inside: what it waits for and since when.
create or replace function gate.inside_item(x gate.crossing) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'crossing', gate.crossing_text(x.id), 'declaration', x.declaration::text, 'plate', x.plate, 'class', x.class, 'direction', x.direction,
    'role', x.role, 'route', x.route, 'state', x.state, 'lane', x.lane, 'no_shows', x.no_shows,
    'called_at', gate.instant(x.called_at)::jsonb, 'due_at', gate.instant(x.due_at)::jsonb, 'gate_in_at', gate.instant(x.done_at[2])::jsonb,
    'cleared_at', case when x.state = 'cleared' then gate.instant(gate.cleared_at(x))::jsonb end,
    'held', case when x.held = 0 then '[]' else gate.steps_json(x.held)::jsonb end,
    'open', gate.steps_json(gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, x.state,
      case when x.across then gate.across_of(x.declaration) end))::jsonb,
    'last_event', gate.event_text(x.gate, x.last_seq), 'last_step_at', gate.instant(x.last_step_at)::jsonb);
end $$;

-- {gate, after?, limit?}: who takes room inside the gate, those who came first first.
create or replace function api.inside(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
  list text := format('inside:%s', here);
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,18} [0-9]{1,18}$');
  part bigint[] := string_to_array(coalesce(nullif(after, ''), '0 0'), ' ')::bigint[];
  size int := gate.page_size(p_asked);
  found gate.crossing[];
begin
  if here is null or after is null then
    return query select case when here is null then 'not_found' else 'invalid_cursor' end, null::text, null::text;
    return;
  end if;
  found := array(
    select x from gate.crossing x
    where x.gate = here and x.inside and (gate.came_us(x), x.id) > (part[1], part[2])
    order by gate.came_us(x), x.id limit size + 1);
  return query select 'ok', null::text, gate.page_json(list,
    (select jsonb_agg(gate.inside_item(found[n]) order by n) from generate_subscripts(found[1:size], 1) n),
    gate.came_us(found[size]) || ' ' || (found[size]).id, cardinality(found) > size);
end $$;

-- Since when it takes room, in microseconds.
create or replace function gate.came_us(x gate.crossing) returns bigint
language sql immutable as $$
  select (extract(epoch from coalesce(least(x.called_at, x.done_at[2]), x.filed_at)) * 1000000)::bigint
$$;
