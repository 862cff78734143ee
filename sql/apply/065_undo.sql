-- Undoing: a step or a call by who did it, soon, or by a supervisor; an end by a supervisor. What it
-- did is taken back exactly: the event says what the masks after it do not (was).
-- Locks: the caller holds the ledger's head; the plate of a crossing that lives again is taken.

create or replace function gate.is_end(p_type text) returns boolean
language sql immutable parallel safe as $$ select p_type in ('expired', 'no_show', 'released', 'turned_back') $$;

-- The event that ended a crossing; null: it was an exit, or it lives.
create or replace function gate.ended_by(x gate.crossing) returns bigint
language plpgsql stable as $$
begin
  return (
    select max(e.seq) from gate.event e
    where e.crossing = x.id and e.ledger = x.gate and x.ended in (e.type, e.body::jsonb ->> 'state')
      and not e.body::jsonb ? 'conflict');
end $$;

-- The crossing without what one event did to it; what else follows is gate.undo_write's.
create or replace function gate.crossing_without(x gate.crossing, e gate.event) returns gate.crossing
language plpgsql stable as $$
declare
  did jsonb := e.body::jsonb;
  was jsonb := did -> 'was';
  b int := (select bit from gate.step where code = did ->> 'step');
  mask int := coalesce(1 << b, 0);
begin
  if did ->> 'result' = 'pass' then
    x.done := x.done & ~mask;
    x.done_at[b + 1] := null;
  end if;
  if did ->> 'result' in ('pass', 'hold') then
    x.held := (x.held & ~mask) | (coalesce((was ->> 'held')::int, 0) & mask);
  else
    x.ended := null;
  end if;
  if did ? 'channel' then
    -- the inspection that came with the channel, unless it was asked for before
    x.channel := was ->> 'channel';
    x.required := x.required & (coalesce((was ->> 'required')::int, 0) | ~(
      select k.inspected from gate.procedure_kind k where k.version = x.procedure and k.role = x.role and k.direction = x.direction));
  end if;
  if e.type = 'called' then
    x.called_at := null;
    x.lane := null;
  elsif did ? 'joined_at' then
    x.joined_at := null;
    x.rank_at := null;
  end if;
  x.state := gate.state_of(x.role, x.direction, x.required, x.done, x.held, x.ended, false);
  x.waits_at := case when gate.is_waiting(x.direction, x.done, x.state) then x.rank_at end;
  x.inside := gate.is_inside(x.direction, x.role, x.done, x.state);
  return x;
end $$;

-- The steps of this crossing that have the given one among their prerequisites.
create or replace function gate.steps_after(x gate.crossing, p_bit int) returns int
language sql stable as $$
  select coalesce(bit_or(1 << bit), 0) from gate.procedure_step
  where version = x.procedure and role = x.role and direction = x.direction and own & (1 << p_bit) <> 0
$$;

-- The steps done by others of the declaration that would miss something if the crossing were as given.
create or replace function gate.steps_leaning(x gate.crossing) returns int
language plpgsql stable as $$
declare
  now_across gate.across := gate.across_of(x.declaration);
  then_across gate.across := gate.across_of(x.declaration, x);
begin
  return (
    select coalesce(bit_or(1 << b), 0)
    from gate.crossing o
    join gate.procedure_kind k on k.version = o.procedure and k.role = o.role and k.direction = o.direction
    cross join generate_series(0, 15) b
    where o.declaration = x.declaration and o.id <> x.id and o.ended is null and o.done & (1 << b) <> 0
      and gate.missing_for(k, b, o.required, o.done, then_across) & ~gate.missing_for(k, b, o.required, o.done, now_across) <> 0);
end $$;

-- Why an event may not be undone; null: it may. p_built: the steps others built on it.
create or replace function gate.undo_refusal(c gate.command, e gate.event, x gate.crossing, p_built int) returns text
language plpgsql stable as $$
declare
  did jsonb := e.body::jsonb;
  ends boolean := gate.is_end(e.type) or did ->> 'result' = 'reject';
  is_supervisor boolean := c.actor ->> 'role' = 'supervisor';
