-- Amending and cancelling a declaration.
-- Locks: the caller holds the ledger's head; plates are claimed in plate order.

create or replace function gate.declaration_of(p_ledger smallint, c gate.command) returns gate.declaration
language sql stable as $$
  select d from gate.declaration d
  where d.number = (c.args ->> 'number')::bigint and d.gate = p_ledger
    and (c.actor ->> 'firm' is null or d.firm = (c.actor ->> 'firm')::int)
$$;

-- Whether an agency holds one of its vehicles: the firm does not get it free by ending the declaration.
create or replace function gate.is_held(d gate.declaration) returns boolean
language sql stable as $$
  select exists (select from gate.crossing o where o.declaration = d.number and gate.is_live(o.state) and o.held <> 0)
$$;

-- {"number","reason"?}: while none of its vehicles was called or is at the gate; what is held is ended by
-- those who hold it.
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
  elsif exists (select from gate.crossing o where o.declaration = d.number and o.ended is null and o.done & (gate.bit_gate_in() | gate.bit_called()) <> 0) then
    return gate.refused(c.ord, 'declaration_locked', jsonb_build_object('state', d.state));
  elsif gate.is_held(d) and not gate.may_correct(c.actor) then
    return gate.refused(c.ord, 'crossing_held', jsonb_build_object('state', d.state));
  end if;
  for x in select * from gate.crossing where declaration = d.number and ended is null order by id loop
    seq := gate.append_one(p_ledger, c.at, 'cancelled', x.id, jsonb_build_object('version', x.version + 1, 'state', 'cancelled'), gate.deed(c, x), x.firm);
    perform gate.crossing_end(x, 'cancelled', c.at, seq);
  end loop;
  if seq is null then
    perform gate.append_one(p_ledger, c.at, 'papers_cancelled', null,
      jsonb_build_object('declaration', d.number::text, 'state', 'cancelled'), gate.deed(c, null), d.firm);
  end if;
  update gate.declaration set state = 'cancelled', ended_at = c.at, changed_at = c.at,
    version = case when version = d.version then version + 1 else version end
  where number = d.number
  returning * into d;
  delete from gate.live_reference where declaration = d.number;
  return row(c.ord, 'ok', 200, d.version::text, gate.declaration_json(d)::text, false)::gate.answer;
end $$;

-- A crossing whose vehicle is a fact: it ended or left. One that an amendment took out is no part of
-- the declaration any more.
create or replace function gate.is_fixed(x gate.crossing) returns boolean
language sql immutable as $$
  select not gate.is_live(x.state) and x.ended is distinct from 'cancelled'
$$;

-- The new document with the vehicles of fixed crossings that it omits, as they were, at the end.
create or replace function gate.document_kept(d gate.declaration, p_document jsonb) returns jsonb
language sql stable as $$
  select p_document || jsonb_object_agg(gate.list_of(r.role), coalesce(p_document -> gate.list_of(r.role), '[]') || (
    select coalesce(jsonb_agg(d.document -> gate.list_of(r.role) -> x.ordinal::int order by x.ordinal), '[]')
    from gate.crossing x
    where x.declaration = d.number and x.role = r.role and gate.is_fixed(x) and not exists (
      select from gate.vehicles_named(p_document) n
      where n.role = r.role and coalesce(n.vehicle ->> 'plate', n.vehicle ->> 'vin') = x.plate)))
  from (values ('main'), ('receiving')) as r (role)
$$;

-- Which stored crossing each vehicle of the new document is: the one with its plate, else, in
-- order, a live one whose plate is no longer named (a corrected plate); else null, a new one.
create or replace function gate.vehicles_match(d gate.declaration, p_document jsonb)
returns setof gate.matched
language sql stable as $$
  with named as (
    select role, ordinal, vehicle, coalesce(vehicle ->> 'plate', vehicle ->> 'vin') as plate
    from gate.vehicles_named(p_document)
  ), same as (
    select n.role, n.ordinal, (
      select o.id from gate.crossing o
      where o.declaration = d.number and o.role = n.role and o.plate = n.plate and (gate.is_live(o.state) or gate.is_fixed(o))
      order by gate.is_live(o.state) desc, o.id limit 1) as crossing
    from named n
  ), left_named as (
    select n.role, n.ordinal, row_number() over (partition by n.role order by n.ordinal) as n
    from named n join same s using (role, ordinal) where s.crossing is null
  ), left_stored as (
    select o.id, o.role, row_number() over (partition by o.role order by o.ordinal, o.id) as n
    from gate.crossing o
    where o.declaration = d.number and gate.is_live(o.state)
      and o.id not in (select s.crossing from same s where s.crossing is not null)
  )
  select n.role, n.ordinal, n.vehicle, n.plate, coalesce(s.crossing, ls.id)
  from named n
  join same s using (role, ordinal)
  left join left_named ln using (role, ordinal)
  left join left_stored ls on ls.role = n.role and ls.n = ln.n
