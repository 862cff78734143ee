-- Windows of 30 minutes: their places, taken one by one and for a batch of filings.
--
-- Locks: the caller holds the ledger's head, which guards its windows too.

-- The start of the 30-minute window an instant lies in.
create or replace function gate.window_of(p_at timestamptz) returns timestamptz
language sql stable parallel safe as $$
  select to_timestamp(floor(extract(epoch from p_at) / 1800) * 1800)
$$;

-- The published capacity of the window with that start: what has taken effect by then.
create or replace function gate.window_places_row(p_gate smallint, p_direction gate.direction, p_starts timestamptz)
returns table (places int)
language sql stable as $$
  select w.places from gate.window_capacity w
  where w.gate = p_gate and w.direction = p_direction and w.effective_from <= p_starts
  order by w.effective_from desc limit 1
$$;

create or replace function gate.window_places(p_gate smallint, p_direction gate.direction, p_starts timestamptz) returns int
language plpgsql stable as $$
begin
  return (select w.places from gate.window_places_row(p_gate, p_direction, p_starts) w);
end $$;

-- The window a planned arrival asks for: none when it is over, more than 30 days ahead, or the route is
-- closed when it begins. Its clock stands still while the route is closed, so who had a window of the
-- night would stand before everybody in the morning.
create or replace function gate.window_wanted_row(
  p_gate smallint, p_route text, p_direction gate.direction, p_planned timestamptz, p_now timestamptz)
returns table (starts timestamptz)
language sql stable as $$
  select w.starts
  from (select gate.window_of(p_planned) as starts) as w
  cross join lateral gate.mode_row(p_gate, p_route, p_direction, w.starts) m
  where w.starts + interval '30 minutes' > p_now and w.starts <= p_now + interval '30 days' and m.mode <> 'closed'
$$;

create or replace function gate.window_wanted(
  p_gate smallint, p_route text, p_direction gate.direction, p_planned timestamptz, p_now timestamptz)
returns timestamptz
language plpgsql stable as $$
begin
  return (select w.starts from gate.window_wanted_row(p_gate, p_route, p_direction, p_planned, p_now) w);
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
  if starts is null or starts + interval '30 minutes' <= p_now then
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

-- The next windows with room within a day of one that was full or is over; none for one beyond the 30
-- days ahead that can be booked.
drop function if exists gate.windows_free(smallint, gate.direction, timestamptz, int, timestamptz);
create or replace function gate.windows_free(
  p_gate smallint, p_route text, p_direction gate.direction, p_planned timestamptz, p_vehicles int, p_now timestamptz)
returns jsonb
language plpgsql stable as $$
declare
  starts timestamptz := gate.window_of(greatest(p_planned, p_now));
  last timestamptz := starts + interval '24 hours';
  free jsonb := '[]';
begin
  while starts <= least(last, p_now + interval '30 days') and jsonb_array_length(free) < 3 loop
    if p_vehicles <= gate.window_places(p_gate, p_direction, starts) - coalesce((
        select w.booked from gate.window_booking w
        where w.gate = p_gate and w.direction = p_direction and w.starts_at = starts), 0)
      and gate.mode_at(p_gate, p_route, p_direction, starts) <> 'closed'
    then
      free := free || gate.window_json(starts);
    end if;
    starts := starts + interval '30 minutes';
  end loop;
  return free;
end $$;

-- The windows of the filings, in their order. While there is room for all of the batch, one statement
-- takes their places; else the filings are served one by one, first come first served.
create or replace function gate.filings_windows(p_ledger smallint, p_filings gate.filing[]) returns timestamptz[]
language plpgsql as $$
declare
  filing gate.filing;
  has_room boolean;
  windows timestamptz[] := array(
    select w.starts
    from unnest(p_filings) with ordinality as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
      classes, class, across, procedure, code, problem, place)
    left join lateral gate.window_wanted_row(p_ledger, f.route, f.direction, f.planned_at, f.at) w
      on f.code is null and not f.draft
    order by f.place);
begin
  with asked as (
    select direction, starts_at, sum(mains) as mains
    from rows from (unnest(p_filings), unnest(windows)) as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
      classes, class, across, procedure, code, problem, starts_at)
    where starts_at is not null
    group by 1, 2
  )
  select coalesce(bool_and(a.mains + coalesce(w.booked, 0) <= coalesce(c.places, 0)), true)
  into has_room
  from asked a
  left join lateral gate.window_places_row(p_ledger, a.direction, a.starts_at) c on true
  left join gate.window_booking w on w.gate = p_ledger and w.direction = a.direction and w.starts_at = a.starts_at;

  if has_room then
    insert into gate.window_booking as w (gate, direction, starts_at, booked)
    select p_ledger, direction, starts_at, sum(mains)
    from rows from (unnest(p_filings), unnest(windows)) as f (
      ord, at, actor, document, rule_failures, warnings, firm, gate, direction, route, draft, planned_at, mains,
      classes, class, across, procedure, code, problem, starts_at)
    where starts_at is not null
    group by 2, 3
    on conflict (gate, direction, starts_at) do update set booked = w.booked + excluded.booked;
    return windows;
  end if;
  for i in 1 .. cardinality(p_filings) loop
    continue when windows[i] is null;
    filing := p_filings[i];
    windows[i] := gate.window_take(p_ledger, filing.direction, windows[i], filing.mains, filing.at);
  end loop;
  return windows;
end $$;