begin
  return case
    when not is_supervisor and gate.is_end(e.type) then 'wrong_role'
    when not is_supervisor and (x.last_seq <> e.seq or x.last_by is distinct from (c.actor ->> 'id')::int) then 'undo_not_last'
    when not is_supervisor and c.at > e.at + (gate.rule_at(c.at)).undo_s * interval '1 second' then 'undo_too_late'
    when ends and gate.ended_by(x) is distinct from e.seq then 'undo_impossible'
    when not ends and x.ended is not null then 'crossing_ended'
    -- a later event about the same step has taken its place
    when exists (
      select from gate.event l
      where l.crossing = x.id and l.seq > e.seq
        and (l.body::jsonb ->> 'step' = did ->> 'step' and l.body::jsonb ->> 'conflict' is distinct from 'step_done'
          or (l.body::jsonb ->> 'undoes')::bigint = e.seq)) then 'undo_impossible'
    when p_built <> 0 then 'undo_impossible'
  end;
end $$;

-- {"event": seq, "reason"}. Officers: their own, the crossing's last, for a short time; supervisors:
-- any that nothing was built on.
create or replace function gate.undo_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  e gate.event;
  x gate.crossing;
  after gate.crossing;
  did jsonb;
  built int := 0;
  refusal text;
begin
  select * into e from gate.event where ledger = p_ledger and seq = (c.args ->> 'event')::bigint;
  select * into x from gate.crossing where id = e.crossing;
  did := e.body::jsonb;
  if x.id is null then
    return gate.refused(c.ord, 'not_found');
  elsif not gate.has_reason(c) then
    return gate.reason_required(c);
  elsif not (e.type in ('step', 'called') or gate.is_end(e.type)) or did ->> 'conflict' in ('step_done', 'crossing_draft', 'crossing_ended')
      or (did ? 'conflict' and did ->> 'result' <> 'pass') then
    -- what changed nothing cannot be taken back: such conflicts are resolved
    return gate.refused(c.ord, 'undo_impossible');
  end if;
  after := gate.crossing_without(x, e);
  if did ->> 'result' = 'pass' then
    built := x.done & gate.steps_after(x, (select bit from gate.step where code = did ->> 'step'));
  end if;
  built := built | gate.steps_leaning(after);
  refusal := gate.undo_refusal(c, e, x, built);
  if refusal is not null then
    return gate.refused(c.ord, refusal, jsonb_build_object('state', x.state, 'built_on', gate.steps_json(built)::jsonb));
  elsif gate.is_live(after.state) and not gate.is_live(x.state) and not gate.plate_take(x.plate, x.id) then
    return gate.refused(c.ord, 'plate_live', jsonb_build_object('state', x.state));
  end if;
  return gate.undo_write(p_ledger, c, x, after, e);
end $$;

-- When something falls due for a crossing that is as given: the clocks that the undone event had
-- stopped run again, those that run go on.
create or replace function gate.due_after_undo(x gate.crossing, p_at timestamptz) returns timestamptz
language plpgsql stable as $$
declare
  rule gate.queue_rule := gate.rule_at(p_at);
begin
  return case
    when not gate.is_live(x.state) then null
    when x.direction = 'export' and x.done & gate.bit_called() <> 0 and not gate.has_come(x.direction, x.done)
      then coalesce(x.due_at, p_at + rule.grace_s * interval '1 second')
    when not gate.has_arrived(x.done)
      then coalesce(x.due_at, gate.promised_at(x.planned_at, p_at) + rule.claim_s * interval '1 second')
  end;
end $$;

create or replace function gate.undo_write(p_ledger smallint, c gate.command, x gate.crossing, p_after gate.crossing, e gate.event)
returns gate.answer
language plpgsql as $$
declare
  revives boolean := gate.is_live(p_after.state) and not gate.is_live(x.state);
  had_ended_at timestamptz := x.ended_at;
  seq bigint;
begin
  seq := gate.append_one(p_ledger, c.at, 'undone', x.id,
    jsonb_strip_nulls(jsonb_build_object('undoes', e.seq, 'step', e.body::jsonb -> 'step', 'result', 'undone', 'state', p_after.state,
      'done', p_after.done, 'held', p_after.held, 'version', x.version + 1)),
    gate.deed(c, x), x.firm);
  update gate.crossing set
    done = p_after.done, held = p_after.held, required = p_after.required, channel = p_after.channel, ended = p_after.ended,
    state = p_after.state, done_at = p_after.done_at, joined_at = p_after.joined_at, rank_at = p_after.rank_at, waits_at = p_after.waits_at,
    called_at = p_after.called_at, lane = p_after.lane, inside = p_after.inside, due_at = gate.due_after_undo(p_after, c.at),
    ended_at = case when revives then null else ended_at end, version = version + 1, last_seq = seq, last_by = null
  where id = x.id
  returning * into x;
  if revives then
    x := gate.crossing_revived(x, had_ended_at, c.at);
  end if;
  return gate.crossing_answer(c.ord, 200, x, p_ledger, seq);
end $$;
