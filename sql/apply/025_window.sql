-- Windows of 30 minutes: their places, taken one by one and for a batch of filings.
--
-- Locks: the caller holds the ledger's head, which guards its windows too.

-- The start of the 30-minute window an instant lies in.
create or replace function gate.window_of(p_at timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select to_timestamp(floor(extract(epoch from p_at) / 1800) * 1800)
$$;

-- The published capacity of the window with that start: what has taken effect by then.
create or replace function gate.window_places(p_gate smallint, p_direction gate.direction, p_starts timestamptz) returns int
language plpgsql stable as $$
begin
  return (
    select places from gate.window_capacity
    where gate = p_gate and direction = p_direction and effective_from <= p_starts
    order by effective_from desc limit 1);
end $$;

-- Takes a place in the window of p_planned for each of the vehicles, all or none. Returns the
-- window's start, or null: then the vehicle joins the queue live.
create or replace function gate.window_take(
  p_gate smallint, p_direction gate.direction, p_planned timestamptz, p_vehicles int, p_now timestamptz)
returns timestamptz
language plpgsql as $$
declare
  starts timestamptz := gate.window_of(p_planned);
  room int := gate.window_places(p_gate, p_direction, starts);
begin
  if starts + interval '30 minutes' <= p_now then
    return null;
  end if;
  insert into gate.window_booking as w (gate, direction, starts_at, booked)
  select p_gate, p_direction, starts, p_vehicles where p_vehicles <= room
  on conflict (gate, direction, starts_at)
    do update set booked = w.booked + p_vehicles where w.booked + p_vehicles <= room;
  return case when found then starts end;
end $$;

create or replace function gate.window_give_back(
  p_gate smallint, p_direction gate.direction, p_window timestamptz, p_vehicles int)
returns void
language sql as $$
  update gate.window_booking set booked = greatest(booked - p_vehicles, 0)
  where gate = p_gate and direction = p_direction and starts_at = p_window
$$;

-- The next windows with room, for the answer to one that was full.
create or replace function gate.windows_free(
  p_gate smallint, p_direction gate.direction, p_planned timestamptz, p_vehicles int, p_now timestamptz)
returns jsonb
language plpgsql stable as $$
declare
  first timestamptz := greatest(gate.window_of(p_planned), gate.window_of(p_now));
  last timestamptz := greatest(p_planned, p_now) + interval '24 hours';
  room int := gate.window_places(p_gate, p_direction, first);
  is_one boolean := not exists (
    select from gate.window_capacity c
    where c.gate = p_gate and c.direction = p_direction and c.effective_from > first and c.effective_from <= last);
begin
  return (
    select coalesce(jsonb_agg(gate.window_json(starts_at) order by starts_at), '[]')
    from (
      select starts_at
      from generate_series(first, last, interval '30 minutes') s (starts_at)
      where p_vehicles <= case when is_one then room else gate.window_places(p_gate, p_direction, s.starts_at) end - coalesce((
        select w.booked from gate.window_booking w
        where w.gate = p_gate and w.direction = p_direction and w.starts_at = s.starts_at), 0)
      order by starts_at limit 3
    ) as free);
end $$;

-- Places in the windows asked for. While there is room for all of the batch, one statement takes
-- them; else the filings are served one by one, first come first served.
create or replace function gate.filings_windows(p_ledger smallint, p_filings gate.filing[]) returns gate.filing[]
language plpgsql as $$
declare
  f gate.filing;
  has_room boolean;
begin
  with asked as (
    select direction, gate.window_of(planned_at) as starts_at, sum(mains) as mains
    from unnest(p_filings)
    where code is null and not draft and gate.window_of(planned_at) + interval '30 minutes' > at
    group by 1, 2
  )
  select coalesce(bool_and(a.mains + coalesce(w.booked, 0) <= c.places), true)
  into has_room
  from asked a
  cross join lateral gate.window_places(p_ledger, a.direction, a.starts_at) c (places)
  left join gate.window_booking w on w.gate = p_ledger and w.direction = a.direction and w.starts_at = a.starts_at;

  if has_room then
    insert into gate.window_booking as w (gate, direction, starts_at, booked)
    select p_ledger, direction, gate.window_of(planned_at), sum(mains)
    from unnest(p_filings)
    where code is null and not draft and gate.window_of(planned_at) + interval '30 minutes' > at
    group by 2, 3
    on conflict (gate, direction, starts_at) do update set booked = w.booked + excluded.booked;
  end if;
  for i in 1 .. cardinality(p_filings) loop
    f := p_filings[i];
    continue when f.code is not null or f.draft or f.planned_at is null or gate.window_of(f.planned_at) + interval '30 minutes' <= f.at;
    p_filings[i].window_from := case when has_room then gate.window_of(f.planned_at)
      else gate.window_take(p_ledger, f.direction, f.planned_at, f.mains, f.at) end;
  end loop;
  return p_filings;
end $$;
