-- The same spared of what makes declarations wait for each other: no chain, no window. The hash is
-- computed, but of nothing before it. Parameters as in declare.sql.
with h as (
  select n, n as seq, sha256('\x9244f6856dd05ec6e130fc7f8f5678bf'::bytea || convert_to(peer.body($1::int, n, now(), $4, $5, $12), 'UTF8')) as hash
  from nextval('peer.number') n
),
