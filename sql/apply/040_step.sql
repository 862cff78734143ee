-- Confirming steps, a batch at a time: judged by bit arithmetic, written as sets.
--
-- Locks: the caller holds the ledger's head. Two commands for one crossing, or for one declaration
-- whose procedure looks across its crossings, never share a batch: the later one answers 'again'.

-- asked: the command beside its crossing and its procedure's row.
create or replace function gate.steps_asked(p_commands gate.command[]) returns gate.judged[]
language sql stable as $$
  select array_agg(row(
    c.ord, c.at, c.actor, (c.args ->> 'crossing')::bigint, s.bit, c.args ->> 'step', c.args ->> 'result',
    c.args ->> 'note', c.args ->> 'channel', (c.args ->> 'lane')::smallint,
    coalesce(c.args ->> 'device', c.actor ->> 'device'),
    -- a device's clock is believed only within what the server knows: never after the recording
    least(coalesce(gate.from_ms((c.args ->> 'occurred_ms')::bigint), c.at), c.at),
    coalesce((c.args ->> 'offline')::boolean, false), coalesce((c.args ->> 'override')::boolean, false),
    s.agency, p.joins,
    p.own & x.required & ~x.done
      & ~case when x.across and (a.across).receiving = 0 then gate.receiving_steps(x.procedure) else 0 end
    | case when x.across then
        case when (a.across).receiving = 0 then 0 else
          p.any_receiving & ~(a.across).any_receiving | p.all_receiving & ~(a.across).all_receiving end
        | p.any_main & ~(a.across).any_main | p.every_main & ~(a.across).every_main
      else 0 end,
    x, null, null, x.done, x.held, x.required, x.ended, x.state, null, null
  )::gate.judged order by c.ord)
  from unnest(p_commands) c
  left join gate.crossing x on x.id = (c.args ->> 'crossing')::bigint
  left join gate.step s on s.code = c.args ->> 'step'
  left join gate.procedure_step p
    on p.version = x.procedure and p.role = x.role and p.direction = x.direction and p.bit = s.bit
  left join lateral (select case when x.across then gate.across_of(x.declaration) end as across) a on true
$$;

-- Why the step may not be confirmed; null: it may. The order of the questions is the order of
-- what an officer wants to know first.
create or replace function gate.step_refusal(j gate.judged) returns text
language sql stable as $$
  select case
    when (j.was).id is null then 'not_found'
    when j.bit is null then 'step_not_required'
    when j.step = 'called' then 'step_by_call'
    when j.agency <> coalesce(j.actor ->> 'agency', '') and j.actor ->> 'role' <> 'supervisor' then 'wrong_role'
    when j.override and j.actor ->> 'role' <> 'supervisor' then 'wrong_role'
    when j.override and coalesce(j.note, '') = '' then 'reason_required'
    when (j.was).state = 'draft' then 'crossing_draft'
    when (j.was).done & (1 << j.bit) <> 0 then 'step_done'
    when (j.was).ended is not null or (j.bit <> 15 and (j.was).done & 16384 <> 0) then 'crossing_ended'
    when j.joins is null
      or ((j.was).required & (1 << j.bit) = 0 and j.bit <> 15 and not (j.bit = 8 and j.result <> 'pass')) then 'step_not_required'
    when j.result <> 'pass' then null
    when j.override then null
    when j.bit = 14 and (j.was).held & ~(1 << j.bit) <> 0 then 'crossing_held'
    when j.missing <> 0 then 'step_not_open'
    when j.step = 'transshipped' and (j.was).across and (gate.across_of((j.was).declaration)).receiving = 0 then 'step_not_required'
  end
$$;

