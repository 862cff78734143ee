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
    '@link', gate.crossing_text(k.crossing) || ',' || encode(k.nonce, 'hex') || ',' || k.key,
    'made_at', gate.instant(k.made_at)::jsonb, 'expires_at', gate.instant(k.expires_at)::jsonb)
$$;

create or replace function gate.link_answer(p_ord int, p_status int, x gate.crossing, p_link jsonb, p_event text) returns gate.answer
language sql stable as $$
  select row(p_ord, 'ok', p_status, null,
    jsonb_build_object('crossing', gate.crossing_text(x.id), 'link', p_link, 'event', p_event)::text, false)::gate.answer
$$;

-- Ends the link of a crossing: who had the address has it no longer.
create or replace function gate.link_end(p_crossing bigint, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  update gate.link set ended_at = p_at where crossing = p_crossing and ended_at is null;
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
  select * into k from gate.link where crossing = x.id and ended_at is null;
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
