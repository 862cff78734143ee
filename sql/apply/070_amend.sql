-- Amending and cancelling a declaration.
-- Locks: the caller holds the ledger's head; plates are claimed in plate order.

create or replace function gate.declaration_of(p_ledger smallint, c gate.command) returns gate.declaration
language sql stable as $$
  select d from gate.declaration d
  where d.number = (c.args ->> 'number')::bigint and d.gate = p_ledger
    and (c.actor ->> 'firm' is null or d.firm = (c.actor ->> 'firm')::int)
$$;

-- {"number","reason"?}: while none of its vehicles was called or is at the gate.
create or replace function gate.cancel_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  d gate.declaration := gate.declaration_of(p_ledger, c);
  x gate.crossing;
  seq bigint;
begin
  if d.number is null then
    return gate.refused(c.ord, 'not_found');
  elsif d.state in ('completed', 'cancelled') then
    return gate.refused(c.ord, 'declaration_ended', jsonb_build_object('state', d.state));
  elsif exists (select from gate.crossing o where o.declaration = d.number and o.ended is null and o.done & (2 + 32) <> 0) then
    return gate.refused(c.ord, 'declaration_locked', jsonb_build_object('state', d.state));
  end if;
  for x in select * from gate.crossing where declaration = d.number and ended is null order by id loop
    seq := gate.append_one(p_ledger, c.at, 'cancelled', x.id, jsonb_build_object('version', x.version + 1, 'state', 'cancelled'), gate.deed(c, x), x.firm);
    perform gate.crossing_end(x, 'cancelled', c.at, seq);
  end loop;
  update gate.declaration set state = 'cancelled', ended_at = c.at, changed_at = c.at,
    version = case when version = d.version then version + 1 else version end
  where number = d.number
  returning * into d;
  delete from gate.live_reference where declaration = d.number;
  return row(c.ord, 'ok', 200, d.version::text, gate.declaration_json(d)::text, false)::gate.answer;
end $$;

-- Which stored crossing each vehicle of the new document is: the one with its plate, else, in
-- order, one whose plate is no longer named (a corrected plate); else null, a new one.
create or replace function gate.vehicles_match(d gate.declaration, p_document jsonb)
returns setof gate.matched
language sql stable as $$
  with named as (
    select role, ordinal, vehicle, coalesce(vehicle ->> 'plate', vehicle ->> 'vin') as plate
    from gate.vehicles_named(p_document)
  ), same as (
    select n.role, n.ordinal, (select min(o.id) from gate.crossing o
      where o.declaration = d.number and o.ended is null and o.role = n.role and o.plate = n.plate) as crossing
    from named n
  ), left_named as (
    select n.role, n.ordinal, row_number() over (partition by n.role order by n.ordinal) as n
    from named n join same s using (role, ordinal) where s.crossing is null
  ), left_stored as (
    select o.id, o.role, row_number() over (partition by o.role order by o.ordinal, o.id) as n
    from gate.crossing o
    where o.declaration = d.number and o.ended is null and o.done = 0
      and o.id not in (select s.crossing from same s where s.crossing is not null)
  )
  select n.role, n.ordinal, n.vehicle, n.plate, coalesce(s.crossing, ls.id)
  from named n
  join same s using (role, ordinal)
  left join left_named ln using (role, ordinal)
  left join left_stored ls on ls.role = n.role and ls.n = ln.n
$$;

-- What may not change any more: {pointer, code} each.
create or replace function gate.amend_errors(d gate.declaration, p_document jsonb) returns jsonb
language sql stable as $$
  select jsonb_agg(jsonb_build_object('pointer', pointer, 'code', 'declaration_locked', '@text', 'declaration_locked'))
  from (
    select '/gate' as pointer where p_document ->> 'gate' <> d.document ->> 'gate'
    union all
    select '/direction' where p_document ->> 'direction' <> d.direction::text
    union all
    select '/route' where d.state = 'in_progress' and p_document ->> 'route' is not null and p_document ->> 'route' <> d.route
    union all
    -- a vehicle that has begun stays in the declaration with its plate: swap is the way to change it
    select '/' || gate.list_of(x.role) || '/' || x.ordinal
    from gate.crossing x
    where x.declaration = d.number and x.done <> 0 and x.ended is null
      and x.id not in (select m.crossing from gate.vehicles_match(d, p_document) m where m.crossing is not null)
  ) as locked
$$;

