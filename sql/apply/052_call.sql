-- The call: whom a lane takes next. Calls of one batch pick one after the other, each as if the ones
-- before it were done; what they change is written once for all of them.
-- Locks: the caller holds the ledger's head.

-- Vehicles that take room inside the gate, against the yard there.
create or replace function gate.yard_room(p_gate smallint) returns int
language plpgsql stable as $$
begin
  return (
    select coalesce((select capacity from gate.yard where gate = p_gate and kind = 'inside'), 0)
      - (select count(*)::int from gate.crossing where gate = p_gate and inside));
end $$;

-- Those a lane may call at an instant.
create or replace function gate.eligible(p_ledger smallint, p_site gate.call_site, p_now timestamptz)
returns setof gate.crossing
language sql stable as $$
  select * from gate.crossing x
  where x.gate = p_ledger and x.direction = p_site.direction and x.waits_at is not null
    and x.held = 0
    and x.route = p_site.route
    and (x.eligible_at is null or x.eligible_at <= p_now)
    and (p_site.classes is null or x.class = any (p_site.classes))
    and (p_site.registered_before is null or x.filed_at < p_site.registered_before)
$$;

-- While a route takes pre-registered vehicles only: those filed before that mode began.
create or replace function gate.registered_before(p_gate smallint, p_route text, p_direction gate.direction, p_now timestamptz)
returns timestamptz
language plpgsql stable as $$
begin
  return (
    select case when mode = 'pre_registered' then coalesce(since, starts_at) end
    from gate.calendar
    where gate = p_gate and ends_at > p_now and starts_at <= p_now
      and (route is null or route = p_route) and (direction is null or direction = p_direction)
    order by number desc limit 1);
end $$;

-- Whether calendar, daily hours and rules hold still between two instants: calls in between are then
-- judged by what holds at the first.
create or replace function gate.hours_hold(p_gate smallint, p_from timestamptz, p_to timestamptz) returns boolean
language plpgsql stable as $$
declare
  first time := (p_from at time zone 'UTC') + interval '7 hours';
  last time := (p_to at time zone 'UTC') + interval '7 hours';
begin
  return p_from = p_to or gate.rules_change(p_from, p_to) is null and not exists (
    select from gate.calendar c
    where c.gate = p_gate and c.ends_at > p_from and (c.starts_at > p_from and c.starts_at <= p_to or c.ends_at <= p_to)
  ) and not exists (
    select from gate.route r where r.gate = p_gate and (r.opens > first and r.opens <= last or r.closes > first and r.closes <= last));
end $$;

-- The lane a command names, as it stands: what refuses every call of it, or the first of those that
-- wait there, enough for p_calls of them. p_until: the time of the last call.
create or replace function gate.call_site(p_ledger smallint, c gate.command, p_calls int, p_until timestamptz) returns gate.call_site
language plpgsql stable as $$
declare
  l gate.lane;
  s gate.call_site;
  mode text;
begin
  s.override := coalesce((c.args ->> 'override')::boolean, false);
  select * into l from gate.lane where gate = p_ledger and number = (c.args ->> 'lane')::int;
  if l.number is null then
    s.code := 'not_found';
    s.problem := gate.pointed('/lane', 'lane_unknown');
    return s;
  end if;
  s.lane := l.number;
  s.route := l.route;
  s.classes := l.classes;
  s.direction := coalesce((c.args ->> 'direction')::gate.direction, l.directions[1]);
  if not l.is_open then
    s.code := 'lane_closed';
    return s;
  elsif s.direction <> all (l.directions) then
    s.code := 'lane_direction';
    s.problem := gate.pointed('/direction', 'lane_direction');
    return s;
  end if;

  mode := gate.mode_at(p_ledger, s.route, s.direction, c.at);
  if mode = 'closed' then
    if not s.override then
      s.code := 'route_closed';
      s.problem := jsonb_build_object('route', s.route);
      return s;
    end if;
    s.overridden := 'route_closed';
  elsif mode = 'pre_registered' then
    s.registered_before := gate.registered_before(p_ledger, s.route, s.direction, c.at);
  end if;

  select array_agg(e.id order by e.waits_at, e.id), array_agg(e.waits_at order by e.waits_at, e.id),
    array_agg(e.eligible_at order by e.waits_at, e.id)
  into s.waiting, s.ranks, s.eligible
  from (select x.id, x.waits_at, x.eligible_at from gate.eligible(p_ledger, s, p_until) x order by x.waits_at, x.id limit p_calls) e;
  s.is_all := coalesce(cardinality(s.waiting), 0) < p_calls;
  return s;
end $$;

