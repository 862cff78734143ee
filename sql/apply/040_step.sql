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

-- Judges each command. In layers, each computed once (offset 0 keeps them apart): asked, the command
-- beside its crossing and procedure; refused, why it may not be, in the order an officer wants to
-- know (null: it may); masked, the masks after it; last the state, the place and what is open.
-- p_seq: the last seq of the ledger; the confirmed ones get the next.
create or replace function gate.steps_judge(p_commands gate.command[], p_seq bigint) returns gate.judged[]
language plpgsql stable as $$
declare
  named bigint[] := array(select (c.args ->> 'crossing')::bigint from unnest(p_commands) c);
begin
  return array(
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
        x.window_from, x.kept_at, x.joined_at, x.filed_at, x.done, x.held, x.required, x.ended, x.state, x.ended_at,
        k.inspected, k.joins, k.optional, (1 << s.bit) as mask, k.optional & (1 << s.bit) <> 0 as is_optional,
        ((k.always | k.perishable | k.frozen_live | k.inspected | k.receiving | k.optional) & (1 << s.bit)) <> 0 as is_known,
        ((x.required | k.optional) & (1 << s.bit)) <> 0
          and ((a.across).receiving is distinct from 0 or k.receiving & (1 << s.bit) = 0) as is_needed,
        gate.missing_for(k, s.bit, x.required, x.done, a.across) as missing,
        k.own, k.receiving,
        x.id is not null and array_position(named, x.id) < n or x.across and exists (
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
          then refusal end as conflict
      from refused
      offset 0
    ), masked as (
      select ord, at, actor, actor_role, actor_agency, crossing, bit, step, result, note, channel, lane, device, occurred_at, offline,
        override, agency, missing, gate, declaration, firm, plate, role, direction, route, class, procedure, version, window_from, across,
        kept_at, joined_at, filed_at, online_at, ended_at, mask, joins, own, receiving, optional, conflict, done as was_done, held as was_held, state as was_state,
        case when conflict is null then refusal end as code,
        case when result = 'pass' and conflict is distinct from 'crossing_draft' then done | mask else done end as done,
        case when result = 'pass' then held & ~mask when result = 'hold' and conflict is null then held | mask else held end as held,
        case when result = 'pass' and channel in ('yellow', 'red') then required | inspected else required end as required,
        case when result = 'reject' and conflict is null then case step when 'gate_in' then 'turned_back' else 'rejected' end
             else ended end as ended
      from sorted
      offset 0
    ), stated as (
      select *, gate.state_of(role, direction, required, done, held, ended, was_state = 'draft') as state, gate.needed(direction, required, done) as need,
        case when code is null then count(*) filter (where code is null) over (order by ord) end as place
      from masked
      offset 0
    )
    select row(
      t.ord, t.at, t.actor, t.actor_role, t.actor_agency, t.crossing, t.bit, t.step, t.result, t.note, t.channel, t.lane, t.device,
      t.occurred_at, t.offline, t.override, t.agency, t.missing, t.code, t.conflict,
      p_seq + t.place, t.declaration, t.firm, t.plate, t.direction, t.class, t.version, t.window_from,
      t.was_done, t.was_held, t.was_state, t.ended_at, t.done, t.held, t.required, t.ended, t.state,
      case when t.code is null and t.joins & t.mask <> 0 and t.done & t.mask <> 0 and t.joined_at is null and t.ended is null
        -- offline: when it happened, never before the declaration was filed, nor while the device was seen;
        -- who came from another gate's queue joined when it joined that one
        then least(t.kept_at, gate.joins_at(t.window_from,
          case when t.offline then greatest(t.occurred_at, t.filed_at, t.online_at) else t.at end, t.gate, t.route, t.direction)) end,
      case when t.code is null then gate.steps_left(t.optional, t.receiving, t.required, t.done, t.state, t.across)
        & case when t.across is null then gate.free_steps(t.own, t.need)
               else gate.open_steps(t.procedure, t.role, t.direction, t.required, t.done, t.state, t.across) end
      end)::gate.judged
    from stated t
    order by t.ord);
end $$;

-- An offline confirmation puts a vehicle where its device says it belongs. Where that is before vehicles
-- that joined before it was recorded, and that it would not have passed had it joined only then, it is
-- listed as a conflict: a place is nothing that a device's clock may give unseen.
create or replace function gate.places_questioned(p_judged gate.judged[], p_rule gate.queue_rule) returns gate.judged[]
language plpgsql stable as $$
declare
  j record;
