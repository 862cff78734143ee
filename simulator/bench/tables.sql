-- Where pgbench and the peers write: the tables of a declaration, with the same columns, constraints and
-- indexes, in a schema of their own.
drop schema if exists peer cascade;
create schema peer;
create table peer.declaration (like gate.declaration including all);
create table peer.crossing (like gate.crossing including all);
create table peer.live_plate (like gate.live_plate including all);
create table peer.live_reference (like gate.live_reference including all);
create table peer.window_booking (like gate.window_booking including all);
create table peer.event (like gate.event including all);
create table peer.event_private (like gate.event_private including all);
create table peer.reply (like gate.reply including all);
create table peer.ledger (like gate.ledger including all) with (fillfactor = 10);
insert into peer.ledger (number, code, hash) values (1, 'CKHN', sha256('CKHN')), (2, 'TT', sha256('TT'));
create sequence peer.number;

-- The public part of an event, as the service has it.
create function peer.body(p_gate int, p_seq bigint, p_at timestamptz, p_direction text, p_class text, p_digest text) returns text
language sql stable as $$
  select '{"ledger":"' || case p_gate when 1 then 'CKHN' else 'TT' end || '","seq":' || p_seq || ',"at":' || to_json(p_at)::text
    || ',"type":"declared","crossing":"' || p_gate || '","declaration":"' || p_seq || '","direction":"' || p_direction
    || '","route":"1119-1120","role":"main","class":"' || p_class || '","required":30847,"state":"declared","window":null,"private":"'
    || p_digest || '"}'
$$;
