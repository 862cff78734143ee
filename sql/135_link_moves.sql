-- SPDX-License-Identifier: MIT
-- A driver's link goes along when its declaration moves to the other gate: the address that the driver
-- has shows the crossing there. Each gate has a row of its own for it, so that no transaction writes
-- what is the other gate's (sql/apply/075_move.sql).
alter table gate.link
  drop constraint link_pkey,
  add constraint link_pkey primary key (hash, gate),
  add column origin bigint,   -- the crossing that the token was made of; null: this one
  add column moved_to smallint; -- the gate whose row counts now; null: this one's