-- What an officer is told beside the code: who did it and when; what is missing.
create or replace function gate.step_problem(p_ledger smallint, j gate.judged) returns text
language sql stable as $$
  select case j.code
    when 'step_done' then (
      select jsonb_build_object('done', jsonb_build_object(
        'step', j.step, 'event', gate.event_text(e.ledger, e.seq), 'recorded_at', gate.instant(e.at)::jsonb,
        'agency', p.body::jsonb ->> 'agency', 'by', p.body::jsonb -> 'by', 'device', p.body::jsonb -> 'device',
        'lane', e.body::jsonb -> 'lane', 'gate', e.body::jsonb ->> 'ledger',
        'occurred_at', p.body::jsonb -> 'occurred_at'))::text
      from gate.event e join gate.event_private p using (ledger, seq)
      where e.crossing = j.crossing and e.type in ('step', 'called') and e.body::jsonb ->> 'step' = j.step
        and e.body::jsonb ->> 'result' = 'pass'
      order by e.seq desc limit 1)
    when 'step_not_open' then jsonb_build_object(
      'missing', gate.steps_json(j.missing)::jsonb, 'state', (j.was).state)::text
    when 'crossing_ended' then jsonb_build_object('state', (j.was).state, 'ended_at', gate.instant((j.was).ended_at)::jsonb)::text
    when 'crossing_held' then jsonb_build_object('held', gate.steps_json((j.was).held)::jsonb)::text
  end
$$;

-- When a vehicle that arrives joins: within its window as of the window's start, else live. The
-- window's clock stood still while the route was closed (design: the cause is the gate's).
create or replace function gate.joins_at(p_window timestamptz, p_at timestamptz, p_gate smallint, p_route text, p_direction gate.direction)
returns timestamptz
language sql stable as $$
  select case
    when p_window is null or p_at < p_window then p_at
    when p_at < p_window + interval '30 minutes' then p_window
    when gate.open_seconds(p_gate, p_route, p_direction, p_window, p_at) <= 1800 then p_window
    else p_at
  end
$$;

-- The time that ranks: of an offline confirmation when it happened, not before the declaration.
create or replace function gate.step_time(j gate.judged) returns timestamptz
language sql immutable as $$
  select case when j.offline then greatest(j.occurred_at, (j.was).filed_at) else j.at end
$$;

-- Decides each command: code of a refusal, or the masks and state after it.
create or replace function gate.steps_judge(p_ledger smallint, p_asked gate.judged[], p_seq bigint) returns gate.judged[]
language plpgsql as $$
declare
  j gate.judged;
  refusal text;
  bit int;
begin
  for i in 1 .. array_length(p_asked, 1) loop
    j := p_asked[i];
    refusal := gate.step_refusal(j);
    if refusal is not null and j.offline
        and refusal in ('step_done', 'step_not_open', 'crossing_ended', 'crossing_held', 'step_not_required', 'crossing_draft') then
      -- it happened: recorded truthfully, and listed for a supervisor
      j.conflict := refusal;
      refusal := null;
    end if;
    j.code := refusal;
    if refusal is null then
      p_seq := p_seq + 1;
      j.seq := p_seq;
      bit := 1 << j.bit;
      if j.result = 'pass' and j.conflict is distinct from 'crossing_draft' then
        j.done := j.done | bit;
        j.held := j.held & ~bit;
        if j.channel in ('yellow', 'red') then
          j.required := j.required | gate.required_steps((j.was).procedure, (j.was).role, (j.was).direction, '{}', true, false);
        end if;
        if j.joins and (j.was).joined_at is null and j.ended is null then
          j.joined_at := gate.joins_at((j.was).window_from, gate.step_time(j), (j.was).gate, (j.was).route, (j.was).direction);
        end if;
      elsif j.result = 'hold' and j.conflict is null then
        j.held := j.held | bit;
      elsif j.result = 'reject' and j.ended is null and j.conflict is null then
        j.ended := case j.step when 'gate_in' then 'turned_back' else 'rejected' end;
      end if;
      j.state := gate.state_of((j.was).role, (j.was).direction, j.required, j.done, j.held, j.ended, (j.was).state = 'draft');
    end if;
    p_asked[i] := j;
  end loop;
  return p_asked;
end $$;

-- True while the crossing takes room inside the gate: called exports are counted, they are coming.
create or replace function gate.is_inside(p_direction gate.direction, p_role text, p_done int, p_state text) returns boolean
language sql immutable parallel safe as $$
  select gate.is_live(p_state)
    and p_done & case when p_direction = 'export' and p_role = 'main' then 32 else 2 end <> 0
$$;

