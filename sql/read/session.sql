-- SPDX-License-Identifier: MIT
-- What the service reads of users and sessions. Arguments carry wall (ms): see 120_user.sql.

-- {user, address?, device?: hex of the hash of a kiosk's secret, wall}: what is needed to compare a
-- password or a PIN. Of a name that nobody has: nothing, and the service compares all the same.
create or replace function api.sign_in_begin(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  wall timestamptz := gate.from_ms((p_asked ->> 'wall')::bigint);
  who bytea := gate.subject_of(p_asked ->> 'user', p_asked ->> 'address');
begin
  if gate.locked_for(who, wall) > 0 then
    return query
      select a.code, null::text, a.body from gate.locked_out(who, wall) a;
    return;
  end if;
  return query
  with asked as (
    select (
      select u from gate.user_account u
      join gate.principal p on p.id = u.principal
      where u.login = lower(p_asked ->> 'user') and u.disabled_at is null and p.disabled_at is null
    ) as u, (
      select d.id from gate.device d
      where d.hash = decode(p_asked ->> 'device', 'hex') and d.disabled_at is null
    ) as device
  )
  select 'ok', null::text, jsonb_build_object(
    'account', (a.u).id,
    'password', (a.u).password,
    'password_at', gate.to_ms((a.u).password_at),
    'device', a.device,
    'pin', n.pin,
    'pin_at', gate.to_ms(n.set_at))::text
  from asked a
  left join gate.user_pin n on n.account = (a.u).id and n.device = a.device;
end $$;

-- {account, address?, wall}: what is needed to compare the old password of a user who sets another.
create or replace function api.password_begin(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select
    case when x.wait_s > 0 then 'locked_out' else 'ok' end,
    null::text,
    case when x.wait_s > 0 then
      jsonb_build_object('retry_after_s', x.wait_s)
    else
      jsonb_build_object('password', u.password, 'password_at', gate.to_ms(u.password_at))
    end::text
  from gate.user_account u
  cross join lateral gate.locked_for(
    gate.subject_of(u.login, p_asked ->> 'address'), gate.from_ms((p_asked ->> 'wall')::bigint)) as x (wait_s)
  where u.id = (p_asked ->> 'account')::int
$$;

-- {session, wall}: what its browser is told.
create or replace function api.session(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select 'ok', null::text,
    gate.session_json((p_asked ->> 'session')::bigint, gate.from_ms((p_asked ->> 'wall')::bigint))::text
$$;

-- {since, wall}: the sessions that changed after that version, 0: all that live. The same as
-- api.principals for keys, but only what is new: people come and go all day.
create or replace function api.sessions(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  with places as (
    select jsonb_agg(g.number order by g.number) as numbers
    from gate.gate g
  )
  select 'ok', null::text, jsonb_build_object(
    'version', (select version from gate.config_version where topic = 'sessions'),
    'sessions', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'session', s.id, 'hash', encode(s.hash, 'hex'), 'user', u.id, 'principal', p.id,
          'role', p.role, 'agency', p.agency, 'firm', p.firm,
          'gates', case when p.role = 'firm' then places.numbers else to_jsonb(p.gates) end,
          'device', d.name, 'device_id', d.id, 'way', s.way, 'must_change', u.must_change,
          'expires_ms', gate.to_ms(s.expires_at), 'idle_ms', s.idle_s::bigint * 1000,
          'used_ms', gate.to_ms(coalesce(x.last_used_at, s.started_at)),
          'ended', s.ended_at is not null)
        order by s.id),
      '[]'))::text
  from gate.session s
  join gate.user_account u on u.id = s.account
  join gate.principal p on p.id = u.principal
  left join gate.device d on d.id = s.device
  left join gate.session_usage x on x.session = s.id,
  places
  where s.changed > (p_asked ->> 'since')::bigint
    and (
      (p_asked ->> 'since')::bigint > 0
      or (s.ended_at is null and s.expires_at > gate.from_ms((p_asked ->> 'wall')::bigint))
    )
$$;

-- {sessions: [{session, used_ms}], since: ms}: notes when they were last used, and gives those that
-- any server noted since then: a session that is used at one does not fall asleep at another.
create or replace function api.session_usage(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into gate.session_usage as u (session, last_used_at)
  select s.id, max(gate.from_ms((x ->> 'used_ms')::bigint))
  from jsonb_array_elements(p_asked -> 'sessions') x
  join gate.session s on s.id = (x ->> 'session')::bigint
  group by s.id
  order by s.id
  on conflict (session) do update
  set last_used_at = excluded.last_used_at
  where u.last_used_at < excluded.last_used_at;
  return query
  select 'ok', null::text, jsonb_build_object('sessions', coalesce(
    jsonb_agg(jsonb_build_object('session', u.session, 'used_ms', gate.to_ms(u.last_used_at))), '[]'))::text
  from gate.session_usage u
  where u.last_used_at >= gate.from_ms((p_asked ->> 'since')::bigint);
end $$;

-- {after?, limit?, principal?, q?}: users by id; q: part of the name or the beginning of the login.
create or replace function api.users(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  list text := format('users:%s:%s', p_asked ->> 'principal', p_asked ->> 'q');
  after int := gate.id_after(list, p_asked);
begin
  return query
  select g.* from gate.page_by_id(list, p_asked, after, array(
    select gate.user_json(u)
    from gate.user_account u
    where u.id > after
      and u.principal = coalesce((p_asked ->> 'principal')::int, u.principal)
      and (
        p_asked ->> 'q' is null
        or starts_with(u.login, lower(p_asked ->> 'q'))
        or strpos(lower(u.name), lower(p_asked ->> 'q')) > 0
      )
    order by u.id
    limit gate.page_size(p_asked)
  )) g;
end $$;

-- {after?, limit?}: devices by id.
create or replace function api.devices(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  after int := gate.id_after('devices:', p_asked);
begin
  return query
  select g.* from gate.page_by_id('devices:', p_asked, after, array(
    select gate.device_json(d) from gate.device d where d.id > after order by d.id limit gate.page_size(p_asked)
  )) g;
end $$;

-- The keys of the firm that asks.
create or replace function api.firm_keys(p_asked jsonb)
returns table (code text, etag text, body text)
language sql stable security definer set search_path = pg_catalog as $$
  select k.code, k.etag, k.body
  from api.keys(
    p_asked || jsonb_build_object('principal', (p_asked #>> '{actor,id}')::int)) k
$$;

-- {after?: seq, types?: "a,b", limit?}: what administrators, users and the command line did, the newest
-- first, with the names of those whom the events name by number.
create or replace function api.audit(p_asked jsonb)
returns table (code text, etag text, body text)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  list text := 'audit:' || coalesce(p_asked ->> 'types', '');
  after text := gate.cursor_read(list, p_asked ->> 'after', '^[0-9]{1,18}$');
  types text[] := string_to_array(p_asked ->> 'types', ',');
  size int := gate.page_size(p_asked);
begin
  if after is null then
    return query select 'invalid_cursor', null::text, null::text;
    return;
  end if;
  return query
  with page as (
    select e.seq, e.type, (e.body::jsonb - '{ledger,private}'::text[]) || coalesce(p.body::jsonb, '{}') as said
    from gate.event e
    join gate.event_private p on p.ledger = e.ledger and p.seq = e.seq
    where e.ledger = 0
      and (after = '' or e.seq < after::bigint)
      and (types is null or e.type = any (types))
    order by e.seq desc
    limit size
  )
  select 'ok', null::text, gate.page_json(
    list,
    jsonb_agg(
      g.said || jsonb_strip_nulls(jsonb_build_object(
        'by_name', coalesce(
          (select u.name from gate.user_account u where u.id = (g.said ->> 'by_user')::int),
          (select p.name from gate.principal p where p.id = (g.said ->> 'by')::int)),
        'user_name', (select u.login from gate.user_account u where u.id = (g.said ->> 'user')::int),
        'principal_name', (select p.name from gate.principal p where p.id = (g.said ->> 'principal')::int),
        'firm_name', (select f.name from gate.firm f where f.id = (g.said ->> 'firm')::int)))
      order by g.seq desc),
    min(g.seq)::text, count(*) = size)
  from page g;
end $$;
