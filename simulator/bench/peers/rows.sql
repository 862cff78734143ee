-- The rows of a declaration; h says its number n, and seq and hash of its event. Behind declare.sql or spared.sql.
d as (
  insert into peer.declaration (number, gate, firm, filed_by, on_behalf, direction, route, state, planned_at, class, classes,
    procedure, across, document, rule_failures, warnings, filed_at, changed_at)
  select n, $1::int, $2::int, $2::int, false, $4::text::gate.direction, '1119-1120', 'ready', $6::timestamptz,
    $5::text::gate.goods_class, array[$5::text::gate.goods_class], 1, false, $7::jsonb, '[]', '[]', now(), now()
  from h
), c as (
  insert into peer.crossing (id, declaration, gate, firm, role, ordinal, direction, route, class, plate, nationality, procedure, across,
    required, state, pass_version, pass_from, pass_until, planned_at, last_seq, filed_at, due_at)
  select n, n, $1::int, $2::int, 'main', 0, $4::text::gate.direction, '1119-1120', $5::text::gate.goods_class, $3, 'VN', 1, false,
    30847, 'declared', 1, now(), $6::timestamptz + interval '3 days', $6::timestamptz, n, now(), $6::timestamptz + interval '1 day'
  from h
), p as (
  insert into peer.live_plate (plate, crossing) select $3, n from h
), r as (
  insert into peer.live_reference (kind, value, declaration) select 'customs', $13, n from h
), s as (
  insert into peer.event_private (ledger, seq, firm, salt, body) select $1::int, seq, $2::int, $10::bytea, $11 from h
), e as (
  insert into peer.event (ledger, seq, at, type, crossing, body, hash)
  select $1::int, seq, now(), 'declared', n, peer.body($1::int, seq, now(), $4, $5, $12), hash from h
)
insert into peer.reply (ledger, key, digest, at, code, status, etag, body)
select $1::int, $8::uuid, $9::uuid, now(), 'ok', 201, '1', '{"number":"' || n || '","crossings":[{"id":"' || n || '",' || $14 from h
returning body