$$;

-- Where two values differ, as JSON pointers; nothing, null and an empty list are the same.
create or replace function gate.json_changes(p_old jsonb, p_new jsonb, p_at text) returns setof text
language plpgsql immutable as $$
begin
  if nullif(nullif(p_old, 'null'), '[]') is not distinct from nullif(nullif(p_new, 'null'), '[]') then
    return;
  elsif jsonb_typeof(p_old) = 'object' and jsonb_typeof(p_new) = 'object' then
    return query
      select c from (select jsonb_object_keys(p_old) union select jsonb_object_keys(p_new)) as k (key)
      cross join lateral gate.json_changes(p_old -> key, p_new -> key, p_at || '/' || key) c;
  elsif jsonb_typeof(p_old) = 'array' and jsonb_typeof(p_new) = 'array' then
    return query
      select c from generate_series(0, greatest(jsonb_array_length(p_old), jsonb_array_length(p_new)) - 1) i
      cross join lateral gate.json_changes(p_old -> i, p_new -> i, p_at || '/' || i) c;
  else
    return next p_at;
  end if;
end $$;

-- What customs has registered may be changed by an agency for the firm, and by nobody else.
create or replace function gate.may_correct(p_actor jsonb) returns boolean
language sql immutable parallel safe as $$
  select p_actor ->> 'role' in ('officer', 'system', 'supervisor')
$$;

-- From when a vehicle's papers stand still for its firm: customs registered it, or it was let come
-- without that (by a supervisor, or during an outage).
create or replace function gate.has_begun(p_done int) returns boolean
language sql immutable parallel safe as $$
  select p_done & gate.bit_registered() <> 0 or gate.has_arrived(p_done)
$$;

-- Members of vehicles that may not change any more, as pointers. A fixed vehicle stays as it was; for
-- the firm, one that came in stays, and of one that has begun all but its people and their papers.
create or replace function gate.vehicles_locked(d gate.declaration, p_document jsonb, p_corrects boolean) returns setof text
language sql stable as $$
  select c.pointer
  from gate.vehicles_match(d, p_document) m
  join gate.crossing x on x.id = m.crossing
  cross join lateral gate.json_changes(
    d.document -> gate.list_of(x.role) -> x.ordinal::int, m.vehicle, '/' || gate.list_of(m.role) || '/' || m.ordinal) c (pointer)
  where gate.is_fixed(x)
    or not p_corrects and (
      x.done & gate.bit_gate_in() <> 0
      or gate.has_begun(x.done) and split_part(c.pointer, '/', 4) not in (
        'driver', 'co_driver', 'licence', 'insurance', 'customs_vehicle_number', 'unloading_place'))
$$;

-- Other members that the firm may not change any more, as pointers: the goods and their customs
-- declarations once one vehicle has begun, the rest once every vehicle came in.
create or replace function gate.members_locked(d gate.declaration, p_document jsonb) returns setof text
language sql stable as $$
  with begun as (
    select coalesce(bool_or(gate.has_begun(x.done)), false) as begun,
      coalesce(bool_and(x.done & gate.bit_gate_in() <> 0) filter (where gate.is_live(x.state)), false) as came_in
    from gate.crossing x where x.declaration = d.number
  )
  select replace(c, '/planned_arrival_ms', '/planned_arrival')
  from begun
  cross join lateral gate.json_changes(
    d.document - '{gate,direction,route,vehicles,receiving_vehicles}'::text[],
    p_document - '{gate,direction,route,vehicles,receiving_vehicles}'::text[], '') c
  where case when split_part(c, '/', 2) in ('goods', 'customs_declarations') then begun else came_in end
$$;

