-- SPDX-License-Identifier: MIT
-- Ledger 0: signing in and out. The service has compared the password already, by the hash that
-- api.sign_in_begin gave it; here is decided what follows from it. Failures are refusals that leave
-- their count behind (platform_sign_in.sql).

-- How long a session lasts in all, and unused. A shift at a gate is worked through; others sit
-- before machines that they leave.
create or replace function gate.session_terms(
  p_role text, out lasts interval, out idle_s int)
language sql immutable as $$
  select case when p_role = 'firm' then interval '24 hours' else interval '12 hours' end,
    case when p_role in ('firm', 'admin') then 1800 else 43200 end
$$;

-- Takes away by slices what nothing needs any more.
create or replace function gate.sessions_purge(p_wall timestamptz) returns void
language sql as $$
  delete from gate.session
  where id in (
    select id from gate.session where expires_at < p_wall - interval '30 days' order by expires_at limit 100
  );
  delete from gate.sign_in_failure
  where (kind, subject) in (
    select kind, subject from gate.sign_in_failure
    where last_at < p_wall - interval '1 day' order by last_at limit 100
  );
  delete from gate.sign_in_known
  where pair in (
    select pair from gate.sign_in_known where last_at < p_wall - interval '30 days' order by last_at limit 100
  );
$$;

-- The PIN that was compared: one more failure of it, or none any more. After five it is taken away.
create or replace function gate.pin_judge(p_account int, p_device int, p_ok boolean) returns void
language sql as $$
  update gate.user_pin
  set wrong = case when p_ok then 0 else wrong + 1 end
  where account = p_account and device = p_device;
  delete from gate.user_pin where account = p_account and device = p_device and wrong >= 5;
$$;

-- The session of a user who gave the right secret. Twenty live ones of a user at most: the oldest go.
create or replace function gate.session_start(
  p_command gate.command, p_holder gate.user_account, p_role text)
returns bigint
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  version bigint := gate.sessions_next();
  terms record;
  started bigint;
begin
  select * into terms from gate.session_terms(p_role);
  if asked ? 'brief' then
    terms.lasts := interval '2 minutes';
  end if;
  update gate.session
  set ended_at = wall, changed = version
  where id in (
    select s.id from gate.session s
    where s.account = p_holder.id and s.ended_at is null and s.expires_at > wall
    order by s.id desc
    offset 19
  );
  insert into gate.session (hash, account, device, way, started_at, expires_at, idle_s, changed)
  values (
    decode(asked ->> 'hash', 'hex'), p_holder.id, (asked ->> 'device')::int, asked ->> 'way', wall,
    wall + terms.lasts, terms.idle_s, version)
  returning id into started;
  insert into gate.session_usage (session, last_used_at) values (started, wall);
  return started;
end $$;

-- {user, account?, ok, way, secret_at?: ms, hash: hex of the cookie, device?, address?, brief?, wall}
-- brief: for one act, two minutes.
-- account, secret_at, device: as api.sign_in_begin said; a secret that was changed meanwhile fails.
create or replace function gate.sign_in(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  who bytea := gate.subject_of(asked ->> 'user', asked ->> 'address');
  holder gate.user_account;
  acting gate.principal;
  is_good boolean := (asked ->> 'ok')::boolean;
  started bigint;
begin
  if gate.locked_for(who, wall) > 0 then
    return gate.locked_out(who, wall);
  end if;
  perform gate.sessions_purge(wall);
  select * into holder from gate.user_account u where u.id = (asked ->> 'account')::int;
  select * into acting from gate.principal p where p.id = holder.principal;
  if asked ->> 'way' = 'pin' then
    perform gate.pin_judge(holder.id, (asked ->> 'device')::int, is_good);
  end if;
  is_good := is_good and holder.disabled_at is null and acting.disabled_at is null
    and (asked ->> 'secret_at')::bigint = gate.to_ms(coalesce(
      case when asked ->> 'way' = 'pin' then (
        select n.set_at from gate.user_pin n
        where n.account = holder.id and n.device = (asked ->> 'device')::int
      ) else holder.password_at end));
  if is_good is not true then
    perform gate.sign_in_missed(p_command, holder, who);
    return gate.platform_refusal('sign_in_failed');
  end if;

  p_command.actor := jsonb_build_object('id', holder.principal);
  perform gate.sign_in_met(who, wall);
  started := gate.session_start(p_command, holder, acting.role);
  perform gate.platform_note(
    p_command, 'signed_in', null,
    jsonb_strip_nulls(jsonb_build_object(
      'user', holder.id, 'session', started, 'way', asked -> 'way', 'device', asked -> 'device')),
    jsonb_strip_nulls(jsonb_build_object('login', holder.login, 'address', asked -> 'address')),
    acting.firm);
  return gate.platform_said(201, gate.session_json(started, wall));
end $$;

-- {account, session, everywhere?, wall}
create or replace function gate.sign_out(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  is_everywhere boolean := coalesce((asked ->> 'everywhere')::boolean, false);
  holder gate.user_account;
  ended bigint;
begin
  select * into holder from gate.user_account u where u.id = (asked ->> 'account')::int;
  if is_everywhere then
    ended := gate.sessions_end(wall, null, holder.id, null, null);
  else
    update gate.session s
    set ended_at = wall, changed = gate.sessions_next()
    where s.id = (asked ->> 'session')::bigint and s.ended_at is null;
    get diagnostics ended = row_count;
  end if;
  if ended > 0 then
    perform gate.platform_note(
      p_command, 'signed_out', null,
      jsonb_build_object('user', holder.id, 'session', (asked ->> 'session')::bigint, 'sessions', ended),
      '{}', gate.firm_of_user(holder));
  end if;
  return gate.platform_said(200, jsonb_build_object('ended', ended));
end $$;

-- What a browser is told of its session; the service adds the token against forged requests.
create or replace function gate.session_json(p_session bigint, p_wall timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'user', jsonb_build_object('id', u.id, 'name', u.name, 'user', u.login),
    'principal', p.id,
    'role', p.role,
    'agency', p.agency,
    'firm', case when f.id is not null then
      jsonb_build_object('id', f.id, 'tax_code', f.tax_code, 'name', f.name) end,
    'gates', (
      select coalesce(jsonb_agg(g.code order by g.number), '[]')
      from gate.gate g
      where p.role = 'firm' or g.number = any (p.gates)
    ),
    'way', s.way,
    'device', (select d.name from gate.device d where d.id = s.device),
    'must_change', u.must_change,
    'expires_at', gate.instant(least(s.expires_at, p_wall + s.idle_s * interval '1 second'))::jsonb)
  from gate.session s
  join gate.user_account u on u.id = s.account
  join gate.principal p on p.id = u.principal
  left join gate.firm f on f.id = p.firm
  where s.id = p_session
$$;
