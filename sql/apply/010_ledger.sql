-- Appending to a ledger. The caller holds the lock on the ledger's head.

-- Appends the events in order and moves the head. Returns the seq of the first one.
create or replace function gate.append_many(p_ledger smallint, p_events gate.new_event[])
returns bigint
language plpgsql as $$
declare
  head gate.ledger;
  first_seq bigint;
  e gate.new_event;
  n int := coalesce(array_length(p_events, 1), 0);
  digest bytea;
  salts bytea[];
  bodies text[];
  hashes bytea[];
begin
  select * into strict head from gate.ledger where number = p_ledger;
  first_seq := head.seq + 1;
  if n = 0 then
    return first_seq;
  end if;
  for i in 1 .. n loop
    e := p_events[i];
    head.seq := head.seq + 1;
    salts[i] := uuid_send(gen_random_uuid());
    digest := sha256(salts[i] || convert_to('{' || e.private || '}', 'UTF8'));
    bodies[i] := '{"ledger":"' || head.code || '","seq":' || head.seq || ',"at":' || gate.instant(e.at)
      || ',"type":"' || e.type || '",'
      || case when e.crossing is null then '' else '"crossing":"' || lpad(e.crossing::text, 14, '0') || '",' end
      || e.public || case when e.public = '' then '' else ',' end
      || '"private":"' || encode(digest, 'hex') || '"}';
    head.hash := sha256(head.hash || convert_to(bodies[i], 'UTF8'));
    hashes[i] := head.hash;
  end loop;

  insert into gate.event (ledger, seq, at, type, crossing, body, hash)
  select p_ledger, first_seq + i - 1, x.at, x.type, x.crossing, bodies[i], hashes[i]
  from unnest(p_events) with ordinality as x (at, type, crossing, public, private, firm, i);

  insert into gate.event_private (ledger, seq, firm, salt, body)
  select p_ledger, first_seq + i - 1, x.firm, salts[i], '{' || x.private || '}'
  from unnest(p_events) with ordinality as x (at, type, crossing, public, private, firm, i);

  update gate.ledger set seq = head.seq, hash = head.hash where number = p_ledger;
  return first_seq;
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
