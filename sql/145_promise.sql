-- SPDX-License-Identifier: MIT
-- What promises of a wait are made from, beside the gap between calls.
alter table gate.pace
  -- Calls before it filled lanes that stood empty: they tell no pace.
  add column learns_from timestamptz,
  -- How far the pace drifts while somebody waits, as a share of the wait; follows the record of the
  -- promises themselves, so that nine of ten are called by their P90.
  add column spread double precision not null default 0.08,
  add constraint pace_spread check (spread between 0.05 and 0.25);

-- One direction of a route at an instant, as a wait is foretold from it (gate.outlook_of).
create type gate.outlook as (
  at timestamptz,
  gap double precision, var double precision, spread double precision,
  open timestamptz[],                        -- the open stretches ahead: from, until, from, until …
  -- Of those who joined lately, sorted: joined + lead, the lead by which its rank lies before that.
  pass_until timestamptz[]
);
