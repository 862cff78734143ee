-- SPDX-License-Identifier: MIT
-- The queue in its order, and the list of conflicts: what operators and supervisors work on.

-- One that waits, at its place among those of its route and direction that can be called.
create or replace function gate.queue_item(x gate.crossing, p_place int, p_ahead int, p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  credit int := extract(epoch from x.joined_at - x.rank_at);
begin
  return jsonb_build_object(
    'place', p_place, 'crossing', gate.crossing_text(x.id), 'declaration', x.declaration::text, 'plate', x.plate,
    'class', x.class, 'direction', x.direction, 'route', x.route, 'state', x.state,
    'joined_at', gate.instant(x.joined_at)::jsonb, 'credit_s', credit, 'rank_at', gate.instant(x.rank_at)::jsonb, 'rule', x.rule,
    'eligible_at', gate.instant(x.eligible_at)::jsonb, 'no_shows', x.no_shows,
    'held', gate.steps_json(x.held)::jsonb, 'window', gate.window_json(x.window_from),
    'reasons', to_jsonb(array_remove(array[
      gate.place_reason(x.window_from, x.joined_at),
      case when credit > 0 then 'place_credit' end,
      case when x.no_shows > 0 then 'place_no_show' end,
      case when x.held <> 0 then 'place_held' end], null)),
    'wait', gate.wait_json(x.gate, x.direction, p_ahead, x.eligible_at, p_now));
end $$;

-- {gate, direction?, after?, limit?}: exports behind imports, each in the order of the call. The place
-- of one that cannot be called now is null: the others pass it.
create or replace function api.queue(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
  list text := format('queue:%s:%s', here, p_asked ->> 'direction');
  after text := gate.cursor_read(list, p_asked ->> 'after');
  size int := gate.page_size(p_asked);
  part text[];
  items jsonb;
  last_key text;
  has_more boolean;
begin
  if here is null or after is null then
    return query select case when here is null then 'not_found' else 'invalid_cursor' end, null::text, null::text;
    return;
  end if;
  -- a cursor: direction, waits_at in microseconds, id
  part := string_to_array(coalesce(nullif(after, ''), 'import 0 0'), ' ');
  with page as (
    select x
    from gate.crossing x
    where x.gate = here and x.waits_at is not null
      and x.direction = any (case when p_asked ->> 'direction' is null then enum_range(null::gate.direction)
                                  else array[(p_asked ->> 'direction')::gate.direction] end)
      and (x.direction, x.waits_at, x.id)
        > (part[1]::gate.direction, timestamptz '1970-01-01 00:00:00+00' + part[2]::bigint * interval '1 microsecond', part[3]::bigint)
    order by x.direction, x.waits_at, x.id
    limit size + 1
  ), placed as (
    select x, (x).held = 0 and coalesce((x).eligible_at <= moment, true) as callable,
      row_number() over (order by (x).direction, (x).waits_at, (x).id) as n,
      count(*) filter (where (x).held = 0 and coalesce((x).eligible_at <= moment, true))
        over (partition by (x).route, (x).direction order by (x).waits_at, (x).id) as within,
      first_value(x) over (partition by (x).route, (x).direction order by (x).waits_at, (x).id) as leader
    from page
  ), based as (
    -- how many stood before the first of this page, asked once for each route and direction
    select (l.leader).route, (l.leader).direction, (gate.place_of(l.leader, moment)).ahead as base
    from (select distinct leader from placed) l
  )
  select jsonb_agg(gate.queue_item(p.x,
      case when p.callable then (b.base + p.within)::int end,
      (b.base + p.within - case when p.callable then 1 else 0 end)::int, moment) order by p.n) filter (where p.n <= size),
    (array_agg((p.x).direction || ' ' || (extract(epoch from (p.x).waits_at) * 1000000)::bigint || ' ' || (p.x).id order by p.n))[size],
    count(*) > size
  into items, last_key, has_more
  from placed p
  join based b on b.route = (p.x).route and b.direction = (p.x).direction;
  return query select 'ok', null::text, gate.page_json(list, items, last_key, has_more);
end $$;

-- The sentence of a conflict.
create or replace function gate.conflict_code(k gate.conflict) returns text
language sql immutable as $$
  select case k.kind
    when 'step_done' then 'conflict_step_done'
    when 'step_not_open' then case when k.detail ->> 'step' = 'gate_in' and k.detail ->> 'state' in ('declared', 'queued')
      then 'conflict_not_called' else 'conflict_order' end
    when 'step_not_required' then 'conflict_not_required'
    when 'crossing_held' then 'conflict_held'
    when 'crossing_ended' then 'conflict_ended'
    when 'crossing_draft' then 'conflict_draft'
    else 'conflict_order'
  end
$$;

create or replace function gate.conflict_json(k gate.conflict) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'conflict', k.number, 'event', gate.event_text(k.gate, k.seq), 'crossing', gate.crossing_text(k.crossing),
    'plate', (select x.plate from gate.crossing x where x.id = k.crossing), 'kind', k.kind,
    'reason', gate.conflict_code(k), '@text', gate.conflict_code(k), 'step', k.detail -> 'step', 'result', k.detail -> 'result',
    'state_before', k.detail -> 'state', 'occurred_at', k.detail -> 'occurred_at', 'found_at', gate.instant(k.found_at)::jsonb,
    'device', k.detail -> 'device',
    'by', (select jsonb_build_object('id', p.id, 'name', p.name, 'agency', p.agency)
           from gate.principal p where p.id = (k.detail ->> 'by')::int),
    'resolved_at', gate.instant(k.resolved_at)::jsonb, 'resolution', k.resolution,
    'resolved_by', (select jsonb_build_object('id', p.id, 'name', p.name) from gate.principal p where p.id = k.resolved_by));
end $$;

-- {gate, all?, after?, limit?}: open ones, the oldest first; with all: every one.
create or replace function api.conflicts(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
  every boolean := coalesce((p_asked ->> 'all')::boolean, false);
  list text := format('conflicts:%s:%s', here, every);
  after text := gate.cursor_read(list, p_asked ->> 'after');
  size int := gate.page_size(p_asked);
  found gate.conflict[];
begin
  if here is null or after is null then
    return query select case when here is null then 'not_found' else 'invalid_cursor' end, null::text, null::text;
    return;
  end if;
  if every then
    found := array(select k from gate.conflict k where k.gate = here and k.number > ('0' || after)::bigint
                   order by k.number limit size + 1);
  else
    found := array(select k from gate.conflict k where k.gate = here and k.resolved_at is null and k.number > ('0' || after)::bigint
                   order by k.number limit size + 1);
  end if;
  return query select 'ok', null::text, gate.page_json(list,
    (select jsonb_agg(gate.conflict_json(k) order by k.number) from unnest(found[1:size]) k),
    found[size].number::text, cardinality(found) > size);
end $$;
