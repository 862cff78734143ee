-- Appending to a ledger. The caller holds the lock on the ledger's head.

-- Appends the events in order and moves the head. Returns the seq of the first one.
create or replace function gate.append_many(p_ledger smallint, p_events gate.new_event[])
returns bigint
language plpgsql as $$
declare
  head gate.ledger;
  digests text[];
  bodies text[];
  hashes bytea[];
begin
  select * into strict head from gate.ledger where number = p_ledger;
  if coalesce(cardinality(p_events), 0) = 0 then
    return head.seq + 1;
  end if;
  with salted as (
    insert into gate.event_private as p (ledger, seq, firm, salt, body)
    select p_ledger, head.seq + i, e.firm, uuid_send(gen_random_uuid()), '{' || e.private || '}'
    from unnest(p_events) with ordinality as e (at, type, crossing, public, private, firm, i)
    returning p.seq, encode(sha256(p.salt || convert_to(p.body, 'UTF8')), 'hex') as digest
  )
  select array_agg(digest order by seq) into digests from salted;

  select array_agg(
    '{"ledger":"' || head.code || '","seq":' || head.seq + i || ',"at":' || gate.instant(e.at) || ',"type":"' || e.type || '",'
    || case when e.crossing is null then '' else '"crossing":"' || lpad(e.crossing::text, 14, '0') || '",' end
    || e.public || case when e.public = '' then '' else ',' end || '"private":"' || digests[i] || '"}' order by i)
  into bodies
  from unnest(p_events) with ordinality as e (at, type, crossing, public, private, firm, i);

  for i in 1 .. cardinality(bodies) loop
    head.hash := sha256(head.hash || convert_to(bodies[i], 'UTF8'));
    hashes[i] := head.hash;
  end loop;

  insert into gate.event (ledger, seq, at, type, crossing, body, hash)
  select p_ledger, head.seq + i, e.at, e.type, e.crossing, bodies[i], hashes[i]
  from unnest(p_events) with ordinality as e (at, type, crossing, public, private, firm, i);

  update gate.ledger set seq = head.seq + cardinality(bodies), hash = head.hash where number = p_ledger;
  return head.seq + 1;
end $$;

-- The inner text of a JSON object: what new_event carries.
create or replace function gate.inner_text(p_object jsonb) returns text
language sql immutable parallel safe as $$
  select coalesce(substr(p_object::text, 2, length(p_object::text) - 2), '')
$$;

-- Appends one event; returns its seq. public and private are JSON objects.
create or replace function gate.append_one(
  p_ledger smallint, p_now timestamptz, p_type text, p_crossing bigint,
  p_public jsonb, p_private jsonb, p_firm int)
returns bigint
language sql as $$
  select gate.append_many(p_ledger, array[row(
    p_now, p_type, p_crossing, gate.inner_text(p_public), gate.inner_text(p_private), p_firm
  )::gate.new_event])
$$;
