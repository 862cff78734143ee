-- SPDX-License-Identifier: MIT
-- The public face of a gate: its board, hours and lanes; and what kiosks load before the cable is
-- pulled. No plate stands on a board in full, and nobody's name.

-- When the mode of a route may change within p_span, in order.
create or replace function gate.mode_edges(p_gate smallint, p_route text, p_from timestamptz, p_span interval) returns timestamptz[]
language plpgsql stable as $$
begin
  return array(
    select distinct e.at
    from (
      select unnest(array[c.starts_at, c.ends_at]) as at
      from gate.calendar c
      where c.gate = p_gate and c.ends_at > p_from
      union all
      select unnest(array[(day + r.opens - interval '7 hours') at time zone 'UTC', (day + r.closes - interval '7 hours') at time zone 'UTC'])
      from gate.route r, generate_series(gate.hanoi_day(p_from), gate.hanoi_day(p_from + p_span), interval '1 day') as day
      where r.gate = p_gate and r.code = p_route
    ) e
    where e.at > p_from and e.at < p_from + p_span
    order by e.at);
end $$;

-- The first change of mode after an instant within p_span; null: none.
create or replace function gate.mode_next(
  p_gate smallint, p_route text, p_direction gate.direction, p_from timestamptz, p_span interval, out at timestamptz, out mode text)
language plpgsql stable as $$
declare
  was text := gate.mode_at(p_gate, p_route, p_direction, p_from);
begin
  foreach at in array gate.mode_edges(p_gate, p_route, p_from, p_span) loop
    mode := gate.mode_at(p_gate, p_route, p_direction, at);
    if mode <> was then
      return;
    end if;
  end loop;
  at := null;
  mode := null;
end $$;

-- How a route stands now, in one direction, and what comes next.
create or replace function gate.hours_json(p_gate smallint, p_route text, p_direction gate.direction, p_now timestamptz)
returns jsonb
language plpgsql stable as $$
declare
  coming record := gate.mode_next(p_gate, p_route, p_direction, p_now, '14 days');
begin
  return jsonb_build_object('mode', gate.mode_at(p_gate, p_route, p_direction, p_now),
    'next', case when coming.at is not null then jsonb_build_object('mode', coming.mode, 'at', gate.instant(coming.at)::jsonb) end);
end $$;

create or replace function gate.routes_json(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'route', r.code, 'main', r.main, 'freight', r.freight, 'opens', to_char(r.opens, 'HH24:MI'), 'closes',
      case when r.closes = '24:00' then '24:00' else to_char(r.closes, 'HH24:MI') end,
      'export', case when r.freight then gate.hours_json(p_gate, r.code, 'export', p_now) end,
      'import', case when r.freight then gate.hours_json(p_gate, r.code, 'import', p_now) end)
      order by r.code), '[]')
    from gate.route r where r.gate = p_gate);
end $$;

create or replace function gate.lanes_json(p_gate smallint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(gate.lane_json(l) order by l.number), '[]')
    from gate.lane l where l.gate = p_gate);
end $$;

create or replace function gate.yards_json(p_gate smallint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('yard', y.code, 'name', y.name, 'kind', y.kind, 'capacity', y.capacity,
      'occupied', case y.kind
        when 'inside' then (select count(*) from gate.crossing x where x.gate = p_gate and x.inside)
        -- exports wait outside until they are called
        else (select count(*) from gate.crossing x where x.gate = p_gate and x.direction = 'export' and x.waits_at is not null)
      end) order by y.kind, y.code), '[]')
    from gate.yard y where y.gate = p_gate);
end $$;

-- {gate?}: all gates or one, with what is public of each.
create or replace function api.gates(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  moment timestamptz := gate.now_asked(p_asked);
begin
  return query
  select 'ok', null::text, jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
    'gate', g.code, 'number', g.number, 'names', gate.gate_names(g.number), 'far_side', g.far_side, 'target_per_day', g.target_per_day,
    'routes', gate.routes_json(g.number, moment), 'lanes', gate.lanes_json(g.number), 'yards', gate.yards_json(g.number),
    'calendar', gate.calendar_json(g.number, moment)) order by g.number), '[]'))::text
  from gate.gate g
  where p_asked ->> 'gate' is null or g.number = gate.gate_asked(p_asked);
end $$;

-- {gate}: hours, how each route stands, the exceptions that hold or lie ahead.
create or replace function api.calendar(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
begin
  return query select case when here is null then 'not_found' else 'ok' end, null::text,
    case when here is not null then jsonb_build_object('gate', gate.gate_code(here), 'routes', gate.routes_json(here, moment),
      'entries', gate.calendar_json(here, moment))::text end;
end $$;

-- Recently called first of all: the drivers look for themselves.
create or replace function gate.board_called(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'plate', gate.plate_masked(x.plate), 'number', right(gate.crossing_text(x.id), 4), 'lane', x.lane, 'direction', x.direction,
      'class', x.class, 'state', x.state, 'called_at', gate.instant(x.called_at)::jsonb) order by e.seq desc), '[]')
    from (
      select v.seq, v.crossing, v.at from gate.event v
      where v.ledger = p_gate and v.type = 'called'
      order by v.seq desc limit 12
    ) e
    join gate.crossing x on x.id = e.crossing
    where x.called_at = e.at and x.called_at > p_now - interval '2 hours');
end $$;

-- How one direction of a gate stands, by the hours of its main route.
create or replace function gate.outlook_main(p_gate smallint, p_direction gate.direction, p_now timestamptz) returns gate.outlook
language plpgsql stable as $$
begin
  return gate.outlook_of(p_gate, gate.route_main(p_gate), p_direction, p_now);