begin
  for j in
    select t.n
    from unnest(p_judged) with ordinality as t (
      ord, at, actor, actor_role, actor_agency, crossing, bit, step, result, note, channel, lane, device, occurred_at, offline, override,
      agency, missing, code, conflict, seq, declaration, firm, plate, direction, class, version, window_from, was_done, was_held, was_state,
      was_ended_at, done, held, required, ended, state, joined_at, open, n)
    join gate.crossing x on x.id = t.crossing
    cross join lateral (
      select (p_rule.credits ->> x.class::text)::int * interval '1 second' as credit,
        gate.joins_at(t.window_from, t.at, x.gate, x.route, x.direction) as live_at) r
    where t.offline and t.code is null and t.conflict is null and t.joined_at is not null
      and gate.is_waiting(x.direction, t.done, t.state)
      and exists (
        select from gate.crossing o
        where o.gate = x.gate and o.direction = x.direction and o.waits_at > t.joined_at - r.credit and o.waits_at < r.live_at - r.credit
          and o.route = x.route)
  loop
    p_judged[j.n].conflict := 'offline_rank';
  end loop;
  return p_judged;
end $$;

-- What an officer is told beside the code: who did it and when; what is missing.
create or replace function gate.step_problem(p_ledger smallint, j gate.judged) returns text
language plpgsql stable as $$
begin
  return case j.code
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
    when 'step_not_open' then jsonb_build_object('missing', gate.steps_json(j.missing)::jsonb, 'state', j.was_state)::text
    when 'crossing_ended' then jsonb_build_object('state', j.was_state, 'ended_at', gate.instant(j.was_ended_at)::jsonb)::text
    when 'crossing_held' then jsonb_build_object('held', gate.steps_json(j.was_held)::jsonb)::text
  end;
end $$;

create or replace function gate.steps_write(p_judged gate.judged[], p_rule gate.queue_rule) returns void
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
    rank_at = coalesce(x.rank_at, j.joined_at - (p_rule.credits ->> x.class::text)::int * interval '1 second'),
    rule = case when j.joined_at is null then x.rule else p_rule.version end,
    waits_at = case
      when gate.is_waiting(x.direction, j.done, j.state)
        then coalesce(x.rank_at, j.joined_at - (p_rule.credits ->> x.class::text)::int * interval '1 second')
    end,
    -- an arrival ends the claim's clock and the grace; the end of the crossing ends all clocks
    due_at = case when not gate.is_live(j.state) or gate.has_come(x.direction, j.done) or (j.step in ('gate_in', 'yard_in') and j.done <> x.done)
      then null else x.due_at end,
    inside = gate.is_inside(x.direction, x.role, j.done, j.state),
    last_seq = j.seq,
    last_by = j.actor,
    last_step_at = j.at,
    ended_at = case when gate.is_live(j.state) then null else coalesce(x.ended_at, j.at) end
  from unnest(p_judged) j
  where x.id = j.crossing and j.code is null;
end $$;

create or replace function gate.steps_events(p_judged gate.judged[], p_rule gate.queue_rule) returns gate.new_event[]
language plpgsql stable as $$
begin
  return (
    select array_agg(row(
      j.at, 'step', j.crossing,
      '"step":"' || j.step || '","result":"' || j.result || '","state":"' || j.state || '","version":' || j.version + 1
        || case when j.lane is null then '' else ',"lane":' || j.lane end
        || case when j.channel is null then '' else ',"channel":"' || j.channel || '"' end
        -- what an undo cannot tell from the masks after it; asked before they are written
        || case when j.channel is null and j.was_held = 0 then '' else (
             select ',"was":' || jsonb_build_object('held', x.held, 'required', x.required, 'channel', x.channel)::text
             from gate.crossing x where x.id = j.crossing) end
        || case when j.offline then ',"offline":true' else '' end
        || case when j.override then ',"override":true' else '' end
        || case when j.conflict is null then '' else ',"conflict":"' || j.conflict || '"' end
        || case when j.joined_at is null then '' else
             ',"direction":"' || j.direction || '","class":"' || j.class || '","window":' || coalesce(gate.instant(j.window_from), 'null')
             || ',"joined_at":' || gate.instant(j.joined_at) || ',"rank_at":'
             || gate.instant(j.joined_at - (p_rule.credits ->> j.class::text)::int * interval '1 second') || ',"rule":' || p_rule.version end,
      '"by":' || j.actor || ',"role":"' || j.actor_role || '","agency":"' || j.agency || '","plate":' || to_json(j.plate)::text
        || ',"declaration":"' || j.declaration || '","occurred_at":' || gate.instant(j.occurred_at)
        || case when j.device is null then '' else ',"device":' || to_json(j.device)::text end
        || case when j.note is null then '' else ',"note":' || to_json(j.note)::text end,
      j.firm)::gate.new_event order by j.ord)
    from unnest(p_judged) j
    where j.code is null);
