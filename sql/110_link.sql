-- Links for drivers: whoever has the address sees this one crossing, without signing in.
--
-- The token is two digits of the gate and 128 bits that only the server can make out of nonce
-- and crossing with one of its keys (services/gated/link_token.h); here lies its hash, so a stolen
-- table opens nothing. One link of a crossing lives at a time.
create table gate.link (
  hash bytea not null,
  gate smallint not null,
  crossing bigint not null,
  nonce bytea not null,
  key text not null,                -- the id of the pass key it was made with
  made_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,             -- taken back, or the driver changed
  constraint link_pkey primary key (hash),
  constraint link_hash_size check (octet_length(hash) = 32),
  constraint link_nonce_size check (octet_length(nonce) = 16),
  constraint link_key_form check (key ~ '^[0-9A-Za-z_-]{1,4}$'),
  constraint link_expires_later check (expires_at > made_at)
  -- no foreign key to the crossing: it would lock its row
);

create unique index link_of_crossing on gate.link (crossing) where ended_at is null;
create index link_expires on gate.link (gate, expires_at);
