-- One declaration as the service writes it, all in one statement: one round trip, one transaction.
-- It locks the head of its gate's ledger, so that each event follows from the one before it, and
-- takes a place in its window. Both peers send this text, with rows.sql behind it.
-- $1 gate, $2 firm, $3 plate, $4 direction, $5 class, $6 planned arrival, $7 document, $8 key,
-- $9 digest of the request, $10 salt, $11 private part, $12 its digest as hex, $13 customs number,
-- $14 the answer behind its numbers
with h as (
  update peer.ledger set seq = seq + 1, serial = serial + 1,
    hash = sha256(hash || convert_to(peer.body($1::int, seq + 1, now(), $4, $5, $12), 'UTF8'))
  where number = $1::int
  returning seq, hash, number * 1000000000000 + serial as n
), w as (
  insert into peer.window_booking as w (gate, direction, starts_at, booked)
  select $1::int, $4::text::gate.direction, $6::timestamptz, 1 from h
  on conflict (gate, direction, starts_at) do update set booked = w.booked + 1
),