end $$;

create or replace function gate.steps_answers(p_ledger smallint, p_judged gate.judged[]) returns gate.answer[]
language plpgsql stable as $$
declare
  gate_code text := (select code from gate.ledger where number = p_ledger);
begin
  return (
    select array_agg(row(
      j.ord, coalesce(j.code, 'ok'), 201, case when j.code is null then (j.version + 1)::text end,
      case when j.code is not null then gate.step_problem(p_ledger, j) else
        '{"crossing":{"id":"' || gate.crossing_text(j.crossing) || '","declaration":"' || j.declaration || '","plate":' || to_json(j.plate)::text
        || ',"state":"' || j.state || '","version":' || j.version + 1 || ',"@open":' || j.open
        || '},"event":"' || gate_code || '-' || j.seq || '"'
        || case when j.conflict is null then '' else ',"conflict":"' || j.conflict || '"' end || '}' end,
      false)::gate.answer order by j.ord)
    from unnest(p_judged) j);
end $$;

-- Confirms the steps. Commands carry {"crossing","step","result","note","channel","lane",
-- "occurred_ms","online_ms","device","offline","override"}.
create or replace function gate.step_many(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql as $$
declare
  rule gate.queue_rule := gate.rule_at(p_commands[1].at);
  judged gate.judged[] := gate.steps_judge(p_commands, (select seq from gate.ledger where number = p_ledger));
  events gate.new_event[];
begin
  if exists (select from unnest(p_commands) c where c.args ? 'offline') then
    judged := gate.places_questioned(judged, rule);
  end if;
  events := gate.steps_events(judged, rule);
  if events is not null then
    perform gate.steps_write(judged, rule);
    perform gate.append_many(p_ledger, events);
    perform gate.steps_follow(p_ledger, judged);
  end if;
  return gate.steps_answers(p_ledger, judged);
end $$;

-- What follows from steps, each rare against them: predictions, ends, conflicts, roll-ups.
create or replace function gate.steps_follow(p_ledger smallint, p_judged gate.judged[]) returns void
language plpgsql as $$
declare
  joined bigint[];
  over bigint[];
  begun bigint[];
  has_conflict boolean;
begin
  select array_agg(j.crossing) filter (where j.joined_at is not null),
    array_agg(j.crossing) filter (where not gate.is_live(j.state) and gate.is_live(j.was_state)),
    array_agg(j.declaration) filter (where j.was_done = 0),
    coalesce(bool_or(j.conflict is not null), false)
  into joined, over, begun, has_conflict
  from unnest(p_judged) j
  where j.code is null;

  if joined is not null then
    perform gate.predict_call(p_ledger, joined);
  end if;
  if has_conflict then
    insert into gate.conflict (gate, number, crossing, seq, kind, detail, found_at)
    select p_ledger, j.seq, j.crossing, j.seq, j.conflict,
      jsonb_build_object('step', j.step, 'result', j.result, 'occurred_at', gate.instant(j.occurred_at)::jsonb,
        'device', j.device, 'by', j.actor, 'state', j.was_state),
      j.at
    from unnest(p_judged) j
    where j.code is null and j.conflict is not null;
  end if;
  if begun is not null then
    update gate.declaration d set state = 'in_progress', version = d.version + 1, changed_at = p_judged[1].at
    where d.number = any (begun) and d.state = 'ready';
  end if;
  if over is not null then
    perform gate.crossings_ended(p_ledger, over);
  end if;
  if exists (select from unnest(p_judged) j where j.override or j.offline) then
    perform gate.uncalled_count(p_ledger, p_judged);
  end if;
end $$;
