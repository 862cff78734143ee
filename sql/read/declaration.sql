-- SPDX-License-Identifier: MIT
-- Reads of declarations.

-- The declaration an actor may read, or the refusal.
create or replace function gate.declaration_seen(p_asked jsonb, out d gate.declaration, out sight text, out refusal text)
language plpgsql stable as $$
begin
  select * into d from gate.declaration x where x.number = (p_asked ->> 'number')::bigint;
  sight := case when d.number is not null then gate.sight(p_asked -> 'actor', d.gate, d.firm) end;
  refusal := gate.sight_refusal(sight);
end $$;

-- What names the state of a declaration with its crossings: its own version (the one If-Match and
-- PATCH go by) and, behind a dot, the sum of theirs.
create or replace function gate.declaration_etag(d gate.declaration) returns text
language plpgsql stable as $$
begin
  return d.version || '.' || (select coalesce(sum(x.version), 0) from gate.crossing x where x.declaration = d.number);
end $$;

-- {number}
create or replace function api.declaration(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.declaration_seen(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', gate.declaration_etag(seen.d), gate.declaration_json(seen.d, seen.sight)::text;
end $$;

-- {number}: the stored document, for the server that amends it.
create or replace function api.declaration_document(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.declaration_seen(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', (seen.d).version::text,
    '{"number":"' || (seen.d).number || '","version":' || (seen.d).version || ',"state":"' || (seen.d).state
      || '","gate":' || (seen.d).gate || ',"firm":' || (seen.d).firm || ',"document":' || (seen.d).document::text || '}';
end $$;

-- A declaration in a list.
create or replace function gate.declaration_item(d gate.declaration) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object(
    'number', d.number::text, 'state', d.state, 'version', d.version, 'gate', gate.gate_code(d.gate),
    'direction', d.direction, 'route', d.route, 'class', d.class, 'on_behalf', d.on_behalf,
    'planned_arrival', gate.instant(d.planned_at)::jsonb, 'window', gate.window_json(d.window_from),
    'filed_at', gate.instant(d.filed_at)::jsonb, 'changed_at', gate.instant(d.changed_at)::jsonb,
    'ended_at', gate.instant(d.ended_at)::jsonb, 'rule_failures', jsonb_array_length(d.rule_failures),
    'warnings', jsonb_array_length(d.warnings),
    'firm', (
      select jsonb_build_object('tax_code', f.tax_code, 'name', f.name) from gate.firm f where f.id = d.firm),
    'crossings', (
      select coalesce(jsonb_agg(
        jsonb_build_object('id', gate.crossing_text(x.id), 'role', x.role, 'plate', x.plate, 'state', x.state)
        order by x.role, x.ordinal, x.id), '[]')
      from gate.crossing x where x.declaration = d.number));
end $$;

-- The newest declarations behind a cursor that fit: by when they were filed, in microseconds, then by
-- number (numbers alone do not tell: after the 9,999th of a day they are longer). One index is walked,
-- the firm's or that of each gate; who is no firm sees the own gates only.
create or replace function gate.declarations_page(p_asked jsonb, p_after text, p_size int)
returns setof gate.declaration
language plpgsql stable as $$
declare
  firm int := (p_asked #>> '{actor,firm}')::int;
  one smallint := gate.gate_asked(p_asked);
  gates smallint[] := array(
    select g::smallint from jsonb_array_elements_text(p_asked #> '{actor,gates}') g
    where p_asked ->> 'gate' is null or g::smallint = one);
  since timestamptz := gate.day_start_of((p_asked ->> 'from')::date);
  until timestamptz := gate.day_start_of((p_asked ->> 'to')::date + 1);
  part bigint[] := string_to_array(nullif(p_after, ''), ' ')::bigint[];
  below timestamptz := gate.from_us(part[1]);
  conditions text := case when part is null then '' else ' and (d.filed_at, d.number) < ($1, $2)' end;
  ordered text := ' order by d.filed_at desc, d.number desc limit $10';
begin
  conditions := conditions
    || case p_asked ->> 'state' when 'live' then ' and d.ended_at is null'
         when 'draft' then ' and d.ended_at is null and d.state = $5'
         when 'ready' then ' and d.ended_at is null and d.state = $5'
         when 'in_progress' then ' and d.ended_at is null and d.state = $5'
         else case when p_asked ->> 'state' is null then '' else ' and d.state = $5' end end
    || case when p_asked ->> 'direction' is null then '' else ' and d.direction = $6::gate.direction' end
    || case when since is null then '' else ' and d.filed_at >= $7' end
    || case when until is null then '' else ' and d.filed_at < $8' end
    || case when p_asked ->> 'plate' is null then '' else
         ' and d.number in (select x.declaration from gate.crossing x where x.plate = $9 order by x.id desc limit 1000)' end;
  return query execute case
      when firm is not null then 'select d.* from gate.declaration d where d.firm = $3'
        || case when p_asked ->> 'gate' is null then '' else ' and d.gate = $11' end || conditions || ordered
      else 'select d.* from unnest($4) g cross join lateral (select d.* from gate.declaration d where d.gate = g'
        || conditions || ordered || ') d' || ordered
    end
    using below, part[2], firm, gates, p_asked ->> 'state', p_asked ->> 'direction', since, until, p_asked ->> 'plate', p_size, one;
end $$;

-- {gate?, state?, direction?, from?, to?: Hanoi days, plate?, after?, limit?}: the newest first. State
-- 'live' is every declaration that has not ended.
create or replace function api.declarations(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  list text := format('declarations:%s:%s:%s:%s:%s:%s:%s', p_asked #>> '{actor,id}', p_asked ->> 'gate', p_asked ->> 'state',
    p_asked ->> 'direction', p_asked ->> 'from', p_asked ->> 'to', p_asked ->> 'plate');
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,17} [0-9]{1,18}$');
  size int := gate.page_size(p_asked);
  found gate.declaration[];
  last gate.declaration;
begin
  if after is null then
    return query select 'invalid_cursor', null::text, null::text;
    return;
  elsif p_asked #>> '{actor,role}' <> 'firm' and not coalesce(p_asked #> '{actor,gates}' @> to_jsonb(gate.gate_asked(p_asked)), true) then
    return query select 'wrong_gate', null::text, null::text;
    return;
  end if;
  found := array(select d from gate.declarations_page(p_asked, after, size + 1) d);
  last := found[size];
  return query select 'ok', null::text, gate.page_json(
    list, (select jsonb_agg(gate.declaration_item(d) order by d.filed_at desc, d.number desc) from unnest(found[1:size]) d),
    gate.to_us(last.filed_at) || ' ' || last.number, cardinality(found) > size);
end $$;
