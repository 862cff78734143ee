-- SPDX-License-Identifier: MIT
-- The verdict on a scan: go, stop or look, with a stable reason. The hot read: a few index probes.
--
-- {crossing | number | plate, pass_verdict?, pass_version?, trailer_plate?, gate?, lane?, direction?,
-- device?}
-- The server has verified the signature: pass_verdict says with what result, crossing and pass_version
-- come out of the pass. The questions stand in the order in which an officer needs their answers: is
-- the pass good, is it this truck, does the crossing live, is it here, is it its turn, is it mine.

-- The steps of a mask in two parts: what the actor may confirm (all of it, for a supervisor), and what
-- others must; both as JSON text.
create or replace function gate.steps_parted(p_mask int, p_actor jsonb, out mine int, out next text, out others text)
language plpgsql stable as $$
declare
  every boolean := p_actor ->> 'role' = 'supervisor';
  agency_asked text := p_actor ->> 'agency';
begin
  select coalesce(bit_or(1 << s.bit) filter (where every or s.agency = agency_asked), 0),
    string_agg('{"step":"' || s.code || '","agency":"' || s.agency || '"}', ',' order by s.bit) filter (where every or s.agency = agency_asked),
    string_agg('{"step":"' || s.code || '","agency":"' || s.agency || '"}', ',' order by s.bit)
      filter (where not every and s.agency is distinct from agency_asked)
  into mine, next, others
  from gate.step s
  where p_mask & (1 << s.bit) <> 0;
end $$;

-- A verdict as JSON text. next and others: steps as inner text of arrays, null for none; more: further
-- members, as inner text that begins with a comma, or ''.
create or replace function gate.verdict_text(p_verdict text, p_reason text, p_crossing text, p_next text, p_others text, p_more text)
returns text
language sql immutable parallel safe as $$
  select '{"verdict":"' || p_verdict || '","reason":"' || p_reason || '","@text":"' || p_reason || '","crossing":' || p_crossing
    || ',"next":[' || coalesce(p_next, '') || ']' || coalesce(',"others":[' || p_others || ']', '') || p_more || '}'
$$;

create or replace function gate.scan_brief(x gate.crossing) returns text
language sql stable parallel safe as $$
  select '{"id":"' || gate.crossing_text(x.id) || '","plate":' || to_json(x.plate)::text
    || ',"state":"' || x.state || '","class":"' || x.class || '","direction":"' || x.direction || '"'
    || case x.role when 'main' then '' else ',"role":"' || x.role || '"' end
    || case when x.trailer_plate is null then '' else ',"trailer_plate":' || to_json(x.trailer_plate)::text end
    || case when x.channel is null then '' else ',"channel":"' || x.channel || '"' end
    || case when x.lane is null then '' else ',"lane":' || x.lane end || '}'
$$;

-- Two writings of one plate: equal, or equal but for the province of a Chinese one.
create or replace function gate.plates_agree(p_one text, p_other text) returns boolean
language sql immutable parallel safe as $$
  select p_one = p_other
    or (ascii(p_one) > 127 or ascii(p_other) > 127)
      and substr(p_one, case when ascii(p_one) > 127 then 2 else 1 end)
        = substr(p_other, case when ascii(p_other) > 127 then 2 else 1 end)
$$;

-- The crossings a typed plate may mean: the live one, or live ones that differ in the province only,
-- else the last that had it.
create or replace function gate.crossings_by_plate(p_plate text) returns bigint[]
language plpgsql stable as $$
declare
  tail text := substr(p_plate, case when ascii(p_plate) > 127 then 2 else 1 end);
  found bigint[];
begin
  found := array(select l.crossing from gate.live_plate l where l.plate = p_plate);
  -- the province is assumed when it was not typed, so an exact hit may still be another truck's
  if ascii(p_plate) > 127 or ascii(p_plate) between 65 and 90 then
    found := found || array(
      select l.crossing from gate.live_plate l
      where ascii(l.plate) > 127 and substr(l.plate, 2) = tail and l.crossing <> all (found)
      order by l.crossing limit 10);
  end if;
  if found = '{}' then
    found := array(select x.id from gate.crossing x where x.plate = p_plate order by x.id desc limit 1);
  end if;
  return found;
end $$;

-- The number a declaration has now: one that went to the other gate has another there.
create or replace function gate.number_now(p_number bigint) returns bigint
language plpgsql stable as $$
declare
  next bigint := p_number;
begin
  loop
    p_number := next;
    select d.number into next from gate.declaration d where d.moved_from = p_number;
    exit when next is null;
  end loop;
  return p_number;
end $$;