create or replace function gate.steps_write(p_judged gate.judged[], p_rule gate.queue_rule) returns void
language sql as $$
  update gate.crossing x set
    done = j.done,
    held = j.held,
    required = j.required,
    ended = j.ended,
    state = j.state,
    channel = coalesce(j.channel, x.channel),
    version = x.version + 1,
    done_at[j.bit + 1] = case when j.done = x.done then x.done_at[j.bit + 1] else gate.step_time(j) end,
    joined_at = coalesce(x.joined_at, j.joined_at),
    rank_at = coalesce(x.rank_at, j.joined_at - (p_rule.credits ->> x.class::text)::int * interval '1 second'),
    rule = case when j.joined_at is null then x.rule else p_rule.version end,
    waits_at = case
      when j.state in ('queued', 'held') and j.done & 48 = 16 and (x.joined_at is not null or j.joined_at is not null)
        then coalesce(x.rank_at, j.joined_at - (p_rule.credits ->> x.class::text)::int * interval '1 second')
    end,
    -- an arrival ends the claim's clock and the grace; the end of the crossing ends all clocks
    due_at = case when (j.joins or j.step in ('gate_in', 'yard_in') or not gate.is_live(j.state)) and j.done <> x.done
      or not gate.is_live(j.state) then null else x.due_at end,
    inside = gate.is_inside(x.direction, x.role, j.done, j.state),
    last_seq = j.seq,
    last_by = (j.actor ->> 'id')::int,
    last_step_at = j.at,
    ended_at = case when gate.is_live(j.state) then null else coalesce(x.ended_at, j.at) end
  from unnest(p_judged) j
  where x.id = j.crossing and j.code is null
$$;

create or replace function gate.steps_events(p_judged gate.judged[], p_rule gate.queue_rule) returns gate.new_event[]
language sql stable as $$
  select array_agg(row(
    j.at, 'step', j.crossing,
    '"step":"' || j.step || '","result":"' || j.result || '","state":"' || j.state || '","version":' || (j.was).version + 1
      || case when j.lane is null then '' else ',"lane":' || j.lane end
      || case when j.channel is null then '' else ',"channel":"' || j.channel || '"' end
      || case when j.offline then ',"offline":true' else '' end
      || case when j.override then ',"override":true' else '' end
      || case when j.conflict is null then '' else ',"conflict":"' || j.conflict || '"' end
      || case when j.joined_at is null then '' else
           ',"direction":"' || (j.was).direction || '","class":"' || (j.was).class || '","window":' || coalesce(gate.instant((j.was).window_from), 'null')
           || ',"joined_at":' || gate.instant(j.joined_at) || ',"rank_at":'
           || gate.instant(j.joined_at - (p_rule.credits ->> (j.was).class::text)::int * interval '1 second') || ',"rule":' || p_rule.version end,
    '"by":' || (j.actor ->> 'id') || ',"role":"' || (j.actor ->> 'role') || '","agency":"' || j.agency || '","plate":' || to_json((j.was).plate)::text
      || ',"declaration":"' || (j.was).declaration || '","occurred_at":' || gate.instant(j.occurred_at)
      || case when j.device is null then '' else ',"device":' || to_json(j.device)::text end
      || case when j.note is null then '' else ',"note":' || to_json(j.note)::text end,
    (j.was).firm
  )::gate.new_event order by j.ord)
  from unnest(p_judged) j
  where j.code is null
$$;

create or replace function gate.steps_answers(p_ledger smallint, p_judged gate.judged[]) returns gate.answer[]
language sql stable as $$
  select array_agg(row(
    j.ord, coalesce(j.code, 'ok'), 201, case when j.code is null then ((j.was).version + 1)::text end,
    case when j.code is not null then gate.step_problem(p_ledger, j) else
      '{"crossing":{"id":"' || gate.crossing_text(j.crossing) || '","declaration":"' || (j.was).declaration || '","plate":' || to_json((j.was).plate)::text
      || ',"state":"' || j.state || '","version":' || (j.was).version + 1 || ',"open":'
      || gate.steps_json(gate.open_steps((j.was).procedure, (j.was).role, (j.was).direction, j.required, j.done, j.state,
           case when (j.was).across then gate.across_of((j.was).declaration) end))
      || '},"event":"' || l.code || '-' || j.seq || '"'
      || case when j.conflict is null then '' else ',"conflict":"' || j.conflict || '"' end || '}' end,
    false
  )::gate.answer order by j.ord)
  from unnest(p_judged) j
  cross join gate.ledger l
  where l.number = p_ledger