-- {"number","version","document","rule_failures","warnings"}: document is the whole amended one.
create or replace function gate.amend_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  d gate.declaration := gate.declaration_of(p_ledger, c);
  doc jsonb := c.args -> 'document';
  draft boolean := jsonb_array_length(c.args -> 'rule_failures') > 0;
  errors jsonb;
begin
  if d.number is null then
    return gate.refused(c.ord, 'not_found');
  elsif d.version <> (c.args ->> 'version')::int then
    return gate.refused(c.ord, 'stale_version', jsonb_build_object('version', d.version));
  elsif d.state in ('completed', 'cancelled') then
    return gate.refused(c.ord, 'declaration_ended', jsonb_build_object('state', d.state));
  end if;
  errors := gate.amend_errors(d, doc);
  if errors is not null then
    return gate.refused(c.ord, 'declaration_locked', jsonb_build_object('errors', errors));
  elsif draft and d.state <> 'draft' then
    return gate.refused(c.ord, 'invalid_fields', jsonb_build_object('errors', gate.texts(c.args -> 'rule_failures')));
  elsif doc ->> 'route' is not null and not exists (
      select from gate.route where gate = p_ledger and code = doc ->> 'route' and freight) then
    return gate.refused(c.ord, 'route_unknown', gate.pointed('/route', 'route_unknown'));
  end if;
  errors := gate.amend_plates(d, doc, draft);
  if errors is not null then
    return gate.refused(c.ord, 'plate_live', jsonb_build_object('errors', errors));
  end if;
  d := gate.amend_write(p_ledger, c, d, doc, draft);
  perform gate.amend_vehicles(p_ledger, c, d, doc, draft);
  return row(c.ord, 'ok', 200, d.version::text, gate.declaration_json(d)::text, false)::gate.answer;
end $$;

-- Plates of the new document that are live under another crossing.
create or replace function gate.amend_plates(d gate.declaration, p_document jsonb, p_draft boolean) returns jsonb
language sql stable as $$
  select jsonb_agg(jsonb_build_object(
    'pointer', '/' || gate.list_of(m.role) || '/' || m.ordinal || '/plate',
    'code', 'plate_live', '@text', 'plate_live'))
  from gate.vehicles_match(d, p_document) m
  join gate.live_plate l on l.plate = m.plate
  where not p_draft and l.crossing is distinct from m.crossing
    and l.crossing not in (select o.id from gate.crossing o where o.declaration = d.number)
$$;

create or replace function gate.amend_write(p_ledger smallint, c gate.command, d gate.declaration, p_document jsonb, p_draft boolean)
returns gate.declaration
language plpgsql as $$
declare
  planned timestamptz := gate.from_ms((p_document ->> 'planned_arrival_ms')::bigint);
  mains int := jsonb_array_length(p_document -> 'vehicles');
  was int := (select count(*) from gate.crossing where declaration = d.number and role = 'main' and ended is null);
  keeps boolean := planned is not distinct from d.planned_at and mains = was;
  starts timestamptz := d.window_from;
  found gate.goods_class[] := gate.goods_classes(p_document, null, gate.hs_classes(gate.hanoi_day(c.at)));
begin
  if not p_draft and not keeps or (not p_draft and d.state = 'draft') then
    if d.window_from > c.at then
      perform gate.window_give_back(p_ledger, d.direction, d.window_from, was);
    end if;
    starts := case when planned is not null then gate.window_take(p_ledger, d.direction, planned, mains, c.at) end;
  end if;
  delete from gate.live_reference where declaration = d.number;
  if not p_draft then
    perform gate.references_write(d.number, p_document);
  end if;
  update gate.declaration set
    document = p_document, rule_failures = c.args -> 'rule_failures',
    warnings = (c.args -> 'warnings') || gate.references_shared(p_document, d.number),
    planned_at = planned, window_from = starts, classes = found, class = gate.least_class(found, (gate.rule_at(c.at)).credits),
    route = coalesce(p_document ->> 'route', route),
    across = coalesce(jsonb_array_length(p_document -> 'receiving_vehicles'), 0) > 0,
    state = case when state = 'draft' and not p_draft then 'ready' else state end,
    version = version + 1, changed_at = c.at
  where number = d.number
  returning * into d;
  return d;
end $$;

