-- Links for drivers: made, shown again, taken back. Locks: the caller holds the ledger's head.

-- How long after its end a crossing still answers under its link: the driver sees that he is through.
create or replace function gate.link_lingers() returns interval
language sql immutable parallel safe as $$ select interval '24 hours' $$;

-- How long a link lives, from the planned arrival or from when it was made.
create or replace function gate.link_lives() returns interval
language sql immutable parallel safe as $$ select interval '7 days' $$;

-- What the server makes the address of.
create or replace function gate.link_json(k gate.link) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    '@link', gate.crossing_text(coalesce(k.origin, k.crossing)) || ',' || encode(k.nonce, 'hex') || ',' || k.key,
    'made_at', gate.instant(k.made_at)::jsonb, 'expires_at', gate.instant(k.expires_at)::jsonb)
$$;

create or replace function gate.link_answer(p_ord int, p_status int, x gate.crossing, p_link jsonb, p_event text) returns gate.answer
language sql stable as $$
  select row(p_ord, 'ok', p_status, null,
    jsonb_build_object('crossing', gate.crossing_text(x.id), 'link', p_link, 'event', p_event)::text, false)::gate.answer
$$;

-- Ends the link of a crossing: who had the address has it no longer. One that went to the other gate
-- is no longer this crossing's.
create or replace function gate.link_end(p_crossing bigint, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  update gate.link set ended_at = p_at where crossing = p_crossing and ended_at is null and moved_to is null;
  return found;
end $$;

-- Whether a vehicle has another driver now, to whom nobody gave the link of the first: by the number of
-- the document where both have one, else by the name; and another phone is another hand. What is only
-- added, or spelt in another way, is the same person.
create or replace function gate.is_other_driver(p_old jsonb, p_new jsonb) returns boolean
language sql immutable as $$
  select case
    when coalesce(p_old, 'null') = 'null' then false
    when coalesce(p_new, 'null') = 'null' then true
    when p_old ->> 'phone' <> p_new ->> 'phone' then true
    when p_old #>> '{document,number}' is not null and p_new #>> '{document,number}' is not null then
      p_old #>> '{document,number}' <> p_new #>> '{document,number}'
    else lower(p_old ->> 'name') is distinct from lower(p_new ->> 'name')
  end
$$;

-- The driver of a crossing as its declaration says.
create or replace function gate.driver_of(x gate.crossing) returns jsonb
language sql stable as $$
  select d.document -> gate.list_of(x.role) -> x.ordinal::int -> 'driver' from gate.declaration d where d.number = x.declaration
$$;

-- Ends the link when the crossing gets another driver. To be asked before the document changes.
create or replace function gate.link_end_for_other(x gate.crossing, p_driver jsonb, p_at timestamptz) returns void
language plpgsql as $$
begin
  if gate.is_other_driver(gate.driver_of(x), p_driver) then
    perform gate.link_end(x.id, p_at);
  end if;
end $$;

-- What the other gate needs of the links of a declaration that goes there.
create or replace function gate.links_leave(d gate.declaration, p_to smallint) returns void
language sql as $$
  update gate.link k set moved_to = p_to
  from gate.crossing x
  where x.declaration = d.number and x.ended = 'cancelled' and x.ended_at = d.ended_at and k.crossing = x.id and k.ended_at is null
$$;

create or replace function gate.links_left(d gate.declaration) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'role', x.role, 'ordinal', x.ordinal, 'hash', encode(k.hash, 'hex'), 'nonce', encode(k.nonce, 'hex'), 'key', k.key,
    'origin', coalesce(k.origin, k.crossing)::text, 'made_at', gate.instant(k.made_at)::jsonb, 'expires_at', gate.instant(k.expires_at)::jsonb)), '[]')
  from gate.crossing x join gate.link k on k.crossing = x.id
  where x.declaration = d.number and x.ended = 'cancelled' and x.ended_at = d.ended_at and k.ended_at is null and k.moved_to = d.moved_to
$$;

-- Takes over the link that a crossing had at the other gate; true when it had one.
create or replace function gate.link_arrive(x gate.crossing, p_links jsonb) returns boolean
language plpgsql as $$
begin
  insert into gate.link (hash, gate, crossing, nonce, key, origin, made_at, expires_at)
  select decode(k ->> 'hash', 'hex'), x.gate, x.id, decode(k ->> 'nonce', 'hex'), k ->> 'key', (k ->> 'origin')::bigint,
    (k ->> 'made_at')::timestamptz, (k ->> 'expires_at')::timestamptz
  from jsonb_array_elements(p_links) k
  where k ->> 'role' = x.role and (k ->> 'ordinal')::int = x.ordinal
  on conflict (hash, gate) do update set crossing = excluded.crossing, moved_to = null; -- back where it came from
  return found;
end $$;

-- {"crossing","hash","nonce","key","renew"?}: the live link, else a new one; renew: a new one in any case.
create or replace function gate.link_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  x gate.crossing := gate.crossing_of(p_ledger, c);
  k gate.link;
  seq bigint;
begin
  if gate.settled(x) is not null then
    return gate.refused(c.ord, gate.settled(x));
  end if;
  select * into k from gate.link where crossing = x.id and ended_at is null and moved_to is null;
  if k.expires_at > c.at and not coalesce((c.args ->> 'renew')::boolean, false) then
    return gate.link_answer(c.ord, 200, x, gate.link_json(k), null);
  end if;
  perform gate.link_end(x.id, c.at);
  seq := gate.append_one(p_ledger, c.at, 'link_made', x.id, '{}', gate.deed(c, x), x.firm);
  insert into gate.link (hash, gate, crossing, nonce, key, made_at, expires_at)
  values (decode(c.args ->> 'hash', 'hex'), p_ledger, x.id, decode(c.args ->> 'nonce', 'hex'), c.args ->> 'key', c.at,
    gate.promised_at(x.planned_at, c.at) + gate.link_lives())
  returning * into k;
  return gate.link_answer(c.ord, 201, x, gate.link_json(k), gate.event_text(p_ledger, seq));
end $$;

-- {"crossing","reason"?}: nobody sees the crossing by a link any more.
create or replace function gate.link_revoke_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  x gate.crossing := gate.crossing_of(p_ledger, c);
  seq bigint;
begin
  if x.id is null or not gate.link_end(x.id, c.at) then
    return gate.refused(c.ord, 'not_found');
  end if;
  seq := gate.append_one(p_ledger, c.at, 'link_revoked', x.id, '{}', gate.deed(c, x), x.firm);
  return gate.link_answer(c.ord, 200, x, null, gate.event_text(p_ledger, seq));
end $$;
