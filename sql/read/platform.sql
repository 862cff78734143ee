-- SPDX-License-Identifier: MIT
-- What administrators read, and what every server holds in memory. Each takes one JSON argument
-- {"now": ms, "actor": {...}, ...} and gives {code, etag, body}; lists come by pages.

-- A page ends in a cursor that names its list and filter: with another filter it is refused.
create or replace function gate.cursor_make(p_list text, p_last text) returns text
language sql immutable as $$
  select translate(encode(convert_to(p_list || ' ' || p_last, 'UTF8'), 'base64'), '+/=' || chr(10), '-_')
$$;

-- What the cursor ended with; '' without a cursor, null when it belongs to another list or does not
-- end as p_form says: anybody can write one.
create or replace function gate.cursor_read(p_list text, p_cursor text, p_form text) returns text
language plpgsql immutable as $$
declare
  opened text;
begin
  if p_cursor is null then
    return '';
  end if;
  opened := convert_from(
    decode(rpad(translate(p_cursor, '-_', '+/'), (length(p_cursor) + 3) / 4 * 4, '='), 'base64'),
    'UTF8');
  opened := case when starts_with(opened, p_list || ' ') then substr(opened, length(p_list) + 2) end;
  return case when opened ~ p_form then opened end;
exception
  when data_exception then
    return null;
end $$;

-- Instants in a cursor: microseconds, which is all that the database knows of them.
create or replace function gate.to_us(p_at timestamptz) returns bigint
language sql stable as $$ select (extract(epoch from p_at) * 1000000)::bigint $$;

create or replace function gate.from_us(p_us bigint) returns timestamptz
language sql stable as $$ select timestamptz '1970-01-01 00:00:00+00' + p_us * interval '1 microsecond' $$;

-- How many rows a page has: as asked, at most 200.
create or replace function gate.page_size(p_asked jsonb) returns int
language sql immutable as $$
  select least(greatest(coalesce((p_asked ->> 'limit')::int, 50), 1), 200)
$$;

create or replace function gate.page_json(p_list text, p_items jsonb, p_last text, p_is_full boolean)
returns text
language sql immutable as $$
  select jsonb_build_object(
    'items', coalesce(p_items, '[]'),
    'next', case when p_is_full then gate.cursor_make(p_list, p_last) end)::text
$$;

-- The id behind which a page of a list by id begins; null: not a cursor of this list.
create or replace function gate.id_after(p_list text, p_asked jsonb) returns int
language sql immutable as $$
  select ('0' || gate.cursor_read(p_list, p_asked ->> 'after', '^[0-9]{1,9}$'))::int
$$;

-- The answer of a list by id: p_items are what fits behind p_after, at most a page of it.
create or replace function gate.page_by_id(p_list text, p_asked jsonb, p_after int, p_items jsonb[])
returns table (code text, etag text, body text)
language sql immutable as $$
  select case when p_after is null then 'invalid_cursor' else 'ok' end, null::text,
    case when p_after is not null then gate.page_json(
      p_list, to_jsonb(p_items), p_items[cardinality(p_items)] ->> 'id',
      cardinality(p_items) = gate.page_size(p_asked)) end
$$;

-- {after?, limit?, q?}: firms by id; q: part of the name or the beginning of the tax code.
create or replace function api.firms(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  list text := 'firms:' || coalesce(p_asked ->> 'q', '');
  after int := gate.id_after(list, p_asked);
begin
  return query
  select g.* from gate.page_by_id(list, p_asked, after, array(
    select gate.firm_json(f)
    from gate.firm f
    where f.id > after
      and (
        p_asked ->> 'q' is null
        or starts_with(f.tax_code, p_asked ->> 'q')
        or strpos(lower(f.name), lower(p_asked ->> 'q')) > 0
      )
    order by f.id
    limit gate.page_size(p_asked)
  )) g;
end $$;

-- {after?, limit?, role?, agency?}: everybody but firms, by id.
create or replace function api.officers(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  list text := format('officers:%s:%s', p_asked ->> 'role', p_asked ->> 'agency');
  after int := gate.id_after(list, p_asked);
begin
  return query
  select g.* from gate.page_by_id(list, p_asked, after, array(
    select gate.officer_json(p)
    from gate.principal p
    where p.id > after
      and p.role <> 'firm'
      and p.role = coalesce(p_asked ->> 'role', p.role)
      and (p_asked ->> 'agency' is null or p.agency = p_asked ->> 'agency')
    order by p.id
    limit gate.page_size(p_asked)
  )) g;
end $$;

-- The days of the last month on which a key made requests.
create or replace function gate.key_days(p_key int, p_today date) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'requests', d.requests) order by d.day), '[]')
  from gate.api_key_day d
  where d.key = p_key and d.day > p_today - 30
$$;

