-- The ledgers: append-only, gapless, hash-chained, one per gate and one for the platform.
--
-- hash(n) = sha256(hash(n-1) || body(n)); hash(0) = sha256(code). body is stored as the very text
-- that is hashed. It holds the public part: everything the queue rule reads. The private part
-- (plates, firms, people, notes, documents) lies in a table of its own; the public part holds
-- sha256(salt || private), so it can be erased without breaking the chain.

create table gate.event (
  ledger smallint not null,
  seq bigint not null,
  at timestamptz not null,          -- recorded_at: the server's time
  type text not null,
  crossing bigint,
  body text not null,
  hash bytea not null,
  constraint event_pkey primary key (ledger, seq),
  constraint event_type check (length(type) <= 40)
  -- no foreign key to the ledger: it would lock the head again for every row
);

create index event_crossing on gate.event (crossing, seq) where crossing is not null;
create index event_called on gate.event (ledger, seq) where type = 'called';  -- the boards

create table gate.event_private (
  ledger smallint not null,
  seq bigint not null,
  firm int,                         -- whose event it is, for the feeds
  salt bytea not null,
  body text,                        -- null once erased
  constraint event_private_pkey primary key (ledger, seq),
  constraint event_private_salt check (octet_length(salt) = 16)
);

create trigger event_is_final
  before update or delete or truncate on gate.event
  for each statement execute function gate.refuse_change();

create trigger event_private_is_kept
  before delete or truncate on gate.event_private
  for each statement execute function gate.refuse_change();

-- Only erasing may touch a private part.
create function gate.refuse_all_but_erasing() returns trigger
language plpgsql as $$
begin
  if new.body is not null or (new.ledger, new.seq, new.salt) is distinct from (old.ledger, old.seq, old.salt) then
    raise exception 'a private part can only be erased' using errcode = 'GT001';
  end if;
  return new;
end $$;

create trigger event_private_only_erased
  before update on gate.event_private
  for each row execute function gate.refuse_all_but_erasing();

-- Stored answers of writes, by idempotency key (peers: Stripe; IETF draft): what committed is
-- answered again word for word. Kept 48 hours, purged by the tick.
create table gate.reply (
  ledger smallint not null,
  key uuid not null,
  digest uuid not null,
  at timestamptz not null,
  code text not null,
  status smallint not null,
  etag text,
  body text,
  constraint reply_pkey primary key (key, ledger)
);

-- not led by the ledger: before statistics exist the planner would take it for looking up a key
create index reply_at on gate.reply (at);

-- An event to be appended. public and private are JSON objects' inner text ("a":1,"b":2), so that
-- nothing is serialised twice.
create type gate.new_event as (
  at timestamptz,
  type text,
  crossing bigint,
  public text,
  private text,
  firm int
);

-- Public checkpoints: heads as the service signed and published them (common/pass/FORMAT.md §8).
create table gate.checkpoint (
  ledger smallint not null,
  seq bigint not null,
  hash bytea not null,
  at timestamptz not null,
  key text not null,                -- the id of the key that signed
  signature bytea not null,
  constraint checkpoint_signature check (octet_length(signature) = 64),
  constraint checkpoint_pkey primary key (ledger, seq)
);

create trigger checkpoint_is_final
  before update or delete or truncate on gate.checkpoint
  for each statement execute function gate.refuse_change();
