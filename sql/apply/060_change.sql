-- Changes to crossings and declarations that are rare against steps: applied one by one.
-- Locks: the caller holds the ledger's head; a plate is claimed one at a time, in plate order.

-- The crossing an actor may change: its own for a firm, any of the gate for others; else null.
create or replace function gate.crossing_of(p_ledger smallint, c gate.command) returns gate.crossing
language sql stable as $$
  select x from gate.crossing x
  where x.id = (c.args ->> 'crossing')::bigint and x.gate = p_ledger
    and (c.actor ->> 'firm' is null or x.firm = (c.actor ->> 'firm')::int)
$$;

create or replace function gate.has_reason(c gate.command) returns boolean
language sql immutable as $$ select coalesce(btrim(c.args ->> 'reason'), '') <> '' $$;

create or replace function gate.reason_required(c gate.command) returns gate.answer
language sql immutable as $$
  select gate.refused(c.ord, 'reason_required', gate.pointed('/reason', 'required'))
$$;

-- Who did it and why: the private part common to these events.
create or replace function gate.deed(c gate.command, x gate.crossing) returns jsonb
language sql stable as $$
  select jsonb_strip_nulls(jsonb_build_object('by', c.actor -> 'id', 'role', c.actor -> 'role', 'agency', c.actor -> 'agency',
    'device', c.actor -> 'device', 'plate', x.plate, 'declaration', x.declaration::text, 'reason', c.args ->> 'reason'))
$$;

-- Takes a plate for a crossing; false when another live crossing has it.
create or replace function gate.plate_take(p_plate text, p_crossing bigint) returns boolean
language plpgsql as $$
begin
  insert into gate.live_plate (plate, crossing) values (p_plate, p_crossing) on conflict do nothing;
  return found or exists (select from gate.live_plate where plate = p_plate and crossing = p_crossing);
end $$;

-- A new version of the pass; the older ones are revoked. The place in the queue stays.
create or replace function gate.pass_renew(x gate.crossing, p_at timestamptz, p_seq bigint) returns gate.crossing
language plpgsql as $$
begin
  update gate.crossing set
    pass_version = pass_version + 1, pass_revoked = false, pass_key = gate.pass_key_at(p_at), pass_from = p_at,
    pass_until = gate.promised_at(planned_at, p_at) + (gate.rule_at(p_at)).pass_s * interval '1 second',
    version = version + 1, last_seq = p_seq
  where id = x.id
  returning * into x;
  perform gate.pass_revoke(x, x.pass_version, p_at);
  return x;
end $$;

create or replace function gate.pass_answer(p_ord int, x gate.crossing, p_ledger smallint, p_seq bigint) returns gate.answer
language sql stable as $$
  select row(p_ord, 'ok', 200, x.version::text,
    '{"crossing":' || gate.crossing_brief(x) || ',"pass":'
    || gate.pass_json(x.id, x.pass_version, x.plate, x.gate, x.direction, x.class, x.pass_from, x.pass_until, x.pass_key)
    || ',"event":"' || gate.event_text(p_ledger, p_seq) || '"}', false)::gate.answer
$$;

-- Why nothing about a crossing can be changed any more, or yet.
create or replace function gate.settled(x gate.crossing) returns text
language sql immutable as $$
  select case when x.id is null then 'not_found'
              when x.state = 'draft' then 'crossing_draft'
              when not gate.is_live(x.state) then 'crossing_ended' end
$$;

-- Appends the event of a change, with who made it and why; p_public and p_private: what it says beside.
create or replace function gate.change_note(
  p_ledger smallint, c gate.command, x gate.crossing, p_type text, p_public jsonb, p_private jsonb default '{}')
returns bigint
language plpgsql as $$
begin
  return gate.append_one(p_ledger, c.at, p_type, x.id,
    jsonb_build_object('version', x.version + 1) || p_public, gate.deed(c, x) || p_private, x.firm);
end $$;

-- A change that wants a reason, to a crossing that is neither a draft nor over.
create or replace function gate.change_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  x gate.crossing := gate.crossing_of(p_ledger, c);
begin
  if gate.settled(x) is not null then
    return gate.refused(c.ord, gate.settled(x));
  elsif not gate.has_reason(c) then
    return gate.reason_required(c);
  end if;
  return case c.verb
    when 'revoke' then gate.revoke_one(p_ledger, c, x)
    when 'swap' then gate.swap_one(p_ledger, c, x)
    when 'plate' then gate.plate_one(p_ledger, c, x)
    when 'release' then gate.release_one(p_ledger, c, x)
    when 'return' then gate.return_one(p_ledger, c, x)
    when 'turn_back' then gate.change_end(p_ledger, c, x, 'turned_back', 'turned_back')
  end;
end $$;

