-- SPDX-License-Identifier: MIT
-- Ledger 0: users, their passwords and PINs, and the devices these are for. What arrives here is
-- already hashed; nothing of it goes into an event. Commands carry wall (ms): see 120_user.sql.

create or replace function gate.wall_of(p_command gate.command) returns timestamptz
language sql stable as $$
  select gate.from_ms((p_command.args ->> 'wall')::bigint)
$$;

-- The version of the sessions that the change under way makes: what it touches carries it.
create or replace function gate.sessions_next() returns bigint
language sql as $$
  update gate.config_version set version = version + 1 where topic = 'sessions' returning version
$$;

-- Ends the live sessions of a principal, a user or a device (null: any), all but one (null: all).
create or replace function gate.sessions_end(
  p_wall timestamptz, p_principal int, p_account int, p_device int, p_but bigint)
returns bigint
language plpgsql as $$
declare
  version bigint := gate.sessions_next();
  ended bigint;
begin
  update gate.session s
  set ended_at = p_wall, changed = version
  from gate.user_account u
  where u.id = s.account
    and s.ended_at is null
    and u.principal = coalesce(p_principal, u.principal)
    and s.account = coalesce(p_account, s.account)
    and (p_device is null or s.device = p_device)
    and s.id is distinct from p_but;
  get diagnostics ended = row_count;
  return ended;
end $$;