-- The crossing of the same vehicle at the gate that its declaration went to; null: it did not.
create or replace function gate.moved_on(x gate.crossing) returns gate.crossing
language plpgsql stable as $$
declare
  number bigint := gate.number_now(x.declaration);
begin
  return (
    select o from gate.crossing o
    where o.declaration = number and number <> x.declaration and o.role = x.role and o.plate = x.plate
    order by o.id desc limit 1);
end $$;

-- The crossings a scan may mean. A declaration's number means those of its vehicles that live; with a
-- plate, too, that vehicle.
create or replace function gate.scan_crossings(p_asked jsonb) returns bigint[]
language plpgsql stable as $$
declare
  asked_number bigint;
begin
  if p_asked ->> 'crossing' is not null then
    return array[(p_asked ->> 'crossing')::bigint];
  elsif p_asked ->> 'number' is not null then
    asked_number := gate.number_now((p_asked ->> 'number')::bigint);
    return array(
      select x.id from gate.crossing x
      where x.declaration = asked_number
        and (p_asked ->> 'plate' is null or gate.plates_agree(x.plate, p_asked ->> 'plate'))
      order by not gate.is_live(x.state), x.role, x.ordinal limit case when exists (
        select from gate.crossing o where o.declaration = asked_number and gate.is_live(o.state)) then 20 else 1 end);
  end if;
  return gate.crossings_by_plate(p_asked ->> 'plate');
end $$;

create or replace function gate.several_matches(p_crossings bigint[]) returns text
language plpgsql stable as $$
begin
  return (
    select ',"matches":[' || string_agg(gate.scan_brief(x), ',' order by x.id) || ']'
    from gate.crossing x where x.id = any (p_crossings));
end $$;

-- Who, where and when: of one event. Who works at another gate learns the gate and the time only.
create or replace function gate.deed_text(p_ledger smallint, p_seq bigint, p_here boolean) returns text
language plpgsql stable as $$
declare
  e gate.event;
  p jsonb;
begin
  select * into e from gate.event x where x.ledger = p_ledger and x.seq = p_seq;
  if e.seq is null then
    return '';
  end if;
  if p_here then
    select x.body::jsonb into p from gate.event_private x where x.ledger = p_ledger and x.seq = p_seq;
  end if;
  return ',"done":' || jsonb_strip_nulls(jsonb_build_object(
    'event', gate.event_text(p_ledger, p_seq), 'type', e.type, 'step', e.body::jsonb -> 'step', 'gate', gate.gate_code(p_ledger),
    'lane', e.body::jsonb -> 'lane', 'at', coalesce(p -> 'occurred_at', gate.instant(e.at)::jsonb),
    'agency', p -> 'agency', 'device', p -> 'device',
    'by', (select o.name from gate.principal o where o.id = (p ->> 'by')::int),
    'note', coalesce(p -> 'note', p -> 'reason')))::text;
end $$;

-- The last event of a crossing that did a step with one of the results; one that came too late did not.
create or replace function gate.step_event(x gate.crossing, p_mask int, p_results text[]) returns bigint
language plpgsql stable as $$
begin
  return (
    select e.seq from gate.event e
    where e.crossing = x.id and e.ledger = x.gate and e.type in ('step', 'called')
      and e.body::jsonb ->> 'step' in (select s.code from gate.step s where p_mask & (1 << s.bit) <> 0)
      and e.body::jsonb ->> 'result' = any (p_results) and e.body::jsonb ->> 'conflict' is distinct from 'step_done'
    order by e.seq desc limit 1);
end $$;

-- The steps an actor may confirm at all, as a mask: those of its agency; a supervisor every one.
create or replace function gate.actor_mask(p_actor jsonb) returns int
language plpgsql stable as $$
begin
  if p_actor ->> 'role' = 'supervisor' then
    return ~32;
  end if;
  return (select coalesce(bit_or(1 << s.bit), 0) from gate.step s where s.agency = p_actor ->> 'agency');
end $$;

-- True when this very device confirmed a step of this crossing within the last 10 seconds: shaky hands.
create or replace function gate.is_repeated(x gate.crossing, p_actor jsonb, p_device text, p_now timestamptz) returns boolean
language plpgsql stable as $$
begin
  if x.last_by is distinct from (p_actor ->> 'id')::int or x.last_step_at is null
      or x.last_step_at < p_now - interval '10 seconds' then
    return false;
  end if;
  return exists (
    select
    from gate.event e join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
    where e.ledger = x.gate and e.seq = x.last_seq and e.type = 'step' and e.body::jsonb ->> 'result' = 'pass'
      and p.body::jsonb ->> 'device' is not distinct from p_device);
end $$;

