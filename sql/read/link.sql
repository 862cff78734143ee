-- SPDX-License-Identifier: MIT
-- What a driver's link shows: the one crossing, its place, its pass; no people, papers or firm.

-- The crossing behind the hash of an address, or the refusal.
create or replace function gate.link_seen(p_asked jsonb, out k gate.link, out x gate.crossing, out refusal text)
language plpgsql stable as $$
declare
  moment timestamptz := gate.now_asked(p_asked);
begin
  -- where its declaration went it goes along; on the way from gate to gate there is only the row it left
  select * into k from gate.link l where l.hash = decode(p_asked ->> 'hash', 'hex') order by l.moved_to is not null limit 1;
  select * into x from gate.crossing c where c.id = k.crossing;
  refusal := case
    when x.id is null then 'not_found'
    when k.ended_at is not null or k.expires_at <= moment or x.ended_at + gate.link_lingers() <= moment then 'link_ended'
  end;
end $$;

-- {hash}
create or replace function api.link(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.link_seen(p_asked);
  moment timestamptz := gate.now_asked(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, jsonb_build_object(
    'at', gate.instant(moment)::jsonb, 'expires_at', gate.instant((seen.k).expires_at)::jsonb,
    'gate_names', gate.gate_names((seen.x).gate),
    'moved_from', (
      select gate.gate_names(o.gate) from gate.declaration d join gate.declaration o on o.number = d.moved_from
      where d.number = (seen.x).declaration),
    'crossing', gate.crossing_json(seen.x) - '{channel,no_shows}'::text[],
    'position', gate.position_json(seen.x, moment) - '{receipt,rule,rank_at,credit_s}'::text[])::text;
end $$;

-- {hash}: what its pass is drawn from.
create or replace function api.link_pass(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
declare
  seen record := gate.link_seen(p_asked);
begin
  if seen.refusal is not null then
    return query select seen.refusal, null::text, null::text;
    return;
  end if;
  return query select 'ok', gate.pass_tag(seen.x), gate.pass_sheet(seen.x)::text;
end $$;
