-- Schemas, the platform's marker, the ledgers' heads.
--
-- gate: tables and inner functions; nobody but the owner touches them.
-- api:  what the service may call, and all it may call (boundary of services/gated).
-- No function here or later reads a clock: time is an argument (design: time is an argument).

create schema if not exists gate;
create schema api;

-- One row, written when the database is seeded and never again: a sandbox stays a sandbox.
create table gate.platform (
  only_row boolean primary key default true,
  sandbox boolean not null,
  seeded_at timestamptz not null,
  constraint platform_one_row check (only_row)
);

create function gate.refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'GT001';
end $$;

create trigger platform_is_final
  before update or delete or truncate on gate.platform
  for each statement execute function gate.refuse_change();

-- The head of each ledger. Number 0 is the platform's own; 1.. are the gates.
-- A transaction locks exactly one of these rows, first, and decides only in later statements.
create table gate.ledger (
  number smallint primary key,
  code text not null unique,
  seq bigint not null default 0,
  hash bytea not null,                       -- of the last event; of the code before the first
  clock timestamptz not null default '-infinity', -- the latest time a command carried
  hanoi_day date not null default '-infinity',
  day_count int not null default 0,          -- declarations numbered that day
  serial bigint not null default 0,          -- crossings numbered
  next_due timestamptz,                      -- when the next thing falls due; null: nothing
  constraint ledger_number check (number between 0 and 99),
  constraint ledger_code check (code ~ '^[A-Z]{2,10}$')
) with (fillfactor = 10);                    -- one row, rewritten each batch: keep it hot

insert into gate.ledger (number, code, hash)
values (0, 'PLATFORM', sha256('PLATFORM'));

-- Milliseconds since 1970 <-> timestamptz: how times cross the boundary. Stable, since what they are
-- made of is marked so: declared immutable they would not be inlined, at 10 us a call.
create function gate.from_ms(p_ms bigint) returns timestamptz
language sql stable parallel safe as $$
  select timestamptz '1970-01-01 00:00:00+00' + p_ms * interval '1 millisecond'
$$;

create function gate.to_ms(p_at timestamptz) returns bigint
language sql stable parallel safe as $$
  select (extract(epoch from p_at) * 1000)::bigint
$$;

-- The Hanoi day: UTC+7 without change.
create function gate.hanoi_day(p_at timestamptz) returns date
language sql immutable parallel safe as $$
  select ((p_at at time zone 'UTC') + interval '7 hours')::date
$$;

-- RFC 3339 with Hanoi's offset, as JSON text with its quotes; null gives null.
create function gate.instant(p_at timestamptz) returns text
language sql stable parallel safe as $$
  select '"' || to_char((p_at at time zone 'UTC') + interval '7 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS') || '+07:00"'
$$;

-- What a command is answered with; body is JSON text.
create type gate.answer as (
  ord int,
  code text,        -- 'ok', 'again', or a code of the fault table
  status int,       -- HTTP status when ok
  etag text,
  body text,
  replayed boolean
);

-- A command as it arrives from the service.
create type gate.command as (
  ord int,
  verb text,
  at timestamptz,   -- its time, never before the ledger's clock
  client int,
  key uuid,         -- hash of client, route, gate and Idempotency-Key
  digest uuid,      -- hash of the request
  actor jsonb,
  args jsonb
);
