-- The end of crossings and their coming back. What a live crossing holds (its plate, a window that
-- has not begun, a good pass, its declaration) is given back and taken again here and nowhere else.
-- Locks: the caller holds the ledger's head; a plate is taken one at a time.

-- Crossings that have just ended, by whatever step, command or clock. Of those that left the pace is
-- learnt; a declaration whose last crossing ended is completed (or cancelled, when none ever crossed).
create or replace function gate.crossings_ended(p_ledger smallint, p_crossings bigint[]) returns void
language plpgsql as $$
begin
  delete from gate.live_plate l using gate.crossing o
  where o.id = any (p_crossings) and l.plate = o.plate and l.crossing = o.id;
  update gate.window_booking w set booked = greatest(w.booked - o.places, 0)
  from (
    select direction, window_from, count(*)::int as places from gate.crossing x
    where x.id = any (p_crossings) and gate.keeps_window(x, x.ended_at)
    group by direction, window_from
  ) o
  where w.gate = p_ledger and w.direction = o.direction and w.starts_at = o.window_from;
  insert into gate.revocation as r (gate, crossing, below, at, until)
  select p_ledger, o.id, o.pass_version + 1, o.ended_at, greatest(o.pass_until, o.ended_at)
  from gate.crossing o
  where o.id = any (p_crossings) and o.pass_version > 0
  on conflict (gate, crossing) do update
    set below = greatest(r.below, excluded.below), at = excluded.at, until = greatest(r.until, excluded.until);
  perform gate.services_learn(p_ledger, p_crossings);
  update gate.prediction p set outcome_at = o.ended_at
  from gate.crossing o
  where o.id = any (p_crossings) and p.crossing = o.id and p.kind = 'exit' and p.outcome_at is null and o.state = 'exited';
  with ended as (
    select o.declaration as number, bool_or(o.state in ('exited', 'returned')) as crossed, max(o.ended_at) as at
    from gate.crossing o
    where o.declaration in (select declaration from gate.crossing where id = any (p_crossings))
    group by o.declaration
    having bool_and(not gate.is_live(o.state))
  ), written as (
    update gate.declaration d set state = case when crossed then 'completed' else 'cancelled' end,
      version = d.version + 1, changed_at = at, ended_at = at
    from ended
    where d.number = ended.number and d.state <> 'cancelled'
  )
  delete from gate.live_reference l using ended where l.declaration = ended.number;
end $$;

-- True when a crossing has a place in a window that begins after an instant.
create or replace function gate.keeps_window(x gate.crossing, p_at timestamptz) returns boolean
language sql immutable as $$ select coalesce(x.role = 'main' and x.window_from > p_at, false) $$;

-- Ends a crossing that has not exited: p_why is the state it ends in.
create or replace function gate.crossing_end(x gate.crossing, p_why text, p_at timestamptz, p_seq bigint) returns gate.crossing
language plpgsql as $$
begin
  update gate.crossing set ended = p_why, state = p_why, waits_at = null, due_at = null, inside = false, ended_at = p_at,
    version = version + 1, last_seq = p_seq
  where id = x.id
  returning * into x;
  perform gate.crossings_ended(x.gate, array[x.id]);
  return x;
end $$;

-- A crossing that lives again, after its plate was taken; p_ended_at: when it had ended. A window that
-- is full by now is lost; a pass that was revoked for itself stays so.
create or replace function gate.crossing_revived(x gate.crossing, p_ended_at timestamptz, p_at timestamptz) returns gate.crossing
language plpgsql as $$
declare
  d gate.declaration;
begin
  if gate.keeps_window(x, p_ended_at) and gate.window_take(x.gate, x.direction, x.window_from, 1, p_at) is null then
    update gate.crossing set window_from = null where id = x.id returning * into x;
  end if;
  if not x.pass_revoked then
    delete from gate.revocation where gate = x.gate and crossing = x.id and x.pass_version = 1;
    update gate.revocation set below = x.pass_version, at = p_at where gate = x.gate and crossing = x.id;
  end if;
  update gate.declaration set ended_at = null, version = version + 1, changed_at = p_at,
    state = case when exists (select from gate.crossing o where o.declaration = number and o.done <> 0) then 'in_progress' else 'ready' end
  where number = x.declaration and state in ('completed', 'cancelled')
  returning * into d;
  if d.number is not null then
    perform gate.references_write(d.number, d.document);
  end if;
  return x;
end $$;

create or replace function gate.pass_revoke(x gate.crossing, p_below int, p_at timestamptz) returns void
language sql as $$
  insert into gate.revocation (gate, crossing, below, at, until)
  values (x.gate, x.id, p_below, p_at, greatest(x.pass_until, p_at))
  on conflict (gate, crossing) do update
    set below = greatest(revocation.below, excluded.below), at = excluded.at, until = greatest(revocation.until, excluded.until)
$$;
