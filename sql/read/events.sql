-- SPDX-License-Identifier: MIT
-- Feeds. A cursor is the last seq of each ledger: what commits later has a higher one, so nothing is
-- missed and nothing comes twice.

-- What a firm learns of an event of its own, beside the public part: no officer's name or device, and
-- no papers, which stand in the declaration.
create or replace function gate.event_adds(p_private jsonb) returns jsonb
language sql immutable parallel safe as $$
  select coalesce(p_private, '{}') - '{by,role,device,firm,key,document,vehicle,changes}'::text[]
$$;

-- What officers of the gate learn beside that.
create or replace function gate.event_adds_officer(p_private jsonb) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_strip_nulls(jsonb_build_object('by', p_private -> 'by', 'device', p_private -> 'device'));
end $$;

-- The ledgers an actor follows: a firm all of them (its own events), others their gates.
create or replace function gate.ledgers_followed(p_actor jsonb) returns smallint[]
language plpgsql stable as $$
begin
  return array(
    select l.number from gate.ledger l
    where case p_actor ->> 'role'
      when 'firm' then true
      when 'admin' then l.number = 0 or p_actor -> 'gates' @> to_jsonb(l.number)
      else l.number > 0 and p_actor -> 'gates' @> to_jsonb(l.number)
    end
    order by l.number);
end $$;

-- A cursor's vector: {"1": 120, "2": 7}; null when it is none.
create or replace function gate.vector_read(p_list text, p_cursor text) returns jsonb
language plpgsql immutable as $$
declare
  opened text := gate.cursor_read(p_list, p_cursor, '^\{("[0-9]{1,2}": ?(0|[1-9][0-9]{0,17})(, ?(?="))?)*\}$');
begin
  return case opened when '' then '{}' else opened end::jsonb;
end $$;

-- Events of one ledger behind a seq that concern an actor, at most p_limit of them. It looks at no
-- more than p_reach rows; looked_to says how far that was.
create or replace function gate.events_of(
  p_ledger smallint, p_after bigint, p_actor jsonb, p_types text[], p_limit int, p_reach int)
returns table (seq bigint, looked_to bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
  head bigint := (select l.seq from gate.ledger l where l.number = p_ledger);
  reach bigint := least(p_after + p_reach, head);
  mine int := (p_actor ->> 'firm')::int;
begin
  return query
  select e.seq, reach
  from gate.event e
  join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
  where e.ledger = p_ledger and e.seq > p_after and e.seq <= reach
    and p.ledger = p_ledger and p.seq > p_after and p.seq <= reach
    and (mine is null or p.firm = mine)
    and (p_types is null or e.type = any (p_types))
  order by e.seq
  limit p_limit;
  return query select null::bigint, reach;
end $$;

create or replace function gate.feed_item(p_ledger smallint, p_seq bigint, p_actor jsonb) returns jsonb
language plpgsql stable as $$
begin
  return (
    select (e.body::jsonb - '{ledger,private}'::text[])
      || jsonb_build_object('id', l.code || '-' || e.seq, 'gate', l.code, 'hash', encode(e.hash, 'hex'))
      || case when p_actor ->> 'role' = 'admin' and l.number > 0 then '{}' else gate.event_adds(p.body::jsonb) end
      || case when p_actor ->> 'role' = 'firm' then '{}' else gate.event_adds_officer(p.body::jsonb) end
    from gate.event e
    join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
    join gate.ledger l on l.number = e.ledger
    where e.ledger = p_ledger and e.seq = p_seq);
end $$;

-- {after?, limit?, types?: [text], gate?: number, latest?}: the events that concern the actor, in the order of the
-- commits of each ledger, merged by time. A page may be empty and still have more behind it.
create or replace function api.events(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  actor jsonb := p_asked -> 'actor';
  types text[] := case when jsonb_typeof(p_asked -> 'types') = 'array' then array(select jsonb_array_elements_text(p_asked -> 'types')) end;
  list text := format('events:%s:%s', coalesce('f' || (actor ->> 'firm'), actor ->> 'role'), coalesce(array_to_string(types, ','), ''));
  after jsonb := gate.vector_read(list, p_asked ->> 'after');
  size int := gate.page_size(p_asked);
  ledgers smallint[] := array(
    select n from unnest(gate.ledgers_followed(actor)) n where p_asked ->> 'gate' is null or n::text = p_asked ->> 'gate');
  heads jsonb := (select coalesce(jsonb_object_agg(l.number, l.seq), '{}') from gate.ledger l where l.number = any (ledgers));
  items jsonb;
  vector jsonb;
begin
  if after is null or jsonb_typeof(after) <> 'object' then
    return query select 'invalid_cursor', null::text, null::text;
    return;
  elsif coalesce((p_asked ->> 'latest')::boolean, false) then
    items := '[]';
    vector := heads;
  else
    with found as (
      select n as ledger, f.seq, f.looked_to
      from unnest(ledgers) n
      cross join lateral gate.events_of(n, coalesce((after ->> n::text)::bigint, 0), actor, types, size + 1, 20000) f
    ), timed as (
      select f.ledger, f.seq, max(e.at) over (partition by f.ledger order by f.seq) as at
      from found f join gate.event e on e.ledger = f.ledger and e.seq = f.seq
    ), page as (
      select t.ledger, t.seq, row_number() over (order by t.at, t.ledger, t.seq) as n
      from timed t
    ), reached as (
      -- the last one given of a ledger where one was left, else as far as was looked
      select r.ledger, case when exists (select from page o where o.ledger = r.ledger and o.n > size)
          then coalesce((select max(p.seq) from page p where p.ledger = r.ledger and p.n <= size), (after ->> r.ledger::text)::bigint, 0)
          else r.looked_to end as seq
      from found r where r.seq is null
    )
    select (select coalesce(jsonb_agg(gate.feed_item(p.ledger, p.seq, actor) order by p.n), '[]') from page p where p.n <= size),
      (select coalesce(jsonb_object_agg(r.ledger, r.seq), '{}') from reached r)
    into items, vector;
  end if;
  return query select 'ok', null::text, jsonb_build_object('items', items,
    'next', gate.cursor_make(list, (after || vector)::text), 'has_more', vector <> heads)::text;
end $$;

-- {ledger, after_seq, limit?}: what the server's own fan-out gives to streams. adds: for the firm it
-- concerns and officers of the gate; adds_officer: for these only.
create or replace function api.events_since(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  n smallint := (p_asked ->> 'ledger')::smallint;
  after bigint := (p_asked ->> 'after_seq')::bigint;
  size int := least(coalesce((p_asked ->> 'limit')::int, 500), 2000);
begin
  return query
  select 'ok', null::text,
    '{"ledger":' || n || ',"head":' || (select l.seq from gate.ledger l where l.number = n) || ',"events":['
    || coalesce(string_agg(
      '{"seq":' || e.seq || ',"firm":' || coalesce(p.firm::text, 'null') || ',"type":"' || e.type
      || '","public":' || e.body || ',"hash":"' || encode(e.hash, 'hex') || '","adds":' || gate.event_adds(p.body::jsonb)::text
      || ',"adds_officer":' || gate.event_adds_officer(p.body::jsonb)::text || '}', ',' order by e.seq), '') || ']}'
  from gate.event e
  join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
  where e.ledger = n and e.seq > after and e.seq <= after + size and p.ledger = n and p.seq > after and p.seq <= after + size;
end $$;

-- Events as an outsider checks them: body is the very text that was hashed.
create or replace function gate.chain_json(p_ledger smallint, p_after bigint, p_until bigint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'body', e.body, 'hash', encode(e.hash, 'hex')) order by e.seq), '[]')
    from gate.event e
    where e.ledger = p_ledger and e.seq > p_after and e.seq <= p_until);