-- What may not change any more: {pointer, code} each; null: nothing of it.
create or replace function gate.amend_errors(c gate.command, d gate.declaration, p_document jsonb) returns jsonb
language sql stable as $$
  select jsonb_agg(jsonb_build_object('pointer', pointer, 'code', 'declaration_locked', '@text', 'declaration_locked') order by pointer)
  from (
    select '/gate' as pointer where p_document ->> 'gate' <> d.document ->> 'gate'
    union
    select '/direction' where p_document ->> 'direction' <> d.direction::text
    union
    select '/route' where d.state = 'in_progress' and p_document ->> 'route' is not null and p_document ->> 'route' <> d.route
    union
    -- a vehicle that has begun stays in the declaration: swap is the way to change it
    select '/' || gate.list_of(x.role) || '/' || x.ordinal
    from gate.crossing x
    where x.declaration = d.number and gate.is_live(x.state) and (x.done | x.held) <> 0
      and x.id not in (select m.crossing from gate.vehicles_match(d, p_document) m where m.crossing is not null)
    union
    select l from gate.vehicles_locked(d, p_document, gate.may_correct(c.actor)) l
    union
    select l from gate.members_locked(d, p_document) l where not gate.may_correct(c.actor)
  ) as locked
$$;

-- Beside a declaration whose wished window was full: the next ones with room for its vehicles that come.
create or replace function gate.windows_instead(d gate.declaration, p_at timestamptz) returns jsonb
language sql stable as $$
  select case when d.window_from is null and d.planned_at is not null and d.state <> 'draft' and came.wanted > 0
    then jsonb_build_object('next_windows', gate.windows_free(d.gate, d.route, d.direction, d.planned_at, came.wanted, p_at))
    else '{}' end
  from (
    select count(*)::int as wanted from gate.crossing x
    where x.declaration = d.number and x.role = 'main' and gate.is_live(x.state) and not gate.has_arrived(x.done)) as came
$$;

-- {"number","version","document","rule_failures","warnings"}: document is the whole amended one.
create or replace function gate.amend_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  d gate.declaration := gate.declaration_of(p_ledger, c);
  doc jsonb := gate.document_kept(d, c.args -> 'document');
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
  errors := gate.amend_errors(c, d, doc);
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
  return row(c.ord, 'ok', 200, d.version::text, (gate.declaration_json(d) || gate.windows_instead(d, c.at))::text, false)::gate.answer;
end $$;

-- Plates of the new document that are live under a crossing of another declaration.
create or replace function gate.amend_plates(d gate.declaration, p_document jsonb, p_draft boolean) returns jsonb
language sql stable as $$
  select jsonb_agg(jsonb_build_object(
    'pointer', '/' || gate.list_of(m.role) || '/' || m.ordinal || '/plate', 'code', 'plate_live', '@text', 'plate_live'))
  from gate.vehicles_match(d, p_document) m
  left join gate.crossing x on x.id = m.crossing
  join gate.live_plate l on l.plate = m.plate
  where not p_draft and (x.id is null or gate.is_live(x.state))
    and l.crossing is distinct from m.crossing
    and l.crossing not in (select o.id from gate.crossing o where o.declaration = d.number)
$$;

-- The window after an amendment. Those that arrived keep what they had. moved: the others change it
-- together, all or none; else only those that are new want a place beside them.
drop function if exists gate.amend_window(gate.declaration, gate.matched[], timestamptz, boolean, timestamptz);
create or replace function gate.amend_window(
  d gate.declaration, p_matches gate.matched[], p_route text, p_planned timestamptz, p_draft boolean, p_at timestamptz,
  out moved boolean, out starts timestamptz)
language plpgsql as $$
declare
  fresh int;
  staying int;
  holding int;
begin
  select count(*) filter (where x.id is null), count(x.id), count(x.id) filter (where gate.keeps_window(x, p_at))
  into fresh, staying, holding
  from unnest(p_matches) m
  left join gate.crossing x on x.id = m.crossing
  where m.role = 'main' and (x.id is null or gate.is_live(x.state) and not gate.has_arrived(x.done));

  moved := d.window_from is null or p_planned is distinct from d.planned_at;
  if p_draft or p_planned is null then
    fresh := 0;
    staying := 0;
  end if;
  if moved then
    perform gate.window_give_back(d.gate, d.direction, d.window_from, holding);
    fresh := fresh + staying;
  end if;
  if fresh > 0 then
    starts := gate.window_take(d.gate, d.direction, gate.window_wanted(d.gate, p_route, d.direction, p_planned, p_at), fresh, p_at);
  end if;
end $$;

-- Ends the links of the crossings whose driver is another one in the new document.
create or replace function gate.links_end_for_others(p_matches gate.matched[], p_at timestamptz) returns void
language sql as $$
  select gate.link_end_for_other(x, m.vehicle -> 'driver', p_at)
  from unnest(p_matches) m join gate.crossing x on x.id = m.crossing
  where not gate.is_fixed(x)
$$;

