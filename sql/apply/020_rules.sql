-- The rules as expressions: state from masks, open steps, calendar, rank. Pure but for reading the
-- configuration tables; each is called by the writers and by the reads, so both always agree.
-- Masks are sums of the bits in gate.step.

-- The steps that rules speak of by name, as bits; all others are only data of a procedure. They cost
-- nothing: the planner puts the numbers in their place.
create or replace function gate.bit_registered() returns int language sql immutable parallel safe as $$ select 1 $$;
create or replace function gate.bit_gate_in() returns int language sql immutable parallel safe as $$ select 2 $$;
create or replace function gate.bit_yard_in() returns int language sql immutable parallel safe as $$ select 16 $$;
create or replace function gate.bit_called() returns int language sql immutable parallel safe as $$ select 32 $$;
create or replace function gate.bit_loaded() returns int language sql immutable parallel safe as $$ select 1024 $$;
create or replace function gate.bit_exit() returns int language sql immutable parallel safe as $$ select 16384 $$;
create or replace function gate.bit_returned() returns int language sql immutable parallel safe as $$ select 32768 $$;
-- customs_finish and border_guard_finish: with those required it is cleared.
create or replace function gate.bits_finish() returns int language sql immutable parallel safe as $$ select 4096 + 8192 $$;
-- health and licence: looked at where the gate is entered.
create or replace function gate.bits_checked() returns int language sql immutable parallel safe as $$ select 4 + 8 $$;
-- What is done to a vehicle at its place, or after: inspection, transshipped and the finishes.
create or replace function gate.bits_served() returns int language sql immutable parallel safe as $$
  select 256 + 512 + gate.bits_finish()
$$;

-- True once the vehicle itself was seen here: papers and fees are done from an office.
create or replace function gate.has_arrived(p_done int) returns boolean
language sql immutable parallel safe as $$
  select p_done & (gate.bit_gate_in() | gate.bit_yard_in() | gate.bit_called() | gate.bits_served() | gate.bit_loaded()
    | gate.bit_exit()) <> 0
$$;

-- True once a step shows that the vehicle is where its call would have brought it: an export inside
-- the gate, an import past the yard. No grace runs then.
create or replace function gate.has_come(p_direction gate.direction, p_done int) returns boolean
language sql immutable parallel safe as $$
  select p_done & (gate.bits_served() | case when p_direction = 'export' then gate.bit_gate_in() | gate.bits_checked() else 0 end) <> 0
$$;

-- The state of a crossing, derived (design: steps and states).
create or replace function gate.state_of(
  p_role text, p_direction gate.direction, p_required int, p_done int, p_held int, p_ended text, p_draft boolean)
returns text
language sql immutable parallel safe as $$
  select case
    when p_ended is not null then p_ended
    when p_draft then 'draft'
    when p_done & gate.bit_returned() <> 0 then 'returned'
    when p_done & gate.bit_exit() <> 0 then 'exited'
    when p_held <> 0 then 'held'
    when p_required & gate.bits_finish() & ~p_done = 0 then 'cleared'
    when p_role = 'receiving' then
      case when p_done & gate.bit_loaded() <> 0 then 'in_yard' when p_done & gate.bit_gate_in() <> 0 then 'at_gate'
           else 'declared' end
    when p_direction = 'export' then
      case when gate.has_come(p_direction, p_done) then 'at_gate' when p_done & gate.bit_called() <> 0 then 'called'
           when p_done & gate.bit_yard_in() <> 0 then 'queued' else 'declared' end
    else
      case when p_done & gate.bit_called() <> 0 and gate.has_come(p_direction, p_done) then 'in_yard'
           when p_done & gate.bit_called() <> 0 then 'called' when p_done & gate.bit_yard_in() <> 0 then 'queued'
           when p_done & gate.bit_gate_in() <> 0 then 'at_gate' else 'declared' end
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
-- p_as: one of them as it would be.
create or replace function gate.across_of(p_declaration bigint, p_as gate.crossing default null) returns gate.across
language plpgsql stable as $$
begin
  return (
    select row(
      coalesce(bit_or(done) filter (where role = 'receiving'), 0),
      coalesce(bit_and(done | ~required) filter (where role = 'receiving'), 0),
      coalesce(bit_or(done) filter (where role = 'main'), 0),
      coalesce(bit_and(done | ~required) filter (where role = 'main'), -1),
      count(*) filter (where role = 'receiving')::int
    )::gate.across
    from (
      select role, done, required from gate.crossing
      where declaration = p_declaration and ended is null and id is distinct from p_as.id
      union all
      select p_as.role, p_as.done, p_as.required where p_as.id is not null and p_as.ended is null
    ) as others);
end $$;

-- What is required and not done; the call of an export that has come without one is not waited for.
create or replace function gate.needed(p_direction gate.direction, p_required int, p_done int) returns int
language sql immutable parallel safe as $$
  select p_required & ~p_done
    & ~case when p_direction = 'export' and gate.has_come(p_direction, p_done) then gate.bit_called() else 0 end
$$;