end $$;

-- The head of a ledger after some event, as {"seq","hash"}; before the first it is the hash of the code.
create or replace function gate.head_json(p_ledger smallint, p_seq bigint) returns jsonb
language plpgsql stable as $$
begin
  return jsonb_build_object('seq', p_seq, 'hash', encode(coalesce(
    (select e.hash from gate.event e where e.ledger = p_ledger and e.seq = p_seq),
    (select sha256(convert_to(l.code, 'UTF8')) from gate.ledger l where l.number = p_ledger)), 'hex'));
end $$;

-- {gate, after?: seq, limit?}: the public parts with their hashes.
create or replace function api.ledger(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
  after bigint := coalesce((p_asked ->> 'after')::bigint, 0);
  size int := least(greatest(coalesce((p_asked ->> 'limit')::int, 100), 1), 1000);
  head bigint := (select l.seq from gate.ledger l where l.number = here);
begin
  if here is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, jsonb_build_object('gate', gate.gate_code(here), 'from', gate.head_json(here, least(after, head)),
    'items', gate.chain_json(here, after, after + size), 'head', head,
    'next', case when after + size < head then (after + size)::text end)::text;
end $$;

-- {gate}: the checkpoints, the newest first, and the head.
create or replace function api.checkpoints(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  here smallint := gate.gate_asked(p_asked);
begin
  if here is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query select 'ok', null::text, gate.checkpoints_json(here)::text;
end $$;

-- {event: "CKHN-12"} or {gate, seq}: the stretch of the chain around an event, from the checkpoint before
-- it to the one after it (or the head), at most 1,000 events to either side.
create or replace function api.proof(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = gate, pg_temp as $$
#variable_conflict use_column
declare
  named text[] := regexp_match(p_asked ->> 'event', '^([A-Z]{2,10})-([0-9]{1,18})$');
  here smallint := (select l.number from gate.ledger l where p_asked ->> 'gate' in (l.code, l.number::text) or l.code = named[1]);
  wanted bigint := coalesce(named[2], p_asked ->> 'seq')::bigint;
  head bigint := (select l.seq from gate.ledger l where l.number = here);
  since bigint;
  until bigint;
begin
  if here is null or wanted not between 1 and head then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  since := greatest(coalesce((select max(c.seq) from gate.checkpoint c where c.ledger = here and c.seq < wanted), 0), wanted - 1001);
  until := least(coalesce((select min(c.seq) from gate.checkpoint c where c.ledger = here and c.seq >= wanted), head), wanted + 1000);
  return query select 'ok', null::text, jsonb_build_object('event', gate.event_text(here, wanted), 'seq', wanted,
    'from', gate.head_json(here, since), 'items', gate.chain_json(here, since, until), 'to', gate.head_json(here, until),
    'to_is_checkpoint', exists (select from gate.checkpoint c where c.ledger = here and c.seq = until))::text;
end $$;
