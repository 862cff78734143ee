-- Filing declarations, a batch at a time.
--
-- Locks: the caller holds the ledger's head; live plates are then inserted in plate order.
-- The story: asked -> vehicles -> refused (route, plates) -> numbered -> written -> answered.

-- asked: form was judged before; here the firm, the route and the goods are resolved.
create or replace function gate.filings_asked(p_ledger smallint, p_commands gate.command[], p_rule gate.queue_rule, p_procedure int, p_hs jsonb)
returns gate.filing[]
language plpgsql stable as $$
begin
  return (
    select array_agg(row(
      ord, at, actor, document, rule_failures, warnings || gate.arrival_warnings(planned_at, at), firm, p_ledger, direction, route, draft, planned_at,
      mains, classes,
      case when cardinality(classes) = 1 then classes[1] else gate.least_class(classes, p_rule.credits) end, across, p_procedure,
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
      case when draft then 0 else gate.steps_left(optional, receiving, required, 0, 'declared', null) & gate.free_steps(own, required) end
    )::gate.filed_vehicle order by n)
    from (
      select named.*, k.own, k.optional, k.receiving,
        k.always | case when 'perishable' = any (classes) then k.perishable else 0 end
          | case when 'frozen_live' = any (classes) then k.frozen_live else 0 end
          | case when across then k.receiving else 0 end as required,
        case when cardinality(classes) = 1 then classes[1] else gate.least_class(classes, p_rule.credits) end as class
      from (
        select f.place, x.role, x.ordinal, x.vehicle, coalesce(x.vehicle ->> 'plate', x.vehicle ->> 'vin') as plate,
          f.at, (f.actor ->> 'id')::int as actor, f.firm, f.direction, f.route, f.draft, f.across, f.planned_at, f.document,
          row_number() over (order by f.place, x.role, x.ordinal) as n,
          case when x.role = 'receiving' then '{empty}'
               -- those of all vehicles, unless the goods name some
               when f.mains = 1 or cardinality(f.classes) = 1 and not f.document @? '$.goods[*].plates[*]'
                 and not f.document @? '$.vehicles[*].vin' then f.classes
               else gate.goods_classes(f.document, x.vehicle, p_hs) end as classes
        from unnest(p_filings) with ordinality as f (
          ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
          classes, class, across, procedure, code, problem, place)
        cross join lateral gate.vehicles_named(f.document) x
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
      'pointer', '/' || gate.list_of(role) || '/' || ordinal
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

-- The daily numbers, dealt by the gate in the order of the commands; null for what is refused.
create or replace function gate.filings_number(p_ledger smallint, p_filings gate.filing[], p_serial bigint) returns bigint[]
language plpgsql as $$
declare
  head gate.ledger;
  day date;
  numbers bigint[] := array_fill(null::bigint, array[cardinality(p_filings)]);
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
    numbers[i] := (to_char(head.hanoi_day, 'YYYYMMDD') || lpad(p_ledger::text, 2, '0')
      || lpad(head.day_count::text, greatest(4, length(head.day_count::text)), '0'))::bigint;
  end loop;
  update gate.ledger set hanoi_day = head.hanoi_day, day_count = head.day_count, serial = p_serial where number = p_ledger;
  return numbers;
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

  numbers := gate.filings_number(p_ledger, filings, head.serial);
  windows := gate.filings_windows(p_ledger, filings);
  filings := gate.filings_references(filings, numbers);
  perform gate.filings_write(filings, numbers, windows, proc);
  perform gate.vehicles_write(p_ledger, vehicles, numbers, windows, proc, rule, pass_key, head.seq);
  perform gate.append_many(p_ledger,
    gate.filings_events(vehicles, numbers, windows, pass_key) || gate.papers_events(filings, numbers));
  return gate.filings_answers(p_ledger, filings, numbers, windows, gate.vehicles_json(p_ledger, vehicles, rule, pass_key));
end $$;
