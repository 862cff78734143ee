-- Filing declarations, a batch at a time.
--
-- Locks: the caller holds the ledger's head; live plates are then inserted in plate order.
-- The story: asked -> vehicles -> refused (route, plates) -> numbered -> written -> answered.

-- The start of the 30-minute window an instant lies in.
create or replace function gate.window_of(p_at timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select to_timestamp(floor(extract(epoch from p_at) / 1800) * 1800)
$$;

-- The published capacity of a window: what took effect last holds.
create or replace function gate.window_places(p_gate smallint, p_direction gate.direction, p_now timestamptz) returns int
language plpgsql stable as $$
begin
  return (
    select places from gate.window_capacity
    where gate = p_gate and direction = p_direction and effective_from <= p_now
    order by effective_from desc limit 1);
end $$;

-- What a claim's and a pass's time count from: the planned arrival, but at most 30 days ahead, so
-- that nobody keeps a plate by planning for a far day.
create or replace function gate.promised_at(p_planned timestamptz, p_now timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select least(greatest(p_planned, p_now), p_now + interval '30 days')
$$;

-- Takes a place in the window of p_planned for each of the vehicles, all or none. Returns the
-- window's start, or null: then the vehicle joins the queue live.
create or replace function gate.window_take(
  p_gate smallint, p_direction gate.direction, p_planned timestamptz, p_vehicles int, p_now timestamptz)
returns timestamptz
language plpgsql as $$
declare
  starts timestamptz := gate.window_of(p_planned);
  room int := gate.window_places(p_gate, p_direction, p_now);
begin
  if starts + interval '30 minutes' <= p_now then
    return null;
  end if;
  insert into gate.window_booking as w (gate, direction, starts_at, booked)
  select p_gate, p_direction, starts, p_vehicles where p_vehicles <= room
  on conflict (gate, direction, starts_at)
    do update set booked = w.booked + p_vehicles where w.booked + p_vehicles <= room;
  return case when found then starts end;
end $$;

create or replace function gate.window_give_back(
  p_gate smallint, p_direction gate.direction, p_window timestamptz, p_vehicles int)
returns void
language sql as $$
  update gate.window_booking set booked = greatest(booked - p_vehicles, 0)
  where gate = p_gate and direction = p_direction and starts_at = p_window
$$;

-- The next windows with room, for the answer to one that was full.
create or replace function gate.windows_free(
  p_gate smallint, p_direction gate.direction, p_planned timestamptz, p_vehicles int, p_now timestamptz)
returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'from', gate.instant(s)::jsonb, 'to', gate.instant(s + interval '30 minutes')::jsonb) order by s), '[]')
    from (
      select s
      from generate_series(
        greatest(to_timestamp(floor(extract(epoch from p_planned) / 1800) * 1800),
                 to_timestamp(floor(extract(epoch from p_now) / 1800) * 1800)),
        greatest(p_planned, p_now) + interval '24 hours', interval '30 minutes') s
      left join gate.window_booking w on w.gate = p_gate and w.direction = p_direction and w.starts_at = s
      cross join lateral (
        select places from gate.window_capacity c
        where c.gate = p_gate and c.direction = p_direction and c.effective_from <= p_now
        order by c.effective_from desc limit 1) c
      where coalesce(w.booked, 0) + p_vehicles <= c.places
      order by s limit 3
    ) as free);
end $$;

-- The containers, trailers and customs numbers a document names.
create or replace function gate.references_named(p_document jsonb)
returns table (kind text, value text, pointer text)
language sql stable as $$
  select 'container', v ->> 'container', '/vehicles/' || i - 1 || '/container'
  from jsonb_array_elements(p_document -> 'vehicles') with ordinality x (v, i) where v ->> 'container' is not null
  union all
  select 'trailer', v ->> 'trailer_plate', '/vehicles/' || i - 1 || '/trailer_plate'
  from jsonb_array_elements(p_document -> 'vehicles') with ordinality x (v, i) where v ->> 'trailer_plate' is not null
  union all
  select 'customs', c ->> 'number', '/customs_declarations/' || i - 1 || '/number'
  from jsonb_array_elements(p_document -> 'customs_declarations') with ordinality x (c, i) where c ->> 'number' is not null
$$;

create or replace function gate.reference_warning(p_kind text) returns text
language sql immutable as $$
  select case p_kind when 'customs' then 'customs_number_live' else p_kind || '_live' end