-- {after?, limit?, principal?}: keys by id, with when they were last used; never their hash.
create or replace function api.keys(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  list text := 'keys:' || coalesce(p_asked ->> 'principal', '');
  after int := gate.id_after(list, p_asked);
  today date := gate.hanoi_day(gate.from_ms((p_asked ->> 'now')::bigint));
begin
  return query
  select g.* from gate.page_by_id(list, p_asked, after, array(
    select gate.key_json(k, u.last_used_at) || jsonb_build_object('days', gate.key_days(k.id, today))
    from gate.api_key k
    left join gate.api_key_usage u on u.key = k.id
    where k.id > after
      and k.principal = coalesce((p_asked ->> 'principal')::int, k.principal)
    order by k.id
    limit gate.page_size(p_asked)
  )) g;
end $$;

-- {principal or tax_code}: who shall have a key, and its kind, which stands in the key's text: the
-- agency of officers and systems, else the role.
create or replace function api.key_holder(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', null::text, jsonb_build_object(
    'principal', p.id,
    'kind', case when p.role in ('officer', 'system') then p.agency else p.role end)::text
  from gate.holder_asked(p_asked) p
  where p.id is not null
$$;

-- The steps of a mask, as an array of their codes.
create or replace function gate.mask_steps(p_mask int) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(s.code order by s.bit), '[]')
  from gate.step s
  where p_mask & (1 << s.bit) <> 0
$$;

-- {version?}: one procedure with its steps, the one in force when none is named, and all versions.
create or replace function api.procedures(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  shown gate.procedure;
begin
  select * into shown
  from gate.procedure p
  where p.version = (p_asked ->> 'version')::int
    or (
      p_asked ->> 'version' is null
      and p.effective_from <= gate.from_ms((p_asked ->> 'now')::bigint)
    )
  order by p.effective_from desc, p.version desc
  limit 1;
  if shown.version is null then
    return query select 'not_found', null::text, null::text;
    return;
  end if;
  return query
  -- the list of versions is in it, too
  select 'ok', shown.version || '.' || (select max(v.version) from gate.procedure v), jsonb_build_object(
    'version', shown.version,
    'effective_from', gate.instant(shown.effective_from)::jsonb,
    'note', shown.note,
    'steps', (
      select jsonb_agg(
        jsonb_build_object(
          'role', p.role, 'direction', p.direction, 'step', s.code, 'agency', s.agency,
          'needed', p.needed, 'joins', p.joins, 'own', gate.mask_steps(p.own),
          'any_receiving', gate.mask_steps(p.any_receiving),
          'all_receiving', gate.mask_steps(p.all_receiving),
          'any_main', gate.mask_steps(p.any_main),
          'every_main', gate.mask_steps(p.every_main))
        order by p.direction desc, p.role, p.bit)
      from gate.procedure_step p
      join gate.step s on s.bit = p.bit
      where p.version = shown.version
    ),
    'versions', (
      select jsonb_agg(
        jsonb_build_object(
          'version', v.version, 'effective_from', gate.instant(v.effective_from)::jsonb,
          'note', v.note)
        order by v.version)
      from gate.procedure v
    ))::text;
end $$;

-- All versions of the queue's rule, the newest first.
create or replace function api.credits(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', max(r.version)::text, jsonb_build_object(
    'items', jsonb_agg(gate.queue_rule_json(r) order by r.version desc))::text
  from gate.queue_rule r
$$;

-- {kind?, all?}: the codes in force, or with all: past and coming ones, too.
create or replace function api.reference_data(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  with today as (
    select gate.hanoi_day(gate.from_ms((p_asked ->> 'now')::bigint)) as day
  ),
  codes as (
    select r.kind, r.code, r.effective_from, r.effective_until,
      jsonb_build_object('vi', r.vi, 'en', r.en, 'zh', r.zh, 'data', r.data) as rest
    from gate.reference r
    union all
    select 'hs_class', h.prefix, h.effective_from, h.effective_until,
      jsonb_build_object('class', h.class)
    from gate.hs_class h
  )
  -- what is in force changes with the day
  select 'ok', (
      select v.version || '.' || to_char(t.day, 'YYYYMMDD')
      from gate.config_version v, today t
      where v.topic = 'reference'
    ),
    jsonb_build_object('items', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'kind', c.kind, 'code', c.code, 'effective_from', c.effective_from,
          'effective_until', c.effective_until) || c.rest
        order by c.kind, c.code, c.effective_from),
      '[]'))::text
  from codes c, today
  where c.kind = coalesce(p_asked ->> 'kind', c.kind)
    and (
      coalesce((p_asked ->> 'all')::boolean, false)
      or (c.effective_from <= today.day and coalesce(c.effective_until > today.day, true))
    )
$$;