-- The change that ends a crossing in a state.
create or replace function gate.change_end(
  p_ledger smallint, c gate.command, x gate.crossing, p_type text, p_state text)
returns gate.answer
language plpgsql as $$
declare
  seq bigint := gate.change_note(p_ledger, c, x, p_type, jsonb_build_object('state', p_state));
begin
  x := gate.crossing_end(x, p_state, c.at, seq);
  return gate.crossing_answer(c.ord, 200, x, p_ledger, seq);
end $$;

create or replace function gate.reissue_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  x gate.crossing := gate.crossing_of(p_ledger, c);
  seq bigint;
begin
  if gate.settled(x) is not null then
    return gate.refused(c.ord, gate.settled(x));
  end if;
  seq := gate.change_note(p_ledger, c, x, 'pass_reissued', jsonb_build_object('pass_version', x.pass_version + 1));
  perform gate.link_end(x.id, c.at);  -- who asks for a new pass fears for the old one
  x := gate.pass_renew(x, c.at, seq);
  return gate.pass_answer(c.ord, x, p_ledger, seq);
end $$;

create or replace function gate.revoke_one(p_ledger smallint, c gate.command, x gate.crossing) returns gate.answer
language plpgsql as $$
declare
  seq bigint;
begin
  if x.pass_revoked then
    return gate.refused(c.ord, 'pass_revoked');
  end if;
  seq := gate.change_note(p_ledger, c, x, 'pass_revoked', jsonb_build_object('pass_version', x.pass_version));
  update gate.crossing set pass_revoked = true, version = version + 1, last_seq = seq where id = x.id returning * into x;
  perform gate.pass_revoke(x, x.pass_version + 1, c.at);
  return gate.crossing_answer(c.ord, 200, x, p_ledger, seq);
end $$;

-- Another driver or tractor: {"crossing","driver"?,"plate"?,"nationality"?,"trailer_plate"?,"reason"}.
-- A firm may until the vehicle came in; then a supervisor.
create or replace function gate.swap_one(p_ledger smallint, c gate.command, x gate.crossing) returns gate.answer
language plpgsql as $$
declare
  changes jsonb := jsonb_strip_nulls(jsonb_build_object(
    'driver', c.args -> 'driver', 'plate', c.args -> 'plate', 'nationality', c.args -> 'nationality', 'trailer_plate', c.args -> 'trailer_plate'));
  new_plate text := c.args ->> 'plate';
  seq bigint;
begin
  if x.done & gate.bit_gate_in() <> 0 and c.actor ->> 'role' <> 'supervisor' then
    return gate.refused(c.ord, 'crossing_arrived', jsonb_build_object('state', x.state));
  end if;
  if new_plate is not null and new_plate <> x.plate then
    if x.swaps >= (gate.rule_at(c.at)).swaps and c.actor ->> 'role' <> 'supervisor' then
      return gate.refused(c.ord, 'swap_used', jsonb_build_object('swaps', x.swaps));
    elsif not gate.plate_take(new_plate, x.id) then
      return gate.refused(c.ord, 'plate_live', gate.pointed('/plate', 'plate_live'));
    end if;
    delete from gate.live_plate where plate = x.plate and crossing = x.id;
  end if;
  seq := gate.change_note(p_ledger, c, x, 'swapped',
    jsonb_build_object('tractor', new_plate is not null and new_plate <> x.plate, 'driver', c.args ? 'driver',
      'pass_version', x.pass_version + 1),
    jsonb_build_object('changes', changes));
  update gate.crossing set
    plate = coalesce(new_plate, plate), nationality = coalesce(c.args ->> 'nationality', nationality),
    trailer_plate = coalesce(c.args ->> 'trailer_plate', trailer_plate),
    swaps = swaps + case when new_plate <> x.plate then 1 else 0 end
  where id = x.id;
  if c.args ? 'driver' then
    perform gate.link_end_for_other(x, c.args -> 'driver', c.at);
  end if;
  perform gate.document_change(x, changes, c.at);
  x := gate.pass_renew(x, c.at, seq);
  return gate.pass_answer(c.ord, x, p_ledger, seq);
end $$;

-- An officer corrects the province of a Chinese plate (or a misread plate): {"crossing","plate","reason"}.
create or replace function gate.plate_one(p_ledger smallint, c gate.command, x gate.crossing) returns gate.answer
language plpgsql as $$
declare
  seq bigint;
