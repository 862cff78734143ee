-- Constraints of the tables that every command writes, as domains. A check of a table is read from
-- the catalog and made ready again by each statement, and tried whatever the statement sets; one of a
-- domain is made ready once a session, and tried where the column is written.

create domain gate.crossing_role as text
  constraint crossing_role check (value in ('main', 'receiving'));
create domain gate.crossing_state as text
  constraint crossing_state check (value in (
    'draft', 'declared', 'queued', 'called', 'at_gate', 'in_yard', 'held', 'cleared', 'exited',
    'returned', 'turned_back', 'rejected', 'no_show', 'cancelled', 'expired'
  ));
create domain gate.crossing_end as text
  constraint crossing_ended check (value in ('turned_back', 'rejected', 'no_show', 'cancelled', 'expired'));
create domain gate.channel as text constraint crossing_channel check (value in ('green', 'yellow', 'red'));
create domain gate.plate as text constraint crossing_plate check (length(value) between 4 and 20);
create domain gate.event_type as text constraint event_type check (length(value) <= 40);
create domain gate.salt as bytea constraint event_private_salt check (octet_length(value) = 16);
create domain gate.ledger_number as smallint constraint ledger_number check (value between 0 and 99);
create domain gate.ledger_code as text constraint ledger_code check (value ~ '^[A-Z]{2,10}$');

-- A function with a default of the row's type keeps the row as it is; it is created again behind this.
drop function if exists gate.across_of(bigint, gate.crossing);

-- crossing_waits goes without another: the rank of one that waits is written by the statement that
-- writes its rank, in steps, and taken from it everywhere else.
alter table gate.crossing
  drop constraint crossing_role, drop constraint crossing_state, drop constraint crossing_ended,
  drop constraint crossing_channel, drop constraint crossing_plate, drop constraint crossing_waits,
  alter column role type gate.crossing_role, alter column state type gate.crossing_state,
  alter column ended type gate.crossing_end, alter column channel type gate.channel, alter column plate type gate.plate;
alter table gate.event drop constraint event_type, alter column type type gate.event_type;
alter table gate.event_private drop constraint event_private_salt, alter column salt type gate.salt;
alter table gate.ledger
  drop constraint ledger_number, drop constraint ledger_code,
  alter column number type gate.ledger_number, alter column code type gate.ledger_code;

-- Room for a batch that writes every row of a page, which nothing clears before it commits: what is
-- written elsewhere stands again in each index. Rows of one filing follow each other, so it happens.
alter table gate.crossing set (fillfactor = 40);
alter table gate.declaration set (fillfactor = 50);

-- A step command that stands: what is written of it, and what follows from it.
drop type gate.judged cascade;
create type gate.confirmed as (
  crossing bigint, declaration bigint, seq bigint, at timestamptz, actor int, bit int, step text, result text, channel text,
  occurred_at timestamptz, offline boolean, override boolean, device text, note text, conflict text, direction gate.direction,
  was_done int, was_state text, done int, held int, required int, ended text, state text, joined_at timestamptz, rank_at timestamptz
);