-- The first that a lane may call at an instant, those taken left out, and its rank.
create or replace function gate.call_first(
  p_ledger smallint, s gate.call_site, p_at timestamptz, p_taken bigint[], out id bigint, out rank timestamptz)
language plpgsql stable as $$
begin
  for i in 1 .. coalesce(cardinality(s.waiting), 0) loop
    if (s.eligible[i] is null or s.eligible[i] <= p_at) and s.waiting[i] <> all (p_taken) then
      id := s.waiting[i];
      rank := s.ranks[i];
      return;
    end if;
  end loop;
  if not s.is_all then
    select x.id, x.waits_at into id, rank from gate.eligible(p_ledger, s, p_at) x
    where x.id <> all (p_taken) order by x.waits_at, x.id limit 1;
  end if;
end $$;

-- Why a crossing that a call names cannot be called.
create or replace function gate.call_unfit(p_ledger smallint, s gate.call_site, x gate.crossing, p_taken bigint[], out code text, out problem jsonb)
language plpgsql stable as $$
begin
  if x.id is null then
    code := 'not_found';
  elsif x.id = any (p_taken) then
    code := 'step_done';
    problem := '{"state":"called"}';
  elsif x.done & gate.bit_called() <> 0 then
    code := 'step_done';
    problem := jsonb_build_object('state', x.state);
  elsif x.held <> 0 then
    code := 'crossing_held';
    problem := jsonb_build_object('held', gate.steps_json(x.held)::jsonb);
  elsif x.waits_at is null then
    code := 'step_not_open';
    problem := jsonb_build_object('state', x.state);
  elsif x.direction <> s.direction then
    code := 'lane_direction';
    problem := gate.pointed('/direction', 'lane_direction');
  elsif x.route <> s.route then
    code := 'lane_route';
    problem := gate.pointed('/lane', 'lane_route');
  elsif x.filed_at >= s.registered_before and not s.override then
    code := 'pre_registered_only';
    problem := jsonb_build_object('route', s.route);
  end if;
end $$;

-- A call of a crossing by name: fit for it, and a reason when it is not its turn.
create or replace function gate.call_named(p_ledger smallint, c gate.command, s gate.call_site, p gate.picked, p_taken bigint[])
returns gate.picked
language plpgsql stable as $$
declare
  x gate.crossing;
  first record;
begin
  select * into x from gate.crossing where id = (c.args ->> 'crossing')::bigint and gate = p_ledger;
  select u.code, u.problem into p.code, p.problem from gate.call_unfit(p_ledger, s, x, p_taken) u;
  if p.code is not null then
    return p;
  end if;
  p.crossing := x.id;
  if x.filed_at >= s.registered_before then
    p.overridden := coalesce(p.overridden || ',', '') || 'pre_registered_only';
  end if;
  first := gate.call_first(p_ledger, s, c.at, p_taken);
  if first.id is distinct from x.id then
    if not gate.has_reason(c) then
      p.code := 'reason_required';
      p.problem := gate.pointed('/reason', 'required');
      return p;
    end if;
    -- one that a no-show moved back, or that was not registered in time, stands behind all who may be
    -- called before it
    select count(*) into p.passed from gate.eligible(p_ledger, s, c.at) e
    where e.id <> x.id and e.id <> all (p_taken)
      and ((e.waits_at, e.id) < (x.waits_at, x.id) or x.eligible_at > c.at or x.filed_at >= s.registered_before);
    p.delay_s := greatest(extract(epoch from x.waits_at - first.rank), extract(epoch from x.eligible_at - c.at), 0);
  end if;
  return p;
end $$;

-- Whom one call takes; p_taken: those that the calls before it took.
create or replace function gate.call_pick(p_ledger smallint, c gate.command, s gate.call_site, p_taken bigint[]) returns gate.picked
language plpgsql stable as $$
declare
  p gate.picked;
begin
  p.ord := c.ord;
  if s.code is not null then
    p.code := s.code;
    p.problem := s.problem;
    return p;
  elsif s.override and not gate.has_reason(c) then
    p.code := 'reason_required';
    p.problem := gate.pointed('/reason', 'required');
    return p;
  end if;
  p.at := c.at;
  p.actor := c.actor;
  p.reason := c.args ->> 'reason';
  p.lane := s.lane;
  p.direction := s.direction;
  p.route := s.route;
  p.overridden := s.overridden;
  p.passed := 0;
  p.delay_s := 0;
  if c.args ->> 'crossing' is not null then
    return gate.call_named(p_ledger, c, s, p, p_taken);
  end if;
  p.crossing := (gate.call_first(p_ledger, s, c.at, p_taken)).id;
  if p.crossing is null then
    p.code := 'nothing_waits';
  end if;
  return p;
end $$;