$$;

-- Confirms the steps. Commands carry {"crossing","step","result","note","channel","lane",
-- "occurred_ms","device","offline","override"}.
create or replace function gate.step_many(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql as $$
declare
  rule gate.queue_rule := gate.rule_at(p_commands[1].at);
  judged gate.judged[];
  events gate.new_event[];
begin
  judged := gate.steps_asked(p_commands);
  judged := gate.steps_judge(p_ledger, judged, (select seq from gate.ledger where number = p_ledger));
  perform gate.steps_write(judged, rule);
  events := gate.steps_events(judged, rule);
  if events is not null then
    perform gate.append_many(p_ledger, events);
    perform gate.steps_follow(p_ledger, judged);
  end if;
  return gate.steps_answers(p_ledger, judged);
end $$;

-- What follows from steps, each rare against them: predictions, ends, conflicts, roll-ups.
create or replace function gate.steps_follow(p_ledger smallint, p_judged gate.judged[]) returns void
language plpgsql as $$
begin
  if exists (select from unnest(p_judged) j where j.joined_at is not null) then
    perform gate.predict_call(p_ledger, array(select j.crossing from unnest(p_judged) j where j.joined_at is not null));
  end if;
  if exists (select from unnest(p_judged) j where j.code is null and j.conflict is not null) then
    insert into gate.conflict (gate, number, crossing, seq, kind, detail, found_at)
    select p_ledger, j.seq, j.crossing, j.seq, j.conflict,
      jsonb_build_object('step', j.step, 'result', j.result, 'occurred_at', gate.instant(j.occurred_at)::jsonb,
        'device', j.device, 'by', (j.actor ->> 'id')::int, 'state', (j.was).state),
      j.at
    from unnest(p_judged) j
    where j.code is null and j.conflict is not null;
  end if;
  if exists (select from unnest(p_judged) j where j.code is null and (not gate.is_live(j.state) and gate.is_live((j.was).state))) then
    perform gate.crossings_ended(p_ledger, array(
      select j.crossing from unnest(p_judged) j
      where j.code is null and not gate.is_live(j.state) and gate.is_live((j.was).state)));
  end if;
  update gate.declaration d set state = 'in_progress', version = d.version + 1, changed_at = j.at
  from unnest(p_judged) j
  where j.code is null and (j.was).done = 0 and d.number = (j.was).declaration and d.state = 'ready';
end $$;

-- Crossings that have just ended: their plates are free, their pace is learnt, and a declaration
-- whose last crossing ended is completed (or cancelled, when none of them ever crossed).
create or replace function gate.crossings_ended(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
declare
  x gate.crossing;
begin
  delete from gate.live_plate where crossing = any (p_crossings) and plate in (
    select plate from gate.crossing where id = any (p_crossings));
  for x in select * from gate.crossing where id = any (p_crossings) and state = 'exited' and called_at is not null order by id loop
    perform gate.service_learn(x);
  end loop;
  update gate.prediction p set outcome_at = x.ended_at
  from gate.crossing x
  where x.id = any (p_crossings) and p.crossing = x.id and p.kind = 'exit' and p.outcome_at is null and x.state = 'exited';
  with ended as (
    select d.number, bool_or(o.state in ('exited', 'returned')) as crossed, max(o.ended_at) as at
    from gate.declaration d
    join gate.crossing o on o.declaration = d.number
    where d.number in (select declaration from gate.crossing where id = any (p_crossings))
    group by d.number
    having bool_and(not gate.is_live(o.state))
  ), written as (
    update gate.declaration d set state = case when crossed then 'completed' else 'cancelled' end,
      version = d.version + 1, changed_at = at, ended_at = at
    from ended
    where d.number = ended.number and d.state <> 'cancelled'
    returning d.number
  )
  delete from gate.live_reference where declaration in (select number from ended);
end $$;