$$;

-- Those that stand in another live declaration: a warning each.
create or replace function gate.references_shared(p_document jsonb, p_number bigint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'pointer', pointer, 'code', gate.reference_warning(kind), '@text', gate.reference_warning(kind))), '[]')
    from gate.references_named(p_document) n
    where exists (
      select from gate.live_reference l
      where l.value = n.value and l.kind = n.kind and l.declaration <> p_number));
end $$;

create or replace function gate.references_write(p_number bigint, p_document jsonb) returns void
language plpgsql as $$
begin
  insert into gate.live_reference (kind, value, declaration)
  select kind, value, p_number from gate.references_named(p_document);
end $$;

-- The pass of a crossing as a member's value; the server signs what @pass holds.
create or replace function gate.pass_json(p_crossing bigint, p_version int, p_plate text, p_gate smallint,
  p_direction gate.direction, p_class gate.goods_class, p_from timestamptz, p_until timestamptz, p_key text)
returns text
language sql stable as $$
  select case when p_version = 0 then 'null' else
    '{"version":' || p_version || ',"@pass":"' || gate.crossing_text(p_crossing) || ',' || p_version || ',' || p_plate || ',' || p_gate || ','
    || case p_direction when 'import' then 0 else 1 end || ','
    || array_position(enum_range(null::gate.goods_class), p_class) - 1 || ','
    || floor(extract(epoch from p_from)) || ',' || floor(extract(epoch from p_until)) || ',' || coalesce(p_key, '') || '"'
    || ',"valid_from":' || gate.instant(p_from) || ',"valid_until":' || gate.instant(p_until)
    || ',"svg":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.svg"'
    || ',"png":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.png"'
    || ',"txt":"/v1/crossings/' || gate.crossing_text(p_crossing) || '/pass.txt"}' end
$$;

-- The key that signs at an instant: the one that began last.
create or replace function gate.pass_key_at(p_now timestamptz) returns text
language plpgsql stable as $$
begin
  return (
    select id from gate.pass_key where signs_from <= p_now and signs_until > p_now order by signs_from desc, id limit 1);
end $$;

