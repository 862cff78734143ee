-- Hours ahead: when a route closes next, and when it will have been open for so long. The pace of calls
-- is learnt in open time, so what is promised from it counts open time only.

-- Until when a route that is open now surely stays as it is: the end of its day, or what the calendar
-- has next; null while it is closed.
create or replace function gate.open_until(p_gate smallint, p_route text, p_direction gate.direction, p_now timestamptz)
returns timestamptz
language plpgsql stable as $$
begin
  if gate.mode_at(p_gate, p_route, p_direction, p_now) = 'closed' then
    return null;
  end if;
  return least(
    gate.day_start_of(gate.hanoi_day(p_now)) + coalesce((
      select case when r.closes > ((p_now at time zone 'UTC') + interval '7 hours')::time then r.closes else '24:00' end
      from gate.route r where r.gate = p_gate and r.code = p_route), '24:00')::interval,
    (select min(e) from gate.calendar c, unnest(array[c.starts_at, c.ends_at]) e
     where c.gate = p_gate and c.ends_at > p_now and e > p_now));
end $$;

-- The instant by which a route will have been open for so many seconds; 0: when it is open next. Null:
-- not within 14 days.
create or replace function gate.open_after(
  p_gate smallint, p_route text, p_direction gate.direction, p_from timestamptz, p_seconds int)
returns timestamptz
language plpgsql stable as $$
declare
  last timestamptz := p_from + interval '14 days';
  remaining interval := p_seconds * interval '1 second';
  at timestamptz := p_from;
  edge timestamptz;
begin
  if p_from + remaining <= gate.open_until(p_gate, p_route, p_direction, p_from) then
    return p_from + remaining;
  end if;
  foreach edge in array gate.mode_edges(p_gate, p_route, p_from, '14 days') || last loop
    if gate.mode_at(p_gate, p_route, p_direction, at) <> 'closed' then
      if at + remaining <= edge then
        return at + remaining;
      end if;
      remaining := remaining - (edge - at);
    end if;
    at := edge;
  end loop;
  return null;
end $$;