begin
  if c.args ->> 'plate' <> x.plate and not gate.plate_take(c.args ->> 'plate', x.id) then
    return gate.refused(c.ord, 'plate_live', gate.pointed('/plate', 'plate_live'));
  end if;
  seq := gate.change_note(p_ledger, c, x, 'plate_corrected',
    jsonb_build_object('pass_version', x.pass_version + 1), jsonb_build_object('new_plate', c.args ->> 'plate'));
  delete from gate.live_plate where plate = x.plate and crossing = x.id and plate <> c.args ->> 'plate';
  update gate.crossing set plate = c.args ->> 'plate', nationality = coalesce(c.args ->> 'nationality', nationality) where id = x.id;
  perform gate.document_change(x, jsonb_strip_nulls(jsonb_build_object('plate', c.args -> 'plate', 'nationality', c.args -> 'nationality')), c.at);
  x := gate.pass_renew(x, c.at, seq);
  return gate.pass_answer(c.ord, x, p_ledger, seq);
end $$;

-- An officer who sees the truck frees its plate from a crossing that has not arrived.
create or replace function gate.release_one(p_ledger smallint, c gate.command, x gate.crossing) returns gate.answer
language plpgsql as $$
begin
  if gate.has_arrived(x.done) then
    return gate.refused(c.ord, 'crossing_arrived', jsonb_build_object('state', x.state));
  end if;
  return gate.change_end(p_ledger, c, x, 'released', 'expired');
end $$;

-- An operator takes a call back: the vehicle returns to its place, without penalty.
create or replace function gate.return_one(p_ledger smallint, c gate.command, x gate.crossing) returns gate.answer
language plpgsql as $$
declare
  seq bigint;
begin
  if x.done & gate.bit_called() = 0 then
    return gate.refused(c.ord, 'step_not_open', jsonb_build_object('state', x.state));
  elsif gate.has_come(x.direction, x.done) then
    return gate.refused(c.ord, 'crossing_arrived', jsonb_build_object('state', x.state));
  end if;
  seq := gate.change_note(p_ledger, c, x, 'requeued',
    jsonb_build_object('rank_at', gate.instant(x.rank_at)::jsonb, 'class', x.class, 'direction', x.direction));
  x := gate.requeue(x, null, x.no_shows, seq);
  return gate.crossing_answer(c.ord, 200, x, p_ledger, seq);
end $$;

-- {"conflict": number, "resolution"}: a supervisor looked at it and says what was right.
create or replace function gate.resolve_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  k gate.conflict;
  x gate.crossing;
  seq bigint;
begin
  select * into k from gate.conflict where gate = p_ledger and number = (c.args ->> 'conflict')::bigint;
  if k.number is null then
    return gate.refused(c.ord, 'not_found');
  elsif k.resolved_at is not null then
    return gate.refused(c.ord, 'conflict_resolved', jsonb_build_object('resolved_at', gate.instant(k.resolved_at)::jsonb));
  elsif coalesce(btrim(c.args ->> 'resolution'), '') = '' then
    return gate.refused(c.ord, 'reason_required', gate.pointed('/resolution', 'required'));
  end if;
  select * into x from gate.crossing where id = k.crossing;
  seq := gate.append_one(p_ledger, c.at, 'conflict_resolved', k.crossing, jsonb_build_object('conflict', k.number),
    gate.deed(c, x) || jsonb_build_object('resolution', c.args ->> 'resolution'), x.firm);
  update gate.conflict set resolved_at = c.at, resolved_by = (c.actor ->> 'id')::int, resolution = c.args ->> 'resolution'
  where gate = p_ledger and number = k.number;
  return row(c.ord, 'ok', 200, null, '{"conflict":' || k.number || ',"event":"' || gate.event_text(p_ledger, seq) || '"}', false)::gate.answer;
end $$;

-- A lane as it is shown.
create or replace function gate.lane_json(l gate.lane) returns jsonb
language sql stable as $$
  select jsonb_build_object('lane', l.number, 'route', l.route, 'directions', to_jsonb(l.directions), 'classes', to_jsonb(l.classes),
    'open', l.is_open)
$$;

-- Opens or closes a lane: {"lane","reason"?,"directions"?,"classes"?}.
create or replace function gate.lane_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  l gate.lane;
  opens boolean := c.verb = 'lane_open';
  seq bigint;
begin
  -- a lane that was built is opened for its directions, on the gate's main route
  if opens and coalesce(jsonb_array_length(nullif(c.args -> 'directions', 'null')), 0) > 0 then
    insert into gate.lane (gate, number, route, directions, classes)
    select p_ledger, (c.args ->> 'lane')::int, r.code, array(select jsonb_array_elements_text(c.args -> 'directions')::gate.direction), null
    from gate.route r where r.gate = p_ledger and r.main
    on conflict do nothing;
  end if;
  select * into l from gate.lane where gate = p_ledger and number = (c.args ->> 'lane')::int;
  if l.number is null then
    return gate.refused(c.ord, 'not_found');
  end if;
  update gate.lane set is_open = opens, changed_at = c.at,
    directions = coalesce((select array_agg(d::gate.direction) from jsonb_array_elements_text(nullif(c.args -> 'directions', 'null')) d), directions),
    classes = case when c.args ? 'classes' then (select array_agg(d::gate.goods_class) from jsonb_array_elements_text(nullif(c.args -> 'classes', 'null')) d) else classes end
  where gate = p_ledger and number = l.number
  returning * into l;
  seq := gate.append_one(p_ledger, c.at, c.verb, null, gate.lane_json(l) - 'open',
    jsonb_strip_nulls(jsonb_build_object('by', c.actor -> 'id', 'reason', c.args ->> 'reason')), null);
  update gate.config_version set version = version + 1 where topic = 'gates';
  return row(c.ord, 'ok', 200, null,
    (gate.lane_json(l) || jsonb_build_object('event', gate.event_text(p_ledger, seq)))::text, false)::gate.answer;