-- {principal or tax_code, user, name, password, must_change, wall}
create or replace function gate.user_add(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  holder gate.principal := gate.holder_asked(asked);
  added gate.user_account;
begin
  if holder.id is null then
    return gate.platform_refusal('not_found');
  end if;
  -- an officer is one person: `by` in an event must say which
  if holder.firm is null and exists (
    select from gate.user_account u where u.principal = holder.id and u.disabled_at is null
  ) then
    return gate.platform_refusal('already_exists', '/principal');
  end if;

  insert into gate.user_account (principal, login, name, password, must_change, created_at, password_at)
  values (
    holder.id, asked ->> 'user', asked ->> 'name', asked ->> 'password',
    (asked ->> 'must_change')::boolean, p_command.at, gate.wall_of(p_command))
  on conflict (login) do nothing
  returning * into added;
  if added.id is null then
    return gate.platform_refusal('already_exists', '/user');
  end if;

  perform gate.platform_note(
    p_command, 'user_added', null,
    jsonb_build_object('user', added.id, 'principal', holder.id),
    jsonb_build_object('login', added.login, 'name', added.name), holder.firm);
  return gate.platform_said(201, jsonb_build_object('user', gate.user_json(added)));
end $$;

-- The user of a command that is about one; a firm's own command finds only its own.
create or replace function gate.user_asked(p_command gate.command) returns gate.user_account
language sql stable as $$
  select u
  from gate.user_account u
  where u.id = (p_command.args ->> 'id')::int
$$;

create or replace function gate.firm_of_user(p_user gate.user_account) returns int
language sql stable as $$
  select p.firm from gate.principal p where p.id = p_user.principal
$$;

-- {id, reason?, wall}: signs in no more, and is signed out everywhere.
create or replace function gate.user_disable(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  holder gate.user_account := gate.user_asked(p_command);
begin
  if holder.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if holder.disabled_at is null then
    update gate.user_account set disabled_at = p_command.at where id = holder.id returning * into holder;
    perform gate.sessions_end(gate.wall_of(p_command), null, holder.id, null, null);
    delete from gate.user_pin where account = holder.id;
    perform gate.platform_note(
      p_command, 'user_disabled', null,
      jsonb_build_object('user', holder.id, 'principal', holder.principal),
      jsonb_build_object('reason', p_command.args ->> 'reason'), gate.firm_of_user(holder));
  end if;
  return gate.platform_said(200, jsonb_build_object('user', gate.user_json(holder)));
end $$;

-- {id, password, must_change, wall}: a one-time password, to be changed at the next sign-in. It ends
-- every session, takes the PINs away, and lifts a lock.
create or replace function gate.password_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  holder gate.user_account := gate.user_asked(p_command);
begin
  if holder.id is null or holder.disabled_at is not null then
    return gate.platform_refusal('not_found');
  end if;
  update gate.user_account
  set password = p_command.args ->> 'password',
    must_change = (p_command.args ->> 'must_change')::boolean,
    password_at = gate.wall_of(p_command)
  where id = holder.id
  returning * into holder;
  perform gate.sessions_end(gate.wall_of(p_command), null, holder.id, null, null);
  delete from gate.user_pin where account = holder.id;
  perform gate.failures_forget(holder.login);
  perform gate.platform_note(
    p_command, 'password_set', null,
    jsonb_build_object('user', holder.id, 'principal', holder.principal), '{}', gate.firm_of_user(holder));
  return gate.platform_said(200, jsonb_build_object('user', gate.user_json(holder)));
end $$;

-- {ok, account, session, password, password_was: ms, wall}: by the user. ok: the old one was given.
-- All other sessions end, and the PINs: whoever knew the old password may have set one.
create or replace function gate.password_change(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  wall timestamptz := gate.wall_of(p_command);
  holder gate.user_account;
  here bigint := (asked ->> 'session')::bigint;
  who bytea;
begin
  select * into holder from gate.user_account u where u.id = (asked ->> 'account')::int;
  who := gate.subject_of(holder.login, asked ->> 'address');
  if gate.locked_for(who, wall) > 0 then
    return gate.locked_out(who, wall);
  end if;
  if not (asked ->> 'ok')::boolean or gate.to_ms(holder.password_at) <> (asked ->> 'password_was')::bigint then
    perform gate.sign_in_missed(p_command, holder, who);
    return gate.platform_refusal('invalid_fields', '/old', 'password_wrong');
  end if;
  update gate.user_account
  set password = asked ->> 'password', must_change = false, password_at = wall
  where id = holder.id;
  perform gate.sessions_end(wall, null, holder.id, null, here);
  update gate.session set changed = gate.sessions_next() where id = here;
  delete from gate.user_pin where account = holder.id;
  perform gate.platform_note(
    p_command, 'password_changed', null,
    jsonb_build_object('user', holder.id), '{}', gate.firm_of_user(holder));
  return gate.platform_said(200, gate.session_json(here, wall));
end $$;

-- {account, session, pin, hash?: hex, of the secret the device has, new_hash: of one it gets when that
-- is not known, device?: its name, wall}: puts the session on the device, too.
create or replace function gate.pin_set(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  asked jsonb := p_command.args;
  kiosk gate.device;
  here bigint := (asked ->> 'session')::bigint;
  is_new boolean;
begin
  select * into kiosk
  from gate.device d
  where d.hash = decode(asked ->> 'hash', 'hex') and d.disabled_at is null;
  is_new := kiosk.id is null;
  if is_new then
    insert into gate.device (hash, name, created_at, created_by)
    values (
      decode(asked ->> 'new_hash', 'hex'), coalesce(asked ->> 'device', 'kiosk'), p_command.at,
      (asked ->> 'account')::int)
    returning * into kiosk;
    update gate.device
    set name = coalesce(asked ->> 'device', 'kiosk-' || id)
    where id = kiosk.id
    returning * into kiosk;
    perform gate.platform_note(
      p_command, 'device_added', null, jsonb_build_object('device', kiosk.id, 'name', kiosk.name));
  end if;
  insert into gate.user_pin (account, device, pin, set_at)
  values ((asked ->> 'account')::int, kiosk.id, asked ->> 'pin', gate.wall_of(p_command))
  on conflict (account, device) do update
  set pin = excluded.pin, set_at = excluded.set_at, wrong = 0;
  update gate.session
  set device = kiosk.id, changed = gate.sessions_next()
  where id = here;
  perform gate.platform_note(
    p_command, 'pin_set', null,
    jsonb_build_object('user', (asked ->> 'account')::int, 'device', kiosk.id));
  return gate.platform_said(200,
    gate.session_json(here, gate.wall_of(p_command)) || jsonb_build_object('new_device', is_new));
end $$;

-- {id, reason?, wall}: its PINs open nothing, and who is signed in at it is signed out.
create or replace function gate.device_disable(p_command gate.command) returns gate.answer
language plpgsql as $$
declare
  kiosk gate.device;
begin
  select * into kiosk from gate.device d where d.id = (p_command.args ->> 'id')::int;
  if kiosk.id is null then
    return gate.platform_refusal('not_found');
  end if;
  if kiosk.disabled_at is null then
    update gate.device set disabled_at = p_command.at where id = kiosk.id returning * into kiosk;
    delete from gate.user_pin where device = kiosk.id;
    perform gate.sessions_end(gate.wall_of(p_command), null, null, kiosk.id, null);
    perform gate.platform_note(
      p_command, 'device_disabled', null,
      jsonb_build_object('device', kiosk.id),
      jsonb_build_object('reason', p_command.args ->> 'reason'));
  end if;
  return gate.platform_said(200, jsonb_build_object('device', gate.device_json(kiosk)));
end $$;

-- How they are shown; never a password.

create or replace function gate.user_json(p_user gate.user_account) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_user.id, 'user', p_user.login, 'name', p_user.name, 'principal', p_user.principal,
    'role', p.role, 'agency', p.agency, 'firm', p.firm, 'must_change', p_user.must_change,
    'created_at', gate.instant(p_user.created_at)::jsonb,
    'disabled_at', gate.instant(coalesce(p_user.disabled_at, p.disabled_at))::jsonb,
    'last_signed_in_at', (
      select gate.instant(max(s.started_at))::jsonb from gate.session s where s.account = p_user.id
    ))
  from gate.principal p
  where p.id = p_user.principal
$$;

create or replace function gate.device_json(p_device gate.device) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'id', p_device.id, 'name', p_device.name,
    'created_at', gate.instant(p_device.created_at)::jsonb,
    'created_by', p_device.created_by,
    'disabled_at', gate.instant(p_device.disabled_at)::jsonb,
    'users', (
      select coalesce(jsonb_agg(u.login order by u.login), '[]')
      from gate.user_pin n
      join gate.user_account u on u.id = n.account
      where n.device = p_device.id
    ),
    'last_used_at', (
      select gate.instant(max(x.last_used_at))::jsonb
      from gate.session s
      join gate.session_usage x on x.session = s.id
      where s.device = p_device.id
    ))
$$;