create or replace function gate.amend_write(p_ledger smallint, c gate.command, d gate.declaration, p_document jsonb, p_draft boolean)
returns gate.declaration
language plpgsql as $$
declare
  matches gate.matched[] := array(select m from gate.vehicles_match(d, p_document) m order by m.plate);
  planned timestamptz := gate.from_ms((p_document ->> 'planned_arrival_ms')::bigint);
  win record := gate.amend_window(d, matches, coalesce(p_document ->> 'route', d.route), planned, p_draft, c.at);
  found gate.goods_class[] := gate.goods_classes(p_document, null, gate.hs_classes(gate.hanoi_day(c.at)));
begin
  perform gate.links_end_for_others(matches, c.at);
  delete from gate.live_reference where declaration = d.number;
  if not p_draft then
    perform gate.references_write(d.number, p_document);
  end if;
  update gate.declaration set
    document = p_document, rule_failures = c.args -> 'rule_failures',
    warnings = (c.args -> 'warnings') || gate.arrival_warnings(planned, c.at) || gate.references_shared(p_document, d.number),
    planned_at = planned, window_from = case when win.moved then win.starts else window_from end,
    classes = found, class = gate.least_class(found, (gate.rule_at(c.at)).credits),
    route = coalesce(p_document ->> 'route', route),
    across = coalesce(jsonb_array_length(p_document -> 'receiving_vehicles'), 0) > 0,
    state = case when state = 'draft' and not p_draft then 'ready' else state end,
    version = version + 1, changed_at = c.at
  where number = d.number
  returning * into d;
  perform gate.amend_vehicles(p_ledger, c, d, matches, win.moved, win.starts, p_draft);
  select * into d from gate.declaration where number = d.number; -- the end of its last vehicle may have ended it
  return d;
end $$;

-- Brings the crossings in line with the amended declaration, each change with its event.
create or replace function gate.amend_vehicles(
  p_ledger smallint, c gate.command, d gate.declaration, p_matches gate.matched[], p_moved boolean, p_starts timestamptz, p_draft boolean)
returns void
language plpgsql as $$
declare
  m gate.matched;
  x gate.crossing;
  leaving gate.crossing[] := array(
    select o from gate.crossing o
    where o.declaration = d.number and gate.is_live(o.state)
      and o.id not in (select k.crossing from unnest(p_matches) k where k.crossing is not null)
    order by o.id);
  document jsonb := d.document; -- with the first event only; by itself when there is none
  seq bigint;
begin
  -- free what changes first, so that two vehicles of one declaration can trade plates
  delete from gate.live_plate l using unnest(p_matches) k where l.crossing = k.crossing and l.plate is distinct from k.plate;
  delete from gate.live_plate l using unnest(leaving) o where l.crossing = o.id;
  foreach m in array p_matches loop
    select * into x from gate.crossing where id = m.crossing;
    if x.id is not null and gate.is_fixed(x) then
      update gate.crossing set ordinal = m.ordinal where id = x.id and ordinal <> m.ordinal; -- its place in the list, nothing of it
    else
      perform gate.amend_crossing(p_ledger, c, d, m, p_moved, p_starts, document, p_draft);
      document := null;
    end if;
  end loop;
  foreach x in array leaving loop
    seq := gate.append_one(p_ledger, c.at, 'cancelled', x.id, jsonb_build_object('version', x.version + 1, 'state', 'cancelled'), gate.deed(c, x), x.firm);
    perform gate.crossing_end(x, 'cancelled', c.at, seq);
  end loop;
  if document is not null then
    perform gate.append_one(p_ledger, c.at, 'papers_amended', null,
      jsonb_build_object('declaration', d.number::text, 'version', d.version),
      gate.deed(c, null) || jsonb_build_object('document', document), d.firm);
  end if;
end $$;

create or replace function gate.crossing_new(p_ledger smallint, d gate.declaration, m gate.matched, p_at timestamptz) returns gate.crossing
language plpgsql as $$
declare
  x gate.crossing;
begin
  update gate.ledger set serial = serial + 1 where number = p_ledger returning p_ledger * 1000000000000 + serial into m.crossing;
  insert into gate.crossing (id, declaration, gate, firm, role, ordinal, direction, route, class, plate, nationality, procedure, across,
    required, state, filed_at)
  values (m.crossing, d.number, d.gate, d.firm, m.role, m.ordinal, d.direction, d.route, 'empty', coalesce(m.plate, 'unknown'),
    coalesce(m.vehicle ->> 'nationality', 'VN'), d.procedure, d.across, 0, 'draft', p_at)
  returning * into x;
  return x;
end $$;

