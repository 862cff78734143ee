-- The rules as expressions: state from masks, open steps, calendar, rank. Pure but for reading the
-- configuration tables; each is called by the writers and by the reads, so both always agree.
-- Masks are sums of the bits in gate.step.

-- The state of a crossing, derived (design: steps and states).
create or replace function gate.state_of(
  p_role text, p_direction gate.direction, p_required int, p_done int, p_held int, p_ended text, p_draft boolean)
returns text
language sql immutable parallel safe as $$
  select case
    when p_ended is not null then p_ended
    when p_draft then 'draft'
    when p_done & 32768 <> 0 then 'returned'
    when p_done & 16384 <> 0 then 'exited'
    when p_held <> 0 then 'held'
    when p_required & 12288 & ~p_done = 0 then 'cleared'
    when p_role = 'receiving' then
      case when p_done & 1024 <> 0 then 'in_yard' when p_done & 2 <> 0 then 'at_gate' else 'declared' end
    when p_direction = 'export' then
      case when p_done & 2 <> 0 then 'at_gate' when p_done & 32 <> 0 then 'called'
           when p_done & 16 <> 0 then 'queued' else 'declared' end
    else
      case when p_done & 32 <> 0 and p_done & 13056 <> 0 then 'in_yard' when p_done & 32 <> 0 then 'called'
           when p_done & 16 <> 0 then 'queued' when p_done & 2 <> 0 then 'at_gate' else 'declared' end
  end
$$;

-- Whether a crossing still goes on (an exited export may yet return, but it waits for nothing).
create or replace function gate.is_live(p_state text) returns boolean
language sql immutable parallel safe as $$
  select p_state not in (
    'exited', 'returned', 'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'
  )
$$;

-- What the crossings of one declaration have done together, for prerequisites that look across.
-- Those that ended without exit do not count; a step somebody does not require counts as done.
create or replace function gate.across_of(p_declaration bigint) returns gate.across
language sql stable as $$
  select row(
    coalesce(bit_or(done) filter (where role = 'receiving'), 0),
    coalesce(bit_and(done | ~required) filter (where role = 'receiving'), 0),
    coalesce(bit_or(done) filter (where role = 'main'), 0),
    coalesce(bit_and(done | ~required) filter (where role = 'main'), -1),
    count(*) filter (where role = 'receiving')::int
  )::gate.across
  from gate.crossing
  where declaration = p_declaration and ended is null
$$;

-- The steps that only receiving vehicles make necessary: without any left they are waived.
create or replace function gate.receiving_steps(p_procedure int) returns int
language sql stable as $$
  select coalesce(bit_or(1 << bit), 0) from gate.procedure_step where version = p_procedure and needed = 'receiving'
$$;

-- The steps that are open now, as a mask. called is open while the crossing waits for its call.
create or replace function gate.open_steps(
  p_procedure int, p_role text, p_direction gate.direction, p_required int, p_done int, p_state text, p_across gate.across)
returns int
language sql stable as $$
  select coalesce(bit_or(1 << s.bit), 0)
  from gate.procedure_step s
  where s.version = p_procedure and s.role = p_role and s.direction = p_direction
    and p_done & (1 << s.bit) = 0
    and s.bit <> 5
    and (p_required & (1 << s.bit) <> 0 or s.needed = 'optional')
    and (gate.is_live(p_state) or (s.needed = 'optional' and p_state = 'exited'))
    and p_state <> 'draft'
    and (p_state <> 'held' or s.bit <> 14)
    and s.own & p_required & ~p_done & ~case when (p_across).receiving = 0 then gate.receiving_steps(p_procedure) else 0 end = 0
    and (p_across is null or (
      (s.any_receiving & ~(p_across).any_receiving = 0 or (p_across).receiving = 0)
      and (s.all_receiving & ~(p_across).all_receiving = 0 or (p_across).receiving = 0)
      and s.any_main & ~(p_across).any_main = 0
      and s.every_main & ~(p_across).every_main = 0))
    and not (s.needed = 'receiving' and p_across is not null and (p_across).receiving = 0)
$$;

-- A mask as [{"step":…,"agency":…}], in the order of the bits.
create or replace function gate.steps_json(p_mask int) returns text
language sql stable as $$
  select '[' || coalesce(string_agg('{"step":"' || code || '","agency":"' || agency || '"}', ',' order by bit), '') || ']'
  from gate.step
  where p_mask & (1 << bit) <> 0
$$;

create or replace function gate.crossing_text(p_id bigint) returns text
language sql immutable parallel safe as $$ select lpad(p_id::text, 14, '0') $$;

