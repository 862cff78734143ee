-- What pgbench inserts into: the tables of a declaration, with the same columns, constraints and
-- indexes, in a schema of their own.
create schema bench;
create table bench.declaration (like gate.declaration including all);
create table bench.crossing (like gate.crossing including all);
create table bench.live_plate (like gate.live_plate including all);
create table bench.live_reference (like gate.live_reference including all);
create table bench.event (like gate.event including all);
create table bench.event_private (like gate.event_private including all);
create table bench.reply (like gate.reply including all);
create sequence bench.number;