-- Whom the calls take, one after the other; those that take somebody get the next numbers of the ledger.
create or replace function gate.calls_pick(p_ledger smallint, p_commands gate.command[], p_seq bigint) returns gate.picked[]
language plpgsql stable as $$
declare
  last gate.command := p_commands[cardinality(p_commands)];
  c gate.command;
  s gate.call_site;
  sites gate.call_site[] := '{}';
  asked text[] := '{}';          -- of each site
  site int;
  wanted text;
  p gate.picked;
  picks gate.picked[] := '{}';
  taken bigint[] := '{}';
  room int;
begin
  foreach c in array p_commands loop
    wanted := concat_ws(' ', c.args ->> 'lane', c.args ->> 'override', c.args ->> 'direction');
    if s.asked is distinct from wanted then
      if site is not null then
        sites[site] := s;
      end if;
      site := array_position(asked, wanted);
      if site is null then
        s := gate.call_site(p_ledger, c, cardinality(p_commands) + cardinality(taken), last.at);
        s.asked := wanted;
        asked := asked || wanted;
        site := cardinality(asked);
      else
        s := sites[site];
      end if;
    end if;
    p := gate.call_pick(p_ledger, c, s, taken);
    -- an export that waits stands outside, and its call takes it a place inside
    if p.code is null and s.direction = 'export' then
      room := coalesce(room, gate.yard_room(p_ledger));
      if room > 0 then
        null;
      elsif s.override then
        p.overridden := coalesce(p.overridden || ',', '') || 'yard_full';
      else
        p.code := 'yard_full';
        p.problem := (select jsonb_build_object('yard', code, 'capacity', capacity) from gate.yard where gate = p_ledger and kind = 'inside');
      end if;
      room := room - (p.code is null)::int;
    end if;
    if p.code is null then
      taken := taken || p.crossing;
      p.seq := p_seq + cardinality(taken);
      if s.waiting[1] = p.crossing then -- no later call need look at it
        s.waiting := s.waiting[2:];
        s.ranks := s.ranks[2:];
        s.eligible := s.eligible[2:];
      end if;
    end if;
    picks := picks || p;
  end loop;
  return picks;
end $$;

-- What the ledger and the callers are told, of crossings that are not yet written.
create or replace function gate.calls_told(p_ledger smallint, p_picks gate.picked[], out events gate.new_event[], out answers gate.answer[])
language plpgsql stable as $$
declare
  gate_code text := (select code from gate.ledger where number = p_ledger);
begin
  select array_agg(row(
      p.at, 'called', x.id,
      '"step":"called","result":"pass","state":"called","version":' || x.version + 1 || ',"lane":' || p.lane
        || ',"direction":"' || x.direction || '","route":"' || x.route || '","class":"' || x.class
        || '","joined_at":' || gate.instant(x.joined_at) || ',"rank_at":' || gate.instant(x.rank_at) || ',"rule":' || x.rule
        || case when p.overridden is null then '' else ',"overrides":"' || p.overridden || '"' end
        || case when p.passed = 0 then '' else ',"overtake":' || jsonb_build_object(
             'passed', p.passed, 'delay_s', p.delay_s, 'reason', p.reason)::text end,
      '"by":' || (p.actor ->> 'id') || ',"role":"' || (p.actor ->> 'role') || '","agency":"operator","plate":' || to_json(x.plate)::text
        || ',"declaration":"' || x.declaration || '","occurred_at":' || gate.instant(p.at)
        || case when p.actor ->> 'device' is null then '' else ',"device":' || to_json(p.actor ->> 'device')::text end
        || case when p.reason is null then '' else ',"reason":' || to_json(p.reason)::text end,
      x.firm)::gate.new_event order by p.seq),
    array_agg(row(
      p.ord, 'ok', 200, (x.version + 1)::text,
      '{"crossing":' || gate.brief_text(x.id, x.declaration, x.plate, 'called', x.version + 1, p.lane,
          case when x.across then gate.open_steps(x.procedure, x.role, x.direction, x.required, x.done, 'called', gate.across_of(x.declaration))
               else gate.steps_left(k.optional, k.receiving, x.required, x.done, 'called', null) & gate.free_steps(k.own, x.need) end)
        || ',"event":"' || gate_code || '-' || p.seq || '"}', false)::gate.answer order by p.seq)
  into events, answers
  from (
    select x.*, gate.needed(direction, required, done) as need
    from (
      select id, declaration, firm, role, direction, route, class, plate, joined_at, rank_at, rule, procedure, across, required,
        done | gate.bit_called() as done, version
      from gate.crossing where id in (select p.crossing from unnest(p_picks) p where p.code is null)
      offset 0
    ) x
    offset 0
  ) x
  join unnest(p_picks) p on p.crossing = x.id and p.code is null
  join gate.procedure_kind k on k.version = x.procedure and k.role = x.role and k.direction = x.direction;