-- What an amended crossing needs. Once it came in nothing that was required is dropped any more.
create or replace function gate.required_amended(x gate.crossing, d gate.declaration, p_classes gate.goods_class[]) returns int
language plpgsql stable as $$
begin
  return gate.required_steps(x.procedure, x.role, x.direction, p_classes, coalesce(x.channel in ('yellow', 'red'), false), d.across)
    | case when x.done & gate.bit_gate_in() <> 0 then x.required else 0 end;
end $$;

-- The rank of one that joined, by the rule it joined under, when its goods turn out to be of a class.
create or replace function gate.rank_of_class(x gate.crossing, p_class gate.goods_class) returns timestamptz
language plpgsql stable as $$
begin
  return x.joined_at - (
    select (r.credits ->> p_class::text)::int * interval '1 second' from gate.queue_rule r where r.version = x.rule);
end $$;

-- Whether a firm puts another plate where a vehicle had brought a time from the other gate: that time is
-- the vehicle's, and only a swap, which is counted, hands it on.
create or replace function gate.is_other_vehicle(x gate.crossing, p_plate text, p_actor jsonb) returns boolean
language sql immutable as $$
  select x.kept_at is not null and p_plate is distinct from x.plate and not gate.may_correct(p_actor)
$$;

create or replace function gate.amend_crossing(
  p_ledger smallint, c gate.command, d gate.declaration, m gate.matched, p_moved boolean, p_starts timestamptz,
  p_document jsonb, p_draft boolean)
returns gate.crossing
language plpgsql as $$
declare
  rule gate.queue_rule := gate.rule_at(c.at);
  is_new boolean := m.crossing is null;
  classes gate.goods_class[] := case when m.role = 'receiving' then '{empty}'
    else gate.goods_classes(d.document, m.vehicle, gate.hs_classes(gate.hanoi_day(c.at))) end;
  old gate.crossing;
  x gate.crossing;
  needed int;
  arrived boolean;
  is_other boolean;
  starts timestamptz;
  ranks timestamptz;
  seq bigint;
begin
  if is_new then
    old := gate.crossing_new(p_ledger, d, m, c.at);
  else
    select * into old from gate.crossing where id = m.crossing;
  end if;
  if not p_draft and m.plate is not null and not gate.plate_take(m.plate, old.id) then
    raise exception 'plate taken while amending' using errcode = '40001'; -- another gate was first: the batch is tried again
  end if;
  needed := gate.required_amended(old, d, classes);
  arrived := gate.has_arrived(old.done);
  is_other := gate.is_other_vehicle(old, m.plate, c.actor);
  starts := case when old.role = 'main' then case when not arrived and (p_moved or is_new) then p_starts else old.window_from end end;
  ranks := gate.rank_of_class(old, gate.least_class(classes, rule.credits));
  seq := gate.append_one(p_ledger, c.at, 'amended', old.id,
    jsonb_build_object('declaration', d.number::text, 'version', old.version + 1, 'class', gate.least_class(classes, rule.credits),
      'role', m.role, 'window', gate.instant(starts)::jsonb)
      || case when ranks is null then '{}' else jsonb_build_object('rank_at', gate.instant(ranks)::jsonb, 'rule', old.rule) end
      || case when is_other then '{"kept_at":null}' else '{}' end::jsonb,
    gate.deed(c, old) || jsonb_build_object('vehicle', m.vehicle)
      || case when p_document is null then '{}' else jsonb_build_object('document', p_document) end, d.firm);
  update gate.crossing set
    ordinal = m.ordinal, plate = coalesce(m.plate, 'unknown'), nationality = coalesce(m.vehicle ->> 'nationality', 'VN'),
    trailer_plate = m.vehicle ->> 'trailer_plate', class = gate.least_class(classes, rule.credits), across = d.across or across, route = d.route,
    kept_at = case when not is_other then kept_at end,
    required = needed, state = gate.state_of(role, direction, needed, done, held, ended, p_draft),
    planned_at = case when arrived then planned_at else d.planned_at end, window_from = starts,
    rank_at = ranks, waits_at = case when waits_at is not null then ranks end,
    due_at = case when p_draft then null when arrived then due_at
      else gate.promised_at(d.planned_at, c.at) + rule.claim_s * interval '1 second' end,
    version = version + 1, last_seq = seq
  where id = old.id
  returning * into x;
  -- a first pass when the draft is complete; a new one when what it says has changed
  if not p_draft and (x.pass_version = 0 or (x.plate, x.class) is distinct from (old.plate, old.class)) then
    x := gate.pass_renew(x, c.at, seq);
  end if;
  return x;
end $$;