-- Brings the crossings in line with the amended declaration, each change with its event.
create or replace function gate.amend_vehicles(p_ledger smallint, c gate.command, d gate.declaration, p_document jsonb, p_draft boolean)
returns void
language plpgsql as $$
declare
  matches gate.matched[] := array(select m from gate.vehicles_match(d, p_document) m order by m.plate);
  m gate.matched;
  x gate.crossing;
  classes gate.goods_class[];
  seq bigint;
begin
  for x in
    select * from gate.crossing
    where declaration = d.number and ended is null
      and id not in (select k.crossing from unnest(matches) k where k.crossing is not null)
    order by id
  loop
    seq := gate.append_one(p_ledger, c.at, 'cancelled', x.id, jsonb_build_object('version', x.version + 1, 'state', 'cancelled'), gate.deed(c, x), x.firm);
    x.window_from := null; -- its place was given back with the declaration's
    perform gate.crossing_end(x, 'cancelled', c.at, seq);
  end loop;
  -- free what changes first, so that two vehicles of one declaration can trade plates
  delete from gate.live_plate l using unnest(matches) k where l.crossing = k.crossing and l.plate is distinct from k.plate;
  foreach m in array matches loop
    classes := case when m.role = 'receiving' then '{empty}' else gate.goods_classes(p_document, m.vehicle, gate.hs_classes(gate.hanoi_day(c.at))) end;
    perform gate.amend_crossing(p_ledger, c, d, m, classes, gate.rule_at(c.at), p_draft);
  end loop;
end $$;

create or replace function gate.amend_crossing(
  p_ledger smallint, c gate.command, d gate.declaration, m gate.matched, p_classes gate.goods_class[], p_rule gate.queue_rule,
  p_draft boolean)
returns gate.crossing
language plpgsql as $$
declare
  x gate.crossing;
  old gate.crossing;
  needed int := gate.required_steps(d.procedure, m.role, d.direction, p_classes, false, d.across);
  seq bigint;
begin
  if m.crossing is null then
    update gate.ledger set serial = serial + 1 where number = p_ledger returning p_ledger * 1000000000000 + serial into m.crossing;
    insert into gate.crossing (id, declaration, gate, firm, role, ordinal, direction, route, class, plate, nationality, procedure, across,
      required, state, filed_at)
    values (m.crossing, d.number, d.gate, d.firm, m.role, m.ordinal, d.direction, d.route, 'empty', coalesce(m.plate, 'unknown'),
      coalesce(m.vehicle ->> 'nationality', 'VN'), d.procedure, d.across, needed, 'draft', c.at);
  end if;
  select * into old from gate.crossing where id = m.crossing;
  if not p_draft and m.plate is not null and not gate.plate_take(m.plate, m.crossing) then
    raise exception 'plate taken while amending' using errcode = '40001'; -- another gate was first: the batch is tried again
  end if;
  seq := gate.append_one(p_ledger, c.at, 'amended', m.crossing,
    jsonb_build_object('declaration', d.number::text, 'version', old.version + 1, 'class', gate.least_class(p_classes, p_rule.credits), 'role', m.role,
      'window', gate.instant(d.window_from)::jsonb),
    gate.deed(c, old) || jsonb_build_object('vehicle', m.vehicle)
      || case when m.role = 'main' and m.ordinal = 0 then jsonb_build_object('document', d.document) else '{}' end, d.firm);
  update gate.crossing set
    ordinal = m.ordinal, plate = coalesce(m.plate, 'unknown'), nationality = coalesce(m.vehicle ->> 'nationality', 'VN'),
    trailer_plate = m.vehicle ->> 'trailer_plate', class = gate.least_class(p_classes, p_rule.credits), across = d.across, route = d.route,
    required = case when channel in ('yellow', 'red') then gate.required_steps(d.procedure, m.role, d.direction, p_classes, true, d.across) else needed end,
    planned_at = d.planned_at, window_from = case when m.role = 'main' then d.window_from end,
    state = gate.state_of(role, direction, needed, done, held, ended, p_draft),
    due_at = case when p_draft then null when done & ~1 = 0 then gate.promised_at(d.planned_at, c.at) + p_rule.claim_s * interval '1 second' else due_at end,
    version = version + 1, last_seq = seq
  where id = m.crossing
  returning * into x;
  -- a first pass when the draft is complete; a new one when what it says has changed
  if not p_draft and (x.pass_version = 0 or (x.plate, x.class) is distinct from (old.plate, old.class)) then
    x := gate.pass_renew(x, c.at, seq);
  end if;
  return x;
end $$;