-- asked: form was judged before; here the firm, the route and the goods are resolved.
create or replace function gate.filings_asked(p_ledger smallint, p_commands gate.command[], p_rule gate.queue_rule, p_procedure int, p_hs jsonb)
returns gate.filing[]
language plpgsql stable as $$
begin
  return (
    select array_agg(row(
      ord, at, actor, document, rule_failures, warnings, firm, p_ledger, direction, route, draft, planned_at, null,
      mains, classes,
      case when cardinality(classes) = 1 then classes[1] else gate.least_class(classes, p_rule.credits) end, across, p_procedure, null,
      case when firm is null then 'invalid_fields' when route is null then 'route_unknown' end,
      case when firm is null then '{"errors":[{"pointer":"/on_behalf_of","code":"firm_unknown","@text":"firm_unknown"}]}'
           when route is null then '{"errors":[{"pointer":"/route","code":"route_unknown","@text":"route_unknown"}]}' end
      )::gate.filing order by ord)
    from (
      select c.ord, c.at, c.actor, c.document, c.args -> 'rule_failures' as rule_failures, c.args -> 'warnings' as warnings,
        case when c.args ->> 'on_behalf_of' is null then (c.actor ->> 'firm')::int
             else (select f.id from gate.firm f where f.tax_code = c.args ->> 'on_behalf_of' and f.disabled_at is null) end as firm,
        (c.document ->> 'direction')::gate.direction as direction,
        (select r.code from gate.route r where r.gate = p_ledger and r.freight
           and case when c.document ->> 'route' is null then r.main else r.code = c.document ->> 'route' end) as route,
        c.args -> 'rule_failures' <> '[]' as draft,
        gate.from_ms((c.document ->> 'planned_arrival_ms')::bigint) as planned_at,
        coalesce(jsonb_array_length(c.document -> 'vehicles'), 0) as mains,
        -- the commonest case spelt out: one line of goods, on a vehicle with a plate
        case when jsonb_array_length(c.document -> 'goods') = 1 and not c.document @? '$.vehicles[*].vin'
          then array[gate.hs_class_of(c.document #>> '{goods,0,hs}', p_hs)]
          else gate.goods_classes(c.document, null, p_hs) end as classes,
        coalesce(jsonb_array_length(c.document -> 'receiving_vehicles'), 0) > 0 as across
      from (select x.*, x.args -> 'document' as document from unnest(p_commands) x offset 0) c
      offset 0
    ) as asked);
end $$;

-- One row per vehicle of the filings that stand, each with its crossing's id and with what it needs
-- of its filing: joining two arrays later would cost the square of the batch.
create or replace function gate.vehicles_asked(
  p_ledger smallint, p_filings gate.filing[], p_rule gate.queue_rule, p_procedure int, p_hs jsonb, p_serial bigint)
returns gate.filed_vehicle[]
language plpgsql stable as $$
begin
  return (
    select array_agg(row(
      place, role, ordinal, vehicle, plate, p_ledger * 1000000000000 + p_serial + n, required, class,
      plate is not null and not draft, at, actor, firm, direction, route, draft, across, planned_at,
      case when role = 'main' and ordinal = 0 then document::text end,
      case when draft then 0 else gate.steps_left(k, required, 0, 'declared', null) & gate.free_steps((k).own, required) end
    )::gate.filed_vehicle order by n)
    from (
      select named.*, k as k,
        k.always | case when 'perishable' = any (classes) then k.perishable else 0 end
          | case when 'frozen_live' = any (classes) then k.frozen_live else 0 end
          | case when across then k.receiving else 0 end as required,
        case when cardinality(classes) = 1 then classes[1] else gate.least_class(classes, p_rule.credits) end as class
      from (
        select f.place, x.role, (x.i - 1)::smallint as ordinal, x.v as vehicle, coalesce(x.v ->> 'plate', x.v ->> 'vin') as plate,
          f.at, (f.actor ->> 'id')::int as actor, f.firm, f.direction, f.route, f.draft, f.across, f.planned_at, f.document,
          row_number() over (order by f.place, x.role, x.i) as n,
          case when x.role = 'receiving' then '{empty}'
               when f.mains = 1 or cardinality(f.classes) = 1 then f.classes
               else gate.goods_classes(f.document, x.v, p_hs) end as classes
        from unnest(p_filings) with ordinality as f (
          ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, window_from, mains,
          classes, class, across, procedure, number, code, problem, place)
        cross join lateral (
          select 'main' as role, v, i from jsonb_array_elements(f.document -> 'vehicles') with ordinality m (v, i)
          union all
          select 'receiving', v, i from jsonb_array_elements(f.document -> 'receiving_vehicles') with ordinality r (v, i)
        ) x
        where f.code is null
        offset 0
      ) as named
      join gate.procedure_kind k on k.version = p_procedure and k.role = named.role and k.direction = named.direction
      offset 0
    ) as judged);
end $$;

-- Marks the filings whose plates are live elsewhere; p_taken names the crossings that could not have theirs.
create or replace function gate.filings_refused(p_filings gate.filing[], p_vehicles gate.filed_vehicle[], p_taken bigint[])
returns gate.filing[]
language plpgsql as $$
declare
  found record;
begin
  for found in
    select place, jsonb_agg(jsonb_build_object(
      'pointer', '/' || case role when 'main' then 'vehicles' else 'receiving_vehicles' end || '/' || ordinal
        || case when vehicle ? 'plate' then '/plate' else '/vin' end,
      'code', 'plate_live', '@text', 'plate_live') order by role, ordinal) as errors
    from unnest(p_vehicles)
    where plated and crossing = any (p_taken)
    group by place
  loop
    p_filings[found.place].code := 'plate_live';
    p_filings[found.place].problem := jsonb_build_object('errors', found.errors)::text;
  end loop;
  return p_filings;
end $$;

create or replace function gate.vehicles_standing(p_filings gate.filing[], p_vehicles gate.filed_vehicle[])
returns gate.filed_vehicle[]
language plpgsql immutable as $$
begin
  return array(select v from unnest(p_vehicles) v where (p_filings[v.place]).code is null order by v.crossing);
end $$;

-- Claims the plates in plate order, each for the first that names it; returns the crossings that did
-- not get theirs.
create or replace function gate.plates_claim(p_vehicles gate.filed_vehicle[]) returns bigint[]
language plpgsql as $$
declare
  wanted int := (select count(*) from unnest(p_vehicles) where plated);
  got bigint[];
begin
  with claimed as (
    insert into gate.live_plate (plate, crossing)
    select distinct on (plate) plate, crossing from unnest(p_vehicles) where plated order by plate, crossing
    on conflict do nothing
    returning crossing
  )
  select array_agg(crossing) into got from claimed;
  if coalesce(cardinality(got), 0) = wanted then
    return '{}';
  end if;
  return array(select crossing from unnest(p_vehicles) where plated and crossing <> all (coalesce(got, '{}')));
end $$;

-- The daily numbers, dealt by the gate in the order of the commands.
create or replace function gate.filings_number(p_ledger smallint, p_filings gate.filing[], p_serial bigint) returns gate.filing[]
language plpgsql as $$
declare
  head gate.ledger;
  day date;
begin
  select * into strict head from gate.ledger where number = p_ledger;
  for i in 1 .. cardinality(p_filings) loop
    continue when p_filings[i].code is not null;
    day := gate.hanoi_day(p_filings[i].at);
    if day > head.hanoi_day then
      head.hanoi_day := day;
      head.day_count := 0;
    end if;
    head.day_count := head.day_count + 1;
    p_filings[i].number := (to_char(head.hanoi_day, 'YYYYMMDD') || lpad(p_ledger::text, 2, '0')
      || lpad(head.day_count::text, greatest(4, length(head.day_count::text)), '0'))::bigint;
  end loop;
  update gate.ledger set hanoi_day = head.hanoi_day, day_count = head.day_count, serial = p_serial where number = p_ledger;
  return p_filings;
end $$;

-- Places in the windows asked for. While there is room for all of the batch, one statement takes
-- them; else the filings are served one by one, first come first served.
create or replace function gate.filings_windows(p_ledger smallint, p_filings gate.filing[]) returns gate.filing[]
language plpgsql as $$
declare
  f gate.filing;
  has_room boolean;
begin
  with asked as (
    select direction, gate.window_of(planned_at) as starts_at, sum(mains) as mains, min(at) as at
    from unnest(p_filings)
    where code is null and not draft and gate.window_of(planned_at) + interval '30 minutes' > at
    group by 1, 2
  )
  select coalesce(bool_and(a.mains + coalesce(w.booked, 0) <= c.places), true)
  into has_room
  from asked a
  cross join lateral gate.window_places(p_ledger, a.direction, a.at) c (places)
  left join gate.window_booking w on w.gate = p_ledger and w.direction = a.direction and w.starts_at = a.starts_at;

  if has_room then
    insert into gate.window_booking as w (gate, direction, starts_at, booked)
    select p_ledger, direction, gate.window_of(planned_at), sum(mains)
    from unnest(p_filings)
    where code is null and not draft and gate.window_of(planned_at) + interval '30 minutes' > at
    group by 2, 3
    on conflict (gate, direction, starts_at) do update set booked = w.booked + excluded.booked;
  end if;
  for i in 1 .. cardinality(p_filings) loop
    f := p_filings[i];
    continue when f.code is not null or f.draft or f.planned_at is null or gate.window_of(f.planned_at) + interval '30 minutes' <= f.at;
    p_filings[i].window_from := case when has_room then gate.window_of(f.planned_at)
      else gate.window_take(p_ledger, f.direction, f.planned_at, f.mains, f.at) end;
  end loop;
  return p_filings;
end $$;

-- Warns of references that stand in another live declaration, or earlier in this batch, and writes
-- down those of the filings that are no drafts.
create or replace function gate.filings_references(p_filings gate.filing[]) returns gate.filing[]
language plpgsql as $$
declare
  named gate.named_reference[];
  shared record;
begin
  select array_agg(row(f.place, n.kind, n.value, n.pointer)::gate.named_reference)
  into named
  from unnest(p_filings) with ordinality as f (
    ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, window_from, mains,
    classes, class, across, procedure, number, code, problem, place)
  cross join lateral gate.references_named(f.document) n
  where f.code is null;

  for shared in
    select place, jsonb_agg(jsonb_build_object(
      'pointer', pointer, 'code', gate.reference_warning(kind), '@text', gate.reference_warning(kind))) as warnings
    from (
      select n.*, row_number() over (partition by kind, value order by place) as nth from unnest(named) n offset 0
    ) n
    where nth > 1 or exists (select from gate.live_reference l where l.value = n.value and l.kind = n.kind)
    group by place
  loop
    p_filings[shared.place].warnings := p_filings[shared.place].warnings || shared.warnings;
  end loop;
  insert into gate.live_reference (kind, value, declaration)
  select kind, value, (p_filings[place]).number from unnest(named) where not (p_filings[place]).draft;
  return p_filings;
end $$;

-- Files the declarations. Commands carry {"document","rule_failures","warnings","on_behalf_of"}.
create or replace function gate.declare_many(p_ledger smallint, p_commands gate.command[])
returns gate.answer[]
language plpgsql as $$
declare
  head gate.ledger;
  rule gate.queue_rule := gate.rule_at(p_commands[1].at);
  proc int := (select version from gate.procedure where effective_from <= p_commands[1].at order by effective_from desc, version desc limit 1);
  hs jsonb := gate.hs_classes(gate.hanoi_day(p_commands[1].at));
  pass_key text := gate.pass_key_at(p_commands[1].at);
  filings gate.filing[];
  vehicles gate.filed_vehicle[];
  taken bigint[];
  numbers bigint[];
  windows timestamptz[];
begin
  select * into strict head from gate.ledger where number = p_ledger;
  filings := gate.filings_asked(p_ledger, p_commands, rule, proc, hs);
  vehicles := gate.vehicles_asked(p_ledger, filings, rule, proc, hs, head.serial);
  head.serial := head.serial + coalesce(cardinality(vehicles), 0);

  taken := array(select v.crossing from unnest(vehicles) v
                 cross join lateral (select from gate.live_plate p where p.plate = v.plate offset 0) l where v.plated);
  if taken <> '{}' then
    filings := gate.filings_refused(filings, vehicles, taken);
    vehicles := gate.vehicles_standing(filings, vehicles);
  end if;
  taken := gate.plates_claim(vehicles);
  if taken <> '{}' then
    -- the other gate, or another filing of this batch, was first: give up the whole filing's claims
    filings := gate.filings_refused(filings, vehicles, taken);
    delete from gate.live_plate
    where crossing in (select v.crossing from unnest(vehicles) v where (filings[v.place]).code is not null);
    vehicles := gate.vehicles_standing(filings, vehicles);
  end if;

  filings := gate.filings_number(p_ledger, filings, head.serial);
  filings := gate.filings_windows(p_ledger, filings);
  filings := gate.filings_references(filings);
  numbers := array(select f.number from unnest(filings) f);
  windows := array(select f.window_from from unnest(filings) f);
  perform gate.filings_write(filings, proc);
  perform gate.vehicles_write(p_ledger, vehicles, numbers, windows, proc, rule, pass_key, head.seq);
  perform gate.append_many(p_ledger, gate.filings_events(vehicles, numbers, windows, pass_key));
  return gate.filings_answers(p_ledger, filings, gate.vehicles_json(p_ledger, vehicles, rule, pass_key));
end $$;

create or replace function gate.filings_write(p_filings gate.filing[], p_procedure int) returns void
language plpgsql as $$
begin
  insert into gate.declaration (number, gate, firm, filed_by, on_behalf, direction, route, state, planned_at, window_from,
    class, classes, procedure, across, document, rule_failures, warnings, filed_at, changed_at)
  select number, gate, firm, (actor ->> 'id')::int, actor ->> 'firm' is null, direction, route,
    case when draft then 'draft' else 'ready' end, planned_at, window_from, class, classes, p_procedure, across,
    document, rule_failures, warnings, at, at
  from unnest(p_filings)
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

-- The crossings of each filing as JSON text, by the filing's place.
create or replace function gate.vehicles_json(
  p_ledger smallint, p_vehicles gate.filed_vehicle[], p_rule gate.queue_rule, p_pass_key text)
returns text[]
language plpgsql stable as $$
declare
  v gate.filed_vehicle;
  shown text;
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
    texts[v.place] := coalesce(texts[v.place] || ',', '') || shown;
  end loop;
  return texts;
end $$;

create or replace function gate.filings_answers(p_ledger smallint, p_filings gate.filing[], p_crossings text[])
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
             then ',"next_windows":' || gate.windows_free(f.gate, f.direction, f.planned_at, f.mains, f.at)::text else '' end
        || ',"rule_failures":' || gate.texts(f.rule_failures)::text || ',"warnings":' || gate.texts(f.warnings)::text
        || ',"crossings":[' || coalesce(p_crossings[f.place], '') || ']}' end,
      false)::gate.answer order by f.place)
    from unnest(p_filings) with ordinality as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, window_from, mains,
      classes, class, across, procedure, number, code, problem, place));
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
