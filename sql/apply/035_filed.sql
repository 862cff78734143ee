-- Filing, the second half: what stands is written, told to the ledger and answered, in sets.

create or replace function gate.filings_write(p_filings gate.filing[], p_numbers bigint[], p_windows timestamptz[], p_procedure int)
returns void
language plpgsql as $$
begin
  insert into gate.declaration (number, gate, firm, filed_by, on_behalf, direction, route, state, planned_at, window_from,
    class, classes, procedure, across, document, rule_failures, warnings, filed_at, changed_at)
  select number, gate, firm, (actor ->> 'id')::int, actor ->> 'firm' is null, direction, route,
    case when draft then 'draft' else 'ready' end, planned_at, window_from, class, classes, p_procedure, across,
    document, rule_failures, warnings, at, at
  from rows from (unnest(p_filings), unnest(p_numbers), unnest(p_windows)) as f (
    ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
    classes, class, across, procedure, code, problem, number, window_from)
  where code is null;
end $$;

create or replace function gate.vehicles_write(
  p_ledger smallint, p_vehicles gate.filed_vehicle[], p_numbers bigint[], p_windows timestamptz[],
  p_procedure int, p_rule gate.queue_rule, p_pass_key text, p_seq bigint)
returns void
language plpgsql as $$
begin
  insert into gate.crossing (id, declaration, gate, firm, role, ordinal, direction, route, class, plate, nationality, trailer_plate,
    procedure, across, required, state, pass_version, pass_key, pass_from, pass_until, planned_at, window_from, due_at,
    last_seq, filed_at)
  select crossing, p_numbers[place], p_ledger, firm, role, ordinal, direction, route, class,
    coalesce(plate, 'unknown'), coalesce(vehicle ->> 'nationality', 'VN'), vehicle ->> 'trailer_plate',
    p_procedure, across, required, case when draft then 'draft' else 'declared' end,
    case when draft then 0 else 1 end, case when not draft then p_pass_key end,
    case when not draft then at end,
    case when not draft then gate.promised_at(planned_at, at) + p_rule.pass_s * interval '1 second' end,
    planned_at, case when role = 'main' then p_windows[place] end,
    case when not draft then gate.promised_at(planned_at, at) + p_rule.claim_s * interval '1 second' end,
    p_seq + i, at
  from unnest(p_vehicles) with ordinality as v (
    place, role, ordinal, vehicle, plate, crossing, required, class, plated, at, actor, firm, direction, route, draft, across,
    planned_at, document, open, i);
end $$;

-- One event per crossing; the first one's private part holds the whole document.
create or replace function gate.filings_events(p_vehicles gate.filed_vehicle[], p_numbers bigint[], p_windows timestamptz[], p_pass_key text)
returns gate.new_event[]
language plpgsql stable as $$
begin
  return (
    select array_agg(row(
      v.at, 'declared', v.crossing,
      '"declaration":"' || p_numbers[v.place] || '","direction":"' || v.direction || '","route":"' || v.route || '","role":"' || v.role
        || '","class":"' || v.class || '","required":' || v.required || ',"state":"' || case when v.draft then 'draft' else 'declared' end
        || '","window":' || coalesce(gate.instant(case when v.role = 'main' then p_windows[v.place] end), 'null'),
      '"by":' || v.actor || ',"firm":' || v.firm || ',"plate":' || coalesce(to_json(v.plate)::text, 'null')
        || ',"key":' || coalesce('"' || p_pass_key || '"', 'null')
        || case when v.document is null then '' else ',"document":' || v.document end,
      v.firm)::gate.new_event order by v.crossing)
    from unnest(p_vehicles) v);
end $$;

