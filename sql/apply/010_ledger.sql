-- Appending to a ledger. The caller holds the lock on the ledger's head.

-- The text that is hashed. public: inner text of a JSON object, may be empty.
create or replace function gate.event_body(
  p_code text, p_seq bigint, p_at timestamptz, p_type text, p_crossing bigint, p_public text, p_digest text)
returns text
language sql stable as $$
  select '{"ledger":"' || p_code || '","seq":' || p_seq || ',"at":' || gate.instant(p_at) || ',"type":"' || p_type || '",'
    || case when p_crossing is null then '' else '"crossing":"' || lpad(p_crossing::text, 14, '0') || '",' end
    || p_public || case when p_public = '' then '' else ',' end || '"private":"' || p_digest || '"}'
$$;

-- So many salts of 16 bytes, one after the other: one draw from the system's randomness, stretched by
-- a hash, since drawing each costs more than writing its row.
create or replace function gate.salts(p_count int) returns bytea
language plpgsql volatile as $$
declare
  seed bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
begin
  return (select string_agg(sha512(seed || int4send(g)), '' order by g) from generate_series(0, (p_count - 1) / 4) g);
end $$;

-- Appends the events in order and moves the head. Returns the seq of the first one.
create or replace function gate.append_many(p_ledger smallint, p_events gate.new_event[])
returns bigint
language plpgsql as $$
declare
  head gate.ledger;
  salts bytea;
  bodies text[];
  shown text;
  link bytea;
  hashes bytea[];
begin
  select * into strict head from gate.ledger where number = p_ledger;
  if coalesce(cardinality(p_events), 0) = 0 then
    return head.seq + 1;
  end if;
  salts := gate.salts(cardinality(p_events));
  bodies := array(
    select gate.event_body(head.code, head.seq + i, e.at, e.type, e.crossing, e.public,
      encode(sha256(substr(salts, (i * 16 - 15)::int, 16) || convert_to('{' || e.private || '}', 'UTF8')), 'hex'))
    from unnest(p_events) with ordinality as e (at, type, crossing, public, private, firm, i)
    order by i);
  link := head.hash;
  foreach shown in array bodies loop
    link := sha256(link || convert_to(shown, 'UTF8'));
    hashes := hashes || link;
  end loop;

  insert into gate.event_private (ledger, seq, firm, salt, body)
  select p_ledger, head.seq + i, e.firm, substr(salts, (i * 16 - 15)::int, 16), '{' || e.private || '}'
  from unnest(p_events) with ordinality as e (at, type, crossing, public, private, firm, i);
  insert into gate.event (ledger, seq, at, type, crossing, body, hash)
  select p_ledger, head.seq + i, e.at, e.type, e.crossing, e.body, e.hash
  from rows from (unnest(p_events), unnest(bodies), unnest(hashes)) with ordinality
    as e (at, type, crossing, public, private, firm, body, hash, i);

  update gate.ledger set seq = head.seq + cardinality(bodies), hash = link where number = p_ledger;
  return head.seq + 1;
end $$;

-- The inner text of a JSON object: what new_event carries.
create or replace function gate.inner_text(p_object jsonb) returns text
language sql immutable parallel safe as $$
  select coalesce(substr(p_object::text, 2, length(p_object::text) - 2), '')
$$;

-- Appends one event; returns its seq. The same as append_many of one, without its arrays: a third of
-- the time, and calls append one by one.
create or replace function gate.append_event(p_ledger smallint, e gate.new_event) returns bigint
language plpgsql as $$
declare
  head gate.ledger;
  salt bytea := uuid_send(gen_random_uuid());
  hidden text := '{' || e.private || '}';
  shown text;
begin
  select * into strict head from gate.ledger where number = p_ledger;
  shown := gate.event_body(head.code, head.seq + 1, e.at, e.type, e.crossing, e.public,
    encode(sha256(salt || convert_to(hidden, 'UTF8')), 'hex'));
  head.hash := sha256(head.hash || convert_to(shown, 'UTF8'));
  insert into gate.event_private (ledger, seq, firm, salt, body) values (p_ledger, head.seq + 1, e.firm, salt, hidden);
  insert into gate.event (ledger, seq, at, type, crossing, body, hash)
  values (p_ledger, head.seq + 1, e.at, e.type, e.crossing, shown, head.hash);
  update gate.ledger set seq = head.seq + 1, hash = head.hash where number = p_ledger;
  return head.seq + 1;
end $$;

-- The same, public and private as JSON objects.
create or replace function gate.append_one(
  p_ledger smallint, p_now timestamptz, p_type text, p_crossing bigint,
  p_public jsonb, p_private jsonb, p_firm int)
returns bigint
language plpgsql as $$
begin
  return gate.append_event(p_ledger, row(
    p_now, p_type, p_crossing, gate.inner_text(p_public), gate.inner_text(p_private), p_firm)::gate.new_event);
end $$;
