-- SPDX-License-Identifier: MIT
-- Reads of one crossing: all about it, and what its pass is drawn from.

-- The crossing an actor may read, or the refusal.
create or replace function gate.crossing_seen(p_asked jsonb, out x gate.crossing, out sight text, out refusal text)
language plpgsql stable as $$
begin
  select * into x from gate.crossing c where c.id = (p_asked ->> 'crossing')::bigint;
  sight := case when x.id is not null then gate.sight(p_asked -> 'actor', x.gate, x.firm) end;
  refusal := gate.sight_refusal(sight);
end $$;

-- What names its state: the version; where its open steps hang on others, theirs, too.
create or replace function gate.crossing_etag(x gate.crossing) returns text
language plpgsql stable as $$
begin
  return x.version || case when x.across then
    '.' || (select sum(o.version) from gate.crossing o where o.declaration = x.declaration) else '' end;
end $$;

-- Who did it: to those who work at the gate by name and device, to others the agency alone.
create or replace function gate.doer_json(p_private jsonb, p_sight text) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_strip_nulls(jsonb_build_object('agency', p_private -> 'agency', 'role', p_private -> 'role'))
    || case when p_sight in ('agency', 'plates') and p_private ? 'by' then jsonb_strip_nulls(jsonb_build_object(
         'id', p_private -> 'by',
         'name', (select p.name from gate.principal p where p.id = (p_private ->> 'by')::int),
         'device', p_private -> 'device')) else '{}' end;
end $$;

-- An event as it is shown: the public part, and of the private one what the reader may know. Papers
-- and people stay in the declaration.
create or replace function gate.event_json(p_code text, p_seq bigint, p_body text, p_hash bytea, p_private jsonb, p_sight text)
returns jsonb
language plpgsql stable as $$
begin
  return (p_body::jsonb - '{ledger,seq,at,private}'::text[])
    || jsonb_build_object(
      'event', p_code || '-' || p_seq, 'recorded_at', p_body::jsonb -> 'at',
      'occurred_at', coalesce(p_private -> 'occurred_at', p_body::jsonb -> 'at'),
      'by', gate.doer_json(coalesce(p_private, '{}'), p_sight), 'hash', encode(p_hash, 'hex'))
    || coalesce((
      select jsonb_object_agg(k.key, k.value) from jsonb_each(p_private) k
      where k.key in ('note', 'reason', 'resolution', 'plate', 'new_plate', 'declaration')), '{}');
end $$;

create or replace function gate.timeline_json(x gate.crossing, p_sight text) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(
      gate.event_json(gate.gate_code(e.ledger), e.seq, e.body, e.hash, p.body::jsonb, p_sight) - '{crossing,declaration}'::text[]
      order by e.ledger, e.seq), '[]')
    from gate.event e
    join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
    where e.crossing = x.id);
end $$;

-- {crossing}
create or replace function api.crossing(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.crossing_seen(p_asked);
  x gate.crossing := seen.x;
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', gate.crossing_etag(x), (
    gate.crossing_json(x) || jsonb_build_object(
      'vehicle', (
        select gate.vehicle_shown(
          d.document -> gate.list_of(x.role) -> x.ordinal::int, seen.sight)
        from gate.declaration d where d.number = x.declaration),
      'timeline', gate.timeline_json(x, seen.sight)))::text;
end $$;

-- What the pass and the sheet around it show.
create or replace function gate.pass_sheet(x gate.crossing) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'crossing', gate.crossing_text(x.id), 'declaration', x.declaration::text, 'plate', x.plate, 'trailer_plate', x.trailer_plate,
    'class', x.class, 'role', x.role, 'direction', x.direction, 'route', x.route,
    'gate', gate.gate_code(x.gate), 'gate_names', gate.gate_names(x.gate),
    'planned_arrival', gate.instant(x.planned_at)::jsonb, 'window', gate.window_json(case when x.role = 'main' then x.window_from end),
    'state', x.state, 'revoked', x.pass_revoked, 'ended', not gate.is_live(x.state),
    'pass', gate.pass_json(x.id, x.pass_version, x.plate, x.gate, x.direction, x.class, x.pass_from, x.pass_until, x.pass_key)::jsonb);
end $$;

-- What names that drawing.
create or replace function gate.pass_tag(x gate.crossing) returns text
language sql stable as $$
  select x.pass_version || case when gate.is_live(x.state) and not x.pass_revoked then '' else '.' || x.version end
$$;

-- {crossing}
create or replace function api.pass(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.crossing_seen(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  elsif (seen.x).pass_version = 0 then
    return query select 'crossing_draft', null::text, null::text;
    return;
  end if;
  return query select 'ok', gate.pass_tag(seen.x), gate.pass_sheet(seen.x)::text;
end $$;
