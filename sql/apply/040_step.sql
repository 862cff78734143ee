-- Confirming steps, a batch at a time: judged by bit arithmetic, written as sets.
--
-- Locks: the caller holds the ledger's head. Two commands for one crossing, or for one declaration
-- whose procedure looks across its crossings, never share a batch: the later one answers 'again'.
-- The functions are plpgsql even where one statement is all: so their plans are kept.

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

-- True while the crossing takes room inside the gate: called exports are counted, they are coming.
create or replace function gate.is_inside(p_direction gate.direction, p_role text, p_done int, p_state text) returns boolean
language sql immutable parallel safe as $$
  select gate.is_live(p_state)
    and p_done & case when p_direction = 'export' and p_role = 'main' then gate.bit_called() | gate.bit_gate_in() else gate.bit_gate_in() end <> 0
$$;

-- True while it stands in the queue. An export that was let in without a call (confirmed offline) has
-- left it, for nothing waits for its call any more; an import needs its call all the same.
create or replace function gate.is_waiting(p_direction gate.direction, p_done int, p_state text) returns boolean
language sql immutable parallel safe as $$
  select p_done & (gate.bit_yard_in() | gate.bit_called()) = gate.bit_yard_in() and gate.is_live(p_state)
    and not (p_direction = 'export' and gate.has_come(p_direction, p_done))
$$;

-- What an offline confirmation puts before vehicles that joined before it was recorded, and that it
-- would not have passed had it joined only then (at p_live), is listed as a conflict: a place is nothing
-- that a device's clock may give unseen. p_joined, p_live: its places, the credit taken off.
create or replace function gate.place_questioned(
  p_gate smallint, p_direction gate.direction, p_route text, p_joined timestamptz, p_live timestamptz)
returns boolean
language plpgsql stable as $$
begin
  return exists (
    select from gate.crossing o
    where o.gate = p_gate and o.direction = p_direction and o.waits_at > p_joined and o.waits_at < p_live and o.route = p_route);
end $$;

-- What an officer is told beside the code: who did it and when (not who sent it once more after an
-- outage); what is missing.
create or replace function gate.step_problem(
  p_code text, p_step text, p_crossing bigint, p_missing int, p_state text, p_ended_at timestamptz, p_held int)
returns text
language plpgsql stable as $$
begin
  return case p_code
    when 'step_done' then (
      select jsonb_build_object('done', jsonb_build_object(
        'step', p_step, 'event', gate.event_text(e.ledger, e.seq), 'recorded_at', gate.instant(e.at)::jsonb,
        'agency', p.body::jsonb ->> 'agency', 'by', p.body::jsonb -> 'by',
        'name', (select o.name from gate.principal o where o.id = (p.body::jsonb ->> 'by')::int),
        'device', p.body::jsonb -> 'device', 'lane', e.body::jsonb -> 'lane', 'gate', e.body::jsonb ->> 'ledger',
        'occurred_at', p.body::jsonb -> 'occurred_at'))::text
      from gate.event e join gate.event_private p using (ledger, seq)
      where e.crossing = p_crossing and e.type in ('step', 'called') and e.body::jsonb ->> 'step' = p_step
        and e.body::jsonb ->> 'result' = 'pass' and e.body::jsonb ->> 'conflict' is distinct from 'step_done'
      order by e.seq desc limit 1)
    when 'step_not_open' then jsonb_build_object('missing', gate.steps_json(p_missing)::jsonb, 'state', p_state)::text
    when 'crossing_ended' then jsonb_build_object('state', p_state, 'ended_at', gate.instant(p_ended_at)::jsonb)::text
    when 'crossing_held' then jsonb_build_object('held', gate.steps_json(p_held)::jsonb)::text
  end;
end $$;

-- Judges each command and says what is to be written, told to the ledger and answered: all of it in
-- one statement, since each way from one to the next costs more than most of what is judged. In
-- layers, each computed once (offset 0 keeps them apart): asked, the command beside its crossing and
-- procedure; refused, why it may not be, in the order an officer wants to know (null: it may); masked,
-- the masks after it; stated, the state and its number in the ledger; placed, when it joins the queue.
-- p_seq: the last seq of the ledger; the confirmed ones get the next.
create or replace function gate.steps_judge(
  p_commands gate.command[], p_seq bigint, p_ledger_code text, p_rule gate.queue_rule,
  out confirmed gate.confirmed[], out events gate.new_event[], out answers gate.answer[])