end $$;

-- The entries asked for; one that takes up an entry in force again (same route, direction and mode,
-- begun no later) goes on since then: a member since_ms.
create or replace function gate.calendar_taken_up(p_ledger smallint, c gate.command) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(e || case when k.since is null then '{}' else jsonb_build_object('since_ms', gate.to_ms(k.since)) end order by i), '[]')
  from jsonb_array_elements(c.args -> 'entries') with ordinality e (e, i)
  left join lateral (
    select coalesce(k.since, k.starts_at) as since
    from gate.calendar k
    where k.gate = p_ledger and k.starts_at <= c.at and k.ends_at > c.at and k.mode = e ->> 'mode'
      and k.route is not distinct from e ->> 'route' and k.direction::text is not distinct from e ->> 'direction'
      and gate.from_ms((e ->> 'from_ms')::bigint) <= coalesce(k.since, k.starts_at)
    order by k.number desc
    limit 1) k on true
$$;

-- Replaces what of the calendar lies ahead: {"entries":[{"route"?,"direction"?,"from_ms","to_ms","mode","cause","reason"}]}.
-- What has begun ends now unless an entry takes it up again; what is past stays.
create or replace function gate.calendar_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  errors jsonb;
  entries jsonb;
  next int := coalesce((select max(number) from gate.calendar where gate = p_ledger), 0);
  seq bigint;
begin
  select jsonb_agg(jsonb_build_object('pointer', '/entries/' || i - 1 || x.at, 'code', x.code, '@text', x.code))
  into errors
  from jsonb_array_elements(c.args -> 'entries') with ordinality e (e, i)
  cross join lateral (
    select '/route' as at, 'route_unknown' as code
    where e ->> 'route' is not null and not exists (select from gate.route where gate = p_ledger and code = e ->> 'route')
    union all
    select '/to', 'calendar_past' where gate.from_ms((e ->> 'to_ms')::bigint) <= c.at
    union all
    select '/to', 'span_order' where (e ->> 'to_ms')::bigint <= (e ->> 'from_ms')::bigint
  ) x;
  if errors is not null then
    return gate.refused(c.ord, 'invalid_fields', jsonb_build_object('errors', errors));
  end if;
  entries := gate.calendar_taken_up(p_ledger, c);
  delete from gate.calendar where gate = p_ledger and starts_at >= c.at;
  update gate.calendar set ends_at = c.at where gate = p_ledger and starts_at < c.at and ends_at > c.at;
  insert into gate.calendar (gate, number, route, direction, starts_at, ends_at, mode, cause, reason, entered_at, since)
  select p_ledger, next + i, e ->> 'route', (e ->> 'direction')::gate.direction, greatest(gate.from_ms((e ->> 'from_ms')::bigint), c.at),
    gate.from_ms((e ->> 'to_ms')::bigint), e ->> 'mode', coalesce(e ->> 'cause', 'gate'), e ->> 'reason', c.at,
    gate.from_ms((e ->> 'since_ms')::bigint)
  from jsonb_array_elements(entries) with ordinality e (e, i);
  seq := gate.append_one(p_ledger, c.at, 'calendar', null, jsonb_build_object('entries', entries),
    jsonb_build_object('by', c.actor -> 'id'), null);
  update gate.config_version set version = version + 1 where topic = 'gates';
  return row(c.ord, 'ok', 200, null, jsonb_build_object('calendar', gate.calendar_json(p_ledger, c.at), 'event', gate.event_text(p_ledger, seq))::text, false)::gate.answer;
end $$;

-- The exceptions that hold or lie ahead.
create or replace function gate.calendar_json(p_gate smallint, p_now timestamptz) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'route', route, 'direction', direction, 'from', gate.instant(coalesce(since, starts_at))::jsonb, 'to', gate.instant(ends_at)::jsonb,
    'mode', mode, 'cause', cause, 'reason', reason) order by starts_at, number), '[]')
  from gate.calendar where gate = p_gate and ends_at > p_now
$$;