end $$;

-- Then the next ones of a direction, each with its wait.
create or replace function gate.board_next(p_gate smallint, p_direction gate.direction, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  outlook gate.outlook := gate.outlook_main(p_gate, p_direction, p_now);
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'place', n.place, 'plate', gate.plate_masked(n.plate), 'number', right(gate.crossing_text(n.id), 4), 'class', n.class,
      'wait', gate.wait_json(outlook, n.place::int - 1, n.waits_at, null)) order by n.place), '[]')
    from (
      select x.id, x.plate, x.class, x.waits_at, row_number() over (order by x.waits_at, x.id) as place
      from gate.crossing x
      join (
        select r.code, gate.registered_before(p_gate, r.code, p_direction, p_now) as before
        from gate.route r where r.gate = p_gate offset 0) r on r.code = x.route
      where x.gate = p_gate and x.direction = p_direction and x.waits_at is not null
        and x.held = 0 and coalesce(x.eligible_at <= p_now, true) and coalesce(x.filed_at < r.before, true)
      order by x.waits_at, x.id limit 10
    ) n);
end $$;

-- The stock of one direction: how many wait, and what a vehicle that joins now is promised.
create or replace function gate.board_stock(p_gate smallint, p_direction gate.direction, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  waiting int;
  held int;
begin
  select count(*), count(*) filter (where x.held <> 0) into waiting, held
  from gate.crossing x
  where x.gate = p_gate and x.direction = p_direction and x.waits_at is not null;
  return jsonb_build_object('waiting', waiting, 'held', held,
    'wait_of_next', gate.wait_json(gate.outlook_main(p_gate, p_direction, p_now), waiting, null, null));
end $$;

-- {gate}: the public board. version: the last event of the ledger that is in it.
create or replace function api.board(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
  seq bigint := (select l.seq from gate.ledger l where l.number = here);
begin
  if here is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, jsonb_build_object(
    'gate', gate.gate_code(here), 'names', gate.gate_names(here), 'version', seq, 'at', gate.instant(moment)::jsonb,
    'called', gate.board_called(here, moment),
    'next', jsonb_build_object('export', gate.board_next(here, 'export', moment), 'import', gate.board_next(here, 'import', moment)),
    'stock', jsonb_build_object('export', gate.board_stock(here, 'export', moment), 'import', gate.board_stock(here, 'import', moment)),
    'yards', gate.yards_json(here), 'routes', gate.routes_json(here, moment), 'lanes', gate.lanes_json(here),
    'notices', gate.calendar_json(here, moment),
    'today', gate.today_json(here, moment))::text;
end $$;

-- {gate?}: the crossings of whose passes a kiosk must refuse versions below.
create or replace function api.revocations(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
begin
  if p_asked ->> 'gate' is not null and here is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query
  select 'ok', null::text, jsonb_build_object('at', gate.instant(moment)::jsonb, 'items', coalesce(jsonb_agg(
    jsonb_build_object('crossing', gate.crossing_text(r.crossing), 'below', r.below) order by r.crossing), '[]'))::text
  from gate.revocation r
  where (here is null or r.gate = here) and r.until >= moment;
end $$;

-- {gate}: the live crossings a kiosk may meet until tomorrow's midnight, to load before it needs them.
create or replace function api.expected(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
begin
  if here is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query
  with met as materialized (
    select x.*, gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, x.state,
      case when x.across then gate.across_of(x.declaration) end) as open
    from gate.live_plate p
    join gate.crossing x on x.id = p.crossing
    where x.gate = here and (gate.has_arrived(x.done) or x.planned_at is null or x.planned_at < gate.day_start(moment) + interval '2 days')
  ), named as (
    select m.mask, gate.steps_json(m.mask)::jsonb as steps from (select open as mask from met union select held from met) m
  )
  select 'ok', null::text, jsonb_build_object('gate', gate.gate_code(here), 'at', gate.instant(moment)::jsonb,
    'version', (select l.seq from gate.ledger l where l.number = here),
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'crossing', gate.crossing_text(x.id), 'declaration', x.declaration::text, 'plate', x.plate, 'trailer_plate', x.trailer_plate,
      'pass_version', x.pass_version, 'state', x.state, 'direction', x.direction, 'role', x.role, 'class', x.class, 'route', x.route,
      'lane', x.lane, 'done', x.done, 'required', x.required, 'open', o.steps, 'held', h.steps) order by x.id), '[]'))::text
  from met x
  join named o on o.mask = x.open
  join named h on h.mask = x.held;
end $$;

-- Whether this is a sandbox, and of which ledgers.
create or replace function api.platform(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
begin
  return query
  select 'ok', null::text, jsonb_build_object(
    'sandbox', coalesce((select p.sandbox from gate.platform p), false),
    'ledgers', (
      select jsonb_agg(jsonb_build_object('ledger', l.number, 'code', l.code, 'seq', l.seq, 'clock', nullif(gate.to_ms(nullif(l.clock, '-infinity')), 0),
        'next_due', gate.to_ms(l.next_due)) order by l.number)
      from gate.ledger l))::text;
end $$;

-- Tells the other servers that a ledger grew. Once per batch, after the commit: a hint, no truth.
create or replace function api.notice(p_ledger smallint, p_seq bigint) returns void
language sql volatile security definer set search_path = gate, pg_temp as $$
  select pg_notify('gate_events', p_ledger || ':' || p_seq)
$$;