-- What must still be done before the step of one bit, as a mask; 0: the step is free. Without any
-- receiving vehicle left, the steps that only those make necessary are waived.
create or replace function gate.missing_for(k gate.procedure_kind, p_bit int, p_required int, p_done int, p_across gate.across)
returns int
language sql immutable as $$
  select k.own[p_bit + 1] & gate.needed(k.direction, p_required, p_done) & ~case when (p_across).receiving = 0 then k.receiving else 0 end
    | coalesce(
        case when (p_across).receiving = 0 then 0 else
          (k.any_receiving[p_bit + 1] & ~(p_across).any_receiving) | (k.all_receiving[p_bit + 1] & ~(p_across).all_receiving) end
        | (k.any_main[p_bit + 1] & ~(p_across).any_main) | (k.every_main[p_bit + 1] & ~(p_across).every_main), 0)
$$;

-- The steps that may be confirmed in a state at all: those required and left; after the exit only
-- optional ones; none of a draft or an ended crossing; no exit of a held one; called by call only.
create or replace function gate.steps_left(p_optional int, p_receiving int, p_required int, p_done int, p_state text, p_across gate.across)
returns int
language sql immutable as $$
  select case
    when p_state = 'exited' then p_optional & ~p_done
    when p_state = 'draft' or not gate.is_live(p_state) then 0
    else p_required & ~p_done & ~gate.bit_called()
      & ~case when p_state = 'held' then gate.bit_exit() else 0 end
      & ~case when (p_across).receiving = 0 then p_receiving else 0 end
  end
$$;

-- The bits whose own prerequisites ask for nothing in p_need (what is required and not done): the
-- unrolled form of missing_for, for crossings whose procedure looks at nobody else.
create or replace function gate.free_steps(p_own int[], p_need int) returns int
language sql immutable as $$
  select case when p_own[1] & p_need = 0 then 1 else 0 end | case when p_own[2] & p_need = 0 then 2 else 0 end
    | case when p_own[3] & p_need = 0 then 4 else 0 end | case when p_own[4] & p_need = 0 then 8 else 0 end
    | case when p_own[5] & p_need = 0 then 16 else 0 end | case when p_own[6] & p_need = 0 then 32 else 0 end
    | case when p_own[7] & p_need = 0 then 64 else 0 end | case when p_own[8] & p_need = 0 then 128 else 0 end
    | case when p_own[9] & p_need = 0 then 256 else 0 end | case when p_own[10] & p_need = 0 then 512 else 0 end
    | case when p_own[11] & p_need = 0 then 1024 else 0 end | case when p_own[12] & p_need = 0 then 2048 else 0 end
    | case when p_own[13] & p_need = 0 then 4096 else 0 end | case when p_own[14] & p_need = 0 then 8192 else 0 end
    | case when p_own[15] & p_need = 0 then 16384 else 0 end | case when p_own[16] & p_need = 0 then 32768 else 0 end
$$;

-- The steps that are open now, as a mask: left, and nothing missing before them.
create or replace function gate.open_steps(
  p_procedure int, p_role text, p_direction gate.direction, p_required int, p_done int, p_state text, p_across gate.across)
returns int
language plpgsql stable as $$
declare
  k gate.procedure_kind;
  left_over int;
begin
  select * into strict k from gate.procedure_kind where version = p_procedure and role = p_role and direction = p_direction;
  left_over := gate.steps_left(k.optional, k.receiving, p_required, p_done, p_state, p_across);
  if p_across is null then
    return left_over & gate.free_steps(k.own, gate.needed(p_direction, p_required, p_done));
  end if;
  return (
    select coalesce(bit_or(1 << b), 0) from generate_series(0, 15) b
    where left_over & (1 << b) <> 0 and gate.missing_for(k, b, p_required, p_done, p_across) = 0);
end $$;

-- A mask as [{"step":…,"agency":…}], in the order of the bits.
create or replace function gate.steps_json(p_mask int) returns text
language plpgsql stable as $$
begin
  return (
    select '[' || coalesce(string_agg('{"step":"' || code || '","agency":"' || agency || '"}', ',' order by bit), '') || ']'
    from gate.step
    where p_mask & (1 << bit) <> 0);
end $$;

create or replace function gate.crossing_text(p_id bigint) returns text
language sql immutable parallel safe as $$ select lpad(p_id::text, 14, '0') $$;

create or replace function gate.event_text(p_ledger smallint, p_seq bigint) returns text
language plpgsql stable as $$
begin
  return (
    select code || '-' || p_seq from gate.ledger where number = p_ledger);
end $$;

create or replace function gate.rule_at(p_now timestamptz) returns gate.queue_rule
language plpgsql stable as $$
begin
  return (
    select r from gate.queue_rule r where effective_from <= p_now order by effective_from desc, version desc limit 1);
end $$;

-- Midnight in Hanoi at which a day begins.
create or replace function gate.day_start_of(p_day date) returns timestamptz
language sql stable parallel safe as $$
  select (p_day::timestamp - interval '7 hours') at time zone 'UTC'