-- {gate?}: the capacities of windows, those in force and those to come.
create or replace function api.windows(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  with ranked as (
    select g.code, w.gate, w.direction, w.effective_from, w.places,
      lead(w.effective_from) over (
        partition by w.gate, w.direction order by w.effective_from
      ) as effective_until
    from gate.window_capacity w
    join gate.gate g on g.number = w.gate
  )
  -- as time passes they leave the list one by one
  select 'ok', (select v.version from gate.config_version v where v.topic = 'windows') || '.' || count(*),
    jsonb_build_object('items', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'gate', r.code, 'direction', r.direction, 'places', r.places,
          'effective_from', gate.instant(r.effective_from)::jsonb,
          'effective_until', gate.instant(r.effective_until)::jsonb)
        order by r.gate, r.direction, r.effective_from),
      '[]'))::text
  from ranked r
  where (p_asked ->> 'gate' is null or p_asked ->> 'gate' in (r.code, r.gate::text))
    and coalesce(r.effective_until > gate.from_ms((p_asked ->> 'now')::bigint), true)
$$;

-- The public halves of the keys that sign passes: what /.well-known/gate-pass-keys publishes.
create or replace function api.pass_keys(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', (select version::text from gate.config_version where topic = 'pass_keys'),
    jsonb_build_object('keys', coalesce(
      jsonb_agg(gate.pass_key_json(k) order by k.signs_from, k.id), '[]'))::text
  from gate.pass_key k
$$;

-- Every key with what it stands for: a server holds this in memory and finds a request's key by its
-- hash. Revoked keys are in it so that their owner is told so; expiry is judged by the server.
create or replace function api.principals(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  with places as (
    select jsonb_agg(g.number order by g.number) as numbers
    from gate.gate g
  )
  select 'ok', (select version::text from gate.config_version where topic = 'principals'),
    jsonb_build_object('keys', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'key', k.id, 'hash', encode(k.hash, 'hex'), 'principal', p.id, 'role', p.role,
          'agency', p.agency, 'firm', p.firm,
          'gates', case when p.role = 'firm' then places.numbers else to_jsonb(p.gates) end,
          'device', k.device,
          'expires_ms', gate.to_ms(k.expires_at),
          'revoked', k.revoked_at is not null or p.disabled_at is not null)
        order by k.id),
      '[]'))::text
  from gate.api_key k
  join gate.principal p on p.id = k.principal, places
$$;

-- The versions of what servers hold in memory, and whether this is a sandbox; asked every second.
create or replace function api.config_version(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', null::text, (
    jsonb_object_agg(v.topic, v.version)
    || jsonb_build_object('sandbox', coalesce((select p.sandbox from gate.platform p), false)))::text
  from gate.config_version v
$$;

-- The gates as they are built: how the service finds a ledger by a gate's code, a route and a yard.
create or replace function api.gates_index(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', (select version::text from gate.config_version where topic = 'gates'),
    jsonb_build_object('gates', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'number', g.number, 'code', g.code,
          'name', jsonb_build_object('vi', g.name_vi, 'en', g.name_en, 'zh', g.name_zh),
          'target_per_day', g.target_per_day,
          'far_side', g.far_side,
          'routes', (
            select coalesce(jsonb_agg(to_jsonb(r) - 'gate' order by r.code), '[]')
            from gate.route r
            where r.gate = g.number
          ),
          'lanes', (
            select coalesce(
              jsonb_agg(to_jsonb(l) - '{gate,is_open,changed_at}'::text[] order by l.number), '[]')
            from gate.lane l
            where l.gate = g.number
          ),
          'yards', (
            select coalesce(jsonb_agg(to_jsonb(y) - 'gate' order by y.code), '[]')
            from gate.yard y
            where y.gate = g.number
          ))
        order by g.number),
      '[]'),
      'steps', (
        select jsonb_agg(
          jsonb_build_object('bit', s.bit, 'step', s.code, 'agency', s.agency) order by s.bit)
        from gate.step s
      ))::text
  from gate.gate g
$$;

-- What is recorded of the schema: a server starts only on the one it was built for.
create or replace function api.migrations(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', null::text, jsonb_build_object('items', jsonb_agg(
    jsonb_build_object('number', m.number, 'name', m.name, 'checksum', m.checksum)
    order by m.number))::text
  from gate.migration m
$$;

-- {keys: [{key, used_ms, requests}]}: notes when keys were last seen, and how often. The one write outside of the ledgers:
-- it locks no ledger, and two servers that note at once take the rows in the same order.
create or replace function api.usage(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into gate.api_key_usage as u (key, last_used_at)
  select k.id, max(gate.from_ms((s ->> 'used_ms')::bigint))
  from jsonb_array_elements(p_asked -> 'keys') s
  join gate.api_key k on k.id = (s ->> 'key')::int
  group by k.id
  order by k.id
  on conflict (key) do update
  set last_used_at = excluded.last_used_at
  where u.last_used_at < excluded.last_used_at;
  insert into gate.api_key_day as d (key, day, requests)
  select k.id, gate.hanoi_day(gate.from_ms((s ->> 'used_ms')::bigint)), coalesce((s ->> 'requests')::bigint, 1)
  from jsonb_array_elements(p_asked -> 'keys') s
  join gate.api_key k on k.id = (s ->> 'key')::int
  order by k.id
  on conflict (key, day) do update
  set requests = d.requests + excluded.requests;
  return query select 'ok', null::text, '{}'::text;
end $$;
