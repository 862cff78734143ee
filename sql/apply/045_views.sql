-- How refusals, crossings and declarations look in answers; used by the writers and the reads.

create or replace function gate.refused(p_ord int, p_code text, p_body jsonb default null) returns gate.answer
language sql immutable as $$
  select row(p_ord, p_code, null, null, p_body::text, false)::gate.answer
$$;

create or replace function gate.pointed(p_pointer text, p_code text) returns jsonb
language sql immutable as $$
  select jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('pointer', p_pointer, 'code', p_code, '@text', p_code)))
$$;

-- A window of 30 minutes; null: none.
create or replace function gate.window_json(p_from timestamptz) returns jsonb
language sql stable as $$
  select case when p_from is not null then jsonb_build_object(
    'from', gate.instant(p_from)::jsonb, 'to', gate.instant(p_from + interval '30 minutes')::jsonb) end
$$;

-- A vehicle of a document: those who see plates only learn nothing of its people and papers.
create or replace function gate.vehicle_shown(p_vehicle jsonb, p_sight text) returns jsonb
language sql immutable as $$
  select case when p_sight in ('own', 'agency') then p_vehicle
              else p_vehicle - '{driver,co_driver,licence,insurance,customs_vehicle_number}'::text[] end
$$;

-- The stored document under the names of the interface. Personal data only to who needs it: the own
-- firm and the agencies.
create or replace function gate.document_shown(p_document jsonb, p_sight text) returns jsonb
language sql stable as $$
  select p_document - '{planned_arrival_ms,vehicles,receiving_vehicles}'::text[]
      - case when p_sight in ('own', 'agency') then '{}' else '{fee_payer,fee_payer_cn,note}' end::text[]
    || case when p_document ->> 'planned_arrival_ms' is null then '{}' else jsonb_build_object(
         'planned_arrival', gate.instant(gate.from_ms((p_document ->> 'planned_arrival_ms')::bigint))::jsonb) end
    || jsonb_build_object(
         'vehicles', (select coalesce(jsonb_agg(gate.vehicle_shown(v, p_sight) order by i), '[]')
           from jsonb_array_elements(coalesce(p_document -> 'vehicles', '[]')) with ordinality as m (v, i)),
         'receiving_vehicles', (select coalesce(jsonb_agg(gate.vehicle_shown(v, p_sight) order by i), '[]')
           from jsonb_array_elements(coalesce(p_document -> 'receiving_vehicles', '[]')) with ordinality as r (v, i)))
$$;

-- The short form of a crossing in the answers of writes.
create or replace function gate.brief_text(
  p_id bigint, p_declaration bigint, p_plate text, p_state text, p_version int, p_lane smallint, p_open int)
returns text
language sql stable as $$
  select '{"id":"' || gate.crossing_text(p_id) || '","declaration":"' || p_declaration || '","plate":' || to_json(p_plate)::text
    || ',"state":"' || p_state || '","version":' || p_version
    || case when p_lane is null then '' else ',"lane":' || p_lane end
    || ',"@open":' || p_open || '}'
$$;

create or replace function gate.crossing_brief(x gate.crossing) returns text
language plpgsql stable as $$
begin
  return gate.brief_text(x.id, x.declaration, x.plate, x.state, x.version, x.lane,
    gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, x.state, case when x.across then gate.across_of(x.declaration) end));
end $$;

create or replace function gate.crossing_answer(p_ord int, p_status int, x gate.crossing, p_ledger smallint, p_seq bigint) returns gate.answer
language plpgsql stable as $$
begin
  return (
    select row(p_ord, 'ok', p_status, x.version::text,
      '{"crossing":' || gate.crossing_brief(x) || ',"event":"' || gate.event_text(p_ledger, p_seq) || '"}', false)::gate.answer);
end $$;

create or replace function gate.crossing_json(x gate.crossing) returns jsonb
language plpgsql stable as $$
begin
  return (
    select gate.crossing_brief(x)::jsonb || jsonb_build_object(
      'gate', (select code from gate.ledger where number = x.gate), 'role', x.role, 'direction', x.direction, 'route', x.route, 'class', x.class,
      'nationality', x.nationality, 'trailer_plate', x.trailer_plate, 'channel', x.channel, 'done', (
        select coalesce(jsonb_agg(jsonb_build_object('step', s.code, 'agency', s.agency, 'at', gate.instant(x.done_at[s.bit + 1])::jsonb) order by x.done_at[s.bit + 1], s.bit), '[]')
        from gate.step s where x.done & (1 << s.bit) <> 0),
      'required', gate.steps_json(x.required)::jsonb, 'held', gate.steps_json(x.held)::jsonb,
      'window', gate.window_json(case when x.role = 'main' then x.window_from end), 'joined_at', gate.instant(x.joined_at)::jsonb, 'called_at', gate.instant(x.called_at)::jsonb, 'lane', x.lane, 'no_shows', x.no_shows,
      'planned_arrival', gate.instant(x.planned_at)::jsonb, 'due_at', gate.instant(x.due_at)::jsonb, 'ended_at', gate.instant(x.ended_at)::jsonb,
      'pass', case when x.pass_version > 0 then
        gate.pass_json(x.id, x.pass_version, x.plate, x.gate, x.direction, x.class, x.pass_from, x.pass_until, x.pass_key)::jsonb
          || case when x.pass_revoked then '{"revoked":true}' else '{}' end::jsonb end));
end $$;

-- A declaration as its firm and the agencies see it; p_sight: see gate.sight().
create or replace function gate.declaration_json(d gate.declaration, p_sight text default 'own') returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object(
      'number', d.number::text, 'state', d.state, 'version', d.version, 'gate', l.code, 'direction', d.direction, 'route', d.route,
      'window', gate.window_json(d.window_from),
      'planned_arrival', gate.instant(d.planned_at)::jsonb, 'class', d.class, 'on_behalf', d.on_behalf,
      'moved_from', d.moved_from::text, 'moved_to', gate.gate_code(d.moved_to),
      'firm', (select jsonb_build_object('tax_code', f.tax_code, 'name', f.name) from gate.firm f where f.id = d.firm),
      'rule_failures', gate.texts(d.rule_failures),
      'warnings', gate.texts(d.warnings),
      'filed_at', gate.instant(d.filed_at)::jsonb, 'changed_at', gate.instant(d.changed_at)::jsonb, 'ended_at', gate.instant(d.ended_at)::jsonb,
      'document', gate.document_shown(d.document, p_sight),
      'crossings', (
        select coalesce(jsonb_agg(gate.crossing_json(x) order by x.role, x.ordinal, x.id), '[]')
        from gate.crossing x where x.declaration = d.number))
    from gate.ledger l
    where l.number = d.gate);
end $$;