-- A pass that is no good, whatever it names.
create or replace function gate.pass_refusal(p_verdict text) returns text
language sql immutable parallel safe as $$
  select case p_verdict
    when 'forged' then 'pass_forged'
    when 'mismatch' then 'pass_forged'
    when 'truncated' then 'pass_truncated'
    when 'mangled' then 'pass_mangled'
    when 'key_unknown' then 'pass_key_unknown'
    when 'key_not_valid' then 'pass_expired'
    when 'expired' then 'pass_expired'
    when 'not_yet' then 'pass_not_yet'
    when 'unreadable' then 'scan_unreadable'
  end
$$;

-- The sentence of a crossing that has ended.
create or replace function gate.ended_code(p_state text) returns text
language sql immutable parallel safe as $$
  select case p_state
    when 'cancelled' then 'crossing_cancelled'
    when 'rejected' then 'crossing_rejected'
    when 'turned_back' then 'turned_back'
    when 'no_show' then 'no_show'
    when 'expired' then 'expired'
    when 'exited' then 'already_exited'
    else 'crossing_ended'
  end
$$;

-- Why a lane, a gate or a direction is not this crossing's; null: it is. One that was called goes to its
-- lane, and when that closed to any other of its route.
create or replace function gate.place_refusal(x gate.crossing, p_gate smallint, p_lane gate.lane, p_direction text) returns text
language sql stable as $$
  select case
    when p_gate <> x.gate then 'wrong_gate'
    when p_direction <> x.direction::text then 'wrong_direction'
    when p_lane.number is null then null
    when x.direction <> all (p_lane.directions) then 'wrong_direction'
    when p_lane.route <> x.route then 'wrong_route'
    when x.state = 'called' and x.lane = p_lane.number then null
    when x.state = 'called' and gate.lane_takes(x) then 'wrong_lane'
    when x.class <> all (p_lane.classes) then 'wrong_lane'
  end
$$;

create or replace function gate.scan_verdict(x gate.crossing, p_asked jsonb, p_gate smallint, p_lane gate.lane, p_now timestamptz)
returns text
language plpgsql stable as $$
declare
  actor jsonb := p_asked -> 'actor';
  here boolean := coalesce(actor -> 'gates' @> to_jsonb(x.gate), false);
  brief text := gate.scan_brief(x);
  steps record;
  refusal text;
  verdict text := 'stop';
  more text := '';
begin
  steps := gate.steps_parted(
    case when here then gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, x.state,
      case when x.across then gate.across_of(x.declaration) end) else 0 end, actor);

  if x.pass_revoked then
    refusal := 'pass_revoked';
  elsif (p_asked ->> 'pass_version')::int < x.pass_version then
    refusal := 'pass_superseded';
  elsif (p_asked ->> 'pass_version')::int > x.pass_version then
    refusal := 'pass_unknown';
  elsif p_asked ->> 'plate' is not null and not gate.plates_agree(x.plate, p_asked ->> 'plate') then
    refusal := 'plate_mismatch';
    more := ',"plates":{"pass":' || to_json(x.plate)::text || ',"vehicle":' || to_json(p_asked ->> 'plate')::text || '}';
  elsif p_gate = x.gate and here and gate.is_repeated(x, actor, coalesce(p_asked ->> 'device', actor ->> 'device'), p_now) then
    return gate.verdict_text('go', 'ok', brief, steps.next, steps.others, ',"repeated":true');
  elsif not gate.is_live(x.state) then
    refusal := gate.ended_code(x.state);
    -- an export that comes back is awaited on the way in
    if steps.mine <> 0 and (p_asked ->> 'direction' = 'import' or p_lane.directions = '{import}') then
      verdict := 'look';
    end if;
    more := gate.deed_text(x.gate, x.last_seq, here);
  elsif x.state = 'draft' then
    refusal := 'draft';
  elsif x.held <> 0 then
    refusal := 'crossing_held';
    verdict := case when steps.mine & x.held <> 0 then 'look' else 'stop' end;
    more := ',"held":' || gate.steps_json(x.held)
      || gate.deed_text(x.gate, gate.step_event(x, x.held, '{hold}'), here);
  else
    refusal := gate.place_refusal(x, p_gate, p_lane, p_asked ->> 'direction');
    if refusal is null and not here then
      refusal := 'wrong_gate';
    end if;
    if refusal = 'wrong_gate' then
      more := ',"right_gate":"' || gate.gate_code(x.gate) || '","right_gate_names":' || gate.gate_names(x.gate)::text;
    elsif refusal is not null then
      more := ',"right_route":"' || x.route || '"';
    end if;
  end if;
  if refusal is null then
    return gate.scan_turn(x, p_asked, brief, steps.mine, steps.next, steps.others, p_now);
  end if;
  return gate.verdict_text(verdict, refusal, brief, case verdict when 'look' then steps.next end, null, more);