language plpgsql stable as $$
declare
  named bigint[];
  has_twice boolean;
begin
  -- in the order of the commands by what it says: count(distinct) has its input sorted
  select array_agg(id order by n), count(distinct id) < count(id)
  into named, has_twice
  from (
    select (c.args ->> 'crossing')::bigint as id, n
    from unnest(p_commands) with ordinality as c (ord, verb, at, client, key, digest, actor, args, n)
  ) x;
  with asked as (
    select c.ord, c.at, (c.actor ->> 'id')::int as actor, c.actor ->> 'role' as actor_role, c.actor ->> 'agency' as actor_agency,
      named[n] as crossing, s.bit::int, c.args ->> 'step' as step, c.args ->> 'result' as result,
      c.args ->> 'note' as note, c.args ->> 'channel' as channel, (c.args ->> 'lane')::smallint as lane,
      coalesce(c.args ->> 'device', c.actor ->> 'device') as device,
      -- a device's clock is believed only within what the server knows: never after the recording
      least(coalesce(gate.from_ms((c.args ->> 'occurred_ms')::bigint), c.at), c.at) as occurred_at,
      -- when the server last saw the device before it was away
      case when c.args ? 'online_ms' then least(gate.from_ms((c.args ->> 'online_ms')::bigint), c.at) end as online_at,
      coalesce((c.args ->> 'offline')::boolean, false) as offline, coalesce((c.args ->> 'override')::boolean, false) as override,
      s.agency, a.across, x.id, x.gate, x.declaration, x.firm, x.plate, x.role, x.direction, x.route, x.class, x.procedure, x.version,
      x.window_from, x.kept_at, x.joined_at, x.filed_at, x.done, x.held, x.required, x.ended, x.state, x.ended_at, x.channel as was_channel,
      k.inspected, k.joins, k.optional, (1 << s.bit) as mask, k.optional & (1 << s.bit) <> 0 as is_optional,
      ((k.always | k.perishable | k.frozen_live | k.inspected | k.receiving | k.optional) & (1 << s.bit)) <> 0 as is_known,
      ((x.required | k.optional) & (1 << s.bit)) <> 0
        and ((a.across).receiving is distinct from 0 or k.receiving & (1 << s.bit) = 0) as is_needed,
      gate.missing_for(k, s.bit, x.required, x.done, a.across) as missing,
      k.own, k.receiving,
      has_twice and x.id is not null and array_position(named, x.id) < n or x.across and exists (
        select from gate.crossing o where o.declaration = x.declaration and array_position(named, o.id) < n) as is_later
    from unnest(p_commands) with ordinality as c (ord, verb, at, client, key, digest, actor, args, n)
    left join gate.crossing x on x.id = named[n]
    left join gate.step s on s.code = c.args ->> 'step'
    left join gate.procedure_kind k on k.version = x.procedure and k.role = x.role and k.direction = x.direction
    left join lateral (select case when x.across then gate.across_of(x.declaration) end as across) a on true
    offset 0
  ), refused as (
    select *, case
        when is_later then 'again'
        when id is null then 'not_found'
        when bit is null then 'step_not_required'
        when step = 'called' then 'step_by_call'
        when agency <> coalesce(actor_agency, '') and actor_role <> 'supervisor' then 'wrong_role'
        when override and actor_role <> 'supervisor' then 'wrong_role'
        when override and coalesce(btrim(note), '') = '' then 'reason_required'
        when state = 'draft' then 'crossing_draft'
        when done & mask <> 0 then 'step_done'
        when ended is not null or (done & 16384 <> 0 and bit <> 15) then 'crossing_ended'
        when not is_known or (result = 'pass' and not is_needed and held & mask = 0) then 'step_not_required'
        -- what nobody has to confirm happens or does not: it neither holds nor ends a crossing
        when result <> 'pass' and is_optional then 'step_not_open'
        when result <> 'pass' or override then null
        when bit = 14 and held & ~mask <> 0 then 'crossing_held'
        when missing <> 0 then 'step_not_open'
      end as refusal
    from asked
    offset 0
  ), sorted as (
    select *,
      -- an offline confirmation happened: it is recorded truthfully, and listed for a supervisor
      case when offline and refusal in ('step_done', 'step_not_open', 'crossing_ended', 'crossing_held', 'step_not_required', 'crossing_draft')
        then refusal end as strange
    from refused
    offset 0
  ), masked as (
    select ord, at, actor, actor_role, crossing, bit, step, result, note, channel, lane, device, occurred_at, offline,
      override, agency, missing, gate, declaration, firm, plate, role, direction, route, class, procedure, version, window_from, across,
      kept_at, joined_at, filed_at, online_at, ended_at, mask, joins, own, receiving, optional, strange,
      done as was_done, held as was_held, required as was_required, state as was_state, was_channel,
      case when strange is null then refusal end as code,
      case when result = 'pass' and strange is distinct from 'crossing_draft' then done | mask else done end as done,
      case when result = 'pass' then held & ~mask when result = 'hold' and strange is null then held | mask else held end as held,
      case when result = 'pass' and channel in ('yellow', 'red') then required | inspected else required end as required,
      case when result = 'reject' and strange is null then case step when 'gate_in' then 'turned_back' else 'rejected' end
           else ended end as ended
    from sorted
    offset 0
  ), stated as (
    select *, gate.state_of(role, direction, required, done, held, ended, was_state = 'draft') as state, gate.needed(direction, required, done) as need,
      p_seq + case when code is null then count(*) filter (where code is null) over (order by ord) end as seq, gate.instant(at) as at_text
    from masked
    offset 0
  ), placed as (
    select *, case when code is null and joins & mask <> 0 and done & mask <> 0 and joined_at is null and ended is null
        -- offline: when it happened, never before the declaration was filed, nor while the device was seen;
        -- who came from another gate's queue joined when it joined that one
        then least(kept_at, gate.joins_at(window_from,
          case when offline then greatest(occurred_at, filed_at, online_at) else at end, gate, route, direction)) end as joins_at
    from stated
    offset 0
  ), ranked as (
    select *, joins_at - r.credit as ranks_at, coalesce(strange, case
        when offline and code is null and joins_at is not null and gate.is_waiting(direction, done, state) and gate.place_questioned(
          gate, direction, route, joins_at - r.credit, gate.joins_at(window_from, at, gate, route, direction) - r.credit)
        then 'offline_rank' end) as conflict
    from placed
    cross join lateral (select case when joins_at is not null
      then (p_rule.credits ->> class::text)::int * interval '1 second' end as credit) r
    offset 0
  )
  select
    array_agg(row(
      crossing, declaration, seq, at, actor, bit, step, result, channel, occurred_at, offline, override, device, note, conflict, direction,
      was_done, was_state, done, held, required, ended, state, joins_at, ranks_at)::gate.confirmed) filter (where code is null),
    array_agg(row(
      at, 'step', crossing,
      '"step":"' || step || '","result":"' || result || '","state":"' || state || '","version":' || version + 1
        || case when lane is null then '' else ',"lane":' || lane end
        || case when channel is null then '' else ',"channel":"' || channel || '"' end
        -- what an undo cannot tell from the masks after it
        || case when channel is null and was_held = 0 then '' else ',"was":' || jsonb_build_object(
             'held', was_held, 'required', was_required, 'channel', was_channel)::text end
        || case when offline then ',"offline":true' else '' end
        || case when override then ',"override":true' else '' end
        || case when conflict is null then '' else ',"conflict":"' || conflict || '"' end
        || case when joins_at is null then '' else
             ',"direction":"' || direction || '","class":"' || class || '","window":' || coalesce(gate.instant(window_from), 'null')
             || ',"joined_at":' || gate.instant(joins_at) || ',"rank_at":' || gate.instant(ranks_at) || ',"rule":' || p_rule.version end,
      '"by":' || actor || ',"role":"' || actor_role || '","agency":"' || agency || '","plate":' || to_json(plate)::text
        || ',"declaration":"' || declaration || '","occurred_at":' || case when occurred_at = at then at_text else gate.instant(occurred_at) end
        || case when device is null then '' else ',"device":' || to_json(device)::text end
        || case when note is null then '' else ',"note":' || to_json(note)::text end,
      firm)::gate.new_event) filter (where code is null),
    array_agg(row(
      ord, coalesce(code, 'ok'), 201, case when code is null then (version + 1)::text end,
      case when code is not null then gate.step_problem(code, step, crossing, missing, was_state, ended_at, was_held) else
        '{"crossing":{"id":"' || gate.crossing_text(crossing) || '","declaration":"' || declaration || '","plate":' || to_json(plate)::text
        || ',"state":"' || state || '","version":' || version + 1 || ',"@open":' || (
          gate.steps_left(optional, receiving, required, done, state, across)
          & case when across is null then gate.free_steps(own, need)
                 else gate.open_steps(procedure, role, direction, required, done, state, across) end)
        || '},"event":"' || p_ledger_code || '-' || seq || '"'
        || case when conflict is null then '' else ',"conflict":"' || conflict || '"' end || '}' end,
      false)::gate.answer)
  into confirmed, events, answers
  from (select * from ranked order by ord) told;     -- seq by seq