create or replace function gate.event_text(p_ledger smallint, p_seq bigint) returns text
language sql stable as $$ select code || '-' || p_seq from gate.ledger where number = p_ledger $$;

create or replace function gate.rule_at(p_now timestamptz) returns gate.queue_rule
language sql stable as $$
  select r from gate.queue_rule r where effective_from <= p_now order by effective_from desc, version desc limit 1
$$;

-- 'open', 'closed' or 'pre_registered' for a route and direction at an instant: the exception
-- entered last that covers it, else the daily hours (domain A8).
create or replace function gate.mode_at(p_gate smallint, p_route text, p_direction gate.direction, p_at timestamptz)
returns text
language sql stable as $$
  select coalesce(
    (select mode from gate.calendar
     where gate = p_gate and ends_at > p_at and starts_at <= p_at
       and (route is null or route = p_route) and (direction is null or direction = p_direction)
     order by number desc limit 1),
    (select case when freight and ((p_at at time zone 'UTC') + interval '7 hours')::time >= opens
                  and (closes = '24:00' or ((p_at at time zone 'UTC') + interval '7 hours')::time < closes)
            then 'open' else 'closed' end
     from gate.route where gate = p_gate and code = p_route),
    'closed')
$$;

-- Seconds in which the route was not closed between two instants, to the minute, at most 14 days
-- back: the clocks of windows and no-shows run only then (the gate or the far side is the cause).
create or replace function gate.open_seconds(
  p_gate smallint, p_route text, p_direction gate.direction, p_from timestamptz, p_to timestamptz)
returns int
language sql stable as $$
  with edges as (
    select greatest(p_from, p_to - interval '14 days') as at
    union
    select e from gate.calendar c, unnest(array[c.starts_at, c.ends_at]) e
    where c.gate = p_gate and c.ends_at > p_from and c.starts_at < p_to and e > p_from and e < p_to
    union
    select x.at
    from gate.route r,
      generate_series(gate.hanoi_day(greatest(p_from, p_to - interval '14 days')), gate.hanoi_day(p_to), interval '1 day') as day,
      lateral (values ((day + r.opens - interval '7 hours') at time zone 'UTC'),
                      ((day + r.closes - interval '7 hours') at time zone 'UTC')) as x (at)
    where r.gate = p_gate and r.code = p_route and x.at > p_from and x.at < p_to
  ), spans as (
    select at, coalesce(lead(at) over (order by at), p_to) as until from edges
  )
  select coalesce(sum(extract(epoch from until - at)) filter (
    where gate.mode_at(p_gate, p_route, p_direction, at) <> 'closed'), 0)::int
  from spans
$$;

-- Of several goods classes, the one with the least credit ranks the vehicle.
create or replace function gate.least_class(p_classes gate.goods_class[], p_credits jsonb) returns gate.goods_class
language sql immutable as $$
  select c from unnest(p_classes) c order by (p_credits ->> c::text)::int, c desc limit 1
$$;

-- The classes of the goods one vehicle carries: lines that name its plate or none.
create or replace function gate.goods_classes(p_document jsonb, p_vehicle jsonb, p_day date)
returns gate.goods_class[]
language sql stable as $$
  select coalesce(
    nullif(array(
      select distinct class
      from (
        select coalesce(
          (select h.class from gate.hs_class h
           where h.prefix in (left(g ->> 'hs', 8), left(g ->> 'hs', 6), left(g ->> 'hs', 4), left(g ->> 'hs', 2))
             and h.effective_from <= p_day and (h.effective_until is null or h.effective_until > p_day)
           order by length(h.prefix) desc limit 1),
          'general') as class
        from jsonb_array_elements(p_document -> 'goods') g
        where p_vehicle is null or not (g ? 'plates') or g -> 'plates' = '[]' or g -> 'plates' ? (p_vehicle ->> 'plate')
        union all
        select 'new_vehicle' where p_vehicle ? 'vin'
      ) as found
      order by class
    ), '{}'),
    '{empty}')
$$;

-- What a crossing of these classes needs, as a mask; inspected and receiving say what is known.
create or replace function gate.required_steps(
  p_procedure int, p_role text, p_direction gate.direction, p_classes gate.goods_class[], p_inspected boolean, p_receiving boolean)
returns int
language sql stable as $$
  select coalesce(bit_or(1 << bit), 0)
  from gate.procedure_step
  where version = p_procedure and role = p_role and direction = p_direction
    and case needed
      when 'always' then true
      when 'perishable' then 'perishable' = any (p_classes)
      when 'frozen_live' then 'frozen_live' = any (p_classes)
      when 'inspected' then p_inspected
      when 'receiving' then p_receiving
      else false
    end
$$;