end $$;

create or replace function gate.calls_write(p_picks gate.picked[], p_rule gate.queue_rule) returns void
language plpgsql as $$
begin
  update gate.crossing x set
    done = x.done | gate.bit_called(), done_at[6] = p.at, state = 'called', called_at = p.at, lane = p.lane, waits_at = null, eligible_at = null,
    due_at = case when x.direction = 'export' and not gate.has_come(x.direction, x.done) then p.at + p_rule.grace_s * interval '1 second' end,
    inside = gate.is_inside(x.direction, x.role, x.done | gate.bit_called(), 'called'),
    version = x.version + 1, last_seq = p.seq, last_by = (p.actor ->> 'id')::int, last_step_at = p.at
  from unnest(p_picks) p
  where x.id = p.crossing and p.code is null;
end $$;

-- What follows from calls: the pace, the predictions' outcome and the next ones, the public count of
-- overtakes.
create or replace function gate.calls_follow(p_ledger smallint, p_picks gate.picked[]) returns void
language plpgsql as $$
begin
  perform gate.calls_learn(p_ledger, p_picks);
  perform gate.calls_score(p_ledger, p_picks);
  insert into gate.prediction (crossing, kind, made_at, ahead, p50_s, p90_s)
  select x.id, 'exit', p.at, 0, least(exp(s.log_mean), 604800)::int, least(exp(s.log_mean + 1.2816 * sqrt(s.log_var)), 604800)::int
  from unnest(p_picks) p
  join gate.crossing x on x.id = p.crossing
  join gate.service_pace s on s.gate = x.gate and s.direction = x.direction and s.class = x.class
  where p.code is null and s.exits >= 5
  on conflict do nothing;
  insert into gate.overtake (gate, seq, at, crossing, passed, delay_s, reason)
  select p_ledger, p.seq, p.at, p.crossing, p.passed, p.delay_s, p.reason
  from unnest(p_picks) p
  where p.code is null and p.passed > 0;
end $$;

-- Calls the first eligible for each lane, or, with a reason, another. Commands carry {"direction",
-- "lane","crossing"?,"reason"?,"override"?}; override passes a full yard or a closed route.
create or replace function gate.call_many(p_ledger smallint, p_commands gate.command[]) returns gate.answer[]
language plpgsql as $$
declare
  c gate.command;
  picks gate.picked[];
  told record;
  answers gate.answer[] := '{}';
begin
  if not gate.hours_hold(p_ledger, p_commands[1].at, p_commands[cardinality(p_commands)].at) then
    foreach c in array p_commands loop
      answers := answers || gate.call_many(p_ledger, array[c]);
    end loop;
    return answers;
  end if;
  picks := gate.calls_pick(p_ledger, p_commands, (select seq from gate.ledger where number = p_ledger));
  told := gate.calls_told(p_ledger, picks);
  if told.events is not null then
    perform gate.append_many(p_ledger, told.events);
    perform gate.calls_write(picks, gate.rule_at(p_commands[1].at));
    perform gate.calls_follow(p_ledger, picks);
  end if;
  return coalesce(told.answers, '{}') || array(
    select gate.refused(p.ord, p.code, p.problem) from unnest(picks) p where p.code is not null);
end $$;

-- Exports that were let in without a call, by a supervisor or during an outage, have passed those that
-- stood before them: counted in public like a call out of turn. Called once they are written.
create or replace function gate.uncalled_count(p_ledger smallint, p_confirmed gate.confirmed[]) returns void
language plpgsql as $$
begin
  insert into gate.overtake (gate, seq, at, crossing, passed, delay_s, reason)
  select p_ledger, j.seq, j.at, j.crossing, p.passed, p.delay_s, coalesce(nullif(btrim(left(j.note, 500)), ''), 'offline')
  from unnest(p_confirmed) j
  join gate.crossing x on x.id = j.crossing
  cross join lateral (
    select count(*)::int as passed, greatest(extract(epoch from x.rank_at - min(o.waits_at)), 0)::int as delay_s
    from gate.crossing o
    where o.gate = x.gate and o.direction = x.direction and o.waits_at is not null and (o.waits_at, o.id) < (x.rank_at, x.id)
      and o.route = x.route and o.held = 0 and (o.eligible_at is null or o.eligible_at <= j.at)
  ) p
  where (j.override or j.offline) and gate.is_waiting(j.direction, j.was_done, j.was_state)
    and gate.is_live(j.state) and not gate.is_waiting(j.direction, j.done, j.state) and p.passed > 0;
end $$;