end $$;

create or replace function gate.steps_write(p_confirmed gate.confirmed[], p_rule int) returns void
language plpgsql as $$
begin
  update gate.crossing x set
    done = j.done,
    held = j.held,
    required = j.required,
    ended = j.ended,
    state = j.state,
    channel = coalesce(j.channel, x.channel),
    version = x.version + 1,
    done_at[j.bit + 1] = case when j.done = x.done then x.done_at[j.bit + 1] when j.offline then j.occurred_at else j.at end,
    joined_at = coalesce(x.joined_at, j.joined_at),
    rank_at = coalesce(x.rank_at, j.rank_at),
    rule = case when j.joined_at is null then x.rule else p_rule end,
    waits_at = case when gate.is_waiting(x.direction, j.done, j.state) then coalesce(x.rank_at, j.rank_at) end,
    -- an arrival ends the claim's clock and the grace; the end of the crossing ends all clocks
    due_at = case when not gate.is_live(j.state) or gate.has_come(x.direction, j.done) or (j.step in ('gate_in', 'yard_in') and j.done <> x.done)
      then null else x.due_at end,
    inside = gate.is_inside(x.direction, x.role, j.done, j.state),
    last_seq = j.seq,
    last_by = j.actor,
    last_step_at = j.at,
    ended_at = case when gate.is_live(j.state) then null else coalesce(x.ended_at, j.at) end
  from unnest(p_confirmed) j
  where x.id = j.crossing;
