-- SPDX-License-Identifier: MIT
-- Signed heads. The service signs what it has read; here it is compared with the chain once more and
-- kept, at most one a minute. Nothing is appended: a checkpoint is about the chain, not in it.

-- The checkpoints of a gate, the newest first, and the head.
create or replace function gate.checkpoints_json(p_ledger smallint) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_build_object('gate', l.code, 'head', jsonb_build_object('seq', l.seq, 'hash', encode(l.hash, 'hex')), 'items', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'seq', c.seq, 'hash', encode(c.hash, 'hex'), 'at', gate.instant(c.at)::jsonb, 'key', c.key,
        'signature', rtrim(translate(encode(c.signature, 'base64'), '+/' || chr(10), '-_'), '=')) order by c.seq desc), '[]')
      from (select * from gate.checkpoint k where k.ledger = p_ledger order by k.seq desc limit 200) c))
    from gate.ledger l where l.number = p_ledger);
end $$;

-- {seq, hash: hex, at: ms, key, signature: hex}. Answered with the list whether it was kept or not:
-- another server may have been faster.
create or replace function gate.checkpoint_one(p_ledger smallint, c gate.command) returns gate.answer
language plpgsql as $$
declare
  signed_at timestamptz := gate.from_ms((c.args ->> 'at')::bigint);
  newest gate.checkpoint;
begin
  select * into newest from gate.checkpoint k where k.ledger = p_ledger order by k.seq desc limit 1;
  insert into gate.checkpoint (ledger, seq, hash, at, key, signature)
  select p_ledger, e.seq, e.hash, signed_at, c.args ->> 'key', decode(c.args ->> 'signature', 'hex')
  from gate.event e
  where e.ledger = p_ledger and e.seq = (c.args ->> 'seq')::bigint and e.hash = decode(c.args ->> 'hash', 'hex')
    and (newest.seq is null or newest.seq < e.seq and newest.at <= signed_at - interval '1 minute');
  return row(c.ord, 'ok', 200, null, gate.checkpoints_json(p_ledger)::text, false)::gate.answer;
end $$;