$$;

-- The first instant behind p_from, up to p_to, at which another published rule, key or day begins to
-- hold; null: the same do. A set of commands is judged by one rule: where it changes the set is cut.
create or replace function gate.rules_change(p_from timestamptz, p_to timestamptz) returns timestamptz
language plpgsql stable as $$
begin
  if p_to <= p_from then
    return null;
  end if;
  return (
    select min(at)
    from (
      select effective_from as at from gate.queue_rule
      union all
      select effective_from from gate.procedure
      union all
      select k.at from gate.pass_key, unnest(array[signs_from, signs_until]) k (at)
      union all
      select gate.day_start_of(gate.hanoi_day(p_to))
    ) x
    where at > p_from and at <= p_to);
end $$;

-- 'open', 'closed' or 'pre_registered' for a route and direction at an instant: the exception
-- entered last that covers it, else the daily hours (domain A8). A row, for queries that it becomes
-- a part of.
create or replace function gate.mode_row(p_gate smallint, p_route text, p_direction gate.direction, p_at timestamptz)
returns table (mode text)
language sql stable as $$
  select coalesce(
    (select c.mode from gate.calendar c
     where c.gate = p_gate and c.ends_at > p_at and c.starts_at <= p_at
       and (c.route is null or c.route = p_route) and (c.direction is null or c.direction = p_direction)
     order by c.number desc limit 1),
    (select case when r.freight and ((p_at at time zone 'UTC') + interval '7 hours')::time >= r.opens
                  and (r.closes = '24:00' or ((p_at at time zone 'UTC') + interval '7 hours')::time < r.closes)
            then 'open' else 'closed' end
     from gate.route r where r.gate = p_gate and r.code = p_route),
    'closed')
$$;

create or replace function gate.mode_at(p_gate smallint, p_route text, p_direction gate.direction, p_at timestamptz)
returns text
language plpgsql stable as $$
begin
  return (select m.mode from gate.mode_row(p_gate, p_route, p_direction, p_at) m);
end $$;

-- Seconds in which the route was not closed between two instants, to the minute, at most 14 days
-- back: the clocks of windows and no-shows run only then (the gate or the far side is the cause).
create or replace function gate.open_seconds(
  p_gate smallint, p_route text, p_direction gate.direction, p_from timestamptz, p_to timestamptz)
returns int
language plpgsql stable as $$
begin
  return (
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
    from spans);
end $$;

-- Of several goods classes, the one with the least credit ranks the vehicle.
create or replace function gate.least_class(p_classes gate.goods_class[], p_credits jsonb) returns gate.goods_class
language plpgsql immutable as $$
begin
  return (
    select c from unnest(p_classes) c order by (p_credits ->> c::text)::int, c desc limit 1);
end $$;

-- The goods classes by HS prefix in force on a day: {"08": "perishable", …}.
create or replace function gate.hs_classes(p_day date) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_object_agg(prefix, class), '{}') from gate.hs_class
    where effective_from <= p_day and (effective_until is null or effective_until > p_day));
end $$;

-- The class of one HS code; the longest prefix decides, none: general.
create or replace function gate.hs_class_of(p_code text, p_hs jsonb) returns gate.goods_class
language sql stable parallel safe as $$
  select coalesce(p_hs ->> left(p_code, 8), p_hs ->> left(p_code, 6), p_hs ->> left(p_code, 4), p_hs ->> left(p_code, 2),
                  'general')::gate.goods_class
$$;

-- The classes of the goods one vehicle carries: lines that name it (by plate or VIN) or nobody; the
-- longest prefix decides. p_vehicle null: of the whole declaration.
create or replace function gate.goods_classes(p_document jsonb, p_vehicle jsonb, p_hs jsonb)
returns gate.goods_class[]
language plpgsql stable as $$
begin
  return coalesce(
    nullif(array(
      select distinct gate.hs_class_of(g ->> 'hs', p_hs)
      from jsonb_array_elements(p_document -> 'goods') g
      where p_vehicle is null or coalesce(g -> 'plates', '[]') = '[]'
        or g -> 'plates' ?| array_remove(array[p_vehicle ->> 'plate', p_vehicle ->> 'vin'], null)
      union
      select 'new_vehicle' where coalesce(p_vehicle ? 'vin', p_document @? '$.vehicles[*].vin')
    ), '{}'),
    '{empty}');
end $$;

-- What a crossing of these classes needs, as a mask; inspected and receiving say what is known.
create or replace function gate.required_steps(
  p_procedure int, p_role text, p_direction gate.direction, p_classes gate.goods_class[], p_inspected boolean, p_receiving boolean)
returns int
language plpgsql stable as $$
begin
  return (
    select always
      | case when 'perishable' = any (p_classes) then perishable else 0 end
      | case when 'frozen_live' = any (p_classes) then frozen_live else 0 end
      | case when p_inspected then inspected else 0 end
      | case when p_receiving then receiving else 0 end
    from gate.procedure_kind
    where version = p_procedure and role = p_role and direction = p_direction);
end $$;
