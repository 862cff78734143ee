-- SPDX-License-Identifier: MIT
-- A firm's vehicles on one page: where each is, and how long it will wait.

-- The crossings of the firm's declarations that have not ended, as far as they fit. By gate, over the
-- live declarations: an index of its own would cost every filing.
create or replace function gate.crossings_of_firm(p_asked jsonb) returns setof gate.crossing
language plpgsql stable as $$
declare
  one smallint := gate.gate_asked(p_asked);
begin
  return query
  select x.*
  from gate.gate g
  cross join lateral (
    select d.number from gate.declaration d
    where d.gate = g.number and d.ended_at is null and d.firm = (p_asked #>> '{actor,firm}')::int) d
  join gate.crossing x on x.declaration = d.number
  where (p_asked ->> 'gate' is null or g.number = one)
    and (p_asked ->> 'declaration' is null or d.number::text = p_asked ->> 'declaration')
    and (p_asked ->> 'direction' is null or x.direction::text = p_asked ->> 'direction')
    and (p_asked ->> 'plate' is null or strpos(x.plate, upper(p_asked ->> 'plate')) > 0
      or strpos(coalesce(x.trailer_plate, ''), upper(p_asked ->> 'plate')) > 0);
end $$;

create or replace function gate.crossing_item(x gate.crossing, p_now timestamptz) returns jsonb
language plpgsql stable as $$
begin
  return gate.crossing_brief(x)::jsonb || jsonb_build_object(
      'gate', gate.gate_code(x.gate), 'direction', x.direction, 'route', x.route, 'role', x.role, 'class', x.class,
      'nationality', x.nationality, 'trailer_plate', x.trailer_plate, 'lane', x.lane, 'held', gate.steps_json(x.held)::jsonb,
      'planned_arrival', gate.instant(x.planned_at)::jsonb, 'window', gate.window_json(case when x.role = 'main' then x.window_from end),
      'joined_at', gate.instant(x.joined_at)::jsonb, 'called_at', gate.instant(x.called_at)::jsonb,
      'due_at', gate.instant(x.due_at)::jsonb, 'filed_at', gate.instant(x.filed_at)::jsonb, 'ended_at', gate.instant(x.ended_at)::jsonb,
      'no_shows', x.no_shows, 'pass_version', x.pass_version,
      'linked', exists (
        select from gate.link k where k.crossing = x.id and k.ended_at is null and k.moved_to is null and k.expires_at > p_now))
    || case when x.waits_at is not null then gate.place_json(x, p_now) else '{"place":null}' end;
end $$;

-- {gate?, direction?, declaration?, plate?: part of it, state?, after?, limit?}: the newest first, and how
-- many there are in each state.
create or replace function api.crossings(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  list text := format('crossings:%s:%s:%s:%s:%s:%s', p_asked #>> '{actor,firm}', p_asked ->> 'gate', p_asked ->> 'direction',
    p_asked ->> 'declaration', p_asked ->> 'plate', p_asked ->> 'state');
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,17} [0-9]{1,18}$');
  part bigint[] := string_to_array(nullif(after, ''), ' ')::bigint[];
  below timestamptz := gate.from_us(part[1]);
  size int := gate.page_size(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
  mine gate.crossing[];
  found gate.crossing[];
  last gate.crossing;
begin
  if after is null then
    return query select 'invalid_cursor', null::text, null::text;
    return;
  end if;
  mine := array(select x from gate.crossings_of_firm(p_asked) x);
  found := array(
    select x from unnest(mine) x
    where (p_asked ->> 'state' is null or x.state = p_asked ->> 'state') and (part is null or (x.filed_at, x.id) < (below, part[2]))
    order by x.filed_at desc, x.id desc
    limit size + 1);
  last := found[size];
  return query select 'ok', null::text, (gate.page_json(
      list, (select jsonb_agg(gate.crossing_item(x, moment) order by x.filed_at desc, x.id desc) from unnest(found[1:size]) x),
      gate.to_us(last.filed_at) || ' ' || last.id, cardinality(found) > size)::jsonb
    || jsonb_build_object('at', gate.instant(moment)::jsonb, 'counts', (
      select coalesce(jsonb_object_agg(s.state, s.n), '{}')
      from (select x.state, count(*) as n from unnest(mine) x group by x.state) s)))::text;
end $$;