end $$;

-- Confirms the steps. Commands carry {"crossing","step","result","note","channel","lane",
-- "occurred_ms","online_ms","device","offline","override"}.
create or replace function gate.step_many(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql as $$
declare
  head gate.ledger;
  rule gate.queue_rule := gate.rule_at(p_commands[1].at);
  confirmed gate.confirmed[];
  events gate.new_event[];
  answers gate.answer[];
begin
  select * into strict head from gate.ledger where number = p_ledger;
  select j.confirmed, j.events, j.answers into confirmed, events, answers
  from gate.steps_judge(p_commands, head.seq, head.code, rule) j;
  if events is not null then
    perform gate.steps_write(confirmed, rule.version);
    perform gate.append_many(p_ledger, events);
    perform gate.steps_follow(p_ledger, confirmed);
  end if;
  return answers;
end $$;

-- What follows from steps, each rare against them: predictions, ends, conflicts, roll-ups.
create or replace function gate.steps_follow(p_ledger smallint, p_confirmed gate.confirmed[]) returns void
language plpgsql as $$
declare
  joined bigint[];
  over bigint[];
  begun bigint[];
  has_conflict boolean;
  is_forced boolean;
begin
  select array_agg(j.crossing) filter (where j.joined_at is not null),
    array_agg(j.crossing) filter (where not gate.is_live(j.state) and gate.is_live(j.was_state)),
    array_agg(j.declaration) filter (where j.was_done = 0),
    bool_or(j.conflict is not null), bool_or(j.override or j.offline)
  into joined, over, begun, has_conflict, is_forced
  from unnest(p_confirmed) j;

  if joined is not null then
    perform gate.predict_call(p_ledger, joined);
  end if;
  if has_conflict then
    insert into gate.conflict (gate, number, crossing, seq, kind, detail, found_at)
    select p_ledger, j.seq, j.crossing, j.seq, j.conflict,
      jsonb_build_object('step', j.step, 'result', j.result, 'occurred_at', gate.instant(j.occurred_at)::jsonb,
        'device', j.device, 'by', j.actor, 'state', j.was_state),
      j.at
    from unnest(p_confirmed) j
    where j.conflict is not null;
  end if;
  if begun is not null then
    update gate.declaration d set state = 'in_progress', version = d.version + 1, changed_at = p_confirmed[1].at
    where d.number = any (begun) and d.state = 'ready';
  end if;
  if over is not null then
    perform gate.crossings_ended(p_ledger, over);
  end if;
  if is_forced then
    perform gate.uncalled_count(p_ledger, p_confirmed);
  end if;
end $$;
