-- SPDX-License-Identifier: MIT
-- Why a crossing stands where it stands, and how long it may take.

-- Those of its route and direction that stand before it, told apart: who came before it, who was put
-- before it by a credit, and who stands before it but cannot be called now.
create or replace function gate.place_of(
  x gate.crossing, p_now timestamptz, out ahead int, out arrived_before int, out credit int, out stopped int)
language plpgsql stable as $$
declare
  before timestamptz := gate.registered_before(x.gate, x.route, x.direction, p_now);
begin
  select count(*) filter (where callable),
    count(*) filter (where callable and o.joined_at <= x.joined_at),
    count(*) filter (where callable and o.joined_at > x.joined_at),
    count(*) filter (where not callable)
  into ahead, arrived_before, credit, stopped
  from (
    select c.joined_at,
      c.held = 0 and coalesce(c.eligible_at <= p_now, true) and coalesce(c.filed_at < before, true) as callable
    from gate.crossing c
    where c.gate = x.gate and c.direction = x.direction and c.waits_at is not null
      and (c.waits_at, c.id) < (x.waits_at, x.id) and c.route = x.route
  ) o;
end $$;

-- How it joined: the code of the reason.
create or replace function gate.place_reason(p_window timestamptz, p_joined timestamptz) returns text
language sql immutable parallel safe as $$
  select case
    when p_window is null then 'place_live'
    when p_joined < p_window then 'place_early'
    when p_joined = p_window then 'place_window'
    else 'place_late'
  end
$$;

-- What keeps it from being called now, as codes.
create or replace function gate.place_blocks(x gate.crossing, p_now timestamptz) returns text[]
language plpgsql stable as $$
declare
  mode text := gate.mode_at(x.gate, x.route, x.direction, p_now);
begin
  return array_remove(array[
    case when x.held <> 0 then 'place_held' end,
    case when x.eligible_at > p_now then 'place_no_show' end,
    case when mode = 'closed' then 'place_route_closed' end,
    case when mode = 'pre_registered' and x.filed_at >= gate.registered_before(x.gate, x.route, x.direction, p_now)
      then 'pre_registered_only' end,
    case when not exists (
      select from gate.lane l
      where l.gate = x.gate and l.route = x.route and l.is_open and x.direction = any (l.directions)
        and coalesce(x.class = any (l.classes), true)) then 'place_lane_closed' end,
    case when x.direction = 'export' and gate.yard_room(x.gate) <= 0 then 'place_yard_full' end
  ], null);
end $$;

-- The wait that is promised to somebody with so many ahead: P50 to P90, never a single number. It
-- stands still while the route is closed; at most a week. p_rank: where it stands; null: one that
-- comes now, who passes as many as pass it.
create or replace function gate.wait_json(o gate.outlook, p_ahead int, p_rank timestamptz, p_eligible timestamptz) returns jsonb
language plpgsql stable as $$
declare
  last timestamptz := o.at + interval '7 days';
  i record;
  since timestamptz;
  until timestamptz;
begin
  select w.p50_s, w.p90_s into i from gate.wait_of(o, p_ahead, p_rank, o.at) w;
  since := o.at + i.p50_s * interval '1 second';
  if p_eligible > since then
    since := least(gate.opened_for(o.open, p_eligible, 0), last);
  end if;
  until := greatest(o.at + i.p90_s * interval '1 second', since);
  return jsonb_build_object(
    'p50_s', extract(epoch from since - o.at)::int, 'p90_s', extract(epoch from until - o.at)::int,
    'from', gate.instant(since)::jsonb, 'to', gate.instant(until)::jsonb);
end $$;

-- The event with which it joined: the receipt that an outsider checks its place against.
create or replace function gate.receipt_json(x gate.crossing) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('event', gate.event_text(e.ledger, e.seq), 'hash', encode(e.hash, 'hex'))
    from gate.event e
    where e.crossing = x.id and e.type = 'step' and strpos(e.body, '"joined_at":') > 0
    order by e.seq desc
    limit 1);
end $$;

-- The place of one that waits, with its reasons.
create or replace function gate.place_json(x gate.crossing, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  p record := gate.place_of(x, p_now);
  credit int := extract(epoch from x.joined_at - x.rank_at);
begin
  return jsonb_build_object(
    'place', p.ahead + 1, 'ahead', p.ahead,
    'ahead_by', jsonb_build_object('arrived_before', p.arrived_before, 'credit', p.credit, 'not_callable', p.stopped),
    'reasons', jsonb_build_array(gate.said(gate.place_reason(x.window_from, x.joined_at)))
      || case when credit > 0 then jsonb_build_array(gate.said('place_credit', jsonb_build_object('seconds', credit))) else '[]' end
      || case when x.no_shows > 0 then jsonb_build_array(gate.said('place_no_show',
           jsonb_build_object('count', x.no_shows, 'until', gate.instant(x.eligible_at)::jsonb))) else '[]' end,
    'blocked_by', (
      select coalesce(jsonb_agg(gate.said(b)), '[]') from unnest(gate.place_blocks(x, p_now)) b),
    'wait', gate.wait_json(gate.outlook_of(x.gate, x.route, x.direction, p_now), p.ahead, x.waits_at, x.eligible_at));
end $$;

-- The place, what put it there, the wait, and the receipt.
create or replace function gate.position_json(x gate.crossing, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
      'crossing', gate.crossing_text(x.id), 'gate', gate.gate_code(x.gate), 'direction', x.direction, 'route', x.route,
      'state', x.state, 'class', x.class, 'lane', x.lane, 'at', gate.instant(p_now)::jsonb,
      'rule', x.rule, 'joined_at', gate.instant(x.joined_at)::jsonb,
      'credit_s', extract(epoch from x.joined_at - x.rank_at)::int, 'rank_at', gate.instant(x.rank_at)::jsonb,
      'eligible_at', gate.instant(x.eligible_at)::jsonb, 'called_at', gate.instant(x.called_at)::jsonb,
      'due_at', gate.instant(x.due_at)::jsonb, 'no_shows', x.no_shows,
      'window', gate.window_json(case when x.role = 'main' then x.window_from end),
      'receipt', case when x.joined_at is not null then gate.receipt_json(x) end)
    || case when x.waits_at is not null then gate.place_json(x, p_now)
         else jsonb_build_object('place', null, 'reasons', jsonb_build_array(gate.said(
           case when x.called_at is not null and gate.is_live(x.state) then 'place_called' else 'place_none' end))) end;
end $$;

-- {crossing}
create or replace function api.position(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.crossing_seen(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, gate.position_json(seen.x, gate.now_asked(p_asked))::text;
end $$;