end $$;

-- The pass is good and the truck is where it should be: is it its turn, and is it this officer's?
create or replace function gate.scan_turn(
  x gate.crossing, p_asked jsonb, p_brief text, p_mine int, p_next text, p_others text, p_now timestamptz)
returns text
language plpgsql stable as $$
declare
  every_mine int;
  mode text;
begin
  -- one that a supervisor or an outage let in without its call is in, and goes on
  if x.role = 'main' and x.direction = 'export' and x.done & 32 = 0 and not gate.has_come(x.direction, x.done)
    and p_asked #>> '{actor,agency}' = 'border_guard' then
    return gate.verdict_text('stop', 'not_called', p_brief, p_next, p_others,
      case when x.waits_at is null then '' else ',"position":' || gate.place_json(x, p_now)::text end);
  elsif p_mine = 0 then
    every_mine := gate.actor_mask(p_asked -> 'actor');
    return case
      when x.required & ~x.done & every_mine <> 0 then gate.verdict_text('look', 'not_open_yet', p_brief, null, p_others, '')
      when x.done & every_mine <> 0 then gate.verdict_text('look', 'duplicate_scan', p_brief, null, p_others,
        gate.deed_text(x.gate, gate.step_event(x, x.done & every_mine, '{pass}'), true))
      else gate.verdict_text('look', 'no_step_for_you', p_brief, null, p_others, '')
    end;
  elsif p_asked ->> 'trailer_plate' is not null and p_asked ->> 'trailer_plate' is distinct from x.trailer_plate then
    return gate.verdict_text('look', 'trailer_mismatch', p_brief, p_next, p_others, '');
  end if;
  if p_mine & (2 + 16384) <> 0 then
    mode := gate.mode_at(x.gate, x.route, x.direction, p_now);
    if mode = 'closed' then
      return gate.verdict_text('look', 'gate_closed', p_brief, p_next, p_others, '');
    elsif mode = 'pre_registered' and p_mine & 2 <> 0
        and x.filed_at >= gate.registered_before(x.gate, x.route, x.direction, p_now) then
      return gate.verdict_text('look', 'pre_registered_only', p_brief, p_next, p_others, '');
    end if;
  end if;
  return gate.verdict_text('go', 'ok', p_brief, p_next, p_others, '');
end $$;

create or replace function api.scan(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  refusal text := gate.pass_refusal(p_asked ->> 'pass_verdict');
  ids bigint[];
  x gate.crossing;
  moved gate.crossing;
  here smallint;
  l gate.lane;
  text text;
begin
  ids := gate.scan_crossings(p_asked);
  if cardinality(ids) = 1 then
    select * into x from gate.crossing c where c.id = ids[1];
  end if;
  if x.ended = 'cancelled' then
    moved := gate.moved_on(x);
  end if;
  if moved.id is not null then     -- its pass was replaced by one of the other gate
    x := moved;
    p_asked := p_asked || case when p_asked ? 'pass_version' then '{"pass_version":0}' else '{}' end::jsonb;
  end if;
  -- no pass runs out on a vehicle that has come and waits
  if p_asked ->> 'pass_verdict' = 'expired' and gate.is_kept_waiting(x) then
    refusal := null;
  end if;
  -- what a bad signature says of a crossing is not believed; an expired pass is the crossing's
  if refusal is not null then
    text := gate.verdict_text('stop', refusal,
      case when refusal in ('pass_expired', 'pass_not_yet') and x.id is not null then gate.scan_brief(x) else 'null' end, null, null, '');
  elsif cardinality(ids) > 1 then
    text := gate.verdict_text('look', 'several_matches', 'null', null, null, gate.several_matches(ids));
  elsif x.id is null then
    text := gate.verdict_text('stop',
      case when p_asked ->> 'crossing' is null and p_asked ->> 'number' is null then 'plate_unknown' else 'pass_unknown' end, 'null', null, null, '');
  else
    here := coalesce(case jsonb_typeof(p_asked -> 'gate') when 'number' then (p_asked ->> 'gate')::smallint else gate.gate_asked(p_asked) end, x.gate);
    if p_asked ->> 'lane' is not null then
      select * into l from gate.lane g where g.gate = here and g.number = (p_asked ->> 'lane')::int;
    end if;
    text := gate.scan_verdict(x, p_asked, here, l, gate.now_asked(p_asked));
  end if;
  return query select 'ok', null::text, text;
end $$;