-- Of filings that name no main vehicle yet, which no vehicle's event tells. They come behind the
-- vehicles' and are of the batch's last instant, since the times of a ledger never fall.
create or replace function gate.papers_events(p_filings gate.filing[], p_numbers bigint[]) returns gate.new_event[]
language plpgsql stable as $$
begin
  return array(
    select row(
      p_filings[cardinality(p_filings)].at, 'papers_filed', null,
      '"declaration":"' || p_numbers[f.place] || '","direction":"' || f.direction || '","route":"' || f.route || '","state":"draft"',
      '"by":' || (f.actor ->> 'id') || ',"firm":' || f.firm || ',"document":' || f.document::text, f.firm)::gate.new_event
    from unnest(p_filings) with ordinality as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
      classes, class, across, procedure, code, problem, place)
    where f.code is null and f.mains = 0
    order by f.place);
end $$;

-- The crossings of each filing as JSON text, by the filing's place.
create or replace function gate.vehicles_json(
  p_ledger smallint, p_vehicles gate.filed_vehicle[], p_rule gate.queue_rule, p_pass_key text)
returns text[]
language plpgsql stable as $$
declare
  v gate.filed_vehicle;
  shown text;
  place int := 1;
  listed text := '';                -- of that place
  texts text[] := '{}';
begin
  foreach v in array coalesce(p_vehicles, '{}') loop
    shown := '{"id":"' || gate.crossing_text(v.crossing) || '","role":"' || v.role || '","plate":' || coalesce(to_json(v.plate)::text, 'null')
      || ',"class":"' || v.class || '","state":"' || case when v.draft then 'draft' else 'declared' end || '","version":1,"@open":' || v.open
      || ',"done":[],"pass":'
      || case when v.draft then 'null' else
           gate.pass_json(v.crossing, 1, v.plate, p_ledger, v.direction, v.class, v.at,
             gate.promised_at(v.planned_at, v.at) + p_rule.pass_s * interval '1 second', p_pass_key) end
      || '}';
    if v.place > place then         -- the vehicles stand filing by filing
      texts[place] := listed;
      listed := '';
      place := v.place;
    end if;
    listed := listed || case listed when '' then '' else ',' end || shown;
  end loop;
  texts[place] := listed;
  return texts;
end $$;

create or replace function gate.filings_answers(
  p_ledger smallint, p_filings gate.filing[], p_numbers bigint[], p_windows timestamptz[], p_crossings text[])
returns gate.answer[]
language plpgsql stable as $$
declare
  gate_code text := (select code from gate.ledger where number = p_ledger);
begin
  return (
    select array_agg(row(
      f.ord, coalesce(f.code, 'ok'), 201, case when f.code is null then '1' end,
      case when f.code is not null then f.problem else
        '{"number":"' || f.number || '","state":"' || case when f.draft then 'draft' else 'ready' end || '","version":1,"gate":"'
        || gate_code || '","direction":"' || f.direction || '","route":"' || f.route
        || '","window":' || case when f.window_from is null then 'null'
             else '{"from":' || gate.instant(f.window_from) || ',"to":' || gate.instant(f.window_from + interval '30 minutes') || '}' end
        || case when f.window_from is null and f.planned_at is not null and not f.draft
             then ',"next_windows":' || gate.windows_free(f.gate, f.route, f.direction, f.planned_at, f.mains, f.at)::text else '' end
        || ',"rule_failures":' || case f.rule_failures::text when '[]' then '[]' else gate.texts(f.rule_failures)::text end || ',"warnings":' || case f.warnings::text when '[]' then '[]' else gate.texts(f.warnings)::text end
        || ',"crossings":[' || coalesce(p_crossings[f.place], '') || ']}' end,
      false)::gate.answer order by f.place)
    from rows from (unnest(p_filings), unnest(p_numbers), unnest(p_windows)) with ordinality as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
      classes, class, across, procedure, code, problem, number, window_from, place));
end $$;

-- [{"pointer","code"}] with the promise of a text in each.
create or replace function gate.texts(p_items jsonb) returns jsonb
language plpgsql immutable as $$
begin
  if p_items = '[]' then
    return p_items;
  end if;
  return (select jsonb_agg(i || jsonb_build_object('@text', i ->> 'code')) from jsonb_array_elements(p_items) i);
end $$;
