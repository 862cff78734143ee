-- SPDX-License-Identifier: MIT
-- Alarms are raised and ended as the figures are read, outside of the commands; that somebody took one
-- in hand is a command.

-- Writes down what is wrong by the figures of p_now. One that comes again soon after it ended is the same
-- alarm: a figure that swings around its threshold is no flock of alarms. Two servers look at once:
-- one does it, the other leaves it to the next time.
create or replace function gate.alarms_keep(p_gate smallint, p_now timestamptz, p_found gate.alarm_found[]) returns void
language plpgsql as $$
declare
  again constant interval := '10 minutes';
begin
  if not pg_try_advisory_xact_lock(hashtext('gate.alarm'), p_gate) then
    return;
  end if;
  update gate.alarm a set ended_at = greatest(p_now, a.raised_at)
  where a.gate = p_gate and a.ended_at is null and a.code not in (select f.code from unnest(p_found) f);
  update gate.alarm a set ended_at = null
  from unnest(p_found) f
  where a.gate = p_gate and a.code = f.code and a.ended_at > p_now - again
    and a.number = (select max(k.number) from gate.alarm k where k.gate = p_gate and k.code = f.code);
  update gate.alarm a set level = 'stop', kind = f.kind, detail = f.detail
  from unnest(p_found) f
  where a.gate = p_gate and a.code = f.code and a.ended_at is null and a.level = 'look' and f.level = 'stop';
  insert into gate.alarm (gate, number, code, kind, level, detail, crossing, raised_at)
  select p_gate, coalesce((select max(k.number) from gate.alarm k where k.gate = p_gate), 0) + row_number() over (order by f.code),
    f.code, f.kind, f.level, f.detail, f.crossing, p_now
  from unnest(p_found) f
  where not exists (select from gate.alarm k where k.gate = p_gate and k.code = f.code and k.ended_at is null)
  on conflict do nothing;
end $$;

-- The figures of a gate with its alarms.
create or replace function gate.stats_watched(p_gate smallint, p_now timestamptz) returns jsonb
language plpgsql as $$
declare
  figures jsonb := gate.stats_json(p_gate, p_now);
  found gate.alarm_found[] := gate.alarms_judged(figures);
begin
  perform gate.alarms_keep(p_gate, p_now, found);
  return figures || jsonb_build_object('alarms', gate.alarms_json(p_gate, found));
end $$;

-- {"alarm","note"?}: somebody sees to it. Another may take it over; the ledger has both.
create or replace function gate.alarm_take_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  a gate.alarm;
  seq bigint;
begin
  select * into a from gate.alarm k where k.gate = p_ledger and k.number = (c.args ->> 'alarm')::bigint for update;
  if a.number is null then
    return gate.refused(c.ord, 'not_found');
  elsif a.ended_at is not null then
    return gate.refused(c.ord, 'alarm_ended', jsonb_build_object('ended_at', gate.instant(a.ended_at)::jsonb));
  end if;
  seq := gate.append_one(p_ledger, c.at, 'alarm_taken', null, jsonb_build_object('alarm', a.number, 'code', a.code, 'level', a.level),
    jsonb_strip_nulls(jsonb_build_object('by', c.actor -> 'id', 'role', c.actor -> 'role', 'device', c.actor -> 'device', 'note', c.args ->> 'note')), null);
  update gate.alarm k set taken_at = c.at, taken_by = (c.actor ->> 'id')::int, taken_level = a.level, note = nullif(btrim(c.args ->> 'note'), '')
  where k.gate = p_ledger and k.number = a.number
  returning * into a;
  return row(c.ord, 'ok', 200, null, jsonb_build_object('alarm', gate.alarm_json(a), 'event', gate.event_text(p_ledger, seq))::text, false)::gate.answer;
end $$;
