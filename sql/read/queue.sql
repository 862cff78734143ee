-- SPDX-License-Identifier: MIT
-- The queue in its order, and the list of conflicts: what operators and supervisors work on.

-- One that waits, at its place among those of its route and direction that can be called.
create or replace function gate.queue_item(x gate.crossing, p_place int, p_ahead int, p_before timestamptz, p_outlook gate.outlook) returns jsonb
language plpgsql stable as $$
declare
  credit int := extract(epoch from x.joined_at - x.rank_at);
begin
  return jsonb_build_object(
    'place', p_place, 'crossing', gate.crossing_text(x.id), 'declaration', x.declaration::text, 'plate', x.plate,
    'class', x.class, 'direction', x.direction, 'route', x.route, 'state', x.state,
    'joined_at', gate.instant(x.joined_at)::jsonb, 'credit_s', credit, 'rank_at', gate.instant(x.rank_at)::jsonb, 'rule', x.rule,
    'eligible_at', gate.instant(x.eligible_at)::jsonb, 'no_shows', x.no_shows,
    'held', case when x.held = 0 then '[]' else gate.steps_json(x.held)::jsonb end, 'window', gate.window_json(x.window_from),
    'reasons', to_jsonb(array_remove(array[
      gate.place_reason(x.window_from, x.joined_at),
      case when credit > 0 then 'place_credit' end,
      case when x.no_shows > 0 then 'place_no_show' end,
      case when x.held <> 0 then 'place_held' end,
      case when x.filed_at >= p_before then 'pre_registered_only' end], null)),
    'wait', gate.wait_json(p_outlook, p_ahead, x.waits_at, x.eligible_at));
end $$;

-- A page of the queue behind a cursor: direction, waits_at in microseconds, id.
create or replace function gate.queue_page(p_gate smallint, p_direction gate.direction, p_after text, p_size int)
returns gate.crossing[]
language plpgsql stable as $$
declare
  part text[] := string_to_array(coalesce(nullif(p_after, ''), 'import 0 0'), ' ');
  behind timestamptz := gate.from_us(part[2]::bigint);
begin
  if p_direction is not null then
    return array(
      select x from gate.crossing x
      where x.gate = p_gate and x.direction = p_direction and x.waits_at is not null and (x.waits_at, x.id) > (behind, part[3]::bigint)
      order by x.waits_at, x.id limit p_size);
  end if;
  return array(
    select x from gate.crossing x
    where x.gate = p_gate and x.waits_at is not null
      and (x.direction, x.waits_at, x.id) > (part[1]::gate.direction, behind, part[3]::bigint)
    order by x.direction, x.waits_at, x.id limit p_size);
end $$;

-- The items of a page, each at its place among those of its route and direction that can be called.
-- How many stood before the first of a route and direction, and how that stands, is asked once; the
-- others are counted on.
create or replace function gate.queue_items(p_page gate.crossing[], p_now timestamptz) returns jsonb
language plpgsql stable as $$
declare
  x gate.crossing;
  ahead jsonb := '{}';
  line text;
  before timestamptz;
  n int;
  callable boolean;
  outlook gate.outlook;
  items jsonb[] := '{}';
begin
  foreach x in array p_page loop
    if line is distinct from x.direction || ' ' || x.route then
      line := x.direction || ' ' || x.route;
      before := gate.registered_before(x.gate, x.route, x.direction, p_now);
      outlook := gate.outlook_of(x.gate, x.route, x.direction, p_now);
    end if;
    n := coalesce((ahead ->> line)::int, (gate.place_of(x, p_now)).ahead);
    callable := x.held = 0 and coalesce(x.eligible_at <= p_now, true) and coalesce(x.filed_at < before, true);
    items := items || gate.queue_item(x, case when callable then n + 1 end, n, before, outlook);
    ahead := ahead || jsonb_build_object(line, n + case when callable then 1 else 0 end);
  end loop;
  return to_jsonb(items);
end $$;

-- {gate, direction?, after?, limit?}: exports behind imports, each in the order of the call. The place
-- of one that cannot be called now is null: the others pass it.
create or replace function api.queue(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  here smallint := gate.gate_asked(p_asked);
  list text := format('queue:%s:%s', here, p_asked ->> 'direction');
  after text := gate.cursor_read(list, p_asked ->> 'after', '^(import|export) [0-9]{1,17} [0-9]{1,18}$');
  size int := gate.page_size(p_asked);
  page gate.crossing[];
  x gate.crossing;
begin
  if here is null or after is null then
    return query select case when here is null then 'not_found' else 'invalid_cursor' end, null::text, null::text;
    return;
  end if;
  page := gate.queue_page(here, (p_asked ->> 'direction')::gate.direction, after, size + 1);
  x := page[size];
  return query select 'ok', null::text, gate.page_json(list, gate.queue_items(page[1:size], gate.now_asked(p_asked)),
    x.direction || ' ' || gate.to_us(x.waits_at) || ' ' || x.id, cardinality(page) > size);
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
    when 'offline_rank' then 'conflict_rank'
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
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,18}$');
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
